"""Names of commemorated days: where a name ends, and which day of the table it means."""

import re
from dataclasses import dataclass

from extractor.rules import RuleSet
from extractor.text import fold_tones
from extractor.values.commemorations import Partial

FILE = "anniversaries"
GAZETTEER = "commemorated_days"
_WORD = re.compile(r"\w+")
_WITHIN = re.compile(r",? ?[-–—]? ?")
_TRAILING = " -–—,/'‘’&"
_GAP_TO_BRACKET = re.compile(r"[^.;:!?\n()\d]{1,100}(?=\()")

_LONGEST = 200
"""Characters that a name may have."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A row of the table of commemorated days."""

    name: str
    day: Partial
    origin_year: int | None


class Names:
    """The table of commemorated days and the rules for the end of a name, compiled once for a set of rules."""

    def __init__(self, rules: RuleSet) -> None:
        self._padding = frozenset(_word(w) for w in rules.lexicon(FILE, "padding"))
        self._abbreviations = {
            _word(short): tuple(map(_word, _WORD.findall(str(long))))
            for short, long in rules.lexicon(FILE, "abbreviations").items()
        }
        self._by_key: dict[Key, NamedDay] = {}
        self.by_day: dict[tuple[int, int], NamedDay] = {}
        for row in rules.gazetteer(GAZETTEER):
            lunar = row["calendar"] == "lunar"
            year = int(row["origin_date"][:4]) if row["origin_date"] else None
            named = NamedDay(row["name"], Partial(None, int(row["month"]), int(row["day"]), lunar), year)
            for name in (row["name"], *filter(None, row["aliases"].split("|"))):
                self._by_key.setdefault(self.key(name.lower()), named)
            if not lunar:
                self.by_day.setdefault((int(row["month"]), int(row["day"])), named)
        self._longest = max(map(len, self._by_key), default=0)
        starts = "{strong_cues}|{heads}|{known_names}|" + r"\d{1,4} ?năm\b"
        starts = starts.replace("{known_names}", rules.rule("anniversary.known_day").source.pattern or "")
        self._end = rules.regex(
            FILE,
            r"""[\n;:!?…“”"»«\[{]|(?P<aside>\([^()\d\n]{2,60}\))|\(|(?<!\btp)(?<!\bt)\.(?=\s|\Z)|,(?! ?{continuations})"""
            rf"|(?:,? và|,) (?={starts})|\s(?:{{stops}})\b"
            r"|,? (?:ngày |mùng |mồng )?\d{1,2}[/.-]\d{1,2}|,? (?:ngày|mùng|mồng) \d| \d{1,2} tháng \d",
        )
        self._local = rules.regex(FILE, r"(?:thành|tái|truyền|giải|khai|khởi)\b")

    def key(self, name: str) -> Key:
        """A name's words for comparing: without tone marks, "y" as "i", abbreviations in full, padding dropped."""
        words: list[str] = []
        for match in _WORD.finditer(name):
            word = _word(match.group())
            words.extend(self._abbreviations.get(word, (word,)))
        return tuple(w for w in words if w not in self._padding)

    def end(self, low: str, start: int) -> int:
        """Where a name that starts at `start` of a lower-case text ends; an aside in brackets is part of it."""
        last = min(len(low), start + _LONGEST)
        ends = self._end.finditer(low, self._known_end(low, start, last), last)
        end = next((m.start() for m in ends if m["aside"] is None), last)
        while end > start and low[end - 1] in _TRAILING:
            end -= 1
        return end

    def _known_end(self, low: str, start: int, last: int) -> int:
        """The end of the longest name of the table that begins at `start`, or of the first word."""
        end = previous = start + 1
        words: list[str] = []
        for count, match in enumerate(_WORD.finditer(low, start, last)):
            if count and not _WITHIN.fullmatch(low, previous, match.start()):
                break
            previous = match.end()
            word = _word(match.group())
            words += [w for w in self._abbreviations.get(word, (word,)) if w not in self._padding]
            if count == 0 or (tuple(words) in self._by_key and word not in self._padding):
                end = match.end()
            if len(words) >= self._longest:
                break
        return end

    def bracket_after(self, low: str, end: int) -> int | None:
        """Where the next bracket opens, if only words of the name stand before it."""
        gap = _GAP_TO_BRACKET.match(low, end)
        return gap.end() if gap else None

    def look_up(self, key: Key) -> NamedDay | None:
        """The table's row for a name's key.

        A name that goes on after a row's words is that row ("Quốc khánh nước …"), but "thành lập Đảng bộ huyện" is not
        "thành lập Đảng": founding, liberation and tradition days are compared whole.
        """
        named = self._by_key.get(key)
        if named or not key or self._local.match(key[0]) or key[0] in ("thanh", "tai", "truyên", "giai", "khơi"):
            return named
        for length in range(min(len(key) - 1, self._longest), 0, -1):
            named = self._by_key.get(key[:length])
            if named:
                return named
        return None


def goes_on(longer: Key, shorter: Key) -> bool:
    """Whether a name begins with all the words of another: "thành lập huyện Sơn Hà" with "thành lập huyện"."""
    return bool(shorter) and longer[: len(shorter)] == shorter


def _word(word: str) -> str:
    return fold_tones(word).replace("y", "i")
