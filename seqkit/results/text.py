"""Make text of a learner's (messages, names, notes) safe to show, and short enough to be read.

No control characters reach a terminal, a spreadsheet or a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from seqkit.limits import MESSAGE_CHARACTERS, NOTES_OF_A_REPORT

#: What is not seen, or changes what is: controls, directions, joiners, surrogates, tags.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


#: Nor is what these ranges hold, whatever Unicode calls it: fillers, blanks, variation selectors.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """Return text safe to show anywhere: control and direction characters visible, length bounded.

    Examples
    --------
    >>> clean("\\x1b[31mred")
    '\\\\x1b[31mred'
    """
    text = cut(text, MESSAGE_CHARACTERS)
    if text.isprintable() and not BLANK.search(text):
        return text
    return "".join(
        c.encode("unicode_escape").decode()
        if (unicodedata.category(c) in UNSEEN and c not in "\t\n") or BLANK.match(c)
        else c
        for c in text
    )


def cut(text: str, limit: int) -> str:
    """Return text of at most ``limit`` characters, with a mark where it ends early."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str) -> str:
    """Return a name safe to show, without line ends: nobody writes a line of a log but we."""
    return " ".join(clean(text).split())


def few(notes: Iterable[str]) -> list[str]:
    """Return notes, cleaned, no more than a person reads."""
    kept = list(notes)
    more = len(kept) - NOTES_OF_A_REPORT
    said = [clean(note) for note in kept[:NOTES_OF_A_REPORT]]
    return [*said, f"and {more} more"] if more > 0 else said


def number(points: float) -> str:
    """Return points as a person writes them: ``2``, ``2.5``."""
    return f"{points:.4f}".rstrip("0").rstrip(".")
