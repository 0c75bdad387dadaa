"""The archive's tables of raw pages and the crawler's queue."""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from extractor.crawl.store import HUBS, Link, SiteState, Visit
from extractor.dataset.archive import Archive
from extractor.dataset.duplicates import SIGNATURES_DDL, mark_duplicates
from extractor.model import Article, RawPage

PAGES_DDL = (
    """
CREATE TABLE IF NOT EXISTS crawl_sites (
    site TEXT PRIMARY KEY, start TEXT NOT NULL, run INTEGER NOT NULL, open INTEGER NOT NULL, frame TEXT,
    begun_at TEXT, finished_at TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS crawl_pages (
    page_id INTEGER PRIMARY KEY, site TEXT NOT NULL, url TEXT NOT NULL, final_url TEXT NOT NULL, status INTEGER NOT NULL,
    headers TEXT NOT NULL, body BLOB NOT NULL, sha256 TEXT NOT NULL, fetched_at TEXT NOT NULL, parsed TEXT
);
CREATE INDEX IF NOT EXISTS crawl_pages_url ON crawl_pages (site, url);
CREATE INDEX IF NOT EXISTS crawl_pages_unparsed ON crawl_pages (site, page_id) WHERE parsed IS NULL;
CREATE TABLE IF NOT EXISTS crawl_queue (
    nth INTEGER PRIMARY KEY, site TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL, pattern TEXT NOT NULL,
    expected INTEGER NOT NULL, priority INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', run INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0, gain INTEGER, target TEXT, page_id INTEGER, etag TEXT, modified TEXT,
    article_id TEXT, digest TEXT, first_at TEXT, checked_at TEXT, due_at TEXT, gone_at TEXT, UNIQUE (site, url)
);
CREATE INDEX IF NOT EXISTS crawl_queue_next ON crawl_queue (site, state, priority, depth, nth);
CREATE INDEX IF NOT EXISTS crawl_queue_pattern ON crawl_queue (site, pattern, state);
CREATE INDEX IF NOT EXISTS crawl_queue_page ON crawl_queue (page_id);
CREATE INDEX IF NOT EXISTS crawl_queue_digest ON crawl_queue (site, digest) WHERE digest IS NOT NULL;
"""
    + SIGNATURES_DDL
)
"""Raw pages with their headers, compressed; the queue with one row for each address ever seen; each site's run.

`crawl_queue.state` is waiting, done, failed, skipped (robots.txt, no page), redirect, trap or gone; a page that vanished
keeps its article and has `gone_at`. `crawl_pages.parsed` is "article" or why the page is none.
"""

_NO_PAGES = ("feed", "sitemap", "api", "other")
_PRIORITY = {"start": 0, "sitemap": 1, "feed": 1, "api": 1}
_SHORTEST, _LONGEST = timedelta(days=1), timedelta(days=60)


