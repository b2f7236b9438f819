"""Checks of exercise 3.7: the adding problem."""

import math

import numpy as np

from seqkit.checking.diagnosis import holds, parts_of
from seqkit.checking.expect import Mismatch, array, close, dtype, equal, naming, raises, shape
from seqkit.checking.written import short
from seqkit.course import Rules, check

from .oracle import compare_unseeded

rules = Rules(defines=("adding_problem",), numpy=True)


MANY = (600, 300)  # rows and steps


def adding_batch(student, batch, length, rng):
    """Call adding_problem and compare shapes and dtypes."""
    X, y = parts_of(student.adding_problem(batch, length, rng), "X", "y")
    X, y = array(X, "X", "X is an array."), array(y, "y", "y is an array.")
    why = "X holds a number and a mark for every step: (batch, length, 2)."
    shape(X, (batch, length, 2), what="X", why=why)
    shape(y, (batch, 1), what="y", why="y is a column, one sum a row: (batch, 1).")
    dtype(X, "float32", what="X", why="X and y are float32, as the layers take them.")
    dtype(y, "float32", what="y", why="X and y are float32, as the layers take them.")
    return X.astype(np.float64), y.astype(np.float64)


def marked_steps(X):
    """Return both marked steps of every row, (B, 2), one in each half."""
    _, length, _ = X.shape
    marks = X[:, :, 1]
    if not np.isin(marks, (0.0, 1.0)).all():
        why = "A mark is 1, all other steps have 0. Marks stand in X[:, :, 1]."
        raise Mismatch(f"gave marks {short(np.unique(marks))}, expected 0 and 1", why)
    half = length // 2
    counts = np.stack([marks[:, :half].sum(axis=1), marks[:, half:].sum(axis=1)], axis=1)
    if not (counts == 1).all():
        row = int(np.argmax((counts != 1).any(axis=1)))
        first, second = counts[row].astype(int).tolist()
        why = "Each row has one mark among the first ⌊length/2⌋ steps and one among the others."
        if (counts.sum(axis=1) > 2).any():
            why += " X[:, steps, 1] = 1 marks all these steps in every row: index rows and steps."
        elif length % 2 == 0 or (counts.sum(axis=1) == 1).any():
            why += " Two draws from the whole length may meet in one half, or in one step."
        raise Mismatch(
            f"gave a row with {first} marks in the first half and {second} in the second, "
            "expected one in each",
            why,
        )
    return np.stack([marks[:, :half].argmax(axis=1), half + marks[:, half:].argmax(axis=1)], axis=1)


def compare_sums(X, y):
    """Compare y with the sum of the two marked numbers."""
    rows = np.arange(len(X))
    first, second = marked_steps(X).T
    values = X[:, :, 0]
    if not (values.min() >= 0 and values.max() <= 1):  # nor NaN
        raise Mismatch("gave numbers outside 0 to 1", "The numbers are uniform from 0 to 1.")
    close(
        y[:, 0],
        values[rows, first] + values[rows, second],
        what="y",
        why="y is the sum of the two marked numbers of its row.",
        atol=1e-5,
    )


def compare_uniform(X):
    """Look whether the numbers are drawn uniformly, each on its own."""
    values = X[:, :, 0]
    holds(
        len(np.unique(values)) > 0.9 * values.size,
        "X[:, :, 0] holds any number from 0 to 1, not a few of them: here many are the same.",
    )
    for lines in (values, values.T):  # of n pairs a correlation is about one over the root of n
        with np.errstate(invalid="ignore"):  # where all are the same it is nan
            alike = np.triu(np.corrcoef(lines.astype(np.float32)), 1)
        holds(
            np.abs(alike).max() < 8 / math.sqrt(lines.shape[1]),
            "X[:, :, 0] holds a number for every row and step, drawn uniformly from 0 to 1, "
            "whatever the others are: here many are the same, or go with others.",
        )
    tenths = np.bincount((values.ravel() * 10).astype(int).clip(0, 9), minlength=10)
    expected = values.size / 10
    holds(
        np.abs(tenths - expected).max() < 7 * math.sqrt(expected),
        "The numbers should be uniform from 0 to 1: some tenths of the range come too often.",
    )


