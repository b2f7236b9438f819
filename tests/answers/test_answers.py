"""The table of answers: every wrong one fails the named check with the named message,
every right one, however written, gets full points.
"""

import ast
import re
from pathlib import Path

import pytest
import table
from table import Variant, plain, reference, variants

from seqkit.checking.student import NOT_THESE
from seqkit.checking.verdict import judge
from seqkit.course.catalogue import Catalogue
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.grading.session import Runner
from seqkit.lab.kernel import LocalChannel
from seqkit.limits import SubmissionLimits
from seqkit.submissions.reading.layout import PlannedCell, Submission

HERE = Path(__file__).parent
LESSONS = Catalogue().names()  # answers to a lesson that is not released yet wait for it
FILES = [path for name in LESSONS for path in sorted((HERE / name).glob("*.py"))]
PATIENT = SubmissionLimits(wall=1e9)  # a busy machine turns no answer red
VARIANTS = [v for path in FILES for v in variants(path)]


# ---------------------------------------------------------------- grading it


@pytest.fixture(scope="module")
def runners():
    """Runners by lesson; each keeps its sandbox warm until the last answer."""
    catalogue, known = Catalogue(), {}

    def runner(exercise: str) -> Runner:
        lesson = catalogue.lesson(exercise)
        if lesson.name not in known:
            while known:
                known.popitem()[1].sandbox.stop()
            mode = "process" if bubblewrap_complaint() else "bubblewrap"
            sandbox = Sandbox(lesson.modules, mode)
            known[lesson.name] = Runner(lesson, sandbox, PATIENT, seed=12345)
        return known[lesson.name]

    yield runner
    for known_runner in known.values():
        known_runner.sandbox.stop()


def grade(runner: Runner, variant: Variant):
    """Grade one answer; what it calls of other exercises is the reference's."""
    imports = [c for c in runner.lesson.lesson.cells if c.kind == "imports"]
    demos = [c for c in runner.lesson.lesson.cells if c.kind == "demo"]
    cells = [PlannedCell(c.kind, c.grade_id, c.source, 0, c.grade_id) for c in [*imports, *demos]]
    others = [id for id in runner.lesson.entries if id != variant.exercise]  # run where called
    cells += [PlannedCell("demo", id, reference(id), 0, f"given_{id}") for id in others]
    label = f"answer {variant.exercise}"
    cells.append(PlannedCell("answer", label, variant.source, 1, None, (variant.exercise,)))
    submission = Submission(runner.lesson.name, {variant.exercise: variant.source}, [], cells, [])
    graded = runner.grade(submission)
    return next(e for e in graded.exercises if e.id == variant.exercise)


@pytest.mark.parametrize(
    "variant", VARIANTS, ids=lambda v: f"{v.exercise} {v.kind}: {v.title}".replace("/", "|")
)
def test_answer(variant, runners):
    result = grade(runners(variant.exercise), variant)
    failed = {c.title: c.message for c in result.checks if not c.passed}
    assert not [c.error for c in result.checks if c.error], "a check cannot look at this answer"
    if variant.kind == "right":
        assert not failed, f"rejects a right answer: {failed} {result.notes}"
        return
    assert failed, "accepts a wrong answer"
    assert variant.fails in failed, f"expected {variant.fails!r} to fail, but: {failed}"
    assert re.search(variant.message, failed[variant.fails]), failed[variant.fails]


# ---------------------------------------------------------------- what a message calls

PASTED = ("1.2", "1.3", "2.1", "2.8", "3.4")  # whose answers need nothing but this
GIVEN = """\
import math
from collections import Counter
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))
"""


def names_for(variant: Variant) -> dict:
    """Return the names of a notebook with one answer."""
    names = {"__name__": "__main__"}
    exec(GIVEN + variant.source, names)
    return names


@pytest.mark.parametrize(
    "variant",
    [
        v
        for v in VARIANTS
        if v.kind == "wrong" and v.exercise in PASTED and "number of the call" not in v.title
    ],
    ids=lambda v: f"{v.exercise} {v.title}".replace("/", "|"),
)
def test_the_call_in_a_message_can_be_pasted(variant):
    """It runs as it stands, or raises what the message tells."""
    entry = Catalogue().entry(variant.exercise)
    for check in entry.checks:
        if check.hidden:
            continue
        said = judge(check, LocalChannel(names_for(variant)), entry, seed=0).message
        code = re.match("`(.+?)` ", said)
        if code is None or "…" in code[1] or NOT_THESE in code[1]:  # said not to be the call
            continue
        try:
            eval(code[1], names_for(variant))
        except Exception as error:
            assert f"raised {type(error).__name__}" in said, said


# ---------------------------------------------------------------- enough of them


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_has_three_wrong_answers_and_a_right_one(lesson):
    for id in Catalogue().lesson(lesson).entries:
        kinds = [v.kind for v in VARIANTS if v.exercise == id]
        assert kinds.count("wrong") >= 3, id
        assert kinds.count("right") >= 1, id


def test_no_wrong_answer_is_the_reference():
    for variant in VARIANTS:
        right = ast.dump(ast.parse(reference(variant.exercise)))
        if variant.kind == "wrong":
            assert ast.dump(ast.parse(variant.source)) != right, variant


# ---------------------------------------------------------------- edits

JOIN = """\
def join(a, b):
    text = a
    text += " "
    text += b
    text += " "

    return text
"""


def read(answer, folder, monkeypatch):
    """Read a table that holds one answer, where ``JOIN`` is the reference."""
    monkeypatch.setattr(table, "reference", lambda exercise, solutions: JOIN)
    (folder / "9_01.py").write_text(f"# --- wrong: glues\n# fails: joins\n{answer}\n", "utf-8")
    return variants(folder / "9_01.py")


def test_an_edit_takes_lines_out_puts_lines_in_and_leaves_the_rest(tmp_path, monkeypatch):
    answer = """\
#=    text = a
#+    b = str(b)
#
#=    text += b
#-    text += " "
#-
#+    text += "."
"""
    source = """\
def join(a, b):
    text = a
    b = str(b)
    text += " "
    text += b
    text += "."
    return text
"""
    expected = Variant("9.1", "wrong", "glues", source, fails="joins")
    assert read(answer, tmp_path, monkeypatch) == [expected]


@pytest.mark.parametrize(
    "answer",
    [
        "#-    text = b",  # nowhere
        '#-    text += " "',  # twice
        "#+    a = 1",  # anywhere
        "#-    text += b\n#\n#-    text = a",  # from below
        "#-    text = a\n#\n#=    text = a\n#+    text = b",  # one line in two changes
    ],
)
def test_an_edit_that_does_not_fit_the_reference_is_refused(answer, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"9_01\.py, wrong: glues: these lines should stand"):
        read(answer, tmp_path, monkeypatch)


@pytest.mark.parametrize("answer", ["", "#-    text = a\ndef join(a, b): ..."])
def test_an_answer_is_code_or_an_edit(answer, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"9_01\.py, wrong: glues: expected code or an edit"):
        read(answer, tmp_path, monkeypatch)


def test_the_reference_is_its_code_alone():
    source = """\
def add(
    a: int,
    b: int = 0,
) -> int:
    '''Add.'''
    ### BEGIN SOLUTION

    # from left to right
    total = 0  # so far


    return total + a + b
    ### END SOLUTION
"""
    assert plain(source) == (
        "def add(a, b=0):\n\n    total = 0  # so far\n\n    return total + a + b\n"
    )
