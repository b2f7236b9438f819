"""Hidden checks of exercise 3.9: bug hunt: a test that is none."""

import numpy as np

from seqkit.checking.diagnosis import holds
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import close, equal, naming, raises
from seqkit.course import check

from ..ex_3_09 import compare_floor, noise_by_hand


def random_pair(rng):
    """Draw targets and predictions, each as a list or an array, in a row or in a column."""
    size = int(rng.integers(1, 7))
    y = rng.integers(-30, 30, size=size) / 5
    predictions = y + rng.choice([0.0, 0.1, 0.5, 2.0]) * rng.integers(-9, 10, size=size) / 3
    for part in (y, predictions):
        part = part[:, None] if rng.random() < 0.5 else part
        yield part.tolist() if rng.random() < 0.3 else part


def near_a_limit(arguments):
    """Say whether rounding could turn a verdict."""
    found = noise_by_hand(*arguments)
    limits = (found["test_mse"], found["floor"]), (found["train_mse"], np.var(arguments[0]))
    return any(abs(mse - 0.9 * variance) < 1e-6 for mse, variance in limits)


@check(points=0.5)
def test_judges_any_predictions(student, rng):
    """judges any predictions, in lists, arrays and columns"""
    for _ in range(40):
        arguments = [*random_pair(rng), *random_pair(rng)]
        if not near_a_limit(arguments):
            compare_floor(student, *arguments)


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
    why = (
        "Targets and predictions of a set have to be equally many; one prediction for all of them "
        "as well is a ValueError that names both numbers."
    )
    calls = []
    for count in (1, len(y) - 1, len(y), len(y), len(y) + 1):
        other = rng.normal(size=count)
        pairs = [(y, other, y, y), (y, y, y, other), (other[:, None], y, y, y)]
        calls += [(count, arguments) for arguments in pairs]
    for count, arguments in shuffled(rng, calls):
        if count == len(y):
            compare_floor(student, *arguments)
        else:
            with raises(ValueError, why=why), naming((count, len(y)), why=why):
                student.noise_floor(*arguments)
