import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from extractor.dataset import Archive
from extractor.dataset.lock import ArchiveLockedError
from extractor.dataset.reader import Reader
from extractor.dataset.search import update_index
from extractor.errors import DatasetError
from extractor.model import (
    TABLES,
    Article,
    DateRecord,
    Extraction,
    Media,
    OfficialRecord,
    content_id,
    make_record,
)

TEXT = "Huyện họp giao ban\nSáng ngày 4/3/2021, ông Lò Văn Phin, Chủ tịch UBND huyện chủ trì."


def article(**changes):
    base = Article(
        article_id="a1", url="https://mau.example/tin/1", source="mau.example", title="Huyện họp giao ban", text=TEXT,
        published_at="2021-03-05", content_sha256=content_id(TEXT, length=64),
        media=(Media(kind="image", url="https://mau.example/1.jpg", caption="Ảnh cuộc họp"),),
    )  # fmt: skip
    return replace(base, **changes)


def extraction(stored, version="v1", name="Lò Văn Phin"):
    common = {"rule_id": "r", "rules_version": version}
    at = stored.text.index("Sáng ngày 4/3/2021")
    day = date(2021, 3, 4)
    found = make_record(
        DateRecord, stored, at, at + 18, kind="time", value="2021-03-04TMO", start_date=day, end_date=day,
        granularity="part_of_day", part_of_day="morning", resolved_by="explicit", weekday_conflict=False, **common,
    )  # fmt: skip
    at = stored.text.index(name)
    official = make_record(
        OfficialRecord, stored, at, at + len(name), name=name, honorific="ông", positions=("Chủ tịch UBND huyện",),
        person_id=content_id("person", stored.article_id, "lo van phin"), **common,
    )  # fmt: skip
    return Extraction(stored, {"dates": (found,), "officials": (official,)})


def dump(folder):
    with Reader(folder) as reader:
        return {table: json.dumps(list(reader.rows(table)), ensure_ascii=False) for table in TABLES}


def test_an_article_comes_back_as_it_was_stored(tmp_path):
    with Archive(tmp_path) as archive:
        stored = archive.add_article(article())
        assert stored == article(revision=1)
        assert archive.article("a1") == stored
        assert archive.article("nothing") is None


def test_adding_again_changes_nothing_and_a_change_is_a_revision(tmp_path):
    with Archive(tmp_path) as archive:
        first = archive.add_article(article())
        assert archive.add_article(article()) is None
        assert archive.add_article(article(published_at=None, author=None, fetched_at="2024-01-01T00:00:00Z")) is None
        changed = archive.add_article(article(text=TEXT + "\nBổ sung."))
        assert changed.revision == 2
        assert archive.add_article(article()) is None, "an earlier revision read again is no news"
        assert list(archive.revisions("a1")) == [first, changed]
        assert archive.article("a1", 1) == first


