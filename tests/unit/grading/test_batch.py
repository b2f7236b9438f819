"""A class is graded whole: one report each, whatever dies on the way, and continued the same."""

import contextlib
import csv
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from textwrap import dedent

import jsonschema
import numpy as np
import pytest

from seqkit import ROOT
from seqkit.course.catalogue import Catalogue
from seqkit.grading import batch
from seqkit.grading.batch import Batch
from seqkit.grading.executors import processes as jobs
from seqkit.grading.grader import Grader, Settings, empty_report
from seqkit.grading.rehearsal import Rehearsal
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.channel import Channel
from seqkit.grading.session import Runner
from seqkit.results import folder as results_folder
from seqkit.results.folder import FolderError
from seqkit.results.report import Report
from seqkit.submissions.collect import files
from seqkit.submissions.collect.finding import find_submissions

MISSING = bubblewrap_complaint()
needs_sandbox = [pytest.mark.sandbox, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]
UNIT = Path(__file__).parents[1]
SEED = 3
PRINT = Settings(SEED).fingerprint

# ---------------------------------------------------------------- a small course and its class

CHECKS = {
    "1_01.py": '''
from seqkit.checking.expect import equal
from seqkit.course import Rules, check

rules = Rules(defines=("double",))


@check(points=1)
def test_two(student):
    """doubles two"""
    equal(student.double(2), 4)
''',
    "1_02.py": """
from seqkit.course import Rules

rules = Rules(defines=("total",))
""",
    "hidden/1_01.py": '''
from hypothesis import strategies as st

from seqkit.checking.expect import equal
from seqkit.course import check, generated


@check(points=2)
@generated(st.integers(-1000, 1000), examples=10)
def test_any(student, case):
    """doubles any number"""
    equal(student.double(case), 2 * case, why="Twice the number.")
''',
    "hidden/1_02.py": '''
from seqkit.checking.expect import close
from seqkit.course import check


@check(points=2)
def test_random(student, rng):
    """adds up"""
    x = rng.normal(size=5)
    close(student.total(x), x.sum(), why="The sum.")
''',
}
STUBS = {
    "1.1": 'def double(x):\n    raise NotImplementedError("exercise 1.1")',
    "1.2": 'def total(x):\n    raise NotImplementedError("exercise 1.2")',
}
RIGHT = {"1.1": "def double(x):\n    return 2 * x", "1.2": "def total(x):\n    return np.sum(x)"}


def cell(kind, grade_id, source, **more):
    nbgrader = {"schema_version": 3, "grade_id": grade_id, "grade": False, "locked": True,
                "solution": False, "task": False, **more}  # fmt: skip
    made = {"cell_type": kind, "metadata": {"nbgrader": nbgrader}, "source": source}
    return made if kind == "markdown" else {**made, "outputs": [], "execution_count": None}


def notebook(answers=None) -> str:
    """Return the lesson with answers by exercise; stubs where there is none."""
    cells = [cell("code", "imports", "import numpy as np\nfrom seqkit.lab import check")]
    sources = {**STUBS, **(answers or {})}
    for id, source in sources.items():
        end = id.replace(".", "_")
        statement = f"### Exercise {id} · A number — 3 points · ●○○ · 5 min\nWrite it."
        cells += [
            cell("markdown", f"statement_{end}", statement),
            cell("code", f"ex_{end}", source, locked=False, solution=True),
            cell("code", f"check_{end}", f'check("{id}")', grade=True, points=3),
        ]
    metadata = {"seqkit": {"lesson": "01_tiny"}}
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(book)


def write_class(folder: Path, size=9) -> Path:
    """Write a class of answers: right, wrong in one exercise or the other, slow, unreadable."""
    kinds = [
        RIGHT,
        {**RIGHT, "1.1": "def double(x):\n    return x + 2"},
        {**RIGHT, "1.2": "import time\ntime.sleep(0.2)\ndef total(x):\n    return x[0]"},
        {"1.1": RIGHT["1.1"]},
    ]
    folder.mkdir(exist_ok=True)
    for n in range(size):
        text = notebook(kinds[n % 4]) if n % 5 != 4 else "this is my homework"
        (folder / f"s{n:02}_01_tiny.ipynb").write_text(text, "utf-8")
    return folder


POINTS = {  # by hand: kinds 0 1 2 3, every fifth unreadable
    "s00": 5, "s01": 3, "s02": 3, "s03": 3, "s04": 0, "s05": 3, "s06": 3, "s07": 3, "s08": 5,
}  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A whole course folder of its own: the package, one lesson, its checks."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "seqkit", root / "seqkit", ignore=lambda *_: ["__pycache__"])
    checks = root / "tests" / "exercises" / "01_tiny"
    for folder in (root / "lessons", root / "data", checks / "hidden"):
        folder.mkdir(parents=True)
    (root / "lessons" / "01_tiny.ipynb").write_text(notebook(), "utf-8")
    for name, text in CHECKS.items():
        (checks / name).write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def students(tmp_path_factory) -> Path:
    return write_class(tmp_path_factory.mktemp("class"))


