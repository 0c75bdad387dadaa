"""Gold articles: reads JSON lines of articles annotated by hand, and checks them against the annotation guidelines."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extractor.errors import InputError
from extractor.model import Article, content_id
from extractor.text import canonical_text

TABLES = ("dates", "officials", "meetings", "targets", "anniversaries")
ROLES = frozenset({"chair", "speaker", "attendee"})
_MEETINGS = """conference meeting session congress working_session seminar ceremony voter_meeting training dialogue
    gathering"""
_ALLOWED: dict[str, dict[str, frozenset[str]]] = {
    "dates": {"kind": frozenset({"date", "range", "time"})},
    "meetings": {"kind": frozenset(_MEETINGS.split())},
    "targets": {
        "kind": frozenset({"level", "quantity"}),
        "comparator": frozenset({"approx", "between", "eq", "ge", "gt", "le", "lt"}),
    },
    "anniversaries": {},
}
"""The values that a category may have; only `kind` must have one."""

_PARTS_OF_DAY = frozenset({"morning", "noon", "afternoon", "evening", "night"})

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_FORMS = {
    "start_date": _DAY,
    "end_date": _DAY,
    "deadline": _DAY,
    "origin_date": _PARTIAL,
    "anniversary_date": _PARTIAL,
}
_REQUIRED = {"title": str, "body": str, "gold": dict}
_ITEM_KEYS = {"officials": ("name", "positions"), "anniversaries": ("quote", "event")}

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article and what a careful reader takes from it, as annotated; `where` is its file and line."""

    article: Article
    gold: Mapping[str, list[dict[str, Any]]]
    key: str
    where: str


def locate(item: Item, text: str) -> tuple[int, int]:
    """The span of an annotation's quote in the article's text.

    Args:
        item: an annotation with `quote` and perhaps `nth`, which occurrence is meant (1 is the first).
        text: the article's canonical text.

    Returns:
        (start, end) in characters.

    Raises:
        InputError: the text does not hold the quote so many times.
    """
    quote, nth = item["quote"], int(item.get("nth") or 1)
    start = text.find(quote)
    for _ in range(nth - 1):
        start = text.find(quote, start + 1) if start >= 0 else -1
    if start < 0:
        raise InputError(f"gold quote (nth {nth}) not in the text: {quote!r}", code="gold")
    return start, start + len(quote)


def gold_files(path: Path | str) -> list[Path]:
    """The gold files that a path names: itself, or the *.jsonl files of a folder in the order of their names.

    Raises:
        InputError: there is none.
    """
    base = Path(path)
    files = sorted(base.glob("*.jsonl")) if base.is_dir() else [base]
    if not files or not all(file.is_file() for file in files):
        raise InputError(f"{base}: no gold articles there; give a .jsonl file or a folder of them", code="gold")
    return files


def gold_sha256(path: Path | str) -> str:
    """SHA-256 over the names and bytes of the gold files that a path names."""
    digest = hashlib.sha256()
    for file in gold_files(path):
        digest.update(f"{file.name}\x1f".encode() + file.read_bytes() + b"\x1e")
    return digest.hexdigest()


def read_gold(path: Path | str, *, check: bool = True) -> list[GoldArticle]:
    """Read gold articles.

    Args:
        path: a .jsonl file, one article a line, or a folder of them.
        check: also check every annotation (see `check_article`).

    Returns:
        The articles in the order of files and lines.

    Raises:
        InputError: a line is not an annotated article, or an annotation is wrong; the message names file, line, cause.
    """
    articles = [article for file in gold_files(path) for article in _read_file(file)]
    if check:
        found = [f"{article.where}: {problem}" for article in articles for problem in check_article(article)]
        if found:
            more = f" (and {len(found) - 1} more problems)" if len(found) > 1 else ""
            raise InputError(found[0] + more, code="gold")
    return articles


def check_gold(path: Path | str) -> Iterator[str]:
    """All problems of a file or folder of gold articles, one line each with file, line and cause."""
    for article in read_gold(path, check=False):
        yield from (f"{article.where}: {problem}" for problem in check_article(article))


