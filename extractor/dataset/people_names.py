"""Spelling of names across articles: what counts as the same name, and what may be a misspelling of another.

Pure functions over strings; no I/O.
"""

import re
import unicodedata
from functools import lru_cache

from extractor.text import fold
from extractor.values.names import in_name_case

_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "4", "\u0323": "5"}
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_DASHES = re.compile(r"\s*[-–—]\s*")
_FINAL_Y = re.compile("^([^aeiouyăâêôơư]+|qu)y$")


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """What two spellings of one name have in common.

    Case, the place of a tone mark ("Thuý", "Thúy"), the kind of apostrophe and final i for y ("Lý", "Lí") do not count. The tone
    itself does, and so do all other diacritics: "Dũng" and "Dung", "Đàm" and "Dam" are other names.

    Args:
        name: a name as written.

    Returns:
        The key: the letters without tones, each syllable followed by the number of its tone.
    """
    plain = _DASHES.sub(" ", _APOSTROPHES.sub("", name.casefold()))
    return " ".join(_syllable_key(word) for word in plain.split())


@lru_cache(maxsize=50_000)
def _syllable_key(word: str) -> str:
    letters, tone = [], ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in _TONES:
            tone = tone or _TONES[letter]
        else:
            letters.append(letter)
    bare = unicodedata.normalize("NFC", "".join(letters))
    return _FINAL_Y.sub(r"\1i", bare) + tone


def is_short(name: str) -> bool:
    """Whether a name is only the one by which a person is called ("Tuấn"), so that it tells nobody from others."""
    return len(_DASHES.sub(" ", name).split()) < 2


def _one_letter(a: str, b: str) -> bool:
    """Whether one letter put in, left out, changed, or two neighbours swapped make one word of the other."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 2:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[at:], b[at:]
    if len(a) == len(b):
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]


def nearness(one: str, other: str) -> str | None:
    """How one name may be a way of writing another.

    Args:
        one: a name.
        other: another one.

    Returns:
        "marks": they differ in diacritics of one syllable ("Huấn", "Huân"; "Đàm", "Dam") or, written without
        any, in all of them; "letter": in one letter of one syllable; "syllable": one lacks a middle syllable; "short": one is the
        last syllables of the other; None: none of these.
    """
    a, b = _words(one), _words(other)
    first, second = name_key(one).split(), name_key(other).split()
    if not a or not b or first == second or (abs(len(first) - len(second)) not in (0, 1) and a[-1] != b[-1]):
        return None
    if len(first) == len(second):
        return _same_length(a, b, first, second)
    shorter, longer = sorted((first, second), key=len)
    if longer[-len(shorter) :] == shorter:
        return "short"
    middle = (
        len(longer) - len(shorter) == 1 and len(shorter) > 1 and longer[0] == shorter[0] and longer[-1] == shorter[-1]
    )
    if middle and any(longer[:i] + longer[i + 1 :] == shorter for i in range(1, len(longer) - 1)):
        return "syllable"
    return None


@lru_cache(maxsize=50_000)
def _words(name: str) -> tuple[str, ...]:
    """A name's words without diacritics."""
    return tuple(fold(in_name_case(_APOSTROPHES.sub("", name))).replace("-", " ").split())


def _same_length(a: tuple[str, ...], b: tuple[str, ...], one: list[str], other: list[str]) -> str | None:
    differing = [i for i, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    if a == b:
        return "marks" if len(differing) == 1 or list(a) in (one, other) else None
    if len(a) < 2 or len(differing) != 1 or len(a) != len(b):
        return None
    at = differing[0]
    return "letter" if _one_letter(a[at], b[at]) else None
