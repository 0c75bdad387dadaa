"""The dataset: one SQLite file written by `Archive`, read as DataFrames through `Dataset`."""

from typing import TYPE_CHECKING, Any

__all__ = ["Archive", "Dataset"]

if TYPE_CHECKING:
    from extractor.dataset.archive import Archive
    from extractor.dataset.frames import Dataset

_HOMES = {"Archive": "extractor.dataset.archive", "Dataset": "extractor.dataset.frames"}


def __getattr__(name: str) -> Any:
    """Import on first use: the archive needs no pandas."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'extractor.dataset' has no attribute {name!r}")
