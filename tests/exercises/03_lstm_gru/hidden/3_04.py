"""Hidden checks of exercise 3.4: back through the cell."""

from seqkit.checking.expect import close
from seqkit.course import check

from ..ex_3_04 import (
    CACHED,
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
from ..oracle import quarters


@check(points=0.75)
def test_back_through_any_step(student, rng):
    """agrees with PyTorch's gradients, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        *step, dh, dc = draw_both(rng, *sizes).values()
        compare_backward(student, dh, dc, *step)


@check(points=0.75)
def test_back_through_a_chain(student, rng):
    """goes back through a chain of steps, each with its own cache"""
    _, h, c, W, U, b, dh, dc = draw_both(rng, 2, 3, 4).values()
    chain = []
    for x in quarters(rng, 8, int(rng.integers(4, 7)), 2, 3):
        step = x, h, c, W, U, b
        h, c, cache = forward_kept(student, *step)
        chain.append((step, cache))
    why = f"Over several steps, dh_prev and dc_prev are what reaches the step before. {CACHED}"
    for step, cache in reversed(chain):
        got, expected = (
            gradients_of(student, dh, dc, cache, step),
            gradients_by_autograd(dh, dc, *step),
        )
        for name, part, target in zip(GRADIENTS, got, expected, strict=True):
            close(part, target, what=f"{name} of the chain", why=why)
        _, dh, dc, *_ = got


@check(points=0.5)
def test_any_size(student, rng):
    """takes any step, of any size, and keeps the laws"""
    compare_caches(student, rng)
    laws.hold(ThereAndBack(student), rng)
