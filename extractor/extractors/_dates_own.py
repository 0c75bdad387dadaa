"""The time of an article whose publication day is unknown, from the years that its own words tell."""

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date

from extractor.extractors._dates_make import Atom
from extractor.values import calendar as cal
from extractor.values.dates import PartialDate, complete, interval

_WINDOW = 366
"""Days before the last day told outright; what lies further back is history."""
_LUNAR_NEAR = 2010
"""A lunar year's name returns after sixty years; alone it means the one nearest to this year."""
_NOT_ITS_TIME = re.compile(
    r"(?:đến|tới|trước|từ|hết|hạn|so với|sinh|kể từ|sau|luật|cùng kỳ|hiệu lực)(?: hết| cùng kỳ| ngày)* $"
)
_HISTORY = re.compile(
    r"(?<!\w)(?:lập|ra đời|sinh|nhập ngũ|tham gia|xây dựng|khởi công|vào đảng|nghỉ hưu|về hưu|tập kết|tốt nghiệp|qua đời|mất|giải phóng|chiến thắng|tách|hy sinh|mục tiêu"
    r"|tầm nhìn|hướng tới)(?!\w)[^.;,\n]{0,20}$"
)
"""Before a year: it tells when something began, or is aimed at, not when the article was written."""
_LED_BY_ITS_YEAR = ("đến hết ", "tính đến ", "tính đến hết ")


class OwnTime:
    """The days and the year of which an article itself says that they are its time.

    The evidence is its full days within a year of the last one; without any, its only year; without that, a feast
    with the name of its lunar year. Where the evidence is contradictory a date keeps no year.
    """

    def __init__(self, low: str, atoms: list[Atom]) -> None:
        days: list[tuple[int, date]] = []
        years: dict[int, None] = {}
        titled: dict[int, None] = {}
        feasts: list[PartialDate] = []
        title_end = max(0, low.find("\n"))
        for atom in atoms:
            part = atom.first
            if part.lunar and part.unit == "day" and part.year is None and part.can is not None:
                feasts.append(part)
            if part.year is None or part.lunar or part.every or part.year_end or atom.is_range:
                continue
            led = low[max(0, atom.start - 24) : atom.start]
            if _NOT_ITS_TIME.search(led) and not led.endswith(_LED_BY_ITS_YEAR):
                continue
            if part.unit == "day" and (found := interval(part)) is not None and not _in_brackets(low, atom):
                days.append((atom.start, found.start))
            if atom.kind not in ("year_bare", "decade", "century") and atom.rule_id != "dates.year.birth":
                if _HISTORY.search(low, max(0, atom.start - 40), atom.start):
                    continue
                years[part.year] = None
                if atom.start < title_end:
                    titled[part.year] = None
        last = max((day for _, day in days), default=None)
        self._low = low
        self._days = [(at, day) for at, day in days if last is not None and (last - day).days <= _WINDOW]
        only = titled if len(titled) == 1 else years
        self._year = next(iter(only)) if len(only) == 1 else None
        if not self._days and self._year is None and feasts:
            found = interval(complete(feasts[0], date(_LUNAR_NEAR, 1, 1)))
            self._days = [(0, found.start)] if found else []
        told = [day for _, day in self._days]
        self._ends = (min(told), max(told)) if told else ()

    def complete(self, part: PartialDate, at: int, lean: int) -> PartialDate | None:
        """A date with its year; None where the article's words do not give it, or "hôm nay" would be needed."""
        told_from_today = part.shift is not None and part.unit != "year" and part.month is None
        if told_from_today or (part.unit == "day" and part.day is None and not part.last) or part.unit == "week":
            return None
        if not self._days:
            return self._of_only_year(part)
        soft = max(-1, min(1, lean))
        # A later day of the article never gives an earlier year: the first and the last stand for all between them.
        first, last = (complete(part, day, soft) for day in self._ends)
        if first.year == last.year:
            return first if first.year is not None else None
        after = bisect_left(self._days, (at, date.min))
        near = [
            (abs(where - at), day)
            for where, day in self._days[max(0, after - 1) : after + 1]
            if self._beside(where, at)
        ]
        return complete(part, min(near)[1], soft) if near else None

    def _beside(self, one: int, other: int) -> bool:
        return "\n" not in self._low[min(one, other) : max(one, other)]

    def _of_only_year(self, part: PartialDate) -> PartialDate | None:
        if part.can is not None:
            return complete(part, date(_LUNAR_NEAR if self._year is None else self._year, 6, 1))
        if self._year is None or (part.lunar and (part.last or part.month == 12)):
            return None
        done = replace(part, year=self._year + (part.shift or 0), shift=None)
        if part.unit == "day" and not part.lunar and cal.day_of(done.year or 0, part.month or 0, part.day or 0) is None:
            return None
        return done


def _in_brackets(low: str, atom: Atom) -> bool:
    """Whether a day is one of "(10/9/1945 - 10/9/2025)", an origin and its return."""
    return low[atom.start - 1 : atom.start] == "(" or bool(re.match(r" ?\)", low[atom.end : atom.end + 2]))
