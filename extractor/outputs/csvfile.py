"""Tables as CSV: UTF-8 with a byte order mark, for spreadsheets, and no cell that one would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

from extractor.outputs.cells import safe_cell


def write_csv(stream: IO[bytes], header: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write rows as CSV.

    Args:
        stream: a binary stream; it stays open.
        header: the columns' names.
        rows: values; bools become true/false, lists their items joined by "; ", None an empty cell.

    Returns:
        The number of rows.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="backslashreplace", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    count = 0
    try:
        writer.writerow([safe_cell(name) for name in header])
        for row in rows:
            writer.writerow([safe_cell(_plain(value)) for value in row])
            count += 1
        text.flush()
    finally:
        text.detach()
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    return value
