"""What the crawler asks of the archive. `extractor.dataset.pages.PageStore` answers it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from extractor.model import Article, RawPage

HUBS = ("start", "feed", "sitemap", "api")
"""Kinds of addresses that every run looks at again."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way on: `kind` is page, feed, sitemap or api; `expected` when the site itself calls it an article."""

    url: str
    kind: str = "page"
    expected: bool = False
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One address of the queue.

    `kind` is start, page, feed, sitemap or api; `expected`: the site itself calls it an article; `page_id` is the
    stored page if there is one, with its `etag` and `modified`; `tries` counts failures in this run.
    """

    url: str
    kind: str
    depth: int
    pattern: str
    expected: bool = False
    tries: int = 0
    page_id: int | None = None
    etag: str | None = None
    modified: str | None = None
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class SiteState:
    """What the archive remembers of a site: its run's number, whether that run was broken off, and its frame."""

    run: int
    resumed: bool
    frame: frozenset[str] | None


class Store(Protocol):
    """The archive as the crawler sees it. Every method is one transaction, or part of the one that is open."""

    def transaction(self) -> AbstractContextManager[Any]:
        """Writes inside become durable together."""

    def begin(self, site: str, start: str, now: str, *, recheck: bool) -> SiteState:
        """Open a site's run, or the one that was broken off: make waiting what is due."""

    def finish(self, site: str, now: str) -> None:
        """Close a site's run."""

    def add_links(self, site: str, links: Iterable[tuple[Link, int, str]], now: str) -> list[str]:
        """Queue (link, depth, pattern) triples that are new, wake those that changed; return the new addresses."""

    def wake_lists(self, site: str, urls: Iterable[str]) -> None:
        """Make waiting the known lists among these addresses, once a run."""

    def next(self, site: str, moment: float) -> tuple[Visit | None, float | None]:
        """The next address to ask for, and if there is none but one waits, the moment (UNIX seconds) it may be asked for."""

    def known(self, site: str, url: str) -> str | None:
        """The state of an address in the queue, None if it is not there."""

    def target(self, site: str, url: str) -> str | None:
        """Where an address redirects to, None if it does not."""

    def stored(self, site: str) -> int:
        """How many HTML pages of a site are stored."""

    def parsed(self, page_id: int) -> str | None:
        """What parsing a page came to: "article" or why it is none; None while it waits."""

    def keep(self, site: str, visit: Visit, page: RawPage) -> tuple[int, bool]:
        """Store a page as it came and mark it fetched; return its id and whether its bytes are new."""

    def unchanged(self, site: str, visit: Visit, now: str) -> None:
        """Mark a page that the server calls not modified."""

    def mark(
        self,
        site: str,
        visit: Visit,
        state: str,
        now: str,
        *,
        article_id: str | None = None,
        gain: int | None = None,
        target: str | None = None,
    ) -> None:
        """Set an address's state: done, failed, skipped, gone, redirect or trap."""

    def retry(self, site: str, visit: Visit, moment: float) -> None:
        """Put an address back until a moment."""

    def note_digest(self, page_id: int, digest: str) -> None:
        """Remember the hash of the article on a page, for `is_twin`."""

    def is_twin(self, site: str, page_id: int) -> bool:
        """Whether a page's article is word for word one that is stored under the same path with another query."""

    def barren(self, site: str, pattern: str) -> tuple[int, int]:
        """How many pages of a pattern were fetched, and how many of them brought something."""

    def drop_pattern(self, site: str, pattern: str, now: str) -> int:
        """Take the waiting addresses of a pattern out of the queue as a trap; return how many."""

    def sample(self, site: str, most: int) -> list[RawPage]:
        """The first stored pages of a site, in the order of their fetching."""

    def set_frame(self, site: str, frame: frozenset[str]) -> None:
        """Remember a site's frame."""

    def unparsed(self, site: str | None, *, again: bool) -> Iterator[tuple[str, int, bool, RawPage]]:
        """(site, page id, expected, page) of the stored pages that wait for parsing; all of them, oldest first, with `again`."""

    def add_article(self, page_id: int, article: Article) -> Article | None:
        """Store an article; None if nothing changed."""

    def no_article(self, page_id: int, code: str) -> None:
        """Note that a page is none, and why."""

    def add_problem(self, stage: str, code: str, message: str, *, url: str | None = None) -> None:
        """Note that something failed."""

    def solve(self, url: str) -> None:
        """Take back the problems of an address: it works now."""

    def mark_duplicates(self) -> int:
        """Point articles that repeat another one at the earliest; return how many now do."""
