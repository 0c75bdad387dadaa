"""The dataset as a folder of Parquet files, a folder a table, a folder a month of publication.

    articles/month=2023-01/part-0.parquet … meetings/month=2023-01/part-0.parquet … people/part-0.parquet, dataset.json

Rows stand in the dataset's order, month after month, those without a publication day (`month=undated`) last.
The folder may be at any address that fsspec knows. `dataset.json` is written last: without it the folder is unfinished.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from extractor.dataset.frames import Dataset, frame
from extractor.dataset.tables import arrow_schema, columns_of, model_of, pandas_dtype
from extractor.errors import DatasetError
from extractor.model import RECORD_TYPES, TABLES

MANIFEST = "dataset.json"
LAYOUT = 1
"""Version of the folder's layout, kept in the manifest."""
UNDATED = "undated"
MONTHLY: tuple[str, ...] = ("articles", *RECORD_TYPES)
"""The tables that are partitioned by month; the others are one file."""


def file_system(address: Path | str) -> tuple[Any, str]:
    """The fsspec file system of a path or URL, and the path in it.

    Raises:
        DatasetError: there is no such kind of address.
    """
    try:
        system, inside = fsspec.url_to_fs(str(address))
    except (ValueError, ImportError) as error:
        raise DatasetError(f"{address}: cannot be opened: {' '.join(str(error).split())}") from None
    return system, inside.rstrip("/")


def month_of(published_at: str | None) -> str:
    """The partition of an article: "2023-01", or "undated"."""
    return published_at[:7] if published_at else UNDATED


def path_of(root: str, table: str, month: str | None = None) -> str:
    """The path of a table's file for a month, None for a table that has none."""
    return "/".join([root, table, *([f"month={month}"] if month else []), "part-0.parquet"])


@cache
def _schema(table: str) -> Any:
    """The Arrow schema with pandas' notes on its dtypes, so that Int64 and boolean come back as such."""
    notes = pa.Schema.from_pandas(frame(table, []), preserve_index=False).metadata
    return arrow_schema(table).with_metadata(notes)


