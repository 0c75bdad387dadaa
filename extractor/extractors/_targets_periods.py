"""When a goal is to be reached: the periods of its sentence, and which of them governs a number."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from extractor.extractors._targets_cues import Sentence
from extractor.extractors._targets_numbers import Number

ITEM = 600
"""Characters before a number in which its item of a list may have begun."""

YEAR = 300
"""Days from which on a period counts as one of a whole plan."""

QUARTER = 88
"""Days from which on a period counts as one of a plan at all."""

_AIMED = re.compile(r"(?:[Đđ]ến|[Tt]ới|[Tt]rước|[Hh]ết|[Cc]hậm nhất|[Vv]ào|[Cc]uối)\s*(?:ngày|tháng|năm)?\s*$")
_COMPARED_WITH = re.compile(
    r"(?:so với|cùng kỳ|so|của|ban hành|công bố|từ|thời điểm|kể từ|số liệu|tầm nhìn(?: đến| tới)?"
    r"|giá (?:so sánh|cố định|hiện hành|thực tế)|theo giá)"
    r"(?: (?:thực hiện|ước thực hiện|kết quả|số thực hiện|mức|bình quân|số liệu|TH|cuối|đầu|dự toán|kế hoạch|cùng kỳ"
    r"|thời điểm)){0,3}\s*$"
)
_PARTED = re.compile(r"[,;.:]| và (?:đến |tới |hết |trong )*$")
_OWN_PART = re.compile(r"[;:]|,(?!\d)| và (?=(?:đến|tới|hết) )")
"""What parts a period from the numbers before it: "quý III đạt 75% và đến 31/01/2025 đạt 95%"."""

_AT_LATEST = re.compile(
    r"^[^,;.:\d]*, (?:(?:phấn đấu|và|cố gắng|phải) )?(?:hoàn thành|xong|chậm nhất|muộn nhất)"
    r"(?: (?:trước|vào|là|trong|cuối|đến|hết|ngày|công trình|dự án))* ?$"
)
_DURATION = re.compile(r"(?:[Tt]rong|sau|[Ss]au) (?:vòng )?\d+(?: ?[-–] ?\d+)? năm (?:nữa|tới)")
_ATTRIBUTE = re.compile(
    r"\b(?:chuẩn(?! quốc gia| nông thôn mới| NTM| đô thị| văn minh| văn hóa| văn hoá)|tiêu chí|bộ tiêu chí|quy chuẩn|vốn|danh mục|khung|(?:[Dd]ự án|[Cc]hương trình|[Đđ]ề án) [^,;:.\d]{3,})"
    r"[^,;:.\d]{0,40}$"
)
_EVENT = re.compile(
    r"\b(?:(?:[Kk]ỳ|[Pp]hiên|[Cc]uộc) họp(?: (?:thường lệ|thường kỳ|thường niên|định kỳ|chuyên đề|lần|thứ \w+))*"
    r"|(?:[Tt]ổng kết|[Ss]ơ kết)"
    r"(?: (?!triển|phương|nhiệm|kế|đề|mục|chỉ|phấn|và\b)[^\W\d_]+){0,5}) $"
)
"""A meeting that is named by its period: "kỳ họp cuối năm 2023", "hội nghị tổng kết công tác năm 2023"."""

_TENSE = re.compile(r"\b(?:đến|tới|trong|hết|phấn đấu|đạt|thực hiện)\b[^,;:.\d]*$")
_TRAILING = re.compile(r"\b(?:trước|vào|đến|hết|chậm nhất|trong)(?: (?:cuối|hết|ngày|dịp))*\s*$")
_CUT = re.compile(r"[;:]|\.(?!\d)|\b(?:trong đó|riêng|còn)\b")
_ORDERS = frozenset(("sẽ", "khẳng định sẽ", "cam kết", "yêu cầu", "đề nghị", "phải", "hứa sẽ", "cam kết sẽ"))
_GOAL_OF_THEN = re.compile(r",? (?:mục tiêu|chỉ tiêu|kế hoạch)\b")
"""Right behind a year that is over: "năm 2017, mục tiêu là 80 hộ nhưng chỉ có 10 hộ"."""
_LAST_PART = ("cuối", "hết")
_IN_TURN = re.compile(r"\blần lượt\b")
_TURN_JOINT = re.compile(r"(?:,| và|, và) (?:(?:đến|tới|trong|hết|năm|giai đoạn) )*")
_FIGURE = re.compile(r"(?<![\d.,/])\d")
_VOTES = re.compile(r"\b(?:cử tri|đi bầu|bỏ phiếu|bầu cử)\b")


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a goal may be for: its span, last day, length, and whether it stands before its own number."""

    start: int
    end: int
    last: date
    days: int
    fronted: bool


