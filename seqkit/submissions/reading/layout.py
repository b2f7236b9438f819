"""Lays a submission out for running: whose cell comes when, the lesson's own or the student's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seqkit.course.lesson import Lesson
from seqkit.course.notebook import Notebook, read_notebook
from seqkit.limits import NOTEBOOK_BYTES
from seqkit.submissions.collect.files import read_bytes
from seqkit.submissions.reading.answers import Answer, find_answers
from seqkit.submissions.reading.matching import Matched, match, recognise, same_text

Kind = Literal["imports", "demo", "answer", "stub", "added"]
#: When a cell runs: in the place of which cell of the submission, and in which order there.
Turn = tuple[int, int]


@dataclass(frozen=True)
class PlannedCell:
    """One cell to run: a lesson's own (``grade_id`` names it), or one that the student wrote.

    A ``stub`` is an answer that was left as it was: run, it says so to whoever calls it.
    ``number`` counts the cells of the submission from 1; 0 where the cell comes from the lesson.
    """

    kind: Kind
    label: str
    source: str
    number: int = 0
    grade_id: str | None = None
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """A submission laid out for running.

    Attributes
    ----------
    lesson : str
        Name of the lesson that it answers.
    answers : dict of str to str
        What the student wrote for each exercise; an untouched stub is no answer.
    added : list of PlannedCell
        Code cells that the student added, in the order of the notebook.
    cells : list of PlannedCell
        Everything to run, in order: the lesson's imports and demos, answers, added cells.
    notes : list of str
        What was unusual, in sentences for the report.
    """

    lesson: str
    answers: dict[str, str]
    added: list[PlannedCell]
    cells: list[PlannedCell]
    notes: list[str]


def read_submission(
    path_or_bytes: Path | str | bytes,
    lessons: Mapping[str, Lesson],
    *,
    name: str = "",
    limit: int = NOTEBOOK_BYTES,
) -> Submission:
    """Read a submission and lay its cells out beside the pristine lesson.

    Parameters
    ----------
    path_or_bytes : Path, str or bytes
        A file, or its contents.
    lessons : mapping of str to Lesson
        The lessons that it may answer, by name.
    name : str
        File name; the last thing that tells the lesson where all else is lost.
    limit : int
        Largest size in bytes; a larger file is not read.

    Returns
    -------
    Submission

    Raises
    ------
    Unreadable
        With one sentence, whatever the file holds.
    """
    if not isinstance(path_or_bytes, bytes):
        name = name or Path(path_or_bytes).name
    notebook = read_notebook(read_bytes(path_or_bytes, limit))
    lesson, notes = recognise(notebook, lessons, name)
    for note in notes:
        notebook.notes.add(note)
    return lay_out(notebook, lesson)


def lay_out(notebook: Notebook, lesson: Lesson) -> Submission:
    """Lay the cells of a notebook out beside the lesson that it answers."""
    submission = match(notebook, lesson)
    answers = find_answers(submission)
    cells = _in_order(submission, _planned(answers))
    _note_moved(cells, submission)
    _note_locked(submission)
    return Submission(
        lesson=submission.lesson.name,
        answers={answer.exercise.id: answer.source for answer in answers if answer.counted},
        added=[cell for cell in cells if cell.kind == "added"],
        cells=cells,
        notes=submission.notes.lines,
    )


def _planned(answers: Iterable[Answer]) -> dict[int, PlannedCell]:
    """Tell what runs for the answers, by the number of the cell in whose place it runs."""
    planned: dict[int, PlannedCell] = {}
    for answer in answers:
        number = answer.exercise.id
        if answer.stub:
            stub, at = answer.exercise.stub, answer.stub.number
            planned[at] = PlannedCell("stub", f"stub {number}", stub, at, None, (number,))
        for cell, text in answer.earlier:
            label = f"answer {number}, an earlier copy"
            planned.setdefault(cell.number, PlannedCell("added", label, text, cell.number))
        for cell, text in answer.counted:
            before = planned.get(cell.number)
            ids = (*(before.exercises if before else ()), number)
            label = "answer " + " and ".join(ids)
            planned[cell.number] = PlannedCell("answer", label, text, cell.number, None, ids)
    return planned


def _in_order(submission: Matched, planned: Mapping[int, PlannedCell]) -> list[PlannedCell]:
    """Put the lesson's own cells, the student's answers and added cells in the order to run."""
    turns = [*_lessons_own(submission), *_students_own(submission, planned)]
    return [cell for _, cell in sorted(turns, key=lambda turn: turn[0])]


def _lessons_own(submission: Matched) -> Iterator[tuple[Turn, PlannedCell]]:
    """Yield the lesson's imports, first, and its demos where the submission has or had them."""
    where: dict[str, int] = {}
    for cell, original in submission.pairs:
        if original:
            where.setdefault(original.grade_id, cell.number)
    before = 0
    for index, own in enumerate(submission.lesson.cells, start=1):
        here = where.get(own.grade_id)
        if own.kind == "imports":
            yield (0, 0), PlannedCell("imports", "imports", own.source, 0, own.grade_id)
        elif own.kind == "demo":
            turn = (here, 0) if here else (before, index)
            label = f"demo {own.grade_id}"
            yield turn, PlannedCell("demo", label, own.source, here or 0, own.grade_id)
        before = here or before


