"""Read a cell as text: without IPython's magics, and what names it defines and uses."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from typing import Any


def plain_python(source: str) -> str:
    """Return a cell without IPython's magics, line numbers kept.

    Examples
    --------
    >>> plain_python("%matplotlib inline\\nx = 5 % 3\\n")
    '\\nx = 5 % 3\\n'
    """
    if source.lstrip().startswith("%%"):
        head, _, rest = source.lstrip().partition("\n")
        return "\n" + rest if head.split()[0] in ("%%time", "%%timeit", "%%capture") else ""
    if not any(mark in source for mark in "%!?"):
        return source
    try:
        ast.parse(source)
    except SyntaxError:
        lines = source.split("\n")
        return "\n".join(map(_without_magic, lines))
    return source


def _without_magic(line: str) -> str:
    """Return a line without IPython's own syntax: ``%time x = 1`` runs ``x = 1``."""
    stripped = line.strip()
    if stripped.startswith("%time "):
        return line.replace("%time ", "", 1)
    if stripped.startswith(("%", "!", "?")) or stripped.endswith("?"):
        return ""
    return line


def names_of(source: str, dotted: bool = True) -> dict[str, Any]:
    """Tell what a cell defines at its top level, what it uses, and the dotted names it writes.

    Parameters
    ----------
    source : str
        The cell; IPython's magics are left out.
    dotted : bool
        Whether the dotted names are asked for.

    Returns
    -------
    dict
        ``defines``; ``uses``, also inside of functions; ``reads``, while the cell itself runs;
        ``dotted`` (lists of str); ``error`` (str, empty if it parses).

    Examples
    --------
    >>> found = names_of("import numpy as np\\nx = np.zeros(n)")
    >>> found["defines"], found["uses"], found["dotted"]
    (['np', 'x'], ['n'], ['np.zeros', 'numpy'])
    """
    try:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            source = plain_python(source)
            tree = ast.parse(source)
        defines = set(_bound(tree.body))
        inner = set(_free(symtable.symtable(source, "cell", "exec"))) - defines
        reads = set(_read_first(tree.body))
        written = {name for node in ast.walk(tree) for name in _dotted(node)} if dotted else set()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        nothing: dict[str, Any] = {"defines": [], "uses": [], "reads": [], "dotted": []}
        return nothing | {"error": str(error)[:2000]}
    return {
        "defines": sorted(defines),
        "uses": sorted(inner | reads),
        "reads": sorted(reads),
        "dotted": sorted(written),
        "error": "",
    }


def _read_first(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the names that top-level statements read before any of them has bound the name."""
    bound: set[str] = set()
    for statement in body:
        own = set(_bound([statement]))
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            assigns = isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign)
            hidden = set(_bound_inside(statement)) | (set() if assigns else own) | bound
            for node in ast.walk(statement):
                if not isinstance(node, ast.Name) or node.id in hidden:
                    continue
                if isinstance(node.ctx, ast.Load) or isinstance(statement, ast.AugAssign):
                    yield node.id
        bound |= own


def _bound_inside(statement: ast.stmt) -> Iterator[str]:
    """Yield the parameters of lambdas and the variables of comprehensions in a statement."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Lambda):
            yield from (
                argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)
            )
        elif isinstance(node, ast.comprehension):
            yield from (n.id for n in ast.walk(node.target) if isinstance(n, ast.Name))


def _free(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names that code reads from outside of the cell, or that the cell itself binds."""
    outermost = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (outermost or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _free(child)


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements bind in the scope they stand in."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.alias):
                yield (node.asname or node.name).partition(".")[0]
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name


def _dotted(node: ast.AST) -> Iterator[str]:
    """Yield the dotted names that a node writes out: attributes and imports."""
    if isinstance(node, ast.Attribute):
        parts = [node.attr]
        inner: ast.AST = node.value
        while isinstance(inner, ast.Attribute) and len(parts) < 6:
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield ".".join([inner.id, *reversed(parts)])
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)
