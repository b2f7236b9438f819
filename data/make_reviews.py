"""Writes data/reviews.csv: short film reviews whose verdicts have to be read, not counted.

    python data/make_reviews.py

Phrases stand in review_phrases.toml. The same phrases and the same seed give the same bytes. A
review is a verdict (one clause, two that agree, or two of which one is conceded) among sentences
that judge nothing. Splits share words, but neither the shape of a verdict, nor a filled clause,
nor the shape of a neutral sentence: whoever learns the training part by heart knows nothing of
the test.
"""

import csv
import hashlib
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqkit.text import tokenize

FOLDER = Path(__file__).parent
BANKS = tomllib.loads((FOLDER / "review_phrases.toml").read_text(encoding="utf-8"))
SEED = 1895

#: Reviews a split for each unit of the plan, and the split's share of all combinations.
SPLITS = {"train": (56, 0.70), "validation": (12, 0.15), "test": (12, 0.15)}
#: Which split each of seven neighbouring shapes of neutral sentences belongs to.
FILLER_OWNERS = ("train", "train", "train", "train", "train", "validation", "test")

#: How a verdict is said, and how often (units) for negative and for positive reviews. The units
#: are chosen so that no tag gives the label away: "not dull" is a double negation and praises, so
#: as many double negations have to be conceded ("not dull, but too long") or confirmed ("nobody
#: denies that it is dull").
PLAN = {
    ("says",): (18, 18),
    ("denies",): (8, 8),
    ("denies_twice",): (5, 1),
    ("outdoes",): (1, 5),
    ("says", "says"): (6, 6),  # conceded, then what counts
    ("denies", "says"): (7, 7),
    ("says", "denies"): (3, 3),
    ("denies", "denies"): (2, 2),
}
#: After these no more is said of when and where.
FINISHED = (" at all", " a minute", " this year", " in every scene", " within minutes", " to me")
UNTURNED = ("denies_twice", "outdoes")  # forms in which a judging word keeps its own sense

LONG_RANGE = 15  # words after the last one that judges
FEWEST, MOST = 5, 60  # words of a review
ALIKE = 0.5  # of the shingles of two reviews: from here on they are near-duplicates
#: What lessons and tests let a trained model read: no review says it.
KEPT_FOR_TRIALS = ("the movie was bad", "not bad at all")

_NAMES = re.compile(
    "|".join(map(re.escape, [*BANKS["names"]["titles"], *BANKS["names"]["actors"]]))
)
_SLOT = re.compile(r"\{(\w+?)(\d?)\}")


def _judging_words() -> dict[str, int]:
    """Return every word that judges, in all its forms, with its sign."""
    signs = {}
    for bank, sign in ((BANKS["good"], 1), (BANKS["bad"], -1)):
        phrases = [word for words in bank["adjectives"].values() for word in words]
        phrases += bank["nouns"]
        phrases += [
            form for kind in ("felt", "went", "did") for pair in bank[kind] for form in pair
        ]
        signs |= {phrase.split()[0]: sign for phrase in phrases}
    return signs


JUDGING = _judging_words()


@dataclass(frozen=True)
class Clause:
    """One judgement: its words, its shape, and what it is about."""

    text: str
    shape: str
    subject: str


@dataclass(frozen=True)
class Review:
    """A review and where it comes from: by that the tests see that splits share nothing."""

    split: str
    label: int
    tags: frozenset[str]
    text: str
    #: The shape of the verdict.
    shape: tuple[str, ...]
    #: The filled clauses, and the shapes of neutral sentences.
    clauses: tuple[str, ...]
    fillers: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """What a review has to be."""

    split: str
    label: int
    forms: tuple[str, ...]
    intensifier: bool
    long_range: bool
    #: Whether a second clause says the same.
    agrees: bool


# ---------------------------------------------------------------- what is asked for


def orders() -> Iterator[Order]:
    """Yield what is to be written; for both labels alike, so that tags are balanced."""
    for split, (times, _) in SPLITS.items():
        for forms, units in PLAN.items():
            for label, unit in enumerate(units):
                for number in range(unit * times):
                    yield Order(
                        split,
                        label,
                        forms,
                        intensifier=forms[-1] not in UNTURNED and number % 4 == 1,
                        long_range=number % 3 == 0,
                        agrees=len(forms) == 1 and number % 5 == 2,
                    )


