"""Checks of exercise 3.4: back through the cell."""

from itertools import permutations

import numpy as np
import torch
from torch import lstm_cell
from torch.autograd import grad

from seqkit.checking.diagnosis import ROUNDED, agree, doubles, holds, nearly, parts_of
from seqkit.checking.expect import close, shape
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import (
    NO_LSTM,
    SMALL_STEP,
    WHOLE,
    compare_step,
    draw_step,
    one_cell,
    quarters,
    sigmoids,
    tensors,
    torch_step,
)

rules = Rules(
    defines=("lstm_step_cache", "lstm_step_backward"),
    forbids=(
        "torch.autograd.grad",
        "torch.autograd.backward",
        "tensorflow.GradientTape",
        "tensorflow.python.eager.imperative_grad.imperative_grad",  # with which every tape computes
        *NO_LSTM,
    ),
    numpy=True,
)


GRADIENTS = ("dx", "dh_prev", "dc_prev", "dW", "dU", "db")


def forward_kept(student, *arguments):
    """Take a step, and keep its cache where it is."""
    h, c, cache = parts_of(student.kept("lstm_step_cache", *arguments), "h", "c", "cache")
    return doubles(student.fetch(h), "h"), doubles(student.fetch(c), "c"), cache


def gradients_of(student, dh, dc, cache, size):
    """Call lstm_step_backward; ``size`` holds what the gradients belong to."""
    return of_right_shape(student.lstm_step_backward(dh, dc, cache), size)


def of_right_shape(got, size):
    """Return six gradients, each in the shape of what it belongs to."""
    got = parts_of(got, *GRADIENTS)
    got = [doubles(part, name) for part, name in zip(got, GRADIENTS, strict=True)]
    for name, part, like in zip(GRADIENTS, got, size, strict=True):
        why = f"{name} has the shape of what it is the gradient of."
        if name.startswith("d") and name[1:] in ("W", "U", "b"):
            why += " The parameters are shared by the rows of the batch: sum over them."
        shape(part, like.shape, what=name, why=why)
    return got


def gradients_by_autograd(dh, dc, *arguments):
    """Let PyTorch differentiate what reaches h and c."""
    leaves = x, h, c, W, U, b = [part.clone().requires_grad_() for part in tensors(*arguments)]
    new_h, new_c = lstm_cell(x, (h, c), W, U, b, torch.zeros_like(b))
    dh, dc = tensors(dh, dc)
    total = (new_h * dh).sum() + (new_c * dc).sum()
    return [part.numpy() for part in grad(total, leaves)]


def backward_slips(dh, dc, x, h, c, W, U, b):
    """Yield what typical mistakes give, with the words that tell them."""
    i, f, g, o = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    i, f, g, o = sigmoids(i), sigmoids(f), np.tanh(g), sigmoids(o)
    new_c = f * c + i * g
    shown = np.tanh(new_c)
    through = dh * o * (1 - shown**2)

    def parts(reaches, d_o=shown, d_f=c, slopes=None, back=f, shows=dh, order=(0, 1, 2, 3)):
        slopes = slopes or (i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o))
        first = (reaches * g, reaches * d_f, reaches * i, shows * d_o)
        blocks = [a * s for a, s in zip(first, slopes, strict=True)]
        da = np.concatenate([blocks[k] for k in order], axis=1)
        return [da @ W, da @ U, reaches * back, da.T @ x, da.T @ h, da.sum(axis=0)]

    both = "c' is reached in two ways: from later steps (dc) and through h' = o∘tanh(c')."
    yield parts(dc), f"It looks like the way through h' is missing. {both}"
    yield parts(through), f"It looks like dc was left out. {both}"
    yield (
        parts(dc + dh * o * (1 - new_c**2)),
        "The slope of tanh is 1 - tanh(c')², not 1 - c'²: square what came out of tanh.",
    )
    yield parts(dc + dh * o), "It looks like the slope of tanh(c') is missing: 1 - tanh(c')²."
    yield parts(dc + dh * (1 - shown**2)), "h' = o∘tanh(c'): on the way to c' comes a factor o."
    yield (
        parts(dc + through, back=1.0),
        "It looks like c passes unchanged: c' = f∘c + …, so dc_prev has the factor f.",
    )
    yield parts(dc + through, d_o=new_c), "h' = o∘tanh(c'): da_o needs tanh(c'), not c'."
    yield parts(dc + through, d_f=new_c), "c' = f∘c + i∘g: da_f needs the old c, not the new one."
    yield (
        parts(dc + through, shows=dc + through),
        "It looks like da_o was made of what reaches c': o stands in h' = o∘tanh(c') alone, so "
        "it gets dh∘tanh(c').",
    )
    for order in permutations(range(4)):
        if order != (0, 1, 2, 3):
            names = ", ".join("ifgo"[k] for k in order)
            message = (
                f"It looks like the blocks of da stand in the order {names}: it is i, f, g, o."
            )
            yield parts(dc + through, order=order), message
    for slopes in ((i, f, 1 - g**2, o), (1.0, 1.0, 1.0, 1.0), (1 - i, 1 - f, 1 - g**2, 1 - o)):
        message = "It looks like the slope of σ is not whole: σ' = σ(1 - σ)."
        yield parts(dc + through, slopes=slopes), message
    yield (
        parts(dc + through, slopes=(i * (1 - i), f * (1 - f), g * (1 - g), o * (1 - o))),
        "It looks like g got the slope of σ: it is a tanh, with slope 1 - g².",
    )
    yield (
        parts(dc + through, slopes=(i * (1 - i), f * (1 - f), 1.0, o * (1 - o))),
        "It looks like the slope of g's tanh is missing: 1 - g².",
    )
    right = parts(dc + through)
    yield [right[0], right[2], right[1], *right[3:]], "dh_prev comes before dc_prev."


