import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import RuleError
from extractor.rules import alternation, check_rules, load_rules

GOOD = """
lexicons:
  weekday: {thứ hai: 1, thứ ba: 2}
fragments:
  day: '\\d{1,2}'
rules:
  - id: sample.day
    pattern: '(?:{weekday}, )?ngày {day}'
    set: {granularity: day}
    examples: ["Họp [Thứ hai, ngày 9] và [ngày 12]."]
    counterexamples: ["Họp thứ hai."]
"""


def write(folder, text, name="sample.yml"):
    (folder / "gazetteers").mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_packaged_rules_match_their_examples(rules):
    assert list(check_rules(rules)) == []
    assert all(rule.source.examples for rule in rules.compiled.values())


def test_lexicons_and_fragments_are_put_in(tmp_path):
    rules = load_rules(write(tmp_path, GOOD))
    assert list(check_rules(rules)) == []
    assert rules.rule("sample.day").regex.search("Sáng thứ ba, ngày 12").group() == "thứ ba, ngày 12"
    assert rules.lexicon("sample", "weekday") == {"thứ hai": 1, "thứ ba": 2}


def test_a_wrong_example_is_reported(tmp_path):
    rules = load_rules(write(tmp_path, GOOD.replace("[ngày 12]", "ngày [12]").replace("Họp thứ hai.", "ngày 3")))
    first, second = check_rules(rules)
    assert "sample.day" in first
    assert "counterexample 'ngày 3' gave ['ngày 3']" in second


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("pattern:", "patern:"), "rule 'sample.day': unknown key 'patern'; did you mean 'pattern'?"),
        (("lexicons:", "lexicon:"), "unknown key 'lexicon'; did you mean 'lexicons'?"),
        (("{weekday}", "{weekdays}"), "no lexicon or fragment {weekdays}; did you mean 'weekday'?"),
        (("ngày {day}'", "ngày ({day}'"), "rule 'sample.day': the pattern is not a regular expression"),
        (("    set:", "    terms: [a]\n    set:"), "give either 'pattern' or 'terms'"),
        (
            ('    examples: ["Họp [Thứ hai, ngày 9] và [ngày 12]."]\n', ""),
            "rule 'sample.day': examples: Field required",
        ),
        (("rules:", "rules: ["), "not readable as YAML"),
    ],
)
def test_a_wrong_file_says_where_and_what(tmp_path, change, says):
    with pytest.raises(RuleError) as error:
        load_rules(write(tmp_path, GOOD.replace(*change)))
    assert says in error.value.message
    assert "sample.yml" in error.value.message
    assert "\n" not in error.value.message


def test_a_wrong_gazetteer_says_where(tmp_path):
    write(tmp_path, GOOD)
    (tmp_path / "gazetteers" / "places.csv").write_text("term,level\nĐầm Hà,district\nTiên Yên\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"places\.csv, line 3: 2 cells expected"):
        load_rules(tmp_path)


def test_the_version_follows_the_content(tmp_path):
    first = load_rules(write(tmp_path, GOOD)).version
    assert load_rules(tmp_path).version == first
    assert load_rules(write(tmp_path, GOOD + "\n# một chú thích\n")).version != first


def test_two_rules_of_one_id_are_refused(tmp_path):
    write(tmp_path, GOOD)
    with pytest.raises(RuleError, match="another rule has this id"):
        load_rules(write(tmp_path, GOOD, "other.yml"))


TERMS = st.lists(st.text("abđĐ .(é", min_size=1, max_size=5), min_size=1, max_size=8)


@given(TERMS, st.text("abđĐ .(éE", max_size=8))
def test_an_alternation_matches_the_longest_term(terms, text):
    pattern = re.compile(alternation(terms, either_case=False))
    fitting = [t for t in terms if text.startswith(t)]
    match = pattern.match(text)
    assert (match.group() if match else None) == (max(fitting, key=len) if fitting else None)


@given(TERMS)
def test_an_alternation_takes_either_case_of_the_first_letter(terms):
    pattern = re.compile(alternation(terms))
    for term in terms:
        assert pattern.fullmatch(term)
        assert pattern.fullmatch(term[0].swapcase() + term[1:])
