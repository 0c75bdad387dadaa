"""An editor's decisions on rows: confirmed, corrected or rejected, with name and time.

A decision belongs to a quote of an article (the nth occurrence of its words), not to a row's id: it is applied again
whenever the article's rows are written, so it survives other rules and new revisions. The row as extracted is kept with
the decision, so that it can be taken back.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from extractor.dataset.clock import now
from extractor.dataset.people_rows import note_names
from extractor.dataset.tables import columns_of, decode, model_of
from extractor.errors import DatasetError
from extractor.model import RECORD_TYPES, content_id

CORRECTIONS_DDL = """
CREATE TABLE IF NOT EXISTS corrections (
    correction_id TEXT PRIMARY KEY, table_name TEXT NOT NULL, article_id TEXT NOT NULL, quote TEXT NOT NULL,
    nth INTEGER NOT NULL, key TEXT NOT NULL, action TEXT NOT NULL, changes TEXT NOT NULL, original TEXT NOT NULL,
    editor TEXT NOT NULL, decided_at TEXT NOT NULL, note TEXT
);
CREATE INDEX IF NOT EXISTS corrections_article ON corrections (article_id);
"""
ACTIONS = ("confirm", "correct", "reject")
FIXED = frozenset({"article_id", "revision", "quote", "start", "end", "rule_id", "rules_version", "person_id"})
"""Columns that a correction does not change: where the row stands and what made it."""
_DEPENDENTS = {"meetings": ("participations",), "officials": ("positions",)}
"""Tables whose rows hold the id of a row of another and mean nothing without it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision. `changes` holds the corrected columns, `original` the row as extracted, both JSON-ready."""

    correction_id: str
    table_name: str
    article_id: str
    quote: str
    nth: int
    key: str
    action: str
    changes: Mapping[str, Any]
    original: Mapping[str, Any]
    editor: str
    decided_at: str
    note: str | None = None


_COLUMNS = tuple(f.name for f in fields(Correction))


def corrections(connection: sqlite3.Connection, article_id: str | None = None) -> list[Correction]:
    """The decisions of an archive or of one article, in the order in which they were made."""
    where, values = ("WHERE article_id = ?", (article_id,)) if article_id else ("", ())
    rows = connection.execute(f"SELECT * FROM corrections {where} ORDER BY decided_at, correction_id", values)
    return [
        Correction(**{**row, "changes": json.loads(row["changes"]), "original": json.loads(row["original"])})
        for row in (dict(zip(_COLUMNS, values, strict=True)) for values in rows)
    ]


def editable_columns(table: str) -> list[str]:
    """The columns of a table that a correction may change."""
    model = RECORD_TYPES[table]
    ids = {other.ID for other in RECORD_TYPES.values()}
    return [name for name in columns_of(table) if name not in FIXED and name not in ids and name != model.ID]


def decide(
    connection: sqlite3.Connection,
    table: str,
    row_id: str,
    action: str,
    editor: str,
    changes: Mapping[str, Any] | None = None,
    note: str | None = None,
) -> Correction:
    """Keep a decision on one row and apply it; the caller commits.

    Args:
        connection: a connection that may write.
        table: the row's table.
        row_id: the row's id.
        action: confirm, correct or reject.
        editor: who decides.
        changes: with "correct": the columns to change, JSON-ready values.
        note: why, in the editor's words.

    Returns:
        The decision.

    Raises:
        DatasetError: no such table, row, action or column; or a value that its column cannot hold.
    """
    row, changes = _checked(connection, table, row_id, action, editor, changes)
    earlier = next((c for c in corrections(connection, row["article_id"]) if _fits(c, table, row, connection)), None)
    original = earlier.original if earlier else {**row, **_dependents(connection, table, row_id)}
    correction = Correction(
        content_id("correction", table, row["article_id"], row["quote"], _nth(connection, row), _key(table, original)),
        table, row["article_id"], row["quote"], _nth(connection, row), _key(table, original), action,
        {**(earlier.changes if earlier and action != "reject" else {}), **changes}, original, editor.strip(), now(), note,
    )  # fmt: skip
    connection.execute(
        "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            correction.correction_id, table, correction.article_id, correction.quote, correction.nth, correction.key, action,
            _json(correction.changes), _json(original), correction.editor, correction.decided_at, note,
        ),
    )  # fmt: skip
    _apply(connection, correction, row_id)
    return correction


def _checked(
    connection: sqlite3.Connection, table: str, row_id: str, action: str, editor: str, changes: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row decided on and the changes that count, or an error in words."""
    if table not in RECORD_TYPES:
        raise DatasetError(f"{table}: no such table; use one of {', '.join(RECORD_TYPES)}")
    if action not in ACTIONS:
        raise DatasetError(f"{action}: no such decision; use one of {', '.join(ACTIONS)}")
    if not editor.strip():
        raise DatasetError("a decision needs the name of who makes it")
    row = _row(connection, table, row_id)
    if row is None:
        raise DatasetError(f"{table}: no row {row_id}; it may have changed since the page was opened: open it again")
    wanted = dict(changes or {}) if action == "correct" else {}
    for name, value in wanted.items():
        if name not in editable_columns(table):
            raise DatasetError(f"{table}.{name} cannot be corrected; use one of {', '.join(editable_columns(table))}")
        _encoded(table, name, value)
    return row, wanted


