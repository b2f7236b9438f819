"""The catalogue knows lessons and checks; a check draws, asks and shrinks the same every time."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from seqkit.checking.cases import cases
from seqkit.checking.expect import Mismatch, equal, raises
from seqkit.checking.student import Student, StudentError
from seqkit.checking.verdict import run
from seqkit.course.catalogue import Catalogue
from seqkit.course.checks import Check, Rules, check, generated
from seqkit.lab.kernel import LocalChannel
from seqkit.limits import SHRINKS

# ---------------------------------------------------------------- a small course

HINTS = "<details><summary>It is half of it</summary>\n\nTwice?\n\n</details>"
VISIBLE = '''
from seqkit.checking.expect import equal
from seqkit.course import Rules, check

rules = Rules(defines=("double",), forbids=("numpy.add",))


@check(points=1)
def test_two(student):
    """doubles
    two"""
    equal(student.double(2), 4)
'''
MORE = '''
from seqkit.course import check


@check(points=1, goal=True)
def test_more(student, rng):
    """doubles anything"""
'''
HALVES = """
from seqkit.course import check


@check(points=0.5, seconds=9)
def test_halves(student): ...
"""
CHECKS = {"1_01.py": VISIBLE, "hidden/1_01.py": MORE, "hidden/1_02.py": HALVES}


def cell(kind, grade_id, source, **more):
    nbgrader = {"schema_version": 3, "grade_id": grade_id, "grade": False, "locked": True,
                "solution": False, "task": False, **more}  # fmt: skip
    return {"cell_type": kind, "metadata": {"nbgrader": nbgrader}, "source": source}


def exercise_cells(id, title, stub):
    suffix = id.replace(".", "_")
    statement = f"### Exercise {id} · {title} — 2 points · ●●○ · 10 min\nWrite it."
    return [
        cell("markdown", f"statement_{suffix}", statement),
        cell("code", f"ex_{suffix}", stub, locked=False, solution=True),
        cell("code", f"check_{suffix}", f'check("{id}")', grade=True, points=2),
        cell("markdown", f"hints_{suffix}", HINTS),
    ]


def write_lesson(root, name="01_tiny", imports="import numpy as np", checks=CHECKS):
    """Write a lesson of two exercises, and the files of its checks, into a course folder."""
    number = name.partition("_")[0].lstrip("0")
    cells = [
        cell("code", "imports", imports),
        *exercise_cells(f"{number}.1", "Double", "def double(x):\n    raise NotImplementedError"),
        *exercise_cells(f"{number}.2", "Halve", "def halve(x):\n    raise NotImplementedError"),
    ]
    book = {"cells": cells, "metadata": {"seqkit": {"lesson": name}}, "nbformat": 4}
    (root / "lessons").mkdir(parents=True, exist_ok=True)
    text = json.dumps({**book, "nbformat_minor": 5})
    (root / "lessons" / f"{name}.ipynb").write_text(text, "utf-8")
    if checks is not None:
        write_checks(root, name, checks)


def write_checks(root, name, checks):
    """Write the files of a lesson's checks, and no others."""
    folder = root / "tests" / "exercises" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path, text in checks.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def test_a_lesson_without_checks_is_not_offered(tmp_path):
    write_lesson(tmp_path, "02_later")
    write_lesson(tmp_path, "01_tiny")
    write_lesson(tmp_path, "03_draft", checks=None)
    assert Catalogue(tmp_path).names() == ["01_tiny", "02_later"]
    assert [lesson.name for lesson in Catalogue(tmp_path).lessons()] == ["01_tiny", "02_later"]


def test_a_course_without_lessons_has_no_names(tmp_path):
    assert Catalogue(tmp_path).names() == []


@pytest.mark.parametrize("name", ["02_later", "2", "2.1"])
def test_a_lesson_is_found_by_name_number_or_exercise(tmp_path, name):
    write_lesson(tmp_path, "01_tiny")
    write_lesson(tmp_path, "02_later", checks={})
    assert Catalogue(tmp_path).lesson(name).name == "02_later"


@pytest.mark.parametrize("name", ["3", "3.1", "tiny", "", "01"])
def test_a_lesson_that_is_not_there_is_told_with_those_that_are(tmp_path, name):
    write_lesson(tmp_path)
    with pytest.raises(KeyError, match=r"there is no lesson .*; there are 01_tiny"):
        Catalogue(tmp_path).lesson(name)


