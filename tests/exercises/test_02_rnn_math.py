"""Checks of lesson 2: recurrent networks step by step, their gradients, and what they learn."""

import math
import re
from contextlib import contextmanager, nullcontext, suppress
from itertools import pairwise, product

import numpy as np

from seqkit.grading.catalogue import check, exercise
from seqkit.grading.drawing import random_word, shuffled
from seqkit.grading.expect import Mismatch, array, close, dtype, equal, naming, raises, shape
from seqkit.grading.portable import portable
from seqkit.grading.student import Handle, StudentError, short
from seqkit.grading.wire import Tensor

# What a learner's answer has to be before its values are looked at.


def sentence(text):
    """Return a text with a capital letter in front, a name (dX) as it is."""
    return text[:1].upper() + text[1:] if text.startswith("the ") else text


def as_array(got, what):
    """Return a result that has to be a NumPy array of numbers."""
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "biuf":
        raise Mismatch(
            f"gave {what} {short(got)}, expected a NumPy array of floats",
            f"{sentence(what)} has to be a NumPy array of floats",
        )
    return got


def as_number(got, what):
    """Return a result that has to be a float."""
    if isinstance(got, np.ndarray) and got.shape == ():
        got = got[()]
    if isinstance(got, bool | np.bool_) or not isinstance(got, int | float | np.number):
        raise Mismatch(
            f"gave {what} {short(got)}, expected a number",
            f"{sentence(what)} has to be a single float",
        )
    return float(np.real(got))


def parts_of(got, *names):
    """Return the parts of a result that has to have as many as there are names."""
    if not isinstance(got, tuple | list) or len(got) != len(names):
        raise Mismatch(
            f"gave {short(got)}, expected {len(names)} parts",
            f"The result has {len(names)} parts: return {', '.join(names)}.",
        )
    return got


MOST_SUSPECTS = 3  # of those that fit, which a message names


def same_numbers(got, values):
    """Return whether two arrays have one shape and the same numbers."""
    return np.shape(values) == np.shape(got) and np.allclose(got, values, rtol=1e-5, atol=1e-8)


def looks_like(got, suspects, otherwise):
    """Return the messages of the suspects that an array equals, else ``otherwise``."""
    return suspected([m for m, values in suspects if same_numbers(got, values)], otherwise)


def suspected(messages, otherwise):
    """Say what it looks like: every cause that fits, the likeliest first."""
    fitting = list(dict.fromkeys(messages))[:MOST_SUSPECTS]
    return f"It looks like {' Or '.join(fitting)}" if fitting else otherwise


def near(got, expected, what, why, atol=1e-9, rtol=1e-7):
    """Compare shape and values; of an array too large to read, name the first wrong entry."""
    shape(got, expected.shape, what=what, why=why)
    values = np.asarray(got)
    wrong = np.argwhere(~np.isclose(values, expected, atol=atol, rtol=rtol, equal_nan=True))
    if len(wrong) > 0 and any(short(a).startswith("array of") for a in (values, expected)):
        place = tuple(wrong[0].tolist())
        raise Mismatch(
            f"gave {what} with {values[place]:.6g} at {list(place)}, expected "
            f"{expected[place]:.6g} there ({len(wrong)} of {expected.size} entries differ)",
            why,
        )
    close(got, expected, what=what, why=why, atol=atol, rtol=rtol)


def compare(got, expected, what, suspects=(), otherwise="", misshapen=""):
    """Compare an array: shape first, then values, then dtype."""
    got = as_array(got, what)
    why = looks_like(got, suspects, otherwise)
    if got.dtype.kind in "iub":
        why = (
            f"{sentence(what)} holds whole numbers: an array made in the dtype of the input "
            "(`np.zeros_like`) cuts every number that is written into it."
        )
    shape(got, expected.shape, what=what, why=why if why != otherwise else misshapen or otherwise)
    near(got, expected, what, why)
    dtype(got, "float64", what=what, why=f"{sentence(what)} has to be float64.")


def call_kept(student, name, arguments, **options):
    """Call a function and see that the arrays it was given are still what they were."""
    kept = {key: student.keep(value) for key, value in arguments.items()}
    result = getattr(student, name)(*kept.values(), **options)
    for key, handle in kept.items():
        equal(
            student.fetch(handle),
            arguments[key],
            what=f"{key} afterwards",
            why=f"The caller's {key} was changed: work on a copy (`a = a + b`, not `a += b`).",
        )
    return result


@contextmanager
def advising(why, about):
    """Say beside an exception what probably raised it, where it matches ``about``."""
    try:
        yield
    except StudentError as error:
        if error.untouched or not re.search(about, f"{error.type}: {error.message}"):
            raise
        raise Mismatch(f"raised {error}", why) from None


def sizes(rng, count, low=2, high=6):
    """Draw different sizes, so that no wrong axis fits by chance."""
    return rng.permutation(np.arange(low, high + 1))[:count].tolist()


# ---------------------------------------------------------------- 2.1

# A layer computes with these functions: while they are forbidden, calling one that was made before
# fails too. torch.ops has them under other names; a report notes whoever names torch at all.
FUNCTIONS = [
    "torch._VF.rnn_tanh",
    "torch._VF.rnn_tanh_cell",
    "torch.rnn_tanh",
    "torch.rnn_tanh_cell",
    "keras.src.layers.rnn.simple_rnn.ops",
]
KERAS_LAYERS = [
    "keras.layers.SimpleRNN",
    "keras.layers.SimpleRNNCell",
    "keras.src.layers.rnn.simple_rnn.SimpleRNN",
    "keras.src.layers.rnn.simple_rnn.SimpleRNNCell",
]
LAYERS = ["torch.nn.RNN", "torch.nn.RNNCell", *KERAS_LAYERS, *FUNCTIONS]
AUTOGRAD = [
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.func.grad",
    "torch.func.vjp",
    "torch.autograd.forward_ad.make_dual",
    "tensorflow.GradientTape",
    "tensorflow.python.eager.imperative_grad.imperative_grad",  # with which every tape computes
]

exercise("2.1", defines=["rnn_step"], forbids=LAYERS, numpy=True)


def weigh(W, vector):
    """Multiply a matrix with a vector, number by number."""
    return [math.fsum(w * v for w, v in zip(row, vector, strict=True)) for row in W.tolist()]


def step_by_hand(x, h, W_xh, W_hh, b):
    """Compute a step unit by unit."""
    rows = []
    for inputs, state in zip(x.tolist(), h.tolist(), strict=True):
        terms = zip(weigh(W_xh, inputs), weigh(W_hh, state), b.tolist(), strict=True)
        rows.append([math.tanh(math.fsum(term)) for term in terms])
    return np.array(rows)


def step_suspects(x, h, W_xh, W_hh, b):
    """Yield what a step gives when something typical is wrong."""
    no_bias, other_way = np.zeros_like(b), np.ascontiguousarray(W_hh.T)
    net = np.arctanh(step_by_hand(x, h, W_xh, W_hh, b))
    yield (
        "W_hh was not transposed: for rows of a batch, W_hh h is `h @ W_hh.T`.",
        step_by_hand(x, h, W_xh, other_way, b),
    )
    if W_xh.shape[0] == W_xh.shape[1]:
        yield (
            "W_xh was not transposed: for rows of a batch, W_xh x is `x @ W_xh.T`.",
            step_by_hand(x, h, np.ascontiguousarray(W_xh.T), W_hh, b),
        )
        yield "W_xh and W_hh changed places.", step_by_hand(x, h, W_hh, W_xh, b)
    yield "the bias b is missing.", step_by_hand(x, h, W_xh, W_hh, no_bias)
    yield "the bias b was added twice.", step_by_hand(x, h, W_xh, W_hh, 2 * b)
    yield "the bias b was taken away instead of added.", step_by_hand(x, h, W_xh, W_hh, -b)
    yield "the state h does not come in.", step_by_hand(x, 0 * h, W_xh, W_hh, b)
    yield "the input x does not come in.", step_by_hand(0 * x, h, W_xh, W_hh, b)
    yield "tanh is missing.", net
    yield "the squashing function is the logistic; here it is tanh.", 1 / (1 + np.exp(-net))


STEP = "Row i of the result is tanh(W_xh x_i + W_hh h_i + b)."


def compare_step(student, x, h, W_xh, W_hh, b):
    """Call rnn_step and compare."""
    arguments = {"x": x, "h": h, "W_xh": W_xh, "W_hh": W_hh, "b": b}
    floats = [np.asarray(a, dtype=np.float64) for a in arguments.values()]
    compare(
        student.rnn_step(**arguments),
        step_by_hand(*floats),
        "the state",
        step_suspects(*floats),
        STEP,
        "There is a state of H numbers for each row of the batch: (B, H).",
    )


@check("2.1", points=0.25)
def test_computes_one_step(student):
    """computes one step of one unit"""
    compare_step(
        student,
        np.array([[1.0, 2.0]]),
        np.array([[0.5]]),
        np.array([[1.0, 0.25]]),
        np.array([[-2.0]]),
        np.array([0.5]),
    )


@check("2.1", points=0.25)
def test_steps_a_batch(student):
    """computes every row of a batch with matrices the right way round"""
    compare_step(
        student,
        np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -0.5]]),
        np.array([[0.0, 0.5], [0.25, 0.0]]),
        np.array([[1.0, -1.0, 0.0], [0.5, 0.0, 1.0]]),
        np.array([[0.0, 2.0], [-1.0, 0.5]]),
        np.array([0.25, -0.25]),
    )


def random_weights(rng, features, hidden):
    """Draw W_xh, W_hh, b."""
    return (
        rng.normal(size=(hidden, features)) * 0.7,
        rng.normal(size=(hidden, hidden)) * 0.7,
        rng.normal(size=hidden) * 0.5,
    )


@check("2.1", points=0.5, hidden=True)
def test_any_step(student, rng):
    """computes any step, also of one-hot vectors, and leaves its arguments alone"""
    for batch, features, hidden in [sizes(rng, 3), [1, 1, 1], [4, 3, 3]]:
        x, h = rng.normal(size=(batch, features)), rng.uniform(-1, 1, size=(batch, hidden))
        compare_step(student, x, h, *random_weights(rng, features, hidden))
        one_hot = np.eye(features, dtype=np.int64)[rng.integers(features, size=batch)]
        compare_step(student, one_hot, h, *random_weights(rng, features, hidden))
    call_kept(
        student,
        "rnn_step",
        dict(
            zip(
                ["x", "h", "W_xh", "W_hh", "b"],
                [x, h, *random_weights(rng, features, hidden)],
                strict=True,
            )
        ),
    )


# ---------------------------------------------------------------- 2.2

exercise("2.2", defines=["rnn_forward"], forbids=LAYERS, numpy=True)


def forward_by_hand(X, h0, W_xh, W_hh, b, *, carry=True):
    """Step through time; without ``carry`` every step starts from h0."""
    states, h = np.zeros((*X.shape[:2], len(b))), h0
    for t in range(X.shape[1]):
        states[:, t] = step_by_hand(X[:, t], h, W_xh, W_hh, b)
        h = states[:, t] if carry else h0
    return states


def forward_suspects(X, h0, W_xh, W_hh, b):
    """Yield what comes out when something typical is wrong with the loop."""
    right = forward_by_hand(X, h0, W_xh, W_hh, b)
    weights = (W_xh, W_hh, b)
    yield (
        "every step starts from h0: hand the new state to the next step.",
        forward_by_hand(X, h0, *weights, carry=False),
    )
    yield (
        "the first step starts from zeros instead of h0.",
        forward_by_hand(X, 0 * h0, *weights),
    )
    yield "time came first: stack the states at axis 1, (B, T, H).", right.transpose(1, 0, 2)
    yield "the last state came back alone: all of them are asked for.", right[:, -1]
    yield (
        "h0 came back too: H[:, 0] is the state after the first input.",
        np.concatenate([h0[:, None], right], axis=1),
    )
    yield "the states are in reverse order.", right[:, ::-1]
    yield (
        "the sequence was read from its end.",
        forward_by_hand(X[:, ::-1], h0, *weights)[:, ::-1],
    )
    yield (
        "W_hh was not transposed: for rows of a batch, W_hh h is `h @ W_hh.T`.",
        forward_by_hand(X, h0, W_xh, np.ascontiguousarray(W_hh.T), b),
    )


def compare_forward(student, X, h0, W_xh, W_hh, b):
    """Call rnn_forward and compare."""
    floats = [np.asarray(a, dtype=np.float64) for a in (X, h0, W_xh, W_hh, b)]
    compare(
        student.rnn_forward(X=X, h0=h0, W_xh=W_xh, W_hh=W_hh, b=b),
        forward_by_hand(*floats),
        "H",
        forward_suspects(*floats),
        "H[:, t] is tanh(W_xh x_t + W_hh h_{t-1} + b), and the state before step 0 is h0.",
        "There is a state for every step of every row: (B, T, H).",
    )


