"""Do what the grader asks of a learner's names: run cells, call functions, hand back plain data.

The worker is where a learner's code lives: a forked process in the sandbox, or the learner's own
kernel when a notebook calls ``check``. It decides nothing. It is asked in frames (see
:mod:`seqkit.grading.inside.wire`), and it answers in frames: a value, an error, or, while a call is
running, the wish to call back one of the grader's functions.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np

from seqkit.grading.inside import wire
from seqkit.grading.inside.settings import Settings
from seqkit.grading.inside.source import names_of, plain_python

#: What a check may build in the learner's process, by name.
BUILDABLE = (
    "torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU", "torch.nn.Linear", "torch.nn.Embedding",
    "torch.nn.RNNCell", "torch.nn.LSTMCell", "torch.nn.GRUCell", "torch.tensor", "torch.Generator",
    "torch.nn.Sequential", "torch.nn.Dropout", "torch.nn.ReLU", "torch.nn.Flatten",
    "torch.optim.", "torch.manual_seed",
    "numpy.random.default_rng", "builtins.iter",
    "keras.layers.", "keras.Sequential", "keras.Input",
    "seqkit.text.", "seqkit.batches.", "seqkit.models.", "seqkit.corpora.",
    "seqkit.grading.inside.fixtures.",
)  # fmt: skip

#: What reseeds the generators of each library.
SEEDERS = (
    ("random", "seed"), ("numpy", "random.seed"), ("torch", "manual_seed"),
    ("tensorflow", "random.set_seed"),
)  # fmt: skip

NOTHING: Mapping[str, Any] = MappingProxyType({})

Callback = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class Worker:
    """A learner's names, and the objects that checks keep among them.

    Parameters
    ----------
    namespace : dict
        The globals that cells run in.
    callback : callable, optional
        ``callback(number, args, kwargs)`` asks the grader to call its function ``number``.
    """

    def __init__(self, namespace: dict[str, Any], callback: Callback | None = None) -> None:
        self.namespace = namespace
        self.callback = callback
        self.objects: dict[int, Any] = {}
        self.numbers = itertools.count(1)
        self.forbids: list[str] = []  # by this check, by name
        self.forbidden: list[tuple[Any, str, Any]] = []  # what was replaced: where, name, by what
        self.built: list[Any] = []  # what checks built themselves

    # ------------------------------------------------------------ frames

    def answer(self, frame: bytes | bytearray) -> bytes:
        """Return the reply to a request: ``("value", token, …)`` or ``("error", token, …)``."""
        token, begin, operation, arguments = wire.decode(frame, self.resolve, native=True)
        try:
            if begin is not None:
                self.do_begin(**begin)
            value = self.do(operation, arguments)
            return wire.encode(("value", token, value), self.export)
        except BaseException as error:
            return wire.encode(("error", token, describe(error)))

    def export(self, thing: Any) -> wire.Reference:
        """Keep something that is not data, and return its number."""
        number = next(self.numbers)
        self.objects[number] = thing
        return wire.Reference("object", number, _type_name(thing))

    def resolve(self, reference: wire.Reference) -> Any:
        """Return what a number stands for."""
        if reference.kind == "object":
            return self.objects[reference.number]
        number, callback = reference.number, self.callback

        def stub(*args: Any, **kwargs: Any) -> Any:
            assert callback is not None
            return callback(number, args, kwargs)

        stub.__name__ = stub.__qualname__ = reference.name or "function"
        return stub

    # ------------------------------------------------------------ operations

    def do(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Do what is asked; cells run under what the learner has set, checks as if nothing was."""
        work = getattr(self, "do_" + operation)
        if operation in ("run", "all"):
            return work(**arguments)
        with Settings().applied():
            return work(**arguments)

    def do_begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check: reseed every generator, forbid what the exercise forbids."""
        self.do_end()
        self.forbids = forbid
        self.forbid_all()
        for reseed in seeders():
            with contextlib.suppress(Exception):  # a learner may have replaced it
                reseed(seed)

    def do_end(self) -> None:
        """Finish a check: forget what it kept, allow what it forbade."""
        self.objects.clear()
        self.built.clear()
        self.numbers = itertools.count(1)
        self.allow_all()

    def do_run(self, source: str, label: str) -> None:
        """Run a cell."""
        source = plain_python(source)
        filename = f"<{label}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        code = compile(source, filename, "exec", dont_inherit=True)
        exec(code, self.namespace)

    def do_names(self, source: str, dotted: bool = True) -> dict[str, Any]:
        """Tell what a cell defines, uses and imports, without running it."""
        return names_of(source, dotted)

    def do_call(
        self,
        target: Any,
        path: Sequence[str] = (),
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] = NOTHING,
        keep: bool = False,
    ) -> Any:
        """Call a name, or an attribute of an object, and return what it returns."""
        ours = type(target) is list and any(target[0] is one for one in self.built)
        with self.allowed() if ours else contextlib.nullcontext():
            result = self.find(target, path)(*args, **kwargs)
        if not keep:
            return result
        named = isinstance(result, tuple) and hasattr(result, "_fields")
        if named or type(result) in (tuple, list):  # what a class makes stays one, a list too
            return tuple(map(self.export, result))
        return self.export(result)

    def do_all(self, requests: list[bytes]) -> list[np.ndarray]:
        """Answer requests one after another, each in a frame of its own, all at once.

        Each reply is made before the next request is looked at: nothing changes it any more. As
        arrays of bytes they may be as large as arrays may.
        """
        return [np.frombuffer(self._reply(frame), np.uint8) for frame in requests]

    def _reply(self, frame: bytes) -> bytes:
        try:
            operation, arguments = wire.decode(frame, self.resolve, native=True)
            value = self.do(operation, arguments)
            return wire.encode(("value", value), self.export)
        except BaseException as error:
            return wire.encode(("error", describe(error)))

    def do_fetch(self, target: Any, path: Sequence[str] = ()) -> Any:
        """Return an object, or an attribute of one, as data."""
        return self.find(target, path)

    def do_keep(self, value: Any) -> wire.Reference:
        """Keep a value here."""
        return self.export(value)

    def do_hold(self, target: Any, path: Sequence[str] = ()) -> wire.Reference:
        """Keep an attribute of an object by itself: what it is now."""
        return self.export(self.find(target, path))

    def do_arrange(self, value: Any, layout: str) -> wire.Reference:
        """Keep an array whose values lie in memory in another way."""
        return self.export(arranged(value, layout))

    def do_take(self, target: Any, count: int, path: Sequence[str] = ()) -> list[Any]:
        """Return at most ``count`` items of an iterable."""
        return list(itertools.islice(iter(self.find(target, path)), count))

    def do_assign(self, target: Any, index: Any, value: Any) -> None:
        """Write an item of an object."""
        self.find(target)[index] = value

    def do_define(
        self, source: str, name: str, values: Mapping[str, Any] = NOTHING
    ) -> wire.Reference:
        """Define a function of a check's, for the learner's code to call."""
        scope: dict[str, Any] = {"np": np, "torch": sys.modules.get("torch")}
        exec(_compiled(source), scope)
        function = scope[name]

        def f(*args: Any) -> Any:
            return function(*args, **values)

        return self.export(f)  # whose name tells nothing

    def do_build(
        self, name: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] = NOTHING
    ) -> wire.Reference:
        """Build a library object; what the answer has to do without may be used for it."""
        if not any(
            name == known or (known.endswith(".") and name.startswith(known)) for known in BUILDABLE
        ):
            raise PermissionError(f"{name} is not among the things a check may build")
        module, _, attribute = name.rpartition(".")
        with self.allowed():
            made = getattr(importlib.import_module(module), attribute)(*args, **kwargs)
        self.built.append(made)
        return self.export(made)

    def do_same_object(self, target: Any, other: Any, path: Sequence[str] = ()) -> bool:
        """Tell whether two handles stand for one object."""
        (other,) = other
        return self.find(target, path) is other

    def find(self, target: Any, path: Sequence[str] = ()) -> Any:
        """Return a name of the learner's (a str) or an object (in a list), or an attribute."""
        if isinstance(target, str):
            if target not in self.namespace:
                raise NameError(f"name '{target}' is not defined")
            target = self.namespace[target]
        else:
            (target,) = target
        for name in path:
            target = getattr(target, name)
        return target

    # ------------------------------------------------------------ what an exercise forbids

    def forbid(self, dotted: str) -> None:
        """Replace a library name by something that says: write this one yourself."""
        module_name, _, attribute = dotted.rpartition(".")
        if module_name.partition(".")[0] not in sys.modules:
            return  # a library nobody has imported
        try:
            module = sys.modules.get(module_name) or importlib.import_module(module_name)
            original = getattr(module, attribute)
        except (ImportError, AttributeError):
            return
        stub = _forbidden(dotted)
        self.forbidden.append((module, attribute, original))
        setattr(module, attribute, stub)
        for name, value in list(self.namespace.items()):
            if value is original or _made_from(value, original):
                self.forbidden.append((self.namespace, name, value))
                self.namespace[name] = stub

    def forbid_all(self) -> None:
        """Forbid what this check forbids."""
        for name in self.forbids:
            self.forbid(name)

    @contextlib.contextmanager
    def allowed(self) -> Iterator[None]:
        """Allow everything for a moment, to code that is not the learner's."""
        self.allow_all()
        try:
            yield
        finally:
            self.forbid_all()

    def allow_all(self) -> None:
        """Put back everything that was forbidden."""
        for place, name, original in reversed(self.forbidden):
            if isinstance(place, dict):
                place[name] = original
            else:
                setattr(place, name, original)
        self.forbidden.clear()


