"""Hidden checks of exercise 3.5: gradient by lag."""

import numpy as np
import torch

from seqkit.course import check

from ..ex_3_05 import compare_lags, compare_sizes, compare_trace
from ..oracle import random_layer


@check(points=0.5)
def test_any_recurrent_layer(student, rng):
    """measures any layer of any depth and size"""
    for kind, num_layers in (("rnn", 1), ("gru", 2), ("lstm", 1), ("rnn", 3)):
        batch, steps, features, size = rng.integers(2, 6, size=4).tolist()
        layer = random_layer(rng, kind, features, size, num_layers).double()
        compare_lags(student, layer, torch.from_numpy(rng.normal(size=(batch, steps, features))))
    layer = random_layer(rng, "gru", 3, 2, scale=0.4)
    X = torch.from_numpy(rng.normal(size=(3, 6, 3)).astype(np.float32))
    compare_lags(student, layer, X)
    compare_sizes(student, rng)


@check(points=0.5)
def test_measuring_leaves_no_trace(student, rng):
    """leaves the layer and X as they were"""
    compare_trace(student, rng, torch.float32, False)
    compare_trace(student, rng, torch.float64, True)
