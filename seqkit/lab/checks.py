"""Look at a learner's answer in their own kernel, with all checks that this copy has."""

from __future__ import annotations

import contextlib
import html
import io
import os
import random
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from seqkit.checking.asks import RemoteError
from seqkit.checking.verdict import Outcome, attempted, judge
from seqkit.course.catalogue import Entry
from seqkit.grading.inside.settings import Settings
from seqkit.lab.frameworks import keras_complaint
from seqkit.lab.kernel import LocalChannel, course_here, names_here, quoted
from seqkit.lab.panel import Panel, say, shown, with_code
from seqkit.lab.record import remember
from seqkit.results.text import clean, number


@shown
def check(id: str) -> Panel | float:
    """Look at your answer to an exercise, and say what is right and what is not.

    Parameters
    ----------
    id : str
        The exercise, ``"1.3"``.

    Returns
    -------
    Panel
        Shown by the notebook: a line for each check that fails. Where nbgrader runs the notebook,
        the points as a float instead.

    Notes
    -----
    A copy for self-study has the checks that grade a class as well. They run once the visible ones
    pass, with fixed inputs, which are told like any other.
    """
    try:
        entry = course_here().entry(quoted(id))
    except KeyError as error:
        if os.environ.get("NBGRADER_EXECUTION"):
            return 0.0  # a cell that does not raise earns full points there
        return say(str(error.args[0]))
    outcomes, printed = _outcomes(entry)
    points = round(sum(outcome.points for outcome in outcomes), 6)
    if os.environ.get("NBGRADER_EXECUTION"):
        return float(points)
    tried = attempted(outcomes)
    remember(entry, points if tried else None)
    if not tried:
        title = f"Exercise {entry.exercise.id} · {entry.exercise.title}"
        return say(f"– {title}: not attempted yet")
    return _panel(entry, outcomes, points, printed)


class _Kernel(LocalChannel):
    """The learner's own process: when they interrupt it, the whole check ends."""

    def request(self, operation: str, **arguments: Any) -> Any:
        try:
            return super().request(operation, **arguments)
        except RemoteError as error:
            if error.info["type"] == "KeyboardInterrupt":
                raise KeyboardInterrupt from None
            raise


def _outcomes(entry: Entry) -> tuple[list[Outcome], str]:
    """Run the checks; return what they found and what the learner's code printed."""
    channel = _Kernel(names_here())
    printed = io.StringIO()
    outcomes: list[Outcome] = []
    with (
        _generators_kept(),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        Settings().applied(),
    ):
        warnings.simplefilter("ignore")
        for hidden in (False, True):
            if all(outcome.passed for outcome in outcomes):
                checks = [replace(c, hidden=False) for c in entry.checks if c.hidden == hidden]
                outcomes += [judge(check, channel, entry, seed=0) for check in checks]
    return outcomes, printed.getvalue()


@contextlib.contextmanager
def _generators_kept() -> Iterator[None]:
    """Give the notebook its random generators back as they were: checks reseed them."""
    python, numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    tensors = torch.get_rng_state() if torch else None
    eager = sys.modules.get("tensorflow.python.eager.context")
    context: Any = eager.context() if eager else None  # TensorFlow's seed and what it draws from
    draws = {name: getattr(context, name, None) for name in ("_seed", "_rng")}
    keras = sys.modules.get("keras.src.backend.common.global_state")
    layers = keras.get_global_attribute("global_seed_generator") if keras else None
    state = np.array(layers.state) if layers is not None else None
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        if torch and tensors is not None:
            torch.set_rng_state(tensors)
        if context is not None:
            for name, value in draws.items():
                setattr(context, name, value)
        if layers is not None:
            layers.state.assign(state)
        elif keras:  # made when it is first asked for
            keras.set_global_attribute("global_seed_generator", None)


def _panel(entry: Entry, outcomes: list[Outcome], points: float, printed: str) -> Panel:
    """Show what fails, each with its message; what passes folds into a line."""
    here = sum(check.points for check in entry.checks)
    failing = [outcome for outcome in outcomes if not outcome.passed]
    passing = [outcome.check.title for outcome in outcomes if outcome.passed]
    waiting = len(entry.checks) - len(outcomes)
    head = (
        f"{'✗' if failing else '✓'} Exercise {entry.exercise.id} · {entry.exercise.title}: "
        f"{number(points)} of {number(here)} points"
    )
    later = entry.exercise.points - here
    if later > 0:
        head += f" here, {number(later)} more in grading"
    lines, items = [head], []
    for outcome in failing:
        title, message = f"✗ {outcome.check.title}", f" — {clean(outcome.message)}"
        lines.append(f"  {title}{message}")
        items.append(f"<li>{html.escape(title)}{with_code(message)}</li>")
    if passing:
        count = f"{len(passing)} {'check' if len(passing) == 1 else 'checks'}"
        folded = f"✓ {count} passed"
        lines.append(f"  {folded}")
        titles = "".join(f"<li>✓ {html.escape(title)}</li>" for title in passing)
        items.append(f"<li>{_folded(folded, _list(titles))}</li>")
    if waiting:
        waits = f"– {waiting} more {'check runs' if waiting == 1 else 'checks run'} once these pass"
        lines.append(f"  {waits}")
        items.append(f"<li>{waits}</li>")
    body = f"<strong>{html.escape(head)}</strong>{_list(''.join(items))}"
    if printed and failing:
        said = clean(printed[:1000].rstrip())
        lines.append("  your code printed:\n" + said)
        body += _folded("your code printed", f"<pre>{html.escape(said)}</pre>")
    complaint = keras_complaint() if failing else ""
    if complaint:
        lines.append(f"  {complaint}")
        body += f"<p>{html.escape(complaint)}</p>"
    return Panel("\n".join(lines), body, "wrong" if failing else "right")


def _list(items: str) -> str:
    return f'<ul style="list-style:none;padding-left:0.5em;margin:0.2em 0">{items}</ul>'


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{summary}</summary>{inside}</details>"
