"""The order of rank in which a report names officials.

The rule: by level first (central, province, district, commune, village), then by title in the order of the rows of
rules/gazetteers/protocol.csv, posts held before posts once held; who has several posts stands at the highest of them.
The rows follow the groups of posts in the Politburo's Regulation 368-QĐ/TW (2025) and, before it, Conclusion 35-KL/TW
(2022) on leading posts of the political system: Party, then people's council, people's committee, Fatherland Front, then
standing members, deputies, members of committees, heads of bodies and their deputies. They are data: whoever receives
guests otherwise moves a row.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractor.rules import RuleSet
from extractor.text import fold_tones

LEVELS: tuple[str, ...] = ("central", "province", "district", "commune", "village", "other")

Rank = tuple[int, int, int]
"""Level, row of the gazetteer, 1 for a post once held; smaller comes first."""
LAST: Rank = (len(LEVELS), 10_000, 1)
"""The rank of who has no known post."""
_MODIFIER = re.compile(rf" (?:{'|'.join(map(fold_tones, ('thường trực', 'phụ trách', 'chuyên trách', 'điều hành')))})$")


@dataclass(frozen=True, slots=True)
class Post:
    """A position in normal form, as the table `positions` has it."""

    title: str
    organisation: str | None
    level: str | None
    former: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    titles: frozenset[str]
    organisations: tuple[str, ...]
    excluded: tuple[str, ...]


def _words(cell: str) -> tuple[str, ...]:
    return tuple(fold_tones(part.strip()) for part in cell.split("|") if part.strip())


def _table(rules: RuleSet) -> tuple[_Row, ...]:
    return tuple(
        _Row(frozenset(_words(row["title"])), _words(row["organisation"]), _words(row["except"]))
        for row in rules.gazetteer("protocol")
    )


def rank(post: Post, rules: RuleSet, usual_level: str | None = None) -> Rank:
    """The rank of one post.

    Args:
        post: the post.
        rules: the rules; the gazetteer `protocol` gives the order of titles.
        usual_level: the level to take where the post names none, e.g. that of the meeting's other guests.

    Returns:
        A key to sort by.
    """
    table = rules.memo("outputs.rank", _table)
    title, organisation = fold_tones(post.title), fold_tones(post.organisation or "")
    bare = _MODIFIER.sub("", title)
    level = post.level or usual_level or "other"
    place = LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1
    for number, row in enumerate(table):
        named = title in row.titles or (bare in row.titles and not any(t.startswith(f"{bare} ") for t in row.titles))
        if not named or (row.organisations and not any(o in organisation for o in row.organisations)):
            continue
        if not any(word in organisation for word in row.excluded):
            return place, number, int(post.former)
    return place, len(table), int(post.former)


def highest(posts: Iterable[Post], rules: RuleSet, usual_level: str | None = None) -> Rank:
    """The rank of a person by the highest of their posts; `LAST` without any."""
    return min((rank(post, rules, usual_level) for post in posts), default=LAST)
