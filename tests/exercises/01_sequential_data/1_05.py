"""Checks of exercise 1.5: split without looking ahead."""

from itertools import product

from seqkit.checking.diagnosis import accepting, advising, parts_of
from seqkit.checking.expect import Mismatch, equal
from seqkit.checking.laws import BY_NAME, CHANGED, LEFT_OVER
from seqkit.checking.written import short
from seqkit.course import Rules, check

from .oracle import refused

rules = Rules(defines=("temporal_split",), forbids=("seqkit.batches.temporal_split",), numpy=True)

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
    start, stop = part.start or 0, n if part.stop is None else part.stop
    if rows.step != 1:
        raise Mismatch(f"gave {part}, expected neighbouring rows", "A part leaves out no row.")
    if stop > n:
        why = "No slice reaches beyond the last row; an empty last part is slice(n, n)."
        raise Mismatch(f"gave {part} of {n} rows, expected no slice to stop beyond them", why)
    if start > stop:
        why = "A part not longer than the gap is empty: its slice starts where it stops."
        raise Mismatch(f"gave {part}, expected an empty slice to start where it stops", why)
    return rows


def compare_parts(parts, n, shares, gap, law=""):
    """Compare which rows slices select; ``law`` tells what is broken where they are others."""
    got = [bounds(rows_of(part, n)) for part in parts_of(parts, *PARTS)]
    expected = [bounds(rows) for rows in split_exactly(n, shares, gap)]
    why = law or why_split(got, n, shares, gap)
    for name, part, rows in zip(PARTS, got, expected, strict=True):
        equal(part, rows, what=name, why=why)


def compare_split(student, n, shares, fractions, **gap):
    """Call temporal_split and compare which rows its slices select."""
    compare_parts(student.temporal_split(n, fractions, **gap), n, shares, gap.get("gap", 0))


def hold_laws(student, rng):
    """Expect what holds for every exercise: :class:`Laws` knows no two ways to write a slice."""
    n, gap = int(rng.integers(20, 40)), int(rng.integers(1, 4))
    fractions, shares = [0.5, 0.3, 0.2], (50, 30, 20)
    kept = student.keep(fractions)
    with advising(BY_NAME, "TypeError"):
        named = student.temporal_split(gap=gap, fractions=kept, n=n)
    compare_parts(named, n, shares, gap)
    equal(student.fetch(kept), fractions, what="fractions", why=CHANGED.format(name="fractions"))
    compare_split(student, 999_999, (29, 1, 70), (0.29, 0.01, 0.7))
    compare_split(student, 1_000_000, (12347, 67653, 20000), (0.12347, 0.67653, 0.2))
    compare_split(student, 1, (50, 30, 20), (0.5, 0.3, 0.2), gap=gap)
    compare_split(student, 0, (0, 0, 100), (0.0, 0.0, 1.0))
    compare_parts(student.temporal_split(n, fractions, gap), n, shares, gap, LEFT_OVER)


@check(points=0.25)
def test_splits_in_order(student):
    """splits in order of time, rounds boundaries down, and leaves a gap before later parts"""
    compare_split(student, 10, (50, 30, 20), (0.5, 0.3, 0.2))
    compare_split(student, 7, (50, 25, 25), (0.5, 0.25, 0.25))
    compare_split(student, 9, (30, 30, 40), [0.3, 0.3, 0.4])
    compare_split(student, 20, (50, 25, 25), (0.5, 0.25, 0.25), gap=2)
    compare_split(student, 10, (60, 20, 20), (0.6, 0.2, 0.2), gap=3)


@check(points=0.25)
def test_is_not_fooled_by_floats(student):
    """is not fooled by floating point"""
    compare_split(student, 10, (70, 10, 20), (0.7, 0.1, 0.2))
    compare_split(student, 100, (29, 1, 70), (0.29, 0.01, 0.7))
    compare_split(student, 9, (1, 1, 1), (1 / 3, 1 / 3, 1 / 3))
    compare_split(student, 999, (1, 500, 499), (0.001, 0.5, 0.499))  # 0.999 is rounded down
    with accepting("0.7 + 0.2 + 0.1 is 0.9999999999999999 in Python; 1e-9 more or less is 1."):
        compare_split(student, 10, (70, 20, 10), (0.7, 0.2, 0.1))


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    hold_laws(student, rng)


BAD_FRACTIONS = (
    "There are three fractions, none is negative, and they sum to 1 (up to rounding errors). "
    "Anything else is a ValueError that says `fractions`, even where there are no rows."
)
BAD_GAP = "Rows cannot overlap: a negative gap is a ValueError that says `gap`."


def refuse(student, n, fractions, gap=0):
    """Expect a ValueError that says whether it is the gap or the fractions."""
    word, why = ("gap", BAD_GAP) if gap < 0 else ("fractions", BAD_FRACTIONS)
    refused(student.temporal_split, n, fractions, says=word, why=why, gap=gap)


@check(points=0.25)
def test_refuses_what_cannot_be_split(student):
    """refuses fractions that are not three shares of 1, and a negative gap"""
    compare_split(student, 10, (50, 30, 20), (0.5, 0.3, 0.2), gap=0)
    bad = [(0.8, 0.2), (0.5, 0.3, 0.2, 0.0), (0.5, 0.3, 0.1), (-0.1, 0.6, 0.5), (0.6, 0.5, -0.1)]
    bad += [(0.5, 0.3, 0.20001), (0.5, 0.3, 0.19999)]
    for n, fractions in product((10, 0), bad):
        refuse(student, n, fractions)
    refuse(student, 10, (0.5, 0.3, 0.2), gap=-1)