@check("2.2", points=0.5)
def test_remembers_an_input(student):
    """carries the state from step to step"""
    compare_forward(
        student,
        np.array([[[1.0], [0.0], [0.0]]]),
        np.array([[0.0]]),
        np.array([[1.0]]),
        np.array([[2.0]]),
        np.array([0.0]),
    )


@check("2.2", points=0.5)
def test_starts_from_h0(student):
    """starts from h0 and keeps the axes (B, T, H)"""
    compare_forward(
        student,
        np.array([[[1.0], [0.5], [-1.0]], [[0.0], [0.0], [2.0]]]),
        np.array([[0.5, -0.5], [0.0, 1.0]]),
        np.array([[1.0], [0.5]]),
        np.array([[0.5, 1.0], [-1.0, 0.0]]),
        np.array([0.0, 0.25]),
    )


@check("2.2", points=0.5, hidden=True)
def test_any_sequence(student, rng):
    """runs through any batch of sequences, one step or one row too"""
    for batch, steps, features, hidden in [sizes(rng, 4), [1, 5, 3, 2], [3, 1, 2, 4], [1] * 4]:
        compare_forward(
            student,
            rng.normal(size=(batch, steps, features)),
            rng.uniform(-1, 1, size=(batch, hidden)),
            *random_weights(rng, features, hidden),
        )


@check("2.2", points=0.5, hidden=True)
def test_one_hot_sequences(student, rng):
    """takes one-hot vectors of whole numbers, and leaves its arguments alone"""
    batch, steps, features, hidden = sizes(rng, 4)
    X = np.eye(features, dtype=np.int64)[rng.integers(features, size=(batch, steps))]
    h0 = rng.uniform(-1, 1, size=(batch, hidden))
    weights = random_weights(rng, features, hidden)
    compare_forward(student, X, h0, *weights)
    names = ["X", "h0", "W_xh", "W_hh", "b"]
    call_kept(
        student,
        "rnn_forward",
        dict(zip(names, [X.astype(np.float64), h0, *weights], strict=True)),
    )


# ---------------------------------------------------------------- 2.3

exercise("2.3", defines=["manual_rnn"], forbids=["torch.nn.RNNCell", *KERAS_LAYERS, *FUNCTIONS])

PARAMETERS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def torch_layer(student, features, hidden, values, precision="float32", **options):
    """Build an nn.RNN in the learner's process and give it weights."""
    layer = student.build("torch.nn.RNN", features, hidden, batch_first=True, **options)
    if precision == "float64":
        layer.double()
    state = {
        name: Tensor("torch", precision, np.asarray(value, dtype=precision))
        for name, value in zip(PARAMETERS, values, strict=False)
    }
    layer.load_state_dict(state)
    return layer


def random_layer_values(rng, features, hidden, precision="float32", bias=True):
    """Draw weights and biases of a layer that are exact in its precision."""
    shapes = [(hidden, features), (hidden, hidden), (hidden,), (hidden,)][: 4 if bias else 2]
    return [rng.uniform(-0.8, 0.8, size=s).astype(precision) for s in shapes]


def layer_by_hand(X, W_xh, W_hh, *biases, carry=True):
    """Compute in float64 what a layer with these weights gives, from a zero state."""
    W_xh, W_hh, *biases = (np.asarray(a, dtype=np.float64) for a in (W_xh, W_hh, *biases))
    start = np.zeros((len(X), len(W_hh)))
    b = sum(biases, np.zeros(len(W_hh)))
    return forward_by_hand(np.asarray(X, np.float64), start, W_xh, W_hh, b, carry=carry)


def layer_suspects(X, W_xh, W_hh, b_ih, b_hh):
    """Yield what comes out when something typical is wrong with the weights of a layer."""
    nothing = np.zeros_like(b_ih)
    yield (
        "bias_hh_l0 was added twice and bias_ih_l0 never. Each is added once.",
        layer_by_hand(X, W_xh, W_hh, b_hh, b_hh),
    )
    yield (
        "bias_ih_l0 was added twice and bias_hh_l0 never. Each is added once.",
        layer_by_hand(X, W_xh, W_hh, b_ih, b_ih),
    )
    yield (
        "bias_hh_l0 is missing: torch has two biases and adds both.",
        layer_by_hand(X, W_xh, W_hh, b_ih),
    )
    yield (
        "bias_ih_l0 is missing: torch has two biases and adds both.",
        layer_by_hand(X, W_xh, W_hh, b_hh),
    )
    yield "both biases are missing.", layer_by_hand(X, W_xh, W_hh, nothing)
    yield (
        "the recurrent matrix was not turned round: torch keeps W_hh as (to, from), a kernel of "
        "Keras is (from, to), and a product of rows needs `h @ W_hh.T`.",
        layer_by_hand(X, W_xh, W_hh.T.copy(), b_ih, b_hh),
    )
    yield (
        "the state is not carried on from step to step.",
        layer_by_hand(X, W_xh, W_hh, b_ih, b_hh, carry=False),
    )
    right = layer_by_hand(X, W_xh, W_hh, b_ih, b_hh)
    yield "the last state came back alone: all of them are asked for.", right[:, -1]
    yield "time came first: (B, T, H) is asked for.", right.transpose(1, 0, 2)


@contextmanager
def saying(note):
    """Add to what is said of a difference what else a learner needs to see it."""
    try:
        yield
    except Mismatch as error:
        raise Mismatch(error.text, error.why + note) from None


@contextmanager
def reading_only():
    """Turn the refusal of a layer that is called into advice."""
    try:
        yield
    except StudentError as error:
        if "write this one yourself" in error.message:
            raise Mismatch(
                "called the layer (write this one yourself)",
                "The layer raises when it is called: take its four parameters and run through "
                "time with them. Write this one yourself.",
            ) from None
        raise


def stated(values):
    """Say the weights of a layer that stands in a call as an object."""
    named = zip(PARAMETERS, values, strict=False)
    return " Here " + ", ".join(f"{name} = {short(np.asarray(v))}" for name, v in named)


def compare_manual(student, X, values, precision="float32", note=""):
    """Call manual_rnn on a layer with given weights and compare."""
    X = np.asarray(X, dtype=precision)
    hidden, features = np.shape(values[0])
    rnn = torch_layer(student, features, hidden, values, precision)
    with reading_only():
        got = student.manual_rnn(rnn, Tensor("torch", precision, X))
    if isinstance(got, tuple):
        raise Mismatch(
            f"gave {len(got)} parts, expected a tensor",
            "The output alone is asked for: a layer gives a pair, you give its first part.",
        )
    if not isinstance(got, Tensor) or got.framework != "torch":
        raise Mismatch(
            f"gave {short(got)}, expected a torch tensor", "The result has to be a torch tensor."
        )
    expected = layer_by_hand(X, *values)
    otherwise = "h_t = tanh(W_xh x_t + b_ih + W_hh h_{t-1} + b_hh), and h is zero at the start."
    suspects = layer_suspects(X, *(np.asarray(v, dtype=np.float64) for v in values))
    why = looks_like(np.asarray(got), suspects, otherwise) + note
    near(got, expected, "the output", why, atol=1e-5 if precision == "float32" else 1e-9)
    dtype(got, precision, what="the output", why="The output has the dtype of X and the weights.")
    for name, value in zip(PARAMETERS, values, strict=True):
        equal(
            array(student.fetch(getattr(rnn, name))),
            np.asarray(value, dtype=precision),
            what=f"{name} afterwards",
            why="The layer's own weights were changed.",
        )


TWO_UNITS = [
    [[0.5, -0.5, 0.25], [0.0, 1.0, -0.25]],
    [[0.5, -1.0], [0.75, 0.0]],
    [0.25, -0.5],
    [0.125, 0.25],
]
THREE_STEPS = [
    [[1.0, 0.0, 2.0], [0.5, 0.5, 0.0], [0.0, 0.0, 0.0]],
    [[0.0, -1.0, 1.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0]],
]


@check("2.3", points=0.5)
def test_adds_both_biases(student):
    """adds each of the two biases once"""
    for X, values in (
        ([[[1.0], [0.0]]], [[[1.0]], [[2.0]], [0.5], [-0.25]]),
        ([[[0.0], [0.0]]], [[[1.0]], [[1.0]], [0.25], [0.5]]),
    ):
        compare_manual(student, X, values, note=stated(values))


ONE_DTYPE = (
    "The state before the first step has to be of the dtype of X: `torch.zeros` makes float32, "
    "`X.new_zeros` what X is."
)


@check("2.3", points=0.5)
def test_equals_the_layer(student):
    """gives what a layer of several units gives, in float32 as in float64"""
    compare_manual(student, THREE_STEPS, TWO_UNITS, note=stated(TWO_UNITS))
    with advising(ONE_DTYPE, "dtype|scalar type"):
        compare_manual(student, THREE_STEPS, TWO_UNITS, "float64", note=stated(TWO_UNITS))


@check("2.3", points=0.5, hidden=True)
def test_any_layer(student, rng):
    """gives what any layer gives"""
    for batch, steps, features, hidden in [sizes(rng, 4), [3, 4, 3, 3], [2, 1, 3, 4], [1] * 4]:
        compare_manual(
            student,
            rng.normal(size=(batch, steps, features)),
            random_layer_values(rng, features, hidden),
        )


@check("2.3", points=0.5, hidden=True)
def test_double_precision(student, rng):
    """works in float64 when the layer does"""
    batch, steps, features, hidden = sizes(rng, 4)
    with advising(ONE_DTYPE, "dtype|scalar type"):
        compare_manual(
            student,
            rng.normal(size=(batch, steps, features)),
            random_layer_values(rng, features, hidden, "float64"),
            "float64",
        )


# ---------------------------------------------------------------- 2.4

exercise("2.4", defines=["output_recurrence"], numpy=True)


