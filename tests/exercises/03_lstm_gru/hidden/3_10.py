"""Hidden checks of exercise 3.10: the same layer in Keras."""

from seqkit.course import check

from ..ex_3_10 import KERAS_SECONDS, compare_sizes, compare_weights


@check(points=1, seconds=KERAS_SECONDS)
def test_keras_equals_torch_anywhere(student, rng):
    """equals PyTorch for any sizes, batches and lengths, one call like the other"""
    compare_sizes(student, rng, [(1, 1, 3, 7), (4, 4, 2, 12), (5, 2, 20, 410), (3, 61, 2, 4)])


@check(points=0.5, seconds=KERAS_SECONDS)
def test_keras_holds_the_weights(student, rng):
    """holds the weights themselves and leaves the PyTorch layer alone"""
    compare_weights(student, rng)
