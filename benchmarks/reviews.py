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
from pathlib import Path
from statistics import median
from typing import Any

import measure
import numpy as np
import torch
from torch.nn import functional as F

from seqkit.batches import SequenceBatches
from seqkit.corpora import ReviewSplit, load_reviews
from seqkit.models import TextClassifier
from seqkit.text import Vocab, pad_batch, tokenize
from seqkit.training import fit, sentiment_loss

RESULTS = Path(__file__).parent / "results" / "reviews.json"
TAGS = ("plain", "intensifier", "long-range", "negation", "double negation", "contrast")
STARTS = (0, 1, 2)
TRIALS = ["the movie was bad!", "not bad at all"]
PENALTIES = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)  # of squared weights, tried for the bags

#: A list of token lists gives logits (N,).
Model = Callable[[list[list[str]]], np.ndarray]


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float(((logits > 0) == labels).mean())


def bag(longest: int, train: ReviewSplit, validation: ReviewSplit, start: int) -> tuple[Model, str]:
    """Fit logistic regression to counts of words, or of words and runs of several."""

    def terms(tokens: list[str]) -> list[str]:
        return [
            " ".join(tokens[k : k + n])
            for n in range(1, longest + 1)
            for k in range(len(tokens) - n + 1)
        ]

    texts = {split: [tokenize(text) for text in split.texts] for split in (train, validation)}
    vocab = Vocab((term for tokens in texts[train] for term in terms(tokens)), min_freq=2)

    def counts(texts: list[list[str]]) -> torch.Tensor:
        bags = torch.zeros(len(texts), len(vocab))  # (N, V)
        for row, tokens in zip(bags, texts, strict=True):
            ids = torch.tensor(vocab.encode(terms(tokens)))
            row.index_add_(0, ids, torch.ones(len(ids)))
        return bags

    X, y = counts(texts[train]), torch.tensor(train.labels, dtype=torch.float32)
    X_validation = counts(texts[validation])
    found = []
    for penalty in PENALTIES:
        w = fit_logistic(X, y, penalty, start)
        logits = (X_validation @ w[:-1] + w[-1]).numpy()
        found.append((accuracy(logits, validation.labels), penalty, w))
    _, penalty, w = max(found, key=lambda row: row[0])
    return lambda texts: (counts(texts) @ w[:-1] + w[-1]).numpy(), f"penalty {penalty:g}"


def fit_logistic(X: torch.Tensor, y: torch.Tensor, penalty: float, start: int) -> torch.Tensor:
    """Minimise mean cross-entropy + penalty · |w|² from a random start; the bias is last."""
    generator = torch.Generator().manual_seed(start)
    w = (0.01 * torch.randn(X.shape[1] + 1, generator=generator)).requires_grad_()
    optimizer = torch.optim.LBFGS([w], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(X @ w[:-1] + w[-1], y)
        value = value + penalty * (w[:-1] ** 2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    return w.detach()


def reader(
    options: dict[str, Any],
    learning_rate: float,
    train: ReviewSplit,
    validation: ReviewSplit,
    start: int,
) -> tuple[Model, str]:
    """Train a recurrent classifier; its best epoch counts."""
    torch.manual_seed(start)
    texts = {split: [tokenize(text) for text in split.texts] for split in (train, validation)}
    vocab = Vocab(token for tokens in texts[train] for token in tokens)
    model = TextClassifier(len(vocab), 32, 64, word_dropout=0.05, **options)

    def batches(split: ReviewSplit, seed: int | None) -> SequenceBatches:
        return SequenceBatches(
            [vocab.encode(tokens) for tokens in texts[split]], split.labels, 32, seed=seed
        )

    history = fit(
        model, batches(train, start), sentiment_loss,
        optimizer=torch.optim.Adam(model.parameters(), lr=learning_rate), epochs=8,
        validation=batches(validation, None), max_norm=1.0, progress=False,
    )  # fmt: skip

    @torch.no_grad()
    def logits(texts: list[list[str]]) -> np.ndarray:
        ids, _, lengths = pad_batch([vocab.encode(tokens) for tokens in texts])
        return model(torch.from_numpy(ids), torch.from_numpy(lengths)).numpy()

    return logits, f"epoch {history.best_epoch} of {len(history)}"


MODELS: dict[str, Callable[[ReviewSplit, ReviewSplit, int], tuple[Model, str]]] = {
    "bag of words": lambda *data: bag(1, *data),
    "bag of words and pairs": lambda *data: bag(2, *data),
    "RNN": lambda *data: reader({"kind": "rnn", "pooling": "last"}, 3e-3, *data),
    "RNN, maximum": lambda *data: reader({"kind": "rnn", "pooling": "max"}, 3e-3, *data),
    "LSTM": lambda *data: reader({"pooling": "last"}, 8e-3, *data),
    "bidirectional LSTM": lambda *data: reader(
        {"pooling": "last", "bidirectional": True}, 8e-3, *data
    ),
    "bidirectional LSTM, maximum": lambda *data: reader(
        {"pooling": "max", "bidirectional": True}, 8e-3, *data
    ),
}


def measured(name: str, start: int) -> dict[str, Any]:
    """Train one model from one start and score the test split."""
    reviews = load_reviews("reviews")
    test = reviews.test
    assert reviews.validation is not None
    assert test.tags is not None
    began = time.process_time()
    logits, chosen = MODELS[name](reviews.train, reviews.validation, start)
    seconds = time.process_time() - began
    right = (logits([tokenize(text) for text in test.texts]) > 0) == test.labels
    by_tag = {tag: right[[tag in tags for tags in test.tags]].mean() for tag in TAGS}
    odds = 1 / (1 + np.exp(-logits([tokenize(text) for text in TRIALS])))
    return {
        "start": start,
        "test": round(float(right.mean()), 4),
        **{tag: round(float(share), 4) for tag, share in by_tag.items()},
        "cpu_seconds": round(seconds, 1),
        "chosen": chosen,
        "positive": dict(zip(TRIALS, odds.round(3).tolist(), strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="*", choices=MODELS, help="measure these rows (again)")
    names = parser.parse_args().only
    torch.set_num_threads(1)
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"rows": {}}
    for name in names or [name for name in MODELS if name not in kept["rows"]]:
        runs = [measured(name, start) for start in STARTS]
        medians = {key: round(median(run[key] for run in runs), 4) for key in ("test", *TAGS)}
        kept["rows"][name] = {"median": medians, "runs": runs}
        kept["rows"] = {name: kept["rows"][name] for name in MODELS if name in kept["rows"]}
        kept["machine"] = measure.machine() | {"torch": torch.__version__}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        print(name, medians, [run["cpu_seconds"] for run in runs], flush=True)


if __name__ == "__main__":
    main()
