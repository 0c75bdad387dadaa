"""Which numbers are goals: the mood of each sentence, what it hands to the next one, and the evidence of a number."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from extractor.extractors._targets_cues import STRONG, Cue, CueTables, Sentence, date_mood, head, is_list_item
from extractor.extractors._targets_numbers import Number
from extractor.extractors._targets_words import any_of
from extractor.rules import RuleSet

FILE = "targets"

BRACKET = 160
"""Characters before a number in which the bracket around it may have opened."""

WEAK = 2.3
"""The mood above which no number of weak cues ("sẽ", "cần", "đề nghị") goes."""

NEARLY_OVER = 45
"""Days before its end from which on a year's figures are told as its results."""

OPENING = 8
"""Characters before a date that opens a sentence ("Trong năm 2023, …")."""

LISTING = 1.5
"""The mood from which the items after a goal are goals as well."""

BARRED = -5.0
"""The mood of a sentence on exams, elections or fines, which no cue turns."""

OUT = -9.0
"""Evidence of a number that cannot be a goal."""

_RESULT_BEHIND = re.compile(
    r"(?:[^;.\n]|\.\d){0,60}?\b(?:đạt|bằng|vượt) (?:(?:gần|hơn|trên) )?"
    r"\d[\d.,]* ?% (?:so (?:với )?)?(?:tổng )?(?:kế hoạch|dự toán|chỉ tiêu|KH\b|DT\b|nghị quyết)"
)
"""Behind a number: how it compares with the plan, as results do ("442 tỷ đồng (đạt 129,7% kế hoạch)")."""
_SPAN = attrgetter("start", "end")
_IN = re.compile(r"\b(?:[Tt]rong|tại|của|ở) $")
_YEARLY = re.compile(r"(?:[Mm]ỗi|[Hh]ằng|[Hh]àng) năm")
_CHANGED = re.compile(r"\b(?:[Tt]ăng|[Gg]iảm) \w+ \w+|\w+ \w+ (?:tăng|giảm)\b")
_PLAN_IS = re.compile(r"(?:[Kk]ế hoạch|[Cc]hỉ tiêu|[Mm]ục tiêu)[^,;:.]{0,40} là\s*$")
_NOT_LET = re.compile(r"\b[Kk]hông (?:để|cho)\b[^,;.:()]*$")
_CHANGE = re.compile(r"(?:^|, )(?:[Tt]ăng|[Gg]iảm)(?: thêm| khoảng)? $")
_NAMED_INSIDE = re.compile(r"\(trong đó:?,? (?!tăng|giảm|bằng|vượt|năm |có )[^()\d]{4,60} ")
_OF_ALL = re.compile(r" so với (?:tổng|số|toàn|dân số)\b")
_INSIDE = re.compile(
    r"\((?:trong đó:?,? )?(?!tăng|giảm|bằng|chiếm|tương đương|vượt|cao hơn|thấp hơn|năm |khoảng|gồm|so |cùng kỳ|trong đó)"
    r"[^()\d]{3,80} (?:đạt|là|còn|chiếm)(?: tỷ lệ)?(?: trên| khoảng| ít nhất| tối thiểu| từ)? $"
    r"|\(trong đó:?,?(?: có)?(?: trên| khoảng| ít nhất| tối thiểu| từ)? $"
)
_STRUCTURE = re.compile(r"\b(?:[Cc]ơ cấu|[Tt]ỷ trọng|[Tt]ỉ trọng)\b")
_BENEFIT = re.compile(
    r"\b(?:[Hh]ỗ trợ|[Mm]iễn|[Gg]iảm|[Cc]ấp|[Đđ]óng|[Hh]ưởng|[Tt]hanh toán|[Cc]hi trả|[Tt]rả|[Bb]ù|[Vv]ay)"
    r"(?: (?:tối đa|không quá|ít nhất|từ|bằng|cho|đến|tới|với mức|mức))*\s*$"
)
_PAID = re.compile(
    r" (?:mệnh giá|lãi suất|học phí|chi phí|kinh phí|mức đóng|mức lương|tiền|lệ phí|phí|giá|giá trị|lương|phụ cấp|thuế"
    r"|vốn vay|mức học phí|mức hỗ trợ|mức chuẩn|mức giá)\b"
)
_WORTH = re.compile(r"\b(?:trị giá|mệnh giá|với giá|đơn giá)(?: (?:khoảng|hơn|trên|từ|gần|là))? $")
_WITH = re.compile(r"\bvới (?:(?:khoảng|trên|hơn|gần) )?$")
_DELEGATES = re.compile(r" (?:số )?đại biểu\b")
_SHARE = re.compile(r"\d[\d.,]* ?%")
_AGAINST = re.compile(
    r"\b(?:so với|thay vì|thay cho|hơn so với)(?: mức| con số| kế hoạch| mục tiêu| chỉ tiêu)*(?: là| khoảng| hơn)* $"
)
_UP_TO = re.compile(r"(?:[Tt]ính )?(?:[Đđ]ến|[Tt]ới|[Hh]ết)(?: (?:hết|cuối|giữa|thời điểm))* ?")
_LISTED = re.compile(r"\s*(?:[,;).]|$|\n)")
_NAMED = re.compile(r"\b(?!(?:giờ|phút|tuổi|số|vòng|điểm|lớp|khối|tổ|ngày|tháng)\b)[^\W\d_]{2,}:? ?(?:là )?$")


