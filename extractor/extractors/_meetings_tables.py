"""What rules/meetings.yml says, compiled once for a rule set."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from extractor.rules import RuleSet, alternation

FILE = "meetings"
_MARKS = "\n\"“”‘’'«»()[]{}<>–—-−/|\\:;,.…?!*+•·●▪►✓=&@#%~"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind word says: the kind, whether it is a verb (so that it needs an organiser) or can be one, and its rule's id."""

    kind: str
    verb: bool
    verbal: bool
    rule_id: str


@dataclass(frozen=True, slots=True)
class Role:
    """What a role cue says: chair, speaker or attendee ("" for a predicate that gives no role), and its rule's id."""

    role: str
    rule_id: str


@dataclass(frozen=True)
class Tables:
    """The rules of meetings and participations as compiled patterns over lowered text.

    `words` holds, by lexicon, the patterns that find a term anywhere.
    """

    kinds: dict[str, Kind]
    words: dict[str, re.Pattern[str]]
    kind_word: re.Pattern[str]
    kind_start: re.Pattern[str]
    subkind: re.Pattern[str]
    subkinds: dict[str, str]
    not_a_rite: re.Pattern[str]
    not_a_meeting: dict[str, re.Pattern[str]]
    not_finite_before: re.Pattern[str]
    other_name_before: re.Pattern[str]
    generic_before: re.Pattern[str]
    only_named_before: re.Pattern[str]
    organise_before: re.Pattern[str]
    take_part_before: re.Pattern[str]
    takes_place_after: re.Pattern[str]
    planned: re.Pattern[str]
    clause_start: re.Pattern[str]
    abbreviations: dict[str, frozenset[str]]
    demonstrative: re.Pattern[str]
    name_stop: re.Pattern[str]
    subject_verb: re.Pattern[str]
    comma_stop: re.Pattern[str]
    comma_goes_on: re.Pattern[str]
    contrast: re.Pattern[str]
    not_a_host: re.Pattern[str]
    small_host: re.Pattern[str]
    crowd: re.Pattern[str]
    auxiliaries_end: re.Pattern[str]
    not_a_place: re.Pattern[str]
    place_goes_on: re.Pattern[str]
    place_stop: re.Pattern[str]
    body: re.Pattern[str]
    level: re.Pattern[str]
    honorific_before: re.Pattern[str]
    post_head: re.Pattern[str]
    object_before: re.Pattern[str]
    same_day_opener: re.Pattern[str]
    programme_gap: re.Pattern[str]
    whole_words_before: re.Pattern[str]
    not_a_role: dict[str, re.Pattern[str]]
    not_chairing: re.Pattern[str]
    not_a_verb_before: re.Pattern[str]
    body_before: re.Pattern[str]
    takes_part: re.Pattern[str]
    speech_of: re.Pattern[str]
    no_predicate: re.Pattern[str]
    no_speech: re.Pattern[str]
    speech_frame: re.Pattern[str]
    ahead_before: re.Pattern[str]
    ahead_after: re.Pattern[str]
    short_bodies: frozenset[str]
    time_label: re.Pattern[str]
    place_label: re.Pattern[str]
    beside_place: re.Pattern[str]
    delegation: re.Pattern[str]
    some_delegation: re.Pattern[str]
    list_opener: re.Pattern[str]
    act: re.Pattern[str]
    work: re.Pattern[str]
    session_goes_on: re.Pattern[str]
    twin: re.Pattern[str]
    roles: dict[str, Role]
    role_start: re.Pattern[str]
    role_cue: re.Pattern[str]


def blanked(low: str) -> str:
    """A text with a blank for each mark that a word can follow.

    A pattern that begins with a plain blank is found twice as fast as one that looks behind at every letter.
    """
    for mark in _MARKS:
        low = low.replace(mark, " ")
    return low


def tables_of(rules: RuleSet) -> Tables:
    """The compiled tables of a rule set, built at the first call."""
    return rules.memo("meetings.tables", _build)


