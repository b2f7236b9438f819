"""Checks of exercise 4.5: how fast padding forgets."""

import copy

import numpy as np
import torch
from torch.nn import GRU, LSTM, RNN

from seqkit.checking.diagnosis import advising, floats, looks_like, same_numbers
from seqkit.checking.expect import close, equal, shape
from seqkit.checking.laws import BY_NAME, CHANGED
from seqkit.checking.student import StudentError
from seqkit.course import Rules, check

from .oracle import leave_the_switch

rules = Rules(defines=("pad_amnesia",))

LAYERS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}


def random_layer(rng, kind, features, size, num_layers=1, dtype=torch.float64):
    """Make a layer filled with random weights."""
    layer = LAYERS[kind](features, size, num_layers, batch_first=True)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.from_numpy(rng.normal(size=parameter.shape) / size**0.5))
    return layer.to(dtype)


def reviews(rng, steps, features, dtype=torch.float64):
    """Draw two reviews of embedded words."""
    return torch.from_numpy(rng.integers(-8, 9, size=(2, steps, features)) / 4).to(dtype)


def build_twin(student, layer):
    """Build a layer of ours once more in the learner's process, same weights, same dtype."""
    sizes = (layer.input_size, layer.hidden_size, layer.num_layers)
    options = {"nonlinearity": layer.nonlinearity} if isinstance(layer, RNN) else {}
    kind = type(layer).__name__
    twin = student.build(f"torch.nn.{kind}", *sizes, batch_first=True, **options)
    if layer.weight_ih_l0.dtype == torch.float64:
        twin = twin.double()
    twin.load_state_dict(layer.state_dict())
    return twin


@torch.no_grad()
def run(layer, X, k, front=False):
    """Read two reviews and k steps of padding, in double precision: outputs, last states."""
    padding = torch.zeros(2, k, X.shape[2], dtype=torch.float64)
    parts = [padding, X.double()] if front else [X.double(), padding]
    return copy.deepcopy(layer).double()(torch.cat(parts, dim=1))


def distances(layer, X, pads, read=lambda H, last: H[:, -1], **options):
    """Measure after each number of pads what ``read`` takes from outputs and last states."""
    states = [read(*run(layer, X, k, **options)) for k in pads]
    return np.array([float((state[0] - state[1]).norm()) for state in states])


def bottom(H, last):
    """Return the last hidden state of the bottom layer."""
    return (last[0] if isinstance(last, tuple) else last)[0]


def suspects(layer, X, pads):
    """Yield what comes out when something typical is wrong."""
    if layer.num_layers > 1:
        said = "the state of the bottom layer was taken: h_n has a row a layer, H the top one's."
        yield said, distances(layer, X, pads, bottom)
    if isinstance(layer, LSTM):
        said = "the cell state c was compared: the hidden state h is asked for."
        yield said, distances(layer, X, pads, lambda H, last: last[1][-1])
    yield "the root is missing: a distance is √Σ(a - b)².", distances(layer, X, pads) ** 2
    said = "the pads stand in front: they come behind the last word."
    yield said, distances(layer, X, pads, front=True)
    said = "the pads were sorted: the distances come in the order of pads."
    yield said, distances(layer, X, sorted(pads))
    said = "there is one pad too many: after k pads the last step is T - 1 + k."
    yield said, distances(layer, X, [k + 1 for k in pads])


OTHERWISE = (
    "Entry i is the Euclidean distance of the two rows of cell(…)[0][:, -1], after pads[i] steps "
    "of zeros behind the reviews, from a zero state."
)
NEARLY = (
    "The numbers agree to a few digits only: compute in the dtype of X, and add nothing "
    "(F.pairwise_distance adds 1e-6 to each difference)."
)


def compare_distances(got, layer, X, pads):
    """Compare distances with those that come out."""
    H, _ = run(layer, X, max(pads))
    expected = (H[0] - H[1]).norm(dim=1).numpy()[X.shape[1] - 1 + np.array(pads)]
    got = floats(got, "the distances")
    single = X.dtype == torch.float32
    off = {"atol": 2e-5, "rtol": 1e-3} if single else {"atol": 1e-12, "rtol": 1e-9}
    why = "There is one distance for each entry of pads: shape (len(pads),)."
    shape(got, expected.shape, what="the distances", why=why)
    if not np.allclose(got, expected, **off):
        near = same_numbers(got, expected) and not single
        why = NEARLY if near else looks_like(got, suspects(layer, X, pads), OTHERWISE)
        close(got, expected, what="the distances", why=why, **off)


def call(student, layer, X, pads):
    """Call pad_amnesia with a layer's twin and compare what comes back."""
    compare_distances(student.pad_amnesia(build_twin(student, layer), X, pads), layer, X, pads)


NO_TRACE = "The measurement leaves no trace in the layer: weights, gradients and mode stay."
NO_GRADIENT = (
    "The result drags the whole network behind it: measure under torch.no_grad(), which changes "
    "nothing in cell and X, or detach the result."
)


