"""Hidden checks of exercise 4.11: Bug hunt: which epoch, and by whose verdict."""

from seqkit.checking.drawing import shuffled
from seqkit.course import check

from ..ex_4_11 import call_choose, draw, laws, refuse


@check(points=0.5)
def test_any_history(student, rng):
    """takes the first epoch with the lowest validation loss of any history, and keeps the laws"""
    for epochs in (1, 2, 9, 30):
        history, split_ids = draw(rng, epochs, 3, 4).values()
        call_choose(student, history, split_ids)
        history["val_loss"] = rng.permutation(history["val_loss"]).tolist()
        call_choose(student, history, split_ids)
    laws.hold(student, rng)


@check(points=0.5)
def test_any_splits(student, rng):
    """refuses splits that share an id, any two of any number, and no others"""
    calls = []
    for k in range(12):
        history, split_ids = draw(rng, 5, 2 + k % 5, 4).values()
        names = rng.permutation([*split_ids]).tolist()
        split_ids[names[0]].append(split_ids[names[0]][0])  # twice in one split
        if k % 2:
            ids = split_ids[names[1]]
            ids.insert(int(rng.integers(len(ids) + 1)), split_ids[names[0]][int(rng.integers(4))])
        calls.append((refuse if k % 2 else call_choose, history, split_ids))
    for ask, history, split_ids in shuffled(rng, calls):
        ask(student, history, split_ids)
