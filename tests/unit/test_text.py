"""Tokens, vocabularies and padding."""

import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.text import CharVocab, Vocab, pad_batch, tokenize

SIDES = st.sampled_from(["left", "right"])
IDS = st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Sea", ["the", "sea"]),
        ("good<br />film<br>ends<BR/>here", ["good", "film", "ends", "here"]),
        ("don't 'quote' rock'n'roll dogs'", ["don't", "quote", "rock'n'roll", "dogs"]),
        ("don’t", ["don't"]),
        ("What?! No...", ["what", "?", "!", "no"]),
        ("_really_ 10/10, well-made", ["really", "10", "10", "well", "made"]),
        ("Un café À la carte", ["un", "café", "à", "la", "carte"]),
        ("İstanbul'da", ["i\u0307stanbul'da"]),  # its small i keeps the dot as a mark
        ("u\u0308ber U\u0308BER über", ["über", "über", "über"]),
        ("हिन्दी फ़िल्म", ["हिन्दी", "फ़िल्म"]),
        ("क्\u200dष می\u200cخواهم", ["क्\u200dष", "می\u200cخواهم"]),
        ("ผู้กำกับ ดี!", ["ผู้กำกับ", "ดี", "!"]),
        ("q\u0307\u0323uiet'q\u0307s", ["q\u0323\u0307uiet'q\u0307s"]),
        ("\u0301 alone \u0308", ["alone"]),
        ("a < b", ["a", "b"]),
        ("", []),
    ],
)
def test_tokenize(text, expected):
    assert tokenize(text) == expected


def test_tokenize_refuses_a_list():
    with pytest.raises(TypeError, match=r"one string, got list.*once for each"):
        tokenize(["a", "b"])


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=127)))
def test_plain_english_is_cut_like_any_other_text(text):
    assert tokenize(text) == tokenize(text + " ü")[:-1]


def test_no_mark_of_unicode_tears_a_word():
    marks = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] == "M"]
    words = [unicodedata.normalize("NFC", f"x{mark}x") for mark in marks]
    assert tokenize(" ".join(words)) == words


@settings(deadline=None)
@given(st.text())
def test_tokenizing_joined_tokens_changes_nothing(text):
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


def test_vocab_orders_by_frequency_then_alphabet():
    vocab = Vocab(["b", "a", "c", "b", "c", "d"])
    assert vocab.tokens == ["<pad>", "<unk>", "b", "c", "a", "d"]


def test_vocab_order_does_not_depend_on_the_order_of_the_text():
    assert Vocab(["x", "y", "z", "y"]).tokens == Vocab(["z", "y", "y", "x"]).tokens


def test_vocab_encodes_unknown_words_as_one():
    vocab = Vocab(["sea"])
    assert vocab.encode(["sea", "moon"]) == [2, 1]
    assert "moon" not in vocab
    assert "sea" in vocab


def test_min_freq_and_max_size_leave_rare_words_out():
    tokens = ["a", "a", "a", "b", "b", "c"]
    assert Vocab(tokens, min_freq=2).tokens[2:] == ["a", "b"]
    assert Vocab(tokens, max_size=3).tokens == ["<pad>", "<unk>", "a"]
    assert len(Vocab(tokens, max_size=99)) == 5


def test_special_tokens_in_the_text_get_no_second_id():
    vocab = Vocab(["<pad>", "<unk>", "<unk>", "sea"])
    assert vocab.tokens == ["<pad>", "<unk>", "sea"]
    assert vocab.encode(["<pad>", "<unk>"]) == [0, 1]


def test_empty_vocab_knows_the_special_tokens_only():
    assert len(Vocab([])) == 2
    assert Vocab([]).encode(["anything"]) == [1]


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdef"), min_size=1))
def test_vocab_decodes_what_it_encodes(tokens):
    vocab = Vocab(tokens)
    assert vocab.decode(vocab.encode(tokens)) == tokens
    assert vocab.decode(np.array(vocab.encode(tokens))) == tokens


def test_vocab_refuses_a_string_that_would_be_read_letter_by_letter():
    with pytest.raises(TypeError, match="letter by letter: tokenize it first"):
        Vocab("the movie was bad!")
    with pytest.raises(TypeError, match="letter by letter"):
        Vocab(["bad"]).encode("bad")


def test_vocab_refuses_sentences():
    with pytest.raises(TypeError, match="got list at index 0: join the sentences"):
        Vocab([["the", "sea"]])


@pytest.mark.parametrize("number", [-1, 3])
def test_vocab_names_an_id_it_does_not_have(number):
    with pytest.raises(IndexError, match=f"between 0 and 2, got {number} at index 1"):
        Vocab(["sea"]).decode([2, number])


def test_vocab_refuses_ids_that_are_no_integers():
    with pytest.raises(TypeError):
        Vocab(["sea"]).decode([1.5])


