import json
from dataclasses import asdict

import pytest

from extractor.crawl.byline import read_byline
from extractor.crawl.page import decode
from extractor.crawl.parse import Site, by_trafilatura, parse_html, parse_page, read_page
from extractor.crawl.profiles import Layout, Profile
from extractor.crawl.template import learn_frame
from extractor.crawl.title import read_meta
from extractor.crawl.words import load_words
from extractor.errors import ParseError
from extractor.model import RawPage, content_id
from extractor.resources import resource

from .serving import article_page, list_page

PAGES = sorted(resource("corpus").joinpath("pages").glob("*.json"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_frozen_pages_parse_to_what_stands_beside_them(path):
    wanted = json.loads(path.read_text(encoding="utf-8"))
    article = parse_html(path.with_suffix(".html").read_bytes(), wanted["url"], fetched_at="2026-11-22T01:02:03Z")
    found = {name: getattr(article, name) for name in wanted if name != "media"}
    found["media"] = [asdict(m) for m in article.media]
    assert found == {**wanted, "url": article.url}


def test_there_are_frozen_pages():
    assert len(PAGES) >= 6


def page(body, url="http://lacthuy.example/tin/1", **headers):
    return RawPage(
        url=url, final_url=url, status=200, headers=tuple(headers.items()), body=body, fetched_at="2024-01-01T00:00:00Z"
    )


def test_an_articles_id_is_that_of_its_canonical_address():
    raw = article_page(1).encode()
    one, two = parse_page(page(raw)), parse_page(page(raw, "http://LACTHUY.example:80/tin/1?utm_source=zalo#a"))
    assert one.article_id == two.article_id == content_id("http://lacthuy.example/tin/1")
    assert one.source == "lacthuy.example"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_html"),
        (
            list_page([(f"/tin/{n}", f"Tin số {n} của Ủy ban nhân dân xã Lạc Thủy") for n in range(12)]).encode(),
            "no_article",
        ),
        (
            "<h1>Thông báo lịch nghỉ lễ của cơ quan</h1><p>Ngày đăng: 01/09/2023</p><a href='/a.pdf'>Tải về</a>".encode(),
            "no_article",
        ),
        ("<h1>Lỗi</h1><p>Không tìm thấy trang</p>".encode(), "missing_page"),
    ],
)
def test_what_is_no_article_says_why(body, code):
    with pytest.raises(ParseError) as error:
        parse_page(page(body))
    assert error.value.code == code


def test_a_front_page_is_no_article_even_with_a_long_text():
    with pytest.raises(ParseError) as error:
        parse_page(page(article_page(1).encode(), "http://lacthuy.example/"))
    assert error.value.code == "no_article"


def test_a_list_with_summaries_is_no_article():
    teasers = "".join(
        f"<div class='tin'><h3><a href='/tin/{n}'>Xã Lạc Thủy tổ chức hội nghị chuyên đề lần thứ {n}</a></h3>"
        f"<p>Tại hội nghị lần thứ {n}, các đại biểu đã thảo luận nhiều nội dung về xây dựng nông thôn mới nâng cao trên địa bàn.</p></div>"
        for n in range(8)
    )
    with pytest.raises(ParseError):
        parse_page(page(f"<html><body><h1>Tin hoạt động của xã</h1>{teasers}</body></html>".encode()))


def test_a_wrong_charset_header_does_no_harm():
    article = parse_page(page(article_page(2).encode("utf-8"), **{"Content-Type": "text/html; charset=iso-8859-1"}))
    assert article.title == "Xã Lạc Thủy khởi công trạm bơm số 2"
    utf16 = parse_page(page(article_page(2).encode("utf-16")))
    assert utf16.text == article.text


def test_bytes_of_no_unicode_are_read_by_what_the_page_declares():
    assert decode('<meta charset="windows-1252"><p>café</p>'.encode("cp1252")).endswith("<p>café</p>")
    assert "\ufffd" in decode(b"<p>" + "xã ".encode() * 300 + b"\xff</p>")


@pytest.mark.parametrize(
    ("line", "author", "unit"),
    [
        ("Tin, ảnh: Lê Thu Vân (Đài Truyền thanh huyện)", "Lê Thu Vân", "Đài Truyền thanh huyện"),
        ("Lệ Hằng", "Lệ Hằng", None),
        ("LỆ HẰNG", "LỆ HẰNG", None),
        ("Tin: Quốc Bảo – Thanh Mai", "Quốc Bảo – Thanh Mai", None),
        ("Ban Biên tập", "Ban Biên tập", None),
        ("Người viết: Hạng A Chứ", "Hạng A Chứ", None),
    ],
)
def test_bylines(line, author, unit):
    assert read_byline(line, load_words()) == (author, unit)


@pytest.mark.parametrize(
    "line",
    [
        "Theo Báo Nhân Dân",
        "Nguồn: chinhphu.vn",
        "Ủy ban nhân dân huyện",
        "Sáng nay trời mưa to.",
        "Trân trọng thông báo!",
        "",
    ],
)
def test_what_is_no_byline(line):
    assert read_byline(line, load_words()) is None


