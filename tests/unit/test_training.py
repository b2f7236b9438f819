"""One `fit` for every lesson: best weights, early stopping, interruption, and what it measures."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from seqkit.training import History, Loss, evaluate, fit, sentiment_loss, use_fastest_threads


class Scripted(nn.Module):
    """A model whose one weight grows by one an epoch, and whose loss is looked up by it."""

    def __init__(self, losses):
        super().__init__()
        self.losses = losses
        self.weight = nn.Parameter(torch.zeros(()))


def growing(model, batch):
    """Add one to the weight at every training step; in evaluation, say the scripted loss."""
    if model.training:
        return Loss(-model.weight, 1)
    return Loss(torch.tensor(model.losses[round(model.weight.item()) - 1]), 1)


def train(losses, **options):
    """Train a scripted model for as many epochs as it has losses."""
    model = Scripted(losses)
    options = {"epochs": len(losses), "validation": [None], "progress": False} | options
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    return model, fit(model, [None], growing, optimizer=optimizer, **options)


def test_the_weights_of_the_lowest_validation_loss_are_kept():
    model, history = train([3.0, 1.0, 2.0, 4.0])
    assert model.weight.item() == 2
    assert (history.best_epoch, history["val_loss"], history.ended) == (2, [3, 1, 2, 4], "epochs")
    assert not model.training


def test_without_validation_the_last_weights_are_kept():
    model, history = train([3.0, 1.0, 2.0], validation=None)
    assert model.weight.item() == 3
    assert history.best_epoch == len(history) == 3


def test_patience_ends_the_training():
    model, history = train([3.0, 1.0, 2.0, 4.0, 0.0], patience=2)
    assert (len(history), history.ended, model.weight.item()) == (4, "patience", 2)


def test_an_interruption_keeps_what_was_reached():
    calls = []

    def interrupted(model, batch):
        calls.append(model.training)
        if calls.count(True) == 3:
            raise KeyboardInterrupt
        return growing(model, batch)

    model = Scripted([2.0, 1.0, 0.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    history = fit(
        model, [0], interrupted, optimizer=optimizer, epochs=3, validation=[0], progress=False
    )
    assert (history.ended, len(history), model.weight.item()) == ("interrupted", 2, 2)


def test_an_interruption_without_validation_keeps_the_steps_already_taken():
    def interrupted(model, batch):
        if batch == 2:
            raise KeyboardInterrupt
        return growing(model, batch)

    model = Scripted([])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    fit(model, [0, 1, 2], interrupted, optimizer=optimizer, epochs=1, progress=False)
    assert model.weight.item() == 2


def test_a_loss_that_is_no_number_is_told_and_the_best_weights_are_there():
    def breaks(model, batch):
        loss = growing(model, batch)
        return Loss(loss.mean * float("nan"), 1) if model.weight.item() == 1 else loss

    model = Scripted([1.0, 1.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    with pytest.raises(FloatingPointError, match="nan at batch 2: lower the learning rate"):
        fit(model, [0, 1], breaks, optimizer=optimizer, epochs=1, progress=False)
    assert model.weight.item() == 0


def test_gradients_are_clipped():
    model = nn.Linear(1, 1, bias=False)
    before = model.weight.item()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)

    def steep(model, batch):
        return Loss(1000 * model.weight.sum(), 1)

    fit(model, [0], steep, optimizer=optimizer, epochs=1, max_norm=0.25, progress=False)
    assert before - model.weight.item() == pytest.approx(0.25, rel=1e-4)


def test_the_average_is_validated_and_kept():
    model = Scripted([])
    average = AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    fit(model, [0, 0, 0], growing, optimizer=optimizer, epochs=1, average=average, progress=False)
    assert model.weight.item() == 2  # the mean of 1, 2, 3


def test_a_scheduler_steps_with_every_batch():
    model = Scripted([])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5**step)
    fit(model, [0, 0], growing, optimizer=optimizer, epochs=1, scheduler=scheduler, progress=False)
    assert model.weight.item() == 1.5


@pytest.mark.parametrize("which", ["batches", "validation"])
def test_batches_that_can_be_read_once_are_refused(which):
    given = {"batches": [0], "validation": [0]} | {which: iter([0])}
    model = Scripted([1.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    with pytest.raises(TypeError, match="only once"):
        fit(model, objective=growing, optimizer=optimizer, epochs=1, **given)


def test_patience_needs_validation():
    with pytest.raises(ValueError, match="patience needs validation"):
        train([1.0], validation=None, patience=1)


def test_no_batches_are_an_error():
    with pytest.raises(ValueError, match="at least one batch"):
        evaluate(nn.Linear(1, 1), [])


def test_reviews_count_the_same_whichever_batch_they_are_in():
    class Echo(nn.Module):
        def forward(self, ids, lengths):
            assert not self.training
            assert not torch.is_grad_enabled()
            return ids[:, 0].double()

    batches = [
        (torch.tensor([[2], [-1]]), torch.tensor([1, 1]), torch.tensor([1, 1])),
        (torch.tensor([[1]]), torch.tensor([1]), torch.tensor([0])),
    ]
    model = Echo()
    loss, accuracy = evaluate(model, batches)
    by_hand = np.log1p(np.exp([-2.0, 1.0, 1.0])).mean()
    assert loss == pytest.approx(by_hand)
    assert accuracy == pytest.approx(1 / 3)
    assert model.training


def test_the_objective_of_a_classifier_carries_gradients():
    model = nn.Bilinear(1, 1, 1)
    wrapped = lambda ids, lengths: model(ids.float(), lengths[:, None].float())[:, 0]  # noqa: E731
    batch = (torch.tensor([[1], [2]]), torch.tensor([1, 1]), torch.tensor([0, 1]))
    loss = sentiment_loss(wrapped, batch)
    loss.mean.backward()
    assert model.weight.grad.abs().sum() > 0
    assert loss.size == 2


def test_a_history_draws_itself_with_its_best_epoch():
    figure = History({"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 2.0, 2.5]}).plot("title")
    (ax,) = figure.axes
    training, validation, best = ax.lines
    assert training.get_ydata().tolist() == [3, 2, 1]
    assert validation.get_ydata().tolist() == [3, 2, 2.5]
    assert best.get_xdata() == [2, 2]


def test_the_quickest_number_of_threads_is_set():
    before = torch.get_num_threads()
    asked = []
    try:
        torch.set_num_threads(2)
        seconds = use_fastest_threads(lambda: asked.append(torch.get_num_threads()), rounds=2)
        assert asked == [2, 1, 2, 1, 2]
        assert torch.get_num_threads() == min(seconds, key=seconds.get)
    finally:
        torch.set_num_threads(before)
