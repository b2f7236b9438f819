"""Change the reference answers of a lesson a little, and ask its checks to notice.

    python tests/mutation/mutate.py 1                 every exercise of lesson 1
    python tests/mutation/mutate.py 1 --exercise 1.3  one of them

A mutant that the checks accept is a survivor: either a check is missing, or it does the same as
the reference on every input that the statement allows. Those are listed in ``equivalent.toml``
with the reason; an entry that fits no survivor any more is reported too. Exit code 1 if a
survivor is not explained, an explanation is out of date, or a reference answer is rejected.

Each mutant runs in a fork of one process that has imported what the lesson imports and computed
nothing: a mutant may loop for ever or fill the memory.
"""

from __future__ import annotations

import os

# Threads do not survive a fork: whatever is imported below starts none.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TF_NUM_INTRAOP_THREADS"] = "1"
os.environ["TF_NUM_INTEROP_THREADS"] = "1"

import argparse
import contextlib
import json
import resource
import select
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from changes import Mutant, mutants

import seqkit.lab  # noqa: F401  (asks TensorFlow to start without log messages)
from seqkit import ROOT
from seqkit.checking.cases import cases
from seqkit.checking.verdict import judge
from seqkit.course.catalogue import Catalogue, Entry
from seqkit.course.checks import Check
from seqkit.grading.inside.source import names_of
from seqkit.lab.kernel import LocalChannel
from seqkit.submissions.reading.layout import PlannedCell, read_submission

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
MEMORY = 3 * 2**30  # bytes a mutant may have more than the process it is forked from
KILLED_HARD = "did not come back"


@dataclass
class Verdict:
    """What the checks said: the first that failed, or none; and the seconds it took."""

    rejected_by: str = ""
    visible: bool = False
    seconds: float = 0.0


@dataclass
class Row:
    """One exercise in the table."""

    exercise: str
    mutants: int = 0
    rejected: int = 0
    visible: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)
    unsteady: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    broken: str = ""


# ---------------------------------------------------------------- a lesson, ready to be forked


class Lesson:
    """The reference answers of a lesson, its checks, and the names that its imports give.

    Parameters
    ----------
    number : str
        ``"1"``, or the lesson's name.
    seeds : list of int
        Hidden checks look once with each; a mutant must be rejected with every one.
    """

    def __init__(self, number: str, seeds: list[int]) -> None:
        catalogue = Catalogue()
        self.entry = catalogue.lesson(number)
        self.seeds = seeds
        notebook = ROOT / "solutions" / f"{self.entry.name}.ipynb"
        self.cells = _needed(read_submission(notebook, {self.entry.name: self.entry.lesson}).cells)
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        for cell in self.cells:
            if cell.kind == "imports":
                exec(compile(cell.source, "<imports>", "exec"), self.namespace)
        for entry in self.entry.entries.values():  # generated inputs are drawn here, once
            for check in _checks(entry):
                if check.strategy is not None:
                    for seed in seeds if check.hidden else [0]:
                        cases(check, check.seed(seed))

    def answer(self, exercise: str) -> str:
        """Return the reference answer's source."""
        return next(c.source for c in self.cells if c.label == f"answer {exercise}")

    def judge(self, exercise: str, source: str, seed: int) -> Verdict:
        """Run every cell, one answer replaced, and look until a check fails."""
        channel = LocalChannel(dict(self.namespace))
        entry = self.entry.entries[exercise]
        for cell in self.cells:
            if cell.kind != "imports":
                own = cell.label == f"answer {exercise}"
                with contextlib.suppress(Exception):  # what does not run, the checks will miss
                    channel.request("run", source=source if own else cell.source, label=cell.label)
        for check in _checks(entry):
            if not judge(check, channel, entry, seed).passed:
                return Verdict(check.title, not check.hidden)
        return Verdict()

    def judge_apart(self, exercise: str, source: str, seed: int, seconds: float) -> Verdict:
        """Judge in a fork that may use so many CPU seconds, and four times that by the clock."""
        started = time.monotonic()
        data = _in_fork(lambda: asdict(self.judge(exercise, source, seed)), seconds)
        verdict = Verdict(**data) if data is not None else Verdict(KILLED_HARD)
        verdict.seconds = time.monotonic() - started
        return verdict


def _checks(entry: Entry) -> list[Check]:
    return [check for check in entry.checks if not check.goal]


def _needed(cells: list[PlannedCell]) -> list[PlannedCell]:
    """Drop the demos that no answer uses, as the grader does."""
    found = {id(cell): names_of(cell.source) for cell in cells}
    keep = [cell for cell in cells if cell.kind != "demo"]
    while True:
        uses = {name for cell in keep for name in found[id(cell)]["uses"]}
        defined = {name for cell in keep for name in found[id(cell)]["defines"]}
        more = [c for c in cells if c not in keep and (uses - defined) & {*found[id(c)]["defines"]}]
        if not more:
            return [cell for cell in cells if cell in keep]
        keep += more


