"""The frame of a site: lines that stand in the same place on many of its pages and so belong to no article."""

from collections import Counter
from collections.abc import Iterable

from extractor.crawl.page import Page, Run
from extractor.crawl.words import line_key

SAMPLE = 24
"""How many pages of a site the frame is learnt from."""


def frame_key(run: Run) -> str:
    """A line with its place: the same words in another kind of block are another line."""
    owner = run.owner
    return "\x1f".join((line_key(run.text)[:200], str(owner.tag), owner.get("class") or "", owner.get("id") or ""))


def learn_frame(pages: Iterable[Page]) -> frozenset[str]:
    """The lines that make up a site's frame.

    Args:
        pages: some pages of the site, lists and articles mixed.

    Returns:
        The keys of lines outside links that stand on at least three pages and on at least three in ten of them.
    """
    counts: Counter[str] = Counter()
    total = 0
    for page in pages:
        total += 1
        counts.update({frame_key(run) for run in page.runs if not run.is_link})
    return frozenset(key for key, n in counts.items() if n >= 3 and n >= 0.3 * total)
