"""Checks of exercise 4.10: Bug hunt: three ways to measure wrongly."""

import numpy as np
import torch

from seqkit.checking.diagnosis import advising, parts_of, suspected
from seqkit.checking.expect import close, equal
from seqkit.checking.laws import BY_NAME, LEFT_OVER, SIZED
from seqkit.checking.portable import portable
from seqkit.checking.written import short
from seqkit.course import Rules, check

from .oracle import called_quietly, leave_the_switch, left_alone, recorder, single

rules = Rules(
    defines=("evaluate",), forbids=("seqkit.training.evaluate", "seqkit.training.sentiment_loss")
)


@portable
def scored(module, ids, lengths):
    """Add the numbers of a review's words, and drop some in training."""
    real = torch.arange(ids.shape[1]) < lengths[:, None]
    return module.dropout((module.table[ids] * real).sum(1))


def as_batches(logits, labels, steps=(3, 2, 4)):
    """Make batches of reviews of a single word, whose number is the logit, and a few pads."""
    batches, used = [], 0
    for k, (scores, truth) in enumerate(zip(logits, labels, strict=True)):
        ids = np.repeat(np.arange(used, used + len(scores))[:, None], steps[k % len(steps)], axis=1)
        ends = torch.ones(len(scores), dtype=torch.int64)
        batches.append((torch.tensor(ids), ends, torch.as_tensor(truth)))
        used += len(scores)
    return batches


def losses_of(z, y, base=1.0):
    """Return the cross-entropy of each review."""
    return np.logaddexp(0, z) - y * z


def squashed(z, y):
    """Return what comes of a sigmoid in single precision and a logarithm that ends at -100."""
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z.astype(np.float32)))
        return -y * np.maximum(np.log(p), -100) - (1 - y) * np.maximum(np.log1p(-p), -100)


def suspects(logits, labels):
    """Yield likely mistakes, each with the loss and the accuracy that it gives, or None."""
    z, y = np.concatenate(logits), np.concatenate(labels)
    loss, right = losses_of(z, y), (z > 0) == y
    pairs = zip(logits, labels, strict=True)
    parts = [(losses_of(a, b).mean(), np.mean((a > 0) == b)) for a, b in pairs]
    means = "the batches' means were averaged: each review counts the same, so add up sums."
    yield means, *np.mean(parts, axis=0)
    yield "that is the last batch alone.", *parts[-1]
    yield "the sums were not divided by the number of reviews.", loss.sum(), right.sum()
    twice = losses_of((1 + np.tanh(z / 2)) / 2, y).mean()
    yield "a sigmoid was taken twice: the loss takes logits.", twice, None
    first = "a sigmoid was taken first, which is 0 or 1 for large logits: binary cross-entropy "
    yield first + "*with logits* stays exact.", squashed(z, y).mean(), None
    yield "0.5 was taken for the border: of a logit it is 0.", None, np.mean((z > 0.5) == y)
    zero = "a logit of 0 was taken for positive: it has to be above 0."
    yield zero, None, np.mean((z >= 0) == y)
    yield "the accuracy is in percent: a share is asked for.", None, 100 * right.mean()


def compare_measures(got, logits, labels, why=None):
    """Compare loss and accuracy over all reviews."""
    parts = parts_of(got, "loss", "accuracy")
    z, y = np.concatenate(logits), np.concatenate(labels)
    rights = losses_of(z, y).mean(), np.mean((z > 0) == y)
    for k, (name, part, right) in enumerate(zip(("loss", "accuracy"), parts, rights, strict=True)):
        found = single(part, name)
        fits = [
            message
            for message, *values in suspects(logits, labels)
            if values[k] is not None and np.isclose(found, values[k], atol=1e-5, rtol=1e-4)
            if not np.isclose(found, right, atol=1e-5)
        ]
        otherwise = f"{name} is a mean over all reviews: one sum, divided once, not rounded."
        given = f"for the logits {short(logits)} and the labels {short(labels)} the {name}"
        cause = why or suspected(fits, otherwise)
        off = (1e-5, 1e-5) if k == 0 else (2e-7, 0.0)  # a share of counts is exact
        close(found, float(right), what=given, why=cause, atol=off[0], rtol=off[1])


ONCE = (
    "The model is called once a batch, in order: batches may be a generator, which has no length "
    "and can be read once; T differs from batch to batch."
)
ANY_DTYPE = "Labels come in any dtype: make them floats for the loss, labels.float()."


def call_evaluate(
    student, logits, labels, training=False, drops=0.0, named=False, why=None, **more
):
    """Call evaluate with batches that can be read once, and compare everything there is."""
    logits, given = [np.asarray(part, float) for part in logits], labels
    labels = [np.asarray(part, float) for part in labels]
    batches, table = as_batches(logits, given, **more), np.concatenate(logits)
    model = recorder(student, scored, table, training, drops)
    kept = student.build("builtins.iter", batches)
    once, cast = "len|subscriptable|iterator|division by zero|Sizes of", "Float|Long|Bool|dtype"
    with advising(ONCE, once), advising(ANY_DTYPE, cast), advising(BY_NAME, "unexpected keyword"):
        if named:
            got = student.evaluate(batches=kept, model=model)
        else:
            got = student.evaluate(model, kept)
    if drops:
        shapes = [call["shapes"][0] for call in called_quietly(student, model)]
        expected = [tuple(ids.shape) for ids, _, _ in batches]
        equal(shapes, expected, what="calls with ids of the shapes", why=ONCE)
    compare_measures(got, logits, labels, why)
    left_alone(student, model, table, training)


def numbered(rng, *sizes):
    """Draw logits and labels of batches of these sizes, with no logit close to a border."""
    logits = [rng.integers(-12, 13, size=size) / 4 for size in sizes]
    return logits, [(rng.random(size) < 0.6).astype(np.float32) for size in sizes]


def hold_laws(student, rng):
    """Expect what holds for every exercise: any size, by name, nothing left over."""
    drawn = numbered(rng, 3, 2)
    call_evaluate(student, *drawn, named=True)
    model = recorder(student, scored, np.concatenate(drawn[0]))
    leave_the_switch(student, "evaluate", model, as_batches(*drawn))
    for sizes, said in (((1,), "one review"), ((1300, 7), "1307 reviews in 2 batches")):
        call_evaluate(student, *numbered(rng, *sizes), why=SIZED.format(size=said))
    many = numbered(rng, *rng.integers(1, 4, size=130).tolist())
    call_evaluate(student, *many, why=SIZED.format(size="130 batches"), steps=(1, 220, 2))
    call_evaluate(student, *drawn, why=LEFT_OVER)


EXAMPLE = [[2.0, -1.0], [0.5]], [np.float32([1, 1]), np.float32([0])]


@check(points=0.5)
def test_every_review_counts_the_same(student):
    """gives the loss and the accuracy over all reviews, with labels of any dtype"""
    call_evaluate(student, *EXAMPLE)
    call_evaluate(student, [[0.25, 0.0, -0.25]], [np.float32([1, 1, 0])])
    call_evaluate(student, [[30.0, -900.0], [2.0]], [np.float32([0, 1]), np.float32([1])])
    for name in ("int64", "bool", "uint8", "float64"):
        call_evaluate(student, [[2.0, 1.0], [0.5]], [np.array([0, 1], name), np.array([1], name)])


@check(points=0.25)
def test_measures_in_evaluation_mode(student):
    """calls the model once a batch, in evaluation mode, without gradients, and leaves it alone"""
    for training in (True, False):
        call_evaluate(student, *EXAMPLE, training=training, drops=0.9)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    hold_laws(student, rng)
