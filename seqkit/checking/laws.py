"""Try what holds for every exercise, so that no exercise has to say it again.

An exercise says how valid arguments are drawn and what comes out; :meth:`Laws.hold` calls the
answer with them in the ways that careless or lazy answers do not expect, and tells which law is
broken. Learners are promised the laws once, at the top of each lesson.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from seqkit.checking.diagnosis import parts_of
from seqkit.checking.expect import Mismatch, array, close, equal
from seqkit.checking.student import Handle, Student, StudentError

#: How the same values may lie in memory.
LAYOUTS = {
    "fortran": "in Fortran order",
    "strided": "every second row of a larger array",
    "reversed": "a reversed view, `a[::-1]`",
    "read-only": "read-only",
}
CHANGED = "The caller's {name} was changed by the call: work on a copy (`a = a + b`, not `a += b`)."
SHARED = (
    "What the first call returned changed when the function was called again: make a new array at "
    "every call, and keep no buffer."
)
LEFT_OVER = (
    "The same call gave something else after other calls: nothing may be left over from one call "
    "to the next."
)
REMEMBERED = (
    "The same array with other values in it is another argument: look at what it holds at every "
    "call, and remember nothing by name, size or `id`."
)
OWN = (
    "What a call returns is the caller's: here something was written into it, and the same call "
    "gave something else. Return a new array at every call: no argument itself, none that is kept."
)
BY_NAME = "Arguments may be given by name, in any order: call them as the statement does."
LAID_OUT = "The same values in another layout ({layout}) are the same argument."
WHOLE = "Whole numbers are numbers too: here {name} is of an integer dtype."
SIZED = "It has to work for any size: here {size}."
LARGEST = (
    "It has to hold up to the largest values that the statement allows, with no infinity on the "
    "way: exp of a large number is one, and infinity divided by infinity is nan."
)

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Laws:
    """What holds for one function of an exercise.

    Parameters
    ----------
    function : str
        Its name.
    draw : callable
        ``draw(rng, **sizes)`` returns valid arguments by name, in the order of the signature.
    expected : callable
        ``expected(*arguments)`` returns what comes out: a value, or a tuple of as many as there
        are ``parts``.
    parts : tuple of str
        What the parts of the result are called.
    large : mapping of str to int
        The sizes that ``draw`` takes, and a large one for each: larger than anybody tries by hand.
    whole : tuple of str
        Arguments that may be of an integer dtype.
    extreme : callable, optional
        ``extreme(rng)`` returns arguments with the largest values that the statement allows.
    compare : callable, optional
        ``compare(got, *arguments)`` raises what differs with its likeliest cause, for calls that
        break no law; without it the parts are compared with those expected.
    without : tuple of str
        Laws that do not hold here: ``"arguments" "results" "own" "names" "layouts" "ones"``, or a
        layout. Views are results that stay and are not their caller's ``own``.
    atol, rtol : float
        How far numbers may be from those expected.

    Examples
    --------
    >>> from seqkit.lab.kernel import LocalChannel
    >>> def scale(x, by):
    ...     x *= by
    ...     return x
    >>> laws = Laws("scale", lambda rng, n: {"x": rng.normal(size=n), "by": 2.0},
    ...             lambda x, by: x * by, large={"n": 300})
    >>> laws.hold(Student(LocalChannel({"scale": scale})), np.random.default_rng(0))
    Traceback (most recent call last):
    seqkit.checking.expect.Mismatch: gave x afterwards ... The caller's x was changed by the ...
    """

    function: str
    draw: Callable[..., Arguments]
    expected: Callable[..., Any]
    parts: tuple[str, ...] = ("the result",)
    large: Mapping[str, int] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    extreme: Callable[[np.random.Generator], Arguments] | None = None
    compare: Callable[..., None] | None = None
    without: tuple[str, ...] = ()
    atol: float = 1e-12
    rtol: float = 1e-9

    def hold(self, student: Student, rng: np.random.Generator) -> None:
        """Expect every law; a :class:`Mismatch` tells which is broken, and by which call."""
        small = self._sizes(rng)
        first = self.draw(rng, **small)
        self._compare(self._call(student, first), first, "")
        if len(self.large) > 1:  # so that every matrix fits every way round
            square = self.draw(rng, **dict.fromkeys(self.large, 3))
            why = "" if self.compare else SIZED.format(size="every size is 3")
            self._compare(self._call(student, square), square, why)
        extreme = None if self.extreme is None else self.extreme(rng)
        if extreme is not None:
            self._compare(self._call(student, extreme), extreme, LARGEST)
        if "arguments" not in self.without:
            self._arguments_stay(student, first)
        if "results" not in self.without:
            others = [self.draw(rng, **small) for _ in range(2)]
            self._results_stay(student, first, others)
            self._values_count(student, first, others[0])
            for arguments in (first, extreme):
                if arguments is not None and "own" not in self.without:
                    self._results_are_the_callers(student, arguments)
        if "names" not in self.without:
            order = rng.permutation(list(first)).tolist()
            named = {name: first[name] for name in order}
            self._compare(self._named(student, named), first, BY_NAME)
        if "layouts" not in self.without:
            self._any_layout(student, first)
        self._whole_numbers(student, first)
        self._any_size(student, rng, small)

    # ------------------------------------------------------------ one law each

    def _arguments_stay(self, student: Student, arguments: Arguments) -> None:
        kept = {name: student.keep(value) for name, value in arguments.items()}
        getattr(student, self.function)(*kept.values())
        for name, handle in kept.items():
            after = student.fetch(handle)
            if not isinstance(after, Handle):  # a generator, which is used up
                _unchanged(after, arguments[name], f"{name} afterwards", CHANGED.format(name=name))

    def _results_stay(self, student: Student, first: Arguments, others: list[Arguments]) -> None:
        kept = student.kept(self.function, *first.values())
        handles = kept if isinstance(kept, tuple) else (kept,)
        before = [student.fetch(handle) for handle in handles]
        for other in others:
            self._call(student, other)
        for value, handle in zip(before, handles, strict=True):
            _same(student.fetch(handle), value, SHARED)
        again = self._call(student, first)
        found = again if isinstance(kept, tuple) and isinstance(again, tuple | list) else (again,)
        for value, now in zip(before, found, strict=False):
            _same(now, value, LEFT_OVER)

    def _values_count(self, student: Student, first: Arguments, other: Arguments) -> None:
        """Write other values into arrays that were passed before, and pass them again."""
        places = [name for name, value in first.items() if _refillable(value, other[name])]
        if not places:
            return
        kept = {name: student.keep(first[name]) for name in places}
        self._call(student, {**first, **kept})
        for name, handle in kept.items():
            student.assign(handle, (), other[name])
        now = {**first, **{name: other[name] for name in places}}
        self._compare(self._call(student, {**now, **kept}), now, REMEMBERED)

    def _results_are_the_callers(self, student: Student, arguments: Arguments) -> None:
        """Write into what a call returned, and make the same call again."""
        if any(isinstance(value, Handle) for value in arguments.values()):
            return  # a generator, which is used up
        kept = {name: student.keep(value) for name, value in arguments.items()}
        returned = student.kept(self.function, *kept.values())
        for handle in returned if isinstance(returned, tuple) else (returned,):
            with contextlib.suppress(StudentError):  # it is no array, or nobody can write into it
                student.assign(handle, (), 7)
        self._compare(self._call(student, kept), arguments, OWN)

    def _any_layout(self, student: Student, arguments: Arguments) -> None:
        for layout, said in LAYOUTS.items():
            if layout in self.without:
                continue
            laid = _laid(student, list(arguments.values()), layout)
            found = self._try(student, laid, LAID_OUT.format(layout=said))
            self._compare(found, arguments, LAID_OUT.format(layout=said))

    def _whole_numbers(self, student: Student, arguments: Arguments) -> None:
        whole = arguments
        for name in self.whole:
            rounded = np.round(3 * np.asarray(arguments[name], float)).astype(np.int64)
            rounded.flat[-1] += 300  # more than a byte holds
            given = {**arguments, name: rounded}
            self._compare(self._call(student, given), given, WHOLE.format(name=name))
            whole = {**whole, name: rounded}
        if len(self.whole) > 1:
            why = WHOLE.format(name=f"each of {', '.join(self.whole)}")
            self._compare(self._call(student, whole), whole, why)

    def _any_size(self, student: Student, rng: np.random.Generator, small: Arguments) -> None:
        tried = (
            [] if "ones" in self.without else [(dict.fromkeys(self.large, 1), "every size is 1")]
        )
        for name, most in self.large.items():
            tried.append(({**small, name: most}, f"{name} is {most}"))
        for sizes, said in tried:
            arguments, why = self.draw(rng, **sizes), SIZED.format(size=said)
            self._compare(self._try(student, list(arguments.values()), why), arguments, why)

    # ------------------------------------------------------------ calls

    def _sizes(self, rng: np.random.Generator) -> dict[str, int]:
        """Draw small sizes, all different, so that no wrong axis fits by chance."""
        drawn = rng.permutation(np.arange(2, 4 + len(self.large)))[: len(self.large)].tolist()
        return dict(zip(self.large, drawn, strict=True))

    def _call(self, student: Student, arguments: Arguments) -> Any:
        return getattr(student, self.function)(*arguments.values())

    def _named(self, student: Student, arguments: Arguments) -> Any:
        try:
            return getattr(student, self.function)(**arguments)
        except StudentError as error:
            if error.untouched or error.type != "TypeError":
                raise
            raise Mismatch(f"raised {error}", BY_NAME) from None

    def _try(self, student: Student, arguments: list[Any], why: str) -> Any:
        """Call; an exception breaks the law that ``why`` tells."""
        try:
            return getattr(student, self.function)(*arguments)
        except StudentError as error:
            if error.untouched:
                raise
            raise Mismatch(f"raised {error}", why) from None

    def _compare(self, got: Any, arguments: Arguments, why: str) -> None:
        """Compare a result with what comes out of these arguments; ``why`` tells a broken law."""
        if self.compare is not None and not why:
            self.compare(got, *arguments.values())
            return
        expected = self.expected(*arguments.values())
        single = len(self.parts) == 1
        found = [got] if single else list(parts_of(got, *self.parts))
        for part, value, right in zip(
            self.parts, found, [expected] if single else expected, strict=True
        ):
            self._compare_part(value, right, part, why)

    def _compare_part(self, got: Any, right: Any, what: str, why: str) -> None:
        """Compare one part; several numbers or arrays item by item, so that rounding is none."""
        if isinstance(right, np.ndarray | float):
            close(got, right, what=what, why=why, atol=self.atol, rtol=self.rtol)
        elif isinstance(right, tuple) or _are_arrays(right):
            names = [f"{what}[{place}]" for place in range(len(right))]
            for value, item, name in zip(parts_of(got, *names), right, names, strict=True):
                self._compare_part(value, item, name, why)
        elif isinstance(right, dict) and isinstance(got, dict) and got.keys() == right.keys():
            for key, item in right.items():
                self._compare_part(got[key], item, str(key), why)
        else:
            equal(got, right, what=what, why=why)


def _refillable(value: Any, other: Any) -> bool:
    """Whether an array can take the values of another."""
    arrays = isinstance(value, np.ndarray) and isinstance(other, np.ndarray)
    return arrays and value.shape == other.shape and value.dtype == other.dtype


def _are_arrays(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, np.ndarray) for item in value)


def _laid(student: Student, value: Any, layout: str) -> Any:
    """Lay an array, or each array of a list, in another way."""
    if isinstance(value, list):
        return [_laid(student, item, layout) for item in value]
    return student.arranged(value, layout) if isinstance(value, np.ndarray) else value


def _unchanged(now: Any, before: Any, what: str, why: str) -> None:
    """Expect an argument to be what it was."""
    if not _are_arrays(before):
        equal(now, before, what=what, why=why)
        return
    equal(len(now), len(before), what=f"the length of {what}", why=why)
    for item, was in zip(now, before, strict=True):
        equal(item, was, what=f"an array of {what}", why=why)


def _same(now: Any, before: Any, why: str) -> None:
    """Expect a result to be what it was, to the last bit."""
    several = isinstance(before, list | tuple) and isinstance(now, list | tuple)
    if several and len(now) == len(before):
        for one, other in zip(now, before, strict=True):
            _same(one, other, why)
        return
    if isinstance(before, int | float | str | list | tuple | dict | bool) or before is None:
        equal(now, before, what="the first result", why=why)
        return
    a, b = array(now), array(before)
    if a.shape != b.shape or a.tobytes() != b.tobytes():
        raise Mismatch("gave a result that changed afterwards", why)
