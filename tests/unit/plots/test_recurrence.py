import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from seqkit import plots


def boxes(ax, label):
    return [p for p in ax.patches if isinstance(p, FancyBboxPatch) and p.get_label() == label]


def recurrent(ax):
    return [
        p for p in ax.patches if isinstance(p, FancyArrowPatch) and p.get_label() == "recurrent"
    ]


def texts(ax):
    return [text.get_text() for text in ax.texts]


# --- networks


@pytest.mark.parametrize("steps", [1, 3, 4])
def test_the_unrolled_network_repeats_every_weight_at_every_step(steps):
    (ax,) = plots.unrolled_network(steps).axes
    assert len(boxes(ax, "h")) == 2 + steps  # feed-forward, recurrent, unrolled
    assert texts(ax).count("$W_{xh}$") == texts(ax).count("$W_{hy}$") == steps
    assert texts(ax).count("$W_{hh}$") == 1 + steps  # the loop, and one into every state
    assert len(recurrent(ax)) == 1 + steps


def test_the_arrays_of_a_step_have_the_shapes_of_the_equation():
    (ax,) = plots.step_shapes(B=3, D=2, H=4).axes
    sizes = {
        p.get_label(): (p.get_height(), p.get_width())
        for p in ax.patches
        if isinstance(p, Rectangle)
    }
    assert sizes == {
        "x": (3, 2),
        "W_xh.T": (2, 4),
        "h": (3, 4),
        "W_hh.T": (4, 4),
        "b": (1, 4),
        "tanh of the sum": (3, 4),
    }
    assert "b\n(4,)" in texts(ax)


def test_each_kind_of_recurrence_has_its_own_edge():
    figure = plots.recurrence_kinds()
    weights = [next(t for t in texts(ax) if t.startswith("$W")) for ax in figure.axes]
    assert weights == ["$W_{hh}$", "$W_{oh}$", "$W_{oo}$"]
    assert [len(recurrent(ax)) for ax in figure.axes] == [1, 1, 1]
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[:2] == ["hidden to hidden\nElman 1990", "output to hidden\nJordan 1986"]


def test_an_edge_starts_and_ends_where_its_kind_says():
    rises = []
    for ax in plots.recurrence_kinds().axes:
        (start, _), (end, _) = (recurrent(ax)[0]._posA_posB[i][::-1] for i in (0, 1))
        rises.append(end - start)
    assert rises == [0, pytest.approx(-1.3), 0]


# --- gradients


def test_gradient_paths_carry_the_numbers_they_were_given():
    (ax,) = plots.gradient_paths(
        states=[0.6, 0.8], direct=[0.0, 1.0], carried=[0.0576, 0.18, 0.0], local=[0.1152, 0.36]
    ).axes
    shown = "\n".join(texts(ax))
    for number in ("0.600", "0.800", "+1.0000", "+0.0576", "+0.1800", "+0.1152", "+0.3600"):
        assert number in shown
    assert len(boxes(ax, "h")) == len(boxes(ax, "loss")) == 2


def test_gradient_paths_use_the_letters_of_the_derivation():
    (ax,) = plots.gradient_paths([0.6, 0.8], [0.0, 1.0], [0.0576, 0.18, 0.0], [0.1152, 0.36]).axes
    assert texts(ax).count("$w_h$") == 2
    assert "to the weights\n$\\delta_1$ = +0.1152" in texts(ax)
    assert "to the weights\n$\\delta_2$ = +0.3600" in texts(ax)


def test_gradients_flow_down_and_to_the_left():
    (ax,) = plots.gradient_paths([0.1] * 3, [0.2] * 3, [0.3] * 4, [0.4] * 3).axes
    back = [p for p in ax.patches if p.get_label() == "back"]
    assert len(back) == 3 * 3
    for path in back:
        (x0, y0), (x1, y1) = path._posA_posB
        assert x1 < x0 or y1 < y0


def test_clipping_by_the_norm_keeps_the_direction():
    (ax,) = plots.clipped_gradients([3.0, 4.0], max_norm=1.0).axes
    ends = {line.get_label(): line.get_xydata()[-1] for line in ax.lines[1:]}
    np.testing.assert_allclose(ends["the gradient"], [3, 4])
    np.testing.assert_allclose(ends["clipped to norm 1"], [0.6, 0.8])
    np.testing.assert_allclose(ends["entries clipped to ±1"], [1, 1])


def test_a_short_gradient_is_not_made_longer():
    (ax,) = plots.clipped_gradients([0.3, 0.4], max_norm=1.0).axes
    for line in ax.lines[1:]:
        np.testing.assert_allclose(line.get_xydata()[-1], [0.3, 0.4])


def test_norms_stand_at_their_lag():
    (ax,) = plots.norms_by_lag({"a": [0.25, 0.5, 1.0]}, title="t", floor=1e-3).axes
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[0, 1], [1, 0.5], [2, 0.25]])
    assert ax.get_yscale() == "log"
    assert ax.get_ylim()[0] == pytest.approx(1e-3)


# --- what networks say and remember


def test_outputs_stand_beside_what_was_wanted():
    figure = plots.outputs_over_time(
        {"a": ([1, 1, 1], {"x": [0.9, 1, 1]}), "b": ([0, 0, 1], {"x": [0, 0, 0.5]})}, title="t"
    )
    first, second = figure.axes
    np.testing.assert_array_equal(first.lines[0].get_xydata(), [[1, 1], [2, 1], [3, 1]])
    np.testing.assert_array_equal(second.lines[1].get_ydata(), [0, 0, 0.5])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["wanted", "x"]


def test_samples_are_marked_on_the_curve_where_they_were_written():
    curve, side = plots.loss_with_samples(
        [2.0, 1.0, 0.5], {2: "sea", 0: "s s"}, title="t", chance=2.1
    ).axes
    np.testing.assert_array_equal(curve.lines[0].get_ydata(), [2.0, 1.0, 0.5])
    np.testing.assert_array_equal(curve.lines[1].get_xydata(), [[0, 2.0], [2, 0.5]])
    assert texts(side) == ["   0", "'s s'", "   2", "'sea'"]
    assert "guessing" in texts(curve)


def test_states_that_are_equal_have_no_distance():
    states = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    ax = plots.state_distances(["a", " ", "a"], states, title="t").axes[0]
    np.testing.assert_allclose(ax.images[0].get_array(), [[0, 5, 0], [5, 0, 5], [0, 5, 0]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "␣", "a"]
