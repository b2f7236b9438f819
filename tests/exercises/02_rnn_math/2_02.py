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
    """Draw the arguments of a run; weights so small that rounding errors do not grow in it."""
    return {
        "X": rng.integers(-4, 5, size=(batch, steps, features)) / 2,
        "h0": rng.integers(-4, 5, size=(batch, hidden)) / 4,
        "W_xh": rng.integers(-4, 5, size=(hidden, features)) / 4,
        "W_hh": rng.integers(-2, 3, size=(hidden, hidden)) / 8,
        "b": rng.integers(-4, 5, size=hidden) / 4,
    }


def draw_large_inputs(rng):
    """Draw inputs whose sums no exp can hold."""
    drawn = draw(rng, 2, 4, 3, 2)
    return {**drawn, "X": rng.choice([-2000.0, 0.0, 2000.0], size=drawn["X"].shape)}


laws = Laws(
    "rnn_forward",
    draw,
    forward_by_hand,
    parts=("H",),
    large={"batch": 20, "steps": 210, "features": 70, "hidden": 66},
    whole=("X",),
    extreme=draw_large_inputs,
    compare=compare_forward,
)


@check(points=0.5)
def test_remembers_an_input(student):
    """carries the state from step to step"""
    arguments = [
        np.array(values) for values in ([[[1.0], [0.0], [0.0]]], [[0.0]], [[1.0]], [[2.0]], [0.0])
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
