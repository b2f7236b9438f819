"""Start the sandbox, fork a submission in it, and talk to that fork as long as it behaves.

A :class:`Sandbox` owns one warm parent (:mod:`seqkit.grading.zygote`) inside bubblewrap. Each
:meth:`Sandbox.open` forks it and returns a :class:`Channel`, over which the grader asks and the
learner's process answers. Whatever goes wrong there ends as :class:`Ended` with one reason.
"""

from __future__ import annotations

import contextlib
import inspect
import itertools
import json
import logging
import os
import secrets
import select
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from seqkit import ROOT
from seqkit.grading import wire
from seqkit.grading.worker import Worker

Mode = Literal["bubblewrap", "process"]
INSTALL = "sudo apt install bubblewrap   (Fedora: sudo dnf install bubblewrap)"
#: Of the package, what a learner's code may import; the grader itself is not among it.
INSIDE = ("__init__.py", "text.py", "batches.py", "sampling.py", "training.py", "plots",
          "corpora", "models", *(f"grading/{m}.py" for m in
          ("__init__", "wire", "worker", "zygote", "confine")))  # fmt: skip
PYTHON = (
    "-s",
    "-P",
    "-B",
)  # not -I: it would ignore PYTHONHASHSEED too; the rest of the environment is ours
START = "import sys; sys.path.insert(0, {course!r}); from seqkit.grading.zygote import main; main()"


log = logging.getLogger("seqkit.grading")

VENV = Path("/venv")  # where the environment is inside: its own place may be one that is hidden
HAS_PROC = Path("/proc/self/stat").exists()
NICER = 5  # how much nicer a submission is than the process that watches it


@dataclass(frozen=True)
class Limits:
    """What one submission may use, all its processes together.

    Parameters
    ----------
    cpu : float
        CPU seconds in all.
    memory : int
        Bytes of memory.
    processes : int
        Processes and threads at one time.
    folder : int
        Bytes in ``/tmp`` and of one file.
    wall : float
        Seconds by the clock for the whole submission.
    """

    cpu: float = 600.0
    memory: int = 2**30
    processes: int = 160
    folder: int = 64 * 2**20
    wall: float = 900.0


class SandboxError(RuntimeError):
    """The sandbox cannot be used on this machine; the message says what to do."""


class Ended(Exception):
    """A submission's process ended before it answered.

    ``reason`` is one of ``cpu``, ``time``, ``memory``, ``processes``, ``output``, ``protocol``,
    ``exit N``, ``signal N`` or ``sandbox``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RemoteError(Exception):
    """An exception of the learner's code, as the plain data the worker made of it."""

    def __init__(self, info: dict[str, Any]) -> None:
        super().__init__(str(info.get("message", "")))
        self.info = info


# ---------------------------------------------------------------- channels


class Functions:
    """The grader's functions that a learner's code may call back while one check runs."""

    MOST = 10_000  # call-backs in one request
    LARGEST = 2**18  # bytes of one call-back's arguments

    def __init__(self) -> None:
        self.known: dict[int, Callable[..., Any]] = {}
        self.numbers = itertools.count()  # never used twice: a late call reaches no other function

    def export(self, thing: Any) -> wire.Reference | None:
        """Send a function of the grader's as a number."""
        if not callable(thing):
            return None
        number = next(self.numbers)
        self.known[number] = thing
        return wire.Reference("function", number, getattr(thing, "__name__", "function"))

    def call(self, number: Any, args: Any, kwargs: Any) -> bytes:
        """Call function ``number`` and return the frame of what it returns.

        It runs in the grader's own process: it takes as many arguments as it needs, no more, so
        that nobody can replace what a default stands for.
        """
        function = self.known.get(number) if type(number) is int else None
        if function is None or type(args) is not tuple or type(kwargs) is not dict:
            raise wire.WireError("a call-back of a function that was not passed")
        if kwargs or len(args) != _needs(function):
            needs = f"{_needs(function)} positional arguments and no others"
            return wire.encode(("error", f"TypeError: takes {needs}"))
        try:
            return wire.encode(("value", function(*args, **kwargs)))
        except Exception as error:  # the learner passed something the function cannot take
            return wire.encode(("error", f"{type(error).__name__}: {error}"[:500]))


