"""Bags of n-grams and the logistic regression that reads them, in NumPy and torch's sparse arrays.

Two weightings: tf-idf, as most libraries have it (log inverse document frequency, rows of length
one), and the log-count ratios of naive Bayes (Wang and Manning, 2012, "Baselines and bigrams").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from sentiment_data import Imdb, Part, by_blocks, mean_loss, share_right, spending

Weighting = Literal["tf-idf", "naive Bayes"]


@dataclass(frozen=True)
class Counts:
    """How often each n-gram stands in each review; what does not occur is not stored.

    Parameters
    ----------
    starts : ndarray of int64, shape (N + 1,)
        Where each review's entries begin in the other two.
    columns : ndarray of int64, shape (entries,)
        The n-grams, ascending within a review.
    counts : ndarray of float32, shape (entries,)
    width : int
        How many n-grams there are.
    """

    starts: np.ndarray
    columns: np.ndarray
    counts: np.ndarray
    width: int

    @property
    def rows(self) -> np.ndarray:
        """The review of each entry, shape (entries,)."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def take(self, chosen: np.ndarray) -> Counts:
        """Return some of the reviews, in that order."""
        sizes = np.diff(self.starts)[chosen]
        ends = np.cumsum(sizes)
        entries = np.repeat(self.starts[chosen] - (ends - sizes), sizes) + np.arange(sizes.sum())
        starts = np.concatenate([[0], ends])
        return Counts(starts, self.columns[entries], self.counts[entries], self.width)


