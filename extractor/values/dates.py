"""Partial dates: what the words say, as small frozen values; completing them; the days they cover; their ISO values.

The three steps are kept apart: a reader of text makes a `PartialDate`; `complete` fills its year from a reference day;
`interval` is calendar arithmetic only.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from extractor.values import calendar as cal
from extractor.values.calendar import Interval

PARTS = {"morning": "TMO", "noon": "TMI", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}
"""Parts of the day with their TIMEX3 suffixes; TMI (midday) is HeidelTime's and ISO-TimeML's."""


class PartialDate(NamedTuple):
    """One calendar expression as worded; what is not said is None.

    `unit` is day, week, month, months, year, decade or century. `months` runs from `month` to `month_end`
    (quarters, halves, "9 tháng đầu năm"). `year_end` makes a span of years. `shift` counts units from the reference
    ("tuần tới" is 1), or years where a month is named ("tháng 10 năm ngoái" is -1). A weekday is 0 (Monday) to 6.
    `every` marks a yearly return ("27/7 hàng năm"). `last` marks the last day of a lunar year. Lunar years are
    named by the solar year in which they begin; `can`/`chi` are their cyclic names.
    """

    unit: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    month_end: int | None = None
    year_end: int | None = None
    week: int | None = None
    weekday: int | None = None
    shift: int | None = None
    lunar: bool = False
    leap: bool = False
    last: bool = False
    can: int | None = None
    chi: int | None = None
    every: bool = False
    hour: int | None = None
    minute: int | None = None
    part_of_day: str | None = None
    modifier: str | None = None

    @property
    def relative(self) -> bool:
        """Whether it is told from another day ("hôm nay", "tháng tới", "thứ Hai")."""
        return self.shift is not None or (self.unit == "day" and self.day is None and not self.last)

    @property
    def granularity(self) -> str:
        """The dataset's granularity: hour, part_of_day, day, week, month, quarter, half_year, year, decade or range."""
        if self.hour is not None:
            return "hour"
        if self.part_of_day:
            return "part_of_day"
        if self.unit == "decade":
            return self.unit
        if self.year_end:
            return "range"
        if self.unit != "months":
            return self.unit
        size = (self.month_end or 0) - (self.month or 0) + 1
        aligned = (self.month or 1) % size == 1 if size > 1 else False
        return {3: "quarter", 6: "half_year"}.get(size, "range") if aligned else "range"


def complete(partial: PartialDate, reference: date | None, lean: int = 0) -> PartialDate:
    """Fill in the year that the words leave out, from a reference day.

    Args:
        partial: what the words say.
        reference: the day from which it is said, mostly the publication's; without one nothing is filled in.
        lean: which side the words point to: 2 only the future ("tới"), 1 rather the future ("sẽ"), 0 unknown,
            -1 rather the past ("đã"), -2 only the past ("vừa qua").

    Returns:
        The same date with its year; unchanged where it has one, returns yearly, or nothing fits.
    """
    if partial.year is not None or partial.every or reference is None:
        return partial
    if partial.can is not None and partial.chi is not None:
        return partial._replace(year=cal.can_chi_year(partial.can, partial.chi, reference.year))
    if partial.shift is not None:
        return _shifted(partial, reference)
    if partial.unit == "day" and partial.day is None and not partial.last:
        if partial.weekday is None:
            return partial
        return _of_day(partial, _weekday_near(partial.weekday, reference, lean))
    if partial.month is None and not partial.last:
        return partial._replace(year=reference.year) if partial.unit == "year" else partial
    best: tuple[float, int] | None = None
    for year in (reference.year, reference.year - 1, reference.year + 1):
        found = interval(partial._replace(year=year, weekday=None))
        if found is None:
            continue
        cost = _distance(found, reference, lean)
        if partial.weekday is not None and partial.unit == "day" and found.start.weekday() == partial.weekday:
            # A weekday holds for one year in seven: it outweighs nearness within the three years.
            cost -= 500
        if cost < 10_000 and (best is None or cost < best[0]):
            best = (cost, year)
    return partial._replace(year=best[1]) if best else partial


