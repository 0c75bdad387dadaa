"""A goal's clause: where it begins and ends, and what its number counts."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

from extractor.extractors._targets_cues import Cue, Sentence, head
from extractor.extractors._targets_numbers import Number
from extractor.extractors._targets_subject import inside, subject_of, without_period
from extractor.extractors._targets_words import DASH, HAVING, TRIM, ClauseTables

_FLOORS = re.compile(
    r"(?:.*(?:mục tiêu|lộ trình|(?:đặt|có|lên) kế hoạch|phấn đấu|đề ra|yêu cầu|đề nghị|quyết tâm|cam kết|chỉ đạo|hướng tới"
    r"|hướng đến|tiến tới|đăng ký|hứa)(?: sẽ| đến| với)?"
    r"|(?:.* )?(?:đặt|đặt ra|đề ra|giao|phân bổ|đạt|hoàn thành) (?:các )?chỉ tiêu|(?:.* )?chỉ tiêu chủ yếu|chỉ tiêu(?: cụ thể)?"
    r"|được phân bổ)(?: là| của| cao)?"
)
_ASIDE = re.compile(
    r"\([^()\d%]{2,60}\)(?= (?:đạt|về đích|được|hoàn thành|tham gia|có|ra khỏi|thoát|trở thành|lên|sử dụng)\b)"
)
_DATED = re.compile(r"(?:đến |tới )?(?:cuối |hết )?(?:năm|quý|tháng) (?:\d|[IV])[^,;.]*\d")
_RAISES = re.compile(r"(?:nâng|mở rộng|tăng|giảm|đưa|kéo giảm|hạ|rút ngắn) (?:\w+ ){1,14}(?:lên|xuống|còn|đạt)\b")
_EDGE = re.compile(rf"[;:()!?…“\"]|{DASH}")
_LATER = re.compile(r"(?:\d+ năm (?:nữa|tới)|[Hh]iện(?: nay| tại)?|[Đđ]ịa phương)[ ,]+")
_ANNOUNCED = re.compile(r"^.*(?: là| phải đạt| tập trung) (?=\S+ \S)")
_OWN_FIGURE = re.compile(
    r"[^,;.()]*?\b(?:đạt|là|còn|có|dưới|trên|lên|xuống|giảm|tăng|bằng|chiếm|ít nhất|tối thiểu|khoảng|từ)"
    r"(?: (?!năm |ngày |tháng |quý )\w+)? \d|[^,;.()]*?\d ?%"
)
_PREDICATE = re.compile(
    r" (?:được|đạt|có|tham gia|sử dụng|dùng|hoàn thành|đăng ký|ký|thực hiện|đều|gắn|áp dụng|trở thành|về đích|chấp hành"
    r"|triển khai|tổ chức|không|biết|nắm|cam kết|đảm bảo|bảo đảm|tiếp cận|ứng dụng)\b"
)
_JOINT = re.compile(rf"(?:[^\W\d_]+(?: [^\W\d_]+){{0,5}}, )?[^\W\d_]+(?: [^\W\d_]+){{0,6}}?{_PREDICATE.pattern}")
_SUCH_AS = re.compile(r"\b[Cc]hỉ tiêu\b[^,;:.()\d]{0,80}? (?:như|gồm|bao gồm)(?: là| có)? ")
_ONLY_GOAL = re.compile(
    r"^(?:(?:đạt|các|thực hiện|hoàn thành) )*(?:chỉ tiêu|mục tiêu)(?: là| đạt| có| cụ thể)*$", re.IGNORECASE
)
_ONWARDS = re.compile(r"^(?:(?:tiếp tục|phấn đấu|tập trung|cố gắng|từng bước|góp phần|dần|sớm) )+")
_WORKS = re.compile(r"\bcông tác \w+ \w+(?:, \w+ \w+)*$")
_TOLD = re.compile(r"^.* (?:sẽ|phải|cần) (?=\w)")
MAX_WORDS = 32
REACH = 500
"""Characters that a goal's clause may have on either side of its number."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A goal's span, its subject's span (None: taken over from the goal before) and the rest after the unit."""

    start: int
    end: int
    subject: tuple[int, int] | None
    tail: int


