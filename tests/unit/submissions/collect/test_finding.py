"""Submissions are found wherever a learning system puts them, and their students are known."""

from __future__ import annotations

import io
import json
import os
import pickle
import stat
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqkit.course.lesson import Exercise, Lesson, read_lesson
from seqkit.course.notebook import Unreadable
from seqkit.limits import ARCHIVE_MEMBERS, ARCHIVE_PATH, FOLDERS_DEEP
from seqkit.results.text import one_line
from seqkit.submissions.collect import budget, files, walking
from seqkit.submissions.collect.counting import Found
from seqkit.submissions.collect.finding import find_submissions
from seqkit.submissions.collect.slugs import slug, slugs, untaken
from seqkit.submissions.reading.layout import read_submission

SAMPLE = Path(__file__).parents[2] / "authoring" / "golden" / "lessons" / "01_sample.ipynb"
LESSON = read_lesson(SAMPLE)
OTHER = replace(
    LESSON,
    name="02_other",
    exercises={"2.1": Exercise("2.1", "Other", 1, 1, 5, stub="def other(): ...", names=("other",))},
)
LESSONS: dict[str, Lesson] = {"01_sample": LESSON, "02_other": OTHER}
GOOD = SAMPLE.read_bytes()


def put(folder: Path, files: dict[str, bytes] | Iterable[str]) -> Path:
    """Write files below a folder; names alone stand for untouched lessons."""
    pairs = files if isinstance(files, dict) else dict.fromkeys(files, GOOD)
    for name, content in pairs.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(files: dict[str, bytes] | Iterable[str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    pairs = files if isinstance(files, dict) else dict.fromkeys(files, GOOD)
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in pairs.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def find(*paths: Path, **options: Any) -> list[Found]:
    found = find_submissions(paths, lessons=LESSONS, **options)
    names = [one.file_name.casefold() for one in found]
    assert len(set(names)) == len(names)
    assert len({one.source for one in found}) == len(found)
    for one in found:
        pickle.loads(pickle.dumps(one))
        if one.trouble is None:
            read_submission(one.read(), LESSONS, name=one.source)
            assert one.sha256 is not None and len(one.sha256) == 64
        else:
            assert one.trouble.endswith(".")
            with pytest.raises(Unreadable):
                one.read()
    return found


def students(found: list[Found]) -> dict[str, str]:
    return {one.source.rsplit("/", 1)[-1]: one.student for one in found}


NAMES = {
    "smithjohn_12345_67890_01_sample-2.ipynb": "smithjohn",
    "smithjohn_LATE_12345_67890_01_sample.ipynb": "smithjohn",
    "von_der_heydeanna_77_4711_homework.ipynb": "von_der_heydeanna",
    "anon_a1B2c_98765_01_sample.ipynb": "anon_a1B2c",
    "LATE_anon_a1B2c_98765_01_sample.ipynb": "anon_a1B2c",
    "John Smith_123456_assignsubmission_file_/01_sample.ipynb": "John Smith",
    "John Smith_123456_assignsubmission_file_01_sample.ipynb": "John Smith",
    "José_Núñez_9_assignsubmission_file_/inner/01_sample.ipynb": "José_Núñez",
    "Participant_7_123456_assignsubmission_file_/x.ipynb": "Participant_7",
    "submission_123456789/01_sample.ipynb": "submission_123456789",
    "assignment_5_export/submission_42/src/01_sample.ipynb": "submission_42",
    "Homework 1_studenta_attempt_2026-02-03-14-05-06_01_sample.ipynb": "studenta",
    "HW_2_s.lee1_attempt_2026-02-03-14-05-06_task_attempt_2.ipynb": "s.lee1",
    "12345-678 - Student A - Feb 3, 2026 205 PM/01_sample.ipynb": "Student A",
    "12345-678 - Ann-Lee O - Ray - Dec 13, 2026 1205 AM/task.ipynb": "Ann-Lee O - Ray",
    "submitted/kim/01_sample/01_sample.ipynb": "kim",
    "submitted/kim/week1/task.ipynb": "kim",
    "kim+week1+2026-02-03 14:05:06 UTC/task.ipynb": "kim",
    "smith.ipynb": "smith",
    "smith_01_sample.ipynb": "smith",
    "01_sample_smith.ipynb": "smith",
    "01-sample smith john (2).ipynb": "smith john (2",
    "smith/01_sample.ipynb": "smith",
    "smith/01_sample (1).ipynb": "smith",
    "smith/01_sample-Copy1.ipynb": "smith",
    "smith/01_sample_final.ipynb": "smith",
    "smith/01_sample/01_sample.ipynb": "smith",
    "smith/lessons/01_sample.ipynb": "smith",
    "12345678_01_sample.ipynb": "12345678",
    "smith.ipynb.txt": "smith",
    "smith/01_sample.ipynb.json": "smith",
    "SMITH.IPYNB": "SMITH",
    "Ωmega Пётр.ipynb": "Ωmega Пётр",
}


@pytest.mark.parametrize(("name", "student"), NAMES.items())
def test_a_student_is_told_as_learning_systems_name_files(tmp_path, name, student):
    folder = put(tmp_path / "batch", [name])
    (found,) = find(folder)
    assert found.student == student and found.lesson == "01_sample" and found.trouble is None
    archive = tmp_path / "export.zip"
    archive.write_bytes(zipped([name]))
    (found,) = find(archive)
    assert found.student == student


OWNERS = {
    "smith_12345_67890_01_sample-2.ipynb": ("smith", "canvas", "12345", "67890", False, None),
    "smithjohn_LATE_12345_67890_x.ipynb": ("smithjohn", "canvas", "12345", "67890", True, None),
    "LATE_anon_a1B2c_98765_01_sample.ipynb": ("anon_a1B2c", "canvas", "a1B2c", "98765", True, None),
    "John Smith_123456_assignsubmission_file_/01_sample.ipynb": (
        "John Smith", "moodle", "123456", "", None, None,
    ),
    "submission_123456789/01_sample.ipynb": (
        "submission_123456789", "gradescope", "", "123456789", None, None,
    ),
    "Homework 1_lee_attempt_2026-02-03-14-05-06_01_sample.ipynb": (
        "lee", "blackboard", "", "", None, "2026-02-03T14:05:06",
    ),
    "Homework 1_lee_attempt_2026-02-30-14-05-06_01_sample.ipynb": (
        "lee", "blackboard", "", "", None, None,
    ),
    "12345-678 - Lee - Feb 3, 2026 205 PM/01_sample.ipynb": (
        "Lee", "d2l", "12345", "", None, "2026-02-03T14:05:00",
    ),
    "12345-678 - Lee - Oct 13, 2026 1230 AM/01_sample.ipynb": (
        "Lee", "d2l", "12345", "", None, "2026-10-13T00:30:00",
    ),
    "12345-678 - Lee - Foo 3, 2026 205 PM/01_sample.ipynb": ("Lee", "d2l", "12345", "", None, None),
    "submitted/kim/week1/task.ipynb": ("kim", "nbgrader", "", "", None, None),
    "kim+week1+2026-02-03 14:05:06 UTC/task.ipynb": (
        "kim", "nbgrader", "", "", None, "2026-02-03T14:05:06+00:00",
    ),
    "smith_01_sample.ipynb": ("smith", None, "", "", None, None),
    "homework/01_sample.ipynb": ("homework", None, "", "", None, None),
}  # fmt: skip


@pytest.mark.parametrize(("name", "told"), OWNERS.items())
def test_what_a_platform_tells_of_a_student_is_kept_for_the_way_back(tmp_path, name, told):
    (found,) = find(put(tmp_path / "batch", [name]))
    owner = found.owner
    assert told == (
        owner.name, owner.platform, owner.user_id, owner.submission_id, owner.late, owner.handed_in
    )  # fmt: skip


def test_two_students_of_one_name_keep_it_for_their_platform(tmp_path):
    names = [f"John Smith_{n}_assignsubmission_file_/01_sample.ipynb" for n in (1001, 1002)]
    found = find(put(tmp_path / "b", names))
    assert [(one.owner.name, one.owner.user_id) for one in found] == [
        ("John Smith", "1001"),
        ("John Smith", "1002"),
    ]


def test_a_file_that_is_named_itself_counts_whatever_it_is_called(tmp_path):
    folder = put(tmp_path, {"smith.txt": b"my answers", "kim/01_sample.ipynb": GOOD})
    found = find(folder / "smith.txt", folder / "kim" / "01_sample.ipynb")
    assert [(one.student, one.trouble is None) for one in found] == [
        ("kim", True),
        ("smith", False),
    ]


def test_a_pattern_of_the_instructors_comes_first(tmp_path):
    folder = put(tmp_path / "b", ["group7/s123-smith.ipynb", "group7/lee.ipynb"])
    found = find(folder, student_from=r"/(?P<student>s\d+)-")
    assert students(found) == {"s123-smith.ipynb": "s123", "lee.ipynb": "lee"}
    assert any("pattern" in note for note in found[0].notes)


@pytest.mark.parametrize("pattern", ["(", "(?P<name>.*)", "smith", "(?P<student>", "*"])
def test_a_pattern_that_is_none_is_refused_in_a_sentence(tmp_path, pattern):
    with pytest.raises(ValueError, match=r"regular expression|needs a group") as caught:
        find_submissions([tmp_path], lessons=LESSONS, student_from=pattern)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.ipynb does not exist\."):
        find_submissions([tmp_path / "none.ipynb"], lessons=LESSONS)


def test_one_file_name_in_many_folders_means_folders_are_students(tmp_path):
    folder = put(tmp_path / "b", ["smith/homework.ipynb", "jones/homework.ipynb", "lee.ipynb"])
    assert sorted(one.student for one in find(folder)) == ["jones", "lee", "smith"]


def test_two_students_of_one_name_stay_two(tmp_path):
    folder = put(
        tmp_path / "b",
        [
            "John Smith_1001_assignsubmission_file_/01_sample.ipynb",
            "John Smith_1002_assignsubmission_file_/01_sample.ipynb",
            "Lee Kim_1003_assignsubmission_file_/01_sample.ipynb",
        ],
    )
    found = find(folder)
    assert [one.student for one in found] == [
        "John Smith (1001)",
        "John Smith (1002)",
        "Lee Kim",
    ]
    assert not any(one.superseded for one in found)


def test_what_no_student_handed_in_is_skipped(tmp_path):
    folder = put(
        tmp_path / "b",
        [
            "smith.ipynb",
            ".ipynb_checkpoints/smith-checkpoint.ipynb",
            "smith/.ipynb_checkpoints/01_sample-checkpoint.ipynb",
            "__MACOSX/._smith.ipynb",
            "._smith.ipynb",
            ".hidden/x.ipynb",
            "notes.txt",
            "data.csv",
            "__pycache__/a.ipynb",
        ],
    )
    assert students(find(folder)) == {"smith.ipynb": "smith"}
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    archive = tmp_path / "all.zip"
    archive.write_bytes(zipped(names))
    assert students(find(archive)) == {"smith.ipynb": "smith"}


def test_something_else_handed_in_on_a_learning_system_gets_a_report(tmp_path):
    folder = put(
        tmp_path / "b",
        {
            "smithjohn_11_101_report.pdf": b"%PDF",
            "leekim_12_102_01_sample.ipynb": GOOD,
            "leekim_12_103_picture.png": b"\x89PNG",
            "Ann Ox_5_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
            "submission_1/main.py": b"pass",
            "submission_metadata.yml": b"---",
        },
    )
    found = {one.student: one.trouble for one in find(folder)}
    assert found == {
        "smithjohn": "smithjohn_11_101_report.pdf is not a notebook: hand in the .ipynb file.",
        "leekim": None,
        "submission_1": "main.py is not a notebook: hand in the .ipynb file.",
    }


def test_what_stands_for_a_notebook_is_a_submission_whatever_it_holds(tmp_path):
    folder = put(
        tmp_path / "b", {"smith.ipynb": b"%PDF-1.4", "lee.ipynb": b"", "01_sample_kim.ipynb": b"{"}
    )
    found = {one.student: one for one in find(folder)}
    assert "a PDF document" in str(found["smith"].trouble)
    assert "empty" in str(found["lee"].trouble)
    assert found["kim"].lesson == "01_sample" and found["kim"].file_name == "kim__01_sample"
    assert found["smith"].file_name == "smith__unknown"


def test_an_over_large_file_is_found_and_not_read(tmp_path):
    folder = put(tmp_path / "b", {"smith_01_sample.ipynb": b""})
    with (folder / "smith_01_sample.ipynb").open("wb") as file:
        file.truncate(200 * 2**20)
    (found,) = find(folder)
    assert "larger than 20 MB" in str(found.trouble) and found.sha256 is None


def test_the_same_file_named_twice_is_found_once(tmp_path):
    folder = put(tmp_path / "b", ["smith.ipynb"])
    assert len(find(folder, folder / "smith.ipynb", folder)) == 1
    assert len(find(folder, folder / ".." / "b", tmp_path)) == 1


# --- several of one student -------------------------------------------------------------------


def counted(found: list[Found]) -> list[str]:
    return [one.source.rsplit("/", 1)[-1] for one in found if not one.superseded]


def test_on_canvas_the_last_upload_counts(tmp_path):
    folder = put(
        tmp_path / "b",
        [
            "smithjohn_11_200_01_sample.ipynb",
            "smithjohn_LATE_11_300_01_sample-1.ipynb",
            "smithjohn_LATE_11_300_01_sample-2.ipynb",
            "leekim_12_150_01_sample.ipynb",
        ],
    )
    found = find(folder)
    assert counted(found) == [
        "leekim_12_150_01_sample.ipynb",
        "smithjohn_LATE_11_300_01_sample-2.ipynb",
    ]
    last = found[-1]
    assert last.file_name == "smithjohn__01_sample"
    assert any("The last of 3 submissions" in note for note in last.notes)
    assert any("late" in note for note in last.notes)
    assert [one.file_name for one in found[1:3]] == [
        "smithjohn__01_sample_2",
        "smithjohn__01_sample_3",
    ]
    assert all(last.source in one.notes[-1] for one in found[1:3])
    assert found[1].superseded_by == last.source


@pytest.mark.parametrize(
    "name",
    [
        "HW_lee_attempt_2026-02-03-14-05-06_x_kim_attempt_2027-02-03-14-05-06_01_sample.ipynb",
        "lee_11_200_x_kim_attempt_2027-02-03-14-05-06_01_sample.ipynb",
        "Lee_5_assignsubmission_file_x_kim_attempt_2027-02-03-14-05-06_01_sample.ipynb",
    ],
    ids=["blackboard", "canvas", "moodle"],
)
def test_a_file_s_own_name_makes_nobody_a_student_of_blackboard(tmp_path, name):
    (found,) = find(put(tmp_path / "b", [name]))
    assert found.student.lower() == "lee"


@pytest.mark.parametrize(
    "earlier, last",
    [
        ("HW_lee_attempt_2026-02-03-14-05-06_01_sample.ipynb",
         "HW_lee_attempt_2026-02-12-09-00-00_01_sample.ipynb"),
        ("7-1 - Lee - Feb 3, 2026 905 PM/01_sample.ipynb",
         "7-1 - Lee - Feb 12, 2026 1005 AM/01_sample.ipynb"),
    ],
    ids=["blackboard", "d2l"],
)  # fmt: skip
def test_attempts_of_one_student_are_told_apart_by_their_time(tmp_path, earlier, last):
    folder = put(tmp_path / "b", [earlier, last])
    os.utime(folder / earlier, (2e9, 2e9))
    first, second = sorted(find(folder), key=lambda one: one.superseded, reverse=True)
    assert first.source.endswith(earlier) and second.source.endswith(last)
    assert first.superseded_by == second.source


def test_nbgraders_time_stamps_tell_the_last(tmp_path):
    folder = put(
        tmp_path / "b",
        {
            "kim+week1+2026-02-03 14:05:06 UTC/01_sample.ipynb": GOOD,
            "kim+week1+2026-02-04 08:00:00.123456 UTC+x9/01_sample.ipynb": GOOD,
            "kim+week1+2026-01-05 09:00:00 UTC/01_sample.ipynb": GOOD,
        },
    )
    (last,) = [one for one in find(folder) if not one.superseded]
    assert "2026-02-04" in last.source
    folder = put(
        tmp_path / "submitted",
        {
            "kim/a/01_sample.ipynb": GOOD,
            "kim/a/timestamp.txt": b"2026-02-03 14:05:06.000001 UTC",
            "kim/b/01_sample.ipynb": GOOD,
            "kim/b/timestamp.txt": b"2026-02-02 14:05:06.000001 UTC",
        },
    )
    os.utime(folder / "kim/b/01_sample.ipynb", (2e9, 2e9))
    (last,) = [one for one in find(folder) if not one.superseded]
    assert "/kim/a/" in last.source
    assert last.owner.handed_in == "2026-02-03T14:05:06+00:00"
    (tmp_path / "all.zip").write_bytes(
        zipped({
            f"submitted/{p.relative_to(folder).as_posix()}": p.read_bytes()
            for p in folder.rglob("*.*")
        })
    )  # fmt: skip
    (last,) = [one for one in find(tmp_path / "all.zip") if not one.superseded]
    assert "/kim/a/" in last.source


def test_elsewhere_the_time_of_the_file_tells_the_last(tmp_path):
    folder = put(tmp_path / "b", ["smith/01_sample (1).ipynb", "smith/01_sample.ipynb"])
    for age, name in ((1e9, "01_sample.ipynb"), (1.5e9, "01_sample (1).ipynb")):
        os.utime(folder / "smith" / name, (age, age))
    assert counted(find(folder)) == ["01_sample (1).ipynb"]


def test_in_an_archive_the_stored_time_tells_the_last(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for year, name in ((2026, "old/01_sample.ipynb"), (2025, "new/01_sample.ipynb")):
            info = zipfile.ZipInfo(f"Kim_5_assignsubmission_file_/{name}", (year, 1, 2, 3, 4, 6))
            archive.writestr(info, GOOD)
    (last,) = [one for one in find(tmp_path / "a.zip") if not one.superseded]
    assert "/old/" in last.source


def test_different_lessons_do_not_supersede_each_other(tmp_path):
    other = {"cells": [{"cell_type": "code", "source": "def other(): ..."}], "nbformat": 4}
    folder = put(tmp_path / "b", {"smith/a.ipynb": GOOD, "smith/01_sample.ipynb": GOOD})
    put(folder, {"smith/02_other.ipynb": json.dumps(other).encode()})
    found = find(folder)
    assert {(one.student, one.lesson, one.superseded) for one in found} == {
        ("smith", "01_sample", False),
        ("smith", "01_sample", True),
        ("smith", "02_other", False),
    }


INSIDE = {  # a classmate's name inside of one's own folder or archive
    "canvas": ("kim_444_555_01_sample.ipynb", "lee_111_222_x.zip!kim_444_9999_01_sample.ipynb"),
    "moodle": (
        "Kim_4_assignsubmission_file_/01_sample.ipynb",
        "Lee_1_assignsubmission_file_/Kim_4_assignsubmission_file_01_sample.ipynb",
    ),
    "nbgrader": (
        "submitted/kim/ps1/01_sample.ipynb", "submitted/lee/ps1/submitted/kim/ps1/01_sample.ipynb",
    ),
    "plain": ("kim.zip!01_sample.ipynb", "lee.zip!kim_01_sample.ipynb"),
    "folders": ("kim/01_sample.ipynb", "lee/kim_01_sample.ipynb"),
    "same depth": ("one.zip!kim_01_sample.ipynb", "two.zip!kim_01_sample.ipynb"),
    "a file and a folder": ("kim_01_sample.ipynb", "lee/kim_01_sample.ipynb"),
    "two folders": ("kim_hw/kim_01_sample.ipynb", "lee_hw/kim_01_sample.ipynb"),
    "two sections": ("b/kim/01_sample.ipynb", "lee/kim/01_sample.ipynb"),
}  # fmt: skip


@pytest.mark.parametrize("victim, attacker", INSIDE.values(), ids=INSIDE)
@pytest.mark.parametrize("named", ["the folder", "each file"])
def test_nobody_takes_the_place_of_a_classmate(tmp_path, victim, attacker, named):
    for when, path in ((1e9, victim), (2e9, attacker)):
        outer, _, inner = path.partition("!")
        put(tmp_path, {outer: zipped([inner]) if inner else GOOD})
        os.utime(tmp_path / outer, (when, when))
    where = victim.replace("!", "/")
    found = find(tmp_path) if named == "the folder" else find(*sorted(tmp_path.iterdir()))
    (theirs,) = [one for one in found if one.source == f"{tmp_path.as_posix()}/{where}"]
    assert theirs.student.casefold() == "kim" and not theirs.superseded


@pytest.mark.parametrize("inner", ["up.zip!kim-hw.ipynb", "up/kim-hw.ipynb"])
def test_nobody_takes_the_place_of_a_classmate_by_the_instructors_pattern(tmp_path, inner):
    for when, path in ((1e9, "kim-hw.ipynb"), (2e9, inner)):
        outer, _, member = path.partition("!")
        put(tmp_path, {outer: zipped([member]) if member else GOOD})
        os.utime(tmp_path / outer, (when, when))
    found = find(tmp_path, student_from="(?P<student>[a-z]+)-hw")
    (theirs,) = [one for one in found if one.source == f"{tmp_path.as_posix()}/kim-hw.ipynb"]
    assert theirs.student == "kim" and not theirs.superseded


CLAIMS = {  # what an archive claims beside the file of the one whose name it bears
    "a folder": ("kim_01_sample.ipynb", ["kim/01_sample.ipynb"]),
    "a file": ("kim_01_sample.ipynb", ["kim_01_sample.ipynb"]),
    "names alone": ("kim.ipynb", ["kim.ipynb", "lee.ipynb"]),
    "a learning system's": ("kim_4_5_01_sample.ipynb", ["kim_4_99_01_sample.ipynb"]),
    "an archive": ("kim.zip!01_sample.ipynb", ["kim_01_sample.ipynb", "kim/01_sample.ipynb"]),
    "a folder of Moodle": (
        "Kim_4_assignsubmission_file_/x.ipynb", ["Kim_4_assignsubmission_file_/x.ipynb"],
    ),
    "other accents": ("kim\u0065\u0301/01_sample.ipynb", ["kim\u00e9/01_sample.ipynb"]),
}  # fmt: skip


@pytest.mark.parametrize("content", [GOOD, b"x"], ids=["readable", "unreadable"])
@pytest.mark.parametrize("theirs, claims", CLAIMS.values(), ids=CLAIMS)
@pytest.mark.parametrize("named", ["the folder", "each file"])
def test_a_name_in_an_archive_yields_to_the_same_name_outside_of_it(
    tmp_path, theirs, claims, content, named
):
    folder = tmp_path / "batch"
    outer, _, inner = theirs.partition("!")
    put(folder, {outer: zipped([inner]) if inner else GOOD, "lee.ipynb": GOOD, "cy.ipynb": GOOD})
    put(folder, {name: zipped(dict.fromkeys(claims, content)) for name in ("aa.zip", "zz.zip")})
    found = find(folder) if named == "the folder" else find(*sorted(folder.iterdir()))
    source = f"{folder.as_posix()}/{theirs.replace('!', '/')}"
    (one,) = [one for one in found if one.source == source]
    assert not one.superseded and one.student.lower().startswith("kim")
    same = [other for other in found if other.student == one.student and other is not one]
    assert len(same) >= 2 and all(other.superseded for other in same)
    assert all("told by an archive only" in other.notes[-1] for other in same)
    assert {"lee", "cy"} <= {other.student for other in found if not other.superseded}


def test_a_name_that_only_an_archive_claims_is_graded_with_a_note(tmp_path):
    put(
        tmp_path,
        {"kim.ipynb": GOOD, "x.zip": zipped(["ann_01_sample.ipynb", "bo/01_sample.ipynb"])},
    )
    found = {one.student: one for one in find(tmp_path)}
    assert set(found) == {"kim", "ann", "bo"} and not found["kim"].notes
    assert all("by whoever made it: x.zip" in found[name].notes[-1] for name in ("ann", "bo"))


@pytest.mark.parametrize("where", ["class.zip", "batch/class.zip"])
def test_an_archive_that_is_all_there_is_holds_a_class(tmp_path, where):
    names = {"kim.ipynb": GOOD, "lee.ipynb": GOOD, "up/kim.ipynb": GOOD, "bo/hw.ipynb": GOOD}
    names |= {"cy/hw.ipynb": GOOD, "z.zip": zipped(["lee.ipynb", "kim/01_sample.ipynb"])}
    put(tmp_path, {where: zipped(names), "batch/read.me": b"x"})
    found = find(tmp_path / where.split("/")[0])
    counting = {
        one.source.split("class.zip/")[1]: one.student for one in found if not one.superseded
    }
    assert counting == {
        "kim.ipynb": "kim", "lee.ipynb": "lee", "up/kim.ipynb": "up", "bo/hw.ipynb": "bo",
        "cy/hw.ipynb": "cy",
    }  # fmt: skip


def test_the_only_archive_of_a_students_is_no_class(tmp_path):
    inner = zipped(["kim_4_5_01_sample.ipynb"])
    put(tmp_path, {"lee_1_2_work.zip": inner})
    assert [one.student for one in find(tmp_path)] == ["lee"]
    put(tmp_path / "m", {"Ann_1_assignsubmission_file_/work.zip": inner})
    assert [one.student for one in find(tmp_path / "m")] == ["Ann"]


def test_an_archive_with_one_notebook_is_of_whom_it_is_named_for(tmp_path):
    put(tmp_path, {f"{name}.zip": zipped(["work/homework.ipynb"]) for name in ("kim", "lee")})
    assert [one.student for one in find(tmp_path)] == ["kim", "lee"]


def test_the_folder_of_a_class_is_no_student(tmp_path):
    names = ["kim.ipynb", "lee.ipynb", "batch_01_sample.ipynb", "01_sample.ipynb", "x/kim.ipynb"]
    folder = put(tmp_path / "batch", names)
    found = {one.source.split("batch/", 1)[1]: one.student for one in find(folder)}
    assert found["kim.ipynb"] == "kim" and found["lee.ipynb"] == "lee"
    assert found["x/kim.ipynb"] == "x"


def test_notebooks_of_several_names_in_a_folder_all_count(tmp_path):
    names = [f"{section}/{name}.ipynb" for section in ("s1", "s2") for name in ("kim", "lee")]
    found = find(put(tmp_path / "b", names))
    assert not any(one.superseded for one in found)
    assert all("lies in 2 places" in one.notes[-1] for one in found)


def test_something_else_handed_in_is_told_whatever_an_archive_claims(tmp_path):
    put(tmp_path, {"kim_4_5_report.pdf": b"%PDF", "x.zip": zipped(["kim_4_6_01_sample.ipynb"])})
    put(tmp_path, ["lee.ipynb"])
    kims = {one.source.rsplit("/", 1)[1]: one for one in find(tmp_path) if one.student == "kim"}
    assert "not a notebook" in str(kims["kim_4_5_report.pdf"].trouble)
    assert not kims["kim_4_5_report.pdf"].superseded
    assert kims["kim_4_6_01_sample.ipynb"].superseded


ALIKE = ["john smith", "john  smith", "john\u00a0smith", "john\u034f smith", "john smith\u3164"]


def test_no_two_students_look_alike(tmp_path):
    found = find(put(tmp_path, [f"{name}/01_sample.ipynb" for name in ALIKE]))
    shown = {one.source.split("/")[-2]: one.student for one in found}
    assert shown["john smith"] == "john smith"
    assert len(set(shown.values())) == len(ALIKE)
    assert all(one_line(name) == name and name.isascii() for name in shown.values())


def test_nobody_is_shown_by_the_name_of_a_classmate(tmp_path):
    for name in ("Kim_444", "Kim_555", "Kim (444)_111"):
        put(tmp_path, [f"{name}_assignsubmission_file_/01_sample.ipynb"])
    found = find(tmp_path)
    assert len({one.student for one in found}) == 3
    assert not any(one.superseded for one in found)


def test_a_name_is_the_same_however_its_accents_are_written(tmp_path):
    put(tmp_path, ["Jose\u0301_01_sample.ipynb", "Jos\u00e9_01_sample-2.ipynb"])
    assert {one.student for one in find(tmp_path)} == {"Jos\u00e9"}


def test_the_folder_of_a_name_counts_however_its_accents_are_written(tmp_path):
    put(tmp_path, ["Jose\u0301/01_sample.ipynb", "lee/Jos\u00e9_01_sample.ipynb"])
    assert [(one.student, one.superseded) for one in find(tmp_path)] == [
        ("Jos\u00e9", False),
        ("Jos\u00e9", True),
    ]


def test_work_of_one_name_in_several_archives_is_graded_apart_with_a_note(tmp_path):
    put(tmp_path, {f"{name}.zip": zipped(["kim_01_sample.ipynb"]) for name in ("one", "two")})
    found = find(tmp_path)
    assert [one.superseded for one in found] == [False, False]
    assert all("lies in 2 places" in one.notes[-1] for one in found)


def test_an_export_whose_name_holds_a_date_is_no_student(tmp_path):
    names = ["kim_01_sample.ipynb", "lee_01_sample.ipynb"]
    put(tmp_path, {"homework_2026_11_20.zip": zipped(names)})
    assert set(students(find(tmp_path / "homework_2026_11_20.zip")).values()) == {"kim", "lee"}


def test_a_broken_file_never_supersedes_one_that_can_be_read(tmp_path):
    folder = put(tmp_path / "b", {"a_1_10_01_sample.ipynb": GOOD, "a_1_11_01_sample-1.ipynb": b"{"})
    found = find(folder)
    assert [(one.superseded, one.trouble is None) for one in found] == [
        (False, True),
        (True, False),
    ]
    assert "cannot be read does not count" in found[0].notes[-1]
    assert [one.file_name for one in found] == ["a__01_sample", "a__01_sample_2"]


def test_the_same_files_get_the_same_names_in_any_order(tmp_path):
    folder = put(tmp_path / "b", ["Kim.ipynb", "a/kim.ipynb", "b/k:m_01_sample.ipynb", "k m.ipynb"])
    first = {one.source: one.file_name for one in find(folder)}
    paths = sorted((path for path in folder.rglob("*.ipynb")), reverse=True)
    assert {one.source: one.file_name for one in find(*paths)} == first


# --- archives ---------------------------------------------------------------------------------


def in_zip(tmp_path: Path, content: bytes, name: str = "export.zip") -> list[Found]:
    (tmp_path / name).write_bytes(content)
    return find(tmp_path / name)


def test_an_archive_in_an_archive_is_read(tmp_path):
    inner = zipped(["homework/01_sample.ipynb", "__MACOSX/homework/._01_sample.ipynb"])
    found = in_zip(tmp_path, zipped({"smithjohn_11_101_homework.zip": inner, "lee.ipynb": GOOD}))
    assert sorted((one.student, one.trouble) for one in found) == [
        ("lee", None),
        ("smithjohn", None),
    ]
    assert found[1].source.endswith(
        "export.zip/smithjohn_11_101_homework.zip/homework/01_sample.ipynb"
    )


def test_an_archive_in_an_archive_in_an_archive_is_not(tmp_path):
    deepest = zipped(["01_sample.ipynb"])
    (found,) = in_zip(tmp_path, zipped({"kim_1_2_a.zip": zipped({"b.zip": deepest})}))
    assert "in an archive in an archive" in str(found.trouble) and found.student == "kim"


@pytest.mark.parametrize(
    "name",
    [
        "../01_sample.ipynb",
        "a/../../01_sample.ipynb",
        "/etc/01_sample.ipynb",
        "C:/01_sample.ipynb",
        "c:01_sample.ipynb",
        "..\\..\\01_sample.ipynb",
        "../../etc/profile",
        "\\\\server\\share\\01_sample.ipynb",
    ],
)
def test_paths_that_lead_out_of_an_archive_are_unreadable(tmp_path, name):
    found = in_zip(tmp_path, zipped({name: GOOD, "kim.ipynb": GOOD}))
    assert sum(one.trouble is None for one in found) == 1
    assert any("leads outside" in str(one.trouble) for one in found)
    assert all("/" not in one.file_name and "\\" not in one.file_name for one in found)
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_backslashes_of_windows_archives_are_folders(tmp_path):
    (found,) = in_zip(tmp_path, zipped(["Kim Lee\\01_sample.ipynb"]))
    assert (found.student, found.trouble) == ("Kim Lee", None)


def test_links_in_archives_are_unreadable(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("kim.ipynb")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    (found,) = in_zip(tmp_path, buffer.getvalue())
    assert found.trouble == "This is a link to somewhere else."


def test_a_member_that_unpacks_to_too_much_is_unreadable(tmp_path):
    found = in_zip(
        tmp_path,
        zipped({
            "bomb.ipynb": b" " * (19 * 2**20),
            "huge.ipynb": b" " * (21 * 2**20),
            "inner.zip": b"\0" * (99 * 2**20),
            "kim.ipynb": GOOD,
        }),
    )  # fmt: skip
    troubles = {one.student: str(one.trouble) for one in found}
    assert "far more than a notebook" in troubles["bomb"]
    assert "larger than 20 MB" in troubles["huge"]
    assert "far more" in troubles["inner"]
    assert troubles["kim"] == "None"


def test_an_archive_of_too_many_files_is_one_unreadable_submission(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "ARCHIVE_MEMBERS", 50)
    names = [f"s{number}.ipynb" for number in range(51)]
    (found,) = in_zip(tmp_path, zipped(names), "kim.zip")
    assert found.student == "kim" and "more than 50 files" in str(found.trouble)
    assert len(in_zip(tmp_path, zipped(names[:50]), "lee.zip")) == 50


def test_an_archive_that_unpacks_to_too_much_in_all_is_read_up_to_there(tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "UNPACKED_BYTES", 3 * len(GOOD))
    found = in_zip(tmp_path, zipped([f"s{number}.ipynb" for number in range(5)]))
    assert [one.trouble is None for one in found] == [True, True, True, False, False]


def test_an_archive_of_one_student_leaves_the_others_their_share(tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "INNER_BYTES", 3 * len(GOOD))
    greedy = zipped([f"s{number}.ipynb" for number in range(9)])
    found = in_zip(tmp_path, zipped({"ann_1_2_a.zip": greedy, "bob.ipynb": GOOD, "cy.ipynb": GOOD}))
    read = [one.student for one in found if one.trouble is None]
    assert read == ["ann", "ann", "ann", "bob", "cy"]
    assert "more than can be graded" in str(found[3].trouble)


def test_an_archive_of_one_student_holds_few_notebooks(tmp_path, monkeypatch):
    monkeypatch.setattr(budget, "INNER_NOTEBOOKS", 3)
    greedy = zipped([f"s{number}.ipynb" for number in range(9)])
    found = in_zip(tmp_path, zipped({"ann_1_2_a.zip": greedy, "bob.ipynb": GOOD}))
    assert [one.student for one in found if one.trouble is None] == ["ann", "ann", "ann", "bob"]
    (rest,) = [one for one in found if one.trouble]
    assert rest.student == "ann" and "the rest was not read" in str(rest.trouble)


@pytest.mark.parametrize("limit", ["UNPACKED_FILES", "UNPACKED_NOTEBOOKS"])
def test_all_archives_in_an_archive_share_a_budget(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(budget, limit, 30)
    inner = zipped([f"{number}.ipynb" for number in range(10)])
    found = in_zip(tmp_path, zipped({f"s{n}_1_{n + 1}_a.zip": inner for n in range(100)}))
    assert sum(one.trouble is None for one in found) <= 30
    assert len(found) <= 30 + 3


def test_members_that_a_zip64_record_hides_are_counted_before_they_are_read(tmp_path, monkeypatch):
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    count = ARCHIVE_MEMBERS + 1
    directory = (entry + b"a") * count
    content = b"PK\x03\x04" + bytes(30) + directory
    content += struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), 34
    )  # fmt: skip
    content += struct.pack("<4sIQI", b"PK\x06\x07", 0, 34 + len(directory), 1)
    content += struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0, 34, 0)
    (tmp_path / "kim.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "kim.zip") as archive:
        assert len(archive.infolist()) == count
    monkeypatch.setattr(zipfile, "ZipFile", lambda _: pytest.fail("reads all of the directory"))
    (found,) = find(tmp_path / "kim.zip")
    assert "more than 20,000 files" in str(found.trouble)


class Asked(dict):
    """A dictionary that counts how often it is asked whether it holds something."""

    times = 0

    def __contains__(self, key):
        self.times += 1
        return super().__contains__(key)


def test_thousands_of_files_of_one_name_are_named_without_trying_every_number():
    taken = Asked()
    names = [untaken("kim", taken) for _ in range(50_000)]
    assert taken.times <= 2 * len(names)
    assert names[:2] == ["kim", "kim_2"] and len(set(names)) == 50_000
    assert untaken("kim_2", taken) == "kim_2_2"


def test_a_time_stamp_is_read_as_carefully_as_a_notebook(tmp_path, monkeypatch):
    contents = {"timestamp.txt": b"2026-02-03 14:05:06 UTC", "kim.ipynb": GOOD}
    trap, plain = zipped(contents, zipfile.ZIP_BZIP2), zipped(contents)
    opened, real = [], zipfile.ZipFile.open
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda *a, **k: opened.append(a[1].filename) or real(*a, **k)
    )
    in_zip(tmp_path, trap)
    assert "timestamp.txt" not in opened
    in_zip(tmp_path, plain)
    assert "timestamp.txt" in opened


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_that_unpack_all_at_once_are_unreadable(tmp_path, method):
    (found,) = in_zip(tmp_path, zipped(["kim.ipynb"], method))
    assert "stores it in a way not known" in str(found.trouble)


@pytest.mark.parametrize(
    "name", ["a" + "_1" * 30_000 + "\n", "." * 60_000, "-1" * 30_000, "a/" * 30_000]
)
def test_of_endless_names_only_the_beginning_is_looked_at(tmp_path, name):
    found = in_zip(tmp_path, zipped({f"{name}.ipynb": GOOD, "kim.ipynb": GOOD}))
    longest = len(f"{tmp_path / 'export.zip'}/") + ARCHIVE_PATH
    assert max(len(one.source) for one in found) <= longest
    assert [one.trouble is None for one in found].count(True) == 1
    assert "longer than any system" in str([one.trouble for one in found])


def test_the_size_that_an_archive_claims_is_not_believed(tmp_path):
    content = bytearray(zipped({"kim.ipynb": b" " * (25 * 2**20)}, zipfile.ZIP_DEFLATED))
    real = (25 * 2**20).to_bytes(4, "little")
    assert content.count(real) == 2
    (found,) = in_zip(tmp_path, bytes(content).replace(real, (1000).to_bytes(4, "little")))
    assert "damaged" in str(found.trouble)


def test_a_locked_archive_is_unreadable(tmp_path):
    content = bytearray(zipped(["kim.ipynb"]))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    (found,) = in_zip(tmp_path, bytes(content))
    assert found.trouble == "The archive is locked with a password."


@pytest.mark.parametrize("content", [b"", b"not a zip", GOOD, zipped(["kim.ipynb"])[:-30]])
def test_what_is_no_archive_is_an_unreadable_submission(tmp_path, content):
    (found,) = in_zip(tmp_path, content, "smithjohn_1_2_work.zip")
    assert found.student == "smithjohn" and "not a zip archive" in str(found.trouble)


def test_an_archive_without_notebooks_is_an_unreadable_submission(tmp_path):
    (found,) = in_zip(tmp_path, zipped({"a.py": b"x", "b/": b""}), "smith.zip")
    assert (found.student, found.trouble) == ("smith", "The archive holds no notebook.")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_get_a_report_each(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("kim.ipynb", GOOD)
        archive.writestr("kim.ipynb", GOOD + b" ")
    (tmp_path / "export.zip").write_bytes(buffer.getvalue())
    found = find_submissions([tmp_path / "export.zip"], lessons=LESSONS)
    assert sorted(one.file_name for one in found) == ["kim__01_sample", "kim__01_sample_2"]
    assert counted(found) == ["kim.ipynb"]


def test_a_damaged_member_costs_only_itself(tmp_path):
    content = zipped({"kim.ipynb": GOOD, "lee.ipynb": GOOD}, zipfile.ZIP_STORED)
    at = content.index(b"smooth")
    found = in_zip(tmp_path, content[:at] + b"SMOOTH" + content[at + 6 :])
    assert [(one.student, one.trouble is None) for one in found] == [("kim", False), ("lee", True)]


@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damaged_archive_is_found_or_unreadable(tmp_path, data):
    content = bytearray(zipped({"a_1_2_x.zip": zipped(["n.ipynb"]), "b/01_sample.ipynb": GOOD}))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "x.zip"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert find(path)


def test_an_archive_of_a_class_is_opened_once(tmp_path, monkeypatch):
    (tmp_path / "class.zip").write_bytes(zipped([f"s{number}.ipynb" for number in range(30)]))
    opened, real = [], zipfile.ZipFile
    monkeypatch.setattr(zipfile, "ZipFile", lambda file: opened.append(file) or real(file))
    for one in find_submissions([tmp_path / "class.zip"], lessons=LESSONS):
        one.read()
    assert len(opened) == 1


# --- links ------------------------------------------------------------------------------------

links = pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators only")


@links
def test_links_are_unreadable(tmp_path):
    secret = put(tmp_path / "secret", ["01_sample.ipynb"])
    folder = put(tmp_path / "b", ["kim.ipynb"])
    (folder / "lee.ipynb").symlink_to(secret / "01_sample.ipynb")
    (folder / "ann").symlink_to(secret)
    (folder / "bob.ipynb").symlink_to(tmp_path / "nowhere")
    (folder / "cat.ipynb").symlink_to(folder / "cat.ipynb")
    (folder / "up").symlink_to(tmp_path)
    found = {one.student: one.trouble for one in find(folder)}
    assert found.pop("kim") is None
    assert set(found) == {"lee", "ann", "bob", "cat", "up"}
    assert set(found.values()) == {
        "This is a link, which is not followed: put the file itself here."
    }


@links
def test_a_link_in_a_folder_that_is_named_twice_is_told_once(tmp_path):
    folder = put(tmp_path / "b", ["kim.ipynb"])
    (folder / "lee.ipynb").symlink_to(tmp_path / "nowhere")
    assert students(find(folder, folder)) == {"kim.ipynb": "kim", "lee.ipynb": "lee"}


@links
def test_a_link_to_a_classmates_notebook_is_not_followed(tmp_path):
    folder = put(tmp_path / "b", ["kim.ipynb"])
    (folder / "lee.ipynb").symlink_to("kim.ipynb")
    found = {one.student: one.trouble for one in find(folder)}
    assert found["kim"] is None and found["lee"].startswith("This is a link")


@links
def test_a_link_that_the_instructor_names_is_followed(tmp_path):
    folder = put(tmp_path / "b", ["kim.ipynb"])
    (tmp_path / "class").symlink_to(folder)
    assert students(find(tmp_path / "class")) == {"kim.ipynb": "kim"}


@links
def test_a_file_by_several_paths_is_found_once(tmp_path):
    folder = put(tmp_path / "b", ["smith.ipynb"])
    (tmp_path / "class").symlink_to(folder)
    assert len(find(folder, tmp_path / "class", tmp_path / "class" / "smith.ipynb")) == 1


@links
def test_a_pipe_in_a_folder_is_unreadable(tmp_path):
    os.mkfifo(tmp_path / "kim.ipynb")
    (found,) = find(tmp_path)
    assert found.trouble == "This is not a regular file."


def test_folders_in_each_other_are_looked_into_up_to_a_depth(tmp_path):
    put(tmp_path, ["kim.ipynb"])
    deep = tmp_path / "/".join(["a"] * (FOLDERS_DEEP - 1))
    put(deep, ["lee_01_sample.ipynb", "a/a/a/ann_01_sample.ipynb"])
    found = {one.student: one.trouble for one in find(tmp_path)}
    assert found == {"kim": None, "lee": None, "a": walking.TOO_DEEP}


@links
def test_a_path_longer_than_the_system_takes_is_unreadable(tmp_path):
    put(tmp_path, ["kim.ipynb"])
    here, name = os.open(tmp_path, os.O_RDONLY), "b" * 250
    for _ in range(17):
        os.mkdir(name, dir_fd=here)
        here, above = os.open(name, os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(here)
    found = {one.student: one.trouble for one in find(tmp_path)}
    assert found == {"kim": None, name: walking.CLOSED}


def test_a_folder_that_cannot_be_entered_is_unreadable(tmp_path, monkeypatch):
    put(tmp_path, ["kim.ipynb", "lee/01_sample.ipynb", "ann/x/01_sample.ipynb"])
    real = os.scandir

    def scandir(folder):  # root may enter any folder, so it is told that it may not
        if Path(folder).name in ("lee", "ann"):
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find(tmp_path)
    assert {one.student for one in found if one.trouble is None} == {"kim"} and len(found) == 3


def test_a_file_that_vanishes_while_folders_are_read_is_unreadable(tmp_path, monkeypatch):
    put(tmp_path, ["kim.ipynb", "lee.ipynb"])
    real = walking.Search._file

    def vanish(self, path, *arguments, **options):
        if path.name == "lee.ipynb":
            path.unlink()
        real(self, path, *arguments, **options)

    monkeypatch.setattr(walking.Search, "_file", vanish)
    assert {one.student: one.trouble for one in find(tmp_path)} == {
        "kim": None,
        "lee": walking.GONE,
    }


# --- names of reports -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("smith", "smith"),
        ("John Smith", "John_Smith"),
        ("Zoë Müller-Ó Brien", "Zoë_Müller-Ó_Brien"),
        ("李小龍", "李小龍"),
        ("नमस्ते", "नमस्ते"),
        ("e\u0301", "é"),
        ("../../etc/passwd", "etc_passwd"),
        ("..", "student"),
        (".hidden", "hidden"),
        ("a__b", "a_b"),
        ("a\\b:c*d?e", "a_b_c_d_e"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1", "_com1"),
        ("lpt9.ipynb", "_lpt9.ipynb"),
        ("console", "console"),
        ("name. ", "name"),
        ("a\u202eb\0c\n", "a_b_c"),
        ("s@uni.edu", "s@uni.edu"),
        ("", "student"),
    ],
)
def test_slugs_are_safe_everywhere(name, safe):
    assert slug(name) == safe


@given(st.text(max_size=300))
@settings(deadline=None)
def test_every_name_has_a_safe_slug(name):
    text = slug(name)
    assert 1 <= len(text) <= 80 and len(text.encode()) <= 160
    assert not set(text) & set('/\\:*?"<>|\0') and "__" not in text and text.isprintable()
    assert not text.startswith(".") and not text.endswith((".", " "))
    assert text == Path(text).name


@given(st.lists(st.text(alphabet="aAbB_ .2", max_size=5), max_size=12))
@settings(deadline=None)
def test_slugs_of_a_batch_are_unique_where_case_does_not_count(names):
    made = slugs(names)
    assert set(made) == set(names)
    assert len({text.casefold() for text in made.values()}) == len(made)
    assert made == slugs(reversed(names))
