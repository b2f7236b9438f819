"""Checks of exercise 4.6: bug hunt: the last word, not the last column."""

import numpy as np

from seqkit.checking.diagnosis import accepting, looks_like
from seqkit.checking.expect import Mismatch, equal, shape
from seqkit.checking.laws import Laws
from seqkit.checking.student import StudentError
from seqkit.checking.written import short
from seqkit.course import Rules, check
from seqkit.grading.inside.wire import Tensor

rules = Rules(defines=("last_valid",))


def tensor(values, dtype="float32"):
    """Return numbers as a tensor of PyTorch's."""
    return Tensor("torch", dtype, np.asarray(values, dtype))


def last_by_hand(H, lengths):
    """Take from each row the output at its last real step."""
    return np.stack([row[n - 1] for row, n in zip(H.array, lengths.array, strict=True)])


def suspects(H, lengths):
    """Yield what comes out when something typical is wrong."""
    H, ends = H.array, lengths.array
    yield "the last column was taken: that is padding for every shorter row.", H[:, -1]
    rows, beyond = np.arange(len(H)), np.minimum(ends, H.shape[1] - 1)
    yield "it is one step too far: a row of length n ends at index n - 1.", H[rows, beyond]
    yield "it is one step too early: a row of length n ends at index n - 1.", H[rows, ends - 2]
    yield "the first column was taken.", H[:, 0]
    shortest, longest = H[:, ends.min() - 1], H[:, ends.max() - 1]
    yield "one column was taken for all rows: each has its own end.", shortest
    yield "one column was taken for all rows: each has its own end.", longest
    real = np.arange(H.shape[1])[None, :, None] < ends[:, None, None]
    yield (
        "the steps were added up: the last one alone is asked for.",
        np.where(real, H, 0).sum(1),
    )


def compare_last(got, H, lengths):
    """Compare the last outputs with those that come out: shape, values, dtype."""
    expected = last_by_hand(H, lengths)
    if not isinstance(got, Tensor) or got.framework != "torch":
        raise Mismatch(f"gave {short(got)}, expected a tensor", "The result is a tensor.")
    why = "There is a row of outputs for each review, (B, H), also for a batch of one."
    if got.ndim == 3:
        why = (
            "H[:, lengths - 1] takes these columns of every row: name the row too, with two arrays "
            "of B numbers."
        )
    shape(got, expected.shape, what="the last outputs", why=why)
    otherwise = "Row i is H[i, lengths[i] - 1], whatever stands elsewhere: 0 · inf is nan."
    same = np.array_equal(got.array, expected)
    why = "" if same else looks_like(got.array, suspects(H, lengths), otherwise)
    equal(got, expected, what="the last outputs", why=why)
    equal(got.dtype, H.dtype, what="dtype", why="The result has the dtype of H.")


def call(student, H, lengths):
    """Call last_valid and compare what comes back."""
    compare_last(student.last_valid(H, lengths), H, lengths)


FLOW = (
    "A gradient of the result flows back to the last real step of each row and to no other: take "
    "it by its index, from H itself, without detaching or going through NumPy."
)


def compare_flow(student, H, lengths):
    """Expect that gradients reach the last real steps and nothing else."""
    kept = student.keep(H)
    kept.requires_grad_(True)
    result = student.kept("last_valid", kept, lengths)
    sent = np.arange(1, 1 + len(H.array) * H.shape[2]).reshape(len(H.array), -1)
    try:
        result.backward(tensor(sent, H.dtype))
    except StudentError as error:
        if error.untouched:
            raise
        raise Mismatch(f"raised {error}", FLOW) from None
    expected = np.zeros_like(H.array)
    expected[np.arange(len(sent)), lengths.array - 1] = sent
    equal(student.fetch(kept.grad), expected, what="the gradient of H", why=FLOW)


def draw(rng, batch, steps, units, dtype="float32"):
    """Draw outputs, no two alike, infinity under some padding; one length at least is short."""
    outputs = rng.permutation(np.arange(1, batch * steps * units + 1)).reshape(batch, steps, units)
    lengths = rng.integers(1, steps + 1, size=batch)
    lengths[int(rng.integers(batch))] = int(rng.integers(1, max(steps, 2)))
    padding = np.arange(steps) >= lengths[:, None]
    outputs = np.where(padding[..., None] & (outputs % 3 == 0), np.inf, outputs / 7)
    return {"H": tensor(outputs, dtype), "lengths": tensor(lengths, "int64")}


laws = Laws(
    "last_valid",
    draw,
    last_by_hand,
    parts=("the last outputs",),
    large={"batch": 1100, "steps": 1100, "units": 66},
    extreme=lambda rng: draw(rng, 3, 1, 2),  # nothing is padding
    compare=compare_last,
    without=("layouts",),
)
H = tensor([[[1.0], [2.0], [0.0]], [[3.0], [4.0], [5.0]]])
H_ENDS = tensor([2, 3], "int64")


def call_transposed(student, H, lengths):
    """Call last_valid with outputs that lie in memory step by step, as those of nn.LSTM do."""
    kept = student.kept(student.keep(tensor(H.array.swapaxes(0, 1), H.dtype)).transpose, 0, 1)
    with accepting("H may lie in memory in any way: .view takes no transposed tensor."):
        compare_last(student.last_valid(kept, lengths), H, lengths)


@check(points=0.25)
def test_last_real_step(student):
    """takes each row's output at its last real step, also for a batch of one"""
    call(student, H, tensor([1, 2], "int64"))
    call(student, H, H_ENDS)
    for shape_, ends in (
        ((1, 3, 2), [2]),
        ((1, 1, 1), [1]),
        ((3, 1, 2), [1] * 3),
        ((2, 4, 3), [4, 1]),
    ):
        numbers = np.arange(float(np.prod(shape_))).reshape(shape_) + 0.1
        call(student, tensor(numbers, "float64"), tensor(ends, "int64"))
    call(student, tensor([[[1.0], [2.0], [np.nan]], [[3.0], [np.inf], [5.0]]]), H_ENDS)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, and gradients flow to those steps alone"""
    compare_flow(student, H, H_ENDS)
    call_transposed(student, H, H_ENDS)
    compare_flow(student, **draw(rng, 1, 3, 2))
    laws.hold(student, rng)
