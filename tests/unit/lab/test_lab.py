"""What a notebook cell calls, seen from a learner's kernel, on a course of two tiny lessons."""

import html
import io
import json
import linecache
import os
import random
import re
import shutil
import subprocess
import sys
import warnings
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import IPython
import nbformat
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import seqkit.text
from seqkit import lab
from seqkit.course.catalogue import Catalogue
from seqkit.lab.record import PROGRESS

# ---------------------------------------------------------------- a course of its own

HEAD = """
from hypothesis import strategies as st

from seqkit.checking.expect import equal, raises
from seqkit.course import Rules, check, generated
"""

CHECKS = {
    "91_toys/91_01.py": '''
rules = Rules(defines=("double",))

@check(points=1)
def test_numbers(student):
    """doubles a number"""
    equal(student.double(2), 4, why="twice 2")

@check(points=0.5)
def test_text(student):
    """doubles a text"""
    equal(student.double("ab"), "abab")
''',
    "91_toys/91_02.py": '''
rules = Rules(defines=("pad",), forbids=("seqkit.text.pad_batch",))

@check(points=1)
def test_pads(student):
    """pads on the right"""
    with raises(TypeError):
        student.pad()
    equal(student.pad([[1], [2, 3]]), [[1, 0], [2, 3]])
''',
    "91_toys/91_03.py": '''
rules = Rules(defines=("greet",))

@check(points=0.5)
def test_greets(student):
    """greets"""
    equal(student.greet("Ann"), "hello Ann")

@check(points=0.5)
@generated(st.text("ab ", max_size=9), examples=10)
def test_greets_anybody(student, case):
    """greets anybody"""
    equal(student.greet(case), "hello " + case)
''',
    "92_more/92_01.py": '''
rules = Rules(defines=("last",))

@check(points=1)
def test_last(student):
    """returns the last item"""
    equal(student.last([1, 2]), 2)
''',
}

HIDDEN = '''
@check(points=1.5)
def test_secret(student):
    """doubles what nobody sees"""
    equal(student.double(1234567), 2469134, why="any number doubles")
'''

HINTS = """<details><summary>What is twice?</summary>

Two times, for instance `x + x`. If $a < b$ then **so be it**.

</details>
<details><summary>My text grows</summary>

| a | b |
|---|---|
| 1 | 2 |

</details>
"""


def metadata(grade_id, *, grade=False, solution=False, points=None):
    flags = {"grade": grade, "grade_id": grade_id, "locked": not solution, "solution": solution}
    flags |= {"schema_version": 3, "task": False}
    return {"nbgrader": flags if points is None else {**flags, "points": points}}


def stub_of(id, signature):
    return f'def {signature}:\n    # YOUR CODE HERE\n    raise NotImplementedError("exercise {id}")'


def exercise_cells(id, title, points, signature, answer, *, hints="", note=""):
    """Return the cells of an exercise, with an answer between the marks or with the stub."""
    suffix = id.replace(".", "_")
    unit = "point" if points == 1 else "points"
    stated = f"### Exercise {id} · {title} — {points} {unit} · ●○○ · 5 min\nDo it."
    code = answer or stub_of(id, signature)
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell(stated, metadata=metadata(f"statement_{suffix}")),
        v4.new_code_cell(code, metadata=metadata(f"ex_{suffix}", solution=True)),
    ]
    if note:
        tagged = metadata(f"note_{suffix}") | {"tags": ["solution-note"]}
        cells.append(v4.new_markdown_cell(note, metadata=tagged))
    checks = metadata(f"check_{suffix}", grade=True, points=points)
    cells.append(v4.new_code_cell(f'check("{id}")', metadata=checks))
    if hints:
        cells.append(v4.new_markdown_cell(hints, metadata=metadata(f"hints_{suffix}")))
    return cells


