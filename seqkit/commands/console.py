"""Talk to whoever typed a command: a console, exit codes, and one sentence when it cannot be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

DONE, NOT_SO, WRONG_USE = 0, 1, 2


def console() -> Console:
    """Return a console that breaks no lines where its output goes to a file."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def fail(sentence: str, code: int = WRONG_USE) -> NoReturn:
    """End the command with a sentence that says what to do."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)
