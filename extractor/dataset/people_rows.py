"""The archive's side of linking persons: which names have changed, their rows, and where persons are kept."""

import json
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from extractor.dataset.indexes import LINKED, drop_person_indexes, make_person_indexes
from extractor.dataset.people_merge import Held, Part
from extractor.dataset.people_names import name_key
from extractor.dataset.people_profiles import Local, widened

PEOPLE_DDL = [
    # Names whose rows have changed since persons were linked last.
    "CREATE TABLE IF NOT EXISTS people_changed (article_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (article_id, name)) WITHOUT ROWID",
    # A person as told under one spelling of the name.
    "CREATE TABLE IF NOT EXISTS people_parts (part_id TEXT PRIMARY KEY, name_key TEXT NOT NULL, person_id TEXT NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS people_parts_key ON people_parts (name_key)",
    "DROP INDEX IF EXISTS people_parts_person",
    # Pairs of persons that may be one.
    "CREATE TABLE IF NOT EXISTS people_maybe (person_id TEXT NOT NULL, other_id TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (person_id, other_id)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS people_maybe_other ON people_maybe (other_id)",
    # By which rule everything was linked; another one links everything anew.
    "CREATE TABLE IF NOT EXISTS people_state (version TEXT NOT NULL)",
    # Triggers on insertion would have SQLite keep each page for the case that one row fails: half of the time of storing.
    *(f"DROP TRIGGER IF EXISTS people_{table}_insert" for table in ("officials", "participations", "positions")),
    *(
        f"CREATE TRIGGER IF NOT EXISTS people_{table}_{event.split()[0].lower()} AFTER {event} ON {table} BEGIN {body} END"
        for table, column in (("officials", "name"), ("participations", "official"))
        for event, body in (
            ("DELETE", f"INSERT OR IGNORE INTO people_changed VALUES (OLD.article_id, OLD.{column});"),
            (
                f"UPDATE OF {column}{', positions' if table == 'officials' else ''}",
                f"INSERT OR IGNORE INTO people_changed VALUES (OLD.article_id, OLD.{column});"
                f" INSERT OR IGNORE INTO people_changed VALUES (NEW.article_id, NEW.{column});",
            ),
        )
    ),
    *(
        f"CREATE TRIGGER IF NOT EXISTS people_positions_{event.split()[0].lower()} AFTER {event} ON positions BEGIN"
        f" INSERT OR IGNORE INTO people_changed SELECT article_id, name FROM officials WHERE official_id = {row}.official_id; END"
        for event, row in (
            ("DELETE", "OLD"),
            ("UPDATE OF title, organisation, place, level, status, as_of", "NEW"),
        )
    ),
    "CREATE TRIGGER IF NOT EXISTS people_articles_insert AFTER INSERT ON articles WHEN NEW.revision > 1 BEGIN"
    " INSERT OR IGNORE INTO people_changed SELECT article_id, name FROM officials WHERE article_id = NEW.article_id;"
    " INSERT OR IGNORE INTO people_changed SELECT article_id, official FROM participations WHERE article_id = NEW.article_id; END",
]
"""Tables and triggers of the linking, as statements; all may be run again. A name is noted whenever a row that tells of it
comes, goes or changes, so that a run links those names only: by a trigger, or by `note_names` where rows are inserted."""
_MANY = 400
_BATCH = 2_000
"""About how many mentions are linked together."""


def note_names(connection: sqlite3.Connection, revisions: Collection[tuple[str, int]]) -> None:
    """Note the names of revisions into whose `LINKED` tables rows were inserted; the caller commits.

    Before persons have ever been linked nothing is noted: all names will be linked.

    Args:
        connection: a connection that may write.
        revisions: (article_id, revision) of each.
    """
    if connection.execute("SELECT 1 FROM people_state").fetchone() is None:
        return
    for table, column in (("officials", "name"), ("participations", "official")):
        connection.executemany(
            f"INSERT OR IGNORE INTO people_changed SELECT article_id, {column} FROM {table} WHERE article_id = ? AND revision = ?",
            revisions,
        )


