"""Four pieces of advice to a network that reads padding, and three ways not to read it.

    python benchmarks/advice.py [--only NAME …]

A plain RNN on the shipped reviews, cut or filled up at the end to 30 columns, which it reads; then
the same with more columns, more epochs, more layers, more units, other learning rates; then
without padding. Three starts each; the best epoch is chosen on the validation split, the test
split is scored once a start. A row is kept in results/advice.json as soon as it is done.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import measure
import torch
import torch.nn.functional as F

from seqkit.batches import SequenceBatches
from seqkit.corpora import load_encoded
from seqkit.models import TextClassifier
from seqkit.training import evaluate, fit, sentiment_loss

RESULTS = Path(__file__).parent / "results" / "advice.json"
STARTS = (0, 1, 2)
AS_PUBLISHED: dict[str, Any] = {
    "columns": 30, "epochs": 6, "num_layers": 1, "units": 64, "learning_rate": 3e-3,
    "pooling": "column",
}  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {
    "as published: 30 columns, padding read": {},
    "1 · longer sequences: 60 columns": {"columns": 60},
    "2 · more epochs: 18 in place of 6": {"epochs": 18},
    "3 · more layers: 2": {"num_layers": 2},
    "3 · more units: 128": {"units": 128},
    "4 · learning rate 0.0003": {"learning_rate": 3e-4},
    "4 · learning rate 0.01": {"learning_rate": 1e-2},
    "all four: 60 columns, 18 epochs, 2 layers, 128 units": {
        "columns": 60, "epochs": 18, "num_layers": 2, "units": 128, "learning_rate": 3e-4,
    },
    "not on the list: packed, last state": {"columns": None, "pooling": "last"},
    "not on the list: packed, mean": {"columns": None, "pooling": "mean"},
    "not on the list: packed, maximum": {"columns": None, "pooling": "max"},
    "not on the list: masked, last state (Keras)": {"columns": 60, "masked": True},
}  # fmt: skip


class Columns(TextClassifier):
    """A classifier whose texts all have so many columns."""

    columns: int | None = None

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Cut or fill up, then read."""
        if self.columns is not None:
            ids = F.pad(ids, (0, self.columns - ids.shape[1]))
        return super().forward(ids, lengths)


def run(settings: dict[str, Any], start: int) -> dict[str, Any]:
    """Train once and score the test split."""
    torch.manual_seed(start)
    reviews = load_encoded("reviews")
    batches = {
        name: SequenceBatches(
            split.sequences, split.labels, 32, seed=seed, max_len=settings["columns"]
        )
        for name, split, seed in (
            ("train", reviews.train, start),
            ("validation", reviews.validation, None),
            ("test", reviews.test, None),
        )
    }
    model = Columns(
        len(reviews.vocab), 64, settings["units"], kind="rnn",
        num_layers=settings["num_layers"], pooling=settings["pooling"],
    )  # fmt: skip
    model.columns = settings["columns"]
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["learning_rate"])
    began = time.process_time()
    history = fit(
        model, batches["train"], sentiment_loss, optimizer=optimizer, epochs=settings["epochs"],
        validation=batches["validation"], max_norm=1.0, progress=False,
    )  # fmt: skip
    return {
        "start": start,
        "train": round(max(history["accuracy"]), 4),
        "test": round(evaluate(model, batches["test"])[1] or 0.0, 4),
        "epoch": history.best_epoch,
        "cpu_seconds": round(time.process_time() - began, 1),
    }


def run_keras(settings: dict[str, Any], start: int) -> dict[str, Any]:
    """Do the same with a mask."""
    import keras
    import numpy as np

    from seqkit.models import keras_classifier
    from seqkit.text import pad_batch

    keras.utils.set_random_seed(start)
    reviews = load_encoded("reviews")
    model = keras_classifier(len(reviews.vocab), 64, settings["units"], kind="rnn")
    model.compile(
        keras.optimizers.Adam(settings["learning_rate"], global_clipnorm=1.0),
        keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")],
    )
    ids = {
        name: pad_batch(getattr(reviews, name).sequences, max_len=settings["columns"])[0]
        for name in ("train", "validation", "test")
    }
    labels = {name: np.asarray(getattr(reviews, name).labels, "float32")[:, None] for name in ids}
    best = keras.callbacks.EarlyStopping(
        "val_loss", patience=settings["epochs"], restore_best_weights=True
    )
    began = time.process_time()
    history = model.fit(
        ids["train"], labels["train"], 32, settings["epochs"], verbose=0, callbacks=[best],
        validation_data=(ids["validation"], labels["validation"]),
    ).history  # fmt: skip
    return {
        "start": start,
        "train": round(max(history["accuracy"]), 4),
        "test": round(model.evaluate(ids["test"], labels["test"], verbose=0)[1], 4),
        "epoch": int(np.argmin(history["val_loss"])) + 1,
        "cpu_seconds": round(time.process_time() - began, 1),
    }


def main() -> None:
    """Measure what is not there yet, a row at a time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="*", choices=ROWS, help="measure these rows (again)")
    names = parser.parse_args().only
    torch.set_num_threads(1)
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"rows": {}}
    for name in names or [name for name in ROWS if name not in kept["rows"]]:
        train = run_keras if ROWS[name].get("masked") else run
        kept["rows"][name] = [train(AS_PUBLISHED | ROWS[name], start) for start in STARTS]
        kept["rows"] = {name: kept["rows"][name] for name in ROWS if name in kept["rows"]}
        kept["machine"] = measure.machine() | {"torch": torch.__version__}
        RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(name, [row["test"] for row in kept["rows"][name]], flush=True)


if __name__ == "__main__":
    main()
