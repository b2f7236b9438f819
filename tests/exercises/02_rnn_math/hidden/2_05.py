"""Hidden checks of exercise 2.5: A loss that ignores padding."""

import numpy as np

from seqkit.checking.drawing import shuffled, sizes
from seqkit.course import check

from ..ex_2_05 import call_loss, laws, refuses


def random_positions(rng, scale=3.0):
    """Draw logits, targets and a mask with at least two positions on and one off."""
    batch, steps, classes = sizes(rng, 3, 2, 6)
    logits = rng.normal(size=(batch, steps, classes)) * scale
    targets = rng.integers(0, classes, size=(batch, steps))
    mask = rng.random((batch, steps)) < 0.6
    mask.flat[rng.permutation(mask.size)[:3]] = [True, True, False]
    return logits, targets, mask


@check(points=0.5)
def test_any_loss(student, rng):
    """gives the loss and gradient of any batch, of any size, and keeps the laws"""
    laws.hold(student, rng)
    logits, targets, mask = random_positions(rng)
    call_loss(student, logits, targets, mask)
    call_loss(student, logits, targets, np.ones_like(mask))


@check(points=0.25)
def test_any_huge_logits(student, rng):
    """is exact for logits far from zero, all of one sign or mixed"""
    for shift, scale in [(1e4, 1.0), (-1e4, 1.0), (0.0, 3e3), (700.0, 5.0)]:
        logits, targets, mask = random_positions(rng, scale)
        call_loss(student, np.clip(logits + shift, -1e4, 1e4), targets, mask)


@check(points=0.25)
def test_nothing_to_learn_from(student, rng):
    """gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count"""
    calls = []  # logits, targets, mask, and which target has to be refused, if any
    for k in range(9):
        logits, targets, mask = random_positions(rng)
        classes, far = logits.shape[-1], int(rng.integers(5, 999))
        lost = [classes, classes + far, -1, -classes, -far, None, None, None, None][k]
        masked = [-100, -1, classes, 10_000]
        targets[~mask] = rng.choice(masked, size=(~mask).sum())
        if lost is not None:
            targets[tuple(rng.choice(np.argwhere(mask)))] = lost
        calls.append((logits, targets, mask, lost))
    for targets in (rng.integers(0, classes, size=mask.shape), np.full(mask.shape, -100)):
        calls.append((logits, targets, np.zeros_like(mask), None))
    for logits, targets, mask, lost in shuffled(rng, calls):
        if lost is None:
            call_loss(student, logits, targets, mask)
        else:
            refuses(student, logits, targets, mask, lost)
