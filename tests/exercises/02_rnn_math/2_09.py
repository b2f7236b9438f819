"""Checks of exercise 2.9: why gradients vanish."""

import math

import numpy as np

from seqkit.checking.diagnosis import as_floats, compare, same_numbers, suspected
from seqkit.checking.expect import close
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import AUTOGRAD, TINY

rules = Rules(
    defines=("jacobian_norms",),
    forbids=(
        "torch.autograd.functional.jacobian",
        "torch.func.jacrev",
        "torch.func.jacfwd",
        *AUTOGRAD,
    ),
    numpy=True,
)


def jacobians_by_hand(W_hh, H):
    """Differentiate h_T by every h_t: nudge one unit of h_t and run to the end.

    The inputs are those that lead through the states of H.
    """
    inputs = np.arctanh(H[1:]) - H[:-1] @ W_hh.T
    result = []
    for t in range(len(H)):
        J = np.zeros(W_hh.shape)
        for unit in range(len(W_hh)):
            h = H[t].astype(np.complex128)
            h[unit] += 1j * TINY
            for u in inputs[t:]:
                h = np.tanh(W_hh @ h + u)
            J[:, unit] = h.imag / TINY
        result.append(J)
    return result


def largest_stretch(J):
    """Return the largest singular value."""
    size = np.abs(J).max() or 1.0  # the square of a tiny number is 0
    return size * math.sqrt(max(np.linalg.eigvalsh((J.T / size) @ (J / size)).max(), 0.0))


def norms_of(
    W_hh, H, *, slopes=None, columns=False, norm=largest_stretch, times=None, product=False
):
    """Return norms as some rule gives them; ``slopes[t]`` is that of the step to state t."""
    slopes = 1 - H**2 if slopes is None else slopes
    J, result = np.eye(len(W_hh)), [norm(np.eye(len(W_hh)))]
    for slope in slopes[:0:-1]:
        step = W_hh * slope if columns else slope[:, None] * W_hh
        J = J @ step if times is None else times(J, step)
        result.append(result[-1] * norm(step) if product else norm(J))
    return np.array(result[::-1])


def norm_suspects(W_hh, H):
    """Yield what the norms are when something typical is wrong."""
    slopes = 1 - H**2
    yield "the slope of tanh is missing.", norms_of(W_hh, H, slopes=np.ones(H.shape))
    yield (
        "the slope of the last state is taken at every step: each step has its own.",
        norms_of(W_hh, H, slopes=np.broadcast_to(slopes[-1], H.shape)),
    )
    yield (
        "the slope is taken one state late: it is that of the state the step leads to.",
        norms_of(W_hh, H, slopes=np.concatenate([slopes[1:], slopes[-1:]])),
    )
    yield (
        "the slope was taken at the state before the step: take the one it leads to.",
        norms_of(W_hh, H, slopes=np.concatenate([slopes[:1], slopes[:-1]])),
    )
    yield (
        "the slope is h(1 - h), as if tanh lay between 0 and 1: it is 1 - h².",
        norms_of(W_hh, H, slopes=H * (1 - H)),
    )
    for slope in (1 - H, 1 - np.abs(H)):
        yield "the slope is 1 - h², h squared.", norms_of(W_hh, H, slopes=slope)
    yield (
        "the slope multiplies the columns of W_hh: it comes after W_hh, so it multiplies the rows.",
        norms_of(W_hh, H, columns=True),
    )
    yield "W_hh was transposed: forwards it is W_hh h.", norms_of(W_hh.T, H)
    yield (
        "the matrices are multiplied in the other order: the latest step stands on the left.",
        norms_of(W_hh, H, times=lambda J, step: step @ J),
    )
    yield (
        "`*` stands where a matrix product is meant.",
        norms_of(W_hh, H, times=lambda J, step: J * step),
    )
    yield (
        "it is the largest eigenvalue: the largest singular value is asked for.",
        norms_of(W_hh, H, norm=lambda J: np.abs(np.linalg.eigvals(J)).max()),
    )
    yield (
        "it is a Frobenius norm, the root of the sum of all squares: `np.linalg.norm(J, 2)` is the "
        "largest singular value.",
        norms_of(W_hh, H, norm=np.linalg.norm),
    )
    for order in (1, np.inf):
        yield (
            "it is the sum of absolute values of a row or column (norms 1 and inf): the largest "
            "singular value has ord=2.",
            norms_of(W_hh, H, norm=lambda J, order=order: np.linalg.norm(J, order)),
        )
    yield (
        "the norms of the steps were multiplied: multiply the matrices, then take the norm.",
        norms_of(W_hh, H, product=True),
    )
    yield "norms are cut at 1: a gradient can grow too.", np.minimum(norms_of(W_hh, H), 1)


