"""Submissions are read whatever became of them, beside the lesson that they answer."""

from __future__ import annotations

import copy
import io
import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqkit.authoring.release import release
from seqkit.course import notebook as reading
from seqkit.course.lesson import Exercise, Lesson, parse_heading, parse_hints, read_lesson
from seqkit.course.notebook import Unreadable, defined_names
from seqkit.limits import CELL_LINES, NOTEBOOK_BYTES
from seqkit.submissions.collect import files
from seqkit.submissions.reading.layout import Submission, read_submission

GOLDEN = Path(__file__).parents[2] / "authoring" / "golden"
SAMPLE = GOLDEN / "lessons" / "01_sample.ipynb"
LESSON = read_lesson(SAMPLE)
OTHER = replace(
    LESSON,
    name="02_other",
    exercises={"2.1": Exercise("2.1", "Other", 1, 1, 5, stub="def other(): ...", names=("other",))},
)
LESSONS: dict[str, Lesson] = {"01_sample": LESSON, "02_other": OTHER}

SMOOTH = "def smooth(series, width):\n    return series\n"
STEP = "def step(series):\n    return series\n"
COUNTER = "class Counter:\n    pass\n"
MEMORY = "class Memory:\n    pass\n"

Notebook = dict[str, Any]


@pytest.fixture
def notebook() -> Notebook:
    """The pristine lesson as a student gets it."""
    return json.loads(SAMPLE.read_text(encoding="utf-8"))


def cell(notebook: Notebook, label: str) -> dict[str, Any]:
    return next(c for c in notebook["cells"] if grade_id(c) == label)


def grade_id(cell: dict[str, Any]) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def code(source: str, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
        **more,
    }


def insert_after(notebook: Notebook, label: str, new: dict[str, Any]) -> None:
    notebook["cells"].insert(notebook["cells"].index(cell(notebook, label)) + 1, new)


def data(notebook: Any) -> bytes:
    return json.dumps(notebook).encode()


def read(notebook: Any, name: str = "") -> Submission:
    content = notebook if isinstance(notebook, bytes) else data(notebook)
    return read_submission(content, LESSONS, name=name)


def labels(submission: Submission) -> list[str]:
    return [cell.label for cell in submission.cells]


def said(submission: Submission, *words: str) -> bool:
    """Whether one note says all of it, and all notes are sentences."""
    assert all(note[0].isupper() and note.endswith((".", "…")) for note in submission.notes)
    return any(all(word in note for word in words) for note in submission.notes)


# --- lessons ----------------------------------------------------------------------------------


def test_a_lesson_is_read_with_its_exercises():
    assert LESSON.name == "01_sample"
    assert list(LESSON.exercises) == ["1.1", "1.2", "1.3"]
    first = LESSON.exercises["1.1"]
    assert (first.title, first.points, first.difficulty, first.minutes) == (
        "Smooth and step", 2, 2, 10,
    )  # fmt: skip
    assert first.names == ("smooth", "step")
    assert [hint.title for hint in first.hints] == [
        "The first values are too small",
        "It is off by one",
    ]
    assert first.hints[1].markdown == "Does the window hold the value itself?"
    assert LESSON.exercises["1.3"].title == "A memory of your own design"


def test_a_lessons_cells_know_what_they_are_for():
    kinds = [(c.kind, c.grade_id, c.exercise) for c in LESSON.cells]
    assert kinds[:6] == [
        ("text", "intro", None),
        ("imports", "imports", None),
        ("demo", "demo_shape", None),
        ("text", "statement_1_1", "1.1"),
        ("answer", "ex_1_1", "1.1"),
        ("check", "check_1_1", "1.1"),
    ]
    assert LESSON.by_grade_id["check_1_3"].points == 3
    assert LESSON.by_grade_id["demo_shape"].source.startswith("x = np.arange")


@pytest.mark.parametrize(
    "heading",
    [
        "## Exercise 1.7 · Pad a batch — 3 points · ●●○ · 15 min",
        "### Exercise 1.7 · Pad a batch — 1 points · ●●○ · 15 min",
        "### Exercise 1.7 · Pad a batch — 3 point · ●●○ · 15 min",
        "### Exercise 1.7 · Pad a batch - 3 points · ●●○ · 15 min",
        "### Exercise 1.7 · Pad a batch — 3 points · ○●● · 15 min",
        "### Exercise 1.7 · Pad a batch — 3 points · ●●○",
        "### Exercise 1.7: Pad a batch — 3 points · ●●○ · 15 min",
    ],
)
def test_other_headings_are_no_exercise(heading):
    assert parse_heading(heading) is None


