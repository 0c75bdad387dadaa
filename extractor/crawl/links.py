"""What a fetched document leads to: links of a page, entries of a feed, a sitemap or a JSON API."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

import defusedxml.ElementTree as SafeXML
from defusedxml import DefusedXmlException

from extractor.crawl.page import Element, decode, join, parse_tree
from extractor.crawl.store import Link
from extractor.crawl.urls import canonical_url
from extractor.crawl.when import parse_iso
from extractor.crawl.words import Words
from extractor.errors import ParseError
from extractor.model import RawPage

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_WORDPRESS = "wp/v2/posts?per_page=100&page=1&_fields=link,modified_gmt"
_SITEMAP_MOST = 50_000_000
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\";]+)", re.IGNORECASE)
_ONCLICK = re.compile(r"(?:location(?:\.href)?\s*=|window\.open\()\s*['\"]([^'\"]+)", re.IGNORECASE)
_SKIPPED_FILES = frozenset(
    ("jpg jpeg png gif bmp webp svg ico css js woff woff2 ttf eot map pdf doc docx xls xlsx ppt pptx zip rar 7z gz tar mp3 mp4 wav wmv"
     " avi mov flv mkv swf exe apk msi iso odt ods rtf csv txt ics vcf epub psd ai dwg").split()
)  # fmt: skip


@dataclass(slots=True)
class Found:
    """What a document is and where it leads. `tree` is the page's tree when it is HTML."""

    kind: str
    links: list[Link] = field(default_factory=list)
    tree: Element = None
    canonical: str | None = None


def read_links(page: RawPage, words: Words) -> Found:
    """What a document leads to.

    Args:
        page: the document.
        words: the vocabulary: which links are not to be followed.

    Returns:
        Its kind ("page", "feed", "sitemap", "api", "other") and its links, made canonical, each once, in their order.
    """
    body = page.body
    if body[:2] == b"\x1f\x8b":
        body = _gunzip(body)
    head = body[:600].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kind = {k.lower(): v.lower() for k, v in page.headers}.get("content-type", "")
    if head.startswith((b"{", b"[")) and "html" not in kind:
        return Found("api", _unique(_from_json(body, page.final_url)))
    if (
        b"<html" not in head
        and b"<!doctype html" not in head
        and (
            head.startswith(b"<?xml")
            or b"<rss" in head
            or b"<urlset" in head
            or b"<feed" in head
            or b"<sitemapindex" in head
        )
    ):
        found = _from_xml(body, page.final_url)
        if found is not None:
            return Found(found.kind, _unique(found.links))
    if "json" in kind or ("xml" in kind and "xhtml" not in kind):
        return Found("other")
    try:
        tree = parse_tree(decode(body, kind))
    except ParseError:
        return Found("other")
    return Found("page", _unique(_from_html(tree, page.final_url, words)), tree, _canonical(tree, page.final_url))


def _unique(links: Iterator[Link] | list[Link]) -> list[Link]:
    found: dict[str, Link] = {}
    for link in links:
        if not well_formed(link.url):
            continue
        url = canonical_url(link.url)
        if urlsplit(url).scheme in ("http", "https") and len(url) <= 1000:
            found.setdefault(url, Link(url, link.kind, link.expected, link.changed))
    return list(found.values())


def _gunzip(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, _SITEMAP_MOST)
    except (zlib.error, gzip.BadGzipFile):
        return body


def _from_xml(body: bytes, base: str) -> Found | None:
    try:
        root = SafeXML.fromstring(body)
    except (SafeXML.ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    name = _local(root.tag)
    if name in ("urlset", "sitemapindex"):
        kind = "page" if name == "urlset" else "sitemap"
        links = []
        for entry in root:
            values = {_local(child.tag): (child.text or "").strip() for child in entry}
            if values.get("loc"):
                links.append(Link(urljoin(base, values["loc"]), kind, changed=parse_iso(values.get("lastmod", ""))))
        return Found("sitemap", links)
    if name in ("rss", "feed", "rdf"):
        return Found(
            "feed",
            [link for item in root.iter() if _local(item.tag) in ("item", "entry") for link in _feed_entry(item, base)],
        )
    return None


def _feed_entry(item: Any, base: str) -> Iterator[Link]:
    changed = None
    for child in item:
        if _local(child.tag) in ("updated", "modified"):
            changed = parse_iso(child.text or "")
    for child in item:
        if _local(child.tag) == "link":
            address = (child.text or "").strip() or (
                child.get("href", "") if child.get("rel", "alternate") == "alternate" else ""
            )
            if address:
                yield Link(urljoin(base, address), "page", True, changed)
                return


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2].lower()


