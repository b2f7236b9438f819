"""Checks of lesson 1: order, windows, splits, vocabularies, padding and embeddings."""

from contextlib import contextmanager
from itertools import product

import numpy as np
from hypothesis import strategies as st

from seqkit.grading.catalogue import check, exercise, generated
from seqkit.grading.drawing import random_word, shuffled
from seqkit.grading.expect import Mismatch, close, dtype, equal, naming, raises, shape
from seqkit.grading.portable import portable
from seqkit.grading.student import StudentError, short

# What a learner's answer has to be before its values are looked at.


def as_array(got, what):
    """Return a result that has to be a NumPy array."""
    if not isinstance(got, np.ndarray):
        raise Mismatch(
            f"gave {what} {short(got)}, expected a NumPy array", f"{what} has to be a NumPy array."
        )
    return got


def parts_of(got, *names):
    """Return the parts of a result that has to have as many as there are names."""
    if not isinstance(got, tuple | list) or len(got) != len(names):
        raise Mismatch(
            f"gave {short(got)}, expected {len(names)} parts",
            f"The result has {len(names)} parts: return {', '.join(names)}.",
        )
    return got


def plain_list(got, what):
    """Return a list, tuple or array of one dimension as a list of Python's own values."""
    if isinstance(got, np.ndarray) and got.size <= 100_000:
        got = got.tolist()
    if not isinstance(got, tuple | list):
        raise Mismatch(f"gave {what} {short(got)}, expected a list", f"{what} is a list.")
    return [item.item() if isinstance(item, np.generic) else item for item in got]


@contextmanager
def accepting(why):
    """Say why no exception is due where the learner's code raises one."""
    try:
        yield
    except StudentError as error:
        if error.untouched:
            raise
        raise Mismatch(f"raised {error}", f"No error is due here: {why}") from None


# ---------------------------------------------------------------- 1.1

exercise("1.1", defines=["task_type"], numpy=True)

TASKS = {
    (False, False, False): "one-to-one",
    (False, True, False): "one-to-many",
    (True, False, False): "many-to-one",
    (True, True, False): "many-to-many delayed",
    (True, True, True): "many-to-many synchronized",
}


def why_task(got, expected):
    """Guess what went wrong with the name of a task."""
    words = expected.split()[0].split("-to-")
    if words[0] != words[1] and got == "-to-".join(reversed(words)):
        return "It looks like input and output changed places: the input is named first."
    if expected.startswith("many-to-many") and got in TASKS.values():
        return (
            "`synchronized` tells the two kinds of many-to-many apart: True means that output t "
            "belongs to input t, False (the default) that the output comes afterwards."
        )
    return "Names are spelled as in the statement: 'one' is a single thing, 'many' a sequence."


@check("1.1", points=0.25)
def test_names_every_task(student):
    """names each of the five types"""
    for (source, target, synchronized), expected in TASKS.items():
        arguments = (source, target, True) if synchronized else (source, target)
        got = student.task_type(*arguments)
        equal(got, expected, what="the type", why=why_task(got, expected))


@check("1.1", points=0.25)
def test_refuses_a_step_without_partner(student):
    """refuses synchronized=True where the output is a single thing"""
    equal(student.task_type(True, False), "many-to-one", why="Without the flag that is a task.")
    why = (
        "With a single output there is nothing that the steps of the input could be in step "
        "with: raise a ValueError that says so and names `synchronized`."
    )
    with raises(ValueError, match="synchronized", why=why), naming(why=why):
        student.task_type(True, False, synchronized=True)


@check("1.1", points=0.25, hidden=True)
def test_knows_every_task_by_keyword(student, rng):
    """gives the same answers when the arguments are named, in any order"""
    for (source, target, synchronized), expected in TASKS.items():
        arguments = {
            "input_is_sequence": source,
            "output_is_sequence": target,
            "synchronized": synchronized,
        }
        names = rng.permutation(list(arguments)).tolist()
        got = student.task_type(**{name: arguments[name] for name in names})
        equal(got, expected, what="the type", why=why_task(got, expected))


@check("1.1", points=0.25, hidden=True)
def test_refuses_every_step_without_partner(student, rng):
    """refuses synchronized=True unless there are two sequences"""
    bad = (
        "It takes two sequences to be in step: with a single input or a single output "
        "synchronized=True is a ValueError that names `synchronized`."
    )
    for arguments in shuffled(rng, list(product((False, True), repeat=3))):
        if arguments in TASKS:
            got, expected = student.task_type(*arguments), TASKS[arguments]
            equal(got, expected, what="the type", why=why_task(got, expected))
        else:
            with raises(ValueError, match="synchronized", why=bad), naming(why=bad):
                student.task_type(*arguments)


# ---------------------------------------------------------------- 1.2

exercise("1.2", defines=["order_gap"], numpy=True)


@portable
def mean_over_time(X):
    return X.mean(axis=1)


@portable
def last_step(X):
    return X[:, -1]


@portable
def minus_last_step(X):
    return -X[:, -1]


@portable
def running_sum(X):
    return np.cumsum(X, axis=1)


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


@check("1.2", points=0.5)
def test_a_mean_has_no_order(student):
    """finds no gap for a mean over time"""
    X = np.arange(27.0).reshape(3, 3, 3) ** 2 / 7
    gap = student.order_gap(mean_over_time, X, [2, 0, 1])
    close(
        gap,
        0.0,
        atol=1e-12,
        what="a gap",
        why="A mean over time is the same in any order. If the gap is large, look at which axis "
        "you permute: shapes are (B, T, D), time is axis 1.",
    )
    gap = student.order_gap(running_sum, X, [2, 0, 1])
    total = np.cumsum(X, axis=1)
    gap_of_sums = np.abs(np.cumsum(X[:, [2, 0, 1]], axis=1) - total).max()
    close(gap, gap_of_sums, what="a gap", why="A running sum is not the same in every order.")


@check("1.2", points=0.25)
def test_the_last_step_sees_order(student):
    """measures how far the last step moves, up or down"""
    X = np.array([[[1.0], [2.5], [4.0]], [[3.0], [1.0], [2.0]]])
    slips = {
        1.0: "It looks like the sign was kept: take absolute values before the maximum.",
        2.0: "It looks like a mean: the largest change counts.",
        1.5: "It looks like the permutation the other way round.",
    }
    for f in (last_step, minus_last_step):
        gap = student.order_gap(f, X, [1, 2, 0])
        why = (
            "In the new order the last step is step permutation[2] = 0 of X: 4 becomes 1 in the "
            "first row and 2 becomes 3 in the second. The largest change is 3."
        )
        if isinstance(gap, float):
            why = slips.get(gap, why)
        close(gap, 3.0, what="a gap", why=why)


NOT_A_PERMUTATION = (
    "Sorted, a permutation of T steps is exactly 0, 1, …, T-1. Anything else is a ValueError that "
    "says `permutation`: a wrong length, a step twice, a number out of range, also a negative "
    "one, which NumPy would take without a word."
)


@contextmanager
def refuses_a_list(numbers):
    """Expect a ValueError that says it is no permutation; it may show the numbers."""
    with (
        raises(ValueError, match="permutation", why=NOT_A_PERMUTATION),
        naming(beside=numbers, why=NOT_A_PERMUTATION),
    ):
        yield


@check("1.2", points=0.25)
def test_refuses_what_is_no_permutation(student):
    """refuses what is not a permutation"""
    X = np.arange(6.0).reshape(1, 3, 2)
    close(student.order_gap(last_step, X, [2, 1, 0]), 4.0, why="[2, 1, 0] is a permutation.")
    for permutation in ([0, 0, 1], [1, 0], [0, 1, 2, 2], [0, 1, 3], [0, 1, -1]):
        with refuses_a_list(permutation):
            student.order_gap(last_step, X, permutation)