@pytest.fixture
def here(course, monkeypatch) -> Path:
    """Let batches of this process grade the small course."""
    known, fingerprint = Catalogue(course), batch.course_fingerprint(course)
    monkeypatch.setattr(batch, "Catalogue", lambda: known)
    monkeypatch.setattr(batch, "course_fingerprint", lambda: fingerprint)
    return course


@pytest.fixture
def graded(here, monkeypatch) -> list[str]:
    """Replace grading itself by something quick; return the list of who was graded."""
    done = []

    class Quick:
        def __init__(self, settings, *_):
            self.settings = settings

        def grade(self, found):
            done.append(found.student)
            report = empty_report(found, self.settings)
            report.status, report.total = "graded", float(int(found.sha256[:4], 16) % 7)
            report.lesson, report.started = "01_tiny", f"at {time.monotonic_ns()}"
            return report

        def close(self):
            pass

    monkeypatch.setattr(batch, "Grader", Quick)
    return done


def results(out: Path) -> dict:
    """Return everything a batch has written, without times."""
    found = {}
    for path in sorted((out / "reports").glob("*.json")):
        found[path.name] = Report.model_validate_json(path.read_bytes()).without_times()
    for name in ("grades.csv", "summary.json"):
        found[name] = (out / name).read_bytes()
    found["seed"] = json.loads((out / "batch.json").read_text("utf-8"))["seed"]
    return found


def totals(out: Path) -> dict[str, float]:
    with open(out / "grades.csv", encoding="utf-8") as file:
        return {row["student"]: float(row["total"]) for row in csv.DictReader(file)}


def run(out, *paths, jobs=1, **how):
    return Batch(out, paths, **how).run(jobs)


# ---------------------------------------------------------------- one report each


def test_every_submission_has_one_report_and_one_row(graded, students, tmp_path):
    out = tmp_path / "out"
    reports = run(out, students)
    names = [f"s{n:02}" for n in range(9)]
    assert [r.student for r in reports] == names == graded
    assert sorted(p.name for p in (out / "reports").iterdir()) == [
        f"{name}__01_tiny.json" for name in names
    ]
    assert list(totals(out)) == names
    assert sorted(p.name for p in out.iterdir()) == [
        ".lock", "batch.json", "grades.csv", "reports", "summary.json",
    ]  # fmt: skip


def test_the_summary_counts_statuses_and_exercises(here, students, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run(out, students, seed=SEED, mode="process")
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["submissions"], summary["seed"], summary["sandbox"]) == (9, SEED, "process")
    assert summary["status"] == {"graded": 8, "unreadable": 1}
    assert summary["exercises"]["1.1"] == {
        "submissions": 8, "attempted": 8, "full": 6, "mean": 2.5, "max": 3.0,
    }  # fmt: skip
    assert summary["exercises"]["1.2"]["attempted"] == 6
    assert totals(out) == POINTS
    one = json.loads((out / "reports" / "s00__01_tiny.json").read_text("utf-8"))
    assert one["sandbox"]["mode"] == "process"


def test_a_report_says_what_was_graded_and_how(graded, students, tmp_path):
    out = tmp_path / "out"
    run(out, students, seed=SEED, goals=False)
    one = json.loads((out / "reports" / "s00__01_tiny.json").read_text("utf-8"))
    assert (one["student"], one["lesson"]) == ("s00", "01_tiny")
    assert (one["seed"], one["goals"]) == (PRINT, False)
    assert len(one["submission"]["sha256"]) == 64
    assert set(one["versions"]) >= {"seqkit", "numpy"}
    assert one["sandbox"]["limits"]["memory_bytes"] == 2**30


def test_progress_is_told_after_every_submission(graded, students, tmp_path):
    told = []
    one = Batch(tmp_path / "out", [students])
    one.run(1, lambda state: told.append((state.done, state.kept, state.total)))
    assert told == [(n, 0, 9) for n in range(10)]
    told.clear()
    one.run(1, lambda state: told.append((state.done, state.kept, state.total)))
    assert told == [(9, 9, 9)]