def jordan_by_hand(X, W_xh, W_ho, W_oh, b_h, b_o, *, start=None, back="output", squash=False):
    """Run Jordan's network, one row and one unit at a time; ``squash`` puts a tanh on top."""
    outputs = np.zeros((*X.shape[:2], len(b_o)))
    for i, row in enumerate(X.tolist()):
        before = [0.0] * W_oh.shape[1] if start is None else start
        for t, x in enumerate(row):
            terms = zip(weigh(W_xh, x), weigh(W_oh, before), b_h.tolist(), strict=True)
            h = [math.tanh(math.fsum(term)) for term in terms]
            out = [z + b for z, b in zip(weigh(W_ho, h), b_o.tolist(), strict=True)]
            if squash:
                out = np.tanh(out).tolist()
            outputs[i, t] = out
            if back != "nothing":
                before = {
                    "output": out,
                    "state": h,
                    "without bias": [o - b for o, b in zip(out, b_o.tolist(), strict=True)],
                    "squashed": np.tanh(out).tolist(),
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
        jordan_by_hand(*arguments, start=b_o.tolist()),
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


JORDAN = ("X", "W_xh", "W_ho", "W_oh", "b_h", "b_o")


def compare_jordan(student, X, W_xh, W_ho, W_oh, b_h, b_o, call=None):
    """Call output_recurrence and compare."""
    arguments = (X, W_xh, W_ho, W_oh, b_h, b_o)
    floats = [np.asarray(a, dtype=np.float64) for a in arguments]
    compare(
        student.output_recurrence(**dict(zip(JORDAN, arguments, strict=True)))
        if call is None
        else call,
        jordan_by_hand(*floats),
        "the outputs",
        jordan_suspects(*floats),
        "h_t = tanh(W_xh x_t + W_oh o_{t-1} + b_h), o_t = W_ho h_t + b_o, and o_0 is zero.",
        "There is an output for every step of every row: (B, T, O).",
    )


@check("2.4", points=0.5)
def test_sends_the_output_back(student):
    """sends the output back, starting from zero"""
    compare_jordan(
        student,
        np.array([[[1.0], [0.0], [0.0]]]),
        np.array([[1.0]]),
        np.array([[2.0]]),
        np.array([[0.5]]),
        np.array([0.0]),
        np.array([-1.0]),
    )


@check("2.4", points=0.5)
def test_outputs_of_other_width(student):
    """gives (B, T, O) where outputs are wider or narrower than the state"""
    compare_jordan(
        student,
        np.array([[[1.0], [0.0], [2.0]], [[0.0], [-1.0], [0.5]]]),
        np.array([[1.0], [-0.5]]),
        np.array([[0.5, 1.0], [2.0, 0.0], [0.0, -1.0]]),
        np.array([[0.5, 0.0, 1.0], [-1.0, 0.25, 0.0]]),
        np.array([0.25, 0.0]),
        np.array([0.0, 0.5, -0.5]),
    )


def random_jordan(rng, batch, steps, features, hidden, outputs):
    """Draw the arguments of output_recurrence."""
    return (
        rng.normal(size=(batch, steps, features)),
        rng.normal(size=(hidden, features)),
        rng.normal(size=(outputs, hidden)),
        rng.normal(size=(hidden, outputs)) * 0.7,
        rng.normal(size=hidden),
        rng.normal(size=outputs),
    )


@check("2.4", points=0.5, hidden=True)
def test_any_output_recurrence(student, rng):
    """runs any network of this kind, of one-hot vectors too, and leaves its arguments alone"""
    for dimensions in ([*sizes(rng, 5)], [1] * 5, [2, 1, 3, 2, 4]):
        arguments = random_jordan(rng, *dimensions)
        got = call_kept(student, "output_recurrence", dict(zip(JORDAN, arguments, strict=True)))
        compare_jordan(student, *arguments, call=got)
    batch, steps, features, hidden, outputs = sizes(rng, 5)
    _, *weights = random_jordan(rng, batch, steps, features, hidden, outputs)
    X = np.eye(features, dtype=np.int64)[rng.integers(features, size=(batch, steps))]
    compare_jordan(student, X, *weights)


@check("2.4", points=0.5, hidden=True)
def test_matrices_that_all_fit(student, rng):
    """uses the right matrix the right way round where every one of them would fit"""
    for _ in range(2):
        size = int(rng.integers(2, 5))
        compare_jordan(student, *random_jordan(rng, 3, 4, size, size, size))


# ---------------------------------------------------------------- 2.5

exercise(
    "2.5",
    defines=["softmax_cross_entropy"],
    forbids=[
        "torch.nn.functional.cross_entropy",
        "torch.nn.CrossEntropyLoss",
        "torch.nn.functional.log_softmax",
        "keras.losses.SparseCategoricalCrossentropy",
        "keras.ops.softmax",
    ],
    numpy=True,
)


def nats_by_hand(scores, target):
    """Return -log of the target's share, and all shares, from differences of scores."""
    with np.errstate(over="ignore"):
        odds = [np.exp(scores - score).sum() for score in scores]  # 1 / share
    return float(np.logaddexp.reduce(scores - scores[target])), [1 / o for o in odds]


def cross_entropy_by_hand(logits, targets, mask):
    """Go through the positions one by one."""
    losses, gradient = [], np.zeros(logits.shape)
    for b, t in zip(*np.nonzero(mask), strict=True):
        loss, gradient[b, t] = nats_by_hand(logits[b, t], targets[b, t])
        gradient[b, t, targets[b, t]] -= 1
        losses.append(loss)
    count = max(len(losses), 1)
    return math.fsum(losses) / count, gradient / count


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
    if 20 < got < expected:
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


def compare_loss(student, logits, targets, mask):
    """Call softmax_cross_entropy and compare both results."""
    right = (targets >= 0) & (targets < logits.shape[-1])
    with nullcontext() if right.all() else advising(IGNORED, "IndexError|ValueError"):
        got = student.softmax_cross_entropy(logits, targets, mask)
    loss, dlogits = parts_of(got, "loss", "dlogits")
    loss, dlogits = as_number(loss, "loss"), as_array(dlogits, "dlogits")
    expected, gradient = cross_entropy_by_hand(logits, targets, mask)
    why = why_loss(loss, expected, logits, targets, mask)
    close(loss, expected, what="loss", why=why)
    why = why_dlogits(dlogits, gradient, targets, mask)
    compare(dlogits, gradient, "dlogits", otherwise=why)
    if np.any(dlogits[~mask] != 0):
        raise Mismatch(
            "gave dlogits other than 0 at a masked position", "dlogits is exactly 0 where masked."
        )


@check("2.5", points=0.5)
def test_loss_by_hand(student):
    """gives the loss and its gradient at one position that counts"""
    compare_loss(
        student,
        np.array([[[0.0, math.log(3)], [5.0, 5.0]]]),
        np.array([[1, 0]]),
        np.array([[True, False]]),
    )


@check("2.5", points=0.25)
def test_averages_what_counts(student):
    """averages over the positions that count, whatever the masked targets hold"""
    log3 = math.log(3)
    compare_loss(
        student,
        np.array([[[0.0, log3], [log3, 0.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 2.0], [9.0, 9.0]]]),
        np.array([[1, 1, 0], [0, -100, 7]]),
        np.array([[True, True, True], [True, False, False]]),
    )


@check("2.5", points=0.25)
def test_survives_huge_logits(student):
    """is finite for logits of 10,000"""
    logits = np.array([[[1e4, 0.0, -1e4], [-1e4, 1e4, 1e4]]])
    everything = np.array([[True, True]])
    compare_loss(student, logits, np.array([[0, 1]]), everything)
    compare_loss(student, logits, np.array([[2, 0]]), everything)


def random_positions(rng, scale=3.0):
    """Draw logits, targets and a mask with at least two positions on and one off."""
    batch, steps, classes = sizes(rng, 3, 2, 6)
    logits = rng.normal(size=(batch, steps, classes)) * scale
    targets = rng.integers(0, classes, size=(batch, steps))
    mask = rng.random((batch, steps)) < 0.6
    mask.flat[rng.permutation(mask.size)[:3]] = [True, True, False]
    return logits, targets, mask


@check("2.5", points=0.5, hidden=True)
def test_any_loss(student, rng):
    """gives the loss and gradient of any batch, and leaves its arguments alone"""
    for _ in range(4):
        compare_loss(student, *random_positions(rng))
    logits, targets, mask = random_positions(rng)
    compare_loss(student, logits, targets, np.ones_like(mask))
    compare_loss(student, logits[:1, :1], targets[:1, :1], np.ones((1, 1), dtype=bool))
    arguments = {"logits": logits, "targets": targets, "mask": mask}
    call_kept(student, "softmax_cross_entropy", arguments)


@check("2.5", points=0.25, hidden=True)
def test_any_huge_logits(student, rng):
    """is exact for logits far from zero, all of one sign or mixed"""
    for shift, scale in [(1e4, 1.0), (-1e4, 1.0), (0.0, 3e3), (700.0, 5.0)]:
        logits, targets, mask = random_positions(rng, scale)
        compare_loss(student, np.clip(logits + shift, -1e4, 1e4), targets, mask)


@check("2.5", points=0.25, hidden=True)
def test_nothing_to_learn_from(student, rng):
    """gives 0 when everything is masked, ignores masked targets, refuses wrong ones that count"""
    why = (
        "A target that counts and is below 0 or from V on is an IndexError that names it: NumPy "
        "would take -1 for the last class without a word. A masked one may be anything."
    )
    calls = []  # logits, targets, mask, and which target has to be refused, if any
    for k in range(9):
        logits, targets, mask = random_positions(rng)
        classes, far = logits.shape[-1], int(rng.integers(5, 999))
        lost = [classes, classes + far, -1, -classes, -far, None, None, None, None][k]
        masked = [-100, -1, classes, 10_000]
        targets[~mask] = rng.choice(masked, size=(~mask).sum())
        if lost is not None:
            targets[tuple(rng.choice(np.argwhere(mask)))] = lost
        calls.append((logits, targets, mask, lost))
    for targets in (rng.integers(0, classes, size=mask.shape), np.full(mask.shape, -100)):
        calls.append((logits, targets, np.zeros_like(mask), None))
    for logits, targets, mask, lost in shuffled(rng, calls):
        if lost is None:
            compare_loss(student, logits, targets, mask)
        else:
            beside = targets.ravel().tolist()
            with raises(IndexError, why=why), naming((lost,), beside=beside, why=why):
                student.softmax_cross_entropy(logits, targets, mask)


# ---------------------------------------------------------------- 2.6

exercise("2.6", defines=["rnn_backward"], forbids=AUTOGRAD, numpy=True)

GRADIENTS = ("dX", "dh0", "dW_xh", "dW_hh", "db")
TINY = 1e-30  # a step into the imaginary: no difference is taken, so no digit is lost


def states_of(X, h0, W_xh, W_hh, b, forget=False):
    """Run the network on real or complex numbers; ``forget`` hides the state's own origin."""
    states, h = [], h0
    for t in range(X.shape[1]):
        before = h.real if forget and t > 0 else h
        h = np.tanh(
            np.einsum("hd,bd->bh", W_xh, X[:, t]) + np.einsum("hk,bk->bh", W_hh, before) + b
        )
        states.append(h)
    return np.moveaxis(np.array(states), 0, 1)


def slopes(function, value):
    """Differentiate a function that returns a number by every entry of an array."""
    result = np.zeros(value.shape)
    for index in np.ndindex(value.shape):
        moved = value.astype(np.complex128)
        moved[index] += 1j * TINY
        result[index] = function(moved).imag / TINY
    return result


def gradients_by_hand(X, h0, W_xh, W_hh, b, dH, forget=False):
    """Differentiate sum(dH * H) by every number that goes in, one after the other."""
    values = [X, h0, W_xh, W_hh, b]

    def loss(k, moved):
        replaced = [moved if i == k else value for i, value in enumerate(values)]
        return (dH * states_of(*replaced, forget=forget)).sum()

    return [slopes(lambda v, k=k: loss(k, v), value) for k, value in enumerate(values)]


SHAPES = ("(B, T, D)", "(B, H)", "(H, D)", "(H, H)", "(H,)")
IN_ORDER = f"return {', '.join(GRADIENTS)} in this order."


def walk(case, H, dH, rule=None, *, slope=None, matrix=None, steps=None, pile=False):
    """Go back step by step by a rule, and return five gradients and the deltas they are made of.

    A rule takes what a state is told directly, what comes back to it, and the slope; it gives
    delta, and what is sent on through ``matrix``. Without one, it is the right rule.
    """
    X, h0, W_xh, W_hh, _ = case
    slope = 1 - H**2 if slope is None else slope
    matrix = W_hh if matrix is None else matrix
    deltas, back = np.zeros(H.shape), np.zeros(h0.shape)
    for t in reversed(range(X.shape[1])) if steps is None else steps:
        if rule is None:
            deltas[:, t] = sent = (dH[:, t] + back) * slope[:, t]
        else:
            deltas[:, t], sent = rule(dH[:, t], back, slope[:, t])
        back = sent @ matrix + (back if pile else 0)
    before = np.concatenate([h0[:, None], H[:, :-1]], axis=1)
    dW_xh, dW_hh = (np.einsum("bth,btk->hk", deltas, values) for values in (X, before))
    return [deltas @ W_xh, back, dW_xh, dW_hh, deltas.sum(axis=(0, 1))], deltas


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


def compare_gradients(student, case, dH, only=GRADIENTS, call=None):
    """Call rnn_backward and compare the gradients that are named."""
    got = student.rnn_backward(**backward_arguments(case, dH)) if call is None else call
    got = parts_of(got, *GRADIENTS)
    case = tuple(np.asarray(value, dtype=np.float64) for value in case)
    for k, (name, expected) in enumerate(zip(GRADIENTS, gradients_by_hand(*case, dH), strict=True)):
        if name in only:
            part = as_array(got[k], name)
            right = part.shape == expected.shape and np.allclose(part, expected)
            why = "" if right else why_gradient(k, part, got, case, dH)
            compare(part, expected, name, otherwise=why)


def backward_arguments(case, dH):
    """Return the arguments of rnn_backward by name."""
    named = dict(zip(["X", "h0", "W_xh", "W_hh", "b"], case, strict=True))
    return {**named, "H": states_of(*case), "dH": dH}


def column(*numbers):
    """Return a sequence of one row and one feature."""
    return np.array(numbers, dtype=np.float64)[None, :, None]


# With one unit and these inputs the states are 0.6 and 0.8, their slopes 0.64 and 0.36.
TWO_STEPS = (
    column(math.log(2), math.log(3) - 0.3),
    np.array([[0.0]]),
    np.array([[1.0]]),
    np.array([[0.5]]),
    np.array([0.0]),
)


@check("2.6", points=0.5)
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


@check("2.6", points=0.75)
def test_two_steps_back(student):
    """carries the gradient from step to step"""
    compare_gradients(student, TWO_STEPS, column(0.0, 1.0))
    compare_gradients(student, TWO_STEPS, column(2.0, 1.0))
    compare_gradients(student, (column(1.0, 0.5, -1.0), *TWO_STEPS[1:]), column(0.0, 0.5, 1.0))


@check("2.6", points=0.5)
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
    compare_gradients(student, (X.astype(np.int64), *weights), dH)


def random_case(rng, batch, steps, features, hidden):
    """Draw a network, its input, and a gradient for its states."""
    case = (
        rng.normal(size=(batch, steps, features)),
        rng.uniform(-0.9, 0.9, size=(batch, hidden)),
        *random_weights(rng, features, hidden),
    )
    return case, rng.normal(size=(batch, steps, hidden))


@check("2.6", points=0.75, hidden=True)
def test_inputs_gradients(student, rng):
    """finds dX and dh0 as small changes of X and h0 show them"""
    for dimensions in (sizes(rng, 4), [2, 6, 1, 3], [1, 4, 3, 1]):
        case, dH = random_case(rng, *dimensions)
        compare_gradients(student, case, dH, only=("dX", "dh0"))
        X, *weights = case
        one_hot = np.eye(X.shape[-1], dtype=np.int64)[rng.integers(X.shape[-1], size=X.shape[:2])]
        compare_gradients(student, (one_hot, *weights), dH, only=("dX", "dh0"))


@check("2.6", points=0.75, hidden=True)
def test_weights_gradients(student, rng):
    """finds dW_xh, dW_hh and db as small changes of the weights show them"""
    for dimensions in (sizes(rng, 4), [2, 6, 1, 3], [1, 4, 3, 1], [3, 1, 2, 4]):
        compare_gradients(student, *random_case(rng, *dimensions), only=("dW_xh", "dW_hh", "db"))
    # derived, 20,000 gradients take milliseconds; found by a small change of each they take minutes
    (X, h0, W_xh, W_hh, b), dH = random_case(rng, 2, 20, 100, 100)
    case = (X, h0, W_xh / 10, W_hh / 10, b)
    got = parts_of(student.rnn_backward(**backward_arguments(case, dH)), *GRADIENTS)[2:]
    way = [rng.normal(size=np.shape(weights)) for weights in case[2:]]
    for name, gradient, step in zip(GRADIENTS[2:], got, way, strict=True):
        shape(gradient, step.shape, what=name, why=f"{name} has the shape of what it belongs to.")
    slope = sum((array(gradient) * step).sum() for gradient, step in zip(got, way, strict=True))
    close(
        slope,
        slope_along(case, way, dH),
        what="a slope",
        why="For a hundred units the gradients do not tell how the loss changes when all weights "
        "change a little.",
        rtol=1e-6,
    )


def slope_along(case, way, dH):
    """Find how the loss changes when all weights change together, by a complex step."""
    X, h, *weights = case
    W_xh, W_hh, b = (value + 1e-30j * step for value, step in zip(weights, way, strict=True))
    loss = 0.0
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ W_xh.T + h @ W_hh.T + b)
        loss += (dH[:, t] * h).sum()
    return loss.imag / 1e-30


