"""Say how a check's questions reach a learner's process, whoever carries them.

The carriers are :class:`seqkit.lab.kernel.LocalChannel` (this very process),
:class:`seqkit.grading.sandbox.channel.Channel` (a process in the sandbox) and
:class:`seqkit.grading.rehearsal.Played` (replies that are here already).
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from seqkit.grading.inside import wire
from seqkit.limits import FRAME_STRUCTURE


class Ended(Exception):
    """A submission's process ended before it answered.

    ``reason`` is one of ``cpu`` (of a call), ``total`` (of the submission), ``time``, ``memory``,
    ``processes``, ``output``, ``protocol``, ``exit N``, ``signal N`` or ``sandbox``; ``seconds``
    are those that it had computed, or slept while it was asked;
    ``call`` is what a check had called, if it may be told.
    """

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.call = ""
        self.seconds = seconds


class RemoteError(Exception):
    """An exception of the learner's code, as the plain data the worker made of it."""

    def __init__(self, info: dict[str, Any]) -> None:
        super().__init__(str(info.get("message", "")))
        self.info = info


class Functions:
    """The grader's functions that a learner's code may call back while one check runs."""

    def __init__(self) -> None:
        self.known: dict[int, Callable[..., Any]] = {}
        self.numbers = itertools.count()  # never used twice: a late call reaches no other function

    def export(self, thing: Any) -> wire.Reference | None:
        """Send a function of the grader's as a number."""
        if not callable(thing):
            return None
        number = next(self.numbers)
        self.known[number] = thing
        return wire.Reference("function", number, getattr(thing, "__name__", "function"))

    def call(self, number: Any, args: Any, kwargs: Any) -> bytes:
        """Call function ``number`` and return the frame of what it returns.

        It runs in the grader's own process: it takes as many arguments as it needs, no more, so
        that nobody can replace what a default stands for.
        """
        function = self.known.get(number) if type(number) is int else None
        if function is None or type(args) is not tuple or type(kwargs) is not dict:
            raise wire.WireError("a call-back of a function that was not passed")
        if kwargs or len(args) != _needs(function):
            needs = f"{_needs(function)} positional arguments and no others"
            return wire.encode(("error", f"TypeError: takes {needs}"))
        try:
            return wire.encode(("value", function(*args, **kwargs)))
        except Exception as error:  # the learner passed something the function cannot take
            return wire.encode(("error", f"{type(error).__name__}: {error}"[:500]))


def _needs(function: Callable[..., Any]) -> int:
    """Return how many positional arguments a function cannot do without."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a ufunc or another built-in that does not say
        return int(getattr(function, "nin", 1))
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in positional and p.default is p.empty for p in parameters)


def as_reference(reference: wire.Reference) -> wire.Reference:
    """Take a reference to an object of the learner's, and no other."""
    if reference.kind != "object":
        raise wire.WireError("a function where an object is expected")
    return reference


class Asks(Protocol):
    """Whatever carries a request to a learner's process."""

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check."""

    def finish(self) -> None:
        """End a check."""

    def allow(self, seconds: float) -> None:
        """Give CPU seconds from now on."""

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return the answer."""


def question(operation: str, **arguments: Any) -> bytes:
    """Return the frame of a request that goes out together with others.

    Raises
    ------
    WireError
        If an argument is a function or no data: that has to be asked by itself.
    """
    return wire.encode((operation, arguments))


def ask_all(asks: Asks, questions: Sequence[bytes]) -> list[bytes]:
    """Ask much at once, and return a reply to each, for :func:`value_of`.

    Raises
    ------
    WireError
        If there is no reply to each of them, for instance because they are too large together.
    """
    try:
        replies = asks.request("all", requests=list(questions))
    except RemoteError as error:
        raise wire.WireError(str(error)) from None
    if type(replies) is not list or any(type(reply) is not np.ndarray for reply in replies):
        raise wire.WireError("not replies")
    if len(replies) != len(questions):
        raise wire.WireError("not a reply to each question")
    frames = [reply.tobytes() for reply in replies]
    if sum(map(wire.structure_of, frames)) > FRAME_STRUCTURE:
        raise wire.TooLarge("replies of more parts than one may have")
    return frames


def value_of(reply: bytes) -> Any:
    """Return the value in a reply of :func:`ask_all`.

    Raises
    ------
    RemoteError
        If it is an error: the learner's code raised.
    WireError
        If it is no reply.
    """
    message = wire.decode(reply, as_reference)
    if type(message) is not tuple or len(message) != 2 or type(message[0]) is not str:
        raise wire.WireError("not a reply")
    kind, value = message
    if kind == "error" and type(value) is dict:
        raise RemoteError(value)
    if kind != "value":
        raise wire.WireError("not a reply")
    return value