def test_a_later_submission_counts_and_the_earlier_is_graded_too(graded, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    for name, age in (("ann_01_tiny.ipynb", 200), ("ann_01_tiny-2.ipynb", 100)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook({"1.1": f"def double(x):\n    return {age}"}), "utf-8")
        os.utime(path, (time.time() - age,) * 2)
        run(out, folder)
    with open(out / "grades.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(r["student"], r["file"].rsplit("/", 1)[-1], r["counts"]) for r in rows} == {
        ("ann", "ann_01_tiny.ipynb", "no"),
        ("ann", "ann_01_tiny-2.ipynb", "yes"),
    }
    assert graded == ["ann", "ann", "ann"]  # the first again: it does not count any more


# ---------------------------------------------------------------- grading again


def test_grading_again_keeps_every_report_to_the_byte(graded, students, tmp_path):
    out = tmp_path / "out"
    run(out, students)
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    graded.clear()
    run(out, students)
    assert graded == []
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_only_a_changed_submission_is_graded_again(graded, tmp_path):
    folder, out = write_class(tmp_path / "class", 4), tmp_path / "out"
    run(out, folder)
    graded.clear()
    (folder / "s02_01_tiny.ipynb").write_text(notebook(RIGHT), "utf-8")
    run(out, folder)
    assert graded == ["s02"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '{"course": 1}', "\ufeff{}", "\x00" * 100, "[" * 100_000],
    ids=["empty", "cut", "list", "null", "number", "other", "bom", "zeros", "deep"],
)
def test_a_damaged_report_is_graded_again(graded, students, tmp_path, text):
    out = tmp_path / "out"
    run(out, students, seed=SEED)
    whole = results(out)
    (out / "reports" / "s01__01_tiny.json").write_text(text, "utf-8")
    graded.clear()
    run(out, students)
    assert graded == ["s01"]
    assert results(out) == whole


def test_a_damaged_record_of_the_batch_is_written_anew(graded, students, tmp_path):
    run(tmp_path / "out", students, seed=SEED)
    (tmp_path / "out" / "batch.json").write_text("[" * 100_000, "utf-8")
    assert len(run(tmp_path / "out", students, seed=SEED)) == len(POINTS)


def test_the_report_of_a_submission_that_is_gone_stays_and_is_counted(graded, tmp_path):
    folder, out = write_class(tmp_path / "class", size=2), tmp_path / "out"
    run(out, folder, seed=SEED)
    assert Batch(out, [folder]).others() == 0
    (folder / "s01_01_tiny.ipynb").unlink()
    assert len(run(out, folder)) == 1
    assert Batch(out, [folder]).others() == 1
    assert len(list((out / "reports").iterdir())) == 2
    assert "s01" not in (out / "grades.csv").read_text("utf-8")


def test_results_inside_of_the_class_are_no_submissions(graded, tmp_path):
    folder = write_class(tmp_path / "class", size=2)
    (folder / "Zo.ipynb_1_assignsubmission_file_").mkdir()
    (folder / "Zo.ipynb_1_assignsubmission_file_" / "x.ipynb").write_text(notebook(), "utf-8")
    assert [len(run(folder / "out", folder, seed=SEED)) for _ in range(2)] == [3, 3]


