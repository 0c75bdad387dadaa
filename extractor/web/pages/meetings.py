"""Meetings: a list and a calendar of gatherings; one told by several articles is one entry with all its sources."""

import calendar
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from extractor.dataset.listings import words_expression
from extractor.web.base import PAGE_SIZE, iso_day, page_number, paging, read, render, rows, today
from extractor.web.pages.search import KINDS, sources

_COMPARED = ("part_of_day", "location", "host", "status")


def gatherings(
    connection: sqlite3.Connection,
    filters: Mapping[str, str | None],
    limit: int,
    offset: int,
    *,
    ascending: bool = False,
) -> list[dict[str, Any]]:
    """Gatherings that fit the filters, latest day first, those without a day last.

    Args:
        connection: a connection to the archive.
        filters: any of from, to, kind, status, source, q (words of the title).
        limit: at most so many.
        offset: how many to pass over.
        ascending: earliest day first.

    Returns:
        One dict a gathering, as `tell` makes it.
    """
    parts, values = ["1"], []
    words = words_expression(filters.get("q") or "")
    for name, condition, value in (
        ("from", "start_date >= ?", filters.get("from")),
        ("to", "start_date <= ?", filters.get("to")),
        ("kind", "kind = ?", filters.get("kind")),
        ("status", "status = ?", filters.get("status")),
        ("source", "source = ?", filters.get("source")),
        ("q", "row IN (SELECT rowid FROM meeting_words WHERE meeting_words MATCH ?)", words),
    ):
        if filters.get(name):
            if value is None:
                return []
            parts.append(condition)
            values.append(value)
    # The rows stand in the order of the list, the latest day first and those without a day last.
    order = "start_date IS NULL, start_date, row" if ascending else "row"
    wanted: dict[str, None] = {}
    cursor = connection.execute(
        f"SELECT gathering_id FROM meeting_list WHERE {' AND '.join(parts)} ORDER BY {order}", values
    )
    for (gathering_id,) in cursor:
        wanted.setdefault(gathering_id)
        if len(wanted) >= offset + limit:
            break
    told = [tell(connection, gathering_id) for gathering_id in list(wanted)[offset:]]
    return [gathering for gathering in told if gathering is not None]


def tell(connection: sqlite3.Connection, gathering_id: str) -> dict[str, Any] | None:
    """One gathering: its fullest title, its tellings, who took part, where the articles disagree; None if all were rejected."""
    tellings = rows(
        connection,
        """SELECT m.*, a.title AS article_title, a.source, a.published_at FROM gatherings g
           JOIN meetings m ON m.meeting_id = g.meeting_id
           JOIN articles a ON a.article_id = m.article_id AND a.revision = m.revision
           WHERE g.gathering_id = ? ORDER BY length(m.title) DESC, m.meeting_id""",
        (gathering_id,),
    )
    if not tellings:
        return None
    people: dict[str, dict[str, Any]] = {}
    chairs: dict[str, list[str]] = defaultdict(list)
    for telling in tellings:
        for part in rows(
            connection,
            "SELECT official, person_id, role FROM participations WHERE meeting_id = ? ORDER BY start",
            (telling["meeting_id"],),
        ):
            entry = people.setdefault(part["person_id"], {**part, "roles": []})
            if part["role"] not in entry["roles"]:
                entry["roles"].append(part["role"])
            if part["role"] == "chair":
                chairs[telling["meeting_id"]].append(part["official"])
    first = tellings[0]
    values = {n: next((t[n] for t in tellings if t[n]), None) for n in (*_COMPARED, "start_date", "end_date", "kind")}
    order = {"chair": 0, "speaker": 1, "attendee": 2}
    return {
        **values,
        "gathering_id": gathering_id,
        "title": first["title"],
        "tellings": tellings,
        "people": sorted(people.values(), key=lambda p: min(order[r] for r in p["roles"])),
        "disagreements": _disagreements(tellings, chairs),
    }


def _disagreements(tellings: list[dict[str, Any]], chairs: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """What the articles say differently: column, and each telling's value; silence is no disagreement."""
    found = []
    for name in (*_COMPARED, "chair"):
        said = [(t, ", ".join(chairs.get(t["meeting_id"], [])) if name == "chair" else t[name]) for t in tellings]
        said = [(telling, value) for telling, value in said if value]
        if len({value for _, value in said}) > 1:
            found.append({"column": name, "said": [{"telling": t, "value": v} for t, v in said]})
    return found


def month_view(connection: sqlite3.Connection, month: str, filters: Mapping[str, str | None]) -> dict[str, Any]:
    """A month as weeks of days, Monday first, each day with its gatherings."""
    year, number = int(month[:4]), int(month[5:7])
    last = calendar.monthrange(year, number)[1]
    inside = {**filters, "from": f"{month}-01", "to": f"{month}-{last:02}"}
    by_day: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for gathering in gatherings(connection, inside, 400, 0, ascending=True):
        by_day[gathering["start_date"]].append(gathering)
    weeks = [
        [
            {
                "day": d,
                "inside": d.month == number,
                "gatherings": by_day.get(d.isoformat(), []) if d.month == number else [],
            }
            for d in week
        ]
        for week in calendar.Calendar().monthdatescalendar(year, number)
    ]
    before = date(year - (number == 1), 12 if number == 1 else number - 1, 1)
    after = date(year + (number == 12), 1 if number == 12 else number + 1, 1)
    return {"month": month, "weeks": weeks, "before": before.isoformat()[:7], "after": after.isoformat()[:7]}


def _filters(request: Any) -> dict[str, str | None]:
    found = {name: request.args.get(name) or None for name in ("kind", "status", "source", "q")}
    return found | {name: iso_day(request.args.get(name)) for name in ("from", "to")}


async def view(datasette: Any, request: Any) -> Any:
    """GET /meetings"""
    filters = _filters(request)
    offset = (page_number(request) - 1) * PAGE_SIZE

    def load(connection: sqlite3.Connection) -> dict[str, Any]:
        return {"gatherings": gatherings(connection, filters, PAGE_SIZE + 1, offset), "sources": sources(connection)}

    found = await read(datasette, load)
    entries = found.pop("gatherings")
    context = {
        "gatherings": entries[:PAGE_SIZE],
        "paging": paging(request, len(entries)),
        "filters": filters,
        "kinds": KINDS,
    }
    return await render(datasette, request, "explorer_meetings.html", {**context, **found})


async def view_calendar(datasette: Any, request: Any) -> Any:
    """GET /meetings/calendar?month=2023-01"""
    filters = _filters(request)
    asked = iso_day(f"{request.args.get('month') or ''}-01")

    def load(connection: sqlite3.Connection) -> dict[str, Any]:
        latest = connection.execute(
            "SELECT MAX(start_date) FROM meeting_list WHERE start_date <= ?", (today().isoformat(),)
        ).fetchone()[0]
        month = (asked or latest or today().isoformat())[:7]
        return {**month_view(connection, month, filters), "sources": sources(connection)}

    found = await read(datasette, load)
    context = {"filters": filters, "kinds": KINDS, "today": today()}
    return await render(datasette, request, "explorer_calendar.html", {**context, **found})


async def view_one(datasette: Any, request: Any) -> Any:
    """GET /meetings/ID"""
    gathering_id = request.url_vars["gathering"]

    gathering = await read(datasette, lambda connection: tell(connection, gathering_id))
    if gathering is None:
        return await render(datasette, request, "explorer_missing.html", {}, status=404)
    return await render(
        datasette, request, "explorer_meeting.html", {"gathering": gathering, "today": today().isoformat()}
    )
