"""The one place where the model's dtype names meet SQLite, pandas, Arrow and Excel.

The tables and their columns come from the dataclasses in `extractor.model`; nothing is listed a second time here.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from extractor.model import RECORD_TYPES, TABLES, Article, Person, Problem, columns

VIETNAM = "Asia/Ho_Chi_Minh"
_ZONES = {"published_at": VIETNAM}
"""Time zone of a timestamp column; the others are UTC."""


@dataclass(frozen=True, slots=True)
class Dtype:
    """One dtype name of the model in each of the worlds a column goes to.

    `width` is an Excel column's width in characters; `encode`/`decode` turn a value into what SQLite holds and a SQLite
    value into a JSON-ready one (None never reaches them).
    """

    name: str
    sqlite: str
    pandas: str
    width: int
    encode: Callable[[Any], Any] | None = None
    decode: Callable[[Any], Any] | None = None


def _list_to_json(value: Iterable[str]) -> str:
    return json.dumps(list(value), ensure_ascii=False, separators=(",", ":"))


DTYPES: dict[str, Dtype] = {
    dtype.name: dtype
    for dtype in (
        Dtype("str", "TEXT", "str", 32),
        Dtype("category", "TEXT", "category", 14),
        Dtype("int", "INTEGER", "Int64", 9),
        Dtype("float", "REAL", "float64", 12),
        Dtype("bool", "INTEGER", "boolean", 9, int, bool),
        Dtype("date", "TEXT", "datetime64[us]", 12, date.isoformat),
        Dtype("timestamp", "TEXT", "datetime64[us, {zone}]", 18),
        Dtype("list", "TEXT", "object", 40, _list_to_json, json.loads),
    )
}


def model_of(table: str) -> Any:
    """The dataclass of a table."""
    return {**RECORD_TYPES, "articles": Article, "people": Person, "problems": Problem}[table]


@cache
def columns_of(table: str) -> dict[str, Dtype]:
    """A table's columns in order, each with its dtype."""
    return {name: DTYPES[dtype] for name, dtype in columns(model_of(table)).items()}


def zone_of(column: str) -> str:
    """The time zone in which a timestamp column is shown."""
    return _ZONES.get(column, "UTC")


def pandas_dtype(table: str, column: str) -> str:
    """The pandas dtype of a column, e.g. `"datetime64[us, Asia/Ho_Chi_Minh]"`."""
    return columns_of(table)[column].pandas.format(zone=zone_of(column))


def arrow_schema(table: str) -> Any:
    """A table's `pyarrow.Schema`; days are timestamps without a zone, so that pandas reads them as datetime64."""
    import pyarrow as pa

    def arrow(name: str, dtype: Dtype) -> Any:
        return {
            "str": pa.string(),
            "category": pa.dictionary(pa.int32(), pa.string()),
            "int": pa.int64(),
            "float": pa.float64(),
            "bool": pa.bool_(),
            "date": pa.timestamp("us"),
            "timestamp": pa.timestamp("us", tz=zone_of(name)),
            "list": pa.list_(pa.string()),
        }[dtype.name]

    return pa.schema([(name, arrow(name, dtype)) for name, dtype in columns_of(table).items()])


@cache
def _encoder(table: str) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[int, Callable[[Any], Any]], ...]]:
    found = columns_of(table)
    changed = tuple((i, dtype.encode) for i, dtype in enumerate(found.values()) if dtype.encode)
    return attrgetter(*found), changed


