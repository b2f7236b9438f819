"""Checks of exercise 3.9: bug hunt: a test that is none."""

import math

import numpy as np

from seqkit.checking.expect import Mismatch, array, close, dtype, equal, shape
from seqkit.checking.student import short
from seqkit.course import Rules, check

rules = Rules(defines=("noise_floor",), numpy=True)


KEYS = ("train_mse", "test_mse", "floor", "verdict")


def mean_square(a, b):
    """Return the mean squared difference, number by number."""
    pairs = list(zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True))
    return math.fsum((left - right) ** 2 for left, right in pairs) / len(pairs)


def noise_by_hand(y_train, predictions_train, y_test, predictions_test):
    """Work out the four answers."""

    def spread(y):
        values = np.ravel(y).tolist()
        return mean_square(values, [math.fsum(values) / len(values)] * len(values))

    train, test = mean_square(y_train, predictions_train), mean_square(y_test, predictions_test)
    if test < 0.9 * spread(y_test):
        verdict = "learned"
    else:
        verdict = "memorised" if train < 0.9 * spread(y_train) else "nothing to learn"
    return dict(zip(KEYS, (train, test, spread(y_test), verdict), strict=True))


def why_number(name, got, expected, arguments):
    """Guess what went wrong with one of the three numbers."""
    shapes = [np.shape(part) for part in arguments]
    y_train, predictions_train, y_test, predictions_test = map(np.ravel, arguments)

    def same(other):
        return np.ndim(got) == 0 and np.isclose(got, other)

    if name == "test_mse" and same(expected["train_mse"]):
        return "It looks like the error on the training rows: a test is made on other rows."
    if name == "floor" and same(np.var(y_train)):
        return "It looks like the variance of y_train: the floor belongs to the test rows."
    if name == "floor" and len(y_test) > 1 and same(np.var(y_test, ddof=1)):
        return "Divide by N, not N - 1: it is the error of answering the mean."
    if name == "floor" and same(np.std(y_test)):
        return "That is the standard deviation: the variance is its square."
    pairs = {"train_mse": (y_train, predictions_train), "test_mse": (y_test, predictions_test)}
    if name in pairs:
        y, predictions = pairs[name]
        mixed = shapes[0] != shapes[1] if name == "train_mse" else shapes[2] != shapes[3]
        if mixed and same(np.mean((y[:, None] - predictions) ** 2)):
            return "(N,) minus (N, 1) is a table (N, N): bring both to one shape first."
        if same(math.sqrt(expected[name])):
            return "It looks like a root was taken: the mean squared error has none."
        if same(np.mean(np.abs(y - predictions))):
            return "That is the mean absolute error: the differences are squared."
        if same(np.sum((y - predictions) ** 2)):
            return "That is the sum of squares: a mean squared error divides by N."
    return "mse: mean squared error, pair by pair. floor: variance of y_test."


def compare_floor(student, *arguments):
    """Call noise_floor and compare its dict."""
    got = student.noise_floor(*arguments)
    if not isinstance(got, dict) or set(got) != set(KEYS):
        raise Mismatch(
            f"gave {short(got)}, expected a dict with {', '.join(KEYS)}",
            f"The result is a dict with exactly the keys {', '.join(KEYS)}.",
        )
    expected = noise_by_hand(*arguments)
    for name in KEYS[:3]:
        number = array(got[name], name, f"{name} is one number.")
        why = why_number(name, number, expected, arguments)
        shape(number, (), what=name, why=f"{name} is one number.")
        close(number, expected[name], what=name, why=why, atol=1e-9, rtol=1e-6)
        dtype(number, "float", what=name, why=f"{name} is a float.")
    equal(
        got["verdict"],
        expected["verdict"],
        what="verdict",
        why="'learned' if test_mse < 0.9·floor; otherwise 'memorised' if train_mse < 0.9·variance "
        "of y_train; otherwise 'nothing to learn'.",
    )


@check(points=0.5)
def test_measures_on_both_sets(student):
    """measures the error on training and on test rows, and the floor"""
    compare_floor(student, [0, 2], [0, 2], [0, 2], [2, 0])
    compare_floor(student, [1.0, 3.0], [1.0, 2.0], [0.0, 1.0, 5.0], [0.5, 1.0, 4.0])


@check(points=0.25)
def test_tells_the_three_verdicts(student):
    """tells learned, memorised and nothing to learn apart"""
    y = np.array([0.0, 1.0, 2.0, 3.0])
    mean = np.full(4, 1.5)
    compare_floor(student, y, y, y, y + 0.1)
    compare_floor(student, y, mean, y, y - 0.1)  # learned, whatever the training error is
    compare_floor(student, y, y + 0.1, y, mean)
    compare_floor(student, y, mean, y, mean)


@check(points=0.25)
def test_compares_value_with_value(student):
    """compares value with value where shapes differ"""
    y = np.array([0.0, 1.0, 2.0])
    compare_floor(student, y, y[:, None], y[:, None], y)
    compare_floor(student, y[:, None], y[:, None] + 1, y, y[:, None] - 1)
