"""Walks files, folders and zip archives, and collects whatever may be a submission."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path

from seqkit.limits import FOLDERS_DEEP
from seqkit.submissions.collect.archives import Collection
from seqkit.submissions.collect.budget import Budget
from seqkit.submissions.collect.files import Place
from seqkit.submissions.collect.items import STAMP, Item, hidden, is_notebook, zipped

LINK = "This is a link, which is not followed: put the file itself here."
IRREGULAR = "This is not a regular file."
CLOSED = "The folder cannot be opened."
GONE = "The file cannot be opened."
TOO_DEEP = f"There are more than {FOLDERS_DEEP} folders in each other; these were not looked into."


@dataclass
class Search(Collection):
    """What was found in the paths that the instructor named.

    Attributes
    ----------
    skip : Path or None
        A folder that is not looked into.
    seen : set of str
        Real paths of all files that were taken, each once.
    """

    skip: Path | None = None
    seen: set[str] = field(default_factory=set)

    def take(self, path: Path) -> None:
        """Take a path that the instructor named.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        if path.is_dir():
            self._folder(path)
        elif path.exists():
            self._file(path, path, named=True)
        else:
            raise FileNotFoundError(f"{path} does not exist.")

    def _folder(self, top: Path) -> None:
        """Take what lies in a folder; anything that cannot be looked at is an unreadable item."""
        skipped = None if self.skip is None else os.path.realpath(self.skip)
        waiting = [(top, 0)]
        while waiting:
            folder, depth = waiting.pop()
            if skipped == os.path.realpath(folder):
                continue
            if depth > FOLDERS_DEEP:
                self._file(folder, top, trouble=TOO_DEEP)
                continue
            try:
                with os.scandir(folder) as listed:
                    entries = sorted(listed, key=lambda entry: entry.name)
            except OSError:
                self._file(folder, top, trouble=CLOSED)
                continue
            for entry in entries:
                if not hidden(entry.name):
                    waiting += [(path, depth + 1) for path in self._entry(entry, top)]

    def _entry(self, entry: os.DirEntry[str], top: Path) -> list[Path]:
        """Take a file or link of a folder; return the folder that it is, if it is one."""
        path, name = Path(entry.path), entry.name
        try:
            if entry.is_symlink():  # whose file it leads to is not for the link to say
                if is_notebook(name) or zipped(name) or path.is_dir():
                    self._file(path, top, trouble=LINK)
            elif entry.is_dir(follow_symlinks=False):
                return [path]
            elif entry.is_file(follow_symlinks=False):
                self._file(path, top)
            elif is_notebook(name):
                self._file(path, top, trouble=IRREGULAR)
        except OSError:
            if is_notebook(name) or zipped(name):
                self._file(path, top, trouble=GONE)
        return []

    def _file(
        self, path: Path, top: Path, *, trouble: str | None = None, named: bool = False
    ) -> None:
        """Take a file; one that the instructor named counts whatever it is called."""
        real = os.path.realpath(path.parent)
        whole = os.path.realpath(path) if named else os.path.join(real, path.name)
        if whole in self.seen:
            return
        self.seen.add(whole)
        below = path.as_posix() if named else path.relative_to(top).as_posix()
        item = Item(
            place=Place(path),
            source=path.as_posix(),
            relative=unicodedata.normalize("NFC", below),
            parts=tuple(unicodedata.normalize("NFC", os.path.abspath(path)).split(os.sep)[1:]),
            depth=1 if named else max(1, len(path.relative_to(top).parts)),
        )
        try:
            item = replace(item, time=path.lstat().st_mtime if trouble else path.stat().st_mtime)
        except OSError:
            trouble = trouble or GONE
        if trouble:
            self.items.append(replace(item, trouble=trouble))
        elif path.name == STAMP:
            self.take_stamp(item)
        elif zipped(path.name):
            self.take_archive(item, Budget.of_file())
        else:
            self.items.append(replace(item, stray=not named and not is_notebook(path.name)))
