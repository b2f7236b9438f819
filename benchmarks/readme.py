"""Write the README's tables of measurements from the committed results.

python benchmarks/readme.py            write them
python benchmarks/readme.py --check    1 if the README says something else
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BLOCK = re.compile(r"(?<=<!-- measured: begin -->\n).*(?=<!-- measured: end -->)", re.DOTALL)
WORKLOADS = {"numpy": "ten NumPy exercises", "all": "all of lesson 1, Keras included"}


def text() -> str:
    """Return what stands between the README's markers."""
    grading, scale = (_load(name) for name in ("grading.json", "scale.json"))
    machine = grading["machine"]
    lines = [
        f"On {machine['cores']} cores ({machine['processor']}, Python {machine['python']}), "
        f"{machine['date']}, every grader its fastest way, the same answers and checks:",
    ]
    for name, found in grading["workloads"].items():
        lines += ["", *_comparison(f"{WORKLOADS[name]}, {found['checks']} checks", found)]
    lines += ["", *_scale(scale), ""]
    return "\n".join(lines) + "\n"


def _load(name: str) -> Any:
    return json.loads((HERE / "results" / name).read_text("utf-8"))


def _comparison(title: str, found: Any) -> list[str]:
    lines = [
        f"| {title} | class of {found['students']} with start-up | one more "
        "| CPU seconds each | we are faster: class, one more, CPU |",
        "|---|---|---|---|---|",
    ]
    for name, row in found["graders"].items():
        ratio = found["ratios"].get(name)
        faster = f"{ratio['class']} ×, {ratio['one_more']} ×, {ratio['cpu']} ×" if ratio else ""
        lines.append(
            f"| {name} ({row['how']}) | {row['a_minute']:.0f} a minute "
            f"| {row['one_more_seconds']:.3g} s | {row['cpu_seconds_each']:.2g} | {faster} |"
        )
    return lines


def _scale(scale: Any) -> list[str]:
    lines = ["| a large class, ours alone | a minute | seconds each | peak memory a job |"]
    lines.append("|---|---|---|---|")
    for name, found in scale["workloads"].items():
        for size, row in found["classes"].items():
            lines.append(
                f"| {int(size):,} submissions, {WORKLOADS[name]} | {row['a_minute']:.0f} "
                f"| {row['seconds_each']:.3g} | {row['peak_memory_mib_a_job']} MiB |"
            )
    return lines


def main() -> int:
    """Write the README, or only compare."""
    now = README.read_text("utf-8")
    then = BLOCK.sub(lambda _: text(), now)
    if "--check" in sys.argv[1:]:
        if now != then:
            print("README.md is out of date: run `python benchmarks/readme.py`.")
        return int(now != then)
    README.write_text(then, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
