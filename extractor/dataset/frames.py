"""The archive's tables as pandas DataFrames."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from extractor.dataset.connect import FILE_NAME
from extractor.dataset.reader import Reader
from extractor.dataset.tables import columns_of, pandas_dtype, zone_of
from extractor.errors import DatasetError
from extractor.model import TABLES


class Dataset:
    """The dataset in a folder: `Dataset("data").meetings` is a DataFrame with the data model's columns and dtypes.

    Every table of `extractor.model.TABLES` is an attribute. A table holds the rows of every revision of every article, as
    in SQL; `current("meetings")` leaves out those of revisions that have a later one. Rows come in an order that
    depends on nothing but their content.

    Args:
        data_dir: the folder that `extractor run` wrote: an archive, or Parquet, which may also be at any address that fsspec
            knows ("s3://bucket/news").

    Raises:
        DatasetError: the folder holds no archive.
    """

    def __new__(cls, data_dir: Path | str) -> "Dataset":
        """A folder of Parquet files, or an address that is no path, gives a `ParquetDataset`."""
        if cls is Dataset and ("://" in str(data_dir) or _only_parquet(Path(data_dir))):
            from extractor.dataset.parquet import ParquetDataset

            return object.__new__(ParquetDataset)
        return object.__new__(cls)

    def __init__(self, data_dir: Path | str) -> None:
        self.folder = Path(data_dir)
        Reader(self.folder).close()

    def __repr__(self) -> str:
        with Reader(self.folder) as reader:
            counts = ", ".join(f"{reader.count(t):,} {t}" for t in TABLES)
        return f"Dataset({str(self.folder)!r}: {counts})"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *TABLES})

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in TABLES:
            return self.table(name)
        raise AttributeError(f"a Dataset has no {name!r}; its tables are {', '.join(TABLES)}")

    def table(self, name: str, *, latest_only: bool = False) -> pd.DataFrame:
        """One table.

        Args:
            name: the table's name.
            latest_only: leave out the rows of revisions that have a later one.

        Returns:
            The table, with exactly the data model's dtypes also when it is empty.

        Raises:
            DatasetError: there is no such table.
        """
        if name not in TABLES:
            raise DatasetError(f"no table {name!r}; the tables are {', '.join(TABLES)}")
        with Reader(self.folder) as reader:
            return frame(name, list(reader.tuples(name, latest_only=latest_only)))

    def current(self, name: str) -> pd.DataFrame:
        """One table without the rows of revisions that have a later one."""
        return self.table(name, latest_only=True)

    def query(self, sql: str) -> pd.DataFrame:
        """The rows of one SELECT over the archive; dtypes are what pandas makes of SQLite's values.

        Raises:
            DatasetError: it is not valid SQL, or does more than read.
        """
        with Reader(self.folder) as reader:
            names, rows = reader.query(sql)
            return pd.DataFrame(list(rows), columns=names)


def _only_parquet(folder: Path) -> bool:
    """Also an unfinished one, so that its error says how to go on."""
    return not (folder / FILE_NAME).exists() and any(
        (folder / name).exists() for name in ("dataset.json", "articles", "_run")
    )


def frame(table: str, rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Rows as SQLite holds them as a DataFrame with the data model's dtypes.

    Args:
        table: the table's name.
        rows: values in column order.
    """
    found = columns_of(table)
    values = list(zip(*rows, strict=True)) if rows else [()] * len(found)
    series = {name: _series(table, name, list(column)) for name, column in zip(found, values, strict=True)}
    return pd.DataFrame(series, columns=list(found))


def _series(table: str, name: str, values: list[Any]) -> Any:
    dtype = columns_of(table)[name].name
    target: Any = pandas_dtype(table, name)
    if dtype == "timestamp":
        # A bare day of the archive begins at midnight where the column is at home.
        days = pd.to_datetime(
            pd.Series([v if v and len(v) == 10 else None for v in values], dtype="str"), format="ISO8601"
        )
        instants = pd.to_datetime(
            pd.Series([v if v and len(v) > 10 else None for v in values], dtype="str"), format="ISO8601", utc=True
        )
        zone = zone_of(name)
        return days.dt.tz_localize(zone).astype(target).fillna(instants.dt.tz_convert(zone).astype(target))
    if dtype == "date":
        return pd.to_datetime(pd.Series(values, dtype="str"), format="ISO8601").astype(target)
    if dtype == "list":
        return pd.Series([json.loads(v) if v is not None else [] for v in values], dtype=target)
    if dtype == "bool":
        return pd.Series([None if v is None else bool(v) for v in values], dtype=target)
    if dtype == "category":
        return pd.Series(pd.Series(values, dtype="str"), dtype=target)
    return pd.Series(values, dtype=target)
