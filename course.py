"""The door of the course: makes .venv, installs requirements.txt, hands its words to seqkit.

usage: python course.py COMMAND ...

  lab              open the lessons in JupyterLab
  grade PATH ...   grade notebooks, folders or zips
  doctor           say what is wrong with this machine, and what mends it
  test ...         run every test, or what pytest makes of the words that follow
  COMMAND --help   explain a command; every other seqkit command works too

The first call installs the course into .venv beside this file. That takes minutes, once.
"""
# Old Pythons read this file too, to be told that they are old: no syntax newer than 3.6.

import contextlib
import errno
import functools
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

PYTHONS = ((3, 11), (3, 12), (3, 13))  # TensorFlow 2.21 has wheels for these
PLATFORMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "amd64"))
# what pytest is told when `test` stands alone; a file stays in one process, with its fixtures, and
# there are more processes than two cores need: some tests wait for a browser or a sleeper
ALL_TESTS = ("-n", "3", "--dist", "loadfile")
LONGEST = 195  # characters of the longest path an installation writes, from .venv on
WINDOWS = os.name == "nt"
ROOT = Path(os.path.abspath(__file__)).parent  # not resolved: a short `subst` drive stays short
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
SEQKIT = VENV / ("Scripts/seqkit.exe" if WINDOWS else "bin/seqkit")
PIP = (str(PYTHON), "-m", "pip", "--disable-pip-version-check")
STAMP = VENV / "installed.json"
LOG = VENV / "install.log"


def main(words):
    """Run the command that the words name; return the exit code."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    try:
        sentence = unfit(this_machine())
        if sentence:
            sys.exit(sentence)
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")  # a path the terminal cannot spell
        prepare()
        return hand_over(words)
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on from here.", file=sys.stderr)
        return 130
    except OSError as error:
        sys.exit(explain(str(error)) or f"The system refused: {error}.")


def this_machine():
    """Collect what decides whether the course can run here."""
    # An amd64 Python runs on Windows on ARM too: there the build counts, not the machine.
    machine = sysconfig.get_platform().split("-")[-1] if WINDOWS else platform.machine()
    machine = machine if sys.maxsize > 2**32 else "32-bit"
    return {
        "python": tuple(sys.version_info[:3]),
        "platform": (sys.platform, machine),
        "macos": platform.mac_ver()[0],
        "venv": all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")),
    }


def unfit(machine):
    """Say in one sentence why the course cannot run on this machine; None when it can."""
    version, short = "{}.{}.{}".format(*machine["python"]), machine["python"][:2]
    if short not in PYTHONS:
        return (
            f"Python {version} is too {'old' if short < PYTHONS[0] else 'new'} for the course: "
            "install Python 3.13 from python.org, then run `python3.13 course.py` (on Windows "
            "`py -3.13 course.py`; 3.11 and 3.12 will do as well)."
        )
    if machine["platform"] not in PLATFORMS:
        return (
            "PyTorch and TensorFlow have no packages for this Python ({}, {}): use the 64-bit "
            "Python 3.13 from python.org, on Linux, Windows or a Mac with Apple silicon."
        ).format(*machine["platform"])
    if machine["macos"].split(".")[0] in ("11", "12", "13"):
        return f"macOS {machine['macos']} is too old for PyTorch: update to macOS 14 or newer."
    if not machine["venv"]:
        return (
            "This Python lacks venv: on Debian or Ubuntu run `sudo apt install python{}.{}-venv`, "
            "elsewhere install Python 3.13 from python.org."
        ).format(*short)
    return None


def prepare():
    """Install the course unless what is installed is what this folder asks for."""
    if ready():
        return
    VENV.mkdir(exist_ok=True)
    with open(VENV / "lock", "a", encoding="utf-8") as lock:
        # pip holds the lock too: killing course.py alone leaves no pip that nobody waits for.
        os.set_inheritable(lock.fileno(), True)
        if not grab(lock):
            print("Another call is installing the course: waiting for it.", flush=True)
            while not grab(lock):
                time.sleep(0.2)
        if not ready():  # the call that held the lock may have done it
            install()


def grab(lock):
    """Lock an open file; False when another process has it, whose end frees it in any case."""
    try:
        if WINDOWS:
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # a file system without locks says something else: go on without
        return error.errno not in (errno.EACCES, errno.EAGAIN)
    return True


def wanted():
    """Describe the installation this folder asks for; the stamp of a finished one equals it."""
    files = ("requirements.txt", "pyproject.toml")
    return {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "platform": sysconfig.get_platform(),
        "folder": str(ROOT),
        "base": sys.base_prefix,  # where the Python of .venv lives
        **{name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files},
    }


def read_stamp():
    """Return what the stamp says; an empty dict when there is none to be trusted."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    return {}


def ready():
    """Whether the last installation was finished, is the wanted one, and is still there."""
    return read_stamp() == wanted() and PYTHON.exists() and SEQKIT.exists()


