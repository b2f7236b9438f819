"""Hidden checks of exercise 2.2: through time."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_02 import compare_forward
from .oracle import call_kept, random_weights


@check(points=0.5)
def test_any_sequence(student, rng):
    """runs through any batch of sequences, one step or one row too"""
    for batch, steps, features, hidden in [sizes(rng, 4), [1, 5, 3, 2], [3, 1, 2, 4], [1] * 4]:
        compare_forward(
            student,
            rng.normal(size=(batch, steps, features)),
            rng.uniform(-1, 1, size=(batch, hidden)),
            *random_weights(rng, features, hidden),
        )


@check(points=0.5)
def test_one_hot_sequences(student, rng):
    """takes one-hot vectors of whole numbers, and leaves its arguments alone"""
    batch, steps, features, hidden = sizes(rng, 4)
    X = np.eye(features, dtype=np.int64)[rng.integers(features, size=(batch, steps))]
    h0 = rng.uniform(-1, 1, size=(batch, hidden))
    weights = random_weights(rng, features, hidden)
    compare_forward(student, X, h0, *weights)
    names = ["X", "h0", "W_xh", "W_hh", "b"]
    call_kept(
        student,
        "rnn_forward",
        dict(zip(names, [X.astype(np.float64), h0, *weights], strict=True)),
    )
