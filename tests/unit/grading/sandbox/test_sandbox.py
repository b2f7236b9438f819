"""The sandbox shuts a submission in, names the reason of every ending, and forgets it."""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from seqkit import ROOT
from seqkit.checking.asks import Ended, RemoteError
from seqkit.grading.inside import zygote
from seqkit.grading.inside.confine import REFUSED
from seqkit.grading.inside.usage import Usage
from seqkit.grading.sandbox import bubblewrap, parent
from seqkit.grading.sandbox.bubblewrap import SandboxError, bubblewrap_complaint
from seqkit.grading.sandbox.parent import Sandbox
from seqkit.lab.kernel import Here, LocalChannel
from seqkit.limits import SubmissionLimits

MISSING = bubblewrap_complaint()
pytestmark = [pytest.mark.sandbox, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]
MIB = 2**20
SECRET = "SEQKIT_TEST_SECRET"
IMPORTS = """\
import ctypes, os, signal, socket, struct, subprocess, sys, threading, time
def forge(data):
    "Write into every pipe there is, as the one that carries the answers."
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith("pipe"): os.write(number, data)
        except OSError: pass
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def sandbox():
    """One warm parent for all tests: that each ending leaves it unharmed is tested on the way."""
    os.environ[SECRET] = "for nobody's eyes"
    try:
        with Sandbox(["numpy"]) as warm:
            yield warm
    finally:
        del os.environ[SECRET]


@pytest.fixture(autouse=True)
def _the_next_submission_is_unharmed(request):
    yield
    if "sandbox" in request.fixturenames:
        warm = request.getfixturevalue("sandbox")
        assert warm.alive
        assert answer(warm, "def f(): return 6 * 7") == 42


@contextmanager
def submission(sandbox, limits=None, seconds=5.0):
    channel = sandbox.open(limits or SubmissionLimits())
    channel.allow(seconds)
    try:
        yield channel
    finally:
        channel.close()


def ask(channel, source, *args):
    """Run a cell that defines ``f`` and call it."""
    channel.request("run", source=IMPORTS + dedent(source), label="answer 1.1")
    return channel.request("call", target="f", path=[], args=args, kwargs={}, keep=False)


def answer(sandbox, source, *args, **how):
    with submission(sandbox, **how) as channel:
        return ask(channel, source, *args)


def reason(sandbox, source, **how):
    """Return why the process of a submission ended."""
    with pytest.raises(Ended) as caught:
        answer(sandbox, source, **how)
    return caught.value.reason


# ---------------------------------------------------------------- endings


def test_an_endless_loop_ends_for_its_cpu_time(sandbox):
    assert reason(sandbox, "def f():\n    while True: pass", seconds=0.2) == "cpu"


def test_children_s_cpu_time_counts(sandbox):
    source = """
        def f():
            for _ in range(2):
                if os.fork() == 0:
                    while True: pass
            time.sleep(60)
    """
    assert reason(sandbox, source, seconds=0.3) == "cpu"


def test_cpu_time_is_counted_anew_for_every_check(sandbox):
    source = """
        def f(seconds):
            end = time.process_time() + seconds
            while time.process_time() < end: pass
    """
    with submission(sandbox) as channel:
        for _ in range(3):
            channel.allow(0.5)
            ask(channel, source, 0.25)


def test_all_the_cpu_time_of_a_submission_is_bounded_too(sandbox):
    limits = SubmissionLimits(cpu=0.3)
    assert reason(sandbox, "def f():\n    while True: pass", limits=limits, seconds=30) == "total"


def test_what_it_slept_counts_as_computed_in_all(sandbox):
    limits = SubmissionLimits(cpu=0.5)
    assert reason(sandbox, "def f(): time.sleep(60)", limits=limits, seconds=30) == "total"


def test_what_a_process_computed_is_known_when_it_has_ended(sandbox):
    with submission(sandbox, seconds=0.5) as channel:
        with pytest.raises(Ended):
            ask(channel, "def f():\n    while True: pass")
        assert 0.4 < channel.ended.seconds < 2


def test_a_child_s_time_that_becomes_its_parent_s_is_counted_once(monkeypatch):
    looks = iter([2.0, 0.5, 2.0, 2.0])  # the child is gone, and its parent has not waited yet
    monkeypatch.setattr(
        zygote, "processes_of", lambda pids: {7: Usage(cpu=next(looks), processes=1)}
    )
    parent = zygote.Zygote(None, confined=False)
    parent.forks[1] = fork = zygote.Fork(7, {"cpu": 9, "processes": 9, "memory": 9})
    for _ in range(3):
        parent.watch()
    assert fork.cpu == 2.0


def test_sleeping_ends_for_the_clock(sandbox):
    with submission(sandbox, seconds=0.1) as channel, pytest.raises(Ended, match=r"^time$"):
        channel.deadline = time.monotonic() + 3600  # the supervisor sees it, not our own clock
        ask(channel, "def f(): time.sleep(3600)")


@pytest.mark.parametrize(
    "waits",
    [
        "os.readv(100, [bytearray(1)])",
        "threading.Thread(target=os.readv, args=(100, [bytearray(1)])).start(); time.sleep(3600)",
        "threading.Thread(target=os.readv, args=(100, [bytearray(1)])).start(); "
        "threading.Event().wait()",
        "[(time.sleep(0.03), g()) for _ in range(9_000)]",
    ],
    ids=["reads", "a thread reads", "locked", "little by little"],
)
def test_who_looks_as_if_it_waited_for_a_question_sleeps(sandbox, waits):
    started = time.monotonic()
    with submission(sandbox, seconds=0.5) as channel, pytest.raises(Ended, match=r"^time$"):
        channel.deadline = time.monotonic() + 3600
        channel.request("run", source=IMPORTS + f"def f(g): {waits}", label="answer 1.1")
        channel.request("call", target="f", args=(lambda: None,))
    assert time.monotonic() - started < 60  # it may two; a machine may be busy


def test_waiting_for_a_line_of_input_does_not_wait(sandbox):
    with pytest.raises(RemoteError, match="EOF"):
        answer(sandbox, "def f(): return input('name? ')")


def test_too_much_memory_ends_for_memory(sandbox):
    source = "def f():\n    global hog\n    hog = bytearray(80 << 20)\n    time.sleep(60)"
    assert reason(sandbox, source, limits=SubmissionLimits(memory=64 * MIB)) == "memory"


def test_the_memory_of_children_counts_together(sandbox):
    source = """
        def f():
            for _ in range(3):
                if os.fork() == 0:
                    hog = bytearray(30 << 20)
                    time.sleep(60)
            time.sleep(60)
    """
    assert reason(sandbox, source, limits=SubmissionLimits(memory=64 * MIB)) == "memory"


def test_page_tables_count_as_memory(sandbox):
    # a page that is only read costs nothing but its table, a page too where it stands alone
    source = """
        def f():
            take = ctypes.CDLL(None).mmap
            take.restype = ctypes.c_void_p
            take.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
            for number in range(30_000):
                place = (1 << 44) + number * (2 << 20)
                ctypes.string_at(take(place, 4096, 1, 0x22 | 0x100000, -1, 0), 1)
            time.sleep(60)
    """
    assert reason(sandbox, source, limits=SubmissionLimits(memory=64 * MIB)) == "memory"


def test_children_that_nobody_waits_for_count(sandbox):
    # the kernel adds the time of a child to its parent's only where somebody waits for it
    source = """
        def f():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            for _ in range(100):
                if os.fork() == 0:
                    while time.process_time() < 0.2:
                        pass
                    os._exit(0)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(-1, 0)
    """
    assert reason(sandbox, "import signal, contextlib\n" + dedent(source), seconds=1) == "cpu"


def test_waiting_for_the_grader_is_not_sleeping(sandbox):
    with submission(sandbox) as channel:
        channel.request("run", source="import time\ndef f(): time.sleep(0.2)", label="a")
        channel.allow(0.5)  # and twice as many, and one, to sleep
        for _ in range(3):
            time.sleep(1.2)  # the grader computes
            channel.request("call", target="f")


def test_waiting_for_a_function_of_the_grader_s_is_not_sleeping(sandbox):
    with submission(sandbox, seconds=0.1) as channel:  # 1.2 seconds to sleep
        channel.request("run", source="def f(g): return g(2)", label="a")
        assert channel.request("call", target="f", args=(slow_double,)) == 4


def slow_double(x):
    """Double, and take longer than a submission may sleep."""
    time.sleep(2.5)
    return 2 * x


def test_all_the_time_by_the_clock_is_bounded_too(sandbox):
    limits = SubmissionLimits(wall=0.5)
    assert reason(sandbox, "def f(): time.sleep(60)", limits=limits, seconds=60) == "time"


# ---------------------------------------------------------------- weights travel

WEIGHTS = {f"layer {n}": np.full((2**18,), n, np.float32) for n in range(32)}  # 32 MiB


@pytest.mark.parametrize("where", ["sandbox", "kernel"])
def test_weights_travel_both_ways(sandbox, where):
    channel = LocalChannel({}) if where == "kernel" else sandbox.open(SubmissionLimits())
    channel.allow(5)
    try:
        channel.request("run", source="def f(x): return x\ndef g(h): return h()['layer 31'][0]",
                        label="a")  # fmt: skip
        kept = channel.request("keep", value=WEIGHTS)
        for target, argument in (("f", WEIGHTS), ("f", kept)):
            back = channel.request("call", target=target, args=(argument,))
            assert list(back) == list(WEIGHTS)
            assert all(np.array_equal(back[name], WEIGHTS[name]) for name in WEIGHTS)
        assert channel.request("call", target="g", args=(lambda: WEIGHTS,)) == 31
        with pytest.raises(RemoteError) as caught:
            channel.request("call", target="f", args=([kept, np.zeros(1)],))
        assert caught.value.info["bases"][0] == "TooLarge"
    finally:
        channel.close()


@pytest.mark.parametrize(
    "call",
    [
        "os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)",
        "os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)",
        "call('mincore', None, 0, None)",
        "call('readahead', file, 0, 4096)",
        "call('cachestat', file, None, None, 0)",
        "call('landlock_create_ruleset', None, 0, 1)",
    ],
)
def test_nothing_tells_what_the_kernel_keeps_in_memory(sandbox, call):
    numbers = {name: both[platform.machine() == "aarch64"] for name, both in REFUSED.items()}
    source = f"""
        file = os.open(os.__file__, os.O_RDONLY)
        def call(name, *arguments):
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.syscall({numbers}[name], *arguments) < 0:
                raise OSError(ctypes.get_errno(), "refused")
        def f(): {call}
    """
    with pytest.raises(RemoteError, match=r"\[Errno 1\]"):
        answer(sandbox, source)


def test_asking_for_far_too_much_memory_is_an_exception(sandbox):
    with pytest.raises(RemoteError) as caught:
        answer(
            sandbox, "def f(): return bytearray(1 << 30)", limits=SubmissionLimits(memory=64 * MIB)
        )
    assert caught.value.info["type"] == "MemoryError"


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("os.fork() or time.sleep(60)", "Resource temporarily unavailable"),
        ("threading.Thread(target=time.sleep, args=(60,)).start()", "can't start new thread"),
    ],
)
def test_processes_and_threads_are_bounded_together(sandbox, start, says):
    # the kernel refuses the next one, or the supervisor sees too many first
    source = f"def f():\n    for _ in range(100): {start}\n    time.sleep(60)"
    with pytest.raises((Ended, RemoteError), match=f"{says}|^processes$"):
        answer(sandbox, source, limits=SubmissionLimits(processes=16))


def test_a_frame_that_announces_too_much_ends_for_output(sandbox):
    assert reason(sandbox, "def f(): forge(struct.pack('>II', 2**31, 2**31))") == "output"


@pytest.mark.parametrize(
    "forged",
    [
        "struct.pack('>II', 4, 0) + b'abcd'",  # no msgpack of ours
        "struct.pack('>II', 1, 0) + b'\\xc0'",  # None is no reply
        "b'\\0' * 8",  # an empty frame
    ],
)
def test_a_forged_frame_ends_for_protocol(sandbox, forged):
    assert reason(sandbox, f"def f(): forge({forged})") == "protocol"


def test_a_reply_to_something_else_ends_for_protocol(sandbox):
    source = """
        def f():
            from seqkit.grading.inside import wire
            forge(wire.encode(("value", 12345, "right")))
    """
    assert reason(sandbox, source) == "protocol"


@pytest.mark.parametrize("code", [0, 1, 3, 70])
def test_an_exit_tells_its_code(sandbox, code):
    assert reason(sandbox, f"def f(): os._exit({code})") == f"exit {code}"


def test_a_crash_tells_its_signal(sandbox):
    assert reason(sandbox, "def f(): ctypes.string_at(0)") == "signal 11"


def test_an_exit_tells_its_code_however_busy_the_machine_is(sandbox):
    # with much memory to free, the connection is gone for a while before the process is
    source = "hog = [bytearray(1 << 20) for _ in range(200)]\ndef f(): os._exit(5)"
    assert {reason(sandbox, source) for _ in range(3)} == {"exit 5"}


def test_an_ended_submission_stays_ended(sandbox):
    with submission(sandbox) as channel:
        with pytest.raises(Ended):
            ask(channel, "def f(): os._exit(1)")
        with pytest.raises(Ended, match="exit 1"):
            channel.request("fetch", target="x", path=[])


def test_an_exception_of_any_kind_ends_nothing(sandbox):
    with submission(sandbox) as channel:
        for error in ("ValueError('no')", "SystemExit(3)", "KeyboardInterrupt()"):
            with pytest.raises(RemoteError):
                ask(channel, f"def f(): raise {error}")
        assert ask(channel, "def f(): return 1") == 1


def test_a_signal_to_itself_does_nothing_to_the_first_of_its_namespace(sandbox):
    source = "def f():\n    os.kill(os.getpid(), signal.SIGKILL)\n    return os.getpid()"
    assert answer(sandbox, source) == 1


def test_a_large_answer_is_refused_with_an_exception(sandbox):
    with pytest.raises(RemoteError, match="160,000,000 bytes"):
        answer(sandbox, "import numpy as np\ndef f(): return np.zeros(20_000_000)")


# ---------------------------------------------------------------- what there is inside


def test_the_grader_s_files_do_not_exist_inside(sandbox):
    hidden = ["tests", "solutions", "lessons", "docs", ".git", "pyproject.toml"]
    grader = ["cli.py", "commands", "course", "checking", "lab", "submissions", "results"]
    grader += [f"grading/{m}" for m in ("batch.py", "session.py", "executors", "sandbox")]
    assert all((ROOT / "seqkit" / m).exists() for m in grader)
    hidden += [f"seqkit/{m}" for m in grader]
    paths = [str(root / p) for root in (ROOT, Path("/course")) for p in hidden]
    paths += ["/home", "/etc/passwd", "/etc/shadow", "/var", "/run", "/sys"]
    paths += [str(Path.home() / ".ssh"), str(Path(__file__)), os.getcwd() + "/README.md"]
    there = "def f(paths): return [p for p in paths if os.path.lexists(p)]"
    assert answer(sandbox, there, paths) == []


def test_the_home_folder_is_the_temporary_one(sandbox):
    source = "def f(): return os.path.expanduser('~'), os.getcwd()"
    assert answer(sandbox, source) == ("/tmp", "/tmp")


def test_the_course_inside_is_the_helpers_and_the_data(sandbox):
    source = "def f(path): return sorted(os.listdir(path))"
    assert answer(sandbox, source, "/course") == ["data", "seqkit"]
    assert answer(sandbox, source, "/course/seqkit") == [
        "__init__.py", "batches.py", "corpora", "grading", "limits.py", "models", "plots",
        "text.py", "training.py",
    ]  # fmt: skip
    assert answer(sandbox, source, "/course/seqkit/grading") == ["__init__.py", "inside"]
    inside = set(answer(sandbox, source, "/course/seqkit/grading/inside")) - {"__pycache__"}
    assert sorted(inside) == [
        "__init__.py", "confine.py", "fixtures.py", "server.py", "settings.py", "source.py",
        "usage.py", "wire.py", "worker.py", "zygote.py",
    ]  # fmt: skip


@pytest.fixture
def place():
    """Return an empty folder that is not in ``/tmp``, which is another one inside."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def test_a_course_below_what_is_mounted_is_hidden(place, monkeypatch):
    course = place / "system" / "src" / "course"
    shutil.copytree(ROOT / "seqkit", course / "seqkit")
    (course / "solutions").mkdir()
    (course / "solutions" / "secret.ipynb").write_text("answers")
    (place / "system" / "library").write_text("for everybody")
    known = bubblewrap._system_paths()
    monkeypatch.setattr(bubblewrap, "_system_paths", lambda: [*known, place / "system"])
    monkeypatch.setattr(bubblewrap, "ROOT", course)
    look = f"""
    import os
    top = {str(place / "system")!r}
    found = [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]
    try:
        open({str(course / "new")!r}, "w")
    except OSError as error:
        refused = str(error)
    """
    with Sandbox(["numpy"]) as warm:
        channel = warm.open(SubmissionLimits())
        channel.request("run", source=dedent(look), label="look")
        found = channel.request("fetch", target="found", path=[])
        assert found == [str(place / "system" / "library")]
        assert "Read-only" in channel.request("fetch", target="refused", path=[])
    assert bubblewrap.seen(place / "system" / "class") == place / "system"
    assert bubblewrap.seen(course / "class") is None
    assert bubblewrap.seen(place) is None


