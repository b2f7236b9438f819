"""The checks notice when a reference answer is changed a little, and the tool that asks them."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from changes import mutants

TOOL = Path(__file__).with_name("mutate.py")
LESSONS = ["1"]  # those whose survivors are explained in equivalent.toml
BEHAVE_DIFFERENTLY = {"1": 200}  # so many mutants at least, every one of them rejected
A_FEW = 8  # mutants an exercise where nobody asks for all

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants run in forks: use Linux")


def judged(lesson, *options):
    """Run the tool in a process of its own: what has computed cannot be forked safely."""
    words = [sys.executable, TOOL, lesson, "--json", *options]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


@needs_fork
@pytest.mark.parametrize("lesson", LESSONS)
def test_checks_notice_every_mutant(lesson, request):
    complete = request.config.getoption("--all-mutants", default=False)
    rows = judged(lesson, *([] if complete else ["--most", str(A_FEW), "--seeds", "1"]))
    for row in rows:
        assert row["mutants"] > 0
        assert row["broken"] == "", f"{row['exercise']}: the reference answer is rejected"
        assert row["survivors"] == [], (
            f"{row['exercise']}: no check notices\n" + row["survivors"][0]
        )
        assert row["unsteady"] == [], f"{row['exercise']}: noticed with some seeds only"
        assert row["stale"] == [], f"{row['exercise']}: explained, but no survivor"
    if complete:
        assert sum(row["rejected"] for row in rows) >= BEHAVE_DIFFERENTLY[lesson]


# ---------------------------------------------------------------- the changes themselves

SOURCE = '''
def step(x: int, size: int = 2) -> int:
    """Return what follows -1."""
    if x < size and x is not None:
        raise ValueError(f"x is {x}, below {size}")
    return max(x + 1, size)[0:3]
'''


def last_lines(source):
    return {mutant.source.splitlines()[-1].strip() for mutant in mutants(source)}


def test_each_mutant_is_another_program():
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in mutants(SOURCE)]
    assert len(dumps) == len(set(dumps)) > 30
    assert ast.dump(ast.parse(SOURCE)) not in dumps


def test_mutants_come_in_the_same_order():
    assert list(mutants(SOURCE)) == list(mutants(SOURCE))


def test_docstrings_and_annotations_are_left_alone():
    for mutant in mutants(SOURCE):
        assert "Return what follows -1." in mutant.source
        assert "(x: int, size: int=" in mutant.source


def test_the_tree_is_as_before_after_each_change():
    first, *_, last = mutants(SOURCE)
    changed = {line for m in (first, last) for line in m.diff.splitlines() if line[0] == "-"}
    assert changed <= {f"-{line}" for line in ast.unparse(ast.parse(SOURCE)).splitlines()}


@pytest.mark.parametrize(
    "before, after",
    [
        ("a < b", "a <= b"),
        ("a != b", "a < b"),
        ("a and b", "a or b"),
        ("a + b", "a - b"),
        ("-a", "a"),
        ("not a", "a"),
        ("x.sum(axis=0)", "x.sum(axis=1)"),
        ("x.sum(axis=0)", "x.sum()"),
        ("f(a, b)", "f(b, a)"),
        ("np.array(x, dtype=np.int64)", "np.array(x, dtype=np.int32)"),
        ("range(n)", "range(n - 1)"),
        ("x[:n]", "x[:n + 1]"),
        ("x[1:]", "x[2:]"),
        ("True", "False"),
        ("f('left')", "f('right')"),
        ("min(a, b)", "max(a, b)"),
        ("a if b else c", "c if b else a"),
    ],
)
def test_a_mistake_that_learners_make_is_among_the_mutants(before, after):
    assert after in last_lines(before)


def test_a_raise_can_go_change_class_or_lose_its_words():
    found = last_lines('raise ValueError(f"got {x}")')
    assert {"pass", "raise ValueError()", "raise RuntimeError(f'got {x}')"} <= found
    assert "raise ValueError(f'got ')" in found
