"""When an article without a publication day was written: what it looks back on, plans, founds or commemorates."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

from extractor.extractors._dates_make import Atom
from extractor.extractors._dates_marks import HISTORY, NOT_ITS_TIME, Cues
from extractor.values import calendar as cal
from extractor.values.calendar import Interval
from extractor.values.dates import PartialDate, interval

_LEAD = 700
"""Characters from an article's beginning within which its own event is told."""
_BACK = 110
"""Characters before a year within which the words stand that say what the year is to the article."""
_NO_TERM = ("giai ", "thời ")
_NEAR = 40
RECENT = 2000
"""No article that is read was written before this year; earlier dates are history."""
_RETURN = re.compile(r"\s?[-–—]\s?(?:ngày )?")


class Frame:
    """The time within which an article was written, as far as its words bound it.

    `window` is None where they do not. The evidence, the strongest first: a year looked back on with the next one
    planned, the term that a congress or an election opens, the last month or quarter reported, the one year looked
    back on or planned, the return of "(3/2/1930 - 3/2/2025)", "95 năm Ngày thành lập Đảng", two years that follow each other, and a
    weekday or 29 February that fits a single year of a term.
    """

    def __init__(self, low: str, atoms: list[Atom], cues: Cues, lean: Callable[[Atom], int]) -> None:
        self._low, self._cues, self._lean = low, cues, lean
        self._title_end = max(0, low.find("\n"))
        self._atoms = atoms
        self.window = self._window()

    def complete(self, part: PartialDate) -> PartialDate | None:
        """A day or month with the year in which it lies inside the window or nearest to it; None without a window."""
        if self.window is None or part.month is None or part.lunar:
            return None
        best: tuple[int, int] | None = None
        for year in range(self.window.start.year - 1, self.window.end.year + 2):
            found = interval(part._replace(year=year, shift=None))
            if found is not None:
                away = max(0, (found.start - self.window.end).days, (self.window.start - found.end).days)
                best = min(best or (away, year), (away, year))
        return part._replace(year=best[1], shift=None) if best else None

    def _window(self) -> Interval | None:
        reviewed, planned, told = self._years()
        pairs = [year for year in reviewed if year + 1 in planned]
        if pairs:
            return _months(max(pairs), 10, max(pairs) + 1, 9)
        opened = self._opened_term()
        if opened is not None:
            return opened
        school = self._school_year()
        if school is not None:
            return school
        newest = max((year for year in told if year >= RECENT), default=None)
        if newest is not None and told[newest] == 1 and told[newest - 1] > (2 if newest in planned else 1):
            newest -= 1  # the one later year is a plan
        reported = self._reported(newest)
        if reported is not None:
            return reported
        if newest is not None and newest in reviewed and newest not in planned:
            return _months(newest, 6, newest + 1, 3)
        if newest is not None and newest in planned:
            return _months(newest - 1, 12, newest, 11)
        returned = self._returned()
        if returned is not None:
            return _months(returned, 1, returned, 12)
        if newest is not None and (newest - 1 in told or told[newest] > 1 or len(told) == 1):
            return _months(newest, 1, newest, 12)
        return self._summed_span() or self._of_terms()

    def _years(self) -> tuple[set[int], set[int], Counter[int]]:
        """The years looked back on, those planned, and all that are neither history nor a distant goal."""
        reviewed: set[int] = set()
        planned: set[int] = set()
        told: Counter[int] = Counter()
        end = 0
        for atom in self._atoms:
            part = atom.first
            if part.year is None or atom.last is not None or part.unit not in ("year", "month", "months"):
                continue
            if part.year_end or part.lunar or atom.kind in ("decade", "century"):
                continue
            before = self._before(atom, end)
            end = atom.end
            if atom.kind == "year_bare" or atom.rule_id == "dates.year.birth" or _no_time(before):
                continue
            if part.year % 5 == 0 and before.endswith("vào "):
                continue
            if part.unit == "year" and not part.modifier and self._cues.summed_up.search(before):
                reviewed.add(part.year)
            elif part.unit == "year" and not part.modifier and self._cues.set_out.search(before):
                planned.add(part.year)
            elif self._lean(atom) > 0:
                continue
            told[part.year] += 1 if part.unit == "year" else 2
        return reviewed, planned, told

    def _opened_term(self) -> Interval | None:
        """The year in which the term begins that the congress or election opens of which the article tells."""
        for atom in self._atoms:
            if atom.start > self._title_end + _LEAD:
                return None
            first, last = atom.first.year, atom.first.year_end
            if atom.rule_id != "dates.year.term" or not first or not last or not 3 <= last - first <= 6:
                continue
            if self._low.startswith(_NO_TERM, atom.start):
                continue
            line = self._low.rfind("\n", max(0, atom.start - 200), atom.start) + 1
            before = self._low[max(line, atom.start - 200, 0) : atom.start]
            opening = self._cues.opening.search(before)
            if opening is None or self._cues.looks_back.search(before, 0, opening.start()):
                continue
            if self._cues.before_opening.search(before, 0, opening.start()):
                return _months(first - 1, 9, first, 8)
            return _months(first, 1, first, 12)
        return None

    def _school_year(self) -> Interval | None:
        """The months of the school year that the article's beginning tells; what sums one up comes at its end."""
        told = [a for a in self._atoms if a.rule_id == "dates.year.school" and a.start <= self._title_end + _LEAD]
        if not told or told[-1].first.year is None:
            return None
        first = told[-1].first.year
        summed = [a.first.year == first for a in told if self._cues.summed_up.search(self._before(a)[-_NEAR:])]
        if summed and all(summed):
            return _months(first + 1, 5, first + 1, 9)
        return _months(first, 7 if summed else 8, first + 1, 6 if summed else 7)

    def _summed_span(self) -> Interval | None:
        """The time about the end of the last term or span of years that is summed up."""
        ends = [
            a.first.year_end
            for a in self._atoms
            if a.first.year_end and a.first.year_end >= RECENT and self._cues.summed_up.search(self._before(a))
        ]
        return _months(max(ends), 4, max(ends) + 1, 3) if ends else None

    def _before(self, atom: Atom, floor: int = 0) -> str:
        """The words of an atom's line before it, at most some, and none before `floor`."""
        start = max(floor, atom.start - _BACK)
        return self._low[max(start, self._low.rfind("\n", start, atom.start) + 1) : atom.start]

    def _reported(self, newest: int | None) -> Interval | None:
        """The last month, quarter or half of the newest year that is told as reported; else the first one planned."""
        past: list[Interval] = []
        ahead: list[Interval] = []
        for atom in self._atoms:
            part = atom.first
            if part.unit not in ("month", "months") or part.year is None or part.year != newest or part.lunar:
                continue
            if atom.last is not None or _no_time(self._low[max(0, atom.start - 40) : atom.start]):
                continue
            found = interval(part)
            if found is not None:
                (ahead if self._lean(atom) > 0 else past).append(found)
        if past:
            return max(past, key=lambda days: days.end)
        return min(ahead, key=lambda days: days.start) if ahead else None

    def _returned(self) -> int | None:
        """The year of the return in "(3/2/1930 - 3/2/2025)", or that of "95 năm Ngày thành lập Đảng"."""
        years = [
            b.first.year
            for a, b in zip(self._atoms, self._atoms[1:], strict=False)
            if a.first.year and b.first.year and a.first.year < b.first.year and a.first.unit == b.first.unit
            and (a.first.day, a.first.month) == (b.first.day, b.first.month) and self._low[a.start - 1 : a.start] == "("
            and _RETURN.fullmatch(self._low, a.end, b.start)
        ]  # fmt: skip
        if not years:
            years = [
                self._cues.known_years[m["name"]] + int(m["years"]) for m in self._cues.counted.finditer(self._low)
            ]
        return max((year for year in years if year >= RECENT), default=None)

    def _of_terms(self) -> Interval | None:
        """The one year of the article's terms that fits its weekdays and a 29 February."""
        clues = [
            atom.first
            for atom in self._atoms
            if atom.first.unit == "day" and atom.first.year is None and atom.first.month and atom.first.day
            and not atom.first.lunar and (atom.first.weekday is not None or (atom.first.month, atom.first.day) == (2, 29))
        ]  # fmt: skip
        terms = [(a.first.year, a.first.year_end) for a in self._atoms if a.rule_id == "dates.year.term"]
        fitting = {
            year
            for first, last in terms
            if first and last and clues
            for year in range(first, last + 1)
            if all(_fits(clue, year) for clue in clues)
        }
        if len(fitting) != 1:
            return None
        year = fitting.pop()
        return _months(year, 1, year, 12)


def _no_time(before: str) -> bool:
    return bool(NOT_ITS_TIME.search(before) or HISTORY.search(before))


def _fits(clue: PartialDate, year: int) -> bool:
    day = cal.day_of(year, clue.month or 0, clue.day or 0)
    return day is not None and (clue.weekday is None or day.weekday() == clue.weekday)


def _months(year: int, month: int, last_year: int, last_month: int) -> Interval:
    """The days from the first of one month to the last of another."""
    return Interval(date(year, month, 1), cal.month_of(last_year, last_month).end)
