"""Is a stretch of text about what is to be reached, or about what has been: cues and the mood they leave."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spacy.tokens import Doc

from extractor.extractors._targets_words import any_of
from extractor.extractors.base import article_of, sentences_of
from extractor.rules import RuleSet, alternation

FILE = "targets"

_ABBREVIATION = re.compile(r"\b(?:TP|Tp|tp|TS|ThS|PGS|GS|BS|Tr|St|Q|P|TX|TT|ĐC|Đ/c|đ/c|KS|LS|Mr|Ths)\.$")
_TO = re.compile(r"(?:\b(?:đến|tới|hết|trước|vào|cuối|chậm nhất|đến năm|tới năm|vào năm|đến hết)\s*)$", re.IGNORECASE)
_COUNTED_UP_TO = re.compile(
    r"\b(?:[Tt]ính|[Ll]uỹ kế|[Ll]ũy kế) (?:đến|tới)(?: (?:hết|cuối|ngày|tháng|giữa|thời điểm))*\s*$"
)
_COMPARED = re.compile(r"(?:so với|cùng kỳ|so|bằng|như|hơn|từ|số \S+|với|thấp hơn chỉ tiêu|thấp hơn|cao hơn|sau)\s*$")
_BULLET = re.compile(
    r"(?:[-–—+•*●▪▫○→✔]|(?:\d{1,2}|[IVX]{1,4})(?:[.)/](?!\d)|[-–](?![\d ])|[-–] (?!\d))|[a-zđ](?:[.)/-] |/(?=[A-ZĐ]))"
    r"|\([\da-zđ]{1,2}\)) ?"
)

_MANY = re.compile(
    r"(?:[Cc]ác|[Nn]hiều|[Mm]ột số|[Hh]ầu hết|[Pp]hần lớn|[Đđ]a số|[Nn]hững|[Tt]oàn bộ|[Tt]ất cả)(?: các)? $"
    r"|\b(?:[Cc]ả|có) \d+ $"
)
_REACHED = re.compile(
    r"(?! cần| phải| đặt)[^.;:,\n]{0,40}?(?<!cần)(?<!phải)(?<!đấu)(?<!để)(?<!sẽ)"
    r" (?:đạt|vượt|hoàn thành|tăng|về đích|(?:bảo|đảm) (?:đảm )?tiến độ)\b"
)
_FULFILLED = re.compile(
    r"\b(?:[Hh]oàn thành|[Vv]ượt|[Đđ]ạt|[Tt]hực hiện (?:đạt|tốt|xong))(?: và vượt)?(?: mức)?(?: tốt| xuất sắc)?"
    r"(?: \d+(?:[.,]\d+)? ?%)?(?: toàn bộ)?(?: các| nhiều| những)? $"
)
_INTENDED = re.compile(
    r"\b(?:[Pp]hấn đấu|[Qq]uyết tâm|[Pp]hải|[Cc]ần|[Ss]ẽ|[Đđ]ể|[Nn]hằm|[Tt]iếp tục|[Yy]êu cầu|[Đđ]ề nghị|[Tt]ập trung"
    r"|[Cc]hưa|[Kk]hông|[Gg]iao|[Bb]ảo đảm|[Đđ]ảm bảo|[Kk]hó|[Cc]ố gắng|[Ss]ớm|[Nn]ỗ lực|[Ll]ộ trình|[Đđ]ặt)\b[^.;:\n]*$"
)
_DONE = re.compile(
    r"\bđã (?![^.;:,\n]{0,20}(?:đặt|đề ra|đưa ra|xác định|thông qua|thống nhất|nhất trí|đăng ký|có|ban hành|phê duyệt|xây dựng))"
    r"[^.;:,\n]{0,36}$"
)
_OPENS = re.compile(r"[^.;\n]{0,60}?(?::|\b(?:[Đđ]ến|[Tt]ới|[Tt]rong) năm|\bphấn đấu| là \d| năm 20)")
_HEADS = re.compile(r"(?: (?:năm|quý|giai đoạn|6 tháng|tháng|đến năm|nhiệm kỳ))* \d[\d /–-]*,")
_REACHED_OR_MORE = ("đạt và vượt", "đạt hoặc vượt", "đạt, vượt")
_AMOUNT = re.compile(r" (?:mức |mốc )?\d[\d.,]*(?!/)(?! (?:chỉ tiêu|mục tiêu|tiêu chí))")
_STATES_OF_NOW = ("hiện nay", "hiện tại", "hiện có", "hiện")
_BASE = re.compile(
    r"\b[Tt]ừ (?:mức |khoảng |trên |hơn |gần |dưới )?\d[\d.,]*(?: ?%? ?[-–] ?\d[\d.,]*)? ?(?:%|\w+(?: \w+)?)? ?$"
)
_GOAL_WORDS = ("chỉ tiêu", "mục tiêu", "kế hoạch")
_GOAL_HEADS = ("chỉ tiêu", "kế hoạch")
_REACHING = ("đạt", "vượt", "hoàn thành", "đều")
_SHARE_BEFORE = re.compile(r"\d ?%(?: so với)?(?: tổng)? $")
_ASSIGNS = (
    r"[Gg]iao(?<!bàn giao)(?<!Bàn giao)(?<!chuyển giao)(?<!phân giao)(?<!ngoại giao)(?<!tiếp giao)(?<!đoàn giao)"
    r"(?<!xã giao)(?= [A-ZĐÂĂÊÔƠƯÁÀ]\S* [^\d(])"
)
"""The verb "giao" before a name: somebody is told to do something."""

_RESOLVES = re.compile(
    r"[,:]? ?(?:rằng )?(?:[Đđ]ến |[Tt]ới |[Tt]rong |[Hh]ết |[Cc]uối )*(?:[Nn]ăm |[Gg]iai đoạn |[Nn]hiệm kỳ |)20\d\d"
    r"|(?<! đã xác định)(?<=xác định) (?:gieo|trồng|thu ngân|giảm|hoàn thành|kết nạp|giải quyết|đào tạo|duy trì|có thêm)\b"
)
"""A verb of resolving or stating before a year: what follows is a plan's if that year is to come."""

