"""One request against a server that means no good; every limit is met for real."""

import gzip
import shutil
import subprocess
import time
import zlib

import pytest

from extractor.crawl.fetch import Fetcher, FetchError, Limits, parse_wait, user_agent
from extractor.crawl.robots import read_robots
from extractor.errors import CrawlError

from .serving import Reply, serve

FAST = Limits(connect=2, silence=2, total=0.6, size=300_000)


def code_of(call):
    with pytest.raises(FetchError) as error:
        call()
    return error.value


def drops(chunk, pause):
    while True:
        yield chunk
        if pause:
            time.sleep(pause)


def slow_head(served, path):
    return Reply(drops(b"x", 0.05))


def test_a_trickle_is_cut_after_the_total_time():
    with serve(slow_head) as site:
        error = code_of(lambda: Fetcher(private=True, limits=FAST).fetch(site.base + "/"))
    assert (error.code, error.again) == ("timeout", True)


def test_silence_is_cut():
    def silent(served, path):
        time.sleep(1.5)
        return Reply("spät")

    with serve(silent) as site:
        error = code_of(lambda: Fetcher(private=True, limits=Limits(silence=0.2, total=5)).fetch(site.base + "/"))
    assert (error.code, error.again) == ("timeout", True)


def test_an_endless_body_is_left_at_the_limit():
    sent = []

    def endless(served, path):
        def chunks():
            for n in range(10_000):  # ten gigabytes, of which next to nothing is taken
                sent.append(n)
                yield b"x" * 1_000_000

        return Reply(chunks())

    with serve(endless) as site:
        error = code_of(lambda: Fetcher(private=True, limits=Limits(size=300_000, total=10)).fetch(site.base + "/"))
    assert error.code == "too_large"
    assert not error.again
    assert len(sent) < 200


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compression_bomb_is_never_unpacked(coding):
    plain = b"\0" * 50_000_000
    bomb = gzip.compress(plain) if coding == "gzip" else zlib.compress(plain)
    with serve(lambda served, path: Reply(bomb, headers={"Content-Encoding": coding})) as site:
        error = code_of(lambda: Fetcher(private=True, limits=Limits(size=300_000, total=10)).fetch(site.base + "/"))
    assert error.code == "too_large"


def test_a_compressed_page_is_unpacked():
    text = "Xã Lạc Thủy " * 1000
    with serve(lambda served, path: Reply(gzip.compress(text.encode()), headers={"Content-Encoding": "gzip"})) as site:
        assert Fetcher(private=True).fetch(site.base + "/").page.body.decode() == text


def test_a_damaged_compression_and_a_broken_connection_are_worth_a_repeat():
    with serve(lambda served, path: Reply(b"\x1f\x8b\x08\x00broken", headers={"Content-Encoding": "gzip"})) as site:
        assert code_of(lambda: Fetcher(private=True).fetch(site.base + "/")).again
    with serve(lambda served, path: Reply(iter([b"half"]), headers={"Content-Length": "1000"})) as site:
        assert code_of(lambda: Fetcher(private=True).fetch(site.base + "/")).code == "unreachable"


def test_private_addresses_are_refused_unless_the_start_is_one():
    with serve(lambda served, path: Reply("ok")) as site:
        error = code_of(lambda: Fetcher().fetch(site.base + "/"))
        assert (error.code, error.again) == ("private_address", False)
        assert site.log == []
        assert Fetcher(private=True).fetch(site.base + "/").page.body == b"ok"


def test_a_name_that_leads_to_a_private_address_is_refused_too():
    with serve(lambda served, path: Reply("ok")) as site:
        port = site.base.rpartition(":")[2]
        assert code_of(lambda: Fetcher().fetch(f"http://localhost:{port}/")).code == "private_address"


def test_only_http_and_https():
    assert code_of(lambda: Fetcher().fetch("file:///etc/passwd")).code == "scheme"


def test_what_is_no_page_is_not_taken():
    sent = []

    def film(served, path):
        def chunks():
            for n in range(1000):
                sent.append(n)
                yield b"x" * 100_000

        return Reply(chunks(), kind="video/mp4")

    with serve(film) as site:
        assert code_of(lambda: Fetcher(private=True).fetch(site.base + "/")).code == "not_a_page"
    assert len(sent) < 200


