"""Small changes to a program, of the kind that a learner's mistake is made of.

:func:`mutants` changes one place of a source at a time, always in the same order. What a reader
of the code would not call a change of behaviour is left alone: docstrings, annotations, the words
of an error message.
"""

from __future__ import annotations

import ast
import copy
import difflib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
COMMUTES = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)
NAMES = {
    "min": ["max"], "max": ["min", "mean"], "minimum": ["maximum"], "maximum": ["minimum"],
    "any": ["all"], "all": ["any"], "sum": ["max", "mean"], "mean": ["sum"],
    "floor": ["ceil"], "ceil": ["floor"], "zeros": ["ones"], "ones": ["zeros"],
    "argmax": ["argmin"], "argmin": ["argmax"], "sigmoid": ["tanh"], "tanh": ["sigmoid"],
    "exp": ["expm1"], "log": ["log1p"], "sqrt": ["square"], "append": ["extend"],
    "int64": ["int32", "float64"], "int32": ["int64"], "float64": ["float32"],
    "float32": ["float64"], "bool": ["int"], "split": ["strip"], "lower": ["upper"],
}  # fmt: skip
WORDS = {"left": "right", "right": "left", "one": "many", "many": "one"}
COUNTING = ("range", "arange", "slice", "min", "max", "full", "zeros", "ones")
EXCEPTIONS = {"ValueError": "RuntimeError", "IndexError": "ValueError", "KeyError": "ValueError"}


@dataclass(frozen=True)
class Mutant:
    """A source changed in one place.

    Parameters
    ----------
    source : str
        The whole of it.
    diff : str
        The lines taken away and put in their place.
    """

    source: str
    diff: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every source that differs from this one in one place and compiles, each once.

    Examples
    --------
    >>> for mutant in mutants("def head(x, n):\\n    return x[:n]"):
    ...     print(mutant.source.splitlines()[-1].strip())
    pass
    return n[:n]
    return x[:]
    return x[1:n]
    return x[:x]
    return x[:n + 1]
    return x[:n - 1]
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {_shape(original)}
    for _ in _changed(tree):
        try:
            text = ast.unparse(ast.fix_missing_locations(tree))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                compile(text, "mutant", "exec")
        except (SyntaxError, ValueError):
            continue
        if _shape(text) not in seen:
            seen.add(_shape(text))
            yield Mutant(text, _diff(original, text))


def _shape(text: str) -> str:
    """Return what makes two sources the same program."""
    return ast.dump(ast.parse(text))


def _diff(before: str, after: str) -> str:
    """Return the lines that went and came; what only came stands below the line before it."""
    old, lines = before.splitlines(), after.splitlines()
    found = []
    for tag, i, k, j, m in difflib.SequenceMatcher(None, old, lines, False).get_opcodes():
        if tag == "insert":
            found.append(f" {old[i - 1]}")
        if tag != "equal":
            found += [f"-{line}" for line in old[i:k]] + [f"+{line}" for line in lines[j:m]]
    return "\n".join(found)


# ---------------------------------------------------------------- where


def _changed(tree: ast.Module) -> Iterator[None]:
    """Change the tree in one place, yield, and undo it, place after place."""
    yield from _in_node(tree, ())


