"""Checks of exercise 2.3: bug hunt: two biases."""

from contextlib import contextmanager

import numpy as np

from seqkit.checking.diagnosis import advising, looks_like
from seqkit.checking.expect import Mismatch, array, close, dtype, equal
from seqkit.checking.laws import BY_NAME, CHANGED, SHARED, SIZED
from seqkit.checking.student import StudentError
from seqkit.checking.written import short
from seqkit.course import Rules, check
from seqkit.grading.inside.wire import Tensor

from .oracle import (
    FUNCTIONS,
    KERAS_LAYERS,
    RELOADED,
    THREE_STEPS,
    TWO_UNITS,
    layer_by_hand,
    layer_stays,
    layer_suspects,
    load,
    saying,
    stated,
    torch_layer,
)

rules = Rules(
    defines=("manual_rnn",),
    forbids=(
        "torch.nn.RNNCell",
        *KERAS_LAYERS,
        *FUNCTIONS,
    ),
)


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


def compare_manual(student, X, values, precision="float32", note=""):
    """Call manual_rnn on a layer with given weights and compare."""
    X = np.asarray(X, dtype=precision)
    hidden, features = np.shape(values[0])
    rnn = torch_layer(student, features, hidden, values, precision)
    with reading_only():
        got = student.manual_rnn(rnn, Tensor("torch", precision, X))
    compare_output(got, X, values, precision, note)
    layer_stays(student, rnn, values, precision)


def compare_output(got, X, values, precision="float32", note=""):
    """Compare an output with what the weights of a layer give."""
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
    atol, why = 1e-5 if precision == "float32" else 1e-9, ""
    if np.shape(got) != expected.shape or not np.allclose(got, expected, atol=atol):
        suspects = layer_suspects(X, *(np.asarray(v, dtype=np.float64) for v in values))
        why = looks_like(np.asarray(got), suspects, otherwise) + note
    close(got, expected, "the output", why, atol=atol)
    dtype(got, precision, what="the output", why="The output has the dtype of X and the weights.")


def draw(rng, batch, steps, features, hidden):
    """Draw an input and the weights of a layer, so small that rounding errors do not grow."""
    shapes = [(hidden, features), (hidden, hidden), (hidden,), (hidden,)]
    return (
        (rng.integers(-4, 5, size=(batch, steps, features)) / 2).astype(np.float32),
        [rng.integers(-2, 3, size=shape) / 8 for shape in shapes],
    )


def hold_laws(student, rng):
    """Expect the laws, of a layer and a tensor."""
    X, values = draw(rng, 3, 4, 2, 5)
    rnn, others = torch_layer(student, 2, 5, values), draw(rng, 3, 4, 2, 5)[1]
    kept = student.keep(Tensor("torch", "float32", X))
    first = student.kept("manual_rnn", rnn, kept)
    compare_output(first if isinstance(first, tuple) else student.fetch(first), X, values)
    equal(array(student.fetch(kept)), X, "X afterwards", CHANGED.format(name="X"))
    load(rnn, others)
    with advising(BY_NAME, "TypeError"), saying(f" {RELOADED}"):
        compare_output(student.manual_rnn(X=kept, rnn=rnn), X, others)
    with saying(f" {SHARED}"):
        compare_output(student.fetch(first), X, values)
    for name, sizes in (
        ("every size is 1", (1, 1, 1, 1)),
        ("B is 100", (100, 3, 2, 4)),
        ("T is 1100", (2, 1100, 3, 4)),
        ("D is 70 and H is 66", (2, 3, 70, 66)),
    ):
        with saying(f" {SIZED.format(size=name)}"):
            compare_manual(student, *draw(rng, *sizes))


@check(points=0.5)
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


@check(points=0.25)
def test_equals_the_layer(student):
    """gives what a layer of several units gives, in float32 as in float64"""
    compare_manual(student, THREE_STEPS, TWO_UNITS, note=stated(TWO_UNITS))
    with advising(ONE_DTYPE, "dtype|scalar type"):
        compare_manual(student, THREE_STEPS, TWO_UNITS, "float64", note=stated(TWO_UNITS))


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    with reading_only():
        hold_laws(student, rng)
