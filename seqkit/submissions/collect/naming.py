"""Tells whose a submission is from the names of files and folders.

Known are the names that Canvas, Moodle, Gradescope, Blackboard, D2L and nbgrader give, plain names
such as ``smith.ipynb`` and ``smith/01_lesson.ipynb``, and a pattern of the instructor's, which
comes first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seqkit.results.report import Platform
from seqkit.submissions.collect.items import Item, local_time, read_time
from seqkit.submissions.reading.matching import lesson_in_name

MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>[0-9]+)_assignsubmission_")
CANVAS = re.compile(
    r"(?P<name>[^_].*?)(?P<late>_LATE)?"
    r"_(?P<user>[1-9][0-9]*)_(?P<submission>[1-9][0-9]*)_(?P<file>.+)",
    re.S,  # a line end in a name would make it look at the rest again and again
)
CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_(?P<user>[0-9A-Za-z]+))_(?P<submission>[1-9][0-9]*)_(?P<file>.+)"
)
DATED = re.compile(r"(19|20)[0-9]{2}_([1-9]|1[0-2])")  # export_2026_11_20.zip is no student's
GRADESCOPE = re.compile(r"submission_(?P<submission>[0-9]+)")
BLACKBOARD = re.compile(
    r".+?_(?P<name>[^_]+)_attempt_"  # the first: what follows is the name of the student's file
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})-(?P<hour>[0-9]{2})-(?P<minute>[0-9]{2})-(?P<second>[0-9]{2})"
    r"[_.].+",
    re.S,
)
D2L = re.compile(
    r"(?P<user>[0-9]+)-[0-9]+ - (?P<name>.+) - (?P<month>[A-Z][a-z]{2}) (?P<day>[0-9]{1,2}), "
    r"(?P<year>[0-9]{4}) (?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2}) (?P<half>[AP])M"
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
VERSION = re.compile(r"-([0-9]{1,3})$")
#: Words that editors, browsers and students add to a file name.
NOISE = re.compile(r"copy[0-9]*|final|solved|solutions?|answers?|done|v?[0-9]{1,2}", re.I)


@dataclass(frozen=True)
class Owner:
    """Whose a file is, and what its name says about when it was handed in.

    Attributes
    ----------
    name : str
    platform : str or None
        The learning system that named it; None where a person did.
    user_id : str
        The platform's id of the student: it tells two of one name apart.
    submission_id : str
        The platform's id of the upload: on Canvas it grows.
    version : int
        Of a repeated upload; 0 where the name tells none.
    late : bool or None
    handed_in : str or None
        In ISO 8601, where a learning system says so.
    certain : bool
        False where the name might as well be one of the file's own, such as ``homework``.
    by_folder : bool
        Whether the file names its lesson only, and the folder was taken for the student.
    note : str
        A sentence for the report.
    """

    name: str
    platform: Platform | None = None
    user_id: str = ""
    submission_id: str = ""
    version: int = 0
    late: bool | None = None
    handed_in: str | None = None
    certain: bool = True
    by_folder: bool = False
    note: str = ""


def student_pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern of the instructor's.

    Raises
    ------
    ValueError
        If it is no regular expression with a group ``student``.
    """
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as trouble:
        raise ValueError(f"{text!r} is not a regular expression: {trouble}.") from None
    if "student" not in pattern.groupindex:
        raise ValueError(f"{text!r} needs a group that names the student: (?P<student>…).")
    return pattern


def owner_of(item: Item, lessons: Iterable[str], pattern: re.Pattern[str] | None = None) -> Owner:
    """Tell whose an item is from its own names.

    Parameters
    ----------
    item : Item
        Its names are looked at, not its bytes.
    lessons : iterable of str
        Names of lessons, which name no student.
    pattern : re.Pattern, optional
        With a group ``student``, searched in the path below what the instructor named.
    """
    owner = _told(item, lessons, pattern)
    return replace(owner, name=unicodedata.normalize("NFC", owner.name))  # as macOS does not


def _told(item: Item, lessons: Iterable[str], pattern: re.Pattern[str] | None) -> Owner:
    note, stem = "", _stem(item.parts[-1])
    version = _version(stem)
    if pattern is not None:
        match = pattern.search(item.relative)
        if match and (match["student"] or "").strip():
            return Owner(match["student"].strip(), version=version)
        note = "The pattern for students did not match here; the student was told from the names."
    owner = from_learning_system(item)
    if owner:
        return replace(owner, note=note, version=owner.version or version)
    rest = _without_lesson(stem, lessons)
    if rest is None:
        return Owner(VERSION.sub("", stem) or stem, version=version, certain=False, note=note)
    student = rest or folder_name(item.parts[:-1], lessons) or "student"
    return Owner(student, version=version, by_folder=not rest, note=note)


