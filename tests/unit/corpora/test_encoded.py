"""Reviews as ids: numbered by the training part, kept in the data home, made anew when in doubt."""

import os

import numpy as np
import pytest

from seqkit.corpora import encoded as module
from seqkit.corpora import load_encoded, load_reviews
from seqkit.corpora import reviews as reviews_module
from seqkit.text import Vocab, tokenize

REVIEWS = {
    "train/neg/0_2": "Dull, dull!",
    "train/neg/1_1": "A dull hour",
    "train/pos/0_9": "A bright hour<br />a bright film",
    "train/pos/1_10": "",
    "test/neg/0_3": "dull ships",
    "test/neg/1_2": "an hour",
    "test/pos/0_8": "bright bright",
    "test/pos/1_8": "A film?",
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A data home with an aclImdb of eight reviews."""
    monkeypatch.setenv("SEQKIT_DATA", str(tmp_path))
    monkeypatch.setattr(reviews_module, "REVIEWS_PER_FOLDER", 2)
    counted = {
        part: sum(len(text) for name, text in REVIEWS.items() if name.startswith(part))
        for part in ("train", "test")
    }
    monkeypatch.setattr(reviews_module, "CHARACTERS", counted)
    for name, text in REVIEWS.items():
        path = tmp_path / f"aclImdb/{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def tokenised(monkeypatch):
    """What has been tokenised, text by text."""
    seen = []

    def counted(text):
        seen.append(text)
        return tokenize(text)

    monkeypatch.setattr(module, "tokenize", counted)
    return seen


def assert_right(encoded):
    assert encoded.vocab.tokens == [
        "<pad>", "<unk>", "a", "dull", "bright", "hour", "!", "film"
    ]  # fmt: skip
    assert [ids.tolist() for ids in encoded.train.sequences] == [
        [3, 3, 6], [2, 3, 5], [2, 4, 5, 2, 4, 7], []
    ]  # fmt: skip
    assert [ids.tolist() for ids in encoded.test.sequences] == [[3, 1], [1, 5], [4, 4], [2, 7, 1]]
    for part in ("train", "test"):
        split = getattr(encoded, part)
        assert {ids.dtype for ids in split.sequences} == {np.dtype(np.int64)}
        assert split.labels.tolist() == [0, 0, 1, 1]
        assert split.labels.dtype == np.int64
        assert split.ids == [name for name in REVIEWS if name.startswith(part)]
        assert split.tags is None
        assert len(split) == 4
    assert encoded.validation is None


def test_the_first_load_and_the_second_give_the_same(home, tokenised):
    assert_right(load_encoded("imdb"))
    assert len(tokenised) == 8
    assert_right(load_encoded("imdb"))
    assert len(tokenised) == 8
    assert sorted(path.name for path in home.iterdir()) == ["aclImdb", "imdb_tokens.npz"]


def test_what_is_kept_needs_no_pickle(home):
    load_encoded("imdb")
    with np.load(home / "imdb_tokens.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iu" for name in arrays)


def test_a_smaller_vocabulary_is_the_beginning_of_the_whole_one(home, tokenised):
    for _ in range(2):  # freshly made, then from the file
        small = load_encoded("imdb", max_size=5)
        assert small.vocab.tokens == ["<pad>", "<unk>", "a", "dull", "bright"]
        assert small.vocab.encode(["bright", "hour"]) == [4, 1]
        assert small.train.sequences[1].tolist() == [2, 3, 1]
        assert small.test.sequences[3].tolist() == [2, 1, 1]
    assert_right(load_encoded("imdb", max_size=99))
    assert len(tokenised) == 8


def test_arrays_are_the_callers_own(home):
    load_encoded("imdb").train.sequences[0][:] = 7
    spoilt = load_encoded("imdb")
    spoilt.train.sequences[0][:] = 7
    spoilt.test.labels[:] = 7
    assert_right(load_encoded("imdb"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b"dull", b"mull"),
        lambda raw: b"something else",
    ],
)
def test_a_damaged_file_is_made_anew(home, tokenised, damage):
    load_encoded("imdb")
    path = home / "imdb_tokens.npz"
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert_right(load_encoded("imdb"))
    assert len(tokenised) == 16
    assert_right(load_encoded("imdb"))
    assert len(tokenised) == 16


def test_no_damaged_byte_is_taken_for_a_word_or_a_label(home):
    load_encoded("imdb")
    path = home / "imdb_tokens.npz"
    whole = path.read_bytes()
    key = module._fingerprint(home / "aclImdb")
    right = module._read(path, key)
    for place in range(0, len(whole), 11):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        read = module._read(path, key)
        if read is not None:  # the byte was one that nobody reads, such as a date
            assert read.vocab.tokens == right.vocab.tokens
            for part in ("train", "test"):
                kept, found = getattr(right, part), getattr(read, part)
                assert [ids.tolist() for ids in found.sequences] == [
                    ids.tolist() for ids in kept.sequences
                ]
                assert (found.ids, found.labels.tolist()) == (kept.ids, kept.labels.tolist())


def test_other_reviews_are_tokenised_again(home, tokenised):
    load_encoded("imdb")
    path = home / "aclImdb/test/pos/0_8.txt"
    path.write_text("film   fffilm")  # as many characters as before
    load_encoded("imdb")
    assert len(tokenised) == 16


def test_reviews_changed_without_another_size_are_noticed_by_their_time(home, tokenised):
    load_encoded("imdb")
    path = home / "aclImdb/test/pos/0_8.txt"
    path.write_text("bright BRIGHT")
    os.utime(path, (1, 1))
    load_encoded("imdb")
    assert len(tokenised) == 16


def test_another_tokeniser_tokenises_again(home, tokenised, monkeypatch, tmp_path_factory):
    load_encoded("imdb")
    other = tmp_path_factory.mktemp("other") / "text.py"
    other.write_text("# splits words in another way")
    monkeypatch.setattr(module.text, "__file__", str(other))
    load_encoded("imdb")
    assert len(tokenised) == 16


def test_an_interruption_while_writing_leaves_nothing_half_done(home, monkeypatch):
    load_encoded("imdb")
    before = (home / "imdb_tokens.npz").read_bytes()
    savez = np.savez

    def interrupted(path, **arrays):
        savez(path, **arrays)
        path.write_bytes(path.read_bytes()[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "FORMAT", 2)
    monkeypatch.setattr(module.np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_encoded("imdb")
    assert sorted(path.name for path in home.iterdir()) == ["aclImdb", "imdb_tokens.npz"]
    assert (home / "imdb_tokens.npz").read_bytes() == before
    monkeypatch.setattr(module.np, "savez", savez)
    assert_right(load_encoded("imdb"))


def test_a_home_that_cannot_be_written_costs_time_only(home, monkeypatch):
    def full(path, **arrays):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.np, "savez", full)
    with pytest.warns(UserWarning, match=r"cannot keep the tokens .*No space left.*next load"):
        assert_right(load_encoded("imdb"))


def test_the_shipped_reviews_have_all_their_splits_and_tags(monkeypatch, tmp_path):
    monkeypatch.setenv("SEQKIT_DATA", str(tmp_path / "none"))
    encoded, plain = load_encoded("reviews"), load_reviews("reviews")
    words = {token for text in plain.train.texts for token in tokenize(text)}
    assert set(encoded.vocab.tokens) == words | {"<pad>", "<unk>"}
    for part in ("train", "validation", "test"):
        split, texts = getattr(encoded, part), getattr(plain, part)
        assert split.tags == texts.tags
        assert split.ids == texts.ids
        assert split.labels.tolist() == texts.labels.tolist()
        known = [t if t in words else "<unk>" for t in tokenize(texts.texts[0])]
        assert encoded.vocab.decode(split.sequences[0]) == known
    assert not (tmp_path / "none").exists()


def test_a_vocabulary_made_again_is_the_same():
    vocab = Vocab(["sea", "the", "sea"])
    again = Vocab.from_ranked(vocab.tokens)
    assert again.tokens == vocab.tokens
    assert again.encode(["the", "sky"]) == vocab.encode(["the", "sky"])


def test_refuses_a_vocabulary_without_room_and_unknown_sets():
    with pytest.raises(ValueError, match="max_size must be at least 2, got 1"):
        load_encoded("reviews", max_size=1)
    with pytest.raises(ValueError, match=r"unknown reviews 'books': choose"):
        load_encoded("books")
