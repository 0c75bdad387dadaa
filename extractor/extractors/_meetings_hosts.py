"""Who organises a gathering, as worded."""

import re

from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_places import pieces_of
from extractor.extractors._meetings_slots import PROGRAMME, day_of_body, untold_lead
from extractor.extractors._meetings_text import Mention, View

_BY = re.compile(
    r"[\s,]*(?:được\s+)?do\s+(?P<host>[^.;:]{3,160}?)\s+(?:(?:đồng |phối hợp |cùng )?(?:tổ chức|đăng cai|chủ trì tổ chức))(?!\w)"
)
_BY_PASSIVE = re.compile(r"[\s,]*(?:(?:vừa|đã|vừa qua|mới đây|sẽ)\s+)?được\s+(?P<host>[^.;:,]{3,120}?)\s+tổ chức(?!\w)")
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
_ORGANISATION = re.compile(
    r"(?<!\w)(?:h[đd]nd|hội|ubnd|ủy|uỷ|ban|đảng|đoàn|quốc hội|chính phủ|xã|phường|huyện|quận|tỉnh|thành phố|tx|tp|thị xã|thị trấn|đặc khu)(?!\w)"
)
"""A session is held by a body or a unit; a bare place name in a title ("Hòa Bắc khai mạc kỳ họp …") is neither."""
_OWN_TERM = re.compile(r",?\s(?:khóa|khoá|nhiệm kỳ)\s")
_BACK = 1500
"""How far before a gathering a delegation's full name is looked for."""
_DONE = re.compile(r"\s(?:đã|vừa)\s(?!diễn ra|được|có sự|có mặt|đến|tới|tham dự|dự)")
_OPENING = re.compile(
    r"\s*(?:\([^()]{1,60}\)[\s,]*[-–]?\s*|[a-zđ. ]{2,14}\s?[-–]\s*(?=(?:sáng|chiều|tối|ngày|vừa|trong|hôm|tại|vào)\s)|(?:trong|vào|và|từ|đến)(?:\s+\w+\s+ngày,?)?\s+(?=\S*\d|ngày|sáng|chiều|tối|lúc)|(?:đúng|khoảng|lúc|hồi|vào lúc)\s+(?=\d)|[,;)-]\s*)"
)
_REPORTED = re.compile(r"(?<!\w)(?:cho biết|cho hay|rằng|thông tin|nêu rõ|nói(?= \w+ (?:trước|qua|này|rồi)))[,:]?\s")
"""Behind it somebody's words begin; a capital makes it part of a name ("Cổng Thông tin điện tử")."""
_YEARS_OF = re.compile(r"\s*\d+ năm\s")
"""A further item of the occasion that a sentence opens with: "Chào mừng 79 năm …, 34 năm Ngày hội …, Hội …"."""
_YEAR = re.compile(r"(?:(?:cuối|giữa|đầu) )?năm(?: \d{4})?(?= |$)")
_GENERIC = re.compile(r"(?:[ủỦ]y|[uU]ỷ|huyện|xã|phường|tỉnh|quận|thị trấn|thị xã|thành phố|đặc khu)$")
_HONORIFIC = re.compile(r"(?:(?:các )?(?:đồng chí|đ/c|ông, bà|ông|bà))\s+(?=[A-ZĐ])")
_LEADING = re.compile(r"(?<!\w)dẫn đầu\s+(?=(?:[Đđ]oàn|[Tt]ổ)(?!\w))")
_LED_BY = re.compile(
    r",?\sdo\s(?=.{3,160}?(?:dẫn đầu|làm trưởng|làm tổ trưởng|làm trưởng đoàn|chủ trì))", re.IGNORECASE
)


_MEMBERS = re.compile(r"\s(?:gồm|gồm có|bao gồm)(?:\s[^.;:]{1,40})?$")
"""Before a colon: the members of the body follow ("Tổ đại biểu số 3 gồm các đại biểu: A, B đã tiếp xúc cử tri")."""
_HOLDS = re.compile(r"(?<![Bb]an)(?<![Cc]ác)(?<!hững)(?<!ủa)(?<!à) tổ chức ")
"""The verb before another gathering that the same body holds: "Chi bộ A tổ chức sinh hoạt thường kỳ và Lễ kết nạp …"."""


