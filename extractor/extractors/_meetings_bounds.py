"""How far the name of a gathering goes: to its day, its place, another clause, or the sentence's end."""

import re

from extractor.extractors._meetings_text import Mention, View, day_like
from extractor.model import DateRecord

_CLOSING = {"“": "”", '"': '"', "‘": "’", "(": ")", "'": "'", "”": "”"}
_SPEECH = {"“": "”", "‘": "’"}
_SPOKEN_BEFORE = 1
"""More words than this between the quotation mark and a gathering's name make the quotation a speech."""
_DOCUMENT = re.compile(r"(?:số\s*\d[\w./-]*|\d+\s*[-/–]\s*[\wđ./-]*[a-zđ][\w./-]*)[ ,]*(?:ngày\s*)?\Z")
_BY = re.compile(r"(?<!\w)do\s+(?=[^.;]{3,160}?(?:tổ chức|phối hợp|chủ trì|đăng cai|chủ toạ|chủ tọa)(?!\w))")
_BY_PASSIVE = re.compile(r"(?<!\w)được\s+(?=[^.;,]{3,90}?\stổ chức(?!\w))")
_ORGANISED = re.compile(
    r"(?<!\w)(?:đồng )?(?:phối hợp )?tổ chức(?=\s*(?:$|[.,;)]|(?:vào|tại|ngày|sáng|chiều|tối|trong|hôm|ở|từ|lúc|\d)))"
)
_TEMPORAL = re.compile(
    r"\s*(?:vào\s+)?(?:ngày|sáng|chiều|tối|lúc|hồi|cuối|đầu|thứ|đêm|trưa|\d|tháng|dịp|buổi|hôm|năm \d{4})"
)
_NOT_A_PLACE_NAME = re.compile(r"\s*(?:các|những|một số|nhiều|kỳ họp|hội nghị|đại hội|phiên)(?!\w)")
_ORDINAL = re.compile(
    r"lần thứ|(?<!\w)thứ (?:\d|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)|(?<!\w)kho[áó]a? |(?<!\w)khóa |nhiệm kỳ|lần [ivx\d]"
)
_NUMERAL = re.compile(r"(?<!\w)[IVXLC]+$")
"""A stop behind "lần thứ X" ends the sentence, though "X." looks like an initial."""
_TERM = re.compile(r"(?<!\w)(?:khóa|khoá|nhiệm kỳ|đã|sẽ)(?!\w)|,")
_ATTENDING = re.compile(r"(?<!\w)(?:dự|tham gia|chủ trì|chứng kiến|chỉ đạo)(?:\s+tại)?\s+(?:buổi\s+)?$")
_PRESENT = re.compile(r"\s(?:còn |cùng )?có\s")
"""Behind "Dự lễ khởi công" comes who was there: "có đông đảo bà con"."""
_ITS_NUMBER = re.compile(r"\s*thứ\s+(?:\d+|hai|ba|tư|năm|sáu|bảy)(?!\w)")
"""Behind a kind word "thứ sáu" counts sessions, though elsewhere it is a Friday."""
_TAIL = re.compile(
    r"(?:[\s.,;:–—“-]|(?<!\w)(?:và|của|về|cùng|với|do|trong|từ|được|đã|cho|vào|lúc|có|ngày|tại|theo|trước)$)+$"
)
_PART_OF_NAME = re.compile(r"\((?:mở rộng|bất thường|chuyên đề|thường lệ|kỳ họp|lần)(?!\w)")
"""Words in brackets at a name's end that belong to it."""
_MONTH_AHEAD = re.compile(r"(?<!\w)(?:trong|vào)\s+(?:khoảng\s+)?$")
_ANOTHER = re.compile(
    r"(?:,| và)(?: đồng thời)? (?:tổ chức (?!thực hiện|triển khai|các |và )|(?=(?:Lễ|Hội nghị|Đại hội|T[oọ][aạ] đàm|Hội thảo) [a-zà-ỹđ]))"
)
"""Where a second gathering begins: "sinh hoạt chi bộ tháng 6 và Lễ kết nạp đảng viên"."""
_SHORT_PROPER = re.compile(r"\s*[A-ZĐ]\w*(?: \w+){0,2}(?=,| và )")
_LEVELS = frozenset({"thành phố", "tỉnh", "huyện", "sở", "phòng", "ban", "bộ", "ngành"})
_WITH_ORDINAL = ("session", "conference", "congress", "voter_meeting")
_CAN_TAKE_A_PERSON = ("gathering", "working_session", "dialogue", "voter_meeting")
_CEREMONIAL = ("khai mạc", "bế mạc", "công bố", "trao", "ra mắt")