def take_back(connection: sqlite3.Connection, correction_id: str) -> None:
    """Forget a decision and put the row back as it was extracted; the caller commits.

    Where the article has a newer revision than the decision, that revision is marked for extraction by the next run.

    Raises:
        DatasetError: no such decision.
    """
    correction = next((c for c in corrections(connection) if c.correction_id == correction_id), None)
    if correction is None:
        raise DatasetError(f"no decision {correction_id}; it may have been taken back already")
    connection.execute("DELETE FROM corrections WHERE correction_id = ?", (correction_id,))
    original, table = correction.original, correction.table_name
    (latest,) = connection.execute(
        "SELECT MAX(revision) FROM articles WHERE article_id = ?", (correction.article_id,)
    ).fetchone()
    if latest == original["revision"]:
        _put(connection, table, [original])
        for other in _DEPENDENTS.get(table, ()):
            _put(connection, other, original.get(other, []))
        note_names(connection, [(correction.article_id, latest)])
    else:
        connection.execute("INSERT OR IGNORE INTO rule_versions (versions) VALUES ('{}')")
        connection.execute(
            "UPDATE extractions SET versions = (SELECT id FROM rule_versions WHERE versions = '{}')"
            " WHERE article_id = ? AND revision = ?",
            (correction.article_id, latest),
        )


def _put(connection: sqlite3.Connection, table: str, rows: list[Mapping[str, Any]]) -> None:
    names = list(columns_of(table))
    connection.executemany(
        f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(names))})",
        [[_encoded(table, n, row[n]) for n in names] for row in rows],
    )


def apply_corrections(connection: sqlite3.Connection, article_id: str, revision: int) -> int:
    """Apply an article's decisions to the rows of one revision, just written; the caller commits.

    Returns:
        How many decisions found their row. One that finds none is kept, for a later revision.
    """
    applied = 0
    for correction in corrections(connection, article_id):
        table = correction.table_name
        names = list(columns_of(table))
        rows = connection.execute(
            f"SELECT * FROM {table} WHERE article_id = ? AND revision = ? AND quote = ?",
            (article_id, revision, correction.quote),
        ).fetchall()
        for values in rows:
            row = decode(table, values)
            if _fits(correction, table, row, connection):
                _apply(connection, correction, row[names[0]])
                applied += 1
                break
    return applied


def _row(connection: sqlite3.Connection, table: str, row_id: str) -> dict[str, Any] | None:
    found = connection.execute(f"SELECT * FROM {table} WHERE {model_of(table).ID} = ?", (row_id,)).fetchone()
    return decode(table, found) if found else None


def _dependents(connection: sqlite3.Connection, table: str, row_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that go with a row when it is rejected, by table."""
    return {
        other: [
            decode(other, values)
            for values in connection.execute(f"SELECT * FROM {other} WHERE {model_of(table).ID} = ?", (row_id,))
        ]
        for other in _DEPENDENTS.get(table, ())
    }


def _key(table: str, row: Mapping[str, Any]) -> str:
    """What tells apart rows of one table over one quote, without ids, which hold offsets."""
    names = [n for n in RECORD_TYPES[table].KEY if not n.endswith("_id")]
    return _json([row[n] for n in names])


def _nth(connection: sqlite3.Connection, row: Mapping[str, Any]) -> int:
    (text,) = connection.execute(
        "SELECT text FROM articles WHERE article_id = ? AND revision = ?", (row["article_id"], row["revision"])
    ).fetchone()
    return int(text.count(row["quote"], 0, row["start"] + len(row["quote"])))


def _fits(correction: Correction, table: str, row: Mapping[str, Any], connection: sqlite3.Connection) -> bool:
    if correction.table_name != table or correction.quote != row["quote"]:
        return False
    corrected = {**row, **{n: correction.original[n] for n in correction.changes if n in row}}
    if correction.key not in (_key(table, row), _key(table, corrected)):
        return False
    return correction.nth == _nth(connection, row)


def _apply(connection: sqlite3.Connection, correction: Correction, row_id: str) -> None:
    table = correction.table_name
    id_column = model_of(table).ID
    if correction.action == "reject":
        connection.execute(f"DELETE FROM {table} WHERE {id_column} = ?", (row_id,))
        for other in _DEPENDENTS.get(table, ()):
            connection.execute(f"DELETE FROM {other} WHERE {id_column} = ?", (row_id,))
    elif correction.changes:
        names = list(correction.changes)
        setting = ", ".join(f'"{n}" = ?' for n in names)
        values = [_encoded(table, n, correction.changes[n]) for n in names]
        connection.execute(f"UPDATE {table} SET {setting} WHERE {id_column} = ?", (*values, row_id))


def _encoded(table: str, column: str, value: Any) -> Any:
    """A JSON-ready value as SQLite holds it.

    Raises:
        DatasetError: the column cannot hold it.
    """
    if value is None or value == "":
        return None
    dtype = columns_of(table)[column]
    try:
        if dtype.name == "date":
            return date.fromisoformat(str(value)).isoformat()
        if dtype.name == "list":
            return dtype.encode(value) if dtype.encode and not isinstance(value, str) else _json([value])
        if dtype.name in ("int", "bool"):
            return int(value)
        return float(value) if dtype.name == "float" else str(value)
    except (ValueError, TypeError):
        raise DatasetError(f"{table}.{column}: {value!r} is no {dtype.name}") from None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=isinstance(value, dict))
