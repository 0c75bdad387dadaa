"""Personal names: the shape of Vietnamese and ethnic-minority names, their family names, short mentions.

Pure functions over strings; a family-name table (lower-case family name → strength 1 to 3) is handed in.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from extractor.text import fold_tones

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_NUCLEUS = "[aeiouyăâêôơư]{1,3}"
_CODA = "ch|ng|nh|[cmnpt]"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?{_NUCLEUS}(?:{_CODA})?")
_MIDDLE = frozenset(
    {"văn", "thi", "hưu", "đưc", "ngoc", "xuân", "minh", "thanh", "đinh", "công", "quang", "quôc", "thê", "kim"}
)
_NO_FAMILY = frozenset(
    "tỉnh huyện quận xã phường thôn bản làng ấp khu phố đường chợ cầu sông núi nhà trường lớp phòng sở ban hội chùa đình đền"
    " trung báo đài".split()
)
"""Words that stand capitalised before the name of a place or a body: "Huyện Văn An"."""
_BESIDE_MIDDLE = frozenset(
    fold_tones(word) for word in "hóa hiến học miếu phòng thể minh bút công thư nghệ trấn xã ủy trường tứ".split()
)
"""What "văn" or "thị" makes a word with: "Quảng Trường Văn Hóa"."""
MAX_SYLLABLES = 5
_SURELY_NAME = 3.5  # a name after "thôn": more than a rare family name and two other words


def is_vietnamese_syllable(word: str) -> bool:
    """Whether a word has the form of one Vietnamese syllable ("Nguyễn"; not "Martini", "Kđoh", "H'Yim")."""
    folded = fold_tones(word)
    # "ă" and "â" never end a syllable: "Byă" is Ê Đê.
    return _SYLLABLE.fullmatch(folded) is not None and folded[-1] not in "ăâ"


def family_strength(word: str, families: Mapping[str, int]) -> int:
    """How surely a word is a family name: 3 common, 2 usual, 1 rare, 0 not one. "K'Choi" and "H'Yim" count as 2."""
    key = word.lower().replace("’", "'")
    if len(key) > 2 and key[0] in "hk" and key[1] == "'":
        return 2
    return families.get(key, 0)


def given_name(name: str) -> str:
    """The syllable by which a person is called: the last one ("Tuấn" of "Đặng Văn Tuấn")."""
    return name.rsplit(" ", 1)[-1]


def is_short_for(short: str, full: str) -> bool:
    """Whether `short` calls the person named `full`: the last one to three syllables of the name, tone spelling apart.

    "Tuấn", "Văn Tuấn" are short for "Đặng Văn Tuấn"; "K'Choi" for "Điểu K'Choi"; a family name alone is not.
    """
    part, whole = fold_tones(short).split(), fold_tones(full).split()
    return len(part) < len(whole) and whole[-len(part) :] == part


def in_name_case(name: str) -> str:
    """A name as names are written: "ĐẶNG VĂN TUẤN" as "Đặng Văn Tuấn"; a name that is not all capitals is unchanged."""
    if not name.isupper() or len(name) < 4:
        return name
    return " ".join(re.sub(r"[^\W_]+", lambda m: m[0].capitalize(), word) for word in name.split(" "))


def told_by_middle(words: Sequence[str]) -> bool:
    """Whether a middle "Văn" or "Thị" shows a name whose family name is rare: "Quảng Văn Nghĩa", not "Khu Đô Thị Mới".

    Args:
        words: capitalised words that follow each other, the first of the possible name at the front.
    """
    named = 3 <= len(words) <= 4 and words[1] in ("Văn", "Thị") and is_vietnamese_syllable(words[0])
    return named and words[0].lower() not in _NO_FAMILY and fold_tones(words[2]) not in _BESIDE_MIDDLE


def name_likelihood(words: Sequence[str], families: Mapping[str, int]) -> float:
    """How much a sequence of capitalised words looks like a full name; 0 or less: not at all.

    Args:
        words: the words in order, e.g. `["Lê", "Văn", "Thị"]`.
        families: the family-name table.

    Returns:
        A score that is only good for comparing: a common family name, three or four syllables and a usual
        middle name raise it.
    """
    if not 1 <= len(words) <= MAX_SYLLABLES:
        return 0.0
    strength = family_strength(words[0], families) or int(told_by_middle(words))
    if not strength:
        return 0.0
    if len(words) == 1:
        return 3.0 if "'" in words[0].replace("’", "'") and len(words[0]) > 3 else 0.0
    length = {2: 1.0, 3: 2.0, 4: 1.8, 5: 0.5}[len(words)]
    middle = 1.0 if len(words) > 2 and fold_tones(words[1]) in _MIDDLE else 0.0
    return strength + length + middle


def split_place_and_name(
    words: Sequence[str], families: Mapping[str, int], places: Collection[str], *, expects_place: bool, least: int = 0
) -> int | None:
    """Where the name begins in a run of capitalised words that may open with a place: "Đầm Hà Nguyễn Văn An" → 2.

    Args:
        words: the run.
        families: the family-name table.
        places: known places, in lower case, words joined by blanks.
        expects_place: the word before the run is "xã", "tỉnh", ..., which a place usually follows.
        least: words that cannot belong to the name.

    Returns:
        The index of the name's first word, or None where the run is a place or something else.
    """
    lower = [word.lower() for word in words]

    def place(upto: int) -> float:
        if upto == 0:
            return 0.0
        if " ".join(lower[:upto]) in places:
            return 3.5 if upto > 1 else 1.0
        if any(" ".join(lower[first:upto]) in places for first in range(1, upto - 1)):
            return 2.5
        return {1: -1.0, 2: 1.0, 3: 0.0}.get(upto, -0.5)

    best, best_score = None, 2.2
    if " ".join(lower) in places:
        best_score = 4.5
    elif expects_place and len(words) <= 2:
        best_score = 3.2
    for index in range(least, len(words)):
        if index and len(words[index]) == 1 and " ".join(lower[:index]) not in places:
            continue  # "Y" and "A" begin a name, but stand inside one too: "A Brôm Y Sưng"
        if " ".join(lower[index:]) in places and (index or len(words) == 2):
            continue  # "Sở Công Thương Đồng Nai"
        likelihood = name_likelihood(words[index:], families)
        if expects_place and not index and likelihood < _SURELY_NAME:
            continue  # "thôn Kon Rờ Bàng"
        if likelihood and likelihood + place(index) > best_score:
            best, best_score = index, likelihood + place(index)
    return best
