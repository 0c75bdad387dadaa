import json

import pytest

from extractor.errors import InputError
from extractor.evaluate import check_gold, gold_sha256, read_gold

EMPTY = {"dates": [], "officials": [], "meetings": [], "targets": [], "anniversaries": []}


def article(**changes):
    made = {
        "id": "a-1", "url": "https://xa.example.vn/tin/1", "title": "Xã họp", "published_at": "2023-01-10",
        "body": "Sáng 9/1, xã họp giao ban. Ông Lê Nam chủ trì.", "gold": EMPTY,
    }  # fmt: skip
    return {**made, **changes}


def write(tmp_path, *lines):
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return file


def test_reads_articles_of_a_folder_in_order(tmp_path):
    (tmp_path / "b.jsonl").write_text(json.dumps(article(url="https://b.example.vn/2")), encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(article()) + "\n\n", encoding="utf-8")
    found = read_gold(tmp_path)
    assert [a.article.source for a in found] == ["xa.example.vn", "b.example.vn"]
    assert found[0].article.text == "Xã họp\nSáng 9/1, xã họp giao ban. Ông Lê Nam chủ trì."
    assert found[0].where.endswith("a.jsonl:1")


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("{", "not JSON"),
        ("[1]", "JSON object"),
        (article(body=None), "key 'body' is missing"),
        (article(gold=[]), "key 'gold' is missing or not an object"),
        (article(published_at="hôm nay"), "published_at 'hôm nay'"),
        (article(gold={**EMPTY, "dates": {}}), "gold 'dates' is not a list of objects"),
        (article(gold={**EMPTY, "dates": [{"kind": "date"}]}), "key 'quote' is missing"),
        (article(gold={**EMPTY, "officials": [{"name": "Lê Nam"}]}), "key 'positions' is missing"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, cause):
    file = write(tmp_path, article(), line)
    with pytest.raises(InputError) as error:
        read_gold(file)
    assert f"{file}:2: " in error.value.message
    assert cause in error.value.message
    assert "\n" not in error.value.message


@pytest.mark.parametrize(
    ("gold", "cause"),
    [
        ({k: v for k, v in EMPTY.items() if k != "dates"}, "no dates"),
        (
            {**EMPTY, "dates": [{"quote": "10/1", "kind": "date", "start_date": None, "end_date": None}]},
            "not in the text",
        ),
        ({**EMPTY, "dates": [{"quote": "Sáng 9/1", "kind": "time"}]}, "start_date or end_date missing"),
        ({**EMPTY, "dates": [{"quote": "9/1", "kind": "day", "start_date": None, "end_date": None}]}, "kind 'day'"),
        (
            {**EMPTY, "dates": [{"quote": "9/1", "nth": 2, "kind": "date", "start_date": None, "end_date": None}]},
            "nth 2",
        ),
        (
            {**EMPTY, "dates": [{"quote": "9/1", "kind": "date", "start_date": "9/1", "end_date": None}]},
            "start_date '9/1'",
        ),
        ({**EMPTY, "officials": [{"name": "Lê Bắc", "positions": []}]}, "name not in the text"),
        ({**EMPTY, "officials": [{"name": "Lê Nam", "positions": ["Bí thư"]}]}, "position not in the text"),
        ({**EMPTY, "targets": [{"quote": "xã", "kind": "quantity", "value": "ba"}]}, "value 'ba'"),
        ({**EMPTY, "targets": [{"quote": "xã", "kind": "level", "comparator": "about"}]}, "comparator 'about'"),
        ({**EMPTY, "anniversaries": [{"quote": "xã", "event": "x", "origin_date": "63"}]}, "origin_date '63'"),
        (
            {
                **EMPTY,
                "meetings": [
                    {"quote": "họp", "kind": "meeting", "participations": [{"official": "A", "role": "chair"}]}
                ],
            },
            "participation",
        ),
        ({**EMPTY, "dates": [{"quote": "9/1", "kind": "date", "start_date": None, "end_date": None}] * 2}, "twice"),
    ],
)
def test_a_wrong_annotation_is_named(tmp_path, gold, cause):
    file = write(tmp_path, article(gold=gold))
    problems = list(check_gold(file))
    assert len(problems) == 1
    assert problems[0].startswith(f"{file}:1: ")
    assert cause in problems[0]
    with pytest.raises(InputError, match=r"gold\.jsonl:1"):
        read_gold(file)


def test_text_that_is_not_canonical_is_named(tmp_path):
    assert "not canonical" in next(check_gold(write(tmp_path, article(body="xã  họp"))))


def test_no_gold_there(tmp_path):
    with pytest.raises(InputError, match="no gold articles there"):
        read_gold(tmp_path)
    with pytest.raises(InputError, match="no gold articles there"):
        read_gold(tmp_path / "none.jsonl")


def test_the_hash_knows_bytes_and_names(tmp_path):
    file = write(tmp_path, article())
    before = gold_sha256(tmp_path)
    assert before == gold_sha256(file)
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert gold_sha256(tmp_path) != before
