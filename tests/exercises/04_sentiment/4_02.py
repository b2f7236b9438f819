"""Checks of exercise 4.2: bug hunt: the numbering of a data set."""

import re
import string

from seqkit.checking.diagnosis import plain_list, suspected
from seqkit.checking.expect import equal, raises
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

rules = Rules(defines=("encode_review",))

FILTERS = string.punctuation.replace("'", "") + "\t\n"


def words_by_hand(text, lower=str.lower):
    """Cut a text where Keras cut it."""
    return [word for word in re.split(f"[ {re.escape(FILTERS)}]", lower(text)) if word]


def encoded_by_hand(text, word_index, num_words, split=words_by_hand, shift=3, start=(1,), more=0):
    """Encode a review, right or with a mistake in it."""
    ranks = [word_index.get(word) for word in split(text)]
    limit = num_words - shift + more
    return [*start, *(2 if rank is None or rank >= limit else rank + shift for rank in ranks)]


SUSPECTS = (
    (
        "the ranks themselves came back: 0, 1 and 2 are taken, a known word is its rank + 3.",
        {"shift": 0},
    ),
    ("the start is missing: every review begins with 1.", {"start": ()}),
    (
        "the rank was compared with num_words: the shifted number has to be below it.",
        {"more": 3},
    ),
    ("a number may be num_words: all have to be below it.", {"more": 1}),
    ("upper case stays.", {"split": lambda t: words_by_hand(t, str)}),
    (
        "empty strings between two spaces became 2: they are no words.",
        {"split": lambda t: re.split(f"[ {re.escape(FILTERS)}]", t.lower())},
    ),
    (
        "the text was split as in 4.1: here apostrophes stay where they are, and `br` is a word.",
        {"split": lambda t: re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", t.lower())},
    ),
    (
        "apostrophes were dropped, or words cut at them: they are not among the filters.",
        {"split": lambda t: words_by_hand(t.replace("'", " "))},
    ),
    (
        "the text was cut at every blank there is: Keras cuts at the space alone, split(' ').",
        {"split": lambda t: [part for word in words_by_hand(t) for part in word.split()]},
    ),
)
OTHERWISE = (
    "First 1; then for each word its rank + 3 if that is below num_words, and 2 if it is not, or "
    "if the index lacks the word. The text in lower case, each of the filters a space, cut at "
    "spaces."
)


def compare_encoded(got, *arguments):
    """Compare the numbers of a review with those that come out."""
    found, expected = plain_list(got, "the numbers"), encoded_by_hand(*arguments)
    slips = [
        message
        for message, slip in SUSPECTS
        if found != expected and encoded_by_hand(*arguments, **slip) == found
    ]
    equal(got, expected, what="the numbers", why=suspected(slips, OTHERWISE))


def call(student, text, word_index, num_words, kept=None):
    """Call encode_review and compare what comes back."""
    got = student.encode_review(text, kept or word_index, num_words)
    compare_encoded(got, text, word_index, num_words)


REMEMBERED = "The same index with other ranks in it is another index: look at it at every call."
ONE_STRING = (
    "The text is one string; a list of texts, or anything else, is a TypeError. Otherwise a list "
    "would be read word for word, or a string letter by letter, without a complaint."
)


def refuse(student, text):
    """Expect a TypeError."""
    with raises(TypeError, why=ONE_STRING):
        student.encode_review(text, {"the": 1, "movie": 2, "bad": 3}, 100)


WORDS = ("the", "didn't", "'tis", "'", "br", "7", "10", "écran", "it’s", "bad…", "a\u00a0b", "c\rd")


def draw(rng, words, vocabulary):
    """Draw a review, an index of words that are easily cut in a wrong way, and a limit."""
    bank = [f"{word}{i or ''}" for i in range(vocabulary // len(WORDS) + 1) for word in WORDS]
    bank = rng.permutation(bank).tolist()
    ranks = 1 + rng.permutation(vocabulary + vocabulary // 3)  # some are missing
    ranks = dict(zip(bank, ranks[:vocabulary].tolist(), strict=False))
    chosen = [word.upper() if rng.random() < 0.3 else word for word in rng.choice(bank, size=words)]
    between = rng.choice([*FILTERS, " ", " ", "<br /><br />"], size=words)
    text = "".join(map("".join, zip(chosen, between, strict=True)))
    limit = int(rng.integers(max(4, vocabulary // 2), vocabulary + 5))
    return {"text": text, "word_index": ranks, "num_words": limit}


laws = Laws(
    "encode_review",
    draw,
    encoded_by_hand,
    parts=("the numbers",),
    large={"words": 1100, "vocabulary": 1100},
    compare=compare_encoded,
    without=("layouts",),
)


def hold_laws(student, rng):
    """Expect every law, also of an index in which words get other ranks."""
    laws.hold(student, rng)
    text, ranks, limit = draw(rng, 6, 9).values()
    kept, others = student.keep(ranks), dict(zip(ranks, [*ranks.values()][::-1], strict=True))
    call(student, text, ranks, limit, kept)
    for word, rank in others.items():
        student.assign(kept, word, rank)
    got = student.encode_review(text, kept, limit)
    equal(got, encoded_by_hand(text, others, limit), what="the numbers", why=REMEMBERED)


@check(points=0.25)
def test_shifts_ranks(student):
    """begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown"""
    ranks = {"the": 1, "movie": 2, "bad": 3, "was": 4}
    call(student, "the movie", ranks, 100)
    call(student, "the movie is bad", ranks, 100)
    for num_words in (6, 7, 8, 5, 4):
        call(student, "the movie was bad", ranks, num_words)
    call(student, "", ranks, 100)
    call(student, "the movie was bad", {"movie": 5, "the": 2, "bad": 96, "was": 97}, 100)


@check(points=0.25)
def test_splits_as_keras_did(student):
    """splits the text as Keras split it"""
    ranks = {"the": 1, "bad": 2, "didn't": 3, "'tis": 4, "br": 5, "didn": 6, "t": 7, "good": 8}
    ranks |= {"bad…": 9, "the\u00a0bad": 10, "tis": 11, "!": 12}
    call(student, "The BAD,  good!", ranks, 100)
    call(student, "'Tis bad, didn't the... <br /><br />good", ranks, 100)
    call(student, "bad".join(["", *FILTERS, ""]), ranks, 100)
    call(student, "bad… the\u00a0bad bad\r", ranks, 100)
    call(student, "?! \n", ranks, 100)


@check(points=0.25)
def test_takes_one_string(student):
    """refuses what is not one string"""
    for text in (["the movie was bad"], ["the", "movie"], [], ("the",), b"the", None, 3):
        refuse(student, text)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    hold_laws(student, rng)
