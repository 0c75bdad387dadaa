"""SQLite connections to an archive, and its errors as ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractor.errors import DatasetError

FILE_NAME = "archive.sqlite"
SCHEMA_VERSION = 1
"""Kept in `PRAGMA user_version`; an archive with a higher one was written by a newer release."""


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one line that says what to do.

    Raises:
        DatasetError: with code "disk_full", "not_an_archive" or "dataset".
    """
    try:
        yield
    except sqlite3.Error as error:
        words = str(error)
        if "disk is full" in words or "disk I/O error" in words:
            raise DatasetError(
                f"{path}: the disk is full or cannot be written ({words}); what was stored before is kept:"
                " free some space and run the same command again",
                code="disk_full",
            ) from error
        if "not a database" in words or "malformed" in words:
            raise DatasetError(
                f"{path}: is not an archive or is damaged ({words}); use another --data", code="not_an_archive"
            ) from error
        if "readonly" in words or "unable to open" in words:
            raise DatasetError(f"{path}: cannot be opened ({words}); check the folder and its permissions") from error
        raise DatasetError(f"{path}: {words}") from error


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection that writes; transactions are begun by hand, readers are never blocked (WAL)."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    # Takes effect when the file is made. Two articles seldom fit into a page of 4 KiB, so a quarter of it would stay empty.
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL keeps the file sound through a crash; at most the last transactions are missing.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -4096")
    # A page that many transactions change is then written back to the file once in 64 MB of them, not in 8.
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    _check_version(connection, path)
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read, also while another process writes.

    Raises:
        DatasetError: there is no archive, or it is none of ours.
    """
    if not path.is_file():
        raise DatasetError(f"{path}: no such archive; `extractor run INPUT --data {path.parent}` makes one")
    with clear_errors(path):
        try:
            return _open_reader(path, "mode=ro")
        except sqlite3.OperationalError as error:
            # Where the folder may not be written SQLite cannot keep its notes for readers, and needs none: nobody writes.
            refused = "unable to open" in str(error) or "readonly" in str(error)
            if not refused or path.with_name(f"{path.name}-wal").exists():
                raise
            return _open_reader(path, "immutable=1")


def _open_reader(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM articles LIMIT 1")
        _check_version(connection, path)
        connection.set_authorizer(_only_read)
    except (sqlite3.Error, DatasetError) as error:
        connection.close()
        if "no such table" in str(error):
            raise DatasetError(f"{path}: is a database, but not an archive", code="not_an_archive") from None
        raise
    return connection


_READ_ACTIONS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
_READ_PRAGMAS = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "user_version", "data_version"}
)


def _only_read(action: int, first: str | None, second: str | None, *_: object) -> int:
    """SQLite's authorizer: reading is allowed; ATTACH, which could make a file, and everything else is not."""
    if action in _READ_ACTIONS or action == sqlite3.SQLITE_TRANSACTION:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        # So SQLite asks when json_each or a full-text table is first read; a real change it refuses by itself.
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _READ_PRAGMAS and (second is None or first.endswith("info")):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA_VERSION:
        raise DatasetError(f"{path}: was written by a newer release (schema {found}); update the package")
