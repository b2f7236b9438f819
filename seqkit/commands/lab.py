"""`seqkit lab`: open JupyterLab on the lessons."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from seqkit import ROOT
from seqkit.commands.console import fail


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
            fail(f"there is no lesson {lesson!r}; there are {', '.join(lessons)}.")
        target = f"lessons/{found[0]}.ipynb"
    os.chdir(ROOT)
    command = [sys.executable, "-m", "jupyterlab", target]
    if os.name == "nt":
        import subprocess

        raise typer.Exit(subprocess.call(command))
    os.execv(sys.executable, command)
