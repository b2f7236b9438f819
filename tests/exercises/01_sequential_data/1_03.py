"""Checks of exercise 1.3: cut a series into windows."""

from contextlib import contextmanager

import numpy as np

from seqkit.checking.diagnosis import as_array, parts_of
from seqkit.checking.expect import dtype, equal, naming, raises, shape
from seqkit.course import Rules, check

rules = Rules(defines=("make_windows",), forbids=("seqkit.batches.make_windows",), numpy=True)


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


def compare_windows(student, series, length, *horizon):
    """Call make_windows and compare shape, values, dtype."""
    X, y = parts_of(student.make_windows(series, length, *horizon), "X", "y")
    X, y = as_array(X, "X"), as_array(y, "y")
    expected_X, expected_y = windows_by_hand(series, length, *(horizon or (1,)))
    why = why_windows(X, y, expected_X, expected_y)
    shape(X, expected_X.shape, what="X", why=why)
    shape(y, expected_y.shape, what="y", why=why)
    equal(X, expected_X, what="X", why=why)
    equal(y, expected_y, what="y", why=why)
    for name, part in (("X", X), ("y", y)):
        dtype(part, series.dtype.name, what=name, why="Windows keep the dtype of the series.")


def compare_views(student, series, length, horizon, index, value):
    """Write into the series after the windows were made and look for it in them."""
    kept = student.keep(series)
    X, y = parts_of(student.kept("make_windows", kept, length, horizon), "X", "y")
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
                f"{name} is a copy: a value written into the series afterwards should show in it. "
                "Windows can be views, the same memory with other strides "
                "(numpy.lib.stride_tricks)."
            )
        equal(got, expected, what=f"{name} after series[{index}] = {value}", why=why)


@check(points=0.25)
def test_keeps_every_window(student):
    """keeps every window"""
    compare_windows(student, np.arange(5.0), 3)
    compare_windows(student, np.array([3, 1, 4, 1, 5, 9]), 2)


@check(points=0.25)
def test_looks_as_far_ahead_as_told(student):
    """gives each window as many targets as the horizon is long"""
    compare_windows(student, np.arange(6), 2, 2)
    compare_windows(student, np.arange(6.0), 1, 3)


@check(points=0.25)
def test_copies_nothing(student):
    """copies nothing: what is written into the series shows in the windows"""
    compare_views(student, np.arange(6.0), 2, 2, index=3, value=99.0)


TOO_SHORT = (
    "One window needs length + horizon values. With fewer raise a ValueError that names the "
    "number of values given and the number needed."
)


@contextmanager
def refuses_a_short_series(given, length, horizon):
    """Expect a ValueError that names what is there and what is needed."""
    with (
        raises(ValueError, why=TOO_SHORT),
        naming((given, length + horizon), (given, length, horizon), why=TOO_SHORT),
    ):
        yield


@contextmanager
def refuses_less_than_one(length):
    """Expect a ValueError that names the parameter below 1: the length, or else the horizon."""
    why = (
        "A window and a horizon hold at least one value: below 1 raise a ValueError that names "
        "the parameter."
    )
    with (
        raises(ValueError, match="length" if length < 1 else "horizon", why=why),
        naming(why=why),
    ):
        yield


@check(points=0.25)
def test_refuses_a_series_too_short(student):
    """refuses a series too short for one window, naming the lengths"""
    compare_windows(student, np.arange(5.0), 3, 2)
    with refuses_a_short_series(4, 3, 2):
        student.make_windows(np.arange(4.0), 3, horizon=2)
    for length, horizon in [(0, 1), (1, 0)]:
        with refuses_less_than_one(length):
            student.make_windows(np.arange(4.0), length, horizon)
