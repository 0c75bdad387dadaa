"""The second run and all that follow: what changed, what vanished, what comes twice, what was broken off."""

import os
import random
import signal
import sqlite3
import threading
import time
from dataclasses import replace

import pytest

from extractor.crawling import diff, exit_code, parse_pages, stored_pages
from extractor.dataset.archive import Archive
from extractor.dataset.lock import ArchiveLockedError
from extractor.dataset.pages import due

from .serving import FAST, Reply, article_page, crawl_into, list_page, rows, serve

RECHECK = replace(FAST, recheck=True)


class Newspaper:
    """A site whose posts can be changed between runs; it answers conditional requests."""

    def __init__(self, count=6):
        self.posts = {f"/tin/{n}.html": article_page(n) for n in range(count)}
        self.soft_404 = False

    def __call__(self, served, path):
        if path == "/":
            return Reply(
                list_page([(p, f"Tin hoạt động của xã Lạc Thủy {p}") for p in self.posts]),
                headers={"ETag": f'"{len(self.posts)}"'},
            )
        if path in self.posts:
            return Reply(self.posts[path], headers={"Last-Modified": "Mon, 05 Aug 2019 03:00:00 GMT"})
        if self.soft_404 and path.startswith("/tin/"):
            return Reply("<html><body><h1>Thông báo</h1><p>Bài viết không tồn tại</p></body></html>")
        return None


def test_the_next_run_fetches_only_what_is_new(tmp_path):
    site = Newspaper()
    with serve(site) as served:
        first = crawl_into(tmp_path, served.base + "/")
        served.log.clear()
        second = crawl_into(tmp_path, served.base + "/")
        assert (first.articles, exit_code([first])) == (6, 0)
        assert (second.news, exit_code([second])) == (0, 4)
        assert {path for path, _ in served.log} == {"/robots.txt", "/", "/sitemap.xml"}
        site.posts["/tin/90.html"] = article_page(90)
        served.log.clear()
        third = crawl_into(tmp_path, served.base + "/")
    assert (third.articles, exit_code([third])) == (1, 0)
    assert [path for path, _ in served.log if path.startswith("/tin")] == ["/tin/90.html"]


def test_a_list_that_brought_something_new_is_followed_to_its_next_pages(tmp_path):
    posts = list(range(50))

    def answer(served, path):
        if path == "/":
            return Reply(list_page([("/muc/thoi-su?page=1", "Thời sự")]))
        if path.startswith("/muc"):
            at = int(path.rpartition("=")[2])
            links = [
                (f"/tin/{n}.html", f"Tin hoạt động của xã Lạc Thủy số {n}")
                for n in posts[::-1][10 * (at - 1) : 10 * at]
            ]
            return Reply(
                list_page(links, f"<a href='/muc/thoi-su?page={at + 1}'>sau</a>" if 10 * at < len(posts) else "")
            )
        return Reply(article_page(int(path[5:-5]))) if path.startswith("/tin/") else None

    with serve(answer) as served:
        assert crawl_into(tmp_path, served.base + "/").articles == 50
        posts.extend(range(50, 65))
        served.log.clear()
        assert crawl_into(tmp_path, served.base + "/").articles == 15
    lists = [path for path, _ in served.log if path.startswith("/muc")]
    assert lists == ["/muc/thoi-su?page=1", "/muc/thoi-su?page=2", "/muc/thoi-su?page=3"], (
        "page 3 held nothing new, so page 4 was left"
    )


def test_a_changed_post_is_a_new_revision_with_a_readable_difference(tmp_path):
    site = Newspaper()
    with serve(site) as served:
        crawl_into(tmp_path, served.base + "/")
        site.posts["/tin/3.html"] = article_page(3).replace("tổng vốn 6 tỷ đồng", "tổng vốn 8 tỷ đồng")
        result = crawl_into(tmp_path, served.base + "/", RECHECK)
        lines = list(diff(tmp_path, served.base + "/tin/3.html"))
    assert (result.revised, result.articles) == (1, 0)
    assert rows(
        tmp_path, "SELECT revision, instr(text, '8 tỷ') > 0 FROM articles WHERE url LIKE '%/3.html' ORDER BY 1"
    ) == [(1, 0), (2, 1)]
    assert "bản 1" in lines[0]
    assert "bản 2" in lines[0]
    assert any("tổng vốn [-6-]{+8+} tỷ đồng" in line for line in lines)
    assert len(lines) == 2, "what did not change is left out"


