"""Hidden checks of exercise 3.2: through time."""

import numpy as np

from seqkit.checking.diagnosis import floats, parts_of
from seqkit.checking.expect import close, shape
from seqkit.course import check

from ..ex_3_02 import compare_sequence, sequence_by_loops
from ..oracle import tensors
from .oracle import compare_untouched, halves, keep_all, sequence_case, torch_sequence


@check(points=0.5)
def test_any_sequence(student, rng):
    """equals nn.LSTM, whatever the sizes"""
    for sizes in [(1, 1, 1, 1), (3, 6, 2, 4), (5, 3, 4, 2), rng.integers(2, 7, size=4).tolist()]:
        X, h0, c0, W, U, b = sequence_case(rng, *sizes)
        ran = torch_sequence(*tensors(X, h0, c0, W, U, *halves(rng, b)))
        expected = [part.numpy() for part in ran]
        compare_sequence(student, X, h0, c0, W, U, b, expected=expected)


@check(points=0.25)
def test_goes_on_where_it_stopped(student, rng):
    """goes on where it stopped when its last states are given back"""
    X, h, c, *weights = sequence_case(rng, 3, 7, 2, 4)
    whole, _ = sequence_by_loops(X, h, c, *weights)
    cut = int(rng.integers(2, 6))
    parts = []
    for piece in (X[:, :cut], X[:, cut:]):
        H, last = parts_of(student.lstm_forward(piece, h, c, *weights), "H", "(h, c)")
        h, c = (floats(part, "a state") for part in parts_of(last, "h", "c"))
        why = "The last pair holds h and c of the last step, (B, H) each."
        shape(h, whole[:, 0].shape, what="h", why=why)
        shape(c, whole[:, 0].shape, what="c", why=why)
        H = floats(H, "H")
        shape(H, (3, piece.shape[1], 4), what="H", why="H is (B, T, H).")
        parts.append(H)
    close(
        np.concatenate(parts, axis=1),
        whole,
        what="H",
        why="A sequence in two pieces, the second started with the first one's last h and c, has "
        "the states of the whole.",
    )


@check(points=0.25)
def test_forward_changes_nothing(student, rng):
    """leaves its arguments as they were"""
    arguments = sequence_case(rng, 2, 3, 3, 2)
    kept = keep_all(student, arguments)
    compare_sequence(student, *arguments, kept=kept)
    compare_untouched(student, kept, arguments, ("X", "h0", "c0", "W", "U", "b"))
