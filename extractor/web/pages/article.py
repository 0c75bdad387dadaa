"""One article: its text with every record marked and linked to its row, revisions, the archived page."""

import difflib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from typing import Any

from datasette import Response

from extractor.dataset.corrections import corrections
from extractor.dataset.tables import columns_of, decode, model_of
from extractor.model import RECORD_TYPES
from extractor.outputs.marks import Piece, pieces
from extractor.web.base import read, render, rows

_HIDDEN = frozenset({"article_id", "revision", "quote", "start", "end", "rules_version"})


def records(connection: sqlite3.Connection, article_id: str, revision: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of one revision by table, in text order; `_id` is the row's id, `_shown` the columns worth showing."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in RECORD_TYPES:
        cursor = connection.execute(
            f'SELECT * FROM {table} WHERE article_id = ? AND revision = ? ORDER BY "start", "end"',
            (article_id, revision),
        )
        id_column = model_of(table).ID
        ids = {n for n in columns_of(table) if n.endswith("_id")} - {"rule_id"}
        found[table] = []
        for values in cursor:
            row = decode(table, values)
            shown = {k: v for k, v in row.items() if k not in _HIDDEN | ids and v not in (None, "", [])}
            found[table].append({**row, "_id": row[id_column], "_table": table, "_shown": shown})
    return found


def paragraphs(text: str, by_table: dict[str, list[dict[str, Any]]]) -> Iterator[list[Piece]]:
    """The lines of a text, the title first, each cut into pieces with the rows that lie over them."""
    spans = [(row["start"], row["end"], row) for found in by_table.values() for row in found]
    at = 0
    for line in text.split("\n"):
        inside = [s for s in spans if s[0] < at + len(line) and s[1] > at]
        yield list(pieces(text, inside, at, at + len(line)))
        at += len(line) + 1


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """The words of two texts as (what, words), what being "same", "removed" or "added"; long same stretches are cut."""
    before, after = old.replace("\n", " ¶ ").split(" "), new.replace("\n", " ¶ ").split(" ")
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            words = before[a:b]
            found.append(("same", " ".join(words if len(words) < 30 else [*words[:12], "…", *words[-12:]])))
        else:
            if b > a:
                found.append(("removed", " ".join(before[a:b])))
            if d > c:
                found.append(("added", " ".join(after[c:d])))
    return found


def load(connection: sqlite3.Connection, article_id: str, revision: int | None) -> dict[str, Any] | None:
    """All that the article page shows, or None if there is no such article."""
    revisions = rows(
        connection,
        "SELECT revision, title, published_at, fetched_at FROM articles WHERE article_id = ? ORDER BY revision",
        (article_id,),
    )
    wanted = next((r for r in reversed(revisions) if revision in (None, r["revision"])), None)
    if wanted is None:
        return None
    number = wanted["revision"]
    key = (article_id, number)
    article = rows(connection, "SELECT * FROM articles WHERE article_id = ? AND revision = ?", key)[0]
    by_table = records(connection, *key)
    earlier = connection.execute(
        "SELECT text FROM articles WHERE article_id = ? AND revision = ?", (article_id, number - 1)
    ).fetchone()
    return {
        "article": article,
        "revisions": revisions,
        "latest": revisions[-1]["revision"],
        "records": by_table,
        "paragraphs": list(paragraphs(article["text"], by_table)),
        "difference": difference(earlier[0], article["text"]) if earlier else [],
        "media": rows(
            connection, "SELECT kind, url, caption FROM media WHERE article_id = ? AND revision = ? ORDER BY nth", key
        ),
        "duplicates": rows(
            connection,
            "SELECT article_id, title, source FROM articles WHERE duplicate_of = ? ORDER BY article_id",
            (article_id,),
        ),
        "people": {
            r["person_id"]: r["name"]
            for r in rows(
                connection,
                "SELECT DISTINCT p.person_id, p.name FROM people p JOIN officials o ON o.person_id = p.person_id"
                " WHERE o.article_id = ? AND o.revision = ?",
                key,
            )
        },
        "gatherings": dict(
            connection.execute(
                "SELECT g.meeting_id, g.gathering_id FROM gatherings g JOIN meetings m ON m.meeting_id = g.meeting_id"
                " WHERE m.article_id = ? AND m.revision = ?",
                key,
            ).fetchall()
        ),
        "corrections": corrections(connection, article_id),
        "archived": archived_page(connection, article_id) is not None,
    }


def archived_page(connection: sqlite3.Connection, article_id: str) -> tuple[str, bytes] | None:
    """The page that an article was read from, as it came: its Content-Type and bytes; None if the archive has none."""
    row = connection.execute(
        """SELECT p.headers, p.body FROM crawl_queue q JOIN crawl_pages p ON p.page_id = q.page_id
           WHERE q.article_id = ? ORDER BY p.fetched_at DESC, p.page_id DESC LIMIT 1""",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    kinds = [value for name, value in json.loads(row[0]) if name.lower() == "content-type"]
    is_page = bool(kinds) and kinds[0].lower().startswith(("text/html", "application/xhtml"))
    return (kinds[0] if is_page else "text/html"), zlib.decompress(row[1])


async def view_page(datasette: Any, request: Any) -> Any:
    """GET /article/ID/page: the archived page; nothing in it runs, and it loads nothing."""
    found = await read(datasette, lambda connection: archived_page(connection, request.url_vars["article"]))
    if found is None:
        return await render(datasette, request, "explorer_missing.html", {}, status=404)
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return Response(body=found[1], status=200, headers=headers, content_type=_one_line(found[0]))


def _one_line(header: str) -> str:
    """A header that was sent to us, fit to be sent on."""
    return "".join(c for c in header if " " <= c <= "~")[:200]


async def view(datasette: Any, request: Any) -> Any:
    """GET /article/ID?revision=N"""
    asked = request.args.get("revision") or ""
    revision = int(asked) if asked.isdecimal() and len(asked) < 8 else None
    article_id = request.url_vars["article"]
    found = await read(datasette, lambda connection: load(connection, article_id, revision))
    if found is None:
        return await render(datasette, request, "explorer_missing.html", {}, status=404)
    return await render(datasette, request, "explorer_article.html", found)