@pytest.mark.parametrize("soft", [False, True])
def test_a_vanished_post_is_marked_and_kept_and_may_come_back(tmp_path, soft):
    site = Newspaper()
    site.soft_404 = soft
    with serve(site) as served:
        crawl_into(tmp_path, served.base + "/")
        kept = site.posts.pop("/tin/2.html")
        result = crawl_into(tmp_path, served.base + "/", RECHECK)
        assert result.gone == 1
        assert rows(tmp_path, "SELECT count(*) FROM articles") == [(6,)]
        gone = rows(
            tmp_path, "SELECT url, gone_at IS NOT NULL, article_id IS NOT NULL FROM crawl_queue WHERE state = 'gone'"
        )
        assert gone == [(served.base + "/tin/2.html", 1, 1)]
        assert "không còn nữa" in list(diff(tmp_path, served.base + "/tin/2.html"))[-1]
        site.posts["/tin/2.html"] = kept
        crawl_into(tmp_path, served.base + "/", RECHECK)
    assert rows(tmp_path, "SELECT count(*) FROM crawl_queue WHERE state = 'gone' OR gone_at IS NOT NULL") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(6,)]


def test_the_same_post_on_two_portals_is_one_article_with_duplicate_of(tmp_path):
    body = article_page(1, date="05/02/2023 08:00")
    copy = article_page(1, date="09/02/2023 10:00", title="UBND xã khởi công nhà văn hóa thôn").replace(
        "thuận lợi", "thuận lợi hơn"
    )

    def site(post, other):
        return lambda served, path: {
            "/": Reply(list_page([("/a.html", "Tin"), ("/b.html", "Tin")])),
            "/a.html": Reply(post),
            "/b.html": Reply(other),
        }.get(path)

    # A notice that differs in its figures only is another notice.
    with (
        serve(site(copy, article_page(30))) as later,
        serve(site(body, article_page(1).replace("vốn 4 tỷ", "vốn 9 tỷ"))) as earlier,
    ):
        crawl_into(tmp_path, later.base + "/")
        crawl_into(tmp_path, earlier.base + "/")
    found = dict(rows(tmp_path, "SELECT article_id, duplicate_of FROM articles WHERE duplicate_of IS NOT NULL"))
    ids = dict(rows(tmp_path, "SELECT url, article_id FROM articles"))
    assert found == {ids[later.base + "/a.html"]: ids[earlier.base + "/a.html"]}, "the earliest published is the one"


def test_parsing_again_uses_the_stored_pages_and_no_network(tmp_path):
    with serve(Newspaper()) as served:
        crawl_into(tmp_path, served.base + "/")
        site = served.host
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    profile = {"start": f"http://{site}/", "versions": [{"title": "p.date", "body": ".noidung"}]}
    (profiles / "lacthuy.yml").write_text(str(profile).replace("'", '"'), encoding="utf-8")
    from extractor.crawling import Asking

    assert parse_pages(tmp_path)[site].news == 0, "the same parser finds the same"
    result = parse_pages(tmp_path, Asking(profiles=profiles))[site]
    assert (result.fetched, result.revised) == (7, 6)
    latest = rows(tmp_path, "SELECT title FROM articles WHERE revision = 2")
    assert all(title.startswith("Ngày đăng") for (title,) in latest)


def test_problems_go_when_a_page_works_again(tmp_path):
    broken = {"now": True}

    def answer(served, path):
        if path == "/":
            return Reply(list_page([("/tin/1.html", "Tin hoạt động")]))
        if path == "/tin/1.html":
            return Reply("", 500) if broken["now"] else Reply(article_page(1))
        return None

    with serve(answer) as served:
        assert crawl_into(tmp_path, served.base + "/").failed == 1
        assert rows(tmp_path, "SELECT stage, code FROM problems") == [("crawl", "http_500")]
        broken["now"] = False
        assert crawl_into(tmp_path, served.base + "/").articles == 1
    assert rows(tmp_path, "SELECT * FROM problems") == []


def test_a_post_that_a_feed_names_and_no_parser_reads_is_a_problem(tmp_path):
    def answer(served, path):
        if path == "/":
            return Reply('<head><link rel="alternate" type="application/rss+xml" href="/r.xml"></head>')
        if path == "/r.xml":
            return Reply(
                f"<?xml version='1.0'?><rss><channel><item><link>{served.base}/tin/1.html</link></item></channel></rss>",
                kind="text/xml",
            )
        return Reply("<h1>Thông báo nghỉ lễ</h1><a href='/x.pdf'>tải</a>") if path == "/tin/1.html" else None

    with serve(answer) as served:
        crawl_into(tmp_path, served.base + "/")
    assert [row[0] for row in rows(tmp_path, "SELECT stage FROM problems")] == ["parse"]


def test_pages_are_looked_at_again_later_the_longer_they_stood():
    assert due("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z") == "2024-01-02T00:00:00Z"
    assert due("2024-01-01T00:00:00Z", "2024-01-21T00:00:00Z") == "2024-01-31T00:00:00Z"
    assert due("2020-01-01T00:00:00Z", "2024-01-01T00:00:00Z") == "2024-03-01T00:00:00Z"


