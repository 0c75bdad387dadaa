"""Where a commemorated day may be named: counts, names of days, cues, brackets; the patterns they are found with."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.extractors._anniversary_names import FILE, Names
from extractor.rules import RuleSet
from extractor.values.commemorations import Bracket, read_bracket, read_partial

CUE_REACH = 90
"""Characters before a name in which a cue is looked for, within its clause."""

_CLAUSE_END = re.compile(r"[\n;!?]|\.\s")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a commemorated day may be named: the count (if any) starts at `start`, the name at `event`."""

    start: int
    event: int
    years: int | None
    rule_id: str
    certain: bool = False
    bracket: Bracket | None = None


class Patterns:
    """The rules of the table, compiled once for a set of rules; all run on lower-case text."""

    def __init__(self, rules: RuleSet) -> None:
        self.names = Names(rules)
        self.count = self._rule(rules, "anniversary.count")
        self.cued_count = self._rule(rules, "anniversary.cued_count")
        self.ordinal = self._rule(rules, "anniversary.ordinal")
        self.named_day = self._rule(rules, "anniversary.named_day")
        self.known_day = self._rule(rules, "anniversary.known_day")
        self.death_rite = self._rule(rules, "anniversary.death_rite")
        self.count_bracket = self._rule(rules, "anniversary.count_bracket")
        self.bracket = self._rule(rules, "anniversary.bracket")
        self.bare_day = self._rule(rules, "anniversary.bare_day")
        self.strong = rules.regex(FILE, r"\b{strong_cues}\b(?! chương\b)")
        # One search for all three, led by what stands before a word: "re" then jumps from separator to separator.
        self.opening = re.compile(
            rf"\W(?:(?P<strong>{self.strong.pattern})|(?P<named>{self.named_day.pattern})|(?P<known>{self.known_day.pattern}))"
        )
        self.day_cue = rules.regex(FILE, r"\b(?:{strong_cues}|{weak_cues})\b(?! chương\b)")
        self.adjacent_cue = rules.regex(FILE, r"\b{adjacent_cues}(?:[\s“\"]+{fillers})*[\s“\"]+\Z")
        self.count_cue = rules.regex(FILE, r"\b(?:{strong_cues}|{weak_cues}|{count_cues})\b(?! chương\b)")
        self.fillers = rules.regex(FILE, r"(?:[\s“\"]+(?:{fillers}))*[\s“\"]+")
        self.day_only_cue = rules.regex(FILE, r"\b{day_only_cues} $")
        self.any_day = rules.regex(FILE, r"ngày (?!(?:{not_events})\b|\d)(?=\w)")
        self.head = rules.regex(FILE, r"\b(?:{heads})\b")
        self.not_event = rules.regex(FILE, r"(?:ngày )?(?:{not_events})\b")
        self.not_before = rules.regex(FILE, r"(?:^|\W)(?:{not_before}) (?:hơn |gần |tròn )?$")
        self.not_before_day = rules.regex(FILE, r"(?:^|\W)(?:{not_before_day}|{holiday_words}|{namesakes}) $")
        self.personal = rules.regex(FILE, r"ngày (?:{personal_heads})\b")
        self.law = rules.regex(FILE, r"\b{law_words}\b")
        self.counted_name = rules.regex(FILE, r"\b{counted_names}\b")
        self.chain = rules.regex(
            FILE,
            r"\s*(?:[,;&/–-]|,? ?và|[;,.] và|cũng như|gắn với)?\s*(?:(?:{strong_cues}|{fillers}|{weak_cues})\s+)*$",
        )
        self.year_link = rules.regex(FILE, r"\b(?:{year_links})\b")

    @staticmethod
    def _rule(rules: RuleSet, rule_id: str) -> re.Pattern[str]:
        return rules.regex(FILE, rules.rule(rule_id).source.pattern or "")


