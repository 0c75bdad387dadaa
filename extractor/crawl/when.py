"""Publication times: Vietnamese forms in a line of text, and the machine-readable ones of meta, JSON-LD and time."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from typing import Any

from extractor.crawl.page import Element
from extractor.crawl.words import Words, either

HANOI = timezone(timedelta(hours=7))
"""Vietnam's time, without daylight saving since 1975."""

_NUMERIC = re.compile(
    r"(?<![\d/.\-])(?:(?P<d>\d{1,2})(?P<s>\s?[/.\-–]\s?|\s)(?P<m>\d{1,2})(?:(?P=s)|\s?[/.\-–]\s?)(?P<y>\d{4})"
    r"|(?P<y2>\d{4})\s?[/.\-]\s?(?P<m2>\d{1,2})\s?[/.\-]\s?(?P<d2>\d{1,2}))(?!\d|[/.]\d)"
)
_TIME = re.compile(
    r"(?<![\d:/.])(?P<h>[01]?\d|2[0-3])\s?(?:[:h]|giờ|g)\s?(?P<n>[0-5]\d)(?:\s?[:\']\s?(?P<c>[0-5]\d))?(?:\s?phút)?\s?(?P<half>AM|PM|SA|CH)?(?!\d)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:thứ|thu)\s*(?:hai|ba|tư|bốn|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|chúa nhật|CN|T[2-7](?=[,\s])", re.IGNORECASE
)
_ZONE = re.compile(r"\(?\s*(?:GMT|UTC)\s*[+-]?\s*\d{0,2}(?::?\d\d)?\s*\)?", re.IGNORECASE)
_BAR = re.compile(r"[|•·»]")
_DAY = re.compile(r"\bngày\b", re.IGNORECASE)
_COUNTER = re.compile(
    r"[\d.,]+\s*(?:lượt\s*)?(?:xem|đọc|views?|bình luận)\b|(?:lượt|số lần|đã)\s*(?:xem|đọc)\s*:?\s*[\d.,]+",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?")
EARLIEST = 1996
"""The year before which no Vietnamese portal published anything."""


@dataclass(frozen=True, slots=True)
class When:
    """A date found in a line. `value` is ISO; `rest` is how much of the line is neither date nor its label."""

    value: str
    rest: int
    label: str | None
    has_time: bool
    has_weekday: bool


def _patterns(words: Words) -> tuple[re.Pattern[str], ...]:
    months = either(words.months)
    worded = (
        rf"(?<!\d)(?P<d>\d{{1,2}})\s*(?:tháng|thg\.?|th\.?)\s*(?P<m>\d{{1,2}}|{months})\s*(?:,|năm|/|-)?\s*(?P<y>\d{{4}})"
        rf"|(?:tháng|thg\.?|th\.?)\s*(?P<m2>\d{{1,2}}|{months})\s*(?:ngày)?\s*(?P<d2>\d{{1,2}})\s*,\s*(?P<y2>\d{{4}})"
        rf"|(?<!\d)(?P<d3>\d{{1,2}})\s+(?P<m3>{months})\.?,?\s+(?P<y3>\d{{4}})"
        rf"|(?P<m4>{months})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{{4}})"
    )
    labels = {
        name: re.compile(rf"(?<!\w)(?:{either(getattr(words, name))})(?!\w)", re.IGNORECASE)
        for name in ("updated_labels", "published_labels", "clock_labels")
    }
    return (
        re.compile(worded, re.IGNORECASE),
        labels["updated_labels"],
        labels["published_labels"],
        labels["clock_labels"],
    )


def _iso(year: int, month: int, day: int, clock: tuple[int, int, int] | None) -> str | None:
    try:
        found = datetime(year, month, day, *(clock or (0, 0, 0)), tzinfo=HANOI)
    except ValueError:
        return None
    if not EARLIEST <= year <= 2100:
        return None
    return found.isoformat() if clock else found.date().isoformat()


def _month(name: str, words: Words) -> int:
    return int(name) if name.isdigit() else words.months[" ".join(name.casefold().split())]


def find_dates(line: str, words: Words) -> Iterator[When]:
    """The dates of one line of a page, in any of the forms that Vietnamese portals show.

    Args:
        line: a line, such as "Cập nhật lúc: 09:15 | 10/01/2023" or "thứ hai, 05 08 2019 10:58".
        words: the vocabulary, for labels and names of months.

    Yields:
        Each date, with the time of day that stands beside it.
    """
    worded, updated, published, clock = words.memo(_patterns)
    matches = sorted([*_NUMERIC.finditer(line), *worded.finditer(line)], key=lambda m: m.start())
    end = 0
    for index, match in enumerate(matches):
        if match.start() < end:
            continue
        groups = {k.rstrip("234"): v for k, v in match.groupdict().items() if v is not None}
        year, month, day = int(groups["y"]), _month(groups["m"], words), int(groups["d"])
        after_limit = matches[index + 1].start() if index + 1 < len(matches) else len(line)
        time = _time_beside(line, match, end, after_limit)
        clock_time = _clock(time) if time else None
        if month > 12 >= day or _american(match, time):
            day, month = month, day
        value = _iso(year, month, day, clock_time)
        if value is None:
            continue
        start = min(match.start(), time.start() if time else len(line))
        before = line[end:start]
        weekday = _WEEKDAY.search(before)
        labels = [
            (m.end(), name)
            for name, p in (("clock", clock), ("published", published), ("updated", updated))
            for m in p.finditer(before)
        ]
        label = max(labels)[1] if labels else None
        end = max(match.end(), time.end() if time else 0)
        rest = _BAR.split(line[:start])[-1] + " " + _BAR.split(line[end:])[0]
        for pattern in (_COUNTER, _WEEKDAY, _ZONE, _TIME, updated, published, clock, _DAY):
            rest = pattern.sub("", rest)
        yield When(value, sum(c.isalnum() for c in rest), label, clock_time is not None, weekday is not None)


def is_date_line(text: str, words: Words, *, slack: int = 4) -> bool:
    """Whether a line is a date with its label and nothing more."""
    if len(text) > 140:
        return False
    found = list(find_dates(text, words))
    return bool(found) and min(w.rest for w in found) <= (25 if any(w.has_time for w in found) else slack)


def _time_beside(line: str, match: re.Match[str], floor: int, limit: int) -> re.Match[str] | None:
    """The time of day next to a date: after it, or else before it, with little between."""
    after = _TIME.search(line, match.end(), limit)
    if after and after.start() - match.end() <= 12:
        return after
    before = list(_TIME.finditer(line, floor, match.start()))
    return before[-1] if before and match.start() - before[-1].end() <= 30 else None


def _clock(time: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(time["h"]), (time["half"] or "").upper()
    if half in ("PM", "CH") and hour < 12:
        hour += 12
    if half in ("AM", "SA") and hour == 12:
        hour = 0
    return hour, int(time["n"]), int(time["c"] or 0)


def _american(match: re.Match[str], time: re.Match[str] | None) -> bool:
    """Month first: the form that .NET writes where the server was left in American English ("8/5/2019 10:58:00 AM")."""
    groups = match.groupdict()
    if not time or (time["half"] or "").upper() not in ("AM", "PM") or time["c"] is None or time.start() < match.end():
        return False
    return (
        bool(groups.get("d"))
        and (groups.get("s") or "").strip() == "/"
        and not (groups["d"].startswith("0") or groups["m"].startswith("0"))
        and int(groups["d"]) <= 12
    )


def parse_iso(text: str) -> str | None:
    """A machine-readable time as ISO in Vietnam's zone ("2019-08-05T03:58:00Z" → "2019-08-05T10:58:00+07:00")."""
    match = _ISO.match(text.strip())
    if not match:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    if not EARLIEST <= day.year <= 2100:
        return None
    if match[4] is None or int(match[4]) > 23 or int(match[5]) > 59:
        return day.isoformat()
    zone = HANOI
    if match[7] == "Z":
        zone = UTC
    elif match[7]:
        sign = -1 if match[7][0] == "-" else 1
        zone = timezone(sign * timedelta(hours=int(match[7][1:3]), minutes=int(match[7][-2:])))
    moment = datetime(
        day.year, day.month, day.day, int(match[4]), int(match[5]), min(59, int(match[6] or 0)), tzinfo=zone
    )
    return moment.astimezone(HANOI).isoformat()


_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date_published", "pubdate", "publishdate",
    "publish_date", "published_date", "publication_date", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date",
    "dcterms.date", "dc.created", "article.published", "article.created", "created", "date", "sailthru.date", "parsely-pub-date", "originalpublicationdate",
)  # fmt: skip


def structured_dates(tree: Element, words: Words) -> Iterator[str]:
    """Publication times that a page states for machines: JSON-LD, then meta, then `<time>`.

    Args:
        tree: the page.
        words: the vocabulary.

    Yields:
        ISO times, the most trustworthy first.
    """
    for item in json_ld(tree):
        if found := _any_form(item.get("datePublished") or item.get("dateCreated"), words):
            yield found
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name and meta.get("content"):
            metas.setdefault(name, meta.get("content"))
    for name in _META_DATES:
        if found := _any_form(metas.get(name), words):
            yield found
    for element in tree.xpath("//time[@datetime] | //*[@itemprop='datePublished']"):
        if found := _any_form(element.get("datetime") or element.get("content") or (element.text or "").strip(), words):
            yield found


def _any_form(value: Any, words: Words) -> str | None:
    if not isinstance(value, str) or len(value) > 60:
        return None
    return parse_iso(value) or next((w.value for w in find_dates(value, words)), None)


_ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "Report")


def json_ld(tree: Element) -> Iterator[dict[str, Any]]:
    """The articles that a page describes in JSON-LD, as dicts."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        queue = list(data) if isinstance(data, list) else [data]
        for item in islice(queue, 100):
            # The queue grows meanwhile by what stands in a graph.
            if not isinstance(item, dict):
                continue
            graph = item.get("@graph")
            if isinstance(graph, list):
                queue.extend(graph)
            kind = item.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(k in _ARTICLE_TYPES for k in kinds):
                yield item