def test_a_title_may_hold_dashes_and_dots():
    heading = parse_heading("### Exercise 2.10 · A · B — C — 1 point · ●●● · 5 min\n\nText")
    assert heading is not None and (heading.id, heading.title) == ("2.10", "A · B — C")


@pytest.mark.parametrize(
    "markdown",
    [
        "<details><summary>a</summary>b",
        "<details>b</details>",
        "<details><summary> </summary>b</details>",
        "<details><summary>a</summary> </details>",
        "<details><summary>a</summary>b</details></details>",
    ],
)
def test_hints_without_title_text_or_end_are_refused(markdown):
    with pytest.raises(ValueError, match=r"hint 1|closes nothing"):
        parse_hints(markdown)


def test_a_file_that_is_no_lesson_is_told(tmp_path, notebook):
    path = tmp_path / "03_x.ipynb"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"03_x\.ipynb is no lesson"):
        read_lesson(path)
    cell(notebook, "demo_shape")["metadata"] = {}
    path.write_bytes(data(notebook))
    with pytest.raises(ValueError, match="has no grade_id; run seqkit release"):
        read_lesson(path)


def test_solutions_can_be_read_as_submissions():
    """`pytest` grades the reference answers like any other."""
    found = read_submission(GOLDEN / "solutions" / "01_sample.ipynb", LESSONS)
    assert list(found.answers) == ["1.1", "1.2", "1.3"] and found.added == []
    assert "_mean_of" in found.answers["1.1"]
    assert found.notes == []


# --- plain submissions ------------------------------------------------------------------------


def test_an_untouched_lesson_has_no_answers_and_no_notes(notebook):
    found = read(notebook)
    assert (found.lesson, found.answers, found.added, found.notes) == ("01_sample", {}, [], [])
    assert labels(found) == [
        "imports",
        "demo demo_shape",
        "stub 1.1",
        "stub 1.2",
        "stub 1.3",
        "demo progress_cell",
    ]
    assert [c.kind for c in found.cells] == ["imports", "demo", *["stub"] * 3, "demo"]


