"""Checks of lesson 3: LSTM and GRU by hand, gradients through time, and what they learn."""

import math
from itertools import permutations, product

import numpy as np
import torch

# Bound here by name: a check may forbid the same name in a learner's kernel while it runs.
from torch import gru_cell, lstm, lstm_cell
from torch.autograd import grad
from torch.nn import GRU, LSTM, RNN

from seqkit.grading.catalogue import check, exercise
from seqkit.grading.drawing import random_word, shuffled
from seqkit.grading.expect import Mismatch, array, close, dtype, equal, naming, raises, shape
from seqkit.grading.student import Handle, StudentError, short
from seqkit.grading.wire import Tensor

LAYERS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}

# What a learner's answer has to be before its values are looked at.


def parts_of(got, *names):
    """Return the parts of a result that has to have as many as there are names."""
    if not isinstance(got, tuple | list) or len(got) != len(names):
        raise Mismatch(
            f"gave {short(got)}, expected {len(names)} parts",
            f"The result has {len(names)} parts: return {', '.join(names)}.",
        )
    return got


def floats(got, what):
    """Return a result that has to be an array of numbers, as float64."""
    found = array(got, what, f"{what} is an array of numbers.")
    if found.dtype.kind not in "fiu":
        raise Mismatch(
            f"gave {what} of dtype {found.dtype}, expected float", f"{what} is an array of numbers."
        )
    return found.astype(np.float64)


def doubles(got, what):
    """Return a result that has to be an array in double precision."""
    found = array(got, what, f"{what} is an array of numbers.")
    if found.dtype.kind == "f" and found.dtype.itemsize < 8:
        raise Mismatch(
            f"gave {what} of dtype {found.dtype}, expected float64",
            "float32 keeps seven digits: compute in float64, and collect in an array of float64.",
        )
    return floats(got, what)


def holds(condition, why):
    """Expect a condition; unlike a bare message, ``why`` is told in hidden checks too."""
    if not bool(condition):
        raise Mismatch("is not right", why)


def values_of(parameter):
    """Return a parameter of the grader's own layer as float64."""
    return parameter.detach().double().numpy()


def alike(got, expected):
    """Say whether two lists of arrays agree."""
    return all(
        a.shape == b.shape and np.allclose(a, b, atol=1e-9, rtol=1e-7)
        for a, b in zip(got, expected, strict=True)
    )


ROUNDED = "The numbers agree to a few digits only: compute in float64."


def nearly(got, expected):
    """Say whether arrays agree but for the rounding of float32."""
    return all(np.allclose(a, b, atol=1e-5, rtol=1e-5) for a, b in zip(got, expected, strict=True))


def keep_all(student, arrays):
    """Keep arguments in the learner's process, to look at them afterwards."""
    return [student.keep(part) for part in arrays]


def compare_untouched(student, handles, arrays, names):
    """Look whether arguments are what they were."""
    for handle, before, name in zip(handles, arrays, names, strict=True):
        equal(
            student.fetch(handle),
            before,
            what=f"{name} afterwards",
            why=f"The caller's {name} was changed: make new arrays instead of writing into it "
            "(`+=` and `*=` write).",
        )


def tensors(*arrays):
    """Return arrays as tensors."""
    return [torch.from_numpy(part) for part in arrays]


def torch_sequence(X, h, c, *weights):
    """Run what nn.LSTM computes with: H, h, c from tensors and four weights."""
    H, last_h, last_c = lstm(X, (h[None], c[None]), weights, True, 1, 0.0, False, False, True)
    return H, last_h[0], last_c[0]


def halves(rng, b):
    """Split a bias into two that sum to it, as PyTorch keeps them."""
    part = rng.normal(size=b.shape)
    return part, b - part


def logistic(z):
    """Press a number between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-z)) if z >= 0 else 1.0 - logistic(-z)


def sigmoids(z):
    """Press every number of an array between 0 and 1."""
    return np.vectorize(logistic, otypes=[float])(z)


# ---------------------------------------------------------------- 3.1

# The layers of torch compute with the functions in torch._VF, those of Keras with the `ops` of
# their module: calling a layer that was made before fails too.
NO_LSTM, NO_GRU = (
    [
        f"torch.nn.{name}",
        f"torch.nn.{name}Cell",
        f"torch.{name.lower()}",
        f"torch.{name.lower()}_cell",
        f"torch._VF.{name.lower()}",
        f"torch._VF.{name.lower()}_cell",
        f"keras.layers.{name}",
        f"keras.layers.{name}Cell",
        f"keras.src.layers.rnn.{name.lower()}.{name}",
        f"keras.src.layers.rnn.{name.lower()}.{name}Cell",
        f"keras.src.layers.rnn.{name.lower()}.ops",
    ]
    for name in ("LSTM", "GRU")
)
exercise("3.1", defines=["lstm_step"], forbids=NO_LSTM, numpy=True)

LSTM_ARGUMENTS = ("x", "h", "c", "W", "U", "b")


def lstm_by_loops(x, h, c, W, U, b):
    """Take a step number by number."""
    size = h.shape[1]
    new_h, new_c = np.empty_like(h), np.empty_like(c)
    for row, unit in product(range(len(x)), range(size)):
        i, f, g, o = (
            math.fsum([*(W[k] * x[row]), *(U[k] * h[row]), b[k]])
            for k in range(unit, 4 * size, size)
        )
        cell = logistic(f) * c[row, unit] + logistic(i) * math.tanh(g)
        new_c[row, unit], new_h[row, unit] = cell, logistic(o) * math.tanh(cell)
    return new_h, new_c


def lstm_slip(x, h, c, W, U, b, order="ifgo", forget=True, squash=np.tanh, shown="tanh"):
    """Take a step with a mistake in it."""
    a = dict(zip(order, np.split(x @ W.T + h @ U.T + b, 4, axis=1), strict=True))
    cell = (sigmoids(a["f"]) * c if forget else c) + sigmoids(a["i"]) * squash(a["g"])
    outside = {"tanh": np.tanh(cell), "cell": cell, "old": np.tanh(c)}[shown]
    return sigmoids(a["o"]) * outside, cell


def why_step(got, arguments):
    """Guess what went wrong with a step of an LSTM."""
    x, h, c, W, U, b = arguments
    if [part.shape for part in got] != [h.shape, c.shape]:
        return (
            "h and c have the shape (B, H) they came in. (B, D) times the transpose of (4H, D) "
            "makes all four gates at once, (B, 4H): cut it into four along axis 1."
        )
    slips = [
        (
            {"forget": False},
            "It looks like the forget gate is missing, or the wrong way round: f keeps where it "
            "is 1, c' = f∘c + i∘g.",
        ),
        ({"shown": "cell"}, "It looks like tanh is missing in the last line: h' = o∘tanh(c')."),
        ({"shown": "old"}, "It looks like h' was made from the old c: h' = o∘tanh(c')."),
        ({"squash": sigmoids}, "It looks like g went through σ: the candidate is a tanh."),
        ({"squash": lambda a: a}, "It looks like g was not squashed: the candidate is a tanh."),
    ]
    for options, message in slips:
        if alike(got, lstm_slip(*arguments, **options)):
            return message
    if alike(got, lstm_by_loops(*arguments)[::-1]):
        return "It looks like c and h changed places: return h first."
    for name, left_out in (
        ("b", (x, h, c, W, U, 0 * b)),
        ("U h", (x, h, c, W, 0 * U, b)),
        ("W x", (x, h, c, 0 * W, U, b)),
    ):
        if alike(got, lstm_by_loops(*left_out)):
            return f"It looks like {name} is missing: a = W x + U h + b."
    size = h.shape[1]
    mixed = [part.reshape(size, 4, -1).swapaxes(0, 1).reshape(part.shape) for part in (W, U, b)]
    if size > 1 and alike(got, lstm_by_loops(x, h, c, *mixed)):
        return (
            "It looks like every fourth number was taken for a gate: the first H of the 4H belong "
            "to i, the next H to f, and so on (np.split along axis 1)."
        )
    for order in map("".join, permutations("ifgo")):
        if order != "ifgo" and alike(got, lstm_slip(*arguments, order=order)):
            return (
                f"It looks like the gates were read in the order {', '.join(order)}: the blocks "
                "are i, f, g, o."
            )
    if nearly(got, lstm_by_loops(*arguments)):
        return ROUNDED
    if alike(got[1:], lstm_by_loops(*arguments)[1:]):
        return "c is right, h is not: h' = o∘tanh(c'), with the new c' and o = σ(a_o)."
    return "c' = f∘c + i∘g and h' = o∘tanh(c'), blocks in the order i, f, g, o; g alone is a tanh."


def compare_step(student, *arguments, expected=None, kept=None):
    """Call lstm_step and compare both states."""
    got = parts_of(student.lstm_step(*(kept or arguments)), "h", "c")
    got = [doubles(part, name) for part, name in zip(got, ("h", "c"), strict=True)]
    expected = lstm_by_loops(*arguments) if expected is None else expected
    why = "" if alike(got, expected) else why_step(got, arguments)
    for name, part, target in zip(("h", "c"), got, expected, strict=True):
        shape(part, target.shape, what=name, why=why)
        close(part, target, what=name, why=why)


def one_cell(c=0.0, b=(0.0, 0.0, 20.0, 0.0)):
    """Return the arguments of a step of a single unit whose weights are all zero."""
    zero = np.zeros((1, 1))
    return zero, zero, np.array([[c]]), np.zeros((4, 1)), np.zeros((4, 1)), np.array(b)


def lstm_case(rng, batch, features, size):
    """Draw the arguments of a step."""
    sizes = [(batch, features), (batch, size), (batch, size), (4 * size, features)]
    return [rng.normal(size=s) for s in [*sizes, (4 * size, size), 4 * size]]


@check("3.1", points=0.5)
def test_one_lstm_step_by_hand(student):
    """takes a step that can be followed by hand"""
    compare_step(student, *one_cell(c=2.0))
    compare_step(student, *one_cell(c=2.0, b=(0.0, 0.0, -20.0, 0.0)))
    compare_step(student, *one_cell(c=-2.0, b=(0.0, 0.0, 0.0, 0.0)))


@check("3.1", points=0.25)
def test_opens_and_closes_each_gate(student):
    """opens and closes each gate on its own"""
    one = np.ones((1, 1))
    for i, f, o in product((0, 1), repeat=3):
        W = np.array([[200.0 * i - 100], [0.0], [0.0], [0.0]])  # x moves i, h moves f, b moves o
        U = np.array([[0.0], [200.0 * f - 100], [0.0], [0.0]])
        b = np.array([0.0, 0.0, 20.0, 200.0 * o - 100])
        c = 2.0 * f + 1.0 * i  # an open forget gate keeps 2, an open input gate writes 1
        expected = np.array([[o * math.tanh(c)]]), np.array([[c]])
        compare_step(student, one, one, 2 * one, W, U, b, expected=expected)


SMALL_STEP = (
    np.array([[1.0, 0.0, -1.0]]),  # x (1, 3)
    np.array([[0.5, -0.5]]),  # h (1, 2)
    np.array([[1.0, -2.0]]),  # c (1, 2)
    np.arange(24.0).reshape(8, 3) % 5 / 2 - 1,  # W (8, 3)
    np.arange(16.0).reshape(8, 2) % 3 - 1,  # U (8, 2)
    np.arange(8.0) % 4 / 2 - 1,  # b (8,)
)


@check("3.1", points=0.25)
def test_reads_input_and_state(student):
    """reads input, state and bias"""
    compare_step(student, *SMALL_STEP)


@check("3.1", points=0.5, hidden=True)
def test_any_lstm_step(student, rng):
    """takes the same step as PyTorch, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        x, h, c, W, U, b = lstm_case(rng, *sizes)
        at, *states = tensors(x, h, c)
        expected = [part.numpy() for part in lstm_cell(at, states, *tensors(W, U, *halves(rng, b)))]
        compare_step(student, x, h, c, W, U, b, expected=expected)


