"""Find the course on disk: its lessons, their exercises, and the checks that decide about answers.

An exercise is stated in a lesson notebook (title, points, difficulty, minutes, hints). Its checks
are the functions marked in ``tests/exercises/<lesson>/2_08.py`` and ``…/hidden/2_08.py``: hidden
checks by their place. Points come only from checks.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from seqkit import ROOT
from seqkit.course.checks import Check, Rules
from seqkit.course.lesson import Exercise, Lesson, read_lesson

HIDDEN = "hidden"  # the folder of what runs in grading only


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
    modules: tuple[str, ...] = ()

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
        return [path.stem for path in notebooks if self._folder(path.stem).is_dir()]

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

    def _folder(self, name: str) -> Path:
        return self.root / "tests" / "exercises" / name

    def _text(self, name: str) -> Lesson:
        if name not in self._texts:
            self._texts[name] = read_lesson(self.root / "lessons" / f"{name}.ipynb")
        return self._texts[name]

    def _load(self, name: str) -> LessonEntry:
        lesson, folder = self._text(name), CheckFolder(self._folder(name))
        entries = {
            id: Entry(stated, folder.checks(id), folder.rules(id))
            for id, stated in lesson.exercises.items()
        }
        imports = "\n".join(c.source for c in lesson.cells if c.kind == "imports")
        modules = [*_modules(imports), *_forbidden_helpers(entries.values())]
        return LessonEntry(lesson, entries, tuple(dict.fromkeys(modules)))


class CheckFolder:
    """The files of checks of one lesson, imported as a package of their own.

    ``2_08.py`` is its module ``ex_2_08``, so that ``hidden/2_08.py`` can say ``from ..ex_2_08
    import …``; what all of them share is imported as ``from .oracle import …``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = f"seqkit_checks_{folder.name}"
        for stale in [m for m in sys.modules if m.partition(".")[0] == self.package]:
            del sys.modules[stale]  # of another course, or before the files were edited
        _package(self.package, folder)
        _package(f"{self.package}.{HIDDEN}", folder / HIDDEN)

    def checks(self, id: str) -> tuple[Check, ...]:
        """Return the checks of an exercise, visible ones first."""
        found = []
        for hidden in (False, True):
            module = self._module(id, hidden=hidden)
            marked = [f.check for f in vars(module).values() if hasattr(f, "check")]
            own = [c for c in marked if c.function.__module__ == module.__name__]
            found += [replace(c, exercise=id, hidden=hidden) for c in own]
        return tuple(found)

    def rules(self, id: str) -> Rules:
        """Return what the exercise's file declares as ``rules``."""
        rules: Rules = getattr(self._module(id, hidden=False), "rules", Rules())
        return rules

    def _module(self, id: str, *, hidden: bool) -> ModuleType:
        """Import the file of an exercise, once; an empty module where there is none."""
        stem = file_stem(id)
        package = f"{self.package}.{HIDDEN}" if hidden else self.package
        name = f"{package}.ex_{stem}"
        if name in sys.modules:
            return sys.modules[name]
        path = (self.folder / HIDDEN if hidden else self.folder) / f"{stem}.py"
        if not path.exists():
            return ModuleType(name)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def file_stem(id: str) -> str:
    """Return how the files of an exercise are called: two digits, so that they sort.

    Examples
    --------
    >>> file_stem("2.8"), file_stem("1.10")
    ('2_08', '1_10')
    """
    lesson, _, number = id.partition(".")
    return f"{lesson}_{number:0>2}"


def _package(name: str, folder: Path) -> None:
    """Make a package of a folder that has no name Python could import."""
    package = sys.modules[name] = ModuleType(name)
    package.__path__ = [str(folder)]


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
