"""Grade a class: every submission found gets exactly one report, and an interrupted run goes on.

The results folder holds ``batch.json`` (what was asked), ``reports/`` (one file a submission),
``grades.csv``, ``summary.json`` and ``grading.log``. Every file appears whole or not at all. A
report that is already there, for the same file, seed and course, is kept: that is how a killed
run continues, and why grading twice changes nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any

from seqkit import ROOT, __version__, grading
from seqkit.grading import report as records
from seqkit.grading.catalogue import Catalogue, first_calls
from seqkit.grading.files import MAX_BYTES
from seqkit.grading.finding import Found, find_submissions
from seqkit.grading.layout import read_submission
from seqkit.grading.notebook import Unreadable
from seqkit.grading.report import Report
from seqkit.grading.runner import Runner
from seqkit.grading.sandbox import Ended, Limits, Mode, Sandbox, SandboxError

log = logging.getLogger("seqkit.grading")


#: What a results folder holds before its ``batch.json`` is there.
OURS = (".lock", ".batch.json", "grading.log", "reports")


MOST_EARLIER = 2  # of a student's earlier submissions of a lesson that are graded too


class BatchError(RuntimeError):
    """Grading cannot start or go on; the message says what to do."""


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
    limits : Limits
        What one submission may use.
    """

    seed: int
    goals: bool = True
    mode: Mode = "bubblewrap"
    limits: Limits = field(default_factory=Limits)


# ---------------------------------------------------------------- one submission, anywhere


class Grader:
    """Grades submissions one after another, keeping the sandbox of each lesson warm.

    Parameters
    ----------
    settings : Settings
    catalogue : Catalogue, optional
        The course; this one by default.
    """

    MOST_WARM = 2  # sandboxes kept: each holds the libraries of a lesson

    def __init__(self, settings: Settings, catalogue: Catalogue | None = None) -> None:
        self.settings = settings
        self.catalogue = catalogue or Catalogue()
        self.lessons = {entry.name: entry.lesson for entry in self.catalogue.lessons()}
        self.runners: dict[str, Runner] = {}

    def grade(self, found: Found) -> Report:
        """Return the report of a submission, whatever it is."""
        started, begun = datetime.now(UTC), time.monotonic()
        report = empty_report(found, self.settings)
        report.started = started.isoformat(timespec="seconds")
        try:
            data = found.read(MAX_BYTES)
            submission = read_submission(data, self.lessons, name=found.source)
            report.lesson = submission.lesson
            self._look(report, submission)
        except Unreadable as error:
            report.reason = records.clean(error.reason)
        except SandboxError:
            raise  # this machine cannot grade at all
        except Exception:  # a mistake of ours costs one submission, not a class
            log.exception("grading %s", report.submission.file)
            report.status = "crashed"
            report.reason = "the grader failed on it (see grading.log); grade it by hand"
        report.seconds = round(time.monotonic() - begun, 3)
        return report

    def _look(self, report: Report, submission: Any) -> None:
        runner = self._runner(submission.lesson)
        for attempt in (1, 2):
            try:
                graded = runner.grade(submission)
            except Ended:
                log.warning("the sandbox ended on %s (%d)", report.submission.file, attempt)
                self._restart(runner)
                continue
            report.status, report.reason = graded.status, records.clean(graded.reason)
            report.notes = [records.clean(n) for n in [*report.notes, *graded.notes]]
            report.exercises = graded.exercises
            report.total = round(sum(e.points for e in graded.exercises), 6)
            report.max = round(sum(e.max for e in graded.exercises), 6)
            return
        report.status = "crashed"
        report.reason = "it brought the sandbox down twice; grade it by hand"

    def _runner(self, lesson: str) -> Runner:
        if lesson in self.runners:
            self.runners[lesson] = self.runners.pop(lesson)  # most recently used last
            if not self.runners[lesson].sandbox.alive:
                self._restart(self.runners[lesson])
            return self.runners[lesson]
        while len(self.runners) >= self.MOST_WARM:
            self.runners.pop(next(iter(self.runners))).sandbox.stop()
        entry, settings = self.catalogue.lesson(lesson), self.settings
        sandbox = Sandbox(entry.modules, settings.mode)
        self.runners[lesson] = Runner(
            entry, sandbox, settings.limits, settings.seed, settings.goals
        )
        return self.runners[lesson]

    @staticmethod
    def _restart(runner: Runner) -> None:
        if isinstance(runner.sandbox, Sandbox):
            runner.sandbox.start()

    def close(self) -> None:
        """Stop every sandbox."""
        while self.runners:
            self.runners.popitem()[1].sandbox.stop()


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