def largest_change(f, X, permutation):
    """Find the gap entry by entry."""
    reordered = X.copy()
    for t, source in enumerate(permutation):
        reordered[:, t] = X[:, source]
    before, after = np.ravel(f(X)).tolist(), np.ravel(f(reordered)).tolist()
    return max(abs(a - b) for a, b in zip(after, before, strict=True))


@check("1.2", points=0.25, hidden=True)
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


@check("1.2", points=0.25, hidden=True)
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


@check("1.2", points=0.5, hidden=True)
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


# ---------------------------------------------------------------- 1.3

exercise("1.3", defines=["make_windows"], forbids=["seqkit.batches.make_windows"], numpy=True)


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


@check("1.3", points=0.25)
def test_keeps_every_window(student):
    """keeps every window"""
    compare_windows(student, np.arange(5.0), 3)
    compare_windows(student, np.array([3, 1, 4, 1, 5, 9]), 2)


@check("1.3", points=0.25)
def test_looks_as_far_ahead_as_told(student):
    """gives each window as many targets as the horizon is long"""
    compare_windows(student, np.arange(6), 2, 2)
    compare_windows(student, np.arange(6.0), 1, 3)


@check("1.3", points=0.25)
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


@check("1.3", points=0.25)
def test_refuses_a_series_too_short(student):
    """refuses a series too short for one window, naming the lengths"""
    compare_windows(student, np.arange(5.0), 3, 2)
    with refuses_a_short_series(4, 3, 2):
        student.make_windows(np.arange(4.0), 3, horizon=2)
    for length, horizon in [(0, 1), (1, 0)]:
        with refuses_less_than_one(length):
            student.make_windows(np.arange(4.0), length, horizon)


@st.composite
def window_case(draw):
    """Draw a series with room for one window or more, a length and a horizon."""
    length, horizon = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    size = length + horizon + draw(st.integers(0, 7))
    values = draw(st.lists(st.integers(-100, 100), min_size=size, max_size=size))
    kind = draw(st.sampled_from(["float64", "float32", "int64", "int16"]))
    return np.array(values, dtype=kind), length, horizon


@check("1.3", points=0.5, hidden=True)
@generated(window_case(), examples=25)
def test_windows_of_any_series(student, case):
    """makes the windows of any series, length and horizon"""
    series, length, horizon = case
    compare_windows(student, series, length, horizon)


@check("1.3", points=0.25, hidden=True)
def test_any_window_is_a_view(student, rng):
    """copies nothing, whatever the dtype"""
    for kind in ("int32", "float32", "float64"):
        length, horizon = rng.integers(2, 6, size=2).tolist()
        size = length + horizon + int(rng.integers(3, 9))
        series = rng.integers(-50, 50, size=size).astype(kind)
        index = int(rng.integers(length, size - horizon))  # stands in X and in y
        compare_views(student, series, length, horizon, index=index, value=77)


@check("1.3", points=0.25, hidden=True)
def test_the_smallest_series(student, rng):
    """takes a series with room for one window and refuses a shorter one"""
    calls = []  # number of values, length, horizon
    for length, horizon in [(12, 5), *rng.integers(6, 30, size=(3, 2)).tolist()]:
        calls += [(length + horizon - lacks, length, horizon) for lacks in (0, 1)]
    for below in (0, -int(rng.integers(1, 9))):
        calls += [(9, below, 3), (9, 3, below)]
    for size, length, horizon in shuffled(rng, calls):
        series = rng.normal(size=size)
        if min(length, horizon) < 1:
            with refuses_less_than_one(length):
                student.make_windows(series, length, horizon)
        elif size < length + horizon:
            with refuses_a_short_series(size, length, horizon):
                student.make_windows(series, length, horizon)
        else:
            with accepting("a series with exactly length + horizon values has one window."):
                compare_windows(student, series, length, horizon)


# ---------------------------------------------------------------- 1.4

exercise("1.4", defines=["forecast"], numpy=True)


def forecast_by_matrix(history, weights, steps):
    """Forecast with the companion matrix: the window is a state that a matrix moves on."""
    order = len(history)
    move = np.zeros((order + 1, order + 1))
    move[: order - 1, 1:order] = np.eye(order - 1)  # the window slides by one
    move[order - 1] = weights  # the newest value is the prediction
    move[order, order] = 1.0  # the bias's constant
    state = np.array([*history, 1.0], dtype=np.float64)
    predictions = []
    for _ in range(steps):
        state = move @ state
        predictions.append(state[order - 1])
    return np.array(predictions, dtype=np.float64)


def why_forecast(got, history, weights, steps):
    """Guess what went wrong with a forecast."""
    if got.shape == (len(history) + steps,):
        return "Return the predictions alone: shape (steps,), without the history."
    if got.shape != (steps,):
        return "There is one prediction a step: shape (steps,)."
    if steps == 0:
        return "No steps, no predictions."
    if np.asarray(history).dtype.kind == "i" and np.array_equal(got, np.trunc(got)):
        return "It looks like predictions were cut to whole numbers: compute in float64."
    *w, bias = np.asarray(weights, dtype=np.float64)
    values = np.asarray(history, dtype=np.float64)
    if np.isclose(got[0], w[::-1] @ values + bias):
        return "It looks like the weights are in reverse: weights[0] belongs to the oldest value."
    if np.isclose(got[0], np.asarray(weights[1:], dtype=np.float64) @ values + weights[0]):
        return "It looks like the bias was taken from the front: it is the last of the weights."
    if np.isclose(got[0], w @ values):
        return "It looks like the bias is missing: add the last of the weights."
    first = w @ values + bias
    if not np.isclose(got[0], first):
        return "The first prediction is weights[:-1] @ history + weights[-1]."
    if np.allclose(got, first):
        return (
            "It looks like the window never moves: drop the oldest value and append your "
            "prediction before the next step."
        )
    return "From step 2 on the newest values are your own predictions, and the bias comes again."


def compare_forecast(student, history, weights, steps):
    """Call forecast and compare shape, values, dtype."""
    got = as_array(student.forecast(history, weights, steps), "the forecast")
    expected = forecast_by_matrix(history, weights, steps)
    why = why_forecast(got, history, weights, steps)
    shape(got, expected.shape, what="the forecast", why=why)
    close(got, expected, what="the forecast", why=why, atol=1e-8, rtol=1e-9)
    dtype(got, "float64", what="the forecast", why="The forecast is always float64.")


@check("1.4", points=0.5)
def test_predicts_one_step(student):
    """predicts one step: oldest value times first weight, bias last"""
    compare_forecast(student, [1.0, 2.0], [0.5, 1.0, 2.0], 1)
    compare_forecast(student, [3.0], [2.0, 1.0], 1)


@check("1.4", points=0.5)
def test_feeds_predictions_back(student):
    """feeds its predictions back"""
    compare_forecast(student, [1.0, 2.0], [0.5, 1.0, 2.0], 3)
    compare_forecast(student, [1.0, 2.0, 3.0], [1.0, 0.0, 0.0, 1.0], 5)


@check("1.4", points=0.25)
def test_leaves_history_alone(student):
    """leaves the caller's history as it was"""
    history = np.array([1.0, 2.0, 4.0])
    kept = student.keep(history)
    got = student.forecast(kept, [0.5, 0.0, 1.0, 2.0], 4)
    close(got, [6.5, 9.5, 13.5, 18.75], what="the forecast", why="The forecast itself is wrong.")
    equal(
        student.fetch(kept),
        history,
        what="the history afterwards",
        why="The caller's array was changed: let the window slide over a copy.",
    )


