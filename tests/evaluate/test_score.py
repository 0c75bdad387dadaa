import json

import pytest

from extractor.errors import InputError
from extractor.evaluate import MAIN, Scorer, evaluate, evaluate_rows, problems_by_kind, read_gold
from extractor.evaluate.measures import Count, likeness, overlap, pair, starts_same

TEXT = (
    "Xã Hải Sơn họp giao ban\nSáng 9/1, Đảng ủy xã tổ chức hội nghị giao ban công tác tháng 1. Ông Lê Nam,"
    " Bí thư Đảng ủy, chủ trì. Phấn đấu 95% hộ dân dùng nước sạch trong năm 2023."
    " Xã kỷ niệm 60 năm Ngày thành lập xã (1/2/1963). Bí thư Đảng ủy xã kết luận."
)
GOLD = {
    "dates": [
        {"quote": "Sáng 9/1", "kind": "time", "start_date": "2023-01-09", "end_date": "2023-01-09"},
        {"quote": "năm 2023", "kind": "date", "start_date": "2023-01-01", "end_date": "2023-12-31"},
    ],
    "officials": [{"name": "Lê Nam", "honorific": "ông", "positions": [["Bí thư Đảng ủy", "Bí thư Đảng ủy xã"]]}],
    "meetings": [
        {
            "quote": "hội nghị giao ban công tác tháng 1", "kind": "conference", "host": "Đảng ủy xã",
            "start_date": "2023-01-09", "end_date": "2023-01-09", "part_of_day": "morning", "location": None,
            "status": "held", "participations": [{"official": "Lê Nam", "role": "chair"}],
        }
    ],
    "targets": [
        {
            "quote": "95% hộ dân dùng nước sạch", "kind": "quantity", "comparator": "eq", "value": 95,
            "value_max": None, "unit": "%", "subject": "hộ dân dùng nước sạch", "deadline": "2023-12-31",
        }
    ],
    "anniversaries": [
        {
            "quote": "60 năm Ngày thành lập xã (1/2/1963)", "event": "Ngày thành lập xã", "years": 60,
            "origin_date": "1963-02-01", "anniversary_date": "2023-02-01",
        }
    ],
}  # fmt: skip


@pytest.fixture
def gold_file(tmp_path):
    title, body = TEXT.split("\n", 1)
    article = {
        "url": "https://xa.example.vn/1",
        "title": title,
        "published_at": "2023-01-10",
        "body": body,
        "gold": GOLD,
    }
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(article, ensure_ascii=False), encoding="utf-8")
    return file


def row(quote, **columns):
    start = TEXT.index(quote)
    return {"quote": quote, "start": start, "end": start + len(quote), **columns}


def perfect():
    meeting = {k: v for k, v in GOLD["meetings"][0].items() if k not in ("quote", "participations")}
    return {
        "dates": [row(**item) for item in GOLD["dates"]],
        "officials": [row("Lê Nam", name="Lê Nam", positions=["Bí thư Đảng ủy"])],
        "positions": [],
        "meetings": [row(GOLD["meetings"][0]["quote"], meeting_id="m", **meeting)],
        "participations": [row("Lê Nam", meeting_id="m", official="Lê Nam", role="chair")],
        "targets": [row(**item) for item in GOLD["targets"]],
        "anniversaries": [row(**item) for item in GOLD["anniversaries"]],
    }


def counts_of(gold_file, rows):
    scorer = Scorer()
    scorer.add(read_gold(gold_file)[0], rows)
    return scorer.counts, scorer.errors


def test_what_is_all_right_scores_one_everywhere(gold_file):
    counts, errors = counts_of(gold_file, perfect())
    assert errors == []
    assert {name: count.f1 for name, count in counts.items() if count.gold} == {
        name: 1.0 for name, count in counts.items() if count.gold
    }
    assert set(MAIN) <= set(counts)


def test_nothing_found_misses_everything(gold_file):
    counts, errors = counts_of(gold_file, {})
    assert {name for name in MAIN if counts[name].f1 > 0} == set()
    assert (counts["dates"].fn, counts["positions"].fn, counts["participations"].fn) == (2, 1, 1)
    assert counts["meetings slots"].fn == 6
    assert ("missed", "năm 2023") in {(e.kind, e.text) for e in errors}


def test_a_span_that_overlaps_is_found_but_not_strictly(gold_file):
    rows = perfect()
    rows["dates"][0] = row("9/1", start_date="2023-01-09", end_date="2023-01-09")
    counts, _ = counts_of(gold_file, rows)
    assert (counts["dates"].f1, counts["dates value"].f1, counts["dates strict"].f1) == (1.0, 1.0, 0.5)


def test_a_wrong_value_is_found_but_not_right(gold_file):
    rows = perfect()
    rows["dates"][0]["start_date"] = "2022-01-09"
    counts, errors = counts_of(gold_file, rows)
    assert (counts["dates"].f1, counts["dates value"].f1) == (1.0, 0.5)
    assert [(e.table, e.kind) for e in errors] == [("dates", "value")]


