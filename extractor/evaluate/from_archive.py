"""Gold articles from an archive: what editors confirmed, corrected and rejected becomes material to measure with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.dataset.corrections import corrections
from extractor.dataset.reader import Reader
from extractor.dataset.tables import columns_of, decode
from extractor.errors import InputError
from extractor.model import RECORD_TYPES

_KEPT = {
    "dates": ("kind", "start_date", "end_date", "part_of_day", "calendar"),
    "meetings": ("kind", "host", "start_date", "end_date", "part_of_day", "location", "status"),
    "targets": ("kind", "comparator", "value", "value_max", "unit", "subject", "deadline"),
    "anniversaries": ("event", "years", "origin_date", "anniversary_date"),
}


def _rows(reader: Reader, table: str, article_id: str, revision: int) -> list[dict[str, Any]]:
    names = ", ".join(f'"{name}"' for name in columns_of(table))
    found = reader.connection.execute(
        f'SELECT {names} FROM {table} WHERE article_id = ? AND revision = ? ORDER BY "start", "end"',
        (article_id, revision),
    )
    return [decode(table, row) for row in found]


def _item(table: str, row: dict[str, Any], text: str) -> dict[str, Any]:
    """A row as an annotation; its quote's number is counted as `str.find` steps through the text."""
    nth, at = 0, -1
    while at < row["start"]:
        at = text.find(row["quote"], at + 1)
        nth += 1
    return {"quote": row["quote"], "nth": nth, **{name: row[name] for name in _KEPT[table]}}


def _officials(rows: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    people: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = people.setdefault(row["name"], {"name": row["name"], "honorific": row["honorific"], "positions": []})
        known["positions"] += [p for p in row["positions"] if p in text and p not in known["positions"]]
    return list(people.values())


def _meeting(row: dict[str, Any], parts: list[dict[str, Any]], names: set[str], text: str) -> dict[str, Any]:
    mine = [p for p in parts if p["meeting_id"] == row["meeting_id"] and p["official"] in names]
    roles = [{"official": p["official"], "role": p["role"]} for p in mine]
    return {**_item("meetings", row, text), "participations": roles}


def gold_line(reader: Reader, article_id: str) -> dict[str, Any]:
    """An article's rows as they stand, corrections applied, in the gold form.

    Args:
        reader: the archive.
        article_id: the article; its latest revision is taken.

    Returns:
        One gold article, as corpus/README.md describes it.

    Raises:
        InputError: there is no such article.
    """
    found = reader.connection.execute(
        "SELECT revision, url, source, title, published_at, text FROM articles WHERE article_id = ?"
        " ORDER BY revision DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    if found is None:
        raise InputError(f"{article_id}: no such article in the archive")
    revision, url, source, title, published, text = found
    tables = {table: _rows(reader, table, article_id, revision) for table in RECORD_TYPES}
    officials = _officials(tables["officials"], text)
    names = {official["name"] for official in officials}
    gold = {
        "dates": [_item("dates", row, text) for row in tables["dates"]],
        "officials": officials,
        "meetings": [_meeting(row, tables["participations"], names, text) for row in tables["meetings"]],
        "targets": [_item("targets", row, text) for row in tables["targets"] if row["status"] == "target"],
        "anniversaries": [_item("anniversaries", row, text) for row in tables["anniversaries"]],
    }
    return {
        "id": article_id, "url": url or f"archive:{article_id}", "source": source, "title": title,
        "published_at": published, "body": text.partition("\n")[2], "gold": gold,
    }  # fmt: skip


def corrected_articles(reader: Reader) -> Iterator[dict[str, Any]]:
    """The gold line of every article on which an editor decided something, in the order of the first decision."""
    seen = dict.fromkeys(c.article_id for c in corrections(reader.connection))
    for article_id in seen:
        yield gold_line(reader, article_id)


def add_to_gold(data_dir: Path | str, gold_path: Path | str) -> tuple[int, int]:
    """Add the corrected articles to a gold file; one that is in it already is replaced.

    Args:
        data_dir: the archive's folder.
        gold_path: the file; made when it is missing.

    Returns:
        How many articles were added and how many replaced.

    Raises:
        DatasetError: there is no archive.
        InputError: the file is there and is no gold file.
    """
    path = Path(gold_path)
    lines: dict[str, dict[str, Any]] = {}
    if path.exists():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                article = json.loads(line) if line.strip() else None
                if article is not None:
                    lines[article["url"]] = article
            except (ValueError, KeyError, TypeError):
                raise InputError(f"{path}, line {number}: is no gold article; choose another file") from None
    before = set(lines)
    with Reader(data_dir) as reader:
        made = {article["url"]: article for article in corrected_articles(reader)}
    lines.update(made)
    text = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in lines.values())
    path.write_text(text, encoding="utf-8")
    return len(made.keys() - before), len(made.keys() & before)
