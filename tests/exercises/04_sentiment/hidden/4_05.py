"""Hidden checks of exercise 4.5: how fast padding forgets."""

import torch

from seqkit.course import check

from ..ex_4_05 import LAYERS, call, compare_sizes, compare_trace, random_layer, reviews


@check(points=0.5)
def test_any_layer(student, rng):
    """measures any layer, of any depth and size, after any numbers of pads"""
    for kind in [*LAYERS, *LAYERS]:
        steps, features, size, layers = rng.integers(1, 6, size=4).tolist()
        pads = rng.integers(0, 12, size=6).tolist()
        layer = random_layer(rng, kind, features, size, layers)
        call(student, layer, reviews(rng, steps, features), pads)
    single = random_layer(rng, "lstm", 3, 4, 2, torch.float32)
    call(student, single, reviews(rng, 4, 3, torch.float32), [3, 0, 9])
    compare_sizes(student, rng)


@check(points=0.5)
def test_leaves_no_trace(student, rng):
    """leaves cell and X as they were, and its result has no gradient"""
    compare_trace(student, rng, training=True)
    compare_trace(student, rng, training=False)
