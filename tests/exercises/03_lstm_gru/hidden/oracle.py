"""What the hidden checks of this lesson share."""

from torch import lstm

from seqkit.checking.expect import equal


def keep_all(student, arrays):
    """Keep arguments in the learner's process, to look at them afterwards."""
    return [student.keep(part) for part in arrays]


def compare_untouched(student, handles, arrays, names):
    """Look whether arguments are what they were."""
    for handle, before, name in zip(handles, arrays, names, strict=True):
        equal(
            student.fetch(handle),
            before,
            what=f"{name} afterwards",
            why=f"The caller's {name} was changed: make new arrays instead of writing into it "
            "(`+=` and `*=` write).",
        )


def torch_sequence(X, h, c, *weights):
    """Run what nn.LSTM computes with: H, h, c from tensors and four weights."""
    H, last_h, last_c = lstm(X, (h[None], c[None]), weights, True, 1, 0.0, False, False, True)
    return H, last_h[0], last_c[0]


def halves(rng, b):
    """Split a bias into two that sum to it, as PyTorch keeps them."""
    part = rng.normal(size=b.shape)
    return part, b - part


LSTM_ARGUMENTS = ("x", "h", "c", "W", "U", "b")


def lstm_case(rng, batch, features, size):
    """Draw the arguments of a step."""
    sizes = [(batch, features), (batch, size), (batch, size), (4 * size, features)]
    return [rng.normal(size=s) for s in [*sizes, (4 * size, size), 4 * size]]


def sequence_case(rng, batch, steps, features, size):
    """Draw the arguments of a run over a sequence."""
    _, *others = lstm_case(rng, batch, features, size)
    return [rng.normal(size=(batch, steps, features)), *others]
