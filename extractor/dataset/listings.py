"""What the explorer's lists read: narrow tables in the order in which they are shown, and words to find rows by.

A list of 100,000 articles' meetings or targets cannot be filtered, folded and sorted anew for each page. All these tables are
worked out from the rows (`update_listings`); they hold nothing that is not there.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

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
CREATE TABLE IF NOT EXISTS post_holders (
    post INTEGER NOT NULL, person_id TEXT NOT NULL, first_on TEXT NOT NULL, last_on TEXT NOT NULL, PRIMARY KEY (post, person_id)
) WITHOUT ROWID;
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


@lru_cache(maxsize=100_000)
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
        "INSERT INTO people_list (person_id, folded) VALUES (?, ?)",
        [(p, _folded(name)) for p, name in people.fetchall()],
    )
    _posts(connection)


def _fill_words(connection: sqlite3.Connection, table: str, texts: Iterable[tuple[int, str]]) -> None:
    connection.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    column = {"meeting_words": "title", "target_words": "subject", "target_owners": "owner"}[table]
    connection.executemany(f"INSERT INTO {table} (rowid, {column}) VALUES (?, ?)", texts)


def _meetings(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        """SELECT g.gathering_id, m.article_id, g.start_date, m.kind, m.status, a.source, m.title FROM gatherings g
           JOIN meetings m ON m.meeting_id = g.meeting_id
           JOIN articles a ON a.article_id = m.article_id AND a.revision = m.revision
           ORDER BY g.start_date IS NULL, g.start_date DESC, g.gathering_id, m.meeting_id"""
    ).fetchall()
    connection.execute("DELETE FROM meeting_list")
    connection.executemany(
        "INSERT INTO meeting_list VALUES (?, ?, ?, ?, ?, ?, ?)", [(n, *row[:6]) for n, row in enumerate(rows, 1)]
    )
    _fill_words(connection, "meeting_words", [(n, _folded(row[6])) for n, row in enumerate(rows, 1)])


def _targets(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        f"""SELECT t.target_id, t.deadline, a.source, t.subject, t.quote, t.owner FROM targets t
            JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision
            WHERE t.status = 'target' AND a.duplicate_of IS NULL AND {_LATEST}
            ORDER BY t.deadline IS NULL, t.deadline, t.owner IS NULL, t.owner, t.target_id"""
    ).fetchall()
    connection.execute("DELETE FROM target_list")
    connection.executemany(
        "INSERT INTO target_list VALUES (?, ?, ?, ?)", [(n, *row[:3]) for n, row in enumerate(rows, 1)]
    )
    connection.execute("DELETE FROM result_list")
    connection.execute(
        f"""INSERT OR IGNORE INTO result_list SELECT coalesce(a.source, ''), coalesce(t.unit, ''), a.published_at, t.target_id
            FROM targets t JOIN articles a ON a.article_id = t.article_id AND a.revision = t.revision
            WHERE t.status = 'result' AND a.published_at IS NOT NULL AND {_LATEST}"""
    )
    words = [(n, _folded(f"{row[3] or ''} {row[4]}")) for n, row in enumerate(rows, 1)]
    _fill_words(connection, "target_words", words)
    _fill_words(connection, "target_owners", [(n, _folded(row[5])) for n, row in enumerate(rows, 1) if row[5]])


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
        """SELECT title, coalesce(organisation, ''), coalesce(place, ''), quote, person_id, min(as_of), max(as_of) FROM positions
           WHERE status <> 'former' AND as_of IS NOT NULL GROUP BY 1, 2, 3, 4, 5"""
    )
    words: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    spans: dict[tuple[tuple[str, str, str], str], tuple[str, str]] = {}
    for title, organisation, place, quote, person, first, last in rows:
        post = (title, organisation, place)
        words[post].update(_folded(quote).split() if post in words else _folded(f"{quote} {' '.join(post)}").split())
        had = spans.get((post, person), (first, last))
        spans[post, person] = (min(had[0], first), max(had[1], last))
    numbers = {post: n for n, post in enumerate(sorted(words), 1)}
    connection.execute("DELETE FROM posts")
    connection.execute("DELETE FROM post_holders")
    connection.executemany(
        "INSERT INTO posts VALUES (?, ?, ?)",
        [(n, post[0], " ".join(sorted(words[post]))) for post, n in numbers.items()],
    )
    connection.executemany(
        "INSERT INTO post_holders VALUES (?, ?, ?, ?)",
        sorted((numbers[post], person, *span) for (post, person), span in spans.items()),
    )
