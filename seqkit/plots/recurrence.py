"""Figures of lesson 2: recurrent networks unrolled, their gradients, and what they remember."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import ArrayLike

from seqkit.plots.base import (
    BLUE,
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

#: The kinds of recurrence: where the loop starts, where it ends, who described it.
RECURRENCES = {
    "hidden to hidden": ("h", "h", "Elman 1990"),
    "output to hidden": ("o", "h", "Jordan 1986"),
    "output to output": ("o", "o", ""),
}
LEVEL = {"x": 0.0, "h": 1.3, "o": 2.6}
FILL = {"x": (BLUE, ""), "h": (PALE, ""), "o": (ORANGE, "///")}


def _column(ax: Axes, x: float, step: str, *, output: str = "o", above: bool = True) -> None:
    """Draw input, hidden state and output of one step, with the arrows between them."""
    for level in ("x", "h", "o"):
        color, hatch = FILL[level]
        box(ax, x, LEVEL[level], color, level, hatch=hatch)
        name = output if level == "o" else level
        ax.text(
            x,
            LEVEL[level],
            f"${name}_{{{step}}}$" if step else f"${name}$",
            ha="center",
            va="center",
            color="white" if level == "x" else INK,
            fontsize=11,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if hatch else None,
        )
    arrow(ax, (x, LEVEL["x"] + 0.32), (x, LEVEL["h"] - 0.32))
    if above:
        arrow(ax, (x, LEVEL["h"] + 0.32), (x, LEVEL["o"] - 0.32))


def _bent(ax: Axes, start: tuple[float, float], end: tuple[float, float], bend: float) -> None:
    """Draw a recurrent edge: a curved, thick arrow."""
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=12,
            color=RED,
            linewidth=2,
            shrinkA=0,
            shrinkB=0,
            connectionstyle=f"arc3,rad={bend}",
            label="recurrent",
        )
    )


@rc_context(STYLE)
def unrolled_network(steps: int = 4) -> Figure:
    """Draw a feed-forward network, a recurrent one, and the recurrent one unrolled in time.

    Parameters
    ----------
    steps : int
        How many steps the unrolled network has.

    Returns
    -------
    Figure
        One axes; recurrent edges are patches labelled ``recurrent``.
    """
    figure, ax = axes(9.2, 3.5)
    _column(ax, 0.0, "", output="y")
    _column(ax, 2.6, "t", output="y")
    _bent(ax, (2.92, 1.5), (2.92, 1.1), -2.2)
    ax.text(3.5, 1.62, "$W_{hh}$", color=RED, ha="center")
    first = 5.6
    ax.text(first - 0.95, LEVEL["h"], "$h_0$", ha="center", va="center", fontsize=11)
    for t in range(1, steps + 1):
        x = first + 1.35 * (t - 1)
        _column(ax, x, str(t), output="y")
        start = x - 0.75 if t == 1 else x - 1.35 + 0.32
        _bent(ax, (start, LEVEL["h"]), (x - 0.32, LEVEL["h"]), 0)
        ax.text(x - 0.68, LEVEL["h"] + 0.15, "$W_{hh}$", color=RED, ha="center", fontsize=8.5)
        for low, name in ((0.0, "xh"), (1.3, "hy")):
            ax.text(x + 0.07, low + 0.6, f"$W_{{{name}}}$", fontsize=8.5, va="center")
    last = first + 1.35 * (steps - 1)
    for x, label in ((0.0, "feed-forward"), (2.75, "recurrent"), ((first + last) / 2, "unrolled")):
        ax.text(x, 3.25, label, ha="center", fontweight="bold")
    ax.annotate("=", (4.25, LEVEL["h"]), fontsize=16, ha="center", va="center")
    ax.set(xlim=(-0.9, last + 0.6), ylim=(-0.45, 3.55), aspect="equal")
    ax.set_title("Unrolled, the loop is a deep network that uses one set of weights at every step")
    ax.axis("off")
    return figure


@rc_context(STYLE)
def step_shapes(B: int, D: int, H: int) -> Figure:
    """Draw the arrays of one step as rectangles, one cell a number.

    Parameters
    ----------
    B, D, H : int
        Rows of the batch, features, hidden units.

    Returns
    -------
    Figure
        One axes; each array is a rectangle labelled with its name, as wide and high as its shape.
    """
    figure, ax = axes(9.2, 2.6)
    arrays = [
        ("x", B, D, BLUE, "@"),
        ("W_xh.T", D, H, GREY, "+"),
        ("h", B, H, ORANGE, "@"),
        ("W_hh.T", H, H, GREY, "+"),
        ("b", 1, H, GREY, "→"),
        ("tanh of the sum", B, H, ORANGE, ""),
    ]
    left = 0.0
    for name, rows, columns, color, after in arrays:
        ax.add_patch(
            Rectangle((left, -rows / 2), columns, rows, facecolor=color, alpha=0.45, label=name)
        )
        for i in range(rows + 1):
            ax.plot([left, left + columns], [i - rows / 2] * 2, color=INK, linewidth=0.7)
        for j in range(columns + 1):
            ax.plot([left + j] * 2, [-rows / 2, rows / 2], color=INK, linewidth=0.7)
        middle = left + columns / 2
        shape = f"({columns},)" if name == "b" else f"({rows}, {columns})"
        ax.text(middle, -max(D, H, B) / 2 - 0.7, f"{name}\n{shape}", ha="center", va="top")
        ax.text(left + columns + 0.75, 0, after, ha="center", va="center", fontsize=14)
        left += columns + 1.5
    ax.set(xlim=(-0.3, left - 1.2), ylim=(-max(D, H, B) / 2 - 2.6, max(D, H, B) / 2 + 0.4))
    ax.set_aspect("equal")
    ax.set_title(f"One step for a batch: B = {B} rows, D = {D} features, H = {H} units")
    ax.axis("off")
    return figure


@rc_context(STYLE)
def recurrence_kinds() -> Figure:
    """Draw where the recurrent edge starts and ends in each kind of recurrent network.

    Returns
    -------
    Figure
        Three axes, each titled with its kind, two steps each; the edge is labelled ``recurrent``.
    """
    figure, spaces = axes(9.0, 3.3, columns=len(RECURRENCES), flat=True)
    for ax, (kind, (start, end, who)) in zip(spaces, RECURRENCES.items(), strict=True):
        for i, step in enumerate(("t-1", "t")):
            _column(ax, 1.9 * i, step)
        _bent(ax, (0.32, LEVEL[start]), (1.58, LEVEL[end]), 0)
        weight = f"W_{{{start}{end}}}" if start != end or start == "h" else "W_{oo}"
        height = (LEVEL[start] + LEVEL[end]) / 2
        ax.text(1.05, height + 0.22, f"${weight}$", color=RED, ha="left")
        ax.set(xlim=(-0.5, 2.4), ylim=(-0.45, 3.0), aspect="equal")
        ax.set_title(f"{kind}\n{who}", loc="center", fontweight="normal", fontsize=9.5)
        ax.axis("off")
    figure.suptitle("The loop may start and end in different places", x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def outputs_over_time(
    panels: Mapping[str, tuple[ArrayLike, Mapping[str, ArrayLike]]], *, title: str
) -> Figure:
    """Draw what several networks said at each step, and what they should have said.

    Parameters
    ----------
    panels : mapping from panel title to (target, outputs)
        target, shape (T,); outputs, a mapping from the network's name to an array (T,).
    title : str
        The message of the figure.

    Returns
    -------
    Figure
        An axes a panel: the target first, then one line a network. Steps count from 1.
    """
    figure, spaces = axes(9.0, 3.3, columns=len(panels), flat=True, sharey=True)
    for ax, (name, (target, outputs)) in zip(spaces, panels.items(), strict=True):
        steps = np.arange(1, len(np.asarray(target)) + 1)
        ax.plot(steps, target, color=PALE, linewidth=8, label="wanted", solid_capstyle="round")
        for look, (network, said) in zip(LOOKS, outputs.items(), strict=False):
            ax.plot(steps, said, label=network, markersize=5, **look)
        ax.set_title(name, fontweight="normal", fontsize=9.5)
        ax.set(xlabel="step", xticks=steps)
        ax.axhline(0, color=GREY, linewidth=0.6)
    spaces[0].set_ylabel("output")
    figure.legend(
        *spaces[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(LOOKS)
    )
    figure.suptitle(title, x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def gradient_paths(
    states: ArrayLike, direct: ArrayLike, carried: ArrayLike, local: ArrayLike
) -> Figure:
    """Draw where each gradient flows in an unrolled network of one unit, with its numbers.

    Parameters
    ----------
    states : array-like, shape (T,)
        h_1 to h_T.
    direct : array-like, shape (T,)
        Gradient of the loss at h_t through the output of step t.
    carried : array-like, shape (T + 1,)
        ``carried[t]`` flows from step t + 1 back into h_t; carried[0] reaches h_0.
    local : array-like, shape (T,)
        Gradient at the sum inside tanh, from which the weights' gradients are made.

    Returns
    -------
    Figure
        One axes; its texts hold the numbers.
    """
    h, d, c, z = (np.asarray(a, dtype=float) for a in (states, direct, carried, local))
    steps = len(h)
    figure, ax = axes(9.2, 3.9)

    def back(start: tuple[float, float], end: tuple[float, float]) -> None:
        ax.add_patch(
            FancyArrowPatch(
                start, end, arrowstyle="-|>", mutation_scale=11, color=RED, linewidth=1.8,
                linestyle="--", shrinkA=0, shrinkB=0, label="back",
            )
        )  # fmt: skip

    for t in range(1, steps + 1):
        x = 2.9 * t
        box(ax, x, 1.3, PALE, "h")
        ax.text(x, 1.3, f"$h_{t}$", ha="center", va="center", fontsize=11)
        ax.text(x, 0.72, f"{h[t - 1]:.3f}", ha="center", va="center", fontsize=8.5, color=GREY)
        arrow(ax, (x - 2.58, 1.42), (x - 0.32, 1.42))
        back((x - 0.32, 1.14), (x - 2.58, 1.14))
        ax.text(x - 1.45, 0.97, f"{c[t - 1]:+.4f}", ha="center", va="top", color=RED)
        ax.text(x - 1.45, 1.5, "$w_h$", ha="center", va="bottom", fontsize=8.5)
        box(ax, x, 2.75, ORANGE, "loss", hatch="///")
        ax.text(
            x, 2.75, f"$L_{t}$", ha="center", va="center", fontsize=11,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
        arrow(ax, (x - 0.1, 1.62), (x - 0.1, 2.43))
        back((x + 0.1, 2.43), (x + 0.1, 1.62))
        ax.text(x + 0.2, 2.05, f"{d[t - 1]:+.4f}", va="center", color=RED)
        back((x, 0.5), (x, -0.1))
        ax.text(x, -0.2, f"to the weights\n$\\delta_{t}$ = {z[t - 1]:+.4f}",
                ha="center", va="top", color=RED)  # fmt: skip
    ax.text(0.1, 1.3, "$h_0$", ha="center", va="center", fontsize=11)
    ax.set(xlim=(-0.3, 2.9 * steps + 1.0), ylim=(-1.0, 3.2), aspect="equal")
    ax.set_title("Two gradients meet at every state: from its own loss, and from all later steps")
    ax.axis("off")
    return figure


@rc_context(STYLE)
def clipped_gradients(gradient: ArrayLike, max_norm: float) -> Figure:
    """Draw a gradient of two entries, clipped by its norm and clipped entry by entry.

    Parameters
    ----------
    gradient : array-like, shape (2,)
        The gradient.
    max_norm : float
        The bound of both.

    Returns
    -------
    Figure
        One axes; three arrows as lines from the origin: before, by norm, by entry.
    """
    g = np.asarray(gradient, dtype=float)
    figure, ax = axes(7.2, 3.2)
    angle = np.linspace(0, np.pi / 2, 50)
    ax.plot(max_norm * np.cos(angle), max_norm * np.sin(angle), color=GREY, linewidth=0.9)
    arrows = {
        "the gradient": g,
        f"clipped to norm {max_norm:g}": g * min(1.0, max_norm / np.linalg.norm(g)),
        f"entries clipped to ±{max_norm:g}": np.clip(g, -max_norm, max_norm),
    }
    for look, width, (label, (x, y)) in zip(LOOKS, (1, 4, 2), arrows.items(), strict=False):
        ax.plot([0, x], [0, y], label=label, linewidth=width, markevery=[1], **look)
    ax.set(xlabel="first entry", ylabel="second entry", aspect="equal")
    ax.set_title("Clipping by the norm keeps the direction, clipping entries turns it")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


@rc_context(STYLE)
def norms_by_lag(norms: Mapping[str, ArrayLike], *, title: str, floor: float = 1e-16) -> Figure:
    """Draw norms of the Jacobians of the last state, against how many steps back they reach.

    Parameters
    ----------
    norms : mapping from label to array-like, shape (T,)
        Norms for t = 1 … T; the last belongs to lag 0.
    title : str
        The message of the figure.
    floor : float
        Where the axis ends below.

    Returns
    -------
    Figure
        One axes, logarithmic; a line an entry, and a thin line at 1.
    """
    figure, ax = axes(8.4, 3.8)
    for look, (label, values) in zip(LOOKS, norms.items(), strict=False):
        y = np.asarray(values, dtype=float)[::-1]
        ax.plot(np.arange(len(y)), y, label=label, markersize=4, markevery=7, **look)
    ax.axhline(1, color=GREY, linewidth=0.8)
    ax.set_yscale("log")
    ax.set_ylim(bottom=floor)
    ax.set(title=title, xlabel="lag (steps back from the last state)", ylabel="norm of Jacobian")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


@rc_context(STYLE)
def loss_with_samples(
    losses: ArrayLike, samples: Mapping[int, str], *, title: str, chance: float | None = None
) -> Figure:
    """Draw a loss curve, and beside it what the model wrote at some of its steps.

    Parameters
    ----------
    losses : array-like, shape (N,)
        Loss before each update, nats a character.
    samples : mapping from step to str
        What the model wrote before that update.
    title : str
        The message of the figure.
    chance : float, optional
        The loss of guessing, drawn as a line.

    Returns
    -------
    Figure
        Left the curve with a dot at each sample, right the samples as text, earliest on top.
    """
    y = np.asarray(losses, dtype=float)
    figure, (ax, text) = axes(9.2, 3.3, columns=2, width_ratios=(5, 4))
    ax.plot(y, color=BLUE)
    marked = sorted(samples)
    ax.plot(marked, y[marked], "o", color=RED)
    if chance is not None:
        ax.axhline(chance, color=GREY, linestyle=":")
        ax.text(len(y) - 1, chance, "guessing", ha="right", va="bottom", color=INK)
    ax.set(xlabel="updates", ylabel="loss (nats a character)")
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color=PALE)
    for row, step in enumerate(marked):
        height = 0.95 - 0.9 * row / max(1, len(marked) - 1)
        text.text(0.0, height, f"{step:>4}", family="monospace", va="center", color=RED)
        text.text(0.12, height, repr(samples[step]), family="monospace", va="center", fontsize=8)
    text.axis("off")
    figure.suptitle(title, x=0.01, ha="left")
    return figure


@rc_context(STYLE)
def state_distances(labels: Sequence[str], states: ArrayLike, *, title: str) -> Figure:
    """Draw how far apart the states of a sequence are, each from each.

    Parameters
    ----------
    labels : sequence of str, length T
        What was read at each step.
    states : array-like, shape (T, H)
        The state after it.
    title : str
        The message of the figure.

    Returns
    -------
    Figure
        One axes with an image (T, T): Euclidean distances, dark where far apart.
    """
    h = np.asarray(states, dtype=float)
    apart = np.sqrt(((h[:, None] - h[None]) ** 2).sum(axis=-1))  # (T, T)
    figure, ax = axes(5.6, 4.2)
    image = ax.imshow(apart, cmap="Greys", vmin=0)
    names = [repr(label)[1:-1] if label != " " else "␣" for label in labels]
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="after reading", ylabel="after reading", title=title)
    figure.colorbar(image, label="distance between states")
    return figure