def write_table(system: Any, path: str, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write one file of a table.

    Args:
        system: an fsspec file system.
        path: the file's path in it; folders are made.
        table: the table's name.
        rows: values as SQLite holds them, in column order and in the dataset's order.
    """
    schema = _schema(table)
    found = pa.Table.from_pandas(frame(table, rows), schema=schema, preserve_index=False)
    system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
    with system.open(path, "wb") as file:
        pq.write_table(found, file, compression="zstd")


class ParquetDataset(Dataset):
    """The dataset of a Parquet folder; `Dataset("s3://bucket/news")` gives one.

    Its tables have the same columns, dtypes and order as an archive's. `query` runs on DuckDB: days are DATE and lists
    VARCHAR[] there, and `latest_revisions` is a view as in the archive.

    Args:
        data_dir: a folder, or any address that fsspec knows.

    Raises:
        DatasetError: there is no finished dataset.
    """

    def __init__(self, data_dir: Path | str) -> None:
        self.folder = Path(data_dir)
        self.address = str(data_dir)
        self._system, self._root = file_system(data_dir)
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> dict[str, Any]:
        try:
            with self._system.open(f"{self._root}/{MANIFEST}", "rb") as file:
                found: dict[str, Any] = json.load(file)
        except FileNotFoundError:
            raise DatasetError(
                f"{self.address}: holds no finished dataset; run the same `extractor run … --engine dask --parquet` again"
            ) from None
        except (OSError, ValueError) as error:
            raise DatasetError(f"{self.address}/{MANIFEST}: cannot be read: {' '.join(str(error).split())}") from None
        if found.get("layout", 0) > LAYOUT:
            raise DatasetError(f"{self.address}: was written by a newer release; update the package")
        return found

    def __repr__(self) -> str:
        counts = ", ".join(f"{self.manifest['rows'][t]:,} {t}" for t in TABLES)
        return f"Dataset({self.address!r}: {counts})"

    def files(self, table: str) -> list[str]:
        """The paths of a table's files in the dataset's order."""
        if table in MONTHLY:
            return [path_of(self._root, table, month) for month in self.manifest["months"]]
        return [path_of(self._root, table)]

    def table(self, name: str, *, latest_only: bool = False) -> pd.DataFrame:
        """One table; see `Dataset.table`."""
        if name not in TABLES:
            raise DatasetError(f"no table {name!r}; the tables are {', '.join(TABLES)}")
        found = self._read(name, list(columns_of(name)))
        if latest_only and name in MONTHLY:
            known = self._read("articles", ["article_id", "revision"])
            latest = known.groupby("article_id")["revision"].max()
            found = found[(found["revision"] == found["article_id"].map(latest)).to_numpy()].reset_index(drop=True)
            for column, dtype in columns_of(name).items():
                if dtype.name == "category":
                    found[column] = found[column].cat.remove_unused_categories()
        return found

    def _read(self, table: str, names: list[str]) -> pd.DataFrame:
        empty = frame(table, [])[names]
        plain = pa.schema([_plain(field) for field in arrow_schema(table) if field.name in names])
        parts = []
        for path in self.files(table):
            with self._system.open(path, "rb") as file:
                parts.append(pq.read_table(file, columns=names).cast(plain))
        if not parts:
            return empty
        found: pd.DataFrame = pa.concat_tables(parts).to_pandas(types_mapper=_TYPES.get, ignore_metadata=True)
        for name in names:
            dtype = columns_of(table)[name].name
            if dtype == "list":
                found[name] = pd.Series([list(v) for v in found[name]], dtype=object)
            else:
                found[name] = found[name].astype(pandas_dtype(table, name))  # type: ignore[call-overload]
        return found

    def query(self, sql: str) -> pd.DataFrame:
        """The rows of one SELECT, run by DuckDB.

        Raises:
            DatasetError: it is not valid SQL, or does more than read; or DuckDB is not installed.
        """
        with self._executed(sql) as result:
            found: pd.DataFrame = result.df()
            return found

    def rows(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns and the rows of one SELECT; see `query`."""
        with self._executed(sql) as result:
            return [column[0] for column in result.description], result.fetchall()

    @contextmanager
    def _executed(self, sql: str) -> Iterator[Any]:
        try:
            import duckdb
        except ModuleNotFoundError:
            raise DatasetError("SQL over Parquet needs duckdb; install it: pip install 'extractor[dask]'") from None
        try:
            statements = duckdb.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise DatasetError("query: not a SELECT; a query can only read", code="query")
            with self.connect() as connection:
                yield connection.execute(sql)
        except duckdb.Error as error:
            raise DatasetError(f"query: {' '.join(str(error).split())}", code="query") from None

    def connect(self) -> Any:
        """A DuckDB connection with the tables as views; it can reach this folder and nothing else."""
        import duckdb

        connection = duckdb.connect(":memory:")
        protocol = self._system.protocol if isinstance(self._system.protocol, str) else self._system.protocol[0]
        local = protocol in ("file", "local")
        if not local:
            connection.register_filesystem(self._system)
        head = "" if local else f"{protocol}://"
        if local:
            connection.execute("SET allowed_directories = [?]".replace("?", _literal(self._root + "/")))
            connection.execute("SET enable_external_access = false")
        for table in TABLES:
            files = [_literal(head + path) for path in self.files(table)]
            names = ", ".join(_selected(table, name) for name in columns_of(table))
            if files:
                source = f"read_parquet([{', '.join(files)}], hive_partitioning = false)"
                connection.execute(f"CREATE VIEW {table} AS SELECT {names} FROM {source}")
            else:
                connection.register(f"no_{table}", pa.Table.from_pandas(frame(table, [])))
                connection.execute(f"CREATE VIEW {table} AS SELECT {names} FROM no_{table}")
        connection.execute(
            "CREATE VIEW latest_revisions AS SELECT article_id, max(revision) AS revision FROM articles GROUP BY article_id"
        )
        connection.execute("SET lock_configuration = true")
        return connection


_TYPES = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(na_value=float("nan")),
}


def _plain(field: Any) -> Any:
    """A field whose words are not numbered, since each file numbers them in its own way."""
    return pa.field(field.name, pa.string()) if pa.types.is_dictionary(field.type) else field


def _selected(table: str, name: str) -> str:
    if columns_of(table)[name].name == "date":
        return f'CAST("{name}" AS DATE) AS "{name}"'
    return f'"{name}"'


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def in_order(
    table: str, rows: Iterable[tuple[Any, ...]], published: dict[tuple[str, int], str | None]
) -> list[tuple[Any, ...]]:
    """Rows of one table sorted as `tables.select` does.

    Args:
        table: the table's name.
        rows: values as SQLite holds them, in column order.
        published: the publication time of each revision.
    """
    names = list(columns_of(table))
    article, revision = names.index("article_id"), names.index("revision")
    if table == "articles":
        rest: list[int] = []
    else:
        rest = [names.index(n) for n in ("start", "end", model_of(table).ID)]

    def key(row: tuple[Any, ...]) -> tuple[Any, ...]:
        when = published[row[article], row[revision]]
        return (when is None, when or "", row[article], row[revision], *(row[i] for i in rest))

    return sorted(rows, key=key)
