"""Checks of exercise 2.10: A character RNN that learns."""

import math
from contextlib import suppress
from itertools import pairwise

import numpy as np

from seqkit.checking.diagnosis import as_floats
from seqkit.checking.expect import Mismatch, dtype, equal, shape
from seqkit.checking.student import StudentError
from seqkit.checking.written import short
from seqkit.course import Rules, check

from .oracle import AUTOGRAD, LAYERS, cross_entropy_by_hand, nats_by_hand, states_of, walk

rules = Rules(
    defines=("train_char_rnn",),
    forbids=(
        *LAYERS,
        *AUTOGRAD,
    ),
    numpy=True,
)


WEIGHTS = ("W_xh", "W_hh", "b", "W_hy", "b_y")


# The statement says 20 CPU seconds. Only quality scores: time ends a call at three times as many.
GOAL_SECONDS = 3 * 20


def as_model(got, text, hidden):
    """Return a result that has to be the parameters of a character RNN."""
    keys = [*WEIGHTS, "chars"]
    if not isinstance(got, dict) or set(got) != set(keys):
        found = f"a dict with {', '.join(map(str, got))}" if isinstance(got, dict) else short(got)
        raise Mismatch(
            f"gave {found}, expected a dict with {', '.join(keys)}",
            f"Return a dict with exactly the keys {', '.join(keys)}.",
        )
    chars = sorted(set(text))
    found = list(got["chars"]) if isinstance(got["chars"], list | tuple | str) else got["chars"]
    equal(
        found,
        chars,
        what="chars",
        why="chars is the sorted list of the distinct characters: the order of a set changes "
        "between runs.",
    )
    count = len(chars)
    shapes = [(hidden, count), (hidden, hidden), (hidden,), (count, hidden), (count,)]
    for name, expected in zip(WEIGHTS, shapes, strict=True):
        value = as_floats(got[name], name)
        shape(value, expected, what=name, why="Shapes are W (to, from) and b (to,).")
        dtype(value, "float64", what=name, why=f"{name} has to be float64.")
        if not np.isfinite(value).all():
            raise Mismatch(
                f"gave {name} with numbers that are not finite",
                "Training blew up: clip the gradient of all weights together before the update.",
            )
    return got


def step_scores(model, h, char):
    """Let the model read a character: its new state, and its scores for the next one."""
    column = model["W_xh"][:, list(model["chars"]).index(char)]
    h = np.tanh(column + model["W_hh"] @ h + model["b"])
    return h, model["W_hy"] @ h + model["b_y"]


def sampled(model, first, length):
    """Let the model write greedily from its first character."""
    text, h = first, np.zeros(len(model["b"]))
    while len(text) < length:
        h, scores = step_scores(model, h, text[-1])
        text += model["chars"][int(np.argmax(scores))]
    return text


def mean_nats(model, text, *, carry=True, copy=False):
    """Return the mean cross-entropy of a text's characters after the first.

    Without ``carry`` every step starts from zero; with ``copy`` each character is scored as a
    prediction of itself.
    """
    h, total = np.zeros(len(model["b"])), 0.0
    for char, following in pairwise(text):
        h, scores = step_scores(model, h if carry else 0 * h, char)
        total += nats_by_hand(scores, list(model["chars"]).index(char if copy else following))[0]
    return total / (len(text) - 1)


def train(student, text, hidden, steps, learning_rate, seed):
    """Call train_char_rnn with a fresh generator."""
    rng = student.build("numpy.random.default_rng", seed)
    model = student.train_char_rnn(text, hidden, steps, learning_rate, rng)
    return as_model(model, text, hidden)


def start_of(student, text, seed):
    """Return the model before training; None where there is none to look at."""
    with suppress(StudentError, Mismatch):
        return train(student, text, 64, 0, 0.1, seed)
    return None


def why_start(start):
    """Say what is wrong with a start; nothing where it can be trained from."""
    for name, axis in (("W_xh", 0), ("W_hh", 0), ("W_hy", 1)):
        if np.ptp(start[name], axis=axis).max() == 0:
            return (
                f"{name} is the same for all units at the start, and units that are equal stay "
                "equal: draw every number of the three matrices from rng."
            )
        size = math.sqrt(np.mean(start[name] ** 2) * len(start["b"]))  # 1 where it is 1/√H
        if not 1 / 3 < size < 3:
            word, so_that = {
                True: ("large", "so that its units do not saturate"),
                False: ("small", "so that the state keeps what was read"),
            }[size > 1]
            return f"The start of {name} is too {word}: draw it at a scale near 1/√H, {so_that}."
    return ""


