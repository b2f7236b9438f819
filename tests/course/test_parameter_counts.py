"""The count of parameters that lesson 2 teaches and lesson 3 uses is that of the libraries."""

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import seqkit.lab  # noqa: F401  (asks TensorFlow to start without log messages)
from seqkit import ROOT

LAYERS = {"rnn": ("RNN", "SimpleRNN"), "lstm": ("LSTM", "LSTM"), "gru": ("GRU", "GRU")}
SIZES = st.integers(1, 40)


@pytest.fixture(scope="module")
def count_params():
    """The reference answer to exercise 2.11."""
    book = nbformat.read(ROOT / "solutions" / "02_rnn_math.ipynb", as_version=4)
    (answer,) = (c for c in book.cells if c.metadata["nbgrader"]["grade_id"] == "ex_2_11")
    namespace = {}
    exec(answer.source, namespace)
    return namespace["count_params"]


def counted_by_torch(kind, features, hidden, num_layers, bidirectional):
    from torch import nn

    layer = getattr(nn, LAYERS[kind][0])(
        features, hidden, num_layers=num_layers, bidirectional=bidirectional
    )
    return sum(parameter.numel() for parameter in layer.parameters())


def counted_by_keras(kind, features, hidden, num_layers, bidirectional):
    import keras

    model = keras.Sequential([keras.Input((None, features))])
    for _ in range(num_layers):
        layer = getattr(keras.layers, LAYERS[kind][1])(hidden, return_sequences=True)
        model.add(keras.layers.Bidirectional(layer) if bidirectional else layer)
    return model.count_params()


COUNTED = {"torch": counted_by_torch, "keras": counted_by_keras}


@pytest.mark.parametrize("framework", COUNTED)
@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(st.sampled_from(sorted(LAYERS)), SIZES, SIZES, st.integers(1, 3), st.booleans())
def test_the_count_is_that_of_the_library(
    count_params, framework, kind, features, hidden, num_layers, bidirectional
):
    arguments = kind, features, hidden, num_layers, bidirectional
    assert count_params(*arguments, framework) == COUNTED[framework](*arguments)


@pytest.mark.parametrize("framework", COUNTED)
@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
def test_no_combination_is_left_out(count_params, kind, num_layers, bidirectional, framework):
    arguments = kind, 3, 5, num_layers, bidirectional
    assert count_params(*arguments, framework) == COUNTED[framework](*arguments)