def test_an_exercise_that_is_not_there_is_told_with_those_that_are(tmp_path):
    write_lesson(tmp_path)
    with pytest.raises(KeyError, match=r"there is no exercise '1\.9'; this lesson has 1\.1, 1\.2"):
        Catalogue(tmp_path).entry("1.9")


def test_an_exercise_is_stated_in_the_notebook_and_looked_at_by_its_checks(tmp_path):
    write_lesson(tmp_path)
    entry = Catalogue(tmp_path).entry("1.1")
    stated = entry.exercise
    assert (stated.title, stated.points, stated.difficulty, stated.minutes) == ("Double", 2, 2, 10)
    assert [hint.title for hint in stated.hints] == ["It is half of it"]
    assert [(c.name, c.title) for c in entry.checks] == [
        ("test_two", "doubles two"), ("test_more", "doubles anything"),
    ]  # fmt: skip
    assert (entry.rules.defines, entry.rules.forbids) == (("double",), ("numpy.add",))


def test_a_check_says_points_limits_and_who_sees_it(tmp_path):
    write_lesson(tmp_path)
    catalogue = Catalogue(tmp_path)
    two, more = catalogue.entry("1.1").checks
    (halves,) = catalogue.entry("1.2").checks
    assert (two.points, two.hidden, two.goal, two.seconds) == (1, False, False, 5.0)
    assert (more.points, more.hidden, more.goal, more.seconds) == (1, True, True, 5.0)
    assert (halves.points, halves.seconds, halves.title) == (0.5, 9, "test_halves")


def test_an_exercise_without_rules_has_none_of_another_course(tmp_path):
    write_lesson(tmp_path / "one")
    write_lesson(tmp_path / "two", checks={})
    assert Catalogue(tmp_path / "one").entry("1.1").rules.defines == ("double",)
    assert Catalogue(tmp_path / "two").entry("1.1").rules.defines == ()


def test_changed_checks_are_read_by_the_next_catalogue(tmp_path):
    write_lesson(tmp_path)
    assert len(Catalogue(tmp_path).entry("1.2").checks) == 1
    write_lesson(tmp_path, checks={"1_01.py": VISIBLE, "hidden/1_01.py": HALVES})
    assert len(Catalogue(tmp_path).entry("1.2").checks) == 0


def test_a_check_is_hidden_and_belongs_to_an_exercise_by_the_place_of_its_file(tmp_path):
    write_lesson(tmp_path, checks={"1_01.py": HALVES, "1_02.py": MORE, "hidden/1_02.py": HALVES})
    entries = Catalogue(tmp_path).lesson("1").entries
    found = {(c.name, c.exercise, c.hidden) for e in entries.values() for c in e.checks}
    assert found == {
        ("test_halves", "1.1", False), ("test_more", "1.2", False), ("test_halves", "1.2", True),
    }  # fmt: skip


def test_files_of_checks_share_what_an_oracle_or_another_file_says(tmp_path):
    imports = "from ..ex_1_01 import test_two\nfrom ..oracle import TWICE\n"
    body = "    test_two(student)\n    assert student.double(2) == TWICE[2]\n"
    checks = {
        "oracle.py": "TWICE = {2: 4}\n",
        "1_01.py": "from .oracle import TWICE\n" + VISIBLE.replace("4)", "TWICE[2])"),
        "hidden/1_01.py": imports + MORE + body,
    }
    write_lesson(tmp_path, checks=checks)
    entry = Catalogue(tmp_path).entry("1.1")
    assert [c.name for c in entry.checks] == ["test_two", "test_more"]  # an import is no own check
    for one in entry.checks:
        run(one, Student(LocalChannel({"double": lambda x: 2 * x})), 0)


def test_an_exercise_without_a_file_has_no_rules_and_no_checks(tmp_path):
    write_lesson(tmp_path, checks={})
    entry = Catalogue(tmp_path).entry("1.1")
    assert (entry.rules, entry.checks) == (Rules(), ())


