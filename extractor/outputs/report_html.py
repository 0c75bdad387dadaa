"""A digest as one HTML page: footnotes are superscript links, each with a way back."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from extractor.outputs.report_blocks import Block, Run, clean, shortened, show_day, words
from extractor.outputs.report_data import Note

_STYLE = """
body{font:16px/1.55 "Times New Roman",Tinos,"Liberation Serif",serif;color:#1b1b1b;background:#fff;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{text-align:center;font-size:1.6rem;margin:0 0 .3rem}
p.subtitle{text-align:center;margin:.1rem 0}
h2{font-size:1.1rem;margin:1.8rem 0 .5rem;border-bottom:1px solid #999;padding-bottom:.2rem}
h3{font-size:1.02rem;margin:1.2rem 0 .4rem;color:#7a1414}
h4{font-size:1rem;margin:.9rem 0 .2rem}
p{margin:.2rem 0}p.label{font-style:italic;margin-top:.4rem}p.empty{color:#555}
ul{margin:.15rem 0 .3rem;padding-left:1.4rem}
sup{font-size:.7em;line-height:0}sup a{padding:0 .08em}
a{color:#0b4f9e}ol.notes{font-size:.86rem;padding-left:2.2rem}ol.notes li{margin:.15rem 0;overflow-wrap:anywhere}
:target{background:#fff3c4}
@media print{body{margin:0;max-width:none;font-size:12pt}a{color:inherit;text-decoration:none}h2,h3,h4{break-after:avoid}}
"""
_TAGS = {"title": "h1", "section": "h2", "day": "h3", "meeting": "h4", "item": "li"}


def link_of(note: Note) -> str | None:
    """The address of a note's article, if it is one of the web."""
    return note.url if note.url and note.url.startswith(("http://", "https://")) else None


def explorer_link(note: Note, explorer: str | None) -> str | None:
    """The address of a note's row in the explorer."""
    return f"{explorer.rstrip('/')}/article/{quote(note.article_id)}#row-{quote(note.row_id)}" if explorer else None


def note_words(note: Note, lang: str, seen: set[str]) -> tuple[str, str, str]:
    """A note's words: the quote in quotation marks, the article's title, its site and day.

    Args:
        note: the note.
        lang: "vi" or "en".
        seen: the articles that notes before it have named, whose titles are shortened; this one's is added.
    """
    limit = 60 if note.article_id in seen else 160
    seen.add(note.article_id)
    place = ", ".join(p for p in (clean(note.source or ""), show_day(note.published) if note.published else "") if p)
    title = shortened(note.title, limit) or words(lang)["untitled"]
    return f"“{shortened(note.quote)}”", title, place


def html_report(blocks: Iterable[Block], lang: str, explorer: str | None = None) -> bytes:
    """The page, which loads nothing and runs nothing.

    Args:
        blocks: the digest's paragraphs.
        lang: "vi" or "en".
        explorer: the explorer's address, for links from the notes to their rows.

    Returns:
        The page in UTF-8.
    """
    notes: list[Note] = []
    body: list[str] = []
    title, in_list = "", False
    for block in blocks:
        if (block.kind == "item") != in_list:
            in_list = not in_list
            body.append("<ul>" if in_list else "</ul>")
        inner = "".join(_run(run, notes) for run in block.runs)
        title = title or "".join(run.text for run in block.runs)
        if block.kind == "subtitle":
            title = title if " – " in title else f"{title} – {block.runs[0].text}"
        tag = _TAGS.get(block.kind, "p")
        cls = "" if block.kind in _TAGS else f' class="{block.kind}"'
        body.append(f"<{tag}{cls}>{inner}</{tag}>")
    if in_list:
        body.append("</ul>")
    if notes:
        seen: set[str] = set()
        items = "\n".join(_note(number, note, lang, explorer, seen) for number, note in enumerate(notes, 1))
        body.append(f'<h2>{escape(words(lang)["notes"])}</h2>\n<ol class="notes">\n{items}\n</ol>')
    head = (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
    return (head + "\n".join(body) + "\n</main>\n</body>\n</html>\n").encode("utf-8", "xmlcharrefreplace")


def _run(run: Run, notes: list[Note]) -> str:
    inner = f"<bdi>{escape(run.text)}</bdi>" if run.notes else escape(run.text)
    inner = f"<i>{inner}</i>" if run.italic else inner
    inner = f"<b>{inner}</b>" if run.bold else inner
    marks = []
    for note in run.notes:
        notes.append(note)
        marks.append(f'<a id="ref-{len(notes)}" href="#note-{len(notes)}">{len(notes)}</a>')
    return f"{inner}<sup>{', '.join(marks)}</sup>" if marks else inner


def _note(number: int, note: Note, lang: str, explorer: str | None, seen: set[str]) -> str:
    quoted, title, place = note_words(note, lang, seen)
    url, row = link_of(note), explorer_link(note, explorer)
    shown = f'<a href="{escape(url)}" rel="noreferrer">{escape(title)}</a>' if url else escape(title)
    more = f' · <a href="{escape(row)}">{escape(words(lang)["explorer"])}</a>' if row else ""
    tail = f" ({escape(place)})" if place else ""
    back = f'<a href="#ref-{number}" aria-label="↑ {number}">↩</a>'
    return f'<li id="note-{number}"><bdi>{escape(quoted)}</bdi> – <bdi>{shown}</bdi>{tail}{more} {back}</li>'
