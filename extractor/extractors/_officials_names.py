"""Which runs of capitalised words may be persons' names."""

import re
from bisect import bisect_left

from extractor.extractors._officials_parts import Honorific, Name, Scan, is_abbreviation
from extractor.extractors._officials_tables import UPPER, Tables
from extractor.text import fold_tones
from extractor.values.names import family_strength, is_vietnamese_syllable, split_place_and_name, told_by_middle

Word = tuple[int, int, str]

_KOREAN = (
    "Kim Lee Park Choi Jung Jeong Chung Kang Cho Yoon Yun Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Yoo Hong Moon Yang"
    " Bae Baek Noh Roh Ban Woo Nam Ha An Im Go Ko Ryu Ryoo Son Sohn Shim Sim Heo Hur Ji Jin Min Na Nah Cha Chae Chu Joo Ju Ma"
    " Do Eom Um Bang Byun Gil Gu Koo Ku Kong Gong Hyun Jo Jeon Chun Jun Ok Pyo Seol Suh Sung Tak Won Wang Yeo Yeon Yum Ra Rhee"
    " Yi Rim Kwak Paik Pyun Lyu Rho Nho Bahn Maeng Myung Sa So Soh"
).split()
"""Family names after which "Sung-ho" is a given name; elsewhere a small word after a hyphen belongs to no name."""
_NAME_WORD = rf"[{UPPER}][^\W\d_]*(?:['’‘`´][^\W\d_]+)*(?:-(?:(?<=[{UPPER}]-)|(?![{UPPER}]{{2}}))[{UPPER}][^\W\d_]+)?"


def _run(word: str) -> re.Pattern[str]:
    """A pattern for words of a name that follow each other."""
    return re.compile(rf"(?<![\w'’&])(?:[{UPPER}]\. |{word})(?: (?:{word}|[{UPPER}]\.(?= [{UPPER}])))*(?!\w)")


_RUN = _run(_NAME_WORD)
_KOREAN_RUN = _run(rf"(?:(?:{'|'.join(_KOREAN)}) [A-Z][a-z]+-[a-z]+|{_NAME_WORD})")
_SMALL_AFTER_HYPHEN = re.compile(r"-(?<=[a-z]-)[a-z]")
_ALSO_PLACES = frozenset("cô bác chú mẹ thầy chị em bé anh vua thánh".split())
"""Words of address that are capitalised inside a sentence only as part of a name: "đặc khu Cô Tô", "nước Anh"."""
_IN_PLACES = ("bà", "ông")
_BODIES = ("hội ", "đoàn ", "hiệp ", "trường ", "khoa ", "viện ", "ban ", "nhà ", "phòng ")
"""What stands before a profession in an organisation's name: "Đoàn Luật sư", "Hội Sinh viên"."""
_ORGANISATION_WORDS = frozenset("bộ sở ban ủy tỉnh huyện đảng".split())
_NOT_IN_NAME = frozenset(
    "làm dự thăm kiểm tiếp đến tại trao tặng ủy ban tỉnh huyện phường giám phó bí theo trong khi".split()
)
_ONE_LETTER = ("a", "y")
"""Family names that also begin names of communes: "xã A Dơi"."""
_SAYS = re.compile(
    r",? (?:cũng |đã |còn |vừa )?(?:cho biết|nói|cho hay|chia sẻ|thông tin|khẳng định|phấn khởi|kể|bày tỏ|nhấn mạnh|phát biểu|chủ trì)(?!\w)"
)
_PRESS = ("báo", "đài")
_YOUTH_UNION = ("tỉnh ", "thành ", "huyện ", "thị ", "quận ", "trung ương ")
"""What makes "Đoàn" the Youth Union: "Tỉnh Đoàn Gia Lai"."""
_CAPITALS = re.compile(rf"[{UPPER}](?<!\w.)[{UPPER}]*(?: [{UPPER}]+){{2,}}(?!\w)")
"""A capital leads the pattern, so that "re" jumps from one to the next."""
_MOST_WORDS = 12
_CLOSES = ("", "\n", ")", "(", ";", ":")
"""Signs over which no name of an organisation or field goes on."""


def find_honorifics(found: Scan, tables: Tables) -> None:
    """Fill `found.honorifics`."""
    text, low = found.text, found.low
    for match in tables.honorific.finditer(low):
        form, kind = tables.honorific_forms[match[1]]
        at = match.start()
        inside = at > 1 and text[at - 1] == " " and text[at - 2].isalnum()
        title_case = inside and text[at].isupper() and text[at + 1].islower()
        if title_case and match[1] in _IN_PLACES and tables.place_type_before.search(low, 0, at):
            continue  # "phường Bà Rịa"
        if inside and match[1] in _ALSO_PLACES and text[at].isupper():
            continue
        if kind in ("academic", "private") and low.endswith(_BODIES, 0, at):
            continue
        found.honorifics[match.end()] = Honorific(at, match.end(), form, kind)


