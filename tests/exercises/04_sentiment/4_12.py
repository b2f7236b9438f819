"""Checks of exercise 4.12: A verdict on new text."""

import numpy as np
import torch

from seqkit.checking.diagnosis import advising, plain_list, suspected
from seqkit.checking.expect import close, equal, raises
from seqkit.checking.laws import BY_NAME, CHANGED, LEFT_OVER, SIZED
from seqkit.checking.portable import portable
from seqkit.course import Rules, check
from seqkit.text import Vocab, tokenize

from .oracle import called_quietly, leave_the_switch, left_alone, recorder, single

rules = Rules(defines=("predict_sentiment",))


@portable
def reads(module, ids, lengths):
    """Give logits that depend on each word and its place; refuse what packing refuses."""
    if ids.dtype != torch.int64 or lengths.dtype != torch.int64:
        raise TypeError("ids and lengths are tensors of int64")
    if ids.ndim != 2 or lengths.shape != ids.shape[:1] or len(ids) == 0:
        raise ValueError("ids are (B, T), lengths are (B,), of one review at least")
    if lengths.min() < 1 or lengths.max() > ids.shape[1]:
        raise RuntimeError("lengths are from 1 to T")
    places = torch.arange(ids.shape[1])
    real = places < lengths[:, None]
    if (ids * ~real).any():
        raise ValueError("rows are padded on the right, with 0")
    return module.dropout((module.table[ids] * (places % 7 + 1) / 128 * real).sum(1))


def table_of(words):
    """Return a number for each word of a vocabulary, of few digits, so that sums are exact."""
    return np.round(64 * np.sin(np.arange(words) * 1.7 + 1)) / 64


def logit(ids, scale=1):
    """Compute what the model does."""
    places = np.arange(len(ids)) % 7 + 1
    return scale * float(np.sum(table_of(max(ids) + 1)[ids] * places / 128))


def probability(text, vocab, scale=1, cut=None, split=tokenize):
    """Return the probability that the pipeline of training gives."""
    z = logit((vocab.encode(split(text)) or [vocab.unk_id])[:cut], scale)
    return (1 + np.tanh(z / 2)) / 2


def suspects(texts, vocab):
    """Yield likely mistakes, each with the probabilities that it gives."""
    right = [probability(text, vocab) for text in texts]
    yield "no sigmoid was taken: those are logits.", np.log(right) - np.log1p(-np.array(right))
    words = "the text was split at spaces: tokens are those of seqkit.text.tokenize."
    for split in (str.split, lambda text: text.lower().split()):
        yield words, [probability(text, vocab, split=split) for text in texts]
    letters = "the text was read letter by letter: tokenize it first."
    yield letters, [probability(text, vocab, split=list) for text in texts]
    for cut in (100, 200):
        yield f"texts were cut to {cut} words.", [probability(t, vocab, cut=cut) for t in texts]
    padding, pad = "a text without tokens was read as padding: it is one <unk>.", logit([0])
    pairs = zip(right, texts, strict=True)
    yield padding, [p if tokenize(t) else 1 / (1 + np.exp(-pad)) for p, t in pairs]


PIPELINE = (
    "Tokens of seqkit.text.tokenize, their numbers by vocab.encode, all of them and in order, "
    "padded with 0 on the right, their true lengths, then a sigmoid."
)
EMPTY = "A text without tokens is read as a single <unk>, and every text has a result."


def compare_predictions(got, texts, vocab, why=None, scale=1):
    """Compare probabilities: as many as there are texts, in order, plain numbers."""
    found = plain_list(got, "the result")
    equal(len(found), len(texts), what="a list of the length", why=EMPTY)
    found = np.array([single(one, "a probability") for one in found])
    expected = np.array([probability(text, vocab, scale) for text in texts])
    near = {"atol": 2e-6, "rtol": 0.0}
    if why is None and not np.allclose(found, expected, **near):
        fits = [m for m, v in suspects(texts, vocab) if np.allclose(found, v, atol=1e-5)]
        if np.allclose(sorted(found), sorted(expected), **near):
            fits = ["the results came in another order than the texts."]
        why = suspected(fits, PIPELINE)
    close(found, expected, what="probabilities", why=why, **near)


