"""The words that open a clause and say what the people named behind them did: "Dự hội nghị có …", "…, đến dự còn có …"."""

import re

from extractor.extractors._meetings_cues import NAMES_A_BODY, Cue, acts, cues_of, leading_cue
from extractor.extractors._meetings_text import Person, View

_WITH_A_LIST = re.compile(
    r"(?:(?!\sdo\s)[^.;:]){0,60}?\s(?:(?:còn |cùng |gồm )?có|gồm|bao gồm|là)(?!\w)(?:(?!\.\s).){0,260}", re.DOTALL
)
"""What stands between a cue in the middle of a sentence and the first person of its list."""
_OF_PEOPLE = re.compile(r"(?:[^.,;:]{0,40}\s)?của(?:\s+(?!các đại biểu)[^.;:]{0,40})?:?\s*")
_CLAUSE_OPENS = re.compile(
    r"(?:[,;:.]|[-–—]|(?<!\w)(?:và|với|có|được|tham gia|cùng|với sự|có sự|dưới sự|vinh dự|vinh dự được|hân hạnh|hân hạnh được|rất))\s*$"
)
_JOINED = re.compile(r"\s*(?:,|và|,? ?đồng thời)?\s*|(?!\s*của)[^.,;:]{0,40}?(?:,| và)\s+")
_NOUN_BEFORE = re.compile(r"(?<!\w)(?:thay mặt|đại diện|cơ quan|đơn vị|bàn|thư ký)\s+$")
_PAPERS = ("quyết định", "kết luận", "kế hoạch", "đề nghị", "yêu cầu", "đề xuất", "báo cáo", "thông báo", "thông tin")
_PAPER_BEFORE = re.compile(r"(?<!\w)(?:theo|các|những|nhận)\s+$")
_SOMEBODYS = re.compile(r"[^,.;:]{0,40}\scủa\s")
_GUESTS = re.compile(r"(?:được |hân hạnh |vinh dự )+$")
_GOES_ON = re.compile(
    r"\s*(?:[-–+•*]\s*)?(?:và |cùng |cùng với |ngoài ra còn có )?(?:các |các vị )?(?:đồng chí|đ/c|ông|bà|vị)(?!\w)"
)
_LIST_OPENS_BELOW = re.compile(r"(?<!\w)(?:có|gồm|gồm có|bao gồm|còn có|các đồng chí|là|dự|họp)\s*:\s*$")
_CAPITAL = re.compile(r"(?<=\s[–—]\s)(?=[A-ZĐ])")

Lead = tuple[Cue, ...]
"""The cues that open one list together: "Dự và phát biểu tại hội nghị có …" has two."""


def role_cues(view: View, left: int, right: int) -> list[Cue]:
    """The role cues of a sentence, with "– Chủ trì cuộc họp" and the verb right behind a post: "Phó Giám đốc Sở cảm ơn"."""
    cues = [cue for cue in cues_of(view, left, right) if not _noun(view, left, cue)]
    known = {cue.start for cue in cues}
    for capital in _CAPITAL.finditer(view.text, left, right):
        word = view.tables.role_cue.match(view.low, capital.start(), right)
        role = view.tables.roles[word.group()] if word else None
        if word and role and role.role == "chair" and word.start() not in known:
            cues.append(Cue(word.start(), word.end(), role.role, role.rule_id))
    for person in view.people_in(left, right):
        word = view.tables.role_cue.match(view.text, person.end + 1, right)
        role = view.tables.roles[word.group()] if word and word.group() not in NAMES_A_BODY else None
        if word and role and role.role == "speaker" and word.start() not in known:
            cues.append(Cue(word.start(), word.end(), role.role, role.rule_id))
    return sorted(cues, key=lambda cue: cue.start)


