import base64
import io
import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.patches import FancyBboxPatch, Rectangle
from PIL import Image

from seqkit import plots
from seqkit.corpora import load_series

YEARS = np.arange(1900, 1930)
VALUES = np.sin(np.arange(30)) + 2


@pytest.fixture
def displayed(monkeypatch):
    """Collect what is displayed, as (mime bundle, raw)."""
    bundles = []
    monkeypatch.setattr(
        "IPython.display.display", lambda bundle, raw=False: bundles.append((bundle, raw))
    )
    return bundles


def a_figure():
    return plots.curves([1, 2, 3], {"a": [1, 4, 9]}, title="squares", xlabel="n", ylabel="n²")


def picture(html):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', html).group(1)
    return Image.open(io.BytesIO(base64.b64decode(data)))


# --- displaying


def test_a_figure_is_displayed_once_with_its_alternative_text(displayed):
    plots.show(a_figure(), alt="A line that rises.", caption="Squares")
    [(bundle, raw)] = displayed
    assert raw
    assert bundle["text/plain"] == "A line that rises."
    assert 'alt="A line that rises."' in bundle["text/html"]
    assert "<figcaption>Squares</figcaption>" in bundle["text/html"]


def test_the_picture_is_a_readable_png_of_a_notebooks_width():
    image = picture(plots.figure_html(a_figure(), alt="a line"))
    assert image.format == "PNG"
    assert 500 <= image.width <= 1000


def test_alternative_text_cannot_break_out_of_its_attribute():
    html = plots.figure_html(a_figure(), alt='"a" < b')
    assert 'alt="&quot;a&quot; &lt; b"' in html


def test_a_figure_without_alternative_text_is_refused():
    with pytest.raises(ValueError, match="alt must say"):
        plots.figure_html(a_figure(), alt=" ")


def test_a_table_is_displayed_as_markdown_and_as_the_same_text(displayed):
    plots.table(["word", "id"], [["sea", "2"], ["gull", "3"]], caption="Two words.")
    [(bundle, raw)] = displayed
    assert raw
    assert bundle["text/markdown"] == bundle["text/plain"]
    assert bundle["text/plain"].splitlines() == [
        "| word | id |",
        "|---|---|",
        "| sea | 2 |",
        "| gull | 3 |",
        "",
        "Two words.",
    ]


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="row 1 has 1 cells, the header 2"):
        plots.table_text(["a", "b"], [["1", "2"], ["3"]])


def test_drawing_needs_no_pyplot_and_leaves_the_settings_alone():
    before = dict(rcParams)
    a_figure()
    assert dict(rcParams) == before
    program = "import sys, seqkit.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_curves_are_told_apart_without_colour():
    looks = [(look["linestyle"], look["marker"]) for look in plots.LOOKS]
    assert len(set(looks)) == len(plots.LOOKS)


# --- curves


def test_curves_holds_each_line_under_its_label():
    figure = plots.curves([1, 2, 4], {"up": [1, 2, 3], "down": [3, 2, 1]}, xlabel="steps")
    (ax,) = figure.axes
    assert [line.get_label() for line in ax.lines] == ["up", "down"]
    np.testing.assert_array_equal(ax.lines[1].get_xydata(), [[1, 3], [2, 2], [4, 1]])
    assert ax.get_xlabel() == "steps"
    assert ax.get_legend() is not None


def test_curves_can_be_logarithmic_or_start_at_zero():
    assert plots.curves([1, 2], {"a": [1, 100]}, log=True).axes[0].get_yscale() == "log"
    assert plots.curves([1, 2], {"a": [5, 6]}, zero=True).axes[0].get_ylim()[0] == 0


# --- series


def test_the_shuffled_panel_holds_the_same_values_in_the_given_order():
    permutation = np.arange(30)[::-1]
    top, bottom = plots.series_and_shuffle(YEARS, VALUES, permutation).axes
    np.testing.assert_array_equal(top.lines[0].get_ydata(), VALUES)
    np.testing.assert_array_equal(bottom.lines[0].get_ydata(), VALUES[::-1])


def test_the_panels_tell_mean_and_correlation():
    years, values = load_series("sunspots")
    permutation = np.random.default_rng(0).permutation(len(values))
    top, bottom = plots.series_and_shuffle(years, values, permutation).axes
    assert "mean 49.8, correlation with the year before 0.82" in top.get_title(loc="left")
    assert "mean 49.8, correlation with the year before 0.0" in bottom.get_title(loc="left")


def test_windows_are_bars_of_length_and_horizon_one_year_apart():
    figure = plots.series_windows(YEARS, VALUES, length=5, horizon=2, first=3, rows=3)
    bars = [p for p in figure.axes[1].patches if isinstance(p, Rectangle)]
    spans = [(bar.get_x() + 0.5, bar.get_width()) for bar in bars]
    assert spans == [(1903, 5), (1908, 2), (1904, 5), (1909, 2), (1905, 5), (1910, 2)]


