"""A made-up lesson with an exercise of each kind that models, trainings and stories need."""

import re

import numpy as np
import pytest

from seqkit.checking.expect import close, equal
from seqkit.checking.portable import portable
from seqkit.corpora import Story
from seqkit.course.catalogue import Entry, LessonEntry
from seqkit.course.checks import Check, Rules
from seqkit.course.lesson import Exercise, Lesson
from seqkit.grading.inside.wire import Tensor
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.grading.session import Runner
from seqkit.submissions.reading.layout import PlannedCell, Submission

MISSING = bubblewrap_complaint()
pytestmark = [pytest.mark.sandbox, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]
RECORDING = "seqkit.grading.inside.fixtures.recording"
IMPORTS = """
import numpy as np
import torch
from torch import nn
from seqkit.corpora import Story
"""


def tensor(values, dtype="float32"):
    return Tensor("torch", dtype, np.asarray(values, dtype))


def lengths(*values):
    return tensor(values, "int64")


# ---------------------------------------------------------------- a classifier with lengths

IDS = tensor([[3, 1, 2, 0], [2, 2, 0, 0]], "int64")


def classifies(student):
    """computes logits from the last valid step, whatever the padding"""
    model = student.kept("Classifier", 6, 4, 5)
    model.eval()
    short = np.asarray(model(IDS, lengths(3, 2)))
    padded = tensor(np.pad(IDS.array, ((0, 0), (0, 3))), "int64")
    close(model(padded, lengths(3, 2)), short, what="logits", why="Padding changes nothing.")
    weights = {name: np.asarray(value) for name, value in model.state_dict().items()}
    expected = classified(weights, IDS.array, (3, 2))
    close(short, expected, what="logits", why="Read the last valid step.", atol=1e-5)


def classified(weights, ids, ends):
    rows = []
    for row, end in zip(ids, ends, strict=True):
        h = np.zeros(weights["rnn.weight_hh_l0"].shape[1])
        for x in weights["embedding.weight"][row[:end]]:
            h = np.tanh(
                weights["rnn.weight_ih_l0"] @ x + weights["rnn.bias_ih_l0"]
                + weights["rnn.weight_hh_l0"] @ h + weights["rnn.bias_hh_l0"]
            )  # fmt: skip
        rows.append(weights["head.weight"][0] @ h + weights["head.bias"][0])
    return np.array(rows)


CLASSIFIER = """
class Classifier(nn.Module):
    def __init__(self, vocab_size, embedding_dim, hidden_dim):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.rnn = nn.RNN(embedding_dim, hidden_dim, batch_first=True)
        self.head = nn.Linear(hidden_dim, 1)

    def forward(self, ids, lengths):
        H, _ = self.rnn(self.embedding(ids))
        last = H[torch.arange(len(ids)), lengths - 1]
        return self.head(last).squeeze(1)
"""

# ---------------------------------------------------------------- a masked Keras model


def masks(student):
    """gives finite logits, the same with more padding"""
    model = student.kept("keras_model", 6, 4, 5)
    ids = np.array([[3, 1, 2, 0], [0, 0, 0, 0]])
    first = np.asarray(model(ids))
    equal(first.shape, (2, 1), what="the shape")
    again = np.asarray(model(np.pad(ids, ((0, 0), (0, 3)))))
    close(again, first, what="logits", why="Padding changes nothing: mask it.", atol=1e-6)
    equal(len(model.get_weights()), 6, what="the number of weights")


KERAS = """
import keras
def keras_model(vocab_size, embedding_dim, hidden_dim):
    model = keras.Sequential([
        keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
        keras.layers.LSTM(hidden_dim),
        keras.layers.Dense(1),
    ])
    model.build((None, None))
    return model
"""

# ---------------------------------------------------------------- evaluating what is recorded


@portable
def sums(module, ids, ends):
    return module.dropout((module.table[ids] * (ids > 0)).sum(1))


def evaluates(student):
    """gives loss and accuracy of all examples, without gradients, and the mode as it was"""
    dropout = student.build("torch.nn.Dropout", 0.9)
    model = student.build(RECORDING, sums, {"table": tensor([0, 4, -6, 1])}, {"dropout": dropout})
    batches = [
        (tensor([[1, 2], [3, 0]], "int64"), lengths(2, 1), tensor([0.0, 1.0])),
        (tensor([[2, 0]], "int64"), lengths(1), tensor([1.0])),
    ]
    loss, accuracy = student.evaluate(model, student.build("builtins.iter", batches))
    calls = student.fetch(model.calls)
    equal([call["shapes"][0] for call in calls], [(2, 2), (1, 2)], what="the batches")
    equal([call["training"] for call in calls], [False, False], what="training", why="Use eval().")
    equal([call["grad"] for call in calls], [False, False], what="grad", why="Use no_grad().")
    equal(student.fetch(model.training), True, what="training afterwards", why="Put it back.")
    equal(student.fetch(model.table.grad), None, what="the gradient")
    logits, labels = np.array([-2.0, 1.0, -6.0]), np.array([0.0, 1.0, 1.0])
    expected = np.mean(np.logaddexp(0, logits) - labels * logits)
    close(loss, expected, what="loss", why="Every example counts once.", atol=1e-6)
    close(accuracy, 2 / 3, what="accuracy", why="Every example counts once.", atol=1e-6)


