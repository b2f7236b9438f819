"""Checks of exercise 4.9: The same in Keras."""

import numpy as np

from seqkit.checking.diagnosis import advising, floats, holds, suspected
from seqkit.checking.expect import Mismatch, close, equal, shape
from seqkit.checking.laws import SIZED
from seqkit.checking.student import Handle
from seqkit.checking.written import short
from seqkit.course import Rules, check
from seqkit.grading.inside.wire import Tensor

rules = Rules(
    defines=("keras_sentiment",),
    forbids=("seqkit.models.keras_classifier", "seqkit.models.in_keras.keras_classifier"),
)

# Keras takes its time where it is not imported yet.
KERAS_SECONDS = 30

NAMES = ("embedding", "kernel", "recurrent kernel", "bias", "head's kernel", "head's bias")
SIX = (
    "Embedding, one LSTM and Dense(1) hold six arrays together, and the model is built: it begins "
    "with keras.Input((None,)), for rows of any length."
)
DEFAULT = (
    "The LSTM has its default settings: it starts with a recurrent kernel that only turns, and a "
    "bias of 1 for the forget gate, 0 for the others."
)
ITSELF = "Return the keras.Model itself: it is called with an array of ids afterwards."


def built(student, words, features, size, named=False):
    """Make a learner's model, and compare the shapes of its weights; these and the model."""
    if named:
        sizes = {"hidden_dim": size, "vocab_size": words, "embedding_dim": features}
        model = student.keras_sentiment(**sizes)
    else:
        model = student.keras_sentiment(words, features, size)
    if not isinstance(model, Handle):
        raise Mismatch(f"gave {short(model)}, expected a model", ITSELF)
    with advising(ITSELF, "AttributeError"):
        weights = [floats(part, "a weight") for part in model.get_weights()]
    shapes = [
        (words, features),
        (features, 4 * size),
        (size, 4 * size),
        (4 * size,),
        (size, 1),
        (1,),
    ]
    equal([part.shape for part in weights], shapes, what="weights of the shapes", why=SIX)
    return model, weights


def refilled(student, rng, *sizes, named=False):
    """Make a learner's model and set weights of ours."""
    model, old = built(student, *sizes, named=named)
    weights = [rng.normal(scale=len(part) ** -0.5, size=part.shape) for part in old]
    weights[0] *= len(weights[0]) ** 0.5
    weights[3][sizes[2] : 2 * sizes[2]] += 4  # a gate that keeps: the first word counts
    weights[4] *= 9
    weights = [part.astype(np.float32) for part in weights]
    model.set_weights(weights)
    return model, weights


