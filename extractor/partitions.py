"""Inputs cut into pieces that workers read by themselves, with the same articles as when they are read in one go."""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import fsspec

from extractor.dataset.connect import FILE_NAME, connect_reader
from extractor.dataset.tables import columns_of
from extractor.errors import ExtractorError, InputError
from extractor.inputs.files import Report, list_files, read_file, read_rows
from extractor.inputs.rows import Row, json_lines, parquet_rows
from extractor.model import Article
from extractor.rules import RuleSet

_BYTES = 2_500_000
"""Size of a piece of a JSONL file: some five hundred articles, a few seconds' work to lose when a worker dies."""
_ROWS = 512
_FILES = 256
_BLOCK = 1 << 22
_HOME = os.getcwd


@dataclass(frozen=True, slots=True)
class Partition:
    """A piece of the inputs.

    `kind` is "lines" (bytes `start` to `stop` of a JSONL file, whose first line has the number `first`), "rows" (rows
    `start` to `stop` of a Parquet file, `first` of which stand before the row groups `groups`), "files" (whole files) or
    "archive" (rows `start` to `stop` of its articles). `stamp` is the file's size and time, so that a changed one is
    seen to be another. Paths are as given, from the folder `home`.
    """

    kind: str
    path: str
    home: str
    name: str = ""
    start: int = 0
    stop: int = 0
    first: int = 1
    groups: tuple[int, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    stamp: str = ""

    def at(self, path: str) -> str:
        """Where a path leads from any working folder."""
        return path if "://" in path else str(Path(self.home, path))


def partitions(inputs: Sequence[Path | str], report: Report) -> list[Partition]:
    """Cut inputs into pieces, in their order.

    Args:
        inputs: files, folders, folders of an archive; .jsonl and .parquet also at any address that fsspec knows ("s3://…").
        report: called with what cannot be found and what a folder holds that is no news.

    Raises:
        InputError: standard input, which only one process can read.
    """
    found: list[Partition] = []
    for given in inputs:
        if str(given) == "-":
            raise InputError("-: standard input cannot be shared among workers; give a file", code="usage")
        if "://" not in str(given) and Path(given, FILE_NAME).is_file():
            found += _of_archive(Path(given))
            continue
        files = (
            [(str(given), str(given).rsplit("/", 1)[-1])]
            if "://" in str(given)
            else [(str(path), name) for path, name in list_files(given, report)]
        )
        whole: list[tuple[str, str]] = []
        for path, name in files:
            suffix = name.lower().rsplit(".", 1)[-1]
            if suffix not in ("jsonl", "ndjson", "parquet"):
                whole.append((path, name))
                if len(whole) < _FILES:
                    continue
            found += _of_files(whole)
            whole = []
            try:
                if suffix in ("jsonl", "ndjson"):
                    found += _of_lines(path, name)
                elif suffix == "parquet":
                    found += _of_rows(path, name)
            except (OSError, ValueError):
                # Reading it says what is wrong.
                whole.append((path, name))
        found += _of_files(whole)
    return found


def read_partition(
    partition: Partition, rules: RuleSet, report: Report, *, published: str | None = None
) -> Iterator[Article]:
    """The articles of one piece.

    Args:
        partition: from `partitions`; its path must lead to the file also where this runs.
        rules: for banners and bylines.
        report: called with each thing that cannot be read.
        published: the publication day (ISO) of articles that give none.
    """
    if partition.kind == "archive":
        yield from _read_archive(partition)
    elif partition.kind == "files":
        for path, name in partition.files:
            yield from read_file(Path(partition.at(path)), name, rules, report, published=published, where=path)
    else:
        rows = _lines(partition) if partition.kind == "lines" else _rows(partition)
        yield from read_rows(rows, partition.name, rules, report, published=published)


def _of_files(files: list[tuple[str, str]]) -> list[Partition]:
    if not files:
        return []
    stamps = [_stamp(Path(path)) for path, _ in files]
    return [Partition("files", files[0][0], _HOME(), files=tuple(files), stamp=";".join(stamps))]


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "-"
    return f"{found.st_size}:{found.st_mtime_ns}"


def _open(path: str) -> tuple[Any, Any, str]:
    """A file system, an open file on it and the file's stamp."""
    system, inside = fsspec.url_to_fs(path)
    info = system.info(inside)
    moment = info.get("mtime") or info.get("LastModified") or info.get("created") or ""
    return system, system.open(inside, "rb"), f"{info['size']}:{moment}"


def _of_lines(path: str, name: str) -> list[Partition]:
    """Pieces that end where lines do; a file that is not UTF-8, whose lines do not end in a byte, stays whole."""
    _, file, stamp = _open(path)
    found: list[Partition] = []
    with file:
        start, first, at, lines = 0, 1, 0, 0
        while block := file.read(_BLOCK):
            if not at and (b"\x00" in block[:4] or block[:2] in (b"\xff\xfe", b"\xfe\xff")):
                at = file.seek(0, io.SEEK_END)
                break
            cursor = 0
            while at + len(block) - start > _BYTES:
                cut = block.find(b"\n", max(cursor, start + _BYTES - at))
                if cut < 0:
                    break
                lines += block.count(b"\n", cursor, cut + 1)
                found.append(Partition("lines", path, _HOME(), name, start, at + cut + 1, first, stamp=stamp))
                start, first, lines, cursor = at + cut + 1, first + lines, 0, cut + 1
            lines += block.count(b"\n", cursor)
            at += len(block)
        if at > start or not found:
            found.append(Partition("lines", path, _HOME(), name, start, at, first, stamp=stamp))
    return found


def _lines(partition: Partition) -> Iterator[Row]:
    _, file, _ = _open(partition.at(partition.path))
    with file:
        file.seek(partition.start)
        data = file.read(partition.stop - partition.start)
    if not partition.start or data.strip():
        yield from json_lines(io.BytesIO(data), partition.path, partition.first)


def _of_rows(path: str, name: str) -> list[Partition]:
    """Row groups together up to some rows; a row group with more is cut, and then read by several."""
    import pyarrow.parquet as pq

    _, file, stamp = _open(path)
    with file:
        meta = pq.ParquetFile(file).metadata
        sizes = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
    found: list[Partition] = []
    before = 0
    groups: list[int] = []
    rows = 0
    for number, size in enumerate(sizes):
        groups.append(number)
        rows += size
        if rows < _ROWS and number + 1 < len(sizes):
            continue
        # A row group is read whole whatever is wanted of it, so a large one is cut into eight times larger pieces.
        step = rows if rows <= 8 * _ROWS else 8 * _ROWS
        for start in range(0, rows, max(step, 1)):
            stop = min(start + step, rows)
            found.append(Partition("rows", path, _HOME(), name, start, stop, before, tuple(groups), stamp=stamp))
        before, groups, rows = before + rows, [], 0
    return found or [Partition("rows", path, _HOME(), name, stamp=stamp)]


def _rows(partition: Partition) -> Iterator[Row]:
    _, file, _ = _open(partition.at(partition.path))
    with file:
        rows = parquet_rows(file, partition.path, list(partition.groups), partition.first)
        yield from islice(rows, partition.start, partition.stop or None)


def _of_archive(folder: Path) -> list[Partition]:
    path = folder / FILE_NAME
    connection = connect_reader(path)
    try:
        rows = [row[0] for row in connection.execute("SELECT rowid FROM articles ORDER BY rowid")]
    finally:
        connection.close()
    return [
        Partition(
            "archive",
            str(path),
            _HOME(),
            start=rows[i],
            stop=rows[min(i + _ROWS, len(rows)) - 1] + 1,
            stamp=_stamp(path),
        )
        for i in range(0, len(rows), _ROWS)
    ]


def _read_archive(partition: Partition) -> Iterator[Article]:
    path = Path(partition.at(partition.path))
    if not path.is_file():
        raise ExtractorError(f"{path}: this archive cannot be reached from a worker; put it on a shared disk")
    names = list(columns_of("articles"))
    connection = connect_reader(path)
    try:
        yield from (
            Article(**dict(zip(names, row, strict=True)))
            for row in connection.execute(
                f"SELECT {', '.join(names)} FROM articles WHERE rowid >= ? AND rowid < ? ORDER BY rowid",
                (partition.start, partition.stop),
            )
        )
    finally:
        connection.close()
