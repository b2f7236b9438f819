"""The house stands as it was drawn: who may know whom, what an import costs, what tools say."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from seqkit import ROOT

PACKAGE = ROOT / "seqkit"
HELPERS = ("corpora", "text", "batches", "models", "training", "sampling", "plots")
#: part of the package: parts that it may not know
FORBIDDEN = {
    **dict.fromkeys(HELPERS, ("grading", "authoring", "review", "lab", "cli", "doctor")),
    "grading": ("authoring", "review", "lab", "cli", "doctor"),
    "authoring": ("review", "lab", "cli", "doctor"),
    "lab": ("authoring", "review", "cli", "doctor"),
}
#: what runs in the sandbox knows the wire and nothing else of the package
INSIDE = {
    "grading/wire.py": set(),
    "grading/worker.py": {"seqkit.grading.wire"},
    "grading/confine.py": set(),
    "grading/zygote.py": {"seqkit.grading.wire", "seqkit.grading.worker", "seqkit.grading.confine"},
}


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


@pytest.mark.parametrize("part", FORBIDDEN)
def test_a_part_knows_only_what_is_below_it(part):
    files = [PACKAGE / f"{part}.py", *(PACKAGE / part).rglob("*.py")]
    for path in filter(Path.exists, files):
        known = {name.split(".")[1] for name in imports(path) if "." in name}
        assert not known & set(FORBIDDEN[part]), path.relative_to(ROOT)


@pytest.mark.parametrize("name", INSIDE)
def test_what_runs_in_the_sandbox_knows_nothing_of_the_grader(name):
    assert imports(PACKAGE / name) - {"seqkit"} <= INSIDE[name]


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
