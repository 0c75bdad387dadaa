"""Days of a commemoration: the dates in brackets after its name, arithmetic over whole years, the next yearly return.

Everything here is a pure function of its arguments. A `Partial` is what the words say: a day, a month, a year, or a day
without its year; nothing is completed from anywhere else.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from lunar_vn import SUPPORTED_YEAR_RANGE, LunarDate, lunar_to_solar, solar_to_lunar

_RECENT = 60
"""Days after a commemorated day for which news still report on it; later the coming one is meant."""


class Partial(NamedTuple):
    """A calendar day as far as the words give it; `lunar` when day and month are those of the lunar calendar."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    lunar: bool = False

    @property
    def iso(self) -> str | None:
        """The day, month or year in ISO 8601, a lunar day as its solar one; None without a year."""
        if self.year is None:
            return None
        if self.month is None or (self.lunar and self.day is None):
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        day = day_in_year(self, self.year)
        return day.isoformat() if day else f"{self.year:04}"  # the lunar calendar is not known for so long ago


@dataclass(frozen=True, slots=True)
class Bracket:
    """One or two dates as they stand after an event's name, and where they end in the text (with a closing bracket).

    `yearly`: the words say "every year". `sure` is False for ", 25/7" and "ngày 25/7" alone, which may as well begin what follows.
    """

    first: Partial
    second: Partial | None
    end: int
    yearly: bool = False
    sure: bool = True


_MONTH_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_LUNAR = r"(?:âm lịch|âl\b|a\.l\b|\(al\)|al\b)"
_SEP = r" ?[./-] ?"
_DATE = re.compile(
    r"(?:(?:ngày|mùng|mồng|hôm|vào ngày|năm|tháng)\s+){0,2}(?:"
    rf"(?P<d>\d{{1,2}}){_SEP}(?P<m>\d{{1,2}})(?:(?:{_SEP}|,? năm )(?P<y>[1-9]\d{{2,3}}))?(?!\d)"
    r"|(?P<dw>\d{1,2}) tháng (?P<mw>\d{1,2}|giêng|một|hai|ba|tư|năm|sáu|bảy|bẩy|tám|chín|mười(?: một| hai)?|chạp)\b"
    r"(?:,? ?(?:năm )(?P<yw>[12]\d{3}))?"
    rf"|(?P<mo>\d{{1,2}}){_SEP}(?P<yo>[12]\d{{3}})(?!\d)"
    r"|(?P<year>[12]\d{3})(?!\d|[./]\d)"
    rf")(?P<lunar> ?\(?{_LUNAR}\)?)?"
)
_BETWEEN = re.compile(r" ?(?:[-–—‒−/÷~]|đến(?: ngày)?|tới) ?")
_OPEN = re.compile(r"[”\"»]?(?P<comma>,)? ?(?:(?P<open>[(\[{]) ?)?")
_CLOSE = re.compile(r" ?[)\]}]")
_YEARLY = re.compile(r" (?:hàng|hằng|mỗi|các) năm\b")
_YEAR_AFTER = re.compile(r",? năm (?P<year>[12]\d{3})(?!\d)")
_YEARS_AFTER = re.compile(r" ?\((?P<a>[12]\d{3})(?: ?[-–—/] ?(?P<b>[12]\d{3}))?\)")


def read_partial(text: str, pos: int) -> tuple[Partial, int] | None:
    """Read one date at a position.

    Args:
        text: lower-case text.
        pos: where the date or its head word ("ngày", "năm") begins.

    Returns:
        The date and where it ends, or None if there is none or its month or day cannot be.
    """
    m = _DATE.match(text, pos)
    if m is None:
        return None
    lunar = m["lunar"] is not None
    if m["d"]:
        found = Partial(int(m["y"]) if m["y"] else None, int(m["m"]), int(m["d"]), lunar)
    elif m["dw"]:
        word = m["mw"]
        month = int(word) if word.isdigit() else _MONTH_WORDS[word]
        lunar = lunar or word in ("giêng", "chạp")
        found = Partial(int(m["yw"]) if m["yw"] else None, month, int(m["dw"]), lunar)
    elif m["mo"]:
        found = Partial(int(m["yo"]), int(m["mo"]), None, lunar)
    else:
        found = Partial(int(m["year"]))
    if found.month is not None and not 1 <= found.month <= 12:
        return None
    if found.day is not None and not _possible(found):
        return None
    return found, m.end()


def _possible(partial: Partial) -> bool:
    if partial.lunar:
        return 1 <= (partial.day or 1) <= 30
    try:
        date(partial.year or 2000, partial.month or 1, partial.day or 1)
    except ValueError:
        return False
    return True


