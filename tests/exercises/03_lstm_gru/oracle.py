"""What the checks of this lesson share.

Functions of torch are imported by name, here and in the files of checks: a check may forbid the
same name in a learner's kernel while it runs.
"""

from itertools import permutations

import numpy as np
import torch
from torch import from_numpy, lstm, lstm_cell
from torch.nn import GRU, LSTM, RNN

from seqkit.checking.diagnosis import ROUNDED, agree, doubles, floats, holds, nearly, parts_of
from seqkit.checking.expect import Mismatch, close, shape
from seqkit.checking.student import Handle, StudentError
from seqkit.checking.written import short

LAYERS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}


def values_of(parameter):
    """Return a parameter of the grader's own layer as float64."""
    return parameter.detach().double().numpy()


def tensors(*arrays):
    """Return arrays as tensors in double precision."""
    return [from_numpy(np.asarray(part, float)) for part in arrays]


def sigmoids(z):
    """Press every number of an array between 0 and 1."""
    return 0.5 + 0.5 * np.tanh(z / 2)


# The layers of torch compute with the functions in torch._VF, those of Keras with the `ops` of
# their module: calling a layer that was made before fails too. And NumPy needs no tensors.
NO_LSTM, NO_GRU = (
    [
        *("torch.tensor", "torch.from_numpy", "torch.as_tensor", "torch.asarray"),
        f"torch.nn.{name}",
        f"torch.nn.{name}Cell",
        f"torch.{name.lower()}",
        f"torch.{name.lower()}_cell",
        f"torch._VF.{name.lower()}",
        f"torch._VF.{name.lower()}_cell",
        f"keras.layers.{name}",
        f"keras.layers.{name}Cell",
        f"keras.src.layers.rnn.{name.lower()}.{name}",
        f"keras.src.layers.rnn.{name.lower()}.{name}Cell",
        f"keras.src.layers.rnn.{name.lower()}.ops",
    ]
    for name in ("LSTM", "GRU")
)


EXACT = {"atol": 1e-12, "rtol": 1e-9}  # float32 keeps seven digits


def compare_parts(got, expected, names, guess):
    """Compare parts in double precision; ``guess(got)`` tells what probably went wrong."""
    got = [doubles(part, name) for part, name in zip(got, names, strict=True)]
    pairs = list(zip(got, expected, strict=True))
    right = all(a.shape == b.shape and np.allclose(a, b, **EXACT) for a, b in pairs)
    why = "" if right else ROUNDED if agree(got, expected) else guess(got)
    for name, (part, target) in zip(names, pairs, strict=True):
        shape(part, target.shape, what=name, why=why)
        close(part, target, what=name, why=why, **EXACT)


def compare_step(got, *arguments, expected=None):
    """Compare both states with those that come out."""
    expected = lstm_by_hand(*arguments) if expected is None else expected
    got = parts_of(got, "h", "c")
    compare_parts(got, expected, ("h", "c"), lambda got: why_step(got, arguments))


def lstm_by_hand(x, h, c, W, U, b, order="ifgo", forget=True, squash=np.tanh, shown="tanh"):
    """Take a step, right or with a mistake in it."""
    a = dict(zip(order, np.split(x @ W.T + h @ U.T + b, 4, axis=1), strict=True))
    cell = (sigmoids(a["f"]) * c if forget else c) + sigmoids(a["i"]) * squash(a["g"])
    outside = {"tanh": np.tanh(cell), "cell": cell, "old": np.tanh(c)}[shown]
    return sigmoids(a["o"]) * outside, cell


