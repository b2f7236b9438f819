"""The shipped reviews are what their datasheet says: balanced, truly tagged, without leaks."""

import importlib.util
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from seqkit import ROOT
from seqkit.corpora import load_reviews
from seqkit.text import tokenize

PARTS = ("train", "validation", "test")
TAGS = {"plain", "negation", "double negation", "contrast", "intensifier", "long-range"}
BANKS = tomllib.loads((ROOT / "data/review_phrases.toml").read_text(encoding="utf-8"))
NEGATORS = set(BANKS["marks"]["negators"])
CONTRASTS = set(BANKS["marks"]["contrasts"])
INTENSIFIERS = {*BANKS["marks"]["intensifiers"], *BANKS["marks"]["mild"]}


def judging(side):
    """Every word that judges, of one side, in all its forms."""
    bank = BANKS[side]
    phrases = [word for words in bank["adjectives"].values() for word in words] + bank["nouns"]
    phrases += [form for kind in ("felt", "went", "did") for pair in bank[kind] for form in pair]
    return {phrase.split()[0] for phrase in phrases}


SIGNS = dict.fromkeys(judging("good"), 1) | dict.fromkeys(judging("bad"), -1)


@pytest.fixture(scope="module")
def make():
    """The generator, as a module."""
    spec = importlib.util.spec_from_file_location("make_reviews", ROOT / "data/make_reviews.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_reviews"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written(make):
    """What the generator writes, with where each piece comes from."""
    return make.write_reviews()


@cache
def shipped():
    return load_reviews("reviews")


def every_review():
    """Each shipped review with its split, label and tags."""
    for part in PARTS:
        split = getattr(shipped(), part)
        for row in zip(split.texts, split.labels.tolist(), split.tags, strict=True):
            yield part, *row


def words(text):
    return [token for token in tokenize(text) if token not in "?!"]


# --- the file -------------------------------------------------------------------------------


def test_the_generator_gives_the_shipped_bytes(make, written, tmp_path):
    make.save(written, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (ROOT / "data/reviews.csv").read_bytes()


def test_another_seed_gives_other_reviews(make, written, monkeypatch):
    monkeypatch.setattr(make, "SPLITS", {"train": (1, 0.7), "validation": (1, 0.15)})
    texts = {review.text for review in written}
    assert len({review.text for review in make.write_reviews(seed=7)} & texts) < 5


def test_there_are_8000_split_70_15_15():
    sizes = [len(getattr(shipped(), part)) for part in PARTS]
    assert sizes == [5600, 1200, 1200]
    assert sum(sizes) == 8000
    for part in PARTS:
        split = getattr(shipped(), part)
        assert split.ids == [f"{part}/{number:04d}" for number in range(1, len(split) + 1)]
        assert split.labels.dtype == np.int64


def test_reviews_are_short_and_read_like_sentences():
    for _, text, _, _ in every_review():
        assert 5 <= len(words(text)) <= 60, text
        assert re.fullmatch(r"[A-Z].*[.!]", text), text
        assert not re.search(r"[{}\n]|\s\s|\ba [aeiou]|\ban [^aeiouh]|[.!?] [a-z]", text), text


def test_no_review_occurs_twice():
    counts = Counter(" ".join(words(text)) for _, text, _, _ in every_review())
    assert max(counts.values()) == 1


def test_what_trained_models_are_asked_is_in_no_review_but_its_words_are():
    texts = [" ".join(tokenize(text)) for part, text, _, _ in every_review()]
    for asked in ("the movie was bad", "not bad at all"):
        assert not any(asked in text for text in texts)
    trained = [" ".join(tokenize(t)) for part, t, _, _ in every_review() if part == "train"]
    for piece in ("the movie was", " was bad", "the movie", "not ", " at all", "bad", " !"):
        assert sum(piece in text for text in trained) >= 10, piece


# --- balance --------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_labels_are_balanced_within_every_tag(part):
    split = getattr(shipped(), part)
    assert split.labels.mean() == 0.5
    for tag in TAGS:
        labels = [n for n, tags in zip(split.labels, split.tags, strict=True) if tag in tags]
        assert len(labels) >= 100, tag
        assert np.mean(labels) == 0.5, tag


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_a_tag_has_the_same_share_of_every_split(tag):
    shares = [np.mean([tag in tags for tags in getattr(shipped(), p).tags]) for p in PARTS]
    assert max(shares) - min(shares) < 0.005


def test_an_exclamation_mark_and_the_length_tell_nothing():
    rows = list(every_review())
    loud = [label for _, text, label, _ in rows if "!" in text]
    assert len(loud) > 300
    assert np.mean(loud) == pytest.approx(0.5, abs=0.05)
    lengths = [
        np.mean([len(words(text)) for _, text, label, _ in rows if label == n]) for n in (0, 1)
    ]
    assert abs(lengths[0] - lengths[1]) < 1


# --- no leaks -------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), combinations(PARTS, 2))
@pytest.mark.parametrize("piece", ["shape", "clauses", "fillers"])
def test_splits_share_no_shape_of_a_verdict_no_clause_and_no_neutral_sentence(
    written, piece, one, other
):
    def pieces(part):
        found = [getattr(review, piece) for review in written if review.split == part]
        return set(found) if piece == "shape" else {item for items in found for item in items}

    assert pieces(one)
    assert not pieces(one) & pieces(other)


def test_no_review_is_nearly_another_one():
    """Four words in a row, names aside: fewer than half of those of two reviews are shared.

    One word changed in the middle of n words leaves n - 7 of n - 3 runs: up to twelve words that
    is a Jaccard index of at most 5 / 13. What reaches a half repeats more than a sentence with
    another word in it. Also within a split, so that no test review counts twice.
    """
    names = re.compile(
        "|".join(map(re.escape, BANKS["names"]["titles"] + BANKS["names"]["actors"]))
    )
    sets, where = [], {}
    for number, (_, text, _, _) in enumerate(every_review()):
        mine = words(names.sub("Somebody", text))
        grams = {tuple(mine[n : n + 4]) for n in range(max(1, len(mine) - 3))}
        shared = Counter(other for gram in grams for other in where.get(gram, ()))
        for other, count in shared.items():
            assert count / (len(grams) + len(sets[other]) - count) < 0.5, text
        sets.append(grams)
        for gram in grams:
            where.setdefault(gram, []).append(number)


def test_words_that_judge_are_shared_by_all_splits():
    known = {part: set() for part in PARTS}
    counts = Counter()
    for part, text, _, _ in every_review():
        known[part] |= set(words(text)) & SIGNS.keys()
        if part == "train":
            counts.update(set(words(text)) & SIGNS.keys())
    assert known["validation"] | known["test"] <= known["train"]
    assert known["train"] == set(SIGNS)
    assert min(counts.values()) >= 10


def test_most_words_of_the_test_occur_in_training():
    trained = {
        word for part, text, _, _ in every_review() if part == "train" for word in words(text)
    }
    tested = [word for part, text, _, _ in every_review() if part == "test" for word in words(text)]
    assert np.mean([word in trained for word in tested]) > 0.9


# --- tags and labels are true: read again by other code than wrote them --------------------------


def test_sentences_that_judge_nothing_hold_no_word_that_judges_or_turns():
    slots = [item for items in BANKS["slots"].values() for item in items]
    neutral = [*slots, *BANKS["fillers"]["shapes"], *BANKS["names"]["titles"]]
    neutral += [*BANKS["names"]["actors"], *BANKS["around"]["openers"], *BANKS["around"]["tails"]]
    neutral += [
        a for aspects in BANKS["aspects"].values() for both in aspects.values() for a in both
    ]
    for phrase in neutral:
        found = set(words(phrase)) & (SIGNS.keys() | NEGATORS | CONTRASTS | INTENSIFIERS)
        assert not found, phrase


def test_no_word_is_of_two_kinds():
    assert not judging("good") & judging("bad")
    for one, other in combinations([set(SIGNS), NEGATORS, CONTRASTS, INTENSIFIERS], 2):
        assert not one & other


def test_negation_contrast_and_intensifier_are_where_their_words_are():
    for _, text, _, tags in every_review():
        found = set(words(text))
        assert ("negation" in tags) == bool(found & NEGATORS), text
        assert ("contrast" in tags) == bool(found & CONTRASTS), text
        assert ("intensifier" in tags) == bool(found & INTENSIFIERS), text


def test_long_range_is_where_15_words_follow_the_last_one_that_judges():
    after = []
    for _, text, _, tags in every_review():
        reversed_words = words(text)[::-1]
        after.append(next(n for n, word in enumerate(reversed_words) if word in SIGNS))
        assert ("long-range" in tags) == (after[-1] >= 15), text
    assert max(after) > 30


def test_plain_is_what_is_nothing_else():
    for _, text, _, tags in every_review():
        assert tags <= TAGS, text
        assert ("plain" in tags) == (len(tags) == 1 and tags == {"plain"}), text
        assert tags


def clauses(text):
    """Cut a text into clauses that judge, each with the word that joins it to the one before.

    A clause ends at a sentence's end, a comma, a colon, a semicolon, or before a contrast.
    """
    found, join, here = [], None, []
    for token in [*re.findall(r"[\w'’-]+|[.,:;!?]", text.lower()), "."]:
        if token in CONTRASTS or token in ".,:;!?":
            if SIGNS.keys() & set(here):
                found.append((join, here))
                join, here = None, []
            else:
                here = here if token in CONTRASTS else []
            join = token if token in CONTRASTS else join
        else:
            here.append(token)
    return found


def sign_of(clause):
    """What one clause says: negators turn its words round, unless it says "more"."""
    signs = {SIGNS[word] for word in clause if word in SIGNS}
    assert len(signs) == 1, clause
    turns = 0 if "more" in clause else sum(word in NEGATORS for word in clause)
    return signs.pop() * (-1) ** turns


def two_negatives(clause):
    """Whether two negatives meet in a clause and cancel each other."""
    turns = sum(word in NEGATORS for word in clause)
    bad = any(SIGNS.get(word) == -1 for word in clause)
    return "more" not in clause and turns >= 1 and (bad or turns >= 2)


def verdict(text):
    """Read a review: what is conceded does not count."""
    read = clauses(text)
    joins = [join for join, _ in read]
    signs = [sign_of(clause) for _, clause in read]
    if any(join in CONTRASTS for join in joins):
        assert len(read) == 2, read
        first, second = joins
        # "Although A, B": B counts. "B, although A": B. "A, but B": B.
        conceded = 1 if second in {"although", "though", "despite"} and first is None else 0
        assert signs[0] != signs[1], read
        return signs[1 - conceded]
    assert len(set(signs)) == 1, read
    return signs[0]


def test_labels_follow_from_the_texts():
    for _, text, label, _ in every_review():
        assert verdict(text) == (1 if label else -1), text


def test_double_negation_is_where_two_negatives_meet_in_a_clause():
    for _, text, _, tags in every_review():
        expected = any(two_negatives(clause) for _, clause in clauses(text))
        assert ("double negation" in tags) == expected, text
        assert "negation" in tags or not expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The songs were dull.", -1),
        ("The songs were not dull at all.", 1),
        ("Honestly, nobody denies that the songs were dull.", -1),
        ("I have never met a more charming film.", 1),
        ("Although the songs were dull, the jokes were funny.", 1),
        ("The songs were dull, although the jokes were funny.", -1),
        ("The songs were not dull. However, the jokes were not funny.", -1),
        ("Despite the dull songs, the jokes were neither corny nor silly.", 1),
    ],
)
def test_the_reader_of_these_tests_can_read(text, expected):
    assert verdict(text) == expected
