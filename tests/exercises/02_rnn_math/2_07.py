"""Checks of exercise 2.7: is the gradient right?."""

import math

import numpy as np

from seqkit.checking.diagnosis import advising, as_number, looks_like
from seqkit.checking.expect import close, equal, naming, raises
from seqkit.checking.laws import Laws
from seqkit.checking.portable import portable
from seqkit.course import Rules, check

from .oracle import saying

rules = Rules(defines=("gradient_check",), forbids=("torch.autograd.gradcheck",), numpy=True)


@portable
def cubes(theta):
    return float((theta * theta * theta).sum())


@portable
def doubled_first(theta):
    return 2.0 * float(theta.ravel()[0])


@portable
def constant(theta):
    return 2.5


@portable
def wave(theta, frequency):
    return float(np.sin(frequency * theta).sum())


@portable
def flat(theta, slope):
    return slope * float(theta.sum())


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


def compare_check(student, f, theta, grad, numeric, eps=None):
    """Call gradient_check and compare; ``numeric`` are the central differences as a formula."""
    options = {} if eps is None else {"eps": eps}
    got = student.gradient_check(f, theta, grad, **options)
    compare_error(got, f, theta, grad, numeric, eps or 1e-5)


def compare_error(got, f, theta, grad, numeric, eps):
    """Compare an error with the right one."""
    got = as_number(got, "the error")
    expected = relative_error(numeric, grad)
    with np.errstate(all="ignore"):
        suspects = error_suspects(f, theta, grad, eps, numeric)
        why = looks_like(
            np.array(got),
            suspects,
            "The error of an entry is |n - g| / max(|n| + |g|, 1e-8), n the central difference; "
            "the largest counts.",
        )
    close(got, expected, what="the error", why=why, rtol=1e-9, atol=1e-12 / eps)


def draw(rng, rows, columns):
    """Draw an array and a gradient of the sum of its cubes that is wrong here and there."""
    theta = rng.uniform(1, 2, size=(rows, columns, 2)) * rng.choice([-1, 1])
    factors = rng.choice([0.5, 1.0, 1.25, 2.0], size=theta.shape)
    return {"f": cubes, "theta": theta, "grad": np.round(3 * theta**2 * factors, 2), "eps": 0.1}


def cubes_by_hand(f, theta, grad, eps):
    """Compare with ((θ + ε)³ - (θ - ε)³) / 2ε = 3θ² + ε²."""
    return relative_error(3 * theta**2 + eps**2, grad)


laws = Laws(
    "gradient_check",
    draw,
    cubes_by_hand,
    parts=("the error",),
    large={"rows": 9, "columns": 65},
    whole=("grad",),
    compare=lambda got, f, theta, grad, eps: compare_error(
        got, f, theta, grad, 3 * theta**2 + eps**2, eps
    ),
    without=("read-only",),  # an answer may write into theta and put back what stood there
    atol=1e-9,
)


@check(points=0.25)
def test_central_differences(student):
    """takes central differences and gives the largest relative error"""
    theta = np.array([1.0, 2.0])
    numeric = np.array([3.01, 12.01])  # ((θ + 0.1)³ - (θ - 0.1)³) / 0.2 = 3θ² + 0.01
    compare_check(student, cubes, theta, np.array([3.0, 12.0]), numeric, eps=0.1)
    compare_check(student, cubes, theta, np.array([3.0, 6.0]), numeric, eps=0.1)
    compare_check(student, cubes, theta, np.array([-3.0, 12.0]), numeric, eps=0.1)
    slope = np.array([7500.0])  # ε is as large for θ = 50
    compare_check(student, cubes, np.array([50.0]), slope, slope + 0.01, eps=0.1)
    numeric = np.array([math.sin(0.5) / 1e-5])  # of sin(50,000 θ) at 0, with ε = 1e-5
    compare_check(student, wave.given(frequency=5e4), np.zeros(1), np.array([5e4]), numeric)


BROKEN = "A NaN in the gradient or in f has to come out as NaN: max(0.0, nan) is 0.0 in Python."


@check(points=0.25)
def test_zero_over_zero(student):
    """gives 0 where both gradients are zero, NaN where one is NaN, and knows the floor"""

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
    small = np.array([0.0, 2e-9])  # beside slopes of 2e-9 the floor counts: 2e-9 / 1e-8
    compare_check(student, flat.given(slope=2e-9), np.zeros(2), small, np.full(2, 2e-9), eps=0.5)
    nowhere = flat.given(slope=math.nan)
    for f, grad in ((cubes, np.array([3.0, math.nan])), (nowhere, np.zeros(2))):
        got = as_number(student.gradient_check(f, np.ones(2), grad), "it")
        equal(math.isnan(got), True, what="an error that is NaN", why=BROKEN)


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


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