def states_by_hand(weights, ids, masked=True):
    """Return h after every step (B, T, H), carried over where an id is 0."""
    E, W, U, b = (part.astype(np.float64) for part in weights[:4])
    h = c = np.zeros((len(ids), len(U)))
    states = []
    for column in ids.T:
        i, f, g, o = np.split(E[column] @ W + h @ U + b, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
        real = (column != 0)[:, None] | (not masked)
        c = np.where(real, f * c + i * np.tanh(g), c)
        h = np.where(real, o * np.tanh(c), h)
        states.append(h)
    return np.stack(states, axis=1)


def suspects(weights, ids, expected):
    """Yield likely mistakes, each with the logits that it gives."""

    def head(h):
        return h @ weights[4].astype(np.float64) + weights[5]

    states = states_by_hand(weights, ids)
    real = (ids != 0)[..., None]
    mask = "id 0 was read as a word: the embedding makes the mask, mask_zero=True."
    yield mask, head(states_by_hand(weights, ids, masked=False)[:, -1])
    yield "a sigmoid was taken: a logit is any number.", 1 / (1 + np.exp(-expected))
    yield "a negative number was cut off: Dense without activation.", np.maximum(expected, 0)
    yield "a tanh was taken: Dense without activation.", np.tanh(expected)
    last = "all states were pooled: Dense reads the LSTM's last state alone."
    with np.errstate(all="ignore"):
        yield last, head((states * real).sum(axis=1) / real.sum(axis=1))
    yield last, head(states.mean(axis=1))
    yield last, head(states.max(axis=1))
    yield "the row was read from its end.", head(states_by_hand(weights, ids[:, ::-1])[:, -1])


LOGITS = (
    "Dense reads the LSTM's last state, over the real words alone, and gives one logit a row; the "
    "LSTM keeps its default settings, so that nothing is random in training either."
)
UNSEEN = "Padding changed a logit: id 0 is no word (mask_zero=True), however often it comes."
EMPTY = (
    "A row of padding alone gives a finite number: the LSTM's state stays 0 there. A mean over no "
    "step is nan."
)


def compare_logits(model, weights, ids, why=LOGITS, **options):
    """Call a model and compare its logits with those that its weights give."""
    ids = np.asarray(ids)
    many = ids.shape[1] > 100  # a long row is quicker in a graph
    got = model.predict(ids, verbose=0) if many else model(ids, **options)
    if not many and (not isinstance(got, Tensor) or got.framework != "tensorflow"):
        raise Mismatch(f"gave {short(got)}, expected a tensor of Keras", ITSELF)
    got = floats(got, "the logits")
    expected = states_by_hand(weights, ids)[:, -1] @ weights[4].astype(float) + weights[5]
    near = {"atol": 1e-3, "rtol": 1e-3}
    if got.shape != expected.shape:
        why = "One logit a row: (B, 1), for any B and T."
    elif not np.allclose(got, expected, **near):
        found = suspects(weights, ids, expected)
        why = suspected([m for m, values in found if np.allclose(got, values, **near)], why)
    shape(got, expected.shape, what="the logits", why=why)
    close(got, expected, what="the logits", why=why, **near)


def compare_padding(model, weights, ids, more):
    """Pad rows further, and read rows of padding alone."""
    compare_logits(model, weights, np.pad(ids, ((0, 0), (0, more))), UNSEEN)
    got = floats(model(np.zeros((2, more), np.int64)), "the logits")
    shape(got, (2, 1), what="the logits of rows of padding", why=EMPTY)
    holds(np.isfinite(got).all(), EMPTY)


FREE = {"name", "trainable", "return_sequences", "return_state"}  # the logits tell about these
OTHERS = "The layers are an Embedding, an LSTM and a Dense, after keras.Input, and no others."
AS_SET = "All but the sizes and mask_zero=True is left as Keras sets it."


def compare_settings(student, model, words, features, size):
    """Compare a model's layers with new ones of Keras, setting by setting."""
    usual = [
        student.build("keras.layers.Embedding", words, features, mask_zero=True).get_config(),
        student.build("keras.layers.LSTM", size).get_config(),
        student.build("keras.layers.Dense", 1).get_config(),
    ]
    holds(len(model.layers) in (3, 4), OTHERS)  # Keras counts its input, or does not
    for place, own in enumerate(usual, -3):
        found = model.layers[place].get_config()
        holds(found.keys() == own.keys(), OTHERS)
        for name in sorted(own.keys() - FREE):
            equal(found[name], own[name], what=name, why=AS_SET)


def compare_start(student, *sizes):
    """Compare what new models start with: an LSTM's usual weights, others each time."""
    model, weights = built(student, *sizes)
    count = sum(part.size for part in weights)
    equal(model.count_params(), count, what="the number of weights", why=SIX)
    bias = np.repeat([0.0, 1.0, 0.0, 0.0], sizes[2])
    close(weights[3], bias, what="a new LSTM's bias", why=DEFAULT)
    turns = weights[2] @ weights[2].T
    close(turns, np.eye(sizes[2]), what="U @ U.T of a new LSTM", why=DEFAULT, atol=1e-4)
    compare_settings(student, model, *sizes)
    same = np.array_equal(weights[0], built(student, *sizes)[1][0])
    holds(not same, "Every call makes a new model, and no seed is set: it starts differently.")


def compare_training(student, rng, *sizes):
    """Read with a model of some size, then expect that every weight of it can be trained."""
    model, weights = refilled(student, rng, *sizes, named=True)
    why = SIZED.format(size="{} words of {} features, {} units".format(*sizes))
    compare_logits(model, weights, rng.integers(1, sizes[0], size=(3, 2)), why)
    model.compile(loss="mse", optimizer="sgd", run_eagerly=True)
    model.train_on_batch(np.array([[1, 2], [3, 0]]), np.array([[99.0], [-99.0]]))
    for name, before, after in zip(NAMES, weights, model.get_weights(), strict=True):
        why = "Everything can be trained: a gradient of the logits reaches every weight."
        if np.array_equal(before, after):
            raise Mismatch(f"gave a model whose {name} stays as it is in training", why)


@check(points=0.5, seconds=KERAS_SECONDS)
def test_is_built(student):
    """is built from an embedding, one LSTM with its default settings and a head"""
    compare_start(student, 50, 4, 8)


@check(points=0.5, seconds=KERAS_SECONDS)
def test_reads_the_last_state(student):
    """gives the logits that its weights say: the head of the last state"""
    model, weights = refilled(student, np.random.default_rng(9), 6, 2, 3)
    compare_logits(model, weights, [[1, 2, 3]])
    compare_logits(model, weights, [[4, 5], [3, 3]], training=True)


@check(points=0.25, seconds=KERAS_SECONDS)
def test_never_sees_padding(student):
    """gives the same logit with any padding, and a finite one for padding alone"""
    model, weights = refilled(student, np.random.default_rng(10), 6, 2, 3)
    compare_padding(model, weights, np.array([[1, 2], [4, 0], [0, 5]]), 1)


@check(points=0.25, seconds=KERAS_SECONDS)
def test_keeps_the_laws(student, rng):
    """keeps the laws: any size, and every weight can be trained"""
    compare_training(student, rng, 1200, 70, 66)
