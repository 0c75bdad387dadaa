"""The anniversaries table: which days an article commemorates, for how many years, since when."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from spacy.tokens import Doc

from extractor.extractors._anniversary_names import FILE, GAZETTEER, Key, NamedDay, Names, goes_on
from extractor.extractors._anniversary_places import Candidate, Patterns, candidates, clause_before, spans
from extractor.extractors.base import article_of, record, records_of
from extractor.model import AnniversaryRecord, Record
from extractor.rules import RuleSet
from extractor.values.commemorations import (
    Bracket,
    Partial,
    celebrated_year,
    next_return,
    read_bracket,
    shifted,
)

TABLES = ("anniversaries",)
REQUIRES: tuple[str, ...] = ("dates",)
RULES: tuple[str, ...] = (FILE, f"gazetteers/{GAZETTEER}")

_TRAILING_YEAR = re.compile(r",? năm (?P<year>[12]\d{3})\Z")
_MAX_YEARS = 5000
_EDITIONS = 10
"""From this count on, "lần thứ N" after any name is taken for years."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A commemorated day as one place of the text tells it."""

    start: int
    end: int
    event: str
    key: Key
    years: int | None
    bracket: Bracket | None
    named: NamedDay | None
    rule_id: str
    origin: Partial | None = None
    celebrated: Partial | None = None

    @property
    def fullness(self) -> tuple[int, int]:
        """How much it tells: values known, then words."""
        known = (self.years, self.origin, self.celebrated)
        return sum(v is not None for v in known), self.end - self.start


def extract(doc: Doc, rules: RuleSet) -> Iterable[Record]:
    """Extract the anniversaries of one document, one record for each commemorated day."""
    article = article_of(doc)
    text, published = article.text, article.published_date  # doc.text would put the tokens together again
    low = _lower(text)
    patterns = rules.memo("anniversaries:patterns", Patterns)
    rows = [row for row in records_of(doc, "dates") if row.granularity == "day"]
    days = [row.start for row in rows]
    found: list[Mention] = []
    for mention in _mentions(text, low, days, patterns):
        year = _year_of_sentence(doc, low, mention, patterns) if mention.bracket is None and mention.years else None
        found.append(_dated(mention, published or _day_inside(mention, rows), year))
    for mention in _merged(found):
        yield record(
            AnniversaryRecord, doc, rules, "anniversaries", mention.start, mention.end, mention.rule_id,
            **_values(mention, published),
        )  # fmt: skip


def _day_inside(mention: Mention, rows: Sequence[Any]) -> date | None:
    """The day that the dates table gives for a mention's only bracket, which stands for an unknown publication."""
    if mention.bracket is None or mention.bracket.second is not None or mention.bracket.first.year is not None:
        return None
    inside = (row.start_date for row in rows if mention.start <= row.start < mention.end and row.start_date)
    return next(inside, None)


