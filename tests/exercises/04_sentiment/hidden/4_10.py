"""Hidden checks of exercise 4.10: Bug hunt: three ways to measure wrongly."""

import numpy as np

from seqkit.checking.drawing import shuffled
from seqkit.course import check

from ..ex_4_10 import call_evaluate, hold_laws, numbered


@check(points=0.5)
def test_any_batches(student, rng):
    """gives loss and accuracy over all reviews of any batches, with any labels and logits"""
    for name in shuffled(rng, ["int64", "bool", "float32", "int32", "float64"]):
        full, last = int(rng.integers(3, 9)), int(rng.integers(1, 3))
        logits, labels = numbered(rng, full, full, last)
        call_evaluate(student, logits, [part.astype(name) for part in labels])
    logits, labels = numbered(rng, 4, 3)
    call_evaluate(student, [300 * part for part in logits], labels)
    logits, labels = [rng.normal(size=n) * 2 for n in (5, 5, 1)], numbered(rng, 5, 5, 1)[1]
    call_evaluate(student, [np.float32(part) for part in logits], labels)


@check(points=0.5)
def test_any_mode(student, rng):
    """measures quietly whatever mode the model is in, and keeps the laws"""
    for training in shuffled(rng, [True, True, False, False]):
        sizes = rng.integers(1, 6, size=int(rng.integers(1, 6))).tolist()
        call_evaluate(student, *numbered(rng, *sizes), training=training, drops=0.9)
    hold_laws(student, rng)
