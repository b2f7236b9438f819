"""Learn from the reference answers what each check asks, and ask a class all of it at once.

A check asks one question after another, and each costs a way to the learner's process and back.
What it asks seldom depends on the answers. So the reference answers are looked at once before a
class, and the questions noted. From then on the questions of many checks go out together, and each
check finds the replies waiting. A check whose later questions would tell what an earlier one asks
for takes several exchanges, one after another. One that asks something else after all is looked at
again, question by question, if it is hidden with inputs of another seed. What takes long, such as
training, is never asked at once: it would be done twice then.
"""

from __future__ import annotations

import pickle
import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice, pairwise
from typing import Any

import numpy as np

from seqkit.checking.asks import Asks, RemoteError, ask_all, question, value_of
from seqkit.checking.cases import cases
from seqkit.checking.verdict import Outcome, judge
from seqkit.course.catalogue import Entry
from seqkit.course.checks import Check
from seqkit.grading.inside import wire
from seqkit.limits import (
    EXCHANGE_BYTES,
    EXCHANGE_PATIENCE,
    EXCHANGE_SECONDS,
    EXCHANGE_TIMES,
    OUTCOMES_KEPT,
    TRACED_ITEMS,
)

Key = tuple[str, bool, str]


class Strayed(BaseException):
    """A check asked something else than in rehearsal; no check may catch this."""


@dataclass(frozen=True)
class Script:
    """What a check asks, and what it took in rehearsal.

    Attributes
    ----------
    begin : bytes
        The frame that starts the check.
    exchanges : tuple of tuples of bytes
        The frames of what it asks, one exchange after another.
    size : int
        Bytes of the replies.
    seconds : float
        By the clock, the check's own work among them.
    """

    begin: bytes
    exchanges: tuple[tuple[bytes, ...], ...]
    size: int
    seconds: float

    @cached_property
    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        """The questions as data."""
        frames = chain.from_iterable(self.exchanges)
        return [wire.decode(frame, lambda reference: reference) for frame in frames]


@dataclass
class Rehearsal:
    """What was learnt of a lesson's checks from the reference answers, by :attr:`Check.key`.

    Attributes
    ----------
    scripts : dict of Script
        What each asks, where it can be asked at once.
    faults : dict of str
        How the reference fails it, where it does: then the check is at fault.
    """

    scripts: dict[Key, Script] = field(default_factory=dict)
    faults: dict[Key, str] = field(default_factory=dict)

    def add(self, other: Rehearsal) -> None:
        """Take in what was learnt of other checks."""
        self.scripts |= other.scripts
        self.faults |= other.faults

    def packed(self) -> bytes:
        """Return it as bytes, for other processes of ours: nobody else's are ever unpacked."""
        return zlib.compress(pickle.dumps(self), 1)

    @classmethod
    def unpacked(cls, data: bytes) -> Rehearsal:
        """Return what was packed."""
        rehearsal: Rehearsal = pickle.loads(zlib.decompress(data))
        return rehearsal


class Noting:
    """Pass a check's questions on, and note which of them may go out together.

    A new exchange begins where a question would tell what an earlier one asks for, and before
    anything is written into the learner's objects. What passes a function has to be asked live.
    """

    def __init__(self, asks: Asks) -> None:
        self.asks = asks
        self.exchanges: list[list[bytes]] = [[]]
        self.size = 0
        self.plain = True
        self.told: set[Trace] = set()  # what the replies of this exchange tell
        self.known: set[Trace] = set()  # what questions told before
        # calls of one thing that raised, and that gave an object: what comes next would show which
        self.gave: dict[str, dict[bytes, str]] = {}

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check."""
        self.asks.begin(seed, forbid)

    def finish(self) -> None:
        """End a check."""
        self.asks.finish()
        shown = {f for calls in self.gave.values() if len({*calls.values()}) > 1 for f in calls}
        self.exchanges = [part for frames in self.exchanges for part in _cut(frames, shown)]

    def allow(self, seconds: float) -> None:
        """Give CPU seconds from now on."""
        self.asks.allow(seconds)

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return the answer."""
        given = [*arguments.get("args", ()), arguments.get("value")]
        given += [v for key in ("kwargs", "values") for v in arguments.get(key, {}).values()]
        held = {trace for value in given for trace in traces(value, counts=True)}
        new = {trace for trace in held if trace not in self.known or trace[0] == "count"}
        try:
            frame = question(operation, **arguments)
        except wire.WireError:  # it passes a function, which is called back
            self.plain, frame = False, b""
        if operation == "assign" or new & self.told:
            self.exchanges.append([])
            self.told.clear()
        self.exchanges[-1].append(frame)
        self.known |= held
        try:
            reply = self.asks.request(operation, **arguments)
        except RemoteError:
            self._note("an error", frame, arguments)
            raise
        parts = reply if isinstance(reply, tuple) else (reply,)
        if any(isinstance(part, wire.Reference) for part in parts):
            self._note("an object", frame, arguments)
        self.told |= {trace for part in parts for trace in traces(part)}
        self.size += len(wire.encode(reply))
        return reply

    def _note(self, gave: str, frame: bytes, arguments: dict[str, Any]) -> None:
        """Note that a call raised, or gave an object."""
        called = f"{arguments.get('target')} {arguments.get('path')}"
        self.gave.setdefault(called, {})[frame] = gave