RESOLVED = 2.3
"""How strongly that speaks of something to be reached; the year after it decides."""

STATED = 1.2
"""The same of a verb that only says: a report states as well what the years behind have brought."""

_RESOLVING = {
    "xác định": RESOLVED, "xác định rõ": RESOLVED, "quyết nghị": RESOLVED, "thống nhất": RESOLVED,
    "nêu rõ": STATED, "ghi rõ": STATED, "chỉ rõ": STATED,
}  # fmt: skip

INTENDED = 2.3
"""How strongly "để đạt chỉ tiêu", "phải đạt mục tiêu" speak of something to be reached."""

ASSIGNED = 1.4
"""How strongly that speaks of something to be reached."""

_SHORT_HEADING = 110
"""Characters up to which a line of its own may be the heading of a list."""

HEADING = 2.2
"""The mood that a list's heading ("Phương hướng, nhiệm vụ năm 2024:") leaves where its own words are weaker."""

_SET = re.compile(r"(?:thông qua|đề ra|xác định|thống nhất|đặt ra|phấn đấu|giao|gồm)\b[^.;:]*$")
_LISTS_GOALS = re.compile(
    r"(?: (?:chủ yếu|cụ thể|cơ bản|chính|quan trọng|chính yếu|trọng tâm|sau|sau đây|như sau|là|gồm|cụ thể là"
    r"|về [^.;:,\n]{3,40})|,? (?:tiêu biểu|nổi bật|đáng chú ý|trong đó|trong đó có|như|là))+ ?:"
)
_PLAN_IS = re.compile(
    r"[^,;.:\n]{0,50} là (?:đến (?:hết |cuối )?năm 20\d\d,? )?"
    r"(?:(?:tiêm|trồng|xây|sửa|mở|hoàn thành|đưa|nâng|giảm|tạo|cấp|thu|kết nạp|tuyển|đào tạo|hỗ trợ|vận động)\b(?: [^\W\d_]+){0,4} )?"
    r"(?:(?:trên|khoảng|hơn|gần|ít nhất) )?\d"
)
_YEAR_LIST = re.compile(
    r"(?=[^.;\n]{0,120}\b20\d\d)[^.;:\n]{0,120}(?::|\bgồm\b|\bvới (?:các |một số |những )?chỉ tiêu)"
)
_PASSES = ("plan", "neutral")
_SETTING = ("đề ra", "đặt ra")
_IN_YEAR = re.compile(r" (?:trong )?năm 20\d\d")
_LISTS = re.compile(r"[^.;:\n]{0,50}:")
_HINTS = (
    "ến năm 20",
    "ến cuối năm",
    "ến hết năm",
    "% kế hoạch",
    "% dự toán",
    "% KH",
    "% chỉ tiêu",
    "% so với kế hoạch",
    "% so với chỉ tiêu",
)
_PASSIVE = frozenset(("được phân bổ", "chỉ tiêu được giao", "được giao chỉ tiêu"))
_COUNTED = re.compile(r"(?<![\d./])\d{1,3}(?:/\d{1,3})? $")

