"""Five small sites of different kinds, crawled from their address alone."""

import gzip
import json
import time
import unicodedata
from urllib.parse import quote, unquote

import pytest

from extractor.crawl.crawler import Options

from .serving import FAST, Reply, article_page, crawl_into, list_page, rows, serve


def titles(data):
    return sorted(row[0] for row in rows(data, "SELECT title FROM articles"))


def problems(data):
    return {
        (code, url.partition("/t")[2] if False else "/" + url.split("/", 3)[3])
        for code, url in rows(data, "SELECT code, url FROM problems")
    }


def test_wordpress_through_its_json_api(tmp_path):
    """The front page links to no post; the API names them, in pages of a hundred."""
    total = 130

    def answer(served, path):
        if path == "/":
            return Reply(
                f'<html><head><link rel="https://api.w.org/" href="{served.base}/wp-json/"></head><body><p>UBND xã</p></body></html>'
            )
        if path.startswith("/wp-json/wp/v2/posts?"):
            number = int(path.split("page=")[2].split("&")[0])
            posts = [
                {"link": f"{served.base}/bai-viet-so-{n}/", "modified_gmt": "2023-05-01T00:00:00"}
                for n in range(total)[100 * (number - 1) : 100 * number]
            ]
            return Reply(json.dumps(posts), kind="application/json")
        if path.startswith("/bai-viet-so-"):
            return Reply(article_page(int(path.strip("/").rpartition("-")[2])))
        return None

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert (result.articles, result.failed) == (total, 0)
    assert len(titles(tmp_path)) == total


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_only(tmp_path, form):
    def answer(served, path):
        if path == "/":
            kind = f"application/{form}+xml"
            return Reply(
                f'<html><head><link rel="alternate" type="{kind}" href="/tin.xml"></head><body>Xin chào</body></html>'
            )
        if path == "/tin.xml" and form == "rss":
            items = "".join(
                f"<item><title>Tin {n}</title><link>{served.base}/tin/{n}.html</link></item>" for n in range(9)
            )
            return Reply(
                f'<?xml version="1.0"?><rss version="2.0"><channel><link>{served.base}/</link>{items}</channel></rss>',
                kind="text/xml",
            )
        if path == "/tin.xml":
            entries = "".join(
                f'<entry><link rel="alternate" href="/tin/{n}.html"/><updated>2023-01-0{n + 1}T00:00:00Z</updated></entry>'
                for n in range(9)
            )
            return Reply(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>', kind="application/atom+xml")
        if path.startswith("/tin/"):
            return Reply(article_page(int(path[5:-5])))
        return None

    with serve(answer) as site:
        assert crawl_into(tmp_path, site.base + "/").articles == 9


def test_a_sitemap_only_with_an_index_and_gzip(tmp_path):
    def answer(served, path):
        if path == "/robots.txt":
            return Reply(f"User-agent: *\nDisallow: /tin/7.html\nSitemap: {served.base}/index.xml\n", kind="text/plain")
        if path == "/":
            return Reply("<html><body>Trang chủ</body></html>")
        if path == "/index.xml":
            return Reply(
                f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{served.base}/a.xml.gz</loc></sitemap></sitemapindex>',
                kind="application/xml",
            )
        if path == "/a.xml.gz":
            entries = "".join(
                f"<url><loc>{served.base}/tin/{n}.html</loc><lastmod>2023-01-01</lastmod></url>" for n in range(9)
            )
            text = (
                f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
            )
            return Reply(gzip.compress(text.encode()), kind="application/x-gzip")
        return Reply(article_page(int(path[5:-5]))) if path.startswith("/tin/") else None

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.articles == 8, "one page of nine is closed by robots.txt"
    assert site.count("/tin/7.html") == 0


def test_an_xml_bomb_in_a_sitemap_is_refused(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'

    def answer(served, path):
        return (
            Reply(bomb, kind="text/xml")
            if path == "/sitemap.xml"
            else Reply("<p>Trang chủ</p>")
            if path == "/"
            else None
        )

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.articles == 0
    assert result.complete


def paged(served, path, total=60, size=10):
    if path == "/":
        return Reply(list_page([("/tin-tuc?page=1", "Tin tức")]))
    if path.startswith("/tin-tuc?page="):
        page = int(path.rpartition("=")[2])
        links = [
            (f"/tin-tuc/{n}.html", f"Xã Lạc Thủy khởi công công trình số {n}")
            for n in range(total)[size * (page - 1) : size * page]
        ]
        more = f'<a href="/tin-tuc?page={page + 1}">Trang sau</a>' if size * page < total else ""
        return Reply(list_page(links, more))
    return Reply(article_page(int(path[9:-5]))) if path.startswith("/tin-tuc/") else None


def test_a_list_with_pages(tmp_path):
    with serve(paged) as site:
        result = crawl_into(tmp_path, site.base + "/")
        assert result.articles == 60
        assert all(site.count(path) == 1 for path, _ in site.log), "nothing is fetched twice"
        dates = rows(tmp_path, "SELECT DISTINCT substr(published_at, 1, 4) FROM articles")
    assert dates == [("2023",)]


def trickle():
    while True:
        yield b"<p>"
        time.sleep(0.05)


def endless():
    while True:
        yield b"<p>tin</p>" * 10_000


NFC = "/tin/" + unicodedata.normalize("NFC", "hòa-bình-ở-xã")
NFD = "/tin/" + unicodedata.normalize("NFD", "hòa-bình-ở-xã")


def hostile(served, path, other="http://127.0.0.1:9/"):
    plain = unicodedata.normalize("NFC", unquote(path))
    if path == "/":
        links = [
            "/loop-a",
            "/chain?n=1",
            "/trickle",
            "/bomb",
            "/endless",
            "/charset",
            quote(NFC),
            NFD,
            "/lich?ngay=2023-1",
            "/once500",
            "/busy",
            "/dead500",
            "/away",
            "/inside",
            "/film",
        ]
        links += [f"/tin/phien?id=5&PHPSESSID={n}" for n in range(20)] + [
            "mailto:a@b.c",
            "javascript:alert(1)",
            "ftp://x.example/a",
            "http://other.example/a",
            "//[",
        ]
        return Reply("<html><body>" + "".join(f'<a href="{link}">x</a>' for link in links) + "</body></html>")
    if path in ("/loop-a", "/loop-b"):
        return Reply(status=302, headers={"Location": "/loop-b" if path == "/loop-a" else "/loop-a"})
    if path.startswith("/chain?n="):
        return Reply(status=302, headers={"Location": f"/chain?n={int(path.rpartition('=')[2]) + 1}"})
    if path == "/trickle":
        return Reply(trickle())
    if path == "/bomb":
        return Reply(gzip.compress(b"\0" * 30_000_000), headers={"Content-Encoding": "gzip"})
    if path == "/endless":
        return Reply(endless())
    if path == "/charset":
        return Reply(article_page(3).encode(), kind="text/html; charset=windows-1252")
    if plain == NFC:
        return Reply(article_page(4))
    if path.startswith("/tin/phien?id=5"):
        return Reply(
            article_page(5, links=f'<a href="/tin/phien?id=5&PHPSESSID=f{served.times("session")}">xem lại</a>')
        )
    if path.startswith("/lich?ngay="):
        year, month = map(int, path.rpartition("=")[2].split("-"))
        following = f"{year + month // 12}-{month % 12 + 1}"
        return Reply(
            f"<html><body><table><tr><td>Lịch công tác tháng {month} năm {year}</td></tr></table><a href='/lich?ngay={following}'>Tháng sau</a></body></html>"
        )
    if path == "/once500":
        return Reply(article_page(6)) if served.times(path) else Reply("", 500)
    if path == "/busy":
        return Reply(article_page(7)) if served.times(path) else Reply("", 429, headers={"Retry-After": "0"})
    if path == "/dead500":
        return Reply("", 500)
    if path == "/away":
        return Reply(status=301, headers={"Location": "http://other.example/a"})
    if path == "/inside":
        return Reply(status=301, headers={"Location": other})
    if path == "/film":
        return Reply(b"x" * 1000, kind="video/mp4")
    return None


def test_a_hostile_site(tmp_path):
    with (
        serve(lambda served, path: Reply("hidden")) as inner,
        serve(lambda s, p: hostile(s, p, inner.base + "/secret")) as site,
    ):
        result = crawl_into(tmp_path, site.base + "/", Options(pause=0, back_off=0.01, tries=3, patience=8))
    assert result.complete
    assert inner.log == [], "no redirect to another host is followed"
    numbers = sorted(int(t.rpartition(" ")[2]) for t in titles(tmp_path))
    assert numbers == [3, 4, 5, 6, 7]
    found = problems(tmp_path)
    assert {
        ("timeout", "/trickle"),
        ("too_large", "/bomb"),
        ("too_large", "/endless"),
        ("http_500", "/dead500"),
    } <= found
    assert "redirect_loop" in {code for code, _ in found}
    assert {code for code, _ in found if code == "trap"}
    assert sum(p.startswith("/lich") for p, _ in site.log) <= 12
    assert sum(p.startswith("/chain") for p, _ in site.log) <= 12
    assert sum("phien" in p for p, _ in site.log) == 1, "session ids make no new pages"
    assert sum("h%C3%B2a" in p or "ho%CC%80a" in p for p, _ in site.log) == 1, "NFC and NFD are one address"
    assert site.count("/dead500") == 3


def test_no_redirect_into_private_addresses_from_a_public_start(tmp_path):
    """127.0.0.2 plays the public host here: only 127.0.0.1 counts as private."""

    def answer(served, path):
        if path == "/":
            return Reply('<a href="/inside">x</a>' + article_page(1))
        return Reply(status=302, headers={"Location": inner.base + "/secret"}) if path == "/inside" else None

    def private(address):
        return address == "127.0.0.1"

    with serve(lambda served, path: Reply(article_page(2))) as inner, serve(answer, "127.0.0.2") as site:
        from extractor.crawl.profiles import Profile

        profile = Profile(start=site.base + "/", hosts=[inner.host])
        crawl_into(tmp_path, site.base + "/", profile=profile, private=False, is_private=private)
    assert inner.log == []
    assert "private_address" in {code for code, _ in problems(tmp_path)}


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_fail_is_left_alone(tmp_path, status):
    def answer(served, path):
        return Reply("", status) if path == "/robots.txt" else Reply(article_page(1))

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.away
    assert {path for path, _ in site.log} == {"/robots.txt"}


def test_a_start_that_moved_to_another_site_says_so(tmp_path):
    with serve(
        lambda served, path: (
            None if path == "/robots.txt" else Reply(status=301, headers={"Location": "http://moi.example/"})
        )
    ) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.failed
    assert rows(tmp_path, "SELECT message FROM problems WHERE code = 'moved'")[0][0].endswith(
        "moved to http://moi.example/; crawl that address instead"
    )


def test_a_host_that_asks_for_quiet_is_left_alone_as_a_whole(tmp_path):
    def answer(served, path):
        if path == "/":
            return Reply(list_page([(f"/tin/{n}.html", f"Tin hoạt động của xã Lạc Thủy số {n}") for n in range(5)]))
        if path == "/tin/0.html" and not served.times(path):
            return Reply("", 503, headers={"Retry-After": "1"})
        return Reply(article_page(int(path[5:-5]))) if path.startswith("/tin/") else None

    waits = []
    with serve(answer) as site:
        from extractor.crawl.crawler import SiteCrawl, crawl
        from extractor.crawl.fetch import Fetcher
        from extractor.dataset.archive import Archive
        from extractor.dataset.pages import PageStore

        def sleep(seconds):
            waits.append(len(site.log))
            time.sleep(seconds)

        with Archive(tmp_path) as archive:
            crawl(
                [SiteCrawl(site.base + "/", PageStore(archive), Fetcher(private=True), FAST, report=print)], sleep=sleep
            )
    order = [path for path, _ in site.log if path.startswith("/tin/")]
    assert order.count("/tin/0.html") == 2
    assert waits, "it waited"
    assert waits[0] == [p for p, _ in site.log].index("/tin/0.html") + 1, "and asked for nothing else before"


def test_pages_that_differ_only_in_a_random_parameter_are_given_up(tmp_path):
    """Every page links to itself under a fresh address; none of them is new."""

    def answer(served, path):
        again = f'<a href="/tin?id=1&ma={served.times("ma")}">tải lại</a>'
        return None if path.startswith(("/robots", "/sitemap")) else Reply(article_page(1, links=again))

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.complete
    assert len(site.log) < 30


def test_a_calendar_whose_days_are_of_another_shape_ends_too(tmp_path):
    def answer(served, path):
        if path == "/":
            return Reply('<a href="/thang/1">Lịch</a><a href="/tin/1.html">Tin</a>')
        if path.startswith("/thang/"):
            month = int(path[7:])
            days = "".join(f'<a href="/ngay?d={month}-{d}">{d}</a>' for d in range(28))
            return Reply(f"<html><body>{days}<a href='/thang/{month + 1}'>sau</a></body></html>")
        if path.startswith("/ngay"):
            return Reply("<html><body>Không có lịch công tác</body></html>")
        return Reply(article_page(1)) if path == "/tin/1.html" else None

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.complete
    assert result.articles == 1
    assert len(site.log) < 120


def test_lists_of_one_shape_with_the_articles_are_no_trap(tmp_path):
    """A portal where everything is index.php?id=N: the menus come first, and there are many of them."""

    def answer(served, path):
        if path.startswith(("/robots", "/sitemap")):
            return None
        number = int(path.partition("id=")[2] or 0)
        if number < 60:
            return Reply(
                list_page(
                    [
                        (f"/index.php?id={n}", f"Mục {n}")
                        for n in ([*range(1, 60)] if not number else range(100 + number * 4, 104 + number * 4))
                    ]
                )
            )
        return Reply(article_page(number))

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert result.articles == 59 * 4


def test_a_cookie_that_must_be_kept_and_a_front_page_that_only_sends_on(tmp_path):
    def answer(served, path):
        if path == "/":
            return Reply("<html><script>window.location.href = '/trang-chu'</script></html>")
        if path == "/trang-chu":
            if "cookie" not in (served.asked[-1] if served.asked else {}) and not served.times("cookie"):
                return Reply(status=302, headers={"Location": path, "Set-Cookie": "k=1"})
            return Reply(list_page([("/tin/1.html", "Tin hoạt động")]))
        return Reply(article_page(1)) if path == "/tin/1.html" else None

    with serve(answer) as site:
        result = crawl_into(tmp_path, site.base + "/")
    assert (result.articles, result.failed) == (1, 0)
    assert any("k=1" in asked.get("cookie", "") for asked in site.asked)
