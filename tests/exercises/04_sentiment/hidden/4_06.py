"""Hidden checks of exercise 4.6: bug hunt: the last word, not the last column."""

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_4_06 import call, call_transposed, compare_flow, draw, laws


@check(points=0.5)
def test_any_batch(student, rng):
    """takes the last real step of any batch, lets gradients flow there, and keeps the laws"""
    for dtype in ("float32", "float64"):
        for batch, steps, units in (sizes(rng, 3), (1, 7, 3), (5, 1, 1)):
            drawn = draw(rng, batch, steps, units, dtype)
            call(student, **drawn)
            call_transposed(student, **drawn)
            compare_flow(student, **drawn)
    laws.hold(student, rng)