PROFILE_PAGE = """<html><body><div class="khung"><span class="ten">Lễ hội đền Trần Thương khai mạc</span>
<div class="thong-tin"><b>12-02-2024</b></div><div class="bai"><p>Đêm 11/2, nhân dân và du khách đã về dự lễ phát lương tại đền Trần Thương.</p>
<p class="qc">Mua hàng giảm giá tại cửa hàng số một của chúng tôi ngay hôm nay kẻo lỡ.</p>
<p>Ban tổ chức chuẩn bị 90 nghìn túi lương, phát tại 4 khu vực trong khuôn viên di tích.</p></div></div></body></html>"""


def test_a_profile_goes_before_the_general_parser_and_its_newest_fitting_layout_first():
    old = Layout(title=".tieude-cu", body=".cu")
    new = Layout(title=".ten", date=".thong-tin", body=".bai", cut=[".qc"])
    profile = Profile(start="http://lacthuy.example/", versions=[old, new])
    article = parse_page(page(PROFILE_PAGE.encode()), site=Site(profile))
    assert article.title == "Lễ hội đền Trần Thương khai mạc"
    assert article.published_at == "2024-02-12"
    assert "giảm giá" not in article.text
    assert article.text.endswith("khuôn viên di tích.")


def test_layouts_are_tried_by_the_day_of_the_fetch():
    layouts = [Layout(title="h1"), Layout(title="h2", since="2022-01-01"), Layout(title="h3", since="2025-01-01")]
    profile = Profile(start="http://lacthuy.example/", versions=layouts)
    assert [v.title for v in profile.layouts("2023-05-05T00:00:00Z")] == ["h2", "h1", "h3"]
    assert [v.title for v in profile.layouts(None)] == ["h3", "h2", "h1"]


def test_a_profiles_pattern_decides_what_is_an_article():
    profile = Profile(start="http://lacthuy.example/", articles=r"^/bai/")
    with pytest.raises(ParseError) as error:
        parse_page(page(article_page(1).encode()), site=Site(profile))
    assert error.value.code == "no_article"


def test_a_page_nested_a_thousand_deep_is_read():
    body = "<div>" * 1000 + article_page(3) + "</div>" * 1000
    assert parse_page(page(body.encode())).title.startswith("Xã Lạc Thủy khởi công đường liên xã")


def test_titles_from_the_site_are_not_taken_for_the_articles():
    raw = article_page(4).replace(
        '<div id="menu">', '<h1><a href="/">CỔNG THÔNG TIN XÃ LẠC THỦY</a></h1><div id="menu">'
    )
    assert parse_page(page(raw.encode())).title == "Xã Lạc Thủy khởi công trường mầm non số 4"


def test_what_stands_on_every_page_belongs_to_the_sites_frame():
    notice = "<p>Kính mời bà con nhân dân theo dõi bản tin phát thanh của xã lúc 17 giờ 30 phút các ngày trong tuần trên hệ thống loa.</p>"
    signed = [
        article_page(n).replace(
            "</div></div>", "<p>Đài Truyền thanh xã Lạc Thủy</p><p>Thanh Hà</p></div></div>" + notice, 1
        )
        for n in range(6)
    ]
    frame = learn_frame(read_page(text, f"http://lacthuy.example/tin/{n}") for n, text in enumerate(signed))
    assert any("bản tin phát thanh" in key for key in frame)
    known = parse_page(page(signed[2].encode()), site=Site(frame=frame))
    assert "phát thanh của xã" not in known.text
    assert known.text.endswith("Thanh Hà"), "a byline stays, though every article has it"
    assert known.author == "Thanh Hà"


def test_trafilatura_and_htmldate_are_the_last_resort():
    paragraphs = "".join(
        f"<p>Đoạn thứ {n} kể về ngày hội đại đoàn kết toàn dân tộc ở thôn Bản Cát với nhiều trò chơi dân gian đặc sắc.</p>"
        for n in range(5)
    )
    text = (
        '<html><head><title>Ngày hội ở Bản Cát - Xã Lạc Thủy</title><meta property="og:title" content="Ngày hội đại đoàn kết ở Bản Cát">'
        f'<meta name="citation_publication_date" content="2023-11-18"></head><body><main>{paragraphs}</main></body></html>'
    )
    flat = read_page(text, "http://lacthuy.example/?p=77")
    parts = by_trafilatura(text, flat, read_meta(flat))
    assert parts is not None
    assert parts.title == "Ngày hội đại đoàn kết ở Bản Cát"
    assert parts.published_at == "2023-11-18"
    assert sum(line.startswith("Đoạn thứ") for line in parts.lines) == 5
    empty = read_page("<html><body><p>Trang trống</p></body></html>", None)
    assert by_trafilatura("<html><body><p>Trang trống</p></body></html>", empty, read_meta(empty)) is None
