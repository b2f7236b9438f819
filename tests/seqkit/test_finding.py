"""Submissions are found wherever a learning system puts them, and their students are known."""

from __future__ import annotations

import io
import json
import os
import pickle
import stat
import time
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqkit.grading.reading import files, walking
from seqkit.grading.reading.finding import Found, find_submissions
from seqkit.grading.reading.layout import read_submission
from seqkit.grading.reading.lesson import Exercise, Lesson, read_lesson
from seqkit.grading.reading.notebook import Unreadable
from seqkit.grading.reading.slugs import slug, slugs

SAMPLE = Path(__file__).parent / "golden" / "lessons" / "01_sample.ipynb"
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
    "José_Núñez_9_assignsubmission_file_/work/01_sample.ipynb": "José_Núñez",
    "Participant_7_123456_assignsubmission_file_/x.ipynb": "Participant_7",
    "submission_123456789/01_sample.ipynb": "submission_123456789",
    "assignment_5_export/submission_42/src/01_sample.ipynb": "submission_42",
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


def test_nobody_is_shown_by_the_name_of_a_classmate(tmp_path):
    for name in ("Kim_444", "Kim_555", "Kim (444)_111"):
        put(tmp_path, [f"{name}_assignsubmission_file_/01_sample.ipynb"])
    found = find(tmp_path)
    assert len({one.student for one in found}) == 3
    assert not any(one.superseded for one in found)


def test_a_name_is_the_same_however_its_accents_are_written(tmp_path):
    put(tmp_path, ["Jose\u0301_01_sample.ipynb", "Jos\u00e9_01_sample-2.ipynb"])
    assert {one.student for one in find(tmp_path)} == {"Jos\u00e9"}


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
        (False, False),
    ]
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
        "../../home/user/.bashrc",
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
    monkeypatch.setattr(files, "MAX_MEMBERS", 50)
    names = [f"s{number}.ipynb" for number in range(51)]
    (found,) = in_zip(tmp_path, zipped(names), "kim.zip")
    assert found.student == "kim" and "more than 50 files" in str(found.trouble)
    assert len(in_zip(tmp_path, zipped(names[:50]), "lee.zip")) == 50


def test_an_archive_that_unpacks_to_too_much_in_all_is_read_up_to_there(tmp_path, monkeypatch):
    monkeypatch.setattr(walking, "MAX_TOTAL", 3 * len(GOOD))
    found = in_zip(tmp_path, zipped([f"s{number}.ipynb" for number in range(5)]))
    assert [one.trouble is None for one in found] == [True, True, True, False, False]


def test_an_archive_of_one_student_leaves_the_others_their_share(tmp_path, monkeypatch):
    monkeypatch.setattr(walking, "MAX_INNER_TOTAL", 3 * len(GOOD))
    greedy = zipped([f"s{number}.ipynb" for number in range(9)])
    found = in_zip(tmp_path, zipped({"ann_1_2_a.zip": greedy, "bob.ipynb": GOOD, "cy.ipynb": GOOD}))
    read = [one.student for one in found if one.trouble is None]
    assert read == ["ann", "ann", "ann", "bob", "cy"]
    assert "more than can be graded" in str(found[3].trouble)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_that_unpack_all_at_once_are_unreadable(tmp_path, method):
    (found,) = in_zip(tmp_path, zipped(["kim.ipynb"], method))
    assert "stores it in a way not known" in str(found.trouble)


@pytest.mark.parametrize(
    "name", ["a" + "_1" * 30_000 + "\n", "." * 60_000, "-1" * 30_000, "a/" * 30_000]
)
def test_endless_names_are_told_from_in_no_time(tmp_path, name):
    begin = time.perf_counter()
    found = in_zip(tmp_path, zipped({f"{name}.ipynb": GOOD, "kim.ipynb": GOOD}))
    assert time.perf_counter() - begin < 1
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
def test_a_pipe_in_a_folder_is_unreadable(tmp_path):
    os.mkfifo(tmp_path / "kim.ipynb")
    (found,) = find(tmp_path)
    assert found.trouble == "This is not a regular file."


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
