"""Grades every hostile submission once, honest ones between them, and watches what they touch."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import secrets
import select
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from seqkit import ROOT
from seqkit.checking.verdict import judge
from seqkit.course.catalogue import Catalogue
from seqkit.grading import session
from seqkit.grading.batch import Batch
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.channel import Channel
from seqkit.lab.kernel import LocalChannel
from seqkit.limits import SubmissionLimits
from seqkit.results.report import Report
from seqkit.submissions.reading.layout import read_submission

# Hostile sources are text. Nothing may import them, pytest's doctest collection least of all.
collect_ignore_glob = ["submissions/*"]

SEED = 20_260_101
SECONDS = 1.5  # CPU seconds of a cell and of a check here: attacks that burn them burn less
NEIGHBOURS = ("00", "19_z", "39_z", "59_z", "69_z", "79_z", "99_z", "f_m", "f_z")


def _load(name: str) -> ModuleType:
    """Import a file beside this one by its path: ``build`` is also the name of a package."""
    known = f"seqkit_attacks_{name}"
    if known not in sys.modules:
        path = Path(__file__).with_name(f"{name}.py")
        spec = importlib.util.spec_from_file_location(known, path)
        assert spec is not None and spec.loader is not None
        sys.modules[known] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[known]


build = _load("build")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for ``attack`` every one of them."""
    if "attack" in metafunc.fixturenames:
        every = list(build.attacks())
        metafunc.parametrize("attack", every, ids=[attack.name for attack in every])


@pytest.fixture(scope="session")
def attacks() -> list[Any]:
    """Every attack there is."""
    return list(build.attacks())


# ---------------------------------------------------------------- canaries


