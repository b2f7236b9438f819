"""Windows, splits, streams and buckets."""

import math
from fractions import Fraction
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.batches import (
    SequenceBatches,
    bucketed_batches,
    make_windows,
    stream_batches,
    temporal_split,
)


def test_make_windows_keeps_every_window():
    X, y = make_windows(np.arange(5.0), 3)
    assert X.tolist() == [[0, 1, 2], [1, 2, 3]]
    assert y.tolist() == [[3], [4]]


def test_make_windows_with_a_longer_horizon():
    X, y = make_windows(np.arange(6), length=2, horizon=3)
    assert X.tolist() == [[0, 1], [1, 2]]
    assert y.tolist() == [[2, 3, 4], [3, 4, 5]]


def test_windows_are_views_that_cannot_be_written():
    series = np.arange(10.0)
    X, y = make_windows(series, 4)
    assert np.shares_memory(X, series)
    assert np.shares_memory(y, series)
    series[3] = 99
    assert X[0, 3] == 99
    assert y.flags.writeable is False
    with pytest.raises(ValueError, match="read-only"):
        X[0, 0] = 1


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 9))
def test_make_windows_counts(length, horizon, more):
    n = length + horizon + more
    X, y = make_windows(range(n), length, horizon)
    assert X.shape == (n - length - horizon + 1, length)
    assert y.shape == (n - length - horizon + 1, horizon)
    assert X[-1, 0] == more
    assert y[-1, -1] == n - 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3], 3), "at least length \\+ horizon = 4 values, got 3"),
        (([1, 2, 3], 0), "length must be at least 1, got 0"),
        (([1, 2, 3], 1, 0), "horizon must be at least 1, got 0"),
        (([[1, 2], [3, 4]], 1), r"one dimension, got shape \(2, 2\)"),
    ],
)
def test_make_windows_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_windows(*arguments)


@pytest.mark.parametrize(
    ("n", "fractions", "gap", "expected"),
    [
        (10, (0.6, 0.2, 0.2), 0, [(0, 6), (6, 8), (8, 10)]),
        (100, (0.7, 0.15, 0.15), 5, [(0, 70), (75, 85), (90, 100)]),
        (100, (0.29, 0.28, 0.43), 0, [(0, 29), (29, 57), (57, 100)]),  # 0.29 * 100 < 29
        (10, (0.1, 0.2, 0.7), 0, [(0, 1), (1, 3), (3, 10)]),  # 0.1 + 0.2 > 0.3
        (3, (1 / 3, 1 / 3, 1 / 3), 0, [(0, 1), (1, 2), (2, 3)]),
        (7, (0.5, 0.25, 0.25), 0, [(0, 3), (3, 5), (5, 7)]),
        (10, (0.8, 0.1, 0.1), 4, [(0, 8), (9, 9), (10, 10)]),
        (10, (1.0, 0.0, 0.0), 0, [(0, 10), (10, 10), (10, 10)]),
        (0, (0.6, 0.2, 0.2), 0, [(0, 0), (0, 0), (0, 0)]),
    ],
)
def test_temporal_split(n, fractions, gap, expected):
    assert temporal_split(n, fractions, gap) == tuple(slice(*ends) for ends in expected)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 100), st.integers(0, 100), st.integers(0, 50))
def test_boundaries_are_the_exact_fractions_rounded_down(n, first, second, gap):
    second = min(second, 100 - first)
    fractions = (first / 100, second / 100, (100 - first - second) / 100)
    train, validation, test = temporal_split(n, fractions, gap)
    assert train.stop == math.floor(Fraction(first, 100) * n)
    assert validation.stop == math.floor(Fraction(first + second, 100) * n)
    assert test.stop == n
    rows = np.arange(n)
    kept = [rows[part] for part in (train, validation, test)]
    assert (np.diff(np.concatenate(kept)) > 0).all()
    for before, after in pairwise(kept):
        if len(before) and len(after):
            assert after[0] - before[-1] > gap


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((10, (0.5, 0.5)), "must be three.*got 2"),
        ((10, (0.5, 0.4, 0.2)), r"sum to 1, .*sum to 1\.1"),
        ((10, (1.2, -0.1, -0.1)), "between 0 and 1"),
        ((10, (float("nan"), 0.5, 0.5)), "between 0 and 1"),
        ((10, (0.6, 0.2, 0.2), -1), "gap must be at least 0, got -1"),
        ((-1, (0.6, 0.2, 0.2)), "n must be at least 0, got -1"),
    ],
)
def test_temporal_split_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        temporal_split(*arguments)