def first_lesson(*, solved):
    """Return the notebook of lesson 91, answered or not."""
    body = "    ### BEGIN SOLUTION\n    return {}\n    ### END SOLUTION"
    answers = (
        "def double(x):\n" + body.format("x * 2 if x < 'b' else x"),
        "def pad(rows):\n" + body.format("rows"),
        "def greet(name):\n" + body.format("'hello ' + name"),
    )
    double, pad, greet = answers if solved else ("", "", "")
    note = "**Why so.** Because <em>twice</em> is twice." if solved else ""
    book = nbformat.v4.new_notebook(metadata={"seqkit": {"lesson": "91_toys"}})
    book.cells = [
        nbformat.v4.new_code_cell("import seqkit.lab", metadata=metadata("imports")),
        *exercise_cells("91.1", "Twice <b>", 3, "double(x)", double, hints=HINTS, note=note),
        *exercise_cells("91.2", "Pad", 1, "pad(rows)", pad),
        *exercise_cells("91.3", "Greet", 1, "greet(name)", greet, note=note),
    ]
    return book


def second_lesson():
    """Return the notebook of lesson 92."""
    book = nbformat.v4.new_notebook(metadata={"seqkit": {"lesson": "92_more"}})
    book.cells = [
        nbformat.v4.new_code_cell("import seqkit.lab", metadata=metadata("imports")),
        *exercise_cells("92.1", "The last", 1, "last(items)", "", hints=HINTS.split("\n<det")[0]),
    ]
    return book


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """What students receive of two lessons, and the solution of the first."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("lessons", "solutions"):
        (root / folder).mkdir()
    nbformat.write(first_lesson(solved=False), root / "lessons" / "91_toys.ipynb")
    nbformat.write(first_lesson(solved=True), root / "solutions" / "91_toys.ipynb")
    nbformat.write(second_lesson(), root / "lessons" / "92_more.ipynb")
    for name, text in CHECKS.items():
        path = root / "tests" / "exercises" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, "utf-8")
    return root


class Kernel:
    """A learner's kernel: cells run in its names, and `check` looks there."""

    def __init__(self, folder):
        self.names = {}
        self.file = folder / PROGRESS

    def run(self, source):
        """Run a cell, so that its lines can be quoted."""
        label = f"<cell {len(linecache.cache)}>"
        linecache.cache[label] = (len(source), None, source.splitlines(True), label)
        exec(compile(source, label, "exec"), self.names)

    def saved(self):
        """Return the points in the progress file; None without one."""
        return json.loads(self.file.read_text("utf-8"))["points"] if self.file.exists() else None


@pytest.fixture
def kernel(course, tmp_path, monkeypatch):
    """A kernel that has just started in an empty folder."""
    kernel, catalogue = Kernel(tmp_path), Catalogue(course)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("seqkit.lab.record.FOLDER", tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(user_ns=kernel.names))
    for module in ("checks", "hints", "record"):
        monkeypatch.setattr(f"seqkit.lab.{module}.course_here", lambda: catalogue)
    monkeypatch.setattr("seqkit.lab.hints._hints_shown", {})
    return kernel


@pytest.fixture
def at_home(kernel, course, tmp_path, monkeypatch):
    """The same kernel in a copy for self-study, which has the hidden checks as well."""
    root = shutil.copytree(course, tmp_path / "course")
    path = root / "tests" / "exercises" / "91_toys" / "hidden" / "91_01.py"
    path.parent.mkdir()
    path.write_text(HEAD + HIDDEN, "utf-8")
    catalogue = Catalogue(root)
    for module in ("checks", "hints", "record"):
        monkeypatch.setattr(f"seqkit.lab.{module}.course_here", lambda: catalogue)
    return kernel


RIGHT = "def double(x):\n    return x * 2\n"
WRONG = "def double(x):\n    return x\n"
PADDED = (
    "def pad(rows):\n"
    "    longest = max(map(len, rows))\n"
    "    return [row + [0] * (longest - len(row)) for row in rows]\n"
)


class Page(HTMLParser):
    """What a browser makes of a panel: its tags, and its words."""

    def __init__(self, panel):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(panel._repr_html_())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs), attrs

    def handle_data(self, data):
        self.said.append(data)

    @property
    def words(self):
        return re.findall(r"[^\s—`]+", " ".join(self.said))


