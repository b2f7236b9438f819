"""The steps from a solution to a lesson: each takes a `Draft` and does one thing to it, or refuses.

`STEPS` is the whole story, in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat.notebooknode import NotebookNode

from seqkit.authoring.stub import BEGIN, END, stub
from seqkit.course.lesson import parse_heading, parse_hints, role

NOTE_TAG = "solution-note"

#: What nbgrader's metadata say about a cell of each kind: grade, locked, solution.
FLAGS = {
    "answer": (False, False, True),
    "check": (True, True, False),
    "locked": (False, True, False),
}
CELL_METADATA = ("deletable", "editable", "nbgrader", "tags")
GRADING_METADATA = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class ReleaseError(Exception):
    """A solution cannot be released; the message names the cell and says what to do."""


@dataclass
class Draft:
    """A notebook on its way from solution to lesson."""

    name: str
    notebook: NotebookNode

    @property
    def cells(self) -> list[NotebookNode]:
        """The cells, in order."""
        return self.notebook.cells

    def fail(self, cell: NotebookNode, what: str) -> ReleaseError:
        """Make the error that a step raises about a cell."""
        label = grade_id(cell) or cell.get("id") or f"number {self.cells.index(cell) + 1}"
        return ReleaseError(f"{self.name}.ipynb, cell {label}: {what}.")


# --- looking at cells -------------------------------------------------------------------------


def grade_id(cell: NotebookNode) -> str:
    """Return the id that nbgrader's metadata give a cell; empty where they give none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def is_note(cell: NotebookNode) -> bool:
    """Tell whether a cell exists in solutions only."""
    return NOTE_TAG in cell.metadata.get("tags", [])


def kind(cell: NotebookNode) -> str:
    """Tell answer, check and other cells apart by their grade id."""
    return {"ex": "answer", "check": "check"}.get(role(grade_id(cell))[0], "locked")


def exercise(cell: NotebookNode) -> str:
    """Return the exercise that a cell belongs to: ``1.7`` for ``ex_1_7``."""
    return role(grade_id(cell))[1]


def answers(draft: Draft) -> list[NotebookNode]:
    """List the answer cells."""
    return [cell for cell in draft.cells if kind(cell) == "answer"]


# --- the steps --------------------------------------------------------------------------------


def use_plain_line_ends(draft: Draft) -> None:
    """Give every cell LF line ends and no white space after its last line."""
    for cell in draft.cells:
        cell.source = cell.source.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def check_labels(draft: Draft) -> None:
    """Refuse cells without nbgrader metadata, with wrong ones, or with an id used twice."""
    seen: dict[str, str] = {}
    for cell in draft.cells:
        if is_note(cell):
            continue
        grading = cell.metadata.get("nbgrader", {})
        label = grade_id(cell)
        if not re.fullmatch("[a-zA-Z0-9_]{1,64}", label):
            raise draft.fail(cell, "give it nbgrader metadata with a grade_id of letters and _")
        if label.casefold() in seen:
            raise draft.fail(cell, "its grade_id is used twice; choose another")
        seen[label.casefold()] = label
        if grading.get("schema_version") != 3:
            raise draft.fail(cell, "set schema_version to 3 in its nbgrader metadata")
        flags = tuple(grading.get(key) for key in ("grade", "locked", "solution"))
        if flags != FLAGS[kind(cell)] or grading.get("task") is not False:
            want = "grade {}, locked {}, solution {}, task False".format(*FLAGS[kind(cell)])
            raise draft.fail(cell, f"its nbgrader metadata must say {want}")


def check_imports(draft: Draft) -> None:
    """Refuse a notebook whose first code cell is not its imports."""
    first = next((cell for cell in draft.cells if cell.cell_type == "code"), None)
    if first is None or grade_id(first) != "imports":
        cell = first or draft.cells[0]
        raise draft.fail(cell, "the first code cell must be the imports, with grade_id imports")