def test_answers_and_added_cells_run_in_place(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    insert_after(notebook, "statement_1_1", code("import math"))
    insert_after(notebook, "ex_1_1", code("smooth([1], 1)"))
    found = read(notebook)
    assert found.answers == {"1.1": SMOOTH}
    assert labels(found)[:5] == [
        "imports",
        "demo demo_shape",
        "added cell 5",
        "answer 1.1",
        "added cell 7",
    ]
    assert [c.source for c in found.added] == ["import math", "smooth([1], 1)"]
    assert found.notes == []


def test_white_space_alone_is_no_answer(notebook):
    answer = cell(notebook, "ex_1_2")
    answer["source"] = [line.replace("\n", "  \n") for line in answer["source"]] + ["\n\n"]
    assert read(notebook).answers == {}


def test_text_and_empty_cells_that_were_added_do_not_run(notebook):
    insert_after(notebook, "ex_1_1", {"cell_type": "markdown", "metadata": {}, "source": "x = 1"})
    insert_after(notebook, "ex_1_1", code(" \n"))
    assert read(notebook).added == []


def test_outputs_and_attachments_are_never_looked_at(notebook):
    for item in notebook["cells"]:
        item["outputs"] = {"not": "a list"}
        item["attachments"] = "nor this"
        item["execution_count"] = "nor a number"
    found = read(notebook)
    assert found.notes == []


def test_source_may_be_a_list_or_a_string(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH.splitlines(keepends=True)
    assert read(notebook).answers == {"1.1": SMOOTH}


# --- what happens to cells --------------------------------------------------------------------


def test_of_two_copies_the_last_changed_one_counts(notebook):
    cell(notebook, "ex_1_2")["source"] = COUNTER
    second, third = (copy.deepcopy(cell(notebook, "ex_1_2")) for _ in range(2))
    second["source"] = COUNTER + "# second\n"
    third["source"] = LESSON.exercises["1.2"].stub
    insert_after(notebook, "check_1_2", third)
    insert_after(notebook, "check_1_2", second)
    found = read(notebook)
    assert found.answers == {"1.2": COUNTER + "# second\n"}
    assert [c.label for c in found.cells if "1.2" in c.label] == [
        "answer 1.2, an earlier copy",
        "answer 1.2",
    ]
    assert said(found, "Exercise 1.2", "2 cells", "the last one that was changed counts (cell 11)")


def test_a_copy_that_stayed_a_stub_counts_for_nothing(notebook):
    stub = copy.deepcopy(cell(notebook, "ex_1_2"))
    cell(notebook, "ex_1_2")["source"] = COUNTER
    insert_after(notebook, "ex_1_2", stub)
    found = read(notebook)
    assert found.answers == {"1.2": COUNTER}
    assert [c.source for c in found.cells if c.label.startswith("answer 1.2")] == [COUNTER]


def test_both_halves_of_a_split_answer_count(notebook):
    """JupyterLab gives both halves the same metadata."""
    half = copy.deepcopy(cell(notebook, "ex_1_1"))
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    half["source"] = STEP
    insert_after(notebook, "ex_1_1", half)
    found = read(notebook)
    assert found.answers == {"1.1": SMOOTH + "\n\n\n" + STEP}
    assert [c.source for c in found.cells if c.label == "answer 1.1"] == [SMOOTH, STEP]
    assert said(found, "Exercise 1.1", "stands in 2 cells")


def test_the_second_half_without_metadata_is_an_added_cell(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    insert_after(notebook, "ex_1_1", code(STEP))
    found = read(notebook)
    assert found.answers == {"1.1": SMOOTH}
    assert [c.source for c in found.added] == [STEP]


def test_a_missing_answer_is_noted(notebook):
    notebook["cells"].remove(cell(notebook, "ex_1_3"))
    found = read(notebook)
    assert "1.3" not in found.answers and not any("1.3" in label for label in labels(found))
    assert said(found, "Exercise 1.3", "the answer cell is missing")


def test_an_emptied_answer_is_noted(notebook):
    cell(notebook, "ex_1_3")["source"] = " \n"
    found = read(notebook)
    assert "1.3" not in found.answers and not any("1.3" in label for label in labels(found))
    assert said(found, "Exercise 1.3", "the answer cell is empty")


def test_an_answer_written_in_a_cell_of_its_own_is_taken(notebook):
    insert_after(notebook, "check_1_3", code(MEMORY))
    found = read(notebook)
    assert found.answers == {"1.3": MEMORY}
    assert [c.source for c in found.cells if c.label == "answer 1.3"] == [MEMORY]
    assert found.added == []
    assert said(found, "Exercise 1.3", "left as it was", "cell 15 defines Memory and was taken")


def test_an_added_cell_does_not_replace_an_answer_that_was_written(notebook):
    cell(notebook, "ex_1_3")["source"] = MEMORY
    insert_after(notebook, "ex_1_3", code(MEMORY + "# again\n"))
    found = read(notebook)
    assert found.answers == {"1.3": MEMORY}
    assert [c.source for c in found.added] == [MEMORY + "# again\n"]


def test_moved_answers_run_where_they_stand(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    moved = cell(notebook, "ex_1_1")
    notebook["cells"].remove(moved)
    notebook["cells"].append(moved)
    found = read(notebook)
    assert labels(found)[-1] == "answer 1.1" and found.answers == {"1.1": SMOOTH}
    assert said(found, "moved")


def test_the_imports_run_first_wherever_they_are(notebook):
    notebook["cells"].append(notebook["cells"].pop(1))
    assert labels(read(notebook))[0] == "imports"


def test_an_answer_that_became_text_is_read_as_code(notebook):
    cell(notebook, "ex_1_2").update(cell_type="markdown", source=f"```python\n{COUNTER}```")
    cell(notebook, "ex_1_3").update(cell_type="raw", source=MEMORY)
    found = read(notebook)
    assert found.answers == {"1.2": COUNTER.rstrip(), "1.3": MEMORY}
    assert said(found, "Exercise 1.2", "became text; it was read as code")
    assert said(found, "Exercise 1.3", "became text; it was read as code")


def test_prose_in_the_place_of_an_answer_is_none(notebook):
    cell(notebook, "ex_1_2").update(cell_type="markdown", source="I could not do this one.")
    found = read(notebook)
    assert found.answers == {} and not any("1.2" in label for label in labels(found))
    assert said(found, "Exercise 1.2", "became text without code")


def test_edited_checks_and_demos_give_way_to_the_lessons_own(notebook):
    cell(notebook, "check_1_1")["source"] = "print('2 points')"
    cell(notebook, "demo_shape")["source"] = "x = 'mine'"
    cell(notebook, "check_1_2").update(cell_type="raw")
    found = read(notebook)
    assert found.added == [] and not any("mine" in c.source for c in found.cells)
    assert found.cells[1].source == LESSON.by_grade_id["demo_shape"].source
    assert said(found, "Edited, the lesson's own were used", "demo_shape, check_1_1, check_1_2")


def test_missing_locked_cells_come_from_the_lesson(notebook):
    for label in ("imports", "demo_shape", "check_1_1"):
        notebook["cells"].remove(cell(notebook, label))
    found = read(notebook)
    assert labels(found)[:3] == ["imports", "demo demo_shape", "stub 1.1"]
    assert said(found, "Missing, the lesson's own were used: imports, demo_shape, check_1_1")


def test_new_lines_in_the_imports_run_after_the_lessons_own(notebook):
    cell(notebook, "imports")["source"] = "import math\nimport numpy as np\n"
    found = read(notebook)
    assert found.cells[0].source == LESSON.by_grade_id["imports"].source
    assert (found.cells[1].kind, found.cells[1].source) == ("added", "import math")
    assert said(found, "Edited", "imports")


def test_a_changed_copy_of_a_locked_cell_is_the_students(notebook):
    notebook["cells"].append(copy.deepcopy(cell(notebook, "demo_shape")))
    for label in ("demo_shape", "check_1_1", "imports"):
        new = copy.deepcopy(cell(notebook, label))
        new["source"] = f"tried = '{label}'"
        notebook["cells"].insert(0, new)
    found = read(notebook)
    assert [c.source for c in found.added] == [
        "tried = 'imports'",
        "tried = 'check_1_1'",
        "tried = 'demo_shape'",
    ]
    assert found.notes == [] and labels(found).count("demo demo_shape") == 1


def test_a_statement_turned_into_code_runs_as_an_added_cell(notebook):
    cell(notebook, "statement_1_1").update(cell_type="code", source="y = 1", outputs=[])
    assert [c.source for c in read(notebook).added] == ["y = 1"]


def test_points_in_the_file_have_no_effect(notebook):
    cell(notebook, "check_1_3")["metadata"]["nbgrader"]["points"] = 3000
    assert said(read(notebook), "Exercise 1.3", "points were changed", "no effect")


def test_metadata_of_other_kinds_are_repaired(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    odd = ["text", 7, ["a"], {"nbgrader": "x"}, {"nbgrader": {"grade_id": 3}}, {"nbgrader": None}]
    for metadata in [*odd, {"nbgrader": {"grade_id": "../../etc/passwd", "points": "many"}}]:
        notebook["cells"].append(code("z = 1", metadata=metadata, id=["not", "text"]))
    found = read(notebook)
    assert len(found.added) == 7 and found.answers == {"1.1": SMOOTH}
    assert said(found, "damaged metadata")


def test_cells_of_other_kinds_are_repaired_or_left_out(notebook):
    for odd in (None, 7, "x", [], {}, {"cell_type": 3, "outputs": [], "source": "a = 1"}):
        notebook["cells"].append(odd)
    notebook["cells"].append(code({"not": "text"}))
    notebook["cells"].append(code(["b = ", 5, "2"]))
    found = read(notebook)
    assert [c.source for c in found.added] == ["a = 1", "b = 2"]
    assert said(found, "damaged and was left out") and said(found, "no known type")
    assert said(found, "its text was lost")


# --- metadata lost ----------------------------------------------------------------------------


def strip(notebook: Notebook) -> Notebook:
    notebook["metadata"] = {}
    for item in notebook["cells"]:
        item["metadata"] = {}
        item.pop("id")
    return notebook


def test_answers_are_known_by_what_they_define_when_all_labels_are_lost(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH + STEP
    cell(notebook, "ex_1_3")["source"] = MEMORY
    found = read(strip(notebook))
    assert found.lesson == "01_sample"
    assert found.answers["1.1"] == SMOOTH + STEP and found.answers["1.3"] == MEMORY
    assert found.added == [] and labels(found)[:2] == ["imports", "demo demo_shape"]
    assert said(found, "Exercise 1.1", "missing", "was taken")


def test_one_cell_may_answer_two_exercises_when_labels_are_lost(notebook):
    notebook = strip(notebook)
    notebook["cells"] = [code(COUNTER + MEMORY)]
    found = read(notebook)
    assert found.answers == {"1.2": COUNTER + MEMORY, "1.3": COUNTER + MEMORY}
    ours = [c for c in found.cells if c.kind == "answer"]
    assert [(c.label, c.exercises) for c in ours] == [("answer 1.2 and 1.3", ("1.2", "1.3"))]


def test_cell_ids_are_enough_and_colab_may_move_them(notebook):
    cell(notebook, "ex_1_1")["source"] = "smooth = lambda series, width: series"
    for item in notebook["cells"]:
        item["metadata"] = {"id": item.pop("id")}
    found = read(notebook)
    assert list(found.answers) == ["1.1"] and found.notes == []


def test_untouched_stubs_without_labels_are_no_answers(notebook):
    found = read(strip(notebook))
    assert (found.lesson, found.answers, found.added, found.notes) == ("01_sample", {}, [], [])
    assert labels(found) == labels(read(SAMPLE.read_bytes()))


def test_an_unlabelled_copy_of_the_stub_does_not_undo_an_answer(notebook):
    cell(notebook, "ex_1_2")["source"] = COUNTER
    notebook["cells"].append(code(LESSON.exercises["1.2"].stub))
    found = read(notebook)
    assert found.answers == {"1.2": COUNTER} and found.added == [] and found.notes == []


# --- which lesson -----------------------------------------------------------------------------


def test_the_cells_decide_about_the_lesson(notebook):
    notebook["metadata"]["seqkit"]["lesson"] = "02_other"
    found = read(notebook, "02_other.ipynb")
    assert found.lesson == "01_sample"
    assert said(found, "says it is the lesson 02_other", "those of 01_sample")
    del notebook["metadata"]["seqkit"]
    assert said(read(notebook, "02_other.ipynb"), "named after 02_other", "those of 01_sample")


def test_a_notebook_without_answers_is_known_by_its_metadata_or_its_name(notebook):
    notebook["cells"] = [code("pass")]
    assert read(notebook).lesson == "01_sample"
    notebook["metadata"] = {}
    assert read(notebook, "Kim 02-other (3).ipynb").lesson == "02_other"


@pytest.mark.parametrize("metadata", [{}, {"seqkit": {"lesson": "09_unknown"}}, {"seqkit": 3}, []])
def test_what_is_no_lesson_is_unreadable(notebook, metadata):
    notebook.update(metadata=metadata, cells=[code("print('my own project')")])
    with pytest.raises(Unreadable, match=r"lessons graded here: 01_sample, 02_other\.") as caught:
        read(notebook)
    assert ("09_unknown" in caught.value.reason) == ("09_unknown" in str(metadata))


def test_the_wrong_lesson_is_unreadable(notebook):
    with pytest.raises(Unreadable, match=r"says it is the lesson 01_sample; .*here: 02_other"):
        read_submission(data(notebook), {"02_other": OTHER}, name="02_other.ipynb")


# --- files of all kinds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x00" * 100, "empty"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04....", "a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\n<html>", "a web page"),
        (b"\x80\x81\x00\xff" * 50, "not text"),
        (b"import numpy as np\n", "no valid JSON at line 1"),
        (b"x", "no valid JSON at line 1"),
        (b'{"cells": [', "ends in the middle"),
        (b'{"cells": ["abc', "ends in the middle"),
        (b"<<<<<<< HEAD\n{}\n=======\n>>>>>>> b\n", "conflict marks"),
        (b"[]", "not a notebook"),
        (b"3", "not a notebook"),
        (b"null", "not a notebook"),
        (b"{}", "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b'{"cells": []}', "no cells"),
        (b'{"cells": [], "nbformat": 4}', "no cells"),
        (b'{"cells": [1, 2]}', "no cells"),
        (b'{"worksheets": [1, {"cells": 2}], "nbformat": 3}', "no cells"),
        (b"[" * 100_000, "deeper"),
        (b'{"a":' * 50_000, "deeper"),
        (b"[" * 3_100_000, "more nested values"),
        (b'{"cells": [' + b"{}," * 6_000 + b"{}]}", "6,001 cells"),
    ],
)
def test_what_is_no_notebook_is_told_in_one_sentence(content, reason):
    with pytest.raises(Unreadable, match=reason) as caught:
        read_submission(content, LESSONS, name="01_sample.ipynb")
    assert caught.value.reason.endswith(".") and "\n" not in caught.value.reason


def test_a_file_over_the_limit_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "01_sample.ipynb"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)  # a hole: takes no room on the disk
    taken = []

    class Watched(io.FileIO):
        def read(self, size=-1):
            data = super().read(size)
            taken.append(len(data))
            return data

    monkeypatch.setattr(files, "open", Watched, raising=False)
    with pytest.raises(Unreadable, match="larger than 20 MB and was not read: clear the outputs"):
        read_submission(path, LESSONS)
    assert 0 < sum(taken) <= NOTEBOOK_BYTES + 1  # one byte more tells that it is larger
    with pytest.raises(Unreadable, match="larger than"):
        read_submission(b"x" * 11, LESSONS, limit=10)


def test_what_cannot_be_opened_is_unreadable(tmp_path):
    for path in (tmp_path / "none.ipynb", tmp_path, str(tmp_path / "a\0b")):
        with pytest.raises(Unreadable) as caught:
            read_submission(path, LESSONS)
        assert str(tmp_path) not in caught.value.reason


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "01_sample.ipynb")
    with pytest.raises(Unreadable, match="not a regular file"):
        read_submission(tmp_path / "01_sample.ipynb", LESSONS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_read_with_a_note(notebook, encoding):
    cell(notebook, "ex_1_1")["source"] = SMOOTH + "# é 一\n"
    found = read(json.dumps(notebook, ensure_ascii=False).encode(encoding))
    assert found.answers == {"1.1": SMOOTH + "# é 一\n"}
    assert said(found, "byte-order mark" if encoding == "utf-8-sig" else encoding.upper())


def test_a_file_of_an_old_windows_editor_is_read(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH + "# é\n"
    text = json.dumps(notebook, ensure_ascii=False).encode("cp1252", "replace")
    found = read(text)
    assert found.answers == {"1.1": SMOOTH + "# é\n"} and said(found, "WINDOWS-1252")


def test_windows_line_ends_are_no_answer_and_no_difference(notebook):
    for item in notebook["cells"]:
        item["source"] = "".join(item["source"]).replace("\n", "\r\n")
    assert read(notebook).answers == {}
    cell(notebook, "ex_1_1")["source"] = SMOOTH.replace("\n", "\r\n")
    found = read(json.dumps(notebook, indent=1).replace("\n", "\r\n").encode())
    assert found.answers == {"1.1": SMOOTH} and found.notes == ["The file has Windows line ends."]


def test_numbers_that_json_does_not_know_are_read_with_a_note(notebook):
    text = json.dumps(notebook)[:-1]
    content = f'{text}, "a": NaN, "b": -Infinity, "c": {"9" * 5000}, "d": 1e999, "e": -0}}'
    found = read(content.encode())
    assert said(found, "NaN") and said(found, "-Infinity") and said(found, "more than 400 digits")


def test_broken_characters_are_replaced(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH + "s = '\ud800'\n"
    found = read(notebook)
    found.answers["1.1"].encode()
    assert said(found, "broken characters")


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5])
def test_every_minor_version_of_format_four_is_read(notebook, minor):
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    notebook["nbformat_minor"] = minor
    if minor < 5:
        for item in notebook["cells"]:
            item.pop("id")
    found = read(notebook)
    assert found.answers == {"1.1": SMOOTH} and found.notes == []


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ({"nbformat_minor": 9}, "newer format 4.9"),
        ({"nbformat": 5}, "newer format 5.5"),
        ({"nbformat": "4"}, "does not tell its format"),
        ({"nbformat": None}, "does not tell its format"),
    ],
)
def test_other_versions_are_read_with_a_note(notebook, version, words):
    notebook.update(version)
    assert said(read(notebook), words)


def test_old_notebooks_are_read_as_nbformat_reads_them(notebook):
    cell(notebook, "ex_1_1")["source"] = SMOOTH
    insert_after(notebook, "ex_1_1", code("extra = 1"))
    three = nbformat.convert(nbformat.from_dict(notebook), 3)
    old = nbformat.v3.nbjson.writes(three).encode()
    assert b"worksheets" in old and b'"input"' in old
    found, new = read(old), read(notebook)
    assert [(c.label, c.source) for c in found.cells] == [(c.label, c.source) for c in new.cells]
    assert found.answers == new.answers and said(found, "old format 3")


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): ...", ["f"]),
        ("async def f(x): ...\nclass\tA(B): ...", ["f", "A"]),
        ("f = lambda x: x\ng: int = 3\nh == 2\nk := 3", ["f", "g"]),
        ("  def inner(): ...\ndefine = 1\nclassy()", ["define"]),
        ("else:\ntry:\nfinally:", []),
        ("def é(x): ...", ["é"]),
        ("def", []),
        ("def (", []),
        ("", []),
    ],
)
def test_names_are_found_at_the_beginnings_of_lines(source, names):
    assert defined_names(source) == names