def _in_node(node: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[None]:
    inner = (*above, node)
    for name, value in _parts(node):
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            if not isinstance(item, ast.AST) or _left_alone(item, name, inner):
                continue
            for other in _others(item, name, inner):
                if isinstance(value, list):
                    value[index : index + 1] = [other] if other is not None else []
                    yield
                    value[:] = _items_before(value, index, other, item)
                else:
                    setattr(node, name, other)
                    yield
                    setattr(node, name, item)
            if not isinstance(item, ast.Raise):
                yield from _in_node(item, inner)


def _items_before(items: list[Any], index: int, other: Any, item: Any) -> list[Any]:
    """Return a list as it was before one of its items was replaced, or removed."""
    return [*items[:index], item, *items[index + (other is not None) :]]


def _parts(node: ast.AST) -> Iterator[tuple[str, Any]]:
    for name in node._fields:
        if name not in ("annotation", "returns", "decorator_list", "ctx", "type_params"):
            yield name, getattr(node, name, None)


def _left_alone(item: ast.AST, name: str, above: tuple[ast.AST, ...]) -> bool:
    docstring = (
        isinstance(item, ast.Expr)
        and isinstance(item.value, ast.Constant)
        and isinstance(item.value.value, str)
    )
    target = isinstance(getattr(item, "ctx", None), ast.Store) and not isinstance(
        item, ast.Subscript
    )
    return docstring or target or isinstance(item, ast.Import | ast.ImportFrom)


# ---------------------------------------------------------------- what


def _others(item: ast.AST, name: str, above: tuple[ast.AST, ...]) -> Iterator[Any]:
    """Yield what could stand in the place of a node; None removes it from its list."""
    if isinstance(item, ast.stmt):
        yield from _statements(item)
    elif isinstance(item, ast.expr):
        if isinstance(item, ast.Starred):
            return
        inside = {type(node) for node in above}
        for other in _expressions(item, above):
            if not (ast.JoinedStr in inside and isinstance(other, ast.Constant)):
                yield other
        if name in ("lower", "upper") or _counts(item, name, above[-1]):
            yield from _off_by_one(item)
        if name in ("iter",):
            for cut in ("[1:]", "[:-1]"):
                yield ast.parse(f"list({ast.unparse(item)}){cut}", mode="eval").body
    elif isinstance(item, ast.keyword):
        yield None
        if item.arg == "axis":
            yield from (ast.keyword("axis", ast.Constant(axis)) for axis in (0, 1, -1, None))
    elif isinstance(item, ast.comprehension) and item.ifs:
        yield ast.comprehension(item.target, item.iter, [], item.is_async)
    if isinstance(item, ast.Slice):
        for bound in ("lower", "upper", "step"):
            if getattr(item, bound) is not None:
                yield _with(item, **{bound: None})
        if item.lower is None:
            yield _with(item, lower=ast.Constant(1))
        if item.upper is None:
            yield _with(item, upper=ast.Constant(-1))


def _with(node: Any, **fields: Any) -> Any:
    """Return a copy of a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _statements(item: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(item, ast.FunctionDef | ast.ClassDef | ast.Pass):
        return
    yield ast.Pass()
    if isinstance(item, ast.If | ast.While):
        yield _with(item, test=_not(item.test))
        yield _with(item, test=ast.Constant(True))
        if item.orelse:
            yield _with(item, orelse=[])
    if isinstance(item, ast.For):
        yield _with(item, body=[*item.body, ast.Break()])
    if isinstance(item, ast.AugAssign):
        for operator in OPERATORS.get(type(item.op), ()):
            yield _with(item, op=operator())
        yield ast.Assign([item.target], item.value)
    if isinstance(item, ast.Raise) and isinstance(item.exc, ast.Call):
        yield from _raises(item, item.exc)


def _raises(item: ast.Raise, call: ast.Call) -> Iterator[ast.stmt]:
    """Another class, no message, a message without one of the values that it names."""
    if isinstance(call.func, ast.Name) and call.func.id in EXCEPTIONS:
        yield _with(item, exc=_with(call, func=ast.Name(EXCEPTIONS[call.func.id], ast.Load())))
    yield _with(item, exc=_with(call, args=[]))
    for message in call.args:
        if isinstance(message, ast.JoinedStr):
            for k, part in enumerate(message.values):
                if isinstance(part, ast.FormattedValue):
                    values = [*message.values[:k], *message.values[k + 1 :]]
                    yield _with(item, exc=_with(call, args=[ast.JoinedStr(values)]))


def _not(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) else ast.UnaryOp(ast.Not(), test)


def _counts(item: ast.expr, name: str, parent: ast.AST) -> bool:
    """Whether an expression says how many, or where from: an argument of ``range`` and the like."""
    function = parent.func if isinstance(parent, ast.Call) and name == "args" else None
    called = getattr(function, "id", getattr(function, "attr", ""))
    return called in COUNTING and not isinstance(item, ast.Constant | ast.GeneratorExp)


def _off_by_one(item: ast.expr) -> Iterator[ast.expr]:
    inner = item.operand if isinstance(item, ast.UnaryOp) else item
    if not isinstance(inner, ast.Constant | ast.Slice):  # constants are changed by themselves
        yield ast.BinOp(item, ast.Add(), ast.Constant(1))
        yield ast.BinOp(item, ast.Sub(), ast.Constant(1))


def _expressions(item: ast.expr, above: tuple[ast.AST, ...]) -> Iterator[Any]:
    if isinstance(item, ast.Constant):
        yield from map(ast.Constant, _constants(item.value))
    elif isinstance(item, ast.Name):
        yield from (_with(item, id=other) for other in NAMES.get(item.id, []))
        yield from _wrong_parameter(item, above)
    elif isinstance(item, ast.Attribute):
        yield from (_with(item, attr=other) for other in NAMES.get(item.attr, []))
    elif isinstance(item, ast.Compare):
        for k, operator in enumerate(item.ops):
            for other in COMPARISONS[type(operator)]:
                yield _with(item, ops=[*item.ops[:k], other(), *item.ops[k + 1 :]])
        if len(item.ops) > 1:
            first, *rest = item.comparators
            yield _with(item, left=first, ops=item.ops[1:], comparators=rest)
            yield _with(item, ops=item.ops[:-1], comparators=item.comparators[:-1])
    elif isinstance(item, ast.BoolOp):
        yield _with(item, op=ast.Or() if isinstance(item.op, ast.And) else ast.And())
        for k in range(len(item.values)):
            rest = [*item.values[:k], *item.values[k + 1 :]]
            yield rest[0] if len(rest) == 1 else _with(item, values=rest)
    elif isinstance(item, ast.BinOp):
        for operator in OPERATORS.get(type(item.op), ()):
            yield _with(item, op=operator())
        yield from (item.left, item.right)
        if not isinstance(item.op, COMMUTES):
            yield _with(item, left=item.right, right=item.left)
    elif isinstance(item, ast.UnaryOp):
        yield item.operand
    elif isinstance(item, ast.IfExp):
        yield _with(item, body=item.orelse, orelse=item.body)
        yield from (item.body, item.orelse)
    elif isinstance(item, ast.Tuple | ast.List):
        for k in range(len(item.elts) - 1):
            yield _with(item, elts=_swapped(item.elts, k))
    elif isinstance(item, ast.Call):
        yield from _calls(item)
    elif isinstance(item, ast.JoinedStr):
        yield from _texts(item)


def _constants(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from (0.0, -value, float(f"{value * 1000:g}"))
    elif isinstance(value, str):
        yield ""
        for word, other in WORDS.items():
            if word in value:
                yield value.replace(word, other)
    elif value is None:
        yield 1


def _wrong_parameter(item: ast.Name, above: tuple[ast.AST, ...]) -> Iterator[ast.expr]:
    """Yield the next parameter of the function that a parameter stands in."""
    functions = [node for node in above if isinstance(node, ast.FunctionDef)]
    names = [a.arg for a in functions[-1].args.args if a.arg != "self"] if functions else []
    if item.id in names and len(names) > 1:
        yield _with(item, id=names[(names.index(item.id) + 1) % len(names)])


def _calls(item: ast.Call) -> Iterator[ast.expr]:
    """Yield a call without being called, with fewer arguments, or with swapped ones."""
    if isinstance(item.func, ast.Attribute) and not _is_module(item.func.value):
        yield item.func.value
    elif len(item.args) >= 1:
        yield from item.args[:2]
    if len(item.args) > 1:
        yield _with(item, args=item.args[:-1])
    for k in range(len(item.args) - 1):
        yield _with(item, args=_swapped(item.args, k))


def _is_module(node: ast.expr) -> bool:
    known = ("np", "torch", "F", "nn", "math", "keras", "ops", "layers", "random", "linalg")
    return getattr(node, "id", getattr(node, "attr", "")) in known


def _texts(item: ast.JoinedStr) -> Iterator[ast.expr]:
    """Yield an f-string without one of its parts, or with two values swapped."""
    for k in range(len(item.values)):
        yield _with(item, values=[*item.values[:k], *item.values[k + 1 :]])
    places = [k for k, part in enumerate(item.values) if isinstance(part, ast.FormattedValue)]
    for one, two in pairwise(places):
        values = list(item.values)
        values[one], values[two] = values[two], values[one]
        yield _with(item, values=values)


def _swapped(items: list[ast.expr], k: int) -> list[ast.expr]:
    return [*items[:k], items[k + 1], items[k], *items[k + 2 :]]
