"""How well recurrent networks judge film reviews, beside a bag of words: IMDb, a row at a time.

    python benchmarks/sentiment.py                          every row that is not there yet
    python benchmarks/sentiment.py --rows segments lstm     these rows
    python benchmarks/sentiment.py --seeds 0 --rows …       one start of them
    python benchmarks/sentiment.py --table                  what is there, as a table

Each start of a row is written to ``results/sentiment.json`` as soon as it is done: what was
interrupted goes on where it was. ``--fresh`` runs the named rows anew. Whatever is chosen (learning
rates, epochs, sizes) is chosen on held-out blocks of training reviews; a finished row scores the
test set once. The reviews lie in ``$SEQKIT_DATA/aclImdb`` or are fetched.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from measure import machine

RESULTS = Path(__file__).parent / "results" / "sentiment.json"
SEEDS = (0, 1, 2)

#: What a start of a row found, by its names.
Found = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Parameters
    ----------
    title : str
        What it is, for who reads the table.
    run : callable
        From seed to what was found; imports what it needs.
    seeds : tuple of int
        One where nothing is random.
    needs : tuple of str
        Rows that must be there before.
    """

    title: str
    run: Callable[[int], Found]
    seeds: tuple[int, ...] = SEEDS
    needs: tuple[str, ...] = ()


# ---------------------------------------------------------------- rows


@cache
def course_data() -> Any:
    import sentiment_data

    return sentiment_data.course_ids()


@cache
def keras_data() -> Any:
    import sentiment_data

    return sentiment_data.keras_ids()


def published(name: str, seed: int) -> Found:
    from sentiment_published import as_published

    return as_published(keras_data(), seed, name)


def rates(name: str, repair: Any, seed: int) -> Found:
    from sentiment_published import rates

    return rates(keras_data(), seed, name, repair)


def repaired(name: str, repair: Any, seed: int) -> Found:
    from sentiment_published import repaired

    rate = kept()["rows"][f"{name}-{repair}-rates"]["starts"]["0"]["rate"]
    return repaired(keras_data(), seed, name, repair, rate)


def bag(longest: int, weighting: Any, seed: int) -> Found:
    from sentiment_bags import chosen_bag

    return chosen_bag(course_data(), longest, weighting)


def book(seed: int) -> Found:
    from sentiment_ours import book

    return book(course_data(), seed)


def segments(changes: dict[str, Any], on_blocks: bool, seed: int) -> Found:
    from sentiment_ours import RECIPE, best
    from sentiment_ours import on_blocks as blocks

    run = blocks if on_blocks else best
    return run(course_data(), seed, replace(RECIPE, **changes))


def bag_weight(seed: int) -> Found:
    from sentiment_ours import bag_weight

    strength = kept()["rows"]["bigrams-ratios"]["starts"]["0"]["strength"]
    return bag_weight(course_data(), seed, float(strength))


def beside_bag(seed: int) -> Found:
    from sentiment_ours import beside_bag

    return beside_bag(course_data(), seed, kept()["rows"]["segments-bag-weight"]["starts"]["0"])


REPAIRS = (
    ("keras-128", "Keras SimpleRNN of 128", "mask", "masked"),
    ("torch-128", "torch RNN of 128", "pack", "packed"),
    ("torch-128", "torch RNN of 128", "pool", "packed, mean of all states"),
    ("keras-64", "Keras SimpleRNN of 64", "left", "padded in front"),
)
#: In the order of the table.
ROWS = {
    f"{name}-end": Row(f"{layer}, padded at the end, no mask", partial(published, name))
    for name, layer, _, _ in REPAIRS
}
for name, layer, repair, how in REPAIRS:
    ROWS[f"{name}-{repair}-rates"] = Row(
        f"{layer}, {how}: learning rates", partial(rates, name, repair), (0,)
    )
    ROWS[f"{name}-{repair}"] = Row(
        f"{layer}, {how}", partial(repaired, name, repair), needs=(f"{name}-{repair}-rates",)
    )
