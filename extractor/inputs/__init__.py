"""Files as articles: text, HTML, JSONL, CSV, Parquet, folders of them, standard input."""

from extractor.inputs.article import MAX_CHARACTERS
from extractor.inputs.files import read_articles

__all__ = ["MAX_CHARACTERS", "read_articles"]