def in_reference(view: View, row: DateRecord) -> bool:
    """Whether a date belongs to a document's number ("Nghị quyết số 01/NQ-CP ngày 6/1/2023")."""
    return bool(_DOCUMENT.search(view.low, max(0, row.start - 40), row.start))


def _date_stop(view: View, mention: Mention, right: int) -> list[int]:
    stops = []
    for row in view.dates_in(mention.head_end, right):
        if not day_like(row):
            if row.quote.lower().endswith((" tới", " này", " sau", " nay")) or (
                (
                    mention.kind == "congress"
                    or view.tables.words["wishes"].search(view.low, left_of(view, mention), mention.start)
                )
                and _MONTH_AHEAD.search(view.low, mention.head_end, row.start)
            ):
                stops.append(row.start)
            if (
                mention.kind != "session"
                and row.quote[:1].lower() in "cg"
                and row.quote.lower().startswith(("cuối năm", "giữa năm"))
                and row.quote[-1:].isdigit()
            ):
                stops.append(row.start)
            continue
        if (
            view.low.startswith("đợt ", row.start - 4)
            or in_reference(view, row)
            or (_ITS_NUMBER.match(view.low, mention.head_end, row.end) and row.start <= mention.head_end + 1)
        ):
            continue
        named_day = row.quote[:1].isdigit() and view.text[row.start - 2].isalpha()
        if (
            named_day
            and "ngày " in view.low[mention.head_end : row.start]
            and mention.kind in ("ceremony", "gathering", "seminar")
        ):
            continue
        stops.append(row.start)
    return stops


def name_end(view: View, mention: Mention, left: int, right: int) -> int:
    """Where the name ends: at its day, its place, another clause, or the sentence's end."""
    tables, low, text = view.tables, view.low, view.text
    head_end = mention.head_end
    initial = not low[left : mention.start].strip() or (
        text[mention.start].isupper() and low[mention.start - 2 : mention.start] in (", ", ": ")
    )
    adverbial = bool(
        re.search(r"(?<!\w)(?:tại|trong|sau|trước|qua)\s+$", low[max(left, mention.start - 8) : mention.start])
    ) and (mention.start - left < 30)
    end = right
    if initial:
        verb = tables.subject_verb.search(low, head_end, right)
        while verb:
            if verb.start() <= head_end + 1 and mention.start > view.title_end and mention.kind != "ceremony":
                if not _takes_place_later(view, verb.end(), right):
                    return head_end
            elif _ORDINAL.search(low, head_end, verb.start()) or _after_proper(text, head_end, verb.start()):
                end = verb.start()
                break
            verb = tables.subject_verb.search(low, verb.end(), right)
    if _ATTENDING.search(low, max(left, mention.start - 30), mention.start):
        present = _PRESENT.search(low, head_end, end)
        end = present.start() if present else end
    for pattern in (_BY, _BY_PASSIVE, _ORGANISED):
        stop = pattern.search(low, head_end, end)
        if stop:
            end = min(end, stop.start())
    if another := _ANOTHER.search(text, head_end, end):
        end = another.start()
    for at in _date_stop(view, mention, end):
        if not inside_brackets(low, head_end, at):
            end = min(end, at)
            break
    if mention.kind not in _CAN_TAKE_A_PERSON:
        end = next((person.start for person in view.people_in(head_end, end)), end)
    end = _first_stop(view, mention, end, adverbial)
    return _trimmed(view, mention, end)


def _after_proper(text: str, start: int, at: int) -> bool:
    """Whether the words before a position end in a proper name: behind it a small verb begins the predicate."""
    before = text[start:at].split()
    return bool(before) and before[-1][:1].isupper() and text[at].islower() and len(before) > 1


def _takes_place_later(view: View, start: int, right: int) -> bool:
    return bool(
        re.search(r"(?<!\w)(?:diễn ra|được tổ chức|khai mạc|do\s[^.;]{3,120}\stổ chức)(?!\w)", view.low[start:right])
    )


def inside_brackets(low: str, start: int, at: int) -> bool:
    return low.rfind("(", start, at) > low.rfind(")", start, at)


def in_speech(low: str, at: int) -> bool:
    """Whether a position is inside somebody's own words: “Đây là cuộc họp thứ chín về …”, not a name in quotation marks."""
    line = low.rfind("\n", 0, at) + 1
    opening = max(low.rfind(mark, line, at) for mark in _SPEECH)
    if opening < 0 or _SPEECH[low[opening]] in low[opening + 1 : at]:
        return False
    return len(low[opening:at].split()) > _SPOKEN_BEFORE