def why_not_written(start, model, text, nats):
    """Guess why a model does not write its text."""
    if start is not None:
        same = all(np.array_equal(start[name], model[name]) for name in WEIGHTS)
        untrained = "The weights after all steps are those of the start: nothing was trained."
        if same or why_start(start):
            return " ".join(filter(None, [untrained if same else "", why_start(start)]))
    chance = math.log(len(model["chars"]))
    if mean_nats(model, text, copy=True) < min(0.2, nats / 2):
        return (
            "The model predicts the character that it has just read: the targets are the text "
            "shifted by one character."
        )
    forgetful = mean_nats(model, text, carry=False)
    if forgetful < min(0.6 * chance, 0.75 * nats):
        return (
            "The model does better when its state is set to zero at every step: it was trained "
            "without carrying the state on. Each step starts from the state of the one before."
        )
    if nats > 1.05 * chance:
        return (
            "The model does worse than guessing. Four things to look at: are the targets the text "
            "shifted by one character; do the updates go downhill; is the state carried on from "
            "step to step in training; is the step so large that training blows up (clip the "
            "gradient)?"
        )
    if nats > 0.7 * chance:
        return (
            "The model hardly does better than guessing: it looks untrained, or trained on "
            "something else (other targets, a state that is not carried on). Print the mean "
            "cross-entropy of the text every 50 steps: it has to fall."
        )
    if nats > 0.2:
        return (
            "The model has learned something, but not the text: the mean cross-entropy of the "
            "next character is still too high. Does the gradient go back through all the steps, "
            "and does each of the five arrays get its update; is the start near 1/√H, the state "
            "before the first step zero; is the step too large for your optimiser (0.1 is, for "
            "Adam)?"
        )
    return (
        "The cross-entropy of the text is low but greedy writing leaves the text. In training as "
        "in writing the state starts at zero and is carried on; or the gradient is not exact (run "
        "gradient_check, 2.7), or the step too large for your optimiser (0.1 is, for Adam)."
    )


def writes_back(student, text, steps, seed):
    """Train on a text and let the model write it from memory."""
    start = start_of(student, text, seed)
    model = train(student, text, 64, steps, 0.1, seed)
    got = sampled(model, text[0], len(text))
    if got == text:
        return
    nats = mean_nats(model, text)
    right = next(i for i, (a, b) in enumerate(zip(got, text, strict=True)) if a != b)
    raise Mismatch(
        f"gave a model that writes {got!r}, expected {text!r} (right for {right} of "
        f"{len(text)} characters, mean cross-entropy {nats:.3g} nats)",
        why_not_written(start, model, text, nats),
    )


def has_learned(start, model, text):
    """Expect a model to know a text at least twice as well as guessing does."""
    nats, most = mean_nats(model, text), math.log(len(model["chars"])) / 2
    if not nats <= most:  # nor is it NaN
        raise Mismatch(
            f"gave a model with a mean cross-entropy of {nats:.3f}, expected less than "
            f"{most:.3f}, half of log V",
            why_not_written(start, model, text, nats),
        )


def draws_from_rng(student, text, seed):
    """Expect a seed to give the same weights twice, and another seed to give others."""
    first, again, other = (train(student, text, 64, 20, 0.1, s) for s in (seed, seed, seed + 1))
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


def cut(told, back, slope):
    """Go back no further than one step: nothing of a state is sent on."""
    return told * slope, np.zeros_like(back)


def downhill(model, text, rule=None):
    """Differentiate the mean cross-entropy of a text by each of the five arrays."""
    ids = np.array([list(model["chars"]).index(char) for char in text])
    X = np.eye(len(model["chars"]))[None, ids[:-1]]  # (1, T, V)
    case = (X, np.zeros((1, len(model["b"]))), *(model[name] for name in ("W_xh", "W_hh", "b")))
    H = states_of(*case)
    logits = H @ model["W_hy"].T + model["b_y"]
    everything = np.ones(logits.shape[:2], dtype=bool)
    _, dlogits = cross_entropy_by_hand(logits, ids[None, 1:], everything)
    _, _, dW_xh, dW_hh, db = walk(case, H, dlogits @ model["W_hy"], rule)[0]
    gradients = [dW_xh, dW_hh, db, dlogits[0].T @ H[0], dlogits[0].sum(axis=0)]
    return dict(zip(WEIGHTS, gradients, strict=True))


def moves(start, model):
    """Return how far training moved each of the five arrays."""
    return {name: model[name] - start[name] for name in WEIGHTS}


ALL = 0.99  # of an array's numbers: one whose gradient is about zero may go either way


def against(move, gradient):
    """Return which share of an array's numbers moved against their gradient, tiny ones aside."""
    counts = np.abs(gradient) >= np.abs(gradient).max() / 100
    return float(np.mean(np.sign(move[counts]) == -np.sign(gradient[counts])))


