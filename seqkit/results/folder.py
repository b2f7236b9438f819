"""The folder that grading leaves: nothing half-written is ever read, and nobody else writes in it.

It holds ``batch.json`` (what was asked), ``reports/`` (one file a submission), ``grades.csv``,
``summary.json`` and ``grading.log``.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from seqkit.results import tables
from seqkit.results.report import Report

#: What a results folder holds before its ``batch.json`` is there.
OURS = (".lock", ".batch.json", "grading.log", "reports")


class FolderError(RuntimeError):
    """A results folder cannot be used; the message says what to do."""


class Folder:
    """A results folder.

    Parameters
    ----------
    path : Path
        Made when something is first written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reports = path / "reports"

    def settings(self) -> dict[str, Any] | None:
        """Return what was asked for when it was graded; None where it is new or damaged.

        Raises
        ------
        FolderError
            If it holds something else, or cannot be read.
        """
        try:
            data = json.loads((self.path / "batch.json").read_text("utf-8"))
            return data if type(data.get("seed")) is int else None
        except FileNotFoundError:
            if any(not path.name.startswith(OURS) for path in self._listed()):
                raise FolderError(
                    f"{self.path} holds other files: give --out a new folder."
                ) from None
            return None
        except OSError as error:
            raise FolderError(
                f"cannot use {self.path} ({error.strerror}): give --out another folder."
            ) from None
        except (ValueError, AttributeError, RecursionError):
            return None

    def write_settings(self, settings: dict[str, Any]) -> None:
        """Write what is asked for."""
        text = json.dumps({"version": 1, **settings}, indent=1)
        write_whole(self.path / "batch.json", text + "\n")

    def report(self, name: str) -> Report | None:
        """Return a report that is already there, if it can be read."""
        try:
            data = json.loads((self.reports / f"{name}.json").read_text("utf-8"))
            return Report.model_validate(data)
        except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
            return None

    def write_report(self, name: str, report: Report) -> None:
        """Write a report; damaged by a power cut, it is graded again.

        Of a learner's code every character is kept, and none acts on a terminal that shows the
        file: it holds printable ASCII alone.
        """
        text = to_json(report, indent=1, ensure_ascii=True).replace(b"\x7f", rb"\u007f")
        write_whole(self.reports / f"{name}.json", text + b"\n", sync=False)

    def report_names(self) -> set[str]:
        """Return the names of the reports that are there."""
        return {path.stem for path in self.reports.glob("[!.]*.json")}

    def write_tables(self, reports: list[Report], asked: dict[str, Any]) -> None:
        """Write the tables of a class."""
        write_whole(self.path / "grades.csv", tables.gradebook(reports))
        summary = {"version": 1, **asked, **tables.summary(reports)}
        write_whole(self.path / "summary.json", json.dumps(summary, indent=1) + "\n")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and hold it: two gradings into one would mix.

        Raises
        ------
        FolderError
            If another process holds it.
        """
        from filelock import FileLock, Timeout  # here: a learner's kernel does not need it

        self.reports.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / ".lock")  # jobs do not inherit it
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise FolderError(f"another grading is writing to {self.path}: wait for it.") from None
        try:
            yield
        finally:
            lock.release()

    def _listed(self) -> list[Path]:
        return list(self.path.iterdir()) if self.path.is_dir() else []


def write_whole(path: Path, data: str | bytes, *, sync: bool = True) -> None:
    """Write a file so that it is there whole or not at all; with ``sync`` after a power cut too."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
