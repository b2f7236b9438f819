"""The worker runs cells, calls names, keeps objects and answers with plain data, whatever it runs.

It is asked here through :class:`Student`, in this process; that the sandbox answers the same is
tested with the student.
"""

import random
import statistics
import sys

import numpy as np
import pytest

from seqkit.checking.student import Handle, Student, StudentError
from seqkit.grading.inside.worker import Worker, describe
from seqkit.lab.kernel import LocalChannel


@pytest.fixture
def channel():
    """A channel to a worker in this process, with an empty namespace."""
    local = LocalChannel({"__name__": "__main__"})
    yield local
    local.finish()  # whatever the test forbade is everybody's again


@pytest.fixture
def student(channel):
    return Student(channel)


@pytest.fixture
def run(channel):
    def run_cell(source, label="answer 1.1"):
        try:
            channel.request("run", source=source, label=label)
        except Exception as error:
            raise StudentError(error.info) from None

    return run_cell


def value(student, name):
    """Return a name of the learner's as data."""
    return student.fetch(getattr(student, name))


# ---------------------------------------------------------------- cells


def test_a_cell_sees_what_earlier_cells_defined(student, run):
    run("step = 2")
    run("def forward(x):\n    return x + step")
    assert student.forward(40) == 42


def test_an_exception_keeps_what_its_cell_had_defined_before(student, run):
    with pytest.raises(StudentError, match="division by zero"):
        run("a = 1\nb = a / 0\nc = 3")
    assert value(student, "a") == 1
    with pytest.raises(StudentError, match="name 'c' is not defined"):
        value(student, "c")


def test_an_exception_tells_the_line_of_the_cell_it_came_from(student, run):
    run("def inner(x):\n    return 1 / x\n\n\ndef outer(x):\n    return inner(x)")
    with pytest.raises(StudentError) as caught:
        student.outer(0)
    error = caught.value
    assert (error.type, error.line, error.text) == ("ZeroDivisionError", 2, "return 1 / x")
    assert error.bases[:3] == ["ZeroDivisionError", "ArithmeticError", "Exception"]


def test_a_syntax_error_tells_its_line(run):
    with pytest.raises(StudentError) as caught:
        run("x = 1\ndef f(:\n    pass")
    error = caught.value
    assert (error.type, error.line, error.text) == ("SyntaxError", 2, "def f(:")


def test_the_worker_s_own_future_imports_do_not_reach_a_cell(student, run):
    run("def f(x: int): ...\ndef kind(): return type(f.__annotations__['x']).__name__")
    assert student.kind() == "type"


@pytest.mark.parametrize("ending", ["raise SystemExit(3)", "import sys; sys.exit()"])
def test_leaving_python_is_an_exception_like_any_other(student, run, ending):
    with pytest.raises(StudentError) as caught:
        run(ending)
    assert caught.value.type == "SystemExit"
    run("x = 1")
    assert value(student, "x") == 1


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_leaving_in_a_call_is_an_exception_too(student, run, kind):
    run(f"def stop():\n    raise {kind}")
    with pytest.raises(StudentError) as caught:
        student.stop()
    assert caught.value.type == kind


def test_endless_recursion_is_an_exception(student, run):
    run("def down(n):\n    return down(n + 1)")
    with pytest.raises(StudentError, match="recursion"):
        student.down(0)


def test_a_cell_with_magics_runs(student, run):
    run("%matplotlib inline\n!ls\nx = 7 % 4")
    assert value(student, "x") == 3


def test_names_are_told_without_running_the_cell(student, channel):
    found = channel.request("names", source="x = undefined_name")
    assert (found["defines"], found["uses"]) == (["x"], ["undefined_name"])
    with pytest.raises(StudentError):
        value(student, "x")


# ---------------------------------------------------------------- calls


def test_a_name_that_is_not_there_is_a_name_error(student):
    with pytest.raises(StudentError) as caught:
        student.rnn_step(1)
    assert caught.value.type == "NameError"
    assert caught.value.message == "name 'rnn_step' is not defined"


def test_a_builtin_is_no_name_of_the_learner_s(student):
    with pytest.raises(StudentError, match="name 'len' is not defined"):
        student.len([1])


def test_a_method_is_found_by_its_path(student, run):
    run("class A:\n    class B:\n        @staticmethod\n        def f(x): return -x")
    assert student.A.B.f(5) == -5


def test_what_is_no_data_comes_back_as_a_handle(student, run):
    run("class Cell: pass\ndef make(): return Cell()\ndef pair(): return [1, {'a': (Cell(),)}]")
    assert repr(student.make()) == "<Cell>"
    one, inner = student.pair()
    assert one == 1
    assert isinstance(inner["a"][0], Handle)


