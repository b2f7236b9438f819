"""Checks of exercise 2.4: the output comes back."""

import numpy as np

from seqkit.checking.diagnosis import compare
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

rules = Rules(defines=("output_recurrence",), numpy=True)


def jordan_by_hand(X, W_xh, W_ho, W_oh, b_h, b_o, *, start=0.0, back="output", squash=False):
    """Run Jordan's network; ``squash`` puts a tanh on top."""
    outputs, before = np.zeros((*X.shape[:2], len(b_o))), start + np.zeros((len(X), W_oh.shape[1]))
    for t, net in enumerate(np.einsum("hd,btd->tbh", W_xh, X) + b_h):
        h = np.tanh(net + np.einsum("ho,bo->bh", W_oh, before))
        out = np.einsum("oh,bh->bo", W_ho, h) + b_o
        outputs[:, t] = out = np.tanh(out) if squash else out
        before = {
            "output": out,
            "state": h,
            "without bias": out - b_o,
            "squashed": np.tanh(out),
            "nothing": before,
        }[back]
    return outputs


def jordan_suspects(X, W_xh, W_ho, W_oh, b_h, b_o):
    """Yield what comes out when something typical is wrong."""
    arguments = (X, W_xh, W_ho, W_oh, b_h, b_o)
    right = jordan_by_hand(*arguments)
    yield (
        "nothing goes back: the output of a step has to come in at the next.",
        jordan_by_hand(*arguments, back="nothing"),
    )
    if W_oh.shape[0] == W_oh.shape[1]:
        yield (
            "the state goes back through W_oh: in this network it is the output.",
            jordan_by_hand(*arguments, back="state"),
        )
        swapped = (X, W_xh, W_oh, W_ho, b_h, b_o)
        yield (
            "W_ho and W_oh changed places: W_ho makes the output, W_oh takes it back.",
            jordan_by_hand(*swapped),
        )
        yield (
            "W_oh was not transposed: for rows of a batch it is `o @ W_oh.T`.",
            jordan_by_hand(X, W_xh, W_ho, W_oh.T.copy(), b_h, b_o),
        )
        yield (
            "W_ho was not transposed: for rows of a batch it is `h @ W_ho.T`.",
            jordan_by_hand(X, W_xh, W_ho.T.copy(), W_oh, b_h, b_o),
        )
    yield (
        "the output goes back without its bias b_o.",
        jordan_by_hand(*arguments, back="without bias"),
    )
    yield (
        "o_0 is b_o: before the first step the output is zero.",
        jordan_by_hand(*arguments, start=b_o),
    )
    yield (
        "the output goes back through a tanh.",
        jordan_by_hand(*arguments, back="squashed"),
    )
    yield (
        "b_o is missing.",
        jordan_by_hand(X, W_xh, W_ho, W_oh, b_h, 0 * b_o),
    )
    yield "b_h is missing.", jordan_by_hand(X, W_xh, W_ho, W_oh, 0 * b_h, b_o)
    yield (
        "there is a tanh on the output: it has none.",
        jordan_by_hand(*arguments, squash=True),
    )
    yield "there is a tanh on the output: it has none.", np.tanh(right)
    yield "time came first: (B, T, O) is asked for.", right.transpose(1, 0, 2)
    yield "the last output came back alone: all of them are asked for.", right[:, -1]


def compare_jordan(got, *arguments):
    """Compare outputs with those that come out."""
    floats = [np.asarray(a, dtype=np.float64) for a in arguments]
    compare(
        got,
        jordan_by_hand(*floats),
        "the outputs",
        jordan_suspects(*floats),
        "h_t = tanh(W_xh x_t + W_oh o_{t-1} + b_h), o_t = W_ho h_t + b_o, and o_0 is zero.",
        "There is an output for every step of every row: (B, T, O).",
    )


def draw(rng, batch, steps, features, hidden, outputs):
    """Draw a network; what goes back is so small that rounding errors do not grow."""
    return {
        "X": rng.integers(-4, 5, size=(batch, steps, features)) / 2,
        "W_xh": rng.integers(-4, 5, size=(hidden, features)) / 4,
        "W_ho": rng.integers(-4, 5, size=(outputs, hidden)) / 4,
        "W_oh": rng.integers(-2, 3, size=(hidden, outputs)) / 8,
        "b_h": rng.integers(-4, 5, size=hidden) / 4,
        "b_o": rng.integers(-4, 5, size=outputs) / 4,
    }


def draw_large(rng):
    """Draw inputs whose sums no exp can hold, and outputs in the hundreds."""
    drawn = draw(rng, 2, 4, 3, 2, 3)
    return {**drawn, "X": 1000 * drawn["X"], "W_ho": 200 * drawn["W_ho"]}


laws = Laws(
    "output_recurrence",
    draw,
    jordan_by_hand,
    parts=("the outputs",),
    large={"batch": 100, "steps": 1100, "features": 70, "hidden": 66, "outputs": 62},
    whole=("X", "W_xh", "W_ho", "W_oh", "b_h", "b_o"),
    extreme=draw_large,
    compare=compare_jordan,
)


@check(points=0.5)
def test_sends_the_output_back(student):
    """sends the output back, starting from zero"""
    numbers = ([[[1.0], [0.0], [0.0]]], [[1.0]], [[2.0]], [[0.5]], [0.0], [-1.0])
    arguments = [np.array(values) for values in numbers]
    compare_jordan(student.output_recurrence(*arguments), *arguments)


@check(points=0.25)
def test_outputs_of_other_width(student):
    """gives (B, T, O) where outputs are wider or narrower than the state"""
    arguments = (
        np.array([[[1.0], [0.0], [2.0]], [[0.0], [-1.0], [0.5]]]),
        np.array([[1.0], [-0.5]]),
        np.array([[0.5, 1.0], [2.0, 0.0], [0.0, -1.0]]),
        np.array([[0.5, 0.0, 1.0], [-1.0, 0.25, 0.0]]),
        np.array([0.25, 0.0]),
        np.array([0.0, 0.5, -0.5]),
    )
    compare_jordan(student.output_recurrence(*arguments), *arguments)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
