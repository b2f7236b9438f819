"""Checks of exercise 2.8: clip, but keep the direction."""

import math
from contextlib import contextmanager

import numpy as np

from seqkit.checking.diagnosis import advising, as_floats, as_number, looks_like, parts_of
from seqkit.checking.expect import Mismatch, close, dtype, naming, raises, shape
from seqkit.checking.laws import Laws
from seqkit.checking.written import short
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


NEARLY = (
    "it is nearly right: the factor is max_norm / norm, nothing is added to the norm, and float64 "
    "stays float64."
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


def call_clipped(student, grads, max_norm):
    """Call clip_by_global_norm and compare both results."""
    compare_clipped(student.clip_by_global_norm(grads, max_norm), grads, max_norm)


def compare_clipped(got, grads, max_norm):
    """Compare both results with those that come out."""
    clipped, norm = parts_of(got, "clipped", "norm")
    if not isinstance(clipped, tuple | list) or len(clipped) != len(grads):
        raise Mismatch(
            f"gave clipped {short(clipped)}, expected a list of {len(grads)} arrays",
            "clipped is a list with an array for each gradient.",
        )
    scaled, expected_norm = clip_by_hand(grads, max_norm)
    why = looks_like(
        np.array(as_number(norm, "norm")),
        [
            ("the norm after clipping came back: the one before is asked for.", max_norm),
            ("the root is missing.", expected_norm**2),
            ("it was computed in float32: use float64.", expected_norm),
            (
                "the norms of the arrays were added: add the squares of all entries.",
                sum(norm_by_hand([grad]) for grad in grads if len(grads) > 1),
            ),
        ]
        if expected_norm > 0
        else [],
        "norm is the root of the sum of the squares of all entries of all arrays, before "
        "clipping, computed in float64.",
    )
    close(norm, expected_norm, what="norm", why=why, atol=0.0, rtol=1e-9)
    for k, (part, grad, expected) in enumerate(zip(clipped, grads, scaled, strict=True)):
        what = f"clipped[{k}]"
        part = as_floats(part, what)
        precise = grad.dtype == np.float64
        why = "Above max_norm every array is multiplied by max_norm / norm, otherwise nothing is."
        if expected_norm > 0:
            why = looks_like(part, clip_suspects(grads, max_norm, k), why)
            why = looks_like(part, [(NEARLY, expected)], why)
        shape(part, grad.shape, what=what, why="Every clipped array has the shape it had.")
        close(part, expected, what=what, why=why, atol=1e-300, rtol=1e-9 if precise else 1e-5)
        dtype(part, grad.dtype.name, what=what, why="Every clipped array keeps its dtype.")


def draw(rng, arrays, rows):
    """Draw gradients of several shapes, and half their norm."""
    shapes = [(rows, 2), (4,), (1, 2, 1, 3, 2)] * arrays
    grads = [rng.integers(-8, 9, size=s) / 2 for s in shapes[:arrays]]
    grads[-1].flat[0] = 2.5
    return {"grads": grads, "max_norm": norm_by_hand(grads) / 2}


def clip_by_hand(grads, max_norm):
    """Scale all by one factor."""
    norm = norm_by_hand(grads)
    return [grad * (max_norm / norm if norm > max_norm else 1.0) for grad in grads], norm


laws = Laws(
    "clip_by_global_norm",
    draw,
    clip_by_hand,
    parts=("clipped", "norm"),
    large={"arrays": 70, "rows": 1200},
    compare=compare_clipped,
)


@check(points=0.25)
def test_one_factor_for_all(student):
    """scales all arrays by one factor, keeps float32, and gives the norm from before in float64"""
    call_clipped(student, [np.array([[2.0, 4.0], [0.0, 0.0]]), np.array([4.0])], 3.0)
    call_clipped(student, [np.array([3.0]), np.array([[4.0]])], 1.0)
    call_clipped(student, [np.array([3.0, 4.0], np.float32), np.array([12.0])], 6.5)
    call_clipped(student, [np.array([3e30, -4e30], np.float32)], 1.0)
    call_clipped(student, [np.array([3e100, -4e100])], 1.0)
    call_clipped(student, [np.array([3e-100, -4e-100])], 1e-100)
    call_clipped(student, [np.array([0.1, 0.7], np.float32)], 0.3)


@check(points=0.25)
def test_leaves_small_gradients(student):
    """leaves gradients whose norm is not above max_norm, an empty list too"""
    call_clipped(student, [np.array([3.0]), np.array([[4.0]])], 5.01)
    call_clipped(student, [np.array([3.0, -4.0])], 5)
    call_clipped(student, [np.zeros(2), np.zeros((1, 2))], 1.0)
    call_clipped(student, [], 1.0)


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
    for broken, size in ((math.inf, 1), (math.nan, 1), (-math.inf, 1200)):
        with refuses_to_clip("finite"):
            student.clip_by_global_norm([np.ones(1), np.append(np.ones(size), broken)], 1.0)
    for bad, grads in ((0.0, [np.array([3.0, 4.0])]), (-1.0, [np.zeros(2)]), (0.0, [])):
        with refuses_to_clip("max_norm"):
            student.clip_by_global_norm(grads, bad)
    why = "Finite gradients with a positive max_norm are not refused."
    with advising(why, "finite|max_norm"):
        call_clipped(student, [np.array([0.0, 5.0])], 1e-20)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
