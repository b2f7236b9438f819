"""Hidden checks of exercise 1.5: split without looking ahead."""

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.drawing import shuffled
from seqkit.course import check, generated

from ..ex_1_05 import compare_split, hold_laws, refuse


@st.composite
def split_case(draw):
    """Draw a number of rows, three shares in whole percents, and a gap."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    n = draw(st.one_of(st.integers(0, 40), st.sampled_from([100, 1000, 999_999, 1_000_000])))
    gap = draw(st.sampled_from([0, 0, 1, 2, 5]))
    return n, (first, second, 100 - first - second), gap


@check(points=0.5)
@generated(split_case(), examples=40)
def test_splits_anything(student, case):
    """splits any number of rows by any shares, with any gap"""
    n, percents, gap = case
    fractions = tuple(percent / 100 for percent in percents)
    compare_split(student, n, percents, fractions, gap=gap)


@check(points=0.25)
def test_thirds_and_small_parts(student, rng):
    """takes thirds, empty parts and gaps longer than a part, and keeps the laws"""
    hold_laws(student, rng)
    compare_split(student, 3 * int(rng.integers(5, 30)), (1, 1, 1), (1 / 3, 1 / 3, 1 / 3))
    compare_split(student, 40, (70, 10, 20), (0.7, 0.1, 0.2), gap=4)  # nothing to validate on
    compare_split(student, 40, (70, 20, 10), (0.7, 0.2, 0.1), gap=5)  # nothing to test on
    compare_split(student, 40, (90, 5, 5), (0.9, 0.05, 0.05), gap=50)
    compare_split(student, 10, (100, 0, 0), (1.0, 0.0, 0.0))
    compare_split(student, 10, (0, 0, 100), [0, 0, 1])
    compare_split(student, 999, (0, 1, 999), (0.0, 0.001, 0.999))


@check(points=0.25)
def test_refuses_all_other_fractions(student, rng):
    """refuses every other set of fractions, and every negative gap"""
    percent = int(rng.integers(10, 40))
    share = percent / 100
    good = (share, 0.5, 0.5 - share)
    bad = [(), (share, 1 - share), (0.333, 0.333, 0.333), (share, 0.5, 0.5 - share, 0.0)]
    bad += [np.roll((-share, 0.5 + share, 0.5), place).tolist() for place in range(3)]
    bad += [(share, 0.5, 0.5 - share + off) for off in (0.05, -0.05, 1e-5, -1e-5)]
    gaps = [0, *rng.integers(1, 9, size=2).tolist()]
    calls = [(fractions, 0) for fractions in bad]
    calls += [(good, gap) for gap in (*gaps, -1, -gaps[-1])]
    for fractions, gap in shuffled(rng, calls):
        if fractions == good and gap >= 0:
            compare_split(student, 100, (percent, 50, 50 - percent), fractions, gap=gap)
        else:
            refuse(student, int(rng.choice([0, 100])), fractions, gap)