def same_words(panel):
    """Whether the HTML of a panel says all that its plain-text twin says."""
    return not Counter(re.findall(r"[^\s—`]+", repr(panel))) - Counter(Page(panel).words)


# ---------------------------------------------------------------- check: three outcomes


def test_a_missing_name_is_not_the_exception_that_a_check_expects(kernel):
    assert repr(lab.check("91.2")) == "– Exercise 91.2 · Pad: not attempted yet"


@pytest.mark.parametrize("cell", ["", stub_of("91.1", "double(x)")])
def test_a_stub_or_a_missing_name_is_not_attempted_yet(kernel, cell):
    kernel.run(cell)
    panel = lab.check("91.1")
    assert repr(panel) == "– Exercise 91.1 · Twice <b>: not attempted yet"
    assert panel.tone == "plain"
    assert same_words(panel)


def test_of_a_right_answer_the_checks_fold_into_a_line(kernel):
    kernel.run(RIGHT)
    panel = lab.check("91.1")
    assert repr(panel).splitlines() == [
        "✓ Exercise 91.1 · Twice <b>: 1.5 of 1.5 points here, 1.5 more in grading",
        "  ✓ 2 checks passed",
    ]
    folded = panel._repr_html_().partition("<summary>✓ 2 checks passed</summary>")[2]
    assert "✓ doubles a number" in folded and "✓ doubles a text" in folded
    assert panel.tone == "right"
    assert same_words(panel)


def test_a_wrong_answer_shows_the_call_and_both_values(kernel):
    kernel.run(WRONG)
    panel = lab.check("91.1")
    assert repr(panel).splitlines() == [
        "✗ Exercise 91.1 · Twice <b>: 0 of 1.5 points here, 1.5 more in grading",
        "  ✗ doubles a number — `double(2)` gave 2, expected 4. twice 2",
        "  ✗ doubles a text — `double('ab')` gave 'ab', expected 'abab'",
    ]
    assert panel.tone == "wrong"
    assert same_words(panel)
    assert "<code>double(2)</code>" in panel._repr_html_()


def test_half_an_answer_earns_what_it_earns(kernel):
    kernel.run("def double(x):\n    return x + 2\n")
    text = repr(lab.check("91.1"))
    assert text.startswith("✗ Exercise 91.1 · Twice <b>: 1 of 1.5 points here")
    assert text.endswith("\n  ✓ 1 check passed")


def test_a_stub_that_is_half_answered_is_attempted(kernel):
    kernel.run(
        "def double(x):\n    if x == 2:\n        return 4\n"
        '    raise NotImplementedError("exercise 91.1")\n'
    )
    assert lab.check("91.1").tone == "wrong"


def test_hidden_checks_run_where_they_are_once_the_visible_ones_pass(at_home):
    at_home.run(RIGHT)
    panel = lab.check("91.1")
    assert repr(panel).splitlines() == [
        "✓ Exercise 91.1 · Twice <b>: 3 of 3 points",
        "  ✓ 3 checks passed",
    ]
    assert at_home.saved() == {"91.1": 3.0}
    assert repr(lab.progress()).startswith("91_toys  1 of 3 exercises  3 of 5 points")


def test_what_a_hidden_check_found_is_told_with_its_input(at_home):
    at_home.run("def double(x):\n    return x * 2 if len(str(x)) < 7 else x\n")
    assert repr(lab.check("91.1")).splitlines() == [
        "✗ Exercise 91.1 · Twice <b>: 1.5 of 3 points",
        "  ✗ doubles what nobody sees — `double(1234567)` gave 1234567, expected 2469134. "
        "any number doubles",
        "  ✓ 2 checks passed",
    ]


def test_hidden_checks_wait_for_the_visible_ones(at_home):
    at_home.run("asked = []\ndef double(x):\n    asked.append(x)\n    return x\n")
    panel = lab.check("91.1")
    assert repr(panel).splitlines()[-1] == "  – 1 more check runs once these pass"
    assert same_words(panel)
    assert at_home.names["asked"] == [2, "ab"]