def _right(text: str, number: Number, limit: int, tables: ClauseTables) -> int:
    """Where the clause ends: at a hard border, at a comma or "và" before something of its own, or at a stop word."""
    quoted, skip = False, number.end
    holders = number.unit == "%" and tables.joined.match(text, number.end + 1) is not None
    if limit > number.end + REACH:
        limit = max(text.rfind(" ", number.end, number.end + REACH), number.end)
    for border in tables.border.finditer(text, number.end, limit):
        at = border.start()
        if border["whole"] or at < skip:
            continue
        if border["hard"] == "(" and (bracket := _ASIDE.match(text, at, limit)):
            skip = bracket.end()
            continue
        if border["quote"]:
            quoted = not quoted and not re.search("[“‘]", text[number.end : at]) and text[at + 1 : at + 2].isalpha()
            if not quoted and not re.search('[“"‘]', text[number.end : at]):
                return at
            continue
        if border["hard"] or border["stop"]:
            return at
        following = text[border.end() : border.end() + 60]
        if (border["join"] or (border["comma"] and number.measure)) and at == number.end:
            return at
        if re.search("[“‘][^”’]*$", text[number.end : at]) and re.search("[”’]", text[at : at + 80]):
            continue
        if border["join"] and _OWN_FIGURE.match(following):
            return at
        if _WORKS.search(text, number.end, at) and not re.match(r"[^,;.:()]*\d", following):
            continue
        # "được thu gom và xử lý": two verbs of one passive stay together.
        passive = " được " in text[number.end : at] and tables.act_head.match(following)
        joined = passive and (border["join"] or (border["comma"] and not re.search(r"\d", _piece(following))))
        if tables.opens.match(following) and not joined:
            return at
        if (border["join"] or border["comma"]) and _DATED.match(following):
            return at
        if tables.named.match(following) and re.search(r"\d", re.split(r"[,;.()]", following)[0]):
            return at
        if border["comma"] and number.unit == "%" and _joint(text[number.end : at], following):
            continue
        if border["comma"] and not joined and _parts(text[number.end : at], following, holders, tables):
            return at
        if len(text[number.end : at].split()) > MAX_WORDS:
            return at
    return limit


def _joint(words: str, following: str) -> bool:
    """Whether a comma stands inside the subject of a share: "100% tin báo, tố giác tội phạm được xử lý"."""
    return following[:1].islower() and not _PREDICATE.search(words) and _JOINT.match(following) is not None


def _parts(words: str, following: str, holders: bool, tables: ClauseTables) -> bool:
    """Whether a comma after a goal's words parts them from what follows, and is none of a list of names or nouns."""
    if following[:1].isupper() and re.search(r"\b[A-ZĐÂÊÔƠƯÁÀ]\S*$", words):
        return False
    piece = _piece(following)
    alone = following[:1].islower() and len(words.split()) <= 2 and not re.search(r"\d", piece)
    if tables.joined.match(following) and (holders or alone):
        return False
    return len(piece.split()) > 4 or re.search(r"\d", piece) is not None


def _piece(following: str) -> str:
    """The words up to the next mark that could part them from what comes after."""
    return re.split(r"[,;.():]| và | - |\b(?:hướng tới|nhằm|để|góp phần|trong đó)\b", following, maxsplit=1)[0]


