"""Grade a class: every submission found gets exactly one report, and an interrupted run goes on.

A report that is already there, for the same file, seed and course, is kept: that is how a killed
run continues, and why grading twice changes nothing.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import seqkit
from seqkit import ROOT
from seqkit.course.catalogue import Catalogue
from seqkit.grading.executors.processes import in_jobs
from seqkit.grading.grader import Grader, Settings, empty_report
from seqkit.grading.sandbox.parent import Mode
from seqkit.limits import EARLIER_SUBMISSIONS, SubmissionLimits
from seqkit.results.folder import Folder, FolderError
from seqkit.results.report import Report
from seqkit.submissions.collect.counting import Found
from seqkit.submissions.collect.finding import find_submissions

log = logging.getLogger("seqkit.grading")

#: What is known of a report before its submission is graded: it has to be the same to be kept.
GIVEN = ("submission", "student", "owner", "superseded_by", "course", "seed", "goals")


def _latest(found: list[Found]) -> list[Found]:
    """Return all submissions in their order, a student's many early attempts marked as not run."""
    earlier: Counter[tuple[str, str | None]] = Counter()
    result = list(found)
    for position in sorted(range(len(found)), key=lambda i: found[i].order, reverse=True):
        one = found[position]
        if one.superseded_by is None or one.trouble:
            continue
        earlier[one.student, one.lesson] += 1
        if earlier[one.student, one.lesson] > EARLIER_SUBMISSIONS:
            result[position] = replace(one, trouble="not run: later submissions count instead")
    return result


@dataclass
class Progress:
    """Told after each submission: how many are done, of how many, and what went wrong."""

    total: int
    done: int = 0
    kept: int = 0
    unreadable: int = 0
    ended: int = 0
    errors: Counter[str] = field(default_factory=Counter)  # of checks themselves, by submissions

    def count(self, report: Report) -> None:
        """Count one more report."""
        self.done += 1
        self.unreadable += report.status == "unreadable"
        self.ended += report.status in ("timeout", "crashed")
        for exercise in report.exercises:
            for check in exercise.checks:
                if check.error:
                    self.errors[f"{exercise.id}, {check.title}: {check.error}"] += 1


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
    FolderError
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
        limits: SubmissionLimits | None = None,
    ) -> None:
        self.out = out
        self.folder = Folder(out)
        known = self.folder.settings()  # also with --fresh: a folder of other files is refused
        if fresh:
            known = None
        if known and seed is not None and seed != known["seed"]:
            raise FolderError(
                f"{out} was graded with seed {known['seed']}: leave --seed out, or add --fresh."
            )
        if seed is None:
            seed = known["seed"] if known else secrets.randbits(63)
        limits = limits or SubmissionLimits()
        self.settings = Settings(seed, goals, mode, limits, course_fingerprint())
        self.fresh = fresh
        self.errors: dict[str, int] = {}  # of checks themselves, after a run
        self.catalogue = Catalogue()
        lessons = self.catalogue.texts()
        found = find_submissions(paths, lessons=lessons, student_from=student_from, skip=out)
        self.found = _latest(found)

    def run(self, jobs: int, show: Callable[[Progress], None] = lambda _: None) -> list[Report]:
        """Grade what has no report yet, write every report, and return them all, in brief.

        What a report says of each check is in its file: a large class is never held in memory.
        """
        try:
            with self.folder.held():
                return self._run(jobs, show)
        except OSError as error:
            raise FolderError(
                f"cannot write the results to {self.out} ({error.strerror}): make room or choose "
                "another --out, then run the same command again to go on."
            ) from None

    def _run(self, jobs: int, show: Callable[[Progress], None]) -> list[Report]:
        settings = self.settings
        self.folder.write_settings({"seed": settings.seed, "course": settings.course})
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
        show(progress)
        todo.sort(key=lambda number: self.found[number].lesson or "")  # each lesson is begun once
        for number, report in self._grade([(n, self.found[n]) for n in todo], jobs):
            self.folder.write_report(self.found[number].file_name, report)
            reports[number] = report.brief()
            progress.count(report)
            log.info("%s: %s, %g points", report.submission.file, report.status, report.total)
            show(progress)
        ordered = [reports[n] for n in sorted(reports)]
        self.errors = dict(progress.errors)
        asked = {
            "seed": settings.seed,
            "goals": settings.goals,
            "sandbox": settings.mode,
            "check_errors": self.errors,
        }
        self.folder.write_tables(ordered, asked)
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

    def _kept(self, found: Found) -> Report | None:
        """Return the report that is already there, if it is of this file, seed and course."""
        report = self.folder.report(found.file_name)
        if report is None:
            return None
        if report.status == "unreadable" and not found.trouble:
            return None  # what could not be read then can be now
        if report.status == "crashed" and not report.exercises:
            return None  # the grader's own failure, or its processes were killed
        fresh = empty_report(found, self.settings)
        same = all(getattr(report, name) == getattr(fresh, name) for name in GIVEN)
        return report if same and report.sandbox.mode == fresh.sandbox.mode else None

    def others(self) -> int:
        """Return how many reports are there of files that were not given this time."""
        return len(self.folder.report_names() - {found.file_name for found in self.found})


#: Of the package, what points depend on.
DECIDING = ("course", "checking", "submissions", "grading", "limits.py")


def course_fingerprint(root: Path = ROOT) -> str:
    """Return a hash of what points depend on: the lessons, the checks and the grader."""
    package = Path(seqkit.__file__).parent
    folders = [root / "lessons", root / "tests" / "exercises", *(package / p for p in DECIDING)]
    digest = hashlib.sha256()
    for folder in folders:
        files = [folder] if folder.is_file() else folder.rglob("*")
        for path in sorted(path for path in files if path.suffix in (".ipynb", ".py")):
            name = path.relative_to(folder.parent).as_posix()
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