def find_names(found: Scan, tables: Tables) -> None:
    """Fill `found.names` and `found.name_starts`; honorifics and titles must have been found."""
    titles = list(found.titles)
    runs = _KOREAN_RUN if _SMALL_AFTER_HYPHEN.search(found.text) else _RUN
    for run in runs.finditer(found.text):
        start, end = run.span()
        if found.text.find(" ", start, end) > 0 or start in found.honorifics or "'" in found.low[start:end]:
            for first, last in _without_titles(found, start, end, titles):
                _find_name(found, first, last, tables)
    _find_in_capitals(found)
    found.name_starts = {n.outer: n for n in found.names} | {n.start: n for n in found.names}


def _find_in_capitals(found: Scan) -> None:
    """Names in lines of capitals, where only the same name elsewhere in the text shows which words are one."""
    known = {found.low[n.start : n.end] for n in found.names if n.text.count(" ") > 1 and not n.text.isupper()}
    runs = list(_CAPITALS.finditer(found.text)) if known else []
    if not runs:
        return
    taken = {n.start for n in found.names}
    before = len(found.names)
    for run in runs:
        words, at = _words(found.text, *run.span()), 0
        while at < len(words):
            longest = range(min(5, len(words) - at), 2, -1)
            size = next((n for n in longest if _low(found, words[at : at + n]) in known), 0)
            if size and words[at][0] not in taken:
                _add(found, words[at : at + size], found.honorifics.get(words[at][0]))
            at += size or 1
    if len(found.names) > before:
        found.names.sort(key=lambda n: n.start)


def _without_titles(found: Scan, start: int, end: int, titles: list[int]) -> list[tuple[int, int]]:
    """The pieces of a run between titles' words: "Ông Trương Quốc Cường Thứ trưởng" ends before "Thứ"."""
    pieces = []
    at = bisect_left(titles, start)
    while at < len(titles) and titles[at] < end:
        if titles[at] > start:
            pieces.append((start, titles[at] - 1))
        start = max(start, found.titles[titles[at]])
        while start < end and found.text[start] in " .":
            start += 1
        at += 1
    return [*pieces, (start, end)] if start < end else pieces


def _words(text: str, start: int, end: int) -> list[Word]:
    words, at = [], start
    for word in text[start:end].split(" "):
        if word:
            words.append((at, at + len(word), word))
        at += len(word) + 1
    return words


def _find_name(found: Scan, start: int, end: int, tables: Tables) -> None:
    words = _words(found.text, start, end)
    if _all_capitals(words):
        _find_in_piece(found, words, end, tables)
        return
    # "Bộ GTVT Nguyễn Hải Triều": an abbreviation is no part of a name.
    piece: list[Word] = []
    for word in words:
        if is_abbreviation(word[2]) and word[0] not in found.honorifics:
            _find_in_piece(found, piece, end, tables)
            piece = []
        else:
            piece.append(word)
    _find_in_piece(found, piece, end, tables)


def _find_in_piece(found: Scan, words: list[Word], end: int, tables: Tables) -> None:
    words = _after_address(found, words, tables)
    honorific = found.honorifics.get(words[0][0]) if words else None
    capitals = _all_capitals(words)
    if not capitals:
        words = _until_field(found, words, end, tables)
    if not words or len(words) > _MOST_WORDS:
        return
    if honorific:
        words = _called(found, words, tables)
        place = honorific.kind != "civil" and _low(found, words) in tables.places
        if words and not place:
            _add(found, words, honorific)
    elif not capitals and (_is_whole(words) or not any(found.low[a:b] in _ORGANISATION_WORDS for a, b, _ in words[1:])):
        _find_unaddressed(found, words, tables)


def _find_unaddressed(found: Scan, words: list[Word], tables: Tables) -> None:
    """A name without a word of address, perhaps after a place: "huyện Đầm Hà Nguyễn Văn An"."""
    start = words[0][0]
    field = tables.field.match(found.low, start)
    if field and field.end() == words[-1][1]:
        return  # "Y Tế" in "Trung tâm Y Tế"
    spelled = [w for _, _, w in words]
    related = any(
        family_strength(word, tables.families) or told_by_middle(spelled[n:]) for n, word in enumerate(spelled)
    )
    if not related and _foreign_start(found, words, tables) is None:
        return
    before = found.low[max(0, start - 24) : start]
    match = tables.named_after.search(before)
    named_after = match is not None and found.starts_word(start - len(before) + match.start())
    expects = tables.place_type_before.search(before) is not None
    if expects and _speaks(found, words, tables):
        _add(found, words, None)
        return
    least = int(named_after)
    for index, (at, _, _) in enumerate(words):
        named = found.low.startswith(("đoàn văn ", "đoàn thị "), at)
        if found.low.startswith("đoàn ", at) and not named and found.low.endswith(_YOUTH_UNION, 0, at):
            least = index + 1
    country = [n for n in (2, 3, 4) if n < len(words) and _low(found, words[:n]) in tables.abroad]
    least = max(least, *country) if country else least
    begin = split_place_and_name(spelled, tables.families, tables.places, expects_place=expects, least=least)
    if begin is not None and (len(words) - begin > 1 or "'" in _low(found, words[begin:])):
        # "Báo Thanh Hóa" and "Đài Hà Nội" are no persons, though "Báo" is a family name.
        rare = family_strength(words[begin][2], tables.families) < 2
        press = rare and _low(found, words[begin : begin + 1]) in _PRESS
        place = rare and _low(found, words[begin + 1 :]) in tables.places and not told_by_middle(spelled[begin:])
        if not press and not place:
            _add_unless_historical(found, words[begin:], tables)
    elif not named_after:
        first = _foreign_start(found, words, tables)
        if first or (first is not None and not expects):
            _add(found, words[first:], None)


