"""The warm parent inside the sandbox: imports what a lesson needs once, forks per submission.

It runs no learner's code and computes nothing (a process that has computed with two threads
hangs its children). The grader talks to it over one socket, a JSON message a packet:

- ``{"fork": n, "limits": {…}}`` with a descriptor: fork submission ``n``, which serves it;
- ``{"cpu": seconds, "of": n}``: from now on ``n`` may use so many more CPU seconds;
- ``{"waited": seconds, "for": n}``: the grader has waited for ``n``, which must not sleep then;
- ``{"kill": n, "broken": …}``, where ``broken`` says that it hung up by itself.

It answers ``{"ready": …}`` once and ``{"ended": n, "why": …, "seconds": …}`` for each fork.
Between messages it watches: CPU time, memory and processes count for a submission as a whole,
children and all.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import types
from dataclasses import dataclass
from typing import Any

from seqkit.grading.inside import confine, worker
from seqkit.grading.inside.server import Server
from seqkit.grading.inside.usage import PAGE, processes_of
from seqkit.limits import (
    HANG_UP_SECONDS,
    IDLE_EXTRA,
    IDLE_TIMES,
    OPEN_FILES,
    PROCESSES_UNCONFINED,
    SUPERVISOR_SLACK,
    SUPERVISOR_TICK,
)

PIPES = 100  # descriptor of a submission's questions; its answers go out by the next one


@dataclass
class Fork:
    """One submission's process, and what it may use."""

    pid: int
    limits: dict[str, Any]
    end: int = -1  # a descriptor that becomes readable when the process ends, where there is one
    allowed: float | None = None  # CPU seconds from the next look on
    cpu_until: float = float("inf")
    cpu_seen: float = 0.0
    cpu_lost: float = 0.0  # of children that ended and that nobody waited for
    waited: float = 0.0  # seconds that the grader waited for it since the last look
    slept: float = 0.0  # and all those in which it did not compute
    slept_until: float = float("inf")
    why: str = ""

    @property
    def cpu(self) -> float:
        """CPU seconds it has used."""
        return self.cpu_seen + self.cpu_lost

    @property
    def seconds(self) -> float:
        """Seconds it has computed, or slept while the grader waited."""
        return self.cpu + self.slept


