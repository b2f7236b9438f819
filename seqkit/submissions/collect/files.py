"""Reads a submission's bytes from a file or from inside zip archives, trusting neither.

Archives are read in place: nothing is ever unpacked to disk.
"""

from __future__ import annotations

import calendar
import io
import os
import stat
import struct
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from seqkit.course.notebook import Unreadable
from seqkit.limits import ARCHIVE_IN_ARCHIVE_BYTES, ARCHIVE_MEMBERS, NOTEBOOK_BYTES

NO_ARCHIVE = "The file is not a zip archive, or it is damaged."


def too_large(limit: int) -> Unreadable:
    """Why a file that is too large is not read."""
    return Unreadable(
        f"The file is larger than {limit / 2**20:.0f} MB and was not read: "
        "clear the outputs (Kernel, Restart and Clear Outputs) and hand it in again."
    )


def read_bytes(path_or_bytes: Path | str | bytes, limit: int = NOTEBOOK_BYTES) -> bytes:
    """Read a regular file, or check bytes, of at most `limit` bytes.

    Raises
    ------
    Unreadable
        If it is larger, no regular file, or cannot be opened.
    """
    if isinstance(path_or_bytes, bytes):
        if len(path_or_bytes) > limit:
            raise too_large(limit)
        return path_or_bytes
    try:
        # a pipe with a notebook's name would block open() for ever
        if not stat.S_ISREG(os.stat(path_or_bytes).st_mode):
            raise Unreadable("This is not a regular file.")
        with open(path_or_bytes, "rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as trouble:
        if isinstance(trouble, Unreadable):
            raise
        cause = getattr(trouble, "strerror", None) or "its name is not a path"
        raise Unreadable(f"The file cannot be opened: {cause}.") from None
    if len(data) > limit:
        raise too_large(limit)
    return data


# --- archives ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where the bytes of a submission lie: a file, or a member of archives inside each other."""

    path: Path
    members: tuple[int, ...] = ()

    def read(self, limit: int = NOTEBOOK_BYTES) -> bytes:
        """Read them, `limit` at most.

        Raises
        ------
        Unreadable
            If there are more, or they cannot be read.
        """
        if not self.members:
            return read_bytes(self.path, limit)
        archive = Place(self.path, self.members[:-1]).archive()
        try:
            with archive.open(archive.infolist()[self.members[-1]]) as file:
                data = file.read(limit + 1)
        except Exception:  # zipfile raises a dozen kinds on hostile archives
            raise Unreadable("The archive is damaged here, or stored in a way not known.") from None
        if len(data) > limit:
            raise too_large(limit)
        return data

    def archive(self) -> zipfile.ZipFile:
        """Open the archive that lies here.

        Raises
        ------
        Unreadable
            If it is none, is damaged, or holds too many files.
        """
        try:
            status = self.path.stat()
        except OSError:
            raise Unreadable("The archive cannot be opened.") from None
        return _open_archive(self, (status.st_size, status.st_mtime_ns))


@lru_cache(maxsize=4)  # an archive of a class is opened once, not once a student
def _open_archive(place: Place, _status: tuple[int, int]) -> zipfile.ZipFile:
    file: IO[bytes]
    try:
        file = (
            io.BytesIO(place.read(ARCHIVE_IN_ARCHIVE_BYTES))
            if place.members
            else place.path.open("rb")
        )
        if _members(file) <= ARCHIVE_MEMBERS:
            archive = zipfile.ZipFile(file)
            if len(archive.infolist()) <= ARCHIVE_MEMBERS:
                return archive
    except Unreadable:
        raise
    except Exception:  # zipfile raises a dozen kinds on hostile archives
        raise Unreadable(NO_ARCHIVE) from None
    raise Unreadable(f"The archive holds more than {ARCHIVE_MEMBERS:,} files.")


def forget_archives() -> None:
    """Close the archives that are open: a process that is forked must not share them."""
    _open_archive.cache_clear()


def _members(file: IO[bytes]) -> int:
    """Count an archive's members before its directory, which may be huge, becomes objects."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 70_000))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 16:
        raise Unreadable(NO_ARCHIVE)
    directory = struct.unpack_from("<I", tail, end + 12)[0]
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07") and end >= 76:  # a zip64 archive
        directory = max(directory, struct.unpack_from("<Q", tail, end - 36)[0])
    directory = min(directory, size)
    file.seek(max(0, size - 70_000 - directory))
    count = 0
    while chunk := file.read(2**20):
        count += chunk.count(b"PK\x01\x02")
    file.seek(0)
    return count


def stored_time(member: zipfile.ZipInfo) -> float | None:
    """Return when a member was changed, in seconds as if its clock were UTC's; None if unknown."""
    try:
        return float(calendar.timegm((*member.date_time, 0, 0, 0)))
    except ValueError:
        return None
