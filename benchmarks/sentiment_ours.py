"""What the course trains on IMDb: the book's packed LSTM, and its best recurrent network.

The best one reads word vectors counted from the training reviews (no label, no other text), in
segments side by side, and takes the largest and the mean state. Its recipe was chosen on held-out
blocks of training reviews; a row of the table then learns from all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sentiment_bags import Weighting, learned
from sentiment_data import Imdb, Part, Spent, by_blocks, mean_loss, share_right, spending
from torch import nn

from seqkit.batches import SequenceBatches
from seqkit.models import SegmentClassifier, TextClassifier, word_vectors
from seqkit.text import Vocab, pad_batch
from seqkit.training import fit, sentiment_loss

#: Reviews judged at once: with few, no memory is filled.
AT_ONCE = 128
#: What was trained in this run: the row with a bag beside does not train the networks again.
_TRAINED: dict[Any, tuple[list[nn.Module], Spent]] = {}

#: The bag beside the network: words and pairs of neighbours.
LONGEST = 2
WEIGHTING: Weighting = "naive Bayes"
BAG_WEIGHTS = (0.0, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Recipe:
    """How the best network is made.

    Parameters
    ----------
    vocab_size : int
        Words that have a vector.
    counted : bool
        Whether the vectors are counted from the reviews; otherwise they are random, and trained
        all the time.
    vector_size, scale : int, float
        Numbers of a word vector, and the root of their mean square.
    thawed : int
        Of the epochs, how many of the last ones train the vectors too.
    vectors_rate : float
        Their learning rate, as a part of the others'.
    warm : float
        Share of all steps in which the learning rates rise before they fall (Smith 2018).
    cuts : int
        In how many ways a review is cut to be judged; their logits are averaged.
    networks : int
        How many are trained one after another; their logits are averaged.
    """

    vocab_size: int = 50_000
    counted: bool = True
    vector_size: int = 128
    scale: float = 0.4
    hidden_dim: int = 96
    kind: str = "lstm"
    segment: int = 48
    word_dropout: float = 0.2
    dropout: float = 0.5
    batch_size: int = 64
    epochs: int = 5
    thawed: int = 2
    rate: float = 4e-3
    vectors_rate: float = 0.3
    warm: float = 0.2
    decay: float = 0.01
    cuts: int = 2
    networks: int = 1


RECIPE = Recipe()


def book(data: Imdb, seed: int) -> dict[str, Any]:
    """Train an LSTM of 64 units on whole reviews, packed, as a textbook does; ten epochs."""
    torch.manual_seed(seed)
    model = TextClassifier(data.vocab_size, 20, 64)
    batches = SequenceBatches(data.train.ids, data.train.labels, 32, seed=seed)
    with spending() as spent:
        fit(
            model, batches, sentiment_loss, epochs=10, progress=False,
            optimizer=torch.optim.Adam(model.parameters(), lr=1e-3),
        )  # fmt: skip
    return _scores(_logits([model], data.train), _logits([model], data.test), data) | vars(spent)


def best(data: Imdb, seed: int, recipe: Recipe = RECIPE) -> dict[str, Any]:
    """Learn from all training reviews by a recipe chosen before; score the test set."""
    models, spent = _trained(data.train, recipe, seed)
    return {
        "parameters": sum(p.numel() for m in models for p in m.parameters() if p.requires_grad),
        **_scores(*(_logits(models, part, recipe) for part in (data.train, data.test)), data),
        **vars(spent),
    }


def beside_bag(data: Imdb, seed: int, chosen: dict[str, Any]) -> dict[str, Any]:
    """Add the logit of a bag of words and pairs, times a weight chosen before."""
    models, spent = _trained(data.train, RECIPE, seed)
    with spending() as more:
        ngrams, _, bag = learned(data.train, LONGEST, WEIGHTING, float(chosen["strength"]))
    both = [
        _logits(models, part, RECIPE) + chosen["weight"] * bag.logits(ngrams.count(part.ids))
        for part in (data.train, data.test)
    ]
    return {
        "weight": chosen["weight"],
        **_scores(*both, data),
        "seconds": round(spent.seconds + more.seconds, 1),
        "cpu_seconds": round(spent.cpu_seconds + more.cpu_seconds, 1),
    }


def on_blocks(data: Imdb, seed: int, recipe: Recipe = RECIPE) -> dict[str, Any]:
    """Learn without the held-out blocks and score them: what choices rest on."""
    part, held_out = _without_blocks(data)
    models, spent = _trained(part, recipe, seed)
    logits = _logits(models, held_out, recipe)
    return {
        "train_accuracy": share_right(_logits(models, part, recipe), part.labels),
        "validation_accuracy": share_right(logits, held_out.labels),
        "validation_loss": mean_loss(logits, held_out.labels),
        **vars(spent),
    }


def bag_weight(data: Imdb, seed: int, strength: float) -> dict[str, Any]:
    """Choose, on held-out blocks, how much the bag beside the network counts."""
    part, held_out = _without_blocks(data)
    models, spent = _trained(part, RECIPE, seed)
    ngrams, _, bag = learned(part, LONGEST, WEIGHTING, strength)
    network, beside = _logits(models, held_out, RECIPE), bag.logits(ngrams.count(held_out.ids))
    right = {
        weight: share_right(network + weight * beside, held_out.labels) for weight in BAG_WEIGHTS
    }
    weight = max(right, key=lambda choice: right[choice])
    return {
        "strength": str(strength),
        "weight": weight,
        "validation_accuracies": {str(choice): round(found, 4) for choice, found in right.items()},
        "validation_accuracy": right[weight],
        **vars(spent),
    }


def _without_blocks(data: Imdb) -> tuple[Part, Part]:
    fold = by_blocks(size=500)
    return data.train.take(fold.train), data.train.take(fold.validation)


def _scores(train: np.ndarray, test: np.ndarray, data: Imdb) -> dict[str, float]:
    return {
        "train_accuracy": share_right(train, data.train.labels),
        "test_accuracy": share_right(test, data.test.labels),
    }


def _trained(part: Part, recipe: Recipe, seed: int) -> tuple[list[nn.Module], Spent]:
    """Make vectors and train every network, from the first count to the last step."""
    key = (id(part.labels), len(part), recipe, seed)
    if key not in _TRAINED:
        known = part.limited(recipe.vocab_size, Vocab.unk_id)
        with spending() as spent:
            size = min(recipe.vocab_size, 1 + max(int(ids.max()) for ids in known.ids))
            vectors = recipe.scale * (
                word_vectors(known.ids, size, recipe.vector_size, seed=seed)
                if recipe.counted
                else torch.randn(size, recipe.vector_size, generator=torch.manual_seed(seed))
            )
            models = [_one(known, vectors, recipe, 100 * seed + n) for n in range(recipe.networks)]
        _TRAINED[key] = models, spent
    return _TRAINED[key]


def _one(known: Part, vectors: torch.Tensor, recipe: Recipe, seed: int) -> nn.Module:
    """Train one network: everything but the vectors, and in the last epochs these too, slowly."""
    torch.manual_seed(seed)
    model = SegmentClassifier(
        vectors,
        recipe.hidden_dim,
        kind=recipe.kind,
        segment=recipe.segment,
        dropout=recipe.dropout,
        word_dropout=recipe.word_dropout,
    )
    batches = SequenceBatches(known.ids, known.labels, recipe.batch_size, seed=seed)
    rates = [recipe.rate, recipe.rate * recipe.vectors_rate]
    optimizer = torch.optim.AdamW(
        [
            {"params": [*model.rnn.parameters(), *model.head.parameters()]},
            # A large epsilon: rare words, of which there is little to learn, move little.
            {"params": [model.embedding.weight], "eps": 1e-6},
        ],
        weight_decay=recipe.decay,
    )
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, epochs=recipe.epochs, steps_per_epoch=len(batches),
        pct_start=recipe.warm, cycle_momentum=False,
    )  # fmt: skip
    thawed = recipe.thawed if recipe.counted else recipe.epochs
    for epochs, trained in ((recipe.epochs - thawed, False), (thawed, True)):
        model.embedding.weight.requires_grad_(trained)
        fit(
            model, batches, sentiment_loss, optimizer=optimizer, scheduler=scheduler,
            epochs=epochs, max_norm=1.0, progress=False,
        )  # fmt: skip
    return model


@torch.no_grad()
def _logits(models: list[nn.Module], part: Part, recipe: Recipe | None = None) -> np.ndarray:
    """Return the mean logit of the networks, over all ways to cut, shape (N,)."""
    known = part if recipe is None else part.limited(recipe.vocab_size, Vocab.unk_id)
    cuts: list[tuple[int, ...]] = [()]
    if recipe is not None:
        cuts = [(recipe.segment * n // recipe.cuts,) for n in range(1, recipe.cuts + 1)]
    order = np.argsort([len(ids) for ids in known.ids], kind="stable")
    logits = np.empty(len(part))
    for start in range(0, len(order), AT_ONCE):
        chosen = order[start : start + AT_ONCE]
        ids, _, lengths = pad_batch([known.ids[place] for place in chosen])
        batch = torch.from_numpy(ids), torch.from_numpy(lengths)
        found = [model(*batch, *cut) for model in models for cut in cuts]
        logits[chosen] = torch.stack(found).mean(dim=0).numpy()
    return logits
