"""The crawl of one site: takes an address from the queue, fetches it, stores it, reads where it leads, goes on."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from extractor.crawl.fetch import Answer, Fetcher, FetchError
from extractor.crawl.links import looks_endless, pattern_of, read_links
from extractor.crawl.parse import Site, parse_page
from extractor.crawl.parsing import Result, learn, parse_into
from extractor.crawl.profiles import Profile, path_of
from extractor.crawl.robots import Robots, read_robots
from extractor.crawl.store import HUBS, Link, Store, Visit
from extractor.crawl.template import SAMPLE
from extractor.crawl.urls import canonical_url
from extractor.crawl.words import load_words
from extractor.errors import CrawlError, ParseError
from extractor.model import RawPage

SITEMAP_SIZE = 50_000_000
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to crawl: seconds between two requests to one host, how often a request is repeated, the first pause before a
    repeat (doubled each time), the longest one that is waited for, how many pages a run may fetch at most, how
    many pages of one shape may bring nothing before the rest is taken for a trap, and whether to look at every known page again."""

    pause: float = 1.0
    tries: int = 4
    back_off: float = 5.0
    longest_wait: float = 300.0
    limit: int | None = None
    patience: int = 40
    recheck: bool = False


def utc_now() -> str:
    """The time, UTC, ISO 8601 with "Z"."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class SiteCrawl:
    """One site's crawl. `step` does one request or says how long to wait.

    Args:
        start: the site's address.
        store: the archive.
        fetcher: asks.
        options: how to crawl.
        profile: the site's profile, if it has one.
        report: called with one line when something is worth saying.
        progress: called after each request with what the crawl did so far.
    """

    start: str
    store: Store
    fetcher: Fetcher
    options: Options = field(default_factory=Options)
    profile: Profile | None = None
    report: Report = print
    progress: Callable[[Result], None] | None = None

    def __post_init__(self) -> None:
        self.start = canonical_url(self.start)
        parts = urlsplit(self.start)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise CrawlError(
                f"{self.start}: give a site as an http or https address, or the name of a profile", code="address"
            )
        self.site = parts.netloc
        self.words = load_words()
        self.robots: dict[str, Robots] = {}
        self.next_time = 0.0
        self.result = Result(self.site)
        self.frame: frozenset[str] | None = None
        hosts = {self.site, *(self.profile.hosts if self.profile else ())}
        self.hosts = (
            hosts | {h.removeprefix("www.") for h in hosts} | {f"www.{h}" for h in hosts if not h.startswith("www.")}
        )

    def begin(self) -> None:
        """Open the run: the rules of robots.txt, then the first addresses."""
        state = self.store.begin(self.site, self.start, utc_now(), recheck=self.options.recheck)
        self.frame, self.result.resumed = state.frame, state.resumed
        robots = self.robots_of(self.start)
        if robots.away is not None:
            self.stay_away(robots.away)
            return
        if not robots.allows(self.start):
            self.stay_away(f"{self.start}: robots.txt does not allow this address to be fetched")
            return
        seeds = [Link(self.start, "start")]
        seeds += [Link(urljoin(self.start, path)) for path in (self.profile.lists if self.profile else ())]
        seeds += [Link(url, "sitemap") for url in robots.sitemaps or [urljoin(self.start, "/sitemap.xml")]]
        self.queue(seeds, -1)

    def stay_away(self, why: str) -> None:
        """End the run before it began."""
        self.result.away = why
        self.store.add_problem("crawl", "robots", why, url=self.start)
        self.store.finish(self.site, utc_now())

    def robots_of(self, url: str) -> Robots:
        """The rules of an address's host."""
        host = urlsplit(url).netloc
        if host not in self.robots:
            self.robots[host] = read_robots(self.fetcher, url)
        return self.robots[host]

    @property
    def pause(self) -> float:
        """Seconds between two requests: the longest of what is asked for."""
        profile = self.profile.pause if self.profile and self.profile.pause is not None else 0.0
        return max([self.options.pause, profile, *(r.delay for r in self.robots.values())])

    def on_site(self, url: str) -> bool:
        """Whether an address belongs to the site."""
        return urlsplit(url).netloc in self.hosts and urlsplit(url).scheme in ("http", "https")

    def queue(self, links: list[Link], depth: int) -> list[str]:
        """Queue what belongs to the site; return the addresses that are new."""
        kept = [
            (link, depth + 1, pattern_of(link.url)) for link in links
            if self.on_site(link.url) and not looks_endless(link.url) and not self.skipped(link.url)
        ]  # fmt: skip
        return self.store.add_links(self.site, kept, utc_now())

    def skipped(self, url: str) -> bool:
        """Whether the profile says not to fetch an address."""
        return bool(self.profile and self.profile.skip and re.search(self.profile.skip, path_of(url)))

    def step(self, now: float) -> float | None:
        """Do one request if it is time for one.

        Args:
            now: the moment, UNIX seconds.

        Returns:
            The moment at which to call again, or None when the site is done.
        """
        if self.result.away is not None:
            return None
        if now < self.next_time:
            return self.next_time
        if self.options.limit is not None and self.result.fetched >= self.options.limit:
            self.end(complete=False)
            return None
        visit, later = self.store.next(self.site, now)
        if visit is None:
            if later is not None and later - now <= self.options.longest_wait:
                return later
            self.end(complete=later is None)
            return None
        robots = self.robots_of(visit.url)
        if not robots.allows(visit.url):
            self.store.mark(self.site, visit, "skipped", utc_now())
            if robots.away is not None:
                self.store.add_problem("crawl", robots.code, robots.away, url=visit.url)
            return now
        self.visit(visit)
        if self.progress is not None:
            self.progress(self.result)
        self.next_time = max(self.next_time, time.time() + self.pause)
        return self.next_time

    def end(self, *, complete: bool) -> None:
        """Close the run: parse what waits for the frame, mark duplicates."""
        if self.frame is None:
            with self.store.transaction():
                self.learn()
        self.result.complete = complete
        if complete:
            self.store.finish(self.site, utc_now())

    def visit(self, visit: Visit) -> None:
        """Fetch one address and store what came of it, all in one transaction."""
        size = SITEMAP_SIZE if visit.kind == "sitemap" else None
        try:
            answer = self.fetcher.fetch(visit.url, etag=visit.etag, modified=visit.modified, size=size)
        except FetchError as error:
            with self.store.transaction():
                self.failed(visit, error)
            return
        with self.store.transaction():
            if answer.redirect is not None:
                self.redirected(visit, answer)
            elif answer.not_modified:
                self.result.unchanged += 1
                self.store.unchanged(self.site, visit, utc_now())
                self.store.solve(visit.url)
            else:
                self.result.fetched += 1
                self.store.solve(visit.url)
                self.fetched(visit, answer.page)

    def failed(self, visit: Visit, error: FetchError) -> None:
        """Repeat later, or give up: gone, no page, or a problem."""
        if error.again and visit.tries + 1 < self.options.tries:
            wait = error.wait if error.wait is not None else self.options.back_off * 2**visit.tries
            moment = time.time() + max(wait, self.pause)
            self.store.retry(self.site, visit, moment)
            if error.status in (429, 503) and error.wait and error.wait <= self.options.longest_wait:
                # The host asks for quiet, not only for this page.
                self.next_time = moment
            return
        if error.code == "gone" and visit.article_id:
            self.result.gone += 1
            self.store.mark(self.site, visit, "gone", utc_now())
            return
        if error.code == "not_a_page" or (error.code == "gone" and visit.kind != "start"):
            self.store.mark(self.site, visit, "skipped", utc_now())
            if error.code == "gone" and visit.expected:
                self.store.add_problem("crawl", "gone", error.message, url=visit.url)
            return
        self.result.failed += 1
        self.store.mark(self.site, visit, "failed", utc_now())
        if not (visit.kind == "sitemap" and error.status is not None):
            self.store.add_problem("crawl", error.code, error.message, url=visit.url)
        if visit.kind == "start":
            self.report(error.message)

    def redirected(self, visit: Visit, answer: Answer) -> None:
        """Queue where a redirect leads: it is fetched once, however many addresses lead there."""
        url = canonical_url(answer.redirect or "")
        now = utc_now()
        if (
            url == visit.url
            and not visit.tries
            and any(name.lower() == "set-cookie" for name, _ in answer.page.headers)
        ):
            # The site tries whether we keep its cookie; with it the same address answers.
            self.store.retry(self.site, visit, time.time() + self.pause)
            return
        if not self.on_site(url):
            self.store.mark(self.site, visit, "skipped", now)
            if visit.kind == "start":
                self.result.failed += 1
                message = f"{visit.url}: the site has moved to {url}; crawl that address instead"
                self.store.add_problem("crawl", "moved", message, url=visit.url)
                self.report(message)
            return
        if self.leads_back(visit.url, url):
            self.result.failed += 1
            self.store.mark(self.site, visit, "failed", now)
            self.store.add_problem("crawl", "redirect_loop", f"{visit.url}: redirects in a circle", url=visit.url)
            return
        same = pattern_of(url) == visit.pattern
        self.store.mark(self.site, visit, "redirect", now, target=url, gain=0 if same else None)
        link = Link(url, visit.kind, visit.expected)
        self.store.add_links(self.site, [(link, visit.depth, pattern_of(url))], now)
        if visit.kind in HUBS:
            self.store.wake_lists(self.site, [url])
        if same:
            self.watch_for_trap(visit)

    def leads_back(self, url: str, target: str) -> bool:
        """Whether the known redirects lead from a target back to the address they came from."""
        seen = {url}
        step: str | None = target
        while step is not None and step not in seen:
            seen.add(step)
            step = self.store.target(self.site, step)
        return step is not None

    def fetched(self, visit: Visit, page: RawPage) -> None:
        """Keep a page, follow its links, parse it."""
        page_id, new = self.store.keep(self.site, visit, page)
        if not new:
            self.result.unchanged += 1
            self.store.mark(self.site, visit, "done", utc_now(), article_id=visit.article_id)
            return
        found = read_links(page, self.words)
        links = [link for link in found.links if self.on_site(link.url)]
        if visit.kind == "start" and len(links) < 5 and all(link.kind == "page" for link in links):
            # A front page that leads nowhere: perhaps a feed stands where feeds usually stand.
            links += [Link(urljoin(page.final_url, path), "feed") for path in ("/rss.xml", "/feed/", "/rss")]
        gain = self.queue(links, visit.depth)
        article_id = None
        if found.kind == "page":
            article_id = self.parse(visit, page_id, page)
        else:
            self.store.no_article(page_id, found.kind)
        if gain and visit.page_id is not None and article_id is None:
            # A list that brought something new: what it continues on is worth a look as well.
            self.store.wake_lists(self.site, [link.url for link in links])
        if article_id is None and visit.article_id and self.store.parsed(page_id) == "missing_page":
            # The server says 200, the page says that the post is no longer there.
            self.result.gone += 1
            self.store.mark(self.site, visit, "gone", utc_now())
            return
        useful = int(self.is_useful(visit, article_id, page_id, gain))
        self.store.mark(self.site, visit, "done", utc_now(), article_id=article_id, gain=useful)
        if visit.kind == "page" and not useful:
            self.watch_for_trap(visit)
        if self.frame is None and found.kind == "page":
            self.learn_early()

    def is_useful(self, visit: Visit, article_id: str | None, page_id: int, gain: list[str]) -> bool:
        """Whether a page brought something: an article that is not stored under the same path already, or ways on.

        A calendar leads from each of its pages to the next; a list to several, or to addresses of another shape.
        """
        if article_id is not None:
            return not self.store.is_twin(self.site, page_id)
        return len(gain) >= 3 or any(pattern_of(url) != visit.pattern for url in gain)

    def watch_for_trap(self, visit: Visit) -> None:
        """Give up a shape of addresses of which many were fetched and none brought anything: a calendar, a search."""
        pages, useful = self.store.barren(self.site, visit.pattern)
        if pages >= self.options.patience and useful * 20 < pages:
            dropped = self.store.drop_pattern(self.site, visit.pattern, utc_now())
            if dropped:
                message = f"{visit.pattern}: {pages} pages of this shape brought nothing; {dropped} more were left out"
                self.store.add_problem("crawl", "trap", message, url=visit.url)

    # Parsing

    def learn_early(self) -> None:
        """Learn the site's frame as soon as enough pages are stored."""
        if self.store.stored(self.site) >= SAMPLE:
            self.learn()

    def learn(self) -> None:
        """Learn the site's frame from its first pages and parse those that waited for it."""
        self.frame = learn(self.store.sample(self.site, SAMPLE))
        self.store.set_frame(self.site, self.frame)
        for site, page_id, expected, page in list(self.store.unparsed(self.site, again=False)):
            self.store_article(Site(self.profile, self.frame), site, page_id, page, expected)

    def parse(self, visit: Visit, page_id: int, page: RawPage) -> str | None:
        """The id of the article on a page; it is stored now, or with the frame once that is known."""
        if self.frame is not None:
            return self.store_article(Site(self.profile, self.frame), self.site, page_id, page, visit.expected)
        try:
            article = parse_page(page, site=Site(self.profile))
        except ParseError:
            return None
        self.store.note_digest(page_id, article.content_sha256)
        return article.article_id

    def store_article(self, known: Site, site: str, page_id: int, page: RawPage, expected: bool) -> str | None:
        """Parse a page and store its article; count what is new."""
        article_id, stored = parse_into(self.store, known, page_id, page, expected)
        if stored == 1:
            self.result.articles += 1
        elif stored > 1:
            self.result.revised += 1
        return article_id


def crawl(crawls: list[SiteCrawl], *, sleep: Callable[[float], None] = time.sleep) -> list[Result]:
    """Crawl several sites in turn: one request at a time to each, and no waiting for one while another is ready.

    Args:
        crawls: the sites.
        sleep: waits.

    Returns:
        What each crawl did.
    """
    running = []
    for one in crawls:
        one.begin()
        if one.result.away is None:
            running.append(one)
    while running:
        moments: list[float] = []
        for one in list(running):
            moment = one.step(time.time())
            if moment is None:
                running.remove(one)
            else:
                moments.append(moment)
        if moments and (wait := min(moments) - time.time()) > 0:
            sleep(wait)
    for one in crawls[:1]:
        one.store.mark_duplicates()
    return [one.result for one in crawls]
