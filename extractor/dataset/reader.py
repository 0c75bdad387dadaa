"""Reads an archive row by row, without pandas; also while it is written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from extractor.dataset.connect import FILE_NAME, clear_errors, connect_reader
from extractor.dataset.tables import columns_of, decode, select
from extractor.errors import DatasetError


class Reader:
    """A read-only view of the archive in a folder; `with Reader("data") as reader:`.

    Raises:
        DatasetError: the folder holds no archive, or the file is none.
    """

    def __init__(self, data_dir: Path | str) -> None:
        self.path = Path(data_dir) / FILE_NAME
        self.connection = connect_reader(self.path)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def tuples(self, table: str, *, latest_only: bool = False) -> Iterator[tuple[Any, ...]]:
        """A table's rows as SQLite holds them, in the dataset's order (`tables.select`)."""
        with clear_errors(self.path):
            yield from _each(self.connection.execute(select(table, latest_only=latest_only)))

    def rows(self, table: str, *, latest_only: bool = False) -> Iterator[dict[str, Any]]:
        """A table's rows as JSON-ready dicts, in the dataset's order."""
        for row in self.tuples(table, latest_only=latest_only):
            yield decode(table, row)

    def count(self, table: str) -> int:
        """The number of a table's rows."""
        assert columns_of(table)
        with clear_errors(self.path):
            return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def query(self, sql: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Run one SELECT.

        Returns:
            The names of its columns, and its rows.

        Raises:
            DatasetError: it is not valid SQL, or does more than read.
        """
        try:
            cursor = self.connection.execute(sql)
        except (sqlite3.Error, sqlite3.Warning) as error:
            words = str(error)
            if "not authorized" in words or "prohibited" in words or "readonly" in words:
                words += "; a query can only read"
            raise DatasetError(f"query: {words}", code="query") from None
        if cursor.description is None:
            raise DatasetError("query: not a SELECT; a query can only read", code="query")

        def rows() -> Iterator[tuple[Any, ...]]:
            try:
                yield from _each(cursor)
            except sqlite3.Error as error:
                raise DatasetError(f"query: {error}", code="query") from None

        return [column[0] for column in cursor.description], rows()


@contextmanager
def select_rows(data_dir: Path | str, sql: str) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """The names of the columns and the rows of one SELECT over a folder's dataset: an archive, or Parquet.

    Raises:
        DatasetError: there is no dataset; it is not valid SQL, or does more than read.
    """
    folder = Path(data_dir)
    if not (folder / FILE_NAME).exists() and (folder / "dataset.json").exists():
        from extractor.dataset.parquet import ParquetDataset

        names, rows = ParquetDataset(folder).rows(sql)
        yield names, iter(rows)
    else:
        with Reader(folder) as reader:
            yield reader.query(sql)


def _each(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    """A cursor's rows; left off early, it does not touch a connection that may be closed by then."""
    while (row := cursor.fetchone()) is not None:
        yield row
