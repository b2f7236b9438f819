"""Hidden checks of exercise 4.1: from text to tokens."""

from seqkit.checking.drawing import random_word
from seqkit.course import check

from ..ex_4_01 import call, draw, laws


@check(points=0.5)
def test_any_review(student, rng):
    """splits any review, and keeps the laws"""
    for size in (3, 8, 40):
        word, other = random_word(rng), random_word(rng).upper()
        letters = "".join(map(chr, rng.choice(range(0x3B1, 0x3C2), size=3)))
        own = [word, other, f"{word}'{other}", f"“{word}’s”", f"_{other}_", f"{letters}{word}"]
        around = [draw(rng, size)["text"] for _ in range(7)]
        text = "".join(a + b for a, b in zip(around, [*rng.permutation(own), ""], strict=True))
        call(student, text)
    laws.hold(student, rng)
