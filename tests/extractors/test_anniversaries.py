import datetime

import pytest

from extractor.nlp import extract_text


def rows(nlp, text, published="2023-01-10"):
    return extract_text(nlp, text, published).tables["anniversaries"]


def test_arithmetic_fills_only_what_is_exact(nlp):
    (row,) = rows(nlp, "Huyện chào mừng 60 năm Ngày thành lập huyện (30/10/1963).")
    assert (row.years, row.origin_date, row.anniversary_date) == (60, "1963-10-30", "2023-10-30")
    (row,) = rows(nlp, "Huyện chào mừng kỷ niệm 60 năm Ngày thành lập huyện.")
    assert (row.years, row.origin_date, row.anniversary_date, row.consistent) == (60, None, None, None)


def test_the_table_of_days_gives_the_return_but_no_origin(nlp):
    (row,) = rows(nlp, "Xã kỷ niệm 76 năm Ngày Thương binh - Liệt sĩ.", "2023-07-01")
    assert row.origin_date is None
    assert row.next_date == datetime.date(2023, 7, 27)


def test_inconsistent_counts_are_kept_and_flagged(nlp):
    (row,) = rows(nlp, "Xã kỷ niệm 50 năm Ngày thành lập xã (1/2/1975 - 1/2/2024).")
    assert (row.years, row.origin_date, row.anniversary_date) == (50, "1975-02-01", "2024-02-01")
    assert row.consistent is False


def test_one_event_is_one_row_at_its_fullest_mention(nlp):
    text = (
        "Kỷ niệm 75 năm Ngày thành lập Chi bộ\n"
        "Lễ kỷ niệm 75 năm Ngày thành lập Chi bộ xã Hải Sơn (28/10/1948-28/10/2023) diễn ra sáng nay.\n"
        "Dịp kỷ niệm 75 năm thành lập Chi bộ, xã tặng 10 suất quà."
    )
    (row,) = rows(nlp, text)
    assert row.quote == "75 năm Ngày thành lập Chi bộ xã Hải Sơn (28/10/1948-28/10/2023)"


def test_events_of_one_day_stay_apart(nlp):
    text = "Xã kỷ niệm 77 năm Ngày truyền thống Công an nhân dân và 17 năm Ngày hội toàn dân bảo vệ an ninh Tổ quốc."
    assert [row.years for row in rows(nlp, text, "2022-08-19")] == [77, 17]


def test_lunar_days_return_by_the_lunar_calendar(nlp):
    (row,) = rows(nlp, "Xã dâng hương nhân Giỗ Tổ Hùng Vương 10/3 âm lịch.", "2023-05-10")
    assert row.calendar == "lunar"
    assert row.anniversary_date == "2023-04-29"
    assert row.next_date == datetime.date(2024, 4, 18)


def test_without_a_publication_day_nothing_is_guessed(nlp):
    (row,) = rows(nlp, "Trường chào mừng Ngày Nhà giáo Việt Nam 20/11.", None)
    assert (row.anniversary_date, row.next_date) == (None, None)


def test_upper_case_and_lower_case_read_alike(nlp):
    text = "Lễ kỷ niệm 70 năm Ngày truyền thống huyện Đông Hưng (3/2/1953 - 3/2/2023)"
    (small,), (large,) = rows(nlp, text), rows(nlp, text.upper())
    assert large.quote == small.quote.upper()
    assert (large.years, large.origin_date, large.anniversary_date) == (70, "1953-02-03", "2023-02-03")


@pytest.mark.parametrize("count", ["0", "9999"])
def test_impossible_counts_are_left_out(nlp, count):
    (row,) = rows(nlp, f"Huyện kỷ niệm {count} năm Ngày thành lập huyện.")
    assert (row.quote, row.years) == ("Ngày thành lập huyện", None)


def test_every_commemorated_day_of_the_table_is_recognised(nlp, rules):
    missed = []
    for day in rules.gazetteer("commemorated_days"):
        if not day["name"].startswith("Ngày ") or day["name"] == "Ngày Lễ Tình nhân":
            continue
        found = rows(nlp, f"Huyện tổ chức lễ kỷ niệm {day['name']}.", "2023-01-10")
        wanted = (int(day["month"]), int(day["day"]))
        returns = [(row.next_date.month, row.next_date.day) for row in found if row.next_date]
        if len(returns) != 1 or (day["calendar"] == "solar" and returns != [wanted]):
            missed.append(day["name"])
    assert missed == []