def _in_fork(work: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any] | None:
    """Return what work returns, done by a fork of this process; None if it does not come back."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            _confine(seconds)
            os.write(writing, json.dumps(work()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    data = b""
    deadline = time.monotonic() + 4 * seconds + 5
    while (left := deadline - time.monotonic()) > 0 and select.select([reading], [], [], left)[0]:
        more = os.read(reading, 65536)
        if not more:
            break
        data += more
    os.close(reading)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return json.loads(data) if data else None


def _confine(seconds: float) -> None:
    """Bound what a mutant can do to the machine; it is our own code with a mistake in it."""
    os.setpgid(0, 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    limit = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# ---------------------------------------------------------------- judging


def explained(path: Path = EQUIVALENT) -> dict[tuple[str, str], str]:
    """Return why survivors are equivalent, by exercise and diff.

    Raises
    ------
    ValueError
        If an entry gives no reason or comes twice.
    """
    known: dict[tuple[str, str], str] = {}
    for entry in tomllib.loads(path.read_text("utf-8"))["equivalent"]:
        key = (entry["exercise"], entry["diff"].strip("\n"))
        if key in known or not entry["why"].strip():
            raise ValueError(f"{path.name}: an entry of {key[0]} comes twice or lacks its why")
        known[key] = entry["why"]
    return known


def judge_exercise(
    lesson: Lesson, exercise: str, most: int | None, reasons: dict[tuple[str, str], str]
) -> Row:
    """Judge the mutants of one exercise, or ``most`` of them, evenly spread."""
    row, source = Row(exercise), lesson.answer(exercise)
    reference = [lesson.judge_apart(exercise, source, seed, 120.0) for seed in lesson.seeds]
    for verdict in reference:
        if verdict.rejected_by:
            row.broken = verdict.rejected_by
            return row
    patience = 5.0 + 5.0 * max(verdict.seconds for verdict in reference)
    every = list(mutants(source))
    listed = {diff for id, diff in reasons if id == exercise}
    row.stale = sorted(listed - {mutant.diff for mutant in every})
    for mutant in _spread(every, most):
        _judge_mutant(lesson, row, mutant, patience, listed)
    return row


def _judge_mutant(
    lesson: Lesson, row: Row, mutant: Mutant, patience: float, listed: set[str]
) -> None:
    row.mutants += 1
    verdicts = []
    for seed in lesson.seeds:
        verdicts.append(lesson.judge_apart(row.exercise, mutant.source, seed, patience))
        if verdicts[0].visible or verdicts[0].rejected_by == KILLED_HARD:
            break  # visible checks look at the same inputs whatever the seed
    rejected = [bool(verdict.rejected_by) for verdict in verdicts]
    if any(rejected):
        row.rejected += all(rejected)
        row.visible += verdicts[0].visible
        if mutant.diff in listed:
            row.stale.append(mutant.diff)
        if not all(rejected):
            row.unsteady.append(mutant.diff)
    elif mutant.diff in listed:
        row.equivalent += 1
    else:
        row.survivors.append(mutant.diff)


def _spread(items: list[Mutant], most: int | None) -> list[Mutant]:
    if most is None or len(items) <= most:
        return items
    return [items[k * len(items) // most] for k in range(most)]


# ---------------------------------------------------------------- the command


def lines_of(rows: list[Row]) -> Iterator[str]:
    """Yield the report: a table, then what needs somebody's attention."""
    head = ("exercise", "mutants", "rejected", "by visible checks", "equivalent", "survivors")
    yield "  ".join(head)
    total = Row("all")
    for row in rows:
        for name in ("mutants", "rejected", "visible", "equivalent"):
            setattr(total, name, getattr(total, name) + getattr(row, name))
        total.survivors += row.survivors
    for row in [*rows, total]:
        cells = (row.exercise, row.mutants, row.rejected, row.visible, row.equivalent)
        counts = [*cells, len(row.survivors)]
        yield "  ".join(str(c).rjust(len(h)) for c, h in zip(counts, head, strict=True))
    for row in rows:
        if row.broken:
            yield f"\n{row.exercise}: the reference answer fails '{row.broken}'"
        for what, diffs in (
            ("no check notices", row.survivors),
            ("noticed with some seeds only", row.unsteady),
            ("listed as equivalent, but there is no such survivor", row.stale),
        ):
            for diff in diffs:
                yield f"\n{row.exercise}: {what}\n{diff}"


def main(words: list[str] | None = None) -> int:
    """Judge the mutants of a lesson; 0 if every one is rejected or explained."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lesson", help="number or name")
    parser.add_argument("--exercise", action="append", help="only this one, 1.3; repeatable")
    parser.add_argument("--most", type=int, help="mutants an exercise, evenly spread; default all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="of hidden checks")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(words)
    lesson, reasons = Lesson(options.lesson, options.seeds), explained()
    rows = []
    for exercise in options.exercise or list(lesson.entry.entries):
        if sys.stderr.isatty():
            print(f"{exercise} …", end="\r", file=sys.stderr)
        rows.append(judge_exercise(lesson, exercise, options.most, reasons))
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        print("\n".join(lines_of(rows)))
    return int(any(row.broken or row.survivors or row.unsteady or row.stale for row in rows))


if __name__ == "__main__":
    sys.exit(main())
