"""Makes names safe for files on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: Names that Windows keeps for devices.
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.I)


def slug(name: str) -> str:
    """Make a name safe for a file name on every system.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    str
        1 to 80 letters, digits, ``.``, ``-``, ``@`` and single ``_``.

    Examples
    --------
    >>> slug("Zoë Smith/../x"), slug("con"), slug("...")
    ('Zoë_Smith_x', '_con', 'student')
    """
    kept = [
        letter if unicodedata.category(letter)[0] in "LNM" or letter in ".-@" else "_"
        for letter in unicodedata.normalize("NFC", name)
    ]
    text = re.sub("[._]+", lambda run: "_" if "_" in run[0] else run[0], "".join(kept))
    text = text.strip("_").lstrip("._")[:80]
    while len(text.encode()) > 160:  # file systems count bytes, and the lesson's name comes too
        text = text[:-1]
    text = text.strip("_ ").rstrip(".") or "student"
    return f"_{text}"[:80] if RESERVED.fullmatch(text) else text


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Give each name a `slug` of its own, different also where case does not count.

    Examples
    --------
    >>> slugs(["Lee", "Kim", "kim"])
    {'Kim': 'Kim', 'Lee': 'Lee', 'kim': 'kim_2'}
    """
    taken: dict[str, int] = {}
    return {name: untaken(slug(name), taken) for name in sorted(set(names))}


def untaken(text: str, taken: dict[str, int]) -> str:
    """Return a name, with a number where it is taken already, and take it.

    `taken` holds the highest number that each name was given.
    """
    candidate, key = text, text.casefold()
    count = taken.get(key, 0)
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{text}_{count}"
    taken[key] = max(count, 1)
    taken.setdefault(candidate.casefold(), 1)
    return candidate
