"""Where an article names a gathering: the kind word, and in what construction the name stands."""

import re

from extractor.extractors._meetings_bounds import name_end
from extractor.extractors._meetings_text import Mention, View, day_like
from extractor.model import DateRecord

_BY = re.compile(r"(?<!\w)do\s+(?=[^.;]{3,160}?(?:tổ chức|phối hợp|chủ trì|đăng cai|chủ toạ|chủ tọa)(?!\w))")
_LOCATED = re.compile(r"(?<!\w)(?:tại|trong|ở)\s+(?:một\s+)?$")
_IN_A_LIST = re.compile(r"[:;]\s*$")
_PURPOSE = re.compile(
    r"(?:bầu|cử|chọn|đoàn đại biểu|đại biểu)[^.;]{0,80}(?<!\w)(?:đi )?(?:tham )?dự\s*$|(?<!\w)để (?:đi )?(?:tham )?dự\s*$"
)
_OF_A_MEETING = re.compile(
    r"(?:phiên (?:họp|thảo luận|làm việc)|lễ (?:khai mạc|bế mạc)|họp)(?: toàn thể| thứ \w+| lần \w+| trọng thể| của)*\s+(?:đại hội|hội nghị|kỳ họp|hội thảo|diễn đàn)(?!\w| thể| tdtt| đồng)"
)
"""A part of a gathering that is named with it: the gathering is what counts ("phiên họp thứ 3 Đại hội …")."""
_VISIT = "meetings.working-visit"
_WITH_ORGANISER_ONLY = re.compile(r"ceremony-verb|review")
_PARTS = frozenset({"khai giảng", "bế giảng", "khai mạc", "bế mạc", "tổng kết", "trao giải", "công bố"})
"""A ceremony with nothing else to its name is a part of the gathering that was named before."""
_CAN_TAKE_A_PERSON = ("gathering", "working_session", "dialogue", "voter_meeting")
ANNOUNCED = re.compile(r"\s*\((?:dự kiến|diễn ra|khai mạc|tổ chức|họp)(?!\w)")
_INCLUDING = re.compile(r"(?<!\w)(?:gồm|bao gồm|gồm có|gồm các nghi thức|với)(?: phần)? $")
_DONE = re.compile(r"(?<!\w)(?:đã|vừa|có|cùng)(?: có)? $")
_WORD = re.compile(r"\w+")
_SPOKEN_OF = re.compile(r"\s(?:này|nói trên|kể trên|trên|đó|ấy)$")
"""At a name's end: the gathering has been named before ("hội nghị luân phiên này")."""
_HOST_OF_NEXT = re.compile(r"(?<!\w)(?:đăng cai|chủ nhà)(?: tổ chức)?(?: của)?\s*$")
_TO_COME = re.compile(r"[\s,(]*(?:vào|trong|diễn ra|dự kiến)\s+(?:\w+\s+){0,2}?(?:năm|tháng|quý|ngày)\s")
_RESULTS_TOLD = re.compile(
    r"(?<!\w)(?:thông báo|báo cáo|thông tin)(?: nhanh| tóm tắt| đến cử tri| với cử tri)?(?: về)? kết quả(?: của)?\s*$"
)
_RESUMED = re.compile(r"(?<!\w)(?:tiếp tục|cũng)(?: có)?(?: buổi)?\s*$")
_LATER_THAT_DAY = re.compile(r"(?:sáng|trưa|chiều|tối)(?: và (?:chiều|tối))? cùng ngày(?!\w)")


def find_mentions(view: View) -> list[Mention]:
    """All namings of gatherings in an article and all later words for them, in text order."""
    found: list[Mention] = []
    tables, low = view.tables, view.low
    covered = 0
    upto = 0
    # A search for the separator before a kind word is quicker than one that looks behind at every letter.
    for before in tables.kind_start.finditer("\n" + low):
        match = tables.kind_word.match(low, before.start()) if before.start() >= upto else None
        upto = match.end() if match else upto
        mention = _read(view, match) if match else None
        if mention is None:
            continue
        mention.nested = mention.start < covered
        _construction(view, mention)
        if not mention.evidence and found and _goes_on(view, found[-1], mention):
            mention.evidence = "list"
        if mention.verb and (mention.nested or not mention.evidence):
            continue
        covered = max(covered, mention.end)
        found.append(mention)
    return found


