"""Three graders of one class: ours, nbgrader and Otter, each with the ways of running it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from measure import Command, surroundings
from workload import SEED, Workload, student

OTHERS = ("nbgrader==0.9.6", "otter-grader==7.0.0")

Points = dict[str, float]


def environment(folder: Path, keras: bool) -> Path:
    """Return the Python of an environment with both graders, made if it is not there yet."""
    python = folder / "bin" / "python"
    wanted = [*OTHERS, f"numpy=={metadata.version('numpy')}"]
    if keras:
        wanted += [f"{name}=={metadata.version(name)}" for name in ("tensorflow-cpu", "keras")]
    done = folder / "installed.json"
    if not done.exists() or not set(wanted) <= set(json.loads(done.read_text())):
        print(f"installing {', '.join(wanted)} …", flush=True)
        if not python.exists():
            venv.create(folder, symlinks=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True)
        done.write_text(json.dumps(wanted))
    return python


def quietly(words: list[Any], folder: Path) -> str:
    """Run a command that is not timed, and return what it printed."""
    around = surroundings(Path(words[0]))
    done = subprocess.run(words, cwd=folder, env=around, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} failed:\n{done.stderr[-2000:]}")
    return done.stdout


@dataclass
class Way:
    """One way of running a grader.

    Parameters
    ----------
    how : str
        In words.
    at_once : int
        How many of the commands run at a time.
    prepare : callable
        Makes a fresh class of so many and returns the commands that grade it.
    """

    how: str
    at_once: int
    prepare: Callable[[int], list[Command]]


class Grader(Protocol):
    """What the comparison needs of a grader."""

    name: str

    def ways(self) -> list[Way]:
        """Return the ways to try."""

    def points(self, count: int) -> Points:
        """Return what it gave a class of so many."""


class Seqkit:
    """Our own command line, from a copy of the course folder."""

    name = "seqkit"

    def __init__(self, work: Workload, folder: Path) -> None:
        self.work, self.folder = work, folder
        self.course = work.course(folder / "course")
        quietly([sys.executable, "-m", "compileall", "-q", self.course], folder)

    def ways(self) -> list[Way]:
        """Return the ways to try: a job a core, and one more."""
        cores = len(os.sched_getaffinity(0))
        return [
            Way(f"--jobs {jobs}", 1, partial(self.prepare, jobs=jobs))
            for jobs in (cores, cores + 1)
        ]

    def prepare(self, count: int, jobs: int) -> list[Command]:
        """Return the one command that grades all."""
        for name in ("class", "out"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.work.submissions(self.folder / "class", count)
        words = [sys.executable, "-m", "seqkit.cli", "grade", "../class", "--out", "../out"]
        words += ["--jobs", str(jobs), "--seed", str(SEED), "--no-goals"]
        return [Command(tuple(words), self.course)]

    def points(self, count: int) -> Points:
        """Read the reports."""
        found = {}
        for path in (self.folder / "out" / "reports").glob("*.json"):
            report = json.loads(path.read_text("utf-8"))
            found[report["student"]] = report["total"]
        return found


class Nbgrader:
    """``nbgrader autograde``: one process a part of the class, each with a gradebook of its own.

    Parameters
    ----------
    work : Workload
    folder, python, checks
        Where to work, with which Python, and the files that the notebooks import.
    per_check : bool
        A test cell for each check, as nbgrader's users write it: the gradebook has the points of
        each, as our report has. Or else one cell an exercise that returns its points (partial
        credit): the same points in fewer cells, but nothing recorded of a single check.
    """

    READ = (
        "import json; from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db', 'course') as book:\n"
        "    found = book.assignment_submissions('lesson')\n"
        "    print(json.dumps({s.student.id: s.score for s in found}))"
    )

    def __init__(
        self, work: Workload, folder: Path, python: Path, checks: list[Path], per_check: bool
    ) -> None:
        self.name = "nbgrader" if per_check else "nbgrader, a cell an exercise"
        self.python, self.folder = python, folder
        self.course = partial(work.nbgrader, checks=checks, per_check=per_check)
        self.template = self.course(folder / "template", count=0)
        quietly([python, "-m", "nbgrader", "generate_assignment", "lesson"], self.template)

    def ways(self) -> list[Way]:
        """Return the ways to try: so many processes, each with an equal part of the class."""
        return [
            Way(f"{parts} at a time", parts, partial(self.prepare, parts=parts))
            for parts in (1, 2, 3, 4)
        ]

    def prepare(self, count: int, parts: int) -> list[Command]:
        """Return one command a part."""
        for name in ("all", "parts"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        submitted = self.course(self.folder / "all", count=count) / "submitted"
        words = (str(self.python), "-m", "nbgrader", "autograde", "lesson", "--log-level=ERROR")
        commands = []
        for part in range(min(parts, count)):
            course = self.folder / "parts" / str(part)
            shutil.copytree(self.template, course)
            for name in map(student, range(part, count, parts)):
                shutil.copytree(submitted / name, course / "submitted" / name)
            commands.append(Command(words, course))
        return commands

    def points(self, count: int) -> Points:
        """Read the gradebooks."""
        found: Points = {}
        for course in (self.folder / "parts").iterdir():
            found |= json.loads(quietly([self.python, "-c", self.READ], course))
        return found


class Otter:
    """``otter run`` without containers: a process a submission, or a loop over its function."""

    name = "otter"
    LOOP = (
        "import sys; from otter.run import main\n"
        "for name in sys.argv[1:]:\n"
        "    main(f'class/{name}.ipynb', autograder='autograder.zip', output_dir=f'out/{name}',"
        " no_logo=True)"
    )

    def __init__(self, work: Workload, folder: Path, python: Path, checks: list[Path]) -> None:
        self.work, self.folder, self.python, self.checks = work, folder, python, checks
        work.otter(folder, checks, 0)
        words = [python, "-m", "otter", "generate", "-t", "tests", "-c", "otter_config.json"]
        words += ["--no-requirements", "--no-environment", "-o", "autograder.zip"]
        quietly([*words, *(path.name for path in checks)], folder)

    def ways(self) -> list[Way]:
        """Return the ways to try."""
        single = [Way(f"otter run, {n} at a time", n, self.prepare) for n in (2, 3, 4)]
        looped = [
            Way(f"otter.run.main in a loop, {n} at a time", n, partial(self.loop, parts=n))
            for n in (2, 3)
        ]
        return single + looped

    def prepare(self, count: int) -> list[Command]:
        """Return one command a submission."""
        words = (str(self.python), "-m", "otter", "run", "-a", "autograder.zip", "--no-logo")
        return [
            Command((*words, "-o", f"out/{name}", f"class/{name}.ipynb"), self.folder)
            for name in self._class(count)
        ]

    def loop(self, count: int, parts: int) -> list[Command]:
        """Return one command a part of the class: what an institution could script."""
        names = self._class(count)
        words = (str(self.python), "-c", self.LOOP)
        return [Command((*words, *names[part::parts]), self.folder) for part in range(parts)]

    def _class(self, count: int) -> list[str]:
        for name in ("class", "out"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.work.otter(self.folder, self.checks, count)
        names = list(map(student, range(count)))
        for name in names:
            (self.folder / "out" / name).mkdir(parents=True)
        return names

    def points(self, count: int) -> Points:
        """Read the results."""
        found = {}
        for name in map(student, range(count)):
            path = self.folder / "out" / name / "results.json"
            tests = json.loads(path.read_text("utf-8"))["tests"]
            found[name] = sum(test.get("score") or 0 for test in tests)
        return found
