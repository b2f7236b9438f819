"""Checks of exercise 2.7: is the gradient right?."""

import math

import numpy as np

from seqkit.checking.diagnosis import advising, as_number, looks_like
from seqkit.checking.expect import close, equal, naming, raises
from seqkit.checking.portable import portable
from seqkit.course import Rules, check

from .oracle import saying

rules = Rules(defines=("gradient_check",), forbids=("torch.autograd.gradcheck",), numpy=True)


@portable
def cubes(theta):
    return float((theta**3).sum())


@portable
def doubled_first(theta):
    return 2.0 * float(theta.ravel()[0])


@portable
def constant(theta):
    return 2.5


DOUBLED = "f is twice the first entry of theta, so n is 2 there and 0 elsewhere"


def relative_error(numeric, grad):
    """Compare two gradients entry by entry and return the largest relative error."""
    errors = []
    for n, g in zip(np.ravel(numeric).tolist(), np.ravel(grad).tolist(), strict=True):
        errors.append(abs(n - g) / max(abs(n) + abs(g), 1e-8))
    return math.nan if any(map(math.isnan, errors)) else max(errors)


def error_suspects(f, theta, grad, eps, numeric):
    """Yield what comes out when something typical is wrong."""
    ahead, behind, wide = (np.zeros(theta.shape) for _ in range(3))
    for index in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[index] += eps
        down[index] -= eps
        ahead[index] = (f(up) - f(theta)) / eps
        behind[index] = (f(theta) - f(down)) / eps
        wide[index] = (f(up) - f(down)) / eps
    together = np.full(theta.shape, (f(theta + eps) - f(theta - eps)) / (2 * eps))
    gap, floor = np.abs(numeric - grad), 1e-8
    bare = np.abs(numeric) + np.abs(grad)
    size = np.maximum(bare, floor)
    one_sided = "the difference is one-sided: look at θ + ε and at θ - ε."
    yield one_sided, relative_error(ahead, grad)
    yield one_sided, relative_error(behind, grad)
    yield (
        "the difference was divided by ε: the two points are 2ε apart.",
        relative_error(wide, grad),
    )
    if theta.size > 1:
        yield (
            "all entries were moved at once: move one at a time.",
            relative_error(together, grad),
        )
        yield "it is the mean of the errors: the largest is asked for.", (gap / size).mean()
        yield "it is the smallest error: the largest is asked for.", (gap / size).min()
        yield (
            "the norms were compared: every entry has its own relative error.",
            np.linalg.norm(gap) / max(np.linalg.norm(numeric) + np.linalg.norm(grad), floor),
        )
    yield "it is an absolute error: divide by |n| + |g|.", gap.max()
    no_floor = "the floor 1e-8 is missing: the denominator is max(|n| + |g|, 1e-8)."
    yield no_floor, (gap / bare).max()
    yield no_floor, np.nanmax(np.append(gap / bare, 0.0))  # 0 / 0 left out
    yield (
        "1e-8 was added to the denominator: it is a floor, max(|n| + |g|, 1e-8).",
        (gap / (bare + floor)).max(),
    )
    for message, alone in (
        (
            "it was divided by the larger of the two: divide by their sum.",
            np.maximum(np.abs(numeric), np.abs(grad)),
        ),
        ("it was divided by |n| alone.", np.abs(numeric)),
        ("it was divided by |g| alone.", np.abs(grad)),
    ):
        yield message, (gap / np.maximum(alone, floor)).max()


def compare_check(student, f, theta, grad, numeric, eps=None, call=None):
    """Call gradient_check and compare; ``numeric`` are the central differences as a formula."""
    options = {} if eps is None else {"eps": eps}
    call = student.gradient_check(f, theta, grad, **options) if call is None else call
    got = as_number(call, "the error")
    expected = relative_error(numeric, grad)
    with np.errstate(all="ignore"):
        suspects = error_suspects(f, theta, grad, eps or 1e-5, numeric)
        why = looks_like(
            np.array(got),
            suspects,
            "The error of an entry is |n - g| / max(|n| + |g|, 1e-8), n the central difference; "
            "the largest counts.",
        )
    close(got, expected, what="the error", why=why, rtol=1e-5, atol=1e-7)


@check(points=0.5)
def test_central_differences(student):
    """takes central differences and gives the largest relative error"""
    theta = np.array([1.0, 2.0])
    numeric = np.array([3.01, 12.01])  # ((θ + 0.1)³ - (θ - 0.1)³) / 0.2 = 3θ² + 0.01
    compare_check(student, cubes, theta, np.array([3.0, 12.0]), numeric, eps=0.1)
    compare_check(student, cubes, theta, np.array([3.0, 6.0]), numeric, eps=0.1)
    compare_check(student, cubes, theta, np.array([-3.0, 12.0]), numeric, eps=0.1)


@check(points=0.25)
def test_zero_over_zero(student):
    """gives 0 where both gradients are zero, and nowhere else"""

    def why(got, otherwise):
        return "0 / 0: the denominator is at least 1e-8." if math.isnan(got) else otherwise

    got = as_number(student.gradient_check(constant, np.ones(2), np.zeros(2)), "the error")
    both = "f is the same everywhere: n and g are 0, and so is |n - g| / max(|n| + |g|, 1e-8)."
    equal(got, 0.0, what="the error", why=why(got, both))
    call = student.gradient_check(doubled_first, np.ones(2), np.array([1.0, 0.0]))
    got = as_number(call, "the error")
    one = (
        f"{DOUBLED}: where both gradients are zero the error is 0, at the first entry it is "
        "|2 - 1| / (2 + 1), and the larger counts."
    )
    close(got, 1 / 3, what="the error", why=why(got, one), atol=1e-7)
    numeric = np.array([2.0, 0.0, 0.0])
    with saying(f" {DOUBLED}."):
        compare_check(student, doubled_first, np.ones(3), np.array([3.0, 0.0, 0.0]), numeric)


@check(points=0.25)
def test_refuses_another_shape(student):
    """refuses a gradient of another shape, naming both, and no other"""
    why = (
        "NumPy would broadcast one against the other: a grad of another shape is a ValueError "
        "that names both shapes."
    )
    for shaped, bad in (((2, 5), (1, 5)), ((2, 5), (5,)), ((5,), (1, 5))):
        with raises(ValueError, why=why), naming((*shaped, *bad), why=why):
            student.gradient_check(cubes, np.ones(shaped), np.ones(bad))
    numeric, why = np.array([2.0, 0.0, 0.0]), "A grad of the shape of theta is not refused."
    with saying(f" {DOUBLED}."), advising(why, "ValueError"):
        for slope in (1.0, 3.0):
            grad = np.array([slope, 0.0, 0.0])
            compare_check(student, doubled_first, np.ones(3), grad, numeric)
