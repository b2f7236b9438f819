"""Hidden checks of exercise 1.6: A vocabulary."""

import numpy as np
from hypothesis import strategies as st

from seqkit.checking.diagnosis import plain_list
from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal
from seqkit.course import check, generated

from ..ex_1_06 import SPECIAL, encoded, hold_laws, refuses_to_decode, why_ids


def ranked_tokens(tokens, min_freq):
    """List the token of each id, count by count."""
    words = [token for token in tokens if token not in ("<pad>", "<unk>")]
    table = ["<pad>", "<unk>"]
    for count in range(len(words), min_freq - 1, -1):
        table += sorted(token for token in set(words) if words.count(token) == count)
    return table


WORDS = st.sampled_from(["a", "b", "B", "ab", "é", "10", "9", "it's", "!", "zebra", "Zoo"])


@check(points=0.75)
@generated(st.tuples(st.lists(WORDS, max_size=25), st.integers(1, 4)), examples=25)
def test_numbers_any_text(student, case):
    """numbers any text, whatever min_freq is"""
    tokens, min_freq = case
    table = ranked_tokens(tokens, min_freq)
    vocab = student.Vocab(tokens, min_freq=min_freq)
    words = sorted({*tokens, "never seen"})  # in an order that tells nothing of their ids
    got = encoded(vocab, words, "an encoding")
    expected = [table.index(word) if word in table else 1 for word in words]
    equal(got, expected, what="ids", why=why_ids(got, expected))
    equal(
        len(vocab),
        len(table),
        what="len",
        why="len counts <pad>, <unk> and every token seen at least min_freq times.",
    )
    equal(
        plain_list(vocab.decode([1, 0]), "a decoding"),
        ["<unk>", "<pad>"],
        what="tokens",
        why="0 is <pad> and 1 is <unk>, whatever the text.",
    )


@check(points=0.5)
def test_there_and_back(student, rng):
    """comes back from encode through decode, with <unk> for what it does not know"""
    bank = np.array(["sea", "gull", "wind", "sail", "rope", "deck", "mast", "fog"])
    tokens = rng.choice(bank[:6], size=40).tolist()
    vocab = student.Vocab(tokens)
    known = set(tokens)
    text = rng.choice(bank, size=15).tolist()
    ids = encoded(vocab, text, "an encoding")
    equal(encoded(vocab, [], "an encoding"), [], what="ids", why="Nothing encodes to nothing.")
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
            with refuses_to_decode(told, numbers):
                vocab.decode(numbers)
        else:
            got = plain_list(vocab.decode(numbers), "a decoding")
            equal(got, expected, what="tokens", why=told)


@check(points=0.25)
def test_special_tokens_in_the_text(student, rng):
    """keeps ids 0 and 1 for <pad> and <unk> when a text contains them, and keeps the laws"""
    hold_laws(student, rng)
    tokens = ["<pad>"] * 4 + ["<unk>"] * 5 + ["sea"] * 3 + ["fog"] * 2
    rng.shuffle(tokens)
    for text, min_freq, words in [(tokens, 1, 2), (tokens, 3, 1), (["<pad>", "<unk>"], 1, 0)]:
        vocab = student.Vocab(text, min_freq)
        equal(len(vocab), words + 2, what="len", why=SPECIAL)
        equal(encoded(vocab, ["<unk>", "<pad>"], "an encoding"), [1, 0], what="ids", why=SPECIAL)
        got = encoded(vocab, ["sea", "fog"], "an encoding")
        equal(got, [[1, 1], [2, 1], [2, 3]][words], what="ids", why=SPECIAL)
