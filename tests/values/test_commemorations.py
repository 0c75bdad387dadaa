from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.values.commemorations import (
    Partial,
    celebrated_year,
    day_in_year,
    next_return,
    read_bracket,
    shifted,
)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (" (30/10/1963-30/10/2023)", "1963-10-30", "2023-10-30"),
        (" (27.7.1999/27.7.2019)", "1999-07-27", "2019-07-27"),
        (" (22-12-1944-22-12-2014)", "1944-12-22", "2014-12-22"),
        (" 27/7/1947- 27/7/2019,", "1947-07-27", "2019-07-27"),
        (" (26/3/1931 - 26/3/2019…", "1931-03-26", "2019-03-26"),
        (" (1930-2020)", "1930", "2020"),
        (" (10/1954 - 10/2024)", "1954-10", "2024-10"),
        (" (22/12/1944 - 2024)", "1944-12-22", "2024-12-22"),
        (" 2/9 (1945 - 2025)", "1945-09-02", "2025-09-02"),
        (" 2/9 (2/9/1945 - 2/9/2025)", "1945-09-02", "2025-09-02"),
        (" (ngày 19 tháng 5 năm 1890)", "1890-05-19", None),
        (" (2008)", "2008", None),
        (" 20/11 năm 2018", "2018-11-20", None),
    ],
)
def test_dates_after_a_name(text, first, second):
    bracket = read_bracket(text, 0)
    assert bracket.first.iso == first
    assert (bracket.second.iso if bracket.second else None) == second


@pytest.mark.parametrize("text", [" 2019", " (13/45)", " (30/2/2020)", " nay", ""])
def test_no_dates_after_a_name(text):
    assert read_bracket(text, 0) is None


def test_a_bracket_ends_after_its_closing_mark():
    text = " (30/10/1963-30/10/2023) và"
    assert text[read_bracket(text, 0).end :] == " và"


def test_every_year_is_no_year():
    bracket = read_bracket(" 27/7 hàng năm", 0)
    assert bracket.yearly
    assert bracket.first == Partial(None, 7, 27)


def test_the_day_of_the_news_is_not_sure():
    assert not read_bracket(" ngày 25/7, đoàn", 0).sure
    assert not read_bracket(", 25/7, đoàn", 0).sure
    assert not read_bracket(", ngày 25/7/2022, đoàn", 0).sure
    assert read_bracket(" (ngày 27/7)", 0).sure


def test_lunar_day_is_its_solar_day():
    bracket = read_bracket(" (mùng 10 tháng 3 âm lịch)", 0)
    assert day_in_year(bracket.first, 2024) == date(2024, 4, 18)
    assert next_return(bracket.first, date(2024, 4, 18)) == date(2025, 4, 7)


def test_a_lunar_month_of_29_days_has_no_day_30():
    assert day_in_year(Partial(None, 12, 30, True), 2024) is None


def test_leap_day():
    assert shifted(Partial(2000, 2, 29), 25) is None
    assert shifted(Partial(2000, 2, 29), 24) == Partial(2024, 2, 29)
    assert next_return(Partial(None, 2, 29), date(2024, 2, 29)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "published", "expected", "year"),
    [
        ((11, 20), date(2024, 11, 12), None, 2024),
        ((11, 20), date(2024, 12, 12), None, 2024),
        ((2, 3), date(2024, 12, 28), None, 2025),
        ((9, 2), date(2023, 2, 10), None, 2023),
        ((12, 22), date(2025, 1, 4), None, 2024),
        ((2, 3), date(2020, 6, 30), 2020, 2020),
    ],
)
def test_year_of_the_celebration(day, published, expected, year):
    assert celebrated_year(Partial(None, *day), published, expected) == year


@given(st.dates(date(1945, 1, 1), date(2060, 12, 31)), st.dates(date(1945, 1, 1), date(2060, 12, 31)))
def test_the_next_return_is_the_first_after_a_day(day, after):
    partial = Partial(None, day.month, day.day)
    found = next_return(partial, after)
    assert found > after
    assert (found.month, found.day) == (day.month, day.day)
    earlier = [day_in_year(partial, year) for year in range(after.year, found.year)]
    assert all(other is None or other <= after for other in earlier)


@given(st.dates(date(1001, 1, 1), date(2999, 12, 31)), st.sampled_from(["/", ".", "-"]))
def test_any_written_day_is_read(day, separator):
    text = f" ({day.day}{separator}{day.month}{separator}{day.year})"
    bracket = read_bracket(text, 0)
    assert bracket.first.iso == day.isoformat()
    assert bracket.end == len(text)
