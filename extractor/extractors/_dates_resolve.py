"""Resolving partial dates against the publication day, the words around them and the other dates of the article."""

import re
from bisect import bisect_right
from datetime import date, timedelta
from typing import Any

from extractor.extractors._dates_frame import RECENT
from extractor.extractors._dates_make import Atom
from extractor.extractors._dates_marks import Cues, Marks, of_document, of_law
from extractor.extractors._dates_own import OwnTime
from extractor.values import calendar as cal
from extractor.values.calendar import Interval
from extractor.values.dates import PartialDate, complete, interval, value_of


class Resolver:
    """Gives the days of one article's atoms, in the order of the text."""

    def __init__(self, low: str, published: date | None, sentences: list[tuple[int, int]], cues: Cues) -> None:
        self.low, self.published, self.cues = low, published, cues
        self.sentences = sentences
        self.starts = [start for start, _ in sentences]
        self._marks: Marks | None = None
        self.days: list[date] = []
        self.events: list[date] = []
        self.lunar: PartialDate | None = None
        self.told_days: list[tuple[int, Interval]] = []
        self._review: int | bool | None = False
        self.told: dict[tuple[Any, ...], list[int]] = {}
        self.full_days: list[date] = []
        self.weeks: dict[Interval, None] = {}
        self.months: list[tuple[int, date]] = []
        self.told_at: list[tuple[int, date]] = []
        self._own_time: OwnTime | None = None

    def note_explicit(self, atoms: list[Atom]) -> None:
        """Remember the years that the article tells outright, for the same date elsewhere without its year."""
        if self.published is None:
            papers: list[Atom] = []
            others: list[Atom] = []
            for atom in atoms:
                (papers if of_document(self.low, atom.start) else others).append(atom)
            local = [a for a in papers if not of_law(self.low, a.start)]
            self._own_time = OwnTime(self.low, others, local, self.cues, self._lean)
        for atom in atoms:
            if atom.last is not None and atom.last.year is not None and atom.first.unit == "day":
                head, tail = interval(atom.first), interval(atom.last)
                if head and tail and 4 <= (tail.end - head.start).days <= 7:
                    self.weeks[Interval(head.start, tail.end)] = None
            for part in (atom.first, atom.last):
                if part is not None and part.year is not None and not part.lunar and part.month is not None:
                    self.told.setdefault(_key(part), []).append(part.year)
                    found = interval(part)
                    if part.unit == "day" and found:
                        self.full_days.append(found.start)

    def resolve(self, atom: Atom) -> dict[str, Any]:
        """The columns of an atom's row except its span and rule."""
        lean = atom.lean
        if not lean and (atom.first.year is None or (atom.last is not None and atom.last.year is None)):
            lean = self._lean(atom)
        # What reaches till now has begun; what begins now ends ahead.
        lean = -2 if atom.open_end else 2 if atom.open_start else lean
        first, by_first = self._complete(atom, atom.first, lean)
        last, by_last = (first, by_first) if atom.last is None else self._complete(atom, atom.last, lean, after=first)
        if atom.last is not None and by_first == "explicit":
            by_first = by_last
        head, tail = interval(first), interval(last)
        if head and first.unit == "week" and first.month is not None:
            # Reports count their weeks from any weekday and tell the days beside them.
            told = next((w for w in self.weeks if w.start <= head.end and head.start <= w.end), None)
            head, by_first = (told, "context") if told else (head, by_first)
        if first.lunar and first.month and first.year and first.unit == "day":
            self.lunar = first
        days = self._days(atom, head, tail)
        if atom.open_start:
            by_first = "published_at" if self.published else "unresolved" if tail is None else by_first
        elif atom.open_end and self.published and head:
            by_first = "published_at"
        self._note(atom, first, lean, days)
        known = atom.open_start or atom.open_end or days[0] is not None
        return {
            "kind": _kind(atom, first),
            "value": self._value(atom, first, last, head, days),
            "start_date": days[0], "end_date": days[1],
            "granularity": "range" if atom.is_range and first.hour is None else first.granularity,
            "part_of_day": first.part_of_day, "modifier": first.modifier,
            "calendar": "lunar" if first.lunar else "solar",
            "resolved_by": by_first if known else "unresolved",
            "weekday_conflict": _weekday_conflict(first, head),
        }  # fmt: skip

    def _days(self, atom: Atom, head: Interval | None, tail: Interval | None) -> tuple[date | None, date | None]:
        """The first and last day of an atom; an open end is the publication, if that does not contradict the other end."""
        now = self.published
        if atom.open_start:
            return (None if now and tail and tail.end < now else now), tail.end if tail else None
        if atom.open_end:
            return head.start if head else None, (None if now and head and head.start > now else now)
        if atom.last is not None:
            return (head.start, tail.end) if head and tail and head.start <= tail.end else (None, None)
        return (head.start, head.end) if head else (None, None)

    def _note(self, atom: Atom, first: PartialDate, lean: int, days: tuple[date | None, date | None]) -> None:
        """Remember an atom's days for the ones after it that are told from them."""
        start, end = days
        if start is None or end is None or atom.open_start or atom.open_end:
            return
        if atom.last is not None:
            if first.unit == "day" and (end - start).days < 7:
                self.told_days.append((atom.start, Interval(start, end)))
            return
        if first.unit == "month" and not first.lunar:
            self.months.append((atom.start, start))
        if first.unit == "day" and not first.lunar and not of_document(self.low, atom.start):
            self.days.append(start)
            self.told_at.append((atom.start, start))
            self.told_days.append((atom.start, Interval(start, end)))
            ahead = lean == 2 or (self.published is not None and start > self.published)
            bound = atom.anaphor is not None or self.low.endswith(_BOUNDS, 0, atom.start)
            long_ago = self.published is not None and (self.published - start).days > 400
            if not (ahead or bound or long_ago or self._listed(atom)):
                self.events.append(start)

    def _value(
        self,
        atom: Atom,
        first: PartialDate,
        last: PartialDate,
        head: Interval | None,
        days: tuple[date | None, date | None],
    ) -> str:
        if atom.open_start:
            return f"{days[0] or 'XXXX'}/{value_of(last, interval(last))}"
        if atom.open_end:
            return f"{value_of(first, head)}/{days[1] or 'XXXX'}"
        if atom.last is not None:
            return f"{value_of(first, head)}/{value_of(last, interval(last))}"
        return value_of(first, head)

    def _complete(
        self, atom: Atom, part: PartialDate, lean: int, after: PartialDate | None = None
    ) -> tuple[PartialDate, str]:
        """A part of an atom with its year, and what gave it."""
        if atom.anaphor is not None and part.day is None and (part.shift is None or self.events):
            return self._from_context(part._replace(shift=None), atom.anaphor, self._happened(atom, part))
        if part.unit == "day" and part.day is None and part.shift is None and part.weekday is None and not part.last:
            if after is not None and after.day and (days := interval(after)) is not None:
                return self._from_context(part, atom.last_anaphor, [days.start])
            return self._from_context(part, 0, self.days)
        if part.year is not None:
            return part, "explicit"
        if part.every or (part.month is not None and part.shift is None and self._yearly(atom)):
            return part._replace(every=True), "unresolved"
        if part.unit == "day" and part.month is None and part.day is not None:
            return (part, "unresolved") if part.lunar else self._day_alone(atom, part)
        if (found := self._from_words(atom, part)) is not None:
            return found
        if self._own_time is not None and (own := self._own_time.complete(part, atom.start, lean)) is not None:
            return own, "context"
        reference = self.published
        if part.unit == "day" and part.shift is None and (year := self._scope(atom)) is not None:
            return part._replace(year=year), "context"
        if after is not None and after.year is not None and part.shift is None and interval(after):
            reference = interval(after).start  # type: ignore[union-attr]
            lean = 2
        completed = complete(part, reference, lean)
        if after is None and not (atom.open_end or atom.open_start):
            year = self._passage_year(atom, part, completed)
            if year is not None:
                return part._replace(year=year, shift=None), "context"
        return completed, "unresolved" if completed.year is None else "published_at"

    def _from_words(self, atom: Atom, part: PartialDate) -> tuple[PartialDate, str] | None:
        """A date completed from years and months that the article tells elsewhere, or None."""
        # "năm ngoái" is told from today, "năm trước" may be from a year told before.
        if part.unit == "year" and part.shift == -1 and not self.low.endswith("ngoái", atom.start, atom.end):
            if (year := self._year_before(atom)) is not None:
                return part._replace(year=year - 1, shift=None), "context"
            today = self.published or (self._own_time.event if self._own_time else None)
            if self.low[atom.start : atom.end].endswith("qua") and today and today.month >= 11:
                # In a review at the year's end "năm qua" is the year that ends.
                return part._replace(year=today.year, shift=None), "published_at" if self.published else "context"
        if part.unit == "month" and part.shift == -1 and part.month is None and self.months:
            at, month = self.months[-1]
            if at >= self._sentence(atom.start)[0]:
                return complete(part, month), "context"
        if (
            part.unit == "day"
            and part.weekday is not None
            and part.day is None
            and part.shift is None
            and not atom.lean
        ):
            return self._weekday_told(atom, part)
        if part.month is not None and part.shift is None and self.published and self._of_last_year(atom):
            return part._replace(year=self.published.year - 1), "context"
        words = self.low[atom.start : atom.end]
        if words.endswith("cùng năm") and (year := self._year_before(atom)) is not None:
            return part._replace(year=year), "context"
        if words.endswith("năm mới") and part.shift == 0 and self.published and self.published.month >= 11:
            # Told before the new year, its beginning lies ahead.
            return part._replace(year=self.published.year + 1, shift=None), "published_at"
        # "(3/2/1930 - 3/2/2025)" tells a day twice: its return is the one spoken of.
        told = next((year for year in self.told.get(_key(part), ()) if self._fits(part._replace(year=year))), None)
        if told is not None and part.shift is None and not part.lunar:
            return part._replace(year=told), "context"
        if part.unit in ("month", "months") and part.shift is None and self.published is None:
            year = self._year_before(atom) or self._one_year()
            if year is not None:
                return part._replace(year=year), "context"
        return None

    def _weekday_told(self, atom: Atom, part: PartialDate) -> tuple[PartialDate, str] | None:
        """A weekday that is one of the days told in its sentence: "trong 3 ngày 13, 14 và 15/10, … chiều thứ Sáu"."""
        start, _ = self._sentence(atom.start)
        inside: list[Interval] = []
        for at, days in reversed(self.told_days):
            if at < start:
                break
            inside.append(days)
        if not inside:
            return None
        first, last = min(d.start for d in inside), max(d.end for d in inside)
        if (last - first).days >= 7:
            return None
        ahead = ((part.weekday or 0) - first.weekday()) % 7
        day = first + timedelta(days=ahead)
        return (part._replace(year=day.year, month=day.month, day=day.day), "context") if day <= last else None

    def _of_last_year(self, atom: Atom) -> bool:
        """Whether a sentence opens with "Năm ngoái", "Vụ đông năm ngoái": its months and days are that year's."""
        start, _ = self._sentence(atom.start)
        return _LAST_YEAR.match(self.low, start, atom.start) is not None

    def _fits(self, part: PartialDate) -> bool:
        """Whether a year told for the same date elsewhere is plausible here: within a year of publication."""
        found = interval(part)
        if found is None:
            return False
        if self.published is None:
            return found.start.year >= RECENT
        return abs((found.start - self.published).days) <= 366

    def _listed(self, atom: Atom) -> bool:
        """Whether a day is one of several told in a list: "tại các ngày 14/02, 09/3 và 21/4" is no day of the report."""
        before = _AFTER_MEMBER.search(self.low, max(0, atom.start - 24), atom.start)
        goes_on = before is not None and (self.low[atom.start].isdigit() or "và" in before[0])
        return goes_on or _NEXT_MEMBER.match(self.low, atom.end) is not None

    def _happened(self, atom: Atom, part: PartialDate) -> list[date]:
        """The days that "cùng ngày" may go back to: those of events, unless its own sentence looks ahead.

        An hour of the same day goes back to a day before it in its sentence: "từ 12 giờ ngày 6/9 … 19 giờ cùng ngày".
        """
        if part.hour is not None and self.told_at and self.told_at[-1][0] >= self._sentence(atom.start)[0]:
            return [self.told_at[-1][1]]
        return self.days if not self.events or self._lean(atom) > 0 else self.events

    def _from_context(self, part: PartialDate, shift: int, days: list[date]) -> tuple[PartialDate, str]:
        if not days:
            return part, "unresolved"
        day = days[-1] + timedelta(days=shift)
        return part._replace(year=day.year, month=day.month, day=day.day), "context"

    def _day_alone(self, atom: Atom, part: PartialDate) -> tuple[PartialDate, str]:
        if self.lunar is not None and _FIRST_DAYS.search(self.low, atom.start, atom.end):
            return part._replace(lunar=True, year=self.lunar.year, month=self.lunar.month), "context"
        near = self.days[-1] if self.days else self.published
        if near is None:
            return part, "unresolved"
        day = cal.day_of(near.year, near.month, part.day or 0)
        if day is None:
            return part, "unresolved"
        return part._replace(year=day.year, month=day.month), "context" if self.days else "published_at"

    @property
    def marks(self) -> Marks:
        """The article's cues of time and its years, looked for once."""
        if self._marks is None:
            self._marks = Marks(self.low, self.cues)
        return self._marks

    def _sentence(self, at: int) -> tuple[int, int]:
        found = bisect_right(self.starts, at) - 1
        return self.sentences[found] if found >= 0 else (0, len(self.low))

    def _year_before(self, atom: Atom) -> int | None:
        """The last year told outright before an atom in its sentence."""
        start, _ = self._sentence(atom.start)
        return self.marks.year_before(atom.start, start)

    def _yearly(self, atom: Atom) -> bool:
        """Whether an atom returns every year: "hằng năm, cứ đến ngày 27/7"."""
        return _YEARLY.search(self.low, max(0, atom.start - 50), atom.start) is not None

    def _scope(self, atom: Atom) -> int | None:
        """The year that opens an atom's sentence, where it is history or still to come: "Năm 1945, … ngày 19/8 …"."""
        start, _ = self._sentence(atom.start)
        opened = _OPENING.match(self.low, start, atom.start)
        year = int(opened[1]) if opened else None
        if year is None or self.published is None or self.published.year - 1 <= year <= self.published.year:
            return None
        return year

    def _passage_year(self, atom: Atom, part: PartialDate, completed: PartialDate) -> int | None:
        """The year that a month, quarter or "đầu năm" takes from its passage: the year reviewed there, or planned.

        A year told in the same sentence counts for all of these; one told earlier in the paragraph, or in a review's
        title, only where the year nearest to publication would make a report of it a forecast.
        """
        of_year = part.unit == "year" and part.shift == 0 and atom.rule_id == "dates.year.part"
        if self.published is None or part.lunar or not (of_year or (part.unit in ("month", "months") and part.month)):
            return None
        if not of_year and part.shift is not None:
            return None
        sentence, _ = self._sentence(atom.start)
        near, this = self.published, self.published.year
        year = self.marks.scope_before(atom.start, sentence)
        told = self.marks.year_before(atom.start, sentence)
        year = told if told is not None and told == this + 1 else year
        ahead = self._lean(atom) > 0
        if year is not None and abs(year - this) == 1 and completed.year != year:
            return (
                year if (year < this and near.month <= 4 and not ahead) or (year > this and near.month >= 9) else None
            )
        if near.month > 4 or ahead:
            return None
        line = self.low.rfind("\n", max(0, atom.start - 2000), atom.start) + 1
        year = self.marks.scope_before(atom.start, line) or self._reviewed()
        days = interval(completed)
        forecast = of_year or (days is not None and days.end > near)
        return year if year == this - 1 and forecast else None

    def _reviewed(self) -> int | None:
        """The year that the title looks back on ("Tổng kết công tác năm 2025"), or None."""
        if self._review is False:
            end = self.low.find("\n")
            looks_back = end > 0 and self.cues.review.search(self.low, 0, end)
            self._review = self.marks.scope_before(end, 0) if looks_back else None
        return self._review or None

    def _one_year(self) -> int | None:
        """The year of the article's quarters and halves, where all that tell one agree."""
        years = {year for key, told in self.told.items() if key[0] == "months" for year in told}
        return years.pop() if len(years) == 1 else None

    def _lean(self, atom: Atom) -> int:
        if _COUNTED_UP.search(self.low, max(0, atom.start - 32), atom.start):
            return -1
        start, end = self._sentence(atom.start)
        clause, close = max(start, self.low.rfind(";", start, atom.start)), self.low.find(";", atom.end, end)
        if atom.first.unit == "months":
            # "đã được ghi vốn, thi công vào quý 4": a coarse date ahead may follow a clause of the past.
            clause = max(clause, self.low.rfind(",", clause, atom.start))
        lean = self.marks.lean(clause, close if close > 0 else end, atom.start)
        if not lean and self.low[clause] == ";":
            lean = self.marks.lean(start, atom.start, atom.start)  # what opens a list holds for its members
        if self.low.endswith(_UNTIL, 0, atom.start):
            # A goal's date ("phấn đấu trước 31/12") can only lie ahead; "trước 30/6" without a word of the past is one.
            return lean + 1 if lean >= 0 else lean + self.low.endswith("đến hết ", 0, atom.start)
        return lean


