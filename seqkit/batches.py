"""Cuts long or uneven data into batches that keep its order."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from seqkit.text import pad_batch

__all__ = [
    "SequenceBatches",
    "bucketed_batches",
    "make_windows",
    "stream_batches",
    "temporal_split",
]


def make_windows(series: Any, length: int, horizon: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return every window of a series and the values that follow it.

    Both arrays are read-only views into `series`: window i starts one value
    after window i - 1, so a copy would store nearly every value `length` times.

    Parameters
    ----------
    series : array_like, shape (N,)
        Values in order of time.
    length : int
        Values in a window.
    horizon : int, default 1
        Values after it that are to be predicted.

    Returns
    -------
    X : ndarray, shape (N - length - horizon + 1, length)
        The windows.
    y : ndarray, shape (N - length - horizon + 1, horizon)
        What follows each.

    Raises
    ------
    ValueError
        When the series is not one-dimensional or has no room for one window,
        or a size is below 1.

    Examples
    --------
    >>> X, y = make_windows([1.0, 2.0, 3.0, 4.0], length=2)
    >>> X
    array([[1., 2.],
           [2., 3.]])
    >>> y
    array([[3.],
           [4.]])
    """
    _at_least(1, length=length, horizon=horizon)
    values = _one_dimensional(series, "series")
    if len(values) < length + horizon:
        raise ValueError(
            f"series must hold at least length + horizon = {length + horizon} values, "
            f"got {len(values)}: take a shorter window or horizon"
        )
    both = sliding_window_view(values, length + horizon)  # (N - length - horizon + 1, …)
    return both[:, :length], both[:, length:]


def temporal_split(n: int, fractions: Sequence[float], gap: int = 0) -> tuple[slice, slice, slice]:
    """Split n rows that stand in order of time into train, validation and test.

    Boundaries are rounded down. With overlapping windows a gap is needed: the
    last training windows share values with the first ones after the boundary.

    Parameters
    ----------
    n : int
        Number of rows.
    fractions : sequence of three floats
        Shares of the rows; they sum to 1.
    gap : int, default 0
        Rows left out at the start of the validation and of the test part. A
        part shorter than the gap becomes empty.

    Returns
    -------
    train, validation, test : slice
        In order of time, without overlap.

    Raises
    ------
    ValueError
        When there are not three fractions, one is negative, or they do not sum
        to 1; when `n` or `gap` is negative.

    Examples
    --------
    >>> temporal_split(100, (0.7, 0.15, 0.15), gap=5)
    (slice(0, 70, None), slice(75, 85, None), slice(90, 100, None))
    """
    _at_least(0, n=n, gap=gap)
    shares = [float(fraction) for fraction in fractions]
    if len(shares) != 3:
        raise ValueError(
            f"fractions must be three, for train, validation and test, got {len(shares)}: {shares}"
        )
    if any(not 0 <= share <= 1 for share in shares):
        raise ValueError(f"fractions must lie between 0 and 1, got {shares}")
    if abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"fractions must sum to 1, got {shares}, which sum to {sum(shares):g}")

    # In floats 0.29 * 100 is 28.999…, which rounds down to 28: count with the
    # fractions that were meant.
    exact = [Fraction(share).limit_denominator(1_000_000) for share in shares[:2]]
    first = min(math.floor(exact[0] * n), n)
    second = min(math.floor(sum(exact) * n), n)
    return (
        slice(0, first),
        slice(min(first + gap, second), second),
        slice(min(second + gap, n), n),
    )


