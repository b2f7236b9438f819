"""Reads what a lesson says: its cells, and the exercises that they state.

A lesson is a notebook of ``lessons/`` as `seqkit release` writes it: the grade id of a cell tells
what the cell is for, the heading of a statement tells what its exercise is worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from seqkit.course.notebook import Cell, Unreadable, defined_names, read_notebook

Kind = Literal["imports", "demo", "answer", "check", "text"]

ROLE = re.compile(r"(statement|ex|check|hints)_([0-9]{1,4})_([0-9]{1,4})")
HEADING = re.compile(
    r"### Exercise (?P<id>[0-9]+\.[0-9]+) · (?P<title>\S[^\n]*)"
    r" — (?P<points>[0-9]+) (?P<unit>points?)"
    r" · (?P<difficulty>●○○|●●○|●●●) · (?P<minutes>[0-9]+) min"
)


@dataclass(frozen=True)
class Hint:
    """One folded hint, titled by the confusion that it helps with."""

    title: str
    markdown: str


@dataclass(frozen=True)
class Heading:
    """What the first line of a statement says."""

    id: str
    title: str
    points: int
    difficulty: int
    minutes: int


@dataclass(frozen=True)
class Exercise(Heading):
    """An exercise as its lesson states it; ``names`` are the public ones its stub defines."""

    statement: str = ""
    stub: str = ""
    names: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class LessonCell:
    """A cell of the pristine lesson."""

    kind: Kind
    grade_id: str
    source: str
    exercise: str | None = None
    points: float | None = None

    @property
    def locked(self) -> bool:
        """Whether it is code that a submission cannot replace."""
        return self.kind in ("imports", "demo", "check")


@dataclass(frozen=True)
class Lesson:
    """A pristine lesson: its cells in order, and its exercises by id."""

    name: str
    cells: tuple[LessonCell, ...]
    exercises: Mapping[str, Exercise]

    @cached_property
    def by_grade_id(self) -> dict[str, LessonCell]:
        """The cells by the id that nbgrader's metadata give them."""
        return {cell.grade_id: cell for cell in self.cells}


def read_lesson(path: Path) -> Lesson:
    """Read a pristine lesson.

    Parameters
    ----------
    path : Path
        A notebook of ``lessons/``.

    Returns
    -------
    Lesson

    Raises
    ------
    ValueError
        If the file is not a lesson as `seqkit release` writes it.
    """
    try:
        notebook = read_notebook(path.read_bytes())
    except Unreadable as trouble:
        raise ValueError(f"{path.name} is no lesson: {trouble.reason}") from None
    for cell in notebook.cells:
        if not cell.grade_id:
            raise ValueError(f"{path.name}: cell {cell.number} has no grade_id; run seqkit release")
    cells = tuple(map(_lesson_cell, notebook.cells))
    by_id = {cell.grade_id: cell for cell in cells}
    exercises = {}
    for answer in (cell for cell in cells if cell.kind == "answer"):
        suffix = answer.grade_id.removeprefix("ex_")
        statement, hints = by_id.get(f"statement_{suffix}"), by_id.get(f"hints_{suffix}")
        heading = parse_heading(statement.source) if statement else None
        if statement is None or heading is None:
            raise ValueError(f"{path.name}: exercise {answer.exercise} has no readable statement")
        exercises[heading.id] = Exercise(
            **vars(heading),
            statement=statement.source,
            stub=answer.source,
            names=tuple(name for name in defined_names(answer.source) if name[0] != "_"),
            hints=parse_hints(hints.source) if hints else (),
        )
    return Lesson(notebook.lesson or path.stem, cells, exercises)


def _lesson_cell(cell: Cell) -> LessonCell:
    """Tell what a cell of a lesson is for from its grade id and type."""
    part, exercise = role(cell.grade_id)
    kind: Kind = "demo"
    if cell.type != "code":
        kind = "text"
    elif cell.grade_id == "imports":
        kind = "imports"
    elif part in ("ex", "check"):
        kind = "answer" if part == "ex" else "check"
    return LessonCell(kind, cell.grade_id, cell.source, exercise or None, cell.points)


def role(grade_id: str) -> tuple[str, str]:
    """Tell a cell's part in an exercise from its grade id.

    Examples
    --------
    >>> role("check_1_10"), role("check_the_data")
    (('check', '1.10'), ('', ''))
    """
    match = ROLE.fullmatch(grade_id)
    return (match[1], f"{match[2]}.{match[3]}") if match else ("", "")


def parse_heading(markdown: str) -> Heading | None:
    """Read the first line of an exercise's statement.

    Parameters
    ----------
    markdown : str
        The statement cell.

    Returns
    -------
    Heading or None
        None where the first line is not the heading of an exercise.

    Examples
    --------
    >>> parse_heading("### Exercise 1.7 · Pad a batch — 3 points · ●●○ · 15 min")
    Heading(id='1.7', title='Pad a batch', points=3, difficulty=2, minutes=15)
    """
    first = markdown.split("\n", 1)[0].rstrip()
    match = HEADING.fullmatch(first)
    if not match or (match["points"] == "1") != (match["unit"] == "point"):
        return None
    return Heading(
        match["id"],
        match["title"].strip(),
        int(match["points"]),
        match["difficulty"].count("●"),
        int(match["minutes"]),
    )


def parse_hints(markdown: str) -> tuple[Hint, ...]:
    """Read the folded hints of a hints cell.

    Parameters
    ----------
    markdown : str
        One or more ``<details><summary>title</summary>`` … ``</details>``.

    Returns
    -------
    tuple of Hint

    Raises
    ------
    ValueError
        If a fold has no title or no text, is not closed, or holds another.

    Examples
    --------
    >>> parse_hints("<details><summary>It is all zeros</summary>\\n\\nLook at h.\\n\\n</details>")
    (Hint(title='It is all zeros', markdown='Look at h.'),)
    """
    hints = []
    for number, piece in enumerate(markdown.split("<details>")[1:], start=1):
        inside, closed, _ = piece.partition("</details>")
        before, opened, rest = inside.partition("<summary>")
        title, ended, body = rest.partition("</summary>")
        if not closed:
            raise ValueError(f"hint {number} is not closed by </details>")
        if not opened or not ended or before.strip() or not title.strip():
            raise ValueError(f"hint {number} has no <summary>title</summary> after <details>")
        if not body.strip():
            raise ValueError(f"hint {number} ({title.strip()}) says nothing")
        hints.append(Hint(title.strip(), body.strip()))
    if markdown.count("</details>") != len(hints):
        raise ValueError("a </details> closes nothing")
    return tuple(hints)
