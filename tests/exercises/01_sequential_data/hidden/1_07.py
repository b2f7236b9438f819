"""Hidden checks of exercise 1.7: pad a batch."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.diagnosis import accepting
from seqkit.checking.drawing import random_word, shuffled
from seqkit.course import check, generated

from ..ex_1_07 import laws, pad_batch, refuse

PADDING = st.fixed_dictionaries(
    {},
    optional={
        "pad": st.sampled_from(["left", "right"]),
        "truncate": st.sampled_from(["left", "right"]),
        "max_len": st.one_of(st.none(), st.integers(1, 6)),
        "value": st.integers(-2, 3),
    },
)

SEQUENCES = st.lists(st.lists(st.integers(-2, 9), max_size=6), min_size=1, max_size=5)


@check(points=1)
@generated(st.tuples(SEQUENCES, PADDING), examples=40)
def test_pads_any_batch(student, case):
    """pads any batch in any way"""
    sequences, options = case
    pad_batch(student, sequences, **options)


@check(points=0.25)
def test_refuses_any_unknown_side(student, rng):
    """refuses every side it does not know, naming it, and every max_len below 1"""
    sequences = rng.integers(1, 99, size=(3, 2)).tolist()
    good = {"pad": "left", "truncate": "right", "max_len": 2}
    calls = [
        (good | {"max_len": n, "pad": side}, None) for n in (1, 9) for side in ("left", "right")
    ]
    for name in ("pad", "truncate"):
        for word in (random_word(rng), str(rng.choice(["", "l", "RIGHT"]))):
            calls.append((good | {name: word}, word))
    for max_len in (0, -1, -int(rng.integers(2, 99))):
        calls.append((good | {"max_len": max_len}, "max_len"))
    for options, wrong in shuffled(rng, calls):
        if wrong is None:
            pad_batch(student, sequences, **options)
        else:
            refuse(student, wrong, sequences[: int(rng.integers(2))], **options)


@check(points=0.25)
def test_empty_batches_and_arrays(student, rng):
    """takes arrays, an empty batch, and a batch of empty sequences, and keeps the laws"""
    laws.hold(student, rng)
    arrays = [rng.integers(0, 1000, size=size).astype(np.int32) for size in (3, 0, 7, 5)]
    for pad, truncate in product(("left", "right"), repeat=2):
        pad_batch(student, arrays, pad=pad, truncate=truncate, max_len=4, value=-100)
        with accepting("an empty batch, or one of empty sequences, has zero columns."):
            pad_batch(student, [[]] * int(rng.integers(3)), pad=pad, truncate=truncate, max_len=3)
