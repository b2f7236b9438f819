"""Makes the stub that an answer leaves: what a learner starts from."""

from __future__ import annotations

import ast

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def stub(source: str, number: str) -> str:
    """Replace each solution in an answer by what a learner starts from.

    Parameters
    ----------
    source : str
        An answer with ``### BEGIN SOLUTION`` … ``### END SOLUTION`` in its functions, in its
        methods, or round the whole body of a class; a block outside of both (helpers of the
        answer) leaves nothing.
    number : str
        The exercise, ``"1.7"``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the marks do not pair, a block is empty, or what is left is no valid Python.

    Examples
    --------
    >>> print(stub('''def f(x):
    ...     "Double x."
    ...     ### BEGIN SOLUTION
    ...     return 2 * x
    ...     ### END SOLUTION''', "1.1"))
    def f(x):
        "Double x."
        # YOUR CODE HERE
        raise NotImplementedError("exercise 1.1")
    """
    lines = source.split("\n")
    blocks = _blocks(lines)
    tree = _parsed(source, "its solution")
    left: list[str] = []
    after, owners = 0, []
    for begin, end in blocks:
        left += lines[after:begin]
        owner = _owner(tree, begin + 1, end + 1)
        owners.append(owner)
        after = end + 1
        if owner is None:
            while after < len(lines) and not lines[after].strip():
                after += 1
        else:
            indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
            left += [indent + line for line in _replacement(owner, number)]
    left += lines[after:]
    if not any(owners):
        raise ValueError("put the solution inside a function or class, below its docstring")
    result = "\n".join(left).strip("\n")
    for node in _parsed(result, "what is left without its solution").body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node):
            raise ValueError(f"give {node.name} a docstring above its solution")
    return result


def _blocks(lines: list[str]) -> list[tuple[int, int]]:
    """Pair the marks: where each block begins and ends."""
    blocks, begin = [], None
    for index, line in enumerate(lines):
        if line.strip() == BEGIN:
            if begin is not None:
                raise ValueError(f"line {index + 1} begins a solution inside a solution")
            begin = index
        elif line.strip() == END:
            if begin is None:
                raise ValueError(f"line {index + 1} ends a solution that never began")
            blocks.append((begin, index))
            begin = None
    if begin is not None:
        raise ValueError(f"the solution that begins in line {begin + 1} has no `{END}`")
    if not blocks:
        raise ValueError(f"mark its solution with `{BEGIN}` and `{END}`")
    return blocks


def _parsed(source: str, what: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as trouble:
        raise ValueError(f"{what} is not valid Python (line {trouble.lineno})") from None


def _owner(tree: ast.Module, begin: int, end: int) -> ast.AST | None:
    """Return the innermost function or class round a block; None at the top of the cell."""
    inside = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and begin < n.lineno < end]
    if not inside:
        raise ValueError(f"the solution that begins in line {begin} is empty")
    first = min(node.lineno for node in inside)
    scopes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.lineno < begin
        and first <= (node.end_lineno or 0)
    ]
    return max(scopes, key=lambda node: node.lineno, default=None)


def _replacement(owner: ast.AST, number: str) -> list[str]:
    refuse = f'raise NotImplementedError("exercise {number}")'
    if isinstance(owner, ast.ClassDef):
        return ["# YOUR CODE HERE", "def __init__(self, *args, **kwargs):", f"    {refuse}"]
    return ["# YOUR CODE HERE", refuse]
