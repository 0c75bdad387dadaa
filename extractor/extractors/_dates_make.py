"""Date atoms: one match of a rule of rules/dates.yml as a partial date, saying no more than its words do.

There is one maker for each `kind` that a rule sets; the names of a pattern's groups are explained in the rule file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from extractor.rules import Scalar
from extractor.values.dates import PartialDate, full_year

Groups = Mapping[str, str]


@dataclass(slots=True)
class Atom:
    """One matched expression, before its neighbours are looked at.

    `strong` has a head word or a year and needs no further proof; `lean` is the direction its own words point to (see
    `values.dates.complete`); `anaphor` counts days from the day told before, `last_anaphor` those of a range's end from its beginning; `last` is the end of a span.
    """

    start: int
    end: int
    rule_id: str
    kind: str
    first: PartialDate
    last: PartialDate | None = None
    strong: bool = True
    lean: int = 0
    anaphor: int | None = None
    last_anaphor: int = 0
    open_end: bool = False
    open_start: bool = False
    is_range: bool = False


class Words:
    """The word lists of rules/dates.yml with their values."""

    def __init__(self, lexicons: Mapping[str, Mapping[str, Any]]) -> None:
        self.lexicon = lexicons
        self.named = {name: str(value) for name, value in lexicons["named_days"].items()}

    def word(self, lexicon: str, word: str | None) -> Any:
        """A word's value in a list, None without a word."""
        return None if word is None else self.lexicon[lexicon].get(word)


_YEAR_WORDS = {"nay": 0, "ngoái": -1, "trước": -1, "qua": -1, "sau": 1, "tới": 1}
_LEANS = {"tới": 2, "tới đây": 2, "sắp tới": 2, "vừa qua": -2, "vừa rồi": -2, "qua": -2}


def _year(groups: Groups) -> int | None:
    for name in ("y", "ya", "yd", "yb", "yc", "y3", "yp"):
        if name in groups:
            return full_year(int(groups[name]))
    return None


def _common(words: Words, atom: Atom, groups: Groups, date: PartialDate) -> None:
    """What many expressions may carry: year, can-chi year, relative year, modifier, yearly return, direction."""
    rel = groups.get("rel", "")
    shift = _YEAR_WORDS.get(groups.get("yw") or (rel[4:] if rel.startswith("năm ") else ""))
    date = date._replace(
        year=_year(groups) if date.year is None else date.year,
        modifier=words.word("modifiers", (groups.get("mod") or "").strip() or None),
        every="every" in groups,
        can=words.word("can", groups.get("can") or groups.get("can2")),
        chi=words.word("chi", groups.get("chi") or groups.get("chi2")),
        leap="leap" in groups,
        shift=date.shift if date.shift is not None else shift,
    )
    atom.first = date
    atom.lean = _LEANS.get(rel, 0)


def _is_day(day: int, month: int | None) -> bool:
    return 1 <= day <= (31 if month is None else (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31))


