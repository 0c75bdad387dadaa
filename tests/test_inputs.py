import gzip
import io
import json
import os
import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.inputs import MAX_CHARACTERS, read_articles
from extractor.inputs.charset import decode
from extractor.inputs.published import published_iso
from extractor.model import content_id
from extractor.text import canonical_text

BODY = (
    "Chiều ngày 17/6/2020, Hội Nông dân xã Mường Kim tổ chức buổi gặp mặt các hộ sản xuất giỏi.\n"
    "Dự buổi gặp mặt có bà Lường Thị Ín, Phó Chủ tịch UBND xã; đường liên bản, ruộng bậc thang và rừng trẩu được nhắc tới."
)
NEWS = f"Gặp mặt hộ sản xuất giỏi\n\n{BODY}\n"


def cp1258(text):
    """Vietnamese in windows-1258, as old editors write it: the base letter, then the tone mark."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    encoded = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
            encoded += (base + "".join(p for p in parts if p in tones)).encode("cp1258")
    return encoded


@pytest.fixture
def read(rules, tmp_path):
    def run(*inputs, **options):
        errors = []
        found = list(read_articles([tmp_path / i for i in inputs], rules, errors.append, **options))
        return found, errors

    return run


@pytest.mark.parametrize(
    "encoded",
    [
        NEWS.encode(),
        b"\xef\xbb\xbf" + NEWS.encode(),
        NEWS.encode("utf-16"),
        NEWS.encode("utf-16-le"),
        NEWS.encode("utf-16-be"),
        NEWS.encode("utf-32"),
        cp1258(NEWS),
        unicodedata.normalize("NFD", NEWS).encode(),
        unicodedata.normalize("NFD", NEWS).replace("\n", "\r\n").encode(),
        NEWS.encode() + "ệ".encode()[:2],
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258", "nfd", "nfd-crlf", "cut"],
)
def test_every_character_set_gives_the_same_article(read, tmp_path, encoded):
    (tmp_path / "tin.txt").write_bytes(encoded)
    (article,), errors = read("tin.txt")
    assert errors == []
    assert article.text == canonical_text(NEWS)
    assert article.title == "Gặp mặt hộ sản xuất giỏi"
    assert article.content_sha256 == content_id(article.text, length=64)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\t", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary_file"),
        (b"PK\x03\x04 docx", "binary_file"),
        (bytes(range(256)) * 20, "binary_file"),
        (gzip.compress(NEWS.encode(), mtime=0), "binary_file"),
        (("§¶i héi ®¹i biÓu §¶ng bé huyÖn, nhiÖm kú míi. " * 20).encode("cp1252"), "charset"),
    ],
)
def test_what_is_no_vietnamese_text_is_refused(read, tmp_path, data, code):
    (tmp_path / "x.txt").write_bytes(data)
    (tmp_path / "y.txt").write_text(NEWS, encoding="utf-8")
    articles, (error,) = read("x.txt", "y.txt")
    assert len(articles) == 1, "the rest of the batch is read"
    assert error.code == code
    assert "x.txt" in error.message
    assert "\n" not in error.message


@given(st.binary(max_size=400))
def test_decoding_never_fails_with_anything_but_a_clear_error(data):
    from extractor.errors import InputError

    try:
        text, _ = decode(data, "x")
    except InputError as error:
        said = error.message
    else:
        said = f"x: {canonical_text(text)}"
    assert said.startswith("x: ")


def test_a_banner_goes_below_the_title(read, tmp_path):
    banner = 'Chủ đề năm 2021: "Đoàn kết, sáng tạo" - Chào mừng kỷ niệm 30 năm tái lập huyện'
    (tmp_path / "a.txt").write_text(f"{banner}\n\nGặp mặt hộ sản xuất giỏi\n\n{BODY}", encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"Chào mừng đại hội\n\n{BODY}", encoding="utf-8")
    (tmp_path / "c.txt").write_text(f"Gặp mặt hộ sản xuất giỏi\n\nVui tươi và đoàn kết\n\n{BODY}", encoding="utf-8")
    (a, b, c), _ = read("a.txt", "b.txt", "c.txt")
    assert (a.title, a.text.split("\n")[:2]) == ("Gặp mặt hộ sản xuất giỏi", ["Gặp mặt hộ sản xuất giỏi", banner])
    assert b.title == "Chào mừng đại hội"
    assert c.title == "Gặp mặt hộ sản xuất giỏi"


@pytest.mark.parametrize(
    ("line", "author", "unit"),
    [
        ("Lường Ín (Trung tâm Văn hóa)", "Lường Ín", "Trung tâm Văn hóa"),
        (
            "Tin, ảnh: Quàng Văn Ơn – Mùa A Sở (Đài Truyền thanh huyện).",
            "Quàng Văn Ơn – Mùa A Sở",
            "Đài Truyền thanh huyện",
        ),
        ("PV", None, None),
        ("Theo Cổng thông tin điện tử tỉnh", None, None),
        ("Buổi gặp mặt kết thúc lúc 16 giờ.", None, None),
    ],
)
def test_bylines(read, tmp_path, line, author, unit):
    (tmp_path / "a.txt").write_text(f"{NEWS}\n{line}", encoding="utf-8")
    (article,), _ = read("a.txt")
    assert (article.author, article.author_unit) == (author, unit)
    assert article.text.endswith(line)


def test_jsonl_rows_in_all_their_forms(read, tmp_path):
    page = f"<html><head><title>Gặp mặt</title></head><body><article><h1>Gặp mặt hộ sản xuất giỏi</h1><p>{BODY}</p><p>{BODY}</p></article></body></html>"
    rows = [
        {"url": "https://x.example/1", "title": "Gặp mặt", "published_at": "17/06/2020 08:30", "body": BODY},
        {"url": "https://x.example/2", "text": f"Gặp mặt\n{BODY}"},
        {"url": "https://x.example/3", "title": "Gặp mặt", "text": f"Gặp mặt\n{BODY}"},
        {"url": "https://x.example/4", "html": page, "published_at": "2020-06-18"},
        {"id": "k9", "title": "Gặp mặt", "body": BODY, "published_at": "ngày mai"},
        {"url": "https://x.example/6", "title": "Gặp mặt"},
    ]
    lines = [json.dumps(r, ensure_ascii=False) for r in rows]
    (tmp_path / "a.jsonl").write_text(
        "\n".join([*lines, "[1, 2]", "", '{"url": "https://x.example/7", "titl']), encoding="utf-8"
    )
    articles, errors = read("a.jsonl")
    one, two, three, four, five, six = articles
    assert one.published_at == "2020-06-17T08:30:00+07:00"
    assert one.text == two.text == three.text == f"Gặp mặt\n{BODY}"
    assert one.article_id == content_id("https://x.example/1")
    assert one.source == "x.example"
    assert four.title == "Gặp mặt hộ sản xuất giỏi"
    assert (four.url, four.published_at) == ("https://x.example/4", "2020-06-18")
    assert (five.url, five.published_at) == ("file:a.jsonl#k9", None)
    assert six.text == "Gặp mặt"
    assert [(e.code, "line " in e.message) for e in errors] == [
        ("bad_date", True),
        ("bad_json", True),
        ("bad_json", True),
    ]
    assert "line 9" in errors[2].message
    assert "cut off" in errors[2].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(read, tmp_path, encoding, delimiter):
    quoted = BODY.replace('"', '""')
    header = delimiter.join(["url", "title", "published_at", "body"])
    row = delimiter.join(["https://x.example/1", "Gặp mặt", "2020-06-17", f'"{quoted}"'])
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n", encoding=encoding)
    (article,), errors = read("a.csv")
    assert (article.text, article.published_at, errors) == (f"Gặp mặt\n{BODY}", "2020-06-17", [])


def test_csv_without_a_text_column_is_refused(read, tmp_path):
    (tmp_path / "a.csv").write_text("url,title\nhttps://x.example/1,Gặp mặt\n", encoding="utf-8")
    articles, (error,) = read("a.csv")
    assert (articles, error.code) == ([], "no_column")


def test_parquet(read, tmp_path):
    import pandas as pd

    frame = pd.DataFrame(
        {
            "url": ["https://x.example/1"],
            "title": ["Gặp mặt"],
            "body": [BODY],
            "published_at": [pd.Timestamp("2020-06-17")],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 this is none")
    (article,), (error,) = read("a.parquet", "b.parquet")
    assert (article.text, article.published_at) == (f"Gặp mặt\n{BODY}", "2020-06-17")
    assert error.code == "bad_parquet"


def test_html_files(read, tmp_path):
    page = (
        '<html><head><meta charset="utf-8"><link rel="canonical" href="https://x.example/tin/5"></head><body>'
        f"<article><h1>Gặp mặt hộ sản xuất giỏi</h1><p>{BODY}</p><p>{BODY}</p></article></body></html>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "menu.html").write_text(
        "<html><body><ul><li><a href='/'>Trang chủ</a></ul></body></html>", encoding="utf-8"
    )
    (tmp_path / "none.html").write_text("", encoding="utf-8")
    (article,), errors = read("a.html", "menu.html", "none.html")
    assert (article.url, article.source) == ("https://x.example/tin/5", "x.example")
    assert BODY.split("\n", 1)[0] in article.text
    assert [("menu.html" in e.message, "none.html" in e.message) for e in errors] == [(True, False), (False, True)]


def test_a_folder_is_read_by_name_and_within(read, tmp_path):
    (tmp_path / "news" / "2020").mkdir(parents=True)
    for name in ("b.txt", "a.txt", "2020/a.txt", ".hidden.txt", "note.docx", "settings.json"):
        (tmp_path / "news" / name).write_text(NEWS, encoding="utf-8")
    os.mkfifo(tmp_path / "news" / "pipe.txt")
    (tmp_path / "empty").mkdir()
    articles, errors = read("news", "empty", "missing")
    assert [a.url for a in articles] == ["file:a.txt", "file:b.txt", "file:2020/a.txt"]
    assert len({a.article_id for a in articles}) == 3
    assert [e.code for e in errors] == ["other_files", "empty_folder", "no_file"]
    assert "1 .docx, 1 .json" in errors[0].message


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's")
def test_what_may_not_be_read_is_said(tmp_path):
    (tmp_path / "good.txt").write_text(NEWS, encoding="utf-8")
    (tmp_path / "secret.txt").write_text(NEWS, encoding="utf-8")
    (tmp_path / "closed").mkdir()
    script = (
        "import sys\nfrom extractor.inputs import read_articles\nfrom extractor.rules import load_rules\nrules = load_rules()\n"
        "import os\nos.geteuid() or os.setuid(65534)\nerrors = []\n"
        "print(len(list(read_articles([sys.argv[1]], rules, errors.append))), *[e.code for e in errors])"
    )
    folder = tmp_path
    while folder != folder.parent and folder.stat().st_uid == os.geteuid() and folder.name:
        folder.chmod(0o755)
        if folder.name.startswith("pytest-of-"):
            break
        folder = folder.parent
    (tmp_path / "secret.txt").chmod(0)
    (tmp_path / "closed").chmod(0)
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    (tmp_path / "closed").chmod(0o755)
    assert done.stdout.split() == ["1", "unreadable", "unreadable"]


def test_a_20_mb_article_is_refused_at_once(read, tmp_path):
    (tmp_path / "big.txt").write_text(NEWS * (20_000_000 // len(NEWS.encode()) + 1), encoding="utf-8")
    line = json.dumps({"url": "https://x.example/1", "body": "a " * MAX_CHARACTERS})
    (tmp_path / "big.jsonl").write_text(f"{line}\n{json.dumps({'title': 'Gặp mặt', 'body': BODY})}\n", encoding="utf-8")
    started = time.monotonic()
    (article,), errors = read("big.txt", "big.jsonl")
    assert time.monotonic() - started < 5
    assert article.title == "Gặp mặt"
    assert [e.code for e in errors] == ["too_long", "too_long"]
    assert f"{MAX_CHARACTERS:,}" in errors[1].message


def test_the_publication_day_is_given_only_to_those_without(read, tmp_path):
    rows = [{"title": "Một", "body": BODY, "published_at": "2019-02-03"}, {"title": "Hai", "body": BODY}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (one, two), _ = read("a.jsonl", published="2020-06-18")
    assert (one.published_at, two.published_at) == ("2019-02-03", "2020-06-18")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-01-10", "2023-01-10"),
        ("2023-01-10T08:51:00+07:00", "2023-01-10T08:51:00+07:00"),
        ("2023-01-09T20:00:00Z", "2023-01-10T03:00:00+07:00"),
        ("2023-01-10 08:51", "2023-01-10T08:51:00+07:00"),
        ("2023-01-10 00:00:00", "2023-01-10"),
        ("Thứ ba, 10/1/2023 | 08:51 GMT+7", "2023-01-10T08:51:00+07:00"),
        ("8h05 ngày 10-01-2023", "2023-01-10T08:05:00+07:00"),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_publication_days(text, iso):
    assert published_iso(text) == iso


@pytest.mark.parametrize("text", ["hôm qua", "31/2/2023", "2023-13-01", "99"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        published_iso(text)


@pytest.mark.parametrize(
    "given_bytes",
    [
        NEWS.encode(),
        json.dumps({"title": "Gặp mặt hộ sản xuất giỏi", "body": BODY}).encode() + b"\n",
        json.dumps([{"title": "Gặp mặt hộ sản xuất giỏi", "body": BODY}]).encode(),
        f'title,body\nGặp mặt hộ sản xuất giỏi,"{BODY}"\n'.encode(),
    ],
    ids=["text", "jsonl", "json", "csv"],
)
def test_standard_input(rules, monkeypatch, given_bytes):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(given_bytes))))
    errors = []
    (article,) = read_articles(["-"], rules, errors.append)
    assert errors == []
    assert article.text == canonical_text(NEWS)
    assert article.url == "file:stdin"
