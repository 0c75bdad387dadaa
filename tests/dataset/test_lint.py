from datetime import date

import pytest

from extractor.dataset import Archive
from extractor.dataset.lint import update_lint
from extractor.model import (
    AnniversaryRecord,
    Article,
    DateRecord,
    Extraction,
    MeetingRecord,
    PositionRecord,
    content_id,
    make_record,
)

MADE = {"rule_id": "r", "rules_version": "v"}
TEXT = "Tin\nThứ hai ngày 10/1, hội nghị giao ban; 50 năm Ngày thành lập; Chủ tịch UBND huyện Lê A"


def article(n, day):
    text = f"{TEXT} {n}"
    return Article(
        article_id=f"a{n}",
        url=None,
        source="x.example",
        title="Tin",
        text=text,
        published_at=day,
        content_sha256=content_id(text),
    )


def span(article, words):
    at = article.text.index(words)
    return article, at, at + len(words)


def post(article, person, day, **columns):
    values = {"title": "Chủ tịch", "organisation": "Ủy ban nhân dân huyện", "place": "Đầm Hà"} | columns
    return make_record(
        PositionRecord, *span(article, "Chủ tịch UBND huyện"), official_id="o" + article.article_id, person_id=person,
        as_of=date.fromisoformat(day), **values, **MADE,
    )  # fmt: skip


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path) as archive:
        yield archive


def store(archive, stored, **tables):
    archive.store(Extraction(archive.add_article(stored), {k: tuple(v) for k, v in tables.items()}))


def found(archive):
    update_lint(archive.connection)
    return archive.connection.execute("SELECT code, quote, found, expected FROM lint ORDER BY code, quote").fetchall()


def test_rows_that_contradict_the_calendar_or_their_article(archive):
    one = article(1, "2023-01-05")
    day = make_record(
        DateRecord, *span(one, "Thứ hai ngày 10/1"), kind="date", value="2023-01-10", start_date=date(2023, 1, 10),
        end_date=date(2023, 1, 10), granularity="day", resolved_by="published_at", weekday_conflict=True, **MADE,
    )  # fmt: skip
    meeting = make_record(
        MeetingRecord, *span(one, "hội nghị giao ban"), kind="conference", title="hội nghị giao ban",
        start_date=date(2023, 1, 10), status="held", **MADE,
    )  # fmt: skip
    count = make_record(
        AnniversaryRecord, *span(one, "50 năm Ngày thành lập"), event="Ngày thành lập", years=50, origin_date="1963",
        anniversary_date="2023", consistent=False, **MADE,
    )  # fmt: skip
    store(archive, one, dates=[day], meetings=[meeting], anniversaries=[count])
    assert found(archive) == [
        ("after_publication", "hội nghị giao ban", "2023-01-10", "2023-01-05"),
        ("weekday", "Thứ hai ngày 10/1", "Thứ hai ngày 10/1", "2023-01-10"),
        ("years", "50 năm Ngày thành lập", "50", "2023 − 1963"),
    ]


@pytest.mark.parametrize(
    ("holders", "columns", "taken"),
    [
        (["p1", "p2", "p1"], {}, 1),
        (["p1", "p1", "p2"], {}, 0),
        (["p1", "p2", "p1"], {"title": "Phó Chủ tịch"}, 0),
        (["p1", "p2", "p1"], {"status": "former"}, 0),
        (["p1", "p2", "p1"], {"organisation": None}, 0),
    ],
)
def test_a_post_that_another_person_holds_before_and_after(archive, holders, columns, taken):
    names = {"p1": "Lê A", "p2": "Trần B"}
    archive.connection.executemany("INSERT INTO people (person_id, name) VALUES (?, ?)", names.items())
    for n, person in enumerate(holders):
        day = f"2023-0{n + 1}-05"
        store(archive, article(n, day), positions=[post(article(n, day), person, day, **columns)])
    assert len(found(archive)) == taken
