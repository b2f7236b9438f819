"""Checks of exercise 3.1: one step of an LSTM."""

import math
from itertools import product

import numpy as np

from seqkit.checking.diagnosis import agree, doubles, parts_of
from seqkit.checking.expect import close, shape
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import (
    NO_LSTM,
    SMALL_STEP,
    draw_step,
    far_apart,
    lstm_by_loops,
    one_cell,
    torch_step,
    why_step,
)

rules = Rules(defines=("lstm_step",), forbids=tuple(NO_LSTM), numpy=True)


def compare_step(got, *arguments, expected=None):
    """Compare both states with those that come out."""
    got = parts_of(got, "h", "c")
    got = [doubles(part, name) for part, name in zip(got, ("h", "c"), strict=True)]
    expected = lstm_by_loops(*arguments) if expected is None else expected
    why = "" if agree(got, expected) else why_step(got, arguments)
    for name, part, target in zip(("h", "c"), got, expected, strict=True):
        shape(part, target.shape, what=name, why=why)
        close(part, target, what=name, why=why)


laws = Laws(
    "lstm_step",
    draw_step,
    torch_step,
    parts=("h", "c"),
    large={"batch": 20, "features": 70, "hidden": 66},
    extreme=lambda rng: {**draw_step(rng, 2, 3, 4), "b": far_apart(rng, 4, 4)},
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
        c = 2.0 * f + 1.0 * i  # an open forget gate keeps 2, an open input gate writes 1
        expected = np.array([[o * math.tanh(c)]]), np.array([[c]])
        arguments = one, one, 2 * one, W, U, b
        compare_step(student.lstm_step(*arguments), *arguments, expected=expected)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