@check("2.6", points=0.5, hidden=True)
def test_a_gradient_from_the_end(student, rng):
    """carries a gradient that comes in at one step to all before it and none after"""
    case, dH = random_case(rng, 2, 5, 2, 3)
    for t in (4, int(rng.integers(1, 4)), 0):
        only_here = np.zeros_like(dH)
        only_here[:, t] = dH[:, t]
        compare_gradients(student, case, only_here)


@check("2.6", points=0.25, hidden=True)
def test_backward_leaves_arguments(student, rng):
    """finds dX and leaves its arguments as they were"""
    case, dH = random_case(rng, 2, 4, 3, 2)
    got = call_kept(student, "rnn_backward", backward_arguments(case, dH))
    compare_gradients(student, case, dH, only=("dX",), call=got)


# ---------------------------------------------------------------- 2.7

exercise("2.7", defines=["gradient_check"], forbids=["torch.autograd.gradcheck"], numpy=True)


@portable
def cubes(theta):
    return float((theta**3).sum())


@portable
def doubled_first(theta):
    return 2.0 * float(theta.ravel()[0])


@portable
def constant(theta):
    return 2.5


@portable
def cubed_product(theta, w):
    return float((w * theta).sum() ** 3)


@portable
def wave(theta, frequency):
    return float(np.sin(frequency * theta).sum())


@portable
def flat(theta, slope):
    return slope * float(theta.sum())


@portable
def broken(theta, place, value):
    return float("nan") if theta[place] != value else float((theta**3).sum())


DOUBLED = "f is twice the first entry of theta, so n is 2 there and 0 elsewhere"


def relative_error(numeric, grad):
    """Compare two gradients entry by entry and return the largest relative error."""
    errors = []
    for n, g in zip(np.ravel(numeric).tolist(), np.ravel(grad).tolist(), strict=True):
        errors.append(abs(n - g) / max(abs(n) + abs(g), 1e-8))
    return math.nan if any(map(math.isnan, errors)) else max(errors)


def error_suspects(f, theta, grad, eps, numeric):
    """Yield what comes out when something typical is wrong."""
    ahead, behind, wide = (np.zeros(theta.shape) for _ in range(3))
    for index in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[index] += eps
        down[index] -= eps
        ahead[index] = (f(up) - f(theta)) / eps
        behind[index] = (f(theta) - f(down)) / eps
        wide[index] = (f(up) - f(down)) / eps
    together = np.full(theta.shape, (f(theta + eps) - f(theta - eps)) / (2 * eps))
    gap, floor = np.abs(numeric - grad), 1e-8
    bare = np.abs(numeric) + np.abs(grad)
    size = np.maximum(bare, floor)
    one_sided = "the difference is one-sided: look at θ + ε and at θ - ε."
    yield one_sided, relative_error(ahead, grad)
    yield one_sided, relative_error(behind, grad)
    yield (
        "the difference was divided by ε: the two points are 2ε apart.",
        relative_error(wide, grad),
    )
    if theta.size > 1:
        yield (
            "all entries were moved at once: move one at a time.",
            relative_error(together, grad),
        )
        yield "it is the mean of the errors: the largest is asked for.", (gap / size).mean()
        yield "it is the smallest error: the largest is asked for.", (gap / size).min()
        yield (
            "the norms were compared: every entry has its own relative error.",
            np.linalg.norm(gap) / max(np.linalg.norm(numeric) + np.linalg.norm(grad), floor),
        )
    yield "it is an absolute error: divide by |n| + |g|.", gap.max()
    no_floor = "the floor 1e-8 is missing: the denominator is max(|n| + |g|, 1e-8)."
    yield no_floor, (gap / bare).max()
    yield no_floor, np.nanmax(np.append(gap / bare, 0.0))  # 0 / 0 left out
    yield (
        "1e-8 was added to the denominator: it is a floor, max(|n| + |g|, 1e-8).",
        (gap / (bare + floor)).max(),
    )
    for message, alone in (
        (
            "it was divided by the larger of the two: divide by their sum.",
            np.maximum(np.abs(numeric), np.abs(grad)),
        ),
        ("it was divided by |n| alone.", np.abs(numeric)),
        ("it was divided by |g| alone.", np.abs(grad)),
    ):
        yield message, (gap / np.maximum(alone, floor)).max()


def compare_check(student, f, theta, grad, numeric, eps=None, call=None):
    """Call gradient_check and compare; ``numeric`` are the central differences as a formula."""
    options = {} if eps is None else {"eps": eps}
    call = student.gradient_check(f, theta, grad, **options) if call is None else call
    got = as_number(call, "the error")
    expected = relative_error(numeric, grad)
    with np.errstate(all="ignore"):
        suspects = error_suspects(f, theta, grad, eps or 1e-5, numeric)
        why = looks_like(
            np.array(got),
            suspects,
            "The error of an entry is |n - g| / max(|n| + |g|, 1e-8), n the central difference; "
            "the largest counts.",
        )
    close(got, expected, what="the error", why=why, rtol=1e-5, atol=1e-7)


@check("2.7", points=0.5)
def test_central_differences(student):
    """takes central differences and gives the largest relative error"""
    theta = np.array([1.0, 2.0])
    numeric = np.array([3.01, 12.01])  # ((θ + 0.1)³ - (θ - 0.1)³) / 0.2 = 3θ² + 0.01
    compare_check(student, cubes, theta, np.array([3.0, 12.0]), numeric, eps=0.1)
    compare_check(student, cubes, theta, np.array([3.0, 6.0]), numeric, eps=0.1)
    compare_check(student, cubes, theta, np.array([-3.0, 12.0]), numeric, eps=0.1)


@check("2.7", points=0.25)
def test_zero_over_zero(student):
    """gives 0 where both gradients are zero, and nowhere else"""

    def why(got, otherwise):
        return "0 / 0: the denominator is at least 1e-8." if math.isnan(got) else otherwise

    got = as_number(student.gradient_check(constant, np.ones(2), np.zeros(2)), "the error")
    both = "f is the same everywhere: n and g are 0, and so is |n - g| / max(|n| + |g|, 1e-8)."
    equal(got, 0.0, what="the error", why=why(got, both))
    call = student.gradient_check(doubled_first, np.ones(2), np.array([1.0, 0.0]))
    got = as_number(call, "the error")
    one = (
        f"{DOUBLED}: where both gradients are zero the error is 0, at the first entry it is "
        "|2 - 1| / (2 + 1), and the larger counts."
    )
    close(got, 1 / 3, what="the error", why=why(got, one), atol=1e-7)
    numeric = np.array([2.0, 0.0, 0.0])
    with saying(f" {DOUBLED}."):
        compare_check(student, doubled_first, np.ones(3), np.array([3.0, 0.0, 0.0]), numeric)


@check("2.7", points=0.25)
def test_refuses_another_shape(student):
    """refuses a gradient of another shape, naming both, and no other"""
    why = (
        "NumPy would broadcast one against the other: a grad of another shape is a ValueError "
        "that names both shapes."
    )
    for shaped, bad in (((2, 5), (1, 5)), ((2, 5), (5,)), ((5,), (1, 5))):
        with raises(ValueError, why=why), naming((*shaped, *bad), why=why):
            student.gradient_check(cubes, np.ones(shaped), np.ones(bad))
    numeric, why = np.array([2.0, 0.0, 0.0]), "A grad of the shape of theta is not refused."
    with saying(f" {DOUBLED}."), advising(why, "ValueError"):
        for slope in (1.0, 3.0):
            grad = np.array([slope, 0.0, 0.0])
            compare_check(student, doubled_first, np.ones(3), grad, numeric)


@check("2.7", points=0.5, hidden=True)
def test_any_function(student, rng):
    """checks gradients of functions of vectors, matrices and more axes"""
    for dimensions in [(4,), (2, 3), (3, 1, 2), (1,)]:
        theta, w = rng.normal(size=(2, *dimensions))
        w += np.sign(w)
        # away from 0, where the cubic is flat and rounding errors are all there is
        theta += w * (rng.uniform(1, 2) - (w * theta).sum()) / (w**2).sum()
        eps = float(rng.uniform(0.2, 0.5))
        f = cubed_product.given(w=w)
        total = (w * theta).sum()
        numeric = 3 * w * total**2 + w**3 * eps**2  # the cubic's central difference, exactly
        grad = numeric * rng.choice([0.5, 1.0, -1.0, 1.25], size=dimensions)
        compare_check(student, f, theta, grad, numeric, eps=eps)
        compare_check(student, f, theta, 3 * w * total**2, numeric, eps=eps)
        grad = 3 * w * total**2
        grad.flat[-1] *= 1.5
        compare_check(student, f, theta, grad, 3 * w * total**2)


@check("2.7", points=0.25, hidden=True)
def test_theta_stays(student, rng):
    """finds the error and leaves theta as it was to the last bit"""
    theta = rng.normal(size=(4, 5)) / 3
    numeric = 3 * theta**2  # and ε² = 1e-10, which nobody sees beside the largest entry
    grad = 0.9 * numeric
    grad.flat[np.abs(theta).argmax()] *= 1.5
    arguments = {"theta": theta, "grad": grad}
    kept = {name: student.keep(value) for name, value in arguments.items()}
    got = student.gradient_check(cubes, *kept.values())
    for name, handle in kept.items():
        equal(
            student.fetch(handle),
            arguments[name],
            what=f"{name} afterwards",
            why=f"{name} is not what it was, perhaps in the last digit only: (x + ε) - ε is not "
            "always x. Move a copy, or put the old value back.",
        )
    compare_check(student, cubes, theta, grad, numeric, call=got)


