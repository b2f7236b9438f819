"""Hidden checks of exercise 1.3: cut a series into windows."""

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.diagnosis import accepting
from seqkit.checking.drawing import shuffled
from seqkit.course import check, generated

from ..ex_1_03 import ONE_WINDOW, compare_views, laws, make, refuse


@st.composite
def window_case(draw):
    """Draw a series with room for one window or more, a length and a horizon."""
    length, horizon = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    size = length + horizon + draw(st.integers(0, 7))
    values = draw(st.lists(st.integers(-100, 100), min_size=size, max_size=size))
    kind = draw(st.sampled_from(["float64", "float32", "int64", "uint8"]))
    return np.array(values).astype(kind), length, horizon


@check(points=0.5)
@generated(window_case(), examples=25)
def test_windows_of_any_series(student, case):
    """makes the windows of any series, length and horizon"""
    series, length, horizon = case
    make(student, series, length, horizon)


@check(points=0.25)
def test_any_window_is_a_view(student, rng):
    """copies nothing, whatever the dtype, and keeps the laws"""
    laws.hold(student, rng)
    for kind, layout in (("int32", "fortran"), ("float32", "strided"), ("uint8", "reversed")):
        length, horizon = rng.integers(2, 6, size=2).tolist()
        size = length + horizon + int(rng.integers(3, 9))
        series = rng.integers(50, size=size).astype(kind)
        index = int(rng.integers(length, size - horizon))  # stands in X and in y
        compare_views(student, series, length, horizon, index, 77, layout)


@check(points=0.25)
def test_the_smallest_series(student, rng):
    """takes a series with room for one window and refuses a shorter one"""
    calls = [(0, 3, 2)]  # number of values, length, horizon
    for length, horizon in [(12, 5), *rng.integers(6, 30, size=(3, 2)).tolist()]:
        calls += [(length + horizon - lacks, length, horizon) for lacks in (0, 1)]
    for below in (0, -int(rng.integers(1, 9))):
        calls += [(9, below, 3), (9, 3, below)]
    for size, length, horizon in shuffled(rng, calls):
        series = rng.integers(-20, 21, size=size) / 2
        if min(length, horizon) < 1 or size < length + horizon:
            refuse(student, series, length, horizon)
        else:
            with accepting(ONE_WINDOW):
                make(student, series, length, horizon)
