"""Hidden checks of exercise 3.7: the adding problem."""

import math

import numpy as np

from seqkit.checking.diagnosis import holds
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal, naming, raises
from seqkit.course import check

from ..ex_3_07 import adding_batch, compare_sums, marked_steps


@check(points=0.5)
def test_draws_fairly(student, rng):
    """draws uniform numbers, and every step of a half equally often, row by row"""
    batch, length = 4000, 7  # halves of 3 and 4 steps
    generator = student.build("numpy.random.default_rng", int(rng.integers(2**31)))
    X, y = adding_batch(student, batch, length, generator)
    compare_sums(X, y)
    values, steps = X[:, :, 0], marked_steps(X)
    tenths = np.bincount((values.ravel() * 10).astype(int).clip(0, 9), minlength=10)
    expected = values.size / 10
    holds(
        np.abs(tenths - expected).max() < 7 * math.sqrt(expected),
        "The numbers should be uniform from 0 to 1: some tenths of the range come too often.",
    )
    holds(
        abs(np.corrcoef(values[:, 0], values[:, -1])[0, 1]) < 0.12
        and abs(np.corrcoef(values[:-1, 0], values[1:, 0])[0, 1]) < 0.12,
        "Every row and every step draws a number of its own.",
    )
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
    repeated = np.mean((steps[1:] == steps[:-1]).all(axis=1))
    holds(repeated < 0.2, "Neighbouring rows share their marked steps: each row draws its own.")


@check(points=0.25)
def test_draws_from_rng_alone(student, rng):
    """draws everything from rng: the same state, the same batch"""
    seed, batch, length = int(rng.integers(2**31)), 6, 9
    first, second = (student.build("numpy.random.default_rng", seed) for _ in range(2))
    one = [adding_batch(student, batch, length, first) for _ in range(2)]
    two = [adding_batch(student, batch, length, second) for _ in range(2)]
    why = (
        "Two generators of the same seed gave different batches: draw from rng, not from "
        "np.random, whose state nobody can hand you."
    )
    for a, b in zip(one, two, strict=True):
        compare_sums(*a)
        for name, left, right in zip("Xy", a, b, strict=True):
            equal(left, right, what=name, why=why)
    holds(
        not np.array_equal(one[0][0][:, :, 0], one[1][0][:, :, 0]),
        "The same rng gave the same batch twice: it is not used, or it is seeded again.",
    )
    other = adding_batch(student, 40, length, student.build("numpy.random.default_rng", seed + 1))
    again = adding_batch(student, 40, length, student.build("numpy.random.default_rng", seed))
    for channel, name in enumerate(("numbers", "marks")):
        holds(
            not np.array_equal(other[0][:, :, channel], again[0][:, :, channel]),
            f"Another rng gave the same {name}: they do not come from rng.",
        )


TOO_SHORT = (
    "Two marks need two steps: a length below 2 is a ValueError that says `length` and names the "
    "one given. (Both marks on one step are one mark.)"
)


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
            with (
                raises(ValueError, match="length", why=TOO_SHORT),
                naming((length,), why=TOO_SHORT),
            ):
                student.adding_problem(batch, length, generator)
            continue
        X, y = adding_batch(student, batch, length, generator)
        compare_sums(X, y)
        reached = set(marked_steps(X).ravel().tolist())
        holds(
            batch == 1 or reached == set(range(length)),
            "Every step can be marked: the first ⌊length/2⌋ steps are the first half, all others "
            "the second, the very last included.",
        )