def test_stream_batches_continue_where_the_batch_before_stopped():
    batches = list(stream_batches(np.arange(21), batch_size=2, length=3))
    assert [X.tolist() for X, _ in batches] == [
        [[0, 1, 2], [10, 11, 12]],
        [[3, 4, 5], [13, 14, 15]],
        [[6, 7, 8], [16, 17, 18]],
    ]
    assert all((Y == X + 1).all() for X, Y in batches)


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 40))
def test_stream_batches_keep_their_shape_and_lose_less_than_a_batch_a_stream(B, L, more):
    n = B * L + 1 + more
    batches = list(stream_batches(np.arange(n), B, L))
    assert all(X.shape == Y.shape == (B, L) for X, Y in batches)
    assert len(batches) == (n - 1) // B // L
    for (before, _), (after, _) in pairwise(batches):
        assert (after[:, 0] == before[:, -1] + 1).all()


def test_streams_are_read_only_views_and_leave_the_source_writable():
    ids = np.arange(9)
    X, _ = next(stream_batches(ids, 2, 2))
    assert np.shares_memory(X, ids)
    assert not X.flags.writeable
    ids[0] = 5
    assert X[0, 0] == 5


def test_stream_batches_complains_when_called_not_when_first_used():
    with pytest.raises(ValueError, match="at least batch_size · length \\+ 1 = 7 ids, got 6"):
        stream_batches(range(6), 2, 3)


def test_buckets_without_a_seed_are_sorted_by_length():
    lengths = np.array([5, 1, 4, 2, 9])
    batches = list(bucketed_batches(lengths, 2))
    assert np.concatenate(batches).tolist() == [1, 3, 2, 0, 4]
    assert [len(batch) for batch in batches] == [2, 2, 1]


@settings(deadline=None)
@given(st.lists(st.integers(0, 50)), st.integers(1, 7), st.integers(1, 4), st.integers(0, 3))
def test_buckets_hold_every_example_once(lengths, batch_size, pool, seed):
    batches = list(bucketed_batches(lengths, batch_size, seed, pool=pool))
    assert all(1 <= len(batch) <= batch_size for batch in batches)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))


def test_a_seed_fixes_the_order_and_a_generator_changes_it_every_epoch():
    lengths = np.arange(100) % 17

    def order(seed):
        return [batch.tolist() for batch in bucketed_batches(lengths, 8, seed)]

    assert order(1) == order(1)
    assert order(1) != order(2)
    rng = np.random.default_rng(1)
    assert order(rng) != order(rng)


def test_buckets_save_padding():
    lengths = np.random.default_rng(0).integers(1, 200, size=1000)

    def padded(batches):
        return sum(lengths[batch].max() * len(batch) for batch in batches)

    shuffled = np.random.default_rng(1).permutation(1000)
    at_random = padded(shuffled.reshape(-1, 20))
    assert padded(bucketed_batches(lengths, 20, seed=1)) < 1.1 * lengths.sum() < 0.7 * at_random


def test_sequence_batches_are_another_order_in_every_epoch_and_the_same_in_every_run():
    lengths = [1 + (7 * i) % 11 for i in range(40)]
    sequences = [[i + 1] * n for i, n in enumerate(lengths)]

    def epochs(seed):
        batches = SequenceBatches(sequences, range(40), 8, seed=seed)
        return [[labels.tolist() for _, _, labels in batches] for _ in range(2)]

    first, second = epochs(3)
    assert first != second
    assert epochs(3) == [first, second]
    assert all(sorted(chain(*epoch)) == list(range(40)) for epoch in (first, second))


def test_sequence_batches_are_padded_cut_and_labelled():
    sequences = [np.array([1, 2, 3, 4]), [5], [6, 7]]
    batches = SequenceBatches(sequences, [1.0, 0.0, 1.0], 2, max_len=3)
    found = [[part.tolist() for part in batch] for batch in batches]
    assert found == [[[[5, 0], [6, 7]], [1, 2], [0, 1]], [[[1, 2, 3]], [3], [1]]]
    assert len(batches) == 2


def test_sequence_batches_need_a_label_for_each():
    with pytest.raises(ValueError, match="one for each of the 2 sequences, got 1"):
        SequenceBatches([[1], [2]], [0], 2)