def _lower(text: str) -> str:
    """The text in lower case, character for character."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _mentions(text: str, low: str, days: Sequence[int], patterns: Patterns) -> Iterator[Mention]:
    last: Mention | None = None
    for candidate in sorted(candidates(low, days, patterns), key=lambda c: (c.start, not c.certain, -c.event)):
        if last and candidate.event < last.end:
            continue
        chained = bool(last) and _chained(low, last, candidate, patterns)
        mention = _mention(text, low, candidate, patterns)
        if mention is None or not (candidate.certain or chained or _commemorated(low, candidate, mention, patterns)):
            continue
        if chained and last and mention.years is None and _one_count(last, mention):
            mention = replace(mention, years=last.years)
        if chained and last and _one_bracket(last, mention):
            yield replace(last, bracket=mention.bracket)
        yield mention
        last = mention


def _mention(text: str, low: str, candidate: Candidate, patterns: Patterns) -> Mention | None:
    if candidate.years is not None and not 0 < candidate.years <= _MAX_YEARS:
        return None
    if candidate.rule_id == "anniversary.bare_day":
        return _bare_day(text, low, candidate, patterns.names)
    end, bracket = _name_and_bracket(low, candidate, patterns.names)
    if candidate.rule_id == "anniversary.bracket" and not (bracket and bracket.second):
        return None
    event, years = _without_count(text[candidate.event : end], low[candidate.event : end], candidate.years, patterns)
    key = patterns.names.key(event.lower())
    if not key:
        return None
    named = patterns.names.look_up(key)
    if bracket and not bracket.sure and not (named and _same_day(named.day, bracket.first)):
        bracket = None
    bracket = bracket or _trailing_year(event, end)
    last = max(end, bracket.end) if bracket else end
    return Mention(candidate.start, last, event, key, years, bracket, named, candidate.rule_id)


def _bare_day(text: str, low: str, candidate: Candidate, names: Names) -> Mention | None:
    bracket = read_bracket(low, candidate.event)
    if bracket is None or bracket.first.month is None or bracket.first.day is None:
        return None
    event = text[candidate.event : bracket.end]
    named = names.by_day.get((bracket.first.month, bracket.first.day))
    key = names.key(event.lower())
    return Mention(candidate.start, bracket.end, event, key, None, bracket, named, candidate.rule_id)


def _name_and_bracket(low: str, candidate: Candidate, names: Names) -> tuple[int, Bracket | None]:
    """Where a name ends and the dates after it; a name may run on to a bracket whose years prove that it is its own."""
    end = names.end(low, candidate.event)
    bracket = candidate.bracket or read_bracket(low, end)
    further = names.bracket_after(low, end) if bracket is None else None
    if further is None:
        return end, bracket
    bracket = read_bracket(low, further)
    if bracket is None or not spans(bracket, candidate.years):
        return end, None
    return further - (low[further - 1] == " "), bracket


def _same_day(left: Partial, right: Partial) -> bool:
    return (left.day, left.month) == (right.day, right.month)


def _trailing_year(event: str, end: int) -> Bracket | None:
    """The year at the end of a name: "Đại thắng mùa Xuân năm 1975", "Ngày Môi trường thế giới năm 2023"."""
    year = _TRAILING_YEAR.search(event.lower())
    return Bracket(Partial(int(year["year"])), None, end) if year else None


def _without_count(event: str, low: str, years: int | None, patterns: Patterns) -> tuple[str, int | None]:
    """A name without "lần thứ 135" in it, and the count: "Ngày sinh lần thứ 135 của …"."""
    ordinal = patterns.ordinal.search(low)
    if ordinal is None or years is not None:
        return event, years
    told = int(ordinal["years"])
    # "Ngày Sách … lần thứ 3" is the third one held, not three years after.
    counts = told >= _EDITIONS or patterns.counted_name.search(low)
    return f"{event[: ordinal.start()].rstrip()}{event[ordinal.end() :]}".strip(), told if counts else None


def _commemorated(low: str, candidate: Candidate, mention: Mention, patterns: Patterns) -> bool:
    """Whether the words around a name say that the day is commemorated."""
    clause = clause_before(low, candidate.start)
    if candidate.years is not None:
        if patterns.not_before.search(clause):
            return False
        if mention.bracket and spans(mention.bracket, candidate.years):
            return True
        return low.startswith("ngày ", candidate.event) or bool(patterns.count_cue.search(clause))
    if patterns.not_before_day.search(clause):
        return False
    if patterns.strong.search(clause):
        return True
    if (patterns.personal.match(low, candidate.event) and mention.named is None) or patterns.law.search(clause):
        return False
    if patterns.day_cue.search(clause):
        return True
    # "tổ chức Ngày hội …" holds a festival; it commemorates nothing by itself.
    return not low.startswith("ngày hội", candidate.event) and bool(patterns.adjacent_cue.search(clause))


def _chained(low: str, last: Mention | None, candidate: Candidate, patterns: Patterns) -> bool:
    """Whether a name goes on a list of commemorated days."""
    if last is None or not 0 < candidate.start - last.end <= 40 or "\n" in low[last.end : candidate.start]:
        return False
    return bool(patterns.chain.match(low[last.end : candidate.start]))


def _one_count(left: Mention, right: Mention) -> bool:
    """Whether "79 năm A và B" counts for B too: both days of the table are of one year."""
    if left.years is None or left.named is None or right.named is None or left.named is right.named:
        return False
    return left.named.origin_year is not None and left.named.origin_year == right.named.origin_year


def _one_bracket(left: Mention, right: Mention) -> bool:
    """Whether the day in brackets after "84 năm A và 4 năm B (20/10)" is A's as well."""
    if left.bracket or right.bracket is None or right.bracket.second or left.named is None:
        return False
    return right.bracket.first.year is None and _same_day(left.named.day, right.bracket.first)


