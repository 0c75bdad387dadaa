"""Canonical text and search folding: the only place where text changes."""

import re
import unicodedata
from functools import cache
from typing import Any

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_BLANKS = re.compile(r"[^\S\n]+")


def canonical_text(text: str) -> str:
    """The canonical form of a text, in which every offset of the dataset counts.

    Unicode NFC; zero-width, soft-hyphen and control characters removed; every run of
    blanks inside a line is one space; lines stripped, empty ones dropped, joined by `"\\n"`. Spelling is never changed.

    Args:
        text: any text; its lines are paragraphs.

    Returns:
        The canonical text; a fixed point: `canonical_text(canonical_text(t)) == canonical_text(t)`.
    """
    if is_canonical(text):
        return text
    text = _LINE_ENDS.sub("\n", text.translate(_INVISIBLE))
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def is_canonical(text: str) -> bool:
    """Whether `canonical_text(text) == text`, told many times as fast.

    A printable text has neither controls nor invisible signs nor blanks other than the space; what Python does not know
    to be printable (private use, newer letters than its Unicode's) is asked in full.
    """
    if any(blanks in text for blanks in _NEVER) or text[:1] in _ENDS or text[-1:] in _ENDS:
        return text == ""
    if not text.replace("\n", "").isprintable() and _FORBIDDEN.search(text):
        return False
    return unicodedata.is_normalized("NFC", text)


_NEVER = ("  ", " \n", "\n ", "\n\n")
_ENDS = ("", " ", "\n")
_FORBIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]|[^\\S\n ]")


def fold(text: str) -> str:
    """A text's search form: casefolded, without diacritics, "đ" as "d", one space between words.

    Args:
        text: any text.

    Returns:
        The folded text, e.g. `fold("Chủ tịch HĐND Đầm Hà") == "chu tich hdnd dam ha"`.
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold().replace("đ", "d")))
    if not bare.isascii():
        bare = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(bare.split())


_MARKS = re.compile("[\u0300-\u036f]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def fold_tones(text: str) -> str:
    """A text's spelling-neutral form: casefolded, tone marks dropped, other diacritics and "đ" kept.

    It makes "hoá" and "hóa", "Uỷ" and "Ủy" equal without confusing "Đàm" with "Dam".

    Args:
        text: any text.

    Returns:
        The folded text, NFC, one space between words.
    """
    bare = _TONES.sub("", unicodedata.normalize("NFD", text.casefold()))
    return " ".join(unicodedata.normalize("NFC", bare).split())


class _Letters(dict[int, str]):
    """Maps a letter to its search form, one for one, worked out when first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = "".join(c for c in unicodedata.normalize("NFD", letter.casefold()) if not unicodedata.combining(c))
        bare = bare.replace("đ", "d")
        self[code] = bare if len(bare) == 1 else letter
        return self[code]


_LETTERS = _Letters()


def fold_letters(text: str) -> str:
    """A text's search form of the same length, so that a place in it is the same place in the text.

    Args:
        text: NFC text.

    Returns:
        Each letter small, without diacritics, "đ" as "d"; what has no one-letter form stays as it is.
    """
    if len(text) < _SHORT:
        return text.translate(_LETTERS)
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _letter_table()
    if codes.max() >= len(table):
        return text.translate(_LETTERS)
    folded: bytes = table[codes].tobytes()
    return folded.decode("utf-32-le", "surrogatepass")


_SHORT = 100
"""Letters, from which on a look-up in one array is quicker than one letter after the other."""


@cache
def _letter_table() -> Any:
    """The search forms of all letters that Vietnamese texts have, by their code."""
    import numpy as np

    return np.array([ord(chr(code).translate(_LETTERS)) for code in range(0x2100)], np.uint32)