_AFTER_MEMBER = re.compile(r"\d[/.]\d{1,2}(?:[/.]\d{4})?(?:,| và(?: ngày)?|, và(?: ngày)?) $")
_NEXT_MEMBER = re.compile(r"(?:, | và |, và )\d{1,2}[/.]\d{1,2}(?!\d)")
_YEARLY = re.compile(r"(?:(?:hàng|hằng|mỗi) năm|(?<!\w)cứ (?:đến|vào|mỗi|độ)|mỗi (?:dịp|độ))[^.;\n\d]*$")
_OPENING = re.compile(
    r"(?:từ |vào |đến |trong |đầu |cuối |giữa |sang )?"
    r"(?:(?:ngày |mùng )?\d{1,2}[/.-]\d{1,2}[/.-]|ngày \d{1,2} tháng \d{1,2} năm |tháng \d{1,2}(?:[/.-]| năm )|năm )"
    r"(\d{4})(?!\d)"
)
_FIRST_DAYS = re.compile(r"(?:mùng|mồng) \d")
_LAST_YEAR = re.compile(
    r"[\"“‘'(]*(?!so với|cùng kỳ)(?:[^\W\d]+ ){0,4}?(?<!với )(?<!kỳ )(?<!hơn )(?<!bằng )năm ngoái(?!\w)"
)
_COUNTED_UP = re.compile(
    r"(?:tính|lũy kế|luỹ kế|cộng dồn)(?: từ đầu năm)?,? (?:cho )?(?:đến|tới)(?: hết| thời điểm| ngày)* $"
)
"""Before a date up to which a report counts: it has passed."""
_BOUNDS = ("đến ", "tới ", "trước ", "từ ", "sau ", "hết ", "hạn ", "là ")
_UNTIL = ("trước ", "đến hết ", "chậm nhất ", "muộn nhất ", "hạn ", "chậm nhất là ")


def _key(part: PartialDate) -> tuple[Any, ...]:
    return part.unit, part.month, part.day, part.month_end, part.week


def _kind(atom: Atom, first: PartialDate) -> str:
    if atom.is_range and atom.kind != "quarter":
        return "range"
    return "time" if first.hour is not None or first.part_of_day else "date"


def _weekday_conflict(first: PartialDate, days: Interval | None) -> bool | None:
    if first.weekday is None or first.unit != "day" or days is None:
        return None
    return days.start.weekday() != first.weekday
