"""Hidden checks of exercise 1.1: name the task."""

from itertools import product

from seqkit.checking.drawing import shuffled
from seqkit.checking.expect import equal, naming, raises
from seqkit.course import check

from ..ex_1_01 import TASKS, why_task


@check(points=0.25)
def test_knows_every_task_by_keyword(student, rng):
    """gives the same answers when the arguments are named, in any order"""
    for (source, target, synchronized), expected in TASKS.items():
        arguments = {
            "input_is_sequence": source,
            "output_is_sequence": target,
            "synchronized": synchronized,
        }
        names = rng.permutation(list(arguments)).tolist()
        got = student.task_type(**{name: arguments[name] for name in names})
        equal(got, expected, what="the type", why=why_task(got, expected))


@check(points=0.25)
def test_refuses_every_step_without_partner(student, rng):
    """refuses synchronized=True unless there are two sequences"""
    bad = (
        "It takes two sequences to be in step: with a single input or a single output "
        "synchronized=True is a ValueError that names `synchronized`."
    )
    for arguments in shuffled(rng, list(product((False, True), repeat=3))):
        if arguments in TASKS:
            got, expected = student.task_type(*arguments), TASKS[arguments]
            equal(got, expected, what="the type", why=why_task(got, expected))
        else:
            with raises(ValueError, match="synchronized", why=bad), naming(why=bad):
                student.task_type(*arguments)
