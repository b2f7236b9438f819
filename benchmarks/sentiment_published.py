"""Three small recurrent networks as published notebooks train them, and repaired by padding alone.

All three read the last 200 words of a review, filled up with zeros at the end, and look at the
state after the last zero. The repair changes what the layer sees of the filling and nothing else:
the layer, its size, the vocabulary and the 200 words stay. Learning rate and number of epochs are
chosen on held-out blocks of reviews.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from sentiment_data import Fold, Imdb, Part, Spent, by_blocks, mean_loss, share_right, spending
from torch import nn

from seqkit.text import pad_batch

WORDS = 200
EPOCHS = 15
PATIENCE = 3
#: Largest norm of the gradients of a repaired network, which now reach back 200 words.
MAX_NORM = 1.0
RATES = (1e-3, 3e-4, 1e-4)

#: Masked or packed, the state after the last word is read; left: filled up in front; pool: the mean
#: state of all words is read.
Repair = Literal["mask", "left", "pack", "pool"]


@dataclass(frozen=True)
class Published:
    """What a notebook trains.

    Parameters
    ----------
    vocab_size : int
        Rows of its embedding.
    known : int or None
        Ids from this one on are unknown words; None where the notebook cuts nothing off.
    rounds : tuple of (epochs, share)
        Its calls of fit, one after another: epochs, and the share of the reviews, from the first
        on, that it learns from.
    """

    framework: Literal["keras", "torch"]
    vocab_size: int
    known: int | None
    embedding_dim: int
    hidden_dim: int
    batch_size: int
    rounds: tuple[tuple[int, float], ...]


PUBLISHED = {
    "keras-128": Published("keras", 10_000, 10_000, 128, 128, 32, ((10, 1.0), (5, 0.8))),
    "torch-128": Published("torch", 10_000, 10_000, 128, 128, 32, ((5, 1.0),)),
    "keras-64": Published("keras", 100_000, None, 32, 64, 64, ((10, 0.8),)),
}


# ---------------------------------------------------------------- as published


def as_published(data: Imdb, seed: int, name: str) -> dict[str, Any]:
    """Train as the notebook does. The test set, on which one of them looks while it trains
    (which changes no weight), is scored once, at the end."""
    wanted = PUBLISHED[name]
    train, test = _known(data.train, wanted), _known(data.test, wanted)
    # The notebooks' set comes shuffled, the same way for everybody.
    train = train.take(np.random.default_rng(113).permutation(len(train)))
    network = _network(wanted, seed, None, 1e-3)
    with spending() as spent:
        for epochs, share in wanted.rounds:
            first = train.take(np.arange(int(share * len(train))))
            for _ in range(epochs):
                network.epoch(first)
    return {
        "train_accuracy": _accuracy(network, train),
        "test_accuracy": _accuracy(network, test),
        **vars(spent),
    }


# ---------------------------------------------------------------- repaired


def repaired(data: Imdb, seed: int, name: str, repair: Repair, rate: float) -> dict[str, Any]:
    """Train with the filling hidden from the layer; the epoch is chosen by validation loss."""
    wanted, fold = PUBLISHED[name], by_blocks()
    network, history, spent = _chosen(_known(data.train, wanted), fold, wanted, seed, repair, rate)
    train = _known(data.train, wanted).take(fold.train)
    return {
        "rate": rate,
        "epoch": history.index(min(history)) + 1,
        "train_accuracy": _accuracy(network, train),
        "validation_accuracy": _accuracy(network, _known(data.train, wanted).take(fold.validation)),
        "test_accuracy": _accuracy(network, _known(data.test, wanted)),
        **vars(spent),
    }


def rates(data: Imdb, seed: int, name: str, repair: Repair) -> dict[str, Any]:
    """Return the lowest validation loss for each learning rate; no look at the test set."""
    wanted = PUBLISHED[name]
    found = {}
    with spending() as spent:
        for rate in RATES:
            part = _known(data.train, wanted)
            _, history, _ = _chosen(part, by_blocks(), wanted, seed, repair, rate)
            found[str(rate)] = [round(loss, 4) for loss in history]
    best = min(found, key=lambda rate: min(found[rate]))
    return {"validation_losses": found, "rate": float(best), **vars(spent)}


def _chosen(
    part: Part, fold: Fold, wanted: Published, seed: int, repair: Repair, rate: float
) -> tuple[Network, list[float], Spent]:
    """Train until the validation loss no longer falls; return the best network."""
    network = _network(wanted, seed, repair, rate)
    train, validation = part.take(fold.train), part.take(fold.validation)
    history: list[float] = []
    best: Any = None
    with spending() as spent:
        while len(history) < EPOCHS and len(history) - np.argmin(history or [0]) <= PATIENCE:
            network.epoch(train)
            history.append(mean_loss(network.logits(validation), validation.labels))
            if min(history) == history[-1]:
                best = network.weights()
    network.restore(best)
    return network, history, spent


def _accuracy(network: Network, part: Part) -> float:
    return share_right(network.logits(part), part.labels)


def _known(part: Part, wanted: Published) -> Part:
    return part if wanted.known is None else part.limited(wanted.known, unknown=2)


# ---------------------------------------------------------------- two frameworks, one door


class Network:
    """A network that trains for an epoch, judges, and gives its weights away."""

    def epoch(self, part: Part) -> None:
        """Read every review once, shuffled."""
        raise NotImplementedError

    def logits(self, part: Part) -> np.ndarray:
        """Return logits, shape (N,)."""
        raise NotImplementedError

    def weights(self) -> Any:
        """Return a copy of the weights."""
        raise NotImplementedError

    def restore(self, weights: Any) -> None:
        """Put weights back."""
        raise NotImplementedError


def _network(wanted: Published, seed: int, repair: Repair | None, rate: float) -> Network:
    make: Callable[..., Network] = KerasNetwork if wanted.framework == "keras" else TorchNetwork
    return make(wanted, seed, repair, rate)


def _padded(part: Part, repair: Repair | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the last words of each review, filled up to `WORDS`, and how many are real."""
    side: Literal["left", "right"] = "left" if repair == "left" else "right"
    ids, _, lengths = pad_batch([*part.ids, np.zeros(WORDS, int)], side, "left", WORDS)
    return ids[:-1], lengths[:-1]  # without the review of zeros that makes all of them so long


