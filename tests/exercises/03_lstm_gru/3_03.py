"""Checks of exercise 3.3: bug hunt: which way does z point?."""

from dataclasses import replace
from itertools import permutations

import numpy as np
from torch import gru_cell

from seqkit.checking.diagnosis import ROUNDED, agree, nearly
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import (
    NO_GRU,
    SMALL_STEP,
    compare_parts,
    far_apart,
    quarters,
    sigmoids,
    tensors,
)

rules = Rules(defines=("gru_step",), forbids=tuple(NO_GRU), numpy=True)


def gru_by_hand(x, h, W, U, b_x, b_h, reset_after=True, keeps=True, n="right", squash=np.tanh):
    """Take a step, right or with a mistake in it."""
    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    (_, _, U_n), (_, _, b_n) = np.split(U, 3), np.split(b_h, 3)
    r, z = sigmoids(x_r + h_r), sigmoids(x_z + h_z)
    inner = {
        "right": r * h_n if reset_after else (r * h) @ U_n.T + b_n,
        "outside": r * (h_n - b_n) + b_n,
        "no reset": h_n,
    }[n]
    new = squash(x_n + inner)
    return (1 - z) * new + z * h if keeps else (1 - z) * h + z * new


def why_gru(got, arguments, reset_after):
    """Guess what went wrong with a step of a GRU."""
    x, h, W, U, b_x, b_h = arguments
    if got.shape != h.shape:
        return (
            "The one result is the new state, in the shape (B, H) of the old one. There are three "
            "blocks of H."
        )
    swapped = gru_by_hand(*arguments, reset_after=not reset_after)
    turned = gru_by_hand(*arguments, reset_after=reset_after)
    if agree([got], [gru_by_hand(*arguments, reset_after, keeps=False)]):
        return (
            "It looks like z is the wrong way round. z keeps the old state: h' = (1 - z)∘n + z∘h."
        )
    if nearly([got], [turned]):
        return ROUNDED
    if agree([got], [swapped]) and reset_after:
        return (
            "It looks like b_hn stands outside of the bracket, or r multiplies h alone, as with "
            "reset_after=False: with True, the default, r multiplies U_n h + b_hn, the bias too."
        )
    if agree([got], [swapped]):
        return (
            "It looks like reset_after is ignored, or its two cases are exchanged: with False r "
            "multiplies h before the product, U_n (r∘h) + b_hn."
        )
    for order in map("".join, permutations("rzn")):
        places = [order.index(gate) for gate in "rzn"]
        moved = [np.concatenate([np.split(a, 3)[k] for k in places]) for a in (W, U, b_x, b_h)]
        if order != "rzn" and agree([got], [gru_by_hand(x, h, *moved, reset_after)]):
            return (
                f"It looks like the gates were read in the order {', '.join(order)}: the blocks "
                "are r, z, n."
            )
    slips = [
        ({"squash": sigmoids}, "It looks like n went through σ: the candidate is a tanh."),
        ({"squash": lambda a: a}, "It looks like n was not squashed: it is a tanh."),
    ]
    if reset_after:
        slips += [
            ({"n": "outside"}, "b_hn stands inside the bracket that r multiplies."),
            ({"n": "no reset"}, "It looks like r is missing: it multiplies U_n h + b_hn."),
        ]
    for options, message in slips:
        if agree([got], [gru_by_hand(*arguments, reset_after, **options)]):
            return message
    for name, left_out in (
        ("b_x", (x, h, W, U, 0 * b_x, b_h)),
        ("b_h", (x, h, W, U, b_x, 0 * b_h)),
    ):
        if agree([got], [gru_by_hand(*left_out, reset_after=reset_after)]):
            return f"It looks like {name} is missing."
    if not reset_after:
        return (
            "With reset_after=False r multiplies h before the product: n = tanh(W_n x + b_xn + "
            "U_n (r∘h) + b_hn), h' = (1 - z)∘n + z∘h; blocks r, z, n."
        )
    return "n = tanh(W_n x + b_xn + r∘(U_n h + b_hn)), h' = (1 - z)∘n + z∘h; blocks r, z, n."


