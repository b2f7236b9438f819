"""Values are written as code that makes them again, or short to read."""

import numpy as np
import pytest
import torch

from seqkit.checking.written import RANDOM, as_code, short
from seqkit.grading.inside.wire import Tensor

# ---------------------------------------------------------------- code

RNG = np.random.default_rng(0)
DTYPES = ["float16", "float32", "float64", "int8", "int32", "int64", "uint8", "bool"]
TORCH = [torch.float32, torch.float64, torch.bfloat16, torch.int32, torch.int64, torch.bool]


def same(one, other):
    """Whether two values are equal in type, dtype, shape and every digit."""
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic | float):
        a, b = np.asarray(one), np.asarray(other)
        equal = np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
        return equal and (a.shape, a.dtype) == (b.shape, b.dtype)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 0.1 + 0.2, np.inf, -np.inf, np.nan, "a'b", b"a", slice(1, None), {1, 2},
        {"a": 1.5, 2: (3,)}, [], (), (1,), [0.5, (1, "x")], list(range(5000)), (0.5,) * 5000,
        [2**70, 1], np.float32(0.1), np.float64(np.nan), np.int64(-3), np.bool_(True),
        *(RNG.integers(0, 2, (2, 3)).astype(dtype) for dtype in DTYPES),
        *(np.resize([0, 1, 1], (40, 50)).astype(dtype) for dtype in DTYPES),
        *(np.full((40, 50), 1, dtype) for dtype in DTYPES),
        *(np.zeros((0, 3), dtype) for dtype in DTYPES),
        *(np.arange(120).reshape(2, 3, 20).astype(dtype) for dtype in DTYPES[:-1]),
        RNG.normal(size=(5, 4)), RNG.normal(size=(5, 4)).astype(np.float32),
        np.array([np.nan, -np.inf, 1e-300]), np.array(2.5), np.array(["a", "bc"]), np.full(9, -0.0),
        np.arange(6), np.array([0.0]), np.array([1 + 2j]), np.zeros((3, 0, 2)),
        *(torch.tensor([[0, 1], [1, 0]]).to(dtype) for dtype in TORCH),
        *(torch.ones(3, 40, 50, dtype=dtype) for dtype in TORCH),
        torch.tensor(2.5), torch.zeros(0, 2), torch.tensor([0.1, 1 / 3]),
        [np.ones((30, 30)), torch.arange(300)],
    ],
    ids=lambda value: as_code(value)[:60],
)  # fmt: skip
def test_code_makes_the_value_again(value):
    code = as_code(value)
    assert same(eval(code, {"np": np, "torch": torch}), value)
    assert len(code) <= 650
    assert not RANDOM.search(code)


@pytest.mark.parametrize(
    "array",
    [
        RNG.normal(size=(40, 50)), RNG.normal(size=(40, 50)).astype(np.float32),
        RNG.integers(-3, 4, (40, 50)), RNG.integers(0, 9, (40, 50)).astype(np.uint8),
        RNG.integers(0, 2, (40, 50)) == 1,
        np.where(RNG.normal(size=(40, 50)) > 0, np.nan, RNG.normal(size=(40, 50))),
    ],
    ids=lambda array: str(array.dtype),
)  # fmt: skip
def test_for_numbers_without_a_rule_stand_random_ones_of_their_kind(array):
    code = as_code(array)
    made = eval(code, {"np": np})
    assert RANDOM.search(code)
    assert (made.shape, made.dtype) == (array.shape, array.dtype)
    assert np.nanmin(array) - 0.01 <= made.min() and made.max() <= np.nanmax(array) + 0.01


@pytest.mark.parametrize(
    ("value", "limit", "written"),
    [
        (np.arange(6.0), 600, "np.arange(6.0)"),
        (np.array([[1.0, 0.5]]), 600, "np.array([[1.0, 0.5]])"),
        (np.zeros((8, 3), np.float32), 600, "np.zeros((8, 3), dtype=np.float32)"),
        (np.resize([1, 2], (8, 8)), 100, "np.resize([1, 2], (8, 8))"),
        (torch.tensor([1.5]), 600, "torch.tensor([1.5])"),
        (Tensor("tensorflow", "int32", np.array([1], np.int32)), 600,
         'keras.ops.convert_to_tensor([1], dtype="int32")'),
        (["a"] * 99, 10, "['a', 'a', 'a', … 96 more]"),
        (len, 600, "len"),
        ("x" * 99, 20, "'" + "x" * 18 + "…"),
    ],
)  # fmt: skip
def test_code_is_what_a_learner_would_write(value, limit, written):
    assert as_code(value, limit) == written


# ---------------------------------------------------------------- short to read


def named(x):
    return x


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "None"),
        (0.1 + 0.2, "0.3"),
        ("a'b", '"a\'b"'),
        (np.array([[1.0, 0.5]]), "[[1.0, 0.5]]"),
        (np.array([1 / 3], np.float32), "[0.333333]"),
        (np.array([True]), "[True]"),
        (np.array(["a"]), "['a']"),
        (np.array([]), "[]"),
        (np.float64(2.5), "2.5"),
        (np.zeros((50, 50)), "array of shape (50, 50), dtype float64"),
        (np.arange(40) * 10**6, "array of shape (40,), dtype int64"),
        ([np.array([1]), 0.30000000000000004], "[[1], 0.3]"),
        ((np.array([1]),), "([1],)"),
        ([(1, 2), (3, 4)], "[(1, 2), (3, 4)]"),
        ([float(n) for n in range(22)], "[" + ", ".join(f"{n}.0" for n in range(20)) + ", …]"),
        ("x" * 200, "'" + "x" * 118 + "…"),
        (Tensor("torch", "float32", np.array([1.5], np.float32)), "tensor([1.5])"),
        (Tensor("torch", "float32", np.zeros((9, 9))), "array of shape (9, 9), dtype float64"),
        (torch.tensor([1.5]), "tensor([1.5])"),
        (named, "named"),
        ({"a": 1}, "{'a': 1}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_is_written_as_a_learner_would(value, written):
    assert short(value) == written
