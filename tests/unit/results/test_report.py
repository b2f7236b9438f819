"""A report is a strict record with a published schema; what learners wrote is safe to show."""

import csv
import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from seqkit import ROOT
from seqkit.limits import MESSAGE_CHARACTERS, SOURCE_CHARACTERS
from seqkit.results.folder import Folder, FolderError
from seqkit.results.report import (
    CheckResult,
    ExerciseResult,
    Owner,
    Report,
    Sandbox,
    SubmissionFile,
    schema,
)
from seqkit.results.tables import gradebook
from seqkit.results.text import clean, few, number, one_line

SAMPLES = Path(__file__).parent / "samples"


def exercise(id, points=1.0, most=2.0, **more) -> ExerciseResult:
    return ExerciseResult(id=id, title="Title", attempted=True, points=points, max=most, **more)


def report(student="ann", lesson="01_tiny", exercises=(), **more) -> Report:
    file = more.pop("file", f"{student}.ipynb")
    exercises = list(exercises)
    return Report(
        course="f" * 16,
        submission=SubmissionFile(file=file, sha256="0" * 64),
        student=student,
        owner=Owner(name=student, late=more.pop("late", None)),
        lesson=lesson,
        status=more.pop("status", "graded"),
        exercises=exercises,
        total=sum(e.points for e in exercises),
        max=sum(e.max for e in exercises),
        seed="0" * 16,
        sandbox=Sandbox(mode="bubblewrap"),
        **more,
    )


def rows(*reports) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gradebook(reports))))


# ---------------------------------------------------------------- text of strangers


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, déjà vu ✓ 数", "plain, déjà vu ✓ 数"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("bell\x07 null\x00 back\x08", "bell\\x07 null\\x00 back\\x08"),
        ("\r", "\\r"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("right\u202eleft", "right\\u202eleft"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\ud800", "\\ud800"),
        ("", ""),
    ],
    ids=ascii,
)
def test_control_and_direction_characters_become_visible(text, shown):
    assert clean(text) == shown
    shown.encode("utf-8")


def test_long_text_is_cut():
    most = MESSAGE_CHARACTERS
    assert clean("x" * most) == "x" * most
    assert clean("x" * (most + 1)) == "x" * (most - 1) + "…"
    assert len(clean("x" * 10**7)) == most


def test_every_text_of_a_learner_s_is_cleaned_in_a_report():
    evil, shown = "\x1b[2J\u202e", "\\x1b[2J\\u202e"
    check = CheckResult(
        name="test", title="t", visible=True, passed=False, points=0, max=1, message=evil
    )
    one = report(
        student=evil, file=evil, reason=evil, notes=[evil],
        exercises=[exercise("1.1", checks=[check], notes=[evil], error=evil)],
        superseded_by=evil,
    )  # fmt: skip
    assert (one.student, one.submission.file, one.reason) == (shown, shown, shown)
    assert (one.owner.name, one.superseded_by) == (shown, shown)
    assert one.notes == one.exercises[0].notes == [shown]
    assert one.exercises[0].error == shown
    assert one.exercises[0].checks[0].message == shown
    assert "\x1b" not in one.model_dump_json()


# ---------------------------------------------------------------- the record


def test_a_report_survives_being_written_and_read():
    one = report(exercises=[exercise("1.1")], notes=["a note"])
    assert Report.model_validate(json.loads(one.model_dump_json())) == one


@pytest.mark.parametrize(
    "change",
    [
        {"status": "perfect"}, {"version": 3}, {"extra": 1}, {"seed": None}, {"student": None},
        {"course": None}, {"owner": None}, {"owner": {}},
        {"sandbox": {"mode": "none of it"}}, {"exercises": [{"id": "1.1"}]}, {"total": "many"},
    ],
    ids=str,
)  # fmt: skip
def test_a_report_with_other_fields_or_values_is_none(change):
    with pytest.raises(ValidationError):
        Report.model_validate({**report().model_dump(), **change})


def test_two_gradings_are_equal_without_their_times():
    one = report(started="2026-01-01T00:00:00", seconds=1)
    other = report(started="2026-01-02T00:00:00", seconds=2)
    assert one != other
    assert one.without_times() == other.without_times()


