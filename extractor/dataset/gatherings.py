"""One gathering told by several articles: which rows of `meetings` speak of the same one.

The rule: two rows of different articles are one gathering when they have the same kind and first day and

- their titles share at least 60 % of their words (Jaccard, numbers and diacritics counted), or
- they share at least 40 % and name the same host or place, or the same person chairs both;

and nothing contradicts it: a different ordinal ("lần thứ 5" and "lần thứ 6"), two different administrative units in the
titles or parts of the day that exclude each other. Rows without a day are never grouped.
"""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from extractor.model import content_id
from extractor.text import fold_tones

GATHERINGS_DDL = """
CREATE TABLE IF NOT EXISTS gatherings (
    meeting_id TEXT PRIMARY KEY, gathering_id TEXT NOT NULL, start_date TEXT, n_articles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS gatherings_id ON gatherings (gathering_id);
"""
_TOLD = ("meeting_id", "article_id", "kind", "start_date", "title", "host", "location", "part_of_day")
_UNDATED = 1000
_ORDINAL = re.compile(r"\b(?:lần thứ|thứ|khóa|khoá|kỳ họp|phiên họp)\s+(?:thứ\s+)?([\dIVXLivxl]+|nhất|hai|ba|tư|năm)\b")
_UNIT = re.compile(r"\b(?:tỉnh|huyện|thị xã|thành phố|xã|phường|thị trấn|đặc khu)((?: [A-ZÀ-ỸĐ][\w’']*)+)")


@dataclass(frozen=True, slots=True)
class Telling:
    """One row of `meetings` with what tells gatherings apart."""

    meeting_id: str
    article_id: str
    kind: str
    start_date: str
    title: str
    host: str | None = None
    location: str | None = None
    part_of_day: str | None = None
    chairs: frozenset[str] = frozenset()

    @property
    def signature(self) -> tuple[object, ...]:
        """Everything that is compared: rows that agree in it are alike to every other row."""
        return (self.title, self.host, self.location, self.part_of_day, self.chairs)


class _Features:
    """A telling's title, host and place taken apart once for all comparisons."""

    __slots__ = ("host", "location", "ordinals", "telling", "units", "words")

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.words = _words(telling.title)
        self.host = _words(telling.host)
        self.location = _words(telling.location)
        self.ordinals = frozenset(_ORDINAL.findall(telling.title))
        self.units = frozenset(_UNIT.findall(telling.title))


def _words(text: str | None) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold_tones(text or "")))


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


def _alike(a: _Features, b: _Features) -> bool:
    one, other = a.telling, b.telling
    if one.part_of_day and other.part_of_day and one.part_of_day != other.part_of_day:
        return False
    likeness = _shared(a.words, b.words)
    if likeness < 0.4:
        return False
    for first, second in ((a.ordinals, b.ordinals), (a.units, b.units)):
        if first and second and not first & second:
            return False
    if likeness >= 0.6:
        return True
    known = _shared(a.host, b.host) >= 0.6 or _shared(a.location, b.location) >= 0.6
    return known or bool(one.chairs & other.chairs)


def same_gathering(a: Telling, b: Telling) -> bool:
    """Whether two rows of one kind and day tell of one gathering; see the module for the rule."""
    return a.article_id != b.article_id and _alike(_Features(a), _Features(b))


@dataclass(slots=True)
class _Group:
    features: list[_Features]
    signatures: set[tuple[object, ...]]
    articles: set[str]
    first: str

    def takes(self, telling: Telling, features: _Features) -> bool:
        """Whether a row contradicts none of the members: no chain merges what differs."""
        if telling.article_id in self.articles:
            return False
        return telling.signature in self.signatures or all(_alike(features, other) for other in self.features)

    def add(self, telling: Telling, features: _Features) -> None:
        self.articles.add(telling.article_id)
        if telling.signature not in self.signatures:
            # A row like one that is in already brings nothing new to compare with.
            self.signatures.add(telling.signature)
            self.features.append(features)


def group(tellings: Iterable[Telling]) -> dict[str, str]:
    """Group rows into gatherings.

    Args:
        tellings: rows of `meetings`, in any order.

    Returns:
        meeting_id → gathering_id; the id is a hash of the group's first meeting_id, so it does not depend on order.
    """
    blocks: dict[tuple[str, str], list[Telling]] = defaultdict(list)
    found: dict[str, str] = {}
    for telling in tellings:
        blocks[telling.kind, telling.start_date].append(telling)
    for block in blocks.values():
        if len(block) == 1:
            found[block[0].meeting_id] = content_id("gathering", block[0].meeting_id)
            continue
        groups: list[_Group] = []
        known: dict[tuple[object, ...], _Features] = {}
        for telling in sorted(block, key=lambda t: t.meeting_id):
            features = known.setdefault(telling.signature, _Features(telling))
            fitting = next((g for g in groups if g.takes(telling, features)), None)
            if fitting is None:
                fitting = _Group([], set(), set(), telling.meeting_id)
                groups.append(fitting)
            fitting.add(telling, features)
            found[telling.meeting_id] = content_id("gathering", fitting.first)
    return found


def _by_day(rows: Iterable[Any]) -> Iterator[tuple[str | None, list[Any]]]:
    """Rows in the order of their days, a day at a time, so that the memory needed does not grow with the archive.

    Those without a day, each a gathering of its own, may be a good part of the archive and come some at a time.
    """
    for day, told in groupby(rows, key=itemgetter(3)):
        while some := list(islice(told, None if day else _UNDATED)):
            yield day, some


def update_gatherings(connection: sqlite3.Connection) -> int:
    """Group the meetings of the latest revisions anew.

    Args:
        connection: a connection that may write; the caller commits.

    Returns:
        The number of gatherings told by more than one article.
    """
    rows = connection.execute(
        f"""SELECT {", ".join(_TOLD)},
                  (SELECT json_group_array(official) FROM participations p WHERE p.meeting_id = m.meeting_id AND role = 'chair')
           FROM meetings m
           WHERE revision = (SELECT MAX(revision) FROM articles a WHERE a.article_id = m.article_id)
             AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.article_id = m.article_id AND a.duplicate_of IS NOT NULL)
           ORDER BY start_date"""
    )
    connection.execute("DELETE FROM gatherings")
    several = 0
    for day, told in _by_day(rows):
        if day is None:
            groups = {row[0]: content_id("gathering", row[0]) for row in told}
        else:
            groups = group(
                Telling(meeting, article, kind, start, title, host, location, part, frozenset(json.loads(chairs)))
                for meeting, article, kind, start, title, host, location, part, chairs in told
            )
        sizes = Counter(groups.values())
        connection.executemany(
            "INSERT INTO gatherings VALUES (?, ?, ?, ?)",
            sorted((meeting, gathering, day, sizes[gathering]) for meeting, gathering in groups.items()),
        )
        several += sum(size > 1 for size in sizes.values())
    return several