def test_a_file_that_changes_while_the_class_is_graded_is_told_and_graded_next_time(
    here, tmp_path, monkeypatch
):
    def write(*names):
        with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
            for name in names:
                archive.writestr(f"{name}_01_tiny.ipynb", notebook().replace("A number", name))

    write("ann", "bob")
    again = Batch(tmp_path / "out", [tmp_path / "class.zip"], seed=SEED)
    write("aaron", "ann", "bob")
    monkeypatch.setattr(Grader, "_fill", lambda *_: pytest.fail("graded another's work"))
    assert [(r.student, r.status) for r in again.run(1)] == [
        ("ann", "unreadable"),
        ("bob", "unreadable"),
    ]
    write("ann", "bob")
    looked = []
    monkeypatch.setattr(Grader, "_fill", lambda _, report, *__: looked.append(report.student))
    run(tmp_path / "out", tmp_path / "class.zip")
    assert looked == ["ann", "bob"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_report_cut_by_a_power_loss_is_graded_again(graded, students, tmp_path, share):
    out = tmp_path / "out"
    run(out, students, seed=SEED)
    path = out / "reports" / "s01__01_tiny.json"
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    graded.clear()
    run(out, students)
    assert graded == ["s01"]


def test_half_written_files_of_a_killed_grading_are_ignored(graded, students, tmp_path):
    out = tmp_path / "out"
    (out / "reports").mkdir(parents=True)
    (out / "reports" / ".s01__01_tiny.json.4711").write_text('{"stud', "utf-8")
    (out / ".batch.json.4711").write_text('{"ver', "utf-8")
    (out / ".lock").touch()
    (out / "grading.log").touch()
    run(out, students, seed=SEED)
    assert len(graded) == 9
    assert list(totals(out)) == sorted(POINTS)


@pytest.mark.parametrize("change", [{"goals": False}, {"mode": "process"}])
def test_reports_made_with_other_settings_are_graded_again(graded, students, tmp_path, change):
    out = tmp_path / "out"
    run(out, students)
    graded.clear()
    run(out, students, **change)
    assert len(graded) == 9


def test_reports_of_a_changed_course_are_graded_again(graded, students, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run(out, students)
    graded.clear()
    monkeypatch.setattr(batch, "course_fingerprint", lambda: "of another day..")
    run(out, students)
    assert len(graded) == 9


def test_the_course_s_fingerprint_changes_with_lessons_and_checks(course, tmp_path):
    for folder in ("lessons", "tests"):
        shutil.copytree(course / folder, tmp_path / folder)
    before = batch.course_fingerprint(tmp_path)
    assert before == batch.course_fingerprint(course)
    for name, text in CHECKS.items():
        path = tmp_path / "tests" / "exercises" / "01_tiny" / name
        path.write_text(text + "# edited\n", "utf-8")
        assert batch.course_fingerprint(tmp_path) != before
        path.write_text(text, "utf-8")
    assert batch.course_fingerprint(tmp_path) == before
    assert all((Path(batch.__file__).parent.parent / part).exists() for part in batch.DECIDING)


def test_a_folder_keeps_its_seed_until_it_is_graded_fresh(graded, students, tmp_path):
    out = tmp_path / "out"
    first = Batch(out, [students])
    first.run(1)
    assert Batch(out, [students]).settings.seed == first.settings.seed
    assert Batch(out, [students], seed=first.settings.seed).settings == first.settings
    assert Batch(out, [students], fresh=True).settings.seed != first.settings.seed
    graded.clear()
    run(out, students, fresh=True, seed=8)
    assert len(graded) == 9
    assert json.loads((out / "batch.json").read_text("utf-8"))["seed"] == 8


def test_every_new_folder_has_a_seed_of_its_own(graded, students, tmp_path):
    seeds = {Batch(tmp_path / f"out{n}", [students]).settings.seed for n in range(5)}
    assert len(seeds) == 5


# ---------------------------------------------------------------- refusals


def test_another_seed_is_refused(graded, students, tmp_path):
    out = tmp_path / "out"
    run(out, students, seed=7)
    with pytest.raises(FolderError) as caught:
        Batch(out, [students], seed=8)
    assert str(caught.value) == f"{out} was graded with seed 7: leave --seed out, or add --fresh."


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_that_holds_other_files_is_refused(graded, students, tmp_path, fresh):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(FolderError, match=r"holds other files: give --out a new folder\.$"):
        Batch(tmp_path, [students], fresh=fresh)


def test_an_empty_folder_may_be_given(graded, students, tmp_path):
    assert len(run(tmp_path, students)) == 9


def test_a_file_in_place_of_a_folder_is_refused(graded, students, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(FolderError, match="out"):
        run(tmp_path / "out", students)


@pytest.mark.parametrize("end", ["done", "killed"])
def test_two_gradings_into_one_folder_are_refused(graded, students, tmp_path, end):
    out = tmp_path / "out"
    run(out, students)
    holds = (
        "import pathlib, sys\nfrom seqkit.results.folder import Folder\n"
        "with Folder(pathlib.Path(sys.argv[1])).held(): print(flush=True); input()"
    )
    line = [sys.executable, "-c", holds, str(out)]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(FolderError) as caught:
            run(out, students)
        if end == "killed":
            other.kill()
    assert str(caught.value) == f"another grading is writing to {out}: wait for it."
    assert len(run(out, students)) == 9


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_job_that_outlives_its_grading_does_not_hold_the_folder(graded, students, tmp_path):
    out = tmp_path / "out"
    forks = (
        "import os, pathlib, sys, time\nfrom seqkit.results.folder import Folder\n"
        "with Folder(pathlib.Path(sys.argv[1])).held():\n"
        "    job = os.fork()\n"
        "    if not job:\n        os.close(1)\n        time.sleep(600)\n"
        "    print(job, flush=True)\n    os._exit(1)"
    )
    line = [sys.executable, "-c", forks, str(out)]
    done = subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=240)
    try:
        assert runs(int(done.stdout))
        assert len(run(out, students)) == 9
    finally:
        os.kill(int(done.stdout), signal.SIGKILL)


# ---------------------------------------------------------------- what is on disk


def test_a_report_on_disk_follows_the_published_schema(graded, students, tmp_path):
    run(tmp_path / "out", students)
    published = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    paths = list((tmp_path / "out" / "reports").iterdir())
    assert len(paths) == 9
    for path in paths:
        data = json.loads(path.read_text("utf-8"))
        jsonschema.validate(data, published)
        assert data["course"] == batch.course_fingerprint()


def test_a_report_of_version_1_is_graded_again(graded, students, tmp_path):
    out = tmp_path / "out"
    run(out, students, seed=SEED)
    whole = results(out)
    path = out / "reports" / "s01__01_tiny.json"
    path.write_bytes((UNIT / "results" / "samples" / "report_v1.json").read_bytes())
    graded.clear()
    run(out, students)
    assert graded == ["s01"]
    assert results(out) == whole


def test_a_report_tells_whose_it_is_as_the_platform_does_and_what_counts(graded, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    for n, name in enumerate(("leekim_11_200_01_tiny.ipynb", "leekim_LATE_11_300_01_tiny-1.ipynb")):
        (folder / name).write_text(notebook({"1.1": f"def double(x):\n    return {n}"}), "utf-8")
    run(out, folder)
    first, last = (
        json.loads((out / "reports" / f"leekim__01_tiny{end}.json").read_text("utf-8"))
        for end in ("_2", "")
    )
    assert last["owner"] == {
        "name": "leekim", "platform": "canvas", "user_id": "11", "submission_id": "300",
        "late": True, "handed_in": None,
    }  # fmt: skip
    assert (first["owner"]["late"], last["superseded_by"]) == (False, None)
    assert first["superseded_by"] == last["submission"]["file"]
    with open(out / "grades.csv", encoding="utf-8") as file:
        told = [(row["student"], row["counts"], row["late"]) for row in csv.DictReader(file)]
    assert told == [("leekim", "no", "no"), ("leekim", "yes", "yes")]


# ---------------------------------------------------------------- a full disk, a power loss


class PowerLoss(BaseException):
    pass


@pytest.mark.parametrize("end", [OSError(errno.ENOSPC, "No space left on device"), PowerLoss()],
                         ids=["full", "power"])  # fmt: skip
@pytest.mark.parametrize("at", ["replace", "fsync", "open"])
def test_ending_at_any_write_and_going_on_gives_the_same(graded, tmp_path, monkeypatch, end, at):
    folder = write_class(tmp_path / "class", 3)
    run(tmp_path / "whole", folder, seed=SEED)
    whole, out = results(tmp_path / "whole"), tmp_path / "out"
    place = results_folder.__dict__ if at == "open" else os.__dict__
    real = open if at == "open" else getattr(os, at)
    left = 0

    def fails(*args, **kwargs):
        nonlocal left
        left -= 1
        if left < 0:
            raise end
        return real(*args, **kwargs)

    monkeypatch.setitem(place, at, fails)
    for survived in range(20):
        left = survived
        shutil.rmtree(out, ignore_errors=True)
        with contextlib.suppress(FolderError, PowerLoss):
            run(out, folder, seed=SEED)
        if left >= 0:
            break
        left = 10**6
        run(out, folder, seed=SEED)
        assert results(out) == whole
    assert 2 <= survived < 20


def test_a_full_disk_is_told_in_one_sentence(graded, students, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FolderError) as caught:
        run(tmp_path / "out", students)
    assert "No space left on device" in str(caught.value)
    assert "run the same command again to go on" in str(caught.value)


# ---------------------------------------------------------------- the real grader


@pytest.fixture(scope="module")
def undisturbed(course, students, tmp_path_factory):
    """The class, graded on two jobs with nothing in the way."""
    if MISSING:
        pytest.skip(MISSING)
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    done = grade(course, students, out)
    assert (done.returncode, done.stderr) == (0, "")
    return results(out)


def command(students, out, jobs=2):
    line = [sys.executable, "-m", "seqkit.cli", "grade", str(students), "--out", str(out)]
    return [*line, "--seed", str(SEED), "--jobs", str(jobs)]


def grade(course, students, out, jobs=2):
    return subprocess.run(
        command(students, out, jobs), cwd=course, capture_output=True, text=True, timeout=240
    )


@contextlib.contextmanager
def grading(course, students, out, jobs=2):
    """Start a grading in a session of its own; nothing of it is left afterwards."""
    process = subprocess.Popen(
        command(students, out, jobs), cwd=course, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for(reports: int, out: Path):
    """Wait until so many reports are there."""
    until = time.monotonic() + 240
    while len(list((out / "reports").glob("[!.]*"))) < reports:
        assert time.monotonic() < until
        time.sleep(0.01)


def family(pid: int) -> dict[int, bytes]:
    """Return the command lines of all processes below a process."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
    lines = {}
    for one in found[1:]:
        with contextlib.suppress(OSError):
            lines[one] = Path(f"/proc/{one}/cmdline").read_bytes()
    return lines


def jobs_of(process) -> list[int]:
    """Return the processes that grade for a grading."""
    below = family(process.pid)
    return [
        pid
        for pid, line in below.items()
        if b"bwrap" not in line and b"zygote" not in line and b"resource_tracker" not in line
    ]


def runs(pid: int) -> bool:
    """Whether a process is there and more than a name in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def all_gone(pids) -> bool:
    """Whether processes have ended, after at most a minute."""
    until = time.monotonic() + 60
    while any(map(runs, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(runs, pids))


def sandboxed(test):
    for mark in needs_sandbox:
        test = mark(test)
    return test


@sandboxed
def test_any_number_of_jobs_gives_the_same(here, students, tmp_path, undisturbed):
    out = tmp_path / "out"
    run(out, students, seed=SEED, jobs=1)
    assert totals(out) == POINTS
    assert results(out) == undisturbed


@sandboxed
def test_each_lesson_is_begun_once_a_job_and_rehearsed_once_by_all(course, tmp_path):
    """Students hand in two lessons each; what starts and rehearses writes a line."""
    root = shutil.copytree(course, tmp_path / "course")
    shutil.copytree(
        root / "tests" / "exercises" / "01_tiny", root / "tests" / "exercises" / "02_tiny"
    )
    folder = root / "tests" / "exercises" / "02_tiny"
    for path in [*folder.glob("1_*.py"), *folder.glob("hidden/1_*.py")]:
        path.rename(path.with_name(path.name.replace("1_", "2_", 1)))
    (root / "lessons" / "02_tiny.ipynb").write_text(_second(notebook()), "utf-8")
    (root / "solutions").mkdir()
    right = notebook(RIGHT)
    for name, text in (("01_tiny", right), ("02_tiny", _second(right))):
        (root / "solutions" / f"{name}.ipynb").write_text(text, "utf-8")
    students = tmp_path / "class"
    students.mkdir()
    for n in range(6):
        (students / f"s{n}_01_tiny.ipynb").write_text(right, "utf-8")
        (students / f"s{n}_02_tiny.ipynb").write_text(_second(right), "utf-8")
    watched = root / "seqkit" / "grading" / "grader.py"
    lines = f"""
_start, _rehearse = Sandbox.start, Runner.rehearse
def _note(*words):
    with open({str(tmp_path / "log")!r}, "a") as file:
        file.write(" ".join(map(str, words)) + "\\n")
def start(self):
    _note("start", *self.modules)
    _start(self)
def rehearse(self, reference, share):
    _note("rehearse", self.lesson.name, share.start, share.step)
    _rehearse(self, reference, share)
Sandbox.start, Runner.rehearse = start, rehearse
"""
    watched.write_text(watched.read_text("utf-8") + lines, "utf-8")
    done = grade(root, students, tmp_path / "out", jobs=2)
    assert done.returncode == 0, done.stderr
    log = (tmp_path / "log").read_text("utf-8").splitlines()
    assert len([line for line in log if line.startswith("start")]) <= 4
    rehearsed = sorted(line for line in log if line.startswith("rehearse"))
    assert rehearsed == [
        f"rehearse {lesson} {job} 2" for lesson in ("01_tiny", "02_tiny") for job in (0, 1)
    ]
    with open(tmp_path / "out" / "grades.csv", encoding="utf-8") as file:
        assert {row["total"] for row in csv.DictReader(file)} == {"5"}


@sandboxed
def test_another_seed_asks_something_else_and_gives_the_same_points(here, tmp_path):
    table = "def total(x):\n    return {0}"
    seen = []
    folder = tmp_path / "class"
    folder.mkdir()
    for name, answers in (("ann", RIGHT), ("bob", {**RIGHT, "1.2": table.format("float(x[0])")})):
        (folder / f"{name}_01_tiny.ipynb").write_text(notebook(answers), "utf-8")
    for seed in (1, 2):
        run(tmp_path / str(seed), folder, seed=seed)
        seen.append(totals(tmp_path / str(seed)))
    assert seen == [{"ann": 5, "bob": 3}] * 2


def _second(text: str) -> str:
    """Return a notebook of the first lesson as one of the second."""
    for old, new in (("1.1", "2.1"), ("1.2", "2.2"), ("_1_", "_2_"), ("01_tiny", "02_tiny")):
        text = text.replace(old, new)
    return text


def one_report(course, students, name="s00", **how) -> Report:
    """Grade one submission in this process."""
    (found,) = find_submissions(
        [students / f"{name}_01_tiny.ipynb"],
        lessons={e.name: e.lesson for e in Catalogue(course).lessons()},
    )
    grader = Grader(Settings(SEED), Catalogue(course))
    try:
        return grader.grade(found)
    finally:
        grader.close()


def killed(times, monkeypatch):
    """Let the sandbox die while the first submission is looked at, so many times."""
    real, asked, left = Channel.allow, 0, times

    def dies(self, seconds):
        nonlocal asked, left
        asked += 1
        if left and asked % 3 == 0:
            left -= 1
            below = family(self.sandbox.process.pid)
            self.sandbox.process.kill()
            self.sandbox.process.wait()
            assert all_gone(below)  # else it may answer to its end
        return real(self, seconds)

    monkeypatch.setattr(Channel, "allow", dies)


@sandboxed
def test_a_sandbox_that_dies_is_started_again_and_the_submission_graded_once_more(
    course, students, monkeypatch
):
    expected = one_report(course, students).without_times()
    killed(1, monkeypatch)
    assert one_report(course, students).without_times() == expected
    assert expected["total"] == 5


@sandboxed
def test_a_submission_that_brings_the_sandbox_down_twice_is_reported_as_crashed(
    here, students, tmp_path, monkeypatch
):
    killed(2, monkeypatch)
    reports = run(tmp_path / "out", students, seed=SEED)
    assert (reports[0].status, reports[0].total) == ("crashed", 0)
    assert reports[0].reason == "it brought the sandbox down twice; grade it by hand"
    assert [r.total for r in reports[1:]] == list(POINTS.values())[1:]


@sandboxed
def test_a_mistake_of_the_grader_costs_one_submission_and_no_class(
    here, students, tmp_path, monkeypatch
):
    real = Runner.grade

    def mistaken(self, submission):
        if "x + 2" in submission.answers["1.1"]:
            raise RuntimeError("a mistake of ours")
        return real(self, submission)

    monkeypatch.setattr(Runner, "grade", mistaken)
    reports = run(tmp_path / "out", students, seed=SEED)
    assert [r.student for r in reports if r.status == "crashed"] == ["s01", "s05"]
    assert "grade it by hand" in reports[1].reason
    assert reports[0].total == 5


@sandboxed
def test_a_check_s_own_mistake_is_told_to_the_instructor_and_costs_nobody(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    (root / "solutions").mkdir()
    (root / "solutions" / "01_tiny.ipynb").write_text(notebook(RIGHT), "utf-8")
    mistaken = CHECKS["1_01.py"].replace("student.double(2)", "student.double(tow)")
    (root / "tests" / "exercises" / "01_tiny" / "1_01.py").write_text(mistaken, "utf-8")
    students, out = write_class(tmp_path / "class", 2), tmp_path / "out"
    done = grade(root, students, out)
    assert done.returncode == 1
    error = "1.1, doubles two: NameError in 1_01.py, line 11: name 'tow' is not defined"
    assert f"a check has a mistake, met in 2 submissions: {error}" in done.stdout
    assert json.loads((out / "summary.json").read_text("utf-8"))["check_errors"] == {error: 2}
    assert totals(out) == {"s00": 4, "s01": 2}
    report = json.loads((out / "reports" / "s00__01_tiny.json").read_text("utf-8"))
    assert report["max"] == 4


# ---------------------------------------------------------------- interrupted and killed


@sandboxed
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_grading_says_so_and_goes_on(course, students, tmp_path, undisturbed, jobs):
    out = tmp_path / "out"
    with grading(course, students, out, jobs) as process:
        wait_for(1, out)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        _, said = process.communicate(timeout=240)
    assert process.returncode == 1
    assert said.strip() == "interrupted: run the same command again to go on."
    there = {p.name: p.read_bytes() for p in (out / "reports").glob("[!.]*")}
    assert there
    assert not (out / "grades.csv").exists()
    assert grade(course, students, out, jobs).returncode == 0
    assert results(out) == undisturbed
    assert {p.name: p.read_bytes() for p in (out / "reports").glob("[!.]*")} | there == {
        p.name: p.read_bytes() for p in (out / "reports").glob("[!.]*")
    }


@sandboxed
def test_an_interrupt_while_jobs_start_prints_no_traceback(course, students, tmp_path):
    out = tmp_path / "out"
    with grading(course, students, out) as process:
        until = time.monotonic() + 240
        while not ((out / "batch.json").exists() and jobs_of(process)):
            assert time.monotonic() < until
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=240)
    assert said.strip() == "interrupted: run the same command again to go on."


@sandboxed
def test_a_grading_killed_at_any_moment_goes_on_and_leaves_nothing_behind(
    course, students, tmp_path, undisturbed
):
    out, chance = tmp_path / "out", random.Random(0)
    for reports in (0, 4):
        with grading(course, students, out) as process:
            wait_for(reports, out)
            time.sleep(chance.uniform(0, 0.3))
            below = family(process.pid)
            process.kill()
            process.wait()
            assert all_gone(below)
    assert grade(course, students, out).returncode == 0
    assert results(out) == undisturbed


@sandboxed
def test_a_job_that_is_killed_costs_no_submission_its_report(
    course, students, tmp_path, undisturbed
):
    out = tmp_path / "out"
    with grading(course, students, out) as process:
        wait_for(1, out)
        os.kill(jobs_of(process)[0], signal.SIGKILL)
        _, said = process.communicate(timeout=240)
    assert (process.returncode, said) == (0, "")
    assert results(out) == undisturbed
    assert "a grading process died" in (out / "grading.log").read_text("utf-8")


@sandboxed
def test_a_full_disk_is_told_and_the_grading_goes_on_when_there_is_room(
    course, tmp_path, tmp_path_factory
):
    script = """
        import os, subprocess, sys
        disk, command = sys.argv[1], sys.argv[2:]
        filler = os.path.join(disk, "filler")
        for left in (0, 20480):
            room = os.statvfs(disk)
            with open(filler, "wb") as file:
                file.write(bytes(max(0, room.f_bavail * room.f_frsize - left)))
            done = subprocess.run(command, capture_output=True, text=True)
            print(done.returncode, done.stderr.strip().replace(disk, "DISK"))
            os.remove(filler)
        done = subprocess.run(command, capture_output=True, text=True)
        print(done.returncode, done.stderr)
        print(open(os.path.join(disk, "out", "grades.csv")).read())
    """
    students, disk = write_class(tmp_path / "class", 4), tmp_path / "disk"
    disk.mkdir()
    line = [*command(students, disk / "out", jobs=1), "--sandbox", "process"]
    full = ["bwrap", "--dev-bind", "/", "/", "--size", "200000", "--tmpfs", str(disk)]
    done = subprocess.run(
        [*full, "--chdir", str(course), sys.executable, "-c", dedent(script), str(disk), *line],
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    sentence = (
        "2 cannot write the results to DISK/out (No space left on device): make room or choose "
        "another --out, then run the same command again to go on."
    )
    lines = done.stdout.splitlines()
    assert lines[:2] == [sentence] * 2, done.stdout + done.stderr
    assert lines[2] == "0 "
    rows = list(csv.DictReader(lines[3:-1]))
    assert [float(row["total"]) for row in rows] == list(POINTS.values())[:4]


# ---------------------------------------------------------------- jobs that die


def open_archives() -> int:
    return files._open_archive.cache_info().currsize


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_jobs_share_no_open_archive(here, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ann_01_tiny.ipynb", notebook())
    settings = Batch(tmp_path / "out", [tmp_path / "class.zip"]).settings
    assert open_archives() > 0
    monkeypatch.setattr(jobs, "Grader", lambda *_: None)
    executor = jobs._executor(1, settings, "fork")
    try:
        assert executor.submit(open_archives).result() == 0
    finally:
        jobs._stop(executor)


def test_where_a_check_overflows_is_not_told_on_the_terminal(
    here, students, tmp_path, monkeypatch, recwarn
):
    grade = Runner.grade

    def overflows(self, submission):
        assert np.isinf(np.array([1e308]) * 10).all()
        return grade(self, submission)

    monkeypatch.setattr(Runner, "grade", overflows)
    run(tmp_path / "out", students)
    assert [str(one.message) for one in recwarn] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds data so")
def test_no_process_that_grades_takes_all_of_the_memory():
    code = """
    import numpy as np
    from seqkit.grading.executors.processes import bound_memory
    from seqkit.limits import MEMORY_OF_A_JOB
    bound_memory()
    try:
        np.empty(MEMORY_OF_A_JOB, np.uint8)
    except MemoryError:
        print("refused", np.empty(2**28, np.uint8).size)
    """
    words = [sys.executable, "-c", dedent(code)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=240, check=True)
    assert done.stdout.split() == ["refused", str(2**28)]


def test_the_lessons_are_known_without_the_libraries_of_their_checks():
    code = """
    import sys
    from seqkit.course.catalogue import Catalogue
    print(*Catalogue().texts(), sorted({"torch", "tensorflow"} & sys.modules.keys()))
    """
    words = [sys.executable, "-c", dedent(code)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=240, check=True)
    assert done.stdout.split() == [*Catalogue().names(), "[]"]


class Executor:
    """Stands in for a pool of processes in which some submissions kill their process."""

    def __init__(self, deadly=(), breaks_at=None):
        self.deadly, self.breaks_at, self.count = deadly, breaks_at, 0

    def submit(self, function, what, _):
        self.count += 1
        if self.count == self.breaks_at:
            raise BrokenProcessPool
        future = Future()
        if function is jobs._rehearse_in_job:
            future.set_result(Rehearsal())
            return future
        found = what
        if found.student in self.deadly:
            future.set_exception(BrokenProcessPool())
        else:
            report = empty_report(found, Settings(SEED))
            report.status = "graded"
            future.set_result(report)
        return future

    def shutdown(self, **how): ...


def test_a_submission_that_kills_its_job_twice_is_reported_as_crashed(
    here, students, tmp_path, monkeypatch
):
    monkeypatch.setattr(jobs, "_executor", lambda jobs, settings, method: Executor(deadly=["s03"]))
    reports = run(tmp_path / "out", students, seed=SEED, jobs=2)
    assert [r.student for r in reports] == sorted(POINTS)
    crashed = reports[3]
    assert (crashed.status, crashed.total, crashed.seed) == ("crashed", 0, PRINT)
    assert crashed.reason == "the grading process died on it twice; grade it by hand"
    assert all(r.status == "graded" for r in reports if r is not crashed)
    monkeypatch.setattr(jobs, "_executor", lambda jobs, settings, method: Executor())
    again = run(tmp_path / "out", students, jobs=2)
    assert [r.status for r in again] == ["graded"] * len(reports)  # it may have been the machine


@pytest.mark.parametrize("at", [1, 2, 3, 6])  # the first two rehearse
def test_a_pool_that_breaks_while_it_is_given_work_loses_no_submission(
    here, students, tmp_path, monkeypatch, at
):
    pools = iter([Executor(breaks_at=at)])
    monkeypatch.setattr(jobs, "_executor", lambda jobs, settings, method: next(pools, Executor()))
    reports = run(tmp_path / "out", students, seed=SEED, jobs=2)
    assert [r.student for r in reports] == sorted(POINTS)
    assert all(r.status == "graded" for r in reports)