def arranged(array: np.ndarray, layout: str) -> np.ndarray:
    """Return the same values as an array in another layout.

    Examples
    --------
    >>> arranged(np.arange(3), "reversed").strides
    (-8,)
    """
    if layout == "fortran" or array.ndim == 0:
        return np.asfortranarray(array)
    if layout == "strided":
        larger = np.zeros((2 * len(array), *array.shape[1:]), array.dtype)
        larger[::2] = array
        return larger[::2]
    if layout == "reversed":
        return np.ascontiguousarray(array[::-1])[::-1]
    locked = array.copy()
    locked.flags.writeable = False
    return locked


def seeders() -> list[Callable[[int], Any]]:
    """Return what reseeds the generators of the libraries that are imported."""
    found = []
    for module, path in SEEDERS:
        if module in sys.modules:
            with contextlib.suppress(Exception):
                found.append(_attribute(sys.modules[module], path))
    return found


@cache
def _compiled(source: str) -> CodeType:
    """Return a check's source as code: it defines the same function again and again."""
    return compile(source, "check", "exec", dont_inherit=True)


def _forbidden(dotted: str) -> Callable[..., Any]:
    def write_this_one_yourself(*args: Any, **kwargs: Any) -> Any:
        raise PermissionError(f"write this one yourself: this exercise does not use {dotted}")

    return write_this_one_yourself


