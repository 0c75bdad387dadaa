"""Numbers that could be a goal's: value, comparator, unit, and what rules a number out."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from extractor.extractors._targets_words import any_of
from extractor.extractors.base import article_of, word_at
from extractor.rules import RuleSet, alternation
from extractor.values.quantities import BaseUnit, parse_base, parse_number

FILE = "targets"

_MAGNITUDE = r"(?:nghìn|ngàn|trăm|vạn|triệu|tỷ|tỉ|chục)"
_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"(?:/\w|-[A-ZĐ]{2,}|[-.:]\d|G\b|h\d|:|\.\d)")
_FRACTION = re.compile(r"/(\d+)(?= [^\W\d])")
_PER_YEAR = re.compile(r" ?/ ?(?:năm|tháng|vụ|quý)\b")
_LATE = re.compile(r"(?P<what>[^,;.:()%]{0,60}?) trở (?P<way>lên|xuống)\b")
_OWN_LIMIT = re.compile(r"\b(?:từ|cấp|loại|hạng|mức|cỡ) \d")
"""A limit of what is counted, not of the number: "100% tàu cá từ 15 mét trở lên"."""

_GRADED = re.compile(
    r"(?:\b(?:tuổi|vụ|HTTNV|HTNV|khá|tốt|giỏi|bình|đẳng|học|cấp|sĩ|sỹ|sao|loại|mức|hạng|bậc|năm|tháng|lần|khá giỏi)"
    r"|\d|\b[IVX]+)$"
)
_NUMBERED = re.compile(r"[^\W\d_]+ (?P<name>[^\W\d_]+) $")
_MEASURED = re.compile(r"\s?(?:%|ha\b|tỷ|tỉ|triệu|đồng|km|tấn)")
_RATE = re.compile(
    r"(?:[Tt]ổng số|(?:[Mm]ỗi|[Hh]ằng|[Hh]àng|[Mm]ột|/|quân|[Cc]uối|[Đđ]ầu|[Gg]iữa|[Cc]ả|[Tt]oàn) ?năm):? $"
)
_BASE = re.compile(
    r"(?: ?\([^()]{1,40}\)| (?:như )?hiện (?:nay|tại|có)| (?:của |vào |trong )?(?:cuối )?năm (?:20\d\d|nay|ngoái|trước))?"
    r" (?:lên|xuống|tăng lên|tăng|giảm|giảm xuống|giảm còn|còn|nâng lên)(?: mức| thành| còn)?"
    r"(?: (?:trên|khoảng|dưới|hơn|gần|ít nhất|tối thiểu|bằng|đạt|từ))? \d"
)
_FROM = re.compile(r"\b[Tt]ừ (?:mức |con số |chỗ )?(?:trên |khoảng |dưới |hơn |gần |chỉ )?$")
_QUOTES = {"“": "”", '"': '"', "‘": "’"}
NAME = 60
"""Characters that a name in quotation marks may have: “Gia đình 5 không, 3 sạch”."""

_COUNTS = re.compile(r"\b(?:[Dd]ân|[Tt]ổng|[Tt]ỷ|[Tt]ỉ|[Hh]ệ|[Cc]hỉ|[Nn]hân|[Ss]ĩ|[Dd]oanh|[Qq]uân) số $")
_PROVIDES = re.compile(r"\b(?:[Nn]âng|[Cc]ung) cấp $")
_FOR_SHARE = re.compile(r" (?:mũi|liều|lần|lượt)\b[^,;.:()\d]{0,40} cho (?:[^\W\d]+ ){0,3}\d[\d.,]* ?%")
_HAS = re.compile(r"\b(?:có|đạt|được) $")
_LIFE = re.compile(r"\b(?:[Tt]uổi thọ|[Tt]hời gian lưu trú|[Nn]gày lưu trú)\b[^,;.()\d]*$")
_PER_MANY = re.compile(
    r"(?: (?:trăm|nghìn|ngàn|vạn|triệu))? (?:người )?(?:dân|dân số|trẻ|ca đẻ|trẻ đẻ sống|phụ nữ|bà mẹ|học sinh|sinh viên)"
    r"\b[^,;.()\d]{0,40}\d"
)
"""What a rate is told per: "số giường bệnh trên 10.000 dân đạt 31,2 giường"."""

_PER_ONE = re.compile(
    r" (?:ha|héc[- ]?ta|hecta|hec-ta|sào|mẫu|đơn vị|người|lao động|hộ|đầu người|m2|m²|lượt|con|tháng|ngày|vụ|diện tích)\b"
)

_FUNCTION = frozenset(
    "để và với của cho trong là được theo thì này nhưng mà ở tại từ do vì khi nếu đã sẽ đang cũng như về trên dưới vào"
    " ra lên hay hoặc"
    " toàn đến tới thuộc nhằm qua còn nêu trở so đạt chiếm trước sau thành nay mới".split()
)
_ROUND = (100, 1000, 10_000, 100_000)
_NAMED = re.compile(r"\b(?:[A-ZĐ]{2,}|[A-Z])[ -]?$")
_WORD = re.compile(r"\s?([^\W\d_]+)")
_WORDS = {"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"}


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a goal might state it.

    `start` is where its comparator or figures begin, `figures` where the figures begin, `end` after unit and trailing
    comparator; `unit_start` is where the unit's noun begins (magnitudes left out). `measure` tells that the unit
    measures ("%", money, ha) and does not itself name what is counted.
    """

    start: int
    figures: int
    end: int
    value: float
    value_max: float | None
    comparator: str
    unit: str | None
    unit_start: int
    noun: str
    measure: bool
    money: bool


