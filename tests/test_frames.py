import json

import dask.dataframe as dd
import pandas as pd
import pytest
from dask.dataframe.utils import assert_eq

from extractor import extract_frame
from extractor.dataset import Dataset
from extractor.engine import run
from extractor.errors import DatasetError
from extractor.frames import frame_meta
from extractor.model import RECORD_TYPES
from tests.test_engine import article, write_jsonl

TABLES = [None, *RECORD_TYPES, "articles", "problems"]


@pytest.fixture(scope="module")
def articles():
    rows = [
        {"url": a.url, "title": a.title, "published_at": a.published_at, "text": a.text} for a in map(article, range(9))
    ]
    return pd.DataFrame([*rows, {"url": "https://mau.example/none", "title": None, "text": None}])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    run([write_jsonl(folder / "a.jsonl", range(9))], folder / "data")
    return Dataset(folder / "data")


def in_order(frame):
    return frame.sort_values([c for c in ("article_id", "start", frame.columns[0]) if c in frame]).reset_index(
        drop=True
    )


@pytest.mark.parametrize("table", ["dates", "targets", "meetings", "anniversaries", "articles"])
def test_a_table_is_the_one_of_a_run(articles, dataset, table):
    found = extract_frame(articles, table)
    pd.testing.assert_frame_equal(in_order(found), in_order(dataset.table(table)))


def test_all_tables_at_once(articles, dataset):
    found = extract_frame(articles)
    counts = found["table"].value_counts().to_dict()
    assert counts == {**{t: len(dataset.table(t)) for t in RECORD_TYPES if len(dataset.table(t))}, "problems": 1}
    target = found[found["table"] == "targets"].iloc[0]
    own = dataset.targets.set_index("target_id").loc[target["row_id"]]
    assert json.loads(target["row"])["value"] == own["value"]
    assert target["quote"] == own["quote"]


@pytest.mark.parametrize("table", TABLES)
def test_dask_gives_what_pandas_gives_with_the_meta_it_was_promised(articles, table, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    wanted = extract_frame(articles, table)
    lazy = extract_frame(dd.from_pandas(articles, npartitions=3), table)
    by_hand = dd.from_pandas(articles, npartitions=3).map_partitions(extract_frame, table, meta=frame_meta(table))
    for frame in (lazy, by_hand):
        assert_eq(frame, frame.compute(), check_index=False, check_divisions=False)
        found = frame.compute(scheduler="threads").reset_index(drop=True)
        assert list(frame.columns) == list(wanted.columns)
        assert [str(d) for d in frame.dtypes] == [str(d) for d in wanted.dtypes]
        pd.testing.assert_frame_equal(found, wanted, check_categorical=False)


def test_a_datasets_articles_keep_their_ids(dataset):
    for table in ("dates", "meetings"):
        pd.testing.assert_frame_equal(extract_frame(dataset.articles, table), dataset.table(table))


def test_what_fails_is_a_row_of_problems(articles, dataset):
    (problem,) = extract_frame(articles, "problems").to_dict("records")
    assert (problem["stage"], problem["code"]) == ("input", "no_text")
    assert "row 9" in problem["message"]
    broken = dataset.articles.copy()
    broken.loc[0, "text"] += "\n\n not canonical "
    (problem,) = extract_frame(broken, "problems").to_dict("records")
    assert (problem["stage"], problem["article_id"]) == ("extract", broken.loc[0, "article_id"])


def test_times_of_pandas_are_read(articles):
    frame = articles.head(3).assign(published_at=pd.Timestamp("2021-04-30 08:30", tz="Asia/Ho_Chi_Minh"))
    assert extract_frame(frame, "articles")["published_at"].iloc[0] == pd.Timestamp(
        "2021-04-30 08:30", tz="Asia/Ho_Chi_Minh"
    )
    frame = articles.head(3).assign(published_at=pd.Timestamp("2021-04-30"))
    assert len(extract_frame(frame, "dates")) == len(extract_frame(articles.head(3), "dates"))


def test_an_unknown_table_is_refused(articles):
    with pytest.raises(DatasetError, match="no table 'date'"):
        extract_frame(articles, "date")