def _from_json(body: bytes, base: str) -> Iterator[Link]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return
    items = (
        data
        if isinstance(data, list)
        else next(
            (v for k in ("items", "data", "posts", "articles", "results") if isinstance(v := data.get(k), list)), []
        )
    )
    count = 0
    for item in items:
        if not isinstance(item, dict):
            continue
        address = next(
            (v for k in ("link", "url", "permalink", "href") if isinstance(v := item.get(k), str) and v), None
        )
        if address:
            count += 1
            stamp = item.get("modified_gmt") or item.get("date_modified")
            changed = (
                parse_iso(stamp + ("Z" if "modified_gmt" in item and not stamp.endswith("Z") else ""))
                if isinstance(stamp, str)
                else None
            )
            yield Link(urljoin(base, address), "page", True, changed)
    following = data.get("next_url") if isinstance(data, dict) else None
    if isinstance(following, str):
        yield Link(urljoin(base, following), "api")
    parts = urlsplit(base)
    query = parse_qs(parts.query)
    if (
        count
        and "page" in query
        and query["page"][0].isdigit()
        and count >= int(query.get("per_page", ["10"])[0] if query.get("per_page", ["10"])[0].isdigit() else 10)
    ):
        query["page"] = [str(int(query["page"][0]) + 1)]
        yield Link(urlunsplit(parts._replace(query=urlencode(query, doseq=True))), "api")


def _from_html(tree: Element, url: str, words: Words) -> Iterator[Link]:
    base = next((b for b in tree.xpath("//base/@href") if b.strip()), "")
    base = join(url, base) if base else url
    for link in tree.iter("link"):
        rel, kind, href = (link.get("rel") or "").lower(), (link.get("type") or "").lower(), link.get("href") or ""
        if href and "alternate" in rel and kind in _FEEDS and "comment" not in href.lower():
            yield Link(join(base, href), "feed")
        elif href and rel == "https://api.w.org/":
            yield Link(
                join(join(base, href), _WORDPRESS) if "?" not in href else join(base, href) + "wp/v2/posts", "api"
            )
        elif href and rel == "next":
            yield Link(join(base, href))
    for meta in tree.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content"):
        if match := _REFRESH.search(meta):
            yield Link(join(base, match[1].strip()))
    if len(tree.xpath("//a[@href]")) < 3:
        # A front page that only sends the browser on.
        for script in tree.iter("script"):
            for match in _ONCLICK.finditer((script.text or "")[:5000]):
                yield Link(join(base, match[1]))
    skip = words.memo(_skip_pattern)
    for element in tree.iter("a", "area", "frame", "iframe"):
        href = (element.get("href") or element.get("src") or "").strip()
        if href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")) or not href:
            match = _ONCLICK.search(element.get("onclick") or "")
            if not match:
                continue
            href = match[1]
        address = join(base, href)
        if not well_formed(address):
            continue
        if not is_file(address) and not skip.search(address):
            yield Link(address)


def _canonical(tree: Element, url: str) -> str | None:
    for link in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        address = canonical_url(join(url, link))
        return address if urlsplit(address).netloc == urlsplit(canonical_url(url)).netloc else None
    return None


def well_formed(url: str) -> bool:
    """Whether an address can be taken apart at all; pages hold links such as "//[" that cannot."""
    try:
        return bool(urlsplit(url).netloc)
    except ValueError:
        return False


def is_file(url: str) -> bool:
    """Whether an address names a file that is no page: a picture, a document, a film."""
    return urlsplit(url).path.lower().rpartition(".")[2] in _SKIPPED_FILES


def _skip_pattern(words: Words) -> re.Pattern[str]:
    return re.compile("|".join(words.skip_links), re.IGNORECASE)


def pattern_of(url: str) -> str:
    """An address's shape: numbers as "N", dates too, the query by its keys; pages of one shape are of one kind."""
    parts = urlsplit(url)
    path = re.sub(r"\d+", "N", parts.path)
    segments = path.split("/")
    # The name of a post differs from post to post; only its folder is its shape.
    if len(segments[-1] or segments[-2 if len(segments) > 1 else -1]) > 24:
        segments[-1 if segments[-1] else -2] = "*"
    query = "&".join(sorted(parse_qs(parts.query, keep_blank_values=True)))
    return f"{parts.netloc}{'/'.join(segments)}?{query}"


def looks_endless(url: str) -> bool:
    """Whether an address has the form of a trap: very long, very deep, or one part over and over."""
    parts = [p for p in urlsplit(url).path.split("/") if p]
    return len(url) > 500 or len(parts) > 14 or any(parts.count(p) > 2 for p in set(parts))
