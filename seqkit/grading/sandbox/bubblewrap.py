"""Start Python inside bubblewrap: what is there, and whether this system allows it."""

from __future__ import annotations

import contextlib
import os
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from seqkit import ROOT
from seqkit.grading.inside import confine
from seqkit.limits import PROBE_SECONDS

INSTALL = "sudo apt install bubblewrap   (Fedora: sudo dnf install bubblewrap)"
#: Of the package, what a learner's code may import; the grader itself is not among it.
INSIDE = ("__init__.py", "limits.py", "text.py", "batches.py", "sampling.py", "training.py",
          "plots", "corpora", "models", "grading/__init__.py", "grading/inside")  # fmt: skip
#: Not -I: it would ignore PYTHONHASHSEED too; the rest of the environment is ours.
PYTHON = ("-s", "-P", "-B")
START = (
    "import sys; sys.path.insert(0, {course!r}); "
    "from seqkit.grading.inside.zygote import main; main()"
)
VENV = Path("/venv")  # where the environment is inside: its own place may be one that is hidden


class SandboxError(RuntimeError):
    """The sandbox cannot be used on this machine; the message says what to do."""


def environment(home: str) -> dict[str, str]:
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


def user_namespace() -> int:
    """Return, where the grader is root, a user namespace in which submissions are not; else -1."""
    if os.geteuid() != 0:
        return -1
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


def command_line(arguments: list[str], users: int) -> list[str]:
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
    for name, value in environment("/tmp").items():
        command += ["--setenv", name, value]
    mounts = [
        (path, VENV if path == Path(sys.prefix) != Path(sys.base_prefix) else path)
        for path in _system_paths()
    ]
    course = [Path("data"), *(Path("seqkit", name) for name in INSIDE)]
    course = [part for part in course if (ROOT / part).exists()]
    # parents that bubblewrap makes by itself only their owner may enter
    made = [target for _, target in mounts] + [Path("/course") / part for part in course]
    for folder in sorted({folder for target in made for folder in target.parents}):
        command += ["--dir", str(folder)]
    for source, target in mounts:
        if source.is_symlink():
            command += ["--symlink", os.readlink(source), str(target)]
        else:
            command += ["--ro-bind", str(source), str(target)]
    for place in hidden(mounts, ROOT):
        command += ["--tmpfs", str(place), "--remount-ro", str(place)]
    for part in course:
        command += ["--ro-bind", str(ROOT / part), str(Path("/course") / part)]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    code = START.format(course="/course")
    python = VENV / "bin" / "python" if sys.prefix != sys.base_prefix else sys.executable
    return [*command, str(python), *PYTHON, "-c", code, *arguments]


def hidden(mounts: Iterable[tuple[Path, Path]], course: Path) -> list[Path]:
    """Return where, among what is mounted, the course lies, solutions and hidden checks in it.

    Raises
    ------
    SandboxError
        If the interpreter lies around the course in a way that no mount can hide.

    Examples
    --------
    >>> hidden([(Path("/usr"), Path("/usr")), (Path("/lib"), Path("/lib"))], Path("/usr/src/app"))
    [PosixPath('/usr/src/app')]
    """
    course, places = course.resolve(), []
    for source, target in mounts:
        if course == source.resolve():
            raise SandboxError(
                f"the environment is the course folder itself ({course}), and submissions would "
                "see the solutions: make it in a folder of its own, as course.py does."
            )
        if course.is_relative_to(source.resolve()):
            places.append(target / course.relative_to(source.resolve()))
    return places


def seen(path: Path) -> Path | None:
    """Return what is mounted in the sandbox and shows a file or folder there; None if nothing."""
    path = path.resolve()
    if path.is_relative_to(ROOT.resolve()):
        return None  # hidden, wherever the course lies
    return next((p for p in _system_paths() if path.is_relative_to(p.resolve())), None)


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
        known = path in paths or any(p in path.parents and not p.is_symlink() for p in paths)
        elsewhere = path == Path(sys.prefix) != Path(sys.base_prefix)  # it is mounted at VENV
        if path.exists() and path not in paths and (elsewhere or not known):
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
        result = subprocess.run(
            probe, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
        )
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
