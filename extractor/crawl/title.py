"""Which words of a page are its article's title, and where the article's text starts and ends."""

import re
from dataclasses import dataclass, field
from itertools import accumulate
from urllib.parse import unquote, urlsplit

from extractor.crawl.page import HEADINGS, Element, Page, Run, names_of
from extractor.crawl.template import frame_key
from extractor.crawl.when import is_date_line, json_ld
from extractor.crawl.words import Words, either, line_key
from extractor.text import canonical_text, fold

_SPLIT = re.compile(r"\s+[-|–—»:•]+\s+|\s*[|»]\s*|::")
_WORD = re.compile(r"\w+")
_LISTED = re.compile(r"[-–+*•]\s|\w{1,2}[).]\s|\d+(?:\.\d+)*\.?\s")
MIN_BODY = 100
"""Characters below which a page's text is no article: what is left is a title and an attachment."""


MIN_SCORE = 3.0
"""The score below which the best candidate is no title; a bold line over 300 characters of text has 3.6."""


@dataclass(slots=True)
class Meta:
    """What a page's head says of itself."""

    og_title: str = ""
    html_title: str = ""
    site_name: str = ""
    is_article: bool = False
    author: str = ""
    section: str = ""

    @property
    def segments(self) -> list[str]:
        """The page's title and its parts between dashes and bars."""
        return [self.html_title, *[s for s in _SPLIT.split(self.html_title) if s]]


def read_meta(page: Page) -> Meta:
    """A page's meta elements, title and JSON-LD as far as they name an article."""
    found: dict[str, str] = {}
    for meta in page.tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name and meta.get("content"):
            found.setdefault(name, canonical_text(meta.get("content")).replace("\n", " "))
    head = Meta(
        og_title=found.get("og:title") or found.get("twitter:title", ""), site_name=found.get("og:site_name", ""),
        author=found.get("article:author") or found.get("author", ""), section=found.get("article:section", ""),
        is_article=found.get("og:type", "").lower() == "article",
    )  # fmt: skip
    for title in page.tree.xpath("//head/title | //title")[:1]:
        head.html_title = canonical_text(title.text_content()).replace("\n", " ")
    for item in json_ld(page.tree):
        head.is_article = True
        author, section = item.get("author"), item.get("articleSection")
        author = author[0] if isinstance(author, list) and author else author
        author = author.get("name") if isinstance(author, dict) else author
        head.author = head.author or (author if isinstance(author, str) else "")
        head.section = head.section or (section if isinstance(section, str) else "")
        if not head.og_title and isinstance(item.get("headline"), str):
            head.og_title = canonical_text(item["headline"]).replace("\n", " ")
    return head


def slug_words(url: str) -> frozenset[str]:
    """The words of an address's last part, without its extension and ids; empty if it has fewer than two."""
    parts = [p for p in unquote(urlsplit(url).path).split("/") if p and not p.lower().startswith("index.")]
    last = re.sub(r"\.\w{2,5}$", "", parts[-1]) if parts else ""
    words = [w for w in fold(re.sub(r"[-_+.]+", " ", last)).split() if not (w.isdigit() and len(w) > 4)]
    return frozenset(words) if len(words) >= 2 else frozenset()


def slug_match(words: frozenset[str], title: str) -> float:
    """Which share of an address's words a title has, 0 to 1."""
    if not words:
        return 0.0
    folded = fold(title)
    compact = re.sub(r"\W", "", folded)
    tokens = set(_WORD.findall(folded))
    if len(words) < 3:
        return float(words == tokens)
    return sum(w in tokens or (len(w) > 3 and w in compact) for w in words) / len(words)


@dataclass(slots=True)
class Scope:
    """Where an article is in a page: its title, and the half-open range of runs of its body."""

    title: str
    title_at: int
    title_end: int
    start: int
    end: int
    score: float
    weight: float
    link_share: float = 0.0
    container: Element = field(default=None)


Candidate = tuple[str, int, int, Element, float]
"""A title that may be: its words, its half-open range of runs, its block and a first score."""


