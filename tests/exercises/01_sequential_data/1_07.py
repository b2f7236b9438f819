"""Checks of exercise 1.7: pad a batch."""

from itertools import product

import numpy as np

from seqkit.checking.diagnosis import accepting, as_array, parts_of
from seqkit.checking.expect import dtype, equal, shape
from seqkit.checking.laws import CHANGED, Laws
from seqkit.course import Rules, check

from .oracle import refused

rules = Rules(
    defines=("pad_batch",),
    forbids=(
        "seqkit.text.pad_batch",
        "keras.utils.pad_sequences",
        "keras.preprocessing.sequence.pad_sequences",
        "torch.nn.utils.rnn.pad_sequence",
    ),
    numpy=True,
)


def pad_by_hand(sequences, pad="right", truncate="right", max_len=None, value=0):
    """Pad with Python lists, one row after the other."""
    kept = []
    for sequence in sequences:
        row = list(sequence)
        while max_len is not None and len(row) > max_len:
            row.pop(-1 if truncate == "right" else 0)
        kept.append(row)
    longest = max([len(row) for row in kept], default=0)
    ids, mask = [], []
    for row in kept:
        empty = longest - len(row)
        before, after = (empty, 0) if pad == "left" else (0, empty)
        ids.append([value] * before + row + [value] * after)
        mask.append([False] * before + [True] * len(row) + [False] * after)
    size = (len(kept), longest)
    return (
        np.array(ids, dtype=np.int64).reshape(size),
        np.array(mask, dtype=bool).reshape(size),
        np.array([len(row) for row in kept], dtype=np.int64),
    )


def why_ids_padded(ids, sequences, options):
    """Guess what went wrong with padded ids."""
    expected, _, lengths = pad_by_hand(sequences, **options)
    other = {"left": "right", "right": "left"}
    max_len = options.get("max_len")
    if ids.shape != expected.shape:
        if max_len is not None and ids.shape == (len(sequences), max_len):
            return "T is the longest length kept: no column is padding alone."
        if max_len is not None and ids.ndim == 2 and ids.shape[1] > max_len:
            return "No row is longer than max_len."
        return "ids has a row a sequence and as many columns as the longest length kept."
    changed = {
        "pad": "The filler stands on the other side: pad='right' fills after the tokens, "
        "pad='left' before them.",
        "truncate": "`truncate` names the side that is cut: 'left' drops from the left, what is "
        "kept is the end; 'right' keeps the beginning.",
    }
    for name, message in changed.items():
        swapped = {**options, name: other[options.get(name, "right")]}
        if np.array_equal(ids, pad_by_hand(sequences, **swapped)[0]):
            return message
    if options.get("value", 0) != 0:
        filled = np.where(pad_by_hand(sequences, **options)[1], expected, 0)
        if np.array_equal(ids, filled):
            return "The free places are filled with `value`, not always with 0."
    if 0 in lengths:
        return "An empty sequence is a row of fillers. (row[-0:] is the whole row, not none of it.)"
    return "Each row holds the tokens kept, in order, and `value` in all other places."


PARTS = ("ids", "mask", "lengths")


def compare_padded(got, sequences, **options):
    """Compare shapes, values, dtypes of a padded batch."""
    parts = zip(parts_of(got, *PARTS), PARTS, strict=True)
    ids, mask, lengths = (as_array(part, name) for part, name in parts)
    expected = pad_by_hand(sequences, **options)
    why = why_ids_padded(ids, sequences, options)
    shape(ids, expected[0].shape, what="ids", why=why)
    shape(mask, expected[1].shape, what="mask", why="mask has the shape of ids.")
    shape(lengths, expected[2].shape, what="lengths", why="One length a sequence: shape (B,).")
    equal(ids, expected[0], what="ids", why=why)
    value = options.get("value", 0)
    why = "mask is True on real tokens and False on fillers."
    if np.array_equal(mask, ids != value):
        why = (
            "It looks like the mask was made by asking which ids are not the filler. A real token "
            "may have that number too: use the lengths."
        )
    elif np.array_equal(mask, ~expected[1]):
        why = "The mask is inverted: True marks real tokens."
    equal(mask.astype(bool), expected[1], what="mask", why=why)
    why = "lengths counts the tokens kept."
    if np.array_equal(lengths, [len(sequence) for sequence in sequences]):
        why = "lengths counts the tokens kept: after cutting, not before."
    equal(lengths, expected[2], what="lengths", why=why)
    dtype(ids, "int64", what="ids", why="ids has to be int64.")
    dtype(mask, "bool", what="mask", why="mask has to be bool, not numbers.")
    dtype(lengths, "int", what="lengths", why="lengths has to be whole numbers.")


