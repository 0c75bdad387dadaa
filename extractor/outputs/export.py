"""One or all tables of an archive in one of the formats."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from extractor.dataset.reader import Reader
from extractor.dataset.tables import columns_of
from extractor.errors import ExtractorError
from extractor.model import TABLES
from extractor.outputs.csvfile import write_csv
from extractor.outputs.files import opened, replacing

FORMATS: tuple[str, ...] = ("csv", "jsonl", "parquet", "xlsx")


def export(
    data_dir: Path | str,
    form: str,
    output: str,
    *,
    table: str | None = None,
    lang: str = "vi",
    latest_only: bool = False,
    explorer: str | None = None,
) -> dict[str, int]:
    """Export an archive; the same archive gives the same bytes.

    Args:
        data_dir: the archive's folder.
        form: one of `FORMATS`.
        output: for one table, and for xlsx, a file (or "-" for standard output, not for xlsx and parquet); for all
            tables a folder, which gets a file a table.
        table: the table; all by default.
        lang: language of the Excel workbook, "vi" or "en".
        latest_only: leave out the rows of revisions that have a later one.
        explorer: the explorer's address, to which the Excel workbook's rows are then linked.

    Returns:
        The number of rows of each table.

    Raises:
        DatasetError: there is no archive.
        ExtractorError: no such table or format, or the output cannot be written.
    """
    if form not in FORMATS:
        raise ExtractorError(f"no format {form!r}; the formats are {', '.join(FORMATS)}", code="usage")
    if table is not None and table not in TABLES:
        raise ExtractorError(f"no table {table!r}; the tables are {', '.join(TABLES)}", code="usage")
    names = [table] if table else list(TABLES)
    if output == "-" and (form in ("parquet", "xlsx") or not table):
        raise ExtractorError(
            "only one table as csv or jsonl can go to standard output; give --output a path", code="usage"
        )
    with Reader(data_dir) as reader:
        if form == "xlsx":
            return _workbook(reader, names, Path(output), lang, latest_only, explorer)
        write = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}[form]
        targets = {names[0]: output} if table else _folder(Path(output), names, form)
        return {name: write(reader, name, target, latest_only) for name, target in targets.items()}


def _folder(folder: Path, names: Sequence[str], form: str) -> dict[str, str]:
    if folder.exists() and not folder.is_dir():
        raise ExtractorError(
            f"{folder}: is a file; all tables go to a folder, or choose one with --table", code="output"
        )
    return {name: str(folder / f"{name}.{form}") for name in names}


def _csv(reader: Reader, table: str, output: str, latest_only: bool) -> int:
    with opened(output) as stream:
        rows = (row.values() for row in reader.rows(table, latest_only=latest_only))
        return write_csv(stream, list(columns_of(table)), rows)


def _jsonl(reader: Reader, table: str, output: str, latest_only: bool) -> int:
    count = 0
    with opened(output) as stream:
        for row in reader.rows(table, latest_only=latest_only):
            stream.write(json_line(row))
            count += 1
    return count


def json_line(row: Any) -> bytes:
    """A value as one line of JSON in UTF-8; a lone surrogate, which UTF-8 cannot hold, is escaped."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _parquet(reader: Reader, table: str, output: str, latest_only: bool) -> int:
    from extractor.outputs.parquet import write_parquet

    with replacing(Path(output)) as part:
        return write_parquet(part, table, reader.tuples(table, latest_only=latest_only))


def _workbook(
    reader: Reader, names: Sequence[str], path: Path, lang: str, latest_only: bool, explorer: str | None
) -> dict[str, int]:
    from extractor.outputs.xlsx import write_xlsx

    read: Callable[[str], Iterator[tuple[Any, ...]]] = lambda name: reader.tuples(name, latest_only=latest_only)  # noqa: E731
    with replacing(path) as part:
        urls = dict(reader.connection.execute("SELECT article_id, url FROM articles WHERE url IS NOT NULL"))
        return write_xlsx(part, {name: read(name) for name in names}, lang=lang, urls=urls, explorer=explorer)
