"""Hidden checks of exercise 3.8: A model of any kind."""

from seqkit.checking.drawing import random_word, shuffled
from seqkit.course import check

from ..ex_3_08 import compare_again, compare_flows, compare_sizes, loaded, refuse
from ..oracle import LAYERS, random_batch


@check(points=0.5)
def test_any_depth_and_length(student, rng):
    """computes sequences of any length with any number of layers, and can be trained"""
    for kind, num_layers in (("rnn", 3), ("lstm", 2), ("gru", 3), ("lstm", 1)):
        features, size, outputs = rng.integers(1, 6, size=3).tolist()
        named = num_layers == 3
        model, weights = loaded(student, rng, kind, features, size, outputs, num_layers, named)
        for batch, steps in ((2, 9), (1, 1), (1, 6), (5, 2)):
            compare_again(student, model, kind, weights, random_batch(rng, batch, steps, features))
    compare_flows(student, rng)
    compare_sizes(student, rng)


@check(points=0.25)
def test_refuses_unknown_kinds(student, rng):
    """refuses a kind it does not know, naming it, and makes those it knows"""
    unknown = ["transformer", "Lstm", "gr", "", " gru", random_word(rng), random_word(rng)]
    for kind in shuffled(rng, [*LAYERS, *LAYERS, *unknown]):
        numbers = rng.integers(1, 5, size=3).tolist()
        if kind in LAYERS:
            model, weights = loaded(student, rng, kind, *numbers)
            compare_again(student, model, kind, weights, random_batch(rng, 2, 3, numbers[0]))
        else:
            refuse(student, kind, *numbers)


@check(points=0.25)
def test_rows_do_not_mix(student, rng):
    """computes each row of a batch as if it were alone"""
    for kind in LAYERS:
        model, weights = loaded(student, rng, kind, 3, 4, 2, 2)
        compare_again(student, model, kind, weights, random_batch(rng, 2, 5, 3))
