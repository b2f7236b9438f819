"""Checks of exercise 2.6: back through time."""

import math

import numpy as np

from seqkit.checking.diagnosis import as_floats, compare, looks_like, parts_of, same_numbers
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import AUTOGRAD, column, slopes, states_of, walk

rules = Rules(defines=("rnn_backward",), forbids=tuple(AUTOGRAD), numpy=True)


GRADIENTS = ("dX", "dh0", "dW_xh", "dW_hh", "db")


def gradients_by_hand(X, h0, W_xh, W_hh, b, dH, forget=False):
    """Differentiate sum(dH * H) by every number that goes in, one after the other."""
    values = [X, h0, W_xh, W_hh, b]

    def loss(k, moved):
        replaced = [moved if i == k else value for i, value in enumerate(values)]
        return (dH * states_of(*replaced, forget=forget)).sum()

    return [slopes(lambda v, k=k: loss(k, v), value) for k, value in enumerate(values)]


SHAPES = ("(B, T, D)", "(B, H)", "(H, D)", "(H, H)", "(H,)")


IN_ORDER = f"return {', '.join(GRADIENTS)} in this order."


def walks_gone_wrong(case, H, dH):
    """Yield what comes out when something typical is wrong on the way back, with its message."""
    _, h0, _, W_hh, _ = case
    steps = H.shape[1]
    before = np.concatenate([h0[:, None], H[:, :-1]], axis=1)

    def gone(message, *rule, **changed):
        return message, walk(case, H, dH, *rule, **changed)[0]

    dropped = (
        "what comes back from later steps is dropped: at every step but the last it has to be "
        "added to dH[:, t]."
    )
    yield gone(dropped, lambda own, back, slope: (own * slope, 0 * own))
    yield gone(dropped, lambda own, back, slope: (own * slope, own * slope))
    yield gone(
        "the slope of tanh is missing: what reaches h_t goes on to z_t times 1 - h_t².",
        lambda own, back, slope: (own + back, own + back),
    )
    yield gone(
        "what comes back is added after the slope: the two meet at h_t, before it.",
        lambda own, back, slope: (own * slope + back, own * slope + back),
    )
    yield gone(
        "g is sent back where δ should be: what goes on to the step before has passed tanh.",
        lambda own, back, slope: ((own + back) * slope, own + back),
    )
    yield gone(
        "what comes back takes the place of dH[:, t]: the two are added.",
        lambda own, back, slope: ((back if back.any() else own) * slope,) * 2,
    )
    yield gone("what is sent back piles up: each step sends its own δ alone.", pile=True)
    yield gone(
        "W_hh is the wrong way round on the way back. Forwards, rows meet its transpose.",
        matrix=W_hh.T,
    )
    wrong_slope = "the slope is 1 - h², h squared."
    yield gone(wrong_slope, slope=1 - H)
    yield gone(wrong_slope, slope=1 - np.abs(H))
    yield gone(
        "the slope is h(1 - h), the logistic's. tanh lies between -1 and 1 and its slope is "
        "1 - h².",
        slope=H * (1 - H),
    )
    yield gone(
        "the slope is taken at the state before the step: take that of the state it leads to, "
        "H[:, t].",
        slope=1 - before**2,
    )
    yield gone("the loop does not reach the first step.", steps=range(steps - 1, 0, -1))
    yield gone("the walk goes forwards: it starts at the last step.", steps=range(steps))


