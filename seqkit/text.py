"""Turns text into padded arrays of ids: tokens, vocabularies, batches."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import index as as_integer
from typing import Any, Literal

import numpy as np

__all__ = ["CharVocab", "Vocab", "pad_batch", "tokenize"]

#: A side of a sequence.
Side = Literal["left", "right"]

_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# What belongs to the letter before it, and what joins two: `\w` has neither accents that stand
# alone nor the vowel signs of Hindi and Thai. Outside these ranges there are no marks.
_MARKS = "".join(
    character
    for character in map(chr, [*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)])
    if unicodedata.category(character)[0] == "M"
)
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
# A word is letters and digits with their marks, apostrophes only between them; the underscore is
# left out because reviewers write _emphasis_ with it.
_LETTERS = rf"[^\W_]+(?:[{_MARKS}{_JOINERS}]+[^\W_]*)*"
_TOKEN = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*|[!?]")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]")


def tokenize(text: str) -> list[str]:
    """Split a text into lower-case words and the marks that carry feeling.

    ``<br />`` is dropped, words keep their inner apostrophes (typographic ones
    become ``'``), ``!`` and ``?`` are tokens of their own; all other
    punctuation is left out. A letter keeps its accents and vowel signs, and
    the two ways to write "ü", one character or two, give the same word
    (Unicode's normal form C).

    Parameters
    ----------
    text : str
        Any text, an empty one too.

    Returns
    -------
    list of str
        The tokens in order.

    Raises
    ------
    TypeError
        When `text` is not one string.

    Examples
    --------
    >>> tokenize("I didn't like it...<br /><br />Did YOU?!")
    ['i', "didn't", 'like', 'it', 'did', 'you', '?', '!']
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text must be one string, got {type(text).__name__}: "
            "call tokenize once for each text of a list"
        )
    plain = _LINE_BREAK.sub(" ", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()
    if plain.isascii():
        return _ASCII_TOKEN.findall(plain)  # the same tokens, sooner
    return _TOKEN.findall(unicodedata.normalize("NFC", plain))


class Vocab:
    """Numbers for words: 0 is padding, 1 the unknown word, then by frequency.

    Parameters
    ----------
    tokens : iterable of str
        Every token of the training text, repeated as often as it occurs. The
        two special tokens are never counted, so they cannot appear twice.
    min_freq : int, default 1
        A token that occurs less often has no id of its own.
    max_size : int, optional
        Upper limit of ``len(vocab)``, the two special tokens included.

    Attributes
    ----------
    tokens : list of str
        The token of each id; equal frequencies stand in alphabetical order, so
        the numbering is the same in every run.

    Raises
    ------
    TypeError
        When `tokens` is one string (it would be read letter by letter) or holds
        something else than strings.
    ValueError
        When `min_freq` is below 1 or `max_size` below 2.

    Examples
    --------
    >>> vocab = Vocab(["the", "sea", "the", "gulls"])
    >>> vocab.tokens
    ['<pad>', '<unk>', 'the', 'gulls', 'sea']
    >>> vocab.encode(["the", "storm"])
    [2, 1]
    >>> vocab.decode([2, 4, 0])
    ['the', 'sea', '<pad>']
    >>> len(vocab), "storm" in vocab
    (5, False)
    """

    pad_token = "<pad>"
    unk_token = "<unk>"
    pad_id = 0
    unk_id = 1

    def __init__(
        self, tokens: Iterable[str], min_freq: int = 1, *, max_size: int | None = None
    ) -> None:
        if min_freq < 1:
            raise ValueError(f"min_freq must be at least 1, got {min_freq}")
        if max_size is not None and max_size < 2:
            raise ValueError(
                f"max_size must be at least 2, got {max_size}: "
                f"{self.pad_token} and {self.unk_token} always belong to it"
            )
        counts = Counter(_words(tokens, "tokens"))
        for special in (self.pad_token, self.unk_token):
            counts.pop(special, None)
        frequent = (token for token, count in counts.items() if count >= min_freq)
        ranked = sorted(frequent, key=lambda token: (-counts[token], token))
        self.tokens = [self.pad_token, self.unk_token, *ranked][:max_size]
        self._ids = {token: number for number, token in enumerate(self.tokens)}

    @classmethod
    def from_ranked(cls, tokens: Iterable[str]) -> "Vocab":
        """Return the vocabulary whose `tokens` these are: nothing is counted again.

        Examples
        --------
        >>> Vocab.from_ranked(["<pad>", "<unk>", "the", "sea"]).encode(["sea"])
        [3]
        """
        vocab = cls(())
        vocab.tokens = list(_words(tokens, "tokens"))
        vocab._ids = {token: number for number, token in enumerate(vocab.tokens)}
        return vocab

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Return the id of each token, 1 for a token the vocabulary lacks.

        Raises
        ------
        TypeError
            When `tokens` is one string or holds something else than strings.
        """
        return [self._ids.get(token, self.unk_id) for token in _words(tokens, "tokens")]

    def decode(self, ids: Iterable[Any]) -> list[str]:
        """Return the token of each id, specials included.

        Raises
        ------
        IndexError
            When an id is negative or not below ``len(vocab)``.
        """
        return _look_up(self.tokens, ids, "the vocabulary")

    def __len__(self) -> int:
        """Count the ids, specials included: the rows an embedding needs."""
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        """Tell whether a token has an id of its own."""
        return token in self._ids

    def __repr__(self) -> str:
        """Show the size and the commonest tokens."""
        return f"Vocab({len(self)} tokens: {', '.join(self.tokens[:5])} …)"


class CharVocab:
    """Numbers for characters, in sorted order: the same in every run.

    There is neither padding nor an unknown character: a text is one unbroken
    stream, and a character never seen is an error that names it.

    Parameters
    ----------
    text : str
        The text whose distinct characters make the vocabulary.

    Attributes
    ----------
    characters : list of str
        The character of each id.

    Examples
    --------
    >>> vocab = CharVocab("sea shell")
    >>> vocab.characters
    [' ', 'a', 'e', 'h', 'l', 's']
    >>> vocab.encode("seal")
    array([5, 2, 1, 4])
    >>> vocab.decode([5, 2, 1, 4])
    'seal'
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"text must be one string, got {type(text).__name__}")
        self.characters = sorted(set(text))
        self._ids = {character: number for number, character in enumerate(self.characters)}

    def encode(self, text: str) -> np.ndarray:
        """Return the id of each character.

        Returns
        -------
        ids : ndarray of int64, shape (N,)
            N is ``len(text)``.

        Raises
        ------
        KeyError
            Names the first character that the vocabulary lacks and its place.
        """
        try:
            numbers = [self._ids[character] for character in text]
        except KeyError as missing:
            character = missing.args[0]
            raise KeyError(
                f"{character!r} at position {text.index(character)} is not among the "
                f"{len(self)} characters of this vocabulary: "
                "leave it out or replace it before encoding"
            ) from None
        return np.array(numbers, dtype=np.int64)

    def decode(self, ids: Iterable[Any]) -> str:
        """Return the text that the ids stand for.

        Raises
        ------
        IndexError
            When an id is negative or not below ``len(vocab)``.
        """
        return "".join(_look_up(self.characters, ids, "the vocabulary"))

    def __len__(self) -> int:
        """Count the characters."""
        return len(self.characters)

    def __contains__(self, character: object) -> bool:
        """Tell whether a character has an id."""
        return character in self._ids

    def __repr__(self) -> str:
        """Show the size and the characters."""
        return f"CharVocab({len(self)} characters: {''.join(self.characters)!r})"


def pad_batch(
    sequences: Sequence[Any],
    pad: Side = "right",
    truncate: Side = "right",
    max_len: int | None = None,
    value: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Put sequences of different lengths into one array, and say what is real.

    Parameters
    ----------
    sequences : sequence of B sequences of int
        Lists, arrays or tensors of ids; an empty one is fine.
    pad : {'right', 'left'}, default 'right'
        The side on which `value` fills a short sequence up.
    truncate : {'right', 'left'}, default 'right'
        The side from which ids are dropped when a sequence is longer than
        `max_len`: 'right' keeps the beginning, 'left' keeps the end.
    max_len : int, optional
        Upper limit of T; without it nothing is dropped.
    value : int, default 0
        The id that fills.

    Returns
    -------
    ids : ndarray of int64, shape (B, T)
        T is the longest length kept.
    mask : ndarray of bool, shape (B, T)
        True on real tokens, whatever their id.
    lengths : ndarray of int64, shape (B,)
        How many tokens of each sequence were kept.

    Raises
    ------
    ValueError
        When a side is neither 'left' nor 'right', or `max_len` is below 1.
    TypeError
        When a sequence is not a flat sequence of integers.

    Examples
    --------
    >>> ids, mask, lengths = pad_batch([[4, 2, 9], [7]], pad="left", truncate="left", max_len=2)
    >>> ids
    array([[2, 9],
           [0, 7]])
    >>> mask
    array([[ True,  True],
           [False,  True]])
    >>> lengths
    array([2, 1])
    """
    for name, side in (("pad", pad), ("truncate", truncate)):
        if side not in ("left", "right"):
            raise ValueError(f"{name} must be 'left' or 'right', got {side!r}")
    if max_len is not None and max_len < 1:
        raise ValueError(f"max_len must be at least 1, got {max_len}")

    rows = [_row(sequence, place) for place, sequence in enumerate(sequences)]
    if max_len is not None:
        rows = [row[:max_len] if truncate == "right" else row[-max_len:] for row in rows]
    lengths = np.array([len(row) for row in rows], dtype=np.int64)  # (B,)
    longest = int(lengths.max(initial=0))
    columns = np.arange(longest)
    starts = np.zeros_like(lengths) if pad == "right" else longest - lengths
    mask = (columns >= starts[:, None]) & (columns < (starts + lengths)[:, None])  # (B, T)
    ids = np.full((len(rows), longest), value, dtype=np.int64)  # (B, T)
    if rows:
        ids[mask] = np.concatenate(rows)
    return ids, mask, lengths


def _words(tokens: Iterable[str], name: str) -> Iterator[str]:
    """Pass tokens on, and stop at what a word-level vocabulary cannot mean."""
    if isinstance(tokens, str):
        raise TypeError(
            f"{name} must be a list of words, got the string {tokens[:30]!r}, which would be "
            "read letter by letter: tokenize it first"
        )
    for place, token in enumerate(tokens):
        if not isinstance(token, str):
            raise TypeError(
                f"{name} must be words, got {type(token).__name__} at index {place}: "
                "join the sentences into one list of words first"
            )
        yield token


def _look_up(table: list[str], ids: Iterable[Any], name: str) -> list[str]:
    """Return the entry of each id; a negative id is an error, not the end of the table."""
    found = []
    for place, number in enumerate(ids):
        number = as_integer(number)
        if not 0 <= number < len(table):
            raise IndexError(
                f"ids must lie between 0 and {len(table) - 1}, got {number} at index {place}: "
                f"it does not come from {name}"
            )
        found.append(table[number])
    return found


def _row(sequence: Any, place: int) -> np.ndarray:
    """Return one sequence as int64 ids, shape (length,)."""
    row = np.asarray(sequence)
    if row.ndim != 1:
        raise TypeError(
            f"sequences must hold flat sequences of ids, got {row.ndim} dimensions at index "
            f"{place}: one sequence alone goes in a list, pad_batch([ids])"
        )
    if row.size and row.dtype.kind not in "iu":
        raise TypeError(
            f"sequences must hold integers, got {row.dtype} at index {place}: "
            "encode words with a Vocab first"
        )
    return row.astype(np.int64)
