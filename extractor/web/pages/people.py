"""People: a page for each, and who held a post on a given day."""

import sqlite3
from collections import defaultdict
from typing import Any

from extractor.text import fold
from extractor.web.base import PAGE_SIZE, iso_day, page_number, paging, read, render, rows

MOST_HOLDERS = 50
"""How many holders of a post are shown; more come only of a post so vague that nobody can mean it."""


def listed(connection: sqlite3.Connection, query: str, offset: int) -> list[dict[str, Any]]:
    """People whose name holds the words, those named most often first."""
    where, values = ("WHERE l.folded LIKE '%' || ? || '%'", (fold(query),)) if fold(query) else ("", ())
    return rows(
        connection,
        f"SELECT p.* FROM people_list l JOIN people p ON p.person_id = l.person_id {where} ORDER BY l.row LIMIT ? OFFSET ?",
        (*values, PAGE_SIZE + 1, offset),
    )


def posts(connection: sqlite3.Connection, person_id: str) -> list[dict[str, Any]]:
    """A person's posts over time, each with its first and last evidence, the latest first."""
    seen = rows(
        connection,
        """SELECT t.title, t.organisation, t.place, t.status, t.as_of, t.quote, t.article_id, t.start, t.position_id
           FROM positions t WHERE person_id = ? ORDER BY as_of, position_id""",
        (person_id,),
    )
    grouped: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in seen:
        # A post named without its place is the same post where the person holds only one of that name.
        grouped[row["title"], row["organisation"] or "", "former" if row["status"] == "former" else ""].append(row)
    found = []
    for rows_of_post in grouped.values():
        longest = max(rows_of_post, key=lambda r: (len(r["quote"]), r["position_id"]))
        place = next((r["place"] for r in rows_of_post if r["place"]), None)
        found.append(
            {**longest, "place": place, "first": rows_of_post[0], "last": rows_of_post[-1], "n": len(rows_of_post)}
        )
    return sorted(found, key=lambda p: (p["last"]["as_of"] or "", p["title"]), reverse=True)


def one(connection: sqlite3.Connection, person_id: str) -> dict[str, Any] | None:
    """All that the archive knows of a person, or None."""
    found = rows(connection, "SELECT * FROM people WHERE person_id = ?", (person_id,))
    if not found:
        return None
    parts = rows(
        connection,
        """SELECT p.role, p.quote, p.article_id, p.start AS part_start, m.title, m.start_date, m.kind, g.gathering_id
           FROM participations p JOIN meetings m ON m.meeting_id = p.meeting_id
           LEFT JOIN gatherings g ON g.meeting_id = m.meeting_id
           WHERE p.person_id = ? ORDER BY m.start_date DESC, m.meeting_id LIMIT 600""",
        (person_id,),
    )
    articles = rows(
        connection,
        """SELECT a.article_id, a.title, a.source, a.published_at, MIN(o.start) AS start FROM officials o
           JOIN articles a ON a.article_id = o.article_id AND a.revision = o.revision
           WHERE o.person_id = ? GROUP BY a.article_id ORDER BY a.published_at DESC LIMIT 200""",
        (person_id,),
    )
    roles: dict[str, list[dict[str, Any]]] = {"chair": [], "speaker": [], "attendee": []}
    for part in parts:
        roles[part["role"]].append(part)
    maybe = rows(
        connection,
        """SELECT DISTINCT p.person_id, p.name, p.latest_positions, m.reason FROM people_maybe m
           JOIN people p ON p.person_id = CASE WHEN m.person_id = ? THEN m.other_id ELSE m.person_id END
           WHERE m.person_id = ? OR m.other_id = ? ORDER BY p.name, p.person_id LIMIT 20""",
        (person_id, person_id, person_id),
    )
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM officials WHERE person_id = ? GROUP BY name ORDER BY count(*) DESC, name LIMIT 12",
            (person_id,),
        )
        if name != found[0]["name"]
    ]
    return {
        "maybe": maybe,
        "names": names,
        "person": found[0],
        "posts": posts(connection, person_id),
        "roles": roles,
        "articles": articles,
    }


def holders(connection: sqlite3.Connection, post: str, day: str) -> list[dict[str, Any]]:
    """Who held a post on a day: named with it before and after, or, failing that, named with it last before.

    Args:
        connection: a connection to the archive.
        post: words of the post as people write them, with or without diacritics.
        day: ISO day.

    Returns:
        People with `certain` (named with the post on both sides of the day) and the evidence.
    """
    words = fold(post).split()
    condition = " AND ".join("t.words LIKE ?" for _ in words)
    if words and "pho" not in words:
        # "chủ tịch" must not find "phó chủ tịch".
        condition += " AND t.title NOT LIKE 'Phó %'"
    seen = rows(
        connection,
        f"""SELECT t.post, t.title, l.person_id, h.first_on, h.last_on FROM posts t
            JOIN holders_of_posts h ON h.post = t.post JOIN people_list l ON l.row = h.person
            WHERE {condition or "0"} AND h.first_on <= ? ORDER BY h.last_on DESC, l.person_id LIMIT 500""",
        [*(f"%{word}%" for word in words), day],
    )
    certain = [row for row in seen if row["last_on"] >= day]
    # Who was named last before; others may have followed who were named before, but not with that post.
    last = max((row["last_on"] for row in seen), default=None)
    found: dict[str, dict[str, Any]] = {}
    for row in certain or [row for row in seen if row["last_on"] == last]:
        if row["person_id"] not in found and len(found) < MOST_HOLDERS:
            found[row["person_id"]] = _evidence(connection, row["person_id"], row["title"], day, bool(certain))
    return sorted(found.values(), key=lambda f: f["name"])


def _evidence(connection: sqlite3.Connection, person_id: str, title: str, day: str, certain: bool) -> dict[str, Any]:
    """A person with the last mention of a title up to a day, and the first one after it."""
    sql = """SELECT t.person_id, p.name, t.as_of, t.quote, t.article_id, t.start, t.position_id FROM positions t
             JOIN people p ON p.person_id = t.person_id
             WHERE t.person_id = ? AND t.title = ? AND t.status <> 'former' AND t.as_of {} ? ORDER BY t.as_of {}, t.position_id LIMIT 1"""
    before = rows(connection, sql.format("<=", "DESC"), (person_id, title, day))[0]
    after = rows(connection, sql.format(">=", ""), (person_id, title, day))
    return {**before, "certain": certain, "after": after[0] if after else None}


async def view(datasette: Any, request: Any) -> Any:
    """GET /people"""
    query, post = (request.args.get("q") or "")[:200], (request.args.get("post") or "")[:200]
    day = iso_day(request.args.get("day"))
    offset = (page_number(request) - 1) * PAGE_SIZE

    def load(connection: sqlite3.Connection) -> dict[str, Any]:
        return {
            "people": listed(connection, query, offset),
            "holders": holders(connection, post, day) if fold(post) and day else None,
        }

    found = await read(datasette, load)
    people = found.pop("people")
    context = {
        "q": query,
        "post": post,
        "day_asked": day,
        "people": people[:PAGE_SIZE],
        "paging": paging(request, len(people)),
    }
    return await render(datasette, request, "explorer_people.html", {**context, **found})


async def view_one(datasette: Any, request: Any) -> Any:
    """GET /people/ID"""
    found = await read(datasette, lambda connection: one(connection, request.url_vars["person"]))
    if found is None:
        return await render(datasette, request, "explorer_missing.html", {}, status=404)
    return await render(datasette, request, "explorer_person.html", found)
