"""Know the course: its lessons, their exercises, and the checks that decide about answers.

An exercise is stated in a lesson notebook (title, points, difficulty, minutes, hints); its checks
are pytest test functions in ``tests/exercises/``, marked with :func:`check`. A check takes
``student`` and, if it names them, ``rng`` (a seeded NumPy generator) and ``case`` (an input drawn
by :func:`generated`). Points come only from checks.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from seqkit import ROOT
from seqkit.grading.reading.lesson import Exercise, Lesson, read_lesson
from seqkit.grading.student import StudentError

VISIBLE_SEED = 0
MOST_ATTEMPTS = 150  # of shrinking a failing case: a count, so that messages never depend on speed


def _number_of(text: str, size: int = 8) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:size], "big")


def once_more(seed: int) -> int:
    """Return the seed of what is asked a second time: the first time told nothing of it.

    Examples
    --------
    >>> once_more(7) == once_more(7), once_more(7) == 7
    (True, False)
    """
    return _number_of(f"{seed}/once more")


@dataclass(frozen=True)
class Check:
    """One property of an answer, its points, and the function that looks.

    Parameters
    ----------
    exercise : str
        ``"1.3"``.
    title : str
        The property, in words a learner reads: the function's docstring.
    points : float
    hidden : bool
        Whether it runs in grading only.
    goal : bool
        Whether it trains something and may be left out.
    seconds : float
        CPU seconds it may take.
    function : callable
    strategy : Hypothesis strategy or None
        Where its ``case`` comes from.
    examples : int
        How many cases are drawn.
    """

    exercise: str
    title: str
    points: float
    hidden: bool
    goal: bool
    seconds: float
    function: Callable[..., None]
    strategy: Any = None
    examples: int = 0
    takes_rng: bool = False

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.function.__name__

    def seed(self, seed: int) -> int:
        """Return this check's own seed, from the batch's for hidden checks, fixed for visible."""
        text = f"{seed if self.hidden else VISIBLE_SEED}/{self.exercise}/{self.name}"
        return _number_of(text)

    def worker_seed(self, seed: int) -> int:
        """Return what the learner's generators are seeded with: nothing that tells our own."""
        return _number_of(f"{self.seed(seed)}/worker", 4)  # NumPy takes no more

    def run(self, student: Any, seed: int) -> None:
        """Look at an answer; an exception means it does not have the property."""
        own = self.seed(seed)
        if self.strategy is None:
            self._look(student, own)
            return
        for case in cases(self, own):
            try:
                self._look(student, own, case=case)
            except Exception as error:
                known = isinstance(error, AssertionError | StudentError)
                if known and not self.hidden and not is_untouched(error):
                    self._fail_smallest(student, own, case)
                raise

    def _fail_smallest(self, student: Any, seed: int, case: Any) -> None:
        """Fail with the smallest case; do nothing if the answer does not live that long."""
        student.allow(self.seconds)
        smallest = self._shrink(student, seed, case)
        try:
            self._look(student, seed, case=smallest)
        except (AssertionError, StudentError):
            raise
        except Exception:  # its process ended: the failure that is known already will do
            return

    def _look(self, student: Any, seed: int, **arguments: Any) -> None:
        if "case" in arguments:
            arguments["case"] = copy.deepcopy(arguments["case"])  # a check may change its own
        if self.takes_rng:
            arguments["rng"] = np.random.default_rng(seed)
        self.function(student=student, **arguments)

    def _shrink(self, student: Any, seed: int, failing: Any) -> Any:
        """Return the smallest case that fails, after a bounded number of attempts."""
        from hypothesis import given
        from hypothesis import seed as seeded

        best, attempts = failing, 0

        def attempt(case: Any) -> None:
            nonlocal best, attempts
            attempts += 1
            if attempts > MOST_ATTEMPTS:
                raise _EnoughError
            try:
                self._look(student, seed, case=case)
            except Exception:
                best = case  # while it shrinks, Hypothesis only moves to simpler cases
                raise

        with contextlib.suppress(Exception, _EnoughError):
            seeded(seed)(_settings(self.examples)(given(case=self.strategy)(attempt)))()
        return best


def is_untouched(error: Exception) -> bool:
    """Return whether an error only says that nobody has answered the exercise yet."""
    return isinstance(error, StudentError) and error.untouched


class _EnoughError(BaseException):
    """Ends Hypothesis's search."""


def _settings(examples: int) -> Any:
    from hypothesis import HealthCheck, Phase, settings

    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )


@cache
def cases(check: Check, seed: int) -> list[Any]:
    """Return the cases of a check, drawn once for a whole batch, the shortest first."""
    from hypothesis import given
    from hypothesis import seed as seeded

    drawn: list[Any] = []

    def collect(case: Any) -> None:
        drawn.append(case)

    seeded(seed)(_settings(check.examples)(given(case=check.strategy)(collect)))()
    return sorted(drawn, key=lambda case: len(repr(case)))


# ---------------------------------------------------------------- what a test file says


@dataclass(frozen=True)
class Rules:
    """What an exercise's answer must define and must not use; whether it is done in NumPy alone."""

    defines: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    numpy: bool = False


_rules: dict[str, Rules] = {}


