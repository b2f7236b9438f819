"""Checks of exercise 1.8: bug hunt: who is number 0?."""

import numpy as np

from seqkit.checking.diagnosis import as_array, parts_of, plain_list
from seqkit.checking.expect import Mismatch, dtype, equal, shape
from seqkit.checking.student import short
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
    words = list(dict.fromkeys(word for row in rows for word in row))
    longest = max([len(row) for row in rows], default=0)
    ids = [[words.index(word) + 1 for word in row] + [0] * (longest - len(row)) for row in rows]
    return (
        np.array(ids, dtype=np.int64).reshape(len(rows), longest),
        {word: number for number, word in enumerate(words, start=1)},
    )


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


def compare_encoded(student, sentences):
    """Call encode_sentences and compare both results."""
    got = parts_of(student.encode_sentences(sentences), "ids", "word_index")
    ids, word_index = as_array(got[0], "ids"), as_index(got[1])
    expected_ids, expected_index = encode_by_hand(sentences)
    why = why_encoded(ids, word_index, expected_ids, expected_index)
    shape(ids, expected_ids.shape, what="ids", why=why)
    equal(ids, expected_ids, what="ids", why=why)
    equal(word_index, expected_index, what="word_index", why=why)
    dtype(ids, "int64", what="ids", why="ids has to be int64.")


@check(points=0.5)
def test_no_word_is_padding(student):
    """keeps id 0 for padding alone"""
    compare_encoded(student, ["hello world", "this is a sentence"])
    compare_encoded(student, ["world hello", "world"])


@check(points=0.5)
def test_one_id_a_word(student):
    """gives a word one id, wherever it stands"""
    compare_encoded(student, ["the cat saw the dog", "the dog ran"])
    compare_encoded(student, ["Oh no", "", "no, no"])
