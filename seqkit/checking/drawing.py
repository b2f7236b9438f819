"""Draw what a hidden check asks, so that nothing but an answer helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def shuffled(rng: np.random.Generator, calls: Sequence[T]) -> list[T]:
    """Put good and bad calls in an order that nobody knows: counting them tells nothing.

    Examples
    --------
    >>> sorted(shuffled(np.random.default_rng(0), [3, 1, 2]))
    [1, 2, 3]
    """
    return [calls[i] for i in rng.permutation(len(calls))]


def random_word(rng: np.random.Generator) -> str:
    """Return a word that nobody can have listed.

    Examples
    --------
    >>> len(random_word(np.random.default_rng(0)))
    6
    """
    return "".join(rng.choice(list("bcdfgh"), size=6).tolist())


def sizes(rng: np.random.Generator, count: int, low: int = 2, high: int = 6) -> list[int]:
    """Draw different sizes, so that no wrong axis fits by chance.

    Examples
    --------
    >>> len(set(sizes(np.random.default_rng(0), 3)))
    3
    """
    drawn: list[int] = rng.permutation(np.arange(low, high + 1))[:count].tolist()
    return drawn
