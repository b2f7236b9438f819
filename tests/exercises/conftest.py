"""Run the checks under pytest: against the solutions, or with --submission against any notebook."""

import re
from functools import cache
from pathlib import Path

import pytest

from seqkit import ROOT
from seqkit.checking.verdict import judge
from seqkit.course.catalogue import HIDDEN, Catalogue
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.grading.session import Runner, Session
from seqkit.lab.kernel import Here
from seqkit.submissions.reading.layout import read_submission


def pytest_addoption(parser):
    parser.addoption("--submission", type=Path, help="check this notebook, in the sandbox")
    parser.addoption("--seed", type=int, default=0, help="of the hidden checks' inputs")


@cache
def catalogue() -> Catalogue:
    return Catalogue()


@cache
def session(lesson: str, submission: Path | None) -> Session:
    """Return the answers to a lesson, ready to be called."""
    entry = catalogue().lesson(lesson)
    if submission is None:
        path, sandbox = ROOT / "solutions" / f"{lesson}.ipynb", Here()
    else:
        path = submission
        sandbox = Sandbox(entry.modules, "process" if bubblewrap_complaint() else "bubblewrap")
    answers = read_submission(path, catalogue().texts())
    if answers.lesson != lesson:
        pytest.skip(f"{path.name} answers {answers.lesson}")
    return Session(Runner(entry, sandbox), answers)


class CheckFile(pytest.File):
    """A file of checks, imported as the grader imports it."""

    def collect(self):
        hidden = self.path.parent.name == HIDDEN
        lesson = (self.path.parent.parent if hidden else self.path.parent).name
        if lesson not in catalogue().names():
            return  # checks of a lesson that is not released yet wait for it
        number, exercise = self.path.stem.split("_")
        for check in catalogue().entry(f"{number}.{int(exercise)}").checks:
            if check.hidden == hidden:
                yield CheckItem.from_parent(self, name=check.name, check=check, lesson=lesson)


class CheckItem(pytest.Item):
    """A check, run by its own machinery."""

    def __init__(self, *, check, lesson, **options):
        super().__init__(**options)
        self.check, self.lesson = check, lesson

    def runtest(self):
        answers = session(self.lesson, self.config.getoption("--submission", default=None))
        channel = answers.open()
        channel.allow(self.check.seconds)
        entry = catalogue().entry(self.check.exercise)
        outcome = judge(self.check, channel, entry, self.config.getoption("--seed", default=0))
        if not outcome.passed:
            pytest.fail(f"{self.check.title} — {outcome.message}", pytrace=False)

    def reportinfo(self):
        return self.path, None, f"{self.check.exercise}: {self.check.title}"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Collect each file of checks in one way alone, and nothing from what they share."""
    found = yield
    if file_path.suffix != ".py" or file_path.name.startswith(("test_", "conftest")):
        return found
    if re.fullmatch(r"\d+_\d\d", file_path.stem):
        return [CheckFile.from_parent(parent, path=file_path)]
    return []