def deadline_of(
    text: str, sentence: Sentence, number: Number, clause: tuple[int, int], published: date | None
) -> tuple[date | None, bool]:
    """The last day of the period a goal is for, by the words of its own sentence.

    Returns:
        (day or None, whether the sentence settles it): a goal "trong 10 năm nữa" has no calendar day, and none is taken
        from elsewhere.
    """
    if sentence.periods is None:
        sentence.periods = _periods(text, sentence, published)
        sentence.lasting = _DURATION.search(text, sentence.start, sentence.end) is not None
    apart = text.rfind(";", max(sentence.start, number.start - ITEM), number.start)
    colon = text.find(":", sentence.start, number.start)
    own: Period | None = None
    listed: Period | None = None
    whole: Period | None = None
    opening: Period | None = None
    for period in sentence.periods:
        if period.start >= clause[1] + 70:
            break
        if period.start > number.end:
            between = text[number.end : period.start]
            if number.noun == "lần" and not between.strip():
                continue  # "gấp 1,8 lần năm 2020"
            near = period.start < clause[1] + 22 and not _PARTED.search(between)
            if near or _AT_LATEST.search(between):
                return period.last, True
        elif period.end <= number.start:
            if period.start > apart and (period.fronted or period.days >= YEAR):
                own = period
            elif period.fronted:
                listed = period if period.end <= colon and period.days >= QUARTER else listed
                whole = period if period.days >= YEAR else whole
                opening = opening or period
    best = _in_turn(text, sentence, number) or own or listed or whole or opening
    if best is None and len(sentence.periods) == 1:
        only = sentence.periods[0]
        between, beyond = text[number.end : only.start], text[only.end : sentence.end]
        trails = _TRAILING.search(between) and not _CUT.search(between) and not re.match(r"[^;.]*\d", beyond)
        if only.start > number.end and trails:
            best = only  # "khánh thành 2 bệnh viện, thông tuyến 14 km trước ngày 2/9"
    return (best.last, True) if best else (None, sentence.lasting)


def _in_turn(text: str, sentence: Sentence, number: Number) -> Period | None:
    """The period of a number in a row of them: "các năm 2025, 2026 … lần lượt đạt 65% và 80%"."""
    turns = _IN_TURN.search(text, max(sentence.start, number.start - ITEM), number.start)
    if turns is None or _CUT.search(text, turns.end(), number.start):
        return None
    row: list[Period] = []
    for period in (p for p in sentence.periods or () if p.end <= turns.start()):
        joined = row and _TURN_JOINT.fullmatch(text, row[-1].end, period.start)
        row = [*row, period] if joined else [period]
    place = len(_FIGURE.findall(text, turns.end(), number.start))
    return row[place] if len(row) > 1 and place < len(row) else None


def _periods(text: str, sentence: Sentence, published: date | None) -> list[Period]:
    """The sentence's periods that goals may be for; one that stands before its own number is `fronted`."""
    found: list[Period] = []
    last = sentence.start
    for when in sentence.dates:
        begun, last = last, when.end
        if when.end_date is None or not _is_period(text, sentence, when, published):
            continue
        if _names_only(text, sentence, when):
            continue
        before = _OWN_PART.split(text[max(begun, when.start - 120) : when.start])[-1]
        days = (when.end_date - when.start_date).days if when.start_date else YEAR
        found.append(Period(when.start, when.end, last_day(text, when), days, not re.search(r"\d", before)))
    return found


