"""Word vectors from neighbours: words of the same places point the same way."""

import numpy as np
import pytest
import torch

from seqkit.models import word_vectors
from seqkit.models.vectors import _attraction, _near


def texts(*rows):
    """Return texts as arrays."""
    return [np.array(row) for row in rows]


def test_pairs_are_counted_by_distance_within_a_text():
    pairs, weights = _near(texts([1, 2, 3], [3, 1]), vocab_size=4, window=2)
    found = {divmod(int(pair), 4): weight for pair, weight in zip(pairs, weights, strict=True)}
    assert found == {(1, 2): 1.0, (2, 3): 1.0, (1, 3): 0.5, (3, 1): 1.0}


def test_padding_is_nobodys_neighbour():
    pairs, _ = _near(texts([1, 2, 0, 0], [0, 3, 1]), vocab_size=4, window=3)
    assert {divmod(int(pair), 4) for pair in pairs} == {(1, 2), (3, 1)}


def test_attraction_is_positive_mutual_information():
    sequences = texts([1, 2, 1], [3, 4], [2, 3])
    matrix, turned = (m.to_dense() for m in _attraction(*_near(sequences, 5, 1), 5))
    counts = torch.zeros(5, 5)
    for one, other in ((1, 2), (2, 1), (3, 4), (2, 3)):
        counts[one, other] += 1
        counts[other, one] += 1
    share = counts.sum(1) ** 0.75 / (counts.sum(1) ** 0.75).sum()
    wanted = torch.log(counts / counts.sum(1, keepdim=True) / share).clamp(min=0).nan_to_num()
    torch.testing.assert_close(matrix, wanted)
    torch.testing.assert_close(turned, wanted.T)


def test_words_of_the_same_places_are_alike_and_others_are_not():
    rng = np.random.default_rng(0)
    good, bad, things = (1, 2), (3, 4), (5, 6)
    rows = []
    for _ in range(300):
        kind = int(rng.integers(2))
        before, after = (7, 8) if kind else (9, 10)
        rows.append([before, rng.choice((good, bad)[kind]), after, rng.choice(things)])
    vectors = word_vectors(texts(*rows), vocab_size=11, size=6)
    alike = torch.cosine_similarity(vectors[:, None], vectors, dim=2)
    assert alike[1, 2] > 0.95
    assert alike[3, 4] > 0.95
    assert alike[1, 3] < 0.5


def test_the_largest_singular_vectors_are_kept():
    rng = np.random.default_rng(1)
    sequences = [rng.integers(1, 20, 30) for _ in range(9)]
    matrix = _attraction(*_near(sequences, 20, 5), 20)[0].to_dense()
    left, values, _ = torch.linalg.svd(matrix)
    wanted = (left * values.sqrt())[:, :5]
    vectors = word_vectors(sequences, vocab_size=20, size=5)
    # Vectors have no direction of their own: what words have in common is the same.
    torch.testing.assert_close(
        vectors @ vectors.T, wanted @ wanted.T / wanted.square().mean(), atol=1e-4, rtol=1e-4
    )


def test_size_and_scale():
    vectors = word_vectors(texts([1, 2, 3, 1, 3]), vocab_size=6, size=3)
    assert vectors.shape == (6, 3)
    assert vectors.square().mean() == pytest.approx(1)
    assert not vectors[[0, 4, 5]].any()  # padding, and words that stand nowhere


def test_one_word_alone_has_a_vector_of_zeros():
    assert not word_vectors(texts([1, 1, 1]), vocab_size=3, size=2).any()


def test_the_same_seed_gives_the_same_vectors():
    sequences = texts([1, 2, 3, 4], [4, 3, 1, 2])
    assert torch.equal(word_vectors(sequences, 5, 2), word_vectors(sequences, 5, 2))


def test_wrong_sizes_and_ids_are_errors():
    with pytest.raises(ValueError, match="size 9, vocab_size 5"):
        word_vectors(texts([1, 2]), vocab_size=5, size=9)
    with pytest.raises(ValueError, match="ids must lie between 0 and 4, got 1 to 7"):
        word_vectors(texts([1, 7]), vocab_size=5, size=2)
    with pytest.raises(ValueError, match="two words beside each other, got none"):
        word_vectors(texts([1], [2]), vocab_size=5, size=2)
