"""The dates extractor beyond its cases: every column, order, sets of spans, odd texts."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extractor.extractors import dates
from extractor.extractors._dates_make import century_number
from extractor.model import Article, content_id
from extractor.rules import check_rules, load_rules
from extractor.text import canonical_text

RULES = load_rules()
VOCAB = Vocab()


def rows_of(text: str, published: str | None = "2023-01-10"):
    text = canonical_text(text)
    doc = Doc(VOCAB, words=[text] if text else [], spaces=[False] if text else [])
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n")]
    doc.user_data["sentences"] = [(s, (text.find("\n", s) + 1 or len(text) + 1) - 1) for s in starts]
    doc.user_data["article"] = Article(
        article_id=content_id(text),
        url=None,
        title="",
        text=text,
        published_at=published,
        content_sha256=content_id(text),
    )
    return list(dates.extract(doc, RULES))


def test_every_column_of_a_row():
    (row,) = rows_of("Sáng thứ Hai, ngày 9/1, Huyện ủy họp.")
    assert row.quote == "Sáng thứ Hai, ngày 9/1"
    assert (row.kind, row.value, row.granularity) == ("time", "2023-01-09TMO", "part_of_day")
    assert (row.start_date, row.end_date) == (date(2023, 1, 9), date(2023, 1, 9))
    assert (row.part_of_day, row.modifier, row.calendar) == ("morning", None, "solar")
    assert (row.resolved_by, row.weekday_conflict) == ("published_at", False)
    assert row.rule_id.startswith("dates.")


def test_a_weekday_that_contradicts_its_date_is_noted_and_the_date_kept():
    (row,) = rows_of("Chủ nhật, ngày 9/1/2023")
    assert row.weekday_conflict is True
    assert row.start_date == date(2023, 1, 9)


def test_context_is_the_day_told_last_and_not_that_of_a_document():
    text = "Sáng 9/1, xã họp theo Quyết định số 15/QĐ-UBND ngày 3/1/2023. Chiều cùng ngày, đoàn đi thực địa."
    rows = rows_of(text)
    assert rows[-1].quote == "Chiều cùng ngày"
    assert (rows[-1].start_date, rows[-1].resolved_by) == (date(2023, 1, 9), "context")


def test_a_year_told_elsewhere_in_the_article_counts_without_publication_day():
    rows = rows_of("Sơ kết 6 tháng đầu năm 2019\nTrong 6 tháng đầu năm, xã vượt thu.", None)
    assert [(r.start_date, r.resolved_by) for r in rows] == [
        (date(2019, 1, 1), "explicit"),
        (date(2019, 1, 1), "context"),
    ]


def test_open_ranges_without_publication_day():
    (row,) = rows_of("Từ nay đến năm 2021, giảm 5 đơn vị.", None)
    assert (row.kind, row.start_date, row.end_date) == ("range", None, date(2021, 12, 31))
    (row,) = rows_of("Từ năm 2012 đến nay, xã có 3 mô hình.", None)
    assert (row.kind, row.start_date, row.end_date) == ("range", date(2012, 1, 1), None)


@pytest.mark.parametrize("capital", [str.upper, str.lower, str.title])
def test_capitals_do_not_matter(capital):
    text = capital("hội nghị tổng kết năm 2022, giai đoạn 2022-2025, ngày 9 tháng 1 năm 2023")
    assert [(r.start_date, r.end_date) for r in rows_of(text)] == [
        (date(2022, 1, 1), date(2022, 12, 31)),
        (date(2022, 1, 1), date(2025, 12, 31)),
        (date(2023, 1, 9), date(2023, 1, 9)),
    ]


def test_centuries():
    assert [century_number(t) for t in ("xx", "xxi", "xix", "iv", "20", "abc")] == [20, 21, 19, 4, 20, None]


def test_the_rules_hold_their_examples():
    assert [line for line in check_rules(RULES) if "rules/dates.yml" in line] == []


PIECES = st.sampled_from(
    "ngày 9/1 9/1/2023 tháng 3 năm 2019 2023 - – , ( ) và từ đến nay sáng chiều thứ Hai quý I 6 đầu cuối 30/4 mùng Tết "
    "31/2 28-29/11 hằng 8h30 İ cùng tuần này 99/99 rằm Bảy âm lịch nhuận Quý Mão thế kỷ XX những 90 Q1 T3/2021".split(
        " "
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join), st.sampled_from([None, "2024-02-29", "2023-01-10", "2019-12-31"]))
def test_any_mixture_gives_ordered_separate_rows(text, published):
    rows = rows_of(text, published)
    assert rows == rows_of(text, published)
    for row in rows:
        assert canonical_text(text)[row.start : row.end] == row.quote
        if row.start_date and row.end_date:
            assert row.start_date <= row.end_date
    for left, right in pairwise(rows):
        assert left.end <= right.start
