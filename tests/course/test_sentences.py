"""What goes wrong is told in one sentence that says what to do."""

import contextlib
import errno
import os
import sys
import types

import pytest

GOOD = {"python": (3, 12, 1), "platform": ("linux", "x86_64"), "macos": "", "venv": True}


def test_this_machine_is_fit(folder):
    assert folder.door.unfit(folder.door.this_machine()) is None


@pytest.mark.parametrize(
    "machine",
    [
        {"python": (3, 11, 0)},
        {"python": (3, 13, 9)},
        {"platform": ("linux", "aarch64")},
        {"platform": ("win32", "amd64")},
        {"platform": ("darwin", "arm64"), "macos": "14.0"},
        {"platform": ("darwin", "arm64"), "macos": "26.1"},
    ],
)
def test_supported_machines_are_fit(folder, machine):
    assert folder.door.unfit({**GOOD, **machine}) is None


@pytest.mark.parametrize(
    ("machine", "cause", "remedy"),
    [
        ({"python": (3, 6, 15)}, "Python 3.6.15 is too old", "`python3.13 course.py`"),
        ({"python": (3, 10, 9)}, "Python 3.10.9 is too old", "install Python 3.13"),
        ({"python": (3, 14, 0)}, "Python 3.14.0 is too new", "`py -3.13 course.py`"),
        ({"platform": ("win32", "32-bit")}, "(win32, 32-bit)", "64-bit Python 3.13"),
        ({"platform": ("darwin", "x86_64")}, "(darwin, x86_64)", "Mac with Apple silicon"),
        ({"platform": ("win32", "arm64")}, "(win32, arm64)", "64-bit Python 3.13"),
        (
            {"platform": ("darwin", "arm64"), "macos": "13.6.1"},
            "macOS 13.6.1 is too old",
            "update to macOS 14",
        ),
        ({"venv": False}, "lacks venv", "sudo apt install python3.12-venv"),
    ],
)
def test_an_unfit_machine_is_told_why_and_what_to_do(folder, monkeypatch, machine, cause, remedy):
    monkeypatch.setattr(folder.door, "this_machine", lambda: {**GOOD, **machine})
    code, sentence = folder.call("lab")
    assert code == 1
    assert cause in sentence
    assert remedy in sentence
    assert "\n" not in sentence
    assert not folder.door.VENV.exists()


NO_NETWORK = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(\"<pip._"
    "vendor.urllib3.connection.HTTPSConnection>: Failed to establish a new connection: [Errno -3] "
    "Temporary failure in name resolution\")': /simple/torch/\n"
    "ERROR: Could not find a version that satisfies the requirement torch==2.13.0\n"
    "ERROR: No matching distribution found for torch==2.13.0"
)


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        (NO_NETWORK, "No network: connect this machine"),
        ("ReadTimeoutError: HTTPSConnectionPool(): Read timed out.", "No network"),
        ("ProxyError('Cannot connect to proxy.')", "No network"),
        ("SSLError(SSLCertVerificationError(1, 'certificate verify failed'))", "This network"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on "
            "device",
            "The disk is full: free",
        ),
        ("OSError: [Errno 122] Disk quota exceeded: '/data/x'", "The disk is full"),
        ("[WinError 112] There is not enough space on the disk", "The disk is full"),
        ("ERROR: [Errno 13] Permission denied: '/opt/x'", "No permission to write"),
        ("ERROR: [WinError 5] Access is denied: 'C:\\x'", "No permission to write"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or "
            "directory: 'C:\\x'\nHINT: This error might have occurred since this system does not "
            "have Windows Long Path support enabled.",
            "The path",
        ),
    ],
)
def test_a_known_failure_of_pip_is_one_sentence(folder, said, begins):
    folder.tell_pip(says=said, code=1)
    code, sentence = folder.call("lab")
    assert code == 1
    assert sentence.startswith(begins)
    assert sentence.endswith("and run this again.")
    assert "\n" not in sentence


def test_a_network_that_came_back_is_not_blamed(folder):
    later = "Collecting x\n" * 30 + "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"
    folder.tell_pip(says=NO_NETWORK.splitlines()[0] + "\n" + later, code=1)
    assert "DO NOT MATCH THE HASHES" in folder.call("lab")[1]


def test_any_other_failure_of_pip_shows_its_errors_and_the_log(folder):
    folder.tell_pip(says="Collecting x\nERROR: No matching distribution found for x", code=2)
    sentence = folder.call("lab")[1]
    assert sentence.splitlines() == [
        f"The installation failed; {folder.door.LOG} ends:",
        "  ERROR: No matching distribution found for x",
    ]


def test_a_pip_that_died_silently_shows_its_last_lines(folder):
    folder.tell_pip(says="\n".join(str(i) for i in range(20)), code=3)
    assert [line.strip() for line in folder.call("lab")[1].splitlines()[1:]] == [
        str(i) for i in range(12, 20)
    ]


@pytest.mark.parametrize(
    ("number", "begins"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "No permission to write"),
        (errno.EROFS, "No permission to write"),
        (errno.ENAMETOOLONG, "The path"),
        (errno.EIO, "The system refused"),
    ],
)
def test_an_error_of_the_system_is_one_sentence(folder, monkeypatch, number, begins):
    def fail():
        raise OSError(number, os.strerror(number), str(folder.door.VENV))

    monkeypatch.setattr(folder.door, "prepare", fail)
    code, sentence = folder.call("lab")
    assert code == 1
    assert sentence.startswith(begins)
    assert "\n" not in sentence


def test_a_file_in_the_place_of_venv_is_one_sentence(folder):
    folder.door.VENV.touch()
    assert folder.call("lab")[1].startswith("The system refused: ")


def deep_windows(folder, monkeypatch, long_paths):
    """Pretend that this is Windows, that the folder is deep, and what the registry says."""
    monkeypatch.setattr(folder.door, "WINDOWS", True)
    monkeypatch.setattr(folder.door, "LONGEST", 250)
    value = types.SimpleNamespace(
        HKEY_LOCAL_MACHINE=0,
        OpenKey=lambda *_: contextlib.nullcontext(),
        QueryValueEx=lambda *_: (long_paths, 4),
    )
    monkeypatch.setitem(sys.modules, "winreg", value)
    monkeypatch.setattr(folder.door, "grab", lambda lock: True)


def test_a_path_too_long_for_windows_is_told_before_anything_is_fetched(folder, monkeypatch):
    deep_windows(folder, monkeypatch, long_paths=0)
    sentence = folder.call("lab")[1]
    assert "is too long a path for Windows (at most 8 characters)" in sentence
    assert "C:\\course" in sentence
    assert folder.installations == 0


def test_windows_with_long_paths_takes_any_folder(folder, monkeypatch):
    deep_windows(folder, monkeypatch, long_paths=1)
    assert folder.call("lab") == (0, None)
