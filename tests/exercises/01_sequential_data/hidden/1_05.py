"""Hidden checks of exercise 1.5: split without looking ahead."""

from hypothesis import strategies as st

from seqkit.checking.diagnosis import parts_of
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal
from seqkit.course import check, generated

from ..ex_1_05 import PARTS, bounds, compare_split, hold_laws, refuses_to_split, rows_of


@st.composite
def split_case(draw):
    """Draw a number of rows, three shares in whole percents, and a gap."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    n = draw(st.one_of(st.integers(0, 40), st.sampled_from([100, 200, 1000, 1_000_000])))
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


@check(points=0.25)
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