def empty_report(found: Found, settings: Settings) -> Report:
    """Return the report of a submission before anything has been looked at."""
    limits = settings.limits
    return Report(
        submission=records.SubmissionFile(file=found.source, sha256=found.sha256 or ""),
        student=found.student,
        lesson=found.lesson or "",
        status="unreadable",
        notes=list(found.notes),
        counts=found.superseded_by is None,
        seed=settings.seed,
        goals=settings.goals,
        versions=_versions(),
        sandbox=records.Sandbox(
            mode=settings.mode,
            limits=records.Limits(
                cpu_seconds=limits.cpu,
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


_grader: Grader | None = None  # of a job's process
_course: Catalogue | None = None  # what a job that is forked need not load again


def _start_job(settings: Settings) -> None:
    global _grader
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's affair
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _grader = Grader(settings, _course)


def _end_with_parent() -> None:
    """End this job when the grading it belongs to is gone, however that ended."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _grade_in_job(found: Found) -> Report:
    assert _grader is not None
    return _grader.grade(found)


# ---------------------------------------------------------------- a class


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
            seed = known["seed"] if known else secrets.randbits(31)
        self.settings = Settings(seed, goals, mode, limits or Limits())
        self.fresh = fresh
        self.catalogue = Catalogue()
        lessons = {entry.name: entry.lesson for entry in self.catalogue.lessons()}
        found = find_submissions(paths, lessons=lessons, student_from=student_from)
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
        except (ValueError, AttributeError):
            return None

    def run(self, jobs: int, tell: Callable[[Progress], None] = lambda _: None) -> list[Report]:
        """Grade what has no report yet, write every report, and return them all."""
        try:
            self.reports.mkdir(parents=True, exist_ok=True)
            with _locked(self.out):
                return self._run(jobs, tell)
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
                reports[number] = kept
                progress.kept += 1
                progress.count(kept)
        tell(progress)
        for number, report in self._grade([(n, self.found[n]) for n in todo], jobs):
            self._write(self.found[number], report)
            reports[number] = report
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
        self._draw({found.lesson for _, found in todo})
        yield from _in_jobs(todo, min(jobs, len(todo)), self.settings)

    def _draw(self, lessons: set[str | None]) -> None:
        """Draw the inputs of all generated checks once, before the jobs are forked."""
        global _course
        _course = self.catalogue
        for lesson in lessons & set(self.catalogue.names()):
            for entry in self.catalogue.lesson(str(lesson)).entries.values():
                for check in entry.checks:
                    if check.strategy is not None:
                        first_calls(check, check.seed(self.settings.seed))

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
        except (OSError, ValueError, AttributeError, TypeError):
            return None
        settings = self.settings
        if (report.seed, report.goals, report.sandbox.mode) != (
            settings.seed,
            settings.goals,
            settings.mode,
        ):
            return None
        same = report.submission.sha256 == (found.sha256 or "")
        return report if same and report.counts == (found.superseded_by is None) else None

    def _write(self, found: Found, report: Report) -> None:
        data = {**report.model_dump(), "course": self.course}
        write_whole(
            self._path(found), json.dumps(data, indent=1, ensure_ascii=False) + "\n", sync=False
        )

    def _write_settings(self) -> None:
        data = {"version": 1, "seed": self.settings.seed, "course": self.course}
        write_whole(self.out / "batch.json", json.dumps(data, indent=1) + "\n")

    def _write_tables(self, reports: list[Report]) -> None:
        write_whole(self.out / "grades.csv", records.gradebook(reports))
        statuses = [r.status for r in reports]
        summary = {
            "version": 1,
            "seed": self.settings.seed,
            "goals": self.settings.goals,
            "sandbox": self.settings.mode,
            "submissions": len(reports),
            "status": {s: statuses.count(s) for s in sorted(set(statuses))},
            "exercises": _by_exercise(reports),
        }
        write_whole(self.out / "summary.json", json.dumps(summary, indent=1) + "\n")


def _by_exercise(reports: list[Report]) -> dict[str, dict[str, float]]:
    """Return for each exercise how many tried it, how many got all points, and the mean."""
    table: dict[str, list[records.ExerciseResult]] = {}
    for report in reports:
        for exercise in report.exercises:
            table.setdefault(exercise.id, []).append(exercise)
    return {
        id: {
            "submissions": len(results),
            "attempted": sum(e.attempted for e in results),
            "full": sum(e.points >= e.max for e in results),
            "mean": round(sum(e.points for e in results) / len(results), 4),
            "max": results[0].max,
        }
        for id, results in sorted(
            table.items(), key=lambda item: [int(p) for p in item[0].split(".")]
        )
    }


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def write_whole(path: Path, text: str, *, sync: bool = True) -> None:
    """Write a file so that it is there whole or not at all; with ``sync`` after a power cut too.

    Reports go without: they are validated when they are read, and graded again if damaged.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a results folder: two gradings into one would mix."""
    try:
        import fcntl
    except ImportError:  # grading in the sandbox is Linux's; elsewhere go without
        yield
        return
    with open(folder / ".lock", "w") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # jobs do not inherit it
        except OSError:
            raise BatchError(f"another grading is writing to {folder}: wait for it.") from None
        yield


def course_fingerprint(root: Path = ROOT) -> str:
    """Return a hash of what points depend on: the lessons, the checks and the grader."""
    digest = hashlib.sha256()
    folders = [root / "lessons", root / "tests" / "exercises", Path(grading.__file__).parent]
    for folder in folders:
        for path in sorted(folder.glob("*.ipynb")) + sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


# ---------------------------------------------------------------- several jobs


def _in_jobs(
    todo: list[tuple[int, Found]], jobs: int, settings: Settings
) -> Iterator[tuple[int, Report]]:
    """Grade in several processes; one that dies costs no submission its report."""
    waiting = list(reversed(todo))
    suspects: list[tuple[int, Found]] = []
    while waiting:
        executor = _executor(jobs, settings)
        running: dict[Future[Report], tuple[int, Found]] = {}
        try:
            while waiting or running:
                with _interrupt_later():  # jobs start here
                    while waiting and len(running) < 2 * jobs:
                        number, found = waiting[-1]
                        running[executor.submit(_grade_in_job, found)] = (number, found)
                        waiting.pop()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    report = future.result()
                    yield running.pop(future)[0], report
        except BrokenProcessPool:
            log.warning("a grading process died; %d submissions are graded alone", len(running))
            suspects += running.values()
        finally:
            _stop(executor)
    for number, found in suspects:
        yield number, _alone(found, settings)


@contextlib.contextmanager
def _interrupt_later() -> Iterator[None]:
    """Hold Ctrl-C back for a moment: a job must not be interrupted while it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _executor(jobs: int, settings: Settings) -> ProcessPoolExecutor:
    """Return job processes: forked where this process has computed nothing, else started afresh."""
    computed = {"torch", "tensorflow"} & sys.modules.keys()
    method = "fork" if sys.platform.startswith("linux") and not computed else "spawn"
    return ProcessPoolExecutor(
        jobs, mp_context=get_context(method), initializer=_start_job, initargs=(settings,)
    )


def _stop(executor: Executor) -> None:
    """Stop jobs at once: what they had begun is graded again by the next run."""
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


def _alone(found: Found, settings: Settings) -> Report:
    executor = _executor(1, settings)
    try:
        return executor.submit(_grade_in_job, found).result()
    except BrokenProcessPool:
        report = empty_report(found, settings)
        report.status = "crashed"
        report.reason = "the grading process died on it twice; grade it by hand"
        return report
    finally:
        _stop(executor)
