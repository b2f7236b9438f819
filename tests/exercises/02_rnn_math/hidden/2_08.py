"""Hidden checks of exercise 2.8: clip, but keep the direction."""

import math
from itertools import product

import numpy as np

from seqkit.checking.drawing import shuffled
from seqkit.course import check

from ..ex_2_08 import call_clipped, laws, norm_by_hand, refuses_to_clip


def random_grads(rng, precision="float64"):
    """Draw gradients of several shapes."""
    a, b, c = rng.integers(1, 5, size=3).tolist()
    shapes = [(a, b), (b,), (c, a, b), (1,)][: int(rng.integers(2, 5))]
    scale = 10.0 ** rng.uniform(-2, 2)
    return [(rng.normal(size=s) * scale).astype(precision) for s in shapes]


@check(points=0.5)
def test_clips_anything(student, rng):
    """clips any gradients, at any max_norm, and keeps the laws"""
    for share in (0.1, 0.999, 1.001, 7.0, *rng.uniform(0.05, 2.0, size=3)):
        grads = random_grads(rng)
        call_clipped(student, grads, norm_by_hand(grads) * float(share))
    laws.hold(student, rng)


@check(points=0.25)
def test_single_precision(student, rng):
    """keeps float32, but computes the norm in float64"""
    grads = random_grads(rng, "float32")
    call_clipped(student, grads, norm_by_hand(grads) / 3)
    call_clipped(student, grads, norm_by_hand(grads) * 3)
    huge = [grad / np.abs(grad).max() * np.float32(1e30) for grad in grads]
    call_clipped(student, huge, 1.0)
    mixed = [*random_grads(rng, "float32"), *random_grads(rng)]
    call_clipped(student, mixed, norm_by_hand(mixed) / 2)


@check(points=0.25)
def test_edges_of_clipping(student, rng):
    """takes an empty list, zeros, one array, a single number that is not finite"""
    calls = [
        ([], 1.0, None),
        ([np.zeros((2, 3))], float(rng.uniform(0.1, 2)), None),
        ([rng.normal(size=(3, 2)) * 1e100], 0.5, None),
    ]
    numbers = (math.inf, -math.inf, math.nan, None)
    for broken, precision, max_norm in product(numbers, ("float32", "float64"), (1.0, 1e6)):
        grads = random_grads(rng, precision)
        chosen = grads[int(rng.integers(len(grads)))]
        if broken is not None:
            chosen.flat[int(rng.integers(chosen.size))] = broken
        calls.append((grads, max_norm, None if broken is None else "finite"))
    for max_norm in (0, -float(rng.uniform(0.1, 5)), -1e-9, 1e-9, 3):
        for grads in (random_grads(rng), [np.zeros(2)]):
            calls.append((grads, max_norm, None if max_norm > 0 else "max_norm"))
    for grads, max_norm, wrong in shuffled(rng, calls):
        if wrong is None:
            call_clipped(student, grads, max_norm)
        else:
            with refuses_to_clip(wrong):
                student.clip_by_global_norm(grads, max_norm)
