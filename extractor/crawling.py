"""The crawler on an archive: what the commands crawl, parse, diff and sites do."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from extractor.crawl.crawler import Options, SiteCrawl, crawl
from extractor.crawl.fetch import CONTACT, Fetcher, Limits, user_agent
from extractor.crawl.parsing import Result, parse_again
from extractor.crawl.profiles import Profile, Profiles
from extractor.crawl.urls import addresses_of, canonical_url, is_private
from extractor.dataset.archive import Archive
from extractor.dataset.connect import FILE_NAME, clear_errors, connect_reader
from extractor.dataset.pages import PageStore, read_pages
from extractor.dataset.tables import columns_of
from extractor.errors import CrawlError, DatasetError
from extractor.model import Article, RawPage
from extractor.outputs.diff import diff_articles

NOTHING_NEW = 4
"""The exit code of a crawl that worked and found nothing new; 0 is something new, 1 failed, 3 another run is going on."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask: a bundle of certificates, who to write to, what one request may cost, a folder of profiles, one of them by name."""

    ca_bundle: Path | None = None
    contact: str = CONTACT
    limits: Limits = field(default_factory=Limits)
    profiles: Path | None = None
    profile: str | None = None


def resolve(site: str, asking: Asking) -> tuple[str, Profile | None]:
    """A site as given: an address, or the name of a profile.

    Args:
        site: "https://…", "example.gov.vn" or a profile's name.
        asking: where profiles are.

    Returns:
        The start address and the profile, if there is one for it.

    Raises:
        RuleError: no such profile, or it is wrong.
    """
    profiles = Profiles(asking.profiles)
    chosen = profiles.get(asking.profile) if asking.profile else None
    if "://" in site:
        return canonical_url(site), chosen or profiles.for_url(site)
    if site in profiles.names or "." not in site:
        found = profiles.get(site)
        return canonical_url(found.start), found
    return canonical_url(f"https://{site}"), chosen or profiles.for_url(f"https://{site}")


def fetcher_for(start: str, asking: Asking) -> Fetcher:
    """A fetcher for a site: private addresses are allowed only where the start address is one."""
    private = any(is_private(address) for address in addresses_of(start))
    return Fetcher(agent=user_agent(asking.contact), limits=asking.limits, ca_bundle=asking.ca_bundle, private=private)


def crawl_sites(
    sites: Sequence[str], data: Path, *, options: Options | None = None, asking: Asking | None = None,
    report: Callable[[str], None] = print, progress: Callable[[Result], None] | None = None,
) -> list[Result]:  # fmt: skip
    """Crawl sites into an archive, parsing what is fetched.

    Args:
        sites: addresses or names of profiles.
        data: the archive's folder.
        options: how to crawl.
        asking: how to ask.
        report: called with one line when something is worth saying.
        progress: called after each request with what the crawl of that site did so far.

    Returns:
        What each crawl did.

    Raises:
        ArchiveLockedError: another run writes to the archive.
        ExtractorError: a site or a profile is wrong, before anything is fetched.
    """
    asking = asking or Asking()
    resolved = [resolve(site, asking) for site in sites]
    with Archive(data) as archive:
        store = PageStore(archive)
        crawls = [
            SiteCrawl(start, store, fetcher_for(start, asking), options or Options(), profile, report, progress)
            for start, profile in resolved
        ]
        try:
            return crawl(crawls)
        finally:
            for one in crawls:
                one.fetcher.close()


def exit_code(results: Sequence[Result]) -> int:
    """A crawl's exit code: 1 if any site failed as a whole, else 0 if there is something new, else `NOTHING_NEW`."""
    if any(r.away is not None or (r.failed and not r.fetched and not r.unchanged) for r in results):
        return 1
    return 0 if any(r.news for r in results) else NOTHING_NEW


