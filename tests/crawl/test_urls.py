import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.crawl.urls import canonical_url, is_private


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTP://LacThuy.Example:80/Tin/../Tin-Tuc/#top", "http://lacthuy.example/Tin-Tuc/"),
        ("https://lacthuy.example:443", "https://lacthuy.example/"),
        ("https://lacthuy.example:8443/a", "https://lacthuy.example:8443/a"),
        ("http://lacthuy.example/index.html", "http://lacthuy.example/"),
        ("http://lacthuy.example/tin/index.php?id=3", "http://lacthuy.example/tin/?id=3"),
        ("http://lacthuy.example/a?utm_source=zalo&id=3&fbclid=x", "http://lacthuy.example/a?id=3"),
        ("http://lacthuy.example/a?PHPSESSID=9f2&id=3", "http://lacthuy.example/a?id=3"),
        ("http://lacthuy.example/a;jsessionid=8A1F?id=3", "http://lacthuy.example/a?id=3"),
        ("http://lacthuy.example/(S(ldk3jf0alskdj2ksl))/tin.aspx", "http://lacthuy.example/tin.aspx"),
        ("http://lacthuy.example/h%C3%B2a", "http://lacthuy.example/h%C3%B2a"),
        ("http://lacthuy.example/ho\u0300a", "http://lacthuy.example/h%C3%B2a"),
        ("http://lacthuy.example/hòa bình", "http://lacthuy.example/h%C3%B2a%20b%C3%ACnh"),
        ("http://lacthuy.example/a%2Fb", "http://lacthuy.example/a%2Fb"),
        ("http://lacthuy.example//tin///1", "http://lacthuy.example/tin/1"),
    ],
)
def test_one_spelling(written, canonical):
    assert canonical_url(written) == canonical


@given(st.text(max_size=60))
def test_canonical_is_a_fixed_point(path):
    once = canonical_url("http://lacthuy.example/" + path)
    assert canonical_url(once) == once


@pytest.mark.parametrize("url", ["http://[::1", "http://a:b:c/", "javascript:void(0)", "", "http://"])
def test_what_is_no_address_is_left_alone(url):
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "100.64.0.1",
    ],
)
def test_private_addresses(address):
    assert is_private(address)


@pytest.mark.parametrize("address", ["203.162.4.190", "2401:d800::1", "8.8.8.8"])
def test_public_addresses(address):
    assert not is_private(address)
