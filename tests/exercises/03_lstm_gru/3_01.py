"""Checks of exercise 3.1: one step of an LSTM."""

import math
from itertools import product

import numpy as np

from seqkit.checking.diagnosis import agree, doubles, parts_of
from seqkit.checking.expect import close, shape
from seqkit.course import Rules, check

from .oracle import NO_LSTM, SMALL_STEP, lstm_by_loops, one_cell, why_step

rules = Rules(defines=("lstm_step",), forbids=tuple(NO_LSTM), numpy=True)


def compare_step(student, *arguments, expected=None, kept=None):
    """Call lstm_step and compare both states."""
    got = parts_of(student.lstm_step(*(kept or arguments)), "h", "c")
    got = [doubles(part, name) for part, name in zip(got, ("h", "c"), strict=True)]
    expected = lstm_by_loops(*arguments) if expected is None else expected
    why = "" if agree(got, expected) else why_step(got, arguments)
    for name, part, target in zip(("h", "c"), got, expected, strict=True):
        shape(part, target.shape, what=name, why=why)
        close(part, target, what=name, why=why)


@check(points=0.5)
def test_one_lstm_step_by_hand(student):
    """takes a step that can be followed by hand"""
    compare_step(student, *one_cell(c=2.0))
    compare_step(student, *one_cell(c=2.0, b=(0.0, 0.0, -20.0, 0.0)))
    compare_step(student, *one_cell(c=-2.0, b=(0.0, 0.0, 0.0, 0.0)))


@check(points=0.25)
def test_opens_and_closes_each_gate(student):
    """opens and closes each gate on its own"""
    one = np.ones((1, 1))
    for i, f, o in product((0, 1), repeat=3):
        W = np.array([[200.0 * i - 100], [0.0], [0.0], [0.0]])  # x moves i, h moves f, b moves o
        U = np.array([[0.0], [200.0 * f - 100], [0.0], [0.0]])
        b = np.array([0.0, 0.0, 20.0, 200.0 * o - 100])
        c = 2.0 * f + 1.0 * i  # an open forget gate keeps 2, an open input gate writes 1
        expected = np.array([[o * math.tanh(c)]]), np.array([[c]])
        compare_step(student, one, one, 2 * one, W, U, b, expected=expected)


@check(points=0.25)
def test_reads_input_and_state(student):
    """reads input, state and bias"""
    compare_step(student, *SMALL_STEP)