def parse_pages(data: Path, asking: Asking | None = None) -> dict[str, Result]:
    """Parse all stored pages again, without the network.

    Args:
        data: the archive's folder.
        asking: where profiles are.

    Returns:
        What changed, by site.
    """
    asking = asking or Asking()
    profiles = Profiles(asking.profiles)

    def profile_of(site: str) -> Profile | None:
        return profiles.get(asking.profile) if asking.profile else profiles.for_url(f"http://{site}/")

    with Archive(data) as archive:
        return parse_again(PageStore(archive), profile_of)


@contextmanager
def _reading(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection that can only read, also while a crawl is going on."""
    path = data / FILE_NAME
    connection = connect_reader(path)
    try:
        with clear_errors(path):
            yield connection
    finally:
        connection.close()


def stored_pages(data: Path) -> Iterator[RawPage]:
    """The archive's raw pages in the order in which they were fetched, for `outputs.warc.write_warc`."""
    with _reading(data) as connection:
        yield from read_pages(connection)


def is_site(name: str, asking: Asking | None = None) -> bool:
    """Whether an input names a site to crawl, an http address or a profile, rather than a file."""
    return name.startswith(("http://", "https://")) or name in Profiles((asking or Asking()).profiles).names


def _revisions(connection: sqlite3.Connection, article_id: str) -> dict[int, Article]:
    names = list(columns_of("articles"))
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM articles WHERE article_id = ? ORDER BY revision", (article_id,)
    )
    return {article.revision: article for row in rows if (article := Article(**dict(zip(names, row, strict=True))))}


def diff(data: Path, article: str, *, since: int | None = None, until: int | None = None) -> Iterator[str]:
    """What changed in an article.

    Args:
        data: the archive's folder.
        article: its id, the beginning of it, or its address.
        since: the revision to start from; by default the one before `until`.
        until: the revision to end with; by default the latest.

    Yields:
        Lines for a person to read.

    Raises:
        DatasetError: there is no such article or revision.
    """
    with _reading(data) as db:
        if "://" in article:
            rows = db.execute(
                "SELECT DISTINCT article_id FROM articles WHERE url = ?", (canonical_url(article),)
            ).fetchall()
        else:
            rows = db.execute(
                "SELECT DISTINCT article_id FROM articles WHERE substr(article_id, 1, ?) = ?", (len(article), article)
            ).fetchall()
        if len(rows) != 1 or not article:
            found = "no article" if not rows else f"{len(rows)} articles"
            raise DatasetError(
                f"{data}: {found} {article!r}; give an article_id or an address from the table articles",
                code="no_such_article",
            )
        revisions = _revisions(db, rows[0][0])
        last = max(revisions) if until is None else until
        first = (last - 1 if since is None else since) if len(revisions) > 1 else last
        for wanted in (first, last):
            if wanted not in revisions:
                raise DatasetError(
                    f"{article}: no revision {wanted}; there are {', '.join(map(str, revisions))}",
                    code="no_such_revision",
                )
        gone = db.execute("SELECT gone_at FROM crawl_queue WHERE article_id = ? AND state = 'gone'", rows[0]).fetchone()
        if len(revisions) == 1:
            yield f"{revisions[last].url or article}: chỉ có một bản, chưa từng thay đổi"
        else:
            yield from diff_articles(revisions[first], revisions[last])
        if gone:
            yield f"Trang gốc không còn nữa từ {gone[0]}; bài vẫn được giữ."


def check_site(url: str, asking: Asking | None = None) -> Iterator[str]:
    """What is understood of a site and of one page, as lines to read."""
    from extractor.crawl.survey import check

    asking = asking or Asking()
    start, profile = resolve(url, asking)
    yield from check(start, fetcher_for(start, asking), profile)


def draft_site(url: str, asking: Asking | None = None) -> str:
    """A first profile of a site, as YAML."""
    from extractor.crawl.survey import draft

    asking = asking or Asking()
    if "://" not in url and "." not in url:
        raise CrawlError(f"{url}: give the site's address, such as https://example.gov.vn", code="address")
    start, _ = resolve(url, Asking(profiles=asking.profiles))
    return draft(start, fetcher_for(start, asking))