def _distance(found: Interval, reference: date, lean: int) -> float:
    """How far a unit is from the reference, in days; what is unlikely to be meant counts more, the excluded 10000."""
    if found.start <= reference <= found.end:
        return 0.0
    ahead = found.start > reference
    days = (found.start - reference).days if ahead else (reference - found.end).days
    if (ahead and lean == -2) or (not ahead and lean == 2):
        return 10_000.0
    # News reports what was: the future needs to be clearly nearer, unless the words point there.
    short = (found.end - found.start).days < 7
    weight = {-1: 5.0, 0: 2.0 if short else 1.2, 1: 1.0}.get(lean, 1.0) if ahead else {1: 3.0}.get(lean, 1.0)
    return days * weight


def _of_day(partial: PartialDate, day: date) -> PartialDate:
    return partial._replace(year=day.year, month=day.month, day=day.day, shift=None, lunar=False)


def _weekday_near(weekday: int, reference: date, lean: int) -> date:
    """The last such weekday up to the reference, or the next one where the words point to the future."""
    behind = (reference.weekday() - weekday) % 7
    if behind == 0 and abs(lean) == 2:
        # "Chủ nhật tới" said on a Sunday.
        return reference + timedelta(days=7 if lean > 0 else -7)
    return reference + timedelta(days=(7 - behind) % 7) if lean > 0 else reference - timedelta(days=behind)