def test_an_environment_that_is_the_course_is_refused(tmp_path):
    with pytest.raises(SandboxError, match="a folder of its own"):
        bubblewrap.hidden([(tmp_path, bubblewrap.VENV)], tmp_path)
    inside = bubblewrap.hidden([(tmp_path, bubblewrap.VENV)], tmp_path / "src")
    assert inside == [bubblewrap.VENV / "src"]


def test_the_environment_is_the_same_for_everybody(sandbox):
    environment = answer(sandbox, "def f(): return dict(os.environ)")
    assert SECRET not in environment
    assert environment.pop("PWD", "/tmp") == "/tmp"
    environment.pop("LC_CTYPE", None)
    assert environment == {
        "PATH": "/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "USER": "student",
        "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg",
        "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "KERAS_BACKEND": "tensorflow",
        "OMP_WAIT_POLICY": "PASSIVE",
        "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        "NUMEXPR_NUM_THREADS": "1", "TF_NUM_INTRAOP_NUM_THREADS": "1",
        "TF_NUM_INTEROP_NUM_THREADS": "1",
    } | {k: v for k, v in environment.items() if k.startswith("TF_")}  # fmt: skip


def test_strings_hash_the_same_in_every_submission(sandbox):
    order = "def f(): return list({'window', 'horizon', 'lag', 'series'})"
    assert answer(sandbox, order) == answer(sandbox, order)
    with Sandbox(["numpy"]) as other:
        assert answer(other, order) == answer(sandbox, order)


