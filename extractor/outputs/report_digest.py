"""Reads a digest from an archive: what belongs to a period, and what comes after it."""

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from extractor.dataset.upcoming import commemorated_days
from extractor.outputs.labels import value_label
from extractor.outputs.report_data import (
    AHEAD,
    ARTICLE,
    CURRENT,
    Commemoration,
    Digest,
    Goal,
    Meeting,
    Note,
    Row,
    guests_of,
    iso_date,
    meeting_key,
    meeting_of,
    merged,
    note_of,
    rows_of,
    sentence,
    tellings,
)
from extractor.rules import RuleSet
from extractor.text import fold_tones
from extractor.values.commemorations import next_return


def read_digest(connection: sqlite3.Connection, since: date, until: date, source: str | None, rules: RuleSet) -> Digest:
    """Collect a digest.

    A gathering belongs to the period if one of its days does, whenever it was told of; one without a day if its
    article was published in the period. Goals and results stand with the gathering after whose naming the article
    states them; those of the period's articles that tell of none stand apart. What comes next is what articles
    published until the period's end announce for the 30 days after it, and the yearly returns in these days.

    Args:
        connection: a connection to the archive.
        since: the period's first day.
        until: its last day.
        source: only articles of this site.
        rules: the rules, for the order of rank.
    """
    days = (since.isoformat(), until.isoformat())
    held = merged(
        tellings(
            connection,
            """(t.start_date <= ? AND coalesce(t.end_date, t.start_date) >= ?)
               OR (t.start_date IS NULL AND substr(a.published_at, 1, 10) BETWEEN ? AND ?)""",
            (days[1], days[0], *days),
            source,
        )
    )
    rows = _goals(connection, days, source, {row["article_id"] for told in held for row in told})
    placed = _placed(connection, rows)
    shown = {row["meeting_id"]: told[0]["gathering_id"] for told in held for row in told}
    by_gathering: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        gathering = shown.get(placed.get(row["target_id"], ""))
        if gathering is not None or days[0] <= (row["published_at"] or "")[:10] <= days[1]:
            by_gathering[gathering].append(row)
    corrected = _corrected(connection)

    def goals(gathering: str | None, status: str) -> tuple[Goal, ...]:
        return _as_goals([r for r in by_gathering[gathering] if r["status"] == status], corrected)

    def full(told: list[Row]) -> Meeting:
        meeting = meeting_of(told)
        ours = meeting.gathering_id
        return replace(
            meeting, guests=guests_of(connection, told, rules), targets=goals(ours, "target"), results=goals(ours, "result")
        )  # fmt: skip

    first, last = until + timedelta(days=1), until + timedelta(days=AHEAD)
    return Digest(
        since, until, source, _count(connection, days, source),
        meetings=tuple(sorted(map(full, held), key=meeting_key)),
        targets=goals(None, "target"), results=goals(None, "result"),
        marked=_marked(connection, days, source),
        planned=_planned(connection, first, last, source, rules),
        coming=_coming(connection, first, last, source),
    )  # fmt: skip


def _planned(
    connection: sqlite3.Connection, first: date, last: date, source: str | None, rules: RuleSet
) -> tuple[Meeting, ...]:
    """The gatherings between two days that articles published before the first one announce."""
    before = (first - timedelta(days=1)).isoformat()
    told = tellings(
        connection,
        """t.status = 'planned' AND t.start_date BETWEEN ? AND ?
           AND (a.published_at IS NULL OR substr(a.published_at, 1, 10) <= ?)""",
        (first.isoformat(), last.isoformat(), before),
        source,
    )
    meetings = (replace(meeting_of(t), guests=guests_of(connection, t, rules)) for t in merged(told))
    return tuple(sorted(meetings, key=meeting_key))


def _count(connection: sqlite3.Connection, days: tuple[str, str], source: str | None) -> int:
    rows = rows_of(
        connection,
        """SELECT count(DISTINCT article_id) AS n FROM articles WHERE duplicate_of IS NULL
           AND substr(published_at, 1, 10) BETWEEN ? AND ? AND (? IS NULL OR source = ?)""",
        (*days, source, source),
    )
    return int(rows[0]["n"])


def _goals(
    connection: sqlite3.Connection, days: tuple[str, str], source: str | None, articles: Collection[str]
) -> list[Row]:
    """Targets and results of the period's articles and of those that tell of its gatherings, with the article's text."""
    marks = ", ".join("?" * len(articles))
    return rows_of(
        connection,
        f"""SELECT t.*, a.text, {ARTICLE} FROM targets t {CURRENT}
            WHERE a.duplicate_of IS NULL AND (? IS NULL OR a.source = ?)
              AND (substr(a.published_at, 1, 10) BETWEEN ? AND ? OR t.article_id IN ({marks}))
            ORDER BY a.published_at IS NULL, a.published_at, t.article_id, t.start, t.target_id""",
        (source, source, *days, *sorted(articles)),
    )