@dataclass(frozen=True, slots=True)
class GoalTables:
    """Compiled evidence around a number."""

    indicator: re.Pattern[str]
    cost: re.Pattern[str]
    income: re.Pattern[str]
    compared: re.Pattern[str]
    in_brackets: re.Pattern[str]
    offered: re.Pattern[str]
    quota: re.Pattern[str]
    intent: re.Pattern[str]
    deed: re.Pattern[str]
    works: re.Pattern[str]
    spread: re.Pattern[str]
    market: re.Pattern[str]


@dataclass(slots=True)
class Scope:
    """What a sentence hands to the next: how strongly goals were spoken of, their period and owner."""

    strength: float = 0.0
    listing: bool = False
    deadline: date | None = None
    open_ended: bool = False
    quota: bool = False
    """Whether the list is one of places to fill: its items count "chỉ tiêu", some by a bare figure."""
    owner: str | None = None


@dataclass(slots=True)
class Goal:
    """A goal before it becomes a record."""

    start: int
    end: int
    rule_id: str
    values: dict[str, Any]
    title: bool
    share: bool = False
    """Whether it begins with a percentage of something ("95% hộ gia đình")."""

    @property
    def unit(self) -> str | None:
        """The unit as worded; a level has none."""
        return self.values.get("unit")


def build_goals(rules: RuleSet) -> GoalTables:
    """The goal tables of a rule set."""

    def terms(name: str) -> str:
        return any_of(rules.lexicon(FILE, name))

    return GoalTables(
        intent=re.compile(rf"\b{terms('intents')}\b"),
        deed=re.compile(
            rf"(?<!\w)(?:{terms('deeds')}|(?:[Nn]âng|[Mm]ở rộng|[Tt]ăng|[Đđ]ưa) (?:\w+ ){{1,6}}(?=lên\b|đạt\b))(?: ?(?:thêm|đủ|mới|từ|xong|được|hoàn chỉnh|toàn bộ|khoảng|ít nhất|tối thiểu|cho"
            r"|đưa vào sử dụng|tổng số|tổng cộng|lên|xuống|còn|đạt))*\s*$"
        ),
        works=re.compile(rf"(?<!\w){terms('deeds')}(?: [^\W\d_]+){{1,7}} $"),
        spread=re.compile(
            rf"\b{terms('intents')}\b[^,;.:()]{{0,50}}?\b{terms('spread_deeds')}\b[^,;.:()]{{0,90}} "
            r"(?:tại|ở|đối với|cho|trên) (?:khoảng |ít nhất |hơn |trên )?$"
        ),
        market=re.compile(
            rf"\b{terms('market_words')}\b[^,;:.]*\b(?:dự kiến|sẽ|ước|khả năng)\b (?:sẽ |còn |tiếp tục |có thể )*"
            r"(?:giảm|tăng|sụt giảm|tụt|đội thêm|co lại)(?: thêm| khoảng| tới| đến| mạnh)*\s*$"
        ),
        quota=re.compile(rf"{terms('quota_words')}"),
        indicator=re.compile(rf"\b{terms('indicators')}\b"),
        cost=re.compile(rf"\b{terms('costs')}\b"),
        income=re.compile(rf"\b{terms('incomes')}\b"),
        compared=re.compile(rf" ?(?:{terms('comparisons')})\b"),
        in_brackets=re.compile(
            r"\((?:[^()]*[\s(])?(?:tăng|giảm|bằng|chiếm|tương đương|đạt|cao hơn|thấp hơn|vượt|khoảng|gồm|trong đó"
            r"|tỷ lệ|tỉ lệ|năm)?[^()\d]*$"
        ),
        offered=re.compile(
            r"(?:[Tt]rong|[Ởở]|[Tt]ại|[Cc]ủa|giữa|[Cc]ho|trên|cùng|tới|từ|do|(?<!đối )với|gồm|nêu|về|qua)"
            r"(?: (?:tổng )?số)? $"
        ),
    )


