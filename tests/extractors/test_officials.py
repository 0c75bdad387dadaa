"""What marked-up sentences cannot show: ids, links, mentions by post, and that nothing breaks."""

import itertools
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.extractors import officials
from extractor.extractors._officials_scan import scan
from extractor.extractors._officials_tables import plain, tables_of
from extractor.model import content_id
from extractor.rules import load_rules
from extractor.text import canonical_text, fold

RULES = load_rules()
NLP = spacy.blank("xx")  # words only; the rules read characters

NEWS = (
    "Huyện họp giao ban\n"
    "Đồng chí Lò Văn Hặc, Phó Bí thư Huyện ủy, Chủ tịch UBND huyện chủ trì. Bà Sùng Thị Mỷ - Chủ tịch Hội LHPN huyện dự.\n"
    "Đồng chí Chủ tịch UBND huyện nhấn mạnh việc giữ rừng. Ông Hặc yêu cầu các xã báo cáo. Chủ tịch UBND tỉnh sẽ trả lời."
)


def rows(text):
    doc = NLP(text)
    made = list(officials.extract(doc, RULES))
    return doc, [r for r in made if r.TABLE == "officials"], [r for r in made if r.TABLE == "positions"]


def test_mentions_of_one_person_share_their_id_and_full_name():
    doc, people, _ = rows(NEWS)
    mine = [r for r in people if r.name == "Lò Văn Hặc"]
    assert [r.quote for r in mine] == ["Lò Văn Hặc", "Hặc"]
    assert {r.person_id for r in mine} == {content_id("person", mine[0].article_id, fold("Lò Văn Hặc"))}
    assert len({r.person_id for r in people}) == 2
    assert all(doc.text[r.start : r.end] == r.quote for r in people)


def test_positions_belong_to_their_mention():
    _, people, posts = rows(NEWS)
    by_id = {r.official_id: r for r in people}
    for post in posts:
        assert post.quote in by_id[post.official_id].positions
        assert post.person_id == by_id[post.official_id].person_id
    assert [p.quote for p in posts] == ["Phó Bí thư Huyện ủy", "Chủ tịch UBND huyện", "Chủ tịch Hội LHPN huyện"]


def test_mentions_by_post_alone():
    doc, people, _ = rows(NEWS)
    found = officials.post_mentions(doc, RULES)
    assert [(doc.text[start:end], name) for start, end, _, name in found] == [
        ("Đồng chí Chủ tịch UBND huyện", "Lò Văn Hặc")
    ]
    assert found[0][2] == next(r.person_id for r in people if r.name == "Lò Văn Hặc")


def test_a_post_of_another_level_is_nobody():
    doc, _, _ = rows("Ông Lê Văn Bền, Chủ tịch UBND xã dự. Chủ tịch UBND tỉnh chủ trì.")
    assert officials.post_mentions(doc, RULES) == []


def test_a_shorter_wording_of_a_post_is_given_as_the_fullest():
    _, people, posts = rows("Bộ trưởng Bộ Y tế Lê Văn Bền phát biểu. Bộ trưởng Lê Văn Bền kết luận.")
    assert [r.positions for r in people] == [("Bộ trưởng Bộ Y tế",)] * 2
    assert [p.quote for p in posts] == ["Bộ trưởng Bộ Y tế", "Bộ trưởng"]


def test_a_name_in_capitals_is_the_same_person():
    _, people, _ = rows("ĐỒNG CHÍ LÒ VĂN HẶC CHỦ TRÌ HỘI NGHỊ\nĐồng chí Lò Văn Hặc, Bí thư Huyện ủy chủ trì.")
    assert [(r.quote, r.name) for r in people] == [("LÒ VĂN HẶC", "Lò Văn Hặc"), ("Lò Văn Hặc", "Lò Văn Hặc")]


@pytest.mark.parametrize("spelling", ["Huyện ủy", "Huyện uỷ", "huyện ủy", "HUYỆN ỦY"])
def test_spelling_does_not_matter(spelling):
    _, _, posts = rows(f"Ông Lê Văn Bền, Bí thư {spelling}, phát biểu.")
    assert [p.title for p in posts] == ["Bí thư"]
    assert plain(posts[0].organisation) == "huyện ủy"


