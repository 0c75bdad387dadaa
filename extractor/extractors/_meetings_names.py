"""Where an article names a gathering: the kind word, and in what construction the name stands."""

import re

from extractor.extractors._meetings_bounds import in_speech, name_end
from extractor.extractors._meetings_cues import chaired_behind
from extractor.extractors._meetings_tables import Kind
from extractor.extractors._meetings_text import Mention, View, day_like
from extractor.model import DateRecord

_BY = re.compile(r"(?<!\w)do\s+(?=[^.;]{3,160}?(?:tổ chức|phối hợp|chủ trì|đăng cai|chủ toạ|chủ tọa)(?!\w))")
_LOCATED = re.compile(r"(?<!\w)(?:tại|trong|ở)\s+(?:một\s+)?$")
_IN_A_LIST = re.compile(r"[:;]\s*$")
_PURPOSE = re.compile(
    r"(?:bầu|cử|chọn|đoàn đại biểu|đại biểu)[^.;]{0,80}(?<!\w)(?:đi )?(?:tham )?dự\s*$|(?<!\w)để (?:đi )?(?:tham )?dự\s*$"
)
_OF_A_MEETING = re.compile(
    r"(?:phiên (?:họp|thảo luận|làm việc|chất vấn|trù bị|trọng thể|khai mạc|bế mạc)|lễ (?:khai mạc|bế mạc)|họp)(?: toàn thể| thứ \w+| lần \w+| trọng thể| của)*\s+(?:đại hội|hội nghị|kỳ họp|hội thảo|diễn đàn)(?!\w| thể| tdtt| đồng)"
)
"""A part of a gathering that is named with it: the gathering is what counts ("phiên họp thứ 3 Đại hội …")."""
_VOTERS = frozenset({"hội", "nghị", "tiếp", "xúc", "cử", "tri", "buổi", "với"})
_VISIT = "meetings.working-visit"
_RIGHT_BEHIND = 22
"""How far behind its words the day of a verb's gathering stands: "họp rà soát công tác chuẩn bị vào chiều 17/6"."""
_SESSION = "meetings.working-session"
_SESSION_VERB = "meetings.working-session-verb"
_REVIEW = "meetings.review"
_WITH_ORGANISER_ONLY = re.compile(r"ceremony-verb|review")
_PARTS = frozenset({"khai giảng", "bế giảng", "khai mạc", "bế mạc", "tổng kết", "trao giải", "công bố"})
"""A ceremony with nothing else to its name is a part of the gathering that was named before."""
_CAN_TAKE_A_PERSON = ("gathering", "working_session", "dialogue", "voter_meeting")
ANNOUNCED = re.compile(r"\s*\((?:dự kiến|diễn ra|khai mạc|tổ chức|họp)(?!\w)")
_INCLUDING = re.compile(r"(?<!\w)(?:gồm|bao gồm|gồm có|gồm các nghi thức|với)(?: phần)? $")
_DONE = re.compile(r"(?<!\w)(?:đã|vừa|có|cùng)(?: có)? $")
_WORD = re.compile(r"\w+")
_REPORTS = ("organise", "verb")
_SPOKEN_OF = re.compile(r"\s(?:này|nói trên|kể trên|trên|đó|ấy)$")
"""At a name's end: the gathering has been named before ("hội nghị luân phiên này")."""
_HOST_OF_NEXT = re.compile(r"(?<!\w)(?:đăng cai|chủ nhà)(?: tổ chức)?(?: của)?\s*$")
_TO_COME = re.compile(r"[\s,(]*(?:vào|trong|diễn ra|dự kiến)\s+(?:\w+\s+){0,2}?(?:năm|tháng|quý|ngày)\s")
_RESULTS_TOLD = re.compile(
    r"(?<!\w)(?:thông báo|báo cáo|thông tin)(?: nhanh| tóm tắt| đến cử tri| với cử tri)?(?: về)? kết quả(?: của)?\s*$"
)
_DEADLINE = re.compile(r"(?<!\w)(?:trước|chậm nhất|xong)(?:\s\w+)?\s*$")
_OF_ITSELF = re.compile(r"(?<!\w)(?:đại hội|hội nghị|kỳ họp|hội thảo|phiên họp)\s+(?:(?:đã|sẽ|cũng|tiếp tục|vừa)\s+)*$")
"""Before "họp", "làm việc": a gathering's own proceedings ("Đại hội đã họp phiên trù bị")."""
_CUSTOM = re.compile(r"(?<!\w)(?:hằng|hàng|mỗi) (?:năm|tháng|tuần|quý|ngày|kỳ|dịp)(?!\w)")
_OUTCOME = re.compile(r"(?<!\w)(?:kết quả|biên bản|diễn biến)(?: của)?\s*$")
_AHEAD = re.compile(
    r"[\s,]*(?:\w+\s+){0,2}?(?:dự kiến|sẽ)\s+(?:được\s+)?(?:\w+\s+){0,2}?(?:diễn ra|khai mạc|tổ chức|họp)"
)
_ITS_DAY_WITHIN = 40
_SUCH_AS = re.compile(r"(?<!\w)(?:như|gồm|bao gồm)\s?:?\s*(?:việc )?$")
"""Undated examples of activities: "nhiều hoạt động như: tổ chức gặp mặt …"."""
_RESUMED = re.compile(r"(?<!\w)(?:tiếp tục|cũng)(?: có)?(?: buổi)?\s*$")
_LATER_THAT_DAY = re.compile(
    r"(?:sáng|trưa|chiều|tối)(?: và (?:chiều|tối))? cùng ngày(?!\w)|buổi (?:trưa|chiều|tối)(?!\w)"
)
_TALKS_WITH = re.compile(r"\s+với\s+(?!tinh thần|sự|lời|phần|\d+ (?:đại biểu|người)|\d+%)")
_NO_ONE_CONGRESS = re.compile(
    r"\s+(?!điểm|thi đua)(?:\w+\s+){0,5}?(?:các cấp|cấp (?:cơ sở|chi bộ|xã|huyện|tỉnh|dưới)|(?:ở|tại) các|các chi bộ)(?!\w)(?![^.;]{0,60}lần (?:thứ|[ivx]))"
)
"""Congresses of a whole layer ("đại hội đảng bộ cấp huyện, cấp xã") are not one gathering."""
_OF_VOTERS = re.compile(r"[^.;:]{0,24}?\scử tri(?!\w)")
_OWN_DAY = re.compile(r"\s+(?:diễn ra |tổ chức )?(?:(?:vào |trong )?(?:ngày )?)$")
_NOW_AND_THEN = re.compile(
    r"\s+(?:định kỳ hoặc|định kỳ,? đột xuất|hằng tháng|hàng tháng|hằng tuần|hàng tuần|hằng quý|hàng quý)(?!\w)"
)
_HOSTS = re.compile(r"(?:(?:đón )?tiếp(?: đón)?(?: và|,) |cùng )?")
_RECEIVES = re.compile(r"\s+đoàn(?: công tác| giám sát| kiểm tra| khảo sát)?(?:\s+(?:có|còn có|là)(?!\w)|\s*[:,.])")


