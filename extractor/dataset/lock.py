"""One writer at a time: an advisory lock on a file beside the archive, given back by the system if its holder dies."""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from extractor.errors import DatasetError


class ArchiveLockedError(DatasetError):
    """Another process writes to the archive."""

    code = "locked"
    exit_code = 3


class WriterLock:
    """An exclusive lock on `DIR/archive.lock`, held from `acquire` to `release`.

    The file holds the process id of its last holder, for the message a second writer gets; it is never removed,
    since removing a locked file would let two writers in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            ArchiveLockedError: another process holds it.
            DatasetError: the lock file cannot be written.
        """
        try:
            file = self.path.open("a+", encoding="ascii")
        except OSError as error:
            raise DatasetError(f"{self.path}: cannot be opened for writing: {error.strerror}") from None
        if not _lock(file):
            file.seek(0)
            holder = file.read().strip()
            file.close()
            who = f" (process {holder})" if holder.isdigit() else ""
            raise ArchiveLockedError(
                f"{self.path.parent}: another extractor{who} is writing to this archive; wait for it to end, or use another --data"
            )
        self._file = file
        # On a full disk the lock holds without the number in it.
        with suppress(OSError):
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


def _lock(file: IO[str]) -> bool:
    """Whether the file could be locked at once."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
