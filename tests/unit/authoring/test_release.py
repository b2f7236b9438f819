"""Solutions become lessons and bundles; `golden/` holds one solution and the lesson it becomes."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from seqkit import ROOT
from seqkit.authoring.bundle import MARKER, bundle
from seqkit.authoring.release import build, out_of_date, release
from seqkit.authoring.steps import ReleaseError
from seqkit.authoring.stub import stub
from seqkit.course.catalogue import Catalogue

GOLDEN = Path(__file__).parent / "golden"
SOLUTION = GOLDEN / "solutions" / "01_sample.ipynb"
LESSON = GOLDEN / "lessons" / "01_sample.ipynb"


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    """A folder that holds the golden solution."""
    folder = tmp_path / "solutions"
    folder.mkdir()
    shutil.copyfile(SOLUTION, folder / SOLUTION.name)
    return folder


def edit(folder: Path, change: Callable[[dict[str, Any], dict[str, Any]], object]) -> None:
    """Change the notebook in a folder; `change` gets it, and its cells by grade id."""
    path = next(folder.glob("*.ipynb"))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = {c["metadata"].get("nbgrader", {}).get("grade_id"): c for c in notebook["cells"]}
    change(notebook, cells)
    path.write_text(json.dumps(notebook), encoding="utf-8")


# --- lessons ----------------------------------------------------------------------------------


def test_golden_solution_becomes_golden_lesson(solutions, tmp_path):
    released = release(solutions, tmp_path / "lessons")
    assert (tmp_path / "lessons" / "01_sample.ipynb").read_bytes() == LESSON.read_bytes()
    assert [(r.name, r.exercises, r.points, r.changed) for r in released] == [
        ("01_sample", 3, 6, True)
    ]


def test_releasing_twice_changes_nothing(solutions, tmp_path):
    lessons = tmp_path / "lessons"
    release(solutions, lessons)
    before = (lessons / "01_sample.ipynb").stat().st_mtime_ns
    assert [r.changed for r in release(solutions, lessons)] == [False]
    assert (lessons / "01_sample.ipynb").stat().st_mtime_ns == before
    assert [path.name for path in lessons.iterdir()] == ["01_sample.ipynb"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_windows_line_ends_and_byte_order_marks_leave_no_trace(solutions, tmp_path, mark):
    data = SOLUTION.read_bytes().replace(b"\n", b"\r\n").replace(rb"\n", rb"\r\n")
    (solutions / SOLUTION.name).write_bytes(mark + data)
    release(solutions, tmp_path / "lessons")
    assert (tmp_path / "lessons" / "01_sample.ipynb").read_bytes() == LESSON.read_bytes()


def test_what_an_editor_leaves_behind_makes_no_difference(solutions, tmp_path):
    def scribble(notebook, _):
        notebook["metadata"]["widgets"] = {"state": {}}
        notebook["nbformat_minor"] = 4
        for number, cell in enumerate(notebook["cells"]):
            cell.pop("id")
            cell["metadata"]["papermill"] = {"duration": number}
            if cell["cell_type"] == "code":
                cell["execution_count"] = 99 - number

    edit(solutions, scribble)
    release(solutions, tmp_path / "lessons")
    assert (tmp_path / "lessons" / "01_sample.ipynb").read_bytes() == LESSON.read_bytes()


def test_lessons_are_valid_notebooks_with_lf_ends_and_plain_letters():
    data = LESSON.read_bytes()
    nbformat.validate(nbformat.reads(data.decode(), as_version=4))
    assert data.endswith(b"}\n") and b"\r" not in data
    assert "déjà vu" in data.decode()


def solution_lines(notebook: dict[str, Any]) -> set[str]:
    """Lines between the marks of a solution that say something of their own."""
    inside: set[str] = set()
    for cell in notebook["cells"]:
        keep = False
        for line in "".join(cell["source"]).split("\n"):
            text = line.strip()
            if text in ("### BEGIN SOLUTION", "### END SOLUTION"):
                keep = text.startswith("### BEGIN")
            elif keep and len(text) >= 20 and not re.match(r"(def|class|for|if|#|@)\b", text):
                inside.add(text)
    return inside


def notebook_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_no_line_of_a_solution_reaches_its_lesson():
    for path in [SOLUTION, *sorted((ROOT / "solutions").glob("*.ipynb"))]:
        text, _ = build(path)
        lesson = json.loads(text)
        written = {
            line.strip()
            for cell in lesson["cells"]
            if cell["cell_type"] == "code"
            and cell["metadata"]["nbgrader"]["grade_id"].startswith("ex_")
            for line in "".join(cell["source"]).split("\n")
        }
        assert solution_lines(notebook_of(path)), path.name
        assert not written & solution_lines(notebook_of(path)), path.name
        assert "SOLUTION" not in text and "solution-note" not in text, path.name


def test_committed_lessons_are_those_of_the_solutions():
    if any((ROOT / "solutions").glob("*.ipynb")):
        assert out_of_date(ROOT / "solutions", ROOT / "lessons") == {}


def test_answers_outside_of_answer_cells_stay_away_too():
    """Notes say why an answer is so; nothing of them is left."""
    text = LESSON.read_text(encoding="utf-8")
    for words in ("most learners divide", "A dictionary is enough", "_mean_of"):
        assert words in SOLUTION.read_text(encoding="utf-8") and words not in text


def test_stubs_refuse_until_they_are_written():
    names: dict[str, Any] = {}
    cells = notebook_of(LESSON)["cells"]
    sources = {c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"]) for c in cells}
    for label in ("ex_1_1", "ex_1_2", "ex_1_3"):
        exec("import numpy as np\n" + sources[label], names)
    for call in ("smooth([1.0], 1)", "step([1, 2])", "Counter()", "Memory(3)"):
        with pytest.raises(NotImplementedError, match=r"exercise 1\.[123]"):
            eval(call, names)
    assert names["smooth"].__doc__.startswith("Average each value")


# --- refusals ---------------------------------------------------------------------------------


def grading(cells, label):
    return cells[label]["metadata"]["nbgrader"]


def drop(label):
    return lambda notebook, cells: notebook["cells"].remove(cells[label])


def text(label, old, new):
    def change(_, cells):
        source = "".join(cells[label]["source"])
        assert old in source
        cells[label]["source"] = source.replace(old, new)

    return change


REFUSED = {
    "check missing": (drop("check_1_2"), "ex_1_2.*no cell check_1_2"),
    "hints missing": (drop("hints_1_3"), "ex_1_3.*no cell hints_1_3"),
    "statement missing": (drop("statement_1_1"), "ex_1_1.*no cell statement_1_1"),
    "answer missing": (drop("ex_1_2"), "statement_1_2.*no answer cell ex_1_2"),
    "imports missing": (drop("imports"), "demo_shape.*first code cell"),
    "no points": (lambda n, c: grading(c, "check_1_1").pop("points"), "check_1_1.*None points"),
    "points differ": (
        lambda n, c: grading(c, "check_1_1").update(points=5),
        "check_1_1.*gives 5 points, the statement says 2",
    ),
    "one points": (text("statement_1_2", "1 point ", "1 points "), "statement_1_2.*first line"),
    "two point": (text("statement_1_1", "2 points ", "2 point "), "statement_1_1.*first line"),
    "hard to say": (text("statement_1_1", "●●○", "●○●"), "statement_1_1.*first line"),
    "other number": (text("statement_1_1", "1.1", "1.2"), r"statement_1_1.*### Exercise 1\.1 ·"),
    "other check": (text("check_1_1", "1.1", "1.2"), r'check_1_1.*check\("1\.1"\)'),
    "id twice": (
        lambda n, c: grading(c, "demo_shape").update(grade_id="intro"),
        "intro.*used twice",
    ),
    "no id": (lambda n, c: c["intro"]["metadata"].clear(), "cell a1b2c301.*grade_id"),
    "old schema": (
        lambda n, c: grading(c, "intro").update(schema_version=2),
        "intro.*schema_version to 3",
    ),
    "unlocked": (lambda n, c: grading(c, "check_1_1").update(locked=False), "check_1_1.*locked"),
    "no end": (text("ex_1_3", "    ### END SOLUTION", ""), "ex_1_3.*no `### END SOLUTION`"),
    "no begin": (
        text("ex_1_3", "    ### BEGIN SOLUTION\n", ""),
        "ex_1_3.*ends a solution that never began",
    ),
    "begin twice": (
        text("ex_1_3", "### BEGIN SOLUTION", "### BEGIN SOLUTION\n    ### BEGIN SOLUTION"),
        "ex_1_3.*inside a solution",
    ),
    "no marks": (
        lambda n, c: c["ex_1_3"].update(source='class Memory:\n    """Doc."""'),
        "ex_1_3.*mark its solution",
    ),
    "misspelt": (text("ex_1_3", "### BEGIN SOLUTION", "## begin solution"), "ex_1_3.*write `## b"),
    "elsewhere": (
        lambda n, c: c["demo_shape"].update(source="### BEGIN SOLUTION\nx = 1\n### END SOLUTION"),
        "demo_shape.*only answer cells",
    ),
    "no docstring": (
        text("ex_1_3", '"""Keeps the last values it was given.', '_ = """Keeps'),
        "ex_1_3.*give Memory a docstring",
    ),
    "hint untitled": (
        text("hints_1_2", "<summary>It counts nothing</summary>", ""),
        "hints_1_2.*hint 1 has no <summary>",
    ),
    "hint open": (text("hints_1_2", "</details>", ""), "hints_1_2.*not closed"),
    "hint empty": (text("hints_1_2", "Does `add` keep what it counts?", ""), "hints_1_2.*nothing"),
    "no hints": (lambda n, c: c["hints_1_2"].update(source="Good luck."), "hints_1_2.*<details>"),
    "order": (
        lambda n, c: n["cells"].append(n["cells"].pop(n["cells"].index(c["statement_1_1"]))),
        "ex_1_1.*in this order: statement_1_1, ex_1_1",
    ),
    "cut in two": (
        text("ex_1_3", "        return list(self.values)\n\n    ### END SOLUTION",
             "        return [\n    ### END SOLUTION\n    ]"),
        "ex_1_3.*not valid Python",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_a_solution_with_a_fault_is_refused_with_its_cell_and_what_to_do(
    solutions, tmp_path, change, message
):
    edit(solutions, change)
    with pytest.raises(ReleaseError, match=message) as caught:
        release(solutions, tmp_path / "lessons")
    said = str(caught.value)
    assert "01_sample.ipynb" in said and "\n" not in said and said.endswith(".")
    assert not (tmp_path / "lessons").exists()


def test_nothing_is_written_when_one_of_two_is_refused(solutions, tmp_path):
    (solutions / "02_broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"02_broken\.ipynb is not a readable notebook"):
        release(solutions, tmp_path / "lessons")
    assert not (tmp_path / "lessons").exists()


def test_a_folder_without_solutions_is_refused(tmp_path):
    with pytest.raises(ReleaseError, match="holds no notebooks"):
        release(tmp_path, tmp_path / "lessons")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f():\n    '''D.'''\n    ### BEGIN SOLUTION\n    ### END SOLUTION", "is empty"),
        ("def f(:\n    ### BEGIN SOLUTION\n    x\n    ### END SOLUTION", "not valid Python"),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "inside a function or class"),
    ],
)
def test_a_block_that_leaves_no_stub_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        stub(source, "1.1")


def test_methods_and_whole_bodies_may_stand_side_by_side():
    source = '''class A:
    """First."""
    ### BEGIN SOLUTION
    x = 1
    ### END SOLUTION

    class B:
        def f(self):
            ### BEGIN SOLUTION
            return 1
            ### END SOLUTION'''
    assert (
        stub(source, "6.2")
        == '''class A:
    """First."""
    # YOUR CODE HERE
    def __init__(self, *args, **kwargs):
        raise NotImplementedError("exercise 6.2")

    class B:
        def f(self):
            # YOUR CODE HERE
            raise NotImplementedError("exercise 6.2")'''
    )


# --- out of date ------------------------------------------------------------------------------


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons"
    folder.mkdir()
    shutil.copyfile(LESSON, folder / LESSON.name)
    return folder


def test_lessons_in_date_show_no_difference(solutions, lessons):
    assert out_of_date(solutions, lessons) == {}


def test_a_changed_statement_shows_as_a_diff_of_its_cell(solutions, lessons):
    edit(solutions, text("statement_1_2", "Write `Counter`.", "Write `Counter` with `len`."))
    diff = out_of_date(solutions, lessons)["01_sample"]
    assert "-Write `Counter`.\n" in diff and "+Write `Counter` with `len`.\n" in diff
    assert "# %% [markdown] statement_1_2" in diff
    assert '"source"' not in diff and len(diff.split("\n")) < 25


def test_changed_points_show_in_the_diff(solutions, lessons):
    edit(lessons, lambda n, c: grading(c, "check_1_1").update(points=9))
    diff = out_of_date(solutions, lessons)["01_sample"]
    assert "-# %% [code] check_1_1 9 points" in diff and "+# %% [code] check_1_1 2 points" in diff


@pytest.mark.parametrize(
    "change",
    [
        lambda n, c: grading(c, "intro").update(locked=False),
        lambda n, c: c["ex_1_1"].update(execution_count=3),
        lambda n, c: n.pop("metadata"),
        lambda n, c: c["intro"].update(metadata=None),
    ],
)
def test_every_other_difference_shows_too(solutions, lessons, change):
    edit(lessons, change)
    assert out_of_date(solutions, lessons)["01_sample"].startswith("--- lessons/01_sample.ipynb")


def test_line_ends_alone_show_too(solutions, lessons):
    path = lessons / "01_sample.ipynb"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "␍" in out_of_date(solutions, lessons)["01_sample"]


def test_a_missing_lesson_and_a_stray_one_are_told(solutions, lessons):
    (lessons / "01_sample.ipynb").rename(lessons / "07_old.ipynb")
    found = out_of_date(solutions, lessons)
    assert "+# %% [code] ex_1_1" in found["01_sample"]
    assert "07_old.ipynb has no solution: delete it" in found["07_old"]


def test_checking_changes_nothing(solutions, lessons):
    edit(solutions, text("statement_1_2", "Write", "Make"))
    before = (lessons / "01_sample.ipynb").read_bytes()
    out_of_date(solutions, lessons)
    assert (lessons / "01_sample.ipynb").read_bytes() == before


# --- bundles ----------------------------------------------------------------------------------


VISIBLE = """\
from seqkit.checking.expect import equal
from seqkit.course import Rules, check

