import json
import subprocess
import sys

import pytest

from extractor import engine
from extractor.dataset import Archive
from extractor.dataset.corrections import decide
from extractor.dataset.reader import Reader
from extractor.errors import InputError
from extractor.evaluate import check_gold, evaluate
from extractor.evaluate.from_archive import add_to_gold, gold_line
from extractor.resources import resource

SAMPLE = resource("corpus") / "gold" / "corpus.jsonl"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An archive of a few articles of the sample corpus, on each of which an editor confirmed a row."""
    folder = tmp_path_factory.mktemp("gold")
    (folder / "few.jsonl").write_text(
        "".join(SAMPLE.read_text(encoding="utf-8").splitlines(True)[:8]), encoding="utf-8"
    )
    engine.run([str(folder / "few.jsonl")], folder / "data")
    with Archive(folder / "data") as archive, archive.transaction() as connection:
        rows = connection.execute("SELECT min(date_id) FROM dates GROUP BY article_id ORDER BY 1").fetchall()
        for (row,) in rows:
            decide(connection, "dates", row, "confirm", "Thu Hiền")
    return folder / "data"


def test_the_rows_of_corrected_articles_become_gold_that_is_in_order(data, nlp, tmp_path):
    added, replaced = add_to_gold(data, tmp_path / "gold.jsonl")
    assert (added, replaced) == (8, 0)
    assert list(check_gold(tmp_path / "gold.jsonl")) == []
    figures = evaluate(tmp_path / "gold.jsonl", nlp).figures
    for measure in ("dates", "dates value", "officials", "meetings", "targets", "anniversaries"):
        assert figures[measure]["f1"] == 1.0 or figures[measure]["gold"] == 0, measure


def test_adding_again_replaces(data, tmp_path):
    (tmp_path / "gold.jsonl").write_text(json.dumps({"url": "https://khac.example/1"}) + "\n", encoding="utf-8")
    assert add_to_gold(data, tmp_path / "gold.jsonl") == (8, 0)
    assert add_to_gold(data, tmp_path / "gold.jsonl") == (0, 8)
    urls = [json.loads(line)["url"] for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    assert urls[0] == "https://khac.example/1"
    assert len(urls) == len(set(urls)) == 9


def test_what_is_no_gold_is_refused(data, tmp_path):
    (tmp_path / "x.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.jsonl, line 1"):
        add_to_gold(data, tmp_path / "x.jsonl")
    with Reader(data) as reader, pytest.raises(InputError, match="no such article"):
        gold_line(reader, "nothing")


def test_the_command_lists_decisions_and_adds_them_to_gold(data, tmp_path):
    command = [sys.executable, "-m", "extractor", "corrections", "--data", str(data)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {json.loads(line)["editor"] for line in listed} == {"Thu Hiền"}
    done = subprocess.run([*command, "--gold", str(tmp_path / "g.jsonl")], capture_output=True, text=True, check=True)
    assert "8 articles added" in done.stdout


def test_the_evaluate_command_takes_a_file_or_a_folder(tmp_path):
    (tmp_path / "gold").mkdir()
    line = SAMPLE.read_text(encoding="utf-8").splitlines(True)[0]
    (tmp_path / "gold" / "one.jsonl").write_text(line, encoding="utf-8")
    command = [sys.executable, "-m", "extractor", "evaluate"]
    folder = subprocess.run([*command, str(tmp_path / "gold")], capture_output=True, text=True, check=True).stdout
    file = subprocess.run(
        [*command, str(tmp_path / "gold" / "one.jsonl")], capture_output=True, text=True, check=True
    ).stdout
    assert folder == file
    assert "mean F1 of the eleven" in folder
    missing = subprocess.run([*command, str(tmp_path / "nothing")], capture_output=True, text=True, check=False)
    assert missing.returncode == 1
    assert "no such file or folder" in missing.stderr
