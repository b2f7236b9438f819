"""Reads the file of a notebook into plain cells, whatever became of it on its way.

Nothing here compiles, parses or runs what a student wrote: Python's own parser can be crashed by
hostile text, so cells stay text until they reach the sandbox, and names are found by looking at
the beginnings of lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from seqkit.limits import CELL_LINES, NOTEBOOK_BRACKETS, NOTEBOOK_CELLS, NOTES_OF_A_FILE

DEFINITION = re.compile(
    r"(?:async\s+)?(?:def|class)\s+(\w+)"
    r"|(?!(?:else|try|finally)\b)(\w+)\s*(?:=(?!=)|:(?!=))"  # x = 1, x: int = 1
)

SIGNATURES = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a compressed archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"{\\rtf": "a text document",
    b"<!doctype": "a web page",
    b"<html": "a web page",
}
WINDOWS = "The file has Windows line ends."


class Unreadable(ValueError):
    """A submission cannot be read; ``reason`` says why in one sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str]]:
        """Survive the way from one process to another."""
        return Unreadable, (self.reason,)


@dataclass
class Notes:
    """What was unusual: sentences, each said once, not more than a reader can bear."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Say a sentence."""
        if line not in self.lines and len(self.lines) < NOTES_OF_A_FILE:
            self.lines.append(line if len(line) <= 400 else line[:399] + "…")


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in a file, whatever wrote it, without its outputs.

    ``number`` counts the cells of the file from 1, also those that are too damaged to be read.
    """

    number: int
    type: str
    source: str
    grade_id: str = ""
    cell_id: str = ""
    points: float | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """What its text defines, see `defined_names`."""
        return frozenset(defined_names(self.source))


@dataclass(frozen=True)
class Notebook:
    """What a file holds.

    Attributes
    ----------
    cells : tuple of Cell
        At least one.
    lesson : str
        The lesson that the file says it is; empty where it does not say.
    notes : Notes
        What was unusual; whoever looks closer adds to them.
    """

    cells: tuple[Cell, ...]
    lesson: str
    notes: Notes


def read_notebook(data: bytes) -> Notebook:
    """Read the contents of a file, written by any version of any editor.

    Parameters
    ----------
    data : bytes
        Whatever it holds.

    Returns
    -------
    Notebook
        With a note on everything that had to be repaired.

    Raises
    ------
    Unreadable
        If there are no cells to be had from it.

    Examples
    --------
    >>> read_notebook(b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}').cells
    (Cell(number=1, type='code', source='x = 1', grade_id='', cell_id='', points=None),)
    """
    notes = Notes()
    notebook = _parse(data, notes)
    cells = _cells(notebook, notes)
    ours = _mapping(_mapping(notebook.get("metadata")).get("seqkit"))
    return Notebook(cells, _label(ours.get("lesson")), notes)


def defined_names(source: str) -> list[str]:
    """List what a cell defines or assigns at the beginnings of its lines, in linear time.

    Parameters
    ----------
    source : str
        Any text.

    Returns
    -------
    list of str
        Names after ``def``, ``async def`` and ``class``, and those before ``=``, each once, of
        the first 20,000 lines.

    Examples
    --------
    >>> defined_names("def f(x):\\n    y = x\\nclass A: ...\\ng = f\\nif f == g: pass")
    ['f', 'A', 'g']
    """
    lines = source.split("\n", CELL_LINES)[:CELL_LINES]
    found = [match for line in lines if (match := DEFINITION.match(line[:300]))]
    return list(dict.fromkeys(match[1] or match[2] for match in found))


# --- bytes to cells ---------------------------------------------------------------------------


def _parse(data: bytes, notes: Notes) -> dict[str, Any]:
    """Bytes of a file to the dictionary that every version of a notebook is."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Unreadable("The file is empty.")
    start = data[:64].lstrip().lower()
    for signature, what in SIGNATURES.items():
        if start.startswith(signature.lower()):
            raise Unreadable(f"The file is {what}, not a notebook: hand in the .ipynb file.")
    notebook = _load(_decode(data, notes), notes)
    if not isinstance(notebook, dict):
        raise Unreadable("The file is JSON, but not a notebook.")
    major, minor = notebook.get("nbformat"), notebook.get("nbformat_minor")
    if not isinstance(major, int):
        notes.add("The notebook does not tell its format; read as 4.5.")
    elif major < 4:
        notes.add(f"The notebook has the old format {major}; it was read all the same.")
    elif major > 4 or (isinstance(minor, int) and minor > 5):
        notes.add(f"The notebook has the newer format {major}.{minor}; read as 4.5.")
    return notebook