def exercise(
    id: str, defines: list[str], forbids: list[str] | None = None, *, numpy: bool = False
) -> None:
    """Say what an exercise's answer must define, and which library names it must do without.

    With ``numpy`` it is done in NumPy: an answer that names another framework is noted for review.
    """
    _rules[id] = Rules(tuple(defines), tuple(forbids or ()), numpy)


def check(
    exercise: str, points: float, *, hidden: bool = False, goal: bool = False, seconds: float = 5.0
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test function as a check of an exercise; its docstring is the title a learner sees.

    Examples
    --------
    >>> @check("9.9", points=1)
    ... def test_doubles(student):
    ...     "doubles a number"
    ...     assert student.double(2) == 4, "2 doubled is 4"
    >>> test_doubles.check.title
    'doubles a number'
    """

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        title = " ".join((function.__doc__ or function.__name__).split())
        strategy, examples = getattr(function, "generated", (None, 0))
        function.check = Check(  # type: ignore[attr-defined]
            exercise, title, points, hidden, goal, seconds, function, strategy, examples,
            "rng" in inspect.signature(function).parameters,
        )  # fmt: skip
        return function

    return mark


def generated(
    strategy: Any, examples: int = 25
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a check its ``case``: drawn from a Hypothesis strategy, shrunk when it fails."""

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        function.generated = (strategy, examples)  # type: ignore[attr-defined]
        return function

    return mark


# ---------------------------------------------------------------- the course


@dataclass(frozen=True)
class Entry:
    """An exercise with its checks."""

    exercise: Exercise
    checks: tuple[Check, ...]
    rules: Rules


@dataclass(frozen=True)
class LessonEntry:
    """A lesson with its exercises, and the modules that its code or an answer may import."""

    lesson: Lesson
    entries: dict[str, Entry]
    modules: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """Name of the notebook without its ending."""
        return self.lesson.name


class Catalogue:
    """The lessons of a course folder.

    Parameters
    ----------
    root : Path
        The folder that holds ``lessons/`` and ``tests/exercises/``.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._texts: dict[str, Lesson] = {}
        self._loaded: dict[str, LessonEntry] = {}

    def names(self) -> list[str]:
        """Return the names of all lessons that have checks, in order."""
        notebooks = sorted((self.root / "lessons").glob("[0-9]*.ipynb"))
        return [path.stem for path in notebooks if self._tests(path.stem).exists()]

    def texts(self) -> dict[str, Lesson]:
        """Return every lesson by name, without its checks and the libraries that they import."""
        return {name: self._text(name) for name in self.names()}

    def lesson(self, name: str) -> LessonEntry:
        """Return a lesson by name, by number (``"1"``) or by an exercise of it (``"1.3"``).

        Raises
        ------
        KeyError
            If there is none; the message lists those there are.
        """
        found = [n for n in self.names() if n == name or _number(n) == name.partition(".")[0]]
        if not found:
            raise KeyError(f"there is no lesson {name!r}; there are {', '.join(self.names())}")
        if found[0] not in self._loaded:
            self._loaded[found[0]] = self._load(found[0])
        return self._loaded[found[0]]

    def lessons(self) -> Iterator[LessonEntry]:
        """Yield every lesson."""
        yield from map(self.lesson, self.names())

    def entry(self, id: str) -> Entry:
        """Return an exercise by its id, ``"1.3"``."""
        entries = self.lesson(id).entries
        if id not in entries:
            raise KeyError(f"there is no exercise {id!r}; this lesson has {', '.join(entries)}")
        return entries[id]

    def _tests(self, name: str) -> Path:
        return self.root / "tests" / "exercises" / f"test_{name}.py"

    def _text(self, name: str) -> Lesson:
        if name not in self._texts:
            self._texts[name] = read_lesson(self.root / "lessons" / f"{name}.ipynb")
        return self._texts[name]

    def _load(self, name: str) -> LessonEntry:
        lesson = self._text(name)
        _rules.clear()  # another course may have had an exercise of the same number
        module = _import(self._tests(name))
        checks = [f.check for f in vars(module).values() if hasattr(f, "check")]
        entries = {
            id: Entry(stated, tuple(c for c in checks if c.exercise == id), _rules.get(id, Rules()))
            for id, stated in lesson.exercises.items()
        }
        imports = "\n".join(c.source for c in lesson.cells if c.kind == "imports")
        modules = [*_modules(imports), *_forbidden_helpers(entries.values())]
        return LessonEntry(lesson, entries, tuple(dict.fromkeys(modules)))


def _number(name: str) -> str:
    return name.partition("_")[0].lstrip("0")


def _modules(source: str) -> Iterator[str]:
    """Yield the modules that a cell of ours imports, but for the one inert in the sandbox."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "seqkit":
            names = [f"seqkit.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        yield from (name for name in names if name not in ("seqkit", "seqkit.lab", "__future__"))


def _forbidden_helpers(entries: Iterable[Entry]) -> list[str]:
    """Return the modules of ours from which an exercise forbids something."""
    names = {name.rpartition(".")[0] for entry in entries for name in entry.rules.forbids}
    return sorted(name for name in names if name.startswith("seqkit."))


def _import(path: Path) -> ModuleType:
    """Import a file of checks by path, afresh if it has changed."""
    name = f"seqkit_checks_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