def tags_of(order: Order) -> frozenset[str]:
    """Return the phenomena in a review."""
    tags = set()
    if set(order.forms) & {"denies", "denies_twice", "outdoes"}:
        tags.add("negation")
    if any(turned_bad(order, place) for place in range(len(order.forms))):
        tags.add("double negation")
    if len(order.forms) == 2:
        tags.add("contrast")
    if order.intensifier:
        tags.add("intensifier")
    if order.long_range:
        tags.add("long-range")
    return frozenset(tags or {"plain"})


def turned_bad(order: Order, place: int) -> bool:
    """Tell whether two negatives meet in a clause: "not dull", "nobody denies"."""
    form = order.forms[place]
    return form == "denies_twice" or (form == "denies" and word_sign(order, place) < 0)


def word_sign(order: Order, place: int) -> int:
    """Return the sign of the words in a clause: what is denied or conceded has the other one."""
    verdict = 1 if order.label else -1
    conceded = place < len(order.forms) - 1
    denied = order.forms[place] == "denies"
    return verdict * (-1) ** (conceded + denied)


# ---------------------------------------------------------------- writing


@dataclass
class Writer:
    """Draws from the phrase banks, for one split, only what that split owns."""

    split: str
    rng: random.Random

    def one_of(self, bank: list[Any]) -> Any:
        """Draw from a list (`random` alone promises the same numbers in every Python)."""
        return bank[int(self.rng.random() * len(bank))]

    def chance(self, share: float) -> bool:
        """Throw a coin."""
        return self.rng.random() < share

    def owned(self, draw: Callable[[], Any], key: Callable[[Any], Any]) -> Any:
        """Draw until the result belongs to the split."""
        while True:
            drawn = draw()
            if owner(key(drawn)) == self.split:
                return drawn

    def clause(self, form: str, sign: int, intensifier: bool = False) -> Clause:
        """Write one clause."""
        shapes = [s for s in BANKS["clauses"][form] if "{i}" in s or not intensifier]
        return self.owned(
            lambda: self.fill(form, self.one_of(shapes), sign, intensifier), lambda c: c.text
        )

    def fill(self, form: str, shape: str, sign: int, intensifier: bool) -> Clause:
        """Put words into the shape of a clause."""
        subject, plural, group = self.subject(whole="{x}" not in shape)
        bank = BANKS["good" if sign > 0 else "bad"]
        felt, went, did = (self.one_of(bank[kind]) for kind in ("felt", "went", "did"))
        strong = "intensifiers" if form.startswith("says") else "mild"
        first = self.adjective(bank, group, form)
        text = shape.format(
            x=subject,
            i=self.one_of(BANKS["marks"][strong]) + " " if intensifier else "",
            a=first,
            b=self.other(lambda: self.adjective(bank, group, form), first),
            noun=self.one_of(bank["nouns"]),
            felt=felt[0],
            feel=felt[1],
            went=went[0],
            go=went[1],
            did=did[0],
            do=did[1],
            **VERBS[plural],
        )
        return Clause(text, shape, subject)

    def subject(self, whole: bool = False) -> tuple[str, bool, str]:
        """Draw what a clause is about, whether that is plural, and its group."""
        group = "whole" if whole else self.one_of(["whole", "whole", *BANKS["aspects"]])
        if group in NAMED and self.chance(0.15):
            return self.one_of(BANKS["names"][NAMED[group]]), False, group
        if whole:
            return "the film", False, group
        number = "plural" if self.chance(0.35) else "singular"
        return self.one_of(BANKS["aspects"][group][number]), number == "plural", group

    def adjective(self, bank: dict[str, Any], group: str, form: str) -> str:
        """Draw an adjective that goes with a group."""
        words = bank["adjectives"][self.one_of(["common", "any", group])]
        if form == "outdoes":
            words = [word for word in words if word not in BANKS["short"]["adjectives"]]
        return self.one_of(words)

    def other(self, draw: Callable[[], Any], than: Any) -> Any:
        """Draw until something else comes."""
        while (drawn := draw()) == than:
            pass
        return drawn

    def verdict(self, order: Order) -> tuple[str, tuple[str, ...], tuple[Clause, ...]]:
        """Write the sentence or two that judge; return them, their shape and their clauses."""
        if len(order.forms) == 2:
            return self.contrast(order)
        form, sign = order.forms[0], word_sign(order, 0)
        if order.agrees:
            return self.agreement(order, form, sign)
        if f"{form}_alone" in BANKS["clauses"] and self.chance(0.15):
            form += "_alone"
        clause = self.clause(form, sign, order.intensifier)
        around = self.one_of(BANKS["around"]["openers"]), self.one_of(BANKS["around"]["tails"])
        if clause.shape.endswith(FINISHED) or form.endswith("_alone"):
            around = around[0], ""
        return around[0] + clause.text + around[1], (around[0], clause.shape, around[1]), (clause,)

    def agreement(
        self, order: Order, form: str, sign: int
    ) -> tuple[str, tuple[str, ...], tuple[Clause, ...]]:
        """Write two clauses that judge alike."""
        first = self.clause(form, sign, order.intensifier)
        verdict = 1 if order.label else -1
        second = self.about_another(lambda: self.clause("says", verdict), first)
        join = self.one_of(BANKS["joins"]["agrees"])
        pair = [first, second] if self.chance(0.5) else [second, first]
        text = join.format(u=pair[0].text, v=pair[1].text)
        return text, (join, pair[0].shape, pair[1].shape), (first, second)

    def contrast(self, order: Order) -> tuple[str, tuple[str, ...], tuple[Clause, ...]]:
        """Write two clauses that judge differently; what is conceded does not count."""
        loud = int(self.chance(0.5)) if order.intensifier else None
        joins = BANKS["joins"]["concedes_first" if self.chance(0.65) else "concedes_last"]
        conceded = self.clause(order.forms[0], word_sign(order, 0), loud == 0)
        deciding = self.about_another(
            lambda: self.clause(order.forms[1], word_sign(order, 1), loud == 1), conceded
        )
        join = self.one_of([j for j in joins if "{noun}" not in j])
        if order.forms[0] == "says" and loud != 0 and self.chance(0.2):
            join = self.one_of([j for j in joins if "{noun}" in j])
            conceded = self.about_another(lambda: self.phrase(word_sign(order, 0)), deciding)
        opener = self.one_of(BANKS["around"]["openers"]) if self.chance(0.4) else ""
        text = join.replace("the {adjective} {noun}", "{c}")
        text = text.format(c=conceded.text, v=deciding.text)
        return opener + text, (join, conceded.shape, deciding.shape), (conceded, deciding)

    def phrase(self, sign: int) -> Clause:
        """Write a conceded thing with its adjective: "the clumsy script"."""
        bank = BANKS["good" if sign > 0 else "bad"]

        def draw() -> Clause:
            group = self.one_of(["words", "sight", "sound"])
            subject = self.one_of(BANKS["aspects"][group]["singular"])
            text = f"the {self.adjective(bank, group, 'says')} {subject.removeprefix('the ')}"
            return Clause(text, "the {adjective} {noun}", subject)

        return self.owned(draw, lambda clause: clause.text)

    def about_another(self, draw: Callable[[], Clause], than: Clause) -> Clause:
        """Draw a clause until it is about something else; the film as a whole is one thing."""
        film = {"the film", "the movie", "the whole picture", *BANKS["names"]["titles"]}
        while True:
            drawn = draw()
            same = drawn.subject == than.subject or {drawn.subject, than.subject} <= film
            if not same:
                return drawn

    def filler(self) -> tuple[str, str]:
        """Write a sentence that judges nothing; return it and its shape."""
        shapes = BANKS["fillers"]["shapes"]
        mine = [shape for n, shape in enumerate(shapes) if FILLER_OWNERS[n % 7] == self.split]
        shape = self.one_of(mine)
        words = dict[str, str]()
        for name, number in _SLOT.findall(shape):
            bank = [word for word in self.slot(name) if word not in words.values()]
            words[name + number] = self.one_of(bank)
        return shape.format(**words), shape

    def slot(self, name: str) -> list[str]:
        """Return what may stand in a slot of a neutral sentence."""
        return BANKS["names"]["actors"] if name == "actor" else BANKS["slots"][name]

    def review(self, order: Order) -> Review | None:
        """Write a review; None when the draw came out too long or too short."""
        text, shape, clauses = self.owned(lambda: self.verdict(order), lambda drawn: drawn[1])
        sentences = [text + ("!" if self.chance(0.12) else ".")]
        fillers = []
        if self.chance(0.35):
            sentence, used = self.filler()
            sentences.insert(0, sentence)
            fillers.append(used)
        if self.chance(0.2) or order.long_range:
            while True:
                sentence, used = self.filler()
                sentences.append(sentence)
                fillers.append(used)
                if not order.long_range or words_after(" ".join(sentences)) >= LONG_RANGE:
                    break
        text = polished(" ".join(sentences))
        review = Review(
            order.split,
            order.label,
            tags_of(order),
            text,
            shape,
            tuple(clause.text for clause in clauses),
            tuple(fillers),
        )
        return review if self.fits(review, order) else None

    def fits(self, review: Review, order: Order) -> bool:
        """Tell whether a draw is what was asked for."""
        words = [token for token in tokenize(review.text) if token not in "?!"]
        spoken = " ".join(words)
        return (
            FEWEST <= len(words) <= MOST
            and (words_after(review.text) >= LONG_RANGE) == order.long_range
            and len(set(review.fillers)) == len(review.fillers)
            and not any(phrase in spoken for phrase in KEPT_FOR_TRIALS)
        )


