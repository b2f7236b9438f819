"""Word vectors from which words stand near which: counted, weighed, and cut short, in seconds.

Words that may stand in each other's place ("awful", "terrible") get vectors that point the same
way, before a label was looked at.
"""

from collections.abc import Sequence

import numpy as np
import torch

__all__ = ["word_vectors"]

# A neighbour's chance is flattened by this power, or rare words would seem to attract each other.
FLATTENED = 0.75
# Columns beyond those asked for, and rounds, that make the approximate decomposition a good one.
SPARE = 16
ROUNDS = 3


def word_vectors(
    sequences: Sequence[np.ndarray], vocab_size: int, size: int, window: int = 5, seed: int = 0
) -> torch.Tensor:
    """Return a vector for each word, made of texts without labels.

    Pairs of words at most `window` apart are counted, near ones more (1 / distance). A count
    becomes the logarithm of how much oftener the pair stands together than chance would have it,
    0 where that is negative, and of this matrix the largest singular vectors are kept, each times
    the root of its singular value.

    Parameters
    ----------
    sequences : sequence of N arrays of int
        Texts as ids, 0 being padding, which has no neighbours.
    vocab_size : int
        Words V.
    size : int
        Numbers of a vector D, at most V.
    window : int, default 5
        Largest distance of two neighbours.
    seed : int, default 0
        Of the random start of the decomposition.

    Returns
    -------
    vectors : Tensor, shape (V, D)
        The mean of all their squares is 1; zeros for padding and for words that have no
        neighbours.

    Raises
    ------
    ValueError
        When a size is below 1, `size` is above `vocab_size`, an id is no word of the vocabulary,
        or no two words stand beside each other.

    Notes
    -----
    O. Levy and Y. Goldberg, "Neural word embedding as implicit matrix factorization", 2014;
    O. Levy, Y. Goldberg and I. Dagan, "Improving distributional similarity with lessons learned
    from word embeddings", 2015 (the power 0.75, the root).

    Examples
    --------
    >>> import numpy as np
    >>> texts = [[1, 3, 5], [1, 4, 5], [2, 3, 5], [2, 4, 5], [6, 7], [7, 6]]
    >>> vectors = word_vectors([np.array(text) for text in texts], vocab_size=8, size=4)
    >>> alike = torch.cosine_similarity(vectors[1], vectors)  # 1 and 2 stand in the same places
    >>> int(alike[2:].argmax()) + 2, round(float(alike[2]), 3)
    (2, 1.0)
    """
    if min(size, window, vocab_size) < 1 or size > vocab_size:
        raise ValueError(
            f"window must be at least 1 and size between 1 and vocab_size, got window {window}, "
            f"size {size}, vocab_size {vocab_size}"
        )
    pairs, weights = _near(sequences, vocab_size, window)
    matrix, turned = _attraction(pairs, weights, vocab_size)
    vectors = _largest(matrix, turned, size, seed)
    vectors[matrix.crow_indices().diff() == 0] = 0  # what stands beside nothing
    return vectors / vectors.square().mean().sqrt().clamp(min=1e-12)


def _near(
    sequences: Sequence[np.ndarray], vocab_size: int, window: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of words, as one number each, sorted, and how near and often they stand."""
    nothing = np.zeros(0, dtype=np.int64)
    words = np.concatenate([nothing, *(np.asarray(ids, dtype=np.int64) for ids in sequences)])
    if words.size and not 0 <= words.min() <= words.max() < vocab_size:
        raise ValueError(
            f"ids must lie between 0 and {vocab_size - 1}, got {words.min()} to {words.max()}: "
            "encode texts with a vocabulary of that size"
        )
    texts = np.repeat(np.arange(len(sequences)), [len(ids) for ids in sequences])
    pairs: np.ndarray = nothing
    weights: np.ndarray = np.zeros(0)
    for distance in range(1, window + 1):
        first, second = words[:-distance], words[distance:]
        real = (texts[:-distance] == texts[distance:]) & (first > 0) & (second > 0)
        new, counts = np.unique(first[real] * vocab_size + second[real], return_counts=True)
        both = np.concatenate([pairs, new])
        pairs, places = np.unique(both, return_inverse=True)
        weights = np.bincount(places, np.concatenate([weights, counts / distance]), len(pairs))
    if not len(pairs):
        raise ValueError("sequences must hold two words beside each other, got none")
    return pairs, weights


def _attraction(
    pairs: np.ndarray, weights: np.ndarray, vocab_size: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the matrix (V, V) of positive mutual information, and its transpose."""
    left, right = np.divmod(pairs, vocab_size)
    square = (vocab_size, vocab_size)
    counts = torch.sparse_coo_tensor(
        torch.from_numpy(np.stack([np.r_[left, right], np.r_[right, left]])),
        torch.from_numpy(np.r_[weights, weights]).float(),
        square,
        check_invariants=False,
    ).coalesce()  # a pair counts in either order
    (rows, columns), values = counts.indices(), counts.values()
    totals = torch.zeros(vocab_size).index_add_(0, rows, values)
    chances = totals**FLATTENED / (totals**FLATTENED).sum()
    information = torch.log(values / (totals[rows] * chances[columns])).clamp(min=0)
    matrix = torch.sparse_coo_tensor(
        counts.indices(), information, square, is_coalesced=True, check_invariants=False
    )
    return matrix.to_sparse_csr(), matrix.t().coalesce().to_sparse_csr()


def _largest(matrix: torch.Tensor, turned: torch.Tensor, size: int, seed: int) -> torch.Tensor:
    """Return the left singular vectors of the largest singular values, times their roots.

    By iterating over a random subspace (Halko, Martinsson and Tropp 2011): no dense matrix of
    V · V numbers is made.
    """
    rows = matrix.shape[0]
    generator = torch.Generator().manual_seed(seed)
    basis = torch.randn(rows, min(size + SPARE, rows), generator=generator)
    for _ in range(ROUNDS):
        basis, _ = torch.linalg.qr(matrix @ basis)
        basis, _ = torch.linalg.qr(turned @ basis)
    basis, _ = torch.linalg.qr(matrix @ basis)  # (V, D + SPARE)
    within, values, _ = torch.linalg.svd((turned @ basis).T, full_matrices=False)
    return (basis @ within)[:, :size] * values[:size].sqrt()
