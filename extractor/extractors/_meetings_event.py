"""One gathering of an article: its namings and the later words for it."""

import sys
from dataclasses import dataclass, field

from extractor.extractors._meetings_text import Mention

_STRENGTH = {"organise": 0, "subject": 1, "verb": 1, "take_part": 2, "place": 3, "title": 4, "list": 5, "": 6}


@dataclass(slots=True, eq=False)
class Event:
    """One gathering: its namings and the later words for it."""

    namings: list[Mention]
    later: list[Mention] = field(default_factory=list)
    fullest: Mention = field(init=False)
    """The longest naming; of equal ones the one in the body, where the article reports it."""
    earliest: int = field(init=False)
    """The first sentence with a naming of its own, not inside another gathering's name."""

    def __post_init__(self) -> None:
        self.fullest = max(self.namings, key=_fullness)
        self.earliest = min((m.sentence for m in self.namings if not m.nested), default=sys.maxsize)

    def add(self, mention: Mention) -> None:
        """Take in a further naming."""
        self.namings.append(mention)
        if _fullness(mention) > _fullness(self.fullest):
            self.fullest = mention
        if not mention.nested:
            self.earliest = min(self.earliest, mention.sentence)

    @property
    def start(self) -> int:
        """Where the article speaks of it first."""
        return min(m.start for m in (*self.namings, *self.later))

    @property
    def by_evidence(self) -> list[Mention]:
        """The namings, those that report the gathering first."""
        return sorted(
            self.namings, key=lambda m: (m.only_named or m.nested, m.sentence == 0, _STRENGTH[m.evidence], m.start)
        )

    @property
    def telling(self) -> list[Mention]:
        """The mentions whose sentences may tell day, place and organiser, best first."""
        return [*self.by_evidence, *(m for m in self.later if m.evidence in ("organise", "verb"))]

    @property
    def mentions(self) -> list[Mention]:
        """Namings and later words in text order."""
        return sorted([*self.namings, *self.later], key=lambda m: m.start)


def _fullness(mention: Mention) -> tuple[bool, int, bool, int]:
    return not mention.verb, mention.end - mention.start, mention.evidence != "title", -mention.start