NUDGED = (
    "The numbers agree to about nine digits. Gradients that are derived agree to twelve; it looks "
    "like each argument was moved a little instead."
)


def why_gradient(name, got, expected, dh, dc, arguments):
    """Guess what went wrong with the gradients of a step."""
    if all(np.allclose(a, b, atol=1e-9, rtol=1e-9) for a, b in zip(got, expected, strict=True)):
        return NUDGED
    if nearly(got, expected):
        return ROUNDED
    place, (x, *_) = GRADIENTS.index(name), arguments
    if agree([len(x) * got[place]], [expected[place]]):
        return f"It looks like {name} was averaged over the batch: sum over it."
    for wrong, message in backward_slips(dh, dc, *arguments):
        if agree(got, wrong):
            return message
    if name == "db":
        blocks = zip("ifgo", np.split(got[5], 4), np.split(expected[5], 4), strict=True)
        wrong = ", ".join(gate for gate, a, b in blocks if not agree([a], [b]))
        return f"db is da summed over the batch, and in da this part is wrong: {wrong}."
    return {
        "dx": "dx = da W, where da (B, 4H) is what reaches a = W x + U h + b.",
        "dh_prev": "dh_prev = da U, where da (B, 4H) is what reaches a = W x + U h + b.",
        "dc_prev": "c' = f∘c + …: dc_prev is f times all that reaches c'.",
        "dW": "dW is da transposed times x: for each row of the batch an outer product, summed.",
        "dU": "dU is da transposed times the old h, summed over the batch.",
    }[name]


# Two ways to sum differ in the fifteenth digit; arguments that are moved a little, in the tenth.
DERIVED = {"atol": 1e-12, "rtol": 1e-11}


def compare_gradients(got, expected, dh, dc, arguments):
    """Compare the six gradients, those of the parameters first: they show da itself."""
    for place in (5, 2, 3, 4, 0, 1):
        name, right = GRADIENTS[place], np.allclose(got[place], expected[place], **DERIVED)
        why = "" if right else why_gradient(name, got, expected, dh, dc, arguments)
        close(got[place], expected[place], what=name, why=why, **DERIVED)


def compare_backward(student, dh, dc, *arguments):
    """Take a step forward and back, and compare the gradients."""
    _, _, cache = forward_kept(student, *arguments)
    got = gradients_of(student, dh, dc, cache, arguments)
    expected = gradients_by_autograd(dh, dc, *arguments)
    compare_gradients(got, expected, dh, dc, arguments)


# ------------------------------------------------------------ laws of both functions


class ThereAndBack:
    """A learner's two functions as one, for the laws: a step forward, and the way back.

    Its result is the states and the six gradients; the cache stays where the learner's code runs.
    """

    def __init__(self, student):
        self._student = student

    def __getattr__(self, name):
        return getattr(self._student, name)

    def forward(self, arguments, named):
        """Take the step, and return what the way back is called with."""
        ahead = {name: named[name] for name in named if name not in ("dh", "dc")}
        parts = self._student.kept("lstm_step_cache", *arguments[:6], **ahead)
        h, c, cache = parts_of(parts, "h", "c", "cache")
        if not named:
            return (h, c), (*arguments[6:], cache), {}
        return (h, c), (), {"cache": cache, **{name: named[name] for name in ("dc", "dh")}}

    def there_and_back(self, *arguments, **named):
        """Return the states and the gradients."""
        states, back, by_name = self.forward(arguments, named)
        states = [self._student.fetch(part) for part in states]
        gradients = self._student.lstm_step_backward(*back, **by_name)
        return [*states, *parts_of(gradients, *GRADIENTS)]

    def kept(self, name, *arguments):
        """Return handles of the states and of the gradients."""
        states, back, _ = self.forward(arguments, {})
        gradients = self._student.kept("lstm_step_backward", *back)
        return (*states, *parts_of(gradients, *GRADIENTS))


