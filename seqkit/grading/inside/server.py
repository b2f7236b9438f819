"""Serve the grader from inside a submission's process: frames in by one pipe, out by another."""

from __future__ import annotations

import os
from typing import Any

from seqkit.grading.inside import wire, worker


class Server:
    """Answer the grader's requests: two pipes, which have no options and no addresses."""

    def __init__(self, questions: int, answers: int, namespace: dict[str, Any]) -> None:
        self.questions = questions
        self.answers = answers
        self.worker = worker.Worker(namespace, self.call_back)

    def run(self) -> None:
        """Serve until the other end closes."""
        while (frame := receive(self.questions)) is not None:
            send(self.answers, self.worker.answer(frame))

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask the grader to call one of its functions for us."""
        request = wire.encode(("callback", number, args, kwargs), self.worker.export)
        send(self.answers, request)
        frame = receive(self.questions)
        if frame is None:
            os._exit(0)
        kind, value = wire.decode(frame, self.worker.resolve, native=True)
        if kind == "error":
            raise RuntimeError(value)
        return value


def send(pipe: int, data: bytes) -> None:
    """Write all of a frame."""
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def receive(pipe: int) -> bytearray | None:
    """Return the next frame, or None when the other end has closed."""
    header = _exactly(pipe, wire.HEADER.size)
    if header is None:
        return None
    rest = _exactly(pipe, wire.lengths(bytes(header)))
    return None if rest is None else header + rest


def _exactly(pipe: int, count: int) -> bytearray | None:
    data = bytearray(count)
    view = memoryview(data)
    while view:
        got = os.readv(pipe, [view])
        if got == 0:
            return None
        view = view[got:]
    return data
