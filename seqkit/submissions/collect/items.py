"""Says what a file is that may be a submission, before anything in it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seqkit.submissions.collect.files import Place

SKIPPED = {"__MACOSX", "__pycache__"}
#: What nbgrader's exchange puts beside a submission: when it was handed in.
STAMP = "timestamp.txt"


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
    archives : tuple of int
        Which of them are archives around it. Names on disk were given by a learning system or the
        instructor; names in an archive by whoever made the archive.
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
    archives: tuple[int, ...] = ()
    time: float = 0.0
    trouble: str | None = None
    stray: bool = False


def hidden(name: str) -> bool:
    """Whether a file or folder is no work of anybody's."""
    return name.startswith(".") or name in SKIPPED


def is_notebook(name: str) -> bool:
    """Whether a file name is a notebook's; browsers make it ``x.ipynb.txt`` or ``x.ipynb.json``."""
    return ".ipynb" in name.lower()


def zipped(name: str) -> bool:
    """Whether a file name is an archive's."""
    return name.lower().endswith(".zip")


def read_time(text: str) -> str | None:
    """Read a time as nbgrader writes it, to the second.

    Returns
    -------
    str or None
        In ISO 8601; None where the text is no time.

    Examples
    --------
    >>> read_time("2026-02-03 14:05:06.123456 UTC"), read_time("yesterday")
    ('2026-02-03T14:05:06+00:00', None)
    """
    time = local_time(text.strip()[:19])
    return f"{time}+00:00" if time else None


def local_time(text: str) -> str | None:
    """Return a time in ISO 8601, in the time zone of whoever wrote it; None where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="seconds")
    except ValueError:
        return None