@dataclass
class Canaries:
    """What nobody in the sandbox may touch or reach, and how to tell whether somebody did."""

    token: str = field(default_factory=lambda: secrets.token_hex(8))
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    folders: list[Path] = field(default_factory=list)
    sockets: dict[str, socket.socket] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def place(self) -> None:
        """Put folders into the home and the temporary folder, and listen on sockets."""
        for parent in (Path.home(), Path(tempfile.gettempdir())):
            with contextlib.suppress(OSError):
                self.folders.append(Path(tempfile.mkdtemp(prefix="canary-", dir=parent)))
        for folder in self.folders:
            (folder / "secret.txt").write_text(self.secret)
            (folder / "answers.ipynb").write_bytes(build.as_bytes(build.answered("1.7", "1.9")))
        name = f"\0{self.token}"
        wanted = {
            "TCP": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "UDP": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, name),
            "packet": (socket.AF_UNIX, socket.SOCK_SEQPACKET, f"{name}-packet"),
            "datagram": (socket.AF_UNIX, socket.SOCK_DGRAM, f"{name}-datagram"),
            "path": (socket.AF_UNIX, socket.SOCK_STREAM, str(self.folders[0] / "socket")),
        }
        for kind, (family, how, address) in wanted.items():
            self.sockets[kind] = here = socket.socket(family, how)
            here.bind(address)
            if how != socket.SOCK_DGRAM:
                here.listen()
        self.before = self.state()

    def places(self) -> dict[str, str]:
        """Return what stands for ``@NAME@`` in a hostile source: attackers know where to look."""
        return {
            "CANARY": str(self.folders[0]),
            "HOME": str(Path.home()),
            "ROOT": str(ROOT),
            "TOKEN": self.token,
            "NAME": self.token,
            "TERCES": self.secret[::-1],  # so that quoting the source tells nothing
            "TCP": str(self.sockets["TCP"].getsockname()[1]),
            "UDP": str(self.sockets["UDP"].getsockname()[1]),
            "SHOWN": repr(series_shown()),
        }

    def state(self) -> dict[str, str]:
        """Return what every canary file holds and allows."""
        found = {}
        for folder in self.folders:
            for path in sorted(folder.rglob("*")):
                status = path.lstat()
                digest = hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()
                found[str(path)] = f"{status.st_mode} {status.st_mtime_ns} {digest}"
        return found

    def heard(self) -> list[str]:
        """Return the sockets that somebody connected or wrote to."""
        ready = select.select(list(self.sockets.values()), [], [], 0)[0]
        return [kind for kind, here in self.sockets.items() if here in ready]

    def left_behind(self) -> list[str]:
        """Return processes and files outside that carry the token."""
        found = []
        for entry in filter(str.isdecimal, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if self.token.encode() in Path("/proc", entry, "cmdline").read_bytes():
                    found.append(f"process {entry}")
        for place in (tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp", Path.home(), ROOT):
            with contextlib.suppress(OSError):
                found += [f"{place}/{name}" for name in os.listdir(place) if self.token in name]
        return found

    def remove(self) -> None:
        """Take them away."""
        for here in self.sockets.values():
            here.close()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


def series_shown() -> list[str]:
    """Return the series that the visible checks of 1.3 pass, which everybody may know."""
    catalogue, shown = Catalogue(), []
    lesson = catalogue.lesson("1")
    answers = read_submission(ROOT / "solutions" / f"{lesson.name}.ipynb", catalogue.texts())
    names: dict[str, Any] = {}
    for cell in answers.cells:
        if cell.kind == "imports" or "1.3" in cell.exercises:
            exec(cell.source, names)
    windows = names["make_windows"]

    def recorded(series: Any, length: int, horizon: int = 1) -> Any:
        shown.append(hashlib.sha256(repr(np.asarray(series).tolist()).encode()).hexdigest())
        return windows(series, length, horizon)

    names["make_windows"] = recorded
    for check in lesson.entries["1.3"].checks:
        if not check.hidden:
            assert judge(check, LocalChannel(names), lesson.entries["1.3"], seed=0).passed
    return sorted(set(shown))


class Watch(threading.Thread):
    """Looks at the machine while submissions run: what is gone when they end is seen here."""

    def __init__(self, token: str) -> None:
        super().__init__(daemon=True)
        self.token = token
        self.over = threading.Event()
        self.names: set[str] = set()  # with the token, in the host's namespace of Unix sockets
        self.largest = 0  # resident bytes of the grader
        self.descriptors: list[int] = []
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.05):
            self.look()

    def look(self) -> None:
        for line in Path("/proc/net/unix").read_text("utf-8", "replace").splitlines():
            if f"squatted-{self.token}" in line or f"left-{self.token}" in line:
                self.names.add(line.split()[-1])
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.largest = max(self.largest, pages * os.sysconf("SC_PAGE_SIZE"))
        self.descriptors.append(len(os.listdir("/proc/self/fd")))

    def stop(self) -> None:
        self.over.set()
        self.join()


# ---------------------------------------------------------------- grading


@dataclass
class Graded:
    """What became of everything."""

    out: Path
    folder: Path
    canaries: Canaries
    watch: Watch
    reports: list[Report]
    alone: list[Report]  # of the neighbours, graded without attackers
    seconds: float
    before: dict[str, Any]

    def of(self, attack: Any) -> list[Report]:
        """Return the reports of an attack."""
        marks = (f"{attack.name}__", f"{attack.name}.zip", f"{attack.name}/")
        found = [r for r in self.reports if any(mark in r.submission.file for mark in marks)]
        return [r for r in found if not attack.victim or attack.victim not in r.submission.file]


#: Small, so that attacks which use all they may use little. By the clock it is more than any takes
#: on a busy machine, where a bomb of processes gets few CPU seconds: no honest part is cut off.
LIMITS = SubmissionLimits(memory=768 * 2**20, processes=60, folder=16 * 2**20, cpu=60.0, wall=240.0)


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Grade every attack between honest neighbours, then the neighbours alone."""
    complaint = bubblewrap_complaint()
    if complaint:
        pytest.skip(complaint)
    folder, out = tmp_path_factory.mktemp("handed-in"), tmp_path_factory.mktemp("graded")
    canaries = Canaries()
    canaries.place()
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        stack.callback(canaries.remove)
        patch.setenv("SEQKIT_CANARY", canaries.secret)
        allow = Channel.allow
        patch.setattr(Channel, "allow", lambda self, s: allow(self, min(s, SECONDS)))
        patch.setattr(session, "CELL_SECONDS", SECONDS)
        honest = build.as_bytes(build.answered("1.1", "1.7", "1.9"))
        neighbours = [folder / build.file_name(f"{name}_neighbour") for name in NEIGHBOURS]
        for path in neighbours:
            path.write_bytes(honest)
        for attack in build.attacks():
            attack.write(folder, canaries.places())
        before = {"descriptors": len(os.listdir("/proc/self/fd")), "children": children()}
        started = time.monotonic()
        watch = Watch(canaries.token)
        try:
            reports = grade(out / "all", [folder])
            alone = grade(out / "alone", neighbours)
        finally:
            watch.stop()
        seconds = time.monotonic() - started
        yield Graded(out / "all", folder, canaries, watch, reports, alone, seconds, before)


def grade(out: Path, paths: list[Path]) -> list[Report]:
    """Grade, and return the reports as they were written."""
    Batch(out, paths, seed=SEED, limits=LIMITS).run(1)
    written = (out / "reports").glob("*.json")
    return [Report.model_validate_json(path.read_bytes()) for path in written]


def children() -> list[str]:
    """Return the processes that this one started and that still run."""
    found = []
    for entry in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            after_name = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            if int(after_name[1]) == os.getpid():
                found.append(entry)
    return found
