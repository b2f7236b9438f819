"""Checks of exercise 3.8: A model of any kind."""

import numpy as np
import torch

from seqkit.checking.diagnosis import floats, holds
from seqkit.checking.expect import naming, raises, shape
from seqkit.course import Rules, check

from .oracle import (
    LAYERS,
    as_module,
    compare_flow,
    compare_outputs,
    compare_unseeded,
    compare_weights,
    expected_sizes,
    random_batch,
    weights_of,
)

rules = Rules(defines=("SequenceRegressor",))


#: How far an output may be off: its weights are large, so that none is too large for an answer.
ROUNDING = 1e-2


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
        name: torch.from_numpy(rng.normal(scale=1 / max(size, 3) ** 0.5, size=s).astype(np.float32))
        for name, s in sizes.items()
    }
    tensors["rnn.bias_ih_l0"][size : 2 * size] += 4  # a gate that keeps: the first step counts
    tensors["head.weight"] *= 1000
    model.load_state_dict(tensors)
    return model, {name: tensor.double().numpy() for name, tensor in tensors.items()}


UNKNOWN = "kind is 'rnn', 'lstm' or 'gru'; anything else is a ValueError that names it."


def refuse(student, kind, *numbers):
    """Expect an error that names a kind."""
    with raises(ValueError, match=kind or None, why=UNKNOWN), naming(beside=numbers, why=UNKNOWN):
        student.SequenceRegressor(kind, *numbers)


CHANGED = (
    "The same tensor with other values in it is another input: nothing is remembered from call to "
    "call. And a row's output depends on nothing else in the batch."
)


def compare_again(student, model, kind, weights, X):
    """Call a model twice with the same X, which holds other values then, and with a row alone."""
    kept = student.keep(torch.tensor(X))
    compare_outputs(model, kind, weights, X, ROUNDING, given=kept)
    student.assign(kept, (), torch.tensor(-X))
    kept.requires_grad_(True)
    compare_outputs(model, kind, weights, -X, ROUNDING, CHANGED, kept)
    compare_outputs(model, kind, weights, X[:1], ROUNDING, CHANGED)


def compare_sizes(student, rng):
    """Call models with many features, units, outputs, layers, rows or steps."""
    for kind, features, size, outputs, layers, batch, steps in (
        ("gru", 1, 1, 1, 1, 1, 1),
        ("rnn", 70, 3, 1, 1, 2, 3),
        ("gru", 2, 66, 12, 1, 2, 3),
        ("lstm", 1, 3, 2, 5, 2, 3),
        ("rnn", 2, 3, 2, 2, 1100, 3),
        ("gru", 2, 3, 1, 1, 2, 220),
    ):
        named = layers == 5
        model, weights = loaded(student, rng, kind, features, size, outputs, layers, named)
        compare_again(student, model, kind, weights, random_batch(rng, batch, steps, features))


def compare_flows(student, rng):
    """Expect gradients in every parameter of models of each kind, and other weights each time."""
    compare_unseeded(student, lambda: student.SequenceRegressor("gru", 2, 3, 1))
    for kind in LAYERS:
        model, _ = loaded(student, rng, kind, 2, 8, 2, 2)
        compare_flow(student, model, random_batch(rng, 3, 4, 2))


@check(points=0.25)
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


@check(points=0.25)
def test_reads_the_last_step(student):
    """gives what its weights say: the head of the top layer's last step"""
    rng = np.random.default_rng(8)
    for num_layers in (1, 2):
        for kind in LAYERS:
            model, weights = loaded(student, rng, kind, 2, 3, 2, num_layers)
            compare_again(student, model, kind, weights, random_batch(rng, 3, 4, 2))


@check(points=0.25)
def test_refuses_other_kinds(student):
    """refuses a kind it does not know, and names it"""
    for kind in ("LSTM", "Gru", "rnn ", "st", "transformer", ""):
        refuse(student, kind, 2, 8, 1)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws: any size, and every parameter can be trained"""
    compare_flows(student, rng)
    compare_sizes(student, rng)