def _day(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    month_text = groups.get("m") or groups.get("m2") or groups.get("m3")
    month = int(month_text) if month_text else words.word("month_words", groups.get("mw"))
    day = int(groups["d"])
    if not _is_day(day, month):
        return False
    _common(words, atom, groups, PartialDate("day", month=month, day=day))
    atom.first = atom.first._replace(part_of_day=words.word("parts", groups.get("pod")))
    atom.strong = bool(groups.get("head")) or atom.first.year is not None or "tháng" in atom.rule_id
    return True


def _day_span(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    month = int(groups.get("m") or groups["mt"])
    first, last = int(groups["d"]), int(groups["d2"])
    if first == last or not _is_day(last, month):
        return False
    _common(words, atom, groups, PartialDate("day", month=month, day=last))
    atom.last, before = atom.first, month
    year = atom.first.year
    if first > last:
        before, year = (month - 1, year) if month > 1 else (12, year - 1 if year else None)
    atom.first = atom.first._replace(month=before, day=first, year=year)
    atom.strong = bool(groups.get("head")) or "mt" in groups
    atom.is_range = True
    return True


def _lunar_day(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    month = int(groups["m"]) if "m" in groups else words.word("month_words", groups.get("mw"))
    if groups.get("mw") == "một":
        month = 11
    day = int(groups.get("d") or values["day"])  # type: ignore[arg-type]
    last = groups.get("d2") or groups.get("d3")
    marked = (
        "cal" in groups
        or "cal_in" in groups
        or "mw" in groups
        or "leap" in groups
        or atom.rule_id != "dates.lunar.first_days"
    )
    named = f"{day}-{month}" in words.lexicon["solar_first_days"]
    lunar = marked or not (_year(groups) or named)
    if not _is_day(day, None) or (lunar and day > 30):
        return False
    _common(words, atom, groups, PartialDate("day", month=month, day=day, lunar=lunar))
    if last:
        atom.last, atom.is_range = atom.first._replace(day=int(last)), True
    return True


def _tet_day(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    day = int(groups["d"])
    until = groups.get("d2") or groups.get("d3")
    if not (("mung" in groups or "head" in groups) and day <= 10) and not 20 <= day <= 30:
        return False
    last = day == 30
    _common(
        words,
        atom,
        groups,
        PartialDate("day", month=12 if day > 10 else 1, day=None if last else day, lunar=True, last=last),
    )
    if day > 10 and atom.first.can is not None:
        # "30 Tết Quý Mão" is the eve of that year.
        atom.first = atom.first._replace(
            chi=(atom.first.chi - 1) % 12 if atom.first.chi is not None else None,
            can=(atom.first.can - 1) % 10,
        )
    if until and day < int(until) <= 30 and not last:
        atom.last, atom.is_range = atom.first._replace(day=int(until)), True
    return True


def _named_day(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    lunar, _, day = words.named[groups.get("name") or str(values["name"])].rpartition(" ")
    if day == "cuối":
        date = PartialDate("day", lunar=True, last=True, month=12)
    else:
        month, number = map(int, day.split("-"))
        date = PartialDate("day", month=month, day=number, lunar=bool(lunar))
    _common(words, atom, groups, date)
    atom.strong = False
    return True


def _lunar_month(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    month = int(groups["m"]) if "m" in groups else int(words.word("month_words", groups["mw"]))
    _common(words, atom, groups, PartialDate("month", month=month, lunar=True))
    return True


def _lunar_year(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    _common(words, atom, groups, PartialDate("year", lunar=True))
    if atom.first.year is not None:
        # With a year in digits the solar year is meant as a whole.
        atom.first = atom.first._replace(lunar=False)
    return (int(atom.first.can or 0) - int(atom.first.chi or 0)) % 2 == 0


def _hour(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    minute = int(groups.get("mi") or groups.get("mig") or groups.get("mic") or 0)
    atom.first = PartialDate("day", hour=int(groups["h"]), minute=minute)
    if "h2" in groups:
        atom.last, atom.is_range = (
            PartialDate("day", hour=int(groups["h2"]), minute=int(groups.get("mi2") or groups.get("mic2") or 0)),
            True,
        )
    return int(groups["h"]) <= 24


def _part(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    part = words.word("parts", groups["pod"])
    atom.first = PartialDate("day", part_of_day=part)
    atom.strong = "buoi" in groups
    return True


def _part_shift(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    word = groups.get("rel") or groups.get("relh") or groups.get("relm") or "nay"
    shift = {"nay": 0, "qua": -1, "mai": 1, "kia": -2 if "relh" in groups else 2, "mốt": 2, "trước": -1}[word]
    atom.first = PartialDate("day", part_of_day=words.word("parts", groups["pod"]), shift=shift)
    atom.anaphor = -1 if groups.get("relh") == "trước" else None
    return True


def _weekday(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    weekday, rel = int(words.word("weekdays", groups["wd"])), groups.get("rel")
    shift = words.word("unit_shifts", rel) if "unit" in groups or rel == "này" else None
    atom.first = PartialDate(
        "week" if shift is not None else "day", weekday=weekday, shift=shift, every="every" in groups
    )
    atom.lean = 0 if rel is None else {1: 2, -1: -2}.get(int(words.word("unit_shifts", rel)), 0)
    atom.strong = rel is not None
    return True


def _day_shift(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    atom.first = PartialDate("day", shift=int(words.word("day_shifts", groups["word"])))
    atom.anaphor = -1 if groups["word"] == "hôm trước" else None
    return True


def _day_anaphor(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    atom.anaphor = int(words.word("day_anaphors", groups["word"]))
    return True


def _week(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    if "m" in groups:
        date = PartialDate("week", month=int(groups["m"]), week=int(words.word("weeks", groups["w"])))
    else:
        date = PartialDate("week", week=int(groups["w"]))
    _common(words, atom, groups, date)
    return True


def _month(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    if "mw2" in groups:
        month = 1 if groups["mw2"].startswith("đầu") else 12
    else:
        month = int(groups["m"]) if "m" in groups else int(words.word("month_words", groups["mw"]))
    _common(
        words,
        atom,
        groups,
        PartialDate("month", year=full_year(int(groups["y0"])) if "y0" in groups else None, month=month),
    )
    if atom.kind == "month_word":
        atom.strong = atom.first.year is not None
    if atom.kind == "month_bare":
        atom.strong = "t" in groups
    if atom.first.can is not None:
        atom.first = atom.first._replace(lunar=True)
    return True


def _month_span(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    first, last = int(groups["m"]), int(groups["m2"])
    _common(words, atom, groups, PartialDate("month", month=last))
    year = atom.first.year
    atom.last = atom.first
    atom.first = atom.first._replace(month=first, year=year - 1 if year and first > last else year)
    atom.is_range = True
    return first != last


def _quarter(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    number = int(words.word("quarters", groups["q"]))
    last = int(words.word("quarters", groups["q2"])) if "q2" in groups else number
    if groups["q"] in ("đầu", "cuối", "hai", "ba") and _year(groups) is None and not groups.keys() & {"plain", "yw"}:
        return False
    _common(words, atom, groups, PartialDate("months", month=3 * number - 2, month_end=3 * max(number, last)))
    atom.is_range = last > number
    return True


def _months(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    text = groups.get("n") or str(values.get("n"))
    count = int(text) if text.isdigit() else int(words.word("numbers", text))
    if not 1 <= count <= 11:
        return False
    early = groups.get("mod", "đầu") == "đầu"  # "mod2" is always the beginning
    first, last = (1, count) if early else (13 - count, 12)
    _common(
        words,
        atom,
        {k: v for k, v in groups.items() if k != "mod"} | ({"y": groups["y2"]} if "y2" in groups else {}),
        PartialDate("months", month=first, month_end=last),
    )
    return True


def _years(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    year = int(groups["y"])
    last = int(groups.get("y2") or year)
    last = last + year // 100 * 100 if last < 100 else last
    _common(words, atom, groups, PartialDate("year", year=year, year_end=last if last != year else None))
    atom.is_range = last != year
    months = [int(groups[name]) if name in groups else None for name in ("m", "m2")]
    if any(months):
        # "giai đoạn 2020 – 7/2025": each end in its own unit.
        ends = [
            PartialDate("month" if m else "year", year=y, month=m) for m, y in zip(months, (year, last), strict=True)
        ]
        atom.first, atom.last, atom.is_range = ends[0]._replace(modifier=atom.first.modifier), ends[1], True
    return year <= last <= year + (200 if year >= 1800 else 1000)


def _year_one(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    _common(words, atom, groups, PartialDate("year"))
    atom.strong = atom.kind != "year_bare"
    return True


_ROMAN = {"i": 1, "v": 5, "x": 10}


def century_number(text: str) -> int | None:
    """The number of a century written in Roman or Arabic digits ("xx" is 20), or None."""
    if text.isdigit():
        return int(text)
    if not text or set(text) - set(_ROMAN):
        return None
    numbers = [_ROMAN[c] for c in text]
    return sum(-n if n < following else n for n, following in zip(numbers, [*numbers[1:], 0], strict=True))


def _decade(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    text = groups["n"]
    year = int(text)
    if year < 100:
        century = century_number(groups.get("century", "20")) or (20 if groups.get("century") != "này" else 21)
        year += (century - 1) * 100
    _common(words, atom, groups, PartialDate("decade", year=year, year_end=year + 9))
    return True


def _century(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    text = groups["century"]
    number = century_number(text)
    if number is None or not 1 <= number <= 30:
        return False
    _common(words, atom, groups, PartialDate("century", year=(number - 1) * 100 + 1, year_end=number * 100))
    return True


_UNITS = {
    "năm": "year",
    "tháng": "month",
    "quý": "months",
    "quí": "months",
    "tuần": "week",
    "thế kỷ": "century",
    "thập kỷ": "decade",
}


def _unit_shift(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    unit, rel = groups["unit"], groups["rel"]
    if (unit == "năm" and rel in ("này", "rồi")) or (unit != "năm" and rel in ("nay", "ngoái")):
        return False
    shift = int(words.word("unit_shifts", rel))
    _common(words, atom, {k: v for k, v in groups.items() if k != "rel"}, PartialDate(_UNITS[unit], shift=shift))
    atom.strong = False
    return True


def _unit_part(words: Words, atom: Atom, groups: Groups, values: Mapping[str, Scalar]) -> bool:
    _common(words, atom, groups, PartialDate(_UNITS[groups.get("unit", "năm")], shift=int(values.get("shift") or 0)))
    atom.strong = not values.get("range_only")
    return True


Maker = Callable[[Words, Atom, Groups, Mapping[str, Scalar]], bool]

MAKERS: dict[str, Maker] = {
    "day": _day, "day_span": _day_span, "lunar_day": _lunar_day, "tet_day": _tet_day, "named_day": _named_day,
    "lunar_month": _lunar_month, "lunar_year": _lunar_year, "hour": _hour, "part": _part,
    "part_shift": _part_shift, "weekday": _weekday, "day_shift": _day_shift, "day_anaphor": _day_anaphor,
    "week_month": _week, "week_number": _week, "month": _month, "month_word": _month, "month_bare": _month,
    "month_span": _month_span, "quarter": _quarter, "months": _months, "months_first": _months, "years": _years,
    "year": _year_one, "year_bare": _year_one, "decade": _decade, "century": _century, "unit_shift": _unit_shift,
    "unit_part": _unit_part,
}  # fmt: skip