def _goes_on(view: View, before: Mention, mention: Mention) -> bool:
    """Whether a rite is the next in a list of rites: "gồm lễ cáo yết, lễ rước nước"."""
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
    whole = tables.whole_words_before.search(low, max(left, start - 24), start)
    if not whole and tables.other_name_before.search(low, max(left, start - 24), start):
        return None
    if tables.generic_before.search(low, max(left, start - 24), start):
        return None
    kind = tables.kinds[word]
    if word == "lễ" and tables.not_a_rite.match(low, head_end):
        return None
    if _OF_A_MEETING.match(low, start):
        return None
    barred = tables.not_a_meeting.get(word)
    if barred and barred.match(low, head_end):
        return None
    what = kind.kind
    if what in ("conference", "ceremony"):
        sub = tables.subkind.match(low, head_end)
        if sub and what == "conference":
            what = tables.subkinds[sub["sub"]]
    if word == "họp" and low.startswith(" phiên", head_end):
        what = "session"
    mention = Mention(start, head_end, head_end, what, kind.rule_id, kind.verb, sentence)
    mention.contrast = bool(tables.contrast.match(low, left))
    mention.end = name_end(view, mention, left, right)
    # The words of a verb are part of what it names: "khánh thành cầu" is "lễ khánh thành cầu".
    words = set(_WORD.findall(low[start if kind.verb or what != kind.kind else head_end : mention.end]))
    for word in words & tables.abbreviations.keys():
        words |= tables.abbreviations[word]
    mention.words = frozenset(words)
    meets = kind.verb or what in _CAN_TAKE_A_PERSON
    mention.bare = mention.end <= head_end or bool(
        tables.demonstrative.match(low, head_end) or (not meets and tables.clause_start.match(low, head_end))
    )
    mention.bare = mention.bare or (not kind.verb and bool(_SPOKEN_OF.search(low, head_end, mention.end)))
    if mention.bare:
        mention.end = head_end
    if what == "ceremony" and low[head_end : mention.end].strip() in _PARTS:
        mention.bare = True
    return mention


def _construction(view: View, mention: Mention) -> None:
    """Set how the mention stands in its sentence: `evidence`, `clause`, `only_named`."""
    tables, low = view.tables, view.low
    left, right = view.sentences[mention.sentence]
    start = mention.start
    window = max(left, start - 60)
    mention.clause = start
    mention.only_named = bool(tables.only_named_before.search(low, window, start))
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
    if located:
        mention.evidence = "place"
        passed = any(m.end() >= located.start() - 1 for m in tables.words["passed"].finditer(low, window, start))
        if passed and mention.kind in ("session", "congress"):
            mention.only_named = not tables.planned.search(low, mention.end, min(right, mention.end + 12))
        return
    if tables.kinds[low[start : mention.head_end]].verbal:
        _verb_construction(view, mention, left)
    mention.evidence = mention.evidence or _as_subject(view, mention, left)


def _organised(view: View, mention: Mention, verb: int, left: int, right: int) -> None:
    """A mention behind "tổ chức", "khai mạc" …, whose verb begins at `verb`."""
    low = view.low
    if mention.rule_id == "meetings.ceremony-verb" and not any(day_like(d) for d in view.dates_in(left, right)):
        return
    mention.clause = verb
    mention.evidence = "organise"
    verb_end = low.find(" ", verb + 4 if low.startswith("tổ", verb) else verb)
    wished = view.tables.words["wishes"].search(low, left, verb)
    undated = not view.dates_in(mention.end, min(right, mention.end + 40))
    named = view.tables.only_named_before.search(low, max(left, mention.start - 60), verb_end)
    mention.only_named = bool(named) or bool(wished and undated)


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
    if (
        not whole and view.tables.not_finite_before.search(low, max(left, start - 30), start)
    ) or _WITH_ORGANISER_ONLY.search(mention.rule_id):
        return
    subject = low[left:start].strip(" ,")
    dated = [d for d in view.dates_in(left, start) if day_like(d)]
    future = re.search(r"(?<!\w)(?:sắp|sẽ|vừa)\s*$", low[max(left, start - 6) : start]) and re.match(
        r"\s+(?:về|bàn|xem xét|thông qua|với)", low[mention.head_end : mention.head_end + 12]
    )
    if dated:
        subject = low[dated[-1].end : start].strip(" ,")
    if not dated and mention.kind == "working_session" and _DONE.search(low, max(left, start - 10), start):
        mention.borrows = view.day_of_passage(mention.sentence) is not None
    told = bool(dated or future or mention.borrows or start < view.title_end)
    mention.tentative = mention.rule_id == _VISIT or (mention.kind == "working_session" and not told)
    if len(subject) > 3 and (told or mention.tentative):
        mention.evidence = "verb"
        mention.clause = start
