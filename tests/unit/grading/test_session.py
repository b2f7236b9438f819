"""One submission is graded fairly: points for what is right, a message for what is not, no more."""

import re
from dataclasses import replace
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import strategies as st

from seqkit.checking.asks import Ended
from seqkit.checking.expect import close, equal, raises, shape
from seqkit.checking.verdict import FAULTY
from seqkit.course.catalogue import Entry, LessonEntry
from seqkit.course.checks import Check, Rules, generated
from seqkit.course.lesson import Exercise, Lesson
from seqkit.grading import session as module
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.grading.session import Graded, Runner
from seqkit.lab.kernel import Here
from seqkit.limits import SubmissionLimits
from seqkit.submissions.reading.layout import PlannedCell, Submission

MISSING = bubblewrap_complaint()
SANDBOX = [pytest.mark.sandbox, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]
DOUBLE = "def double(x):\n    return 2 * x"
TOTAL = "import numpy as np\ndef total(x):\n    return float(np.sum(x))"
NAMES = {"1.1": "double", "1.2": "total", "1.3": "third"}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(["numpy"]) as warm:
        yield warm


# ---------------------------------------------------------------- lessons and submissions in small


def check(exercise, points, **how):
    """Mark a check, as one in the file of that exercise is marked."""

    def mark(function):
        function.check = Check(function, points, exercise=exercise, **how)
        return function

    return mark


def lesson(*functions, forbids=(), numpy=False) -> LessonEntry:
    """Return a lesson whose exercises are those of the checks."""
    checks = [function.check for function in functions]
    entries = {
        id: Entry(
            Exercise(id, f"Exercise {name}", 2, 1, 5, names=(name,)),
            tuple(c for c in checks if c.exercise == id),
            Rules((name,), tuple(forbids), numpy),
        )
        for id, name in NAMES.items()
        if any(c.exercise == id for c in checks)
    }
    stated = {id: entry.exercise for id, entry in entries.items()}
    return LessonEntry(Lesson("01_tiny", (), stated), entries, ("numpy",))


def cell(kind, label, source, *exercises) -> PlannedCell:
    return PlannedCell(kind, label, dedent(source), exercises=exercises)


def submission(*cells, **answers) -> Submission:
    """Return a submission: cells that come first, then answers as ``ex_1_1="def …"``."""
    written = {key.removeprefix("ex_").replace("_", "."): text for key, text in answers.items()}
    planned = [cell("answer", f"answer {id}", text, id) for id, text in written.items()]
    added = [c for c in cells if c.kind == "added"]
    return Submission("01_tiny", written, added, [*cells, *planned], [])


def grade(
    sandbox, functions, *cells, seed=0, limits=None, forbids=(), numpy=False, **answers
) -> Graded:
    how = {"limits": limits or SubmissionLimits(), "seed": seed}
    runner = Runner(lesson(*functions, forbids=forbids, numpy=numpy), sandbox, **how)
    return runner.grade(submission(*cells, **answers))


def points(graded: Graded):
    return {e.id: e.points for e in graded.exercises}


def messages(graded: Graded):
    return {c.name: c.message for e in graded.exercises for c in e.checks if not c.passed}


@check("1.1", points=1)
def doubles_two(student):
    """doubles two"""
    equal(student.double(2), 4, what="the double", why="Twice the number.")


@check("1.1", points=0.5)
def doubles_an_array(student):
    """doubles an array"""
    close(student.double(np.array([1.0, 2.0])), [2.0, 4.0], what="y")


@check("1.1", points=0.5, hidden=True)
def doubles_a_secret(student):
    """doubles any number"""
    equal(student.double(987654), 1975308, why="Twice the number.")


@check("1.2", points=2)
def adds_up(student):
    """adds up"""
    close(student.total(np.array([1.0, 2.0])), 3.0)


CHECKS = (doubles_two, doubles_an_array, doubles_a_secret, adds_up)


# ---------------------------------------------------------------- points


@pytest.mark.parametrize("where", ["kernel", pytest.param("sandbox", marks=SANDBOX)])
def test_each_check_that_passes_gives_its_points(request, where):
    place = Here() if where == "kernel" else request.getfixturevalue("sandbox")
    right = grade(place, CHECKS, ex_1_1=DOUBLE, ex_1_2=TOTAL)
    assert (right.status, right.reason, right.notes) == ("graded", "", [])
    assert points(right) == {"1.1": 2, "1.2": 2}
    assert messages(right) == {}
    partly = grade(place, CHECKS, ex_1_1="def double(x):\n    return x + x")
    assert points(partly) == {"1.1": 2, "1.2": 0}
    half = grade(place, CHECKS, ex_1_1="def double(x):\n    return int(x) + int(x)")
    assert points(half) == {"1.1": 1.5, "1.2": 0}
    assert [c.points for c in half.exercises[0].checks] == [1, 0, 0.5]