@dataclass(frozen=True, slots=True)
class NumberTables:
    """Compiled patterns for numbers, their units and their surroundings."""

    quantity: re.Pattern[str]
    words: re.Pattern[str]
    worded: re.Pattern[str]
    unit: re.Pattern[str]
    per: re.Pattern[str]
    compound: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    comparators: dict[str, str]
    not_units: re.Pattern[str]
    not_before: re.Pattern[str]
    ranks: re.Pattern[str]
    places: re.Pattern[str]
    share: re.Pattern[str]
    plan_word: re.Pattern[str]
    bases: dict[str, BaseUnit]
    measures: frozenset[str]


def build_numbers(rules: RuleSet) -> NumberTables:
    """The number tables of a rule set."""

    def terms(name: str) -> str:
        return any_of(rules.lexicon(FILE, name))

    units = rules.lexicon(FILE, "units")
    bases = {term.casefold(): parse_base(str(base)) for term, base in units.items() if base}
    comparators = rules.lexicon(FILE, "comparators") | rules.lexicon(FILE, "comparators_after")
    compare = f"(?P<comparator>{terms('comparators')})"
    nearer = r"(?: ?(?:có|đạt|là|khoảng|được|phải đạt|còn))?"
    return NumberTables(
        quantity=re.compile(rf"(?=\d){rules.rule('targets.quantity').regex.pattern}"),
        words=re.compile(
            rf"(?<= )(?=[mhbnstc])(?P<words>(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)(?: {_MAGNITUDE})*)(?= [^\W\d])"
        ),
        worded=re.compile(rf"(?<!\w){compare} $"),
        unit=re.compile(
            rf"\s?(?:(?P<mag>{_MAGNITUDE}(?: {_MAGNITUDE})?)(?!\w) ?)?"
            rf"(?P<noun>{alternation(units)}(?!\w)|%)?"
        ),
        per=re.compile(
            r"(?: (?!và |hoặc )[^\W\d_]+){0,2}?\s?/\s?(?:\d{1,3}(?:[. ]\d{3})* )?[^\W\d_]+[23]?"
            r"(?: (?:gia đình|dân|nghìn dân|trai|gái|đêm|vạn dân|đầu người|canh tác|học|bình quân)\b){0,2}"
            r"(?:\s?/\s?[^\W\d_]+(?: đêm\b| dân\b)?)?"
        ),
        compound=re.compile(r"\s?(?:tỷ|tỉ) (?P<rest>\d{1,3}) ?triệu(?: đồng)?(?!\w)"),
        before=re.compile(rf"(?<!\w)(?:{compare}{nearer}(?P<low> từ)?|(?P<from>từ|Từ)) ?$"),
        after=re.compile(rf"\s?(?:{terms('comparators_after')})\b"),
        comparators={str(k): str(v) for k, v in comparators.items()},
        not_units=re.compile(
            rf"\s?(?:{terms('not_units')})(?!\w)(?! công\b| tuổi trở| biên chế| học sinh giỏi| quốc gia| nghìn\b| vạn\b| quà\b| việc\b)"
        ),
        not_before=re.compile(rf"(?<!\w)(?:{terms('not_before')})\s?-?\s?$"),
        ranks=re.compile(rf"\b(?:{terms('ranks')}) $"),
        places=re.compile(rf"(?:{terms('places')})\b"),
        share=rules.rule("targets.share_of_plan").regex,
        plan_word=re.compile(terms("plan_words")),
        bases=bases,
        measures=frozenset(t.casefold() for t, base in units.items() if base and "people" not in str(base))
        | {"%", "lần", "bậc", "điểm", "điểm phần trăm", "điểm %", "phần nghìn", "phần trăm", "phần vạn", "‰"},
    )


