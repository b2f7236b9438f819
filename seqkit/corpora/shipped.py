"""Loads the sets that come with the course."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqkit import ROOT
from seqkit.corpora.fetching import DataError

__all__ = [
    "Intent",
    "Labelled",
    "Questions",
    "Series",
    "Unrelated",
    "load_questions",
    "load_series",
    "shipped_file",
]


class Series(NamedTuple):
    """Yearly values: ``years`` (N,) int64 and ``values`` (N,) float64."""

    years: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Intent:
    """Something a visitor may want to know: one answer, many ways to ask."""

    name: str
    answer: str
    train: tuple[str, ...]
    #: Paraphrases no model may see before its test.
    held_out: tuple[str, ...]


class Labelled(NamedTuple):
    """Questions and the number of the intent of each: ``labels`` (N,) int64."""

    texts: list[str]
    labels: np.ndarray


@dataclass(frozen=True)
class Unrelated:
    """Questions that belong to no intent."""

    #: These share words or topics with the intents.
    near: tuple[str, ...]
    #: These do not.
    far: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """All of them, near ones first."""
        return [*self.near, *self.far]


@dataclass(frozen=True)
class Questions:
    """Questions to the guide of a lighthouse museum, and the guide's answers."""

    intents: tuple[Intent, ...]
    #: For choosing the threshold below which a question is refused.
    unrelated_tune: Unrelated
    #: For measuring it.
    unrelated_test: Unrelated

    @property
    def names(self) -> list[str]:
        """The name of each label."""
        return [intent.name for intent in self.intents]

    @property
    def answers(self) -> list[str]:
        """The answer of each label."""
        return [intent.answer for intent in self.intents]

    @property
    def train(self) -> Labelled:
        """The questions to learn from."""
        return _labelled([intent.train for intent in self.intents])

    @property
    def held_out(self) -> Labelled:
        """The paraphrases to test on."""
        return _labelled([intent.held_out for intent in self.intents])


def load_series(name: str = "sunspots") -> Series:
    """Return a series of yearly values.

    Parameters
    ----------
    name : {'sunspots'}
        Yearly sunspot numbers, 1700 to 2008.

    Returns
    -------
    Series
        ``years`` (309,) int64 and ``values`` (309,) float64.

    Raises
    ------
    ValueError
        When there is no series of that name.
    DataError
        When the file is missing from the course.

    Examples
    --------
    >>> years, values = load_series("sunspots")
    >>> years.shape, int(years[values.argmax()]), float(values.max())
    ((309,), 1957, 190.2)
    """
    if name != "sunspots":
        raise ValueError(f"unknown series {name!r}: choose 'sunspots'")
    with shipped_file("sunspots.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = np.array([row["year"] for row in rows], dtype=np.int64)
    return Series(years, np.array([row["sunspots"] for row in rows], dtype=np.float64))


def load_questions() -> Questions:
    """Return the questions a visitor may ask the guide, and those it must refuse.

    Returns
    -------
    Questions
        The label of an intent is its place in ``intents``.

    Raises
    ------
    DataError
        When the file is missing from the course.

    Examples
    --------
    >>> questions = load_questions()
    >>> questions.names[:3]
    ['name', 'wellbeing', 'profession']
    >>> texts, labels = questions.train
    >>> texts[0]
    'What is your name?'
    >>> questions.answers[labels[0]]
    'I am Marlow, the robot guide of the lighthouse museum on Petrel Island.'
    """
    content = json.loads(shipped_file("questions.json").read_text(encoding="utf-8"))
    intents = tuple(
        Intent(
            name=intent["name"],
            answer=intent["answer"],
            train=tuple(intent["train"]),
            held_out=tuple(intent["held_out"]),
        )
        for intent in content["intents"]
    )
    unrelated = {
        use: Unrelated(near=tuple(kinds["near"]), far=tuple(kinds["far"]))
        for use, kinds in content["unrelated"].items()
    }
    return Questions(intents, unrelated["tune"], unrelated["test"])


def shipped_file(file_name: str) -> Path:
    """Return the path of a file in ``data/``."""
    path = ROOT / "data" / file_name
    if not path.is_file():
        raise DataError(f"{path} is missing: it comes with the course, copy it from there again")
    return path


def _labelled(groups: list[tuple[str, ...]]) -> Labelled:
    """Flatten groups of questions; the label is the group's place."""
    texts = [text for group in groups for text in group]
    return Labelled(texts, np.repeat(np.arange(len(groups)), [len(group) for group in groups]))