def _placed(connection: sqlite3.Connection, rows: Iterable[Row]) -> dict[str, str]:
    """For each target the meeting of its article that is named last before it, or else the article's first."""
    found: dict[str, str] = {}
    by_article: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_article[row["article_id"]].append(row)
    for article_id, goals in by_article.items():
        meetings = rows_of(
            connection,
            'SELECT meeting_id, "start" FROM meetings WHERE article_id = ? AND revision = ? ORDER BY "start", meeting_id',
            (article_id, goals[0]["revision"]),
        )
        starts = [m["start"] for m in meetings]
        for goal in goals if meetings else ():
            found[goal["target_id"]] = meetings[max(bisect_right(starts, goal["start"]) - 1, 0)]["meeting_id"]
    return found


def _corrected(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Article and quote of the targets that an editor has corrected."""
    rows = rows_of(
        connection, "SELECT article_id, quote FROM corrections WHERE table_name = 'targets' AND action = 'correct'"
    )
    return {(row["article_id"], row["quote"]) for row in rows}


def _as_goals(rows: Iterable[Row], corrected: Collection[tuple[str, str]]) -> tuple[Goal, ...]:
    """Rows as goals; what several articles state alike is one with all its notes."""
    pooled: dict[tuple[object, ...], tuple[Goal, list[Note]]] = {}
    for row in rows:
        same = [row[n] for n in ("kind", "comparator", "value", "value_max")]
        key = (
            *same,
            *(fold_tones(row[n] or "") for n in ("subject", "unit", "level")),
            not row["subject"] and row["target_id"],
        )
        note = note_of(row, row["target_id"])
        if key in pooled:
            if all(note.article_id != other.article_id for other in pooled[key][1]):
                pooled[key][1].append(note)
            continue
        words = _stated(row) if (row["article_id"], row["quote"]) in corrected else _clause(row)
        pooled[key] = (Goal(words, iso_date(row["deadline"]), row["owner"], ()), [note])
    return tuple(replace(goal, notes=tuple(notes)) for goal, notes in pooled.values())


def _clause(row: Row) -> str:
    """The goal as worded; where the row knows no subject, the sentence around it, which names it."""
    words = row["quote"] if row["subject"] else sentence(row["text"], row["start"], row["end"])
    return words[:1].upper() + words[1:]


def _stated(row: Row) -> str:
    """A corrected goal from its columns, as the quote no longer says what holds."""
    if row["kind"] == "level":
        return f"{row['subject'] or ''}: {row['level'] or ''}".strip(": ")
    numbers = [number(row[n]) for n in ("value", "value_max") if row[n] is not None]
    sign = (
        value_label(row["comparator"], "vi", "comparator")
        if row["comparator"] not in (None, "eq", "between", "ge")
        else ""
    )
    sign = "ít nhất" if row["comparator"] == "ge" else sign
    stated = " ".join(part for part in (sign, "–".join(numbers), row["unit"] or "") if part).replace(" %", "%")
    return f"{row['subject']}: {stated}" if row["subject"] else stated


def number(value: float) -> str:
    """A number as Vietnamese writes it: "1.234,5"."""
    plain = f"{value:,.10f}".rstrip("0").rstrip(".")
    return plain.translate(str.maketrans(",.", ".,"))


def _marked(connection: sqlite3.Connection, days: tuple[str, str], source: str | None) -> tuple[Commemoration, ...]:
    """Commemorated days that the period's articles speak of, each once."""
    rows = rows_of(
        connection,
        f"""SELECT t.*, {ARTICLE} FROM anniversaries t {CURRENT}
            WHERE a.duplicate_of IS NULL AND (? IS NULL OR a.source = ?) AND substr(a.published_at, 1, 10) BETWEEN ? AND ?
            ORDER BY a.published_at, t.article_id, t.start, t.anniversary_id""",
        (source, source, *days),
    )
    pooled: dict[tuple[str, int | None], list[Row]] = defaultdict(list)
    for row in rows:
        pooled[fold_tones(row["event"]).strip(" ."), row["years"]].append(row)
    found = []
    for told in pooled.values():
        day = next((r["anniversary_date"] for r in told if r["anniversary_date"]), None)
        notes = {r["article_id"]: note_of(r, r["anniversary_id"]) for r in reversed(told)}
        found.append(
            Commemoration(
                told[0]["event"].strip(" ."), iso_date(day) if day and len(day) == 10 else None, told[0]["years"],
                next((r["origin_date"] for r in told if r["origin_date"]), None), told[0]["calendar"] == "lunar",
                False if any(r["consistent"] == 0 for r in told) else None, tuple(notes.values())[::-1],
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda c: (c.day or date.max, fold_tones(c.event))))


def _coming(connection: sqlite3.Connection, first: date, last: date, source: str | None) -> tuple[Commemoration, ...]:
    """The commemorated days that return within some days, by day."""
    found = []
    for event in commemorated_days(connection):
        day = next_return(event.partial, first - timedelta(days=1))
        if day is None or day > last:
            continue
        rows = rows_of(
            connection,
            f"SELECT t.*, {ARTICLE} FROM anniversaries t {CURRENT} WHERE t.anniversary_id = ? AND (? IS NULL OR a.source = ?)",
            (event.row[0], source, source),
        )
        if not rows:
            continue
        row = rows[0]
        years = day.year - int(event.origin[:4]) if event.origin else None
        notes = (note_of(row, row["anniversary_id"]),)
        found.append(
            Commemoration(row["event"].strip(" ."), day, years or None, event.origin, event.partial.lunar, None, notes)
        )
    return tuple(sorted(found, key=lambda c: (c.day or last, fold_tones(c.event))))