rules = Rules(defines=("smooth",))


@check(points=2)
def test_keeps_length(student):
    'keeps the length'
    equal(len(student.smooth([1.0, 2.0], 2)), 2)
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course, with everything that students must not get."""
    root = tmp_path / "course"
    for name, data in {
        "course.py": "print('course')\n",
        "requirements.txt": "numpy\n",
        "pyproject.toml": "[project]\n",
        "LICENSE": "BSD\n",
        "README.md": "for instructors\n",
        ".gitignore": "__pycache__/\n# fetched\naclImdb*\n*.egg-info/\n!kept\n",
        "seqkit/__init__.py": "",
        "seqkit/checking/expect.py": "x = 1\n",
        "seqkit/__pycache__/a.pyc": "",
        "data/README.md": "data\n",
        "data/aclImdb/train.txt": "fetched\n",
        "tests/exercises/01_sample/1_01.py": VISIBLE,
        "tests/exercises/01_sample/oracle.py": "def oracle(values): ...\n",
        "tests/exercises/01_sample/hidden/1_01.py": "secret\n",
        "tests/exercises/01_sample/hidden/1_02.py": "secret\n",
        "tests/exercises/01_sample/hidden/traps/wide.py": "secret\n",
        "tests/exercises/conftest.py": "import pytest\n",
        "tests/answers/01_sample/1_01.py": "secret\n",
        "tests/attacks/a.ipynb": "secret\n",
        "docs/grading.md": "secret\n",
        "benchmarks/b.py": "secret\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data, encoding="utf-8")
    for source in (SOLUTION, LESSON):
        copy = root / source.parent.name / source.name
        copy.parent.mkdir()
        shutil.copyfile(source, copy)
    return root


def tree(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_bundle_holds_what_students_need_and_nothing_else(course, tmp_path):
    made = bundle(course, tmp_path / "out" / "students")
    assert tree(made) == sorted([
        MARKER,
        "LICENSE",
        "README.md",
        "course.py",
        "data/README.md",
        "lessons/01_sample.ipynb",
        "pyproject.toml",
        "requirements.txt",
        "seqkit/__init__.py",
        "seqkit/checking/expect.py",
        "tests/exercises/01_sample/1_01.py",
        "tests/exercises/01_sample/oracle.py",
        "tests/exercises/conftest.py",
    ])  # fmt: skip
    checks = made / "tests/exercises/01_sample"
    assert (checks / "1_01.py").read_text(encoding="utf-8") == VISIBLE
    assert not (checks / "hidden").exists()
    assert (made / "lessons/01_sample.ipynb").read_bytes() == LESSON.read_bytes()
    everything = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    for secret in (b"secret", b"BEGIN SOLUTION", b"_mean_of", b"for instructors"):
        assert secret not in everything
    assert [p.name for p in made.parent.iterdir()] == ["students"]


def test_the_bundles_readme_is_for_learners(course, tmp_path):
    text = (bundle(course, tmp_path / "out") / "README.md").read_text(encoding="utf-8")
    assert "python course.py lab" in text and 'check("1.3")' in text
    assert "| [Lesson 1 · A sample](lessons/01_sample.ipynb) | 3 | 6 |" in text
    assert "solutions" not in text and "$" not in text


def test_an_earlier_bundle_is_replaced_as_a_whole(course, tmp_path):
    target, stale = tmp_path / "out", course / "data" / "stale.txt"
    bundle(course, target)
    first = {name: (target / name).read_bytes() for name in tree(target)}
    stale.write_text("old", encoding="utf-8")
    bundle(course, target)
    assert (target / "data" / "stale.txt").exists()
    stale.unlink()
    (target / ".venv").mkdir()
    (target / ".venv" / "pyvenv.cfg").write_text("made by course.py", encoding="utf-8")
    bundle(course, target)
    assert {name: (target / name).read_bytes() for name in tree(target)} == first


@pytest.mark.parametrize("where", ["submissions/kim.ipynb", "lessons/kim_01_sample.ipynb"])
def test_a_bundle_that_holds_work_of_others_is_not_replaced(course, tmp_path, where):
    target = bundle(course, tmp_path / "out")
    (target / where).parent.mkdir(exist_ok=True)
    (target / where).write_text("the only copy", encoding="utf-8")
    with pytest.raises(ReleaseError, match=f"holds other files .{where}"):
        bundle(course, target)
    assert (target / where).read_text(encoding="utf-8") == "the only copy"


@pytest.mark.parametrize("where", ["n" * 256, "file/x"])
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(course, tmp_path, where):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"cannot (use|write)"):
        bundle(course, tmp_path / where)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other limits")
def test_the_longest_name_of_a_folder_may_become_a_bundle(course, tmp_path):
    assert (bundle(course, tmp_path / ("n" * 253)) / MARKER).exists()


def test_an_empty_folder_may_become_a_bundle(course, tmp_path):
    (tmp_path / "out").mkdir()
    assert (bundle(course, tmp_path / "out") / MARKER).exists()


def test_a_folder_with_other_files_is_never_touched(course, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ReleaseError, match="holds other files"):
        bundle(course, tmp_path / "home")
    assert tree(tmp_path / "home") == ["thesis.txt"]


@pytest.mark.parametrize("where", [".", "..", "lessons", "data/out", "tests/new"])
def test_a_bundle_never_lands_in_the_course(course, where):
    before = tree(course)
    with pytest.raises(ReleaseError, match=r"part of the course|holds other files"):
        bundle(course, course / where)
    assert tree(course) == before


def test_a_file_in_the_way_is_left_alone(course, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(ReleaseError, match="is a file"):
        bundle(course, tmp_path / "out")


def test_lessons_out_of_date_are_not_handed_out(course, tmp_path):
    edit(course / "lessons", text("statement_1_2", "Write", "Make"))
    with pytest.raises(ReleaseError, match="out of date: 01_sample; run `seqkit release` first"):
        bundle(course, tmp_path / "out")


def test_an_incomplete_course_is_told_and_leaves_nothing(course, tmp_path):
    (course / "course.py").unlink()
    with pytest.raises(ReleaseError, match=r"course\.py is missing"):
        bundle(course, tmp_path / "out" / "b")
    assert not (tmp_path / "out").exists()


def test_a_bundle_that_fails_half_way_leaves_the_old_one(course, tmp_path, monkeypatch):
    target = bundle(course, tmp_path / "out" / "b")
    before, copyfile = tree(target), shutil.copyfile

    def fails(source, copy):
        if source.name == "1_01.py":
            raise OSError(errno.ENOSPC, "No space left on device")
        copyfile(source, copy)

    monkeypatch.setattr(shutil, "copyfile", fails)
    with pytest.raises(ReleaseError, match="No space left on device"):
        bundle(course, target)
    assert tree(target) == before
    assert [p.name for p in target.parent.iterdir()] == ["b"]


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators only")
def test_links_are_not_copied(course, tmp_path):
    (tmp_path / "outside.txt").write_text("outside", encoding="utf-8")
    (course / "data" / "link.txt").symlink_to(tmp_path / "outside.txt")
    assert "data/link.txt" not in tree(bundle(course, tmp_path / "out"))


def test_students_of_this_course_get_every_visible_check_and_no_hidden_one(tmp_path):
    def checks(catalogue):
        entries = [entry for lesson in catalogue.lessons() for entry in lesson.entries.values()]
        return [(c.exercise, c.name, c.hidden) for entry in entries for c in entry.checks]

    whole = checks(Catalogue(ROOT))
    given = checks(Catalogue(bundle(ROOT, tmp_path / "out")))  # none needs what stayed behind
    assert given == [one for one in whole if one[-1] is False] != whole
