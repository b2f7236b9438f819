"""What a learner's kernel shows and remembers: a program of its own with a real IPython in it."""

import json
import os
import subprocess
import sys

import pytest

from seqkit.lab.record import PROGRESS

#: Runs cells; every one begins with a line of its own.
CELLS = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in sys.argv[1:]:
    print("---", cell.splitlines()[0])
    assert shell.run_cell(cell, store_history=True).success
"""

#: Waits for the other, then remembers many exercises, each half a moment after the other did.
REMEMBERS = """
import sys
from types import SimpleNamespace
from seqkit.lab.record import remember
lesson = sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    exercise = SimpleNamespace(id=f"{lesson}.{number}")
    remember(SimpleNamespace(exercise=exercise), 1.0)
"""


def cells(folder, *sources, **variables):
    """Return what each cell shows, in a kernel that starts in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", CELLS, *sources],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [shown.partition("\n")[2] for shown in done.stdout.split("--- ")[1:]]


IMPORTS = "from seqkit.lab import check, hint, progress"


def test_a_panel_is_shown_once_wherever_in_a_cell_its_call_stands(tmp_path):
    lines = {id: f"– Exercise {id} · " for id in ("1.1", "1.2")}
    _, alone, loop, above, kept, named, others = cells(
        tmp_path,
        IMPORTS,
        'check("1.1")',
        'for id in ("1.1", "1.2"): check(id)',
        'check("1.1"); print("below")',
        'panel = check("1.1")',
        "panel",
        'hint("1.1"); progress(); print("below")',
    )
    for shown in (alone, kept, named, above):
        assert shown.count("Exercise 1.1") == 1, shown
    assert [loop.count(line) for line in lines.values()] == [1, 1]
    assert above.index("Exercise 1.1") < above.index("below")
    assert others.index("Hint 1 of") < others.index("01_sequential_data") < others.index("below")


RIGHT = """\
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    sides = input_is_sequence, output_is_sequence
    if synchronized and not all(sides): raise ValueError("synchronized")
    order = " synchronized" if synchronized else " delayed"
    return "-to-".join("many" if s else "one" for s in sides) + order * all(sides)"""


def test_progress_stays_beside_the_notebook_when_that_goes_elsewhere(tmp_path):
    (tmp_path / "lessons").mkdir()
    *_, there, back = cells(
        tmp_path / "lessons",
        IMPORTS,
        "import os; os.chdir('..')",
        RIGHT,
        'check("1.1")',
        "progress()",
        "os.chdir('lessons'); progress()",
    )
    assert "1 of 10 exercises" in there
    assert "1 of 10 exercises" in back
    assert [path.name for path in tmp_path.iterdir()] == ["lessons"]
    assert [path.name for path in (tmp_path / "lessons").iterdir()] == [PROGRESS]


def test_two_kernels_that_remember_at_once_lose_nothing(tmp_path):
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", REMEMBERS, lesson],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        for lesson in ("91", "92")
    ]
    assert [kernel.stdout.readline() for kernel in kernels] == ["ready\n"] * 2
    for kernel in kernels:
        kernel.stdin.write("go\n")
        kernel.stdin.flush()
    for kernel in kernels:
        kernel.communicate()
    assert [kernel.returncode for kernel in kernels] == [0, 0]
    points = json.loads((tmp_path / PROGRESS).read_text("utf-8"))["points"]
    assert len(points) == 120


@pytest.mark.parametrize(("asked", "said"), [("torch", True), ("tensorflow", False), ("", False)])
def test_a_shell_that_asks_for_another_keras_is_told_that_it_is_not_obeyed(tmp_path, asked, said):
    (shown,) = cells(tmp_path, IMPORTS, KERAS_BACKEND=asked)
    expected = f"KERAS_BACKEND={asked} is left aside in this kernel: here Keras runs on TensorFlow."
    assert (shown.strip() == expected) if said else not shown.strip()
