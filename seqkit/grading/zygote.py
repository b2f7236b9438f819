"""The warm parent inside the sandbox: imports what a lesson needs once, forks per submission.

It runs no learner's code and computes nothing (a process that has computed with two threads
hangs its children). The grader talks to it over one socket, a JSON message a packet:

- ``{"fork": n, "limits": {…}}`` with a descriptor: fork submission ``n``, which serves it;
- ``{"cpu": seconds, "of": n}``: from now on ``n`` may use so many more CPU seconds;
- ``{"kill": n, "broken": …}``, where ``broken`` says that it hung up by itself.

It answers ``{"ready": …}`` once and ``{"ended": n, "why": …}`` for each fork. Between messages it
watches: CPU time, memory and processes count for a submission as a whole, children and all.
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
from dataclasses import dataclass, field
from typing import Any

from seqkit.grading import wire, worker

SLACK = 40  # processes the kernel's own limit comes before this supervisor's
TICK = 0.05  # seconds between two looks at what is running
IDLE = 2.0  # times its CPU seconds that a submission may sleep or wait
PIPES = 100  # descriptor of a submission's questions; its answers go out by the next one
PATIENCE = 2.0  # seconds for a process that hung up to end by itself
PAGE = os.sysconf("SC_PAGE_SIZE")
SECOND = os.sysconf("SC_CLK_TCK")


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
    idle: float = 0.0  # seconds without computing since they were allowed
    idle_most: float = float("inf")
    why: str = ""


class Zygote:
    """Forks on request and watches what it forked."""

    def __init__(self, control: socket.socket, confined: bool) -> None:
        self.control = control
        self.confined = confined
        self.forks: dict[int, Fork] = {}
        self.looked = time.monotonic()
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
                due = time.monotonic() + TICK
        for fork in self.forks.values():
            self.kill(fork, "")

    def obey(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "fork" in message:
            self.fork(message["fork"], message["limits"], descriptors)
        elif "cpu" in message and message["of"] in self.forks:
            fork = self.forks[message["of"]]
            fork.allowed, fork.idle_most = message["cpu"], IDLE * message["cpu"] + 1.0
        elif "kill" in message and message["kill"] in self.forks:
            fork = self.forks[message["kill"]]
            if message[
                "broken"
            ]:  # it hung up: it is about to end by itself, and how is of interest
                self.wait(fork, PATIENCE)
            self.kill(fork, "protocol" if message["broken"] else "closed")

    def fork(self, number: int, limits: dict[str, Any], pipes: list[int]) -> None:
        if self.confined:
            from seqkit.grading import confine

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
                self.control.send(json.dumps({"ended": number, "why": why}).encode())

    def watch(self) -> None:
        """End what uses more than it may."""
        if self.confined and len(self.forks) == 1:
            # A look that stays cheap while a fork bomb takes the processor from us: in here
            # there are this process, bubblewrap's, and what the one submission started.
            (fork,) = self.forks.values()
            if (
                sum(entry.isdecimal() for entry in os.listdir("/proc"))
                > fork.limits["processes"] + SLACK
            ):
                self.kill(fork, "processes")
                return
        usage = processes_of([fork.pid for fork in self.forks.values()])
        now = time.monotonic()
        passed, self.looked = min(now - self.looked, 4 * TICK), now
        for fork in self.forks.values():
            used = usage.get(fork.pid)
            if used is None:
                continue
            fork.cpu_lost += max(0.0, fork.cpu_seen - used.cpu)
            if not (used.busy or used.cpu > fork.cpu_seen or waits_for_a_question(fork.pid)):
                fork.idle += passed
            fork.cpu_seen = used.cpu
            cpu = used.cpu + fork.cpu_lost
            if fork.allowed is not None:
                fork.cpu_until, fork.allowed = cpu + fork.allowed, None
                fork.idle = 0.0
            if cpu > min(fork.cpu_until, fork.limits["cpu"]):
                self.kill(fork, "cpu")
            elif fork.idle > fork.idle_most:
                self.kill(fork, "time")
            elif used.processes > fork.limits["processes"] + (SLACK if self.confined else 0):
                self.kill(fork, "processes")
            elif (
                used.resident + used.tables > fork.limits["memory"]
                and used.memory() > fork.limits["memory"]
            ):
                self.kill(fork, "memory")


@dataclass
class Usage:
    """What a process and its descendants use together; threads count as processes."""

    cpu: float = 0.0
    resident: int = 0
    tables: int = 0  # bytes of page tables: a page read here and there costs a table each
    processes: int = 0
    busy: bool = False  # some process runs, or would if the machine let it
    pids: list[int] = field(default_factory=list)

    def memory(self) -> int:
        """Return bytes of memory, pages shared with the zygote counted by their share."""
        return self.tables + sum(_kibibytes(pid, "smaps_rollup", b"Pss:") for pid in self.pids)


def waits_for_a_question(pid: int) -> bool:
    """Whether a submission's process reads from the pipe that its questions come through."""
    try:
        with open(f"/proc/{pid}/syscall", "rb") as file:
            call, *arguments = file.read().split()
    except (OSError, ValueError):
        return False
    return call in (b"19", b"65") and arguments[:1] == [hex(PIPES).encode()]  # readv


