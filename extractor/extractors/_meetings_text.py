"""One article as the meetings extractor reads it: lowered text, sentences, and the dates, names and posts by position."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from spacy.tokens import Doc

from extractor.extractors._meetings_tables import blanked, tables_of
from extractor.extractors.base import article_of, records_of, sentences_of
from extractor.extractors.officials import post_mentions
from extractor.model import Article, DateRecord, OfficialRecord
from extractor.rules import RuleSet

LINKED = "officials.linked"
DAY_LIKE = ("hour", "part_of_day", "day")
_ABBREVIATION = re.compile(r"(?<!\w)(?:tp|ts|ths|pgs|gs|ct|pct|pbt|bt|bs|đ\.c|st|q|p|h|tx|tt|tr|v\.v)\.$")
_CAPITALS = re.compile(r"(?<!\w)[A-ZĐ]{1,6}[a-z]?\.$")
_MISSING_BLANK = re.compile(r"[.;](?<=[^\W\d_]{2}.)(?=[^\W\d_]{2})")
_GOVERNED = re.compile(r"(?<!\w)(?:của|do|bởi|cho|với|và|được|đã|tại)(?!\w)")
_PREDICATE = re.compile(r"\s(?:đồng )?(?:chủ trì|chủ tọa|chủ toạ|phát biểu|tham dự)(?!\w)")
"""Where a post's words run into the predicate, the person's words end before it."""
_DAYS_IN_RANGE = 28
LABELS_WITHIN = 1200
"""How far behind a gathering's name the labels of an invitation ("Thời gian:", "Địa điểm:") are looked for."""
_OPENING_DAY = 18
_PASSAGE = 3
_LONGEST = 2000
"""Characters of a sentence that are read together; a longer run without a full stop is read in pieces, so that what is
looked for around a word stays near it however long the article is."""


@dataclass(frozen=True, slots=True)
class Person:
    """A mention of a person: `start`–`end` holds honorific, posts and name, or only the post of a person named elsewhere."""

    start: int
    end: int
    name: str
    person_id: str
    post_only: bool = False


@dataclass(slots=True, eq=False)
class Mention:
    """One naming of a gathering, or a later word for it ("hội nghị").

    `evidence` is the construction: organise (after "tổ chức"), take_part (after "dự", "chủ trì"), place (after "tại"), subject
    (before "diễn ra", "đã …"), title, list, verb, or "" for none. `clause` is where its clause's verb begins. `only_named`: a name
    inside another name or as background; `nested`: inside another gathering's name; `apart`: surely another gathering than those before;
    `tentative`: an event only if a later word ("tại buổi làm việc") takes it up; `borrows`: its day stands in a sentence before.
    """

    start: int
    head_end: int
    end: int
    kind: str
    rule_id: str
    verb: bool
    sentence: int
    evidence: str = ""
    clause: int = 0
    bare: bool = False
    only_named: bool = False
    nested: bool = False
    contrast: bool = False
    apart: bool = False
    tentative: bool = False
    borrows: bool = False
    words: frozenset[str] = field(default_factory=frozenset)

    @property
    def reported(self) -> bool:
        """Whether this naming alone makes an event of the article."""
        return bool(self.evidence) and not self.only_named and not self.bare