def _decode(data: bytes, notes: Notes) -> str:
    """Bytes to text, with a note where they are not plain UTF-8."""
    encoding: str = json.detect_encoding(data)
    try:
        text = data.decode(encoding, "strict")
    except UnicodeDecodeError:
        if b"\x00" in data or encoding != "utf-8":
            raise Unreadable("The file is not text, so it is not a notebook.") from None
        text, encoding = data.decode("cp1252", "replace"), "Windows-1252"
    if encoding == "utf-8-sig":
        notes.add("The file starts with a byte-order mark.")
    elif encoding != "utf-8":
        notes.add(f"The file is stored as {encoding.upper()} instead of UTF-8.")
    if "\r" in text:
        notes.add(WINDOWS)
    return text.removeprefix("\ufeff")


def _load(text: str, notes: Notes) -> Any:
    """Text to what it says in JSON, with a note on numbers that are none."""
    if text.count("[") + text.count("{") > NOTEBOOK_BRACKETS:
        raise Unreadable("The file holds more nested values than a notebook can have.")

    def constant(name: str) -> None:
        notes.add(f"The file holds {name}, which JSON does not know.")

    def integer(digits: str) -> int | None:
        if len(digits) < 400:
            return int(digits)
        notes.add("The file holds a number of more than 400 digits.")
        return None

    try:
        return json.loads(text, parse_int=integer, parse_constant=constant)
    except RecursionError:
        raise Unreadable("The file nests values deeper than any notebook does.") from None
    except json.JSONDecodeError as trouble:
        raise Unreadable(_not_json(text, trouble)) from None


def _not_json(text: str, trouble: json.JSONDecodeError) -> str:
    cut = trouble.pos >= len(text.rstrip()) - 1 or "Unterminated" in trouble.msg
    if cut and text.lstrip().startswith("{"):
        return "The file ends in the middle: it was cut off while it was saved or handed in."
    if "<<<<<<<" in text and ">>>>>>>" in text:
        return "The file holds the conflict marks of a version control system; resolve them first."
    return f"The file is not a notebook: no valid JSON at line {trouble.lineno}."


def _cells(notebook: Mapping[str, Any], notes: Notes) -> tuple[Cell, ...]:
    """List the cells of a notebook of any version, repaired where they are broken."""
    listed = notebook.get("cells")
    if not isinstance(listed, list):  # formats 2 and 3 keep cells in worksheets
        sheets = notebook.get("worksheets")
        if not isinstance(sheets, list):
            raise Unreadable("The file is JSON, but not a notebook: it has no list of cells.")
        pages = [_mapping(sheet).get("cells") for sheet in sheets]
        listed = [item for page in pages if isinstance(page, list) for item in page]
    if len(listed) > NOTEBOOK_CELLS:
        raise Unreadable(f"The notebook has {len(listed):,} cells; {NOTEBOOK_CELLS:,} is the most.")
    cells = [cell for number, item in enumerate(listed, 1) if (cell := _cell(number, item, notes))]
    if not cells:
        raise Unreadable("The notebook has no cells.")
    return tuple(cells)


def _cell(number: int, item: Any, notes: Notes) -> Cell | None:
    """Read one cell; None where nothing of it can be used."""
    if not isinstance(item, dict):
        notes.add(f"Cell {number} is damaged and was left out.")
        return None
    source = item.get("source", item.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        notes.add(f"Cell {number} is damaged: its text was lost.")
        source = ""
    kind = item.get("cell_type")
    if kind not in ("code", "markdown", "raw", "heading", "html"):
        kind = "code" if "outputs" in item else "raw"
        notes.add(f"Cell {number} has no known type; read as {kind}.")
    if "\r" in source:
        notes.add(WINDOWS)
    try:
        source.encode()
    except UnicodeEncodeError:
        notes.add(f"Cell {number} held broken characters, which were replaced.")
        source = source.encode("utf-8", "replace").decode()
    metadata = item.get("metadata", {})
    if not isinstance(metadata, dict):
        notes.add(f"Cell {number} has damaged metadata, which were left out.")
    metadata = _mapping(metadata)
    grading = _mapping(metadata.get("nbgrader"))
    points = grading.get("points")
    return Cell(
        number=number,
        type=kind,
        source=source.replace("\r\n", "\n").replace("\r", "\n"),
        grade_id=_label(grading.get("grade_id")),
        cell_id=_label(item.get("id")) or _label(metadata.get("id")),  # Colab moves it there
        points=float(points) if isinstance(points, int | float) and abs(points) < 1e9 else None,
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _label(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 100 else ""
