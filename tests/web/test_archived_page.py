"""The archived page of an article: its bytes as they came, and nothing in it runs."""

from extractor.crawl.store import Link
from extractor.dataset import Archive
from extractor.dataset.pages import PageStore
from extractor.model import RawPage
from tests.web.conftest import start

HTML = (
    "<!DOCTYPE html><title>Trang gốc</title><p id=p>Xin chào</p><script>document.title='hacked'</script>"
    "<img src='http://127.0.0.1:9/x.png' onerror=\"document.title='hacked'\">"
)


def test_the_archived_page_is_shown_and_runs_nothing(page, data):
    with Archive(data) as archive:
        article_id, url, site = archive.connection.execute(
            "SELECT article_id, url, source FROM articles WHERE source LIKE '%sondong%' LIMIT 1"
        ).fetchone()
        store = PageStore(archive)
        store.begin(site, url, "2024-01-01T00:00:00Z", recheck=False)
        store.add_links(site, [(Link(url, "page"), 1, "x")], "2024-01-01T00:00:00Z")
        visit, _ = store.next(site, 0)
        raw = RawPage(
            url=url, final_url=url, status=200, headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=HTML.encode(), fetched_at="2024-01-01T00:00:00Z",
        )  # fmt: skip
        store.keep(site, visit, raw)
        store.mark(site, visit, "done", "2024-01-01T00:00:00Z", article_id=article_id)
        other = archive.connection.execute(
            "SELECT article_id FROM articles WHERE article_id <> ? LIMIT 1", (article_id,)
        ).fetchone()[0]
    process, address = start(data)
    try:
        page.goto(f"{address}/article/{article_id}")
        link = page.get_by_role("link", name="Trang đã lưu")
        assert link.get_attribute("href") == f"/article/{article_id}/page"
        answer = page.request.get(f"{address}/article/{article_id}/page")
        assert answer.body() == HTML.encode()
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        # In a page of its own: the browser's console rightly tells what the policy has kept from running.
        shown = page.context.browser.new_page()
        shown.goto(f"{address}/article/{article_id}/page")
        assert shown.title() == "Trang gốc"
        assert shown.inner_text("#p") == "Xin chào"
        shown.close()
        assert page.request.get(f"{address}/article/{other}/page").status == 404
    finally:
        process.terminate()
        process.wait(10)