def _read_file(file: Path) -> Iterator[GoldArticle]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: not readable as UTF-8 text: {error}", code="gold") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read_line(line, f"{file}:{number}")


def _read_line(line: str, where: str) -> GoldArticle:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON: {error.msg} at column {error.colno}", code="gold") from None
    if not isinstance(data, dict):
        raise InputError(f"{where}: a gold article is a JSON object, one a line", code="gold")
    for name, kind in _REQUIRED.items():
        if not isinstance(data.get(name), kind):
            what = {str: "text", dict: "an object"}[kind]
            raise InputError(f"{where}: key {name!r} is missing or not {what}", code="gold")
    published = data.get("published_at")
    if published is not None and not (isinstance(published, str) and _DAY.match(published)):
        raise InputError(f"{where}: published_at {published!r} is not a day such as 2023-01-09, or null", code="gold")
    for table, items in data["gold"].items():
        _check_items(items, table, where)
    text = f"{data['title']}\n{data['body']}" if data["body"] else data["title"]
    url = data.get("url")
    article = Article(
        article_id=content_id(url or text), url=url, source=data.get("source") or (urlsplit(url).netloc if url else None),
        title=data["title"], published_at=published, text=text, content_sha256=content_id(text, length=64),
    )  # fmt: skip
    return GoldArticle(article, data["gold"], str(url or data.get("id") or where), where)


def _check_items(items: Any, table: str, where: str) -> None:
    """That a table is a list of objects with the keys without which nothing can be compared."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(f"{where}: gold {table!r} is not a list of objects", code="gold")
    for item in items:
        for key in _ITEM_KEYS.get(table, ("quote",)):
            if not isinstance(item.get(key), list if key == "positions" else str):
                raise InputError(f"{where}: {_label(table, item)}: key {key!r} is missing", code="gold")


def check_article(article: GoldArticle) -> Iterator[str]:
    """What is wrong with one gold article: its text, its tables, every annotation.

    Yields:
        One line for each problem, without file and line.
    """
    text, gold = article.article.text, article.gold
    if canonical_text(text) != text:
        yield "title or body is not canonical"
    names = {item["name"] for item in gold.get("officials", ())}
    yield from (f"no {table}" for table in TABLES if table not in gold)
    for table in TABLES:
        for item in gold.get(table, ()):
            found = _official_problems(item, text) if table == "officials" else _item_problems(table, item, text, names)
            yield from (f"{_label(table, item)}: {problem}" for problem in found)
    spans = [(item["quote"], item.get("nth") or 1) for item in gold.get("dates", ())]
    yield from (f"dates: {span} twice" for span in sorted({span for span in spans if spans.count(span) > 1}))


def _label(table: str, item: Item) -> str:
    words = str(item.get("quote") or item.get("name"))
    return f"{table}: {words[:60]!r}"


def _official_problems(item: Item, text: str) -> Iterator[str]:
    if item["name"] not in text:
        yield "name not in the text"
    wordings = [w for post in item["positions"] for w in (post if isinstance(post, list) else [post])]
    yield from (f"position not in the text: {wording!r}" for wording in wordings if wording not in text)


def _item_problems(table: str, item: Item, text: str, names: Iterable[str]) -> Iterator[str]:
    for column, allowed in _ALLOWED[table].items():
        value = item.get(column)
        if value not in allowed and (column == "kind" or value is not None):
            yield f"{column} {value!r}"
    part = item.get("part_of_day")
    if part is not None and part not in _PARTS_OF_DAY:
        yield f"part_of_day {part!r}"
    for column, form in _FORMS.items():
        if item.get(column) is not None and not form.fullmatch(str(item[column])):
            yield f"{column} {item[column]!r}"
    try:
        locate(item, text)
    except InputError as error:
        yield error.message
    if table == "dates" and not {"start_date", "end_date"} <= item.keys():
        yield "start_date or end_date missing"
    value = item.get("value")
    if item.get("kind") == "quantity" and not isinstance(value, int | float):
        yield f"value {value!r}"
    for took_part in item.get("participations", ()):
        if took_part.get("role") not in ROLES or took_part.get("official") not in names:
            yield f"participation {took_part}"
