"""Hidden checks of exercise 2.10: A character RNN that learns."""

import math

import numpy as np

from seqkit.checking.expect import Mismatch, equal
from seqkit.course import check

from ..ex_2_10 import GOAL_SECONDS, WEIGHTS, has_learned, mean_nats, start_of, train, writes_back
from ..oracle import cross_entropy_by_hand, states_of, walk


@check(points=0.25)
def test_only_rng_is_random(student, rng):
    """draws from rng alone: the same seed trains the same weights, another seed others"""
    seed = int(rng.integers(2**31))
    text = "so so"
    first, again, other = (train(student, text, 64, 100, 0.1, s) for s in (seed, seed, seed + 1))
    for name in WEIGHTS:
        equal(
            again[name],
            first[name],
            what=name,
            why="The same seed has to give the same weights: draw every random number from rng.",
        )
    for name in ("W_xh", "W_hh", "W_hy"):
        if np.array_equal(first[name], other[name]):
            raise Mismatch(
                f"gave the same {name} for two seeds",
                "Another seed has to give other weights: draw the start from rng, not from a "
                "generator of your own, and not as zeros.",
            )
    has_learned(start_of(student, text, seed), first, text)


def downhill(model, text):
    """Differentiate the mean cross-entropy of a text by each of the five arrays."""
    ids = np.array([list(model["chars"]).index(char) for char in text])
    X = np.eye(len(model["chars"]))[None, ids[:-1]]  # (1, T, V)
    case = (X, np.zeros((1, len(model["b"]))), *(model[name] for name in ("W_xh", "W_hh", "b")))
    H = states_of(*case)
    logits = H @ model["W_hy"].T + model["b_y"]
    everything = np.ones(logits.shape[:2], dtype=bool)
    _, dlogits = cross_entropy_by_hand(logits, ids[None, 1:], everything)
    _, _, dW_xh, dW_hh, db = walk(case, H, dlogits @ model["W_hy"])[0]
    gradients = [dW_xh, dW_hh, db, dlogits[0].T @ H[0], dlogits[0].sum(axis=0)]
    return dict(zip(WEIGHTS, gradients, strict=True))


def first_update(start, first, text):
    """Expect the first update to move each of the five arrays downhill."""
    moves = {name: first[name] - start[name] for name in WEIGHTS}
    if not any(move.any() for move in moves.values()):
        raise Mismatch(
            "gave the same weights for steps=1 as for steps=0",
            "steps is the number of updates: one step is one update.",
        )
    for name, gradient in downhill(start, text).items():
        if np.allclose(moves[name], 0, atol=1e-12):
            raise Mismatch(
                f"gave a model whose {name} stayed at its start",
                f"{name} is not trained: each of the five arrays has a gradient and an update.",
            )
        if (moves[name] * gradient).sum() >= 0:
            raise Mismatch(
                f"gave a model whose {name} moved uphill in the first step",
                f"The first update does not move {name} downhill. Is its gradient right (run "
                "gradient_check, 2.7), the target the character that follows, and the update "
                "taken away, not added?",
            )


def two_characters(student, seed):
    """Expect W_hh to take no part where there is one step, from a state of zero."""
    start, trained = (train(student, "ab", 5, steps, 0.1, seed)["W_hh"] for steps in (0, 3))
    size = (start * start).sum()
    share = (trained * start).sum() / size if size > 0 else 1.0  # below 1 where weights decay
    if not np.allclose(trained, share * start, rtol=0, atol=1e-9):
        raise Mismatch(
            "gave a model of a text of two characters whose W_hh was trained",
            "A text of two characters has one step, from a state of zero: W_hh takes no part in "
            "it, and its gradient is 0. Does training start from another state, take H[:, -1] for "
            "the state before the first step, or have a target for the last character too?",
        )


@check(points=0.25)
def test_steps_and_learning_rate(student, rng):
    """makes as many steps as told, as large as told, and they help"""
    seed = int(rng.integers(2**31))
    text = "abcabdabe"
    start = train(student, text, 64, 0, 0.1, seed)
    still = train(student, text, 64, 30, 0.0, seed)
    for name in WEIGHTS:
        equal(
            still[name],
            start[name],
            what=name,
            why="Neither steps=0 nor learning_rate=0 moves the weights from their random start.",
        )
    for another in (seed, seed + 1, seed + 2):
        models = (train(student, text, 64, steps, 0.1, another) for steps in (0, 1))
        first_update(*models, text)
    two_characters(student, seed)
    before = mean_nats(start, text)
    trained = [train(student, text, 64, steps, 0.1, seed) for steps in (30, 90)]
    few, more = (mean_nats(model, text) for model in trained)
    if not more < few < before:
        raise Mismatch(
            f"gave a mean cross-entropy of {few:.3f} after 30 steps and {more:.3f} after 90, "
            f"expected it to fall from {before:.3f}",
            "Steps have to make the mean cross-entropy of the text smaller, and more steps "
            "smaller still. Is `steps` used, and does the update go downhill?",
        )


@check(points=0.25)
def test_learns_frequencies(student, rng):
    """does no worse than guessing by frequency where one unit is too few to remember"""
    for _ in range(2):
        text = "".join(rng.permutation(list("e" * 40 + "aito" * 4)).tolist())
        seed = int(rng.integers(2**31))
        start, model = (train(student, text, 1, steps, 0.1, seed) for steps in (0, 200))
        if np.ptp(model["b_y"] - start["b_y"]) < 0.3:
            raise Mismatch(
                "gave a model whose b_y is hardly trained",
                "b_y is hardly trained: its gradient is the sum of dlogits over the steps, not a "
                "mean or a part of it.",
            )
        nats = mean_nats(model, text)
        shares = [text[1:].count(char) / (len(text) - 1) for char in set(text)]
        entropy = -math.fsum(p * math.log(p) for p in shares)
        if not nats <= entropy + 0.12:
            raise Mismatch(
                f"gave a mean cross-entropy of {nats:.3f}, expected about {entropy:.3f} or less",
                "With one unit the model does worse than its bias b_y alone could: are b_y's "
                "gradient and b_y itself part of training, with the right sign?",
            )
    # frequencies alone can be counted: it has to be training that finds them
    has_learned(
        start_of(student, "so so", seed), train(student, "so so", 64, 100, 0.1, seed), "so so"
    )


WORDS = (
    "sea gull wind sail rope deck mast harbour lantern storm island cliff old quiet slow bright "
    "under over and then sleeps waits turns sings falls rises"
)


THINGS = "sea wind rope deck mast sail gull rock sand cave lamp bell"


@check(points=0.75, goal=True, seconds=GOAL_SECONDS)
def test_writes_any_sentence(student, rng):
    """writes a sentence of 20 to 60 characters from memory"""
    text = ""
    while not 20 <= len(text) <= 60:
        words = rng.choice(WORDS.split(), size=int(rng.integers(4, 10)), replace=False)
        text = " ".join(words.tolist()) + "."
    writes_back(student, text, 1500, seed=int(rng.integers(2**31)))


@check(points=0.75, goal=True, seconds=GOAL_SECONDS)
def test_writes_what_repeats(student, rng):
    """writes a sentence in which the last few characters do not tell the next"""
    things = rng.choice(THINGS.split(), size=int(rng.integers(4, 6)), replace=False).tolist()
    text = ", ".join(f"the {thing}" for thing in things) + "."
    writes_back(student, text, 1500, seed=int(rng.integers(2**31)))
