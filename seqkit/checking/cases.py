"""Draw the inputs of generated checks, and find the smallest one that fails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache
from typing import Any

from seqkit.course.checks import Check
from seqkit.limits import SHRINKS


@cache
def cases(check: Check, seed: int) -> list[Any]:
    """Return the cases of a check, drawn once for a whole batch, the shortest first.

    Parameters
    ----------
    check : Check
        One with a strategy.
    seed : int
        The check's own, ``check.seed(…)``.
    """
    drawn: list[Any] = []
    _explore(check, seed, drawn.append)
    return sorted(drawn, key=lambda case: len(repr(case)))


def smallest(check: Check, seed: int, failing: Any, attempt: Callable[[Any], None]) -> Any:
    """Return the smallest case with which ``attempt`` raises, after a bounded number of attempts.

    Parameters
    ----------
    check : Check
        One with a strategy.
    seed : int
        The check's own.
    failing : case
        One that is known to fail.
    attempt : callable
        Looks at an answer with a case; raises if it fails.
    """
    best, attempts = failing, 0

    def counted(case: Any) -> None:
        nonlocal best, attempts
        attempts += 1
        if attempts > SHRINKS:
            raise _EnoughError
        try:
            attempt(case)
        except Exception:
            best = case  # while it shrinks, Hypothesis only moves to simpler cases
            raise

    with contextlib.suppress(Exception, _EnoughError):
        _explore(check, seed, counted)
    return best


class _EnoughError(BaseException):
    """Ends Hypothesis's search."""


def _explore(check: Check, seed: int, attempt: Callable[[Any], None]) -> None:
    """Let Hypothesis draw cases, and smaller ones when one fails."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    def test(case: Any) -> None:
        attempt(case)

    chosen = settings(
        max_examples=check.examples,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    seeded(seed)(chosen(given(case=check.strategy)(test)))()
