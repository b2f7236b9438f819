"""Hidden checks of exercise 4.7: A mean that cannot see padding."""

import numpy as np

from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_4_07 import call_mean, compare_gradient, laws
from ..oracle import AsTensors

ODD = [np.nan, np.inf, -np.inf, 1e30]


def drawn(rng):
    """Draw states with anything under the padding, one row without a real step, and their mask."""
    batch, steps, units = sizes(rng, 3, 2, 7)
    H, mask = rng.normal(size=(batch, steps, units)), rng.random((batch, steps)) < 0.5
    mask[rng.integers(batch)] = False
    return np.where(mask[..., None], H, rng.choice(ODD, size=H.shape)), mask


@check(points=0.5)
def test_any_mean(student, rng):
    """takes the mean over the real steps of any batch of any size, and keeps the laws"""
    for precision in ("float64", "float32"):
        H, mask = drawn(rng)
        call_mean(student, H.astype(precision), mask)
        real = np.argwhere(mask)[:1]
        infinite = H.copy()
        infinite[tuple(real.T)] = -np.inf
        call_mean(student, infinite.astype(precision), mask)
        left, right = rng.integers(0, 9, size=2).tolist()
        more = ((0, 0), (left, right))
        padded = np.pad(H, (*more, (0, 0)), constant_values=float(rng.choice(ODD)))
        call_mean(student, padded.astype(precision), np.pad(mask, more))
    laws.hold(AsTensors(student), rng)


@check(points=0.5)
def test_any_gradient(student, rng):
    """hands every real step its share of a gradient, and padding none"""
    for _ in range(3):
        H, mask = drawn(rng)
        slopes = rng.normal(size=(len(H), H.shape[2]))
        compare_gradient(student, H, mask, slopes)
        compare_gradient(student, H, mask & False, slopes)
