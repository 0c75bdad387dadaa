"""Corrections: an editor confirms, corrects or rejects a row; every decision is listed and can be taken back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette import Response

from extractor.dataset.connect import clear_errors, connect_writer
from extractor.dataset.corrections import corrections, decide, editable_columns, take_back
from extractor.dataset.tables import columns_of, decode, model_of
from extractor.errors import DatasetError
from extractor.model import RECORD_TYPES
from extractor.web.base import DATABASE, read, render, rows


def load_row(connection: sqlite3.Connection, table: str, row_id: str) -> dict[str, Any] | None:
    """A row for the form, with its article's title; None if there is none."""
    if table not in RECORD_TYPES:
        return None
    found = connection.execute(f"SELECT * FROM {table} WHERE {model_of(table).ID} = ?", (row_id,)).fetchone()
    if found is None:
        return None
    row = decode(table, found)
    article = rows(
        connection,
        "SELECT title, text FROM articles WHERE article_id = ? AND revision = ?",
        (row["article_id"], row["revision"]),
    )[0]
    begin, end = max(0, row["start"] - 160), row["end"] + 160
    return {
        "table": table,
        "row_id": row_id,
        "row": row,
        "columns": {name: columns_of(table)[name].name for name in editable_columns(table)},
        "article_title": article["title"],
        "before": article["text"][begin : row["start"]],
        "after": article["text"][row["end"] : end],
    }


def changed(table: str, row: dict[str, Any], form: Any) -> dict[str, Any]:
    """What a form changes of a row: only columns whose value differs; a list is one item a line."""
    found: dict[str, Any] = {}
    for name in editable_columns(table):
        if name not in form:
            continue
        text = form[name].strip()
        kind = columns_of(table)[name].name
        value: Any = [line.strip() for line in text.splitlines() if line.strip()] if kind == "list" else text or None
        if kind == "bool" and value is not None:
            value = value == "true"
        if kind in ("int", "float") and isinstance(value, str):
            value = value.replace(",", ".") if kind == "float" else value
        same = value == row[name] or (kind in ("int", "float") and str(value) == str(row[name]))
        if kind == "float" and isinstance(value, str) and row[name] is not None:
            same = value == f"{row[name]:g}" or value == str(row[name])
        if not same:
            found[name] = value
    return found


def write(path: Path, do: Callable[[sqlite3.Connection], Any]) -> Any:
    """Run a function in one short writing transaction of its own, beside a run that may be going on."""
    with clear_errors(path):
        connection = connect_writer(path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            made = do(connection)
            connection.execute("COMMIT")
            return made
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()


async def view(datasette: Any, request: Any) -> Any:
    """GET /corrections"""
    found = await read(datasette, lambda connection: corrections(connection)[::-1])
    return await render(datasette, request, "explorer_corrections.html", {"corrections": found})


async def view_row(datasette: Any, request: Any) -> Any:
    """GET and POST /corrections/TABLE/ID"""
    table, row_id = request.url_vars["table"], request.url_vars["row"]
    found = await read(datasette, lambda connection: load_row(connection, table, row_id))
    if found is None:
        return await render(datasette, request, "explorer_missing.html", {}, status=404)
    if not request.actor:
        return Response.redirect(f"/login?next={request.path}")
    if request.method != "POST":
        return await render(datasette, request, "explorer_correct.html", {**found, "error": None})
    form = await request.post_vars()
    action, editor = form.get("action", ""), request.actor["id"]
    changes = changed(table, found["row"], form) if action == "correct" else {}
    path = Path(datasette.get_database(DATABASE).path)
    try:
        write(path, lambda c: decide(c, table, row_id, action, editor, changes, form.get("note") or None))
    except DatasetError as error:
        context = {**found, "error": error.message}
        return await render(datasette, request, "explorer_correct.html", context, status=400)
    row = found["row"]
    return Response.redirect(f"/article/{row['article_id']}?revision={row['revision']}&said=saved#row-{row_id}")


async def view_take_back(datasette: Any, request: Any) -> Any:
    """POST /corrections/take-back"""
    if not request.actor or request.method != "POST":
        return Response.redirect("/login?next=/corrections")
    form = await request.post_vars()
    path = Path(datasette.get_database(DATABASE).path)
    try:
        write(path, lambda connection: take_back(connection, form.get("correction_id", "")))
    except DatasetError as error:
        context = {"corrections": [], "error": error.message}
        return await render(datasette, request, "explorer_corrections.html", context, status=400)
    return Response.redirect("/corrections?said=taken_back")
