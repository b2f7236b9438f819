"""Checks of exercise 1.8: bug hunt: who is number 0?."""

import numpy as np

from seqkit.checking.diagnosis import accepting, as_array, parts_of, plain_list
from seqkit.checking.expect import Mismatch, dtype, equal, shape
from seqkit.checking.laws import Laws
from seqkit.checking.written import short
from seqkit.course import Rules, check

rules = Rules(
    defines=("encode_sentences",),
    forbids=(
        "seqkit.text.Vocab",
        "seqkit.text.pad_batch",
        "keras.layers.TextVectorization",
        "keras.utils.pad_sequences",
        "keras.preprocessing.sequence.pad_sequences",
    ),
    numpy=True,
)


def encode_by_hand(sentences):
    """Number the distinct words from 1 and fill the rows up with 0."""
    rows = [sentence.split() for sentence in sentences]
    words = dict.fromkeys(word for row in rows for word in row)
    numbers = {word: number for number, word in enumerate(words, start=1)}
    longest = max([len(row) for row in rows], default=0)
    ids = [[numbers[word] for word in row] + [0] * (longest - len(row)) for row in rows]
    return np.array(ids, dtype=np.int64).reshape(len(rows), longest), numbers


def why_encoded(ids, word_index, expected_ids, expected_index):
    """Guess what went wrong with encoded sentences."""
    if 0 in word_index.values():
        return "A word has id 0, which belongs to padding: nobody can tell the two apart."
    if word_index.keys() != expected_index.keys():
        return "word_index holds the words as str.split() gives them, case and punctuation kept."
    if len(set(word_index.values())) < len(word_index):
        return "Two words share an id."
    if word_index != expected_index:
        return "Ids count from 1 in the order in which words first appear; a word has one id."
    if ids.shape != expected_ids.shape:
        return "There is a row for each sentence and a column for each word of the longest."
    return "word_index is right, the rows are not: ids in order, then 0 to the end of the row."


def as_index(got):
    """Return a result that has to be a dict from words to ids."""
    if not isinstance(got, dict):
        raise Mismatch(
            f"gave word_index {short(got)}, expected a dict", "word_index is a dict: word to id."
        )
    return dict(
        zip(plain_list(list(got), "words"), plain_list([*got.values()], "ids"), strict=True)
    )


def compare_encoded(got, sentences):
    """Compare the ids of sentences, and the index."""
    got = parts_of(got, "ids", "word_index")
    ids, word_index = as_array(got[0], "ids"), as_index(got[1])
    expected_ids, expected_index = encode_by_hand(sentences)
    why = why_encoded(ids, word_index, expected_ids, expected_index)
    shape(ids, expected_ids.shape, what="ids", why=why)
    equal(ids, expected_ids, what="ids", why=why)
    equal(word_index, expected_index, what="word_index", why=why)
    dtype(ids, "int64", what="ids", why="ids has to be int64.")


def encode(student, sentences):
    """Call encode_sentences and compare what comes back."""
    compare_encoded(student.encode_sentences(sentences), sentences)


def draw(rng, sentences, words):
    """Draw sentences of words that look alike; one has so many different ones."""
    bank = [f"{word}{i or ''}" for i in range(words // 4 + 1) for word in BANK]
    sizes = rng.permutation([words, *rng.integers(1, min(words, 5) + 1, size=sentences - 1)])
    return {"sentences": [" ".join(rng.permutation(bank)[:size].tolist()) for size in sizes]}


BANK = ("sea", "Sea", "sea,", "counterrevolutionary", "counterrevolutions")
laws = Laws(
    "encode_sentences",
    draw,
    encode_by_hand,
    parts=("ids", "word_index"),
    large={"sentences": 20, "words": 1100},
    compare=compare_encoded,
    without=("layouts",),
)


@check(points=0.25)
def test_no_word_is_padding(student):
    """keeps id 0 for padding alone"""
    encode(student, ["hello world", "this is a sentence"])
    encode(student, ["world hello", "world"])


@check(points=0.5)
def test_one_id_a_word(student):
    """gives a word one id, wherever it stands"""
    encode(student, ["the cat saw the dog", "the dog ran"])
    encode(student, ["Oh 0 no", "", "no, no"])
    encode(student, ["  two   blanks ", "blanks\tand\r\ntabs\u00a0two"])
    with accepting("without sentences, or without words, there are zero columns."):
        encode(student, [])
        encode(student, ["", ""])


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
