"""Hidden checks of exercise 2.2: through time."""

from seqkit.course import check

from ..ex_2_02 import laws


@check(points=1.0)
def test_any_sequence(student, rng):
    """runs through any batch of sequences, of any size, and keeps the laws"""
    for _ in range(2):
        laws.hold(student, rng)
