"""Decides which of several submissions of one student and lesson counts.

Anybody can give a file a classmate's name and put it into an archive or folder of their own. So a
name that is told inside of an archive yields to the same name outside of it, and what bears a name
farther inside than a folder of that name yields to that folder. Between others a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from seqkit.course.notebook import Unreadable
from seqkit.limits import NOTEBOOK_BYTES
from seqkit.submissions.collect.files import Place
from seqkit.submissions.collect.naming import Owner
from seqkit.submissions.collect.owning import FILES, Told

LATER = "A later submission counts instead: {}."
READABLE = "It cannot be read; {} counts instead."
INNER = "Its student's name is told farther inside than that of {}, which counts."
ARCHIVED = "Its student's name is told by an archive only; {} bears it outside of that and counts."
LAST = "The last of {} submissions of this lesson; the others do not count."
BROKEN = "A submission of this lesson that cannot be read does not count: {}."
APART = "Work under this name lies in {} places and nothing says which is whose; each was graded."
CLAIMED = "The student's name is told inside of an archive only, by whoever made it: {}."


@dataclass(frozen=True)
class Found:
    """One submission.

    Attributes
    ----------
    student : str
        Whose it is; different students of a batch have different names.
    owner : Owner
        The same as the learning system names it.
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
    told : Told
        Where its student's name is told.
    """

    student: str
    owner: Owner
    lesson: str | None
    source: str
    file_name: str
    place: Place
    order: tuple[int, int, float, str] = (0, 0, 0.0, "")
    sha256: str | None = None
    trouble: str | None = None
    superseded_by: str | None = None
    notes: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)

    @property
    def superseded(self) -> bool:
        """Whether a later submission counts instead."""
        return self.superseded_by is not None

    def read(self, limit: int = NOTEBOOK_BYTES) -> bytes:
        """Read its bytes.

        Raises
        ------
        Unreadable
            If it is larger than `limit`, was found to be unsafe, or cannot be read.
        """
        if self.trouble:
            raise Unreadable(self.trouble)
        return self.place.read(limit)


def supersede(found: Iterable[Found]) -> Iterator[Found]:
    """Let the last of several submissions of one student and lesson count, if it can be read.

    Yields
    ------
    Found
        Each of them, with notes on what counts and why.
    """
    students = defaultdict(list)
    for one in found:
        students[one.student].append(one)
    for theirs in students.values():
        lessons = defaultdict(list)
        for one in theirs:
            lessons[one.lesson].append(one)
        unknown = lessons.pop(None, [])
        for group in lessons.values():
            yield from _lesson(group, [*group, *unknown])
        for one in unknown:  # of different lessons, perhaps
            yield from _lesson([one], theirs)


def _lesson(group: Sequence[Found], rivals: Sequence[Found]) -> Iterator[Found]:
    """Tell what counts of a group; what its rivals tell farther outside counts more."""
    outermost = min(rivals, key=lambda one: (one.told.inside, one.order))
    inside = outermost.told.inside
    yield from (_set_aside(one, ARCHIVED, outermost) for one in group if one.told.inside > inside)
    group = [one for one in group if one.told.inside == inside]
    broken = [one for one in group if one.trouble]
    readable = [one for one in group if not one.trouble]
    counting = list(_counting(readable or broken))
    for one in counting:
        if one.superseded:
            yield one
            continue
        notes = []
        if readable and broken:
            notes.append(BROKEN.format(broken[-1].source))
        if one.told.inside:
            notes.append(CLAIMED.format(one.told.archive[-1]))
        places = sum(not other.superseded for other in counting)
        if places > 1:
            notes.append(APART.format(places))
        yield replace(one, notes=(*one.notes, *notes))
    if readable:
        last = next(one for one in reversed(counting) if not one.superseded)
        yield from (_set_aside(one, READABLE, last) for one in broken)


def _counting(group: Sequence[Found]) -> Iterator[Found]:
    """Let the last in each place count."""
    archives = defaultdict(list)
    for one in group:
        archives[one.told.archive].append(one)
    for inside in archives.values():
        outermost = min(one.told.level for one in inside)
        places = {one.told.around for one in inside if one.told.level == outermost}
        if outermost >= FILES:  # only files tell the name, and none more than another
            places = {one.told.around for one in inside}
        last = None
        for place in sorted(places):
            *earlier, last = sorted(
                (one for one in inside if one.told.around == place), key=lambda one: one.order
            )
            yield from (_set_aside(one, LATER, last) for one in earlier)
            note = (LAST.format(len(earlier) + 1),) if earlier else ()
            yield replace(last, notes=(*last.notes, *note))
        for one in inside:
            if last and one.told.around not in places:
                yield _set_aside(one, INNER, last)


def _set_aside(one: Found, why: str, other: Found) -> Found:
    note = why.format(other.source)
    return replace(one, superseded_by=other.source, notes=(*one.notes, note))
