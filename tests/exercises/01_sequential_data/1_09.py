"""Checks of exercise 1.9: look up or multiply."""

import numpy as np

from seqkit.checking.diagnosis import as_array
from seqkit.checking.expect import close, dtype, equal, shape
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import refused

BOTH = ("embed_lookup", "embed_one_hot")
rules = Rules(
    defines=BOTH,
    forbids=(
        "torch.nn.Embedding",
        "torch.nn.functional.embedding",
        "torch.nn.functional.one_hot",
        "keras.layers.Embedding",
        "keras.ops.one_hot",
        "keras.utils.to_categorical",
    ),
    numpy=True,
)

SMALL_E = np.array([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
SMALL_IDS = np.array([[2, 0, 1], [1, 1, 0]])


def embed_by_hand(ids, E):
    """Look every row up, one by one."""
    return np.array([[E[number] for number in row] for row in ids.tolist()])


def compare_embedded(got, ids, E):
    """Compare shape, values, dtype of an embedding."""
    got, expected = as_array(got, "the embedding"), embed_by_hand(ids, E)
    why = "Entry [b, t] is row ids[b, t] of E."
    if got.shape == (*ids.shape, len(E)) and len(E) != E.shape[1]:
        why = "That is the one-hot array (B, T, V): multiply it with E."
    elif got.shape != expected.shape:
        why = "An id becomes a vector: (B, T) becomes (B, T, D)."
    elif np.array_equal(got, np.roll(E, 1, axis=0)[ids]):
        why = "It looks like counting starts at 1: id 0 is row 0 of E."
    elif np.array_equal(got, expected * (ids != 0)[..., None]):
        why = "Id 0 has a row of E too: nothing is masked here."
    elif np.allclose(got, expected):
        why = "The numbers agree to a few digits only: compute in the dtype of E."
    shape(got, expected.shape, what="the embedding", why=why)
    close(got, expected, what="the embedding", why=why, atol=0, rtol=1e-15)
    why = (
        "The result has the dtype of E. (float32 times float64 is float64: make the one-hot array "
        "in the dtype of E.)"
    )
    dtype(got, E.dtype.name, what="the embedding", why=why)


def embed(student, name, ids, E):
    """Call one of the two functions and compare what comes back."""
    compare_embedded(getattr(student, name)(ids, E), ids, E)


NO_PRODUCT = (
    "The last row of E is NaN, and no id asks for it. A product meets every row of E, and 0 · NaN "
    "is NaN: build the one-hot array, and multiply it with E."
)
NO_LOOKUP = "embed_lookup takes the rows asked for, and meets no other (here the last, NaN)."


def compare_ways(student, ids, rows):
    """Expect a product of the one function, none of the other: NaN in a row shows which it is."""
    E = np.ones((rows, 2))
    E[-1] = np.nan
    expected = np.ones((*ids.shape, 2))
    close(student.embed_lookup(ids, E), expected, what="the embedding", why=NO_LOOKUP)
    close(student.embed_one_hot(ids, E), expected * np.nan, what="the embedding", why=NO_PRODUCT)


VIEW = (
    "The result changed when E was written to: it is a view of E. Make a new array at every call."
)


def draw(rng, batch, steps, rows, features):
    """Draw ids, of the smallest dtype that holds them, and a matrix."""
    ids = rng.integers(rows, size=(batch, steps)).astype(np.min_scalar_type(-rows))
    return {"ids": ids, "E": rng.normal(size=(rows, features))}


laws = [
    Laws(
        name,
        draw,
        embed_by_hand,
        parts=("the embedding",),
        large={"batch": 20, "steps": 220, "rows": 1100, "features": 66},
        compare=compare_embedded,
    )
    for name in BOTH
]


@check(points=0.25)
def test_looks_rows_up(student):
    """looks the rows of E up"""
    embed(student, "embed_lookup", np.array([[2, 0]]), SMALL_E)
    embed(student, "embed_lookup", SMALL_IDS.astype(np.int32), SMALL_E.astype(np.float32))


@check(points=0.25)
def test_one_hot_times_matrix(student):
    """gets the same rows as a product with one-hot vectors"""
    embed(student, "embed_one_hot", np.array([[2, 0]]), SMALL_E)
    embed(student, "embed_one_hot", SMALL_IDS.astype(np.int32), SMALL_E.astype(np.float32))
    compare_ways(student, np.array([[1, 0]]), rows=3)
    compare_ways(student, np.array([[1, 0]]), rows=1100)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, in both functions"""
    for name, each in zip(BOTH, laws, strict=True):
        each.hold(student, rng)
        kept = student.keep(SMALL_E)
        rows = student.kept(name, np.array([[1]]), kept)
        student.assign(kept, (), -SMALL_E)
        equal(student.fetch(rows), SMALL_E[[[1]]], what="the first result", why=VIEW)


OUT_OF_RANGE = (
    "E has rows 0 to V - 1. An id below 0 or from V on is an IndexError that names it, from both "
    "functions; NumPy takes -1 for the last row without a word."
)


def refuse(student, name, outside, *given):
    """Expect an IndexError that names the id outside."""
    refused(getattr(student, name), *given, error=IndexError, names=[outside], why=OUT_OF_RANGE)


@check(points=0.25)
def test_refuses_ids_without_a_row(student):
    """refuses ids that have no row, -1 too"""
    for name in BOTH:
        embed(student, name, np.array([[0, 0], [1, 2]]), SMALL_E)
        for outside, size in ((3, 2), (-1, 2), (-2, 50)):
            ids = np.zeros((size, size), int)
            ids[1, size // 2] = outside
            refuse(student, name, outside, ids, SMALL_E)
