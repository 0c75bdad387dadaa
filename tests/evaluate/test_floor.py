import json
from dataclasses import replace

import pytest

from extractor.errors import InputError
from extractor.evaluate import (
    MEAN,
    Evaluation,
    Figure,
    below_floor,
    evaluate,
    floor_path,
    read_floor,
    read_gold,
    update_floor,
)
from extractor.resources import resource


def evaluation(dates=0.95, sha256="a" * 64):
    figure = Figure(precision=dates, recall=dates, f1=dates, gold=20, found=20)
    nothing = Figure(precision=0.0, recall=0.0, f1=0.0, gold=0, found=0)
    return Evaluation({"dates": figure, "targets": nothing}, [], dates, 3, sha256)


def test_a_new_floor_stands_just_below_what_was_reached(tmp_path):
    floor = update_floor(evaluation(), tmp_path / "floor.json")
    assert floor.least == {"dates": 0.945, MEAN: 0.945}
    assert read_floor(tmp_path / "floor.json") == floor
    assert below_floor(evaluation(), floor) == []


def test_what_fell_is_named(tmp_path):
    floor = update_floor(evaluation(), tmp_path / "floor.json")
    assert below_floor(evaluation(0.90), floor) == [
        "dates: F1 0.900 is below its floor 0.945",
        "mean of the eleven: F1 0.900 is below its floor 0.945",
    ]


def test_a_wrong_offset_always_falls(tmp_path):
    right = Figure(precision=1.0, recall=1.0, f1=1.0, gold=900, found=900)
    wrong = {**right, "precision": 0.999, "f1": 0.9995}
    floor = update_floor(replace(evaluation(), figures={"offsets": right}), tmp_path / "floor.json")
    assert "offsets" in below_floor(replace(evaluation(), figures={"offsets": wrong}), floor)[0]


def test_a_measure_that_vanished_fell(tmp_path):
    floor = update_floor(evaluation(), tmp_path / "floor.json")
    assert below_floor(replace(evaluation(), figures={}), floor) == ["dates: F1 0.000 is below its floor 0.945"]


def test_the_floor_is_lowered_only_on_purpose(tmp_path):
    file = tmp_path / "floor.json"
    update_floor(evaluation(), file)
    assert update_floor(evaluation(0.90), file).least["dates"] == 0.945
    assert update_floor(evaluation(0.99), file).least["dates"] == 0.985
    assert update_floor(evaluation(0.90), file, lower=True).least["dates"] == 0.895


def test_another_corpus_needs_another_floor(tmp_path):
    file = tmp_path / "floor.json"
    floor = update_floor(evaluation(), file)
    other = evaluation(0.90, "b" * 64)
    (message,) = below_floor(other, floor)
    assert "gold articles changed" in message
    assert update_floor(other, file).least["dates"] == 0.895


@pytest.mark.parametrize(
    "text", ["", "[]", '{"sha256": "x"}', json.dumps({"sha256": "", "articles": 1, "least_f1": {"dates": "?"}})]
)
def test_a_broken_floor_is_named(tmp_path, text):
    file = tmp_path / "floor.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="not a floor file"):
        read_floor(file)


def test_a_missing_floor_is_named(tmp_path):
    with pytest.raises(InputError, match="no floor there"):
        read_floor(tmp_path / "floor.json")


def test_the_corpus_holds_its_floor(nlp):
    gold = resource("corpus") / "gold"
    assert len(read_gold(gold)) >= 25
    assert floor_path() == resource("corpus") / "floor.json"
    assert below_floor(evaluate(gold, nlp), read_floor()) == []