def from_learning_system(item: Item) -> Owner | None:
    """Tell the student as learning systems and nbgrader name files and folders.

    The outermost name counts: what lies in a student's folder or archive is that student's,
    whatever it is called.
    """
    *above, named = item.parts[: len(item.parts) - item.depth] or ("",)
    below = item.parts[-item.depth :]
    if named == "submitted" and len(below) > 2:  # nbgrader: submitted/student/assignment/notebook
        return Owner(below[0], "nbgrader")
    if owner := _from_folder(named):
        return owner
    for place, name in enumerate(below):
        if name == "submitted" and len(below) > place + 3:
            return Owner(below[place + 1], "nbgrader")
        if owner := from_system(name):
            return owner
    if item.parts[-4:-3] == ("submitted",):
        return Owner(item.parts[-3], "nbgrader")
    return next(filter(None, map(_from_folder, reversed(above))), None)


def from_system(name: str) -> Owner | None:
    """Tell the student from a name as a learning system gives it to a file or folder."""
    if match := GRADESCOPE.fullmatch(name):
        return Owner(name, "gradescope", submission_id=match["submission"])
    if owner := _from_folder(name):
        return owner
    match = CANVAS_ANONYMOUS.fullmatch(name) or CANVAS.fullmatch(name)
    if match is None or DATED.fullmatch(f"{match['user']}_{match['submission']}"):
        return _from_blackboard(name)
    return Owner(
        match["name"],
        "canvas",
        match["user"],
        match["submission"],
        version=_version(_stem(match["file"])),
        late=bool(match["late"]),
    )


def _from_blackboard(name: str) -> Owner | None:
    match = BLACKBOARD.fullmatch(name)
    if match is None:
        return None
    time = f"{match['date']}T{match['hour']}:{match['minute']}:{match['second']}"
    return Owner(match["name"], "blackboard", handed_in=local_time(time))


def _from_folder(name: str) -> Owner | None:
    """Tell the student from a name that an instructor gives to no folder of a class."""
    if match := MOODLE.match(name):
        return Owner(match["name"].strip(), "moodle", match["user"])
    match = GRADESCOPE.fullmatch(name)
    if match and len(name) > len("submission_0000"):
        return Owner(name, "gradescope", submission_id=match["submission"])
    if match := D2L.fullmatch(name):
        return Owner(match["name"], "d2l", match["user"], handed_in=local_time(_d2l_time(match)))
    student, *rest = name.split("+")
    if len(rest) >= 2 and student and (time := read_time(rest[1])):
        return Owner(student, "nbgrader", handed_in=time)
    return None


def _d2l_time(match: re.Match[str]) -> str:
    """Spell ``Feb 3, 2026 205 PM`` in ISO 8601; what is no month makes it no time."""
    month = MONTHS.index(match["month"]) + 1 if match["month"] in MONTHS else 0
    hour = int(match["hour"]) % 12 + 12 * (match["half"] == "P")
    return f"{match['year']}-{month:02}-{int(match['day']):02}T{hour:02}:{match['minute']}:00"


def _stem(name: str) -> str:
    """Cut ``.ipynb`` and whatever follows, or the suffix of another file."""
    cut = name.lower().find(".ipynb")
    return name[:cut] if cut > 0 else Path(name).stem


def _version(stem: str) -> int:
    """Read the number of a repeated upload, which Canvas puts at the end: ``name-2``."""
    match = VERSION.search(stem)
    return int(match[1]) if match else 0


def _without_lesson(stem: str, lessons: Iterable[str]) -> str | None:
    """What a name says beside its lesson: ``smith_01_sequential_data-2`` says smith.

    None where it names no lesson.
    """
    lesson = lesson_in_name(stem, lessons)
    if lesson is None:
        return None
    spelled = "[-_ ]".join(re.escape(word) for word in lesson.split("_"))
    pieces = re.split(spelled, stem, maxsplit=1, flags=re.I)
    words = [piece.strip(" _-.,()[]") for piece in pieces]
    tokens = [token for word in words for token in re.split(r"[\s_\-.,()\[\]]+", word)]
    if all(not token or NOISE.fullmatch(token) for token in tokens):
        return ""
    return " ".join(word for word in words if word and not NOISE.fullmatch(word))


def folder_name(folders: Sequence[str], lessons: Iterable[str]) -> str:
    """Name of the nearest folder, or archive, that is not named after a lesson."""
    for name in reversed(folders):
        plain = name[:-4] if name.lower().endswith(".zip") else name
        rest = _without_lesson(plain, lessons)
        if plain.lower() != "lessons" and (rest is None or rest):
            return rest or plain
    return ""
