"""Hidden checks of exercise 2.6: back through time."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_06 import compare_gradients, laws
from .oracle import random_weights


def random_case(rng, batch, steps, features, hidden):
    """Draw a network, its input, and a gradient for its states."""
    case = (
        rng.normal(size=(batch, steps, features)),
        rng.uniform(-0.9, 0.9, size=(batch, hidden)),
        *random_weights(rng, features, hidden),
    )
    return case, rng.normal(size=(batch, steps, hidden))


@check(points=0.75)
def test_inputs_gradients(student, rng):
    """finds dX and dh0 as small changes of X and h0 show them"""
    for dimensions in (sizes(rng, 4), [2, 6, 1, 3]):
        case, dH = random_case(rng, *dimensions)
        compare_gradients(student, case, dH, only=("dX", "dh0"))


@check(points=0.75)
def test_weights_gradients(student, rng):
    """finds dW_xh, dW_hh and db as small changes of the weights show them"""
    for dimensions in (sizes(rng, 4), [2, 6, 1, 3], [3, 1, 2, 4]):
        compare_gradients(student, *random_case(rng, *dimensions), only=("dW_xh", "dW_hh", "db"))


@check(points=0.5)
def test_a_gradient_from_the_end(student, rng):
    """carries a gradient that comes in at one step to all before it and none after"""
    case, dH = random_case(rng, 2, 5, 2, 3)
    for t in (4, int(rng.integers(1, 4)), 0):
        only_here = np.zeros_like(dH)
        only_here[:, t] = dH[:, t]
        compare_gradients(student, case, only_here)


@check(points=0.25)
def test_any_size(student, rng):
    """walks back through sequences of any size, and keeps the laws"""
    laws.hold(student, rng)
