"""Hidden checks of exercise 3.6: bug hunt: a gate that must start open."""

from seqkit.checking.diagnosis import holds
from seqkit.checking.expect import array, equal
from seqkit.course import check

from ..ex_3_06 import compare_forget, compare_rest
from ..oracle import build_twin, random_layer


@check(points=0.5)
def test_every_layer_and_direction(student, rng):
    """reaches every layer and both directions, with any value"""
    for num_layers, bidirectional in ((1, False), (3, False), (1, True), (2, True)):
        features, size = rng.integers(1, 5, size=2).tolist()
        layer = random_layer(rng, "lstm", features, size, num_layers, bidirectional=bidirectional)
        for value in (0, -1.5, float(rng.uniform(0.5, 4.0))):
            handle = build_twin(student, layer)
            student.set_forget_bias(handle, value)
            compare_forget(student, handle, layer, value)
            compare_rest(student, handle, layer)


# A tensor counts the writes into it: after so many, one that was put in its place is told by it.
MANY_WRITES = 40


REPLACED = (
    "These are not the parameters there were before, and an optimizer made before does not know "
    "them: write into them, do not put new ones in their place."
)


@check(points=0.5)
def test_in_place_and_trainable(student, rng):
    """works in place: an optimizer made before still trains the same parameters"""
    layer = random_layer(rng, "lstm", 2, 3, 2)
    handle = build_twin(student, layer)
    for _ in range(MANY_WRITES):
        handle.load_state_dict(layer.state_dict())
    optimizer = student.build("torch.optim.SGD", handle.parameters(), lr=0.1)
    for value in (float(rng.uniform(1.0, 2.0)), float(rng.uniform(2.0, 4.0))):
        for _ in range(2):
            student.set_forget_bias(handle, value)
            compare_forget(student, handle, layer, value)
            compare_rest(student, handle, layer)
    for name, _ in layer.named_parameters():
        trainable = student.fetch(getattr(handle, name).requires_grad)
        why = "The parameters can no longer be trained: requires_grad was switched off."
        equal(trainable, True, what=f"{name}.requires_grad", why=why)
        writes = student.fetch(getattr(handle, name)._version)
        holds(isinstance(writes, int) and writes >= MANY_WRITES, REPLACED)
    groups = student.fetch(optimizer.param_groups)
    known = groups[0].get("params") if isinstance(groups, list) and groups else None
    now = [student.fetch(getattr(handle, name)) for name, _ in layer.named_parameters()]
    holds(isinstance(known, list) and len(known) == len(now), REPLACED)
    for old, new in zip(known, now, strict=True):
        equal(old, array(new), what="a parameter of the optimizer", why=REPLACED)