def test_ipython_shows_html_and_its_plain_text_twin(kernel):
    kernel.run(RIGHT)
    data, _ = DisplayFormatter().format(lab.check("91.1"))
    assert data["text/plain"].startswith("✓ Exercise 91.1")
    assert 'role="status"' in data["text/html"]


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("91.9", "there is no exercise '91.9'; this lesson has 91.1, 91.2, 91.3"),
        ("97.1", "there is no lesson '97.1'; there are 91_toys, 92_more"),
        ("", "there is no lesson ''; there are 91_toys, 92_more"),
        ("<b>", "there is no lesson '<b>'; there are 91_toys, 92_more"),
    ],
)
@pytest.mark.parametrize("function", [lab.check, lab.hint, lab.solution])
def test_an_unknown_id_is_answered_with_those_there_are(kernel, function, id, said):
    panel = function(id)
    assert repr(panel) == said
    assert html.escape(said) in panel._repr_html_()


@pytest.mark.parametrize("function", [lab.check, lab.hint, lab.solution])
def test_a_number_without_quotes_is_asked_to_have_them(kernel, function):
    """Python reads 91.10 as 91.1: another exercise would be looked at, and nobody would notice."""
    assert "in quotes" in repr(function(91.10))


# ---------------------------------------------------------------- check: the learner's code


def test_an_exception_is_shown_with_the_line_it_came_from(kernel):
    kernel.run("def double(x):\n    nothing = 0\n    return x / nothing\n")
    text = repr(lab.check("91.1"))
    assert "`double(2)` raised ZeroDivisionError: division by zero" in text
    assert "(line 3: `return x / nothing`)" in text


@pytest.mark.parametrize(
    "end", ["raise SystemExit(3)", "raise BaseException", "raise AssertionError"]
)
def test_whatever_an_answer_raises_the_kernel_goes_on(kernel, end):
    kernel.run(f"def double(x):\n    {end}\n")
    assert lab.check("91.1").tone == "wrong"