def _needs(function: Callable[..., Any]) -> int:
    """Return how many positional arguments a function cannot do without."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a ufunc or another built-in that does not say
        return int(getattr(function, "nin", 1))
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in positional and p.default is p.empty for p in parameters)


class LocalChannel:
    """Ask a worker in this very process: what ``check`` does in a learner's kernel."""

    ended: Ended | None = None

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.functions = Functions()
        self.worker = Worker(namespace, self._call_back)

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check."""
        self.functions.known.clear()
        self.request("begin", seed=seed, forbid=forbid)

    def finish(self) -> None:
        """End a check: give back what it forbade."""
        self.request("end")

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return what the worker answers; raises RemoteError for the learner's exceptions."""
        frame = wire.encode((0, None, operation, arguments), self.functions.export)
        kind, _, value = wire.decode(self.worker.answer(frame), _as_reference)
        if kind == "error":
            raise RemoteError(value)
        return value

    def _call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        frame = wire.encode(("callback", number, args, kwargs), self.worker.export)
        _, number, args, kwargs = wire.decode(frame, _as_reference)
        kind, value = wire.decode(
            self.functions.call(number, args, kwargs), self.worker.resolve, native=True
        )
        if kind == "error":
            raise RuntimeError(value)
        return value

    def allow(self, seconds: float) -> None:
        """Accept a time limit; a learner's own kernel is interrupted by its owner."""

    def close(self) -> None:
        """Forget nothing: the names belong to the learner."""


def _as_reference(reference: wire.Reference) -> wire.Reference:
    if reference.kind != "object":
        raise wire.WireError("a function where an object is expected")
    return reference


class Channel:
    """Ask one submission's process in the sandbox."""

    def __init__(self, sandbox: Sandbox, number: int, questions: int, answers: int) -> None:
        self.sandbox = sandbox
        self.number = number
        self.questions = questions  # a pipe to write to
        self.answers = answers  # a pipe to read from
        self.deadline = time.monotonic() + 60.0
        self.ended: Ended | None = None
        self.functions = Functions()
        self.begun: dict[str, Any] | None = None  # a check's beginning, sent with its first request
        self.unread = bytearray()

    def allow(self, seconds: float) -> None:
        """From now on the process may use so many CPU seconds, and wait twice as long.

        A process that wants to compute and is not let counts for nothing: a busy machine changes
        no points. The clock is the backstop, and the rule where there is no /proc to look at.
        """
        if self.ended is None:
            self.deadline = time.monotonic() + seconds * (20.0 if HAS_PROC else 3.0) + 5.0
            self.sandbox.tell({"cpu": seconds, "of": self.number})

    def begin(self, seed: int, forbid: list[str]) -> None:
        """Start a check: what an earlier one kept is forgotten, what it forbade allowed again."""
        self.functions.known.clear()
        self.begun = {"seed": seed, "forbid": forbid}

    def finish(self) -> None:
        """End a check; the next one's beginning clears up after it."""
        self.begun = None

    def request(self, operation: str, **arguments: Any) -> Any:
        """Return what the worker answers.

        Raises
        ------
        RemoteError
            The learner's code raised.
        Ended
            The process is gone, or was ended because of what it did.
        """
        if self.ended is not None:
            raise self.ended
        token = secrets.randbits(62)
        frame = wire.encode((token, self.begun, operation, arguments), self.functions.export)
        self.begun = None
        try:
            if self.unread:
                raise wire.WireError("an answer before the question")
            return self._exchange(frame, token)
        except wire.TooLarge:
            self.end("output")
        except wire.WireError:
            self.end("protocol")
        except TimeoutError:
            self.end("time")
        except OSError:
            self.end("")
        assert self.ended is not None
        raise self.ended

    def _exchange(self, frame: bytes, token: int) -> Any:
        self._send(frame)
        for _ in range(Functions.MOST):
            frame_back = self._receive()
            message = wire.decode(frame_back, _as_reference)
            if type(message) is not tuple or not message or type(message[0]) is not str:
                raise wire.WireError("not a reply")
            if message[0] == "callback" and len(message) == 4:
                if len(frame_back) > Functions.LARGEST:
                    raise wire.TooLarge("the arguments of a call-back")
                self._send(self.functions.call(*message[1:]))
                continue
            if len(message) != 3 or type(message[1]) is not int or message[1] != token:
                raise wire.WireError("a reply to something else")
            if message[0] == "value":
                return message[2]
            if message[0] == "error" and type(message[2]) is dict:
                raise RemoteError(message[2])
            break
        raise wire.WireError("not a reply")

    def _wait(self, write: bool) -> None:
        left = self.deadline - time.monotonic()
        sets = ([], [self.questions]) if write else ([self.answers], [])
        if left <= 0 or not any(select.select(*sets, [], left)):
            raise TimeoutError

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self.questions, view) :]
            except BlockingIOError:
                self._wait(write=True)

    def _receive(self) -> bytearray:
        """Return the next frame; what came after it stays unread."""
        header = wire.HEADER.size
        while len(self.unread) < header:
            self._more()
        end = header + wire.lengths(bytes(self.unread[:header]))
        while len(self.unread) < end:
            self._more()
        frame, self.unread = self.unread[:end], self.unread[end:]
        return frame

    def _more(self) -> None:
        self._wait(write=False)
        try:
            data = os.read(self.answers, 2**18)
        except BlockingIOError:  # somebody else has read it: the learner's process can
            return
        if not data:
            raise ConnectionResetError
        self.unread += data

    def end(self, reason: str) -> None:
        """End the process, for ``reason`` or, if that is empty, for the one the sandbox gives."""
        if self.ended is None:
            os.close(self.questions)
            os.close(self.answers)
            why = self.sandbox.kill(self.number, broken=not reason)
            self.ended = Ended(reason or why)

    def close(self) -> None:
        """End the process: its submission is graded."""
        self.end("closed")


