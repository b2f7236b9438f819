"""Walks files, folders and zip archives, and collects whatever may be a submission."""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from seqkit.grading.reading.files import MAX_INNER, Budget, Place, stored_time
from seqkit.grading.reading.notebook import Unreadable

SKIPPED = {"__MACOSX", "__pycache__"}
#: All that an export of a class may unpack to, and an archive that a student put into it: whatever
#: one student hands in leaves the others their share.
MAX_TOTAL = 8 * 1024**3
MAX_INNER_TOTAL = 200 * 1024**2
MAX_NAME = 1_000  # characters of a path in an archive
#: What nbgrader's exchange puts beside a submission: when it was handed in.
STAMP = "timestamp.txt"

OUTSIDE = "Its path in the archive leads outside of it, so it was not read."
TOO_LONG = "Its path in the archive is longer than any system makes it, so it was not read."
LINK = "This is a link, which is not followed: put the file itself here."
TOO_DEEP = "It is an archive in an archive in an archive: hand in the notebook."


@dataclass(frozen=True)
class Item:
    """A file that may be a submission, before anything is known about it.

    Attributes
    ----------
    place : Place
    source : str
        Where it was found, as the instructor knows it.
    relative : str
        The same, below the folder that the instructor named.
    parts : tuple of str
        Every folder and archive that it lies in, and its own name.
    depth : int
        How many of them, from the end, lie in what the instructor named.
    time : float
        When it was changed, in seconds.
    trouble : str or None
        Why it cannot be read.
    stray : bool
        Whether it is no notebook by its name: it counts where a student has nothing else.
    """

    place: Place
    source: str
    relative: str
    parts: tuple[str, ...]
    depth: int
    time: float = 0.0
    trouble: str | None = None
    stray: bool = False


@dataclass
class Search:
    """What was found, and the time stamps of nbgrader, by the folder that they lie in.

    Attributes
    ----------
    limit : int
        Largest submission in bytes.
    items : list of Item
    stamps : dict of tuple to float
    """

    limit: int
    items: list[Item] = field(default_factory=list)
    stamps: dict[tuple[str, ...], float] = field(default_factory=dict)
    seen: set[Path] = field(default_factory=set)

    def look(self, path: Path) -> None:
        """Take a path that the instructor named.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        if path.is_dir():
            self._folder(path)
        elif path.exists():
            self._file(path, path.as_posix(), 1, named=True)
        else:
            raise FileNotFoundError(f"{path} does not exist.")

    # --- on disk ------------------------------------------------------------------------------

    def _folder(self, folder: Path) -> None:
        def refuse(path: Path, trouble: str) -> None:
            below = path.relative_to(folder)
            self._file(path, below.as_posix(), len(below.parts), trouble=trouble)

        def closed(error: OSError) -> None:
            refuse(Path(error.filename), "The folder cannot be opened.")

        for root, folders, files in os.walk(folder, onerror=closed):
            links = [name for name in folders if Path(root, name).is_symlink()]
            folders[:] = sorted(n for n in folders if not _hidden(n) and n not in links)
            for name in sorted(files + links):
                path = Path(root, name)
                if _hidden(name):
                    continue
                if path.is_symlink():  # whose file it leads to is not for the link to say
                    if name in links or _looks(name) or _zipped(name):
                        refuse(path, LINK)
                elif path.is_file():
                    below = path.relative_to(folder)
                    self._file(path, below.as_posix(), len(below.parts))
                elif not path.is_dir() and _looks(name):
                    refuse(path, "This is not a regular file.")

    def _file(
        self,
        path: Path,
        relative: str,
        depth: int,
        *,
        trouble: str | None = None,
        named: bool = False,
    ) -> None:
        """Take a file; one that the instructor named counts whatever it is called."""
        whole = path.absolute()
        if whole in self.seen:
            return
        self.seen.add(whole)
        item = Item(Place(path), path.as_posix(), relative, whole.parts[1:], depth)
        if trouble:
            self.items.append(replace(item, trouble=trouble))
            return
        item = replace(item, time=path.stat().st_mtime)
        if path.name == STAMP:
            self._stamp(item)
        elif _zipped(path.name):
            self._archive(item, Budget(MAX_TOTAL))
        else:
            self.items.append(replace(item, stray=not named and not _looks(path.name)))

    def _stamp(self, item: Item) -> None:
        try:
            text = item.place.read(1000).decode("ascii", "replace")
        except Unreadable:
            return
        time = read_time(text)
        if time is not None:
            self.stamps[item.parts[:-1]] = time

    # --- in archives --------------------------------------------------------------------------

    def _archive(self, item: Item, budget: Budget) -> None:
        """Take what an archive holds; one that holds nothing to grade is an unreadable item."""
        before = len(self.items)
        try:
            members = item.place.archive().infolist()
        except Unreadable as trouble:
            self.items.append(replace(item, trouble=trouble.reason))
            return
        for index, member in enumerate(members):
            self._member(item, index, member, budget)
        if all(inner.stray for inner in self.items[before:]):
            self.items.append(replace(item, trouble="The archive holds no notebook."))

    def _member(self, item: Item, index: int, member: zipfile.ZipInfo, budget: Budget) -> None:
        whole = member.filename.replace("\\", "/")
        name = whole[:MAX_NAME]
        names = [part for part in name.split("/") if part not in ("", ".")]
        if not names or whole.endswith("/"):
            return
        below = [part for part in names if part != ".."]
        inner = Item(
            place=Place(item.place.path, (*item.place.members, index)),
            source=f"{item.source}/{name}",
            relative=f"{item.relative}/{name}",
            parts=(*item.parts, *below),
            depth=item.depth + len(below),
            time=stored_time(member) or item.time,
        )
        if len(whole) > MAX_NAME:
            self.items.append(replace(inner, trouble=TOO_LONG))
        elif name.startswith("/") or ".." in names or re.match("[A-Za-z]:", name):
            self.items.append(replace(inner, trouble=OUTSIDE))
        elif any(_hidden(part) for part in names):
            return
        elif names[-1] == STAMP:
            if member.file_size <= 1000:
                self._stamp(inner)
        elif _zipped(names[-1]):
            deep = len(inner.place.members) > 1
            trouble = TOO_DEEP if deep else budget.refuses(member, MAX_INNER)
            if trouble:
                self.items.append(replace(inner, trouble=trouble))
            else:
                self._archive(inner, Budget(MAX_INNER_TOTAL))
        elif _looks(names[-1]):
            self.items.append(replace(inner, trouble=budget.refuses(member, self.limit)))
        else:
            self.items.append(replace(inner, stray=True))


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in SKIPPED


def _looks(name: str) -> bool:
    """Whether a file name is a notebook's; browsers make it ``x.ipynb.txt`` or ``x.ipynb.json``."""
    return ".ipynb" in name.lower()


def _zipped(name: str) -> bool:
    return name.lower().endswith(".zip")


def read_time(text: str) -> float | None:
    """Read a time as nbgrader writes it, to the second.

    Returns
    -------
    float or None
        In seconds; None where the text is no time.

    Examples
    --------
    >>> read_time("2026-02-03 14:05:06.123456 UTC"), read_time("yesterday")
    (1770127506.0, None)
    """
    try:
        return datetime.fromisoformat(text.strip()[:19]).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None