def all_arrays_move(start, first):
    """Expect the first update to move each of the five arrays."""
    moved = moves(start, first)
    if not any(move.any() for move in moved.values()):
        raise Mismatch(
            "gave the same weights for steps=1 as for steps=0",
            "steps is the number of updates: one step is one update.",
        )
    for name, move in moved.items():
        if np.allclose(move, 0, atol=1e-12):
            raise Mismatch(
                f"gave a model whose {name} stayed at its start",
                f"{name} is not trained: each of the five arrays has a gradient and an update.",
            )


def why_not_against(moved, gradients, start, text):
    """Guess why the first update does not move every number against its gradient."""
    for name, gradient in gradients.items():
        if (moved[name] * gradient).sum() >= 0:
            return (
                f"The first update does not move {name} downhill. Is its gradient right (run "
                "gradient_check, 2.7), the target the character that follows, and the update "
                "taken away, not added?"
            )
    if all(against(moved[name], g) > ALL for name, g in downhill(start, text, cut).items()):
        return (
            "It looks like the gradient is cut after one step: going back, each state also gets "
            "what the state after it sends back through W_hh, from the last step to the first "
            "(2.6)."
        )
    return (
        "The first update goes downhill, but not along the gradient of the whole text: too many "
        "numbers move with their gradient, not against it. Does it go back through all the steps, "
        "however long the text (2.6; run gradient_check, 2.7)?"
    )


def follows_the_gradient(student, text, seed, steps, small):
    """Expect updates to move every number against the gradient of the whole text.

    The first does so with any of the usual optimisers. So do ``steps`` updates together where the
    learning rate is so ``small`` that the gradient stays what it is.
    """
    start, first = (train(student, text, 64, n, 0.1, seed) for n in (0, 1))
    all_arrays_move(start, first)
    gradients, moved = downhill(start, text), moves(start, first)
    for name, gradient in gradients.items():
        share = against(moved[name], gradient)
        if not share > ALL:
            raise Mismatch(
                f"gave a model of which {share:.0%} of the numbers of {name} moved against their "
                "gradient, expected all",
                why_not_against(moved, gradients, start, text),
            )
    one, many = (moves(start, train(student, text, 64, n, small, seed)) for n in (1, steps))
    for name, gradient in gradients.items():
        if np.abs(many[name]).max() > 0.01:
            raise Mismatch(
                f"gave a model whose {name} moved by {np.abs(many[name]).max():.2g}",
                "A small learning rate makes small updates: it is the step size of the optimiser.",
            )
        if not np.linalg.norm(many[name]) > 1.5 * np.linalg.norm(one[name]):
            raise Mismatch(
                f"gave a model whose {name} moved no further than in its first update",
                f"After the first update {name} hardly moves on: every update is one of all five "
                "arrays.",
            )
        share = against(many[name], gradient)
        if not share > ALL:
            raise Mismatch(
                f"gave a model of which {share:.0%} of the numbers of {name} moved against their "
                "gradient, expected all",
                "The first update goes along the gradient of the whole text, those after it do "
                "not. With a learning rate as small as this one the gradient hardly changes, and "
                "each update moves the weights in the direction of the first.",
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


def steps_as_told(student, text, seed):
    """Expect as many steps as told, as large as told, that go downhill and help."""
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
        all_arrays_move(*(train(student, text, 64, steps, 0.1, another) for steps in (0, 1)))
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


def learns_frequencies(student, rng):
    """Expect one unit to find the letters' frequencies, and return the seed of the call."""
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
    return seed


@check(points=0.25)
def test_gives_a_model(student):
    """gives the five arrays and the sorted characters, starts near 1/√H, and learns"""
    train(student, "hello world", 8, 2, 0.1, seed=1)
    train(student, "aa", 3, 1, 0.1, seed=1)
    start = train(student, "hello world", 64, 0, 0.1, seed=1)
    why = why_start(start)
    if why:
        raise Mismatch("gave a start that cannot be trained well", why)
    has_learned(start, train(student, "hello world", 64, 100, 0.1, seed=1), "hello world")


@check(points=0.25)
def test_does_as_told(student, rng):
    """draws from rng alone, trains as told and downhill, and learns frequencies with one unit"""
    draws_from_rng(student, "hello world", seed=1)
    steps_as_told(student, "hello world", seed=1)
    learns_frequencies(student, rng)


@check(points=0.5, seconds=20)
def test_follows_the_gradient(student):
    """trains all five arrays with the gradient of the whole text, back through all its steps"""
    text = "she sells sea shells by the sea shore"
    follows_the_gradient(student, text, seed=1, steps=8, small=1e-5)


@check(points=1, goal=True, seconds=GOAL_SECONDS)
def test_writes_hello_world(student):
    """writes "hello world" from memory"""
    writes_back(student, "hello world", 300, seed=0)
