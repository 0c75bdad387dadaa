from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import OffsetError
from extractor.model import RECORD_TYPES, Article, DateRecord, as_row, columns, content_id, make_record

ARTICLE = Article(article_id="a", url=None, title="Họp ngày 9/1", text="Họp ngày 9/1", content_sha256="0")
DAY = {"kind": "date", "value": "2023-01-09", "start_date": date(2023, 1, 9), "end_date": date(2023, 1, 9)}
DAY |= {"granularity": "day", "resolved_by": "explicit", "rule_id": "r", "rules_version": "v"}


def test_a_record_holds_its_words_and_a_reproducible_id():
    made = make_record(DateRecord, ARTICLE, 4, 12, **DAY)
    assert made.quote == "ngày 9/1"
    assert made.date_id == content_id("a", 1, "dates", 4, 12)
    assert as_row(made)["start_date"] == "2023-01-09"
    assert next(iter(as_row(made))) == "date_id"


@given(st.integers(-3, 15), st.integers(-3, 15), st.text(max_size=4))
def test_a_span_outside_the_text_or_with_other_words_is_refused(start, end, quote):
    if 0 <= start < end <= len(ARTICLE.text) and ARTICLE.text[start:end] == quote:
        return
    with pytest.raises(OffsetError, match="dates: rule r gave the span"):
        make_record(DateRecord, ARTICLE, start, end, quote=quote, **DAY)


@pytest.mark.parametrize("record_type", RECORD_TYPES.values())
def test_every_table_has_the_common_columns_and_its_id_first(record_type):
    names = list(columns(record_type))
    assert names[0] == record_type.ID
    assert {"article_id", "revision", "quote", "start", "end", "rule_id", "rules_version"} < set(names)
