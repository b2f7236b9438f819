"""Put the reports of a class together: a table for spreadsheets, and how each exercise went."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from seqkit.results.report import ExerciseResult, Report
from seqkit.results.text import clean, number

#: How a formula starts, full width too; in much of Europe a cell ends at a semicolon.
FORMULA = "[=+@＝＋－＠-]"
YES = {True: "yes", False: "no", None: ""}


def gradebook(reports: Iterable[Report]) -> str:
    """Return ``grades.csv``: a row a submission, a column an exercise, ordered by student.

    A cell that a spreadsheet would take for a formula is quoted with an apostrophe, and no column
    is named ``1.10``, which one would read as the number 1.1.
    """
    rows = sorted(reports, key=lambda r: (r.student, r.lesson, r.submission.file))
    ids = sorted({e.id for r in rows for e in r.exercises}, key=_natural)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    columns = [f"exercise {id}" for id in ids]
    first = ["student", "lesson", "counts", "late", "status", "total", "max"]
    writer.writerow([*first, *columns, "notes", "file"])
    for report in rows:
        points = {e.id: number(e.points) for e in report.exercises}
        notes = clean("; ".join(filter(None, [report.reason, *report.notes])))
        row = [report.student, report.lesson, YES[report.counts], YES[report.owner.late]]
        row += [report.status, number(report.total), number(report.max)]
        row += [*(points.get(id, "") for id in ids), notes, report.submission.file]
        writer.writerow([_plain_cell(cell) for cell in row])
    return file.getvalue()


def summary(reports: list[Report]) -> dict[str, Any]:
    """Return how many reports have which status, and how each exercise went."""
    statuses = [r.status for r in reports]
    return {
        "submissions": len(reports),
        "status": {s: statuses.count(s) for s in sorted(set(statuses))},
        "exercises": _by_exercise(reports),
    }


def _by_exercise(reports: list[Report]) -> dict[str, dict[str, float]]:
    """Return for each exercise how many tried it, how many got all points, and the mean."""
    table: dict[str, list[ExerciseResult]] = {}
    for report in reports:
        for exercise in report.exercises:
            table.setdefault(exercise.id, []).append(exercise)
    return {
        id: {
            "submissions": len(results),
            "attempted": sum(e.attempted for e in results),
            "full": sum(e.points >= e.max for e in results),
            "mean": round(sum(e.points for e in results) / len(results), 4),
            "max": results[0].max,
        }
        for id, results in sorted(table.items(), key=lambda item: _natural(item[0]))
    }


def _natural(id: str) -> list[tuple[int, str]]:
    return [(int(p) if p.isdecimal() else 0, p) for p in id.split(".")]


def _plain_cell(cell: str) -> str:
    text = re.sub(f";(?={FORMULA})", "; ", " ".join(cell.split()))
    return "'" + text if re.match(FORMULA, text) else text