@check("3.1", points=0.25, hidden=True)
def test_lstm_step_changes_nothing(student, rng):
    """leaves its arguments as they were"""
    arguments = lstm_case(rng, 2, 3, 4)
    kept = keep_all(student, arguments)
    compare_step(student, *arguments, kept=kept)
    compare_untouched(student, kept, arguments, LSTM_ARGUMENTS)


@check("3.1", points=0.25, hidden=True)
def test_large_gates_stay_numbers(student, rng):
    """gives numbers where the gates are driven to their ends"""
    x, h, c, W, U, b = lstm_case(rng, 3, 2, 4)
    for scale in (3.0, 30.0, 1000.0):
        b = scale * rng.choice([-1.0, 1.0], size=b.shape)
        got = parts_of(student.lstm_step(x, h, c, W, U, b), "h", "c")
        got = [floats(part, name) for part, name in zip(got, "hc", strict=True)]
        expected = lstm_by_loops(x, h, c, W, U, b)
        why = "With large sums a gate is 0 or 1, g is ±1. Do the checks with small numbers pass?"
        if any(np.isnan(part).any() for part in got):
            why = (
                "There is a nan: exp of a large number is infinite, and infinite / infinite is no "
                "number. Use a sigmoid that cannot overflow in that way."
            )
        for name, part, target in zip(("h", "c"), got, expected, strict=True):
            close(part, target, what=name, why=why)


# ---------------------------------------------------------------- 3.2

exercise("3.2", defines=["lstm_forward"], forbids=NO_LSTM, numpy=True)


def sequence_by_loops(X, h, c, W, U, b):
    """Take every step number by number."""
    states, cells = [], []
    for t in range(X.shape[1]):
        h, c = lstm_by_loops(X[:, t], h, c, W, U, b)
        states.append(h)
        cells.append(c)
    return np.stack(states, axis=1), np.stack(cells, axis=1)


def sequence_slip(X, h, c, W, U, b, forgets=""):
    """Run over a sequence, but start every step from the first h, or c, or both."""
    states, last_h, last_c = [], h, c
    for t in range(X.shape[1]):
        start = h if "h" in forgets else last_h, c if "c" in forgets else last_c
        last_h, last_c = lstm_by_loops(X[:, t], *start, W, U, b)
        states.append(last_h)
    return np.stack(states, axis=1)


def why_sequence(H, arguments):
    """Guess what went wrong with the states of a sequence."""
    expected, cells = sequence_by_loops(*arguments)
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
    if alike([H], [cells]):
        return "It looks like the cell states were collected: H holds the hidden states."
    if alike([H], [np.concatenate([h[:, None], expected[:, :-1]], axis=1)]):
        return "It looks like h was collected before each step: H[:, 0] is the state after X[:, 0]."
    if alike([H], [expected[:, ::-1]]):
        return "It looks like the steps are in reverse: H[:, 0] is the state after the first step."
    for forgets in ("c", "h", "hc"):
        if alike([H], [sequence_slip(*arguments, forgets=forgets)]):
            names = " and ".join(f"{name}0" for name in forgets)
            return f"It looks like every step starts from {names}: the new state has to go on."
    for starts, name in (((0 * h, c), "h0"), ((h, 0 * c), "c0"), ((0 * h, 0 * c), "h0 and c0")):
        if alike([H], [sequence_by_loops(X, *starts, *weights)[0]]):
            return f"It looks like zeros were taken in the place of {name}."
    if alike([H[:, 0]], [expected[:, 0]]):
        return "The first step is right, a later one is not: carry both h and c from step to step."
    return "H[:, t] is the hidden state after step t of lstm_step, from h0 and c0 on."


def compare_sequence(student, *arguments, expected=None, kept=None):
    """Call lstm_forward and compare all states and the last pair."""
    H, last = parts_of(student.lstm_forward(*(kept or arguments)), "H", "(h, c)")
    h, c = parts_of(last, "h", "c")
    H, h, c = doubles(H, "H"), doubles(h, "h"), doubles(c, "c")
    if expected is None:
        states, cells = sequence_by_loops(*arguments)
        expected = states, states[:, -1], cells[:, -1]
    why = "" if alike([H], expected[:1]) else why_sequence(H, arguments)
    shape(H, expected[0].shape, what="H", why=why)
    close(H, expected[0], what="H", why=why)
    why = (
        "The second result is the pair (h, c) after the last step, h first, (B, H) each (nn.LSTM "
        "gives them one axis more, for its layers)."
    )
    for name, part, target in zip(("h", "c"), (h, c), expected[1:], strict=True):
        shape(part, target.shape, what=name, why=why)
        close(part, target, what=name, why=why)


def sequence_case(rng, batch, steps, features, size):
    """Draw the arguments of a run over a sequence."""
    _, *others = lstm_case(rng, batch, features, size)
    return [rng.normal(size=(batch, steps, features)), *others]


@check("3.2", points=0.5)
def test_three_steps_by_hand(student):
    """takes three steps that can be followed by hand"""
    _, h0, c0, W, U, b = one_cell()
    compare_sequence(student, np.zeros((1, 3, 1)), h0, c0, W, U, b)
    compare_sequence(student, np.zeros((1, 1, 1)), h0, np.array([[2.0]]), W, U, b)


@check("3.2", points=0.5)
def test_carries_both_states(student):
    """carries h and c through a small batch, from the given start"""
    _, _, _, W, U, b = SMALL_STEP
    X = np.arange(24.0).reshape(2, 4, 3) % 7 / 4 - 0.5
    h0 = np.array([[0.5, -0.5], [0.25, 0.0]])
    c0 = np.array([[1.0, -2.0], [0.5, 1.5]])
    compare_sequence(student, X, h0, c0, W, U, b)


@check("3.2", points=0.5, hidden=True)
def test_any_sequence(student, rng):
    """equals nn.LSTM, whatever the sizes"""
    for sizes in [(1, 1, 1, 1), (3, 6, 2, 4), (5, 3, 4, 2), rng.integers(2, 7, size=4).tolist()]:
        X, h0, c0, W, U, b = sequence_case(rng, *sizes)
        ran = torch_sequence(*tensors(X, h0, c0, W, U, *halves(rng, b)))
        expected = [part.numpy() for part in ran]
        compare_sequence(student, X, h0, c0, W, U, b, expected=expected)


@check("3.2", points=0.25, hidden=True)
def test_goes_on_where_it_stopped(student, rng):
    """goes on where it stopped when its last states are given back"""
    X, h, c, *weights = sequence_case(rng, 3, 7, 2, 4)
    whole, _ = sequence_by_loops(X, h, c, *weights)
    cut = int(rng.integers(2, 6))
    parts = []
    for piece in (X[:, :cut], X[:, cut:]):
        H, last = parts_of(student.lstm_forward(piece, h, c, *weights), "H", "(h, c)")
        h, c = (floats(part, "a state") for part in parts_of(last, "h", "c"))
        why = "The last pair holds h and c of the last step, (B, H) each."
        shape(h, whole[:, 0].shape, what="h", why=why)
        shape(c, whole[:, 0].shape, what="c", why=why)
        H = floats(H, "H")
        shape(H, (3, piece.shape[1], 4), what="H", why="H is (B, T, H).")
        parts.append(H)
    close(
        np.concatenate(parts, axis=1),
        whole,
        what="H",
        why="A sequence in two pieces, the second started with the first one's last h and c, has "
        "the states of the whole.",
    )


@check("3.2", points=0.25, hidden=True)
def test_forward_changes_nothing(student, rng):
    """leaves its arguments as they were"""
    arguments = sequence_case(rng, 2, 3, 3, 2)
    kept = keep_all(student, arguments)
    compare_sequence(student, *arguments, kept=kept)
    compare_untouched(student, kept, arguments, ("X", "h0", "c0", "W", "U", "b"))


# ---------------------------------------------------------------- 3.3

exercise("3.3", defines=["gru_step"], forbids=NO_GRU, numpy=True)


def gru_by_loops(x, h, W, U, b_x, b_h, reset_after=True):
    """Take a step number by number."""
    size = h.shape[1]
    new = np.empty_like(h)
    for row in range(len(x)):
        of_x = [math.fsum([*(W[k] * x[row]), b_x[k]]) for k in range(3 * size)]
        of_h = [math.fsum([*(U[k] * h[row]), b_h[k]]) for k in range(3 * size)]
        r = [logistic(of_x[k] + of_h[k]) for k in range(size)]
        for unit in range(size):
            z = logistic(of_x[size + unit] + of_h[size + unit])
            k = 2 * size + unit
            if reset_after:
                inner = r[unit] * of_h[k]
            else:
                inner = math.fsum([*(U[k, j] * r[j] * h[row, j] for j in range(size)), b_h[k]])
            n = math.tanh(of_x[k] + inner)
            new[row, unit] = n + z * (h[row, unit] - n)
    return new


def gru_slip(x, h, W, U, b_x, b_h, keeps=True, bias="right", squash=np.tanh):
    """Take a step, reset after the product, with a mistake in it."""
    x_r, x_z, x_n = np.split(x @ W.T + b_x, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ U.T + b_h, 3, axis=1)
    r, z = sigmoids(x_r + h_r), sigmoids(x_z + h_z)
    if bias == "outside":
        _, _, b_n = np.split(b_h, 3)
        inner = r * (h_n - b_n) + b_n
    else:
        inner = h_n if bias == "no reset" else r * h_n
    n = squash(x_n + inner)
    return (1 - z) * n + z * h if keeps else (1 - z) * h + z * n


def why_gru(got, arguments, reset_after):
    """Guess what went wrong with a step of a GRU."""
    x, h, W, U, b_x, b_h = arguments
    if got.shape != h.shape:
        return (
            "The one result is the new state, in the shape (B, H) of the old one. There are three "
            "blocks of H."
        )
    swapped = gru_by_loops(*arguments, reset_after=not reset_after)
    turned = gru_by_loops(*arguments, reset_after=reset_after)
    keep = "z keeps the old state: h' = (1 - z)∘n + z∘h."
    if alike([got], [gru_slip(*arguments, keeps=False)]) and reset_after:
        return f"It looks like z is the wrong way round. {keep}"
    if not reset_after and alike([got + turned], [h + candidate_before(*arguments)]):
        return f"It looks like z is the wrong way round. {keep}"
    if nearly([got], [turned]):
        return ROUNDED
    if alike([got], [swapped]) and reset_after:
        return (
            "It looks like b_hn stands outside of the bracket, or r multiplies h alone, as with "
            "reset_after=False: with True, the default, r multiplies U_n h + b_hn, the bias too."
        )
    if alike([got], [swapped]):
        return (
            "It looks like reset_after is ignored, or its two cases are exchanged: with False r "
            "multiplies h before the product, U_n (r∘h) + b_hn."
        )
    for order in map("".join, permutations("rzn")):
        places = [order.index(gate) for gate in "rzn"]
        moved = [np.concatenate([np.split(a, 3)[k] for k in places]) for a in (W, U, b_x, b_h)]
        if order != "rzn" and alike([got], [gru_by_loops(x, h, *moved, reset_after)]):
            return (
                f"It looks like the gates were read in the order {', '.join(order)}: the blocks "
                "are r, z, n."
            )
    if reset_after:
        slips = [
            ({"bias": "outside"}, "b_hn stands inside the bracket that r multiplies."),
            ({"bias": "no reset"}, "It looks like r is missing: it multiplies U_n h + b_hn."),
            ({"squash": sigmoids}, "It looks like n went through σ: the candidate is a tanh."),
            ({"squash": lambda a: a}, "It looks like n was not squashed: it is a tanh."),
        ]
        for options, message in slips:
            if alike([got], [gru_slip(*arguments, **options)]):
                return message
    for name, left_out in (
        ("b_x", (x, h, W, U, 0 * b_x, b_h)),
        ("b_h", (x, h, W, U, b_x, 0 * b_h)),
    ):
        if alike([got], [gru_by_loops(*left_out, reset_after=reset_after)]):
            return f"It looks like {name} is missing."
    if not reset_after:
        return (
            "With reset_after=False r multiplies h before the product: n = tanh(W_n x + b_xn + "
            f"U_n (r∘h) + b_hn). {keep}"
        )
    return f"n = tanh(W_n x + b_xn + r∘(U_n h + b_hn)); blocks r, z, n. {keep}"


