"""Hidden checks of exercise 4.12: A verdict on new text."""

from seqkit.checking.drawing import random_word, shuffled
from seqkit.course import check

from ..ex_4_12 import FAR, call_predict, drawn_texts, hold_laws, refuse


@check(points=0.5)
def test_any_texts(student, rng):
    """gives the probability of any texts, in order, whichever others there are"""
    for most in (1, 4, 300):
        texts, tokens = drawn_texts(rng, int(rng.integers(2, 7)), most)
        call_predict(student, texts, tokens)
        call_predict(student, texts[-1:], tokens)
        call_predict(student, texts[::-1], tokens, scale=FAR)


@check(points=0.5)
def test_any_mode_and_list(student, rng):
    """predicts quietly, with empty texts or none, refuses one string, and keeps the laws"""
    calls = [random_word(rng), "", "Not bad!"]
    for training, empty in zip([True, False] * 2, ["", "   ", "...", "<br />"], strict=True):
        texts, tokens = drawn_texts(rng, 3, 6)
        texts.insert(int(rng.integers(4)), empty)
        calls.append((texts, tokens, training, 0.9))
    calls.append(([], tokens, True))
    for call in shuffled(rng, calls):
        if isinstance(call, str):
            refuse(student, call)
        else:
            call_predict(student, *call)
    hold_laws(student, rng)
