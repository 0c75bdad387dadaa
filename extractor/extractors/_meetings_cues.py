"""The words that say who chaired, spoke or attended, and how they stand to a person."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from extractor.extractors._meetings_text import Mention, Person, View, day_like

_REPORTED = re.compile(r"(?<!\w)(?:cũng |còn )?theo(?: lời)?\s*$")
_SPOKEN_ORDER = re.compile(r"\s*(?:[,:.]|tại|hội nghị|các|buổi|cuộc|kỳ họp|đại hội|và|kết luận|$)")
_INTRODUCES = re.compile(r"[^.;:]{0,60}?\s(?:gồm|bao gồm|có|là)(?:\s+[^.;:]{0,40})?:?\s*")
_TOGETHER = re.compile(r"\s+(?:\w+\s+){0,4}cùng(?: với)?\s*")
NAMES_A_BODY = frozenset(
    {
        "chỉ đạo",
        "điều hành",
        "thông tin",
        "giới thiệu",
        "nói",
        "báo cáo",
        "kết luận",
        "thông báo",
        "hướng dẫn",
        "đánh giá",
    }
)
"""Words that behind "Ban", "Trung tâm" … belong to the body's name."""
_COMPOSED = re.compile(
    r"\s*(?:"
    r"(?:thành phần|(?:các |những |đoàn )?(?:đại biểu|vị khách|khách mời)|đoàn(?! chủ t| thư ký)(?: công tác| giám sát| khảo sát)?)"
    r"(?:\s+(?!đã|sẽ|được|do)\w+){0,8}?\s+(?:gồm|bao gồm)"
    r"|(?:cùng )?(?:đến|tới|về)\s[^.;:]{2,90}?\s(?:còn |cùng )?có"
    r"|(?:thành kính |cùng |trực tiếp )*(?:dâng hương|dâng hoa|thắp hương|viếng|chia vui|chung vui|chúc mừng|tiễn|động viên)[^.;:]{0,90}?\s(?:còn |cùng )?có"
    r"|tại (?:các )?điểm cầu\s[^.;:,]{2,60}?\s(?:còn |gồm )?có"
    r")(?!\w)[^.;:]{0,40}:?\s*"
)
"""Who was there, told without a verb of attending: "Các đại biểu gồm: ông A …", "Tới chia vui với xã đảo có bà B"."""
_LIST_LINE = re.compile(r"\s*[-–+•*]\s*")


_OPINION = re.compile(
    r"(?:ý kiến|(?:bài |lời )?phát biểu|tham luận|giải trình|diễn văn|lời khai mạc|câu hỏi|đề xuất|kiến nghị|gợi ý)(?!\w)"
)
_CARRIED_OUT = re.compile(r"(?<!\w)(?:thực hiện|theo|căn cứ|triển khai|quán triệt)\s+(?:\w+\s+){0,2}$")
_AND = re.compile(r"(?<!\w)(?:và|đồng thời|rồi)\s+(?:đã\s+|cũng\s+)?$")
_VERB = re.compile(r" ([a-zà-ỹđ]+)(?!\w)")
_OF_OTHERS = re.compile(r"(?<!\w)(?:của các|do các|đề ra|để|nhằm)(?!\w)")
_OTHERS_ACT = re.compile(
    r", (?:các (?:đại biểu|ý kiến|cử tri|đơn vị|bên|thành viên|đảng viên)|(?:hội nghị|kỳ họp|đại hội|cuộc họp|phiên họp)) (?:đã |cũng |sẽ )?$"
)
"""Right before a verb whose subject is not the person named before it: "dưới sự chủ trì của ông A, các đại biểu đã thảo luận"."""
_ORGANISED = re.compile(r"(?<!\w)(?:tổ chức|tiến hành)(?!\w)")
"""What makes the verbs behind it those of the body before it: "UBND huyện tổ chức hội nghị tổng kết, phát động phong trào, ông A …"."""
_DEED_REACH = 120
_KIND_WORDS = ("chúc", "chúc mừng", "động viên", "chia sẻ", "tri ân", "cảm ơn", "cám ơn", "gửi lời")
"""What is said with a gift is no speech."""
_GIFT = re.compile(r"(?<!\w)(?:tặng|trao)(?: \w+)? (?:hoa|quà|lẵng hoa|bức trướng|món quà)(?: \w+)? (?:để )?$")
_OPENS = (". ", ": ", "- ", "; ", ", ")


