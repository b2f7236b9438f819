"""Checks of exercise 2.5: A loss that ignores padding."""

import math
from contextlib import nullcontext

import numpy as np

from seqkit.checking.diagnosis import advising, as_floats, as_number, compare, looks_like, parts_of
from seqkit.checking.expect import Mismatch, close, naming, raises
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import cross_entropy_by_hand

rules = Rules(
    defines=("softmax_cross_entropy",),
    forbids=(
        "torch.nn.functional.cross_entropy",
        "torch.nn.CrossEntropyLoss",
        "torch.nn.functional.log_softmax",
        "keras.losses.SparseCategoricalCrossentropy",
        "keras.ops.softmax",
    ),
    numpy=True,
)


def why_loss(got, expected, logits, targets, mask):
    """Guess what went wrong with a loss."""
    count = int(mask.sum())
    if not math.isfinite(got):
        if count == 0:
            return "With every position masked there is nothing to divide by: the loss is 0."
        return (
            "The loss is not finite: take the largest logit of each position away before exp, and "
            "the logarithm of the sum, never of a probability that has become 0."
        )
    if count == 0:
        return "With every position masked the loss is 0."
    rows = [
        cross_entropy_by_hand(logits[i : i + 1], targets[i : i + 1], mask[i : i + 1])[0]
        for i in range(len(mask))
        if mask[i].any()
    ]
    suspects = [
        ("the sum was divided by all positions, padding too.", expected * count / mask.size),
        ("it is the sum over the positions: the mean is asked for.", expected * count),
        ("it is a mean of the rows' means: the mean is over all positions.", np.mean(rows)),
        ("the logarithm has base 2: take the natural one.", expected / math.log(2)),
        ("the sign is wrong: a loss is at least 0.", -expected),
    ]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    for scores in (logits, shifted):  # log2 of the sum alone, the score as it is
        with np.errstate(all="ignore"):
            bits = np.log2(np.exp(scores).sum(axis=-1))
            costs = [
                bits[i] - scores[(*i, targets[i])] for i in zip(*np.nonzero(mask), strict=True)
            ]
        suspects.append(("the logarithm has base 2: take the natural one.", np.mean(costs)))
    blank = math.log(logits.shape[-1])  # what a position costs whose logits are all the same
    with_blanks = expected * count + (mask.size - count) * blank
    for divisor in (count, mask.size):
        suspects.append(
            (
                "masked logits were set to 0, which still costs log V a position: leave masked "
                "positions out of the sum.",
                with_blanks / divisor,
            )
        )
    if np.all((targets >= 0) & (targets < logits.shape[-1])):
        everywhere = cross_entropy_by_hand(logits, targets, np.ones_like(mask))[0]
        suspects.append(("masked positions were counted in.", everywhere))
    if 10 < got < expected / 2:
        return "The loss is too small: log(p + tiny) has a floor. Compute log softmax directly."
    return looks_like(
        np.array(got), suspects, "The loss is the mean of -log softmax(logits)[target]."
    )


def why_dlogits(got, expected, targets, mask):
    """Guess what went wrong with the gradient."""
    count = max(int(mask.sum()), 1)
    if got.shape == expected.shape and not np.isfinite(got).all():
        return "dlogits is not finite: softmax does not need exp of a large number."
    suspects = [
        ("dlogits was not divided by the number of positions that count.", expected * count),
        (
            "dlogits was divided by all positions, padding too.",
            expected * count / mask.size,
        ),
        ("the sign of dlogits is wrong: it is softmax minus one-hot.", -expected),
    ]
    if got.shape == expected.shape:
        added = expected.copy()
        for b, t in zip(*np.nonzero(mask), strict=True):
            added[b, t, targets[b, t]] += 2 / count
        suspects.append(("one-hot was added: it is softmax minus one-hot.", added))
    if got.shape == expected.shape and np.any(got[~mask] != 0):
        return "dlogits has to be 0 at masked positions: the loss does not depend on them."
    return looks_like(
        got, suspects, "dlogits is (softmax - one-hot) / number of positions that count."
    )