# ---------------------------------------------------------------- the sandbox


class Here:
    """No sandbox at all: for a learner's own answers where no process can be forked (Windows)."""

    alive = True

    def open(self, limits: Limits) -> LocalChannel:
        """Return a channel to a fresh namespace in this process."""
        return LocalChannel({"__name__": "__main__"})

    def stop(self) -> None:
        """Do nothing: there is nothing to stop."""


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
        self.whys: dict[int, str] = {}
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
            users = _user_namespace()
            command, environment = _bubblewrap(arguments, users), {"PATH": os.defpath}
        else:
            self.folder = tempfile.TemporaryDirectory(prefix="seqkit-", ignore_cleanup_errors=True)
            users, code = -1, START.format(course=str(ROOT))
            command = [sys.executable, *PYTHON, "-c", code, *arguments]
            environment = _environment(self.folder.name)
        self.process = subprocess.Popen(
            command,
            pass_fds=[descriptor] if users < 0 else [descriptor, users],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if self.mode == "bubblewrap" else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            preexec_fn=_first_in_line,
        )
        theirs.close()
        if users >= 0:
            os.close(users)
        self.whys.clear()
        self.control.settimeout(120)
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
        channel = self.open(Limits())
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

    def open(self, limits: Limits) -> Channel:
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
        message = {"fork": self.count, "limits": {**vars(limits), "cwd": cwd, "nice": NICER}}
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
        return Channel(self, self.count, questions, answers)

    def tell(self, message: dict[str, Any]) -> None:
        """Send the parent a message; a parent that is gone is noticed by the next request."""
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(message).encode())
        self._collect(0.0)

    def kill(self, number: int, broken: bool = False) -> str:
        """End a fork if it still runs, and return why it ended; ``broken``: it hung up first."""
        self.tell({"kill": number, "broken": broken})
        until = time.monotonic() + 10.0
        while number not in self.whys and time.monotonic() < until and self.alive:
            self._collect(0.2)
        return self.whys.pop(number, "sandbox")

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
            self.whys[message["ended"]] = message["why"]
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


def _environment(home: str) -> dict[str, str]:
    """Return the whole environment of the sandbox: nothing of the grader's own."""
    one_thread = ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "TF_NUM_INTRAOP", "TF_NUM_INTEROP")
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "USER": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "KERAS_BACKEND": "tensorflow",
        "OMP_WAIT_POLICY": "PASSIVE",  # a thread that waits does not burn its submission's seconds
        **{f"{name}_NUM_THREADS": "1" for name in one_thread},
    }


