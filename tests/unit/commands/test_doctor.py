"""The doctor looks at a machine, says what is wrong, and the command that mends it."""

import io
import os
from importlib import metadata
from types import SimpleNamespace

import pytest
from rich.console import Console

from seqkit import corpora
from seqkit.commands import doctor
from seqkit.grading.sandbox import bubblewrap
from seqkit.grading.sandbox import parent as sandbox
from seqkit.grading.sandbox.bubblewrap import SandboxError, bubblewrap_complaint

MISSING = bubblewrap_complaint()


@pytest.fixture
def nothing_is_wrong(monkeypatch):
    """Stand in for a machine on which everything works, sandbox included."""

    class Works:
        def __init__(self, modules): ...

        def __enter__(self):
            return self

        def __exit__(self, *_): ...

    monkeypatch.setattr(bubblewrap, "bubblewrap_complaint", lambda: "")
    monkeypatch.setattr(sandbox, "Sandbox", Works)
    monkeypatch.setattr(metadata, "version", lambda name: "9.9")


def findings(part=doctor._findings) -> list[tuple[bool, str]]:
    return list(part())


def wrong() -> list[str]:
    return [line for good, line in findings() if not good]


def examine() -> tuple[bool, str]:
    text = io.StringIO()
    return doctor.examine(Console(file=text, width=200)), text.getvalue()


def test_a_good_machine_has_nothing_wrong(nothing_is_wrong):
    well, text = examine()
    assert well
    assert "✗" not in text
    for said in ("Python 3.", "torch 9.9", "sandbox: bubblewrap works", "data:", "cores"):
        assert said in text


def test_one_finding_is_enough_to_be_unwell(nothing_is_wrong, monkeypatch):
    monkeypatch.setattr(doctor, "_findings", lambda: iter([(True, "a"), (False, "b [red]c[/red]")]))
    well, text = examine()
    assert not well
    assert text == "✓ a\n✗ b [red]c[/red]\n"


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0), (4, 0, 0)])
def test_an_unsupported_python_is_wrong(nothing_is_wrong, monkeypatch, version):
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=version, platform="linux"))
    (line,) = wrong()
    assert line == (
        f"Python {'.'.join(map(str, version))}: install Python 3.11, 3.12 or 3.13 and delete .venv"
    )


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 9)])
def test_a_supported_python_is_right(nothing_is_wrong, monkeypatch, version):
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=version, platform="linux"))
    assert wrong() == []


def missing(*names):
    def version(name):
        if name in names:
            raise metadata.PackageNotFoundError(name)
        return "9.9"

    return version


def test_a_missing_package_is_told_with_what_installs_it(nothing_is_wrong, monkeypatch):
    monkeypatch.setattr(metadata, "version", missing("torch", "torch-cpu"))
    assert wrong() == [
        "torch is missing: run `python course.py doctor`, which installs what is missing"
    ]


def test_tensorflow_for_the_cpu_is_tensorflow(nothing_is_wrong, monkeypatch):
    monkeypatch.setattr(metadata, "version", missing("tensorflow"))
    assert wrong() == []
    assert (True, "tensorflow-cpu 9.9") in findings()


def test_a_missing_bubblewrap_is_told_with_the_command_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    ((good, line),) = findings(doctor._sandbox)
    assert not good
    assert line.startswith("sandbox: bubblewrap is not installed: sudo apt install bubblewrap")


def test_elsewhere_than_on_linux_no_bubblewrap_is_no_fault(monkeypatch):
    elsewhere = SimpleNamespace(platform="darwin", version_info=(3, 12, 1))
    monkeypatch.setattr(doctor, "sys", elsewhere)
    monkeypatch.setattr(bubblewrap, "sys", elsewhere)
    ((good, line),) = findings(doctor._sandbox)
    assert good
    assert "needs Linux" in line


def test_a_sandbox_that_does_not_start_is_told(nothing_is_wrong, monkeypatch):
    def fails(modules):
        raise SandboxError("the sandbox did not start: no room")

    monkeypatch.setattr(sandbox, "Sandbox", fails)
    assert wrong() == ["sandbox: the sandbox did not start: no room"]


@pytest.mark.sandbox
@pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")
def test_the_sandbox_of_this_machine_works():
    first, *_ = findings(doctor._sandbox)
    assert first[0]
    assert "works" in first[1]


def test_missing_data_are_told(nothing_is_wrong, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(corpora, "available", list)
    (line,) = wrong()
    assert line == "data: data/ is missing: clone again"


def test_a_folder_for_fetched_data_that_cannot_be_written_is_told(nothing_is_wrong, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (line,) = wrong()
    assert line.endswith(": not writable; set SEQKIT_DATA to a folder that is")


def test_a_folder_for_fetched_data_that_is_not_there_yet_is_right(
    nothing_is_wrong, monkeypatch, tmp_path
):
    monkeypatch.setenv("SEQKIT_DATA", str(tmp_path / "new" / "folder"))
    assert wrong() == []
    assert (True, f"fetched data goes to {tmp_path / 'new' / 'folder'}") in findings()
