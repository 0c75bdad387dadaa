"""Persons whose names differ in spelling, and persons of one name that may be one: what is merged, what is only shown."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from extractor.dataset.people_names import nearness
from extractor.dataset.people_places import Places

SINGLE = (
    "Bí thư", "Chủ tịch", "Giám đốc", "Hiệu trưởng", "Chánh án", "Viện trưởng", "Bộ trưởng", "Thủ tướng", "Tổng Bí thư",
)  # fmt: skip
"""Titles that one person at a time holds in an organisation."""
NEAR_DAYS = 400
"""How far apart two mentions of one post may lie to be of one time: a little more than a year's round of events."""
MAX_BLOCK = 40
"""A post that more names than this hold in one place is no single post; its organisation was read too coarsely."""


class Held(NamedTuple):
    """A post that one person at a time holds: a hash of title, organisation and place, with its evidence (ISO days)."""

    post: str
    first: str
    last: str


@dataclass(slots=True)
class Part:
    """A person as told under one spelling of the name; several may be one person.

    `held` are posts that one at a time holds, `places` the places of all posts with first and last day.
    """

    part_id: str
    key: str
    name: str
    n_articles: int
    first: str
    last: str
    held: tuple[Held, ...]
    places: dict[str, tuple[str, str]]
    latest: tuple[str, ...] = ()
    latest_day: str = ""


def merge(parts: Iterable[Part], places: Places) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Which parts are one person, and which may be.

    A part joins another whose name is near (see `nearness`), if both hold the same single post at the same place at the same
    time, the other is named in at least three times as many articles (or the part is only a given name), and it is the only one.
    Weaker evidence merges nothing: the pair is handed out.

    Args:
        parts: all parts.
        places: the gazetteer's places.

    Returns:
        The part that each merged part joins, by id; and pairs that may be one: (part, other part, reason).
    """
    known = {part.part_id: part for part in parts}
    joins: dict[str, list[tuple[str, str]]] = defaultdict(list)
    maybe: dict[tuple[str, str], str] = {}
    for a, b, reason in _near_pairs(known.values()):
        minor, major = sorted((a, b), key=lambda p: (reason == "short" and len(p.name), p.n_articles, p.part_id))
        if reason == "short" or major.n_articles >= 3 * minor.n_articles:
            joins[minor.part_id].append((major.part_id, reason))
        else:
            maybe.setdefault((minor.part_id, major.part_id), reason)
    into: dict[str, str] = {}
    for minor_id, found in sorted(joins.items()):
        targets = {t for t, _ in found}
        # What joins another cannot be joined itself: no chain of small differences makes one of two names.
        if len(targets) == 1 and not targets & joins.keys():
            into[minor_id] = next(iter(targets))
        else:
            maybe.update({(minor_id, t): reason for t, reason in found})
    _one_of_each_name(into, known, maybe)
    pairs = [(a, b, reason) for (a, b), reason in maybe.items()]
    return into, sorted(pairs) + sorted(_moved(known.values(), places))


def _one_of_each_name(into: dict[str, str], known: dict[str, Part], maybe: dict[tuple[str, str], str]) -> None:
    """Undo merges by which two persons of one name, told apart before, would become one again."""
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for minor, major in into.items():
        seen[major, known[minor].key].append(minor)
    for (major, _), minors in seen.items():
        if len(minors) > 1:
            for minor in minors:
                del into[minor]
                maybe[minor, major] = nearness(known[minor].name, known[major].name) or "short"


def _near_pairs(parts: Iterable[Part]) -> Iterator[tuple[Part, Part, str]]:
    """Pairs of near names that hold one single post at one time."""
    blocks: dict[str, list[tuple[Part, Held]]] = defaultdict(list)
    for part in parts:
        for held in part.held:
            blocks[held.post].append((part, held))
    seen = set()
    for _, block in sorted(blocks.items()):
        if len(block) > MAX_BLOCK:
            continue
        for i, (a, held_a) in enumerate(block):
            for b, held_b in block[i + 1 :]:
                pair = frozenset((a.part_id, b.part_id))
                if a.key == b.key or pair in seen or not _at_one_time(held_a, held_b):
                    continue
                reason = nearness(a.name, b.name)
                if reason:
                    seen.add(pair)
                    yield a, b, reason


def _at_one_time(a: Held, b: Held) -> bool:
    if not (a.first and b.first):
        return False
    gap = (date.fromisoformat(max(a.first, b.first)) - date.fromisoformat(min(a.last, b.last))).days
    return gap <= NEAR_DAYS


def _moved(parts: Iterable[Part], places: Places) -> Iterator[tuple[str, str, str]]:
    """Persons of one name whose evidence follows on in places of one province: moved, or a namesake.

    Only where there are exactly two of the name in that province: a common name would give pairs without end.
    """
    by_key: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.places and part.first and " " in part.key:
            by_key[part.key].append(part)
    for _, found in sorted(by_key.items()):
        if len(found) < 2:
            continue
        by_province: dict[str, set[str]] = defaultdict(set)
        for part in found:
            for place in part.places:
                for province in places.within(place):
                    by_province[province].add(part.part_id)
        known = {p.part_id: p for p in found}
        for pair in sorted({tuple(sorted(ids)) for ids in by_province.values() if len(ids) == 2}):
            earlier, later = sorted((known[i] for i in pair), key=lambda p: (p.first, p.part_id))
            if earlier.last <= later.first:
                yield later.part_id, earlier.part_id, "moved"
