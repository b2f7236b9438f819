"""Hidden checks of exercise 2.3: bug hunt: two biases."""

from seqkit.checking.diagnosis import advising
from seqkit.checking.drawing import sizes
from seqkit.course import check

from ..ex_2_03 import ONE_DTYPE, compare_manual, hold_laws, reading_only
from .oracle import random_layer_values


@check(points=0.5)
def test_any_layer(student, rng):
    """gives what any layer gives, and keeps the laws"""
    for batch, steps, features, hidden in (sizes(rng, 4), [3, 4, 3, 3]):
        compare_manual(
            student,
            rng.normal(size=(batch, steps, features)),
            random_layer_values(rng, features, hidden),
        )
    with reading_only():
        hold_laws(student, rng)


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
