"""A fetched page read as an article: by the site's profile, else by the general parser, else by trafilatura."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractor.crawl.body import body_text, media, paragraphs, select_runs
from extractor.crawl.byline import find_byline, read_byline
from extractor.crawl.lists import is_list
from extractor.crawl.page import Page, Run, decode, flatten, names_of, parse_tree
from extractor.crawl.profiles import Profile, Profiles, first, selector
from extractor.crawl.title import MIN_BODY, Finder, Meta, Scope, read_meta
from extractor.crawl.urls import canonical_url
from extractor.crawl.when import find_dates, structured_dates
from extractor.crawl.words import Words, line_key, load_words
from extractor.errors import ParseError
from extractor.model import Article, Media, RawPage, content_id
from extractor.text import fold

_DATED_TITLE = re.compile(r"\s*[(\[]([^()\[\]]*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}[^()\[\]]*)[)\]]$")


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of the site that a page is from.

    `profile` is its profile if it has one; `frame` the keys of the lines that its pages share (`extractor.crawl.template`).
    """

    profile: Profile | None = None
    frame: frozenset[str] = frozenset()


UNKNOWN = Site()


@dataclass(slots=True)
class Parts:
    """An article's fields before it is built."""

    title: str
    lines: list[str]
    published_at: str | None = None
    author: str | None = None
    author_unit: str | None = None
    section: str | None = None
    media: tuple[Media, ...] = ()


def parse_page(page: RawPage, profiles: Profiles | None = None, *, site: Site | None = None) -> Article:
    """Read a fetched page as an article: by its site's profile, else by what articles look like, else by trafilatura.

    Args:
        page: the page as it came.
        profiles: where to look for the site's profile by its host; without it no profile is used.
        site: what is known of the site; it goes before `profiles`.

    Returns:
        The article, its id a hash of its canonical address, its revision 1.

    Raises:
        ParseError: the page is no article; its code says why: "not_html", "no_article", "list_page", "too_short",
            "missing_page".
    """
    headers = {name.lower(): value for name, value in page.headers}
    kind = headers.get("content-type", "")
    if kind and not any(k in kind.lower() for k in ("html", "xml", "text/plain", "octet-stream")):
        raise ParseError(f"{page.final_url}: {kind} is no page to read", code="not_html")
    if site is None:
        site = Site(profiles.for_url(page.final_url)) if profiles else UNKNOWN
    return parse_html(page.body, page.final_url, headers=headers, fetched_at=page.fetched_at, site=site)


def parse_html(
    body: bytes, url: str | None = None, *, headers: Mapping[str, str] | Iterable[tuple[str, str]] = (), fetched_at: str | None = None,
    site: Site = UNKNOWN,
) -> Article:  # fmt: skip
    """Read HTML as an article, for a page from the network or a file on disk.

    Args:
        body: the bytes.
        url: the page's address if it has one.
        headers: HTTP headers; only Content-Type is used, for the charset.
        fetched_at: when it was fetched, UTC.
        site: what is known of the site.

    Returns:
        The article; without an address its id is a hash of its text.

    Raises:
        ParseError: as `parse_page`.
    """
    named = {k.lower(): v for k, v in dict(headers).items()}
    text = decode(body, named.get("content-type", ""))
    page = read_page(text, url)
    today = (fetched_at or "")[:10]
    meta = read_meta(page)
    refuse_non_articles(page, meta, site)
    parts = by_profile(page, meta, site.profile, fetched_at) if site.profile else None
    if parts is None:
        try:
            parts = general(page, meta, site.frame, today=today)
        except ParseError as error:
            # Only a page that calls itself an article is worth a second opinion; trafilatura finds text in any menu.
            parts = by_trafilatura(text, page, meta) if meta.is_article and error.code != "list_page" else None
            if parts is None:
                raise
    return build(parts, canonical_url(url) if url else None, fetched_at)


def read_page(text: str, url: str | None) -> Page:
    """A page's text, flattened.

    Raises:
        ParseError: with code "not_html".
    """
    return flatten(parse_tree(text), url or "", load_words())


def refuse_non_articles(page: Page, meta: Meta, site: Site) -> None:
    """Raise ParseError for pages that are none by their address or by what they say."""
    where = page.url or "the page"
    missing = next((r.text for r in page.runs if line_key(r.text) in page.words.sets["missing_page"]), None)
    if missing and sum(r.plain_chars for r in page.runs if not r.cut) < 1500:
        raise ParseError(f"{where}: the site answers “{missing}”", code="missing_page")
    if not page.url:
        return
    if site.profile and site.profile.is_article(page.url) is False:
        raise ParseError(f"{where}: the site's profile says that articles have other addresses", code="no_article")
    parts = urlsplit(canonical_url(page.url))
    if not parts.query and (parts.path.rstrip("/") or "/").lower() in ("/", "/trang-chu", "/home", "/trangchu"):
        raise ParseError(f"{where}: a front page is no article", code="no_article")