def test_the_modules_of_a_lesson_are_those_of_its_imports(tmp_path):
    imports = (
        "from __future__ import annotations\nimport math\nimport numpy as np\n"
        "from collections import Counter\nimport torch.nn.functional as F\n"
        "from seqkit import text, batches\nfrom seqkit.plots import show\n"
        "from seqkit.lab import check\n"
    )
    write_lesson(tmp_path, imports=imports)
    assert Catalogue(tmp_path).lesson("1").modules == (
        "math", "numpy", "collections", "torch.nn.functional",
        "seqkit.text", "seqkit.batches", "seqkit.plots",
    )  # fmt: skip


def test_several_modules_on_one_line_and_other_names_are_understood(tmp_path):
    write_lesson(tmp_path, imports="import math, random\nfrom seqkit import text as t, batches\n")
    assert Catalogue(tmp_path).lesson("1").modules == (
        "math", "random", "seqkit.text", "seqkit.batches",
    )  # fmt: skip


# ---------------------------------------------------------------- seeds and cases


def mark(function, *, hidden=False, strategy=None, examples=25, seconds=5.0, id="1.1") -> Check:
    """Return a function as a check of an exercise."""
    if strategy is not None:
        function = generated(strategy, examples)(function)
    marked = check(points=1, seconds=seconds)(function).check
    return replace(marked, exercise=id, hidden=hidden)


def test_anything(student, case=None, rng=None): ...


def test_something(student, case=None): ...


test_anything.__test__ = test_something.__test__ = False  # samples, not tests


def test_a_visible_check_has_the_same_seed_in_every_batch():
    visible = mark(test_anything)
    assert visible.seed(1) == visible.seed(2)


def test_a_hidden_check_has_a_seed_of_its_own_in_every_batch():
    hidden = mark(test_anything, hidden=True)
    seeds = {hidden.seed(n) for n in range(50)}
    assert len(seeds) == 50
    assert hidden.seed(1) == hidden.seed(1)
    assert hidden.seed(1) != mark(test_something, hidden=True).seed(1)
    assert hidden.seed(1) != mark(test_anything, hidden=True, id="1.2").seed(1)
    assert hidden.seed(1) != hidden.worker_seed(1)


def test_a_hidden_check_s_random_numbers_come_from_the_batch_s_seed():
    drawn = []

    def draws(student, rng):
        drawn.append(rng.integers(10**9))

    hidden, visible = mark(draws, hidden=True), mark(draws)
    for one in (hidden, visible):
        for seed in (7, 7, 8):
            run(one, Student(LocalChannel({})), seed)
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[3] == drawn[4] == drawn[5]


def test_the_cases_of_a_hidden_check_come_from_the_batch_s_seed():
    hidden = mark(test_anything, hidden=True, strategy=st.integers(), examples=20)
    one, again, other = (cases(hidden, hidden.seed(n)) for n in (1, 1, 2))
    assert len(one) == 20
    assert one == again != other


def test_there_are_no_more_cases_than_there_are_inputs():
    few = mark(test_anything, strategy=st.booleans(), examples=20)
    assert sorted(cases(few, 0)) == [False, True]


def test_arrays_are_drawn_too():
    lists = st.lists(st.floats(-1, 1), min_size=2, max_size=5).map(np.array)
    drawn = cases(mark(test_anything, strategy=lists, examples=5), 3)
    assert all(isinstance(x, np.ndarray) and 2 <= x.size <= 5 for x in drawn)


# ---------------------------------------------------------------- looking at an answer


def doubles(student, case):
    """doubles any number"""
    equal(student.double(case), 2 * case, why="Twice the number.")


NUMBERS = mark(doubles, strategy=st.integers(-(10**6), 10**6))
SECRET = mark(doubles, strategy=st.integers(-(10**6), 10**6), hidden=True)


def look(one: Check, function, seed=5):
    """Run a check on an answer; return what is wrong, the last call, and all it was called with."""
    calls = []

    def double(x):
        calls.append(x)
        return function(x)

    student = Student(LocalChannel({"double": double}))
    try:
        run(one, student, seed)
    except Exception as error:
        return error, student.last_call, calls
    return None, student.last_call, calls


def failure(one: Check, function):
    """Run a check on an answer that has to fail."""
    found = look(one, function)
    assert found[0] is not None
    return found


