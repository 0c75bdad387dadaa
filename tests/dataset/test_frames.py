import pandas as pd
import pytest

from extractor import Dataset
from extractor.dataset import Archive
from extractor.dataset.tables import columns_of, pandas_dtype
from extractor.errors import DatasetError
from extractor.model import RECORD_TYPES, TABLES, Article, content_id

WANTED = {"str": "str", "category": "category", "int": "Int64", "float": "float64", "bool": "boolean", "list": "object"}


def add(archive, number, **fields):
    text = f"Tin số {number}\nNội dung."
    given = {"published_at": None, "fetched_at": None, **fields}
    archive.add_article(
        Article(
            article_id=f"a{number}",
            url=None,
            title=f"Tin số {number}",
            text=text,
            content_sha256=content_id(text),
            **given,
        )
    )


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_has_the_data_models_columns_and_dtypes(tmp_path, table):
    with Archive(tmp_path):
        pass
    frame = getattr(Dataset(tmp_path), table)
    assert list(frame.columns) == list(columns_of(table))
    for name, dtype in columns_of(table).items():
        found = frame[name].dtype
        if dtype.name == "date":
            assert str(found) == "datetime64[us]"
        elif dtype.name == "timestamp":
            assert str(found) == f"datetime64[us, {'Asia/Ho_Chi_Minh' if name == 'published_at' else 'UTC'}]"
        else:
            assert found == WANTED[dtype.name], name
        assert found == pandas_dtype(table, name)


def test_times_stand_in_their_zone(tmp_path):
    with Archive(tmp_path) as archive:
        add(archive, 1, published_at="2023-01-10", fetched_at="2023-01-11T02:00:00Z")
        add(archive, 2, published_at="2023-01-10T08:51:00+07:00")
        add(archive, 3)
    articles = Dataset(tmp_path).articles.set_index("article_id")
    assert articles.published_at["a1"] == pd.Timestamp("2023-01-10 00:00", tz="Asia/Ho_Chi_Minh")
    assert articles.published_at["a2"] == pd.Timestamp("2023-01-10 01:51", tz="UTC")
    assert articles.published_at.isna()["a3"]
    assert articles.fetched_at["a1"] == pd.Timestamp("2023-01-11 02:00", tz="UTC")
    assert list(articles.index) == ["a1", "a2", "a3"]


def test_extracted_rows_hold_their_quotes(tmp_path, dataset):
    texts = dataset.articles.set_index(["article_id", "revision"]).text
    seen = 0
    for table in RECORD_TYPES:
        for row in getattr(dataset, table).itertuples():
            assert texts[row.article_id, row.revision][row.start : row.end] == row.quote
            seen += 1
    assert seen > 5
    assert all(isinstance(p, list) for p in dataset.officials.positions)


def test_sql_gives_a_frame(dataset):
    assert list(dataset.query("SELECT count(*) AS n FROM articles").n) == [len(dataset.articles)]
    with pytest.raises(DatasetError, match="no such table: nowhere"):
        dataset.query("SELECT * FROM nowhere")


def test_unknown_tables_are_refused(dataset):
    with pytest.raises(AttributeError, match="meetings"):
        dataset.meeting
    with pytest.raises(DatasetError, match="no table"):
        dataset.table("meeting")
    with pytest.raises(DatasetError, match="no such archive"):
        Dataset("/nowhere/at/all")
    assert "articles" in repr(dataset)
    assert "meetings" in dir(dataset)
