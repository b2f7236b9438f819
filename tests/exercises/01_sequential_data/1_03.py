"""Checks of exercise 1.3: cut a series into windows."""

import numpy as np

from seqkit.checking.diagnosis import accepting, as_array, parts_of
from seqkit.checking.expect import dtype, equal, shape
from seqkit.checking.laws import LAYOUTS, Laws
from seqkit.course import Rules, check

from .oracle import refused

rules = Rules(defines=("make_windows",), forbids=("seqkit.batches.make_windows",), numpy=True)

PARTS = ("X", "y")


def windows_by_hand(series, length, horizon):
    """Collect every window and what follows it, value by value."""
    X, y = [], []
    start = 0
    while start + length + horizon <= len(series):
        X.append([series[start + i] for i in range(length)])
        y.append([series[start + length + i] for i in range(horizon)])
        start += 1
    return np.array(X), np.array(y)


def why_windows(X, y, expected_X, expected_y):
    """Guess what went wrong with windows."""
    rows = len(expected_X)
    if X.ndim == 2 and len(X) == rows - 1:
        return (
            "It looks like the last window was lost: there are N - length - horizon + 1, and a "
            "range that counts them needs the + 1."
        )
    if X.ndim == 2 and len(X) > rows:
        return "There are windows without a target: the last one has to leave room for horizon."
    if y.shape == (rows,):
        return "y has a column for each step ahead, also when horizon is 1: shape (n, 1)."
    if y.shape == expected_y.shape and rows > 1:
        if np.array_equal(y[:-1], expected_y[1:]):
            return "y comes one step late: it starts right after the window, at i + length."
        if np.array_equal(y[1:], expected_y[:-1]):
            return "y comes one step early: it starts right after the window, at i + length."
    return "X[i] = series[i : i + length], y[i] = series[i + length : i + length + horizon]."


def compare_windows(got, series, length, horizon=1):
    """Compare shape, values, dtype of windows."""
    X, y = (as_array(part, name) for part, name in zip(parts_of(got, *PARTS), PARTS, strict=True))
    expected_X, expected_y = windows_by_hand(series, length, horizon)
    why = why_windows(X, y, expected_X, expected_y)
    shape(X, expected_X.shape, what="X", why=why)
    shape(y, expected_y.shape, what="y", why=why)
    equal(X, expected_X, what="X", why=why)
    equal(y, expected_y, what="y", why=why)
    for name, part in (("X", X), ("y", y)):
        dtype(part, series.dtype.name, what=name, why="Windows keep the dtype of the series.")


def make(student, *arguments):
    """Call make_windows and compare what comes back."""
    compare_windows(student.make_windows(*arguments), *arguments)


def compare_views(student, series, length, horizon, index, value, layout):
    """Write into the series after the windows were made and look for it in them."""
    kept = student.arranged(series, layout)
    X, y = parts_of(student.kept("make_windows", kept, length, horizon), *PARTS)
    student.assign(kept, index, value)
    changed = series.copy()
    changed[index] = value
    expected_X, expected_y = windows_by_hand(changed, length, horizon)
    old_X, old_y = windows_by_hand(series, length, horizon)
    for name, part, expected, old in (("X", X, expected_X, old_X), ("y", y, expected_y, old_y)):
        got = as_array(student.fetch(part), name)
        why = "The windows show other values than the series."
        if np.array_equal(got, old):
            why = (
                f"{name} is a copy (the series is {LAYOUTS[layout]}): a value written into the "
                "series afterwards should show in it. Windows can be views, the same memory with "
                "other strides (numpy.lib.stride_tricks)."
            )
        equal(got, expected, what=f"{name} after series[{index}] = {value}", why=why)


def draw(rng, windows, length, horizon):
    """Draw a series that has so many windows."""
    series = rng.integers(-20, 21, size=windows + length + horizon - 1) / 2
    return {"series": series, "length": length, "horizon": horizon}


laws = Laws(
    "make_windows",
    draw,
    windows_by_hand,
    parts=PARTS,
    large={"windows": 220, "length": 70, "horizon": 66},
    whole=("series",),
    compare=compare_windows,
    without=("ones", "own"),  # a series with one window is looked at by itself; results are views
)


@check(points=0.25)
def test_keeps_every_window(student):
    """keeps every window, with as many targets as the horizon is long"""
    make(student, np.arange(5.0), 3)
    make(student, np.array([3, 1, 4, 1, 5, 9]), 2)
    make(student, np.arange(6), 2, 2)
    make(student, np.arange(6, dtype=np.uint8), 1, 3)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)


@check(points=0.25)
def test_copies_nothing(student):
    """copies nothing: what is written into the series shows in the windows"""
    for size, layout in ((6, "fortran"), (7, "reversed"), (1100, "strided")):
        compare_views(student, np.arange(float(size)), 2, 2, 3, 99.0, layout)


TOO_SHORT = (
    "One window needs length + horizon values. With fewer raise a ValueError that names the "
    "number of values given and the number needed."
)
ONE_WINDOW = "a series with exactly length + horizon values has one window."
BELOW_ONE = (
    "A window and a horizon hold at least one value: below 1 raise a ValueError that names the "
    "parameter."
)


def refuse(student, *given):
    """Expect a ValueError that names the parameter below 1, or what is there and what is needed."""
    series, length, horizon = given
    said = {"names": (len(series), length + horizon), "why": TOO_SHORT}
    if min(length, horizon) < 1:
        said = {"says": "length" if length < 1 else "horizon", "why": BELOW_ONE}
    refused(student.make_windows, *given, **said)


@check(points=0.25)
def test_refuses_a_series_too_short(student):
    """refuses a series too short for one window, naming the lengths"""
    with accepting(ONE_WINDOW):
        make(student, np.arange(5.0), 3, 2)
        make(student, np.arange(2.0), 1, 1)
    for size, length, horizon in [(4, 3, 2), (0, 2, 1), (4, 0, 1), (4, 1, 0), (4, -1, 3)]:
        refuse(student, np.arange(float(size)), length, horizon)
