"""Hidden checks of exercise 3.1: one step of an LSTM."""

from seqkit.course import check

from ..ex_3_01 import laws
from ..oracle import compare_step, draw_step, torch_step


@check(points=0.5)
def test_any_lstm_step(student, rng):
    """takes the same step as PyTorch"""
    for sizes in [(1, 1, 1), (3, 2, 4), (2, 5, 3), rng.integers(2, 7, size=3).tolist()]:
        arguments = list(draw_step(rng, *sizes).values())
        got = student.lstm_step(*arguments)
        compare_step(got, *arguments, expected=torch_step(*arguments))


@check(points=0.5)
def test_any_size(student, rng):
    """takes any step, of any size, and keeps the laws"""
    for _ in range(2):
        laws.hold(student, rng)
