"""How long a learner waits: for `check` in a notebook, for `import seqkit`, for `seqkit --help`.

Every lesson is answered in a process of its own, an IPython shell in which the solution's imports
and answers have run. Then each exercise is checked again and again, as the
check cell does it, panel included. An exercise counts with the median of its repetitions, and the
course with the median of its exercises; exercises that train something in a visible check are
reported and not counted. Run it from the repository's root, on a machine that does nothing else:

    python benchmarks/check_latency.py
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
GOALS = {"check_ms": 150.0, "import_ms": 200.0, "help_ms": 500.0}

IMPORT = "import time; t = time.perf_counter(); import seqkit; print(time.perf_counter() - t)"


# ---------------------------------------------------------------- in a process of its own


def lesson(name: str, repeats: int) -> dict[str, Any]:
    """Answer a lesson as its solution does; return milliseconds of its checks, by exercise."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    cells = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4).cells
    for cell in cells:
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        if cell.cell_type == "code" and grade_id.startswith(("imports", "given_", "ex_")):
            done = shell.run_cell(cell.source, silent=True)
            if not done.success:
                raise SystemExit(f"{name}, cell {grade_id}: {done.error_in_exec!r}")
    from seqkit import lab

    def checked(id: str) -> float:
        started = time.perf_counter()
        panel = lab.check(id)
        data, _ = shell.display_formatter.format(panel)
        milliseconds = 1000 * (time.perf_counter() - started)
        if not data["text/plain"].startswith("✓"):
            raise SystemExit(f"{name}: the solution of {id} is not right:\n{panel!r}")
        return milliseconds

    # The very first check of a kernel also reads the lesson, its checks, and Hypothesis.
    ids = [id.removeprefix("ex_").replace("_", ".") for id in _answers(cells)]
    started = time.perf_counter()
    lab._catalogue().entry(ids[0])
    reading = 1000 * (time.perf_counter() - started)
    exercises = {}
    for id in ids:
        first, *again = (checked(id) for _ in range(repeats + 1))
        exercises[id] = {
            "median_ms": round(statistics.median(again), 2),
            "first_ms": round(first, 2),
            "trains": any(c.goal and not c.hidden for c in lab._catalogue().entry(id).checks),
        }
    first_of_all = reading + exercises[ids[0]]["first_ms"]
    return {"first_check_ms": round(first_of_all, 1), "exercises": exercises}


def _answers(cells: list[Any]) -> list[str]:
    """Return the grade ids of the answer cells, in order."""
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in cells]
    return [id for id in ids if id.startswith("ex_")]


# ---------------------------------------------------------------- from outside


def apart(name: str, repeats: int) -> dict[str, Any]:
    """Measure a lesson in a fresh process, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        words = ["--lesson", name, "--repeats", str(repeats), "--out", str(result)]
        subprocess.run(
            [sys.executable, str(HERE / "check_latency.py"), *words],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return json.loads(result.read_text("utf-8"))


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


def median_ms(seconds: Any, runs: int) -> float:
    """Return the median of several runs after one that warms the disk, in milliseconds."""
    seconds()
    return round(1000 * statistics.median(seconds() for _ in range(runs)), 1)


def measure(repeats: int, runs: int) -> dict[str, Any]:
    """Measure everything."""
    from measure import machine

    from seqkit.course.catalogue import Catalogue

    results: dict[str, Any] = {"machine": machine(), "repeats": repeats, "goals": GOALS}
    results["import_ms"] = median_ms(import_seconds, runs)
    results["help_ms"] = median_ms(help_seconds, runs)
    results["lessons"] = {name: apart(name, repeats) for name in Catalogue().names()}
    counted = [
        exercise["median_ms"]
        for found in results["lessons"].values()
        for exercise in found["exercises"].values()
        if not exercise["trains"]
    ]
    results["check_ms"] = round(statistics.median(counted), 2)
    results["slowest_check_ms"] = max(counted)
    return results


def table(results: dict[str, Any]) -> str:
    """Return the results as text."""
    lines = []
    for name, found in results["lessons"].items():
        lines.append(f"{name}: first check of a kernel {found['first_check_ms']:.0f} ms")
        for id, exercise in found["exercises"].items():
            trains = "  (trains: not counted)" if exercise["trains"] else ""
            times = f"{exercise['median_ms']:8.1f} ms   first {exercise['first_ms']:8.1f} ms"
            lines.append(f"  {id:6}{times}{trains}")
    for what, key in (("check, median", "check"), ("import seqkit", "import"), ("--help", "help")):
        took, goal = results[f"{key}_ms"], GOALS[f"{key}_ms"]
        lines.append(f"{what:14} {took:7.1f} ms, goal {goal:.0f} ms")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=15, help="checks of an exercise")
    parser.add_argument("--runs", type=int, default=9, help="of import and --help")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "check_latency.json")
    parser.add_argument("--lesson", help=argparse.SUPPRESS)  # what a process of its own is told
    options = parser.parse_args()
    one = options.lesson
    results = lesson(one, options.repeats) if one else measure(options.repeats, options.runs)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if one:
        return 0
    print(table(results))
    return int(any(results[key] > goal for key, goal in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main())
