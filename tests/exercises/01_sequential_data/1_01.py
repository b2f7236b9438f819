"""Checks of exercise 1.1: name the task."""

from seqkit.checking.expect import equal
from seqkit.checking.laws import Laws
from seqkit.course import Rules, check

from .oracle import refused

rules = Rules(defines=("task_type",), numpy=True)

TASKS = {
    (False, False, False): "one-to-one",
    (False, True, False): "one-to-many",
    (True, False, False): "many-to-one",
    (True, True, False): "many-to-many delayed",
    (True, True, True): "many-to-many synchronized",
}


def why_task(got, expected):
    """Guess what went wrong with the name of a task."""
    words = expected.split()[0].split("-to-")
    if words[0] != words[1] and got == "-to-".join(reversed(words)):
        return "It looks like input and output changed places: the input is named first."
    if expected.startswith("many-to-many") and got in TASKS.values():
        return (
            "`synchronized` tells the two kinds of many-to-many apart: True means that output t "
            "belongs to input t, False (the default) that the output comes afterwards."
        )
    return "Names are spelled as in the statement: 'one' is a single thing, 'many' a sequence."


def compare_task(got, *arguments):
    """Compare a name with the one that the arguments ask for."""
    equal(got, TASKS[arguments], what="the type", why=why_task(got, TASKS[arguments]))


def draw(rng):
    """Draw the arguments of a task."""
    names = ("input_is_sequence", "output_is_sequence", "synchronized")
    return dict(zip(names, list(TASKS)[rng.integers(len(TASKS))], strict=True))


laws = Laws(
    "task_type",
    draw,
    lambda *arguments: TASKS[arguments],
    parts=("the type",),
    compare=compare_task,
    without=("layouts", "ones"),
)


@check(points=0.25)
def test_names_every_task(student):
    """names each of the five types"""
    for source, target, synchronized in TASKS:
        flag = (True,) if synchronized else ()
        compare_task(student.task_type(source, target, *flag), source, target, synchronized)


@check(points=0.125)
def test_keeps_the_laws(student, rng):
    """keeps the laws"""
    laws.hold(student, rng)


@check(points=0.125)
def test_refuses_a_step_without_partner(student):
    """refuses synchronized=True where input or output is a single thing"""
    compare_task(student.task_type(True, False), True, False, False)
    why = (
        "It takes two sequences to be in step: with a single input or a single output raise a "
        "ValueError that says so and names `synchronized`."
    )
    for source, target in [(True, False), (False, True), (False, False)]:
        refused(student.task_type, source, target, synchronized=True, says="synchronized", why=why)
