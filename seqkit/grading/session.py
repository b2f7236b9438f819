"""Grade one submission: run its cells in the sandbox, look at every answer, keep score here."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from seqkit.checking.asks import Asks, Ended, RemoteError, ask_all, question, value_of
from seqkit.checking.student import StudentError
from seqkit.checking.verdict import Outcome, attempted, failed, faulty, judge
from seqkit.course.catalogue import Entry, LessonEntry
from seqkit.course.checks import Check, once_more
from seqkit.grading.cells import CellPlan
from seqkit.grading.inside.wire import WireError
from seqkit.grading.rehearsal import Outcomes, Rehearsal, allowance, ask, rehearse, together
from seqkit.limits import (
    CELL_SECONDS,
    ENDINGS_OF_AN_EXERCISE,
    REPLIES_BYTES,
    RESTARTS,
    SubmissionLimits,
)
from seqkit.results.report import CheckResult, ExerciseResult, Status
from seqkit.results.text import clean, few
from seqkit.submissions.reading.layout import Submission

log = logging.getLogger("seqkit.grading")

ALL = slice(None)
NOT_TRIED = "not attempted"
AGAIN = "it ran the first time and not again"
ENDINGS = {
    "cpu": "did not come back within {seconds:g} CPU seconds (an endless loop?)",
    "total": "used up the {total:g} seconds that all its cells and checks may take",
    "time": "did not come back in time (does it sleep, or wait for something?)",
    "memory": "used more than {memory} MiB of memory",
    "processes": "started more than {processes} processes or threads",
    "output": "gave an answer too large to read",
    "protocol": "broke the connection to the grader",
    "sandbox": "brought the sandbox down",
}


class AsksOneSubmission(Asks, Protocol):
    """A process, or this one, in which a submission's cells have run."""

    ended: Ended | None

    def close(self) -> None:
        """End it."""


class OpensProcesses(Protocol):
    """What gives each submission a process of its own: a sandbox, or none."""

    @property
    def alive(self) -> bool:
        """Whether it can give more."""

    def open(self, limits: SubmissionLimits) -> AsksOneSubmission:
        """Return a fresh process."""

    def stop(self) -> None:
        """End it and everything it started."""


@dataclass
class Graded:
    """What became of a submission, without the file it came from."""

    status: Status
    reason: str
    notes: list[str]
    exercises: list[ExerciseResult]


@dataclass
class Runner:
    """Grades submissions of one lesson in one sandbox.

    Parameters
    ----------
    lesson : LessonEntry
    sandbox : Sandbox
    limits : SubmissionLimits
    seed : int
        Of the batch: hidden checks draw their inputs from it.
    goals : bool
        Whether training goals are graded.
    hidden : bool
        Whether hidden checks run: not where learners check themselves.
    """

    lesson: LessonEntry
    sandbox: OpensProcesses
    limits: SubmissionLimits = field(default_factory=SubmissionLimits)
    seed: int = 0
    goals: bool = True
    hidden: bool = True
    rehearsal: Rehearsal = field(default_factory=Rehearsal)
    outcomes: Outcomes = field(default_factory=Outcomes)

    def rehearse(self, reference: Submission, share: slice = ALL) -> None:
        """Learn from the reference answers what the checks of a share of the exercises ask."""
        session = Session(self, reference)
        try:
            session.rehearse(list(self.lesson.entries.values())[share])
        except Ended:
            log.warning("the reference answers of %s ended the sandbox", self.lesson.name)
        finally:
            session.close()

    def grade(self, submission: Submission) -> Graded:
        """Run the cells, look at every exercise, and say what happened."""
        return Session(self, submission).grade()

    def checks(self, entry: Entry, hidden: bool) -> list[Check]:
        """Return the checks of an exercise that run, visible or hidden."""
        if hidden and not self.hidden:
            return []
        return [c for c in entry.checks if c.hidden == hidden and (self.goals or not c.goal)]

    def time(self) -> tuple[float, float]:
        """Return CPU seconds, and seconds by the clock, that a submission may take."""
        entries = self.lesson.entries.values()
        checks = [c for e in entries for hidden in (False, True) for c in self.checks(e, hidden)]
        return self.limits.time(sum(check.seconds for check in checks))


