"""The targets table: what is to be reached, by when and by whose decision, and results stated against a plan.

Sentences are read in order. Cues (`rules/targets.yml`) and dates move a mood between "to be reached" and "reached"; a
number becomes a goal where the mood and its own evidence (a comparator, a share, a known indicator, no price or cost)
are strong enough. A goal makes the next sentence of its list more likely to hold one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from spacy.tokens import Doc

from extractor.extractors import _targets_clause as clauses
from extractor.extractors import _targets_cues as cues
from extractor.extractors import _targets_goals as goals
from extractor.extractors import _targets_levels as levels
from extractor.extractors import _targets_numbers as numbers
from extractor.extractors import _targets_periods as periods
from extractor.extractors import _targets_promises as promises
from extractor.extractors._targets_distinct import distinct, share_deadline, share_predicates
from extractor.extractors._targets_owner import OwnerTables, build_owner, owner_of
from extractor.extractors._targets_relative import dates_of, published_of
from extractor.extractors._targets_subject import before_aim, heading_of, worded
from extractor.extractors._targets_words import ClauseTables, build_clauses
from extractor.extractors.base import article_of, record
from extractor.model import Record, TargetRecord
from extractor.rules import RuleSet, alternation
from extractor.values.quantities import scale

TABLES = ("targets",)
REQUIRES: tuple[str, ...] = ("dates",)
RULES: tuple[str, ...] = ("targets",)

THRESHOLD = 2.5
"""Mood and evidence together from which a number is a goal."""

UNSAID = 0.4
"""Mood up to which no number is a goal, whatever its evidence."""

WORD = 40
"""Characters past a sentence's end in which a word begun in it ends."""

_THAT = re.compile(r"(?:[Cc]on )?(?:số|[Tt]ỷ lệ|[Tt]ỉ lệ|[Mm]ức|[Cc]hỉ tiêu|[Cc]hỉ số) này")
_TOPIC = re.compile(
    r"(?:Dự án|Đề án|Kế hoạch|Chương trình) (?:(?:đầu tư|phát triển|xây dựng|mở rộng|trồng|bảo tồn) )*"
    r"([^\n,;:(]{4,90})(?:[,;:(\n]|$)"
)
_DENIED = re.compile(
    r"\b[Kk]hông (?:để|cho|có|được|xảy ra|phải)\b[^,;.:()]*\b(?:quá|vượt|vượt quá|trên|hơn|cao hơn)(?: mức)? $"
)
_GROWS = re.compile(r"\b(?:tăng|giảm|cao hơn|thấp hơn)(?: thêm| khoảng| trên| ít nhất| từ)* $")
_ASKED = re.compile(r"\b(?:[Yy]êu cầu|[Đđ]ề nghị|[Pp]hấn đấu|[Qq]uyết tâm|[Pp]hải)\b(?:[^;.\n]|\.\d)*$")
"""Before a share of the plan in the same clause: somebody is told to reach it."""
_EACH_YEAR = re.compile(r"^(?:(?:[Mm]ỗi|[Hh]ằng|[Hh]àng) năm |[Bb]ình quân |[Hh]oàn thành )+")
_OPENS_LIST = re.compile(r"(?:chỉ tiêu|mục tiêu|phấn đấu|như sau|sau đây|cụ thể)[^.:;]{0,60}:")
_JOINT = re.compile(r"(?:,|,? và) ")
_LESS = re.compile(r"(?:[Gg]iảm|[Tt]ăng|còn)(?: thêm| bình quân)? ?$")


@dataclass(frozen=True, slots=True)
class _Tables:
    cue: cues.CueTables
    number: numbers.NumberTables
    clause: ClauseTables
    goal: goals.GoalTables
    level: levels.LevelTables
    owner: OwnerTables
    holders: re.Pattern[str]


