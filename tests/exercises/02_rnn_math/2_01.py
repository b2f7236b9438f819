"""Checks of exercise 2.1: one step."""

import numpy as np

from seqkit.checking.diagnosis import compare
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


def compare_step(student, x, h, W_xh, W_hh, b):
    """Call rnn_step and compare."""
    arguments = {"x": x, "h": h, "W_xh": W_xh, "W_hh": W_hh, "b": b}
    floats = [np.asarray(a, dtype=np.float64) for a in arguments.values()]
    compare(
        student.rnn_step(**arguments),
        step_by_hand(*floats),
        "the state",
        step_suspects(*floats),
        STEP,
        "There is a state of H numbers for each row of the batch: (B, H).",
    )


@check(points=0.25)
def test_computes_one_step(student):
    """computes one step of one unit"""
    compare_step(
        student,
        np.array([[1.0, 2.0]]),
        np.array([[0.5]]),
        np.array([[1.0, 0.25]]),
        np.array([[-2.0]]),
        np.array([0.5]),
    )


@check(points=0.25)
def test_steps_a_batch(student):
    """computes every row of a batch with matrices the right way round"""
    compare_step(
        student,
        np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -0.5]]),
        np.array([[0.0, 0.5], [0.25, 0.0]]),
        np.array([[1.0, -1.0, 0.0], [0.5, 0.0, 1.0]]),
        np.array([[0.0, 2.0], [-1.0, 0.5]]),
        np.array([0.25, -0.25]),
    )
