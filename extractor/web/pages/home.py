"""The first page: search, what is coming, what is new."""

import sqlite3
from typing import Any

from extractor.dataset.upcoming import upcoming_anniversaries
from extractor.web.base import read, render, rows, today
from extractor.web.pages.meetings import gatherings


def load(connection: sqlite3.Connection) -> dict[str, Any]:
    """What the first page shows."""
    now = today()
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("articles", "people", "meetings", "targets", "anniversaries")
    }
    return {
        "counts": counts,
        "today": now,
        "anniversaries": upcoming_anniversaries(connection, now)[:6],
        "planned": gatherings(connection, {"from": now.isoformat(), "status": "planned"}, 6, 0, ascending=True),
        "latest": gatherings(connection, {"to": now.isoformat()}, 6, 0),
        "articles": rows(
            connection,
            "SELECT article_id, title, source, published_at FROM articles WHERE duplicate_of IS NULL"
            " ORDER BY published_at DESC, article_id LIMIT 6",
        ),
    }


async def view(datasette: Any, request: Any) -> Any:
    """GET /"""
    return await render(datasette, request, "explorer_home.html", await read(datasette, load))