def candidate_before(x, h, W, U, b_x, b_h):
    """Return n where the state is reset before the product."""
    r, _, _ = np.split(sigmoids(x @ W.T + b_x + h @ U.T + b_h), 3, axis=1)
    (_, _, W_n), (_, _, U_n) = np.split(W, 3), np.split(U, 3)
    (_, _, x_n), (_, _, h_n) = np.split(b_x, 3), np.split(b_h, 3)
    return np.tanh(x @ W_n.T + x_n + (r * h) @ U_n.T + h_n)


def compare_gru(student, *arguments, expected=None, kept=None, **options):
    """Call gru_step and compare the state."""
    reset_after = options.get("reset_after", arguments[6] if len(arguments) > 6 else True)
    got = doubles(student.gru_step(*(kept or arguments), **options), "h")
    arguments = arguments[:6]
    if expected is None:
        expected = gru_by_loops(*arguments, reset_after=reset_after)
    why = "" if alike([got], [expected]) else why_gru(got, arguments, reset_after)
    shape(got, expected.shape, what="h", why=why)
    close(got, expected, what="h", why=why)


def gru_case(rng, batch, features, size):
    """Draw the arguments of a step."""
    sizes = [(batch, features), (batch, size), (3 * size, features), (3 * size, size)]
    return [rng.normal(size=s) for s in [*sizes, 3 * size, 3 * size]]


def one_gru(h=2.0, u=(0.0, 0.0, 1.0), b_x=(0.0, 0.0, 0.0), b_h=(0.0, 0.0, 1.0)):
    """Return the arguments of a step of a single unit."""
    column = np.array(u)[:, None]
    return np.zeros((1, 1)), np.array([[h]]), 0 * column, column, np.array(b_x), np.array(b_h)


@check("3.3", points=0.5)
def test_z_keeps_the_old_state(student):
    """keeps the old state where z is 1 and replaces it where z is 0"""
    for z, expected in ((100.0, 2.0), (-100.0, 1.0)):
        arguments = one_gru(b_x=(0.0, z, 20.0))  # n is tanh(21.5), 1 to all digits
        compare_gru(student, *arguments, expected=np.array([[expected]]))
    compare_gru(student, *one_gru(b_x=(0.0, 0.0, 20.0)), expected=np.array([[1.5]]))
    compare_gru(student, *one_gru(b_x=(0.0, 0.0, -20.0)), expected=np.array([[0.5]]))


@check("3.3", points=0.5)
def test_resets_the_product(student):
    """resets the product, bias included, as PyTorch does"""
    compare_gru(student, *one_gru())
    compare_gru(student, *one_gru(b_h=(-100.0, 0.0, 1.0)))
    _, _, _, W, U, b = SMALL_STEP
    x, h, b_x = np.array([[1.0, 0.0, -1.0]]), np.array([[0.5, -2.0]]), np.arange(6.0) % 4 - 1
    compare_gru(student, x, h, W[:6], U[:6], b_x, b[:6])


@check("3.3", points=0.5)
def test_resets_the_state(student):
    """resets the state before the product when told to"""
    compare_gru(student, *one_gru(), reset_after=False)
    compare_gru(student, *one_gru(b_h=(-100.0, 0.0, 1.0)), reset_after=False)
    _, _, _, W, U, b = SMALL_STEP
    x, h, b_x = np.array([[1.0, 0.0, -1.0]]), np.array([[0.5, -2.0]]), np.arange(6.0) % 4 - 1
    compare_gru(student, x, h, W[:6], U[:6], b_x, b[:6], reset_after=False)


@check("3.3", points=0.5, hidden=True)
def test_any_gru_step(student, rng):
    """takes the same step as PyTorch, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        x, h, W, U, b_x, b_h = gru_case(rng, *sizes)
        expected = gru_cell(*tensors(x, h, W, U, b_x, b_h)).numpy()
        for options in ({}, {"reset_after": True}):
            compare_gru(student, x, h, W, U, b_x, b_h, expected=expected, **options)


@check("3.3", points=0.5, hidden=True)
def test_any_step_reset_before(student, rng):
    """takes the paper's step, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        arguments = gru_case(rng, *sizes)
        compare_gru(student, *arguments, reset_after=False)
        compare_gru(student, *arguments, False)


@check("3.3", points=0.25, hidden=True)
def test_gru_step_changes_nothing(student, rng):
    """leaves its arguments as they were"""
    arguments = gru_case(rng, 2, 3, 4)
    for reset_after in (True, False):
        kept = keep_all(student, arguments)
        compare_gru(student, *arguments, kept=kept, reset_after=reset_after)
        compare_untouched(student, kept, arguments, ("x", "h", "W", "U", "b_x", "b_h"))


@check("3.3", points=0.25, hidden=True)
def test_large_gru_gates_stay_numbers(student, rng):
    """gives numbers where the gates are driven to their ends"""
    x, h, W, U, b_x, b_h = gru_case(rng, 3, 2, 4)
    for scale, reset_after in product((3.0, 30.0, 1000.0), (True, False)):
        b_x = scale * rng.choice([-1.0, 1.0], size=b_x.shape)
        got = floats(student.gru_step(x, h, W, U, b_x, b_h, reset_after=reset_after), "h")
        why = "With large sums a gate is 0 or 1, n is ±1. Do the checks with small numbers pass?"
        if np.isnan(got).any():
            why = (
                "There is a nan: exp of a large number is infinite, and infinite / infinite is no "
                "number. Use a sigmoid that cannot overflow in that way."
            )
        close(got, gru_by_loops(x, h, W, U, b_x, b_h, reset_after), what="h", why=why)


# ---------------------------------------------------------------- 3.4

exercise(
    "3.4",
    defines=["lstm_step_cache", "lstm_step_backward"],
    forbids=[
        "torch.autograd.grad",
        "torch.autograd.backward",
        "tensorflow.GradientTape",
        "tensorflow.python.eager.imperative_grad.imperative_grad",  # with which every tape computes
        *NO_LSTM,
    ],
    numpy=True,
)

GRADIENTS = ("dx", "dh_prev", "dc_prev", "dW", "dU", "db")


def forward_kept(student, *arguments):
    """Take a step, and keep its cache where it is."""
    parts = parts_of(student.kept("lstm_step_cache", *arguments), "h", "c", "cache")
    h, c = (doubles(student.fetch(part), name) for part, name in zip(parts, "hc", strict=False))
    return h, c, parts[2]


def gradients_of(student, dh, dc, cache, size):
    """Call lstm_step_backward and compare shapes."""
    got = parts_of(student.lstm_step_backward(dh, dc, cache), *GRADIENTS)
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
    total = (new_h * torch.from_numpy(dh)).sum() + (new_c * torch.from_numpy(dc)).sum()
    return [part.numpy() for part in grad(total, leaves)]


def gradients_by_differences(dh, dc, *arguments):
    """Move every number a little up and down and look at what happens."""
    found = [np.zeros_like(part) for part in arguments]
    for place, part in enumerate(arguments):
        for index in np.ndindex(part.shape):
            sides = []
            for step in (1e-5, -1e-5):
                moved = [other.copy() for other in arguments]
                moved[place][index] += step
                new_h, new_c = lstm_by_loops(*moved)
                sides.append(float((new_h * dh).sum() + (new_c * dc).sum()))
            found[place][index] = (sides[0] - sides[1]) / 2e-5
    return found


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
    batch = len(x)
    averaged = [*right[:3], *(part / batch for part in right[3:])]
    yield averaged, "It looks like the parameters' gradients were averaged: sum over the batch."
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
    for wrong, message in backward_slips(dh, dc, *arguments):
        if alike(got, wrong):
            return message
    if name == "db":
        blocks = zip("ifgo", np.split(got[5], 4), np.split(expected[5], 4), strict=True)
        wrong = ", ".join(gate for gate, a, b in blocks if not alike([a], [b]))
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


def compare_gradients(got, expected, dh, dc, arguments, near=DERIVED):
    """Compare the six gradients, those of the parameters first: they show da itself."""
    for place in (5, 2, 3, 4, 0, 1):
        name, right = GRADIENTS[place], np.allclose(got[place], expected[place], **near)
        why = "" if right else why_gradient(name, got, expected, dh, dc, arguments)
        close(got[place], expected[place], what=name, why=why, **near)


def compare_backward(student, dh, dc, *arguments):
    """Take a step forward and back and compare the gradients; return them."""
    _, _, cache = forward_kept(student, *arguments)
    got = gradients_of(student, dh, dc, cache, arguments)
    expected = gradients_by_autograd(dh, dc, *arguments)
    compare_gradients(got, expected, dh, dc, arguments)
    return got


@check("3.4", points=0.5)
def test_the_step_is_the_same(student):
    """takes the same step forward as lstm_step"""
    for arguments in (one_cell(c=2.0), SMALL_STEP):
        h, c, _ = forward_kept(student, *arguments)
        expected = lstm_by_loops(*arguments)
        why = "" if alike((h, c), expected) else why_step((h, c), arguments)
        for name, part, target in zip("hc", (h, c), expected, strict=True):
            shape(part, target.shape, what=name, why=why)
            close(part, target, what=name, why=why)


BY_HAND = (
    np.array([[3.0]]),
    np.array([[1.0]]),
    np.array([[2.0]]),
    np.array([[1.0], [2.0], [0.0], [0.0]]),
    np.array([[4.0], [-1.0], [0.0], [0.0]]),
    np.array([-7.0, -5.0, 20.0, 0.0]),
)


@check("3.4", points=0.5)
def test_back_through_the_cell(student):
    """sends back what reaches c, in an example that can be followed by hand"""
    _, _, cache = forward_kept(student, *BY_HAND)
    dh, dc = np.array([[0.0]]), np.array([[1.0]])
    got = gradients_of(student, dh, dc, cache, BY_HAND)
    expected = [
        np.array([[1.25]]),
        np.array([[0.5]]),
        np.array([[0.5]]),
        np.array([[0.75], [1.5], [0.0], [0.0]]),
        np.array([[0.25], [0.5], [0.0], [0.0]]),
        np.array([0.25, 0.5, 0.0, 0.0]),
    ]
    compare_gradients(got, expected, dh, dc, BY_HAND)


@check("3.4", points=0.5)
def test_back_through_the_output(student):
    """sends back what reaches h, through the output gate and through the cell"""
    compare_backward(student, np.array([[1.0]]), np.array([[0.0]]), *BY_HAND)
    compare_backward(student, np.array([[1.0]]), np.array([[0.5]]), *BY_HAND)


@check("3.4", points=0.5)
def test_small_batch_by_differences(student):
    """agrees with what happens when each number is moved a little, summed over the batch"""
    _, _, _, W, U, b = SMALL_STEP
    x = np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 0.0]])
    h = np.array([[0.5, -0.5], [0.25, 1.0]])
    c = np.array([[1.0, -2.0], [0.5, 0.0]])
    dh = np.array([[1.0, 0.0], [-0.5, 1.0]])
    dc = np.array([[0.0, 1.0], [0.5, -1.0]])
    got = compare_backward(student, dh, dc, x, h, c, W, U, b)
    expected = gradients_by_differences(dh, dc, x, h, c, W, U, b)
    compare_gradients(got, expected, dh, dc, (x, h, c, W, U, b), near={"atol": 1e-6})


