"""Film reviews as ids, tokenised once: what is long to read is kept in the data home."""

import contextlib
import hashlib
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seqkit import text
from seqkit.corpora.fetching import data_home
from seqkit.corpora.reviews import LABELS, Reviews, ReviewSplit, imdb_folder, load_reviews
from seqkit.text import Vocab, tokenize

__all__ = ["EncodedReviews", "EncodedSplit", "load_encoded"]

#: The file in the data home that holds the tokens of the 50,000 reviews.
CACHE = "imdb_tokens.npz"

#: Changes when the same reviews and the same tokens would be kept in another form.
FORMAT = 1


@dataclass(frozen=True)
class EncodedSplit:
    """The reviews of one split as ids, in the order of `load_reviews`."""

    #: The ids of each review's tokens; int64, shape (length,), possibly empty.
    sequences: list[np.ndarray]
    #: 0 negative, 1 positive; int64, shape (N,).
    labels: np.ndarray
    #: Where each comes from, as in `ReviewSplit`.
    ids: list[str]
    #: The phenomena that each contains; None where nobody has looked.
    tags: list[frozenset[str]] | None = None

    def __len__(self) -> int:
        """Count the reviews."""
        return len(self.sequences)


@dataclass(frozen=True)
class EncodedReviews:
    """Film reviews as ids of a vocabulary that only the training part made."""

    vocab: Vocab
    train: EncodedSplit
    test: EncodedSplit
    #: None where the authors made none: split it off the training part.
    validation: EncodedSplit | None = None


def load_encoded(name: str, max_size: int | None = None) -> EncodedReviews:
    """Return film reviews as ids, ready for batches.

    The vocabulary holds the words of the training part, the commonest first;
    every other word is ``vocab.unk_id``. Of 'imdb' the ids are kept in the data
    home, in a file that is made anew when it is damaged or when the reviews or
    `tokenize` have changed.

    Parameters
    ----------
    name : {'reviews', 'imdb'}
        As for `load_reviews`.
    max_size : int, optional
        Upper limit of ``len(vocab)``, the two special tokens included.

    Returns
    -------
    EncodedReviews
        Arrays of the caller's own.

    Raises
    ------
    ValueError
        When there is no such set, or `max_size` is below 2.
    DataError
        When the reviews cannot be had.

    Examples
    --------
    >>> reviews = load_encoded("reviews", max_size=500)
    >>> len(reviews.vocab), len(reviews.train), reviews.train.labels[:3].shape
    (500, 5600, (3,))
    >>> reviews.vocab.decode(reviews.vocab.encode(["film", "xylophone"]))
    ['film', '<unk>']
    """
    if max_size is not None and max_size < 2:
        raise ValueError(
            f"max_size must be at least 2, got {max_size}: "
            "padding and the unknown word take two places"
        )
    if name != "imdb":
        return _cut(_encode(load_reviews(name)), max_size)
    key = _fingerprint(imdb_folder())
    encoded = _read(data_home() / CACHE, key)
    if encoded is None:
        encoded = _encode(load_reviews(name))
        _keep(encoded, data_home() / CACHE, key)
    return _cut(encoded, max_size)


# ---------------------------------------------------------------- making


def _encode(reviews: Reviews) -> EncodedReviews:
    """Tokenise and number reviews, with every word of the training part."""
    tokens = [tokenize(review) for review in _watched(reviews.train.texts, "training")]
    vocab = Vocab(token for review in tokens for token in review)

    def encoded(split: ReviewSplit, tokens: Iterable[list[str]]) -> EncodedSplit:
        sequences = [np.array(vocab.encode(review), dtype=np.int64) for review in tokens]
        return EncodedSplit(sequences, split.labels, split.ids, split.tags)

    others = {
        part: encoded(split, map(tokenize, _watched(split.texts, part)))
        for part in ("test", "validation")
        if (split := getattr(reviews, part)) is not None
    }
    return EncodedReviews(vocab, encoded(reviews.train, tokens), **others)


