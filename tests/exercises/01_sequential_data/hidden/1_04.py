"""Hidden checks of exercise 1.4: forecast by feeding predictions back."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.drawing import shuffled
from seqkit.course import check, generated

from ..ex_1_04 import draw, forecast, laws, laws_of_lists, refuse


@st.composite
def forecast_case(draw):
    """Draw a model, a history as list or array, and a number of steps."""
    order = draw(st.integers(1, 4))
    weight = st.integers(-10, 10).map(lambda k: k / 10)
    value = st.integers(-90, 90)
    value = draw(st.sampled_from([value, value.map(lambda k: k / 10)]))
    weights = draw(st.lists(weight, min_size=order + 1, max_size=order + 1))
    history = draw(st.lists(value, min_size=order, max_size=order))
    steps = draw(st.integers(0, 8))
    pack = draw(st.sampled_from([list, np.array]))
    return pack(history), pack(weights), steps


@check(points=0.75)
@generated(forecast_case(), examples=25)
def test_forecasts_any_model(student, case):
    """forecasts with any model over any number of steps, none too"""
    forecast(student, *case)


@check(points=0.5)
def test_any_order(student, rng):
    """forecasts with a model of any order over any number of steps, and keeps the laws"""
    laws.hold(student, rng)
    laws_of_lists.hold(student, rng)


@check(points=0.25)
def test_refuses_any_other_length(student, rng):
    """refuses every history of another length"""
    order = int(rng.integers(11, 20))
    lengths = (0, 1, order - 1, order, order, order + 1, 2 * order, 3 * order)
    for given, steps in shuffled(rng, list(product(lengths, (0, 2)))):
        history = rng.integers(-20, 21, size=given) / 2
        weights = draw(rng, order, steps)["weights"]
        if given == order:
            forecast(student, history, weights, steps)
        else:
            refuse(student, history, weights, steps)
