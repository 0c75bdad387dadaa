"""What a digest tells: the gatherings, goals, results and commemorated days of a period, each with its sources."""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractor.outputs.rank import Post, Rank, highest
from extractor.rules import RuleSet
from extractor.text import fold_tones

AHEAD = 30
"""Days after the period that "what comes next" looks at."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: the words that say so, and the article they stand in; `row_id` is the row's id in its table."""

    quote: str
    article_id: str
    title: str
    source: str | None
    url: str | None
    published: date | None
    row_id: str


@dataclass(frozen=True, slots=True)
class Guest:
    """An official at a gathering: name, posts as worded, roles (chair, speaker, attendee)."""

    name: str
    posts: tuple[str, ...]
    roles: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """A target or a result in the article's words."""

    words: str
    deadline: date | None
    owner: str | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A gathering, told by one article or several; `hour` is "08:30" where an article gives it."""

    gathering_id: str
    title: str
    host: str | None
    location: str | None
    start: date | None
    end: date | None
    part_of_day: str | None
    hour: str | None
    planned: bool
    notes: tuple[Note, ...]
    day_notes: tuple[Note, ...]
    guests: tuple[Guest, ...] = ()
    targets: tuple[Goal, ...] = ()
    results: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class Commemoration:
    """A commemorated day: marked in an article, or coming on `day`; `origin` is ISO, a day, month or year."""

    event: str
    day: date | None
    years: int | None
    origin: str | None
    lunar: bool
    consistent: bool | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a report tells of a period, in the order in which it is told."""

    since: date
    until: date
    source: str | None
    n_articles: int
    meetings: tuple[Meeting, ...]
    targets: tuple[Goal, ...]
    results: tuple[Goal, ...]
    marked: tuple[Commemoration, ...]
    planned: tuple[Meeting, ...]
    coming: tuple[Commemoration, ...]


ARTICLE = "a.title AS article_title, a.source, a.url, a.published_at"
CURRENT = (
    "JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision"
    " JOIN latest_revisions l ON l.article_id = t.article_id AND l.revision = t.revision"
)


