"""What the hidden checks of this lesson share."""

from seqkit.checking.portable import portable


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
