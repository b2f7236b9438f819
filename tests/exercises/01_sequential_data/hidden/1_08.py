"""Hidden checks of exercise 1.8: bug hunt: who is number 0?."""

from seqkit.course import check

from ..ex_1_08 import draw, encode, laws


@check(points=0.5)
def test_encodes_any_sentences(student, rng):
    """encodes any sentences"""
    for _ in range(8):
        sentences = [*draw(rng, 4, 6)["sentences"], "", "\nrose\u00a0 0 \t0 sea", "rose rose"]
        encode(student, rng.permutation(sentences).tolist())


@check(points=0.5)
def test_keeps_the_laws(student, rng):
    """keeps the laws, with other sentences"""
    laws.hold(student, rng)
