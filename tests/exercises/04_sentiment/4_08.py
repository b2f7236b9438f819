"""Checks of exercise 4.8: A classifier that never sees padding."""

import numpy as np
import torch
from torch.nn import LSTM, Embedding, Linear, Module

from seqkit.checking.diagnosis import advising, floats, holds, suspected
from seqkit.checking.expect import Mismatch, close, dtype, equal, shape
from seqkit.checking.laws import CHANGED, REMEMBERED, SIZED
from seqkit.checking.student import Handle
from seqkit.checking.written import short
from seqkit.course import Rules, check

rules = Rules(
    defines=("SentimentLSTM",),
    forbids=("seqkit.models.TextClassifier", "seqkit.models.classifier.TextClassifier"),
)

#: How far a logit may be off: the head's weights are large, so that every step counts.
ROUNDING = {"atol": 1e-2, "rtol": 1e-4}


class Reader(Module):
    """Reads reviews one by one, each up to its own end: what an answer has to compute."""

    def __init__(self, words, features, size, num_layers=2, both=False):
        super().__init__()
        self.embedding = Embedding(words, features)
        self.rnn = LSTM(features, size, num_layers, batch_first=True, bidirectional=both)
        self.head, self.ends = Linear(size * (1 + both), 1), 1 + both

    def filled(self, rng):
        """Draw large weights; return itself in double precision."""
        size = self.rnn.hidden_size
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                drawn = rng.normal(scale=max(size, 3) ** -0.5, size=parameter.shape)
                parameter.copy_(torch.from_numpy(drawn))
                if "bias_ih" in name:
                    parameter[size : 2 * size] += 4  # a gate that keeps: the first word counts
            self.head.weight *= 100
        return self.double()

    def states(self, ids):
        """Run one review: the states of all steps (T, …), then h and c at the ends."""
        H, (h, c) = self.rnn(self.embedding(torch.as_tensor(ids))[None])
        return H[0], h[:, 0], c[:, 0]

    def logits_of(self, rows):
        """Return a logit for each row of what the head reads."""
        return self.head(torch.stack([row.flatten() for row in rows]))[:, 0].numpy()

    @torch.no_grad()
    def logits(self, ids, lengths):
        """Return the logits (B,)."""
        rows = zip(ids, lengths, strict=True)
        return self.logits_of([self.states(row[:n])[1][-self.ends :] for row, n in rows])

    @torch.no_grad()
    def suspects(self, ids, lengths, expected):
        """Yield likely mistakes, each with the logits that it gives."""
        alone = [self.states(row[:n]) for row, n in zip(ids, lengths, strict=True)]
        whole = [self.states(row) for row in ids]
        after = "that is the state after the padding: it has to stop at the last real word."
        yield after, self.logits_of([H[-1] for H, _, _ in whole])
        yield after, self.logits_of([h[-self.ends :] for _, h, _ in whole])
        if self.ends == 2:
            first = "the backward half was taken at the last word, of which alone it knows there."
            yield first, self.logits_of([H[-1] for H, _, _ in alone])
            swapped = "the halves changed places: forward first, then backward."
            yield swapped, self.logits_of([h[-2:].flip(0) for _, h, _ in alone])
        bottom = "that is the bottom layer's state: h goes layer by layer, the top's come last."
        yield bottom, self.logits_of([h[: self.ends] for _, h, _ in alone])
        cell = "that is the cell state c: the head reads h."
        yield cell, self.logits_of([c[-self.ends :] for _, _, c in alone])
        yield "a sigmoid was taken: a logit is any number.", 1 / (1 + np.exp(-expected))
        order = np.argsort(-lengths, kind="stable")
        yield "the rows came back sorted by length: in the caller's order, please.", expected[order]


# ---------------------------------------------------------------- its parameters


def compare_shapes(student, model, *sizes):
    """Compare the names and shapes of a model's parameters with those of our reader."""
    if not isinstance(model, Handle):
        raise Mismatch(f"gave {short(model)}, expected a module", "The model is an nn.Module.")
    expected = {name: tuple(p.shape) for name, p in Reader(*sizes).named_parameters()}
    names = student.take(student.kept(model.state_dict), 200)
    missing, extra = sorted(expected.keys() - {*names}), sorted({*names} - expected.keys())
    why = "Its state_dict() holds what self.embedding, self.rnn and self.head have, each once."
    if any(name.endswith("_reverse") for name in missing + extra):
        why = "bidirectional says whether the LSTM reads in both directions: hand it on."
    elif any(name[-1].isdigit() for name in missing + extra) and "head.weight" in names:
        why = "num_layers layers lie on top of each other in one nn.LSTM: hand it on."
    if missing or extra:
        raise Mismatch(f"gave a model that lacks {missing[:3]} and has besides {extra[:3]}", why)
    for name, size in expected.items():
        part, inner = name.split(".", 1)
        found = tuple(student.fetch(getattr(getattr(model, part), inner).shape))
        why = "Sizes come from the arguments; the head reads H numbers, or both directions' 2H."
        equal(found, size, what=f"a model whose {name} has the shape", why=why)


