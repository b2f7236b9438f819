"""How long the notebooks take: each solution, and each lesson before anything is answered.

    python benchmarks/notebooks.py            every notebook, in a kernel of its own

CPU seconds of the kernel and of what it starts, one after another, on one thread. A solution is to
take at most 90 on two cores, an unanswered lesson 45.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from measure import machine
from nbclient import NotebookClient

HERE = Path(__file__).parent
ROOT = HERE.parent
GOALS = {"solutions": 90.0, "lessons": 45.0}
# Runs last: CPU seconds of the kernel and of the processes it has started and waited for.
STOPWATCH = "import os; print('CPU seconds', sum(os.times()[:4]))"


def cpu_seconds(path: Path) -> float:
    """Run a notebook in a folder of its own; return its CPU seconds."""
    book = nbformat.read(path, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(STOPWATCH))
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        NotebookClient(book, timeout=None, kernel_name="python3", resources=resources).execute()
    return round(float(book.cells[-1].outputs[0].text.split()[-1]), 1)


def main() -> int:
    """Measure, print, write; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=HERE / "results" / "notebooks.json")
    out = parser.parse_args().out
    os.environ["OMP_NUM_THREADS"] = "1"
    results: dict[str, Any] = {"machine": machine(), "goals": GOALS}
    late = False
    for folder, goal in GOALS.items():
        results[folder] = {}
        for path in sorted((ROOT / folder).glob("[0-9]*.ipynb")):
            took = results[folder][path.stem] = cpu_seconds(path)
            late |= took > goal
            print(f"{folder}/{path.stem}: {took:.1f} CPU seconds, goal {goal:.0f}", flush=True)
    out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