LONGEST = 4000
"""Characters from which on a sentence is read in pieces."""

STRONG = 2.5
"""The mood from which a number is a goal without further evidence."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in the text: `kind` is plan, result, topic, share or neutral; `weight` how strongly it speaks.

    A topic is a result's word that says nothing where the same sentence has spoken of a goal before; a share ("đạt 100%
    kế hoạch") says nothing in a list of goals.
    """

    start: int
    end: int
    kind: str
    weight: float
    words: str


@dataclass(slots=True)
class Sentence:
    """A sentence with its cues and dates; `first` tells that it begins a line."""

    start: int
    end: int
    first: bool
    cues: list[Cue] = field(default_factory=list)
    dates: list[Any] = field(default_factory=list)
    passives: list[Cue] = field(default_factory=list)
    """The cues that speak of the number before them ("5 ha được phân bổ")."""
    periods: list[Any] | None = None
    """The periods its goals may be for; None: not looked up yet."""
    lasting: bool = False
    """Whether it names a span of years from now on ("trong 10 năm nữa"); looked up with the periods."""


@dataclass(frozen=True, slots=True)
class CueTables:
    """Compiled cues: one pattern over all terms, and what each term says."""

    pattern: re.Pattern[str]
    kinds: dict[str, tuple[str, float]]
    topics: frozenset[str]
    continues: re.Pattern[str]
    acts: re.Pattern[str]
    plan_name: re.Pattern[str]


def _key(words: str) -> str:
    return words[:1].lower() + words[1:]


def build_cues(rules: RuleSet) -> CueTables:
    """The cue tables of a rule set."""
    kinds: dict[str, tuple[str, float]] = {}
    for lexicon, kind in (("plan_cues", "plan"), ("result_cues", "result"), ("neutral_cues", "neutral")):
        for term, weight in rules.lexicon(FILE, lexicon).items():
            kinds[_key(term)] = ("plan" if kind == "neutral" and weight else kind, float(weight or 0))
    for verb, weight in _RESOLVING.items():
        kinds.setdefault(verb, ("plan", weight))
    pattern = re.compile(rf"(?<!\w)(?:{any_of(kinds)}\b|{_ASSIGNS})")
    kinds["giao"] = ("plan", ASSIGNED)
    return CueTables(
        pattern=pattern,
        kinds=kinds,
        topics=frozenset(rules.lexicon(FILE, "topic_cues")),
        continues=re.compile(rf"{alternation(rules.lexicon(FILE, 'continuations'))}(?!\w)"),
        acts=re.compile(rf"{alternation(rules.lexicon(FILE, 'action_verbs'))}\b"),
        plan_name=re.compile(any_of(rules.lexicon(FILE, "plan_names"))),
    )


def worth_reading(text: str, cues: list[Cue]) -> bool:
    """Whether an article with these cues can hold a goal or a share of a plan at all."""
    return any(cue.kind == "plan" and cue.weight >= 1.0 for cue in cues) or any(hint in text for hint in _HINTS)