def _floor(text: str, sentence: Sentence, number: Number, after: int, bare: bool, tables: ClauseTables) -> int:
    """The first place where the clause may begin: after the goal before, the cue that announces it, a hard border."""
    floor = max(after, head(text, sentence), number.start - REACH)
    first = bisect_left(sentence.cues, floor - 40, key=lambda cue: cue.start)
    for cue in islice(sentence.cues, first, None):
        if cue.end > number.start:
            break
        if cue.end > floor and cue.words.split(" ", 1)[0] == "giao":
            if tables.named.match(re.split(r"[,;:.]", text[max(floor, cue.start - 40) : cue.start])[-1].strip()):
                continue  # "thu ngân sách phần giao huyện thu"
            floor = max(floor, cue.start + len("giao "))
        elif cue.end > floor and _announces(text, cue, number, tables):
            floor = cue.end
    for such in _SUCH_AS.finditer(text, max(after, sentence.start, number.start - REACH), number.start):
        floor = max(floor, such.end())
    for said in tables.says.finditer(text, floor, number.start):
        floor = max(floor, said.end())
    for edge in _EDGE.finditer(text, floor, number.start):
        rest = text[edge.end() : number.start]
        if edge[0] == ":" and bare and not rest.strip() and _names_one(text[floor : edge.start()]):
            break
        if not _within(text, floor, edge, rest):
            floor = edge.end()
    return floor


def _within(text: str, floor: int, edge: re.Match[str], rest: str) -> bool:
    """Whether a mark stands inside a name and parts nothing: a pair of brackets or quotes, a dash between two words."""
    mark, before = edge[0].strip(), text[floor : edge.start()]
    if mark == ")":
        inside = before[before.rfind("(") :]
        return "(" in before.lstrip(" (") and not re.search(r"%|tăng|giảm|tỷ|triệu", inside)
    if mark in '“"':
        return re.search('[”"]', rest) is not None or (mark == '"' and '"' in before)
    if mark in "-–—":
        return text[edge.end()].islower() or before.split()[-1:] == re.findall(r"\b[A-ZĐ]+$", before)
    return mark == "(" and ")" in rest


def _names_one(words: str) -> bool:
    """Whether the words before a colon name one figure ("Tỷ lệ hộ nghèo: 5%") and not a list of them."""
    if words.rstrip().endswith(" là"):
        return True
    return len(words.split()) <= 30 and not re.search(
        r"cụ thể|như sau|sau đây|chủ yếu|[Cc]ác chỉ tiêu|[Mm]ục tiêu|gồm", words
    )


def _announces(text: str, cue: Cue, number: Number, tables: ClauseTables) -> bool:
    if cue.kind != "plan":
        return False
    if cue.words == "được giao" and text[cue.end : number.start].strip():
        return True  # "xã được giao thu ngân sách 28 tỷ đồng"
    if _FLOORS.fullmatch(cue.words):
        said = text[cue.end : number.start].strip()
        named = tables.named.search(re.split(r"[,;:.] ", text[max(0, cue.start - 90) : cue.start])[-1].strip())
        return not (named and (not said or tables.copula.fullmatch(said)))  # "tốc độ tăng trưởng phấn đấu đạt 10%"
    if text[cue.end : number.start].rstrip().endswith(":"):
        return False  # "Tổng số chỉ tiêu cần tuyển: 46"
    if cue.words not in ("sẽ", "phải", "cần", "dự kiến", "dự định", "dự kiến sẽ"):
        return False
    rest = _ONWARDS.sub("", text[cue.end + 1 : number.start].rstrip())
    return tables.act_head.match(text, cue.end + 1) is not None and (
        _RAISES.match(rest) is not None or not tables.copula.search(rest)
    )


def _strip_leads(text: str, start: int, end: int, dates: list[tuple[int, int]], tables: ClauseTables) -> int:
    """Skip what opens a clause without belonging to it: connectives, blanks, a period ("đến năm 2025,")."""
    moved, first = True, start
    while moved and start < end:
        moved = False
        while start < end and text[start] in TRIM:
            start, moved = start + 1, True
        for low, high in dates:
            if low <= start < high <= end:
                start, moved = high, True
        match = _LATER.match(text, start, end)
        if match is None and (text[start : start + 1].islower() or start == first):
            match = None if HAVING.match(text, start) else tables.lead.match(text, start, end)
        if match:
            start, moved = match.end(), True
    return start