@check("2.7", points=0.25, hidden=True)
def test_defaults_and_nan(student, rng):
    """uses ε = 1e-5 and the floor 1e-8, and never hides a NaN"""
    for frequency in (5e4, 1e5):
        f, theta = wave.given(frequency=frequency), np.zeros(1)
        numeric = np.array([math.sin(frequency * 1e-5) / 1e-5])
        compare_check(student, f, theta, np.array([frequency]), numeric)
    slope = float(rng.uniform(1e-9, 4e-9))
    f, grad = flat.given(slope=slope), np.array([0.0, slope])
    # the floor: |n - g| / 1e-8
    compare_check(student, f, np.zeros(2), grad, np.full(2, slope), eps=0.5)
    why = "A NaN in the gradient or in f has to come out as NaN: max(0.0, nan) is 0.0 in Python."
    calls = []
    for place, kind in product(range(3), ("grad", "f", "right", "wrong")):
        theta = rng.uniform(0.5, 1.5, size=3) * rng.choice([-1.0, 1.0], size=3)
        f, grad = cubes, 3 * theta**2
        if kind == "f":
            f = broken.given(place=place, value=float(theta[place]))
        elif kind != "right":
            grad[place] *= math.nan if kind == "grad" else 1.5
        calls.append((kind, f, theta, grad))
    for kind, f, theta, grad in shuffled(rng, calls):
        if kind in ("grad", "f"):
            got = as_number(student.gradient_check(f, theta, grad), "the error")
            equal(math.isnan(got), True, what="an error that is NaN", why=why)
        else:
            compare_check(student, f, theta, grad, 3 * theta**2)


# ---------------------------------------------------------------- 2.8

exercise(
    "2.8",
    defines=["clip_by_global_norm"],
    forbids=[
        "torch.nn.utils.clip_grad_norm_",
        "torch.nn.utils.get_total_norm",
        "keras.ops.clip",
        "tensorflow.clip_by_global_norm",
    ],
    numpy=True,
)


def norm_by_hand(grads):
    """Return the length of all entries together."""
    return math.hypot(*(x for grad in grads for x in np.ravel(grad).tolist()))


def clip_suspects(grads, max_norm, k):
    """Yield what clipped array ``k`` is when something typical is wrong."""
    grad, norm = np.asarray(grads[k], dtype=np.float64), norm_by_hand(grads)
    own = norm_by_hand([grad])
    if norm > max_norm:
        yield "nothing was clipped although the norm is above max_norm.", grad
        yield (
            "it is nearly right: the factor is max_norm / norm, nothing is added to the norm, and "
            "float64 stays float64.",
            grad * (max_norm / norm),
        )
    else:
        yield "gradients below max_norm were scaled up: leave them alone.", grad * (max_norm / norm)
    if own > 0:
        clipped = grad * min(1.0, max_norm / own)
        yield "every array was clipped by its own norm: one norm, one factor for all.", clipped
    yield (
        "the entries were cut one by one, which changes the direction: use one factor for all.",
        np.clip(grad, -max_norm, max_norm),
    )
    yield "the gradients were divided by their norm, whatever max_norm is.", grad / norm


def compare_clipped(student, grads, max_norm, call=None):
    """Call clip_by_global_norm and compare both results."""
    got = student.clip_by_global_norm(grads, max_norm) if call is None else call
    clipped, norm = parts_of(got, "clipped", "norm")
    if not isinstance(clipped, tuple | list) or len(clipped) != len(grads):
        raise Mismatch(
            f"gave clipped {short(clipped)}, expected a list of {len(grads)} arrays",
            "clipped is a list with an array for each gradient.",
        )
    expected_norm = norm_by_hand(grads)
    factor = min(1.0, max_norm / expected_norm) if expected_norm > 0 else 1.0
    why = looks_like(
        np.array(as_number(norm, "norm")),
        [
            ("the norm after clipping came back: the one before is asked for.", max_norm),
            ("the root is missing.", expected_norm**2),
            (
                "the norms of the arrays were added: add the squares of all entries.",
                sum(norm_by_hand([grad]) for grad in grads),
            ),
        ]
        if expected_norm > 0
        else [],
        "norm is the root of the sum of the squares of all entries of all arrays, before "
        "clipping, computed in float64.",
    )
    close(norm, expected_norm, what="norm", why=why, atol=1e-12)
    for k, (part, grad) in enumerate(zip(clipped, grads, strict=True)):
        what = f"clipped[{k}]"
        part = as_array(part, what)
        precise = grad.dtype == np.float64
        expected = grad * grad.dtype.type(factor)
        why = "Above max_norm every array is multiplied by max_norm / norm, otherwise nothing is."
        if expected_norm > 0:
            why = looks_like(part, clip_suspects(grads, max_norm, k), why)
        shape(part, grad.shape, what=what, why="Every clipped array has the shape it had.")
        close(part, expected, what=what, why=why, atol=1e-300, rtol=1e-9 if precise else 1e-5)
        dtype(part, grad.dtype.name, what=what, why="Every clipped array keeps its dtype.")


@check("2.8", points=0.5)
def test_one_factor_for_all(student):
    """scales all arrays by one factor and gives the norm from before"""
    compare_clipped(student, [np.array([[2.0, 4.0], [0.0, 0.0]]), np.array([4.0])], 3.0)
    compare_clipped(student, [np.array([3.0]), np.array([[4.0]])], 1.0)


@check("2.8", points=0.25)
def test_leaves_small_gradients(student):
    """leaves gradients whose norm is not above max_norm"""
    compare_clipped(student, [np.array([3.0]), np.array([[4.0]])], 10.0)
    compare_clipped(student, [np.array([3.0, -4.0])], 5)
    compare_clipped(student, [np.zeros(2), np.zeros((1, 2))], 1.0)


NOT_FINITE = (
    "A NaN or an infinity in any array is a ValueError that says `finite`: scaled, it would "
    "spread over every weight."
)


@contextmanager
def refuses_to_clip(word):
    """Expect a ValueError that says `finite`, perhaps with all gradients, or `max_norm`."""
    if word == "finite":
        with raises(ValueError, match=word, why=NOT_FINITE):
            yield
    else:
        why = "max_norm has to be positive: otherwise a ValueError that says `max_norm`."
        with raises(ValueError, match=word, why=why), naming(why=why):
            yield


@check("2.8", points=0.25)
def test_refuses_broken_gradients(student):
    """refuses gradients that are not finite, a max_norm that is not positive, and nothing else"""
    for broken in (math.inf, math.nan, -math.inf):
        with refuses_to_clip("finite"):
            student.clip_by_global_norm([np.array([1.0]), np.array([2.0, broken])], 1.0)
    for bad in (0.0, -1.0):
        with refuses_to_clip("max_norm"):
            student.clip_by_global_norm([np.array([3.0, 4.0])], bad)
    why = "Finite gradients with a positive max_norm are not refused."
    with advising(why, "finite|max_norm"):
        compare_clipped(student, [np.array([0.0, 5.0])], 1.0)


def random_grads(rng, precision="float64"):
    """Draw gradients of several shapes."""
    a, b, c = rng.integers(1, 5, size=3).tolist()
    shapes = [(a, b), (b,), (c, a, b), (1,)][: int(rng.integers(2, 5))]
    scale = 10.0 ** rng.uniform(-2, 2)
    return [(rng.normal(size=s) * scale).astype(precision) for s in shapes]


@check("2.8", points=0.5, hidden=True)
def test_clips_anything(student, rng):
    """clips any gradients, at any max_norm, and leaves the caller's arrays alone"""
    for share in (0.1, 0.999, 1.001, 7.0, *rng.uniform(0.05, 2.0, size=3)):
        grads = random_grads(rng)
        max_norm = norm_by_hand(grads) * float(share)
        kept = student.keep(grads)
        got = student.clip_by_global_norm(kept, max_norm)
        compare_clipped(student, grads, max_norm, call=got)
        for before, after in zip(grads, student.fetch(kept), strict=True):
            equal(
                after,
                before,
                what="a gradient afterwards",
                why="The caller's arrays were changed: `grad * factor` makes a new one, "
                "`grad *= factor` does not.",
            )


@check("2.8", points=0.25, hidden=True)
def test_single_precision(student, rng):
    """keeps float32, but computes the norm in float64"""
    grads = random_grads(rng, "float32")
    compare_clipped(student, grads, norm_by_hand(grads) / 3)
    compare_clipped(student, grads, norm_by_hand(grads) * 3)
    huge = [grad / np.abs(grad).max() * np.float32(1e30) for grad in grads]
    compare_clipped(student, huge, 1.0)
    mixed = [*random_grads(rng, "float32"), *random_grads(rng)]
    compare_clipped(student, mixed, norm_by_hand(mixed) / 2)


@check("2.8", points=0.25, hidden=True)
def test_edges_of_clipping(student, rng):
    """takes an empty list, zeros, one array, a single number that is not finite"""
    calls = [
        ([], 1.0, None),
        ([np.zeros((2, 3))], float(rng.uniform(0.1, 2)), None),
        ([rng.normal(size=(3, 2)) * 1e100], 0.5, None),
    ]
    numbers = (math.inf, -math.inf, math.nan, None)
    for broken, precision, max_norm in product(numbers, ("float32", "float64"), (1.0, 1e6)):
        grads = random_grads(rng, precision)
        chosen = grads[int(rng.integers(len(grads)))]
        if broken is not None:
            chosen.flat[int(rng.integers(chosen.size))] = broken
        calls.append((grads, max_norm, None if broken is None else "finite"))
    for max_norm in (0, -float(rng.uniform(0.1, 5)), -1e-9, 1e-9, 3):
        for grads in (random_grads(rng), [np.zeros(2)]):
            calls.append((grads, max_norm, None if max_norm > 0 else "max_norm"))
    for grads, max_norm, wrong in shuffled(rng, calls):
        if wrong is None:
            compare_clipped(student, grads, max_norm)
        else:
            with refuses_to_clip(wrong):
                student.clip_by_global_norm(grads, max_norm)


# ---------------------------------------------------------------- 2.9

exercise(
    "2.9",
    defines=["jacobian_norms"],
    forbids=[
        "torch.autograd.functional.jacobian",
        "torch.func.jacrev",
        "torch.func.jacfwd",
        *AUTOGRAD,
    ],
    numpy=True,
)


def jacobians_by_hand(W_hh, H):
    """Differentiate h_T by every h_t: nudge one unit of h_t and run to the end.

    The inputs are those that lead through the states of H.
    """
    inputs = np.arctanh(H[1:]) - H[:-1] @ W_hh.T
    result = []
    for t in range(len(H)):
        J = np.zeros(W_hh.shape)
        for unit in range(len(W_hh)):
            h = H[t].astype(np.complex128)
            h[unit] += 1j * TINY
            for u in inputs[t:]:
                h = np.tanh(W_hh @ h + u)
            J[:, unit] = h.imag / TINY
        result.append(J)
    return result


def largest_stretch(J):
    """Return the largest singular value."""
    return math.sqrt(max(np.linalg.eigvalsh(J.T @ J).max(), 0.0))


def norms_of(
    W_hh, H, *, slopes=None, columns=False, norm=largest_stretch, times=None, product=False
):
    """Return norms as some rule gives them; ``slopes[t]`` is that of the step to state t."""
    slopes = 1 - H**2 if slopes is None else slopes
    J, result = np.eye(len(W_hh)), [norm(np.eye(len(W_hh)))]
    for slope in slopes[:0:-1]:
        step = W_hh * slope if columns else slope[:, None] * W_hh
        J = J @ step if times is None else times(J, step)
        result.append(result[-1] * norm(step) if product else norm(J))
    return np.array(result[::-1])


def norm_suspects(W_hh, H):
    """Yield what the norms are when something typical is wrong."""
    slopes = 1 - H**2
    yield "the slope of tanh is missing.", norms_of(W_hh, H, slopes=np.ones(H.shape))
    yield (
        "the slope of the last state is taken at every step: each step has its own.",
        norms_of(W_hh, H, slopes=np.broadcast_to(slopes[-1], H.shape)),
    )
    yield (
        "the slope is taken one state late: it is that of the state the step leads to.",
        norms_of(W_hh, H, slopes=np.concatenate([slopes[1:], slopes[-1:]])),
    )
    yield (
        "the slope was taken at the state before the step: take the one it leads to.",
        norms_of(W_hh, H, slopes=np.concatenate([slopes[:1], slopes[:-1]])),
    )
    yield (
        "the slope is h(1 - h), as if tanh lay between 0 and 1: it is 1 - h².",
        norms_of(W_hh, H, slopes=H * (1 - H)),
    )
    for slope in (1 - H, 1 - np.abs(H)):
        yield "the slope is 1 - h², h squared.", norms_of(W_hh, H, slopes=slope)
    yield (
        "the slope multiplies the columns of W_hh: it comes after W_hh, so it multiplies the rows.",
        norms_of(W_hh, H, columns=True),
    )
    yield "W_hh was transposed: forwards it is W_hh h.", norms_of(W_hh.T, H)
    yield (
        "the matrices are multiplied in the other order: the latest step stands on the left.",
        norms_of(W_hh, H, times=lambda J, step: step @ J),
    )
    yield (
        "`*` stands where a matrix product is meant.",
        norms_of(W_hh, H, times=lambda J, step: J * step),
    )
    yield (
        "it is the largest eigenvalue: the largest singular value is asked for.",
        norms_of(W_hh, H, norm=lambda J: np.abs(np.linalg.eigvals(J)).max()),
    )
    yield (
        "it is a Frobenius norm, the root of the sum of all squares: `np.linalg.norm(J, 2)` is the "
        "largest singular value.",
        norms_of(W_hh, H, norm=np.linalg.norm),
    )
    for order in (1, np.inf):
        yield (
            "it is the sum of absolute values of a row or column (norms 1 and inf): the largest "
            "singular value has ord=2.",
            norms_of(W_hh, H, norm=lambda J, order=order: np.linalg.norm(J, order)),
        )
    yield (
        "the norms of the steps were multiplied: multiply the matrices, then take the norm.",
        norms_of(W_hh, H, product=True),
    )
    yield "norms are cut at 1: a gradient can grow too.", np.minimum(norms_of(W_hh, H), 1)


