"""What is graded: one small course, as each of the three graders wants it, and a class of answers.

The course is lesson 1 without its prose and demonstrations: the import cell, and for each exercise
the statement, the answer and its checks. The workload ``numpy`` leaves the Keras exercise out and
has another one, so that there are ten. Exercises, reference answers and checks are the
repository's own. Each student writes each answer in one of the ways that are right (the reference's
and those in ``tests/answers``), but for one that is wrong, also taken from there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from seqkit.course.catalogue import file_stem

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests" / "answers"))

from table import variants  # noqa: E402

NAME = "01_sequential_data"
SEED = 20_24

#: The tenth exercise of the workload without Keras; only this benchmark has it.
EXTRA_STATEMENT = """\
### Exercise 1.11 · Smooth a series — 2 points · ●○○ · 10 min
Write `moving_average(series, width)`: entry i is the mean of `series[i : i + width]`. A width
below 1 or above the length of the series is a `ValueError` that says `width`."""
EXTRA_ANSWER = '''\
def moving_average(series: np.ndarray, width: int) -> np.ndarray:
    """Return the mean of every window, shape (N - width + 1,)."""
    ### BEGIN SOLUTION
    if not 1 <= width <= len(series):
        raise ValueError(f"width must be from 1 to {len(series)}, got {width}")
    return sliding_window_view(series, width).mean(axis=1)
    ### END SOLUTION
'''
EXTRA_RIGHT = """\
def moving_average(series, width):
    if width < 1 or width > len(series):
        raise ValueError(f"no windows of width {width}")
    return np.array([series[i : i + width].mean() for i in range(len(series) - width + 1)])
"""
EXTRA_WRONG = """\
def moving_average(series, width):
    if width < 1 or width > len(series):
        raise ValueError("width")
    return np.convolve(series, np.ones(width) / width, mode="same")
"""
EXTRA_CHECKS = """\
from seqkit.checking.expect import close, raises
from seqkit.course import Rules, check
import numpy as np

rules = Rules(defines=("moving_average",))


@check(points=0.5)
def test_smooths(student):
    "takes the mean of every window"
    close(student.moving_average(np.array([1.0, 2.0, 6.0]), 2), [1.5, 4.0], what="means")
    close(student.moving_average(np.arange(6.0), 3), [1.0, 2.0, 3.0, 4.0], what="means")


@check(points=0.5)
def test_refuses_widths(student):
    "refuses a width that does not fit"
    for width in (0, 4):
        with raises(ValueError, match="width"):
            student.moving_average(np.arange(3.0), width)
"""
EXTRA_HIDDEN = """\
from hypothesis import strategies as st
from seqkit.checking.expect import close, shape
from seqkit.course import check, generated
import numpy as np


@check(points=0.5)
@generated(
    st.lists(st.integers(-99, 99), min_size=1, max_size=12).map(lambda x: np.array(x, float)),
    examples=25,
)
def test_smooths_any_series(student, case):
    "smooths any series"
    for width in (1, len(case)):
        means = [sum(case[i : i + width]) / width for i in range(len(case) - width + 1)]
        close(student.moving_average(case, width), means, what="means", why="A mean a window.")


@check(points=0.5)
def test_smooths_widths(student, rng):
    "takes any width that fits"
    series = rng.normal(size=20)
    for width in range(1, 21):
        got = student.moving_average(series, width)
        shape(got, (21 - width,), what="means", why="One mean a window.")
        close(got[-1], series[-width:].mean(), what="the last mean", why="It ends with the series.")
"""


#: Draws the generated inputs of a course's checks, run in the folder of that course.
DRAW = """
import pickle, sys
sys.path.insert(0, "")
from seqkit.checking.cases import cases
from seqkit.course.catalogue import Catalogue
drawn = {
    check.name: cases(check, check.seed(int(sys.argv[2])))
    for entry in Catalogue().lesson("1").entries.values()
    for check in entry.checks
    if check.strategy is not None
}
with open(sys.argv[1], "wb") as file:
    pickle.dump(drawn, file)
