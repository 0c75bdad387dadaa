"""Who organises a gathering, as worded."""

import re

from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_places import pieces_of
from extractor.extractors._meetings_text import Mention, View

_BY = re.compile(
    r"[\s,]*(?:được\s+)?do\s+(?P<host>[^.;:]{3,160}?)\s+(?:(?:đồng |phối hợp |cùng )?(?:tổ chức|đăng cai|chủ trì tổ chức))(?!\w)"
)
_BY_PASSIVE = re.compile(r"[\s,]*được\s+(?P<host>[^.;:,]{3,120}?)\s+tổ chức(?!\w)")
_BETWEEN = re.compile(r"(?<!\w)giữa\s+(?P<host>[^;:]{3,200}?\s+và\s+[^;:]{2,120})$")
_OWN_REVIEW = re.compile(
    r"(?:\s+(?:trực tuyến|toàn quốc|giao ban))*\s+(?:tổng kết|sơ kết|đánh giá|giao ban|triển khai)"
)
_ADVERBS = re.compile(
    r"\s*(?:(?:toàn thể|đại biểu|toàn quốc|thường niên|thường kỳ|bất thường|chuyên đề|trực tuyến|mở rộng"
    r"|lần(?: thứ)? (?:\d+|[ivxlc]+|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?: \w+)?)|thứ (?:\d+|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?: \w+)?)|[ivxlc]+)(?!\w)|[,(\s])*"
)
_OF = re.compile(r"(?<!\w)của\s+(?P<host>[^,;()]{2,90})$")
_TERM = re.compile(r"\s*[,(]?\s*(?:khóa|khoá|nhiệm kỳ|lần thứ|lần|tháng|quý|năm|giai đoạn|về|thứ|phiên|mở rộng)(?!\w)")
_OWN_TERM = re.compile(r",?\s(?:khóa|khoá|nhiệm kỳ)\s")
_BACK = 1500
"""How far before a gathering a delegation's full name is looked for."""
_OPENING = re.compile(
    r"\s*(?:\([^()]{1,60}\)[\s,]*[-–]?\s*|[a-zđ. ]{2,14}\s?[-–]\s*(?=(?:sáng|chiều|tối|ngày|vừa|trong|hôm|tại|vào)\s)|(?:trong|vào|và|từ|đến)(?:\s+\w+\s+ngày,?)?\s+(?=\S*\d|ngày|sáng|chiều|tối|lúc)|(?:đúng|khoảng|lúc|hồi|vào lúc)\s+(?=\d)|[,;-]\s*)"
)


def host(view: View, event: Event) -> str | None:
    """Who organises it, as worded; None where the article does not tell."""
    told: str | None = None
    for mention in event.telling:
        if mention.only_named or mention.nested:
            continue
        found = _host_of(view, mention)
        if found and (told is None or found.startswith(told)):
            told = found
    if told:
        return _in_full(view, event, told)
    for mention in [event.fullest, *event.by_evidence]:
        found = _host_in_name(view, mention)
        if found:
            return found
    return None


def _in_full(view: View, event: Event, told: str) -> str:
    """The delegation's name where only "đoàn" is said: the last one named more fully before."""
    tables, at = view.tables, event.start
    if told in tables.short_bodies:
        named = re.compile(rf"(?<!\w){told} [A-ZĐ]\w*(?:(?:,| và| -)? [A-ZĐ]\w*)*")
        found = named.findall(view.text, max(0, at - _BACK), at)
        return str(found[-1]) if found else told
    if not tables.some_delegation.fullmatch(told.lower()):
        return told
    for fuller in reversed(list(tables.delegation.finditer(view.low, max(0, at - _BACK), at))):
        words = view.text[fuller.start() : fuller.end()]
        if (
            "\n" not in words
            and not words[1:].islower()
            and words.lower().startswith(told.lower().removesuffix(" này"))
        ):
            return _clean(words) or told
    return told


def _host_of(view: View, mention: Mention) -> str | None:
    left, right = view.sentences[mention.sentence]
    low, text = view.low, view.text
    for pattern in (_BY, _BY_PASSIVE):
        by = pattern.match(low, mention.end, right)
        if by and not view.tables.name_stop.match(low, by.start("host")):
            return _clean(text[by.start("host") : by.end("host")])
    if mention.evidence == "organise" or mention.evidence == "verb":
        between = _BETWEEN.search(text, mention.head_end, mention.end)
        if between:
            return _clean(between["host"])
        personal = mention.kind in ("gathering", "working_session", "dialogue", "voter_meeting")
        return _subject(view, left, mention.clause, personal)
    if mention.evidence == "list":
        verb = low.rfind("tổ chức", left, mention.start)
        return _subject(view, left, verb) if verb > 0 else None
    if mention.evidence in ("take_part", "place", "subject"):
        between = _BETWEEN.search(text, mention.head_end, mention.end)
        if between:
            return _clean(between["host"])
    return None


