"""What a learner's kernel shows: a program of its own with a real IPython in it."""

import os
import subprocess
import sys

#: Runs cells; every one begins with a line of its own.
CELLS = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in sys.argv[1:]:
    print("---", cell.splitlines()[0])
    assert shell.run_cell(cell, store_history=True).success
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
