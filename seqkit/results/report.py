"""What grading says about a submission: a versioned record with a published schema.

Text that comes from a learner (messages, names, notes) is cleaned here, once; only what an answer's
cell holds is kept as it was graded, and whoever shows it makes it safe.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from seqkit.limits import SOURCE_CHARACTERS
from seqkit.results.text import clean, cut

Status = Literal["graded", "partial", "timeout", "crashed", "unreadable"]
Platform = Literal["canvas", "moodle", "gradescope", "blackboard", "d2l", "nbgrader"]

Text = Annotated[str, AfterValidator(clean)]
Source = Annotated[str, AfterValidator(lambda text: cut(text, SOURCE_CHARACTERS))]


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
    call: Text = Field(
        "",
        description="the last call it made, as a learner would write it; empty for hidden checks "
        "and where it made none",
    )
    message: Text = Field("", description="what a learner is told; empty when it passed")
    error: Text = Field(
        "", description="for the instructor: where the check itself failed, and how; else empty"
    )


class ExerciseResult(Record):
    """What the checks of one exercise found."""

    id: str
    title: str
    attempted: bool
    points: float
    max: float
    checks: list[CheckResult] = []
    source: Source = Field(
        "", description="what the learner wrote, as it was graded; empty where that is nothing"
    )
    missing: bool = Field(False, description="whether not even the empty answer cell was there")
    error: Text = Field("", description="why the answer's cell did not run to its end; else empty")
    forbidden: list[Text] = Field(
        [], description="names in use that the exercise does without: look at the answer"
    )
    notes: list[Text] = Field([], description="for the instructor: which cell names what, ...")


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


class Owner(Record):
    """Whose a submission is, as the names that a platform gives to files tell."""

    name: Text = Field(description="two students can have the same")
    platform: Platform | None = Field(
        None, description="whose names these are; null where files were named by hand"
    )
    user_id: Text = Field("", description="the platform's id of the student; empty where untold")
    submission_id: Text = Field("", description="the platform's id of the upload; likewise")
    late: bool | None = Field(None, description="null where the platform does not say")
    handed_in: str | None = Field(
        None, description="ISO 8601; without an offset in the time zone of the platform"
    )


class Report(Record):
    """Everything grading says about one submission."""

    version: Literal[2] = 2
    course: str = Field(description="a fingerprint of the lessons, the checks and the grader")
    submission: SubmissionFile
    student: Text = Field(description="what the report is filed under; no two students share it")
    owner: Owner
    lesson: str
    status: Status = Field(description="graded; partial: some exercise ended early; ...")
    reason: Text = Field("", description="why the status is not 'graded', in one sentence")
    superseded_by: Text | None = Field(
        None,
        description="the file that counts instead; null where this one counts, empty where "
        "version 1 did not say which",
    )
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

    @model_validator(mode="before")
    @classmethod
    def upgraded(cls, data: Any) -> Any:
        """Return a report of version 1 as one of version 2; what it does not say stays empty."""
        if not isinstance(data, dict) or data.get("version") != 1:
            return data
        data = {"course": "", **deepcopy(data), "version": 2, "owner": {"name": data["student"]}}
        data["superseded_by"] = None if data.pop("counts", True) else ""
        for check in (check for exercise in data["exercises"] for check in exercise["checks"]):
            check.pop("seconds", None)
        return data

    @property
    def counts(self) -> bool:
        """Whether no other submission counts instead."""
        return self.superseded_by is None

    def brief(self) -> Report:
        """Return the report without checks and answers: all that the tables are made of."""
        less = {"checks": [], "source": ""}
        exercises = [exercise.model_copy(update=less) for exercise in self.exercises]
        return self.model_copy(update={"exercises": exercises})

    def without_times(self) -> dict[str, Any]:
        """Return the report as it must be equal between two gradings: no clock in it."""
        return self.model_dump(exclude={"started", "seconds"})


def schema() -> dict[str, Any]:
    """Return the JSON schema of a report, as it is published in ``docs/report.schema.json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(),
    }


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=1))
