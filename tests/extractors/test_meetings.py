import datetime

import pytest

from extractor.extractors._meetings_names import find_mentions
from extractor.extractors._meetings_places import pieces_of
from extractor.extractors._meetings_same import ordinal
from extractor.extractors._meetings_tables import tables_of
from extractor.extractors._meetings_text import View
from extractor.model import as_row
from extractor.nlp import extract_text

ARTICLE = """Xã Tân Hòa đối thoại với nông dân
Sáng 14/5, tại nhà văn hóa thôn 2, UBND xã Tân Hòa tổ chức hội nghị đối thoại với nông dân năm 2024.
Dự hội nghị có đồng chí Lê Văn Phúc, Phó Chủ tịch UBND huyện; đồng chí Trịnh Thị Sen, Chủ tịch Hội Nông dân huyện.
Ông Đoàn Minh Tâm, Chủ tịch UBND xã chủ trì hội nghị.
Phát biểu tại hội nghị, đồng chí Lê Văn Phúc đề nghị xã giải quyết dứt điểm các kiến nghị.
Dự kiến ngày 20/6, xã sẽ tổ chức hội nghị sơ kết công tác khuyến nông."""


@pytest.fixture(scope="module")
def tables(nlp):
    return extract_text(nlp, ARTICLE, "2024-05-15").tables


def test_each_gathering_is_one_row_however_often_it_is_mentioned(tables):
    assert [(m.kind, m.quote) for m in tables["meetings"]] == [
        ("dialogue", "hội nghị đối thoại với nông dân năm 2024"),
        ("conference", "hội nghị sơ kết công tác khuyến nông"),
    ]


def test_a_meeting_has_its_slots_and_points_to_its_date(tables):
    first = tables["meetings"][0]
    assert (first.host, first.location, first.part_of_day, first.status) == (
        "UBND xã Tân Hòa", "nhà văn hóa thôn 2", "morning", "held",
    )  # fmt: skip
    assert first.start_date == first.end_date == datetime.date(2024, 5, 14)
    assert [d.quote for d in tables["dates"] if d.date_id == first.date_id] == ["Sáng 14/5"]


def test_what_lies_ahead_is_planned_and_nobody_took_part_in_it(tables):
    planned = [m for m in tables["meetings"] if m.status == "planned"]
    assert [m.start_date for m in planned] == [datetime.date(2024, 6, 20)]
    assert planned[0].meeting_id not in {p.meeting_id for p in tables["participations"]}


def test_roles_are_one_row_for_each_person_and_role(tables):
    assert sorted((p.official, p.role) for p in tables["participations"]) == [
        ("Lê Văn Phúc", "attendee"),
        ("Lê Văn Phúc", "speaker"),
        ("Trịnh Thị Sen", "attendee"),
        ("Đoàn Minh Tâm", "chair"),
    ]


def test_a_participation_quotes_the_words_that_say_so(tables):
    chair = next(p for p in tables["participations"] if p.role == "chair")
    assert chair.quote == "chủ trì"
    assert ARTICLE[chair.start : chair.end] == chair.quote
    persons = {o.person_id for o in tables["officials"]}
    assert {p.person_id for p in tables["participations"]} <= persons


def test_the_same_text_gives_the_same_rows(nlp, tables):
    again = extract_text(nlp, ARTICLE, "2024-05-15").tables
    for table in ("meetings", "participations"):
        assert [as_row(r) for r in again[table]] == [as_row(r) for r in tables[table]]


def test_an_upper_case_title_is_read_like_any_other(nlp):
    found = extract_text(nlp, "ĐẢNG ỦY XÃ LONG MỸ TỔ CHỨC HỘI NGHỊ TỔNG KẾT NĂM 2022").tables["meetings"]
    assert [(m.quote, m.host) for m in found] == [("HỘI NGHỊ TỔNG KẾT NĂM 2022", "ĐẢNG ỦY XÃ LONG MỸ")]


def test_who_speaks_in_a_paragraph_speaks_at_the_gathering_that_it_reports(nlp):
    tables = extract_text(
        nlp,
        "Tin\nNgày 9/12/2025, HĐND phường tổ chức kỳ họp thứ 4.\n"
        "Chiều cùng ngày, UBND phường tổ chức hội nghị đánh giá chuyển đổi số. "
        "Nhiều tổ công nghệ được khen. "
        "Bà Đoàn Thị Hiếu, Trưởng phòng Văn hóa cho biết hồ sơ đúng hạn đạt 99%.",
    ).tables
    kinds = {m.meeting_id: m.kind for m in tables["meetings"]}
    assert [kinds[p.meeting_id] for p in tables["participations"]] == ["conference"]


def test_without_a_gathering_there_are_no_roles(nlp):
    found = extract_text(nlp, "Ông Lê Văn Phúc, Chủ tịch UBND xã cho biết đường đã thông.").tables
    assert found["officials"]
    assert not found["meetings"]
    assert not found["participations"]


@pytest.mark.parametrize("letter", ["İ", "ẞ"])
def test_letters_whose_small_form_is_longer_do_not_shift_offsets(nlp, letter):
    text = f"{letter}{letter} Sáng 3/4, UBND xã tổ chức hội nghị tổng kết phong trào."
    (meeting,) = extract_text(nlp, text, "2024-04-05").tables["meetings"]
    assert text[meeting.start : meeting.end] == meeting.quote == "hội nghị tổng kết phong trào"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("hội nghị lần thứ 17", 17), ("kỳ họp thứ tám", 8), ("đại hội xii", 12), ("đại hội lần thứ xiv", 14),
        ("hội nghị lần thứ mười hai", 12), ("hội nghị hiệp thương lần hai", 2), ("hội nghị tổng kết", None),
    ],
)  # fmt: skip
def test_ordinals_in_digits_words_and_roman_numerals(name, number):
    assert ordinal(name) == number


def test_commas_in_brackets_do_not_part_a_place():
    text = "trường tiểu học (thôn 1, xã hòa), huyện krông bông"
    assert [text[a:b].strip() for a, b in pieces_of(text, 0, len(text))] == [
        "trường tiểu học (thôn 1, xã hòa)",
        "huyện krông bông",
    ]


def test_a_name_inside_another_name_is_marked_as_nested(nlp, rules):
    text = "Chiều 6/7, Sở Tư pháp tổ chức họp báo nói rõ những điểm mới của Hội nghị lần thứ 8 Hội Luật gia tỉnh."
    found = find_mentions(View(nlp.tokenizer(text), rules))
    assert [(text[m.start : m.head_end], m.nested) for m in found] == [("họp báo", False), ("Hội nghị", True)]


def test_every_kind_word_says_its_kind(rules):
    kinds = tables_of(rules).kinds
    assert {kind.kind for kind in kinds.values()} == {
        "conference", "meeting", "session", "congress", "working_session", "seminar", "ceremony", "voter_meeting",
        "training", "dialogue", "gathering",
    }  # fmt: skip
    assert all(word == word.lower() for word in kinds)