def test_an_interrupt_stops_the_whole_check(kernel):
    """A learner who interrupts an endless loop does it once, not once for every check."""
    kernel.run("calls = []\ndef double(x):\n    calls.append(x)\n    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        lab.check("91.1")
    assert kernel.names["calls"] == [2]
    kernel.run(RIGHT)
    assert lab.check("91.1").tone == "right"


def test_an_interrupt_stops_a_check_of_many_inputs(kernel):
    kernel.run(
        "calls = []\ndef greet(name):\n    calls.append(name)\n    if name == 'Ann':\n"
        "        return 'hello Ann'\n    raise KeyboardInterrupt\n"
    )
    with pytest.raises(KeyboardInterrupt):
        lab.check("91.3")
    assert len(kernel.names["calls"]) == 2


def test_the_smallest_input_that_fails_is_shown(kernel):
    kernel.run("def greet(name):\n    return 'hello ' + name.strip()\n")
    text = repr(lab.check("91.3"))
    assert text.endswith("✓ 1 check passed")
    assert "`greet(' ')` gave 'hello ', expected 'hello  '" in text


def test_printing_is_no_failure_and_does_not_clutter_a_right_answer(kernel, capfd):
    kernel.run(
        "import sys\ndef double(x):\n    print('hello', x)\n    print('oh', file=sys.stderr)\n"
        "    return x * 2\n"
    )
    panel = lab.check("91.1")
    assert panel.tone == "right"
    assert "hello" not in repr(panel)
    assert tuple(capfd.readouterr()) == ("", "")


def test_what_a_wrong_answer_printed_is_shown_folded(kernel, capfd):
    kernel.run("def double(x):\n    print('got', x)\n    return x\n")
    panel = lab.check("91.1")
    assert repr(panel).endswith("your code printed:\ngot 2\ngot ab")
    assert "<details><summary>your code printed</summary>" in panel._repr_html_()
    assert tuple(capfd.readouterr()) == ("", "")


def test_a_flood_of_printing_is_cut(kernel):
    kernel.run("def double(x):\n    print('x' * 10_000_000)\n    return x\n")
    assert len(repr(lab.check("91.1"))) < 5000


def test_a_warning_is_no_failure(kernel, capfd):
    kernel.run("import warnings\ndef double(x):\n    warnings.warn('careful')\n    return x * 2\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lab.check("91.1").tone == "right"
    assert tuple(capfd.readouterr()) == ("", "")


def test_html_of_a_learner_stays_text(kernel):
    script = "</pre></code><script>alert(1)</script><img src=x onerror=alert(2)>`<b>`"
    kernel.run(
        f"def double(x):\n    print({script!r})\n    if x == 2:\n        return {script!r}\n"
        f"    raise ValueError({script!r})\n"
    )
    page = Page(lab.check("91.1"))
    assert set(page.tags) <= {"div", "strong", "ul", "li", "code", "details", "summary", "pre"}
    assert "<script>alert(1)</script>" in " ".join(page.said)


def test_control_characters_of_a_learner_reach_no_terminal(kernel):
    kernel.run("def double(x):\n    print('\\x1b[2J')\n    raise ValueError('\\x1b[31mred')\n")
    panel = lab.check("91.1")
    assert "\x1b" not in repr(panel) + panel._repr_html_()


def test_an_argument_changed_in_place_does_not_change_the_check(kernel):
    kernel.run("def pad(rows):\n    rows.clear()\n    return [[1, 0], [2, 3]]\n")
    assert lab.check("91.2").tone == "right"
    assert lab.check("91.2").tone == "right"


def test_the_names_of_the_notebook_stay_as_they_were(kernel):
    kernel.run(RIGHT)
    before = dict(kernel.names)
    lab.check("91.1")
    assert kernel.names == before


def test_the_random_numbers_of_the_notebook_go_on_as_if_nothing_had_been_checked(kernel):
    kernel.run("import random\ndef double(x):\n    random.random()\n    return x * 2\n")
    torch = pytest.importorskip("torch")
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    lab.check("91.1")
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    assert [a == b for a, b in zip(after, before, strict=True)] == [True, True, True]


# ---------------------------------------------------------------- check: what is forbidden

TAKEN = "from seqkit.text import pad_batch as theirs\ndef pad(rows):\n    return theirs(rows)[0]\n"


@pytest.mark.parametrize(
    "source",
    [
        "import seqkit.text\ndef pad(rows):\n    return seqkit.text.pad_batch(rows)[0]\n",
        TAKEN,
        "def pad(rows):\n    from seqkit.text import pad_batch\n    return pad_batch(rows)[0]\n",
    ],
)
def test_a_forbidden_helper_says_write_this_one_yourself(kernel, source):
    kernel.run(source)
    assert "write this one yourself" in repr(lab.check("91.2"))


def test_what_was_forbidden_works_again_after_the_check(kernel):
    original = seqkit.text.pad_batch
    kernel.run(TAKEN)
    lab.check("91.2")
    assert seqkit.text.pad_batch is original
    assert kernel.names["theirs"] is original


def test_what_was_forbidden_works_again_after_an_interrupt(kernel):
    original = seqkit.text.pad_batch
    kernel.run(TAKEN.replace("return", "raise KeyboardInterrupt or"))
    with pytest.raises(KeyboardInterrupt):
        lab.check("91.2")
    assert seqkit.text.pad_batch is original


# ---------------------------------------------------------------- check under nbgrader


NOISY = (
    "import sys, warnings\ndef double(x):\n    print('said')\n    print('oh', file=sys.stderr)\n"
    "    warnings.warn('careful')\n    return x + 2\n"
)


@pytest.mark.parametrize(
    ("cell", "points"),
    [(RIGHT, 1.5), (NOISY, 1.0), (WRONG, 0.0), (stub_of("91.1", "double(x)"), 0.0), ("", 0.0)],
    ids=["right", "noisy and half right", "wrong", "stub", "missing"],
)
def test_nbgrader_gets_the_points_as_a_float_and_nothing_else(
    kernel, monkeypatch, capfd, cell, points
):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    kernel.run(cell)
    result = lab.check("91.1")
    assert type(result) is float
    assert result == points
    assert tuple(capfd.readouterr()) == ("", "")
    assert kernel.saved() is None


def test_nbgrader_gives_nothing_for_an_exercise_that_does_not_exist(kernel, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert lab.check("91.9") == 0.0


# ---------------------------------------------------------------- hint


def test_hints_come_one_at_a_time_and_end(kernel):
    first, second, third = (repr(lab.hint("91.1")) for _ in range(3))
    assert first.startswith("Hint 1 of 2 · What is twice?\n\nTwo times")
    assert "My text grows" not in first
    assert second.startswith("Hint 2 of 2 · My text grows")
    assert third == "There are 2 hints; hint('91.1', 1) shows the first again."


def test_a_hint_can_be_asked_for_by_number_and_the_next_follows_it(kernel):
    lab.hint("91.1")
    lab.hint("91.1")
    assert repr(lab.hint("91.1", 1)).startswith("Hint 1 of 2")
    assert repr(lab.hint("91.1")).startswith("Hint 2 of 2")


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_hint_that_does_not_exist_is_no_error(kernel, number):
    assert repr(lab.hint("91.1", number)).startswith("There are 2 hints")


def test_exercises_count_their_hints_apart(kernel):
    lab.hint("91.1")
    assert repr(lab.hint("92.1")).startswith("Hint 1 of 1")
    assert repr(lab.hint("91.1")).startswith("Hint 2 of 2")


def test_an_exercise_without_hints_says_so(kernel):
    assert repr(lab.hint("91.2")) == "Exercise 91.2 has no hints."


def test_a_hint_is_rendered_markdown(kernel):
    first, second = (lab.hint("91.1")._repr_html_() for _ in range(2))
    assert "<code>x + x</code>" in first
    assert "<strong>so be it</strong>" in first
    assert "$a &lt; b$" in first
    assert "<td>1</td>" in second


# ---------------------------------------------------------------- solution


def test_a_solution_comes_with_its_note_and_without_the_marks(kernel):
    panel = lab.solution("91.1")
    assert repr(panel).startswith("def double(x):\n    return x * 2 if x < 'b' else x\n")
    assert "Why so." in repr(panel)
    assert "SOLUTION" not in repr(panel)
    page = Page(panel)
    assert {"pre", "strong"} <= set(page.tags)
    assert "em" not in page.tags
    assert "x < 'b' else x" in "".join(page.said)


def test_a_solution_without_a_note_does_not_take_the_next_ones(kernel):
    assert repr(lab.solution("91.2")).strip() == "def pad(rows):\n    return rows"


def test_without_solutions_the_copy_says_so(kernel):
    assert repr(lab.solution("92.1")) == "The solutions are not in this copy of the course."


# ---------------------------------------------------------------- progress


def test_progress_without_a_file_begins_at_the_beginning(kernel):
    panel = lab.progress()
    assert repr(panel).splitlines() == [
        "91_toys  0 of 3 exercises  0 of 3.5 points",
        "92_more  0 of 1 exercises  0 of 1 points",
        "Next: Exercise 91.1 · Twice <b>",
    ]
    assert "Next: Exercise 91.1 · Twice &lt;b&gt;" in panel._repr_html_()
    assert Page(panel).tags.count("tr") == 3


def test_a_right_answer_counts_and_the_next_exercise_follows(kernel):
    kernel.run(RIGHT)
    lab.check("91.1")
    assert kernel.saved() == {"91.1": 1.5}
    assert repr(lab.progress()).splitlines() == [
        "91_toys  1 of 3 exercises  1.5 of 3.5 points",
        "92_more  0 of 1 exercises  0 of 1 points",
        "Next: Exercise 91.2 · Pad",
    ]


def test_half_an_answer_counts_its_points_and_comes_next(kernel):
    kernel.run("def double(x):\n    return x + 2\n")
    lab.check("91.1")
    text = repr(lab.progress())
    assert text.startswith("91_toys  0 of 3 exercises  1 of 3.5 points")
    assert "Next: Exercise 91.1" in text


def test_the_last_check_of_an_exercise_counts(kernel):
    kernel.run(RIGHT)
    lab.check("91.1")
    kernel.run(WRONG)
    lab.check("91.1")
    assert kernel.saved() == {"91.1": 0.0}


def test_looking_at_an_unanswered_exercise_forgets_nothing_and_writes_nothing(kernel):
    lab.check("91.1")
    assert kernel.saved() is None
    kernel.run(RIGHT)
    lab.check("91.1")
    kernel.names.clear()  # the kernel was started again
    lab.check("91.1")
    assert kernel.saved() == {"91.1": 1.5}


def test_when_everything_passes_there_is_nothing_next(kernel):
    kernel.run(RIGHT + PADDED)
    kernel.run("def greet(n):\n    return 'hello ' + n\ndef last(items):\n    return items[-1]\n")
    for id in ("91.1", "91.2", "91.3", "92.1"):
        assert lab.check(id).tone == "right"
    assert repr(lab.progress()).endswith("Every check passes. Well done.")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"points": []}',
        b'{"points": {"91.1": "many"}}',
        b'{"points": {"91.1": null}}',
        b'{"points": {"91.1": NaN}}',
    ],
    ids=range(9),
)
def test_a_broken_progress_file_is_no_error_and_the_next_check_mends_it(kernel, data):
    kernel.file.write_bytes(data)
    assert "0 of 3 exercises" in repr(lab.progress())
    kernel.run(RIGHT)
    assert lab.check("91.1").tone == "right"
    assert kernel.saved() == {"91.1": 1.5}
    assert "1 of 3 exercises" in repr(lab.progress())


