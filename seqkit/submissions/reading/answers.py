"""Picks from a submission what answers each exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seqkit.course.lesson import Exercise
from seqkit.course.notebook import Cell, Notes, defined_names
from seqkit.submissions.reading.matching import Matched, same_text

#: A cell, and the code that the student wrote into it.
Piece = tuple[Cell, str]


@dataclass(frozen=True)
class Answer:
    """What a submission has for one exercise.

    Attributes
    ----------
    exercise : Exercise
    counted : list of (Cell, str)
        The cells that count, with their code; none where the exercise was not attempted.
    earlier : list of (Cell, str)
        Cells that one of those replaces.
    stub : Cell or None
        The answer cell, where it was left as it was and nothing else counts.
    """

    exercise: Exercise
    counted: list[Piece]
    earlier: list[Piece]
    stub: Cell | None

    @property
    def source(self) -> str:
        """All that counts, as one text."""
        return "\n\n\n".join(text for _, text in self.counted)


def find_answers(submission: Matched) -> list[Answer]:
    """Find what answers each exercise of the lesson, in the lesson's order.

    An answer stands in its own cell, in several of that label, or, where that cell was lost or
    left alone, in one that belongs to no other and defines what the exercise asks for.

    Parameters
    ----------
    submission : Matched
        Gets a note on every answer that is not simply in its cell.

    Returns
    -------
    list of Answer
        One for each exercise.
    """
    loose = [cell for cell, original in submission.pairs if not original and cell.type == "code"]
    found = []
    for exercise in submission.lesson.exercises.values():
        own = [
            cell
            for cell, original in submission.pairs
            if original and (original.kind, original.exercise) == ("answer", exercise.id)
        ]
        found.append(_answer(exercise, own, loose, submission.notes))
    return found


def _answer(exercise: Exercise, own: Sequence[Cell], loose: Sequence[Cell], notes: Notes) -> Answer:
    written = [(cell, text) for cell in own if (text := _written(cell, exercise, notes))]
    if not written:
        taken = [cell for cell in loose if cell.names.intersection(exercise.names)]
        written = [(cell, cell.source) for cell in taken]
        _note_found(exercise, own, taken, notes)
    counted, earlier = _counted(exercise, written, notes)
    left = not counted and own and own[0].type == "code" and own[0].source.strip()
    return Answer(exercise, counted, earlier, own[0] if left else None)


def _written(cell: Cell, exercise: Exercise, notes: Notes) -> str:
    """What the student wrote into an answer cell; nothing where it is the stub, or no code."""
    if not cell.source.strip() or same_text(cell.source, exercise.stub):
        return ""
    if cell.type == "code":
        return cell.source
    text = "\n".join(line for line in cell.source.split("\n") if not line.startswith("```"))
    if not set(defined_names(text)).intersection(exercise.names):
        return ""
    notes.add(f"Exercise {exercise.id}: the answer cell became text; it was read as code.")
    return text


def _counted(
    exercise: Exercise, written: Sequence[Piece], notes: Notes
) -> tuple[list[Piece], list[Piece]]:
    """Of several cells for one answer, those that count and those that do not.

    The last counts. One before it counts too where the two define nothing in common: splitting
    a cell gives both halves the same grade id.
    """
    counted: list[Piece] = []
    earlier: list[Piece] = []
    seen: set[str] = set()
    for cell, text in reversed(written):
        names = set(defined_names(text))
        if names & seen:
            earlier.append((cell, text))
        else:
            counted.append((cell, text))
            seen |= names
    if earlier:
        notes.add(
            f"Exercise {exercise.id}: {len(written)} cells hold an answer; "
            f"the last one that was changed counts (cell {written[-1][0].number})."
        )
    elif len(written) > 1:
        notes.add(f"Exercise {exercise.id}: the answer stands in {len(written)} cells.")
    return counted[::-1], earlier[::-1]


def _note_found(
    exercise: Exercise, own: Sequence[Cell], taken: Sequence[Cell], notes: Notes
) -> None:
    """Say why an answer was looked for outside its cell, and whether there is one."""
    if own and all(same_text(cell.source, exercise.stub) for cell in own) and not taken:
        return  # not attempted, which is nothing unusual
    trouble = "the answer cell was left as it was" if own else "the answer cell is missing"
    if own and not any(cell.source.strip() for cell in own):
        trouble = "the answer cell is empty"
    elif own and all(cell.type != "code" for cell in own):
        trouble = "the answer cell became text without code"
    if taken:
        names = taken[-1].names.intersection(exercise.names)
        trouble += f"; cell {taken[-1].number} defines {', '.join(sorted(names))} and was taken"
    notes.add(f"Exercise {exercise.id}: {trouble}.")
