"""Hidden checks of exercise 2.7: is the gradient right?."""

import math
from itertools import product

import numpy as np

from seqkit.checking.diagnosis import as_number
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal
from seqkit.checking.portable import portable
from seqkit.course import check

from ..ex_2_07 import BROKEN, compare_check, cubes, flat, laws, wave
from .oracle import broken


@portable
def cubed_product(theta, w):
    return float((w * theta).sum() ** 3)


@check(points=0.5)
def test_any_function(student, rng):
    """checks gradients of functions of vectors, matrices and more axes"""
    for dimensions in [(4,), (2, 3), (3, 1, 2), (1,)]:
        theta, w = rng.normal(size=(2, *dimensions))
        w += np.sign(w)
        # away from 0, where the cubic is flat and rounding errors are all there is
        theta += w * (rng.uniform(1, 2) - (w * theta).sum()) / (w**2).sum()
        eps = float(rng.uniform(0.2, 0.5))
        f = cubed_product.given(w=w)
        total = (w * theta).sum()
        numeric = 3 * w * total**2 + w**3 * eps**2  # the cubic's central difference, exactly
        grad = numeric * rng.choice([0.5, 1.0, -1.0, 1.25], size=dimensions)
        compare_check(student, f, theta, grad, numeric, eps=eps)
        compare_check(student, f, theta, 3 * w * total**2, numeric, eps=eps)
        grad = 3 * w * total**2
        grad.flat[-1] *= 1.5
        compare_check(student, f, theta, grad, 3 * w * total**2)


@check(points=0.25)
def test_any_call(student, rng):
    """finds the error of any call, leaves theta as it was to the last bit, and keeps the laws"""
    laws.hold(student, rng)


@check(points=0.25)
def test_defaults_and_nan(student, rng):
    """uses ε = 1e-5 and the floor 1e-8, and never hides a NaN, wherever it is"""
    for frequency in (5e4, 1e5):
        f, theta = wave.given(frequency=frequency), np.zeros(1)
        numeric = np.array([math.sin(frequency * 1e-5) / 1e-5])
        compare_check(student, f, theta, np.array([frequency]), numeric)
    slope = float(rng.uniform(1e-9, 4e-9))
    f, grad = flat.given(slope=slope), np.array([0.0, slope])
    # the floor: |n - g| / 1e-8
    compare_check(student, f, np.zeros(2), grad, np.full(2, slope), eps=0.5)
    calls = []
    for place, kind in product(range(3), ("grad", "f", "right", "wrong")):
        theta = rng.uniform(0.5, 1.5, size=3) * rng.choice([-1.0, 1.0], size=3)
        f, grad = cubes, 3 * theta**2
        if kind == "f":
            f = broken.given(place=place, value=float(theta[place]))
        elif kind != "right":
            grad[place] *= math.nan if kind == "grad" else 1.5
        calls.append((kind, f, theta, grad))
    for kind, f, theta, grad in shuffled(rng, calls):
        if kind in ("grad", "f"):
            got = as_number(student.gradient_check(f, theta, grad), "the error")
            equal(math.isnan(got), True, what="an error that is NaN", why=BROKEN)
        else:
            compare_check(student, f, theta, grad, 3 * theta**2)
