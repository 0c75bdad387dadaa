"""Full-text search over the articles, with or without diacritics, the accented match first.

The index is two FTS5 tables without content of their own: the search forms of the words with their places, by which phrases are
found and hits ranked, and the words as written (small letters) without places, which tell whether the diacritics agree.
A phrase is taken to be there as written when its search form is there and all its words are there as written. SQLite's own
`remove_diacritics` does not fold "đ", so folding is done here.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractor.model import Article
from extractor.text import canonical_text, fold_letters

SEARCH_DDL = """
CREATE TABLE IF NOT EXISTS indexed_articles (
    row INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS folded_words USING fts5 (
    words, content='', tokenize="unicode61 remove_diacritics 0"
);
CREATE VIRTUAL TABLE IF NOT EXISTS written_words USING fts5 (
    words, content='', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0"
);
DROP TABLE IF EXISTS article_search;
DROP TABLE IF EXISTS search_rows
"""
RANKED = 4000
"""How many matches are ranked; ranking has to look at each."""
_FEW = 6000
"""How many given articles are looked up one by one rather than passed on the way through all."""
_WORD = re.compile(r"\"([^\"]*)\"|(\S+)")
_TOKEN = re.compile(r"\w+")
_LATIN = re.compile("[0-9a-zß-öø-ɏḁ-ỿ]+")
"""Words that can carry Vietnamese diacritics; of others the table without places could take one for a phrase, and refuse it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found: `snippet` is its words around the match, in pieces (text, is it marked)."""

    article_id: str
    revision: int
    accented: bool
    snippet: tuple[tuple[str, bool], ...]


def update_index(connection: sqlite3.Connection, limit: int | None = None) -> int:
    """Bring the index up to the latest revision of every article.

    Args:
        connection: a connection that may write; the caller commits.
        limit: at most so many articles, for a caller that reports progress.

    Returns:
        How many articles were indexed anew.
    """
    stale = connection.execute(
        """SELECT a.rowid, s.row, s.revision FROM articles a LEFT JOIN indexed_articles s ON s.article_id = a.article_id
           WHERE (s.revision IS NULL OR s.revision < a.revision)
             AND NOT EXISTS (SELECT 1 FROM articles x WHERE x.article_id = a.article_id AND x.revision > a.revision)
           ORDER BY a.rowid LIMIT ?""",
        (-1 if limit is None else limit,),
    ).fetchall()
    for article, row, indexed in stale:
        article_id, revision, text = connection.execute(
            "SELECT article_id, revision, text FROM articles WHERE rowid = ?", (article,)
        ).fetchone()
        if row is not None:
            # Without content FTS5 must be told the words that it is to forget.
            (old,) = connection.execute(
                "SELECT text FROM articles WHERE article_id = ? AND revision = ?", (article_id, indexed)
            ).fetchone()
            for table, words in _words(old):
                connection.execute(f"INSERT INTO {table} ({table}, rowid, words) VALUES ('delete', ?, ?)", (row, words))
            connection.execute("DELETE FROM indexed_articles WHERE row = ?", (row,))
        _index(connection, article_id, revision, text, row)
    return len(stale)


def index_new(connection: sqlite3.Connection, articles: Iterable[Article]) -> None:
    """Index articles that were just stored as their first revision, in their order; the caller commits."""
    for article in articles:
        _index(connection, article.article_id, article.revision, article.text)


def _index(connection: sqlite3.Connection, article_id: str, revision: int, text: str, row: int | None = None) -> None:
    """Put an article into the index, into the row that it had or, without one, into a new one."""
    row = connection.execute("INSERT INTO indexed_articles VALUES (?, ?, ?)", (row, article_id, revision)).lastrowid
    for table, words in _words(text):
        connection.execute(f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", (row, words))


def _words(text: str) -> tuple[tuple[str, str], ...]:
    """What each table of the index is given of an article."""
    return ("folded_words", fold_letters(text)), ("written_words", text.lower())


def match_expressions(query: str) -> tuple[str, str] | None:
    """A user's words as FTS5 expressions: all words must be there, quoted words as a phrase.

    Args:
        query: what was typed; nothing in it is an operator.

    Returns:
        One for `folded_words` and one for `written_words`, "" if there is nothing to compare; None when there is no word
        in the query.
    """
    query = canonical_text(query).replace("\n", " ")
    phrases = [_TOKEN.findall(quoted or bare) for quoted, bare in _WORD.findall(query)]
    folded = [f'"{fold_letters(" ".join(phrase))}"' for phrase in phrases if phrase]
    written = [f'"{word}"' for word in _LATIN.findall(query.lower())]
    return (" AND ".join(folded), " AND ".join(written)) if folded else None


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    where: str = "1",
    values: tuple[object, ...] = (),
    among: frozenset[str] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> list[Hit]:
    """Find articles: those that match as written first, then those that match without diacritics.

    The best come first; where more than `RANKED` match, the words say too little to rank by, and the newest come first.

    Args:
        connection: a connection to the archive.
        query: words, or a phrase in double quotes.
        where: a condition on the `articles` row `a`, from code, never from a user; `values` are its parameters.
        values: the parameters of `where`.
        among: only articles of these ids.
        limit: at most so many hits.
        offset: how many to pass over.

    Returns:
        The hits.
    """
    expressions = match_expressions(query)
    found: dict[str, tuple[int, bool]] = {}
    if expressions is not None:
        folded = _matched(connection, "folded_words", expressions[0])
        written = _matched(connection, "written_words", expressions[1]) if expressions[1] else folded
        for matched, accented in ((folded & written, True), (folded, False)):
            if len(found) >= offset + limit:
                break
            for article_id, revision in _in_order(connection, matched, expressions[0], where, values, among):
                found.setdefault(article_id, (revision, accented))
                if len(found) >= offset + limit:
                    break
    hits = []
    for article_id, (revision, accented) in list(found.items())[offset : offset + limit]:
        (text,) = connection.execute(
            "SELECT text FROM articles WHERE article_id = ? AND revision = ?", (article_id, revision)
        ).fetchone()
        hits.append(Hit(article_id, revision, accented, tuple(snippet(text, query))))
    return hits


def _matched(connection: sqlite3.Connection, table: str, expression: str) -> set[int]:
    """The numbers of the articles that match in one table of the index."""
    return {row for (row,) in connection.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (expression,))}


def _in_order(
    connection: sqlite3.Connection,
    matched: set[int],
    expression: str,
    where: str,
    values: tuple[object, ...],
    among: frozenset[str] | None,
) -> Iterator[tuple[str, int]]:
    """The matched articles, with their revision, in the order in which they are shown; `expression` ranks them."""
    if len(matched) > RANKED:
        for article_id, revision, row in newest(connection, where, values, among):
            if row in matched:
                yield article_id, revision
    elif matched:
        # The plus keeps SQLite from asking the index once for each number, which evaluates a phrase as often.
        ranked = connection.execute(
            f"""SELECT a.article_id, a.revision FROM folded_words f JOIN indexed_articles s ON s.row = f.rowid
                JOIN articles a ON a.article_id = s.article_id AND a.revision = s.revision
                WHERE folded_words MATCH ? AND +f.rowid IN (SELECT value FROM json_each(?)) AND {where}
                ORDER BY f.rank, s.row""",
            (expression, json.dumps(sorted(matched)), *values),
        )
        yield from ((a, r) for a, r in ranked if among is None or a in among)


def newest(
    connection: sqlite3.Connection, where: str, values: tuple[object, ...], among: frozenset[str] | None
) -> Iterator[tuple[str, int, int]]:
    """Articles in their latest revision, the newest first.

    Args:
        connection: a connection to the archive.
        where: a condition on the `articles` row `a`, from code; `values` are its parameters.
        values: the parameters of `where`.
        among: only articles of these ids.

    Yields:
        Id, revision, and number in the search index.
    """
    sql = f"""SELECT a.article_id, a.revision, s.row, a.published_at FROM articles a
              JOIN indexed_articles s ON s.article_id = a.article_id AND s.revision = a.revision WHERE {where}"""
    if among is None or len(among) > _FEW:
        for article_id, revision, row, _ in connection.execute(
            f"{sql} ORDER BY a.published_at DESC, a.article_id", values
        ):
            if among is None or article_id in among:
                yield article_id, revision, row
        return
    found: list[tuple[str, str, int, int]] = []
    wanted = sorted(among)
    for at in range(0, len(wanted), 400):
        some = wanted[at : at + 400]
        rows = connection.execute(f"{sql} AND a.article_id IN ({', '.join('?' * len(some))})", (*values, *some))
        found += [(published or "", article_id, revision, row) for article_id, revision, row, published in rows]
    found.sort(key=lambda f: f[1])
    found.sort(key=lambda f: f[0], reverse=True)
    yield from ((article_id, revision, row) for _, article_id, revision, row in found)


def snippet(text: str, query: str, width: int = 240) -> Iterator[tuple[str, bool]]:
    """The part of a text that holds most of a query's words, in pieces.

    Args:
        text: an article's text.
        query: what was searched.
        width: about how many characters.

    Yields:
        (piece, is it one of the query's words).
    """
    words = set(_TOKEN.findall(fold_letters(canonical_text(query))))
    folded = fold_letters(text)
    places = [m.span() for m in _TOKEN.finditer(folded) if m.group() in words]
    if not places:
        yield text[:width], False
        return

    def worth(first: int) -> tuple[int, int]:
        inside = {folded[s:e] for s, e in places[first : first + 40] if e - places[first][0] <= width}
        return len(inside), -first

    at = places[max(range(min(len(places), 400)), key=worth)][0]
    begin = max(0, text.rfind(" ", 0, max(0, at - 40)) + 1) if at > 40 else 0
    end = begin + width if begin + width < len(text) else len(text)
    end = text.find(" ", end) if text.find(" ", end) > 0 else len(text)
    if begin:
        yield "… ", False
    cursor = begin
    for start, stop in places:
        if begin <= start and stop <= end:
            if start > cursor:
                yield text[cursor:start], False
            yield text[start:stop], True
            cursor = stop
    yield text[cursor:end] + (" …" if end < len(text) else ""), False