def host(view: View, event: Event) -> str | None:
    """Who organises it, as worded; None where the article does not tell."""
    told: str | None = None
    for mention in event.telling:
        if mention.only_named or mention.nested:
            continue
        found = _host_of(view, mention)
        if found and (told is None or found.startswith(told) or _only_a_place(view, told, mention, found)):
            told = found
    if told is None:
        told = next((found for mention in event.later if (found := _host_behind(view, mention))), None)
    names = told and event.fullest.kind == "session" and not _ORGANISATION.search(told.lower())
    if told and not names:
        return _in_full(view, event, told)
    for mention in [event.fullest, *event.by_evidence]:
        found = _host_in_name(view, mention)
        if found:
            return _with_its_place(view, mention, _in_full(view, event, found))
    return told or _host_of_lead(view, event)


def _only_a_place(view: View, told: str, mention: Mention, found: str) -> bool:
    """Whether a title named the place alone ("Sông Hinh: Gặp mặt …") and the body names the organisation there."""
    return (
        mention.start > view.title_end
        and found.endswith(f" {told}")
        and not _ORGANISATION.search(told.lower())
        and _ORGANISATION.search(found.lower()) is not None
    )


def _host_of_lead(view: View, event: Event) -> str | None:
    """Who did what the body's first sentence tells, for a gathering that the title alone names."""
    lead = untold_lead(view, event)
    if lead is None:
        return None
    left, right = view.sentences[lead]
    done = _DONE.search(view.low, left, right)
    return _subject(view, left, done.start()) if done and day_of_body(view, event) else None


def _with_its_place(view: View, mention: Mention, name: str) -> str:
    """A body named only by its level, with the place's name that the sentence or the title gives it elsewhere."""
    if not _GENERIC.search(name):
        return name
    fuller = re.compile(rf"(?<!\w){re.escape(name)}(?: [A-ZĐ]\w*){{1,4}}")
    for left, right in (view.sentences[mention.sentence], (0, view.title_end)):
        found = fuller.search(view.text, left, right)
        if found and not found.group().isupper() and not any(p.name in found.group() for p in view.people):
            return found.group()
    return name


def _in_full(view: View, event: Event, told: str) -> str:
    """The delegation's name where only "đoàn" is said: the last one named more fully before."""
    tables, at = view.tables, event.start
    if told in tables.short_bodies:
        named = re.compile(rf"(?<!\w){told} [A-ZĐ]\w*(?:(?:,| và| -)? [A-ZĐ]\w*)*")
        found = named.findall(view.text, max(0, at - _BACK), at)
        after = None if found else named.search(view.text, at, at + _BACK)
        return str(found[-1]) if found else after.group() if after else told
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
    later = next((f for f in tables.delegation.finditer(view.low, at, at + 2 * _BACK) if " của " in f.group()), None)
    words = view.text[later.start() : later.end()] if later else ""
    if words.lower().startswith(told.lower()) and "\n" not in words:
        return _clean(words) or told
    return told


def _host_behind(view: View, mention: Mention) -> str | None:
    """Who organises it, where that stands behind its name: "Hội nghị … do X tổ chức"."""
    right = view.sentences[mention.sentence][1]
    for pattern in (_BY, _BY_PASSIVE):
        by = pattern.match(view.low, mention.end, right)
        if by and not view.tables.name_stop.match(view.low, by.start("host")):
            return _clean(view.text[by.start("host") : by.end("host")])
    return None


def _host_of(view: View, mention: Mention) -> str | None:
    left = view.sentences[mention.sentence][0]
    low, text = view.low, view.text
    if behind := _host_behind(view, mention):
        return behind
    if mention.evidence == "organise" or mention.evidence == "verb":
        between = _BETWEEN.search(text, mention.head_end, mention.end)
        if between and mention.evidence == "verb":
            return _clean(between["host"])
        personal = mention.kind in ("gathering", "working_session", "dialogue", "voter_meeting")
        return _subject(view, left, mention.clause, personal) or (_clean(between["host"]) if between else None)
    if mention.evidence == "list":
        verb = low.rfind("tổ chức", left, mention.start)
        if verb < 0 and mention.sentence and PROGRAMME.match(low, left):
            left, end = view.sentences[mention.sentence - 1]
            verb = low.find("tổ chức", left, end)
        return _subject(view, left, verb) if verb > 0 else None
    if mention.evidence in ("take_part", "place", "subject"):
        between = _BETWEEN.search(text, mention.head_end, mention.end)
        if between:
            return _clean(between["host"])
    return None