def find_mentions(view: View) -> list[Mention]:
    """All namings of gatherings in an article and all later words for them, in text order."""
    found: list[Mention] = []
    tables, low = view.tables, view.low
    covered = 0
    upto = 0
    for before in tables.kind_start.finditer(view.blanked):
        match = tables.kind_word.match(low, before.start()) if before.start() >= upto else None
        upto = match.end() if match else upto
        mention = _read(view, match) if match else None
        if mention is None:
            continue
        mention.nested = mention.start < covered
        _construction(view, mention)
        if (mention.evidence not in _REPORTS or mention.start < view.title_end) and in_speech(view.low, mention.start):
            mention.only_named = True
        if not mention.evidence and found and _goes_on(view, found[-1], mention):
            mention.evidence = "list"
        received = mention.bare and mention.rule_id == _SESSION_VERB
        if mention.verb and (mention.nested or not (mention.evidence or received)):
            continue
        covered = max(covered, mention.end)
        found.append(mention)
    return found


def _goes_on(view: View, before: Mention, mention: Mention) -> bool:
    """Whether it is the next in a list: "gồm lễ cáo yết, lễ rước nước"; "hội nghị lần hai sẽ …, lần ba vào ngày 20/2"."""
    right = view.sentences[mention.sentence][1]
    if (
        before.sentence == mention.sentence
        and before.reported
        and not (mention.bare or mention.only_named or mention.nested)
        and view.low.endswith((", ", "; ", " và ", " còn "), before.end, mention.start)
    ):
        day = next(iter(view.dates_in(mention.end, min(right, mention.end + 30))), None)
        return day is not None and bool(_OWN_DAY.match(view.low, mention.end, day.start))
    if mention.kind != "ceremony" or before.kind != "ceremony" or before.evidence not in ("list", "organise"):
        return False
    return view.low[before.end : mention.start].strip() in (",", ";", "và", ", và")


