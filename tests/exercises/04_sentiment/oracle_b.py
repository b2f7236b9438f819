"""What checks of this lesson share: tensors as arguments, numbers as results."""

import numpy as np
import torch

from seqkit.checking.diagnosis import as_number
from seqkit.grading.inside.wire import Tensor


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