def test_a_page_changed_back_is_a_revision_when_it_was_fetched_later(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add_article(article(fetched_at="2021-03-05T01:00:00Z"))
        archive.add_article(article(text=TEXT + "\nSửa.", fetched_at="2021-03-06T01:00:00Z"))
        assert archive.add_article(article(fetched_at="2021-03-05T01:00:00Z")) is None
        back = archive.add_article(article(fetched_at="2021-03-07T01:00:00Z"))
        assert back.revision == 3


def test_a_publication_day_given_later_is_a_revision_and_is_kept(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add_article(article(published_at=None))
        dated = archive.add_article(article(published_at="2021-03-05"))
        assert (dated.revision, dated.published_at) == (2, "2021-03-05")
        assert archive.add_article(article(published_at="2021-03-05T07:30:00+07:00")) is None, "agrees with the day"
        assert archive.add_article(article(published_at=None)) is None


def test_other_rules_replace_the_rows_of_a_revision(tmp_path):
    versions = {"dates": "v1", "officials": "v1"}
    with Archive(tmp_path) as archive:
        stored = archive.add_article(article())
        assert list(archive.articles(archive.pending(versions))) == [stored]
        archive.store(extraction(stored), versions)
        assert not archive.pending(versions)
        newer = {**versions, "dates": "v2"}
        assert list(archive.articles(archive.pending(newer))) == [stored]
        archive.store(extraction(stored, "v2"), newer)
        assert archive.counts()["dates"] == archive.counts()["officials"] == 1
        assert archive.connection.execute("SELECT rules_version FROM dates").fetchall() == [("v2",)]


def test_storing_twice_gives_the_same_bytes(tmp_path):
    for _ in range(2):
        with Archive(tmp_path) as archive:
            stored = archive.add_article(article()) or archive.article("a1")
            archive.store(extraction(stored), {"dates": "v1"})
            archive.add_problem("input", "empty_file", "x.txt: the file is empty")
        now = dump(tmp_path)
    assert json.loads(now["dates"])[0]["start_date"] == "2021-03-04"
    assert json.loads(now["dates"])[0]["weekday_conflict"] is False
    assert json.loads(now["officials"])[0]["positions"] == ["Chủ tịch UBND huyện"]
    with Archive(tmp_path) as archive:
        archive.store(extraction(archive.article("a1")), {"dates": "v1"})
        archive.add_problem("input", "empty_file", "x.txt: the file is empty")
    assert dump(tmp_path) == now


def test_rows_stay_with_every_revision(tmp_path):
    with Archive(tmp_path) as archive:
        for text in (TEXT, TEXT + "\nBổ sung."):
            archive.store(extraction(archive.add_article(article(text=text))))
    with Reader(tmp_path) as reader:
        assert [row["revision"] for row in reader.rows("dates")] == [1, 2]
        assert [row["revision"] for row in reader.rows("dates", latest_only=True)] == [2]
        assert [row["revision"] for row in reader.rows("articles", latest_only=True)] == [2]


def test_a_transaction_is_whole_or_nothing(tmp_path):
    def fails(archive):
        with archive.transaction():
            archive.add_article(article(article_id="a2"))
            archive.add_problem("input", "x", "y")
            raise RuntimeError("in the middle")

    with Archive(tmp_path) as archive:
        archive.add_article(article())
        with pytest.raises(RuntimeError, match="in the middle"):
            fails(archive)
        assert (archive.counts()["articles"], archive.counts()["problems"]) == (1, 0)


def test_readers_see_the_committed_state_while_a_writer_is_in_the_middle(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add_article(article())
        with archive.transaction():
            archive.add_article(article(article_id="a2"))
            with Reader(tmp_path) as reader:
                assert reader.count("articles") == 1
        with Reader(tmp_path) as reader:
            assert reader.count("articles") == 2


def _write_elsewhere(folder, answers):
    try:
        with Archive(folder):
            answers.put("opened")
    except ArchiveLockedError as error:
        answers.put((error.exit_code, error.message))


def test_a_second_writer_is_refused_and_let_in_afterwards(tmp_path):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()

    def elsewhere():
        process = context.Process(target=_write_elsewhere, args=(tmp_path, answers))
        process.start()
        answer = answers.get(timeout=60)
        process.join()
        return answer

    with Archive(tmp_path):
        code, message = elsewhere()
    assert code == 3
    assert str(os.getpid()) in message
    assert "\n" not in message
    assert elsewhere() == "opened"


def test_a_full_disk_stores_nothing_half_and_says_so(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add_article(article())
        pages = archive.connection.execute("PRAGMA page_count").fetchone()[0]
        archive.connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        long = TEXT + "\n" + "Một đoạn dài. " * 10_000
        with pytest.raises(DatasetError, match="disk is full") as caught:
            archive.add_article(article(article_id="a2", text=long))
        assert caught.value.code == "disk_full"
        assert archive.counts()["articles"] == 1
    with Archive(tmp_path) as archive:
        assert archive.add_article(article(article_id="a2", text=long)).revision == 1


def test_problems_are_kept_once_and_vanish_when_the_article_is_done(tmp_path):
    with Archive(tmp_path) as archive:
        stored = archive.add_article(article())
        for _ in range(2):
            archive.add_problem("extract", "extractor_fault", "broke", article_id="a1")
            archive.add_problem("input", "empty_file", "x.txt: the file is empty")
        assert archive.counts()["problems"] == 2
        archive.store(extraction(stored))
        assert archive.connection.execute("SELECT stage FROM problems").fetchall() == [("input",)]


def test_what_is_no_archive_is_said_in_one_line(tmp_path):
    (tmp_path / "archive.sqlite").write_bytes(b"this is not a database, only some words" * 100)
    with pytest.raises(DatasetError, match="not an archive") as caught, Archive(tmp_path):
        pass
    assert "\n" not in caught.value.message
    with pytest.raises(DatasetError, match="no such archive"):
        Reader(tmp_path / "elsewhere")
    other = tmp_path / "other"
    other.mkdir()
    with sqlite3.connect(other / "archive.sqlite") as connection:
        connection.execute("CREATE TABLE x (y)")
    with pytest.raises(DatasetError, match="not an archive"):
        Reader(other)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM articles", "ATTACH 'new.db' AS n", "PRAGMA journal_mode = DELETE", "CREATE TEMP TABLE t (x)"]
)
def test_a_query_cannot_write(tmp_path, sql):
    with Archive(tmp_path) as archive:
        archive.add_article(article())
    with Reader(tmp_path) as reader:
        with pytest.raises(DatasetError, match="query"):
            list(reader.query(sql)[1])
        assert reader.count("articles") == 1
    assert not (tmp_path / "new.db").exists()


def test_a_query_may_ask_lists_and_the_search_index(tmp_path):
    with Archive(tmp_path) as archive:
        stored = archive.add_article(article())
        archive.store(extraction(stored))
        update_index(archive.connection)
    with Reader(tmp_path) as reader:
        assert list(reader.query("SELECT value FROM officials, json_each(positions)")[1]) == [("Chủ tịch UBND huyện",)]
        found = reader.query("SELECT rowid FROM folded_words WHERE folded_words MATCH 'huyen hop'")[1]
        assert list(found) == [(1,)]
        with pytest.raises(DatasetError, match="query"):
            list(reader.query("UPDATE sqlite_master SET sql = ''")[1])


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's")
def test_an_archive_that_may_not_be_written_is_read(tmp_path):
    folder = tmp_path / "data"
    with Archive(folder) as archive:
        archive.add_article(article())
    # Another user must be able to come as far as the folder, however deep pytest puts it.
    for parent in (tmp_path, *tmp_path.parents):
        if parent.is_relative_to(Path(tempfile.gettempdir())) and parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o055)
    (folder / "archive.sqlite").chmod(0o444)
    (folder / "archive.lock").chmod(0o444)
    folder.chmod(0o555)
    script = (
        "import os, sys\nimport extractor.dataset.pages\nfrom extractor.dataset.archive import Archive\nfrom extractor.dataset.reader import Reader\n"
        "from extractor.errors import DatasetError\nos.geteuid() or os.setuid(65534)\n"
        "print(Reader(sys.argv[1]).count('articles'))\n"
        "try:\n    Archive(sys.argv[1]).__enter__()\nexcept DatasetError as error:\n    print(error.message)"
    )
    done = subprocess.run([sys.executable, "-c", script, folder], capture_output=True, text=True, check=True)
    folder.chmod(0o755)
    count, message = done.stdout.splitlines()
    assert count == "1"
    assert "cannot be opened for writing" in message


def test_an_archive_of_a_newer_release_is_left_alone(tmp_path):
    with Archive(tmp_path) as archive:
        archive.connection.execute("PRAGMA user_version = 999")
    with pytest.raises(DatasetError, match="newer release"):
        Reader(tmp_path)