def test_two_runs_at_once_are_refused(tmp_path):
    with Archive(tmp_path), serve(Newspaper()) as served:
        with pytest.raises(ArchiveLockedError, match="writing to this archive"):
            crawl_into(tmp_path, served.base + "/")
        assert served.log == []


def test_a_limited_run_is_continued_by_the_next(tmp_path):
    with serve(Newspaper(20)) as served:
        first = crawl_into(tmp_path, served.base + "/", replace(FAST, limit=8))
        assert not first.complete
        second = crawl_into(tmp_path, served.base + "/")
    assert second.resumed
    assert first.articles + second.articles == 20
    assert all(served.count(path) == 1 for path, _ in served.log if path != "/robots.txt")


def test_raw_pages_are_kept_as_they_came(tmp_path):
    with serve(Newspaper()) as served:
        crawl_into(tmp_path, served.base + "/")
        pages = {p.url: p for p in stored_pages(tmp_path)}
    page = pages[served.base + "/tin/4.html"]
    assert page.body.decode() == article_page(4)
    assert ("Last-Modified", "Mon, 05 Aug 2019 03:00:00 GMT") in page.headers
    assert page.status == 200


# Killed at any moment


class Gate:
    """Stops the server at its n-th request from now, so that the crawler can be killed while it waits for the answer."""

    def __init__(self):
        self.left, self.reached, self.released = -1, threading.Event(), threading.Event()

    def arm(self, after):
        self.reached.clear()
        self.released.clear()
        self.left = after

    def request(self):
        self.left -= 1
        if self.left == 0:
            self.reached.set()
            self.released.wait(10)


def big_site(served, path, gate=None):
    """Sixty posts on lists with pages, a redirect and a page that fails at first."""
    if gate is not None:
        gate.request()
    if path == "/":
        return Reply(list_page([("/tin?page=1", "Tin"), ("/cu", "Trang cũ"), ("/hong", "Trang hỏng")]))
    if path.startswith("/tin?page="):
        at = int(path.rpartition("=")[2])
        links = [(f"/tin/{n}.html", f"Tin hoạt động của xã Lạc Thủy số {n}") for n in range(10 * at - 10, 10 * at)]
        return Reply(list_page(links, f"<a href='/tin?page={at + 1}'>sau</a>" if at < 6 else ""))
    if path == "/cu":
        return Reply(status=301, headers={"Location": "/tin/3.html"})
    if path == "/hong":
        return Reply("", 500)
    return Reply(article_page(int(path[5:-5]) % 55)) if path.startswith("/tin/") else None


SAME = (
    "SELECT article_id, revision, url, title, text, published_at, author, duplicate_of FROM articles ORDER BY 1, 2",
    "SELECT url, final_url, status, body, parsed FROM crawl_pages ORDER BY url",
    "SELECT url, kind, depth, state, gain, article_id, target FROM crawl_queue ORDER BY url",
    "SELECT stage, code, url, message FROM problems ORDER BY url",
    "SELECT site, run, open, frame FROM crawl_sites",
)


def killed_run(data, served, gate, after):
    """Crawl in a process of its own and kill it with SIGKILL at its n-th request, before the answer or a little later."""
    gate.arm(after)
    pid = os.fork()
    if pid == 0:
        try:
            crawl_into(data, served.base + "/")
        finally:
            os._exit(0)
    gate.reached.wait(10)
    if random.random() < 0.5:
        gate.released.set()
        time.sleep(random.random() * 0.008)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    gate.left = -1
    gate.released.set()


def stored_addresses(data):
    path = data / "archive.sqlite"
    if not path.exists():
        return set()
    connection = sqlite3.connect(path)
    try:
        return {row[0] for row in connection.execute("SELECT url FROM crawl_pages")}
    except sqlite3.OperationalError:
        return set()
    finally:
        connection.close()


def test_killed_at_twenty_moments_the_archive_is_that_of_an_unbroken_run(tmp_path):
    random.seed(4)
    gate = Gate()
    with serve(lambda served, path: big_site(served, path, gate)) as served:
        whole = crawl_into(tmp_path / "whole", served.base + "/")
        assert whole.articles == 60
        served.log.clear()
        before, stored, sizes = 0, set(), set()
        for _ in range(20):
            killed_run(tmp_path / "broken", served, gate, random.randint(1, 5))
            asked = {served.base + path for path, _ in served.log[before:]}
            assert not stored & asked, "what was stored when the kill came is never asked for again"
            before, stored = len(served.log), stored_addresses(tmp_path / "broken")
            sizes.add(len(stored))
        last = crawl_into(tmp_path / "broken", served.base + "/")
        assert last.resumed
        assert last.complete
        assert len(sizes) >= 8, "the kills came at different moments of the crawl"
        assert not stored & {served.base + path for path, _ in served.log[before:]}
    for sql in SAME:
        assert rows(tmp_path / "broken", sql) == rows(tmp_path / "whole", sql), sql
