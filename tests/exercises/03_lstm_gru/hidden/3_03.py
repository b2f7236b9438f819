"""Hidden checks of exercise 3.3: bug hunt: which way does z point?."""

from seqkit.course import check

from ..ex_3_03 import after, before, compare_gru, draw_gru


@check(points=0.5)
def test_any_gru_step(student, rng):
    """takes the same step as PyTorch"""
    for _ in range(4):
        arguments = list(draw_gru(rng, *rng.integers(1, 7, size=3).tolist()).values())
        for named in ({}, {"reset_after": True}):
            compare_gru(student.gru_step(*arguments, **named), *arguments)


@check(points=0.5)
def test_any_step_reset_before(student, rng):
    """takes the paper's step"""
    for _ in range(4):
        arguments = [*draw_gru(rng, *rng.integers(1, 7, size=3).tolist()).values(), False]
        compare_gru(student.gru_step(*arguments), *arguments)


@check(points=0.5)
def test_any_size(student, rng):
    """takes any step, of any size, and keeps the laws"""
    after.hold(student, rng)
    before.hold(student, rng)