EVALUATE = """
def evaluate(model, batches):
    before, losses, right, count = model.training, 0.0, 0, 0
    model.eval()
    with torch.no_grad():
        for ids, ends, labels in batches:
            logits = model(ids, ends)
            losses += nn.functional.binary_cross_entropy_with_logits(
                logits, labels, reduction="sum").item()
            right += ((logits > 0).float() == labels).sum().item()
            count += len(labels)
    model.train(before)
    return losses / count, right / count
"""

# ---------------------------------------------------------------- a training step that has a state


@portable
def steps(module, x, state):
    output = module.weight * x + state
    return output, output


def trains_a_step(student):
    """takes a step and detaches the state"""
    model = student.build(RECORDING, steps, {"weight": tensor([1.0])})
    optimizer = student.build("torch.optim.SGD", model.parameters(), lr=0.5)
    before = student.keep(model.weight)
    loss, state = student.kept(
        "train_step", model, optimizer, tensor([2.0]), tensor([0.0]), tensor([0.0])
    )
    close(student.fetch(loss), 4.0, what="loss")
    equal(student.fetch(state.requires_grad), False, what="requires_grad", why="Detach the state.")
    close(student.fetch(state), [2.0], what="the state")
    kept = student.same_object(model.weight, before)
    equal(kept, True, what="the parameter", why="Keep the object.")
    close(student.fetch(model.weight), [1.0 - 0.5 * 8.0], what="the weight", why="Take a step.")


TRAIN_STEP = """
def train_step(model, optimizer, x, y, state):
    optimizer.zero_grad()
    output, state = model(x, state)
    loss = ((output - y) ** 2).mean()
    loss.backward()
    optimizer.step()
    return loss.item(), state.detach()
"""

# ---------------------------------------------------------------- text from a seeded generator


@portable
def next_scores(module, ids, state):
    return module.table[ids], state


def generates(student):
    """draws from the generator and nothing else"""

    def draw(seed):
        generator = student.build("torch.Generator")
        generator.manual_seed(seed)
        model = student.build(RECORDING, next_scores, {"table": tensor(np.zeros((4, 4)))})
        return student.generate(model, [0], 12, generator)

    first = draw(3)
    equal(len(first), 12, what="the number of ids")
    equal(draw(3), first, what="the text", why="The same generator gives the same text.")
    equal(len({tuple(draw(seed)) for seed in range(4)}) > 1, True, what="variety", why="Draw.")


GENERATE = """
def generate(model, prompt, length, generator):
    ids, state = list(prompt), None
    for _ in range(length):
        scores, state = model(torch.tensor([ids[-1:]]), state)
        shares = torch.softmax(scores[0, -1], -1)
        ids.append(int(torch.multinomial(shares, 1, generator=generator)))
    return ids[len(prompt):]
"""

# ---------------------------------------------------------------- beam search over a call-back


def searches(student):
    """finds the likeliest sequence where the beam is as wide as the tree"""
    table = np.log([[0.5, 0.4, 0.1], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]])

    def step(sequence):
        return table[sequence[-1]]

    best, score = student.beam_search(step, [0], 9, 2)[0]
    equal(list(best), [0, 1, 2], what="the likeliest", why="Keep more than the best first step.")
    close(score, np.log(0.4 * 0.8), what="its score")


BEAM = """
def beam_search(step, start, width, length):
    beams = [(list(start), 0.0)]
    for _ in range(length):
        longer = [
            (sequence + [i], score + float(p))
            for sequence, score in beams for i, p in enumerate(step(sequence))
        ]
        beams = sorted(longer, key=lambda pair: -pair[1])[:width]
    return beams
"""

# ---------------------------------------------------------------- stories as input and as result

STORIES = [
    Story(("Ann went to the hall.", "Bob went to the yard."), "Where is Ann?", "hall", (0,)),
    Story(("Ann went to the yard.", "Ann went to the loft."), "Where is Ann?", "loft", (1,)),
]


def reads(student):
    """gives each story with its facts the other way round"""
    found = student.turned(STORIES)
    equal([type(one) is Story for one in found], [True, True], what="stories")
    equal(found[0].sentences, STORIES[0].sentences[::-1], what="sentences", why="Turn them.")
    equal(found[1].supporting, (0,), what="supporting", why="The places turn too.")


TURNED = """
def turned(stories):
    return [
        Story(s.sentences[::-1], s.question, s.answer,
              tuple(len(s.sentences) - 1 - i for i in s.supporting))
        for s in stories
    ]
"""

# ---------------------------------------------------------------- a training goal


def trains(student):
    """fits a line"""
    model = student.kept("train_line", 0)
    for x in (-1.0, 0.5):
        close(model(tensor([[x]])), [[3 * x - 1]], what="the line", why="Train it.", atol=0.05)
    equal(student.count(), 1, what="trainings", why="Once.")


