"""What a notebook cell calls: check an answer, get a hint, see the solution and your progress.

``check("1.3")`` looks at the answers in this kernel with the lesson's visible checks. Nothing is
sent anywhere; a small file beside the notebook remembers what passed.
"""

from __future__ import annotations

import contextlib
import html
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqkit.grading.catalogue import Catalogue, Entry
    from seqkit.grading.report import CheckResult

# TensorFlow reads these when it is imported, which a lesson does after this module.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

PROGRESS = ".seqkit-progress.json"

_hints_shown: dict[str, int] = {}


class Panel:
    """Something shown in a notebook: HTML for the browser, the same in plain text elsewhere."""

    def __init__(self, text: str, body: str, tone: str = "plain") -> None:
        self.text = text
        self.body = body
        self.tone = tone

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        colour = {"right": "#2e7d32", "wrong": "#c62828", "plain": "#607d8b"}[self.tone]
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:0.3em 0.8em;'
            f'margin:0.3em 0;line-height:1.5">{self.body}</div>'
        )


# ---------------------------------------------------------------- check


def check(id: str) -> Panel | float:
    """Look at your answer to an exercise, and say what is right and what is not.

    Parameters
    ----------
    id : str
        The exercise, ``"1.3"``.

    Returns
    -------
    Panel
        Shown by the notebook: a line for each check. Where nbgrader runs the notebook, the
        points as a float instead.
    """
    try:
        entry = _catalogue().entry(_quoted(id))
    except KeyError as error:
        if os.environ.get("NBGRADER_EXECUTION"):
            return 0.0  # a cell that does not raise earns full points there
        return _say(str(error.args[0]))
    outcomes, printed = _look(entry)
    results = [outcome.result for outcome in outcomes]
    points = round(sum(r.points for r in results), 6)
    attempted = not all(outcome.untouched for outcome in outcomes)
    if os.environ.get("NBGRADER_EXECUTION"):
        return float(points)
    _remember(entry, points if attempted else None)
    if not attempted:
        title = f"Exercise {entry.exercise.id} · {entry.exercise.title}"
        return _say(f"– {title}: not attempted yet")
    return _panel(entry, results, points, printed)