def test_points_that_an_exercise_does_not_have_are_not_believed(kernel):
    kernel.file.write_text('{"version": 1, "points": {"91.1": 1000, "91.2": -5, "91.3": 1e999}}')
    assert repr(lab.progress()).startswith("91_toys  2 of 3 exercises  2.5 of 3.5 points")


def test_exercises_of_another_edition_are_kept_and_not_counted(kernel):
    kernel.file.write_text('{"version": 1, "points": {"91.77": 3}}')
    kernel.run(RIGHT)
    lab.check("91.1")
    assert kernel.saved() == {"91.1": 1.5, "91.77": 3.0}
    assert repr(lab.progress()).startswith("91_toys  1 of 3 exercises  1.5 of 3.5 points")


def test_a_file_with_windows_line_ends_is_read_and_written_with_plain_ones(kernel):
    text = json.dumps({"version": 1, "points": {"91.2": 1.0}}, indent=1)
    kernel.file.write_bytes(text.replace("\n", "\r\n").encode())
    kernel.run(RIGHT)
    lab.check("91.1")
    assert kernel.saved() == {"91.1": 1.5, "91.2": 1.0}
    assert b"\r" not in kernel.file.read_bytes()


def test_the_file_is_written_whole_or_not_at_all(kernel, monkeypatch):
    kernel.run(RIGHT)
    lab.check("91.1")
    before = kernel.file.read_bytes()

    class Full(io.FileIO):
        """A file on a disk that has room for ten bytes more."""

        def write(self, data):
            super().write(data[:10])
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("seqkit.results.folder.open", Full, raising=False)
    kernel.run(WRONG)
    assert lab.check("91.1").tone == "wrong"
    assert kernel.file.read_bytes() == before
    assert list(kernel.file.parent.iterdir()) == [kernel.file]