def _made_from(value: Any, original: Any) -> bool:
    """Whether a learner's class has a forbidden one among its bases."""
    return isinstance(value, type) and any(base is original for base in value.__mro__[1:])


def _attribute(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = getattr(thing, name)
    return thing


def _type_name(thing: Any) -> str:
    try:
        name = type(thing).__name__
        if type(thing).__module__ == "numpy":
            return f"{name} of dtype {thing.dtype}"
        return (
            f"{thing.__name__}, a {name}"
            if isinstance(thing, type) or (callable(thing) and hasattr(thing, "__name__"))
            else name
        )
    except BaseException:
        return "object"


# ---------------------------------------------------------------- errors


def describe(error: BaseException) -> dict[str, Any]:
    """Return an exception as plain data; never raises, whatever the exception does."""
    result: dict[str, Any] = {
        "type": "Exception",
        "bases": [],
        "message": "",
        "line": None,
        "text": "",
    }
    for key, read in (
        ("type", lambda: str.__str__(type(error).__name__)[:200]),
        ("bases", lambda: [base.__name__[:200] for base in type(error).__mro__[:20]]),
        ("message", lambda: "".join(str(error))[:2000].encode("utf-8", "replace").decode()),
    ):
        try:
            result[key] = read()
        except BaseException:
            result[key] = result[key] or ""
    with contextlib.suppress(BaseException):
        result.update(_place(error))
    return result


def _place(error: BaseException) -> dict[str, Any]:
    """Return the learner's line that an exception came from."""
    if isinstance(error, SyntaxError):
        return {"line": error.lineno, "text": (error.text or "").strip()[:200]}
    place: dict[str, Any] = {}
    for frame, line in itertools.islice(traceback.walk_tb(error.__traceback__), 1000):
        filename = frame.f_code.co_filename
        if filename.startswith("<") or "ipykernel" in filename:
            text = linecache.getline(filename, line).strip()[:200]
            place = {"line": line, "text": text, "cell": filename[:100]}
    return place