ROWS |= {
    "book": Row("LSTM of 64, packed, last state (a textbook's)", book),
    "unigrams": Row("bag of words, tf-idf", partial(bag, 1, "tf-idf"), (0,)),
    "bigrams": Row("bag of words and pairs, tf-idf", partial(bag, 2, "tf-idf"), (0,)),
    "bigrams-ratios": Row(
        "bag of words and pairs, naive Bayes ratios", partial(bag, 2, "naive Bayes"), (0,)
    ),
    "segments": Row("our best: LSTM on segments side by side", partial(segments, {}, False)),
    "segments-bag-weight": Row(
        "our best and a bag: weights", bag_weight, (0,), needs=("bigrams-ratios",)
    ),
    "segments-bag": Row(
        "our best, a bag of words and pairs beside it",
        beside_bag,
        needs=("segments-bag-weight",),
    ),
}
#: What parts of the recipe are worth: each changed alone, on held-out blocks.
CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "random vectors, trained": {"counted": False},
    "vectors never trained": {"thawed": 0},
    "vectors always trained": {"thawed": 5},
    "GRU": {"kind": "gru"},
    "segments of 24 words": {"segment": 24},
    "segments of 96 words": {"segment": 96},
    "no word dropout": {"word_dropout": 0.0},
    "64 units": {"hidden_dim": 64},
    "one way to cut": {"cuts": 1},
}
for name, changes in CHANGES.items():
    ROWS["change-" + name.replace(",", "").replace(" ", "-")] = Row(
        f"our best on held-out blocks: {name}", partial(segments, changes, True), (0,)
    )


# ---------------------------------------------------------------- kept


def kept() -> dict[str, Any]:
    """Return what earlier runs found."""
    if RESULTS.exists():
        return json.loads(RESULTS.read_text("utf-8"))
    return {"machine": machine(), "rows": {}}


def keep(name: str, seed: int, found: Found, threads: int) -> None:
    """Add a start to the file, which is whole at any time."""
    results = kept()
    row = results["rows"].setdefault(name, {"title": ROWS[name].title, "starts": {}})
    row["starts"][str(seed)] = {
        key: round(value, 4) if key.endswith(("accuracy", "loss")) else value
        for key, value in {**found, "threads": threads}.items()
    }
    results["rows"] = {
        name: results["rows"][name] for name in [*ROWS, *results["rows"]] if name in results["rows"]
    }
    beside = RESULTS.with_suffix(".part")
    beside.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    beside.replace(RESULTS)


def table() -> str:
    """Return the rows that are there, mean and range over their starts."""
    lines = [
        "| model | training | validation | test | minutes | threads | starts |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in kept()["rows"].items():
        starts = list(row["starts"].values())
        if "test_accuracy" not in starts[0]:
            continue
        shown = [_spread([s.get(f"{part}_accuracy") for s in starts]) for part in PARTS]
        minutes = statistics.mean(start["seconds"] for start in starts) / 60
        lines.append(
            f"| {ROWS[name].title} | {' | '.join(shown)} | {minutes:.2g} "
            f"| {starts[0]['threads']} | {len(starts)} |"
        )
    return "\n".join(lines)


PARTS = ("train", "validation", "test")


def _spread(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return ""
    mean = f"{statistics.mean(known):.3f}"
    return mean if len(known) == 1 else f"{mean} ({min(known):.3f}–{max(known):.3f})"


# ---------------------------------------------------------------- the command


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW")
    parser.add_argument("--seeds", nargs="+", type=int, help="only these starts")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--fresh", action="store_true", help="also what is there already")
    parser.add_argument("--table", action="store_true", help="run nothing, print the table")
    wanted = parser.parse_args()
    if wanted.table:
        print(table())
        return
    use_threads(wanted.threads)
    for name in _in_order(wanted.rows):
        for seed in ROWS[name].seeds:
            there = str(seed) in kept()["rows"].get(name, {}).get("starts", {})
            if (there and not (wanted.fresh and name in wanted.rows)) or (
                wanted.seeds and len(ROWS[name].seeds) > 1 and seed not in wanted.seeds
            ):
                continue
            found = ROWS[name].run(seed)
            keep(name, seed, found, wanted.threads)
            print(f"{name}, start {seed}: {found}", flush=True)


def _in_order(names: list[str]) -> list[str]:
    """Return the rows, each after those that it needs."""
    order: dict[str, None] = {}
    for name in names:
        order.update(dict.fromkeys([*ROWS[name].needs, name]))
    return list(order)


def use_threads(number: int) -> None:
    """Make torch and TensorFlow compute with so many threads."""
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
        os.environ[name] = str(number)
    os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import torch

    torch.set_num_threads(number)


if __name__ == "__main__":
    main()
