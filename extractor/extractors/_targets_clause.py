"""A goal's clause: where it begins and ends, and what its number counts."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice

from extractor.extractors._targets_cues import Cue, Sentence, head
from extractor.extractors._targets_numbers import Number
from extractor.extractors._targets_words import DASH, ClauseTables

_FLOORS = re.compile(
    r"(?:.*(?:mục tiêu|lộ trình|(?:đặt|có|lên) kế hoạch|phấn đấu|đề ra|yêu cầu|đề nghị|quyết tâm|cam kết|chỉ đạo|hướng tới"
    r"|hướng đến|tiến tới|đăng ký|hứa)(?: sẽ| đến| với)?"
    r"|(?:.* )?(?:đặt|đặt ra|đề ra|giao|phân bổ) (?:các )?chỉ tiêu|(?:.* )?chỉ tiêu chủ yếu|chỉ tiêu(?: cụ thể)?"
    r"|được phân bổ)(?: là| của| cao)?"
)
_ASIDE = re.compile(
    r"\([^()\d%]{2,60}\)(?= (?:đạt|về đích|được|hoàn thành|tham gia|có|ra khỏi|thoát|trở thành|lên|sử dụng)\b)"
)
_DATED = re.compile(r"(?:đến |tới )?(?:cuối |hết )?(?:năm|quý|tháng) (?:\d|[IV])[^,;.]*\d")
_RAISED_TO = ("lên", "xuống", "còn", "xuống còn", "lên mức", "lên thành")
_EACH = re.compile(r"[Mm]ỗi \w+(?: \w+){0,3}")
_RAISES = re.compile(r"(?:nâng|mở rộng|tăng|giảm|đưa|kéo giảm|hạ|rút ngắn) (?:\w+ ){1,6}(?:lên|xuống|còn|đạt)\b")
_TOWARDS = re.compile(r"(?:^| )(?:cho|đến|tới|đối với)$")
_RAISED = re.compile(r"(?:lên|xuống|đạt|còn|là|từ|bằng|:)\s*$")
_EDGE = re.compile(rf"[;:()!?…“\"]|{DASH}")
_LATER = re.compile(r"(?:\d+ năm (?:nữa|tới)|[Hh]iện(?: nay| tại)?|[Đđ]ịa phương)[ ,]+")
_ANNOUNCED = re.compile(r"^.*(?: là| phải đạt) (?=\S+ \S)")
_BOTH = re.compile(
    r"(?:^|(?<!kéo)(?<!Kéo)(?<!cắt)(?<!Cắt)\s)(?:[Tt]ăng|[Gg]iảm|[Dd]uy trì|[Vv]ượt|[Pp]hấn đấu|[Đđ]ảm bảo|[Bb]ảo đảm)$"
)
_WORKS = re.compile(r"\bcông tác \w+ \w+(?:, \w+ \w+)*$")
_UNTIL = re.compile(r"(?:\b(?:cả|toàn|đến|tới|vào|trong|hết|cuối|trước|của)\s*)+$")
_GENERIC = re.compile(
    r"(?:(?:của |các |mỗi |này)?(?:dự án|đề án|chương trình|kế hoạch|giai đoạn|(?:hằng |hàng |mỗi )?năm|bình quân"
    r"|(?:trong )?(?:tổng )?số|phấn đấu|mục tiêu)(?: này)?)?$",
    re.IGNORECASE,
)
_MODAL = re.compile(r" (?:(?:đều|vẫn|cũng|tiếp tục|dự kiến) )*(?:sẽ|vẫn|dự kiến|cần phải)(?: .*)?$")
_TOLD = re.compile(r"^.* (?:sẽ|phải|cần) (?=\w)")
_THIS = re.compile(r"(?<!số)(?<!lệ)(?<!mức)(?<!tiêu) (?:này|đó)$")
_TRIM = " ,;:.-–—…“\"'("
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
        if border["join"] and at == number.end:
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
        if border["comma"] and following[:1].isupper() and re.search(r"\b[A-ZĐÂÊÔƠƯÁÀ]\S*$", text[number.end : at]):
            continue
        if border["comma"]:
            if joined:
                continue
            if tables.joined.match(following) and (holders or len(text[number.end : at].split()) <= 2):
                continue
            piece = _piece(following)
            if len(piece.split()) > 4 or re.search(r"\d", piece):
                return at
        if len(text[number.end : at].split()) > MAX_WORDS:
            return at
    return limit


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
            floor = max(floor, cue.start + len("giao "))
        elif cue.end > floor and _announces(text, cue, number, tables):
            floor = cue.end
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
        return cue.kind == "result" and cue.weight < 2 and False
    if _FLOORS.fullmatch(cue.words):
        return True
    if text[cue.end : number.start].rstrip().endswith(":"):
        return False  # "Tổng số chỉ tiêu cần tuyển: 46"
    if cue.words not in ("sẽ", "phải", "cần", "dự kiến", "dự định", "dự kiến sẽ"):
        return False
    rest = text[cue.end + 1 : number.start].rstrip()
    return tables.act_head.match(text, cue.end + 1) is not None and (
        _RAISES.match(rest) is not None or not tables.copula.search(rest)
    )


def _strip_leads(text: str, start: int, end: int, dates: list[tuple[int, int]], tables: ClauseTables) -> int:
    """Skip what opens a clause without belonging to it: connectives, blanks, a period ("đến năm 2025,")."""
    moved, first = True, start
    while moved and start < end:
        moved = False
        while start < end and text[start] in _TRIM:
            start, moved = start + 1, True
        for low, high in dates:
            if low <= start < high <= end:
                start, moved = high, True
        match = _LATER.match(text, start, end)
        if match is None and (text[start : start + 1].islower() or start == first):
            match = tables.lead.match(text, start, end)
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
    subject = _without_period(text, _subject(text, left, number, tail, right, tables), dates)
    start = number.start
    if left < number.start:
        before = text[left : number.start].rstrip()
        if subject and subject[0] >= number.start:
            told = _TOLD.search(before)  # "Thanh tra tỉnh sẽ thanh tra …": the verb after the modal
            begun = told.end() if told else 0
            acts = (v for v in tables.act.finditer(before, begun) if v.start() == begun or v[0][0].islower())
            verb = next((v for v in acts if not _inside(before, v, tables)), None)
            begin = _strip_leads(text, left + verb.start(), number.start, dates, tables) if verb else number.start
            if (
                begin < number.start
                and tables.act_head.match(text, begin)
                and not tables.directed.fullmatch(text[begin : number.start].rstrip())
            ):
                start = begin
        else:
            start = left
    return Clause(start, max(right, number.end), subject, tail)


def _inside(text: str, word: re.Match[str], tables: ClauseTables) -> bool:
    """Whether a word is only the end of a compound: "trung cấp" does not say "cấp"."""
    whole = tables.whole.search(text, 0, word.end())
    return whole is not None and whole.start() < word.start()


def _without_period(text: str, subject: tuple[int, int] | None, dates: list[tuple[int, int]]) -> tuple[int, int] | None:
    """A subject without the period that its words may end in ("thu nhập bình quân đến năm 2025")."""
    if subject is None:
        return None
    start, end = subject
    for low, high in dates:
        if start < low and high >= end - 1 and low < end:
            shorter = _UNTIL.sub("", text[start:low]).rstrip(_TRIM)
            compared = shorter.endswith(
                (" so", " với", " chuẩn", " đa chiều", "tiêu chí", "trung hạn")
            ) or shorter.count("(") > shorter.count(")")
            return (start, start + len(shorter)) if shorter and not compared else subject
    return subject


def _left(text: str, floor: int, number: Number, bare: bool, dates: list[tuple[int, int]], tables: ClauseTables) -> int:
    """Where the number's own words begin, what only announces them ("chỉ tiêu khó đạt là …") left out."""
    left = _segment(text, floor, number, bare, dates, tables)
    announced = _ANNOUNCED.match(text[left : number.start].rstrip(_TRIM))
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
            if text[earlier : number.start].strip(_TRIM):
                return earlier
    if start < number.start and len(commas) > 1 and tables.copula.search(text[start : number.start].rstrip(_TRIM)):
        for comma in reversed(commas[:-1]):
            earlier = _strip_leads(text, comma, number.start, dates, tables)
            piece = text[earlier : commas[-1]]
            if re.search(r"\d", piece) or tables.copula.search(piece.rstrip(_TRIM)) or len(piece.split()) > 24:
                break
            if tables.named.match(piece):
                return earlier
    return start


