import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Dataset
from extractor.dataset import Archive
from extractor.dataset.tables import columns_of
from extractor.errors import ExtractorError
from extractor.model import RECORD_TYPES, TABLES, Article, Extraction, TargetRecord, content_id, make_record
from extractor.outputs.cells import safe_cell
from extractor.outputs.csvfile import write_csv
from extractor.outputs.export import FORMATS, export
from extractor.outputs.files import opened
from extractor.outputs.labels import column_label, table_label, value_label
from extractor.outputs.xlsx import write_xlsx

HOSTILE = [
    '=HYPERLINK("http://xau.example","bấm")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    "<script>alert(1)</script>",
    "\u202eđảo",
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    with Archive(folder) as archive:
        for number, title in enumerate(HOSTILE):
            text = f"{title}\nPhấn đấu trồng 5 ha rừng trước ngày 31/12/1895 hoặc 31/12/2030."
            article = Article(
                article_id=f"a{number}", url=f"https://mau.example/{number}", source="mau.example", title=title, text=text,
                published_at=["2023-01-10", "2023-01-10T08:51:00+07:00", None][number % 3],
                fetched_at="2023-01-11T02:00:00Z", content_sha256=content_id(text),
            )  # fmt: skip
            stored = archive.add_article(article)
            at = text.index("5 ha")
            target = make_record(
                TargetRecord, stored, at, at + 9, kind="quantity", value=5.0, unit="ha", comparator="eq", subject="=1+1",
                deadline=date(1895 if number == 0 else 2030, 12, 31), rule_id="r", rules_version="v",
            )  # fmt: skip
            archive.store(Extraction(stored, {"targets": (target,)}))
        archive.add_article(replace(article, text=text + "\nSửa."))
        long = replace(article, article_id="long", text="Dài\n" + "dài " * 20_000)
        archive.add_article(long)
    return folder


@given(st.text() | st.sampled_from(HOSTILE))
def test_no_csv_cell_begins_like_a_formula_and_all_cells_come_back(text):
    stream = io.BytesIO()
    write_csv(stream, ["a", "b"], [[text, 1]])
    raw = stream.getvalue()
    assert raw.startswith(b"\xef\xbb\xbf")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        return
    _, (cell, one) = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert one == "1"
    assert cell in (text, "'" + text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("value", [-5, -1.5, None, True])
def test_numbers_are_no_formulas(value):
    assert safe_cell(value) is value


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_archive_gives_the_same_bytes(data, tmp_path, form):
    for nth in ("one", "two"):
        export(data, form, str(tmp_path / nth))
    one, two = tmp_path / "one", tmp_path / "two"
    if one.is_dir():
        assert sorted(f.stem for f in one.iterdir()) == sorted(TABLES)
        assert all(f.read_bytes() == (two / f.name).read_bytes() for f in one.iterdir())
    else:
        assert one.read_bytes() == two.read_bytes()


def test_jsonl_holds_the_rows(data, tmp_path):
    counts = export(data, "jsonl", str(tmp_path / "t.jsonl"), table="targets")
    rows = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()]
    assert counts == {"targets": len(HOSTILE)}
    assert list(rows[0]) == list(columns_of("targets"))
    assert {r["deadline"] for r in rows} == {"1895-12-31", "2030-12-31"}
    assert rows[0]["value"] == 5.0
    assert rows[0]["value_max"] is None


def test_only_the_latest_revisions_on_request(data, tmp_path):
    every = export(data, "jsonl", str(tmp_path / "a"))
    latest = export(data, "jsonl", str(tmp_path / "b"), latest_only=True)
    assert every["articles"] == latest["articles"] + 1
    assert every["targets"] == latest["targets"] + 1, "the older revision's row"


@pytest.mark.parametrize("table", TABLES)
def test_parquet_reads_back_with_the_dtypes_of_the_dataset(data, tmp_path, table):
    export(data, "parquet", str(tmp_path / "x.parquet"), table=table)
    back = pd.read_parquet(tmp_path / "x.parquet")
    wanted = getattr(Dataset(data), table)
    assert list(back.columns) == list(wanted.columns)
    for name in wanted.columns:
        dtype = wanted[name].dtype
        found = back[name].dtype
        assert found == dtype or (isinstance(dtype, pd.CategoricalDtype) and isinstance(found, pd.CategoricalDtype)), (
            name
        )
        assert [str(v) for v in back[name] if not isinstance(v, list)] == [
            str(v) for v in wanted[name] if not isinstance(v, list)
        ]


def test_the_workbook_is_for_people_and_runs_nothing(data, tmp_path):
    counts = export(data, "xlsx", str(tmp_path / "x.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == [table_label(t) for t in TABLES]
    for table in TABLES:
        sheet = book[table_label(table)]
        links = ["Bài gốc"] if table in RECORD_TYPES else []
        assert [c.value for c in sheet[1]] == [*(column_label(n, "vi", table) for n in columns_of(table)), *links]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref is not None
        assert sheet.max_row == counts[table] + 1
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    articles = {row[0].value: row for row in book["Bài viết"].iter_rows(min_row=2)}
    names = list(columns_of("articles"))
    cell = dict(zip(names, articles["a0"], strict=True))
    assert cell["title"].value == HOSTILE[0]
    assert cell["published_at"].value == datetime(2023, 1, 10)
    assert cell["published_at"].is_date
    assert cell["url"].hyperlink.target == "https://mau.example/0"
    assert dict(zip(names, articles["a1"], strict=True))["published_at"].value == datetime(2023, 1, 10, 8, 51)
    assert len(dict(zip(names, articles["long"], strict=True))["text"].value) <= 32_767
    targets = [dict(zip(columns_of("targets"), row, strict=False)) for row in book["Chỉ tiêu"].iter_rows(min_row=2)]
    assert {t["deadline"].value for t in targets} == {"1895-12-31", datetime(2030, 12, 31)}
    assert {t["kind"].value for t in targets} == {"số lượng"}
    assert {t["value"].value for t in targets} == {5}


def test_the_workbook_in_english(data, tmp_path):
    export(data, "xlsx", str(tmp_path / "x.xlsx"), lang="en", table="targets")
    (sheet,) = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets
    assert [c.value for c in sheet[1]] == [*(column_label(n, "en") for n in columns_of("targets")), "Source"]
    assert sheet["J2"].value == "quantity" or "quantity" in [c.value for c in sheet[2]]


def test_what_cannot_be_exported_is_refused(data, tmp_path):
    (tmp_path / "file").touch()
    for form, output, table in [
        ("pdf", "x", None),
        ("csv", "x", "nothing"),
        ("csv", "-", None),
        ("csv", str(tmp_path / "file"), None),
    ]:
        with pytest.raises(ExtractorError) as caught:
            export(data, form, output, table=table)
        assert "\n" not in caught.value.message


def test_an_output_is_whole_or_not_there(tmp_path):
    def fails(path):
        with opened(path) as stream:
            stream.write(b"half")
            raise RuntimeError("in the middle")

    path = tmp_path / "new" / "a.txt"
    with pytest.raises(RuntimeError, match="in the middle"):
        fails(path)
    assert list(path.parent.iterdir()) == []
    with opened(path) as stream:
        stream.write(b"whole")
    with pytest.raises(RuntimeError, match="in the middle"):
        fails(path)
    assert [(f.name, f.read_bytes()) for f in path.parent.iterdir()] == [("a.txt", b"whole")]


def test_labels():
    assert table_label("meetings") == "Hội họp"
    assert column_label("title", "vi", "articles") == "Tiêu đề"
    assert column_label("start_date", "en") == "Start date"
    assert value_label("working_session", "vi", "kind") == "buổi làm việc"
    assert value_label("working_session", "en", "kind") == "working session"
    assert value_label("Huyện ủy") == "Huyện ủy"


def test_the_workbook_links_each_row_to_its_source_and_the_explorer(tmp_path):
    columns = list(columns_of("meetings"))
    values = {"meeting_id": "m1", "article_id": "a1", "title": "hội nghị", "kind": "conference", "quote": "hội nghị"}
    row = tuple(values.get(name) for name in columns)
    urls = {"a1": "https://huyen.example/1"}
    write_xlsx(tmp_path / "t.xlsx", {"meetings": [row]}, urls=urls, explorer="http://127.0.0.1:8001/")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    links = {cell.value: cell.hyperlink.target for cell in sheet[2] if cell.hyperlink}
    locations = [cell.hyperlink.location for cell in sheet[2] if cell.hyperlink]
    assert links["Bài gốc"] == "https://huyen.example/1"
    assert links["Xem trong sổ tin"] == "http://127.0.0.1:8001/article/a1"
    assert "row-m1" in locations
    assert sheet.column_dimensions["A"].hidden
    assert not sheet.column_dimensions[openpyxl.utils.get_column_letter(columns.index("title") + 1)].hidden


def test_wrapped_rows_of_the_workbook_are_high_enough(tmp_path):
    def row(quote, value):
        given = {"quote": quote, "value": value, "kind": "quantity"}
        return tuple(given.get(name) for name in columns_of("targets"))

    write_xlsx(tmp_path / "h.xlsx", {"targets": [row("ngắn", 1250000.0), row("dài " * 40, 2.5)]})
    sheet = openpyxl.load_workbook(tmp_path / "h.xlsx").worksheets[0]
    assert [sheet.row_dimensions[n].height for n in (2, 3)] == [None, 60], "one line is the usual height"
    at = list(columns_of("targets")).index("value") + 1
    assert [sheet.cell(n, at).number_format for n in (2, 3)] == ["#,##0", "#,##0.0#####"]
