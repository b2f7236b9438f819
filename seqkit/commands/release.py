"""`seqkit release`: make lessons from solutions, or what students receive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seqkit import ROOT
from seqkit.commands.console import DONE, NOT_SO, fail


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
        fail(str(error), NOT_SO)
