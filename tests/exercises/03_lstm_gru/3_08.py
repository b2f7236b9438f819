"""Checks of exercise 3.8: A model of any kind."""

import numpy as np
import torch

from seqkit.checking.diagnosis import floats, holds
from seqkit.checking.expect import shape
from seqkit.course import Rules, check

from .oracle import (
    LAYERS,
    as_module,
    compare_outputs,
    compare_weights,
    expected_sizes,
    random_batch,
    weights_of,
)

rules = Rules(defines=("SequenceRegressor",))


def loaded(student, rng, kind, features, size, outputs, num_layers=1, named=False):
    """Make a learner's model, compare its weights' shapes, and load weights of ours."""
    numbers = (features, size, outputs)
    if named:
        names = ("input_size", "hidden_size", "output_size")
        options = dict(zip(names, numbers, strict=True), num_layers=num_layers, kind=kind)
        model = student.SequenceRegressor(**options)
    elif num_layers == 1:
        model = student.SequenceRegressor(kind, *numbers)
    else:
        model = student.SequenceRegressor(kind, *numbers, num_layers)
    sizes = expected_sizes(kind, *numbers, num_layers)
    compare_weights(weights_of(model), sizes, kind)
    tensors = {
        name: torch.from_numpy(rng.normal(scale=0.6, size=s).astype(np.float32))
        for name, s in sizes.items()
    }
    model.load_state_dict(tensors)
    return model, {name: tensor.double().numpy() for name, tensor in tensors.items()}


@check(points=0.5)
def test_has_a_layer_and_a_head(student):
    """has a recurrent layer `rnn` of the kind asked for, and a linear `head`"""
    for kind in LAYERS:
        model = as_module(student.SequenceRegressor(kind, 2, 8, 1))
        compare_weights(weights_of(model), expected_sizes(kind, 2, 8, 1, 1), kind)
        X = torch.from_numpy(random_batch(np.random.default_rng(0), 4, 7, 2))
        got = floats(model(X), "the output")
        why = "One row of outputs for each sequence: (B, O)."
        shape(got, (4, 1), what="the output", why=why)
        holds(
            len(np.unique(got)) == 4,
            "Four different sequences gave the same output: forward hands X to self.rnn, and the "
            "last state to self.head, with nothing after it.",
        )


@check(points=0.5)
def test_reads_the_last_step(student):
    """gives what its weights say: the head of the last step"""
    rng = np.random.default_rng(8)
    for kind in LAYERS:
        model, weights = loaded(student, rng, kind, 2, 3, 2)
        compare_outputs(model, kind, weights, random_batch(rng, 3, 4, 2))
