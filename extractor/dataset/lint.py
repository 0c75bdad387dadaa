"""Findings that a person should look at: rows that contradict the calendar, their article, or each other."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from extractor.dataset.people_merge import SINGLE

LINT_DDL = """
CREATE TABLE IF NOT EXISTS lint (
    code TEXT NOT NULL, table_name TEXT NOT NULL, row_id TEXT NOT NULL, article_id TEXT NOT NULL, quote TEXT NOT NULL,
    found TEXT NOT NULL, expected TEXT NOT NULL, PRIMARY KEY (code, row_id)
) WITHOUT ROWID;
"""
CODES = ("weekday", "after_publication", "years", "post_taken", "maybe_same")
_LATEST = "revision = (SELECT MAX(revision) FROM articles a WHERE a.article_id = t.article_id)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what the row says (`found`) and what it contradicts (`expected`)."""

    code: str
    table_name: str
    row_id: str
    article_id: str
    quote: str
    found: str
    expected: str


def findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """All findings of an archive, over the latest revisions.

    - `weekday`: a date whose weekday, as named, is not that day's.
    - `after_publication`: a meeting said to have been held after its article appeared.
    - `years`: an anniversary whose count is not the difference of its years.
    - `post_taken`: a post that another person is seen to hold before and after.
    - `maybe_same`: two persons that may be one; the row is the one person, `article_id` the first article that names it,
      `found` the reason ("marks", "letter", "syllable", "short", "moved"), `expected` the other person's id and name.
    """
    rows = connection.execute(
        f"SELECT date_id, article_id, quote, start_date FROM dates t WHERE weekday_conflict = 1 AND {_LATEST} ORDER BY 1"
    )
    for row_id, article_id, quote, start in rows:
        yield Finding("weekday", "dates", row_id, article_id, quote, quote, start or "")
    rows = connection.execute(
        f"""SELECT meeting_id, t.article_id, quote, start_date, substr(published_at, 1, 10) FROM meetings t
            JOIN articles b ON b.article_id = t.article_id AND b.revision = t.revision
            WHERE status = 'held' AND start_date > substr(published_at, 1, 10) AND t.{_LATEST} ORDER BY 1"""
    )
    for row_id, article_id, quote, start, published in rows:
        yield Finding("after_publication", "meetings", row_id, article_id, quote, start, published or "")
    rows = connection.execute(
        f"""SELECT anniversary_id, article_id, quote, years, origin_date, anniversary_date FROM anniversaries t
            WHERE consistent = 0 AND {_LATEST} ORDER BY 1"""
    )
    for row_id, article_id, quote, years, origin, day in rows:
        yield Finding("years", "anniversaries", row_id, article_id, quote, str(years), f"{day[:4]} − {origin[:4]}")
    yield from _taken_posts(connection)
    yield from _maybe_same(connection)


def _taken_posts(connection: sqlite3.Connection) -> Iterator[Finding]:
    marks = ", ".join("?" * len(SINGLE))
    rows = connection.execute(
        f"""SELECT t.title, t.organisation, coalesce(t.place, b.source), t.as_of, t.person_id, t.position_id, t.article_id,
                   t.quote, p.name
            FROM positions t JOIN articles b ON b.article_id = t.article_id AND b.revision = t.revision
            JOIN people p ON p.person_id = t.person_id
            WHERE t.status = 'current' AND t.as_of IS NOT NULL AND t.organisation IS NOT NULL AND t.title IN ({marks})
              AND coalesce(t.place, b.source) IS NOT NULL AND t.{_LATEST} ORDER BY 1, 2, 3, t.as_of, t.position_id""",
        SINGLE,
    )
    for _, told in groupby(rows, key=itemgetter(0, 1, 2)):
        seen_rows = [seen for _title, _organisation, _place, *seen in told]
        if len({person for _, person, *_ in seen_rows}) < 2:
            continue
        spans: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for as_of, person, _id, _article, _quote, name in seen_rows:
            spans.setdefault(person, [as_of, as_of])[1] = as_of
            names[person] = name
        for as_of, person, row_id, article_id, quote, name in seen_rows:
            holder = next((p for p, (first, last) in spans.items() if p != person and first < as_of < last), None)
            if holder is not None:
                yield Finding("post_taken", "positions", row_id, article_id, f"{name}: {quote}", as_of, names[holder])


def _maybe_same(connection: sqlite3.Connection) -> Iterator[Finding]:
    rows = connection.execute(
        """SELECT m.person_id, p.name, p.latest_positions, m.reason, group_concat(q.person_id || ' ' || q.name, '; '),
                  (SELECT min(article_id) FROM officials o WHERE o.person_id = m.person_id)
           FROM (SELECT * FROM people_maybe ORDER BY person_id, other_id) m
           JOIN people p ON p.person_id = m.person_id JOIN people q ON q.person_id = m.other_id
           GROUP BY m.person_id ORDER BY 1"""
    )
    for person, name, positions, reason, others, article_id in rows:
        posts = "; ".join(json.loads(positions or "[]"))
        yield Finding(
            "maybe_same", "people", person, article_id or "", f"{name}: {posts}" if posts else name, reason, others
        )


def update_lint(connection: sqlite3.Connection) -> int:
    """Find everything anew.

    Args:
        connection: a connection that may write; the caller commits.

    Returns:
        The number of findings.
    """
    connection.execute("DELETE FROM lint")
    found = connection.executemany(
        "INSERT OR IGNORE INTO lint VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((f.code, f.table_name, f.row_id, f.article_id, f.quote, f.found, f.expected) for f in findings(connection)),
    )
    return found.rowcount
