"""What models make of the shipped reviews, phenomenon by phenomenon, over three starts.

    python benchmarks/reviews.py [--only NAME …]

A row a model: accuracy on the test split overall and by tag, CPU seconds on one core. Weight decay
and epochs are chosen on the validation split; the test split is scored once a start. A row is kept
in results/reviews.json as soon as it is done, and not measured again unless it is named.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import measure
import numpy as np
import torch
from torch import nn

from seqkit.batches import bucketed_batches
from seqkit.corpora import ReviewSplit, load_reviews
from seqkit.text import Vocab, pad_batch, tokenize

RESULTS = Path(__file__).parent / "results" / "reviews.json"
TAGS = ("plain", "negation", "double negation", "contrast", "intensifier", "long-range")
STARTS = (0, 1, 2)
TRIALS = ("the movie was bad!", "not bad at all")

#: L2 penalties tried for the bags, and the most epochs of a recurrent model.
PENALTIES = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
EPOCHS, PATIENCE = 12, 4
EMBEDDING, HIDDEN, BATCH, LEARNING_RATE = 64, 64, 32, 3e-3
WORD_DROPOUT = 0.05


@dataclass(frozen=True)
class Split:
    """One split as the models see it."""

    tokens: list[list[str]]
    labels: np.ndarray
    tags: list[frozenset[str]]

    @classmethod
    def of(cls, split: ReviewSplit) -> "Split":
        return cls([tokenize(text) for text in split.texts], split.labels, split.tags)


@dataclass(frozen=True)
class Trained:
    """A model that gives a logit for each list of tokens, and how it came about."""

    logits: Callable[[list[list[str]]], np.ndarray]
    parameters: int
    validation: float
    chosen: str


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float(((logits > 0) == labels).mean())


# ---------------------------------------------------------------- bags of words


def train_bag(longest: int, train: Split, validation: Split, start: int) -> Trained:
    """Fit logistic regression to counts of words, or of pairs of words too."""

    def terms(tokens: list[str]) -> list[str]:
        found = []
        for n in range(1, longest + 1):
            found += [" ".join(tokens[k : k + n]) for k in range(len(tokens) - n + 1)]
        return found

    vocab = Vocab((term for tokens in train.tokens for term in terms(tokens)), min_freq=2)

    def counts(texts: list[list[str]]) -> torch.Tensor:
        bags = torch.zeros(len(texts), len(vocab))  # (N, V)
        for row, tokens in zip(bags, texts, strict=True):
            ids = torch.tensor(vocab.encode(terms(tokens)))
            row.index_add_(0, ids, torch.ones(len(ids)))
        return bags

    X, y = counts(train.tokens), torch.tensor(train.labels, dtype=torch.float32)
    X_validation = counts(validation.tokens)
    best = None
    for penalty in PENALTIES:
        w = fit_logistic(X, y, penalty, start)
        score = accuracy(bag_logits(X_validation, w), validation.labels)
        if best is None or score > best[0]:
            best = score, penalty, w
    score, penalty, w = best
    return Trained(
        lambda texts: bag_logits(counts(texts), w), len(w), score, f"L2 penalty {penalty:g}"
    )


def bag_logits(X: torch.Tensor, w: torch.Tensor) -> np.ndarray:
    """Return logits; the last weight is the bias."""
    return (X @ w[:-1] + w[-1]).numpy()


def fit_logistic(X: torch.Tensor, y: torch.Tensor, penalty: float, start: int) -> torch.Tensor:
    """Minimise mean cross-entropy + penalty · |w|² from a random start."""
    generator = torch.Generator().manual_seed(start)
    w = (0.01 * torch.randn(X.shape[1] + 1, generator=generator)).requires_grad_()
    optimizer = torch.optim.LBFGS([w], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        z = X @ w[:-1] + w[-1]
        value = nn.functional.binary_cross_entropy_with_logits(z, y)
        value = value + penalty * (w[:-1] ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return w.detach()


# ---------------------------------------------------------------- recurrent models


class Reader(nn.Module):
    """Embedding, one recurrent layer, and a verdict from its last valid state, or from maxima."""

    def __init__(self, vocab_size: int, kind: str, bidirectional: bool, pooling: str) -> None:
        super().__init__()
        layer = {"rnn": nn.RNN, "lstm": nn.LSTM}[kind]
        self.embedding = nn.Embedding(vocab_size, EMBEDDING, padding_idx=0)
        self.rnn = layer(EMBEDDING, HIDDEN, batch_first=True, bidirectional=bidirectional)
        self.head = nn.Linear(HIDDEN * (1 + bidirectional), 1)
        self.pooling = pooling

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embedding(ids), lengths, batch_first=True, enforce_sorted=False
        )
        H, last = self.rnn(packed)
        if self.pooling == "last":
            h = last[0] if isinstance(last, tuple) else last  # (directions, B, H)
            return self.head(torch.cat(list(h), dim=1))[:, 0]
        H, _ = nn.utils.rnn.pad_packed_sequence(H, batch_first=True, padding_value=-2.0)
        return self.head(H.max(dim=1).values)[:, 0]  # states lie between -1 and 1


def train_reader(
    kind: str, bidirectional: bool, pooling: str, train: Split, validation: Split, start: int
) -> Trained:
    """Train until the validation loss has not fallen for some epochs; keep the best weights."""
    torch.manual_seed(start)
    rng = np.random.default_rng(start)
    vocab = Vocab((token for tokens in train.tokens for token in tokens), min_freq=2)
    model = Reader(len(vocab), kind, bidirectional, pooling)
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    ids = [vocab.encode(tokens) for tokens in train.tokens]
    y = torch.tensor(train.labels, dtype=torch.float32)

    def logits(texts: list[list[str]]) -> np.ndarray:
        model.eval()
        found = np.empty(len(texts), dtype=np.float32)
        with torch.no_grad():
            for rows in bucketed_batches([len(tokens) for tokens in texts], 256):
                batch, _, lengths = pad_batch([vocab.encode(texts[n]) for n in rows])
                found[rows] = model(torch.tensor(batch), torch.tensor(lengths)).numpy()
        return found

    best, waited = None, 0
    for epoch in range(1, EPOCHS + 1):
        model.train()
        for rows in bucketed_batches([len(sequence) for sequence in ids], BATCH, rng):
            batch, _, lengths = pad_batch([ids[n] for n in rows])
            batch[(rng.random(batch.shape) < WORD_DROPOUT) & (batch != 0)] = vocab.unk_id
            z = model(torch.tensor(batch), torch.tensor(lengths))
            loss = nn.functional.binary_cross_entropy_with_logits(z, y[rows])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        z = logits(validation.tokens)
        loss = float(np.logaddexp(0, np.where(validation.labels == 1, -z, z)).mean())
        if best is None or loss < best[0]:
            weights = {name: value.clone() for name, value in model.state_dict().items()}
            best, waited = (loss, epoch, accuracy(z, validation.labels), weights), 0
        elif (waited := waited + 1) == PATIENCE:
            break
    model.load_state_dict(best[3])
    parameters = sum(p.numel() for p in model.parameters())
    return Trained(logits, parameters, best[2], f"epoch {best[1]} of {epoch}")


# ---------------------------------------------------------------- the table

MODELS: dict[str, Callable[[Split, Split, int], Trained]] = {
    "bag of words": lambda *data: train_bag(1, *data),
    "bag of words and pairs": lambda *data: train_bag(2, *data),
    "RNN, last state": lambda *data: train_reader("rnn", False, "last", *data),
    "LSTM, last state": lambda *data: train_reader("lstm", False, "last", *data),
    "bidirectional LSTM, last states": lambda *data: train_reader("lstm", True, "last", *data),
    "bidirectional LSTM, maxima": lambda *data: train_reader("lstm", True, "max", *data),
}


def row(name: str, train: Split, validation: Split, test: Split) -> dict:
    """Measure one model from every start."""
    runs = []
    for start in STARTS:
        began = time.process_time()
        trained = MODELS[name](train, validation, start)
        seconds = time.process_time() - began
        right = (trained.logits(test.tokens) > 0) == test.labels
        by_tag = {}
        for tag in TAGS:
            has = np.array([tag in tags for tags in test.tags])
            by_tag[tag] = round(float(right[has].mean()), 4)
        odds = trained.logits([tokenize(text) for text in TRIALS])
        runs.append(
            {
                "start": start,
                "test": round(float(right.mean()), 4),
                **by_tag,
                "validation": round(trained.validation, 4),
                "cpu_seconds": round(seconds, 1),
                "parameters": trained.parameters,
                "chosen": trained.chosen,
                "positive": {
                    text: round(float(1 / (1 + np.exp(-z))), 3)
                    for text, z in zip(TRIALS, odds, strict=True)
                },
            }
        )
        print(name, json.dumps(runs[-1]), flush=True)
    medians = {key: round(median(run[key] for run in runs), 4) for key in ("test", *TAGS)}
    return {"median": medians, "runs": runs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=MODELS, help="measure these rows (again)")
    names = parser.parse_args().only
    torch.set_num_threads(1)
    reviews = load_reviews("reviews")
    splits = [Split.of(part) for part in (reviews.train, reviews.validation, reviews.test)]
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"rows": {}}
    for name in names or [name for name in MODELS if name not in kept["rows"]]:
        kept["rows"][name] = row(name, *splits)
        kept["rows"] = {name: kept["rows"][name] for name in MODELS if name in kept["rows"]}
        kept["machine"] = measure.machine() | {"torch": torch.__version__}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    for name, found in kept["rows"].items():
        print(f"{name:32}", *(f"{key} {value:.3f}" for key, value in found["median"].items()))


if __name__ == "__main__":
    main()
