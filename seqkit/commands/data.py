"""`seqkit data`: list the course's data sets, and fetch one."""

from __future__ import annotations

from typing import Annotated

import typer

from seqkit.commands.console import NOT_SO, console, fail


def list_sets() -> None:
    """List the data sets: what they are, where they are from, whether they are here."""
    from rich.table import Table

    from seqkit.corpora import available

    table = Table(box=None, pad_edge=False)
    rows = list(available())
    for heading in ("name", "what", "source", "size", "state"):
        table.add_column(heading)
    for row in rows:
        table.add_row(row.name, row.what, row.source, row.size, row.state)
    console().print(table)


def fetch_set(
    name: Annotated[str, typer.Argument(help="As `seqkit data list` calls it.")],
) -> None:
    """Fetch a data set once, with its checksum."""
    from seqkit.corpora import fetch

    try:
        print(f"{name} is in {fetch(name)}")
    except (KeyError, ValueError) as error:
        fail(str(error.args[0]))
    except OSError as error:
        fail(str(error), NOT_SO)
