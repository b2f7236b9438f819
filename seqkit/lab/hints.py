"""Give a hint, one at a time, or the reference answer where this copy has it."""

from __future__ import annotations

import html
import json

from seqkit.lab.kernel import course_here, quoted
from seqkit.lab.panel import Panel, markdown, say, shown

_hints_shown: dict[str, int] = {}


@shown
def hint(id: str, number: int | None = None) -> Panel:
    """Show the next hint of an exercise, or hint ``number``, counted from 1."""
    try:
        hints = course_here().entry(quoted(id)).exercise.hints
    except KeyError as error:
        return say(str(error.args[0]))
    if not hints:
        return say(f"Exercise {id} has no hints.")
    following = _hints_shown.get(str(id), 0) + 1 if number is None else number
    if not 1 <= following <= len(hints):
        count = f"There are {len(hints)} hints" if len(hints) > 1 else "There is one hint"
        return say(f"{count}; hint({str(id)!r}, 1) shows the first again.")
    _hints_shown[str(id)] = following
    shown = hints[following - 1]
    title = f"Hint {following} of {len(hints)} · {shown.title}"
    return Panel(
        f"{title}\n\n{shown.markdown.strip()}",
        f"<strong>{html.escape(title)}</strong>{markdown(shown.markdown)}",
    )


@shown
def solution(id: str) -> Panel:
    """Show the reference answer of an exercise and its note, in a copy that has ``solutions/``."""
    try:
        lesson = course_here().lesson(quoted(id))
        course_here().entry(quoted(id))
    except KeyError as error:
        return say(str(error.args[0]))
    path = course_here().root / "solutions" / f"{lesson.name}.ipynb"
    if not path.exists():
        return say("The solutions are not in this copy of the course.")
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
    return Panel(f"{answer}\n\n{note}", f"<pre>{html.escape(answer)}</pre>{markdown(note)}")