def _read(view: View, match: re.Match[str]) -> Mention | None:
    """The mention at a kind word, or None where the word is something else."""
    tables, low = view.tables, view.low
    start, head_end = match.span()
    word = match.group()
    sentence = view.sentence_at(start)
    left, right = view.sentences[sentence]
    kind = tables.kinds[word]
    if _something_else(view, match, kind, left, right):
        return None
    what = kind.kind
    if what == "conference" and (sub := tables.subkind.match(low, head_end)):
        what = tables.subkinds[sub["sub"]]
    if word == "họp" and low.startswith((" phiên", " kỳ"), head_end):
        what = "session"
    mention = Mention(start, head_end, head_end, what, kind.rule_id, kind.verb, sentence)
    mention.contrast = bool(tables.contrast.match(low, left))
    mention.end = name_end(view, mention, left, right)
    # The words of a verb are part of what it names: "khánh thành cầu" is "lễ khánh thành cầu".
    named_by_verb = (kind.verb and what != "working_session") or what != kind.kind
    words = set(_WORD.findall(low[start if named_by_verb else head_end : mention.end]))
    if what == "voter_meeting":
        words -= _VOTERS
    for short in words & tables.abbreviations.keys():
        words |= tables.abbreviations[short]
    mention.words = frozenset(words)
    mention.bare = _is_bare(view, mention, left)
    if mention.bare:
        mention.end = head_end
    if what == "ceremony" and low[head_end : mention.end].strip() in _PARTS:
        mention.bare = True
    return mention


def _something_else(view: View, match: re.Match[str], kind: Kind, left: int, right: int) -> bool:
    """Whether a kind word is part of another name, says "many", or has another sense here."""
    tables, low = view.tables, view.low
    start, head_end = match.span()
    word = match.group()
    whole = tables.whole_words_before.search(low, max(left, start - 24), start)
    if not whole and tables.other_name_before.search(low, max(left, start - 24), start):
        return True
    if tables.generic_before.search(low, max(left, start - 24), start):
        return True
    if word == "giao ban" and view.text[start] == "g" and view.text[start + 5] == "B":
        # "giao Ban Thường vụ hoàn chỉnh": a task given to a committee.
        return True
    if word == "lễ" and tables.not_a_rite.match(low, head_end):
        return True
    if _OF_A_MEETING.match(low, start):
        return True
    if kind.kind == "meeting" and _NOW_AND_THEN.match(low, head_end):
        return True
    if word.startswith("tiếp xúc") and not word.endswith("cử tri") and not _OF_VOTERS.match(low, head_end):
        return True
    if kind.rule_id == "meetings.consultation" and low.endswith(("hội nghị ", "phiên ", "vòng "), left, start):
        return True
    if word == "đại hội" and _NO_ONE_CONGRESS.match(low, head_end, right):
        return True
    barred = tables.not_a_meeting.get(word)
    return bool(barred and barred.match(low, head_end))


