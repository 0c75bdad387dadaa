"""The archive: one SQLite file, written in transactions by one process at a time, safe to read meanwhile."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from extractor import __version__
from extractor.dataset.clock import now
from extractor.dataset.connect import FILE_NAME, SCHEMA_VERSION, clear_errors, connect_writer
from extractor.dataset.corrections import apply_corrections
from extractor.dataset.derived import derived_ddl
from extractor.dataset.lock import WriterLock
from extractor.dataset.tables import columns_of, ddl, encode, staleness_ddl
from extractor.errors import DatasetError
from extractor.model import RECORD_TYPES, TABLES, Article, Extraction, Media, Problem

_COMPARED = ("title", "text", "author", "author_unit")


@dataclass(frozen=True, slots=True)
class Rows:
    """One revision's rows as SQLite holds them, by table; they are carried between processes at less cost than records."""

    article_id: str
    revision: int
    tables: dict[str, list[tuple[Any, ...]]]


def rows_of(extraction: Extraction) -> Rows:
    """The rows of an extraction, for `Archive.store_rows`; tables without rows are left out."""
    article = extraction.article
    tables = {table: list(encode(table, records)) for table, records in extraction.tables.items() if records}
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

    def pending(self, versions: Mapping[str, str]) -> list[tuple[str, int]]:
        """The revisions that have no rows made with these versions of the rules, in the order they were stored.

        Args:
            versions: the version of the rules by extractor, as `store` got them.

        Returns:
            (article_id, revision) pairs.
        """
        with clear_errors(self.path):
            return self.connection.execute(
                "SELECT article_id, revision FROM articles LEFT JOIN extractions USING (article_id, revision)"
                " WHERE versions IS NULL OR versions IS NOT (SELECT id FROM rule_versions WHERE versions = ?)"
                " ORDER BY articles.rowid",
                (_as_json(versions),),
            ).fetchall()

    def articles(self, keys: Iterable[tuple[str, int]]) -> Iterator[Article]:
        """The given revisions, one by one, so that any number of them fits into memory."""
        for key in keys:
            yield from self._articles("WHERE article_id = ? AND revision = ?", key)

    def _articles(self, where: str, values: tuple[object, ...]) -> Iterator[Article]:
        names = list(columns_of("articles"))
        with clear_errors(self.path):
            rows = self.connection.execute(f"SELECT {', '.join(names)} FROM articles {where}", values).fetchall()
            for row in rows:
                article = Article(**dict(zip(names, row, strict=True)))
                media = self.connection.execute(
                    "SELECT kind, url, caption FROM media WHERE article_id = ? AND revision = ? ORDER BY nth",
                    (article.article_id, article.revision),
                ).fetchall()
                yield (
                    replace(article, media=tuple(Media(kind=k, url=u, caption=c) for k, u, c in media))
                    if media
                    else article
                )

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
        self.store_rows(rows_of(extraction), versions, tables=tables)

    def store_rows(
        self, extracted: Rows, versions: Mapping[str, str], *, tables: Collection[str] | None = None
    ) -> None:
        """As `store`, for rows that `rows_of` made, perhaps in another process."""
        key = (extracted.article_id, extracted.revision)
        with self.transaction() as connection:
            had = connection.execute("SELECT 1 FROM extractions WHERE article_id = ? AND revision = ?", key).fetchone()
            if had:
                for table in RECORD_TYPES if tables is None else tables:
                    connection.execute(f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", key)
            for table, rows in extracted.tables.items():
                self._insert(table, rows)
            text = _as_json(versions)
            connection.execute("INSERT OR IGNORE INTO rule_versions (versions) VALUES (?)", (text,))
            connection.execute(
                "INSERT OR REPLACE INTO extractions SELECT ?, ?, id FROM rule_versions WHERE versions = ?", (*key, text)
            )
            apply_corrections(connection, *key)
            # What failed before has now been done.
            connection.execute("DELETE FROM problems WHERE stage = 'extract' AND article_id = ?", key[:1])

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
        marks = ", ".join("?" * len(columns_of(table)))
        how = "INSERT OR IGNORE" if or_ignore else "INSERT"
        self.connection.executemany(f"{how} INTO {table} VALUES ({marks})", rows)

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


def _as_json(versions: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(versions.items())))


def statements_of(script: str) -> list[str]:
    """The statements of a script, to be run one by one: sqlite3's `executescript` would commit the open transaction."""
    return [statement for statement in script.split(";") if statement.strip()]
