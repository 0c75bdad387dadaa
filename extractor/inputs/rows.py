"""Articles from tables: JSON lines, CSV, Parquet."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

from extractor.errors import InputError
from extractor.inputs.article import MAX_CHARACTERS
from extractor.inputs.charset import decode, sniff

_MAX_LINE = 16 * MAX_CHARACTERS
"""Longest line of JSON that is read, in bytes."""

Row = tuple[str, dict[str, Any] | InputError]
"""Where a row stands ("news.jsonl, line 3") and what it holds, or why it cannot be read."""


def json_lines(stream: IO[bytes], name: str, first: int = 1) -> Iterator[Row]:
    """The objects of a file with one JSON object a line; a bad line does not end it.

    Args:
        stream: the file, read as it is needed.
        name: the file's name.
        first: the number of the first line, when the stream is a later part of a file.
    """
    empty = True
    for number, line in enumerate(_lines(_as_utf8(stream)), first):
        where = f"{name}, line {number}"
        if len(line) > _MAX_LINE:
            yield where, InputError(f"{where}: longer than {_MAX_LINE:,} bytes; split the article", code="too_long")
            empty = False
            continue
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        empty = False
        try:
            data = _parsed(line, where)
        except InputError as error:
            yield where, error
        except (ValueError, RecursionError) as error:
            cut = "" if line.endswith(b"\n") else "; the file seems to be cut off here"
            yield where, InputError(f"{where}: not JSON ({error}){cut}", code="bad_json")
        else:
            yield where, _object(data, where)
    if empty:
        yield name, InputError(f"{name}: the file is empty", code="empty_file")


def _parsed(line: bytes, where: str) -> Any:
    try:
        return json.loads(line.decode())
    except ValueError:
        # Another character set, a mark at its beginning, or no JSON at all.
        return json.loads(decode(line, where)[0].lstrip("\ufeff"))


def json_document(data: bytes, name: str) -> Iterator[Row]:
    """The objects of a JSON file: one object, or a list of them."""
    try:
        found = json.loads(decode(data, name)[0].lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        yield name, InputError(f"{name}: not JSON ({error})", code="bad_json")
        return
    for number, item in enumerate(found if isinstance(found, list) else [found], 1):
        where = f"{name}, object {number}" if isinstance(found, list) else name
        yield where, _object(item, where)


def csv_rows(stream: IO[bytes], name: str) -> Iterator[Row]:
    """The rows of a CSV or TSV file with a header; a bad row does not end it."""
    csv.field_size_limit(_MAX_LINE)
    head = stream.read(200_000)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        yield name, InputError(f"{name}: the file is empty", code="empty_file")
        return
    decode(head, name)
    encoding = (
        "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else sniff(head.removeprefix(b"\xef\xbb\xbf")) or "utf-8"
    )
    raw = _Chained(head, stream)
    text = io.TextIOWrapper(
        io.BufferedReader(raw), encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline=""
    )
    header = text.readline()
    delimiter = max(",;\t|", key=header.count)
    reader = csv.DictReader(chain([header], text), delimiter=delimiter)
    names = {(n or "").strip().lower(): n for n in reader.fieldnames or ()}
    if not {"body", "text", "html"} & set(names):
        yield name, InputError(f"{name}: no column body, text or html in the header", code="no_column")
        return
    while True:
        where = f"{name}, line {reader.line_num + 1}"
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield where, InputError(f"{where}: not readable as CSV: {error}", code="bad_csv")
            continue
        yield where, {short: row[full] for short, full in names.items() if short}


def parquet_rows(
    path: Path | IO[bytes], name: str, row_groups: list[int] | None = None, start: int = 0
) -> Iterator[Row]:
    """The rows of a Parquet file.

    Args:
        path: the file.
        name: the file's name.
        row_groups: the row groups to read, by default all.
        start: how many rows stand before them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            wanted = [c for c in file.schema_arrow.names if c.lower() in _COLUMNS]
            if not {"body", "text", "html"} & {c.lower() for c in wanted}:
                yield name, InputError(f"{name}: no column body, text or html", code="no_column")
                return
            number = start
            for batch in file.iter_batches(batch_size=512, columns=wanted, row_groups=row_groups):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{name}, row {number}", {key.lower(): value for key, value in row.items()}
    except (pa.ArrowException, OSError) as error:
        first = " ".join(str(error).split())
        yield name, InputError(f"{name}: not readable as Parquet: {first}", code="bad_parquet")


_COLUMNS = frozenset(
    "id article_id url title published_at published body text html source author author_unit section fetched_at".split()
)


def _object(data: Any, where: str) -> dict[str, Any] | InputError:
    if isinstance(data, dict):
        return {str(key).lower(): value for key, value in data.items()}
    return InputError(
        f"{where}: not a JSON object with url, title, published_at and body, text or html", code="bad_json"
    )


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines; of a line that is too long only so much that it is seen to be so."""
    while line := stream.readline(_MAX_LINE + 1):
        if len(line) > _MAX_LINE:
            while (rest := stream.readline(_MAX_LINE)) and not rest.endswith(b"\n"):
                pass
        yield line


def _as_utf8(stream: IO[bytes]) -> IO[bytes]:
    """The stream; one in UTF-16 or UTF-32, whose lines do not end in a byte, is read whole and made UTF-8."""
    head = stream.read(4)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:3] == b"\x00\x00\xfe" or b"\x00" in head:
        data = head + stream.read()
        return io.BytesIO(decode(data, "input")[0].encode())
    return io.BufferedReader(_Chained(head, stream))


class _Chained(io.RawIOBase):
    """Some bytes that have been read already, then the rest of their stream."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(data) :] if self._head else b""
        buffer[: len(data)] = data
        return len(data)
