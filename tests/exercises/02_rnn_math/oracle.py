"""What the checks of this lesson share."""

import math
from contextlib import contextmanager

import numpy as np

from seqkit.checking.expect import Mismatch, array, equal
from seqkit.checking.written import short
from seqkit.grading.inside.wire import Tensor

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


def step_by_hand(x, h, W_xh, W_hh, b):
    """Compute the states after a step."""
    return np.tanh(np.einsum("hd,bd->bh", W_xh, x) + np.einsum("hk,bk->bh", W_hh, h) + b)


def forward_by_hand(X, h0, W_xh, W_hh, b, *, carry=True):
    """Step through time; without ``carry`` every step starts from h0."""
    states, h = np.zeros((*X.shape[:2], len(b))), h0
    for t in range(X.shape[1]):
        states[:, t] = step_by_hand(X[:, t], h, W_xh, W_hh, b)
        h = states[:, t] if carry else h0
    return states


PARAMETERS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def torch_layer(student, features, hidden, values, precision="float32", **options):
    """Build an nn.RNN in the learner's process, and give it weights and gradients."""
    layer = student.build("torch.nn.RNN", features, hidden, batch_first=True, **options)
    if precision == "float64":
        layer = layer.double()
    load(layer, values, precision)
    for name, value in zip(PARAMETERS, values, strict=False):  # a leaf keeps what is sent to it
        ones = np.ones(np.shape(value), precision)
        getattr(layer, name).backward(Tensor("torch", precision, ones))
    return layer


def load(layer, values, precision="float32"):
    """Give a layer other weights."""
    state = {
        name: Tensor("torch", precision, np.asarray(value, dtype=precision))
        for name, value in zip(PARAMETERS, values, strict=False)
    }
    layer.load_state_dict(state)


RELOADED = "The layer was given other weights (`load_state_dict`): read them at every call."


def layer_stays(student, layer, values, precision="float32"):
    """Expect weights, gradients and settings of a layer to be what they were."""
    why = "The layer was changed: leave its weights, their gradients and its settings as they were."
    for name, value in zip(PARAMETERS, values, strict=False):
        now, value = getattr(layer, name), np.asarray(value, dtype=precision)
        equal(array(student.fetch(now)), value, f"{name} afterwards", why)
        equal(student.fetch(now.requires_grad), True, f"{name}.requires_grad afterwards", why)
        gradient = array(student.fetch(now.grad), f"{name}.grad afterwards", why)
        equal(gradient, np.ones(value.shape), f"{name}.grad afterwards", why)
    equal(student.fetch(layer.training), True, "training afterwards", why)


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


def stated(values):
    """Say the weights of a layer that stands in a call as an object."""
    named = zip(PARAMETERS, values, strict=False)
    return " Here " + ", ".join(f"{name} = {short(np.asarray(v))}" for name, v in named)


TWO_UNITS = [
    [[0.512345, -0.5, 0.25], [0.0, 1.0, -0.25]],
    [[0.5, -1.0], [0.712345, 0.0]],
    [0.412345, -0.5],
    [0.1, 0.25],
]


THREE_STEPS = [
    [[1.0, 0.0, 2.0], [0.5, 0.5, 0.0], [0.0, 0.0, 0.0]],
    [[0.0, -1.0, 1.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0]],
]


def nats_by_hand(scores, target):
    """Return -log of the target's share, and all shares."""
    shares = np.exp(scores - np.logaddexp.reduce(scores))
    return float(np.logaddexp.reduce(scores - scores[target])), shares


def cross_entropy_by_hand(logits, targets, mask):
    """Go through the positions one by one."""
    losses, gradient = [], np.zeros(logits.shape)
    for b, t in zip(*np.nonzero(mask), strict=True):
        loss, gradient[b, t] = nats_by_hand(logits[b, t], targets[b, t])
        gradient[b, t, targets[b, t]] -= 1
        losses.append(loss)
    count = max(len(losses), 1)
    return math.fsum(losses) / count, gradient / count


TINY = 1e-30  # a step into the imaginary: no difference is taken, so no digit is lost


def states_of(X, h0, W_xh, W_hh, b, forget=False):
    """Run the network on real or complex numbers; ``forget`` hides the state's own origin."""
    states, h, inputs = [], h0, np.einsum("hd,btd->tbh", W_xh, X) + b
    for t, net in enumerate(inputs):
        before = h.real if forget and t > 0 else h
        h = np.tanh(net + np.einsum("hk,bk->bh", W_hh, before))
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


def column(*numbers):
    """Return a sequence of one row and one feature."""
    return np.array(numbers, dtype=np.float64)[None, :, None]
