"""The pieces the officials extractor finds in a text before they are linked."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Honorific:
    """A word of address before a name: its place in the text, its normal form, its kind (civil, rank, …, private)."""

    start: int
    end: int
    form: str
    kind: str


@dataclass(slots=True)
class Name:
    """A possible person's name. `start`/`end` are the name's; `outer` is where its words of address begin."""

    start: int
    end: int
    text: str
    honorific: Honorific | None
    outer: int


@dataclass(slots=True)
class WordedPost:
    """A position in the text: its span, how long its title is, the head it shares with the one before, if any.

    `fresh` tells that "tân" stands before it.
    """

    start: int
    end: int
    title_length: int
    shared_head: str = ""
    fresh: bool = False


@dataclass
class Scan:
    """One text with everything found in it.

    `low` is the text in plain spelling, of the same length. `honorifics` are keyed by the position after them, `titles`
    map the start of each title's words to their end, `starts_word` tells whether a word may begin at
    a place.
    """

    text: str
    low: str
    starts_word: Callable[[int], bool]
    honorifics: dict[int, Honorific] = field(default_factory=dict)
    titles: dict[int, int] = field(default_factory=dict)
    title_ends: frozenset[int] = frozenset()
    names: list[Name] = field(default_factory=list)
    name_starts: dict[int, Name] = field(default_factory=dict)
    posts: list[WordedPost] = field(default_factory=list)


def is_abbreviation(word: str) -> bool:
    """Whether a word is written in capitals, as "UBND", "GD&ĐT"."""
    return len(word) > 1 and word.isupper()
