"""Checks of exercise 1.4: forecast by feeding predictions back."""

from dataclasses import replace

import numpy as np

from seqkit.checking.diagnosis import as_array
from seqkit.checking.expect import close, dtype, shape
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import refused

rules = Rules(defines=("forecast",), numpy=True)


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
        return (
            "It looks like it was computed in whole numbers, which are cut, and which overflow "
            "(an int8 holds nothing above 127): compute in float64."
        )
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


def compare_forecast(got, history, weights, steps):
    """Compare shape, values, dtype of a forecast."""
    got = as_array(got, "the forecast")
    expected = forecast_by_matrix(history, weights, steps)
    why = why_forecast(got, history, weights, steps)
    shape(got, expected.shape, what="the forecast", why=why)
    close(got, expected, what="the forecast", why=why, atol=1e-8, rtol=1e-9)
    dtype(got, "float64", what="the forecast", why="The forecast is always float64.")


def forecast(student, *arguments):
    """Call forecast and compare what comes back."""
    compare_forecast(student.forecast(*arguments), *arguments)


def draw(rng, order, steps):
    """Draw a model whose forecast neither dies out nor grows large, and its history."""
    weights = np.round(rng.uniform(-1, 1, size=order + 1) / (50 * order), 6)
    weights[0] -= 1  # a value comes back with another sign, again and again
    return {"history": rng.integers(-20, 21, size=order) / 2, "weights": weights, "steps": steps}


def draw_lists(rng, order, steps):
    """Draw the same as lists."""
    history, weights, steps = draw(rng, order, steps).values()
    return {"history": history.tolist(), "weights": weights.tolist(), "steps": steps}


laws = Laws(
    "forecast",
    draw,
    forecast_by_matrix,
    parts=("the forecast",),
    large={"order": 66, "steps": 220},
    whole=("history", "weights"),
    compare=compare_forecast,
    atol=1e-8,
)
laws_of_lists = replace(laws, draw=draw_lists, whole=(), large={"order": 3, "steps": 4})


@check(points=0.5)
def test_predicts_one_step(student):
    """predicts one step: oldest value times first weight, bias last"""
    forecast(student, [1.0, 2.0], [0.5, 1.0, 2.0], 1)
    forecast(student, [3.0], [2.0, 1.0], 1)
    forecast(student, np.array([100, 90], np.int8), np.array([2, -1, 50], np.int8), 1)


@check(points=0.5)
def test_feeds_predictions_back(student):
    """feeds its predictions back"""
    forecast(student, [1.0, 2.0], [0.5, 1.0, 2.0], 3)
    forecast(student, [1.0, 1.0, 2.0], [1.0, 0.0, 0.0, 1.0], 7)
    forecast(student, [2, 3], [1, 2, 1], 70)
    forecast(student, [1, 2], [1, 1, 1], 0)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, with arrays and with lists"""
    laws.hold(student, rng)
    laws_of_lists.hold(student, rng)


WRONG_LENGTH = (
    "A model with τ + 1 weights reads exactly τ values, neither more nor fewer. Otherwise raise "
    "a ValueError that names τ and the number of values given."
)


def refuse(student, *given):
    """Expect a ValueError that names both lengths."""
    lengths = len(given[1]) - 1, len(given[0])
    refused(student.forecast, *given, names=lengths, why=WRONG_LENGTH)


@check(points=0.25)
def test_refuses_another_length(student):
    """refuses a history that does not fit the weights, naming both lengths"""
    forecast(student, [1.0, 2.0], [0.5, 1.0, 2.0], 2)
    for history, steps in (([1.0, 2.0, 3.0], 2), ([1.0], 2), ([1.0] * 5, 2), ([], 0)):
        refuse(student, history, [0.5, 1.0, 2.0], steps)
