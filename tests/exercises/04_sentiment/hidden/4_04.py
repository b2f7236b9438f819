"""Hidden checks of exercise 4.4: bug hunt: a sigmoid too many."""

import numpy as np

from seqkit.course import check

from ..ex_4_04 import call, draw, draw_far, draw_met, laws


@check(points=0.5)
def test_any_batch(student, rng):
    """gives the loss of any batch, tiny or huge, and keeps the laws"""
    met = [draw_met(rng, least) for least in (5, 12, 19, 26, 33)]
    for drawn in (draw(rng, 5), draw(rng, 1), draw_far(rng), *met):
        call(student, drawn["z"], drawn["y"])
    call(student, draw(rng, 6)["z"].astype(np.float32), rng.integers(0, 2, size=6))
    laws.hold(student, rng)
