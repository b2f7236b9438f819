"""Hidden checks of exercise 1.9: look up or multiply."""

from itertools import product

from seqkit.checking.drawing import shuffled
from seqkit.course import check

from ..ex_1_09 import BOTH, compare_ways, embed, laws, refuse


def random_embedding(rng):
    """Draw ids and a matrix; the first and the last row are always asked for."""
    rows, features = rng.integers(2, 12, size=2).tolist()
    ids = rng.integers(0, rows, size=rng.integers(2, 6, size=2))
    ids[0, 0], ids[-1, -1] = 0, rows - 1
    E = rng.normal(size=(rows, features)).astype(str(rng.choice(["float32", "float64"])))
    return ids.astype(str(rng.choice(["int32", "int64"]))), E


@check(points=0.25)
def test_looks_anything_up(student, rng):
    """looks up any ids in any matrix, and keeps the laws"""
    for _ in range(6):
        embed(student, "embed_lookup", *random_embedding(rng))
    laws[0].hold(student, rng)


@check(points=0.5)
def test_multiplies_anything(student, rng):
    """multiplies any ids with any matrix, and keeps the laws"""
    for _ in range(6):
        embed(student, "embed_one_hot", *random_embedding(rng))
    compare_ways(student, rng.integers(9, size=(2, 3)), rows=int(rng.integers(10, 2000)))
    laws[1].hold(student, rng)


@check(points=0.25)
def test_refuses_any_id_without_a_row(student, rng):
    """refuses every id that has no row, wherever it stands"""
    calls = []
    for name, _ in product(BOTH, range(3)):
        ids, E = random_embedding(rng)
        size = len(E)
        calls.append((name, ids, E, None))
        for outside in (size, size + 1, size + int(rng.integers(5, 999)), -1, -size, -size - 1):
            bad = ids.copy()
            bad[int(rng.integers(len(bad))), int(rng.integers(bad.shape[1]))] = outside
            calls.append((name, bad, E, outside))
    for name, ids, E, outside in shuffled(rng, calls):
        if outside is None:
            embed(student, name, ids, E)
        else:
            refuse(student, name, outside, ids, E)
