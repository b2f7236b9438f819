"""Hidden checks of exercise 2.6: back through time."""

import numpy as np

from seqkit.checking.diagnosis import parts_of
from seqkit.checking.drawing import sizes
from seqkit.checking.expect import array, close, shape
from seqkit.course import check

from ..ex_2_06 import GRADIENTS, compare_gradients, laws
from ..oracle import states_of
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
        X, *weights = case
        one_hot = np.eye(X.shape[-1], dtype=np.int64)[rng.integers(X.shape[-1], size=X.shape[:2])]
        compare_gradients(student, (one_hot, *weights), dH, only=("dX", "dh0"))


@check(points=0.75)
def test_weights_gradients(student, rng):
    """finds dW_xh, dW_hh and db as small changes of the weights show them"""
    for dimensions in (sizes(rng, 4), [2, 6, 1, 3], [3, 1, 2, 4]):
        compare_gradients(student, *random_case(rng, *dimensions), only=("dW_xh", "dW_hh", "db"))
    # derived, 20,000 gradients take milliseconds; found by a small change of each they take minutes
    (X, h0, W_xh, W_hh, b), dH = random_case(rng, 2, 20, 100, 100)
    case = (X, h0, W_xh / 10, W_hh / 10, b)
    got = parts_of(student.rnn_backward(*case, states_of(*case), dH), *GRADIENTS)[2:]
    way = [rng.normal(size=np.shape(weights)) for weights in case[2:]]
    for name, gradient, step in zip(GRADIENTS[2:], got, way, strict=True):
        shape(gradient, step.shape, what=name, why=f"{name} has the shape of what it belongs to.")
    slope = sum((array(gradient) * step).sum() for gradient, step in zip(got, way, strict=True))
    close(
        slope,
        slope_along(case, way, dH),
        what="a slope",
        why="For a hundred units the gradients do not tell how the loss changes when all weights "
        "change a little.",
        rtol=1e-6,
    )


def slope_along(case, way, dH):
    """Find how the loss changes when all weights change together, by a complex step."""
    X, h, *weights = case
    W_xh, W_hh, b = (value + 1e-30j * step for value, step in zip(weights, way, strict=True))
    loss = 0.0
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b)
        loss += (dH[:, t] * h).sum()
    return loss.imag / 1e-30


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
