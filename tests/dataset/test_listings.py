"""The explorer's lists against the rows that they are worked out from."""

import pytest

from extractor.dataset import Archive
from extractor.dataset.listings import words_expression
from extractor.engine import run
from extractor.resources import resource
from extractor.text import fold


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    run([resource("corpus") / "gold" / "corpus.jsonl"], folder)
    with Archive(folder) as opened:
        yield opened


def test_every_meeting_and_target_is_listed_in_order(archive):
    connection = archive.connection
    days = [row[0] for row in connection.execute("SELECT start_date FROM meeting_list ORDER BY row")]
    told = connection.execute("SELECT count(*) FROM gatherings").fetchone()[0]
    assert len(days) == told > 40
    known = [day for day in days if day]
    assert known == sorted(known, reverse=True)
    assert days[len(known) :] == [None] * (len(days) - len(known))
    deadlines = [row[0] for row in connection.execute("SELECT deadline FROM target_list ORDER BY row")]
    assert len(deadlines) == connection.execute("SELECT count(*) FROM targets WHERE status = 'target'").fetchone()[0]
    assert deadlines == sorted(deadlines, key=lambda d: (d is None, d))


@pytest.mark.parametrize("query", ["tiep xuc cu tri", "Tiếp xúc cử tri", "hội ngh"])
def test_words_find_meetings_with_and_without_diacritics(archive, query):
    rows = archive.connection.execute(
        """SELECT gathering_id FROM meeting_list WHERE row IN (SELECT rowid FROM meeting_words WHERE meeting_words MATCH ?)""",
        (words_expression(query),),
    )
    found = {row[0] for row in rows}
    *whole, begun = fold(query).split()
    expected = set()
    for gathering, title in archive.connection.execute(
        "SELECT g.gathering_id, m.title FROM gatherings g JOIN meetings m ON m.meeting_id = g.meeting_id"
    ):
        words = fold(title).replace(",", " ").replace('"', " ").split()
        if all(w in words for w in whole) and any(w.startswith(begun) for w in words):
            expected.add(gathering)
    assert found == expected
    assert found


def test_posts_know_who_held_them_from_when_to_when(archive):
    rows = archive.connection.execute(
        """SELECT p.title, l.person_id, min(h.first_on), max(h.last_on) FROM posts p
           JOIN holders_of_posts h ON h.post = p.post JOIN people_list l ON l.row = h.person GROUP BY 1, 2"""
    ).fetchall()
    seen = archive.connection.execute(
        """SELECT title, person_id, min(as_of), max(as_of) FROM positions WHERE status <> 'former' AND as_of IS NOT NULL
           GROUP BY 1, 2"""
    ).fetchall()
    assert sorted(rows) == sorted(seen)
    assert len(rows) > 50


@pytest.mark.parametrize("query", ["", "  ", "–", '"'])
def test_no_word_is_no_expression(query):
    assert words_expression(query) is None


def test_nothing_typed_is_an_operator(archive):
    sql = "SELECT count(*) FROM target_words WHERE target_words MATCH ?"
    for query in ("NEAR(", "a OR b", 'x" AND subject:y', "* NOT ^"):
        assert archive.connection.execute(sql, (words_expression(query) or '"x"',)).fetchone()