class Finder:
    """Finds title and body of one page.

    Args:
        page: the flattened page.
        meta: what its head says.
        frame: the keys of lines that many pages of the site share (`extractor.crawl.template`).
    """

    def __init__(self, page: Page, meta: Meta, frame: frozenset[str] = frozenset()) -> None:
        self.page, self.meta, self.words = page, meta, page.words
        self.framed = frozenset(r.index for r in page.runs if frame and frame_key(r) in frame)
        self.slug = slug_words(page.url)
        self.keys = [line_key(run.text) for run in page.runs]
        self.markers = [i for i, key in enumerate(self.keys) if key in self.words.cuts]
        weights = [self.weigh(run, key) for run, key in zip(page.runs, self.keys, strict=True)]
        for at in self.footers():
            weights[at] = 0.0
        self.weights = weights
        self.sums = [0.0, *accumulate(weights)]
        self.og = fold(meta.og_title)
        self.segments = {fold(s) for s in meta.segments} - {""}

    def weigh(self, run: Run, key: str) -> float:
        """How much a run looks like an article's own words: its characters outside links."""
        if run.cut or run.is_link or run.index in self.framed or key in self.words.boilerplate:
            return 0.0
        size = run.plain_chars
        return float(size) if size >= 40 else 0.5 * size

    def footers(self) -> list[int]:
        """Runs that are an imprint or a contact block: the mark itself and its neighbours in the same small block."""
        marks = self.words.memo(_footer_pattern)
        contacts = self.words.contact_labels
        found: list[int] = []
        total = len(self.page.runs)
        for run in self.page.runs:
            low = run.text.casefold()
            if run.index * 2 < total * 0.6 or len(low) > 400:
                continue
            if marks.search(low) or sum(c in low for c in contacts) >= 2:
                for block in self.page.ancestors(run.owner):
                    start, end = self.page.span(block)
                    if (
                        end - start > 14
                        or start * 2 < total * 0.6
                        or sum(len(r.text) for r in self.page.runs[start:end]) > 1500
                    ):
                        break
                    found.extend(range(start, end))
                found.append(run.index)
        return found

    def weight(self, start: int, end: int) -> float:
        """The weight of a range of runs."""
        return self.sums[end] - self.sums[start] if end > start else 0.0

    def candidates(self) -> list[Candidate]:
        """Blocks that might hold the title, with a first score, the best first."""
        seen: dict[tuple[int, int], Candidate] = {}
        for run in self.page.runs:
            if not 4 <= len(run.text) <= 400:
                continue
            for block in list(self.page.ancestors(run.owner))[:4]:
                start, end = self.page.span(block)
                if end - start > 3:
                    break
                if (start, end) in seen and block.tag not in HEADINGS:
                    continue
                text = " ".join(r.text for r in self.page.runs[start:end])
                if len(text) > 400:
                    break
                score = self.score(text, start, end, block)
                if (start, end) not in seen or seen[start, end][4] < score:
                    seen[start, end] = (text, start, end, block, score)
            else:
                continue
            key = (run.index, run.index + 1)
            if key not in seen and (
                run.bold
                or self.matches_head(run.text)
                or self.titled(run.owner, run.index)
                or self.above_date(run.index)
            ):
                seen[key] = (run.text, *key, run.owner, self.score(run.text, *key, run.owner))
        return sorted((c for c in seen.values() if c[4] > 0), key=lambda c: (-c[4], c[1]))[:8]

    def matches_head(self, text: str) -> bool:
        """Whether the page's head or its address names the same title."""
        folded = fold(text)
        return folded == self.og or folded in self.segments or slug_match(self.slug, text) >= 0.8

    def score(self, text: str, start: int, end: int, block: Element) -> float:
        """How much a block looks like a title, apart from what follows it."""
        runs = self.page.runs[start:end]
        if (
            any(r.cut for r in runs)
            or self.keys[start] in self.words.cuts
            or self.keys[start] in self.words.boilerplate
        ):
            return -1.0
        folded = fold(text)
        score = {"h1": 3.0, "h2": 2.2, "h3": 1.6, "h4": 1.0}.get(block.tag, 0.0)
        own = names_of(block)
        if self.words.hints(own, "section_classes"):
            score -= 1.5
        elif self.words.hints(own, "title_classes"):
            score += (
                2.7 if (block.get("class") or "").lower().replace("-", "") in self.words.sets["title_classes"] else 2.0
            )
        if any(self.words.hints(r.marks, "title_classes") for r in runs):
            score += 1.0
        if block.get("itemprop") == "headline":
            score += 2.0
        if all(r.bold for r in runs):
            score += 0.6
        if len(text) > 20 and self.above_date(end - 1):
            score += 0.7
        if self.og and (folded == self.og or (len(folded) > 15 and self.og.startswith(folded))):
            score += 3.5
        elif folded in self.segments and len(folded) > 8:
            score += 3.0
        score += 5.0 * max(0.0, slug_match(self.slug, text) - 0.3)
        if not 12 <= len(text) <= 260:
            score -= 1.5
        if self.words.sites.match(text) and slug_match(self.slug, text) < 0.8:
            score -= 5.0
        if folded == fold(self.meta.site_name) or start in self.framed:
            score -= 6.0
        if any(r.link_chars for r in runs):
            score -= 0.0 if self.links_here(runs) else 2.0
        if any(len(r.text) < 60 and is_date_line(r.text, self.words) for r in runs):
            score -= 3.0
        if _LISTED.match(text):
            score -= 3.0
        return score

    def links_here(self, runs: list[Run]) -> bool:
        """Whether the links of a heading lead to the page itself."""
        own = urlsplit(self.page.url).path.rstrip("/")
        return all(
            link.startswith(("#", "javascript")) or urlsplit(link).path.rstrip("/") == own
            for r in runs
            for link in r.links
        )

    def climb(self, start: int, end: int, block: Element) -> Scope | None:
        """The smallest block around a title that holds the text after it."""
        best: Element = None
        limit, held = end, 0.0
        for outer in self.page.ancestors(block):
            _, last = self.page.span(outer)
            stop = last
            if best is not None:
                # What stands behind "other news" is no reason to take a larger block.
                stop = next((m for m in self.markers if limit <= m < last), last)
            weight = self.weight(end, stop)
            if best is None:
                if weight >= MIN_BODY * 0.5:
                    best, limit, held = outer, last, weight
            elif weight > 1.3 * held + 60 and not self.is_frame(limit, stop):
                best, limit, held = outer, last, weight
        if best is None:
            return None
        runs = [r for r in self.page.runs[end:limit] if not r.cut]
        chars = sum(len(r.text) for r in runs)
        links = sum(r.link_chars for r in runs)
        return Scope("", start, end, end, limit, 0.0, held, links / chars if chars else 1.0, best)

    def is_frame(self, start: int, end: int) -> bool:
        """Whether the runs that a larger block would add are mostly links: a column beside the article."""
        runs = [r for r in self.page.runs[start:end] if not r.cut]
        chars = sum(len(r.text) for r in runs)
        return not chars or sum(r.link_chars for r in runs) > 0.45 * chars

    def find(self) -> Scope | None:
        """The article's place in the page, or None where no block looks like one."""
        best: Scope | None = None
        candidates = self.candidates()
        for text, start, end, block, score in candidates:
            scope = self.climb(start, end, block)
            if scope is None:
                continue
            near = self.weight(end, min(end + 8, scope.end))
            scope.score = score + min(2.0, near / 150) - 3.0 * scope.link_share + min(1.0, scope.weight / 1500)
            scope.score += 1.0 if self.dated(start, end) else 0.0
            # What a menu follows is the site's name.
            scope.score -= (
                1.5
                if end < len(self.page.runs) and self.page.runs[end].is_link and len(self.page.runs[end].links) > 1
                else 0.0
            )
            scope.score -= 6.0 if self.is_section(text, end, candidates) else 0.0
            scope.title = text
            if best is None or scope.score > best.score + 1e-9:
                best = scope
        if best is None or best.score < MIN_SCORE:
            return self.without_title()
        return best

    def is_section(self, text: str, end: int, candidates: list[Candidate]) -> bool:
        """Whether a short heading stands right above another, longer one that is no sentence: a section's name."""
        if len(text) > 45:
            return False
        return any(
            end <= start <= end + 2
            and score >= 1.5
            and len(text) < len(other) <= 200
            and not other.endswith((".", ":", ";"))
            for other, start, _, block, score in candidates
            if block.tag in HEADINGS or self.titled(block, start)
        )

    def titled(self, block: Element, at: int) -> bool:
        """Whether a block, or a span in its run, bears the class of a title."""
        return any(self.words.hints(names, "title_classes") for names in (names_of(block), self.page.runs[at].marks))

    def above_date(self, at: int) -> bool:
        """Whether the next line but one at most is a date."""
        return any(
            not r.cut and not r.is_link and is_date_line(r.text, self.words) for r in self.page.runs[at + 1 : at + 3]
        )

    def dated(self, start: int, end: int) -> bool:
        """Whether a line that is a date stands near a title."""
        around = [*self.page.runs[max(0, start - 3) : start], *self.page.runs[end : end + 4]]
        return any(not r.cut and not r.is_link and is_date_line(r.text, self.words) for r in around)

    def without_title(self) -> Scope | None:
        """The heaviest column of a page whose title stands nowhere in it but in its head."""
        title = self.head_title()
        if not title:
            return None
        node = self.page.tree
        while True:
            children = [c for c in node if c in self.page.spans]
            heavy = max(children, key=lambda c: self.weight(*self.page.span(c)), default=None)
            if heavy is None or self.weight(*self.page.span(heavy)) < 0.7 * self.weight(*self.page.span(node)):
                break
            node = heavy
        start, end = self.page.span(node)
        return Scope(title, start, start, start, end, 0.0, self.weight(start, end), 0.0, node)

    def head_title(self) -> str:
        """A title from the head that is more than the site's name, or ""."""
        best, score = "", 0.0
        for text in (self.meta.og_title, *self.meta.segments[1:], self.meta.html_title):
            match = slug_match(self.slug, text) + (0.6 if text == self.meta.og_title and self.meta.is_article else 0.0)
            if len(text) > 12 and match > score and fold(text) != fold(self.meta.site_name):
                best, score = text, match
        return best if score >= 0.5 else ""


def _footer_pattern(words: Words) -> re.Pattern[str]:
    return re.compile(either(words.footer_marks))