def loaded(student, rng, words, features, size, num_layers=2, both=False, **options):
    """Make a learner's model in evaluation mode, with weights of ours; it and our reader."""
    named = {"num_layers": num_layers, "bidirectional": both, **options}
    model = student.SentimentLSTM(words, features, size, **named)
    compare_shapes(student, model, words, features, size, num_layers, both)
    reader = Reader(words, features, size, num_layers, both).filled(rng)
    model.load_state_dict(reader.state_dict())
    model.eval()
    return model, reader


# ---------------------------------------------------------------- its logits

READ = (
    "The head reads the top layer's h where it has read the whole review and nothing else, and no "
    "other review of the batch either."
)
UNSEEN = (
    "Padding changed a logit: neither its length nor the ids that stand there nor the other "
    "reviews of the batch may. Pack the batch, or read each row up to its own length."
)
EVALUATED = (
    "Two calls in evaluation mode differ: dropout acts in training alone (an nn.Dropout of the "
    "model's own, or F.dropout with self.training)."
)
SORTED = "Rows come in any order of their lengths: enforce_sorted=False."


def compare_logits(model, reader, ids, lengths, why=READ, given=None):
    """Call a model and compare its logits with those of our reader."""
    ids, lengths = np.asarray(ids), np.asarray(lengths)
    given = (torch.tensor(ids), torch.tensor(lengths)) if given is None else given
    with advising(SORTED, "sorted"):
        out = model(*given)
    got, expected = floats(out, "the logits"), reader.logits(ids, lengths)
    if got.shape != expected.shape:
        why = "One logit a review, (B,): squeeze axis 1 alone, so that a batch of one stays one."
    elif not np.allclose(got, expected, **ROUNDING):
        slips = reader.suspects(ids, lengths, expected)
        why = suspected([m for m, values in slips if np.allclose(got, values, **ROUNDING)], why)
        why = why if np.array_equal(floats(model(*given), "the logits"), got) else EVALUATED
    shape(got, expected.shape, what="the logits", why=why)
    close(got, expected, what="the logits", why=why, **ROUNDING)
    dtype(out, "float32", what="the logits", why="Logits are float32, as the weights are.")


def draw(rng, words, batch, steps):
    """Draw reviews padded with any ids, and their lengths in any order, one of them whole."""
    lengths = rng.integers(1, steps + 1, size=batch)
    lengths[rng.integers(batch)] = steps
    return rng.integers(0, words, size=(batch, steps)), lengths


def compare_padding(model, reader, rng, ids, lengths, more):
    """Pad reviews further with any ids, turn the batch round, and take one out of it."""
    words, one = reader.embedding.num_embeddings, slice(1, 2)
    compare_logits(model, reader, np.pad(ids, ((0, 0), (0, more))), lengths, UNSEEN)
    odd = np.where(np.arange(ids.shape[1]) < lengths[:, None], ids, words - 1)
    wide = np.hstack([odd, rng.integers(0, words, size=(len(ids), more))])
    compare_logits(model, reader, wide[::-1].copy(), lengths[::-1].copy(), UNSEEN)
    compare_logits(model, reader, ids[one], lengths[one], UNSEEN)


# ---------------------------------------------------------------- dropout


def compare_dropout(student, share, size, num_layers, **options):
    """Expect that in training a share of the numbers is dropped at each of the places.

    A weight that meets a number set to zero gets no gradient: a single word shows where.
    """
    model = student.SentimentLSTM(5, size, size, num_layers, **options)
    review = torch.tensor([[3]]), torch.tensor([1])
    student.kept(model, *review).backward(torch.ones(1))
    slopes = {"the embedded words": floats(student.fetch(model.embedding.weight.grad), "it")[3]}
    for depth in range(1, num_layers):
        grad = getattr(model.rnn, f"weight_ih_l{depth}").grad
        slopes[f"what layer {depth + 1} reads"] = floats(grad.norm(dim=0), "it")
    slopes["what the head reads"] = floats(student.fetch(model.head.weight.grad), "it")[0]
    for place, values in slopes.items():
        found = float(np.mean(values == 0))
        if abs(found - share) > 5 * (share * (1 - share) / values.size) ** 0.5:
            raise Mismatch(
                f"set {found:.0%} of {place} to zero in training, expected about {share:.0%}",
                f"In training a share `dropout` of {place} is set to zero, once: embedded words, "
                "between the layers (nn.LSTM's own dropout), and before the head.",
            )
    once, again = (floats(model(*review), "the logit") for _ in range(2))
    holds(share == 0 or once != again, "Dropout draws anew at every call, from no seed of its own.")
    equal(student.fetch(model.training), True, what="training afterwards", why="Leave the mode.")


# ---------------------------------------------------------------- laws


