"""Imported by the process from which workers are started: when its parent is gone, it starts no more of them."""

import os

_SERVER, _PARENT = os.getpid(), os.getppid()


def _leave_without_parent() -> None:
    # A worker that a parent asked for before it was interrupted would only fail aloud.
    if os.getpid() == _SERVER and os.getppid() != _PARENT:
        os._exit(0)


os.register_at_fork(before=_leave_without_parent)