def _in_chunks(connection: sqlite3.Connection, sql: str, values: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query with `{marks}` for a list of values, some hundred at a time."""
    wanted = sorted(values)
    for at in range(0, len(wanted), _MANY):
        some = wanted[at : at + _MANY]
        yield from connection.execute(sql.format(marks=", ".join("?" * len(some))), some)


Batch = dict[str, str]
"""Row numbers by table, ascending, each list as JSON."""


class Scope(Protocol):
    """Which rows of the archive are read."""

    @property
    def connection(self) -> sqlite3.Connection:
        """To the archive."""

    def rows(self, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
        """Columns of a table's rows; rowid must come first. A row is given once."""

    def wants(self, name: str) -> bool:
        """Whether a row of that name is to be read."""


@dataclass(frozen=True)
class OfNames:
    """The rows of some name keys, in articles where such rows may be that are not linked yet, or linked to some persons."""

    connection: sqlite3.Connection
    keys: set[str]
    articles: Collection[str]
    people: Collection[str]

    def rows(self, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
        """See `Scope`."""
        seen: set[int] = set()
        for where, values in (("article_id", self.articles), ("person_id", self.people)):
            for row in _in_chunks(
                self.connection, f"SELECT {columns} FROM {table} WHERE {where} IN ({{marks}})", values
            ):
                if row[0] not in seen:
                    seen.add(row[0])
                    yield row

    def wants(self, name: str) -> bool:
        """See `Scope`."""
        return name_key(name) in self.keys


@dataclass(frozen=True)
class OfBatch:
    """The rows of one of the batches that `batches` makes."""

    connection: sqlite3.Connection
    batch: Batch

    def rows(self, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
        """See `Scope`."""
        yield from self.connection.execute(
            f"SELECT {columns} FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))", (self.batch[table],)
        )

    def wants(self, name: str) -> bool:
        """See `Scope`."""
        return True


def batches(connection: sqlite3.Connection) -> tuple[int, Iterator[Batch]]:
    """All rows in batches that fit into memory whatever the size of the archive; the rows of a name are in one batch.

    Returns:
        How many there are, and the batches.
    """
    count = sum(connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("officials", "participations"))
    number = 1 + count // _BATCH
    return number, _batches(connection, number)


def _batches(connection: sqlite3.Connection, number: int) -> Iterator[Batch]:
    connection.create_function(
        "batch_of", 1, lambda name: zlib.crc32(name_key(name).encode()) % number, deterministic=True
    )
    connection.execute(
        "CREATE TEMP TABLE rows_to_link (batch INTEGER, of_table TEXT, row INTEGER, PRIMARY KEY (batch, of_table, row))"
        " WITHOUT ROWID"
    )
    try:
        for table, sql in (
            ("officials", "SELECT batch_of(name), ?, rowid FROM officials"),
            ("participations", "SELECT batch_of(official), ?, rowid FROM participations"),
            (
                "positions",
                "SELECT batch_of(o.name), ?, p.rowid FROM positions p JOIN officials o ON o.official_id = p.official_id",
            ),
        ):
            connection.execute(f"INSERT INTO temp.rows_to_link {sql}", (table,))
        sql = "SELECT json_group_array(row) FROM (SELECT row FROM temp.rows_to_link WHERE batch = ? AND of_table = ? ORDER BY row)"
        for batch in range(number):
            yield {table: connection.execute(sql, (batch, table)).fetchone()[0] for table in LINKED}
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.rows_to_link")


def read_locals(scope: Scope) -> dict[str, list[Local]]:
    """The persons of each article, by name key, with what all revisions of it tell about them."""
    found: dict[tuple[str, str], Local] = {}

    def local(article_id: str, name: str) -> Local:
        key = (article_id, name_key(name))
        return found.get(key) or found.setdefault(key, Local(article_id))

    for row, article_id, person_id, name in scope.rows("rowid, article_id, person_id, official", "participations"):
        if scope.wants(name):
            named = local(article_id, name)
            named.names[name] += 0
            named.rows.setdefault("participations", []).append((row, person_id))
    by_official = _read_officials(scope, local)
    _read_articles(scope.connection, found.values())
    columns = "rowid, official_id, person_id, title, organisation, place, level, status, as_of"
    for row, official_id, person_id, title, organisation, place, level, status, as_of in scope.rows(
        columns, "positions"
    ):
        holder = by_official.get(official_id)
        if holder is not None:
            holder.rows.setdefault("positions", []).append((row, person_id))
            day = as_of or holder.published[:10]
            holder.profile.add_post(title, organisation, place, level, day=day, former=status == "former")
    by_key: dict[str, list[Local]] = {}
    for (_, key), one in found.items():
        by_key.setdefault(key, []).append(one)
    return by_key


def _read_officials(scope: Scope, local: Callable[[str, str], Local]) -> dict[str, Local]:
    """Put the mentions into their local persons, the posts of the last one as the latest; returns them by official_id."""
    by_official: dict[str, Local] = {}
    latest: dict[int, tuple[int, int, str, str]] = {}
    columns = "rowid, official_id, article_id, person_id, name, positions, revision, start"
    for row, official_id, article_id, person_id, name, held, revision, start in scope.rows(columns, "officials"):
        if not scope.wants(name):
            continue
        named = by_official[official_id] = local(article_id, name)
        named.names[name] += 1
        named.rows.setdefault("officials", []).append((row, person_id))
        told = (revision, start, official_id, held)
        if held and held != "[]" and told > latest.get(id(named), (0, 0, "", "")):
            latest[id(named)] = told
            named.latest = json.loads(held)
    return by_official


def _read_articles(connection: sqlite3.Connection, locals_: Collection[Local]) -> None:
    """Put the day and the source of the latest revision into each local person."""
    rows = _in_chunks(
        connection,
        "SELECT article_id, revision, published_at, source FROM articles WHERE article_id IN ({marks})",
        {local.article_id for local in locals_},
    )
    latest: dict[str, tuple[int, str, str]] = {}
    for article_id, revision, published, source in rows:
        told = (int(revision), published or "", source or "")
        if told > latest.get(article_id, (0, "", "")):
            latest[article_id] = told
    for local in locals_:
        _, local.published, source = latest.get(local.article_id, (0, "", ""))
        local.profile.sources = {source} if source else set()
        local.profile.span = widened(None, (local.published[:10], local.published[:10]))


def row_of_part(part: Part) -> tuple[str, str, str, str]:
    """A part's row in people_parts, as a person of its own."""
    return part.part_id, part.key, part.part_id, _facts(part)


def _facts(part: Part) -> str:
    # Without a post that one at a time holds a part is merged with none, and nobody asks for its name and posts again.
    named = (part.name, part.latest, part.latest_day) if part.held else ("", (), "")
    values = (part.n_articles, part.first, part.last, part.held, part.places, *named)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def read_parts(connection: sqlite3.Connection) -> dict[str, tuple[Part, str]]:
    """All parts by id, with what `merge` asks for, each with the person it was given last."""
    found = {}
    for part_id, key, person_id, facts in connection.execute(
        "SELECT part_id, name_key, person_id, facts FROM people_parts"
    ):
        n_articles, first, last, held, places, name, latest, latest_day = json.loads(facts)
        posts = tuple(map(Held._make, held))
        spans = {place: (since, until) for place, (since, until) in places.items()}
        part = Part(part_id, key, name, n_articles, first, last, posts, spans, tuple(latest), latest_day)
        found[part_id] = (part, person_id)
    return found


def forget_parts(connection: sqlite3.Connection, keys: set[str]) -> set[str]:
    """Take the parts of some names out; returns the persons they were linked to."""
    found = {
        person_id
        for (person_id,) in _in_chunks(
            connection, "SELECT person_id FROM people_parts WHERE name_key IN ({marks})", keys
        )
    }
    connection.executemany("DELETE FROM people_parts WHERE name_key = ?", [(k,) for k in sorted(keys)])
    return found


Moved = dict[str, list[tuple[str, int]]]
"""By table, the person's id that each row gets, and the row's number."""


def write_persons(connection: sqlite3.Connection, moved: Moved) -> None:
    """Give rows their person's id."""
    for table, changes in moved.items():
        connection.executemany(f"UPDATE {table} SET person_id = ? WHERE rowid = ?", changes)


def moved_rows(given: Iterable[tuple[Local, str]]) -> Moved:
    """The rows of local persons, each with its person's id, that have another one."""
    moved: Moved = {}
    for local, person_id in given:
        for table, rows in local.rows.items():
            moved.setdefault(table, []).extend((person_id, row) for row, had in rows if had != person_id)
    return moved


class Rewriting:
    """Gives most rows of the archive another person: noted batch by batch, written in the rows' own order at the end.

    Each page is then changed once, and the indexes are made anew rather than changed entry by entry.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> "Rewriting":
        self._connection.execute("CREATE TEMP TABLE moved_rows (of_table TEXT, person_id TEXT, row INTEGER)")
        return self

    def note(self, moved: Moved) -> None:
        """Have rows given their person's id; what `write_persons` does at once."""
        for table, changes in moved.items():
            self._connection.executemany(f"INSERT INTO temp.moved_rows VALUES ('{table}', ?, ?)", changes)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()
        self._connection.execute("DROP TABLE IF EXISTS temp.moved_rows")

    def _write(self) -> None:
        drop_person_indexes(self._connection)
        for table in LINKED:
            moved = self._connection.execute(
                "SELECT person_id, row FROM temp.moved_rows WHERE of_table = ? ORDER BY row", (table,)
            )
            self._connection.executemany(f"UPDATE {table} SET person_id = ? WHERE rowid = ?", moved)
        make_person_indexes(self._connection)
