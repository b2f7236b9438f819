"""Look at the kind of a result before its values, and guess what probably went wrong.

Checks use these beside :mod:`seqkit.checking.expect`. What is not so raises a
:class:`~seqkit.checking.expect.Mismatch` with the likeliest cause, which hidden checks tell too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from seqkit.checking.expect import Mismatch, array, close, dtype, shape
from seqkit.checking.student import StudentError
from seqkit.checking.written import short
from seqkit.limits import COMPARED_ITEMS, SUSPECTS

ROUNDED = "The numbers agree to a few digits only: compute in float64."

# ---------------------------------------------------------------- the kind of a result


def parts_of(got: Any, *names: str) -> Any:
    """Return the parts of a result that has to have as many as there are names.

    Examples
    --------
    >>> parts_of((1, 2), "H", "h")
    (1, 2)
    >>> parts_of(1, "H", "h")
    Traceback (most recent call last):
    seqkit.checking.expect.Mismatch: gave 1, expected 2 parts. The result has 2 parts: return H, h.
    """
    if not isinstance(got, tuple | list) or len(got) != len(names):
        raise Mismatch(
            f"gave {short(got)}, expected {len(names)} parts",
            f"The result has {len(names)} parts: return {', '.join(names)}.",
        )
    return got


def as_array(got: Any, what: str) -> np.ndarray:
    """Return a result that has to be a NumPy array."""
    if not isinstance(got, np.ndarray):
        raise Mismatch(
            f"gave {what} {short(got)}, expected a NumPy array", f"{what} has to be a NumPy array."
        )
    return got


def as_floats(got: Any, what: str) -> np.ndarray:
    """Return a result that has to be a NumPy array of numbers."""
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "biuf":
        raise Mismatch(
            f"gave {what} {short(got)}, expected a NumPy array of floats",
            f"{_sentence(what)} has to be a NumPy array of floats",
        )
    return got


def as_number(got: Any, what: str) -> float:
    """Return a result that has to be a float."""
    if isinstance(got, np.ndarray) and got.shape == ():
        got = got[()]
    if isinstance(got, bool | np.bool_) or not isinstance(got, int | float | np.number):
        raise Mismatch(
            f"gave {what} {short(got)}, expected a number",
            f"{_sentence(what)} has to be a single float",
        )
    return float(np.real(got))


def floats(got: Any, what: str) -> np.ndarray:
    """Return a result that has to be an array of numbers, as float64."""
    found = array(got, what, f"{what} is an array of numbers.")
    if found.dtype.kind not in "fiu":
        raise Mismatch(
            f"gave {what} of dtype {found.dtype}, expected float", f"{what} is an array of numbers."
        )
    return found.astype(np.float64)


def doubles(got: Any, what: str) -> np.ndarray:
    """Return a result that has to be an array in double precision."""
    found = array(got, what, f"{what} is an array of numbers.")
    if found.dtype.kind == "f" and found.dtype.itemsize < 8:
        raise Mismatch(
            f"gave {what} of dtype {found.dtype}, expected float64",
            "float32 keeps seven digits: compute in float64, and collect in an array of float64.",
        )
    return floats(got, what)


def plain_list(got: Any, what: str) -> list[Any]:
    """Return a list, tuple or array of one dimension as a list of Python's own values."""
    if isinstance(got, np.ndarray) and got.size <= COMPARED_ITEMS:
        got = got.tolist()
    if not isinstance(got, tuple | list):
        raise Mismatch(f"gave {what} {short(got)}, expected a list", f"{what} is a list.")
    return [item.item() if isinstance(item, np.generic) else item for item in got]


# ---------------------------------------------------------------- values, and what they look like


def compare(
    got: Any,
    expected: np.ndarray,
    what: str,
    suspects: Iterable[tuple[str, Any]] = (),
    otherwise: str = "",
    misshapen: str = "",
) -> None:
    """Compare an array: shape first, then values, then dtype.

    Parameters
    ----------
    got, expected
        The answer's array and the right one.
    what : str
        What it is called.
    suspects : iterable of (str, array)
        Messages, each with what an answer gives that made this mistake.
    otherwise, misshapen : str
        The message where no suspect fits; where the shape is wrong besides.
    """
    got = as_floats(got, what)
    why = looks_like(got, suspects, otherwise)
    if got.dtype.kind in "iub":
        why = (
            f"{_sentence(what)} holds whole numbers: an array made in the dtype of the input "
            "(`np.zeros_like`) cuts every number that is written into it."
        )
    shape(got, expected.shape, what=what, why=why if why != otherwise else misshapen or otherwise)
    close(got, expected, what=what, why=why)
    dtype(got, "float64", what=what, why=f"{_sentence(what)} has to be float64.")


def looks_like(got: Any, suspects: Iterable[tuple[str, Any]], otherwise: str) -> str:
    """Return the messages of the suspects that an array equals, else ``otherwise``.

    Examples
    --------
    >>> looks_like([2.0], [("the bias is missing.", [2.0])], "x + b")
    'It looks like the bias is missing.'
    """
    return suspected([m for m, values in suspects if same_numbers(got, values)], otherwise)


def suspected(messages: Iterable[str], otherwise: str) -> str:
    """Say what it looks like: every cause that fits, the likeliest first."""
    fitting = list(dict.fromkeys(messages))[:SUSPECTS]
    return f"It looks like {' Or '.join(fitting)}" if fitting else otherwise


def same_numbers(got: Any, values: Any) -> bool:
    """Return whether two arrays have one shape and the same numbers."""
    return np.shape(values) == np.shape(got) and np.allclose(got, values, rtol=1e-5, atol=1e-8)


def agree(got: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> bool:
    """Return whether two lists of arrays agree, shapes too."""
    return all(
        a.shape == b.shape and np.allclose(a, b, atol=1e-9, rtol=1e-7)
        for a, b in zip(got, expected, strict=True)
    )


def nearly(got: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> bool:
    """Return whether arrays agree but for the rounding of float32."""
    return all(np.allclose(a, b, atol=1e-5, rtol=1e-5) for a, b in zip(got, expected, strict=True))


def holds(condition: Any, why: str) -> None:
    """Expect a condition; unlike a bare message, ``why`` is told in hidden checks too."""
    if not bool(condition):
        raise Mismatch("is not right", why)


# ---------------------------------------------------------------- exceptions


@contextmanager
def accepting(why: str) -> Iterator[None]:
    """Say why no exception is due where the learner's code raises one."""
    try:
        yield
    except StudentError as error:
        if error.untouched:
            raise
        raise Mismatch(f"raised {error}", f"No error is due here: {why}") from None


@contextmanager
def advising(why: str, about: str) -> Iterator[None]:
    """Say beside an exception what probably raised it, where it matches the regex ``about``."""
    try:
        yield
    except StudentError as error:
        if error.untouched or not re.search(about, f"{error.type}: {error.message}"):
            raise
        raise Mismatch(f"raised {error}", why) from None


def _sentence(text: str) -> str:
    """Return a text with a capital letter in front, a name (dX) as it is."""
    return text[:1].upper() + text[1:] if text.startswith("the ") else text
