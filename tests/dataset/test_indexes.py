from contextlib import suppress
from dataclasses import replace

import pytest

from extractor.dataset import Archive
from extractor.dataset.archive import rows_of
from extractor.dataset.corrections import decide
from extractor.dataset.indexes import made_afterwards
from extractor.dataset.people import link_people
from tests.dataset.test_archive import article, extraction

VERSIONS = {"dates": "v1"}
UNIQUE = "UNIQUE constraint failed: dates.date_id"


def indexes(archive):
    return {name for (name,) in archive.connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}


def stored(archive, versions=VERSIONS):
    """The archive's one article with rows."""
    made = extraction(archive.article("a1") or archive.add_article(article()))
    archive.store(made, versions)
    return made


def test_a_first_run_makes_its_indexes_at_the_end(tmp_path):
    with Archive(tmp_path) as archive:
        usual = indexes(archive)
        assert {"dates_id", "dates_article", "officials_person", "participations_meeting"} <= usual
        with made_afterwards(archive, VERSIONS):
            stored(archive)
            assert not {"dates_id", "dates_article", "officials_person"} & indexes(archive)
        assert usual - indexes(archive) == {"officials_person", "participations_person", "positions_person"}
        link_people(archive)
        assert indexes(archive) == usual
        with made_afterwards(archive, VERSIONS):
            assert indexes(archive) == usual, "the second run is not the first"


def test_a_first_run_that_is_cut_off_loses_nothing(tmp_path):
    with Archive(tmp_path) as archive:
        usual = indexes(archive)
        with suppress(KeyboardInterrupt), made_afterwards(archive, VERSIONS):
            stored(archive)
            raise KeyboardInterrupt
    with Archive(tmp_path) as archive:
        assert indexes(archive) == usual
        assert archive.counts()["dates"] == 1
        with made_afterwards(archive, VERSIONS):
            assert "dates_id" not in indexes(archive), "what is stored already is not stored again"


@pytest.mark.parametrize("why", ["older rules", "a decision"])
def test_where_rows_must_be_looked_up_the_indexes_stay(tmp_path, why):
    with Archive(tmp_path) as archive:
        usual = indexes(archive)
        made = stored(archive, {"dates": "v0"} if why == "older rules" else VERSIONS)
        if why == "a decision":
            decide(archive.connection, "dates", made.tables["dates"][0].date_id, "confirm", "Mùa Thị Chá")
        with made_afterwards(archive, VERSIONS):
            assert indexes(archive) == usual


def test_ids_are_unique(tmp_path):
    with Archive(tmp_path) as archive:
        made = stored(archive)
        twice = replace(made, tables={"dates": made.tables["dates"] * 2})
        with pytest.raises(ValueError, match="two rows of dates have one id"):
            rows_of(twice)
        row = archive.connection.execute("SELECT * FROM dates").fetchone()
        with pytest.raises(Exception, match=UNIQUE):
            archive.connection.execute(f"INSERT INTO dates VALUES ({', '.join('?' * len(row))})", row)


def test_an_older_archive_keeps_the_keys_of_its_tables(tmp_path):
    with Archive(tmp_path) as archive:
        usual = indexes(archive)
        (sql,) = archive.connection.execute("SELECT sql FROM sqlite_master WHERE name = 'dates'").fetchone()
        archive.connection.execute("DROP TABLE dates")
        archive.connection.execute(sql.replace('"date_id" TEXT', '"date_id" TEXT PRIMARY KEY'))
    with Archive(tmp_path) as archive:
        assert usual - indexes(archive) == {"dates_id"}
        stored(archive)
        assert archive.counts()["dates"] == 1
