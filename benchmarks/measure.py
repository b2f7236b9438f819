"""Run commands and say what they took: by the clock, of the processors, of memory.

Everything a command starts is counted, also what outlives it. CPU time is that of a control group
made for the run: adding up what `wait` tells would miss processes that die with a namespace. Where
no group can be made it is the time that the whole machine was busy, which on a quiet one is the
same. Orphans are adopted (``PR_SET_CHILD_SUBREAPER``) and waited for.
"""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Command:
    """What to run, where."""

    words: tuple[str, ...]
    folder: Path


@dataclass
class Run:
    """What it took.

    Parameters
    ----------
    seconds : float
        By the clock, from the first command's start to the last one's end.
    cpu_seconds : float
        Of all processes.
    failed : int
        How many commands ended with something else than 0.
    """

    seconds: float
    cpu_seconds: float
    failed: int = 0


def run(commands: list[Command], at_once: int, log: Path) -> Run:
    """Run commands, so many at a time, their output appended to a file."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    waiting, running, failed, ended = list(reversed(commands)), set[int](), 0, 0.0
    with log.open("ab") as output, _group() as group:
        cpu, started = group.seconds(), time.monotonic()
        while waiting or running:
            while waiting and len(running) < at_once:
                running.add(_start(waiting.pop(), output, group))
            pid, status = os.wait()
            if pid in running:
                running.remove(pid)
                failed += status != 0
                ended = time.monotonic()
        _await_orphans()
        return Run(ended - started, group.seconds() - cpu, failed)


def _start(command: Command, output: Any, group: Group) -> int:
    process = subprocess.Popen(
        command.words,
        cwd=command.folder,
        env=surroundings(Path(command.words[0])),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        preexec_fn=group.join,
    )
    process.returncode = 0  # waited for here, not by subprocess
    return process.pid


def _await_orphans(patience: float = 10.0) -> None:
    """Wait until nothing that the commands left behind runs any more."""
    until = time.monotonic() + patience
    with suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)


# ---------------------------------------------------------------- processors


@dataclass
class Group:
    """A control group that counts the CPU time of those who join, or, without one, nobody's."""

    folder: Path | None

    def join(self) -> None:
        """Move this process, and all it starts, into the group."""
        if self.folder is not None:
            (self.folder / "cgroup.procs").write_text("0")

    def seconds(self) -> float:
        """Return CPU seconds used so far."""
        if self.folder is None:
            user, nice, system = Path("/proc/stat").read_text().split()[1:4]
            return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")
        first, second = self.folder / "cpuacct.usage", self.folder / "cpu.stat"
        if first.exists():  # version 1 of control groups: nanoseconds
            return int(first.read_text()) / 1e9
        return int(second.read_text().split()[1]) / 1e6  # version 2: usage_usec


@contextmanager
def _group() -> Iterator[Group]:
    """Make a control group below this process's own, where that is allowed."""
    folder = None
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, own = line.split(":", 2)
        place = Path("/sys/fs/cgroup", controllers if controllers == "cpuacct" else "")
        place = Path(f"{place}{own}", f"benchmark-{os.getpid()}")
        if controllers in ("", "cpuacct"):
            with suppress(OSError):
                place.mkdir()
                if (place / "cpuacct.usage").exists() or (place / "cpu.stat").exists():
                    folder = place
                    break
                place.rmdir()
    try:
        yield Group(folder)
    finally:
        if folder is not None:
            with suppress(OSError):
                folder.rmdir()


def surroundings(python: Path) -> dict[str, str]:
    """Return the environment variables for a command of a Python's environment."""
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, **QUIET, "PATH": path}


def python_path(checkout: Path) -> str:
    """Return the ``PYTHONPATH`` with which Python runs a version's code, benchmarks included."""
    return os.pathsep.join([str(checkout / "benchmarks"), str(checkout)])


#: One thread a process, whatever the library: the processes share the cores.
QUIET = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "TF_NUM_INTRAOP")},
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "",
    "KERAS_BACKEND": "tensorflow",
    "PYTHONHASHSEED": "0",  # one wrong answer depends on the order of a set
    "NO_COLOR": "1",
}


# ---------------------------------------------------------------- memory


@dataclass
class Memory:
    """Bytes used by all descendants of this process, shared pages counted once, over time.

    Each sample is seconds since the start, what ``tell`` said then, and bytes.
    """

    samples: list[tuple[float, int, int]] = field(default_factory=list)

    @property
    def peak(self) -> int:
        """The largest sample."""
        return max((size for _, _, size in self.samples), default=0)


@contextmanager
def memory(every: float, tell: Callable[[], int] = lambda: 0) -> Iterator[Memory]:
    """Sample the memory of everything that runs below this process."""
    found, stop, started = Memory(), threading.Event(), time.monotonic()

    def watch() -> None:
        while not stop.wait(every):
            size = sum(map(_proportional, _descendants()))
            found.samples.append((round(time.monotonic() - started, 2), tell(), size))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()


def _descendants() -> list[int]:
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdecimal():
            with suppress(OSError):
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
                parents[int(entry)] = int(fields[1])
    below, size = {os.getpid()}, 0
    while len(below) != size:
        size = len(below)
        below |= {pid for pid, parent in parents.items() if parent in below}
    return sorted(below - {os.getpid()})


def _proportional(pid: int) -> int:
    """Return a process's memory, shared pages by their share; resident where that is secret."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc", str(pid), "statm").read_text().split()[1]) * 4096
    return 0


# ---------------------------------------------------------------- where


def machine() -> dict[str, Any]:
    """Return what the numbers depend on."""
    facts: dict[str, Any] = {
        "cores": len(os.sched_getaffinity(0)),
        "processor": "unknown",
        "memory_gib": 0,
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%d"),
        "load_before": round(os.getloadavg()[0], 2),
    }
    with _group() as group:
        facts["cpu_counted_by"] = "control group" if group.folder else "whole machine"
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line for line in lines if line.startswith("model name"))
        facts["processor"] = model.partition(":")[2].strip()
    with suppress(OSError):
        total = Path("/proc/meminfo").read_text().split()[1]
        facts["memory_gib"] = round(int(total) / 2**20)
    versions = {}
    for name in ("numpy", "tensorflow-cpu", "tensorflow", "keras"):
        with suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return facts | {"versions": versions}
