"""What the hidden checks of this lesson share."""

from seqkit.checking.expect import equal
from seqkit.checking.portable import portable


def call_kept(student, name, arguments, **options):
    """Call a function and see that the arrays it was given are still what they were."""
    kept = {key: student.keep(value) for key, value in arguments.items()}
    result = getattr(student, name)(*kept.values(), **options)
    for key, handle in kept.items():
        equal(
            student.fetch(handle),
            arguments[key],
            what=f"{key} afterwards",
            why=f"The caller's {key} was changed: work on a copy (`a = a + b`, not `a += b`).",
        )
    return result


def random_weights(rng, features, hidden):
    """Draw W_xh, W_hh, b."""
    return (
        rng.normal(size=(hidden, features)) * 0.7,
        rng.normal(size=(hidden, hidden)) * 0.7,
        rng.normal(size=hidden) * 0.5,
    )


def random_layer_values(rng, features, hidden, precision="float32", bias=True):
    """Draw weights and biases of a layer that are exact in its precision."""
    shapes = [(hidden, features), (hidden, hidden), (hidden,), (hidden,)][: 4 if bias else 2]
    return [rng.uniform(-0.8, 0.8, size=s).astype(precision) for s in shapes]


@portable
def broken(theta, place, value):
    return float("nan") if theta[place] != value else float((theta**3).sum())
