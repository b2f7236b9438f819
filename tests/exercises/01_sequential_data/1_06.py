"""Checks of exercise 1.6: A vocabulary."""

import numpy as np

from seqkit.checking.diagnosis import accepting, advising, plain_list
from seqkit.checking.expect import Mismatch, equal
from seqkit.checking.laws import BY_NAME, CHANGED, SIZED
from seqkit.checking.portable import portable
from seqkit.checking.written import short
from seqkit.course import Rules, check

from .oracle import refused

FORBIDDEN = ("seqkit.text.Vocab", "seqkit.text.CharVocab")
rules = Rules(defines=("Vocab",), forbids=FORBIDDEN, numpy=True)


def make(student, *arguments, **options):
    """Make a vocabulary; it stays a handle, even where its class is a kind of list or dict."""
    return student.kept("Vocab", *arguments, **options)


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


def compare_ids(vocab, tokens, right, why=""):
    """Compare what a vocabulary makes of tokens; ``why`` comes before what it looks like."""
    ids = plain_list(vocab.encode(tokens), "an encoding")
    for number in ids:
        if not isinstance(number, int | np.integer) or isinstance(number, bool):
            raise Mismatch(
                f"gave an encoding with {short(number)}, expected a list of int",
                "An id is a whole number, an int: it is a place in a list.",
            )
    equal(ids, right, what="ids", why=why + why_ids(ids, right))


OWN = "Every vocabulary has ids of its own: what is made later changes nothing in an earlier one. "
ANY = (
    "Tokens come from any iterable, also one that can be read once, and each is taken as it is: "
    "'', ' sea' and 'sea' are three. "
)


@portable
def one_by_one(tokens):
    return iter(tokens)


def hold_laws(student, rng):
    """Expect what holds for every exercise; a vocabulary is no function that `Laws` could call."""
    words = rng.permutation(["sea", " sea", "", "<sea>", "\u00e9", "e\u0301"]).tolist()
    tokens = [word for i, word in enumerate(words) for _ in range(len(words) - i)]
    with accepting(ANY):
        vocab = make(student, student.keep(one_by_one)(tokens))
    compare_ids(vocab, words, [2, 3, 4, 5, 6, 7], ANY)
    kept = student.keep(tokens)
    with advising(BY_NAME, "TypeError"):
        other = make(student, min_freq=2, tokens=kept)
    equal(student.fetch(kept), tokens, what="tokens", why=CHANGED.format(name="tokens"))
    asked, numbers = student.keep(words[::-1]), student.keep(np.array([7, 2]))
    compare_ids(other, asked, [1, 6, 5, 4, 3, 2])
    why = "min_freq is the smallest count that is kept, and encode adds no token."
    equal(len(other), 7, what="len", why=why)
    with advising(OWN, "IndexError"):
        back = plain_list(vocab.decode(numbers), "a decoding")
    equal(back, [words[5], words[0]], what="tokens", why=OWN)
    equal(student.fetch(asked), words[::-1], what="tokens", why=CHANGED.format(name="tokens"))
    equal(student.fetch(numbers), np.array([7, 2]), what="ids", why=CHANGED.format(name="ids"))
    large = make(student, [f"w{i:05}" for i in range(12_000)] + ["w07"] * 1200 + ["w03"] * 1100)
    why = SIZED.format(size="12002 different tokens, two of them more than 1000 times. ")
    equal(len(large), 12_004, what="len", why=why)
    compare_ids(large, ["w07", "w03", "w00000", "w11999"], [2, 3, 4, 12_003], why)
    compare_ids(vocab, words, [2, 3, 4, 5, 6, 7], OWN)
    equal(len(vocab), 8, what="len", why=OWN)


@check(points=0.25)
def test_ranks_by_frequency(student):
    """numbers tokens by frequency, after <pad> and <unk>"""
    vocab = make(student, ["dog", "the", "cat", "the", "cat", "the"])
    text = "In the text of this vocabulary `the` occurs three times, `cat` twice, `dog` once. "
    compare_ids(vocab, ["cat", "dog", "the", "cat"], [3, 4, 2, 3], text)
    equal(len(vocab), 5, what="len", why=text + "len counts every id, <pad> and <unk> too.")


@check(points=0.25)
def test_breaks_ties_by_the_alphabet(student):
    """breaks ties by the alphabet, so that every run gives the same ids"""
    vocab = make(student, ["pear", "fig", "apple", "Zoo", "apple", "pear"])
    why = (
        "apple and pear occur twice, fig and Zoo once: among equals the alphabet decides, as "
        "Python sorts strings (capitals come first), not the order of appearance, and not that "
        "of a set, which changes between runs. "
    )
    compare_ids(vocab, ["fig", "pear", "Zoo", "apple"], [5, 3, 4, 2], why)


@check(points=0.25)
def test_rare_and_new_tokens_are_unknown(student):
    """gives rare and new tokens the id of <unk>"""
    vocab = make(student, ["a", "b", "a", "c", "a", "b"], min_freq=2)
    text = "`a` occurs three times, `b` twice, `c` once, and min_freq is 2. "
    why = text + "`b` stays too: min_freq is the smallest count that is kept."
    equal(len(vocab), 4, what="len", why=why)
    with accepting(text + "A token without an id is unknown, id 1."):
        compare_ids(vocab, ["a", "b", "c", "new"], [2, 3, 1, 1], text)


OUTSIDE = (
    "An id from 0 to len - 1 has a token; any other is an IndexError that names it. A list takes "
    "-1 for its last entry without a word."
)


@check(points=0.25)
def test_decodes(student):
    """turns ids back into tokens and refuses ids that it never gave"""
    vocab = make(student, ["the", "cat", "the", "dog"])
    why = (
        "In the text of this vocabulary `the` occurs twice, `cat` and `dog` once. decode looks up "
        "what encode numbers; 0 is <pad> and 1 is <unk>."
    )
    back = plain_list(vocab.decode([3, 4, 0, 2, 1]), "a decoding")
    equal(back, ["cat", "dog", "<pad>", "the", "<unk>"], what="tokens", why=why)
    for outside in (5, -1, 2**32):
        refused(vocab.decode, [2, outside], error=IndexError, names=[outside], why=OUTSIDE)


SPECIAL = "'<pad>' and '<unk>' keep ids 0 and 1 and get no second id, however often they occur. "


@check(points=0.25)
def test_special_tokens(student):
    """knows <pad> and <unk>, in a text and without one"""
    vocab = make(student, ["<unk>", "<pad>", "sea", "<pad>"])
    equal(len(vocab), 3, what="len", why=SPECIAL)
    compare_ids(vocab, ["<pad>", "sea", "<unk>"], [0, 2, 1], SPECIAL)
    empty = make(student, [])
    equal(len(empty), 2, what="len", why="A vocabulary of no text has <pad> and <unk>.")
    compare_ids(empty, ["<unk>", "<pad>"], [1, 0], SPECIAL)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    hold_laws(student, rng)
