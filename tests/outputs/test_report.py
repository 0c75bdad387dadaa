import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from extractor import engine
from extractor.dataset.reader import Reader
from extractor.outputs.rank import LAST, Post, highest, rank
from extractor.outputs.report import write_report
from extractor.outputs.report_blocks import blocks, clean, shortened, show_partial
from extractor.outputs.report_data import sentence
from extractor.outputs.report_digest import number, read_digest
from extractor.outputs.report_docx import docx_report
from extractor.outputs.report_html import html_report

MONTH = (date(2024, 3, 1), date(2024, 3, 31))
NEWS = [
    {
        "url": "https://mot.example/hop",
        "title": "Huyện Mường Tè họp bàn thu ngân sách",
        "published_at": "2024-03-13",
        "body": (
            "Sáng 12/3, UBND huyện Mường Tè tổ chức hội nghị bàn giải pháp thu ngân sách năm 2024. Dự hội nghị có ông Lò Văn Páo,"
            " Trưởng phòng Tài chính - Kế hoạch huyện; bà Vàng Thị Mỷ, Phó Chủ tịch UBND tỉnh. Ông Giàng A Dế, Bí thư Huyện ủy chủ trì hội nghị.\n"
            "Huyện phấn đấu trồng mới ít nhất 150 ha quế trong năm 2024."
        ),
    },
    {
        "url": "https://hai.example/hop",
        "title": "Hội nghị bàn giải pháp thu ngân sách",
        "published_at": "2024-03-14",
        "body": (
            "Sáng 12/3, UBND huyện Mường Tè tổ chức hội nghị bàn giải pháp thu ngân sách năm 2024."
            " Ông Giàng A Dế, Bí thư Huyện ủy chủ trì hội nghị."
        ),
    },
    {
        "url": "https://hai.example/bao-truoc",
        "title": "Chuẩn bị đại hội",
        "published_at": "2024-03-20",
        "body": "Sáng 9/4, Hội Nông dân huyện sẽ tổ chức đại hội đại biểu Hội Nông dân huyện lần thứ IX tại Nhà văn hóa huyện.\n"
        "Hoạt động chào mừng kỷ niệm 60 năm Ngày thành lập xã (20/4/1964 - 20/4/2024).",
    },
]  # fmt: skip


def archive(folder, news):
    folder.mkdir(exist_ok=True)
    lines = "\n".join(json.dumps(article, ensure_ascii=False) for article in news)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")
    engine.run([str(folder / "news.jsonl")], folder / "data")
    return folder / "data"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return archive(tmp_path_factory.mktemp("report"), NEWS)


def digest_of(data, rules, days=MONTH, source=None):
    with Reader(data) as reader:
        return read_digest(reader.connection, *days, source, rules)


def test_one_gathering_told_twice_is_told_once_with_both_footnotes(data, rules):
    (meeting,) = digest_of(data, rules).meetings
    assert {note.url for note in meeting.notes} == {"https://mot.example/hop", "https://hai.example/hop"}
    chair = next(guest for guest in meeting.guests if guest.name == "Giàng A Dế")
    assert len(chair.notes) == 2
    assert "chair" in chair.roles
    assert "Giàng A Dế" in chair.notes[0].quote, "the note quotes the sentence"


def test_officials_stand_in_order_of_rank(data, rules):
    (meeting,) = digest_of(data, rules).meetings
    assert [guest.name for guest in meeting.guests] == ["Vàng Thị Mỷ", "Giàng A Dế", "Lò Văn Páo"]


def test_goals_stand_with_the_meeting_whose_article_states_them(data, rules):
    digest = digest_of(data, rules)
    (goal,) = digest.meetings[0].targets
    assert "150 ha quế" in goal.words
    assert goal.deadline == date(2024, 12, 31)
    assert not digest.targets


def test_what_comes_next_is_what_was_announced_by_then(data, rules):
    digest = digest_of(data, rules)
    (planned,) = digest.planned
    assert planned.start == date(2024, 4, 9)
    assert planned.location == "Nhà văn hóa huyện"
    (coming,) = digest.coming
    assert (coming.day, coming.years) == (date(2024, 4, 20), 60)
    assert not digest_of(data, rules, (date(2024, 3, 1), date(2024, 3, 15))).planned, "announced on the 20th"


def test_only_one_source(data, rules):
    digest = digest_of(data, rules, source="hai.example")
    assert digest.n_articles == 2
    assert {n.source for m in digest.meetings for g in m.guests for n in g.notes} == {"hai.example"}


def test_a_corrected_target_is_told_as_corrected(tmp_path, rules):
    from extractor.dataset.corrections import decide

    data = archive(tmp_path, NEWS[:1])
    connection = sqlite3.connect(data / "archive.sqlite")
    (target,) = connection.execute("SELECT target_id FROM targets").fetchone()
    decide(connection, "targets", target, "correct", "Thu Hiền", {"value": 1250.5})
    connection.commit()
    connection.close()
    (goal,) = digest_of(data, rules).meetings[0].targets
    assert "1.250,5 ha" in goal.words
    assert "150 ha" not in goal.words


