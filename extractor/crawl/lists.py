"""Lists told from articles: pages of teasers, of documents in rows, of nothing but links."""

import re
from itertools import pairwise

from extractor.crawl.body import is_attachment
from extractor.crawl.page import Element, Run
from extractor.crawl.title import Finder, Scope
from extractor.crawl.words import Words, line_key

_DOCUMENT = re.compile(r"\b\d+\s?/(?:\d{4}/)?[A-ZĐ]{2,}")
_TEASER = 25
"""Characters from which a line that is a link is the heading of another post."""
_EXCERPT = 600
"""Characters that an excerpt under such a heading has at most."""


def is_list(finder: Finder, scope: Scope) -> bool:
    """Whether what looks like an article is a list: many headings that are links, with a little text between.

    Teasers that stand behind an article's text, without a heading that says so, are cut off: `scope.end` moves.

    Args:
        finder: the finder that found it.
        scope: where the article would be.

    Returns:
        Whether it is none.
    """
    runs = finder.page.runs
    end = next(
        (m for m in finder.markers if m >= scope.start and finder.weight(scope.start, m) > 0.6 * scope.weight),
        scope.end,
    )
    inner = [r for r in runs[scope.start : end] if not r.cut]
    headings = [r for r in inner if r.is_link and len(r.text) >= _TEASER and not is_file(r, finder.words)]
    at = [r.index for r in headings]
    if line_key(scope.title) in finder.words.functions or _title_is_teaser(finder, scope, headings):
        return True
    if len(at) >= 4:
        between = finder.weight(at[0], min(end, at[-1] + 2))
        before = [r for r in inner if r.index < at[0] and finder.weights[r.index] >= 80]
        if len(before) >= 2 and finder.weight(scope.start, at[0]) >= 300:
            if between < 250 * len(at):
                scope.end = at[0]
            return False
        if between > 0.5 * scope.weight or scope.weight / len(at) < 120:
            return True
    return _excerpts(finder, at, end) > 0.8 * scope.weight or _is_rows(finder, scope, end)


def _title_is_teaser(finder: Finder, scope: Scope, headings: list[Run]) -> bool:
    """Whether the title is a link elsewhere, and more such links of the same kind follow."""
    first = finder.page.runs[scope.title_at]
    if scope.title_at == scope.title_end or not first.is_link or finder.links_here([first]):
        return False
    kind = (first.owner.tag, first.owner.get("class"))
    return any((r.owner.tag, r.owner.get("class")) == kind and r.links != first.links for r in headings)


def _excerpts(finder: Finder, at: list[int], end: int) -> float:
    """The weight of the text that stands as an excerpt under headings that are links."""
    total = 0.0
    for one, following in pairwise([*at, end]):
        stop = min(following, one + 4)
        weight = finder.weight(one + 1, stop)
        # A long text under a link is no excerpt of it.
        total += weight if weight <= _EXCERPT and finder.weight(stop, following) < 40 else 0.0
    return total


def _is_rows(finder: Finder, scope: Scope, end: int) -> bool:
    """Whether most of the text stands in rows of one class or in a table of documents: a list without links."""
    page = finder.page
    groups: dict[tuple[Element, str, str], dict[Element, None]] = {}
    for run in page.runs[scope.start : end]:
        for block in page.ancestors(run.owner):
            if block is scope.container:
                break
            if (block.get("class") and block.tag in ("div", "li", "article", "section", "dl")) or block.tag == "tr":
                groups.setdefault((block.getparent(), block.tag, block.get("class") or ""), {})[block] = None
    for (_, tag, name), members in groups.items():
        spans = [page.span(m) for m in members]
        lines = sum(e - s for s, e in spans)
        if not (len(spans) >= 4 and 2 * len(spans) <= lines <= 8 * len(spans)):
            continue
        if tag == "tr" and not name:
            documents = sum(any(_DOCUMENT.search(r.text) for r in page.runs[s:e]) for s, e in spans)
            if documents < 0.7 * len(spans):
                continue
        if sum(finder.weight(s, e) for s, e in spans) > 0.6 * scope.weight:
            return True
    return False


def is_file(run: Run, words: Words) -> bool:
    """Whether a line links to a file to download."""
    return any(is_attachment(link, words) for link in run.links)
