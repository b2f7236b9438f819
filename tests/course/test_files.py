"""What must hold of course.py, requirements.txt and .ci/run as they are written."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = (REPOSITORY / "course.py").read_text(encoding="utf-8")
LINES = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if re.match(r"\w", line)]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_python_3_6_can_read_course_py():
    ast.parse(SOURCE, feature_version=(3, 6))


def test_course_py_needs_the_standard_library_alone():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            imported.update(name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported <= sys.stdlib_module_names


def test_course_py_is_short():
    assert len(SOURCE.splitlines()) < 300


def test_the_supported_pythons_are_those_of_pyproject(folder):
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest, highest = folder.door.PYTHONS[0], folder.door.PYTHONS[-1]
    wanted = f">={lowest[0]}.{lowest[1]},<{highest[0]}.{highest[1] + 1}"
    assert project["requires-python"] == wanted


def test_no_installed_path_is_longer_than_windows_was_promised(folder):
    records = Path(pytest.__file__).parents[1].glob("*.dist-info/RECORD")
    longest = max(
        len(line.split(",")[0])
        for record in records
        for line in record.read_text(encoding="utf-8").splitlines()
    )
    assert len(r".venv\Lib\site-packages" "\\") + longest <= folder.door.LONGEST


def test_the_last_requirement_is_this_package():
    assert LINES[-1] == "-e ."


def test_every_requirement_is_one_exact_version():
    for pin in PINS:
        assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), pin
        assert pin.url is None
    assert len(PINS) == len([line for line in LINES if line and not line.startswith("#")]) - 1


def test_the_header_tells_how_requirements_are_made():
    header = "\n".join(line for line in LINES if line.startswith("#"))
    assert "uv pip compile" in header


def test_requirements_name_no_index_no_hash_no_folder_and_no_cuda():
    for line in [line for line in LINES if not line.startswith("#")][:-1]:
        assert not re.search(r"://|--|/|\\|sha256", line), line
        assert not re.match(r"nvidia|cuda|triton", line), line


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("system", "platform", "machine"),
    [
        ("Linux", "linux", "x86_64"),
        ("Linux", "linux", "aarch64"),
        ("Darwin", "darwin", "arm64"),
        ("Windows", "win32", "AMD64"),
    ],
)
def test_what_pyproject_asks_for_is_there_on_every_machine(python, system, platform, machine):
    environment = {
        "python_version": python,
        "python_full_version": python + ".9",
        "platform_system": system,
        "sys_platform": platform,
        "platform_machine": machine,
        "os_name": "nt" if system == "Windows" else "posix",
        "extra": "",
    }

    def here(requirements):
        return [r for r in requirements if r.marker is None or r.marker.evaluate(environment)]

    pins = here(PINS)
    versions = {canonical(pin.name): str(pin.specifier)[2:] for pin in pins}
    assert len(versions) == len(pins), "a package twice on one machine"
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["dev"]
    for wish in here(Requirement(line) for line in lines):
        assert wish.specifier.contains(versions[canonical(wish.name)]), wish
    tensorflow = "tensorflow-cpu" if (system, machine) == ("Linux", "x86_64") else "tensorflow"
    assert [name for name in versions if name.startswith("tensorflow")] == [tensorflow]


class Debian:
    """A machine of stubs, on which .ci/run finds some programs and not others."""

    def __init__(self, path):
        self.path, self.log = path, path / "log"
        self.bin = path / "bin"
        self.bin.mkdir()
        (path / "repo" / ".ci").mkdir(parents=True)
        shutil.copy(REPOSITORY / ".ci" / "run", path / "repo" / ".ci" / "run")
        self.has("apt-get")
        self.has("sudo", '"$@"')

    def has(self, name, does=""):
        """Give it a program that notes how it was called."""
        stub = self.bin / name
        stub.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.log}"\n{does}\n')
        stub.chmod(0o755)

    def run(self):
        """Run .ci/run; return what it called, but for its questions to Python."""
        bash = shutil.which("bash")
        script = str(self.path / "repo" / ".ci" / "run")
        done = subprocess.run([bash, script], env={"PATH": str(self.bin)}, capture_output=True)
        calls = self.log.read_text().splitlines()
        return done.returncode, [c for c in calls if " -c " not in c and not c.startswith("sudo")]


@pytest.fixture
def debian(tmp_path):
    return Debian(tmp_path)


posix = pytest.mark.skipif(os.name != "posix", reason=".ci/run is for Debian")


@posix
def test_ci_runs_the_test_command_and_hands_its_code_back(debian):
    debian.has("bwrap")
    debian.has("chromium")
    debian.has("python3", 'test "$1" = -c || exit 3')
    assert debian.run() == (3, ["python3 course.py test"])


@posix
def test_ci_installs_what_is_missing_first(debian):
    debian.has("python3")
    assert debian.run() == (
        0,
        [
            "apt-get update -qq",
            "apt-get install -y -qq --no-install-recommends bubblewrap chromium",
            "python3 course.py test",
        ],
    )


@posix
def test_ci_takes_a_newer_python_when_python3_does_not_fit(debian):
    debian.has("bwrap")
    debian.has("chromium")
    debian.has("python3", "exit 1")
    debian.has("python3.12")
    assert debian.run() == (0, ["python3.12 course.py test"])