_CHAIRED = re.compile(
    r"(?<!\w)(?:chủ trì(?! phối hợp|,)|(?:dự|tại|kết luận)(?: và phát biểu tại| và chủ trì)? (?:hội nghị|buổi (?:sơ|tổng) kết|họp)(?!\w))"
)
_CHAIRED_WITHIN = 160
"""How far behind its sentence a gathering's chair or guests are told."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A role cue in a sentence."""

    start: int
    end: int
    role: str
    rule_id: str


def cues_of(view: View, left: int, right: int) -> list[Cue]:
    """The role cues of a sentence that stand as verbs."""
    found = []
    low, text = view.low, view.text
    covered = left
    for before in view.tables.role_start.finditer(view.blanked, left, right + 1):
        match = view.tables.role_cue.match(low, before.start(), right) if before.start() >= covered else None
        if match is None:
            continue
        start, end = match.span()
        covered = end
        opens = start == left or text[max(left, start - 2) : start] in _OPENS or text[start - 1] in '“".'
        if text[start].isupper() and not opens and not _after_name(view, start):
            continue
        word = match.group()
        other = view.tables.not_a_role.get(word)
        if (other and other.match(low, end, right)) or (word == "dự" and low.endswith(("đi ", "để "), left, start)):
            continue
        if word in _KIND_WORDS and _GIFT.search(low, left, start):
            continue
        if word == "tham gia" and not view.tables.takes_part.match(low, end, right):
            continue
        if (
            word == "chỉ đạo"
            and not _SPOKEN_ORDER.match(low, end)
            and not low.startswith("phát biểu", max(left, start - 10))
            and not _after_name(view, start)
        ):
            continue
        role = view.tables.roles[word]
        if role.role == "chair" and view.tables.not_chairing.match(low, end, right):
            continue
        as_noun = role.role == "speaker" or word == "điều hành"
        if (
            as_noun
            and view.tables.not_a_verb_before.search(low, max(left, start - 12), start)
            and not low.endswith(" sự ", max(left, start - 4), start)
        ):
            continue
        if word in NAMES_A_BODY and view.tables.body_before.search(low, max(left, start - 12), start):
            continue
        found.append(Cue(start, end, role.role, role.rule_id))
    return found


def chaired_behind(view: View, mention: Mention) -> bool:
    """Whether a dated "sơ kết", "tổng kết" was a gathering: who chaired or attended it is told right behind."""
    left, right = view.sentences[mention.sentence]
    if not any(day_like(d) for d in view.dates_in(left, mention.start)):
        return False
    return _CHAIRED.search(view.low, mention.end, right + _CHAIRED_WITHIN) is not None


def _after_name(view: View, start: int) -> bool:
    return bool(view.people) and not view.name_ends.isdisjoint((start - 1, start - 2))


def acts(view: View, person: Person) -> bool:
    """Whether a verb of any kind stands right behind a person and the posts: "ông A, Trưởng thôn gióng trống"."""
    verb = _VERB.match(view.text, person.end)
    return verb is not None and not view.tables.no_predicate.match(view.low, verb.start(1))


def leading_cue(view: View, left: int, first: Person, cues: list[Cue], open_role: Cue | None) -> Cue | None:
    """The cue at the head of a sentence, before its first person: "Dự hội nghị có …", "Phát biểu tại hội nghị, …"."""
    low = view.low
    for cue in cues:
        if cue.start >= first.start:
            break
        if cue.role in ("chair", "attendee") and _INTRODUCES.fullmatch(low, cue.end, first.start):
            return cue
        if cue.role and (
            cue.start - left <= 3
            or not re.search(r"\w{2,}\s+\w+\s+\w+", low[left : cue.start])
            or _is_lead(view, left, cue)
        ):
            return cue
    opened = view.tables.list_opener.match(low, left)
    if opened and re.search(r"(?<!\w)(?:có|là|gồm|:)", low[left : first.start]):
        return Cue(left, opened.end(), "attendee", "participations.attendee")
    opened = _COMPOSED.fullmatch(low, left, first.start)
    if opened:
        return Cue(left, opened.end(), "attendee", "participations.attendee")
    if open_role and (
        _LIST_LINE.match(view.text, left) or first.start - left <= 3 or view.tables.list_opener.match(low, left)
    ):
        after = next((c for c in cues if c.start >= first.end), None)
        if after is None and not acts(view, first):
            return open_role
    return None