def encode(table: str, records: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Records of one table as rows that SQLite holds, in column order."""
    values, changed = _encoder(table)
    for record in records:
        row = list(values(record))
        for i, change in changed:
            if row[i] is not None:
                row[i] = change(row[i])
        yield tuple(row)


def decode(table: str, row: Iterable[Any]) -> dict[str, Any]:
    """A SQLite row in column order as a JSON-ready dict: bools are bools, lists are lists, days ISO strings."""
    return {
        name: value if value is None or dtype.decode is None else dtype.decode(value)
        for (name, dtype), value in zip(columns_of(table).items(), row, strict=True)
    }


def quoted(name: str) -> str:
    """A table's or column's name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _create(table: str) -> str:
    model = model_of(table)
    # The ids of record tables are unique by an index that can be made later; see `dataset.indexes`.
    primary = getattr(model, "ID", "") if table not in RECORD_TYPES else ""
    parts = [f"{quoted(n)} {d.sqlite}{' PRIMARY KEY' if n == primary else ''}" for n, d in columns_of(table).items()]
    if table == "articles":
        parts.append("PRIMARY KEY (article_id, revision)")
    return f"CREATE TABLE IF NOT EXISTS {quoted(table)} ({', '.join(parts)})"


def ddl() -> list[str]:
    """The statements that make the tables and the archive's own bookkeeping; all may be run again."""
    return [
        *(_create(table) for table in TABLES),
        # The same problem seen again is not a new one; SQLite tells NULLs apart, so they are made equal here.
        "CREATE UNIQUE INDEX IF NOT EXISTS problems_once ON problems"
        " (stage, code, ifnull(url, ''), ifnull(article_id, ''), message)",
        "CREATE VIEW IF NOT EXISTS latest_revisions AS"
        " SELECT article_id, max(revision) AS revision FROM articles GROUP BY article_id",
        # Pictures and attachments of an article, by URL.
        "CREATE TABLE IF NOT EXISTS media (article_id TEXT, revision INTEGER, nth INTEGER, kind TEXT, url TEXT,"
        " caption TEXT, PRIMARY KEY (article_id, revision, nth)) WITHOUT ROWID",
        # Notes of the archive on itself: whether what is derived from the rows is up to them.
        "CREATE TABLE IF NOT EXISTS archive_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        # Which versions of the rules each revision's rows were made with: {"dates": version, ...}.
        "CREATE TABLE IF NOT EXISTS rule_versions (id INTEGER PRIMARY KEY, versions TEXT UNIQUE NOT NULL)",
        "CREATE TABLE IF NOT EXISTS extractions (article_id TEXT, revision INTEGER, versions INTEGER NOT NULL"
        " REFERENCES rule_versions (id), PRIMARY KEY (article_id, revision)) WITHOUT ROWID",
    ]


def versions_text(versions: Mapping[str, str]) -> str:
    """Versions of the rules by extractor as the table `rule_versions` holds them."""
    return json.dumps(dict(sorted(versions.items())))


def staleness_ddl() -> list[str]:
    """Triggers that forget that the derived tables are up to date when anything changes which they are made from.

    They stand on all tables through which rows change: articles, extractions (a revision's rows), an editor's corrections.
    """
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{event.lower()}_stale AFTER {event} ON {table}"
        " BEGIN DELETE FROM archive_state WHERE name = 'derived'; END"
        for table in ("articles", "extractions", "corrections")
        for event in ("INSERT", "UPDATE", "DELETE")
    ]


def select(table: str, *, latest_only: bool = False) -> str:
    """The SQL that reads a table's columns in the dataset's order, which does not depend on the order of storing.

    Articles come by publication, then id and revision; records as their articles do, then by span; people by name.

    Args:
        table: the table's name.
        latest_only: leave out the rows of revisions that have a later one.
    """
    names = ", ".join(f"t.{quoted(n)}" for n in columns_of(table))
    if table == "people":
        return f"SELECT {names} FROM people AS t ORDER BY t.name, t.person_id"
    if table == "problems":
        return f"SELECT {names} FROM problems AS t ORDER BY stage, code, url, article_id, message"
    source = f"{table} AS t"
    if table != "articles":
        source += " JOIN articles AS a ON a.article_id = t.article_id AND a.revision = t.revision"
    if latest_only:
        source += " JOIN latest_revisions AS l ON l.article_id = t.article_id AND l.revision = t.revision"
    published = "t.published_at" if table == "articles" else "a.published_at"
    order = f"{published} IS NULL, {published}, t.article_id, t.revision"
    if table != "articles":
        order += f", t.start, t.end, t.{quoted(model_of(table).ID)}"
    return f"SELECT {names} FROM {source} ORDER BY {order}"
