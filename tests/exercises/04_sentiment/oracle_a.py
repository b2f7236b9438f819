"""What the checks of 4.3 and 4.4 share: the loss of a logit, and what computes it elsewhere."""

import numpy as np

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