def install():
    """Bring .venv to what this folder asks for; the stamp, written last, says it is done."""
    stamp, started = wanted(), time.monotonic()
    if WINDOWS and len(str(ROOT)) + 1 + LONGEST > 259 and not long_paths():
        sys.exit(
            f"{ROOT} is too long a path for Windows (at most {258 - LONGEST} characters): move "
            "the course to a shorter one, such as C:\\course, and run this again."
        )
    print("Installing the course into .venv. This takes minutes, once.", flush=True)
    LOG.unlink(missing_ok=True)
    if not sound(stamp):
        make_venv()
    STAMP.unlink(missing_ok=True)
    forget_half_installed()
    run([*PIP, "install", "--no-input", "--progress-bar", "off", "-r", "requirements.txt"])
    if not SEQKIT.exists():
        sys.exit(f"requirements.txt does not install seqkit (see {LOG}): fetch it anew.")
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(fresh, STAMP)
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def long_paths():
    """Whether this Windows allows paths of 260 characters and more."""
    import winreg

    key = r"SYSTEM\CurrentControlSet\Control\FileSystem"
    with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as values:
        return winreg.QueryValueEx(values, "LongPathsEnabled")[0] == 1
    return False


def sound(stamp):
    """Whether .venv can be kept: it was made here, for this Python, and its pip answers."""
    old = read_stamp()
    if any(old.get(key, stamp[key]) != stamp[key] for key in ("python", "platform", "folder")):
        return False
    with contextlib.suppress(OSError):
        asked = [*PIP, "--version"]
        said = subprocess.run(asked, env=environment(), capture_output=True, text=True).stdout
        return f"(python {stamp['python']})" in said
    return False


def make_venv():
    """Make an empty .venv in place of what is there."""
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        sys.exit("The Python of .venv cannot replace .venv: run this with another one.")
    for entry in VENV.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != "lock":  # held by this call
            entry.unlink()
    run([sys.executable, "-m", "venv", str(VENV)])


def forget_half_installed():
    """Let pip see as missing what an interruption cut short: it writes INSTALLER at the end."""
    library = "Lib" if WINDOWS else "lib/python{}.{}".format(*sys.version_info[:2])
    for info in (VENV / library / "site-packages").glob("*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def run(command):
    """Run a step of the installation: the line it is at on a terminal, every line in the log."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    options = {"cwd": ROOT, "env": environment(), "encoding": "utf-8", "errors": "replace"}
    said = []
    with open(LOG, "a", encoding="utf-8") as log:
        process = subprocess.Popen(command, close_fds=False, **streams, **options)
        try:
            for line in process.stdout:
                log.write(line)
                said.append(line.rstrip())
                show(line)
            process.wait()
        finally:
            process.terminate()  # when interrupted; one that has ended does not mind
            process.wait()
            show("")
    if process.returncode:
        errors = [line for line in said if line.startswith("ERROR")] or said
        last = "\n  ".join([f"The installation failed; {LOG} ends:", *errors[-8:]])
        sys.exit(explain("\n".join(said[-25:])) or last)


def show(line):
    """Show a line on a terminal, in place of the one before."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(line.strip()[:width].ljust(width), end="\r", flush=True)


def explain(text):
    """Turn what pip or the system said into a sentence, when its reason is a known one."""
    says = functools.partial(re.search, string=text)
    if says(r"No space left|Errno 28\b|quota exceeded|Errno 122\b|WinError 112|not enough space"):
        problem = f"The disk is full: free some gigabytes in {ROOT} or {tempfile.gettempdir()}"
    elif says(r"Long Path support|WinError 206|[Ff]ile ?name too long"):
        problem = f"The path {ROOT} is too long: move the course to a shorter one"
    elif says(r"CERTIFICATE_VERIFY_FAILED|SSLError"):
        problem = "This network rewrites secure connections: set PIP_CERT to its certificate file"
    elif says(
        r"NewConnectionError|NameResolution|[Nn]ame resolution|getaddrinfo failed|ProxyError|"
        r"[Tt]imed out|[Nn]etwork is unreachable|Connection (refused|reset|aborted|broken)"
    ):
        problem = "No network: connect this machine, or set HTTPS_PROXY,"
    elif says(r"Permission denied|Access is denied|Errno 13\b|WinError (5|32)\b|Read-only file"):
        problem = f"No permission to write in {ROOT}: close what runs from .venv or move the course"
    else:
        return None
    return problem + " and run this again."


def environment():
    """Return the environment for .venv: ours, without what would mix other packages in."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    return {**kept, "PYTHONUTF8": "1"} if WINDOWS else kept


def hand_over(words):
    """Run seqkit, or pytest for `test`, in .venv; return its exit code."""
    command = [str(SEQKIT), *words] if WINDOWS else [str(PYTHON), str(SEQKIT), *words]
    if words[0] == "test":
        os.chdir(ROOT)
        command = [str(PYTHON), "-m", "pytest", *(words[1:] or ALL_TESTS)]
    sys.stdout.flush()
    if not WINDOWS:
        os.execve(command[0], command, environment())  # signals and exit code are its own
    process = subprocess.Popen(command, env=environment())
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # it got the Ctrl-C too, and decides
            return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
