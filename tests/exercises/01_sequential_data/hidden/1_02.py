"""Hidden checks of exercise 1.2: does order matter?."""

import numpy as np

from seqkit.checking.diagnosis import accepting
from seqkit.checking.drawing import shuffled, sizes
from seqkit.checking.portable import portable
from seqkit.course import check

from ..ex_1_02 import NOT_A_PERMUTATION, compare_gap, last_step, laws, running_sum
from ..oracle import refused


@portable
def every_tanh(X):
    return np.tanh(X)


@portable
def weighted_sum(X, w):
    return float((X * w).sum())


@portable
def weighted_rows(X, w):
    return (X * w).sum(axis=(1, 2))


@check(points=0.5)
def test_any_function(student, rng):
    """measures functions that return a number, one a row or one a step, and keeps the laws"""
    for _ in range(3):
        batch, steps, features = sizes(rng, 3)
        X = rng.normal(size=(batch, steps, features))
        permutation = rng.permutation(np.roll(np.arange(steps), 1)).tolist()
        w = rng.normal(size=(steps, features))
        for f in (weighted_sum.given(w=w), weighted_rows.given(w=w), every_tanh, running_sum):
            compare_gap(student.order_gap(f, X, permutation), f, X, permutation)
    laws.hold(student, rng)


@check(points=0.5)
def test_refuses_any_other_list(student, rng):
    """takes every permutation and refuses every other list of numbers"""
    steps = int(rng.integers(4, 8))
    X = rng.integers(-20, 21, size=(2, steps, 1)) / 2
    order, other = rng.permutation(steps).tolist(), rng.permutation(steps).tolist()
    good = [order, other, list(range(steps))]
    bad = [order[1:], [*order, order[0]], [], [t + 1 for t in order], [order[0]] * steps]
    for wrong in ({0: steps}, {steps - 1: -1}, {0: 1}, {0: 1, 3: 2}):
        bad.append([wrong.get(t, t) for t in order])
    for numbers in shuffled(rng, [*good, *bad]):
        if numbers in good:
            with accepting("this was a permutation."):
                compare_gap(student.order_gap(last_step, X, numbers), last_step, X, numbers)
        else:
            call = student.order_gap
            refused(call, last_step, X, numbers, says="permutation", why=NOT_A_PERMUTATION)
