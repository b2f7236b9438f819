"""Checks of exercise 1.6: A vocabulary."""

from contextlib import contextmanager

import numpy as np

from seqkit.checking.diagnosis import accepting, advising, plain_list
from seqkit.checking.expect import Mismatch, equal, naming, raises
from seqkit.checking.laws import BY_NAME, CHANGED, SIZED
from seqkit.checking.portable import portable
from seqkit.checking.written import short
from seqkit.course import Rules, check

rules = Rules(
    defines=("Vocab",),
    forbids=("seqkit.text.Vocab", "seqkit.text.CharVocab"),
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


OWN = "Every vocabulary has ids of its own: what is made later changes nothing in an earlier one."


@portable
def one_by_one(tokens):
    return iter(tokens)


def hold_laws(student, rng):
    """Expect what holds for every exercise; a vocabulary is no function that `Laws` could call."""
    words = rng.permutation(["sea", "gull", "wind", "sail", "rope"]).tolist()
    tokens = [word for i, word in enumerate(words) for _ in range(len(words) - i)]
    with accepting("tokens is an iterable of str, also one that can be read once."):
        vocab = student.Vocab(student.keep(one_by_one)(tokens))
    ids = encoded(vocab, words, "an encoding")
    equal(ids, [2, 3, 4, 5, 6], what="ids", why=why_ids(ids, [2, 3, 4, 5, 6]))
    kept = student.keep(tokens)
    with advising(BY_NAME, "TypeError"):
        other = student.Vocab(min_freq=2, tokens=kept)
    equal(student.fetch(kept), tokens, what="tokens", why=CHANGED.format(name="tokens"))
    equal(len(other), 6, what="len", why="min_freq is the smallest count that is kept.")
    asked, numbers = student.keep(words[::-1]), student.keep(np.array([6, 2]))
    ids = encoded(other, asked, "an encoding")
    equal(ids, [1, 5, 4, 3, 2], what="ids", why=why_ids(ids, [1, 5, 4, 3, 2]))
    with advising(OWN, "IndexError"):
        back = plain_list(vocab.decode(numbers), "a decoding")
    equal(back, [words[4], words[0]], what="tokens", why=OWN)
    equal(student.fetch(asked), words[::-1], what="tokens", why=CHANGED.format(name="tokens"))
    equal(student.fetch(numbers), np.array([6, 2]), what="ids", why=CHANGED.format(name="ids"))
    large = student.Vocab([f"w{i:04}" for i in range(1200)])
    why = SIZED.format(size="the text has 1200 different tokens")
    equal(len(large), 1202, what="len", why=why)
    equal(encoded(large, ["w1199", "w0000"], "an encoding"), [1201, 2], what="ids", why=why)
    equal(encoded(vocab, words, "an encoding"), [2, 3, 4, 5, 6], what="ids", why=OWN)
    equal(len(vocab), 7, what="len", why=OWN)


@check(points=0.25)
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
    vocab = student.Vocab(["pear", "fig", "apple", "Zoo", "apple", "pear"])
    words = ["fig", "pear", "Zoo", "apple"]
    got = encoded(vocab, words, "an encoding")
    equal(
        got,
        [5, 3, 4, 2],
        what="ids of fig, pear, Zoo, apple",
        why="apple and pear occur twice, fig and Zoo once: among equals the alphabet decides, as "
        "Python sorts strings (capitals come first), not the order of appearance, and not that "
        "of a set, which changes between runs.",
    )


@check(points=0.25)
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


@contextmanager
def refuses_to_decode(outside, ids):
    """Expect an IndexError that names the id outside; it may show them all."""
    with raises(IndexError, why=OUTSIDE), naming((outside,), beside=ids, why=OUTSIDE):
        yield


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
        with refuses_to_decode(outside, [2, outside]):
            vocab.decode([2, outside])


SPECIAL = "'<pad>' and '<unk>' keep ids 0 and 1 and get no second id, however often they occur."


@check(points=0.25)
def test_special_tokens(student):
    """knows <pad> and <unk>, in a text and without one"""
    vocab = student.Vocab(["<unk>", "<pad>", "sea", "<pad>"])
    equal(len(vocab), 3, what="len", why=SPECIAL)
    ids = encoded(vocab, ["<pad>", "sea", "<unk>"], "an encoding")
    equal(ids, [0, 2, 1], what="ids", why=SPECIAL)
    empty = student.Vocab([])
    equal(len(empty), 2, what="len", why="A vocabulary of no text has <pad> and <unk>.")
    equal(encoded(empty, ["<unk>", "<pad>"], "an encoding"), [1, 0], what="ids", why=SPECIAL)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    hold_laws(student, rng)
