"""Hidden checks of exercise 2.3: bug hunt: two biases."""

from seqkit.checking.diagnosis import advising
from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_03 import ONE_DTYPE, compare_manual
from .oracle import random_layer_values


@check(points=0.5)
def test_any_layer(student, rng):
    """gives what any layer gives"""
    for batch, steps, features, hidden in [sizes(rng, 4), [3, 4, 3, 3], [2, 1, 3, 4], [1] * 4]:
        compare_manual(
            student,
            rng.normal(size=(batch, steps, features)),
            random_layer_values(rng, features, hidden),
        )


@check(points=0.5)
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
