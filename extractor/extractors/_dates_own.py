"""The time of an article whose publication day is unknown, from the years that its own words tell."""

import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from operator import itemgetter

from extractor.extractors._dates_frame import RECENT, Frame
from extractor.extractors._dates_make import Atom
from extractor.extractors._dates_marks import HISTORY, NOT_ITS_TIME, Cues
from extractor.values import calendar as cal
from extractor.values.calendar import Interval
from extractor.values.dates import PartialDate, complete, interval

_WINDOW = 366
"""Days before the last day told outright; what lies further back is history."""
_LUNAR_NEAR = 2010
"""A lunar year's name returns after sixty years; alone it means the one nearest to this year."""
_LED_BY_ITS_YEAR = ("đến hết ", "tính đến ", "tính đến hết ")


class OwnTime:
    """The days and the year of which an article itself says that they are its time.

    The evidence is its full days within a year of the last one; without any, the frame that its words give (see
    `_dates_frame`), in which its first day without a year is its event; without that, its only year, or a feast with the
    name of its lunar year; at last the newest day of a document. Where there is none a date keeps no year.
    """

    def __init__(
        self, low: str, atoms: list[Atom], documents: list[Atom], cues: Cues, lean: Callable[[Atom], int]
    ) -> None:
        days, feasts = self._read(low, atoms)
        self._low = low
        self._days = days
        self._frame: Frame | None = None
        if not days or max(self._years, default=0) > max(days, key=_DAY)[1].year:
            self._frame = Frame(low, atoms, cues, lean)
            window = self._frame.window
            if window is not None and days and (window.start - max(days, key=_DAY)[1]).days > _WINDOW:
                self._days = []
        if not self._days and self._frame is not None and self._frame.window is not None:
            self._enter(self._frame, self._frame.window, atoms, lean)
        elif not self._days and self._year is None and feasts:
            found = interval(complete(feasts[0], date(_LUNAR_NEAR, 1, 1)))
            self._days = [(0, found.start)] if found else []
        elif not self._days and self._year is None:
            papers = [d for d in map(_full_day, documents) if d is not None and d.year >= RECENT]
            # What is reported comes after the local papers that it rests on; laws may be older.
            self._days = [(len(low), max(papers))] if papers else []
        told = [day for _, day in self._days]
        self._ends = (min(told), max(told)) if told else ()

    @property
    def event(self) -> date | None:
        """The article's first day of its own time, or None."""
        return self._days[0][1] if self._days else None

    def _enter(self, frame: Frame, window: Interval, atoms: list[Atom], lean: Callable[[Atom], int]) -> None:
        """Put the article's first day without a year into the frame; without one the frame's year is the article's."""
        self._year: int | None = window.end.year
        for atom in atoms:
            part = atom.first
            bare = part.unit == "day" and part.year is None and part.month and part.day and not part.lunar
            if not bare or part.every or part.shift is not None or lean(atom) > 0:
                continue
            found = interval(frame.complete(part) or part)
            if found is not None:
                self._days = [(atom.start, found.start)]
                return

    def _read(self, low: str, atoms: list[Atom]) -> tuple[list[tuple[int, date]], list[PartialDate]]:
        """The full days of the article's own time and its feasts; `_year` is set where it tells a single one."""
        days: list[tuple[int, date]] = []
        spans: list[tuple[int, date]] = []
        years: dict[int, None] = {}
        titled: dict[int, None] = {}
        feasts: list[PartialDate] = []
        title_end = max(0, low.find("\n"))
        for atom in atoms:
            part = atom.first
            if part.lunar and part.unit == "day" and part.year is None and part.can is not None:
                feasts.append(part)
            if part.year is None or part.lunar or part.every or part.year_end:
                continue
            if atom.is_range:
                if part.unit == "day" and part.year >= RECENT and (found := interval(part)) is not None:
                    spans.append((atom.start, found.start))
                continue
            led = low[max(0, atom.start - 24) : atom.start]
            if NOT_ITS_TIME.search(led) and not led.endswith(_LED_BY_ITS_YEAR):
                continue
            past = part.year < RECENT or HISTORY.search(low, max(0, atom.start - 40), atom.start) is not None
            if (
                part.unit == "day"
                and (found := interval(part)) is not None
                and not past
                and not _in_brackets(low, atom)
            ):
                days.append((atom.start, found.start))
            if atom.kind not in ("year_bare", "decade", "century") and atom.rule_id != "dates.year.birth":
                if past:
                    continue
                years[part.year] = None
                if atom.start < title_end:
                    titled[part.year] = None
        days = days or spans
        last = max((day for _, day in days), default=None)
        self._years = years
        only = titled if len(titled) == 1 else years
        self._year = next(iter(only)) if len(only) == 1 else None
        return [(at, day) for at, day in days if last is not None and (last - day).days <= _WINDOW], feasts

    def complete(self, part: PartialDate, at: int, lean: int) -> PartialDate | None:
        """A date with its year; None where the article's words do not give it, or "hôm nay" would be needed."""
        told_from_today = part.shift is not None and part.unit != "year" and part.month is None
        if told_from_today and part.unit in ("month", "months") and self._days:
            return complete(part, self._days[0][1])
        if told_from_today or (part.unit == "day" and part.day is None and not part.last) or part.unit == "week":
            return None
        if not self._days:
            framed = self._frame.complete(part) if self._frame is not None and part.shift is None else None
            return framed or self._of_only_year(part)
        # A day told before all full ones is the event, which comes after what its article tells in full.
        soft = 1 if at < self._days[0][0] else max(-1, min(1, lean))
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
        done = part._replace(year=self._year + (part.shift or 0), shift=None)
        if part.unit == "day" and not part.lunar and cal.day_of(done.year or 0, part.month or 0, part.day or 0) is None:
            return None
        return done


_DAY = itemgetter(1)


def _full_day(atom: Atom) -> date | None:
    found = interval(atom.first) if atom.first.unit == "day" and not atom.first.lunar else None
    return found.start if found else None


def _in_brackets(low: str, atom: Atom) -> bool:
    """Whether a day is one of "(10/9/1945 - 10/9/2025)", an origin and its return."""
    return low[atom.start - 1 : atom.start] == "(" or bool(re.match(r" ?\)", low[atom.end : atom.end + 2]))
