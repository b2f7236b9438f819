"""What grading says about a submission: a versioned record with a published schema.

Text that comes from a learner (messages, names, notes) is cleaned here, once.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from seqkit.results.text import clean

Status = Literal["graded", "partial", "timeout", "crashed", "unreadable"]


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
    error: Text = Field(
        "", description="for the instructor: where the check itself failed, and how; else empty"
    )
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


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=1))