def _subject(view: View, left: int, clause: int, personal: bool = False) -> str | None:
    """The subject before a verb (a person only where `personal`): what follows the adverbials of time, place and occasion at the sentence's head."""
    low, text = view.low, view.text
    auxiliaries = view.tables.auxiliaries_end.search(low, max(left, clause - 60), clause)
    end = auxiliaries.start() if auxiliaries else clause
    if clause <= view.title_end and ":" in low[left:end]:
        left_colon = low.rindex(":", left, end)
        return (
            _clean(text[left:left_colon])
            if not low[left_colon + 1 : end].strip()
            else _clean(text[left_colon + 1 : end])
        )
    said = list(re.finditer(r"(?<!\w)(?:cho biết|cho hay|rằng|thông tin|nêu rõ)[,:]?\s", low[left:end]))
    if said:
        left += said[-1].end()
    semicolon = max(low.rfind(";", left, end), low.rfind(":", left, end))
    pieces = pieces_of(low, _after_time(view, max(left, semicolon + 1), end), end)
    in_place = False
    for number, (begin, finish) in enumerate(pieces):
        begin = _after_time(view, begin, finish)
        begin += len(low[begin:finish]) - len(low[begin:finish].lstrip())
        last = number == len(pieces) - 1
        at = re.match(r"(?:tại|ở)\s", low[begin:finish])
        if at:
            in_place = True
            continue
        if in_place and not last and view.tables.place_goes_on.match(low, begin):
            continue
        if view.tables.not_a_host.match(low, begin) or not low[begin:finish].strip():
            continue
        if view.people_in(begin, end) and not personal:
            return None
        words = _clean(text[begin:end])
        if words and words[0].islower() and not view.tables.small_host.match(words):
            return None
        if words:
            words = _OWN_TERM.split(words)[0]
        return words
    return None


def _after_time(view: View, start: int, end: int) -> int:
    """Behind the dateline and the expressions of time that open a sentence: "(BĐ) - Hôm nay (20/11), trong hai ngày …"."""
    rows = view.dates_over(start, end)
    at = start
    while at < end:
        opening = _OPENING.match(view.low, at, end)
        here = opening.end() if opening else at
        row = next((d for d in rows if d.start <= here + 1 and d.end > here), None)
        if row:
            at = row.end
        elif opening and opening.end() > at:
            at = opening.end()
        else:
            break
    return at


def _clean(words: str) -> str | None:
    words = re.split(
        r",?\s(?:gồm|bao gồm|nhằm|với sự|sẽ|đã|do (?:đồng chí|ông|bà|các)|(?:đến |tới |về )?thăm(?= và|,)|(?:đến |tới |về )(?:kiểm tra|khảo sát|giám sát|thăm))(?:\s|,|$)|\s[-–]\s(?:đơn vị|cơ quan)",
        words,
    )[0]
    words = words.strip(' .,;:-–—“”"')
    words = re.sub(r"\s*\([^()]*\)$", "", words)
    words = re.sub(r"(?:\s+(?:đã|sẽ|phối hợp|cùng|chủ trì|long trọng|vừa|được|có|đồng))+$", "", words)
    return words if 2 <= len(words) <= 220 and re.search(r"\w", words) else None


def _about_others(view: View, mention: Mention, of: int) -> bool:
    """Whether "của X" at a name's end belongs to a document or a topic, not to the gathering."""
    words = view.tables.words
    if words["documents"].search(view.low, mention.head_end, of):
        return True
    own = _OWN_REVIEW.match(view.low, mention.head_end)
    return not own and bool(words["topics"].search(view.low, mention.head_end, of))


def _host_in_name(view: View, mention: Mention) -> str | None:
    """The body whose own meeting it is: "Hội nghị lần thứ 5 Ban Chấp hành Đảng bộ …", "… của UBND huyện"."""
    low, text = view.low, view.text
    name_end = mention.end
    of = _OF.search(low, mention.head_end, name_end)
    after = re.match(
        r"\s+(?:[^.,;]{0,20}\s)?của\s+([^.,;()]{2,80}?)(?=[,.;]|\s(?:diễn|được|đã|sẽ|tại|cuối|đầu|ngày|sáng|chiều)\s|$)",
        low[name_end : name_end + 110],
    )
    if after:
        return _clean(text[name_end + after.start(1) : name_end + after.end(1)])
    if of and text[of.start("host")].isupper() and not _about_others(view, mention, of.start()):
        dated = _TERM.search(low, of.start("host"), name_end)
        return _clean(text[of.start("host") : dated.start() if dated else name_end])
    if mention.kind not in ("conference", "session", "congress"):
        return None
    at = _ADVERBS.match(low, mention.head_end, name_end)
    if not at:
        return None
    body = view.tables.body.match(low, at.end())
    if not body or not text[body.start()].isupper():
        return None
    begin = body.start()
    stop = _TERM.search(low, begin, name_end)
    comma = low.find(",", begin, name_end)
    end = min(x for x in (stop.start() if stop else name_end, comma if comma > 0 else name_end))
    return _clean(text[begin:end])
