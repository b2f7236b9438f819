"""Checks of exercise 4.7: A mean that cannot see padding."""

import numpy as np
import torch

from seqkit.checking.diagnosis import advising, floats, looks_like
from seqkit.checking.expect import Mismatch, close, dtype, shape
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import AsTensors

rules = Rules(defines=("masked_mean",), forbids=("torch.masked.mean", "torch.masked.sum"))


def means(H, mask):
    """Return the mean of every row, one row after the other."""
    nothing = np.zeros(H.shape[2])
    return np.array(
        [r[on].mean(axis=0) if on.any() else nothing for r, on in zip(H, mask, strict=True)]
    )


def why_mean(got, H, mask):
    """Guess what went wrong with means over real steps."""
    expected, count = means(H, mask), mask.sum(axis=1, keepdims=True)
    if got.shape != expected.shape:
        return "One mean a row and unit: (B, H). Steps are axis 1, and every row has a mean."
    if np.isinf(expected).any():
        return "An infinity on a real step is part of the mean, which is infinite then."
    if not np.isfinite(got[count[:, 0] > 0]).all():
        return (
            "nan or inf under the padding came through: 0 · nan is nan, so multiplying by the "
            "mask removes nothing. Choose instead: torch.where."
        )
    if not np.isfinite(got).all():
        return (
            "A row without a real step is all zeros: divide by its count, but never by less "
            "than 1, and do not let nan or inf under the padding in."
        )
    real, steps = np.where(mask[..., None], H, 0.0), H.shape[1]
    first = [row[: max(n, 1)].mean(axis=0) for row, n in zip(H, count[:, 0], strict=True)]
    suspects = [
        ("padding was counted in: the mean is over the real steps.", H.mean(axis=1)),
        ("the sum was divided by T: divide by the number of real steps.", real.sum(axis=1) / steps),
        ("it is the sum: divide by the number of real steps.", real.sum(axis=1)),
        ("the first steps were taken: padding may stand on either side.", first),
        ("the largest was taken: the mean is asked for.", real.max(axis=1)),
        ("the steps of all rows were counted together.", real.sum(axis=1) / max(count.sum(), 1)),
    ]
    otherwise = "Each row's real steps are added, and divided by how many they are."
    return looks_like(got, suspects, otherwise)


def compare_mean(got, H, mask):
    """Compare means with those that come out: shape, values, dtype."""
    found, expected = floats(got, "the mean"), means(H, mask)
    single = H.dtype == np.float32
    near = {"atol": 1e-5, "rtol": 1e-5} if single else {"atol": 1e-13, "rtol": 1e-12}
    with np.errstate(all="ignore"):
        right = found.shape == expected.shape and np.allclose(found, expected, **near)
        why = "" if right else why_mean(found, H, mask)
    shape(found, expected.shape, what="the mean", why=why)
    close(found, expected, what="the mean", why=why, **near)
    dtype(got, H.dtype.name, what="the mean", why="The mean has the dtype of H.")


def call_mean(student, H, mask):
    """Call masked_mean and compare."""
    H, mask = np.asarray(H), np.asarray(mask)
    compare_mean(student.masked_mean(torch.tensor(H), torch.tensor(mask)), H, mask)


FLOWS = (
    "A gradient has to reach H: make the result of H by operations of PyTorch, nothing detached "
    "and nothing in between turned into an array or a number."
)
SHARES = (
    "The mean of n steps hands each of them an n-th of its gradient, and steps under padding "
    "exactly 0, whatever stands there: not even the branch that is not chosen may divide by 0."
)


def compare_gradient(student, H, mask, slopes):
    """Send slopes back through the means, and compare what reaches every step."""
    H, mask, slopes = np.asarray(H), np.asarray(mask), np.asarray(slopes)
    kept = student.keep(torch.tensor(H))
    kept.requires_grad_(True)
    with advising(FLOWS, "require.? grad|detach|attribute 'backward'|Handle"):
        student.kept("masked_mean", kept, torch.tensor(mask)).backward(torch.tensor(slopes))
    got = student.fetch(kept.grad)
    if got is None:
        raise Mismatch("gave a mean whose gradient does not reach H", FLOWS)
    shares = slopes / np.maximum(mask.sum(axis=1, keepdims=True), 1)
    expected = np.where(mask[..., None], shares[:, None], 0.0)
    close(got, expected, what="the gradient of H", why=SHARES, atol=1e-12)


def draw(rng, batch, steps, units):
    """Draw states and a mask that may be false anywhere, infinity under some padding."""
    H, mask = rng.integers(-8, 9, size=(batch, steps, units)) / 4, rng.random((batch, steps)) < 0.6
    H[~mask & (rng.random(mask.shape) < 0.3)] = np.inf
    return {"H": H, "mask": mask}


laws = Laws(
    "masked_mean",
    draw,
    means,
    parts=("the mean",),
    large={"batch": 1100, "steps": 1100, "units": 70},
    compare=compare_mean,
    without=("layouts",),
)

EXAMPLE = (
    [[[1.0], [3.0], [9.0]], [[5.0], [5.0], [5.0]]],
    [[True, True, False], [False, False, False]],
)


@check(points=0.5)
def test_takes_real_steps(student):
    """takes the mean over the real steps, wherever padding stands, in the dtype of H"""
    call_mean(student, np.array([[[1.0], [3.0], [9.0]]]), [[True, True, False]])
    call_mean(student, *EXAMPLE)
    H = [[[8.0, 1.0], [1.0, 2.0], [2.0, 4.0]], [[1.0, 0.0], [7.0, 7.0], [4.0, 5.0]]]
    mask = [[False, True, True], [True, False, True]]
    call_mean(student, H, mask)
    call_mean(student, np.array(H, np.float32), mask)
    call_mean(student, np.array([[[0.1], [0.7]]]), [[True, True]])


@check(points=0.25)
def test_never_looks_under_padding(student):
    """gives the same whatever stands under padding, and sends real steps alone a gradient"""
    H, mask = [[[1.0], [3.0], [0.0]], [[0.0], [0.0], [0.0]]], EXAMPLE[1]
    for odd in (np.nan, np.inf, -np.inf, 1e300):
        call_mean(student, np.where(np.array(mask)[..., None], H, odd), mask)
    call_mean(student, [[[1.0, np.inf], [np.nan, 3.0]]], [[True, False]])
    call_mean(student, np.pad(H, ((0, 0), (2, 5), (0, 0))), np.pad(mask, ((0, 0), (2, 5))))
    compare_gradient(student, H, mask, [[1.0], [1.0]])
    compare_gradient(student, np.where(np.array(mask)[..., None], H, np.nan), mask, [[2.0], [3.0]])
    compare_gradient(student, H, [[False] * 3] * 2, [[1.0], [1.0]])


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(AsTensors(student), rng)