def _students_own(
    submission: Matched, planned: Mapping[int, PlannedCell]
) -> Iterator[tuple[Turn, PlannedCell]]:
    """Yield the answers, and the code that the student added outside of them."""
    for cell, original in submission.pairs:
        number, source = cell.number, cell.source
        if number in planned:
            yield (number, 0), planned[number]
        elif original is None or (
            original.kind == "text" and not same_text(source, original.source)
        ):
            # a statement turned into code holds what the student wrote there
            if cell.type == "code" and source.strip():
                yield (number, 0), PlannedCell("added", f"added cell {number}", source, number)
        elif original.kind == "imports":
            extra = _lines_added(source, original.source)
            if extra:  # after the lesson's own, where the student had them
                yield (0, 0), PlannedCell("added", "lines added to the imports", extra, number)


def _lines_added(edited: str, original: str) -> str:
    """Lines of an edited imports cell that the lesson's own does not have."""
    known = {line.strip() for line in original.split("\n")}
    new = [line for line in edited.split("\n") if line.strip() not in known]
    return "\n".join(new) if any(line.strip() for line in new) else ""


# --- what is worth a note ---------------------------------------------------------------------


def _note_moved(cells: Iterable[PlannedCell], submission: Matched) -> None:
    known = list(submission.lesson.exercises)
    order = [known.index(cell.exercises[0]) for cell in cells if cell.exercises]
    if order != sorted(order):
        submission.notes.add("Answer cells were moved; they ran in the order of the notebook.")


def _note_locked(submission: Matched) -> None:
    """Say which locked cells were edited, retyped or lost; the lesson's own take their place."""
    edited = []
    lost = dict.fromkeys(own.grade_id for own in submission.lesson.cells if own.locked)
    for cell, original in submission.pairs:
        if original is None or not original.locked:
            continue
        lost.pop(original.grade_id, None)
        if cell.type != "code" or not same_text(cell.source, original.source):
            edited.append(original.grade_id)
        if original.kind == "check" and cell.points not in (None, original.points):
            submission.notes.add(
                f"Exercise {original.exercise}: its points were changed in the file, "
                "which has no effect."
            )
    if edited:
        submission.notes.add(f"Edited, the lesson's own were used: {_some(edited)}.")
    if lost:
        submission.notes.add(f"Missing, the lesson's own were used: {_some(lost)}.")


def _some(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - 5} more" if len(unique) > 5 else ""
    return ", ".join(unique[:5]) + more
