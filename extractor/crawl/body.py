"""An article's paragraphs, pictures and attachments, once its place in the page is known."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from extractor.crawl.byline import is_byline
from extractor.crawl.page import Element, Page, Run, join
from extractor.crawl.title import Scope
from extractor.crawl.when import find_dates, is_date_line
from extractor.crawl.words import Words, line_key
from extractor.model import Media
from extractor.text import canonical_text, fold

_SENTENCE = re.compile(r"[.…!?:;]\W*$")
_ICONS = re.compile(
    r"icon|logo|spacer|blank|pixel|avatar|button|btn|banner|emoji|loading|arrow|print|/themes?/|_layouts|/img/fgimg",
    re.IGNORECASE,
)
_TEASER = 20


def is_attachment(link: str, words: Words) -> bool:
    """Whether a link leads to a file to download."""
    path = urlsplit(link).path.lower() if "//" in link else link.lower().partition("?")[0]
    return path.rpartition(".")[2] in words.sets["attachment_extensions"]


def is_noise(run: Run, words: Words) -> bool:
    """Whether a line is a button, a counter or a label of the page rather than a line of the article."""
    key = line_key(run.text)
    if not key or key in words.boilerplate or key in words.attachments:
        return True
    if "|" in key and all(line_key(part) in words.boilerplate for part in key.split("|")):
        return True
    return len(run.text) < 60 and words.starts.match(run.text.lstrip(" ([-")) is not None


def select_runs(page: Page, scope: Scope, framed: frozenset[int] = frozenset()) -> list[Run]:
    """The runs of an article's body: without dates, buttons, other news and what follows them.

    Args:
        page: the page.
        scope: where the article is.
        framed: runs that belong to the site's frame; they are dropped before and after the text, not inside it.

    Returns:
        The runs in reading order; `scope.end` is moved to the end of the last one.
    """
    words = page.words
    kept = _until_other_news(page, scope)
    kept = [r for r in kept if not is_noise(r, words) and not _is_teaser(r, page)]
    while kept and kept[0].index in framed:
        kept.pop(0)
    # An author who signs every article is no part of the frame.
    while kept and kept[-1].index in framed and not is_byline(kept[-1].text, words):
        kept.pop()
    # Between title and text stand the date, the section and the like; the text begins with its first long line.
    lead = next((i for i, r in enumerate(kept) if r.plain_chars >= 80), 0)
    title = fold(scope.title)
    kept = [
        r for i, r in enumerate(kept) if not (i < lead and _is_info(r.text, words)) and (i > 3 or fold(r.text) != title)
    ]
    while kept and is_date_line(kept[-1].text, words):
        kept.pop()
    if kept:
        scope.end = max(kept[-1].index + 1, scope.start)
    return kept


def _until_other_news(page: Page, scope: Scope) -> list[Run]:
    """The runs up to what stands behind an article: other news, comments, a last line with the date."""
    words = page.words
    runs = [r for r in page.runs[scope.start : scope.end] if not r.cut]
    total = sum(r.plain_chars for r in runs)
    kept: list[Run] = []
    seen = skipping = 0
    for run in runs:
        key = line_key(run.text)
        if key in words.cuts:
            if total - seen < 0.35 * total or (seen > 400 and total - seen < 0.5 * total):
                break
            # A box of other news inside the text: only its links go.
            skipping = 1
            continue
        if (
            seen > 0.6 * total
            and seen > 300
            and is_date_line(run.text, words)
            and next(find_dates(run.text, words)).label
        ):
            # "Ngày đăng: …" below the text is its last line.
            break
        seen += run.plain_chars
        if skipping and run.is_link:
            continue
        skipping = 0
        kept.append(run)
    return kept


def _is_info(text: str, words: Words) -> bool:
    """Whether a line above the text says when, where or by whom it was published."""
    return is_date_line(text, words, slack=20) or (len(text) < 100 and words.infos.match(text) is not None)


def _is_teaser(run: Run, page: Page) -> bool:
    """A line that is one whole link to another page, or to a file: no sentence of the article."""
    if not run.is_link or not run.links:
        return False
    link = run.links[0].strip().lower()
    if link.startswith(("mailto:", "tel:")):
        return False
    return is_attachment(run.links[0], page.words) or len(run.text) >= _TEASER or run.owner.tag == "li"


def paragraphs(page: Page, runs: Iterable[Run]) -> list[str]:
    """The lines of a body: one a run, the short cells of a table's row together on one line."""
    lines: list[str] = []
    row: Element = None
    for run in runs:
        owner_row = _data_row(page, run)
        if owner_row is not None and owner_row is row:
            lines[-1] += " " + run.text
        else:
            lines.append(run.text)
        row = owner_row
    return lines


def _data_row(page: Page, run: Run) -> Element:
    """The table row that a run is in, if it is a row of data: several cells, each a short line."""
    cell = run.owner
    while cell is not None and cell.tag not in ("td", "th"):
        cell = cell.getparent()
    row = cell.getparent() if cell is not None else None
    if row is None or row.tag != "tr":
        return None
    spans = [page.span(c) for c in row if c in page.spans]
    filled = [s for s in spans if s[1] > s[0]]
    if len(filled) < 2 or any(end - start > 2 for start, end in filled):
        return None
    texts = [r.text for start, end in filled for r in page.runs[start:end]]
    return row if max(len(t) for t in texts) <= 200 else None


def media(page: Page, scope: Scope, runs: list[Run]) -> tuple[Media, ...]:
    """Pictures inside the article with their captions, and the files it links to."""
    found: dict[tuple[str, str], Media] = {}
    kept = {r.index: r for r in runs}
    for picture in page.pictures:
        if scope.title_at <= picture.at <= scope.end and not picture.cut and not _ICONS.search(picture.url):
            caption = caption_of(kept.get(picture.at)) or picture.alt or None
            found.setdefault(("picture", picture.url), Media(kind="picture", url=picture.url, caption=caption))
    # Attachments often stand in a block of their own behind the text.
    for run in page.runs[scope.title_at : min(scope.end + 15, len(page.runs))]:
        if run.cut or (run.index >= scope.end and line_key(run.text) in page.words.cuts):
            break
        for link in run.links:
            if is_attachment(link, page.words):
                url = join(page.url, link)
                name = run.text if len(run.text) <= 200 else unquote(urlsplit(url).path.rpartition("/")[2])
                found.setdefault(("attachment", url), Media(kind="attachment", url=url, caption=name or None))
    return tuple(found.values())


def caption_of(run: Run | None) -> str | None:
    """The run behind a picture where it reads as a caption: a short line, set apart or centred."""
    if run is None or len(run.text) > 250:
        return None
    node, depth = run.owner, 0
    while node is not None and depth < 4:
        style = (
            ((node.get("style") or "") + (node.get("align") or "") + (node.get("class") or "")).lower().replace(" ", "")
        )
        if node.tag in ("figcaption", "caption") or "center" in style or "caption" in style or "chuthich" in style:
            return run.text
        node, depth = node.getparent(), depth + 1
    if len(run.text) <= 120 and not _SENTENCE.search(run.text):
        return run.text
    return None


def body_text(title: str, lines: list[str]) -> str:
    """Title and paragraphs as canonical text."""
    return canonical_text("\n".join([title.replace("\n", " "), *lines]))