def _pairs(text: str, floor: int, comma: re.Match[str], tables: ClauseTables) -> bool:
    """Whether a comma stands inside one coordinated noun: "20 tỉnh, thành", "các sở, ngành"."""
    before = max(floor, comma.start() - 24)
    word = tables.joined.match(text, comma.end())
    return (
        word is not None
        and text[word.start()].islower()
        and tables.pair.search(text[before : comma.start()]) is not None
    )


def _subject(
    text: str, left: int, number: Number, tail: int, right: int, tables: ClauseTables
) -> tuple[int, int] | None:
    """What is counted: the words after the number, or the noun phrase before it; None where neither says it."""
    after = _after(text, number, tail, right)
    before = text[left : number.start].rstrip(_TRIM)
    agent = tables.agent.match(before)
    if agent:
        left, before = left + agent.end(), before[agent.end() :]
    name, copula = before, ""
    while name and (match := tables.copula.search(name)) and not tables.whole.search(name):
        copula, name = match[0], name[: match.start()].rstrip(_TRIM)
    if _GENERIC.fullmatch(name):
        if before and after is None and not copula:
            return None
        bare = number.measure or text[number.unit_start : right].strip() == number.noun or "/" in (number.unit or "")
        if bare and copula and tables.act_tail.search(before) is None and not (number.measure and after):
            nominal = re.fullmatch(r"(?:tốc độ )?tăng trưởng", before)
            return (left, left + len(before)) if nominal else None
        nominal = re.fullmatch(r"(?:tốc độ )?tăng trưởng", before)
        return after or ((left, left + len(before)) if nominal else None)
    stated = before != text[left : number.start].rstrip(" ") and text[left : number.start].rstrip(" ").endswith(":")
    acts = None if stated else tables.act_tail.search(before)
    acts = None if acts and _inside(before, acts, tables) else acts
    if (
        after
        and acts
        and not _BOTH.search(before)
        and not (acts[0].lower() in tables.nominal and len(before) > len(acts[0]))
    ):
        return after
    if after and number.unit == "%" and copula == "là":
        return after
    counts = after and not number.measure and text[slice(*after)] != number.noun
    if after and _EACH.fullmatch(name) and not copula:
        return after  # "mỗi hộ 2 ngày công"
    ranged = text[number.start : number.figures].strip().lower() == "từ" and number.comparator in ("ge", "le")
    if counts and ranged and not copula and tables.act.search(name) is None and not name.lower().startswith("mỗi"):
        return left, left + len(name)  # "học sinh giỏi từ 20 em trở lên"
    if counts and not copula and not stated and not tables.named.match(name):
        return after  # "mỗi chi đoàn đảm nhận 01 công trình thanh niên"
    return _of_deed(text, (left, before, name, copula), number, after, tables)


