"""Hidden checks of exercise 3.5: gradient by lag."""

import numpy as np
import torch

from seqkit.checking.diagnosis import floats
from seqkit.checking.expect import Mismatch, close, equal, shape
from seqkit.course import check

from ..ex_3_05 import compare_lags, jacobians
from ..oracle import build_twin, random_layer, values_of


@check(points=0.5)
def test_any_recurrent_layer(student, rng):
    """measures any layer of any depth"""
    for kind, num_layers in (("rnn", 1), ("gru", 2), ("lstm", 1), ("rnn", 3)):
        batch, steps, features, size = rng.integers(2, 6, size=4).tolist()
        layer = random_layer(rng, kind, features, size, num_layers).double()
        compare_lags(student, layer, torch.from_numpy(rng.normal(size=(batch, steps, features))))
    layer = random_layer(rng, "gru", 3, 2, scale=0.4)
    X = torch.from_numpy(rng.normal(size=(3, 6, 3)).astype(np.float32))
    compare_lags(student, layer, X, atol=1e-4, rtol=1e-3)
    layer = random_layer(rng, "lstm", 2, 3).double()
    compare_lags(student, layer, torch.from_numpy(rng.normal(size=(2, 1, 2))))


@check(points=0.5)
def test_measuring_leaves_no_trace(student, rng):
    """leaves the layer and X as they were"""
    layer = random_layer(rng, "gru", 2, 3)
    cell = build_twin(student, layer)
    X = torch.from_numpy(rng.normal(size=(2, 4, 2)).astype(np.float32))
    kept = student.keep(X)
    got = floats(student.gradient_by_lag(cell, kept), "the result")
    J = jacobians(layer.double(), X.double())
    expected = np.sqrt((J**2).sum(axis=(2, 3))).mean(axis=0)
    shape(got, (4,), what="the result", why="There is one number a step: shape (T,).")
    why = "The result itself is wrong (see the checks above): traces were not looked for."
    close(got, expected / expected[-1], what="the result", why=why, atol=1e-4, rtol=1e-3)
    for name, parameter in layer.named_parameters():
        gradient = student.fetch(getattr(cell, name).grad)
        if gradient is not None:
            raise Mismatch(
                f"left a gradient in {name}",
                "Gradients were left in the layer's parameters, and an optimizer would use them: "
                "ask for the gradient with respect to X alone (torch.autograd.grad).",
            )
        why = "The layer's parameters were changed."
        equal(floats(student.fetch(getattr(cell, name)), name), values_of(parameter), why=why)
        equal(student.fetch(getattr(cell, name).requires_grad), True, why=why)
    why = "The caller's X was changed: work on a tensor of your own (X.detach())."
    equal(student.fetch(kept.requires_grad), False, what="X.requires_grad afterwards", why=why)
    equal(student.fetch(kept.grad), None, what="X.grad afterwards", why=why)
    equal(floats(student.fetch(kept), "X"), X.double().numpy(), what="X afterwards", why=why)
