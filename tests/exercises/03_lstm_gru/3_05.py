"""Checks of exercise 3.5: gradient by lag."""

import copy

import numpy as np
import torch
from torch.autograd import grad
from torch.nn import RNN

from seqkit.checking.diagnosis import ROUNDED, agree, floats
from seqkit.checking.expect import Mismatch, close, equal, shape
from seqkit.course import Rules, check

from .oracle import build_twin, random_layer, values_of

rules = Rules(defines=("gradient_by_lag",))


def jacobians(cell, X):
    """Return d h_T / d x_t for every row and step: (B, T, H, D)."""
    size, (batch, steps, features) = cell.hidden_size, X.shape
    X = X.repeat_interleave(size, 0).requires_grad_()  # every row once for each unit
    last = cell(X)[0][:, -1].reshape(batch, size, size)
    (J,) = grad(last.diagonal(dim1=1, dim2=2).sum(), X)
    return J.reshape(batch, size, steps, features).transpose(1, 2).numpy()


def why_lag(got, J):
    """Guess what went wrong with gradients by lag."""
    norms = np.sqrt((J**2).sum(axis=(2, 3)))  # (B, T)
    expected = norms.mean(axis=0)

    def same(other):
        return got.shape == other.shape and np.allclose(got, other, atol=1e-6, rtol=1e-4)

    if got.shape != expected.shape:
        return "There is one number a step: shape (T,)."
    if same(expected):
        return "It looks like the division is missing: everything is divided by the last entry."
    summed = np.sqrt((J.sum(axis=2) ** 2).sum(axis=2)).mean(axis=0)
    if same(summed / summed[-1]):
        return (
            "It looks like the gradient of h_T.sum(): there the rows of the Jacobian are added "
            "before they are squared, and rows of opposite sign cancel. Take one unit of h_T at a "
            "time, square, then add."
        )
    if same(expected / expected[-1]):
        return ROUNDED
    if same((expected / expected[-1])[::-1]):
        return "It looks like the order is reversed: entry t belongs to x_t, the last entry is 1."
    if same(expected / expected[0]) or same(expected / expected.max()):
        return "Everything is divided by the last entry, not by the first or the largest."
    rooted = np.sqrt((norms**2).mean(axis=0))
    if same(rooted / rooted[-1]):
        return "Take the root in every row first, then the mean over the rows."
    if same((norms / norms[:, -1:]).mean(axis=0)):
        return "Take the mean over the rows first, then divide: there is one division, of means."
    together = np.sqrt((J.mean(axis=0) ** 2).sum(axis=(1, 2)))
    if same(together / together[-1]):
        return "Take the norm in every row first, then the mean over the rows."
    if same((expected / expected[-1]) ** 2):
        return "It looks like the root is missing: a norm is the root of the sum of squares."
    spectral = np.linalg.norm(J, ord=2, axis=(2, 3)).mean(axis=0)
    if same(spectral / spectral[-1]):
        return "That is the largest singular value; the Frobenius norm takes all entries."
    return (
        "Entry t is the mean over the rows of ‖∂h_T/∂x_t‖, the root of the sum of all squared "
        "entries of the Jacobian (H, D), divided by the last entry. h_T is cell(X)[0][:, -1], the "
        "hidden state of the top layer."
    )


def compare_lags(student, layer, X, cell=None, given=None):
    """Call gradient_by_lag with a layer's twin, and with X or what is given for it; compare."""
    atol, rtol = (1e-4, 1e-3) if X.dtype == torch.float32 else (1e-8, 1e-7)
    J = jacobians(copy.deepcopy(layer).double(), X.double())
    cell = build_twin(student, layer) if cell is None else cell
    got = floats(student.gradient_by_lag(cell, X if given is None else given), "the result")
    expected = np.sqrt((J**2).sum(axis=(2, 3))).mean(axis=0)
    right = agree([got], [expected / expected[-1]])
    why = "" if right else why_lag(got, J)
    shape(got, expected.shape, what="the result", why=why)
    close(got, expected / expected[-1], what="the result", why=why, atol=atol, rtol=rtol)


LEFT_A_GRADIENT = (
    "Gradients were left in the layer's parameters, or those that were there have gone, and an "
    "optimizer would use them: ask for the gradient with respect to X alone (torch.autograd.grad)."
)


