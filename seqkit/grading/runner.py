"""Grade one submission: run its cells in the sandbox, look at every answer, keep score here."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from seqkit.grading.catalogue import Check, Entry, LessonEntry
from seqkit.grading.channel import Channel, Ended, LocalChannel, RemoteError
from seqkit.grading.layout import PlannedCell, Submission
from seqkit.grading.report import CheckResult, ExerciseResult, Status, clean
from seqkit.grading.sandbox import Here, Limits, Sandbox
from seqkit.grading.student import StudentError
from seqkit.grading.verdict import look, result
from seqkit.grading.wire import WireError
from seqkit.grading.worker import names_of

CELL_SECONDS = 15.0  # CPU seconds a cell may take, importing included
MOST_ENDINGS = 2  # checks of one exercise that may end the process before the rest is given up
MOST_RESTARTS = 12  # processes one submission may use up

NOT_TRIED = "not attempted"
ENDINGS = {
    "cpu": "did not come back within {seconds:g} CPU seconds (an endless loop?)",
    "time": "did not come back in time (does it sleep, or wait for something?)",
    "memory": "used more than {memory} MiB of memory",
    "processes": "started more than {processes} processes or threads",
    "output": "gave an answer too large to read",
    "protocol": "broke the connection to the grader",
    "sandbox": "brought the sandbox down",
}


# ---------------------------------------------------------------- one submission


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
    limits : Limits
    seed : int
        Of the batch: hidden checks draw their inputs from it.
    goals : bool
        Whether training goals are graded.
    hidden : bool
        Whether hidden checks run: not where learners check themselves.
    """

    lesson: LessonEntry
    sandbox: Sandbox | Here
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
    goals: bool = True
    hidden: bool = True

    def grade(self, submission: Submission) -> Graded:
        """Run the cells, look at every exercise, and say what happened."""
        return Session(self, submission).grade()


