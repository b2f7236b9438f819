"""Fetches files once, keeps them in the data home, and uses none whose checksum differs."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from seqkit.limits import FETCH_SECONDS

__all__ = ["DataError", "Download", "data_home", "fetch_file", "find_file", "set_aside"]


class DataError(RuntimeError):
    """A data set cannot be had; the message is one line that says what to do."""


@dataclass(frozen=True)
class Download:
    """A file somewhere on the network, and how to tell that it is the right one."""

    #: The name of the file in the data home.
    file_name: str
    #: Where it can be had, tried in this order.
    urls: tuple[str, ...]
    #: Algorithm and digest, ``sha256:…``.
    checksum: str
    #: Other names under which a learner may have put it there.
    also_named: tuple[str, ...] = ()


def data_home() -> Path:
    """Return the folder where fetched files live: ``SEQKIT_DATA``, or the user's cache.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict("os.environ", SEQKIT_DATA="some/folder"):
    ...     data_home().as_posix()
    'some/folder'
    """
    chosen = os.environ.get("SEQKIT_DATA", "").strip()
    if chosen:
        return Path(chosen).expanduser()
    import pooch  # here, because importing it takes longer than this package

    return Path(pooch.os_cache("seqkit"))


def find_file(download: Download) -> Path | None:
    """Return the file in the data home if it is there and right, else None.

    Changes nothing: a wrong file stays where it is until `fetch_file` meets it.
    """
    return next((path for path in _candidates(download) if _is_right(path, download)), None)


def fetch_file(name: str, download: Download) -> Path:
    """Return the file, from the data home if it is there, otherwise from the network.

    A file in the data home with another checksum is renamed to ``….broken``.
    What comes from the network is checked before it gets its name, so that a
    download that breaks off leaves nothing behind.

    Parameters
    ----------
    name : str
        The data set, for the message.
    download : Download
        What to fetch.

    Returns
    -------
    Path
        A file whose checksum is right.

    Raises
    ------
    DataError
        When no address gives the right file, or the data home cannot be
        written; names the folder and the file to put there.
    """
    found = find_file(download)
    if found is not None:
        return found
    import pooch

    pooch.get_logger().setLevel("ERROR")  # its notes would come between ours
    home = data_home()
    reasons = []
    try:
        home.mkdir(parents=True, exist_ok=True)
        for path in _candidates(download):
            reasons.append(
                f"{path.name} there was another or a damaged edition, now {set_aside(path).name}"
            )
    except OSError as problem:
        raise _cannot_write(home, problem) from None

    for url in download.urls:
        downloader = pooch.HTTPDownloader(progressbar=True, timeout=FETCH_SECONDS)
        try:
            pooch.retrieve(
                url, download.checksum, fname=download.file_name, path=home, downloader=downloader
            )
            return home / download.file_name
        except (OSError, ValueError) as problem:  # every error of requests is an OSError
            reasons.append(f"{urlsplit(url).netloc}: {_reason(problem)}")
    raise DataError(
        f"cannot fetch {name} ({'; '.join(reasons)}): put {download.file_name} in {home}, "
        "or set SEQKIT_DATA to the folder that holds it"
    )


def set_aside(path: Path) -> Path:
    """Rename a broken file or folder so that nothing takes it for a good one.

    Returns
    -------
    Path
        The new path: ``….broken``, or ``….broken2`` if that is taken, and so on.
    """
    number = 1
    while True:
        aside = path.with_name(f"{path.name}.broken{number if number > 1 else ''}")
        if not aside.exists():
            return path.rename(aside)
        number += 1


def _candidates(download: Download) -> Iterator[Path]:
    """Yield the files in the data home that have one of the right names."""
    for file_name in (download.file_name, *download.also_named):
        path = data_home() / file_name
        if path.is_file():
            yield path


def _is_right(path: Path, download: Download) -> bool:
    """Tell whether the file has the expected checksum."""
    import pooch

    algorithm, digest = download.checksum.split(":")
    return pooch.file_hash(str(path), alg=algorithm) == digest


def _reason(problem: Exception) -> str:
    """Say in a few words why a download failed."""
    import requests

    match problem:
        case requests.exceptions.HTTPError() if problem.response is not None:
            return f"the server answered {problem.response.status_code}"
        case requests.exceptions.Timeout():
            return f"no answer within {FETCH_SECONDS} s"
        case requests.exceptions.ChunkedEncodingError():
            return "the connection broke off"
        case requests.exceptions.ConnectionError() if "timed out" in str(problem):
            return f"no answer within {FETCH_SECONDS} s"  # it began to send, then stopped
        case requests.exceptions.ConnectionError():
            return "no connection"
        case ValueError() if not isinstance(problem, OSError):
            return "what came has another checksum: cut short or another edition"
        case _:
            return str(problem).splitlines()[0] if str(problem) else type(problem).__name__


def _cannot_write(home: Path, problem: OSError) -> DataError:
    """Return the error for a data home that cannot be written."""
    return DataError(
        f"cannot write to the data folder {home} ({problem.strerror}): "
        "set SEQKIT_DATA to a folder of yours"
    )
