"""Finds the submissions of a class, each with its student, its lesson, and whether it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from seqkit.grading.reading.files import MAX_BYTES, Place
from seqkit.grading.reading.lesson import Lesson
from seqkit.grading.reading.matching import lesson_in_name, recognise
from seqkit.grading.reading.naming import (
    FILES,
    Owner,
    display_names,
    from_learning_system,
    owners,
    student_pattern,
)
from seqkit.grading.reading.notebook import Unreadable, read_notebook
from seqkit.grading.reading.slugs import slug, slugs, untaken
from seqkit.grading.reading.walking import Item, Search

LATER = "A later submission counts instead: {}."
INNER = "Its student's name is told farther inside than that of {}, which counts."
LAST = "The last of {} submissions of this lesson; the others do not count."
APART = "Work under this name lies in {} places and nothing says which is whose; each was graded."
#: What learning systems put beside submissions, by file name.
HOUSEKEEPING = {"submission_metadata.yml", "onlinetext.html"}


@dataclass(frozen=True)
class Found:
    """One submission.

    Attributes
    ----------
    student : str
        Whose it is; different students of a batch have different names.
    lesson : str or None
        The lesson that it answers; for an unreadable one the lesson of its file name, if any.
    source : str
        Where it was found, as the instructor knows it: ``hw1.zip/smith/01_….ipynb``.
    file_name : str
        For its report: ``<student>__<lesson>``, safe on every system, different for each.
    place : Place
        Where its bytes lie.
    order : tuple
        Grows with the time it was handed in.
    sha256 : str or None
        Of its bytes; None where they could not be read.
    trouble : str or None
        Why it cannot be read.
    superseded_by : str or None
        Source of a later submission of the same student and lesson, which counts instead.
    notes : tuple of str
        Sentences for its report.
    level : int
        How far inside its student's name is told: the outer names are not the student's to choose.
    around : tuple of str
        The folders and archives around that name.
    """

    student: str
    lesson: str | None
    source: str
    file_name: str
    place: Place
    order: tuple[int, int, float, str] = (0, 0, 0.0, "")
    sha256: str | None = None
    trouble: str | None = None
    superseded_by: str | None = None
    notes: tuple[str, ...] = ()
    level: int = 0
    around: tuple[str, ...] = ()

    @property
    def superseded(self) -> bool:
        """Whether a later submission counts instead."""
        return self.superseded_by is not None

    def read(self, limit: int = MAX_BYTES) -> bytes:
        """Read its bytes.

        Raises
        ------
        Unreadable
            If it is larger than `limit`, was found to be unsafe, or cannot be read.
        """
        if self.trouble:
            raise Unreadable(self.trouble)
        return self.place.read(limit)


def find_submissions(
    paths: Iterable[Path | str],
    *,
    lessons: Mapping[str, Lesson],
    student_from: str | None = None,
    limit: int = MAX_BYTES,
) -> list[Found]:
    """Find every submission in files, folders and zip archives.

    Parameters
    ----------
    paths : iterable of Path or str
        Notebooks, folders (searched to any depth) and archives (with archives inside).
    lessons : mapping of str to Lesson
        The lessons that may be answered, by name.
    student_from : str, optional
        Regular expression with a group ``student``, searched in the path below the folder.
    limit : int
        Largest submission in bytes.

    Returns
    -------
    list of Found
        Sorted by student and lesson. A file that cannot be read is among them, with its trouble;
        so are those that a later submission supersedes.

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If `student_from` is no regular expression with a group ``student``.
    """
    pattern = None if student_from is None else student_pattern(student_from)
    search = Search(limit)
    for path in paths:
        search.look(Path(path))
    owned = _drop_strays(owners(search, lessons, pattern))
    names = display_names(owner for _, owner in owned)
    found = [
        _identify(item, owner, names[owner.name, owner.number], lessons, limit)
        for item, owner in owned
    ]
    return _name_reports(_supersede(found))


def _drop_strays(owned: Sequence[tuple[Item, Owner]]) -> list[tuple[Item, Owner]]:
    """Leave out what is no notebook, save for students of a learning system with nothing else.

    Someone who handed in a PDF gets a report that says so.
    """
    served = {(owner.name, owner.number) for item, owner in owned if not item.stray}
    kept = []
    for item, owner in owned:
        identity = (owner.name, owner.number)
        told = from_learning_system(item) is not None
        if not item.stray:
            kept.append((item, owner))
        elif told and identity not in served and item.parts[-1] not in HOUSEKEEPING:
            served.add(identity)
            trouble = f"{item.parts[-1]} is not a notebook: hand in the .ipynb file."
            kept.append((replace(item, trouble=item.trouble or trouble), owner))
    return kept


def _identify(
    item: Item, owner: Owner, student: str, lessons: Mapping[str, Lesson], limit: int
) -> Found:
    """Read an item to tell its lesson."""
    trouble, digest = item.trouble, None
    lesson = lesson_in_name(item.parts[-1], lessons)
    if trouble is None:
        try:
            data = item.place.read(limit)
            digest = sha256(data).hexdigest()
            lesson = recognise(read_notebook(data), lessons, item.parts[-1]).name
        except Unreadable as error:
            trouble = error.reason
    notes = [owner.note, "Handed in late, says Canvas." if owner.late else ""]
    time = item.time if owner.time is None else owner.time
    return Found(
        student=student,
        lesson=lesson,
        source=item.source,
        file_name="",
        place=item.place,
        order=(owner.upload, owner.version, time, item.source),
        sha256=digest,
        trouble=trouble,
        notes=tuple(note for note in notes if note),
        level=owner.level,
        around=owner.place,
    )


def _supersede(found: Iterable[Found]) -> Iterator[Found]:
    """Let the last of several readable submissions of one student and lesson count.

    Anybody can give a file a classmate's name and put it into a folder or archive of their own: it
    takes the place of nothing that bears the name elsewhere. What bears it farther inside than a
    folder or archive of that name does not count; between files, a person has to decide.
    """
    groups = defaultdict(list)
    for one in found:
        groups[one.student, one.lesson if one.trouble is None else one.source].append(one)
    for group in groups.values():
        outermost = min(one.level for one in group)
        known = outermost < FILES
        places = defaultdict(list)
        for one in group:
            places[one.around if one.level == outermost or not known else None].append(one)
        inner = places.pop(None, [])
        for place in places.values():
            *earlier, last = sorted(place, key=lambda one: one.order)
            yield from (_set_aside(one, LATER, last) for one in earlier)
            notes = []
            if earlier:
                notes.append(LAST.format(len(place)))
            if len(places) > 1:
                notes.append(APART.format(len(places)))
            yield replace(last, notes=(*last.notes, *notes))
        yield from (_set_aside(one, INNER, last) for one in inner)


def _set_aside(one: Found, why: str, other: Found) -> Found:
    note = why.format(other.source)
    return replace(one, superseded_by=other.source, notes=(*one.notes, note))


def _name_reports(found: Iterable[Found]) -> list[Found]:
    """Name the reports, those that count first, and sort."""
    ordered = sorted(found, key=lambda one: (one.student, one.lesson or "", one.order))
    safe, taken = slugs(one.student for one in ordered), set[str]()
    named = {}
    for one in sorted(ordered, key=lambda one: (one.superseded, one.trouble is not None)):
        stem = f"{safe[one.student]}__{slug(one.lesson or 'unknown')}"
        named[one.place] = untaken(stem, taken)
    return [replace(one, file_name=named[one.place]) for one in ordered]