WRONG_LENGTH = (
    "A model with τ + 1 weights reads exactly τ values, neither more nor fewer. Otherwise raise "
    "a ValueError that names τ and the number of values given."
)


@check("1.4", points=0.25)
def test_refuses_another_length(student):
    """refuses a history that does not fit the weights, naming both lengths"""
    compare_forecast(student, [1.0, 2.0], [0.5, 1.0, 2.0], 2)
    for history in ([1.0, 2.0, 3.0], [1.0]):
        with (
            raises(ValueError, why=WRONG_LENGTH),
            naming((2, len(history)), why=WRONG_LENGTH),
        ):
            student.forecast(history, [0.5, 1.0, 2.0], 2)


@st.composite
def forecast_case(draw):
    """Draw a model, a history as list or array, and a number of steps."""
    order = draw(st.integers(1, 4))
    weight = st.integers(-10, 10).map(lambda k: k / 10)
    value = st.integers(-90, 90).map(lambda k: k / 10)
    weights = draw(st.lists(weight, min_size=order + 1, max_size=order + 1))
    history = draw(st.lists(value, min_size=order, max_size=order))
    steps = draw(st.integers(0, 8))
    pack = draw(st.sampled_from([list, np.array]))
    return pack(history), pack(weights), steps


@check("1.4", points=0.75, hidden=True)
@generated(forecast_case(), examples=25)
def test_forecasts_any_model(student, case):
    """forecasts with any model over any number of steps, none too"""
    compare_forecast(student, *case)


@check("1.4", points=0.5, hidden=True)
def test_whole_numbers_stay_no_obstacle(student, rng):
    """gives float64 from whole numbers, without cutting anything off"""
    order = int(rng.integers(2, 5))
    history = rng.integers(1, 9, size=order)
    fractional = (rng.integers(0, 4, size=order + 1) * 2 + 1) / 8  # odd eighths: never whole
    compare_forecast(student, history, fractional, 5)
    compare_forecast(student, history.tolist(), fractional.tolist(), 5)
    whole = rng.integers(-1, 3, size=order + 1)
    compare_forecast(student, history, whole, 4)
    compare_forecast(student, history.tolist(), whole.tolist(), 0)
    for caller in (history, history.astype(np.float64)):
        kept = student.keep(caller)
        student.forecast(kept, fractional, order + 2)
        equal(student.fetch(kept), caller, why="The caller's history was changed: copy it first.")


@check("1.4", points=0.25, hidden=True)
def test_refuses_any_other_length(student, rng):
    """refuses every history of another length"""
    order = int(rng.integers(11, 20))
    weights = rng.normal(size=order + 1) / order
    lengths = (0, 1, order - 1, order, order, order + 1, 2 * order)
    for given, steps in shuffled(rng, list(product(lengths, (0, 2)))):
        history = rng.normal(size=given)
        if given == order:
            compare_forecast(student, history, weights, steps)
        else:
            with raises(ValueError, why=WRONG_LENGTH), naming((order, given), why=WRONG_LENGTH):
                student.forecast(history, weights, steps)


# ---------------------------------------------------------------- 1.5

exercise("1.5", defines=["temporal_split"], forbids=["seqkit.batches.temporal_split"], numpy=True)

PARTS = ("train", "validation", "test")


def split_exactly(n, shares, gap):
    """Split with whole numbers; the shares are whole numbers too, any multiple of the fractions."""
    rows = range(n)
    first = n * shares[0] // sum(shares)
    second = n * (shares[0] + shares[1]) // sum(shares)
    return rows[:first], rows[first:second][gap:], rows[second:][gap:]


def bounds(rows):
    """Say where neighbouring rows start and end, as a slice would."""
    return f"{rows[0]}:{rows[-1] + 1}" if rows else "no rows"


def why_split(got, n, shares, gap):
    """Guess what went wrong with a split."""
    plain = split_exactly(n, shares, 0)
    if gap > 0:
        if got == [bounds(rows) for rows in plain]:
            return "It looks like the gap was forgotten."
        if got == [
            *(bounds(rows[: max(len(rows) - gap, 0)]) for rows in plain[:2]),
            bounds(plain[2]),
        ]:
            return "The gap is taken from the start of the later part: train keeps its rows."
        return "Validation and test both lose their first `gap` rows; train loses none."
    first, second = shares[0] / sum(shares), shares[1] / sum(shares)
    if [int(n * first), int(n * (first + second))] != [plain[0].stop, plain[1].stop]:
        return (
            "Floating point misses a whole number by a hair here, and rounding down then takes "
            "one row too many: add a tiny number (1e-9) before you round down."
        )
    return (
        "Boundaries are rounded down, not sizes: n·f0, then n·(f0 + f1). The test part takes "
        "what is left."
    )


def rows_of(part, n):
    """Return the rows that a slice selects."""
    if not isinstance(part, slice):
        raise Mismatch(f"gave a part {short(part)}, expected a slice", "Return three slices.")
    try:
        rows = range(n)[part]
    except TypeError:
        raise Mismatch(
            f"gave {part}, expected whole numbers", "A slice needs whole numbers: use int(...)."
        ) from None
    if rows.step != 1:
        raise Mismatch(f"gave {part}, expected neighbouring rows", "A part leaves out no row.")
    if part.stop is not None and part.stop > n:
        raise Mismatch(
            f"gave {part} of {n} rows, expected no slice to stop beyond them",
            "No slice reaches beyond the last row; an empty last part is slice(n, n).",
        )
    if None not in (part.start, part.stop) and part.start > part.stop:
        raise Mismatch(
            f"gave {part}, expected an empty slice to start where it stops",
            "A part not longer than the gap is empty: its slice starts where it stops.",
        )
    return rows


def compare_split(student, n, shares, fractions, **gap):
    """Call temporal_split and compare which rows its slices select."""
    parts = parts_of(student.temporal_split(n, fractions, **gap), *PARTS)
    got = [bounds(rows_of(part, n)) for part in parts]
    expected = [bounds(rows) for rows in split_exactly(n, shares, gap.get("gap", 0))]
    why = why_split(got, n, shares, gap.get("gap", 0))
    for name, part, rows in zip(PARTS, got, expected, strict=True):
        equal(part, rows, what=name, why=why)


@check("1.5", points=0.25)
def test_splits_in_order(student):
    """splits in order of time and rounds boundaries down"""
    compare_split(student, 10, (50, 30, 20), (0.5, 0.3, 0.2))
    compare_split(student, 7, (50, 25, 25), (0.5, 0.25, 0.25))
    compare_split(student, 9, (30, 30, 40), [0.3, 0.3, 0.4])


@check("1.5", points=0.25)
def test_leaves_a_gap(student):
    """takes the gap from the start of the later part"""
    compare_split(student, 20, (50, 25, 25), (0.5, 0.25, 0.25), gap=2)
    compare_split(student, 10, (60, 20, 20), (0.6, 0.2, 0.2), gap=3)


@check("1.5", points=0.25)
def test_is_not_fooled_by_floats(student):
    """is not fooled by floating point"""
    compare_split(student, 10, (70, 10, 20), (0.7, 0.1, 0.2))
    compare_split(student, 100, (29, 1, 70), (0.29, 0.01, 0.7))
    with accepting("0.7 + 0.2 + 0.1 is 0.9999999999999999 in Python; 1e-9 more or less is 1."):
        compare_split(student, 10, (70, 20, 10), (0.7, 0.2, 0.1))


BAD_FRACTIONS = (
    "There are three fractions, none is negative, and they sum to 1 (up to rounding errors). "
    "Anything else is a ValueError that says `fractions`."
)
BAD_GAP = "Rows cannot overlap: a negative gap is a ValueError that says `gap`."


