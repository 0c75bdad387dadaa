"""Tables as Parquet with the data model's types; `pandas.read_parquet` gives the dtypes of `Dataset`."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from extractor.dataset.frames import frame
from extractor.dataset.tables import arrow_schema

_ROW_GROUP = 50_000


def write_parquet(path: Path, table: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """Write one table.

    Args:
        path: the file.
        table: the table's name.
        rows: values as SQLite holds them, in column order; read in row groups, so that any number fits into memory.

    Returns:
        The number of rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = iter(rows)
    # pandas' notes on its dtypes, so that Int64 and boolean come back as such.
    notes = pa.Schema.from_pandas(frame(table, []), preserve_index=False).metadata
    schema = arrow_schema(table).with_metadata(notes)
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(source, _ROW_GROUP)):
            writer.write_table(pa.Table.from_pandas(frame(table, group), schema=schema, preserve_index=False))
            count += len(group)
        if not count:
            writer.write_table(schema.empty_table())
    return count
