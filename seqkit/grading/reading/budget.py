"""Says how much of an archive is read: what one archive holds leaves the others their share."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass

from seqkit.grading.reading.files import too_large

#: All that a file on disk may unpack to: bytes that are read, files that are looked at, notebooks.
MAX_TOTAL = 8 * 1024**3
MAX_FILES = 200_000
MAX_NOTEBOOKS = 20_000
#: What an archive in it may take of that: it is one student's.
MAX_INNER_TOTAL = 200 * 1024**2
MAX_INNER_NOTEBOOKS = 200

#: The others unpack a block of any size at once.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: Text shrinks to a tenth or so; a file this many times smaller than its contents is a trap.
MAX_RATIO = 200


@dataclass
class Budget:
    """What may still be taken from an archive, and from the one around it."""

    size: int
    files: int
    notebooks: int
    outer: Budget | None = None

    @classmethod
    def of_file(cls) -> Budget:
        """Return the budget of a file on disk."""
        return cls(MAX_TOTAL, MAX_FILES, MAX_NOTEBOOKS)

    def of_inner(self) -> Budget:
        """Return the budget of an archive in this one."""
        return Budget(MAX_INNER_TOTAL, MAX_FILES, MAX_INNER_NOTEBOOKS, self)

    def holds(self, *, notebook: bool) -> bool:
        """Take one file more; False where there are too many."""
        self.files -= 1
        self.notebooks -= notebook
        enough = self.files >= 0 and self.notebooks >= 0
        return enough and (self.outer is None or self.outer.holds(notebook=notebook))

    def refuses(self, member: zipfile.ZipInfo, limit: int) -> str | None:
        """Say why a member is not read, or None; what is read is taken from the budget."""
        if stat.S_ISLNK(member.external_attr >> 16):
            return "This is a link to somewhere else."
        if member.flag_bits & 1:
            return "The archive is locked with a password."
        if member.compress_type not in METHODS:
            return "The archive stores it in a way not known: make a plain zip archive."
        if member.file_size > limit:
            return too_large(limit).reason
        if member.file_size > max(2**20, MAX_RATIO * member.compress_size):
            return "It unpacks to far more than a notebook does, so it was not read."
        if not self._affords(member.file_size):
            return "The archive unpacks to more than can be graded."
        return None

    def _affords(self, size: int) -> bool:
        self.size -= size
        return self.size >= 0 and (self.outer is None or self.outer._affords(size))