def clause_of(
    text: str, sentence: Sentence, number: Number, after: int, dates: list[tuple[int, int]], tables: ClauseTables
) -> Clause:
    """The clause of a goal's number.

    Args:
        text: the article's text.
        sentence: the sentence the number is in.
        number: the number.
        after: where the clause of the number before it in the sentence ends.
        dates: the spans of the sentence's dates.
        tables: the compiled borders.
    """
    right = _right(text, number, sentence.end, tables)
    while right > number.end and text[right - 1] in " ,;:.-–—…":
        right -= 1
    tail = number.end
    while tail < right and text[tail] == " ":
        tail += 1
    floor = _floor(text, sentence, number, after, tail >= right, tables)
    left = _left(text, floor, number, tail >= right, dates, tables)
    subject = without_period(text, subject_of(text, left, number, tail, right, tables), dates)
    start = number.start
    if left < number.start:
        before = text[left : number.start].rstrip()
        if subject and subject[0] >= number.start:
            told = _TOLD.search(before)  # "Thanh tra tỉnh sẽ thanh tra …": the verb after the modal
            begun = told.end() if told else 0
            acts = (v for v in tables.act.finditer(before, begun) if v.start() == begun or v[0][0].islower())
            verb = next((v for v in acts if not inside(before, v, tables)), None)
            begin = _strip_leads(text, left + verb.start(), number.start, dates, tables) if verb else number.start
            if verb is None and before.endswith(" cho") and len(before.split()) <= 7:
                start = left  # "kéo điện cho 40 hộ"
            if (
                begin < number.start
                and tables.act_head.match(text, begin)
                and not tables.directed.fullmatch(text[begin : number.start].rstrip())
            ):
                start = begin
        else:
            start = left
    return Clause(start, max(right, number.end), subject, tail)


def _left(text: str, floor: int, number: Number, bare: bool, dates: list[tuple[int, int]], tables: ClauseTables) -> int:
    """Where the number's own words begin, what only announces them ("chỉ tiêu khó đạt là …") left out."""
    left = _segment(text, floor, number, bare, dates, tables)
    if not bare and _ONLY_GOAL.match(text[left : number.start].strip(TRIM)):
        return number.start
    announced = _ANNOUNCED.match(text[left : number.start].rstrip(TRIM))
    return _strip_leads(text, left + announced.end(), number.start, dates, tables) if announced else left


def _segment(
    text: str, floor: int, number: Number, bare: bool, dates: list[tuple[int, int]], tables: ClauseTables
) -> int:
    """Where the words that belong to the number begin, after the last comma that parts them from what went before."""
    marks = re.compile(r",(?!\d) ?").finditer(text, floor, number.start)
    commas = [floor, *(m.end() for m in marks if not _pairs(text, floor, m, tables))]
    if bare and text[floor : number.start].rstrip(" ").endswith(":"):
        return _strip_leads(text, floor, number.start, dates, tables)
    if not bare and text[floor : number.start].endswith(" và "):
        return number.start
    start = _strip_leads(text, commas[-1], number.start, dates, tables)
    if start >= number.start and bare:
        for comma in reversed(commas[:-1]):
            earlier = _strip_leads(text, comma, number.start, dates, tables)
            if text[earlier : number.start].strip(TRIM):
                return earlier
    if start < number.start and len(commas) > 1 and tables.copula.search(text[start : number.start].rstrip(TRIM)):
        for comma in reversed(commas[:-1]):
            earlier = _strip_leads(text, comma, number.start, dates, tables)
            piece = text[earlier : commas[-1]]
            if re.search(r"\d", piece) or tables.copula.search(piece.rstrip(TRIM)) or len(piece.split()) > 24:
                break
            if tables.named.match(piece):
                return earlier
    return start


def _pairs(text: str, floor: int, comma: re.Match[str], tables: ClauseTables) -> bool:
    """Whether a comma stands inside one coordinated noun: "20 tỉnh, thành", "các sở, ngành"."""
    before = max(floor, comma.start() - 24)
    fixed = tables.fixed.search(text, before, comma.end() + 24)
    if fixed is not None and fixed.start() < comma.start() < fixed.end():
        return True
    word = tables.joined.match(text, comma.end())
    return (
        word is not None
        and text[word.start()].islower()
        and tables.pair.search(text[before : comma.start()]) is not None
    )
