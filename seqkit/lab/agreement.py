"""Compare what several frameworks compute: three frameworks, one truth."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from seqkit.grading.inside.wire import as_tensor
from seqkit.lab.kernel import names_here
from seqkit.lab.panel import Panel, say, shown


@shown
def agree(
    title: str,
    *,
    needs: list[str],
    outputs: Callable[[], Mapping[str, Any]],
    tolerance: float = 1e-6,
) -> Panel:
    """Compare what several frameworks compute, the first being the reference.

    Parameters
    ----------
    title : str
        What is compared.
    needs : list of str
        The learner's names that ``outputs`` calls; while one is missing or unanswered there is
        nothing to compare.
    outputs : callable
        Returns a mapping from a label to an array or tensor.
    tolerance : float
        Largest difference that still counts as agreement.
    """
    import numpy as np

    namespace = names_here()
    if any(name not in namespace for name in needs):
        return say(f"– {title}: not attempted yet")
    try:
        found = outputs()
    except NotImplementedError:
        return say(f"– {title}: not attempted yet")
    except Exception as error:
        text = f"✗ {title}: raised {type(error).__name__}: {error}"
        return Panel(text, html.escape(text), "wrong")
    arrays = {}
    for label, value in found.items():
        tensor = as_tensor(value)
        try:
            array = tensor.array if tensor is not None else np.asarray(value)
        except ValueError:  # rows of different lengths
            array = np.asarray(None)
        arrays[label] = array
    first, reference = next(iter(arrays.items()))
    lines, rows, right = [], [], True
    for label, array in list(arrays.items())[1:]:
        if array.shape != reference.shape:
            same, text = False, f"shape {array.shape} against {reference.shape}"
        elif not {array.dtype.kind, reference.dtype.kind} <= set("iufc"):
            same, text = False, f"dtype {array.dtype} against {reference.dtype}"
        else:
            gap = float(np.max(np.abs(array - reference), initial=0.0))
            same = gap <= tolerance
            text = f"differ by at most {tolerance:g}" if same else f"differ by {gap:.2g}"
        right &= same
        line = f"{'✓' if same else '✗'} {first} and {label} {text}"
        lines.append("  " + line)
        rows.append(f"<li>{html.escape(line)}</li>")
    head = f"{'✓' if right else '✗'} {title}, shape {reference.shape}"
    body = f"<strong>{html.escape(head)}</strong><ul style='list-style:none'>{''.join(rows)}</ul>"
    return Panel("\n".join([head, *lines]), body, "right" if right else "wrong")
