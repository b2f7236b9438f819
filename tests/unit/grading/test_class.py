"""One command grades a class of files nobody prepared: the whole way, as an instructor goes it."""

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from seqkit import ROOT
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.results.report import Report, schema

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(bubblewrap_complaint()), reason=bubblewrap_complaint() or "-"),
    pytest.mark.timeout(1800),  # a minute for each of the three gradings, on a machine at rest
]
NAME = "01_sequential_data"
SOLUTION = ROOT / "solutions" / f"{NAME}.ipynb"
LESSON = ROOT / "lessons" / f"{NAME}.ipynb"


def notebook(path: Path = LESSON):
    return nbformat.read(path, as_version=4)


def answer_cell(book, id: str):
    wanted = f"ex_{id}".replace(".", "_")
    return next(c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == wanted)


def with_answers(**sources: str):
    """Return the lesson with answers: ``ex_1_1="def …"``; ``True`` takes the solution's."""
    book, solved = notebook(), notebook(SOLUTION)
    for key, source in sources.items():
        id = key.removeprefix("ex_").replace("_", ".")
        answer_cell(book, id).source = answer_cell(solved, id).source if source is True else source
    return book


ALL = {f"ex_1_{n}": True for n in range(1, 11)}


def three_wrong():
    """Return everything right but three answers: a wrong string, a lost window, a wrong side."""
    book = with_answers(**ALL)
    for id, old, new in (
        ("1.1", "many-to-many delayed", "many-to-many later"),
        ("1.4", "def forecast(", "def forecast(*args):\n    return None\n\n\ndef unused("),
        ("1.9", "def embed_lookup(", "def embed_lookup(*args):\n    return 0\n\n\ndef unused("),
    ):
        cell = answer_cell(book, id)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
    return book


