"""What the rows of the sentiment table share: the reviews as ids, folds of them, a stopwatch."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from seqkit.corpora import ReviewSplit, load_reviews
from seqkit.text import Vocab, tokenize

#: Reviews of one verdict; they stand in the order of their numbers, negative ones first.
A_LABEL = 12_500
#: Reviews of one film are numbered one after another, and there are at most thirty.
NEIGHBOURS = 30

_KERAS_FILTERS = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~\t\n]")


@dataclass(frozen=True)
class Part:
    """Reviews as ids, and their verdicts.

    Parameters
    ----------
    ids : list of N arrays of int64
        None is empty: a review without known words is one unknown word.
    labels : ndarray of int64, shape (N,)
    """

    ids: list[np.ndarray]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, chosen: np.ndarray) -> Part:
        """Return some of the reviews, in that order."""
        return Part([self.ids[place] for place in chosen], self.labels[chosen])

    def limited(self, vocab_size: int, unknown: int) -> Part:
        """Return the same with rarer words unknown: ids stand in order of frequency."""
        return Part([np.where(ids < vocab_size, ids, unknown) for ids in self.ids], self.labels)


@dataclass(frozen=True)
class Imdb:
    """The official split, and the words behind the ids."""

    train: Part
    test: Part
    vocab_size: int


def course_ids() -> Imdb:
    """Return the reviews by this course's tokens and vocabulary: 0 padding, 1 unknown."""
    reviews = load_reviews("imdb")
    tokens = {part: [tokenize(text) for text in getattr(reviews, part).texts] for part in PARTS}
    vocab = Vocab(token for review in tokens["train"] for token in review)
    return Imdb(
        **{
            part: _part(getattr(reviews, part), [vocab.encode(review) for review in tokens[part]])
            for part in PARTS
        },
        vocab_size=len(vocab),
    )


def keras_ids() -> Imdb:
    """Return the reviews numbered as ``keras.datasets.imdb`` numbers them.

    1 starts a review, 2 is an unknown word, and a word has its rank + 3. That set is a download;
    here it is made anew from the texts, so that words of equal frequency may differ in rank.
    """
    reviews = load_reviews("imdb")
    counts = Counter(word for text in reviews.train.texts for word in _keras_words(text))
    index = {word: rank + 3 for rank, (word, _) in enumerate(counts.most_common(), start=1)}

    def encode(text: str) -> list[int]:
        return [1, *(index.get(word, 2) for word in _keras_words(text))]

    return Imdb(
        **{
            part: _part(getattr(reviews, part), map(encode, getattr(reviews, part).texts))
            for part in PARTS
        },
        vocab_size=len(index) + 4,
    )


PARTS = ("train", "test")


def _keras_words(text: str) -> list[str]:
    return _KERAS_FILTERS.sub(" ", text.lower()).split()


def _part(split: ReviewSplit, sequences: Iterable[list[int]]) -> Part:
    ids = [np.array(sequence or [Vocab.unk_id], dtype=np.int64) for sequence in sequences]
    return Part(ids, split.labels)


# ---------------------------------------------------------------- held out


@dataclass(frozen=True)
class Fold:
    """Places of the reviews to learn from and of those held out for validation."""

    train: np.ndarray
    validation: np.ndarray


def by_blocks(number: int = 0, blocks: int = 5, size: int = 250) -> Fold:
    """Hold out blocks of neighbouring reviews, spread evenly over both verdicts.

    The reviews beside a block, which may be of its films, are left out of training.

    Parameters
    ----------
    number : int
        Which of the folds; `A_LABEL` / (`blocks` · `size`) of them share nothing.
    blocks : int
        How many of each verdict.
    size : int
        Reviews in a block.
    """
    place = np.arange(2 * A_LABEL) % A_LABEL  # within its verdict
    within = (place - number * size) % (A_LABEL // blocks)  # after the start of the last block
    held_out = within < size
    beside = (within < size + NEIGHBOURS) | (within >= A_LABEL // blocks - NEIGHBOURS)
    return Fold(np.flatnonzero(~beside), np.flatnonzero(held_out))


def at_random(seed: int, size: int = 2500) -> Fold:
    """Hold out reviews drawn at random, as many of each verdict: what nearly everybody does."""
    rng = np.random.default_rng(seed)
    drawn = np.concatenate([rng.permutation(A_LABEL)[: size // 2] + s for s in (0, A_LABEL)])
    return Fold(np.setdiff1d(np.arange(2 * A_LABEL), drawn), np.sort(drawn))


def share_right(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of reviews whose logit has the sign of their verdict."""
    return float(np.mean((logits > 0) == (labels == 1)))


def mean_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean binary cross-entropy, in nats."""
    return float(np.mean(np.logaddexp(0, np.where(labels == 1, -logits, logits))))


# ---------------------------------------------------------------- what it took


@dataclass
class Spent:
    """What training took."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure by the clock and of the processor."""
    spent, clock, cpu = Spent(), time.perf_counter(), time.process_time()
    yield spent
    spent.seconds = round(time.perf_counter() - clock, 1)
    spent.cpu_seconds = round(time.process_time() - cpu, 1)
