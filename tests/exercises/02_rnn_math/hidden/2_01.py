"""Hidden checks of exercise 2.1: one step."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_01 import compare_step
from .oracle import call_kept, random_weights


@check(points=0.5)
def test_any_step(student, rng):
    """computes any step, also of one-hot vectors, and leaves its arguments alone"""
    for batch, features, hidden in [sizes(rng, 3), [1, 1, 1], [4, 3, 3]]:
        x, h = rng.normal(size=(batch, features)), rng.uniform(-1, 1, size=(batch, hidden))
        compare_step(student, x, h, *random_weights(rng, features, hidden))
        one_hot = np.eye(features, dtype=np.int64)[rng.integers(features, size=batch)]
        compare_step(student, one_hot, h, *random_weights(rng, features, hidden))
    call_kept(
        student,
        "rnn_step",
        dict(
            zip(
                ["x", "h", "W_xh", "W_hh", "b"],
                [x, h, *random_weights(rng, features, hidden)],
                strict=True,
            )
        ),
    )