TRAIN = """
runs = []
def count():
    return len(runs)
def train_line(seed):
    runs.append(seed)
    torch.manual_seed(seed)
    model = nn.Linear(1, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    x = torch.linspace(-1, 1, 20)[:, None]
    for _ in range(400):
        optimizer.zero_grad()
        ((model(x) - (3 * x - 1)) ** 2).mean().backward()
        optimizer.step()
    return model
"""

# ---------------------------------------------------------------- the lesson

KINDS = {
    "1.1": (classifies, CLASSIFIER, "Classifier"),
    "1.2": (masks, KERAS, "keras_model"),
    "1.3": (evaluates, EVALUATE, "evaluate"),
    "1.4": (trains_a_step, TRAIN_STEP, "train_step"),
    "1.5": (generates, GENERATE, "generate"),
    "1.6": (searches, BEAM, "beam_search"),
    "1.7": (reads, TURNED, "turned"),
    "1.8": (trains, TRAIN, "train_line"),
}
FORBIDDEN = {"1.3": ("torch.nn.Dropout",), "1.4": ("torch.optim.SGD",)}
WRONG = [
    ("1.1", "lengths - 1", "-1", "Padding changes nothing"),
    ("1.1", "nn.Embedding(vocab_size, embedding_dim)", "nn.Embedding(2, embedding_dim)", "raised"),
    ("1.2", ", mask_zero=True", "", "Padding changes nothing: mask it"),
    ("1.3", "    model.eval()\n", "", "training"),
    ("1.3", "with torch.no_grad():", "if True:", r"Use no_grad\(\)"),
    ("1.3", "    model.train(before)\n", "", "Put it back"),
    ("1.3", "losses / count", "losses / 2", "Every example counts once"),
    ("1.4", "state.detach()", "state", "Detach the state"),
    ("1.4", "    optimizer.step()\n", "", "Take a step"),
    ("1.4", "    return loss.item()", "    model.weight = nn.Parameter(model.weight.detach() * 1)\n"
     "    return loss.item()", "Keep the object"),
    ("1.5", ", generator=generator", "", "The same generator gives the same text"),
    ("1.5", "int(torch.multinomial(shares, 1, generator=generator))", "0", "Draw"),
    ("1.6", "[:width]", "[:1]", "Keep more than the best first step"),
    ("1.7", "len(s.sentences) - 1 - i", "i", "The places turn too"),
    ("1.7", "s.sentences[::-1]", "list(s.sentences[::-1])", "sentences"),
    ("1.8", "range(400)", "range(3)", "Train it"),
]  # fmt: skip


@pytest.fixture(scope="module")
def runner():
    entries = {}
    for id, (function, _, name) in KINDS.items():
        seconds = {"goal": True, "seconds": 60.0} if id == "1.8" else {}
        check = Check(function, 1, exercise=id, **seconds)
        stated = Exercise(id, name, 2, 1, 5, names=(name,))
        entries[id] = Entry(stated, (check,), Rules((name,), FORBIDDEN.get(id, ())))
    stated = {id: entry.exercise for id, entry in entries.items()}
    lesson = LessonEntry(Lesson("01_kinds", (), stated), entries, ("torch", "keras"))
    with Sandbox(["numpy", "torch", "keras", "seqkit.corpora"]) as sandbox:
        runner = Runner(lesson, sandbox)
        runner.rehearse(submission({}))
        assert runner.rehearsal.faults == {}
        yield runner


def submission(changed):
    answers = {id: source for id, (_, source, _) in KINDS.items()} | changed
    cells = [PlannedCell("imports", "imports", IMPORTS, 0, "imports")]
    cells += [
        PlannedCell("answer", f"answer {id}", source, i, None, (id,))
        for i, (id, source) in enumerate(answers.items(), 1)
    ]
    return Submission("01_kinds", answers, [], cells, [])


def test_right_answers_of_every_kind_get_their_points(runner):
    graded = runner.grade(submission({}))
    assert {e.id: [c.message for c in e.checks] for e in graded.exercises} == {
        id: [""] for id in KINDS
    }
    assert (graded.status, graded.notes) == ("graded", [])


def test_wrong_answers_of_every_kind_are_told(runner):
    for id, old, new, said in WRONG:
        right = KINDS[id][1]
        assert right.count(old) == 1, (id, old)
        graded = runner.grade(submission({id: right.replace(old, new)}))
        points = {e.id: e.points for e in graded.exercises}
        assert points == {other: float(other != id) for other in KINDS}, (id, new)
        (message,) = [c.message for e in graded.exercises for c in e.checks if not c.passed]
        assert re.search(said, message), (id, new, message)


def test_a_forbidden_name_is_forbidden_to_the_answer_alone(runner):
    hand = EVALUATE.replace("    model.eval()", "    nn.Dropout(0.5)\n    model.eval()")
    graded = runner.grade(submission({"1.3": hand}))
    (message,) = [c.message for e in graded.exercises for c in e.checks if not c.passed]
    assert "write this one yourself" in message