class KerasNetwork(Network):
    """Embedding, SimpleRNN, one sigmoid."""

    def __init__(self, wanted: Published, seed: int, repair: Repair | None, rate: float) -> None:
        import keras

        keras.utils.set_random_seed(seed)
        keras.config.set_floatx("float32")
        self.wanted, self.repair = wanted, repair
        self.model = keras.Sequential(
            [
                keras.Input((WORDS,), dtype="int32"),
                keras.layers.Embedding(
                    wanted.vocab_size, wanted.embedding_dim, mask_zero=repair in ("mask", "pool")
                ),
                keras.layers.SimpleRNN(wanted.hidden_dim, return_sequences=repair == "pool"),
                *([keras.layers.GlobalAveragePooling1D()] if repair == "pool" else []),
                keras.layers.Dense(1, activation="sigmoid"),
            ]
        )
        self.model.compile(
            loss="binary_crossentropy",
            optimizer=keras.optimizers.Adam(rate, global_clipnorm=MAX_NORM if repair else None),
        )

    def epoch(self, part: Part) -> None:
        ids, _ = _padded(part, self.repair)
        self.model.fit(ids, part.labels, batch_size=self.wanted.batch_size, epochs=1, verbose=0)

    def logits(self, part: Part) -> np.ndarray:
        ids, _ = _padded(part, self.repair)
        p = self.model.predict(ids, batch_size=256, verbose=0)[:, 0].astype(np.float64)
        p = np.clip(p, 1e-7, 1 - 1e-7)
        return np.log(p) - np.log1p(-p)

    def weights(self) -> Any:
        return self.model.get_weights()

    def restore(self, weights: Any) -> None:
        self.model.set_weights(weights)


class TorchNetwork(Network):
    """Embedding, one-layer RNN, one number."""

    def __init__(self, wanted: Published, seed: int, repair: Repair | None, rate: float) -> None:
        torch.manual_seed(seed)
        self.wanted, self.repair = wanted, repair
        self.model = nn.ModuleDict(
            {
                "embedding": nn.Embedding(wanted.vocab_size, wanted.embedding_dim),
                "rnn": nn.RNN(wanted.embedding_dim, wanted.hidden_dim, batch_first=True),
                "head": nn.Linear(wanted.hidden_dim, 1),
            }
        )
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=rate)

    def epoch(self, part: Part) -> None:
        ids, lengths = map(torch.from_numpy, _padded(part, self.repair))
        labels = torch.from_numpy(part.labels).float()
        for chosen in torch.randperm(len(labels)).split(self.wanted.batch_size):
            z = self._forward(ids[chosen], lengths[chosen])
            loss = nn.functional.binary_cross_entropy_with_logits(z, labels[chosen])
            self.optimizer.zero_grad()
            loss.backward()
            if self.repair:
                nn.utils.clip_grad_norm_(self.model.parameters(), MAX_NORM)
            self.optimizer.step()

    def logits(self, part: Part) -> np.ndarray:
        ids, lengths = map(torch.from_numpy, _padded(part, self.repair))
        with torch.no_grad():
            parts = zip(ids.split(256), lengths.split(256), strict=True)
            return torch.cat([self._forward(*both) for both in parts]).numpy()

    def weights(self) -> Any:
        return copy.deepcopy(self.model.state_dict())

    def restore(self, weights: Any) -> None:
        self.model.load_state_dict(weights)

    def _forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        x = self.model["embedding"](ids)  # (B, T, D)
        if self.repair is None:
            return self.model["head"](self.model["rnn"](x)[1][-1]).squeeze(1)
        packed = nn.utils.rnn.pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=False
        )
        H, h = self.model["rnn"](packed)
        if self.repair == "pool":
            H, _ = nn.utils.rnn.pad_packed_sequence(H, batch_first=True)  # zeros after the end
            return self.model["head"](H.sum(dim=1) / lengths[:, None]).squeeze(1)
        return self.model["head"](h[-1]).squeeze(1)
