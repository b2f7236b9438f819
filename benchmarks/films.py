"""What a validation set drawn at random is worth where reviews of one film stand side by side.

    python benchmarks/films.py

IMDb (Maas and others 2011) numbers reviews of one film one after another, and no film stands both
in the official training and test parts. Measured are, first, how many rare words two reviews share
by the distance of their numbers; second, the accuracy of a bag of words on validation reviews
drawn at random, on blocks of neighbouring numbers, and on the official test reviews, five times
each. The reviews lie in ``$SEQKIT_DATA/aclImdb`` or are fetched. Takes five minutes.
"""

import json
from pathlib import Path

import measure
import numpy as np
import torch
from torch.nn import functional as F

from seqkit.corpora import load_encoded

RESULTS = Path(__file__).parent / "results" / "films.json"
RARE = 4000  # words beyond the commonest
PER_LABEL = 12_500
HELD_OUT = 1250  # of each label
BLOCKS = 5  # of each label, in which they lie
FOLDS = 5
BESIDE = 30  # numbers next to a block that are not trained on: they may be of its films
PENALTY = 1e-4


def shared_words(sequences: list[np.ndarray]) -> dict[str, float]:
    """Return the mean number of rare words that two reviews share, by distance."""
    rare = [set(ids[ids >= RARE].tolist()) for ids in sequences]
    found = {}
    for distance in (1, 2, 3, 5, 10, 20, 30, 100, 1000):
        pairs = [
            len(rare[start + i] & rare[start + i + distance])
            for start in (0, PER_LABEL)
            for i in range(PER_LABEL - distance)
        ]
        found[str(distance)] = round(float(np.mean(pairs)), 3)
    return found


def tf_idf(sequences: list[np.ndarray], words: int, weights: torch.Tensor) -> torch.Tensor:
    """Return rows of unit length, (N, words), sparse."""
    rows, columns, values = [], [], []
    for row, ids in enumerate(sequences):
        found, counts = np.unique(ids, return_counts=True)
        rows.append(np.full(len(found), row))
        columns.append(found)
        values.append(1 + np.log(counts))
    at = torch.from_numpy(np.stack([np.concatenate(rows), np.concatenate(columns)]))
    flat = torch.from_numpy(np.concatenate(values)).float() * weights[at[1]]
    norms = torch.zeros(len(sequences)).index_add_(0, at[0], flat**2).sqrt()
    flat = flat / norms[at[0]].clamp(min=1e-12)
    return torch.sparse_coo_tensor(at, flat, (len(sequences), words)).to_sparse_csr()


def rarity(sequences: list[np.ndarray], words: int) -> torch.Tensor:
    """Return log(N / reviews with the word), (words,)."""
    found = np.bincount(np.concatenate([np.unique(ids) for ids in sequences]), minlength=words)
    return torch.from_numpy(np.log((1 + len(sequences)) / (1 + found)) + 1).float()


def fitted(X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the weights of a logistic regression, the bias last."""
    w = torch.zeros(X.shape[1] + 1, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=40, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(X @ w[:-1] + w[-1], y)
        value = value + PENALTY / 2 * (w[:-1] ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return w.detach()


def at_random(fold: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places to learn from, and places drawn at random."""
    rng = np.random.default_rng(fold)
    held = np.concatenate([s + rng.permutation(PER_LABEL)[:HELD_OUT] for s in (0, PER_LABEL)])
    return np.setdiff1d(np.arange(2 * PER_LABEL), held), np.sort(held)


def by_blocks(fold: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places to learn from, and blocks of neighbours; what is beside them is in neither."""
    place = np.arange(2 * PER_LABEL) % PER_LABEL
    stretch, size = PER_LABEL // BLOCKS, HELD_OUT // BLOCKS
    after = (place - fold * size) % stretch
    beside = (after < size + BESIDE) | (after >= stretch - BESIDE)
    return np.flatnonzero(~beside), np.flatnonzero(after < size)


def main() -> None:
    reviews = load_encoded("imdb")
    words = len(reviews.vocab)
    y = torch.from_numpy(np.asarray(reviews.train.labels)).float()
    results = {"shared_rare_words": shared_words(reviews.train.sequences), "folds": []}
    for fold in range(FOLDS):
        for kind, split in (("random", at_random), ("blocks", by_blocks)):
            train, held = split(fold)
            learnt = [reviews.train.sequences[i] for i in train]
            weights = rarity(learnt, words)
            w = fitted(tf_idf(learnt, words, weights), y[train])

            def accuracy(sequences, labels, w=w, weights=weights) -> float:
                logits = tf_idf(sequences, words, weights) @ w[:-1] + w[-1]
                return round(float(((logits > 0).numpy() == np.asarray(labels)).mean()), 4)

            row = {
                "kind": kind,
                "fold": fold,
                "trained_on": len(train),
                "validation": accuracy([reviews.train.sequences[i] for i in held], y[held] > 0),
                "test": accuracy(reviews.test.sequences, np.asarray(reviews.test.labels) > 0),
            }
            results["folds"].append(row)
            print(row, flush=True)
    results["machine"] = measure.machine() | {"torch": torch.__version__}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
