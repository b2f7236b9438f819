"""Collects from zip archives whatever may be a submission, unpacking nothing."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass, field, replace

from seqkit.course.notebook import Unreadable
from seqkit.limits import ARCHIVE_IN_ARCHIVE_BYTES, ARCHIVE_PATH, STAMP_BYTES
from seqkit.submissions.collect.budget import Budget
from seqkit.submissions.collect.files import Place, stored_time
from seqkit.submissions.collect.items import (
    STAMP,
    Item,
    hidden,
    is_notebook,
    read_time,
    zipped,
)

OUTSIDE = "Its path in the archive leads outside of it, so it was not read."
TOO_LONG = "Its path in the archive is longer than any system makes it, so it was not read."
TOO_DEEP = "It is an archive in an archive in an archive: hand in the notebook."
TOO_MANY = "The archive holds more notebooks or files than can be graded; the rest was not read."


@dataclass
class Collection:
    """What was found, and the time stamps of nbgrader, by the folder that they lie in.

    Attributes
    ----------
    limit : int
        Largest submission in bytes.
    items : list of Item
    stamps : dict of tuple to str
    """

    limit: int
    items: list[Item] = field(default_factory=list)
    stamps: dict[tuple[str, ...], str] = field(default_factory=dict)

    def take_stamp(self, item: Item) -> None:
        """Read when a submission was handed in, if the file says so."""
        try:
            text = item.place.read(STAMP_BYTES).decode("ascii", "replace")
        except Unreadable:
            return
        time = read_time(text)
        if time is not None:
            self.stamps[item.parts[:-1]] = time

    def take_archive(self, item: Item, budget: Budget) -> None:
        """Take what an archive holds; one that holds nothing to grade is an unreadable item."""
        before = len(self.items)
        try:
            members = item.place.archive().infolist()
        except Unreadable as trouble:
            self.items.append(replace(item, trouble=trouble.reason))
            return
        for index, member in enumerate(members):
            if not budget.holds(notebook=is_notebook(member.filename)):
                self.items.append(replace(item, trouble=TOO_MANY))
                return
            self._member(item, index, member, budget)
        if all(inner.stray for inner in self.items[before:]):
            self.items.append(replace(item, trouble="The archive holds no notebook."))

    def _member(self, item: Item, index: int, member: zipfile.ZipInfo, budget: Budget) -> None:
        whole = member.filename.replace("\\", "/")
        name = whole[:ARCHIVE_PATH]
        names = [part for part in name.split("/") if part not in ("", ".")]
        if not names or whole.endswith("/"):
            return
        below = [unicodedata.normalize("NFC", part) for part in names if part != ".."]
        inner = Item(
            place=Place(item.place.path, (*item.place.members, index)),
            source=f"{item.source}/{name}",
            relative="/".join((item.relative, *below)),
            parts=(*item.parts, *below),
            depth=item.depth + len(below),
            archives=(*item.archives, len(item.parts) - 1),
            time=stored_time(member) or item.time,
        )
        if len(whole) > ARCHIVE_PATH:
            self.items.append(replace(inner, trouble=TOO_LONG))
        elif name.startswith("/") or ".." in names or re.match("[A-Za-z]:", name):
            self.items.append(replace(inner, trouble=OUTSIDE))
        elif any(hidden(part) for part in names):
            return
        elif names[-1] == STAMP:
            if not budget.refuses(member, STAMP_BYTES):
                self.take_stamp(inner)
        elif zipped(names[-1]):
            deep = len(inner.place.members) > 1
            trouble = TOO_DEEP if deep else budget.refuses(member, ARCHIVE_IN_ARCHIVE_BYTES)
            if trouble:
                self.items.append(replace(inner, trouble=trouble))
            else:
                self.take_archive(inner, budget.of_inner())
        elif is_notebook(names[-1]):
            self.items.append(replace(inner, trouble=budget.refuses(member, self.limit)))
        else:
            self.items.append(replace(inner, stray=True))
