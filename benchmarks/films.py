"""What a validation set drawn at random is worth where reviews of one film stand side by side.

    python benchmarks/films.py

IMDb (Maas and others 2011) numbers reviews of one film one after another, and no film stands both
in the official training and test parts. Measured are, first, how many rare words two reviews share
by the distance of their numbers; second, the accuracy of two models on validation reviews drawn at
random, on blocks of neighbouring numbers, and on the official test reviews, five times each: a bag
of words, and a small network with a vector for every word. The reviews lie in
``$SEQKIT_DATA/aclImdb`` or are fetched. Takes ten minutes.
"""

import json
from collections.abc import Callable
from pathlib import Path

import measure
import numpy as np
import torch
from torch import nn
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
EPOCHS = 3  # of the network

#: Reviews as ids give logits (N,).
Model = Callable[[list[np.ndarray]], torch.Tensor]


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


class Vectors(nn.Module):
    """The mean of the words' vectors, a hidden layer, and a logit."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(words, 64, mode="mean")
        self.head = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, sequences: list[np.ndarray]) -> torch.Tensor:
        lengths = torch.tensor([0, *map(len, sequences)])
        ids = torch.from_numpy(np.concatenate(sequences))
        return self.head(self.words(ids, lengths.cumsum(0)[:-1]))[:, 0]


def bag(sequences: list[np.ndarray], y: torch.Tensor, words: int, seed: int) -> Model:
    """Fit a bag of words; nothing in it is random."""
    weights = rarity(sequences, words)
    w = fitted(tf_idf(sequences, words, weights), y)
    return lambda other: tf_idf(other, words, weights) @ w[:-1] + w[-1]


def network(sequences: list[np.ndarray], y: torch.Tensor, words: int, seed: int) -> Model:
    """Train a network with a vector for every word."""
    torch.manual_seed(seed)
    model, rng = Vectors(words), np.random.default_rng(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(EPOCHS):
        for rows in np.split(rng.permutation(len(sequences)), range(128, len(sequences), 128)):
            loss = F.binary_cross_entropy_with_logits(model([sequences[i] for i in rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return torch.no_grad()(model)


def main() -> None:
    reviews = load_encoded("imdb")
    words = len(reviews.vocab)
    y = torch.from_numpy(np.asarray(reviews.train.labels)).float()
    y_test = torch.from_numpy(np.asarray(reviews.test.labels)).float()
    results = {"shared_rare_words": shared_words(reviews.train.sequences), "folds": []}
    for name, train in (("bag of words", bag), ("network", network)):
        for fold in range(FOLDS):
            for kind, split in (("random", at_random), ("blocks", by_blocks)):
                places, held = split(fold)
                logits = train([reviews.train.sequences[i] for i in places], y[places], words, fold)
                validation = logits([reviews.train.sequences[i] for i in held])
                found = {"validation": (validation, y[held])}
                found["test"] = (logits(reviews.test.sequences), y_test)
                row = {"model": name, "kind": kind, "fold": fold, "trained_on": len(places)}
                for part, (z, labels) in found.items():
                    row[part] = round(float(((z > 0) == (labels > 0)).float().mean()), 4)
                results["folds"].append(row)
                print(row, flush=True)
    results["machine"] = measure.machine() | {"torch": torch.__version__}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
