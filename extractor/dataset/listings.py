"""What the explorer's lists read: narrow tables in the order in which they are shown, and words to find rows by.

A list of 100,000 articles' meetings or targets cannot be filtered, folded and sorted anew for each page. All these tables are
worked out from the rows (`update_listings`); they hold nothing that is not there.
"""

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from extractor.dataset.upcoming import commemorated_days
from extractor.text import fold

LISTINGS_DDL = """
CREATE TABLE IF NOT EXISTS meeting_list (
    row INTEGER PRIMARY KEY, gathering_id TEXT NOT NULL, article_id TEXT NOT NULL, start_date TEXT, kind TEXT, status TEXT, source TEXT
);
CREATE INDEX IF NOT EXISTS meeting_list_day ON meeting_list (start_date);
CREATE VIRTUAL TABLE IF NOT EXISTS meeting_words USING fts5 (title, content='', detail=none, columnsize=0);
CREATE TABLE IF NOT EXISTS target_list (
    row INTEGER PRIMARY KEY, target_id TEXT NOT NULL, deadline TEXT, source TEXT
);
CREATE VIRTUAL TABLE IF NOT EXISTS target_words USING fts5 (subject, content='', detail=none, columnsize=0);
CREATE VIRTUAL TABLE IF NOT EXISTS target_owners USING fts5 (owner, content='', detail=none, columnsize=0);
CREATE TABLE IF NOT EXISTS result_list (
    source TEXT NOT NULL, unit TEXT NOT NULL, published_at TEXT NOT NULL, target_id TEXT NOT NULL,
    PRIMARY KEY (source, unit, published_at, target_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS returning_days (
    row INTEGER PRIMARY KEY, month INTEGER NOT NULL, day INTEGER NOT NULL, lunar INTEGER NOT NULL, origin TEXT,
    n_articles INTEGER NOT NULL, anniversary_id TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS people_list (row INTEGER PRIMARY KEY, person_id TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS posts (post INTEGER PRIMARY KEY, title TEXT NOT NULL, words TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS holders_of_posts (
    post INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES people_list (row), first_on TEXT NOT NULL, last_on TEXT NOT NULL,
    PRIMARY KEY (post, person)
) WITHOUT ROWID;
DROP TABLE IF EXISTS post_holders;
DROP INDEX IF EXISTS gatherings_day;
DROP INDEX IF EXISTS targets_deadline;
DROP INDEX IF EXISTS targets_results
"""
_LATEST = "NOT EXISTS (SELECT 1 FROM articles x WHERE x.article_id = t.article_id AND x.revision > t.revision)"
_WORD = re.compile(r"\w+")


def words_expression(query: str) -> str | None:
    """Words as an FTS5 expression: all must be there, with or without diacritics, the last one may be cut off.

    Returns:
        The expression; None where there is no word.
    """
    words = _WORD.findall(fold(query))
    return " AND ".join([*(f'"{w}"' for w in words[:-1]), f'"{words[-1]}"*']) if words else None


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    return fold(text)


def update_listings(connection: sqlite3.Connection) -> None:
    """Work out all lists anew.

    Args:
        connection: a connection that may write, after persons and gatherings are up to date; the caller commits.
    """
    _meetings(connection)
    _targets(connection)
    _returning(connection)
    connection.execute("DELETE FROM people_list")
    people = connection.execute("SELECT person_id, name FROM people ORDER BY n_articles DESC, name, person_id")
    connection.executemany(
        "INSERT INTO people_list (person_id, folded) VALUES (?, ?)", ((p, _folded(name)) for p, name in people)
    )
    _posts(connection)


def _numbered(rows: sqlite3.Cursor) -> Iterator[list[tuple[int, Any]]]:
    """A query's rows with their numbers from 1, some at a time, so that no list of all of them is needed."""
    numbered = enumerate(rows, 1)
    while some := list(islice(numbered, 1000)):
        yield some


