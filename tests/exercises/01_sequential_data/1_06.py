"""Checks of exercise 1.6: A vocabulary."""

import numpy as np

from seqkit.checking.diagnosis import accepting, plain_list
from seqkit.checking.expect import Mismatch, equal, naming, raises
from seqkit.checking.student import short
from seqkit.course import Rules, check

rules = Rules(
    defines=("Vocab",),
    forbids=(
        "seqkit.text.Vocab",
        "seqkit.text.CharVocab",
    ),
    numpy=True,
)


def encoded(vocab, tokens, what):
    """Return what a vocabulary makes of tokens."""
    ids = plain_list(vocab.encode(tokens), what)
    for number in ids:
        if not isinstance(number, int | np.integer) or isinstance(number, bool):
            raise Mismatch(
                f"gave {what} with {short(number)}, expected a list of int",
                "An id is a whole number, an int: it is a place in a list.",
            )
    return ids


def why_ids(got, expected):
    """Guess what went wrong with ids."""
    if len(got) == len(expected) and all(isinstance(i, int) for i in got):
        differences = {a - b for a, b in zip(got, expected, strict=True)}
        if differences == {-2}:
            return "It looks like counting starts at 0: ids 0 and 1 belong to <pad> and <unk>."
        if differences == {-1}:
            return "It looks like one of the special tokens has no id: <pad> is 0, <unk> is 1."
        if sorted(got) == sorted(expected):
            return (
                "The ids are in another order: the most frequent token first, and among equally "
                "frequent ones the alphabet decides."
            )
        if any(a == 0 and b == 1 for a, b in zip(got, expected, strict=True)):
            return "A token without an id is unknown, id 1; id 0 is padding, no word at all."
    return "Ids: 0 <pad>, 1 <unk>, then the tokens seen at least min_freq times, by frequency."


@check(points=0.5)
def test_ranks_by_frequency(student):
    """numbers tokens by frequency, after <pad> and <unk>"""
    vocab = student.Vocab(["dog", "the", "cat", "the", "cat", "the"])
    got = encoded(vocab, ["cat", "dog", "the", "cat"], "an encoding")
    text = "In the text of this vocabulary `the` occurs three times, `cat` twice, `dog` once. "
    equal(got, [3, 4, 2, 3], what="ids", why=text + why_ids(got, [3, 4, 2, 3]))
    equal(len(vocab), 5, what="len", why=text + "len counts every id, <pad> and <unk> too.")


@check(points=0.25)
def test_breaks_ties_by_the_alphabet(student):
    """breaks ties by the alphabet, so that every run gives the same ids"""
    vocab = student.Vocab(["pear", "fig", "apple", "zoo", "apple", "pear"])
    words = ["zoo", "pear", "fig", "apple"]
    got = encoded(vocab, words, "an encoding")
    equal(
        got,
        [5, 3, 4, 2],
        what="ids of zoo, pear, fig, apple",
        why="apple and pear occur twice, fig and zoo once: among equals the alphabet decides, not "
        "the order of appearance, and not that of a set, which changes between runs.",
    )


@check(points=0.5)
def test_rare_and_new_tokens_are_unknown(student):
    """gives rare and new tokens the id of <unk>"""
    vocab = student.Vocab(["a", "b", "a", "c", "a", "b"], min_freq=2)
    text = "`a` occurs three times, `b` twice, `c` once, and min_freq is 2. "
    why = text + "`b` stays too: min_freq is the smallest count that is kept."
    equal(len(vocab), 4, what="len", why=why)
    with accepting(text + "A token without an id is unknown, id 1."):
        got = encoded(vocab, ["a", "b", "c", "new"], "an encoding")
    equal(got, [2, 3, 1, 1], what="ids", why=text + why_ids(got, [2, 3, 1, 1]))


OUTSIDE = (
    "An id from 0 to len - 1 has a token; any other is an IndexError that names it. A list takes "
    "-1 for its last entry without a word."
)


@check(points=0.25)
def test_decodes(student):
    """turns ids back into tokens and refuses ids that it never gave"""
    vocab = student.Vocab(["the", "cat", "the", "dog"])
    equal(
        plain_list(vocab.decode([3, 4, 0, 2, 1]), "a decoding"),
        ["cat", "dog", "<pad>", "the", "<unk>"],
        what="tokens",
        why="In the text of this vocabulary `the` occurs twice, `cat` and `dog` once. decode looks "
        "up what encode numbers; 0 is <pad> and 1 is <unk>.",
    )
    for outside in (5, -1):
        with raises(IndexError, why=OUTSIDE), naming((outside,), why=OUTSIDE):
            vocab.decode([2, outside])
