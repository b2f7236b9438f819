"""A check sees a learner's names the same way in the learner's kernel and in the sandbox."""

from textwrap import dedent

import numpy as np
import pytest
import torch

from seqkit.checking.asks import Ended
from seqkit.checking.portable import portable
from seqkit.checking.student import Handle, Student, StudentError
from seqkit.grading.inside.wire import Tensor, WireError
from seqkit.grading.sandbox.bubblewrap import bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.lab.kernel import LocalChannel
from seqkit.limits import SubmissionLimits

MISSING = bubblewrap_complaint()
SANDBOX = [pytest.mark.sandbox, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(["numpy", "torch"]) as warm:
        yield warm


@pytest.fixture(params=["kernel", pytest.param("sandbox", marks=SANDBOX)])
def channel(request):
    """What carries the questions: once to a namespace in this process, once into the sandbox."""
    if request.param == "kernel":
        opened = LocalChannel({"__name__": "__main__"})
    else:
        opened = request.getfixturevalue("sandbox").open(SubmissionLimits())
        opened.allow(60)
    opened.begin(0, [])
    yield opened
    if opened.ended is None:
        opened.finish()
    opened.close()


@pytest.fixture
def learner(channel):
    """Return a student who has written a cell."""

    def write(source):
        channel.request("run", source=dedent(source), label="answer 1.1")
        channel.begin(0, [])
        return Student(channel)

    return write


def alike(one, other):
    """Whether two values are equal in value, type and dtype, all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(alike, one.values(), other.values()))
    return one == other


# ---------------------------------------------------------------- data both ways


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -1, 2**63, -(2**70), 1.5, float("inf"), 1 + 2j, "", "déjà ✓", b"\x00\xff",
        [], [1, [2.0, "x"]], (), (1,), ((1, 2), [3]), {}, {"a": 1, 2: (3,), (4, 5): None},
        {1, 2, 3}, frozenset({"a"}), slice(1, None, 2), {True: "yes", "1": "no"},
        np.float32(0.5), np.int64(7), np.bool_(True),
        list(range(10_000)),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_data_comes_back_as_it_went(learner, value):
    student = learner("def same(x): return x")
    assert alike(student.same(value), value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3), np.array(3.5), np.zeros((0, 4)), np.zeros((2, 0, 3), bool),
        np.array([True, False]), np.array(["a", "long"]), np.array([1 + 2j]),
        *(np.arange(3, dtype=kind) for kind in ("i1", "i2", "i4", "u1", "u8", "f2", "f4", "f8")),
        np.array([np.nan, np.inf]).round(1)[1:],
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)  # fmt: skip
def test_an_array_keeps_dtype_and_shape(learner, array):
    student = learner("def same(x): return x")
    assert alike(student.same(array), array)


def test_an_array_need_not_be_contiguous_or_of_this_machine_s_byte_order(learner):
    student = learner("def same(x): return x")
    array = np.arange(12.0).reshape(3, 4)
    assert student.same(array.T).tolist() == array.T.tolist()
    assert student.same(array[::-1, ::2]).tolist() == [[8, 10], [4, 6], [0, 2]]
    assert student.same(np.array([1, 256], ">i4")).tolist() == [1, 256]


def test_the_learner_gets_plain_python_and_numpy(learner):
    student = learner(
        """
        import numpy as np
        def kinds(*args): return [f"{type(a).__module__}.{type(a).__name__}" for a in args]
        """
    )
    assert student.kinds(1, [2], (3,), {4}, np.zeros(2), np.float32(1)) == [
        "builtins.int", "builtins.list", "builtins.tuple", "builtins.set",
        "numpy.ndarray", "numpy.float32",
    ]  # fmt: skip


def test_an_array_the_learner_gets_can_be_written(learner):
    student = learner("def fill(x):\n    x[:] = 7\n    return x")
    assert student.fill(np.zeros(2)).tolist() == [7, 7]


def test_subclasses_of_data_arrive_as_the_data_they_hold(learner):
    student = learner(
        """
        import enum
        import collections
        class Loud(str): pass
        class Level(enum.IntEnum):
            LOW = 1
        Point = collections.namedtuple("Point", "x y")
        def f(): return [Loud("a"), Level.LOW, Point(1, 2), collections.OrderedDict(k=1), range(2)]
        """
    )
    found = student.f()
    assert alike(found, ["a", 1, (1, 2), {"k": 1}, [0, 1]])


@pytest.mark.parametrize("argument", [object(), np.zeros(9_000_000), [object()], iter([])])
def test_what_is_no_data_cannot_be_passed(learner, argument):
    student = learner("def same(x): return x")
    with pytest.raises(WireError):
        student.same(argument)
    assert student.same(1) == 1


def test_keyword_arguments_may_have_any_name(learner):
    student = learner("def names(**kwargs): return kwargs")
    given = {"name": 1, "target": 2, "path": 3, "args": 4, "keep": 5}
    assert student.names(**given) == given


# ---------------------------------------------------------------- tensors


@pytest.mark.parametrize(
    "dtype",
    ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8",
     "bool", "complex64", "complex128"],
)  # fmt: skip
def test_a_torch_tensor_keeps_framework_and_dtype_both_ways(learner, dtype):
    student = learner(
        """
        import torch
        def same(x):
            assert isinstance(x, torch.Tensor)
            return x, str(x.dtype)
        """
    )
    given = torch.tensor([[1, 0], [1, 1]]).to(getattr(torch, dtype))
    back, name = student.same(given)
    assert isinstance(back, Tensor)
    assert (back.framework, back.dtype, name) == ("torch", dtype, f"torch.{dtype}")
    assert back.shape == (2, 2)
    assert back.numpy().tolist() == [[1, 0], [1, 1]]


def test_a_tensor_that_came_back_can_be_passed_again(learner):
    student = learner("import torch\ndef twice(x): return (2 * x).clone().requires_grad_()")
    back = student.twice(student.twice(torch.ones(2)))
    assert (back.framework, back.dtype, np.asarray(back).tolist()) == ("torch", "float32", [4, 4])


def test_tensors_are_found_deep_in_what_comes_back(learner):
    student = learner("import torch\ndef state(): return {'h': [(torch.zeros(2, 1),)], 'n': 1}")
    found = student.state()
    assert found["h"][0][0].shape == (2, 1)
    assert found["n"] == 1


def test_a_layer_is_built_kept_and_asked(learner):
    student = learner(
        """
        import torch
        def run(layer, x): return layer(x)
        def make(): return torch.nn.Linear(2, 1)
        """
    )
    student.build("torch.manual_seed", 0)
    layer = student.build("torch.nn.Linear", 2, 1, bias=False)
    out = student.run(layer, torch.tensor([[1.0, 2.0]]))
    weight = student.fetch(layer.weight)
    assert weight.shape == (1, 2)
    assert np.allclose(out.numpy(), weight.numpy() @ [[1.0], [2.0]])
    assert layer(torch.zeros(3, 2)).numpy().tolist() == [[0], [0], [0]]
    assert repr(student.make()) == "<Linear>"


def test_a_tensorflow_tensor_keeps_framework_and_dtype_both_ways():
    tf = pytest.importorskip("tensorflow")
    student = Student(LocalChannel({"kind": lambda x: type(x).__name__, "same": lambda x: x}))
    for dtype in (tf.float32, tf.int64, tf.bool, tf.bfloat16):
        back = student.same(tf.cast(tf.constant([[1, 0]]), dtype))
        assert (back.framework, back.dtype) == ("tensorflow", dtype.name)
        assert back.numpy().tolist() == [[1, 0]]
    assert student.kind(tf.constant(1)) == "EagerTensor"
    assert student.same(tf.Variable([1.5])).numpy().tolist() == [1.5]
    assert student.kind(student.same(tf.constant(1))) == "EagerTensor"


@pytest.mark.sandbox
@pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")
def test_every_fork_trains_and_none_waits_for_another(sandbox):
    source = """
        import torch
        torch.set_num_threads(2)
        def train():
            torch.manual_seed(0)
            layer, x = torch.nn.LSTM(8, 64, batch_first=True), torch.randn(16, 4, 8)
            for _ in range(2):
                loss = layer(x)[0].square().mean()
                slopes = torch.autograd.grad(loss, list(layer.parameters()))
                with torch.no_grad():
                    for parameter, slope in zip(layer.parameters(), slopes): parameter -= slope
            return float(loss)
    """
    losses = []
    for _ in range(3):
        channel = sandbox.open(SubmissionLimits())
        channel.allow(60)
        channel.request("run", source=dedent(source), label="answer 1.1")
        losses.append(Student(channel).train())
        channel.close()
    assert losses[0] == losses[1] == losses[2]


# ---------------------------------------------------------------- call-backs


def test_a_function_passed_is_called_back_with_data(learner):
    student = learner(
        """
        import numpy as np
        def integrate(f, steps): return sum(f(np.array([n, n + 1])) for n in range(steps))
        """
    )
    seen = []

    def area(edges):
        seen.append((type(edges), edges.tolist()))
        return float(edges.sum()) / 2

    assert student.integrate(area, 3) == 0.5 + 1.5 + 2.5
    assert seen == [(np.ndarray, [0, 1]), (np.ndarray, [1, 2]), (np.ndarray, [2, 3])]


def test_what_a_call_back_gets_is_a_copy(learner):
    student = learner("def f(g):\n    x = [1]\n    g(x)\n    return x")

    def spoil(x):
        x.append(99)

    assert student.f(spoil) == [1]


def test_what_a_call_back_returns_has_the_kinds_of_an_argument(learner):
    student = learner("def f(g): return [type(g(n)).__name__ for n in range(4)]")
    values = [(1,), np.zeros(1), torch.zeros(1), {2}]
    assert student.f(lambda n: values[n]) == ["tuple", "ndarray", "Tensor", "set"]


def test_functions_may_stand_anywhere_in_the_arguments(learner):
    student = learner("def f(*, fs): return [g() for g in fs['all']]")
    assert student.f(fs={"all": [lambda: 1, lambda: 2]}) == [1, 2]


def test_a_call_back_has_the_name_of_the_function(learner):
    student = learner("def f(g): return g.__name__")

    def perplexity(x):
        return x

    assert student.f(perplexity) == "perplexity"


def test_a_function_kept_by_an_object_is_called_back_later(learner):
    student = learner(
        """
        class Search:
            def __init__(self, score): self.score = score
            def best(self, words): return max(words, key=self.score)
        def apply(f, x): return f(x)
        """
    )
    search = student.Search(lambda word: len(word))
    assert student.apply(lambda x: -x, 5) == -5
    assert search.best(["a", "ccc", "bb"]) == "ccc"


def test_a_function_that_comes_back_is_a_handle_that_can_be_called(learner):
    student = learner("def same(f): return f")
    handle = student.same(lambda x: x + 1)
    assert isinstance(handle, Handle)
    assert handle(4) == 5


def test_an_exception_in_a_call_back_reaches_the_learner(learner):
    student = learner(
        """
        def careful(f):
            try: return f(0)
            except RuntimeError as error: return str(error)
        def careless(f): return f(0)
        """
    )
    assert student.careful(lambda x: 1 / x) == "ZeroDivisionError: division by zero"
    with pytest.raises(StudentError, match="ZeroDivisionError: division by zero"):
        student.careless(lambda x: 1 / x)


@pytest.mark.parametrize("arguments", ["", "1, 2", "1, 2, 3", "x=1", "1, y=2"])
def test_wrong_arguments_to_a_call_back_are_the_learner_s_mistake(learner, arguments):
    student = learner(f"def f(g): return g({arguments})\ndef h(): return 1")
    with pytest.raises(StudentError, match="TypeError"):
        student.f(lambda x: x)
    assert student.h() == 1


class Oracle:
    def predict(self, x):
        return -x


@pytest.mark.parametrize("function", [Oracle().predict, np.negative, lambda x, far=1: -x])
def test_any_function_of_one_argument_can_be_called_back(learner, function):
    student = learner("def f(g): return g(5)")
    assert student.f(function) == -5


def test_a_learner_cannot_replace_a_default_of_a_call_back(learner):
    student = learner("def f(g): return g(1, 1000)")
    with pytest.raises(StudentError, match="TypeError"):
        student.f(lambda x, limit=10: limit)


def test_a_call_back_may_not_return_what_is_no_data(learner):
    student = learner("def f(g): return g()")
    with pytest.raises(StudentError, match="not plain data"):
        student.f(lambda: object())


def test_a_function_of_an_earlier_check_is_not_called_any_more(learner, channel):
    student = learner("kept = []\ndef keep(f): kept.append(f)\ndef later(): return kept[0](1)")
    called = []
    student.keep(called.append)
    channel.begin(1, [])
    with pytest.raises((StudentError, Ended)):
        student.later()
    assert called == []


# ---------------------------------------------------------------- functions that travel


@portable
def scaled(x, factor=1):
    return factor * np.asarray(x)


def test_a_function_that_travels_is_called_there(learner, channel):
    student = learner("def f(g): return [g(n) for n in (1, 2)]\ndef name(g): return g.__name__")
    tripled = scaled.given(factor=np.array([3.0]))
    assert alike(student.f(tripled), [np.array([3.0]), np.array([6.0])])
    assert channel.functions.known == {}  # nothing that could be called back
    assert student.name(tripled) == "f"
    assert student.last_call == "name(lambda x, factor=np.array([3.0]): factor * np.asarray(x))"
    assert alike(tripled(2), np.array([6.0]))


def test_a_function_travels_once_a_check(learner, channel, monkeypatch):
    student = learner("def f(g): return id(g)")
    assert student.f(scaled) == student.f(scaled) != student.f(scaled.given(factor=2))
    channel.begin(1, [])
    assert Student(channel).f(scaled) > 0  # the next check sends it again


def test_a_function_that_travels_may_stand_anywhere_in_the_arguments(learner):
    student = learner("def f(*, gs): return [g(1).item() for g in gs['all']]")
    assert student.f(gs={"all": [scaled, scaled.given(factor=5)]}) == [1, 5]


def test_a_function_that_needs_more_than_its_parameters_does_not_travel():
    with pytest.raises(ValueError, match="spoiled uses MISSING, dedent: use given"):

        @portable
        def spoiled(x):
            return [dedent(x) for _ in range(MISSING)]


def test_a_closure_does_not_travel():
    factor = 3
    with pytest.raises(ValueError, match="uses factor"):

        @portable
        def tripled(x):
            return factor * x


# ---------------------------------------------------------------- handles

COUNTER = """
    class Counter:
        limit = 9
        def __init__(self, words): self.words = list(words)
        def __len__(self): return len(self.words)
        def __getitem__(self, index): return self.words[index]
        def __contains__(self, word): return word in self.words
        def __call__(self, word): return self.words.count(word)
        def add(self, word, times=1):
            self.words += [word] * times
            return self
        def walk(self): yield from self.words
    def size(counter): return len(counter.words)
    def identity(x): return x
"""


def test_a_handle_is_called_measured_indexed_and_asked(learner):
    student = learner(COUNTER)
    counter = student.Counter(["a", "b", "a"])
    assert isinstance(counter, Handle)
    assert counter("a") == 2
    assert len(counter) == 3
    assert counter[1] == "b"
    assert counter[0:2] == ["a", "b"]
    assert "b" in counter
    assert "z" not in counter


def test_methods_of_a_handle_change_the_object_there(learner):
    student = learner(COUNTER)
    counter = student.Counter([])
    same = counter.add("c", times=2)
    assert isinstance(same, Handle)
    assert student.size(same) == student.size(counter) == 2
    assert student.take(counter.walk(), 1) == ["c"]
    assert student.fetch(counter.words) == ["c", "c"]
    assert student.fetch(student.Counter.limit) == 9


def test_a_handle_cannot_be_walked_without_an_end(learner):
    student = learner(COUNTER)
    with pytest.raises(TypeError, match="take"):
        list(student.Counter(["a"]))


def test_an_attribute_of_a_handle_is_not_an_argument(learner):
    student = learner(COUNTER)
    with pytest.raises(TypeError, match="pass a handle itself"):
        student.identity(student.Counter(["a"]).words)


@pytest.mark.parametrize("size", ["-1", "2.5", "'three'", "None", "True"])
def test_a_length_that_is_none_is_a_wrong_answer(learner, size):
    student = learner(f"class Odd:\n    def __len__(self): return {size}\ndef make(): return Odd()")
    with pytest.raises(AssertionError, match="expected a whole number"):
        len(student.make())


def test_a_length_nobody_could_count_is_bounded(learner):
    student = learner("class Huge:\n    def __len__(self): return 10**30\nhuge = Huge()")
    assert len(student.huge) == 2**62


def test_a_handle_claims_nothing_about_equality(learner):
    student = learner(
        """
        class Equal:
            def __eq__(self, other): return True
            __hash__ = None
        def make(): return Equal()
        """
    )
    assert student.make() != 5
    assert (student.make() == [1, 2]) is False


def test_items_are_taken_of_a_list_that_came_back_too(learner):
    student = learner("def f(): return [1, 2, 3]")
    assert student.take(student.f(), 2) == [1, 2]
    assert student.take((4, 5), 9) == [4, 5]


RANDOM_FIVE = "identity(np.random.default_rng(5))"


@pytest.mark.parametrize(
    ("ask", "written"),
    [
        (lambda s: s.size(s.Counter(["a"])), "size(Counter(['a']))"),
        (lambda s: s.Counter(["a", "b"]), "Counter(['a', 'b'])"),
        (lambda s: s.Counter([]).add("x", times=2), "Counter([]).add('x', times=2)"),
        (lambda s: s.Counter([])("x"), "Counter([])('x')"),
        (lambda s: len(s.Counter([])), "len(Counter([]))"),
        (lambda s: s.Counter(["a"])[0], "Counter(['a'])[0]"),
        (lambda s: "x" in s.Counter([]), "'x' in Counter([])"),
        (lambda s: s.identity(np.array([0.1, 1])), "identity(np.array([0.1, 1.0]))"),
        (lambda s: s.identity(s.fetch(s.Counter([]).add)), "identity(Counter([]).add)"),
        (lambda s: s.size(s.identity([s.Counter([])])[0]), "size(identity([Counter([])])[0])"),
        (lambda s: s.identity(x=s.keep(1.5)), "identity(x=1.5)"),
        (lambda s: s.keep(scaled)(2), "(lambda x, factor=1: factor * np.asarray(x))(2)"),
        (lambda s: s.identity(s.build("numpy.random.default_rng", 5)), RANDOM_FIVE),
        (lambda s: s.identity(len), "identity(len)"),
        (lambda s: s.kept("identity", 3), "identity(3)"),
        (lambda s: s.fetch(s.keep(1)), ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_last_call_is_told_as_a_learner_would_write_it(learner, ask, written):
    student = learner(COUNTER)
    assert student.last_call == ""
    ask(student)
    assert student.last_call == written


@pytest.mark.parametrize("layout", ["fortran", "strided", "reversed", "read-only"])
def test_an_array_in_another_layout_is_made_by_what_is_told(learner, layout):
    source = "def look(x): return x.tolist(), list(x.strides), x.flags.writeable"
    student, here = learner(source), {"np": np}
    exec(source, here)
    found = student.look(student.arranged(np.arange(6.0).reshape(2, 3), layout))
    assert eval(student.last_call, here) == found


def test_a_long_call_names_random_numbers_and_says_so(learner):
    student = learner("def f(*x): pass")
    rng = np.random.default_rng(0)
    student.f(*(rng.normal(size=(n, 70)) for n in range(2, 9)), ["word"] * 900)
    assert len(student.last_call) < 1200
    assert "np.random.uniform(-2.37, 2, (2, 70))" in student.last_call
    assert student.last_call.endswith(
        "['word', 'word', 'word', 'word', … 896 more])"
        "  # the random numbers here are not those of the check"
    )


def test_a_private_name_is_no_name_of_the_learner_s(learner):
    student = learner("_hidden = 1")
    with pytest.raises(AttributeError):
        _ = student._hidden


# ---------------------------------------------------------------- exceptions


def test_an_exception_of_the_learner_s_code_tells_what_and_where(learner):
    student = learner("class Bad(ValueError): pass\n\n\ndef f(x):\n    raise Bad(f'no {x}')")
    with pytest.raises(StudentError) as caught:
        student.f(3)
    error = caught.value
    assert (error.type, error.message, error.line) == ("Bad", "no 3", 5)
    assert "ValueError" in error.bases
    assert str(error) == "Bad: no 3 (line 5: `raise Bad(f'no {x}')`)"
    assert not error.untouched


def test_an_exercise_nobody_has_answered_says_so(learner):
    student = learner('def f(): raise NotImplementedError("exercise 1.3")')
    with pytest.raises(StudentError) as caught:
        student.f()
    assert caught.value.untouched and caught.value.stub


def test_a_name_that_is_not_there_says_that_nobody_has_answered(learner):
    student = learner("def f(): return g()")
    with pytest.raises(StudentError) as absent:
        student.h()
    with pytest.raises(StudentError) as missed:
        student.f()
    assert absent.value.untouched and not absent.value.stub
    assert not missed.value.untouched


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ({}, "Exception"),
        ({"type": "ValueError"}, "ValueError"),
        ({"type": "ValueError", "message": "no"}, "ValueError: no"),
        ({"type": "E", "line": 2, "text": "x"}, "E (line 2: `x`)"),
        ({"type": 5, "message": [], "line": "2", "text": None, "bases": "B"}, "Exception"),
        ({"type": "E", "line": True, "text": "x"}, "E"),
    ],
)
def test_an_exception_is_read_whatever_it_is_made_of(info, said):
    error = StudentError(info)
    assert str(error) == said
    assert error.bases == []


def test_a_long_exception_is_cut():
    error = StudentError({"type": "T" * 999, "message": "m" * 9999, "text": "t" * 999, "line": 1})
    assert (len(error.type), len(error.message), len(error.text)) == (100, 1000, 200)
