from datetime import date

import pytest

from extractor.dataset import Archive
from extractor.dataset.corrections import corrections, decide, take_back
from extractor.errors import DatasetError
from extractor.model import Article, Extraction, MeetingRecord, ParticipationRecord, content_id, make_record

TEXT = "Tin huyện\nSáng 9/1, hội nghị giao ban. Ông Lê Văn A chủ trì hội nghị giao ban tại nhà văn hóa."


def meetings(article, version="v1"):
    """The two rows an extractor might make of the text: one gathering named twice, with a chair."""
    shared = {"rule_id": "r", "rules_version": version, "kind": "conference", "title": "hội nghị giao ban"}
    rows = []
    at = -1
    for _ in range(2):
        at = article.text.index("hội nghị giao ban", at + 1)
        rows.append(make_record(MeetingRecord, article, at, at + 17, start_date=date(2023, 1, 9), **shared))
    at = article.text.index("chủ trì")
    chair = make_record(
        ParticipationRecord, article, at, at + 7, rule_id="r", rules_version=version, meeting_id=rows[1].meeting_id,
        official="Lê Văn A", person_id="p", role="chair",
    )  # fmt: skip
    return Extraction(article, {"meetings": tuple(rows), "participations": (chair,)})


def article(text=TEXT):
    return Article(
        article_id="a", url="https://x.example/1", title="Tin huyện", text=text, content_sha256=content_id(text)
    )


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path) as archive:
        archive.store(meetings(archive.add_article(article())))
        yield archive


def rows(archive, columns="location", revision=1):
    query = f'SELECT {columns} FROM meetings WHERE revision = ? ORDER BY "start"'
    return archive.connection.execute(query, (revision,)).fetchall()


def ids(archive, revision=1):
    return [row[0] for row in rows(archive, "meeting_id", revision)]


def test_a_correction_changes_its_row_and_survives_other_rules(archive):
    decide(archive.connection, "meetings", ids(archive)[1], "correct", "Thu Hiền", {"location": "nhà văn hóa"})
    assert rows(archive) == [(None,), ("nhà văn hóa",)]
    archive.store(meetings(article(), "v2"))
    assert rows(archive) == [(None,), ("nhà văn hóa",)]


def test_a_correction_survives_a_new_revision_by_its_quote(archive):
    decide(archive.connection, "meetings", ids(archive)[1], "correct", "Thu Hiền", {"location": "nhà văn hóa"})
    archive.store(meetings(archive.add_article(article(TEXT.replace("Sáng 9/1", "Buổi sáng ngày 9/1")))))
    assert rows(archive, revision=2) == [(None,), ("nhà văn hóa",)]


def test_a_rejected_row_is_gone_with_what_hangs_on_it_until_taken_back(archive):
    made = decide(archive.connection, "meetings", ids(archive)[1], "reject", "Thu Hiền", note="nhắc lại")
    assert len(rows(archive)) == 1
    assert archive.connection.execute("SELECT * FROM participations").fetchall() == []
    archive.store(meetings(article(), "v2"))
    assert len(rows(archive)) == 1
    take_back(archive.connection, made.correction_id)
    assert len(rows(archive)) == 2
    assert len(archive.connection.execute("SELECT * FROM participations").fetchall()) == 1
    assert corrections(archive.connection) == []


def test_taking_back_a_correction_brings_the_extracted_row(archive):
    first = decide(archive.connection, "meetings", ids(archive)[0], "correct", "A", {"location": "x", "host": "UBND"})
    second = decide(archive.connection, "meetings", ids(archive)[0], "correct", "B", {"location": "y"})
    assert first.correction_id == second.correction_id
    assert rows(archive, "location, host")[0] == ("y", "UBND")
    take_back(archive.connection, second.correction_id)
    assert rows(archive, "location, host")[0] == (None, None)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("nothing", "x", "confirm", "A"), "no such table"),
        (("meetings", "x", "confirm", "A"), "no row x"),
        (("meetings", None, "hide", "A"), "no such decision"),
        (("meetings", None, "confirm", " "), "name of who makes it"),
        (("meetings", None, "correct", "A", {"quote": "x"}), "cannot be corrected"),
        (("meetings", None, "correct", "A", {"start_date": "hôm nay"}), "is no date"),
    ],
)
def test_a_wrong_decision_is_refused_in_words(archive, call, says):
    table, row_id, *rest = call
    with pytest.raises(DatasetError, match=says):
        decide(archive.connection, table, row_id or ids(archive)[0], *rest)
    assert corrections(archive.connection) == []


def test_taking_back_after_a_new_revision_has_that_one_extracted_again(archive):
    made = decide(archive.connection, "meetings", ids(archive)[1], "reject", "Thu Hiền")
    newer = archive.add_article(article(TEXT.replace("Sáng 9/1", "Buổi sáng ngày 9/1")))
    archive.store(meetings(newer), {"meetings": "v1"})
    assert len(rows(archive, revision=2)) == 1
    take_back(archive.connection, made.correction_id)
    assert newer in archive.articles(archive.pending({"meetings": "v1"}))
    archive.store(meetings(newer), {"meetings": "v1"})
    assert len(rows(archive, revision=2)) == 2