class Session:
    """One submission on its way through the sandbox; :meth:`grade` is the whole way."""

    def __init__(self, runner: Runner, submission: Submission) -> None:
        self.runner = runner
        self.submission = submission
        self.notes = list(submission.notes)
        self.endings: list[tuple[str, str]] = []  # where, why
        self.failed: dict[str, str] = {}  # cell label: message
        self.poison: set[int] = set()  # positions of cells that ended the process
        self.ended: Counter[str] = Counter()  # exercise: processes its checks have ended
        self.restarts = 0
        self.until = float("inf")  # by the clock
        self.channel: Channel | LocalChannel | None = None
        self.names: dict[int, Mapping[str, list[str]]] = {}
        self.wanted: set[int] | None = None  # positions of the cells that run
        self.position = 0

    def grade(self) -> Graded:
        """Look at every exercise: all visible checks first, then all hidden ones.

        In this order nothing that a visible check quotes of an answer can have seen a hidden input.
        """
        self.until = time.monotonic() + self.runner.limits.wall
        entries = list(self.runner.lesson.entries.values())
        attempted = {entry.exercise.id: self.attempted(entry) for entry in entries}
        found: dict[Check, CheckResult] = {}
        try:
            for hidden in (False, True):
                for entry in entries:
                    for check in self.checks(entry, hidden):
                        tried = attempted[entry.exercise.id]
                        found[check] = (
                            self.look(check, entry) if tried else result(check, False, NOT_TRIED)
                        )
        finally:
            if self.channel is not None:
                self.channel.close()
        results = [self.exercise(entry, attempted[entry.exercise.id], found) for entry in entries]
        return Graded(*self.verdict(), self.notes, results)

    def checks(self, entry: Entry, hidden: bool) -> list[Check]:
        """Return the checks of an exercise that run, visible or hidden."""
        runner = self.runner
        if hidden and not runner.hidden:
            return []
        return [c for c in entry.checks if c.hidden == hidden and (runner.goals or not c.goal)]

    # ------------------------------------------------------------ cells

    def open(self) -> Channel | LocalChannel | None:
        """Return a process in which every cell has run; None when too many have ended."""
        if self.channel is not None and self.channel.ended is None:
            return self.channel
        while self.restarts < MOST_RESTARTS:
            self.restarts += 1
            self.channel = self.runner.sandbox.open(self.runner.limits)
            try:
                for position in self.plan(self.channel):
                    self.position = position
                    if time.monotonic() > self.until:
                        self.failed.setdefault(
                            self.submission.cells[position].label, "no time left"
                        )
                    elif position not in self.poison:
                        self.run(self.channel, self.submission.cells[position])
                return self.channel
            except Ended as end:
                if not self.runner.sandbox.alive:
                    raise
                self.poison.add(self.position)
                label = self.submission.cells[self.position].label
                self.endings.append((label, self.say(end, CELL_SECONDS)))
        return None

    def plan(self, channel: Channel | LocalChannel) -> list[int]:
        """Return which cells run: imports, answers, added cells, and the demos these need."""
        for position, cell in enumerate(self.submission.cells):
            known = position in self.names or position in self.poison
            if known or cell.kind not in ("answer", "added"):
                continue
            self.position = position
            channel.allow(CELL_SECONDS)
            try:
                found = channel.request("names", source=cell.source)
            except RemoteError:  # more names than an answer may hold
                found = {}
            except WireError:
                self.poison.add(position)
                self.failed[cell.label] = "it is too long"
                self.notes.append(f"{cell.label} did not run: it is too long")
                continue
            self.names[position] = _plain_names(found)
        if self.wanted is None:
            self.wanted = self.with_demos()
        return sorted(self.wanted)

    def with_demos(self) -> set[int]:
        """Return the positions of all cells to run; say which of the lesson's demos are needed."""
        cells = self.submission.cells
        defined: set[str] = set()  # by cells further up
        needed: set[str] = set()
        everywhere = {name for f in self.names.values() for name in f["defines"]}
        for position in sorted(self.names):
            found = self.names[position]
            in_functions = set(found["uses"]) - set(found["reads"])
            needed |= (in_functions - everywhere) | (set(found["reads"]) - defined)
            defined |= set(found["defines"])
        wanted = {i for i, c in enumerate(cells) if c.kind in ("imports", "answer", "added")}
        demos = {i: _pristine_names(c.source) for i, c in enumerate(cells) if c.kind == "demo"}
        while True:
            more = {i for i, f in demos.items() if i not in wanted and needed & set(f["defines"])}
            if not more:
                return wanted
            wanted |= more
            needed |= {name for i in more for name in demos[i]["uses"]}
            for i in sorted(more):
                self.notes.append(
                    f"the lesson's cell '{cells[i].label}' was run: an answer uses it"
                )

    def run(self, channel: Channel | LocalChannel, cell: PlannedCell) -> None:
        """Run a cell; an exception in it costs what depends on it and nothing else."""
        channel.allow(CELL_SECONDS)
        try:
            channel.request("run", source=cell.source, label=cell.label)
        except RemoteError as error:
            said = clean(str(StudentError(error.info)))
            if cell.label not in self.failed:
                self.failed[cell.label] = said
                self.notes.append(f"{cell.label} did not run: {said}")

    # ------------------------------------------------------------ exercises

    def look(self, check: Check, entry: Entry) -> CheckResult:
        """Run one check, in a new process if the last one has ended."""
        id = entry.exercise.id
        if self.ended[id] >= MOST_ENDINGS:
            return result(check, False, "not run: earlier checks did not come back")
        if time.monotonic() > self.until:
            self.endings.append(("it", f"used up its {self.runner.limits.wall:g} seconds"))
            return result(check, False, "not run: the submission had used up its time")
        channel = self.open()
        if channel is None:
            return result(check, False, "not run: the cells ended every process")
        try:
            channel.allow(check.seconds)
            return look(check, channel, entry, self.runner.seed).result
        except Ended as end:
            if not self.runner.sandbox.alive:
                raise
            self.ended[id] += 1
            said = self.say(end, check.seconds)
            if check.hidden and end.reason not in ENDINGS:  # an exit status can say a lot
                said = "ended its process"
            self.endings.append((f"exercise {id}", said))
            return result(check, False, f"your code {said}")

    def exercise(
        self, entry: Entry, attempted: bool, found: Mapping[Check, CheckResult]
    ) -> ExerciseResult:
        """Put an exercise's results together."""
        id = entry.exercise.id
        checks = [found[check] for check in entry.checks if check in found]
        labels = [cell.label for cell in self.submission.cells if id in cell.exercises]
        reasons = [self.failed[label] for label in labels if label in self.failed]
        notes = [f"the answer cell did not run: {reason}" for reason in reasons]
        return ExerciseResult(
            id=id,
            title=entry.exercise.title,
            attempted=attempted,
            points=round(sum(c.points for c in checks), 6),
            max=round(sum(c.max for c in checks), 6),
            checks=checks,
            notes=notes + self.forbidden(entry) if attempted else [],
        )

    def attempted(self, entry: Entry) -> bool:
        """Whether there is an answer: the cell was changed, or another cell defines its names."""
        if entry.exercise.id in self.submission.answers:
            return True
        self.open()
        own = {"answer", "added"}
        return any(
            set(found["defines"]) & set(entry.rules.defines)
            for i, found in self.names.items()
            if self.submission.cells[i].kind in own
        )

    def forbidden(self, entry: Entry) -> list[str]:
        """Name what the answer's text uses of what the exercise forbids: advice for review."""
        found = []
        for i, names in self.names.items():
            cell = self.submission.cells[i]
            if entry.exercise.id in cell.exercises or cell.kind == "added":
                for rule in entry.rules.forbids:
                    tail = tuple(rule.split(".")[-2:])
                    if any(tuple(d.split(".")[-2:]) == tail for d in names["dotted"]):
                        found.append(f"{cell.label} names {rule}, which this exercise does without")
        return found

    # ------------------------------------------------------------ words

    def say(self, end: Ended, seconds: float) -> str:
        limits = self.runner.limits
        text = ENDINGS.get(end.reason, "ended its process ({reason})")
        return text.format(
            seconds=seconds,
            memory=limits.memory // 2**20,
            processes=limits.processes,
            reason=end.reason,
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


def _plain_names(found: Mapping[str, object]) -> dict[str, list[str]]:
    """Return what the sandbox found in a cell as lists of str, whatever it sent."""
    result = {}
    for key in ("defines", "uses", "reads", "dotted"):
        names = found.get(key) if type(found) is dict else None
        result[key] = [n for n in names if type(n) is str] if type(names) is list else []
    return result


@cache
def _pristine_names(source: str) -> dict[str, list[str]]:
    return _plain_names(names_of(source))
