"""Hidden checks of exercise 3.4: back through the cell."""

import numpy as np
import torch
from torch.autograd import grad

from seqkit.checking.diagnosis import holds
from seqkit.checking.expect import close
from seqkit.course import check

from ..ex_3_04 import (
    DERIVED,
    GRADIENTS,
    compare_backward,
    compare_gradients,
    forward_kept,
    gradients_by_autograd,
    gradients_of,
)
from ..oracle import lstm_by_loops, tensors
from .oracle import (
    LSTM_ARGUMENTS,
    compare_untouched,
    keep_all,
    lstm_case,
    sequence_case,
    torch_sequence,
)


@check(points=0.75)
def test_back_through_any_step(student, rng):
    """agrees with PyTorch's gradients, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        arguments = lstm_case(rng, *sizes)
        dh, dc = rng.normal(size=(2, sizes[0], sizes[2]))
        compare_backward(student, dh, dc, *arguments)
        h, c, _ = forward_kept(student, *arguments)
        for name, part, target in zip("hc", (h, c), lstm_by_loops(*arguments), strict=True):
            close(part, target, what=name, why="The step forward is lstm_step's.")
    # derived, 100,000 gradients take milliseconds; found by a small change of each they take long
    x, h, c, W, U, b = lstm_case(rng, 2, 100, 120)
    arguments = x, h, c, W / 10, U / 10, b
    dh, dc = rng.normal(size=(2, 2, 120))
    _, _, cache = forward_kept(student, *arguments)
    got = gradients_of(student, dh, dc, cache, arguments)
    expected = gradients_by_autograd(dh, dc, *arguments)
    for name, part, target in zip(GRADIENTS, got, expected, strict=True):
        holds(
            np.allclose(part, target, atol=1e-10, rtol=1e-9),
            f"{name} is wrong for a hundred units: do the checks with few units pass?",
        )


@check(points=0.75)
def test_back_through_a_chain(student, rng):
    """goes back through a chain of steps, each with its own cache"""
    batch, steps, features, size = 2, int(rng.integers(4, 7)), 3, 4
    X, h, c, W, U, b = sequence_case(rng, batch, steps, features, size)
    dH = rng.normal(size=(batch, steps, size))
    leaves = [part.clone().requires_grad_() for part in tensors(X, h, c, W, U, b)]
    H, _, _ = torch_sequence(*leaves, torch.zeros_like(leaves[-1]))
    expected = [part.numpy() for part in grad((H * torch.from_numpy(dH)).sum(), leaves)]
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
    why = (
        "Over several steps, dh_prev and dc_prev of a step are what reaches the step before it. "
        "A cache stays as it was while other steps are taken: do not keep it in a global name, "
        "do not change it in place."
    )
    for name, part, target in zip(GRADIENTS, found, expected, strict=True):
        close(part, target, what=f"{name} of the chain", why=why)


@check(points=0.5)
def test_back_changes_nothing(student, rng):
    """leaves its arguments as they were and may be called again with the same cache"""
    arguments = lstm_case(rng, 3, 2, 4)
    kept = keep_all(student, arguments)
    _, _, cache = forward_kept(student, *kept)
    dh, dc = rng.normal(size=(2, 3, 4))
    kept_dh, kept_dc = keep_all(student, (dh, dc))
    first = gradients_of(student, kept_dh, kept_dc, cache, arguments)
    compare_gradients(first, gradients_by_autograd(dh, dc, *arguments), dh, dc, arguments)
    compare_untouched(student, [kept_dh, kept_dc], [dh, dc], ("dh", "dc"))
    compare_untouched(student, kept, arguments, LSTM_ARGUMENTS)
    again = gradients_of(student, dh, dc, cache, arguments)
    for name, part, before in zip(GRADIENTS, again, first, strict=True):
        close(part, before, what=name, why="The cache was changed: a second call gives another.")