@pytest.mark.parametrize(
    ("settings", "message"), [({"min_freq": 0}, "min_freq.*0"), ({"max_size": 1}, "max_size.*1")]
)
def test_vocab_refuses_impossible_sizes(settings, message):
    with pytest.raises(ValueError, match=message):
        Vocab(["sea"], **settings)


def test_char_vocab_is_sorted_and_the_same_in_every_run():
    assert CharVocab("banana!").characters == ["!", "a", "b", "n"]


@settings(deadline=None)
@given(st.text(min_size=1))
def test_char_vocab_decodes_what_it_encodes(text):
    vocab = CharVocab(text)
    ids = vocab.encode(text)
    assert ids.dtype == np.int64
    assert ids.shape == (len(text),)
    assert vocab.decode(ids) == text


def test_char_vocab_names_the_unknown_character_and_its_place():
    with pytest.raises(KeyError, match=r"'z' at position 2 .* 3 characters"):
        CharVocab("abc").encode("abz")


def test_char_vocab_refuses_ids_out_of_range():
    with pytest.raises(IndexError, match="got -1 at index 0"):
        CharVocab("abc").decode([-1])


def test_char_vocab_counts_and_contains():
    vocab = CharVocab("hello")
    assert len(vocab) == 4
    assert "h" in vocab
    assert "z" not in vocab
    assert vocab.encode("").shape == (0,)


def test_pad_batch_pads_right_by_default():
    ids, mask, lengths = pad_batch([[4, 2], [7]])
    assert ids.tolist() == [[4, 2], [7, 0]]
    assert mask.tolist() == [[True, True], [True, False]]
    assert lengths.tolist() == [2, 1]
    assert (ids.dtype, mask.dtype, lengths.dtype) == (np.int64, np.bool_, np.int64)


@pytest.mark.parametrize(
    ("pad", "truncate", "expected"),
    [
        ("right", "right", [[1, 2], [4, 9]]),
        ("right", "left", [[2, 3], [4, 9]]),
        ("left", "right", [[1, 2], [9, 4]]),
        ("left", "left", [[2, 3], [9, 4]]),
    ],
)
def test_pad_batch_sides(pad, truncate, expected):
    ids, _, lengths = pad_batch([[1, 2, 3], [4]], pad, truncate, max_len=2, value=9)
    assert ids.tolist() == expected
    assert lengths.tolist() == [2, 1]


def test_max_len_is_a_limit_not_a_length():
    assert pad_batch([[1, 2]], max_len=5)[0].shape == (1, 2)


def test_pad_batch_of_empty_sequences():
    ids, mask, lengths = pad_batch([[], [3]])
    assert ids.tolist() == [[0], [3]]
    assert mask.tolist() == [[False], [True]]
    assert lengths.tolist() == [0, 1]
    assert pad_batch([[]])[0].shape == (1, 0)
    assert pad_batch([])[0].shape == (0, 0)


def test_mask_is_about_places_not_about_the_padding_id():
    assert pad_batch([[0, 0], [5]])[1].tolist() == [[True, True], [True, False]]


@settings(deadline=None)
@given(IDS, SIDES, SIDES, st.one_of(st.none(), st.integers(1, 7)))
def test_what_the_mask_shows_is_what_was_kept(sequences, pad, truncate, max_len):
    ids, mask, lengths = pad_batch(sequences, pad, truncate, max_len, value=-1)
    assert (ids[~mask] == -1).all()
    for row, real, length, sequence in zip(ids, mask, lengths, sequences, strict=True):
        kept = len(sequence) if max_len is None else min(len(sequence), max_len)
        expected = sequence[:kept] if truncate == "right" else sequence[len(sequence) - kept :]
        assert row[real].tolist() == expected
        assert length == kept


def test_pad_batch_takes_arrays_and_leaves_them_alone():
    source = np.array([3, 4], dtype=np.int32)
    ids, _, _ = pad_batch([source, (5,)])
    ids[0, 0] = 99
    assert source.tolist() == [3, 4]


@pytest.mark.parametrize("side", ["pad", "truncate"])
def test_pad_batch_names_an_unknown_side(side):
    with pytest.raises(ValueError, match=f"{side} must be 'left' or 'right', got 'middle'"):
        pad_batch([[1]], **{side: "middle"})


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, 2],), TypeError, "0 dimensions at index 0"),
        (([["sea"]],), TypeError, "encode words"),
        (([[1], [0.5]],), TypeError, "float64 at index 1"),
        (([[1]], "right", "right", 0), ValueError, "max_len must be at least 1, got 0"),
    ],
)
def test_pad_batch_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        pad_batch(*arguments)


def test_importing_loads_no_framework():
    code = "import seqkit.text, seqkit.batches, seqkit.corpora, sys; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"torch", "tensorflow", "keras", "pooch", "requests"} & set(modules)