def test_nothing_outside_of_the_temporary_folder_can_be_written(sandbox):
    source = """
        def f(places):
            written = []
            for place in places:
                try:
                    with open(place + "/mine", "w") as file: file.write("x")
                    written.append(place)
                except OSError: pass
            return written
    """
    places = ["/", "/course", "/course/seqkit", "/usr", "/usr/bin", "/etc", "/dev", "/proc",
              sys.prefix, "/tmp"]  # fmt: skip
    assert answer(sandbox, source, places) == ["/tmp"]


def test_the_temporary_folder_starts_empty_and_nothing_in_it_survives(sandbox):
    look = "def f(): return os.listdir('/tmp'), os.listdir('/dev/shm')"
    leave = """
        def f():
            for place in ("/tmp/left", "/dev/shm/left"): open(place, "w").close()
            return os.listdir("/tmp"), os.listdir("/dev/shm")
    """
    assert answer(sandbox, look) == ([], [])
    assert answer(sandbox, leave) == (["left"], ["left"])
    assert answer(sandbox, look) == ([], [])


def test_the_temporary_folder_is_bounded_and_so_is_a_file(sandbox):
    limits = SubmissionLimits(folder=4 * MIB)
    many = """
        def f():
            for n in range(100):
                with open(f"/tmp/{n}", "wb") as file: file.write(bytes(1 << 20))
    """
    with pytest.raises(RemoteError, match="No space left"):
        answer(sandbox, many, limits=limits)
    one = """
        def f():
            with open("/tmp/one", "wb") as file:
                for n in range(100): file.write(bytes(1 << 20))
    """
    with pytest.raises(RemoteError, match=r"File too large|No space left"):
        answer(sandbox, one, limits=limits)