def why_step(got, arguments):
    """Guess what went wrong with a step of an LSTM."""
    x, h, c, W, U, b = arguments
    if [part.shape for part in got] != [h.shape, c.shape]:
        return (
            "h and c have the shape (B, H) they came in. (B, D) times the transpose of (4H, D) "
            "makes all four gates at once, (B, 4H): cut it into four along axis 1."
        )
    slips = [
        (
            {"forget": False},
            "It looks like the forget gate is missing, or the wrong way round: f keeps where it "
            "is 1, c' = f∘c + i∘g.",
        ),
        ({"shown": "cell"}, "It looks like tanh is missing in the last line: h' = o∘tanh(c')."),
        ({"shown": "old"}, "It looks like h' was made from the old c: h' = o∘tanh(c')."),
        ({"squash": sigmoids}, "It looks like g went through σ: the candidate is a tanh."),
        ({"squash": lambda a: a}, "It looks like g was not squashed: the candidate is a tanh."),
    ]
    for options, message in slips:
        if agree(got, lstm_by_hand(*arguments, **options)):
            return message
    if agree(got, lstm_by_hand(*arguments)[::-1]):
        return "It looks like c and h changed places: return h first."
    for name, left_out in (
        ("b", (x, h, c, W, U, 0 * b)),
        ("U h", (x, h, c, W, 0 * U, b)),
        ("W x", (x, h, c, 0 * W, U, b)),
    ):
        if agree(got, lstm_by_hand(*left_out)):
            return f"It looks like {name} is missing: a = W x + U h + b."
    size = h.shape[1]
    mixed = [part.reshape(size, 4, -1).swapaxes(0, 1).reshape(part.shape) for part in (W, U, b)]
    if size > 1 and agree(got, lstm_by_hand(x, h, c, *mixed)):
        return (
            "It looks like every fourth number was taken for a gate: the first H of the 4H belong "
            "to i, the next H to f, and so on (np.split along axis 1)."
        )
    for order in map("".join, permutations("ifgo")):
        if order != "ifgo" and agree(got, lstm_by_hand(*arguments, order=order)):
            return (
                f"It looks like the gates were read in the order {', '.join(order)}: the blocks "
                "are i, f, g, o."
            )
    if nearly(got, lstm_by_hand(*arguments)):
        return ROUNDED
    if agree(got[1:], lstm_by_hand(*arguments)[1:]):
        return "c is right, h is not: h' = o∘tanh(c'), with the new c' and o = σ(a_o)."
    return "c' = f∘c + i∘g and h' = o∘tanh(c'), blocks in the order i, f, g, o; g alone is a tanh."


def one_cell(c=0.0, b=(0.0, 0.0, 20.0, 0.0)):
    """Return the arguments of a step of a single unit whose weights are all zero."""
    zero = np.zeros((1, 1))
    return zero, zero, np.array([[c]]), np.zeros((4, 1)), np.zeros((4, 1)), np.array(b)


SMALL_STEP = (
    np.array([[1.0, 0.0, -1.0]]),  # x (1, 3)
    np.array([[0.5, -0.5]]),  # h (1, 2)
    np.array([[1.0, -2.0]]),  # c (1, 2)
    np.arange(24.0).reshape(8, 3) % 5 / 2 - 1,  # W (8, 3)
    np.arange(16.0).reshape(8, 2) % 3 - 1,  # U (8, 2)
    np.arange(8.0) % 4 / 2 - 1,  # b (8,)
)


#: Of the arguments of a step, those that hold numbers.
WHOLE = ("x", "h", "c", "W", "U", "b")


def quarters(rng, most, *size):
    """Draw multiples of a quarter: short in a message, and no two rows alike."""
    return rng.integers(-most, most + 1, size=size) / 4


def draw_step(rng, batch, features, hidden):
    """Draw the arguments of a step of an LSTM."""
    return {
        "x": quarters(rng, 8, batch, features),
        "h": quarters(rng, 4, batch, hidden),
        "c": quarters(rng, 8, batch, hidden),
        "W": quarters(rng, 4, 4 * hidden, features),
        "U": quarters(rng, 3, 4 * hidden, hidden),
        "b": quarters(rng, 4, 4 * hidden),
    }


def far_apart(rng, gates, hidden):
    """Draw biases that drive every gate to both of its ends."""
    ends = np.resize([1e4, -1e4, 30.0, -30.0], (gates, hidden))
    return rng.permuted(ends, axis=1).ravel()


def torch_step(x, h, c, W, U, b):
    """Take a step with PyTorch."""
    x, h, c, W, U, b = tensors(x, h, c, W, U, b)
    return tuple(part.numpy() for part in lstm_cell(x, (h, c), W, U, b / 4, b * 3 / 4))