def call_predict(student, texts, tokens, training=False, drops=0.0, named=False, why=None, scale=1):
    """Call predict_sentiment with a vocabulary and a model, and compare everything there is."""
    vocab = Vocab(tokens)
    table = scale * table_of(len(vocab))
    model = recorder(student, reads, table, training, drops)
    built, kept = student.build("seqkit.text.Vocab", tokens), student.keep(texts)
    raised = PIPELINE if all(map(tokenize, texts)) else EMPTY
    raised = raised if texts else "For no texts the result is []: no model can read an empty batch."
    about = r"length|padded|int64|argument \(|empty"
    with advising(raised, about), advising(BY_NAME, "unexpected keyword"):
        if named:
            got = student.predict_sentiment(model=model, texts=kept, vocab=built)
        else:
            got = student.predict_sentiment(kept, built, model)
    if drops:
        called_quietly(student, model)
    compare_predictions(got, texts, vocab, why, scale)
    equal(student.fetch(kept), texts, what="texts afterwards", why=CHANGED.format(name="texts"))
    left_alone(student, model, table, training)


LETTERS = (
    "One string instead of a list is a TypeError, an empty one too: it would be read by letters."
)


def refuse(student, text):
    """Expect a TypeError for one string."""
    model = recorder(student, reads, table_of(3), False)
    with raises(TypeError, why=LETTERS):
        student.predict_sentiment(text, student.build("seqkit.text.Vocab", ["a"]), model)


def drawn_texts(rng, count, most):
    """Draw texts as people write them, with words nobody knows, and the tokens of training."""
    words = ["a", "bad", "it's", "not", "film", "good", "!", "?", "naïve"]
    odd = ["Not", "FILM", "<br />", "good,", "unheard-of", "(bad)", "it's", "nai\u0308ve"]
    texts = [
        " ".join(rng.choice([*words, *odd], size=int(rng.integers(1, most + 1))).tolist())
        for _ in range(count)
    ]
    return texts, rng.choice(words, size=40).tolist()


LEARNT = "The model has learnt since the last call: ask it at every call, and remember nothing."


def compare_learnt(student, texts, tokens):
    """Ask a model whose weights change between two calls, and look whether gradients stay on."""
    vocab, built = Vocab(tokens), student.build("seqkit.text.Vocab", tokens)
    table = table_of(len(vocab))
    model = recorder(student, reads, table, False)
    compare_predictions(student.predict_sentiment(texts, built, model), texts, vocab)
    model.load_state_dict({"table": torch.tensor(-table, dtype=torch.float32)})
    got = student.predict_sentiment(texts, built, model)
    compare_predictions(got, texts, vocab, LEARNT, -1)
    leave_the_switch(student, "predict_sentiment", texts, built, model)


def hold_laws(student, rng):
    """Expect what holds for every exercise: any size, by name, nothing left over."""
    texts, tokens = drawn_texts(rng, 3, 5)
    call_predict(student, texts, tokens, named=True)
    compare_learnt(student, texts, tokens)
    many, others = drawn_texts(rng, 1100, 3)
    call_predict(student, texts, others, why=LEFT_OVER)
    call_predict(student, many, others, why=SIZED.format(size="1100 texts"))
    long = [" ".join(f"w{n}" for n in rng.permutation(1100)), "w7", "w9 w8"]
    known = [f"w{n}" for n in range(1100)]
    call_predict(student, long, known, why=SIZED.format(size="a text of 1100 different words"))
    call_predict(student, texts, tokens, why=LEFT_OVER)


TOKENS = ["bad", "film", "good", "isn't", "it", "not", "the", "!", "good", "naïve"]
FAR = 2**17  # makes of some texts a logit beyond ±900


@check(points=0.25)
def test_goes_through_the_pipeline(student):
    """gives the probability of each text by the pipeline of training, whole texts of any length"""
    call_predict(student, ["good film"], TOKENS)
    call_predict(student, ["The film isn't BAD!<br />Good."], TOKENS)
    call_predict(
        student, ["not good", "it", "the film, it isn't bad, not bad, good!", "so so"], TOKENS
    )
    call_predict(student, ["good " * 120 + "bad " * 120, "bad"], TOKENS)
    call_predict(student, ["so nai\u0308ve"], TOKENS)  # an accent that stands alone: 4.1 cuts there
    call_predict(student, ["good", "naïve film", "not the"], TOKENS, scale=FAR)


@check(points=0.25)
def test_takes_any_list(student):
    """reads a text without tokens as <unk>, gives [] for no texts, and refuses one string"""
    call_predict(student, ["Not bad!", "", "...", " "], TOKENS)
    call_predict(student, [""], TOKENS)
    call_predict(student, [], TOKENS, training=True)
    for text in ("not bad", ""):
        refuse(student, text)


@check(points=0.25)
def test_predicts_in_evaluation_mode(student):
    """calls the model in evaluation mode, without gradients, and leaves it alone"""
    for training in (True, False):
        call_predict(student, ["good film", "bad"], TOKENS, training, 0.9)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    hold_laws(student, rng)