pytestmark = SANDBOX


def test_what_was_not_attempted_says_so_and_gives_nothing(sandbox):
    graded = grade(sandbox, CHECKS, ex_1_1=DOUBLE)
    total = graded.exercises[1]
    assert (total.attempted, total.points, total.max) == (False, 0, 2)
    assert messages(graded) == {"adds_up": "not attempted"}
    assert graded.status == "graded"


def test_an_answer_in_a_cell_of_one_s_own_is_attempted(sandbox):
    graded = grade(sandbox, CHECKS, cell("added", "added cell 9", DOUBLE))
    assert graded.exercises[0].attempted
    assert points(graded)["1.1"] == 2


@pytest.mark.parametrize("answers", [{"ex_1_1": DOUBLE}, {}], ids=["tried", "untouched"])
def test_checks_are_reported_in_the_order_they_are_written_visible_ones_first(sandbox, answers):
    functions = (doubles_a_secret, doubles_two, adds_up, doubles_an_array)
    graded = grade(sandbox, functions, **answers)
    assert [c.name for c in graded.exercises[0].checks] == [
        "doubles_two", "doubles_an_array", "doubles_a_secret",
    ]  # fmt: skip


def test_printing_and_warning_cost_nothing(sandbox):
    noisy = """
        import sys, warnings
        print("hello" * 10**6, file=sys.stderr)
        def double(x):
            print("x is", x)
            warnings.warn("careful")
            return 2 * x
    """
    assert points(grade(sandbox, CHECKS, ex_1_1=dedent(noisy)))["1.1"] == 2


def test_training_goals_can_be_left_out(sandbox):
    @check("1.1", points=3, goal=True)
    def reaches_the_goal(student):
        """reaches the goal"""

    functions = (doubles_two, reaches_the_goal)
    for goals, most in ((True, 4), (False, 1)):
        runner = Runner(lesson(*functions), sandbox, goals=goals)
        (exercise,) = runner.grade(submission(ex_1_1=DOUBLE)).exercises
        assert (exercise.points, exercise.max) == (most, most)


def test_a_learner_who_checks_themselves_sees_visible_checks_only(sandbox):
    runner = Runner(lesson(*CHECKS), sandbox, hidden=False)
    exercise = runner.grade(submission(ex_1_1=DOUBLE)).exercises[0]
    assert [c.name for c in exercise.checks] == ["doubles_two", "doubles_an_array"]
    assert exercise.max == 1.5


# ---------------------------------------------------------------- what a program reads


def test_a_visible_check_tells_its_last_call_and_a_hidden_one_none(sandbox):
    graded = grade(sandbox, CHECKS, ex_1_1=DOUBLE)
    assert {c.name: c.call for e in graded.exercises for c in e.checks} == {
        "doubles_two": "double(2)",
        "doubles_an_array": "double(np.array([1.0, 2.0]))",
        "doubles_a_secret": "",
        "adds_up": "",  # not attempted
    }


def test_a_call_that_does_not_come_back_is_told(sandbox):
    deadly = "import os\ndef double(x):\n    os._exit(1)"
    told = {c.name: c.call for c in grade(sandbox, CHECKS, ex_1_1=deadly).exercises[0].checks}
    assert told == {
        "doubles_two": "double(2)",
        "doubles_an_array": "double(np.array([1.0, 2.0]))",
        "doubles_a_secret": "",
    }


def test_an_exercise_holds_its_answer_as_it_was_graded(sandbox):
    text = "def double(x):\n    return '\u202e\x1b' and 2 * x  # ✓\n"
    first, second = grade(sandbox, CHECKS, ex_1_1=text).exercises
    assert (first.source, first.missing, first.error) == (text, False, "")
    assert (second.source, second.missing) == ("", True)


def test_a_stub_that_was_left_is_there_and_no_answer(sandbox):
    stub = cell("stub", "stub 1.2", 'def total(x):\n    raise NotImplementedError("exercise 1.2")',
                "1.2")  # fmt: skip
    exercise = grade(sandbox, CHECKS, stub, ex_1_1=DOUBLE).exercises[1]
    assert (exercise.source, exercise.missing, exercise.attempted) == ("", False, False)


def test_an_answer_s_cell_that_ends_its_process_says_how(sandbox):
    exercise = grade(sandbox, CHECKS, ex_1_1="import os\nos._exit(3)", ex_1_2=TOTAL).exercises[0]
    assert exercise.error == "ended its process (exit 3)"