def compare_gru(got, *arguments):
    """Compare the state with the one that comes out; a seventh argument is reset_after."""
    arguments, reset_after = arguments[:6], arguments[6] if len(arguments) > 6 else True
    expected = gru_by_hand(*arguments, reset_after=reset_after)
    compare_parts([got], [expected], ["h"], lambda got: why_gru(*got, arguments, reset_after))


def draw_gru(rng, batch, features, hidden):
    """Draw the arguments of a step of a GRU."""
    return {
        "x": quarters(rng, 8, batch, features),
        "h": quarters(rng, 8, batch, hidden),
        "W": quarters(rng, 4, 3 * hidden, features),
        "U": quarters(rng, 3, 3 * hidden, hidden),
        "b_x": quarters(rng, 4, 3 * hidden),
        "b_h": quarters(rng, 4, 3 * hidden),
    }


def gru_by_torch(*arguments):
    """Take a step with PyTorch, which resets after the product."""
    return gru_cell(*tensors(*arguments)).numpy()


def draw_extreme(rng):
    """Draw a step that keeps a large state, for all that is written."""
    drawn, b_x = draw_gru(rng, 2, 3, 4), far_apart(rng, 3, 4)
    b_x[4:8] = 1e4
    return {**drawn, "h": 1000 * drawn["h"], "b_x": b_x}


def reset_before(draw):
    """Draw the arguments of a step that resets the state before the product."""
    return lambda *sizes, **named: {**draw(*sizes, **named), "reset_after": False}


after = Laws(
    "gru_step",
    draw_gru,
    gru_by_torch,
    parts=("h",),
    large={"batch": 1100, "features": 70, "hidden": 66},
    whole=("x", "h", "W", "U", "b_x", "b_h"),
    extreme=draw_extreme,
    compare=compare_gru,
)
before = replace(
    after,
    draw=reset_before(draw_gru),
    expected=gru_by_hand,
    extreme=reset_before(draw_extreme),
)


def one_gru(h=2.0, u=(0.0, 0.0, 1.0), b_x=(0.0, 0.0, 0.0), b_h=(0.0, 0.0, 1.0)):
    """Return the arguments of a step of a single unit."""
    column = np.array(u)[:, None]
    return np.zeros((1, 1)), np.array([[h]]), 0 * column, column, np.array(b_x), np.array(b_h)


@check(points=0.5)
def test_z_keeps_the_old_state(student):
    """keeps the old state where z is 1 and replaces it where z is 0"""
    for z in (100.0, -100.0, 0.0):
        arguments = one_gru(b_x=(0.0, z, 20.0))  # n is tanh(21.5), 1 to all digits
        compare_gru(student.gru_step(*arguments), *arguments)
    arguments = one_gru(b_x=(0.0, 0.0, -20.0))
    compare_gru(student.gru_step(*arguments), *arguments)


def steps_that_reset():
    """Yield arguments of steps in which it counts what r multiplies."""
    yield one_gru()
    yield one_gru(b_h=(-100.0, 0.0, 1.0))
    _, _, _, W, U, b = SMALL_STEP
    x, h, b_x = np.array([[1.0, 0.0, -1.0]]), np.array([[0.5, -2.0]]), np.arange(6.0) % 4 - 1
    yield x, h, W[:6], U[:6], b_x, b[:6]


@check(points=0.5)
def test_resets_the_product(student):
    """resets the product, bias included, as PyTorch does"""
    for arguments in steps_that_reset():
        compare_gru(student.gru_step(*arguments), *arguments)


@check(points=0.25)
def test_resets_the_state(student):
    """resets the state before the product when told to"""
    for arguments in steps_that_reset():
        compare_gru(student.gru_step(*arguments, reset_after=False), *arguments, False)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    after.hold(student, rng)
    before.hold(student, rng)
