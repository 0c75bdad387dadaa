"""The commands crawl, parse, diff and sites, run as a person runs them; and the WARC file that comes out."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import yaml
from warcio.archiveiterator import ArchiveIterator

from extractor.crawl.profiles import Profile, Profiles
from extractor.crawl.words import read_model
from extractor.crawling import Asking, check_site, crawl_sites, draft_site, resolve, stored_pages
from extractor.errors import CrawlError, RuleError
from extractor.outputs.warc import write_warc
from extractor.resources import resource

from .serving import FAST, Reply, article_page, list_page, rows, serve


def small(served, path):
    if path == "/":
        return Reply(list_page([("/tin-tuc/", "Tin tức")]))
    if path == "/tin-tuc/":
        return Reply(
            list_page(
                [
                    (f"/tin-tuc/cong-trinh-so-{n}-khoi-cong.html", f"Xã Lạc Thủy khởi công công trình số {n}")
                    for n in range(8)
                ]
            )
        )
    if path.startswith("/tin-tuc/cong-trinh-so-"):
        return Reply(article_page(int(path.split("-")[4])))
    return None


def run(*arguments):
    """Run the program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "import sys; from extractor.cli import main; sys.exit(main())", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def site():
    with serve(small) as served:
        yield served


def test_crawl_parse_and_diff_from_the_command_line(site, tmp_path):
    data = str(tmp_path / "data")
    first = run("crawl", site.base, "--data", data, "--pause", "0")
    assert (first.returncode, first.stderr) == (0, "")
    assert "8 new articles" in first.stdout
    second = run("crawl", site.base, "--data", data, "--pause", "0")
    assert second.returncode == 4
    again = run("parse", "--again", "--data", data)
    assert again.returncode == 0
    assert "0 revised" in again.stdout
    article = rows(tmp_path / "data", "SELECT article_id FROM articles LIMIT 1")[0][0]
    shown = run("diff", article[:10], "--data", data)
    assert shown.returncode == 0
    assert "chưa từng thay đổi" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["crawl", "http://127.0.0.1:9/"], "robots.txt cannot be read"),
        (["crawl", "khong-co-ho-so"], "no site profile"),
        (["crawl", "ftp://lacthuy.example/"], "http or https"),
        (["crawl", "http://127.0.0.1:9/", "--ca-bundle", "none.pem"], "no such file of certificates"),
        (["diff", "ffff"], "no such archive"),
        (["parse"], "--again"),
    ],
)
def test_bad_input_is_one_clear_line(arguments, words, tmp_path):
    done = run(*arguments, "--data", str(tmp_path))
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_sites_draft_makes_a_profile_that_fits(site, tmp_path):
    text = draft_site(site.base + "/tin-tuc/")
    (tmp_path / "lacthuy.yml").write_text(text, encoding="utf-8")
    profile = read_model(tmp_path / "lacthuy.yml", Profile)
    assert profile.versions[0].title
    assert profile.versions[0].body
    assert profile.versions[0].date
    assert profile.is_article(site.base + "/tin-tuc/cong-trinh-so-3-khoi-cong.html")
    assert not profile.is_article(site.base + "/tin-tuc/")
    options = replace(FAST, pause=0)
    (tmp_path / "lacthuy.yml").rename(tmp_path / "p.yml")
    result = crawl_sites(["p"], tmp_path / "with", options=options, asking=Asking(profiles=tmp_path))[0]
    crawl_sites([site.base], tmp_path / "without", options=options, asking=Asking(profiles=tmp_path / "none"))
    assert result.articles == 8
    query = "SELECT url, title, published_at, text FROM articles ORDER BY url"
    assert rows(tmp_path / "with", query) == rows(tmp_path / "without", query)


def test_sites_check_shows_what_was_understood(site):
    lines = "\n".join(check_site(site.base + "/tin-tuc/cong-trinh-so-3-khoi-cong.html"))
    assert "tiêu đề: Xã Lạc Thủy khởi công đường liên xã số 3" in lines
    assert "ngày đăng: 2023-04-04T08:03:00+07:00" in lines
    listed = "\n".join(check_site(site.base + "/tin-tuc/"))
    assert "không phải bài viết" in listed
    assert "khởi công" in listed


def test_a_draft_of_a_site_without_articles_says_so():
    with (
        serve(lambda served, path: Reply("<p>Xin chào</p>") if path == "/" else None) as empty,
        pytest.raises(CrawlError, match="give the address of a list"),
    ):
        draft_site(empty.base)


def test_the_packaged_profiles_are_right():
    profiles = Profiles()
    assert "dakrlap" in profiles.names
    for name in profiles.names:
        assert profiles.get(name).versions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("start: http://a.example/\nversion: []\n", "unknown key 'version'; did you mean 'versions'?"),
        ("start: http://a.example/\nversions: [{titel: h1}]\n", "did you mean 'title'?"),
        ("start: http://a.example/\nversions: [{title: 'h1['}]\n", "is no CSS selector"),
        ("start: http://a.example/\narticles: '('\n", "is no regular expression"),
        ("start: a.example\n", "is no http or https address"),
        ("- a\n", "the file is a mapping"),
        ("a: [", "not readable as YAML"),
        ("lists: []\n", "start: Field required"),
    ],
)
def test_a_wrong_profile_names_the_key_and_the_nearest_right_one(tmp_path, text, words):
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as error:
        Profiles(tmp_path).get("a")
    assert words in error.value.message
    assert str(tmp_path / "a.yml") in error.value.message
    assert "\n" not in error.value.message


def test_a_site_is_an_address_a_host_or_a_profile(tmp_path):
    (tmp_path / "lacthuy.yml").write_text(yaml.safe_dump({"start": "http://lacthuy.example/tin"}), encoding="utf-8")
    asking = Asking(profiles=tmp_path)
    assert resolve("lacthuy", asking)[0] == "http://lacthuy.example/tin"
    assert resolve("lacthuy.example", asking)[0] == "https://lacthuy.example/"
    assert resolve("http://LacThuy.example/x#y", asking)[1] is not None
    with pytest.raises(RuleError, match="did you mean 'lacthuy'"):
        resolve("lacthui", asking)


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_raw_pages_as_warc_are_read_back(site, tmp_path, name):
    crawl_sites([site.base], tmp_path, options=FAST)
    count = write_warc(stored_pages(tmp_path), tmp_path / name)
    pages = {page.url: page for page in stored_pages(tmp_path)}
    assert count == len(pages) == 10
    with (tmp_path / name).open("rb") as stream:
        records = [
            (r.rec_type, r.rec_headers, r.http_headers, r.content_stream().read())
            for r in ArchiveIterator(stream, check_digests="raise")
        ]
    assert records[0][0] == "warcinfo"
    assert {h.get_header("WARC-Target-URI") for _, h, _, _ in records[1:]} == set(pages)
    for kind, head, http, body in records[1:]:
        assert kind == "response"
        assert head.protocol == "WARC/1.1"
        page = pages[head.get_header("WARC-Target-URI")]
        assert body == page.body
        assert http.get_statuscode() == "200"
        assert head.get_header("WARC-Date") == page.fetched_at
    first = (tmp_path / name).read_bytes()
    write_warc(stored_pages(tmp_path), tmp_path / name)
    assert (tmp_path / name).read_bytes() == first, "the same pages give the same file"


def test_frozen_pages_hold_no_text_twice():
    texts = [
        json.loads(p.read_text(encoding="utf-8"))["text"] for p in resource("corpus").joinpath("pages").glob("*.json")
    ]
    assert len(set(texts)) == len(texts) > 0
