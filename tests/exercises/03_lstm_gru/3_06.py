"""Checks of exercise 3.6: bug hunt: a gate that must start open."""

import numpy as np
import torch

from seqkit.checking.diagnosis import floats, holds
from seqkit.checking.expect import array, close, equal, shape
from seqkit.course import Rules, check

from .oracle import build_twin, compare_unseeded, random_layer, values_of

rules = Rules(defines=("set_forget_bias",))


def why_forget(total, before, value):
    """Guess what went wrong with a forget bias (one pair's sum, all four quarters)."""
    _, f, _, _ = np.split(total, 4)

    def same(a, b):
        return np.allclose(a, b, atol=1e-6)

    if same(total, before):
        return (
            "Nothing was changed here. What passes through the cell is multiplied by the forget "
            "gates, so their bias matters; every layer and every direction has a pair of biases."
        )
    if same(f, 2 * value) and value:
        return "Both biases were set to the value, and they are added: the sum is twice too large."
    quarters = [k for k, part in enumerate(np.split(total, 4)) if same(part, value)]
    if quarters and 1 not in quarters:
        order = ("input gate", "forget gate", "candidate", "output gate")
        return (
            f"It looks like the {order[quarters[0]]} was set: the order is i, f, g, o, the forget "
            "gate's part is the second."
        )
    if same(f, np.split(before, 4)[1] + value):
        return "It looks like the value was added to what was there: set the sum to it."
    return "Both biases are added in the gate: their forget parts have to sum to the value."


def pairs_of(layer):
    """Yield the endings of a layer's pairs of biases: l0, l0_reverse, l1, …"""
    for depth in range(layer.num_layers):
        yield f"l{depth}"
        if layer.bidirectional:
            yield f"l{depth}_reverse"


def compare_forget(student, handle, layer, value):
    """Compare the sum of the forget biases of every pair, and all else bit by bit."""
    size = layer.hidden_size
    for ending in pairs_of(layer):
        names = f"bias_ih_{ending}", f"bias_hh_{ending}"
        before = sum(values_of(getattr(layer, name)) for name in names)
        after = [floats(student.fetch(getattr(handle, name)), name) for name in names]
        for name, part in zip(names, after, strict=True):
            shape(part, (4 * size,), what=name, why="The biases keep their shape (4H,).")
        total = sum(after)
        close(
            total[size : 2 * size],
            np.full(size, float(value)),
            what=f"({' + '.join(names)})[{size}:{2 * size}]",
            why=why_forget(total, before, value),
            atol=1e-6,
        )
    for name, parameter in layer.named_parameters():
        before = values_of(parameter)
        after = floats(student.fetch(getattr(handle, name)), name)
        shape(after, before.shape, what=name, why="Parameters keep their shape.")
        why = "Only the forget gate's biases change; weights and all other biases stay."
        if name.startswith("bias"):
            rest = np.r_[0:size, 2 * size : 4 * size]
            before, after = before[rest], after[rest]
            why = (
                "Only the forget gate's quarter of a bias changes, the second of i, f, g, o; the "
                "other three stay as they were."
            )
        equal(after, before, what=f"what should stay of {name}", why=why)


def compare_depths(student, rng, sizes, values):
    """Set the forget bias of layers to several values: units, layers, and whether both ways."""
    for size, depth, both in sizes:
        layer = random_layer(rng, "lstm", 1, size, depth, bidirectional=both)
        handle = build_twin(student, layer)
        for value in values:
            handle.load_state_dict(layer.state_dict())
            student.set_forget_bias(handle, value)
            compare_forget(student, handle, layer, value)


# A tensor counts the writes into it: after so many, one that was put in its place is told by it.
MANY_WRITES = 40


REPLACED = (
    "These are not the parameters there were before, and an optimizer made before does not know "
    "them: write into them, do not put new ones in their place."
)


def compare_in_place(student, rng):
    """Set the forget bias again and again, by name, while a layer is trained, and look at it."""
    layer = random_layer(rng, "lstm", 2, 3, 2, bidirectional=True)
    handle = build_twin(student, layer)
    for _ in range(MANY_WRITES):
        handle.load_state_dict(layer.state_dict())
    for name, parameter in layer.named_parameters():  # a leaf keeps what is sent back to it
        getattr(handle, name).backward(torch.ones_like(parameter))
    optimizer = student.build("torch.optim.SGD", handle.parameters(), lr=0.1)
    one, other = float(rng.uniform(1.0, 2.0)), float(rng.uniform(2.0, 4.0))
    for value, again in ((one, False), (one, False), (one, True), (other, False)):
        if again:  # as after a step of the optimizer
            handle.load_state_dict(layer.state_dict())
        student.set_forget_bias(value=value, lstm=handle)
        compare_forget(student, handle, layer, value)
    compare_unseeded(student, lambda: student.set_forget_bias(handle, other))
    groups = student.fetch(optimizer.param_groups)
    known = groups[0].get("params") if isinstance(groups, list) and groups else None
    now = [student.fetch(getattr(handle, name)) for name, _ in layer.named_parameters()]
    holds(isinstance(known, list) and len(known) == len(now), REPLACED)
    for old, new in zip(known, now, strict=True):
        equal(old, array(new), what="a parameter of the optimizer", why=REPLACED)
    for name, parameter in layer.named_parameters():
        writes = student.fetch(getattr(handle, name)._version)
        holds(isinstance(writes, int) and writes >= MANY_WRITES, REPLACED)
        trainable = student.fetch(getattr(handle, name).requires_grad)
        why = "The parameters can no longer be trained: requires_grad was switched off."
        equal(trainable, True, what=f"{name}.requires_grad", why=why)
        gradient, why = student.fetch(getattr(handle, name).grad), "Gradients stay as they were."
        equal(gradient, np.ones(parameter.shape), what=f"{name}.grad afterwards", why=why)


@check(points=0.5)
def test_sums_to_the_value(student, rng):
    """makes the forget gate's two biases sum to the value"""
    compare_depths(student, rng, [(2, 1, False)], (1.0, 3))


@check(points=0.25)
def test_every_layer_and_direction(student, rng):
    """reaches every layer and both directions, and leaves all other weights and biases alone"""
    compare_depths(student, rng, [(2, 12, False), (66, 1, False)], [1.0])
    compare_depths(student, rng, [(2, 3, True)], [1.0, 0, -250.5])


@check(points=0.25)
def test_works_in_place(student, rng):
    """works in place: an optimizer made before trains the same parameters"""
    compare_in_place(student, rng)