def test_a_kept_result_stays_and_a_kept_tuple_is_a_tuple_of_what_stays(student, run):
    run("def halves(x): return x[:2], x[2:]\ndef same(x): return x")
    assert repr(student.kept("same", np.arange(3))) == "<ndarray of dtype int64>"
    left, right = student.kept("halves", np.arange(4.0))
    assert student.fetch(left).tolist() == [0.0, 1.0]
    assert student.fetch(right).tolist() == [2.0, 3.0]


def test_an_object_passed_back_is_the_same_object(student, run):
    run("made = []\ndef make():\n    made.append(object())\n    return made[-1]")
    run("def is_first(x): return x is made[0]\ndef holds_first(x): return x['o'][0] is made[0]")
    first, second = student.make(), student.make()
    assert student.is_first(first) is True
    assert student.is_first(second) is False
    assert student.holds_first({"o": [first]}) is True


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("return np.zeros(20_000_000)", "arrays of 160,000,000 bytes"),
        ("x = []\n    x.append(x)\n    return x", "nested deeper"),
        ("return 'x' * 10**7", "10,000,016 bytes are more than"),
        ("return 2 ** 100_000", "an integer of 100,001 bits"),
    ],
)
def test_an_answer_that_cannot_travel_is_an_exception(student, run, source, says):
    run(f"import numpy as np\ndef f():\n    {source}")
    with pytest.raises(StudentError, match=says):
        student.f()


# ---------------------------------------------------------------- take, keep, assign, build


def test_a_bounded_number_of_items_is_taken_of_an_endless_iterator(student, run):
    run("def naturals():\n    n = 0\n    while True:\n        yield n\n        n += 1")
    stream = student.naturals()
    assert student.take(stream, 3) == [0, 1, 2]
    assert student.take(stream, 2) == [3, 4]


def test_taking_more_than_there_is_takes_all(student, run):
    run("pairs = zip([1, 2], 'ab')")
    assert student.take(student.pairs, 9) == [(1, "a"), (2, "b")]


def test_taking_of_what_has_no_items_is_a_type_error(student, run):
    run("five = 5")
    with pytest.raises(StudentError) as caught:
        student.take(student.five, 1)
    assert caught.value.type == "TypeError"


def test_an_argument_kept_tells_whether_it_was_changed_in_place(student, run):
    run("def spoil(x):\n    x[0] = 99\n    return x.sum()")
    given = np.array([1.0, 2.0])
    kept = student.keep(given)
    assert student.spoil(kept) == 101.0
    assert student.fetch(kept).tolist() == [99.0, 2.0]
    assert given.tolist() == [1.0, 2.0]


def test_an_argument_passed_is_a_copy(student, run):
    run("def spoil(x):\n    x[0] = 99")
    given = np.array([1.0, 2.0])
    student.spoil(given)
    assert given.tolist() == [1.0, 2.0]


def test_writing_into_the_source_shows_in_a_view_and_not_in_a_copy(student, run):
    run("def view(x): return x[1:]\ndef copy(x): return x[1:].copy()")
    source = student.keep(np.arange(3))
    view, copy = student.kept("view", source), student.kept("copy", source)
    student.assign(source, 1, 50)
    assert student.fetch(view).tolist() == [50, 2]
    assert student.fetch(copy).tolist() == [1, 2]


def test_an_attribute_of_what_is_kept_is_read_as_data(student):
    kept = student.keep(np.zeros((2, 3)))
    assert student.fetch(kept.strides) == (24, 8)
    assert student.fetch(kept.T.shape) == (3, 2)
    with pytest.raises(StudentError, match="no attribute 'nothing'"):
        student.fetch(kept.nothing)


@pytest.mark.parametrize("kept", ["word", ["word"], ("word",), {"word": 1}, None, 5])
def test_what_is_kept_comes_back_even_if_it_reads_like_a_name(student, run, kept):
    run("word = 'the learner\\'s'")
    assert student.fetch(student.keep(kept)) == kept


def test_a_library_object_of_the_list_is_built_by_name(student):
    rng = student.build("numpy.random.default_rng", 0)
    assert rng.normal(size=2).tolist() == np.random.default_rng(0).normal(size=2).tolist()


def test_a_helper_of_the_course_is_built_by_name(student):
    tokens = student.build("seqkit.text.tokenize", "One two")
    assert student.fetch(tokens) == ["one", "two"]


@pytest.mark.parametrize(
    "name",
    ["os.system", "builtins.eval", "numpy.load", "seqkit.text", "seqkit.grading.inside.wire.decode",
     "numpy.random.default_rng.__globals__", "torch.load", ""],
)  # fmt: skip
def test_nothing_else_is_built(student, name):
    with pytest.raises(StudentError) as caught:
        student.build(name)
    assert caught.value.type == "PermissionError"
    assert caught.value.message == f"{name} is not among the things a check may build"


# ---------------------------------------------------------------- a check begins and ends


