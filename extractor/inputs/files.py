"""Files, folders and standard input as articles, in an order that does not depend on the file system."""

import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from extractor.errors import ExtractorError, InputError, ParseError
from extractor.inputs.article import (
    MAX_CHARACTERS,
    article_id,
    check_length,
    host_of,
    make_article,
    published_or_warning,
    text_fields,
)
from extractor.inputs.charset import decode
from extractor.inputs.rows import Row, csv_rows, json_document, json_lines, parquet_rows
from extractor.model import Article, content_id
from extractor.rules import RuleSet

Report = Callable[[ExtractorError], None]
"""Called with what could not be read; reading goes on."""

_SUFFIXES = {
    ".txt": "text", ".text": "text", ".html": "html", ".htm": "html", ".xhtml": "html", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "json", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet",
}  # fmt: skip
_ONLY_BY_NAME = ".json"
"""Read when it is given by name; in a folder such a file is more often settings than news."""
_MAX_BYTES = {"text": 4 * MAX_CHARACTERS, "html": 16 * MAX_CHARACTERS, "json": 1_000_000_000}
_CANONICAL = re.compile(
    rb"""<link\b[^>]*\brel=["']?canonical["']?[^>]*\bhref=["']?(https?://[^"'\s>]+)|"""
    rb"""<link\b[^>]*\bhref=["']?(https?://[^"'\s>]+)["']?[^>]*\brel=["']?canonical\b""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file being read: `name` is part of its articles' ids, `where` is what messages call it."""

    name: str
    where: str
    rules: RuleSet
    report: Report
    published: str | None


def read_articles(
    inputs: Sequence[Path | str], rules: RuleSet, report: Report, *, published: str | None = None
) -> Iterator[Article]:
    """Read articles from files (.txt, .html, .jsonl, .json, .csv, .tsv, .parquet), folders of them, or "-".

    Args:
        inputs: paths, taken in the order given; a folder's files by name, its folders within.
        rules: for banners and bylines of plain text.
        report: called with each thing that cannot be read; the rest is read.
        published: the publication day (ISO) of articles that give none.

    Yields:
        Articles with canonical text; those without a URL are known by their file's name and title.
    """
    for given in inputs:
        if str(given) == "-":
            reading = _Reading("stdin", "standard input", rules, report, published)
            yield from _guarded(_read_stdin(reading), reading)
            continue
        for file, name in list_files(given, report):
            yield from read_file(file, name, rules, report, published=published)


def list_files(given: Path | str, report: Report) -> Iterator[tuple[Path, str]]:
    """A file, or the files of a folder in their order, each with the name that its articles know it by.

    Args:
        given: a path.
        report: called with what a folder holds that is no news.
    """
    path = Path(given)
    if not path.is_dir():
        yield path, path.name
        return
    # A folder's file is known by its path in the folder, so that the same name in two folders is two articles.
    for file in _walk(path, report):
        yield file, file.relative_to(path).as_posix()


def read_file(
    path: Path, name: str, rules: RuleSet, report: Report, *, published: str | None = None, where: str | None = None
) -> Iterator[Article]:
    """The articles of one file, which messages call `where`, by default its path; see `read_articles`."""
    reading = _Reading(name, where or str(path), rules, report, published)
    yield from _guarded(_read_file(path, reading), reading)


def read_rows(
    rows: Iterable[Row], name: str, rules: RuleSet, report: Report, *, published: str | None = None
) -> Iterator[Article]:
    """The articles of rows that were read already; see `read_articles`.

    Args:
        rows: where each stands, and its fields or why it cannot be read.
        name: the name that its articles know their file by.
        rules: for bylines.
        report: called with each row that is no article.
        published: the publication day (ISO) of articles that give none.
    """
    yield from _from_rows(iter(rows), _Reading(name, name, rules, report, published))


def _guarded(articles: Iterator[Article], reading: _Reading) -> Iterator[Article]:
    """The articles of one file up to what makes the rest of it unreadable."""
    try:
        yield from articles
    except ExtractorError as error:
        reading.report(InputError(error.message, code=error.code))
    except OSError as error:
        reading.report(InputError(f"{reading.where}: cannot be read: {error.strerror or error}", code="unreadable"))


def _walk(folder: Path, report: Report) -> Iterator[Path]:
    """The files of a folder that can be articles; others are named in one line, hidden ones left out."""
    other: dict[str, int] = {}

    def unreadable(error: OSError) -> None:
        report(InputError(f"{error.filename}: this folder cannot be read: {error.strerror}", code="unreadable"))

    seen = 0
    for base, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = Path(base, name)
            if name.startswith(".") or not (path.is_file() or path.is_symlink()):
                continue
            seen += 1
            if path.suffix.lower() in _SUFFIXES and path.suffix.lower() != _ONLY_BY_NAME:
                yield path
            else:
                other[path.suffix or name] = other.get(path.suffix or name, 0) + 1
    if other:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(other.items()))
        report(InputError(f"{folder}: files of other kinds were left out: {kinds}", code="other_files"))
    elif not seen:
        report(InputError(f"{folder}: the folder has no files of news", code="empty_folder"))