def draw_both(rng, batch, features, hidden):
    """Draw the arguments of a step, and what reaches its states."""
    step = draw_step(rng, batch, features, hidden)
    later = {name: quarters(rng, 8, batch, hidden) for name in ("dh", "dc")}
    return {**step, **later}


def both_by_torch(*arguments):
    """Take a step there and back with PyTorch."""
    *step, dh, dc = arguments
    return *torch_step(*step), *gradients_by_autograd(dh, dc, *step)


def compare_both(got, *arguments):
    """Compare states and gradients with those that come out."""
    h, c, *gradients = got
    *step, dh, dc = arguments
    compare_step((h, c), *step)
    gradients = of_right_shape(gradients, step)
    compare_gradients(gradients, gradients_by_autograd(dh, dc, *step), dh, dc, step)


laws = Laws(
    "there_and_back",
    draw_both,
    both_by_torch,
    parts=("h", "c", *GRADIENTS),
    # derived, 100,000 gradients take milliseconds; found by a small change of each they take long
    large={"batch": 1100, "features": 70, "hidden": 150},
    whole=(*WHOLE, "dh", "dc"),
    compare=compare_both,
)

CACHED = (
    "A cache holds what the way back needs, and stays as it was while other steps are taken and "
    "after it was used: do not keep it in a global name, do not change it in place."
)


def compare_caches(student, rng):
    """Take three steps forward, then each of them back, twice, and only then look."""
    drawn = [list(draw_both(rng, 2, 3, 2).values()) for _ in range(3)]
    caches = [forward_kept(student, *arguments[:6])[2] for arguments in drawn]
    for cache in map(student.fetch, caches):
        holds(not isinstance(cache, int | float | str | None), CACHED)
    turns = [
        (n * dh, dc, step, cache)
        for n in (1, 2)
        for (*step, dh, dc), cache in zip(drawn, caches, strict=True)
    ]
    back = [student.kept("lstm_step_backward", dh, dc, cache) for dh, dc, _, cache in turns]
    for (dh, dc, step, _), got in zip(turns, back, strict=True):
        expected = gradients_by_autograd(dh, dc, *step)
        for name, part, target in zip(GRADIENTS, parts_of(got, *GRADIENTS), expected, strict=True):
            close(student.fetch(part), target, what=name, why=CACHED)


# ------------------------------------------------------------ checks


@check(points=0.5)
def test_the_step_is_the_same(student):
    """takes the same step forward as lstm_step"""
    for arguments in (one_cell(c=2.0), SMALL_STEP):
        compare_step(forward_kept(student, *arguments)[:2], *arguments)


BY_HAND = (
    np.array([[3.0]]),
    np.array([[1.0]]),
    np.array([[2.0]]),
    np.array([[1.0], [2.0], [0.0], [0.0]]),
    np.array([[4.0], [-1.0], [0.0], [0.0]]),
    np.array([-7.0, -5.0, 20.0, 0.0]),
)


@check(points=0.5)
def test_back_through_the_cell(student):
    """sends back what reaches c, in an example that can be followed by hand"""
    compare_backward(student, np.array([[0.0]]), np.array([[1.0]]), *BY_HAND)


@check(points=0.5)
def test_back_through_the_output(student):
    """sends back what reaches h, through the output gate and through the cell"""
    compare_backward(student, np.array([[1.0]]), np.array([[0.0]]), *BY_HAND)
    compare_backward(student, np.array([[1.0]]), np.array([[0.5]]), *BY_HAND)


@check(points=0.25)
def test_small_batch_by_differences(student):
    """agrees with what happens when each number is moved a little, summed over the batch"""
    _, _, _, W, U, b = SMALL_STEP
    x = np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 0.0]])
    h = np.array([[0.5, -0.5], [0.25, 1.0]])
    c = np.array([[1.0, -2.0], [0.5, 0.0]])
    dh = np.array([[1.0, 0.0], [-0.5, 1.0]])
    dc = np.array([[0.0, 1.0], [0.5, -1.0]])
    compare_backward(student, dh, dc, x, h, c, W, U, b)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, with several caches in use and each used twice"""
    laws.hold(ThereAndBack(student), rng)
    compare_caches(student, rng)  # where a step is right, what is wrong is the cache
