"""What a goal's number counts: the words after it, or the noun phrase before it."""

import re

from extractor.extractors._targets_cues import Sentence, head
from extractor.extractors._targets_numbers import Number
from extractor.extractors._targets_words import HAVING, TRIM, ClauseTables

_RAISED_TO = ("lên", "xuống", "còn", "xuống còn", "lên mức", "lên thành")
_REACHING = ("đạt", "phải đạt", "đạt tỷ lệ")
_WHERE = re.compile(r"(?:sang|cho|đến|tới|tại|ở|vào|qua|để|nhằm|bằng)\b")
_PERIOD_ONLY = re.compile(r"(?:(?:mỗi|hằng|hàng|một) (?:năm|tháng|quý)|trong năm|cả năm)")
_EACH = re.compile(r"[Mm]ỗi \w+(?: \w+){0,3}")
_TOWARDS = re.compile(r"(?:^| )(?:cho|đến|tới|đối với)$")
_RAISED = re.compile(r"(?:lên|xuống|đạt|còn|là|từ|bằng|:)\s*$")
_BOTH = re.compile(
    r"(?:^|(?<!kéo)(?<!Kéo)(?<!cắt)(?<!Cắt)\s)(?:[Tt]ăng|[Gg]iảm|[Dd]uy trì|[Vv]ượt|[Pp]hấn đấu|[Đđ]ảm bảo|[Bb]ảo đảm)$"
)
_FROM_BASE = re.compile(r" (?:tăng |giảm |nâng )?từ (?:mức |con số |chỗ )?(?:\w+ )?\d(?:[^,;]|,\d)*$")
_UNTIL = re.compile(r"(?:\b(?:cả|toàn|đến|tới|vào|trong|hết|cuối|trước|của|cho)\s*)+$")
_GENERIC = re.compile(
    r"(?:(?:của |các |mỗi |này)?(?:dự án|đề án|chương trình|kế hoạch|giai đoạn|(?:hằng |hàng |mỗi )?năm|bình quân"
    r"|(?:trong )?(?:tổng )?số|phấn đấu|mục tiêu)(?: này)?)?$",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"[Cc]hỉ tiêu ")
_MODAL = re.compile(r" (?:(?:đều|vẫn|cũng|tiếp tục|dự kiến) )*(?:sẽ|vẫn|dự kiến|cần phải)(?: .*)?$")
_THIS = re.compile(r"(?<!số)(?<!lệ)(?<!mức)(?<!tiêu) (?:này|đó)$")
_AIM = re.compile(
    r"(?P<of>[^,;:()\d]{6,90}), (?:phấn đấu|quyết tâm|cố gắng)(?: (?:đến )?(?:cuối năm|hết năm|cả năm|năm|trong năm)"
    r"(?: 20\d\d)?)?(?: (?:đạt|là|còn|giảm còn|tăng|lên|giảm))*(?: trên| dưới| khoảng| từ| ít nhất)? ?$"
)


def inside(text: str, word: re.Match[str], tables: ClauseTables) -> bool:
    """Whether a word is only the end of a compound: "trung cấp" does not say "cấp"."""
    whole = tables.whole.search(text, 0, word.end())
    return whole is not None and whole.start() < word.start()


def without_period(text: str, subject: tuple[int, int] | None, dates: list[tuple[int, int]]) -> tuple[int, int] | None:
    """A subject without the period that its words may end in ("thu nhập bình quân đến năm 2025")."""
    if subject is None:
        return None
    start, end = subject
    for low, high in dates:
        if start < low and high >= end - 1 and low < end:
            shorter = _UNTIL.sub("", text[start:low]).rstrip(TRIM)
            compared = shorter.endswith(
                (" so", " với", " chuẩn", " đa chiều", "tiêu chí", "trung hạn")
            ) or shorter.count("(") > shorter.count(")")
            return (start, start + len(shorter)) if shorter and not compared else subject
    return subject


def subject_of(
    text: str, left: int, number: Number, tail: int, right: int, tables: ClauseTables
) -> tuple[int, int] | None:
    """What is counted: the words after the number, or the noun phrase before it; None where neither says it."""
    after = _after(text, number, tail, right)
    before = text[left : number.start].rstrip(TRIM)
    agent = tables.agent.match(before)
    if agent:
        left, before = left + agent.end(), before[agent.end() :]
    name, copula = before, ""
    while name and (match := tables.copula.search(name)) and not tables.whole.search(name):
        copula, name = match[0], name[: match.start()].rstrip(TRIM)
    name = _FROM_BASE.sub("", name)
    if after and not number.measure and before.endswith((" được", " cho")):
        return after  # "phục hồi được 8 triệu lượt khách", "kéo điện cho 420 hộ"
    if _GENERIC.fullmatch(name):
        if after is None and "/" in (number.unit or "") and not (number.measure or number.money):
            return number.unit_start, number.end  # "đạt 10 bác sĩ/vạn dân"
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
    acts = None if acts and inside(before, acts, tables) else acts
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
    if after and not number.measure and number.noun != "chỉ tiêu" and not (copula or stated) and _QUOTA.match(name):
        return after  # "giao chỉ tiêu giao quân 110 thanh niên"
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
    verb = None if HAVING.match(name) else tables.act_head.match(name)
    if verb and after and number.unit == "%" and (_TOWARDS.search(before) or _TOWARDS.search(name)):
        return after  # "tiêm vắc xin cho 85% tổng đàn": the verb's object is whom it is done to
    if verb and after and number.unit == "%" and copula in _REACHING and verb[0].lower() not in tables.nominal:
        return after  # "tiêm phòng … đạt 80% tổng đàn"
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
        bare = text[number.unit_start : right].strip() == number.noun
        start = number.unit_start + (0 if bare else len("lượt "))
    if start >= right or text[start] == "/":
        return None
    if number.measure and _WHERE.match(text, start, right):
        return None  # "xuất khẩu 1.500 tấn sang Nhật Bản"
    if _PERIOD_ONLY.fullmatch(text, start, right):
        return None  # "tiết kiệm chi thường xuyên 500 tỷ đồng mỗi năm"
    passive = text.find(" được phân bổ", start, right)
    return start, passive if passive > 0 else right


def heading_of(text: str, sentence: Sentence, position: int) -> str | None:
    """The words before the colon that a bare count of places follows: "Chỉ tiêu tuyển dụng: Tổng số 47 chỉ tiêu"."""
    start = head(text, sentence)
    if start >= position or text[start:position].count(":") != 1:
        return None
    words = text[start:position].split(":")[0].strip()
    return words if len(words.split()) <= 8 else None


def before_aim(text: str, sentence: Sentence, position: int, indicator: re.Pattern[str]) -> str | None:
    """What the words before an aim name, if they give no figure: "tập trung thu ngân sách, phấn đấu cả năm đạt 90 tỷ"."""
    piece = _AIM.search(text, max(sentence.start, position - 110), position)
    named = indicator.search(piece["of"]) if piece else None
    return piece["of"][named.start() :].strip() if piece and named else None


def worded(text: str, span: tuple[int, int]) -> str:
    """A subject's words without what only hangs on at its ends."""
    words = text[slice(*span)].strip(" ,;:.-–—…“(")
    return words if words.count('"') == 2 else words.strip('" ')
