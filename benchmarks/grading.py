"""Grade one class with nbgrader, with Otter and with us, and say how fast each was.

    python benchmarks/grading.py             20 submissions with each, on two workloads
    python benchmarks/grading.py --students 5 --rounds 1
    python benchmarks/grading.py --scale     100 and 1,000 submissions with us

nbgrader and Otter get an environment of their own, made on first use in ``--env`` (by default a
folder in the user's cache). Every grader runs the same answers with the same imports through the
same checks, and the points have to agree. Each goes the fastest of the ways listed in
``graders.py``, found with a small class beforehand; then all grade the class in turn. Start-up is
included everywhere but in "one more", the difference between a larger class and a smaller one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from graders import Grader, Nbgrader, Otter, Points, Seqkit, Way, environment
from measure import Run, machine, memory, run
from scale import scale
from workload import Workload

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "seqkit-benchmark"
GOAL = {"nbgrader": 40, "otter": 100}
MORE = 6  # times the class: what "one more" takes us is measured with


class Comparison:
    """One workload, graded by every grader.

    Parameters
    ----------
    work : Workload
    folder : Path
        Where everything is made.
    options : Namespace
        Of the command line.
    """

    def __init__(self, work: Workload, folder: Path, options: argparse.Namespace) -> None:
        self.work, self.options, self.log = work, options, folder / "log.txt"
        ours = Seqkit(work, folder / "seqkit")
        self.graders: list[Grader] = [ours]
        if set(options.graders) - {ours.name}:
            python = environment(options.env, work.keras)
            checks = work.plain_checks(folder / "checks", ours.course)
            for each, per_check in (("check", True), ("exercise", False)):
                place = folder / f"nbgrader_{each}"
                self.graders.append(Nbgrader(work, place, python, checks, per_check))
            self.graders.append(Otter(work, folder / "otter", python, checks))
        self.graders = [g for g in self.graders if g.name.partition(",")[0] in options.graders]

    def result(self) -> dict[str, Any]:
        """Measure, and return all there is to say."""
        rows: dict[str, dict[str, Any]] = {}
        ways = {}
        for grader in self.graders:
            ways[grader.name], tried = self.fastest(grader)
            rows[grader.name] = {"how": ways[grader.name].how, "tried": tried}
        points: dict[str, Points] = {}
        rounds: dict[str, list[Run]] = {grader.name: [] for grader in self.graders}
        for _ in range(self.options.rounds):  # in turn: a change of the machine's speed hits all
            for grader in self.graders:
                way = ways[grader.name]
                rounds[grader.name].append(self.timed(grader, way, self.options.students))
                points[grader.name] = grader.points(self.options.students)
        for grader in self.graders:
            name = grader.name
            rows[name] |= _of_the_class(rounds[name], self.options.students)
            rows[name] |= self.one_more(grader, ways[name])
            rows[name]["peak_memory_mib"] = self.peak(ways[name])
        return {
            "exercises": len(self.work.exercises),
            "checks": self.work.count_checks(),
            "students": self.options.students,
            "points_agree": _agree(points),
            "graders": rows,
            "ratios": _ratios(rows),
        }

    def timed(self, grader: Grader, way: Way, count: int) -> Run:
        """Grade a fresh class once."""
        result = run(way.prepare(count), way.at_once, self.log)
        if result.failed:
            said = self.log.read_text("utf-8", "replace")[-2000:]
            raise SystemExit(f"{grader.name} ({way.how}) failed:\n{said}")
        rate, cpu = 60 * count / result.seconds, result.cpu_seconds / count
        said = f"{count} in {result.seconds:.1f} s, {rate:.1f} a minute, {cpu:.2f} CPU s each"
        print(f"  {grader.name}, {way.how}: {said}", flush=True)
        return result

    def fastest(self, grader: Grader) -> tuple[Way, dict[str, float]]:
        """Return the fastest of a grader's ways, and the submissions a minute of each."""
        ours = grader.name == Seqkit.name
        count = self.options.students if ours else self.options.pilot
        taken = {way.how: self.timed(grader, way, count).seconds for way in grader.ways()}
        best = min(grader.ways(), key=lambda way: taken[way.how])
        return best, {how: round(60 * count / seconds, 1) for how, seconds in taken.items()}

    def one_more(self, grader: Grader, way: Way) -> dict[str, float]:
        """Return what one more submission takes, start-up left out."""
        small, large = self.options.pilot, self.options.students
        if grader.name == Seqkit.name:
            small, large = large, MORE * large
        if small >= large:
            small = 1
        first, second = (self.timed(grader, way, count) for count in (small, large))
        more = large - small
        return {
            "one_more_seconds": round((second.seconds - first.seconds) / more, 4),
            "one_more_cpu_seconds": round((second.cpu_seconds - first.cpu_seconds) / more, 4),
        }

    def peak(self, way: Way) -> int:
        """Return MiB at most in use, measured in a run that is not timed."""
        commands = way.prepare(self.options.pilot)
        with memory(0.1) as used:
            run(commands, way.at_once, self.log)
        return round(used.peak / 2**20)


