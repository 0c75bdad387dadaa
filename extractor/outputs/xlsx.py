"""Tables as an Excel workbook: a sheet a table, real dates, filters, a frozen header, links, nothing that runs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extractor.dataset.tables import Dtype, columns_of, zone_of
from extractor.model import RECORD_TYPES
from extractor.outputs.labels import column_label, table_label, value_label

_A3, _A4 = 8, 9
"""Excel's numbers of paper sizes."""
_MAX_ROWS = 1_048_575
"""Rows of a sheet below its header."""
_MAX_CELL = 32_767
_MAX_LINKS = 65_000
"""Excel takes 65,530 links a sheet; further addresses are plain text."""
_FIRST_DAY = date(1900, 3, 1)
"""Excel's calendar begins in 1900 and has a 29 February in that year; earlier days are written as text."""
_CREATED = datetime(2020, 1, 1)
"""The workbook's creation time: always the same, so that the same archive gives the same bytes."""
_WIDTHS = {
    "text": 60,
    "title": 50,
    "quote": 50,
    "url": 40,
    "source": 26,
    "base_value": 20,
    "message": 60,
    "subject": 40,
    "event": 40,
    "name": 22,
    "official": 22,
}


_TECHNICAL = frozenset(
    {
        "article_id",
        "revision",
        "start",
        "end",
        "rule_id",
        "rules_version",
        "content_sha256",
        "duplicate_of",
        "fetched_at",
    }
)
"""Columns that are there but hidden at first, as are all ids: people read the others."""
_ONE_LINE = frozenset({"text", "url"})
"""Columns that are not wrapped: an article's whole text would make its row as high as the screen."""
_LINE_HEIGHT = 15
_MAX_LINES = 8
_WIDE = 190
"""Visible characters a row from which a sheet is printed on A3 rather than A4: smaller, it could not be read."""
_LINKS = {"vi": ("Bài gốc", "Xem trong sổ tin"), "en": ("Source", "In the explorer")}


def write_xlsx(
    path: Path,
    tables: Mapping[str, Iterable[tuple[Any, ...]]],
    *,
    lang: str = "vi",
    urls: Mapping[str, str] | None = None,
    explorer: str | None = None,
) -> dict[str, int]:
    """Write a workbook.

    Args:
        path: the file.
        tables: each table's rows as SQLite holds them, in column order.
        lang: "vi" or "en": language of sheet names, headers and coded values.
        urls: the addresses of articles by id, for a column of links to the source beside each extracted row.
        explorer: the explorer's address, for a column of links to each row there.

    Returns:
        The number of rows of each table.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    counts = {}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "extractor", "created": _CREATED})
        formats = _formats(book)
        for table, rows in tables.items():
            counts[table] = 0
            for nth, sheet_rows in enumerate(_sheets(iter(rows))):
                name = table_label(table, lang)
                sheet = book.add_worksheet(name if nth == 0 else f"{name} ({nth + 1})")
                links = _Links(table, lang, urls or {}, explorer)
                counts[table] += _write_sheet(sheet, table, sheet_rows, formats, lang, links)
    return counts


class _Links:
    """The columns of links after an extracted table's own: to the source, and to the row in the explorer."""

    def __init__(self, table: str, lang: str, urls: Mapping[str, str], explorer: str | None) -> None:
        names = list(columns_of(table))
        self.id = 0
        self.article = names.index("article_id") if table in RECORD_TYPES else -1
        self.urls = urls
        self.explorer = explorer.rstrip("/") if explorer else None
        wanted = zip(_LINKS[lang], ("source", "explorer"), strict=True)
        self.columns = [c for c in wanted if table in RECORD_TYPES and (c[1] == "source" or self.explorer)]

    def of(self, row: tuple[Any, ...]) -> Iterator[tuple[str, str | None]]:
        """Each link column's words and address for a row."""
        for label, kind in self.columns:
            article = row[self.article]
            url = (
                self.urls.get(article) if kind == "source" else f"{self.explorer}/article/{article}#row-{row[self.id]}"
            )
            yield label, url


