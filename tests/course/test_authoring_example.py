"""The exercise that docs/authoring.md adds to the course, added as it says, and graded."""

import importlib.util
import re
import shutil
import sys

import jupytext
import nbformat
import pytest

from seqkit import ROOT
from seqkit.authoring.release import release
from seqkit.course.catalogue import Catalogue
from seqkit.grading.session import Runner
from seqkit.lab.kernel import Here
from seqkit.submissions.reading.layout import read_submission

LESSON = "01_sequential_data"
PAGE = (ROOT / "docs" / "authoring.md").read_text("utf-8")
#: What the page shows, by the file that it names before.
BLOCK = r"^\*\*[\w ]+\*\*.*?`([^`]+)`.*?^```(?:python|text)\n(.*?)^```"
SHOWN = dict(re.findall(BLOCK, PAGE, re.M | re.S))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one lesson with the page's cells and files in it, released."""
    root = tmp_path_factory.mktemp("course")
    for name, text in SHOWN.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    shutil.copytree(ROOT / "tests" / "exercises" / LESSON, root / "tests" / "exercises" / LESSON,
                    dirs_exist_ok=True)  # fmt: skip
    solution = root / "solutions" / f"{LESSON}.ipynb"
    book = nbformat.read(ROOT / "solutions" / solution.name, as_version=4)
    book.cells += jupytext.reads(solution.read_text("utf-8"), fmt="py:percent").cells
    nbformat.write(book, solution)
    release(root / "solutions", root / "lessons")
    return Catalogue(root)


def graded(catalogue, source=None):
    """Grade the released lesson, with an answer in its cell if one is given."""
    path = catalogue.root / "lessons" / f"{LESSON}.ipynb"
    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        if source and cell.metadata["nbgrader"]["grade_id"] == "ex_1_11":
            cell.source = source
    data = nbformat.writes(book).encode()
    runner = Runner(catalogue.lesson("1"), Here(), seed=5)
    results = runner.grade(read_submission(data, catalogue.texts())).exercises
    return next(result for result in results if result.id == "1.11")


def table():
    """Return the reader of tests/answers."""
    path = ROOT / "tests" / "answers" / "table.py"
    spec = importlib.util.spec_from_file_location("answers_table", path)
    module = sys.modules["answers_table"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_one_file_in_each_folder_and_the_cells():
    folders = [name.rpartition("/")[0] for name in SHOWN]
    assert folders == ["solutions", f"tests/exercises/{LESSON}",
                       f"tests/exercises/{LESSON}/hidden", f"tests/answers/{LESSON}"]  # fmt: skip


def test_its_points_and_checks_are_those_of_the_page(course):
    entry = course.entry("1.11")
    assert entry.exercise.points == sum(check.points for check in entry.checks) == 2
    assert [check.hidden for check in entry.checks] == [False, False, True]


def test_unanswered_it_gets_nothing(course):
    result = graded(course)
    assert not result.attempted and result.points == 0


def test_its_answers_get_what_the_page_says(course):
    reading = table()
    path = course.root / "tests" / "answers" / LESSON / "1_11.py"
    found = reading.variants(path, solutions=course.root / "solutions")
    assert [variant.kind for variant in found] == ["wrong"] * 3 + ["right"]
    reference = reading.reference("1.11", course.root / "solutions")
    assert graded(course, reference).points == 2
    for variant in found:
        result = graded(course, variant.source)
        failed = {check.title: check.message for check in result.checks if not check.passed}
        if variant.kind == "right":
            assert failed == {}
        else:
            assert re.search(variant.message, failed[variant.fails])