def test_an_answer_is_kept_as_it_was_graded_up_to_a_length():
    text = "x = '\x1b[2J\u202e'\n"
    assert exercise("1.1", source=text).source == text
    kept = exercise("1.1", source="x" * (SOURCE_CHARACTERS + 1)).source
    assert kept == "x" * (SOURCE_CHARACTERS - 1) + "…"


def test_in_brief_a_report_holds_neither_checks_nor_answers():
    check = CheckResult(name="t", title="t", visible=True, passed=True, points=1, max=1)
    one = report(exercises=[exercise("1.1", checks=[check], source="x = 1")])
    assert one.brief() == report(exercises=[exercise("1.1")])


# ---------------------------------------------------------------- version 1


def test_a_report_of_version_1_is_read():
    data = json.loads((SAMPLES / "report_v1.json").read_text("utf-8"))
    one = Report.model_validate(data)
    assert data == json.loads((SAMPLES / "report_v1.json").read_text("utf-8"))
    assert (one.version, one.course) == (2, data["course"])
    assert one.owner == Owner(name="smithjohn")
    assert (one.counts, one.superseded_by) == (False, "")
    assert (one.total, [e.points for e in one.exercises]) == (2, [0, 2])
    first = one.exercises[0]
    assert (first.source, first.error, first.forbidden, first.missing) == ("", "", [], False)
    assert [c.call for c in first.checks] == ["", ""]
    assert first.checks[0].message == "`double(2)` gave 5, expected 4"
    assert Report.model_validate({**data, "counts": True}).counts
    jsonschema.validate(json.loads(one.model_dump_json()), schema())


@pytest.mark.parametrize(
    "change", [{"exercises": 1}, {"exercises": [{}]}, {"total": "many"}, {"extra": 1}, {"seed": 1}]
)
def test_what_is_no_report_of_version_1_is_none(tmp_path, change):
    data = json.loads((SAMPLES / "report_v1.json").read_text("utf-8"))
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "x.json").write_text(json.dumps(data), "utf-8")
    assert Folder(tmp_path).report("x") is not None
    (tmp_path / "reports" / "x.json").write_text(json.dumps({**data, **change}), "utf-8")
    assert Folder(tmp_path).report("x") is None


# ---------------------------------------------------------------- the folder


def test_a_report_on_disk_follows_the_schema_and_can_be_shown_anywhere(tmp_path):
    text = "".join(map(chr, range(0x20, 0xA0))) + "\t\x01\u202e\u200b\u2028 ✓ déjà vu 😀 數"
    one = report("Zoë", exercises=[exercise("1.1", source=text)])
    folder = Folder(tmp_path)
    with folder.held():
        folder.write_report("zoe", one)
    written = (tmp_path / "reports" / "zoe.json").read_text("utf-8")
    assert re.fullmatch(r"[\n\x20-\x7e]+", written)
    jsonschema.validate(json.loads(written), schema())
    assert folder.report("zoe") == one
    assert json.loads(written)["exercises"][0]["source"] == text


def test_a_folder_is_held_by_one_at_a_time(tmp_path):
    with Folder(tmp_path).held():
        with pytest.raises(FolderError) as caught, Folder(tmp_path).held():
            pytest.fail("held by two")
        assert str(caught.value) == f"another grading is writing to {tmp_path}: wait for it."
    with Folder(tmp_path).held():
        pass


def test_the_published_schema_is_the_one_of_the_code():
    published = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
    assert published == schema()
    jsonschema.Draft202012Validator.check_schema(published)


def test_a_report_follows_the_schema_and_an_invented_one_does_not():
    data = json.loads(report(exercises=[exercise("1.1")]).model_dump_json())
    jsonschema.validate(data, schema())
    for change in ({"status": "perfect"}, {"points": 100}, {"version": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**data, **change}, schema())


# ---------------------------------------------------------------- the gradebook


def test_the_gradebook_has_a_row_a_submission_and_a_column_an_exercise():
    reports = [
        report("bob", exercises=[exercise("1.1", 2), exercise("1.2", 0.5)]),
        report("ann", exercises=[exercise("1.1", 1)]),
    ]
    assert gradebook(reports) == (
        "student,lesson,counts,late,status,total,max,exercise 1.1,exercise 1.2,notes,file\n"
        "ann,01_tiny,yes,,graded,1,2,1,,,ann.ipynb\n"
        "bob,01_tiny,yes,,graded,2.5,4,2,0.5,,bob.ipynb\n"
    )


