"""`seqkit doctor`: what is wrong with this machine, and the command that mends it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from seqkit import ROOT
from seqkit.commands.console import DONE, NOT_SO, console

if TYPE_CHECKING:
    from rich.console import Console

PACKAGES = ("numpy", "torch", "tensorflow", "matplotlib", "jupyterlab", "nbval", "pytest")


def doctor() -> None:
    """Say what is wrong with this machine, and the command that mends it."""
    raise typer.Exit(DONE if examine(console()) else NOT_SO)


def examine(console: Console) -> bool:
    """Print a line for everything looked at; return whether nothing is wrong."""
    from rich.markup import escape

    well = True
    for good, line in _findings():
        well &= good
        console.print(f"{'[green]✓[/green]' if good else '[red]✗[/red]'} {escape(line)}")
    return well


def _findings() -> Iterator[tuple[bool, str]]:
    version = ".".join(map(str, sys.version_info[:3]))
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    mend = "" if supported else ": install Python 3.11, 3.12 or 3.13 and delete .venv"
    yield supported, f"Python {version}{mend}"
    for package in PACKAGES:
        yield _package(package)
    yield from _sandbox()
    yield from _data()
    cores = os.cpu_count() or 1
    yield True, f"{cores} cores; `seqkit grade` runs as many submissions at a time (--jobs)"


def _package(name: str) -> tuple[bool, str]:
    for candidate in (name, f"{name}-cpu"):
        try:
            return True, f"{candidate} {metadata.version(candidate)}"
        except metadata.PackageNotFoundError:
            continue
    return (
        False,
        f"{name} is missing: run `python course.py doctor`, which installs what is missing",
    )


def _sandbox() -> Iterator[tuple[bool, str]]:
    from seqkit.grading.sandbox.bubblewrap import SandboxError, bubblewrap_complaint
    from seqkit.grading.sandbox.parent import Sandbox

    complaint = bubblewrap_complaint()
    if complaint:
        yield not sys.platform.startswith("linux"), f"sandbox: {complaint}"
        return
    try:
        started = time.monotonic()
        with Sandbox(["numpy"]):  # which asks it something
            pass
        seconds = time.monotonic() - started
    except SandboxError as error:
        yield False, f"sandbox: {error}"
        return
    yield True, f"sandbox: bubblewrap works (started and answered in {seconds:.1f} s)"
    yield True, "limits of memory and processes: by a supervisor that samples the sandbox"


def _data() -> Iterator[tuple[bool, str]]:
    from seqkit.corpora import available, data_home

    shipped = [d for d in available() if d.state == "shipped"]
    there = (ROOT / "data").is_dir() and bool(shipped)
    yield there, f"data: {', '.join(d.name for d in shipped) or 'data/ is missing: clone again'}"
    home = Path(data_home())
    writable = os.access(next(p for p in (home, *home.parents) if p.exists()), os.W_OK)
    mend = "" if writable else ": not writable; set SEQKIT_DATA to a folder that is"
    yield writable, f"fetched data goes to {home}{mend}"
