"""Grade larger and larger classes with us: does the thousandth take longer, does memory grow?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graders import Seqkit
from measure import Memory, Run, memory, run
from workload import Workload


def scale(work: Workload, folder: Path, sizes: list[int], jobs: int) -> dict[str, Any]:
    """Grade classes of these sizes; ``slowdown`` compares the last with the first."""
    ours, log = Seqkit(work, folder / "seqkit"), folder / "log.txt"
    reports = ours.folder / "out" / "reports"
    classes: dict[str, dict[str, Any]] = {}
    for size in sizes:
        commands = ours.prepare(size, jobs)
        with memory(1.0, lambda: len(list(reports.glob("*.json")))) as used:
            result = run(commands, 1, log)
        if result.failed:
            raise SystemExit(f"grading {size} failed:\n{log.read_text()[-2000:]}")
        found = classes[str(size)] = _scaled(size, result, used, reports, jobs)
        said = {key: value for key, value in found.items() if key != "memory_mib"}
        print(f"  {work.name}, {size} submissions: {said}", flush=True)
    first, last = (classes[str(size)]["seconds_each"] for size in (sizes[0], sizes[-1]))
    return {"jobs": jobs, "classes": classes, "slowdown": round(last / first, 3)}


def _scaled(size: int, result: Run, used: Memory, reports: Path, jobs: int) -> dict[str, Any]:
    """Return time and memory; the time of one is taken from the first report to the last."""
    times = sorted(path.stat().st_mtime for path in reports.glob("*.json"))
    step = max(1, len(used.samples) // 40)
    return {
        "reports": len(times),
        "seconds": round(result.seconds, 1),
        "a_minute": round(60 * size / result.seconds, 1),
        "seconds_each": round((times[-1] - times[0]) / (len(times) - 1), 4),
        "cpu_seconds_each": round(result.cpu_seconds / size, 4),
        "peak_memory_mib_a_job": round(used.peak / 2**20 / jobs),
        "memory_growth_after_50": _growth(used, size),
        "memory_mib": [[t, done, round(m / 2**20)] for t, done, m in used.samples[::step]],
    }


def _growth(used: Memory, size: int) -> float:
    """Return by what share the second half of the run used more than the first, from 50 on."""
    sizes = [bytes for _, done, bytes in used.samples if 50 <= done < size]
    half = len(sizes) // 2
    if half < 2:
        return 0.0
    return round(sum(sizes[half:]) / len(sizes[half:]) / (sum(sizes[:half]) / half) - 1, 4)
