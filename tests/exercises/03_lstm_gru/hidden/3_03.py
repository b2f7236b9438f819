"""Hidden checks of exercise 3.3: bug hunt: which way does z point?."""

from itertools import product

import numpy as np
from torch import gru_cell

from seqkit.checking.diagnosis import floats
from seqkit.checking.expect import close
from seqkit.course import check

from ..ex_3_03 import compare_gru, gru_by_loops
from ..oracle import tensors
from .oracle import compare_untouched, keep_all


def gru_case(rng, batch, features, size):
    """Draw the arguments of a step."""
    sizes = [(batch, features), (batch, size), (3 * size, features), (3 * size, size)]
    return [rng.normal(size=s) for s in [*sizes, 3 * size, 3 * size]]


@check(points=0.5)
def test_any_gru_step(student, rng):
    """takes the same step as PyTorch, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        x, h, W, U, b_x, b_h = gru_case(rng, *sizes)
        expected = gru_cell(*tensors(x, h, W, U, b_x, b_h)).numpy()
        for options in ({}, {"reset_after": True}):
            compare_gru(student, x, h, W, U, b_x, b_h, expected=expected, **options)


@check(points=0.5)
def test_any_step_reset_before(student, rng):
    """takes the paper's step, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        arguments = gru_case(rng, *sizes)
        compare_gru(student, *arguments, reset_after=False)
        compare_gru(student, *arguments, False)


@check(points=0.25)
def test_gru_step_changes_nothing(student, rng):
    """leaves its arguments as they were"""
    arguments = gru_case(rng, 2, 3, 4)
    for reset_after in (True, False):
        kept = keep_all(student, arguments)
        compare_gru(student, *arguments, kept=kept, reset_after=reset_after)
        compare_untouched(student, kept, arguments, ("x", "h", "W", "U", "b_x", "b_h"))


@check(points=0.25)
def test_large_gru_gates_stay_numbers(student, rng):
    """gives numbers where the gates are driven to their ends"""
    x, h, W, U, b_x, b_h = gru_case(rng, 3, 2, 4)
    for scale, reset_after in product((3.0, 30.0, 1000.0), (True, False)):
        b_x = scale * rng.choice([-1.0, 1.0], size=b_x.shape)
        got = floats(student.gru_step(x, h, W, U, b_x, b_h, reset_after=reset_after), "h")
        why = "With large sums a gate is 0 or 1, n is ±1. Do the checks with small numbers pass?"
        if np.isnan(got).any():
            why = (
                "There is a nan: exp of a large number is infinite, and infinite / infinite is no "
                "number. Use a sigmoid that cannot overflow in that way."
            )
        close(got, gru_by_loops(x, h, W, U, b_x, b_h, reset_after), what="h", why=why)
