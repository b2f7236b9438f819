"""The command line: every command says what happened, where, and what to do."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from seqkit import ROOT, __version__

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    help="A course on sequence models, and the grader of its notebooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="The course's data sets.", no_args_is_help=True)
app.add_typer(data_app, name="data")

DONE, NOT_SO, WRONG_USE = 0, 1, 2


class SandboxMode(StrEnum):
    """How submissions are kept apart."""

    bubblewrap = "bubblewrap"
    process = "process"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _fail(sentence: str, code: int = WRONG_USE) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(__version__)
        raise typer.Exit(DONE)


# ---------------------------------------------------------------- learners


@app.command()
def lab(
    lesson: Annotated[str, typer.Argument(help="Number or name; all lessons without it.")] = "",
) -> None:
    """Open JupyterLab on the lessons."""
    lessons = sorted(p.stem for p in (ROOT / "lessons").glob("[0-9]*.ipynb"))
    target = "lessons"
    if lesson:
        name = Path(lesson).stem
        found = [
            n for n in lessons if n == name or n.partition("_")[0].lstrip("0") == name.lstrip("0")
        ]
        if not found:
            _fail(f"there is no lesson {lesson!r}; there are {', '.join(lessons)}.")
        target = f"lessons/{found[0]}.ipynb"
    os.chdir(ROOT)
    command = [sys.executable, "-m", "jupyterlab", target]
    if os.name == "nt":
        import subprocess

        raise typer.Exit(subprocess.call(command))
    os.execv(sys.executable, command)


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="A notebook with your answers.")],
) -> None:
    """Run a notebook's visible checks; 0 if every attempted exercise is right."""
    from seqkit.grading.selfcheck import check_notebook

    console = _console()
    if not notebook.exists():
        _fail(f"there is no file {notebook}.")
    raise typer.Exit(DONE if check_notebook(notebook, console) else NOT_SO)


# ---------------------------------------------------------------- instructors


@app.command()
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
    from seqkit.grading.batch import Batch, BatchError
    from seqkit.grading.bubblewrap import SandboxError, bubblewrap_complaint, seen
    from seqkit.grading.jobs import bound_memory

    missing = [str(p) for p in paths if not p.exists()]
    if missing:
        _fail(f"there is no {', '.join(missing)}.")
    if sandbox is SandboxMode.bubblewrap:
        if complaint := bubblewrap_complaint():
            _fail(complaint)
        for path in (*paths, out):
            if top := seen(path):
                _fail(f"{path} lies in {top}, which every submission can read: move it elsewhere.")
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
            _fail(f"no submissions in {', '.join(map(str, paths))}.")
        _grade(batch, jobs)
    except (BatchError, SandboxError, ValueError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("interrupted: run the same command again to go on.", NOT_SO)


def _grade(batch: object, jobs: int) -> None:
    from rich import progress as bars

    from seqkit.grading.batch import Batch, Progress

    assert isinstance(batch, Batch)
    console = _console()
    _log_to(batch.out)
    columns = [
        bars.TextColumn("grading"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("{task.fields[failures]}"),
    ]
    import time

    started = time.monotonic()
    with bars.Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("grading", total=len(batch.found), rate="", failures="")

        def tell(state: Progress) -> None:
            new, seconds = state.done - state.kept, time.monotonic() - started
            rate = f"{60 * new / seconds:.0f} a minute" if new and seconds > 1 else ""
            failures = f"{state.unreadable} unreadable, {state.ended} ended early"
            bar.update(task, completed=state.done, rate=rate, failures=failures)
            bar.refresh()  # by hand: a thread of its own would be forked with the jobs

        reports = batch.run(jobs, tell)
    _say_graded(console, batch, reports)


def _log_to(out: Path) -> None:
    import logging

    try:
        out.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(out / "grading.log", encoding="utf-8")
    except OSError as error:
        _fail(f"cannot write to {out} ({error.strerror}): choose another --out.")
    logging.raiseExceptions = False  # a full disk is said once, by the grading itself
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("seqkit.grading")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)


def _say_graded(console: Console, batch: object, reports: list[Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from seqkit.grading.batch import Batch
    from seqkit.grading.report import number

    assert isinstance(batch, Batch)
    if len(reports) <= 40:
        table = Table(box=None, pad_edge=False)
        for heading in ("student", "lesson", "points", "status", ""):
            table.add_column(heading, justify="right" if heading == "points" else "left")
        for r in sorted(reports, key=lambda r: (r.student, r.lesson)):
            points = f"{number(r.total)}/{number(r.max)}"
            table.add_row(*map(escape, (r.student, r.lesson, points, r.status, r.reason)))
        console.print(table)
    unread = sum(r.status == "unreadable" for r in reports)
    early = sum(r.status in ("timeout", "crashed") for r in reports)
    console.print(
        f"{len(reports)} submissions, {unread} unreadable, {early} ended early; "
        f"seed {batch.settings.seed}; results in {escape(str(batch.out))}"
    )
    if others := batch.others():
        console.print(
            f"{others} older reports are of files that were not given this time: grades.csv has no "
            "row of them."
        )
    if batch.settings.mode == "process":
        console.print("--sandbox process: submissions were not isolated; every report says so.")


# ---------------------------------------------------------------- authors


@app.command()
def release(
    check: Annotated[bool, typer.Option("--check", help="Only say what is out of date.")] = False,
    bundle: Annotated[Path | None, typer.Option(help="Write what students receive here.")] = None,
) -> None:
    """Make lessons from solutions."""
    from seqkit.authoring import release as releasing

    solutions, lessons = ROOT / "solutions", ROOT / "lessons"
    try:
        if check:
            stale = releasing.out_of_date(solutions, lessons)
            for name, difference in stale.items():
                print(difference)
                print(f"{name} is out of date: run `seqkit release`.")
            raise typer.Exit(NOT_SO if stale else DONE)
        if bundle is not None:
            from seqkit.authoring.bundle import bundle as write_bundle

            write_bundle(ROOT, bundle)
            print(f"{bundle} holds what students receive.")
            return
        for released in releasing.release(solutions, lessons):
            state = "written" if released.changed else "unchanged"
            counts = f"{released.exercises} exercises, {released.points} points"
            print(f"{released.name}: {counts}, {state}")
    except releasing.ReleaseError as error:
        _fail(str(error), NOT_SO)


@app.command()
def doctor() -> None:
    """Say what is wrong with this machine, and the command that mends it."""
    from seqkit.doctor import examine

    raise typer.Exit(DONE if examine(_console()) else NOT_SO)


# ---------------------------------------------------------------- data


@data_app.command("list")
def data_list() -> None:
    """List the data sets: what they are, where they are from, whether they are here."""
    from rich.table import Table

    from seqkit.corpora import available

    table = Table(box=None, pad_edge=False)
    rows = list(available())
    for heading in ("name", "what", "source", "size", "state"):
        table.add_column(heading)
    for row in rows:
        table.add_row(row.name, row.what, row.source, row.size, row.state)
    _console().print(table)


@data_app.command("fetch")
def data_fetch(
    name: Annotated[str, typer.Argument(help="As `seqkit data list` calls it.")],
) -> None:
    """Fetch a data set once, with its checksum."""
    from seqkit.corpora import fetch

    try:
        print(f"{name} is in {fetch(name)}")
    except (KeyError, ValueError) as error:
        _fail(str(error.args[0]))
    except OSError as error:
        _fail(str(error), NOT_SO)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
