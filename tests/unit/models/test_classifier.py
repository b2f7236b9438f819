"""Classifiers of text: padding never changes a logit, whatever the layer and the pooling."""

import pytest
import torch

from seqkit.models import POOLINGS, TextClassifier
from seqkit.text import Vocab

HONEST = [pooling for pooling in POOLINGS if pooling != "column"]
IDS = torch.tensor([[5, 7, 2, 0, 0], [4, 4, 3, 9, 8], [6, 0, 0, 0, 0]])
LENGTHS = torch.tensor([3, 5, 1])


def make(**options):
    """Make a small classifier that is not in training."""
    torch.manual_seed(0)
    return TextClassifier(12, 4, 6, **options).eval()


@pytest.mark.parametrize("pooling", HONEST)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
@torch.no_grad()
def test_padding_never_changes_a_logit(kind, bidirectional, pooling):
    model = make(kind=kind, bidirectional=bidirectional, pooling=pooling, num_layers=2)
    together = model(IDS, LENGTHS)
    alone = [model(row[None, :n], n[None])[0] for row, n in zip(IDS, LENGTHS, strict=True)]
    torch.testing.assert_close(together, torch.stack(alone))


@torch.no_grad()
def test_the_last_column_is_what_published_notebooks_read():
    model = make(pooling="column")
    more = torch.cat([IDS, torch.zeros(3, 4, dtype=torch.int64)], dim=1)
    assert (model(IDS, LENGTHS) - model(more, LENGTHS)).abs().min() > 1e-4


@torch.no_grad()
def test_pooling_is_what_it_is_called():
    for pooling, reduce in (
        ("last", lambda H: H[-1]),
        ("mean", lambda H: H.mean(dim=0)),
        ("max", lambda H: H.amax(dim=0)),
        ("mean+max", lambda H: torch.cat([H.mean(dim=0), H.amax(dim=0)])),
    ):
        model = make(pooling=pooling)
        H, _ = model.rnn(model.embedding(IDS[0, :3]))
        torch.testing.assert_close(model(IDS, LENGTHS)[0], model.head(reduce(H))[0])


@torch.no_grad()
def test_both_ends_of_a_bidirectional_layer_are_read():
    model = make(bidirectional=True)
    H, _ = model.rnn(model.embedding(IDS[0, :3]))  # (3, 12)
    ends = torch.cat([H[-1, :6], H[0, 6:]])
    torch.testing.assert_close(model(IDS, LENGTHS)[0], model.head(ends)[0])


@torch.no_grad()
def test_words_are_dropped_in_training_alone_and_padding_never():
    model = make(word_dropout=1.0)
    unknown = torch.where(Vocab.pad_id == IDS, IDS, Vocab.unk_id)
    expected, kept = model(unknown, LENGTHS), model(IDS, LENGTHS)
    assert not torch.allclose(expected, kept)
    torch.testing.assert_close(model.train()(IDS, LENGTHS), expected)


def test_texts_are_read_as_in_training():
    vocab = Vocab(["the", "film", "was", "bad", "not", "good"])
    model = make()
    model.train()
    found = model.probabilities(["The film!", "", "was (not) good"], vocab)
    assert model.training
    model.eval()
    for text, probability in zip(["the film <unk>", "<unk>", "was not good"], found, strict=True):
        ids = torch.tensor([vocab.encode(text.split())])
        logit = model(ids, torch.tensor([ids.shape[1]]))
        assert probability == pytest.approx(torch.sigmoid(logit).item(), abs=1e-6)
    assert model.probabilities([], vocab) == []


@pytest.mark.parametrize("options", [{"kind": "transformer"}, {"pooling": "first"}])
def test_an_unknown_choice_names_the_known_ones(options):
    (name,) = options
    with pytest.raises(ValueError, match=f"{name} must be one of .*'{options[name]}'"):
        make(**options)