def test_names_and_processes_of_one_submission_do_not_exist_for_the_next(sandbox):
    leave = """
        import builtins, numpy
        secret = builtins.left = numpy.left = 42
        def f():
            if os.fork() == 0: time.sleep(60)
    """
    look = """
        import builtins, numpy
        left = "secret" in globals(), hasattr(builtins, "left"), hasattr(numpy, "left")
        def f(): return left, [p for p in os.listdir("/proc") if p.isdecimal()]
    """
    answer(sandbox, leave)
    assert answer(sandbox, look) == ((False, False, False), ["1"])


def test_two_open_submissions_do_not_see_each_other(sandbox):
    look = """
        def f():
            open(f"/tmp/{time.time()}", "w").close()
            return [p for p in os.listdir("/proc") if p.isdecimal()], len(os.listdir("/tmp"))
    """
    with submission(sandbox) as one, submission(sandbox) as other:
        assert ask(one, look) == (["1"], 1)
        assert ask(other, look) == (["1"], 1)


def test_there_is_no_network(sandbox):
    source = "def f(): return [n.split(':')[0].strip() for n in list(open('/proc/net/dev'))[2:]]"
    assert answer(sandbox, source) == ["lo"]


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_UNIX"])
def test_no_socket_can_be_made(sandbox, family):
    with pytest.raises(RemoteError) as caught:
        answer(sandbox, f"def f(): socket.socket(socket.{family}, socket.SOCK_DGRAM)")
    assert caught.value.info["type"] == "PermissionError"


