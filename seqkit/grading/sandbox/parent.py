"""Keep submissions apart: a warm parent that forks a confined process for each of them.

A :class:`Sandbox` owns one warm parent (:mod:`seqkit.grading.inside.zygote`) inside bubblewrap.
Each :meth:`Sandbox.open` forks it and returns a :class:`Channel` to that fork.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from typing import Any, Literal

from seqkit import ROOT
from seqkit.checking.asks import Ended, RemoteError
from seqkit.grading.sandbox.bubblewrap import (
    PYTHON,
    START,
    SandboxError,
    bubblewrap_complaint,
    command_line,
    environment,
    user_namespace,
)
from seqkit.grading.sandbox.channel import Channel
from seqkit.limits import ENDING_SECONDS, NICER, START_SECONDS, SubmissionLimits

log = logging.getLogger("seqkit.grading")

Mode = Literal["bubblewrap", "process"]


class Sandbox:
    """A warm parent that forks a confined process for each submission.

    Parameters
    ----------
    modules : iterable of str
        What the parent imports once, so that no submission waits for it.
    mode : {"bubblewrap", "process"}
        ``process`` limits resources and isolates nothing: for submissions one trusts.

    Raises
    ------
    SandboxError
        If bubblewrap is missing or forbidden here.
    """

    def __init__(self, modules: Iterable[str] = ("numpy",), mode: Mode = "bubblewrap") -> None:
        self.mode: Mode = mode
        self.modules = list(modules)
        self.count = 0
        self.ends: dict[int, Ended] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        if mode == "bubblewrap":
            complaint = bubblewrap_complaint()
            if complaint:
                raise SandboxError(complaint)
        elif not hasattr(os, "fork"):
            raise SandboxError("grading needs Linux or macOS: run it there, or in WSL on Windows.")
        self.start()

    def start(self) -> None:
        """Start the parent (again)."""
        self.stop()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        descriptor = theirs.fileno()
        arguments = [str(descriptor), self.mode, *self.modules]
        if self.mode == "bubblewrap":
            users = user_namespace()
            command, around = command_line(arguments, users), {"PATH": os.defpath}
        else:
            self.folder = tempfile.TemporaryDirectory(prefix="seqkit-", ignore_cleanup_errors=True)
            users, code = -1, START.format(course=str(ROOT))
            command = [sys.executable, *PYTHON, "-c", code, *arguments]
            around = environment(self.folder.name)
        self.process = subprocess.Popen(
            command,
            pass_fds=[descriptor] if users < 0 else [descriptor, users],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if self.mode == "bubblewrap" else subprocess.DEVNULL,
            env=around,
            start_new_session=True,
            preexec_fn=_first_in_line,
        )
        theirs.close()
        if users >= 0:
            os.close(users)
        self.ends.clear()
        self.control.settimeout(START_SECONDS)
        try:
            ready = json.loads(self.control.recv(65536) or b"{}")
        except OSError:
            ready = {}
        for complaint in ready.get("failed", []):
            log.warning("the sandbox could not import %s", complaint)
        if "ready" not in ready:
            error = b""
            if self.process.stderr is not None:
                self.process.kill()
                error = self.process.stderr.read()[-300:]
            self.stop()
            raise SandboxError(
                f"the sandbox did not start: {error.decode(errors='replace').strip()}"
            )
        if self.process.stderr is not None:
            self.process.stderr.close()
        self._try()

    def _try(self) -> None:
        """Fork once and ask something: a system may let the parent start and its forks not."""
        channel = self.open(SubmissionLimits())
        try:
            channel.request("run", source="answer = 6 * 7", label="first")
            if channel.request("fetch", target="answer", path=[]) != 42:
                raise Ended("protocol")
        except (Ended, RemoteError) as error:
            self.stop()
            raise SandboxError(f"the sandbox starts, but its processes do not ({error}).") from None
        finally:
            channel.close()

    @property
    def alive(self) -> bool:
        """Whether the parent still runs."""
        return self.process is not None and self.process.poll() is None

    def open(self, limits: SubmissionLimits) -> Channel:
        """Fork a process for a submission.

        Raises
        ------
        Ended
            If the parent is gone: :meth:`start` it and try again.
        """
        self.count += 1
        their_questions, questions = os.pipe()
        answers, their_answers = os.pipe()
        cwd = self.folder.name if self.folder else "/tmp"
        cpu, wall = limits.time()
        told = {**vars(limits), "cpu": cpu, "cwd": cwd, "nice": NICER}
        message = {"fork": self.count, "limits": told}
        try:
            theirs = [their_questions, their_answers]
            socket.send_fds(self.control, [json.dumps(message).encode()], theirs)
        except OSError:
            os.close(questions)
            os.close(answers)
            raise Ended("sandbox") from None
        finally:
            os.close(their_questions)
            os.close(their_answers)
        os.set_blocking(questions, False)
        os.set_blocking(answers, False)
        return Channel(self, self.count, questions, answers, wall)

    def send(self, message: dict[str, Any]) -> None:
        """Send the parent a message; a parent that is gone is noticed by the next request."""
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(message).encode())
        self._collect(0.0)

    def kill(self, number: int, broken: bool = False) -> Ended:
        """End a fork if it still runs, and return how it ended; ``broken``: it hung up first."""
        self.send({"kill": number, "broken": broken})
        until = time.monotonic() + ENDING_SECONDS
        while number not in self.ends and time.monotonic() < until and self.alive:
            self._collect(0.2)
        return self.ends.pop(number, Ended("sandbox"))

    def _collect(self, wait: float) -> None:
        if self.process is None:
            return
        while select.select([self.control], [], [], wait)[0]:
            try:
                packet = self.control.recv(65536)
            except OSError:
                return
            if not packet:
                return
            message = json.loads(packet)
            self.ends[message["ended"]] = Ended(message["why"], message["seconds"])
            wait = 0.0

    def stop(self) -> None:
        """End the parent and everything it started."""
        if self.process is not None:
            self.control.close()
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()
            self.process = None
        if self.folder is not None:
            self.folder.cleanup()
            self.folder = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _first_in_line() -> None:
    """Let the parent, which watches, run before what it watches, where that is allowed."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) - NICER)