def torch_sequence(X, h, c, *weights):
    """Run what nn.LSTM computes with: H, h, c from tensors and four weights."""
    H, last_h, last_c = lstm(X, (h[None], c[None]), weights, True, 1, 0.0, False, False, True)
    return H, last_h[0], last_c[0]


def build_twin(student, layer):
    """Build the grader's layer once more in the learner's process, same weights, same dtype."""
    options = {"num_layers": layer.num_layers, "batch_first": True}
    if isinstance(layer, RNN):
        options["nonlinearity"] = layer.nonlinearity
    if layer.bidirectional:
        options["bidirectional"] = True
    name = f"torch.nn.{type(layer).__name__}"
    handle = student.build(name, layer.input_size, layer.hidden_size, **options)
    if layer.weight_ih_l0.dtype == torch.float64:
        handle = handle.double()
    handle.load_state_dict(layer.state_dict())
    return handle


def a_start(student):
    """Return the weights that a layer of PyTorch starts with."""
    return floats(student.fetch(student.build("torch.nn.Linear", 2, 2).weight), "weights")


def compare_unseeded(student, call, start=a_start):
    """Make the same call twice, and expect that layers made afterwards start differently."""
    starts = []
    for _ in range(2):
        call()
        starts.append(start(student))
    holds(
        not np.array_equal(*starts),
        "The call seeds a generator that is not its own: what is drawn next is always the same.",
    )


def random_layer(rng, kind, features, size, num_layers=1, scale=0.7, **options):
    """Make a layer with batch first, filled with random weights."""
    layer = LAYERS[kind](features, size, num_layers=num_layers, batch_first=True, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.from_numpy(rng.normal(scale=scale, size=parameter.shape)))
    return layer


GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def as_module(got):
    """Return a result that has to be a module."""
    if not isinstance(got, Handle):
        raise Mismatch(f"gave {short(got)}, expected a module", "The model is an nn.Module.")
    return got


def weights_of(model):
    """Return a model's state dict as arrays."""
    found = as_module(model).state_dict()
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise Mismatch(f"gave a state dict {short(found)}", "The model is an nn.Module.")
    return {name: floats(value, name) for name, value in found.items()}


def expected_sizes(kind, features, size, outputs, num_layers):
    """Return the shapes of the weights a SequenceRegressor has."""
    sizes = {}
    for depth in range(num_layers):
        rows, columns = GATES[kind] * size, features if depth == 0 else size
        sizes[f"rnn.weight_ih_l{depth}"] = (rows, columns)
        sizes[f"rnn.weight_hh_l{depth}"] = (rows, size)
        sizes[f"rnn.bias_ih_l{depth}"] = sizes[f"rnn.bias_hh_l{depth}"] = (rows,)
    return {**sizes, "head.weight": (outputs, size), "head.bias": (outputs,)}


def compare_weights(weights, sizes, kind):
    """Compare names and shapes of a model's weights."""
    missing, extra = sorted(sizes.keys() - weights.keys()), sorted(weights.keys() - sizes.keys())
    if missing or extra:
        why = "Its submodules are `rnn` and `head`, and nothing else has parameters."
        if any(name.endswith("_reverse") for name in extra):
            why = "The recurrent layer reads in one direction: bidirectional stays False."
        elif not any(name.startswith("rnn.") for name in weights):
            why = "There is no submodule `rnn`: keep the recurrent layer as self.rnn."
        elif not any(name.startswith("head.") for name in weights):
            why = "There is no submodule `head`: keep the linear layer as self.head."
        elif missing and all(name.endswith(tuple("123456789")) for name in missing):
            why = "The upper layers are missing: hand num_layers on to the recurrent layer."
        parts = [("lacks", missing), ("should not have", extra)]
        found = [f"{verb} {', '.join(names[:4])}" for verb, names in parts if names]
        raise Mismatch(f"gave a model that {' and '.join(found)}", why)
    for name, size in sizes.items():
        got = weights[name].shape
        why = "Sizes come from the arguments: input_size, hidden_size, output_size."
        if name.startswith("rnn.") and got[0] != size[0]:
            why = f"A layer of kind {kind!r} has {GATES[kind]} blocks of rows: is it another kind?"
        shape(weights[name], size, what=name, why=why)