IGNORED = (
    "A masked position is ignored, whatever its target holds: look at the targets that count alone."
)


def compare_loss(got, logits, targets, mask):
    """Compare a loss and its gradient with those that come out."""
    loss, dlogits = parts_of(got, "loss", "dlogits")
    loss, dlogits = as_number(loss, "loss"), as_floats(dlogits, "dlogits")
    expected, gradient = cross_entropy_by_hand(logits, targets, mask)
    why = why_loss(loss, expected, logits, targets, mask)
    close(loss, expected, what="loss", why=why)
    why = why_dlogits(dlogits, gradient, targets, mask)
    compare(dlogits, gradient, "dlogits", otherwise=why)
    if np.any(dlogits[~mask] != 0):
        raise Mismatch(
            "gave dlogits other than 0 at a masked position", "dlogits is exactly 0 where masked."
        )


def call_loss(student, logits, targets, mask):
    """Call softmax_cross_entropy and compare both results."""
    right = (targets >= 0) & (targets < logits.shape[-1])
    with nullcontext() if right.all() else advising(IGNORED, "IndexError|ValueError"):
        got = student.softmax_cross_entropy(logits, targets, mask)
    compare_loss(got, logits, targets, mask)


REFUSED = (
    "A target that counts and is below 0 or from V on is an IndexError that names it: NumPy "
    "would take -1 for the last class without a word. A masked one may be anything."
)


def refuses(student, logits, targets, mask, lost):
    """Expect an IndexError that names the target ``lost``."""
    beside = targets.ravel().tolist()
    with raises(IndexError, why=REFUSED), naming((lost,), beside=beside, why=REFUSED):
        student.softmax_cross_entropy(logits, targets, mask)


def draw(rng, batch, steps, classes):
    """Draw logits, targets and a mask; one position counts at least."""
    mask = rng.random((batch, steps)) < 0.6
    mask[0, 0] = True
    return {
        "logits": rng.integers(-6, 7, size=(batch, steps, classes)) / 2,
        "targets": rng.integers(0, classes, size=(batch, steps)),
        "mask": mask,
    }


def draw_huge_logits(rng):
    """Draw logits of ±10,000."""
    drawn = draw(rng, 2, 3, 4)
    return {**drawn, "logits": rng.choice([-1e4, 0.0, 1e4], size=drawn["logits"].shape)}


laws = Laws(
    "softmax_cross_entropy",
    draw,
    cross_entropy_by_hand,
    parts=("loss", "dlogits"),
    large={"batch": 100, "steps": 1100, "classes": 1100},
    extreme=draw_huge_logits,
    compare=compare_loss,
)


@check(points=0.25)
def test_loss_by_hand(student):
    """gives the loss and its gradient, averaged over the positions that count"""
    call_loss(
        student,
        np.array([[[0.0, math.log(3)], [5.0, 5.0]]]),
        np.array([[1, 0]]),
        np.array([[True, False]]),
    )
    log3 = math.log(3)
    call_loss(
        student,
        np.array([[[0.0, log3], [log3, 0.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 2.0], [9.0, 9.0]]]),
        np.array([[1, 1, 0], [0, -100, 7]]),
        np.array([[True, True, True], [True, False, False]]),
    )


@check(points=0.25)
def test_survives_huge_logits(student):
    """is finite for logits of 10,000"""
    logits = np.array([[[1e4, 0.0, -1e4], [-1e4, 1e4, 1e4], [0.0, 1.0, 2.0]]])
    for targets in ([[0, 1, 2]], [[2, 0, 1]]):
        call_loss(student, logits, np.array(targets), np.ones((1, 3), bool))


@check(points=0.25)
def test_targets_that_do_not_fit(student):
    """gives 0 when everything is masked, and refuses a wrong target that counts"""
    logits, nothing = np.array([[[0.5, 1.0, 0.0], [1.0, 0.0, 0.0]]]), np.array([[False, False]])
    call_loss(student, logits, np.array([[1, 2]]), nothing)
    for lost in (3, -1):
        refuses(student, logits, np.array([[1, lost]]), np.array([[True, True]]), lost)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