@pytest.mark.parametrize("source", ["(" * 10**6, "def " * 10**6, "a\n" * 10**6, "x=" * 10**6])
def test_of_hostile_text_little_is_looked_at_and_once_or_twice(notebook, monkeypatch, source):
    """What grew faster than the text would take hours here, and the suite's own limit ends it."""
    looked, real = [], reading.DEFINITION

    def look(line):
        looked.append(len(line))
        return real.match(line)

    monkeypatch.setattr(reading, "DEFINITION", SimpleNamespace(match=look))
    cell(notebook, "ex_1_1")["source"] = source
    read(notebook)
    assert max(looked) <= 300 and 0 < len(looked) <= 3 * CELL_LINES


# --- whatever it is ---------------------------------------------------------------------------


def attempt(content: bytes) -> None:
    """Read, and let nothing but Unreadable out; what is read can be stored."""
    try:
        found = read_submission(content, LESSONS, name="01_sample.ipynb")
    except Unreadable as trouble:
        assert trouble.reason and "\n" not in trouble.reason
        return
    assert found.lesson in LESSONS and len(found.notes) <= 60
    assert {c.kind for c in found.cells} <= {"imports", "demo", "answer", "stub", "added"}
    for planned in found.cells:
        planned.source.encode()
    for note in found.notes:
        assert len(note) <= 400
    pickle.loads(pickle.dumps(found))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_unreadable(content):
    attempt(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=10,
)
KEYS = st.sampled_from(
    ["cell_type", "source", "metadata", "id", "outputs", "nbgrader", "grade_id", "points", "input"]
)


