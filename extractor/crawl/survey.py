"""What the crawler understands of a site and of one page, and a first profile made by comparing a few pages."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import yaml

from extractor.crawl.body import select_runs
from extractor.crawl.fetch import Fetcher, FetchError
from extractor.crawl.links import Found, pattern_of, read_links
from extractor.crawl.page import Element, Page, decode
from extractor.crawl.parse import Site, locate_published, parse_page, read_page
from extractor.crawl.profiles import Profile, first
from extractor.crawl.robots import read_robots
from extractor.crawl.store import Link
from extractor.crawl.title import Finder, read_meta
from extractor.crawl.urls import canonical_url
from extractor.crawl.words import load_words
from extractor.errors import CrawlError, ParseError
from extractor.model import Article, RawPage

_TRIED = 24
"""How many pages are fetched at most to draft a profile."""


def get(fetcher: Fetcher, url: str) -> RawPage:
    """A page, its redirects followed inside its own host.

    Raises:
        CrawlError: it cannot be fetched.
    """
    url = canonical_url(url)
    for _ in range(8):
        answer = fetcher.fetch(url)
        if answer.redirect is None:
            return answer.page
        target = canonical_url(answer.redirect)
        if urlsplit(target).netloc.removeprefix("www.") != urlsplit(url).netloc.removeprefix("www."):
            raise CrawlError(f"{url}: redirects to another site, {target}; use that address", code="moved")
        url = target
    raise CrawlError(f"{url}: redirects in a circle", code="redirect_loop")


def check(url: str, fetcher: Fetcher, profile: Profile | None = None) -> Iterator[str]:
    """What is understood of a site and of one of its pages.

    Args:
        url: the site's address or a page's.
        fetcher: asks for robots.txt, the page, and a few of the pages it links to.
        profile: the site's profile, if it has one.

    Yields:
        Lines in Vietnamese.

    Raises:
        CrawlError: the page cannot be fetched, or may not be.
    """
    robots = read_robots(fetcher, url)
    if robots.away or not robots.allows(canonical_url(url)):
        raise CrawlError(robots.away or f"{url}: robots.txt does not allow this address to be fetched", code="robots")
    yield f"robots.txt: cho phép; nghỉ giữa hai lần tải: {robots.delay:g} giây; sơ đồ trang: {', '.join(robots.sitemaps) or 'không nêu'}"
    yield f"Hồ sơ: {profile.description or profile.start if profile else 'không có, dùng bộ đọc chung'}"
    page = get(fetcher, url)
    found = read_links(page, load_words())
    host = urlsplit(page.final_url).netloc
    inside = [link for link in found.links if urlsplit(link.url).netloc == host]
    yield f"Trang {page.final_url}: {found.kind}, {len(page.body):,} byte, {len(inside)} đường dẫn trong trang, {len(found.links) - len(inside)} ra ngoài"
    for link in inside:
        if link.kind != "page":
            yield f"  nguồn tin: {link.kind} {link.url}"
    yield from _patterns(inside)
    yield from _page_report(page, profile)
    if _article(page, profile) is None:
        for link in _most_likely(inside)[:6]:
            try:
                other = get(fetcher, link.url)
            except CrawlError as error:
                yield f"  {link.url}: {error.message}"
                continue
            yield from _page_report(other, profile)


def _patterns(links: list[Link]) -> Iterator[str]:
    counts = Counter(pattern_of(link.url) for link in links if link.kind == "page")
    for pattern, n in counts.most_common(8):
        yield f"  dạng địa chỉ {pattern.rstrip('?')}: {n} trang"


def _page_report(page: RawPage, profile: Profile | None) -> Iterator[str]:
    try:
        article = parse_page(page, site=Site(profile))
    except ParseError as error:
        yield f"- {page.final_url}: không phải bài viết ({error.code})"
        return
    yield f"- {page.final_url}: bài viết"
    for label, value in (
        ("tiêu đề", article.title),
        ("ngày đăng", article.published_at),
        ("tác giả", article.author),
        ("đơn vị", article.author_unit),
        ("chuyên mục", article.section),
    ):
        yield f"    {label}: {value or '(không tìm thấy)'}"
    lines = article.text.split("\n")[1:]
    yield f"    nội dung: {len(lines)} đoạn, {len(article.text):,} chữ; {len(article.media)} ảnh và tệp"
    for line in [*lines[:2], "…", lines[-1]] if len(lines) > 3 else lines:
        yield f"      {line[:110]}"


def _article(page: RawPage, profile: Profile | None) -> Article | None:
    try:
        return parse_page(page, site=Site(profile))
    except ParseError:
        return None


def _most_likely(links: list[Link]) -> list[Link]:
    """Links in turn from each shape of address, those shapes first whose addresses are long: articles have long names."""
    groups: dict[str, list[Link]] = {}
    for link in links:
        if link.kind == "page":
            groups.setdefault(pattern_of(link.url), []).append(link)
    for group in groups.values():
        group.sort(key=lambda link: -len(link.url))
    large = [g for g in groups.values() if len(g) >= 4]
    large.sort(key=lambda g: -sum(len(link.url) for link in g) / len(g))
    small = [g for g in groups.values() if len(g) < 4]
    return [group[i] for part in (large, small) for i in range(12) for group in part if i < len(group)]


@dataclass(slots=True)
class _Sample:
    url: str
    page: Page
    title: Element
    date: Element | None
    body: Element


def draft(url: str, fetcher: Fetcher) -> str:
    """A first profile of a site: the selectors that fit all the articles that were found among a few pages.

    Args:
        url: the site's address.
        fetcher: asks for at most two dozen pages.

    Returns:
        A YAML file's text, with comments in Vietnamese, to be read and corrected by a person.

    Raises:
        CrawlError: fewer than two articles were found, or the site cannot be fetched.
    """
    robots = read_robots(fetcher, url)
    start = get(fetcher, url)
    host = urlsplit(start.final_url).netloc
    queue = [link.url for link in _most_likely(_inside(read_links(start, load_words()), host))]
    parents = dict.fromkeys(queue, start.final_url)
    seen, lists = {start.final_url}, Counter[str]()
    samples: list[_Sample] = []
    while queue and len(seen) < _TRIED and len(samples) < 8:
        address = queue.pop(0)
        if address in seen or not robots.allows(address):
            continue
        seen.add(address)
        try:
            page = get(fetcher, address)
        except FetchError:
            continue
        sample = _sample(page)
        if sample is not None:
            samples.append(sample)
            lists[parents[address]] += 1
            continue
        found = [link.url for link in _most_likely(_inside(read_links(page, load_words()), host))]
        fresh = [u for u in found if u not in parents][:10]
        parents.update(dict.fromkeys(fresh, address))
        queue += fresh
    # A date says more surely than anything else that a page is an article.
    samples = [s for s in samples if s.date is not None] or samples
    if len(samples) < 2:
        raise CrawlError(
            f"{url}: {len(samples)} articles found among {len(seen)} pages; give the address of a list of articles",
            code="draft",
        )
    return _write(url, samples, [address for address, _ in lists.most_common(5)])


def _inside(found: Found, host: str) -> list[Link]:
    return [link for link in found.links if urlsplit(link.url).netloc == host]


def _sample(raw: RawPage) -> _Sample | None:
    try:
        parse_page(raw)
        page = read_page(decode(raw.body), raw.final_url)
    except ParseError:
        return None
    finder = Finder(page, read_meta(page))
    scope = finder.find()
    if scope is None or scope.title_at == scope.title_end:
        return None
    runs = select_runs(page, scope)
    _, at = locate_published(page, scope, "")
    return _Sample(
        raw.final_url,
        page,
        page.runs[scope.title_at].owner,
        page.runs[at].owner if at is not None else None,
        _common([r.owner for r in runs]),
    )


def _common(elements: list[Element]) -> Element:
    """The innermost element around all of the elements."""
    paths = [[*reversed(list(e.iterancestors())), e] for e in elements]
    common = None
    for step in zip(*paths, strict=False):
        if any(s is not step[0] for s in step):
            break
        common = step[0]
    return common


def _selectors(element: Element) -> Iterator[str]:
    """CSS selectors of an element, the most telling first."""
    own: list[str] = []
    node, depth = element, 0
    while node is not None and depth < 5:
        simple = _simple(node)
        if simple:
            if depth == 0:
                yield from simple
            else:
                yield from (f"{s} {' > '.join(own)}" for s in simple)
        own.insert(0, node.tag)
        node, depth = node.getparent(), depth + 1


def _simple(element: Element) -> list[str]:
    found = []
    name = element.get("id") or ""
    if re.fullmatch(r"[A-Za-z][\w-]{1,40}", name) and not re.search(r"\d{4,}|[0-9a-f]{8}", name):
        found.append(f"#{name}")
    for part in (element.get("class") or "").split():
        if re.fullmatch(r"[A-Za-z][\w-]{1,40}", part) and not re.search(r"\d{3,}|[0-9A-F]{8}", part):
            found.append(f"{element.tag}.{part}")
    if element.tag in ("h1", "article", "time"):
        found.append(element.tag)
    return found


def _fitting(samples: list[_Sample], name: str) -> str | None:
    """A selector whose first hit is the right element in every sample that has one."""
    wanted = [(s.page, getattr(s, name)) for s in samples if getattr(s, name) is not None]
    if len(wanted) < 0.7 * len(samples):
        return None
    # A body may as well be a block around it, if that holds neither title nor date.
    wider = 4 if name == "body" else 1
    candidates: Counter[str] = Counter(
        css
        for _, element in wanted
        for css in dict.fromkeys(c for e in _outward(element, wider) for c in _selectors(e))
    )
    order = {css: i for i, css in enumerate(candidates)}
    for css, _ in sorted(candidates.items(), key=lambda item: (-item[1], order[item[0]])):
        hits = sum(any(first(page.tree, css) is e for e in _outward(element, wider)) for page, element in wanted)
        if hits >= 0.9 * len(wanted):
            return css
    return None


def _outward(element: Element, steps: int) -> list[Element]:
    """An element and the blocks around it, as far as they hold at most a little more than it does."""
    found = [element]
    size = len(element.text_content())
    for outer in element.iterancestors():
        if len(found) >= steps or len(outer.text_content()) > size + 80:
            break
        found.append(outer)
    return found


def _write(url: str, samples: list[_Sample], lists: list[str]) -> str:
    layout = {name: css for name in ("title", "date", "body") if (css := _fitting(samples, name))}
    if "title" in layout and "body" in layout:
        layout["cut"] = [layout["title"]]  # type: ignore[assignment]
    profile = {
        "description": read_meta(samples[0].page).site_name or urlsplit(url).netloc, "start": canonical_url(url),
        "lists": [urlsplit(address).path or "/" for address in lists], "articles": _articles([s.url for s in samples], lists), "versions": [layout],
    }  # fmt: skip
    head = f"# Bản nháp do `extractor sites draft` viết sau khi so {len(samples)} bài; hãy đọc lại, thử bằng `extractor sites check`.\n"
    missing = [name for name in ("title", "date", "body") if name not in layout]
    if missing:
        head += f"# Chưa tìm được bộ chọn chung cho: {', '.join(missing)}; bộ đọc chung sẽ tự tìm.\n"
    return head + yaml.safe_dump(
        {k: v for k, v in profile.items() if v}, allow_unicode=True, sort_keys=False, width=120
    )


def _articles(urls: list[str], lists: list[str]) -> str | None:
    """A pattern that all the articles' paths match and none of the lists does, or None."""
    paths = [urlsplit(u) for u in urls]
    suffix = {p.path.rpartition(".")[2] for p in paths if "." in p.path.rpartition("/")[2]}
    depths = {len(p.path.strip("/").split("/")) for p in paths}
    keys = set.intersection(*[{k.partition("=")[0] for k in p.query.split("&") if k} for p in paths])
    others = [urlsplit(urljoin(urls[0], address)) for address in lists]
    candidates = []
    if keys:
        candidates.append(r"[?&](?:" + "|".join(sorted(map(re.escape, keys))) + r")=")
    if len(suffix) == 1 and all("." in p.path.rpartition("/")[2] for p in paths):
        candidates.append(
            rf"\d[^/]*\.{re.escape(next(iter(suffix)))}(?:\?|$)"
            if all(re.search(r"\d", p.path) for p in paths)
            else rf"\.{re.escape(next(iter(suffix)))}(?:\?|$)"
        )
    if len(depths) == 1:
        candidates.append("^" + "/[^/?]+" * next(iter(depths)) + "/?$")
    for pattern in candidates:
        if not any(re.search(pattern, p.path + (f"?{p.query}" if p.query else "")) for p in others):
            return pattern
    return None
