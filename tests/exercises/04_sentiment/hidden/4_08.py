"""Hidden checks of exercise 4.8: A classifier that never sees padding."""

from seqkit.course import check

from ..ex_4_08 import (
    compare_dropout,
    compare_flow,
    compare_logits,
    compare_padding,
    compare_sizes,
    compare_stays,
    draw,
    loaded,
)


@check(points=1)
def test_any_batch(student, rng):
    """reads any batch with any number of layers, in one direction or both, and keeps the laws"""
    for num_layers, both in ((1, True), (2, False), (3, True), (3, False)):
        words, features, size = rng.integers(2, 8, size=3).tolist()
        model, reader = loaded(student, rng, words, features, size, num_layers, both)
        for batch, steps in ((1, 6), (4, 9)):
            compare_logits(model, reader, *draw(rng, words, batch, steps))
    compare_sizes(student, rng)
    compare_stays(student, rng)
    compare_flow(student, rng, False)


@check(points=0.5)
def test_any_padding(student, rng):
    """gives the same logits whatever stands behind a review, and beside it"""
    for num_layers, both in ((2, False), (1, True), (2, True)):
        model, reader = loaded(student, rng, 30, 3, 4, num_layers, both)
        ids, lengths = draw(rng, 30, 5, 7)
        compare_padding(model, reader, rng, ids, lengths, int(rng.integers(1, 60)))


@check(points=0.5)
def test_drops_any_share(student, rng):
    """drops any share of the numbers in training, at each of the three places"""
    share = float(rng.uniform(0.1, 0.4))
    compare_dropout(student, share, 300, 2, dropout=share)
    compare_dropout(student, 1 - share, 150, 3, dropout=1 - share, bidirectional=True)
    compare_dropout(student, 0.0, 20, 2, dropout=0.0)
