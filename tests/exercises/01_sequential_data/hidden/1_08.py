"""Hidden checks of exercise 1.8: bug hunt: who is number 0?."""

from seqkit.checking.diagnosis import as_array, parts_of
from seqkit.checking.expect import Mismatch, equal, shape
from seqkit.course import check

from ..ex_1_08 import as_index, encode, laws


def random_sentences(rng):
    """Draw sentences with repeated words, some of them differing by case or a comma."""
    bank = ["the", "The", "sea,", "sea", "gull", "rose", "Rose", "and", "fell.", "fell", "0", "1"]
    sizes = rng.integers(0, 8, size=int(rng.integers(2, 7))).tolist()
    return [" ".join(rng.choice(bank, size=size).tolist()) for size in sizes]


@check(points=0.5)
def test_encodes_any_sentences(student, rng):
    """encodes any sentences, and keeps the laws"""
    for _ in range(8):
        encode(student, random_sentences(rng))
    laws.hold(student, rng)


@check(points=0.5)
def test_sentences_can_be_read_back(student, rng):
    """can be read back: every sentence is recovered from its ids"""
    for _ in range(4):
        sentences = [*random_sentences(rng), "first", "", "first first", "last first"]
        got = parts_of(student.encode_sentences(sentences), "ids", "word_index")
        ids, word_index = as_array(got[0], "ids"), as_index(got[1])
        columns = max(len(sentence.split()) for sentence in sentences)
        shape(ids, (len(sentences), columns), what="ids", why="One row a sentence.")
        words = {number: word for word, number in word_index.items()}
        if 0 in words:
            raise Mismatch("gave a word id 0", "Id 0 belongs to padding alone.")
        read = [
            " ".join(words.get(number, "?") for number in row if number != 0)
            for row in ids.tolist()
        ]
        equal(
            read,
            [" ".join(sentence.split()) for sentence in sentences],
            what="sentences",
            why="With the zeros dropped, the ids of a row are the words of its sentence.",
        )
        equal(
            sorted(words),
            list(range(1, len(words) + 1)),
            what="ids in use",
            why="Ids count from 1 without holes: an embedding has a row for each.",
        )