def check_exercises(draft: Draft) -> None:
    """Refuse an exercise whose cells are missing, out of order, or at odds about its points."""
    position = {grade_id(cell): index for index, cell in enumerate(draft.cells)}
    number = draft.name.partition("_")[0].lstrip("0")
    for cell in draft.cells:
        wanted = "ex_" + exercise(cell).replace(".", "_")
        if exercise(cell) and wanted not in position:
            raise draft.fail(cell, f"there is no answer cell {wanted} for it")
    for answer in answers(draft):
        rest = grade_id(answer).removeprefix("ex_")
        order = [f"statement_{rest}", f"ex_{rest}", f"check_{rest}", f"hints_{rest}"]
        for label in order:
            if label not in position:
                raise draft.fail(answer, f"the exercise has no cell {label}; add it")
        if [position[label] for label in order] != sorted(position[label] for label in order):
            raise draft.fail(answer, f"put its cells in this order: {', '.join(order)}")
        if answer.cell_type != "code" or not exercise(answer).startswith(f"{number}."):
            raise draft.fail(answer, f"it must be code and belong to lesson {number}")
        statement, _, check, hints = (draft.cells[position[label]] for label in order)
        _check_statement(draft, statement, check)
        _check_hints(draft, hints)


def _check_statement(draft: Draft, statement: NotebookNode, check: NotebookNode) -> None:
    number = exercise(statement)
    heading = parse_heading(statement.source)
    if heading is None or heading.id != number:
        like = f"### Exercise {number} · Title — 3 points · ●●○ · 15 min"
        raise draft.fail(statement, f"its first line must read like `{like}`")
    if check.cell_type != "code" or check.source != f'check("{number}")':
        raise draft.fail(check, f'it must be a code cell that says check("{number}")')
    points = check.metadata.nbgrader.get("points")
    if points != heading.points:
        raise draft.fail(check, f"it gives {points} points, the statement says {heading.points}")


def _check_hints(draft: Draft, hints: NotebookNode) -> None:
    try:
        found = parse_hints(hints.source)
    except ValueError as trouble:
        raise draft.fail(hints, f"{trouble}") from None
    if hints.cell_type != "markdown" or not found:
        raise draft.fail(hints, "it must hold one or more <details> with a <summary>")


def check_blocks(draft: Draft) -> None:
    """Refuse marks of a solution that are misspelt, or stand outside of the answers."""
    for cell in draft.cells:
        for line in cell.source.split("\n"):
            loose = re.search(r"#\s*(BEGIN|END)\s+SOLUTION", line, re.I)
            if loose and line.strip() not in (BEGIN, END):
                raise draft.fail(cell, f"write `{line.strip()}` as `{BEGIN}` or `{END}`")
            if loose and kind(cell) != "answer":
                raise draft.fail(cell, "only answer cells hold solutions; move it, or tag the note")


def drop_notes(draft: Draft) -> None:
    """Drop the cells that exist in solutions only."""
    draft.notebook.cells = [cell for cell in draft.cells if not is_note(cell)]


def strip_answers(draft: Draft) -> None:
    """Put a stub in the place of every solution."""
    for cell in answers(draft):
        try:
            cell.source = stub(cell.source, exercise(cell))
        except ValueError as trouble:
            raise draft.fail(cell, str(trouble)) from None


def clear_outputs(draft: Draft) -> None:
    """Drop outputs and execution counts."""
    for cell in draft.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def clear_metadata(draft: Draft) -> None:
    """Keep of each cell's metadata what the course uses, and nothing that editors leave."""
    for cell in draft.cells:
        kept = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        grading = kept["nbgrader"]
        kept["nbgrader"] = {key: grading[key] for key in GRADING_METADATA if key in grading}
        if kind(cell) != "check":
            kept["nbgrader"].pop("points", None)
        if not kept.get("tags"):
            kept.pop("tags", None)
        cell.metadata = nbformat.from_dict(kept)


def name_cells(draft: Draft) -> None:
    """Name each cell after its grade id, so that names never change between releases."""
    for cell in draft.cells:
        cell.id = grade_id(cell).replace("_", "-")


def set_kernel(draft: Draft) -> None:
    """Give the notebook the metadata that every lesson has."""
    draft.notebook.metadata = nbformat.from_dict({**KERNEL, "seqkit": {"lesson": draft.name}})
    draft.notebook.nbformat, draft.notebook.nbformat_minor = 4, 5


STEPS: tuple[Callable[[Draft], None], ...] = (
    use_plain_line_ends,
    check_labels,
    check_imports,
    check_exercises,
    drop_notes,
    check_blocks,
    strip_answers,
    clear_outputs,
    clear_metadata,
    name_cells,
    set_kernel,
)