def _is_bare(view: View, mention: Mention, left: int) -> bool:
    """Whether a mention has no name of its own: a later word, or another clause right behind the kind word."""
    tables, low = view.tables, view.low
    start, head_end, what = mention.start, mention.head_end, mention.kind
    if mention.end <= head_end or low[start:head_end] == "phiên thảo luận" or tables.demonstrative.match(low, head_end):
        return True
    meets = mention.verb or what in _CAN_TAKE_A_PERSON
    if not meets and tables.clause_start.match(low, head_end) and not _partner(what, low, head_end):
        return True
    if mention.rule_id == _SESSION and not tables.session_goes_on.match(low, head_end):
        return True
    if mention.rule_id == _SESSION_VERB and _RECEIVES.match(low, head_end) and _HOSTS.fullmatch(low, left, start):
        return True
    said_again = what == "congress" and low.startswith(", ", start - 2) and view.text[start].islower()
    if said_again and tables.subject_verb.match(low, head_end + 1):
        # "…, đại hội bầu cấp ủy gồm 3 đồng chí": what the gathering named before did.
        return True
    return not mention.verb and bool(_SPOKEN_OF.search(low, head_end, mention.end))


def _partner(kind: str, low: str, head_end: int) -> bool:
    """Whether "với" names the other side of a talk: "cuộc họp với các sở", not "hội nghị với sự tham dự"."""
    return kind in ("meeting", "conference") and bool(_TALKS_WITH.match(low, head_end))


def _construction(view: View, mention: Mention) -> None:
    """Set how the mention stands in its sentence: `evidence`, `clause`, `only_named`."""
    tables, low = view.tables, view.low
    left, right = view.sentences[mention.sentence]
    start = mention.start
    window = max(left, start - 60)
    mention.clause = start
    if mention.bare and mention.rule_id == _SESSION_VERB:
        return
    mention.only_named = bool(tables.only_named_before.search(low, window, start))
    if mention.only_named and _told_with_day(view, mention, window, right):
        mention.only_named, mention.evidence = False, "list"
        return
    later = _LATER_THAT_DAY.match(low, left, start)
    if later and mention.kind in _CAN_TAKE_A_PERSON and (resumed := _RESUMED.search(low, later.end(), start)):
        # "Chiều cùng ngày, Tổ đại biểu tiếp tục tiếp xúc cử tri tại xã …" is a second gathering.
        mention.apart, mention.bare = True, False
        mention.evidence, mention.clause = "organise", resumed.start()
        return
    organise = tables.organise_before.search(low, window, start)
    if organise and low[max(left, organise.start() - 9) : organise.start()] != "phát biểu ":
        _organised(view, mention, organise.start(), left, right)
        return
    if mention.verb:
        _verb_construction(view, mention, left)
        return
    if mention.kind == "session" and start > view.title_end and _RESULTS_TOLD.search(low, window, start):
        # What voters are told of: the session that was held before.
        mention.only_named, mention.evidence = False, "list"
        return
    if _HOST_OF_NEXT.search(low, window, start) and _TO_COME.match(low, mention.end, right):
        # The next of a series, announced with the handing over: "chủ nhà của Hội nghị lần thứ V vào năm 2018".
        mention.only_named, mention.evidence, mention.apart = False, "subject", True
        return
    _by_its_place(view, mention, left, right)


