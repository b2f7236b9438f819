"""Hidden checks of exercise 2.12: the same layer in Keras."""

from seqkit.checking.diagnosis import advising
from seqkit.checking.drawing import shuffled, sizes
from seqkit.course import check

from ..ex_2_12 import KERAS_SECONDS, NO_BIAS, compare_moved, compare_twin, refuses_to_move
from ..oracle import torch_layer
from .oracle import random_layer_values


@check(points=0.75, seconds=KERAS_SECONDS)
def test_moves_any_layer(student, rng):
    """agrees for any layer, any batch and length, and starts from zero at every call"""
    for features, hidden in (sizes(rng, 2), [3, 3], [1, 4]):
        values = random_layer_values(rng, features, hidden)
        rnn = torch_layer(student, features, hidden, values)
        shapes = [(3, 4), (3, 4), (1, 7), (4, 1)]
        batches = [rng.normal(size=(*shape, features)) for shape in shapes]
        compare_twin(student, rnn, values, *batches)


@check(points=0.5, seconds=KERAS_SECONDS)
def test_layers_without_bias(student, rng):
    """moves any layer without biases"""
    for features, hidden in (sizes(rng, 2), [1, 1]):
        values = random_layer_values(rng, features, hidden, bias=False)
        rnn = torch_layer(student, features, hidden, values, bias=False)
        with advising(NO_BIAS, "bias|expecting [23] weights"):
            compare_twin(student, rnn, values, rng.normal(size=(2, 5, features)))


@check(points=0.25, seconds=KERAS_SECONDS)
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
