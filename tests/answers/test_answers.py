"""The table of answers: every wrong one fails the named check with the named message,
every right one, however written, gets full points."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from seqkit.course.catalogue import Catalogue
from seqkit.submissions.reading.layout import PlannedCell, Submission
from seqkit.grading.session import Runner
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Variant:
    """One answer in the table."""

    exercise: str
    kind: str
    title: str
    source: str
    fails: str = ""
    message: str = ""


def variants(path: Path) -> list[Variant]:
    """Read the answers of one exercise."""
    exercise = path.stem.replace("_", ".")
    parts = re.split(r"^# --- (wrong|right): (.*)$", path.read_text("utf-8"), flags=re.MULTILINE)
    found = []
    for kind, title, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        said = dict(re.findall(r"^# (fails|message): (.*)$", body, re.MULTILINE))
        source = re.sub(r"^# (fails|message): .*\n", "", body, flags=re.MULTILINE).strip() + "\n"
        found.append(Variant(exercise, kind, title.strip(), source, **said))
    return found


LESSONS = Catalogue().names()  # answers to a lesson that is not released yet wait for it
FILES = sorted(
    (path for name in LESSONS for path in (HERE / name).glob("*.py")),
    key=lambda path: [int(n) for n in path.stem.split("_")],
)
VARIANTS = [v for path in FILES for v in variants(path)]


@pytest.fixture(scope="module")
def runners():
    """Runners by lesson; each keeps its sandbox warm until the last answer."""
    catalogue, known = Catalogue(), {}

    def runner(exercise: str) -> Runner:
        lesson = catalogue.lesson(exercise)
        if lesson.name not in known:
            while known:
                known.popitem()[1].sandbox.stop()
            mode = "process" if bubblewrap_complaint() else "bubblewrap"
            known[lesson.name] = Runner(lesson, Sandbox(lesson.modules, mode), seed=12345)
        return known[lesson.name]

    yield runner
    for known_runner in known.values():
        known_runner.sandbox.stop()


def grade(runner: Runner, variant: Variant):
    """Grade one answer, everything else left untouched."""
    imports = [c for c in runner.lesson.lesson.cells if c.kind == "imports"]
    demos = [c for c in runner.lesson.lesson.cells if c.kind == "demo"]
    cells = [PlannedCell(c.kind, c.grade_id, c.source, 0, c.grade_id) for c in [*imports, *demos]]
    label = f"answer {variant.exercise}"
    cells.append(PlannedCell("answer", label, variant.source, 1, None, (variant.exercise,)))
    submission = Submission(runner.lesson.name, {variant.exercise: variant.source}, [], cells, [])
    graded = runner.grade(submission)
    return next(e for e in graded.exercises if e.id == variant.exercise)


@pytest.mark.parametrize(
    "variant", VARIANTS, ids=lambda v: f"{v.exercise} {v.kind}: {v.title}".replace("/", "|")
)
def test_answer(variant, runners):
    result = grade(runners(variant.exercise), variant)
    failed = {c.title: c.message for c in result.checks if not c.passed}
    if variant.kind == "right":
        assert not failed, f"rejects a right answer: {failed} {result.notes}"
        return
    assert failed, "accepts a wrong answer"
    assert variant.fails in failed, f"expected {variant.fails!r} to fail, but: {failed}"
    assert re.search(variant.message, failed[variant.fails]), failed[variant.fails]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_has_three_wrong_answers_and_a_right_one(lesson):
    for id in Catalogue().lesson(lesson).entries:
        kinds = [v.kind for v in VARIANTS if v.exercise == id]
        assert kinds.count("wrong") >= 3, id
        assert kinds.count("right") >= 1, id