@contextmanager
def refuses_to_split(fractions, gap):
    """Expect a ValueError that says whether it is the gap or the fractions; it may show them."""
    word, why = ("gap", BAD_GAP) if gap < 0 else ("fractions", BAD_FRACTIONS)
    with raises(ValueError, match=word, why=why), naming(beside=(*fractions, gap), why=why):
        yield


@check("1.5", points=0.25)
def test_refuses_what_cannot_be_split(student):
    """refuses fractions that are not three shares of 1, and a negative gap"""
    compare_split(student, 10, (50, 30, 20), (0.5, 0.3, 0.2), gap=0)
    for fractions in [(0.8, 0.2), (0.5, 0.3, 0.1), (1.2, -0.1, -0.1)]:
        with refuses_to_split(fractions, 0):
            student.temporal_split(10, fractions)
    with refuses_to_split((0.5, 0.3, 0.2), -1):
        student.temporal_split(10, (0.5, 0.3, 0.2), gap=-1)


@st.composite
def split_case(draw):
    """Draw a number of rows, three shares in whole percents, and a gap."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    n = draw(st.one_of(st.integers(0, 40), st.sampled_from([100, 200, 1000, 1_000_000])))
    gap = draw(st.sampled_from([0, 0, 1, 2, 5]))
    return n, (first, second, 100 - first - second), gap


@check("1.5", points=0.5, hidden=True)
@generated(split_case(), examples=40)
def test_splits_anything(student, case):
    """splits any number of rows by any shares, with any gap"""
    n, percents, gap = case
    fractions = tuple(percent / 100 for percent in percents)
    compare_split(student, n, percents, fractions, gap=gap)


@check("1.5", points=0.25, hidden=True)
def test_thirds_and_small_parts(student, rng):
    """takes thirds, empty parts and gaps longer than a part"""
    n = 3 * int(rng.integers(5, 30))
    parts = parts_of(student.temporal_split(n, (1 / 3, 1 / 3, 1 / 3)), *PARTS)
    third = n // 3
    for part, start in zip(parts, (0, third, 2 * third), strict=True):
        equal(
            bounds(rows_of(part, n)),
            f"{start}:{start + third}",
            why="Three thirds of a number that three divides are three equal parts.",
        )
    compare_split(student, 40, (70, 10, 20), (0.7, 0.1, 0.2), gap=4)  # nothing to validate on
    compare_split(student, 40, (70, 10, 20), (0.7, 0.1, 0.2), gap=5)
    compare_split(student, 40, (70, 20, 10), (0.7, 0.2, 0.1), gap=5)  # nothing to test on
    compare_split(student, 40, (90, 5, 5), (0.9, 0.05, 0.05), gap=50)
    compare_split(student, 10, (100, 0, 0), (1.0, 0.0, 0.0))
    compare_split(student, 10, (0, 0, 100), [0, 0, 1])
    compare_split(student, 0, (50, 30, 20), (0.5, 0.3, 0.2))
    compare_split(student, 999, (1, 500, 499), (0.001, 0.5, 0.499))  # 0.999 is rounded down
    compare_split(student, 999, (0, 1, 999), (0.0, 0.001, 0.999))


@check("1.5", points=0.25, hidden=True)
def test_refuses_all_other_fractions(student, rng):
    """refuses every other set of fractions, and every negative gap"""
    percent = int(rng.integers(10, 40))
    share = percent / 100
    good = (share, 0.5, 0.5 - share)
    bad = [
        (share, 1 - share),
        (1.0,),
        (),
        (share / 2, share / 2, 0.5 - share, 0.5),
        (share, share, 0.95 - 2 * share),
        (share, share, 1.05 - 2 * share),
        (0.333, 0.333, 0.333),
        (0.0, 0.0, 0.0),
        (-share, 0.5 + share, 0.5),
        (0.5 + share, -share, 0.5),
        (0.5, 0.5 + share, -share),
        (share, 0.5, 0.5 - share + 1e-5),
        (share, 0.5, 0.5 - share - 1e-5),
    ]
    gaps = [0, *rng.integers(1, 9, size=2).tolist()]
    calls = [(fractions, 0) for fractions in bad]
    calls += [(good, gap) for gap in (*gaps, -1, -gaps[-1])]
    for fractions, gap in shuffled(rng, calls):
        if fractions == good and gap >= 0:
            compare_split(student, 100, (percent, 50, 50 - percent), fractions, gap=gap)
        else:
            with refuses_to_split(fractions, gap):
                student.temporal_split(100, fractions, gap=gap)


# ---------------------------------------------------------------- 1.6

exercise(
    "1.6", defines=["Vocab"], forbids=["seqkit.text.Vocab", "seqkit.text.CharVocab"], numpy=True
)


def ranked_tokens(tokens, min_freq):
    """List the token of each id, count by count."""
    words = [token for token in tokens if token not in ("<pad>", "<unk>")]
    table = ["<pad>", "<unk>"]
    for count in range(len(words), min_freq - 1, -1):
        table += sorted(token for token in set(words) if words.count(token) == count)
    return table


def encoded(vocab, tokens, what):
    """Return what a vocabulary makes of tokens."""
    ids = plain_list(vocab.encode(tokens), what)
    for number in ids:
        if not isinstance(number, int | np.integer) or isinstance(number, bool):
            raise Mismatch(
                f"gave {what} with {short(number)}, expected a list of int",
                "An id is a whole number, an int: it is a place in a list.",
            )
    return ids


def why_ids(got, expected):
    """Guess what went wrong with ids."""
    if len(got) == len(expected) and all(isinstance(i, int) for i in got):
        differences = {a - b for a, b in zip(got, expected, strict=True)}
        if differences == {-2}:
            return "It looks like counting starts at 0: ids 0 and 1 belong to <pad> and <unk>."
        if differences == {-1}:
            return "It looks like one of the special tokens has no id: <pad> is 0, <unk> is 1."
        if sorted(got) == sorted(expected):
            return (
                "The ids are in another order: the most frequent token first, and among equally "
                "frequent ones the alphabet decides."
            )
        if any(a == 0 and b == 1 for a, b in zip(got, expected, strict=True)):
            return "A token without an id is unknown, id 1; id 0 is padding, no word at all."
    return "Ids: 0 <pad>, 1 <unk>, then the tokens seen at least min_freq times, by frequency."


@check("1.6", points=0.5)
def test_ranks_by_frequency(student):
    """numbers tokens by frequency, after <pad> and <unk>"""
    vocab = student.Vocab(["dog", "the", "cat", "the", "cat", "the"])
    got = encoded(vocab, ["cat", "dog", "the", "cat"], "an encoding")
    text = "In the text of this vocabulary `the` occurs three times, `cat` twice, `dog` once. "
    equal(got, [3, 4, 2, 3], what="ids", why=text + why_ids(got, [3, 4, 2, 3]))
    equal(len(vocab), 5, what="len", why=text + "len counts every id, <pad> and <unk> too.")


@check("1.6", points=0.25)
def test_breaks_ties_by_the_alphabet(student):
    """breaks ties by the alphabet, so that every run gives the same ids"""
    vocab = student.Vocab(["pear", "fig", "apple", "zoo", "apple", "pear"])
    words = ["zoo", "pear", "fig", "apple"]
    got = encoded(vocab, words, "an encoding")
    equal(
        got,
        [5, 3, 4, 2],
        what="ids of zoo, pear, fig, apple",
        why="apple and pear occur twice, fig and zoo once: among equals the alphabet decides, not "
        "the order of appearance, and not that of a set, which changes between runs.",
    )


@check("1.6", points=0.5)
def test_rare_and_new_tokens_are_unknown(student):
    """gives rare and new tokens the id of <unk>"""
    vocab = student.Vocab(["a", "b", "a", "c", "a", "b"], min_freq=2)
    text = "`a` occurs three times, `b` twice, `c` once, and min_freq is 2. "
    why = text + "`b` stays too: min_freq is the smallest count that is kept."
    equal(len(vocab), 4, what="len", why=why)
    with accepting(text + "A token without an id is unknown, id 1."):
        got = encoded(vocab, ["a", "b", "c", "new"], "an encoding")
    equal(got, [2, 3, 1, 1], what="ids", why=text + why_ids(got, [2, 3, 1, 1]))


OUTSIDE = (
    "An id from 0 to len - 1 has a token; any other is an IndexError that names it. A list takes "
    "-1 for its last entry without a word."
)


@check("1.6", points=0.25)
def test_decodes(student):
    """turns ids back into tokens and refuses ids that it never gave"""
    vocab = student.Vocab(["the", "cat", "the", "dog"])
    equal(
        plain_list(vocab.decode([3, 4, 0, 2, 1]), "a decoding"),
        ["cat", "dog", "<pad>", "the", "<unk>"],
        what="tokens",
        why="In the text of this vocabulary `the` occurs twice, `cat` and `dog` once. decode looks "
        "up what encode numbers; 0 is <pad> and 1 is <unk>.",
    )
    for outside in (5, -1):
        with raises(IndexError, why=OUTSIDE), naming((outside,), why=OUTSIDE):
            vocab.decode([2, outside])


WORDS = st.sampled_from(["a", "b", "B", "ab", "é", "10", "9", "it's", "!", "zebra", "Zoo"])


@check("1.6", points=0.75, hidden=True)
@generated(st.tuples(st.lists(WORDS, max_size=25), st.integers(1, 4)), examples=25)
def test_numbers_any_text(student, case):
    """numbers any text, whatever min_freq is"""
    tokens, min_freq = case
    table = ranked_tokens(tokens, min_freq)
    vocab = student.Vocab(tokens, min_freq=min_freq)
    words = sorted({*tokens, "never seen"})  # in an order that tells nothing of their ids
    got = encoded(vocab, words, "an encoding")
    expected = [table.index(word) if word in table else 1 for word in words]
    equal(got, expected, what="ids", why=why_ids(got, expected))
    equal(
        len(vocab),
        len(table),
        what="len",
        why="len counts <pad>, <unk> and every token seen at least min_freq times.",
    )
    equal(
        plain_list(vocab.decode([1, 0]), "a decoding"),
        ["<unk>", "<pad>"],
        what="tokens",
        why="0 is <pad> and 1 is <unk>, whatever the text.",
    )


@check("1.6", points=0.5, hidden=True)
def test_there_and_back(student, rng):
    """comes back from encode through decode, with <unk> for what it does not know"""
    bank = np.array(["sea", "gull", "wind", "sail", "rope", "deck", "mast", "fog"])
    tokens = rng.choice(bank[:6], size=40).tolist()
    vocab = student.Vocab(tokens)
    known = set(tokens)
    text = rng.choice(bank, size=15).tolist()
    ids = encoded(vocab, text, "an encoding")
    equal(encoded(vocab, [], "an encoding"), [], what="ids", why="Nothing encodes to nothing.")
    size, table = len(known) + 2, ranked_tokens(tokens, 1)
    back = [token if token in known else "<unk>" for token in text]
    why = "decode(encode(text)) is the text, with '<unk>' in the place of unknown tokens."
    calls = [
        (ids, back, why),
        (np.array(ids), back, why),
        ([size - 1], table[-1:], "The last id has a token: len - 1."),
        (list(range(size)), table, "decode(range(len)) lists the token of each id."),
    ]
    for outside in (size, size + int(rng.integers(1, 999)), -1, -size, -size - 1):
        calls += [(bad, None, outside) for bad in ([outside], [0, outside], [outside, 0])]
    for numbers, expected, told in shuffled(rng, calls):
        if expected is None:
            with raises(IndexError, why=OUTSIDE), naming((told,), why=OUTSIDE):
                vocab.decode(numbers)
        else:
            got = plain_list(vocab.decode(numbers), "a decoding")
            equal(got, expected, what="tokens", why=told)


@check("1.6", points=0.25, hidden=True)
def test_special_tokens_in_the_text(student, rng):
    """keeps ids 0 and 1 for <pad> and <unk> when a text contains them"""
    tokens = ["<pad>"] * 4 + ["<unk>"] * 5 + ["sea"] * 3 + ["fog"] * 2
    rng.shuffle(tokens)
    for text, min_freq, words in [(tokens, 1, 2), (tokens, 3, 1), (["<pad>", "<unk>"], 1, 0)]:
        vocab = student.Vocab(text, min_freq)
        why = "'<pad>' and '<unk>' keep ids 0 and 1 and get no second id, however often they occur."
        equal(len(vocab), words + 2, what="len", why=why)
        equal(encoded(vocab, ["<unk>", "<pad>"], "an encoding"), [1, 0], what="ids", why=why)
        got = encoded(vocab, ["sea", "fog"], "an encoding")
        equal(got, [[1, 1], [2, 1], [2, 3]][words], what="ids", why=why)
    vocab = student.Vocab(["sea"])
    equal(
        encoded(vocab, ["<pad>", "<unk>"], "an encoding"),
        [0, 1],
        what="ids",
        why="<pad> and <unk> are tokens of every vocabulary: they have ids 0 and 1.",
    )


# ---------------------------------------------------------------- 1.7

exercise(
    "1.7",
    defines=["pad_batch"],
    forbids=[
        "seqkit.text.pad_batch",
        "keras.utils.pad_sequences",
        "keras.preprocessing.sequence.pad_sequences",
        "torch.nn.utils.rnn.pad_sequence",
    ],
    numpy=True,
)


def pad_by_hand(sequences, pad="right", truncate="right", max_len=None, value=0):
    """Pad with Python lists, one row after the other."""
    kept = []
    for sequence in sequences:
        row = list(sequence)
        while max_len is not None and len(row) > max_len:
            row.pop(-1 if truncate == "right" else 0)
        kept.append(row)
    longest = max([len(row) for row in kept], default=0)
    ids, mask = [], []
    for row in kept:
        empty = longest - len(row)
        before, after = (empty, 0) if pad == "left" else (0, empty)
        ids.append([value] * before + row + [value] * after)
        mask.append([False] * before + [True] * len(row) + [False] * after)
    size = (len(kept), longest)
    return (
        np.array(ids, dtype=np.int64).reshape(size),
        np.array(mask, dtype=bool).reshape(size),
        np.array([len(row) for row in kept], dtype=np.int64),
    )


def why_ids_padded(ids, sequences, options):
    """Guess what went wrong with padded ids."""
    expected, _, lengths = pad_by_hand(sequences, **options)
    other = {"left": "right", "right": "left"}
    max_len = options.get("max_len")
    if ids.shape != expected.shape:
        if max_len is not None and ids.shape == (len(sequences), max_len):
            return "T is the longest length kept: no column is padding alone."
        if max_len is not None and ids.ndim == 2 and ids.shape[1] > max_len:
            return "No row is longer than max_len."
        return "ids has a row a sequence and as many columns as the longest length kept."
    changed = {
        "pad": "The filler stands on the other side: pad='right' fills after the tokens, "
        "pad='left' before them.",
        "truncate": "`truncate` names the side that is cut: 'left' drops from the left, what is "
        "kept is the end; 'right' keeps the beginning.",
    }
    for name, message in changed.items():
        swapped = {**options, name: other[options.get(name, "right")]}
        if np.array_equal(ids, pad_by_hand(sequences, **swapped)[0]):
            return message
    if options.get("value", 0) != 0:
        filled = np.where(pad_by_hand(sequences, **options)[1], expected, 0)
        if np.array_equal(ids, filled):
            return "The free places are filled with `value`, not always with 0."
    if 0 in lengths:
        return "An empty sequence is a row of fillers. (row[-0:] is the whole row, not none of it.)"
    return "Each row holds the tokens kept, in order, and `value` in all other places."


def compare_padded(student, sequences, **options):
    """Call pad_batch and compare shapes, values, dtypes."""
    parts = parts_of(student.pad_batch(sequences, **options), "ids", "mask", "lengths")
    names = ("ids", "mask", "lengths")
    ids, mask, lengths = (as_array(part, name) for part, name in zip(parts, names, strict=True))
    expected = pad_by_hand(sequences, **options)
    why = why_ids_padded(ids, sequences, options)
    shape(ids, expected[0].shape, what="ids", why=why)
    shape(mask, expected[1].shape, what="mask", why="mask has the shape of ids.")
    shape(lengths, expected[2].shape, what="lengths", why="One length a sequence: shape (B,).")
    equal(ids, expected[0], what="ids", why=why)
    value = options.get("value", 0)
    why = "mask is True on real tokens and False on fillers."
    if np.array_equal(mask, ids != value):
        why = (
            "It looks like the mask was made by asking which ids are not the filler. A real token "
            "may have that number too: use the lengths."
        )
    elif np.array_equal(mask, ~expected[1]):
        why = "The mask is inverted: True marks real tokens."
    equal(mask.astype(bool), expected[1], what="mask", why=why)
    why = "lengths counts the tokens kept."
    if np.array_equal(lengths, [len(sequence) for sequence in sequences]):
        why = "lengths counts the tokens kept: after cutting, not before."
    equal(lengths, expected[2], what="lengths", why=why)
    dtype(ids, "int64", what="ids", why="ids has to be int64.")
    dtype(mask, "bool", what="mask", why="mask has to be bool, not numbers.")
    dtype(lengths, "int", what="lengths", why="lengths has to be whole numbers.")


@check("1.7", points=0.25)
def test_fills_on_the_right(student):
    """fills short sequences on the right"""
    compare_padded(student, [[4, 2], [7]])
    compare_padded(student, [[5, 6, 7], [8], [9, 1]])


@check("1.7", points=0.25)
def test_fills_on_the_left(student):
    """fills on the left, and with another value, when told to"""
    compare_padded(student, [[4, 2], [7]], pad="left")
    compare_padded(student, [[4, 2, 6], [7]], pad="left", value=9)
    compare_padded(student, [[4, 2, 6], [7]], pad="right", value=-1)


@check("1.7", points=0.5)
def test_keeps_the_end_when_truncating_left(student):
    """keeps the last tokens when truncating left"""
    compare_padded(student, [[1, 2, 3]], truncate="left", max_len=2)
    compare_padded(student, [[1, 2, 3], [5]], pad="left", truncate="left", max_len=2)
    compare_padded(student, [[1, 2, 3], [5]], max_len=2)
    compare_padded(student, [[1, 2, 3], [5]], pad="left", truncate="right", max_len=2)
    compare_padded(student, [[1, 2], [5]], truncate="left", max_len=4)
    compare_padded(student, [[1, 2], [5]], truncate="left", max_len=1)


@check("1.7", points=0.25)
def test_mask_knows_real_tokens(student):
    """masks what is filler, not what looks like it"""
    compare_padded(student, [[0, 5, 0], [0]])
    compare_padded(student, [[3, 4], []])
    compare_padded(student, [[3, 4], [], [5]], pad="left")


@contextmanager
def refuses_to_pad(word):
    """Expect a ValueError that names an unknown side, or max_len."""
    why = (
        "A side is 'left' or 'right'; any other word is a ValueError that names the word, even "
        "when nothing has to be filled or cut."
    )
    if word == "max_len":
        why = "max_len is at least 1. (0 is not None: `if max_len:` takes the one for the other.)"
    with raises(ValueError, match=word, why=why), naming(why=why):
        yield


@check("1.7", points=0.25)
def test_refuses_unknown_sides(student):
    """refuses a side it does not know, naming it, and a max_len below 1"""
    compare_padded(student, [[1, 2], [3, 4]], pad="left", truncate="left", max_len=2)
    for options in ({"pad": "middle"}, {"truncate": "middle"}):
        with refuses_to_pad("middle"):
            student.pad_batch([[1, 2], [3, 4]], **options)
    for max_len in (0, -1):
        with refuses_to_pad("max_len"):
            student.pad_batch([[1, 2], [3]], max_len=max_len)


PADDING = st.fixed_dictionaries(
    {},
    optional={
        "pad": st.sampled_from(["left", "right"]),
        "truncate": st.sampled_from(["left", "right"]),
        "max_len": st.one_of(st.none(), st.integers(1, 6)),
        "value": st.integers(-2, 3),
    },
)
SEQUENCES = st.lists(st.lists(st.integers(-2, 9), max_size=6), min_size=1, max_size=5)


@check("1.7", points=1, hidden=True)
@generated(st.tuples(SEQUENCES, PADDING), examples=40)
def test_pads_any_batch(student, case):
    """pads any batch in any way"""
    sequences, options = case
    compare_padded(student, sequences, **options)


@check("1.7", points=0.25, hidden=True)
def test_refuses_any_unknown_side(student, rng):
    """refuses every side it does not know, naming it, and every max_len below 1"""
    sequences = rng.integers(1, 99, size=(3, 2)).tolist()
    good = {"pad": "left", "truncate": "right", "max_len": 2}
    calls = [
        (good | {"max_len": n, "pad": side}, None) for n in (1, 9) for side in ("left", "right")
    ]
    for name in ("pad", "truncate"):
        for word in (random_word(rng), random_word(rng)):
            calls.append((good | {name: word}, word))
    for max_len in (0, -1, -int(rng.integers(2, 99))):
        calls.append((good | {"max_len": max_len}, "max_len"))
    for options, wrong in shuffled(rng, calls):
        if wrong is None:
            compare_padded(student, sequences, **options)
        else:
            with refuses_to_pad(wrong):
                student.pad_batch(sequences, **options)


@check("1.7", points=0.25, hidden=True)
def test_empty_batches_and_arrays(student, rng):
    """takes arrays, an empty batch, and a batch of empty sequences"""
    arrays = [rng.integers(0, 1000, size=size).astype(np.int32) for size in (3, 0, 7, 5)]
    for pad, truncate in product(("left", "right"), repeat=2):
        compare_padded(student, arrays, pad=pad, truncate=truncate, max_len=4, value=-100)
        compare_padded(student, arrays, pad=pad, truncate=truncate)
    with accepting("an empty batch, or one of empty sequences, has zero columns."):
        compare_padded(student, [])
        compare_padded(student, [], pad="left", max_len=3)
        compare_padded(student, [[], []])
        compare_padded(student, [[], [], []], pad="left", truncate="left", max_len=2, value=5)


# ---------------------------------------------------------------- 1.8

exercise(
    "1.8",
    defines=["encode_sentences"],
    forbids=[
        "seqkit.text.Vocab",
        "seqkit.text.pad_batch",
        "keras.layers.TextVectorization",
        "keras.utils.pad_sequences",
        "keras.preprocessing.sequence.pad_sequences",
    ],
    numpy=True,
)


def encode_by_hand(sentences):
    """Number the distinct words from 1 and fill the rows up with 0."""
    rows = [sentence.split() for sentence in sentences]
    words = list(dict.fromkeys(word for row in rows for word in row))
    longest = max([len(row) for row in rows], default=0)
    ids = [[words.index(word) + 1 for word in row] + [0] * (longest - len(row)) for row in rows]
    return (
        np.array(ids, dtype=np.int64).reshape(len(rows), longest),
        {word: number for number, word in enumerate(words, start=1)},
    )


def why_encoded(ids, word_index, expected_ids, expected_index):
    """Guess what went wrong with encoded sentences."""
    if 0 in word_index.values():
        return "A word has id 0, which belongs to padding: nobody can tell the two apart."
    if word_index.keys() != expected_index.keys():
        return "word_index holds the words as str.split() gives them, case and punctuation kept."
    if len(set(word_index.values())) < len(word_index):
        return "Two words share an id."
    if word_index != expected_index:
        return "Ids count from 1 in the order in which words first appear; a word has one id."
    if ids.shape != expected_ids.shape:
        return "There is a row for each sentence and a column for each word of the longest."
    return "word_index is right, the rows are not: ids in order, then 0 to the end of the row."


def as_index(got):
    """Return a result that has to be a dict from words to ids."""
    if not isinstance(got, dict):
        raise Mismatch(
            f"gave word_index {short(got)}, expected a dict", "word_index is a dict: word to id."
        )
    return dict(
        zip(plain_list(list(got), "words"), plain_list([*got.values()], "ids"), strict=True)
    )


def compare_encoded(student, sentences):
    """Call encode_sentences and compare both results."""
    got = parts_of(student.encode_sentences(sentences), "ids", "word_index")
    ids, word_index = as_array(got[0], "ids"), as_index(got[1])
    expected_ids, expected_index = encode_by_hand(sentences)
    why = why_encoded(ids, word_index, expected_ids, expected_index)
    shape(ids, expected_ids.shape, what="ids", why=why)
    equal(ids, expected_ids, what="ids", why=why)
    equal(word_index, expected_index, what="word_index", why=why)
    dtype(ids, "int64", what="ids", why="ids has to be int64.")


@check("1.8", points=0.5)
def test_no_word_is_padding(student):
    """keeps id 0 for padding alone"""
    compare_encoded(student, ["hello world", "this is a sentence"])
    compare_encoded(student, ["world hello", "world"])


@check("1.8", points=0.5)
def test_one_id_a_word(student):
    """gives a word one id, wherever it stands"""
    compare_encoded(student, ["the cat saw the dog", "the dog ran"])
    compare_encoded(student, ["Oh no", "", "no, no"])


def random_sentences(rng):
    """Draw sentences with repeated words, some of them differing by case or a comma."""
    bank = ["the", "The", "sea,", "sea", "gull", "rose", "Rose", "and", "fell.", "fell", "0", "1"]
    sizes = rng.integers(0, 8, size=int(rng.integers(2, 7))).tolist()
    return [" ".join(rng.choice(bank, size=size).tolist()) for size in sizes]


@check("1.8", points=0.5, hidden=True)
def test_encodes_any_sentences(student, rng):
    """encodes any sentences"""
    for _ in range(8):
        compare_encoded(student, random_sentences(rng))
    compare_encoded(student, ["  two   blanks ", "blanks\tand tabs two"])
    with accepting("without sentences, or without words, there are zero columns."):
        compare_encoded(student, [])
        compare_encoded(student, ["", ""])


@check("1.8", points=0.5, hidden=True)
def test_sentences_can_be_read_back(student, rng):
    """can be read back: every sentence is recovered from its ids"""
    for _ in range(4):
        sentences = [*random_sentences(rng), "first", "", "first first", "last first"]
        got = parts_of(student.encode_sentences(sentences), "ids", "word_index")
        ids, word_index = as_array(got[0], "ids"), as_index(got[1])
        columns = max(len(sentence.split()) for sentence in sentences)
        shape(ids, (len(sentences), columns), what="ids", why="One row a sentence.")
        words = {number: word for word, number in word_index.items()}
        if 0 in words:
            raise Mismatch("gave a word id 0", "Id 0 belongs to padding alone.")
        read = [
            " ".join(words.get(number, "?") for number in row if number != 0)
            for row in ids.tolist()
        ]
        equal(
            read,
            [" ".join(sentence.split()) for sentence in sentences],
            what="sentences",
            why="With the zeros dropped, the ids of a row are the words of its sentence.",
        )
        equal(
            sorted(words),
            list(range(1, len(words) + 1)),
            what="ids in use",
            why="Ids count from 1 without holes: an embedding has a row for each.",
        )


# ---------------------------------------------------------------- 1.9

exercise(
    "1.9",
    defines=["embed_lookup", "embed_one_hot"],
    forbids=[
        "torch.nn.Embedding",
        "torch.nn.functional.embedding",
        "torch.nn.functional.one_hot",
        "keras.layers.Embedding",
        "keras.ops.one_hot",
        "keras.utils.to_categorical",
    ],
    numpy=True,
)

SMALL_E = np.array([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
SMALL_IDS = np.array([[2, 0, 1], [1, 1, 0]])


def compare_embedded(student, name, ids, E):
    """Call one of the two functions and compare shape, values, dtype."""
    got = as_array(getattr(student, name)(ids, E), "the embedding")
    batch, steps = ids.shape
    expected = np.zeros((batch, steps, E.shape[1]), dtype=E.dtype)
    for b, t in product(range(batch), range(steps)):
        expected[b, t] = E[ids[b, t]]
    why = "Entry [b, t] is row ids[b, t] of E."
    if got.shape == (batch, steps, len(E)) and len(E) != E.shape[1]:
        why = "That is the one-hot array (B, T, V): multiply it with E."
    elif got.shape != expected.shape:
        why = "An id becomes a vector: (B, T) becomes (B, T, D)."
    elif np.array_equal(got, np.roll(E, 1, axis=0)[ids]):
        why = "It looks like counting starts at 1: id 0 is row 0 of E."
    elif np.array_equal(got, expected * (ids != 0)[..., None]):
        why = "Id 0 has a row of E too: nothing is masked here."
    shape(got, expected.shape, what="the embedding", why=why)
    close(got, expected, what="the embedding", why=why)
    why = (
        "The result has the dtype of E. (float32 times float64 is float64: make the one-hot array "
        "in the dtype of E.)"
    )
    dtype(got, E.dtype.name, what="the embedding", why=why)


@check("1.9", points=0.25)
def test_looks_rows_up(student):
    """looks the rows of E up"""
    compare_embedded(student, "embed_lookup", np.array([[2, 0]]), SMALL_E)
    compare_embedded(student, "embed_lookup", SMALL_IDS, SMALL_E.astype(np.float32))


@check("1.9", points=0.5)
def test_one_hot_times_matrix(student):
    """gets the same rows as a product with one-hot vectors"""
    compare_embedded(student, "embed_one_hot", np.array([[2, 0]]), SMALL_E)
    compare_embedded(student, "embed_one_hot", SMALL_IDS, SMALL_E.astype(np.float32))


OUT_OF_RANGE = (
    "E has rows 0 to V - 1. An id below 0 or from V on is an IndexError that names it, from both "
    "functions; NumPy takes -1 for the last row without a word."
)


@check("1.9", points=0.25)
def test_refuses_ids_without_a_row(student):
    """refuses ids that have no row, -1 too"""
    for name in ("embed_lookup", "embed_one_hot"):
        compare_embedded(student, name, np.array([[0, 0], [1, 2]]), SMALL_E)
        for outside in (3, -1):
            with raises(IndexError, why=OUT_OF_RANGE), naming((outside,), why=OUT_OF_RANGE):
                getattr(student, name)(np.array([[0, outside], [1, 2]]), SMALL_E)


def random_embedding(rng):
    """Draw ids and a matrix; the first and the last row are always asked for."""
    rows, features = rng.integers(2, 12, size=2).tolist()
    ids = rng.integers(0, rows, size=rng.integers(2, 6, size=2))
    ids[0, 0], ids[-1, -1] = 0, rows - 1
    E = rng.normal(size=(rows, features)).astype(str(rng.choice(["float32", "float64"])))
    return ids.astype(str(rng.choice(["int32", "int64"]))), E


@check("1.9", points=0.25, hidden=True)
def test_looks_anything_up(student, rng):
    """looks up any ids in any matrix"""
    for _ in range(6):
        compare_embedded(student, "embed_lookup", *random_embedding(rng))
    compare_embedded(student, "embed_lookup", np.array([[0]]), rng.normal(size=(1, 1)))


@check("1.9", points=0.5, hidden=True)
def test_multiplies_anything(student, rng):
    """multiplies any ids with any matrix"""
    for _ in range(6):
        compare_embedded(student, "embed_one_hot", *random_embedding(rng))
    compare_embedded(student, "embed_one_hot", np.array([[0]]), rng.normal(size=(1, 1)))


@check("1.9", points=0.25, hidden=True)
def test_refuses_any_id_without_a_row(student, rng):
    """refuses every id that has no row, wherever it stands"""
    calls = []
    for name, _ in product(("embed_lookup", "embed_one_hot"), range(3)):
        ids, E = random_embedding(rng)
        size = len(E)
        calls.append((name, ids, E, None))
        for outside in (size, size + 1, size + int(rng.integers(5, 999)), -1, -size, -size - 1):
            bad = ids.copy()
            bad[int(rng.integers(len(bad))), int(rng.integers(bad.shape[1]))] = outside
            calls.append((name, bad, E, outside))
    for name, ids, E, outside in shuffled(rng, calls):
        if outside is None:
            compare_embedded(student, name, ids, E)
        else:
            with (
                raises(IndexError, why=OUT_OF_RANGE),
                naming((outside,), beside=ids.ravel().tolist(), why=OUT_OF_RANGE),
            ):
                getattr(student, name)(ids, E)


# ---------------------------------------------------------------- 1.10

exercise("1.10", defines=["text_vectorizer"])

# Keras takes its time where it is not imported yet.
KERAS_SECONDS = 30


def as_layer(got):
    """Return a result that has to be a layer."""
    if not callable(got):
        raise Mismatch(
            f"gave {short(got)}, expected a layer",
            "Return the layer itself, adapted: it is called with texts afterwards.",
        )
    return got


def compare_vectorized(layer, texts, expected):
    """Call a layer and compare shape, values, dtype."""
    try:
        ids = as_layer(layer)(np.array(texts))
    except StudentError as error:
        if "not initialized" not in error.message:
            raise
        raise Mismatch(
            "raised an error: its table of words is not initialized",
            "The layer has not seen any text yet: show it the texts before you return it (adapt).",
        ) from None
    if not hasattr(ids, "shape"):
        raise Mismatch(f"gave {short(ids)}, expected a tensor", "The layer gives a tensor of ids.")
    expected = np.array(expected)
    why = "Every row has exactly `length` ids, in any batch: tell the layer when you make it."
    shape(ids, expected.shape, what="ids", why=why)
    values = np.asarray(ids)
    why = "Ids: 0 padding, 1 unknown, then words by their frequency in the texts."
    if np.all(values[expected > 0] == 1) and np.any(expected > 1):
        why = (
            "Every word is unknown: has the layer seen the texts (adapt), and is Keras's cleaning "
            "on (lower case, punctuation dropped)?"
        )
    equal(values, expected, what="ids", why=why)
    dtype(ids, "int", what="ids", why="Ids are whole numbers.")


CATS = ["the cat sat", "the cat", "the"]


@check("1.10", points=0.5, seconds=KERAS_SECONDS)
def test_numbers_texts(student):
    """numbers words by frequency, 1 for words it does not know"""
    layer = student.text_vectorizer(CATS, 10, 3)
    compare_vectorized(layer, ["the cat sat", "sat the bird"], [[2, 3, 4], [4, 2, 1]])
    compare_vectorized(layer, ["The CAT!", "sat."], [[2, 3, 0], [4, 0, 0]])


@check("1.10", points=0.25, seconds=KERAS_SECONDS)
def test_every_row_is_as_long(student):
    """cuts long texts and fills short ones to the length"""
    layer = student.text_vectorizer(CATS, 10, 3)
    compare_vectorized(layer, ["the cat sat the cat", "cat"], [[2, 3, 4], [3, 0, 0]])
    compare_vectorized(layer, ["cat"], [[3, 0, 0]])
    compare_vectorized(layer, ["the cat sat the cat"], [[2, 3, 4]])


VOCABULARY = (
    "max_tokens bounds the vocabulary, padding '' and '[UNK]' counted: the rarest words drop out."
)


def vocabulary(layer):
    """Return the words of a layer."""
    return plain_list(as_layer(layer).get_vocabulary(), "the vocabulary")


@check("1.10", points=0.25, seconds=KERAS_SECONDS)
def test_keeps_the_commonest_words(student):
    """keeps no more than max_tokens entries, the commonest words"""
    layer = student.text_vectorizer(CATS, 4, 3)
    equal(vocabulary(layer), ["", "[UNK]", "the", "cat"], what="the vocabulary", why=VOCABULARY)
    compare_vectorized(layer, ["The cat sat on the mat!", "cat"], [[2, 3, 1], [3, 0, 0]])


def counted_texts(rng):
    """Draw texts in which no two words are equally frequent; the commonest word comes first."""
    words = rng.permutation(["sea", "gull", "wind", "sail", "rope", "deck", "mast"]).tolist()
    tokens = [word for rank, word in enumerate(words) for _ in range(2 * (len(words) - rank))]
    tokens = rng.permutation(tokens).tolist()
    decorated = [
        str(rng.choice([token, token.upper(), token.title(), f"{token},", f"{token}!"]))
        for token in tokens
    ]
    cuts = np.sort(rng.choice(np.arange(1, len(decorated)), size=6, replace=False))
    return words, [" ".join(part) for part in np.split(np.array(decorated), cuts)]


@check("1.10", points=0.5, hidden=True, seconds=KERAS_SECONDS)
def test_vectorizes_any_texts(student, rng):
    """gives any text the right ids in rows of the right length"""
    for length in (1, int(rng.integers(4, 9))):
        words, texts = counted_texts(rng)
        layer = student.text_vectorizer(texts, 50, length)
        batch = [" ".join(rng.choice([*words, "albatross"], size=n).tolist()) for n in (0, 1, 12)]
        rows = [[words.index(w) + 2 if w in words else 1 for w in t.split()] for t in batch]
        expected = [[*row, *[0] * length][:length] for row in rows]
        compare_vectorized(layer, batch, expected)
        for text, row in zip(batch, expected, strict=True):
            compare_vectorized(layer, [text], [row])


@check("1.10", points=0.5, hidden=True, seconds=KERAS_SECONDS)
def test_bounds_any_vocabulary(student, rng):
    """bounds the vocabulary at max_tokens, whatever it is"""
    words, texts = counted_texts(rng)
    for max_tokens in (3, int(rng.integers(5, 9)), 9, 10, 40):
        layer = student.text_vectorizer(texts, max_tokens, 7)
        kept = words[: max_tokens - 2]
        equal(vocabulary(layer), ["", "[UNK]", *kept], what="the vocabulary", why=VOCABULARY)
        shown = rng.permutation(words)  # in their own order they would tell the vocabulary
        ids = [[words.index(word) + 2 if word in kept else 1 for word in shown]]
        compare_vectorized(layer, [" ".join(shown)], ids)
