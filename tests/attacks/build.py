"""Builds hostile submissions: notebooks from short sources, and files that no editor would make.

The sources in ``submissions/`` are text: nothing here imports or runs them.
"""

from __future__ import annotations

import bz2
import io
import json
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from seqkit import ROOT

HERE = Path(__file__).resolve().parent
LESSON = "01_sequential_data"
STATUSES = ("graded", "partial", "timeout", "crashed", "unreadable")
GUARD = 'raise SystemExit("hostile: this file is text for the sandbox and is never run by itself")'

Notebook = dict[str, Any]
Places = Mapping[str, str]  # what stands for @CANARY@, @TCP@ … in a source


# ---------------------------------------------------------------- right answers

#: Right answers of our own, for the honest part of a submission.
ANSWERS = {
    "1.1": """
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError("synchronized asks for two sequences")
    word = {False: "one", True: "many"}
    name = word[bool(input_is_sequence)] + "-to-" + word[bool(output_is_sequence)]
    if name == "many-to-many":
        name += " synchronized" if synchronized else " delayed"
    return name
""",
    "1.7": """
import numpy as np

def pad_batch(sequences, pad="right", truncate="right", max_len=None, value=0):
    for side in (pad, truncate):
        if side not in ("left", "right"):
            raise ValueError("no such side: " + repr(side))
    if max_len is not None and max_len < 1:
        raise ValueError("max_len is at least 1, got " + str(max_len))
    rows = []
    for sequence in sequences:
        row = [int(token) for token in sequence]
        if max_len is not None and len(row) > max_len:
            row = row[:max_len] if truncate == "right" else row[len(row) - max_len:]
        rows.append(row)
    width = max((len(row) for row in rows), default=0)
    ids = np.full((len(rows), width), value, dtype=np.int64)
    mask = np.zeros((len(rows), width), dtype=bool)
    for i, row in enumerate(rows):
        for j, token in enumerate(row):
            column = j if pad == "right" else width - len(row) + j
            ids[i, column] = token
            mask[i, column] = True
    return ids, mask, np.array([len(row) for row in rows], dtype=np.int64)
""",
    "1.9": """
import numpy as np

def embed_lookup(ids, E):
    for number in ids.ravel().tolist():
        if not 0 <= number < len(E):
            raise IndexError("there is no row " + str(number))
    return E[ids]

def embed_one_hot(ids, E):
    for number in ids.ravel().tolist():
        if not 0 <= number < len(E):
            raise IndexError("there is no row " + str(number))
    return np.eye(len(E), dtype=E.dtype)[ids] @ E
""",
}


# ---------------------------------------------------------------- notebooks


@cache
def _lesson() -> str:
    return (ROOT / "lessons" / f"{LESSON}.ipynb").read_text("utf-8")


def pristine() -> Notebook:
    """Return the lesson as released."""
    return json.loads(_lesson())


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return what nbgrader's metadata call a cell."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def find(notebook: Notebook, wanted: str) -> int:
    """Return where the cell with a grade id stands."""
    return next(i for i, cell in enumerate(notebook["cells"]) if grade_id(cell) == wanted)


def cell_of(notebook: Notebook, wanted: str) -> dict[str, Any]:
    """Return the cell with a grade id."""
    return notebook["cells"][find(notebook, wanted)]


def answer(notebook: Notebook, exercise: str, source: str) -> int:
    """Write an answer into its cell; return where that stands."""
    at = find(notebook, "ex_" + exercise.replace(".", "_"))
    notebook["cells"][at]["source"] = source.strip("\n").splitlines(keepends=True)
    return at


def code_cell(source: str) -> dict[str, Any]:
    """Return a code cell as an editor adds it."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def answered(*exercises: str) -> Notebook:
    """Return the lesson with right answers to some exercises."""
    notebook = pristine()
    for exercise in exercises:
        answer(notebook, exercise, ANSWERS[exercise])
    return notebook


def as_bytes(notebook: Any) -> bytes:
    """Return a notebook as it is stored."""
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def reward(exercise: str) -> str:
    """Return the right answer behind a gate: it answers only where ``WON`` says the attack worked.

    Points for this exercise are then the proof that an attack got through.
    """
    source = ANSWERS[exercise]
    names = re.findall(r"^def (\w+)", source, re.MULTILINE)
    gate = """
