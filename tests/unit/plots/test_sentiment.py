"""Figures of lesson 4: their data can be read back."""

import numpy as np
import pytest

from seqkit import plots


def test_scores_show_the_median_and_the_whole_range():
    groups = {
        "plain": {"bag": [0.9, 0.8, 0.95], "RNN": [0.7]},
        "far away": {"bag": [0.5], "RNN": [0.9]},
    }
    figure = plots.scores_by_group(groups, title="t", ylabel="y", level=0.5, level_label="coin")
    (ax,) = figure.axes
    bag, rnn = ax.containers
    assert bag.lines[0].get_ydata() == pytest.approx([0.9, 0.5])
    (segments,) = bag.lines[2]
    lows_and_highs = [segment[:, 1] for segment in segments.get_segments()]
    assert np.allclose(lows_and_highs, [[0.8, 0.95], [0.5, 0.5]])
    assert rnn.get_label() == "RNN"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["plain", "far\naway"]
    assert ax.lines[-1].get_ydata() == [0.5, 0.5]


def test_words_are_told_apart_without_colour():
    found = plots.words_html(["not", "good"], [-2.0, 1.0])
    against, speaks_for = found.split("</span> ")
    assert "underline" in against
    assert "-2.0" in against
    assert "text-decoration: none" in speaks_for
    assert "+1.0" in speaks_for


def test_words_are_escaped_and_an_empty_text_is_fine():
    assert "&lt;script&gt;" in plots.words_html(["<script>"], [0.0])
    assert plots.words_html([], []) == ""
