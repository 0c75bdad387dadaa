"""A gathering's days and status, from the sentences that name it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from extractor.extractors._meetings_bounds import in_reference, inside_brackets
from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_names import ANNOUNCED, on_day
from extractor.extractors._meetings_text import LABELS_WITHIN, Mention, View, day_like
from extractor.model import DateRecord

_LIST_GAP = re.compile(r"\s*(?:và|,|-|–|&|đến)?\s*(?:ngày\s*)?$")
_UNTIL = re.compile(r"(?:diễn ra|làm việc|kéo dài|bế mạc|kết thúc)[^.;]{0,30}$")
_AFTER_DAYS = re.compile(r"(?<!\w)sau\s+(\d+(?:,5)?|một|hai|ba|bốn|năm|gần \d+|hơn \d+)\s+ngày làm việc")
_COUNT = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5}
_ENDS = re.compile(r"(?<!\w)(?:khép lại|hoàn thành|bế mạc|kết thúc|thành công)(?!\w)")
_TAKES_PLACE = re.compile(r"(?<!\w)(?:tổ chức|diễn ra|khai mạc|tiến hành|hoàn thành)\s+(?:vào |trong |khoảng )?$")
_DATED_BRACKET = re.compile(
    r"(?<!\w)(?:(?:\d+|một|hai|ba|bốn|năm|các|những) ngày(?: qua)?|ngày|nay|qua|sáng|trưa|chiều|tối|chủ nhật|thứ \w+|cùng ngày|tuần),?\s*$"
)
"""What stands before a bracket that only says which days are meant: "Trong 2 ngày (7 và 8/8)", "Sáng nay (5/3)"."""
_NTH_DAY = re.compile(
    r"(?<!\w)(?:bước (?:sang|vào) ngày (?:làm việc |họp )?thứ|ngày (?:làm việc|họp) thứ) (hai|ba|tư|2|3|4)(?!\w)"
)
_NTH = {"hai": 2, "ba": 3, "tư": 4, "2": 2, "3": 3, "4": 4}
_LEAD_SENTENCES = 5
_OPENING = 18
_TELLS_OF = ("organise", "verb", "place")
_IT = re.compile(
    r"(?:trong (?:thời gian )?\w+ ngày|lớp|khóa|khoá|đợt|chương trình|hội nghị|đại hội|kỳ họp|hội thảo|buổi)(?!\w)"
)
_LASTS = re.compile(
    r"(?<!\w)(?:kéo dài|diễn ra|được tổ chức|tổ chức|tiến hành|học|tập huấn|trong(?: thời gian)?)[^.;:,]{0,10}(?:ngày,? \(?)?$"
)
_DONE = re.compile(r"(?<!\w)(?:đã|vừa)\s")
_AHEAD = re.compile(r"(?<!\w)(?:sẽ|dự kiến|sẽ được|theo kế hoạch)(?!\w)")
SCENE_TAIL = re.compile(r"[\s,)]*(?:(?:tại|ở)\s(?P<place>(?:(?!\s(?:đã|sẽ|được)\s)[^.;:\n]){3,140}))?\.?\s*")
"""Behind a day, a sentence that goes no further than the place: "…, ngày 5/3, tại hội trường UBND xã."."""
PROGRAMME = re.compile(
    r"(?:chuỗi |các |những |nhiều )?(?:hoạt động|sự kiện|chương trình|nội dung)(?!\w)[^.;:]{0,40}?\s(?:gồm|gồm có|bao gồm|có|là)(?!\w)"
)
"""The head of a sentence that lists what the sentence before says was organised."""


@dataclass(frozen=True, slots=True)
class When:
    """The days of a gathering and the dates row that says so."""

    start: date | None = None
    end: date | None = None
    part_of_day: str | None = None
    date_id: str | None = None


def when(view: View, event: Event) -> When:
    """The day or days of a gathering, its part of day and the dates row; all None where the article does not tell."""
    found: tuple[DateRecord, DateRecord] | None = None
    mention = event.fullest
    for mention in [*event.telling, *event.later]:
        if mention.only_named or mention.nested:
            continue
        found = _days(view, mention)
        if found:
            break
    if not found:
        borrowed = _in_brackets(view, event) or _borrowed(view, event) or _labelled(view, event)
        if borrowed is None:
            return When()
        return When(borrowed.start_date, borrowed.end_date, borrowed.part_of_day, borrowed.date_id)
    for later in event.later:
        told = _days(view, later)
        if told and _narrows(told[0], found):
            found = told
            break
    first, last = found
    start, end, part = first.start_date, last.end_date, first.part_of_day
    if start and start == end:
        left, right = view.sentences[mention.sentence]
        counted = _NTH_DAY.search(view.low, left, right)
        if counted:
            return When(start - timedelta(days=_NTH[counted[1]] - 1), end, part, first.date_id)
        worked = _AFTER_DAYS.search(view.low, left, right)
        if worked and _ENDS.search(view.low, left, right) and start == end:
            number = worked[1].split()[-1]
            days = _COUNT.get(number) or ceil(float(number.replace(",", ".")))
            return When(start - timedelta(days=days - 1), end, None, first.date_id)
        later_end = _until(view, event, start) or _span_told_after(view, mention.sentence, start)
        end = later_end or end
    return When(start, end, part, first.date_id)


def _borrowed(view: View, event: Event) -> DateRecord | None:
    """The day of the sentences before, for what went on there on that day: "Tại đây, đoàn đã có buổi làm việc"."""
    if event.fullest.evidence == "list" and event.fullest.sentence:
        left = view.sentences[event.fullest.sentence][0]
        return _opening_day(view, event.fullest.sentence - 1) if PROGRAMME.match(view.low, left) else None
    if event.fullest.bare and not event.fullest.only_named:
        # Only spoken of as "buổi tiếp", "buổi lễ": what was reported right before.
        return view.day_of_passage(event.fullest.sentence) or _day_of_lead(view, event)
    for mention in event.telling:
        if mention.only_named or mention.nested or mention.evidence not in _TELLS_OF:
            continue
        if mention.evidence == "place" and mention.kind != "working_session":
            continue
        left, right = view.sentences[mention.sentence]
        goes_on = (
            mention.borrows or mention.kind == "working_session" or view.tables.same_day_opener.match(view.low, left)
        )
        if view.tables.planned.search(view.low, left, right):
            continue
        if goes_on:
            return view.day_of_passage(mention.sentence)
        if day := _scene(view, mention.sentence):
            return day
    return day_of_body(view, event)


def day_of_body(view: View, event: Event) -> DateRecord | None:
    """The day of the body's first sentence, for a gathering that only the title tells of: what is told there went on at it."""
    lead = untold_lead(view, event)
    if lead is None or view.tables.planned.search(view.low, 0, view.title_end):
        return None
    start, end = view.sentences[lead]
    for row in view.dates_in(start, end):
        begins = row.start - start <= _OPENING or view.low.startswith(", ", row.start - 2)
        if begins and day_like(row) and not in_reference(view, row):
            return row
    return None


