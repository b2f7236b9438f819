"""Checks of exercise 2.11: count the parameters."""

import math

import numpy as np

from seqkit.checking.diagnosis import advising
from seqkit.checking.expect import Mismatch, equal, naming, raises
from seqkit.checking.laws import Laws
from seqkit.checking.written import short
from seqkit.course import Rules, check

rules = Rules(
    defines=("count_params",),
    forbids=(
        "torch.nn.RNNBase",
        "torch.nn.modules.rnn.RNNBase",
        *(
            f"{place}{cell}"
            for place in (
                *(f"torch.nn.{name}" for name in ("RNN", "LSTM", "GRU")),
                *(f"torch.nn.modules.rnn.{name}" for name in ("RNN", "LSTM", "GRU")),
                *(f"keras.layers.{name}" for name in ("SimpleRNN", "LSTM", "GRU")),
                "keras.src.layers.rnn.simple_rnn.SimpleRNN",
                "keras.src.layers.rnn.lstm.LSTM",
                "keras.src.layers.rnn.gru.GRU",
            )
            for cell in ("", "Cell")
        ),
    ),
    numpy=True,
)


KINDS = ("rnn", "gru", "lstm")


def parameter_shapes(kind, features, hidden, layers, bidirectional, framework):
    """List the shapes of all parameters, as a layer that is built lists them."""
    rows = {"rnn": hidden, "gru": 3 * hidden, "lstm": 4 * hidden}[kind]
    shapes = []
    for layer in range(layers):
        incoming = features
        if layer > 0:
            incoming = hidden + hidden if bidirectional else hidden
        for _ in ("forward", "backward")[: 2 if bidirectional else 1]:
            shapes += [(rows, incoming), (rows, hidden)]
            if framework == "torch":
                shapes += [(rows,), (rows,)]
            elif kind == "gru":
                shapes += [(2, rows)]
            else:
                shapes += [(rows,)]
    return shapes


def count_by_hand(*arguments):
    """Add up the sizes of all parameters."""
    return sum(math.prod(s) for s in parameter_shapes(*arguments))


def why_count(got, kind, features, hidden, layers, bidirectional, framework):
    """Guess what went wrong with a count."""

    def count(**changed):
        stated = dict(
            zip(
                ("kind", "features", "hidden", "layers", "bidirectional", "framework"),
                (kind, features, hidden, layers, bidirectional, framework),
                strict=True,
            )
        )
        return count_by_hand(*{**stated, **changed}.values())

    directions = 2 if bidirectional else 1
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    biases = directions * layers * gates * hidden
    right = count()
    suspects = []
    if framework == "torch":
        suspects.append(("torch has two biases a gate, bias_ih and bias_hh.", right - biases))
        suspects.append(("the biases are missing.", right - 2 * biases))
    elif kind == "gru":
        suspects.append(
            ("Keras's GRU has two biases a gate: reset_after=True needs them.", right - biases)
        )
    else:
        suspects.append(("Keras has one bias a gate.", right + biases))
        suspects.append(("the biases are missing.", right - biases))
    if layers > 1:
        suspects.append(
            ("a further layer reads what the one below gives.", layers * count(layers=1))
        )
        suspects.append(("num_layers does not count.", count(layers=1)))
        if bidirectional:
            narrow = 2 * count(bidirectional=False)
            suspects.append(("layers above read both directions: 2 · hidden_size numbers.", narrow))
    if bidirectional:
        suspects.append(("two directions have two sets of weights.", count(bidirectional=False)))
    for other in KINDS:
        if other != kind:
            suspects.append((f"a {kind} was counted as {other}.", count(kind=other)))
    for message, value in suspects:
        if got == value:
            return f"It looks like this was missed: {message}"
    return (
        "Each gate of each direction of each layer has an input matrix, a recurrent matrix and "
        "its biases."
    )


def compare_count(got, *arguments):
    """Compare a count with the right one."""
    if isinstance(got, bool) or not isinstance(got, int | np.integer):
        raise Mismatch(f"gave {short(got)}, expected an int", "A count is a whole number, an int.")
    equal(int(got), count_by_hand(*arguments), what="a count", why=why_count(got, *arguments))


def call_count(student, kind, features, hidden, layers=1, bidirectional=False, framework="torch"):
    """Call count_params with what differs from the defaults and compare."""
    options = {"num_layers": layers, "bidirectional": bidirectional, "framework": framework}
    defaults = {"num_layers": 1, "bidirectional": False, "framework": "torch"}
    given = {name: value for name, value in options.items() if value != defaults[name]}
    got = student.count_params(kind, features, hidden, **given)
    compare_count(got, kind, features, hidden, *options.values())


def draw(rng, input_size, hidden_size, num_layers):
    """Draw the arguments of a count."""
    return {
        "kind": str(rng.choice(KINDS)),
        "input_size": input_size,
        "hidden_size": hidden_size,
        "num_layers": num_layers,
        "bidirectional": bool(rng.random() < 0.5),
        "framework": str(rng.choice(["torch", "keras"])),
    }


laws = Laws(
    "count_params",
    draw,
    count_by_hand,
    parts=("a count",),
    large={"input_size": 1200, "hidden_size": 300_000_007, "num_layers": 12},
    compare=compare_count,
)


@check(points=0.25)
def test_counts_one_layer(student):
    """counts one layer of each kind, in torch and in Keras"""
    for kind in KINDS:
        call_count(student, kind, 5, 2)
        call_count(student, kind, 3, 4)
        call_count(student, kind, 5, 2, framework="keras")


@check(points=0.25)
def test_counts_stacks(student):
    """counts stacked and bidirectional layers"""
    call_count(student, "lstm", 100, 256, layers=2)
    call_count(student, "rnn", 5, 2, bidirectional=True)
    call_count(student, "gru", 5, 3, layers=2, bidirectional=True)


UNKNOWN = "An unknown kind or framework is a ValueError that names the word given."
KNOWN = "A kind and a framework that are known are not refused."


@check(points=0.25)
def test_refuses_unknown_words(student):
    """refuses a kind or framework it does not know, naming it"""
    unknown = ("LSTM", "torch", "LSTM"), ("gru", "Keras", "Keras"), ("elman", "torch", "elman")
    for kind, framework, word in (*unknown, ("rn", "torch", "rn"), ("gru", "theano", "theano")):
        with raises(ValueError, match=word, why=UNKNOWN), naming(why=UNKNOWN):
            student.count_params(kind, 3, 2, framework=framework)
    with advising(KNOWN, "ValueError"):
        call_count(student, "gru", 3, 2, framework="keras")


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)
