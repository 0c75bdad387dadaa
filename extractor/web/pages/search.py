"""Search: words with or without diacritics, and filters by source, time, person and kind of meeting."""

import sqlite3
from collections.abc import Mapping
from itertools import islice
from typing import Any

from extractor.dataset.search import newest, search, snippet
from extractor.text import fold
from extractor.web.base import PAGE_SIZE, iso_day, page_number, paging, read, render, rows

KINDS = (
    "conference", "meeting", "session", "congress", "working_session", "seminar", "ceremony", "voter_meeting",
    "training", "dialogue", "gathering",
)  # fmt: skip


def conditions(filters: Mapping[str, str | None]) -> tuple[str, tuple[object, ...]]:
    """The filters as a condition on the `articles` row `a` and its parameters."""
    parts, values = ["a.duplicate_of IS NULL"], []
    if filters.get("source"):
        parts.append("a.source = ?")
        values.append(filters["source"])
    if filters.get("from"):
        parts.append("a.published_at >= ?")
        values.append(filters["from"])
    if filters.get("to"):
        # An instant of that day sorts after the day and before "~".
        parts.append("a.published_at <= ? || '~'")
        values.append(filters["to"])
    return " AND ".join(parts), tuple(values)


def among(connection: sqlite3.Connection, filters: Mapping[str, str | None]) -> frozenset[str] | None:
    """The articles that name a person and tell of a kind of meeting; None where neither is asked for."""
    found: set[str] | None = None
    if filters.get("person"):
        known = connection.execute("SELECT 1 FROM people WHERE person_id = ?", (filters["person"],)).fetchone()
        people = "SELECT ?" if known else "SELECT person_id FROM people_list WHERE folded LIKE '%' || ? || '%'"
        value = filters["person"] if known else fold(filters["person"] or "")
        rows_of = connection.execute(f"SELECT article_id FROM officials WHERE person_id IN ({people})", (value,))
        found = {article_id for (article_id,) in rows_of}
    if filters.get("kind"):
        rows_of = connection.execute("SELECT article_id FROM meeting_list WHERE kind = ?", (filters["kind"],))
        told = {article_id for (article_id,) in rows_of}
        found = told if found is None else found & told
    return None if found is None else frozenset(found)


def load(connection: sqlite3.Connection, query: str, filters: Mapping[str, str | None], offset: int) -> dict[str, Any]:
    """The hits of one page, with the facts shown beside each."""
    where, values = conditions(filters)
    only = among(connection, filters)
    if fold(query):
        hits = search(connection, query, where=where, values=values, among=only, limit=PAGE_SIZE + 1, offset=offset)
        found = [
            {"article_id": h.article_id, "revision": h.revision, "accented": h.accented, "pieces": h.snippet}
            for h in hits
        ]
    else:
        found = [
            {"article_id": article_id, "revision": revision, "accented": True}
            for article_id, revision, _ in islice(
                newest(connection, where, values, only), offset, offset + PAGE_SIZE + 1
            )
        ]
    for hit in found:
        article = rows(
            connection,
            "SELECT title, source, published_at, substr(text, 1, 2000) AS text FROM articles WHERE article_id = ? AND revision = ?",
            (hit["article_id"], hit["revision"]),
        )[0]
        text = article.pop("text")
        hit.setdefault("pieces", tuple(snippet(text.partition("\n")[2] or text, "")))
        hit |= article
    return {"hits": found, "sources": sources(connection), "person": _person_name(connection, filters.get("person"))}


def _person_name(connection: sqlite3.Connection, person: str | None) -> str | None:
    """The name that belongs to a person's id, else what was asked for."""
    row = connection.execute("SELECT name FROM people WHERE person_id = ?", (person,)).fetchone() if person else None
    return row[0] if row else person


def sources(connection: sqlite3.Connection) -> list[str]:
    """The sites in the archive."""
    # A loose index scan: one step for each site, however many articles it has.
    found = connection.execute(
        """WITH RECURSIVE s(source) AS (SELECT MIN(source) FROM articles
           UNION ALL SELECT (SELECT MIN(source) FROM articles WHERE source > s.source) FROM s WHERE s.source IS NOT NULL)
           SELECT source FROM s WHERE source IS NOT NULL"""
    )
    return [row[0] for row in found]


async def view(datasette: Any, request: Any) -> Any:
    """GET /search"""
    query = (request.args.get("q") or "")[:400]
    filters = {name: request.args.get(name) or None for name in ("source", "person", "kind")}
    filters |= {name: iso_day(request.args.get(name)) for name in ("from", "to")}
    offset = (page_number(request) - 1) * PAGE_SIZE
    found = await read(datasette, lambda connection: load(connection, query, filters, offset))
    hits = found.pop("hits")
    context = {
        "q": query,
        "filters": filters,
        # Without diacritics every hit matches without them; saying so tells nothing.
        "accents_typed": fold(query) != " ".join(query.casefold().split()),
        "kinds": KINDS,
        "paging": paging(request, len(hits)),
        "hits": hits[:PAGE_SIZE],
    }
    return await render(datasette, request, "explorer_search.html", {**context, **found})
