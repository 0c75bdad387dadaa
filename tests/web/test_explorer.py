import re
import sqlite3
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from extractor import engine
from extractor.resources import resource
from tests.web.conftest import EDITOR, PASSWORD

PAGES = ["/", "/search?q=hoi+nghi", "/people", "/meetings", "/meetings/calendar", "/targets", "/anniversaries?days=365", "/problems", "/corrections", "/login"]  # fmt: skip


def first(data, sql):
    with sqlite3.connect(data / "archive.sqlite") as connection:
        return connection.execute(sql).fetchone()


def sign_in(page, address):
    page.goto(address + "/login")
    page.fill("[name=name]", EDITOR)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(address + "/")


def test_search_without_diacritics_finds_the_accented_words(page, explorer):
    page.goto(explorer + "/")
    page.fill("input[type=search]", "chu tich ubnd huyen")
    page.press("input[type=search]", "Enter")
    page.wait_for_url("**/search?*")
    marked = [m.inner_text() for m in page.locator(".hits mark").all()]
    assert "Chủ" in marked or "chủ" in marked
    assert page.locator(".hits li").count() > 1


def test_filters_narrow_the_search(page, explorer, archive_folder):
    source, count = first(archive_folder, "SELECT source, count(*) FROM articles GROUP BY source ORDER BY 2 DESC, 1")
    page.goto(explorer + "/search")
    page.select_option("[name=source]", source)
    page.click(".filters button")
    expect(page.locator(".hits li")).to_have_count(min(count, 30))
    assert all(source in text for text in page.locator(".hits .meta").all_inner_texts())
    page.goto(f"{explorer}/search?from=2050-01-01")
    assert "Không có kết quả" in page.inner_text("main")


def test_an_article_shows_its_records_and_a_mark_leads_to_its_row(page, explorer):
    page.goto(explorer + "/search?q=huyen+uy")
    page.click(".hits h2 a")
    mark = page.locator(".mark.first-meetings").first
    words = mark.inner_text()
    mark.click()
    row = page.locator(".rows li:focus")
    assert words in row.inner_text()
    assert row.evaluate("e => e.closest('details').open")


def test_a_closed_table_opens_for_its_row(page, explorer):
    page.goto(explorer + "/search?q=huyen+uy")
    page.click(".hits h2 a")
    page.locator(".mark.first-dates").first.click()
    assert page.locator(".rows details.dates").get_attribute("open") is not None


def test_a_person_has_posts_meetings_and_articles(page, explorer, archive_folder):
    person, name = first(
        archive_folder,
        "SELECT p.person_id, p.name FROM people p JOIN participations x USING (person_id) JOIN positions USING (person_id)"
        " WHERE role = 'chair' ORDER BY p.name",
    )
    page.goto(f"{explorer}/people/{person}")
    assert page.inner_text("h1") == name
    headings = page.locator("h2").all_inner_texts()
    assert any("Chức vụ" in h for h in headings)
    assert any("Chủ trì" in h for h in headings)


def test_who_held_a_post_on_a_day(page, explorer, archive_folder):
    quote, day, name = first(
        archive_folder,
        "SELECT x.quote, x.as_of, p.name FROM positions x JOIN people p USING (person_id)"
        " WHERE x.status = 'current' AND x.quote LIKE 'Chủ tịch UBND huyện %' AND as_of IS NOT NULL ORDER BY x.position_id",
    )
    page.goto(explorer + "/people")
    page.fill("[name=post]", quote.lower())
    page.fill("[name=day]", day)
    page.click("fieldset button")
    expect(page.locator("section .card h3", has_text=name)).to_be_visible()


def test_the_calendar_shows_a_month(page, explorer, archive_folder):
    (day,) = first(archive_folder, "SELECT start_date FROM meetings WHERE start_date IS NOT NULL ORDER BY 1")
    page.goto(f"{explorer}/meetings/calendar?month={day[:7]}")
    cell = page.locator(f'td:has(time[datetime="{day}"])')
    cell.locator("a").first.click()
    assert re.search("/meetings/[0-9a-f]+$", page.url)


def test_a_corrected_row_stays_corrected_after_another_run(page, own_explorer, data):
    sign_in(page, own_explorer)
    row, article = first(data, "SELECT meeting_id, article_id FROM meetings WHERE location IS NULL ORDER BY meeting_id")
    page.goto(f"{own_explorer}/corrections/meetings/{row}")
    page.fill("[name=location]", "Nhà văn hóa thôn Đông")
    page.fill("[name=note]", "theo giấy mời")
    page.click("button[value=correct]")
    assert "Đã lưu quyết định" in page.inner_text("[role=status]")
    assert "Nhà văn hóa thôn Đông" in page.inner_text(f"#row-{row}")
    with sqlite3.connect(data / "archive.sqlite") as connection:
        # As if the rules had changed: every article is extracted again.
        connection.execute("UPDATE rule_versions SET versions = '{}'")
    engine.run([str(resource("corpus") / "gold" / "corpus.jsonl")], data)
    page.goto(f"{own_explorer}/article/{article}")
    assert "Nhà văn hóa thôn Đông" in page.inner_text(f"#row-{row}")
    page.goto(own_explorer + "/corrections")
    assert EDITOR in page.inner_text("table")
    page.click("text=Bỏ quyết định này")
    page.goto(f"{own_explorer}/article/{article}")
    assert "Nhà văn hóa thôn Đông" not in page.inner_text(f"#row-{row}")


