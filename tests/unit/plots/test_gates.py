import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from seqkit import plots


def labelled(ax, kind, label=None):
    return [p for p in ax.patches if isinstance(p, kind) and label in (None, p.get_label())]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def bars(ax):
    return [p for p in ax.patches if isinstance(p, Rectangle)]


# --- cells


@pytest.mark.parametrize(
    ("draw", "gates", "meetings"),
    [(plots.lstm_cell, "figo", {"×": 3, "+": 1}), (plots.gru_cell, "zrn", {"×": 2, "+": 1})],
)
def test_a_cell_has_its_gates_and_a_sum_on_its_conveyor(draw, gates, meetings):
    (ax,) = draw().axes
    found = [p.get_label() for p in labelled(ax, FancyBboxPatch)]
    assert found == [f"gate {letter}" for letter in gates]
    for sign, count in meetings.items():
        assert len(labelled(ax, Circle, sign)) == count
    (plus,) = labelled(ax, Circle, "+")
    conveyor = ax.lines[0].get_ydata()
    assert plus.center[1] == conveyor[0] == conveyor[1]


def test_only_the_candidates_go_through_tanh():
    for draw, candidate in ((plots.lstm_cell, "g"), (plots.gru_cell, "n")):
        (ax,) = draw().axes
        assert [t for t in texts(ax) if t.endswith(": tanh")] == [f"${candidate}$: tanh"]


# --- gates at work


def test_one_number_a_step_is_a_bar_and_several_are_a_grid():
    figure = plots.gates_over_time(
        {"x": [1.0, 0.5, 0.0], "f": np.full((3, 2), 0.5)}, title="t", marks=[2]
    )
    first, second = figure.axes[:2]
    assert [bar.get_height() for bar in bars(first)] == [1.0, 0.5, 0.0]
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars(first)] == [1, 2, 3]
    assert second.images[0].get_array().shape == (2, 3)  # units down, steps to the right
    assert [list(line.get_xdata()) for line in second.lines] == [[2, 2]]


def test_an_arrowhead_points_at_a_unit_in_every_grid():
    rows = {"x": [0.1, 0.2], "f": np.eye(2), "c": -np.eye(2)}
    bars_alone, *grids = plots.gates_over_time(rows, title="t", unit=1).axes[:3]
    assert texts(bars_alone) == []
    for ax in grids:
        (arrowhead,) = ax.texts
        assert arrowhead.xy[1] == 1.5  # the middle of the second row


def test_gates_are_grey_from_0_to_1_and_states_have_their_zero_in_the_middle():
    states = np.array([[-3.0, 1.0], [0.0, 2.0]])
    figure = plots.gates_over_time({"f": np.eye(2), "c": states}, title="t")
    gates, cells = (ax.images[0] for ax in figure.axes[:2])
    assert gates.get_cmap().name == "Greys"
    assert gates.get_clim() == (0, 1)
    assert cells.get_cmap().name == "PuOr"
    assert cells.get_clim() == (-3, 3)


def test_negative_states_are_hatched_so_that_grey_tells_them_from_positive_ones():
    states = np.array([[-3.0, 1.0], [0.0, -2.0]])
    figure = plots.gates_over_time({"f": np.eye(2), "c": states}, title="t")
    gates, cells = figure.axes[:2]
    assert not gates.collections
    (hatched,) = cells.collections
    assert hatched.get_hatch()
    middles = {tuple(path.get_extents().get_points().mean(axis=0)) for path in hatched.get_paths()}
    assert middles == {(1, 0.5), (2, 1.5)}  # step, unit counted from the top


def test_the_marked_numbers_are_told_from_the_others():
    X = np.zeros((2, 4, 2))
    X[:, :, 0] = [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]]
    X[[0, 0, 1, 1], [1, 2, 0, 3], 1] = 1
    first, second = plots.adding_rows(X, [[0.5], [1.3]]).axes
    assert [bar.get_height() for bar in bars(first) if bar.get_label() == "marked"] == [0.2, 0.3]
    assert [bar.get_height() for bar in bars(second) if bar.get_label() == "number"] == [0.6, 0.7]
    assert "sum 1.30" in texts(second)


