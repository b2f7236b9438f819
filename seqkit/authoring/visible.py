"""Takes the hidden checks out of a file of checks, with everything that only they use."""

from __future__ import annotations

import ast
import symtable

from seqkit.authoring.steps import ReleaseError


def without_hidden(source: str, name: str) -> str:
    """Take the hidden checks out of a file of checks, with everything that only they use.

    Parameters
    ----------
    source : str
        A module whose checks are marked ``@check(…, hidden=True)``.
    name : str
        Its file name, for errors.

    Returns
    -------
    str
        The module with the visible checks exactly as they were.

    Raises
    ------
    ReleaseError
        If it cannot be told which checks are hidden, or one cannot be taken out.

    Examples
    --------
    >>> print(without_hidden('''SECRET = 7
    ...
    ... @check("1.1", points=1)
    ... def test_one(student):
    ...     assert student.f(1) == 2
    ...
    ... @check("1.1", points=1, hidden=True)
    ... def test_any(student):
    ...     assert student.f(SECRET) == 8
    ... ''', "test_01.py"), end="")
    @check("1.1", points=1)
    def test_one(student):
        assert student.f(1) == 2
    """
    source = source.replace("\r\n", "\n")
    body = ast.parse(source).body
    hidden = [node for node in body if _is_hidden(node, name)]
    gone = _only_hidden(body, hidden)
    kept = [node for node in body if node not in gone]
    lines = source.split("\n")
    for node in reversed(gone):
        begin, end = _span(node, lines)
        if any(begin < (other.end_lineno or 0) and other.lineno <= end for other in kept):
            raise ReleaseError(f"{name}, line {node.lineno}: put this statement on its own lines.")
        del lines[begin:end]
    result = "\n".join(lines).rstrip("\n") + "\n"
    left = ast.parse(result)
    if [ast.dump(node) for node in left.body] != [ast.dump(node) for node in kept]:
        raise ReleaseError(f"{name}: its hidden checks cannot be taken out; write them plainly.")
    for word in ast.walk(left):
        if isinstance(word, ast.keyword) and word.arg == "hidden" and not _says_false(word.value):
            raise ReleaseError(f"{name}: write hidden=True only in @check(…) above a function.")
    return result


def _says_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _is_hidden(node: ast.stmt, name: str) -> bool:
    """Tell whether a statement is a hidden check; refuse what only running the file could tell."""
    for decorator in getattr(node, "decorator_list", []):
        if not isinstance(decorator, ast.Call) or not _is_check(decorator.func):
            continue
        for word in decorator.keywords:
            if word.arg is None or (
                word.arg == "hidden" and not isinstance(word.value, ast.Constant)
            ):
                where = f"{name}, line {decorator.lineno}"
                raise ReleaseError(f"{where}: write hidden=True or leave it out, nothing else.")
            if word.arg == "hidden" and not _says_false(word.value):
                return True
    return False


def _is_check(function: ast.expr) -> bool:
    return getattr(function, "id", getattr(function, "attr", "")) == "check"


def _only_hidden(body: list[ast.stmt], hidden: list[ast.stmt]) -> list[ast.stmt]:
    """Return hidden checks and the definitions that nothing visible needs."""
    names = {id(node): _names(node) for node in body}
    makers: dict[str, list[ast.stmt]] = {}
    for node in body:
        for name in names[id(node)][0]:
            makers.setdefault(name, []).append(node)

    def reached(start: list[ast.stmt]) -> set[int]:
        found: set[int] = set()
        todo = list(start)
        while todo:
            node = todo.pop()
            if id(node) not in found:
                found.add(id(node))
                todo += [maker for name in names[id(node)][1] for maker in makers.get(name, [])]
        return found

    def visible(node: ast.stmt) -> bool:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return getattr(node.value.func, "id", "") == "exercise"
        return isinstance(node, ast.FunctionDef) and (
            node.name.startswith(("test", "pytest_"))
            or any(_is_check(getattr(d, "func", d)) for d in node.decorator_list)
        )

    secret = reached(hidden)
    open_ = reached([node for node in body if visible(node) and node not in hidden])
    gone = [node for node in body if id(node) in secret - open_]
    lost = {name for node in gone for name in names[id(node)][0]}
    # statements that define nothing, such as TABLE.update(…), go with what they speak of
    while more := [
        node
        for node in body
        if node not in gone and id(node) not in open_ and lost & names[id(node)][1]
    ]:
        gone += more
        lost |= {name for node in more for name in names[id(node)][0]}
    return [node for node in body if node in gone]


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    """Return the names that a statement at the top of a module binds, and those it uses."""
    table = symtable.symtable(ast.unparse(node), "statement", "exec")
    binds, uses = set(), set()
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            binds.add(symbol.get_name())
        if symbol.is_referenced():
            uses.add(symbol.get_name())
    # pytest passes fixtures by the names of parameters
    if isinstance(node, ast.FunctionDef) and (node.decorator_list or node.name[:4] == "test"):
        uses |= {argument.arg for argument in node.args.args}
    inner = table.get_children()
    while inner:
        scope = inner.pop()
        uses |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
        inner += scope.get_children()
    return binds, uses


def _span(node: ast.stmt, lines: list[str]) -> tuple[int, int]:
    """Return the lines of a statement, with comments that belong to it and blank lines below."""
    decorators = [decorator.lineno for decorator in getattr(node, "decorator_list", [])]
    begin = min([node.lineno, *decorators]) - 1
    while begin > 0 and lines[begin - 1].startswith("#"):
        begin -= 1
    end = node.end_lineno or node.lineno
    tail = end
    while tail < len(lines) and (not lines[tail].strip() or lines[tail].lstrip().startswith("#")):
        if lines[tail].startswith("#"):
            break
        tail += 1
        if lines[tail - 1].strip():
            end = tail  # a comment at the end of the function's body
    # blank lines stay on one side only
    while end < len(lines) and not lines[end].strip() and not (begin and lines[begin - 1].strip()):
        end += 1
    return begin, end