def fills_places(text: str, sentence: Sentence, scope: Scope, tables: GoalTables) -> bool:
    """Whether a sentence tells how many places are to be filled, and of which kinds; the scope keeps the answer.

    It does where a strong cue of it is about recruiting, schooling or calling up, and so do the items of its list.
    """
    own = any(
        cue.kind == "plan" and cue.weight >= STRONG and tables.quota.search(text, cue.start, cue.end + 40)
        for cue in sentence.cues
    )
    scope.quota = own or (scope.quota and scope.strength > 0 and (is_list_item(text, sentence) or not sentence.first))
    return scope.quota


def _looks_back(text: str, sentence: Sentence, scope: Scope, published: date | None) -> bool:
    """Whether a sentence opens with a time that is over or, while the goals before it are for a later one, all but over."""
    when = sentence.dates[0] if sentence.dates else None
    if published is None or when is None or when.end_date is None or when.start_date is None:
        return False
    if when.end_date < published and _UP_TO.fullmatch(text, sentence.start, when.start):
        return True
    if scope.deadline is None:
        return False
    nearly = (when.end_date - published).days <= NEARLY_OVER and (when.end_date - when.start_date).days >= 150
    return bool(nearly and when.end_date < scope.deadline and when.start - sentence.start <= OPENING)


def carry(text: str, sentence: Sentence, scope: Scope, tables: CueTables, published: date | None) -> float:
    """The mood in which a sentence begins, from what the ones before it handed on."""
    if scope.strength <= 0 or _looks_back(text, sentence, scope, published):
        return 0.0
    if is_list_item(text, sentence):
        return scope.strength * 0.97
    at = head(text, sentence)
    goes_on = bool(tables.continues.match(text, at) or tables.acts.match(text, at) or _SHARE.match(text, at))
    if sentence.first:
        return scope.strength * (0.93 if goes_on else 0.45)
    return scope.strength * (0.97 if goes_on else 0.85 if scope.listing else 0.5)


class Mood:
    """The mood along one sentence: above 0 speaks of goals, below 0 of results."""

    def __init__(self, text: str, sentence: Sentence, start: float, published: date | None) -> None:
        self.at: list[tuple[int, float]] = [(sentence.start, start)]
        self.start = self.peak = start
        self.timely = False
        """Whether a date of the sentence is a period still to be reached."""
        mood, due = start, start >= 2
        before, aimed = sentence.start, False
        for event in sorted((*sentence.cues, *sentence.dates), key=_SPAN):
            begin, end = event.start, event.end
            if BARRED < mood < 0 and text.find(";", before, begin) >= 0:
                mood = 0.0  # a result told before a semicolon says nothing about what follows it
            before = end
            if isinstance(event, Cue):
                aimed = mood >= STRONG and (aimed or (event.kind == "plan" and event.weight >= STRONG))
                ignored = (aimed and event.kind == "topic") or (event.kind == "share" and mood >= LISTING)
                mood = mood if ignored else self._after(mood, event, due)
                aimed = aimed or (mood >= STRONG and event.kind == "plan" and event.weight >= STRONG)
            else:
                said = date_mood(text, sentence, event, published)
                due = due or said >= 2
                self.timely = self.timely or said > 0
                if said > 0 and mood > -3:
                    mood = min(3.0, max(mood + said / 2 if 0 < mood < STRONG else mood, said))
                elif said < 0 and mood < STRONG:
                    mood = min(mood, said)
            self.at.append((end, mood))
            self.peak = max(self.peak, mood)
        self.last = mood
        self._places = [at for at, _ in self.at]

    @staticmethod
    def _after(mood: float, cue: Cue, due: bool) -> float:
        if cue.kind == "plan":
            if mood <= BARRED:
                return mood
            if cue.weight >= 2:
                return max(mood, cue.weight)
            if mood < 0:
                return mood + cue.weight * 0.5
            return max(mood, min(mood + cue.weight, STRONG + 0.2 if due else WEAK))
        if cue.kind in ("result", "topic", "share"):
            if cue.weight >= 2:
                return min(-cue.weight, mood if mood <= BARRED else 0.0)
            return mood if mood >= STRONG else min(mood - cue.weight, 0.0)
        return mood

    def of(self, position: int) -> float:
        """The mood at a place."""
        index = bisect_right(self._places, position) - 1
        return self.at[index][1] if index >= 0 else 0.0


