"""Checks of exercise 2.1: one step."""

import numpy as np

from seqkit.checking.diagnosis import compare
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import LAYERS, step_by_hand

rules = Rules(defines=("rnn_step",), forbids=tuple(LAYERS), numpy=True)


def step_suspects(x, h, W_xh, W_hh, b):
    """Yield what a step gives when something typical is wrong."""
    no_bias, other_way = np.zeros_like(b), np.ascontiguousarray(W_hh.T)
    net = np.arctanh(step_by_hand(x, h, W_xh, W_hh, b))
    yield (
        "W_hh was not transposed: for rows of a batch, W_hh h is `h @ W_hh.T`.",
        step_by_hand(x, h, W_xh, other_way, b),
    )
    if W_xh.shape[0] == W_xh.shape[1]:
        yield (
            "W_xh was not transposed: for rows of a batch, W_xh x is `x @ W_xh.T`.",
            step_by_hand(x, h, np.ascontiguousarray(W_xh.T), W_hh, b),
        )
        yield "W_xh and W_hh changed places.", step_by_hand(x, h, W_hh, W_xh, b)
    yield "the bias b is missing.", step_by_hand(x, h, W_xh, W_hh, no_bias)
    yield "the bias b was added twice.", step_by_hand(x, h, W_xh, W_hh, 2 * b)
    yield "the bias b was taken away instead of added.", step_by_hand(x, h, W_xh, W_hh, -b)
    yield "the state h does not come in.", step_by_hand(x, 0 * h, W_xh, W_hh, b)
    yield "the input x does not come in.", step_by_hand(0 * x, h, W_xh, W_hh, b)
    yield "tanh is missing.", net
    yield "the squashing function is the logistic; here it is tanh.", 1 / (1 + np.exp(-net))


STEP = "Row i of the result is tanh(W_xh x_i + W_hh h_i + b)."


def compare_step(got, *arguments):
    """Compare a state with the one that comes out."""
    floats = [np.asarray(a, dtype=np.float64) for a in arguments]
    compare(
        got,
        step_by_hand(*floats),
        "the state",
        step_suspects(*floats),
        STEP,
        "There is a state of H numbers for each row of the batch: (B, H).",
    )


def draw(rng, batch, features, hidden):
    """Draw the arguments of a step."""
    return {
        "x": rng.integers(-8, 9, size=(batch, features)) / 4,
        "h": rng.integers(-4, 5, size=(batch, hidden)) / 4,
        "W_xh": rng.integers(-6, 7, size=(hidden, features)) / 4,
        "W_hh": rng.integers(-6, 7, size=(hidden, hidden)) / 4,
        "b": rng.integers(-4, 5, size=hidden) / 4,
    }


laws = Laws(
    "rnn_step",
    draw,
    step_by_hand,
    parts=("the state",),
    large={"batch": 300, "features": 70, "hidden": 66},
    whole=("x", "h", "W_xh", "W_hh", "b"),
    extreme=lambda rng: {**draw(rng, 4, 3, 2), "x": rng.choice([-2000.0, 0.0, 2000.0], (4, 3))},
    compare=compare_step,
)


@check(points=0.25)
def test_computes_one_step(student):
    """computes a step of one unit, and of a batch with matrices the right way round"""
    x, h, W_xh, W_hh, b = [[1.0, 2.0]], [[0.5]], [[1.0, 0.25]], [[-2.0]], [0.5]
    one = [np.array(values) for values in (x, h, W_xh, W_hh, b)]
    compare_step(student.rnn_step(*one), *one)
    two = [
        np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 0.0]]),
        np.array([[0.0, 0.5], [0.25, 0.0], [-0.5, 0.25]]),
        np.array([[1.0, -1.0, 0.0], [0.5, 0.0, 1.0]]),
        np.array([[0.0, 2.0], [-1.0, 0.5]]),
        np.array([0.25, -0.25]),
    ]
    compare_step(student.rnn_step(*two), *two)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