# ---------------------------------------------------------------- what a visible check says


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("return x + 3", "`double(2)` gave the double 5, expected 4. Twice the number"),
        ("pass", "`double(2)` gave the double None, expected 4. Twice the number"),
        ("return [x, x]", "`double(2)` gave the double [2, 2], expected 4. Twice the number"),
        ("return x / 0", "`double(2)` raised ZeroDivisionError: division by zero "
         "(line 2: `return x / 0`)"),
        ("raise SystemExit", "`double(2)` raised SystemExit (line 2: `raise SystemExit`)"),
        ("return y", "`double(2)` raised NameError: name 'y' is not defined (line 2: `return y`)"),
    ],
)  # fmt: skip
def test_a_visible_check_says_what_was_called_what_came_and_why(sandbox, answer, said):
    graded = grade(sandbox, [doubles_two], ex_1_1=f"def double(x):\n    {answer}")
    assert messages(graded)["doubles_two"] == said


@check("1.1", points=1)
def gives_two_parts(student):
    """gives two parts"""
    _first, second = student.double(1)
    shape(second, (2,))


@check("1.1", points=1)
def asserts_plainly(student):
    """asserts plainly"""
    if student.double(3) != 6:  # an assert here would be rewritten by pytest
        raise AssertionError("3 doubled is 6")


@check("1.1", points=1)
def asserts_without_words(student):
    """asserts without words"""
    if student.double(3) != 6:
        raise AssertionError


@check("1.1", points=1)
def is_refused(student):
    """refuses negative numbers"""
    with raises(ValueError, match="negative"):
        student.double(-1)


@pytest.mark.parametrize(
    ("function", "answer", "said"),
    [
        (gives_two_parts, "return x, [1]", "`double(1)` gave of shape (1,), expected (2,)"),
        (gives_two_parts, "return x",
         "`double(1)` gave something that this check cannot look at: is it of the kind, and "
         "has it the parts, that the statement asks for? If so, the mistake is the check's: "
         "tell your instructor"),
        (gives_two_parts, "return 1, 2, 3",
         "`double(1)` gave something that this check cannot look at: is it of the kind, and "
         "has it the parts, that the statement asks for? If so, the mistake is the check's: "
         "tell your instructor"),
        (asserts_plainly, "return x", "3 doubled is 6"),
        (asserts_without_words, "return x", "not so"),
        (is_refused, "return x", "`double(-1)` raised nothing, expected ValueError"),
        (is_refused, "raise KeyError(x)", "`double(-1)` raised KeyError: -1 "
         "(line 2: `raise KeyError(x)`), expected ValueError"),
        (is_refused, "raise ValueError('bad')", "`double(-1)` raised ValueError with the message "
         "'bad', expected it to name the problem (something like 'negative')"),
    ],
)  # fmt: skip
def test_every_way_of_being_wrong_has_its_message(sandbox, function, answer, said):
    graded = grade(sandbox, [function], ex_1_1=f"def double(x):\n    {answer}")
    assert messages(graded)[function.__name__].replace("an array of", "of") == said


def test_a_generated_check_shows_the_smallest_failing_input(sandbox):
    @check("1.1", points=1)
    @generated(st.lists(st.integers(0, 99), max_size=9), examples=30)
    def adds_all(student, case):
        """adds all numbers"""
        equal(student.double(case), sum(case), why="The last number counts too.")

    graded = grade(sandbox, [adds_all], ex_1_1="def double(x):\n    return sum(x[:-1])")
    said = "`double([1])` gave 0, expected 1. The last number counts too"
    assert messages(graded) == {"adds_all": said}


def test_a_slow_wrong_answer_is_wrong_rather_than_endless(sandbox):
    @check("1.1", points=1, seconds=0.5)
    @generated(st.integers(0, 10**6), examples=5)
    def doubles_slowly(student, case):
        """doubles any number"""
        equal(student.double(case), 2 * case, why="Twice the number.")

    slow = """
        import time
        def double(x):
            end = time.process_time() + 0.03
            while time.process_time() < end: pass
            return 2 * x if x < 1000 else 0
    """
    graded = grade(sandbox, [doubles_slowly, doubles_two], ex_1_1=dedent(slow))
    assert graded.status == "graded"
    assert "Twice the number" in messages(graded)["doubles_slowly"]
    assert points(graded)["1.1"] == 1


