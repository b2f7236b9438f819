"""Run one check, and say in a learner's words what it found."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from seqkit.checking.asks import Asks, Ended, RemoteError
from seqkit.checking.cases import cases, smallest
from seqkit.checking.expect import Mismatch
from seqkit.checking.student import Student, StudentError
from seqkit.checking.written import short_text
from seqkit.course.catalogue import Entry
from seqkit.course.checks import Check

FAULTY = "this check has a mistake of its own and counts for nobody; your instructor is told"
UNSEEN = (
    "{call}gave something that this check cannot look at: is it of the kind, and has it the parts, "
    "that the statement asks for? If so, the mistake is the check's: tell your instructor"
)


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes
    ----------
    check : Check
    passed : bool
    message : str
        What a learner is told; empty when it passed.
    call : str
        The last call it made, as a learner would write it; empty for hidden checks.
    seen : bool
        Whether there was an answer to look at, more than the stub.
    error : str
        Where the check itself failed and how, for whoever wrote it; empty when it did not.
    """

    check: Check
    passed: bool
    message: str = ""
    call: str = ""
    seen: bool = True
    error: str = ""

    @property
    def points(self) -> float:
        """Points earned."""
        return self.check.points if self.passed else 0.0


def failed(check: Check, message: str) -> Outcome:
    """Return that a check did not come to look at an answer, and why."""
    return Outcome(check, False, message, seen=False)


def faulty(check: Check, error: str) -> Outcome:
    """Return that a check is at fault, since it fails for the reference answer: nobody pays."""
    return Outcome(replace(check, points=0.0), False, FAULTY, seen=False, error=error)


def attempted(outcomes: Iterable[Outcome], *, changed: bool = False) -> bool:
    """Whether somebody tried an exercise: the cell was changed, or a check saw an answer.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Of its checks.
    changed : bool
        Whether the answer cell is known to differ from the stub.
    """
    return changed or any(outcome.seen for outcome in outcomes)


def judge(check: Check, asks: Asks, entry: Entry, seed: int) -> Outcome:
    """Run one check; whatever it raises becomes its message. An :class:`Ended` is passed on."""
    student = Student(asks)
    message, error, untouched, passed = "", "", False, False
    try:
        asks.begin(check.worker_seed(seed), list(entry.rules.forbids))
        try:
            run(check, student, seed)
            passed = True
        finally:
            asks.finish()
    except StudentError as raised:
        untouched = raised.untouched and _of_this(raised, entry)
        message = _raised(raised, student, check)
    except Mismatch as found:
        parts = [found.why] if check.hidden else [f"{_quoted(student)}{found.text}", found.why]
        message = _sentences(parts)
    except AssertionError as found:
        message = "" if check.hidden else str(found)
    except RemoteError as raised:
        message = str(raised)
    except Ended as end:
        end.call = _call(student, check)
        raise
    except Exception as failure:  # it cannot look at the answer; whose mistake, is not known
        message = UNSEEN.format(call="" if check.hidden else _quoted(student))
        error = _failure(failure, hidden=check.hidden)
    if not passed and not message:
        message = "not so for every input" if check.hidden else "not so"
    return Outcome(check, passed, message, _call(student, check), not untouched, error)


def run(check: Check, student: Student, seed: int) -> None:
    """Look at an answer; an exception means it does not have the property."""
    own = check.seed(seed)
    if check.strategy is None:
        _once(check, student, own)
        return
    for case in cases(check, own):
        try:
            _once(check, student, own, case=case)
        except (AssertionError, StudentError) as error:
            if not check.hidden and not (isinstance(error, StudentError) and error.untouched):
                _fail_smallest(check, student, own, case)
            raise


def _once(check: Check, student: Student, seed: int, **arguments: Any) -> None:
    if "case" in arguments:
        arguments["case"] = copy.deepcopy(arguments["case"])  # a check may change its own
    if check.takes_rng:
        arguments["rng"] = np.random.default_rng(seed)
    check.function(student=student, **arguments)


def _fail_smallest(check: Check, student: Student, seed: int, case: Any) -> None:
    """Fail with the smallest case; do nothing if the answer does not live that long."""
    student.allow(check.seconds)
    least = smallest(check, seed, case, lambda case: _once(check, student, seed, case=case))
    try:
        _once(check, student, seed, case=least)
    except (AssertionError, StudentError):
        raise
    except Exception:  # its process ended: the failure that is known already will do
        return


def _of_this(error: StudentError, entry: Entry) -> bool:
    """Whether what is unanswered is this exercise, not one that it builds on."""
    names = {*entry.rules.defines, *entry.exercise.names}
    absent = {f"name '{name}' is not defined" for name in names}
    return error.message in {f"exercise {entry.exercise.id}", *absent}


def _raised(error: StudentError, student: Student, check: Check) -> str:
    """Say what the learner's code raised; of a hidden check nothing that the code chose itself."""
    if check.hidden:
        return "raised an exception"
    if error.bases[:2] == ["TooLarge", "WireError"]:
        return f"{_quoted(student)}gave an answer too large to read"
    if error.stub:  # of an exercise that this one builds on
        return f"{_quoted(student)}needs {error.message}, which is not answered yet"
    return f"{_quoted(student)}raised {error}"


def _failure(failure: Exception, *, hidden: bool) -> str:
    """Say where in the files of checks an exception came up; of a hidden check no values."""
    frames = traceback.extract_tb(failure.__traceback__)
    ours = [frame for frame in frames if "exercises" in Path(frame.filename).parts] or frames
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    said = "" if hidden else f": {short_text(str(failure))}"
    return f"{type(failure).__name__} in {place}{said}"


def _call(student: Student, check: Check) -> str:
    return "" if check.hidden else student.last_call


def _quoted(student: Student) -> str:
    return f"`{student.last_call}` " if student.last_call else ""


def _sentences(parts: Iterable[str]) -> str:
    return ". ".join(p.rstrip(".") for p in parts if p)
