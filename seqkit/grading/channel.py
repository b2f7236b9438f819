"""Carry a check's questions to a learner's process and its answers back, as plain data.

A :class:`Channel` asks a process in the sandbox as long as it behaves; whatever goes wrong there
ends as :class:`Ended` with one reason. A :class:`LocalChannel` asks a worker in this very process.
"""

from __future__ import annotations

import inspect
import itertools
import os
import secrets
import select
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from seqkit.grading import wire
from seqkit.grading.worker import Worker

HAS_PROC = Path("/proc/self/stat").exists()


class Ended(Exception):
    """A submission's process ended before it answered.

    ``reason`` is one of ``cpu``, ``time``, ``memory``, ``processes``, ``output``, ``protocol``,
    ``exit N``, ``signal N`` or ``sandbox``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RemoteError(Exception):
    """An exception of the learner's code, as the plain data the worker made of it."""

    def __init__(self, info: dict[str, Any]) -> None:
        super().__init__(str(info.get("message", "")))
        self.info = info


class Functions:
    """The grader's functions that a learner's code may call back while one check runs."""

    MOST = 10_000  # call-backs in one request
    LARGEST = 2**18  # bytes of one call-back's arguments

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


class LocalChannel:
    """Ask a worker in this very process: what ``check`` does in a learner's kernel."""

    ended: Ended | None = None

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.functions = Functions()
        self.worker = Worker(namespace, self._call_back)

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check."""
        self.functions.known.clear()
        self.request("begin", seed=seed, forbid=forbid)

    def finish(self) -> None:
        """End a check: give back what it forbade."""
        self.request("end")

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return what the worker answers; raises RemoteError for the learner's exceptions."""
        frame = wire.encode((0, None, operation, arguments), self.functions.export)
        kind, _, value = wire.decode(self.worker.answer(frame), as_reference)
        if kind == "error":
            raise RemoteError(value)
        return value

    def _call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        frame = wire.encode(("callback", number, args, kwargs), self.worker.export)
        _, number, args, kwargs = wire.decode(frame, as_reference)
        kind, value = wire.decode(
            self.functions.call(number, args, kwargs), self.worker.resolve, native=True
        )
        if kind == "error":
            raise RuntimeError(value)
        return value

    def allow(self, seconds: float) -> None:
        """Accept a time limit; a learner's own kernel is interrupted by its owner."""

    def close(self) -> None:
        """Forget nothing: the names belong to the learner."""


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
    """Ask much at once, and return a reply to each, for :func:`opened`.

    Raises
    ------
    WireError
        If there is no reply to each of them, for instance because they are too large together.
    """
    try:
        replies = asks.request("all", requests=list(questions))
    except RemoteError as error:
        raise wire.WireError(str(error)) from None
    if type(replies) is not list or any(type(reply) is not bytes for reply in replies):
        raise wire.WireError("not replies")
    if len(replies) != len(questions):
        raise wire.WireError("not a reply to each question")
    return replies


def opened(reply: bytes) -> Any:
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


class Keeper(Protocol):
    """What a channel needs of the sandbox that keeps its process."""

    def tell(self, message: dict[str, Any]) -> None:
        """Send the sandbox's parent a message."""

    def kill(self, number: int, broken: bool = False) -> str:
        """End a process and return why it ended."""


class Channel:
    """Ask one submission's process in the sandbox."""

    def __init__(self, sandbox: Keeper, number: int, questions: int, answers: int) -> None:
        self.sandbox = sandbox
        self.number = number
        self.questions = questions  # a pipe to write to
        self.answers = answers  # a pipe to read from
        self.deadline = time.monotonic() + 60.0
        self.ended: Ended | None = None
        self.functions = Functions()
        self.begun: dict[str, Any] | None = None  # a check's beginning, sent with its first request
        self.unread = bytearray()

    def allow(self, seconds: float) -> None:
        """From now on the process may use so many CPU seconds, and wait twice as long.

        A process that wants to compute and is not let counts for nothing: a busy machine changes
        no points. The clock is the backstop, and the rule where there is no /proc to look at.
        """
        if self.ended is None:
            self.deadline = time.monotonic() + seconds * (100.0 if HAS_PROC else 3.0) + 5.0
            self.sandbox.tell({"cpu": seconds, "of": self.number})

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check: what an earlier one kept is forgotten, what it forbade allowed again."""
        self.functions.known.clear()
        self.begun = {"seed": seed, "forbid": forbid}

    def finish(self) -> None:
        """End a check; the next one's beginning clears up after it."""
        self.begun = None

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return what the worker answers.

        Raises
        ------
        RemoteError
            The learner's code raised.
        Ended
            The process is gone, or was ended because of what it did.
        """
        if self.ended is not None:
            raise self.ended
        token = secrets.randbits(62)
        frame = wire.encode((token, self.begun, operation, arguments), self.functions.export)
        self.begun = None
        try:
            if self.unread:
                raise wire.WireError("an answer before the question")
            return self._exchange(frame, token)
        except wire.TooLarge:
            self.end("output")
        except wire.WireError:
            self.end("protocol")
        except TimeoutError:
            self.end("time")
        except OSError:
            self.end("")
        assert self.ended is not None
        raise self.ended

    def _exchange(self, frame: bytes, token: int) -> Any:
        self._send(frame)
        for _ in range(Functions.MOST):
            frame_back = self._receive()
            message = wire.decode(frame_back, as_reference)
            if type(message) is not tuple or not message or type(message[0]) is not str:
                raise wire.WireError("not a reply")
            if message[0] == "callback" and len(message) == 4:
                if len(frame_back) > Functions.LARGEST:
                    raise wire.TooLarge("the arguments of a call-back")
                self._send(self.functions.call(*message[1:]))
                continue
            if len(message) != 3 or type(message[1]) is not int or message[1] != token:
                raise wire.WireError("a reply to something else")
            if message[0] == "value":
                return message[2]
            if message[0] == "error" and type(message[2]) is dict:
                raise RemoteError(message[2])
            break
        raise wire.WireError("not a reply")

    def _wait(self, write: bool) -> None:
        left = self.deadline - time.monotonic()
        sets = ([], [self.questions]) if write else ([self.answers], [])
        if left <= 0 or not any(select.select(*sets, [], left)):
            raise TimeoutError

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self.questions, view) :]
            except BlockingIOError:
                self._wait(write=True)

    def _receive(self) -> bytearray:
        """Return the next frame; what came after it stays unread."""
        header = wire.HEADER.size
        while len(self.unread) < header:
            self._more()
        end = header + wire.lengths(bytes(self.unread[:header]))
        while len(self.unread) < end:
            self._more()
        frame, self.unread = self.unread[:end], self.unread[end:]
        return frame

    def _more(self) -> None:
        self._wait(write=False)
        try:
            data = os.read(self.answers, 2**18)
        except BlockingIOError:  # somebody else has read it: the learner's process can
            return
        if not data:
            raise ConnectionResetError
        self.unread += data

    def end(self, reason: str) -> None:
        """End the process, for ``reason`` or, if that is empty, for the one the sandbox gives."""
        if self.ended is None:
            os.close(self.questions)
            os.close(self.answers)
            why = self.sandbox.kill(self.number, broken=not reason)
            self.ended = Ended(reason or why)

    def close(self) -> None:
        """End the process: its submission is graded."""
        self.end("closed")