def _in_quoted_name(text: str, start: int, figures: int, end: int) -> bool:
    """Whether figures stand in a short name in quotation marks that tells no share: “5 không, 3 sạch”."""
    opened = max(text.rfind(mark, max(start, figures - NAME), figures) for mark in _QUOTES)
    if opened <= start or text[start:opened].isspace():
        return False  # none, or a spoken sentence
    if text[opened] == '"' and text.count('"', start, figures) % 2 == 0:
        return False
    closed = text.find(_QUOTES[text[opened]], opened + 1, min(end, opened + NAME))
    return closed > figures and "%" not in text[opened:closed]


def _value(figures: str) -> float | None:
    """What figures are worth; most are bare digits."""
    return float(figures) if figures.isdecimal() else parse_number(figures)


def _per_many(text: str, start: int, stop: int) -> bool:
    """Whether "trên" and a round number only tell what a rate is per, its own figure following: "trên 1.000 dân"."""
    return text.startswith("trên", start) and _PER_MANY.match(text, stop) is not None


def _identifies(prefix: str, tables: NumberTables) -> bool:
    """Whether the words before figures make them a name's or a document's: "khóa 15", "số 16"."""
    return bool(
        tables.not_before.search(prefix)
        and not _RATE.search(prefix)
        and not _COUNTS.search(prefix)
        and not _PROVIDES.search(prefix)
    )


