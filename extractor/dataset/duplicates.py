"""The same post under two addresses or on two portals: near-identical texts point at the earliest of them.

Candidates are found by MinHash over word shingles with banding (Broder 1997; Leskovec, Rajaraman, Ullman, ch. 3), then
compared exactly. Short notices that repeat with other dates or amounts are no duplicates: their numbers differ.
"""

import re
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from extractor.dataset.archive import Archive
from extractor.text import fold_tones

SIGNATURES_DDL = """
CREATE TABLE IF NOT EXISTS signatures (
    article_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, numbers INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signature_bands (
    band INTEGER NOT NULL, value INTEGER NOT NULL, article_id TEXT NOT NULL, PRIMARY KEY (band, value, article_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS signature_bands_article ON signature_bands (article_id);
"""
BANDS, ROWS = 12, 5
"""Twelve bands of five rows: two texts of likeness 0.85 meet in a band with a chance of 0.9990."""
ALIKE = 0.85
"""The share of common shingles from which two texts are one."""
LONG = 1500
"""Characters from which a text's numbers need not all agree."""
_SHINGLE = 4
_PRIME = (1 << 61) - 1
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


def shingles(text: str) -> frozenset[int]:
    """A text's runs of four words, as hashes; spelling variants of tone marks ("hoá", "hóa") are one word."""
    words = _WORD.findall(fold_tones(text))
    if len(words) < _SHINGLE:
        return frozenset([zlib.crc32(" ".join(words).encode())])
    return frozenset(zlib.crc32(" ".join(words[i : i + _SHINGLE]).encode()) for i in range(len(words) - _SHINGLE + 1))


@cache
def _hashes() -> tuple[Any, Any]:
    """The factors of the hash functions a·x + b of MinHash, always the same ones."""
    import numpy as np

    random = np.random.default_rng(20230109)
    return random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64), random.integers(
        0, 1 << 31, BANDS * ROWS, dtype=np.uint64
    )


def bands(found: frozenset[int]) -> list[int]:
    """A text's bands: equal ones are likely of texts that are alike."""
    import numpy as np

    factors, offsets = _hashes()
    values = np.fromiter(found, np.uint64, len(found))
    least = ((values[:, None] * factors[None, :] + offsets[None, :]) % np.uint64(_PRIME)).min(axis=0)
    return [zlib.crc32(least[i * ROWS : (i + 1) * ROWS].tobytes()) for i in range(BANDS)]


def alike(a: str, b: str) -> bool:
    """Whether two bodies are one post: nearly all shingles in common, and in short ones the same numbers."""
    one, two = shingles(a), shingles(b)
    if len(one & two) < ALIKE * len(one | two):
        return False
    return numbers_key(a) == numbers_key(b)


def numbers_key(text: str) -> int | None:
    """A hash of the numbers in a text, in any order. A long text has so many that one more or less tells nothing: None."""
    numbers = sorted(_NUMBER.findall(text))
    return None if len(text) >= LONG else zlib.crc32(" ".join(numbers).encode())


def _body(text: str) -> str:
    return text.partition("\n")[2] or text


def mark_duplicates(archive: Archive) -> int:
    """Set `duplicate_of` of every article that repeats an earlier one, to the earliest.

    The earliest is the one published first; of one day, or where that is unknown, the one stored first. Only articles that are new or changed since the last call are looked at, and what they touch.

    Args:
        archive: opened for writing.

    Returns:
        How many articles are duplicates now.
    """
    with archive.transaction() as db:
        changed = db.execute(
            "SELECT a.article_id, max(a.revision) AS latest FROM articles a LEFT JOIN signatures s USING (article_id)"
            " GROUP BY a.article_id HAVING s.revision IS NULL OR s.revision != latest ORDER BY a.article_id"
        ).fetchall()
        touched: set[str] = set()
        for article_id, revision in changed:
            text = _latest(archive, article_id)
            old = db.execute(
                "SELECT article_id FROM articles WHERE duplicate_of = ? OR article_id = (SELECT duplicate_of FROM articles WHERE article_id = ?)",
                (article_id, article_id),
            )
            touched.update(row[0] for row in old)
            db.execute("DELETE FROM signature_bands WHERE article_id = ?", (article_id,))
            values = bands(shingles(_body(text)))
            db.executemany(
                "INSERT INTO signature_bands VALUES (?, ?, ?)", [(i, v, article_id) for i, v in enumerate(values)]
            )
            db.execute(
                "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?)", (article_id, revision, numbers_key(_body(text)))
            )
            touched.add(article_id)
        for group in _groups(archive, touched):
            first = min(group, key=lambda article_id: _age(archive, article_id))
            for article_id in group:
                db.execute(
                    "UPDATE articles SET duplicate_of = ? WHERE article_id = ?",
                    (None if article_id == first else first, article_id),
                )
        return int(
            db.execute("SELECT count(DISTINCT article_id) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()[0]
        )


def _groups(archive: Archive, touched: set[str]) -> Iterator[set[str]]:
    """The touched articles with all that are alike, directly or through others."""
    left = set(touched)
    while left:
        group = {min(left)}
        queue = list(group)
        while queue:
            for other in _alike_to(archive, queue.pop()):
                if other not in group:
                    group.add(other)
                    queue.append(other)
        left -= group
        yield group


def _alike_to(archive: Archive, article_id: str) -> list[str]:
    rows = archive.connection.execute(
        "SELECT DISTINCT b.article_id FROM signature_bands a JOIN signature_bands b USING (band, value)"
        " JOIN signatures s ON s.article_id = a.article_id JOIN signatures t ON t.article_id = b.article_id"
        " WHERE a.article_id = ? AND b.article_id != a.article_id AND s.numbers IS t.numbers ORDER BY 1",
        (article_id,),
    ).fetchall()
    if not rows:
        return []
    own = _body(_latest(archive, article_id))
    return [row[0] for row in rows if alike(own, _body(_latest(archive, row[0])))]


def _latest(archive: Archive, article_id: str) -> str:
    query = "SELECT text FROM articles WHERE article_id = ? ORDER BY revision DESC LIMIT 1"
    return str(archive.connection.execute(query, (article_id,)).fetchone()[0])


def _age(archive: Archive, article_id: str) -> tuple[str, int]:
    query = "SELECT published_at, rowid FROM articles WHERE article_id = ? ORDER BY revision LIMIT 1"
    published, stored = archive.connection.execute(query, (article_id,)).fetchone()
    return (published or "9999")[:10], stored
