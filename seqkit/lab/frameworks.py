"""Have TensorFlow start quietly and Keras run on it: the course is written, and graded, so."""

from __future__ import annotations

import os
import sys

from seqkit.lab.panel import running_shell


def prepare() -> None:
    """Set what TensorFlow and Keras read when they are imported, which a lesson does after this."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    asked = os.environ.get("KERAS_BACKEND", "")
    os.environ["KERAS_BACKEND"] = "tensorflow"  # above what keras.json says
    if asked not in ("", "tensorflow") and running_shell():
        print(f"KERAS_BACKEND={asked} is left aside in this kernel: here Keras runs on TensorFlow.")


def keras_complaint() -> str:
    """Say what to do where Keras runs on something else; nothing where it does not."""
    keras = sys.modules.get("keras")
    backend = keras.config.backend() if keras and hasattr(keras, "config") else "tensorflow"
    if backend == "tensorflow":
        return ""
    return (
        f"In this kernel Keras runs on {backend}, and the course is written for Keras on "
        "TensorFlow: take away what sets KERAS_BACKEND, start the kernel again, and run the "
        "lesson's imports first."
    )
