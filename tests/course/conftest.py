"""A copy of course.py in a folder of its own, with a pip that does as it is told."""

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# Stands in for the pip of .venv. pip.json beside it says what to print, which exit code to give,
# and a file to wait for; pip.log tells the tests when it began and ended.
FAKE_PIP = """
import json, os, pathlib, sys, time
here = pathlib.Path(__file__).parent
told = json.loads((here / "pip.json").read_text())
if "--version" in sys.argv:
    if not os.path.exists(told["python"]):
        sys.exit("no such file")
    print("pip 99 from nowhere (python {}.{})".format(*sys.version_info[:2]))
    sys.exit()
def note(word):
    with open(here / "pip.log", "a") as log:
        log.write(word + "\\n")
note("begin")
print(told["says"], flush=True)
deadline = time.monotonic() + 1800
while told["awaits"] and not (here / told["awaits"]).exists() and time.monotonic() < deadline:
    time.sleep(0.02)
time.sleep(told["seconds"])
if told["code"] == 0 and told["installs"]:
    pathlib.Path(told["script"]).touch()
note("end")
sys.exit(told["code"])
"""

# Runs course.py as its own process, with the pip above and nothing to hand over to.
DRIVER = """
import sys
sys.path.insert(0, sys.argv[1])
import course, stand_in
stand_in.prepare(course)
sys.exit(course.main(sys.argv[2:]))
"""

STAND_IN = '''
"""Replace what takes time or a network: pip, the pip inside a new .venv, and seqkit."""
import pathlib, sys, venv

def prepare(course):
    run = course.run
    course.PIP = (sys.executable, "-IS", str(pathlib.Path(__file__).with_name("fake_pip.py")))
    course.run = lambda words: venv.create(words[-1]) if "venv" in words else run(words)
    course.handed, course.real_hand_over = [], course.hand_over
    course.hand_over = lambda words: course.handed.append(words) or 0
'''


class Folder:
    """A folder with course.py, loaded as `door`, and the orders of its fake pip."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        shutil.copy(REPOSITORY / "course.py", path)
        for name, text in {
            "requirements.txt": "",
            "pyproject.toml": "",
            "fake_pip.py": FAKE_PIP,
            "stand_in.py": STAND_IN,
            "driver.py": DRIVER,
        }.items():
            (path / name).write_text(text, encoding="utf-8")
        self.door = load(path / "course.py")
        load(path / "stand_in.py").prepare(self.door)
        self.tell_pip()

    def tell_pip(self, says="", code=0, awaits=None, seconds=0, installs=True):
        """Say what pip does from now on."""
        orders = {
            "says": says,
            "code": code,
            "awaits": awaits,
            "seconds": seconds,
            "installs": installs,
            "python": str(self.door.PYTHON),
            "script": str(self.door.SEQKIT),
        }
        (self.path / "pip.json").write_text(json.dumps(orders), encoding="utf-8")

    @property
    def pip_log(self):
        """What pip noted: "begin" and "end" for each installation."""
        log = self.path / "pip.log"
        return log.read_text().split() if log.exists() else []

    @property
    def installations(self):
        """How many installations pip has begun."""
        return self.pip_log.count("begin")

    def call(self, *words):
        """Run course.py in this process; return the exit code and the sentence it ended with."""
        try:
            return self.door.main(list(words)), None
        except SystemExit as end:
            return 1, end.code

    def command(self, *words):
        """Return the command that runs course.py as a process, with the fake pip."""
        return [sys.executable, str(self.path / "driver.py"), str(self.path), *words]


def load(path):
    """Import a file as a module of its own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path):
    """A fresh copy of the course, in a folder with a space and an accent in its name."""
    return Folder(tmp_path / "mon répertoire")