def pad_batch(student, sequences, **options):
    """Call pad_batch and compare what comes back."""
    compare_padded(student.pad_batch(sequences, **options), sequences, **options)


def draw(rng, batch, longest):
    """Draw sequences, one of them the longest, and a way to pad them."""
    lengths = rng.permutation([longest, *rng.integers(1, longest + 1, size=batch - 1)])
    pad, truncate = rng.choice(["left", "right"], size=2).tolist()
    return {
        "sequences": [rng.integers(0, 10, size=length).tolist() for length in lengths],
        "pad": pad,
        "truncate": truncate,
        "max_len": max(1, longest - 1),
        "value": int(rng.integers(-1, 3)),
    }


laws = Laws(
    "pad_batch",
    draw,
    pad_by_hand,
    parts=PARTS,
    large={"batch": 20, "longest": 220},
    compare=lambda got, sequences, *ways: compare_padded(
        got, sequences, **dict(zip(("pad", "truncate", "max_len", "value"), ways, strict=True))
    ),
    without=("layouts",),
)


@check(points=0.25)
def test_fills_up(student):
    """fills on the right, or on the left and with another value when told to"""
    pad_batch(student, [[4, 2], [7]])
    pad_batch(student, [[5, 6, 2**60 + 1], [8], [9, 1]])
    pad_batch(student, [[4, 2], [7]], pad="left")
    pad_batch(student, [[4, 2, 6], [7]], pad="left", value=9)
    pad_batch(student, [[4, 2, 6], [7]], pad="right", value=-1)


@check(points=0.5)
def test_keeps_the_end_when_truncating_left(student):
    """keeps the last tokens when truncating left"""
    pad_batch(student, [[1, 2, 3]], truncate="left", max_len=2)
    pad_batch(student, [[1, 2, 3], [5]], pad="left", truncate="left", max_len=2)
    pad_batch(student, [[1, 2, 3], [5]], max_len=2)
    pad_batch(student, [[1, 2, 3], [5]], pad="left", truncate="right", max_len=2)
    pad_batch(student, [[1, 2], [5]], truncate="left", max_len=4)
    pad_batch(student, [[1, 2], [5]], truncate="left", max_len=1)


@check(points=0.25)
def test_mask_knows_real_tokens(student):
    """masks what is filler, not what looks like it"""
    pad_batch(student, [[0, 5, 0], [0]])
    pad_batch(student, [[3, 4], []])
    pad_batch(student, [[3, 4], [], [5]], pad="left")


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, with lists and with arrays"""
    laws.hold(student, rng)
    arrays = [rng.integers(0, 10, size=size).astype(np.int32) for size in (3, 0, 5)]
    kept = [student.keep(array) for array in arrays]
    compare_padded(student.pad_batch(kept, value=5), arrays, value=5)
    for handle, array in zip(kept, arrays, strict=True):
        why = CHANGED.format(name="sequence")
        equal(student.fetch(handle), array, what="a sequence afterwards", why=why)
    pad_batch(student, [np.arange(33_000)])
    with accepting("an empty batch, or one of empty sequences, has zero columns."):
        pad_batch(student, [])
        pad_batch(student, [[], []], max_len=2)


def refuse(student, word, sequences, **options):
    """Expect a ValueError that names an unknown side, or max_len."""
    why = (
        "A side is 'left' or 'right'; any other word is a ValueError that names the word, even "
        "when nothing has to be filled or cut."
    )
    if word == "max_len":
        why = "max_len is at least 1. (0 is not None: `if max_len:` takes the one for the other.)"
    refused(student.pad_batch, sequences, says=word, why=why, **options)


@check(points=0.25)
def test_refuses_unknown_sides(student):
    """refuses a side it does not know, naming it, and a max_len below 1"""
    pad_batch(student, [[1, 2], [3, 4]], pad="left", truncate="left", max_len=2)
    sides = [("pad", "middle"), ("truncate", "middle"), ("pad", "r"), ("truncate", "Left")]
    for sequences, (name, side) in product(([[1, 2], [3, 4]], []), sides):
        refuse(student, side, sequences, **{name: side})
    for sequences, max_len in product(([[1, 2], [3, 4]], []), (0, -1)):
        refuse(student, "max_len", sequences, max_len=max_len)