def _read_file(path: Path, reading: _Reading) -> Iterator[Article]:
    if not path.exists():
        raise InputError(f"{path}: no such file or folder", code="no_file")
    if not path.is_file():
        raise InputError(f"{path}: is not a regular file", code="no_file")
    kind = _SUFFIXES.get(path.suffix.lower(), "text")
    size = path.stat().st_size
    if size > _MAX_BYTES.get(kind, size):
        raise InputError(
            f"{path}: has {size:,} bytes; a file of one article may have {_MAX_BYTES[kind]:,}: split it, or give"
            " several articles as .jsonl",
            code="too_long",
        )
    if kind == "parquet":
        yield from _from_rows(parquet_rows(path, reading.where), reading)
        return
    with path.open("rb") as stream:
        yield from _read_stream(stream, kind, reading)


def _read_stdin(reading: _Reading) -> Iterator[Article]:
    """Standard input: what it holds is told by how it begins."""
    stream = sys.stdin.buffer
    head = stream.peek(4096) if isinstance(stream, io.BufferedReader) else b""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    first = start.split(b"\n", 1)[0].lower()
    kind = "text"
    if start.startswith((b"{", b"[")):
        kind = "jsonl" if start.startswith(b"{") else "json"
    elif start.startswith(b"<"):
        kind = "html"
    elif {b"body", b"text", b"html"} & set(re.split(rb'[,;\t|"\r]+', first)):
        kind = "csv"
    yield from _read_stream(stream, kind, reading)


def _read_stream(stream: IO[bytes], kind: str, reading: _Reading) -> Iterator[Article]:
    where = reading.where
    if kind in ("jsonl", "csv"):
        yield from _from_rows(json_lines(stream, where) if kind == "jsonl" else csv_rows(stream, where), reading)
        return
    data = stream.read(_MAX_BYTES[kind] + 1)
    if len(data) > _MAX_BYTES[kind]:
        raise InputError(f"{where}: has more than {_MAX_BYTES[kind]:,} bytes; split it", code="too_long")
    if kind == "json":
        yield from _from_rows(json_document(data, where), reading)
    elif kind == "html":
        yield _from_html(data, {}, where, reading)
    else:
        text, damage = decode(data, where)
        if damage:
            reading.report(InputError(damage, code="damaged_text"))
        yield _from_fields(text_fields(text, reading.rules), where, reading)


def _from_rows(rows: Iterator[Row], reading: _Reading) -> Iterator[Article]:
    for where, row in rows:
        try:
            if isinstance(row, InputError):
                raise row
            if row.get("html") and not row.get("body") and not row.get("text"):
                yield _from_html(str(row["html"]).encode("utf-8", "replace"), row, where, reading)
            else:
                yield _from_fields(row, where, reading)
        except ExtractorError as error:
            reading.report(InputError(error.message, code=error.code))


def _from_fields(fields: Mapping[str, Any], where: str, reading: _Reading) -> Article:
    article, warning = make_article(fields, reading.name, where, reading.rules, published=reading.published)
    if warning:
        reading.report(InputError(warning, code="bad_date"))
    return article


def _from_html(data: bytes, row: Mapping[str, Any], where: str, reading: _Reading) -> Article:
    """The article of a page; without a URL the one that the page says is its own."""
    from extractor.crawl.parse import parse_html

    if not data.strip():
        raise InputError(f"{where}: the file is empty", code="empty_file")
    canonical = _CANONICAL.search(data[:200_000])
    own = (canonical[1] or canonical[2]).decode("ascii", "replace") if canonical else None
    url = str(row.get("url") or own or "") or None
    headers = {"content-type": "text/html; charset=utf-8"} if row else {}
    try:
        article = parse_html(data, url, headers=headers)
    except ParseError as error:
        raise InputError(f"{where}: {error.message}", code=error.code) from None
    check_length(article.text, where)
    when, warning = published_or_warning(row, where)
    if warning:
        reading.report(InputError(warning, code="bad_date"))
    return replace(
        article,
        article_id=article_id(url) if url else content_id("file", reading.name, article.title),
        url=url or f"file:{reading.name}",
        source=row.get("source") or (host_of(url) if url else None),
        published_at=when or article.published_at or reading.published,
    )