def _cut(frames: list[bytes], after: set[bytes]) -> Iterator[list[bytes]]:
    """Yield the parts of an exchange, cut after some of its questions."""
    part: list[bytes] = []
    for frame in frames:
        part.append(frame)
        if frame in after:
            yield part
            part = []
    if part or not frames:
        yield part


Trace = tuple[str, Any]


def traces(value: Any, counts: bool = False, whole: bool = True) -> Iterator[Trace]:
    """Yield what a value tells that could be an answer, or that an answer can be read from.

    These are numbers by their size, whatever their sign; strings; what stands next to what, in
    lists and in text; and, of what is passed, how many items it has. Whole numbers in lists stand
    everywhere and tell nothing by themselves.

    Examples
    --------
    >>> for trace in traces((["no", "yes"], 5, -0.25)):
    ...     print(*trace)
    beside ('no', 'yes')
    text no
    text yes
    count 5
    number 0.25
    >>> list(traces(["s"], counts=True))
    [('count', '1'), ('alone', 's')]
    """
    if isinstance(value, wire.Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        if counts:
            yield from (("count", _key(size)) for size in value.shape)
        value = value.tolist() if value.size <= TRACED_ITEMS else None
    if isinstance(value, bool | np.bool_):
        return
    if isinstance(value, int | float | complex | np.number):
        if isinstance(value, int | np.integer) or (
            isinstance(value, float | np.floating) and float(value).is_integer()
        ):
            yield from [("count", _key(value))] if whole else []
        else:
            yield "number", _key(value)
    elif isinstance(value, str):
        if len(value) > 1:
            yield "text", value
        yield from (("beside", pair) for pair in pairwise(value.split()))
    elif isinstance(value, list | tuple | set | frozenset | dict):
        yield from _traces_of_items(value, counts, whole)


def _traces_of_items(value: Collection[Any], counts: bool, whole: bool) -> Iterator[Trace]:
    items = [*value.values()] if isinstance(value, dict) else [*value]
    several = whole and isinstance(value, tuple)  # answers, each of them whole
    if counts:
        yield "count", _key(len(items))
    if not several:
        keys = [_key(item) for item in items]
        yield from (("alone", key) for key in keys if len(keys) == 1)
        yield from (("beside", pair) for pair in pairwise(keys))
    for item in items:
        yield from traces(item, counts, several)


def _key(item: Any) -> str:
    """Return an item as it stands in a trace: numbers by their size."""
    if isinstance(item, int | float | complex | np.number) and not isinstance(item, bool):
        return f"{abs(item):.6g}"
    return item if isinstance(item, str) else repr(item)


class Played:
    """Answer a check's questions from replies that are here already."""

    def __init__(self, script: Script, replies: Sequence[bytes]) -> None:
        self.script = script
        self.replies = replies
        self.position = 0

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Do nothing: the learner's process has begun this check."""

    def finish(self) -> None:
        """Do nothing."""

    def allow(self, seconds: float) -> None:
        """Do nothing: nothing is computed any more."""

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return the answer.

        Raises
        ------
        Strayed
            If the script has another question here, or the reply is none.
        RemoteError
            If the learner's code raised.
        """
        position, self.position = self.position, self.position + 1
        try:
            if not same_data((operation, arguments), self.script.asked[position]):
                raise Strayed
            return value_of(self.replies[position])
        except (IndexError, wire.WireError):
            raise Strayed from None


_SAME_IF_EQUAL = frozenset({type(None), bool, int, str, bytes})


def same_data(a: Any, b: Any) -> bool:
    """Whether two values are the same plain data, type for type and bit for bit.

    Examples
    --------
    >>> nan = float("nan")
    >>> same_data([1, (2.0, "x")], [1, (2.0, "x")]), same_data(1, True), same_data(nan, nan)
    (True, False, True)
    """
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is list or kind is tuple:
        return len(a) == len(b) and all(map(same_data, a, b))
    if kind is dict:
        return len(a) == len(b) and all(map(same_data, a.items(), b.items()))
    if a is b:
        return True
    if kind in _SAME_IF_EQUAL:
        return bool(a == b)
    if kind is float:
        return bool(a.hex() == b.hex())
    if kind is np.ndarray and not a.dtype.hasobject:
        same = a.dtype == b.dtype and a.shape == b.shape
        return bool(same and a.tobytes() == b.tobytes())
    return question("", value=a) == question("", value=b)


def rehearse(check: Check, asks: Asks, entry: Entry, seed: int) -> tuple[Outcome, Script | None]:
    """Return what a check finds of the reference answer, and what it asks.

    There is no script of what fails, or has to be asked live: it passes a function that is called
    back, takes long by its own word, or is much.
    """
    noting = Noting(asks)
    if check.strategy is not None:  # what is drawn is told by no answer
        noting.known |= {t for case in cases(check, check.seed(seed)) for t in traces(case)}
    started = time.monotonic()
    asks.allow(check.seconds)
    outcome = judge(check, noting, entry, seed)
    seconds = time.monotonic() - started
    exchanges = tuple(map(tuple, noting.exchanges))
    asked = sum(map(len, chain.from_iterable(exchanges)))
    live = not noting.plain or check.takes_long or max(asked, noting.size) > EXCHANGE_BYTES
    if live or not outcome.passed:
        return outcome, None
    begin = question("begin", seed=check.worker_seed(seed), forbid=list(entry.rules.forbids))
    return outcome, Script(begin, exchanges, noting.size, seconds)


def together(checks: Iterable[tuple[Check, Script]]) -> Iterator[list[tuple[Check, Script]]]:
    """Yield checks in groups: the replies fit into one exchange, and none takes long.

    A check that takes several exchanges is a group of its own.
    """
    group: list[tuple[Check, Script]] = []
    size, seconds = 0, 0.0
    for check, script in checks:
        if len(script.exchanges) > 1:
            yield [(check, script)]
            continue
        size, seconds = size + script.size, seconds + script.seconds
        if group and (size > EXCHANGE_BYTES or seconds > EXCHANGE_SECONDS):
            yield group
            group, size, seconds = [], script.size, script.seconds
        group.append((check, script))
    if group:
        yield group


def allowance(group: Sequence[tuple[Check, Script]]) -> float:
    """Return the CPU seconds that a group may take: no more than each of its checks by itself."""
    rehearsed = sum(script.seconds for _, script in group)
    return min(
        EXCHANGE_PATIENCE + EXCHANGE_TIMES * rehearsed, *(check.seconds for check, _ in group)
    )


def ask(group: Sequence[tuple[Check, Script]], asks: Asks) -> dict[Check, Sequence[bytes]]:
    """Ask all that the checks of a group ask; return the replies of each, or nothing."""
    first = [frame for _, script in group for frame in (script.begin, *script.exchanges[0])]
    more = [exchange for _, script in group for exchange in script.exchanges[1:]]
    try:
        replies = chain.from_iterable([ask_all(asks, frames) for frames in (first, *more)])
    except wire.WireError:
        return {}
    return {
        check: list(islice(replies, 1 + sum(map(len, script.exchanges))))[1:]
        for check, script in group
    }


class Outcomes:
    """What checks found in replies: the same replies need not be looked at twice.

    A check is given its inputs by the seed; what it finds depends on the replies and nothing else.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[Check, bytes], Outcome] = {}

    def of(
        self, check: Check, entry: Entry, seed: int, script: Script, replies: Sequence[bytes]
    ) -> Outcome | None:
        """Return what a check finds; None where it strays and has to ask by itself."""
        digest = sha256()
        for reply in replies:
            digest.update(len(reply).to_bytes(8))
            digest.update(reply)
        key = check, digest.digest()
        if key not in self.known:
            found = play(check, entry, seed, script, replies)
            if found is None:
                return None
            if len(self.known) >= OUTCOMES_KEPT:
                self.known.clear()
            self.known[key] = found
        return self.known[key]


def play(
    check: Check, entry: Entry, seed: int, script: Script, replies: Sequence[bytes]
) -> Outcome | None:
    """Return what a check finds in replies; None where it strays and has to ask by itself."""
    played = Played(script, replies)
    try:
        outcome = judge(check, played, entry, seed)
    except Strayed:
        return None
    all_asked = played.position == len(script.asked)
    return outcome if all_asked or not outcome.passed else None
