"""Lessons in the hands of an institution that runs nbgrader: the real one, in its own environment.

The environment lies in the user's cache and is made once: nbgrader and what it needs beside the
packages that run these tests.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from seqkit import ROOT
from seqkit.course.catalogue import Catalogue

NBGRADER = "nbgrader==0.9.6"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "seqkit-tests"

READ_GRADEBOOK = """
import json
from nbgrader.api import Gradebook

found = {}
with Gradebook("sqlite:///gradebook.db", "course") as book:
    for submission in book.assignment_submissions("lesson"):
        cells = [grade for notebook in submission.notebooks for grade in notebook.grades]
        found[submission.student.id] = {
            "score": submission.score,
            "max": submission.max_score,
            "cells": {grade.name: grade.score for grade in cells},
        }
print(json.dumps(found))
"""

# two whole lessons and, the first time, an installation; one worker does it all
pytestmark = [pytest.mark.xdist_group("nbgrader")]


class Nbgrader:
    """The real nbgrader, and a course folder to run it in."""

    def __init__(self, python, folder):
        self.python, self.folder = python, folder
        (folder / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            "c.CourseDirectory.course_id = 'course'\n"
            # a kernel's "idle" message is lost now and then, and nbgrader waits for it: then
            # the cell counts as timed out, and the whole is tried again
            "c.ExecutePreprocessor.timeout = 180\n",
            encoding="utf-8",
        )

    def put(self, place, notebook):
        """Copy a notebook of the course to where nbgrader looks for it."""
        target = self.folder / place / "lesson" / "lesson.ipynb"
        target.parent.mkdir(parents=True)
        target.write_bytes(notebook.read_bytes())

    def run(self, *words):
        """Run Python in nbgrader's environment; return what it printed."""
        path = os.pathsep.join([str(self.python.parent), os.environ["PATH"]])
        done = subprocess.run(
            [self.python, *words],
            cwd=self.folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def python():
    """Python of an environment with nbgrader, on top of the one that runs this test."""
    folder = CACHE / f"{NBGRADER}-python{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    works = [python, "-c", "import nbgrader.api, alembic, seqkit"]
    if not (python.exists() and subprocess.run(works, capture_output=True).returncode == 0):
        venv.create(folder, clear=True, symlinks=os.name != "nt", with_pip=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    ours = sysconfig.get_paths()["purelib"]
    Path(site, "course.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    if subprocess.run(works, capture_output=True).returncode != 0:
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", NBGRADER]
        done = subprocess.run([python, *pip], capture_output=True, text=True)
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            pytest.skip(f"python {' '.join(pip)} failed ({last[0]})")
    return python


@pytest.fixture(scope="module", params=["01_sequential_data"])
def graded(request, python, tmp_path_factory):
    """What nbgrader gives an untouched lesson and its solution, and the lesson."""
    name = request.param
    nbgrader = Nbgrader(python, tmp_path_factory.mktemp("course"))
    nbgrader.put("source", ROOT / "solutions" / f"{name}.ipynb")
    nbgrader.put("submitted/untouched", ROOT / "lessons" / f"{name}.ipynb")
    nbgrader.put("submitted/solved", ROOT / "solutions" / f"{name}.ipynb")
    nbgrader.run("-m", "nbgrader", "generate_assignment", "lesson", "--log-level=ERROR")
    for attempt in (1, 2, 3):
        try:
            nbgrader.run("-m", "nbgrader", "autograde", "lesson", "--force", "--log-level=ERROR")
            break
        except AssertionError:
            if attempt == 3:
                raise
    result = json.loads(nbgrader.run("-c", READ_GRADEBOOK))
    return result, Catalogue().lesson(name), nbgrader.folder / "autograded"


def test_untouched_lesson_gets_nothing(graded):
    result, _, _ = graded
    assert result["untouched"]["score"] == 0


def test_solution_gets_every_point(graded):
    result, lesson, _ = graded
    for id, entry in lesson.entries.items():
        points = result["solved"]["cells"][f"check_{id.replace('.', '_')}"]
        assert points == entry.exercise.points


def test_maximum_is_what_the_statements_promise(graded):
    result, lesson, _ = graded
    points = sum(entry.exercise.points for entry in lesson.entries.values())
    assert {found["max"] for found in result.values()} == {points}


@pytest.mark.parametrize("student", ["untouched", "solved"])
def test_checks_return_a_number_and_say_nothing(graded, student):
    _, lesson, autograded = graded
    path = autograded / student / "lesson" / "lesson.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    checks = [c for c in cells if c["metadata"].get("nbgrader", {}).get("grade")]
    assert len(checks) == len(lesson.entries)
    for cell in checks:
        (output,) = cell["outputs"]
        assert output["output_type"] == "execute_result"
        float("".join(output["data"]["text/plain"]))


def test_nbgrader_releases_what_we_release(graded):
    _, lesson, autograded = graded
    release = autograded.parent / "release" / "lesson" / "lesson.ipynb"
    cells = json.loads(release.read_text("utf-8"))["cells"]
    answers = {
        c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"])
        for c in cells
        if c["metadata"].get("nbgrader", {}).get("solution")
    }
    assert len(answers) == len(lesson.entries)
    for source in answers.values():
        assert "BEGIN SOLUTION" not in source
        assert "NotImplementedError" in source
