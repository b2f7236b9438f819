"""Compare what came back with what was expected, and say the difference to a learner.

Every function raises :class:`Mismatch` when the two differ. The message names what differs, both
values and, where ``why`` is given, the likely cause; the call is added by the verdict. In hidden
checks a learner sees only ``why``: it must tell the property, never the input.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from seqkit.checking.student import Handle, StudentError
from seqkit.checking.written import as_code, short
from seqkit.grading.inside.wire import Tensor
from seqkit.limits import COMPARED_ITEMS, FRAME_BUFFERS, NAMED_NUMBERS

NUMBER = re.compile(r"((?<!\w)-)?\d+(\.\d+)?(e[-+]?\d+)?")  # the 5 of 0-5 is not negative
_NUMBERS = {bool, int, float, complex}


class Mismatch(AssertionError):
    """An answer that is not what was expected."""

    def __init__(self, text: str, why: str | None = None) -> None:
        super().__init__(f"{text}. {why}" if why else text)
        self.text = text
        self.why = why or ""


def _gave(what: str | None) -> str:
    return f"gave {what} " if what else "gave "


def _gave_an_array(what: str | None) -> str:
    return _gave(what or "an array")


def array(value: Any, what: str | None = None, why: str | None = None) -> np.ndarray:
    """Return an answer as an array; a :class:`Mismatch` if it is none.

    Examples
    --------
    >>> array([[1, 2], [3, 4]]).shape
    (2, 2)
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, Tensor):
        return value.array
    if value is None:
        raise Mismatch(f"{_gave(what)}None, expected an array", why or "Is a return missing?")
    if isinstance(value, int | float | complex | list | tuple | np.generic):
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            result = np.asarray(_readable(value)) if _fits(value) else np.empty(0, object)
            if result.dtype.kind in "biufcUS":
                return result
    kind = repr(value) if isinstance(value, Handle) else short(value)
    raise Mismatch(f"{_gave(what)}{kind}, expected an array", why)


def _readable(value: Any) -> Any:
    """Return a list with arrays for its tensors: NumPy reads none that has no dimensions."""
    if not isinstance(value, list | tuple):
        return value
    return [item.array if isinstance(item, Tensor) else item for item in value]


def _fits(value: Any) -> bool:
    """Whether an array of a list's items is no larger than answers may be.

    In an array every text takes as much room as the longest.
    """
    items, longest, waiting = 0, 0, [value]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, list | tuple):
            value = [value]
        items += len(value)
        if not set(map(type, value)) <= _NUMBERS:
            texts = [len(item) for item in value if isinstance(item, str | bytes)]
            longest = max(longest, *texts, 0)
            waiting += [item for item in value if isinstance(item, list | tuple)]
    return items * longest * 4 <= FRAME_BUFFERS


def shape(
    got: Any, expected: tuple[int, ...], what: str | None = None, why: str | None = None
) -> None:
    """Expect an array of a shape.

    Examples
    --------
    >>> shape(np.zeros((2, 3)), (2, 3))
    >>> shape(np.zeros(3), (2, 3), what="X")
    Traceback (most recent call last):
    seqkit.checking.expect.Mismatch: gave X of shape (3,), expected (2, 3)
    """
    found = array(got, what).shape
    if found != tuple(expected):
        raise Mismatch(f"{_gave_an_array(what)}of shape {found}, expected {tuple(expected)}", why)


def dtype(got: Any, kinds: str, what: str | None = None, why: str | None = None) -> None:
    """Expect a dtype: a kind (``"int" "float" "bool" "str"``) or an exact name (``"int64"``)."""
    found = array(got, what).dtype
    families = {"int": "iu", "float": "f", "bool": "b", "str": "U"}
    right = found.kind in families[kinds] if kinds in families else found == np.dtype(kinds)
    if not right:
        raise Mismatch(f"{_gave_an_array(what)}of dtype {found}, expected {kinds}", why)


def equal(got: Any, expected: Any, what: str | None = None, why: str | None = None) -> None:
    """Expect the same value: arrays and tensors by shape and items, sequences item by item.

    A list, a tuple and an array with the same items are equal to an expected array; an expected
    list, tuple, str, dict, set, bool or None must come back as that type. ``True`` is not 1.

    Examples
    --------
    >>> equal([1, 2], [1, 2])
    >>> equal(3, 4, what="the length", why="the last one is missing")
    Traceback (most recent call last):
    seqkit.checking.expect.Mismatch: gave the length 3, expected 4. the last one is missing
    """
    if isinstance(expected, Tensor):
        expected = expected.array
    if isinstance(expected, np.ndarray):
        found = array(got, what, why)
        shape(found, expected.shape, what, why)
        if (found.dtype.kind == "b") != (expected.dtype.kind == "b"):
            dtype(found, "bool" if expected.dtype.kind == "b" else "int", what, why)
        if (found.dtype.kind in "US") != (expected.dtype.kind in "US") or not np.array_equal(
            found, expected
        ):
            alike = found.dtype.kind == expected.dtype.kind
            raise _different(got, expected, what, why, found != expected if alike else None)
        return
    if not _same(got, expected):
        raise _different(got, expected, what, why)


def _different(
    got: Any, expected: Any, what: str | None, why: str | None, wrong: np.ndarray | None = None
) -> Mismatch:
    """Tell both values, or the first of the entries that are ``wrong`` where that tells more.

    What looks the same is told with its type, its dtype and all its digits.
    """
    found, right = short(got), short(expected)
    if wrong is not None and wrong.ndim and (found == right or "array of" in found + right):
        place = tuple(np.argwhere(wrong)[0].tolist())
        a, b = array(got)[place], array(expected)[place]
        found, right = _apart(a, b) if a.dtype != b.dtype else _apart(a.item(), b.item())
        count = f"({np.count_nonzero(wrong)} of {wrong.size} entries differ)"
        text = f"with {found} at {list(place)}, expected {right} there {count}"
        return Mismatch(f"{_gave_an_array(what)}{text}", why)
    found, right = _apart(got, expected)
    return Mismatch(f"{_gave(what)}{found}, expected {right}", why)