class Numbers:
    """Finds a Doc's numbers, its dates left out."""

    def __init__(self, doc: Doc, tables: NumberTables, dates: list[tuple[int, int]]) -> None:
        self.doc = doc
        self.text = article_of(doc).text
        self.tables = tables
        self.dates = dates
        self._starts = [start for start, _ in dates]

    def find(self, start: int, end: int) -> Iterator[Number]:
        """The numbers in `text[start:end]`, in order."""
        first = self._first_figure(start, end)
        if first is None:
            return
        at = start
        for match in self.tables.quantity.finditer(self.text, first, end):
            if match.start() < at or self._in_date(match.start(), match.end()):
                continue
            made = self._number(match, start, end)
            if made is not None:
                yield made
                at = made.end

    def _first_figure(self, start: int, end: int) -> int | None:
        """Where the first digit of `text[start:end]` is; None where all its digits, if any, stand in dates."""
        first, at = None, start
        while digit := _DIGIT.search(self.text, at, end):
            first = digit.start() if first is None else first
            index = bisect_right(self._starts, digit.start()) - 1
            at = self.dates[index][1] if index >= 0 else 0
            if at <= digit.start():
                return first
        return None

    def any_before(self, start: int, end: int) -> bool:
        """Whether a number stands in `text[start:end]`."""
        return next(self.find(start, end), None) is not None

    def in_words(self, start: int, end: int) -> Iterator[Number]:
        """Numbers in words after a comparator: "ít nhất một công trình"."""
        for match in self.tables.words.finditer(self.text, start, end):
            base = max(start, match.start() - 28)
            before = self.tables.worded.search(self.text[base : match.start()])
            if before is None:
                continue
            value = parse_number(match["words"])
            if match["words"] == "một" and self.tables.comparators.get(_lower(before["comparator"])) in (
                "gt",
                "lt",
                "approx",
            ):
                continue  # "trên một ha" is a rate
            if value is None or self._in_date(match.start(), match.end()):
                continue
            if match["words"].startswith("một ") and _per_many(self.text, base + before.start(), match.end()):
                continue  # "số bác sĩ trên một vạn dân"
            made = self._with_unit(base + before.start(), match.start(), match.end(), value, None, None, end)
            if made is not None:
                yield made

    def _in_date(self, start: int, end: int) -> bool:
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and start < self.dates[index][1]:
            return True
        return index + 1 < len(self.dates) and self.dates[index + 1][0] < end and self.dates[index + 1][0] > start

    def _number(self, match: re.Match[str], start: int, end: int) -> Number | None:
        text, tables = self.text, self.tables
        low, high = _value(match["low"]), _value(match["high"]) if match["high"] else None
        figures, stop = match.start(), match.end()
        if match["high"] is not None and (self._in_date(*match.span("high")) or (high or 0) <= (low or 0)):
            high, stop = None, match.end("low")
        if low is None:
            return None
        prefix = text[max(start, figures - 22) : figures]
        percent = text[stop - 1] == "%"
        grouped = "." in match["low"]  # "trung cấp 2.200 người": no number that only identifies is written so
        rank = tables.ranks.search(prefix) is not None
        if not (percent or grouped or rank) and _identifies(prefix, tables):
            return None
        if not percent and match["high"] is None and self._names(prefix, match, stop, end):
            return None
        if not percent and _in_quoted_name(text, start, figures, end):
            return None
        if not percent and _FOR_SHARE.match(text, stop, end):
            return None  # "tiêm đủ 2 mũi cho 70% dân số": the share is the goal
        if low == 1 and _PER_ONE.match(text, stop) and prefix.lower().endswith("trên "):
            return None  # "giá trị sản xuất trên 1 ha": a rate
        if low in _ROUND and prefix.endswith("trên ") and _per_many(text, figures - len("trên "), stop):
            return None
        if not prefix.endswith(" ") and text[stop : stop + 1] != "%" and _NAMED.search(prefix):
            return None
        if not percent and _CODE.match(text, stop):
            fraction = _FRACTION.match(text, stop)
            counted = fraction and tables.unit.match(text, fraction.end())
            if fraction is None or not counted or not counted["noun"] or float(fraction[1]) < low:
                return None
            stop = fraction.end()
        if high is not None and 1900 <= low <= 2100 and 1900 <= high <= 2100 and text[stop - 1] != "%":
            return None
        a_year = match["high"] is None and 1900 <= low <= 2100 and len(match["low"]) == 4
        if a_year and not _MEASURED.match(text, stop):
            return None
        made = self._with_unit(figures, figures, stop, low, high or None, "le" if rank else None, end)
        if made and _BASE.match(text, made.end, end) and _FROM.search(prefix):
            return None  # "nâng từ 25% hiện nay lên 40%": where it starts from
        return made

    def _names(self, prefix: str, match: re.Match[str], stop: int, end: int) -> bool:
        """Whether figures belong to a name: "nhà máy Sông Lô 2 vào vận hành", "cầu Rạch Miễu 2"."""
        if len(match["low"]) > 2 or match["low"].startswith("0"):
            return False
        named = _NUMBERED.search(prefix)
        if not named or not named["name"][0].isupper():
            return False
        unit = self.tables.unit.match(self.text, stop, end)
        return not (unit and (unit["noun"] or unit["mag"]))

    def _with_unit(
        self, start: int, figures: int, stop: int, low: float, high: float | None, comparator: str | None, end: int
    ) -> Number | None:
        text, tables = self.text, self.tables
        percent = text[figures:stop].rstrip().endswith("%")
        if not percent and tables.not_units.match(text, stop) and not _LIFE.search(text[max(0, start - 60) : start]):
            return None
        unit: str | None
        compound = None if percent or high else tables.compound.match(text, stop)
        if compound:
            low, unit, unit_start, noun = low + float(compound["rest"]) / 1000, "tỷ đồng", stop, "đồng"
            stop = compound.end()
        elif percent:
            unit, unit_start, noun = "%", stop, "%"
            if rate := _PER_YEAR.match(text, stop):
                unit, stop = f"%{rate[0].strip()}", rate.end()
        else:
            unit, unit_start, noun, stop = self._unit(stop, end)
        found, start = self._comparator(start, figures)
        if after := tables.after.match(text, stop):
            found, stop = tables.comparators[after[0].strip()], after.end()
        elif found is None and comparator is None and high is None:
            # "từ 80% số hộ trở lên": what is counted may stand between the number and its comparator.
            from_it = text[start:figures].lower().startswith("từ")
            late = _LATE.match(text, stop, end)
            if late and not _OWN_LIMIT.search(late["what"]) and (from_it or not _GRADED.search(late["what"])):
                found = "ge" if late["way"] == "lên" else "le"
            elif from_it and (percent or _HAS.search(text[max(0, start - 12) : start])):
                found = "ge"
        if high is not None:
            found = "between"
        elif found is None:
            start = figures if text[start:figures].lower().strip() == "từ" else start
        measure = noun.casefold() in tables.measures
        money = tables.bases.get(noun.casefold(), (0, ""))[1] in ("đồng", "USD", "EUR") or (unit or "").startswith(
            ("tỷ", "tỉ")
        )
        return Number(
            start,
            figures,
            stop,
            low,
            high,
            found or comparator or "eq",
            unit,
            unit_start,
            noun,
            measure or not noun,
            money,
        )

    def _comparator(self, start: int, figures: int) -> tuple[str | None, int]:
        base = max(0, figures - 28)
        if match := self.tables.before.search(self.text[base:figures]):
            if match["comparator"]:
                return self.tables.comparators[_lower(match["comparator"])], base + match.start("comparator")
            return None, base + match.start("from")
        if start < figures:  # a number in words: its comparator is part of the match
            return self.tables.comparators.get(_lower(self.text[start:figures].strip())), start
        return None, start

    def _unit(self, stop: int, end: int) -> tuple[str | None, int, str, int]:
        """(unit as worded, where its noun begins, the noun, where it ends)."""
        match = self.tables.unit.match(self.text, stop, end)
        assert match is not None
        noun, mag = match["noun"] or "", match["mag"] or ""
        if noun:
            per = self.tables.per.match(self.text, match.end(), end)
            last = per.end() if per else match.end()
            return self.text[match.start() : last].strip(), match.start("noun"), noun, last
        at = match.end() if mag else stop
        if per := self.tables.per.match(self.text, at, end):  # "mẫu/ngày": a noun no list knows
            unit = self.text[stop : per.end()].strip()
            begin = at + (self.text[at : at + 1] == " ")
            if unit[:1].isalpha() and "/" not in unit[:2] and len(unit) <= 40:
                return unit, begin, unit.split("/")[0].split()[-1], per.end()
        word = _WORD.match(self.text, at, end)
        token = word_at(self.doc, word.start(1)) if word else ""
        if not word or not token[:1].islower() or not token.replace(" ", "").isalpha() or token in _FUNCTION:
            return mag or None, at, "", match.end() if mag else stop
        begin = word.start(1)
        return (f"{mag} {token}" if mag else token), begin, token, begin + len(token)