def last_day(text: str, when: Any) -> Any:
    """The last day that a period leaves for a goal: "trước năm 2030" leaves the days up to the end of 2029."""
    before = text[max(0, when.start - 7) : when.start].lower().endswith("trước ")
    whole = before and when.start_date is not None and (when.end_date - when.start_date).days >= 27
    whole = whole and not text.startswith(_LAST_PART, when.start)  # "trước cuối năm 2030"
    return when.start_date - timedelta(days=1) if whole else when.end_date


def _is_period(text: str, sentence: Sentence, when: Any, published: date | None) -> bool:
    before = text[max(sentence.start, when.start - 40) : when.start]
    if _EVENT.search(before):
        return False
    if _COMPARED_WITH.search(before) and "đến" not in text[when.start : when.end]:
        return (
            not re.search(r"so với|cùng kỳ", before)
            and bool(re.search(r"(?:mục tiêu|chỉ tiêu|kế hoạch|của)\s*$", before))
            and (when.end_date - when.start_date).days >= 88
            and (published is None or when.end_date >= published)
        )
    days = (when.end_date - when.start_date).days if when.start_date else 0
    aimed = "đến" in text[when.start : when.end] or _AIMED.search(before)
    if days < 27 and not aimed:
        return False
    return published is None or when.end_date >= published


def promised_for(sentence: Sentence, when: Any, published: date | None) -> bool:
    """Whether a promise or an order of the sentence ("sẽ … ngay trong năm nay") is for a period that is still open."""
    if published is None or when.end_date is None or (when.end_date - published).days < 27:
        return False
    return any(cue.kind == "plan" and cue.words in _ORDERS and cue.end < when.start for cue in sentence.cues)


def _names_only(text: str, sentence: Sentence, when: Any) -> bool:
    """Whether a range of years only belongs to a name ("hộ nghèo theo chuẩn 2021 - 2025") and governs no goal."""
    if when.start_date is None or (when.end_date - when.start_date).days < 400:
        return False
    before = text[max(sentence.start, when.start - 70) : when.start]
    attribute = _ATTRIBUTE.search(before)
    return attribute is not None and not _TENSE.search(before[attribute.start() :])


def about_voting(goal: str) -> bool:
    """Whether a goal's words are about voting."""
    return _VOTES.search(goal) is not None


def election_day(text: str, dates: list[Any], published: date | None) -> date | None:
    """The day of the vote: the first single day to come in a sentence on the election.

    Args:
        text: the article's text.
        dates: the article's dates, in order.
        published: the publication day; None gives None.
    """
    if published is None:
        return None
    for when in dates:
        single = when.end_date is not None and when.start_date == when.end_date and when.end_date > published
        near = text[max(0, when.start - 150) : when.start]
        if single and "bầu cử" in re.split(r"[.\n]\s", near)[-1].lower():
            return when.end_date  # type: ignore[no-any-return]
    return None


def is_over(text: str, sentence: Sentence, number: Number, published: date | None) -> bool:
    """Whether a goal is one of a period that the sentence names and that had ended before publication."""
    if published is None:
        return False
    last: Any = None
    for when in sentence.dates:
        if when.end <= number.start and when.end_date is not None and when.start_date is not None:
            last = when
    if last is None or last.end_date >= published or (last.end_date - last.start_date).days < 88:
        return False
    if re.search("[;:]", text[last.end : number.start]):
        return False
    if _GOAL_OF_THEN.match(text, last.end, number.start):
        return True
    return any(cue.kind == "plan" and cue.weight >= 2 and 0 <= last.start - cue.end <= 25 for cue in sentence.cues)


def period_after(text: str, sentence: Sentence, position: int, published: date | None) -> Any:
    """The date row of the period that is told right after a place, else the one of the whole sentence."""
    for when in sentence.dates:
        near = 0 <= when.start - position <= 20 and not re.search(r"[,;:.]", text[position : when.start])
        if near and when.end_date is not None and (published is None or when.end_date >= published):
            return when
    return period_of(text, sentence, published)


def period_of(text: str, sentence: Sentence, published: date | None) -> Any:
    """The date row of the period that a sentence gives all its goals: its first one that is not over, or None."""
    first: Any = None
    for when in sentence.dates:
        if when.end_date is not None and _is_period(text, sentence, when, published):
            if _names_only(text, sentence, when):
                continue
            if when.start_date is None or (when.end_date - when.start_date).days > 300:
                return when
            first = first or when
    return first