@check("3.4", points=0.75, hidden=True)
def test_back_through_any_step(student, rng):
    """agrees with PyTorch's gradients, whatever the sizes"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        arguments = lstm_case(rng, *sizes)
        dh, dc = rng.normal(size=(2, sizes[0], sizes[2]))
        compare_backward(student, dh, dc, *arguments)
        h, c, _ = forward_kept(student, *arguments)
        for name, part, target in zip("hc", (h, c), lstm_by_loops(*arguments), strict=True):
            close(part, target, what=name, why="The step forward is lstm_step's.")
    # derived, 100,000 gradients take milliseconds; found by a small change of each they take long
    x, h, c, W, U, b = lstm_case(rng, 2, 100, 120)
    arguments = x, h, c, W / 10, U / 10, b
    dh, dc = rng.normal(size=(2, 2, 120))
    _, _, cache = forward_kept(student, *arguments)
    got = gradients_of(student, dh, dc, cache, arguments)
    expected = gradients_by_autograd(dh, dc, *arguments)
    for name, part, target in zip(GRADIENTS, got, expected, strict=True):
        holds(
            np.allclose(part, target, atol=1e-10, rtol=1e-9),
            f"{name} is wrong for a hundred units: do the checks with few units pass?",
        )


@check("3.4", points=0.75, hidden=True)
def test_back_through_a_chain(student, rng):
    """goes back through a chain of steps, each with its own cache"""
    batch, steps, features, size = 2, int(rng.integers(4, 7)), 3, 4
    X, h, c, W, U, b = sequence_case(rng, batch, steps, features, size)
    dH = rng.normal(size=(batch, steps, size))
    leaves = [part.clone().requires_grad_() for part in tensors(X, h, c, W, U, b)]
    H, _, _ = torch_sequence(*leaves, torch.zeros_like(leaves[-1]))
    expected = [part.numpy() for part in grad((H * torch.from_numpy(dH)).sum(), leaves)]
    _, _, cache = forward_kept(student, X[:, 0], h, c, W, U, b)
    alone = gradients_of(student, dH[:, 0], dH[:, 1], cache, (X[:, 0], h, c, W, U, b))
    right = gradients_by_autograd(dH[:, 0], dH[:, 1], X[:, 0], h, c, W, U, b)
    holds(
        all(np.allclose(a, b, **DERIVED) for a, b in zip(alone, right, strict=True)),
        "A single step is wrong already: mend that first (see the checks above).",
    )
    caches = []
    for t in range(steps):
        h, c, cache = forward_kept(student, X[:, t], h, c, W, U, b)
        caches.append(cache)
    dh, dc, sums, dx = 0 * h, 0 * c, [0.0, 0.0, 0.0], []
    for t in reversed(range(steps)):
        like = (X[:, t], h, c, W, U, b)
        got = gradients_of(student, dH[:, t] + dh, dc, caches[t], like)
        dx, dh, dc = [got[0], *dx], got[1], got[2]
        sums = [a + b for a, b in zip(sums, got[3:], strict=True)]
    found = [np.stack(dx, axis=1), dh, dc, *sums]
    why = (
        "Over several steps, dh_prev and dc_prev of a step are what reaches the step before it. "
        "A cache stays as it was while other steps are taken: do not keep it in a global name, "
        "do not change it in place."
    )
    for name, part, target in zip(GRADIENTS, found, expected, strict=True):
        close(part, target, what=f"{name} of the chain", why=why)


@check("3.4", points=0.5, hidden=True)
def test_back_changes_nothing(student, rng):
    """leaves its arguments as they were and may be called again with the same cache"""
    arguments = lstm_case(rng, 3, 2, 4)
    kept = keep_all(student, arguments)
    _, _, cache = forward_kept(student, *kept)
    dh, dc = rng.normal(size=(2, 3, 4))
    kept_dh, kept_dc = keep_all(student, (dh, dc))
    first = gradients_of(student, kept_dh, kept_dc, cache, arguments)
    compare_gradients(first, gradients_by_autograd(dh, dc, *arguments), dh, dc, arguments)
    compare_untouched(student, [kept_dh, kept_dc], [dh, dc], ("dh", "dc"))
    compare_untouched(student, kept, arguments, LSTM_ARGUMENTS)
    again = gradients_of(student, dh, dc, cache, arguments)
    for name, part, before in zip(GRADIENTS, again, first, strict=True):
        close(part, before, what=name, why="The cache was changed: a second call gives another.")


# ---------------------------------------------------------------- 3.5

exercise("3.5", defines=["gradient_by_lag"])


def build_twin(student, layer):
    """Build the grader's layer once more in the learner's process, same weights, same dtype."""
    options = {"num_layers": layer.num_layers, "batch_first": True}
    if isinstance(layer, RNN):
        options["nonlinearity"] = layer.nonlinearity
    if layer.bidirectional:
        options["bidirectional"] = True
    name = f"torch.nn.{type(layer).__name__}"
    handle = student.build(name, layer.input_size, layer.hidden_size, **options)
    if layer.weight_ih_l0.dtype == torch.float64:
        handle.double()
    handle.load_state_dict(layer.state_dict())
    return handle


def random_layer(rng, kind, features, size, num_layers=1, scale=0.7, **options):
    """Make a layer with batch first, filled with random weights."""
    layer = LAYERS[kind](features, size, num_layers=num_layers, batch_first=True, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.from_numpy(rng.normal(scale=scale, size=parameter.shape)))
    return layer


def jacobians(cell, X):
    """Return d h_T / d x_t for every row and step by central differences: (B, T, H, D)."""
    batch, steps, features = X.shape
    found = np.zeros((batch, steps, cell.hidden_size, features))
    with torch.no_grad():
        for t, d in product(range(steps), range(features)):
            move = torch.zeros_like(X)
            move[:, t, d] = 1e-5
            difference = cell(X + move)[0][:, -1] - cell(X - move)[0][:, -1]
            found[:, t, :, d] = difference.numpy() / 2e-5
    return found


def why_lag(got, J):
    """Guess what went wrong with gradients by lag."""
    norms = np.sqrt((J**2).sum(axis=(2, 3)))  # (B, T)
    expected = norms.mean(axis=0)

    def same(other):
        return got.shape == other.shape and np.allclose(got, other, atol=1e-6, rtol=1e-4)

    if got.shape != expected.shape:
        return "There is one number a step: shape (T,)."
    if same(expected):
        return "It looks like the division is missing: everything is divided by the last entry."
    summed = np.sqrt((J.sum(axis=2) ** 2).sum(axis=2)).mean(axis=0)
    if same(summed / summed[-1]):
        return (
            "It looks like the gradient of h_T.sum(): there the rows of the Jacobian are added "
            "before they are squared, and rows of opposite sign cancel. Take one unit of h_T at a "
            "time, square, then add."
        )
    if same((expected / expected[-1])[::-1]):
        return "It looks like the order is reversed: entry t belongs to x_t, the last entry is 1."
    if same(expected / expected[0]) or same(expected / expected.max()):
        return "Everything is divided by the last entry, not by the first or the largest."
    rooted = np.sqrt((norms**2).mean(axis=0))
    if same(rooted / rooted[-1]):
        return "Take the root in every row first, then the mean over the rows."
    if same((norms / norms[:, -1:]).mean(axis=0)):
        return "Take the mean over the rows first, then divide: there is one division, of means."
    together = np.sqrt((J.mean(axis=0) ** 2).sum(axis=(1, 2)))
    if same(together / together[-1]):
        return "Take the norm in every row first, then the mean over the rows."
    if same((expected / expected[-1]) ** 2):
        return "It looks like the root is missing: a norm is the root of the sum of squares."
    spectral = np.linalg.norm(J, ord=2, axis=(2, 3)).mean(axis=0)
    if same(spectral / spectral[-1]):
        return "That is the largest singular value; the Frobenius norm takes all entries."
    return (
        "Entry t is the mean over the rows of ‖∂h_T/∂x_t‖, the root of the sum of all squared "
        "entries of the Jacobian (H, D), divided by the last entry. h_T is cell(X)[0][:, -1], the "
        "hidden state of the top layer."
    )


def compare_lags(student, layer, X, atol=1e-7, rtol=1e-5):
    """Call gradient_by_lag with a layer's twin and compare."""
    J = jacobians(layer.double(), X.double())
    layer.to(X.dtype)
    got = floats(student.gradient_by_lag(build_twin(student, layer), X), "the result")
    expected = np.sqrt((J**2).sum(axis=(2, 3))).mean(axis=0)
    right = alike([got], [expected / expected[-1]])
    why = "" if right else why_lag(got, J)
    shape(got, expected.shape, what="the result", why=why)
    close(got, expected / expected[-1], what="the result", why=why, atol=atol, rtol=rtol)


def straight(*rows):
    """Make a layer that is linear where inputs are positive: each step back multiplies by W_hh."""
    layer = RNN(1, len(rows), nonlinearity="relu", batch_first=True).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        layer.weight_ih_l0.fill_(1.0)
        layer.weight_hh_l0.copy_(torch.tensor(rows))
    return layer


@check("3.5", points=0.5)
def test_halves_with_every_step(student):
    """finds that each step back halves the gradient where the weight is a half"""
    X = torch.ones(1, 4, 1, dtype=torch.float64)
    compare_lags(student, straight([0.5]), X)
    compare_lags(student, straight([0.5]).float(), X.float(), atol=1e-4, rtol=1e-3)
    compare_lags(student, straight([0.5, 0.25], [0.0, 2.0]), X)  # one unit halves, one doubles


@check("3.5", points=0.5)
def test_takes_every_entry_of_the_jacobian(student):
    """takes every entry of each row's Jacobian, in a small LSTM"""
    rng = np.random.default_rng(3)
    X = torch.from_numpy(rng.normal(size=(2, 3, 2)))
    compare_lags(student, random_layer(rng, "lstm", 2, 3).double(), X)


@check("3.5", points=0.5, hidden=True)
def test_any_recurrent_layer(student, rng):
    """measures any layer of any depth"""
    for kind, num_layers in (("rnn", 1), ("gru", 2), ("lstm", 1), ("rnn", 3)):
        batch, steps, features, size = rng.integers(2, 6, size=4).tolist()
        layer = random_layer(rng, kind, features, size, num_layers).double()
        compare_lags(student, layer, torch.from_numpy(rng.normal(size=(batch, steps, features))))
    layer = random_layer(rng, "gru", 3, 2, scale=0.4)
    X = torch.from_numpy(rng.normal(size=(3, 6, 3)).astype(np.float32))
    compare_lags(student, layer, X, atol=1e-4, rtol=1e-3)
    layer = random_layer(rng, "lstm", 2, 3).double()
    compare_lags(student, layer, torch.from_numpy(rng.normal(size=(2, 1, 2))))


@check("3.5", points=0.5, hidden=True)
def test_measuring_leaves_no_trace(student, rng):
    """leaves the layer and X as they were"""
    layer = random_layer(rng, "gru", 2, 3)
    cell = build_twin(student, layer)
    X = torch.from_numpy(rng.normal(size=(2, 4, 2)).astype(np.float32))
    kept = student.keep(X)
    got = floats(student.gradient_by_lag(cell, kept), "the result")
    J = jacobians(layer.double(), X.double())
    expected = np.sqrt((J**2).sum(axis=(2, 3))).mean(axis=0)
    shape(got, (4,), what="the result", why="There is one number a step: shape (T,).")
    why = "The result itself is wrong (see the checks above): traces were not looked for."
    close(got, expected / expected[-1], what="the result", why=why, atol=1e-4, rtol=1e-3)
    for name, parameter in layer.named_parameters():
        gradient = student.fetch(getattr(cell, name).grad)
        if gradient is not None:
            raise Mismatch(
                f"left a gradient in {name}",
                "Gradients were left in the layer's parameters, and an optimizer would use them: "
                "ask for the gradient with respect to X alone (torch.autograd.grad).",
            )
        why = "The layer's parameters were changed."
        equal(floats(student.fetch(getattr(cell, name)), name), values_of(parameter), why=why)
        equal(student.fetch(getattr(cell, name).requires_grad), True, why=why)
    why = "The caller's X was changed: work on a tensor of your own (X.detach())."
    equal(student.fetch(kept.requires_grad), False, what="X.requires_grad afterwards", why=why)
    equal(student.fetch(kept.grad), None, what="X.grad afterwards", why=why)
    equal(floats(student.fetch(kept), "X"), X.double().numpy(), what="X afterwards", why=why)


# ---------------------------------------------------------------- 3.6

exercise("3.6", defines=["set_forget_bias"])