@st.composite
def mutated(draw: Callable[..., Any]) -> bytes:
    """A valid notebook, changed in a few places."""
    notebook = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for _ in range(draw(st.integers(1, 6))):
        cells = notebook.get("cells")
        where = draw(st.integers(0, 25))
        value = draw(JSON)
        if not isinstance(cells, list) or not cells or where < 3:
            notebook[draw(st.sampled_from(["cells", "metadata", "nbformat", "worksheets"]))] = value
            continue
        place = where % len(cells)
        if where < 6:
            cells[place] = value
        elif where < 9:
            cells.insert(place, copy.deepcopy(cells[draw(st.integers(0, len(cells) - 1))]))
        elif where < 12:
            del cells[place]
        elif isinstance(cells[place], dict):
            target = cells[place]
            if where > 18 and isinstance(target.get("metadata"), dict):
                target = target["metadata"]
                if where > 22 and isinstance(target.get("nbgrader"), dict):
                    target = target["nbgrader"]
            target[draw(KEYS)] = value
    content = bytearray(json.dumps(notebook).encode())
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


@given(mutated())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_mutated_notebook_is_read_or_unreadable(content):
    attempt(content)


def test_unreadable_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(Unreadable("The file is empty.")))
    assert (error.reason, str(error)) == ("The file is empty.", "The file is empty.")


def test_the_golden_lesson_is_the_released_one(tmp_path):
    """What is tested here is what learners get."""
    release(GOLDEN / "solutions", tmp_path)
    assert read_lesson(tmp_path / "01_sample.ipynb") == LESSON
