"""Checks of exercise 1.9: look up or multiply."""

from contextlib import contextmanager
from itertools import product

import numpy as np

from seqkit.checking.diagnosis import as_array
from seqkit.checking.expect import close, dtype, naming, raises, shape
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

rules = Rules(
    defines=(
        "embed_lookup",
        "embed_one_hot",
    ),
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
    batch, steps = ids.shape
    expected = np.zeros((batch, steps, E.shape[1]), dtype=E.dtype)
    for b, t in product(range(batch), range(steps)):
        expected[b, t] = E[ids[b, t]]
    return expected


def compare_embedded(got, ids, E):
    """Compare shape, values, dtype of an embedding."""
    got, expected = as_array(got, "the embedding"), embed_by_hand(ids, E)
    batch, steps = ids.shape
    why = "Entry [b, t] is row ids[b, t] of E."
    if got.shape == (batch, steps, len(E)) and len(E) != E.shape[1]:
        why = "That is the one-hot array (B, T, V): multiply it with E."
    elif got.shape != expected.shape:
        why = "An id becomes a vector: (B, T) becomes (B, T, D)."
    elif np.array_equal(got, np.roll(E, 1, axis=0)[ids]):
        why = "It looks like counting starts at 1: id 0 is row 0 of E."
    elif np.array_equal(got, expected * (ids != 0)[..., None]):
        why = "Id 0 has a row of E too: nothing is masked here."
    shape(got, expected.shape, what="the embedding", why=why)
    close(got, expected, what="the embedding", why=why)
    why = (
        "The result has the dtype of E. (float32 times float64 is float64: make the one-hot array "
        "in the dtype of E.)"
    )
    dtype(got, E.dtype.name, what="the embedding", why=why)


def embed(student, name, ids, E):
    """Call one of the two functions and compare what comes back."""
    compare_embedded(getattr(student, name)(ids, E), ids, E)


def draw(rng, batch, steps, rows, features):
    """Draw ids and a matrix."""
    return {
        "ids": rng.integers(rows, size=(batch, steps)),
        "E": rng.integers(-40, 41, size=(rows, features)) / 4,
    }


BOTH = ("embed_lookup", "embed_one_hot")
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


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws, in both functions"""
    for each in laws:
        each.hold(student, rng)


OUT_OF_RANGE = (
    "E has rows 0 to V - 1. An id below 0 or from V on is an IndexError that names it, from both "
    "functions; NumPy takes -1 for the last row without a word."
)


@contextmanager
def refuses_an_id(outside, ids, E):
    """Expect an IndexError that names the id outside; it may show what was given."""
    beside = (*ids.ravel().tolist(), *E.ravel().tolist())
    with (
        raises(IndexError, why=OUT_OF_RANGE),
        naming((outside,), beside=beside, why=OUT_OF_RANGE),
    ):
        yield


@check(points=0.25)
def test_refuses_ids_without_a_row(student):
    """refuses ids that have no row, -1 too"""
    for name in BOTH:
        embed(student, name, np.array([[0, 0], [1, 2]]), SMALL_E)
        for outside in (3, -1):
            ids = np.array([[0, outside], [1, 2]])
            with refuses_an_id(outside, ids, SMALL_E):
                getattr(student, name)(ids, SMALL_E)