def _look(entry: Entry) -> tuple[list[Any], str]:
    """Run the visible checks; return what they found and what the learner's code printed."""
    from seqkit.grading.channel import LocalChannel, RemoteError
    from seqkit.grading.verdict import look

    class Kernel(LocalChannel):
        """The learner's own process: when they interrupt it, the whole check ends."""

        def request(self, operation: str, **arguments: Any) -> Any:
            try:
                return super().request(operation, **arguments)
            except RemoteError as error:
                if error.info["type"] == "KeyboardInterrupt":
                    raise KeyboardInterrupt from None
                raise

    channel = Kernel(_namespace())
    printed = io.StringIO()
    with (
        _generators_kept(),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("ignore")
        visible = [c for c in entry.checks if not c.hidden]
        outcomes = [look(c, channel, entry, seed=0) for c in visible]
    return outcomes, printed.getvalue()


@contextlib.contextmanager
def _generators_kept() -> Iterator[None]:
    """Give the notebook its random generators back as they were: checks reseed them."""
    import random

    import numpy as np

    python, numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    tensors = torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        if torch and tensors is not None:
            torch.set_rng_state(tensors)


def _panel(entry: Entry, results: list[CheckResult], points: float, printed: str) -> Panel:
    from seqkit.grading.report import clean, number

    here = sum(r.max for r in results)
    right = all(r.passed for r in results)
    head = (
        f"{'✓' if right else '✗'} Exercise {entry.exercise.id} · {entry.exercise.title}: "
        f"{number(points)} of {number(here)} points"
    )
    later = entry.exercise.points - here
    if later > 0:
        head += f" here, {number(later)} more in grading"
    lines, items = [head], []
    for result in results:
        mark = "✓" if result.passed else "✗"
        message = f" — {clean(result.message)}" if result.message else ""
        lines.append(f"  {mark} {result.title}{message}")
        items.append(f"<li>{mark} {html.escape(result.title)}{_code(message)}</li>")
    body = (
        f"<strong>{html.escape(head)}</strong>"
        f'<ul style="list-style:none;padding-left:0.5em;margin:0.2em 0">{"".join(items)}</ul>'
    )
    if printed and not right:
        said = clean(printed[:1000].rstrip())
        lines.append("  your code printed:\n" + said)
        body += (
            f"<details><summary>your code printed</summary><pre>{html.escape(said)}</pre></details>"
        )
    return Panel("\n".join(lines), body, "right" if right else "wrong")


def _code(message: str) -> str:
    """Return a message as HTML, what stands between backticks as code."""
    parts = html.escape(message).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def _namespace() -> dict[str, Any]:
    """Return the names of the notebook: of IPython, or of the main module."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return shell.user_ns if shell else vars(sys.modules["__main__"])


@cache
def _catalogue() -> Catalogue:
    from seqkit.grading.catalogue import Catalogue

    return Catalogue()


def _quoted(id: str) -> str:
    """Return the id of an exercise; 1.10 without quotes would be exercise 1.1."""
    if not isinstance(id, str):
        raise KeyError(f'write the exercise in quotes, such as "{id}": 1.10 is the number 1.1')
    return id


def _say(text: str) -> Panel:
    return Panel(text, html.escape(text))


# ---------------------------------------------------------------- hint and solution


def hint(id: str, number: int | None = None) -> Panel:
    """Show the next hint of an exercise, or hint ``number``, counted from 1."""
    try:
        hints = _catalogue().entry(_quoted(id)).exercise.hints
    except KeyError as error:
        return _say(str(error.args[0]))
    if not hints:
        return _say(f"Exercise {id} has no hints.")
    following = _hints_shown.get(str(id), 0) + 1 if number is None else number
    if not 1 <= following <= len(hints):
        count = f"There are {len(hints)} hints" if len(hints) > 1 else "There is one hint"
        return _say(f"{count}; hint({str(id)!r}, 1) shows the first again.")
    _hints_shown[str(id)] = following
    shown = hints[following - 1]
    title = f"Hint {following} of {len(hints)} · {shown.title}"
    return Panel(
        f"{title}\n\n{shown.markdown.strip()}",
        f"<strong>{html.escape(title)}</strong>{_markdown(shown.markdown)}",
    )


def solution(id: str) -> Panel:
    """Show the reference answer of an exercise and its note, in a copy that has ``solutions/``."""
    try:
        lesson = _catalogue().lesson(_quoted(id))
        _catalogue().entry(_quoted(id))
    except KeyError as error:
        return _say(str(error.args[0]))
    path = _catalogue().root / "solutions" / f"{lesson.name}.ipynb"
    if not path.exists():
        return _say("The solutions are not in this copy of the course.")
    answer, note = "", ""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id == f"ex_{id}".replace(".", "_"):
            answer = "".join(cell["source"])
        elif answer and "solution-note" in cell["metadata"].get("tags", []):
            note = "".join(cell["source"])
            break
        elif answer and grade_id.startswith("ex_"):
            break
    answer = "\n".join(
        line
        for line in answer.splitlines()
        if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")
    )
    return Panel(f"{answer}\n\n{note}", f"<pre>{html.escape(answer)}</pre>{_markdown(note)}")


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


# ---------------------------------------------------------------- progress


def progress() -> Panel:
    """Show how far you are in every lesson, and what comes next."""
    from seqkit.grading.report import number

    done = _recall()
    lines, rows, following = [], [], ""
    for lesson in _catalogue().lessons():
        points = possible = right = 0.0
        for id, entry in lesson.entries.items():
            here = sum(c.points for c in entry.checks if not c.hidden)
            got = min(max(0.0, done.get(id, 0.0)), here)  # an edition may have changed the points
            points, possible, right = points + got, possible + here, right + (got >= here)
            if got < here and not following:
                following = f"Exercise {id} · {entry.exercise.title}"
        cells = (
            lesson.name,
            f"{right:.0f} of {len(lesson.entries)} exercises",
            f"{number(points)} of {number(possible)} points",
        )
        lines.append("  ".join(cells))
        rows.append("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>")
    last = f"Next: {following}" if following else "Every visible check passes. Well done."
    head = "<tr><th>lesson</th><th>exercises</th><th>points here</th></tr>"
    return Panel(
        "\n".join([*lines, last]),
        f"<table>{head}{''.join(rows)}</table><p>{html.escape(last)}</p>",
    )


def _recall(path: Path | None = None) -> dict[str, float]:
    """Return the points remembered beside the notebook; nothing if the file cannot be read."""
    try:
        data = json.loads((path or Path(PROGRESS)).read_text("utf-8"))
        return {str(k): float(v) for k, v in data["points"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(entry: Entry, points: float | None) -> None:
    """Write an exercise's points into the file beside the notebook, whole or not at all."""
    path = Path(PROGRESS)
    known = _recall(path)
    if points is None or known.get(entry.exercise.id) == points:
        return
    known[entry.exercise.id] = points
    text = json.dumps({"version": 1, "points": dict(sorted(known.items()))}, indent=1)
    temporary = path.with_name(f"{PROGRESS}.{os.getpid()}")
    try:
        temporary.write_text(text + "\n", "utf-8", newline="\n")
        temporary.replace(path)
    except OSError:  # a folder one may not write to: the check itself still counts
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


# ---------------------------------------------------------------- three frameworks, one truth


def agree(
    title: str,
    *,
    needs: list[str],
    outputs: Callable[[], Mapping[str, Any]],
    tolerance: float = 1e-6,
) -> Panel:
    """Compare what several frameworks compute, the first being the reference.

    Parameters
    ----------
    title : str
        What is compared.
    needs : list of str
        The learner's names that ``outputs`` calls; while one is missing or unanswered there is
        nothing to compare.
    outputs : callable
        Returns a mapping from a label to an array or tensor.
    tolerance : float
        Largest difference that still counts as agreement.
    """
    import numpy as np

    from seqkit.grading.wire import _as_tensor

    namespace = _namespace()
    if any(name not in namespace for name in needs):
        return _say(f"– {title}: not attempted yet")
    try:
        found = outputs()
    except NotImplementedError:
        return _say(f"– {title}: not attempted yet")
    except Exception as error:
        text = f"✗ {title}: raised {type(error).__name__}: {error}"
        return Panel(text, html.escape(text), "wrong")
    arrays = {}
    for label, value in found.items():
        tensor = _as_tensor(value)
        try:
            array = tensor.array if tensor is not None else np.asarray(value)
        except ValueError:  # rows of different lengths
            array = np.asarray(None)
        arrays[label] = array
    first, reference = next(iter(arrays.items()))
    lines, rows, right = [], [], True
    for label, array in list(arrays.items())[1:]:
        if array.shape != reference.shape:
            same, text = False, f"shape {array.shape} against {reference.shape}"
        elif not {array.dtype.kind, reference.dtype.kind} <= set("iufc"):
            same, text = False, f"dtype {array.dtype} against {reference.dtype}"
        else:
            gap = float(np.max(np.abs(array - reference), initial=0.0))
            same = gap <= tolerance
            text = f"differ by at most {tolerance:g}" if same else f"differ by {gap:.2g}"
        right &= same
        line = f"{'✓' if same else '✗'} {first} and {label} {text}"
        lines.append("  " + line)
        rows.append(f"<li>{html.escape(line)}</li>")
    head = f"{'✓' if right else '✗'} {title}, shape {reference.shape}"
    body = f"<strong>{html.escape(head)}</strong><ul style='list-style:none'>{''.join(rows)}</ul>"
    return Panel("\n".join([head, *lines]), body, "right" if right else "wrong")
