"""Hidden checks of exercise 3.6: bug hunt: a gate that must start open."""

from seqkit.course import check

from ..ex_3_06 import compare_depths, compare_in_place
from ..oracle import random_layer


@check(points=0.5)
def test_any_depth(student, rng):
    """reaches every layer and both directions, with any value"""
    for num_layers, bidirectional in ((1, False), (12, False), (1, True), (4, True)):
        features, size = rng.integers(1, 5, size=2).tolist()
        layer = random_layer(rng, "lstm", features, size, num_layers, bidirectional=bidirectional)
        compare_depths(student, [layer], (0, 250, float(-rng.uniform(0.5, 4.0))))


@check(points=0.5)
def test_in_place_and_trainable(student, rng):
    """works in place: whatever was there, the same parameters can be trained"""
    compare_in_place(student, rng)
