"""Bytes as text: which character set a Vietnamese file is in."""

import codecs
import re
import unicodedata

from extractor.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP, Word or Excel file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3\x00", "an SQLite file"),
    (b"\x7fELF", "a program"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_VIETNAMESE = re.compile("[ăđĩũơưạ-ỹ]", re.IGNORECASE)
"""Letters that Vietnamese has and no Western European language: a fifth of the letters of any Vietnamese text."""
_SYMBOL_AT_LETTER = re.compile(r"[¡-©¬-¹¼-¿×÷](?=[a-z])|(?<=[a-z])[¡-©¬-¹¼-¿×÷]")
"""What the old fonts' own character sets (TCVN3, VNI) look like when they are read as another one."""
_SAMPLE = 200_000


def decode(data: bytes, where: str) -> tuple[str, str | None]:
    """Decode a file's bytes.

    A byte order mark decides; without one UTF-8, UTF-16 (by where its zero bytes are), windows-1258 with its combining
    tone marks, and at last what charset-normalizer takes it for, if the result reads as Vietnamese.

    Args:
        data: the bytes.
        where: the file's name, for messages.

    Returns:
        The text, not yet canonical, and a warning if a few bytes could not be read (they stand as U+FFFD).

    Raises:
        InputError: empty, binary, or in a character set that cannot be told (codes empty_file, binary_file, charset).
    """
    if not data.strip():
        raise InputError(f"{where}: the file is empty", code="empty_file")
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise InputError(f"{where}: is {kind}, not text; save it as .txt or .html first", code="binary_file")
    for bom, marked in _BOMS:
        if data.startswith(bom):
            text = data.decode(marked, errors="replace")
            return _not_empty(text, where), _damage(text, where)
    encoding = sniff(data)
    if encoding == "binary":
        raise InputError(f"{where}: is a binary file, not text", code="binary_file")
    if encoding == "utf-8":
        data = _without_cut_letter(data)
        text = data.decode("utf-8", errors="replace")
        return _not_empty(text, where), _damage(text, where)
    if encoding:
        return _not_empty(data.decode(encoding, errors="replace"), where), None
    raise InputError(
        f"{where}: the character set cannot be told (perhaps TCVN3 or VNI); save the file as UTF-8 first",
        code="charset",
    )


def sniff(data: bytes) -> str | None:
    """The character set of bytes without a byte order mark: a codec's name, "binary", or None if it cannot be told."""
    sample = data[:_SAMPLE]
    if b"\x00" in sample:
        return _utf16(sample) or "binary"
    controls = len(_CONTROL.findall(sample.decode("latin-1")))
    if controls > 0.02 * len(sample):
        return "binary"
    text = _without_cut_letter(sample).decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    if not bad or sum(1 for c in text if c > "\x7f") - bad > 8 * bad:
        return "utf-8"
    for encoding in ("cp1258", *_guesses(sample)):
        try:
            if _reads_as_vietnamese(sample.decode(encoding)):
                return encoding
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def _guesses(sample: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    return [match.encoding for match in from_bytes(sample)]


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark: the zero bytes of Latin letters all stand on one side."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) < 0.2 * len(sample) / 2 or min(even, odd) > 0.01 * max(even, odd):
        return None
    text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
    readable = sum(1 for c in text if c.isalnum() or c.isspace() or unicodedata.category(c)[0] == "P")
    return encoding if readable > 0.9 * len(text) else None


def _reads_as_vietnamese(text: str) -> bool:
    text = unicodedata.normalize("NFC", text)
    letters = sum(1 for c in text if c.isalpha())
    loose = sum(1 for c in text if unicodedata.combining(c))
    return (
        len(_VIETNAMESE.findall(text)) > 0.05 * letters
        and loose <= 0.01 * letters
        and len(_SYMBOL_AT_LETTER.findall(text)) <= 0.02 * letters
    )


def _without_cut_letter(data: bytes) -> bytes:
    """The bytes without a letter of UTF-8 that the end of a truncated file cuts through."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if needed > back else data
        if byte < 0x80:
            break
    return data


def _not_empty(text: str, where: str) -> str:
    if not text.strip("\ufeff \t\r\n"):
        raise InputError(f"{where}: the file is empty", code="empty_file")
    return text


def _damage(text: str, where: str) -> str | None:
    bad = text.count("\ufffd")
    return f"{where}: {bad} characters cannot be read and stand as \ufffd" if bad else None
