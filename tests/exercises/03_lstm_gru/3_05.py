"""Checks of exercise 3.5: gradient by lag."""

from itertools import product

import numpy as np
import torch
from torch.nn import RNN

from seqkit.checking.diagnosis import agree, floats
from seqkit.checking.expect import close, shape
from seqkit.course import Rules, check

from .oracle import build_twin, random_layer

rules = Rules(defines=("gradient_by_lag",))


def jacobians(cell, X):
    """Return d h_T / d x_t for every row and step by central differences: (B, T, H, D)."""
    batch, steps, features = X.shape
    found = np.zeros((batch, steps, cell.hidden_size, features))
    with torch.no_grad():
        for t, d in product(range(steps), range(features)):
            move = torch.zeros_like(X)
            move[:, t, d] = 1e-5
            difference = cell(X + move)[0][:, -1] - cell(X - move)[0][:, -1]
            found[:, t, :, d] = difference.numpy() / 2e-5
    return found


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


def compare_lags(student, layer, X, atol=1e-7, rtol=1e-5):
    """Call gradient_by_lag with a layer's twin and compare."""
    J = jacobians(layer.double(), X.double())
    layer.to(X.dtype)
    got = floats(student.gradient_by_lag(build_twin(student, layer), X), "the result")
    expected = np.sqrt((J**2).sum(axis=(2, 3))).mean(axis=0)
    right = agree([got], [expected / expected[-1]])
    why = "" if right else why_lag(got, J)
    shape(got, expected.shape, what="the result", why=why)
    close(got, expected / expected[-1], what="the result", why=why, atol=atol, rtol=rtol)


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
    compare_lags(student, straight([0.5]).float(), X.float(), atol=1e-4, rtol=1e-3)
    compare_lags(student, straight([0.5, 0.25], [0.0, 2.0]), X)  # one unit halves, one doubles


@check(points=0.5)
def test_takes_every_entry_of_the_jacobian(student):
    """takes every entry of each row's Jacobian, in a small LSTM"""
    rng = np.random.default_rng(3)
    X = torch.from_numpy(rng.normal(size=(2, 3, 2)))
    compare_lags(student, random_layer(rng, "lstm", 2, 3).double(), X)