def test_plain_spelling_keeps_offsets():
    text = "Uỷ ban İstanbul – hoà bình’ quý"
    assert len(plain(text)) == len(text)
    assert plain("Uỷ HOÀ quý hoàn K’Choi –") == "ủy hòa quý hoàn k'choi -"


PIECES = st.sampled_from(
    ["Đồng chí ", "ông ", "các đồng chí: ", "Nguyễn Văn An", "K’Choi", "Đắk R’lấp", "Chủ tịch ", "UBND ", "huyện ", "Phó ",
     "Trưởng ", "ban ", "và ", ", ", " - ", ": ", "(", ")", "; ", "\n", ". ", "TP.", "nguyên ", "12 ", "khóa X", "HCM", "“", "Y "]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=80)))
def test_any_text_is_read_and_every_span_holds_its_words(text):
    text = canonical_text(text)
    found = scan(text, tables_of(RULES))
    assert len(found.low) == len(text)
    if text:
        doc = NLP(text)
        for record in officials.extract(doc, RULES):
            assert doc.text[record.start : record.end] == record.quote
        for start, end, _, name in officials.post_mentions(doc, RULES):
            assert 0 <= start < end <= len(text)
            assert name


def test_a_short_name_means_the_one_named_last():
    text = "Ông Lê Văn Bền, Bí thư Huyện ủy. Ông Bền dự. Bà Hà Thị Bền, Chủ tịch UBND xã. Bà Bền nói. Ông Lê Văn Bền về. Ông Bền ở lại."
    _, people, _ = rows(text)
    named = [(r.quote, r.name) for r in sorted(people, key=lambda r: r.start)]
    assert named == [
        ("Lê Văn Bền", "Lê Văn Bền"), ("Bền", "Lê Văn Bền"), ("Hà Thị Bền", "Hà Thị Bền"), ("Bền", "Hà Thị Bền"),
        ("Lê Văn Bền", "Lê Văn Bền"), ("Bền", "Lê Văn Bền"),
    ]  # fmt: skip


FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Vũ Võ Đặng Bùi Đỗ Ngô Dương Lý Lò Giàng Vàng".split()
GIVEN = "An Ba Cường Dũng Giang Hà Khoa Lan Minh Nam Oanh Quân Sơn Tuấn Uyên Việt Yên Bình Chi Đạt".split()
PEOPLE = [f"{f} {m} {g}" for m, g, f in itertools.product(GIVEN, GIVEN, FAMILIES)]


def long_text(shape, size):
    """A text of about `size` characters of one shape; `{}` is another person each time."""
    out, length = [], 0
    for person in itertools.cycle(PEOPLE):
        out.append(shape.replace("{}", person).replace("{UP}", person.upper()).replace("{G}", person.split()[-1]))
        length += len(out[-1])
        if length >= size:
            return "".join(out).strip()
    return ""


def steps(text):
    """How many calls of functions, Python's and C's, the extractor makes for a text."""
    doc, count = NLP(text), 0

    def watch(_frame, event, _arg):
        nonlocal count
        count += event in ("call", "c_call")

    officials.article_of(doc)
    sys.setprofile(watch)
    try:
        for _ in officials.extract(doc, RULES):
            pass
        officials.post_mentions(doc, RULES)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "shape",
    [
        "ông Nguyễn Văn Tuấn, Chủ tịch UBND huyện; ", "ông {}, Chủ tịch UBND xã {G} Sơn; ", "{}, ", "đồng chí {}, ",
        "Chủ tịch UBND huyện, ", "Chủ tịch UBND xã {G} Sơn. ", "UBND và ", "Ông {}, Bí thư Huyện ủy.\nÔng {G} nói. Bí thư Huyện ủy dự.\n",
        "ÔNG {UP}, CHỦ TỊCH UBND HUYỆN ", "{UP} ", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n{}\n", "ông {} được bầu giữ chức Phó Chủ tịch UBND huyện, ",
        "bầu ông {} và ", "{} và {}, đều là Phó Chủ tịch, ", "Ông Lê Văn Bền, Chủ tịch Hội {G} và bà {G}. ", "các Phó Chủ tịch: {}, ",
    ],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(shape):
    steps(long_text(shape, 500))  # what is made once is made before
    short, long = long_text(shape, 6_000), long_text(shape, 24_000)
    assert steps(long) < 1.5 * len(long) / len(short) * steps(short)
