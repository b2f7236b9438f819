"""Hidden checks of exercise 2.1: one step."""

from seqkit.course import check

from ..ex_2_01 import laws


@check(points=0.5)
def test_any_step(student, rng):
    """computes any step, of any size, and keeps the laws"""
    for _ in range(2):
        laws.hold(student, rng)