def why_norms(got, expected, W_hh, H, otherwise):
    """Guess what went wrong with the norms."""
    if got.shape != expected.shape:
        return "There is one norm for each of the T states, the last one too."
    if len(H) == 1:
        return "∂h_T/∂h_T is the identity: the last norm is 1."
    if np.allclose(got, expected[::-1]):
        return "It looks like the list is in reverse: the last entry belongs to h_T and is 1."
    fitting = [  # whether or not the last norm was set to 1
        message
        for message, values in norm_suspects(W_hh, H)
        if same_numbers(got[:-1], values[:-1])
        and (np.isclose(got[-1], 1) or np.isclose(got[-1], values[-1]))
    ]
    if fitting or otherwise:
        return suspected(fitting, otherwise)
    if not np.isclose(got[-1], 1):
        return "∂h_T/∂h_T is the identity: the last norm is 1, no step is in it."
    if len(W_hh) > 1 and np.isclose(got[-2], expected[-2]):
        return (
            "One step back is right, more are not: the matrices are multiplied in order, the "
            "latest step on the left, each with the slope at its own state."
        )
    return (
        "Entry t is the largest singular value of the product of diag(1 - h²) W_hh over the steps "
        "from t to T."
    )


def compare_norms(student, W_hh, H, expected=None, call=None, otherwise=""):
    """Call jacobian_norms and compare; ``expected`` where a formula tells."""
    got = as_array(student.jacobian_norms(W_hh, H) if call is None else call, "the norms")
    if expected is None:
        expected = np.array([largest_stretch(J) for J in jacobians_by_hand(W_hh, H)])
    right = got.shape == expected.shape and np.allclose(got, expected)
    why = "" if right else why_norms(got, expected, W_hh, H, otherwise)
    compare(got, expected, "the norms", otherwise=why)


@check("2.9", points=0.5)
def test_norms_of_one_unit(student):
    """multiplies slopes and weight of a single unit, 1 at the end"""
    compare_norms(student, np.array([[2.0]]), np.array([[0.6], [0.8], [0.0]]))
    compare_norms(student, np.array([[-0.5]]), np.array([[0.5], [-0.6]]))


@check("2.9", points=0.75)
def test_norms_of_two_units(student):
    """multiplies matrices in the right order and takes the largest singular value"""
    W_hh = np.array([[0.5, 2.0], [0.0, 1.0]])
    compare_norms(student, W_hh, np.array([[0.5, 0.0], [0.8, -0.6]]))
    compare_norms(student, W_hh, np.array([[0.5, 0.0], [0.8, -0.6], [0.0, 0.6], [-0.6, 0.8]]))


@check("2.9", points=0.75, hidden=True)
def test_norms_of_any_states(student, rng):
    """agrees with small changes of any state of any network"""
    for steps, hidden in [sizes(rng, 2, 3, 6), [1, 3], [2, 1], [7, 2]]:
        W_hh = rng.normal(size=(hidden, hidden))
        H = np.tanh(rng.normal(size=(steps, hidden)))
        got = call_kept(student, "jacobian_norms", {"W_hh": W_hh, "H": H})
        compare_norms(student, W_hh, H, call=got)


@check("2.9", points=0.5, hidden=True)
def test_vanishing_and_exploding(student, rng):
    """keeps, shrinks or grows a gradient by the same factor where states are zero"""
    hidden = int(rng.integers(3, 6))
    rotation, _ = np.linalg.qr(rng.normal(size=(hidden, hidden)))
    for factor, steps in [(1.0, 12), (0.5, 40), (1.5, 30), (0.01, 250)]:
        H = np.zeros((steps, hidden))
        expected = factor ** np.arange(steps - 1, -1, -1.0)
        compare_norms(
            student,
            factor * rotation,
            H,
            expected,
            otherwise="With zero states the slope is 1: W_hh = c times a rotation gives c to the "
            "power of the steps in between.",
        )


@check("2.9", points=0.5, hidden=True)
def test_saturated_states(student, rng):
    """lets nothing through a saturated state, whatever its sign"""
    hidden = int(rng.integers(3, 6))
    W_hh = rng.normal(size=(hidden, hidden)) * 2
    H = np.tanh(rng.normal(size=(5, hidden)))
    H[2] = rng.choice([-1.0, 1.0], size=hidden)  # the slope 1 - h² is 0 exactly
    after = [largest_stretch(J) for J in jacobians_by_hand(W_hh, H[3:])]
    first = (1 - H[3] ** 2)[:, None] * W_hh
    second = (1 - H[4] ** 2)[:, None] * W_hh @ first
    compare_norms(
        student,
        W_hh,
        H,
        np.array([0.0, 0.0, largest_stretch(second), *after]),
        otherwise="Where all units are at 1 or -1 the slope 1 - h² is 0: nothing from before gets "
        "through, the steps after it are not touched.",
    )


# ---------------------------------------------------------------- 2.10

exercise("2.10", defines=["train_char_rnn"], forbids=[*LAYERS, *AUTOGRAD], numpy=True)

WEIGHTS = ("W_xh", "W_hh", "b", "W_hy", "b_y")
# The statement says 20 CPU seconds. Only quality scores: time ends a call at three times as many.
GOAL_SECONDS = 3 * 20


def as_model(got, text, hidden):
    """Return a result that has to be the parameters of a character RNN."""
    keys = [*WEIGHTS, "chars"]
    if not isinstance(got, dict) or set(got) != set(keys):
        found = f"a dict with {', '.join(map(str, got))}" if isinstance(got, dict) else short(got)
        raise Mismatch(
            f"gave {found}, expected a dict with {', '.join(keys)}",
            f"Return a dict with exactly the keys {', '.join(keys)}.",
        )
    chars = sorted(set(text))
    found = list(got["chars"]) if isinstance(got["chars"], list | tuple | str) else got["chars"]
    equal(
        found,
        chars,
        what="chars",
        why="chars is the sorted list of the distinct characters: the order of a set changes "
        "between runs.",
    )
    count = len(chars)
    shapes = [(hidden, count), (hidden, hidden), (hidden,), (count, hidden), (count,)]
    for name, expected in zip(WEIGHTS, shapes, strict=True):
        value = as_array(got[name], name)
        shape(value, expected, what=name, why="Shapes are W (to, from) and b (to,).")
        dtype(value, "float64", what=name, why=f"{name} has to be float64.")
        if not np.isfinite(value).all():
            raise Mismatch(
                f"gave {name} with numbers that are not finite",
                "Training blew up: clip the gradient of all weights together before the update.",
            )
    return got


def step_scores(model, h, char):
    """Let the model read a character: its new state, and its scores for the next one."""
    column = model["W_xh"][:, list(model["chars"]).index(char)]
    h = np.tanh(column + model["W_hh"] @ h + model["b"])
    return h, model["W_hy"] @ h + model["b_y"]


def sampled(model, first, length):
    """Let the model write greedily from its first character."""
    text, h = first, np.zeros(len(model["b"]))
    while len(text) < length:
        h, scores = step_scores(model, h, text[-1])
        text += model["chars"][int(np.argmax(scores))]
    return text


def mean_nats(model, text, *, carry=True, copy=False):
    """Return the mean cross-entropy of a text's characters after the first.

    Without ``carry`` every step starts from zero; with ``copy`` each character is scored as a
    prediction of itself.
    """
    h, total = np.zeros(len(model["b"])), 0.0
    for char, following in pairwise(text):
        h, scores = step_scores(model, h if carry else 0 * h, char)
        total += nats_by_hand(scores, list(model["chars"]).index(char if copy else following))[0]
    return total / (len(text) - 1)


def train(student, text, hidden, steps, learning_rate, seed):
    """Call train_char_rnn with a fresh generator."""
    rng = student.build("numpy.random.default_rng", seed)
    model = student.train_char_rnn(text, hidden, steps, learning_rate, rng)
    return as_model(model, text, hidden)


def start_of(student, text, seed):
    """Return the model before training; None where there is none to look at."""
    with suppress(StudentError, Mismatch):
        return train(student, text, 64, 0, 0.1, seed)
    return None


def why_start(start):
    """Say what is wrong with a start; nothing where it can be trained from."""
    for name, axis in (("W_xh", 0), ("W_hh", 0), ("W_hy", 1)):
        if np.ptp(start[name], axis=axis).max() == 0:
            return (
                f"{name} is the same for all units at the start, and units that are equal stay "
                "equal: draw every number of the three matrices from rng."
            )
        size = math.sqrt(np.mean(start[name] ** 2) * len(start["b"]))  # 1 where it is 1/√H
        if not 1 / 3 < size < 3:
            word, so_that = {
                True: ("large", "so that its units do not saturate"),
                False: ("small", "so that the state keeps what was read"),
            }[size > 1]
            return f"The start of {name} is too {word}: draw it at a scale near 1/√H, {so_that}."
    return ""


def why_not_written(start, model, text, nats):
    """Guess why a model does not write its text."""
    if start is not None:
        same = all(np.array_equal(start[name], model[name]) for name in WEIGHTS)
        untrained = "The weights after all steps are those of the start: nothing was trained."
        if same or why_start(start):
            return " ".join(filter(None, [untrained if same else "", why_start(start)]))
    chance = math.log(len(model["chars"]))
    if mean_nats(model, text, copy=True) < min(0.2, nats / 2):
        return (
            "The model predicts the character that it has just read: the targets are the text "
            "shifted by one character."
        )
    forgetful = mean_nats(model, text, carry=False)
    if forgetful < min(0.6 * chance, 0.75 * nats):
        return (
            "The model does better when its state is set to zero at every step: it was trained "
            "without carrying the state on. Each step starts from the state of the one before."
        )
    if nats > 1.05 * chance:
        return (
            "The model does worse than guessing. Four things to look at: are the targets the text "
            "shifted by one character; do the updates go downhill; is the state carried on from "
            "step to step in training; is the step so large that training blows up (clip the "
            "gradient)?"
        )
    if nats > 0.7 * chance:
        return (
            "The model hardly does better than guessing: it looks untrained, or trained on "
            "something else (other targets, a state that is not carried on). Print the mean "
            "cross-entropy of the text every 50 steps: it has to fall."
        )
    if nats > 0.2:
        return (
            "The model has learned something, but not the text: the mean cross-entropy of the "
            "next character is still too high. Does the gradient go back through all the steps, "
            "and does each of the five arrays get its update; is the start near 1/√H, the state "
            "before the first step zero; is the step too large for your optimiser (0.1 is, for "
            "Adam)?"
        )
    return (
        "The cross-entropy of the text is low but greedy writing leaves the text. In training as "
        "in writing the state starts at zero and is carried on; or the gradient is not exact (run "
        "gradient_check, 2.7), or the step too large for your optimiser (0.1 is, for Adam)."
    )


def writes_back(student, text, steps, seed):
    """Train on a text and let the model write it from memory."""
    start = start_of(student, text, seed)
    model = train(student, text, 64, steps, 0.1, seed)
    got = sampled(model, text[0], len(text))
    if got == text:
        return
    nats = mean_nats(model, text)
    right = next(i for i, (a, b) in enumerate(zip(got, text, strict=True)) if a != b)
    raise Mismatch(
        f"gave a model that writes {got!r}, expected {text!r} (right for {right} of "
        f"{len(text)} characters, mean cross-entropy {nats:.3g} nats)",
        why_not_written(start, model, text, nats),
    )


def has_learned(start, model, text):
    """Expect a model to know a text at least twice as well as guessing does."""
    nats, most = mean_nats(model, text), math.log(len(model["chars"])) / 2
    if not nats <= most:  # nor is it NaN
        raise Mismatch(
            f"gave a model with a mean cross-entropy of {nats:.3f}, expected less than "
            f"{most:.3f}, half of log V",
            why_not_written(start, model, text, nats),
        )


