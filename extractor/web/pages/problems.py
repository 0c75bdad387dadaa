"""What failed and why, and the rows that contradict the calendar, their article or each other."""

import json
import sqlite3
from typing import Any

from extractor.dataset.lint import CODES
from extractor.web.base import PAGE_SIZE, page_number, paging, read, render, rows


def load(connection: sqlite3.Connection, code: str | None, offset: int) -> dict[str, Any]:
    """One page of findings of one kind (or of all), the newest failures, and the number of each."""
    where, values = ("WHERE l.code = ?", (code,)) if code else ("", ())
    found = rows(
        connection,
        f"""SELECT l.*, a.title, a.source, a.published_at FROM lint l
            LEFT JOIN articles a ON a.article_id = l.article_id
            AND a.revision = (SELECT MAX(revision) FROM articles x WHERE x.article_id = l.article_id)
            {where} ORDER BY l.code, l.row_id LIMIT ? OFFSET ?""",
        (*values, PAGE_SIZE + 1, offset),
    )
    for finding in found:
        if finding["code"] == "maybe_same":
            finding["others"] = [_other(connection, other) for other in finding["expected"].split("; ")]
    return {
        "counts": dict(connection.execute("SELECT code, count(*) FROM lint GROUP BY code").fetchall()),
        "findings": found,
        "problems": rows(connection, "SELECT * FROM problems ORDER BY seen_at DESC, stage, code, url LIMIT 200"),
    }


def _other(connection: sqlite3.Connection, found: str) -> tuple[str, str]:
    """A person as a finding names it ("id name"): the id, and the name with the posts that were told last."""
    person_id, _, name = found.partition(" ")
    row = connection.execute("SELECT latest_positions FROM people WHERE person_id = ?", (person_id,)).fetchone()
    posts = "; ".join(json.loads(row[0] or "[]")) if row else ""
    return person_id, f"{name}: {posts}" if posts else name


async def view(datasette: Any, request: Any) -> Any:
    """GET /problems"""
    code = request.args.get("code") if request.args.get("code") in CODES else None
    offset = (page_number(request) - 1) * PAGE_SIZE
    found = await read(datasette, lambda connection: load(connection, code, offset))
    findings = found.pop("findings")
    context = {"findings": findings[:PAGE_SIZE], "paging": paging(request, len(findings)), "code": code, "codes": CODES}
    return await render(datasette, request, "explorer_problems.html", {**context, **found})