def passes(one: Check, function):
    """Run a check on an answer that has to pass; return all it was called with."""
    error, _, calls = look(one, function)
    assert error is None
    return calls


def test_a_right_answer_is_asked_once_for_each_case():
    calls = passes(NUMBERS, lambda x: 2 * x)
    assert calls == cases(NUMBERS, NUMBERS.seed(5))
    assert len(calls) == 25


def test_a_wrong_answer_fails_with_the_smallest_case():
    error, last_call, _ = failure(NUMBERS, lambda x: 2 * x if x < 1000 else 0)
    assert type(error) is Mismatch
    assert str(error) == "gave 0, expected 2000. Twice the number."
    assert last_call == "double(1000)"


def test_a_hidden_check_fails_with_the_first_case_that_does():
    error, _, calls = failure(SECRET, lambda x: 2 * x if x < 1000 else 0)
    first = next(x for x in calls if x >= 1000)
    assert str(error) == f"gave 0, expected {2 * first}. Twice the number."
    assert calls[-1] == first


def test_an_exception_is_shrunk_like_a_wrong_answer():
    def fails(x):
        if x <= -7:
            raise ValueError("too small")
        return 2 * x

    error, last_call, _ = failure(NUMBERS, fails)
    assert type(error) is StudentError
    assert error.message == "too small"
    assert last_call == "double(-7)"


def test_a_list_is_shrunk_to_the_fewest_items():
    def reverses(student, case):
        equal(student.double(case), case[::-1])

    one = mark(reverses, strategy=st.lists(st.integers(0, 9), max_size=8))
    _, last_call, _ = failure(one, lambda x: x)
    assert last_call == "double([0, 1])"


@pytest.mark.parametrize("wrong", [lambda x: None, lambda x: x, lambda x: 2 * x + (x % 7 == 3)])
def test_the_number_of_calls_for_shrinking_is_bounded(wrong):
    _, _, calls = failure(NUMBERS, wrong)
    assert len(calls) <= 25 + SHRINKS + 1


def test_the_smallest_case_is_the_same_every_time():
    found = [failure(NUMBERS, lambda x: 2 * x if x % 2 else 1)[1:] for _ in range(3)]
    assert found[0] == found[1] == found[2]


def test_an_exercise_nobody_has_answered_is_not_shrunk():
    def stub(x):
        raise NotImplementedError("exercise 1.1")

    error, _, calls = failure(NUMBERS, stub)
    assert error.untouched
    assert len(calls) <= 25


def test_an_answer_that_fails_only_once_fails_with_what_it_failed_on():
    failed = []

    def moody(x):
        if not failed and x > 100:
            failed.append(x)
            return 0
        return 2 * x

    error, _, _ = failure(NUMBERS, moody)
    assert str(error).startswith(f"gave 0, expected {2 * failed[0]}")


def test_a_check_that_changes_its_case_changes_it_for_nobody_else():
    seen = []

    def greedy(student, case):
        seen.append(list(case))
        case.append(99)
        equal(student.double(case), case)

    one = mark(greedy, strategy=st.lists(st.integers(0, 9), max_size=3), examples=5)
    for _ in range(2):
        passes(one, lambda x: x)
    assert not any(99 in case for case in seen)


def test_a_check_may_ask_more_than_once_for_a_case():
    def twice(student, case):
        equal(student.double(case), 2 * case)
        equal(student.double(case + 1), 2 * case + 2)

    calls = passes(mark(twice, strategy=st.integers(0, 99), examples=10), lambda x: 2 * x)
    assert len(calls) == 20


def test_a_check_that_expects_an_exception_of_every_case_gets_it():
    def refuses(student, case):
        with raises(ValueError, match="negative"):
            student.double(case)

    one = mark(refuses, strategy=st.integers(max_value=-1), examples=10)

    def careful(x):
        raise ValueError("negative")

    passes(one, careful)
    error, _, _ = failure(one, lambda x: x)
    assert str(error) == "raised nothing, expected ValueError"


def test_a_mistake_of_the_check_itself_is_not_shrunk():
    def mistaken(student, case):
        return student.double(case) + 1

    error, _, calls = failure(mark(mistaken, strategy=st.integers()), lambda x: None)
    assert type(error) is TypeError
    assert len(calls) <= 25
