"""Checks of exercise 2.2: through time."""

import numpy as np

from seqkit.checking.diagnosis import compare
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import LAYERS, forward_by_hand

rules = Rules(defines=("rnn_forward",), forbids=tuple(LAYERS), numpy=True)


def forward_suspects(X, h0, W_xh, W_hh, b):
    """Yield what comes out when something typical is wrong with the loop."""
    right = forward_by_hand(X, h0, W_xh, W_hh, b)
    weights = (W_xh, W_hh, b)
    yield (
        "every step starts from h0: hand the new state to the next step.",
        forward_by_hand(X, h0, *weights, carry=False),
    )
    yield (
        "the first step starts from zeros instead of h0.",
        forward_by_hand(X, 0 * h0, *weights),
    )
    yield "time came first: stack the states at axis 1, (B, T, H).", right.transpose(1, 0, 2)
    yield "the last state came back alone: all of them are asked for.", right[:, -1]
    yield (
        "h0 came back too: H[:, 0] is the state after the first input.",
        np.concatenate([h0[:, None], right], axis=1),
    )
    yield "the states are in reverse order.", right[:, ::-1]
    yield (
        "the sequence was read from its end.",
        forward_by_hand(X[:, ::-1], h0, *weights)[:, ::-1],
    )
    yield (
        "W_hh was not transposed: for rows of a batch, W_hh h is `h @ W_hh.T`.",
        forward_by_hand(X, h0, W_xh, np.ascontiguousarray(W_hh.T), b),
    )


def compare_forward(got, *arguments):
    """Compare states with those that come out."""
    floats = [np.asarray(a, dtype=np.float64) for a in arguments]
    compare(
        got,
        forward_by_hand(*floats),
        "H",
        forward_suspects(*floats),
        "H[:, t] is tanh(W_xh x_t + W_hh h_{t-1} + b), and the state before step 0 is h0.",
        "There is a state for every step of every row: (B, T, H).",
    )


def draw(rng, batch, steps, features, hidden):
    """Draw a run that remembers for long, with weights that let no rounding error grow."""
    return {
        "X": rng.integers(-4, 5, size=(batch, steps, features)) / 2,
        "h0": rng.integers(-4, 5, size=(batch, hidden)) / 4,
        "W_xh": rng.integers(-4, 5, size=(hidden, features)) / 16,
        "W_hh": np.linalg.qr(rng.normal(size=(hidden, hidden)))[0],
        "b": rng.integers(-4, 5, size=hidden) / 16,
    }


def draw_large_inputs(rng):
    """Draw inputs whose sums no exp can hold, each twice: the state settles, and goes on."""
    X, W_xh = rng.choice([-2000.0, 2000.0], (2, 3, 3)), rng.choice([-1.0, 1.0], (2, 3))
    return {**draw(rng, 2, 6, 3, 2), "X": X.repeat(2, axis=1), "W_xh": W_xh}


laws = Laws(
    "rnn_forward",
    draw,
    forward_by_hand,
    parts=("H",),
    large={"batch": 100, "steps": 1100, "features": 70, "hidden": 66},
    whole=("X", "h0", "W_xh", "W_hh", "b"),
    extreme=draw_large_inputs,
    compare=compare_forward,
)


@check(points=0.5)
def test_remembers_an_input(student):
    """carries the state from step to step"""
    arguments = [
        np.array(values)
        for values in ([[[1.0], [0.0], [0.0], [0.0], [0.0]]], [[0.0]], [[1.0]], [[2.0]], [0.0])
    ]
    compare_forward(student.rnn_forward(*arguments), *arguments)


@check(points=0.25)
def test_starts_from_h0(student):
    """starts from h0 and keeps the axes (B, T, H)"""
    arguments = (
        np.array([[[1.0], [0.5], [-1.0]], [[0.0], [0.0], [2.0]]]),
        np.array([[0.5, -0.5], [0.0, 1.0]]),
        np.array([[1.0], [0.5]]),
        np.array([[0.5, 1.0], [-1.0, 0.0]]),
        np.array([0.0, 0.25]),
    )
    compare_forward(student.rnn_forward(*arguments), *arguments)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