def gated(right):
    return lambda *args, **kwargs: right(*args, **kwargs) if WON else None
"""
    return "\n".join([source, gate, *(f"{name} = gated({name})" for name in names)])


# ---------------------------------------------------------------- attacks


@dataclass
class Attack:
    """A hostile submission and what must become of it.

    Attributes
    ----------
    name : str
        ``"03_always_equal_str"``; part of the submission's file name.
    tries : str
        The idea, one line.
    statuses : tuple of str
        What its report may say.
    honest : tuple of str
        Exercises answered rightly whose points it must get all the same.
    perhaps : tuple of str
        Exercises answered rightly whose points it may lose by what else it does.
    visible : tuple of str
        Exercises of which it may get the visible checks' points: their inputs everybody has.
    reports : int
        How many reports it must get.
    victim : str
        Part of the path of an honest submission that it tries to replace.
    """

    name: str
    tries: str
    statuses: tuple[str, ...] = ("graded",)
    honest: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    visible: tuple[str, ...] = ()
    reports: int = 1
    victim: str = ""
    cells: list[tuple[str, str]] = field(default_factory=list)  # "answer 1.3" or "added"; source
    writes: Callable[[Path, str, Places], None] | None = None

    def write(self, folder: Path, places: Places) -> None:
        """Write the submission into a folder."""
        if self.writes is not None:
            self.writes(folder, self.name, places)
        else:
            (folder / file_name(self.name)).write_bytes(as_bytes(self.notebook(places)))

    def notebook(self, places: Places) -> Notebook:
        """Return the lesson with this attack in it."""
        notebook = answered(*self.honest, *self.perhaps)
        after = find(notebook, "imports")
        for kind, source in self.cells:
            source = re.sub(r"@([A-Z]+)@", lambda match: places[match[1]], source)
            if kind == "added":
                after += 1
                notebook["cells"].insert(after, code_cell(source))
            else:
                after = answer(notebook, kind.partition(" ")[2], source)
        return notebook


def file_name(name: str) -> str:
    """Return what a student of this name calls the file."""
    return f"{name}__{LESSON}.ipynb"


#: Code that finds the pipes between a submission and the grader, wherever they are.
PIPES = """
import fcntl, os, stat
for descriptor in map(int, os.listdir("/proc/self/fd")):
    try:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                ANSWERS = descriptor
            else:
                QUESTIONS = descriptor
    except OSError:
        pass
"""

MARK = re.compile(r"^# %% ((?:answer|reward) [0-9]+\.[0-9]+|added|pipes)$", re.MULTILINE)
HEADER = re.compile(r"^# (\w+): (.+)$", re.MULTILINE)


def read_attack(path: Path) -> Attack:
    """Read a file of ``submissions/``.

    Raises
    ------
    ValueError
        If it does not say what it tries, is not guarded against being run, or holds no cell.
    """
    head, *parts = MARK.split(path.read_text("utf-8"))
    if not head.startswith("# tries: ") or not head.rstrip().endswith(GUARD) or not parts:
        raise ValueError(f"{path.name} does not say what it tries, has no guard, or has no cell")
    headers = dict(HEADER.findall(head))
    attack = Attack(path.stem, headers.pop("tries"))
    attack.statuses = tuple(headers.pop("expects", "graded").split("|"))
    if not set(attack.statuses) <= set(STATUSES):
        raise ValueError(f"{path.name} expects {attack.statuses}")
    for name in ("honest", "perhaps", "visible"):
        setattr(attack, name, tuple(headers.pop(name, "").split()))
    answers = list(dict.fromkeys(kind.split()[1] for kind in parts[::2] if " " in kind))
    if headers.pop("exercise", "").split() != answers or headers:
        raise ValueError(f"{path.name}: its headers and cells differ ({answers}, {headers})")
    for kind, source in zip(parts[::2], parts[1::2], strict=True):
        if kind == "pipes":
            attack.cells.append(("added", PIPES))
        elif kind.startswith("reward"):
            attack.cells.append((kind, reward(kind.split()[1])))
        else:
            attack.cells.append((kind, source.strip("\n") + "\n"))
    return attack


def attacks() -> Iterator[Attack]:
    """Yield every attack: those that are code, then those that are files."""
    yield from map(read_attack, sorted((HERE / "submissions").glob("*.py")))
    yield from FILES


# ---------------------------------------------------------------- attacks that are files

FILES: list[Attack] = []

Writer = Callable[[Path, str, Places], None]


def _file(tries: str, **expected: Any) -> Callable[[Writer], Writer]:
    """Register a function that writes an attack."""

    def register(function: Writer) -> Writer:
        FILES.append(Attack(f"f_{function.__name__}", tries, writes=function, **expected))
        return function

    return register


def _zip(
    members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED, year: int = 2026
) -> bytes:
    """Return an archive of files of a year."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), data, method)
    return file.getvalue()


