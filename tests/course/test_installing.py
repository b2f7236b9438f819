"""When course.py installs, when it does not, and how it mends an installation cut short."""

import json
import os
import shutil
import signal
import subprocess
import time
import venv

import pytest


def wait_for(condition, seconds=1800):
    """Wait until the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_installs_on_the_first_call_and_not_on_the_second(folder):
    assert folder.call("lab") == (0, None)
    assert folder.call("grade", "a b.ipynb") == (0, None)
    assert folder.installations == 1
    assert folder.door.handed == [["lab"], ["grade", "a b.ipynb"]]


@pytest.mark.parametrize("words", [(), ("-h",), ("--help",), ("help",)])
def test_help_installs_nothing(folder, capsys, words):
    assert folder.call(*words) == (0, None)
    assert "usage: python course.py" in capsys.readouterr().out
    assert not folder.door.VENV.exists()


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_installs_again_when_a_file_changed(folder, name):
    folder.call("lab")
    marker = folder.door.VENV / "kept"
    marker.touch()
    (folder.path / name).write_text("# new\n", encoding="utf-8")
    folder.call("lab")
    folder.call("lab")
    assert folder.installations == 2
    assert marker.exists(), "the same .venv is brought up to date"


@pytest.mark.parametrize("key", ["python", "platform", "folder"])
def test_makes_a_new_venv_for_another_python_or_folder(folder, key):
    folder.call("lab")
    stamp = json.loads(folder.door.STAMP.read_text())
    folder.door.STAMP.write_text(json.dumps({**stamp, key: "another"}))
    marker = folder.door.VENV / "old"
    marker.touch()
    folder.call("lab")
    assert folder.installations == 2
    assert not marker.exists()


def test_makes_a_new_venv_when_its_python_is_gone(folder):
    folder.call("lab")
    folder.door.PYTHON.unlink()
    folder.call("lab")
    assert folder.door.PYTHON.exists()
    assert folder.installations == 2


def test_keeps_a_venv_that_somebody_made(folder):
    venv.create(folder.door.VENV)
    marker = folder.door.VENV / "theirs"
    marker.touch()
    assert folder.call("lab") == (0, None)
    assert marker.exists()


def test_installs_again_when_the_last_pip_failed(folder):
    folder.tell_pip(code=1)
    assert folder.call("lab")[0] == 1
    assert folder.door.handed == []
    folder.tell_pip()
    assert folder.call("lab") == (0, None)
    assert folder.installations == 2


def test_an_update_that_failed_leaves_no_stamp(folder):
    folder.call("lab")
    before = (folder.path / "requirements.txt").read_bytes()
    (folder.path / "requirements.txt").write_text("# new\n")
    folder.tell_pip(code=1)
    folder.call("lab")
    (folder.path / "requirements.txt").write_bytes(before)
    folder.tell_pip()
    folder.call("lab")
    assert folder.installations == 3, "what a failed update left behind is not trusted"


@pytest.mark.parametrize("text", ["", '{"python": ', "[]", "3"])
def test_installs_again_when_the_stamp_is_damaged(folder, text):
    folder.call("lab")
    folder.door.STAMP.write_text(text)
    assert folder.call("lab") == (0, None)
    assert folder.installations == 2


def test_a_package_cut_short_is_installed_again(folder):
    folder.call("lab")
    whole, half = (
        next(folder.door.VENV.glob("[Ll]ib/**/site-packages")) / f"{name}-1.0.dist-info"
        for name in ("whole", "half")
    )
    for info in (whole, half):
        info.mkdir()
        (info / "RECORD").touch()  # comes with the wheel: says nothing
    (whole / "INSTALLER").touch()
    folder.door.STAMP.unlink()
    folder.call("lab")
    assert whole.exists()
    assert not half.exists(), "pip would take it for installed"


def test_requirements_without_seqkit_are_named(folder):
    folder.tell_pip(installs=False)
    code, sentence = folder.call("lab")
    assert code == 1
    assert "requirements.txt does not install seqkit" in sentence


def test_the_log_holds_all_that_pip_said(folder):
    folder.tell_pip(says="Collecting torch\n  Downloading torch (122.0 MB)")
    folder.call("lab")
    assert "  Downloading torch (122.0 MB)\n" in folder.door.LOG.read_text(encoding="utf-8")


def test_a_terminal_shows_the_line_pip_is_at(folder, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "21")
    folder.door.show("Collecting a-package-with-a-long-name\n")
    folder.door.show("")
    assert capsys.readouterr().out == "Collecting a-package\r" + " " * 20 + "\r"


def test_two_calls_at_once_install_once(folder):
    folder.tell_pip(awaits="go")
    first = subprocess.Popen(folder.command("lab"), stdout=subprocess.DEVNULL)
    wait_for(lambda: folder.installations == 1)
    second = subprocess.Popen(folder.command("lab"), stdout=subprocess.PIPE, text=True)
    assert "Another call is installing" in second.stdout.readline()
    (folder.path / "go").touch()
    second.communicate(timeout=1800)
    assert [first.wait(timeout=1800), second.returncode] == [0, 0]
    assert folder.pip_log == ["begin", "end"]


def test_a_killed_call_is_mended_by_the_next(folder):
    folder.tell_pip(awaits="go")
    first = subprocess.Popen(folder.command("lab"), stdout=subprocess.DEVNULL)
    wait_for(lambda: folder.installations == 1)
    first.kill()
    first.wait()
    assert not folder.door.STAMP.exists()
    second = subprocess.Popen(folder.command("lab"), stdout=subprocess.PIPE, text=True)
    if os.name == "posix":  # the orphaned pip holds the lock
        time.sleep(0.5)
        assert folder.installations == 1
    (folder.path / "go").touch()
    second.communicate(timeout=1800)
    assert second.returncode == 0
    assert folder.installations == 2
    assert folder.door.ready()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signal for one group of processes")
def test_ctrl_c_stops_the_installation_without_a_traceback(folder):
    folder.tell_pip(awaits="never")
    call = subprocess.Popen(
        folder.command("lab"), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for(lambda: folder.installations == 1)
    os.kill(call.pid, signal.SIGINT)  # course.py alone: it ends pip itself
    said = call.communicate(timeout=1800)[1]
    assert call.returncode == 130
    assert said == "\nStopped; the same command goes on from here.\n"
    assert not folder.door.STAMP.exists()
    folder.tell_pip()
    assert folder.call("lab") == (0, None), "the lock is free"


def test_a_file_system_without_locks_is_no_obstacle(folder, monkeypatch):
    module = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(module, "flock", refuse)
    assert folder.call("lab") == (0, None)


def test_the_python_of_venv_does_not_replace_its_own_venv(folder, monkeypatch):
    folder.call("lab")
    monkeypatch.setattr("sys.prefix", str(folder.door.VENV))
    shutil.rmtree(folder.door.PYTHON.parent)
    code, sentence = folder.call("lab")
    assert code == 1
    assert sentence == "The Python of .venv cannot replace .venv: run this with another one."
