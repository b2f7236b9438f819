"""Say whether a change made grading slower: one class, graded by two versions in turn.

    python benchmarks/versions.py ../before             100 submissions, three rounds
    python benchmarks/versions.py ../before --keras     all of lesson 1, Keras included

``../before`` is a checkout of the other version, which may lack an environment of its own. Each
version grades in a copy of its course folder; the submissions are this version's. The medians are
compared, and every student has to get the same points.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Command, python_path, run, surroundings
from workload import ROOT, SEED, Workload

#: Writes a version's course, run with that version's own benchmarks.
COURSE = """
import sys
from pathlib import Path
from workload import Workload
Workload(keras=sys.argv[2] == "True").course(Path(sys.argv[1]))
"""


def write_course(checkout: Path, folder: Path, keras: bool) -> Path:
    """Write the course folder of a version, compiled."""
    around = {**surroundings(Path(sys.executable)), "PYTHONPATH": python_path(checkout)}
    words = [sys.executable, "-c", COURSE, str(folder), str(keras)]
    subprocess.run(words, env=around, cwd=checkout, check=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)
    return folder


def points(out: Path) -> dict[str, float]:
    """Return what every student got."""
    reports = [json.loads(path.read_text("utf-8")) for path in (out / "reports").glob("*.json")]
    return {report["student"]: report["total"] for report in reports}


def main() -> int:
    """Measure and print; 1 if points differ or this version is a tenth slower."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("other", type=Path, help="a checkout of the other version")
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keras", action="store_true")
    options = parser.parse_args()
    jobs = str(len(os.sched_getaffinity(0)))
    took: dict[str, list[float]] = {"this": [], "other": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Workload(options.keras).submissions(folder / "class", options.students)
        courses = {
            version: write_course(checkout.resolve(), folder / version, options.keras)
            for version, checkout in (("this", ROOT), ("other", options.other))
        }
        found = {}
        for number in range(options.rounds):
            for version, course in courses.items():
                out = folder / f"{version}-{number}"
                words = [sys.executable, "-m", "seqkit.cli", "grade", str(folder / "class")]
                words += ["--out", str(out), "--jobs", jobs, "--seed", str(SEED), "--no-goals"]
                measured = run([Command(tuple(words), course)], 1, folder / "log")
                took[version].append(measured.seconds)
                found[version] = points(out)
                print(f"{version}: {measured.seconds:.2f} s, {measured.cpu_seconds:.2f} of CPU")
    this, other = (statistics.median(seconds) for seconds in took.values())
    same = found["this"] == found["other"] and len(found["this"]) == options.students
    print(f"this version takes {this / other:.2f} times as long as the other, {this:.2f} s;")
    print("every student got the same points" if same else "students got OTHER points")
    return int(not same or this > 1.1 * other)


if __name__ == "__main__":
    sys.exit(main())
