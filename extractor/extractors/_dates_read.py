"""Reading date expressions: rules/dates.yml turned into one scanner, its matches into partial dates as worded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from extractor.extractors._dates_make import MAKERS, Atom, Words
from extractor.rules import RuleSet, Scalar, alternation
from extractor.values.dates import PartialDate


@dataclass(frozen=True, slots=True)
class _Scanned:
    rule_id: str
    values: Mapping[str, Scalar]
    groups: tuple[tuple[str, int], ...]


class Master:
    """Several rules as one regular expression; the first rule that matches at a place wins."""

    def __init__(self, rules: list[Any]) -> None:
        parts, names = [], {}
        for number, rule in enumerate(rules):
            pattern = re.sub(r"\(\?P<(\w+)>", rf"(?P<\1__{number}>", rule.regex.pattern.removeprefix(r"\b"))
            # The group that tells the rule stands last, so that "re" sees a branch's first letter before it goes into it.
            parts.append(f"(?:{pattern})(?P<rule__{number}>)")
            names[f"rule__{number}"] = rule
        self.regex = re.compile("|".join(parts))
        by_rule: dict[str, list[tuple[str, int]]] = {name: [] for name in names}
        for group, index in self.regex.groupindex.items():
            name, _, number_text = group.rpartition("__")
            if name != "rule":
                by_rule[f"rule__{number_text}"].append((name, index))
        self.by_rule = {n: _Scanned(rule.id, rule.set, tuple(by_rule[n])) for n, rule in names.items()}

    def match(self, text: str, at: int) -> tuple[re.Match[str], _Scanned] | None:
        """The match that begins at a place, with its rule."""
        found = self.regex.match(text, at)
        return (found, self.by_rule[found.lastgroup or ""]) if found else None


class Reader:
    """The compiled scanner of one rule set."""

    def __init__(self, rules: RuleSet) -> None:
        self.words = Words(rules.files["dates"].lexicons)
        self.lexicon = self.words.lexicon
        own = rules.rules("dates")
        self.everything = Master(sorted(own, key=lambda r: r.set.get("kind") != "none"))
        self.dates = Master([r for r in own if r.set.get("kind") != "none"])
        anchor = rules.files["dates"].fragments["anchor"]
        self.anchor = rules.regex("dates", anchor)
        self.quick = _quick(self.lexicon)
        lexicon = self.lexicon
        words = alternation(lexicon["anniversary_words"], either_case=False)
        self.anniversary = re.compile(
            rf"(?:kỷ niệm|kỉ niệm|chào mừng|mừng|hướng tới|nhân)(?!\w)(?:(?!ngày sinh).)*(?<!\w){words}(?!\w)"
        )
        self.ordinals = tuple(f"{word} " for word in lexicon["ordinal_before"])
        self.until_words = tuple(f"{word} " for word in lexicon["until_words"])
        self.not_modifier = tuple(f"{word} " for word in self.lexicon["not_modifier_after"])
        more = rules.regex
        gap = r"(?:, ?| và |, và | hoặc | & |; ?)"
        self.more_days = more(
            "dates",
            rf"(?P<more>(?:{gap}(?:ngày )?{{dd}}(?![/.]\d| tháng)){{0,30}})"
            rf"(?={gap}(?:ngày )?{{dd}}(?:(?: ?/ ?|[.\-]){{mm}}|,? tháng {{mm}}))",
        )
        self.more_months = more(
            "dates",
            rf"{gap}(?:tháng )?(?P<m>{{mm}})(?:[/\-](?P<y>{{yy}})|,? năm (?P<ya>{{yy}}))?"
            r"(?![.,/\-]?\d| ?%)(?= và|[,;.:)]|$|\n| )",
        )
        self.more_quarters = more(
            "dates",
            rf"{gap}(?:quý )?(?P<q>iv|i{{1,3}}|[1-4])(?!\w)"
            r"(?:[/\-](?P<y>{yy})|,? năm (?P<ya>{yy}))?(?![.,/\-]?\d| ?%)",
        )
        self.solar_days = _famous(rules)
        self.known_years = _known_years(rules)

    def scan(self, low: str) -> Iterator[Atom]:
        """The expressions of a lower-case text in order, none overlapping another."""
        upto = 0
        previous: Atom | None = None
        for at in self._candidates(low):
            if at < upto or not self.anchor.match(low, at):
                continue
            if low[at].isdigit() and at and low[at - 1].isalpha():
                # A missing blank: "Sáng9/1".
                if not (previous and previous.end == at and previous.kind == "part"):
                    continue
            elif low.startswith("đầu", at) and low.endswith(self.not_modifier, 0, at):
                at += 4
            if (
                at > 1
                and low[at].isdigit()
                and low[at - 1] in "/.-–,"
                and low[at - 2].isdigit()
                and not (previous and previous.end == at - 1)
            ):
                continue
            near = (
                previous is not None
                and at - previous.end <= 7
                and previous.kind in _OPENERS
                and low[previous.end : at].strip(" ,(") in ("", "ngày")
            )
            matched = (self.dates if near else self.everything).match(low, at)
            if matched is None:
                continue
            if matched[1].values.get("ratio") and self._no_ratio(low, at):
                matched = self.dates.match(low, at)
                if matched is None:
                    continue
            if matched[1].values.get("after_part") and not (
                previous and previous.kind == "part" and previous.end == at - 1
            ):
                continue
            if matched[1].values["kind"] == "none" or (
                matched[1].values["kind"] == "weekday" and low.endswith(self.ordinals, 0, at)
            ):
                upto, previous = matched[0].end(), None
                continue
            atom = self.build(low, *matched)
            if atom is None:
                continue
            for one in (*self._listed_before(low, atom, upto), atom, *self._more(low, atom)):
                yield one
                upto, previous = one.end, one

    def _candidates(self, low: str) -> list[int]:
        """Where a quick search sees the first words of an expression; most of them turn out to be one."""
        # What stands before a word leads the pattern: "re" then jumps from separator to separator.
        found = [m.start() for m in self.quick.finditer("\n" + low)]
        unspaced = [m.start() for regex in _UNSPACED for m in regex.finditer(low)]
        return sorted({*found, *unspaced}) if unspaced else found

    def _no_ratio(self, low: str, at: int) -> bool:
        """Whether "31/8" before something countable is a day: its day is above its month, and a word of time leads it."""
        found = _DAY_MONTH.match(low, at)
        if found is None or int(found[1]) <= int(found[2]):
            return False
        return low.endswith(self.until_words, 0, at) or _LAST_MEMBER.search(low, max(0, at - 7), at) is not None

    def _listed_before(self, low: str, atom: Atom, upto: int) -> Iterator[Atom]:
        """The bare members of a list before its last: "(12 và 13/7/2018)", "hai ngày, 5 và 6/3"."""
        if atom.kind != "day" or atom.first.month is None or not low[atom.start].isdigit():
            return
        listed = _BARE_MEMBERS.search(low, max(upto, atom.start - 60), atom.start)
        if listed is None:
            return
        members = [(m.start(), m.end(), int(m.group())) for m in re.finditer(r"\d+", listed["members"])]
        days = [day for _, _, day in members]
        if not all(1 <= a < b for a, b in pairwise([*days, atom.first.day or 0])):
            return
        atom.strong = True
        for start, end, day in members:
            begin = listed.start("members")
            yield Atom(begin + start, begin + end, atom.rule_id, "day", atom.first._replace(day=day))

    def build(self, low: str, found: re.Match[str], rule: _Scanned) -> Atom | None:
        """One match as an atom; None where its numbers are no date."""
        groups = {name: value for name, index in rule.groups if (value := found.group(index)) is not None}
        kind = str(rule.values["kind"])
        atom = Atom(found.start(), found.end(), rule.rule_id, kind, PartialDate("day"))
        return atom if MAKERS[kind](self.words, atom, groups, rule.values) else None

    def _more(self, low: str, atom: Atom) -> Iterator[Atom]:
        """The further members of a list that share the head of its first: "các ngày 5, 6 và 7/3", "quý I, II/2019"."""
        if atom.kind == "day" and atom.first.month is None:
            found = self.more_days.match(low, atom.end)
            for number in re.finditer(r"(?:ngày )?(\d+)", found["more"]) if found else ():
                start = atom.end + number.start()
                yield Atom(start, atom.end + number.end(), atom.rule_id, "day", atom.first._replace(day=int(number[1])))
            return
        if atom.kind not in ("month", "quarter") or atom.first.year is not None or atom.lean:
            return
        regex = self.more_months if atom.kind == "month" else self.more_quarters
        listed, at, year = [], atom.end, None
        while found := regex.match(low, at):
            year = found["y"] or found["ya"]
            name = "m" if atom.kind == "month" else "q"
            start = found.start(name)
            for head in ("tháng ", "quý "):
                if low.startswith(head, start - len(head)):
                    start -= len(head)
            first = self._member(atom, found[name], int(year) if year else None)
            listed.append(Atom(start, found.end(), atom.rule_id, atom.kind, first))
            at = found.end()
            if year:
                break
        if year or low.startswith(("các", "những"), atom.start):
            yield from listed

    def _member(self, atom: Atom, number: str, year: int | None) -> PartialDate:
        if atom.kind == "month":
            return atom.first._replace(month=int(number), year=year, modifier=None)
        quarter = int(self.lexicon["quarters"][number])
        return atom.first._replace(month=3 * quarter - 2, month_end=3 * quarter, year=year, modifier=None)


_WHOLE = (
    "parts",
    "weekdays",
    "day_shifts",
    "day_anaphors",
    "named_days",
    "span_heads",
    "before_unit",
    "openers",
    "modifiers",
)
"""Lexicons whose terms begin an expression by themselves; see the fragment `anchor` of rules/dates.yml."""
_BEFORE_A_NUMBER = ("number_heads", "doc_kinds", "place_heads")
_UNSPACED = (re.compile(r"ngày(?<=\w....)(?= ?\d)"), re.compile(r"\d(?<=[^\W\d_].)(?=\d?[/.\-]\d)"))
"""A missing blank: "sángngày 9/1", "Sáng9/1"."""


def _quick(lexicon: Mapping[str, Mapping[str, Any]]) -> re.Pattern[str]:
    """A separator before what may be the beginning of an anchor: wider than the anchor, and quickly searched."""
    whole = {w for name in _WHOLE for w in lexicon[name]} | {f"{number} tháng" for number in lexicon["numbers"]}
    heads = {w for name in _BEFORE_A_NUMBER for w in lexicon[name]}
    return re.compile(
        rf"\W(?=\d|{alternation(whole, either_case=False)}(?![^\W\d_])|{alternation(heads, either_case=False)}:? ?\d"
        r"|(?:năm|tháng|quý|quí|tuần) [^\W\d_]|[tq]\d|sn)"
    )


_DAY_MONTH = re.compile(r"(\d{1,2})/(\d{1,2})")
_LAST_MEMBER = re.compile(r"\d,? và $")
_BARE_MEMBERS = re.compile(
    r"(?:\(|(?<=ngày)[,:] ?\(?|(?<=ngày )\()(?P<members>\d{1,2}(?:, ?\d{1,2}){0,8})(?:, | và |, và | & )$"
)
_OPENERS = ("part", "part_shift", "hour", "weekday", "day_shift")


def _famous(rules: RuleSet) -> frozenset[tuple[int, int]]:
    """The (day, month) pairs of the commemorated days of the solar calendar."""
    rows = rules.gazetteer("commemorated_days")
    return frozenset(
        (int(r["day"]), int(r["month"]))
        for r in rows
        if r["calendar"] == "solar" and r["day"].isdigit() and r["month"].isdigit()
    )


def _known_years(rules: RuleSet) -> dict[str, int]:
    """The names of the commemorated days without "ngày", in lower case, with the year since which they are counted."""
    found: dict[str, int] = {}
    for row in rules.gazetteer("commemorated_days"):
        if row["calendar"] == "solar" and row["origin_date"]:
            for name in (row["name"], *filter(None, row["aliases"].split("|"))):
                found.setdefault(name.lower().removeprefix("ngày "), int(row["origin_date"][:4]))
    return found
