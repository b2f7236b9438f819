"""Writes what students receive: lessons, helpers, data and visible checks, and nothing else."""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from string import Template

from seqkit.authoring.release import out_of_date
from seqkit.authoring.steps import ReleaseError
from seqkit.course.catalogue import HIDDEN
from seqkit.results.folder import write_whole

#: Lies in every bundle, so that a later one may replace it.
MARKER = ".seqkit-bundle"
MARKER_TEXT = "Written by `seqkit release --bundle`, which replaces this folder with these files:\n"

FILES = ("course.py", "requirements.txt", "pyproject.toml", "LICENSE")
FOLDERS = ("lessons", "seqkit", "data")
CHECKS = Path("tests", "exercises")
NEVER = ("__pycache__", ".ipynb_checkpoints", "*.pyc", "*.egg-info")

README = Template("""\
# $title

Lessons that you work through in JupyterLab, on your own machine.

    python course.py lab

makes an environment of its own beside this file (the first time takes some minutes), then opens
the lessons. It needs Python 3.11, 3.12 or 3.13 on Linux, Windows, or macOS on Apple silicon.

| lesson | exercises | points |
|---|---|---|
$rows

## How to work

- Write your answers where a cell says `# YOUR CODE HERE`, in place of the line below it. You may
  add cells of your own. Cells of the lesson may be played with; grading uses the lesson's own.
- `check("1.3")` tells at once whether an answer is right and, if it is not, why.
- `hint("1.3")` gives one hint at a time. `progress()` shows what is done and what is next.
- Before you hand a notebook in: Kernel, Restart Kernel and Run All Cells. Then save it and hand
  in the `.ipynb` file under its own name.

Grading looks at more inputs than the checks here do: an answer that keeps what the exercise
states will pass both.

## When something is wrong

    python course.py doctor

says what is wrong and the command that mends it. `python course.py check
lessons/01_sequential_data.ipynb` runs the checks of a lesson without JupyterLab.
""")


def bundle(root: Path, directory: Path) -> Path:
    """Write what students receive.

    Parameters
    ----------
    root : Path
        The course: the folder with ``course.py``, ``lessons/`` and ``seqkit/``.
    directory : Path
        Where to; made whole or not at all. It may hold an earlier bundle, which is replaced.

    Returns
    -------
    Path
        The folder that was written.

    Raises
    ------
    ReleaseError
        If the course is incomplete, its lessons are out of date, or `directory` holds something
        else.
    """
    root, target = root.resolve(), directory.resolve()
    _check_target(root, target)
    _check_course(root)
    try:
        _make(root, target)
    except OSError as error:
        raise ReleaseError(f"cannot write {target} ({error.strerror}).") from None
    return target


def _make(root: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".bundle."))
    try:
        _fill(root, made)
        made.chmod(0o755)
        _put_in_place(made, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _check_target(root: Path, target: Path) -> None:
    kept = [root / name for name in (*FOLDERS, "tests", "solutions")]
    if root.is_relative_to(target) or any(target.is_relative_to(folder) for folder in kept):
        raise ReleaseError(f"{target} is part of the course itself: choose a folder outside of it.")
    try:
        if target.exists() and not target.is_dir():
            raise ReleaseError(f"{target} is a file: choose the name of a folder.")
        others = _others(target) if target.is_dir() else []
    except OSError as error:
        raise ReleaseError(f"cannot use {target} ({error.strerror}).") from None
    if others:
        raise ReleaseError(
            f"{target} holds other files ({others[0]}): choose a new or an empty folder."
        )


def _others(target: Path) -> list[str]:
    """Name what lies in a folder and is no file of a bundle that was written there."""
    marker = target / MARKER
    if not marker.is_file():
        return sorted(path.name for path in target.iterdir())
    lines = marker.read_text("utf-8", "replace").split("\n")
    there = {path.relative_to(target).as_posix() for path in _files(target, [*NEVER, ".*"])}
    return sorted(there - set(lines))


def _check_course(root: Path) -> None:
    missing = [name for name in FILES if not (root / name).is_file()]
    missing += [f"{name}/" for name in (*FOLDERS, CHECKS.as_posix()) if not (root / name).is_dir()]
    if missing:
        raise ReleaseError(f"{root} is not a whole course: {', '.join(missing)} is missing.")
    if any((root / "solutions").glob("*.ipynb")):
        stale = out_of_date(root / "solutions", root / "lessons")
        if stale:
            raise ReleaseError(f"out of date: {', '.join(stale)}; run `seqkit release` first.")


def _fill(root: Path, made: Path) -> None:
    """Copy the course into an empty folder, checks without the folders of hidden ones."""
    for name in FILES:
        shutil.copyfile(root / name, made / name)
    patterns = _ignored(root)
    visible = _files(root / CHECKS, [*patterns, HIDDEN])
    for path in (*(p for name in FOLDERS for p in _files(root / name, patterns)), *visible):
        copy = made / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    write_whole(made / "README.md", _readme(made).encode())
    names = sorted(path.relative_to(made).as_posix() for path in _files(made, []))
    write_whole(made / MARKER, "\n".join([MARKER_TEXT, *names, ""]).encode())


def _ignored(root: Path) -> list[str]:
    """Patterns of names that do not belong to the course: those that git ignores, too."""
    path = root / ".gitignore"
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    named = [line.strip().rstrip("/") for line in lines if not line.startswith(("#", "!"))]
    return [*NEVER, *(name for name in named if name and "/" not in name)]


def _files(folder: Path, patterns: list[str]) -> Iterator[Path]:
    """Yield the regular files below a folder, without those ignored."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns):
            continue
        if path.is_dir():
            yield from _files(path, patterns)
        elif path.is_file():
            yield path


def _readme(made: Path) -> str:
    rows = []
    for path in sorted((made / "lessons").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        points = [cell["metadata"].get("nbgrader", {}).get("points") for cell in cells]
        given = [number for number in points if number is not None]
        first = "".join(cells[0]["source"]).split("\n", 1)[0].lstrip("# ").strip()
        rows.append(f"| [{first}](lessons/{path.name}) | {len(given)} | {sum(given):g} |")
    title = "A course on sequence models"
    return README.substitute(title=title, rows="\n".join(rows))


def _put_in_place(made: Path, target: Path) -> None:
    """Rename the new bundle over an earlier one, which stays until then."""
    if not target.exists():
        os.replace(made, target)
        return
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=".bundle."))
    try:
        os.replace(target, old / "bundle")
        try:
            os.replace(made, target)
        except OSError:
            os.replace(old / "bundle", target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
