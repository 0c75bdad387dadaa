"""Calendar arithmetic and partial dates: known days, and properties that hold for every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.values import calendar as cal
from extractor.values.dates import PartialDate, complete, full_year, interval, parse_day, value_of

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
YEARS = st.integers(1905, 2095)


@pytest.mark.parametrize(
    ("lunar", "solar"),
    [
        ((2023, 1, 1), date(2023, 1, 22)),
        ((2024, 1, 1), date(2024, 2, 10)),
        ((2026, 1, 1), date(2026, 2, 17)),
        ((2023, 3, 10), date(2023, 4, 29)),
        ((2022, 12, 23), date(2023, 1, 14)),
        # Vietnam and China kept Tết on different days in 1985: the time zone is +7.
        ((1985, 1, 1), date(1985, 1, 21)),
    ],
)
def test_known_lunar_days(lunar, solar):
    assert cal.lunar_day(*lunar) == solar
    assert cal.lunar_year_at(solar) == lunar[0]


def test_leap_months():
    assert cal.lunar_month(2023, 2, True) == (date(2023, 3, 22), date(2023, 4, 19))
    assert cal.lunar_month(2023, 3, True) is None
    assert cal.lunar_day(2025, 6, 5, True) == date(2025, 7, 29)
    assert cal.lunar_day(2024, 1, 1, True) is None


def test_days_that_do_not_exist():
    assert cal.day_of(2023, 2, 29) is None
    assert cal.day_of(2023, 4, 31) is None
    assert cal.lunar_day(2023, 13, 1) is None
    assert cal.lunar_day(1650, 1, 1) is None
    assert cal.lunar_year(2100) is None
    assert cal.week_of_month(2023, 2, 6) is None
    assert cal.week_of_year(2023, 53) is None
    assert cal.can_chi_year(0, 1, 2023) is None


@given(YEARS)
def test_a_lunar_year_fills_the_gap_to_the_next(year):
    this, following = cal.lunar_year(year), cal.lunar_year(year + 1)
    assert this.end + cal.DAY == following.start
    assert (this.end - this.start).days + 1 in (353, 354, 355, 383, 384, 385)
    assert cal.last_lunar_day(year) == this.end


@given(YEARS, st.integers(1, 12))
def test_a_lunar_month_has_29_or_30_days(year, month):
    first, last = cal.lunar_month(year, month)
    assert (last - first).days + 1 in (29, 30)


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(0, 11))
def test_months_meet(year, first, more):
    last = min(12, first + more)
    start, end = cal.months_of(year, first, last)
    assert start.day == 1
    following = cal.shift_months(year, last, 1)
    assert end + cal.DAY == date(*following, 1)


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(-500, 500))
def test_shifting_months_back_and_forth(year, month, by):
    assert cal.shift_months(*cal.shift_months(year, month, by), -by) == (year, month)


@given(DAYS)
def test_a_week_is_seven_days_from_monday(day):
    start, end = cal.week_of(day)
    assert start <= day <= end
    assert (start.weekday(), (end - start).days) == (0, 6)


@given(DAYS)
def test_every_day_is_in_one_week_of_a_month(day):
    thursday = cal.week_of(day).start + timedelta(days=3)
    weeks = [cal.week_of_month(thursday.year, thursday.month, n) for n in range(1, 6)]
    assert sum(w is not None and w.start <= day <= w.end for w in weeks) == 1


@given(st.integers(1900, 2100))
def test_can_chi_names_return_after_sixty_years(year):
    can, chi = (year - 4) % 10, (year - 4) % 12
    assert cal.can_chi_year(can, chi, year) == year
    assert cal.can_chi_year(can, chi, year + 29) == year
    assert cal.can_chi_year(can, chi, year + 31) == year + 60


@given(DAYS, DAYS)
def test_a_completed_day_keeps_its_words_and_is_near(day, reference):
    partial = PartialDate("day", month=day.month, day=day.day)
    days = interval(complete(partial, reference))
    if (day.month, day.day) == (2, 29) and days is None:
        return
    assert (days.start.month, days.start.day) == (day.month, day.day)
    # 29 February may be a leap year away in one direction.
    assert abs((days.start - reference).days) <= 366 + (365 if day.day == 29 and day.month == 2 else 0)


@given(DAYS, DAYS)
def test_leaning_words_are_obeyed(day, reference):
    partial = PartialDate("day", month=day.month, day=min(day.day, 28))
    assert interval(complete(partial, reference, 2)).start >= reference
    assert interval(complete(partial, reference, -2)).start <= reference


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_found_within_the_week(reference, weekday):
    partial = PartialDate("day", weekday=weekday)
    past, coming = (interval(complete(partial, reference, lean)).start for lean in (-1, 1))
    assert past.weekday() == coming.weekday() == weekday
    assert 0 <= (reference - past).days < 7
    assert 0 <= (coming - reference).days < 7


def test_a_weekday_chooses_the_year():
    partial = PartialDate("day", month=3, day=6, weekday=0)
    assert complete(partial, date(2024, 2, 25)).year == 2023
    assert complete(replace_weekday(partial, 2), date(2024, 2, 25)).year == 2024


def replace_weekday(partial: PartialDate, weekday: int) -> PartialDate:
    return PartialDate("day", month=partial.month, day=partial.day, weekday=weekday)


@pytest.mark.parametrize(
    ("partial", "start", "end", "value"),
    [
        (PartialDate("day", shift=-1), date(2023, 1, 31), date(2023, 1, 31), "2023-01-31"),
        (PartialDate("week", shift=1), date(2023, 2, 6), date(2023, 2, 12), "2023-W06"),
        (PartialDate("week", shift=0, weekday=1), date(2023, 1, 31), date(2023, 1, 31), "2023-01-31"),
        (PartialDate("month", shift=-1), date(2023, 1, 1), date(2023, 1, 31), "2023-01"),
        (PartialDate("month", month=10, shift=-1), date(2022, 10, 1), date(2022, 10, 31), "2022-10"),
        (PartialDate("months", shift=-1), date(2022, 10, 1), date(2022, 12, 31), "2022-Q4"),
        (PartialDate("months", month=1, month_end=6), date(2023, 1, 1), date(2023, 6, 30), "2023-H1"),
        (PartialDate("months", month=1, month_end=9), date(2023, 1, 1), date(2023, 9, 30), "2023-01/2023-09"),
        (PartialDate("year", shift=-1), date(2022, 1, 1), date(2022, 12, 31), "2022"),
        (PartialDate("year", year=2022, year_end=2025), date(2022, 1, 1), date(2025, 12, 31), "2022/2025"),
        (PartialDate("decade", year=1990, year_end=1999), date(1990, 1, 1), date(1999, 12, 31), "199"),
        (PartialDate("year", lunar=True, can=9, chi=3), date(2023, 1, 22), date(2024, 2, 9), "2023-01-22/2024-02-09"),
    ],
)
def test_completed_from_the_first_of_february_2023(partial, start, end, value):
    done = complete(partial, date(2023, 2, 1))
    assert interval(done) == (start, end)
    assert value_of(done, interval(done)) == value


def test_what_cannot_be_known_stays_open():
    unknown = complete(PartialDate("day", month=11, day=20), None)
    assert interval(unknown) is None
    assert value_of(unknown, None) == "XXXX-11-20"
    yearly = complete(PartialDate("day", month=7, day=27, every=True), date(2019, 7, 1))
    assert (interval(yearly), value_of(yearly, None)) == (None, "XXXX-07-27")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("30/10/1963", ("day", 1963, 10, 30)),
        ("ngày 9 tháng 1 năm 2023", ("day", 2023, 1, 9)),
        ("Ngày 09 tháng 01, năm 2023", ("day", 2023, 1, 9)),
        ("27.7.1999", ("day", 1999, 7, 27)),
        ("(19/4/22)", ("day", 2022, 4, 19)),
        ("mồng 2/9", ("day", None, 9, 2)),
        ("29/2", ("day", None, 2, 29)),
        ("10-1963", ("month", 1963, 10, None)),
        ("tháng 3 năm 2021", ("month", 2021, 3, None)),
        ("năm 1963", ("year", 1963, None, None)),
        ("1963", ("year", 1963, None, None)),
    ],
)
def test_parse_day(text, wanted):
    found = parse_day(text)
    assert (found.unit, found.year, found.month, found.day) == wanted


@pytest.mark.parametrize("text", ["", "31/4/2023", "29/2/2023", "13-1963", "9/10 xã", "67/2019/NĐ-CP", "hôm nay"])
def test_parse_day_refuses(text):
    assert parse_day(text) is None


@given(DAYS)
def test_parse_day_reads_every_day(day):
    for text in (
        f"{day.day}/{day.month}/{day.year}",
        f"ngày {day:%d} tháng {day:%m} năm {day.year}",
        f"{day:%d.%m.%Y}",
    ):
        assert interval(parse_day(text)) == (day, day)


def test_two_digit_years():
    assert [full_year(y) for y in (0, 49, 50, 99, 1930)] == [2000, 2049, 1950, 1999, 1930]
