"""robots.txt by RFC 9309: what may be fetched, how often, and where the sitemaps are."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from extractor.crawl.fetch import Fetcher, FetchError
from extractor.crawl.page import decode

_MOST = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5)."""


@dataclass(slots=True)
class Robots:
    """One host's rules. `away` says why nothing may be fetched at all, `code` what error that was; or it is None."""

    rules: Protego | None = None
    away: str | None = None
    code: str = "robots"
    agent: str = "extractor"
    sitemaps: list[str] = field(default_factory=list)

    def allows(self, url: str) -> bool:
        """Whether a page may be fetched."""
        if self.away is not None:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, self.agent))

    @property
    def delay(self) -> float:
        """The pause in seconds that the host asks for, 0 if it asks for none."""
        return float(self.rules.crawl_delay(self.agent) or 0) if self.rules is not None else 0.0


def read_robots(fetcher: Fetcher, base: str, agent: str = "extractor") -> Robots:
    """Fetch and read a host's robots.txt.

    An answer of 4xx means that there are no rules; an answer of 5xx or 429, or none at all, means stay away
    (RFC 9309, 2.3.1). Up to five redirects are followed.

    Args:
        fetcher: asks.
        base: any address of the host.
        agent: the crawler's name in the rules.

    Returns:
        The rules.
    """
    parts = urlsplit(base)
    url = f"{parts.scheme}://{parts.netloc}/robots.txt"
    for _ in range(6):
        try:
            answer = fetcher.fetch(url, size=_MOST)
        except FetchError as error:
            if (
                error.code == "too_large"
                or (error.status is not None and error.status < 500 and error.status != 429)
                or error.code == "not_a_page"
            ):
                return Robots(agent=agent)
            return Robots(
                away=f"robots.txt cannot be read, so nothing is fetched: {error.message}", code=error.code, agent=agent
            )
        if answer.redirect is None:
            text = decode(answer.page.body)
            if "<html" in text[:500].lower():
                # A soft 404: the site's own page for what does not exist.
                return Robots(agent=agent)
            rules = Protego.parse(text)
            return Robots(rules, agent=agent, sitemaps=list(rules.sitemaps))
        url = answer.redirect
    return Robots(agent=agent)
