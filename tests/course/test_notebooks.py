"""What must hold of every lesson and its solution: they run, they are in date, they are clean."""

import base64
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from seqkit import ROOT
from seqkit.course.catalogue import Catalogue

LESSONS = sorted((ROOT / "lessons").glob("[0-9]*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("[0-9]*.ipynb"))
HANGS = "3600"  # seconds after which a cell does not come back; how long it takes is measured
MOST_LINES = 25  # of a demonstration's cell
MOST_BYTES = 150_000  # of a picture


def named(path):
    return path.stem if isinstance(path, Path) else None


every_lesson = pytest.mark.parametrize("path", LESSONS, ids=named)
every_solution = pytest.mark.parametrize("path", SOLUTIONS, ids=named)
every_notebook = pytest.mark.parametrize(
    "path", LESSONS + SOLUTIONS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


# ---------------------------------------------------------------- looking at notebooks


def read(path):
    return nbformat.read(path, as_version=4)


def grade_id(cell):
    return cell.metadata["nbgrader"]["grade_id"]


def code_cells(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def outputs(book):
    """Yield the grade id of a cell and an output of it, for every stored output."""
    for cell in code_cells(book):
        for output in cell.outputs:
            yield grade_id(cell), output


def text_of(output):
    """Return the words of an output: what was printed, said or shown, pictures left out."""
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return "\n".join(output.traceback)
    parts = [str(part) for kind, part in output.data.items() if not kind.startswith("image/")]
    return re.sub(r"data:image/[^\"']*", "", "\n".join(parts))


class Pictures(HTMLParser):
    """The pictures of an HTML output, as the attributes of their tags."""

    def __init__(self, markup):
        super().__init__()
        self.found = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def pictures(book):
    """Yield a grade id, the bytes and the alternative text of every stored picture."""
    for name, output in outputs(book):
        data = output.get("data", {})
        for picture in Pictures(data.get("text/html", "")).found:
            yield name, base64.b64decode(picture["src"].partition(",")[2]), picture.get("alt") or ""
        for kind in data:
            if kind.startswith("image/") and "text/html" not in data:
                content = data[kind]
                png = kind == "image/png"
                # JupyterLab shows these without the text that an author may have given them.
                yield name, base64.b64decode(content) if png else content.encode(), ""


# ---------------------------------------------------------------- they exist, and are in date


def test_every_solution_has_its_lesson_and_every_lesson_its_checks():
    assert LESSONS
    assert list(map(named, LESSONS)) == list(map(named, SOLUTIONS)) == Catalogue().names()


def test_lessons_are_what_release_makes_of_the_solutions():
    command = [sys.executable, "-m", "seqkit.cli", "release", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


# ---------------------------------------------------------------- they run


@every_solution
def test_a_fresh_run_of_a_solution_gives_the_outputs_it_stores(path, tmp_path):
    """Strict nbval on a copy: what its checks remember stays out of the repository."""
    book = read(path)
    nbformat.write(book, tmp_path / path.name)
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", HANGS]
    command = [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", "-q", path.name]
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert f"{len(code_cells(book))} passed" in done.stdout


@every_lesson
def test_an_unanswered_lesson_runs_through(path, tmp_path):
    book = read(path)
    folder = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(
        book, timeout=int(HANGS), kernel_name="python3", allow_errors=True, resources=folder
    ).execute()
    said = list(outputs(book))
    failed = {name: text_of(o) for name, o in said if o.output_type == "error"}
    assert not failed
    assert {name: o.text for name, o in said if o.get("name") == "stderr"} == {}
    checks = {
        cell.source: "".join(text_of(o) for o in cell.outputs)
        for cell in code_cells(book)
        if grade_id(cell).startswith("check_")
    }
    assert checks
    assert {source for source, text in checks.items() if "not attempted yet" not in text} == set()
    assert [p.name for p in tmp_path.iterdir()] == [], "it left something behind"


def seqkit_check(path):
    """Run `seqkit check`; return its exit code, its lines and the numbers of the last one."""
    command = [sys.executable, "-m", "seqkit.cli", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    lines = done.stdout.splitlines()
    last = r"(\d+) of (\d+) exercises attempted, ([\d.]+) of ([\d.]+) points by the visible checks"
    numbers = re.fullmatch(last, lines[-1] if lines else "")
    assert numbers, done.stdout + done.stderr
    return done.returncode, lines, [float(n) for n in numbers.groups()]


@every_solution
def test_a_solution_gets_every_point(path):
    code, lines, (attempted, exercises, points, possible) = seqkit_check(path)
    assert code == 0, lines
    assert attempted == exercises > 0
    assert points == possible > 0


@every_lesson
def test_an_unanswered_lesson_gets_none(path):
    code, lines, (attempted, exercises, points, possible) = seqkit_check(path)
    assert code == 0, lines
    assert attempted == points == 0
    assert possible > 0
    assert sum("not attempted yet" in line for line in lines) == exercises


def test_a_wrong_answer_makes_seqkit_check_say_so(tmp_path):
    book = read(SOLUTIONS[0])
    answer = next(cell for cell in book.cells if grade_id(cell).startswith("ex_"))
    name = re.search(r"^def (\w+)", answer.source, re.MULTILINE)[1]
    answer.source += f"\n\ndef {name}(*args, **kwargs):\n    return 'wrong'\n"
    nbformat.write(book, tmp_path / SOLUTIONS[0].name)
    code, lines, (attempted, exercises, points, possible) = seqkit_check(
        tmp_path / SOLUTIONS[0].name
    )
    assert code == 1
    assert attempted == exercises
    assert points < possible
    assert any("✗" in line and "gave the type 'wrong'" in line for line in lines), lines


# ---------------------------------------------------------------- they are clean


@every_notebook
def test_no_folder_of_a_machine_is_named(path):
    book = read(path)
    texts = [("", json.dumps(dict(book.metadata)))]
    texts += [(grade_id(cell), cell.source) for cell in book.cells]
    texts += [(name, text_of(output)) for name, output in outputs(book)]
    folder = re.compile(r"(/(home|root|work|Users|tmp|private|mnt)/|\b[A-Z]:\\|site-packages)\S*")
    found = {name: folder.search(text)[0] for name, text in texts if folder.search(text)}
    assert not found


@every_solution
def test_stored_outputs_hold_no_error_no_warning_and_nothing_on_stderr(path):
    for name, output in outputs(read(path)):
        assert output.output_type != "error", name
        assert output.get("name") != "stderr", (name, output.text)
        assert not re.search(r"\w*Warning\b:|\bWARNING\b|Traceback", text_of(output)), name
        assert "✗" not in text_of(output), name


@every_solution
def test_stored_outputs_are_those_of_one_run_from_top_to_bottom(path):
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1))


@every_lesson
def test_lessons_store_no_outputs(path):
    book = read(path)
    assert list(outputs(book)) == []
    assert {cell.execution_count for cell in code_cells(book)} == {None}


@every_solution
def test_pictures_are_small_and_say_what_they_show(path):
    found = list(pictures(read(path)))
    assert found
    for name, data, alt in found:
        assert len(data) <= MOST_BYTES, name
        assert len(alt.split()) >= 5, f"{name}: {alt!r} does not say what the picture shows"


@every_lesson
def test_pictures_in_the_text_say_what_they_show(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"!\[\s*\]\(", cell.source), grade_id(cell)
            assert all(p.get("alt") for p in Pictures(cell.source).found), grade_id(cell)


@every_solution
def test_cells_of_demonstrations_are_short(path):
    long = {}
    for cell in code_cells(read(path)):
        lines = len(cell.source.splitlines())
        if not re.match(r"(ex|check)_\d", grade_id(cell)) and lines > MOST_LINES:
            long[grade_id(cell)] = lines
    assert not long


@every_notebook
def test_grade_ids_and_cell_ids_are_unique(path):
    cells = read(path).cells
    for ids in (map(grade_id, cells), (cell.id for cell in cells)):
        assert [name for name, count in Counter(ids).items() if count > 1] == []


@every_lesson
def test_every_exercise_has_its_cells_in_order_hints_and_points_that_agree(path):
    lesson = Catalogue().lesson(path.stem)
    cells = {grade_id(cell): cell for cell in read(path).cells}
    order = list(cells)
    assert lesson.entries
    for id, entry in lesson.entries.items():
        suffix = id.replace(".", "_")
        own = [f"{part}_{suffix}" for part in ("statement", "ex", "check", "hints")]
        start = order.index(own[0])
        assert order[start : start + 4] == own
        assert cells[own[2]].source == f'check("{id}")'
        assert entry.exercise.hints, f"{id} has no hints"
        assert all(hint.title and hint.markdown.strip() for hint in entry.exercise.hints), id
        total = sum(check.points for check in entry.checks)
        stated = entry.exercise.points
        assert cells[own[2]].metadata["nbgrader"]["points"] == stated == pytest.approx(total), id


@every_lesson
def test_visible_checks_give_a_learner_something_and_hidden_ones_a_real_share(path):
    for id, entry in Catalogue().lesson(path.stem).entries.items():
        visible = sum(check.points for check in entry.checks if not check.hidden)
        assert 0.3 <= visible / entry.exercise.points <= 0.7, id