class Zygote:
    """Forks on request and watches what it forked."""

    def __init__(self, control: socket.socket, confined: bool) -> None:
        self.control = control
        self.confined = confined
        self.forks: dict[int, Fork] = {}
        self.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY) if confined else -1

    def run(self) -> None:
        """Serve until the grader hangs up."""
        due = time.monotonic()
        while True:
            ends = [fork.end for fork in self.forks.values() if fork.end >= 0]
            wait = max(0.0, due - time.monotonic()) if self.forks else None
            ready, _, _ = select.select([self.control.fileno(), *ends], [], [], wait)
            if self.control.fileno() in ready:
                packet, descriptors, _, _ = socket.recv_fds(self.control, 65536, 2)
                if not packet:
                    break
                self.obey(json.loads(packet), descriptors)
            self.reap()
            if time.monotonic() >= due:
                self.watch()
                due = time.monotonic() + SUPERVISOR_TICK
        for fork in self.forks.values():
            self.kill(fork, "")

    def obey(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "fork" in message:
            self.fork(message["fork"], message["limits"], descriptors)
        elif "cpu" in message and message["of"] in self.forks:
            self.forks[message["of"]].allowed = message["cpu"]
        elif "waited" in message and message["for"] in self.forks:
            self.forks[message["for"]].waited += message["waited"]
        elif "kill" in message and message["kill"] in self.forks:
            fork = self.forks[message["kill"]]
            if message[
                "broken"
            ]:  # it hung up: it is about to end by itself, and how is of interest
                self.wait(fork, HANG_UP_SECONDS)
            self.kill(fork, "protocol" if message["broken"] else "closed")

    def fork(self, number: int, limits: dict[str, Any], pipes: list[int]) -> None:
        if self.confined:
            confine.next_fork_in_new_pid_namespace(self.own_namespace)
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                self.control.detach()
                serve(pipes, limits, self.confined)
                status = 0
            finally:
                os._exit(status)
        for descriptor in pipes:
            os.close(descriptor)
        end = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
        self.forks[number] = Fork(pid, limits, end)

    def kill(self, fork: Fork, why: str) -> None:
        with contextlib.suppress(ChildProcessError):  # reaped: only what it left is to be ended
            if os.waitid(os.P_PID, fork.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                fork.why = fork.why or why  # else it had ended by itself before we came
        try:
            if self.confined:
                os.kill(fork.pid, signal.SIGKILL)  # the first of its PID namespace: all die
            else:
                os.killpg(fork.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def wait(self, fork: Fork, seconds: float) -> None:
        """Give a process time to end by itself."""
        if fork.end >= 0:
            select.select([fork.end], [], [], seconds)
            return
        until = time.monotonic() + seconds
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, fork.pid, flags) is None and time.monotonic() < until:
            time.sleep(0.01)

    def reap(self) -> None:
        """Tell the grader what ended."""
        for number, fork in list(self.forks.items()):
            pid, status = os.waitpid(fork.pid, os.WNOHANG)
            if pid:
                if not self.confined:
                    self.kill(fork, "")  # whatever it left behind
                del self.forks[number]
                if fork.end >= 0:
                    os.close(fork.end)
                code = os.waitstatus_to_exitcode(status)
                why = fork.why or (f"signal {-code}" if code < 0 else f"exit {code}")
                ended = {"ended": number, "why": why, "seconds": fork.seconds}
                self.control.send(json.dumps(ended).encode())

    def watch(self) -> None:
        """End what uses more than it may."""
        if self.confined and len(self.forks) == 1:
            # A look that stays cheap while a fork bomb takes the processor from us: in here
            # there are this process, bubblewrap's, and what the one submission started.
            (fork,) = self.forks.values()
            if (
                sum(entry.isdecimal() for entry in os.listdir("/proc"))
                > fork.limits["processes"] + SUPERVISOR_SLACK
            ):
                self.kill(fork, "processes")
                return
        usage = processes_of([fork.pid for fork in self.forks.values()])
        for fork in self.forks.values():
            used = usage.get(fork.pid)
            if used is None:
                continue
            if used.cpu < fork.cpu_seen:  # a child ended: what it used is its parent's, or lost
                used = processes_of([fork.pid]).get(fork.pid, used)
            fork.cpu_lost += max(0.0, fork.cpu_seen - used.cpu)
            if not (used.busy or used.cpu > fork.cpu_seen):
                fork.slept += fork.waited
            fork.waited = 0.0
            fork.cpu_seen = used.cpu
            if fork.allowed is not None:
                fork.cpu_until = fork.cpu + fork.allowed
                fork.slept_until = fork.slept + IDLE_TIMES * fork.allowed + IDLE_EXTRA
                fork.allowed = None
            if fork.seconds > fork.limits["cpu"]:
                self.kill(fork, "total")
            elif fork.cpu > fork.cpu_until:
                self.kill(fork, "cpu")
            elif fork.slept > fork.slept_until:
                self.kill(fork, "time")
            elif used.processes > fork.limits["processes"] + (
                SUPERVISOR_SLACK if self.confined else 0
            ):
                self.kill(fork, "processes")
            elif (
                used.resident + used.tables > fork.limits["memory"]
                and used.memory() > fork.limits["memory"]
            ):
                self.kill(fork, "memory")


# ---------------------------------------------------------------- in the fork


def serve(pipes: list[int], limits: dict[str, Any], confined: bool) -> None:
    """Become a submission's worker: shut the door, then answer until the grader hangs up."""
    questions, answers = (os.dup2(d, PIPES + i) for i, d in enumerate(pipes))
    os.closerange(3, PIPES)
    os.closerange(PIPES + 2, 65536)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.nice(limits["nice"])
    if confined:
        confine.enter(limits["folder"])
        confine.die_with_parent()
    else:
        os.setpgid(0, 0)
        os.chdir(limits["cwd"])
    virtual = _virtual_size()
    confine.limit("AS", virtual + limits["memory"] * 3 // 2)
    confine.limit("CPU", int(limits["cpu"]) + 2)
    confine.limit("FSIZE", limits["folder"])
    confine.limit("NOFILE", OPEN_FILES)
    confine.limit("NPROC", limits["processes"] if confined else PROCESSES_UNCONFINED)
    confine.limit("CORE", 1)  # 0 would still start a collector of crashes on the host
    confine.limit("MEMLOCK", 0)
    confine.limit("MSGQUEUE", 0)
    if confined:
        confine.forbid_system_calls()
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    module = types.ModuleType("__main__")
    namespace |= vars(inert("notebook", ("display", "get_ipython")))
    module.__dict__.update(namespace)
    sys.modules["__main__"] = module
    Server(questions, answers, module.__dict__).run()


def _virtual_size() -> int:
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * PAGE
    except OSError:
        return 16 * 2**30


# ---------------------------------------------------------------- at start


def inert(name: str, functions: tuple[str, ...]) -> types.ModuleType:
    """Return a module whose functions do nothing: what ``seqkit.lab`` is in the sandbox."""
    module = types.ModuleType(name)
    for function in functions:
        setattr(module, function, lambda *args, **kwargs: None)
    return module


def main() -> None:
    """Import what the lesson needs, then serve. Arguments: descriptor, mode, modules."""
    started = time.monotonic()
    control = socket.socket(fileno=int(sys.argv[1]))
    confined = sys.argv[2] == "bubblewrap"
    lab = inert("seqkit.lab", ("check", "hint", "solution", "progress", "agree"))
    sys.modules["seqkit.lab"] = vars(sys.modules["seqkit"])["lab"] = lab
    failed = []
    for name in sys.argv[3:]:
        try:
            importlib.import_module(name)
        except Exception as error:
            failed.append(f"{name}: {error}")
    worker.seeders()  # NumPy imports its generators when they are first asked for: not in each fork
    gc.collect()
    gc.freeze()  # a collection in a fork would copy what it shares with us
    seconds = round(time.monotonic() - started, 2)
    control.send(json.dumps({"ready": seconds, "failed": failed}).encode())
    Zygote(control, confined).run()


if __name__ == "__main__":
    main()
