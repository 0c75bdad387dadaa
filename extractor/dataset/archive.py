"""The archive: one SQLite file, written in transactions by one process at a time, safe to read meanwhile."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any

from extractor import __version__
from extractor.dataset.clock import now
from extractor.dataset.connect import FILE_NAME, SCHEMA_VERSION, clear_errors, connect_writer
from extractor.dataset.corrections import apply_corrections
from extractor.dataset.derived import derived_ddl
from extractor.dataset.indexes import LINKED, make_person_indexes, make_record_indexes
from extractor.dataset.lock import WriterLock
from extractor.dataset.people_rows import note_names
from extractor.dataset.tables import columns_of, ddl, encode, staleness_ddl, versions_text
from extractor.errors import DatasetError
from extractor.model import RECORD_TYPES, TABLES, Article, Extraction, Media, Problem

_COMPARED = ("title", "text", "author", "author_unit")
_READ_TOGETHER = 64
Key = tuple[str, int]
"""(article_id, revision)"""


@dataclass(frozen=True, slots=True)
class Rows:
    """One revision's rows as SQLite holds them, by table; they are carried between processes at less cost than records."""

    article_id: str
    revision: int
    tables: dict[str, list[tuple[Any, ...]]]


def rows_of(extraction: Extraction) -> Rows:
    """The rows of an extraction, for `Archive.store_all`; tables without rows are left out.

    Raises:
        ValueError: two rows of a table have one id.
    """
    article = extraction.article
    tables = {table: list(encode(table, records)) for table, records in extraction.tables.items() if records}
    for table, rows in tables.items():
        if len({row[0] for row in rows}) < len(rows):
            raise ValueError(f"two rows of {table} have one id")
    return Rows(article.article_id, article.revision, tables)


