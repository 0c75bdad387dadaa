"""The dates and meetings extractors take time in proportion to the article's length, whatever repeats in it.

Work is counted in calls of Python and C functions, which no other program on the machine can disturb; how long a call of
a regular expression takes is bounded by the spans that the extractors give it, which are counted as well.
"""

import cProfile
import pstats

import pytest

from extractor.extractors import dates, meetings, officials
from extractor.extractors._dates_marks import Cues, Marks
from extractor.extractors._meetings_text import _LONGEST, View
from extractor.model import Article, content_id

PIECES = {
    "one endless sentence of days": "Sáng ngày 9/1, ",
    "one endless list of days": "ngày 5, ngày 6, ",
    "years and months": "2019, 3/4 (5/6) tháng 3 quý I năm ngoái ",
    "sentences without anything": "Đoạn rất dài không ngắt. ",
    "one gathering again and again": "hội nghị tổng kết do ông Lê Văn A chủ trì. ",
    "one endless sentence of gatherings": "hội nghị tổng kết công tác hội, ông Lê Văn A dự, ",
    "a report again and again": "Sáng 9/1, UBND xã Tân Hòa tổ chức hội nghị tổng kết năm 2022 tại hội trường xã. Đồng chí Lê "
    "Văn A, Chủ tịch UBND xã chủ trì. Tại hội nghị, Chủ tịch UBND xã đề nghị các thôn làm tốt. ",
}


def document(nlp, text):
    doc = nlp.tokenizer(text)
    doc.user_data["spans"] = False
    doc.user_data["article"] = Article(
        article_id=content_id(text), url=None, title="", text=text, published_at="2023-02-01", content_sha256="0"
    )
    doc.user_data["records"] = {}
    return doc


def calls(module, doc, rules):
    """How many function calls an extractor makes over a document, and its rows."""
    profile = cProfile.Profile()
    rows = profile.runcall(lambda: list(module.extract(doc, rules)))
    return pstats.Stats(profile).total_calls, rows


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_twice_the_text_is_about_twice_the_work(nlp, rules, piece):
    counts = {}
    for size in (6_000, 6_000, 24_000):  # the first run builds the tables of the rules
        doc = document(nlp, (piece * (size // len(piece))).strip())
        counts[size] = []
        for module in (dates, officials, meetings):
            number, rows = calls(module, doc, rules)
            for row in rows:
                doc.user_data["records"].setdefault(row.TABLE, []).append(row)
            if module is not officials:
                counts[size].append(number)
    for small, large in zip(counts[6_000], counts[24_000], strict=True):
        assert large <= 5 * small + 2_000, counts


def test_many_different_gatherings_are_compared_with_few_others(nlp, rules):
    counts = []
    for number in (150, 150, 600):
        text = "".join(
            f"Sáng {i % 28 + 1}/{i % 12 + 1}, xã Hòa {i} tổ chức hội nghị bàn việc số{i} kênh{i * 7} ao{i * 3}. "
            for i in range(number)
        ).strip()
        doc = document(nlp, text)
        doc.user_data["records"]["dates"] = list(dates.extract(doc, rules))
        count, rows = calls(meetings, doc, rules)
        assert len(rows) > 0.9 * number
        counts.append(count)
    assert counts[2] <= 6 * counts[1]


def test_no_sentence_is_read_over_an_unbounded_length(nlp, rules):
    view = View(document(nlp, ("hội nghị tổng kết công tác hội, ông Lê Văn A dự, " * 400).strip()), rules)
    assert max(end - start for start, end in view.sentences) <= _LONGEST
    assert "".join(view.text[a:b] for a, b in view.sentences) == view.text


def test_cues_and_years_are_looked_up_where_they_stand(rules):
    low = "xã đã họp ngày 9/1, năm 2022 đạt; sẽ xong trước 5/3 so với năm 2021. năm 2020 thì 7/7"
    marks = Marks(low, Cues(dates._tables(rules)[0]))
    end = low.index(". ") + 1
    assert marks.lean(0, end, low.index("9/1")) == -1
    assert marks.lean(0, end, low.index("5/3")) == 1
    assert marks.lean(end, len(low), low.index("7/7")) == 0
    assert marks.year_before(low.index("5/3"), 0) == 2022
    assert marks.year_before(low.index("7/7"), end) == 2020
    assert marks.year_before(low.index("9/1"), 0) is None
    assert marks.scope_before(end, 0) == 2022
