"""Write values as a learner would: as code that makes them, or short to read."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from seqkit.grading.inside import wire

#: Calls that give other numbers than those of a check.
RANDOM = re.compile(r"np\.random\.(uniform|randint)\(|torch\.nn\.")
USUAL = ("float64", "int64", "bool", "float32")  # dtypes that NumPy, and torch, choose themselves
FEW = 4  # numbers that are written one by one, whatever rule they follow; items shown of many
PERIOD = 24  # numbers after which an array may repeat itself


# ---------------------------------------------------------------- code


def as_code(value: Any, limit: int = 600) -> str:
    """Return an expression that makes a value, of about ``limit`` characters at most.

    Of an array that takes more, the rule is told that it follows; where there is none, random
    numbers stand for its own (:data:`RANDOM`). What is left out of other things is counted.

    Examples
    --------
    >>> as_code((np.array([[1.0, 0.5]], np.float32), np.resize([1, 2, 3], (50, 50))))
    '(np.array([[1.0, 0.5]], dtype=np.float32), np.resize([1, 2, 3], (50, 50)))'
    >>> as_code(["a", "b"] * 600, limit=10)
    "['a', 'b', 'a', … 1,197 more]"
    """
    of_its_own = getattr(type(value), "_as_code", None)  # a handle, or a function that travels
    if of_its_own is not None:
        return str(of_its_own(value, limit))
    tensor = wire.as_tensor(value)
    if tensor is not None:
        return _tensor(tensor, limit)
    if isinstance(value, np.ndarray):
        return _array(value, limit)
    if isinstance(value, np.number | np.bool_):
        return f"np.{value.dtype.name}({_number(value)})"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return _sequence(value, limit)
    if isinstance(value, dict):
        pairs = (f"{key!r}: {as_code(item, limit)}" for key, item in value.items())
        return f"{{{_joined(pairs, len(value), limit)}}}"
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    return short_text(repr(value), limit)


def _sequence(value: list[Any] | tuple[Any, ...], limit: int) -> str:
    if {*map(type, value)} in ({int}, {float}) and len(repr(value)) > limit:
        array = np.array(value)
        if array.dtype.kind in "if":  # no integer too large for an array
            text = f"{_array(array, limit)}.tolist()"
            return text if isinstance(value, list) else f"tuple({text})"
    text = _joined((as_code(item, limit) for item in value), len(value), limit)
    if isinstance(value, list):
        return f"[{text}]"
    return f"({text}{',' * (len(value) == 1)})"


def _joined(items: Iterable[str], count: int, limit: int) -> str:
    """Join items with commas, and count those that take more than ``limit`` characters."""
    shown: list[str] = []
    for item in items:
        if shown and sum(map(len, shown)) + len(item) > limit:
            return ", ".join([*shown[:FEW], f"… {count - len(shown[:FEW]):,} more"])
        shown.append(item)
    return ", ".join(shown)


def _tensor(tensor: wire.Tensor, limit: int) -> str:
    array, kind = tensor.array, tensor.array.dtype.kind
    text = _listed(array, limit)
    named = text is None or tensor.dtype not in USUAL[1:]
    if text is None:
        text = _array(array.astype({"f": float, "i": int}.get(kind, array.dtype)), limit)
    if tensor.framework != "torch":
        return f'keras.ops.convert_to_tensor({text}, dtype="{tensor.dtype}")'
    return f"torch.tensor({text}{f', dtype=torch.{tensor.dtype}' * named})"


def _array(array: np.ndarray, limit: int) -> str:
    """Write an array: by its rule, by its numbers, or by random ones."""
    kind, name, flat = array.dtype.kind, array.dtype.name, array.ravel()
    shape = array.shape[0] if array.ndim == 1 else array.shape
    dtype = "" if name in USUAL[:3] or kind == "U" else f", dtype=np.{name}"
    cast = f".astype(np.{name})" if dtype else ""
    if array.size == 0:
        return f"np.zeros({shape}, dtype=np.{name})" if name != "float64" else f"np.zeros({shape})"
    most = min(PERIOD, array.size // 2)
    period = next((p for p in range(1, most + 1) if np.array_equal(flat[p:], flat[:-p])), None)
    if array.size > FEW and period == 1:
        if kind == "f" and flat[0] in (0, 1):
            return f"np.{'ones' if flat[0] else 'zeros'}({shape}{dtype})"
        return f"np.full({shape}, {_number(flat[0])}{dtype})"
    if array.size > FEW and kind in "if" and np.array_equal(flat, np.arange(array.size)):
        counted = f"np.arange({array.size}{'.0' * (kind == 'f')}{dtype})"
        return counted if array.ndim == 1 else f"{counted}.reshape{shape}"
    text = _listed(array, limit)
    if text is not None:
        return f"np.array({text}{dtype})"
    if period is not None:
        return f"np.resize({_rows(flat[:period])}, {shape}){cast}"
    if kind in "iu":
        return f"np.random.randint({array.min()}, {array.max() + 1}, {shape}){cast}"
    if kind == "b":
        return f"(np.random.randint(0, 2, {shape}) == 1)"
    if kind == "f":
        low, high = np.nan_to_num([np.nanmin(array), np.nanmax(array)])
        return f"np.random.uniform({low:.3g}, {high:.3g}, {shape}){cast}"
    return short(array)


def _listed(array: np.ndarray, limit: int) -> str | None:
    """Write the numbers of an array as lists of lists; None if they take more characters."""
    if array.size == 0 or 3 * array.size > limit:
        return None
    text = _rows(array)
    return text if len(text) <= limit else None


def _rows(part: Any) -> str:
    return f"[{', '.join(map(_rows, part))}]" if np.ndim(part) else _number(part)


def _number(value: Any) -> str:
    """Write a number of NumPy's or Python's with the digits that tell it from any other."""
    if isinstance(value, str):
        return repr(str(value))
    return str(value).replace("nan", "np.nan").replace("inf", "np.inf")


# ---------------------------------------------------------------- short to read


def short_text(text: str, limit: int = 100) -> str:
    """Return text cut to ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def short(value: Any, limit: int = 120) -> str:
    """Return a value as a learner would write it, cut to ``limit`` characters.

    Examples
    --------
    >>> short(np.array([[1.0, 0.5]]))
    '[[1.0, 0.5]]'
    >>> short(np.zeros((50, 50)))
    'array of shape (50, 50), dtype float64'
    """
    if isinstance(value, wire.Tensor):
        inner = short(value.array, limit)
        return inner if inner.startswith("array of") else f"tensor({inner})"
    if type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "detach"):
        with contextlib.suppress(Exception):
            return f"tensor({short(value.detach().numpy(), limit)})"
    if isinstance(value, np.ndarray):
        text = _numbers(value) if value.size <= 40 and max(value.shape, default=0) <= 40 else ""
        if text and len(text) <= limit:
            return text
        return f"array of shape {value.shape}, dtype {value.dtype}"
    if isinstance(value, np.generic):
        return short(value.item(), limit)
    if isinstance(value, float):
        return repr(float(f"{value:.6g}"))
    if isinstance(value, list | tuple) and any(
        isinstance(x, np.ndarray | np.generic | wire.Tensor | list | tuple | float) for x in value
    ):
        items = ", ".join(short(x, limit) for x in value[:20]) + (", …" if len(value) > 20 else "")
        text = f"[{items}]" if isinstance(value, list) else f"({items}{',' * (len(value) == 1)})"
    elif callable(value) and hasattr(value, "__name__"):
        text = value.__name__
    else:
        text = repr(value)
    return short_text(text, limit)


def _numbers(array: np.ndarray) -> str:
    if array.dtype.kind == "f":
        rounded = np.vectorize(lambda x: float(f"{x:.6g}"), otypes=[float])(array)
        return repr(rounded.tolist()) if array.size else repr(array.tolist())
    return repr(array.tolist())
