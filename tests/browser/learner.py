"""A learner at JupyterLab: a copy of the course, the real server, and a browser without a screen.

Everything is done as a person does it, with menus, mouse and keyboard; what is looked at is what
the page shows and what the saved notebook holds.
"""

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from seqkit import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STARTING = RUNNING = ANSWERING = 1_800_000  # milliseconds: they end what hangs and nothing else
INDENT = 4

# JupyterLab opens a browser by this command: it tells us the address instead.
OPENER = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as ear:
    ear.sendall(sys.argv[2].encode())
"""
QUIET = {"fetchNews": "false", "checkForUpdates": False}  # no question in the corner, no network


def copy_course(folder: Path) -> Path:
    """Copy what a learner has, without what working through the course leaves behind."""
    left = shutil.ignore_patterns(".*", "__pycache__")
    for name in ("lessons", "solutions", "data", "seqkit", "tests/exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=left)
    return folder


@contextlib.contextmanager
def jupyterlab(course: Path, folder: Path, *words: str) -> Iterator[str]:
    """Run `seqkit lab` on a copy of the course; give the address it opens a browser at.

    Jupyter's settings, its runtime files and its log live in `folder`.
    """
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    server = {"ServerApp": {"allow_root": True, "open_browser": True}}
    (folder / "jupyter_server_config.json").write_text(json.dumps(server))
    (folder / "opener.py").write_text(OPENER)
    with socket.create_server(("127.0.0.1", 0)) as ear, open(folder / "lab.log", "wb") as log:
        ear.settimeout(STARTING / 1000)
        opener = [sys.executable, str(folder / "opener.py"), str(ear.getsockname()[1])]
        env = {
            **os.environ,
            "BROWSER": shlex.join(opener) + " %s",
            "PYTHONPATH": str(course),  # the copy instead of what is installed
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(folder),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        }
        door = [str(Path(sys.executable).with_name("seqkit")), "lab", *words]
        process = subprocess.Popen(door, cwd=folder, env=env, stdout=log, stderr=log)
        try:
            yield address(ear, folder / "lab.log")
        finally:
            process.terminate()  # the server shuts its kernels down
            process.wait(timeout=1800)


def address(ear: socket.socket, log: Path) -> str:
    """Return what the opener was called with."""
    try:
        caller, _ = ear.accept()
    except TimeoutError:
        raise AssertionError(f"JupyterLab opened no browser:\n{log.read_text()[-3000:]}") from None
    with caller, caller.makefile(encoding="utf-8") as words:
        return words.read()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


class Lesson:
    """A lesson open in JupyterLab.

    Parameters
    ----------
    page : Page
        Where it is open.
    path : Path
        The notebook, in the copy of the course.
    """

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.path = path
        cells = nbformat.read(path, as_version=4).cells
        self.names = [cell.metadata["nbgrader"]["grade_id"] for cell in cells]
        self.cells = page.locator(".jp-Notebook .jp-Cell")

    # ------------------------------------------------------------ waiting

    def open(self, url: str) -> None:
        """Follow an address to the lesson, until its kernel is ready and every cell is there."""
        self.page.goto(url, timeout=STARTING)
        self.wait_for_kernel(STARTING)
        expect(self.cells).to_have_count(len(self.names), timeout=STARTING)

    def wait_for_kernel(self, timeout: float) -> None:
        """Wait until the kernel has nothing to do."""
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=timeout)

    # ------------------------------------------------------------ cells

    def cell(self, name: str) -> Locator:
        """Return the cell with a grade id."""
        return self.cells.nth(self.names.index(name))

    def panel(self, name: str) -> Locator:
        """Return what `check`, `hint` and the like show below a cell."""
        return self.cell(name).get_by_role("status")

    def edit(self, name: str, source: str) -> None:
        """Click into a cell, select all, and type; the editor indents, as it does for learners."""
        editor = self.cell(name).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        lines = source.splitlines()
        offered = 0  # how far the editor indents a new line by itself
        for number, line in enumerate(lines):
            if number:
                self.page.keyboard.press("Enter")
            if not line:
                continue
            wanted = len(line) - len(line.lstrip())
            for _ in range(offered - wanted, 0, -INDENT):
                self.page.keyboard.press("Backspace")
            self.page.keyboard.type(line.strip())
            offered = wanted + INDENT * line.endswith(":")
        expect(editor.locator(".cm-line")).to_have_text(lines)

    def append(self, source: str) -> str:
        """Add a cell at the end, with the keys of command mode; return a name for it."""
        self.cells.last.locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        self.names.append(f"added {len(self.names)}")
        expect(self.cells).to_have_count(len(self.names))
        self.edit(self.names[-1], source)
        return self.names[-1]

    def run(self, name: str, timeout: float = ANSWERING) -> Locator:
        """Run a cell from the keyboard; return it when the kernel is done with it."""
        cell = self.cell(name)
        prompt = cell.locator(".jp-InputPrompt")
        before = re.escape(prompt.inner_text().strip())
        cell.locator(".cm-content").click()
        last = name == self.names[-1]  # below which Shift+Enter would make another
        self.page.keyboard.press("Control+Enter" if last else "Shift+Enter")
        # The count of a cell that ran again is another one: an old prompt deceives nobody.
        expect(prompt).to_have_text(re.compile(rf"^(?!{before}$)\[\d+\]:$"), timeout=timeout)
        self.wait_for_kernel(timeout)
        return cell

    def answer(self, exercise: str, source: str) -> Locator:
        """Type an answer, run it and its check; return the check's panel."""
        suffix = exercise.replace(".", "_")
        self.edit(f"ex_{suffix}", source)
        self.run(f"ex_{suffix}")
        self.run(f"check_{suffix}")
        return self.panel(f"check_{suffix}")

    # ------------------------------------------------------------ menus

    def choose(self, menu: str, item: str) -> None:
        """Choose an item of a menu."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def run_all(self) -> None:
        """Run every cell, and wait for the last."""
        self.choose("Run", "Run All Cells")
        prompt = self.cells.last.locator(".jp-InputPrompt")
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=RUNNING)
        self.wait_for_kernel(ANSWERING)

    def restart(self) -> None:
        """Start the kernel again, and clear what it has shown."""
        self.choose("Kernel", "Restart Kernel and Clear Outputs of All Cells…")
        self.page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
        expect(self.page.locator(".jp-OutputArea-output")).to_have_count(0, timeout=ANSWERING)
        self.wait_for_kernel(ANSWERING)

    def save(self) -> nbformat.NotebookNode:
        """Save the notebook with the keyboard; return what is on disk then."""
        with self.page.expect_response(
            lambda response: response.request.method == "PUT" and "/contents/" in response.url
        ) as saved:
            self.page.keyboard.press("ControlOrMeta+s")
        assert saved.value.ok
        return nbformat.read(self.path, as_version=4)
