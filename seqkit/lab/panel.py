"""Show something in a notebook: as HTML in the browser, the same in plain text elsewhere."""

from __future__ import annotations

import html


class Panel:
    """Something shown in a notebook: HTML for the browser, the same in plain text elsewhere."""

    def __init__(self, text: str, body: str, tone: str = "plain") -> None:
        self.text = text
        self.body = body
        self.tone = tone

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        colour = {"right": "#2e7d32", "wrong": "#c62828", "plain": "#607d8b"}[self.tone]
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:0.3em 0.8em;'
            f'margin:0.3em 0;line-height:1.5">{self.body}</div>'
        )


def say(text: str) -> Panel:
    return Panel(text, html.escape(text))


def with_code(message: str) -> str:
    """Return a message as HTML, what stands between backticks as code."""
    parts = html.escape(message).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))