def why_forget(total, before, value):
    """Guess what went wrong with a forget bias (one pair's sum, all four quarters)."""
    _, f, _, _ = np.split(total, 4)

    def same(a, b):
        return np.allclose(a, b, atol=1e-6)

    if same(total, before):
        return (
            "Nothing was changed here. What passes through the cell is multiplied by the forget "
            "gates, so their bias matters; every layer and every direction has a pair of biases."
        )
    if same(f, 2 * value) and value:
        return "Both biases were set to the value, and they are added: the sum is twice too large."
    quarters = [k for k, part in enumerate(np.split(total, 4)) if same(part, value)]
    if quarters and 1 not in quarters:
        order = ("input gate", "forget gate", "candidate", "output gate")
        return (
            f"It looks like the {order[quarters[0]]} was set: the order is i, f, g, o, the forget "
            "gate's part is the second."
        )
    if same(f, np.split(before, 4)[1] + value):
        return "It looks like the value was added to what was there: set the sum to it."
    return "Both biases are added in the gate: their forget parts have to sum to the value."


def pairs_of(layer):
    """Yield the endings of a layer's pairs of biases: l0, l0_reverse, l1, …"""
    for depth in range(layer.num_layers):
        yield f"l{depth}"
        if layer.bidirectional:
            yield f"l{depth}_reverse"


def compare_forget(student, handle, layer, value):
    """Compare the sum of the forget biases of every pair."""
    size = layer.hidden_size
    for ending in pairs_of(layer):
        names = f"bias_ih_{ending}", f"bias_hh_{ending}"
        before = sum(values_of(getattr(layer, name)) for name in names)
        after = [floats(student.fetch(getattr(handle, name)), name) for name in names]
        for name, part in zip(names, after, strict=True):
            shape(part, (4 * size,), what=name, why="The biases keep their shape (4H,).")
        total = sum(after)
        close(
            total[size : 2 * size],
            np.full(size, float(value)),
            what=f"({' + '.join(names)})[{size}:{2 * size}]",
            why=why_forget(total, before, value),
            atol=1e-6,
        )


def compare_rest(student, handle, layer):
    """Compare everything but the forget biases, bit by bit."""
    size = layer.hidden_size
    for name, parameter in layer.named_parameters():
        before = values_of(parameter)
        after = floats(student.fetch(getattr(handle, name)), name)
        shape(after, before.shape, what=name, why="Parameters keep their shape.")
        why = "Only the forget gate's biases change; weights and all other biases stay."
        if name.startswith("bias"):
            rest = np.r_[0:size, 2 * size : 4 * size]
            before, after = before[rest], after[rest]
            why = (
                "Only the forget gate's quarter of a bias changes, the second of i, f, g, o; the "
                "other three stay as they were."
            )
        equal(after, before, what=f"what should stay of {name}", why=why)