def _user_namespace() -> int:
    """Return, where the grader is root, a user namespace in which submissions are not; else -1."""
    if os.geteuid() != 0:
        return -1
    from seqkit.grading import confine

    ready, go = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            confine.new_user_namespace()
            os.write(ready[1], b"1")
            os.close(go[1])
            os.read(go[0], 1)
        finally:
            os._exit(0)
    try:
        os.close(ready[1])
        if os.read(ready[0], 1) != b"1":
            raise SandboxError("user namespaces are forbidden here (see `seqkit doctor`).")
        confine.make_room_for_student(pid)
        return os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)
    finally:
        for descriptor in (ready[0], *go):
            os.close(descriptor)
        os.waitpid(pid, 0)


def _bubblewrap(arguments: list[str], users: int) -> list[str]:
    """Return the command line that starts the parent inside bubblewrap."""
    command = [
        *(
            shutil.which("bwrap") or "bwrap",
            "--die-with-parent",
            "--new-session",
            "--unshare-ipc",
            "--unshare-pid",
        ),
        *("--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
        *(("--unshare-user",) if users < 0 else ("--userns", str(users))),
        *("--uid", "0", "--gid", "0", "--cap-add", "ALL", "--hostname", "sandbox", "--clearenv"),
    ]
    for name, value in _environment("/tmp").items():
        command += ["--setenv", name, value]
    mounts = [
        (path, VENV if path == Path(sys.prefix) != Path(sys.base_prefix) else path)
        for path in _system_paths()
    ]
    course = [Path("data"), *(Path("seqkit", name) for name in INSIDE)]
    mounts += [(ROOT / p, Path("/course") / p) for p in course if (ROOT / p).exists()]
    # parents that bubblewrap makes by itself only their owner may enter
    for folder in sorted({folder for _, target in mounts for folder in target.parents}):
        command += ["--dir", str(folder)]
    for source, target in mounts:
        if source.is_symlink():
            command += ["--symlink", os.readlink(source), str(target)]
        else:
            command += ["--ro-bind", str(source), str(target)]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    code = START.format(course="/course")
    python = VENV / "bin" / "python" if sys.prefix != sys.base_prefix else sys.executable
    return [*command, str(python), *PYTHON, "-c", code, *arguments]


def _system_paths() -> list[Path]:
    """Return what Python needs to run: the system's libraries, the interpreter, its packages."""
    candidates = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
    candidates += ["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"]
    candidates += [sys.base_prefix, sys.prefix, *sysconfig.get_paths().values()]
    with contextlib.suppress(AttributeError):
        candidates += [site.getusersitepackages()]
    for link in (sys.executable, getattr(sys, "_base_executable", sys.executable)):
        candidates.append(str(Path(link).resolve().parent.parent))
    paths: list[Path] = []
    for path in map(Path, candidates):
        if path.exists() and not any(
            path == p or (p in path.parents and not p.is_symlink()) for p in paths
        ):
            paths.append(path)
    return paths


def bubblewrap_complaint() -> str:
    """Return why bubblewrap cannot be used here, with what to do; empty if it works.

    It is run, not only looked for: some systems install it and forbid it.
    """
    if not sys.platform.startswith("linux"):
        return "bubblewrap needs Linux: grade there, or trust the code with --sandbox process."
    if shutil.which("bwrap") is None:
        return f"bubblewrap is not installed: {INSTALL}"
    probe = ["bwrap", "--unshare-user", "--unshare-all", "--uid", "0", "--gid", "0", "--ro-bind"]
    probe += ["/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        result = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired:
        return "bubblewrap is installed but hangs: try `bwrap --ro-bind / / true` in a terminal."
    if result.returncode == 0:
        return ""
    detail = result.stderr.strip().splitlines()[-1:] or ["no reason given"]
    mend = "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1)"
    if Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").exists():
        mend = (
            "AppArmor forbids it: install the profile bwrap-userns-restrict "
            "(sudo apt install apparmor-profiles; sudo apparmor_parser -r "
            "/etc/apparmor.d/bwrap-userns-restrict)"
        )
    return f"bubblewrap is installed but may not run ({detail[0]}): {mend}"
