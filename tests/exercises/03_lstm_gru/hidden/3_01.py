"""Hidden checks of exercise 3.1: one step of an LSTM."""

import numpy as np
from torch import lstm_cell

from seqkit.checking.diagnosis import floats, parts_of
from seqkit.checking.expect import close
from seqkit.course import check

from ..ex_3_01 import compare_step
from ..oracle import lstm_by_loops, tensors
from .oracle import LSTM_ARGUMENTS, compare_untouched, halves, keep_all, lstm_case


@check(points=0.5)
def test_any_lstm_step(student, rng):
    """takes the same step as PyTorch, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        x, h, c, W, U, b = lstm_case(rng, *sizes)
        at, *states = tensors(x, h, c)
        expected = [part.numpy() for part in lstm_cell(at, states, *tensors(W, U, *halves(rng, b)))]
        compare_step(student, x, h, c, W, U, b, expected=expected)


@check(points=0.25)
def test_lstm_step_changes_nothing(student, rng):
    """leaves its arguments as they were"""
    arguments = lstm_case(rng, 2, 3, 4)
    kept = keep_all(student, arguments)
    compare_step(student, *arguments, kept=kept)
    compare_untouched(student, kept, arguments, LSTM_ARGUMENTS)


@check(points=0.25)
def test_large_gates_stay_numbers(student, rng):
    """gives numbers where the gates are driven to their ends"""
    x, h, c, W, U, b = lstm_case(rng, 3, 2, 4)
    for scale in (3.0, 30.0, 1000.0):
        b = scale * rng.choice([-1.0, 1.0], size=b.shape)
        got = parts_of(student.lstm_step(x, h, c, W, U, b), "h", "c")
        got = [floats(part, name) for part, name in zip(got, "hc", strict=True)]
        expected = lstm_by_loops(x, h, c, W, U, b)
        why = "With large sums a gate is 0 or 1, g is ±1. Do the checks with small numbers pass?"
        if any(np.isnan(part).any() for part in got):
            why = (
                "There is a nan: exp of a large number is infinite, and infinite / infinite is no "
                "number. Use a sigmoid that cannot overflow in that way."
            )
        for name, part, target in zip(("h", "c"), got, expected, strict=True):
            close(part, target, what=name, why=why)