def compare_spread(X):
    """Look whether the marks of many rows are all over both halves."""
    batch, length, _ = X.shape
    steps = marked_steps(X)
    holds(
        len(np.unique(steps)) > 0.9 * length and len(np.unique(steps, axis=0)) > 0.9 * batch,
        f"Of {batch} rows of {length} steps nearly every one should mark two steps that no other "
        "does, and nearly every step should be marked in one: each row draws its own two, and all "
        "steps of a half are equally likely.",
    )


def compare_draws(student, seed):
    """Draw from generators of the same seed and of others, and compare."""
    batch, length = 6, 9
    first, second = (student.build("numpy.random.default_rng", seed) for _ in range(2))
    state = student.fetch(first.bit_generator.state)
    one = [adding_batch(student, batch, length, first) for _ in range(2)]
    holds(
        student.fetch(first.bit_generator.state) != state,
        "The state of rng is as it was: draw from rng itself, not from np.random, a generator of "
        "your own, or a child (rng.spawn).",
    )
    two = [adding_batch(student, batch, length, second) for _ in range(2)]
    why = (
        "Two generators of the same seed gave different batches: draw from rng, not from "
        "np.random, whose state nobody can hand you."
    )
    for a, b in zip(one, two, strict=True):
        compare_sums(*a)
        for name, left, right in zip("Xy", a, b, strict=True):
            equal(left, right, what=name, why=why)
    other = adding_batch(student, 40, length, student.build("numpy.random.default_rng", seed + 1))
    again = adding_batch(student, 40, length, student.build("numpy.random.default_rng", seed))
    for channel, name in enumerate(("numbers", "marks")):
        holds(
            not np.array_equal(other[0][:, :, channel], again[0][:, :, channel]),
            f"Another rng gave the same {name}: they do not come from rng.",
        )


def compare_results(student, seed):
    """Draw twice, and look at the first batch again; then by name, and many steps and rows."""
    generator = student.build("numpy.random.default_rng", seed)
    kept = parts_of(student.kept("adding_problem", 3, 5, generator), "X", "y")
    before = [student.fetch(part) for part in kept]
    student.adding_problem(3, 5, generator)
    why = "What the first call returned changed when the function was called again: keep no buffer."
    for name, part, value in zip("Xy", kept, before, strict=True):
        equal(student.fetch(part), value, what=name, why=why)
    again = student.build("numpy.random.default_rng", seed)
    named = parts_of(student.adding_problem(rng=again, length=5, batch=3), "X", "y")
    for name, part, value in zip("Xy", named, before, strict=True):
        equal(array(part), value, what=name, why="The same state of rng gives the same batch.")
    for batch, length in ((1, 2), (1100, 3)):
        generator = student.build("numpy.random.default_rng", seed)
        compare_sums(*adding_batch(student, batch, length, generator))

    def draw_again():
        student.adding_problem(3, 5, student.build("numpy.random.default_rng", seed))

    compare_unseeded(student, draw_again)


TOO_SHORT = (
    "Two marks need two steps: a length below 2 is a ValueError that says `length` and names the "
    "one given. (Both marks on one step are one mark.)"
)


def refuse(student, batch, length, generator):
    """Expect an error that says `length` and names the one given."""
    with raises(ValueError, match="length", why=TOO_SHORT), naming((length,), why=TOO_SHORT):
        student.adding_problem(batch, length, generator)


@check(points=0.25)
def test_marks_one_step_in_each_half(student):
    """marks exactly one step in each half of every row"""
    for batch, length in ((3, 6), (2, 2), (20, 5), MANY):
        generator = student.build("numpy.random.default_rng", length)
        X, _ = adding_batch(student, batch, length, generator)
        marked_steps(X)
    compare_spread(X)


@check(points=0.25)
def test_adds_the_marked_numbers(student):
    """adds up the marked numbers"""
    for batch, length in ((3, 6), (20, 10), MANY):
        X, y = adding_batch(student, batch, length, student.build("numpy.random.default_rng", 5))
        compare_sums(X, y)
    compare_uniform(X)


@check(points=0.25)
def test_refuses_short_sequences(student):
    """refuses a length below 2"""
    generator = student.build("numpy.random.default_rng", 6)
    for length in (1, 0, -3):
        refuse(student, 4, length, generator)


@check(points=0.25)
def test_draws_from_rng_alone(student, rng):
    """draws everything from rng, and keeps the laws"""
    compare_draws(student, int(rng.integers(2**31)))
    compare_results(student, int(rng.integers(2**31)))