def stream_batches(
    ids: Any, batch_size: int, length: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Return batches in which each row goes on where it stopped in the batch before.

    The ids are cut into `batch_size` contiguous streams of (N - 1) // batch_size
    ids, one a row; batch k holds steps k·length … (k + 1)·length - 1 of every
    stream, so a recurrent state can be carried over. Steps that do not fill a
    batch at the end of a stream are left out: every batch has the same shape.

    Parameters
    ----------
    ids : array_like, shape (N,)
        One long text as ids.
    batch_size : int
        Number of streams, B.
    length : int
        Steps in a batch, L.

    Returns
    -------
    iterator of (X, Y)
        Read-only views of shape (B, L); Y is X one step later in the text.

    Raises
    ------
    ValueError
        When `ids` is not one-dimensional or too short for one batch, or a size
        is below 1.

    Examples
    --------
    >>> for X, Y in stream_batches(range(9), batch_size=2, length=2):
    ...     print(X.tolist(), Y.tolist())
    [[0, 1], [4, 5]] [[1, 2], [5, 6]]
    [[2, 3], [6, 7]] [[3, 4], [7, 8]]
    """
    _at_least(1, batch_size=batch_size, length=length)
    text = _one_dimensional(ids, "ids")
    steps = (len(text) - 1) // batch_size
    if steps < length:
        raise ValueError(
            f"ids must hold at least batch_size · length + 1 = {batch_size * length + 1} ids, "
            f"got {len(text)}: take fewer or shorter streams"
        )
    text = text.view()
    text.flags.writeable = False
    used = batch_size * steps
    inputs = text[:used].reshape(batch_size, steps)
    targets = text[1 : used + 1].reshape(batch_size, steps)
    starts = range(0, steps - length + 1, length)
    return ((inputs[:, s : s + length], targets[:, s : s + length]) for s in starts)


def bucketed_batches(
    lengths: Any,
    batch_size: int,
    seed: int | np.random.Generator | None = None,
    *,
    pool: int = 50,
) -> Iterator[np.ndarray]:
    """Return batches of examples of similar length, so that little is padded.

    Without a seed the examples come sorted by length, for evaluation. With one
    they are shuffled, sorted within pools of `pool` batches, and the batches
    are shuffled again; a Generator gives another order in every epoch.

    Parameters
    ----------
    lengths : array_like of int, shape (N,)
        Length of each example.
    batch_size : int
        Most examples in a batch, B.
    seed : int or numpy Generator, optional
        Source of the shuffling.
    pool : int, default 50
        Batches whose examples are sorted together: more saves padding, fewer
        mixes better.

    Returns
    -------
    iterator of ndarray of int64, shape (at most B,)
        Indices of the examples; each example occurs exactly once.

    Raises
    ------
    ValueError
        When `lengths` is not one-dimensional or a size is below 1.

    Examples
    --------
    >>> [batch.tolist() for batch in bucketed_batches([5, 1, 4, 2, 9], batch_size=2)]
    [[1, 3], [2, 0], [4]]
    """
    _at_least(1, batch_size=batch_size, pool=pool)
    sizes = _one_dimensional(lengths, "lengths")
    if seed is None:
        order = np.argsort(sizes, kind="stable")
        return (order[s : s + batch_size] for s in range(0, len(order), batch_size))
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(sizes))
    batches = []
    for start in range(0, len(shuffled), pool * batch_size):
        members = shuffled[start : start + pool * batch_size]
        members = members[np.argsort(sizes[members], kind="stable")]
        batches += [members[s : s + batch_size] for s in range(0, len(members), batch_size)]
    return (batches[number] for number in rng.permutation(len(batches)))


class SequenceBatches:
    """Padded batches of labelled sequences of similar length, read again in every epoch.

    With a seed the order is another in every epoch, and the same in every run; without one it is
    that of the lengths, for evaluation.

    Parameters
    ----------
    sequences : sequence of N sequences of int
        Ids of each example.
    labels : array_like, shape (N,)
    batch_size : int
        Most examples in a batch, B.
    seed : int, optional
        Source of the shuffling.
    max_len : int, optional
        Ids of a sequence that are kept, from its beginning.

    Examples
    --------
    >>> batches = SequenceBatches([[4, 2, 9], [7], [5, 5]], [1, 0, 1], batch_size=2)
    >>> for ids, lengths, labels in batches:
    ...     print(ids.tolist(), lengths.tolist(), labels.tolist())
    [[7, 0], [5, 5]] [1, 2] [0, 1]
    [[4, 2, 9]] [3] [1]
    >>> len(batches)
    2
    """

    def __init__(
        self,
        sequences: Sequence[Any],
        labels: Any,
        batch_size: int,
        *,
        seed: int | None = None,
        max_len: int | None = None,
    ) -> None:
        self.sequences = [np.asarray(sequence)[:max_len] for sequence in sequences]
        self.labels = np.asarray(labels)
        if len(self.labels) != len(self.sequences):
            raise ValueError(
                f"labels must be one for each of the {len(self.sequences)} sequences, "
                f"got {len(self.labels)}"
            )
        self.batch_size = batch_size
        self._rng = None if seed is None else np.random.default_rng(seed)

    def __iter__(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield tensors ``ids`` (B, T), ``lengths`` (B,) and ``labels`` (B,)."""
        import torch  # here, because nothing else in this file needs it

        lengths = [len(sequence) for sequence in self.sequences]
        for batch in bucketed_batches(lengths, self.batch_size, self._rng):
            ids, _, kept = pad_batch([self.sequences[i] for i in batch])
            labels = torch.from_numpy(self.labels[batch])
            yield torch.from_numpy(ids), torch.from_numpy(kept), labels

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return math.ceil(len(self.sequences) / self.batch_size)


def _at_least(smallest: int, **sizes: int) -> None:
    """Raise for the first size below the smallest allowed one."""
    for name, size in sizes.items():
        if size < smallest:
            raise ValueError(f"{name} must be at least {smallest}, got {size}")


def _one_dimensional(values: Any, name: str) -> np.ndarray:
    """Return values as an array of one dimension, without a copy of an array."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got shape {array.shape}")
    return array