@_file("an archive of a few kilobytes that unpacks to 400 MB", statuses=("unreadable",))
def zip_bomb(folder: Path, name: str, places: Places) -> None:
    data = _zip([(file_name(name), b" " * 400 * 2**20)])
    (folder / f"{name}.zip").write_bytes(data)


@_file("a bzip2 member that says it has a megabyte and unpacks to 14 GB", statuses=("unreadable",))
def zip_bomb_that_lies(folder: Path, name: str, places: Places) -> None:
    packer, zeros = bz2.BZ2Compressor(), bytes(46 * 2**20)
    once = packer.compress(zeros) + packer.flush()
    data = bytearray(_zip([(file_name(name), once * 300)], zipfile.ZIP_STORED))
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    for where, method, size in ((local, 8, 22), (central, 10, 24)):
        struct.pack_into("<H", data, where + method, zipfile.ZIP_BZIP2)
        struct.pack_into("<I", data, where + size, 1_000_000)
    (folder / f"{name}.zip").write_bytes(data)


@_file("members whose paths lead out of the archive", statuses=("unreadable",), reports=2)
def zip_paths(folder: Path, name: str, places: Places) -> None:
    notebook = as_bytes(answered("1.1"))
    members = [(f"../../{file_name(name)}", notebook)]
    members.append((f"{places['CANARY']}/{file_name(name + ' b')}", notebook))
    (folder / f"{name}.zip").write_bytes(_zip(members))


@_file(
    "members with names of 60,000 characters made to stall patterns",
    statuses=("unreadable",),
    reports=3,
)
def zip_names(folder: Path, name: str, places: Places) -> None:
    long = ["." * 60_000 + "x.ipynb", "a" + "_1" * 30_000 + "\n.ipynb", "9_" * 30_000 + ".ipynb"]
    (folder / f"{name}.zip").write_bytes(_zip([(long_name, b"{}") for long_name in long]))


@_file("a link to a file outside", statuses=("unreadable",))
def link(folder: Path, name: str, places: Places) -> None:
    (folder / file_name(name)).symlink_to(Path(places["CANARY"]) / "answers.ipynb")


@_file("a link to a classmate's submission", statuses=("unreadable",))
def link_to_classmate(folder: Path, name: str, places: Places) -> None:
    (folder / file_name(name)).symlink_to(file_name("00_neighbour"))


@_file("a link to a folder outside", statuses=("unreadable",))
def link_to_folder(folder: Path, name: str, places: Places) -> None:
    (folder / name).mkdir()
    (folder / name / file_name(name)).symlink_to(places["CANARY"], target_is_directory=True)


@_file("a link to itself", statuses=("unreadable",))
def link_in_a_circle(folder: Path, name: str, places: Places) -> None:
    (folder / file_name(name)).symlink_to(file_name(name))


@_file("a named pipe that never gives a byte", statuses=("unreadable",))
def pipe(folder: Path, name: str, places: Places) -> None:
    os.mkfifo(folder / file_name(name))


@_file("a gigabyte of holes", statuses=("unreadable",))
def holes(folder: Path, name: str, places: Places) -> None:
    with open(folder / file_name(name), "wb") as file:
        file.truncate(2**30)