def _build(rules: RuleSet) -> _Tables:
    return _Tables(
        cues.build_cues(rules),
        numbers.build_numbers(rules),
        build_clauses(rules),
        goals.build_goals(rules),
        levels.build_levels(rules),
        build_owner(rules),
        re.compile(rf"\b(?<!cơ ){alternation(rules.lexicon('targets', 'grade_holders'))}\b(?! hội| viên| trưởng| học)"),
    )


def extract(doc: Doc, rules: RuleSet) -> Iterable[Record]:
    """Extract the targets of one document: goals, and results stated against a plan.

    Args:
        doc: a Doc whose dates are already in `doc.user_data["records"]`.
        rules: the rule set; the file "targets" is read.

    Returns:
        The rows, in text order.
    """
    tables = rules.memo("targets", _build)
    found = cues.find_cues(article_of(doc).text, tables.cue)
    if not cues.worth_reading(article_of(doc).text, found):
        return []
    reader = _Reader(doc, tables)
    for sentence in cues.split(doc, found, reader.dates):
        reader.read(sentence)
    return [record(TargetRecord, doc, rules, "targets", g.start, g.end, g.rule_id, **g.values) for g in reader.rows()]


class _Reader:
    """Reads one document sentence by sentence."""

    def __init__(self, doc: Doc, tables: _Tables) -> None:
        self.doc = doc
        self.text = article_of(doc).text
        self.tables = tables
        self.published = published_of(doc)
        self.scope = goals.Scope()
        self.period: date | None = None  # the article's, for the goals from `since` on
        self.since = 0
        self.found: list[goals.Goal] = []
        self.subject: str | None = None
        self.topic = topic[1] if (topic := _TOPIC.match(self.text)) else None
        self.dates = dates_of(doc)
        self.spans = [(r.start, r.end) for r in self.dates]
        self.numbers = numbers.Numbers(doc, tables.number, self.spans)

    @cached_property
    def vote(self) -> date | None:
        """The day of the election that the article speaks of, looked up once."""
        return periods.election_day(self.text, self.dates, self.published)

    def rows(self) -> list[goals.Goal]:
        """The goals, each once, those without a period of their own given the article's."""
        kept = distinct(self.found)
        share_predicates(self.text, kept)
        if self.period is None:
            share_deadline(kept)
        for goal in kept:
            if (
                goal.values["subject"] is None
                and goal.values["kind"] == "quantity"
                and goal.values["status"] == "target"
            ):
                goal.values["subject"] = self.topic
            settled = goal.values.pop("settled") or goal.start < self.since
            if not settled and goal.values["deadline"] is None:
                goal.values["deadline"] = self.period
        return kept

    def read(self, sentence: cues.Sentence) -> None:
        """Read the next sentence."""
        text, scope = self.text, self.scope
        percent = text.find("%", sentence.start, sentence.end) >= 0
        if scope.strength == 0 and not percent and not sentence.cues and not sentence.dates:
            scope.listing = scope.listing and not sentence.first
            return  # nothing of a goal before it, nothing in it
        own = max((c.weight for c in sentence.cues if c.kind == "plan"), default=0.0)
        when = periods.period_of(text, sentence, self.published) if sentence.dates else None
        period = when.end_date if when else None
        governs = when is not None and (own >= 1 or (self.period is None and _long(when)))
        named = governs and self.tables.cue.plan_name.search(text, sentence.start, sentence.end) is not None
        if when and named and self.period is not None and self.numbers.any_before(sentence.start, when.start):
            named = False  # "…, trong đó năm 2022 đạt 120 tỷ": one item's period, not the plan's
        if named and self.period is None and (own >= 1 or _long(when)):
            # A month is no period of a whole plan: goals that were told before it are not for it.
            self.period, self.since = period, 0 if _long(when) else sentence.start
        mood = goals.Mood(
            text, sentence, goals.carry(text, sentence, scope, self.tables.cue, self.published), self.published
        )
        if own >= 2 or (own >= 1 and period is not None):
            scope.owner = owner_of(text, sentence, self.tables.owner) or scope.owner
        if named and own >= 1 and not (own < 2 and self._goes_on(sentence)):
            scope.deadline, scope.open_ended = period, False
        known = len(self.found)
        made = self._quantities(sentence, mood) if mood.peak > UNSAID or percent else 0
        made += self._levels(sentence, mood, known) if mood.peak >= 2 else 0
        self._hand_on(sentence, mood, own, made)

    def _goes_on(self, sentence: cues.Sentence) -> bool:
        """Whether a sentence continues one whose period is known: "Trong đó, …"."""
        at = cues.head(self.text, sentence)
        return self.scope.deadline is not None and self.tables.cue.continues.match(self.text, at) is not None

    def _tells_share(self, sentence: cues.Sentence) -> bool:
        """Whether a sentence may tell a share of a plan: what a plan is called follows its per cent sign."""
        percent = self.text.find("%", sentence.start, sentence.end)
        return self.tables.number.plan_word.search(self.text, percent, sentence.end + WORD) is not None

    def _hand_on(self, sentence: cues.Sentence, mood: goals.Mood, own: float, made: int) -> None:
        scope = self.scope
        if mood.last < -1 and not made:
            scope.strength, scope.listing = 0.0, False
            return
        if made:
            scope.strength = max(scope.strength * 0.97, min(2.9, max(mood.peak, 2.8)))
        elif own >= 2 and mood.last > 0:
            scope.strength = max(scope.strength * 0.8, own)
        else:
            scope.strength *= 0.95 if mood.start > scope.strength * 0.8 else 0.7
        if own >= 1.6 and mood.last > 0 and cues.is_heading(self.text, sentence):
            scope.strength, scope.listing = max(scope.strength, cues.HEADING), True
            return
        if own >= 2:
            scope.listing = _OPENS_LIST.search(self.text, sentence.start, sentence.end) is not None
        elif sentence.first:
            scope.listing = False

    def _quantities(self, sentence: cues.Sentence, mood: goals.Mood) -> int:
        made, after, told = 0, sentence.start, None
        quota = goals.fills_places(self.text, sentence, self.scope, self.tables.goal)
        if mood.peak <= UNSAID and not self._tells_share(sentence):
            return 0
        found = [*self.numbers.find(sentence.start, sentence.end), *self.numbers.in_words(sentence.start, sentence.end)]
        if not found:
            return 0
        aimed = next((c.end for c in sentence.cues if cues.sets_aim(c)), sentence.end)
        dates = [(d.start, d.end) for d in sentence.dates]
        due = mood.timely or any(periods.promised_for(sentence, d, self.published) for d in sentence.dates)
        acts = self.tables.clause.act_head.match(self.text, cues.head(self.text, sentence))
        item = acts is not None and cues.is_list_item(self.text, sentence)
        for number in sorted(found, key=lambda n: n.start):
            if number.figures < after:
                continue
            now = mood.of(number.start)
            if made and goals.LISTING <= now < THRESHOLD and self.text.find(";", after, number.start) >= 0:
                now = THRESHOLD + 0.1  # the next item of a list whose item before was a goal
            elif (
                made and goals.LISTING <= now < THRESHOLD and self._listed(number, after) and now == mood.of(after - 1)
            ):
                now = THRESHOLD + 0.1
            listed = made and now >= goals.LISTING and self.text.find(";", after, number.start) >= 0
            aims = mood.start >= 2.3 or aimed <= number.start or listed
            share = number.unit == "%" and self.tables.number.share.match(self.text, number.end)
            grows = share and made and _GROWS.search(self.text, after, number.start) and "so với" in share[0]
            asked = share and _ASKED.search(self.text, sentence.start, number.start)
            if share and not asked and not ((aims or grows) and now + 0.7 >= THRESHOLD):
                after = self._result(sentence, number, after)
                continue
            if now <= UNSAID:
                told = number
                continue
            near = _near(dates, number.start)
            clause = clauses.clause_of(self.text, sentence, number, after, near, self.tables.clause)
            if clause.subject is None and told is not None:
                self.subject = self._subject_of(sentence, told) or self.subject
            said = goals.evidence(
                self.text, sentence, number, clause.start, self.tables.goal, self.tables.number.places, quota
            )
            if 1.0 <= now < THRESHOLD <= now + said + 2.0:
                said += promises.promised(self.text, sentence, number, clause.start, self.tables.goal, due, item)
            if now + said < THRESHOLD or promises.foreseen(self.text, sentence, number, self.tables.goal):
                continue
            if self._quantity(sentence, number, clause):
                made += 1
                after = clause.end
        return made

    def _listed(self, number: numbers.Number, after: int) -> bool:
        """Whether a number goes on from a goal right before it.

        It has the same unit ("100% hồ sơ cấp tỉnh, 90% hồ sơ cấp huyện") or is joined to it ("thu ngân sách đạt 90 tỷ
        đồng và thành lập 30 doanh nghiệp").
        """
        joint = _JOINT.match(self.text, after, number.start)
        return number.start - after <= 60 and (number.unit == self.found[-1].unit or joint is not None)

    def _quantity(self, sentence: cues.Sentence, number: numbers.Number, clause: clauses.Clause) -> bool:
        text = self.text
        if periods.is_over(text, sentence, number, self.published):
            return False
        deadline, settled = periods.deadline_of(text, sentence, number, (clause.start, clause.end), self.published)
        if periods.about_voting(text[clause.start : clause.end]) and self.vote is not None:
            deadline, settled = self.vote, True
        elif deadline is None and not settled:
            deadline, settled = self.scope.deadline, self.scope.deadline is not None or self.scope.open_ended
        elif deadline is None:
            self.scope.open_ended, self.scope.deadline = True, None
        subject = self._named(sentence, number, clause)
        if (
            self.subject
            and clause.subject
            and subject == number.noun
            and self._same_noun(number)
            and _LESS.search(text[clause.start : number.start])
        ):
            subject = self.subject  # "mỗi năm giảm 1.800 người": the goal before says of what
        elif clause.subject:
            self.subject = subject
        unit = number.unit
        if unit is None and self.scope.quota and self.found:
            unit = self.found[-1].unit  # "Bác sĩ: 12 chỉ tiêu (Nội 05, Ngoại 07)"
        base_value, base_unit = scale(number.value, unit, self.tables.number.bases)
        values: dict[str, Any] = {
            "kind": "quantity",
            "subject": subject or None,
            "comparator": self._compared(number, clause),
            "value": number.value,
            "value_max": number.value_max,
            "unit": unit,
            "base_value": base_value,
            "base_unit": base_unit,
            "deadline": deadline,
            "owner": self.scope.owner,
            "status": "target",
            "settled": settled,
        }
        share = number.unit == "%" and clause.start == number.start
        self.found.append(goals.Goal(clause.start, clause.end, "targets.quantity", values, sentence.start == 0, share))
        return True

    def _named(self, sentence: cues.Sentence, number: numbers.Number, clause: clauses.Clause) -> str | None:
        """What a goal counts, by its own words, the words before its aim, its heading or the goal before it."""
        subject = worded(self.text, clause.subject) if clause.subject else self.subject
        if clause.subject is None and number.measure:
            subject = before_aim(self.text, sentence, clause.start, self.tables.goal.indicator) or subject
        if subject == "chỉ tiêu":
            subject = heading_of(self.text, sentence, clause.start) or subject
        if subject and self.subject and _THAT.fullmatch(subject):
            subject = self.subject
        done = self.text[clause.start : number.start] if subject and subject == number.noun else ""
        if done.endswith(" cho "):
            subject = f"{_EACH_YEAR.sub('', done)}{subject}"  # "giải quyết việc làm cho 500 lao động"
        if subject and number.comparator == "ge":
            subject = re.sub(r"(?<!tuổi)(?<!khá)(?<!vụ) trở lên\b", "", subject)
        return subject

    def _same_noun(self, number: numbers.Number) -> bool:
        """Whether the goal before counted the same things, or people in general are counted."""
        unit = (self.found[-1].unit or "") if self.found else ""
        return number.noun == "người" or unit.endswith(number.noun)

    def _compared(self, number: numbers.Number, clause: clauses.Clause) -> str:
        """The number's comparator; "không để hộ nào phải mua quá 5%" turns "quá" round."""
        denied = number.comparator == "gt" and _DENIED.search(self.text, clause.start, number.figures)
        return "le" if denied else number.comparator

    def _subject_of(self, sentence: cues.Sentence, number: numbers.Number) -> str | None:
        """What a number of the same sentence counts that is no goal itself: "hiện còn 6%, phấn đấu còn 5%"."""
        dates = _near([(d.start, d.end) for d in sentence.dates], number.start)
        clause = clauses.clause_of(self.text, sentence, number, sentence.start, dates, self.tables.clause)
        return worded(self.text, clause.subject) if clause.subject and clause.subject[1] <= number.start else None

    def _result(self, sentence: cues.Sentence, number: numbers.Number, after: int) -> int:
        """A share of a plan that was reached is a row with status "result"."""
        dates = _near([(d.start, d.end) for d in sentence.dates], number.start)
        clause = clauses.clause_of(self.text, sentence, number, after, dates, self.tables.clause)
        match = self.tables.number.share.match(self.text, number.end)
        end = match.end() if match else number.end
        subject = worded(self.text, clause.subject) if clause.subject and clause.subject[1] <= number.start else None
        if subject and re.search(r"\d", subject):
            subject = None
        values: dict[str, Any] = {
            "kind": "quantity",
            "subject": subject or None,
            "comparator": number.comparator,
            "value": number.value,
            "value_max": number.value_max,
            "unit": f"%{self.text[number.end : end]}",
            "deadline": None,
            "status": "result",
            "settled": True,
        }
        start = min(clause.start, number.start) if subject else number.start
        self.found.append(goals.Goal(start, end, "targets.share_of_plan", values, sentence.start == 0))
        return end

    def _levels(self, sentence: cues.Sentence, mood: goals.Mood, known: int) -> int:
        """The grades of a sentence; `known` goals were found before it, its own figures stand after them."""
        made = 0
        for level in levels.levels_in(self.text, sentence, self.tables.holders, self.tables.level):
            told = (d.end for d in sentence.dates if 0 <= d.start - level.end <= 20)
            if max(mood.of(level.level[0]), *map(mood.of, told), 0.0) < 2 or any(
                g.start < level.end and level.start < g.end for g in self.found[known:]
            ):
                continue
            when = periods.period_after(self.text, sentence, level.end, self.published)
            deadline = periods.last_day(self.text, when) if when else self.scope.deadline
            values: dict[str, Any] = {
                "kind": "level",
                "subject": self.text[slice(*level.subject)] if level.subject else None,
                "level": self.text[slice(*level.level)].strip(' ,“”"'),
                "deadline": deadline,
                "owner": self.scope.owner,
                "status": "target",
                "settled": deadline is not None,
            }
            self.found.append(goals.Goal(level.start, level.end, "targets.level", values, sentence.start == 0))
            made += 1
        return made


def _long(when: Any) -> bool:
    """Whether a date is a period of a quarter or more, as plans have."""
    return when.start_date is not None and (when.end_date - when.start_date).days >= 88


def _near(spans: list[tuple[int, int]], position: int) -> list[tuple[int, int]]:
    """The spans that may touch the clause of a number there."""
    first = bisect_left(spans, (position - 2 * clauses.REACH, 0))
    last = bisect_left(spans, (position + 2 * clauses.REACH, 0))
    return spans[first:last]
