"""Hidden checks of exercise 3.7: the adding problem."""

import math

import numpy as np

from seqkit.checking.diagnosis import holds
from seqkit.checking.drawing import shuffled
from seqkit.course import check

from ..ex_3_07 import (
    MANY,
    adding_batch,
    compare_draws,
    compare_results,
    compare_spread,
    compare_sums,
    compare_uniform,
    marked_steps,
    refuse,
)


@check(points=0.5)
def test_draws_fairly(student, rng):
    """draws uniform numbers, and every step of a half equally often, row by row"""
    batch, length = 4000, 7  # halves of 3 and 4 steps
    generator = student.build("numpy.random.default_rng", int(rng.integers(2**31)))
    X, y = adding_batch(student, batch, length, generator)
    compare_sums(X, y)
    steps = marked_steps(X)
    many, _ = adding_batch(student, *MANY, generator)
    compare_spread(many)
    compare_uniform(many)
    pairs = np.bincount(steps[:, 0] * 4 + steps[:, 1] - 3, minlength=12)
    expected = batch / 12
    holds(
        np.abs(pairs - expected).max() < 7 * math.sqrt(expected),
        "Every step of the first half and every step of the second should be marked equally "
        "often, the last one too, and each row should draw its own two.",
    )
    holds(
        abs(y.mean() - 1.0) < 0.05 and abs(y.var() - 1 / 6) < 0.03,
        "Marks should not depend on the numbers: the sums have mean 1 and variance 1/6.",
    )


@check(points=0.25)
def test_draws_from_rng_alone(student, rng):
    """draws everything from rng: the same state, the same batch"""
    for _ in range(2):
        compare_draws(student, int(rng.integers(2**31)))
        compare_results(student, int(rng.integers(2**31)))


@check(points=0.25)
def test_odd_and_short_sequences(student, rng):
    """gives odd lengths the longer second half, and refuses a length below 2"""
    calls = [(300, length) for length in (2, 3, 5, 9)]
    calls += [(batch, int(rng.integers(4, 12))) for batch in (1, 1, 300)]
    for length in (1, 0, -1, -int(rng.integers(2, 100)), -int(rng.integers(100, 10_000))):
        calls.append((int(rng.choice([1, 300])), length))
    for batch, length in shuffled(rng, calls):
        generator = student.build("numpy.random.default_rng", int(rng.integers(2**31)))
        if length < 2:
            refuse(student, batch, length, generator)
            continue
        X, y = adding_batch(student, batch, length, generator)
        compare_sums(X, y)
        reached = set(marked_steps(X).ravel().tolist())
        holds(
            batch == 1 or reached == set(range(length)),
            "Every step can be marked: the first ⌊length/2⌋ steps are the first half, all others "
            "the second, the very last included.",
        )
