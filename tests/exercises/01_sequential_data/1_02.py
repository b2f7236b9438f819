"""Checks of exercise 1.2: does order matter?."""

import numpy as np

from seqkit.checking.diagnosis import ROUNDED
from seqkit.checking.expect import close
from seqkit.checking.laws import Laws
from seqkit.checking.portable import portable
from seqkit.course import Rules, check

from .oracle import refused

rules = Rules(defines=("order_gap",), numpy=True)


@portable
def mean_over_time(X):
    return X.mean(axis=1)


@portable
def last_step(X):
    return X[:, -1]


@portable
def minus_last_step(X):
    return -X[:, -1]


@portable
def running_sum(X):
    return np.cumsum(X, axis=1)


@portable
def first_sum(X):
    return float(X[:, 0].sum())


@portable
def projected(X, w):
    return np.einsum("btd,tdh->bth", X, w)


def largest_change(f, X, permutation):
    """Find the gap entry by entry."""
    reordered = X.copy()
    for t, source in enumerate(permutation):
        reordered[:, t] = X[:, source]
    before, after = np.ravel(f(X)).tolist(), np.ravel(f(reordered)).tolist()
    return max(abs(a - b) for a, b in zip(after, before, strict=True))


def compare_gap(got, *arguments):
    """Compare a gap with the largest change there is."""
    why = (
        "The gap is the largest absolute change of any entry of f(X) when step t becomes step "
        "permutation[t], whatever the shape of f(X). Where f gives an output a step, output t of "
        "the one is compared with output t of the other: do not put the outputs back in order."
    )
    expected = largest_change(*arguments)
    if isinstance(got, float) and np.isclose(got, expected):
        why = ROUNDED
    close(got, expected, what="a gap", why=why, atol=1e-12, rtol=1e-12)


def draw(rng, batch, steps, features):
    """Draw a function, its input and an order of time."""
    return {
        "f": projected.given(w=rng.integers(-8, 9, size=(steps, features, 3)) / 4),
        "X": rng.integers(-8, 9, size=(batch, steps, features)) / 4,
        "permutation": rng.permutation(steps),
    }


laws = Laws(
    "order_gap",
    draw,
    largest_change,
    parts=("a gap",),
    large={"batch": 20, "steps": 220, "features": 66},
    compare=compare_gap,
)


@check(points=0.25)
def test_a_mean_has_no_order(student):
    """finds no gap for a mean over time"""
    X = np.arange(27.0).reshape(3, 3, 3) ** 2 / 7
    gap = student.order_gap(mean_over_time, X, [2, 0, 1])
    close(
        gap,
        0.0,
        atol=1e-12,
        what="a gap",
        why="A mean over time is the same in any order. If the gap is large, look at which axis "
        "you permute: shapes are (B, T, D), time is axis 1.",
    )
    for f in (running_sum, first_sum):
        compare_gap(student.order_gap(f, X, [2, 0, 1]), f, X, [2, 0, 1])


@check(points=0.25)
def test_the_last_step_sees_order(student):
    """measures how far the last step moves, up or down"""
    X = np.array([[[1.0], [2.5], [4.0]], [[3.0], [1.0], [2.0]]])
    slips = {
        1.0: "It looks like the sign was kept: take absolute values before the maximum.",
        2.0: "It looks like a mean: the largest change counts.",
        1.5: "It looks like the permutation the other way round.",
    }
    for f in (last_step, minus_last_step):
        gap = student.order_gap(f, X, [1, 2, 0])
        why = (
            "In the new order the last step is step permutation[2] = 0 of X: 4 becomes 1 in the "
            "first row and 2 becomes 3 in the second. The largest change is 3."
        )
        if isinstance(gap, float):
            why = slips.get(gap, why)
        close(gap, 3.0, what="a gap", why=why)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)


NOT_A_PERMUTATION = (
    "Sorted, a permutation of T steps is exactly 0, 1, …, T-1. Anything else is a ValueError that "
    "says `permutation`: a wrong length, a step twice, a number out of range, also a negative "
    "one, which NumPy would take without a word."
)


@check(points=0.25)
def test_refuses_what_is_no_permutation(student):
    """refuses what is not a permutation"""
    X = np.arange(8.0).reshape(1, 4, 2)
    close(student.order_gap(last_step, X, [3, 1, 2, 0]), 6.0, why="[3, 1, 2, 0] is a permutation.")
    bad = [[0, 0, 1, 2], [2, 1, 0], [0, 1, 2, 3, 3], [0, 1, 2, 4], [0, 1, 2, -1], [0, 0, 3, 3]]
    for numbers in [*bad, [0, 1, 2, 3 + 2**32]]:
        refused(student.order_gap, last_step, X, numbers, says="permutation", why=NOT_A_PERMUTATION)