def _formats(book: Any) -> dict[str, Any]:
    top = {"valign": "top"}
    return {
        "header": book.add_format(
            {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        "date": book.add_format({**top, "num_format": "dd/mm/yyyy", "align": "left"}),
        "timestamp": book.add_format({**top, "num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
        "link": book.add_format({**top, "font_color": "#0563C1", "underline": 1}),
        "text": book.add_format({**top, "text_wrap": True}),
        "line": book.add_format(top),
        "number": book.add_format({**top, "align": "left"}),
        "whole": book.add_format({**top, "align": "left", "num_format": "#,##0"}),
        "part": book.add_format({**top, "align": "left", "num_format": "#,##0.0#####"}),
    }


def _sheets(rows: Iterator[tuple[Any, ...]]) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows in parts that a sheet can hold; one empty part if there are none."""
    from itertools import chain, islice

    first: list[tuple[Any, ...]] = list(islice(rows, 1))
    while True:
        yield islice(chain(first, rows), _MAX_ROWS)
        first = list(islice(rows, 1))
        if not first:
            return


def _write_sheet(
    sheet: Any, table: str, rows: Iterable[tuple[Any, ...]], formats: dict[str, Any], lang: str, links: _Links
) -> int:
    columns = columns_of(table)
    sheet.freeze_panes(1, 0)
    widths = [0 if _is_hidden(name) else _WIDTHS.get(name, dtype.width) for name, dtype in columns.items()]
    # On paper: sideways, as wide as the page, the header on every page.
    sheet.set_landscape()
    sheet.set_paper(_A3 if sum(widths) + 18 * len(links.columns) > _WIDE else _A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P/&N")
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for i, (name, dtype) in enumerate(columns.items()):
        sheet.set_column(i, i, _WIDTHS.get(name, dtype.width), None, {"hidden": _is_hidden(name)})
    heads = [column_label(name, lang, table) for name in columns]
    sheet.set_row(0, _height(zip(heads, widths, strict=True)))
    for i, head in enumerate(heads):
        sheet.write_string(0, i, head, formats["header"])
    for i, (label, _) in enumerate(links.columns, len(columns)):
        sheet.set_column(i, i, 18)
        sheet.write_string(0, i, label, formats["header"])
    wrapped = [0 if name in _ONE_LINE else width for name, width in zip(columns, widths, strict=True)]
    count = 0
    for count, row in enumerate(rows, 1):
        # Not every program works out the height of wrapped rows when it opens a file.
        sheet.set_row(count, _height(zip(row, wrapped, strict=True)))
        for i, ((name, dtype), value) in enumerate(zip(columns.items(), row, strict=True)):
            if value is not None:
                _write_cell(sheet, count, i, name, dtype, value, formats, lang)
        for i, (label, url) in enumerate(links.of(row), len(columns)):
            if url and url.startswith(("http://", "https://")) and len(url) <= 2000 and count * 2 <= _MAX_LINKS:
                sheet.write_url(count, i, url, formats["link"], label)
    sheet.autofilter(0, 0, count, len(columns) + len(links.columns) - 1)
    return count


def _is_hidden(name: str) -> bool:
    return name in _TECHNICAL or name.endswith("_id")


def _height(cells: Iterable[tuple[Any, int]]) -> int:
    """A row's height in points for its cells' words and their columns' widths in characters (0: not wrapped)."""
    lines = (-(-len(value) // width) for value, width in cells if width and isinstance(value, str))
    return _LINE_HEIGHT * min(max(lines, default=1) or 1, _MAX_LINES)


def _write_cell(
    sheet: Any, row: int, column: int, name: str, dtype: Dtype, value: Any, formats: dict[str, Any], lang: str
) -> None:
    if dtype.name in ("int", "float"):
        kind = "number" if dtype.name == "int" else "whole" if float(value).is_integer() else "part"
        sheet.write_number(row, column, value, formats[kind])
        return
    if dtype.name == "bool":
        sheet.write_boolean(row, column, bool(value), formats["text"])
        return
    if dtype.name in ("date", "timestamp") and _write_moment(sheet, row, column, name, str(value), formats):
        return
    if dtype.name == "list" and dtype.decode is not None:
        value = "; ".join(dtype.decode(value))
    words = value_label(str(value), lang, name) if dtype.name == "category" else str(value)
    linked = name == "url" and words.startswith(("http://", "https://")) and row <= _MAX_LINKS and len(words) <= 2000
    if linked and sheet.write_url(row, column, words, formats["link"], words[:255]) == 0:
        return
    if len(words) > _MAX_CELL:
        words = words[: _MAX_CELL - 1] + "…"
    sheet.write_string(row, column, words, formats["line" if name in _ONE_LINE else "text"])


def _write_moment(sheet: Any, row: int, column: int, name: str, value: str, formats: dict[str, Any]) -> bool:
    """Write a day or an instant as a real date; False if Excel's calendar does not reach it."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(zone_of(name))).replace(tzinfo=None)
    if moment.date() < _FIRST_DAY:
        return False
    bare = len(value) == 10
    sheet.write_datetime(row, column, moment, formats["date" if bare else "timestamp"])
    return True
