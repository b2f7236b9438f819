"""Checks of exercise 3.10: the same layer in Keras."""

from itertools import permutations

import numpy as np
import torch
from torch.nn import LSTM

from seqkit.checking.diagnosis import floats, parts_of
from seqkit.checking.expect import Mismatch, close, equal, shape
from seqkit.checking.student import Handle, StudentError
from seqkit.checking.written import short
from seqkit.course import Rules, check
from seqkit.grading.inside.wire import Tensor

from .oracle import (
    AGAIN,
    build_twin,
    compare_unseeded,
    lstm_by_hand,
    random_batch,
    random_layer,
    values_of,
)

rules = Rules(defines=("keras_lstm_from_torch",))


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


def outputs_of(layer, X, **options):
    """Call a result that has to be a layer of Keras: the hidden states (B, T, H)."""
    if not isinstance(layer, Handle):
        raise Mismatch(f"gave {short(layer)}, expected a layer", "Return the Keras layer itself.")
    got = layer(X, **options)
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
    "single step (layer.cell(x, [h, c])), and it starts from other states when they are given, "
    "with nothing random in training (layer(X, initial_state=[h, c], training=True)). It looks "
    "like something else, or like a layer with dropout."
)


def compare_as_layer(layer, rng, W, U, b):
    """Ask a layer what any LSTM of Keras can be asked beside its outputs."""
    (_, features), (_, size) = W.shape, U.shape
    x, h, c = (rng.normal(size=(2, n)).astype(np.float32) for n in (features, size, size))
    expected = lstm_by_hand(*(part.astype(np.float64) for part in (x, h, c, W, U, b)))
    try:
        count = layer.count_params()
        step = parts_of(layer.cell(x, [h, c]), "h", "[h, c]")
        started = layer(x[:, None], initial_state=[h, c], training=True)
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
    got = outputs_of(layer, X, training=again)
    expected = torch_states(torch_lstm, X)
    right = got.shape == expected.shape and np.allclose(got, expected, atol=1e-5, rtol=0)
    why = "" if right else AGAIN if again else why_keras(got, torch_lstm, X)
    shape(got, expected.shape, what="the output", why=why)
    close(got, expected, what="the output", why=why, atol=1e-5, rtol=0)


def keras_case(rng, features, size):
    """Make a float32 LSTM with weights large enough to tell gates apart."""
    scale = 0.6 / max(1, features / 6, size / 6) ** 0.5  # many units, and rounding stays small
    return random_layer(rng, "lstm", features, size, scale=scale)


def compare_sizes(student, rng, sizes):
    """Compare with PyTorch for some sizes: features, units, rows, steps; the last call twice."""
    for features, size, batch, steps in sizes:
        lstm = keras_case(rng, features, size)
        layer = student.keras_lstm_from_torch(build_twin(student, lstm))
        for rows, length in ((1, 1), (batch, steps)):
            X = random_batch(rng, rows, length, features)
            compare_keras(layer, lstm, X)
        compare_keras(layer, lstm, X, again=True)
        compare_refilled(layer, rng, features, size, X)


KEPT = ("kernel", "recurrent_kernel", "bias")


def compare_weights(student, rng):
    """Compare the weights that a layer holds, and look at those of the PyTorch layer again."""
    lstm = keras_case(rng, 3, 4)
    handle, X = build_twin(student, lstm), random_batch(rng, 1, 2, 3)
    layer, other = (student.keras_lstm_from_torch(lstm=handle) for _ in range(2))
    outputs_of(layer, X)
    equal(student.fetch(layer.trainable), True, what="trainable", why="The layer can be trained.")
    try:
        got = parts_of(layer.get_weights(), *KEPT)
    except StudentError as error:
        raise Mismatch(f"gave no weights ({error.type})", ITS_OWN) from None
    W, U, b_x, b_h = map(values_of, lstm.parameters())
    why = "Kernels are PyTorch's matrices transposed, the one bias is the sum of its two."
    for name, part, target in zip(KEPT, got, (W.T, U.T, b_x + b_h), strict=True):
        close(part, target, what=name, why=why, atol=1e-6)
    why = "The PyTorch layer was changed: it stays as it was, and goes on being trained."
    for name, parameter in lstm.named_parameters():
        after, before = getattr(handle, name), values_of(parameter)
        equal(floats(student.fetch(after), name), before, what=f"{name} afterwards", why=why)
        trained = student.fetch(after.requires_grad)
        equal(trained, True, what=f"{name}.requires_grad afterwards", why=why)
    equal(student.fetch(handle.training), True, what="lstm.training afterwards", why=why)
    compare_refilled(layer, rng, 3, 4, random_batch(rng, 2, 3, 3))
    why = "Every call makes a layer of its own: with other weights set in one, another has its own."
    close(outputs_of(other, X), torch_states(lstm, X), what="its output", why=why, atol=1e-5)

    def start(student):
        made = student.build("keras.layers.LSTM", 2)
        made.build((None, None, 2))
        return made.get_weights()[0]

    compare_unseeded(student, lambda: student.keras_lstm_from_torch(handle), start)


@check(points=0.5, seconds=KERAS_SECONDS)
def test_gives_every_step(student):
    """gives the hidden state of every step"""
    rng = np.random.default_rng(10)
    layer = student.keras_lstm_from_torch(build_twin(student, keras_case(rng, 2, 3)))
    X = np.ones((1, 4, 2), np.float32)
    shape(outputs_of(layer, X), (1, 4, 3), what="the output", why=ONE_ARRAY)
    compare_refilled(layer, rng, 2, 3, X)


@check(points=0.75, seconds=KERAS_SECONDS)
def test_keras_equals_torch(student):
    """gives the same numbers as the PyTorch layer"""
    rng = np.random.default_rng(11)
    lstm = keras_case(rng, 2, 3)
    layer = student.keras_lstm_from_torch(build_twin(student, lstm))
    X = random_batch(rng, 2, 3, 2)
    compare_keras(layer, lstm, X)
    compare_refilled(layer, rng, 2, 3, X)


@check(points=0.25, seconds=KERAS_SECONDS)
def test_keeps_the_laws(student, rng):
    """keeps the laws: any size, one call like the other, the PyTorch layer as it was"""
    compare_sizes(student, rng, [(70, 66, 21, 12)])
    compare_weights(student, rng)
