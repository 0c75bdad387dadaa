import json

import pytest

from extractor.errors import ExtractorError
from extractor.evaluate.people import agreement, evaluate_people, read_people_gold
from extractor.resources import resource


def test_figures_of_a_known_case():
    items = [("u", n) for n in "abcde"]
    gold = dict(zip(items, "11122", strict=True))
    found = dict(zip(items, "xxyyy", strict=True))
    result = agreement(gold, found)
    # B-cubed by hand: precision (1 + 1 + 1/3 + 2/3 + 2/3) / 5, recall (2/3 + 2/3 + 1/3 + 1 + 1) / 5.
    assert result.precision == pytest.approx(11 / 15)
    assert result.recall == pytest.approx(11 / 15)
    assert result.pair_precision == pytest.approx(2 / 4)
    assert result.pair_recall == pytest.approx(2 / 4)
    assert len(result.wrong) == len(result.missed) == 2


def test_a_mention_that_was_not_found_costs_recall():
    gold = {("u", "a"): "1", ("u", "b"): "1"}
    result = agreement(gold, {("u", "a"): "x"})
    assert (result.precision, result.recall, result.unseen) == (1.0, 0.5, 1)


def test_equal_groupings_are_perfect_whatever_their_labels():
    gold = {("u", n): n in "ab" for n in "abc"}
    result = agreement(gold, {item: f"p{label}" for item, label in gold.items()})
    assert result.f1 == result.pair_f1 == 1.0


def test_the_gold_is_linked_without_a_wrong_merge():
    result = evaluate_people(resource("corpus") / "people" / "gold.jsonl")
    assert result.items >= 60
    assert result.wrong == ()
    assert result.f1 >= 0.95


@pytest.mark.parametrize(
    "line",
    ["{", '{"url": "u"}', json.dumps({"url": "u", "title": "t", "body": "b", "people": {"Lý Thị Máy": "1"}})],
)
def test_a_bad_line_is_said_with_its_number(tmp_path, line):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ExtractorError, match=r"gold\.jsonl:2"):
        read_people_gold(path)
