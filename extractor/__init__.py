"""From Vietnamese local-government news to a dataset: meetings, officials, dates, targets and anniversaries."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Dataset", "__version__", "create_nlp", "extract_article", "extract_frame", "load_rules"]

if TYPE_CHECKING:
    from extractor.dataset import Dataset
    from extractor.frames import extract_frame
    from extractor.nlp import create_nlp, extract_article
    from extractor.rules import load_rules

_HOMES = {
    "Dataset": "extractor.dataset",
    "create_nlp": "extractor.nlp",
    "extract_article": "extractor.nlp",
    "extract_frame": "extractor.frames",
    "load_rules": "extractor.rules",
}


def __getattr__(name: str) -> Any:
    """Import the public names on first use, so that the command line starts without spaCy and pandas."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'extractor' has no attribute {name!r}")
