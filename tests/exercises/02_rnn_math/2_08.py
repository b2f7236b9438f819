"""Checks of exercise 2.8: clip, but keep the direction."""

import math
from contextlib import contextmanager

import numpy as np

from seqkit.checking.diagnosis import advising, as_floats, as_number, looks_like, parts_of
from seqkit.checking.expect import Mismatch, close, dtype, naming, raises, shape
from seqkit.checking.student import short
from seqkit.course import Rules, check

rules = Rules(
    defines=("clip_by_global_norm",),
    forbids=(
        "torch.nn.utils.clip_grad_norm_",
        "torch.nn.utils.get_total_norm",
        "keras.ops.clip",
        "tensorflow.clip_by_global_norm",
    ),
    numpy=True,
)


def norm_by_hand(grads):
    """Return the length of all entries together."""
    return math.hypot(*(x for grad in grads for x in np.ravel(grad).tolist()))


def clip_suspects(grads, max_norm, k):
    """Yield what clipped array ``k`` is when something typical is wrong."""
    grad, norm = np.asarray(grads[k], dtype=np.float64), norm_by_hand(grads)
    own = norm_by_hand([grad])
    if norm > max_norm:
        yield "nothing was clipped although the norm is above max_norm.", grad
        yield (
            "it is nearly right: the factor is max_norm / norm, nothing is added to the norm, and "
            "float64 stays float64.",
            grad * (max_norm / norm),
        )
    else:
        yield "gradients below max_norm were scaled up: leave them alone.", grad * (max_norm / norm)
    if own > 0:
        clipped = grad * min(1.0, max_norm / own)
        yield "every array was clipped by its own norm: one norm, one factor for all.", clipped
    yield (
        "the entries were cut one by one, which changes the direction: use one factor for all.",
        np.clip(grad, -max_norm, max_norm),
    )
    yield "the gradients were divided by their norm, whatever max_norm is.", grad / norm


def compare_clipped(student, grads, max_norm, call=None):
    """Call clip_by_global_norm and compare both results."""
    got = student.clip_by_global_norm(grads, max_norm) if call is None else call
    clipped, norm = parts_of(got, "clipped", "norm")
    if not isinstance(clipped, tuple | list) or len(clipped) != len(grads):
        raise Mismatch(
            f"gave clipped {short(clipped)}, expected a list of {len(grads)} arrays",
            "clipped is a list with an array for each gradient.",
        )
    expected_norm = norm_by_hand(grads)
    factor = min(1.0, max_norm / expected_norm) if expected_norm > 0 else 1.0
    why = looks_like(
        np.array(as_number(norm, "norm")),
        [
            ("the norm after clipping came back: the one before is asked for.", max_norm),
            ("the root is missing.", expected_norm**2),
            (
                "the norms of the arrays were added: add the squares of all entries.",
                sum(norm_by_hand([grad]) for grad in grads),
            ),
        ]
        if expected_norm > 0
        else [],
        "norm is the root of the sum of the squares of all entries of all arrays, before "
        "clipping, computed in float64.",
    )
    close(norm, expected_norm, what="norm", why=why, atol=1e-12)
    for k, (part, grad) in enumerate(zip(clipped, grads, strict=True)):
        what = f"clipped[{k}]"
        part = as_floats(part, what)
        precise = grad.dtype == np.float64
        expected = grad * grad.dtype.type(factor)
        why = "Above max_norm every array is multiplied by max_norm / norm, otherwise nothing is."
        if expected_norm > 0:
            why = looks_like(part, clip_suspects(grads, max_norm, k), why)
        shape(part, grad.shape, what=what, why="Every clipped array has the shape it had.")
        close(part, expected, what=what, why=why, atol=1e-300, rtol=1e-9 if precise else 1e-5)
        dtype(part, grad.dtype.name, what=what, why="Every clipped array keeps its dtype.")


@check(points=0.5)
def test_one_factor_for_all(student):
    """scales all arrays by one factor and gives the norm from before"""
    compare_clipped(student, [np.array([[2.0, 4.0], [0.0, 0.0]]), np.array([4.0])], 3.0)
    compare_clipped(student, [np.array([3.0]), np.array([[4.0]])], 1.0)


@check(points=0.25)
def test_leaves_small_gradients(student):
    """leaves gradients whose norm is not above max_norm"""
    compare_clipped(student, [np.array([3.0]), np.array([[4.0]])], 10.0)
    compare_clipped(student, [np.array([3.0, -4.0])], 5)
    compare_clipped(student, [np.zeros(2), np.zeros((1, 2))], 1.0)


NOT_FINITE = (
    "A NaN or an infinity in any array is a ValueError that says `finite`: scaled, it would "
    "spread over every weight."
)


@contextmanager
def refuses_to_clip(word):
    """Expect a ValueError that says `finite`, perhaps with all gradients, or `max_norm`."""
    if word == "finite":
        with raises(ValueError, match=word, why=NOT_FINITE):
            yield
    else:
        why = "max_norm has to be positive: otherwise a ValueError that says `max_norm`."
        with raises(ValueError, match=word, why=why), naming(why=why):
            yield


@check(points=0.25)
def test_refuses_broken_gradients(student):
    """refuses gradients that are not finite, a max_norm that is not positive, and nothing else"""
    for broken in (math.inf, math.nan, -math.inf):
        with refuses_to_clip("finite"):
            student.clip_by_global_norm([np.array([1.0]), np.array([2.0, broken])], 1.0)
    for bad in (0.0, -1.0):
        with refuses_to_clip("max_norm"):
            student.clip_by_global_norm([np.array([3.0, 4.0])], bad)
    why = "Finite gradients with a positive max_norm are not refused."
    with advising(why, "finite|max_norm"):
        compare_clipped(student, [np.array([0.0, 5.0])], 1.0)
