"""Know what a notebook may set in its libraries, so that a check reckons as if nothing was set."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Settings:
    """What changes results: as it is now (:meth:`now`), or as libraries start (the defaults).

    Parameters
    ----------
    errors : dict
        NumPy's error state.
    dtype, device : str or None
        PyTorch's default dtype and device; None where no device is set.
    grad, inference : bool
        Whether PyTorch records gradients, and whether it is in inference mode.
    floatx, policy : str
        Keras's default dtype and dtype policy.

    Examples
    --------
    >>> with np.errstate(all="raise"), Settings().applied():
    ...     Settings.now().errors == Settings().errors
    True
    """

    errors: tuple[tuple[str, str], ...] = (
        ("divide", "warn"), ("invalid", "warn"), ("over", "warn"), ("under", "ignore"),
    )  # fmt: skip
    dtype: str = "float32"
    device: str | None = None
    grad: bool = True
    inference: bool = False
    floatx: str = "float32"
    policy: str = "float32"

    @classmethod
    def now(cls) -> Settings:
        """Return what is set, of the libraries that are imported."""
        found: dict[str, Any] = {"errors": tuple(sorted(np.geterr().items()))}
        torch, keras = sys.modules.get("torch"), _keras()
        if torch is not None:
            found["dtype"] = str(torch.get_default_dtype()).removeprefix("torch.")
            found["device"] = _device(torch)
            found["grad"] = torch.is_grad_enabled()
            found["inference"] = torch.is_inference_mode_enabled()
        if keras is not None:
            found["floatx"] = keras.config.floatx()
            found["policy"] = keras.config.dtype_policy().name
        return cls(**found)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Set all of it, and afterwards what was set before."""
        before = Settings.now()
        if before == self:  # the usual case costs nothing more
            yield
            return
        torch, keras = sys.modules.get("torch"), _keras()
        with ExitStack() as stack, np.errstate(**dict(self.errors)):  # type: ignore[arg-type]
            if torch is not None:
                stack.enter_context(torch.inference_mode(self.inference))
                stack.enter_context(torch.set_grad_enabled(self.grad))
                for change, own, other in (
                    (torch.set_default_device, self.device, before.device),
                    (lambda name: torch.set_default_dtype(getattr(torch, name)),
                     self.dtype, before.dtype),
                ):  # fmt: skip
                    _exchange(stack, change, own, other)
            if keras is not None:
                _exchange(stack, keras.config.set_floatx, self.floatx, before.floatx)
                _exchange(stack, keras.config.set_dtype_policy, self.policy, before.policy)
            yield


def _exchange(stack: ExitStack, change: Callable[[Any], Any], own: Any, before: Any) -> None:
    if own != before:
        change(own)
        stack.callback(change, before)


def _keras() -> Any:
    """Return Keras where it is imported, whole: its first import is a long one."""
    keras = sys.modules.get("keras")
    return keras if hasattr(keras, "config") else None


def _device(torch: Any) -> str | None:
    """Return PyTorch's default device where one was set, else None."""
    context = getattr(getattr(torch, "_GLOBAL_DEVICE_CONTEXT", None), "device_context", None)
    return None if context is None else str(context.device)
