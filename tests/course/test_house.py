"""The house stands as it was drawn: who may know whom, what an import costs, what tools say."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from seqkit import ROOT

PACKAGE = ROOT / "seqkit"
#: Rooms of the package from the ground up: a room knows those below it, and none beside it.
STOREYS = (
    ("limits",),
    ("corpora", "text", "batches", "models", "training", "sampling", "plots"),
    ("course",),
    ("results",),
    ("checking", "submissions"),
    ("grading", "lab"),
    ("authoring",),
    ("commands",),
    ("cli",),
)
HELPERS = STOREYS[1]  # they know each other too
INSIDE = "seqkit.grading.inside"
#: What the trusted side may use of the folder that the sandbox sees, and `lab` besides.
TRUSTED = {f"{INSIDE}.wire", f"{INSIDE}.source"}
IN_A_KERNEL = {f"{INSIDE}.worker", f"{INSIDE}.settings"}


def imports(path: Path) -> set[str]:
    """Return the modules of the package that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("seqkit"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = (ROOT / (whole.replace(".", "/") + ".py")).exists()
                found.add(whole if is_module or node.module == "seqkit" else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("seqkit")}
    return found


def files_of(room: str) -> list[Path]:
    """Return the modules of a room, a folder or a file of the package."""
    return [*PACKAGE.glob(f"{room}.py"), *(PACKAGE / room).rglob("*.py")]


@pytest.mark.parametrize("room", [room for storey in STOREYS for room in storey])
def test_a_room_knows_only_what_is_below_it(room):
    level = next(i for i, storey in enumerate(STOREYS) if room in storey)
    below = {other for storey in STOREYS[:level] for other in storey}
    allowed = below | {room, "ROOT", "__version__"} | (set(HELPERS) if room in HELPERS else set())
    for path in files_of(room):
        known = imports(path) - TRUSTED - (IN_A_KERNEL if room == "lab" else set())
        rooms = {name.split(".")[1] for name in known if "." in name}
        assert rooms <= allowed, path.relative_to(ROOT)


def test_every_room_has_its_storey():
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.glob("*")}
    drawn = {room for storey in STOREYS for room in storey}
    assert rooms - {"__init__", "__pycache__"} <= drawn


@pytest.mark.parametrize("path", files_of("grading/inside"), ids=lambda path: path.stem)
def test_what_runs_in_the_sandbox_knows_nothing_of_the_grader(path):
    outside = {name for name in imports(path) if not name.startswith(INSIDE)}
    assert outside <= {"seqkit", "seqkit.limits"}


def test_the_grader_uses_of_what_runs_in_the_sandbox_the_wire_and_how_it_reads_cells():
    walls = {f"{INSIDE}.confine"}  # bubblewrap asks it for a user namespace, before anything runs
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "grading" / "inside"):
            continue
        used = {name for name in imports(path) if name.startswith(INSIDE)}
        more = IN_A_KERNEL if path.is_relative_to(PACKAGE / "lab") else walls
        assert used <= TRUSTED | more, path.relative_to(ROOT)


@pytest.mark.parametrize("folder", [p.parent for p in PACKAGE.rglob("__init__.py")], ids=str)
def test_a_folder_says_what_it_offers(folder):
    told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    assert told.partition("\n")[0].endswith((".", ":"))


def test_every_limit_has_its_unit_or_reason():
    text = (PACKAGE / "limits.py").read_text("utf-8")
    assigned = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    lines = [text.splitlines()[node.lineno - 1] for node in assigned]
    limits = [line for line in lines if not line.startswith(("MiB", "GiB"))]
    assert limits
    assert [line for line in limits if "  # " not in line] == []


def test_no_other_file_has_limits():
    names = ("MAX_", "MOST_", "PATIENCE", "TIMEOUT")
    for path in PACKAGE.rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                assert not getattr(target, "id", "").startswith(names), path.relative_to(ROOT)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_a_module_is_told_in_one_sentence_and_stays_small(path):
    told = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n\n")[0]
    assert told.endswith(".") and ". " not in told, "its first line is one sentence"
    assert len(path.read_text("utf-8").splitlines()) < 600


def test_the_architecture_names_every_room():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.glob("*")}
    for room in rooms - {"__init__", "__pycache__"}:
        assert room in page, room


@pytest.mark.parametrize("module", ["seqkit", "seqkit.cli", "seqkit.lab", "seqkit.grading.batch"])
def test_an_import_brings_neither_torch_nor_tensorflow(module):
    code = f"import sys, {module}; print({{'torch', 'tensorflow'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "words", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)], ids=" ".join
)
def test_the_tools_have_nothing_to_say(words):
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
