from pathlib import Path

import pytest

from extractor.nlp import extract_text
from extractor.text import canonical_text
from tests.cases import differences, parse_case, read_cases

FOLDER = Path(__file__).parent / "cases"
CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_case(case, nlp):
    assert canonical_text(case.text) == case.text, "a case is one canonical text"
    extraction = extract_text(nlp, case.text, case.published)
    assert differences(case, extraction.tables) == []


def test_there_are_enough_cases_of_each_table():
    counts = {}
    for case in CASES:
        counts[case.table] = counts.get(case.table, 0) + 1
    assert sum(counts.values()) >= 400
    assert set(counts) >= {"dates", "officials", "meetings", "participations", "targets", "anniversaries"}


@pytest.mark.parametrize(
    "line", ["<date>ngày 9/1", "ngày 9/1</date>", "<day>9/1</day>", "<date><target>x</date></target>"]
)
def test_a_wrong_tag_is_an_error(line):
    with pytest.raises(ValueError, match="line 1"):
        parse_case(line, "dates", "line 1")


def test_a_difference_is_seen(nlp):
    line = "[published=2023-01-10] <date start=2022-01-09>Sáng ngày 9/1/2023</date>, <date>họp</date>."
    found = differences(parse_case(line, "dates", "line 1"), extract_text(nlp, "Sáng ngày 9/1/2023, họp.").tables)
    assert found == ["dates: 'Sáng ngày 9/1/2023' start=2023-01-09, wanted 2022-01-09", "dates: missed 'họp'"]