def by_profile(page: Page, meta: Meta, profile: Profile, fetched_at: str | None) -> Parts | None:
    """An article by the first layout of a profile that fits the page, or None where none does.

    Raises:
        ParseError: a layout fits, and the page holds no text ("too_short").
    """
    for layout in profile.layouts(fetched_at):
        body = first(page.tree, layout.body)
        heading = first(page.tree, layout.title)
        title = " ".join(heading.text_content().split()) if heading is not None else ""
        if body is None or (layout.title and not title):
            continue
        start, end = page.span(body)
        cut = {i for css in layout.cut for element in selector(css)(page.tree) for i in range(*page.span(element))}
        for run in page.runs[start:end]:
            run.cut = run.index in cut
        if not title:
            found = Finder(page, meta).find()
            title = found.title if found else ""
        scope = Scope(title, start, start, start, end, 0.0, 0.0)
        runs = select_runs(page, scope)
        parts = assemble(
            page, scope, meta, runs, (fetched_at or "")[:10], MIN_BODY if profile.min_body is None else profile.min_body
        )
        date = first(page.tree, layout.date)
        if date is not None:
            line = " ".join([date.get("datetime") or "", *date.text_content().split()])
            parts.published_at = next((w.value for w in find_dates(line, page.words)), None)
        for name in ("author", "section"):
            element = first(page.tree, getattr(layout, name))
            if element is not None:
                value = " ".join(element.text_content().split()) or None
                if name == "section":
                    parts.section = value
                else:
                    parts.author, parts.author_unit = read_byline(value or "", page.words, labelled=True) or (
                        value,
                        None,
                    )
        return parts
    return None


def general(page: Page, meta: Meta, frame: frozenset[str], *, today: str) -> Parts:
    """The general parser: title, body and date found by what they look like and where they stand.

    Raises:
        ParseError: there is no article in the page.
    """
    where = page.url or "the page"
    finder = Finder(page, meta, frame)
    scope = finder.find()
    if scope is None and uncut(page):
        finder = Finder(page, meta, frame)
        scope = finder.find()
    if scope is None:
        raise ParseError(f"{where}: no title with a text below it", code="no_article")
    if is_list(finder, scope):
        raise ParseError(f"{where}: a list of articles", code="list_page")
    runs = select_runs(page, scope, finder.framed)
    scope.title, day = undated(whole_title(scope.title, meta), page.words)
    parts = assemble(page, scope, meta, runs, today, MIN_BODY)
    parts.published_at = parts.published_at or day
    return parts


def uncut(page: Page) -> bool:
    """Take back what was cut for its class names, where most of a page's text went with it; return whether it did.

    Themes call all kinds of blocks "widget" or "menu". What HTML itself marks as navigation stays cut.
    """
    long = [r for r in page.runs if r.plain_chars >= 80]
    if sum(r.plain_chars for r in long if r.cut) <= 2 * sum(r.plain_chars for r in long if not r.cut):
        return False
    for run in page.runs:
        run.cut = run.cut and any(e.tag in ("nav", "footer", "aside") for e in page.ancestors(run.owner))
    return True


def assemble(page: Page, scope: Scope, meta: Meta, runs: list[Run], today: str, min_body: int) -> Parts:
    """An article's parts once its title and its runs are known.

    Raises:
        ParseError: with code "too_short".
    """
    lines = paragraphs(page, runs)
    if not scope.title or new_chars(scope.title, lines) < min_body:
        raise ParseError(
            f"{page.url or 'the page'}: fewer than {min_body} characters of text under “{scope.title[:60]}”",
            code="too_short",
        )
    author, unit = find_byline(page, scope, meta, lines)
    return Parts(
        scope.title,
        lines,
        find_published(page, scope, today),
        author,
        unit,
        find_section(page, scope, meta),
        media(page, scope, runs),
    )


def by_trafilatura(text: str, page: Page, meta: Meta) -> Parts | None:
    """Title, text and date as trafilatura and htmldate find them, or None."""
    import htmldate
    import trafilatura

    found = trafilatura.bare_extraction(
        text, url=page.url or None, favor_precision=True, include_comments=False, with_metadata=False
    )
    lines = str(getattr(found, "text", None) or "").split("\n")
    title = meta.og_title or meta.html_title
    if not title or new_chars(title, lines) < MIN_BODY:
        return None
    published = next(structured_dates(page.tree, page.words), None)
    if published is None:
        published = htmldate.find_date(text, extensive_search=False, original_date=True)
    return Parts(title, lines, published)


def new_chars(title: str, lines: list[str]) -> int:
    """How many characters of a body say something that its title does not."""
    total = sum(map(len, lines))
    if total > 10 * MIN_BODY + len(title):
        return total
    known = set(fold(title).split())
    return sum(
        len(line)
        for line in lines
        if not known or sum(w in known for w in fold(line).split()) < 0.7 * len(line.split())
    )