class Ngrams:
    """The n-grams of training reviews that stand in at least `min_reviews` of them.

    Parameters
    ----------
    sequences : sequence of N arrays of int
        Reviews as word ids.
    longest : int
        1 for words alone, 2 for words and pairs of neighbours, and so on.
    min_reviews : int
        Rarer n-grams are left out.
    """

    def __init__(self, sequences: Sequence[np.ndarray], longest: int, min_reviews: int) -> None:
        self.longest = longest
        self.base = 1 + max(int(ids.max(initial=0)) for ids in sequences)
        self.keys = [  # sorted, an array for each length of n-gram
            _frequent(*self._keys(sequences, size), min_reviews) for size in range(1, longest + 1)
        ]

    def __len__(self) -> int:
        return sum(map(len, self.keys))

    def count(self, sequences: Sequence[np.ndarray]) -> Counts:
        """Return how often each known n-gram stands in each review."""
        found, offset = [], 0
        for size, known in enumerate(self.keys, start=1):
            reviews, keys = self._keys(sequences, size)
            places = np.minimum(np.searchsorted(known, keys), max(len(known) - 1, 0))
            hits = known[places] == keys
            found.append(reviews[hits] * len(self) + offset + places[hits])
            offset += len(known)
        cells, counts = np.unique(np.concatenate(found), return_counts=True)
        rows, columns = np.divmod(cells, len(self))
        starts = np.searchsorted(rows, np.arange(len(sequences) + 1))
        return Counts(starts, columns, counts.astype(np.float32), len(self))

    def _keys(self, sequences: Sequence[np.ndarray], size: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the review and a number of its own for each n-gram of one size."""
        words = np.concatenate(sequences).astype(np.int64)
        reviews = np.repeat(np.arange(len(sequences)), [len(ids) for ids in sequences])
        steps = max(len(words) - size + 1, 0)
        keys = np.zeros(steps, dtype=np.int64)
        for place in range(size):
            # A word that training lacks has an id beyond the base; it may alias no other.
            keys = keys * (self.base + 1) + np.minimum(words[place : place + steps], self.base)
        whole = reviews[:steps] == reviews[size - 1 :]  # not across two reviews
        return reviews[:steps][whole], keys[whole]


def _frequent(reviews: np.ndarray, keys: np.ndarray, min_reviews: int) -> np.ndarray:
    """Return, sorted, the keys that occur in so many reviews."""
    order = np.lexsort((reviews, keys))
    reviews, keys = reviews[order], keys[order]
    first = np.ones(len(keys), dtype=bool)  # of its key in its review
    first[1:] = (keys[1:] != keys[:-1]) | (reviews[1:] != reviews[:-1])
    known, in_reviews = np.unique(keys[first], return_counts=True)
    return known[in_reviews >= min_reviews]


class BagOfWords:
    """Logistic regression on weighted n-grams.

    Parameters
    ----------
    weighting : {'tf-idf', 'naive Bayes'}
    strength : float
        Of the L2 penalty: strength / 2 · |w|² is added to the mean loss.
    """

    def __init__(self, weighting: Weighting, strength: float) -> None:
        self.weighting = weighting
        self.strength = strength

    def fit(self, counts: Counts, labels: np.ndarray) -> BagOfWords:
        """Learn from reviews and their verdicts, 0 or 1."""
        if self.weighting == "tf-idf":
            in_reviews = np.bincount(counts.columns, minlength=counts.width)
            self.scale = np.log((1 + len(labels)) / (1 + in_reviews)) + 1
        else:
            positive = labels[counts.rows] == 1
            good, bad = (
                1 + np.bincount(counts.columns[chosen], minlength=counts.width)
                for chosen in (positive, ~positive)
            )
            self.scale = np.log(good / good.sum()) - np.log(bad / bad.sum())
        self.weights = _minimise(*self._features(counts), labels, self.strength)
        return self

    def logits(self, counts: Counts) -> np.ndarray:
        """Return a logit for each review, shape (N,)."""
        forwards, _ = self._features(counts)
        return (forwards @ self.weights[:-1] + self.weights[-1]).numpy()

    def _features(self, counts: Counts) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the weighted counts as a sparse matrix (N, V), and its transpose."""
        values = self.scale[counts.columns]
        rows = counts.rows
        if self.weighting == "tf-idf":
            values = values * counts.counts
            squares = np.bincount(rows, values**2, minlength=len(counts.starts) - 1)
            values = values / np.sqrt(np.maximum(squares, 1e-12))[rows]
        by_column = np.argsort(counts.columns, kind="stable")
        column_starts = np.searchsorted(counts.columns[by_column], np.arange(counts.width + 1))
        size = (len(counts.starts) - 1, counts.width)
        return (
            _sparse(counts.starts, counts.columns, values, size),
            _sparse(column_starts, rows[by_column], values[by_column], size[::-1]),
        )


def _sparse(starts: Any, columns: Any, values: Any, size: tuple[int, int]) -> torch.Tensor:
    return torch.sparse_csr_tensor(
        torch.from_numpy(starts),
        torch.from_numpy(columns),
        torch.from_numpy(values.astype(np.float32)),
        size,
    )


def _minimise(
    forwards: torch.Tensor, backwards: torch.Tensor, labels: np.ndarray, strength: float
) -> torch.Tensor:
    """Return the weights, the bias last, where the penalised mean loss is smallest."""
    y = torch.from_numpy(labels.astype(np.float32))
    weights = torch.zeros(forwards.shape[1] + 1)
    optimizer = torch.optim.LBFGS(
        [weights],
        max_iter=100,
        history_size=10,
        tolerance_change=1e-7,
        line_search_fn="strong_wolfe",
    )

    def loss() -> torch.Tensor:
        w, b = weights[:-1], weights[-1]
        z = forwards @ w + b
        difference = (torch.sigmoid(z) - y) / len(y)
        weights.grad = torch.cat([backwards @ difference + strength * w, difference.sum()[None]])
        data = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
        return data + strength / 2 * (w @ w)

    optimizer.step(loss)
    return weights


# ---------------------------------------------------------------- rows of the table

STRENGTHS: dict[Weighting, tuple[float, ...]] = {
    "tf-idf": (3e-5, 1e-5, 3e-6, 1e-6, 3e-7),
    "naive Bayes": (1e-2, 3e-3, 1e-3, 3e-4, 1e-4),
}
#: Of `by_blocks`: the penalty with the lowest mean loss over them is taken.
FOLDS = (0, 5)
MIN_REVIEWS = 2


def chosen_bag(data: Imdb, longest: int, weighting: Weighting) -> dict[str, Any]:
    """Choose the penalty on held-out blocks, learn from all training reviews, score the test."""
    tried = [_on_blocks(data, number, longest, weighting) for number in FOLDS]
    losses, accuracies = (
        {choice: float(np.mean([fold[choice][place] for fold in tried])) for choice in tried[0]}
        for place in (0, 1)
    )
    strength = min(losses, key=lambda choice: losses[choice])
    with spending() as spent:
        ngrams, known, bag = learned(data.train, longest, weighting, strength)
    return {
        "ngrams": len(ngrams),
        "strength": str(strength),
        "validation_losses": {str(choice): round(loss, 4) for choice, loss in losses.items()},
        "validation_accuracy": accuracies[strength],
        "train_accuracy": share_right(bag.logits(known), data.train.labels),
        "test_accuracy": share_right(bag.logits(ngrams.count(data.test.ids)), data.test.labels),
        **vars(spent),
    }


def learned(
    part: Part, longest: int, weighting: Weighting, strength: float
) -> tuple[Ngrams, Counts, BagOfWords]:
    """Return n-grams of reviews, how often each review has them, and the bag that learned them."""
    ngrams = Ngrams(part.ids, longest, MIN_REVIEWS)
    known = ngrams.count(part.ids)
    return ngrams, known, BagOfWords(weighting, strength).fit(known, part.labels)


def _on_blocks(
    data: Imdb, number: int, longest: int, weighting: Weighting
) -> dict[float, tuple[float, float]]:
    """Return loss and accuracy on held-out blocks for each penalty."""
    fold = by_blocks(number)
    part, held_out = data.train.take(fold.train), data.train.take(fold.validation)
    ngrams = Ngrams(part.ids, longest, MIN_REVIEWS)
    known, unseen = ngrams.count(part.ids), ngrams.count(held_out.ids)
    found = {}
    for strength in STRENGTHS[weighting]:
        logits = BagOfWords(weighting, strength).fit(known, part.labels).logits(unseen)
        found[strength] = mean_loss(logits, held_out.labels), share_right(logits, held_out.labels)
    return found
