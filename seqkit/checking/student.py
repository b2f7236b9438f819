"""What a check sees of a learner: names to call, and handles on what is not plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from seqkit.checking.asks import Asks, RemoteError
from seqkit.checking.portable import Portable
from seqkit.checking.written import RANDOM, as_code, short, short_text
from seqkit.grading.inside import wire
from seqkit.limits import CALL_CHARACTERS

NOT_THESE = "  # the random numbers here are not those of the check"
MAY_LACK = ("path", "args", "kwargs", "keep", "values")
#: Makes an array lie in memory in another layout.
ARRANGED = {
    "fortran": "np.asfortranarray({array})",
    "strided": "np.repeat({array}, 2, axis=0)[::2]",
    "reversed": "np.flip({array}, 0).copy()[::-1]",
    "read-only": "np.broadcast_to({array}, {shape})",
}

#: How methods with a notation of their own are called.
SPECIAL = {
    "__len__": "len({0})",
    "__getitem__": "{0}[{1}]",
    "__contains__": "{1} in {0}",
    "__call__": "{0}({1})",
}

Written = Callable[[int], str]  # code of at most about so many characters


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

    def __init__(
        self,
        student: Student,
        reference: Any,
        path: tuple[str, ...] = (),
        written: Written | None = None,
    ) -> None:
        self._student = student
        self._reference = reference
        self._path = path
        self._written = written  # what made it

    def __getattr__(self, name: str) -> Handle:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._attribute(name)

    def _attribute(self, name: str) -> Handle:
        return Handle(self._student, self._reference, (*self._path, name), self._written)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._call(self, args, kwargs)

    def __len__(self) -> int:
        size = self._attribute("__len__")()
        if type(size) is not int or size < 0:
            raise AssertionError(f"len() gave {short(size)}, expected a whole number")
        return min(size, 2**62)

    def __getitem__(self, index: Any) -> Any:
        return self._attribute("__getitem__")(index)

    def __contains__(self, item: Any) -> bool:
        return self._attribute("__contains__")(item) is True

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("a handle may be endless: take(handle, n) takes n items")

    def __repr__(self) -> str:
        return ".".join([self._name, *self._path])

    def _as_code(self, limit: int) -> str:
        """Return what made it, or its name, as a learner would write it."""
        made = self._written(limit) if self._written else self._name
        return ".".join([f"({made})" if made.startswith("lambda") else made, *self._path])

    @property
    def _name(self) -> str:
        at = self._reference
        return at if isinstance(at, str) else f"<{at.name or 'object'}>"


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
    'double(np.array([0, 1, 2]))'
    """

    def __init__(self, channel: Asks) -> None:
        self._channel = channel
        self._last: Written | None = None
        self._defined: dict[Portable, wire.Reference] = {}

    @property
    def last_call(self) -> str:
        """The latest call as a learner would write it, to be pasted; empty before the first."""
        if self._last is None:
            return ""
        for limit in (600, 200, 80, 40):
            text = self._last(limit)
            if len(text) <= CALL_CHARACTERS:
                break
        return short_text(text, CALL_CHARACTERS) + (NOT_THESE if RANDOM.search(text) else "")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Handle(self, name)

    def allow(self, seconds: float) -> None:
        """Give the learner's code CPU seconds from now on."""
        self._channel.allow(seconds)

    def build(self, name: str, *args: Any, **kwargs: Any) -> Handle:
        """Build a library object of the allow-list in the learner's process."""
        made = Handle(self, name.replace("numpy.", "np."))
        written = partial(_as_written, made, args, kwargs)
        return self._ask("build", written, name=name, args=args, kwargs=kwargs)

    def keep(self, value: Any) -> Handle:
        """Keep a value in the learner's process, to pass it and look at it afterwards.

        Of a handle's attribute the object that it is now.
        """
        if isinstance(value, Handle):
            where = _where(value._reference)
            return self._ask("hold", value._as_code, target=where, path=value._path)
        return self._ask("keep", partial(as_code, value), value=value)

    def arranged(self, array: np.ndarray, layout: str) -> Handle:
        """Keep an array in the learner's process whose values lie there in another layout.

        ``layout`` is ``"fortran"``, ``"strided"``, ``"reversed"`` or ``"read-only"``.
        """

        def written(limit: int) -> str:
            return ARRANGED[layout].format(array=as_code(array, limit), shape=array.shape)

        return self._ask("arrange", written, value=array, layout=layout)

    def kept(self, name: str | Handle, *args: Any, **kwargs: Any) -> Any:
        """Call a name and keep what it returns there: a handle, or a tuple of them."""
        called = name if isinstance(name, Handle) else Handle(self, name)
        return self._call(called, args, kwargs, keep=True)

    def fetch(self, handle: Handle) -> Any:
        """Return an object, or an attribute of one, as data."""
        where = _where(handle._reference)
        return self._ask("fetch", handle._as_code, target=where, path=handle._path)

    def same_object(self, handle: Handle, other: Handle) -> bool:
        """Whether two handles stand for one object; the first may be an attribute."""
        where, known = _where(handle._reference), _where(other._reference)
        return self._ask("same_object", target=where, path=handle._path, other=known) is True

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
        if index == ():  # all of it
            handle._written = partial(as_code, value)

    def _call(self, called: Handle, args: Any, kwargs: Any, keep: bool = False) -> Any:
        self._last = written = partial(_as_written, called, args, kwargs)
        target = _where(called._reference)
        asked = {"target": target, "path": called._path, "args": args, "kwargs": kwargs}
        return self._ask("call", written, **asked, keep=keep)

    def _ask(self, operation: str, written: Written | None = None, /, **arguments: Any) -> Any:
        """Ask; what is empty need not be sent."""
        sent = {k: self._out(v) for k, v in arguments.items() if k not in MAY_LACK or v}
        try:
            return self._in(self._channel.request(operation, **sent), written)
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

    def _in(self, value: Any, written: Written | None) -> Any:
        """Replace references in a result by handles that know how they are written."""
        if isinstance(value, wire.Reference):
            return Handle(self, value, written=written)
        if type(value) in (list, tuple):
            return type(value)(self._in(v, _item(written, i)) for i, v in enumerate(value))
        if type(value) is dict:
            return {key: self._in(v, _item(written, key)) for key, v in value.items()}
        return value


def _item(written: Written | None, key: Any) -> Written | None:
    """Return how an item of something is written."""
    return None if written is None else lambda limit: f"{written(limit)}[{as_code(key)}]"


def _where(target: Any) -> Any:
    """Return a target as the worker reads it: a name as it is, an object in a list."""
    return target if isinstance(target, str) else [_bare(target)]


def _bare(reference: wire.Reference) -> wire.Reference:
    """Return a reference without its name, which only people read."""
    return wire.Reference(reference.kind, reference.number)


def _as_written(called: Handle, args: Any, kwargs: Any, limit: int) -> str:
    """Return a call as a learner would write it: ``len(Vocab(['a']))`` for its ``__len__``."""
    shown = [as_code(a, limit) for a in args]
    arguments = ", ".join([*shown, *(f"{k}={as_code(v, limit)}" for k, v in kwargs.items())])
    name = called._as_code(limit)
    for special, form in SPECIAL.items():
        if called._path[-1:] == (special,):
            return form.format(name.removesuffix(f".{special}"), arguments)
    return f"{name}({arguments})"
