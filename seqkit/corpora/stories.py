"""Generates small stories with a question whose answer can be proved from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from seqkit.text import tokenize

__all__ = ["AGENTS", "OBJECTS", "PLACES", "Story", "make_stories"]

AGENTS = ("Agnes", "Bruno", "Clara", "Dylan")
PLACES = ("kitchen", "garden", "cellar", "tower", "harbour", "library")
OBJECTS = ("lantern", "rope", "map", "apple")

_MOVES = ("went to", "walked to", "ran to", "hurried to")
_TAKES = ("took", "picked up", "grabbed")
_DROPS = ("dropped", "put down")


@dataclass(frozen=True)
class Story:
    """Some facts in order, a question about them, and the facts that prove the answer."""

    #: One fact each, as a person would write it.
    sentences: tuple[str, ...]
    question: str
    #: One word, a place.
    answer: str
    #: Places of the supporting facts in `sentences`, from 0, in order.
    supporting: tuple[int, ...]

    @property
    def tokens(self) -> list[str]:
        """The words of all sentences in order, lower case, without full stops."""
        return [token for sentence in self.sentences for token in tokenize(sentence)]


def make_stories(
    count: int,
    num_facts: int | tuple[int, int] = 6,
    supporting: int = 1,
    seed: int | np.random.Generator = 0,
) -> list[Story]:
    """Return stories in the manner of the bAbI tasks; each question has one true answer.

    With one supporting fact people walk about and the question is where one of
    them is. With two they also take things along and put them down, and the
    question is where a thing is: one fact says who has it or put it down, the
    other where that person was.

    Parameters
    ----------
    count : int
        Number of stories.
    num_facts : int or (int, int), default 6
        Sentences in a story, or the least and the most.
    supporting : {1, 2}, default 1
        Facts needed for the answer.
    seed : int or numpy Generator, default 0
        Source of the randomness.

    Returns
    -------
    list of Story
        Of length `count`.

    Raises
    ------
    ValueError
        When `supporting` is neither 1 nor 2, a story would hold fewer facts
        than that, or `count` is negative.

    Notes
    -----
    The idea is that of tasks 1 and 2 of J. Weston and others, "Towards
    AI-complete question answering", 2015; the words and the code are ours.

    Examples
    --------
    >>> story = make_stories(1, num_facts=4, supporting=2, seed=3)[0]
    >>> len(story.sentences), len(story.supporting), story.answer in PLACES
    (4, 2, True)
    """
    if supporting not in (1, 2):
        raise ValueError(f"supporting must be 1 or 2, got {supporting}")
    if count < 0:
        raise ValueError(f"count must not be negative, got {count}")
    least, most = (num_facts, num_facts) if isinstance(num_facts, int) else num_facts
    if not supporting <= least <= most:
        raise ValueError(
            f"num_facts must be at least {supporting} and its limits in order, got {num_facts}"
        )
    rng = np.random.default_rng(seed)
    return [_make_story(rng, int(rng.integers(least, most + 1)), supporting) for _ in range(count)]


@dataclass
class _World:
    """What is so (`place`, `carrier`), and which facts have told it."""

    rng: np.random.Generator
    place: dict[str, str] = field(default_factory=dict)
    carrier: dict[str, str] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    #: The fact that told where a person is.
    moved: dict[str, int] = field(default_factory=dict)
    #: The fact that told who has a thing.
    taken: dict[str, int] = field(default_factory=dict)
    #: For a thing put down by a person of known place: that place's fact, and its own.
    dropped: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put everybody and everything somewhere; the reader is not told where."""
        for one in (*AGENTS, *OBJECTS):
            self.place[one] = self.pick(PLACES)

    def pick(self, options: Sequence[str]) -> str:
        """Return one of the options at random."""
        return options[int(self.rng.integers(len(options)))]

    def tell(self, who: str, verb: str, what: str) -> int:
        """Write a sentence down and return its number."""
        self.sentences.append(f"{who} {verb} the {what}.")
        return len(self.sentences) - 1

    def move(self, agent: str) -> None:
        """Send a person, and what they carry, to another place."""
        self.place[agent] = self.pick([place for place in PLACES if place != self.place[agent]])
        self.moved[agent] = self.tell(agent, self.pick(_MOVES), self.place[agent])

    def handle(self, agent: str) -> bool:
        """Let a person take a thing that lies there, or drop one; False if there is none."""
        within_reach = [
            thing
            for thing in OBJECTS
            if self.carrier.get(thing, agent) == agent
            and (thing in self.carrier or self.place[thing] == self.place[agent])
        ]
        if not within_reach:
            return False
        thing = self.pick(within_reach)
        self.dropped.pop(thing, None)
        if thing in self.carrier:
            del self.carrier[thing]
            self.place[thing] = self.place[agent]
            fact = self.tell(agent, self.pick(_DROPS), thing)
            if agent in self.moved:
                self.dropped[thing] = (self.moved[agent], fact)
        else:
            self.carrier[thing] = agent
            self.taken[thing] = self.tell(agent, self.pick(_TAKES), thing)
        return True

    def provable(self, thing: str) -> tuple[str, tuple[int, ...]] | None:
        """Return the place of a thing and the two facts that prove it, if they were told."""
        carrier = self.carrier.get(thing)
        if carrier in self.moved:
            first, second = sorted((self.taken[thing], self.moved[carrier]))
            return self.place[carrier], (first, second)
        if thing in self.dropped:
            return self.place[thing], self.dropped[thing]
        return None


def _make_story(rng: np.random.Generator, num_facts: int, supporting: int) -> Story:
    """Play worlds until one has something to ask about: for people the first has."""
    while True:
        world = _World(rng)
        for _ in range(num_facts):
            agent = world.pick(AGENTS)
            acts = supporting == 2 and rng.random() < 0.5
            if not (acts and world.handle(agent)):
                world.move(agent)
        if supporting == 1:
            asked = world.pick(sorted(world.moved))
            return Story(
                tuple(world.sentences),
                f"Where is {asked}?",
                world.place[asked],
                (world.moved[asked],),
            )
        provable = {thing: proof for thing in OBJECTS if (proof := world.provable(thing))}
        if provable:
            asked = world.pick(sorted(provable))
            answer, facts = provable[asked]
            return Story(tuple(world.sentences), f"Where is the {asked}?", answer, facts)
