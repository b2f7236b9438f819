"""Read the table of answers: each written as a whole, or as an edit of the reference.

The reference is the answer in ``solutions/``; an edit of it reads::

    # --- wrong: one step too many
    # fails: multiplies slopes and weight of a single unit, 1 at the end
    # message: last norm is 1
    #-        norms[t] = np.linalg.norm(J, 2)
    #
    #=        J = J @ ((1 - H[t] ** 2)[:, None] * W_hh)  # one step further back
    #+        norms[t] = np.linalg.norm(J, 2)

``#-`` takes a line out, ``#+`` puts one in, ``#=`` says where. A line with just ``#`` stands
between two changes.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOLUTIONS = Path(__file__).parents[2] / "solutions"


@dataclass(frozen=True)
class Variant:
    """One answer in the table."""

    exercise: str
    kind: str
    title: str
    source: str
    fails: str = ""
    message: str = ""


def variants(path: Path, solutions: Path = SOLUTIONS) -> list[Variant]:
    """Read the answers of one exercise; edits are of the reference in ``solutions``.

    Raises
    ------
    ValueError
        If an answer is neither code nor an edit, or an edit does not fit the reference.
    """
    exercise = ".".join(str(int(number)) for number in path.stem.split("_"))
    parts = re.split(r"^# --- (wrong|right): (.*)$", path.read_text("utf-8"), flags=re.MULTILINE)
    found = []
    for kind, title, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        said = dict(re.findall(r"^# (fails|message): (.*)$", body, re.MULTILINE))
        text = re.sub(r"^# (fails|message): .*\n", "", body, flags=re.MULTILINE).strip()
        marked = [bool(re.match(r"#([-+=]|$)", line)) for line in text.split("\n")]
        name = f"{path.name}, {kind}: {title.strip()}"
        if not text or any(marked) != all(marked):
            raise ValueError(f"{name}: expected code or an edit, and not both")
        source = edited(reference(exercise, solutions), text, name) if all(marked) else text + "\n"
        found.append(Variant(exercise, kind, title.strip(), source, **said))
    return found


@cache
def reference(exercise: str, solutions: Path = SOLUTIONS) -> str:
    """Return the reference answer's code, as edits see it."""
    (notebook,) = solutions.glob(f"{int(exercise.split('.')[0]):02}_*.ipynb")
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    label = "ex_" + exercise.replace(".", "_")
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return plain("".join(cells[ids.index(label)]["source"]))


def plain(source: str) -> str:
    """Leave out docstrings, annotations of parameters, and lines that hold only a comment.

    A signature takes one line, as ``ast.unparse`` writes it. No answer in the table has
    annotations, and an edit need not take them out.
    """
    lines = source.splitlines()
    kinds = ast.FunctionDef | ast.ClassDef
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    for node in sorted(nodes, key=lambda node: -node.lineno):  # from below: no line moves early
        first = node.body[0]
        if ast.get_docstring(node) is not None:
            del lines[first.lineno - 1 : first.end_lineno]
        if isinstance(node, ast.FunctionDef):
            for part in ast.walk(node.args):
                if isinstance(part, ast.arg):
                    part.annotation = None
            signature = f"def {node.name}({ast.unparse(node.args)}):"
            lines[node.lineno - 1 : first.lineno - 1] = [" " * node.col_offset + signature]
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def edited(text: str, edit: str, name: str) -> str:
    """Return the text after an edit.

    Raises
    ------
    ValueError
        If a change fits no place, more than one, or one above the change before it.
    """
    lines, made, done = text.splitlines(), [], 0
    for change in re.split(r"^#\n", edit, flags=re.MULTILINE):
        marks = [(line[1], line[2:]) for line in change.splitlines()]
        old = [line for mark, line in marks if mark in "-="]
        new = [line for mark, line in marks if mark in "+="]
        places = [i for i in range(len(lines)) if lines[i : i + len(old)] == old]
        if len(places) != 1 or places[0] < done:
            raise ValueError(
                f"{name}: these lines should stand in the reference once, below the change before; "
                f"found {len(places)} times:\n" + "\n".join(old)
            )
        made += lines[done : places[0]] + new
        done = places[0] + len(old)
    return "\n".join(made + lines[done:]) + "\n"
