"""Every figure of the course: a function draws each, `show` and `table` display.

>>> from seqkit import plots
>>> figure = plots.curves([1, 2, 3], {"n²": [1, 4, 9]}, title="Squares", xlabel="n", ylabel="n²")
"""

from seqkit.plots.base import LOOKS, curves, figure_html, show, table, table_text
from seqkit.plots.gates import (
    BLOCKS,
    adding_rows,
    deep_and_both_ways,
    error_bars,
    gate_blocks,
    gates_over_time,
    gru_cell,
    lstm_cell,
    predictions_against_targets,
    training_curves,
)
from seqkit.plots.recurrence import (
    RECURRENCES,
    clipped_gradients,
    gradient_paths,
    loss_with_samples,
    norms_by_lag,
    outputs_over_time,
    recurrence_kinds,
    state_distances,
    step_shapes,
    unrolled_network,
)
from seqkit.plots.sentiment import scores_by_group, weighed_words, words_html
from seqkit.plots.sequences import (
    CATEGORIES,
    embedded_rows,
    forecasts,
    one_hot_product,
    series_and_shuffle,
    series_windows,
    split_series,
    task_categories,
    token_grids,
)

__all__ = [
    "BLOCKS",
    "CATEGORIES",
    "LOOKS",
    "RECURRENCES",
    "adding_rows",
    "clipped_gradients",
    "curves",
    "deep_and_both_ways",
    "embedded_rows",
    "error_bars",
    "figure_html",
    "forecasts",
    "gate_blocks",
    "gates_over_time",
    "gradient_paths",
    "gru_cell",
    "loss_with_samples",
    "lstm_cell",
    "norms_by_lag",
    "one_hot_product",
    "outputs_over_time",
    "predictions_against_targets",
    "recurrence_kinds",
    "scores_by_group",
    "series_and_shuffle",
    "series_windows",
    "show",
    "split_series",
    "state_distances",
    "step_shapes",
    "table",
    "table_text",
    "task_categories",
    "token_grids",
    "training_curves",
    "unrolled_network",
    "weighed_words",
    "words_html",
]
