"""Remember beside the notebook what passed, and say how far a learner is."""

from __future__ import annotations

import contextlib
import hashlib
import html
import json
import tempfile
from pathlib import Path

from filelock import FileLock

from seqkit.course.catalogue import Entry
from seqkit.lab.kernel import course_here
from seqkit.lab.panel import Panel, shown
from seqkit.results.folder import write_whole
from seqkit.results.text import number

PROGRESS = ".seqkit-progress.json"

#: Where a lesson's kernel starts: a notebook that changes the folder stays where it is.
FOLDER = Path.cwd()


@shown
def progress() -> Panel:
    """Show how far you are in every lesson, and what comes next."""
    done = recall()
    lines, rows, following = [], [], ""
    for lesson in course_here().lessons():
        points = possible = right = 0.0
        for id, entry in lesson.entries.items():
            here = sum(c.points for c in entry.checks)
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
    last = f"Next: {following}" if following else "Every check passes. Well done."
    head = "<tr><th>lesson</th><th>exercises</th><th>points here</th></tr>"
    return Panel(
        "\n".join([*lines, last]),
        f"<table>{head}{''.join(rows)}</table><p>{html.escape(last)}</p>",
    )


def recall() -> dict[str, float]:
    """Return the points remembered beside the notebook; nothing if the file cannot be read."""
    try:
        data = json.loads((FOLDER / PROGRESS).read_text("utf-8"))
        return {str(k): float(v) for k, v in data["points"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def remember(entry: Entry, points: float | None) -> None:
    """Write an exercise's points into the file beside the notebook, whole or not at all."""
    id = entry.exercise.id
    if points is None or recall().get(id) == points:
        return
    with contextlib.suppress(OSError), _alone():  # a folder one may not write to: the check counts
        text = json.dumps(
            {"version": 1, "points": dict(sorted({**recall(), id: points}.items()))}, indent=1
        )
        write_whole(FOLDER / PROGRESS, text + "\n", sync=False)


def _alone() -> FileLock:
    """Return a lock between the kernels of a folder: none overwrites what another has just added.

    It lies in the temporary folder, so that learners see one file of ours and not two.
    """
    name = hashlib.sha256(str(FOLDER).encode()).hexdigest()[:16]
    return FileLock(Path(tempfile.gettempdir()) / f"seqkit-progress-{name}.lock", timeout=5)
