import json
from contextlib import contextmanager
from dataclasses import replace

import duckdb
import fsspec
import pandas as pd
import pytest
from distributed import Client, LocalCluster

from extractor.cli import main
from extractor.dataset import Archive, Dataset
from extractor.dataset.parquet import ParquetDataset
from extractor.engine import run
from extractor.errors import DatasetError, ExtractorError
from extractor.model import RECORD_TYPES, TABLES
from extractor.parquet_run import run_to_parquet
from tests.test_engine import article, write_jsonl


class Here:
    """A cluster whose one worker is a thread of this process, so that it shares fsspec's `memory://`."""

    @contextmanager
    def connected(self):
        with (
            LocalCluster(
                n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            yield client


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = write_jsonl(tmp_path_factory.mktemp("in") / "news.jsonl", range(12))
    rows = [
        {"url": "https://mau.example/1", "title": "Tin đã sửa", "published_at": "2021-05-02", "body": "Ngày 5/5, Huyện ủy họp."},
        {"url": "https://mau.example/undated", "title": "Không rõ ngày", "body": "Ông Lê Văn Bình, Chủ tịch UBND xã Mẫu, dự."},
        {"url": "https://mau.example/bad"},
    ]  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def both(source, tmp_path_factory):
    """The same input as an archive and as Parquet."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        run([source], folder / "archive")
        run_to_parquet([source], folder / "parquet", cluster=Here())
    return Dataset(folder / "archive"), Dataset(folder / "parquet")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_the_archives_table(both, table):
    archive, parquet = both
    assert isinstance(parquet, ParquetDataset)
    pd.testing.assert_frame_equal(getattr(parquet, table), getattr(archive, table))
    pd.testing.assert_frame_equal(parquet.current(table), archive.current(table))
    assert len(parquet.table(table)) == parquet.manifest["rows"][table]


def test_the_sample_has_what_can_differ(both):
    _, parquet = both
    assert parquet.articles["revision"].max() == 2
    assert len(parquet.current("articles")) == len(parquet.articles) - 1
    assert parquet.articles["published_at"].isna().any()
    assert parquet.manifest["months"] == ["2021-04", "2021-05", "undated"]
    assert len(parquet.problems) == 1
    assert "14 articles" in repr(parquet)


def test_offsets_are_true(both):
    _, parquet = both
    texts = parquet.articles.set_index(["article_id", "revision"])["text"]
    checked = 0
    for table in RECORD_TYPES:
        for row in parquet.table(table).itertuples():
            assert texts[row.article_id, row.revision][row.start : row.end] == row.quote
            checked += 1
    assert checked > 50


def test_sql_gives_what_pandas_gives(both):
    archive, parquet = both
    found = parquet.query(
        "SELECT m.kind, count(*) AS n FROM meetings m JOIN latest_revisions USING (article_id, revision)"
        " WHERE m.start_date >= '2021-04-10' GROUP BY m.kind ORDER BY m.kind"
    )
    meetings = archive.current("meetings")
    wanted = meetings[meetings["start_date"] >= "2021-04-10"].groupby("kind", observed=True).size()
    assert dict(zip(found["kind"], found["n"], strict=True)) == wanted.to_dict()
    lists = parquet.query("SELECT unnest(positions) AS position FROM officials")
    assert sorted(lists["position"]) == sorted(archive.officials["positions"].explode().dropna())


def test_the_query_command_reads_both(both, capsys):
    answers = []
    for dataset in both:
        sql = "SELECT kind, title, start_date FROM meetings ORDER BY title, meeting_id"
        assert main(["query", sql, "--data", str(dataset.folder), "--format", "csv"]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    assert len(answers[0].splitlines()) > 5


@pytest.mark.parametrize(
    "sql",
    [
        "COPY articles TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('{source}', delim='\t')",
        "DROP VIEW articles",
        "SELECT 1; SELECT 2",
        "ATTACH '{folder}/new.db'",
        "SELECT nothing FROM articles",
        "SET enable_external_access = true",
    ],
)
def test_a_query_can_only_read_the_dataset(both, tmp_path, source, sql):
    with pytest.raises(DatasetError, match=r"^query: "):
        both[1].query(sql.format(folder=tmp_path, source=source))
    assert not list(tmp_path.iterdir())


def test_the_files_are_plain_parquet_partitioned_by_month(both):
    folder = both[1].folder
    pattern = (folder / "dates" / "*" / "*.parquet").as_posix()
    counts = duckdb.sql(
        f"SELECT month, count(*) FROM read_parquet('{pattern}', hive_partitioning = true) GROUP BY 1"
    ).fetchall()
    assert sum(n for _, n in counts) == len(both[0].dates)
    assert {"2021-04", "2021-05"} <= {month for month, _ in counts} <= {"2021-04", "2021-05", "undated"}
    one = pd.read_parquet(folder / "articles" / "month=2021-05" / "part-0.parquet", partitioning=None)
    assert one.dtypes.to_dict() == both[0].articles.dtypes.to_dict() | {"source": one["source"].dtype}


def test_any_address_that_fsspec_knows(source, both):
    run_to_parquet([source], "memory://news/out", cluster=Here())
    try:
        dataset = Dataset("memory://news/out")
        for table in ("dates", "people", "articles"):
            pd.testing.assert_frame_equal(dataset.table(table), both[0].table(table))
        assert dataset.query("SELECT count(*) AS n FROM dates")["n"][0] == len(dataset.dates)
    finally:
        fsspec.filesystem("memory").rm("/news", recursive=True)


def test_an_archive_and_parquet_files_can_be_the_input(both, tmp_path):
    archive, _ = both
    run_to_parquet([archive.folder], tmp_path / "out", cluster=Here())
    out = Dataset(tmp_path / "out")
    for table in (*RECORD_TYPES, "articles", "people"):
        pd.testing.assert_frame_equal(out.table(table), archive.table(table))
    rows = [
        {"url": a.url, "title": a.title, "text": a.text, "published_at": a.published_at} for a in map(article, range(9))
    ]
    pd.DataFrame(rows).to_parquet(tmp_path / "in.parquet", row_group_size=4)
    run([tmp_path / "in.parquet"], tmp_path / "one")
    run_to_parquet([tmp_path / "in.parquet"], tmp_path / "two", cluster=Here())
    for table in (*RECORD_TYPES, "articles", "people"):
        pd.testing.assert_frame_equal(Dataset(tmp_path / "two").table(table), Dataset(tmp_path / "one").table(table))


def test_a_bad_article_is_a_row_of_problems(tmp_path):
    broken = replace(article(1), text=article(1).text + "\n\n not canonical ")
    with Archive(tmp_path / "archive") as archive:
        archive.add_article(broken)
        archive.add_article(article(2))
    reported = []
    summary = run_to_parquet([tmp_path / "archive"], tmp_path / "out", cluster=Here(), report=reported.append)
    assert (summary.extracted, summary.failed) == (1, 1)
    (problem,) = Dataset(tmp_path / "out").problems.to_dict("records")
    assert (problem["stage"], problem["article_id"]) == ("extract", broken.article_id)
    assert [error.message for error in reported] == [problem["message"]]


def test_other_input_replaces_the_dataset(tmp_path, source):
    run_to_parquet([source], tmp_path / "out", cluster=Here())
    small = tmp_path / "small.jsonl"
    small.write_text('{"title": "Tin", "body": "Ngày 6/6/2023, họp."}\n', encoding="utf-8")
    run_to_parquet([small], tmp_path / "out", cluster=Here())
    assert len(Dataset(tmp_path / "out").articles) == 1
    assert {p.parent.name for p in (tmp_path / "out").glob("articles/*/*")} == {"month=undated"}


def test_an_empty_run_gives_empty_tables(tmp_path):
    (tmp_path / "none.jsonl").touch()
    summary = run_to_parquet([tmp_path / "none.jsonl"], tmp_path / "out", cluster=Here())
    assert summary.tables["problems"] == 1
    dataset = Dataset(tmp_path / "out")
    run([tmp_path / "none.jsonl"], tmp_path / "archive")
    assert dataset.dates.dtypes.equals(Dataset(tmp_path / "archive").dates.dtypes)
    assert dataset.query("SELECT count(*) AS n FROM dates")["n"][0] == 0


def test_what_cannot_be_shared_is_refused(tmp_path):
    with pytest.raises(ExtractorError, match="standard input cannot be shared"):
        run_to_parquet(["-"], tmp_path / "out", cluster=Here())
    with pytest.raises(DatasetError, match="cannot be opened"):
        Dataset("nosuch://bucket/news")