def _shifted(partial: PartialDate, reference: date) -> PartialDate:
    shift = partial.shift or 0
    if partial.month is not None:
        return partial._replace(year=reference.year + shift, shift=None)
    if partial.unit == "day":
        return _of_day(partial, reference + timedelta(days=shift))
    if partial.unit == "week":
        monday = cal.week_of(reference).start + timedelta(weeks=shift)
        if partial.weekday is not None:
            return _of_day(partial, monday + timedelta(days=partial.weekday))._replace(unit="day")
        year, week, _ = monday.isocalendar()
        return partial._replace(year=year, week=week, shift=None)
    if partial.unit == "month":
        year, month = cal.shift_months(reference.year, reference.month, shift)
        return partial._replace(year=year, month=month, shift=None)
    if partial.unit == "months":
        year, month = cal.shift_months(reference.year, (reference.month - 1) // 3 * 3 + 1, 3 * shift)
        return partial._replace(year=year, month=month, month_end=month + 2, shift=None)
    if partial.unit == "year":
        return partial._replace(year=reference.year + shift, shift=None)
    if partial.unit in ("decade", "century"):
        size = 10 if partial.unit == "decade" else 100
        year = reference.year // size * size + shift * size
        return partial._replace(year=year, year_end=year + size - 1, shift=None)
    return partial


def interval(partial: PartialDate) -> Interval | None:
    """The days that a completed date covers, inclusive.

    Returns:
        First and last day; None where the year is unknown, every year is meant, or no such day exists.
    """
    if partial.year is None or partial.every or not 1 <= partial.year <= 9998:
        return None
    if partial.lunar:
        return _lunar_interval(partial)
    year, month = partial.year, partial.month
    if partial.unit == "day" and month and partial.day:
        first = cal.day_of(year, month, partial.day)
        return Interval(first, first) if first else None
    if partial.unit == "week" and partial.week is not None:
        return cal.week_of_month(year, month, partial.week) if month else cal.week_of_year(year, partial.week)
    if partial.unit == "month" and month:
        return cal.month_of(year, month)
    if partial.unit == "months" and month and partial.month_end:
        return cal.months_of(year, month, partial.month_end)
    if partial.unit in ("year", "decade", "century"):
        return cal.year_of(year, partial.year_end) if (partial.year_end or year) >= year else None
    return None


def _lunar_interval(partial: PartialDate) -> Interval | None:
    year = partial.year or 0
    if partial.last:
        day = cal.last_lunar_day(year)
        return Interval(day, day) if day else None
    if partial.unit == "year":
        return cal.lunar_year(year)
    if partial.month is None:
        return None
    if partial.unit == "month":
        return cal.lunar_month(year, partial.month, partial.leap)
    first = cal.lunar_day(year, partial.month, partial.day or 0, partial.leap)
    return Interval(first, first) if first else None


def value_of(partial: PartialDate, days: Interval | None) -> str:
    """The ISO 8601 / TIMEX3 value of a date: `2023-01-09`, `2023-01-09TMO`, `2023-Q1`, `XXXX-11-20`, `2022/2025`.

    Args:
        partial: the date, completed where it could be.
        days: the days it covers, or None where they are not known. A lunar day's value is its solar day.
    """
    if partial.unit == "day":
        if days is not None:
            text = days.start.isoformat()
        elif partial.lunar or partial.month is None:
            text = "XXXX-XX-XX"
        else:
            text = f"{'XXXX' if partial.every else _four(partial.year)}-{partial.month:02}-{_two(partial.day)}"
        if partial.hour is not None:
            return f"{text}T{partial.hour:02}:{partial.minute or 0:02}"
        return text + PARTS.get(partial.part_of_day or "", "")
    if partial.unit == "week":
        return f"{days.start.isocalendar().year}-W{days.start.isocalendar().week:02}" if days else "XXXX-WXX"
    if partial.lunar and days:
        return f"{days.start}/{days.end}"
    if partial.unit == "month":
        return f"{_four(partial.year)}-{_two(partial.month)}"
    if partial.unit == "months":
        return _months_value(partial)
    if partial.unit == "decade":
        return _four(partial.year)[:3] if partial.year_end else _four(partial.year)
    if partial.unit == "century":
        return _four(partial.year)[:2]
    return f"{_four(partial.year)}/{partial.year_end}" if partial.year_end else _four(partial.year)


def _months_value(partial: PartialDate) -> str:
    year = _four(partial.year)
    kind, first, last = partial.granularity, partial.month or 1, partial.month_end or 12
    if kind == "quarter":
        return f"{year}-Q{(first + 2) // 3}"
    if kind == "half_year":
        return f"{year}-H{1 if first == 1 else 2}"
    return f"{year}-{first:02}/{year}-{last:02}"


def _four(year: int | None) -> str:
    return "XXXX" if year is None else f"{year:04}"


def _two(number: int | None) -> str:
    return "XX" if number is None else f"{number:02}"


_DAY_TEXT = re.compile(
    r"(?:ngày|mùng|mồng)?\s*(?:mùng|mồng)?\s*(?P<d>\d{1,2})\s*(?:[/.\-–]|tháng)\s*(?P<m>\d{1,2})"
    r"(?:\s*(?:[/.\-–]|,?\s*năm)\s*(?P<y>\d{4}|\d{2}))?",
    re.IGNORECASE,
)
_MONTH_TEXT = re.compile(r"(?:tháng\s*)?(?P<m>\d{1,2})\s*(?:[/.\-–]|,?\s*năm)\s*(?P<y>\d{4})", re.IGNORECASE)
_YEAR_TEXT = re.compile(r"(?:năm\s*)?(?P<y>\d{4})", re.IGNORECASE)


def parse_day(text: str) -> PartialDate | None:
    """Read a short string that is one solar day, month or year and nothing else.

    Args:
        text: such as "30/10/1963", "ngày 9 tháng 1 năm 2023", "27-7", "10-1963" or "năm 1963".

    Returns:
        The partial date (its unit day, month or year), or None where the string is anything else or no such day exists.
    """
    text = text.strip(" ()[],.;")
    if found := _DAY_TEXT.fullmatch(text):
        year = full_year(int(found["y"])) if found["y"] else None
        # 29 February counts where no year is said.
        return PartialDate("day", year, int(found["m"]), int(found["d"])) if _exists(found, year or 2024) else None
    if (found := _MONTH_TEXT.fullmatch(text)) and 1 <= int(found["m"]) <= 12:
        return PartialDate("month", int(found["y"]), int(found["m"]))
    if found := _YEAR_TEXT.fullmatch(text):
        return PartialDate("year", int(found["y"]))
    return None


def _exists(found: re.Match[str], year: int) -> bool:
    return cal.day_of(year, int(found["m"]), int(found["d"])) is not None


def full_year(year: int) -> int:
    """A year written with two digits in full: 00–49 are 2000–2049, 50–99 are 1950–1999; others are unchanged."""
    return year if year >= 100 else year + (2000 if year < 50 else 1900)
