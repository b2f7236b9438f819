"""What grading says about a submission: a versioned record, and the table of a class.

Text that comes from a learner (messages, names, notes) is cleaned here, once: no control
characters reach a terminal, a spreadsheet or a page, and nothing is longer than a person reads.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST = 2000  # characters of one message

Status = Literal["graded", "partial", "timeout", "crashed", "unreadable"]

#: What is not seen, or changes what is: controls, directions, joiners, surrogates, tags.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
#: Nor is what these ranges hold, whatever Unicode calls it: fillers, blanks, variation selectors.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
MOST_NOTES = 40


def clean(text: str) -> str:
    """Return text safe to show anywhere: control and direction characters visible, length bounded.

    Examples
    --------
    >>> clean("\\x1b[31mred")
    '\\\\x1b[31mred'
    """
    text = text if len(text) <= MOST else text[: MOST - 1] + "…"
    if text.isprintable() and not BLANK.search(text):
        return text
    return "".join(
        c.encode("unicode_escape").decode()
        if (unicodedata.category(c) in UNSEEN and c not in "\t\n") or BLANK.match(c)
        else c
        for c in text
    )


def one_line(text: str) -> str:
    """Return a name safe to show, without line ends: nobody writes a line of a log but we."""
    return " ".join(clean(text).split())


def few(notes: Iterable[str]) -> list[str]:
    """Return notes, cleaned, no more than a person reads."""
    kept = list(notes)
    more = len(kept) - MOST_NOTES
    said = [clean(note) for note in kept[:MOST_NOTES]]
    return [*said, f"and {more} more"] if more > 0 else said


Text = Annotated[str, AfterValidator(clean)]


class Record(BaseModel):
    """Base of everything in a report: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid")


class CheckResult(Record):
    """What one check found."""

    name: str = Field(description="name of the check's function")
    title: str = Field(description="the property it looks for")
    visible: bool = Field(description="whether learners have this check themselves")
    passed: bool
    points: float = Field(description="points earned")
    max: float = Field(description="points it can give")
    message: Text = Field("", description="what a learner is told; empty when it passed")
    seconds: float = Field(0.0, description="wall-clock seconds it took; 0 for hidden checks")


class ExerciseResult(Record):
    """What the checks of one exercise found."""

    id: str
    title: str
    attempted: bool
    points: float
    max: float
    checks: list[CheckResult] = []
    notes: list[Text] = Field([], description="for the instructor: forbidden names in use, ...")


class Limits(Record):
    """What a submission was allowed to use."""

    cpu_seconds: float
    memory_bytes: int
    processes: int
    folder_bytes: int


class Sandbox(Record):
    """How a submission's code was kept apart."""

    mode: Literal["bubblewrap", "process", "none"]
    limits: Limits | None = None


class SubmissionFile(Record):
    """The file that was graded."""

    file: Text = Field(description="where it was found, relative to what was given")
    sha256: str


class Report(Record):
    """Everything grading says about one submission."""

    version: Literal[1] = 1
    submission: SubmissionFile
    student: Text
    lesson: str
    status: Status = Field(description="graded; partial: some exercise ended early; ...")
    reason: Text = Field("", description="why the status is not 'graded', in one sentence")
    counts: bool = Field(True, description="false where a later submission replaces this one")
    notes: list[Text] = Field([], description="what was unusual about the file")
    exercises: list[ExerciseResult] = []
    total: float = 0.0
    max: float = 0.0
    seed: str = Field(
        description="a fingerprint of the batch's seed, which batch.json and summary.json hold: "
        "whoever is shown a report cannot draw the hidden inputs from it"
    )
    goals: bool = Field(True, description="whether training goals were graded")
    versions: dict[str, str] = {}
    sandbox: Sandbox
    started: str = Field("", description="UTC, ISO 8601")
    seconds: int = Field(0, description="wall-clock seconds it took")

    def brief(self) -> Report:
        """Return the report without its checks: all that the tables of a class are made of."""
        exercises = [e.model_copy(update={"checks": []}) for e in self.exercises]
        return self.model_copy(update={"exercises": exercises})

    def without_times(self) -> dict[str, Any]:
        """Return the report as it must be equal between two gradings: no clock in it."""
        data = self.model_dump(exclude={"started", "seconds"})
        for exercise in data["exercises"]:
            for check in exercise["checks"]:
                del check["seconds"]
        return data


def schema() -> dict[str, Any]:
    """Return the JSON schema of a report, as it is published in ``docs/report.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(),
    }


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
    writer.writerow(
        ["student", "lesson", "counts", "status", "total", "max", *columns, "notes", "file"]
    )
    for report in rows:
        points = {e.id: number(e.points) for e in report.exercises}
        notes = clean("; ".join(filter(None, [report.reason, *report.notes])))
        counts = "yes" if report.counts else "no"
        row = [report.student, report.lesson, counts, report.status, number(report.total)]
        row += [
            number(report.max),
            *(points.get(id, "") for id in ids),
            notes,
            report.submission.file,
        ]
        writer.writerow([_plain_cell(cell) for cell in row])
    return file.getvalue()


def number(points: float) -> str:
    """Return points as a person writes them: ``2``, ``2.5``."""
    return f"{points:.4f}".rstrip("0").rstrip(".")


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


#: How a formula starts, full width too; in much of Europe a cell ends at a semicolon.
FORMULA = "[=+@＝＋－＠-]"


def _natural(id: str) -> list[tuple[int, str]]:
    return [(int(p) if p.isdecimal() else 0, p) for p in id.split(".")]


def _plain_cell(cell: str) -> str:
    text = re.sub(f";(?={FORMULA})", "; ", " ".join(cell.split()))
    return "'" + text if re.match(FORMULA, text) else text


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=1))