def moved():
    """Return right answers in other cells than asked, calling helpers of cells that were added."""
    book = with_answers(ex_1_1=True, ex_1_3=True)
    cell = answer_cell(book, "1.1")
    body = cell.source
    cell.source = "def task_type(*args, **kwargs):\n    return the_real_one(*args, **kwargs)\n"
    helper = nbformat.v4.new_code_cell(body.replace("def task_type", "def the_real_one"))
    book.cells.insert(book.cells.index(cell), helper)
    other = answer_cell(book, "1.3")
    book.cells.remove(other)
    book.cells.append(other)
    return book


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the class once; return rows of grades.csv and reports by student."""
    folder = tmp_path_factory.mktemp("class")
    students = {
        "complete": notebook(SOLUTION),
        "untouched": notebook(),
        "threewrong": three_wrong(),
        "syntax": with_answers(
            **{**ALL, "ex_1_2": "def order_gap(f, X, permutation):\n  return ((\n"}
        ),
        "endless": with_answers(
            **{**ALL, "ex_1_5": "def temporal_split(*a, **k):\n    while True:\n        pass\n"}
        ),
        "moved": moved(),
    }
    for student, book in students.items():
        nbformat.write(book, folder / f"{student}_{NAME}.ipynb")
    (folder / f"broken_{NAME}.ipynb").write_bytes(b"%PDF-1.7 this is my homework")
    with zipfile.ZipFile(folder / "submissions.zip", "w") as archive:
        text = nbformat.writes(with_answers(ex_1_1=True))
        archive.writestr(f"Ann Lee_71234_assignsubmission_file_/{NAME}.ipynb", text)
    out = tmp_path_factory.mktemp("out") / "graded"
    command = [sys.executable, "-m", "seqkit.cli", "grade", str(folder), "--out", str(out)]
    done = subprocess.run([*command, "--seed", "7"], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["student"]: row for row in csv.DictReader((out / "grades.csv").open())}
    reports = {
        (data := json.loads(path.read_text()))["student"]: data
        for path in (out / "reports").glob("*.json")
    }
    return rows, reports, out, command


def points(row) -> dict[str, float]:
    given = {
        key.removeprefix("exercise "): value for key, value in row.items() if "exercise" in key
    }
    return {id: float(value) for id, value in given.items() if value}


def test_every_submission_has_one_row_and_one_report(graded):
    rows, reports, out, _ = graded
    assert len(rows) == 8
    assert set(rows) == set(reports)
    assert len(list((out / "reports").iterdir())) == 8


def test_complete_earns_everything_and_untouched_nothing(graded):
    rows, reports, *_ = graded
    assert rows["complete"]["total"] == rows["complete"]["max"] == "22"
    assert rows["complete"]["status"] == "graded"
    assert rows["untouched"]["total"] == "0"
    assert not any(e["attempted"] for e in reports["untouched"]["exercises"])


def test_three_wrong_answers_cost_their_own_points_only(graded):
    rows, reports, *_ = graded
    full, here = points(rows["complete"]), points(rows["threewrong"])
    assert {id for id in full if here[id] < full[id]} == {"1.1", "1.4", "1.9"}
    wrong = next(e for e in reports["threewrong"]["exercises"] if e["id"] == "1.4")
    assert any("None" in c["message"] for c in wrong["checks"])


def test_a_syntax_error_costs_its_own_exercise(graded):
    rows, *_ = graded
    full, here = points(rows["complete"]), points(rows["syntax"])
    assert here == {**full, "1.2": 0.0}
    assert rows["syntax"]["status"] == "partial"
    assert "SyntaxError" in rows["syntax"]["notes"]


def test_an_endless_loop_costs_its_own_exercise(graded):
    rows, reports, *_ = graded
    full, here = points(rows["complete"]), points(rows["endless"])
    assert here == {**full, "1.5": 0.0}
    assert rows["endless"]["status"] == "timeout"
    assert "endless loop" in reports["endless"]["reason"]


def test_moved_answers_and_added_helpers_count(graded):
    rows, *_ = graded
    here = points(rows["moved"])
    assert here["1.1"] == 1
    assert here["1.3"] == 2
    assert sum(here.values()) == 3


def test_what_cannot_be_read_gets_a_report_with_the_reason(graded):
    rows, reports, *_ = graded
    assert rows["broken"]["status"] == "unreadable"
    assert float(rows["broken"]["total"]) == 0
    assert "PDF" in reports["broken"]["reason"]


def test_a_zip_as_a_platform_exports_it_is_opened(graded):
    rows, *_ = graded
    assert rows["Ann Lee"]["total"] == "1"


def test_reports_follow_the_published_schema(graded):
    import jsonschema

    published = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    assert published == schema(), "run: python -m seqkit.results.report > docs/report.schema.json"
    for report in graded[1].values():
        jsonschema.validate(report, published)


def test_a_report_holds_the_calls_and_the_answers_as_they_were_graded(graded):
    _, reports, *_ = graded
    wrong = next(e for e in reports["threewrong"]["exercises"] if e["id"] == "1.4")
    assert wrong["source"] == answer_cell(three_wrong(), "1.4").source
    assert [c["call"].startswith("forecast(") for c in wrong["checks"]] == [
        c["visible"] for c in wrong["checks"]
    ]
    broken = next(e for e in reports["syntax"]["exercises"] if e["id"] == "1.2")
    assert "SyntaxError" in broken["error"]
    assert not any(e["missing"] or e["source"] for e in reports["untouched"]["exercises"])


def test_grading_again_keeps_every_report_and_grading_fresh_changes_only_times(graded):
    _, _, out, command = graded
    before = {p.name: p.read_bytes() for p in (out / "reports").iterdir()}
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    assert {p.name: p.read_bytes() for p in (out / "reports").iterdir()} == before
    subprocess.run(
        [*command, "--fresh", "--seed", "7"], check=True, capture_output=True, timeout=900
    )
    for path in (out / "reports").iterdir():
        again = Report.model_validate_json(path.read_bytes())
        first = Report.model_validate_json(before[path.name])
        assert again.without_times() == first.without_times(), path.name
