"""A function of a check's that travels as its source, and runs where the learner's code runs.

A plain function that a check passes stays in the grader, and each call of it is a way there and
back. Where it does not matter who computes ``f(x)``, because the check knows what comes out, the
learner's process may have the function itself.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from seqkit.checking.written import as_code
from seqkit.grading.inside.source import names_of


class Portable:
    """A function that can be called here and sent there.

    Parameters
    ----------
    function : callable
        Uses its parameters, built-in names, ``np`` and ``torch``, and nothing else.
    source : str
        Its definition.
    values : mapping of str to plain data
        What some of its parameters are.
    """

    def __init__(
        self, function: Callable[..., Any], source: str, values: Mapping[str, Any]
    ) -> None:
        self.function = function
        self.source = source
        self.values = dict(values)
        self.__name__ = function.__name__

    def __call__(self, *args: Any) -> Any:
        return self.function(*args, **self.values)

    def given(self, **values: Any) -> Portable:
        """Return the function of its other parameters."""
        return Portable(self.function, self.source, self.values | values)

    def _as_code(self, limit: int) -> str:
        """Return a lambda where it is one line, else its name."""
        (definition,) = ast.parse(self.source).body
        assert isinstance(definition, ast.FunctionDef)
        (result, *more), taken = definition.body, definition.args
        if more or not isinstance(result, ast.Return) or result.value is None:
            return self.__name__
        names = [parameter.arg for parameter in taken.args]
        last = zip(reversed(names), map(ast.unparse, reversed(taken.defaults)), strict=False)
        set_to = {**dict(last), **{n: as_code(value, limit) for n, value in self.values.items()}}
        shown = [f"{name}={set_to[name]}" if name in set_to else name for name in names]
        return f"lambda {', '.join(shown)}: {ast.unparse(result.value)}"


def portable(function: Callable[..., Any]) -> Portable:
    """Let a function travel to the learner's process.

    Raises
    ------
    ValueError
        If it uses names that are not there.

    Examples
    --------
    >>> @portable
    ... def scaled(x, factor):
    ...     return factor * x
    >>> scaled.given(factor=2)(3)
    6
    """
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list.clear()
    source = ast.unparse(definition)
    unknown = set(names_of(source)["uses"]) - {"np", "torch"} - set(dir(builtins))
    if unknown:
        raise ValueError(f"{function.__name__} uses {', '.join(sorted(unknown))}: use given(…)")
    return Portable(function, source, {})
