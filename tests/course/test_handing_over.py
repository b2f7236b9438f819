"""course.py hands its words to seqkit and pytest in .venv, and their exit code back.

Here nothing stands in for pip: a wheel made on the spot is installed into a real .venv.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

SEQKIT = """
import json, os, sys, time
def main():
    words = sys.argv[1:]
    if words == ["wait"]:
        try:
            print("waiting", flush=True)
            time.sleep(20)
        except KeyboardInterrupt:
            print("asked to stop", flush=True)
            sys.exit(5)
    seen = {name: os.environ.get(name) for name in ("PYTHONPATH", "PYTHONHOME", "MARK")}
    print(json.dumps({"words": words, "cwd": os.getcwd(), "prefix": sys.prefix, **seen}))
    sys.exit(7)
"""
PYTEST = "import os, sys; print('pytest', *sys.argv[1:], 'in', os.getcwd()); sys.exit(4)\n"


def make_wheel(path):
    """Write the wheel of a seqkit that tells what it was handed, and of such a pytest."""
    name = "seqkit-1.dist-info"
    files = {
        "seqkit.py": SEQKIT,
        "pytest.py": PYTEST,
        f"{name}/METADATA": "Metadata-Version: 2.1\nName: seqkit\nVersion: 1\n",
        f"{name}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{name}/entry_points.txt": "[console_scripts]\nseqkit = seqkit:main\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{name}/RECORD"])
    with zipfile.ZipFile(path / "seqkit-1-py3-none-any.whl", "w") as wheel:
        for file, text in [*files.items(), (f"{name}/RECORD", record)]:
            wheel.writestr(file, text)


class Installed:
    """A folder where the first call of course.py has installed that wheel."""

    def __init__(self, path):
        self.path = path
        shutil.copy(REPOSITORY / "course.py", path)
        (path / "pyproject.toml").touch()
        (path / "requirements.txt").write_text("./seqkit-1-py3-none-any.whl\n")
        make_wheel(path)
        self.first = self.call("lab")

    def command(self, *words):
        return [sys.executable, str(self.path / "course.py"), *words]

    def call(self, *words, cwd=None, **extra):
        offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            self.command(*words),
            cwd=cwd,
            env={**os.environ, **offline, **extra},
            capture_output=True,
            encoding="utf-8",
            timeout=1800,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    return Installed(tmp_path_factory.mktemp("a course"))


def told(done):
    """What the seqkit of the wheel printed last."""
    return json.loads(done.stdout.splitlines()[-1])


def test_the_first_call_installs_and_hands_over(installed):
    assert installed.first.stderr == ""
    assert installed.first.returncode == 7
    assert installed.first.stdout.startswith("Installing the course into .venv.")
    assert told(installed.first)["words"] == ["lab"]


def test_words_arrive_as_they_were_given(installed, tmp_path):
    words = ["grade", "a b.ipynb", "--out", "", "*", "é", '"'] if os.name == "posix" else ["grade"]
    done = installed.call(*words, cwd=tmp_path)
    assert told(done)["words"] == words
    assert Path(told(done)["cwd"]).samefile(tmp_path), "paths are the caller's"
    assert Path(told(done)["prefix"]).samefile(installed.path / ".venv")
    assert len(done.stdout.splitlines()) == 1, "nothing of our own in between"


def test_the_environment_keeps_everything_but_other_packages(installed, tmp_path):
    done = told(installed.call("lab", MARK="kept", PYTHONPATH=str(tmp_path)))
    assert done["MARK"] == "kept"
    assert done["PYTHONPATH"] is None
    assert done["PYTHONHOME"] is None


def test_test_runs_every_test_on_two_cores_from_the_root(installed, tmp_path):
    done = installed.call("test", cwd=tmp_path)
    assert done.stdout == f"pytest -n 3 --dist loadfile in {installed.path}\n"
    assert done.returncode == 4


def test_test_gives_its_words_to_pytest(installed):
    assert "pytest -k lstm tests in" in installed.call("test", "-k", "lstm", "tests").stdout


def test_a_package_cut_short_is_whole_again_after_the_next_call(installed):
    library = next((installed.path / ".venv").glob("[Ll]ib/**/site-packages"))
    (installed.path / ".venv" / "installed.json").unlink()
    (library / "seqkit-1.dist-info" / "INSTALLER").unlink()
    (library / "seqkit.py").unlink()
    done = installed.call("lab")
    assert done.returncode == 7
    assert told(done)["words"] == ["lab"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signal for one group of processes")
def test_ctrl_c_is_for_the_command_alone(installed):
    call = subprocess.Popen(
        installed.command("wait"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert call.stdout.readline() == "waiting\n"
    os.killpg(call.pid, signal.SIGINT)
    out, error = call.communicate(timeout=1800)
    assert (out, error, call.returncode) == ("asked to stop\n", "", 5)


def test_windows_waits_through_ctrl_c_and_hands_back_the_code(folder, monkeypatch):
    class Child:
        asked = 0

        def __init__(self, command, env):
            Child.command, Child.env = command, env

        def wait(self):
            Child.asked += 1
            if Child.asked < 3:
                raise KeyboardInterrupt
            return 9

    monkeypatch.setattr(folder.door, "WINDOWS", True)
    monkeypatch.setattr(folder.door.subprocess, "Popen", Child)
    assert folder.door.real_hand_over(["lab", "1"]) == 9
    assert Child.command == [str(folder.door.SEQKIT), "lab", "1"]
    assert Child.env["PYTHONUTF8"] == "1"