def ruled_out(
    text: str, sentence: Sentence, number: Number, left: int, tables: GoalTables, places: re.Pattern[str], quota: bool
) -> bool:
    """Whether a number's surroundings make it a comparison, a price, a cost, a place or a mere count of quotas.

    Args:
        text: the article's text.
        sentence: its sentence.
        number: the number.
        left: where the words belonging to it begin.
        tables: the compiled evidence.
        places: the pattern of administrative units, which are no goal after "cho", "trong", "tại".
        quota: whether the sentence belongs to a list of places to fill.
    """
    if _RESULT_BEHIND.match(text, number.end, sentence.end) and not any(
        cue.kind == "plan" and cue.weight >= STRONG and cue.end <= number.start for cue in sentence.cues
    ):
        return True
    wide = text[max(sentence.start, number.start - 90) : number.start]
    before = text[max(sentence.start, left, number.start - 90) : number.start]
    if _compares(text, number, wide, before, tables):
        return True
    bracket = text.rfind("(", max(sentence.start, number.start - BRACKET), number.start)
    inside = text[bracket : number.start] if bracket >= 0 else ")"
    apart = number.comparator in ("ge", "le") or inside.startswith(("(tổng", "(trong tổng"))
    if (
        ")" not in inside
        and not apart
        and not (quota and not number.money and number.unit != "%")
        and tables.in_brackets.search(inside)
        and not ((number.unit == "%" and _INSIDE.fullmatch(inside)) or _NAMED_INSIDE.fullmatch(inside))
    ):
        return True
    if number.money and not tables.income.search(wide):
        near = text[max(sentence.start, min(left, number.start - 40)) : number.start]
        let = number.comparator == "gt" and _NOT_LET.search(wide)
        if not let and ("/" in (number.unit or "") or tables.cost.search(near)):
            return True
    if number.noun == "chỉ tiêu":
        return not quota and not tables.quota.search(text, max(sentence.start, number.start - 160), number.end + 30)
    if number.measure:
        return False
    if tables.spread.search(text, max(sentence.start, number.start - 180), number.start):
        return False  # "sẽ thanh tra … tại 8 bệnh viện"
    at_place = number.comparator == "eq" and places.match(text, number.unit_start) is not None
    if at_place and tables.deed.search(re.sub(r" cho $", " ", wide[-40:])):
        return False  # "sẽ cấp nước sạch cho 5 xã"
    return (at_place and tables.offered.search(wide) is not None) or _IN.search(wide) is not None


def _compares(text: str, number: Number, wide: str, before: str, tables: GoalTables) -> bool:
    """Whether a number only compares with another, or is what somebody pays or is given."""
    compared = tables.compared.match(text, number.end) and not _OF_ALL.match(text, number.end)
    if number.comparator in ("ge", "gt") and _DELEGATES.match(text, number.end):
        compared = False  # "ít nhất 30% đại biểu nữ trúng cử"
    if number.unit == "%" and compared and not _CHANGED.search(before):
        return True
    if number.money and _WITH.search(wide) and not tables.income.search(wide[-60:]):
        return True  # "xây 10 nhà với 500 triệu đồng"
    paid = number.unit == "%" and _PAID.match(text, number.end) and _BENEFIT.search(wide)
    if number.money and _WORTH.search(wide):
        return True  # "tặng 20 suất học bổng, trị giá 1 triệu đồng/suất"
    if paid or _AGAINST.search(wide):
        return True  # "hỗ trợ 100% học phí", "so với mức 1.000 tỷ đồng"
    # "1.245 người, giảm 18 người so với năm 2021"
    return tables.compared.match(text, number.end) is not None and _CHANGE.search(before) is not None


def evidence(
    text: str, sentence: Sentence, number: Number, left: int, tables: GoalTables, places: re.Pattern[str], quota: bool
) -> float:
    """What a number's surroundings add to the mood; the arguments are those of `ruled_out`."""
    if ruled_out(text, sentence, number, left, tables, places, quota):
        return OUT
    wide = text[max(sentence.start, number.start - 90) : number.start]
    before = text[max(sentence.start, left, number.start - 90) : number.start]
    said = 1.0 if number.comparator in ("ge", "le") else 0.2 if number.comparator == "between" else 0.0
    times = number.noun == "lần" or _OF_ALL.match(text, number.end) is not None
    if tables.compared.match(text, number.end) and not _YEARLY.search(wide) and not times:
        said -= 0.6
    if number.money and not tables.income.search(wide) and not tables.income.match(text, number.end + 1):
        said -= 0.5
    if number.unit == "%":
        said += 0.7 if number.value == 100 else 0.4
    known = (
        tables.indicator.search(before)
        or tables.indicator.match(text, number.end + 1)
        or (number.unit == "%" and _STRUCTURE.search(text, sentence.start, number.start))
    )
    if known:
        said += 0.4
    if not number.unit and quota and _LISTED.match(text, number.end) and _NAMED.search(before):
        said += 0.2
    elif not number.unit:
        said += -0.2 if number.value >= 1000 else -0.5 if tables.indicator.search(before) else OUT
    if _PLAN_IS.search(wide):
        said += 1.5
    for cue in sentence.passives:
        if 0 <= cue.start - number.end <= 200 and not re.search(r"[,;:.]", text[number.end : cue.start]):
            said += cue.weight if not places.match(text, number.unit_start) else OUT
    return said
