"""Checks of exercise 4.4: bug hunt: a sigmoid too many."""

import math

import numpy as np

from seqkit.checking.diagnosis import ROUNDED, as_number, looks_like, same_numbers
from seqkit.checking.expect import close
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import LOSSES, cost

rules = Rules(defines=("bce_with_logits",), forbids=LOSSES, numpy=True)

EXACT = {"atol": 0.0, "rtol": 1e-10}  # a small loss has ten digits of its own


def loss_by_hand(z, y):
    """Add the reviews' losses one by one."""
    losses = [t * cost(-a) + (1 - t) * cost(a) for a, t in zip(np.float64(z), y, strict=True)]
    return math.fsum(losses) / len(losses)


def why_loss(got, z, y):
    """Guess what went wrong with a loss."""
    expected, z = loss_by_hand(z, y), np.float64(z)
    if not math.isfinite(got):
        return (
            "The loss is not finite: a sigmoid that has rounded to 0 has no logarithm, and e^1000 "
            "is infinite. np.logaddexp(0, a) is log(1 + e^a) for any a."
        )
    if expected < 1e-3:
        return (
            "A small loss has digits of its own: two large numbers were subtracted, or 1 was added "
            "to a tiny number before the logarithm. Weigh log(1 + e^-z) and log(1 + e^z) with y "
            "and 1 - y."
        )
    if same_numbers(got, expected):
        return ROUNDED
    p = np.exp(-cost(-z))
    hard = [float(t > 0.5) for t in y]
    return looks_like(
        np.array(got),
        [
            ("it is the sum over the batch: the mean is asked for.", expected * len(z)),
            ("the sign is wrong: a loss is at least 0.", -expected),
            ("the labels are the wrong way round.", loss_by_hand(z, 1 - np.asarray(y))),
            (
                "z went through a sigmoid before, so that there are two: z is the logit itself.",
                loss_by_hand(p, y),
            ),
            ("the labels were rounded: one may be a probability.", loss_by_hand(z, hard)),
        ],
        "The loss is the mean of y · log(1 + e^-z) + (1 - y) · log(1 + e^z), for any z: a sigmoid "
        "that is clipped, or has a tiny number added, makes a large loss smaller.",
    )


def compare_losses(got, z, y):
    """Compare a loss with the one that comes out."""
    got, expected = as_number(got, "the loss"), loss_by_hand(z, y)
    close(got, expected, what="the loss", why=why_loss(got, z, y), **EXACT)


def call(student, z, y):
    """Call bce_with_logits and compare what comes back."""
    compare_losses(student.bce_with_logits(z, y), z, y)


def draw(rng, batch):
    """Draw logits, and labels of which some are probabilities."""
    labels = [0.0, 0.001, 0.125, 0.5, 0.875, 0.999, 1.0]
    return {"z": rng.normal(scale=6, size=batch), "y": rng.choice(labels, size=batch)}


def draw_met(rng, least):
    """Draw logits that meet their labels by far."""
    y = rng.integers(0, 2, size=3)
    return {"z": np.where(y == 1, 1, -1) * rng.uniform(least, least + 7, size=3), "y": y}


def draw_far(rng):
    """Draw logits of up to ±1000, with any labels."""
    return {"z": rng.choice([-1000.0, -710.0, 0.0, 300.0, 1000.0], size=9), "y": draw(rng, 9)["y"]}


laws = Laws(
    "bce_with_logits",
    draw,
    loss_by_hand,
    parts=("the loss",),
    large={"batch": 1100},
    whole=("z",),
    extreme=draw_far,
    compare=compare_losses,
    **EXACT,
)


@check(points=0.25)
def test_any_logit(student):
    """gives the mean loss for z up to ±1000, and does not round a tiny one to 0"""
    call(student, np.array([0.0]), np.array([1]))
    call(student, np.array([1.0, -2.0, 0.5]), np.array([1, 0, 0]))
    call(student, np.array([0.0, 1000.0]), np.array([1, 0]))
    call(student, np.array([-1000.0, 1000.0]), np.array([1, 1]))
    for z in (8.0, 20.0, 25.0, 36.0, 40.0):
        call(student, np.array([z, -z]), np.array([1, 0]))


@check(points=0.25)
def test_soft_labels(student, rng):
    """takes labels between 0 and 1 and logits of float32; keeps the laws"""
    call(student, np.array([2.0, -1.0]), np.array([0.25, 0.5]))
    call(student, np.array([1000.0, -1000.0]), np.array([0.999, 0.5]))
    call(student, np.array([1.3, -0.7, 0.4], dtype=np.float32), np.array([1, 0, 1]))
    laws.hold(student, rng)
