"""Hidden checks of exercise 3.10: the same layer in Keras."""

from seqkit.checking.diagnosis import floats, parts_of
from seqkit.checking.expect import Mismatch, close, equal, shape
from seqkit.checking.student import StudentError
from seqkit.course import check

from ..ex_3_10 import (
    ITS_OWN,
    KERAS_SECONDS,
    compare_keras,
    compare_refilled,
    keras_case,
    outputs_of,
)
from ..oracle import build_twin, random_batch, values_of


@check(points=1, seconds=KERAS_SECONDS)
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


@check(points=0.5, seconds=KERAS_SECONDS)
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
