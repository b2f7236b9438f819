"""Hidden checks of exercise 2.11: count the parameters."""

from itertools import product

from seqkit.checking.diagnosis import advising
from seqkit.checking.drawing import random_word, shuffled
from seqkit.checking.expect import naming, raises
from seqkit.course import check

from ..ex_2_11 import KINDS, KNOWN, UNKNOWN, call_count, laws


@check(points=0.75)
def test_counts_everything(student, rng):
    """counts every combination of kind, layers, directions and framework, and keeps the laws"""
    for kind, layers, bidirectional, framework in product(
        KINDS, (1, 2, 3), (False, True), ("torch", "keras")
    ):
        features, hidden = rng.integers(1, 60, size=2).tolist()
        call_count(student, kind, features, hidden, layers, bidirectional, framework)
    laws.hold(student, rng)


@check(points=0.25)
def test_refuses_any_unknown_word(student, rng):
    """refuses a kind or framework it does not know, naming it, and no other"""
    unknown = str(rng.choice(["transformer", "mamba", "conv", "elman"]))
    kinds, frameworks = (unknown, random_word(rng), "LSTM", "Rnn"), ("torch", "keras")
    calls = [(kind, framework, kind) for kind, framework in product(kinds, frameworks)]
    others = (str(rng.choice(["jax", "mxnet", "theano"])), random_word(rng), "Torch", "Keras")
    calls += [(kind, framework, framework) for kind, framework in product(KINDS, others)]
    calls += [(kind, framework, None) for kind, framework in product(KINDS, frameworks)]
    for kind, framework, wrong in shuffled(rng, calls):
        features, hidden = rng.integers(1, 40, size=2).tolist()
        if wrong is None:
            with advising(KNOWN, "ValueError"):
                call_count(student, kind, features, hidden, framework=framework)
        else:
            with raises(ValueError, match=wrong, why=UNKNOWN), naming(why=UNKNOWN):
                student.count_params(kind, features, hidden, framework=framework)