@check("2.10", points=0.5)
def test_gives_a_model(student):
    """gives the five arrays and the sorted characters, starts near 1/√H, and learns"""
    train(student, "hello world", 8, 2, 0.1, seed=1)
    train(student, "aa", 3, 1, 0.1, seed=1)
    start = train(student, "hello world", 64, 0, 0.1, seed=1)
    why = why_start(start)
    if why:
        raise Mismatch("gave a start that cannot be trained well", why)
    has_learned(start, train(student, "hello world", 64, 100, 0.1, seed=1), "hello world")


@check("2.10", points=1.25, goal=True, seconds=GOAL_SECONDS)
def test_writes_hello_world(student):
    """writes "hello world" from memory"""
    writes_back(student, "hello world", 300, seed=0)


@check("2.10", points=0.25, hidden=True)
def test_only_rng_is_random(student, rng):
    """draws from rng alone: the same seed trains the same weights, another seed others"""
    seed = int(rng.integers(2**31))
    text = "so so"
    first, again, other = (train(student, text, 64, 100, 0.1, s) for s in (seed, seed, seed + 1))
    for name in WEIGHTS:
        equal(
            again[name],
            first[name],
            what=name,
            why="The same seed has to give the same weights: draw every random number from rng.",
        )
    for name in ("W_xh", "W_hh", "W_hy"):
        if np.array_equal(first[name], other[name]):
            raise Mismatch(
                f"gave the same {name} for two seeds",
                "Another seed has to give other weights: draw the start from rng, not from a "
                "generator of your own, and not as zeros.",
            )
    has_learned(start_of(student, text, seed), first, text)


def downhill(model, text):
    """Differentiate the mean cross-entropy of a text by each of the five arrays."""
    ids = np.array([list(model["chars"]).index(char) for char in text])
    X = np.eye(len(model["chars"]))[None, ids[:-1]]  # (1, T, V)
    case = (X, np.zeros((1, len(model["b"]))), *(model[name] for name in ("W_xh", "W_hh", "b")))
    H = states_of(*case)
    logits = H @ model["W_hy"].T + model["b_y"]
    everything = np.ones(logits.shape[:2], dtype=bool)
    _, dlogits = cross_entropy_by_hand(logits, ids[None, 1:], everything)
    _, _, dW_xh, dW_hh, db = walk(case, H, dlogits @ model["W_hy"])[0]
    gradients = [dW_xh, dW_hh, db, dlogits[0].T @ H[0], dlogits[0].sum(axis=0)]
    return dict(zip(WEIGHTS, gradients, strict=True))


def first_update(start, first, text):
    """Expect the first update to move each of the five arrays downhill."""
    moves = {name: first[name] - start[name] for name in WEIGHTS}
    if not any(move.any() for move in moves.values()):
        raise Mismatch(
            "gave the same weights for steps=1 as for steps=0",
            "steps is the number of updates: one step is one update.",
        )
    for name, gradient in downhill(start, text).items():
        if np.allclose(moves[name], 0, atol=1e-12):
            raise Mismatch(
                f"gave a model whose {name} stayed at its start",
                f"{name} is not trained: each of the five arrays has a gradient and an update.",
            )
        if (moves[name] * gradient).sum() >= 0:
            raise Mismatch(
                f"gave a model whose {name} moved uphill in the first step",
                f"The first update does not move {name} downhill. Is its gradient right (run "
                "gradient_check, 2.7), the target the character that follows, and the update "
                "taken away, not added?",
            )


def two_characters(student, seed):
    """Expect W_hh to take no part where there is one step, from a state of zero."""
    start, trained = (train(student, "ab", 5, steps, 0.1, seed)["W_hh"] for steps in (0, 3))
    size = (start * start).sum()
    share = (trained * start).sum() / size if size > 0 else 1.0  # below 1 where weights decay
    if not np.allclose(trained, share * start, rtol=0, atol=1e-9):
        raise Mismatch(
            "gave a model of a text of two characters whose W_hh was trained",
            "A text of two characters has one step, from a state of zero: W_hh takes no part in "
            "it, and its gradient is 0. Does training start from another state, take H[:, -1] for "
            "the state before the first step, or have a target for the last character too?",
        )


@check("2.10", points=0.25, hidden=True)
def test_steps_and_learning_rate(student, rng):
    """makes as many steps as told, as large as told, and they help"""
    seed = int(rng.integers(2**31))
    text = "abcabdabe"
    start = train(student, text, 64, 0, 0.1, seed)
    still = train(student, text, 64, 30, 0.0, seed)
    for name in WEIGHTS:
        equal(
            still[name],
            start[name],
            what=name,
            why="Neither steps=0 nor learning_rate=0 moves the weights from their random start.",
        )
    for another in (seed, seed + 1, seed + 2):
        models = (train(student, text, 64, steps, 0.1, another) for steps in (0, 1))
        first_update(*models, text)
    two_characters(student, seed)
    before = mean_nats(start, text)
    trained = [train(student, text, 64, steps, 0.1, seed) for steps in (30, 90)]
    few, more = (mean_nats(model, text) for model in trained)
    if not more < few < before:
        raise Mismatch(
            f"gave a mean cross-entropy of {few:.3f} after 30 steps and {more:.3f} after 90, "
            f"expected it to fall from {before:.3f}",
            "Steps have to make the mean cross-entropy of the text smaller, and more steps "
            "smaller still. Is `steps` used, and does the update go downhill?",
        )


@check("2.10", points=0.25, hidden=True)
def test_learns_frequencies(student, rng):
    """does no worse than guessing by frequency where one unit is too few to remember"""
    for _ in range(2):
        text = "".join(rng.permutation(list("e" * 40 + "aito" * 4)).tolist())
        seed = int(rng.integers(2**31))
        start, model = (train(student, text, 1, steps, 0.1, seed) for steps in (0, 200))
        if np.ptp(model["b_y"] - start["b_y"]) < 0.3:
            raise Mismatch(
                "gave a model whose b_y is hardly trained",
                "b_y is hardly trained: its gradient is the sum of dlogits over the steps, not a "
                "mean or a part of it.",
            )
        nats = mean_nats(model, text)
        shares = [text[1:].count(char) / (len(text) - 1) for char in set(text)]
        entropy = -math.fsum(p * math.log(p) for p in shares)
        if not nats <= entropy + 0.12:
            raise Mismatch(
                f"gave a mean cross-entropy of {nats:.3f}, expected about {entropy:.3f} or less",
                "With one unit the model does worse than its bias b_y alone could: are b_y's "
                "gradient and b_y itself part of training, with the right sign?",
            )
    # frequencies alone can be counted: it has to be training that finds them
    has_learned(
        start_of(student, "so so", seed), train(student, "so so", 64, 100, 0.1, seed), "so so"
    )


WORDS = (
    "sea gull wind sail rope deck mast harbour lantern storm island cliff old quiet slow bright "
    "under over and then sleeps waits turns sings falls rises"
)
THINGS = "sea wind rope deck mast sail gull rock sand cave lamp bell"


@check("2.10", points=0.75, hidden=True, goal=True, seconds=GOAL_SECONDS)
def test_writes_any_sentence(student, rng):
    """writes a sentence of 20 to 60 characters from memory"""
    text = ""
    while not 20 <= len(text) <= 60:
        words = rng.choice(WORDS.split(), size=int(rng.integers(4, 10)), replace=False)
        text = " ".join(words.tolist()) + "."
    writes_back(student, text, 1500, seed=int(rng.integers(2**31)))


@check("2.10", points=0.75, hidden=True, goal=True, seconds=GOAL_SECONDS)
def test_writes_what_repeats(student, rng):
    """writes a sentence in which the last few characters do not tell the next"""
    things = rng.choice(THINGS.split(), size=int(rng.integers(4, 6)), replace=False).tolist()
    text = ", ".join(f"the {thing}" for thing in things) + "."
    writes_back(student, text, 1500, seed=int(rng.integers(2**31)))


# ---------------------------------------------------------------- 2.11

exercise(
    "2.11",
    defines=["count_params"],
    forbids=[
        "torch.nn.RNNBase",
        "torch.nn.modules.rnn.RNNBase",
        *(
            f"{place}{cell}"
            for place in (
                *(f"torch.nn.{name}" for name in ("RNN", "LSTM", "GRU")),
                *(f"torch.nn.modules.rnn.{name}" for name in ("RNN", "LSTM", "GRU")),
                *(f"keras.layers.{name}" for name in ("SimpleRNN", "LSTM", "GRU")),
                "keras.src.layers.rnn.simple_rnn.SimpleRNN",
                "keras.src.layers.rnn.lstm.LSTM",
                "keras.src.layers.rnn.gru.GRU",
            )
            for cell in ("", "Cell")
        ),
    ],
    numpy=True,
)

KINDS = ("rnn", "gru", "lstm")


def parameter_shapes(kind, features, hidden, layers, bidirectional, framework):
    """List the shapes of all parameters, as a layer that is built lists them."""
    rows = {"rnn": hidden, "gru": 3 * hidden, "lstm": 4 * hidden}[kind]
    shapes = []
    for layer in range(layers):
        incoming = features
        if layer > 0:
            incoming = hidden + hidden if bidirectional else hidden
        for _ in ("forward", "backward")[: 2 if bidirectional else 1]:
            shapes += [(rows, incoming), (rows, hidden)]
            if framework == "torch":
                shapes += [(rows,), (rows,)]
            elif kind == "gru":
                shapes += [(2, rows)]
            else:
                shapes += [(rows,)]
    return shapes


def count_by_hand(*arguments):
    """Add up the sizes of all parameters."""
    return sum(math.prod(s) for s in parameter_shapes(*arguments))


def why_count(got, kind, features, hidden, layers, bidirectional, framework):
    """Guess what went wrong with a count."""

    def count(**changed):
        stated = dict(
            zip(
                ("kind", "features", "hidden", "layers", "bidirectional", "framework"),
                (kind, features, hidden, layers, bidirectional, framework),
                strict=True,
            )
        )
        return count_by_hand(*{**stated, **changed}.values())

    directions = 2 if bidirectional else 1
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    biases = directions * layers * gates * hidden
    right = count()
    suspects = []
    if framework == "torch":
        suspects.append(("torch has two biases a gate, bias_ih and bias_hh.", right - biases))
        suspects.append(("the biases are missing.", right - 2 * biases))
    elif kind == "gru":
        suspects.append(
            ("Keras's GRU has two biases a gate: reset_after=True needs them.", right - biases)
        )
    else:
        suspects.append(("Keras has one bias a gate.", right + biases))
        suspects.append(("the biases are missing.", right - biases))
    if layers > 1:
        suspects.append(
            ("a further layer reads what the one below gives.", layers * count(layers=1))
        )
        suspects.append(("num_layers does not count.", count(layers=1)))
        if bidirectional:
            narrow = 2 * count(bidirectional=False)
            suspects.append(("layers above read both directions: 2 · hidden_size numbers.", narrow))
    if bidirectional:
        suspects.append(("two directions have two sets of weights.", count(bidirectional=False)))
    for other in KINDS:
        if other != kind:
            suspects.append((f"a {kind} was counted as {other}.", count(kind=other)))
    for message, value in suspects:
        if got == value:
            return f"It looks like this was missed: {message}"
    return (
        "Each gate of each direction of each layer has an input matrix, a recurrent matrix and "
        "its biases."
    )


def compare_count(student, kind, features, hidden, layers=1, bidirectional=False, framework=None):
    """Call count_params with what differs from the defaults and compare."""
    options = {}
    if layers != 1:
        options["num_layers"] = layers
    if bidirectional:
        options["bidirectional"] = True
    if framework is not None:
        options["framework"] = framework
    got = student.count_params(kind, features, hidden, **options)
    arguments = (kind, features, hidden, layers, bidirectional, framework or "torch")
    if isinstance(got, bool) or not isinstance(got, int | np.integer):
        raise Mismatch(f"gave {short(got)}, expected an int", "A count is a whole number, an int.")
    equal(int(got), count_by_hand(*arguments), what="a count", why=why_count(got, *arguments))


@check("2.11", points=0.5)
def test_counts_one_layer(student):
    """counts one layer of each kind in torch"""
    for kind in KINDS:
        compare_count(student, kind, 5, 2)
        compare_count(student, kind, 3, 4)


@check("2.11", points=0.25)
def test_counts_keras(student):
    """counts one layer of each kind in Keras"""
    for kind in KINDS:
        compare_count(student, kind, 5, 2, framework="keras")


