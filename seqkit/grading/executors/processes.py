"""Grade in several processes; one that dies costs no submission its report."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import Any

from seqkit.checking.cases import cases
from seqkit.course.catalogue import Catalogue
from seqkit.grading.grader import Grader, Settings, empty_report
from seqkit.grading.rehearsal import Rehearsal
from seqkit.limits import MEMORY_OF_A_JOB
from seqkit.results.report import Report
from seqkit.submissions.collect.counting import Found
from seqkit.submissions.collect.files import forget_archives

log = logging.getLogger("seqkit.grading")


_grader: Grader | None = None  # of a job's process
_course: Catalogue | None = None  # what a job that is forked need not load again


def _start_job(settings: Settings) -> None:
    global _grader
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's affair
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    forget_archives()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _grader = Grader(settings, _course)


def _end_with_parent() -> None:
    """End this job when the grading it belongs to is gone, however that ended."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _grade_in_job(found: Found, rehearsal: bytes) -> Report:
    assert _grader is not None
    return _grader.grade(found, rehearsal)


def _rehearse_in_job(lesson: str, share: slice) -> Rehearsal:
    assert _grader is not None
    return _grader.rehearse(lesson, share)


class _Rehearsals:
    """What the checks of each lesson ask: every job looks at a share, and all are told all."""

    def __init__(self, jobs: int) -> None:
        self.shares = [slice(job, None, jobs) for job in range(jobs)]
        self.packed: dict[str, bytes] = {}
        self.running: dict[str, list[Future[Rehearsal]]] = {}

    def of(self, found: Found, executor: Executor) -> bytes | None:
        """Return what a submission's grading is told; None while the jobs are at it."""
        lesson = found.lesson
        if lesson is None or found.trouble:
            return b""
        if lesson not in self.packed:
            if lesson not in self.running:
                self.running[lesson] = []
                for share in self.shares:
                    part = executor.submit(_rehearse_in_job, lesson, share)
                    self.running[lesson].append(part)
            if not all(part.done() for part in self.running[lesson]):
                return None
            whole = Rehearsal()
            for part in self.running.pop(lesson):
                whole.add(part.result())
            self.packed[lesson] = whole.packed()
        return self.packed[lesson]

    def give_up(self) -> None:
        """Do without those that are running: they have ended a job."""
        self.packed |= dict.fromkeys(self.running, Rehearsal().packed())
        self.running.clear()

    def waiting(self) -> list[Future[Rehearsal]]:
        """Return what has not been looked at yet."""
        return [part for parts in self.running.values() for part in parts if not part.done()]


def _draw(lessons: set[str | None], settings: Settings, catalogue: Catalogue) -> None:
    """Draw the inputs of all generated checks once, before the jobs are forked."""
    global _course
    _course = catalogue
    for lesson in lessons & set(catalogue.names()):
        for entry in catalogue.lesson(str(lesson)).entries.values():
            for check in entry.checks:
                if check.strategy is not None:
                    cases(check, check.seed(settings.seed))


def bound_memory() -> None:
    """Bound the memory of this process, and of each of its jobs, where the system can.

    An answer that is far larger to look at than to send then costs its check, not the machine.
    """
    if sys.platform.startswith("linux"):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if soft == resource.RLIM_INFINITY or soft > MEMORY_OF_A_JOB:
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_OF_A_JOB, hard))


def in_jobs(
    todo: list[tuple[int, Found]], jobs: int, settings: Settings, catalogue: Catalogue
) -> Iterator[tuple[int, Report]]:
    """Grade numbered submissions in several processes; yield each report as it is done.

    It is quick where those of one lesson follow each other.
    """
    method = _way_to_start()  # before the checks import what they compute with
    _draw({found.lesson for _, found in todo}, settings, catalogue)
    waiting = list(reversed(todo))
    suspects: list[tuple[int, Found]] = []
    rehearsals = _Rehearsals(jobs)
    while waiting:
        executor = _executor(jobs, settings, method)
        running: dict[Future[Report], tuple[int, Found]] = {}
        try:
            while waiting or running:
                with _interrupt_later():  # jobs start here
                    while waiting and len(running) < 2 * jobs:
                        number, found = waiting[-1]
                        told = rehearsals.of(found, executor)
                        if told is None:
                            break
                        running[executor.submit(_grade_in_job, found, told)] = (number, found)
                        waiting.pop()
                working: list[Future[Any]] = [*running, *rehearsals.waiting()]
                wait(working, return_when=FIRST_COMPLETED)
                for future in [future for future in running if future.done()]:
                    report = future.result()
                    yield running.pop(future)[0], report
        except BrokenProcessPool:
            log.warning("a grading process died; %d submissions are graded alone", len(running))
            suspects += running.values()
            rehearsals.give_up()
        finally:
            _stop(executor)
    for number, found in suspects:
        told = rehearsals.packed.get(found.lesson or "", b"")
        yield number, _alone(found, told, settings, method)


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


def _way_to_start() -> str:
    """Return how jobs start: forked where this process has computed nothing, else afresh."""
    computed = {"torch", "tensorflow"} & sys.modules.keys()
    return "fork" if sys.platform.startswith("linux") and not computed else "spawn"


def _executor(jobs: int, settings: Settings, method: str) -> ProcessPoolExecutor:
    """Return job processes."""
    context = get_context(method)
    return ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_start_job, initargs=(settings,)
    )


def _stop(executor: Executor) -> None:
    """Stop jobs at once: what they had begun is graded again by the next run."""
    for process in list((getattr(executor, "_processes", None) or {}).values()):
        process.terminate()
    executor.shutdown(cancel_futures=True)  # its thread must not outlive us


def _alone(found: Found, told: bytes, settings: Settings, method: str) -> Report:
    executor = _executor(1, settings, method)
    try:
        return executor.submit(_grade_in_job, found, told).result()
    except BrokenProcessPool:
        report = empty_report(found, settings)
        report.status = "crashed"
        report.reason = "the grading process died on it twice; grade it by hand"
        return report
    finally:
        _stop(executor)
