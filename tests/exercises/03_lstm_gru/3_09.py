"""Checks of exercise 3.9: bug hunt: a test that is none."""

import math
from itertools import product

import numpy as np

from seqkit.checking.expect import Mismatch, array, close, dtype, equal, naming, raises, shape
from seqkit.checking.laws import Laws
from seqkit.checking.written import short
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
        return np.ndim(got) == 0 and np.isclose(got, other, atol=0)

    if name == "test_mse" and same(expected["train_mse"]):
        return "It looks like the error on the training rows: a test is made on other rows."
    if name == "floor" and same(np.var(y_train)):
        return "It looks like the variance of y_train: the floor belongs to the test rows."
    if name == "floor" and len(y_test) > 1 and same(np.var(y_test, ddof=1)):
        return "Divide by N, not N - 1: it is the error of answering the mean."
    if name == "floor" and same(np.std(y_test)):
        return "That is the standard deviation: the variance is its square."
    if any(np.asarray(part).dtype.kind == "u" for part in arguments):
        return (
            "Numbers without a sign (uint8) wrap around: 0 - 20 is 236. Make floats of them first."
        )
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
    return (
        "mse: mean squared error, pair by pair. floor: variance of y_test. Subtract before you "
        "square, in float64, and round nothing."
    )


def compare_floor(got, *arguments):
    """Compare a dict with the one that comes out."""
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
        close(number, expected[name], what=name, why=why, atol=1e-20, rtol=1e-7)
        dtype(number, "float", what=name, why=f"{name} is a float.")
    equal(
        got["verdict"],
        expected["verdict"],
        what="verdict",
        why="'learned' if test_mse < 0.9·floor; otherwise 'memorised' if train_mse < 0.9·variance "
        "of y_train; otherwise 'nothing to learn'.",
    )


def near_a_limit(arguments):
    """Say whether rounding could turn a verdict."""
    found = noise_by_hand(*arguments)
    limits = (found["test_mse"], found["floor"]), (found["train_mse"], np.var(arguments[0]))
    return any(abs(mse - 0.9 * variance) < 1e-6 for mse, variance in limits)


def draw(rng, train, test):
    """Draw targets and predictions of two sets, each in a row or in a column."""
    while True:
        found = []
        for size in (train, test):
            y = rng.integers(-20, 21, size=size) / 4
            off = rng.choice([0.0, 0.25, 2.0]) * rng.integers(-4, 5, size=size)
            found += [part[:, None] if rng.random() < 0.5 else part for part in (y, y + off)]
        if not near_a_limit(found):
            names = ("y_train", "predictions_train", "y_test", "predictions_test")
            return dict(zip(names, found, strict=True))


laws = Laws(
    "noise_floor",
    draw,
    noise_by_hand,
    parts=("the dict",),
    large={"train": 1100, "test": 1050},
    compare=compare_floor,
)


UNEQUAL = (
    "Targets and predictions of a set have to be equally many, in either set; one for all of the "
    "others as well is a ValueError that names both numbers."
)


def judge(student, *arguments):
    """Call noise_floor and compare its dict."""
    compare_floor(student.noise_floor(*arguments), *arguments)


def judge_scaled(student, *arguments):
    """Judge tiny numbers, and numbers that differ little beside what they have in common."""
    for size, offset in ((2.0**-20, 0.0), (1.0, 2.0**27)):
        judge(student, *(np.asarray(part) * size + offset for part in arguments))


def refuse(student, numbers, *arguments):
    """Expect an error that names both numbers."""
    with raises(ValueError, why=UNEQUAL), naming(numbers, why=UNEQUAL):
        student.noise_floor(*arguments)


@check(points=0.25)
def test_measures_on_both_sets(student):
    """measures the error on training and on test rows, and the floor, value by value"""
    judge(student, [0, 2], [0, 2], [0, 2], [2, 0])
    judge(student, [1.0, 3.0], [1.0, 2.0], [0.0, 1.0, 5.0], [0.5, 1.0, 4.0])
    y = np.array([0.0, 1.0, 2.0])
    judge(student, y, y[:, None], y[:, None], y)
    judge(student, y[:, None], y[:, None] + 1, y, y[:, None] - 1)
    judge(student, *np.array([[0, 20], [20, 0], [0, 30], [30, 30]], np.uint8))


@check(points=0.25)
def test_tells_the_three_verdicts(student):
    """tells learned, memorised and nothing to learn apart"""
    y = np.array([0.0, 1.0, 2.0, 3.0])  # its variance is 1.25, and 0.9 of that is 1.06 squared
    for train, test in product((0.0, 0.1, 1.05, 1.07, 1.1, 2.0), repeat=2):
        judge(student, 2 * y, 2 * (y + train), y, y - test)
    judge_scaled(student, y, y + 0.5, y, y + 1.03)
    judge(student, y, y, y[:1], y[:1])  # its variance is 0, and 0 is not below that


@check(points=0.25)
def test_refuses_what_does_not_match(student):
    """refuses pairs that do not hold the same number of values"""
    y = np.array([0.0, 1.0, 2.0])
    refuse(student, (3, 1), y, y, y, y[:1])
    refuse(student, (3, 2), y, y[:2, None], y, y)
    refuse(student, (1, 3), y, y, y[:1], y)
    refuse(student, (3, 2), y, y[:2], y[:2], y)
    judge(student, y, y, y, y)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