def test_every_footnote_of_the_page_has_its_place_and_a_way_back(data, tmp_path):
    write_report(data, str(tmp_path / "r.html"), *MONTH, explorer="http://127.0.0.1:8001/")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    numbers = re.findall(r'<li id="note-(\d+)">', page)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) >= 10
    for n in numbers:
        assert page.count(f'id="ref-{n}" href="#note-{n}"') == 1
        assert page.count(f'href="#ref-{n}"') == 1
    for words in ("Thứ Ba, 12/03/2024", "http://127.0.0.1:8001/article/", "#row-", "20/04/2024"):
        assert words in page


def test_word_footnotes_are_a_part_of_their_own(data, tmp_path):
    write_report(data, str(tmp_path / "r.docx"), *MONTH)
    with zipfile.ZipFile(tmp_path / "r.docx") as parts:
        body, notes = (parts.read(f"word/{name}.xml").decode() for name in ("document", "footnotes"))
        types, settings = parts.read("[Content_Types].xml").decode(), parts.read("word/settings.xml").decode()
        links = parts.read("word/_rels/footnotes.xml.rels").decode()
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    marks = re.findall(r'<w:footnoteReference w:id="(\d+)"', body)
    assert marks == re.findall(r'<w:footnote w:id="(\d+)"', notes)
    assert "footnotes+xml" in types
    assert "w:footnotePr" in settings
    assert "https://mot.example/hop" in links


def test_an_empty_period_says_so_in_one_line(data, tmp_path):
    write_report(data, str(tmp_path / "r.docx"), date(1990, 1, 1), date(1990, 1, 31))
    words = [p.text for p in Document(tmp_path / "r.docx").paragraphs]
    assert "Không có tin nào trong kỳ này." in words


HOSTILE = '<script>alert(1)</script> \u202e=HYPERLINK("x")\x07 & "'


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_hostile_words_only_appear(data, rules, lang):
    digest = digest_of(data, rules)
    meeting = digest.meetings[0]
    bad = replace(
        meeting.notes[0], title=HOSTILE, quote=HOSTILE, url="javascript:alert(1)", article_id='"><img>', row_id="'x"
    )
    worse = replace(bad, url='https://a.example/"onclick="x')
    hostile = replace(digest, meetings=(replace(meeting, title=HOSTILE, host=HOSTILE, notes=(bad, worse)),))
    page = html_report(blocks(hostile, lang), lang, "http://127.0.0.1:8001").decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert 'onclick="x' not in page.replace("&quot;", "")
    assert "\u202e" not in page
    assert "\x07" not in page
    document = docx_report(blocks(hostile, lang), lang)
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        assert b"javascript" not in parts.read("word/_rels/footnotes.xml.rels")
        assert "&lt;script&gt;" in parts.read("word/footnotes.xml").decode()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Post("Bộ trưởng", None, "central"), Post("Bí thư", "Tỉnh ủy", "province")),
        (Post("Phó Giám đốc", "Sở Nội vụ", "province"), Post("Bí thư", "Huyện ủy", "district")),
        (Post("Bí thư", "Huyện uỷ", "district"), Post("Chủ tịch", "Ủy ban nhân dân huyện", "district")),
        (Post("Chủ tịch", "Hội đồng nhân dân xã", "commune"), Post("Chủ tịch", "Ủy ban nhân dân xã", "commune")),
        (Post("Phó Bí thư Thường trực", "Đảng ủy xã", "commune"), Post("Phó Bí thư", "Đảng ủy xã", "commune")),
        (Post("Phó Bí thư", "Huyện ủy", "district"), Post("Bí thư", "Đảng ủy Quân sự huyện", "district")),
        (Post("Bí thư", "Huyện ủy", "district"), Post("Bí thư", "Huyện ủy", "district", former=True)),
        (Post("Trưởng thôn", None, "village"), Post("Giáo viên", "Trường tiểu học", "village")),
    ],
)
def test_rank(rules, first, second):
    assert rank(first, rules) < rank(second, rules) < LAST


def test_a_post_without_level_takes_the_usual_one_and_the_highest_post_counts(rules):
    bare, chief = Post("Chủ tịch", "Ủy ban nhân dân", None), Post("Bí thư", "Huyện ủy", "district")
    assert rank(bare, rules, "district")[0] == rank(chief, rules)[0]
    assert highest([bare, chief], rules) == rank(chief, rules)
    assert highest([], rules) == LAST


def test_a_long_sentence_is_cut_at_words():
    text = "Mở đầu. " + "từ " * 100 + "ĐÂY " + "từ " * 100 + ". Hết."
    at = text.index("ĐÂY")
    cut = sentence(text, at, at + 3)
    assert cut.startswith("… từ")
    assert cut.endswith("từ …")
    assert len(cut) < 240
    assert sentence("Một. Hai ba; bốn", 5, 8) == "Hai ba"


def test_small_forms():
    assert (number(1250.5), number(14000.0), number(0.25)) == ("1.250,5", "14.000", "0,25")
    assert (show_partial("1963-10-30"), show_partial("1963-10"), show_partial("1963")) == (
        "30/10/1963",
        "10/1963",
        "1963",
    )
    assert clean("a\u202e b\x00\n c") == "a b c"
    assert shortened("một hai ba", 8) == "một hai…"