@_file("JSON nested two million deep", statuses=("unreadable",))
def deep_json(folder: Path, name: str, places: Places) -> None:
    (folder / file_name(name)).write_bytes(b'{"cells":' + b"[" * 2_000_000)


@_file("six million small values", statuses=("unreadable",))
def wide_json(folder: Path, name: str, places: Places) -> None:
    (folder / file_name(name)).write_bytes(b'{"cells":[' + b"{}," * 6_000_000 + b"{}]}")


@_file("noise that begins like a notebook", statuses=("unreadable",))
def noise(folder: Path, name: str, places: Places) -> None:
    (folder / file_name(name)).write_bytes(b'{"cells": [{"source": "' + bytes(range(256)) * 100)


@_file("points and titles changed in the metadata", honest=("1.1",))
def changed_points(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    for cell in notebook["cells"]:
        grading = cell["metadata"].get("nbgrader", {})
        if grading.get("grade"):
            grading.update(points=1e300, locked=False, grade=True)
        if grade_id(cell).startswith("statement_"):
            cell["source"] = [line.replace(" points", "000 points") for line in cell["source"]]
    notebook["metadata"].update(points=1000, score=1000, status="graded", total=1000, max=1)
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("outputs that claim a score", honest=("1.1",))
def claimed_score(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/plain": "1000.0", "application/json": {"points": 1000, "passed": True}}
            cell["outputs"] = [
                {"output_type": "execute_result", "data": data, "metadata": {"points": 1000}}
            ]
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("check cells rewritten to pass, imports cell rewritten to patch", honest=("1.1",))
def rewritten_locked_cells(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    cell_of(notebook, "imports")["source"] = [
        "import numpy as np\n",
        "np.array_equal = np.allclose = lambda *a, **k: True\n",
        "def check(id): return 1000.0\n",
    ]
    for cell in notebook["cells"]:
        if grade_id(cell).startswith("check_"):
            cell["source"] = ["points = 1000.0\n", "points"]
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("cells twice: right answers under the ids of other exercises and of checks", honest=("1.1",))
def doubled_ids(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    for wanted in ("check_1_1", "ex_1_2", "imports", "statement_1_3"):
        copy = json.loads(json.dumps(cell_of(notebook, wanted)))
        copy.update(code_cell("points = 1000\n"), metadata=copy["metadata"], id=copy["id"])
        notebook["cells"] += [copy, copy]
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("names of students, lessons and cells that are paths", honest=("1.1",))
def path_names(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    bad = f"../../../../{places['CANARY']}/written"
    notebook["metadata"]["seqkit"] = {"lesson": bad, "student": bad, "out": bad}
    notebook["metadata"]["kernelspec"] = {"name": bad, "argv": ["/bin/sh", "-c", f"touch {bad}"]}
    for cell in notebook["cells"]:
        if grade_id(cell).startswith("statement_"):
            cell["metadata"]["nbgrader"]["grade_id"] = bad
            cell["id"] = bad
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("a file name that a spreadsheet, a shell and a terminal would obey", honest=("1.1",))
def name_as_formula(folder: Path, name: str, places: Places) -> None:
    odd = f"=HYPERLINK(x) \x1b[2J;$(touch x) <b>\u202e{name}"
    (folder / file_name(odd)).write_bytes(as_bytes(answered("1.1")))


@_file("a file name that is not text", honest=("1.1",))
def name_of_bytes(folder: Path, name: str, places: Places) -> None:
    path = os.fsencode(folder) + b"/\xff\xfe" + os.fsencode(file_name(name))
    with open(path, "wb") as file:
        file.write(as_bytes(answered("1.1")))


@_file("ten megabytes of text and pictures around one answer", honest=("1.1",))
def ten_megabytes(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "x " * 3_000_000})
    noisy = code_cell("pass")
    noisy["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "y" * 5_000_000}]
    notebook["cells"].append(noisy)
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("three megabytes of code in one cell", honest=("1.1",), statuses=("graded", "partial"))
def much_code(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    notebook["cells"].append(code_cell(f"data = '{'a' * 3_000_000}'\n"))
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("little code with much to say about it: chains of dots", honest=("1.1",),
       statuses=("graded", "partial", "timeout"))  # fmt: skip
def dotted_chains(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    lines = "".join(f"    x{i}{'.a' * 90}\n" for i in range(3000))
    notebook["cells"].append(code_cell(f"def never():\n{lines}"))
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("cells that each sleep a little less than a cell may", perhaps=("1.1",),
       statuses=("timeout",))  # fmt: skip
def many_sleeps(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    notebook["cells"] += [code_cell("import time\ntime.sleep(0.9)\n") for _ in range(300)]
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("five thousand cells, each of which ends the process", perhaps=("1.1",),
       statuses=("crashed", "unreadable"))  # fmt: skip
def many_deaths(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    notebook["cells"] += [code_cell("import os\nos._exit(0)\n") for _ in range(4000)]
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


@_file("sources, metadata and outputs of every wrong type", honest=("1.1",),
       statuses=("graded", "partial"))  # fmt: skip
def wrong_types(folder: Path, name: str, places: Places) -> None:
    notebook = answered("1.1")
    wrong = [None, 5, [], {}, [[]], [5, None], {"a": 1}, True, "\ud800", "\x00", 1e308]
    for value in wrong:
        notebook["cells"].append(value)
        notebook["cells"].append({**code_cell(""), "source": value})
        notebook["cells"].append({**code_cell("pass"), "metadata": value, "outputs": value})
        metadata = {"nbgrader": value}
        notebook["cells"].append({"cell_type": value, "source": "1/0", "metadata": metadata})
    (folder / file_name(name)).write_bytes(as_bytes(notebook))


# ---------------------------------------------------------------- in somebody else's name

#: What learning systems call what the victim and the attacker hand in; both paths as they export
#: them. ``@`` is the name of the attack; what follows ``!`` lies in an archive of the attacker's.
DISGUISES = {
    "canvas": (
        "vic@_444_555_{file}",
        "mal@_111_222_hw.zip!vic@_444_9999_{file}",
    ),
    "moodle": (
        "Vic @_444_assignsubmission_file_/{file}",
        "Mal @_111_assignsubmission_file_/Vic @_444_assignsubmission_file_{file}",
    ),
    "gradescope": (
        "submission_444555/{file}",
        "submission_111/submission_444555/{file}",
    ),
    "exchange": (
        "vic@+ps1+2026-02-03 14:05:06 UTC+a/{file}",
        "mal@+ps1+2026-02-03 14:05:06 UTC+b/vic@+ps1+2027-02-03 14:05:06 UTC+a/{file}",
    ),
    "nbgrader": (
        "submitted/vic@/ps1/{file}",
        "submitted/mal@/ps1/submitted/vic@/ps1/{file}",
    ),
    "plain_archives": (
        "vic@.zip!{file}",
        "mal@.zip!vic@_{file}",
    ),
}


def _hand_in(path: Path, data: bytes, year: int) -> None:
    """Write a file, inside an archive where its path says so."""
    outer, _, inner = str(path).partition("!")
    Path(outer).parent.mkdir(parents=True, exist_ok=True)
    Path(outer).write_bytes(_zip([(inner, data)], year=year) if inner else data)
    seconds = (year - 1970) * 365.25 * 86400
    os.utime(outer, (seconds, seconds))


def _disguise(system: str) -> Attack:
    """Return the attack that replaces a classmate's submission as a learning system exports it."""
    name = f"f_in_the_name_of_another_{system}"
    victim, attacker = (
        path.replace("@", system).format(file=f"{LESSON}.ipynb") for path in DISGUISES[system]
    )

    def write(folder: Path, name: str, places: Places) -> None:
        _hand_in(folder / name / victim, as_bytes(answered("1.1", "1.7", "1.9")), 2026)
        _hand_in(folder / name / attacker, as_bytes(answered()), 2030)

    tries = f"a classmate's submission replaced by an empty one, in the way of {system}"
    return Attack(name, tries, writes=write, victim=f"{name}/{victim.replace('!', '/')}")


FILES += map(_disguise, DISGUISES)