def numbered_lstm(*sizes, **options):
    """Make a layer with weights that can be told apart."""
    layer = LSTM(*sizes, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            count = parameter.numel()
            parameter.copy_((torch.arange(1.0, count + 1) / 8).reshape(parameter.shape))
    return layer


@check("3.6", points=0.5)
def test_sums_to_the_value(student):
    """makes the forget gate's two biases sum to the value"""
    layer = numbered_lstm(1, 2)
    for value in (1.0, 3):
        handle = build_twin(student, layer)
        student.set_forget_bias(handle, value)
        compare_forget(student, handle, layer, value)


@check("3.6", points=0.5)
def test_leaves_the_rest_alone(student):
    """leaves all other weights and biases alone"""
    layer = numbered_lstm(1, 2)
    handle = build_twin(student, layer)
    student.set_forget_bias(handle, 1.0)
    compare_rest(student, handle, layer)
    compare_forget(student, handle, layer, 1.0)


@check("3.6", points=0.5, hidden=True)
def test_every_layer_and_direction(student, rng):
    """reaches every layer and both directions, with any value"""
    for num_layers, bidirectional in ((1, False), (3, False), (1, True), (2, True)):
        features, size = rng.integers(1, 5, size=2).tolist()
        layer = random_layer(rng, "lstm", features, size, num_layers, bidirectional=bidirectional)
        for value in (0, -1.5, float(rng.uniform(0.5, 4.0))):
            handle = build_twin(student, layer)
            student.set_forget_bias(handle, value)
            compare_forget(student, handle, layer, value)
            compare_rest(student, handle, layer)


# A tensor counts the writes into it: after so many, one that was put in its place is told by it.
MANY_WRITES = 40


REPLACED = (
    "These are not the parameters there were before, and an optimizer made before does not know "
    "them: write into them, do not put new ones in their place."
)


@check("3.6", points=0.5, hidden=True)
def test_in_place_and_trainable(student, rng):
    """works in place: an optimizer made before still trains the same parameters"""
    layer = random_layer(rng, "lstm", 2, 3, 2)
    handle = build_twin(student, layer)
    for _ in range(MANY_WRITES):
        handle.load_state_dict(layer.state_dict())
    optimizer = student.build("torch.optim.SGD", handle.parameters(), lr=0.1)
    for value in (float(rng.uniform(1.0, 2.0)), float(rng.uniform(2.0, 4.0))):
        for _ in range(2):
            student.set_forget_bias(handle, value)
            compare_forget(student, handle, layer, value)
            compare_rest(student, handle, layer)
    for name, _ in layer.named_parameters():
        trainable = student.fetch(getattr(handle, name).requires_grad)
        why = "The parameters can no longer be trained: requires_grad was switched off."
        equal(trainable, True, what=f"{name}.requires_grad", why=why)
        writes = student.fetch(getattr(handle, name)._version)
        holds(isinstance(writes, int) and writes >= MANY_WRITES, REPLACED)
    groups = student.fetch(optimizer.param_groups)
    known = groups[0].get("params") if isinstance(groups, list) and groups else None
    now = [student.fetch(getattr(handle, name)) for name, _ in layer.named_parameters()]
    holds(isinstance(known, list) and len(known) == len(now), REPLACED)
    for old, new in zip(known, now, strict=True):
        equal(old, array(new), what="a parameter of the optimizer", why=REPLACED)


# ---------------------------------------------------------------- 3.7

exercise("3.7", defines=["adding_problem"], numpy=True)


def adding_batch(student, batch, length, rng):
    """Call adding_problem and compare shapes and dtypes."""
    X, y = parts_of(student.adding_problem(batch, length, rng), "X", "y")
    X, y = array(X, "X", "X is an array."), array(y, "y", "y is an array.")
    why = "X holds a number and a mark for every step: (batch, length, 2)."
    shape(X, (batch, length, 2), what="X", why=why)
    shape(y, (batch, 1), what="y", why="y is a column, one sum a row: (batch, 1).")
    dtype(X, "float32", what="X", why="X and y are float32, as the layers take them.")
    dtype(y, "float32", what="y", why="X and y are float32, as the layers take them.")
    return X.astype(np.float64), y.astype(np.float64)


def marked_steps(X):
    """Return both marked steps of every row, (B, 2), one in each half."""
    _, length, _ = X.shape
    marks = X[:, :, 1]
    if not np.isin(marks, (0.0, 1.0)).all():
        why = "A mark is 1, all other steps have 0. Marks stand in X[:, :, 1]."
        raise Mismatch(f"gave marks {short(np.unique(marks))}, expected 0 and 1", why)
    half = length // 2
    counts = np.stack([marks[:, :half].sum(axis=1), marks[:, half:].sum(axis=1)], axis=1)
    if not (counts == 1).all():
        row = int(np.argmax((counts != 1).any(axis=1)))
        first, second = counts[row].astype(int).tolist()
        why = "Each row has one mark among the first ⌊length/2⌋ steps and one among the others."
        if (counts.sum(axis=1) > 2).any():
            why += " X[:, steps, 1] = 1 marks all these steps in every row: index rows and steps."
        elif length % 2 == 0 or (counts.sum(axis=1) == 1).any():
            why += " Two draws from the whole length may meet in one half, or in one step."
        raise Mismatch(
            f"gave a row with {first} marks in the first half and {second} in the second, "
            "expected one in each",
            why,
        )
    return np.stack([marks[:, :half].argmax(axis=1), half + marks[:, half:].argmax(axis=1)], axis=1)


def compare_sums(X, y):
    """Compare y with the sum of the two marked numbers."""
    rows = np.arange(len(X))
    first, second = marked_steps(X).T
    values = X[:, :, 0]
    if not (values.min() >= 0 and values.max() <= 1):  # nor NaN
        raise Mismatch("gave numbers outside 0 to 1", "The numbers are uniform from 0 to 1.")
    close(
        y[:, 0],
        values[rows, first] + values[rows, second],
        what="y",
        why="y is the sum of the two marked numbers of its row.",
        atol=1e-5,
    )


@check("3.7", points=0.5)
def test_marks_one_step_in_each_half(student):
    """marks exactly one step in each half of every row"""
    for batch, length in ((3, 6), (50, 4), (2, 2), (20, 5)):
        X, _ = adding_batch(
            student, batch, length, student.build("numpy.random.default_rng", length)
        )
        steps = marked_steps(X)
        if batch == 50:
            holds(
                len(set(map(tuple, steps.tolist()))) == 4,
                "50 rows of 4 steps, and not every pair of a first and a second step is marked "
                "in one of them: each row draws its own two, and every step can be drawn.",
            )


@check("3.7", points=0.5)
def test_adds_the_marked_numbers(student):
    """adds up the marked numbers"""
    for batch, length in ((3, 6), (20, 10)):
        X, y = adding_batch(student, batch, length, student.build("numpy.random.default_rng", 5))
        holds(
            len(np.unique(X[:, :, 0])) > batch * length / 2,
            "X[:, :, 0] holds a number for every row and step, drawn uniformly from 0 to 1: here "
            "most are the same.",
        )
        compare_sums(X, y)


@check("3.7", points=0.5, hidden=True)
def test_draws_fairly(student, rng):
    """draws uniform numbers, and every step of a half equally often, row by row"""
    batch, length = 4000, 7  # halves of 3 and 4 steps
    generator = student.build("numpy.random.default_rng", int(rng.integers(2**31)))
    X, y = adding_batch(student, batch, length, generator)
    compare_sums(X, y)
    values, steps = X[:, :, 0], marked_steps(X)
    tenths = np.bincount((values.ravel() * 10).astype(int).clip(0, 9), minlength=10)
    expected = values.size / 10
    holds(
        np.abs(tenths - expected).max() < 7 * math.sqrt(expected),
        "The numbers should be uniform from 0 to 1: some tenths of the range come too often.",
    )
    holds(
        abs(np.corrcoef(values[:, 0], values[:, -1])[0, 1]) < 0.12
        and abs(np.corrcoef(values[:-1, 0], values[1:, 0])[0, 1]) < 0.12,
        "Every row and every step draws a number of its own.",
    )
    pairs = np.bincount(steps[:, 0] * 4 + steps[:, 1] - 3, minlength=12)
    expected = batch / 12
    holds(
        np.abs(pairs - expected).max() < 7 * math.sqrt(expected),
        "Every step of the first half and every step of the second should be marked equally "
        "often, the last one too, and each row should draw its own two.",
    )
    holds(
        abs(y.mean() - 1.0) < 0.05 and abs(y.var() - 1 / 6) < 0.03,
        "Marks should not depend on the numbers: the sums have mean 1 and variance 1/6.",
    )
    repeated = np.mean((steps[1:] == steps[:-1]).all(axis=1))
    holds(repeated < 0.2, "Neighbouring rows share their marked steps: each row draws its own.")


@check("3.7", points=0.25, hidden=True)
def test_draws_from_rng_alone(student, rng):
    """draws everything from rng: the same state, the same batch"""
    seed, batch, length = int(rng.integers(2**31)), 6, 9
    first, second = (student.build("numpy.random.default_rng", seed) for _ in range(2))
    one = [adding_batch(student, batch, length, first) for _ in range(2)]
    two = [adding_batch(student, batch, length, second) for _ in range(2)]
    why = (
        "Two generators of the same seed gave different batches: draw from rng, not from "
        "np.random, whose state nobody can hand you."
    )
    for a, b in zip(one, two, strict=True):
        compare_sums(*a)
        for name, left, right in zip("Xy", a, b, strict=True):
            equal(left, right, what=name, why=why)
    holds(
        not np.array_equal(one[0][0][:, :, 0], one[1][0][:, :, 0]),
        "The same rng gave the same batch twice: it is not used, or it is seeded again.",
    )
    other = adding_batch(student, 40, length, student.build("numpy.random.default_rng", seed + 1))
    again = adding_batch(student, 40, length, student.build("numpy.random.default_rng", seed))
    for channel, name in enumerate(("numbers", "marks")):
        holds(
            not np.array_equal(other[0][:, :, channel], again[0][:, :, channel]),
            f"Another rng gave the same {name}: they do not come from rng.",
        )


TOO_SHORT = (
    "Two marks need two steps: a length below 2 is a ValueError that says `length` and names the "
    "one given. (Both marks on one step are one mark.)"
)


@check("3.7", points=0.25, hidden=True)
def test_odd_and_short_sequences(student, rng):
    """gives odd lengths the longer second half, and refuses a length below 2"""
    calls = [(300, length) for length in (2, 3, 5, 9)]
    calls += [(batch, int(rng.integers(4, 12))) for batch in (1, 1, 300)]
    for length in (1, 0, -1, -int(rng.integers(2, 100)), -int(rng.integers(100, 10_000))):
        calls.append((int(rng.choice([1, 300])), length))
    for batch, length in shuffled(rng, calls):
        generator = student.build("numpy.random.default_rng", int(rng.integers(2**31)))
        if length < 2:
            with (
                raises(ValueError, match="length", why=TOO_SHORT),
                naming((length,), why=TOO_SHORT),
            ):
                student.adding_problem(batch, length, generator)
            continue
        X, y = adding_batch(student, batch, length, generator)
        compare_sums(X, y)
        reached = set(marked_steps(X).ravel().tolist())
        holds(
            batch == 1 or reached == set(range(length)),
            "Every step can be marked: the first ⌊length/2⌋ steps are the first half, all others "
            "the second, the very last included.",
        )


# ---------------------------------------------------------------- 3.8

exercise("3.8", defines=["SequenceRegressor"])

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def as_module(got):
    """Return a result that has to be a module."""
    if not isinstance(got, Handle):
        raise Mismatch(f"gave {short(got)}, expected a module", "The model is an nn.Module.")
    return got


def weights_of(model):
    """Return a model's state dict as arrays."""
    found = as_module(model).state_dict()
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise Mismatch(f"gave a state dict {short(found)}", "The model is an nn.Module.")
    return {name: floats(value, name) for name, value in found.items()}


def expected_sizes(kind, features, size, outputs, num_layers):
    """Return the shapes of the weights a SequenceRegressor has."""
    sizes = {}
    for depth in range(num_layers):
        rows, columns = GATES[kind] * size, features if depth == 0 else size
        sizes[f"rnn.weight_ih_l{depth}"] = (rows, columns)
        sizes[f"rnn.weight_hh_l{depth}"] = (rows, size)
        sizes[f"rnn.bias_ih_l{depth}"] = sizes[f"rnn.bias_hh_l{depth}"] = (rows,)
    return {**sizes, "head.weight": (outputs, size), "head.bias": (outputs,)}


def compare_weights(weights, sizes, kind):
    """Compare names and shapes of a model's weights."""
    missing, extra = sorted(sizes.keys() - weights.keys()), sorted(weights.keys() - sizes.keys())
    if missing or extra:
        why = "Its submodules are `rnn` and `head`, and nothing else has parameters."
        if any(name.endswith("_reverse") for name in extra):
            why = "The recurrent layer reads in one direction: bidirectional stays False."
        elif not any(name.startswith("rnn.") for name in weights):
            why = "There is no submodule `rnn`: keep the recurrent layer as self.rnn."
        elif not any(name.startswith("head.") for name in weights):
            why = "There is no submodule `head`: keep the linear layer as self.head."
        elif missing and all(name.endswith(tuple("123456789")) for name in missing):
            why = "The upper layers are missing: hand num_layers on to the recurrent layer."
        parts = [("lacks", missing), ("should not have", extra)]
        found = [f"{verb} {', '.join(names[:4])}" for verb, names in parts if names]
        raise Mismatch(f"gave a model that {' and '.join(found)}", why)
    for name, size in sizes.items():
        got = weights[name].shape
        why = "Sizes come from the arguments: input_size, hidden_size, output_size."
        if name.startswith("rnn.") and got[0] != size[0]:
            why = f"A layer of kind {kind!r} has {GATES[kind]} blocks of rows: is it another kind?"
        shape(weights[name], size, what=name, why=why)


def recompute(kind, weights, X):
    """Compute a model's outputs here, from its weights: (B, O) and the outputs of likely slips."""
    depth = sum(name.startswith("rnn.weight_ih") for name in weights)
    rows, features = weights["rnn.weight_ih_l0"].shape
    layer = LAYERS[kind](features, rows // GATES[kind], depth, batch_first=True).double()
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    layer.load_state_dict({n[4:]: t for n, t in tensors.items() if n.startswith("rnn.")})

    def head(state):
        return (state @ tensors["head.weight"].T + tensors["head.bias"]).numpy()

    with torch.no_grad():
        X = torch.as_tensor(X).double()
        H, last = layer(X)
        h = last[0] if kind == "lstm" else last
        slips = [
            (head(H[:, 0]), "That is the first step's output: the head reads the last step."),
            (head(H.mean(dim=1)), "That is the mean over time: the head reads the last step."),
            (head(h[0]), "That is the bottom layer's state: h_n has a row a layer, H the top's."),
            (head(torch.relu(H[:, -1])), "No activation between the layer and the head."),
        ]
        if kind == "lstm":
            slips.append((head(last[1][-1]), "That is the cell state: the head reads h."))
        layer.batch_first = False
        wrong = layer(X)[0]
        message = "It looks like batch_first=True is missing: time is axis 1."
        slips += [(head(wrong[:, -1]), message), (head(wrong[-1]), message)]
        expected = head(H[:, -1])
        slips += [(np.maximum(expected, 0), "No activation on the output: a sum may be negative.")]
        slips += [(np.tanh(expected), "No activation on the output: a sum may be above 1.")]
        slips += [(sigmoids(expected), "No activation on the output: a sum may be above 1.")]
    return expected, slips


LAST_STEP = "The output is head(H[:, -1]): the top layer's state at the last step."
AGAIN = (
    "Called twice with the same X the model gives two answers: nothing is remembered from call to "
    "call, and nothing random is left on (dropout)."
)


def compare_outputs(model, kind, weights, X, atol=1e-5, why=LAST_STEP):
    """Call a model and compare its outputs with those computed here; return the latter."""
    expected, slips = recompute(kind, weights, X)
    got = floats(model(torch.as_tensor(X)), "the output")
    for wrong, message in slips:
        if got.shape == wrong.shape and np.allclose(got, wrong, atol=atol):
            why = message
            break
    else:
        right = got.shape == expected.shape and np.allclose(got, expected, atol=atol, rtol=1e-4)
        if not right and not alike([got], [floats(model(torch.as_tensor(X)), "the output")]):
            why = AGAIN
    if got.shape != expected.shape:
        why = (
            "One row of outputs for each sequence: (B, O), also for a batch of one. What a layer "
            "returns first, H, means the same for all three kinds; what it returns second is a "
            "pair for nn.LSTM, and has an axis for the layers."
        )
    shape(got, expected.shape, what="the output", why=why)
    close(got, expected, what="the output", why=why, atol=atol, rtol=1e-4)
    return expected


def loaded(student, rng, kind, features, size, outputs, num_layers=1, named=False):
    """Make a learner's model, compare its weights' shapes, and load weights of ours."""
    numbers = (features, size, outputs)
    if named:
        names = ("input_size", "hidden_size", "output_size")
        options = dict(zip(names, numbers, strict=True), num_layers=num_layers, kind=kind)
        model = student.SequenceRegressor(**options)
    elif num_layers == 1:
        model = student.SequenceRegressor(kind, *numbers)
    else:
        model = student.SequenceRegressor(kind, *numbers, num_layers)
    sizes = expected_sizes(kind, *numbers, num_layers)
    compare_weights(weights_of(model), sizes, kind)
    tensors = {
        name: torch.from_numpy(rng.normal(scale=0.6, size=s).astype(np.float32))
        for name, s in sizes.items()
    }
    model.load_state_dict(tensors)
    return model, {name: tensor.double().numpy() for name, tensor in tensors.items()}


def random_batch(rng, batch, steps, features):
    """Draw a batch of float32 sequences."""
    return rng.normal(size=(batch, steps, features)).astype(np.float32)


@check("3.8", points=0.5)
def test_has_a_layer_and_a_head(student):
    """has a recurrent layer `rnn` of the kind asked for, and a linear `head`"""
    for kind in LAYERS:
        model = as_module(student.SequenceRegressor(kind, 2, 8, 1))
        compare_weights(weights_of(model), expected_sizes(kind, 2, 8, 1, 1), kind)
        X = torch.from_numpy(random_batch(np.random.default_rng(0), 4, 7, 2))
        got = floats(model(X), "the output")
        why = "One row of outputs for each sequence: (B, O)."
        shape(got, (4, 1), what="the output", why=why)
        holds(
            len(np.unique(got)) == 4,
            "Four different sequences gave the same output: forward hands X to self.rnn, and the "
            "last state to self.head, with nothing after it.",
        )


@check("3.8", points=0.5)
def test_reads_the_last_step(student):
    """gives what its weights say: the head of the last step"""
    rng = np.random.default_rng(8)
    for kind in LAYERS:
        model, weights = loaded(student, rng, kind, 2, 3, 2)
        compare_outputs(model, kind, weights, random_batch(rng, 3, 4, 2))


@check("3.8", points=0.5, hidden=True)
def test_any_depth_and_length(student, rng):
    """computes sequences of any length with any number of layers, one call like the other"""
    for kind, num_layers in (("rnn", 3), ("lstm", 2), ("gru", 3), ("lstm", 1)):
        features, size, outputs = rng.integers(1, 6, size=3).tolist()
        named = num_layers == 3
        model, weights = loaded(student, rng, kind, features, size, outputs, num_layers, named)
        for batch, steps in ((2, 9), (1, 1), (1, 6), (5, 2)):
            X = random_batch(rng, batch, steps, features)
            compare_outputs(model, kind, weights, X)
            compare_outputs(model, kind, weights, X, why=AGAIN)


@check("3.8", points=0.25, hidden=True)
def test_refuses_unknown_kinds(student, rng):
    """refuses a kind it does not know, naming it, and makes those it knows"""
    why = "kind is 'rnn', 'lstm' or 'gru'; anything else is a ValueError that names it."
    unknown = ["transformer", "LSTM", "gr", "", random_word(rng), random_word(rng)]
    for kind in shuffled(rng, [*LAYERS, *LAYERS, *unknown]):
        numbers = rng.integers(1, 5, size=3).tolist()
        if kind in LAYERS:
            model, weights = loaded(student, rng, kind, *numbers)
            compare_outputs(model, kind, weights, random_batch(rng, 2, 3, numbers[0]))
        else:
            with raises(ValueError, match=kind or None, why=why), naming(why=why):
                student.SequenceRegressor(kind, *numbers)


@check("3.8", points=0.25, hidden=True)
def test_rows_do_not_mix(student, rng):
    """computes each row of a batch as if it were alone"""
    for kind in LAYERS:
        model, weights = loaded(student, rng, kind, 3, 4, 2, 2)
        X = random_batch(rng, 4, 5, 3)
        together = compare_outputs(model, kind, weights, X)
        for row in range(4):
            got = floats(model(torch.from_numpy(X[row : row + 1])), "the output")
            why = "A row's output depends on nothing else in the batch, nor on earlier calls."
            shape(got, (1, 2), what="the output", why="A batch of one gives (1, O).")
            close(got, together[row : row + 1], what="the output", why=why, atol=1e-5)


# ---------------------------------------------------------------- 3.9

exercise("3.9", defines=["noise_floor"], numpy=True)

KEYS = ("train_mse", "test_mse", "floor", "verdict")


def mean_square(a, b):
    """Return the mean squared difference, number by number."""
    pairs = list(zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True))
    return math.fsum((left - right) ** 2 for left, right in pairs) / len(pairs)


def noise_by_hand(y_train, predictions_train, y_test, predictions_test):
    """Work out the four answers."""

    def spread(y):
        values = np.ravel(y).tolist()
        return mean_square(values, [math.fsum(values) / len(values)] * len(values))

    train, test = mean_square(y_train, predictions_train), mean_square(y_test, predictions_test)
    if test < 0.9 * spread(y_test):
        verdict = "learned"
    else:
        verdict = "memorised" if train < 0.9 * spread(y_train) else "nothing to learn"
    return dict(zip(KEYS, (train, test, spread(y_test), verdict), strict=True))


def why_number(name, got, expected, arguments):
    """Guess what went wrong with one of the three numbers."""
    shapes = [np.shape(part) for part in arguments]
    y_train, predictions_train, y_test, predictions_test = map(np.ravel, arguments)

    def same(other):
        return np.ndim(got) == 0 and np.isclose(got, other)

    if name == "test_mse" and same(expected["train_mse"]):
        return "It looks like the error on the training rows: a test is made on other rows."
    if name == "floor" and same(np.var(y_train)):
        return "It looks like the variance of y_train: the floor belongs to the test rows."
    if name == "floor" and len(y_test) > 1 and same(np.var(y_test, ddof=1)):
        return "Divide by N, not N - 1: it is the error of answering the mean."
    if name == "floor" and same(np.std(y_test)):
        return "That is the standard deviation: the variance is its square."
    pairs = {"train_mse": (y_train, predictions_train), "test_mse": (y_test, predictions_test)}
    if name in pairs:
        y, predictions = pairs[name]
        mixed = shapes[0] != shapes[1] if name == "train_mse" else shapes[2] != shapes[3]
        if mixed and same(np.mean((y[:, None] - predictions) ** 2)):
            return "(N,) minus (N, 1) is a table (N, N): bring both to one shape first."
        if same(math.sqrt(expected[name])):
            return "It looks like a root was taken: the mean squared error has none."
        if same(np.mean(np.abs(y - predictions))):
            return "That is the mean absolute error: the differences are squared."
        if same(np.sum((y - predictions) ** 2)):
            return "That is the sum of squares: a mean squared error divides by N."
    return "mse: mean squared error, pair by pair. floor: variance of y_test."


def compare_floor(student, *arguments):
    """Call noise_floor and compare its dict."""
    got = student.noise_floor(*arguments)
    if not isinstance(got, dict) or set(got) != set(KEYS):
        raise Mismatch(
            f"gave {short(got)}, expected a dict with {', '.join(KEYS)}",
            f"The result is a dict with exactly the keys {', '.join(KEYS)}.",
        )
    expected = noise_by_hand(*arguments)
    for name in KEYS[:3]:
        number = array(got[name], name, f"{name} is one number.")
        why = why_number(name, number, expected, arguments)
        shape(number, (), what=name, why=f"{name} is one number.")
        close(number, expected[name], what=name, why=why, atol=1e-9, rtol=1e-6)
        dtype(number, "float", what=name, why=f"{name} is a float.")
    equal(
        got["verdict"],
        expected["verdict"],
        what="verdict",
        why="'learned' if test_mse < 0.9·floor; otherwise 'memorised' if train_mse < 0.9·variance "
        "of y_train; otherwise 'nothing to learn'.",
    )


@check("3.9", points=0.5)
def test_measures_on_both_sets(student):
    """measures the error on training and on test rows, and the floor"""
    compare_floor(student, [0, 2], [0, 2], [0, 2], [2, 0])
    compare_floor(student, [1.0, 3.0], [1.0, 2.0], [0.0, 1.0, 5.0], [0.5, 1.0, 4.0])


@check("3.9", points=0.25)
def test_tells_the_three_verdicts(student):
    """tells learned, memorised and nothing to learn apart"""
    y = np.array([0.0, 1.0, 2.0, 3.0])
    mean = np.full(4, 1.5)
    compare_floor(student, y, y, y, y + 0.1)
    compare_floor(student, y, mean, y, y - 0.1)  # learned, whatever the training error is
    compare_floor(student, y, y + 0.1, y, mean)
    compare_floor(student, y, mean, y, mean)


@check("3.9", points=0.25)
def test_compares_value_with_value(student):
    """compares value with value where shapes differ"""
    y = np.array([0.0, 1.0, 2.0])
    compare_floor(student, y, y[:, None], y[:, None], y)
    compare_floor(student, y[:, None], y[:, None] + 1, y, y[:, None] - 1)


def random_pair(rng):
    """Draw targets and predictions, each as a list or an array, in a row or in a column."""
    size = int(rng.integers(1, 7))
    y = rng.integers(-30, 30, size=size) / 5
    predictions = y + rng.choice([0.0, 0.1, 0.5, 2.0]) * rng.integers(-9, 10, size=size) / 3
    for part in (y, predictions):
        part = part[:, None] if rng.random() < 0.5 else part
        yield part.tolist() if rng.random() < 0.3 else part


def near_a_limit(arguments):
    """Say whether rounding could turn a verdict."""
    found = noise_by_hand(*arguments)
    limits = (found["test_mse"], found["floor"]), (found["train_mse"], np.var(arguments[0]))
    return any(abs(mse - 0.9 * variance) < 1e-6 for mse, variance in limits)


@check("3.9", points=0.5, hidden=True)
def test_judges_any_predictions(student, rng):
    """judges any predictions, in lists, arrays and columns"""
    for _ in range(40):
        arguments = [*random_pair(rng), *random_pair(rng)]
        if not near_a_limit(arguments):
            compare_floor(student, *arguments)


@check("3.9", points=0.25, hidden=True)
def test_the_limit_itself(student, rng):
    """asks for less than 0.9 of the variance, not for as much"""
    unit = 2.0 ** rng.integers(-3, 4)  # variance 10 units, to the last digit; so 0.9 of it is 9
    y = unit * (rng.permutation(11) + rng.integers(-20, 21))
    worse, calls = y + 4.0 * unit, []
    for off, better in ((3.0, False), (rng.uniform(2.9, 2.99), True)):
        close_by = y + off * unit * rng.choice([-1.0, 1.0], size=11)
        calls.append((y, close_by, "learned" if better else "memorised"))
        calls.append((close_by, worse, "memorised" if better else "nothing to learn"))
    for train, test, verdict in shuffled(rng, calls):
        got = student.noise_floor(y, train, y, test)
        holds(isinstance(got, dict), "The result is a dict.")
        why = "Both limits are 0.9 times a variance, and the error has to be below it."
        equal(got.get("verdict"), verdict, what="verdict", why=why)
        close(got.get("floor"), 10.0 * unit**2, what="floor", why=why)


@check("3.9", points=0.25, hidden=True)
def test_refuses_pairs_that_do_not_match(student, rng):
    """refuses pairs that do not hold the same number of values, and judges those that do"""
    y = rng.normal(size=int(rng.integers(11, 30)))
    why = (
        "Targets and predictions of a set have to be equally many; one prediction for all of them "
        "as well is a ValueError that names both numbers."
    )
    calls = []
    for count in (1, len(y) - 1, len(y), len(y), len(y) + 1):
        other = rng.normal(size=count)
        pairs = [(y, other, y, y), (y, y, y, other), (other[:, None], y, y, y)]
        calls += [(count, arguments) for arguments in pairs]
    for count, arguments in shuffled(rng, calls):
        if count == len(y):
            compare_floor(student, *arguments)
        else:
            with raises(ValueError, why=why), naming((count, len(y)), why=why):
                student.noise_floor(*arguments)


# ---------------------------------------------------------------- 3.10

exercise("3.10", defines=["keras_lstm_from_torch"])

# Keras takes its time where it is not imported yet.
KERAS_SECONDS = 30


ONE_ARRAY = (
    "The layer gives one array, the hidden state of every step, (B, T, H): return_sequences=True, "
    "and return_state stays False."
)
ITS_OWN = (
    "Return a keras.layers.LSTM that computes by itself, from the three weights it holds: with "
    "others set (layer.set_weights) it gives other outputs. It looks like something that hands "
    "its input on to another layer."
)


def outputs_of(layer, X):
    """Call a result that has to be a layer of Keras: the hidden states (B, T, H)."""
    if not isinstance(layer, Handle):
        raise Mismatch(f"gave {short(layer)}, expected a layer", "Return the Keras layer itself.")
    got = layer(X)
    if isinstance(got, tuple | list):
        raise Mismatch(f"gave {len(got)} parts, expected an array", ONE_ARRAY)
    if not isinstance(got, Tensor) or got.framework != "tensorflow":
        raise Mismatch(f"gave {short(got)}, expected a tensor of Keras", ITS_OWN)
    return floats(got, "the output")


def compare_refilled(layer, rng, features, size, X):
    """Set other weights, and expect the outputs that these give."""
    other = keras_case(rng, features, size)
    W, U, b_x, b_h = map(values_of, other.parameters())
    try:
        layer.set_weights([part.astype(np.float32) for part in (W.T, U.T, b_x + b_h)])
    except StudentError as error:
        raise Mismatch(f"took no weights ({error.type})", ITS_OWN) from None
    got, expected = outputs_of(layer, X), torch_states(other, X)
    what = "the output with other weights set"
    shape(got, expected.shape, what=what, why=ITS_OWN)
    close(got, expected, what=what, why=ITS_OWN, atol=1e-5, rtol=0)
    compare_as_layer(layer, rng, W, U, b_x + b_h)


A_LAYER = (
    "Return a keras.layers.LSTM: it counts its weights (layer.count_params()), its cell makes a "
    "single step (layer.cell(x, [h, c])), and it starts from other states when they are given "
    "(layer(X, initial_state=[h, c])). It looks like something else that has been made to look "
    "like one."
)


def compare_as_layer(layer, rng, W, U, b):
    """Ask a layer what any LSTM of Keras can be asked beside its outputs."""
    (_, features), (_, size) = W.shape, U.shape
    x, h, c = (rng.normal(size=(2, n)).astype(np.float32) for n in (features, size, size))
    expected = lstm_by_loops(*(part.astype(np.float64) for part in (x, h, c, W, U, b)))
    try:
        count = layer.count_params()
        step = parts_of(layer.cell(x, [h, c]), "h", "[h, c]")
        started = layer(x[:, None], initial_state=[h, c])
    except (StudentError, Mismatch) as error:
        raise Mismatch(f"is no keras.layers.LSTM ({error})", A_LAYER) from None
    equal(count, W.size + U.size + b.size, what="the number of its weights", why=A_LAYER)
    states = parts_of(step[1], "h", "c")
    for what, got, target in (
        ("the state after a step of its cell", step[0], expected[0]),
        ("the cell state after a step of its cell", states[1], expected[1]),
        ("the output from other states", started, expected[0][:, None]),
    ):
        got = floats(got, what)
        shape(got, target.shape, what=what, why=A_LAYER)
        close(got, target, what=what, why=A_LAYER, atol=1e-5, rtol=0)


def torch_states(layer, X):
    """Return the hidden states of all steps, in double precision: (B, T, H)."""
    with torch.no_grad():
        states = layer.double()(torch.from_numpy(X).double())[0].numpy()
    layer.float()
    return states


def why_keras(got, layer, X):
    """Guess what went wrong with a Keras layer."""
    expected = torch_states(layer, X)
    if got.shape == expected[:, -1].shape:
        return "That is the last step alone: make the layer with return_sequences=True."
    if got.shape != expected.shape:
        return "The layer gives the hidden state of every step: (B, T, H)."

    def same(other):
        return np.allclose(got, other, atol=1e-5)

    if same(torch_states(layer, X[:, ::-1].copy())):
        return "It looks like the sequence is read from its end: go_backwards stays False."

    weights = {name: values.detach().clone() for name, values in layer.named_parameters()}

    def with_weights(**changes):
        other = LSTM(layer.input_size, layer.hidden_size, batch_first=True)
        other.load_state_dict({**weights, **changes})
        return torch_states(other, X)

    zero = torch.zeros_like(weights["bias_hh_l0"])
    if same(with_weights(bias_hh_l0=zero)) or same(with_weights(bias_ih_l0=zero)):
        return "It looks like one of the two biases is missing: Keras has one, the sum of both."
    if same(with_weights(bias_hh_l0=zero, bias_ih_l0=zero)):
        return "It looks like the biases are missing."
    square = weights["weight_hh_l0"]
    for turned, message in (
        (square.T.reshape(square.shape), "weight_hh_l0 was reshaped"),
        (torch.cat([block.T for block in square.chunk(4)]), "the recurrent blocks were turned"),
    ):
        if same(with_weights(weight_hh_l0=turned)):
            return f"It looks like {message}: a kernel is the transpose of PyTorch's matrix."
    for order in permutations(range(4)):
        moved = {n: torch.cat([w.chunk(4)[k] for k in order]) for n, w in weights.items()}
        if order != (0, 1, 2, 3) and same(with_weights(**moved)):
            return "The gates were reordered: i, f, c, o is i, f, g, o, Keras's c is the candidate."
    return "kernel = weight_ih_l0.T, recurrent_kernel = weight_hh_l0.T, bias = the sum of both."


def compare_keras(layer, torch_lstm, X, again=False):
    """Call a Keras layer and compare its outputs with PyTorch's."""
    got = outputs_of(layer, X)
    expected = torch_states(torch_lstm, X)
    right = got.shape == expected.shape and np.allclose(got, expected, atol=1e-5, rtol=0)
    why = "" if right else AGAIN if again else why_keras(got, torch_lstm, X)
    shape(got, expected.shape, what="the output", why=why)
    close(got, expected, what="the output", why=why, atol=1e-5, rtol=0)


def keras_case(rng, features, size):
    """Make a float32 LSTM with weights large enough to tell gates apart."""
    return random_layer(rng, "lstm", features, size, scale=0.6)


@check("3.10", points=0.5, seconds=KERAS_SECONDS)
def test_gives_every_step(student):
    """gives the hidden state of every step"""
    rng = np.random.default_rng(10)
    layer = student.keras_lstm_from_torch(build_twin(student, keras_case(rng, 2, 3)))
    X = np.ones((1, 4, 2), np.float32)
    shape(outputs_of(layer, X), (1, 4, 3), what="the output", why=ONE_ARRAY)
    compare_refilled(layer, rng, 2, 3, X)


@check("3.10", points=1, seconds=KERAS_SECONDS)
def test_keras_equals_torch(student):
    """gives the same numbers as the PyTorch layer"""
    rng = np.random.default_rng(11)
    lstm = keras_case(rng, 2, 3)
    layer = student.keras_lstm_from_torch(build_twin(student, lstm))
    X = random_batch(rng, 2, 3, 2)
    compare_keras(layer, lstm, X)
    compare_refilled(layer, rng, 2, 3, X)


@check("3.10", points=1, hidden=True, seconds=KERAS_SECONDS)
def test_keras_equals_torch_anywhere(student, rng):
    """equals PyTorch for any sizes, batches and lengths, one call like the other"""
    for features, size in ((1, 1), (4, 4), (5, 2)):
        lstm = keras_case(rng, features, size)
        layer = student.keras_lstm_from_torch(build_twin(student, lstm))
        for batch, steps in ((1, 1), (3, 7), (2, 12)):
            X = random_batch(rng, batch, steps, features)
            compare_keras(layer, lstm, X)
        compare_keras(layer, lstm, X, again=True)
        compare_refilled(layer, rng, features, size, X)


@check("3.10", points=0.5, hidden=True, seconds=KERAS_SECONDS)
def test_keras_holds_the_weights(student, rng):
    """holds the weights themselves and leaves the PyTorch layer alone"""
    lstm = keras_case(rng, 3, 4)
    handle = build_twin(student, lstm)
    layer = student.keras_lstm_from_torch(handle)
    outputs_of(layer, random_batch(rng, 1, 2, 3))
    try:
        got = parts_of(layer.get_weights(), "kernel", "recurrent_kernel", "bias")
    except StudentError as error:
        raise Mismatch(f"gave no weights ({error.type})", ITS_OWN) from None
    weights = {name: values_of(parameter) for name, parameter in lstm.named_parameters()}
    expected = {
        "kernel": weights["weight_ih_l0"].T,
        "recurrent_kernel": weights["weight_hh_l0"].T,
        "bias": weights["bias_ih_l0"] + weights["bias_hh_l0"],
    }
    why = "Kernels are PyTorch's matrices transposed, the one bias is the sum of its two."
    for (name, target), part in zip(expected.items(), got, strict=True):
        part = floats(part, name)
        shape(part, target.shape, what=name, why=why)
        close(part, target, what=name, why=why, atol=1e-6)
    for name, before in weights.items():
        after = floats(student.fetch(getattr(handle, name)), name)
        equal(after, before, what=f"{name} afterwards", why="The PyTorch layer was changed.")
    compare_refilled(layer, rng, 3, 4, random_batch(rng, 2, 3, 3))


# ---------------------------------------------------------------- 3.11

exercise("3.11", defines=["train_adding"])

# The statement says 60 CPU seconds. Only quality scores: time ends a call at three times as many.
GOAL_SECONDS = 3 * 60
MOST_HIDDEN, MOST_LAYERS = 256, 4


def fresh_adding(rng, batch, length):
    """Draw a batch of the adding problem, row by row."""
    X, y = np.zeros((batch, length, 2), np.float32), np.zeros((batch, 1))
    X[:, :, 0] = rng.random((batch, length))
    for row in range(batch):
        for step in (rng.integers(length // 2), length // 2 + rng.integers(length - length // 2)):
            X[row, step, 1] = 1.0
            y[row] += X[row, step, 0]
    return X, y


AS_BUILT = (
    "The model's outputs are not those that its weights give in a SequenceRegressor: is it built "
    "like one, and is nothing random left on (dropout)?"
)


def weights_of_trained(model, kind):
    """Return the weights of a returned model, if they are those of a SequenceRegressor."""
    why = "Return the trained model itself, a SequenceRegressor: no loss, no tuple."
    if not isinstance(model, Handle):
        raise Mismatch(f"gave {short(model)}, expected a model", why)
    weights = weights_of(model)
    inner = weights.get("rnn.weight_hh_l0")
    if inner is None or inner.ndim != 2:
        raise Mismatch(
            "gave a model without rnn.weight_hh_l0",
            "The model is a SequenceRegressor, with submodules `rnn` and `head`.",
        )
    size = inner.shape[1]
    depth = sum(name.startswith("rnn.weight_ih_l") for name in weights)
    holds(
        1 <= size <= MOST_HIDDEN and depth <= MOST_LAYERS,
        f"The model may have at most {MOST_HIDDEN} hidden units and {MOST_LAYERS} layers.",
    )
    compare_weights(weights, expected_sizes(kind, 2, size, 1, depth), kind)
    return weights


def error_of(model, kind, X, y):
    """Return a model's mean squared error, computed here from its weights."""
    weights = weights_of_trained(model, kind)
    predictions = compare_outputs(model, kind, weights, X, atol=1e-3, why=AS_BUILT)
    return float(np.mean((predictions - y) ** 2))


def compare_trained(student, rng, kind, length, steps, seed, limit):
    """Train a model and measure it on a fresh batch."""
    model = student.train_adding(kind, length, steps, seed)
    error = error_of(model, kind, *fresh_adding(rng, 2000, length))
    why = f"On fresh rows the error should be below {limit}; answering 1.0 always has 0.167."
    if not error < 0.3:
        why += (
            " It has not come near that plateau: is every update made (zero_grad, backward, then "
            "optimizer.step), with a large enough learning rate (0.01 for Adam)?"
        )
    elif not error < 0.12:
        why += (
            " It has not left that plateau: is the learning rate large enough (0.01 for Adam), is "
            "every step a fresh batch, are gradients set to zero before each, have targets and "
            "outputs one shape (B, 1)? A (B,) against a (B, 1) is a table (B, B)."
        )
    if not error < limit:
        call = f"train_adding({kind!r}, {length}, {steps}, {seed})"
        raise Mismatch(f"after {call} has a mean squared error of {error:.3g}", why)


# What has begun to learn: of two steps both are marked, so there is nothing to remember, and a few
# updates are enough to leave the best constant behind.
UPDATES, BEGUN = 200, 0.12


def compare_begun(student, rng, kind, seed):
    """Train for a few updates on two steps, and expect less than any constant's error."""
    model = student.train_adding(kind, 2, UPDATES, seed)
    error = error_of(model, kind, *fresh_adding(rng, 1000, 2))
    if not error < BEGUN:
        call = f"train_adding({kind!r}, 2, {UPDATES}, {seed})"
        raise Mismatch(
            f"after {call} has a mean squared error of {error:.3g}",
            f"{UPDATES} updates on sequences of two steps should bring the error below {BEGUN}: "
            "answering 1 always has 0.167, answering 0 has 1.17. Is every update made (zero_grad, "
            "backward, then optimizer.step), with a large enough learning rate (0.01 for Adam); "
            "have targets and outputs one shape (B, 1)?",
        )


@check("3.11", points=0.5, seconds=20)
def test_returns_a_model_that_can_be_used(student):
    """returns the model, of the kind asked for, and has begun to train it"""
    for kind in ("lstm", "gru", "rnn"):
        model = student.train_adding(kind, 6, 2, 0)
        weights = weights_of_trained(model, kind)
        X, _ = fresh_adding(np.random.default_rng(0), 4, 6)
        compare_outputs(model, kind, weights, X, atol=1e-4, why=AS_BUILT)
        compare_begun(student, np.random.default_rng(3), kind, 0)


@check("3.11", points=0.25, seconds=20)
def test_begins_to_learn(student):
    """learns to add two of four numbers"""
    compare_trained(student, np.random.default_rng(2), "gru", 4, 300, 0, limit=0.05)


@check("3.11", points=0.75, goal=True, seconds=GOAL_SECONDS)
def test_learns_a_short_sequence(student):
    """learns the adding problem over 10 steps"""
    compare_trained(student, np.random.default_rng(1), "gru", 10, 300, 0, limit=0.02)


@check("3.11", points=0.5, hidden=True, seconds=20)
def test_a_seed_decides_everything(student, rng):
    """gives the same model for the same seed and another for another; more steps, other weights"""
    kind, seed = str(rng.choice(["lstm", "gru"])), int(rng.integers(2, 10_000))
    calls = [(3, seed), (3, seed), (3, seed + 1), (0, seed), (0, seed + 1), (1, seed), (5, seed)]
    found = []
    for steps, chosen in calls:
        weights = weights_of_trained(student.train_adding(kind, 8, steps, chosen), kind)
        found.append([weights[name] for name in sorted(weights)])

    def same(a, b):
        return alike(found[a], found[b])

    holds(same(0, 1), "The same call gave another model: seed both PyTorch and the data with seed.")
    holds(
        not same(0, 2) and not same(3, 4),
        "Another seed gave the same model: weights and data are drawn with the seed.",
    )
    holds(
        not same(3, 5) and not same(0, 5) and not same(0, 6),
        "The number of updates is `steps`: with other steps the model has to be another.",
    )
    compare_begun(student, rng, kind, seed)


@check("3.11", points=0.5, hidden=True, goal=True, seconds=GOAL_SECONDS)
def test_lstm_remembers_over_fifty_steps(student, rng):
    """with an LSTM: remembers two numbers over 50 steps"""
    seed = int(rng.integers(2, 10_000))
    compare_trained(student, rng, "lstm", 50, 1500, seed, limit=0.01)


@check("3.11", points=0.5, hidden=True, goal=True, seconds=GOAL_SECONDS)
def test_gru_remembers_over_fifty_steps(student, rng):
    """with a GRU: remembers two numbers over 50 steps"""
    seed = int(rng.integers(2, 10_000))
    compare_trained(student, rng, "gru", 50, 1000, seed, limit=0.01)
