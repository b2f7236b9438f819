"""Checks of exercise 3.11: remember for fifty steps."""

import numpy as np

from seqkit.checking.diagnosis import holds
from seqkit.checking.expect import Mismatch
from seqkit.checking.student import Handle
from seqkit.checking.written import short
from seqkit.course import Rules, check

from .oracle import compare_outputs, compare_weights, expected_sizes, weights_of

rules = Rules(defines=("train_adding",))


# The statement says 60 CPU seconds. Only quality scores: time ends a call at three times as many.
GOAL_SECONDS = 3 * 60


MOST_HIDDEN, MOST_LAYERS = 256, 4


def fresh_adding(rng, batch, length):
    """Draw a batch of the adding problem, row by row."""
    X, y = np.zeros((batch, length, 2), np.float32), np.zeros((batch, 1))
    X[:, :, 0] = rng.random((batch, length))
    for row in range(batch):
        for step in (rng.integers(length // 2), length // 2 + rng.integers(length - length // 2)):
            X[row, step, 1] = 1.0
            y[row] += X[row, step, 0]
    return X, y


AS_BUILT = (
    "The model's outputs are not those that its weights give in a SequenceRegressor: is it built "
    "like one, and is nothing random left on (dropout)?"
)


def weights_of_trained(model, kind):
    """Return the weights of a returned model, if they are those of a SequenceRegressor."""
    why = "Return the trained model itself, a SequenceRegressor: no loss, no tuple."
    if not isinstance(model, Handle):
        raise Mismatch(f"gave {short(model)}, expected a model", why)
    weights = weights_of(model)
    inner = weights.get("rnn.weight_hh_l0")
    if inner is None or inner.ndim != 2:
        raise Mismatch(
            "gave a model without rnn.weight_hh_l0",
            "The model is a SequenceRegressor, with submodules `rnn` and `head`.",
        )
    size = inner.shape[1]
    depth = sum(name.startswith("rnn.weight_ih_l") for name in weights)
    holds(
        1 <= size <= MOST_HIDDEN and depth <= MOST_LAYERS,
        f"The model may have at most {MOST_HIDDEN} hidden units and {MOST_LAYERS} layers.",
    )
    compare_weights(weights, expected_sizes(kind, 2, size, 1, depth), kind)
    return weights


def error_of(model, kind, X, y):
    """Return a model's mean squared error, computed here from its weights."""
    weights = weights_of_trained(model, kind)
    predictions = compare_outputs(model, kind, weights, X, atol=1e-3, why=AS_BUILT)
    return float(np.mean((predictions - y) ** 2))


def compare_trained(student, rng, kind, length, steps, seed, limit):
    """Train a model and measure it on a fresh batch."""
    model = student.train_adding(kind, length, steps, seed)
    error = error_of(model, kind, *fresh_adding(rng, 2000, length))
    why = f"On fresh rows the error should be below {limit}; answering 1.0 always has 0.167."
    if not error < 0.3:
        why += (
            " It has not come near that plateau: is every update made (zero_grad, backward, then "
            "optimizer.step), with a large enough learning rate (0.01 for Adam)?"
        )
    elif not error < 0.12:
        why += (
            " It has not left that plateau: is the learning rate large enough (0.01 for Adam), is "
            "every step a fresh batch, are gradients set to zero before each, have targets and "
            "outputs one shape (B, 1)? A (B,) against a (B, 1) is a table (B, B)."
        )
    if not error < limit:
        call = f"train_adding({kind!r}, {length}, {steps}, {seed})"
        raise Mismatch(f"after {call} has a mean squared error of {error:.3g}", why)


# What has begun to learn: of two steps both are marked, so there is nothing to remember, and a few
# updates are enough to leave the best constant behind.
UPDATES, BEGUN = 200, 0.12


def compare_begun(student, rng, kind, seed):
    """Train for a few updates on two steps, and expect less than any constant's error."""
    model = student.train_adding(kind, 2, UPDATES, seed)
    error = error_of(model, kind, *fresh_adding(rng, 1000, 2))
    if not error < BEGUN:
        call = f"train_adding({kind!r}, 2, {UPDATES}, {seed})"
        raise Mismatch(
            f"after {call} has a mean squared error of {error:.3g}",
            f"{UPDATES} updates on sequences of two steps should bring the error below {BEGUN}: "
            "answering 1 always has 0.167, answering 0 has 1.17. Is every update made (zero_grad, "
            "backward, then optimizer.step), with a large enough learning rate (0.01 for Adam); "
            "have targets and outputs one shape (B, 1)?",
        )


TOO_SOON = 0.08


def compare_hardly_begun(model, kind, X, y, steps):
    """Expect of a handful of updates that they have not solved the problem."""
    error = error_of(model, kind, X, y)
    if not error > TOO_SOON:
        raise Mismatch(
            f"after {steps} updates has a mean squared error of {error:.3g}",
            "`steps` is the number of updates, from a random start: a handful of them cannot "
            f"bring the error below {TOO_SOON}. Are there more than told, or weights that were "
            "ready before?",
        )


@check(points=0.5, seconds=20)
def test_returns_a_model_that_can_be_used(student):
    """returns the model, of the kind asked for, and has begun to train it"""
    for kind in ("lstm", "gru", "rnn"):
        model = student.train_adding(kind, 6, 2, 0)
        weights = weights_of_trained(model, kind)
        X, y = fresh_adding(np.random.default_rng(0), 200, 6)
        compare_outputs(model, kind, weights, X[:4], atol=1e-4, why=AS_BUILT)
        compare_hardly_begun(model, kind, X, y, steps=2)
        compare_begun(student, np.random.default_rng(3), kind, 0)


@check(points=0.25, seconds=20)
def test_begins_to_learn(student):
    """learns to add two of four numbers"""
    compare_trained(student, np.random.default_rng(2), "gru", 4, 300, 0, limit=0.05)


@check(points=0.75, goal=True, seconds=GOAL_SECONDS)
def test_learns_a_short_sequence(student):
    """learns the adding problem over 10 steps"""
    compare_trained(student, np.random.default_rng(1), "gru", 10, 300, 0, limit=0.02)