def rows_of(connection: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> list[Row]:
    """The rows of a SELECT as dicts."""
    cursor = connection.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def iso_date(value: str | None) -> date | None:
    """A day from an ISO day or instant."""
    return date.fromisoformat(value[:10]) if value else None


def note_of(row: Mapping[str, Any], row_id: str, quote: str | None = None) -> Note:
    """The footnote of a row that was read together with its article."""
    return Note(
        quote or row["quote"], row["article_id"], row["article_title"], row["source"], row["url"],
        iso_date(row["published_at"]), row_id,
    )  # fmt: skip


def tellings(connection: sqlite3.Connection, where: str, values: Iterable[object], source: str | None) -> list[Row]:
    """Current rows of `meetings` with their article, gathering and date; duplicates of articles are left out.

    Args:
        connection: a connection to the archive.
        where: a condition on `t` (the meeting) and `a` (its article).
        values: the values of its placeholders.
        source: only articles of this site.
    """
    return rows_of(
        connection,
        f"""SELECT t.*, a.text, coalesce(g.gathering_id, t.meeting_id) AS gathering_id, d.value AS date_value, d.quote AS date_quote,
                   {ARTICLE} FROM meetings t {CURRENT}
            LEFT JOIN gatherings g ON g.meeting_id = t.meeting_id LEFT JOIN dates d ON d.date_id = t.date_id
            WHERE a.duplicate_of IS NULL AND (? IS NULL OR a.source = ?) AND ({where})
            ORDER BY a.published_at IS NULL, a.published_at, t.article_id, t.start, t.meeting_id""",
        (source, source, *values),
    )


def merged(rows: Iterable[Row]) -> list[list[Row]]:
    """Tellings by gathering, in the order of the first telling of each."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["gathering_id"]].append(row)
    return list(found.values())


def meeting_of(told: list[Row]) -> Meeting:
    """One gathering from its tellings: the fullest title, and of what the articles leave out what another says."""
    full = sorted(told, key=lambda r: (-len(r["title"]), r["meeting_id"]))

    def first(name: str) -> Any:
        return next((r[name] for r in full if r[name]), None)

    hours = (re.search(r"T(\d\d:\d\d)", r["date_value"] or "") for r in full)
    return Meeting(
        gathering_id=full[0]["gathering_id"], title=full[0]["title"], host=first("host"), location=first("location"),
        start=iso_date(first("start_date")), end=iso_date(first("end_date")), part_of_day=first("part_of_day"),
        hour=next((m[1] for m in hours if m), None), planned=all(r["status"] == "planned" for r in told),
        notes=tuple(note_of(r, r["meeting_id"]) for r in told),
        day_notes=tuple(note_of(r, r["date_id"], r["date_quote"]) for r in told if r["date_quote"]),
    )  # fmt: skip


def meeting_key(meeting: Meeting) -> tuple[Any, ...]:
    """The order of a day: by part of the day and hour, those without one last."""
    parts = ("morning", "noon", "afternoon", "evening", "night")
    part = parts.index(meeting.part_of_day) if meeting.part_of_day in parts else len(parts)
    return meeting.start or date.max, part, meeting.hour or "", fold_tones(meeting.title), meeting.gathering_id


_BREAK = re.compile(r"[.;:!?…](?=\s)|\n")
_MAX_WORDS = 220


def sentence(text: str, start: int, end: int) -> str:
    """The sentence or clause around a span, cut at words' ends where it is very long."""
    before = [m.end() for m in _BREAK.finditer(text, 0, start)]
    after = _BREAK.search(text, end)
    first, last = (before[-1] if before else 0), (after.start() if after else len(text))
    head = tail = ""
    if last - first > _MAX_WORDS:
        if start - first > _MAX_WORDS // 2:
            near = text.find(" ", start - _MAX_WORDS // 2, start)
            first, head = (near + 1 if near >= 0 else start), "… "
        if last - end > _MAX_WORDS // 2:
            near = text.rfind(" ", end, end + _MAX_WORDS // 2)
            last, tail = (near if near >= 0 else end), " …"
    return head + text[first:last].strip(" ,;:-–") + tail


def guests_of(connection: sqlite3.Connection, told: list[Row], rules: RuleSet) -> tuple[Guest, ...]:
    """Who took part in a gathering, in order of rank; equals in the order in which the articles name them.

    Two articles that name the same name at one gathering mean one person, also where the linking over the whole archive
    could not tell; two persons of one name in one article stay two.
    """
    found: dict[str, dict[str, Any]] = {}
    entries: list[dict[str, Any]] = []
    for row in told:
        parts = rows_of(
            connection,
            """SELECT p.*, coalesce(n.name, p.official) AS shown FROM participations p
               LEFT JOIN people n ON n.person_id = p.person_id WHERE p.meeting_id = ? ORDER BY p.start, p.participation_id""",
            (row["meeting_id"],),
        )
        here = {part["person_id"]: part["shown"] for part in parts}
        for person, name in here.items():
            if person not in found:
                others = [
                    e for e in entries if fold_tones(e["name"]) == fold_tones(name) and not e["ids"] & here.keys()
                ]
                entry = (
                    others[0]
                    if others
                    else {"name": name, "ids": set(), "roles": set(), "notes": {}, "worded": [], "posts": []}
                )
                if not others:
                    entries.append(entry)
                entry["ids"].add(person)
                found[person] = entry
        for part in parts:
            entry = found[part["person_id"]]
            entry["roles"].add(part["role"])
            if row["article_id"] not in entry["notes"]:
                words = sentence(row["text"], part["start"], part["end"])
                entry["notes"][row["article_id"]] = note_of(row, part["participation_id"], words)
    for row in {r["article_id"]: r for r in told}.values():
        _add_posts(connection, row, found)
    levels = Counter(p.level for entry in entries for p in entry["posts"] if p.level not in (None, "other"))
    usual = min(levels, key=lambda level: (-levels[level], level)) if levels else None
    ranked: list[tuple[Rank, int, Guest]] = []
    for number, entry in enumerate(entries):
        roles = tuple(role for role in ("chair", "speaker", "attendee") if role in entry["roles"])
        guest = Guest(entry["name"], tuple(entry["worded"]), roles, tuple(entry["notes"].values()))
        ranked.append((highest(entry["posts"], rules, usual), number, guest))
    return tuple(guest for _, _, guest in sorted(ranked, key=lambda r: r[:2]))


def _add_posts(connection: sqlite3.Connection, row: Row, found: dict[str, dict[str, Any]]) -> None:
    """Add what one article says of the guests' posts: the wording of the mention that names most of them."""
    key = (row["article_id"], row["revision"])
    mentions = rows_of(
        connection,
        "SELECT person_id, positions FROM officials WHERE article_id = ? AND revision = ? ORDER BY start",
        key,
    )
    for mention in mentions:
        entry, worded = found.get(mention["person_id"]), json.loads(mention["positions"] or "[]")
        if entry is not None and len(worded) > len(entry["worded"]):
            entry["worded"] = worded
    posts = rows_of(
        connection,
        """SELECT person_id, title, organisation, level, status FROM positions WHERE article_id = ? AND revision = ?
           ORDER BY start, position_id""",
        key,
    )
    for post in posts:
        if post["person_id"] in found:
            held = Post(post["title"], post["organisation"], post["level"], post["status"] == "former")
            found[post["person_id"]]["posts"].append(held)