def candidates(low: str, days: Sequence[int], patterns: Patterns) -> Iterator[Candidate]:
    """All places of a lower-case text where a commemorated day may be named, in no order; places may overlap.

    Args:
        low: the text in lower case.
        days: where the text's calendar days start, from the dates table.
        patterns: the compiled rules.
    """
    for match in patterns.count.finditer(low):
        if not patterns.not_event.match(low, match.end()):
            yield Candidate(match.start(), match.end(), int(match["years"]), "anniversary.count")
    for opening in patterns.opening.finditer("\n" + low):
        # Without the line's end that was put in front.
        start, end = opening.start(), opening.end() - 1
        if opening["strong"] is None:
            rule = "anniversary.named_day" if opening["named"] is not None else "anniversary.known_day"
            yield Candidate(start, start, None, rule)
        elif after := patterns.fillers.match(low, end):
            yield from _after_cue(low, after.end(), patterns)
    for match in patterns.death_rite.finditer(low) if "lễ giỗ" in low else ():
        yield Candidate(match.start(), match.start(), None, "anniversary.death_rite", certain=True)
    for start in days:
        if patterns.day_only_cue.search(low[max(0, start - 20) : start]):
            yield from _bare_days(low, start, patterns)
    if "lần thứ" in low:
        yield from _ordinals(low, patterns)
    if "(" in low:
        yield from _brackets(low, patterns)


def _ordinals(low: str, patterns: Patterns) -> Iterator[Candidate]:
    """Counts before a name: "lần thứ 79 Ngày Quốc khánh"."""
    for match in patterns.ordinal.finditer(low):
        after = patterns.fillers.match(low, match.end())
        if after and (patterns.any_day.match(low, after.end()) or patterns.known_day.match(low, after.end())):
            yield Candidate(match.start(), after.end(), int(match["years"]), "anniversary.ordinal")


def _brackets(low: str, patterns: Patterns) -> Iterator[Candidate]:
    """Names before two bracketed days of different years, and names after a count and such days."""
    for match in patterns.bracket.finditer(low):
        clause = clause_before(low, match.start())
        heads = [m.start() for m in patterns.head.finditer(clause)]
        if heads:
            first = -2 if len(heads) > 1 and clause[heads[-2] : heads[-1]] == "ngày " else -1
            event = match.start() - len(clause) + heads[first]
            yield Candidate(event, event, None, "anniversary.bracket", certain=True)
    for match in patterns.count_bracket.finditer(low) if "năm (" in low else ():
        years, bracket = int(match["years"]), read_bracket(low, match.end())
        if bracket and spans(bracket, years) and patterns.head.match(low, bracket.end + 1):
            yield Candidate(match.start(), bracket.end + 1, years, "anniversary.count_bracket", True, bracket)


def _after_cue(low: str, at: int, patterns: Patterns) -> Iterator[Candidate]:
    """What may stand right after a strong cue: a count before anything, a day's name, or a bare day of the table."""
    count = patterns.cued_count.match(low, at)
    if count:
        if not patterns.not_event.match(low, count.end()):
            yield Candidate(at, count.end(), int(count["years"]), "anniversary.cued_count", certain=True)
        return
    if patterns.any_day.match(low, at):
        yield Candidate(at, at, None, "anniversary.named_day", certain=True)
        return
    yield from _bare_days(low, at, patterns)


def _bare_days(low: str, at: int, patterns: Patterns) -> Iterator[Candidate]:
    """A day and month of the table right at a place: "ngày 27/7"."""
    if patterns.bare_day.match(low, at):
        read = read_partial(low, at)
        if read and (read[0].month, read[0].day) in patterns.names.by_day:
            yield Candidate(at, at, None, "anniversary.bare_day", certain=True)


def spans(bracket: Bracket, years: int | None) -> bool:
    """Whether a bracket's two dates are a count's years apart."""
    if bracket.second is None or bracket.second.year is None or bracket.first.year is None:
        return False
    return years is None or abs(bracket.second.year - bracket.first.year - years) <= 1


def clause_before(low: str, at: int) -> str:
    """The words of the same clause before a place, at most `CUE_REACH` characters."""
    return _CLAUSE_END.split(low[max(0, at - CUE_REACH) : at])[-1]
