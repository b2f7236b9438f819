"""Hidden checks of exercise 1.4: forecast by feeding predictions back."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal, naming, raises
from seqkit.course import check, generated

from ..ex_1_04 import WRONG_LENGTH, compare_forecast


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


@check(points=0.75)
@generated(forecast_case(), examples=25)
def test_forecasts_any_model(student, case):
    """forecasts with any model over any number of steps, none too"""
    compare_forecast(student, *case)


@check(points=0.5)
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


@check(points=0.25)
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
