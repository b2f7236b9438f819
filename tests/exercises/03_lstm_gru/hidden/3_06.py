"""Hidden checks of exercise 3.6: bug hunt: a gate that must start open."""

from seqkit.course import check

from ..ex_3_06 import compare_depths, compare_in_place


@check(points=0.5)
def test_any_depth(student, rng):
    """reaches every layer and both directions, with any value"""
    size = int(rng.integers(1, 5))
    sizes = (size, 1, False), (size, 12, False), (size, 1, True), (size, 4, True)
    compare_depths(student, rng, sizes, (0, 250, float(-rng.uniform(0.5, 4.0))))


@check(points=0.5)
def test_in_place_and_trainable(student, rng):
    """works in place: whatever was there, the same parameters can be trained"""
    compare_in_place(student, rng)
