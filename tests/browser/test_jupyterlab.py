"""JupyterLab as learners use it: lesson 1 run through, answered, checked, helped with."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

RIGHT = """\
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    sides = input_is_sequence, output_is_sequence
    if synchronized and not all(sides): raise ValueError("synchronized")
    order = " synchronized" if synchronized else " delayed"
    return "-to-".join("many" if s else "one" for s in sides) + order * all(sides)"""
WRONG = """\
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    return 'many-to-one'"""
RED_TEXT = '[data-mime-type$="jupyter.stderr"]'  # where JupyterLab shows tracebacks too


def test_every_cell_runs_without_an_error(lesson):
    book = lesson.save()
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    kinds = {o.get("name", o.output_type) for cell in code for o in cell.outputs}
    assert "stdout" in kinds
    assert not kinds & {"error", "stderr"}
    expect(lesson.page.locator(RED_TEXT)).to_have_count(0)


def test_unanswered_checks_say_so(lesson):
    checks = [name for name in lesson.names if name.startswith("check_")]
    assert checks
    for name in checks[1:]:  # the first is answered by other tests
        expect(lesson.panel(name)).to_contain_text("not attempted yet")


def test_figures_are_drawn_and_have_a_text_for_those_who_cannot_see_them(lesson):
    figures = lesson.page.locator(".jp-OutputArea img")
    drawn = figures.evaluate_all("all => all.map(i => [i.alt, i.naturalWidth, i.clientWidth])")
    assert len(drawn) >= 10
    for alt, natural, shown in drawn:
        assert len(alt.split()) >= 5, alt
        assert natural > 300
        assert shown > 300
    by_name = lesson.page.get_by_role("img", name=drawn[0][0])
    expect(by_name).to_have_count(1)


def test_no_figure_and_no_panel_is_wider_than_the_page(lesson):
    wide = lesson.page.locator(".jp-OutputArea-output").evaluate_all(
        "all => all.filter(o => o.scrollWidth > o.clientWidth + 1).map(o => o.innerText)"
    )
    assert wide == []


def test_a_knob_redraws_its_figure(lesson):
    cell = lesson.cell("windows_knobs")
    figure, knob = cell.locator("figure img"), cell.get_by_role("slider").first
    before = figure.get_attribute("alt")
    knob.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(figure).to_have_count(1)
    expect(figure).not_to_have_attribute("alt", before)


def test_a_wrong_answer_says_why_and_a_right_one_turns_green(lesson):
    panel = lesson.answer("1.1", WRONG)
    expect(panel).to_contain_text("✗ Exercise 1.1")
    expect(panel).to_contain_text(
        re.compile(r"task_type\(.*\) gave .*'many-to-one', expected '.*'")
    )
    edge = "e => getComputedStyle(e).borderLeftColor"
    assert panel.evaluate(edge) == "rgb(198, 40, 40)"

    panel = lesson.answer("1.1", RIGHT)
    expect(panel).to_contain_text("✓ Exercise 1.1")
    expect(panel).not_to_contain_text("✗")
    assert panel.evaluate(edge) == "rgb(46, 125, 50)"


def test_a_mistake_in_python_is_shown_where_python_shows_it(lesson):
    name = lesson.append("1 / 0")
    cell = lesson.run(name)
    expect(cell.locator(RED_TEXT)).to_contain_text("ZeroDivisionError")


def test_hints_come_one_at_a_time(lesson):
    name = lesson.append('hint("1.1")')
    lesson.run(name)
    expect(lesson.panel(name)).to_contain_text("Hint 1 of")
    expect(lesson.panel(name)).not_to_contain_text("Hint 2 of")
    lesson.run(name)
    expect(lesson.panel(name)).to_contain_text("Hint 2 of")
    expect(lesson.panel(name)).not_to_contain_text("Hint 1 of")


def test_folded_hints_open_at_a_click(lesson):
    hints = lesson.cell("hints_1_1")
    first = hints.locator("details").first
    expect(first.locator("p").first).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator("p").first).to_be_visible()


def test_progress_counts_an_answer_and_remembers_it_when_the_kernel_starts_again(lesson):
    exercises = sum(name.startswith("ex_") for name in lesson.names)
    if "✓" not in lesson.panel("check_1_1").inner_text():  # answered by a test before
        lesson.answer("1.1", RIGHT)
    lesson.run("progress")
    expect(lesson.panel("progress")).to_contain_text(f"1 of {exercises} exercises")
    expect(lesson.panel("progress")).to_contain_text("Next: Exercise 1.2")

    lesson.restart()
    lesson.run("imports")
    lesson.run("progress")
    expect(lesson.panel("progress")).to_contain_text(f"1 of {exercises} exercises")

    remembered = json.loads((lesson.path.parent / ".seqkit-progress.json").read_text("utf-8"))
    assert list(remembered["points"]) == ["1.1"]
    assert "seqkit-progress" not in lesson.save().metadata
