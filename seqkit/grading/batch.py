"""Grade a class: every submission found gets exactly one report, and an interrupted run goes on.

The results folder holds ``batch.json`` (what was asked), ``reports/`` (one file a submission),
``grades.csv``, ``summary.json`` and ``grading.log``. Every file appears whole or not at all. A
report that is already there, for the same file, seed and course, is kept: that is how a killed
run continues, and why grading twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from seqkit import ROOT, grading
from seqkit.grading import report as records
from seqkit.grading.catalogue import Catalogue
from seqkit.grading.grader import Grader, Settings, empty_report
from seqkit.grading.jobs import in_jobs
from seqkit.grading.reading.counting import Found
from seqkit.grading.reading.finding import find_submissions
from seqkit.grading.report import Report
from seqkit.grading.sandbox import Limits, Mode
from seqkit.grading.writing import InUse, locked, write_whole

log = logging.getLogger("seqkit.grading")

#: What a results folder holds before its ``batch.json`` is there.
OURS = (".lock", ".batch.json", "grading.log", "reports")
MOST_EARLIER = 2  # of a student's earlier submissions of a lesson that are graded too


class BatchError(RuntimeError):
    """Grading cannot start or go on; the message says what to do."""


def _latest(found: list[Found]) -> list[Found]:
    """Return all submissions in their order, a student's many early attempts marked as not run."""
    earlier: Counter[tuple[str, str | None]] = Counter()
    result = list(found)
    for position in sorted(range(len(found)), key=lambda i: found[i].order, reverse=True):
        one = found[position]
        if one.superseded_by is None or one.trouble:
            continue
        earlier[one.student, one.lesson] += 1
        if earlier[one.student, one.lesson] > MOST_EARLIER:
            result[position] = replace(one, trouble="not run: later submissions count instead")
    return result


@dataclass
class Progress:
    """Told after each submission: how many are done, of how many, and how many of them failed."""

    total: int
    done: int = 0
    kept: int = 0
    unreadable: int = 0
    ended: int = 0

    def count(self, report: Report) -> None:
        """Count one more report."""
        self.done += 1
        self.unreadable += report.status == "unreadable"
        self.ended += report.status in ("timeout", "crashed")


