"""What a change of the rules changes in an archive, cell by cell, before it is taken."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from extractor.dataset.connect import FILE_NAME, clear_errors, connect_reader
from extractor.dataset.tables import columns_of
from extractor.engine import rule_versions, run_batch
from extractor.errors import ExtractorError
from extractor.extractors.base import tables_of
from extractor.model import RECORD_TYPES, Article, Extraction, Record, as_row
from extractor.rules import load_rules
from extractor.workers import Failure

_CHUNK = 64
_NOT_COMPARED = frozenset({"article_id", "revision", "rules_version"})


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changes.

    `kind` is "added", "lost" or "altered"; `cells` are the columns with (old, new) value, JSON-ready: of an altered row those
    that differ, else all that are not empty. `quote` are the row's words, of an altered one the new ones.
    """

    kind: str
    table: str
    article: Article
    quote: str
    start: int
    end: int
    cells: dict[str, tuple[Any, Any]]

    def as_json(self) -> dict[str, Any]:
        """The change as one JSON object."""
        return {
            "change": self.kind, "table": self.table, "article_id": self.article.article_id, "url": self.article.url,
            "quote": self.quote, "start": self.start, "end": self.end,
            "cells": {name: {"old": old, "new": new} for name, (old, new) in self.cells.items()},
        }  # fmt: skip


def changes(
    data_dir: Path | str,
    old: str | None,
    new: str | None,
    *,
    jobs: int = 1,
    report: Any = lambda error: None,
) -> Iterator[Change]:
    """The rows of the archive's latest revisions that differ between two folders of rules; nothing is written.

    Only extractors whose rules differ are run. Ids are not compared, since they follow from the rest.

    Args:
        data_dir: the archive's folder.
        old: a folder of rules, None for the package's own.
        new: the folder of rules to judge.
        jobs: number of processes.
        report: called with each article that fails under either rules.

    Yields:
        The changes, article by article in the order they were stored, by table and place.
    """
    before, after = load_rules(old), load_rules(new)
    one, two = rule_versions(before), rule_versions(after)
    only = frozenset(name for name in one if one[name] != two[name])
    if not only:
        return
    tables = [t for t in RECORD_TYPES if t in tables_of(only)]
    for chunk in _chunks(_latest(Path(data_dir))):
        sides = [
            run_batch(chunk, jobs=jobs, rules=folder, version=version, only=only)
            for folder, version in ((old, before.version), (new, after.version))
        ]
        for first, second in zip(*sides, strict=True):
            failed = next((o for o in (first, second) if isinstance(o, Failure)), None)
            if failed is not None:
                report(ExtractorError(failed.message, code=failed.code))
            elif isinstance(first, Extraction) and isinstance(second, Extraction):
                for table in tables:
                    yield from _compare(first.article, table, first.tables[table], second.tables[table])


def _latest(folder: Path) -> Iterator[Article]:
    path = folder / FILE_NAME
    connection = connect_reader(path)
    names = list(columns_of("articles"))
    chosen = ", ".join(f"a.{name}" for name in names)
    try:
        with clear_errors(path):
            for row in connection.execute(
                f"SELECT {chosen} FROM articles AS a JOIN latest_revisions USING (article_id, revision) ORDER BY a.rowid"
            ):
                yield Article(**dict(zip(names, row, strict=True)))
    finally:
        connection.close()


def _chunks(articles: Iterator[Article]) -> Iterator[list[Article]]:
    while chunk := list(islice(articles, _CHUNK)):
        yield chunk


def _compare(article: Article, table: str, old: Sequence[Record], new: Sequence[Record]) -> list[Change]:
    """The changes of one table of one article: rows with the same place and key are one row, then those that overlap."""
    record_type = RECORD_TYPES[table]
    left = {getattr(r, record_type.ID): r for r in old}
    right = {getattr(r, record_type.ID): r for r in new}
    pairs = [(left.pop(i), right.pop(i)) for i in list(left) if i in right]
    for before in sorted(left.values(), key=lambda r: (r.start, r.end)):
        near = [(_overlap(before, r), -r.start, i) for i, r in right.items() if _overlap(before, r)]
        if near:
            own, other = getattr(before, record_type.ID), max(near)[2]
            pairs.append((left.pop(own), right.pop(other)))
    found = [_change("lost", article, table, r, _cells(r, None)) for r in left.values()]
    found += [_change("added", article, table, r, _cells(None, r)) for r in right.values()]
    for before, after in pairs:
        cells = _cells(before, after)
        if cells:
            found.append(_change("altered", article, table, after, cells))
    return sorted(found, key=lambda c: (c.start, c.end, c.kind, sorted(map(str, c.cells.items()))))


def _overlap(a: Record, b: Record) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def _change(kind: str, article: Article, table: str, row: Record, cells: dict[str, tuple[Any, Any]]) -> Change:
    return Change(kind, table, article, row.quote, row.start, row.end, cells)


def _cells(before: Record | None, after: Record | None) -> dict[str, tuple[Any, Any]]:
    one = as_row(before) if before is not None else {}
    two = as_row(after) if after is not None else {}
    names = [n for n in (one or two) if n == "rule_id" or (n not in _NOT_COMPARED and not n.endswith("_id"))]
    if before is None or after is None:
        names = [n for n in names if n not in ("quote", "start", "end")]
    return {
        n: (one.get(n), two.get(n))
        for n in names
        if one.get(n) != two.get(n) and (one.get(n), two.get(n)) != (None, [])
    }


def lines(found: Iterable[Change]) -> Iterator[str]:
    """Changes for a person to read: a line for each article, a line for each row (+ added, - lost, ~ altered), at last counts."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    last = None
    for change in found:
        counts[change.table, change.kind] += 1
        if change.article.article_id != last:
            last = change.article.article_id
            yield f"{change.article.url or last}: {change.article.title}"
        yield f"  {_MARKS[change.kind]} {change.table} [{change.start}:{change.end}] “{change.quote}” {_told(change)}".rstrip()
    if not counts:
        yield "nothing changes"
    for table in RECORD_TYPES:
        told = [f"{counts[table, kind]} {kind}" for kind in _MARKS if counts[table, kind]]
        if told:
            yield f"{table}: {', '.join(told)}"


_MARKS = {"added": "+", "lost": "-", "altered": "~"}


def _told(change: Change) -> str:
    told = []
    for name, (old, new) in change.cells.items():
        if change.kind == "altered":
            told.append(f"{name}: {_word(old)} → {_word(new)}")
        else:
            told.append(f"{name}={_word(new if change.kind == 'added' else old)}")
    return "; ".join(told)


def _word(value: Any) -> str:
    if value is None:
        return "∅"
    return " | ".join(map(str, value)) if isinstance(value, list) else str(value)