def wrong_sums(k, case, H, dH, expected):
    """Yield what gradient ``k`` is when every delta is right and the rest is not."""
    X, h0, _, W_hh, _ = case
    _, deltas = walk(case, H, dH)
    name = GRADIENTS[k]
    if k == 1:
        yield "dh0 still has to go back through W_hh.", deltas[:, 0]
        yield "dh0 was left at zero: it is what the first step sends back.", 0 * expected
        yield "W_hh is the wrong way round in dh0.", deltas[:, 0] @ W_hh.T
        return
    before = np.concatenate([h0[:, None], H[:, :-1]], axis=1)
    values = {2: X, 3: before, 4: np.ones((*H.shape[:2], 1))}[k]

    def total(left=deltas, right=values):
        return np.einsum("bth,btk->hk", left, right).reshape(expected.shape)

    if k == 3:
        yield "the state after the step was taken; dW_hh needs the state before it.", total(right=H)
        no_start = np.concatenate([0 * h0[:, None], H[:, :-1]], axis=1)
        yield "h0 is left out: it is the state before the first step.", total(right=no_start)
        yield (
            "at the first step H[:, -1] was taken, which is the last state: before it is h0.",
            total(right=np.roll(H, 1, axis=1)),
        )
    if k < 4:
        yield f"{name} is the wrong way round: its shape is (to, from).", expected.T
    for t in (0, -1):
        one_step = np.zeros(deltas.shape)
        one_step[:, t] = deltas[:, t]
        yield f"{name} is that of one step alone: it is a sum over the steps.", total(one_step)
        one_row = np.zeros(deltas.shape)
        one_row[t] = deltas[t]
        yield f"{name} is that of one row alone: it is a sum over the batch.", total(one_row)
    yield (
        f"{name} is a mean over the batch: the weights' gradients are sums.",
        expected / len(X),
    )
    yield f"{name} is a mean over the steps: it is a sum.", expected / H.shape[1]
    g = walk(case, H, dH, lambda own, back, slope: (own + back, (own + back) * slope))[0]
    yield f"{name} is made of g: it is made of δ, behind the slope.", g[k]


def why_gradient(k, got, every, case, dH):
    """Guess what went wrong when gradient number ``k`` of all is the first that is wrong."""
    expected, name, H = gradients_by_hand(*case, dH), GRADIENTS[k], states_of(*case)
    parts = [np.asarray(part) for part in every]
    if _permuted(parts, expected):
        return f"The five arrays are right, but in another order: {IN_ORDER}"
    if got.shape != expected[k].shape:
        return f"{name} has the shape of {name[1:]}, {SHAPES[k]}: {IN_ORDER}"
    walks = list(walks_gone_wrong(case, H, dH))
    whole = [message for message, found in walks if all(map(same_numbers, parts, found))]
    suspects = [(f"{name} has the wrong sign.", -expected[k])]
    if k > 0:  # every delta is right
        suspects = [*wrong_sums(k, case, H, dH, expected[k]), *suspects]
    elif not whole:
        suspects = [*((message, found[0]) for message, found in walks), *suspects]
    suspects += [(message, got) for message in whole]
    otherwise = (
        "Walk from the last step to the first with the four lines of section 5: lines 1 and 2 "
        f"give δ_t, everything else is a product with it. {name} is the first that is wrong."
    )
    if k == 0 and np.allclose(got[:, -1], expected[0][:, -1]):
        otherwise = (
            "dX is right at the last step and wrong before. Look at what comes back: is it added "
            "to dH[:, t] before the slope; is it δ that is sent, not g; does the loop hand it on"
            + ("; W_hh or its transpose?" if len(case[-1]) > 1 else "?")
        )
    return looks_like(got, suspects, otherwise)


def _permuted(parts, expected):
    """Return whether what came back is what was expected, in another order."""
    left = list(expected)
    for part in parts:
        fitting = next((i for i, values in enumerate(left) if same_numbers(part, values)), None)
        if fitting is None:
            return False
        del left[fitting]
    return True


def compare_gradients(student, case, dH, only=GRADIENTS):
    """Call rnn_backward and compare the gradients that are named with those by hand."""
    got = student.rnn_backward(*case, states_of(*case), dH)
    case = tuple(np.asarray(value, dtype=np.float64) for value in case)
    compare_parts(got, case, dH, gradients_by_hand(*case, dH), only)