def test_a_check_that_changes_nothing_writes_nothing(kernel, monkeypatch):
    kernel.run(RIGHT)
    lab.check("91.1")
    monkeypatch.setattr(os, "replace", lambda *_: pytest.fail("written again"))
    lab.check("91.1")


def test_two_kernels_that_check_at_once_leave_a_readable_file(kernel):
    others = Path(f".{PROGRESS}.{os.getpid() + 1}")
    others.write_text("half of what another ker")
    kernel.run(RIGHT)
    lab.check("91.1")
    assert kernel.saved() == {"91.1": 1.5}
    assert others.exists()


def test_a_folder_that_cannot_be_written_to_costs_only_the_memory(kernel, monkeypatch):
    kernel.run(RIGHT)

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("seqkit.results.folder.open", refuse, raising=False)
    assert lab.check("91.1").tone == "right"
    assert "0 of 3 exercises" in repr(lab.progress())


def test_a_folder_in_place_of_the_file_costs_only_the_memory(kernel):
    kernel.file.mkdir()
    kernel.run(RIGHT)
    assert lab.check("91.1").tone == "right"
    assert list(kernel.file.parent.iterdir()) == [kernel.file]


# ---------------------------------------------------------------- agree


def outputs(yours, theirs=((1.0, 2.0), (3.0, 4.0))):
    return lambda: {"NumPy (yours)": yours, "Other <b>": np.array(theirs)}


