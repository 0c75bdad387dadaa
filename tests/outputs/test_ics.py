import json
from datetime import date, datetime

import icalendar
import pytest

from extractor import engine
from extractor.errors import ExtractorError
from extractor.outputs.ics import write_ics
from extractor.outputs.report import write_report

NEWS = [
    {
        "url": "https://huyen.example/1",
        "title": "Huyện chuẩn bị kỷ niệm ngày thành lập",
        "published_at": "2024-02-01",
        "body": (
            "Sáng 20/2, UBND huyện sẽ tổ chức hội nghị triển khai công tác trồng rừng năm 2024 tại xã Tân Lập.\n"
            "Hội nghị hướng tới kỷ niệm 60 năm Ngày thành lập huyện (10/3/1964 - 10/3/2024) và Giỗ Tổ Hùng Vương"
            " (10/3 âm lịch). Ông Lê Văn Bình, Chủ tịch UBND huyện chủ trì. Huyện phấn đấu trồng 500 ha rừng trong năm 2024."
        ),
    },
    {
        "url": "https://huyen.example/2",
        "title": "Họp về, phòng; cháy",
        "published_at": "2024-01-10",
        "body": 'Chiều 9/1, UBND huyện tổ chức cuộc họp về phòng, chống cháy rừng. "=1+1"\nBà Trần Thị Hoa, Phó Chủ tịch UBND huyện chủ trì <b>cuộc họp</b>.',
    },
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ics")
    lines = "\n".join(json.dumps(article, ensure_ascii=False) for article in NEWS)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")
    engine.run([str(folder / "news.jsonl")], folder / "data")
    return folder / "data"


def events(data, path, since, **options):
    write_ics(data, str(path), since, **options)
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    assert not calendar.errors
    return {str(e["summary"]): e for e in calendar.walk("VEVENT")}


def test_planned_meetings_and_yearly_anniversaries(data, tmp_path):
    found = events(data, tmp_path / "a.ics", date(2024, 2, 2))
    meeting = found["Hội nghị triển khai công tác trồng rừng năm 2024"]
    assert meeting["dtstart"].dt.isoformat() == "2024-02-20T08:00:00+07:00"
    assert meeting["location"] == "xã Tân Lập"
    assert "không nêu giờ" in meeting["description"], "the hours shown are not the article's"
    founding = found["Ngày thành lập huyện"]
    assert founding["dtstart"].dt == date(2024, 3, 10)
    assert founding["rrule"]["freq"] == ["YEARLY"]
    assert not any("cháy rừng" in summary for summary in found)


def test_a_lunar_day_is_written_for_ten_years_on_its_solar_day(data, tmp_path):
    write_ics(data, str(tmp_path / "a.ics"), date(2024, 2, 2))
    calendar = icalendar.Calendar.from_ical((tmp_path / "a.ics").read_bytes())
    days = [e["dtstart"].dt for e in calendar.walk("VEVENT") if "Giỗ Tổ" in e["summary"]]
    # The 10th of the third lunar month, by the published Vietnamese calendars of those years.
    assert days[:3] == [date(2024, 4, 18), date(2025, 4, 7), date(2026, 4, 26)]
    assert len(days) == 10


def test_past_meetings_are_left_out_unless_asked_for(data, tmp_path):
    found = events(data, tmp_path / "a.ics", date(2025, 1, 1), held=True)
    fire = next(event for summary, event in found.items() if "cháy rừng" in summary)
    assert fire["dtstart"].dt == datetime.fromisoformat("2024-01-09T14:00:00+07:00")
    assert fire["status"] == "CONFIRMED"


def test_the_same_archive_gives_the_same_bytes_and_stable_ids(data, tmp_path):
    for name in ("a", "b"):
        write_ics(data, str(tmp_path / f"{name}.ics"), date(2024, 2, 2))
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()
    later = events(data, tmp_path / "c.ics", date(2024, 6, 1))
    first = events(data, tmp_path / "d.ics", date(2024, 2, 2))
    assert later["Ngày thành lập huyện"]["uid"] == first["Ngày thành lập huyện"]["uid"]
    assert later["Ngày thành lập huyện"]["dtstart"].dt == date(2025, 3, 10)


def uids(news, folder, since=date(2024, 1, 1)):
    """The ids of the meetings after running over some news, by summary."""
    folder.mkdir(exist_ok=True)
    lines = "\n".join(json.dumps(article, ensure_ascii=False) for article in news)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")
    engine.run([str(folder / "news.jsonl")], folder / "data")
    found = events(folder / "data", folder / "a.ics", since)
    return {s: (str(e["uid"]), int(e["sequence"])) for s, e in found.items() if "sequence" in e}


def test_a_revised_article_moves_its_meeting_instead_of_adding_one(tmp_path):
    first = uids(NEWS, tmp_path / "one")
    later = [{**NEWS[0], "body": "Tin sửa lại.\n" + NEWS[0]["body"].replace("20/2", "22/2")}, NEWS[1]]
    second = uids(later, tmp_path / "one")
    (name,) = first
    assert second[name] == (first[name][0], 1), "the same id, the next sequence number"


def test_a_month_is_no_day(tmp_path):
    news = [
        {
            **NEWS[1],
            "title": "Đại hội",
            "body": "Đại hội Hội Nông dân huyện lần thứ VI sẽ được tổ chức vào tháng 3/2024.",
        }
    ]
    uids(news, tmp_path / "month")
    (event,) = icalendar.Calendar.from_ical((tmp_path / "month" / "a.ics").read_bytes()).walk("VEVENT")
    assert "chưa rõ ngày" in event["summary"]
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2024, 3, 1), date(2024, 4, 1))
    assert event["transp"] == "TRANSPARENT"


def test_the_report_tells_each_thing_with_its_source(data, tmp_path):
    digest = write_report(data, str(tmp_path / "r.html"), date(2024, 1, 1), date(2024, 2, 29))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert len(digest.meetings) >= 1
    for words in ("ĐIỂM TIN", "01/01/2024", "Trần Thị Hoa", "trồng 500 ha", "https://huyen.example/1"):
        assert words in page
    assert "<b>cuộc họp</b>" not in page


def test_the_report_has_real_word_footnotes_and_the_same_bytes(data, tmp_path):
    import zipfile

    from docx import Document

    for name in ("a", "b"):
        write_report(data, str(tmp_path / f"{name}.docx"), date(2024, 1, 1), date(2024, 2, 29))
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    assert any("ĐIỂM TIN" in p.text for p in Document(tmp_path / "a.docx").paragraphs)
    with zipfile.ZipFile(tmp_path / "a.docx") as parts:
        notes = parts.read("word/footnotes.xml").decode()
        body = parts.read("word/document.xml").decode()
    assert body.count("footnoteReference") >= 3
    assert "Huyện chuẩn bị kỷ niệm" in notes


def test_an_empty_period_says_so(data, tmp_path):
    digest = write_report(data, str(tmp_path / "r.html"), date(1990, 1, 1), date(1990, 1, 31))
    assert digest.n_articles == 0
    assert "ĐIỂM TIN" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("output", "since", "until", "says"),
    [
        ("r.pdf", date(2024, 1, 1), date(2024, 1, 2), ".docx or .html"),
        ("r.docx", date(2024, 1, 2), date(2024, 1, 1), "before it begins"),
    ],
)
def test_a_wrong_report_is_refused_in_words(data, tmp_path, output, since, until, says):
    with pytest.raises(ExtractorError, match=says):
        write_report(data, str(tmp_path / output), since, until)
