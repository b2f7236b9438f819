"""Hidden checks of exercise 2.11: count the parameters."""

from itertools import product

import numpy as np

from seqkit.checking.diagnosis import advising
from seqkit.checking.drawing import random_word, shuffled
from seqkit.checking.expect import equal, naming, raises
from seqkit.course import check

from ..ex_2_11 import KINDS, compare_count, count_by_hand


@check(points=0.75)
def test_counts_everything(student, rng):
    """counts every combination of kind, layers, directions and framework"""
    for kind, layers, bidirectional, framework in product(
        KINDS, (1, 2, 3), (False, True), ("torch", "keras")
    ):
        features, hidden = rng.permutation(np.arange(1, 60))[:2].tolist()
        compare_count(student, kind, features, hidden, layers, bidirectional, framework)
    for kind in KINDS:
        features, hidden = rng.integers(1, 40, size=2).tolist()
        got = student.count_params(kind, features, hidden, 2, True, "keras")
        expected = count_by_hand(kind, features, hidden, 2, True, "keras")
        equal(got, expected, what="a count", why="Arguments may come without their names.")


@check(points=0.25)
def test_refuses_unknown_words(student, rng):
    """refuses a kind or framework it does not know, naming it, and no other"""
    why = "An unknown kind or framework is a ValueError that names the word given."
    unknown = str(rng.choice(["transformer", "mamba", "conv", "elman"]))
    kinds, frameworks = (unknown, random_word(rng), "LSTM", "Rnn"), ("torch", "keras")
    calls = [(kind, framework, kind) for kind, framework in product(kinds, frameworks)]
    others = (str(rng.choice(["jax", "mxnet", "theano"])), random_word(rng), "Torch", "Keras")
    calls += [(kind, framework, framework) for kind, framework in product(KINDS, others)]
    calls += [(kind, framework, None) for kind, framework in product(KINDS, frameworks)]
    for kind, framework, wrong in shuffled(rng, calls):
        features, hidden = rng.integers(1, 40, size=2).tolist()
        if wrong is None:
            with advising("A kind and a framework that are known are not refused.", "ValueError"):
                compare_count(student, kind, features, hidden, framework=framework)
        else:
            with raises(ValueError, match=wrong, why=why), naming(why=why):
                student.count_params(kind, features, hidden, framework=framework)