def _of_the_class(rounds: list[Run], count: int) -> dict[str, Any]:
    """Return the numbers of the median round."""
    middle = sorted(rounds, key=lambda r: r.seconds)[len(rounds) // 2]
    return {
        "rounds_seconds": [round(r.seconds, 2) for r in rounds],
        "a_minute": round(60 * count / middle.seconds, 2),
        "cpu_seconds_each": round(middle.cpu_seconds / count, 3),
    }


def _agree(points: dict[str, Points]) -> bool:
    """Whether every grader gave every student the same points; says where not."""
    names, agree = list(points), True
    for who in sorted(points[names[0]]):
        given = {name: round(points[name].get(who, -1), 4) for name in names}
        if len(set(given.values())) > 1:
            print(f"  {who}: {given}")
            agree = False
    return agree


def _ratios(rows: dict[str, Any]) -> dict[str, Any]:
    """Return how many times faster we are: the class, one more, and in CPU time."""
    ours = rows.get(Seqkit.name)
    return {
        name: {
            "class": round(ours["a_minute"] / row["a_minute"], 1),
            "one_more": round(row["one_more_seconds"] / ours["one_more_seconds"], 1),
            "cpu": round(row["cpu_seconds_each"] / ours["cpu_seconds_each"], 1),
            "goal": GOAL.get(name),
        }
        for name, row in rows.items()
        if ours and name != Seqkit.name
    }


def table(results: dict[str, Any]) -> str:
    """Return the numbers and ratios as text."""
    lines = []
    for workload, found in results["workloads"].items():
        agree = "points agree" if found["points_agree"] else "POINTS DO NOT AGREE"
        lines += ["", f"{workload}: {found['exercises']} exercises, {found['checks']} checks, "
                  f"{found['students']} submissions; {agree}"]  # fmt: skip
        rows = [("grader", "how", "a minute", "CPU s each", "one more s", "peak MiB", "we are")]
        for name, row in found["graders"].items():
            ratio = found["ratios"].get(name)
            said = f"{ratio['class']} x as fast, one more {ratio['one_more']} x" if ratio else ""
            keys = ("a_minute", "cpu_seconds_each", "one_more_seconds", "peak_memory_mib")
            rows.append((name, row["how"], *(str(row[key]) for key in keys), said))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; 1 if graders disagree about points."""
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=20, help="size of the class")
    parser.add_argument("--pilot", type=int, default=8, help="class with which ways are tried")
    parser.add_argument("--rounds", type=int, default=3, help="how often each grades, in turn")
    parser.add_argument("--workloads", nargs="+", default=["numpy", "all"])
    parser.add_argument("--graders", nargs="+", default=["seqkit", "nbgrader", "otter"])
    parser.add_argument("--env", type=Path, default=CACHE, help="environment of the others")
    parser.add_argument("--scale", action="store_true", help="larger and larger classes with us")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000], help="for --scale")
    parser.add_argument("--jobs", type=int, default=cores, help="for --scale")
    parser.add_argument("--out", type=Path, default=HERE / "results", help="folder of the results")
    options = parser.parse_args()
    results: dict[str, Any] = {"machine": machine(), "workloads": {}}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for name in options.workloads:
            work, place = Workload(keras=name == "all"), Path(folder) / name
            place.mkdir()
            print(f"workload {name}: {len(work.exercises)} exercises", flush=True)
            results["workloads"][name] = (
                scale(work, place, options.sizes, options.jobs)
                if options.scale
                else Comparison(work, place, options).result()
            )
    options.out.mkdir(parents=True, exist_ok=True)
    target = options.out / ("scale.json" if options.scale else "grading.json")
    target.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if options.scale:
        return 0
    print(table(results))
    return int(not all(found["points_agree"] for found in results["workloads"].values()))


if __name__ == "__main__":
    sys.exit(main())
