"""Targets by owner and deadline, and the results that later articles state for the same subject."""

import re
import sqlite3
from functools import lru_cache
from typing import Any

from extractor.dataset.listings import words_expression
from extractor.text import fold
from extractor.web.base import PAGE_SIZE, page_number, paging, read, render, rows, today
from extractor.web.pages.search import sources

_EMPTY = frozenset("ty le so muc tong dat co cua va tren dia ban cac nam trong duoc la the".split())


ALIKE = 0.6
"""The share of telling words that two subjects have in common when they are one."""


@lru_cache(maxsize=100_000)
def subject_words(subject: str | None) -> frozenset[str]:
    """The words of a subject that tell it from others."""
    return frozenset(re.findall(r"[^\W\d]+", fold(subject or ""))) - _EMPTY


def later_results(connection: sqlite3.Connection, target: dict[str, Any], limit: int = 5) -> list[dict[str, Any]]:
    """Results that later articles of the same site state for a target's subject, the likest first.

    The rule: the same unit, and at least 60 % of the subjects' telling words shared.
    """
    words = subject_words(target["subject"])
    if not words or not target["published_at"]:
        return []
    found = []
    same = connection.execute(
        "SELECT target_id FROM result_list WHERE source = ? AND unit = ? AND published_at > ? ORDER BY published_at, target_id LIMIT 3000",
        (target["source"] or "", target["unit"] or "", target["published_at"]),
    ).fetchall()
    for (target_id,) in same:
        told = connection.execute("SELECT subject FROM targets WHERE target_id = ?", (target_id,)).fetchone()
        other = subject_words(told[0]) if told else frozenset()
        likeness = len(words & other) / len(words | other) if other else 0.0
        if likeness >= ALIKE:
            found.append((-likeness, target_id))
    # The likest first, then the earliest: sorting keeps the order of those that are alike.
    likely = [target_id for _, target_id in sorted(found, key=lambda f: f[0])[:limit]]
    return [
        row
        for target_id in likely
        for row in rows(
            connection,
            """SELECT t.quote, t.subject, t.value, t.unit, t.start, t.target_id, t.article_id, a.title AS article_title,
               a.published_at FROM targets t JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision
               WHERE t.target_id = ?""",
            (target_id,),
        )
    ]


def listed(
    connection: sqlite3.Connection, filters: dict[str, str | None], now: str, offset: int
) -> list[dict[str, Any]]:
    """Targets of the latest revisions that fit the filters: what is due first, then what was, then what has no deadline."""
    parts, values = ["1"], []
    if filters["due"]:
        parts.append("l.deadline >= ?" if filters["due"] == "due" else "l.deadline < ?")
        values.append(now)
    if filters["source"]:
        parts.append("l.source = ?")
        values.append(filters["source"])
    for name, table in (("q", "target_words"), ("owner", "target_owners")):
        if filters[name]:
            words = words_expression(filters[name] or "")
            if words is None:
                return []
            parts.append(f"l.row IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)")
            values.append(words)
    # The rows stand by deadline, those without one last. What is due comes first, then what was due last.
    order = "l.row"
    if filters["due"] == "overdue":
        order = "l.deadline DESC, l.row"
    elif not filters["due"]:
        late = "l.deadline IS NOT NULL AND l.deadline < ?"
        order = f"CASE WHEN l.deadline IS NULL THEN 2 ELSE {late} END, CASE WHEN {late} THEN -l.row ELSE l.row END"
        values += [now, now]
    wanted = connection.execute(
        f"SELECT l.target_id FROM target_list l WHERE {' AND '.join(parts)} ORDER BY {order} LIMIT ? OFFSET ?",
        (*values, PAGE_SIZE + 1, offset),
    ).fetchall()
    found = [
        row
        for (target_id,) in wanted
        for row in rows(
            connection,
            """SELECT t.*, a.title AS article_title, a.source, a.published_at FROM targets t
               JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision WHERE t.target_id = ?""",
            (target_id,),
        )
    ]
    for target in found[:PAGE_SIZE]:
        target["results"] = later_results(connection, target)
    return found


async def view(datasette: Any, request: Any) -> Any:
    """GET /targets"""
    now = today().isoformat()
    filters = {name: request.args.get(name) or None for name in ("due", "owner", "source", "q")}
    offset = (page_number(request) - 1) * PAGE_SIZE

    def load(connection: sqlite3.Connection) -> dict[str, Any]:
        return {"targets": listed(connection, filters, now, offset), "sources": sources(connection)}

    found = await read(datasette, load)
    targets = found.pop("targets")
    context = {
        "targets": targets[:PAGE_SIZE],
        "paging": paging(request, len(targets)),
        "filters": filters,
        "today": now,
    }
    return await render(datasette, request, "explorer_targets.html", {**context, **found})
