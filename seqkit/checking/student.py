"""What a check sees of a learner: names to call, and handles on what is not plain data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from seqkit.checking.asks import Asks, RemoteError
from seqkit.checking.portable import Portable
from seqkit.grading.inside import wire

MAY_LACK = ("path", "args", "kwargs", "keep", "values")


class StudentError(Exception):
    """The learner's code raised.

    Attributes
    ----------
    type : str
        Name of the exception, ``"ValueError"``.
    bases : list of str
        Names of its classes, most derived first.
    message, text : str
        What it said; the source line of the learner's that it came from.
    line : int or None
        Number of that line in its cell.
    """

    def __init__(self, info: dict[str, Any]) -> None:
        def string(key: str) -> str:
            return info[key] if isinstance(info.get(key), str) else ""

        self.type = string("type")[:100] or "Exception"
        bases = info.get("bases")
        self.bases = [b for b in bases if type(b) is str] if type(bases) is list else []
        self.message = string("message")[:1000]
        self.text = string("text")[:200]
        self.line = info["line"] if type(info.get("line")) is int else None
        super().__init__(self.message)

    @property
    def stub(self) -> bool:
        """Whether this is what an exercise's stub raises."""
        return self.type == "NotImplementedError" and self.message.startswith("exercise ")

    @property
    def untouched(self) -> bool:
        """Whether nobody has answered: the stub is still there, or nothing has the name called."""
        absent = self.message.startswith("name '") and self.message.endswith("' is not defined")
        return self.stub or (self.type == "NameError" and self.line is None and absent)

    def __str__(self) -> str:
        place = f" (line {self.line}: `{short_text(self.text)}`)" if self.line and self.text else ""
        return f"{self.type}: {self.message}{place}" if self.message else f"{self.type}{place}"


class Handle:
    """An object that stays in the learner's process; methods are called, nothing is copied.

    ``handle.method(...)`` calls, ``handle(...)`` calls the object, ``len(handle)`` and
    ``handle[i]`` ask it. Reading an attribute as data is ``student.fetch(handle.attribute)``.
    """

    def __init__(self, student: Student, reference: Any, path: tuple[str, ...] = ()) -> None:
        self._student = student
        self._reference = reference
        self._path = path
        self._stands_for: list[Any] = []  # the value that was kept: how a call with it is shown

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("__"):
            raise AttributeError(name)
        return Handle(self._student, self._reference, (*self._path, name))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._call(self._reference, self._path, args, kwargs)

    def __len__(self) -> int:
        size = self.__class__(self._student, self._reference, (*self._path, "__len__"))()
        if type(size) is not int or size < 0:
            raise AssertionError(f"len() gave {short(size)}, expected a whole number")
        return min(size, 2**62)

    def __getitem__(self, index: Any) -> Any:
        return Handle(self._student, self._reference, (*self._path, "__getitem__"))(index)

    def __contains__(self, item: Any) -> bool:
        return Handle(self._student, self._reference, (*self._path, "__contains__"))(item) is True

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("a handle may be endless: take(handle, n) takes n items")

    def __repr__(self) -> str:
        if self._stands_for:
            return short(self._stands_for[0])
        name = getattr(self._reference, "name", "") or str(self._reference)
        return ".".join([f"<{name}>", *self._path])


