"""Hidden checks of exercise 1.10: the same in Keras."""

import numpy as np

from seqkit.checking.expect import equal
from seqkit.course import check

from ..ex_1_10 import KERAS_SECONDS, VOCABULARY, compare_vectorized, hold_laws, vocabulary


def counted_texts(rng):
    """Draw texts in which no two words are equally frequent; the commonest word comes first."""
    words = rng.permutation(["sea", "gull", "wind", "sail", "rope", "deck", "mast"]).tolist()
    tokens = [word for rank, word in enumerate(words) for _ in range(2 * (len(words) - rank))]
    tokens = rng.permutation(tokens).tolist()
    decorated = [
        str(
            rng.choice(
                [token, token.upper(), token.title(), f"{token},", f"({token[0]}_{token[1:]}"]
            )
        )
        for token in tokens
    ]
    cuts = np.sort(rng.choice(np.arange(1, len(decorated)), size=6, replace=False))
    return words, [" ".join(part) for part in np.split(np.array(decorated), cuts)]


@check(points=0.5, seconds=KERAS_SECONDS)
def test_vectorizes_any_texts(student, rng):
    """gives any text the right ids in rows of the right length"""
    for length in (1, int(rng.integers(4, 300))):
        words, texts = counted_texts(rng)
        layer = student.text_vectorizer(texts, 50, length)
        batch = [" ".join(rng.choice([*words, "albatross"], size=n).tolist()) for n in (0, 1, 12)]
        rows = [[words.index(w) + 2 if w in words else 1 for w in t.split()] for t in batch]
        expected = [[*row, *[0] * length][:length] for row in rows]
        compare_vectorized(layer, batch, expected)
        for text, row in zip(batch, expected, strict=True):
            compare_vectorized(layer, [text], [row])


@check(points=0.5, seconds=KERAS_SECONDS)
def test_bounds_any_vocabulary(student, rng):
    """bounds the vocabulary at max_tokens, whatever it is, and keeps the laws"""
    hold_laws(student, rng)
    words, texts = counted_texts(rng)
    for max_tokens in (3, int(rng.integers(5, 9)), 9, 10, 40):
        layer = student.text_vectorizer(texts, max_tokens, 7)
        kept = words[: max_tokens - 2]
        equal(vocabulary(layer), ["", "[UNK]", *kept], what="the vocabulary", why=VOCABULARY)
        shown = rng.permutation(words)  # in their own order they would tell the vocabulary
        ids = [[words.index(word) + 2 if word in kept else 1 for word in shown]]
        compare_vectorized(layer, [" ".join(shown)], ids)
