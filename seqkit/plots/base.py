"""The course's look: how a figure and a table are made and displayed, and what all figures share.

Figures are `matplotlib.figure.Figure` objects made without pyplot: nothing is displayed twice, no
global state changes, and a test can read the data back from the axes. Colours are those of Okabe
and Ito (2008), told apart by colour-blind readers; what differs in colour differs in lightness,
line style or hatching too, so that a grey print loses nothing.
"""

import base64
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from numpy.typing import ArrayLike
from PIL import Image

INK, GREY, PALE = "#222222", "#8C8C8C", "#E4E4E4"
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"

STYLE: Any = {
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "figure.titlesize": 11,
    "figure.titleweight": "bold",
    "font.size": 9.5,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}

#: One look a curve: colour, line style and marker all differ.
LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": RED, "linestyle": "--", "marker": "s"},
    {"color": GREEN, "linestyle": "-.", "marker": "^"},
    {"color": INK, "linestyle": ":", "marker": "D"},
    {"color": ORANGE, "linestyle": "-", "marker": "v"},
)


def show(figure: Figure, *, alt: str, caption: str = "") -> None:
    """Display a figure below the cell, with a text for those who cannot see it.

    The output is an HTML ``<figure>`` whose ``<img>`` carries the PNG and the alternative text:
    JupyterLab drops the ``alt`` of a plain ``image/png`` output, HTML it keeps, and so does
    nbconvert. The plain-text form of the output is the alternative text itself.

    Parameters
    ----------
    figure : Figure
        What is displayed.
    alt : str
        What the figure shows, in a sentence or two; must not be empty.
    caption : str, optional
        A line below the figure, for every reader.

    Raises
    ------
    ValueError
        If `alt` is empty.
    """
    from IPython.display import display  # only a notebook needs it

    display(
        {"text/html": figure_html(figure, alt=alt, caption=caption), "text/plain": alt}, raw=True
    )


def figure_html(figure: Figure, *, alt: str, caption: str = "") -> str:
    """Return a figure as an HTML element with its picture inside.

    Examples
    --------
    >>> figure_html(curves([1, 2], {"a": [3, 4]}), alt="a line that rises")[:25]
    '<figure style="margin:0">'
    """
    if not alt.strip():
        raise ValueError("alt must say what the figure shows, got an empty text")
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=96)
    # 256 colours are plenty for a drawing and make the file a third of its size.
    Image.open(drawn).convert("RGB").quantize(256).save(small, "png", optimize=True)
    picture = base64.b64encode(small.getvalue()).decode("ascii")
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure style="margin:0"><img alt="{html.escape(alt)}" '
        f'src="data:image/png;base64,{picture}">{below}</figure>'
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> None:
    """Display a small table below the cell.

    Parameters
    ----------
    header : sequence of str
        The heads of the columns.
    rows : sequence of sequences of str
        The cells, each row as long as the header; numbers formatted by the caller.
    caption : str, optional
        A line below the table.

    Raises
    ------
    ValueError
        If a row has another number of cells than the header.
    """
    from IPython.display import display  # only a notebook needs it

    text = table_text(header, rows, caption=caption)
    display({"text/markdown": text, "text/plain": text}, raw=True)


def table_text(header: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> str:
    """Return a table as Markdown.

    Examples
    --------
    >>> print(table_text(["word", "id"], [["sea", "2"]]))
    | word | id |
    |---|---|
    | sea | 2 |
    """
    for number, row in enumerate(rows):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, the header {len(header)}")
    head, *body = (f"| {' | '.join(cells)} |" for cells in [header, *rows])
    lines = [head, "|" + "---|" * len(header), *body]
    return "\n".join([*lines, "", caption] if caption else lines)


@rc_context(STYLE)
def curves(
    x: ArrayLike,
    lines: Mapping[str, ArrayLike],
    *,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    log: bool = False,
    zero: bool = False,
) -> Figure:
    """Draw one curve for each entry of `lines`, all over the same `x`.

    Parameters
    ----------
    x : array-like, shape (N,)
        Where the points stand.
    lines : mapping from label to array-like, shape (N,)
        One curve an entry.
    title, xlabel, ylabel : str
        The message of the figure; what the axes measure, with units.
    log : bool
        A logarithmic y axis.
    zero : bool
        Start the y axis at zero.

    Returns
    -------
    Figure
    """
    figure, ax = axes(7.2, 3.2)
    positions = np.asarray(x)
    every = max(1, len(positions) // 12)
    for number, (label, values) in enumerate(lines.items()):
        look = LOOKS[number % len(LOOKS)]
        ax.plot(positions, np.asarray(values), label=label, markersize=4, markevery=every, **look)
    if log:
        ax.set_yscale("log")
    if zero:
        ax.set_ylim(bottom=0)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.grid(axis="y", color=PALE)
    if len(lines) > 1:
        ax.legend()
    return figure


def axes(
    width: float,
    height: float,
    *,
    rows: int = 1,
    columns: int = 1,
    flat: bool = False,
    **options: Any,
) -> tuple[Figure, Any]:
    """Make a figure (inches) and its axes: one, or an array of them (always when `flat`)."""
    ratios: dict[str, Any] = {
        k: options.pop(k) for k in ("width_ratios", "height_ratios") if k in options
    }
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, gridspec_kw=ratios, squeeze=not flat, **options)
    return figure, axes.ravel() if flat else axes


def box(ax: Axes, x: float, y: float, color: str, label: str, hatch: str = "") -> None:
    """Draw a labelled square with round corners, its centre at (x, y)."""
    ax.add_patch(
        FancyBboxPatch(
            (x - 0.24, y - 0.24),
            0.48,
            0.48,
            boxstyle="round,pad=0.05",
            facecolor=color,
            edgecolor=INK,
            linewidth=0.8,
            hatch=hatch,
            label=label,
        )
    )


def arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow between two points of the data."""
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=9, color=INK, shrinkA=0, shrinkB=0
        )
    )


def numbers(ax: Axes, matrix: np.ndarray, form: str, largest: float) -> None:
    """Draw a matrix as coloured cells with their numbers: negative orange, positive purple."""
    norm = TwoSlopeNorm(0.0, -largest, largest)
    ax.imshow(matrix, cmap="PuOr", norm=norm, aspect="auto")
    for (row, column), value in np.ndenumerate(matrix):
        ax.text(column, row, form.format(value), ha="center", va="center", fontsize=8)
    ax.set_xticks(range(matrix.shape[1]))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
