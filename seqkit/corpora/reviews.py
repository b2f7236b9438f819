"""Loads labelled film reviews."""

import csv
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqkit.corpora.fetching import DataError, Download, data_home, fetch_file, set_aside
from seqkit.corpora.shipped import shipped_file

__all__ = ["IMDB", "ReviewSplit", "Reviews", "imdb_folder", "load_reviews"]

#: The archive of Maas et al. (2011).
IMDB = Download(
    file_name="aclImdb_v1.tar.gz",
    urls=("https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",),
    checksum="md5:7c2ac02c03563afcf9b574c7e56c153a",
)

#: What the official data hold: by these a folder is known to be whole.
REVIEWS_PER_FOLDER = 12_500
CHARACTERS = {"train": 33_126_713, "test": 32_344_810}

#: The folders of one split; the place of each is its label.
LABELS = ("neg", "pos")

_REVIEW = re.compile(r"aclImdb/(?:train|test)/(?:neg|pos)/\d+_\d+\.txt")


@dataclass(frozen=True)
class ReviewSplit:
    """The reviews of one split, in a fixed order: shuffle before training."""

    #: The reviews as written, ``<br />`` included.
    texts: list[str]
    #: 0 negative, 1 positive; int64, shape (N,).
    labels: np.ndarray
    #: Where each comes from: ``train/0001``, or ``train/pos/127_7``, whose last number is the
    #: rating.
    ids: list[str]
    #: The phenomena that each contains; None where nobody has looked.
    tags: list[frozenset[str]] | None = None

    def __len__(self) -> int:
        """Count the reviews."""
        return len(self.texts)


@dataclass(frozen=True)
class Reviews:
    """Film reviews in the splits of their authors."""

    train: ReviewSplit
    test: ReviewSplit
    #: None where the authors made none: split it off the training part.
    validation: ReviewSplit | None = None


def load_reviews(name: str) -> Reviews:
    """Return film reviews with their verdicts.

    Parameters
    ----------
    name : {'reviews', 'imdb'}
        'reviews' comes with the course: 8,000 short reviews by a generator,
        each tagged with the phenomena it contains. 'imdb' are the 50,000
        labelled reviews of Maas et al. (2011), half for training, half for
        testing; fetched once (84 MB), or read from an ``aclImdb`` folder in the
        data home. Both are balanced.

    Returns
    -------
    Reviews
        Of 'reviews', in random order, with a validation split; of 'imdb' in the
        order negative, positive, then by number, without one.

    Raises
    ------
    ValueError
        When there is no such set.
    DataError
        When it is missing, cannot be fetched, or is not whole.

    Notes
    -----
    Source: A. L. Maas and others, "Learning word vectors for sentiment
    analysis", ACL 2011.

    Examples
    --------
    >>> reviews = load_reviews("reviews")
    >>> len(reviews.train), len(reviews.validation), len(reviews.test)
    (5600, 1200, 1200)
    >>> load_reviews("books")
    Traceback (most recent call last):
    ValueError: unknown reviews 'books': choose 'reviews' or 'imdb'
    """
    if name == "reviews":
        return _read_shipped()
    if name == "imdb":
        return _read_imdb()
    raise ValueError(f"unknown reviews {name!r}: choose 'reviews' or 'imdb'")