def test_an_unreachable_host_is_one_clear_line():
    error = code_of(lambda: Fetcher(private=True, limits=FAST).fetch("http://127.0.0.1:9/"))
    assert error.code == "unreachable"
    assert error.again
    assert "\n" not in error.message


def test_conditional_requests_and_an_honest_name():
    with serve(lambda served, path: Reply(status=304)) as site:
        answer = Fetcher(private=True).fetch(site.base + "/", etag='"7"', modified="Mon, 05 Aug 2019 03:00:00 GMT")
    assert answer.not_modified
    assert site.asked[0]["if-none-match"] == '"7"'
    assert site.asked[0]["if-modified-since"] == "Mon, 05 Aug 2019 03:00:00 GMT"
    assert site.asked[0]["user-agent"] == user_agent()
    assert "+http" in site.asked[0]["user-agent"]


def test_redirects_are_told_not_followed():
    with serve(lambda served, path: Reply(status=302, headers={"Location": "/b?x=1"})) as site:
        assert Fetcher(private=True).fetch(site.base + "/a").redirect == site.base + "/b?x=1"
    assert [path for path, _ in site.log] == ["/a"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody has signed."""
    folder = tmp_path_factory.mktemp("tls")
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=lacthuy -addext subjectAltName=IP:127.0.0.1"
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    subprocess.run(
        ["openssl", *command.split(), "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True,
        capture_output=True,
    )
    return folder


def test_verification_is_never_off_and_a_bundle_helps(certificate):
    def secure(served, path):
        return Reply("ok")

    with serve(secure, tls=certificate) as site:
        error = code_of(lambda: Fetcher(private=True, limits=FAST).fetch(site.base + "/"))
        assert (error.code, error.again) == ("tls", False)
        assert "--ca-bundle" in error.message
        assert site.log == []
        trusting = Fetcher(private=True, ca_bundle=certificate / "cert.pem")
        assert trusting.fetch(site.base + "/").page.body == b"ok"
        assert (
            code_of(lambda: Fetcher(ca_bundle=certificate / "cert.pem").fetch(site.base + "/")).code
            == "private_address"
        )


def test_a_bundle_that_is_none_is_refused(tmp_path):
    with pytest.raises(CrawlError, match="no such file of certificates"):
        Fetcher(ca_bundle=tmp_path / "none.pem")
    (tmp_path / "empty.pem").write_text("hello", encoding="ascii")
    with pytest.raises(CrawlError, match="no certificates in PEM form"):
        Fetcher(ca_bundle=tmp_path / "empty.pem")


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120), ("Mon, 05 Aug 2019 03:00:00 GMT", 0), ("soon", None), (None, None)]
)
def test_retry_after(value, seconds):
    assert parse_wait(value) == seconds


# robots.txt

ROBOTS = "User-agent: *\nDisallow: /kin\nAllow: /kin/mo\nCrawl-delay: 3\n\nUser-agent: otherbot\nDisallow: /\nSitemap: http://h/s.xml\n"


def robots(answer):
    with serve(answer) as site:
        rules = read_robots(Fetcher(private=True, limits=FAST), site.base + "/")
        return rules, site.base


def test_rules_delay_and_sitemaps_are_read():
    rules, base = robots(lambda served, path: Reply(ROBOTS, kind="text/plain"))
    assert rules.allows(base + "/tin")
    assert not rules.allows(base + "/kin/1")
    assert rules.allows(base + "/kin/mo/1")
    assert rules.delay == 3
    assert rules.sitemaps == ["http://h/s.xml"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_4xx_means_go(status):
    rules, base = robots(lambda served, path: Reply("", status))
    assert rules.allows(base + "/")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_5xx_means_stay_away(status):
    rules, base = robots(lambda served, path: Reply("", status))
    assert not rules.allows(base + "/")
    assert rules.away


def test_unreachable_means_stay_away():
    rules = read_robots(Fetcher(private=True, limits=FAST), "http://127.0.0.1:9/")
    assert rules.away


def test_robots_behind_a_redirect_and_a_page_instead_of_rules():
    def moved(served, path):
        return (
            Reply(ROBOTS, kind="text/plain") if path == "/r.txt" else Reply(status=301, headers={"Location": "/r.txt"})
        )

    rules, base = robots(moved)
    assert not rules.allows(base + "/kin/1")
    rules, base = robots(lambda served, path: Reply("<!doctype html><html><body>Disallow: /</body></html>"))
    assert rules.allows(base + "/tin")
