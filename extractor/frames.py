"""Extraction from DataFrames: articles in, rows out, with pandas or with Dask."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pandas as pd

from extractor.dataset.clock import now
from extractor.dataset.frames import frame
from extractor.dataset.tables import columns_of, encode, pandas_dtype
from extractor.errors import DatasetError, ExtractorError
from extractor.inputs.files import read_rows
from extractor.inputs.rows import Row
from extractor.model import RECORD_TYPES, Article, Extraction, Problem, as_row
from extractor.rules import RuleSet, load_rules
from extractor.workers import work

_CHUNK = 32
_TABLES = ("articles", *RECORD_TYPES, "problems")
_SHARED = ("article_id", "revision", "quote", "start", "end", "rule_id", "rules_version")
_READY = frozenset({"article_id", "revision", "title", "text", "content_sha256"})
"""Columns that tell a table `articles` of a dataset from articles of elsewhere."""


def extract_frame(articles: Any, table: str | None = None, *, rules: str | None = None) -> Any:
    """Extract the articles of a DataFrame.

    The same function works on a pandas DataFrame, on a Dask DataFrame (lazily, partition by partition), and as the function
    of Dask's `map_partitions` with `meta=frame_meta(table)`.

    Args:
        articles: one article a row, with `text` or `body` and perhaps `title`, `url`, `published_at`, `author`, …, as in an
            input file; or a dataset's table `articles`, whose ids and revisions are kept.
        table: the table wanted, with the data model's columns and dtypes. By default the rows of all tables: column `table`,
            the columns that all tables share, and `row`, the table's other columns as JSON.
        rules: a folder of rules, None for the package's own.

    Returns:
        A frame of the same kind as `articles`. What cannot be read or extracted is a row of the table "problems".

    Raises:
        DatasetError: there is no such table.
    """
    if table is not None and table not in _TABLES:
        raise DatasetError(f"no table {table!r}; the tables are {', '.join(_TABLES)}")
    if hasattr(articles, "map_partitions"):
        return articles.map_partitions(extract_frame, table, rules=rules, meta=frame_meta(table))
    rule_set = load_rules(rules)
    problems: list[Problem] = []
    found = _outcomes(articles, rule_set, rules, problems)
    if table is not None:
        rows: list[tuple[Any, ...]] = []
        for article, tables in found:
            rows += encode(table, [article] if table == "articles" else tables.get(table, ()))
        return frame(table, [*rows, *encode(table, problems)] if table == "problems" else rows)
    lines = [_line(record) for _, tables in found for records in tables.values() for record in records]
    return _long_frame([*lines, *map(_line, problems)])


def frame_meta(table: str | None = None) -> pd.DataFrame:
    """An empty frame with the columns and dtypes of `extract_frame(…, table)`: the `meta` that Dask asks for.

    Where Dask is installed, categories count as unknown, since every partition has its own.
    """
    empty = frame(table, []) if table is not None else _long_frame([])
    try:
        from dask.dataframe import utils
    except ImportError:
        return empty
    without_types: Any = utils
    known: pd.DataFrame = without_types.clear_known_categories(empty)
    return known


def _outcomes(
    articles: pd.DataFrame, rules: RuleSet, folder: str | None, problems: list[Problem]
) -> Iterator[tuple[Article, dict[str, Any]]]:
    """Each article with its tables; what fails goes to `problems`."""

    def note(error: ExtractorError) -> None:
        problems.append(Problem(stage="input", code=error.code, message=error.message, url=None, article_id=None, seen_at=now()))  # fmt: skip

    if set(articles.columns) >= _READY:
        read: Iterable[Article] = _stored(articles)
    else:
        read = read_rows(_rows(articles), "frame", rules, note)
    source = iter(read)
    while chunk := list(islice(source, _CHUNK)):
        for outcome in work(chunk, folder, rules.version):
            article = outcome.article
            if isinstance(outcome, Extraction):
                yield article, dict(outcome.tables)
            else:
                problems.append(
                    Problem(
                        stage="extract", code=outcome.code, url=article.url, article_id=article.article_id,
                        message=outcome.message, seen_at=now(),
                    )
                )  # fmt: skip
                yield article, {}


def _rows(articles: pd.DataFrame) -> Iterator[Row]:
    names = [str(name).lower() for name in articles.columns]
    for label, values in zip(articles.index, articles.itertuples(index=False, name=None), strict=True):
        yield f"row {label}", dict(zip(names, map(_plain, values), strict=True))


def _stored(articles: pd.DataFrame) -> Iterator[Article]:
    names = [name for name in columns_of("articles") if name in articles.columns]
    for values in articles[names].itertuples(index=False, name=None):
        fields = dict(zip(names, map(_plain, values), strict=True))
        fields["revision"] = int(fields["revision"])
        yield Article(**{"url": None, **fields})


def _plain(value: Any) -> Any:
    """A cell as an input file would give it: None for what is missing, times as ISO text, midnight as the day."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, pd.Timestamp):
        bare = value == value.normalize()
        return value.date().isoformat() if bare else value.isoformat()
    return value


def _line(record: Any) -> tuple[Any, ...]:
    """A record of any table as a row of the long frame."""
    row = as_row(record)
    own_id = row.pop(getattr(record, "ID", ""), None)
    shared = [row.pop(name, None) for name in _SHARED]
    return (record.TABLE, own_id, *shared, json.dumps(row, ensure_ascii=False))


def _long_frame(lines: list[tuple[Any, ...]]) -> pd.DataFrame:
    dtypes: dict[str, str] = {"table": "category", "row_id": "str"}
    dtypes |= {name: pandas_dtype("dates", name) for name in _SHARED}
    dtypes["row"] = "str"
    columns = list(zip(*lines, strict=True)) if lines else [()] * len(dtypes)
    series = {
        name: pd.Series(pd.Series(list(values), dtype="str" if dtype == "category" else dtype), dtype=dtype)  # type: ignore[call-overload]
        for (name, dtype), values in zip(dtypes.items(), columns, strict=True)
    }
    return pd.DataFrame(series, columns=list(dtypes))