def whole_title(title: str, meta: Meta) -> str:
    """The title, with the end that a narrow page cut off with "…" put back from its head."""
    shown = title.rstrip(" .…")
    if title != shown and title.endswith(("...", "…")) and fold(meta.og_title).startswith(fold(shown)):
        return meta.og_title
    return title


def undated(title: str, words: Words) -> tuple[str, str | None]:
    """A title without the date that some portals set behind it in brackets, and that date."""
    match = _DATED_TITLE.search(title)
    day = next((w.value for w in find_dates(match[1], words)), None) if match else None
    return (title[: match.start()].rstrip(), day) if match and day else (title, None)


def find_published(page: Page, scope: Scope, today: str) -> str | None:
    """When an article was published: the visible date nearest its title, else what its head says.

    Args:
        page: the page.
        scope: where the article is.
        today: the day of the fetch, ISO, or "".

    Returns:
        An ISO day or an ISO time in Vietnam's zone, or None.
    """
    return locate_published(page, scope, today)[0]


def locate_published(page: Page, scope: Scope, today: str) -> tuple[str | None, int | None]:
    """As `find_published`, with the run that shows the date, None if only the head does."""
    words = page.words
    found: list[tuple[float, int, str]] = []
    lead = next((r.index for r in page.runs[scope.start : scope.end] if r.plain_chars >= 80 and not r.cut), scope.start)
    for run in page.runs[max(0, scope.title_at - 12) : scope.end + 10]:
        if len(run.text) > 160 or not any(c.isdigit() for c in run.text):
            continue
        inside = lead < run.index < scope.end
        for when in find_dates(run.text, words):
            if today and when.value[:10] > today:
                continue
            score = _date_score(page, run.index, when.rest, scope)
            score += 3.0 * (when.label == "published") + 1.0 * (when.label == "updated") - 8.0 * (when.label == "clock")
            if run.index < scope.title_at:
                # Above a title there are clocks as well.
                score -= 4.0 if when.value[:10] == today else 1.0
            score += 2.0 * when.has_time + 1.0 * when.has_weekday - 4.0 * run.cut
            if (when.rest > 40 and when.label is None) or (
                inside and when.rest > 12 and not when.has_time and when.label != "published"
            ):
                continue
            found.append((-score, run.index, when.value))
    stated = [d for d in structured_dates(page.tree, words) if not today or d[:10] <= today]
    found.sort()
    if not found or found[0][0] > -2.5:
        return (stated[0] if stated else None), None
    _, at, visible = found[0]
    # The head often knows the time of the day that the page shows without one.
    return next((d for d in stated if len(visible) == 10 < len(d) and d[:10] == visible), visible), at


def _date_score(page: Page, at: int, rest: int, scope: Scope) -> float:
    run = page.runs[at]
    gap = at - scope.title_end if at >= scope.title_end else scope.title_at - at
    score = 3.5 - 0.25 * gap if at < scope.end else 2.0 - 0.3 * (at - scope.end)
    if scope.title_at <= at < scope.title_end:
        score = 1.0
    names = [names_of(e) for e in list(page.ancestors(run.owner))[:2]]
    names.append(run.marks)
    if any(page.words.hints(n, "date_classes") for n in names):
        score += 1.5
    if run.is_link or run.link_chars > 0.6 * len(run.text):
        score -= 4.0
    if at > scope.start + 3 and at < scope.end - 2:
        score -= 2.0
    return score - 0.1 * min(rest, 40)


def find_section(page: Page, scope: Scope, meta: Meta) -> str | None:
    """The section an article stands in: the head's, or the last step of the path shown above its title."""
    if meta.section:
        return meta.section
    for run in reversed(page.runs[max(0, scope.title_at - 8) : scope.title_at]):
        near = [names_of(e) for e in list(page.ancestors(run.owner))[:4]]
        if len(run.text) <= 80 and any(page.words.hints(n, "section_classes") for n in near):
            last = [p for p in run.text.replace("»", ">").replace("/", ">").split(">") if p.strip()]
            name = last[-1].strip(" |»:") if last else ""
            if name and fold(name) != fold(scope.title) and not next(find_dates(name, page.words), None):
                return name
    return None


def build(parts: Parts, url: str | None, fetched_at: str | None) -> Article:
    """An article from its parts.

    Args:
        parts: title, lines and the rest.
        url: the canonical address, or None for a file: its id is then made of its text.
        fetched_at: when it was fetched, UTC.

    Returns:
        The article.
    """
    text = body_text(parts.title, parts.lines)
    return Article(
        article_id=content_id(url or text), url=url, source=urlsplit(url).hostname if url else None, title=text.split("\n", 1)[0],
        published_at=parts.published_at, author=parts.author, author_unit=parts.author_unit, section=parts.section, text=text,
        fetched_at=fetched_at, content_sha256=hashlib.sha256(text.encode()).hexdigest(), media=parts.media,
    )  # fmt: skip
