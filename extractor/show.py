"""An article with its records marked: in the terminal and as an HTML page."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

from extractor.model import RECORD_TYPES, Article, Extraction, Record, columns
from extractor.outputs.labels import column_label, table_label, value_label
from extractor.outputs.marks import Piece, pieces

COLOURS: dict[str, tuple[str, str]] = {
    "dates": ("#cfe2ff", "bright_blue"),
    "officials": ("#c9efd3", "bright_green"),
    "positions": ("#d7f0ee", "cyan"),
    "meetings": ("#ffe0bd", "yellow"),
    "participations": ("#e7d9f7", "magenta"),
    "targets": ("#ffd3d8", "bright_red"),
    "anniversaries": ("#fdf0a8", "bright_magenta"),
}
"""Each table's background on a page (all keep black text readable) and its colour in the terminal."""
_COMMON = frozenset(columns(Record))
_HIDDEN = frozenset({"person_id", "official_id", "meeting_id", "date_id"})


def marked_pieces(text: str, records: Sequence[Record]) -> Iterator[Piece]:
    """The text cut where records begin or end; a piece's spans are its records, the shortest first."""
    return pieces(text, [(record.start, record.end, record) for record in records])


def all_records(extraction: Extraction) -> list[Record]:
    """The records of all tables, in the tables' order."""
    return [record for table in RECORD_TYPES for record in extraction.tables.get(table, ())]


def details(record: Record) -> list[tuple[str, str]]:
    """What a record says, for people: its own columns that are not empty, (label, value)."""
    told = []
    for name in columns(type(record)):
        value = getattr(record, name)
        if name not in _COMMON | _HIDDEN | {record.ID} and value is not None and value != ():
            told.append((column_label(name, "vi", record.TABLE), _words(name, value)))
    return told


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, tuple):
        return "; ".join(str(v) for v in value)
    if isinstance(value, float):
        return f"{value:g}" if value != int(value) or abs(value) >= 1e15 else str(int(value))
    return value_label(str(value), "vi", name)


