"""Vietnamese numbers, magnitudes and units as values: pure functions on strings.

A Vietnamese text writes 1.200 for one thousand two hundred and 1,5 for one and a half, but also 1.5 (a decimal point
where no group of three digits follows) and "01" for one. Magnitude words ("nghìn", "triệu", "tỷ") belong to the unit
as worded; `scale` multiplies them in.
"""

import re
from collections.abc import Mapping

MAGNITUDES: dict[str, float] = {
    "chục": 1e1, "trăm": 1e2, "nghìn": 1e3, "ngàn": 1e3, "ngìn": 1e3, "vạn": 1e4, "triệu": 1e6, "tr": 1e6,
    "tỷ": 1e9, "tỉ": 1e9,
}  # fmt: skip
"""Magnitude words and what they multiply by."""

DIGITS: dict[str, int] = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
"""Number words below ten, with the forms they take after a ten."""

_GROUPED_DOT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_COMMA = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?")
_GROUPED_BLANK = re.compile(r"\d{1,3}(?: \d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")

NUMBER = r"\d{1,3}(?: \d{3})* 000(?!\d)|\d+(?:[.,]\d+)*"
"""A number in figures; a blank groups thousands only where the number ends in 000."""

BaseUnit = tuple[float, str]
"""What a unit converts to: (factor, name of the base unit), such as (10000.0, "m²") for "ha"."""


def parse_number(words: str) -> float | None:
    """The value of a number in figures or in words.

    Args:
        words: "1.200", "1,5", "01", "1.234,5", "12 000", "hai", "mười lăm", "một nghìn rưỡi", "2,5 triệu".

    Returns:
        The value, magnitude words multiplied in; None if the words are no number.
    """
    words = " ".join(words.split())
    match = re.match(NUMBER, words)
    if match is None:
        return _parse_words(words.casefold().split())
    value = _parse_figures(match[0])
    rest = words[match.end() :].casefold().split()
    if value is None or any(word not in MAGNITUDES for word in rest):
        return None
    for word in rest:
        value *= MAGNITUDES[word]
    return value


def _parse_figures(figures: str) -> float | None:
    if _GROUPED_DOT.fullmatch(figures):
        return float(figures.replace(".", "").replace(",", "."))
    if _GROUPED_COMMA.fullmatch(figures):
        return float(figures.replace(",", ""))
    if _GROUPED_BLANK.fullmatch(figures):
        return float(figures.replace(" ", "").replace(",", "."))
    if _PLAIN.fullmatch(figures):
        return float(figures.replace(",", "."))
    return None


def _parse_words(words: list[str]) -> float | None:
    """Number words from left to right: below a magnitude word a group of up to three digits is collected."""
    if not words:
        return None
    total, group, last, seen = 0.0, 0.0, 0.0, False
    for index, word in enumerate(words):
        if word in ("rưỡi", "rưởi") and index and words[index - 1] in MAGNITUDES:
            total += last / 2
        elif word in ("lẻ", "linh") and seen:
            continue
        elif word == "mười":
            group, seen = group + 10, True
        elif word == "mươi" and seen:
            group += (group % 10) * 9
        elif word == "nửa" and len(words) == 1:
            return 0.5
        elif word in DIGITS:
            group, seen = group + DIGITS[word], True
        elif word in MAGNITUDES and seen:
            last = MAGNITUDES[word]
            if last < 1e3:  # tens and hundreds multiply the digit just before them
                group += (group % 10) * (last - 1)
            elif total and last > total:  # "năm nghìn tỷ"
                total, group = (total + group) * last, 0.0
            else:
                total, group = total + group * last, 0.0
        else:
            return None
    return total + group if seen else None


def parse_range(words: str) -> tuple[float, float] | None:
    """The two ends of a range: "1,5 - 2", "15-20", "từ 80 đến 90", "2 – 3".

    Returns:
        (lower, upper), or None if the words are no range of two numbers in order.
    """
    match = re.fullmatch(rf"(?:[Tt]ừ )?({NUMBER})\s?%?\s?(?:[-–—÷]|đến|tới)\s?({NUMBER})\s?%?", words.strip())
    if match is None:
        return None
    low, high = _parse_figures(match[1]), _parse_figures(match[2])
    return (low, high) if low is not None and high is not None and low < high else None


def split_unit(unit: str) -> tuple[float, str]:
    """A unit as worded taken apart.

    Args:
        unit: "nghìn tỷ đồng", "triệu lượt khách", "ha".

    Returns:
        (product of its leading magnitude words, the rest): (1e12, "đồng"), (1e6, "lượt khách"), (1.0, "ha").
    """
    factor, words = 1.0, unit.split()
    while words and words[0].casefold() in MAGNITUDES:
        factor *= MAGNITUDES[words.pop(0).casefold()]
    return factor, " ".join(words)


def parse_base(text: str) -> BaseUnit:
    """A base as rule files write it: "10000 m²" → (10000.0, "m²").

    Raises:
        ValueError: the text is not a number, a blank and a name.
    """
    factor, _, name = text.partition(" ")
    if not name:
        raise ValueError(f"{text!r} is not a factor and a base unit, such as '10000 m²'")
    return float(factor), name


def scale(value: float, unit: str | None, bases: Mapping[str, BaseUnit]) -> tuple[float | None, str | None]:
    """A value in its base unit.

    Args:
        value: the value in `unit`.
        unit: the unit as worded, with its magnitude words ("tỷ đồng"), or None.
        bases: what units without magnitude words convert to, by their folded wording.

    Returns:
        (base value, base unit): (1.2, "tỷ đồng") → (1.2e9, "đồng"); (None, None) where the unit does not convert.
        What follows a slash ("triệu đồng/người/năm") is kept with the base: "đồng/người/năm".
    """
    if not unit:
        return None, None
    head, slash, per = unit.partition("/")
    factor, name = split_unit(head.strip())
    if not name and factor >= 1e9:
        # "1.500 tỷ" alone is money; "5 triệu" may be anything.
        name = "đồng"
    words = name.casefold().split()
    for length in range(len(words), 0, -1):
        base = bases.get(" ".join(words[:length]))
        if base is not None:
            return round(value * factor * base[0], 6), base[1] + (f"/{per.strip()}" if slash else "")
    return None, None