def test_a_submission_inherits_its_own_pipes_only(sandbox):
    source = """
        def f():
            kinds = []
            for n in range(1024):
                try: kinds.append(os.readlink(f"/proc/self/fd/{n}").split(":")[0])
                except OSError: pass
            return kinds
    """
    assert answer(sandbox, source) == ["/dev/null"] * 3 + ["pipe"] * 2


def test_a_submission_is_nobody_without_capabilities(sandbox):
    source = """
        def f():
            status = dict(line.split(":", 1) for line in open("/proc/self/status"))
            capabilities = {int(status[c], 16) for c in ("CapEff", "CapPrm", "CapBnd")}
            return os.getuid(), capabilities, status["NoNewPrivs"].strip(), os.uname().nodename
    """
    assert answer(sandbox, source) == (1000, {0}, "1", "sandbox")


@pytest.mark.parametrize("flag", [0x10000000, 0x00020000, 0x20000000, 0x40000000])
def test_a_submission_makes_no_namespaces(sandbox, flag):
    source = """
        libc = ctypes.CDLL(None, use_errno=True)
        def f(flag): return libc.unshare(flag), ctypes.get_errno()
    """
    result, error = answer(sandbox, source, flag)
    assert result == -1
    assert error in (1, 28)


def test_the_grader_cannot_be_imported_and_the_lab_does_nothing(sandbox):
    for module in ("course", "checking", "grading.session", "grading.sandbox", "results"):
        with pytest.raises(RemoteError, match=rf"No module named 'seqkit\.{module}'"):
            answer(sandbox, f"def f(): import seqkit.{module}")
    source = """
        from seqkit.lab import agree, check, hint, progress, solution
        said = check("1.1"), hint("1.1"), progress(), solution("1.1")
        def f(): return *said, agree("x", needs=[], outputs=dict)
    """
    assert answer(sandbox, source) == (None,) * 5


