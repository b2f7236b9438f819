"""Show something in a notebook: as HTML in the browser, the same in plain text elsewhere."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Panel:
    """Something shown in a notebook: HTML for the browser, the same in plain text elsewhere."""

    def __init__(self, text: str, body: str, tone: str = "plain") -> None:
        self.text = text
        self.body = body
        self.tone = tone
        self._shown_in: int | None = None  # the number of the cell

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        colour = {"right": "#2e7d32", "wrong": "#c62828", "plain": "#607d8b"}[self.tone]
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:0.3em 0.8em;'
            f'margin:0.3em 0;line-height:1.5">{self.body}</div>'
        )

    def show(self) -> None:
        """Show this in the cell that runs; a script or a Python prompt prints what it wants to."""
        shell = running_shell()
        if shell is not None:
            from IPython.display import display

            display(self)
            self._shown_in = shell.execution_count

    def _ipython_display_(self) -> None:
        """Show nothing where the cell that has shown this ends with it, else what any cell does."""
        shell = running_shell()
        if shell is None or shell.execution_count != self._shown_in:
            raise NotImplementedError  # IPython takes the HTML and the text


def shown(function: Callable[P, R]) -> Callable[P, R]:
    """Have a function show the panel that it returns, also in a loop or above other lines."""

    @wraps(function)
    def showing(*args: P.args, **kwargs: P.kwargs) -> R:
        result = function(*args, **kwargs)
        if isinstance(result, Panel):
            result.show()
        return result

    return showing


def running_shell() -> Any:
    """Return IPython where it runs this process, as in a notebook; else None."""
    core = sys.modules.get("IPython.core.interactiveshell")
    shell = core.InteractiveShell if core else None
    return shell.instance() if shell and shell.initialized() else None


def say(text: str) -> Panel:
    return Panel(text, html.escape(text))


def with_code(message: str) -> str:
    """Return a message as HTML, what stands between backticks as code."""
    parts = html.escape(message).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))
