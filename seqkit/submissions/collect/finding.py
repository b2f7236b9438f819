"""Finds the submissions of a class, each with its student, its lesson, and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from seqkit.course.lesson import Lesson
from seqkit.course.notebook import Unreadable, read_notebook
from seqkit.limits import NOTEBOOK_BYTES
from seqkit.submissions.collect.counting import Found, supersede
from seqkit.submissions.collect.items import Item
from seqkit.submissions.collect.naming import Owner, from_learning_system, student_pattern
from seqkit.submissions.collect.owning import Told, display_names, owners
from seqkit.submissions.collect.slugs import slug, slugs, untaken
from seqkit.submissions.collect.walking import Search
from seqkit.submissions.reading.matching import lesson_in_name, recognise

#: What learning systems put beside submissions, by file name.
HOUSEKEEPING = {"submission_metadata.yml", "onlinetext.html"}


def find_submissions(
    paths: Iterable[Path | str],
    *,
    lessons: Mapping[str, Lesson],
    student_from: str | None = None,
    limit: int = NOTEBOOK_BYTES,
    skip: Path | None = None,
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
    skip : Path, optional
        A folder that is not looked into: the results of grading.

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
    search = Search(limit, skip=skip)
    for path in paths:
        search.take(Path(path))
    owned = _drop_strays(owners(search, lessons, pattern))
    names = display_names(owner for _, owner, _ in owned)
    found = [
        _identify(item, owner, told, names[owner.name, owner.user_id], lessons, limit)
        for item, owner, told in owned
    ]
    return _name_reports(supersede(found))


Owned = tuple[Item, Owner, Told]


def _drop_strays(owned: Sequence[Owned]) -> list[Owned]:
    """Leave out what is no notebook, save for students of a learning system with nothing else.

    Someone who handed in a PDF gets a report that says so. Nothing in an archive answers for what
    bears the name outside of it.
    """
    served: dict[tuple[str, str], int] = {}
    for item, owner, told in owned:
        if not item.stray:
            identity = owner.name, owner.user_id
            served[identity] = min(told.inside, served.get(identity, told.inside))
    kept = []
    for item, owner, told in owned:
        identity = owner.name, owner.user_id
        if not item.stray:
            kept.append((item, owner, told))
        elif (
            from_learning_system(item)
            and item.parts[-1] not in HOUSEKEEPING
            and served.get(identity, told.inside + 1) > told.inside
        ):
            served[identity] = told.inside
            trouble = f"{item.parts[-1]} is not a notebook: hand in the .ipynb file."
            kept.append((replace(item, trouble=item.trouble or trouble), owner, told))
    return kept


def _identify(
    item: Item, owner: Owner, told: Told, student: str, lessons: Mapping[str, Lesson], limit: int
) -> Found:
    """Read an item to tell its lesson."""
    trouble, digest = item.trouble, None
    lesson, unusual = lesson_in_name(item.parts[-1], lessons), list[str]()
    if trouble is None:
        try:
            data = item.place.read(limit)
            digest = sha256(data).hexdigest()
            recognised, unusual = recognise(read_notebook(data), lessons, item.parts[-1])
            lesson = recognised.name
        except Unreadable as error:
            trouble = error.reason
    notes = [owner.note, "Handed in late, says Canvas." if owner.late else "", *unusual]
    time = item.time
    if owner.handed_in:
        time = datetime.fromisoformat(owner.handed_in).replace(tzinfo=UTC).timestamp()
    return Found(
        student=student,
        owner=owner,
        lesson=lesson,
        source=item.source,
        file_name="",
        place=item.place,
        order=(int(owner.submission_id[:18] or 0), owner.version, time, item.source),
        sha256=digest,
        trouble=trouble,
        notes=tuple(note for note in notes if note),
        told=told,
    )


def _name_reports(found: Iterable[Found]) -> list[Found]:
    """Name the reports, those that count first, and sort."""
    ordered = sorted(found, key=lambda one: (one.student, one.lesson or "", one.order))
    safe, taken = slugs(one.student for one in ordered), dict[str, int]()
    named = {}
    for one in sorted(ordered, key=lambda one: (one.superseded, one.trouble is not None)):
        stem = f"{safe[one.student]}__{slug(one.lesson or 'unknown')}"
        named[one.place] = untaken(stem, taken)
    return [replace(one, file_name=named[one.place]) for one in ordered]
