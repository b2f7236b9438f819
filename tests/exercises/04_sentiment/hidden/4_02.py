"""Hidden checks of exercise 4.2: bug hunt: the numbering of a data set."""

import numpy as np

from seqkit.checking.drawing import random_word, shuffled
from seqkit.course import check

from ..ex_4_02 import call, draw, hold_laws, refuse


@check(points=0.5)
def test_any_review(student, rng):
    """encodes any review with any index, and keeps the laws"""
    for words, vocabulary in ((5, 3), (40, 12), (25, 60)):
        call(student, *draw(rng, words, vocabulary).values())
    hold_laws(student, rng)


@check(points=0.5)
def test_takes_one_string(student, rng):
    """refuses what is not one string, and nothing else"""
    word, other = random_word(rng), random_word(rng)
    good = [word, f"{word} {other}", "", f"[{word!r}]", "None", "3"]
    bad = [[word], [f"{word} {other}"], [word, other], [], (word, other), {word: 1}, {word}]
    bad += [word.encode(), None, 1.5, int(rng.integers(99)), True, np.array([word])]
    calls = [(text, True) for text in good] + [(text, False) for text in bad]
    for text, is_string in shuffled(rng, calls):
        if is_string:
            call(student, text, {other: 1, word: 2}, int(rng.integers(4, 9)))
        else:
            refuse(student, text)
