"""Grade submissions one after another, keeping the sandbox of a lesson warm."""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import metadata

import numpy as np

from seqkit import __version__
from seqkit.checking.asks import Ended
from seqkit.course.catalogue import Catalogue
from seqkit.course.notebook import Unreadable, read_notebook
from seqkit.grading.rehearsal import Rehearsal
from seqkit.grading.sandbox.bubblewrap import SandboxError
from seqkit.grading.sandbox.parent import Mode, Sandbox
from seqkit.grading.session import ALL, Runner
from seqkit.limits import NOTEBOOK_BYTES, SubmissionLimits
from seqkit.results import report as records
from seqkit.results.report import Report
from seqkit.results.text import clean, few, one_line
from seqkit.submissions.collect.counting import Found
from seqkit.submissions.reading.layout import Submission, lay_out, read_submission

log = logging.getLogger("seqkit.grading")

CHANGED = "The file changed while the class was graded: run the same command again."


@dataclass(frozen=True)
class Settings:
    """What one batch is graded with: the same settings give the same points.

    Parameters
    ----------
    seed : int
        Hidden checks draw their inputs from it.
    goals : bool
        Whether training goals are graded.
    mode : {"bubblewrap", "process"}
        How submissions are kept apart.
    limits : SubmissionLimits
        What one submission may use.
    course : str
        A fingerprint of what it is graded against.
    """

    seed: int
    goals: bool = True
    mode: Mode = "bubblewrap"
    limits: SubmissionLimits = field(default_factory=SubmissionLimits)
    course: str = ""

    @property
    def fingerprint(self) -> str:
        """What a report tells of the seed: whether another was graded with the same."""
        return sha256(f"seqkit seed {self.seed}".encode()).hexdigest()[:16]


class Grader:
    """Grades submissions one after another, keeping the sandbox of their lesson warm.

    It is quick where those of one lesson follow each other.

    Parameters
    ----------
    settings : Settings
    catalogue : Catalogue, optional
        The course; this one by default.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue | None = None) -> None:
        self.settings = settings
        self.catalogue = catalogue or Catalogue()
        self.lessons = self.catalogue.texts()
        self.runner: Runner | None = None
        self.rehearsed = False  # whether the runner knows what all checks of its lesson ask

    def grade(self, found: Found, rehearsal: bytes = b"") -> Report:
        """Return the report of a submission, whatever it is.

        Parameters
        ----------
        found : Found
            Read and recognised before.
        rehearsal : bytes
            Of its lesson, packed; without it the reference answers are looked at here.
        """
        started, begun = datetime.now(UTC), time.monotonic()
        report = empty_report(found, self.settings)
        report.started = started.isoformat(timespec="seconds")
        try:
            data = found.read(NOTEBOOK_BYTES)
            if sha256(data).hexdigest() != found.sha256:
                raise Unreadable(CHANGED)
            assert found.lesson is not None  # it has been read before, and recognised
            submission = lay_out(read_notebook(data), self.lessons[found.lesson])
            with np.errstate(all="ignore"):  # where a check overflows is no news for the terminal
                self._fill(report, submission, rehearsal)
        except Unreadable as error:
            report.reason = clean(error.reason)
        except SandboxError:
            raise  # this machine cannot grade at all
        except Exception:  # a mistake of ours costs one submission, not a class
            log.exception("grading %s", report.submission.file)
            report.status = "crashed"
            report.reason = "the grader failed on it (see grading.log); grade it by hand"
        report.seconds = round(time.monotonic() - begun)
        return report

    def rehearse(self, lesson: str, share: slice = ALL) -> Rehearsal:
        """Learn from the reference answers what the checks of a share of the exercises ask."""
        runner = self._runner(lesson)
        reference = self.catalogue.root / "solutions" / f"{lesson}.ipynb"
        if reference.exists():
            with np.errstate(all="ignore"):
                runner.rehearse(read_submission(reference, self.lessons), share)
        return runner.rehearsal

    def _fill(self, report: Report, submission: Submission, rehearsal: bytes) -> None:
        runner = self._runner(submission.lesson)
        if not self.rehearsed:
            if rehearsal:
                runner.rehearsal = Rehearsal.unpacked(rehearsal)
            else:
                self.rehearse(submission.lesson)
            self.rehearsed = True
        for attempt in (1, 2):
            try:
                graded = runner.grade(submission)
            except Ended:
                log.warning("the sandbox ended on %s (%d)", report.submission.file, attempt)
                self._restart(runner)
                continue
            report.status, report.reason = graded.status, clean(graded.reason)
            assert report.sandbox.limits is not None
            report.sandbox.limits.cpu_seconds = runner.time()[0]
            report.notes = few([*report.notes, *graded.notes])
            report.exercises = graded.exercises
            report.total = round(sum(e.points for e in graded.exercises), 6)
            report.max = round(sum(e.max for e in graded.exercises), 6)
            return
        report.status = "crashed"
        report.reason = "it brought the sandbox down twice; grade it by hand"

    def _runner(self, lesson: str) -> Runner:
        """Return the runner of a lesson, its sandbox started."""
        if self.runner is None or self.runner.lesson.name != lesson:
            self.close()
            entry, settings = self.catalogue.lesson(lesson), self.settings
            sandbox = Sandbox(entry.modules, settings.mode)
            self.runner = Runner(entry, sandbox, settings.limits, settings.seed, settings.goals)
            self.rehearsed = False
        elif not self.runner.sandbox.alive:
            self._restart(self.runner)
        return self.runner

    @staticmethod
    def _restart(runner: Runner) -> None:
        if isinstance(runner.sandbox, Sandbox):
            runner.sandbox.start()

    def close(self) -> None:
        """Stop the sandbox."""
        if self.runner is not None:
            self.runner.sandbox.stop()
            self.runner = None


def empty_report(found: Found, settings: Settings) -> Report:
    """Return the report of a submission before anything has been looked at."""
    limits = settings.limits
    return Report(
        course=settings.course,
        submission=records.SubmissionFile(file=one_line(found.source), sha256=found.sha256 or ""),
        student=one_line(found.student),
        owner=records.Owner.model_validate(found.owner, from_attributes=True),
        lesson=found.lesson or "",
        status="unreadable",
        notes=list(found.notes),
        superseded_by=found.superseded_by and one_line(found.superseded_by),
        seed=settings.fingerprint,
        goals=settings.goals,
        versions=_versions(),
        sandbox=records.Sandbox(
            mode=settings.mode,
            limits=records.Limits(
                cpu_seconds=limits.time()[0],
                memory_bytes=limits.memory,
                processes=limits.processes,
                folder_bytes=limits.folder,
            ),
        ),
    )


@cache
def _versions() -> dict[str, str]:
    versions = {"seqkit": __version__}
    for name in ("numpy", "torch", "tensorflow", "tensorflow-cpu"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name.removesuffix("-cpu")] = metadata.version(name)
    return versions
