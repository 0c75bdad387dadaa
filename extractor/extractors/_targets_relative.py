"""The periods that goals are for and the dates table leaves out: "năm nay", "cả năm", "năm học mới", "trước 31/12"."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from spacy.tokens import Doc

from extractor.extractors.base import article_of, records_of

_RELATIVE = re.compile(
    r"[NnCch](?<!\w.)(?:(?<=[Nn])(?:ăm nay|(?P<school>ăm học (?:mới|này|tới)))|(?<=[Cc])ả năm(?! (?:19|20)\d\d)"
    r"|(?:(?<=đến [hc])|(?<=tới [hc]))(?:(?<=h)ết|(?<=c)uối) năm(?! (?:\d|học|nay|ngoái|sau|trước|tới)))\b"
)
"""It begins with a class of letters: the engine passes over all other letters at full speed."""

_RELATIVE_HINTS = ("ăm nay", "ăm học ", "ả năm", "hết năm", "cuối năm")
_MONTH = re.compile(r"/(1[0-2]|0?[1-9])(?![\d/%])")
_TO_DAY = re.compile(r"\b(?:đến|trước|hết|chậm nhất|trong) (?:ngày )?(?P<day>\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Relative:
    """A period that its words give only by the publication day: "năm nay", "trước 31/12"."""

    start: int
    end: int
    start_date: date | None
    end_date: date | None


def dates_of(doc: Doc) -> list[Any]:
    """The Doc's dates in text order, with the relative periods that the dates table leaves out."""
    text, published = article_of(doc).text, published_of(doc)
    known = records_of(doc, "dates")
    if published is None:
        return known
    covered = {at for row in known for at in (row.start, row.end)}
    found: list[Any] = []
    for start, end, first, last in (*_relative_periods(text, known, published), *_days_to_come(text, published)):
        index = bisect_right(known, start, key=lambda row: row.start)
        if start not in covered and end not in covered and not (index and known[index - 1].end > start):
            found.append(Relative(start, end, first, last))
    return sorted([*known, *found], key=lambda row: (row.start, row.end)) if found else known


def _relative_periods(text: str, known: list[Any], published: date) -> Iterator[tuple[int, int, date, date]]:
    """ "năm nay", "cả năm", "đến hết năm", "năm học mới"."""
    if not any(hint in text for hint in _RELATIVE_HINTS):
        return
    school: tuple[date, date] | None = None
    for match in _RELATIVE.finditer(text):
        if match["school"]:
            school = school or _school_year(text, known, published)
            yield (*match.span(), *school)
        else:
            yield (*match.span(), date(published.year, 1, 1), date(published.year, 12, 31))


def _days_to_come(text: str, published: date) -> Iterator[tuple[int, int, date, date]]:
    """ "trước 31/12": a day without a year after a word that says until when."""
    for month in _MONTH.finditer(text):
        before = _TO_DAY.search(text, max(0, month.start() - 24), month.start())
        if before and (day := _next_day(published, int(before["day"]), int(month[1]))) is not None:
            yield before.start("day"), month.end(), day, day


def _school_year(text: str, known: list[Any], published: date) -> tuple[date, date]:
    """The school year that begins around publication: the latest one the text names, else by the month."""
    named = [
        r for r in known if r.end_date and r.end_date > published and text[r.start : r.start + 7].lower() == "năm học"
    ]
    if named:
        latest = max(named, key=lambda r: r.end_date)
        return latest.start_date or published, latest.end_date
    first = published.year if published.month >= 5 else published.year - 1
    return date(first, 1, 1), date(first + 1, 12, 31)


def _next_day(published: date, day: int, month: int) -> date | None:
    """Such a day of the year of publication, or of the next one if it is long past; None: no such day."""
    try:
        when = date(published.year, month, day)
        return when if (published - when).days < 180 else date(published.year + 1, month, day)
    except ValueError:
        return None


def published_of(doc: Doc) -> date | None:
    """The article's publication day, by which a period is past or to come."""
    return article_of(doc).published_date
