"""Figures of lesson 3: gated cells, their gates over time, deep layers, and how well they predict.

>>> from seqkit import plots
>>> figure = plots.error_bars({"one year": {"as before": 31.6}}, title="Errors", ylabel="error")
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator
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
    rc_context,
)

Point = tuple[float, float]

#: How a block is filled, by the letter of its gate: the gates, and the candidate (g, n, c).
BLOCKS = {
    "i": (BLUE, ""),
    "f": (RED, "///"),
    "o": (GREEN, "..."),
    "r": (GREEN, "..."),
    "z": (RED, "///"),
    "g": (PALE, ""),
    "n": (PALE, ""),
    "c": (PALE, ""),
    "h": (PALE, ""),
}


# ---------------------------------------------------------------- cells


def _gate(ax: Axes, at: Point, letter: str, squash: str, decides: str) -> None:
    """Draw a gate: what it is called, what squashes it, and what it decides."""
    x, y = at
    fill, hatch = BLOCKS[letter]
    ax.add_patch(
        FancyBboxPatch(
            (x - 0.42, y - 0.28), 0.84, 0.56, boxstyle="round,pad=0.04", facecolor=fill,
            edgecolor=INK, linewidth=0.8, hatch=hatch, alpha=0.55, label=f"gate {letter}",
        )
    )  # fmt: skip
    ax.text(
        x, y, f"${letter}$: {squash}", ha="center", va="center", fontsize=10,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip
    ax.text(x - 0.08, y - 0.62, decides, ha="right", va="center", fontsize=8.5)
    arrow(ax, (x, 0.1), (x, y - 0.34))


def _meet(ax: Axes, at: Point, sign: str) -> None:
    """Draw a place where two numbers meet: a circle with × or +."""
    ax.add_patch(
        Circle(at, 0.19, facecolor="white", edgecolor=INK, linewidth=1.1, zorder=4, label=sign)
    )
    ax.text(*at, sign, ha="center", va="center", fontsize=12, zorder=5)


def _conveyor(ax: Axes, name: str, end: float) -> None:
    """Draw the line on which a state travels from one step to the next."""
    ax.plot([0.0, end], [3.2, 3.2], color=ORANGE, linewidth=5, solid_capstyle="butt", zorder=1)
    arrow(ax, (end - 0.02, 3.2), (end + 0.28, 3.2))
    ax.text(-0.15, 3.2, f"${name}_{{t-1}}$", ha="right", va="center", fontsize=12)
    ax.text(end + 0.35, 3.2, f"${name}_t$", ha="left", va="center", fontsize=12)


def _inputs(ax: Axes, last: float) -> None:
    """Draw the line that brings input and old state to every gate."""
    ax.plot([0.0, last], [0.1, 0.1], color=INK, linewidth=1.2)
    ax.text(-0.15, 0.1, "$x_t, h_{t-1}$", ha="right", va="center", fontsize=11)


@rc_context(STYLE)
def lstm_cell() -> Figure:
    """Draw one step of an LSTM: the conveyor of the cell state and the gates beside it.

    Returns
    -------
    Figure
        One axes; gates are patches labelled ``gate f`` and so on, places where numbers meet are
        circles labelled ``×`` or ``+``.
    """
    figure, ax = axes(8.6, 3.7)
    _conveyor(ax, "c", 8.6)
    _inputs(ax, 6.9)
    gates = {"f": (1.6, "σ", "keep?"), "i": (3.4, "σ", "write?"), "g": (5.2, "tanh", "what?")}
    gates["o"] = (6.9, "σ", "show?")
    for letter, (x, squash, decides) in gates.items():
        _gate(ax, (x, 1.3), letter, squash, decides)
    arrow(ax, (1.6, 1.63), (1.6, 3.0))
    arrow(ax, (3.55, 1.63), (4.15, 2.18))
    arrow(ax, (5.05, 1.63), (4.45, 2.18))
    arrow(ax, (4.3, 2.5), (4.3, 3.0))
    for at, sign in (((1.6, 3.2), "×"), ((4.3, 2.3), "×"), ((4.3, 3.2), "+"), ((8.0, 1.3), "×")):
        _meet(ax, at, sign)
    arrow(ax, (8.0, 3.2), (8.0, 2.62))
    ax.text(
        8.0, 2.4, "tanh", ha="center", va="center",
        bbox={"facecolor": "white", "edgecolor": INK, "boxstyle": "round"},
    )  # fmt: skip
    arrow(ax, (8.0, 2.17), (8.0, 1.5))
    arrow(ax, (7.38, 1.3), (7.8, 1.3))
    arrow(ax, (8.2, 1.3), (8.9, 1.3))
    ax.text(8.95, 1.3, "$h_t$", ha="left", va="center", fontsize=12)
    ax.set(xlim=(-1.3, 9.5), ylim=(-0.2, 3.6), aspect="equal")
    ax.set_title("The cell state travels on a conveyor; gates decide what leaves and enters it")
    ax.axis("off")
    return figure


@rc_context(STYLE)
def gru_cell() -> Figure:
    """Draw one step of a GRU, whose hidden state is itself the conveyor.

    Returns
    -------
    Figure
        One axes, labelled like that of `lstm_cell`.
    """
    figure, ax = axes(8.2, 3.7)
    _conveyor(ax, "h", 7.6)
    _inputs(ax, 5.9)
    for letter, x, squash, decides in (
        ("z", 1.8, "σ", "keep?"),
        ("r", 3.9, "σ", "look back?"),
        ("n", 5.9, "tanh", "what?"),
    ):
        _gate(ax, (x, 1.3), letter, squash, decides)
    arrow(ax, (1.8, 1.63), (1.8, 3.0))
    arrow(ax, (2.2, 1.63), (5.7, 2.27))
    ax.text(3.6, 2.12, "$1 - z$", ha="center", va="center", fontsize=10)
    arrow(ax, (4.38, 1.3), (5.42, 1.3))
    for height, resets in ((1.72, "$r \\odot h$ or"), (1.48, "$r \\odot U h$")):
        ax.text(4.9, height, resets, ha="center", va="center", fontsize=8)
    arrow(ax, (5.9, 1.63), (5.9, 2.1))
    arrow(ax, (5.9, 2.5), (5.9, 3.0))
    for at, sign in (((1.8, 3.2), "×"), ((5.9, 2.3), "×"), ((5.9, 3.2), "+")):
        _meet(ax, at, sign)
    ax.set(xlim=(-1.3, 8.3), ylim=(-0.2, 3.6), aspect="equal")
    ax.set_title("A GRU has one state and one gate for two jobs: what it keeps, it does not write")
    ax.axis("off")
    return figure


# ---------------------------------------------------------------- gates at work


@rc_context(STYLE)
def gates_over_time(
    rows: Mapping[str, ArrayLike],
    *,
    title: str,
    marks: Sequence[int] = (),
    unit: int | None = None,
) -> Figure:
    """Draw inputs, gates and states of a cell over time, one panel above the other.

    Parameters
    ----------
    rows : mapping from label to array-like, shape (T,) or (T, H)
        One number a step is drawn as a bar, several as a column of a grid: grey from 0 (white)
        to 1 (black) where all lie between, else orange and hatched for negative, purple for
        positive (near 0, where all is white, the hatching stops).
    title : str
        The message of the figure.
    marks : sequence of int
        Steps, counted from 1, at which a thin line crosses all panels.
    unit : int, optional
        A row of the grids, counted from 0, that an arrowhead points at.

    Returns
    -------
    Figure
        A panel a row. Steps count from 1.
    """
    arrays = {label: np.asarray(values, dtype=float) for label, values in rows.items()}
    heights = [1.0 if a.ndim == 1 else 1.6 for a in arrays.values()]
    figure, spaces = axes(
        8.4, 0.9 + 0.72 * sum(heights), rows=len(arrays), flat=True, sharex=True,
        height_ratios=heights,
    )  # fmt: skip
    for ax, (label, values) in zip(spaces, arrays.items(), strict=True):
        steps = len(values)
        low, high = float(values.min()), float(values.max())
        if values.ndim == 1:
            ax.bar(np.arange(1, steps + 1), values, width=0.75, color=BLUE)
            ax.axhline(0, color=GREY, linewidth=0.6)
            ax.set_ylim(min(0.0, 1.1 * low), max(1.05, 1.1 * high))
        else:
            inside = low >= 0 and high <= 1
            largest = max(abs(low), abs(high))
            look = (
                {"vmin": 0, "vmax": 1} if inside else {"norm": TwoSlopeNorm(0, -largest, largest)}
            )
            image = ax.imshow(
                values.T, cmap="Greys" if inside else "PuOr", aspect="auto",
                interpolation="nearest", extent=(0.5, steps + 0.5, values.shape[1], 0), **look,
            )  # fmt: skip
            if not inside:
                below = np.ma.masked_greater(values.T, -0.1 * largest)
                ax.pcolor(
                    np.arange(steps + 1) + 0.5, np.arange(values.shape[1] + 1), below,
                    facecolor="none", edgecolor=INK, linewidth=0, hatch="//////",
                )  # fmt: skip
            ax.set_yticks([])
            if unit is not None:
                ax.annotate(
                    "▶", (0, unit + 0.5), xycoords=("axes fraction", "data"), ha="right",
                    va="center", color=RED, fontsize=8,
                )  # fmt: skip
                ax.yaxis.labelpad = 12
            figure.colorbar(image, ax=ax, pad=0.01, fraction=0.03)
        ax.set_ylabel(label, rotation=0, ha="right", va="center")
        for mark in marks:
            ax.axvline(mark, color=RED, linewidth=1.2, linestyle=":")
    spaces[-1].set(xlabel="step", xlim=(0.5, steps + 0.5))
    spaces[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.suptitle(title, x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def adding_rows(X: ArrayLike, y: ArrayLike) -> Figure:
    """Draw rows of the adding problem: every number a bar, the two marked ones hatched.

    Parameters
    ----------
    X : array-like, shape (B, T, 2)
        Numbers and marks.
    y : array-like, shape (B, 1)
        The sums that are asked for.

    Returns
    -------
    Figure
        A panel a row; marked bars are labelled ``marked``.
    """
    numbers, sums = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    B, T, _ = numbers.shape
    figure, spaces = axes(8.4, 0.8 + 0.95 * B, rows=B, flat=True, sharex=True)
    for ax, row, total in zip(spaces, numbers, sums[:, 0], strict=True):
        for t in range(T):
            marked = row[t, 1] == 1
            (bar,) = ax.bar(
                t + 1, row[t, 0], width=0.75, facecolor=RED if marked else PALE,
                hatch="///" if marked else None, edgecolor=INK if marked else "none",
            )  # fmt: skip
            bar.set_label("marked" if marked else "number")
            if marked:
                ax.text(t + 1, row[t, 0] + 0.06, f"{row[t, 0]:.2f}", ha="center", va="bottom")
        ax.axvline(T // 2 + 0.5, color=GREY, linewidth=0.8, linestyle=":")
        ax.set(ylim=(0, 1.35), yticks=(0, 1), ylabel="number")
        ax.text(1.01, 0.5, f"sum {total:.2f}", transform=ax.transAxes, va="center")
    spaces[-1].set(xlabel="step", xlim=(0.5, T + 0.5))
    spaces[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.suptitle("The adding problem: one number of each half is marked", x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def training_curves(
    errors: Mapping[str, ArrayLike],
    *,
    level: float,
    level_label: str,
    title: str,
    xlabel: str,
    first: int = 1,
    top: float | None = None,
) -> Figure:
    """Draw errors during training, and the level that a constant answer has.

    Parameters
    ----------
    errors : mapping from label to array-like, shape (N,)
        Mean squared error after each update or pass.
    level : float
        Error of the best constant answer, drawn as a line.
    level_label : str
        What is written on that line.
    title, xlabel : str
        The message of the figure; what is counted.
    first : int
        The number of the first value.
    top : float, optional
        Where the axis ends above.

    Returns
    -------
    Figure
        One axes: a line an entry, then that of the level; the legend stands outside.
    """
    figure, ax = axes(8.4, 3.3)
    for look, (label, values) in zip(LOOKS, errors.items(), strict=False):
        y = np.asarray(values, dtype=float)
        every = max(1, len(y) // 10)
        x = np.arange(first, first + len(y))
        ax.plot(x, y, label=label, markersize=4, markevery=every, **look)
    ax.axhline(level, color=GREY, linewidth=1)
    ax.annotate(
        level_label, (1, level), xycoords=("axes fraction", "data"), ha="right", va="bottom",
        xytext=(0, 2), textcoords="offset points",
    )  # fmt: skip
    ax.set(title=title, xlabel=xlabel, ylabel="mean squared error")
    ax.set_ylim(bottom=0, top=top)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


# ---------------------------------------------------------------- layers


@rc_context(STYLE)
def gate_blocks(layers: Mapping[str, tuple[str, str]], *, title: str) -> Figure:
    """Draw in which order layers stack the blocks of their gates, and what biases they have.

    Parameters
    ----------
    layers : mapping from name to (order, biases)
        ``order`` has one letter a block, such as ``"ifgo"``; ``biases`` is told beside them.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
        One axes; every block is a rectangle labelled with its letter.
    """
    figure, ax = axes(8.4, 0.7 + 0.62 * len(layers))
    for row, (name, (order, biases)) in enumerate(layers.items()):
        for place, letter in enumerate(order):
            color, hatch = BLOCKS[letter]
            ax.add_patch(
                Rectangle(
                    (place, row + 0.12), 1, 0.76, facecolor=color, alpha=0.55, hatch=hatch,
                    edgecolor=INK, label=letter,
                )
            )  # fmt: skip
            ax.text(
                place + 0.5, row + 0.5, letter, ha="center", va="center", fontsize=11,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
        ax.text(-0.15, row + 0.5, name, ha="right", va="center")
        ax.text(4.2, row + 0.5, biases, ha="left", va="center", fontsize=9)
    ax.set(xlim=(-1.9, 7.2), ylim=(len(layers), 0))
    ax.set_title(title)
    ax.axis("off")
    return figure


@rc_context(STYLE)
def deep_and_both_ways(steps: int = 4) -> Figure:
    """Draw two layers on top of each other, and one layer that reads both ways.

    Parameters
    ----------
    steps : int
        How many steps are drawn.

    Returns
    -------
    Figure
        Two axes. Inputs are patches labelled ``x``, states ``state``, and the states that have
        read everything, which a layer returns as its last ones, ``last``.
    """
    figure, (deep, both) = axes(9.2, 3.4, columns=2)
    for ax, name in ((deep, "stacked: layer 2 reads layer 1"), (both, "bidirectional: ⟶ and ⟵")):
        for t in range(steps):
            box(ax, t, 0, BLUE, "x")
            ax.text(t, 0, f"$x_{t + 1}$", ha="center", va="center", color="white")
            for row in (1, 2):
                back = ax is both and row == 2
                done = t == (0 if back else steps - 1)
                color, hatch = (ORANGE, "///") if done else (PALE, "")
                box(ax, t, 1.15 * row, color, "last" if done else "state", hatch=hatch)
                if t:
                    ends = (t - 0.68, 1.15 * row), (t - 0.32, 1.15 * row)
                    arrow(ax, *(ends[::-1] if back else ends))
            arrow(ax, (t, 0.32), (t, 0.83))
            if ax is deep:
                arrow(ax, (t, 1.47), (t, 1.98))
                ax.text(t, 2.85, f"$h_{t + 1}$", ha="center", va="center")
            else:
                ax.annotate(
                    "", (t + 0.12, 2.0), (t + 0.12, 0.32),
                    arrowprops={
                        "arrowstyle": "-|>", "color": INK, "connectionstyle": "arc3,rad=0.55",
                    },
                )  # fmt: skip
                ax.text(t, 2.85, f"$h_{t + 1}$: both", ha="center", va="center", fontsize=8.5)
            arrow(ax, (t, 2.62), (t, 2.75))
        ax.set(xlim=(-0.5, steps - 0.3), ylim=(-0.4, 3.0), aspect="equal")
        ax.set_title(name, loc="center", fontweight="normal", fontsize=9.5)
        ax.axis("off")
    figure.suptitle(
        "Hatched: the last states. Reading backwards, the last is the first", x=0.01, ha="left"
    )
    return figure


# ---------------------------------------------------------------- predictions


@rc_context(STYLE)
def predictions_against_targets(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike]], *, title: str
) -> Figure:
    """Draw predictions over targets, one point a row of the data.

    Parameters
    ----------
    panels : mapping from name to (targets, predictions)
        Arrays of the same number of values.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
        A panel an entry: the points, the line of right predictions, and that of the mean.
    """
    figure, spaces = axes(3.2 * len(panels) + 1.6, 3.4, columns=len(panels), flat=True, sharey=True)
    for ax, (name, (targets, predictions)) in zip(spaces, panels.items(), strict=True):
        y, guess = np.ravel(np.asarray(targets)), np.ravel(np.asarray(predictions))
        ends = [min(y.min(), 0.0), max(y.max(), 1.0)]
        ax.plot(ends, ends, color=GREY, linewidth=1, label="right")
        ax.plot(ends, [y.mean()] * 2, color=INK, linewidth=1, linestyle=":", label="the mean")
        ax.plot(y, guess, "o", color=BLUE, markersize=4, alpha=0.7, label="a row")
        ax.set(xlabel="target", title=name)
    spaces[0].set_ylabel("prediction")
    figure.legend(*spaces[0].get_legend_handles_labels(), loc="outside right center")
    figure.suptitle(title, x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def error_bars(groups: Mapping[str, Mapping[str, float]], *, title: str, ylabel: str) -> Figure:
    """Draw the errors of several models side by side, group by group.

    Parameters
    ----------
    groups : mapping from group to (mapping from model to error)
        The same models, in the same order, in every group.
    title, ylabel : str
        The message of the figure; what is measured, with its unit.

    Returns
    -------
    Figure
        One axes, a bar an error, with its number above.
    """
    figure, ax = axes(7.2, 3.3)
    models = list(next(iter(groups.values())))
    hatches = ("", "///", "...", "xx", "--")
    width = 0.8 / len(models)
    for place, model in enumerate(models):
        heights = [group[model] for group in groups.values()]
        at = np.arange(len(groups)) + (place - (len(models) - 1) / 2) * width
        bars = ax.bar(
            at, heights, width=0.92 * width, color=LOOKS[place]["color"], alpha=0.65,
            hatch=hatches[place], edgecolor=INK, label=model,
        )  # fmt: skip
        ax.bar_label(bars, fmt="{:.1f}", padding=2, fontsize=9)
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(title=title, ylabel=ylabel)
    ax.margins(y=0.1)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure
