"""Every command says what happened, exits as promised, and answers wrong use in one sentence."""

import json
import logging
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from seqkit import ROOT, __version__, cli
from seqkit.course.catalogue import Catalogue
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint

MISSING = bubblewrap_complaint()
GOLDEN = Path(__file__).parents[1] / "authoring" / "golden"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    logger = logging.getLogger("seqkit.grading")
    before = list(logger.handlers)
    yield
    for handler in set(logger.handlers) - set(before):
        logger.removeHandler(handler)
        handler.close()


def run(*arguments):
    """Run a command as `seqkit` would; nothing but an exit may come out of it."""
    result = CliRunner().invoke(cli.app, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def sentence(result) -> str:
    """Return the one sentence that a failed command says, and nothing else."""
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert "Traceback" not in line
    return line


# ---------------------------------------------------------------- the door


def test_the_version_is_told():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"{__version__}\n")


def test_no_words_show_the_commands():
    text = run().output
    for command in ("lab", "check", "grade", "release", "data", "doctor"):
        assert f" {command} " in text


@pytest.mark.parametrize(
    "command", [["lab"], ["check"], ["grade"], ["release"], ["doctor"], ["data"], ["data", "fetch"]]
)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself(command, flag):
    result = run(*command, flag)
    assert result.exit_code == 0
    assert "Usage" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["teach"], "teach"),
        (["check"], "NOTEBOOK"),
        (["grade"], "PATHS"),
        (["grade", "x.ipynb"], "--out"),
        (["grade", "x.ipynb", "--out", "o", "--jobs", "0"], "--jobs"),
        (["grade", "x.ipynb", "--out", "o", "--jobs", "many"], "--jobs"),
        (["grade", "x.ipynb", "--out", "o", "--seed", "x"], "--seed"),
        (["grade", "x.ipynb", "--out", "o", "--sandbox", "docker"], "--sandbox"),
        (["grade", "x.ipynb", "--out", "o", "--nonsense"], "--nonsense"),
        (["data", "fetch"], "NAME"),
        (["data", "burn"], "burn"),
        (["doctor", "who"], "who"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_that_cannot_be_read_is_wrong_use(arguments, names):
    result = run(*arguments)
    assert result.exit_code == 2
    assert names.lower() in result.stderr.lower()
    assert "Traceback" not in result.stderr


# ---------------------------------------------------------------- lab


@pytest.mark.parametrize("word", ["1", "01", "01_sample", "lessons/01_sample.ipynb"])
def test_the_lab_opens_the_lesson_asked_for(monkeypatch, word):
    begun = []
    monkeypatch.setattr("seqkit.commands.lab.ROOT", GOLDEN)
    monkeypatch.setattr(os, "execv", lambda program, line: begun.append(line))
    assert run("lab", word).exit_code == 0
    assert begun[0][1:] == ["-m", "jupyterlab", "lessons/01_sample.ipynb"]
    assert Path.cwd() == GOLDEN


def test_the_lab_opens_all_lessons(monkeypatch):
    begun = []
    monkeypatch.setattr("seqkit.commands.lab.ROOT", GOLDEN)
    monkeypatch.setattr(os, "execv", lambda program, line: begun.append(line))
    assert run("lab").exit_code == 0
    assert begun[0][1:] == ["-m", "jupyterlab", "lessons"]


def test_a_lesson_that_is_not_there_is_told_with_those_that_are(monkeypatch):
    monkeypatch.setattr("seqkit.commands.lab.ROOT", GOLDEN)
    result = run("lab", "77")
    assert result.exit_code == 2
    assert sentence(result) == "there is no lesson '77'; there are 01_sample."


# ---------------------------------------------------------------- check

CHECKS = {
    "1_01.py": '''
from seqkit.checking.expect import equal
from seqkit.course import Rules, check

rules = Rules(defines=("smooth", "step"))


@check(points=1)
def test_step(student):
    """gives [the] differences"""
    equal(student.step([1, 4]), [3], why="Each value minus the one before it.")
''',
    "hidden/1_01.py": '''
from seqkit.course import check


@check(points=1)
def test_hidden(student):
    """is never shown here"""
    raise AssertionError
''',
    "1_02.py": '''
from seqkit.checking.expect import equal
from seqkit.course import check


@check(points=1)
def test_counter(student):
    """counts"""
    equal(student.fetch(student.Counter().counts), {})
''',
}


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """Let `check` know one small lesson; return a function that writes a notebook with answers."""
    root = tmp_path / "course"
    shutil.copytree(GOLDEN / "lessons", root / "lessons")
    folder = root / "tests" / "exercises" / "01_sample"
    (folder / "hidden").mkdir(parents=True)
    for name, text in CHECKS.items():
        (folder / name).write_text(text, "utf-8")
    monkeypatch.setattr("seqkit.course.catalogue.Catalogue", lambda: Catalogue(root))

    def write(**answers):
        book = json.loads((root / "lessons" / "01_sample.ipynb").read_text("utf-8"))
        for cell in book["cells"]:
            id = cell["metadata"]["nbgrader"]["grade_id"]
            cell["source"] = answers.get(id, cell["source"])
        (tmp_path / "mine.ipynb").write_text(json.dumps(book), "utf-8")
        return "mine.ipynb"

    return write


def test_a_right_answer_is_shown_with_its_visible_points(sample):
    result = run("check", sample(ex_1_1="def step(x):\n    return [x[1] - x[0]]"))
    assert result.exit_code == 0
    assert "✓ 1.1 Smooth and step: 1 of 1" in result.stdout
    assert "– 1.2 A counter, method by method: not attempted yet" in result.stdout
    assert "is never shown here" not in result.stdout
    assert "1 of 3 exercises attempted, 1 of 2 points by the visible checks" in result.stdout


def test_a_wrong_answer_is_shown_with_what_is_wrong(sample):
    result = run("check", sample(ex_1_1="def step(x):\n    return x"))
    assert result.exit_code == 1
    assert "✗ 1.1 Smooth and step: 0 of 1" in result.stdout
    assert (
        "✗ gives [the] differences — `step([1, 4])` gave [1, 4], expected [3]. "
        "Each value minus the one before it" in " ".join(result.stdout.split())
    )


def test_an_untouched_notebook_has_nothing_wrong(sample):
    result = run("check", sample())
    assert result.exit_code == 0
    assert "0 of 3 exercises attempted" in result.stdout


def test_an_answer_that_does_not_run_is_noted(sample):
    result = run("check", sample(ex_1_1="def step(x:\n    return x"))
    assert result.exit_code == 1
    assert "note: answer 1.1 did not run: SyntaxError" in result.stdout


def test_without_bubblewrap_a_notebook_is_checked_all_the_same(sample, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("check", sample(ex_1_1="def step(x):\n    return [x[1] - x[0]]"))
    assert result.exit_code == 0
    assert "✓ 1.1" in result.stdout


def test_a_notebook_that_is_not_there_is_wrong_use():
    result = run("check", "nothing.ipynb")
    assert result.exit_code == 2
    assert sentence(result) == "there is no file nothing.ipynb."


@pytest.mark.parametrize(
    ("text", "said"), [("%PDF-1.7", "PDF"), ("{}", "mine.ipynb"), ("", "mine.ipynb")]
)
def test_a_file_that_is_no_notebook_is_told(tmp_path, text, said):
    (tmp_path / "mine.ipynb").write_text(text, "utf-8")
    result = run("check", "mine.ipynb")
    assert result.exit_code == 1
    assert said in result.stdout + result.stderr


def test_a_folder_is_no_notebook(tmp_path):
    assert run("check", tmp_path).exit_code in (1, 2)


# ---------------------------------------------------------------- grade


@pytest.fixture
def homework(tmp_path):
    """A class of two whose files cannot be read: graded without a sandbox."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ann", "[red]bob[/red]"):
        (folder / f"{name.replace('/', '_')}.ipynb").write_text("my homework", "utf-8")
    return folder


def grade(*arguments):
    return run("grade", *arguments, "--sandbox", "process", "--jobs", 1)


def test_a_graded_class_is_shown_and_told_where_it_is(homework):
    result = grade(homework, "--out", "out", "--seed", 5)
    assert result.exit_code == 0
    assert "[red]bob" in result.stdout
    assert "2 submissions, 2 unreadable, 0 ended early; seed 5; results in out" in result.stdout
    assert "--sandbox process: submissions were not isolated" in result.stdout
    assert Path("out/grading.log").exists()


def test_a_large_class_is_counted_and_not_listed(tmp_path):
    for n in range(41):
        (tmp_path / f"student{n}.ipynb").write_text("my homework", "utf-8")
    result = grade(tmp_path, "--out", "out")
    assert "student7" not in result.stdout
    assert "41 submissions, 41 unreadable" in result.stdout


def test_grading_again_says_the_same(homework):
    first = grade(homework, "--out", "out")
    assert grade(homework, "--out", "out").stdout == first.stdout


def test_another_seed_for_a_folder_is_wrong_use_and_fresh_allows_it(homework):
    grade(homework, "--out", "out", "--seed", 5)
    result = grade(homework, "--out", "out", "--seed", 6)
    assert result.exit_code == 2
    assert sentence(result) == "out was graded with seed 5: leave --seed out, or add --fresh."
    assert grade(homework, "--out", "out", "--seed", 6, "--fresh").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "--out", "out"], "there is no nothing."),
        (["nothing", "class", "nobody", "--out", "out"], "there is no nothing, nobody."),
        (["empty", "--out", "out"], "no submissions in empty."),
        (["class", "--out", "full"], "full holds other files: give --out a new folder."),
        (["class", "--out", "file"], None),
        (["class", "--out", "file/in/it"], None),
        (["class", "--out", "/proc/nowhere"], None),
        (["class", "--out", "out", "--student-from", "("], None),
        (["class", "--out", "out", "--student-from", "(.*)"], None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_of_grade_is_answered_in_one_sentence(homework, tmp_path, arguments, said):
    for folder in ("empty", "full"):
        (tmp_path / folder).mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    (tmp_path / "file").touch()
    result = grade(*arguments)
    assert result.exit_code == 2
    assert said in (None, sentence(result))
    assert sentence(result).endswith((".", ")"))


def test_wrong_use_of_grade_leaves_nothing_behind(homework):
    grade("nothing", "--out", "out")
    grade(homework, "--out", "out", "--student-from", "(")
    assert not Path("out").exists()


def test_without_bubblewrap_grading_is_refused_with_the_command_that_installs_it(
    homework, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("grade", homework, "--out", "out")
    assert result.exit_code == 2
    assert sentence(result).startswith("bubblewrap is not installed: sudo apt install bubblewrap")
    assert not Path("out").exists()


@pytest.mark.sandbox
@pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")
def test_with_bubblewrap_nothing_is_said_about_isolation(homework):
    result = run("grade", homework, "--out", "out")
    assert result.exit_code == 0
    assert "not isolated" not in result.stdout


# ---------------------------------------------------------------- release


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A copy of the sample solutions, released."""
    shutil.copytree(GOLDEN, tmp_path / "repository")
    monkeypatch.setattr("seqkit.commands.release.ROOT", tmp_path / "repository")
    return tmp_path / "repository"


def test_released_lessons_are_told_and_are_up_to_date(repository):
    result = run("release")
    assert result.exit_code == 0
    assert result.stdout.startswith("01_sample: 3 exercises, 6 points, ")
    assert run("release").stdout == "01_sample: 3 exercises, 6 points, unchanged\n"
    assert run("release", "--check").exit_code == 0


def test_a_lesson_out_of_date_is_shown_and_named(repository):
    lesson = repository / "lessons" / "01_sample.ipynb"
    lesson.write_text(lesson.read_text("utf-8").replace("A sample", "An example"), "utf-8")
    result = run("release", "--check")
    assert result.exit_code == 1
    assert "An example" in result.stdout
    assert result.stdout.strip().endswith("01_sample is out of date: run `seqkit release`.")
    assert "An example" in lesson.read_text("utf-8")


def test_a_solution_that_cannot_be_released_is_told_in_one_sentence(repository):
    (repository / "solutions" / "01_sample.ipynb").write_text("{", "utf-8")
    for flags in ([], ["--check"]):
        result = run("release", *flags)
        assert result.exit_code == 1
        assert "01_sample" in sentence(result)


def test_a_bundle_into_a_folder_with_other_files_is_told_in_one_sentence(tmp_path):
    (tmp_path / "thesis.tex").touch()
    result = run("release", "--bundle", tmp_path)
    assert result.exit_code == 1
    assert "holds other files" in sentence(result)


# ---------------------------------------------------------------- data and doctor


def test_data_sets_are_listed():
    result = run("data", "list")
    assert result.exit_code == 0
    for word in ("name", "source", "questions", "stories"):
        assert word in result.stdout


def test_an_unknown_data_set_is_told_with_those_there_are():
    result = run("data", "fetch", "nothing")
    assert result.exit_code == 2
    assert sentence(result).startswith("unknown data set 'nothing': choose one of ")


def test_a_data_set_that_cannot_be_fetched_is_told_in_one_sentence(monkeypatch):
    def fails(name):
        raise OSError(f"{name} could not be fetched: no network.")

    monkeypatch.setattr("seqkit.corpora.fetch", fails)
    result = run("data", "fetch", "imdb")
    assert result.exit_code == 1
    assert sentence(result) == "imdb could not be fetched: no network."


def test_a_fetched_data_set_is_told_with_its_place(monkeypatch):
    monkeypatch.setattr("seqkit.corpora.fetch", lambda name: ROOT / "data" / name)
    result = run("data", "fetch", "sunspots")
    place = ROOT / "data" / "sunspots"
    assert (result.exit_code, result.stdout) == (0, f"sunspots is in {place}\n")


@pytest.mark.parametrize(("well", "code"), [(True, 0), (False, 1)])
def test_the_doctor_s_finding_is_the_exit_code(monkeypatch, well, code):
    monkeypatch.setattr("seqkit.commands.doctor.examine", lambda console: well)
    assert run("doctor").exit_code == code
