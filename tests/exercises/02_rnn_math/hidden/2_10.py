"""Hidden checks of exercise 2.10: A character RNN that learns."""

from seqkit.course import check

from ..ex_2_10 import (
    GOAL_SECONDS,
    draws_from_rng,
    follows_the_gradient,
    has_learned,
    learns_frequencies,
    start_of,
    steps_as_told,
    train,
    writes_back,
)


@check(points=0.25)
def test_only_rng_is_random(student, rng):
    """draws from rng alone: the same seed trains the same weights, another seed others"""
    seed, text = int(rng.integers(2**31)), "so so"
    draws_from_rng(student, text, seed)
    has_learned(start_of(student, text, seed), train(student, text, 64, 100, 0.1, seed), text)


@check(points=0.25)
def test_steps_and_learning_rate(student, rng):
    """makes as many steps as told, as large as told, and they help"""
    steps_as_told(student, "abcabdabe", int(rng.integers(2**31)))


@check(points=0.25)
def test_learns_frequencies(student, rng):
    """does no worse than guessing by frequency where one unit is too few to remember"""
    for _ in range(2):
        seed = learns_frequencies(student, rng)
    # frequencies alone can be counted: it has to be training that finds them
    has_learned(
        start_of(student, "so so", seed), train(student, "so so", 64, 100, 0.1, seed), "so so"
    )


WORDS = (
    "sea gull wind sail rope deck mast harbour lantern storm island cliff old quiet slow bright "
    "under over and then sleeps waits turns sings falls rises"
)


THINGS = "sea wind rope deck mast sail gull rock sand cave lamp bell"


def sentence(rng, least):
    """Draw a sentence of at most 60 characters."""
    text = ""
    while not least <= len(text) <= 60:
        words = rng.choice(WORDS.split(), size=int(rng.integers(4, 10)), replace=False)
        text = " ".join(words.tolist()) + "."
    return text


@check(points=0.5, seconds=20)
def test_follows_the_gradient(student, rng):
    """trains with the gradient of the whole text, however long, in every update"""
    text, seed = sentence(rng, 40), int(rng.integers(2**31))
    steps, small = int(rng.integers(20, 100)), float(10 ** rng.uniform(-7, -6))
    follows_the_gradient(student, text, seed, steps, small)


@check(points=0.25, goal=True, seconds=GOAL_SECONDS)
def test_writes_any_sentence(student, rng):
    """writes a sentence of 20 to 60 characters from memory"""
    text = sentence(rng, 20)
    writes_back(student, text, 1500, seed=int(rng.integers(2**31)))


@check(points=0.5, goal=True, seconds=GOAL_SECONDS)
def test_writes_what_repeats(student, rng):
    """writes a sentence in which the last few characters do not tell the next"""
    things = rng.choice(THINGS.split(), size=int(rng.integers(4, 6)), replace=False).tolist()
    text = ", ".join(f"the {thing}" for thing in things) + "."
    writes_back(student, text, 1500, seed=int(rng.integers(2**31)))
