"""What the checks of this lesson share: losses, tensors as arguments, models that record."""

import numpy as np
import torch

from seqkit.checking.diagnosis import as_number
from seqkit.checking.expect import equal
from seqkit.checking.portable import portable
from seqkit.grading.inside.wire import Tensor

# ---------------------------------------------------------------- the loss of a logit


#: The losses of PyTorch, Keras and TensorFlow that a learner is to write.
LOSSES = (
    *("torch.nn.BCELoss", "torch.nn.BCEWithLogitsLoss"),
    "torch.nn.SoftMarginLoss",
    "torch.nn.functional.binary_cross_entropy",
    "torch.nn.functional.binary_cross_entropy_with_logits",
    "torch.nn.functional.soft_margin_loss",
    "torch.binary_cross_entropy_with_logits",
    "keras.losses.BinaryCrossentropy",
    "keras.losses.binary_crossentropy",
    "keras.ops.binary_crossentropy",
    "tensorflow.nn.sigmoid_cross_entropy_with_logits",
)

#: What takes derivatives.
AUTOGRAD = (
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.func.grad",
    "torch.func.vjp",
    "tensorflow.GradientTape",
)


def cost(a):
    """Return log(1 + e^a), exact for large and small a."""
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


# ---------------------------------------------------------------- tensors


def tensor(value):
    """Return an array as a tensor of PyTorch; anything else as it is."""
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


class AsTensors:
    """A learner to whom arrays are handed as tensors of PyTorch, so that `Laws` can ask."""

    def __init__(self, student):
        self.student = student

    def __getattr__(self, name):
        def ask(*args, **kwargs):
            named = {key: tensor(value) for key, value in kwargs.items()}
            return getattr(self.student, name)(*map(tensor, args), **named)

        return ask


def single(got, what):
    """Return a result that has to be one number, a tensor without dimensions too."""
    return as_number(got.array if isinstance(got, Tensor) else got, what)


# ---------------------------------------------------------------- whether gradients are on


@portable
def gradients_on_after(on, function, *arguments):
    """Call a function with gradients on or off, and return whether they are on afterwards."""
    with torch.set_grad_enabled(on):
        function(*arguments)
        return torch.is_grad_enabled()


SWITCH = (
    "Gradients are on or off afterwards as they were: `with torch.no_grad():` sees to it, "
    "torch.set_grad_enabled(True) does not."
)


def leave_the_switch(student, name, *arguments):
    """Expect that a function leaves gradients on where they were on, and off where off."""
    function, ask = student.keep(getattr(student, name)), student.keep(gradients_on_after)
    for on in (False, True):
        after = ask(on, function, *arguments)
        equal(after, on, what="torch.is_grad_enabled() afterwards", why=SWITCH)


# ---------------------------------------------------------------- a model that records its calls


def recorder(student, compute, table, training=True, drops=0.9):
    """Build a model that computes from a table and drops in training; its table has a gradient."""
    dropout = student.build("torch.nn.Dropout", drops)
    parameters = {"table": torch.tensor(np.asarray(table), dtype=torch.float32)}
    name = "seqkit.grading.inside.fixtures.recording"
    model = student.build(name, compute, parameters, {"dropout": dropout})
    model.train(training)
    model.table.backward(torch.ones(len(table)))
    model._written = lambda limit: "model"  # in a message: nobody could paste what made it
    return model


EVALUATING = (
    "The model was in training mode, where dropout is on: model.eval() before the first batch."
)
NO_GRADIENTS = "Gradients were on: call the model under torch.no_grad(); nothing is trained here."
MODE = (
    "The model is left in the mode it was in, with all its parts: remember model.training before "
    "model.eval(), and give it back with model.train(before)."
)
TRACES = "The model is left as it was: its weights, and the gradients that were there."


def called_quietly(student, model):
    """Expect that a model was called in evaluation mode and without gradients; its calls."""
    calls = student.fetch(model.calls)
    equal(any(call["training"] for call in calls), False, what="model.training", why=EVALUATING)
    equal(any(call["grad"] for call in calls), False, what="gradients on", why=NO_GRADIENTS)
    return calls


def left_alone(student, model, table, training):
    """Expect that a model is as it was built."""
    for part, name in ((model, "model"), (model.dropout, "model.dropout")):
        equal(student.fetch(part.training), training, what=f"{name}.training afterwards", why=MODE)
    now = np.asarray(table, np.float32)
    equal(student.fetch(model.table), now, what="a weight afterwards", why=TRACES)
    equal(student.fetch(model.table.grad), np.ones_like(now), what="its gradient", why=TRACES)