def test_a_gradebook_of_nobody_has_its_headings():
    assert gradebook([]) == "student,lesson,counts,late,status,total,max,notes,file\n"


def test_exercises_are_ordered_by_number_and_rows_by_student_lesson_and_file():
    ids = ["1.10", "1.2", "2.1", "1.1"]
    reports = [
        report("bob", "02_b", [exercise(id) for id in ids]),
        report("bob", "01_a"),
        report("ann", "02_b", file="later"),
        report("ann", "02_b", file="earlier"),
    ]
    table = rows(*reports)
    assert list(table[0])[7:-2] == ["exercise 1.1", "exercise 1.2", "exercise 1.10", "exercise 2.1"]
    assert [(r["student"], r["lesson"], r["file"]) for r in table] == [
        ("ann", "02_b", "earlier"), ("ann", "02_b", "later"),
        ("bob", "01_a", "bob.ipynb"), ("bob", "02_b", "bob.ipynb"),
    ]  # fmt: skip
    assert gradebook(reports) == gradebook(reversed(reports))


def test_a_submission_that_a_later_one_replaces_is_told():
    table = rows(report("ann", superseded_by="2", file="1"), report("ann", file="2"))
    assert [row["counts"] for row in table] == ["no", "yes"]


def test_what_the_platform_calls_late_is_told():
    table = rows(*(report(f"ann {late}", late=late) for late in (None, False, True)))
    assert [row["late"] for row in table] == ["no", "", "yes"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(start):
    formula = f'{start}HYPERLINK("http://evil","x")'
    (row,) = rows(report(formula, file=formula, reason=formula, status="crashed"))
    for column in ("student", "file", "notes"):
        assert row[column] == "'" + formula


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\u3000", " \n\t"])
def test_a_formula_behind_white_space_is_quoted_too(space):
    (row,) = rows(report(f"{space}=1+1", file="f"))
    assert row["student"] == "'=1+1"


@pytest.mark.parametrize("start", "=+-@＝＋－＠")
def test_a_formula_behind_a_semicolon_is_kept_from_starting_a_cell(start):
    (row,) = rows(report(student=f"ann;{start}1+1"))
    assert row["student"] == f"ann; {start}1+1"
    (row,) = rows(report(student=f"{start}1+1"))
    assert row["student"] == f"'{start}1+1"


def test_a_name_in_lines_takes_one_row():
    (row,) = rows(report("Ann\nLee", file='a,b\n"c"', notes=["one\ntwo", "three"]))
    assert (row["student"], row["file"]) == ("Ann Lee", 'a,b "c"')
    assert row["notes"] == "one two; three"
    assert len(gradebook([report("Ann\nLee")]).splitlines()) == 2


def test_the_reason_stands_before_the_notes():
    (row,) = rows(report(reason="it did not come back", notes=["a note"], status="timeout"))
    assert row["notes"] == "it did not come back; a note"
    assert row["status"] == "timeout"


@pytest.mark.parametrize(
    ("points", "written"),
    [(2.0, "2"), (2.5, "2.5"), (0.0, "0"), (1 / 3, "0.3333"), (10.0, "10"), (100.25, "100.25"),
     (0.1 + 0.2, "0.3")],
)  # fmt: skip
def test_points_are_written_as_a_person_does(points, written):
    assert number(points) == written


def test_hundreds_of_notes_become_few():
    assert few(["a"]) == ["a"]
    said = few(f"note {n}" for n in range(500))
    assert len(said) == 41 and said[-1] == "and 460 more"


@pytest.mark.parametrize(
    "unseen",
    [*"\u2028\u061c\u00ad\U000e0041\x1b\u202e\u034f\u115f\u17b4\u180b\u2800\u3164\ufe0f\uffa0"],
)
def test_what_is_not_seen_is_made_visible(unseen):
    assert unseen not in clean(f"a{unseen}b")
    assert clean("äöü 中 😀 −1\n") == "äöü 中 😀 −1\n"


def test_a_name_stays_on_its_line():
    assert one_line("x\n2026-01-01 INFO graded, 99 points") == "x 2026-01-01 INFO graded, 99 points"