def why_norms(got, expected, W_hh, H, otherwise):
    """Guess what went wrong with the norms."""
    if got.shape != expected.shape:
        return "There is one norm for each of the T states, the last one too."
    if len(H) == 1:
        return "∂h_T/∂h_T is the identity: the last norm is 1."
    if np.allclose(got, expected[::-1]):
        return "It looks like the list is in reverse: the last entry belongs to h_T and is 1."
    fitting = [  # whether or not the last norm was set to 1
        message
        for message, values in norm_suspects(W_hh, H)
        if same_numbers(got[:-1], values[:-1])
        and (np.isclose(got[-1], 1) or np.isclose(got[-1], values[-1]))
    ]
    if fitting or otherwise:
        return suspected(fitting, otherwise)
    if not np.isclose(got[-1], 1):
        return "∂h_T/∂h_T is the identity: the last norm is 1, no step is in it."
    if len(W_hh) > 1 and np.isclose(got[-2], expected[-2]):
        return (
            "One step back is right, more are not: the matrices are multiplied in order, the "
            "latest step on the left, each with the slope at its own state."
        )
    return (
        "Entry t is the largest singular value of the product of diag(1 - h²) W_hh over the steps "
        "from t to T."
    )


def compare_norms(got, W_hh, H, expected=None, otherwise=""):
    """Compare norms with those that come out; ``expected`` where a formula tells."""
    got = as_floats(got, "the norms")
    if expected is None:
        expected = np.array([largest_stretch(J) for J in jacobians_by_hand(W_hh, H)])
    right = got.shape == expected.shape and np.allclose(got, expected)
    why = "" if right else why_norms(got, expected, W_hh, H, otherwise)
    compare(got, expected, "the norms", otherwise=why)
    small = "A small norm counts as well: what is not 0 does not come out as 0."
    close(got, expected, "the norms", small, atol=1e-100)


def draw(rng, steps, hidden):
    """Draw a matrix and states; no product of such matrices is 0 by chance."""
    return {
        "W_hh": rng.normal(size=(hidden, hidden)),
        "H": rng.integers(-9, 10, size=(steps, hidden)) / 10,
    }


laws = Laws(
    "jacobian_norms",
    draw,
    norms_of,
    parts=("the norms",),
    large={"steps": 300, "hidden": 66},
    whole=("W_hh",),
    compare=compare_norms,
    atol=1e-100,
    rtol=1e-7,
)


@check(points=0.5)
def test_norms_of_one_unit(student):
    """multiplies slopes and weight of a single unit, 1 at the end"""
    for W_hh, H in (
        ([[2.0]], [[0.6], [0.8], [0.0]]),
        ([[-0.5]], [[0.5], [-0.6]]),
        ([[1e-9]], [[0.5], [0.5001], [0.5002]]),
    ):
        W_hh, H = np.array(W_hh), np.array(H)
        compare_norms(student.jacobian_norms(W_hh, H), W_hh, H)
    got = student.jacobian_norms(np.array([[2.0]]), np.array([[0.5], [1.0]]))
    close(got, [0.0, 1.0], "the norms", "Where a state is 1 the slope is 0.", atol=1e-100)


@check(points=0.5)
def test_norms_of_two_units(student):
    """multiplies matrices in the right order and takes the largest singular value"""
    W_hh = np.array([[0.5, 2.0], [0.0, 1.0]])
    states = np.array([[0.5, 0.0], [0.8, -0.6], [0.0, 0.6], [-0.6, 0.8]])
    for H in (states[:2].copy(), states):
        compare_norms(student.jacobian_norms(W_hh, H), W_hh, H)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