def test_training_curves_stand_beside_the_level_of_a_constant_answer():
    figure = plots.training_curves(
        {"a": [3.0, 2.0, 1.0]}, level=0.5, level_label="mean", title="t", xlabel="n", first=20
    )
    (ax,) = figure.axes
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[20, 3], [21, 2], [22, 1]])
    assert list(ax.lines[1].get_ydata()) == [0.5, 0.5]
    assert texts(ax) == ["mean"]
    assert ax.get_ylim()[0] == 0


# --- layers


def test_blocks_stand_in_the_order_of_the_layer():
    (ax,) = plots.gate_blocks({"A": ("ifgo", "two"), "B": ("zrh", "one")}, title="t").axes
    blocks = [(p.get_y() // 1, p.get_x(), p.get_label()) for p in labelled(ax, Rectangle)]
    assert [letter for row, _, letter in sorted(blocks) if row == 0] == list("ifgo")
    assert [letter for row, _, letter in sorted(blocks) if row == 1] == list("zrh")
    assert {"A", "B", "two", "one"} <= set(texts(ax))


def test_a_gate_looks_the_same_in_every_layer():
    (ax,) = plots.gate_blocks({"A": ("rzn", ""), "B": ("zrn", "")}, title="t").axes
    looks = {}
    for block in labelled(ax, Rectangle):
        looks.setdefault(block.get_label(), set()).add((block.get_facecolor(), block.get_hatch()))
    assert all(len(look) == 1 for look in looks.values())
    assert looks["r"] != looks["z"]


def test_last_states_stand_where_each_direction_ends():
    deep, both = plots.deep_and_both_ways(steps=5).axes

    def middle(patch):
        return round(patch.get_x() + patch.get_width() / 2)

    assert [middle(p) for p in labelled(deep, FancyBboxPatch, "last")] == [4, 4]
    assert sorted(middle(p) for p in labelled(both, FancyBboxPatch, "last")) == [0, 4]
    assert len(labelled(deep, FancyBboxPatch, "state")) == 2 * 5 - 2


def test_the_way_back_has_arrows_to_the_left():
    _, both = plots.deep_and_both_ways(steps=3).axes
    ends = [p._posA_posB for p in both.patches if type(p) is FancyArrowPatch]
    level = [(a, b) for a, b in ends if a[1] == b[1]]
    assert sorted(b[0] > a[0] for a, b in level) == [False, False, True, True]


# --- predictions


def test_predictions_stand_over_their_targets():
    figure = plots.predictions_against_targets(
        {"seen": ([[0.0], [1.0]], [[0.1], [0.9]]), "new": ([0.2, 0.4], [0.5, 0.5])}, title="t"
    )
    seen, new = figure.axes
    np.testing.assert_array_equal(seen.lines[-1].get_xydata(), [[0, 0.1], [1, 0.9]])
    np.testing.assert_array_equal(new.lines[-1].get_xydata(), [[0.2, 0.5], [0.4, 0.5]])
    assert new.lines[1].get_ydata() == pytest.approx([0.3, 0.3])  # the mean of the targets


def test_every_error_has_its_bar_and_its_number():
    figure = plots.error_bars(
        {"near": {"a": 1.0, "b": 2.0}, "far": {"a": 3.0, "b": 4.0}}, title="t", ylabel="error"
    )
    (ax,) = figure.axes
    assert [bar.get_height() for bar in bars(ax)] == [1, 3, 2, 4]  # model by model
    assert [round(bar.get_x() + bar.get_width() / 2) for bar in bars(ax)] == [0, 1, 0, 1]
    assert texts(ax) == ["1.0", "3.0", "2.0", "4.0"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["near", "far"]
    assert len({bar.get_hatch() for bar in bars(ax)}) == 2