def untold_lead(view: View, event: Event) -> int | None:
    """The body's first sentence, where the gathering is told of by the title alone and that sentence tells of no other."""
    body = view.title_end + 1
    if body >= len(view.text) or event.start >= body:
        return None
    if any(m.start >= body and m.evidence in _TELLS_OF for m in event.namings):
        return None
    lead = view.sentence_at(body)
    left, right = view.sentences[lead]
    organised = view.tables.organise_before
    if any(organised.search(view.low, left, k.start()) for k in view.tables.kind_word.finditer(view.low, left, right)):
        return None
    return lead


def _scene(view: View, sentence: int) -> DateRecord | None:
    """The day of the sentence right before, in its paragraph, that only sets the scene: it names no gathering itself."""
    start, end = view.sentences[sentence - 1] if sentence else (0, 0)
    if "\n" in view.low[start : view.sentences[sentence][0]] or view.tables.kind_word.search(view.low, start, end):
        return None
    if not sentence:
        return None
    return _opening_day(view, sentence - 1) or next(
        (d for d in reversed(view.dates_in(start, end)) if day_like(d) and SCENE_TAIL.fullmatch(view.text, d.end, end)),
        None,
    )


def _day_of_lead(view: View, event: Event) -> DateRecord | None:
    """The day that opens an article, for what its first sentences then call "lễ phát động"."""
    first = event.mentions[0].sentence
    if event.fullest.kind == "working_session" or first > view.sentence_at(view.title_end) + _LEAD_SENTENCES:
        return None
    found = (_opening_day(view, number) for number in range(first))
    return next((day for day in found if day), None)