class Batch:
    """A results folder and what is graded into it.

    Parameters
    ----------
    out : Path
        Results folder; made if missing.
    paths : iterable of Path
        Notebooks, folders and zips.
    seed : int, optional
        By default the folder's own if it has one, else a fresh one.
    fresh : bool
        Grade everything again, with a fresh seed unless one is given.
    student_from : str, optional
        Regular expression with a group ``student``, searched in each file's path.

    Raises
    ------
    BatchError
        If the folder was graded with another seed, holds something else, or is in use.
    """

    def __init__(
        self,
        out: Path,
        paths: Iterable[Path],
        *,
        seed: int | None = None,
        goals: bool = True,
        mode: Mode = "bubblewrap",
        fresh: bool = False,
        student_from: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.out = out
        self.reports = out / "reports"
        self.course = course_fingerprint()
        known = self._known()  # also with --fresh: a folder of other files is refused
        if fresh:
            known = None
        if known and seed is not None and seed != known["seed"]:
            raise BatchError(
                f"{out} was graded with seed {known['seed']}: leave --seed out, or add --fresh."
            )
        if seed is None:
            seed = known["seed"] if known else secrets.randbits(63)
        self.settings = Settings(seed, goals, mode, limits or Limits())
        self.fresh = fresh
        self.catalogue = Catalogue()
        lessons = self.catalogue.texts()
        found = find_submissions(paths, lessons=lessons, student_from=student_from, skip=out)
        self.found = _latest(found)

    def _known(self) -> dict[str, Any] | None:
        path = self.out / "batch.json"
        try:
            data = json.loads(path.read_text("utf-8"))
            return data if type(data.get("seed")) is int else None
        except FileNotFoundError:
            if any(not path.name.startswith(OURS) for path in _listed(self.out)):
                raise BatchError(
                    f"{self.out} holds other files: give --out a new folder."
                ) from None
            return None
        except OSError as error:
            raise BatchError(
                f"cannot use {self.out} ({error.strerror}): give --out another folder."
            ) from None
        except (ValueError, AttributeError, RecursionError):
            return None

    def run(self, jobs: int, tell: Callable[[Progress], None] = lambda _: None) -> list[Report]:
        """Grade what has no report yet, write every report, and return them all, in brief.

        What a report says of each check is in its file: a large class is never held in memory.
        """
        try:
            self.reports.mkdir(parents=True, exist_ok=True)
            with locked(self.out):
                return self._run(jobs, tell)
        except InUse as error:
            raise BatchError(str(error)) from None
        except OSError as error:
            raise BatchError(
                f"cannot write the results to {self.out} ({error.strerror}): make room or choose "
                "another --out, then run the same command again to go on."
            ) from None

    def _run(self, jobs: int, tell: Callable[[Progress], None]) -> list[Report]:
        self._write_settings()
        progress = Progress(len(self.found))
        reports: dict[int, Report] = {}
        todo: list[int] = []
        for number, found in enumerate(self.found):
            kept = None if self.fresh else self._kept(found)
            if kept is None:
                todo.append(number)
            else:
                reports[number] = kept.brief()
                progress.kept += 1
                progress.count(kept)
        tell(progress)
        for number, report in self._grade([(n, self.found[n]) for n in todo], jobs):
            self._write(self.found[number], report)
            reports[number] = report.brief()
            progress.count(report)
            log.info("%s: %s, %g points", report.submission.file, report.status, report.total)
            tell(progress)
        ordered = [reports[n] for n in sorted(reports)]
        self._write_tables(ordered)
        return ordered

    def _grade(self, todo: list[tuple[int, Found]], jobs: int) -> Iterator[tuple[int, Report]]:
        if jobs <= 1 or len(todo) <= 1:
            grader = Grader(self.settings, self.catalogue)
            try:
                for number, found in todo:
                    yield number, grader.grade(found)
            finally:
                grader.close()
            return
        yield from in_jobs(todo, min(jobs, len(todo)), self.settings, self.catalogue)

    # ------------------------------------------------------------ files

    def _path(self, found: Found) -> Path:
        return self.reports / f"{found.file_name}.json"

    def _kept(self, found: Found) -> Report | None:
        """Return the report that is already there, if it is of this file, seed and course."""
        try:
            data = json.loads(self._path(found).read_text("utf-8"))
            if data.pop("course", None) != self.course:
                return None
            report = Report.model_validate(data)
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            return None
        if report.status == "unreadable" and not found.trouble:
            return None  # what could not be read then can be now
        if report.status == "crashed" and not report.exercises:
            return None  # the grader's own failure, or its processes were killed
        settings = self.settings
        if (report.seed, report.goals, report.sandbox.mode) != (
            settings.fingerprint,
            settings.goals,
            settings.mode,
        ):
            return None
        fresh = empty_report(found, settings)
        same = report.submission == fresh.submission and report.student == fresh.student
        return report if same and report.counts == fresh.counts else None

    def _write(self, found: Found, report: Report) -> None:
        text = to_json({**report.model_dump(), "course": self.course}, indent=1).decode()
        write_whole(self._path(found), text + "\n", sync=False)

    def others(self) -> int:
        """Return how many reports are there of files that were not given this time."""
        ours = {self._path(found).name for found in self.found}
        return sum(path.name not in ours for path in self.reports.glob("[!.]*.json"))

    def _write_settings(self) -> None:
        data = {"version": 1, "seed": self.settings.seed, "course": self.course}
        write_whole(self.out / "batch.json", json.dumps(data, indent=1) + "\n")

    def _write_tables(self, reports: list[Report]) -> None:
        write_whole(self.out / "grades.csv", records.gradebook(reports))
        settings = self.settings
        asked = {"seed": settings.seed, "goals": settings.goals, "sandbox": settings.mode}
        summary = {"version": 1, **asked, **records.summary(reports)}
        write_whole(self.out / "summary.json", json.dumps(summary, indent=1) + "\n")


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def course_fingerprint(root: Path = ROOT) -> str:
    """Return a hash of what points depend on: the lessons, the checks and the grader."""
    digest = hashlib.sha256()
    folders = [root / "lessons", root / "tests" / "exercises", Path(grading.__file__).parent]
    for folder in folders:
        for path in sorted(folder.rglob("*.ipynb")) + sorted(folder.rglob("*.py")):
            digest.update(
                path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
            )
    return digest.hexdigest()[:16]