def print_marked(extraction: Extraction) -> None:
    """Print an article with its records coloured by table, a legend, and the records themselves."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    article, records = extraction.article, all_records(extraction)
    console.print(
        Text(" ".join(x for x in (article.url, article.published_at or "không rõ ngày đăng") if x), style="dim")
    )
    legend = Text()
    for table, (_, colour) in COLOURS.items():
        legend.append(f" {table_label(table)} ", style=f"{colour} underline").append(" ")
    console.print(legend)
    text = Text(article.text)
    text.stylize("bold", 0, len(article.title))
    at = 0
    for piece in marked_pieces(article.text, records):
        if piece.spans:
            text.stylize(f"{COLOURS[piece.spans[0].TABLE][1]} underline", at, at + len(piece.text))
        at += len(piece.text)
    console.print()
    for paragraph in text.split("\n"):
        console.print(paragraph)
        console.print()
    for table in RECORD_TYPES:
        rows = extraction.tables.get(table, ())
        if rows:
            console.print(Text(f"{table_label(table)} ({len(rows)})", style=f"bold {COLOURS[table][1]}"))
        for record in rows:
            said = ", ".join(f"{label}: {value}" for label, value in details(record))
            console.print(Text.assemble("  ", (record.quote, COLOURS[table][1]), (f"  {said}", "dim")))


_STYLE = """
:root { color-scheme: light; }
body { font: 17px/1.65 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1a1a1a; background: #fff;
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.meta { color: #555; } .legend { position: sticky; top: 0; background: #fff; padding: .5rem 0; border-bottom: 1px solid #ddd; }
.legend span { display: inline-block; padding: 0 .5em; margin: .1em; border-radius: .3em; }
a.m { color: inherit; text-decoration: none; border-radius: .15em; }
a.m:hover, a.m:focus { outline: 2px solid #333; }
a.m:target, tr:target { outline: 3px solid #d33; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25em .6em; border-bottom: 1px solid #ddd; }
td.q { min-width: 14rem; } dl { margin: 0; display: flex; flex-wrap: wrap; gap: 0 1.2em; }
dl div { display: flex; gap: .35em; } dt { color: #555; flex: none; } dt::after { content: ":"; } dd { margin: 0; }
"""


def html_page(extractions: Sequence[Extraction]) -> str:
    """A page of its own, without scripts, that shows articles with their records marked and listed.

    Args:
        extractions: the articles.

    Returns:
        HTML; every word of the articles is escaped, and the page may load and run nothing.
    """
    title = extractions[0].article.title if len(extractions) == 1 else f"{len(extractions)} bài viết"
    colours = "".join(f".{table} {{ background: {background}; }}\n" for table, (background, _) in COLOURS.items())
    legend = " ".join(f'<span class="{table}">{escape(table_label(table))}</span>' for table in COLOURS)
    body = "\n".join(_article(extraction, nth) for nth, extraction in enumerate(extractions))
    return (
        '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}{colours}</style>\n</head>\n<body>\n"
        f'<nav class="legend" aria-label="Chú giải">{legend}</nav>\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _article(extraction: Extraction, nth: int) -> str:
    article, records = extraction.article, all_records(extraction)
    marked = _marked(article.text, records, nth).split("\n")
    tables = "\n".join(_table(table, extraction.tables.get(table, ()), nth) for table in RECORD_TYPES)
    paragraphs = "\n".join(f"<p>{line}</p>" for line in marked[1:])
    return f'<article>\n<h1>{marked[0]}</h1>\n<p class="meta">{_meta(article)}</p>\n{paragraphs}\n{tables}\n</article>'


def _meta(article: Article) -> str:
    told = [escape(article.published_at or "không rõ ngày đăng")]
    if article.url and article.url.startswith(("http://", "https://")):
        told.append(f'<a href="{escape(article.url)}" rel="noreferrer">{escape(article.url)}</a>')
    elif article.url:
        told.append(escape(article.url))
    told += [escape(x) for x in (article.author, article.author_unit) if x]
    return " · ".join(told)


def _marked(text: str, records: Sequence[Record], nth: int) -> str:
    """The text as HTML, each piece that records cover a link to the shortest one's row; lines stay lines."""
    parts = []
    for piece in marked_pieces(text, records):
        words = escape(piece.text)
        if not piece.spans:
            parts.append(words)
            continue
        inner = piece.spans[0]
        tables = list(dict.fromkeys(r.TABLE for r in piece.spans))
        under = ", ".join(f"inset 0 -{3 * (i + 1)}px {COLOURS[t][0]}" for i, t in enumerate(tables[1:]))
        style = f' style="box-shadow: {under}"' if under else ""
        first = f' id="m{nth}-{_id(inner)}"' if inner in piece.begins else ""
        places = "".join(f'<span id="m{nth}-{_id(r)}"></span>' for r in piece.begins if r is not inner)
        hint = escape("; ".join(table_label(t) for t in tables))
        opening = f'<a class="m {inner.TABLE}" href="#r{nth}-{_id(inner)}" title="{hint}"{style}'
        # A mark never crosses a line: each of its lines is a link of its own.
        lines = words.split("\n")
        parts.append(places + "\n".join(f"{opening}{first if i == 0 else ''}>{w}</a>" for i, w in enumerate(lines)))
    return "".join(parts)


def _table(table: str, rows: Sequence[Record], nth: int) -> str:
    if not rows:
        return ""
    lines = []
    for record in rows:
        told = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in details(record))
        lines.append(
            f'<tr id="r{nth}-{_id(record)}"><td class="q"><a class="m {table}" href="#m{nth}-{_id(record)}">'
            f"{escape(record.quote)}</a></td><td><dl>{told}</dl></td></tr>"
        )
    head = f"<tr><th>{escape(column_label('quote'))}</th><th>Nội dung</th></tr>"
    return (
        f'<h2>{escape(table_label(table))} ({len(rows)})</h2>\n<div class="scroll"><table>\n<thead>{head}</thead>\n<tbody>\n'
        + "\n".join(lines)
        + "\n</tbody></table></div>"
    )


def _id(record: Record) -> str:
    return f"{record.TABLE}-{getattr(record, record.ID)}"
