"""Run a learner's own notebook through its visible checks, from the terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from seqkit.grading.bubblewrap import bubblewrap_complaint
from seqkit.grading.catalogue import Catalogue
from seqkit.grading.reading.layout import read_submission
from seqkit.grading.reading.notebook import Unreadable
from seqkit.grading.report import ExerciseResult, clean, few, number
from seqkit.grading.runner import Runner
from seqkit.grading.sandbox import Here, Limits, Sandbox

if TYPE_CHECKING:
    from rich.console import Console


def check_notebook(path: Path, console: Console) -> bool:
    """Print what the visible checks find; return whether every attempted exercise is right."""
    from rich.markup import escape

    catalogue = Catalogue()
    try:
        submission = read_submission(path, catalogue.texts())
    except Unreadable as error:
        console.print(escape(clean(f"{path}: {error.reason}")))
        return False
    lesson = catalogue.lesson(submission.lesson)
    sandbox = _best(lesson.modules)
    try:
        graded = Runner(lesson, sandbox, Limits(), hidden=False).grade(submission)
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
    if not bubblewrap_complaint():
        return Sandbox(modules)
    return Sandbox(modules, "process") if hasattr(os, "fork") else Here()


def _show(exercise: ExerciseResult, console: Console) -> None:
    from rich.markup import escape

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
