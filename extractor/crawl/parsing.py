"""Parsing of stored pages: as they come, and all of them again without the network."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from extractor.crawl.page import decode
from extractor.crawl.parse import Site, parse_page
from extractor.crawl.parse import read_page as flatten_page
from extractor.crawl.profiles import Profile
from extractor.crawl.store import Store
from extractor.crawl.template import SAMPLE, learn_frame
from extractor.errors import ParseError
from extractor.model import RawPage


@dataclass(slots=True)
class Result:
    """What a crawl of one site did."""

    site: str
    fetched: int = 0
    unchanged: int = 0
    articles: int = 0
    revised: int = 0
    gone: int = 0
    failed: int = 0
    away: str | None = None
    resumed: bool = False
    complete: bool = False

    @property
    def news(self) -> int:
        """New articles, new revisions and vanished ones."""
        return self.articles + self.revised + self.gone


def learn(pages: list[RawPage]) -> frozenset[str]:
    """The frame of a site from some of its pages."""
    read = []
    for page in pages:
        try:
            kind = {k.lower(): v for k, v in page.headers}.get("content-type", "")
            read.append(flatten_page(decode(page.body, kind), page.final_url))
        except ParseError:
            continue
    return learn_frame(read)


def parse_into(store: Store, known: Site, page_id: int, page: RawPage, expected: bool) -> tuple[str | None, int]:
    """Parse a stored page and store its article.

    Args:
        store: the archive.
        known: what is known of the site.
        page_id: the stored page.
        page: the page.
        expected: whether the site itself calls it an article, so that failing is a problem.

    Returns:
        The article's id (None if there is none), and the revision that was stored, 0 if nothing changed.
    """
    try:
        article = parse_page(page, site=known)
    except ParseError as error:
        store.no_article(page_id, error.code)
        wanted = expected or (known.profile is not None and known.profile.is_article(page.final_url) is True)
        if wanted and error.code not in ("list_page",):
            store.add_problem("parse", error.code, error.message, url=page.final_url)
        return None, 0
    except Exception as error:
        # One page that no parser was ready for must not end a run of years; the problem names it.
        store.no_article(page_id, "parser_fault")
        store.add_problem(
            "parse",
            "parser_fault",
            f"{page.final_url}: {type(error).__name__}: {error}; please report this page",
            url=page.final_url,
        )
        return None, 0
    stored = store.add_article(page_id, replace(article, fetched_at=page.fetched_at))
    return article.article_id, stored.revision if stored else 0


def parse_again(store: Store, profile_of: Callable[[str], Profile | None]) -> dict[str, Result]:
    """Parse all stored pages again, without the network: after a profile or the parser changed.

    Args:
        store: the archive.
        profile_of: a site's profile by its host.

    Returns:
        What changed, by site.
    """
    results: dict[str, Result] = {}
    frames: dict[str, Site] = {}
    for site, page_id, expected, page in store.unparsed(None, again=True):
        if site not in frames:
            frame = learn(store.sample(site, SAMPLE))
            store.set_frame(site, frame)
            frames[site] = Site(profile_of(site), frame)
            results[site] = Result(site)
        with store.transaction():
            _, stored = parse_into(store, frames[site], page_id, page, expected)
        results[site].fetched += 1
        results[site].articles += stored == 1
        results[site].revised += stored > 1
    store.mark_duplicates()
    return results