def _apart(got: Any, expected: Any) -> tuple[str, str]:
    """Return two values as text: short, unless they look the same then."""
    found, right = short(got), short(expected)
    return (found, right) if found != right else (as_code(got), as_code(expected))


def _same(got: Any, expected: Any) -> bool:
    if isinstance(expected, bool | np.bool_):
        return isinstance(got, bool | np.bool_) and bool(got) == bool(expected)
    if isinstance(expected, int | float | complex | np.number):
        if isinstance(got, np.ndarray | Tensor) and array(got).shape == ():
            got = array(got)[()]
        number = isinstance(got, int | float | complex | np.number)
        return number and not isinstance(got, bool | np.bool_) and bool(got == expected)
    if isinstance(expected, list | tuple):
        if isinstance(got, np.ndarray | Tensor):
            if array(got).size > COMPARED_ITEMS:
                return False
            got = array(got).tolist()
        elif type(got) is not type(expected):
            return False
        return len(got) == len(expected) and all(map(_same, got, expected))
    if isinstance(expected, dict):
        return (
            type(got) is dict
            and got.keys() == expected.keys()
            and all(_same(got[key], value) for key, value in expected.items())
        )
    if isinstance(expected, str) and isinstance(got, np.str_):
        got = str(got)
    return type(got) is type(expected) and bool(got == expected)


def close(
    got: Any,
    expected: Any,
    what: str | None = None,
    why: str | None = None,
    atol: float = 1e-9,
    rtol: float = 1e-7,
) -> None:
    """Expect the same shape and numbers within ``atol + rtol * |expected|``.

    Examples
    --------
    >>> close([0.1 + 0.2], [0.3])
    >>> close([1.0, 2.5], [1.0, 2.0], what="y")
    Traceback (most recent call last):
    seqkit.checking.expect.Mismatch: gave y [1.0, 2.5], expected [1.0, 2.0] (largest difference 0.5)
    """
    found, target = array(got, what, why), array(expected)
    shape(found, target.shape, what, why)
    if found.dtype.kind not in "biufc":
        raise _different(got, expected, what, why)
    if not _near(found, target, atol, rtol):
        wrong = ~np.isclose(found, target, atol=atol, rtol=rtol, equal_nan=True)
        error = _different(got, expected, what, None, wrong)
        with np.errstate(all="ignore"):
            gap = np.max(np.abs(found.astype(complex) - target))
        raise Mismatch(f"{error.text} (largest difference {gap:.3g})", why)


def _near(found: np.ndarray, target: np.ndarray, atol: float, rtol: float) -> bool:
    if found.dtype.kind == "f" and target.dtype.kind in "fiu":
        with np.errstate(all="ignore"):  # the usual case first, at a tenth of the cost
            gap = np.abs(found - target)
            if np.all(gap <= atol + rtol * np.abs(target)) and np.all(np.isfinite(gap)):
                return True
    return bool(np.allclose(found, target, atol=atol, rtol=rtol, equal_nan=True))


def true(condition: Any, message: str) -> None:
    """Expect a condition; ``message`` tells a learner what does not hold."""
    if not bool(condition):
        raise Mismatch(message, None)


@contextlib.contextmanager
def raises(
    kind: type[BaseException] | str, match: str | None = None, why: str | None = None
) -> Iterator[None]:
    """Expect the learner's code to raise an exception, with a message that matches a regex.

    Examples
    --------
    >>> with raises(ValueError, match="side"):
    ...     raise StudentError({"type": "ValueError", "bases": ["ValueError"], "message": "side?"})
    """
    name = kind if isinstance(kind, str) else kind.__name__
    try:
        yield
    except StudentError as error:
        if error.untouched:
            raise
        if name not in (error.type, *error.bases):
            raise Mismatch(f"raised {error}, expected {name}", why) from None
        if match is not None and not re.search(match, error.message, re.IGNORECASE):
            raise Mismatch(
                f"raised {name} with the message {short(error.message)}, expected it to name the "
                f"problem (something like {match!r})",
                why,
            ) from None
        return
    raise Mismatch(f"raised nothing, expected {name}", why)


@contextlib.contextmanager
def naming(
    *choices: Collection[float], beside: Collection[float] = (), why: str | None = None
) -> Iterator[None]:
    """Expect the exception raised inside to name one of several sets of numbers, if there are any.

    It may name the numbers ``beside`` as well, and eight others: not every number there is.

    Examples
    --------
    >>> error = StudentError({"type": "ValueError", "bases": ["ValueError"], "message": "no 3"})
    >>> with raises(ValueError), naming([3]):
    ...     raise error
    >>> with naming([4]):
    ...     raise error
    Traceback (most recent call last):
    seqkit.checking.expect.Mismatch: raised ValueError with the message 'no 3', expected it to ...
    """
    try:
        yield
    except StudentError as error:
        if error.untouched:
            raise
        found = {float(number[0]) for number in NUMBER.finditer(error.message)}
        if len(found.difference(beside)) > NAMED_NUMBERS:
            raise Mismatch(
                f"raised {error.type} with a message that names {len(found)} numbers",
                "A message names what is wrong, not everything that could be.",
            ) from None
        if choices and not any(found.issuperset(choice) for choice in choices):
            wanted = " and ".join(map(str, choices[0]))
            raise Mismatch(
                f"raised {error.type} with the message {error.message!r}, expected it to name "
                f"{wanted}",
                why,
            ) from None
        raise