def _noun(view: View, left: int, cue: Cue) -> bool:
    """Whether a cue is a noun: "Thay mặt chủ tọa, ông A cảm ơn …", "Theo quyết định, đồng chí B …"."""
    if cue.role == "chair":
        return bool(_NOUN_BEFORE.search(view.low, max(left, cue.start - 12), cue.start))
    word = view.low[cue.start : cue.end]
    if cue.role != "speaker" or word not in _PAPERS or _SOMEBODYS.match(view.low, cue.end):
        return False
    return bool(_PAPER_BEFORE.search(view.low, max(left, cue.start - 8), cue.start))


def leads_of(view: View, left: int, people: list[Person], cues: list[Cue], open_role: Cue | None) -> list[Lead]:
    """The cues that open a clause before its people, in text order.

    Args:
        view: the article.
        left: where the sentence begins.
        people: the people named in it, in text order; at least one.
        cues: its role cues.
        open_role: the cue of the list that the sentence before was part of.

    Returns:
        One tuple for each list of people, its first cue first.
    """
    leads: list[Lead] = []
    first = leading_cue(view, left, people[0], cues, open_role) or _guests(view, left, people[0], cues)
    if first is None and open_role and _list_goes_on(view, left, people, cues):
        first = open_role
    if first:
        leads.append(_with_joined(view, first, people[0].start, cues))
    for cue in cues:
        if cue.start < people[0].start or cue.role not in ("attendee", "chair"):
            continue
        person = next((p for p in people if p.start >= cue.end), None)
        if person is None:
            break
        if leads and cue in leads[-1]:
            continue
        if _opens_clause(view, left, cue, person):
            leads.append(_with_joined(view, cue, person.start, cues))
    return leads


def opens_below(view: View, left: int, right: int) -> Cue | None:
    """The cue of a sentence without people whose list stands on the lines below: "Tham dự hội nghị có:"."""
    if not view.low.startswith(":", right - 1) and not view.low.endswith(": ", left, right):
        return None
    if not _LIST_OPENS_BELOW.search(view.low, max(left, right - 40), right):
        return None
    cues = [cue for cue in cues_of(view, left, right) if cue.role in ("attendee", "chair")]
    return cues[-1] if cues else None


def _guests(view: View, left: int, first: Person, cues: list[Cue]) -> Cue | None:
    """The cue of a gathering that receives guests: "Hội nghị vinh dự được đón tiếp đồng chí …"."""
    for cue in cues:
        if cue.start >= first.start:
            return None
        welcomed = view.low.startswith("vinh dự", cue.start) or _GUESTS.search(view.low, left, cue.start)
        if cue.role == "attendee" and first.start - cue.end <= 30 and welcomed:
            return cue
    return None


def _with_joined(view: View, first: Cue, before: int, cues: list[Cue]) -> Lead:
    """A cue and those joined to it before its people; "dự và chỉ đạo" only attends."""
    lead = [first]
    for cue in cues:
        if cue.start <= lead[-1].start or cue.end > before or cue.start < lead[-1].end:
            continue
        if not _JOINED.fullmatch(view.low, lead[-1].end, cue.start) or not cue.role:
            break
        if cue.role == "speaker" and view.low[cue.start : cue.end] == "chỉ đạo":
            continue
        lead.append(cue)
    return tuple(lead)


def _opens_clause(view: View, left: int, cue: Cue, person: Person) -> bool:
    """Whether a cue in the middle of a sentence opens a list of its own: "…; cùng dự có ông B"."""
    low = view.low
    if not _CLAUSE_OPENS.search(low, max(left, cue.start - 18), cue.start):
        return False
    if low.endswith(("sự ", "sự tham dự "), left, cue.start) or low.startswith("sự ", cue.start):
        return bool(_OF_PEOPLE.fullmatch(low, cue.end, person.start))
    return bool(_WITH_A_LIST.fullmatch(low, cue.end, person.start))


def _list_goes_on(view: View, left: int, people: list[Person], cues: list[Cue]) -> bool:
    """Whether a sentence only names more people, after a list of the sentence before: "Các đồng chí Tỉnh ủy viên: …"."""
    if not _GOES_ON.match(view.low, left) or any(cue.end > left for cue in cues):
        return False
    return people[0].start - left <= 90 and not acts(view, people[-1])