"""


@dataclass(frozen=True)
class Exercise:
    """An exercise with its reference answer, its stub, and other right and wrong answers."""

    id: str
    points: int
    statement: str
    answer: str
    stub: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def slug(self) -> str:
        """``"1_3"``."""
        return self.id.replace(".", "_")


class Workload:
    """Exercises, imports and checks, the same for every grader.

    Parameters
    ----------
    keras : bool
        Whether the exercise that needs Keras is among them, and its import.
    """

    def __init__(self, keras: bool) -> None:
        self.keras = keras
        self.name = "all" if keras else "numpy"
        solution = _cells(ROOT / "solutions" / f"{NAME}.ipynb")
        lesson = _cells(ROOT / "lessons" / f"{NAME}.ipynb")
        self.exercises = [
            Exercise(
                id=key.removeprefix("ex_").replace("_", "."),
                points=int(_source(lesson[key.replace("ex_", "check_")], "points")),
                statement=_source(lesson[key.replace("ex_", "statement_")]),
                answer=_source(solution[key]),
                stub=_source(lesson[key]),
                right=_others(key.removeprefix("ex_"), "right"),
                wrong=_others(key.removeprefix("ex_"), "wrong"),
            )
            for key in lesson
            if key.startswith("ex_") and (keras or key != "ex_1_10")
        ]
        if not keras:
            stub = re.sub(
                r"### BEGIN.*END SOLUTION",
                '# YOUR CODE HERE\n    raise NotImplementedError("exercise 1.11")',
                EXTRA_ANSWER,
                flags=re.DOTALL,
            )
            extra = ("1.11", 2, EXTRA_STATEMENT, EXTRA_ANSWER, stub, (EXTRA_RIGHT,), (EXTRA_WRONG,))
            self.exercises.append(Exercise(*extra))
        imports = _source(lesson["imports"]).splitlines()
        unwanted = ("seqkit",) if keras else ("seqkit", "keras")
        self.imports = "\n".join(
            line for line in imports if line and not any(word in line for word in unwanted)
        )
        folder = ROOT / "tests" / "exercises" / NAME
        stems = [file_stem(e.id) for e in self.exercises if e.id != "1.11"]
        names = [f"{place}{stem}.py" for stem in stems for place in ("", "hidden/")]
        self.checks = {name: (folder / name).read_text("utf-8") for name in names}
        if not keras:
            self.checks |= {"1_11.py": EXTRA_CHECKS, "hidden/1_11.py": EXTRA_HIDDEN}

    def answers(self, number: int) -> dict[str, str]:
        """Return what student ``number`` wrote: right answers in their own way, and one mistake."""
        mistake, chance = self.exercises[number % len(self.exercises)], Random(number)
        return {
            e.id: chance.choice(e.wrong if e is mistake else (e.answer, *e.right))
            for e in self.exercises
        }

    def notebook(self, answers: dict[str, str] | None = None) -> dict[str, Any]:
        """Return the lesson as we release it, or a submission with these answers."""
        cells = [cell("code", self.imports, "imports")]
        for e in self.exercises:
            source = answers[e.id] if answers else e.stub
            cells += [
                cell("markdown", e.statement, f"statement_{e.slug}"),
                cell("code", source, f"ex_{e.slug}", solution=True, locked=False),
                cell("code", f'check("{e.id}")', f"check_{e.slug}", grade=True, points=e.points),
            ]
        return notebook(cells)

    def course(self, folder: Path) -> Path:
        """Write a course folder of ours: this package with one lesson and its checks."""
        for part in ("seqkit", "data"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored, dirs_exist_ok=True)
        write(folder / "lessons" / f"{NAME}.ipynb", self.notebook())
        reference = self.notebook({e.id: e.answer for e in self.exercises})
        write(folder / "solutions" / f"{NAME}.ipynb", reference)
        for path in (ROOT / "tests" / "exercises" / NAME).rglob("oracle.py"):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        for name, text in self.checks.items():
            path = folder / "tests" / "exercises" / NAME / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    def submissions(self, folder: Path, count: int) -> Path:
        """Write submissions for our grader."""
        for number in range(count):
            path = folder / f"{student(number)}_{NAME}.ipynb"
            write(path, self.notebook(self.answers(number)))
        return folder

    # ------------------------------------------------------------ the same for others

    def plain_checks(self, folder: Path, course: Path) -> list[Path]:
        """Write the checks for graders that run them in process, with the inputs ours draws.

        Parameters
        ----------
        folder : Path
            Where the files go.
        course : Path
            The course folder of ours that has the same checks.
        """
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join(_plain(self._with_ids(name)) for name in self.checks)
        text = f"import plain\n\nplain.SEED = {SEED}\n{text}"
        (folder / "lesson_checks.py").write_text(text, "utf-8")
        for name in ("checking/diagnosis", "checking/drawing", "limits"):
            source = (ROOT / "seqkit" / f"{name}.py").read_text("utf-8")
            (folder / f"{Path(name).name}.py").write_text(_plain(source), "utf-8")
        shutil.copy(HERE / "plain.py", folder)
        draw = [sys.executable, "-c", DRAW, str(folder / "cases.pickle"), str(SEED)]
        subprocess.run(draw, check=True, cwd=course)
        return sorted(folder.iterdir())

    def nbgrader(self, folder: Path, checks: list[Path], count: int, per_check: bool) -> Path:
        """Write a course as nbgrader wants it, and so many submissions.

        Parameters
        ----------
        folder : Path
            The course folder.
        checks : list of Path
            Files that the notebooks import.
        count : int
            How many students.
        per_check : bool
            A test cell for each check, or else one an exercise that returns its points: nbgrader's
            partial credit. The points are the same.
        """
        source = folder / "source" / "lesson"
        write(source / "lesson.ipynb", self._with_tests(None, per_check))
        for path in checks:
            shutil.copy(path, source)
        for number in range(count):
            path = folder / "submitted" / student(number) / "lesson" / "lesson.ipynb"
            write(path, self._with_tests(self.answers(number), per_check))
        (folder / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'course'\n", "utf-8"
        )
        return folder

    def _with_tests(self, answers: dict[str, str] | None, per_check: bool) -> dict[str, Any]:
        cells = [cell("code", self.imports, "imports")]
        cells += [cell("code", "import plain\nimport lesson_checks", "checks")]
        for e in self.exercises:
            source = answers[e.id] if answers else e.answer
            cells += [
                cell("markdown", e.statement, f"statement_{e.slug}"),
                cell("code", source, f"ex_{e.slug}", solution=True, locked=False),
            ]
            tests = [(f'plain.points(globals(), "{e.id}")', float(e.points))]
            if per_check:
                tests = [
                    (f'plain.run(globals(), "{e.id}", {number})', float(worth))
                    for number, (worth, _) in enumerate(self._marks(e))
                ]
            for number, (test, worth) in enumerate(tests):
                id = f"check_{e.slug}_{number}"
                cells.append(cell("code", test, id, grade=True, points=worth))
        return notebook(cells)

    def otter(self, folder: Path, checks: list[Path], count: int) -> Path:
        """Write an autograder's tests and files as Otter wants them, and bare submissions."""
        tests = folder / "tests"
        tests.mkdir(parents=True, exist_ok=True)
        for e in self.exercises:
            (tests / f"q{e.slug}.py").write_text(self._otter_test(e, checks), "utf-8")
        for path in checks:
            shutil.copy(path, folder)
        config = {"print_summary": False, "print_score": False}
        (folder / "otter_config.json").write_text(json.dumps(config), "utf-8")
        for number in range(count):
            cells = [cell("code", self.imports, "imports")]
            for e in self.exercises:
                cells.append(cell("markdown", e.statement, f"statement_{e.slug}"))
                cells.append(cell("code", self.answers(number)[e.id], f"ex_{e.slug}"))
            write(folder / "class" / f"{student(number)}.ipynb", notebook(cells))
        return folder

    def _with_ids(self, name: str) -> str:
        """Return a file of checks in which every mark says what its place says."""
        lesson, number = Path(name).stem.split("_")
        mark = f'@check("{lesson}.{int(number)}", hidden={name.startswith("hidden/")}, '
        return self.checks[name].replace("@check(", mark)

    def _marks(self, e: Exercise) -> list[tuple[str, str]]:
        """Find the points of an exercise's checks, and whether each is hidden."""
        names = (f"{file_stem(e.id)}.py", f"hidden/{file_stem(e.id)}.py")
        text = "\n".join(self._with_ids(name) for name in names)
        found = re.findall(r'^@check\("[\d.]+", hidden=(\w+), points=([\d.]+)', text, re.MULTILINE)
        return [(points, hidden) for hidden, points in found]

    def count_checks(self) -> int:
        """Return how many checks there are."""
        return sum(len(self._marks(e)) for e in self.exercises)

    def _otter_test(self, e: Exercise, checks: list[Path]) -> str:
        lines = ["from otter.test_files import test_case", "import plain", "import lesson_checks"]
        lines += ["", "OK_FORMAT = False", f'name = "q{e.slug}"', "points = None", ""]
        for number, (worth, hidden) in enumerate(self._marks(e)):
            lines += [
                f"@test_case(points={worth}, hidden={hidden})",
                f"def test_{number}(env):",
                f'    plain.run(env, "{e.id}", {number})',
                "",
            ]
        return "\n".join(lines)