def _subject(view: View, left: int, clause: int, personal: bool = False) -> str | None:
    """The subject before a verb (a person only where `personal`): what follows the adverbials of time, place and occasion at the sentence's head."""
    low, text = view.low, view.text
    end = _before_auxiliaries(view, left, clause)
    if clause <= view.title_end and ":" in low[left:end]:
        left_colon = low.rindex(":", left, end)
        return (
            _clean(text[left:left_colon])
            if not low[left_colon + 1 : end].strip()
            else _clean(text[left_colon + 1 : end])
        )
    said = list(_REPORTED.finditer(text, left, end))
    if said:
        left = said[-1].end()
    semicolon = max(low.rfind(";", left, end), low.rfind(":", left, end))
    if personal and semicolon > 0 and (view.people_in(left, semicolon) or _MEMBERS.search(low, left, semicolon)):
        semicolon = -1
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
        if not last and any(p.start < begin and finish <= p.end for p in view.people_in(left, begin)):
            # The post of somebody named in the adverbial: "Dưới sự chủ trì của bà A, Trưởng Ban Pháp chế, Ban đã họp".
            continue
        if not last and _YEARS_OF.match(low, begin):
            continue
        if view.people_in(begin, end) and not personal:
            return None
        if view.tables.crowd.match(low, begin, end):
            return None
        words = _clean(_led_group(text[begin:end]))
        if words and words[0].islower() and not view.tables.small_host.match(words):
            honorific = _HONORIFIC.match(words) if personal else None
            words = words[honorific.end() :] if honorific and not view.tables.role_cue.search(words.lower()) else None
        if words:
            words = _OWN_TERM.split(words)[0]
        return words
    return None


def _before_auxiliaries(view: View, left: int, clause: int) -> int:
    """Where the subject ends; a capital tells "phường Kim Đồng tổ chức" from "… đồng tổ chức", but none in a title of capitals."""
    shown = view.low if view.text[left:clause].isupper() else view.text
    auxiliaries = view.tables.auxiliaries_end.search(shown, max(left, clause - 60), clause)
    return auxiliaries.start() if auxiliaries else clause


def _led_group(words: str) -> str:
    """The group, where its leader is the subject: "đồng chí A dẫn đầu Đoàn công tác …"."""
    led = _LEADING.search(words)
    return words[led.end() :] if led else words


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
    words = _HOLDS.split(_LED_BY.split(words)[0])[0]
    words = words.strip(' .,;:-–—“”"‘’')
    words = re.sub(r"\s*\([^()]*\)$", "", words)
    words = re.sub(
        r"(?:\s+(?:đã|sẽ|phối hợp|cùng|chủ trì|long trọng|vinh dự|trang trọng|trọng thể|tưng bừng|hân hoan|chính thức|vừa|được|có|đồng|tổ chức|tiến hành))+$",
        "",
        words,
    )
    return words if 2 <= len(words) <= 220 and re.search(r"\w", words) else None


def _about_others(view: View, mention: Mention, of: int) -> bool:
    """Whether "của X" at a name's end belongs to a document or a topic, not to the gathering."""
    words = view.tables.words
    if words["documents"].search(view.low, mention.head_end, of):
        return True
    own = _OWN_REVIEW.match(view.low, mention.head_end)
    return not own and bool(words["topics"].search(_YEAR.sub("", view.low[mention.head_end : of])))


def _host_in_name(view: View, mention: Mention) -> str | None:
    """The body whose own meeting it is: "Hội nghị lần thứ 5 Ban Chấp hành Đảng bộ …", "… của UBND huyện"."""
    low, text = view.low, view.text
    name_end = mention.end
    of = _OF.search(low, mention.head_end, name_end)
    after = re.match(
        r" +(?:[^.,;\n]{0,20} )?của +([^.,;()\n]{2,80}?)(?=[,.;\n]|\s(?:diễn|được|đã|sẽ|tại|cuối|đầu|ngày|sáng|chiều)\s|$)",
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
    acts = view.tables.subject_verb.search(low, body.end(), name_end)
    name_end = acts.start() if acts else name_end
    comma = low.find(",", begin, name_end)
    end = min(x for x in (stop.start() if stop else name_end, comma if comma > 0 else name_end))
    return _clean(text[begin:end])