# ---------------------------------------------------------------- what a hidden check says


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("return x + 3", "Twice the number"),
        ("pass", "Twice the number"),
        ("return str(x) * 2", "Twice the number"),
        ("raise ValueError(f'{x}')", "raised an exception"),
        ("raise type(f'E{x}', (Exception,), {})(x)", "raised an exception"),
        ("return lambda: x", "Twice the number"),
        ("import os; os._exit(x % 256)", "your code ended its process"),
    ],
)
def test_a_hidden_check_tells_the_property_and_never_the_input(sandbox, answer, said):
    graded = grade(sandbox, [doubles_a_secret], ex_1_1=f"def double(x):\n    {answer}")
    assert messages(graded) == {"doubles_a_secret": said}
    everything = repr(graded)
    for secret in ("987654", "1975308", f"exit {987654 % 256}"):
        assert secret not in everything


def test_a_hidden_check_without_a_reason_says_not_so_for_every_input(sandbox):
    @check("1.1", points=1, hidden=True)
    def is_bare(student):
        """doubles any number"""
        equal(student.double(987654), 1975308)

    @check("1.1", points=1, hidden=True)
    def is_plain(student):
        """doubles any number"""
        if student.double(987654) != 1975308:
            raise AssertionError("987654 doubled is 1975308")

    graded = grade(sandbox, [is_bare, is_plain], ex_1_1="def double(x):\n    return x")
    assert set(messages(graded).values()) == {"not so for every input"}


def test_a_hidden_check_of_the_wrong_kind_shows_no_call(sandbox):
    @check("1.1", points=1, hidden=True)
    def has_parts(student):
        """gives two parts"""
        _, _ = student.double(987654)

    graded = grade(sandbox, [has_parts], ex_1_1="def double(x):\n    return x")
    assert messages(graded)["has_parts"].startswith("gave something that this check cannot look at")
    (found,) = graded.exercises[0].checks
    assert re.fullmatch(r"TypeError in test_session.py, line \d+", found.error)


def test_what_fails_for_the_reference_too_counts_for_nobody(sandbox):
    @check("1.1", points=1)
    def works(student):
        """doubles"""
        equal(student.double(1), 2)

    @check("1.1", points=2)
    def is_misspelt(student):
        """doubles more"""
        equal(student.double(2), undefined)  # noqa: F821

    @check("1.1", points=3)
    def is_mistaken(student):
        """doubles much"""
        equal(student.double(3), 7)

    runner = Runner(lesson(works, is_misspelt, is_mistaken), sandbox)
    runner.rehearse(submission(ex_1_1="def double(x):\n    return 2 * x"))
    (exercise,) = runner.grade(submission(ex_1_1="def double(x):\n    return x + x")).exercises
    assert (exercise.points, exercise.max) == (1, 1)
    errors = [c.error for c in exercise.checks]
    assert errors[0] == ""
    assert re.fullmatch(
        r"NameError in test_session.py, line \d+: name 'undefined' is not defined", errors[1]
    )
    assert errors[2] == "fails: `double(3)` gave 6, expected 7"
    assert {c.message for c in exercise.checks[1:]} == {FAULTY}


def test_what_a_visible_check_quotes_cannot_have_seen_a_hidden_input(sandbox):
    remembers = """
        seen = []
        def double(x):
            seen.append(x)
            return str(seen)
    """
    functions = (doubles_a_secret, doubles_two)
    graded = grade(sandbox, functions, ex_1_1=dedent(remembers))
    assert "987654" not in repr(graded)


# ---------------------------------------------------------------- the same twice


def recording(hidden):
    """Return checks that record the inputs they use: drawn by Hypothesis, and by ``rng``."""
    used = []

    @check("1.1", points=1, hidden=hidden)
    @generated(st.integers(0, 10**9), examples=5)
    def is_generated(student, case):
        """doubles any number"""
        if student.double(case) is not None:
            used.append(case)

    @check("1.1", points=1, hidden=hidden)
    def is_random(student, rng):
        """doubles a random number"""
        used.append(int(rng.integers(10**9)))
        student.double(used[-1])

    return (is_generated, is_random), used


@pytest.mark.parametrize("hidden", [True, False])
def test_hidden_inputs_come_from_the_seed_and_visible_ones_are_always_the_same(sandbox, hidden):
    functions, used = recording(hidden)
    batches = []
    for seed in (1, 1, 2):
        grade(sandbox, functions, seed=seed, ex_1_1=DOUBLE)
        batches.append(used.copy())
        used.clear()
    one, again, other = batches
    assert len(one) == 6
    assert one == again
    assert (one == other) is not hidden


