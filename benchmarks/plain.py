"""The course's checks as asserts on a learner's own objects, for graders that run them in process.

This file is copied beside the checks, which import it in the place of ``seqkit`` and of
Hypothesis: the generated inputs were drawn beforehand and lie in ``cases.pickle``. What a check
looks at is the same as in our own grader; there is nothing between it and the learner's code.
"""

import contextlib
import functools
import hashlib
import pickle
import re
from pathlib import Path

import numpy as np

CHECKS = {}  # by exercise
SEED = 0  # set by the checks file
NUMBER = re.compile(r"((?<!\w)-)?\d+(\.\d+)?(e[-+]?\d+)?")


class Mismatch(AssertionError):
    """An answer that is not what was expected."""


class StudentError(Exception):
    """The learner's code raised ``cause``."""

    untouched = False

    def __init__(self, cause):
        super().__init__(str(cause))
        self.cause, self.type, self.message = cause, type(cause).__name__, str(cause)


class Student:
    """The learner's names."""

    def __init__(self, names):
        self._names = names

    def __getattr__(self, name):
        function = self._names[name]

        def call(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except Exception as error:
                raise StudentError(error) from error

        return call

    def keep(self, value):
        return value.copy()

    def kept(self, name, *args, **kwargs):
        return getattr(self, name)(*args, **kwargs)

    def fetch(self, value):
        return value

    def assign(self, value, index, item):
        value[index] = item


# ---------------------------------------------------------------- what a checks file says


class Rules:
    def __init__(self, **rules):
        pass


def check(id, hidden, points, **limits):
    def mark(function):
        text = f"{SEED if hidden else 0}/{id}/{function.__name__}"
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
        CHECKS.setdefault(id, []).append((function, points, hidden, seed))
        return function

    return mark


def generated(strategy, examples=25):
    def mark(function):
        function.generated = True
        return function

    return mark


class Anything:
    """Stands for Hypothesis's strategies: nothing is drawn here."""

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self


st = Anything()


def portable(function):
    function.given = lambda **values: functools.partial(function, **values)
    return function


# ---------------------------------------------------------------- comparisons


def short(value):
    return repr(value)[:120]


def array(value, what=None, why=None):
    return np.asarray(value)


def shape(got, expected, what=None, why=None):
    assert np.shape(got) == tuple(expected), why


def dtype(got, kinds, what=None, why=None):
    found = np.asarray(got).dtype
    families = {"int": "iu", "float": "f", "bool": "b", "str": "U"}
    assert found.kind in families[kinds] if kinds in families else found == np.dtype(kinds), why


def equal(got, expected, what=None, why=None):
    if isinstance(expected, np.ndarray):
        assert np.array_equal(got, expected), why
        return
    got = got.tolist() if isinstance(got, np.ndarray) else got
    assert got == expected and isinstance(got, bool) == isinstance(expected, bool), why


def close(got, expected, what=None, why=None, atol=1e-9, rtol=1e-7):
    shape(got, np.shape(expected), what, why)
    assert np.allclose(got, expected, atol=atol, rtol=rtol), why


@contextlib.contextmanager
def raises(kind, match=None, why=None):
    try:
        yield
    except Mismatch:
        raise
    except Exception as error:
        cause = getattr(error, "cause", error)
        assert isinstance(cause, kind), why
        assert match is None or re.search(match, str(cause), re.IGNORECASE), why
        return
    raise Mismatch(why)


@contextlib.contextmanager
def naming(*choices, beside=(), why=None):
    try:
        yield
    except Mismatch:
        raise
    except Exception as error:
        message = str(getattr(error, "cause", error))
        found = {float(number[0]) for number in NUMBER.finditer(message)}
        assert len(found.difference(beside)) <= 8, why
        assert not choices or any(found.issuperset(choice) for choice in choices), why
        raise


# ---------------------------------------------------------------- running them


def run(names, id, number):
    """Run check ``number`` of an exercise on the names of a notebook."""
    function, _, _, seed = CHECKS[id][number]
    student = Student(names)
    wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
    if not getattr(function, "generated", False):
        function(student, *([np.random.default_rng(seed)] if "rng" in wanted else []))
        return
    for case in _cases()[function.__name__]:
        function(student, case)


def points(names, id):
    """Return the points of an exercise, nbgrader's partial credit for a cell; print what failed."""
    total = 0.0
    for number, (function, worth, _, _) in enumerate(CHECKS[id]):
        try:
            run(names, id, number)
            total += worth
        except Exception as error:
            print(f"{function.__doc__}: {error}")
    return total


def _cases(known=[]):  # noqa: B006 (read once)
    if not known:
        known.append(pickle.loads(Path(__file__).with_name("cases.pickle").read_bytes()))
    return known[0]
