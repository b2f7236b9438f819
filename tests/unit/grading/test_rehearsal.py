"""Rehearsed or not, every answer gets the same report; a class is only asked less often."""

import importlib.util
import re
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqkit import ROOT
from seqkit.checking.cases import cases
from seqkit.checking.expect import close, equal, raises
from seqkit.course.catalogue import Catalogue, Entry, LessonEntry, file_stem
from seqkit.course.checks import Check, Rules, check, generated, once_more
from seqkit.course.lesson import Exercise, Lesson
from seqkit.grading import rehearsal, session
from seqkit.grading.rehearsal import same_data
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.channel import Channel
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.grading.session import Graded, Runner
from seqkit.submissions.reading.layout import PlannedCell, Submission, read_submission

MISSING = bubblewrap_complaint()
pytestmark = [pytest.mark.sandbox, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(["numpy", "seqkit.text", "seqkit.batches"]) as warm:
        yield warm


@pytest.fixture
def exchanges(monkeypatch) -> list[str]:
    """Return the operations that were asked of the learner's process."""
    asked: list[str] = []
    real = Channel.request

    def request(self, operation, **arguments):
        asked.append(operation)
        return real(self, operation, **arguments)

    monkeypatch.setattr(Channel, "request", request)
    return asked


def without_times(graded: Graded):
    return graded.status, graded.reason, graded.notes, graded.exercises


# ---------------------------------------------------------------- a lesson in small


@check(points=1)
def doubles_and_halves(student):
    """doubles and halves"""
    equal(student.double(2), 4, what="the double", why="Twice the number.")
    equal(student.double(0.5), 1.0, what="the double", why="Twice the number.")


@check(points=1)
def asks_again(student):
    """doubles what it gave"""
    first = student.double(3)
    equal(student.double(first), 12, what="twice the double", why="Twice the number.")


@check(points=1)
def refuses_text(student):
    """refuses text"""
    for text in ("a", ""):
        with raises(TypeError, match="text"):
            student.double(text)


@check(points=1)
def leaves_alone(student):
    """changes nothing"""
    kept = student.keep(np.array([1.0, 2.0]))
    close(student.double(kept), [2.0, 4.0], what="the double")
    close(student.fetch(kept), [1.0, 2.0], what="the array afterwards")


@check(points=1)
@generated(st.integers(-1000, 1000), examples=10)
def doubles_any(student, case):
    """doubles any number"""
    equal(student.double(case), 2 * case, why="Twice the number.")


@check(points=1)
@generated(st.integers(-1000, 1000), examples=10)
def doubles_every(student, case):
    """doubles every number"""
    equal(student.double(case), 2 * case, why="Twice the number.")


@check(points=1)
def writes_into_it(student):
    """shares no memory"""
    kept = student.keep(np.array([1.0, 2.0]))
    doubled = student.kept("double", kept)
    student.assign(kept, 0, 9.0)
    close(student.fetch(doubled), [2.0, 4.0], what="the double afterwards")


TOGETHER = (doubles_and_halves, refuses_text, leaves_alone, doubles_any, doubles_every)
#: These tell with a later question what an earlier one asks for: they take several exchanges.
IN_EXCHANGES = (asks_again, writes_into_it)
CHECKS = (*TOGETHER, *IN_EXCHANGES)
RIGHT = """\
def double(x):
    if isinstance(x, str):
        raise TypeError("no text")
    return x * 2
"""


def own(function) -> Check:
    """Return a check as it is found in the file of exercise 1.1."""
    return replace(function.check, exercise="1.1", hidden=function is doubles_any)


def lesson() -> LessonEntry:
    stated = Exercise("1.1", "Exercise double", 7, 1, 5, names=("double",))
    entry = Entry(stated, tuple(map(own, CHECKS)), Rules(("double",)))
    return LessonEntry(Lesson("01_tiny", (), {"1.1": stated}), {"1.1": entry}, ("numpy",))


def answer(source: str) -> Submission:
    planned = PlannedCell(
        "answer", "answer 1.1", "import numpy as np\n" + source, exercises=("1.1",)
    )
    return Submission("01_tiny", {"1.1": source}, [], [planned], [])


def rehearsed(sandbox) -> Runner:
    runner = Runner(lesson(), sandbox)
    runner.rehearse(answer(RIGHT))
    whole = {
        key[2] for key, script in runner.rehearsal.scripts.items() if len(script.exchanges) == 1
    }
    assert whole == {f.__name__ for f in TOGETHER}
    assert {key[2] for key in runner.rehearsal.scripts} == {f.__name__ for f in CHECKS}
    return runner


ANSWERS = {
    "right": RIGHT,
    "right in another way": RIGHT.replace("x * 2", "x + x"),
    "another type": RIGHT.replace("x * 2", "np.multiply(x, 2)"),
    "wrong for some": RIGHT.replace("x * 2", "x * 2 if np.all(np.asarray(x) < 100) else x"),
    "wrong from the first": RIGHT.replace("x * 2", "x"),
    "takes text": "def double(x):\n    return x * 2",
    "changes its argument": RIGHT.replace("return x * 2", "x *= 2\n    return x"),
    "counts its calls": "n = 0\n" + RIGHT.replace(
        "    return x * 2", "    global n\n    n += 1\n    return x * 2 if n < 5 else 0"),
    "a large answer": RIGHT.replace("x * 2", "'x' * 10**6"),
    "too much together": RIGHT.replace("x * 2", "'x' * 800_000"),
    "no data": RIGHT.replace("x * 2", "object()"),
    "raises": "def double(x):\n    return 1 / 0",
    "does not parse": "def double(x:",
    "ends its process": "import os\ndef double(x):\n    os._exit(3)",
    "ends it late": RIGHT.replace("x * 2", "x * 2 if np.all(np.asarray(x) < 900) else exit"),
    "looks for what comes": "import sys\n" + RIGHT.replace(
        "    return x * 2",
        "    sys._getframe(1).f_locals.clear()\n    return x * 2"),
}  # fmt: skip


@pytest.mark.parametrize("source", ANSWERS.values(), ids=ANSWERS)
def test_rehearsed_or_not_the_report_is_the_same(sandbox, source):
    runner = rehearsed(sandbox)
    alone = Runner(lesson(), sandbox).grade(answer(source))
    stateful = "global n" in source
    for _ in range(2):  # the second time from what is known of the replies
        graded = runner.grade(answer(source))
        if not stateful:
            assert without_times(graded) == without_times(alone)


READS_AHEAD = """\
import sys
from seqkit.grading.inside import wire
def double(x):
    frame = sys._getframe(1)
    while "requests" not in frame.f_locals:
        frame = frame.f_back
    asked = [wire.decode(f, str)[1] for f in frame.f_locals["requests"]]
    numbers = [n for more in asked for n in more.get("args", ())]
    return numbers[numbers.index(x) + 1]
"""


def test_who_reads_what_is_asked_next_finds_no_answer_there(sandbox):
    (graded,) = rehearsed(sandbox).grade(answer(READS_AHEAD)).exercises
    said = {c.name: c.message for c in graded.checks}
    assert "`double(2)` gave the double 0.5, expected 4" in said["doubles_and_halves"]
    assert graded.points == 0


def test_what_depends_on_the_number_of_calls_is_the_same_every_time(sandbox):
    source = answer(ANSWERS["counts its calls"])
    reports = [without_times(rehearsed(sandbox).grade(source)) for _ in range(2)]
    assert reports[0] == reports[1]


def test_a_right_answer_is_asked_a_few_times_only(sandbox, exchanges):
    runner = rehearsed(sandbox)
    exchanges.clear()
    assert sum(e.points for e in runner.grade(answer(RIGHT)).exercises) == 7
    # cells, visible checks, hidden checks, and two for each of those that cannot go along
    assert exchanges == ["all"] * (3 + 2 * len(IN_EXCHANGES))


def test_no_hidden_question_goes_out_before_every_visible_answer(sandbox):
    runner = rehearsed(sandbox)
    graded = runner.grade(answer("seen = []\ndef double(x):\n    seen.append(x)\n    return seen"))
    shown = [c.message for e in graded.exercises for c in e.checks if c.visible]
    told = {int(number) for number in re.findall(r"-?\d+", " ".join(shown))}
    any_, every = own(doubles_any), own(doubles_every)
    hidden, visible = (set(cases(check, check.seed(0))) for check in (any_, every))
    assert told & visible
    assert not told & (hidden - visible - set(range(-100, 101)))


def test_what_a_hidden_check_asks_again_was_not_asked_before(sandbox, monkeypatch):
    runner = rehearsed(sandbox)
    asked, real = [], Channel.request

    def request(self, operation, **arguments):
        asked.extend(arguments["args"] if operation == "call" else ())
        return real(self, operation, **arguments)

    monkeypatch.setattr(Channel, "request", request)
    monkeypatch.setattr(rehearsal, "play", lambda *args: None)  # every check strays
    assert sum(e.points for e in runner.grade(answer(RIGHT)).exercises) == 7
    secret = own(doubles_any)
    before, again = (set(cases(secret, secret.seed(seed))) for seed in (0, once_more(0)))
    assert again - before - set(range(-3, 4)) <= set(asked[-len(again) :])
    assert not (before - again - set(range(-3, 4))) & set(asked[-len(again) :])


def test_a_reference_that_ends_its_process_rehearses_nothing(sandbox):
    runner = Runner(lesson(), sandbox)
    runner.rehearse(answer(ANSWERS["ends its process"]))
    assert runner.rehearsal.scripts == {}
    assert sum(e.points for e in runner.grade(answer(RIGHT)).exercises) == 7


# ---------------------------------------------------------------- what trains is done once


@check(points=1)
def trains_much(student):
    """gives a model"""
    equal(student.train("much")["times"], 1, what="how often it ran")


@check(points=1, seconds=20)
def trains_long(student):
    """gives a model that can be used"""
    model = student.train("long")
    equal(model["times"], 1, what="how often it ran")
    close(student.train.use(model["weights"][:2]), model["weights"][:2])


@check(points=1, goal=True)
def trains_well(student):
    """reaches the goal"""
    equal(student.train("well")["times"], 1, what="how often it ran")


TRAIN = """\
from collections import Counter
ran = Counter()
def train(name):
    ran[name] += 1
    return {{"weights": np.full({size}, {value}), "times": ran[name]}}
train.use = lambda weights: weights
"""
SMALL, LARGE, LARGER = 10, 400_000, 800_000  # 80 bytes, 3.2 MB, 6.4 MB


@pytest.mark.parametrize("reference", [SMALL, LARGE])
@pytest.mark.parametrize("size", [SMALL, LARGE, LARGER])
def test_what_trains_runs_once(sandbox, exchanges, reference, size):
    functions = [trains_much, trains_long, trains_well]
    functions += [renamed(trains_much, n) for n in ("a", "b", "c", "d")]
    stated = Exercise("1.1", "Exercise train", 7, 1, 5, names=("train",))
    entry = Entry(stated, tuple(map(own, functions)), Rules(("train",)))
    tiny = LessonEntry(Lesson("01_tiny", (), {"1.1": stated}), {"1.1": entry}, ("numpy",))
    runner = Runner(tiny, sandbox)
    runner.rehearse(answer(TRAIN.format(size=reference, value=0.5)))
    exchanges.clear()
    (graded,) = runner.grade(answer(TRAIN.format(size=size, value=0.25))).exercises
    assert [c.message for c in graded.checks if not c.passed] == []
    assert graded.points == 7
    live = {SMALL: 2, LARGE: 7}[reference]  # checks, of which one asks two questions
    assert exchanges.count("call") == live + 1
    assert len(runner.rehearsal.scripts) == 7 - live


def renamed(function, name):
    """Return a check that calls train with another name."""

    def trains(student):
        equal(student.train(name)["times"], 1, what="how often it ran")

    trains.__name__ = f"trains_{name}"
    trains.check = replace(function.check, function=trains)
    return trains


def test_replies_that_wait_are_bounded(sandbox, monkeypatch, exchanges):
    monkeypatch.setattr(session, "REPLIES_BYTES", 0)
    runner = rehearsed(sandbox)
    exchanges.clear()
    assert sum(e.points for e in runner.grade(answer(RIGHT)).exercises) == 7
    # cells, the first group of visible checks, which takes two, and the first of hidden ones
    assert exchanges.count("all") == 4 and "call" in exchanges


# ---------------------------------------------------------------- the course's own lesson


def variants(exercise: str) -> list[str]:
    """Return every answer that the tests keep of an exercise."""
    folder = ROOT / "tests" / "answers"
    spec = importlib.util.spec_from_file_location("seqkit_answers", folder / "table.py")
    table = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses ask there
    spec.loader.exec_module(table)
    path = folder / "01_sequential_data" / f"{file_stem(exercise)}.py"
    return [variant.source for variant in table.variants(path)]


@pytest.mark.parametrize("exercise", ["1.2", "1.3", "1.5", "1.6", "1.7", "1.9"])
def test_every_answer_in_the_table_gets_the_report_it_gets_unrehearsed(sandbox, exercise):
    catalogue = Catalogue()
    entry = catalogue.lesson(exercise)
    only = replace(entry, entries={exercise: entry.entries[exercise]})
    lessons = {entry.name: entry.lesson}
    reference = read_submission(ROOT / "solutions" / f"{entry.name}.ipynb", lessons)
    cells = [c for c in reference.cells if c.kind == "imports"]
    cells = [replace(c, source=c.source.replace("import keras", "")) for c in cells]
    runner = Runner(only, sandbox, seed=7)
    answers = [c for c in reference.cells if exercise in c.exercises]
    runner.rehearse(replace(reference, cells=[*cells, *answers]))
    assert runner.rehearsal.scripts
    for source in variants(exercise):
        written = PlannedCell("answer", f"answer {exercise}", source, exercises=(exercise,))
        sub = Submission(entry.name, {exercise: source}, [], [*cells, written], [])
        alone = Runner(only, sandbox, seed=7).grade(sub)
        assert without_times(runner.grade(sub)) == without_times(alone), source


# ---------------------------------------------------------------- what is the same


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(PLAIN, PLAIN)
def test_values_are_the_same_exactly_when_they_are_written_alike(a, b):
    assert same_data(a, a)
    assert same_data(a, b) == (repr(a) == repr(b) and type(a) is type(b))


@pytest.mark.parametrize(
    "a, b",
    [
        (np.zeros(2), np.zeros(2, np.float32)), (np.zeros((1, 2)), np.zeros(2)),
        (0.0, -0.0), (1, True), (np.float64(1), 1.0), ([1], (1,)), ({"a": 1}, {"b": 1}),
        (np.array([0.0]), np.array([-0.0])), ({1, 2}, {1, 3}),
    ],
)  # fmt: skip
def test_what_differs_in_type_or_bits_is_not_the_same(a, b):
    assert not same_data(a, b)
