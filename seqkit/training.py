"""Trains a PyTorch model: one `fit` for every lesson, and the `History` it returns."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from torch import nn
from torch.optim.swa_utils import AveragedModel

from seqkit import plots
from seqkit.plots.base import GREY

__all__ = ["History", "Loss", "evaluate", "fit", "sentiment_loss", "use_fastest_threads"]


class Loss(NamedTuple):
    """What a model made of one batch."""

    #: Mean over the batch, a tensor without dimensions that carries gradients.
    mean: torch.Tensor
    #: Over how much it is the mean: reviews, characters, words of an answer.
    size: int
    #: How many were right, None where nothing is.
    right: int | None = None


#: ``objective(model, batch)``: how a model is judged, in training and in evaluation.
Objective = Callable[[nn.Module, Any], Loss]


def sentiment_loss(model: nn.Module, batch: tuple[torch.Tensor, ...]) -> Loss:
    """Judge a classifier of two classes by its binary cross-entropy.

    Parameters
    ----------
    model : nn.Module
        ``model(ids, lengths)`` gives logits (B,).
    batch : tuple of Tensor
        ``ids`` (B, T), ``lengths`` (B,) and ``labels`` (B,), each 0 or 1.

    Returns
    -------
    Loss
        Nats a review; right is a logit above 0 for label 1.
    """
    ids, lengths, labels = batch
    logits = model(ids, lengths)  # (B,)
    mean = F.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype))
    return Loss(mean, len(labels), int(((logits > 0) == (labels > 0)).sum()))


@dataclass
class History:
    """What a training measured, epoch by epoch; epochs count from 1.

    Examples
    --------
    >>> history = History({"loss": [0.6, 0.4, 0.3], "val_loss": [0.6, 0.5, 0.7]})
    >>> history["val_loss"], history.best_epoch, len(history)
    ([0.6, 0.5, 0.7], 2, 3)
    """

    #: A list a measure: ``loss`` and, where something is right or wrong, ``accuracy`` on the
    #: batches trained on, during the epoch; ``val_loss`` and ``val_accuracy`` after it;
    #: ``seconds`` since the start.
    measures: dict[str, list[float]] = field(default_factory=dict)
    #: Why it ended: 'epochs', 'patience', or 'interrupted'.
    ended: str = "epochs"

    def __getitem__(self, measure: str) -> list[float]:
        """Return the values of one measure, an epoch each."""
        return self.measures[measure]

    def __len__(self) -> int:
        """Count the epochs that were finished."""
        return len(self.measures.get("loss", []))

    @property
    def best_epoch(self) -> int:
        """The epoch of the lowest validation loss, the last one without validation."""
        losses = self.measures.get("val_loss")
        return losses.index(min(losses)) + 1 if losses else len(self)

    def plot(self, title: str) -> Figure:
        """Draw the losses, and a line at the best epoch.

        Parameters
        ----------
        title : str
            The message of the figure.
        """
        names = {"loss": "training", "val_loss": "validation"}
        losses = {names[name]: self[name] for name in names if name in self.measures}
        epochs = np.arange(1, len(self) + 1)
        figure = plots.curves(epochs, losses, title=title, xlabel="epoch", ylabel="loss (nats)")
        (ax,) = figure.axes
        if "val_loss" in self.measures:
            ax.axvline(self.best_epoch, color=GREY, linewidth=1)
        ax.set_xticks(epochs[:: max(1, len(epochs) // 10)])
        return figure

    def add(self, **measures: float) -> None:
        """Put down one epoch."""
        for name, value in measures.items():
            self.measures.setdefault(name, []).append(value)


def fit(
    model: nn.Module,
    batches: Iterable[Any],
    objective: Objective,
    *,
    optimizer: torch.optim.Optimizer,
    epochs: int,
    validation: Iterable[Any] | None = None,
    max_norm: float | None = None,
    patience: int | None = None,
    scheduler: torch.optim.lr_scheduler.LRScheduler | None = None,
    average: AveragedModel | None = None,
    progress: bool = True,
) -> History:
    """Train a model; afterwards it has the weights of its best epoch.

    Ctrl-C (in a notebook, *Interrupt*) ends the training: what was reached is kept, and the
    history says so.

    Parameters
    ----------
    model : nn.Module
        Trained in place, left in evaluation mode.
    batches : iterable
        Read once an epoch, from its beginning: a list, a `SequenceBatches`, a DataLoader.
    objective : callable
        ``objective(model, batch)`` gives a `Loss`; for validation too.
    optimizer : Optimizer
        Over the model's parameters.
    epochs : int
        Most epochs.
    validation : iterable, optional
        Batches by which the best epoch is found: the weights of the lowest loss are kept.
    max_norm : float, optional
        Gradients are clipped to this global norm (Pascanu and others 2013).
    patience : int, optional
        Epochs without a lower validation loss after which training ends.
    scheduler : LRScheduler, optional
        Stepped after every batch.
    average : AveragedModel, optional
        Updated after every batch; it, not the model, is validated, and the model gets its weights.
    progress : bool, default True
        Whether a bar shows the batches of an epoch.

    Returns
    -------
    History

    Raises
    ------
    TypeError
        When batches can be read only once.
    ValueError
        When there is no batch, or `patience` without `validation`.
    FloatingPointError
        When the loss is no longer a number; the model has its best weights then.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> _ = torch.manual_seed(0)
    >>> line = nn.Linear(1, 1)
    >>> x = torch.linspace(-1, 1, 8)[:, None]
    >>> def squares(model, batch):
    ...     return Loss(((model(batch) - 2 * batch) ** 2).mean(), len(batch))
    >>> optimizer = torch.optim.SGD(line.parameters(), lr=0.5)
    >>> history = fit(line, [x], squares, optimizer=optimizer, epochs=40, progress=False)
    >>> round(line.weight.item(), 2), history["loss"][-1] < 1e-4, history.ended
    (2.0, True, 'epochs')
    """
    if isinstance(batches, Iterator) or isinstance(validation, Iterator):
        raise TypeError("batches can be read only once, and every epoch reads them: give a list")
    if patience is not None and validation is None:
        raise ValueError("patience needs validation: it counts epochs without a lower val_loss")
    history, best = History(), copy.deepcopy(model.state_dict())
    started = time.perf_counter()
    judged = model if average is None else average.module
    try:
        for epoch in range(1, epochs + 1):
            model.train()
            loss, accuracy = _measured(
                _train(model, _shown(batches, epoch, progress), objective, optimizer, max_norm,
                       scheduler, average)
            )  # fmt: skip
            measures = {"loss": loss, "accuracy": accuracy}
            if validation is not None:
                found = evaluate(judged, validation, objective)
                measures |= {"val_loss": found[0], "val_accuracy": found[1]}
            seconds = time.perf_counter() - started
            history.add(**{k: v for k, v in measures.items() if v is not None}, seconds=seconds)
            if history.best_epoch == epoch:
                best = copy.deepcopy(judged.state_dict())
            elif patience is not None and epoch - history.best_epoch >= patience:
                history.ended = "patience"
                break
    except KeyboardInterrupt:
        history.ended = "interrupted"
        if validation is None:
            best = judged.state_dict()
    finally:
        model.load_state_dict(best)
        model.eval()
    return history


def evaluate(
    model: nn.Module, batches: Iterable[Any], objective: Objective = sentiment_loss
) -> tuple[float, float | None]:
    """Return loss and accuracy over all examples, each counted the same.

    Parameters
    ----------
    model : nn.Module
        Called in evaluation mode and without gradients; its mode is given back.
    batches : iterable
        Read once.
    objective : callable, default `sentiment_loss`
        ``objective(model, batch)`` gives a `Loss`.

    Returns
    -------
    loss : float
    accuracy : float or None
        None where the objective counts nothing as right.

    Raises
    ------
    ValueError
        When there is no batch.
    """
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            return _measured(objective(model, batch) for batch in batches)
    finally:
        model.train(was_training)


def use_fastest_threads(work: Callable[[], Any], rounds: int = 3) -> dict[int, float]:
    """Let PyTorch compute with as many threads as make a piece of work quickest.

    More are often slower: small recurrent layers wait for each other, the more so when other
    programs keep the cores busy.

    Parameters
    ----------
    work : callable
        A typical step, such as a forward and a backward pass of one batch.
    rounds : int, default 3
        Times that each number is tried, in turn; the quickest counts.

    Returns
    -------
    dict of int to float
        Seconds by number of threads, from one to what PyTorch was set to before; the quickest is
        set from now on.
    """
    most = torch.get_num_threads()
    seconds = dict.fromkeys(range(1, most + 1), math.inf)
    work()  # the first call of all is slower
    for _ in range(rounds):
        for threads in seconds:
            torch.set_num_threads(threads)
            started = time.perf_counter()
            work()
            seconds[threads] = min(seconds[threads], time.perf_counter() - started)
    torch.set_num_threads(min(seconds, key=seconds.__getitem__))
    return seconds


def _train(
    model: nn.Module,
    batches: Iterable[Any],
    objective: Objective,
    optimizer: torch.optim.Optimizer,
    max_norm: float | None,
    scheduler: torch.optim.lr_scheduler.LRScheduler | None,
    average: AveragedModel | None,
) -> Iterator[Loss]:
    """Take one step for each batch."""
    for number, batch in enumerate(batches, start=1):
        loss = objective(model, batch)
        if not torch.isfinite(loss.mean):
            raise FloatingPointError(
                f"the loss is {loss.mean.item()} at batch {number}: lower the learning rate, or "
                "clip the gradients (max_norm)"
            )
        optimizer.zero_grad()
        loss.mean.backward()
        if max_norm is not None:
            nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        if average is not None:
            average.update_parameters(model)
        yield loss


def _measured(losses: Iterable[Loss]) -> tuple[float, float | None]:
    """Add batches up: mean loss and share of right ones."""
    total, count, right = 0.0, 0, 0
    counted = True
    for loss in losses:
        total += loss.mean.item() * loss.size
        count += loss.size
        counted = counted and loss.right is not None
        right += loss.right or 0
    if not count:
        raise ValueError("batches must hold at least one batch, got none")
    return total / count, right / count if counted else None


def _shown(batches: Iterable[Any], epoch: int, progress: bool) -> Iterable[Any]:
    """Show how far an epoch is."""
    if not progress:
        return batches
    from tqdm.auto import tqdm

    return tqdm(batches, desc=f"epoch {epoch}", leave=False)
