"""Hidden checks of exercise 3.2: through time."""

import numpy as np

from seqkit.checking.diagnosis import floats, parts_of
from seqkit.checking.expect import close, shape
from seqkit.course import check

from ..ex_3_02 import compare_silence, draw_sequence, laws, sequence_by_loops


@check(points=0.75)
def test_any_sequence(student, rng):
    """equals nn.LSTM over any sequence, of any size, and keeps the laws"""
    for _ in range(2):
        laws.hold(student, rng)
        compare_silence(student, rng)


@check(points=0.25)
def test_goes_on_where_it_stopped(student, rng):
    """goes on where it stopped when its last states are given back"""
    X, h, c, *weights = draw_sequence(rng, 3, 7, 2, 4).values()
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
