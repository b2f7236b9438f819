"""Hidden checks of exercise 2.4: the output comes back."""

from seqkit.course import check

from ..ex_2_04 import compare_jordan, draw, laws


@check(points=0.5)
def test_any_output_recurrence(student, rng):
    """runs any network of this kind, of any size, and keeps the laws"""
    for _ in range(2):
        laws.hold(student, rng)


@check(points=0.5)
def test_matrices_that_all_fit(student, rng):
    """uses the right matrix the right way round where every one of them would fit"""
    for _ in range(2):
        size = int(rng.integers(2, 5))
        arguments = draw(rng, 3, 4, size, size, size).values()
        compare_jordan(student.output_recurrence(*arguments), *arguments)
