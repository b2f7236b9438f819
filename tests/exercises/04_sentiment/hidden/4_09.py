"""Hidden checks of exercise 4.9: The same in Keras."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_4_09 import (
    KERAS_SECONDS,
    compare_logits,
    compare_padding,
    compare_start,
    compare_training,
    refilled,
)


@check(points=1, seconds=KERAS_SECONDS)
def test_any_rows(student, rng):
    """gives the logits that its weights say, for any sizes, rows and lengths, and keeps the laws"""
    model, weights = refilled(student, rng, 1, 1, 1)
    compare_logits(model, weights, np.zeros((1, 1), np.int64))
    words, features, size = sizes(rng, 3, 3, 9)
    model, weights = refilled(student, rng, words, features, size)
    for batch, steps in (sizes(rng, 2), (40, 1)):
        compare_logits(model, weights, rng.integers(0, words, size=(batch, steps)), training=True)
    compare_start(student, words, features, size)
    compare_training(student, rng, 4 + words, features, 61)


@check(points=0.5, seconds=KERAS_SECONDS)
def test_any_padding(student, rng):
    """gives the same logit with any padding, for long rows too"""
    words = int(rng.integers(5, 30))
    model, weights = refilled(student, rng, words, 3, 4)
    ids = rng.integers(1, words, size=(3, 5))
    ids[np.arange(5) >= rng.integers(1, 6, size=(3, 1))] = 0
    compare_padding(model, weights, ids, int(rng.integers(1, 9)))
    compare_logits(model, weights, rng.integers(1, words, size=(1, 1100)))
