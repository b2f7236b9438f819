"""Hidden checks of exercise 2.4: the output comes back."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_04 import JORDAN, compare_jordan
from .oracle import call_kept


def random_jordan(rng, batch, steps, features, hidden, outputs):
    """Draw the arguments of output_recurrence."""
    return (
        rng.normal(size=(batch, steps, features)),
        rng.normal(size=(hidden, features)),
        rng.normal(size=(outputs, hidden)),
        rng.normal(size=(hidden, outputs)) * 0.7,
        rng.normal(size=hidden),
        rng.normal(size=outputs),
    )


@check(points=0.5)
def test_any_output_recurrence(student, rng):
    """runs any network of this kind, of one-hot vectors too, and leaves its arguments alone"""
    for dimensions in ([*sizes(rng, 5)], [1] * 5, [2, 1, 3, 2, 4]):
        arguments = random_jordan(rng, *dimensions)
        got = call_kept(student, "output_recurrence", dict(zip(JORDAN, arguments, strict=True)))
        compare_jordan(student, *arguments, call=got)
    batch, steps, features, hidden, outputs = sizes(rng, 5)
    _, *weights = random_jordan(rng, batch, steps, features, hidden, outputs)
    X = np.eye(features, dtype=np.int64)[rng.integers(features, size=(batch, steps))]
    compare_jordan(student, X, *weights)


@check(points=0.5)
def test_matrices_that_all_fit(student, rng):
    """uses the right matrix the right way round where every one of them would fit"""
    for _ in range(2):
        size = int(rng.integers(2, 5))
        compare_jordan(student, *random_jordan(rng, 3, 4, size, size, size))
