"""Figures of lesson 1: order, categories of tasks, windows, splits, padding, embeddings."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from seqkit.plots.base import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LOOKS,
    ORANGE,
    PALE,
    RED,
    STYLE,
    arrow,
    axes,
    box,
    numbers,
    rc_context,
)


class Category(NamedTuple):
    """A kind of sequence task: at which steps something is read, at which something is written."""

    name: str
    reads: tuple[int, ...]
    writes: tuple[int, ...]
    example: str


CATEGORIES = (
    Category("one-to-one", (0,), (0,), "photo → animal"),
    Category("one-to-many", (0,), (0, 1, 2), "photo → caption"),
    Category("many-to-one", (0, 1, 2), (2,), "review → verdict"),
    Category("many-to-many\nsynchronized", (0, 1, 2), (0, 1, 2), "word → word class"),
    Category("many-to-many\ndelayed", (0, 1, 2), (3, 4), "English → French"),
)


@rc_context(STYLE)
def series_and_shuffle(years: ArrayLike, values: ArrayLike, permutation: ArrayLike) -> Figure:
    """Draw a series above the same values in another order.

    Parameters
    ----------
    years, values : array-like, shape (N,)
        The series.
    permutation : array-like of int, shape (N,)
        ``values[permutation]`` is what the lower panel shows.

    Returns
    -------
    Figure
        Two panels; each names its mean and its correlation with the year before.
    """
    series = np.asarray(values, dtype=float)
    figure, (top, bottom) = axes(7.6, 3.8, rows=2, sharex=True, sharey=True)
    for ax, y, name in (
        (top, series, "as observed"),
        (bottom, series[np.asarray(permutation)], "shuffled"),
    ):
        ax.plot(years, y, color=BLUE if ax is top else RED, linewidth=1.1)
        lag = np.corrcoef(y[:-1], y[1:])[0, 1]
        ax.set_title(
            f"{name}: mean {y.mean():.1f}, correlation with the year before {lag:.2f}",
            fontweight="normal",
            fontsize=9.5,
        )
        ax.set_ylabel("sunspot number")
    bottom.set_xlabel("year (in the lower panel: nothing but a place in the row)")
    figure.suptitle(
        f"The same {len(series)} numbers: their order carries the cycle", x=0.01, ha="left"
    )
    return figure


@rc_context(STYLE)
def task_categories() -> Figure:
    """Draw the categories of sequence tasks: what is read (below), what is written (above).

    Returns
    -------
    Figure
        One axes; every box read or written is a patch labelled ``read`` or ``write``.
    """
    figure, ax = axes(9.2, 2.5)
    left = 0.0
    for category in CATEGORIES:
        last = max(category.reads + category.writes)
        for step in range(last + 1):
            x = left + step
            box(ax, x, 1.0, PALE, "cell")
            if step:
                arrow(ax, (x - 0.68, 1.0), (x - 0.32, 1.0))
            if step in category.reads:
                box(ax, x, 0.0, BLUE, "read")
                arrow(ax, (x, 0.3), (x, 0.7))
            if step in category.writes:
                box(ax, x, 2.0, ORANGE, "write", hatch="///")
                arrow(ax, (x, 1.3), (x, 1.7))
        middle = left + last / 2
        ax.text(middle, 2.95, category.name, ha="center", va="center", fontweight="bold")
        ax.text(middle, -0.75, category.example, ha="center", va="center")
        left += last + 1.9
    for y, label in ((0.0, "input"), (1.0, "network"), (2.0, "output")):
        ax.text(-0.75, y, label, ha="right", va="center", color=INK)
    ax.set(xlim=(-1.9, left - 1.3), ylim=(-1.1, 3.4), aspect="equal")
    ax.set_title("What is a sequence: the input, the output, or both?")
    ax.axis("off")
    return figure


@rc_context(STYLE)
def series_windows(
    years: ArrayLike, values: ArrayLike, length: int, horizon: int, *, first: int = 0, rows: int = 4
) -> Figure:
    """Draw a stretch of a series and, below it, the windows cut from it.

    Parameters
    ----------
    years, values : array-like, shape (N,)
        The series.
    length, horizon : int
        Years a window holds, and years after it that are its target.
    first : int
        Index at which the first window drawn starts.
    rows : int
        How many windows are drawn at most, each one year later than the one above.

    Returns
    -------
    Figure
        Upper axes: the series. Lower axes: two bars a window, its input and its target.

    Raises
    ------
    ValueError
        If the first window does not fit into the series.
    """
    year, series = np.asarray(years), np.asarray(values, dtype=float)
    rows = min(rows, len(series) - length - horizon + 1 - first)
    if first < 0 or rows < 1:
        raise ValueError(
            f"no window of {length} + {horizon} values starts at {first} in {len(series)} values"
        )
    stop = min(len(series), first + length + horizon + rows + 3)
    begin = max(0, first - 3)
    figure, (top, bottom) = axes(7.6, 4.0, rows=2, sharex=True, height_ratios=(3, 2))
    top.plot(year[begin:stop], series[begin:stop], color=INK, marker="o", markersize=3)
    edges = year[first] - 0.5, year[first] + length - 0.5, year[first] + length + horizon - 0.5
    top.axvspan(edges[0], edges[1], color=BLUE, alpha=0.18)
    top.axvspan(edges[1], edges[2], facecolor=ORANGE, alpha=0.35, hatch="///")
    top.set_ylabel("sunspot number")
    for row in range(rows):
        start = year[first] + row - 0.5
        bottom.barh(row, length, left=start, height=0.6, color=BLUE)
        bottom.barh(
            row, horizon, left=start + length, height=0.6, color=ORANGE, hatch="///", edgecolor=INK
        )
    bottom.set(xlabel="year", ylabel="window", yticks=range(rows))
    bottom.set_yticklabels([str(first + row) for row in range(rows)])
    bottom.invert_yaxis()
    following = "the one after" if horizon == 1 else f"the {horizon} after"
    top.set_title(f"A window: {length} years in (blue), {following} to predict (orange, hatched)")
    return figure


@rc_context(STYLE)
def forecasts(
    years: ArrayLike,
    values: ArrayLike,
    origin: int,
    predictions: Mapping[str, ArrayLike],
    *,
    title: str,
    before: int = 25,
) -> Figure:
    """Draw what happened and what was forecast from one year on.

    Parameters
    ----------
    years, values : array-like, shape (N,)
        The series.
    origin : int
        Index of the first forecast year; everything before it was known.
    predictions : mapping from name to array-like, shape (K,)
        ``predictions[name][k]`` is the forecast for ``years[origin + k]``.
    title : str
        The message of the figure.
    before : int
        How many known years are drawn.

    Returns
    -------
    Figure
    """
    year, series = np.asarray(years), np.asarray(values, dtype=float)
    steps = max(len(np.asarray(p)) for p in predictions.values())
    shown = slice(max(0, origin - before), origin + steps)
    figure, ax = axes(7.6, 3.2)
    ax.plot(year[shown], series[shown], color=GREY, linewidth=2.5, label="observed")
    for look, (name, predicted) in zip(LOOKS, predictions.items(), strict=False):
        k = len(np.asarray(predicted))
        ax.plot(year[origin : origin + k], predicted, label=name, markersize=4, **look)
    ax.axvline(year[origin] - 0.5, color=INK, linewidth=0.8)
    ax.annotate(
        " forecast begins", (year[origin] - 0.5, 1), xycoords=("data", "axes fraction"), va="top"
    )
    ax.set(title=title, xlabel="year", ylabel="sunspot number")
    ax.legend(loc="upper left")
    return figure


@rc_context(STYLE)
def split_series(
    years: ArrayLike, values: ArrayLike, parts: Mapping[str, slice], *, title: str
) -> Figure:
    """Draw a series with its parts shaded; years in no part (a gap) stay white.

    Parameters
    ----------
    years, values : array-like, shape (N,)
        The series.
    parts : mapping from name to slice
        Index ranges with a start and a stop, in order of time.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
        One shaded span a part, labelled with its name and number of years.
    """
    year = np.asarray(years)
    figure, ax = axes(7.6, 2.8)
    ax.plot(year, values, color=INK, linewidth=1.0)
    looks = ((BLUE, 0.16, ""), (ORANGE, 0.35, "///"), (GREEN, 0.35, "..."))
    for (name, part), (color, alpha, hatch) in zip(parts.items(), looks, strict=False):
        if part.start >= part.stop:
            continue  # an empty part has no span
        low, high = year[part.start] - 0.5, year[part.stop - 1] + 0.5
        ax.axvspan(low, high, facecolor=color, alpha=alpha, hatch=hatch, edgecolor=INK, label=name)
        ax.annotate(
            f"{name}\n{part.stop - part.start}",
            ((low + high) / 2, 0.97),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="top",
            fontweight="bold",
        )
    ax.set(title=title, xlabel="year", ylabel="sunspot number")
    ax.set_ylim(top=1.35 * float(np.max(np.asarray(values))))
    return figure


@rc_context(STYLE)
def token_grids(
    grids: Mapping[str, tuple[Sequence[Sequence[str]], ArrayLike]], *, title: str
) -> Figure:
    """Draw batches of tokens, one above the other; cells outside the mask are grey and hatched.

    Parameters
    ----------
    grids : mapping from panel title to (tokens, mask)
        ``tokens[b][t]`` is the text of a cell; mask, shape (B, T), is True on real tokens.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
        One panel a grid, one rectangle a cell, T columns and B rows.
    """
    figure, panels = axes(7.6, 0.5 + 1.7 * len(grids), rows=len(grids), flat=True)
    for ax, (name, (tokens, mask)) in zip(panels, grids.items(), strict=True):
        real = np.asarray(mask, dtype=bool)
        B, T = real.shape
        for b in range(B):
            for t in range(T):
                fill, hatch = ("#CFE5F2", None) if real[b, t] else (PALE, "///")
                ax.add_patch(Rectangle((t, b), 1, 1, fc=fill, hatch=hatch, ec="white", lw=1.5))
                ax.text(t + 0.5, b + 0.5, tokens[b][t], ha="center", va="center", fontsize=8)
        ax.set(xlim=(0, T), ylim=(B, 0), xlabel="time step t", ylabel="row b")
        ax.set_xticks(np.arange(T) + 0.5, [str(t) for t in range(T)])
        ax.set_yticks(np.arange(B) + 0.5, [str(b) for b in range(B)])
        ax.tick_params(length=0)
        ax.set_title(name, fontweight="normal", fontsize=9.5)
    figure.suptitle(title, x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def one_hot_product(ids: ArrayLike, E: ArrayLike, *, words: Sequence[str] = ()) -> Figure:
    """Draw ``one_hot(ids) @ E`` and its result, with the picked rows of E marked.

    Parameters
    ----------
    ids : array-like of int, shape (T,)
        Rows to pick.
    E : array-like, shape (V, D)
        The table they are picked from.
    words : sequence of str, length V, optional
        Names of the rows of E.

    Returns
    -------
    Figure
        Three panels: one-hot (T, V), E (V, D), their product (T, D).
    """
    picked, table = np.asarray(ids), np.asarray(E, dtype=float)
    (T,), (V, D) = picked.shape, table.shape
    one_hot = np.eye(V)[picked]  # (T, V)
    figure, (left, middle, right) = axes(8.8, 3.0, columns=3, width_ratios=(V, D, D))
    largest = float(np.abs(table).max())
    for ax, matrix, name in (
        (left, one_hot, f"one-hot ({T}, {V})"),
        (middle, table, f"E ({V}, {D})"),
        (right, one_hot @ table, f"= one-hot @ E ({T}, {D})"),
    ):
        top = 1.6 if ax is left else 1.5 * largest
        numbers(ax, matrix, "{:.0f}" if ax is left else "{:.1f}", top)
        ax.set_title(name, fontsize=9.5)
    middle.set_yticks(
        range(V), [f"{i} {w}" for i, w in enumerate(words)] or [str(i) for i in range(V)]
    )
    for row in sorted({int(i) for i in picked}):
        middle.add_patch(
            Rectangle((-0.5, row - 0.5), D, 1, fill=False, edgecolor=INK, linewidth=2.5, zorder=3)
        )
    for ax in (left, right):
        ax.set_yticks(range(T), [f"id {i}" for i in picked])
    figure.suptitle("Multiplying by a one-hot row picks a row of E", x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def embedded_rows(panels: Mapping[str, tuple[Sequence[str], ArrayLike]], *, title: str) -> Figure:
    """Draw vectors as rows of coloured cells, one row a token, to see which are equal.

    Parameters
    ----------
    panels : mapping from panel title to (labels, vectors)
        vectors, shape (T, D); labels, length T.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
    """
    figure, spaces = axes(8.8, 2.4, columns=len(panels), flat=True)
    for ax, (name, (labels, vectors)) in zip(spaces, panels.items(), strict=True):
        matrix = np.asarray(vectors, dtype=float)
        numbers(ax, matrix, "{:+.3f}", 1.5 * float(np.abs(matrix).max()))
        ax.set_yticks(range(len(labels)), labels)
        ax.set_xlabel("dimension")
        ax.set_title(name, fontweight="normal", fontsize=9.5)
    figure.suptitle(title, x=0.01, ha="left")
    return figure