def carries_gradient(student, part):
    """Return whether a result, or one number of it, requires a gradient."""
    try:
        return student.fetch(part.requires_grad)
    except StudentError:  # it is no tensor
        return False


def compare_trace(student, rng, training):
    """Measure a layer that is being trained, and an X that has a gradient: all stays."""
    before, layer = (random_layer(rng, "gru", 2, 3, 2) for _ in range(2))
    X, pads = reviews(rng, 3, 2), [2, 0, 2, 1]
    cell, kept, kept_pads = build_twin(student, before), student.keep(X), student.keep(pads)
    cell.train(training)
    kept.requires_grad_(True)
    kept.backward(torch.ones_like(X))
    for name, parameter in layer.named_parameters():
        getattr(cell, name).backward(torch.ones_like(parameter))
    cell.bias_hh_l0.requires_grad_(False)
    with advising(BY_NAME, "TypeError"):
        named = student.pad_amnesia(pads=kept_pads, X=kept, cell=cell)
    compare_distances(named, before, X, pads)
    cell.load_state_dict(layer.state_dict())  # it is trained, and measured once more
    compare_distances(student.pad_amnesia(cell, kept, kept_pads), layer, X, pads)
    for some in (kept_pads, [0]):
        got = student.kept("pad_amnesia", cell, kept, some)
        for part in got if isinstance(got, tuple) else (got,):
            what = "requires_grad of the result"
            equal(carries_gradient(student, part), False, what=what, why=NO_GRADIENT)
    leave_the_switch(student, "pad_amnesia", cell, kept, kept_pads)
    for name, parameter in layer.named_parameters():
        now = getattr(cell, name)
        equal(student.fetch(now), parameter.detach().numpy(), what=name, why=NO_TRACE)
        ones, frozen = np.ones(parameter.shape), name == "bias_hh_l0"
        equal(student.fetch(now.grad), ones, what=f"{name}.grad afterwards", why=NO_TRACE)
        what = f"{name}.requires_grad afterwards"
        equal(student.fetch(now.requires_grad), not frozen, what=what, why=NO_TRACE)
    equal(student.fetch(cell.training), training, what="cell.training afterwards", why=NO_TRACE)
    why = CHANGED.format(name="X")
    equal(student.fetch(kept), X.numpy(), what="X afterwards", why=why)
    equal(student.fetch(kept.requires_grad), True, what="X.requires_grad afterwards", why=why)
    equal(student.fetch(kept.grad), np.ones(X.shape), what="X.grad afterwards", why=why)
    equal(student.fetch(kept_pads), pads, what="pads", why="The caller's pads were changed.")


def compare_sizes(student, rng):
    """Measure layers and reviews of which one size is large, or all are 1."""
    for kind, steps, features, size, layers, pads in (
        ("gru", 1, 1, 1, 1, [0]),
        ("lstm", 3, 70, 2, 1, [2, 2]),
        ("gru", 2, 2, 66, 1, [3, 1]),
        ("rnn", 2, 3, 2, 5, [4, 0, 1]),
    ):
        layer = random_layer(rng, kind, features, size, layers)
        call(student, layer, reviews(rng, steps, features), pads)
    call(student, random_layer(rng, "rnn", 2, 2), reviews(rng, 2, 2), [*range(110)] * 2)
    call(student, halving(torch.float64, 0.999), reviews(rng, 1100, 1).abs(), [0, 1100, 3])


def halving(dtype=torch.float32, left=0.5):
    """Make a layer of one unit that halves its state at every pad, or leaves another share."""
    layer = RNN(1, 1, nonlinearity="relu", batch_first=True)
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), (1.0, left, 0.0, 0.0), strict=True):
            parameter.fill_(value)
    return layer.to(dtype)


@check(points=0.25)
def test_each_pad_halves(student):
    """finds that each pad halves the distance where the weight is a half, in the order of pads"""
    X = torch.tensor([[[3.0]], [[1.0]]])
    call(student, halving(), X, [0, 1, 3])
    call(student, halving(), X, [0])
    call(student, halving(torch.float64), X.double(), [2, 0, 2, 1])


@check(points=0.5)
def test_layers_of_all_kinds(student):
    """measures the hidden state of the top layer, of any kind"""
    rng = np.random.default_rng(5)
    for kind, layers in (("rnn", 1), ("lstm", 1), ("gru", 2), ("lstm", 2)):
        call(student, random_layer(rng, kind, 2, 3, layers), reviews(rng, 3, 2), [0, 2, 1])
    layer = random_layer(rng, "gru", 2, 3, dtype=torch.float32)
    call(student, layer, reviews(rng, 3, 2, torch.float32), [5, 1])


@check(points=0.25)
def test_keeps_the_laws(student, rng):
    """keeps the laws: any size, and no trace in cell, X and the result"""
    compare_trace(student, rng, training=True)
    compare_trace(student, rng, training=False)
    compare_sizes(student, rng)
