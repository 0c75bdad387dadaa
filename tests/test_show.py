import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.model import Article, DateRecord, Extraction, MeetingRecord, OfficialRecord, content_id, make_record
from extractor.nlp import extract_article
from extractor.show import all_records, html_page, print_marked
from extractor.text import canonical_text


def article(text, url=None):
    return Article(
        article_id="a",
        url=url,
        title=text.split("\n")[0],
        text=text,
        published_at="2022-05-06",
        content_sha256=content_id(text),
    )


class Page(HTMLParser):
    """Reads a page's text, marks, anchors and everything that could run."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.tags, self.text, self.marks = [], [], set(), [], []
        self.open = []
        self.feed(html)
        self.close()
        assert self.open == [], "every tag is closed"

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        attributes = dict(attrs)
        assert not any(name.startswith("on") for name in attributes)
        if tag not in ("meta", "br"):
            self.open.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "href" in attributes:
            self.links.append(attributes["href"])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if any(tag in ("h1", "p") for tag, _ in self.open) and not any(
            "meta" in (a.get("class") or "") for _, a in self.open
        ):
            self.text.append(data)
            if any("m " in (a.get("class") or "") for _, a in self.open):
                self.marks.append(data)


@pytest.fixture
def extraction():
    base = article("Họp xã\nSáng 6/5/2022, xã Nậm Ty họp; bà Mùa Thị Chá chủ trì.")
    common = {"rule_id": "r", "rules_version": "v"}

    def at(words):
        start = base.text.index(words)
        return start, start + len(words)

    meeting = make_record(
        MeetingRecord, base, *at("Sáng 6/5/2022, xã Nậm Ty họp"), kind="meeting", title="họp", **common
    )
    day = make_record(
        DateRecord, base, *at("Sáng 6/5/2022"), kind="time", value="2022-05-06TMO", start_date=None, end_date=None,
        granularity="part_of_day", resolved_by="explicit", **common,
    )  # fmt: skip
    official = make_record(
        OfficialRecord, base, *at("Mùa Thị Chá"), name="Mùa Thị Chá", honorific="bà", person_id="p", **common
    )
    return Extraction(base, {"dates": (day,), "meetings": (meeting,), "officials": (official,)})


def test_a_page_marks_every_record_and_links_it_to_its_row(extraction):
    page = Page(html_page([extraction, extraction]))
    assert "".join(page.text) == 2 * extraction.article.text.replace("\n", "")
    assert "".join(page.marks) == 2 * "Sáng 6/5/2022, xã Nậm Ty họpMùa Thị Chá"
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert inner
    assert set(inner) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    for record in all_records(extraction):
        assert f"r0-{record.TABLE}-{getattr(record, record.ID)}" in page.ids
        assert f"m1-{record.TABLE}-{getattr(record, record.ID)}" in page.ids


def test_a_page_has_a_legend_and_vietnamese_labels(extraction):
    html = html_page([extraction])
    for words in ("Thời gian", "Hội họp", "Cán bộ", "Cách gọi", "Chú giải"):
        assert words in html
    assert "default-src 'none'" in html


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>x</script>",
    "&lt;b&gt; &amp;",
    "javascript:alert(1)",
    "\u202eđảo ngược\u202c",
    "<a href='javascript:x' id=\"y\">",
]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), min_size=1, max_size=5).map("\n".join).map(canonical_text)
)
def test_hostile_text_only_appears(nlp, text):
    if not text:
        return
    found = extract_article(nlp, article(text, url=text.split("\n")[0]))
    page = Page(html_page([found]))
    assert "".join(page.text) == text.replace("\n", "")
    assert not page.tags & {"script", "img", "iframe", "object", "base"}
    assert all(re.match(r"#|https?://", link) for link in page.links)


def test_the_terminal_shows_text_records_and_labels(extraction, capsys):
    print_marked(extraction)
    out = " ".join(capsys.readouterr().out.split())
    assert "xã Nậm Ty họp; bà Mùa Thị Chá chủ trì." in out
    assert "Cán bộ (1) Mùa Thị Chá" in out
    assert "Cách gọi: bà" in out
    assert "\x1b" not in out, "no colours where there is no terminal"


WORDS = [
    "Sáng ngày 6/5/2022,", "đồng chí Mùa Thị Chá –", "Chủ tịch UBND xã", "chủ trì hội nghị", "ít nhất 5 ha,", "kỷ niệm 60 năm Ngày",
    "thành lập xã (1/2/1962-1/2/2022)", "\n", " ", ". ", "từ ngày", "5 đến 7/3", "100%", "đến năm 2025", "(", ")", "“", "dự và phát biểu",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=25).map(" ".join))
def test_quotes_hold_their_offsets_for_any_text(nlp, text):
    text = canonical_text(text)
    if not text:
        return
    found = extract_article(nlp, article(text))
    for record in all_records(found):
        assert text[record.start : record.end] == record.quote
