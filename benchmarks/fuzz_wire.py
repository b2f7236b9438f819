"""Throws damaged and invented frames at the wire, for as long as one likes.

    python benchmarks/fuzz_wire.py --seconds 600

Every input is decoded, looked at as checks look at answers, and read through a channel as if a
submission had sent it. A finding is whatever ends otherwise than as plain data or as a refusal, or
takes longer than a second of CPU time. atheris steers by coverage where it is installed; else
inputs are mutations of good frames, by bytes and by structure, from a seeded generator.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import random
import resource
import secrets
import struct
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import msgpack
import numpy as np

try:
    import atheris
except ImportError:
    atheris = None

with atheris.instrument_imports(["seqkit.grading"]) if atheris else contextlib.nullcontext():
    from seqkit.checking import expect
    from seqkit.checking.asks import Ended, RemoteError, value_of
    from seqkit.checking.student import Student, short
    from seqkit.grading.inside import wire
    from seqkit.grading.sandbox.channel import Channel

SLOW = 1.0  # CPU seconds
EXPECTED = [np.arange(3.0), [1, 2], "ab", {"a": 1}, True, 2.5, np.array([[1, 2]]), None]
TOKEN = 7  # of every request here: a stranger who guessed it gets furthest


# ---------------------------------------------------------------- what an input goes through


def decode(data: bytes) -> Any:
    """Decode a frame; WireError is the one way to refuse it."""
    return wire.decode(data, lambda reference: reference)


def look(value: Any) -> None:
    """Look at a value as checks do: it is as expected, or a Mismatch says why not."""
    short(value)
    for expected in EXPECTED:
        for compare in (expect.equal, expect.close, expect.shape, expect.dtype):
            with contextlib.suppress(Exception):  # a verdict takes every Exception
                if compare is expect.shape:
                    compare(value, (3,))
                elif compare is expect.dtype:
                    compare(value, "int")
                else:
                    compare(value, expected)


class _Nobody:
    """Stands in for the sandbox of a channel: nothing is to be told or ended."""

    alive = True

    def send(self, message: dict[str, Any]) -> None:
        pass

    def kill(self, number: int, broken: bool = False) -> str:
        return "closed"


def converse(data: bytes) -> None:
    """Let a channel read the bytes as the answer of a submission that then ends."""
    questions_in, questions = os.pipe()
    answers, answers_out = os.pipe()
    for descriptor in (questions, answers, answers_out):
        os.set_blocking(descriptor, False)
    with contextlib.suppress(BlockingIOError):
        os.write(answers_out, data)
    os.close(answers_out)
    asked = Channel(_Nobody(), 1, questions, answers)  # type: ignore[arg-type]
    asked.deadline = time.monotonic() + 2.0
    student = Student(asked)
    with contextlib.suppress(wire.WireError, RemoteError):
        value_of(data)
    try:
        for name in ("f", "g"):
            with contextlib.suppress(Ended, Exception):
                look(getattr(student, name)(lambda x: x, 1))
    finally:
        asked.end("closed")
        os.close(questions_in)


def one(data: bytes) -> str:
    """Put one input through everything; return whether it was data, refused, or how it failed."""
    started, outcome = time.process_time(), "refused"
    try:
        value = decode(data)
        outcome = "data"
        look(value)
        if decode(wire.encode(value)) is None and value is not None:
            return "finding: it did not come back"
    except wire.WireError:
        pass
    except Exception as error:
        return f"finding: {type(error).__name__}: {traceback.format_exc(limit=-2)}"
    try:
        converse(data)
    except BaseException as error:
        return f"finding: {type(error).__name__} in a channel: {traceback.format_exc(limit=-2)}"
    taken = time.process_time() - started
    return outcome if taken < SLOW else f"finding: took {taken:.1f} s"


# ---------------------------------------------------------------- inputs


def frame(tree: Any, buffers: bytes = b"") -> bytes:
    """Return the frame of a msgpack tree."""
    structure = msgpack.packb(tree)
    return struct.pack(">II", len(structure), len(buffers)) + structure + buffers


def corpus() -> list[bytes]:
    """Return good frames of every kind, alone and as replies of a worker."""
    values: list[Any] = [
        None, True, 5, 2**70, -0.5, 1 + 2j, "text", b"bytes", [1, [2, (3,)]], {"a": {1: (2, 3)}},
        {1, 2}, frozenset("ab"), slice(1, None), np.arange(6.0).reshape(2, 3), np.float32(2),
        np.array(["ab", "c"]), np.array([b"x"]), np.zeros((0, 3), bool), np.array(1j),
        wire.Tensor("torch", "bfloat16", np.ones((2, 2), np.float32)),
        wire.Tensor("tensorflow", "int64", np.arange(3)), wire.Reference("object", 3, "Vocab"),
    ]  # fmt: skip
    error = {"type": "ValueError", "bases": ["ValueError"], "message": "no", "line": 3, "text": "x"}
    replies = [("value", TOKEN, value) for value in values]
    replies += [("error", TOKEN, error), ("callback", 0, (1,), {}), ("callback", 0, (), {"a": 1})]
    frames = [wire.encode(value) for value in [*values, *replies]]
    return [*frames, *(a + b for a, b in zip(frames[-6:], frames[-5:], strict=False))]


INTERESTING = [
    0, 1, -1, 2**31 - 1, 2**31, 2**63 - 1, 2**64 - 1, -(2**63), 0.0, float("nan"), float("inf"), "",
    "0x1", "<f8", "|b1", "<U1", "<U0", "|S0", "<U999999", "|O", "torch", "l", "t", "d", "a", "T",
    "value", "error", "callback", b"", b"\x00" * 8, None, True, [], ["l"], ["a", "<f8", [0], 0],
    ["a", "|u1", [2**31 - 1, 0], 0], ["n", "<f8", b"\x00" * 8], ["o", 1, "x"], ["f", 0, "x"],
]  # fmt: skip


def mutate_tree(node: Any, rng: random.Random, depth: int = 0) -> Any:
    """Return a msgpack tree with something in it changed."""
    if type(node) is not list or not node or rng.random() < 0.15 or depth > 40:
        return rng.choice(INTERESTING)
    node = list(node)
    at = rng.randrange(len(node))
    how = rng.random()
    if how < 0.6:
        node[at] = mutate_tree(node[at], rng, depth + 1)
    elif how < 0.7:
        del node[at]
    elif how < 0.8:
        node.insert(at, rng.choice([*INTERESTING, node[at]]))
    elif how < 0.85:
        node[at] = [node[at]] * rng.choice([2, 50, 5000])
    elif how < 0.9:
        node = [*node, node]
    else:
        node[at], node[-1] = node[-1], node[at]
    return node


def mutate_bytes(data: bytes, rng: random.Random) -> bytes:
    """Return bytes with a few of them changed, cut, doubled or added."""
    result = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        at = rng.randrange(len(result) + 1)
        how = rng.randrange(4)
        if how == 0 and at < len(result):
            result[at] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
        elif how == 1:
            del result[at : at + rng.choice([1, 2, 8])]
        elif how == 2:
            result[at:at] = rng.randbytes(rng.choice([1, 2, 8]))
        else:
            result[at:at] = result[at : at + 16]
    return bytes(result)


def invent(frames: list[bytes], rng: random.Random) -> bytes:
    """Return a new input."""
    data = rng.choice(frames)
    how = rng.random()
    if how < 0.25:
        return mutate_bytes(data, rng)
    structure, buffers = struct.unpack(">II", data[:8])
    body, rest = data[8 : 8 + structure], data[8 + structure : 8 + structure + buffers]
    if how < 0.4:  # damaged inside, whole outside
        body = mutate_bytes(body, rng)
        return struct.pack(">II", len(body), len(rest)) + body + rest
    try:
        tree = mutate_tree(msgpack.unpackb(body, strict_map_key=False), rng)
        if rng.random() < 0.3:
            tree = mutate_tree(tree, rng)
        if rng.random() < 0.2:
            rest = mutate_bytes(rest, rng)
        made = frame(tree, rest)
    except (ValueError, OverflowError, TypeError):
        return data
    return made + rng.choice(frames) if rng.random() < 0.1 else made


# ---------------------------------------------------------------- running


class Tally:
    """Counts what became of inputs and keeps those that were findings."""

    def __init__(self) -> None:
        self.counts = {"data": 0, "refused": 0, "findings": 0}
        self.findings: dict[str, bytes] = {}

    def take(self, data: bytes) -> str:
        """Try an input."""
        outcome = one(data)
        if outcome.startswith("finding"):
            self.counts["findings"] += 1
            if self.findings.setdefault(outcome, data) is data:
                print(f"{outcome}\n  input (base64): {base64.b64encode(data[:3000]).decode()}")
        else:
            self.counts[outcome] += 1
        return outcome


def by_chance(tally: Tally, seconds: float, seed: int) -> None:
    """Invent inputs until the time is over; what is accepted joins the corpus."""
    rng, frames = random.Random(seed), corpus()
    kinds = list(frames)  # half of the inputs come from these: what joins is mostly replies
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        data = invent(kinds if rng.random() < 0.5 else frames, rng)
        if tally.take(data) == "data" and len(frames) < 5000 and len(data) < 2000:
            frames.append(data)


def by_coverage(tally: Tally, seconds: float, seed: int) -> None:
    """Let atheris invent the inputs; the process ends in the midst of it when the time is over."""
    started = time.monotonic()

    def enter(data: bytes) -> None:
        passed = time.monotonic() - started
        if passed > seconds:
            right = report(tally, "atheris", passed)
            sys.stdout.flush()
            os._exit(0 if right else 1)
        structure = min(len(data), 2 * data[0]) if data else 0
        body, rest = data[1 : 1 + structure], data[1 + structure :]
        tally.take(struct.pack(">II", len(body), len(rest)) + body + rest)
        tally.take(data)

    arguments = [sys.argv[0], f"-seed={seed}", "-max_len=4096"]
    folder = Path(os.environ.get("TMPDIR", "/tmp"), f"fuzz-wire-{os.getpid()}")
    folder.mkdir()
    for number, data in enumerate(corpus()):
        (folder / str(number)).write_bytes(data)
    atheris.Setup([*arguments, str(folder)], enter)
    atheris.Fuzz()


def report(tally: Tally, engine: str, seconds: float) -> bool:
    """Print what was found; return whether that is nothing."""
    executions = sum(tally.counts.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {
                "engine": engine,
                "seconds": round(seconds, 1),
                "executions": executions,
                **tally.counts,
                "different findings": len(tally.findings),
                "peak memory in MiB": peak,
            }
        )
    )
    return not tally.findings


def main() -> int:
    """Fuzz for a while; exit 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=0, help="0 takes a fresh one")
    parser.add_argument("--engine", choices=["auto", "atheris", "random"], default="auto")
    options = parser.parse_args()
    seed = options.seed or secrets.randbits(31)
    secrets.randbits = lambda bits: TOKEN  # type: ignore[assignment]
    if options.engine == "atheris" and atheris is None:
        parser.error("atheris is not installed: pip install atheris")
    steered = atheris is not None and options.engine != "random"
    engine, run = ("atheris", by_coverage) if steered else ("random", by_chance)
    tally, started = Tally(), time.monotonic()
    print(f"{engine}, seed {seed}", flush=True)
    run(tally, options.seconds, seed)
    return 0 if report(tally, engine, time.monotonic() - started) else 1


if __name__ == "__main__":
    sys.exit(main())
