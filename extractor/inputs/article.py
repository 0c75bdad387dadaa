"""One article from its fields, or from plain text."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from extractor.crawl.urls import canonical_url
from extractor.errors import InputError
from extractor.inputs.published import published_iso
from extractor.model import Article, content_id
from extractor.rules import RuleSet
from extractor.text import canonical_text

MAX_CHARACTERS = 1_000_000
"""Longest article that is read, in characters of its text: some 300 printed pages, ten times what is ever published."""

_MAX_TITLE = 300
_SENTENCE_END = tuple(".!?…;:,")


def make_article(
    fields: Mapping[str, Any], name: str, where: str, rules: RuleSet, *, published: str | None = None
) -> tuple[Article, str | None]:
    """Make an article of fields as a table or a JSON object gives them.

    Args:
        fields: `body`, or `text` (which may begin with the title); perhaps `title`, `url`, `id`, `source`, `published_at`,
            `author`, `author_unit`, `section`, `fetched_at`. Empty ones count as missing.
        name: the file's name, part of the id of an article without URL.
        where: what messages call the place it stands in.
        rules: for the byline.
        published: the publication day of an article that gives none, ISO.

    Returns:
        The article, and a warning if its publication time cannot be read.

    Raises:
        InputError: it has no text, or too long a one.
    """
    get = {key: _word(value) for key, value in fields.items()}
    title = canonical_text(get.get("title") or "").replace("\n", " ")
    text = _whole_text(title, get.get("body"), get.get("text"))
    if not text:
        raise InputError(f"{where}: no text; give body, text or html", code="no_text")
    check_length(text, where)
    title = title or text.split("\n", 1)[0]
    when, warning = published_or_warning(fields, where)
    url = get.get("url")
    author, unit = (get.get("author"), get.get("author_unit"))
    if not author:
        author, unit = byline(text, rules)
    identity = get.get("id") or title
    article = Article(
        article_id=article_id(url) if url else content_id("file", name, identity),
        url=url or (f"file:{name}#{get['id']}" if get.get("id") else f"file:{name}"),
        source=get.get("source") or (host_of(url) if url else None),
        title=title,
        published_at=when or published,
        author=author,
        author_unit=unit,
        section=get.get("section"),
        text=text,
        fetched_at=get.get("fetched_at"),
        content_sha256=content_id(text, length=64),
    )
    return article, warning


def check_length(text: str, where: str) -> None:
    """Refuse a text that is too long for one article.

    Raises:
        InputError: it has more than `MAX_CHARACTERS`.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"{where}: the article has {len(text):,} characters; articles up to {MAX_CHARACTERS:,} are read: split it",
            code="too_long",
        )


def published_or_warning(fields: Mapping[str, Any], where: str) -> tuple[str | None, str | None]:
    """The publication time that fields give, in the dataset's form, or a warning that it cannot be read."""
    try:
        return published_iso(fields.get("published_at") or fields.get("published")), None
    except (ValueError, OverflowError) as error:
        return None, f"{where}: the publication day cannot be read: {error}"


def article_id(url: str) -> str:
    """The id of the article at a URL; spellings of one address that the crawler takes for the same give the same id."""
    return content_id(canonical_url(url))


def host_of(url: str) -> str | None:
    """The host of a URL without its port, None if it has none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def text_fields(text: str, rules: RuleSet) -> dict[str, str]:
    """Title and body of a plain text file.

    The first line is the title. If it is a banner (a slogan or a site's name, rule `inputs.banner`) that stands alone
    before a line that reads as a title, that next line is the title and the banner the body's first paragraph.

    Args:
        text: the file's text.
        rules: for the banner.

    Returns:
        `title` and `body`.
    """
    # Blank lines tell a title from a paragraph, and the canonical form drops them.
    blocks = [b for b in (canonical_text(part) for part in re.split(r"\n[^\S\n]*\n", _with_newlines(text))) if b]
    lines = canonical_text(text).split("\n")
    alone = len(blocks) > 2 and "\n" not in blocks[0] + blocks[1]
    if alone and _reads_as_title(blocks[1]) and rules.rule("inputs.banner").regex.match(blocks[0]):
        return {"title": blocks[1], "body": "\n".join([blocks[0], *blocks[2:]])}
    return {"title": lines[0], "body": "\n".join(lines[1:])} if lines[0] else {}


def byline(text: str, rules: RuleSet) -> tuple[str | None, str | None]:
    """Author and unit from the last line of a text, e.g. ("Thu Hiền", "Trung tâm TT-VH"); None where it is no byline."""
    head, _, last = text.rpartition("\n")
    if not head or len(last) > 120:
        return None, None
    found = rules.rule("inputs.byline").regex.match(last)
    if not found:
        return None, None
    return (found["headed"] or found["author"]).rstrip(" ."), found["unit"]


def _whole_text(title: str, body: str | None, text: str | None) -> str:
    """The canonical text: the title, then the body; `text` may begin with the title already."""
    words = canonical_text(body if body is not None else text or "")
    if body is None and title and (words == title or words.startswith(title + "\n")):
        return words
    return canonical_text(f"{title}\n{words}")


def _reads_as_title(line: str) -> bool:
    return len(line) <= _MAX_TITLE and not line.endswith(_SENTENCE_END)


def _with_newlines(text: str) -> str:
    return re.sub("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)


def _word(value: Any) -> str | None:
    """A field as text: lists of paragraphs are joined; None, NaN and blanks are None."""
    if isinstance(value, list | tuple):
        value = "\n".join(str(v) for v in value)
    if value is None or value != value or not str(value).strip():
        return None
    return str(value)