def _first_stop(view: View, mention: Mention, right: int, adverbial: bool) -> int:
    tables, low = view.tables, view.low
    skip_to = mention.head_end
    for stop in tables.name_stop.finditer(low, mention.head_end, right):
        at, token = stop.start(), stop.group()
        if at < skip_to:
            continue
        if token in _CLOSING:
            close = low.find(_CLOSING[token], at + 1, right + 1)
            spaced = low[at - 1] == " "
            if (close < 0 and token == "(") or close < 0 or not spaced:
                return at
            skip_to = close + 1
            continue
        if not _stops(view, mention, token, at, stop.end(), right, adverbial):
            continue
        return at
    return right


def _stops(view: View, mention: Mention, token: str, at: int, after: int, right: int, adverbial: bool) -> bool:
    """Whether a word or mark ends the name."""
    tables, low = view.tables, view.low
    empty = not low[mention.head_end : at].strip()
    if token == "," and empty:
        return not (
            tables.twin.match(low, after)
            and tables.organise_before.search(low, max(left_of(view, mention), mention.start - 40), mention.start)
        )
    if token == ",":
        return _comma_stops(view, mention, after, right, adverbial)
    token = token.strip()
    if token == ".":
        numeral = _NUMERAL.search(view.text, mention.head_end, at)
        return empty or bool(numeral) or low[max(mention.head_end, at - 4) : at].isalpha()
    if token in ("-", "–", "—"):
        after_dash = low[after : after + 24]
        return bool(
            tables.comma_stop.match(after_dash) or tables.name_stop.match(after_dash)
        ) and not tables.comma_goes_on.match(after_dash)
    if (
        token in ("đã", "sẽ")
        and low.startswith(" được", after)
        and not low[left_of(view, mention) : mention.start].strip().endswith(",")
    ):
        # Behind its object "đã được …" is a clause about it, "Hội nghị … đã được tổ chức" its own predicate.
        return mention.start == left_of(view, mention) or bool(
            re.match(r" được\s+(?:tổ chức|diễn ra|khai mạc|tiến hành)", low[after : after + 24])
        )
    if token == "vào":
        return bool(_TEMPORAL.match(low, after))
    if token == "tại":
        return not _NOT_A_PLACE_NAME.match(low, after)
    if token in _CEREMONIAL and empty and mention.kind == "ceremony":
        return False
    if token == "ngay":
        return low[after : after + 4] != " ngày"
    return True


def left_of(view: View, mention: Mention) -> int:
    """Where the mention's sentence begins."""
    return view.sentences[mention.sentence][0]


def _comma_stops(view: View, mention: Mention, after: int, right: int, adverbial: bool) -> bool:
    tables, low, text = view.tables, view.low, view.text
    if tables.comma_goes_on.match(low, after):
        # ", HĐND tỉnh khóa III" goes on a session's ordinal; elsewhere a capital begins the next clause.
        capital = text[after : after + 2].strip()[:1].isupper()
        of_it = mention.kind in _WITH_ORDINAL and _ORDINAL.search(low, after - 14, after)
        return capital and not (
            of_it and not ((adverbial or mention.start > left_of(view, mention)) and _acts_itself(view, after, right))
        )
    if (
        mention.kind in _WITH_ORDINAL
        and tables.subject_verb.match(low, after + 1)
        and _ORDINAL.search(low, mention.head_end, after)
    ):
        # "phiên họp lần thứ 27, thống nhất nội dung …": a counted session's name is complete, what it did follows.
        return True
    stop = tables.comma_stop.match(low, after)
    if stop and stop.group().strip() in _LEVELS and not adverbial:
        stop = None
    if stop or tables.name_stop.match(low, after + 1):
        return True
    first = text[after : after + 2].strip()[:1]
    if first.isupper():
        return adverbial or not _SHORT_PROPER.match(text, after)
    if adverbial:
        # "Tại hội nghị tổng kết, các …": a list goes on only while another part of the clause still follows it.
        return not re.search(r",\s*\w", low[after + 1 : right])
    return False


def _acts_itself(view: View, after: int, right: int) -> bool:
    """Whether the body behind a session's number is a subject: "tại kỳ họp thứ 15, HĐND tỉnh tiến hành chất vấn"."""
    verb = view.tables.subject_verb.search(view.low, after, min(right, after + 60))
    return verb is not None and not _TERM.search(view.low, after, verb.start())


def _trimmed(view: View, mention: Mention, end: int) -> int:
    low = view.low
    while end > mention.head_end:
        tail = _TAIL.search(low, mention.head_end, end)
        if tail and tail.start() < end:
            end = tail.start()
            continue
        if low[end - 1] == '"' and low.count('"', mention.head_end, end) % 2:
            end -= 1
            continue
        if low[end - 1] == ")":
            open_at = low.rfind("(", mention.head_end, end)
            inside = low[open_at:end]
            if open_at > 0 and not re.search(r"\d{4}", inside) and not _PART_OF_NAME.match(inside):
                end = open_at
                continue
        break
    return max(end, mention.head_end)
