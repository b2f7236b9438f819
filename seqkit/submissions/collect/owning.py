"""Tells whose each of many files is, and who gave it that name.

Names on disk were given by a learning system or by the instructor. Names in an archive were given
by whoever made it, so they say nothing about files outside of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from seqkit.results.text import one_line
from seqkit.submissions.collect.items import Item
from seqkit.submissions.collect.naming import (
    Owner,
    folder_name,
    from_learning_system,
    from_system,
    owner_of,
)
from seqkit.submissions.collect.walking import Search

FILES = 1000  # level of a name that no folder tells


@dataclass(frozen=True)
class Told:
    """Where a student's name is told.

    Attributes
    ----------
    inside : int
        Archives around the name: 0 where it lies on disk.
    archive : tuple of str
        Path of the outermost of them.
    level : int
        How deep the folder lies that tells the name, or `FILES` and more where only the file does.
    around : tuple of str
        The folders and archives around the name; what lies around one name may be its
        student's, who then chose the name.
    """

    inside: int = 0
    archive: tuple[str, ...] = ()
    level: int = 0
    around: tuple[str, ...] = ()


def owners(
    search: Search, lessons: Iterable[str], pattern: re.Pattern[str] | None = None
) -> list[tuple[Item, Owner, Told]]:
    """Tell the student of each item, and where the name is told.

    Parameters
    ----------
    search : Search
        After it has looked everywhere: what a name means may depend on the other names.
    lessons : iterable of str
        Names of lessons, which name no student.
    pattern : re.Pattern, optional
        With a group ``student``, searched in the path below what the instructor named.

    Returns
    -------
    list of (Item, Owner, Told)
    """
    owned = []
    for item in _exported(search.items):
        owner = owner_of(item, lessons, pattern)
        stamp = search.stamps.get(item.parts[:-1])
        owned.append((item, replace(owner, handed_in=stamp) if stamp else owner))
    others = _Others(owned)
    result = []
    for item, owner in owned:
        folder = None if owner.certain else others.student(item, owner, lessons)
        if folder:
            told = _where(item, replace(owner, name=folder), lessons)
            if others.crowded(item):  # two notebooks of other names are never one's last and first
                told = replace(told, around=(*told.around, owner.name))
            result.append((item, replace(owner, name=folder), told))
            continue
        match = pattern.search(item.relative) if pattern and not owner.note else None
        if match is None:
            result.append((item, owner, _where(item, owner, lessons)))
        else:
            after = item.relative[match.end("student") :].count("/")
            index = len(item.parts) - 1 - after
            result.append((item, owner, _at(item, index, by_folder=after > 0)))
    return result


def _exported(items: list[Item]) -> list[Item]:
    """Take an archive that is all there is for a folder: so learning systems export a class."""
    if len({item.place.path for item in items if not item.stray}) != 1:
        return items
    return [_without_archive(item) if item.archives else item for item in items]


def _without_archive(item: Item) -> Item:
    """Take the outermost archive for the folder that was named, unless it is one student's."""
    index = item.archives[0]
    below = len(item.parts) - 1 - index
    archive = replace(item, parts=item.parts[: index + 1], depth=item.depth - below)
    if archive.depth > 1 or from_learning_system(archive):
        return item
    return replace(item, archives=item.archives[1:], depth=below)


class _Others:
    """What the names of other notebooks say of one whose name is no student's for certain.

    Names in an archive are looked at for that archive alone.
    """

    def __init__(self, owned: list[tuple[Item, Owner]]) -> None:
        self.folders = defaultdict(set)  # where notebooks of a name lie
        self.names = defaultdict(set)  # of the notebooks in a folder
        self.inside = defaultdict(set)  # of the notebooks in an archive
        self.students = set()  # folders that are a student's, since a lesson lies there
        outside = []
        for item, owner in owned:
            if item.stray:
                continue
            outside.append(item.parts[: item.archives[0] if item.archives else -1])
            archive, folder, name = _archive(item), item.parts[:-1], owner.name.casefold()
            self.inside[archive].add(None if owner.certain else name)
            if not owner.certain:
                self.folders[archive, name].add(folder)
                self.names[folder].add(name)
            elif owner.by_folder:
                self.students.add(folder)
        self.all = _common(outside)  # the class's folder

    def student(self, item: Item, owner: Owner, lessons: Iterable[str]) -> str:
        """Name of the folder or archive that is the student's, or nothing."""
        archive, folder = _archive(item), item.parts[:-1]
        start = len(item.parts) - item.depth
        if archive and len(self.inside[archive]) == 1:  # all that one student handed in
            return folder_name(archive[start:], lessons)
        if folder in self.students:
            return folder_name(folder[start:], lessons)
        if len(self.folders[archive, owner.name.casefold()]) == 1:
            return ""
        # `homework.ipynb` in several folders: the folders are the students
        return folder_name(folder[len(archive or self.all) :], lessons)

    def crowded(self, item: Item) -> bool:
        """Whether notebooks of several such names lie beside each other."""
        return len(self.names[item.parts[:-1]]) > 1


def _common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    first, last = min(paths, default=()), max(paths, default=())
    same = [one == other for one, other in zip(first, last, strict=False)]
    return first[: [*same, False].index(False)]


def _archive(item: Item) -> tuple[str, ...]:
    return item.parts[: item.archives[0] + 1] if item.archives else ()


def _where(item: Item, owner: Owner, lessons: Iterable[str]) -> Told:
    """Say where the owner's name is told: by the outermost folder that does, else by the file."""
    start = max(0, len(item.parts) - item.depth - 1)
    for index in range(start, len(item.parts) - 1):
        name = item.parts[index]
        told = from_system(name)
        if owner.name in (told.name if told else None, folder_name((name,), lessons), name):
            return _at(item, index, by_folder=True)
    return _at(item, len(item.parts) - 1, by_folder=from_system(item.parts[-1]) is not None)


def _at(item: Item, index: int, *, by_folder: bool) -> Told:
    inside = sum(place < index for place in item.archives)
    level = index - (len(item.parts) - item.depth - 1)
    return Told(
        inside=inside,
        archive=_archive(item) if inside else (),
        level=level if by_folder else FILES + level,
        around=item.parts[:index],
    )


def display_names(owners: Iterable[Owner]) -> dict[tuple[str, str], str]:
    """Name each student so that no two look alike; ids tell two of one name apart."""
    identities = sorted({(owner.name, owner.user_id) for owner in owners})
    count = Counter(name for name, _ in identities)
    names: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for name, user_id in sorted(identities, key=lambda told: told[0] != one_line(told[0])):
        shown = one_line(f"{name} ({user_id})" if count[name] > 1 and user_id else name)
        while shown in taken:  # somebody is called as somebody else is shown
            shown += " (another)"
        taken.add(shown)
        names[name, user_id] = shown
    return names