def _kibibytes(pid: int, file: str, key: bytes) -> int:
    """Return what a line of a process's file in /proc says, in bytes; 0 where there is none."""
    try:
        with open(f"/proc/{pid}/{file}", "rb") as lines:
            for line in lines:
                if line.startswith(key):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # it ended
    return 0


def processes_of(roots: list[int]) -> dict[int, Usage]:
    """Return what each root process and its descendants use, from one look at /proc."""
    if not roots or not os.path.isdir("/proc"):
        return {}
    # parent, CPU seconds, bytes, threads, whether it runs
    table: dict[int, tuple[int, float, int, int, bool]] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdecimal():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue  # it ended between the two calls
        cpu = sum(map(int, fields[11:15])) / SECOND  # its own and its waited-for children's
        runs = fields[0] == b"R"
        table[int(entry)] = (int(fields[1]), cpu, int(fields[21]) * PAGE, int(fields[17]), runs)
    usage = {root: Usage() for root in roots if root in table}
    for pid, (_, cpu, resident, threads, runs) in table.items():
        root, steps = pid, 0
        while root not in usage and root in table and steps < len(table):
            root, steps = table[root][0], steps + 1
        if root in usage:
            used = usage[root]
            used.cpu += cpu
            used.resident += resident
            used.tables += _kibibytes(pid, "status", b"VmPTE:")
            used.processes += threads
            used.busy |= runs
            used.pids.append(pid)
    return usage


# ---------------------------------------------------------------- in the fork


def serve(pipes: list[int], limits: dict[str, Any], confined: bool) -> None:
    """Become a submission's worker: shut the door, then answer until the grader hangs up."""
    from seqkit.grading import confine

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
    confine.limit("NOFILE", 256)
    confine.limit("NPROC", limits["processes"] if confined else 4096)
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


class Server:
    """Answer the grader's requests: two pipes, which have no options and no addresses."""

    def __init__(self, questions: int, answers: int, namespace: dict[str, Any]) -> None:
        self.questions = questions
        self.answers = answers
        self.worker = worker.Worker(namespace, self.call_back)

    def run(self) -> None:
        """Serve until the other end closes."""
        while (frame := receive(self.questions)) is not None:
            send(self.answers, self.worker.answer(frame))

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask the grader to call one of its functions for us."""
        request = wire.encode(("callback", number, args, kwargs), self.worker.export)
        send(self.answers, request)
        frame = receive(self.questions)
        if frame is None:
            os._exit(0)
        kind, value = wire.decode(frame, self.worker.resolve, native=True)
        if kind == "error":
            raise RuntimeError(value)
        return value


def send(pipe: int, data: bytes) -> None:
    """Write all of a frame."""
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def receive(pipe: int) -> bytearray | None:
    """Return the next frame, or None when the other end has closed."""
    header = _exactly(pipe, wire.HEADER.size)
    if header is None:
        return None
    rest = _exactly(pipe, wire.lengths(bytes(header)))
    return None if rest is None else header + rest


def _exactly(pipe: int, count: int) -> bytearray | None:
    data = bytearray(count)
    view = memoryview(data)
    while view:
        got = os.readv(pipe, [view])
        if got == 0:
            return None
        view = view[got:]
    return data


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
