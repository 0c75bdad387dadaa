"""Which atoms without a head word of their own are dates: judged from the words before and after them."""

import re
from collections.abc import Iterable

from extractor.extractors._dates_make import Atom
from extractor.extractors._dates_read import Reader
from extractor.rules import alternation

_MONTHLY = re.compile(r"[^.;\n]{0,25}(?:hàng|hằng|mỗi) tháng")
_DAILY = re.compile(r"[^.;\n]{0,30}(?:hàng|hằng|mỗi|các) ngày")
_CAMPAIGN = re.compile(r" (?:xanh|đỏ|hồng|tình nguyện|yêu thương|tím|nhân ái|nghĩa tình|vì )")
_AFTER_ITEM = (" (", " –", " - ", ":", ": ")
_DASHES = (" – ", " - ", " — ")
_AFTER_DASHED = (" –", " -", " —")
_AT_ABOUT = tuple(
    f"{word} {about} " for word in ("vào", "từ", "đến", "tới", "trong", "lúc") for about in ("khoảng", "chừng")
)
_AND_YEAR = re.compile(r",? và (?:dự kiến |ước |kế hoạch )?cả năm")
_EACH = re.compile(r",? (?:hàng|hằng|mỗi) ")
_FEASTS = re.compile(r"(?<!\w)(?:nghỉ lễ|dịp|giỗ tổ|kỷ niệm|quốc khánh)(?!\w)(?:(?!đường|phố)[^.;\n\d]){0,40}, $")
"""Feasts told in a list, the days of some with no word before them: "nghỉ lễ Giỗ Tổ, 30/4 và 01/5"."""
_LED_BY_TIME = ("đến ", "tới ", "trước ", "vào ", "từ ", "hết ", "khoảng ")
_TO_WEEKDAY = (
    "vào ",
    "từ ",
    "đến ",
    "tới ",
    "hôm ",
    "trước ",
    "sau ",
    "và ",
    "diễn ra ",
    "tổ chức ",
    "trong ",
    "(",
    "ngày ",
)
_AT_SITTING = re.compile(
    r"(?<!\w)(?:phiên|buổi|làm việc|thảo luận|chất vấn|khai mạc|bế mạc|họp)(?: [^\W\d]+){0,3} (?=$)"
)
"""Before "buổi sáng": it is the part of the meeting's day."""
_LISTED = re.compile(r"(?:,|;| và| &| hoặc|, và)? ?|(?: ?[-–] ?)")
_WORD_BEFORE = re.compile(r"[\w%]+$")


