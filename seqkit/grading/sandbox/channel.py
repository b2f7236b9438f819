"""Carry a check's questions to a process in the sandbox and its answers back, as plain data.

It asks as long as the process behaves; whatever goes wrong there ends as
:class:`~seqkit.checking.asks.Ended` with one reason.
"""

from __future__ import annotations

import os
import secrets
import select
import time
from pathlib import Path
from typing import Any, Protocol

from seqkit.checking.asks import Ended, Functions, RemoteError, as_reference
from seqkit.grading.inside import wire
from seqkit.limits import (
    CALLBACK_BYTES,
    CALLBACKS,
    CLOCK_EXTRA,
    CLOCK_TIMES,
    CLOCK_TIMES_WITHOUT_PROC,
    FIRST_SECONDS,
    SUPERVISOR_TICK,
)

HAS_PROC = Path("/proc/self/stat").exists()


class Keeper(Protocol):
    """What a channel needs of the sandbox that keeps its process."""

    def send(self, message: dict[str, Any]) -> None:
        """Send the sandbox's parent a message."""

    def kill(self, number: int, broken: bool = False) -> Ended:
        """End a process and return how it ended."""


class Channel:
    """Ask one submission's process in the sandbox.

    Parameters
    ----------
    sandbox : Keeper
    number : int
        Of the process.
    questions, answers : int
        Descriptors of pipes.
    wall : float
        Seconds by the clock until the process has to be done with everything.
    """

    def __init__(
        self, sandbox: Keeper, number: int, questions: int, answers: int, wall: float
    ) -> None:
        self.sandbox = sandbox
        self.number = number
        self.questions = questions  # a pipe to write to
        self.answers = answers  # a pipe to read from
        self.until = time.monotonic() + wall
        self.deadline = min(time.monotonic() + FIRST_SECONDS, self.until)
        self.waited = 0.0  # seconds that the sandbox has not been told of
        self.ended: Ended | None = None
        self.functions = Functions()
        self.begun: dict[str, Any] | None = None  # a check's beginning, sent with its first request
        self.unread = bytearray()

    def allow(self, seconds: float) -> None:
        """From now on the process may use so many CPU seconds, and sleep twice as long.

        A process that wants to compute and is not let counts for nothing: a busy machine changes
        no points. The clock is the backstop, and the rule where there is no /proc to look at.
        """
        if self.ended is None:
            times = CLOCK_TIMES if HAS_PROC else CLOCK_TIMES_WITHOUT_PROC
            self.deadline = min(time.monotonic() + seconds * times + CLOCK_EXTRA, self.until)
            self.waited = 0.0
            self.sandbox.send({"cpu": seconds, "of": self.number})

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
        for _ in range(CALLBACKS):
            frame_back = self._receive()
            message = wire.decode(frame_back, as_reference)
            if type(message) is not tuple or not message or type(message[0]) is not str:
                raise wire.WireError("not a reply")
            if message[0] == "callback" and len(message) == 4:
                if len(frame_back) > CALLBACK_BYTES:
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
        """Wait for the process, and tell the sandbox how long: it must not sleep meanwhile.

        What it does while the grader computes, also in a call-back, is nobody's loss.
        """
        sets = ([], [self.questions]) if write else ([self.answers], [])
        while (left := self.deadline - (began := time.monotonic())) > 0:
            ready = any(select.select(*sets, [], min(left, SUPERVISOR_TICK)))
            self.waited += min(time.monotonic() - began, SUPERVISOR_TICK)  # more is not its doing
            if self.waited >= SUPERVISOR_TICK:
                self.sandbox.send({"waited": self.waited, "for": self.number})
                self.waited = 0.0
            if ready:
                return
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
            ended = self.sandbox.kill(self.number, broken=not reason)
            self.ended = Ended(reason or ended.reason, ended.seconds)

    def close(self) -> None:
        """End the process: its submission is graded."""
        self.end("closed")