class Student:
    """A learner's names: ``student.rnn_step(x, h)`` calls theirs, with plain data both ways.

    Parameters
    ----------
    channel : Channel or LocalChannel
        Carries requests to where the learner's code runs.

    Examples
    --------
    >>> from seqkit.lab.kernel import LocalChannel
    >>> student = Student(LocalChannel({"double": lambda x: 2 * x}))
    >>> student.double(np.arange(3))
    array([0, 2, 4])
    >>> student.last_call
    'double([0, 1, 2])'
    """

    def __init__(self, channel: Asks) -> None:
        self._channel = channel
        self._last: tuple[Any, tuple[str, ...], Any, Any] | None = None
        self._defined: dict[Portable, wire.Reference] = {}

    @property
    def last_call(self) -> str:
        """The latest call as a learner would write it; empty before the first."""
        if self._last is None:
            return ""
        target, path, args, kwargs = self._last
        name = target if isinstance(target, str) else repr(Handle(self, target))
        shown = [short(a) for a in args] + [f"{k}={short(v)}" for k, v in kwargs.items()]
        return _as_written(name, list(path), ", ".join(shown))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Handle(self, name)

    def allow(self, seconds: float) -> None:
        """Give the learner's code CPU seconds from now on."""
        self._channel.allow(seconds)

    def build(self, name: str, *args: Any, **kwargs: Any) -> Handle:
        """Build a library object of the allow-list in the learner's process."""
        return self._ask("build", name=name, args=args, kwargs=kwargs)

    def keep(self, value: Any) -> Handle:
        """Keep a value in the learner's process, to pass it and look at it afterwards."""
        return self._showing(self._ask("keep", value=value), value)

    def arranged(self, array: np.ndarray, layout: str) -> Handle:
        """Keep an array in the learner's process whose values lie there in another layout.

        ``layout`` is ``"fortran"``, ``"strided"``, ``"reversed"`` or ``"read-only"``.
        """
        handle = self._ask("arrange", value=array, layout=layout)
        return self._showing(handle, array)

    def kept(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a name and keep what it returns there: a handle, or a tuple of them."""
        return self._call(name, (), args, kwargs, keep=True)

    def fetch(self, handle: Handle) -> Any:
        """Return an object, or an attribute of one, as data."""
        return self._ask("fetch", target=_where(handle._reference), path=handle._path)

    def take(self, handle: Handle, count: int) -> list[Any]:
        """Return at most ``count`` items of an iterable."""
        if not isinstance(handle, Handle):
            return list(handle)[:count]
        where = _where(handle._reference)
        items = self._ask("take", target=where, path=handle._path, count=count)
        return items[:count] if isinstance(items, list) else []

    def assign(self, handle: Handle, index: Any, value: Any) -> None:
        """Write ``handle[index] = value`` in the learner's process."""
        self._ask("assign", target=_where(handle._reference), index=index, value=value)

    def _showing(self, handle: Any, value: Any) -> Any:
        """Let a call that passes a handle be shown with the value that it stands for."""
        if isinstance(handle, Handle):
            handle._stands_for = [value]
        return handle

    def _call(
        self, target: Any, path: tuple[str, ...], args: Any, kwargs: Any, keep: bool = False
    ) -> Any:
        self._last = (target, path, args, kwargs)
        return self._ask(
            "call", target=_where(target), path=path, args=args, kwargs=kwargs, keep=keep
        )

    def _ask(self, operation: str, **arguments: Any) -> Any:
        """Ask; what is empty need not be sent."""
        sent = {k: self._out(v) for k, v in arguments.items() if k not in MAY_LACK or v}
        try:
            return self._in(self._channel.request(operation, **sent))
        except RemoteError as error:
            raise StudentError(error.info) from None

    def _out(self, value: Any) -> Any:
        """Replace handles in arguments by what they stand for, and functions that travel."""
        if isinstance(value, Handle):
            if value._path:
                raise TypeError("pass a handle itself, not an attribute of it")
            return _bare(value._reference)
        if isinstance(value, Portable):
            return self._define(value)
        if type(value) in (list, tuple):
            return type(value)(self._out(item) for item in value)
        if type(value) is dict:
            return {key: self._out(item) for key, item in value.items()}
        return value

    def _define(self, function: Portable) -> wire.Reference:
        """Define a function in the learner's process, once."""
        if function not in self._defined:
            handle = self._ask(
                "define", source=function.source, name=function.__name__, values=function.values
            )
            self._defined[function] = _bare(handle._reference)
        return self._defined[function]

    def _in(self, value: Any) -> Any:
        """Replace references in a result by handles."""
        if isinstance(value, wire.Reference):
            return Handle(self, value)
        if type(value) in (list, tuple):
            return type(value)(self._in(item) for item in value)
        if type(value) is dict:
            return {key: self._in(item) for key, item in value.items()}
        return value


def _where(target: Any) -> Any:
    """Return a target as the worker reads it: a name as it is, an object in a list."""
    return target if isinstance(target, str) else [_bare(target)]


def _bare(reference: wire.Reference) -> wire.Reference:
    """Return a reference without its name, which only people read."""
    return wire.Reference(reference.kind, reference.number)


def _as_written(name: str, path: list[str], arguments: str) -> str:
    """Return a call as a learner would write it: ``len(<Vocab>)`` for its ``__len__``."""
    last = path[-1] if path else ""
    if last == "__len__":
        return f"len({'.'.join([name, *path[:-1]])})"
    if last == "__getitem__":
        return f"{'.'.join([name, *path[:-1]])}[{arguments}]"
    if last == "__contains__":
        return f"{arguments} in {'.'.join([name, *path[:-1]])}"
    if last == "__call__":
        path = path[:-1]
    return f"{'.'.join([name, *path])}({arguments})"


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
        return f"{value.item()!r}"
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