def split(doc: Doc, cues: list[Cue], dates: list[Any]) -> list[Sentence]:
    """The Doc's sentences with their cues and dates; a sentence cut at "TP." is put together again."""
    text = article_of(doc).text  # `doc.text` is joined anew at each call
    sentences: list[Sentence] = []
    for start, end in sentences_of(doc):
        before = sentences[-1] if sentences else None
        first = start == 0 or text[start - 1] == "\n"
        torn = (
            before is not None
            and not first
            and end - before.start < LONGEST
            and (
                _ABBREVIATION.search(text, max(before.start, before.end - 8), before.end)
                or (before.first and _BULLET.fullmatch(text[before.start : before.end] + " "))
            )
        )
        if before is not None and torn:
            before.end = end
            continue
        for begin, stop in _pieces(text, start, end):
            sentences.append(Sentence(begin, stop, first and begin == start))
    _place(sentences, cues, "cues")
    _place(sentences, (cue for cue in cues if cue.words in _PASSIVE), "passives")
    _place(sentences, dates, "dates")
    return sentences


def _named_goals(text: str, cue: re.Match[str], weight: float) -> tuple[str, float]:
    """What "chỉ tiêu", "mục tiêu", "kế hoạch" say by the words around them.

    "15/18 chỉ tiêu" and "nhiều chỉ tiêu đạt khá" report, "12 chỉ tiêu" only counts, and a colon after opens a list.
    """
    before = max(0, cue.start() - 30)
    bare = cue[0] in ("chỉ tiêu", "mục tiêu")
    counted = _COUNTED.search(text, max(0, cue.start() - 8), cue.start()) if bare else None
    many = cue[0].lower().startswith(("các", "những")) or _MANY.search(text, before, cue.start())
    if (counted and "/" in counted[0]) or (many and _REACHED.match(text, cue.end())):
        return "result", 2.5
    fulfilled = _FULFILLED.search(text, max(0, cue.start() - 60), cue.start())
    done = None if _intended(text, cue.start()) else fulfilled
    if _SHARE_BEFORE.search(text, before, cue.start()):
        return ("share", 2.5) if done else ("neutral", 0.0)
    if done and cue[0].lower().removeprefix("các ").removeprefix("những ").startswith(("chỉ tiêu", "mục tiêu")):
        return "result", 2.5
    if done and done[0].lower().startswith(("đạt", "vượt")):
        return "result", 2.5
    if _DONE.search(text, max(0, cue.start() - 60), cue.start()) and not _OPENS.match(text, cue.end()):
        return "result", 2.5
    if cue[0].startswith(("Kế hoạch", "Chỉ tiêu", "Mục tiêu")) and _HEADS.match(text, cue.end()):
        return "plan", 2.8  # "Kế hoạch năm 2023, tỉnh đón …"
    if counted and _LISTS_GOALS.match(text, cue.end()):
        return "plan", 2.8  # "với 20 chỉ tiêu chủ yếu là: …"
    if counted:
        return "plan", 2.5 if _SET.search(text, before, cue.start()) else min(weight, 1.0)
    return "plan", max(weight, 2.8) if _LISTS.match(text, cue.end()) else weight


