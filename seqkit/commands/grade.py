"""`seqkit grade`: a report for every submission of a class, and grades.csv."""

from __future__ import annotations

import os
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqkit.commands.console import NOT_SO, console, fail

if TYPE_CHECKING:
    from rich.console import Console

    from seqkit.grading.batch import Batch, Progress
    from seqkit.results.report import Report


class SandboxMode(StrEnum):
    """How submissions are kept apart."""

    bubblewrap = "bubblewrap"
    process = "process"


def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, folders and zips.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Submissions at a time; by default one a core.")
    ] = None,
    no_goals: Annotated[bool, typer.Option("--no-goals", help="Leave training goals out.")] = False,
    sandbox: Annotated[
        SandboxMode, typer.Option(help="'process' limits resources and isolates nothing.")
    ] = SandboxMode.bubblewrap,
    seed: Annotated[
        int | None, typer.Option(help="Of the hidden inputs; fresh by default.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade everything again.")] = False,
    student_from: Annotated[
        str | None, typer.Option(help="Regular expression with a group 'student'.")
    ] = None,
) -> None:
    """Grade submissions: one report each, and grades.csv."""
    from seqkit.grading.batch import Batch
    from seqkit.grading.executors.processes import bound_memory
    from seqkit.grading.sandbox.bubblewrap import SandboxError, bubblewrap_complaint, seen
    from seqkit.results.folder import FolderError

    missing = [str(p) for p in paths if not p.exists()]
    if missing:
        fail(f"there is no {', '.join(missing)}.")
    if sandbox is SandboxMode.bubblewrap:
        if complaint := bubblewrap_complaint():
            fail(complaint)
        for path in (*paths, out):
            if top := seen(path):
                fail(f"{path} lies in {top}, which every submission can read: move it elsewhere.")
    bound_memory()
    jobs = jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    try:
        batch = Batch(
            out,
            paths,
            seed=seed,
            goals=not no_goals,
            mode=sandbox.value,
            fresh=fresh,
            student_from=student_from,
        )
        if not batch.found:
            fail(f"no submissions in {', '.join(map(str, paths))}.")
        _grade(batch, jobs)
        if batch.errors:
            raise typer.Exit(NOT_SO)
    except (FolderError, SandboxError, ValueError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("interrupted: run the same command again to go on.", NOT_SO)


def _grade(batch: Batch, jobs: int) -> None:
    from rich import progress as bars

    screen = console()
    _log_to(batch.out)
    columns = [
        bars.TextColumn("grading"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("{task.fields[failures]}"),
    ]
    started = time.monotonic()
    with bars.Progress(*columns, console=screen, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("grading", total=len(batch.found), rate="", failures="")

        def show(state: Progress) -> None:
            new, seconds = state.done - state.kept, time.monotonic() - started
            rate = f"{60 * new / seconds:.0f} a minute" if new and seconds > 1 else ""
            failures = f"{state.unreadable} unreadable, {state.ended} ended early"
            bar.update(task, completed=state.done, rate=rate, failures=failures)
            bar.refresh()  # by hand: a thread of its own would be forked with the jobs

        reports = batch.run(jobs, show)
    _say_graded(screen, batch, reports)


def _log_to(out: Path) -> None:
    import logging

    try:
        out.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(out / "grading.log", encoding="utf-8")
    except OSError as error:
        fail(f"cannot write to {out} ({error.strerror}): choose another --out.")
    logging.raiseExceptions = False  # a full disk is said once, by the grading itself
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("seqkit.grading")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)


def _say_graded(screen: Console, batch: Batch, reports: list[Report]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from seqkit.results.text import number

    if len(reports) <= 40:
        table = Table(box=None, pad_edge=False)
        for heading in ("student", "lesson", "points", "status", ""):
            table.add_column(heading, justify="right" if heading == "points" else "left")
        for r in sorted(reports, key=lambda r: (r.student, r.lesson)):
            points = f"{number(r.total)}/{number(r.max)}"
            table.add_row(*map(escape, (r.student, r.lesson, points, r.status, r.reason)))
        screen.print(table)
    unread = sum(r.status == "unreadable" for r in reports)
    early = sum(r.status in ("timeout", "crashed") for r in reports)
    screen.print(
        f"{len(reports)} submissions, {unread} unreadable, {early} ended early; "
        f"seed {batch.settings.seed}; results in {escape(str(batch.out))}"
    )
    if others := batch.others():
        screen.print(
            f"{others} older reports are of files that were not given this time: grades.csv has no "
            "row of them."
        )
    for error, count in batch.errors.items():
        screen.print(f"a check has a mistake, met in {count} submissions: {escape(error)}")
    if batch.settings.mode == "process":
        screen.print("--sandbox process: submissions were not isolated; every report says so.")