def read_bracket(text: str, pos: int) -> Bracket | None:
    """Read the dates after an event's name: "(30/10/1963-30/10/2023)", "27/7", "2/9 (1945 - 2025)", "(1930 – 2020".

    Args:
        text: lower-case text.
        pos: the end of the event's name.

    Returns:
        The dates, or None where none follow. A bare year or month counts only inside brackets.
    """
    head = _OPEN.match(text, pos)
    if head is None:
        return None
    read = read_partial(text, head.end())
    if read is None:
        return None
    first, end = read
    if first.day is None and not head["open"]:
        return None
    second = None
    between = _BETWEEN.match(text, end)
    if between:
        other = read_partial(text, between.end())
        if other and _may_follow(first, other[0]):
            second, end = other
    if second is None and not head["open"] and first.year is None and text.startswith(" (", end):
        inner = read_bracket(text, end)
        if inner and inner.second and (inner.first.day, inner.first.month) == (first.day, first.month):
            return inner
    if second is None and first.day is not None and first.year is None:
        years = _YEARS_AFTER.match(text, end)
        if years:
            second = first._replace(year=int(years["b"])) if years["b"] else None
            first, end = first._replace(year=int(years["a"])), years.end()
    if head["open"]:
        close = _CLOSE.match(text, end)
        end = close.end() if close else end
    year = _YEAR_AFTER.match(text, end) if first.year is None else None
    if year:
        first, end = first._replace(year=int(year["year"])), year.end()
    yearly = _YEARLY.match(text, end)
    apart = head["comma"] or text.startswith("ngày", head.end())
    sure = bool(head["open"] or second or (first.year and not head["comma"])) or not apart
    return Bracket(_fill(first, second), _fill(second, first) if second else None, end, bool(yearly), sure)


def _may_follow(first: Partial, second: Partial) -> bool:
    """Whether two dates are the two ends of one commemoration: of one day of the year, or the later one shorter."""
    if second.day is not None and first.day is None:
        return first.year is not None
    return second.year is not None or (first.year is not None and second.day is not None)


def _fill(partial: Partial, other: Partial | None) -> Partial:
    """A bare year beside a full day is that day in the other year: "(22/12/1944 - 2024)", "(1944 - 22/12/2024)"."""
    if other is None or other.day is None or partial.month is not None:
        return partial._replace(lunar=True) if other and other.lunar and partial.day is not None else partial
    return partial._replace(month=other.month, day=other.day, lunar=other.lunar)


def shifted(partial: Partial, years: int) -> Partial | None:
    """A date moved by whole years, exact only while its day exists: 29 February goes nowhere but to leap years."""
    if partial.year is None or not 1 <= partial.year + years <= 9999:
        return None
    moved = partial._replace(year=partial.year + years)
    return moved if moved.day is None or moved.lunar or _possible(moved) else None


def day_in_year(partial: Partial, year: int) -> date | None:
    """The solar day on which a day of the year falls in a year.

    Args:
        partial: day and month, solar or lunar.
        year: the solar year, or for a lunar day the lunar year, which begins at Tết.

    Returns:
        The day; None if that year has none, or the lunar calendar is not known for it.
    """
    if partial.month is None or partial.day is None:
        return None
    if not partial.lunar:
        try:
            return date(year, partial.month, partial.day)
        except ValueError:
            return None
    if not SUPPORTED_YEAR_RANGE[0] <= year <= SUPPORTED_YEAR_RANGE[1]:
        return None
    try:
        day = lunar_to_solar(LunarDate(partial.day, partial.month, year))
        back = solar_to_lunar(day)
    except ValueError:
        return None
    # A month of 29 days has no day 30: the library would give the first day of the month after it.
    return day if (back.day, back.month) == (partial.day, partial.month) else None  # type: ignore[no-any-return]


def next_return(partial: Partial, after: date) -> date | None:
    """The first day after a date on which a day of the year returns (29 February: in leap years only).

    Args:
        partial: day and month, solar or lunar.
        after: the day after which it is looked for.

    Returns:
        The day, or None if day or month is not known.
    """
    days = (day_in_year(partial, year) for year in range(after.year - 1, after.year + 10))
    return next((d for d in days if d and d > after), None)


def celebrated_year(partial: Partial, published: date, expected: int | None = None) -> int | None:
    """The year of the celebration that an article means by a day without a year.

    News report on a commemorated day up to it and for some weeks after it, so the latest one counts for 60 days, then
    the coming one.

    Args:
        partial: day and month, solar or lunar.
        published: the article's publication day.
        expected: the year that a count gives where the event's origin is known; taken when it is at most one year
            from the publication.

    Returns:
        The year (a lunar day's lunar year), or None without day or month.
    """
    if expected is not None and abs(expected - published.year) <= 1 and day_in_year(partial, expected):
        return expected
    for year in range(published.year - 1, published.year + 9):
        day = day_in_year(partial, year)
        if day and day >= published - timedelta(days=_RECENT):
            return year
    return None
