"""Hidden checks of exercise 2.4: the output comes back."""

from seqkit.course import check

from ..ex_2_04 import laws


@check(points=1.0)
def test_any_output_recurrence(student, rng):
    """runs any network of this kind, of any size, and keeps the laws"""
    for _ in range(2):
        laws.hold(student, rng)
