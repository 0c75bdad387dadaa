"""Grades and titles to be reached: "Chi bộ HTTNV trở lên", "xã A đạt chuẩn nông thôn mới nâng cao"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.extractors._targets_cues import Sentence
from extractor.extractors._targets_words import led_by
from extractor.rules import RuleSet, alternation

FILE = "targets"

_NAME = r"(?:T[TPX]\. ?)?[A-ZĐÂĂÊÔƠƯÁÀẠẢÃ][^\W\d_]*(?: [A-ZĐÂĂÊÔƠƯÁÀẠẢÃ][^\W\d_]*){0,4}"
_PLAN_OF = re.compile(
    r"\b(?:[Ll]ộ trình|[Kk]ế hoạch|[Đđ]ề án|[Pp]hong trào|[Cc]ông tác|[Cc]uộc vận động|[Tt]iêu chí|[Hh]ồ sơ)"
    r"(?: (?:thực hiện|triển khai|phát triển|về|đề nghị))* (?:xây dựng|công nhận|kiểm tra công nhận)(?: các| những)? $"
)
_DONE = re.compile(r"\bđã(?: được)?\b")
_UNIT = re.compile(
    r"(?:\b(?:đạt|trở thành|về đích|công nhận(?: là)?|danh hiệu|đạt chuẩn|chuẩn|hoàn thành|tiêu chuẩn|ra mắt|cán đích) [“\"‘]?)"
    r"(?P<unit>(?:xã|huyện|thôn|bản|ấp|làng|thị trấn|thị xã|thành phố|phường|quận|tỉnh|buôn) )$"
)
_REACHES = re.compile(
    rf"(?P<name>{_NAME}),? (?:(?:sẽ|phải|sớm|cơ bản|phấn đấu|được|tiếp tục) )*"
    r"(?:đạt|về đích|cán đích|công nhận(?: là)?|hoàn thành|trở thành|đạt danh hiệu|xây dựng)?(?: chuẩn)? ?[“\"‘]?$"
)
_BUILT = re.compile(r".*\b(?:xây dựng|đưa|phát triển|đầu tư|mục tiêu|chỉ tiêu|phấn đấu|để|nhằm|quyết tâm) (?=\w)")
_UNNAMED = re.compile(r"(?:.* )?(?:đạt|về đích|cán đích|công nhận|hoàn thành|danh hiệu) (?:chuẩn )?$")
_WHEN = re.compile(
    r",? ?(?:đến |vào |trong |hết |trước )*(?:cuối |đầu |hết |giữa )?(?:năm|quý|giai đoạn|nhiệm kỳ|tháng)(?: [IV]+/?)? ?"
    r"\d[\d/ –-]*,? ?"
)
_PROGRAMME = re.compile(r"\bxây dựng(?: xã| huyện)? $")
_COUNTS = re.compile(r"[Tt][ỷỉ] lệ|\b[Ss]ố |(?<!\b20\d)\d%? (?:số )?$")
_NONE_LEFT = re.compile(r"\b(?:không|chưa) (?:còn|có|để)(?: \w+)? $")
_LISTED = re.compile(r"(?: [A-ZĐÂÊÔƠƯ]\S*)*(?:,| và) ")
_TITLE = re.compile(
    r"(?:[Gg]iữ vững|[Dd]uy trì|[Gg]iữ|[Bb]ảo vệ)(?: và (?:phát huy|nâng cao))? "
    r"(?P<title>danh hiệu )[“\"‘]?$"
)
_STANDS = re.compile(
    r"(?P<subject>(?:[A-ZĐÂÊÔƠƯÁÀ][^\W\d_]*|tỉnh|huyện|xã|phường|thành phố|TP\.?|đặc khu|quận|thị xã)"
    r"(?: [A-ZĐÂÊÔƠƯÁÀẠẢÃ][^\W\d_]*){1,4}) (?:phấn đấu |sẽ |phải |tiếp tục |cơ bản )*"
    r"(?:thuộc|nằm trong|đứng trong|đứng vào|vào|lọt vào|trong) "
    r"(?P<level>(?:nhóm|tốp|top) (?!\d)[^\d;.:,()“”]{4,80})"
)
_FIGURE = re.compile(r"[ :]*(?:đạt )?\d")


@dataclass(frozen=True, slots=True)
class LevelTables:
    """The pattern of a grade with its holder, and the one of what somebody is to become."""

    hint: re.Pattern[str]
    reach: re.Pattern[str]
    grade: re.Pattern[str]
    become: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Level:
    """A grade to be reached: spans of the clause, of who is to reach it (may be None) and of the grade."""

    start: int
    end: int
    subject: tuple[int, int] | None
    level: tuple[int, int]


def build_levels(rules: RuleSet) -> LevelTables:
    """The level tables of a rule set."""
    grades = alternation(rules.lexicon(FILE, "grades"))
    holders = alternation(rules.lexicon(FILE, "grade_holders"))
    quoted = r"[“\"'‘]?"
    return LevelTables(
        hint=re.compile(led_by(rules.lexicon(FILE, "grades")) + rules.rule("targets.level").regex.pattern),
        reach=re.compile(rf"(?:\s*\b{alternation(rules.lexicon(FILE, 'reach_verbs'))}\b\s*)+$"),
        grade=re.compile(
            rf"(?P<level>(?:(?:đạt |tiêu )?(?:danh hiệu )?)?(?:đạt )?{quoted}{grades}\b{quoted}"
            r"(?: (?:cấp (?:tỉnh|huyện|xã|cơ sở)|mức độ (?:\d|I{1,3})|xuất sắc|tiêu biểu|nâng cao|kiểu mẫu|được giao))*"
            r"(?: trở lên)?[”\"]?)"
        ),
        become=re.compile(
            rf"(?P<subject>\b{holders}\b[^,;.:()“”]{{0,60}}?|(?:(?<=ưa )|(?<=ựng )|(?<=iển )|(?<=ể )|(?<=ấu )|(?<=, )){_NAME})"
            r" (?:phải |sẽ |cần |sớm |cơ bản |từng bước )*(?:phấn đấu )?"
            r"(?:(?:đạt tới |đạt |hoàn thành )?(?:mục tiêu )?(?:thoát khỏi|ra khỏi) (?P<out>(?:tỉnh|huyện|xã|thôn|nhóm|diện"
            r"|tình trạng|danh sách|vùng)\b[^;.:()“”]{0,80})|trở thành (?P<kind>(?:một |những |các )?"
            rf"{alternation(rules.lexicon(FILE, 'level_heads'))}\b[^;.:()“”]{{0,110}})"
            r"|lên (?P<rank>(?:thị xã|thành phố|thị trấn|phường|quận|huyện|trung tâm|tỉnh|nước|quốc gia|đô thị|điểm đến)\b"
            r"[^;.:()“”]{0,110}))"
        ),
    )


def levels_in(text: str, sentence: Sentence, holders: re.Pattern[str], tables: LevelTables) -> Iterator[Level]:
    """The grades that a sentence names, each with its holder.

    Args:
        text: the article's text.
        sentence: a sentence; whether it speaks of goals is for the caller to judge.
        holders: the pattern of who may hold a grade.
        tables: the compiled patterns.
    """
    floor = sentence.start
    announced = [cue.end for cue in sentence.cues if cue.kind == "plan" and cue.weight >= 1]
    named = tables.hint.search(text, sentence.start, sentence.end)
    for match in tables.grade.finditer(text, sentence.start, sentence.end) if named else ():
        level = _tidy(text, *match.span("level"))
        if text.startswith("danh hiệu ", level[0]) and _TITLE.search(text, floor, level[0] + len("danh hiệu ")):
            level = level[0] + len("danh hiệu "), level[1]
        begin = max([_clause_start(text, floor, level[0]), *(end for end in announced if end <= level[0])])
        if _PROGRAMME.search(text, begin, level[0]) and text[slice(*level)].lower() in ("nông thôn mới", "ntm"):
            continue  # "xây dựng nông thôn mới" names the programme
        unit = _UNIT.search(text, begin, level[0])
        if unit:
            level = unit.start("unit"), level[1]  # "xã A đạt xã nông thôn mới nâng cao"
        holder = _holder(text, holders, begin, level[0])
        holder = holder or _holder(text, holders, _clause_start(text, floor, level[0]), level[0])  # "xã A phấn đấu …"
        title = _TITLE.search(text, begin, level[0])
        if title and (holder is None or holder.start() >= title.start()):
            floor = level[1]
            yield Level(title.start("title"), level[1], None, level)  # "giữ vững danh hiệu …": nobody is named
            continue
        inner = holders.match(text, level[0])
        floor = level[1]
        if holder is None:
            # "Cơ quan văn hoá": the grade's first word is its holder.
            if inner is not None and text[level[0]].isupper():
                yield Level(level[0], level[1], (level[0], inner.end()), level)
            else:
                yield from _unheld(text, sentence, begin, level)
            continue
        between = _WHEN.sub(" ", text[holder.start() : level[0]])
        if _counted(text, sentence, holder.start(), level[1]):
            continue
        if _DONE.search(between) or re.search(r"\b(?:không|chưa)\b", between) or _names_plan(text, holder, level[0]):
            continue
        shorter = tables.reach.sub("", between).rstrip(' ,“"')
        subject_end = holder.start() + len(shorter)
        if not re.search(r"\d", between) and len(shorter.split()) <= 14:
            yield Level(holder.start(), level[1], (holder.start(), subject_end), level)
    yield from _standings(text, sentence, tables)


def _counted(text: str, sentence: Sentence, holder: int, end: int) -> bool:
    """Whether holders are counted: "tỷ lệ xã đạt chuẩn", "không còn xã nông thôn mới nợ tiêu chí"."""
    if _NONE_LEFT.search(text, max(sentence.start, holder - 20), holder) or _FIGURE.match(text, end):
        return True
    return _COUNTS.search(re.split("[.;:]", text[max(sentence.start, holder - 60) : holder])[-1]) is not None


def _names_plan(text: str, holder: re.Match[str], level: int) -> bool:
    """Whether a grade right after a bare noun names a plan or a movement: "lộ trình xây dựng trường chuẩn quốc gia"."""
    bare = text[holder.start() : level].strip() == holder[0]
    return bare and _PLAN_OF.search(text, max(0, holder.start() - 60), holder.start()) is not None


def _standings(text: str, sentence: Sentence, tables: LevelTables) -> Iterator[Level]:
    """What a place is to become, to leave or to stand among: "trở thành thành phố", "thoát khỏi huyện nghèo"."""
    whole = text[sentence.start : sentence.end]
    if "nhóm " in whole or "tốp " in whole:
        for match in _STANDS.finditer(text, sentence.start, sentence.end):
            level = _tidy(text, *match.span("level"))
            if not re.match(r"\s*\d", text[level[1] : level[1] + 3]):
                yield Level(match.start("subject"), level[1], match.span("subject"), level)
    becomes = any(words in whole for words in (" khỏi ", " trở thành ", " lên "))
    for match in tables.become.finditer(text, sentence.start, sentence.end) if becomes else ():
        if _DONE.search(text, max(sentence.start, match.start() - 12), match.end("subject")):
            continue
        level = _tidy(text, *match.span(match.lastgroup or "kind"))
        built = _BUILT.match(match["subject"])
        start = match.start("subject") + (built.end() if built else 0)
        yield Level(start, level[1], (start, match.end("subject")), level)


def _unheld(text: str, sentence: Sentence, begin: int, level: tuple[int, int]) -> Iterator[Level]:
    """A grade that no known kind of holder is to reach: a place by its name alone, or nobody named."""
    before = text[max(sentence.start, text.rfind(";", sentence.start, begin) + 1) : level[0]]
    shift = level[0] - len(before)
    if re.search(r"\d", re.sub(r"20\d\d", "", before)) or _DONE.search(before):
        return
    reached = text[level[0] : level[1]].startswith("đạt ") or _UNNAMED.match(before)
    named = _REACHES.search(before)
    if reached and named:
        subject = shift + named.start("name"), shift + named.end("name")
        yield Level(subject[0], level[1], subject, level)
    elif reached and level[0] - begin <= 45 and (begin > sentence.start or sentence.first):
        yield Level(level[0], level[1], None, level)


def _holder(text: str, holders: re.Pattern[str], begin: int, end: int) -> re.Match[str] | None:
    """The nearest holder before a grade, or the first of a list of them ("xã A và xã B")."""
    chosen: re.Match[str] | None = None
    for found in reversed(list(holders.finditer(text, begin, end))):
        if chosen is None or _LISTED.fullmatch(text, found.end(), chosen.start()):
            chosen = found
    return chosen


def _clause_start(text: str, floor: int, end: int) -> int:
    """After the last border before the grade; a comma followed by a capital is a list of names ("xã A, B")."""
    start = floor
    for border in re.finditer(
        r"[;:()]|(?<!\bTT)(?<!\bTP)(?<!\bTX)\.|, (?=[a-zđàáâãèéêìíòóôõùúýăĩũơưạ-ỹ])| và (?=(?:các |\d)?[a-zđ])",
        text[floor:end],
    ):
        start = floor + border.end()
    return start


def _tidy(text: str, start: int, end: int) -> tuple[int, int]:
    if text[start:end].startswith("đạt danh hiệu "):
        start += len("đạt danh hiệu ")
    elif text[start:end].startswith("đạt ") and not text[start:end].startswith("đạt chuẩn"):
        start += len("đạt ")
    cut = re.search(
        r",? (?:trong thời gian tới|vào cuối|vào năm|đến cuối|trước ngày|trước năm|trong năm|năm 20|đến năm|giai đoạn|nhằm|để)",
        text[start:end],
    )
    return start, start + cut.start() if cut else end