def recompute(kind, weights, X):
    """Compute a model's outputs here, from its weights: (B, O) and what tells likely slips."""
    depth = sum(name.startswith("rnn.weight_ih") for name in weights)
    rows, features = weights["rnn.weight_ih_l0"].shape
    layer = LAYERS[kind](features, rows // GATES[kind], depth, batch_first=True).double()
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    layer.load_state_dict({n[4:]: t for n, t in tensors.items() if n.startswith("rnn.")})

    def head(state):
        return (state @ tensors["head.weight"].T + tensors["head.bias"]).numpy()

    @torch.no_grad()
    def slips():
        h = last[0] if kind == "lstm" else last
        found = [
            (head(H[:, 0]), "That is the first step's output: the head reads the last step."),
            (head(H.mean(dim=1)), "That is the mean over time: the head reads the last step."),
            (head(h[0]), "That is the bottom layer's state: h_n has a row a layer, H the top's."),
            (head(torch.relu(H[:, -1])), "No activation between the layer and the head."),
        ]
        if kind == "lstm":
            found.append((head(last[1][-1]), "That is the cell state: the head reads h."))
        layer.batch_first = False
        wrong = layer(X)[0]
        message = "It looks like batch_first=True is missing: time is axis 1."
        found += [(head(wrong[:, -1]), message), (head(wrong[-1]), message)]
        found += [(np.maximum(expected, 0), "No activation on the output: a sum may be negative.")]
        for bound in (np.tanh(expected), sigmoids(expected)):
            found.append((bound, "No activation on the output: a sum may be above 1."))
        return found

    with torch.no_grad():
        X = torch.as_tensor(X).double()
        H, last = layer(X)
        expected = head(H[:, -1])
    return expected, slips


LAST_STEP = "The output is head(H[:, -1]): the top layer's state at the last step."


AGAIN = (
    "Called twice with the same X the model gives two answers: nothing is remembered from call to "
    "call, and nothing random is left on (dropout)."
)


def compare_outputs(model, kind, weights, X, atol=1e-5, why=LAST_STEP, given=None):
    """Call a model, with X or what is given for it, and compare with the outputs; return these."""
    expected, slips = recompute(kind, weights, X)
    given = torch.as_tensor(X) if given is None else given
    got = floats(model(given), "the output")
    right = got.shape == expected.shape and np.allclose(got, expected, atol=atol, rtol=1e-4)
    for wrong, message in [] if right else slips():
        if got.shape == wrong.shape and np.allclose(got, wrong, atol=atol):
            why = message
            break
    else:
        if not right and not agree([got], [floats(model(given), "the output")]):
            why = AGAIN
    if got.shape != expected.shape:
        why = (
            "One row of outputs for each sequence: (B, O), also for a batch of one. What a layer "
            "returns first, H, means the same for all three kinds; what it returns second is a "
            "pair for nn.LSTM, and has an axis for the layers."
        )
    shape(got, expected.shape, what="the output", why=why)
    close(got, expected, what="the output", why=why, atol=atol, rtol=1e-4)
    return expected


NO_GRADIENT = (
    "A gradient of the output reaches every parameter of `rnn` and `head`: nothing on the way is "
    "detached, and nothing computed under torch.no_grad()."
)


def compare_flow(student, model, X):
    """Expect that the output depends on each parameter by automatic derivatives."""
    names = weights_of(model)
    output = student.kept(model, torch.as_tensor(X))
    try:
        output.backward(torch.ones(tuple(student.fetch(output.shape))))
        gradients = {
            name: student.fetch(getattr(getattr(model, part), inner).grad)
            for name in names
            for part, inner in [name.split(".", 1)]
        }
    except StudentError as error:
        if error.untouched:
            raise
        raise Mismatch(f"raised {error}", NO_GRADIENT) from None
    for name, gradient in gradients.items():
        if gradient is None or not np.any(floats(gradient, f"the gradient of {name}")):
            raise Mismatch(f"gave an output whose gradient does not reach {name}", NO_GRADIENT)


def random_batch(rng, batch, steps, features):
    """Draw a batch of float32 sequences."""
    return rng.normal(size=(batch, steps, features)).astype(np.float32)