def test_the_same_submission_and_seed_give_the_same_report(sandbox):
    wrong = {
        "ex_1_1": "import random\ndef double(x):\n    return 2 * x if random.random() < 0.5 else 0",
        "ex_1_2": "import numpy as np\ndef total(x):\n    return np.random.rand(3)",
    }
    one, again = (grade(sandbox, CHECKS, seed=3, **wrong) for _ in range(2))
    assert one == again


def test_no_check_depends_on_the_checks_before_it(sandbox):
    drawn = "import numpy as np\ndef double(x):\n    return float(np.random.rand())"
    alone = grade(sandbox, [doubles_an_array], ex_1_1=drawn)
    after = grade(sandbox, [doubles_two, doubles_an_array], ex_1_1=drawn)
    assert messages(alone)["doubles_an_array"] == messages(after)["doubles_an_array"]


# ---------------------------------------------------------------- cells that fail


def test_an_exception_in_a_cell_costs_only_what_depends_on_it(sandbox):
    broken = cell("added", "added cell 4", "helper = 1 / 0")
    needs = "def double(x):\n    return x * helper"
    graded = grade(sandbox, CHECKS, broken, ex_1_1=needs, ex_1_2=TOTAL)
    assert points(graded) == {"1.1": 0, "1.2": 2}
    assert (graded.status, graded.reason) == ("partial", "added cell 4 did not run")
    assert graded.notes == [
        "added cell 4 did not run: ZeroDivisionError: division by zero (line 1: `helper = 1 / 0`)"
    ]


def test_a_syntax_error_costs_its_own_exercise(sandbox):
    graded = grade(sandbox, CHECKS, ex_1_1="def double(x):\n    return ((\n", ex_1_2=TOTAL)
    assert points(graded) == {"1.1": 0, "1.2": 2}
    assert graded.status == "partial"
    assert graded.exercises[0].error.startswith("SyntaxError: '(' was never closed")
    assert graded.exercises[1].error == ""


def test_what_a_cell_defined_before_its_exception_counts(sandbox):
    graded = grade(sandbox, CHECKS, ex_1_1=DOUBLE + "\n\nassert double(1) == 3")
    assert points(graded)["1.1"] == 2
    assert graded.status == "partial"


def test_a_cell_that_ends_its_process_is_left_out_and_the_others_are_graded(sandbox):
    deadly = cell("added", "added cell 4", "import os; os._exit(3)")
    graded = grade(sandbox, CHECKS, deadly, ex_1_1=DOUBLE, ex_1_2=TOTAL)
    assert points(graded) == {"1.1": 2, "1.2": 2}
    assert graded.status == "crashed"
    assert graded.reason == "added cell 4 ended its process (exit 3)"


def test_an_endless_cell_is_left_out_and_the_others_are_graded(sandbox, monkeypatch):
    monkeypatch.setattr(module, "CELL_SECONDS", 0.3)
    endless = cell("added", "added cell 4", "while True: pass")
    graded = grade(sandbox, CHECKS, endless, ex_1_1=DOUBLE)
    assert points(graded)["1.1"] == 2
    assert graded.status == "timeout"
    assert "added cell 4 did not come back within 0.3 CPU seconds" in graded.reason


def test_cells_that_all_end_their_process_still_give_a_report(sandbox):
    cells = [cell("added", f"added cell {n}", "import os; os._exit(1)") for n in range(20)]
    graded = grade(sandbox, CHECKS, *cells, ex_1_1=DOUBLE)
    assert graded.status == "crashed"
    assert points(graded) == {"1.1": 0, "1.2": 0}
    assert messages(graded)["doubles_two"] == "not run: the cells ended every process"