def _speaks(found: Scan, words: list[Word], tables: Tables) -> bool:
    """Whether "A Lình" or "Y Hương" after "xã" is the person who is told to say or do something, and no place."""
    alone = len(words) == 2 and _low(found, words[:1]) in _ONE_LETTER and _low(found, words) not in tables.places
    return alone and _SAYS.match(found.low, words[-1][1]) is not None


def _foreign_start(found: Scan, words: list[Word], tables: Tables) -> int | None:
    """Where a foreign name begins: right after a title, or after a place that follows one ("Tổng thống Mỹ …")."""
    spelled = [w for _, _, w in words]
    after_place, abroad = 0, False
    for first in range(len(words)):
        for last in range(min(len(words) - 2, first + 4), first, -1):
            place = " ".join(spelled[first:last]).lower()
            if place in tables.places and last > after_place:
                after_place, abroad = last, place in tables.abroad
    after_title = words[0][0] - 1 in found.title_ends
    if not after_place and not after_title:
        return None
    rest = spelled[after_place:]
    foreign = abroad or any(not is_vietnamese_syllable(w) and len(w) > 2 for w in rest)
    return after_place if foreign and len(rest) > 1 and _low(found, words[after_place:]) not in tables.places else None


def _after_address(found: Scan, words: list[Word], tables: Tables) -> list[Word]:
    """The words after a word of address inside the run: "bế mạc hội nghị Ông Nguyễn Văn Tựu", "TS Guy Martini"."""
    for index in range(len(words) - 1, 0, -1):
        address = found.honorifics.get(words[index][0])
        # "Lê Anh Xuân" is one name, though "anh" is a word of address.
        if address and (address.start <= words[0][0] or family_strength(words[0][2], tables.families) < 2):
            return words[index:]
    return words


def _until_field(found: Scan, words: list[Word], end: int, tables: Tables) -> list[Word]:
    """The words before one that begins an organisation's lower-case words: "Đoàn Thanh" of "Đoàn Thanh niên"."""
    if found.text[end : end + 1] in _CLOSES:
        return words
    for index in (len(words) - 2, len(words) - 1):
        if index >= 0:
            at = words[index][0]
            inside = tables.inside.match(found.low, at) or tables.organisation.match(found.low, at)
            if inside and inside.end() > end:
                return words[:index]
    return words


def _all_capitals(words: list[Word]) -> bool:
    return len(words) > 1 and words[0][2].isupper() and all(w.isupper() for _, _, w in words)


def _low(found: Scan, words: list[Word]) -> str:
    """Words of a run in plain spelling."""
    return found.low[words[0][0] : words[-1][1]] if words else ""


def _is_whole(words: list[Word]) -> bool:
    """Whether the run is one name whose last word is a given name, whatever else it may mean: "Lò Thị Ban"."""
    return len(words) == 3 and told_by_middle([w for _, _, w in words])


def _called(found: Scan, words: list[Word], tables: Tables) -> list[Word]:
    """The words after a word of address that are the name."""
    limit = 6
    if _all_capitals(words):
        # In a line of capitals nothing shows where a name ends.
        limit = 4 if len(words) > 2 and words[1][2] == "THỊ" else 3
    first = 1 if _all_capitals(words) else 2
    for index, (start, end, _) in enumerate(words):
        if index >= first and found.low[start:end] in _NOT_IN_NAME and not _is_whole(words):
            limit = min(limit, index)
            break
    kept = words[:limit]
    vietnamese = all(is_vietnamese_syllable(w) for _, _, w in kept)
    if len(kept) > 4 and vietnamese and family_strength(kept[0][2], tables.families):
        kept = kept[:4]
    return [] if len(kept) == 1 and is_abbreviation(kept[0][2]) else kept


def _add_unless_historical(found: Scan, words: list[Word], tables: Tables) -> None:
    """Add a name without a word of address: "Đoàn TNCS Hồ Chí Minh" and "Học viện … Hồ Chí Minh" name nobody."""
    if fold_tones(_low(found, words)) not in tables.historical:
        _add(found, words, None)


def _add(found: Scan, words: list[Word], honorific: Honorific | None) -> None:
    start, end = words[0][0], words[-1][1]
    outer = start
    while outer in found.honorifics:
        outer = found.honorifics[outer].start
    found.names.append(Name(start, end, found.text[start:end], honorific, outer))
