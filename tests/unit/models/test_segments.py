"""Segments side by side: cut where they should be, padded nowhere that counts."""

import numpy as np
import pytest
import torch

from seqkit.models import SegmentClassifier
from seqkit.models.segments import cut_segments

IDS = torch.tensor([[5, 7, 2, 8, 3, 6, 2], [4, 9, 0, 0, 0, 0, 0], [6, 0, 0, 0, 0, 0, 0]])
LENGTHS = torch.tensor([7, 2, 1])


def make(**options):
    """Make a small classifier that is not in training."""
    torch.manual_seed(0)
    return SegmentClassifier(torch.randn(12, 4), 6, **{"segment": 3, **options}).eval()


def by_slices(text, length, first):
    """Cut one text as a person would."""
    rest = [text[start : start + length] for start in range(first, len(text), length)]
    return [text[:first], *rest]


@pytest.mark.parametrize("seed", range(20))
def test_segments_are_the_slices_of_each_text(seed):
    rng = np.random.default_rng(seed)
    length = int(rng.integers(1, 7))
    first = int(rng.integers(1, length + 1))
    texts = [rng.integers(1, 99, rng.integers(1, 20)).tolist() for _ in range(4)]
    width = max(map(len, texts)) + int(rng.integers(0, 9))
    ids = torch.tensor([text + [0] * (width - len(text)) for text in texts])
    segments, sizes, counts = cut_segments(ids, torch.tensor([*map(len, texts)]), length, first)
    wanted = [by_slices(text, length, first) for text in texts]
    assert counts.tolist() == [len(slices) for slices in wanted]
    flat = [piece for slices in wanted for piece in slices]
    assert sizes.tolist() == [len(piece) for piece in flat]
    assert segments.tolist() == [piece + [0] * (length - len(piece)) for piece in flat]


@pytest.mark.parametrize("first", [0, 4])
def test_a_first_segment_that_cannot_be_is_an_error(first):
    with pytest.raises(ValueError, match=f"between 1 and the segments' length 3, got {first}"):
        cut_segments(IDS, LENGTHS, 3, first)


def test_an_empty_text_is_an_error_that_tells_where():
    with pytest.raises(ValueError, match="got 0 at index 1: give a text without words"):
        cut_segments(IDS, torch.tensor([7, 0, 1]), 3)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("first", [1, 2, 3])
@torch.no_grad()
def test_padding_never_changes_a_logit(kind, first):
    model = make(kind=kind)
    more = torch.cat([IDS, torch.zeros(3, 5, dtype=torch.int64)], dim=1)
    together = model(more, LENGTHS, first)
    alone = [model(row[None, :n], n[None], first)[0] for row, n in zip(IDS, LENGTHS, strict=True)]
    torch.testing.assert_close(together, torch.stack(alone))


@torch.no_grad()
def test_the_head_reads_largest_and_mean_states_of_both_directions():
    model, text = make(), [5, 7, 2, 8, 3]
    states = []
    for layer, turn in zip(model.rnn, (1, -1), strict=True):
        pieces = [
            layer(model.embedding(torch.tensor(p[::turn]))[:, None])[0][:, 0]
            for p in by_slices(text, 3, 2)
        ]
        states.append(torch.cat(pieces))
    H = torch.cat(states, dim=1)  # (T, 2 · H), the second half in another order
    pooled = torch.cat([H.amax(dim=0), H.mean(dim=0)])
    logit = model(torch.tensor([text]), torch.tensor([5]), 2)
    torch.testing.assert_close(logit, model.head(pooled))


@torch.no_grad()
def test_the_order_of_words_within_a_segment_counts():
    model = make()
    there, back = (model(ids, LENGTHS[:1]) for ids in (IDS[:1], IDS[:1, [1, 0, *range(2, 7)]]))
    assert (there - back).abs() > 1e-4


def test_vectors_stay_and_everything_else_learns():
    model = make(dropout=0.0).train()
    model(IDS, LENGTHS).sum().backward()
    assert model.embedding.weight.grad is None
    assert all(p.grad.abs().sum() > 0 for p in model.parameters() if p.requires_grad)


def test_training_draws_where_it_cuts_and_evaluation_does_not():
    model = make(dropout=0.0, word_dropout=0.0)
    assert torch.equal(model(IDS, LENGTHS), model(IDS, LENGTHS))
    model.train()
    drawn = {round(float(model(IDS, LENGTHS)[0].detach()), 5) for _ in range(20)}
    assert len(drawn) == 3  # one for each first segment of 1, 2 or 3 words


def test_wrong_options_are_errors():
    with pytest.raises(ValueError, match="kind must be one of rnn, lstm, gru, got 'conv'"):
        make(kind="conv")
    with pytest.raises(ValueError, match="segment must be at least 1, got 0"):
        make(segment=0)