def _watched(texts: list[str], part: str) -> Iterable[str]:
    """Show how far a long reading is."""
    if len(texts) < 10_000:
        return texts
    from tqdm import tqdm

    return tqdm(texts, desc=f"tokenising the {part} part", unit=" reviews")


def _cut(encoded: EncodedReviews, max_size: int | None) -> EncodedReviews:
    """Leave only the commonest words their ids."""
    if max_size is None or max_size >= len(encoded.vocab):
        return encoded
    for split in (encoded.train, encoded.test, encoded.validation):
        for ids in split.sequences if split else ():
            ids[ids >= max_size] = Vocab.unk_id
    vocab = Vocab.from_ranked(encoded.vocab.tokens[:max_size])
    return EncodedReviews(vocab, encoded.train, encoded.test, encoded.validation)


# ---------------------------------------------------------------- keeping


def _fingerprint(folder: Path) -> str:
    """Return what changes when the reviews or the tokens made of them do.

    Of the reviews, names, sizes and times of the files: reading them all would
    take as long as what the file in the data home is to save.
    """
    digest = hashlib.sha256(Path(text.__file__).read_bytes())
    digest.update(f"{FORMAT} {sys.version_info[:2]}".encode())  # a Python has its own Unicode
    for part in ("train", "test"):
        for label in LABELS:
            with os.scandir(folder / part / label) as entries:
                facts = sorted((e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in entries)
            digest.update(repr(facts).encode())
    return digest.hexdigest()


def _keep(encoded: EncodedReviews, path: Path, key: str) -> None:
    """Write the ids to a file; it appears whole or not at all."""
    arrays: dict[str, Any] = {"key": _packed([key]), "vocab": _packed(encoded.vocab.tokens)}
    for part, split in (("train", encoded.train), ("test", encoded.test)):
        arrays |= {
            f"{part}_ids": np.concatenate(split.sequences).astype(np.int32),
            f"{part}_lengths": np.array([len(ids) for ids in split.sequences], dtype=np.int64),
            f"{part}_labels": split.labels,
            f"{part}_names": _packed(split.ids),
        }
    try:
        with _whole(path) as unfinished:
            np.savez(unfinished, **arrays)
    except OSError as problem:
        warnings.warn(
            f"cannot keep the tokens in {path.parent} ({problem.strerror}): "
            "the next load will take as long as this one",
            stacklevel=3,
        )


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name to write to, and the file its real name when it is finished."""
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as workplace:
        unfinished = Path(workplace, path.name)
        yield unfinished
        unfinished.replace(path)


def _read(path: Path, key: str) -> EncodedReviews | None:
    """Read the ids from the file; None when there is none, another one, or a damaged one."""
    try:
        # Checksums in the file tell damage. Nothing in it is executed.
        with np.load(path, allow_pickle=False) as arrays:
            if _unpacked(arrays["key"]) != [key]:
                return None
            vocab = Vocab.from_ranked(_unpacked(arrays["vocab"]))
            splits = [_read_split(arrays.__getitem__, part) for part in ("train", "test")]
    except Exception:  # a damaged archive makes zipfile and NumPy raise nearly anything
        return None
    return EncodedReviews(vocab, *splits)


def _read_split(array: Callable[[str], np.ndarray], part: str) -> EncodedSplit:
    """Cut one split out of the arrays of the file."""
    ends = np.cumsum(array(f"{part}_lengths")).tolist()
    ids = array(f"{part}_ids").astype(np.int64)
    sequences = [ids[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return EncodedSplit(sequences, array(f"{part}_labels"), _unpacked(array(f"{part}_names")))


def _packed(words: list[str]) -> np.ndarray:
    """Return words as bytes, a line each (no token and no id contains a line end)."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(packed: np.ndarray) -> list[str]:
    """Return the words of `_packed`."""
    return packed.tobytes().decode().split("\n")
