"""Hidden checks of exercise 1.2: does order matter?."""

import numpy as np

from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import close, equal
from seqkit.checking.portable import portable
from seqkit.course import check

from ..ex_1_02 import last_step, refuses_a_list, running_sum


@portable
def every_tanh(X):
    return np.tanh(X)


@portable
def weighted_sum(X, w):
    return float((X * w).sum())


@portable
def weighted_rows(X, w):
    return (X * w).sum(axis=(1, 2))


@portable
def projected(X, w):
    return np.einsum("btd,tdh->bh", X, w)


def largest_change(f, X, permutation):
    """Find the gap entry by entry."""
    reordered = X.copy()
    for t, source in enumerate(permutation):
        reordered[:, t] = X[:, source]
    before, after = np.ravel(f(X)).tolist(), np.ravel(f(reordered)).tolist()
    return max(abs(a - b) for a, b in zip(after, before, strict=True))


@check(points=0.25)
def test_any_function(student, rng):
    """measures functions that return a number, one a row, or several a row"""
    for _ in range(4):
        batch, steps, features = rng.integers(2, 5, size=3).tolist()
        X = rng.normal(size=(batch, steps, features))
        weights = rng.normal(size=(steps, features))
        matrix = rng.normal(size=(steps, features, 3))
        permutation = rng.permutation(np.roll(np.arange(steps), 1))
        functions = [
            weighted_sum.given(w=weights),
            weighted_rows.given(w=weights),
            projected.given(w=matrix),
        ]
        for f in functions:
            close(
                student.order_gap(f, X, permutation),
                largest_change(f, X, permutation),
                what="a gap",
                why="The gap is the largest absolute change of any entry of f(X) when step t "
                "becomes step permutation[t], whatever the shape of f(X).",
            )


@check(points=0.25)
def test_outputs_stay_where_they_are(student, rng):
    """compares step by step outputs as they come, and leaves X as it was"""
    X = rng.normal(size=(2, 5, 3))
    permutation = np.roll(np.arange(5), int(rng.integers(1, 5))).tolist()
    for f in (every_tanh, running_sum):
        kept = student.keep(X)
        close(
            student.order_gap(f, kept, permutation),
            largest_change(f, X, permutation),
            what="a gap",
            why="Where f gives an output a step, output t of the one is compared with output t of "
            "the other: do not put the outputs back in order.",
        )
        equal(
            student.fetch(kept),
            X,
            what="X afterwards",
            why="The caller's X was changed: reorder a copy, as indexing with a list makes it.",
        )


@check(points=0.5)
def test_refuses_any_other_list(student, rng):
    """takes every permutation and refuses every other list of numbers"""
    steps = int(rng.integers(4, 8))
    X = rng.normal(size=(2, steps, 1))
    order, other = rng.permutation(steps).tolist(), rng.permutation(steps).tolist()
    good = [order, other, list(range(steps))]
    twice = [order[0], order[0], *order[2:]]
    beyond = [steps if t == steps - 1 else t for t in order]
    negative = [-1 if t == steps - 1 else t for t in order]
    shifted = [t + 1 for t in order]
    bad = [order[1:], [*order, order[0]], twice, beyond, negative, shifted, []]
    for numbers in shuffled(rng, [*good, *bad]):
        if numbers in good:
            close(
                student.order_gap(last_step, X, numbers),
                largest_change(last_step, X, numbers),
                what="a gap",
                why="This was a permutation; the gap of the last step is wrong.",
            )
        else:
            with refuses_a_list(numbers):
                student.order_gap(last_step, X, numbers)