def _terms(rules: RuleSet) -> tuple[dict[str, Kind], dict[str, Role]]:
    """The terms of the file's rules: kind words and role cues, with the predicates that give no role."""
    kinds: dict[str, Kind] = {}
    roles: dict[str, Role] = {}
    for rule in rules.rules(FILE):
        for term in rule.source.terms or ():
            if "kind" in rule.set:
                verb, verbal = bool(rule.set["verb"]), bool(rule.set.get("verbal"))
                kinds[term] = Kind(str(rule.set["kind"]), verb, verbal, rule.id)
            elif "role" in rule.set:
                roles[term] = Role(str(rule.set["role"]), rule.id)
    for term in rules.lexicon(FILE, "other_predicates"):
        roles.setdefault(term, Role("", ""))
    return kinds, roles


def _build(rules: RuleSet) -> Tables:
    def words(name: str) -> str:
        return alternation(rules.lexicon(FILE, name), either_case=False)

    def anywhere(name: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){words(name)}(?!\w)")

    def after(name: str) -> re.Pattern[str]:
        return re.compile(rf"\s*{words(name)}(?!\w)")

    def before(name: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){words(name)}[\s“\"]*$")

    kinds, roles = _terms(rules)
    found = _patterns(rules, words)
    for name in _AFTER:
        found[_AFTER[name]] = after(name)
    for name in _BEFORE:
        found[_BEFORE[name]] = before(name)
    for name in _ANYWHERE:
        found[_ANYWHERE[name]] = anywhere(name)
    return Tables(
        kinds=kinds,
        roles=roles,
        words={name: anywhere(name) for name in ("wishes", "passed", "happens", "documents", "topics")},
        kind_start=re.compile(rf" (?={alternation(map(blanked, kinds), either_case=False)}(?!\w))"),
        kind_word=re.compile(rf"(?<!\w){alternation(kinds, either_case=False)}(?!\w)"),
        role_start=re.compile(rf" (?={alternation(map(blanked, roles), either_case=False)}(?!\w))"),
        role_cue=re.compile(rf"(?<!\w){alternation(roles, either_case=False)}(?!\w)"),
        subkinds={k: str(v) for k, v in rules.lexicon(FILE, "subkinds").items()},
        not_a_meeting=_by_head(rules, "not_a_meeting"),
        not_a_role=_by_head(rules, "not_a_role"),
        short_bodies=frozenset(rules.lexicon(FILE, "short_bodies")),
        abbreviations={k: frozenset(str(v).split()) for k, v in rules.lexicon(FILE, "abbreviations").items()},
        **found,
    )


_NUMBERED = (
    "số", "phường", "thôn", "quận", "phố", "tổ", "đội", "ấp", "khóm", "xóm", "cụm", "bản", "buôn", "khối", "bộ", "khóa",
    "khoá", "lớp", "vùng", "khu", "sư đoàn", "tiểu khu", "trường",
)  # fmt: skip
_AFTER = {
    "not_a_rite": "not_a_rite", "demonstratives": "demonstrative", "clause_starts": "clause_start",
    "comma_stops": "comma_stop", "comma_goes_on": "comma_goes_on", "contrast": "contrast",
    "not_a_host": "not_a_host", "small_hosts": "small_host", "not_a_place": "not_a_place",
    "list_openers": "list_opener", "same_day_openers": "same_day_opener",
    "session_goes_on": "session_goes_on",
    "twins": "twin", "no_speech": "no_speech", "no_predicate": "no_predicate", "speech_frames": "speech_frame",
}  # fmt: skip
"""Lexicons whose terms are looked for right behind a position, and the pattern's name."""
_BEFORE = {
    "not_finite_before": "not_finite_before", "part_of_other_name": "other_name_before",
    "only_named_before": "only_named_before", "object_before": "object_before",
    "whole_words_before": "whole_words_before", "not_a_verb_before": "not_a_verb_before", "bodies_before": "body_before",
}  # fmt: skip
"""Lexicons whose terms are looked for right before a position."""
_ANYWHERE = {
    "planned": "planned", "subject_verbs": "subject_verb", "bodies": "body", "levels": "level", "post_heads": "post_head",
    "acts": "act", "works": "work",
}  # fmt: skip
"""Lexicons whose terms are looked for anywhere."""


def _by_head(rules: RuleSet, lexicon: str) -> dict[str, re.Pattern[str]]:
    """For each kind word or role cue the words behind it with which it is something else."""
    heads: dict[str, list[str]] = {}
    for term, head in rules.lexicon(FILE, lexicon).items():
        heads.setdefault(str(head), []).append(term)
    return {h: re.compile(rf"\s+{alternation(t, either_case=False)}(?!\w)") for h, t in heads.items()}


