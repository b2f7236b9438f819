"""Checks of exercise 4.11: Bug hunt: which epoch, and by whose verdict."""

import re
from itertools import combinations

import numpy as np

from seqkit.checking.diagnosis import accepting, suspected
from seqkit.checking.drawing import random_word
from seqkit.checking.expect import Mismatch, equal, raises
from seqkit.checking.laws import Laws
from seqkit.checking.student import StudentError
from seqkit.checking.written import short
from seqkit.course import Rules, check

rules = Rules(defines=("choose_epoch",))


def best_epoch(history, split_ids):
    """Return the epoch of the lowest validation loss."""
    losses = history["val_loss"]
    return min(range(len(losses)), key=losses.__getitem__) + 1


def suspects(history):
    """Yield likely mistakes, each with the epoch that it gives."""
    losses = np.array(history["val_loss"])
    rises = [k for k in range(1, len(losses)) if losses[k] >= losses[k - 1]]
    yield "epochs were counted from 0: lists are, epochs begin with 1.", np.argmin(losses)
    yield (
        "the last of equals was taken: the first is asked for.",
        len(losses) - np.argmin(losses[::-1]),
    )
    yield "the highest loss was taken.", np.argmax(losses) + 1
    yield "the search stopped at the first rise: a later epoch may be better.", (rises or [0])[0]
    yield "the last epoch was taken.", len(losses)
    for name, values in history.items():
        if name != "val_loss":
            by = f"the epoch was chosen by {name!r}: 'val_loss' alone decides."
            yield by, np.argmin(values) + 1
            yield by, np.argmax(values) + 1


def compare_epoch(got, history, split_ids):
    """Compare the epoch, and that it is an int."""
    expected = best_epoch(history, split_ids)
    if isinstance(got, bool | float | np.floating) or not isinstance(
        got, int | np.integer | np.ndarray
    ):
        raise Mismatch(f"gave {short(got)}, expected {expected}", "The epoch is an int.")
    otherwise = "The epoch whose 'val_loss' is the lowest, counted from 1."
    why = suspected([m for m, epoch in suspects(history) if epoch == np.asarray(got)], otherwise)
    equal(got, expected, what="the epoch", why=why)


CLEAN = "no id is in two splits (that one comes twice in one split is fine; 1 and '1' are two ids)."


def call_choose(student, history, split_ids):
    """Call choose_epoch with splits that share nothing, and compare."""
    with accepting(CLEAN):
        got = student.choose_epoch(history, split_ids)
    compare_epoch(got, history, split_ids)


SHARED = (
    "An id in more than one split is a ValueError: look at every pair of splits, not only at "
    "neighbours, and whatever they are called."
)
NAMED = "The message names the two splits that share an id, and accuses no split that shares none."
USUAL = {"train", "validation", "test"}  # words that a message may need to say what is wrong


def refuse(student, history, split_ids):
    """Expect a ValueError that names two splits that share an id."""
    pairs = combinations(split_ids, 2)
    guilty = [pair for pair in pairs if {*split_ids[pair[0]]} & {*split_ids[pair[1]]}]
    involved = {name for pair in guilty for name in pair}
    with raises(ValueError, why=SHARED):
        try:
            student.choose_epoch(history, split_ids)
        except StudentError as error:
            said = {n for n in split_ids if re.search(rf"\b{re.escape(n)}\b", error.message)}
            named = any({*pair} <= said for pair in guilty) and said - USUAL <= involved
            if "ValueError" in error.bases and not named:
                raise Mismatch(
                    f"raised ValueError with the message {error.message!r}, expected it to name "
                    + " and ".join(guilty[0]),
                    NAMED,
                ) from None
            raise


def draw(rng, epochs, splits, ids):
    """Draw a history with equal losses in it, and splits with ids that are strings or numbers."""
    measures = ["loss", "val_loss", "accuracy", "val_accuracy", "test_loss"]
    names = [random_word(rng) for _ in range(splits)]
    alike = [[n, n + 0.5, str(n), f"r{n}", f"R{n}", f"r{n} "] for n in range(splits * ids // 6 + 1)]
    every = [one for some in alike for one in some]
    every = [every[k] for k in rng.permutation(len(every))]
    rows = [every[k * ids : (k + 1) * ids] for k in range(splits)]
    history = {
        name: (rng.integers(1, 9, size=epochs) / 8).tolist()
        for name in rng.permutation(measures).tolist()
    }
    best = rng.integers(3 * epochs // 4, epochs, size=2).tolist()  # late, and perhaps twice
    for k in best:
        history["val_loss"][k] = 0.0625
    if min(best) > 0:
        history["val_loss"][int(rng.integers(min(best)))] = 0.0625 + 1e-9  # nearly the lowest
    return {"history": history, "split_ids": dict(zip(names, rows, strict=True))}


laws = Laws(
    "choose_epoch",
    draw,
    best_epoch,
    parts=("the epoch",),
    large={"epochs": 1100, "splits": 12, "ids": 1100},
    compare=compare_epoch,
    without=("layouts", "own"),
)

HISTORY = {"loss": [0.6, 0.4, 0.2], "val_loss": [0.5, 0.4, 0.6]}
SPLITS = {"train": ["a", "b"], "validation": ["c"], "test": ["d"]}


@check(points=0.5)
def test_takes_the_lowest_validation_loss(student):
    """takes the first epoch with the lowest validation loss, counted from 1"""
    call_choose(student, HISTORY, SPLITS)
    more = {"val_accuracy": [0.7, 0.6, 0.8, 0.9, 0.5], "val_loss": [0.5, 0.6, 0.3, 0.4, 0.3]}
    call_choose(student, more, SPLITS)
    call_choose(
        student, {"val_loss": [0.7]}, {"all": [1, 2.5, "a", 1], "rest": ["1", 2, "A", "a "]}
    )
    call_choose(student, {"val_loss": [0.300000001, 0.3, 0.4]}, SPLITS)


@check(points=0.25)
def test_refuses_shared_ids(student):
    """refuses an id in more than one split, whichever these are, and names both"""
    refuse(student, HISTORY, {"train": ["a", "b"], "validation": ["c"], "test": ["d", "a"]})
    refuse(student, HISTORY, {"train": [1, 2], "validation": [7, 2], "test": [4]})
    refuse(student, HISTORY, {"fold one": [5], "x": [], "fold two": ["5", 5], "fold three": [6]})
    twice = {"train": ["a", "b", "a"], "validation": [], "test": ["c", "c"]}
    call_choose(student, HISTORY, twice)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
