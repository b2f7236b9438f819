"""Make the pictures of the README from the real thing: a lesson in JupyterLab, a class graded.

    .venv/bin/python docs/make_images.py

Needs Chromium, and bubblewrap for the class. The students are invented.
"""

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

import nbformat
from playwright.sync_api import expect
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from learner import Lesson, chromium, copy_course, jupyterlab  # noqa: E402

IMAGES = ROOT / "docs" / "images"
NAME = "01_sequential_data"

# ---------------------------------------------------------------- a lesson

PAGE = {"width": 1180, "height": 1490}
ANSWER = """\
def embed_lookup(ids, E):
    outside = ids[(ids < 0) | (ids >= len(E))]
    if outside.size > 0:
        raise IndexError(f"id {outside[0]} is outside 0 to {len(E) - 1}")
    return E[ids]


def embed_one_hot(ids, E):
    embed_lookup(ids, E)
    one_hot = ids[..., None] == np.arange(len(E))  # (B, T, V)
    return one_hot.astype(E.dtype) @ E"""


def picture_lesson(browser, folder):
    """Answer exercise 1.9 in JupyterLab, and picture it below its figure."""
    course = copy_course(folder / "course")
    (folder / "jupyter").mkdir()
    with jupyterlab(course, folder / "jupyter", NAME) as url:
        page = browser.new_page(viewport=PAGE)
        lesson = Lesson(page, course / "lessons" / f"{NAME}.ipynb")
        lesson.open(url)
        page.keyboard.press("ControlOrMeta+b")  # the folder's list away
        lesson.run_all()
        lesson.answer("1.9", ANSWER)
        lesson.save()
        figure = lesson.cell("embeddings_figure").locator("figure")
        figure.evaluate("figure => figure.scrollIntoView()")
        expect(figure).to_be_in_viewport(ratio=0.9)
        expect(lesson.panel("check_1_9")).to_be_in_viewport(ratio=1)
        page.screenshot(path=IMAGES / "lesson.png")


# ---------------------------------------------------------------- a class

WIDTH = 112  # columns of the terminal
ALL = range(1, 11)
ENDLESS = "def temporal_split(*args, **kwargs):\n    while True:\n        pass\n"
UNFINISHED = "def order_gap(f, X, permutation):\n    return abs(f(X) - f(X[:, permutation])\n"
GONE = "import os\n\n\ndef embed_lookup(table, ids):\n    os._exit(0)\n"
LATER = ("many-to-many delayed", "many-to-many later")
LOST = ("- horizon + 1", "- horizon")

#: Who answered what: numbers of exercises taken from the solution, then what went wrong.
STUDENTS = {
    "Ada Okafor": (ALL, {}),
    "Ben Castillo": (range(1, 8), {}),
    "Chiara Novak": (ALL, {1: LATER, 8: "def label_vocabulary(labels):\n    return {}\n"}),
    "Daniel Weiss": (ALL, {5: ENDLESS}),
    "Emeka Bauer": (ALL, {2: UNFINISHED}),
    "Freya Lind": ((), {}),
    "Gita Raman": (ALL, {1: LATER}),
    "Ines Duarte": (range(1, 5), {}),
    "Jonas Petrov": (range(1, 10), {9: GONE}),
}
PDF = "Hugo Marchetti"

BLACK, RED, GREEN, YELLOW = (40, 44, 52), (224, 108, 117), (152, 195, 121), (229, 192, 123)
BLUE, MAGENTA, CYAN, WHITE = (97, 175, 239), (198, 120, 221), (86, 182, 194), (220, 223, 228)
COLOURS = [BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE]
THEME = TerminalTheme((24, 26, 31), WHITE, COLOURS)
TERMINAL = """\
<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #ffffff }}
pre {{ display: inline-block; margin: 0; padding: 18px 22px; border-radius: 8px;
      font: 14px/1.45 "DejaVu Sans Mono", "Liberation Mono", monospace;
      color: {foreground}; background: {background} }}
{stylesheet}
</style><pre>{code}</pre>"""


def notebook(numbers, mistakes):
    """Return the lesson with some answers of the solution, and some mistakes in them."""
    lesson = nbformat.read(ROOT / "lessons" / f"{NAME}.ipynb", as_version=4)
    solution = nbformat.read(ROOT / "solutions" / f"{NAME}.ipynb", as_version=4)
    right = {cell.metadata.nbgrader.grade_id: cell.source for cell in solution.cells}
    for cell in lesson.cells:
        grade_id = cell.metadata.nbgrader.grade_id
        if not grade_id.startswith("ex_") or int(grade_id.split("_")[-1]) not in numbers:
            continue
        mistake = mistakes.get(int(grade_id.split("_")[-1]), ("", ""))
        if isinstance(mistake, str):
            cell.source = mistake
        else:
            cell.source = right[grade_id].replace(*mistake)
            assert mistake == ("", "") or cell.source != right[grade_id], mistake
    return lesson


def hand_in(folder):
    """Write what the students handed in, as Moodle exports it."""
    for number, student in enumerate(sorted([*STUDENTS, PDF])):
        own = folder / f"{student}_{70400 + 13 * number}_assignsubmission_file_"
        own.mkdir(parents=True)
        path = own / f"{NAME}.ipynb"
        if student == PDF:
            path.write_bytes(b"%PDF-1.7\n")
        else:
            nbformat.write(notebook(*STUDENTS[student]), path)


def in_a_terminal(words, folder):
    """Run a command in a terminal of `WIDTH` columns; return what stays on it."""
    seen, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, WIDTH, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color"} | {"COLUMNS": str(WIDTH), "LINES": "40"}
    process = subprocess.Popen(words, cwd=folder, env=env, stdout=slave, stderr=slave)
    os.close(slave)
    output = b""
    with open(seen, "rb", buffering=0) as terminal:
        while True:
            try:
                chunk = terminal.read(65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not chunk:
                break
            output += chunk
    if process.wait():
        raise SystemExit(output.decode(errors="replace"))
    shown = output.decode().replace("\r\n", "\n")
    return shown.rpartition("\x1b[?25h")[2].rpartition("\x1b[2K")[2].strip("\n")  # no bar


def picture_class(browser, folder):
    """Grade the class, and picture what the terminal shows."""
    hand_in(folder / "submissions")
    words = ["seqkit", "grade", "submissions", "--out", "graded"]
    program = Path(sys.executable).with_name(words[0])
    shown = in_a_terminal([str(program), *words[1:]], folder)
    console = Console(width=WIDTH, record=True, file=io.StringIO(), color_system="truecolor")
    console.print(f"[green]$[/green] [bold]{' '.join(words)}[/bold]", highlight=False)
    console.print(Text.from_ansi(shown))
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.set_content(console.export_html(theme=THEME, code_format=TERMINAL))
    page.locator("pre").screenshot(path=IMAGES / "class.png")


def main():
    """Make both pictures, or the one named."""
    IMAGES.mkdir(exist_ok=True)
    makers = {"lesson": picture_lesson, "class": picture_class}
    with chromium() as browser:
        for name in sys.argv[1:] or makers:
            with tempfile.TemporaryDirectory() as folder:
                makers[name](browser, Path(folder))
            print(f"{name}.png: {(IMAGES / f'{name}.png').stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
