"""The command line: every command says what happened, where, and what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from seqkit import __version__
from seqkit.commands.check import check
from seqkit.commands.console import DONE
from seqkit.commands.data import fetch_set, list_sets
from seqkit.commands.doctor import doctor
from seqkit.commands.grade import grade
from seqkit.commands.lab import lab
from seqkit.commands.release import release

app = typer.Typer(
    help="A course on sequence models, and the grader of its notebooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="The course's data sets.", no_args_is_help=True)
for command in (lab, check, grade, release, doctor):
    app.command()(command)
app.add_typer(data_app, name="data")
data_app.command("list")(list_sets)
data_app.command("fetch")(fetch_set)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(__version__)
        raise typer.Exit(DONE)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
