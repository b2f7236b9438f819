"""Checks of exercise 4.1: from text to tokens."""

import re

from seqkit.checking.diagnosis import plain_list, suspected
from seqkit.checking.expect import equal
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

rules = Rules(defines=("tokenize",), forbids=("seqkit.text.tokenize",))


def tokens_by_hand(text, between=" ", lower=str.lower, curly="'", letters="", ends=False):
    """Go through a text letter by letter, right or with a mistake in it."""
    text = re.sub("<br>|<br/>|<br />", between, text, flags=re.IGNORECASE).replace("’", curly)
    tokens, word, around = [], "", f" {lower(text)} "
    for before, char, after in zip(around, around[1:], around[2:] + " ", strict=False):
        between_letters = ends or (before.isalnum() and after.isalnum())
        if char.isalnum() or char in letters or (char == "'" and between_letters):
            word += char
            continue
        tokens += [word] if word else []
        tokens += [char] if char in "!?" else []
        word = ""
    return tokens


SUSPECTS = (
    ("upper case stays: `text.lower()`.", lambda t: tokens_by_hand(t, lower=str)),
    (
        "a line break was deleted: put a space in its place, or its neighbours become one word.",
        lambda t: tokens_by_hand(t, between=""),
    ),
    (
        "the underscore was taken for a letter, as `\\w` does: `[^\\W_]`.",
        lambda t: tokens_by_hand(t, letters="_"),
    ),
    ("’ was not taken for an apostrophe.", lambda t: tokens_by_hand(t, curly=" ")),
    (
        "apostrophes at the ends of words stay: one belongs to a word between two letters alone.",
        lambda t: tokens_by_hand(t, ends=True),
    ),
    (
        "words are cut at the apostrophe: it belongs to the word between two letters (didn't).",
        lambda t: tokens_by_hand(t.replace("'", " "), curly=" "),
    ),
    (
        "! and ? are missing: each is a token of its own.",
        lambda t: [token for token in tokens_by_hand(t) if token not in "!?"],
    ),
    (
        "the text was cut at blanks alone: `good.` and `good` are the same word.",
        lambda t: t.lower().split(),
    ),
)
OTHERWISE = (
    "Lower case; every <br>, <br/>, <br /> and <Br /> a space, no other tag; then words, which are "
    "letters of any alphabet, digits, and the apostrophes between these; and each ! and ?, and "
    "nothing else."
)


def compare_tokens(got, text):
    """Compare tokens with those that come out."""
    expected = tokens_by_hand(text)
    found = plain_list(got, "the tokens")
    slips = [message for message, slip in SUSPECTS if found != expected and slip(text) == found]
    equal(got, expected, what="the tokens", why=suspected(slips, OTHERWISE))


def call(student, *texts):
    """Call tokenize with each text and compare what comes back."""
    for text in texts:
        compare_tokens(student.tokenize(text), text)


PIECES = (
    "Good", "didn't", "'tis", "dogs'", "It’s", "‘so’", "rock'n'roll", "_really_", "<i>not</i>",
    "10", "7'5", "Écran", "кино", "映画", "Straße", "m²", "don''t",
    "&amp;", "<br x>", "!", "?", "?!", "!!!", "&", "(1999)", "...", "”", "BR",
)  # fmt: skip
BREAKS = ("<br />", "<br>", "<br/>", "<BR />", "<Br>", " ", "\n", "\t", ", ", " - ")


def draw(rng, words):
    """Draw a text of pieces that are easily read in a wrong way."""
    pieces = rng.choice(PIECES, size=words).tolist()
    between = rng.choice(BREAKS, size=words).tolist()
    return {"text": "".join(map("".join, zip(pieces, between, strict=True)))}


laws = Laws(
    "tokenize",
    draw,
    tokens_by_hand,
    parts=("the tokens",),
    large={"words": 1100},
    compare=compare_tokens,
    without=("layouts",),
)


@check(points=0.25)
def test_words_and_marks(student):
    """splits a review into lower-case words, `!` and `?`; a line break separates"""
    call(
        student,
        "good film.",
        "Very GOOD",
        "Good.<br />Bad<br>so<br/>so<BR />the<Br>end",
        "really?! No!!!",
        "_really_ snake_case (2 of 10) -- a <b>br</b> <br x> &amp;",
        "Écran кино 映画 7Up Straße m²",
        "I didn't like it...<br /><br />Did YOU?!",
        "",
        " ... <br />",
    )


@check(points=0.25)
def test_apostrophes(student, rng):
    """keeps apostrophes inside words alone, ’ as '; and keeps the laws"""
    call(
        student, "didn't", "'tis the dogs' 'best'", "It’s ‘so’ rock'n'roll’", "' 7'5 '' _'_ don''t"
    )
    laws.hold(student, rng)
