"""Say how long a class takes when nothing is checked: no grader that isolates can be quicker.

    python benchmarks/floor.py               20 submissions, one sandbox a core

Starts Python, NumPy and a sandbox on each core, then forks a confined process for every submission
and runs its cells in it. Nothing is searched, recognised, asked, compared or written. The answers
are those of ``grading.py``'s NumPy workload.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workload import Workload

CODE = """
import json, sys
from seqkit.checking.asks import RemoteError
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.limits import SubmissionLimits
with Sandbox(["numpy"]) as sandbox:
    for cells in json.load(sys.stdin):
        channel = sandbox.open(SubmissionLimits())
        channel.allow(60)
        for source in cells:
            try:
                channel.request("run", source=source, label="cell")
            except RemoteError:
                pass
        channel.close()
"""


def classes(folder: Path, count: int, parts: int) -> list[str]:
    """Return the cells of so many submissions, as JSON, dealt to so many processes."""
    books = sorted(Workload(keras=False).submissions(folder, count).iterdir())
    read = [json.loads(path.read_text("utf-8"))["cells"] for path in books]
    code = [
        ["".join(c["source"]) for c in cells if c["cell_type"] == "code" and not _checks(c)]
        for cells in read
    ]
    return [json.dumps(code[start::parts]) for start in range(parts)]


def _checks(cell: dict) -> bool:
    return bool(cell["metadata"]["nbgrader"]["grade"])


def main() -> int:
    """Measure and print."""
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="floor-") as folder:
        parts = classes(Path(folder), options.students, cores)
        taken = []
        for _ in range(options.rounds):
            started = time.monotonic()
            words = [sys.executable, "-c", CODE]
            running = [subprocess.Popen(words, stdin=subprocess.PIPE, text=True) for _ in parts]
            for process, part in zip(running, parts, strict=True):
                assert process.stdin is not None
                process.stdin.write(part)
                process.stdin.close()
            if any(process.wait() for process in running):
                return 1
            taken.append(time.monotonic() - started)
    best = min(taken)
    print(
        f"{options.students} submissions on {cores} cores, nothing checked: {best:.2f} s at best "
        f"of {len(taken)} ({', '.join(f'{t:.2f}' for t in taken)}), "
        f"{60 * options.students / best:.0f} a minute"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
