import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.dataset.search import SEARCH_DDL, match_expressions, search, snippet, update_index
from extractor.text import fold, fold_letters

TEXTS = {
    "a": "Họp giao ban\nChủ tịch UBND huyện Đầm Hà chủ trì.",
    "b": "Bài về chú tích dâm hả\nKhông dấu: chu tich dam ha.",
    "c": "Tin khác\nThời tiết ngày mai có mưa.",
}


@pytest.fixture
def connection():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE articles (article_id TEXT, revision INTEGER, text TEXT)")
    connection.executescript(SEARCH_DDL)
    connection.executemany("INSERT INTO articles VALUES (?, 1, ?)", TEXTS.items())
    assert update_index(connection) == 3
    return connection


def test_words_are_found_without_diacritics_and_the_accented_match_comes_first(connection):
    assert {h.article_id for h in search(connection, "chu tich dam ha")} == {"a", "b"}
    assert [(h.article_id, h.accented) for h in search(connection, "Chủ tịch Đầm Hà")] == [("a", True), ("b", False)]
    assert search(connection, '"tich dam"')[0].article_id == "b"


def test_a_page_of_hits_is_a_slice_of_all(connection):
    every = search(connection, "Chủ tịch Đầm Hà")
    assert [search(connection, "Chủ tịch Đầm Hà", limit=1, offset=i)[0] for i in (0, 1)] == every


def test_a_new_revision_replaces_the_old_words(connection):
    connection.execute("INSERT INTO articles VALUES ('c', 2, 'Tin khác\nTrời nắng.')")
    assert update_index(connection) == 1
    assert update_index(connection) == 0
    assert search(connection, "mưa") == []
    assert [(h.article_id, h.revision) for h in search(connection, "nắng")] == [("c", 2)]


@pytest.mark.parametrize(
    "query",
    ["", "   ", '"', "'; DROP TABLE articles; --", "a AND", "NEAR(", "title:x", "*", "(", "\x00", "written : x"],
)
def test_nothing_typed_is_an_operator(connection, query):
    search(connection, query)
    assert connection.execute("SELECT COUNT(*) FROM articles").fetchone() == (3,)


@given(st.text(max_size=30))
def test_any_query_is_a_valid_expression(query):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE folded USING fts5(words)")
    connection.execute("CREATE VIRTUAL TABLE written USING fts5(words, content='', detail=none)")
    for table, expression in zip(("folded", "written"), match_expressions(query) or (), strict=False):
        if expression:
            connection.execute(f"SELECT * FROM {table} WHERE {table} MATCH ?", (expression,)).fetchall()


def test_a_snippet_is_the_text_with_the_words_marked():
    text = "mở đầu " * 60 + "Chủ tịch huyện Đầm Hà phát biểu. " + "cuối bài " * 60
    pieces = list(snippet(text, "chu tich dam ha"))
    assert [piece for piece, marked in pieces if marked] == ["Chủ", "tịch", "Đầm", "Hà"]
    assert "".join(piece for piece, _ in pieces).strip("… ") in text


@given(st.text("aăâbđĐeêếẾioôơỢuưyßİ .,1–…", min_size=1) | st.text(min_size=1))
def test_a_long_text_is_folded_as_its_letters_are(text):
    long = text * 100
    assert fold_letters(long) == "".join(map(fold_letters, long))


@given(st.text("aăâbđĐeêếẾioôơỢuưyßİ .,1", max_size=30))
def test_folding_letter_by_letter_keeps_the_length(text):
    assert len(fold_letters(text)) == len(text)
    if "ß" not in text and "İ" not in text:
        assert " ".join(fold_letters(text).split()) == fold(text)


def test_hits_are_ranked_in_one_pass_over_the_index(connection):
    """Asked for once per matched article, a phrase of common words takes seconds over a large archive."""
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    assert search(connection, '"chủ tịch"')
    connection.set_trace_callback(None)
    ranking = next(sql for sql in asked if "ORDER BY f.rank" in sql)
    plan = " ".join(detail for *_, detail in connection.execute(f"EXPLAIN QUERY PLAN {ranking}"))
    assert "VIRTUAL TABLE INDEX 0:M1" in plan  # with "=" before the M, each number is looked up
