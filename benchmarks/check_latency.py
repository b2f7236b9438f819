"""How long a learner waits: for `check` in a notebook, for `import seqkit`, for `seqkit --help`.

    python benchmarks/check_latency.py                                 this version
    python benchmarks/check_latency.py --against ../before --rounds 3  with another, in turn

Every lesson is answered in a process of its own, an IPython shell in which the solution's imports
and answers have run. Then each exercise is checked again and again, as the check cell does it,
panel included. An exercise counts with the median of its repetitions, and the course with the
median of its exercises; exercises that train something in a check are reported and not counted.
Run it from the repository's root, on a machine that does nothing else.

``../before`` is a checkout of the other version, which may lack an environment of its own. Its
checks look at the answers of its own solutions; what both versions have is compared. A copy for
self-study, as a checkout is, may run hidden checks after the visible ones; ``--visible`` measures
what a class waits for, in copies without them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import machine, python_path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
GOALS = {"check_ms": 150.0, "import_ms": 200.0, "help_ms": 500.0}

IMPORT = "import time; t = time.perf_counter(); import seqkit; print(time.perf_counter() - t)"

#: Milliseconds of every check of an exercise, by its id.
Times = dict[str, list[float]]


# ---------------------------------------------------------------- in a process of its own


def lesson(solution: Path, repeats: int) -> Times:
    """Answer a lesson as its solution does; return milliseconds of its checks, the first of all.

    This runs with the code of either version: nothing here knows more of it than a notebook does.
    """
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    ids = []
    for cell in nbformat.read(solution, as_version=4).cells:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        if cell.cell_type == "code" and grade_id.startswith(("imports", "given_", "ex_")):
            done = shell.run_cell(cell.source, silent=True)
            if not done.success:
                raise SystemExit(f"{solution}, cell {grade_id}: {done.error_in_exec!r}")
        if grade_id.startswith("ex_"):
            ids.append(grade_id.removeprefix("ex_").replace("_", "."))
    import seqkit.lab

    if not Path(seqkit.lab.__file__).is_relative_to(solution.parents[1]):
        raise SystemExit(f"{seqkit.lab.__file__} is not the version of {solution}")

    def checked(id: str) -> float:
        started = time.perf_counter()
        panel = seqkit.lab.check(id)
        shell.display_formatter.format(panel)
        milliseconds = 1000 * (time.perf_counter() - started)
        if not repr(panel).startswith("✓"):
            raise SystemExit(f"{solution}: the answer to {id} is not right:\n{panel!r}")
        return milliseconds

    return {id: [checked(id) for _ in range(repeats + 1)] for id in ids}


# ---------------------------------------------------------------- from outside


def apart(checkout: Path, name: str, repeats: int) -> Times:
    """Measure a version's lesson in a fresh process, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        solution = checkout / "solutions" / f"{name}.ipynb"
        words = ["--lesson", str(solution), "--repeats", str(repeats), "--out", str(result)]
        subprocess.run(
            [sys.executable, str(HERE / "check_latency.py"), *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": python_path(checkout)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return json.loads(result.read_text("utf-8"))


def without_hidden(checkout: Path, folder: Path) -> Path:
    """Copy what a class has of a version, and the solutions, into a new folder."""
    for name in ("seqkit", "data", "lessons", "solutions", "tests/exercises"):
        ignored = shutil.ignore_patterns("hidden", "__pycache__")
        shutil.copytree(checkout / name, folder / name, ignore=ignored)
    return folder


def in_turn(checkouts: list[Path], name: str, repeats: int, rounds: int) -> list[dict[str, Any]]:
    """Measure a lesson with every version in every round; return its exercises by version."""
    first, again = ([defaultdict(list) for _ in checkouts] for _ in range(2))
    for number in range(rounds):
        for version, checkout in enumerate(checkouts):
            print(f"{name}, round {number + 1} of {rounds}: {checkout}", file=sys.stderr)
            for id, (one, *others) in apart(checkout, name, repeats).items():
                first[version][id].append(one)
                again[version][id] += others
    return [
        {
            id: {
                "median_ms": round(statistics.median(took), 2),
                "first_ms": round(statistics.median(first[version][id]), 2),
            }
            for id, took in again[version].items()
        }
        for version in range(len(checkouts))
    ]


def import_seconds() -> float:
    """Return how long `import seqkit` takes in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, check=True)
    return float(done.stdout)


def help_seconds() -> float:
    """Return how long the whole command `seqkit --help` takes, from call to end."""
    seqkit = Path(sys.executable).with_name("seqkit.exe" if os.name == "nt" else "seqkit")
    started = time.perf_counter()
    subprocess.run([str(seqkit), "--help"], capture_output=True, check=True)
    return time.perf_counter() - started


def median_ms(seconds: Callable[[], float], runs: int) -> float:
    """Return the median of several runs after one that warms the disk, in milliseconds."""
    seconds()
    return round(1000 * statistics.median(seconds() for _ in range(runs)), 1)


def measure(options: argparse.Namespace, checkouts: list[Path]) -> dict[str, Any]:
    """Measure everything: this version's checkout comes first."""
    from seqkit.course.catalogue import Catalogue

    results: dict[str, Any] = {
        "machine": machine(),
        "repeats": options.repeats,
        "rounds": options.rounds,
        "hidden_checks": not options.visible,
        "goals": GOALS,
        "import_ms": median_ms(import_seconds, options.runs),
        "help_ms": median_ms(help_seconds, options.runs),
        "lessons": {},
    }
    catalogue, counted = Catalogue(), []
    for name in catalogue.names():
        exercises, *other = in_turn(checkouts, name, options.repeats, options.rounds)
        for id, exercise in exercises.items():
            checks = catalogue.entry(id).checks
            exercise["trains"] = any(c.goal for c in checks if not (options.visible and c.hidden))
            for theirs in other:
                if id in theirs:
                    exercise["other_ms"] = theirs[id]["median_ms"]
                    exercise["ratio"] = ratio(exercise["median_ms"], exercise["other_ms"])
            if not exercise["trains"]:
                counted.append(exercise)
        # the very first check of a kernel also reads the lesson, its checks, and Hypothesis
        first = next(iter(exercises.values()))["first_ms"]
        results["lessons"][name] = {"first_check_ms": first, "exercises": exercises}
    results["check_ms"] = round(statistics.median(e["median_ms"] for e in counted), 2)
    results["slowest_check_ms"] = max(e["median_ms"] for e in counted)
    if options.against:
        both = [e for e in counted if "other_ms" in e]
        this, other = (statistics.median(e[k] for e in both) for k in ("median_ms", "other_ms"))
        results["against"] = {
            "exercises": len(both),
            "check_ms": round(this, 2),
            "other_check_ms": round(other, 2),
            "ratio": ratio(this, other),
            "median_ratio": round(statistics.median(e["ratio"] for e in both), 2),
        }
    return results


def ratio(this: float, other: float) -> float:
    """Return how many times as long this version takes."""
    return round(this / other, 2)


def table(results: dict[str, Any]) -> str:
    """Return the results as text."""
    lines = []
    for name, found in results["lessons"].items():
        lines.append(f"{name}: first check of a kernel {found['first_check_ms']:.0f} ms")
        for id, exercise in found["exercises"].items():
            line = f"  {id:6}{exercise['median_ms']:8.1f} ms   first {exercise['first_ms']:8.1f} ms"
            if "other_ms" in exercise:
                line += f"   other {exercise['other_ms']:8.1f} ms   {exercise['ratio']:6.2f} times"
            lines.append(line + ("   (trains: not counted)" if exercise["trains"] else ""))
    if "against" in results:
        both = results["against"]
        lines.append(
            f"{both['exercises']} exercises of both: median {both['check_ms']:.1f} ms, other "
            f"{both['other_check_ms']:.1f} ms, {both['ratio']:.2f} times; median of the ratios "
            f"{both['median_ratio']:.2f}"
        )
    for what, key in (("check, median", "check"), ("import seqkit", "import"), ("--help", "help")):
        took, goal = results[f"{key}_ms"], GOALS[f"{key}_ms"]
        lines.append(f"{what:14} {took:7.1f} ms, goal {goal:.0f} ms")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--against", type=Path, help="a checkout of another version")
    parser.add_argument("--visible", action="store_true", help="leave hidden checks out")
    parser.add_argument("--repeats", type=int, default=15, help="checks of an exercise in a round")
    parser.add_argument("--rounds", type=int, default=1, help="processes for each lesson")
    parser.add_argument("--runs", type=int, default=9, help="of import and --help")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "check_latency.json")
    parser.add_argument("--lesson", type=Path, help=argparse.SUPPRESS)  # for a process of its own
    options = parser.parse_args()
    if options.lesson:
        options.out.write_text(json.dumps(lesson(options.lesson, options.repeats)), "utf-8")
        return 0
    checkouts = [ROOT] + ([options.against.resolve()] if options.against else [])
    with tempfile.TemporaryDirectory() as folder:
        if options.visible:
            checkouts = [without_hidden(c, Path(folder, str(i))) for i, c in enumerate(checkouts)]
        results = measure(options, checkouts)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(table(results))
    return int(any(results[key] > goal for key, goal in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main())
