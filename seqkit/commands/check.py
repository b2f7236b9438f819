"""`seqkit check`: run a learner's own notebook through its visible checks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqkit.commands.console import DONE, NOT_SO, console, fail

if TYPE_CHECKING:
    from rich.console import Console

    from seqkit.grading.sandbox.parent import Sandbox
    from seqkit.lab.kernel import Here
    from seqkit.results.report import ExerciseResult


def check(
    notebook: Annotated[Path, typer.Argument(help="A notebook with your answers.")],
) -> None:
    """Run a notebook's visible checks; 0 if every attempted exercise is right."""
    if not notebook.exists():
        fail(f"there is no file {notebook}.")
    raise typer.Exit(DONE if check_notebook(notebook, console()) else NOT_SO)


def check_notebook(path: Path, console: Console) -> bool:
    """Print what the visible checks find; return whether every attempted exercise is right."""
    from rich.markup import escape

    from seqkit.course.catalogue import Catalogue
    from seqkit.course.notebook import Unreadable
    from seqkit.grading.session import Runner
    from seqkit.results.text import clean, few, number
    from seqkit.submissions.reading.layout import read_submission

    catalogue = Catalogue()
    try:
        submission = read_submission(path, catalogue.texts())
    except Unreadable as error:
        console.print(escape(clean(f"{path}: {error.reason}")))
        return False
    lesson = catalogue.lesson(submission.lesson)
    sandbox = _best(lesson.modules)
    try:
        graded = Runner(lesson, sandbox, hidden=False).grade(submission)
    finally:
        sandbox.stop()
    for note in few(graded.notes):
        console.print(f"[dim]note: {escape(note)}[/dim]")
    for exercise in graded.exercises:
        _show(exercise, console)
    attempted = [e for e in graded.exercises if e.attempted]
    total = sum(e.points for e in graded.exercises)
    here = sum(e.max for e in graded.exercises)
    console.print(
        f"{len(attempted)} of {len(graded.exercises)} exercises attempted, "
        f"{number(total)} of {number(here)} points by the visible checks"
    )
    return all(e.points >= e.max for e in attempted)


def _best(modules: tuple[str, ...]) -> Sandbox | Here:
    """Return the best isolation there is here: these are the learner's own answers."""
    from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
    from seqkit.grading.sandbox.parent import Sandbox
    from seqkit.lab.kernel import Here

    if not bubblewrap_complaint():
        return Sandbox(modules)
    return Sandbox(modules, "process") if hasattr(os, "fork") else Here()


def _show(exercise: ExerciseResult, console: Console) -> None:
    from rich.markup import escape

    from seqkit.results.text import number

    if not exercise.attempted:
        console.print(f"– {exercise.id} {escape(exercise.title)}: not attempted yet")
        return
    right = exercise.points >= exercise.max
    mark = "[green]✓[/green]" if right else "[red]✗[/red]"
    points = f"{number(exercise.points)} of {number(exercise.max)}"
    console.print(f"{mark} {exercise.id} {escape(exercise.title)}: {points}")
    for check in exercise.checks:
        if not check.passed:
            console.print(f"    ✗ {escape(check.title)} — {escape(check.message)}")