class View:
    """An article's text with everything that the meetings rules look up in it.

    `low` is the text in small letters, of the same length, so that offsets in it are offsets of the article. `blanked` is that
    behind one blank, its marks made blanks: a word's own offset is there that of the blank before it.
    """

    def __init__(self, doc: Doc, rules: RuleSet) -> None:
        tables = tables_of(rules)
        self.tables = tables
        self.article: Article = article_of(doc)
        # A Doc joins its tokens anew at each `doc.text`; the article keeps the same text.
        text = self.text = self.article.text
        low = text.lower()
        if len(low) != len(text):
            low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        self.low = low
        self.blanked = " " + blanked(low)
        self.sentences = _whole_sentences(doc, text, low)
        self._starts = [start for start, _ in self.sentences]
        self.title_end = text.find("\n") if "\n" in text else len(text)
        self.dates: list[DateRecord] = records_of(doc, "dates")
        self._officials: list[OfficialRecord] = records_of(doc, "officials")
        self._posts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for post in records_of(doc, "positions"):
            self._posts[post.official_id].append((post.start, post.end))
        # Posts alone ("đồng chí Chủ tịch UBND huyện nhấn mạnh") are known where the officials extractor has read this Doc.
        self._read_posts: Callable[[], list[tuple[int, int, str, str]]] = (
            partial(post_mentions, doc, rules) if LINKED in doc.user_data else list
        )
        self._people: list[Person] | None = None
        self._people_starts: list[int] = []
        self.name_ends: frozenset[int] = frozenset()
        self._date_starts = [d.start for d in self.dates]

    @property
    def people(self) -> list[Person]:
        """The mentions of named office-holders, with the words of their posts."""
        if self._people is None:
            named = [self._person(row) for row in self._officials]
            named += [
                Person(start, end, name, person, True)
                for start, end, person, name in self._read_posts()
                if self.text[start].isupper() or self.low.startswith("đồng chí", start)
            ]
            self._people = sorted(named, key=lambda p: (p.start, -p.end))
            self._people_starts = [p.start for p in self._people]
            self.name_ends = frozenset(p.end for p in self._people)
        return self._people

    def people_in(self, start: int, end: int) -> list[Person]:
        """The people whose mention begins inside a span, in text order."""
        people = self.people
        return people[bisect_left(self._people_starts, start) : bisect_left(self._people_starts, end)]

    def sentence_at(self, offset: int) -> int:
        """The index of the sentence that holds a character."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def dates_in(self, start: int, end: int) -> list[DateRecord]:
        """The calendar expressions inside a span, in text order."""
        found = self.dates[bisect_left(self._date_starts, start) : bisect_left(self._date_starts, end)]
        return [d for d in found if d.end <= end]

    def dates_over(self, start: int, end: int) -> list[DateRecord]:
        """The calendar expressions that share a character with a span, in text order."""
        first = max(0, bisect_right(self._date_starts, start) - 1)
        return [d for d in self.dates[first : bisect_left(self._date_starts, end)] if d.end > start]

    def day_of_passage(self, sentence: int) -> DateRecord | None:
        """The day that opens one of the sentences right before a sentence, in its paragraph."""
        for number in range(sentence - 1, max(-1, sentence - 1 - _PASSAGE), -1):
            start, end = self.sentences[number]
            if "\n" in self.low[start : self.sentences[sentence][0]]:
                return None
            opening = [d for d in self.dates_in(start, end) if d.start - start <= _OPENING_DAY and day_like(d)]
            if opening:
                return opening[0]
        return None

    def _person(self, row: OfficialRecord) -> Person:
        start, end = self._without_honorific(row.start), row.end
        posts = sorted(self._posts.get(row.official_id, ()))
        for post_start, post_end in reversed(posts):
            if post_end <= start and start - post_end <= 4:
                start = self._without_honorific(post_start)
        for post_start, post_end in posts:
            if end <= post_start <= end + 8:
                predicate = _PREDICATE.search(self.low, post_start, post_end)
                end = max(end, predicate.start() if predicate else post_end)
        if not self.tables.honorific_before.search(self.low, max(0, row.start - 24), row.start):
            start = self._over_bare_post(start)
        return Person(start, end, row.name, row.person_id)

    def _without_honorific(self, start: int) -> int:
        found = self.tables.honorific_before.search(self.low, max(0, start - 24), start)
        return found.start() if found else start

    def _over_bare_post(self, start: int) -> int:
        """A post before the name that has no row: "Bí thư xã Tân Lợi Lê Văn Hòa"."""
        window = max(0, start - 90)
        window = max(window, self.low.rfind("\n", window, start) + 1)
        piece = self.low[window:start]
        cut = max(piece.rfind(mark) for mark in (",", ";", ":", ".", "(", "“", '"'))
        found = self.tables.post_head.search(self.low, window + cut + 1, start)
        if not found or _GOVERNED.search(self.low, found.end(), start):
            return start
        opens = self.text[found.start()].isupper() or not self.low[window + cut + 1 : found.start()].strip()
        return found.start() if opens else start


def day_like(row: DateRecord) -> bool:
    """Whether a date says on which day or days something takes place."""
    if row.granularity in DAY_LIKE:
        return True
    if row.granularity in ("range", "week") and row.start_date and row.end_date:
        return (row.end_date - row.start_date).days < _DAYS_IN_RANGE
    return False


def _whole_sentences(doc: Doc, text: str, low: str) -> list[tuple[int, int]]:
    """The sentences, joined where an abbreviation was taken for an end, cut where the blank after a stop is missing."""
    joined: list[tuple[int, int]] = []
    for start, end in sentences_of(doc):
        if joined and low[joined[-1][1] : start] in ("", " "):
            before = joined[-1]
            unspaced = before[1] == start and _CAPITALS.search(text, max(before[0], start - 7), start)
            if unspaced or _ABBREVIATION.search(low, max(before[0], before[1] - 5), before[1]) or text[start].islower():
                joined[-1] = (before[0], end)
                continue
        joined.append((start, end))
    cut: list[tuple[int, int]] = []
    for start, end in joined:
        at = start
        for stop in _MISSING_BLANK.finditer(low, start, end):
            abbreviated = _ABBREVIATION.search(low, max(start, stop.start() - 5), stop.end())
            if text[stop.end()].isupper() and text[stop.start() - 1].islower() and not abbreviated:
                cut.append((at, stop.end()))
                at = stop.end()
        while end - at > _LONGEST:
            piece = low.rfind(" ", at + _LONGEST // 2, at + _LONGEST) + 1 or at + _LONGEST
            cut.append((at, piece))
            at = piece
        cut.append((at, end))
    return cut