NAMED = {"whole": "titles", "people": "actors"}
VERBS = {
    False: {"was": "was", "is": "is", "wasnt": "wasn't"},
    True: {"was": "were", "is": "are", "wasnt": "weren't"},
}


def owner(key: Any) -> str:
    """Return the split to which a combination belongs, by a hash of it."""
    digest = hashlib.sha256(repr(key).encode()).digest()
    place = int.from_bytes(digest[:4], "big") / 2**32
    for split, (_, share) in SPLITS.items():
        if place < share:
            return split
        place -= share
    return split


def polished(text: str) -> str:
    """Begin every sentence with a capital letter, and write "an" before a vowel."""
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
    return re.sub(r"(^|[.!?] )(\w)", lambda found: found[1] + found[2].upper(), text)


def words_after(text: str) -> int:
    """Count the words after the last one that judges."""
    words = [token for token in tokenize(text) if token not in "?!"]
    return next(n for n, word in enumerate(reversed(words)) if word in JUDGING)


# ---------------------------------------------------------------- near-duplicates


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return every four words in a row; names of films and actors count as one same word."""
    words = [token for token in tokenize(_NAMES.sub("Somebody", text)) if token not in "?!"]
    return frozenset(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


@dataclass
class Seen:
    """The reviews so far, by their shingles."""

    sets: list[frozenset[Any]] = field(default_factory=list)
    where: dict[Any, list[int]] = field(default_factory=lambda: defaultdict(list))

    def likeness(self, mine: frozenset[Any]) -> float:
        """Return the largest Jaccard index with any review so far."""
        shared = defaultdict[int, int](int)
        for shingle in mine:
            for number in self.where[shingle]:
                shared[number] += 1
        return max(
            (n / (len(mine) + len(self.sets[other]) - n) for other, n in shared.items()), default=0
        )

    def add(self, mine: frozenset[Any]) -> None:
        """Remember one."""
        for shingle in mine:
            self.where[shingle].append(len(self.sets))
        self.sets.append(mine)


# ---------------------------------------------------------------- all of them


def write_reviews(seed: int = SEED) -> list[Review]:
    """Return every review, split by split, each in a random order."""
    rng, seen = random.Random(seed), Seen()
    reviews = []
    for order in orders():
        writer = Writer(order.split, rng)
        while True:
            review = writer.review(order)
            if review is None:
                continue
            mine = shingles(review.text)
            if seen.likeness(mine) < ALIKE:
                break
        seen.add(mine)
        reviews.append(review)
    shuffled = sorted(reviews, key=lambda _: rng.random())
    return sorted(shuffled, key=lambda review: list(SPLITS).index(review.split))


def save(reviews: list[Review], path: Path) -> None:
    """Write the file that is shipped."""
    numbers = defaultdict[str, int](int)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id", "label", "tags", "text"])
        for review in reviews:
            numbers[review.split] += 1
            name = f"{review.split}/{numbers[review.split]:04d}"
            rows.writerow([name, review.label, "; ".join(sorted(review.tags)), review.text])


if __name__ == "__main__":
    save(write_reviews(), FOLDER / "reviews.csv")