def compare_parts(got, case, dH, gradients, only=GRADIENTS):
    """Compare the gradients that are named."""
    got = parts_of(got, *GRADIENTS)
    for k, (name, expected) in enumerate(zip(GRADIENTS, gradients, strict=True)):
        if name in only:
            part = as_floats(got[k], name)
            right = part.shape == expected.shape and np.allclose(part, expected)
            why = "" if right else why_gradient(k, part, got, case, dH)
            compare(part, expected, name, otherwise=why)


def draw(rng, batch, steps, features, hidden):
    """Draw a network and a gradient for its states; its weights let no rounding error grow."""
    case = {
        "X": rng.integers(-4, 5, size=(batch, steps, features)) / 2,
        "h0": rng.integers(-3, 4, size=(batch, hidden)) / 4,
        "W_xh": rng.integers(-4, 5, size=(hidden, features)) / 4,
        "W_hh": rng.integers(-2, 3, size=(hidden, hidden)) / 8,
        "b": rng.integers(-4, 5, size=hidden) / 4,
    }
    dH = rng.integers(-4, 5, size=(batch, steps, hidden)) / 2
    return {**case, "H": states_of(*case.values()), "dH": dH}


def back_by_hand(X, h0, W_xh, W_hh, b, H, dH):
    """Walk back by the right rule: quicker than to change every number a little."""
    return walk((X, h0, W_xh, W_hh, b), H, dH)[0]


def compare_backward(got, *arguments):
    """Compare gradients with those that come out."""
    *case, _, dH = arguments
    compare_parts(got, tuple(case), dH, back_by_hand(*arguments))


laws = Laws(
    "rnn_backward",
    draw,
    back_by_hand,
    parts=GRADIENTS,
    large={"batch": 100, "steps": 300, "features": 70, "hidden": 66},
    whole=("dH",),
    compare=compare_backward,
)


# With one unit and these inputs the states are 0.6 and 0.8, their slopes 0.64 and 0.36.
TWO_STEPS = (
    column(math.log(2), math.log(3) - 0.3),
    np.array([[0.0]]),
    np.array([[1.0]]),
    np.array([[0.5]]),
    np.array([0.0]),
)


@check(points=0.5)
def test_one_step_back(student):
    """goes back through one step"""
    case = (
        np.array([[[0.5, 1.0]]]),
        np.array([[0.25]]),
        np.array([[2.0, -1.0]]),
        np.array([[-2.0]]),
        np.array([0.5 + math.log(2)]),
    )
    compare_gradients(student, case, column(1.0))


@check(points=0.5)
def test_two_steps_back(student):
    """carries the gradient from step to step"""
    compare_gradients(student, TWO_STEPS, column(0.0, 1.0))
    compare_gradients(student, TWO_STEPS, column(2.0, 1.0))
    for dH in (column(0.0, 0.5, 1.0), column(1.0, 0.0, 0.0)):
        compare_gradients(student, (column(1.0, 0.5, -1.0), *TWO_STEPS[1:]), dH)


@check(points=0.5)
def test_sums_over_the_batch(student):
    """sums the weights' gradients over the batch, with the right shapes, of whole numbers too"""
    X = np.array([[[1.0], [0.5], [-1.0]], [[0.0], [0.0], [1.0]]])
    weights = (
        np.array([[0.5, -0.5], [0.0, 0.0]]),
        np.array([[0.5], [1.0]]),
        np.array([[0.5, 1.5], [-1.0, 1.0]]),
        np.array([0.0, 0.0]),
    )
    dH = np.array([[[1.0, 0.0], [0.0, 0.5], [0.0, -1.0]], [[0.0, 1.0], [2.0, 0.0], [0.5, 0.5]]])
    compare_gradients(student, (X, *weights), dH)
    compare_gradients(student, [np.round(a).astype(np.int64) for a in (X, *weights)], dH)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