def _by_its_place(view: View, mention: Mention, left: int, right: int) -> None:
    """How a mention stands that no verb of organising governs: whom it is attended by, where it is named, its own predicate."""
    tables, low, start = view.tables, view.low, mention.start
    window = max(left, start - 60)
    part = tables.take_part_before.search(low, window, start)
    if part:
        mention.only_named = False
        mention.clause = part.start()
        mention.evidence = "take_part"
        if _PURPOSE.search(low, max(left, start - 110), start):
            mention.apart = _dated_or_organised(view, mention, right)
            mention.only_named = not mention.apart
        return
    located = _LOCATED.search(low, window, start)
    if located and mention.bare and _BY.match(low, mention.end + 1, right):
        # "tại cuộc họp báo do Sở Y tế tổ chức chiều 3/8": called by a bare word, and yet its organiser and day are told.
        mention.evidence = "organise"
        return
    if located:
        mention.evidence = "place"
        passed = any(m.end() >= located.start() - 1 for m in tables.words["passed"].finditer(low, window, start))
        if passed and mention.kind in ("session", "congress"):
            mention.only_named = not tables.planned.search(low, mention.end, min(right, mention.end + 12))
        return
    if tables.kinds[low[start : mention.head_end]].verbal:
        _verb_construction(view, mention, left)
        if mention.kind == "voter_meeting" and mention.evidence == "verb" and low.startswith(" tại ", mention.end):
            # "Sáng 5/3, Tổ đại biểu tiếp xúc cử tri tại xã …": its place is all the name it has.
            mention.bare = False
    mention.evidence = mention.evidence or _as_subject(view, mention, left)


def _told_with_day(view: View, mention: Mention, window: int, right: int) -> bool:
    """Whether what is only named is told with its day: "kết quả hội nghị … ngày 14/3", "tiến tới Đại hội … dự kiến tổ chức tháng 10"."""
    low = view.low
    day = next(iter(view.dates_in(mention.end, min(right, mention.end + _ITS_DAY_WITHIN))), None)
    if day is None or mention.bare or mention.nested:
        return False
    if _OUTCOME.search(low, window, mention.start):
        return day_like(day) and not low[mention.end : day.start].strip(" ,()").removesuffix("ngày").strip()
    return bool(_AHEAD.match(low, mention.end, day.start))


def _organised(view: View, mention: Mention, verb: int, left: int, right: int) -> None:
    """A mention behind "tổ chức", "khai mạc" …, whose verb begins at `verb`."""
    low = view.low
    if low.startswith("làm ", verb) and not view.tables.act.match(low, mention.head_end + 1):
        return
    if mention.rule_id == "meetings.ceremony-verb" and not any(day_like(d) for d in view.dates_in(left, right)):
        return
    mention.clause = verb
    mention.evidence = "organise"
    verb_end = low.find(" ", verb + 4 if low.startswith("tổ", verb) else verb)
    wished = view.tables.words["wishes"].search(low, left, verb)
    ahead = view.dates_in(mention.end, min(right, mention.end + 40))
    undated = not ahead or bool(_DEADLINE.search(low, mention.end, ahead[0].start))
    named = view.tables.only_named_before.search(low, max(left, mention.start - 60), verb_end)
    example = _SUCH_AS.search(low, left, verb) and not view.dates_in(left, right)
    mention.only_named = (
        bool(named or example) or bool(wished and undated) or _again_and_again(view, mention, left, right)
    )


def _again_and_again(view: View, mention: Mention, left: int, right: int) -> bool:
    """Whether a custom is told, not a gathering: "Hằng năm, Hội tổ chức lễ mừng thọ"."""
    custom = _CUSTOM.search(view.low, left, mention.start)
    return custom is not None and not any(day_like(d) for d in view.dates_in(left, right))


