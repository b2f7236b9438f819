"""What did not come back as expected is said so that a learner can find the mistake."""

import math
import tracemalloc

import numpy as np
import pytest

from seqkit.checking.expect import Mismatch, array, close, dtype, equal, naming, raises, shape, true
from seqkit.checking.student import Handle, Student, StudentError
from seqkit.grading.inside.wire import Tensor

TENSOR = Tensor("torch", "float32", np.array([[1.0, 2.0]], np.float32))
POINT = Tensor("torch", "float32", np.array(0.5, np.float32))


def complaint(function, *args, **kwargs) -> Mismatch:
    with pytest.raises(Mismatch) as caught:
        function(*args, **kwargs)
    return caught.value


def error(kind, message="", *bases):
    return StudentError({"type": kind, "message": message, "bases": [kind, *bases]})


# ---------------------------------------------------------------- equal


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3), (3.0, 3), (np.int64(3), 3), (np.array(3), 3), (0.5, 0.5), (2 + 0j, 2),
        (True, True), (np.bool_(True), True), (None, None), ("a", "a"), (np.str_("a"), "a"),
        (b"a", b"a"), ({1}, {1}), (slice(1), slice(1)),
        ([1, 2], [1, 2]), (np.array([1, 2]), [1, 2]), (np.array([1, 2]), (1, 2)),
        ((1, "a"), (1, "a")), ([[1], [2, 3]], [[1], [2, 3]]),
        ({"a": [1]}, {"a": [1]}), ({"a": np.array([1])}, {"a": [1]}),
        ([1, 2], np.array([1, 2])), ((1, 2), np.array([1.0, 2.0])), (TENSOR, np.array([[1, 2]])),
        (TENSOR, [[1.0, 2.0]]), ([True], np.array([True])), (["a"], np.array(["a"])),
        ([], np.zeros(0)), (np.array([[1.0, 2.0]]), TENSOR), ([[1, 2]], TENSOR),
        ([TENSOR, TENSOR], np.array([[[1.0, 2.0]]] * 2)), ([POINT, 3], np.array([0.5, 3.0])),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_the_same_is_equal(got, expected):
    equal(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (4, 3), (None, 3), ("3", 3), (True, 1), (1, True), (1, 1.5), (0, None), (0, False),
        ((1, 2), [1, 2]), ([1, 2], (1, 2)), ([1], [1, 2]), ("ab", ["a", "b"]), ([1], 1),
        ({"a": 1}, {"a": 2}), ({"a": 1}, {"b": 1}), ([("a", 1)], {"a": 1}), ({1: 1}, {1}),
        ([1, 2], np.array([1, 3])), ([1, 2], np.array([[1, 2]])), ([1, 0], np.array([True, False])),
        ([True, False], np.array([1, 0])), (["1"], np.array([1])), ([1], np.array(["1"])),
        (None, np.array([1])), ({"a": 1}, np.array([1])),
        (b"a", "a"), (np.array(["a"]), [b"a"]), ([[1, 3]], TENSOR), ([1, 2], TENSOR),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_not_the_same_is_not_equal(got, expected):
    with pytest.raises(Mismatch):
        equal(got, expected)


def test_a_difference_shows_what_came_and_what_was_expected():
    assert str(complaint(equal, [1, 2], [1, 3])) == "gave [1, 2], expected [1, 3]"
    wrong = complaint(equal, 3, 4, what="the length", why="One window is missing.")
    assert str(wrong) == "gave the length 3, expected 4. One window is missing."
    assert (wrong.text, wrong.why) == ("gave the length 3, expected 4", "One window is missing.")


def test_the_shape_is_complained_about_before_the_values():
    wrong = complaint(equal, np.zeros((2, 2)), np.ones((2, 3)), what="X", why="Too short.")
    assert str(wrong) == "gave X of shape (2, 2), expected (2, 3). Too short."


def test_bools_where_numbers_belong_are_complained_about_by_dtype():
    wrong = complaint(equal, np.array([True]), np.array([1]), what="ids")
    assert str(wrong) == "gave ids of dtype bool, expected int"
    wrong = complaint(equal, np.array([1]), np.array([True]), what="the mask")
    assert str(wrong) == "gave the mask of dtype int64, expected bool"


# ---------------------------------------------------------------- close


def test_rounding_is_no_difference():
    close(0.1 + 0.2, 0.3)
    close([0.1 + 0.2], [0.3])
    close(np.array([1, 2]), [1.0, 2.0])
    close(TENSOR, [[1, 2]])
    close([np.nan, np.inf], [np.nan, np.inf])
    close([1.001], [1.0], atol=0.01)
    close([1001.0], [1000.0], rtol=0.01)


def test_a_difference_of_numbers_tells_the_largest():
    wrong = complaint(close, [1.0, 2.5, 2.0], [1.0, 2.0, 1.0], what="y", why="Divide by n.")
    assert str(wrong) == (
        "gave y [1.0, 2.5, 2.0], expected [1.0, 2.0, 1.0] (largest difference 1). Divide by n."
    )


@pytest.mark.parametrize("compare", [close, equal])
def test_what_looks_the_same_is_told_with_all_digits(compare):
    with pytest.raises(Mismatch, match=r"gave h 2.000001, expected 2.0( |$)"):
        compare(2 + 1e-6, 2.0, what="h")
    told = r"gave h with 2.000001 at \[1\], expected 2.0 there \(1 of 2 entries differ\)"
    with pytest.raises(Mismatch, match=told):
        compare(np.array([0.5, 2 + 1e-6]), np.array([0.5, 2]), what="h")


def test_numbers_of_two_dtypes_that_look_the_same_are_told_with_them():
    told = r"gave h with np.float32\(0.1\) at \[0\], expected np.float64\(0.1\) there"
    with pytest.raises(Mismatch, match=told):
        equal(np.array([0.1], np.float32), np.array([0.1]), what="h")


def test_of_a_large_array_the_first_wrong_entry_is_told():
    got, expected = np.zeros((50, 50)), np.zeros((50, 50))
    got[3, 7:9] = 1
    told = r"gave H with 1.0 at \[3, 7\], expected 0.0 there \(2 of 2500 entries differ\)"
    for compare in (close, equal):
        with pytest.raises(Mismatch, match=told):
            compare(got, expected, what="H")


def test_close_numbers_of_another_shape_are_not_close():
    wrong = complaint(close, [1.0, 2.0], [[1.0], [2.0]], what="X")
    assert str(wrong) == "gave X of shape (2,), expected (2, 1)"
    assert complaint(close, [[1.0]], 1.0, what="loss").text.endswith("(1, 1), expected ()")


@pytest.mark.parametrize("got", [["a"], "a", None, {"a": 1}, [[1], [1, 2]], [object], {1.0}])
def test_what_holds_no_numbers_is_not_close(got):
    with pytest.raises(Mismatch):
        close(got, [1.0])


def test_nan_is_not_close_to_a_number():
    assert "largest difference nan" in str(complaint(close, [np.nan], [1.0]))


def test_complex_numbers_are_compared_whole():
    close([1 + 2j], [1 + 2j])
    assert complaint(close, [1 + 2j], [1.0]).text.endswith("(largest difference 2)")


# ---------------------------------------------------------------- array, shape, dtype


def test_lists_numbers_tensors_and_arrays_are_arrays():
    assert array([[1, 2]]).shape == (1, 2)
    assert array(2.5).shape == ()
    assert array(TENSOR) is TENSOR.array
    assert array((True,)).dtype == bool


def test_nothing_coming_back_asks_for_the_return():
    wrong = complaint(array, None, "X")
    assert wrong.text == "gave X None, expected an array"
    assert "return missing?" in wrong.why
    assert complaint(array, None, "X", "Return it.").why == "Return it."


def test_what_is_no_array_is_shown():
    assert str(complaint(array, "text")) == "gave 'text', expected an array"
    assert str(complaint(array, [[1], [2, 3]])) == "gave [[1], [2, 3]], expected an array"
    handle = Handle(Student(None), type("Reference", (), {"name": "Cell"})())
    assert str(complaint(array, handle, "h")) == "gave h <Cell>, expected an array"


def test_a_shape_is_compared_exactly():
    shape([[1, 2]], (1, 2))
    shape(TENSOR, (1, 2))
    shape(5, ())
    wrong = complaint(shape, np.zeros(3), (2, 3), what="X", why="Stack the windows.")
    assert str(wrong) == "gave X of shape (3,), expected (2, 3). Stack the windows."


@pytest.mark.parametrize(
    ("got", "kinds"),
    [
        (np.zeros(1, np.int32), "int"), (np.zeros(1, np.uint8), "int"),
        (np.zeros(1, np.float16), "float"), ([True], "bool"), (["a"], "str"),
        (np.zeros(1, np.int64), "int64"), ([1.5], "float64"), (TENSOR, "float32"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_dtype_is_a_kind_or_a_name(got, kinds):
    dtype(got, kinds)


def test_another_dtype_is_told():
    wrong = complaint(dtype, [1.0], "int", what="ids", why="Ids are whole numbers.")
    assert str(wrong) == "gave ids of dtype float64, expected int. Ids are whole numbers."
    assert str(complaint(dtype, [1], "int32", "X")) == "gave X of dtype int64, expected int32"
    assert str(complaint(dtype, [True], "int", "X")) == "gave X of dtype bool, expected int"


# ---------------------------------------------------------------- true and raises


def test_a_condition_that_does_not_hold_is_told():
    true(1 < 2, "never said")
    true(np.bool_(True), "never said")
    assert str(complaint(true, False, "The rows sum to 1.")) == "The rows sum to 1."


def test_the_exception_expected_passes():
    with raises(ValueError):
        raise error("ValueError")
    with raises("UnknownTokenError"):
        raise error("UnknownTokenError", "", "KeyError")
    with raises(LookupError, match="'cat'"):
        raise error("KeyError", "no 'CAT' here", "LookupError")


def test_no_exception_where_one_is_due_is_told():
    with pytest.raises(Mismatch) as caught, raises(ValueError, why="Name the side."):
        pass
    assert str(caught.value) == "raised nothing, expected ValueError. Name the side."


def test_another_exception_is_told_with_what_it_said():
    with pytest.raises(Mismatch) as caught, raises(ValueError, why="Say which."):
        raise error("KeyError", "7", "LookupError")
    assert str(caught.value) == "raised KeyError: 7, expected ValueError. Say which."


def test_an_exception_that_does_not_name_the_problem_is_told():
    with pytest.raises(Mismatch) as caught, raises(ValueError, match="sums? to 1"):
        raise error("ValueError", "bad")
    assert str(caught.value) == (
        "raised ValueError with the message 'bad', expected it to name the problem "
        "(something like 'sums? to 1')"
    )


def test_a_name_that_is_not_there_is_not_what_was_expected_to_raise():
    absent = StudentError({"type": "NameError", "message": "name 'f' is not defined"})
    for expected in (raises(NameError), raises(ValueError), naming([3])):
        with pytest.raises(StudentError), expected:
            raise absent


def test_a_name_that_an_answer_misses_is_a_wrong_exception():
    inside = {"type": "NameError", "message": "name 'g' is not defined", "line": 2, "text": "g()"}
    with (
        pytest.raises(Mismatch, match=r"raised NameError.*expected ValueError"),
        raises(ValueError),
    ):
        raise StudentError(inside)


def test_an_unanswered_exercise_is_not_what_was_expected_to_raise():
    with pytest.raises(StudentError), raises(NotImplementedError):
        raise error("NotImplementedError", "exercise 1.3")
    with raises(NotImplementedError):
        raise error("NotImplementedError", "this side is not done")


def test_a_wrong_answer_found_inside_stays_a_wrong_answer():
    with pytest.raises(Mismatch, match="gave 1"), raises(ValueError):
        equal(1, 2)


@pytest.mark.parametrize("found", [5.0, -math.inf, math.nan, 1e308])
def test_nothing_but_infinity_is_close_to_infinity(found):
    with pytest.raises(Mismatch):
        close(np.array([1.0, found]), np.array([1.0, math.inf]))
    close(np.array([1.0, math.inf]), np.array([1.0, math.inf]))


def test_a_list_of_texts_that_would_make_a_huge_array_is_none():
    tracemalloc.start()
    try:
        for texts in ([""] * 1500 + ["x" * 700_000], [[b""] * 1500, [b"x" * 700_000]]):
            with pytest.raises(Mismatch, match="expected an array"):
                array(texts)
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()
    assert array([["sea", "gull"], ["a", "b"]]).shape == (2, 2)
