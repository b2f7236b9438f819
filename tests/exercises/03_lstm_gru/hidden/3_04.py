"""Hidden checks of exercise 3.4: back through the cell."""

import numpy as np
import torch
from torch.autograd import grad

from seqkit.checking.diagnosis import holds
from seqkit.checking.expect import close
from seqkit.course import check

from ..ex_3_04 import (
    CACHED,
    DERIVED,
    GRADIENTS,
    ThereAndBack,
    compare_backward,
    compare_caches,
    draw_both,
    forward_kept,
    gradients_by_autograd,
    gradients_of,
    laws,
)
from ..oracle import quarters, tensors, torch_sequence


@check(points=0.75)
def test_back_through_any_step(student, rng):
    """agrees with PyTorch's gradients, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        *step, dh, dc = draw_both(rng, *sizes).values()
        compare_backward(student, dh, dc, *step)


@check(points=0.75)
def test_back_through_a_chain(student, rng):
    """goes back through a chain of steps, each with its own cache"""
    batch, steps, features, size = 2, int(rng.integers(4, 7)), 3, 4
    _, h, c, W, U, b, _, _ = draw_both(rng, batch, features, size).values()
    X, dH = quarters(rng, 8, batch, steps, features), quarters(rng, 8, batch, steps, size)
    leaves = [part.clone().requires_grad_() for part in tensors(X, h, c, W, U, b)]
    H, _, _ = torch_sequence(*leaves, torch.zeros_like(leaves[-1]))
    (reached,) = tensors(dH)
    expected = [part.numpy() for part in grad((H * reached).sum(), leaves)]
    _, _, cache = forward_kept(student, X[:, 0], h, c, W, U, b)
    alone = gradients_of(student, dH[:, 0], dH[:, 1], cache, (X[:, 0], h, c, W, U, b))
    right = gradients_by_autograd(dH[:, 0], dH[:, 1], X[:, 0], h, c, W, U, b)
    holds(
        all(np.allclose(a, b, **DERIVED) for a, b in zip(alone, right, strict=True)),
        "A single step is wrong already: mend that first (see the checks above).",
    )
    caches = []
    for t in range(steps):
        h, c, cache = forward_kept(student, X[:, t], h, c, W, U, b)
        caches.append(cache)
    dh, dc, sums, dx = 0 * h, 0 * c, [0.0, 0.0, 0.0], []
    for t in reversed(range(steps)):
        like = (X[:, t], h, c, W, U, b)
        got = gradients_of(student, dH[:, t] + dh, dc, caches[t], like)
        dx, dh, dc = [got[0], *dx], got[1], got[2]
        sums = [a + b for a, b in zip(sums, got[3:], strict=True)]
    found = [np.stack(dx, axis=1), dh, dc, *sums]
    why = f"Over several steps, dh_prev and dc_prev are what reaches the step before. {CACHED}"
    for name, part, target in zip(GRADIENTS, found, expected, strict=True):
        close(part, target, what=f"{name} of the chain", why=why)


@check(points=0.5)
def test_any_size(student, rng):
    """takes any step, of any size, and keeps the laws"""
    compare_caches(student, rng)
    laws.hold(ThereAndBack(student), rng)
