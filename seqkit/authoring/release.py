"""Turns solution notebooks into lessons, the same bytes every time.

Authors edit ``solutions/``; ``lessons/`` is generated. What happens to a notebook on the way is
told by `seqkit.authoring.steps`.
"""

from __future__ import annotations

import difflib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from seqkit.authoring.steps import STEPS, Draft, ReleaseError, kind
from seqkit.results.folder import write_whole


@dataclass(frozen=True)
class Released:
    """One lesson as it was written."""

    name: str
    path: Path
    changed: bool
    exercises: int
    points: int


def build(path: Path) -> tuple[str, Draft]:
    """Turn a solution into the text of its lesson.

    Parameters
    ----------
    path : Path
        A notebook of ``solutions/``.

    Returns
    -------
    str
        The lesson as JSON: sorted keys, LF line ends, a line end at the end.
    Draft
        The lesson as a notebook.

    Raises
    ------
    ReleaseError
        If a step refuses the solution.
    """
    try:
        draft = Draft(path.stem, _read(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, nbformat.ValidationError) as trouble:
        raise ReleaseError(f"{path.name} is not a readable notebook: {trouble}.") from None
    if not draft.cells:
        raise ReleaseError(f"{path.name} has no cells.")
    for step in STEPS:
        step(draft)
    try:
        nbformat.validate(draft.notebook)
    except nbformat.ValidationError as trouble:
        reason = str(trouble).split("\n", 1)[0]
        raise ReleaseError(f"{path.name} does not become a valid notebook: {reason}.") from None
    return nbformat.writes(draft.notebook) + "\n", draft


def _read(text: str) -> NotebookNode:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cell ids that are missing here are given by name_cells
        return nbformat.reads(text, as_version=4)


def _built(solutions: Path) -> dict[str, tuple[str, Draft]]:
    paths = sorted(solutions.glob("*.ipynb"))
    if not paths:
        raise ReleaseError(f"{solutions} holds no notebooks: run this in the course's own copy.")
    return {path.stem: build(path) for path in paths}


def release(solutions_dir: Path, lessons_dir: Path) -> list[Released]:
    """Write a lesson for every solution; nothing is written if one of them is refused.

    Parameters
    ----------
    solutions_dir, lessons_dir : Path
        Folders of notebooks.

    Returns
    -------
    list of Released
        In order of their names.

    Raises
    ------
    ReleaseError
        If a solution is not as lessons need it.
    """
    built = _built(solutions_dir)
    lessons_dir.mkdir(parents=True, exist_ok=True)
    released = []
    for name, (text, draft) in built.items():
        path, data = lessons_dir / f"{name}.ipynb", text.encode()
        changed = not path.exists() or path.read_bytes() != data
        if changed:
            write_whole(path, data)
        points = [int(c.metadata.nbgrader.points) for c in draft.cells if kind(c) == "check"]
        released.append(Released(name, path, changed, len(points), sum(points)))
    return released


def out_of_date(solutions_dir: Path, lessons_dir: Path) -> dict[str, str]:
    """Compare lessons with what their solutions would become.

    Parameters
    ----------
    solutions_dir, lessons_dir : Path
        Folders of notebooks.

    Returns
    -------
    dict of str to str
        A unified diff for each lesson that differs, that is missing, or whose solution is.

    Raises
    ------
    ReleaseError
        As for `release`.
    """
    built = _built(solutions_dir)
    diffs = {}
    for name, (text, _) in built.items():
        path = lessons_dir / f"{name}.ipynb"
        data = path.read_bytes() if path.exists() else b""
        if data != text.encode():
            diffs[name] = _diff(name, data.decode("utf-8", "replace"), text)
    for path in sorted(lessons_dir.glob("*.ipynb")):
        if path.stem not in built:
            diffs[path.stem] = f"lessons/{path.name} has no solution: delete it, or restore that.\n"
    return diffs


def _diff(name: str, old: str, new: str) -> str:
    """Show the difference as a reader of the notebook sees it, else as the file has it."""
    titles = (f"lessons/{name}.ipynb", f"solutions/{name}.ipynb, released")
    for before, after in (
        (_percent(old), _percent(new)),
        (old.split("\n"), new.split("\n")),
    ):
        lines = list(difflib.unified_diff(before, after, *titles, lineterm=""))
        if lines:
            return "\n".join(line.replace("\r", "␍") for line in lines) + "\n"
    return f"lessons/{name}.ipynb is not stored as UTF-8.\n"


def _percent(text: str) -> list[str]:
    """Write a notebook as lines, each cell below a line that names it; as it is if it is none."""
    try:
        notebook: Any = json.loads(text)
        lines = ["# " + json.dumps(notebook["metadata"], sort_keys=True)]
        for cell in notebook["cells"]:
            grading = cell["metadata"].get("nbgrader", {})
            points = f" {grading['points']} points" if "points" in grading else ""
            tags = "".join(f" {tag}" for tag in cell["metadata"].get("tags", []))
            lines += ["", f"# %% [{cell['cell_type']}] {grading.get('grade_id', '')}{points}{tags}"]
            lines += "".join(cell["source"]).split("\n")
    except (ValueError, KeyError, TypeError, AttributeError):
        return text.split("\n")
    return lines
