"""Site profiles: rules/sites/NAME.yml, what a person knows of one portal and the general parser need not guess."""

import difflib
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from extractor.crawl.page import Element
from extractor.crawl.urls import canonical_url
from extractor.crawl.words import read_model
from extractor.errors import RuleError
from extractor.resources import resource


@lru_cache(maxsize=512)
def selector(css: str) -> CSSSelector:
    """A CSS selector, compiled."""
    return CSSSelector(css, translator="html")


def _is_css(text: str) -> str:
    try:
        selector(text)
    except SelectorError as error:
        raise ValueError(f"{text!r} is no CSS selector: {error}") from None
    return text


def _is_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


def _is_address(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname:
        raise ValueError(f"{text!r} is no http or https address")
    return text


Css = Annotated[str, AfterValidator(_is_css)]
Pattern = Annotated[str, AfterValidator(_is_pattern)]
Address = Annotated[str, AfterValidator(_is_address)]


class Layout(BaseModel):
    """The selectors of one design of a site. What is left out, the general parser finds."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = None
    """The first day on which pages were fetched in this design."""
    title: Css | None = None
    date: Css | None = None
    author: Css | None = None
    section: Css | None = None
    body: Css | None = None
    cut: list[Css] = Field(default_factory=list)


class Profile(BaseModel):
    """One portal."""

    model_config = ConfigDict(extra="forbid")

    description: str = ""
    start: Address
    hosts: list[str] = Field(default_factory=list)
    lists: list[str] = Field(default_factory=list)
    """Addresses or paths at which to look for articles, beside those that are found."""
    articles: Pattern | None = None
    """What the path (with its query) of an article matches; nothing else is then an article."""
    skip: Pattern | None = None
    """What the path of a page matches that is not to be fetched."""
    min_body: int | None = Field(default=None, ge=0)
    pause: float | None = Field(default=None, ge=0)
    versions: list[Layout] = Field(default_factory=list)

    def all_hosts(self) -> frozenset[str]:
        """The hosts that belong to the site."""
        return frozenset([urlsplit(canonical_url(self.start)).netloc, *self.hosts])

    def is_article(self, url: str) -> bool | None:
        """What the profile says of an address: True, False, or None where it says nothing."""
        if self.articles is None:
            return None
        return re.search(self.articles, path_of(url)) is not None

    def layouts(self, fetched_at: str | None) -> list[Layout]:
        """The designs to try for a page: the one in force on the day of the fetch first, then the older, then the newer."""
        day = date.fromisoformat(fetched_at[:10]) if fetched_at else date.max
        ordered = sorted(self.versions, key=lambda v: v.since or date.min, reverse=True)
        return [v for v in ordered if (v.since or date.min) <= day] + [
            v for v in reversed(ordered) if (v.since or date.min) > day
        ]


def path_of(url: str) -> str:
    """An address's path with its query, as patterns see it."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def first(tree: Element, css: str | None) -> Element:
    """The first element that a selector finds, or None."""
    return next(iter(selector(css)(tree)), None) if css else None


class Profiles:
    """The profiles of a folder by name; they are read when first asked for.

    Args:
        folder: the folder; by default rules/sites of the package.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or resource("rules") / "sites"
        self._read: dict[str, Profile] = {}

    @property
    def names(self) -> list[str]:
        """The names of all profiles, in order."""
        return sorted(p.stem for p in self.folder.glob("*.yml") if not p.stem.startswith("_"))

    def get(self, name: str) -> Profile:
        """One profile.

        Raises:
            RuleError: there is none of this name, or it is wrong.
        """
        if name not in self._read:
            if name not in self.names:
                near = difflib.get_close_matches(name, self.names, 1, 0.5)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(self.names) or 'none'}"
                raise RuleError(f"{self.folder}: no site profile {name!r}{hint}")
            self._read[name] = read_model(self.folder / f"{name}.yml", Profile)
        return self._read[name]

    def for_url(self, url: str) -> Profile | None:
        """The profile to whose hosts an address belongs, or None."""
        host = urlsplit(canonical_url(url)).netloc
        return next((self.get(n) for n in self.names if host in self.get(n).all_hosts()), None)