def compare_sizes(student, rng):
    """Read with many words, features, units, layers, rows or steps, and with one of each."""
    for words, features, size, num_layers, both, batch, steps in (
        (2, 1, 1, 1, False, 1, 1),
        (1300, 2, 3, 1, True, 3, 4),
        (7, 70, 66, 1, True, 2, 3),
        (7, 2, 3, 5, False, 30, 5),
        (7, 2, 3, 1, True, 2, 1100),
    ):
        model, reader = loaded(student, rng, words, features, size, num_layers, both)
        why = SIZED.format(
            size=f"{words} words of {features} features, {num_layers} layers of {size} units, "
            f"{batch} reviews of {steps} words at most"
        )
        ids, lengths = draw(rng, words, batch, steps)
        if steps > 1000:
            lengths = steps - rng.permutation(batch)  # all nearly as long as the longest
        compare_logits(model, reader, ids, lengths, why)


def compare_stays(student, rng):
    """Expect that arguments, weights and other models stay as they were."""
    starts = [student.fetch(student.SentimentLSTM(9, 2, 3).head.weight) for _ in range(2)]
    holds(not np.array_equal(*starts), "No seed is set: every new model starts differently.")
    (model, reader), (other, own) = (loaded(student, rng, 9, 2, 3) for _ in range(2))
    ids, lengths = draw(rng, 9, 3, 4)
    kept = student.keep(torch.tensor(ids)), student.keep(torch.tensor(lengths))
    compare_logits(model, reader, ids, lengths, given=kept)
    for handle, before, name in zip(kept, (ids, lengths), ("ids", "lengths"), strict=True):
        equal(student.fetch(handle), before, what=name, why=CHANGED.format(name=name))
    student.assign(kept[0], (), torch.tensor(8 - ids))
    compare_logits(model, reader, 8 - ids, lengths, REMEMBERED, kept)
    compare_logits(other, own, ids, lengths, "Every model has weights of its own.")


FLOWS = (
    "A gradient of the logits reaches every parameter: nothing on the way is detached, and "
    "nothing computed under torch.no_grad()."
)


def compare_flow(student, rng, both):
    """Expect that the logits depend on each parameter by automatic derivatives."""
    model, reader = loaded(student, rng, 6, 3, 8, 2, both, dropout=0.0)
    ids, lengths = torch.tensor([[1, 2, 3, 0], [4, 5, 2, 1]]), torch.tensor([3, 4])
    with advising(FLOWS, "require.? grad"):
        student.kept(model, ids, lengths).backward(torch.ones(2))
    for name, _ in reader.named_parameters():
        part, inner = name.split(".", 1)
        grad = student.fetch(getattr(getattr(model, part), inner).grad)
        if grad is None or not np.any(floats(grad, f"the gradient of {name}")):
            raise Mismatch(f"gave logits whose gradient does not reach {name}", FLOWS)


@check(points=0.25)
def test_has_three_parts(student):
    """has an embedding, an LSTM and a head: 1,893,185 parameters for (10000, 100, 256)"""
    compare_shapes(student, student.SentimentLSTM(10_000, 100, 256), 10_000, 100, 256)
    compare_shapes(student, student.SentimentLSTM(7, 2, 3, 1), 7, 2, 3, 1)
    named = {"hidden_dim": 3, "bidirectional": True, "num_layers": 3, "vocab_size": 7}
    model = student.SentimentLSTM(**named, embedding_dim=2, dropout=0.1)
    compare_shapes(student, model, 7, 2, 3, 3, True)
    got = floats(model(torch.tensor([[5, 6, 0]]), torch.tensor([2])), "the logits")
    shape(got, (1,), what="the logits", why="One logit a review, (B,), for a batch of one too.")


@check(points=0.75)
def test_reads_to_the_last_word(student):
    """gives the head the top layer's state after the whole review, forwards and backwards"""
    rng = np.random.default_rng(4)
    ids, lengths = np.array([[1, 2, 0, 0], [3, 4, 5, 6], [5, 0, 0, 0]]), np.array([2, 4, 1])
    for num_layers, both in ((1, False), (2, False), (1, True), (2, True)):
        model, reader = loaded(student, rng, 7, 2, 3, num_layers, both)
        compare_logits(model, reader, ids[1:2], lengths[1:2])
        compare_logits(model, reader, ids, lengths)


@check(points=0.25)
def test_never_sees_padding(student):
    """gives a review the same logit whatever the padding and whoever its neighbours are"""
    rng = np.random.default_rng(8)
    for both in (False, True):
        model, reader = loaded(student, rng, 7, 2, 3, 2, both)
        ids, lengths = np.array([[1, 2, 3], [4, 0, 0]]), np.array([3, 1])
        compare_padding(model, reader, rng, ids, lengths, 6)


@check(points=0.5)
def test_drops_in_training(student):
    """drops embedded words, states between the layers and what the head reads, in training"""
    compare_dropout(student, 0.5, 200, 2)
    compare_dropout(student, 0.2, 300, 2, dropout=0.2)
    compare_dropout(student, 0.5, 100, 1, bidirectional=True)


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws: any size, everything stays, and every parameter can be trained"""
    compare_sizes(student, rng)
    compare_stays(student, rng)
    compare_flow(student, rng, True)