def student(number: int) -> str:
    """Return the name of a student."""
    return f"student{number:04d}"


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of these cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    metadata["seqkit"] = {"lesson": NAME}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def cell(kind: str, source: str, id: str, points: float | None = None, **flags: bool) -> Any:
    """Return a cell with nbgrader's metadata, locked unless told otherwise."""
    own = {"schema_version": 3, "grade_id": id, "task": False}
    own |= {"grade": False, "locked": True, "solution": False, **flags}
    if points is not None:
        own["points"] = points
    made: dict[str, Any] = {"cell_type": kind, "id": id.replace("_", "-"), "source": source}
    made["metadata"] = {"nbgrader": own}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a notebook, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _cells(path: Path) -> dict[str, Any]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells
            if "nbgrader" in cell["metadata"]}  # fmt: skip


def _source(cell: dict[str, Any], key: str = "") -> str:
    return str(cell["metadata"]["nbgrader"][key]) if key else "".join(cell["source"])


def _others(slug: str, kind: str) -> tuple[str, ...]:
    """Return the right answers that the tests keep of an exercise, or the first wrong one."""
    exercise = slug.replace("_", ".")
    path = ROOT / "tests" / "answers" / NAME / f"{file_stem(exercise)}.py"
    found = [variant.source for variant in variants(path) if variant.kind == kind]
    return tuple(found if kind == "right" else found[:1])


def _plain(text: str) -> str:
    """Return source of ours that imports what ``plain.py`` has in place of the package."""
    text = re.sub(r"^from \.\S* import (\([^)]*\)|.*)\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"from seqkit\.(checking\.(diagnosis|drawing)|limits) import",
                  lambda found: f"from {found[2] or found[1]} import", text)  # fmt: skip
    text = re.sub(r"from seqkit\.[\w.]+ import", "from plain import", text)
    text = text.replace("from hypothesis import strategies as st", "from plain import st")
    return text.replace("from __future__ import annotations\n", "")
