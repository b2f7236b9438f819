"""Hidden checks of exercise 4.3: the baseline, and its gradient."""

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_4_03 import call, draw, draw_far, laws


@check(points=1)
def test_any_batch(student, rng):
    """gives loss and gradient of any batch, of any size, and keeps the laws"""
    for scale in (0.3, 2.0, 12.0):
        counts, y, w, b = draw(rng, *sizes(rng, 2), scale).values()
        call(student, counts, y, w, b)
        call(student, 300 * counts, y, w / 300, b)
    laws.hold(student, rng)


@check(points=0.5)
def test_any_far_batch(student, rng):
    """stays finite and exact for any z up to ±10,000"""
    for far in (1.0, 0.03, 0.3, 0.016):
        counts, y, w, b = draw_far(rng).values()
        call(student, counts, y, w * far, b)
        call(student, counts[:1], y[:1], w * far, b)
