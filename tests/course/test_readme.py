"""What README and docs tell people to type, open or look at: it exists, as written."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from seqkit import ROOT
from seqkit.cli import app
from seqkit.course.catalogue import Catalogue

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("**/*.md")), ROOT / "data" / "README.md"]
DOOR = re.compile(r"(python3?|py) course\.py$")
SYSTEM = ("sudo", "apt", "apt-get", "brew", "git", "cd")  # what comes with a system, and its words

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(ROOT).as_posix())
)


def test_the_tables_of_measurements_are_the_committed_results():
    words = [sys.executable, ROOT / "benchmarks" / "readme.py", "--check"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# ---------------------------------------------------------------- reading a page


def text_of(page):
    return page.read_text("utf-8")


def blocks(page):
    """Return the blocks of a page that are for a shell: ```sh fences."""
    return re.findall(r"^```(?:sh|bash|shell|console)\n(.*?)^```", text_of(page), re.S | re.M)


def prose(page):
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text_of(page), flags=re.S | re.M)


def commands(page):
    """Return every command a page tells: lines for a shell, and inline code that runs the door."""
    lines = [line for block in blocks(page) for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"^ {4}((?:\w+=\S+ )?(?:python3?|py) course\.py .*)$", prose(page), re.M)
    lines += re.findall(r"`((?:python3?|py) course\.py [^`]*)`", prose(page))
    lines += re.findall(r"`(seqkit [a-z-][^`]*)`", prose(page))
    words = (shlex.split(line.removeprefix("$ "), comments=True) for line in lines)
    return [found for found in map(without_settings, words) if found]


def without_settings(words):
    """Drop the environment variables that are set before a command."""
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    return words


def complaint(words):
    """Say what is wrong with a command; None if it could be typed as it stands."""
    if words[0] in SYSTEM:
        return None
    head = " ".join(words[:2])
    if DOOR.match(head) or words[0] == "seqkit":
        words = words[1 if words[0] == "seqkit" else 2 :]
        if words[0] == "test":
            return missing_files(words[1:])
        return refused(words)
    if words[0] == ".ci/run":
        return None if (ROOT / words[0]).exists() else "there is no such file"
    if Path(words[0]).name in ("python", "python3"):
        return missing_files(words[1:2])
    return "nobody knows this command"


def missing_files(words):
    """Name the first word that must be a file of the repository and is none."""
    files = [w.partition("::")[0] for w in words if re.match(r"[\w.]+/|[\w]+\.py", w)]
    missing = [name for name in files if not (ROOT / name).exists()]
    return f"there is no {missing[0]}" if missing else None


def refused(words):
    """Return what the command line answers to words that it does not understand."""
    command = typer.main.get_command(app)
    words = [word for word in words if word not in ("…", "...", "COMMAND")]
    while hasattr(command, "commands"):
        name, *rest = words or [""]
        if name in ("--version", "--help", "-h", ""):
            return None
        if name not in command.commands:
            return f"there is no command {name}"
        command, words = command.commands[name], rest
    try:
        command.make_context(command.name, words)
    except Exception as error:  # of the command line's own kinds; --help ends by one too
        return None if type(error).__name__ == "Exit" else str(error) or repr(error)
    return None


def links(page):
    """Yield the target of every link and picture of a page."""
    for match in re.finditer(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)[^)]*\)", prose(page)):
        yield match[1] == "!", match[2], match[3]


def anchors(page):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*)$", prose(page), re.M)
    kept = (re.sub(r"[^\w\- ]", "", h.replace("`", "").strip().lower()) for h in headings)
    return {heading.replace(" ", "-") for heading in kept}


# ---------------------------------------------------------------- commands


def test_the_two_commands_of_the_quick_start_stand_alone_in_a_block():
    lines = [line.strip() for block in blocks(README) for line in block.splitlines()]
    assert {"python course.py lab", "python course.py test"} <= set(lines)


@every_page
def test_every_command_can_be_typed_as_written(page):
    wrong = {shlex.join(words): complaint(words) for words in commands(page)}
    assert {command: why for command, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    "command",
    [
        "python course.py grade submissions",
        "python course.py grade submissions --out graded --fast",
        "python course.py regrade submissions",
        "seqkit release --bundle",
        "seqkit data get reviews",
        "python benchmarks/none.py",
        "python course.py test tests/none",
        "otter run",
    ],
)
def test_a_command_that_does_not_work_is_noticed(command):
    assert complaint(shlex.split(command))


@pytest.mark.parametrize("command", ["data list", "grade a.zip b --out c --jobs 2", "--version"])
def test_a_command_that_works_is_accepted(command):
    assert refused(shlex.split(command)) is None


def test_the_learners_four_functions_are_those_of_the_lab():
    from seqkit import lab

    for name in ("check", "hint", "solution", "progress"):
        assert f"`{name}(" in text_of(README)
        assert callable(getattr(lab, name))


# ---------------------------------------------------------------- links and pictures


@every_page
def test_links_lead_somewhere(page):
    for _, text, target in links(page):
        if re.match(r"(https?|mailto):", target):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), f"[{text}]({target})"
        if anchor and aim.suffix == ".md":
            assert anchor in anchors(aim), f"[{text}]({target})"


@every_page
def test_pictures_say_what_they_show_and_are_small(page):
    for picture, text, target in links(page):
        if picture:
            assert len(text.split()) >= 5, target
            assert (page.parent / target).stat().st_size <= 300_000, target


def test_every_picture_has_the_command_that_makes_it():
    scripts = {
        word for page in PAGES for words in commands(page) for word in words if word.endswith(".py")
    }
    sources = [text_of(ROOT / script) for script in scripts if (ROOT / script).exists()]
    for page in PAGES:
        for picture, _, target in links(page):
            if picture:
                name = Path(target).name
                made = any(name in source for source in sources)
                assert made, f"no ```sh block has the command that makes {name}"


# ---------------------------------------------------------------- what README says of the course


def test_readme_lists_every_lesson_with_its_number_of_exercises():
    rows = dict(re.findall(r"^\|.*\]\(lessons/(\w+)\.ipynb\).*\| *(\d+) *\|$", prose(README), re.M))
    lessons = Catalogue().lessons()
    assert rows == {lesson.name: str(len(lesson.entries)) for lesson in lessons}


@every_page
def test_no_page_names_a_folder_of_a_machine(page):
    assert not re.search(r"(?<![\w.])/(home|root|work|Users|tmp)/|\b[A-Z]:\\Users", text_of(page))
