"""Hidden checks of exercise 3.11: remember for fifty steps."""

from seqkit.checking.diagnosis import agree, holds
from seqkit.course import check

from ..ex_3_11 import (
    GOAL_SECONDS,
    compare_begun,
    compare_hardly_begun,
    compare_trained,
    fresh_adding,
    weights_of_trained,
)


@check(points=0.5, seconds=20)
def test_a_seed_decides_everything(student, rng):
    """gives the same model for the same seed and another for another; more steps, other weights"""
    kind, seed = str(rng.choice(["lstm", "gru"])), int(rng.integers(2, 10_000))
    calls = [(3, seed), (3, seed), (3, seed + 1), (0, seed), (0, seed + 1), (1, seed), (5, seed)]
    found = []
    for steps, chosen in calls:
        model = student.train_adding(kind, 8, steps, chosen)
        weights = weights_of_trained(model, kind)
        found.append([weights[name] for name in sorted(weights)])
        compare_hardly_begun(model, kind, *fresh_adding(rng, 200, 8), steps)

    def same(a, b):
        return agree(found[a], found[b])

    holds(same(0, 1), "The same call gave another model: seed both PyTorch and the data with seed.")
    holds(
        not same(0, 2) and not same(3, 4),
        "Another seed gave the same model: weights and data are drawn with the seed.",
    )
    holds(
        not same(3, 5) and not same(0, 5) and not same(0, 6),
        "The number of updates is `steps`: with other steps the model has to be another.",
    )
    compare_begun(student, rng, kind, seed)


@check(points=0.5, goal=True, seconds=GOAL_SECONDS)
def test_lstm_remembers_over_fifty_steps(student, rng):
    """with an LSTM: remembers two numbers over 50 steps"""
    seed = int(rng.integers(2, 10_000))
    compare_trained(student, rng, "lstm", 50, 1500, seed, limit=0.01)


@check(points=0.5, goal=True, seconds=GOAL_SECONDS)
def test_gru_remembers_over_fifty_steps(student, rng):
    """with a GRU: remembers two numbers over 50 steps"""
    seed = int(rng.integers(2, 10_000))
    compare_trained(student, rng, "gru", 50, 1000, seed, limit=0.01)
