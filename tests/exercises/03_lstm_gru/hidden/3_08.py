"""Hidden checks of exercise 3.8: A model of any kind."""

import torch

from seqkit.checking.diagnosis import floats
from seqkit.checking.drawing import random_word, shuffled
from seqkit.checking.expect import close, naming, raises, shape
from seqkit.course import check

from ..ex_3_08 import loaded
from ..oracle import AGAIN, LAYERS, compare_outputs, random_batch


@check(points=0.5)
def test_any_depth_and_length(student, rng):
    """computes sequences of any length with any number of layers, one call like the other"""
    for kind, num_layers in (("rnn", 3), ("lstm", 2), ("gru", 3), ("lstm", 1)):
        features, size, outputs = rng.integers(1, 6, size=3).tolist()
        named = num_layers == 3
        model, weights = loaded(student, rng, kind, features, size, outputs, num_layers, named)
        for batch, steps in ((2, 9), (1, 1), (1, 6), (5, 2)):
            X = random_batch(rng, batch, steps, features)
            compare_outputs(model, kind, weights, X)
            compare_outputs(model, kind, weights, X, why=AGAIN)


@check(points=0.25)
def test_refuses_unknown_kinds(student, rng):
    """refuses a kind it does not know, naming it, and makes those it knows"""
    why = "kind is 'rnn', 'lstm' or 'gru'; anything else is a ValueError that names it."
    unknown = ["transformer", "LSTM", "gr", "", random_word(rng), random_word(rng)]
    for kind in shuffled(rng, [*LAYERS, *LAYERS, *unknown]):
        numbers = rng.integers(1, 5, size=3).tolist()
        if kind in LAYERS:
            model, weights = loaded(student, rng, kind, *numbers)
            compare_outputs(model, kind, weights, random_batch(rng, 2, 3, numbers[0]))
        else:
            with raises(ValueError, match=kind or None, why=why), naming(why=why):
                student.SequenceRegressor(kind, *numbers)


@check(points=0.25)
def test_rows_do_not_mix(student, rng):
    """computes each row of a batch as if it were alone"""
    for kind in LAYERS:
        model, weights = loaded(student, rng, kind, 3, 4, 2, 2)
        X = random_batch(rng, 4, 5, 3)
        together = compare_outputs(model, kind, weights, X)
        for row in range(4):
            got = floats(model(torch.from_numpy(X[row : row + 1])), "the output")
            why = "A row's output depends on nothing else in the batch, nor on earlier calls."
            shape(got, (1, 2), what="the output", why="A batch of one gives (1, O).")
            close(got, together[row : row + 1], what="the output", why=why, atol=1e-5)