def _year_of_sentence(doc: Doc, low: str, mention: Mention, patterns: Patterns) -> int | None:
    """The year that a sentence says is the one of the celebration: "năm 2018 … là năm … đánh dấu 10 năm …"."""
    start = max(low.rfind("\n", 0, mention.start), low.rfind(". ", 0, mention.start)) + 1
    rows: list[Any] = [
        row for row in records_of(doc, "dates")
        if start <= row.start and row.end <= mention.start and row.granularity == "year" and row.start_date
    ]  # fmt: skip
    if rows and patterns.year_link.search(low, rows[-1].end, mention.start):
        return int(rows[-1].start_date.year)
    return None


def _dated(mention: Mention, published: date | None, year: int | None) -> Mention:
    """A mention with its origin and its celebrated day, from its dates and by whole years where that is exact."""
    bracket, years = mention.bracket, mention.years
    origin = celebrated = None
    expected = mention.named.origin_year + years if mention.named and mention.named.origin_year and years else None
    if bracket is None:
        celebrated = Partial(year) if year else None
    elif bracket.second is not None:
        origin, celebrated = bracket.first, bracket.second
    elif bracket.first.year is None:
        celebrated = None if bracket.yearly else bracket.first
    elif _is_origin(bracket.first.year, years, published):
        origin = bracket.first
    else:
        celebrated = bracket.first
    lunar = bool(mention.named and mention.named.day.lunar)
    if celebrated and lunar and mention.named and celebrated.day == mention.named.day.day:
        celebrated = celebrated._replace(lunar=True)
    if celebrated and celebrated.year is None:
        found = celebrated_year(celebrated, published, expected) if published else None
        celebrated = celebrated._replace(year=found) if found else None
    if years and origin and celebrated is None:
        celebrated = shifted(origin, years)
    elif years and celebrated and origin is None:
        origin = shifted(celebrated, -years)
    return replace(mention, origin=origin, celebrated=celebrated)


def _is_origin(year: int, years: int | None, published: date | None) -> bool:
    """Whether a single full date after an event's name is its origin, not the day of its celebration."""
    if published is None:
        return True
    if years is not None:
        return abs(year + years - published.year) < abs(year - published.year)
    return year < published.year - 1


def _merged(mentions: list[Mention]) -> list[Mention]:
    """One mention for each event: its fullest, with what only others tell."""
    groups: list[list[Mention]] = []
    for mention in sorted(mentions, key=lambda m: (-m.fullness[0], -m.fullness[1], m.start)):
        group = next((g for g in groups if all(_one_event(m, mention) for m in g)), None)
        if group is None:
            groups.append([mention])
        else:
            group.append(mention)
    return sorted((_filled(group) for group in groups), key=lambda m: m.start)


def _one_event(left: Mention, right: Mention) -> bool:
    if left.years is not None and right.years is not None and left.years != right.years:
        return False
    days = [(m.origin.month, m.origin.day) for m in (left, right) if m.origin and m.origin.day]
    if len(set(days)) > 1:
        return False
    if left.named and right.named:
        return left.named is right.named
    if left.named or right.named:
        known, other = (left, right) if left.named else (right, left)
        return goes_on(known.key, other.key)
    return goes_on(left.key, right.key) or goes_on(right.key, left.key)


def _filled(group: list[Mention]) -> Mention:
    best = group[0]
    for other in group[1:]:
        best = replace(
            best,
            years=best.years if best.years is not None else other.years,
            origin=best.origin or other.origin,
            celebrated=best.celebrated or other.celebrated,
        )
    return best


def _values(mention: Mention, published: date | None) -> dict[str, Any]:
    origin, celebrated = mention.origin, mention.celebrated
    consistent = None
    if mention.years is not None and origin and celebrated and origin.year and celebrated.year:
        consistent = celebrated.year - origin.year == mention.years
    day = next((p for p in (celebrated, origin) if p and p.day), mention.named.day if mention.named else None)
    event, year = mention.event, _TRAILING_YEAR.search(mention.event.lower())
    if year and celebrated and celebrated.year == int(year["year"]):
        event = event[: year.start()]
    return {
        "event": event,
        "years": mention.years,
        "origin_date": origin.iso if origin else None,
        "anniversary_date": celebrated.iso if celebrated else None,
        "consistent": consistent,
        "calendar": "lunar" if (day and day.lunar) or (mention.named and mention.named.day.lunar) else "solar",
        "next_date": next_return(day, published) if day and published else None,
    }
