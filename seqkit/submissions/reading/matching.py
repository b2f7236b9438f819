"""Recognises in what was handed in the lesson that it came from, as a whole and cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seqkit.course.lesson import Lesson, LessonCell
from seqkit.course.notebook import Cell, Notebook, Notes, Unreadable


@dataclass(frozen=True)
class Matched:
    """A submission beside the lesson that it answers.

    Attributes
    ----------
    lesson : Lesson
    pairs : list of (Cell, LessonCell or None)
        Every cell of the submission, with the cell of the lesson that it stands for, if any.
    notes : Notes
        What was unusual so far.
    """

    lesson: Lesson
    pairs: list[tuple[Cell, LessonCell | None]]
    notes: Notes


def match(notebook: Notebook, lesson: Lesson) -> Matched:
    """Tell which cells of a notebook were the lesson's.

    Parameters
    ----------
    notebook : Notebook
        As it was handed in.
    lesson : Lesson
        The one that it answers.
    """
    return Matched(lesson, _pairs(notebook.cells, lesson), notebook.notes)


# --- which lesson -----------------------------------------------------------------------------


def recognise(
    notebook: Notebook, lessons: Mapping[str, Lesson], name: str = ""
) -> tuple[Lesson, list[str]]:
    """Tell the lesson: by its answer cells, else what they define, its metadata, its file name.

    Parameters
    ----------
    notebook : Notebook
        As it was handed in.
    lessons : mapping of str to Lesson
        The lessons that it may answer, by name.
    name : str
        File name; the last thing that tells the lesson where all else is lost.

    Returns
    -------
    Lesson
    list of str
        A note where the file or its name says another lesson.

    Raises
    ------
    Unreadable
        If it answers none of `lessons`.
    """
    claimed, named = notebook.lesson, lesson_in_name(name, lessons)
    ids = {cell.grade_id or cell.cell_id.replace("-", "_") for cell in notebook.cells}
    defined = {word for cell in notebook.cells if cell.type == "code" for word in cell.names}
    votes = {
        key: (
            sum(f"ex_{number.replace('.', '_')}" in ids for number in lesson.exercises),
            sum(bool(defined.intersection(item.names)) for item in lesson.exercises.values()),
            key == claimed,
            key == named,
        )
        for key, lesson in lessons.items()
    }
    best = max(votes, key=lambda key: votes[key], default=None)
    if best is None or not (any(votes[best][:2]) or best == (claimed or named)):
        trouble = "It is no lesson of the course"
        if claimed:
            trouble = f"It says it is the lesson {claimed}"
        known = ", ".join(sorted(lessons)) or "none"
        raise Unreadable(f"{trouble}; lessons graded here: {known}.")
    notes = []
    if claimed and claimed != best:
        notes = [f"The file says it is the lesson {claimed}, its cells are those of {best}."]
    elif named and named != best:
        notes = [f"The file is named after {named}, its cells are those of {best}."]
    return lessons[best], notes


def lesson_in_name(name: str, lessons: Iterable[str]) -> str | None:
    """Find the lesson that a file name names; the longest where one holds another.

    Examples
    --------
    >>> lesson_in_name("Smith 02-RNN-math (1).ipynb", ["01_sequential_data", "02_rnn_math"])
    '02_rnn_math'
    """
    plain = _plain(name)
    found = [lesson for lesson in lessons if _plain(lesson) in plain]
    return max(found, key=len, default=None)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


# --- which cells ------------------------------------------------------------------------------


def _pairs(cells: Iterable[Cell], lesson: Lesson) -> list[tuple[Cell, LessonCell | None]]:
    """Match cells to the lesson's by grade id, by cell id, else code by its very text."""
    by_cell_id = {cell.grade_id.replace("_", "-"): cell for cell in lesson.cells}
    by_text = {cell.source: cell for cell in lesson.cells if cell.kind != "text"}
    pairs: dict[Cell, LessonCell | None] = {}
    copies = defaultdict(list)
    for cell in cells:
        original = lesson.by_grade_id.get(cell.grade_id)
        if original is None and not cell.grade_id:
            original = by_cell_id.get(cell.cell_id)
        if original is None and cell.type == "code":
            original = by_text.get(cell.source)
        pairs[cell] = original
        if original is not None and original.locked:
            copies[original].append(cell)
    # Copying a cell copies its grade id. The untouched copy is the lesson's own, or else the
    # first; what the student wrote into another is theirs and runs as an added cell.
    for original, same in copies.items():
        changed = [cell for cell in same if not same_text(cell.source, original.source)]
        first = int(len(changed) == len(same))
        for cell in changed[first:]:
            pairs[cell] = None
    return list(pairs.items())


def same_text(source: str, original: str) -> bool:
    """Tell whether two texts differ at most in the white space that editors add and remove.

    Examples
    --------
    >>> same_text("x = 1  \\ny = 2\\n", "x = 1\\ny = 2"), same_text("  x = 1", "x = 2")
    (True, False)
    """
    if abs(len(source) - len(original)) > 10_000:
        return False  # no editor does that; two texts of any size must not become two lists
    return _trimmed(source) == _trimmed(original)


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().split("\n")]
