"""Write the tables of measurements in README.md and docs/results.md from the committed results.

python benchmarks/readme.py            write them
python benchmarks/readme.py --check    1 if a page says something else
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGES = (HERE.parent / "README.md", HERE.parent / "docs" / "results.md")
BLOCK = re.compile(r"<!-- (\w+): begin -->\n.*?<!-- \1: end -->", re.DOTALL)
WORKLOADS = {"numpy": "ten NumPy exercises", "all": "all of lesson 1, Keras included"}


def speed() -> str:
    """Return how fast classes are graded."""
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


#: What published notebooks print for rows of results/sentiment.json.
PRINTED = {
    "keras-128-end": "test 0.588",
    "torch-128-end": "test 0.544",
    "keras-64-end": "test 0.552",
    "book": "test 0.860",
}


def sentiment() -> str:
    """Return how well film reviews are judged: a line a model."""
    lines = [
        "| IMDb, model | printed elsewhere | training | test: mean (lowest to highest) | starts "
        "| CPU minutes |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in _load("sentiment.json")["rows"].items():
        starts = list(row["starts"].values())
        if "test_accuracy" not in starts[0]:
            continue
        train, test = (
            _range([s[f"{part}_accuracy"] for s in starts]) for part in ("train", "test")
        )
        minutes = sum(start["cpu_seconds"] for start in starts) / len(starts) / 60
        lines.append(
            f"| {row['title']} | {PRINTED.get(name, '')} | {train} | {test} | {len(starts)} "
            f"| {minutes:.1f} |"
        )
    return "\n".join(lines) + "\n"


def phenomena() -> str:
    """Return how the shipped reviews are judged: a line a model, a column a tag."""
    rows = _load("reviews.json")["rows"]
    tags = list(next(iter(rows.values()))["median"])
    lines = [f"| reviews, model | {' | '.join(tags)} |", "|---|" + "---|" * len(tags)]
    for name, row in rows.items():
        medians = (f"{row['median'][tag]:.3f}" for tag in tags)
        lines.append(f"| {name} | {' | '.join(medians)} |")
    return "\n".join(lines) + "\n"


def advice() -> str:
    """Return what each piece of advice is worth: a line a change."""
    lines = ["| change | training | test: mean (lowest to highest) |", "|---|---|---|"]
    for name, runs in _load("advice.json")["rows"].items():
        found = [_range([run[part] for run in runs]) for part in ("train", "test")]
        lines.append(f"| {name} | {' | '.join(found)} |")
    return "\n".join(lines) + "\n"


def _range(values: list[float]) -> str:
    mean = f"{sum(values) / len(values):.3f}"
    return mean if len(values) == 1 else f"{mean} ({min(values):.3f} to {max(values):.3f})"


#: What a page names between two markers, and what then stands there.
BLOCKS = {
    "speed": speed,
    "sentiment": sentiment,
    "phenomena": phenomena,
    "advice": advice,
}


def _filled(match: re.Match[str]) -> str:
    name = match[1]
    return f"<!-- {name}: begin -->\n{BLOCKS[name]()}<!-- {name}: end -->"


def main() -> int:
    """Write the pages, or only compare."""
    stale = []
    for page in PAGES:
        now = page.read_text("utf-8")
        then = BLOCK.sub(_filled, now)
        if now != then:
            stale.append(page.name)
            if "--check" not in sys.argv[1:]:
                page.write_text(then, "utf-8")
    if "--check" in sys.argv[1:] and stale:
        print(f"{', '.join(stale)} out of date: run `python benchmarks/readme.py`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
