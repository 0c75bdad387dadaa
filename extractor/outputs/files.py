"""Output files that are either whole or not there."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from extractor.errors import ExtractorError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the place of `path` when the block ends well and is removed when not.

    A device such as /dev/null is given as it is. The folder is made if it is missing.

    Raises:
        ExtractorError: it cannot be written; with code "disk_full" if there is no room.
    """
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise ExtractorError(f"{path}: is a folder; give a file's name", code="output")
        with output_errors(path):
            yield path
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with output_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield part
            os.replace(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def opened(output: str | Path) -> Iterator[IO[bytes]]:
    """A binary stream to a file, whole or not there, or to standard output for "-".

    Raises:
        ExtractorError: it cannot be written.
    """
    if str(output) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replacing(Path(output)) as part, part.open("wb") as stream:
        yield stream


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn errors of writing into one clear line."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ExtractorError(
                f"{path}: the disk is full, nothing was written there; free some space and run the same command again",
                code="disk_full",
            ) from None
        raise ExtractorError(f"{path}: cannot be written: {error.strerror or error}", code="output") from None
