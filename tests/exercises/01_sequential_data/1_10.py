"""Checks of exercise 1.10: the same in Keras."""

import numpy as np

from seqkit.checking.diagnosis import advising, plain_list
from seqkit.checking.expect import Mismatch, dtype, equal, shape
from seqkit.checking.laws import BY_NAME, CHANGED, SIZED
from seqkit.checking.student import Handle, StudentError
from seqkit.checking.written import short
from seqkit.course import Rules, check
from seqkit.grading.inside.wire import Tensor

rules = Rules(defines=("text_vectorizer",))

# Keras takes its time where it is not imported yet.
KERAS_SECONDS = 30

ITSELF = (
    "Return the layer itself, a keras.layers.TextVectorization, adapted: it is called with texts "
    "afterwards."
)


def as_layer(got):
    """Return a result that has to be a layer, of Keras's class or of one made from it."""
    if not isinstance(got, Handle):
        raise Mismatch(f"gave {short(got)}, expected a layer", ITSELF)
    with advising(ITSELF, "AttributeError"):
        got.vocabulary_size()
    return got


def compare_vectorized(layer, texts, expected, seen=None):
    """Call a layer and compare shape, values, dtype."""
    try:
        ids = as_layer(layer)(np.array(texts))
    except StudentError as error:
        if "not initialized" not in error.message:
            raise
        raise Mismatch(
            "raised an error: its table of words is not initialized",
            "The layer has not seen any text yet: show it the texts before you return it (adapt).",
        ) from None
    if not isinstance(ids, Tensor) or ids.framework != "tensorflow":
        raise Mismatch(f"gave {short(ids)}, expected a tensor of Keras", ITSELF)
    expected = np.array(expected)
    why = "Every row has exactly `length` ids, in any batch: tell the layer when you make it."
    shape(ids, expected.shape, what="ids", why=why)
    values = np.asarray(ids)
    why = (
        "Ids: 0 padding, 1 unknown, then words by their frequency in the texts (each counts, also "
        "one that comes twice), cleaned (lower case, punctuation dropped) and split by Keras."
    )
    if seen:
        why = f"The layer was made from {short(seen)}. {why}"
    if np.all(values[expected > 0] == 1) and np.any(expected > 1):
        why = (
            "Every word is unknown: has the layer seen the texts (adapt), and is Keras's cleaning "
            "on (lower case, punctuation dropped)?"
        )
    equal(values, expected, what="ids", why=why)
    dtype(ids, "int", what="ids", why="Ids are whole numbers.")


CATS = ["the cat sat", "the cat", "the"]

OWN = (
    "Every layer has a vocabulary of its own: what is made later changes nothing in an earlier one."
)


def hold_laws(student, rng):
    """Expect what holds for every exercise; a layer is no result that `Laws` could compare."""
    words = rng.permutation(["sea", "gull", "wind"]).tolist()
    texts = [" ".join([words[2], words[1], words[1]]), words[0], words[0], words[0]]
    kept = student.keep(texts)
    with advising(BY_NAME, "TypeError"):
        layer = student.text_vectorizer(length=30, texts=kept, max_tokens=1300)
    compare_vectorized(layer, texts[:1], [[4, 3, 3, *[0] * 27]])
    equal(student.fetch(kept), texts, what="texts", why=CHANGED.format(name="texts"))
    large = [*(f"w{i}" for i in range(1200)), words[2], words[2]]
    other = student.text_vectorizer(large, 1300, 30)
    compare_vectorized(other, [" ".join([words[2]] * 29)], [[*[2] * 29, 0]])
    why = SIZED.format(size="1201 different words in 1202 texts, and room for 1300")
    equal(len(vocabulary(other)), 1203, what="entries of the vocabulary", why=why)
    equal(vocabulary(layer), ["", "[UNK]", *words], what="the vocabulary", why=OWN)
    with advising(ITSELF, ""):  # whatever it raised: a TextVectorization can be asked all this
        layer.set_vocabulary([words[1]])
    compare_vectorized(layer, texts[:1], [[1, 2, 2, *[0] * 27]])


@check(points=0.25, seconds=KERAS_SECONDS)
def test_numbers_texts(student):
    """numbers words by frequency, 1 for words it does not know"""
    seen = ["the the ca't sa_t", "The (cat)", "the"]
    layer = student.text_vectorizer(seen, 10, 3)
    compare_vectorized(layer, ["the\tcat  sat", "sat the bird"], [[2, 3, 4], [4, 2, 1]], seen)
    compare_vectorized(layer, ["The CAT!", "sat."], [[2, 3, 0], [4, 0, 0]])


@check(points=0.25, seconds=KERAS_SECONDS)
def test_every_row_is_as_long(student):
    """cuts long texts and fills short ones to the length"""
    layer = student.text_vectorizer(CATS, 10, 3)
    compare_vectorized(layer, ["the cat sat the cat", "cat"], [[2, 3, 4], [3, 0, 0]])
    compare_vectorized(layer, ["cat"], [[3, 0, 0]])
    compare_vectorized(layer, [""], [[0, 0, 0]])
    compare_vectorized(layer, ["the cat sat the cat"], [[2, 3, 4]])


VOCABULARY = (
    "max_tokens bounds the vocabulary, padding '' and '[UNK]' counted: the rarest words drop out."
)


def vocabulary(layer):
    """Return the words of a layer."""
    return plain_list(as_layer(layer).get_vocabulary(), "the vocabulary")


@check(points=0.25, seconds=KERAS_SECONDS)
def test_keeps_the_commonest_words(student):
    """keeps no more than max_tokens entries, the commonest words"""
    layer = student.text_vectorizer(CATS, 4, 3)
    equal(vocabulary(layer), ["", "[UNK]", "the", "cat"], what="the vocabulary", why=VOCABULARY)
    compare_vectorized(layer, ["The cat sat on the mat!", "cat"], [[2, 3, 1], [3, 0, 0]])


@check(points=0.25, seconds=KERAS_SECONDS)
def test_keeps_the_laws(student, rng):
    """keeps the laws, and is the layer of Keras"""
    hold_laws(student, rng)
