"""A query's rows as a JSON array of objects."""

import json
from collections.abc import Iterable, Sequence
from typing import IO, Any


def write_json(stream: IO[bytes], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as they come, one object a line inside the array.

    Args:
        stream: a binary stream; it stays open.
        names: the columns' names.
        rows: JSON-ready values; bytes are written as hex digits.

    Returns:
        The number of rows.
    """
    count = 0
    stream.write(b"[")
    for row in rows:
        plain = {n: v.hex() if isinstance(v, bytes) else v for n, v in zip(names, row, strict=True)}
        stream.write(
            (b",\n" if count else b"\n") + json.dumps(plain, ensure_ascii=False).encode("utf-8", "backslashreplace")
        )
        count += 1
    stream.write(b"\n]\n" if count else b"]\n")
    stream.flush()
    return count
