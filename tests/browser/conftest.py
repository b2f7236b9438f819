"""One lesson, opened once and run through; a picture of the page when a test fails."""

import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
if HERE not in sys.path:  # importlib mode puts no folder of tests on the path
    sys.path.insert(0, HERE)

from learner import CHROMIUM, Lesson, chromium, copy_course, jupyterlab  # noqa: E402

SIZE = {"width": 1400, "height": 1000}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """Lesson 1, unanswered, after Run All."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: sudo apt install chromium")
    course = copy_course(tmp_path_factory.mktemp("course"))
    folder = tmp_path_factory.mktemp("jupyter")
    path = next((course / "lessons").glob("01_*.ipynb"))
    with jupyterlab(course, folder, "1") as url, chromium() as browser:
        lesson = Lesson(browser.new_page(viewport=SIZE), path)
        try:
            lesson.open(url)
            lesson.run_all()
        except Exception as error:
            error.add_note(_seen(lesson, folder, "setup"))
            raise
        lesson.folder = folder
        yield lesson


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say in the report of a failed test where its picture is."""
    report = yield
    lesson = item.funcargs.get("lesson") if call.when == "call" else None
    if report.failed and lesson is not None:
        report.sections.append(("JupyterLab", _seen(lesson, lesson.folder, item.name)))
    return report


def _seen(lesson, folder, name):
    picture = folder / f"{name}.png"
    lesson.page.screenshot(path=picture)
    return f"screenshot: {picture}\n{(folder / 'lab.log').read_text()[-2000:]}"
