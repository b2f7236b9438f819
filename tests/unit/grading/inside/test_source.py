"""A cell is read as text: without what only IPython understands, and for the names in it."""

import pytest

from seqkit.grading.inside.source import names_of, plain_python

# ---------------------------------------------------------------- IPython in cells


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 5 % 3", "\nx = 5 % 3"),
        ("!pip install numpy\nx = 1", "\nx = 1"),
        ("for i in y:\n    %timeit f()\n    g()", "for i in y:\n\n    g()"),
        ("%time x = f()\ny = 1", "x = f()\ny = 1"),
        ("x = 1\nnp.zeros?\n?x\ny = 2", "x = 1\n\n\ny = 2"),
        ("%%time\nx = 1", "\nx = 1"),
        ("  %%capture out\nx = 1", "\nx = 1"),
        ("%%bash\nls", ""),
        ("%%writefile answer.py\nx = 1", ""),
        ("%%", ""),
        ("x = 5 % 3", "x = 5 % 3"),
        ("text = '''\n%kept\n!kept\nkept?\n'''", "text = '''\n%kept\n!kept\nkept?\n'''"),
        ("", ""),
    ],
)
def test_what_only_ipython_understands_goes_and_line_numbers_stay(cell, python):
    assert plain_python(cell) == python


# ---------------------------------------------------------------- names in cells


@pytest.mark.parametrize(
    ("source", "defines", "uses"),
    [
        ("x = 1", ["x"], []),
        ("import numpy as np, math", ["math", "np"], []),
        ("from os import path as p", ["p"], []),
        ("import a.b.c", ["a"], []),
        ("x, (y, *z) = f()", ["x", "y", "z"], ["f"]),
        ("x: int = 3", ["x"], ["int"]),
        ("for i in range(n):\n    j = i", ["i", "j"], ["n", "range"]),
        ("with open(p) as file: pass", ["file"], ["open", "p"]),
        ("(w := 3)", ["w"], []),
        ("class Cell(Base):\n    n = N\n    def f(self): return M", ["Cell"], ["Base", "M", "N"]),
        ("@jit\ndef f(a: T = d) -> U: ...", ["f"], ["T", "U", "d", "jit"]),
        ("async def f(): await g()", ["f"], ["g"]),
        ("square = lambda q: q * r", ["square"], ["r"]),
        ("a[0] = b.c", [], ["a", "b"]),
        ("print(f'{u}')", [], ["print", "u"]),
        ("x = 1\ny = x", ["x", "y"], []),
    ],
)
def test_names_that_a_cell_defines_and_uses(source, defines, uses):
    found = names_of(source)
    assert (found["defines"], found["uses"], found["error"]) == (defines, uses, "")


@pytest.mark.parametrize("source", ["x += 1", "x = x + 1", "print(x)\nx = 2", "x = [x, x]"])
def test_a_name_read_before_it_is_bound_is_used(source):
    assert names_of(source)["defines"] == ["x"]
    assert "x" in names_of(source)["uses"]


def test_a_function_s_own_names_are_neither_defined_nor_used():
    source = "def f(a, *b, c=1, **d):\n    local = a\n    def g():\n        return local + far\n"
    assert names_of(source)["defines"] == ["f"]
    assert names_of(source)["uses"] == ["far"]


def test_a_comprehension_s_variable_is_not_used():
    assert names_of("total = sum(v * k for v in values)")["uses"] == ["k", "sum", "values"]


def test_dotted_names_are_told_as_they_are_written():
    source = "import torch.nn\nfrom seqkit.text import Vocab\ntorch.nn.LSTM(3)\nx.y().z"
    assert names_of(source)["dotted"] == [
        "seqkit.text.Vocab", "torch.nn", "torch.nn.LSTM", "x.y",
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["def f(", "x = \0", "(" * 300, "1 +", "\ud800"])
def test_a_cell_that_is_not_python_has_no_names_and_an_error(source):
    found = names_of(source)
    assert (found["defines"], found["uses"], found["dotted"]) == ([], [], [])
    assert found["error"]


def test_the_names_of_a_cell_with_magics():
    assert names_of("%timeit f(3)\n!ls\ny = x % 2")["defines"] == ["y"]
