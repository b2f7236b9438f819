"""Hidden checks of exercise 3.2: through time."""

from seqkit.course import check

from ..ex_3_02 import compare_sequence, compare_silence, draw_sequence, laws


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
    cut = int(rng.integers(2, 6))
    for piece in (X[:, :cut], X[:, cut:]):
        got = student.lstm_forward(piece, h, c, *weights)
        compare_sequence(got, piece, h, c, *weights)
        _, (h, c) = got