def _as_subject(view: View, mention: Mention, left: int) -> str:
    """The evidence of a mention that is no object: before its predicate, in a list, or in the title."""
    tables, low = view.tables, view.low
    if not mention.bare:
        predicate = mention.start == left and tables.subject_verb.match(low, mention.end + 1)
        if tables.takes_place_after.match(low, mention.end) or predicate:
            return "subject"
        if ANNOUNCED.match(low, mention.end):
            mention.only_named = False
            return "subject"
        if mention.start > view.title_end and mention.kind == "ceremony" and _among_rites(view, mention, left):
            return "list"
        if mention.start > view.title_end and mention.kind == "ceremony" and on_day(view, mention, left):
            return "list"
        if mention.start > view.title_end and _IN_A_LIST.search(low, max(left, mention.start - 4), mention.start):
            return "list"
    return "title" if mention.start < view.title_end else ""


def on_day(view: View, mention: Mention, left: int) -> DateRecord | None:
    """The day right before an item of a programme: "Tối 21/2 là lễ khai mạc", or None."""
    for row in reversed(view.dates_in(left, mention.start)):
        if day_like(row) and view.tables.programme_gap.match(view.low, row.end, mention.start):
            return row
        return None
    return None


def _among_rites(view: View, mention: Mention, left: int) -> bool:
    """Whether a rite is the first of a dated programme: "diễn ra trong 3 ngày …, gồm lễ rước nước"."""
    found = _INCLUDING.search(view.low, max(left, mention.start - 24), mention.start)
    return found is not None and any(day_like(d) for d in view.dates_in(*view.sentences[mention.sentence]))


def _dated_or_organised(view: View, mention: Mention, right: int) -> bool:
    after = min(right, mention.end + 60)
    return bool(view.dates_in(mention.end, after)) or bool(
        _BY.match(view.low[mention.end : mention.end + 120].lstrip())
    )


def _verb_construction(view: View, mention: Mention, left: int) -> None:
    low, start = view.low, mention.start
    if (
        start > view.title_end
        and mention.kind in ("gathering", "dialogue", "training")
        and _IN_A_LIST.search(low, max(left, start - 4), start)
    ):
        mention.evidence = "list"
        return
    whole = view.tables.whole_words_before.search(low, max(left, start - 24), start)
    if (not whole and view.tables.not_finite_before.search(low, max(left, start - 30), start)) or (
        _WITH_ORGANISER_ONLY.search(mention.rule_id)
        and not (mention.rule_id == _REVIEW and chaired_behind(view, mention))
    ):
        return
    if _OF_ITSELF.search(low, left, start):
        return
    subject = low[left:start].strip(" ,")
    if start == left and mention.rule_id == _SESSION_VERB and low.startswith(",", mention.end):
        # "Làm việc với lãnh đạo xã, Phó Chủ tịch huyện đề nghị …"
        mention.evidence, mention.borrows = "verb", view.day_of_passage(mention.sentence) is not None
        return
    dated = [d for d in view.dates_in(left, start) if day_like(d)]
    future = re.search(r"(?<!\w)(?:sắp|sẽ|vừa)\s*$", low[max(left, start - 6) : start]) and re.match(
        r"\s+(?:về|bàn|xem xét|thông qua|với)", low[mention.head_end : mention.head_end + 12]
    )
    if dated:
        subject = low[dated[-1].end : start].strip(" ,")
    if not dated and mention.kind == "working_session" and _DONE.search(low, max(left, start - 10), start):
        mention.borrows = view.day_of_passage(mention.sentence) is not None
    behind = any(day_like(d) for d in view.dates_in(mention.end, mention.end + _RIGHT_BEHIND))
    told = bool(dated or behind or future or mention.borrows or start < view.title_end)
    mention.tentative = mention.rule_id == _VISIT or (mention.kind == "working_session" and not told)
    if len(subject) > 3 and (told or mention.tentative):
        mention.evidence = "verb"
        mention.clause = start
        day = next(iter(view.dates_in(mention.end, mention.end + _RIGHT_BEHIND)), None)
        if (
            mention.bare
            and low[start : mention.end] == "họp"
            and day
            and low[mention.end : day.start].strip() in ("", "vào")
        ):
            # "Ban Thường vụ họp chiều 18/6 đã thống nhất …": its day is all the name it has.
            mention.bare = False