def _opening_day(view: View, sentence: int) -> DateRecord | None:
    """The day with which a sentence begins."""
    start, end = view.sentences[sentence]
    return next((d for d in view.dates_in(start, end) if d.start - start <= _OPENING and day_like(d)), None)


def _in_brackets(view: View, event: Event) -> DateRecord | None:
    """The day or month announced in brackets behind a name: "kỳ họp thứ 9 (dự kiến tháng 6)"."""
    for mention in event.by_evidence:
        if ANNOUNCED.match(view.low, mention.end):
            rows = view.dates_in(mention.end, mention.end + 40)
            return rows[0] if rows else None
    return None


def _labelled(view: View, event: Event) -> DateRecord | None:
    """The day behind a label of an invitation: "Thời gian: 14 giờ, ngày 28/5"."""
    start = event.start
    label = view.tables.time_label.search(view.low, start, start + LABELS_WITHIN)
    rows = [d for d in view.dates_in(label.end(), label.end() + 60) if day_like(d)] if label else []
    return rows[0] if rows else None


def _narrows(row: DateRecord, found: tuple[DateRecord, DateRecord]) -> bool:
    """Whether a day told later is one of several days told first ("Tại buổi làm việc diễn ra sáng 12/4")."""
    first, last = found[0].start_date, found[1].end_date
    return bool(
        first
        and last
        and first < last
        and row.start_date
        and row.start_date == row.end_date
        and first <= row.start_date <= last
    )


def _until(view: View, event: Event, start: date) -> date | None:
    """The last day, told apart: "Theo chương trình, hội nghị làm việc đến ngày 18/5"."""
    for mention in event.mentions:
        for row in view.dates_in(mention.end, view.sentences[mention.sentence][1]):
            day = row.end_date if day_like(row) else None
            near = day and timedelta(0) < day - start < timedelta(days=30)
            if near and _UNTIL.search(view.low, mention.end, row.start):
                return day
    return None


def _span_told_after(view: View, sentence: int, start: date) -> date | None:
    """The last day of a span that begins on the opening day: "Lớp học kéo dài từ ngày 10 đến ngày 14/4"."""
    for left, right in view.sentences[sentence + 1 : sentence + 3]:
        if not _IT.match(view.low, left):
            continue
        for row in view.dates_in(left, right):
            days = (row.end_date - start).days if row.end_date and row.start_date == start else 0
            if 0 < days < 15 and _LASTS.search(view.low, max(left, row.start - 32), row.start):
                return row.end_date
    return None


def _days(view: View, mention: Mention) -> tuple[DateRecord, DateRecord] | None:
    """The first and the last dates row that say when a named gathering takes place."""
    left, right = view.sentences[mention.sentence]
    low = view.low
    rows = [
        d
        for d in view.dates_in(left, right)
        if not in_reference(view, d) and (not inside_brackets(low, left, d.start) or _only_days(low, left, d.start))
    ]
    days = [d for d in rows if day_like(d)]
    before = [d for d in days if d.end <= mention.start]
    after = [
        d for d in days if d.end > mention.end > d.start or (d.start >= mention.end and _reaches(view, mention, d))
    ]
    if mention.bare and mention.evidence not in ("organise", "verb"):
        after = [
            d
            for d in after
            if d.start - mention.end <= 16
            or re.match(r"\s*(?:được |đã |sẽ |dự kiến )*(?:diễn ra|tổ chức|khai mạc)", low[mention.end : d.start])
        ]
        before = []
    beside = on_day(view, mention, left) if before and mention.kind == "ceremony" else None
    if mention.evidence == "list" and after and not re.search("[,;]", low[mention.end : after[0].start]):
        # An item of a programme with its own day behind it.
        return after[0], _last_of_list(low, days[days.index(after[0]) :])
    initial = [beside] if beside in days and beside else [d for d in before if d.start - left <= 18]
    if after and _AHEAD.search(low, mention.end, after[0].start):
        # "Ngày 5/3, UBND xã thông báo: cuộc họp … sẽ diễn ra ngày 10/3": the first day is the announcement's.
        initial = []
    chosen = initial[:1] or after[:1] or _first_of_list(low, before)
    if not chosen:
        return None if mention.bare else _month(view, mention, rows, left)
    if chosen[0] in before:
        # "Tuần tới, ngày 28/12 sẽ diễn ra …": the day within the week told first.
        chosen = [d for d in before if _narrows(d, (chosen[0], chosen[0]))][-1:] or chosen
    return chosen[0], _last_of_list(low, days[days.index(chosen[0]) :])


