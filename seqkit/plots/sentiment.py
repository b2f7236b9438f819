"""Figures of lesson 4: scores of several starts side by side, and the words a verdict hangs on."""

import html
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from seqkit.plots.base import GREY, LOOKS, PALE, STYLE, axes

__all__ = ["scores_by_group", "weighed_words", "words_html"]


@rc_context(STYLE)
def scores_by_group(
    groups: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    title: str,
    ylabel: str,
    level: float | None = None,
    level_label: str = "",
) -> Figure:
    """Draw the scores of several models, group by group: a mark at the median, a line over all.

    Parameters
    ----------
    groups : mapping from group to (mapping from model to scores)
        The same models in every group; a score a start.
    title, ylabel : str
        The message of the figure; what is measured.
    level : float, optional
        A score to compare with, drawn as a line.
    level_label : str
        What is written on it.

    Returns
    -------
    Figure
        One axes, a container of error bars a model.
    """
    figure, ax = axes(8.4, 3.4)
    models = list(next(iter(groups.values())))
    for place, model in enumerate(models):
        look = LOOKS[place % len(LOOKS)]
        scores = [np.asarray(group[model], dtype=float) for group in groups.values()]
        middle = np.array([np.median(row) for row in scores])
        down = middle - [row.min() for row in scores]
        up = [row.max() for row in scores] - middle
        at = np.arange(len(groups)) + (place - (len(models) - 1) / 2) * 0.15
        ax.errorbar(
            at, middle, [down, up], color=look["color"], marker=look["marker"], linestyle="none",
            capsize=3, markersize=6, label=model,
        )  # fmt: skip
    if level is not None:
        ax.axhline(level, color=GREY, linewidth=1)
        ax.annotate(
            level_label, (1, level), xycoords=("axes fraction", "data"), ha="right", va="bottom",
            color=GREY,
        )  # fmt: skip
    ax.set_xticks(range(len(groups)), [group.replace(" ", "\n") for group in groups])
    ax.set(title=title, ylabel=ylabel)
    ax.grid(axis="y", color=PALE)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def weighed_words(texts: Sequence[tuple[Sequence[str], Sequence[float]]]) -> None:
    """Display texts whose words are coloured by what they add to a verdict.

    Parameters
    ----------
    texts : sequence of (words, weights)
        A weight a word; above 0 speaks for "positive".
    """
    from IPython.display import display  # only a notebook needs it

    plain = "\n".join(
        " ".join(f"{word}({weight:+.1f})" for word, weight in zip(*text, strict=True))
        for text in texts
    )
    display({"text/html": "".join(map(_row, texts)), "text/plain": plain}, raw=True)


def words_html(words: Sequence[str], weights: Sequence[float]) -> str:
    """Return words as HTML: purple speaks for, orange and underlined against; numbers below.

    Examples
    --------
    >>> words_html(["not", "<b>"], [-2.0, 0.0]).count("<span")
    2
    """
    largest = max((abs(weight) for weight in weights), default=0.0) or 1.0
    spans = []
    for word, weight in zip(words, weights, strict=True):
        color = "84, 39, 136" if weight > 0 else "230, 97, 1"
        line = "underline" if weight < 0 else "none"
        spans.append(
            f'<span style="background: rgba({color}, {0.6 * abs(weight) / largest:.2f}); '
            f'text-decoration: {line}; padding: 0 3px" title="{weight:+.1f}">{html.escape(word)}'
            f"<sub>{weight:+.1f}</sub></span>"
        )
    return " ".join(spans)


def _row(text: tuple[Sequence[str], Sequence[float]]) -> str:
    return f'<p style="line-height: 2.2">{words_html(*text)}</p>'
