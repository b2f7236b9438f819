"""Grade one submission: run its cells in the sandbox, look at every answer, keep score here."""

from __future__ import annotations

import contextlib
import logging
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from seqkit.grading.catalogue import Check, Entry, LessonEntry, once_more
from seqkit.grading.channel import (
    Channel,
    Ended,
    LocalChannel,
    RemoteError,
    ask_all,
    opened,
    question,
)
from seqkit.grading.reading.layout import Submission
from seqkit.grading.rehearsal import Outcomes, Script, allowance, ask, rehearse, together
from seqkit.grading.report import CheckResult, ExerciseResult, Status, clean, few
from seqkit.grading.sandbox import Here, Limits, Sandbox
from seqkit.grading.student import StudentError
from seqkit.grading.verdict import look, result
from seqkit.grading.wire import WireError
from seqkit.grading.worker import names_of

log = logging.getLogger("seqkit.grading")

CELL_SECONDS = 15.0  # CPU seconds a cell may take, importing included
MOST_ENDINGS = 2  # checks of one exercise that may end the process before the rest is given up
MOST_RESTARTS = 12  # processes one submission may use up

FRAMEWORKS = frozenset({"torch", "nn", "tensorflow", "tf", "keras"})  # as notebooks name them

NOT_TRIED = "not attempted"
AGAIN = "it ran the first time and not again"
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
    scripts: dict[Check, Script] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=Outcomes)

    def rehearse(self, reference: Submission) -> None:
        """Learn from the reference answers what the checks ask; a class is graded faster then."""
        session = Session(self, reference)
        try:
            session.rehearse()
        except Ended:
            log.warning("the reference answers of %s ended the sandbox", self.lesson.name)
        finally:
            session.close()

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
        self.secret = False  # whether hidden questions have gone out: nothing is quoted any more
        self.together = True  # whether much is asked at once: until the process ends of it
        self.replies: dict[Check, Sequence[bytes]] = {}

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
                self.secret = hidden
                answered = [entry for entry in entries if attempted[entry.exercise.id]]
                self.ask([c for entry in answered for c in self.checks(entry, hidden)])
                for entry in entries:
                    for check in self.checks(entry, hidden):
                        tried = attempted[entry.exercise.id]
                        found[check] = (
                            self.look(check, entry) if tried else result(check, False, NOT_TRIED)
                        )
        finally:
            self.close()
        results = [self.exercise(entry, attempted[entry.exercise.id], found) for entry in entries]
        return Graded(*self.verdict(), self.notes, results)

    def close(self) -> None:
        """End the submission's process."""
        if self.channel is not None:
            self.channel.close()

    def rehearse(self) -> None:
        """Note what each check asks that does not train."""
        runner = self.runner
        for entry in runner.lesson.entries.values():
            for check in entry.checks:
                channel = None if check.goal else self.open()
                with contextlib.suppress(Ended):
                    script = channel and rehearse(check, channel, entry, runner.seed)
                    if script:
                        runner.scripts[check] = script

    def ask(self, checks: list[Check]) -> None:
        """Ask at once what checks asked in rehearsal; where the process ends, nothing is won."""
        runner = self.runner
        rehearsed = [(c, runner.scripts[c]) for c in checks if c in runner.scripts]
        for group in together(rehearsed):
            channel = self.open() if self.together else None
            if channel is None:
                return
            try:
                channel.allow(allowance(group))
                self.replies |= ask(group, channel)
            except Ended:
                if not runner.sandbox.alive:
                    raise
                self.together = False

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
                self.read(self.channel)
                self.run(self.channel)
                return self.channel
            except Ended as end:
                if not self.runner.sandbox.alive:
                    raise
                self.channel.close()
                if self.together:
                    self.together = False  # which cell it was is found one by one
                    continue
                self.poison.add(self.position)
                label = self.submission.cells[self.position].label
                self.endings.append((label, self.say(end, CELL_SECONDS)))
        return None

    def read(self, channel: Channel | LocalChannel) -> None:
        """Learn which names the answers and added cells define and use, where that matters."""
        cells = self.submission.cells
        own = [i for i, cell in enumerate(cells) if cell.kind in ("answer", "added")]
        telling = self.telling()
        unread = [
            i
            for i in own
            if i not in self.names
            and i not in self.poison
            and not telling.isdisjoint(_words(cells[i].source))
        ]
        for position, found in self.each(channel, "names", unread):
            self.names[position] = _plain_names(found)
        if self.wanted is None:
            self.wanted = self.with_demos()

    def telling(self) -> set[str]:
        """Return the names that say more of a cell: a demo's, an exercise's, a forbidden one."""
        entries = self.runner.lesson.entries.values()
        demos = [c.source for c in self.submission.cells if c.kind == "demo"]
        missing = [e.rules for e in entries if e.exercise.id not in self.submission.answers]
        return {
            *(name for source in demos for name in _pristine_names(source)["defines"]),
            *(name for rules in missing for name in rules.defines),
            *(rule.rpartition(".")[2] for entry in entries for rule in entry.rules.forbids),
            *(FRAMEWORKS if any(entry.rules.numpy for entry in entries) else ()),
        }

    def run(self, channel: Channel | LocalChannel) -> None:
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
        self, channel: Channel | LocalChannel, operation: str, positions: list[int]
    ) -> Iterator[tuple[int, Any]]:
        """Yield for each cell what the worker answers, or the exception that it answers with."""
        asked = {i: self.arguments(operation, i) for i in positions}
        if self.together and positions:
            self.position = positions[0]
            channel.allow(CELL_SECONDS)
            try:
                replies = ask_all(channel, [question(operation, **asked[i]) for i in positions])
                yield from zip(positions, map(_opened, replies), strict=True)
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
        entries = self.runner.lesson.entries.values()
        tails = {rule.rpartition(".")[2] for entry in entries for rule in entry.rules.forbids}
        noted = tails | FRAMEWORKS
        return {"source": cell.source, "dotted": any(name in cell.source for name in noted)}

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
                if not (cells[i].grade_id or "").startswith("given_"):
                    self.notes.append(
                        f"the lesson's cell '{cells[i].label}' was run: an answer uses it"
                    )

    # ------------------------------------------------------------ exercises

    def look(self, check: Check, entry: Entry) -> CheckResult:
        """Run one check, in a new process if the last one has ended."""
        id = entry.exercise.id
        if self.ended[id] >= MOST_ENDINGS:
            return result(check, False, "not run: earlier checks did not come back")
        if time.monotonic() > self.until:
            self.endings.append(("it", f"used up its {self.runner.limits.wall:g} seconds"))
            return result(check, False, "not run: the submission had used up its time")
        if check in self.replies:
            script, replies = self.runner.scripts[check], self.replies[check]
            known = self.runner.outcomes.look(check, entry, self.runner.seed, script, replies)
            if known is not None:
                return known
        channel = self.open()
        if channel is None:
            return result(check, False, "not run: the cells ended every process")
        try:
            channel.allow(check.seconds)
            return look(check, channel, entry, self.seed(check)).result
        except Ended as end:
            if not self.runner.sandbox.alive:
                raise
            self.ended[id] += 1
            said = self.say(end, check.seconds)
            self.endings.append((f"exercise {id}", said))
            return result(check, False, f"your code {said}")

    def seed(self, check: Check) -> int:
        """Return the seed of a check that asks by itself: another one where it was heard before.

        An answer could be read from what the check asked later, and told to the next process too.
        """
        seed = self.runner.seed
        return once_more(seed) if check in self.runner.scripts else seed

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
            notes=few(notes + self.forbidden(entry)) if attempted else [],
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
        id, rules = entry.exercise.id, entry.rules
        cells = self.submission.cells
        used = {word for c in cells if id in c.exercises for word in _words(c.source)}
        for i, names in self.names.items():
            own = id in cells[i].exercises
            if not own and cells[i].kind != "added":
                continue
            for rule in rules.forbids:
                tail = tuple(rule.split(".")[-2:])
                if any(tuple(d.split(".")[-2:]) == tail for d in names["dotted"]):
                    found.append(f"{cells[i].label} names {rule}, which this exercise does without")
            others = FRAMEWORKS.intersection(d.partition(".")[0] for d in names["dotted"])
            if rules.numpy and others and (own or not used.isdisjoint(names["defines"])):
                said = ", ".join(sorted(others))
                found.append(f"{cells[i].label} names {said}; this exercise is done in NumPy")
        return found

    # ------------------------------------------------------------ words

    def say(self, end: Ended, seconds: float) -> str:
        limits = self.runner.limits
        how = "" if self.secret else f" ({end.reason})"  # an exit status can say a lot
        text = ENDINGS.get(end.reason, f"ended its process{how}")
        return text.format(
            seconds=seconds,
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


def _opened(reply: bytes) -> Any:
    """Return the value in a reply, or the exception that it is."""
    try:
        return opened(reply)
    except RemoteError as error:
        return error
    except WireError:
        raise Ended("protocol") from None


def _plain_names(found: object) -> dict[str, list[str]]:
    """Return what the sandbox found in a cell as lists of str, whatever it sent."""
    result = {}
    for key in ("defines", "uses", "reads", "dotted"):
        names = found.get(key) if type(found) is dict else None
        result[key] = [n for n in names if type(n) is str] if type(names) is list else []
    return result


def _words(source: str) -> set[str]:
    """Return the words in a cell, as Python reads its names."""
    return set(re.findall(r"\w+", unicodedata.normalize("NFKC", source)))


@cache
def _pristine_names(source: str) -> dict[str, list[str]]:
    return _plain_names(names_of(source))
