"""Know this process: its names, its copy of the course, and a worker that answers from them."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from seqkit.checking.asks import Ended, Functions, RemoteError, as_reference
from seqkit.course.catalogue import Catalogue
from seqkit.grading.inside import wire
from seqkit.grading.inside.worker import Worker
from seqkit.limits import SubmissionLimits


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


class Here:
    """No sandbox at all: for a learner's own answers where no process can be forked (Windows)."""

    alive = True

    def open(self, limits: SubmissionLimits) -> LocalChannel:
        """Return a channel to a fresh namespace in this process."""
        return LocalChannel({"__name__": "__main__"})

    def stop(self) -> None:
        """Do nothing: there is nothing to stop."""


def names_here() -> dict[str, Any]:
    """Return the names of the notebook: of IPython, or of the main module."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return shell.user_ns if shell else vars(sys.modules["__main__"])


@cache
def course_here() -> Catalogue:
    """Return the course that this package belongs to."""
    return Catalogue()


def quoted(id: str) -> str:
    """Return the id of an exercise; 1.10 without quotes would be exercise 1.1."""
    if not isinstance(id, str):
        raise KeyError(f'write the exercise in quotes, such as "{id}": 1.10 is the number 1.1')
    return id
