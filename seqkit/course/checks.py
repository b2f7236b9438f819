"""Say what a check is, and how the file of an exercise declares its checks and rules.

A check is a pytest test function in its exercise's file, marked with :func:`check`. It takes
``student`` and, if it names them, ``rng`` (a seeded NumPy generator) and ``case`` (an input drawn
by :func:`generated`). Its file's place says which exercise it belongs to, and whether it is hidden.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seqkit.limits import CHECK_SECONDS

VISIBLE_SEED = 0


@dataclass(frozen=True)
class Rules:
    """What an exercise's answer must define and must not use; a file declares it as ``rules``.

    Parameters
    ----------
    defines : tuple of str
        Names that an answer gives.
    forbids : tuple of str
        Library names that it does without: a call of one raises "write this one yourself".
    numpy : bool
        Whether it is done in NumPy: an answer that names another framework is noted for review.
    """

    defines: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    numpy: bool = False


@dataclass(frozen=True)
class Check:
    """One property of an answer, its points, and the function that looks.

    Parameters
    ----------
    function : callable
    points : float
    goal : bool
        Whether it trains something and may be left out.
    seconds : float
        CPU seconds it may take; with more than usual it :attr:`takes_long`.
    exercise : str
        ``"1.3"``, by its file's name.
    hidden : bool
        Whether learners are told no input of it, and bundles leave it out: by its file's place.
    """

    function: Callable[..., None]
    points: float
    goal: bool = False
    seconds: float = CHECK_SECONDS
    exercise: str = ""
    hidden: bool = False

    @cached_property
    def name(self) -> str:
        """Name of the function."""
        return self.function.__name__

    @cached_property
    def title(self) -> str:
        """The property, in words a learner reads: the function's docstring."""
        return " ".join((self.function.__doc__ or self.name).split())

    @cached_property
    def strategy(self) -> Any:
        """The Hypothesis strategy that its ``case`` comes from, or None."""
        return getattr(self.function, "generated", (None, 0))[0]

    @cached_property
    def examples(self) -> int:
        """How many cases are drawn."""
        return int(getattr(self.function, "generated", (None, 0))[1])

    @property
    def key(self) -> tuple[str, bool, str]:
        """What it is known by in every process: exercise, whether hidden, name."""
        return self.exercise, self.hidden, self.name

    @property
    def takes_long(self) -> bool:
        """Whether what it asks for is much work, such as training: that is done once, no more."""
        return self.goal or self.seconds > CHECK_SECONDS

    @cached_property
    def takes_rng(self) -> bool:
        """Whether it draws inputs itself."""
        return "rng" in inspect.signature(self.function).parameters

    def seed(self, seed: int) -> int:
        """Return this check's own seed, from the batch's for hidden checks, fixed for visible."""
        return _number_of(f"{seed if self.hidden else VISIBLE_SEED}/{self.exercise}/{self.name}")

    def worker_seed(self, seed: int) -> int:
        """Return what the learner's generators are seeded with: nothing that tells our own."""
        return _number_of(f"{self.seed(seed)}/worker", 4)  # NumPy takes no more


def check(
    points: float, *, goal: bool = False, seconds: float = CHECK_SECONDS
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test function as a check; its docstring is the title a learner sees.

    Examples
    --------
    >>> @check(points=1)
    ... def test_doubles(student):
    ...     "doubles a number"
    ...     assert student.double(2) == 4, "2 doubled is 4"
    >>> test_doubles.check.title
    'doubles a number'
    """

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        function.check = Check(function, points, goal, seconds)  # type: ignore[attr-defined]
        return function

    return mark


def generated(
    strategy: Any, examples: int = 25
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a check its ``case``: drawn from a Hypothesis strategy, shrunk when it fails."""

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        function.generated = (strategy, examples)  # type: ignore[attr-defined]
        return function

    return mark


def once_more(seed: int) -> int:
    """Return the seed of what is asked a second time: the first time told nothing of it.

    Examples
    --------
    >>> once_more(7) == once_more(7), once_more(7) == 7
    (True, False)
    """
    return _number_of(f"{seed}/once more")


def _number_of(text: str, size: int = 8) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:size], "big")