class Archive:
    """The archive of a folder, opened for writing.

    `with Archive("data") as archive:` makes the folder and the file when they are missing and holds the writer's lock.
    `archive.connection` is the SQLite connection; use `archive.transaction()` around several writes that belong together.

    Raises:
        ArchiveLockedError: another process writes to it.
        DatasetError: it cannot be opened or written; the message says why.
    """

    def __init__(self, data_dir: Path | str) -> None:
        self.folder = Path(data_dir)
        self.path = self.folder / FILE_NAME
        self._lock = WriterLock(self.folder / "archive.lock")
        self._connection: sqlite3.Connection | None = None
        self._depth = 0

    def __enter__(self) -> "Archive":
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatasetError(f"{self.folder}: this folder cannot be made: {error.strerror}") from None
        # The crawler's tables live in the same file, and its module is written on top of this one.
        from extractor.dataset.pages import PAGES_DDL

        self._lock.acquire()
        try:
            with clear_errors(self.path):
                self._connection = connect_writer(self.path)
                with self.transaction():
                    for statement in [*ddl(), *statements_of(PAGES_DDL), *derived_ddl(), *staleness_ddl()]:
                        self._connection.execute(statement)
                    make_record_indexes(self._connection)
                    make_person_indexes(self._connection)
                    self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back; what was committed stays."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._lock.release()

    @property
    def connection(self) -> sqlite3.Connection:
        """The SQLite connection, open inside `with`."""
        if self._connection is None:
            raise DatasetError(f"{self.path}: the archive is not open; use `with Archive(...) as archive:`")
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All writes inside become durable together, or none does; an inner transaction belongs to the outer one."""
        connection = self.connection
        with clear_errors(self.path):
            if self._depth:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    # Articles

    def add_article(self, article: Article) -> Article | None:
        """Store an article, as a new revision if its content is new.

        A field that the article leaves empty does not count as changed: what is known stays. Content that equals an
        earlier revision is no news either, unless it was fetched after the latest one, that is, was changed back.

        Args:
            article: the article; its `revision` is ignored.

        Returns:
            The article as stored, with its revision; None if nothing changed.
        """
        with self.transaction() as connection:
            stored = list(self.revisions(article.article_id))
            if stored:
                latest = stored[-1]
                article = replace(
                    article,
                    **{
                        n: getattr(article, n) or getattr(latest, n)
                        for n in ("url", "source", "published_at", "author", "author_unit", "section")
                    },
                )
                newer = bool(article.fetched_at and latest.fetched_at and article.fetched_at > latest.fetched_at)
                if any(_same(article, old) for old in ([latest] if newer else stored)):
                    return None
                article = replace(article, revision=latest.revision + 1)
            else:
                article = replace(article, revision=1)
            self._insert("articles", encode("articles", [article]))
            connection.executemany(
                "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (article.article_id, article.revision, i, m.kind, m.url, m.caption)
                    for i, m in enumerate(article.media)
                ],
            )
        return article

    def revisions(self, article_id: str) -> Iterator[Article]:
        """All revisions of an article, the first one first."""
        yield from self._articles("WHERE article_id = ? ORDER BY revision", (article_id,))

    def article(self, article_id: str, revision: int | None = None) -> Article | None:
        """One revision of an article, by default the latest; None if the archive has none."""
        found = list(self.revisions(article_id))
        return next((a for a in reversed(found) if revision in (None, a.revision)), None)

    def pending(self, versions: Mapping[str, str]) -> Sequence[int]:
        """The revisions that have no rows made with these versions of the rules.

        Args:
            versions: the version of the rules by extractor, as `store` got them.

        Returns:
            Their row numbers in `articles`, in the order they were stored; `articles` reads them.
        """
        with clear_errors(self.path):
            rows = self.connection.execute(
                "SELECT articles.rowid FROM articles LEFT JOIN extractions USING (article_id, revision)"
                " WHERE versions IS NULL OR versions IS NOT (SELECT id FROM rule_versions WHERE versions = ?)"
                " ORDER BY articles.rowid",
                (versions_text(versions),),
            )
            return array("q", (row for (row,) in rows))

    def articles(self, rows: Sequence[int]) -> Iterator[Article]:
        """The revisions of some row numbers in ascending order, a few read at a time, so that any number of them fits into memory."""
        for at in range(0, len(rows), _READ_TOGETHER):
            some = rows[at : at + _READ_TOGETHER]
            yield from self._articles(f"WHERE rowid IN ({_marks(some)}) ORDER BY rowid", tuple(some))

    def _articles(self, where: str, values: tuple[object, ...]) -> list[Article]:
        names = list(columns_of("articles"))
        with clear_errors(self.path):
            rows = self.connection.execute(f"SELECT {', '.join(names)} FROM articles {where}", values).fetchall()
            found = [Article(**dict(zip(names, row, strict=True))) for row in rows]
            media = self._media_of(found) if found else {}
        return [replace(a, media=tuple(media[_key(a)])) if _key(a) in media else a for a in found]

    def _media_of(self, articles: Sequence[Article]) -> dict[Key, list[Media]]:
        """The pictures and attachments of those revisions that have some."""
        ids = sorted({article.article_id for article in articles})
        rows = self.connection.execute(
            "SELECT article_id, revision, kind, url, caption FROM media"
            f" WHERE article_id IN ({_marks(ids)}) ORDER BY article_id, revision, nth",
            ids,
        )
        found: dict[Key, list[Media]] = defaultdict(list)
        for article_id, revision, kind, url, caption in rows:
            found[article_id, revision].append(Media(kind=kind, url=url, caption=caption))
        return found

    # Records

    def store(
        self,
        extraction: Extraction,
        versions: Mapping[str, str] | None = None,
        *,
        tables: Collection[str] | None = None,
    ) -> None:
        """Store the rows of one revision in place of the ones it had.

        Args:
            extraction: the article, as stored, with its rows.
            versions: the version of the rules by extractor; by default taken from the rows.
            tables: the tables that were extracted, by default all; the rows of the others stay.
        """
        if versions is None:
            versions = {table: rows[0].rules_version for table, rows in extraction.tables.items() if rows}
        self.store_all([rows_of(extraction)], versions, tables=tables)

    def store_all(
        self, extracted: Sequence[Rows], versions: Mapping[str, str], *, tables: Collection[str] | None = None
    ) -> None:
        """As `store`, for several revisions, each once, whose rows `rows_of` made, perhaps in another process."""
        keys = [(rows.article_id, rows.revision) for rows in extracted]
        ids = sorted({article_id for article_id, _ in keys})
        among = f"article_id IN ({_marks(ids)})"
        text = versions_text(versions)
        tables = RECORD_TYPES if tables is None else tables
        with self.transaction() as connection:
            known = set(connection.execute(f"SELECT article_id, revision FROM extractions WHERE {among}", ids))
            again = [key for key in keys if key in known]
            for table in tables:
                connection.executemany(f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", again)
            for table in RECORD_TYPES:
                self._insert(table, chain.from_iterable(rows.tables.get(table, ()) for rows in extracted))
            if any(table in tables for table in LINKED):
                note_names(connection, keys)
            connection.execute("INSERT OR IGNORE INTO rule_versions (versions) VALUES (?)", (text,))
            (number,) = connection.execute("SELECT id FROM rule_versions WHERE versions = ?", (text,)).fetchone()
            connection.executemany(
                "INSERT INTO extractions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET versions = excluded.versions",
                [(*key, number) for key in keys],
            )
            corrected = set(connection.execute(f"SELECT article_id FROM corrections WHERE {among}", ids))
            for key in keys:
                if key[:1] in corrected:
                    apply_corrections(connection, *key)
            # What failed before has now been done.
            connection.execute(f"DELETE FROM problems WHERE stage = 'extract' AND {among}", ids)

    @property
    def derived_is_current(self) -> bool:
        """Whether nothing that persons and the search index are derived from changed since `mark_derived`."""
        with clear_errors(self.path):
            found = self.connection.execute("SELECT value FROM archive_state WHERE name = 'derived'").fetchone()
        return bool(found and found[0] == __version__)

    def mark_derived(self) -> None:
        """Note that all that is derived from the rows (persons, search index) is up to them; in their transaction."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO archive_state VALUES ('derived', ?)", (__version__,))

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]], or_ignore: bool = False) -> None:
        how = "INSERT OR IGNORE" if or_ignore else "INSERT"
        self.connection.executemany(f"{how} INTO {table} VALUES ({_marks(columns_of(table))})", rows)

    # Problems

    def add_problem(
        self, stage: str, code: str, message: str, *, url: str | None = None, article_id: str | None = None
    ) -> None:
        """Note that something failed; the same problem again is not stored twice, its `seen_at` stays the first."""
        problem = Problem(stage=stage, code=code, url=url, article_id=article_id, message=message, seen_at=now())
        with self.transaction():
            self._insert("problems", encode("problems", [problem]), or_ignore=True)

    def counts(self) -> dict[str, int]:
        """The number of rows of each table."""
        with clear_errors(self.path):
            return {t: self.connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES}


def _same(new: Article, old: Article) -> bool:
    if any(getattr(new, name) != getattr(old, name) for name in _COMPARED):
        return False
    ours, theirs = new.published_at, old.published_at
    if ours and theirs and (len(ours) == 10 or len(theirs) == 10):
        # A day agrees with an instant on that day.
        return ours[:10] == theirs[:10]
    return ours == theirs


def _key(article: Article) -> Key:
    return (article.article_id, article.revision)


def _marks(values: Sized) -> str:
    return ", ".join("?" * len(values))


def statements_of(script: str) -> list[str]:
    """The statements of a script, to be run one by one: sqlite3's `executescript` would commit the open transaction."""
    return [statement for statement in script.split(";") if statement.strip()]
