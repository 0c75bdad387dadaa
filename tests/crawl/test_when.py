import pytest

from extractor.crawl.page import parse_tree
from extractor.crawl.when import find_dates, is_date_line, parse_iso, structured_dates
from extractor.crawl.words import load_words

WORDS = load_words()


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("thứ sáu, 07 06 2019 16:05", "2019-06-07T16:05:00+07:00"),
        ("Cập nhật lúc: 07:45 | 21/02/2024", "2024-02-21T07:45:00+07:00"),
        ("Ngày đăng: 05/08/2019", "2019-08-05"),
        ("Thứ Hai, 05/08/2019, 10:58 GMT+7", "2019-08-05T10:58:00+07:00"),
        ("(26/06/2019)", "2019-06-26"),
        ("(08.08.2019 08:52)", "2019-08-08T08:52:00+07:00"),
        ("8/5/2019 3:58:00 PM", "2019-08-05T15:58:00+07:00"),
        ("05/08/2019 03:58 CH", "2019-08-05T15:58:00+07:00"),
        ("25/08/2019 3:58:00 PM", "2019-08-25T15:58:00+07:00"),
        ("5 Tháng Tám, 2019", "2019-08-05"),
        ("Tháng Mười Hai 5, 2019", "2019-12-05"),
        ("10h30 ngày 5/8/2019", "2019-08-05T10:30:00+07:00"),
        ("Được đăng: 11 Tháng 10 2021", "2021-10-11"),
        ("2019-08-05 10:58:00", "2019-08-05T10:58:00+07:00"),
        ("August 5, 2019", "2019-08-05"),
        ("Đăng lúc: 14 giờ 05 phút, 2/9/2020", "2020-09-02T14:05:00+07:00"),
    ],
)
def test_forms_of_a_date(line, value):
    assert [w.value for w in find_dates(line, WORDS)] == [value]


@pytest.mark.parametrize(
    "line",
    [
        "Quyết định số 12/2019/QĐ-UBND",
        "Điện thoại: 0218.3822.111",
        "giai đoạn 2020-2025",
        "31/02/2023",
        "1.500 cây",
        "99/99/2020",
    ],
)
def test_what_is_no_date(line):
    assert list(find_dates(line, WORDS)) == []


def test_labels_tell_publication_from_update_and_clock():
    found = list(find_dates("Ngày đăng: 05/08/2019 - Cập nhật: 06/08/2019", WORDS))
    assert [(w.value, w.label) for w in found] == [("2019-08-05", "published"), ("2019-08-06", "updated")]
    assert [w.label for w in find_dates("Hôm nay, thứ tư ngày 22/11/2023", WORDS)] == ["clock"] or next(
        find_dates("Hôm nay: 22/11/2023", WORDS)
    ).label == "clock"


def test_a_sentence_with_a_date_is_no_date_line():
    assert is_date_line("Thứ ba, 14/05/2024 | 09:30", WORDS)
    assert not is_date_line("Sáng 14/05/2024, Huyện ủy Lạc Thủy họp giao ban quý II.", WORDS)


def test_iso_times_are_given_in_vietnams_zone():
    assert parse_iso("2025-02-06T02:30:00Z") == "2025-02-06T09:30:00+07:00"
    assert parse_iso("2025-02-06T22:30:00+00:00") == "2025-02-07T05:30:00+07:00"
    assert parse_iso("2025-02-06") == "2025-02-06"
    assert parse_iso("hôm qua") is None
    assert parse_iso("2025-13-40") is None


def test_structured_dates_in_order_of_trust():
    tree = parse_tree(
        '<html><head><meta property="article:published_time" content="2024-03-02T08:00:00+07:00">'
        '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","datePublished":"2024-03-01T01:00:00Z"}]}</script>'
        '<script type="application/ld+json">{broken</script></head><body><time datetime="2024-03-03">3/3</time></body></html>'
    )
    assert list(structured_dates(tree, WORDS)) == [
        "2024-03-01T08:00:00+07:00",
        "2024-03-02T08:00:00+07:00",
        "2024-03-03",
    ]
