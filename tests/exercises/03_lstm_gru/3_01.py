"""Checks of exercise 3.1: one step of an LSTM."""

from itertools import product

import numpy as np

from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import (
    NO_LSTM,
    SMALL_STEP,
    WHOLE,
    compare_step,
    draw_step,
    far_apart,
    one_cell,
    torch_step,
)

rules = Rules(defines=("lstm_step",), forbids=tuple(NO_LSTM), numpy=True)


def draw_extreme(rng):
    """Draw a step that writes nothing and erases nothing, from a cell far above 1."""
    step = draw_step(rng, 2, 3, 4)
    b = np.concatenate([np.repeat([-1e4, 1e4], 4), far_apart(rng, 2, 4)])
    return {**step, "c": 1000 * step["c"], "b": b}


laws = Laws(
    "lstm_step",
    draw_step,
    torch_step,
    parts=("h", "c"),
    large={"batch": 1100, "features": 70, "hidden": 66},
    whole=WHOLE,
    extreme=draw_extreme,
    compare=compare_step,
)


@check(points=0.5)
def test_one_lstm_step_by_hand(student):
    """takes a step that can be followed by hand"""
    for c, candidate in ((2.0, 20.0), (2.0, -20.0), (-2.0, 0.0)):
        arguments = one_cell(c, b=(0.0, 0.0, candidate, 0.0))
        compare_step(student.lstm_step(*arguments), *arguments)


@check(points=0.25)
def test_reads_input_and_state(student):
    """reads input, state and bias, and opens and closes each gate on its own"""
    compare_step(student.lstm_step(*SMALL_STEP), *SMALL_STEP)
    one = np.ones((1, 1))
    for i, f, o in product((0, 1), repeat=3):
        W = np.array([[200.0 * i - 100], [0.0], [0.0], [0.0]])  # x moves i, h moves f, b moves o
        U = np.array([[0.0], [200.0 * f - 100], [0.0], [0.0]])
        b = np.array([0.0, 0.0, 20.0, 200.0 * o - 100])
        arguments = one, one, 2 * one, W, U, b
        compare_step(student.lstm_step(*arguments), *arguments)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
