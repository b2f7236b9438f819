"""Hidden checks of exercise 3.9: bug hunt: a test that is none."""

import numpy as np

from seqkit.checking.diagnosis import holds
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import close, equal
from seqkit.course import check

from ..ex_3_09 import draw, judge, judge_scaled, laws, refuse


@check(points=0.5)
def test_judges_any_predictions(student, rng):
    """judges any predictions, in lists, arrays and columns, of any size, and keeps the laws"""
    for _ in range(20):
        arguments = list(draw(rng, *rng.integers(1, 7, size=2).tolist()).values())
        arguments = [part.tolist() if rng.random() < 0.5 else part for part in arguments]
        judge(student, *arguments)
        judge_scaled(student, *arguments)
    whole = rng.integers(0, 256, size=(4, 9))
    for kind in (np.uint8, np.int64):
        judge(student, *whole.astype(kind))
    laws.hold(student, rng)


@check(points=0.25)
def test_the_limit_itself(student, rng):
    """asks for less than 0.9 of the variance, not for as much"""
    unit = 2.0 ** rng.integers(-3, 4)  # variance 10 units, to the last digit; so 0.9 of it is 9
    y = unit * (rng.permutation(11) + rng.integers(-20, 21))
    worse, calls = y + 4.0 * unit, []
    for off, better in ((3.0, False), (rng.uniform(2.9, 2.99), True)):
        close_by = y + off * unit * rng.choice([-1.0, 1.0], size=11)
        calls.append((y, close_by, "learned" if better else "memorised"))
        calls.append((close_by, worse, "memorised" if better else "nothing to learn"))
    for train, test, verdict in shuffled(rng, calls):
        got = student.noise_floor(y, train, y, test)
        holds(isinstance(got, dict), "The result is a dict.")
        why = "Both limits are 0.9 times a variance, and the error has to be below it."
        equal(got.get("verdict"), verdict, what="verdict", why=why)
        close(got.get("floor"), 10.0 * unit**2, what="floor", why=why)


@check(points=0.25)
def test_refuses_pairs_that_do_not_match(student, rng):
    """refuses pairs that do not hold the same number of values, and judges those that do"""
    y = rng.normal(size=int(rng.integers(11, 30)))
    calls = []
    for count in (1, len(y) - 1, len(y), len(y), len(y) + 1):
        other = rng.normal(size=count)
        pairs = [(y, other, y, y), (y, y, other, y), (other[:, None], y, y, other)]
        calls += [(count, arguments) for arguments in pairs]
    for count, arguments in shuffled(rng, calls):
        if count == len(y):
            judge(student, *arguments)
        else:
            refuse(student, (count, len(y)), *arguments)