def test_the_lab_is_inert_by_its_long_name_too(sandbox):
    assert answer(sandbox, "import seqkit.lab\ndef f(): return seqkit.lab.check('1.1')") is None


def test_helpers_of_the_course_are_there(sandbox):
    source = "from seqkit.text import tokenize\ndef f(): return tokenize('One two')"
    assert answer(sandbox, source) == ["one", "two"]


# ---------------------------------------------------------------- the parent


def test_modules_are_imported_once_by_the_parent(sandbox):
    source = "loaded = 'numpy' in sys.modules\ndef f(): return loaded"
    assert answer(sandbox, source) is True
    assert answer(sandbox, source.replace("numpy", "matplotlib")) is False


def test_many_submissions_leave_nothing_open_in_the_grader(sandbox):
    for _ in range(2):
        answer(sandbox, "def f(): pass")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        answer(sandbox, "def f(): pass")
    assert len(os.listdir("/proc/self/fd")) == before
    assert sandbox.ends == {}


def children(pid):
    """Return the process ids below a process, itself included."""
    found = [pid]
    for one in found:
        with suppress(FileNotFoundError):
            text = Path(f"/proc/{one}/task/{one}/children").read_text()
            found += map(int, text.split())
    return found


def runs(pid):
    """Whether a process is there and more than a name in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def gone(pids):
    """Whether all processes have ended, after at most a minute."""
    until = time.monotonic() + 60
    while any(map(runs, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(runs, pids))


def test_a_killed_parent_ends_its_submissions_and_can_be_started_again():
    with Sandbox(["numpy"]) as sandbox:
        with submission(sandbox) as channel:
            ask(channel, "def f(): return 1")
            below = children(sandbox.process.pid)
            assert len(below) >= 3
            os.kill(below[1], signal.SIGKILL)  # the first process inside
            assert gone(below[1:])
            with pytest.raises(Ended) as caught:
                channel.request("call", target="f", path=[], args=(), kwargs={}, keep=False)
        assert caught.value.reason == "sandbox"
        assert not sandbox.alive
        sandbox.start()
        assert answer(sandbox, "def f(): return 2") == 2


def test_opening_in_a_sandbox_that_is_gone_says_so():
    with Sandbox(["numpy"]) as sandbox:
        sandbox.process.kill()
        sandbox.process.wait()
        with pytest.raises(Ended):
            answer(sandbox, "def f(): return 1")
        assert not sandbox.alive


def test_everything_ends_when_the_sandbox_stops():
    sandbox = Sandbox(["numpy"])
    channel = sandbox.open(SubmissionLimits())
    channel.allow(5)
    ask(channel, "def f():\n    if os.fork() == 0: time.sleep(60)")
    below = children(sandbox.process.pid)
    sandbox.stop()
    assert gone(below)
    assert not sandbox.alive


def test_everything_ends_when_the_grader_is_killed():
    source = """
        import signal
        from seqkit.grading.sandbox.parent import Sandbox
        from seqkit.limits import SubmissionLimits
        sandbox = Sandbox(["math"])
        channel = sandbox.open(SubmissionLimits())
        channel.request("run", source="x = 1", label="answer 1.1")
        print(sandbox.process.pid, flush=True)
        signal.pause()
    """
    command = [sys.executable, "-c", dedent(source)]
    grader = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    below = children(int(grader.stdout.readline()))
    assert len(below) >= 3
    grader.kill()
    grader.communicate()
    assert gone(below)


def test_a_module_that_is_missing_does_not_stop_the_sandbox():
    with Sandbox(["numpy", "no_such_module_here"]) as sandbox:
        assert answer(sandbox, "def f(): return 1") == 1


def test_a_fork_computes_what_another_computed(sandbox):
    source = """
        import numpy as np
        def f():
            x = np.random.default_rng(0).normal(size=(200, 200))
            for _ in range(20): x = np.tanh(x @ x.T / 200)
            return x
    """
    one, other = answer(sandbox, source), answer(sandbox, source)
    assert np.array_equal(one, other)


# ---------------------------------------------------------------- without bubblewrap


@pytest.fixture(scope="module")
def process_sandbox():
    with Sandbox(["numpy"], "process") as warm:
        yield warm


def test_without_isolation_calls_are_answered(process_sandbox):
    assert answer(process_sandbox, "def f(x): return x + 1", 2) == 3


@pytest.mark.parametrize(
    ("source", "how", "why"),
    [
        ("while True: pass", {"seconds": 0.2}, "cpu"),
        ("time.sleep(60)", {"seconds": 0.1}, "time"),
        ("x = bytearray(80 << 20); time.sleep(60)",
         {"limits": SubmissionLimits(memory=64 * MIB)}, "memory"),
        ("[os.fork() or time.sleep(60) for _ in range(20)]; time.sleep(60)",
         {"limits": SubmissionLimits(processes=8)}, "processes"),
        ("os._exit(3)", {}, "exit 3"),
        ("os.kill(os.getpid(), 9)", {}, "signal 9"),
        ("forge(b'0' * 8)", {}, "output"),
    ],
)  # fmt: skip
def test_without_isolation_limits_hold_all_the_same(process_sandbox, source, how, why):
    assert reason(process_sandbox, f"def f():\n    {source}", **how) == why
    assert answer(process_sandbox, "def f(): return 1") == 1


def test_without_isolation_what_was_started_ends_with_the_submission(process_sandbox):
    source = """
        def f():
            child = os.fork()
            if child == 0: time.sleep(60)
            return child
    """
    with submission(process_sandbox) as channel:
        child = ask(channel, source)
    assert gone([child])


def test_no_sandbox_at_all_is_a_namespace_of_its_own():
    one, other = Here().open(SubmissionLimits()), Here().open(SubmissionLimits())
    assert isinstance(one, LocalChannel)
    assert ask(one, "x = 1\ndef f(): return x") == 1
    with pytest.raises(RemoteError, match="'x' is not defined"):
        other.request("fetch", target="x", path=[])


def test_a_missing_bubblewrap_is_told_with_the_command_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bubblewrap_complaint().startswith("bubblewrap is not installed: sudo apt install")
    with pytest.raises(SandboxError, match="bubblewrap is not installed"):
        Sandbox(["numpy"])


def script(folder, text):
    """Put a ``bwrap`` of our own into a folder."""
    path = folder / "bwrap"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_forbidden_bubblewrap_is_told_with_what_it_said(monkeypatch, tmp_path):
    script(tmp_path, "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    complaint = bubblewrap_complaint()
    assert "is installed but may not run" in complaint
    assert "setting up uid map: Permission denied" in complaint
    with pytest.raises(SandboxError, match="may not run"):
        Sandbox(["numpy"])


def test_apparmor_s_profile_is_named_where_it_forbids(monkeypatch, tmp_path):
    script(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    real = Path.exists
    switch = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
    monkeypatch.setattr(Path, "exists", lambda p: str(p) == switch or real(p))
    assert "bwrap-userns-restrict" in bubblewrap_complaint()


def test_a_bubblewrap_that_hangs_is_told(monkeypatch):
    def hang(command, **how):
        raise subprocess.TimeoutExpired(command, 30)

    monkeypatch.setattr(bubblewrap.subprocess, "run", hang)
    assert "bubblewrap" in bubblewrap_complaint()


def test_a_sandbox_that_does_not_start_says_what_it_said(monkeypatch, tmp_path):
    real = shutil.which("bwrap")
    script(tmp_path, f'case "$*" in *zygote*) echo no room >&2; exit 1;; esac; exec {real} "$@"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(SandboxError, match="the sandbox did not start: no room"):
        Sandbox(["numpy"])


@pytest.mark.parametrize("error", [Ended("exit 70"), RemoteError({"message": "no room"})])
def test_a_sandbox_whose_forks_do_not_answer_is_refused(monkeypatch, error):
    def fails(*args, **kwargs):
        raise error

    monkeypatch.setattr(parent.Channel, "request", fails)
    with pytest.raises(SandboxError, match=f"the sandbox starts, but .*{error}"):
        Sandbox(["math"])


def test_a_sandbox_whose_forks_answer_wrongly_is_refused(monkeypatch):
    monkeypatch.setattr(parent.Channel, "request", lambda *args, **kwargs: 41)
    with pytest.raises(SandboxError, match="the sandbox starts, but"):
        Sandbox(["math"])


def test_bubblewrap_is_told_to_need_linux_elsewhere(monkeypatch):
    monkeypatch.setattr(bubblewrap.sys, "platform", "darwin")
    assert bubblewrap_complaint().startswith("bubblewrap needs Linux")