def test_agreement_waits_for_the_answers_it_needs(kernel):
    panel = lab.agree("one <truth>", needs=["double"], outputs=lambda: pytest.fail("asked"))
    assert repr(panel) == "– one <truth>: not attempted yet"
    kernel.run(stub_of("91.1", "double(x)"))
    panel = lab.agree("truth", needs=["double"], outputs=lambda: {"a": kernel.names["double"](1)})
    assert repr(panel) == "– truth: not attempted yet"


def test_frameworks_that_agree_say_how_closely(kernel):
    torch = pytest.importorskip("torch")
    found = {"NumPy": np.array([1.0, 2.0]), "torch": torch.tensor([1.0, 2.0]), "list": [1, 2.0]}
    panel = lab.agree("truth", needs=[], outputs=lambda: found)
    assert repr(panel).splitlines() == [
        "✓ truth, shape (2,)",
        "  ✓ NumPy and torch differ by at most 1e-06",
        "  ✓ NumPy and list differ by at most 1e-06",
    ]
    assert panel.tone == "right"
    assert same_words(panel)


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (np.array([[1.0, 2.0], [3.0, 4.5]]), "differ by 0.5"),
        (np.array([[1.0, 2.0], [3.0, np.nan]]), "differ by nan"),
        (np.array([1.0, 2.0]), "shape (2, 2) against (2,)"),
        (None, "against ()"),
        ([[1.0, 2.0], [3.0]], ""),
        ([["a", "b"], ["c", "d"]], ""),
        ([[None, None], [None, None]], ""),
    ],
    ids=["value", "nan", "shape", "none", "ragged", "text", "nones"],
)
def test_an_answer_that_differs_is_wrong_whatever_it_is(kernel, yours, said):
    panel = lab.agree("truth", needs=[], outputs=outputs(yours))
    assert panel.tone == "wrong"
    assert said in repr(panel)
    assert "b" not in Page(panel).tags


def test_an_exception_in_an_answer_is_shown_as_the_learners(kernel):
    def fails():
        raise ValueError("<script>no</script>")

    panel = lab.agree("truth", needs=[], outputs=fails)
    assert repr(panel) == "✗ truth: raised ValueError: <script>no</script>"
    assert "script" not in Page(panel).tags


@pytest.mark.parametrize(("tolerance", "tone"), [(1e-3, "right"), (1e-5, "wrong")])
def test_the_tolerance_decides(kernel, tolerance, tone):
    found = outputs([[1.0, 2.0], [3.0, 4.0001]])
    assert lab.agree("truth", needs=[], outputs=found, tolerance=tolerance).tone == tone


# ---------------------------------------------------------------- import


def test_importing_the_lab_imports_no_framework_and_quietens_tensorflow():
    code = (
        "import os, sys, seqkit.lab\n"
        "assert not {'torch', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)\n"
        "print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3"]
