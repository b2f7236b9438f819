"""Says how much of an archive is read: what one archive holds leaves the others their share."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass

from seqkit.limits import (
    COMPRESSION_RATIO,
    INNER_BYTES,
    INNER_NOTEBOOKS,
    UNPACKED_BYTES,
    UNPACKED_FILES,
    UNPACKED_NOTEBOOKS,
)
from seqkit.submissions.collect.files import too_large

#: The others unpack a block of any size at once.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


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
        return cls(UNPACKED_BYTES, UNPACKED_FILES, UNPACKED_NOTEBOOKS)

    def of_inner(self) -> Budget:
        """Return the budget of an archive in this one."""
        return Budget(INNER_BYTES, UNPACKED_FILES, INNER_NOTEBOOKS, self)

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
        if member.file_size > max(2**20, COMPRESSION_RATIO * member.compress_size):
            return "It unpacks to far more than a notebook does, so it was not read."
        if not self._affords(member.file_size):
            return "The archive unpacks to more than can be graded."
        return None

    def _affords(self, size: int) -> bool:
        self.size -= size
        return self.size >= 0 and (self.outer is None or self.outer._affords(size))
