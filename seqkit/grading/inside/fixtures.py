"""Modules that a check builds in the learner's process, to see what an answer does with them.

What they record is the learner's own process's word: it helps to find a mistake, and no points
hang on it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


def recording(
    compute: Callable[..., Any],
    parameters: Mapping[str, Any] = NOTHING,
    modules: Mapping[str, Any] = NOTHING,
) -> Any:
    """Return a PyTorch module that computes as it is told and records how it was called.

    Parameters
    ----------
    compute : callable
        ``compute(module, *inputs)`` gives the output.
    parameters : mapping of str to tensor
        Floating ones become parameters, others buffers.
    modules : mapping of str to torch.nn.Module
        Its submodules.

    Returns
    -------
    torch.nn.Module
        Its ``calls`` are a list of a dict for each call: ``training``, ``grad`` (whether gradients
        were on) and ``shapes`` of the tensors it was called with, None for what is none.

    Examples
    --------
    >>> import torch
    >>> module = recording(lambda module, x: module.weight * x, {"weight": torch.ones(2)})
    >>> module.eval()(torch.ones(3, 2)).shape
    torch.Size([3, 2])
    >>> module.calls
    [{'training': False, 'grad': True, 'shapes': [(3, 2)]}]
    """
    import torch

    class Recording(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls: list[dict[str, Any]] = []
            for name, value in parameters.items():
                if value.is_floating_point():
                    self.register_parameter(name, torch.nn.Parameter(value))
                else:
                    self.register_buffer(name, value)
            for name, module in modules.items():
                self.add_module(name, module)

        def forward(self, *inputs: Any) -> Any:
            shapes = [tuple(x.shape) if isinstance(x, torch.Tensor) else None for x in inputs]
            grad = torch.is_grad_enabled()
            self.calls.append({"training": self.training, "grad": grad, "shapes": shapes})
            return compute(self, *inputs)

    return Recording()
