"""Who wrote an article, and for which unit: the last lines of a body, or a line of its own."""

import re

from extractor.crawl.page import Page, names_of
from extractor.crawl.title import Meta, Scope
from extractor.crawl.when import is_date_line
from extractor.crawl.words import Words, either, line_key
from extractor.text import fold

_UNIT = re.compile(r"^(?P<names>[^()]{2,80}?)\s*\((?P<unit>[^()]{3,120})\)\.?$")
_DASH_UNIT = re.compile(r"\s+[-–—]\s+")
_JOIN = re.compile(r"\s*(?:[-–—,;&/+]|\bvà\b)\s*")
_PIECE = re.compile(r"[^\W\d_][\w’'.]*$")


def read_byline(line: str, words: Words, *, labelled: bool = False) -> tuple[str | None, str | None] | None:
    """Author and unit of a byline such as "Tin, ảnh: Thu Hiền (Trung tâm TT-VH)".

    Args:
        line: one line.
        words: the vocabulary: what introduces an author, what introduces a source.
        labelled: the page itself marks the line as the author's, so it need not look like a byline.

    Returns:
        (author, unit), either of them None; None where the line is no byline.
    """
    if len(line) > 120 or not line:
        return None
    prefix, source = words.memo(_prefixes)
    text = line.strip(' .,:;–—-"*[]|/')
    had_prefix = False
    while match := prefix.match(text):
        text, had_prefix = text[match.end() :].strip(" .:–—-|"), True
    if source.match(text):
        return None
    unit = None
    if match := _UNIT.match(text):
        text, unit = match["names"].strip(" .:–—-"), match["unit"].strip()
    if line_key(text) in words.sets["not_authors"]:
        return None
    if names_only(text, words):
        return text.rstrip("."), unit
    if had_prefix or labelled:
        parts = _DASH_UNIT.split(text, maxsplit=1)
        if len(parts) == 2 and names_only(parts[0], words):
            return parts[0], unit or parts[1]
        if labelled and _is_unit(text, words):
            return None, text
    return None


def _prefixes(words: Words) -> tuple[re.Pattern[str], re.Pattern[str]]:
    author = re.compile(rf"(?:{either(words.author_prefixes)})(?:\s*[:.]\s*|\s+(?=[A-ZÀ-ỸĐ]))", re.IGNORECASE)
    # IGNORECASE would let the lookahead take a small letter, so the capital is checked by the name itself.
    return author, re.compile(rf"(?:{either(words.source_prefixes)})(?:\s*:|\s)", re.IGNORECASE)


def is_byline(line: str, words: Words) -> bool:
    """Whether a line says who wrote an article or where it is from ("Theo Báo Nhân Dân")."""
    if len(line) > 80:
        return False
    return words.memo(_prefixes)[1].match(line) is not None or read_byline(line, words) is not None


def names_only(text: str, words: Words) -> bool:
    """Whether a text is one name or several: two to five capitalised words each, no organisation."""
    if not 3 <= len(text) <= 70 or any(c.isdigit() for c in text):
        return False
    if line_key(text) in words.sets["author_names"]:
        return True
    names = [n for n in _JOIN.split(text.rstrip(".")) if n]
    if not names or len(names) > 5:
        return False
    return all(_is_name(n) and not _is_unit(n, words) for n in names) and any(" " in n or "." in n for n in names)


def _is_name(text: str) -> bool:
    parts = text.split()
    return 1 <= len(parts) <= 5 and all(p[0].isupper() and _PIECE.match(p) for p in parts)


def _is_unit(text: str, words: Words) -> bool:
    low = text.casefold()
    first = low.split()[0] if low.split() else ""
    if first in words.sets["organisation_words"] and len(low.split()) > 1 and not text.istitle():
        return True
    return any(low.startswith(w + " ") for w in words.organisation_words if " " in w)


def find_byline(page: Page, scope: Scope, meta: Meta, lines: list[str]) -> tuple[str | None, str | None]:
    """An article's author and unit: a line that the page marks, the body's last lines, then the head.

    Args:
        page: the page.
        scope: where the article is.
        meta: what the head says.
        lines: the body's paragraphs.

    Returns:
        (author, unit), either of them None.
    """
    words = page.words
    for run in page.runs[scope.title_at : scope.end + 8]:
        near = [names_of(e) for e in list(page.ancestors(run.owner))[:2]]
        near.append(run.marks)
        marked = len(run.text) < 120 and not run.cut and any(words.hints(n, "author_classes") for n in near)
        if marked and (found := read_byline(_without_date(run.text, words), words, labelled=True)):
            return found
    for line in reversed(lines[-4:]):
        if len(lines) > 1 and (found := read_byline(line, words)):
            return found
    prefix, _ = words.memo(_prefixes)
    edges = [*page.runs[scope.title_end : scope.title_end + 5], *page.runs[scope.end : scope.end + 3]]
    for run in edges:
        if (
            ":" in run.text
            and len(run.text) < 120
            and prefix.match(run.text)
            and (found := read_byline(_without_date(run.text, words), words))
        ):
            return found
    if line_key(meta.author) in words.sets["not_authors"]:
        return None, None
    author = meta.author if fold(meta.author) != fold(meta.site_name) else ""
    return (author, None) if author and names_only(author, words) and "://" not in author else (None, None)


def _without_date(text: str, words: Words) -> str:
    parts = re.split(r"\s*[|•·]\s*", text)
    return next((p for p in parts if p and not is_date_line(p, words)), text)
