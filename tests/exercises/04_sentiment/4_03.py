"""Checks of exercise 4.3: the baseline, and its gradient."""

import math

import numpy as np

from seqkit.checking.diagnosis import (
    ROUNDED,
    as_number,
    compare,
    looks_like,
    parts_of,
    same_numbers,
)
from seqkit.checking.expect import close
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import AUTOGRAD, LOSSES, cost

rules = Rules(defines=("bow_logistic_step",), forbids=(*AUTOGRAD, *LOSSES), numpy=True)


def step_by_hand(counts, y, w, b):
    """Compute the loss and its gradient from how far each review is on its right side."""
    sign = np.where(np.asarray(y) == 1, 1.0, -1.0)
    right = sign * (np.asarray(counts, float) @ np.asarray(w, float) + b)
    pull = -sign * np.exp(-cost(right)) / len(sign)
    return float(cost(-right).mean()), np.einsum("bv,b->v", counts, pull), float(pull.sum())


def gradient_suspects(name, counts, y, w, b):
    """Yield what dw or db is when something typical is wrong."""
    which = {"dw": 1, "db": 2}[name]
    right = step_by_hand(counts, y, w, b)[which]
    yield (
        f"{name} is that of the sum: the loss is a mean over the reviews, so divide by B.",
        right * len(y),
    )
    yield f"the sign of {name} is wrong: the error is σ(z) - y.", -right
    yield "the labels are the wrong way round.", step_by_hand(counts, 1 - y, w, b)[which]
    yield "the bias is missing in z.", step_by_hand(counts, y, w, 0.0)[which]
    probability = np.exp(-cost(-(counts @ w + b)))
    error = (probability - y) * probability * (1 - probability) / len(y)
    yield (
        f"{name} has the slope of the sigmoid in it: it cancels, and the error is σ(z) - y.",
        (counts.T @ error, error.sum())[which - 1],
    )


def loss_suspects(counts, y, w, b):
    """Yield what the loss is when something typical is wrong."""
    right = step_by_hand(counts, y, w, b)[0]
    yield "it is the sum over the reviews: the mean is asked for.", right * len(y)
    yield "the sign is wrong: a loss is at least 0.", -right
    yield "the labels are the wrong way round.", step_by_hand(counts, 1 - y, w, b)[0]
    yield "the bias is missing in z.", step_by_hand(counts, y, w, 0.0)[0]
    z = counts @ w + b
    yield "reviews of label 0 were left out.", np.mean(y * cost(-z))


EXACT = {"atol": 1e-12, "rtol": 1e-10}  # float32 keeps seven digits
SMALL = (
    "The loss is not exact for large z: a sigmoid that has rounded to 0 or 1, or was clipped, has "
    "no such logarithm. log(1 + e^z) is np.logaddexp(0, z)."
)


def compare_steps(got, *arguments):
    """Compare a loss and its gradient with those that come out."""
    loss, dw, db = parts_of(got, "loss", "dw", "db")
    right, gradient, slope = step_by_hand(*arguments)
    loss, db = as_number(loss, "loss"), as_number(db, "db")
    why = "The loss is the mean over the reviews of -log p(the true label)."
    if not math.isfinite(loss) or right > 12:
        why = SMALL
    elif same_numbers(loss, right):
        why = ROUNDED
    else:
        why = looks_like(loss, loss_suspects(*arguments), why)
    close(loss, right, what="loss", why=why, **EXACT)
    why = "With one error a review, (σ(z) - y) / B, dw is counts.T @ error and db their sum."
    misshapen = "There is a derivative for each word: every review adds its counts times its error."
    compare(dw, gradient, "dw", gradient_suspects("dw", *arguments), why, misshapen)
    close(dw, gradient, what="dw", why=ROUNDED, **EXACT)
    why = looks_like(db, gradient_suspects("db", *arguments), why)
    close(db, slope, what="db", why=ROUNDED if same_numbers(db, slope) else why, **EXACT)


def call(student, *arguments):
    """Call bow_logistic_step and compare what comes back."""
    compare_steps(student.bow_logistic_step(*arguments), *arguments)


def draw(rng, reviews, words, scale=2.0):
    """Draw counts of which most are 0, labels and weights."""
    counts = rng.poisson(0.8, size=(reviews, words))
    return {
        "counts": counts,
        "y": rng.integers(0, 2, size=reviews),
        "w": np.round(rng.normal(scale=scale, size=words), 2),
        "b": float(np.round(rng.normal(), 2)),
    }


def draw_far(rng):
    """Draw weights that make z as large as it may be, on either side of each label."""
    drawn = draw(rng, 8, 3)
    counts = np.minimum(drawn["counts"], 3)
    return {**drawn, "counts": counts, "w": rng.choice([-1100.0, 0.0, 900.0, 1100.0], size=3)}


laws = Laws(
    "bow_logistic_step",
    draw,
    step_by_hand,
    parts=("loss", "dw", "db"),
    large={"reviews": 1100, "words": 1100},
    whole=("w",),
    extreme=draw_far,
    compare=compare_steps,
)


@check(points=0.5)
def test_loss_and_gradient(student):
    """gives the mean loss, and its derivatives by w and b"""
    one = np.array([[1]])
    call(student, one, np.array([0]), np.array([2.0]), -1)
    call(student, one, np.array([1]), np.zeros(1), 0.0)
    call(student, np.array([[2, 0], [0, 1]]), np.array([1, 0]), np.zeros(2), 0.0)
    counts = np.array([[1, 0, 2], [0, 3, 0], [0, 0, 0], [1, 1, 1]])
    call(student, counts, np.array([1, 0, 0, 1]), np.array([0.5, -1.0, 0.25]), 0.75)
    call(student, 300 * counts, np.array([1, 0, 0, 1]), np.array([0.01, -0.02, 0.003]), 0.75)


@check(points=0.5)
def test_far_from_zero(student):
    """stays finite and exact for z up to ±10,000"""
    counts = np.array([[1, 0], [0, 1]])
    for far in (17.0, 30.0, 800.0, 10_000.0):
        call(student, counts, np.array([1, 0]), np.array([far, -far]), 0.0)
        call(student, counts, np.array([0, 1]), np.array([far, -far]), 0.0)
    call(student, np.array([[1], [0]]), np.array([0, 0]), np.array([20_000.0]), -10_000.0)


@check(points=0.5)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