class PageStore:
    """The crawler's side of an archive; see `extractor.crawl.store.Store` for what each method does.

    Args:
        archive: opened for writing.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._runs: dict[str, int] = {}
        # A crawl reads each row once or twice; a large cache would only make memory grow.
        archive.connection.execute("PRAGMA cache_size = -16384")

    @property
    def _db(self) -> sqlite3.Connection:
        return self.archive.connection

    def transaction(self) -> AbstractContextManager[Any]:
        """Writes inside become durable together."""
        return self.archive.transaction()

    # Runs

    def begin(self, site: str, start: str, now: str, *, recheck: bool) -> SiteState:
        """Open a site's run, or go on with the one that was broken off."""
        with self.transaction() as db:
            row = db.execute("SELECT run, open, frame FROM crawl_sites WHERE site = ?", (site,)).fetchone()
            run, resumed = (row[0], bool(row[1])) if row else (0, False)
            if not resumed:
                run += 1
                db.execute(
                    "INSERT INTO crawl_sites (site, start, run, open, begun_at) VALUES (?, ?, ?, 1, ?)"
                    " ON CONFLICT (site) DO UPDATE SET start = excluded.start, run = excluded.run, open = 1, begun_at = excluded.begun_at",
                    (site, start, run, now),
                )
                hubs = ", ".join(f"'{kind}'" for kind in HUBS)
                db.execute(
                    "UPDATE crawl_queue SET state = 'waiting', tries = 0, not_before = 0 WHERE site = ? AND state != 'trap'"
                    f" AND (kind IN ({hubs}) OR (depth <= 1 AND article_id IS NULL AND state = 'done') OR state = 'failed'"
                    " OR (state IN ('done', 'gone') AND (due_at <= ? OR ?)))",
                    (site, now, recheck),
                )
            self._runs[site] = run
        return SiteState(run, resumed, frozenset(json.loads(row[2])) if row and row[2] else None)

    def finish(self, site: str, now: str) -> None:
        """Close a site's run."""
        with self.transaction() as db:
            db.execute("UPDATE crawl_sites SET open = 0, finished_at = ? WHERE site = ?", (now, site))

    # The queue

    def add_links(self, site: str, links: Iterable[tuple[Link, int, str]], now: str) -> list[str]:
        """Queue links that are new, wake those that the site says have changed since they were looked at."""
        new: list[str] = []
        with self.transaction() as db:
            for link, depth, pattern in links:
                if not link.expected and self._is_trap(site, pattern):
                    continue
                priority = _PRIORITY.get(link.kind, 2 if link.expected else 3)
                added = db.execute(
                    "INSERT OR IGNORE INTO crawl_queue (site, url, kind, depth, pattern, expected, priority) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (site, link.url, link.kind, depth, pattern, link.expected, priority),
                ).rowcount
                new += [link.url] if added else []
                if not added and link.changed:
                    db.execute(
                        "UPDATE crawl_queue SET state = 'waiting', tries = 0, not_before = 0"
                        " WHERE site = ? AND url = ? AND state IN ('done', 'gone', 'failed') AND run < ? AND datetime(?) > datetime(checked_at)",
                        (site, link.url, self._runs[site], link.changed),
                    )
                if not added and link.expected:
                    db.execute(
                        "UPDATE crawl_queue SET expected = 1 WHERE site = ? AND url = ? AND NOT expected",
                        (site, link.url),
                    )
        return new

    def _is_trap(self, site: str, pattern: str) -> bool:
        query = "SELECT 1 FROM crawl_queue WHERE site = ? AND pattern = ? AND state = 'trap' LIMIT 1"
        return self._db.execute(query, (site, pattern)).fetchone() is not None

    def wake_lists(self, site: str, urls: Iterable[str]) -> None:
        """Make waiting the known addresses that hold no article and were not looked at in this run."""
        with self.transaction() as db:
            db.executemany(
                "UPDATE crawl_queue SET state = 'waiting', tries = 0, not_before = 0"
                " WHERE site = ? AND url = ? AND state = 'done' AND article_id IS NULL AND run < ?",
                [(site, url, self._runs[site]) for url in urls],
            )

    def next(self, site: str, moment: float) -> tuple[Visit | None, float | None]:
        """The next address to ask for; or else the moment at which one may be asked for again."""
        row = self._db.execute(
            "SELECT url, kind, depth, pattern, expected, tries, page_id, etag, modified, article_id FROM crawl_queue"
            " WHERE site = ? AND state = 'waiting' AND not_before <= ? ORDER BY priority, depth, nth LIMIT 1",
            (site, moment),
        ).fetchone()
        if row:
            url, kind, depth, pattern, expected, tries, page_id, etag, modified, article_id = row
            return Visit(url, kind, depth, pattern, bool(expected), tries, page_id, etag, modified, article_id), None
        later = self._db.execute(
            "SELECT min(not_before) FROM crawl_queue WHERE site = ? AND state = 'waiting'", (site,)
        ).fetchone()[0]
        return None, later

    def known(self, site: str, url: str) -> str | None:
        """An address's state, None if it was never seen."""
        row = self._db.execute("SELECT state FROM crawl_queue WHERE site = ? AND url = ?", (site, url)).fetchone()
        return row[0] if row else None

    def target(self, site: str, url: str) -> str | None:
        """Where an address redirects to, None if it does not."""
        row = self._db.execute(
            "SELECT target FROM crawl_queue WHERE site = ? AND url = ? AND state = 'redirect'", (site, url)
        ).fetchone()
        return row[0] if row else None

    def keep(self, site: str, visit: Visit, page: RawPage) -> tuple[int, bool]:
        """Store a page as it came, unless its bytes are those stored last; return its id and whether it is new."""
        digest = hashlib.sha256(page.body).hexdigest()
        named = {k.lower(): v for k, v in page.headers}
        with self.transaction() as db:
            last = db.execute("SELECT sha256 FROM crawl_pages WHERE page_id = ?", (visit.page_id,)).fetchone()
            page_id, new = visit.page_id, False
            if last is None or last[0] != digest:
                new = True
                page_id = db.execute(
                    "INSERT INTO crawl_pages (site, url, final_url, status, headers, body, sha256, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        site, visit.url, page.final_url, page.status, json.dumps(page.headers, ensure_ascii=False),
                        zlib.compress(page.body, 6), digest, page.fetched_at,
                    ),
                ).lastrowid  # fmt: skip
            db.execute(
                "UPDATE crawl_queue SET page_id = ?, etag = ?, modified = ?, first_at = coalesce(first_at, ?) WHERE site = ? AND url = ?",
                (page_id, named.get("etag"), named.get("last-modified"), page.fetched_at, site, visit.url),
            )
        assert page_id is not None
        return page_id, new

    def unchanged(self, site: str, visit: Visit, now: str) -> None:
        """Mark a page that the server calls not modified."""
        self.mark(site, visit, "done", now)

    def mark(
        self, site: str, visit: Visit, state: str, now: str, *, article_id: str | None = None, gain: int | None = None,
        target: str | None = None,
    ) -> None:  # fmt: skip
        """Set an address's state and when to look at it again: the longer it stood unchanged, the later."""
        with self.transaction() as db:
            first = db.execute(
                "SELECT first_at FROM crawl_queue WHERE site = ? AND url = ?", (site, visit.url)
            ).fetchone()[0]
            db.execute(
                "UPDATE crawl_queue SET state = ?, run = ?, tries = 0, checked_at = ?, due_at = ?, gain = coalesce(?, gain), target = ?,"
                " article_id = coalesce(?, article_id), gone_at = CASE WHEN ? = 'gone' THEN coalesce(gone_at, ?) END WHERE site = ? AND url = ?",
                (
                    state,
                    self._runs[site],
                    now,
                    due(first or now, now),
                    gain,
                    target,
                    article_id,
                    state,
                    now,
                    site,
                    visit.url,
                ),
            )

    def retry(self, site: str, visit: Visit, moment: float) -> None:
        """Put an address back until a moment."""
        with self.transaction() as db:
            db.execute(
                "UPDATE crawl_queue SET tries = tries + 1, not_before = ? WHERE site = ? AND url = ?",
                (moment, site, visit.url),
            )

    def note_digest(self, page_id: int, digest: str) -> None:
        """Remember the hash of the article on a page."""
        with self.transaction() as db:
            db.execute("UPDATE crawl_queue SET digest = ? WHERE page_id = ?", (digest[:16], page_id))

    def is_twin(self, site: str, page_id: int) -> bool:
        """Whether a page's article is word for word one that is stored under the same path with another query."""
        row = self._db.execute(
            "SELECT 1 FROM crawl_queue a JOIN crawl_queue b ON b.site = a.site AND b.digest = a.digest AND b.nth < a.nth"
            " WHERE a.site = ? AND a.page_id = ? AND a.pattern = b.pattern"
            " AND substr(a.url, 1, instr(a.url || '?', '?')) = substr(b.url, 1, instr(b.url || '?', '?')) LIMIT 1",
            (site, page_id),
        ).fetchone()
        return row is not None

    def barren(self, site: str, pattern: str) -> tuple[int, int]:
        """How many addresses of a pattern were looked at, and how many brought something."""
        row = self._db.execute(
            "SELECT count(gain), coalesce(sum(gain), 0) FROM crawl_queue WHERE site = ? AND pattern = ? AND state IN ('done', 'redirect')",
            (site, pattern),
        ).fetchone()
        return row[0], row[1]

    def drop_pattern(self, site: str, pattern: str, now: str) -> int:
        """Take a pattern's waiting addresses out of the queue."""
        with self.transaction() as db:
            dropped = db.execute(
                "UPDATE crawl_queue SET state = 'trap', checked_at = ? WHERE site = ? AND pattern = ? AND state = 'waiting' AND NOT expected",
                (now, site, pattern),
            ).rowcount
        return int(dropped)

    # Pages

    def stored(self, site: str) -> int:
        """How many HTML pages of a site are stored."""
        return int(
            self._db.execute(f"SELECT count(*) FROM crawl_pages WHERE site = ? AND {_IS_PAGE}", (site,)).fetchone()[0]
        )

    def parsed(self, page_id: int) -> str | None:
        """What parsing a page came to."""
        row = self._db.execute("SELECT parsed FROM crawl_pages WHERE page_id = ?", (page_id,)).fetchone()
        return row[0] if row else None

    def sample(self, site: str, most: int) -> list[RawPage]:
        """The first HTML pages of a site that were stored."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM crawl_pages WHERE site = ? AND {_IS_PAGE} ORDER BY page_id LIMIT ?", (site, most)
        )
        return [_raw(row) for row in rows]

    def set_frame(self, site: str, frame: frozenset[str]) -> None:
        """Remember a site's frame."""
        with self.transaction() as db:
            db.execute(
                "UPDATE crawl_sites SET frame = ? WHERE site = ?", (json.dumps(sorted(frame), ensure_ascii=False), site)
            )

    def unparsed(self, site: str | None, *, again: bool) -> Iterator[tuple[str, int, bool, RawPage]]:
        """The stored pages that wait for parsing; with `again` the latest one of every address."""
        if again:
            found = f"SELECT max(page_id) FROM crawl_pages WHERE {_IS_PAGE} GROUP BY site, url ORDER BY 1"
            ids = [row[0] for row in self._db.execute(found)]
        else:
            ids = [
                row[0]
                for row in self._db.execute(
                    "SELECT page_id FROM crawl_pages WHERE site = ? AND parsed IS NULL ORDER BY page_id", (site,)
                )
            ]
        for page_id in ids:
            row = self._db.execute(f"SELECT {_COLUMNS}, site FROM crawl_pages WHERE page_id = ?", (page_id,)).fetchone()
            expected = self._db.execute(
                "SELECT max(expected) FROM crawl_queue WHERE page_id = ?", (page_id,)
            ).fetchone()[0]
            yield row[-1], page_id, bool(expected), _raw(row)

    # Articles

    def add_article(self, page_id: int, article: Article) -> Article | None:
        """Store an article that a page holds; None if nothing changed."""
        with self.transaction() as db:
            stored = self.archive.add_article(article)
            db.execute("UPDATE crawl_pages SET parsed = 'article' WHERE page_id = ?", (page_id,))
            db.execute(
                "UPDATE crawl_queue SET article_id = ?, gain = 1 WHERE page_id = ?", (article.article_id, page_id)
            )
        return stored

    def no_article(self, page_id: int, code: str) -> None:
        """Note why a page holds no article."""
        with self.transaction() as db:
            db.execute("UPDATE crawl_pages SET parsed = ? WHERE page_id = ?", (code, page_id))
            # Without the site's frame the page may have been taken for an article.
            db.execute(
                "UPDATE crawl_queue SET article_id = NULL WHERE page_id = ? AND article_id IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.article_id = crawl_queue.article_id)",
                (page_id,),
            )

    def add_problem(self, stage: str, code: str, message: str, *, url: str | None = None) -> None:
        """Note that something failed."""
        self.archive.add_problem(stage, code, message, url=url)

    def solve(self, url: str) -> None:
        """Take back the crawler's problems with an address."""
        with self.transaction() as db:
            db.execute("DELETE FROM problems WHERE url = ? AND stage IN ('crawl', 'parse')", (url,))

    def mark_duplicates(self) -> int:
        """Point articles that repeat another one at the earliest."""
        return mark_duplicates(self.archive)


_COLUMNS = "url, final_url, status, headers, body, fetched_at"
_IS_PAGE = f"(parsed IS NULL OR parsed NOT IN ({', '.join(repr(kind) for kind in _NO_PAGES)}))"


def _raw(row: tuple[Any, ...]) -> RawPage:
    headers = tuple((name, value) for name, value in json.loads(row[3]))
    return RawPage(
        url=row[0], final_url=row[1], status=row[2], headers=headers, body=zlib.decompress(row[4]), fetched_at=row[5]
    )


def read_pages(connection: sqlite3.Connection) -> Iterator[RawPage]:
    """All stored pages, in the order in which they were fetched.

    Args:
        connection: to an archive; one that can only read is enough.
    """
    for row in connection.execute(f"SELECT {_COLUMNS} FROM crawl_pages ORDER BY page_id"):
        yield _raw(row)


def due(first: str, now: str) -> str:
    """When to look at a page again: after half the time for which it is known, at least a day, at most sixty."""
    moment, begun = datetime.fromisoformat(now), datetime.fromisoformat(first)
    wait = min(max((moment - begun) / 2, _SHORTEST), _LONGEST)
    return (moment + wait).strftime("%Y-%m-%dT%H:%M:%SZ")