def _meetings(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        """SELECT g.gathering_id, m.article_id, g.start_date, m.kind, m.status, a.source, m.title FROM gatherings g
           JOIN meetings m ON m.meeting_id = g.meeting_id
           JOIN articles a ON a.article_id = m.article_id AND a.revision = m.revision
           ORDER BY g.start_date IS NULL, g.start_date DESC, g.gathering_id, m.meeting_id"""
    )
    connection.execute("DELETE FROM meeting_list")
    connection.execute("INSERT INTO meeting_words (meeting_words) VALUES ('delete-all')")
    for some in _numbered(rows):
        connection.executemany("INSERT INTO meeting_list VALUES (?, ?, ?, ?, ?, ?, ?)", [(n, *r[:6]) for n, r in some])
        connection.executemany(
            "INSERT INTO meeting_words (rowid, title) VALUES (?, ?)", [(n, _folded(r[6])) for n, r in some]
        )


def _targets(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        f"""SELECT t.target_id, t.deadline, a.source, t.subject, t.quote, t.owner FROM targets t
            JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision
            WHERE t.status = 'target' AND a.duplicate_of IS NULL AND {_LATEST}
            ORDER BY t.deadline IS NULL, t.deadline, t.owner IS NULL, t.owner, t.target_id"""
    )
    connection.execute("DELETE FROM target_list")
    for table in ("target_words", "target_owners"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    for some in _numbered(rows):
        connection.executemany("INSERT INTO target_list VALUES (?, ?, ?, ?)", [(n, *r[:3]) for n, r in some])
        connection.executemany(
            "INSERT INTO target_words (rowid, subject) VALUES (?, ?)",
            [(n, _folded(f"{r[3] or ''} {r[4]}")) for n, r in some],
        )
        connection.executemany(
            "INSERT INTO target_owners (rowid, owner) VALUES (?, ?)", [(n, _folded(r[5])) for n, r in some if r[5]]
        )
    connection.execute("DELETE FROM result_list")
    connection.execute(
        f"""INSERT OR IGNORE INTO result_list SELECT coalesce(a.source, ''), coalesce(t.unit, ''), a.published_at, t.target_id
            FROM targets t JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision
            WHERE t.status = 'result' AND a.published_at IS NOT NULL AND {_LATEST}"""
    )


def _returning(connection: sqlite3.Connection) -> None:
    """Each commemorated day once, with the latest row that tells of it."""
    connection.execute("DELETE FROM returning_days")
    connection.executemany(
        "INSERT INTO returning_days (month, day, lunar, origin, n_articles, anniversary_id) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (e.partial.month, e.partial.day, int(e.partial.lunar), e.origin, len(e.articles), e.row[0])
            for e in list(commemorated_days(connection))
        ],
    )


def _posts(connection: sqlite3.Connection) -> None:
    """Posts with all words by which they are called, and who is seen to hold each from when to when."""
    rows = connection.execute(
        """SELECT title, coalesce(organisation, ''), coalesce(place, ''), quote, l.row, min(as_of), max(as_of)
           FROM positions t JOIN people_list l ON l.person_id = t.person_id
           WHERE status <> 'former' AND as_of IS NOT NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3"""
    )
    connection.execute("DELETE FROM posts")
    connection.execute("DELETE FROM holders_of_posts")
    for number, (post, told) in enumerate(groupby(rows, key=itemgetter(0, 1, 2)), 1):
        words = set(_folded(" ".join(post)).split())
        spans: dict[int, tuple[str, str]] = {}
        for *_, quote, person, first, last in told:
            words.update(_folded(quote).split())
            had = spans.get(person, (first, last))
            spans[person] = (min(had[0], first), max(had[1], last))
        connection.execute("INSERT INTO posts VALUES (?, ?, ?)", (number, post[0], " ".join(sorted(words))))
        connection.executemany(
            "INSERT INTO holders_of_posts VALUES (?, ?, ?, ?)",
            [(number, p, *span) for p, span in sorted(spans.items())],
        )
