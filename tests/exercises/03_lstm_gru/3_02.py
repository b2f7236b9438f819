"""Checks of exercise 3.2: through time."""

import numpy as np

from seqkit.checking.diagnosis import ROUNDED, agree, nearly, parts_of
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import (
    NO_LSTM,
    SMALL_STEP,
    compare_parts,
    draw_step,
    lstm_by_hand,
    one_cell,
    quarters,
    tensors,
    torch_sequence,
)

rules = Rules(defines=("lstm_forward",), forbids=tuple(NO_LSTM), numpy=True)


def sequence_by_hand(X, h0, c0, W, U, b, forgets=""):
    """Take every step: hidden states and cell states. What is forgotten starts anew each time."""
    states, cells, h, c = [], [], h0, c0
    for t in range(X.shape[1]):
        start = h0 if "h" in forgets else h, c0 if "c" in forgets else c
        h, c = lstm_by_hand(X[:, t], *start, W, U, b)
        states.append(h)
        cells.append(c)
    return np.stack(states, axis=1), np.stack(cells, axis=1)


def why_sequence(H, arguments):
    """Guess what went wrong with the states of a sequence."""
    expected, cells = sequence_by_hand(*arguments)
    X, h, c, *weights = arguments
    if H.shape != expected.shape:
        if H.shape == expected.swapaxes(0, 1).shape:
            return "It looks like time came first: H is (B, T, H), stacked along axis 1."
        if H.shape == expected.swapaxes(1, 2).shape:
            return "It looks like time came last: H is (B, T, H), stacked along axis 1."
        if H.shape == (len(X), X.shape[1] + 1, h.shape[1]):
            return "There is one state too many: h0 is not part of H, which begins after X[:, 0]."
        return "H has a state for every row and every step: (B, T, H)."
    if nearly([H], [expected]):
        return ROUNDED
    if agree([H], [cells]):
        return "It looks like the cell states were collected: H holds the hidden states."
    if agree([H], [np.concatenate([h[:, None], expected[:, :-1]], axis=1)]):
        return "It looks like h was collected before each step: H[:, 0] is the state after X[:, 0]."
    if agree([H], [expected[:, ::-1]]):
        return "It looks like the steps are in reverse: H[:, 0] is the state after the first step."
    for forgets in ("c", "h", "hc"):
        if agree([H], [sequence_by_hand(*arguments, forgets)[0]]):
            names = " and ".join(f"{name}0" for name in forgets)
            return f"It looks like every step starts from {names}: the new state has to go on."
    for starts, name in (((0 * h, c), "h0"), ((h, 0 * c), "c0"), ((0 * h, 0 * c), "h0 and c0")):
        if agree([H], [sequence_by_hand(X, *starts, *weights)[0]]):
            return f"It looks like zeros were taken in the place of {name}."
    if agree([H[:, 0]], [expected[:, 0]]):
        return "The first step is right, a later one is not: carry both h and c from step to step."
    return "H[:, t] is the hidden state after step t of lstm_step, from h0 and c0 on."


def compare_sequence(got, *arguments):
    """Compare all states and the last pair with those that come out."""
    H, last = parts_of(got, "H", "(h, c)")
    h, c = parts_of(last, "h", "c")
    states, cells = sequence_by_hand(*arguments)
    compare_parts([H], [states], ["H"], lambda got: why_sequence(*got, arguments))
    why = (
        "The second result is the pair (h, c) after the last step, h first, (B, H) each (nn.LSTM "
        "gives them one axis more, for its layers)."
    )
    compare_parts([h, c], [states[:, -1], cells[:, -1]], ["h", "c"], lambda got: why)


def draw_sequence(rng, batch, steps, features, hidden):
    """Draw the arguments of a run over a sequence."""
    step = draw_step(rng, batch, features, hidden)
    starts = {"X": quarters(rng, 8, batch, steps, features), "h0": step["h"], "c0": step["c"]}
    return {**starts, "W": step["W"], "U": step["U"], "b": step["b"]}


def sequence_by_torch(X, h0, c0, W, U, b):
    """Run nn.LSTM over a sequence."""
    ran = torch_sequence(*tensors(X, h0, c0, W, U, b / 4, b * 3 / 4))
    H, h, c = (part.numpy() for part in ran)
    return H, (h, c)


def draw_extreme(rng):
    """Draw a sequence that starts from cells far above 1."""
    drawn = draw_sequence(rng, 2, 4, 3, 2)
    return {**drawn, "c0": 1000 * drawn["c0"]}


laws = Laws(
    "lstm_forward",
    draw_sequence,
    sequence_by_torch,
    parts=("H", "(h, c)"),
    large={"batch": 1100, "steps": 600, "features": 70, "hidden": 66},
    whole=("X", "h0", "c0", "W", "U", "b"),
    extreme=draw_extreme,
    compare=compare_sequence,
)


def compare_silence(student, rng):
    """Run over inputs that are zero at first, so that the states stand still until they come."""
    X, h0, c0, W, U, b = draw_sequence(rng, 2, 7, 3, 2).values()
    X[:, :4] = 0
    arguments = X, 0 * h0, 0 * c0, W, U, 0 * b
    compare_sequence(student.lstm_forward(*arguments), *arguments)


@check(points=0.5)
def test_three_steps_by_hand(student):
    """takes three steps that can be followed by hand"""
    _, h0, c0, W, U, b = one_cell()
    for X, start in ((np.zeros((1, 3, 1)), c0), (np.zeros((1, 1, 1)), np.array([[2.0]]))):
        compare_sequence(student.lstm_forward(X, h0, start, W, U, b), X, h0, start, W, U, b)


@check(points=0.25)
def test_carries_both_states(student, rng):
    """carries h and c through a small batch, from the given start"""
    _, _, _, W, U, b = SMALL_STEP
    X = np.arange(24.0).reshape(2, 4, 3) % 7 / 4 - 0.5
    h0 = np.array([[0.5, -0.5], [0.25, 0.0]])
    c0 = np.array([[1.0, -2.0], [0.5, 1.5]])
    compare_sequence(student.lstm_forward(X, h0, c0, W, U, b), X, h0, c0, W, U, b)
    compare_silence(student, rng)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
