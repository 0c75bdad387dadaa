"""Calendar arithmetic: the days that solar and lunar units cover. Pure functions over `datetime.date`.

The lunar calendar is the Vietnamese one (Hồ Ngọc Đức's algorithm, time zone +7), through the package lunar-vn,
which covers the years 1900 to 2100.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from lunar_vn import SUPPORTED_YEAR_RANGE, convert_lunar_to_solar, convert_solar_to_lunar

DAY = timedelta(days=1)


class Interval(NamedTuple):
    """Days from `start` to `end`, both included."""

    start: date
    end: date


def day_of(year: int, month: int, day: int) -> date | None:
    """A day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(year: int, month: int) -> Interval:
    """The days of a month."""
    return Interval(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def months_of(year: int, first: int, last: int) -> Interval:
    """The days of some months of one year, `first` to `last` included (quarters: 1–3, 4–6 …; halves: 1–6, 7–12)."""
    return Interval(date(year, first, 1), month_of(year, last).end)


def year_of(year: int, last: int | None = None) -> Interval:
    """The days of a year, or of all years up to `last`."""
    return Interval(date(year, 1, 1), date(last or year, 12, 31))


def week_of(day: date) -> Interval:
    """The week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Interval(monday, monday + timedelta(days=6))


def week_of_month(year: int, month: int, week: int) -> Interval | None:
    """The n-th week of a month: the n-th whose Thursday lies in that month, as ISO 8601 counts the weeks of a year.

    Returns:
        Monday to Sunday, or None where the month has no such week.
    """
    first = week_of(date(year, month, 4))
    found = Interval(first.start + timedelta(weeks=week - 1), first.end + timedelta(weeks=week - 1))
    thursday = found.start + timedelta(days=3)
    return found if week >= 1 and (thursday.year, thursday.month) == (year, month) else None


def week_of_year(year: int, week: int) -> Interval | None:
    """A week of a year by its ISO number, or None where the year has no such week."""
    try:
        return week_of(date.fromisocalendar(year, week, 1))
    except ValueError:
        return None


def shift_months(year: int, month: int, by: int) -> tuple[int, int]:
    """The (year, month) that lies `by` months after (before, where negative) a month."""
    count = year * 12 + month - 1 + by
    return count // 12, count % 12 + 1


def within_lunar_range(year: int) -> bool:
    """Whether lunar dates of a year can be converted."""
    return SUPPORTED_YEAR_RANGE[0] <= year < SUPPORTED_YEAR_RANGE[1]


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, day: int, leap: bool = False) -> date | None:
    """The solar day of a lunar one.

    Args:
        year: lunar year, named by the solar year in which it begins (Quý Mão is 2023).
        month: lunar month, 1 (tháng Giêng) to 12 (tháng Chạp).
        day: 1 to 30.
        leap: whether the leap month of that number is meant.

    Returns:
        The solar day; None for a year out of range, a leap month that the year has not, or day 30 of a short month.
    """
    if not (within_lunar_range(year) and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    try:
        found = convert_lunar_to_solar(day, month, year, int(leap))
        back = convert_solar_to_lunar(found.day, found.month, found.year)
    except ValueError:
        return None
    # A leap flag in a year without leap month, and the 30th of a short month, show only in the way back.
    return found if (back.day, back.month, back.year, back.leap) == (day, month, year, leap) else None


def lunar_month(year: int, month: int, leap: bool = False) -> Interval | None:
    """The solar days of a lunar month; None where the year has no such month or is out of range."""
    first = lunar_day(year, month, 1, leap)
    last = first and (lunar_day(year, month, 30, leap) or lunar_day(year, month, 29, leap))
    return Interval(first, last) if first and last else None


def lunar_year(year: int) -> Interval | None:
    """The solar days of a lunar year, from its Tết to the eve of the next; None for a year out of range."""
    first, following = lunar_day(year, 1, 1), lunar_day(year + 1, 1, 1)
    return Interval(first, following - DAY) if first and following else None


def last_lunar_day(year: int) -> date | None:
    """The solar day of the last day of a lunar year (giao thừa), the 29th or 30th of tháng Chạp."""
    found = lunar_year(year)
    return found.end if found else None


def lunar_year_at(day: date) -> int | None:
    """The lunar year that a solar day lies in; None for a day out of range."""
    if not within_lunar_range(day.year) or not within_lunar_range(day.year - 1):
        return None
    return convert_solar_to_lunar(day.day, day.month, day.year).year


def can_chi_year(can: int, chi: int, near: int) -> int | None:
    """The year of a can-chi name nearest to a year.

    Args:
        can: heavenly stem, 0 (Giáp) to 9 (Quý).
        chi: earthly branch, 0 (Tý) to 11 (Hợi).
        near: the year to be near to; of two equally far, the earlier one.

    Returns:
        The year, or None where stem and branch never meet (Giáp Sửu).
    """
    # Year 4 of the common era was Giáp Tý, and the names return every 60 years.
    for distance in range(31):
        for year in (near - distance, near + distance):
            if (year - 4) % 10 == can and (year - 4) % 12 == chi:
                return year
    return None