class Judge:
    """Decides, for one rule set, whether a doubtful atom is a date."""

    def __init__(self, reader: Reader) -> None:
        lexicon = reader.lexicon
        self.reader = reader

        def before(name: str) -> re.Pattern[str]:
            words = sorted(lexicon[name], key=lambda w: (-len(w), w))
            return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})[: ] ?$")

        self.counted = re.compile(
            rf" ?{alternation(lexicon['counted'], either_case=False)}(?!\w)"
            rf"(?! {alternation(lexicon['not_counted'], either_case=False)}(?!\w))"
        )
        self.months_before, self.duration_before = before("months_before"), before("duration_before")
        vague = alternation(lexicon["fraction_verbs"], either_case=False)
        self.fraction_before = re.compile(
            rf"(?<!\w){vague}(?: (?:đi|tới|đến|được|còn|thêm|khoảng|gần|hơn|chừng|cỡ))* $"
        )
        sets = alternation(lexicon["weekday_set_before"], either_case=False)
        self.weekday_set = re.compile(
            rf"(?<!\w){sets} (?:(?:thứ \w+|chủ nhật)(?:,| và|, và) ){{0,5}}(?:sáng |chiều )?(?:ngày )?$"
        )
        self.day_before, self.count_before = before("day_before"), before("count_before")
        self.vague_before, self.named_before = before("vague_before"), before("named_before")
        self.greeted_before = before("greeted_before")
        self.figurative_before, self.celebrated_before = before("figurative_before"), before("celebrated_before")

    def keep(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        """Whether an atom becomes a row; `previous` is the row before it."""
        test = getattr(self, f"_{atom.kind}", None)
        if atom.kind == "day" and "ngày" in low[atom.start : atom.end] and _MONTHLY.match(low, atom.end):
            return False
        if test is not None and not (atom.strong and atom.kind in ("day", "month_bare")):
            return bool(test(low, text, atom, previous))
        return True

    def _before(self, regex: re.Pattern[str], low: str, at: int) -> bool:
        return regex.search(low, max(0, at - 22), at) is not None

    def _day(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        date = atom.first
        if date.month is None:
            return False
        if (
            previous is not None
            and previous.first.unit == "day"
            and _LISTED.fullmatch(low, previous.end, atom.start)
            and not self.counted.match(low, atom.end)
        ):
            return True
        slash = "/" in low[atom.start : atom.end]
        following = low[atom.end : atom.end + 1]
        if slash and (atom.lean or date.shift is not None):
            return True
        if slash and self._fraction(low, atom):
            return False
        if slash and (date.day or 0) > date.month and low.endswith(self.reader.until_words, 0, atom.start):
            return True
        if self.counted.match(low, atom.end) or self._before(self.count_before, low, atom.start):
            return (
                self._before(self.day_before, low, atom.start)
                and not self.counted.match(low, atom.end)
                and (slash or following in ",;)")
            )
        famous = (date.day, date.month) in self.reader.solar_days
        if low[atom.start - 1 : atom.start] == "(":
            return (following == ")" and not low.endswith(("%", "% "), 0, atom.start - 1)) or (
                slash and following in " -–,;"
            )
        if atom.first.every or (famous and low.startswith(" là ngày ", atom.end)):
            return True
        if low.endswith(_DASHES, 0, atom.start):
            # Set off by a dash: "– 2/3 –".
            return slash and (low.startswith(_AFTER_DASHED, atom.end) or following in ",.;)\n")
        if slash and low.startswith(_AFTER_ITEM, atom.end) and not self.counted.match(low, atom.end):
            # An item of a schedule: "; 03/9 (do trùng ngày nghỉ) và 16/9 – Chủ tịch UBND huyện".
            opens = low.endswith(("; ", ": ", "\n"), 0, atom.start)
            goes_on = low.endswith("và ", 0, atom.start) and previous is not None and previous.first.unit == "day"
            if opens or (goes_on and previous is not None and atom.start - previous.end <= 80):
                return True
        before = _WORD_BEFORE.search(low, max(0, atom.start - 20), atom.start - 1)
        if self._before(self.day_before, low, atom.start):
            return slash or following in ",.;)\n" or famous
        if famous and slash and _FEASTS.search(low, max(0, atom.start - 60), atom.start):
            return True
        if famous and before and not before[0].isdigit() and (slash or "-" in low[atom.start : atom.end]):
            return True
        # "Ngày Thương binh liệt sỹ 27/7": the head word stands before the name.
        return bool(
            slash and re.search(r"(?:ngày|lễ|dịp) [^\d,.;:()\n]{0,60}$", low[max(0, atom.start - 70) : atom.start])
        )

    def _fraction(self, low: str, atom: Atom) -> bool:
        """Whether a day over a month is rather a part of something: "giảm khoảng 1/3", "còn 2/3"."""
        day, month = atom.first.day or 0, atom.first.month or 0
        if atom.first.year is not None or not 1 <= day < month <= 10:
            return False
        about = low.endswith(("khoảng ", "chừng "), 0, atom.start) and not low.endswith(_AT_ABOUT, 0, atom.start)
        return about or self.fraction_before.search(low, max(0, atom.start - 30), atom.start) is not None

    def _months_first(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if atom.first.year is not None or atom.first.shift is not None or _AND_YEAR.match(low, atom.end):
            return True
        if self._before(self.months_before, low, atom.start):
            return True
        return low[atom.end : atom.end + 1] == " " and not self._before(self.duration_before, low, atom.start)

    def _day_span(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if atom.strong:
            return True
        return not self.counted.match(low, atom.end) and not (
            atom.first.year is None and self._before(self.count_before, low, atom.start)
        )

    def _hour(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        return False

    def _part(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if (not atom.strong and previous is None) or self._before(self.vague_before, low, atom.start):
            return False
        if low[atom.end : atom.end + 1] == ":" or re.match(r" (?:hàng|hằng|mỗi) ", low[atom.end : atom.end + 6]):
            return False
        buoi = low.startswith("buổi ", atom.start) and low[atom.end : atom.end + 1] in (",", ".", ";")
        if buoi and _AT_SITTING.search(low, max(0, atom.start - 40), atom.start):
            return True
        # A part without its day is that of the day told before, when it opens its clause.
        lead = low[max(0, atom.start - 12) : atom.start]
        if lead.endswith(("trong ", "ngay ")):
            return atom.strong
        if (
            previous is not None
            and previous.first.unit == "day"
            and low[previous.end : atom.start] in (", ", "; ", ": ")
        ):
            return atom.strong
        return low[atom.end : atom.end + 1] == "," and (
            lead == "" or lead[-1] == "\n" or lead.endswith((". ", "; ", "… ", "! "))
        )

    def _day_shift(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        return not self._before(self.figurative_before, low, atom.start)

    def _weekday(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if (
            atom.first.every
            or low.startswith(" nào", atom.end)
            or re.search(r"(?:hàng|hằng|mỗi) tuần", low[atom.end : atom.end + 40])
            or self._before(self.vague_before, low, atom.start)
        ):
            return False
        if atom.strong:
            return True
        if _CAMPAIGN.match(low, atom.end) or self.weekday_set.search(low, max(0, atom.start - 60), atom.start):
            return False
        word = text[atom.start : atom.end].split()
        if atom.first.weekday == 6:
            return True
        # Ordinals are far more frequent ("kỳ họp thứ Sáu"): the name of a day needs its capital and a word before it.
        lead = low[max(0, atom.start - 9) : atom.start]
        if not low.startswith(("ngày", "hôm"), atom.start) and not lead.endswith(_TO_WEEKDAY):
            return False
        named = word[-1][:1].isupper() and word[0][:1].islower() and not text[atom.start : atom.end].isupper()
        return named or (
            word[-1].isdigit()
            and lead.endswith(("vào ", "hôm "))
            and not re.match(r"[,;]? (?:và )?\d", low[atom.end : atom.end + 5])
        )

    def _time(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        date = atom.first
        if date.weekday is not None and (date.every or (date.day is None and low.startswith(" nào", atom.end))):
            return False
        if (
            date.day is not None
            or date.shift is not None
            or date.weekday is not None
            or date.last
            or atom.anaphor is not None
        ):
            return True
        # An hour of the morning without its day is that of the day told before; opening hours return every day.
        return previous is not None and not _DAILY.match(low, atom.end)

    def _range(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        first, last = atom.first, atom.last
        if first.hour is None or last is None:
            return True
        told = any(d.day is not None or d.shift is not None or d.weekday is not None for d in (first, last))
        return told or atom.anaphor is not None or (previous is not None and not _DAILY.match(low, atom.end))

    def _named_day(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if re.match(r",? ?(?:ngày )?\(?\d{1,2}[/\-.]\d", low[atom.end : atom.end + 12]):
            return False
        if low.endswith("ngày ", 0, atom.start) and self._before(self.celebrated_before, low, atom.start - 5):
            return False
        if previous is not None and _LISTED.fullmatch(low, previous.end, atom.start):
            # The second of two feasts: "dịp Giáng sinh và Tết Dương lịch".
            solar = (previous.first.day, previous.first.month) in self.reader.solar_days
            if previous.kind == "named_day" or (previous.kind == "day" and solar):
                return True
        return self._before(self.named_before, low, atom.start)

    def _lunar_year(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        # "mừng Xuân Giáp Thìn" names what is greeted; with its number it is a year all the same.
        greeted = low.startswith(("xuân", "năm mới"), atom.start) and self._before(self.greeted_before, low, atom.start)
        return atom.first.year is not None or not greeted

    def _month_word(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        words = text[atom.start : atom.end].split()
        return atom.strong or (words[-1][:1].isupper() and not text[atom.start : atom.end].isupper())

    def _month_bare(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        return not self._before(self.count_before, low, atom.start) and not self.counted.match(low, atom.end)

    def _unit_shift(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        lead = low[max(0, atom.start - 14) : atom.start].rstrip()
        vague = atom.first.modifier is None and self._before(self.vague_before, low, atom.start)
        return not (vague or lead[-1:].isdigit())

    def _unit_part(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if atom.strong:
            return True
        led = low.endswith(_LED_BY_TIME, 0, atom.start)
        return led and atom.first.unit != "week" and not _EACH.match(low, atom.end)

    def _years(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        if atom.rule_id != "dates.years.bare":
            return True
        return not self.counted.match(low, atom.end) and not low.endswith(("số ", "số: "), 0, atom.start)

    def _year_bare(self, low: str, text: str, atom: Atom, previous: Atom | None) -> bool:
        year = atom.first.year or 0
        if atom.strong or atom.first.modifier:
            return True
        if not 1900 <= year <= 2099:
            return False
        if self.counted.match(low, atom.end) or re.match(r" ?[-–/x*+]", low[atom.end : atom.end + 2]):
            return False
        start = low[atom.start - 1 : atom.start]
        if start == "(":
            return low[atom.end : atom.end + 1] in "),;"
        if _IN_LAW.search(low, max(0, atom.start - 60), atom.start):
            return True
        if self._before(self.count_before, low, atom.start):
            return low.endswith(("với ", "trên "), 0, atom.start) and low[atom.end : atom.end + 1] in ",.;)"
        word = _WORD_BEFORE.search(low, max(0, atom.start - 20), max(0, atom.start - 1))
        if word is None:
            return (
                start == "-"
                or low.endswith((" - ", " – "), 0, atom.start)
                or (
                    start == " "
                    and previous is not None
                    and previous.kind in ("year", "year_bare")
                    and atom.start - previous.end <= 5
                )
            )
        if word[0].isdigit() or "%" in word[0] or word[0] == "năm":
            return False
        if year % 50:
            return True
        # A round number is a year only where the words after it cannot be what is counted.
        tail = low[atom.end : atom.end + 1]
        return tail in ",.;:)]\"”»\n?!…’'" or tail == "" or bool(_AFTER_YEAR.match(low, atom.end))


_IN_LAW = re.compile(r"(?<!\w)(?:bộ )?luật [^,.;:\n\d]{3,50} $")
"""A law's name before its year: "Luật Đầu tư 2020"."""
_AFTER_YEAR = re.compile(
    r" (?:"
    r"và|của|đến|với|có|đã|sẽ|cho|tại|được|cùng|ở|do|vào|tới|này|thì|là|diễn|đạt|trên|trong|ngày|khi|"
    r"nhằm|để|bằng|vừa|như|về|theo|tăng|giảm|tổ chức|so|phải|toàn|huyện|tỉnh|thành|ngành|ước|cơ bản|"
    r"đang|từ|sang|qua|không|còn|hoàn thành|phấn đấu|trở|nhưng|mà|nếu|sau|trước|dự kiến|đặt|thu hút|"
    r"khai mạc|bế mạc|\(|-|–|[A-ZĐ]"
    r")"
)


def judged(low: str, text: str, atoms: Iterable[Atom], judge: Judge) -> list[Atom]:
    """The atoms that are dates."""
    kept: list[Atom] = []
    for atom in atoms:
        if judge.keep(low, text, atom, kept[-1] if kept else None):
            kept.append(atom)
    return kept
