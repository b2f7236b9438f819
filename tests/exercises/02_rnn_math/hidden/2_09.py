"""Hidden checks of exercise 2.9: why gradients vanish."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_09 import compare_norms, jacobians_by_hand, largest_stretch, laws


@check(points=0.75)
def test_norms_of_any_states(student, rng):
    """agrees with small changes of any state of any network, and keeps the laws"""
    for steps, hidden in (sizes(rng, 2, 3, 6), [7, 2]):
        W_hh = rng.normal(size=(hidden, hidden))
        H = np.tanh(rng.normal(size=(steps, hidden)))
        compare_norms(student.jacobian_norms(W_hh, H), W_hh, H)
    laws.hold(student, rng)


@check(points=0.5)
def test_vanishing_and_exploding(student, rng):
    """keeps, shrinks or grows a gradient by the same factor where states are zero"""
    hidden = int(rng.integers(3, 6))
    rotation, _ = np.linalg.qr(rng.normal(size=(hidden, hidden)))
    for factor, steps in [(1.0, 12), (0.5, 40), (1.5, 30), (0.01, 250)]:
        H = np.zeros((steps, hidden))
        expected = factor ** np.arange(steps - 1, -1, -1.0)
        compare_norms(
            student.jacobian_norms(factor * rotation, H),
            factor * rotation,
            H,
            expected,
            otherwise="With zero states the slope is 1: W_hh = c times a rotation gives c to the "
            "power of the steps in between.",
        )


@check(points=0.5)
def test_saturated_states(student, rng):
    """lets nothing through a saturated state, whatever its sign"""
    hidden = int(rng.integers(3, 6))
    W_hh = rng.normal(size=(hidden, hidden)) * 2
    H = np.tanh(rng.normal(size=(5, hidden)))
    H[2] = rng.choice([-1.0, 1.0], size=hidden)  # the slope 1 - h² is 0 exactly
    after = [largest_stretch(J) for J in jacobians_by_hand(W_hh, H[3:])]
    first = (1 - H[3] ** 2)[:, None] * W_hh
    second = (1 - H[4] ** 2)[:, None] * W_hh @ first
    compare_norms(
        student.jacobian_norms(W_hh, H),
        W_hh,
        H,
        np.array([0.0, 0.0, largest_stretch(second), *after]),
        otherwise="Where all units are at 1 or -1 the slope 1 - h² is 0: nothing from before gets "
        "through, the steps after it are not touched.",
    )
