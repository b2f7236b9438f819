"""Checks of exercise 2.12: the same layer in Keras."""

from contextlib import contextmanager

import numpy as np

from seqkit.checking.diagnosis import advising, as_floats, looks_like
from seqkit.checking.expect import Mismatch, array, close, equal, naming, raises
from seqkit.checking.laws import SHARED
from seqkit.checking.student import Handle
from seqkit.checking.written import short
from seqkit.course import Rules, check
from seqkit.grading.inside.wire import Tensor

from .oracle import (
    RELOADED,
    THREE_STEPS,
    TWO_UNITS,
    layer_by_hand,
    layer_stays,
    layer_suspects,
    load,
    saying,
    stated,
    step_by_hand,
    torch_layer,
)

rules = Rules(defines=("keras_from_torch",))


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
    close(got, layer_by_hand(X, *values), "the output", why, atol=1e-5)


FROM_ZERO = "The same call gave the right numbers before: every call starts from a zero state."


TURNED = (
    "Its weights were turned from w to -w with `set_weights`, and its output did not follow: it "
    "is not made of the weights that the layer holds. "
)


def compare_twin(student, rnn, values, *batches):
    """Call keras_from_torch, and compare what its layer says, gives, holds and computes with."""
    layer = as_simple_rnn(student.keras_from_torch(rnn))
    layer_stays(student, rnn, values)
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
    "A SimpleRNN of Keras counts its weights (`count_params`), its `cell` makes a single step, it "
    "starts from another state when one is given (`initial_state`), and without dropout it gives "
    "the same with `training=True`. "
)


def compare_as_layer(layer, values, starts):
    """Ask a layer what any SimpleRNN of Keras can be asked beside its outputs."""
    W_xh, W_hh, *biases = values
    b, size = sum(biases, 0 * W_hh[0]), len(W_hh)
    x = np.linspace(-1, 1, 2 * W_xh.shape[1], dtype=np.float32).reshape(2, -1)
    h = np.linspace(0.75, -0.5, 2 * size, dtype=np.float32).reshape(2, -1)
    with advising(CAN_DO + ITSELF, ""):
        count, step = layer.count_params(), layer.cell(x, [h])
        started = layer(x[:, None], initial_state=h, training=True) if starts else None
    counts = [W_xh.size + W_hh.size + b.size, W_xh.size + W_hh.size]
    if count not in counts[: 1 if biases else 2]:
        raise Mismatch(f"counts {short(count)} weights, expected {counts[0]}", CAN_DO + ITSELF)
    step, _ = step if isinstance(step, tuple) and len(step) == 2 else (step, None)
    expected = step_by_hand(x.astype(np.float64), h.astype(np.float64), W_xh, W_hh, b)
    close(array(step, "a step", CAN_DO + ITSELF), expected, "a step", CAN_DO + ITSELF, atol=1e-5)
    if starts:
        started, what = array(started, "the output", CAN_DO + ITSELF), "the output from a state"
        close(started, expected[:, None], what, CAN_DO + ITSELF, atol=1e-5)


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
        close(as_floats(got, f"the {name}"), value, f"the {name}", why + ITSELF, atol=1e-6)


ONE_UNIT = [[[1.0]], [[2.0]], [0.5], [-0.25]]


@check(points=0.5, seconds=KERAS_SECONDS)
def test_moves_one_unit(student):
    """moves the weights of a single unit, both biases among them"""
    rnn = torch_layer(student, 1, 1, ONE_UNIT)
    with saying(stated(ONE_UNIT)):
        compare_twin(student, rnn, ONE_UNIT, [[[1.0], [0.0]]])


@check(points=0.5, seconds=KERAS_SECONDS)
def test_moves_matrices(student):
    """moves matrices the right way round and gives every step"""
    rnn, turned = torch_layer(student, 3, 2, TWO_UNITS), [-np.array(v) for v in TWO_UNITS]
    with saying(stated(TWO_UNITS)):
        compare_twin(student, rnn, TWO_UNITS, THREE_STEPS, [[[1.0, 0.0, 2.0]]])
        layer = student.keras_from_torch(rnn)
        load(rnn, turned)  # the layer that was made before does not follow
        compare_keras(student.keras_from_torch(rnn), THREE_STEPS, turned, RELOADED)
        compare_keras(layer, THREE_STEPS, TWO_UNITS, SHARED)


NO_BIAS = (
    "A layer made with bias=False has no bias_ih_l0 and no bias_hh_l0: `rnn.bias`, a bool, tells. "
    "Its twin has use_bias=False, or zeros."
)


@check(points=0.25, seconds=KERAS_SECONDS)
def test_layer_without_bias(student):
    """moves a layer without biases"""
    values = TWO_UNITS[:2]
    rnn = torch_layer(student, 3, 2, values, bias=False)
    with saying(stated(values)), advising(NO_BIAS, "bias|expecting [23] weights"):
        compare_twin(student, rnn, values, THREE_STEPS)


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


@check(points=0.25, seconds=KERAS_SECONDS)
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
