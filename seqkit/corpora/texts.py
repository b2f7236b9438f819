"""Loads long texts for language models."""

import re

from seqkit.corpora.fetching import DataError, Download, fetch_file

__all__ = ["MYSTERIOUS_ISLAND", "load_text", "strip_gutenberg"]

#: Verne's novel in the edition of 2016: later ones differ, so the addresses that keep
#: this one are tried too. None is believed without the checksum.
MYSTERIOUS_ISLAND = Download(
    file_name="mysterious_island_1268-0.txt",
    also_named=("1268-0.txt",),
    urls=(
        "https://www.gutenberg.org/files/1268/1268-0.txt",
        "https://raw.githubusercontent.com/rasbt/machine-learning-book/main/ch15/1268-0.txt",
        "https://web.archive.org/web/2020id_/https://www.gutenberg.org/files/1268/1268-0.txt",
    ),
    checksum="sha256:355bfdc3f9b5e384b1918e817dd086ce0df97f4d294c69f032fb70b95c1e737c",
)

_MARKER = r"\*\*\* ?{} OF TH(?:IS|E) PROJECT GUTENBERG EBOOK[^*]*\*\*\*"


def load_text(name: str) -> str:
    """Return one long text.

    Parameters
    ----------
    name : {'python', 'mysterious_island'}
        'python' is the prose of the running interpreter's own help topics, there
        on every machine but different in every version of Python.
        'mysterious_island' is Jules Verne's novel, fetched once.

    Returns
    -------
    str
        Lines end with ``\\n``; of a Gutenberg book, what stands between its markers.

    Raises
    ------
    ValueError
        When there is no text of that name.
    DataError
        When the text cannot be fetched, or this Python came without its help.

    Examples
    --------
    >>> len(load_text("python")) > 300_000
    True
    """
    if name == "python":
        return _python_help()
    if name == "mysterious_island":
        path = fetch_file(name, MYSTERIOUS_ISLAND)
        return strip_gutenberg(path.read_text(encoding="utf-8-sig"))
    raise ValueError(f"unknown text {name!r}: choose 'python' or 'mysterious_island'")


def strip_gutenberg(raw: str) -> str:
    """Return what stands between the START and the END marker of a Gutenberg book.

    Parameters
    ----------
    raw : str
        The whole file.

    Returns
    -------
    str
        The body with ``\\n`` line ends, without blank lines around it.

    Raises
    ------
    ValueError
        When a marker is missing, or END stands before START.

    Examples
    --------
    >>> strip_gutenberg('''Licence
    ... *** START OF THE PROJECT GUTENBERG EBOOK A TALE ***
    ... Once.
    ... *** END OF THE PROJECT GUTENBERG EBOOK A TALE ***
    ... More licence''')
    'Once.'
    """
    raw = raw.replace("\r\n", "\n")
    start = re.search(_MARKER.format("START"), raw)
    if start is None:
        raise ValueError(
            "the text has no '*** START OF THE PROJECT GUTENBERG EBOOK … ***' line: "
            "it is no Project Gutenberg file, or its beginning is cut off"
        )
    end = re.compile(_MARKER.format("END")).search(raw, start.end())
    if end is None:
        raise ValueError(
            "the text has no '*** END OF THE PROJECT GUTENBERG EBOOK … ***' line after its "
            "START line: the file is cut short"
        )
    return raw[start.end() : end.start()].strip()


def _python_help() -> str:
    """Return the interpreter's help topics in alphabetical order, joined by blank lines."""
    try:
        from pydoc_data.topics import topics
    except ImportError:
        raise DataError(
            "this Python came without pydoc_data, the text of its help: "
            "install Python from python.org, or take load_text('mysterious_island')"
        ) from None
    return "\n\n".join(topics[topic].strip() for topic in sorted(topics))