def compare_trace(student, rng, dtype, tracked):
    """Measure a layer that is being trained, and an X with a gradient or none: both stay."""
    before, layer = (random_layer(rng, "gru", 2, 3, 2).to(dtype) for _ in range(2))
    X = torch.from_numpy(rng.normal(size=(2, 4, 2))).to(dtype)
    cell, kept = build_twin(student, before), student.keep(X)
    if tracked:
        kept.requires_grad_(True)
        kept.backward(torch.ones_like(X))
    compare_lags(student, before, X, cell, kept)
    cell.load_state_dict(layer.state_dict())  # it is trained, and measured once more
    found = rng.permutation([name for name, _ in layer.named_parameters()]).tolist()
    frozen, there = found[0], found[:4]
    for name in there:  # a leaf keeps what is sent back to it
        getattr(cell, name).backward(torch.ones_like(getattr(layer, name)))
    getattr(cell, frozen).requires_grad_(False)
    compare_lags(student, layer, X, cell, kept)
    student.gradient_by_lag(X=kept, cell=cell)
    for name, parameter in layer.named_parameters():
        now = getattr(cell, name)
        gradient = student.fetch(now.grad)
        if (gradient is None) == (name in there):
            raise Mismatch(f"changed the gradient in {name}", LEFT_A_GRADIENT)
        if name in there:
            what = f"{name}.grad afterwards"
            close(gradient, np.ones(tuple(parameter.shape)), what=what, why=LEFT_A_GRADIENT)
        why = "The layer's parameters were changed."
        equal(floats(student.fetch(now), name), values_of(parameter), what=name, why=why)
        trainable = student.fetch(now.requires_grad)
        equal(trainable, name != frozen, what=f"{name}.requires_grad afterwards", why=why)
    why = "The layer was switched to evaluation: leave it as it was."
    equal(student.fetch(cell.training), True, what="cell.training afterwards", why=why)
    why = "The caller's X was changed: work on a tensor of your own (X.detach())."
    equal(student.fetch(kept.requires_grad), tracked, what="X.requires_grad afterwards", why=why)
    equal(floats(student.fetch(kept), "X"), values_of(X), what="X afterwards", why=why)
    gradient = np.ones(X.shape) if tracked else None
    equal(student.fetch(kept.grad), gradient, what="X.grad afterwards", why=why)


def compare_sizes(student, rng):
    """Measure layers with many units, rows, features, layers or steps."""
    for kind, batch, steps, features, size, layers in (
        ("rnn", 1, 1, 1, 1, 1),
        ("rnn", 1, 2, 2, 150, 1),
        ("lstm", 300, 2, 1, 2, 1),
        ("rnn", 2, 2, 70, 3, 1),
        ("rnn", 2, 3, 2, 4, 4),
    ):
        layer = random_layer(rng, kind, features, size, layers, scale=1 / size**0.5).double()
        compare_lags(student, layer, torch.from_numpy(rng.normal(size=(batch, steps, features))))
    compare_lags(student, straight([1.0]), torch.ones(1, 220, 1, dtype=torch.float64))


def straight(*rows):
    """Make a layer that is linear where inputs are positive: each step back multiplies by W_hh."""
    layer = RNN(1, len(rows), nonlinearity="relu", batch_first=True).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        layer.weight_ih_l0.fill_(1.0)
        layer.weight_hh_l0.copy_(torch.tensor(rows))
    return layer


@check(points=0.5)
def test_halves_with_every_step(student):
    """finds that each step back halves the gradient where the weight is a half"""
    X = torch.ones(1, 4, 1, dtype=torch.float64)
    compare_lags(student, straight([0.5]), X)
    compare_lags(student, straight([0.5]).float(), X.float())
    compare_lags(student, straight([0.5, 0.25], [0.0, 2.0]), X)  # one unit halves, one doubles


@check(points=0.25)
def test_takes_every_entry_of_the_jacobian(student):
    """takes every entry of each row's Jacobian, of the top layer"""
    rng = np.random.default_rng(3)
    for kind, layers in (("lstm", 1), ("lstm", 2), ("gru", 2)):
        X = torch.from_numpy(rng.normal(size=(2, 3, 2)))
        compare_lags(student, random_layer(rng, kind, 2, 3, layers).double(), X)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws: any size, and no trace in the layer and in X"""
    compare_trace(student, rng, torch.float32, False)
    compare_trace(student, rng, torch.float64, True)
    compare_sizes(student, rng)
