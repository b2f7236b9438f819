"""Decide which cells of a submission run, from the names that they define and use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from seqkit.course.catalogue import Entry, LessonEntry
from seqkit.grading.inside.source import names_of
from seqkit.submissions.reading.layout import Submission

FRAMEWORKS = frozenset({"torch", "nn", "tensorflow", "tf", "keras"})  # as notebooks name them
OWN = ("answer", "added")  # kinds of cells that the student wrote


class CellPlan:
    """What is known of a submission's cells, and which of them run.

    Parameters
    ----------
    lesson : LessonEntry
    submission : Submission

    Attributes
    ----------
    names : dict of int to mapping
        What the cell at a position defines and uses, as the sandbox read it; see :meth:`asks`.
    notes : list of str
        What was decided and is worth a note.
    """

    def __init__(self, lesson: LessonEntry, submission: Submission) -> None:
        self.lesson = lesson
        self.cells = submission.cells
        self.names: dict[int, Mapping[str, list[str]]] = {}
        self.notes: list[str] = []

    def asks(self) -> list[int]:
        """Return the positions of the student's cells whose names matter and are not known.

        Those are cells that name a demo's name, a forbidden one or a framework.
        """
        demos = [c.source for c in self.cells if c.kind == "demo"]
        defined = {name for source in demos for name in _pristine_names(source)["defines"]}
        telling = defined | self._forbidden_tails()
        return [
            i
            for i, cell in enumerate(self.cells)
            if cell.kind in OWN
            and i not in self.names
            and not telling.isdisjoint(_words(cell.source))
        ]

    def dotted(self, position: int) -> bool:
        """Whether the dotted names in a cell may be of interest."""
        source = self.cells[position].source
        return any(name in source for name in self._forbidden_tails() | FRAMEWORKS)

    def learn(self, position: int, found: object) -> None:
        """Take what the sandbox found in a cell, whatever it sent."""
        self.names[position] = _plain_names(found)

    def wanted(self) -> set[int]:
        """Return the positions of all cells to run; note which of the lesson's demos are needed."""
        defined: set[str] = set()  # by cells further up
        needed: set[str] = set()
        everywhere = {name for f in self.names.values() for name in f["defines"]}
        for position in sorted(self.names):
            found = self.names[position]
            in_functions = set(found["uses"]) - set(found["reads"])
            needed |= (in_functions - everywhere) | (set(found["reads"]) - defined)
            defined |= set(found["defines"])
        wanted = {i for i, c in enumerate(self.cells) if c.kind in ("imports", *OWN)}
        demos = {i: _pristine_names(c.source) for i, c in enumerate(self.cells) if c.kind == "demo"}
        while True:
            more = {i for i, f in demos.items() if i not in wanted and needed & set(f["defines"])}
            if not more:
                return wanted
            wanted |= more
            needed |= {name for i in more for name in demos[i]["uses"]}
            for i in sorted(more):
                if not (self.cells[i].grade_id or "").startswith("given_"):
                    label = self.cells[i].label
                    self.notes.append(f"the lesson's cell '{label}' was run: an answer uses it")

    def forbidden(self, entry: Entry) -> list[tuple[str, str]]:
        """Return each name that the exercise forbids and the answer's text uses, with a note.

        That is advice for review.
        """
        found = []
        id, rules = entry.exercise.id, entry.rules
        used = {word for c in self.cells if id in c.exercises for word in _words(c.source)}
        for i, names in self.names.items():
            own = id in self.cells[i].exercises
            if not own and self.cells[i].kind != "added":
                continue
            label = self.cells[i].label
            for rule in rules.forbids:
                tail = tuple(rule.split(".")[-2:])
                if any(tuple(d.split(".")[-2:]) == tail for d in names["dotted"]):
                    note = f"{label} names {rule}, which this exercise does without"
                    found.append((rule, note))
            others = FRAMEWORKS.intersection(d.partition(".")[0] for d in names["dotted"])
            if rules.numpy and (own or not used.isdisjoint(names["defines"])):
                for name in sorted(others):
                    found.append((name, f"{label} names {name}; this exercise is done in NumPy"))
        return found

    def _forbidden_tails(self) -> set[str]:
        """Return the last parts of what exercises forbid, and frameworks where they matter."""
        rules = [entry.rules for entry in self.lesson.entries.values()]
        tails = {name.rpartition(".")[2] for rule in rules for name in rule.forbids}
        return tails | (FRAMEWORKS if any(rule.numpy for rule in rules) else set())


def _plain_names(found: object) -> dict[str, list[str]]:
    """Return what was found in a cell as lists of str, whatever it is."""
    result = {}
    for key in ("defines", "uses", "reads", "dotted"):
        names = found.get(key) if type(found) is dict else None
        result[key] = [n for n in names if type(n) is str] if type(names) is list else []
    return result


def _words(source: str) -> set[str]:
    """Return the words in a cell, as Python reads its names."""
    return set(re.findall(r"\w+", unicodedata.normalize("NFKC", source)))


@cache
def _pristine_names(source: str) -> dict[str, list[str]]:
    return _plain_names(names_of(source))
