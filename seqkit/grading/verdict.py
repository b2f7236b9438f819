"""Run one check, and say in a learner's words what it found."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

from seqkit.grading.catalogue import Check, Entry
from seqkit.grading.channel import Asks, Ended, RemoteError
from seqkit.grading.expect import Mismatch
from seqkit.grading.report import CheckResult, clean
from seqkit.grading.student import Student, StudentError

log = logging.getLogger("seqkit.grading")


@dataclass(frozen=True)
class Outcome:
    """What a check found, and whether there was an answer to look at."""

    result: CheckResult
    untouched: bool = False


def look(check: Check, asks: Asks, entry: Entry, seed: int) -> Outcome:
    """Run one check; whatever it raises becomes its message. An :class:`Ended` is passed on."""
    student = Student(asks)
    started = time.perf_counter()
    message, untouched, passed = "", False, False
    try:
        asks.begin(check.worker_seed(seed), list(entry.rules.forbids))
        try:
            check.run(student, seed)
            passed = True
        finally:
            asks.finish()
    except StudentError as error:
        untouched = error.message == f"exercise {entry.exercise.id}" and error.untouched
        untouched = untouched or _missing(error, entry)
        message = _raised(error, student, check)
    except Mismatch as error:
        call = f"`{student.last_call}` " if student.last_call else ""
        parts = [error.why] if check.hidden else [f"{call}{error.text}", error.why]
        message = _sentences(parts)
    except AssertionError as error:
        message = "" if check.hidden else str(error)
    except RemoteError as error:
        message = str(error)
    except Ended:
        raise
    except Exception as error:  # the answer was of a kind that the check cannot even look at
        log.info("check %s: %s: %s", check.name, type(error).__name__, clean(str(error)))
        call = f"`{student.last_call}` " if student.last_call and not check.hidden else ""
        message = f"{call}gave something of the wrong kind or number of parts"
    return Outcome(result(check, passed, message, time.perf_counter() - started), untouched)


def result(check: Check, passed: bool, message: str, seconds: float = 0.0) -> CheckResult:
    """Return what a check found as a record."""
    if not passed and not message:
        message = "not so for every input" if check.hidden else "not so"
    return CheckResult(
        name=check.name,
        title=check.title,
        visible=not check.hidden,
        passed=passed,
        points=check.points if passed else 0.0,
        max=check.points,
        message="" if passed else message,
        seconds=0.0 if check.hidden else round(seconds, 4),  # sleeping can spell an input
    )


def _missing(error: StudentError, entry: Entry) -> bool:
    names = entry.rules.defines
    return error.type == "NameError" and any(
        error.message == f"name '{name}' is not defined" for name in names
    )


def _raised(error: StudentError, student: Student, check: Check) -> str:
    """Say what the learner's code raised; of a hidden check nothing that the code chose itself."""
    if check.hidden:
        return "raised an exception"
    call = f"`{student.last_call}` " if student.last_call else ""
    if error.untouched:  # of an exercise that this one builds on
        return f"{call}needs {error.message}, which is not answered yet"
    return f"{call}raised {error}"


def _sentences(parts: Iterable[str]) -> str:
    return ". ".join(p.rstrip(".") for p in parts if p)
