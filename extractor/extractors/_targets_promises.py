"""What a number gains or loses as a goal where somebody promises, orders or only foresees it."""

import re

from extractor.extractors._targets_cues import STRONG, Sentence
from extractor.extractors._targets_goals import GoalTables
from extractor.extractors._targets_numbers import Number

_REACHED = re.compile(r" (?:đạt|đạt được|đạt mức|phải đạt|xuống còn|giảm còn|nâng lên)\s*$")
_EXISTS = re.compile(r" (?:có|có thêm|có khoảng)\s*$")
_GIVEN = re.compile(r"\b[Đđ]ược (?:tỉnh |huyện |trên |cấp trên )?(?:giao|phân bổ)(?: là)? $")
_TOWARDS = re.compile(r"\b(?:[Hh]ướng (?:tới|đến)|[Tt]iến tới)(?: (?:mốc|mức|con số|quy mô))?\s*$")
_BRINGS = re.compile(
    r"(?:\b(?:[Đđ]ưa|[Nn]âng) [^,;.:()\d]{3,90} (?:lên|đạt)|\b(?:[Gg]iảm|[Kk]éo giảm) [^,;.:()\d]{3,90} (?:xuống|còn)"
    r"|\b(?:[Dd]uy trì|[Gg]iữ(?: vững)?) [^,;.:()\d]{3,90} (?:ở|ổn định|bằng))"
    r"(?: khoảng| trên| dưới| hơn| mức| đạt)?\s*$"
)
_MORE = re.compile(r" (?:thêm|mới)\b")
_OF_EACH = re.compile(r"\b(?:[Mm]ỗi|[Tt]ừng) (?!năm\b)[^,;.:()\d]{2,50}$")
_EACH_YEAR = re.compile(r"[^,;.:]{0,40}? (?:mỗi|hằng|hàng) năm")


def foreseen(text: str, sentence: Sentence, number: Number, tables: GoalTables) -> bool:
    """Whether a number only tells what prices, output or demand are expected to do, no plan being spoken of."""
    if any(cue.kind == "plan" and cue.weight >= STRONG and cue.end <= number.start for cue in sentence.cues):
        return False
    return tables.market.search(text, max(sentence.start, number.start - 120), number.start) is not None


def promised(
    text: str, sentence: Sentence, number: Number, left: int, tables: GoalTables, due: bool, item: bool
) -> float:
    """What a promise or an order adds: a deed that somebody will, should or has to do, with the number as its object.

    Args:
        text: the article's text.
        sentence: the sentence.
        number: the number.
        left: where the words belonging to it begin.
        tables: the compiled evidence.
        due: whether the sentence names a day or period still to come.
        item: whether the sentence is an item of a list that begins with what is to be done.
    """
    brings = _BRINGS.search(text, max(sentence.start, number.start - 140), number.start) if due else None
    if brings and tables.intent.search(text, max(sentence.start, brings.start() - 60), brings.start()):
        return 1.5
    if due and tables.spread.search(text, max(sentence.start, number.start - 180), number.start):
        return 1.5
    near = text[max(sentence.start, number.start - 40) : number.start]
    if _TOWARDS.search(near):
        return 1.5
    if _GIVEN.search(near) and tables.quota.search(text, sentence.start, sentence.end):
        return 1.0
    wide = text[max(sentence.start, number.start - 140) : number.start]
    done = tables.deed.search(near) or (
        due and (number.measure or near.endswith(" cho ")) and tables.works.search(near)
    )
    if not done or not tables.intent.search(wide):
        return 0.5 if item or _REACHED.search(near) or (due and _EXISTS.search(near)) else 0.0
    more = (
        _MORE.search(near) is not None
        or _OF_EACH.search(wide) is not None
        or _EACH_YEAR.match(text, number.end) is not None
    )
    return 1.0 + (0.5 if due else 0.0) + (0.4 if more else 0.0)