# ---------------------------------------------------------------- answers that do not come back


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("while True: pass", "timeout",
         "did not come back within 0.3 CPU seconds (an endless loop?)"),
        ("import time; time.sleep(60)", "timeout",
         "did not come back in time (does it sleep, or wait for something?)"),
        ("import time; x = bytearray(80 << 20); time.sleep(60)", "crashed",
         "used more than 64 MiB of memory"),
        ("import ctypes; ctypes.string_at(0)", "crashed", "ended its process (signal 11)"),
        ("import os; os._exit(0)", "crashed", "ended its process (exit 0)"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_come_back_costs_its_own_exercise(sandbox, answer, status, said):
    @check("1.1", points=1, seconds=0.3)
    def comes_back(student):
        """comes back"""
        student.double(1)

    graded = grade(
        sandbox, [comes_back, adds_up], limits=SubmissionLimits(memory=64 * 2**20),
        ex_1_1=f"def double(x):\n    {answer}", ex_1_2=TOTAL,
    )  # fmt: skip
    assert points(graded) == {"1.1": 0, "1.2": 2}
    assert messages(graded) == {"comes_back": f"your code {said}"}
    assert (graded.status, graded.reason) == (status, f"exercise 1.1 {said}")


# ---------------------------------------------------------------- limits that add up

BURNS = """\
import time
def double(x):
    end = time.process_time() + 0.5
    while time.process_time() < end: pass
    return 2 * x
"""


def trains(number, seconds=0.9, **how):
    """Return a goal that calls the answer once."""

    @check("1.1", points=1, goal=True, seconds=seconds, **how)
    def reaches_a_goal(student):
        """reaches a goal"""
        equal(student.double(number), 2 * number)

    reaches_a_goal.check = replace(reaches_a_goal.check, function=reaches_a_goal)
    return reaches_a_goal


def test_a_submission_may_take_what_its_checks_may(sandbox):
    goals = [trains(number, 180) for number in range(3)]
    runner = Runner(lesson(*goals, doubles_two, doubles_a_secret), sandbox)
    beside = SubmissionLimits().time()[0]
    cpu, wall = runner.time()
    assert cpu == 3 * 180 + 2 * 5 + beside
    assert wall >= 2 * cpu  # machines are busy
    assert replace(runner, goals=False).time()[0] == 2 * 5 + beside
    assert replace(runner, goals=False, hidden=False).time()[0] == 5 + beside
    assert replace(runner, limits=SubmissionLimits(cpu=7, wall=8)).time() == (7, 8)


def test_goals_that_take_most_of_their_time_are_all_graded(sandbox):
    graded = grade(sandbox, [trains(1), trains(2), trains(3)], ex_1_1=BURNS)
    assert (graded.status, points(graded)) == ("graded", {"1.1": 3})


def test_who_has_used_up_everything_is_told_so_and_no_limit_that_was_not_reached(sandbox):
    limits = SubmissionLimits(cpu=1.25)
    goals = [trains(1), trains(2), trains(3), trains(4)]
    graded = grade(sandbox, goals, limits=limits, ex_1_1=BURNS)
    said = "used up the 1.25 seconds that all its cells and checks may take"
    assert [c.message for c in graded.exercises[0].checks] == [
        "", "", f"your code {said}", "not run: the submission had used up its time",
    ]  # fmt: skip
    assert (graded.status, graded.reason) == ("timeout", f"exercise 1.1 {said}; it {said}")


def test_what_one_process_used_the_next_may_not_use_again(sandbox):
    limits = SubmissionLimits(cpu=1.0)
    goals = [trains(1, 0.6), trains(2, 0.6)]
    endless = "def double(x):\n    while True: pass"
    graded = grade(sandbox, [*goals, adds_up], limits=limits, ex_1_1=endless, ex_1_2=TOTAL)
    assert [c.message for c in graded.exercises[0].checks] == [
        "your code did not come back within 0.6 CPU seconds (an endless loop?)",
        "your code used up the 1 seconds that all its cells and checks may take",
    ]
    assert messages(graded)["adds_up"] == "not run: the submission had used up its time"


def test_an_answer_that_is_larger_than_may_travel_is_told_so(sandbox):
    huge = "import numpy as np\ndef double(x):\n    return np.zeros(2**22 + 1)"
    graded = grade(sandbox, [doubles_two], ex_1_1=huge)
    said = "`double(2)` gave an answer too large to read"
    assert (graded.status, messages(graded)) == ("graded", {"doubles_two": said})


def test_after_two_endings_the_rest_of_an_exercise_is_not_run(sandbox):
    functions = [doubles_two, doubles_an_array, doubles_a_secret, adds_up]
    deadly = "import os\ndef double(x):\n    os._exit(1)"
    graded = grade(sandbox, functions, ex_1_1=deadly, ex_1_2=TOTAL)
    assert [c.message for c in graded.exercises[0].checks] == [
        "your code ended its process (exit 1)",
        "your code ended its process (exit 1)",
        "not run: earlier checks did not come back",
    ]
    assert points(graded)["1.2"] == 2


def test_an_answer_that_ends_its_process_once_costs_one_check(sandbox):
    once = "import os\ndef double(x):\n    return os._exit(1) if str(x) == '2' else 2 * x"
    graded = grade(sandbox, CHECKS, ex_1_1=once)
    assert points(graded)["1.1"] == 1


def test_a_submission_s_time_is_bounded_by_the_clock(sandbox):
    sleepy = "import time\ndef double(x):\n    time.sleep(0.4)\n    return 2 * x"
    graded = grade(sandbox, CHECKS, limits=SubmissionLimits(wall=0.3), ex_1_1=sleepy, ex_1_2=TOTAL)
    assert graded.status == "timeout"
    assert "not run: the submission had used up its time" in messages(graded).values()


def test_a_sandbox_that_is_gone_is_told_to_whoever_grades():
    with Sandbox(["numpy"]) as sandbox:
        sandbox.process.kill()
        sandbox.process.wait()
        with pytest.raises(Ended):
            grade(sandbox, CHECKS, ex_1_1=DOUBLE)


def test_a_cell_that_runs_again_after_hidden_questions_is_not_quoted(tmp_path):
    left = str(tmp_path / "left")  # what no process in bubblewrap could leave to the next
    late = f"import os\nif os.path.exists({left!r}):\n    raise ValueError('it is late')"
    ends = f"import os\ndef double(x):\n    if x == 987654:\n        open({left!r}, 'w').close()\n"
    ends += "        os._exit(37)\n    return 2 * x"

    @check("1.1", points=0.5, hidden=True)
    def doubles_another_secret(student):
        """doubles every number"""
        equal(student.double(123456), 246912)

    functions = (doubles_two, doubles_a_secret, doubles_another_secret)
    with Sandbox(["numpy"], "process") as shared:
        graded = grade(shared, functions, cell("added", "cell 3", late), ex_1_1=ends)
    assert points(graded) == {"1.1": 1.5}
    assert "cell 3 did not run: it ran the first time and not again" in graded.notes
    said = " ".join([graded.reason, *graded.notes, *messages(graded).values()])
    assert "late" not in said and "37" not in said


def test_an_answer_that_builds_on_an_unanswered_exercise_says_which(sandbox):
    stub = cell(
        "stub", "answer 1.3", 'def third(x):\n    raise NotImplementedError("exercise 1.3")'
    )
    stub = replace(stub, kind="added")
    graded = grade(sandbox, [doubles_two], stub, ex_1_1="def double(x):\n    return third(x)")
    assert messages(graded) == {
        "doubles_two": "`double(2)` needs exercise 1.3, which is not answered yet"
    }


# ---------------------------------------------------------------- demos of the lesson

SERIES = cell("demo", "demo series", "series = [1, 2, 3]\nprint(series)")
LENGTH = cell("demo", "demo length", "length = len(series)")
DEADLY = cell("demo", "demo deadly", "import os; unused = os._exit(1)")
RUN = "the lesson's cell '{}' was run: an answer uses it"


def test_a_demo_that_no_answer_uses_is_not_run(sandbox):
    graded = grade(sandbox, [doubles_two], DEADLY, SERIES, ex_1_1=DOUBLE)
    assert (graded.status, graded.notes, points(graded)) == ("graded", [], {"1.1": 1})


def test_a_demo_is_run_when_an_answer_uses_a_name_of_it_and_noted(sandbox):
    uses = "def double(x):\n    return 2 * x * len(series) // 3"
    graded = grade(sandbox, [doubles_two], DEADLY, SERIES, ex_1_1=uses)
    assert points(graded)["1.1"] == 1
    assert graded.notes == [RUN.format("demo series")]


def test_what_a_lesson_gives_is_used_without_a_word(sandbox):
    given = replace(
        cell("demo", "demo given_series", "series = [1, 2, 3]"), grade_id="given_series"
    )
    graded = grade(sandbox, CHECKS, given, ex_1_1="twice = series\n" + DOUBLE)
    assert points(graded)["1.1"] == 2
    assert graded.notes == []


def test_a_demo_that_another_demo_needs_is_run_too(sandbox):
    uses = "def double(x):\n    return 2 * x * length // 3"
    graded = grade(sandbox, [doubles_two], SERIES, DEADLY, LENGTH, ex_1_1=uses)
    assert points(graded)["1.1"] == 1
    assert set(graded.notes) == {RUN.format("demo series"), RUN.format("demo length")}


def test_a_function_s_own_name_runs_no_demo(sandbox):
    own = "def double(x):\n    series = [x, x]\n    return sum(series)"
    graded = grade(sandbox, [doubles_two], SERIES, ex_1_1=own)
    assert (graded.notes, points(graded)) == ([], {"1.1": 1})


def test_a_name_that_the_learner_defines_runs_no_demo(sandbox):
    mine = cell("added", "added cell 2", "series = [0]")
    uses = "def double(x):\n    return 2 * x + series[0]"
    graded = grade(sandbox, [doubles_two], SERIES, mine, ex_1_1=uses)
    assert (graded.notes, points(graded)) == ([], {"1.1": 1})


@pytest.mark.parametrize(
    "added",
    [
        ["series += [4]"],
        ["series = series + [4]"],
        ["print(series)", "series = [1, 2, 3, 4]"],
    ],
)
def test_a_name_of_a_demo_that_the_learner_reads_before_binding_it_runs_the_demo(sandbox, added):
    cells = [cell("added", f"added cell {n}", text) for n, text in enumerate(added)]
    uses = "def double(x):\n    return 2 * x * len(series) // 4"
    graded = grade(sandbox, [doubles_two], SERIES, *cells, ex_1_1=uses)
    assert points(graded)["1.1"] == 1
    assert graded.notes == [RUN.format("demo series")]


def test_a_demo_s_name_in_other_letters_is_that_name_too(sandbox):
    wide = "def double(x):\n    return 2 * x * len(ｓｅｒｉｅｓ) // 3"
    graded = grade(sandbox, [doubles_two], SERIES, ex_1_1=wide)
    assert (points(graded)["1.1"], graded.notes) == (1, [RUN.format("demo series")])


@pytest.mark.parametrize("text", ["# ", "# series "])
def test_a_cell_that_is_too_long_costs_what_depends_on_it(sandbox, text):
    long = text + "x" * 3 * 2**20 + "\n" + DOUBLE
    graded = grade(sandbox, CHECKS, SERIES, ex_1_1=long, ex_1_2=TOTAL)
    assert points(graded) == {"1.1": 0, "1.2": 2}
    assert graded.notes == ["answer 1.1 did not run: it is too long"]


def test_a_demo_runs_where_it_stands(sandbox):
    mine = cell("added", "added cell 2", "series = series[:1]")
    uses = "def double(x):\n    return 2 * x * len(series)"
    graded = grade(sandbox, [doubles_two], SERIES, mine, ex_1_1=uses)
    assert points(graded)["1.1"] == 1


# ---------------------------------------------------------------- what an exercise forbids


def test_another_framework_in_an_exercise_for_numpy_is_noted_for_review(sandbox):
    mine = cell("added", "added cell 2", "try:\n    import torch\nexcept ImportError:\n    pass")
    own = cell("added", "added cell 3", "def add(x):\n    return x if x is None else x + tf(x)")
    tf = cell("added", "added cell 1", "def tf(x):\n    return x")
    uses = "def double(x):\n    return add(x)"
    graded = grade(sandbox, [doubles_two], tf, mine, own, numpy=True, ex_1_1=uses)
    assert (points(graded)["1.1"], graded.exercises[0].notes) == (1, [])
    helper = "try:\n    import torch.linalg as T\nexcept ImportError:\n    T = None"
    uses = "def double(x):\n    return 2 * x if T else x + x"
    added = cell("added", "added cell 2", helper)
    graded = grade(sandbox, [doubles_two], added, numpy=True, ex_1_1=uses)
    (note,) = graded.exercises[0].notes
    assert note == "added cell 2 names torch; this exercise is done in NumPy"
    assert graded.exercises[0].forbidden == ["torch"]
    graded = grade(sandbox, [doubles_two], added, ex_1_1=uses)
    assert graded.exercises[0].notes == graded.exercises[0].forbidden == []


def test_a_forbidden_name_earns_nothing_and_is_noted_for_review(sandbox):
    uses = "import numpy as np\ndef double(x):\n    return int(np.add(x, x))"
    graded = grade(sandbox, [doubles_two], forbids=["numpy.add"], ex_1_1=uses)
    assert points(graded)["1.1"] == 0
    assert "write this one yourself" in messages(graded)["doubles_two"]
    names = "from numpy import add\n" + DOUBLE
    graded = grade(sandbox, [doubles_two], forbids=["numpy.add"], ex_1_1=names)
    (note,) = graded.exercises[0].notes
    assert note == "answer 1.1 names numpy.add, which this exercise does without"
    assert graded.exercises[0].forbidden == ["numpy.add"]


def test_another_exercise_may_use_what_one_forbids(sandbox):
    whole = lesson(doubles_two, adds_up)
    rules = Rules(("double",), ("numpy.sum",))
    whole.entries["1.1"] = replace(whole.entries["1.1"], rules=rules)
    answers = submission(ex_1_1=DOUBLE, ex_1_2=TOTAL)
    assert points(Runner(whole, sandbox).grade(answers)) == {"1.1": 1, "1.2": 2}


def test_a_note_about_an_answer_is_clean_and_short(sandbox):
    loud = "raise ValueError('\\x1b[31m' + '<b>' * 9999)"
    graded = grade(sandbox, [doubles_two], ex_1_1=loud + "\n" + DOUBLE)
    assert all("\x1b" not in n and len(n) < 3000 for n in graded.notes)
    assert graded.notes[0].startswith("answer 1.1 did not run: ValueError: \\x1b[31m<b>")