def _is_lead(view: View, left: int, cue: Cue) -> bool:
    """Whether a cue opens its clause: "Chiều 5/3, chủ trì cuộc họp …", "Tới dự và phát biểu …", "với sự tham dự của"."""
    before = view.low[left : cue.start].rstrip()
    if cue.role == "speaker" and _ORGANISED.search(before) and before.endswith(","):
        return False
    return before.endswith((",", ":", ";", "với", "có", "với sự", "có sự", "dưới sự", "và"))


def governing_cue(view: View, left: int, person: Person, cues: list[Cue]) -> Cue | None:
    """The cue that governs a person from the left: "Theo ông X", "sự chủ trì của X", "phát biểu của X"."""
    low = view.low
    told = _REPORTED.search(low, max(left, person.start - 16), person.start)
    if told and told.start() - left < 12 and view.text[person.end : person.end + 160].lstrip()[:1] in tuple(",-–("):
        return Cue(told.start(), person.start, "speaker", "participations.speaker")
    speech = view.tables.speech_of.search(low, max(left, person.start - 70), person.start)
    if speech:
        inside = [c for c in cues if speech.start() <= c.start < person.start and c.role]
        if inside:
            return inside[0]
        if _OPINION.match(low, speech.start()) and not _CARRIED_OUT.search(low, left, speech.start()):
            return Cue(speech.start(), speech.end(), "speaker", "participations.speaker")
    return _beside(view, person, cues)


def _beside(view: View, person: Person, cues: list[Cue]) -> Cue | None:
    """The cue of somebody else that a person shares: "đồng chủ trì tọa đàm cùng bà X"."""
    for cue in cues:
        if cue.role == "chair" and cue.end < person.start and _TOGETHER.fullmatch(view.low, cue.end, person.start):
            return cue
    return None


def predicates_of(
    view: View, person: Person, following: int, right: int, cues: list[Cue], others: list[Person]
) -> Iterator[Cue]:
    """What a person does: the first cue behind the name, and those joined to it."""
    low = view.low
    at = bisect_left([c.start for c in cues], person.end)
    mine = cues[at:]
    if not mine:
        return
    first = mine[0]
    if first.start >= following and first.role != "attendee":
        return
    gap = low[person.end : first.start]
    if first.role == "attendee":
        if len(gap) > 400 or re.search(r"(?<!\w)(?:đã|sẽ)\s+(?!về|đến|tới|tham|cùng|dự|có)\w|(?<!\w)được(?!\w)", gap):
            return
    elif ";" in gap or len(gap) > 170 or _OTHERS_ACT.search(gap) or (_OF_OTHERS.search(gap) and not _AND.search(gap)):
        return
    if not first.role:
        yield from _said_besides(view, first, following, mine)
        return
    yield first
    for previous, cue in pairwise(mine):
        between = low[previous.end : cue.start]
        if (cue.start >= following and following < right) or len(between) > 60:
            return
        joined = re.search(r"(?<!\w)(?:và|đồng thời|cùng với|khi)\s+(?:\w+\s+){0,2}$|^\s*,\s*$|^\s*$", between)
        if not joined:
            return
        # "dự và chỉ đạo" attends; "dự và phát biểu chỉ đạo" speaks as well.
        if first.role == "attendee" and low[cue.start : cue.end] == "chỉ đạo":
            return
        yield cue


def _said_besides(view: View, deed: Cue, following: int, cues: list[Cue]) -> Iterator[Cue]:
    """What somebody said with a deed that is no role: "trao quyết định và giao nhiệm vụ cho …"."""
    for cue in cues[1:]:
        if cue.start >= following or cue.start - deed.end > _DEED_REACH:
            return
        joined = _AND.search(view.low, deed.end, cue.start)
        if joined and cue.role == "speaker" and view.low[cue.start : cue.end] not in _KIND_WORDS:
            yield cue
            return