def _patterns(rules: RuleSet, words: Callable[[str], str]) -> dict[str, re.Pattern[str]]:
    """The patterns that are more than a lexicon."""
    adverbs = f"(?:(?:{words('organise_adverbs')})\\s+)*"
    # "thôn 3 họp", "tổ đại biểu số 2 tiếp xúc cử tri": the number belongs to the body.
    numbered = "".join(rf"(?<!{word} )" for word in _NUMBERED)
    marks = r"[,;:?!“”\"()…]|\.(?!\d)|[‘’'](?!\w)|\s[-–—]\s"
    return {
        "subkind": re.compile(rf"\s+(?:{words('between')}\s+)?(?P<sub>{words('subkinds')})(?!\w)"),
        "generic_before": re.compile(
            rf"(?<!\w)(?:{words('generic_before')}|{numbered}(?!01\b)\d+)(?:\s+(?:buổi|cuộc|đợt|lượt))?\s*$"
        ),
        "organise_before": re.compile(rf"(?<!\w){words('organise')}\s+{adverbs}[“\"]?$"),
        "take_part_before": re.compile(rf"(?<!\w){words('take_part')}\s+(?:tại\s+)?{adverbs}[“\"]?$"),
        "takes_place_after": re.compile(rf"[\s,]*{words('takes_place')}(?!\w)"),
        "name_stop": re.compile(rf"{marks}|(?<!\w)trong \d+(?= (?:ngày|buổi))|(?<!\w){words('name_stops')}(?!\w)"),
        "auxiliaries_end": re.compile(rf"(?:[\s,]+{words('auxiliaries')})+\s*$"),
        "place_stop": re.compile(rf"[;:?!“”\"…]|\.(?!\w)|\s[-–—]\s|(?<!\w){words('place_stops')}(?!\w)"),
        "not_chairing": re.compile(rf",?\s*(?:,\s*)?{words('not_chairing')}"),
        "takes_part": re.compile(
            rf"\s+(?:{words('gathering_words')}(?!\w)|có (?:đồng chí|ông|bà|các|anh|chị|đ/c)(?!\w))"
        ),
        "speech_of": re.compile(
            rf"{words('speeches')}(?: (?:khai mạc|chỉ đạo|kết luận|bế mạc|tham luận|và \w+ \w+))*\s+(?:của|từ)\s*$"
        ),
        "ahead_before": re.compile(rf"(?<!\w){words('ahead_before')}(?!\w)"),
        "ahead_after": re.compile(rf"[\s,(]*(?:\w+\s+){{0,3}}?{words('ahead_after')}(?!\w)"),
        "time_label": re.compile(rf"(?<!\w){words('time_labels')}\s?:\s*"),
        # "tại hội trường, Tỉnh ủy, HĐND tỉnh tổ chức": an organisation's name is no unit.
        "place_goes_on": re.compile(
            rf"\s*{words('place_goes_on')}(?!\w)(?!\s(?:ủy|uỷ|đoàn|đội|hội|dân vận|mặt trận|nội chính)(?!\w))"
        ),
        "beside_place": re.compile(
            rf"(?<!\w)(?:(?:tại|ở)\s+|(?:bên|trước|trên|dưới|trong|giữa|ngay bên|ngay trước|ngay trong)\s+(?={words('place_heads')}(?!\w)))"
        ),
        "place_label": re.compile(rf"(?<!\w){words('place_labels')}\s?:\s*(?:tại )?"),
        "crowd": re.compile(rf"\s*(?:(?:{words('crowd_counts')})\s+|\d[\d.]*\s+)+{words('crowds')}(?!\w)"),
        "programme_gap": re.compile(rf"\s*(?:{words('programme_gaps')}|[,:]|[-–—])?\s*[“\"]?$"),
        "delegation": re.compile(
            rf"(?<!\w){words('delegations')}(?: (?!(?:{words('delegation_stops')})(?!\w))[\w/&.-]+(?<!\.)){{1,14}}"
        ),
        "some_delegation": re.compile(rf"{words('delegations')}(?: này)?"),
        "honorific_before": re.compile(rf"(?<!\w){words('honorifics')}\.?\s*:?\s*$"),
    }