def test_a_check_that_begins_again_sees_the_same_random_numbers(student, channel, run):
    run("import random\nimport numpy as np")
    run("def draw(): return random.random(), float(np.random.rand())")
    channel.begin(5, [])
    first = student.draw()
    assert student.draw() != first
    channel.begin(5, [])
    assert student.draw() == first
    channel.begin(6, [])
    assert student.draw() != first


def test_a_replaced_generator_does_not_keep_a_check_from_beginning(channel, monkeypatch):
    monkeypatch.setattr(random, "seed", lambda *args: 1 / 0)
    channel.begin(5, ["statistics.mean"])
    with pytest.raises(PermissionError):
        statistics.mean([1])


def test_a_check_forgets_what_the_one_before_it_kept():
    worker = Worker({})
    worker.do_begin(0, [])
    worker.do_keep([1])
    assert len(worker.objects) == 1
    worker.do_begin(0, [])
    assert worker.objects == {}
    worker.do_keep([1])
    worker.do_end()
    assert worker.objects == {}


def test_a_forbidden_name_says_write_this_one_yourself(student, channel, run):
    run("import statistics\ndef average(x): return statistics.mean(x)")
    channel.begin(0, ["statistics.mean"])
    with pytest.raises(StudentError) as caught:
        student.average([1, 2])
    assert caught.value.type == "PermissionError"
    assert caught.value.message == (
        "write this one yourself: this exercise does not use statistics.mean"
    )


@pytest.mark.parametrize(
    "importing", ["from statistics import mean", "from statistics import mean as average"]
)
def test_a_forbidden_name_that_a_cell_has_imported_already_is_found(
    student, channel, run, importing
):
    run(f"{importing}\ndef middle(x): return {importing.split()[-1]}(x)")
    channel.begin(0, ["statistics.mean"])
    with pytest.raises(StudentError, match="write this one yourself"):
        student.middle([1, 3])
    channel.finish()
    assert student.middle([1, 3]) == 2


def test_a_forbidden_name_of_a_module_that_only_the_answer_imports_is_found(
    student, channel, run, monkeypatch
):
    monkeypatch.delitem(sys.modules, "json.tool", raising=False)
    run("def f():\n    from json.tool import main\n    return main")
    channel.begin(0, ["json.tool.main"])
    assert "write_this_one_yourself" in repr(student.f())


def test_a_class_made_from_a_forbidden_one_is_found(student, channel, run):
    run("import statistics\nclass Bell(statistics.NormalDist):\n    pass")
    channel.begin(0, ["statistics.NormalDist"])
    with pytest.raises(StudentError, match="write this one yourself"):
        student.Bell(0.0, 1.0)
    channel.finish()
    assert student.Bell(0.0, 1.0).cdf(0.0) == 0.5


def test_what_was_forbidden_is_back_after_the_check(channel):
    original = statistics.mean
    channel.begin(0, ["statistics.mean"])
    assert statistics.mean is not original
    channel.finish()
    assert statistics.mean is original


def test_what_was_forbidden_is_back_when_the_next_check_begins(channel):
    original = statistics.mean
    channel.begin(0, ["statistics.mean", "statistics.mean"])
    channel.begin(0, ["statistics.median"])
    assert statistics.mean is original


def test_forbidding_what_is_not_there_does_nothing(channel):
    channel.begin(0, ["statistics.no_such_name", "no_such_module.name", "plain", ""])
    assert not hasattr(statistics, "no_such_name")


# ---------------------------------------------------------------- exceptions as data


class Unprintable(ValueError):
    def __str__(self):
        raise RuntimeError("not even this")


class Leaving(Exception):
    def __str__(self):
        raise SystemExit


class NoText(Exception):
    def __str__(self):
        return 5


class Nameless(type):
    @property
    def __name__(cls):
        raise RuntimeError


class Odd(Exception, metaclass=Nameless):
    pass


@pytest.mark.parametrize("kind", [Unprintable, Leaving, NoText])
def test_an_exception_that_cannot_be_printed_keeps_its_type(kind):
    found = describe(kind())
    assert (found["type"], found["message"]) == (kind.__name__, "")
    assert found["bases"][0] == kind.__name__


def test_an_exception_that_will_not_tell_its_name_is_an_exception():
    found = describe(Odd("said"))
    assert (found["type"], found["message"]) == ("Exception", "said")


def test_a_long_message_is_cut():
    assert describe(ValueError("x" * 10**6))["message"] == "x" * 2000


def test_a_message_that_is_no_unicode_can_travel(student, run):
    run("def f(): raise ValueError('\\ud800!')")
    with pytest.raises(StudentError) as caught:
        student.f()
    assert caught.value.message == "?!"


def test_an_unprintable_exception_of_a_call_is_an_answer(student, run):
    run("class Mine(ValueError):\n    def __str__(self): raise SystemExit\n")
    run("def f(): raise Mine()")
    with pytest.raises(StudentError) as caught:
        student.f()
    assert (caught.value.type, caught.value.message) == ("Mine", "")
    assert "ValueError" in caught.value.bases
