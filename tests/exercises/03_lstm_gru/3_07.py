"""Checks of exercise 3.7: the adding problem."""

import numpy as np

from seqkit.checking.diagnosis import holds, parts_of
from seqkit.checking.expect import Mismatch, array, close, dtype, shape
from seqkit.checking.student import short
from seqkit.course import Rules, check

rules = Rules(defines=("adding_problem",), numpy=True)


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


@check(points=0.5)
def test_marks_one_step_in_each_half(student):
    """marks exactly one step in each half of every row"""
    for batch, length in ((3, 6), (50, 4), (2, 2), (20, 5)):
        X, _ = adding_batch(
            student, batch, length, student.build("numpy.random.default_rng", length)
        )
        steps = marked_steps(X)
        if batch == 50:
            holds(
                len(set(map(tuple, steps.tolist()))) == 4,
                "50 rows of 4 steps, and not every pair of a first and a second step is marked "
                "in one of them: each row draws its own two, and every step can be drawn.",
            )


@check(points=0.5)
def test_adds_the_marked_numbers(student):
    """adds up the marked numbers"""
    for batch, length in ((3, 6), (20, 10)):
        X, y = adding_batch(student, batch, length, student.build("numpy.random.default_rng", 5))
        holds(
            len(np.unique(X[:, :, 0])) > batch * length / 2,
            "X[:, :, 0] holds a number for every row and step, drawn uniformly from 0 to 1: here "
            "most are the same.",
        )
        compare_sums(X, y)
