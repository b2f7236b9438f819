"""Hidden checks of exercise 1.1: name the task."""

from itertools import product

from seqkit.checking.drawing import shuffled
from seqkit.course import check

from ..ex_1_01 import TASKS, compare_task, laws
from ..oracle import refused


@check(points=0.25)
def test_any_task(student, rng):
    """names any task, and keeps the laws"""
    for _ in range(4):
        laws.hold(student, rng)


@check(points=0.25)
def test_refuses_every_step_without_partner(student, rng):
    """refuses synchronized=True unless there are two sequences"""
    bad = (
        "It takes two sequences to be in step: with a single input or a single output "
        "synchronized=True is a ValueError that names `synchronized`."
    )
    for arguments in shuffled(rng, list(product((False, True), repeat=3))):
        if arguments in TASKS:
            compare_task(student.task_type(*arguments), *arguments)
        else:
            refused(student.task_type, *arguments, says="synchronized", why=bad)