def _of_deed(
    text: str,
    words: tuple[int, str, str, str],
    number: Number,
    after: tuple[int, int] | None,
    tables: ClauseTables,
) -> tuple[int, int]:
    """The subject where the words before the number may be a deed with its object: the object, not the verb.

    `words` are (where they begin, all of them, without their copula, the copula).
    """
    left, before, name, copula = words
    verb = tables.act_head.match(name)
    if verb and after and number.unit == "%" and (_TOWARDS.search(before) or _TOWARDS.search(name)):
        return after  # "tiêm vắc xin cho 85% tổng đàn": the verb's object is whom it is done to
    if verb and verb[0].lower() not in tables.nominal:
        shorter = name[verb.end() :].strip()
        if shorter and tables.manner.fullmatch(shorter):
            shorter, name = "", name if after is None else name[: verb.end()]
        raised = copula in _RAISED_TO and shorter and after and text[slice(*after)] == number.noun
        if after and (not shorter or not copula or not number.measure) and number.comparator != "le" and not raised:
            return after
        return (left + len(name) - len(shorter), left + len(name)) if shorter else (left, left + len(name))
    acted = _MODAL.search(name)
    if acted and acted.start():
        name = name[: acted.start()]
    return left, left + len(_THIS.sub("", name))


def _after(text: str, number: Number, tail: int, right: int) -> tuple[int, int] | None:
    """The words after the number that may name what is counted; a counted noun itself is one of them."""
    start = tail
    rate = "/" in (number.unit or "") and _RAISED.search(text, max(0, number.start - 12), number.start)
    if not number.measure and not rate:
        start = number.unit_start
    elif number.noun in ("lượt khách", "lượt người"):
        start = number.unit_start + len("lượt ")
    if start >= right or text[start] == "/":
        return None
    passive = text.find(" được phân bổ", start, right)
    return start, passive if passive > 0 else right
