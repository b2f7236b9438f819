"""Say whether several lessons graded together take longer than one after the other.

    python benchmarks/lessons.py                 10 students, three lessons, three rounds

Every student hands in the solutions of the first three lessons. They are graded lesson by lesson,
then all at once, in turn; medians are compared, and no report may be missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from measure import Command, run
from versions import points
from workload import ROOT, SEED


def main() -> int:
    """Measure and print; 1 if together takes over 1.1 times as long, or a report is missing."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lessons = sorted((ROOT / "solutions").glob("*.ipynb"))[:3]
    ways = {path.stem: [path] for path in lessons} | {"together": lessons}
    took: dict[str, list[float]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for way, paths in ways.items():
            for number in range(options.students):
                student = folder / way / f"student{number:02d}"
                student.mkdir(parents=True)
                for path in paths:
                    shutil.copy(path, student)
        totals = {}
        for number in range(options.rounds):
            for way in ways:
                out = folder / f"{way}-{number}"
                words = [sys.executable, "-m", "seqkit.cli", "grade", str(folder / way)]
                words += ["--out", str(out), "--seed", str(SEED), "--no-goals"]
                words += ["--jobs", str(len(os.sched_getaffinity(0)))]
                took[way].append(run([Command(tuple(words), ROOT)], 1, folder / "log").seconds)
                totals[way] = points(out)
                print(f"{way}: {took[way][-1]:.1f} s", flush=True)
    apart = sum(statistics.median(took[path.stem]) for path in lessons)
    together = statistics.median(took["together"])
    same = all(len(found) == options.students for found in totals.values())
    print(f"together {together:.1f} s, apart {apart:.1f} s: {together / apart:.2f} times")
    return int(not same or together > 1.1 * apart)


if __name__ == "__main__":
    sys.exit(main())
