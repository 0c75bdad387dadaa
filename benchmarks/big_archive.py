"""Makes an archive of any size quickly: some articles are extracted, then stored many times over with other names and days.

Each copy has other people (names of the same length, so that every quote stays where it is), another publication day with
all its days moved alike, its own address and ids. Persons, gatherings, findings and the search index are then worked out as
after a run. The same arguments give the same archive.
"""

import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.make_corpus import FAMILIES, GIVENS, MIDDLES, articles
from extractor.dataset.archive import Archive
from extractor.dataset.connect import FILE_NAME
from extractor.dataset.derived import refresh
from extractor.dataset.people import link_people, local_id
from extractor.dataset.tables import columns_of, model_of
from extractor.engine import run
from extractor.model import RECORD_TYPES, content_id
from extractor.resources import resource

_CHUNK = 500


def _by_length(words: list[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word in words:
        found.setdefault(len(word), []).append(word)
    return found


_POOLS = (_by_length(FAMILIES), _by_length(MIDDLES), _by_length(GIVENS))


def _other_name(name: str, rng: random.Random) -> str:
    """Another name with the same number of characters; half of the names stay."""
    words = name.split(" ")
    if rng.random() < 0.5 or name.isupper():
        return name
    changed = []
    for nth, word in enumerate(words):
        pool = _POOLS[0 if nth == 0 else 2 if nth == len(words) - 1 else 1].get(len(word), [word])
        changed.append(rng.choice(pool))
    return " ".join(changed)


def _shifted(day: Any, by: int) -> Any:
    if not isinstance(day, str) or len(day) < 10:
        return day
    try:
        return (date.fromisoformat(day[:10]) + timedelta(days=by)).isoformat() + day[10:]
    except (ValueError, OverflowError):
        return day


def _extracted(count: int, seed: int) -> list[tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]]:
    """`count` articles of the benchmark corpus, run through the pipeline, with their rows by table."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "seed.jsonl"
        with source.open("w", encoding="utf-8") as stream:
            for article in articles(count, resource("corpus") / "gold", seed):
                stream.write(json.dumps(article, ensure_ascii=False) + "\n")
        run([source], Path(folder) / "data", jobs=2)
        return read_seed(Path(folder) / "data")


def read_seed(data: Path) -> list[tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]]:
    """The articles of an archive with their rows by table, by address."""
    connection = sqlite3.connect(data / FILE_NAME)
    connection.row_factory = sqlite3.Row
    found = {r["article_id"]: (dict(r), {}) for r in connection.execute("SELECT * FROM articles ORDER BY url")}
    for table in RECORD_TYPES:
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid"):
            found[row["article_id"]][1].setdefault(table, []).append(dict(row))
    connection.close()
    return list(found.values())


def _copy(
    seed: tuple[dict[str, Any], dict[str, list[dict[str, Any]]]], number: int, rng: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    article, tables = dict(seed[0]), seed[1]
    by = rng.randrange(-1500, 400)
    url = f"https://bench{number % 50:02}.example/tin/{number:07}"
    own, text = content_id(url), article["text"]
    names: dict[str, str] = {}
    for row in tables.get("officials", ()):
        names.setdefault(row["name"], _other_name(row["name"], rng))
    for old, new in sorted(names.items(), key=lambda n: (-len(n[0]), n[0])):
        text = text.replace(old, new)
    article |= {
        "article_id": own, "url": url, "source": url.split("/")[2], "text": text, "title": text.partition("\n")[0],
        "published_at": _shifted(article["published_at"], by), "content_sha256": content_id(text), "duplicate_of": None,
    }  # fmt: skip
    yield "articles", article
    owners = {r["official_id"]: names[r["name"]] for r in tables.get("officials", ())}
    for table, rows in tables.items():
        for row in rows:
            made = dict(row)
            for name, value in row.items():
                if name == "person_id" or value is None:
                    continue
                if name.endswith("_id") and name != "rule_id":
                    made[name] = own if name == "article_id" else content_id(own, value)
                elif name in ("start_date", "end_date", "as_of", "deadline", "next_date"):
                    made[name] = _shifted(value, by)
            made["quote"] = text[row["start"] : row["end"]]
            if "person_id" in row:
                who = names.get(row.get("name") or row.get("official") or "", "") or owners.get(
                    row.get("official_id", ""), ""
                )
                who = who or row.get("official") or ""
                made |= {"person_id": local_id(own, who)}
                if "official" in row:
                    made["official"] = who
                if "name" in row:
                    made["name"] = who
            yield table, made


def build(data: Path, count: int, *, extracted: int = 1500, seed: int = 1, seed_data: Path | None = None) -> None:
    """Make an archive of `count` articles.

    Args:
        data: a folder without an archive.
        count: how many articles.
        extracted: how many of them are extracted; the others are copies.
        seed: another one gives other articles.
        seed_data: an archive that was extracted before, in place of extracting.
    """
    seeds = read_seed(seed_data) if seed_data else _extracted(min(extracted, count), seed)
    with Archive(data) as archive:
        for first in range(0, count, _CHUNK):
            rows: dict[str, list[tuple[Any, ...]]] = {}
            keys = []
            for number in range(first, min(first + _CHUNK, count)):
                for table, row in _copy(seeds[number % len(seeds)], number, random.Random(f"{seed}:{number}")):
                    rows.setdefault(table, []).append(tuple(row[c] for c in columns_of(table)))
                    if table == "articles":
                        keys.append(row["article_id"])
            with archive.transaction() as connection:
                for table, values in rows.items():
                    assert model_of(table)
                    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
                connection.execute("INSERT OR IGNORE INTO rule_versions (versions) VALUES ('{}')")
                connection.executemany(
                    "INSERT INTO extractions SELECT ?, 1, min(id) FROM rule_versions", [(k,) for k in keys]
                )
        link_people(archive)
        with archive.transaction() as connection:
            refresh(connection)