class Session:
    """One submission on its way through the sandbox; :meth:`grade` is the whole way."""

    def __init__(self, runner: Runner, submission: Submission) -> None:
        self.runner = runner
        self.submission = submission
        self.plan = CellPlan(runner.lesson, submission)
        self.notes = list(submission.notes)
        self.endings: list[tuple[str, str]] = []  # where, why
        self.failed: dict[str, str] = {}  # cell label: message
        self.poison: set[int] = set()  # positions of cells that ended the process
        self.ended: Counter[str] = Counter()  # exercise: processes its checks have ended
        self.cpu, self.wall = runner.time()  # seconds it may take, all its processes together
        self.until = time.monotonic() + self.wall
        self.channels: list[AsksOneSubmission] = []  # of its processes, the present one last
        self.wanted: set[int] | None = None  # positions of the cells that run
        self.position = 0
        self.secret = False  # whether hidden questions have gone out: nothing is quoted any more
        self.together = True  # whether much is asked at once: until the process ends of it
        self.replies: dict[Check, Sequence[bytes]] = {}

    def grade(self) -> Graded:
        """Look at every exercise: all visible checks first, then all hidden ones.

        In this order nothing that a visible check quotes of an answer can have seen a hidden input.
        """
        runner, entries = self.runner, self.runner.lesson.entries
        try:
            self.ask(entries.values(), hidden=False)
            found = {id: self.outcomes(entry, hidden=False) for id, entry in entries.items()}
            answers = self.submission.answers
            tried = [id for id in entries if attempted(found[id], changed=id in answers)]
            self.secret = True
            self.ask([entries[id] for id in tried], hidden=True)
            for id in tried:
                found[id] += self.outcomes(entries[id], hidden=True)
        finally:
            self.close()
        results = []
        for id, entry in entries.items():
            if id not in tried:
                checks = [c for hidden in (False, True) for c in runner.checks(entry, hidden)]
                found[id] = [failed(check, NOT_TRIED) for check in checks]
            results.append(self.exercise(entry, id in tried, found[id]))
        return Graded(*self.verdict(), [*self.notes, *self.plan.notes], results)

    def close(self) -> None:
        """End the submission's process."""
        for channel in self.channels[-1:]:
            channel.close()

    def rehearse(self, entries: Iterable[Entry]) -> None:
        """Note what each check asks that does not train, and which fail for the reference."""
        runner = self.runner
        for entry in entries:
            for check in entry.checks:
                channel = None if check.goal else self.open()
                if channel is None:
                    continue
                with contextlib.suppress(Ended):
                    outcome, script = rehearse(check, channel, entry, runner.seed)
                    if script:
                        runner.rehearsal.scripts[check.key] = script
                    if outcome.seen and not outcome.passed:
                        said = outcome.error or f"fails: {outcome.message}"
                        runner.rehearsal.faults[check.key] = said

    # ------------------------------------------------------------ cells

    def open(self) -> AsksOneSubmission | None:
        """Return a process in which every cell has run; None when too many have ended.

        What one used, the next may not use again.
        """
        for channel in self.channels[-1:]:
            if channel.ended is None:
                return channel
        while len(self.channels) < RESTARTS and not self.spent():
            cpu, wall = self.left()
            channel = self.runner.sandbox.open(replace(self.runner.limits, cpu=cpu, wall=wall))
            self.channels.append(channel)
            try:
                self.read(channel)
                self.run(channel)
                return channel
            except Ended as end:
                if not self.runner.sandbox.alive:
                    raise
                channel.close()
                if self.together:
                    self.together = False  # which cell it was is found one by one
                    continue
                self.poison.add(self.position)
                label = self.submission.cells[self.position].label
                self.endings.append((label, self.say(end, CELL_SECONDS)))
        return None

    def left(self) -> tuple[float, float]:
        """Return seconds to compute in, and seconds by the clock, that are not used up."""
        used = sum(channel.ended.seconds for channel in self.channels if channel.ended is not None)
        return self.cpu - used, self.until - time.monotonic()

    def spent(self) -> str:
        """Say what is used up; empty while nothing is."""
        cpu, wall = self.left()
        if cpu <= 0:
            return ENDINGS["total"].format(total=self.cpu)
        return "" if wall > 0 else f"used up its {self.wall:g} seconds"

    def read(self, channel: AsksOneSubmission) -> None:
        """Learn which names the answers and added cells define and use, where that matters."""
        unread = [i for i in self.plan.asks() if i not in self.poison]
        for position, found in self.each(channel, "names", unread):
            self.plan.learn(position, found)
        if self.wanted is None:
            self.wanted = self.plan.wanted()

    def run(self, channel: AsksOneSubmission) -> None:
        """Run imports, answers, added cells, and the demos that these need.

        An exception in a cell costs what depends on it and nothing else.
        """
        wanted = [i for i in sorted(self.wanted or ()) if i not in self.poison]
        for position, raised in self.each(channel, "run", wanted):
            label = self.submission.cells[position].label
            if not isinstance(raised, Exception) or label in self.failed:
                continue
            if isinstance(raised, RemoteError):
                raised = StudentError(raised.info)
            if isinstance(raised, WireError):
                raised = "it is too long"
            self.failed[label] = AGAIN if self.secret else clean(str(raised))
            self.notes.append(f"{label} did not run: {self.failed[label]}")

    def each(
        self, channel: AsksOneSubmission, operation: str, positions: list[int]
    ) -> Iterator[tuple[int, Any]]:
        """Yield for each cell what the worker answers, or the exception that it answers with."""
        asked = {i: self.arguments(operation, i) for i in positions}
        if self.together and positions:
            self.position = positions[0]
            channel.allow(CELL_SECONDS)
            try:
                replies = ask_all(channel, [question(operation, **asked[i]) for i in positions])
                yield from zip(positions, map(_value_or_error, replies), strict=True)
                return
            except WireError:  # it is too much at once
                self.together = False
        for position in positions:
            self.position = position
            if time.monotonic() > self.until:
                yield position, TimeoutError("no time left")
                continue
            channel.allow(CELL_SECONDS)
            try:
                yield position, channel.request(operation, **asked[position])
            except (RemoteError, WireError) as error:
                yield position, error

    def arguments(self, operation: str, position: int) -> dict[str, Any]:
        """Return what an operation on a cell is told."""
        cell = self.submission.cells[position]
        if operation == "run":
            return {"source": cell.source, "label": cell.label}
        return {"source": cell.source, "dotted": self.plan.dotted(position)}

    # ------------------------------------------------------------ checks

    def ask(self, entries: Iterable[Entry], *, hidden: bool) -> None:
        """Ask at once what checks asked in rehearsal; where the process ends, nothing is won."""
        runner = self.runner
        checks = [check for entry in entries for check in runner.checks(entry, hidden)]
        scripts = runner.rehearsal.scripts
        rehearsed = [(c, scripts[c.key]) for c in checks if c.key in scripts]
        self.replies.clear()
        for group in together(rehearsed):
            held = sum(len(reply) for replies in self.replies.values() for reply in replies)
            channel = self.open() if self.together and held <= REPLIES_BYTES else None
            if channel is None:
                return
            try:
                channel.allow(allowance(group))
                self.replies |= ask(group, channel)
            except Ended:
                if not runner.sandbox.alive:
                    raise
                self.together = False

    def outcomes(self, entry: Entry, *, hidden: bool) -> list[Outcome]:
        """Return what the visible or the hidden checks of an exercise find."""
        return [self.outcome(check, entry) for check in self.runner.checks(entry, hidden)]

    def outcome(self, check: Check, entry: Entry) -> Outcome:
        """Run one check, in a new process if the last one has ended."""
        id = entry.exercise.id
        rehearsal = self.runner.rehearsal
        if check.key in rehearsal.faults:
            return faulty(check, rehearsal.faults[check.key])
        if self.ended[id] >= ENDINGS_OF_AN_EXERCISE:
            return failed(check, "not run: earlier checks did not come back")
        if check in self.replies:
            script, replies = rehearsal.scripts[check.key], self.replies[check]
            known = self.runner.outcomes.of(check, entry, self.runner.seed, script, replies)
            if known is not None:
                return known
        channel = None if self.spent() else self.open()
        if channel is None and (spent := self.spent()):
            self.endings.append(("it", spent))
            return failed(check, "not run: the submission had used up its time")
        if channel is None:
            return failed(check, "not run: the cells ended every process")
        try:
            channel.allow(check.seconds)
            return judge(check, channel, entry, self.seed(check))
        except Ended as end:
            if not self.runner.sandbox.alive:
                raise
            self.ended[id] += 1
            said = self.say(end, check.seconds)
            self.endings.append((f"exercise {id}", said))
            return Outcome(check, False, f"your code {said}", end.call)

    def seed(self, check: Check) -> int:
        """Return the seed of a check that asks by itself: another one where it was heard before.

        An answer could be read from what the check asked later, and told to the next process too.
        """
        seed = self.runner.seed
        return once_more(seed) if check.key in self.runner.rehearsal.scripts else seed

    # ------------------------------------------------------------ score

    def exercise(self, entry: Entry, tried: bool, outcomes: list[Outcome]) -> ExerciseResult:
        """Put an exercise's results together."""
        id = entry.exercise.id
        labels = [cell.label for cell in self.submission.cells if id in cell.exercises]
        why = {**dict(self.endings), **self.failed}
        forbidden = self.plan.forbidden(entry) if tried else []
        return ExerciseResult(
            id=id,
            title=entry.exercise.title,
            attempted=tried,
            points=round(sum(o.points for o in outcomes), 6),
            max=round(sum(o.check.points for o in outcomes), 6),
            checks=[_record(outcome) for outcome in outcomes],
            source=self.submission.answers.get(id, ""),
            missing=not labels,
            error="; ".join(why[label] for label in labels if label in why),
            forbidden=list(dict.fromkeys(name for name, _ in forbidden)),
            notes=few(note for _, note in forbidden),
        )

    def say(self, end: Ended, seconds: float) -> str:
        """Say how a process ended."""
        limits = self.runner.limits
        how = "" if self.secret else f" ({end.reason})"  # an exit status can say a lot
        text = ENDINGS.get(end.reason, f"ended its process{how}")
        return text.format(
            seconds=seconds,
            total=self.cpu,
            memory=limits.memory // 2**20,
            processes=limits.processes,
        )

    def verdict(self) -> tuple[Status, str]:
        """Return the status of the whole, and why it is not ``graded``."""
        if self.endings:
            said = "; ".join(dict.fromkeys(f"{where} {why}" for where, why in self.endings))
            late = all("come back" in why or "used up" in why for _, why in self.endings)
            return ("timeout" if late else "crashed"), said
        if self.failed:
            return "partial", f"{', '.join(self.failed)} did not run"
        return "graded", ""


def _record(outcome: Outcome) -> CheckResult:
    """Return what a check found as a report has it."""
    check = outcome.check
    return CheckResult(
        name=check.name,
        title=check.title,
        visible=not check.hidden,
        passed=outcome.passed,
        points=outcome.points,
        max=check.points,
        call=outcome.call,
        message=outcome.message,
        error=outcome.error,
    )


def _value_or_error(reply: bytes) -> Any:
    """Return the value in a reply, or the exception that it is."""
    try:
        return value_of(reply)
    except RemoteError as error:
        return error
    except WireError:
        raise Ended("protocol") from None