def test_windows_never_leave_the_series():
    figure = plots.series_windows(YEARS, VALUES, length=5, horizon=2, first=22, rows=4)
    bars = figure.axes[1].patches
    assert max(bar.get_x() + bar.get_width() for bar in bars) <= YEARS[-1] + 0.5
    assert len(bars) == 2 * 2  # the windows that start at 22 and 23


def test_a_window_beyond_the_series_is_refused():
    with pytest.raises(ValueError, match="no window of 5 \\+ 2 values starts at 24"):
        plots.series_windows(YEARS, VALUES, length=5, horizon=2, first=24)


def test_a_forecast_starts_at_its_origin():
    figure = plots.forecasts(YEARS, VALUES, 20, {"model": [1.0, 2.0, 3.0]}, title="t", before=4)
    observed, model = figure.axes[0].lines[:2]
    np.testing.assert_array_equal(observed.get_xdata(), np.arange(1916, 1923))
    np.testing.assert_array_equal(model.get_xydata(), [[1920, 1], [1921, 2], [1922, 3]])


def test_parts_are_shaded_and_gaps_are_not():
    parts = {"train": slice(0, 10), "validation": slice(12, 20), "test": slice(22, 30)}
    (ax,) = plots.split_series(YEARS, VALUES, parts, title="t").axes
    spans = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]
    assert spans == [(1899.5, 1909.5), (1911.5, 1919.5), (1921.5, 1929.5)]
    assert [text.get_text() for text in ax.texts] == ["train\n10", "validation\n8", "test\n8"]


def test_an_empty_part_is_left_out():
    parts = {"train": slice(0, 30), "validation": slice(30, 30), "test": slice(30, 30)}
    (ax,) = plots.split_series(YEARS, VALUES, parts, title="t").axes
    assert len(ax.patches) == 1


# --- categories


def test_categories_are_those_of_the_course_and_drawn_completely():
    names = [category.name.replace("\n", " ") for category in plots.CATEGORIES]
    assert names == [
        "one-to-one",
        "one-to-many",
        "many-to-one",
        "many-to-many synchronized",
        "many-to-many delayed",
    ]
    boxes = [p for p in plots.task_categories().axes[0].patches if isinstance(p, FancyBboxPatch)]
    labels = [box.get_label() for box in boxes]
    assert labels.count("read") == sum(len(c.reads) for c in plots.CATEGORIES) == 11
    assert labels.count("write") == sum(len(c.writes) for c in plots.CATEGORIES) == 10


def test_categories_mean_what_their_names_say():
    reads = {c.name: c.reads for c in plots.CATEGORIES}
    writes = {c.name: c.writes for c in plots.CATEGORIES}
    together, delayed = "many-to-many\nsynchronized", "many-to-many\ndelayed"
    assert reads[together] == writes[together]
    assert min(writes[delayed]) > max(reads[delayed])
    assert writes["many-to-one"] == (max(reads["many-to-one"]),)
    assert len(reads["one-to-many"]) == 1


# --- tokens and vectors


def test_cells_outside_the_mask_are_hatched():
    mask = np.array([[True, False, False], [True, True, True]])
    tokens = [["a", "-", "-"], ["b", "c", "d"]]
    figure = plots.token_grids({"right": (tokens, mask)}, title="t")
    (ax,) = figure.axes
    hatched = np.array([bool(cell.get_hatch()) for cell in ax.patches]).reshape(mask.shape)
    np.testing.assert_array_equal(hatched, ~mask)
    assert [text.get_text() for text in ax.texts] == ["a", "-", "-", "b", "c", "d"]


def test_the_one_hot_product_is_the_rows_of_the_table():
    E = np.arange(12.0).reshape(4, 3)
    one_hot, table, product = plots.one_hot_product([2, 0, 2], E).axes
    np.testing.assert_array_equal(
        one_hot.images[0].get_array(), [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]
    )
    np.testing.assert_array_equal(table.images[0].get_array(), E)
    np.testing.assert_array_equal(product.images[0].get_array(), E[[2, 0, 2]])
    framed = [patch.get_y() + 0.5 for patch in table.patches]
    assert framed == [0, 2]


def test_embedded_rows_shows_the_vectors_it_was_given():
    vectors = np.array([[0.5, -1.0], [0.5, -1.0]])
    figure = plots.embedded_rows({"left": (["a", "b"], vectors)}, title="twins")
    (ax,) = figure.axes
    np.testing.assert_array_equal(ax.images[0].get_array(), vectors)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert [text.get_text() for text in ax.texts] == ["+0.500", "-1.000", "+0.500", "-1.000"]