def test_a_rejected_row_disappears(page, own_explorer, data):
    sign_in(page, own_explorer)
    (row,) = first(data, "SELECT target_id FROM targets ORDER BY target_id")
    page.goto(f"{own_explorer}/corrections/targets/{row}")
    page.click("button[value=reject]")
    page.wait_for_url("**/article/*")
    assert page.locator(f"#row-{row}").count() == 0


def test_a_wrong_value_is_refused_with_words(page, own_explorer, data):
    sign_in(page, own_explorer)
    (row,) = first(data, "SELECT target_id FROM targets WHERE value IS NOT NULL ORDER BY target_id")
    page.goto(f"{own_explorer}/corrections/targets/{row}")
    page.fill("[name=value]", "một ít")
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.evaluate("document.querySelector('button[value=correct]').click()")
    assert answer.value.status == 400
    page.wait_for_load_state()
    assert "Chưa lưu được" in page.inner_text("[role=alert]")


def test_without_signing_in_nothing_can_be_changed(page, explorer, archive_folder):
    (row,) = first(archive_folder, "SELECT target_id FROM targets ORDER BY target_id")
    page.goto(f"{explorer}/corrections/targets/{row}")
    assert "/login" in page.url
    answer = page.request.post(f"{explorer}/corrections/targets/{row}", form={"action": "reject"})
    assert first(archive_folder, "SELECT count(*) FROM corrections") == (0,)
    assert answer.status in (200, 403)


def test_the_language_can_be_changed_and_is_kept(page, explorer):
    page.goto(explorer + "/meetings")
    assert page.locator("html").get_attribute("lang") == "vi"
    page.click("text=English")
    assert page.inner_text("h1") == "Meetings"
    page.goto(explorer + "/people")
    assert page.inner_text("h1") == "People"


def test_a_phone_needs_no_sideways_scrolling(page, explorer):
    page.set_viewport_size({"width": 360, "height": 740})
    for path in PAGES:
        page.goto(explorer + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_keyboard_is_enough(page, explorer):
    page.goto(explorer + "/search?q=huyen+uy")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.hits')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/*")
    page.locator(".mark").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("!!document.activeElement.closest('.rows')")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_serious_violation(page, explorer, path):
    page.goto(explorer + path)
    serious = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"]) for v in serious] == []


def test_axe_finds_no_serious_violation_in_an_article(page, explorer):
    page.goto(explorer + "/search?q=huyen+uy")
    page.click(".hits h2 a")
    serious = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"]) for v in serious] == []


def test_hostile_text_does_nothing_but_appear(page, explorer, archive_folder):
    (article,) = first(archive_folder, "SELECT article_id FROM articles WHERE source = 'xau.example'")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{explorer}/article/{article}")
    assert "<script>document.title='hacked'</script>" in page.inner_text("h1")
    assert page.title() != "hacked"
    assert page.locator(".text img").count() == 0
    assert dialogs == []
    for query in ["'; DROP TABLE articles; --", '" OR 1=1', "<script>alert(1)</script>", "%", "\u202e", "(" * 300]:
        page.goto(f"{explorer}/search")
        page.fill("[name=q]", query)
        page.press("[name=q]", "Enter")
        assert page.locator("h1").inner_text() == "Bài viết"
    assert first(archive_folder, "SELECT count(*) > 20 FROM articles") == (1,)
    assert dialogs == []


@pytest.mark.parametrize(
    "path",
    ["/article/0", "/people/0", "/meetings/0", "/corrections/targets/0", "/corrections/people/0", "/nothing-here"],
)
def test_a_missing_page_says_so(page, explorer, path):
    answer = page.request.get(explorer + path)
    assert answer.status == 404
    assert "Không tìm thấy trang này" in answer.text()


NONSENSE = ["page=0", "page=-1", "page=x", "page=99999999999", "from=x", "to=2023-02-30", "month=2023-99", "days=9999999", "day=x", "due=x", "code=x", "lang=xx"]  # fmt: skip


@pytest.mark.parametrize("path", [p.partition("?")[0] for p in PAGES])
def test_nonsense_in_the_address_is_passed_over(explorer, path):
    for query in NONSENSE:
        with urllib.request.urlopen(f"{explorer}{path}?{query}", timeout=20) as answer:
            assert answer.status == 200