def _month(view: View, mention: Mention, rows: list[DateRecord], left: int) -> tuple[DateRecord, DateRecord] | None:
    """The month, quarter or year of a gathering whose day is not told."""
    near = [d for d in rows if 0 <= d.start - mention.end <= 8 and d.granularity != "range"]
    coarse = [d for d in rows if d.granularity in ("week", "month", "quarter")]
    near += [
        d for d in coarse if 8 < d.start - mention.end <= 44 and _TAKES_PLACE.search(view.low, mention.end, d.start)
    ]
    near += [d for d in coarse if d.start - left <= 18 and d.end <= mention.clause]
    return (near[0], near[0]) if near else None


def _last_of_list(low: str, days: list[DateRecord]) -> DateRecord:
    """The last of several days told together: "trong hai ngày 12 và 13/9"."""
    last = days[0]
    for row in days[1:]:
        later = row.start_date and last.end_date and row.start_date > last.end_date
        if later and row.start - last.end <= 12 and _LIST_GAP.match(low[last.end : row.start]):
            last = row
    return last


def _first_of_list(low: str, days: list[DateRecord]) -> list[DateRecord]:
    """The last day told, or the first of those told together with it."""
    first = days[-1:]
    for row in reversed(days[:-1]):
        earlier = row.start_date and first[0].start_date and row.start_date < first[0].start_date
        if not earlier or first[0].start - row.end > 12 or not _LIST_GAP.match(low[row.end : first[0].start]):
            break
        first = [row]
    return first


def _only_days(low: str, left: int, at: int) -> bool:
    """Whether the bracket that holds a day only says which days the words before it mean."""
    opening = low.rfind("(", left, at)
    return bool(_DATED_BRACKET.search(low, max(left, opening - 24), opening))


def _reaches(view: View, mention: Mention, row: DateRecord) -> bool:
    """Whether a date behind a name belongs to it: no other clause lies between."""
    between = view.low[mention.end : row.start]
    if mention.evidence == "list":
        return True
    if ";" in between or len(between) > 140:
        return False
    if re.search(r"(?<!\w)(?:trước|sau|từ sau|kể từ|hạn|chậm nhất|ký|ban hành|sinh)\s*(?:ngày\s*)?$", between):
        return False
    return len(between) <= 30 or bool(
        re.search(r"(?<!\w)(?:tổ chức|diễn ra|khai mạc|bế mạc|tại|vào|từ|trong|lúc|hồi)(?!\w)", between)
    )


def status(view: View, event: Event, days: When) -> str:
    """`planned` where the announcing words look ahead and nothing of it has been reported, else `held`."""
    published = view.article.published_date
    if days.start and published and days.start > published:
        return "planned"
    if days.end and published and days.end < published:
        return "held"
    for mention in event.by_evidence[:1]:
        before = view.low[max(view.sentences[mention.sentence][0], mention.clause - 24) : mention.start]
        after = view.low[mention.end : mention.end + 26].split(".")[0]
        ahead = max((m.end() for m in view.tables.ahead_before.finditer(before)), default=0)
        # Of "những lời vừa nêu và sẽ có hội nghị" the last word counts.
        done = _DONE.search(before, max(ahead, len(before) - 30))
        if not (done or any(_took_place(view, m) for m in event.later)) and (
            ahead or view.tables.ahead_after.match(after) or _dated_ahead(view, mention)
        ):
            return "planned"
    return "held"


def _took_place(view: View, mention: Mention) -> bool:
    """Whether a later word tells what happened there ("tại hội nghị, …"), not what is going to happen."""
    left, right = view.sentences[mention.sentence]
    return mention.evidence == "place" and not re.search(r"(?<!\w)(?:sẽ|dự kiến)(?!\w)", view.low[left:right])


def _dated_ahead(view: View, mention: Mention) -> bool:
    left, right = view.sentences[mention.sentence]
    piece = view.low[mention.end : min(right, mention.end + 90)]
    if re.search(r"(?<!\w)(?:thời gian tới|sắp tới|sẽ được tổ chức|sẽ diễn ra)(?!\w)", piece):
        return True
    return mention.evidence == "list" and bool(
        re.search(r"(?<!\w)(?:dự kiến|sẽ)(?!\w)", view.low[left : mention.start])
    )