def _intended(text: str, position: int) -> bool:
    """Whether the words of the clause before a place say that something is yet to be done."""
    start = max(0, position - 80)
    return _INTENDED.search(text, max(start, text.rfind("\n", start, position) + 1), position) is not None


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence as it is; one of absurd length in pieces, so that the work stays linear in the text's length."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = cut + 1 if cut > 0 else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def find_cues(text: str, tables: CueTables) -> list[Cue]:
    """All cues of a text, in order."""
    found = []
    for match in tables.pattern.finditer(text):
        key = _key(match[0])
        kind, weight = tables.kinds[key]
        if key in _RESOLVING and not _RESOLVES.match(text, match.end()):
            continue
        if key.startswith("mới ") and text.endswith("ông thôn ", 0, match.start()):
            continue  # "số tiêu chí nông thôn mới đạt 17"
        if key == "kế hoạch" and not _PLAN_IS.match(text, match.end()):
            continue
        if key == "đăng ký" and not _LISTS.match(text, match.end()):
            kind, weight = ("plan", STRONG) if _IN_YEAR.match(text, match.end()) else ("neutral", weight)
        elif key == "đăng ký" or (key in _SETTING and text.startswith(":", match.end())):
            weight = 2.8
        if kind == "plan" and (key.startswith(_GOAL_HEADS) or key.lower().endswith(_GOAL_WORDS)):
            kind, weight = _named_goals(text, match, weight)
        elif (
            (kind == "result" and key.startswith(_REACHING) and _intended(text, match.start()))
            or (key in _REACHED_OR_MORE and _AMOUNT.match(text, match.end()))
            or (key in _STATES_OF_NOW and _BASE.search(text, max(0, match.start() - 30), match.start()))
        ):
            kind, weight = ("plan", INTENDED) if key.endswith(("chỉ tiêu", "mục tiêu")) else ("neutral", 0.0)
        elif "thông qua" in key and kind in _PASSES and _YEAR_LIST.match(text, match.end()):
            kind, weight = "plan", 2.8
        elif key.startswith("nâng tổng"):
            kind = "share"
        elif kind == "result" and key in tables.topics:
            kind = "topic"
        found.append(Cue(match.start(), match.end(), kind, weight, key))
    return found


def _place(sentences: list[Sentence], things: Iterable[Any], name: str) -> None:
    """Put what has a span into the sentence where it begins."""
    index = 0
    for thing in things:
        while index < len(sentences) and sentences[index].end <= thing.start:
            index += 1
        if index < len(sentences) and sentences[index].start <= thing.start:
            getattr(sentences[index], name).append(thing)


def sets_aim(cue: Cue) -> bool:
    """Whether a cue says that something is to be reached, and does not merely name the plan's figures."""
    return cue.kind == "plan" and cue.weight >= 2 and "chỉ tiêu" not in cue.words


def is_heading(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is a short line of its own that opens a list: it ends in a colon."""
    return (
        sentence.first
        and sentence.end - sentence.start <= _SHORT_HEADING
        and text[sentence.start : sentence.end].rstrip().endswith(":")
    )


def is_list_item(text: str, sentence: Sentence) -> bool:
    """Whether a line begins with a bullet or a number of its own."""
    bullet = _BULLET.match(text, sentence.start)
    return bullet is not None and (sentence.first or text[sentence.start] in "-–—+•*")


def head(text: str, sentence: Sentence) -> int:
    """Where a sentence's words begin, its bullet and opening quotes skipped."""
    at = sentence.start
    bullet = _BULLET.match(text, at)
    if bullet and is_list_item(text, sentence):
        at = bullet.end()
    while at < sentence.end and text[at] in " “\"'‘(":
        at += 1
    return at


def date_mood(text: str, sentence: Sentence, when: Any, published: date | None) -> float:
    """What a date says: above 0 for a period still to be reached, below 0 for one that is over, 0 for neither."""
    if when.end_date is None or when.start_date is None:
        return 0.0
    days = (when.end_date - when.start_date).days
    before = text[max(sentence.start, when.start - 20) : when.start]
    if _COUNTED_UP_TO.search(before) and not (published and when.end_date > published):
        return -1.6
    aimed = _TO.search(before) is not None or (days >= 27 and "đến" in text[when.start : when.end])
    if published is None:
        return 2.0 if aimed and days >= 360 else 0.0
    if days < 27 and not aimed:
        return 0.0
    if when.end_date < published:
        adverbial = not _COMPARED.search(before)
        return -1.6 if adverbial and days < 3700 else 0.0
    if (when.end_date - published).days <= 3 and when.start_date < published:
        return -2.0  # "từ đầu năm đến nay"
    if when.start_date > published:
        return 2.0 if aimed or days >= 360 else 1.2
    if days > 400 and not aimed:
        return 0.6  # "nhiệm kỳ 2020-2025" in the middle of it names more often than it aims
    elapsed = (published - when.start_date).days / max(days, 1)
    return 2.0 if aimed and when.end_date.year > published.year else 1.0 if elapsed < 0.4 or aimed else 0.0
