"""What holds for every exercise, tried on answers that break one law each."""

from dataclasses import replace

import numpy as np
import pytest

from seqkit.checking import laws
from seqkit.checking.expect import Mismatch
from seqkit.checking.laws import Laws
from seqkit.checking.student import Student, StudentError
from seqkit.lab.kernel import LocalChannel


def draw(rng, batch, features):
    return {"x": rng.integers(-9, 10, size=(batch, features)) / 2, "w": rng.normal(size=features)}


def weighted(x, w):
    return np.asarray(x) @ w


LAWS = Laws(
    "weighted",
    draw,
    weighted,
    parts=("the sums",),
    large={"batch": 20, "features": 70},
    whole=("x",),
    extreme=lambda rng: {"x": np.full((2, 3), 1e4), "w": rng.normal(size=3)},
)


def hold(answer, rules=LAWS, seed=1):
    student = Student(LocalChannel({} if answer is None else {rules.function: answer}))
    rules.hold(student, np.random.default_rng(seed))


def writes_into_x(x, w):
    result = x @ w
    x += 1
    return result


BUFFER = {}


def keeps_a_buffer(x, w):
    result = BUFFER.setdefault(x.shape, np.empty(len(x)))
    result[...] = x @ w
    return result


COUNTED = []


def counts_calls(x, w):
    COUNTED.append(1)
    return x @ w + (len(COUNTED) == 8)


def other_names(a, b):
    return a @ b


def assumes_a_layout(x, w):
    rows = np.lib.stride_tricks.as_strided(x, x.shape, (8 * x.shape[1], 8))
    return rows @ w


def writes_where_it_reads(x, w):
    x[...] = x
    return x @ w


def rounds_whole_numbers(x, w):
    result = np.zeros(len(x), x.dtype)
    result[...] = x @ w
    return result


def reads_eight_rows(x, w):
    return x[:8] @ w


def needs_two_rows(x, w):
    return x @ w if len(x) > 1 else np.zeros(3)


def tells_axes_by_their_size(x, w):
    return (x if x.shape[1] != len(x) else x.T) @ w


def squeezes_into_bytes(x, w):
    return (x.astype(np.int8) if x.dtype.kind == "i" else x) @ w


def overflows(x, w):
    return np.log(np.exp(x) @ np.ones(x.shape[1])) * 0 + x @ w


@pytest.mark.parametrize(
    ("answer", "law"),
    [
        (writes_into_x, "The caller's x was changed by the call"),
        (keeps_a_buffer, "What the first call returned changed"),
        (counts_calls, "nothing may be left over from one call to the next"),
        (other_names, "Arguments may be given by name"),
        (assumes_a_layout, "another layout (in Fortran order)"),
        (writes_where_it_reads, "another layout (read-only)"),
        (rounds_whole_numbers, "Whole numbers are numbers too: here x"),
        (squeezes_into_bytes, "Whole numbers are numbers too: here x"),
        (tells_axes_by_their_size, "any size: here every size is 3"),
        (reads_eight_rows, "any size: here batch is 20"),
        (needs_two_rows, "any size: here every size is 1"),
        (overflows, "up to the largest values"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_broken_law_is_named(answer, law):
    COUNTED.clear()
    with pytest.raises(Mismatch) as caught:
        hold(answer)
    assert law in caught.value.why


@pytest.mark.parametrize("seed", range(5))
def test_an_answer_that_keeps_them_passes(seed):
    hold(weighted, seed=seed)
    hold(lambda x, w: [float(row @ w) for row in np.asarray(x)], seed=seed)


def test_what_is_wrong_anyhow_breaks_no_law():
    with pytest.raises(Mismatch) as caught:
        hold(lambda x, w: x @ w + 1)
    assert caught.value.why == ""
    assert "gave the sums" in caught.value.text


@pytest.mark.parametrize("answer", [None, "stub"])
def test_an_untouched_exercise_stays_untouched(answer):
    def stub(x, w):
        raise NotImplementedError("exercise 9.9")

    with pytest.raises(StudentError) as caught:
        hold(answer and stub)
    assert caught.value.untouched


def test_laws_can_be_left_out():
    rules = Laws("weighted", draw, weighted, large=LAWS.large, without=("arguments", "results"))
    hold(keeps_a_buffer, rules)


def test_several_parts_come_as_any_sequence():
    rules = Laws("both", draw, lambda x, w: (x @ w, x + 1), parts=("y", "z"), large=LAWS.large)
    hold(lambda x, w: [x @ w, x + 1], rules)
    with pytest.raises(Mismatch, match="expected 2 parts"):
        hold(lambda x, w: x @ w, rules)


def test_parts_may_have_parts():
    def right(x, w):
        return (x @ w, x + 1), {"total": float(x.sum()), "rows": len(x)}

    rules = Laws("nested", draw, right, parts=("both", "facts"), large=LAWS.large)
    hold(lambda x, w: [[x @ w * (1 + 1e-14), x + 1], right(x, w)[1]], rules)
    for answer in (
        lambda x, w: ((x @ w, x[:8] + 1), right(x, w)[1]),
        lambda x, w: ((x @ w, x + 1), {"total": float(x[:8].sum()), "rows": len(x)}),
        lambda x, w: ((x @ w, x + 1), {"total": float(x.sum())}),
    ):
        with pytest.raises(Mismatch):
            hold(answer, rules)
    with pytest.raises(Mismatch, match="What the first call returned changed"):
        hold(lambda x, w: ((keeps_a_buffer(x, w), x + 1), right(x, w)[1]), rules)


def test_an_argument_and_a_part_may_be_a_list_of_arrays():
    def in_place(arrays):
        for array in arrays:
            array *= 2
        return arrays

    def drawn(rng, rows):
        return {"arrays": [rng.normal(size=rows), rng.normal(size=(2, rows))]}

    rules = Laws("twice", drawn, lambda arrays: [2 * a for a in arrays], large={"rows": 70})
    hold(lambda arrays: tuple(2 * a for a in arrays), rules)
    with pytest.raises(Mismatch, match="The caller's arrays was changed"):
        hold(in_place, rules)
    with pytest.raises((Mismatch, StudentError), match="read-only"):
        hold(in_place, replace(rules, without=("arguments", "results")))
    hold(in_place, replace(rules, without=("arguments", "results", "read-only")))


def test_every_layout_has_the_same_values():
    for shape in ((4,), (3, 2), (2, 3, 4)):
        array = np.arange(np.prod(shape), dtype=float).reshape(shape)
        channel = LocalChannel({"same": lambda a: [a.copy(), a.flags.writeable, list(a.strides)]})
        student = Student(channel)
        for layout in laws.LAYOUTS:
            values, writeable, strides = student.same(student.arranged(array, layout))
            assert np.array_equal(values, array)
            assert writeable == (layout != "read-only")
            assert (strides == list(array.strides)) == (layout == "read-only" or (
                layout == "fortran" and len(shape) == 1))  # fmt: skip