def test_a_row_that_is_not_where_it_says_is_an_invention(gold_file):
    rows = perfect()
    rows["dates"][0]["start"] += 1
    counts, errors = counts_of(gold_file, rows)
    assert counts["offsets"].fp == 1
    assert counts["dates"].fn == 1
    assert ("dates", "offsets") in {(e.table, e.kind) for e in errors}


def test_a_second_wording_of_a_post_is_no_invention(gold_file):
    rows = perfect()
    rows["officials"][0]["positions"] = ["Bí thư Đảng ủy", "Bí thư Đảng ủy xã"]
    assert counts_of(gold_file, rows)[0]["positions"].f1 == 1.0
    rows["officials"][0]["positions"] = ["Bí thư Đảng ủy", "Chủ tịch UBND xã"]
    assert counts_of(gold_file, rows)[0]["positions"].fp == 1


def test_a_slot_is_missed_invented_or_wrong(gold_file):
    rows = perfect()
    rows["meetings"][0].update(location="hội trường xã", host=None, part_of_day="evening")
    counts, errors = counts_of(gold_file, rows)
    assert (counts["meetings.location"].fp, counts["meetings.location"].fn) == (1, 0)
    assert (counts["meetings.host"].fp, counts["meetings.host"].fn) == (0, 1)
    assert (counts["meetings.part_of_day"].fp, counts["meetings.part_of_day"].fn) == (1, 1)
    assert {e.table for e in errors} == {"meetings.location", "meetings.host", "meetings.part_of_day"}


def test_results_are_not_goals(gold_file):
    rows = perfect()
    rows["targets"][0]["status"] = "result"
    assert counts_of(gold_file, rows)[0]["targets"].fn == 1


def test_evaluate_runs_the_pipeline(gold_file, nlp):
    evaluation = evaluate(gold_file, nlp)
    assert evaluation.articles == 1
    assert evaluation.figures["anniversaries"]["f1"] == 1.0
    assert evaluation.figures["anniversaries"]["gold"] == 1
    assert list(evaluation.figures)[:2] == ["dates", "dates value"]
    assert 0 < evaluation.mean_f1 <= 1


def test_rows_from_a_file_score_as_those_of_the_pipeline(gold_file, nlp, tmp_path):
    from extractor.nlp import extract_article

    file = tmp_path / "rows.jsonl"
    extraction = extract_article(nlp, read_gold(gold_file)[0].article)
    file.write_text(json.dumps(extraction.as_json()), encoding="utf-8")
    assert evaluate_rows(gold_file, file).figures == evaluate(gold_file, nlp).figures
    file.write_text("", encoding="utf-8")
    missing = evaluate_rows(gold_file, file)
    assert ("article", "missing") in {(e.table, e.kind) for e in missing.errors}
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"rows.jsonl:1: not an extracted article"):
        evaluate_rows(gold_file, file)


def test_the_table_for_people(gold_file, tmp_path):
    rows = tmp_path / "rows.jsonl"
    found = perfect()
    found["dates"].pop()
    rows.write_text(json.dumps({"url": "https://xa.example.vn/1", "text": TEXT, **found}), encoding="utf-8")
    lines = evaluate_rows(gold_file, rows).as_text(errors=5, table="dates").split("\n")
    assert lines[0] == "measure                            P       R      F1   gold  found"
    assert lines[1] == "dates                          1.000   0.500   0.667      2      1"
    assert "mean F1 of the eleven                          0.939" in lines
    assert lines[-1] == "https://xa.example.vn/1 | dates | missed | năm 2023"


def test_problems_are_ranked(gold_file):
    _, errors = counts_of(gold_file, {})
    assert next(iter(problems_by_kind(errors).items())) == (("dates", "missed"), 2)


def test_likeness_and_overlap():
    assert likeness("Văn hoá", "văn hóa") == 1.0
    assert likeness("%", "%") == 1.0
    assert likeness("", "xã") == 0.0
    assert likeness("Đảng ủy xã", "Đảng ủy") == pytest.approx(2 / 3)
    assert overlap((0, 10), (5, 15)) == pytest.approx(1 / 3)
    assert overlap((0, 5), (5, 9)) == 0.0
    assert starts_same("1963", "1963-10-30")
    assert not starts_same("1963-10-30", "1963")


def test_pairs_are_one_to_one_and_the_best_first():
    pairs, lost, invented = pair([1, 5, 9], [6, 1], lambda g, p: 1 / (1 + abs(g - p)) if abs(g - p) < 5 else 0)
    assert sorted(pairs) == [(1, 1), (5, 6)]
    assert (lost, invented) == ([9], [])


def test_counts():
    count = Count()
    assert (count.precision, count.recall, count.f1) == (0.0, 0.0, 0.0)
    count.add(tp=3, fp=1, fn=3)
    assert (count.precision, count.recall, count.f1) == (0.75, 0.5, 0.6)
