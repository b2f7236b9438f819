"""Hidden checks of exercise 1.6: A vocabulary."""

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.diagnosis import plain_list
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal
from seqkit.course import check, generated

from ..ex_1_06 import ANY, OUTSIDE, SPECIAL, compare_ids, hold_laws, make
from ..oracle import refused


def ranked_tokens(tokens, min_freq):
    """List the token of each id, count by count."""
    words = [token for token in tokens if token not in ("<pad>", "<unk>")]
    table = ["<pad>", "<unk>"]
    for count in range(len(words), min_freq - 1, -1):
        table += sorted(token for token in set(words) if words.count(token) == count)
    return table


WORDS = st.sampled_from(
    ["a", " a", "", "B", "é", "10", "9", "it's", "<pad>", "<unk>", "<b>", "Zoo", "a b"]
)


@check(points=0.75)
@generated(st.tuples(st.lists(WORDS, max_size=25), st.integers(1, 4)), examples=25)
def test_numbers_any_text(student, case):
    """numbers any text, whatever min_freq is"""
    tokens, min_freq = case
    table = ranked_tokens(tokens, min_freq)
    vocab = make(student, tokens, min_freq=min_freq)
    words = sorted({*tokens, "never seen"})  # in an order that tells nothing of their ids
    expected = [table.index(word) if word in table else 1 for word in words]
    compare_ids(vocab, words, expected, SPECIAL + ANY)
    why = "len counts <pad>, <unk> and every token seen at least min_freq times."
    equal(len(vocab), len(table), what="len", why=why)
    back = plain_list(vocab.decode([1, 0]), "a decoding")
    equal(back, ["<unk>", "<pad>"], what="tokens", why="0 is <pad> and 1 is <unk>, always.")


@check(points=0.5)
def test_there_and_back(student, rng):
    """comes back from encode through decode, with <unk> for what it does not know"""
    bank = np.array(["sea", "gull", "wind", "sail", "rope", "deck", "mast", "fog"])
    tokens = rng.choice(bank[:6], size=40).tolist()
    vocab = make(student, tokens)
    known = set(tokens)
    text = rng.choice(bank, size=15).tolist()
    ids = plain_list(vocab.encode(text), "an encoding")
    compare_ids(vocab, [], [], "Nothing encodes to nothing. ")
    size, table = len(known) + 2, ranked_tokens(tokens, 1)
    back = [token if token in known else "<unk>" for token in text]
    why = "decode(encode(text)) is the text, with '<unk>' in the place of unknown tokens."
    calls = [
        (ids, back, why),
        (np.array(ids), back, why),
        ([size - 1], table[-1:], "The last id has a token: len - 1."),
        (list(range(size)), table, "decode(range(len)) lists the token of each id."),
    ]
    for outside in (size, size + int(rng.integers(1, 999)), -1, -size, -size - 1):
        calls += [(bad, None, outside) for bad in ([outside], [0, outside], [outside, 0])]
    for numbers, expected, told in shuffled(rng, calls):
        if expected is None:
            refused(vocab.decode, numbers, error=IndexError, names=[told], why=OUTSIDE)
        else:
            got = plain_list(vocab.decode(numbers), "a decoding")
            equal(got, expected, what="tokens", why=told)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, with other tokens"""
    hold_laws(student, rng)