@check("2.11", points=0.25)
def test_counts_stacks(student):
    """counts stacked and bidirectional layers"""
    compare_count(student, "lstm", 100, 256, layers=2)
    compare_count(student, "rnn", 5, 2, bidirectional=True)
    compare_count(student, "gru", 5, 3, layers=2, bidirectional=True)


@check("2.11", points=0.75, hidden=True)
def test_counts_everything(student, rng):
    """counts every combination of kind, layers, directions and framework"""
    for kind, layers, bidirectional, framework in product(
        KINDS, (1, 2, 3), (False, True), ("torch", "keras")
    ):
        features, hidden = rng.permutation(np.arange(1, 60))[:2].tolist()
        compare_count(student, kind, features, hidden, layers, bidirectional, framework)
    for kind in KINDS:
        features, hidden = rng.integers(1, 40, size=2).tolist()
        got = student.count_params(kind, features, hidden, 2, True, "keras")
        expected = count_by_hand(kind, features, hidden, 2, True, "keras")
        equal(got, expected, what="a count", why="Arguments may come without their names.")


@check("2.11", points=0.25, hidden=True)
def test_refuses_unknown_words(student, rng):
    """refuses a kind or framework it does not know, naming it, and no other"""
    why = "An unknown kind or framework is a ValueError that names the word given."
    unknown = str(rng.choice(["transformer", "mamba", "conv", "elman"]))
    kinds, frameworks = (unknown, random_word(rng), "LSTM", "Rnn"), ("torch", "keras")
    calls = [(kind, framework, kind) for kind, framework in product(kinds, frameworks)]
    others = (str(rng.choice(["jax", "mxnet", "theano"])), random_word(rng), "Torch", "Keras")
    calls += [(kind, framework, framework) for kind, framework in product(KINDS, others)]
    calls += [(kind, framework, None) for kind, framework in product(KINDS, frameworks)]
    for kind, framework, wrong in shuffled(rng, calls):
        features, hidden = rng.integers(1, 40, size=2).tolist()
        if wrong is None:
            with advising("A kind and a framework that are known are not refused.", "ValueError"):
                compare_count(student, kind, features, hidden, framework=framework)
        else:
            with raises(ValueError, match=wrong, why=why), naming(why=why):
                student.count_params(kind, features, hidden, framework=framework)


# ---------------------------------------------------------------- 2.12

exercise("2.12", defines=["keras_from_torch"])

# Keras takes its time where it is not imported yet.
KERAS_SECONDS = 30


ITSELF = (
    "What comes back is a keras.layers.SimpleRNN itself, its weights set: nothing wrapped around "
    "the torch layer, no subclass, no model, no layer of another kind."
)


def as_simple_rnn(got):
    """Return a result that has to be a SimpleRNN of Keras, by what its class is called."""
    if repr(got) != "<SimpleRNN>" or not isinstance(got, Handle):
        found = repr(got)[1:-1] if isinstance(got, Handle) else short(got)
        raise Mismatch(f"gave {found}, expected a layer, keras.layers.SimpleRNN", ITSELF)
    return got


EVERY_STEP = "The layer has to give what the nn.RNN gives for every step: are its weights set?"


def compare_keras(layer, X, values, why=EVERY_STEP):
    """Call a Keras layer and compare with what the torch layer's weights give."""
    X = np.asarray(X, dtype=np.float32)
    got = as_simple_rnn(layer)(X)
    if not isinstance(got, Tensor) or got.framework != "tensorflow":
        raise Mismatch(f"gave {short(got)}, expected a tensor of Keras", ITSELF)
    values = [np.asarray(value, dtype=np.float64) for value in values]
    if len(values) == 4:
        why = looks_like(np.asarray(got), layer_suspects(X, *values), why)
    near(got, layer_by_hand(X, *values), "the output", why, atol=1e-5)


FROM_ZERO = "The same call gave the right numbers before: every call starts from a zero state."
TURNED = (
    "Its weights were turned from w to -w with `set_weights`, and its output did not follow: it "
    "is not made of the weights that the layer holds. "
)


def compare_twin(student, rnn, values, *batches):
    """Call keras_from_torch, and compare what its layer says, gives, holds and computes with."""
    layer = as_simple_rnn(student.keras_from_torch(rnn))
    with advising(ITSELF, ""):  # whatever it raised: a SimpleRNN can be asked all this
        units, sequences = student.fetch(layer.units), student.fetch(layer.return_sequences)
    equal(units, len(values[0]), what="units", why="A layer has as many units as the torch layer.")
    every = "the last state came back alone: all of them are asked for, return_sequences=True."
    equal(sequences, True, what="return_sequences", why=f"It looks like {every}")
    compare_keras(layer, batches[0], values)
    compare_keras(layer, batches[0], values, FROM_ZERO)
    for X in batches[1:]:
        compare_keras(layer, X, values)
    with advising(ITSELF, ""):
        held = layer.get_weights()
    compare_held(held, values)
    with advising(ITSELF, ""):
        layer.set_weights([-weight for weight in held])
    turned = [-np.asarray(value, dtype=np.float64) for value in values]
    compare_keras(layer, batches[0], turned, TURNED + ITSELF)
    compare_as_layer(layer, turned, starts=len(batches) > 1)


CAN_DO = (
    "A SimpleRNN of Keras counts its weights (`count_params`), its `cell` makes a single step, and "
    "it starts from another state when one is given (`initial_state`). "
)


def compare_as_layer(layer, values, starts):
    """Ask a layer what any SimpleRNN of Keras can be asked beside its outputs."""
    W_xh, W_hh, *biases = values
    b, size = sum(biases, 0 * W_hh[0]), len(W_hh)
    x = np.linspace(-1, 1, 2 * W_xh.shape[1], dtype=np.float32).reshape(2, -1)
    h = np.linspace(0.75, -0.5, 2 * size, dtype=np.float32).reshape(2, -1)
    with advising(CAN_DO + ITSELF, ""):
        count, step = layer.count_params(), layer.cell(x, [h])
        started = layer(x[:, None], initial_state=h) if starts else None
    counts = [W_xh.size + W_hh.size + b.size, W_xh.size + W_hh.size]
    if count not in counts[: 1 if biases else 2]:
        raise Mismatch(f"counts {short(count)} weights, expected {counts[0]}", CAN_DO + ITSELF)
    step, _ = step if isinstance(step, tuple) and len(step) == 2 else (step, None)
    expected = step_by_hand(x.astype(np.float64), h.astype(np.float64), W_xh, W_hh, b)
    near(array(step, "a step", CAN_DO + ITSELF), expected, "a step", CAN_DO + ITSELF, atol=1e-5)
    if starts:
        started, what = array(started, "the output", CAN_DO + ITSELF), "the output from a state"
        near(started, expected[:, None], what, CAN_DO + ITSELF, atol=1e-5)


def compare_held(held, values):
    """Compare the weights that a layer holds with those of the torch layer."""
    W_xh, W_hh, *biases = (np.asarray(value, dtype=np.float64) for value in values)
    expected = {"kernel": W_xh.T, "recurrent kernel": W_hh.T, "bias": sum(biases, 0 * W_hh[0])}
    count = len(held) if isinstance(held, list) else 0
    if count != 3 and not (count == 2 and not biases):
        raise Mismatch(
            f"gave {short(held)}, expected kernel, recurrent kernel and bias",
            "A SimpleRNN holds a kernel, a recurrent kernel and, where the torch layer has "
            "biases, a bias.",
        )
    for (name, value), got in zip(expected.items(), held, strict=False):
        why = (
            f"The {name} that the layer holds is not the torch layer's: a kernel is the transpose, "
            "the bias the sum of both. "
        )
        near(as_array(got, f"the {name}"), value, f"the {name}", why + ITSELF, atol=1e-6)


ONE_UNIT = [[[1.0]], [[2.0]], [0.5], [-0.25]]


@check("2.12", points=0.5, seconds=KERAS_SECONDS)
def test_moves_one_unit(student):
    """moves the weights of a single unit, both biases among them"""
    rnn = torch_layer(student, 1, 1, ONE_UNIT)
    with saying(stated(ONE_UNIT)):
        compare_twin(student, rnn, ONE_UNIT, [[[1.0], [0.0]]])


@check("2.12", points=0.75, seconds=KERAS_SECONDS)
def test_moves_matrices(student):
    """moves matrices the right way round and gives every step"""
    rnn = torch_layer(student, 3, 2, TWO_UNITS)
    with saying(stated(TWO_UNITS)):
        compare_twin(student, rnn, TWO_UNITS, THREE_STEPS)


def outside(names):
    """Say what has to become of a layer that this exercise leaves out."""
    return (
        "A layer outside this exercise (several layers, two directions, relu) is refused, not "
        f"translated in part: raise a ValueError that names {names}."
    )


INSIDE = "A layer inside this exercise (one layer, one direction, tanh) is moved, not refused."


@contextmanager
def refuses_to_move(names, built=""):
    """Expect a ValueError that names what is outside this exercise."""
    why = outside(names.replace("|", " or ")) + built
    with raises(ValueError, match=names, why=why), naming(why=why):
        yield


def compare_moved(student, values, **options):
    """Expect a layer inside this exercise to be moved."""
    hidden, features = np.shape(values[0])
    rnn = torch_layer(student, features, hidden, values, **options)
    with advising(INSIDE, "num_layers|bidirectional|nonlinearity"):
        compare_twin(student, rnn, values, [[[1.0] * features, [0.5] * features]])


@check("2.12", points=0.25, seconds=KERAS_SECONDS)
def test_refuses_other_layers(student):
    """refuses a layer outside this exercise, saying why, and no other"""
    for name, value in (("num_layers", 2), ("bidirectional", True), ("nonlinearity", "relu")):
        rnn = student.build("torch.nn.RNN", 3, 2, batch_first=True, **{name: value})
        built = f" Here the layer is nn.RNN(3, 2, batch_first=True, {name}={value!r})."
        with refuses_to_move(name, built):
            student.keras_from_torch(rnn)
    plain = [[[0.5]], [[-1.0]], [0.0], [0.0]]
    with saying(stated(plain)):
        compare_moved(student, plain)


@check("2.12", points=0.75, hidden=True, seconds=KERAS_SECONDS)
def test_moves_any_layer(student, rng):
    """agrees for any layer, any batch and length, and starts from zero at every call"""
    for features, hidden in (sizes(rng, 2), [3, 3], [1, 4]):
        values = random_layer_values(rng, features, hidden)
        rnn = torch_layer(student, features, hidden, values)
        shapes = [(3, 4), (3, 4), (1, 7), (4, 1)]
        batches = [rng.normal(size=(*shape, features)) for shape in shapes]
        compare_twin(student, rnn, values, *batches)
        for name, value in zip(PARAMETERS, values, strict=True):
            equal(
                array(student.fetch(getattr(rnn, name))),
                value,
                what=f"{name} afterwards",
                why="The torch layer's own weights were changed.",
            )


NO_BIAS = (
    "A layer made with bias=False has no bias_ih_l0 and no bias_hh_l0: `rnn.bias`, a bool, tells. "
    "Its twin has use_bias=False, or zeros."
)


@check("2.12", points=0.5, hidden=True, seconds=KERAS_SECONDS)
def test_layers_without_bias(student, rng):
    """moves a layer without biases"""
    for features, hidden in (sizes(rng, 2), [1, 1]):
        values = random_layer_values(rng, features, hidden, bias=False)
        rnn = torch_layer(student, features, hidden, values, bias=False)
        with advising(NO_BIAS, "bias|expecting [23] weights"):
            compare_twin(student, rnn, values, rng.normal(size=(2, 5, features)))


@check("2.12", points=0.25, hidden=True, seconds=KERAS_SECONDS)
def test_refuses_any_other_layer(student, rng):
    """refuses every layer outside this exercise, and no other"""
    features, hidden = sizes(rng, 2)
    calls = [
        ({"num_layers": 3}, "num_layers"),
        ({"bidirectional": True, "bias": False}, "bidirectional"),
        ({"nonlinearity": "relu", "bias": False}, "nonlinearity"),
        ({"num_layers": 2, "bidirectional": True}, "num_layers|bidirectional"),
        ({"bidirectional": True, "nonlinearity": "relu"}, "bidirectional|nonlinearity"),
        *[({"bias": bias}, None) for bias in (True, True, False)],
    ]
    for options, names in shuffled(rng, calls):
        if names is None:  # with weights like those that torch draws
            values = random_layer_values(rng, features, hidden, **options)
            compare_moved(student, [value / hidden**0.5 for value in values], **options)
        else:
            rnn = student.build("torch.nn.RNN", features, hidden, batch_first=True, **options)
            with refuses_to_move(names):
                student.keras_from_torch(rnn)