def _read_shipped() -> Reviews:
    """Read the reviews that come with the course."""
    with shipped_file("reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    splits = {}
    for part in ("train", "test", "validation"):
        mine = [row for row in rows if row["id"].startswith(f"{part}/")]
        splits[part] = ReviewSplit(
            texts=[row["text"] for row in mine],
            labels=np.array([row["label"] for row in mine], dtype=np.int64),
            ids=[row["id"] for row in mine],
            tags=[frozenset(row["tags"].split("; ")) for row in mine],
        )
    return Reviews(**splits)


def _read_imdb() -> Reviews:
    """Read the reviews of Maas et al., and see that they are whole."""
    folder = imdb_folder()
    splits = {part: _read_split(folder, part) for part in ("train", "test")}
    for part, split in splits.items():
        characters = sum(map(len, split.texts))
        if characters != CHARACTERS[part]:
            aside = set_aside(folder)
            raise DataError(
                f"{folder}{os.sep}{part} holds {characters:,} characters, expected "
                f"{CHARACTERS[part]:,}: some reviews are damaged, so the folder is now called "
                f"{aside.name}; load again to fetch it anew"
            )
    return Reviews(**splits)


def imdb_folder(*, fetch: bool = True) -> Path:
    """Return the unpacked ``aclImdb`` folder, fetching it when it is missing.

    Parameters
    ----------
    fetch : bool, default True
        Whether a missing or incomplete folder is fetched.

    Returns
    -------
    Path
        A folder with the right number of reviews in each part.

    Raises
    ------
    DataError
        When it is missing and cannot be fetched, or may not be.
    """
    home = data_home()
    folder = home / "aclImdb"
    lack = _what_is_missing(folder)
    if not lack:
        return folder
    if not fetch:
        raise DataError(f"{folder}: {lack}")
    try:
        archive = fetch_file("imdb", IMDB)
    except DataError as problem:
        raise DataError(f"{problem}; an unpacked aclImdb folder does as well ({lack})") from None
    if folder.exists():
        set_aside(folder)
    _unpack(archive, home)
    return folder


def _what_is_missing(folder: Path) -> str:
    """Say in what the folder falls short of the official one; empty when it is whole."""
    if not folder.is_dir():
        return "there is none now"
    for part in ("train", "test"):
        for label in LABELS:
            count = sum(1 for _ in (folder / part / label).glob("*.txt"))
            if count != REVIEWS_PER_FOLDER:
                return (
                    f"the one there has {count:,} reviews in {part}/{label}, "
                    f"expected {REVIEWS_PER_FOLDER:,}"
                )
    return ""


def _unpack(archive: Path, home: Path) -> None:
    """Unpack the labelled reviews beside the archive; they appear all at once or not at all."""
    if not hasattr(tarfile, "data_filter"):
        raise DataError("unpacking safely needs Python 3.11.4 or newer: update this Python")
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=home) as workplace:
        try:
            with tarfile.open(archive) as tar:
                tar.extractall(workplace, members=_labelled(tar), filter="data")
        except (tarfile.TarError, EOFError, OSError) as problem:
            raise DataError(
                f"cannot unpack {archive} ({problem}): is the disk full? "
                "Otherwise remove the file and try again"
            ) from None
        unpacked = Path(workplace, "aclImdb")
        lack = _what_is_missing(unpacked)
        if lack:
            raise DataError(f"cannot use {archive}: {lack}")
        try:
            unpacked.rename(home / "aclImdb")
        except OSError:
            # Another notebook may have unpacked it meanwhile; then theirs will do.
            if _what_is_missing(home / "aclImdb"):
                raise


def _labelled(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the labelled reviews of the archive, and show how far it is."""
    from tqdm import tqdm

    with tqdm(total=4 * REVIEWS_PER_FOLDER, desc="unpacking", unit=" reviews") as bar:
        for member in tar:
            if member.isfile() and _REVIEW.fullmatch(member.name):
                bar.update()
                yield member


def _read_split(folder: Path, part: str) -> ReviewSplit:
    """Read one split in a fixed order (a folder lists its files in any)."""
    paths = []
    for label in LABELS:
        found = (folder / part / label).glob("*.txt")
        paths.append(sorted(found, key=lambda path: int(path.stem.split("_")[0])))
    flat = [path for group in paths for path in group]
    return ReviewSplit(
        texts=[path.read_bytes().decode("utf-8") for path in flat],
        labels=np.repeat(np.arange(len(LABELS)), [len(group) for group in paths]),
        ids=[f"{part}/{path.parent.name}/{path.stem}" for path in flat],
    )
