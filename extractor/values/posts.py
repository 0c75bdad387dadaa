"""Posts: a position as worded → its normal title, its organisation, place, level and whether it is held or was.

Pure functions; the tables (titles, abbreviations of organisations, places) are handed in.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from extractor.text import fold_tones

Row = Mapping[str, str]
_LEVELS = ("central", "province", "district", "commune", "village", "other")
_FORMER = re.compile(r"^(?:nguyên là|nguyên|cựu|cố)\s+", re.IGNORECASE)
_ACTING = re.compile(r"^(?:quyền|q\.)\s*", re.IGNORECASE)
_TERM = re.compile(r"\s*,?\s*\bnhiệm kỳ\b.*$", re.IGNORECASE)
_TYPE = re.compile(
    r"(?<!\w)(huyện ủy|tỉnh ủy|thành ủy|quận ủy|thị ủy|tỉnh đoàn|huyện đoàn|thành đoàn|thị đoàn|quận đoàn|tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|thị trấn|tt\.|xã|phường|đặc khu|thôn|bản|buôn|bon|làng|ấp|khóm"
    r"|xóm|khu phố|tổ dân phố|tổ|khối)\s+(?=[A-ZĐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ0-9])",
)
_TYPE_LEVEL = {
    "tỉnh": "province", "huyện": "district", "quận": "district", "thị xã": "district", "tx": "district",
    "thị trấn": "commune", "tt": "commune", "xã": "commune", "phường": "commune", "đặc khu": "commune",
    "thôn": "village", "bản": "village", "buôn": "village", "bon": "village", "làng": "village", "ấp": "village",
    "khóm": "village", "xóm": "village", "khu phố": "village", "tổ dân phố": "village", "khối": "village",
}  # fmt: skip
_LEVEL_WORD = re.compile(
    r"(?<!\w)(?:cấp )?(tỉnh|huyện|quận|thị xã|tx\.?|thị trấn|xã(?! hội| viên)|phường|đặc khu|(?<!nông )thôn|(?<!cơ )(?<!xuất )(?<!nhật )bản"
    r"|buôn|ấp|khóm|xóm|khu phố|tổ dân phố)(?!\w| ủy| đoàn)"
)
_CENTRAL = re.compile(
    r"(?<!\w)(?:trung ương|quốc hội|chính phủ|bộ chính trị|ban bí thư|chủ tịch nước|tổng cục|nhà nước|tối cao|toàn quốc"
    r"|quốc gia|việt nam)(?!\w)|^bộ (?!chỉ huy|tư lệnh|môn|phận|đội)"
)
_CITY = re.compile(r"(?:TP|Thành phố)\.? ?(?:HCM|Hồ Chí Minh)")
_NO_VOWEL = re.compile(r"[bcdđghklmnpqrstvx&-]{3,}")
_TITLE_UNIT = re.compile(r"^(?:phó )?trưởng ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Post:
    """A position in normal form.

    `title` is e.g. "Phó Bí thư Thường trực"; `organisation` has its abbreviations expanded and no place; `level` is one
    of central, province, district, commune, village, other; `former` tells "nguyên" and the like.
    """

    title: str
    organisation: str | None = None
    place: str | None = None
    level: str | None = None
    former: bool = False


@dataclass(frozen=True)
class PostTables:
    """What is needed to read posts: titles, abbreviations and places in plain spelling."""

    titles: Mapping[str, Row]
    abbreviations: Mapping[str, Row]
    places: frozenset[str]
    provinces: frozenset[str]
    plain: Callable[[str], str]
    expand: re.Pattern[str] = field(repr=False)

    @classmethod
    def read(
        cls, titles: Iterable[Row], organisations: Iterable[Row], units: Iterable[Row], plain: Callable[[str], str]
    ) -> "PostTables":
        """Make the tables from the gazetteers' rows; `plain` gives the spelling in which words are compared."""
        named: dict[str, Row] = {}
        for row in titles:
            named.setdefault(plain(row["term"]), row)
            if row["deputy"]:
                normal = f"Phó {row['title']}"
                named.setdefault(plain(f"Phó {row['term']}"), {**row, "title": normal})
        short: dict[str, Row] = {}
        for row in organisations:
            short.setdefault(plain(row["short"]), row)
        kept = list(units)
        folded = frozenset(plain(row["name"]) for row in kept)
        provinces = frozenset(fold_tones(row["name"]) for row in kept if row["level"] == "province")
        abbreviations = sorted((s for s, r in short.items() if s != plain(r["name"])), key=len, reverse=True)
        pattern = re.compile(rf"(?<![\w&])(?:{'|'.join(map(re.escape, abbreviations))})(?![\w&])")
        return cls(named, short, folded, provinces, plain, pattern)


def parse_post(worded: str, title_length: int, tables: PostTables) -> Post:
    """Read one position.

    Args:
        worded: the position as worded, e.g. "PCT. UBND huyện Đắk R’lấp".
        title_length: how many characters of it are the title's words (and "nguyên" before them).
        tables: titles, abbreviations, places.

    Returns:
        The normal form, e.g. title "Phó Chủ tịch", organisation "Ủy ban nhân dân huyện", place "Đắk R’lấp".
    """
    head, rest = worded[:title_length], worded[title_length:].strip(" .,-–:")
    former = _FORMER.match(head) is not None
    head = _ACTING.sub("", _FORMER.sub("", head)).strip()
    row = tables.titles.get(tables.plain(head), {"title": head, "organisation": "", "level": ""})
    title = row["title"]
    rest = _TERM.sub("", rest)
    modifier = re.match(
        r"(thường trực|tt|chuyên trách|phụ trách|điều hành|thứ nhất|danh dự|dự khuyết)(?!\w)\.?\s*", tables.plain(rest)
    )
    if modifier:
        word = "thường trực" if modifier[1] == "tt" else modifier[1]
        title, rest = f"{title} {word.capitalize()}", rest[modifier.end() :]
    place, before = _place(rest, tables)
    organisation = _organisation(row, head, before, tables)
    level = _level(row, organisation, rest, place, tables)
    return Post(title, organisation, place, level, former)


def _expanded(text: str, tables: PostTables) -> str:
    low = tables.plain(text)
    parts, at = [], 0
    for match in tables.expand.finditer(low):
        written = text[match.start() : match.end()]
        if sum(c.isupper() for c in written) < min(2, len(written)) and not _NO_VOWEL.fullmatch(match[0]):
            continue  # "tư" in "Bộ Tư pháp" is not "TƯ"
        name = tables.abbreviations[match[0]]["name"]
        parts += [text[at : match.start()], name]
        at = match.end()
    parts.append(text[at:])
    return " ".join("".join(parts).replace("Ban Chấp hành Ban Chấp hành", "Ban Chấp hành").split())


def _place(rest: str, tables: PostTables) -> tuple[str | None, str]:
    """The place named in an organisation's words, and the words without it."""
    found = None
    for match in _TYPE.finditer(_small_types(rest, tables)):
        found = match
    if found:
        name = rest[found.end() :].strip(" ,.-–")
        inner = _TYPE.search(_small_types(name, tables))
        name = name[: inner.start()].strip(" ,") if inner else name
        name = re.split(r",| \(| khóa | khoá ", name)[0].strip()
        kind = found[1]
        if name and name[0].isdigit():
            name = f"{kind} {name}"
        if _CITY.fullmatch(name):
            name = "Thành phố Hồ Chí Minh"
        return name or None, rest[: found.end()].strip()
    words = rest.split()
    for size in (4, 3, 2, 1):
        tail = " ".join(words[-size:])
        if len(words) >= size and tail[:1].isupper() and fold_tones(tail) in tables.provinces and tail != "Hồ Chí Minh":
            return tail, " ".join(words[:-size])
    city = _CITY.search(rest)
    if city:
        return "Thành phố Hồ Chí Minh", (rest[: city.start()].rstrip() + rest[city.end() :]).strip()
    return None, rest


_TYPE_NAMES = re.compile(
    r"(?<!\w)(?:huyện ủy|tỉnh ủy|thành ủy|quận ủy|thị ủy|tỉnh đoàn|huyện đoàn|thành đoàn|thị đoàn|tỉnh|thành phố|huyện|quận"
    r"|thị xã|thị trấn|xã|phường|đặc khu|thôn)(?!\w)"
)


def _small_types(text: str, tables: PostTables) -> str:
    """The text with the words for kinds of places in small letters: "Huyện ủy Đầm Hà" as "huyện ủy Đầm Hà"."""
    low, out = tables.plain(text), list(text)
    for match in _TYPE_NAMES.finditer(low):
        out[match.start() : match.end()] = match[0]
    return "".join(out)


def _organisation(row: Row, head: str, rest: str, tables: PostTables) -> str | None:
    rest = re.sub(r"\s+(?:khóa|khoá)\s+\S+.*$", "", rest).strip(" ,.-–")
    name = _expanded(rest, tables)
    unit = _TITLE_UNIT.sub("", row["title"])
    if unit != row["title"]:
        own = unit[:1].upper() + unit[1:]
        if not tables.plain(name).startswith(tables.plain(unit)):
            name = f"{own} {name}" if name else ""
    elif (
        row.get("organisation")
        and not name.startswith("Đảng ")
        and not tables.plain(name).startswith(tables.plain(row["organisation"]))
    ):
        name = f"{row['organisation']} {name}".strip()
    name = " ".join(name.split())
    return (name[:1].upper() + name[1:]) or None


def _level(row: Row, organisation: str | None, rest: str, place: str | None, tables: PostTables) -> str | None:
    if row.get("level") in _LEVELS:
        return row["level"]
    low = tables.plain(_expanded(rest, tables))
    words = [m[1].rstrip(".") for m in _LEVEL_WORD.finditer(low)]
    if words:
        # The smallest unit that is named is the post's own: "UBND xã Quảng An, huyện Đầm Hà".
        return max((_TYPE_LEVEL[w] for w in words), key=_LEVELS.index)
    for term, level in (
        ("tỉnh ủy", "province"), ("huyện ủy", "district"), ("quận ủy", "district"), ("thị ủy", "district"),
        ("tỉnh đoàn", "province"), ("huyện đoàn", "district"), ("thành đoàn", "province"),
    ):  # fmt: skip
        if term in low:
            return level
    if place and fold_tones(place).removeprefix("thanh phô ") in tables.provinces:
        return "province"
    if re.search(r"(?<!\w)(?:(?<!cơ )sở|thành ủy)(?!\w)", low):
        return "province"
    if "thành phố" in low:
        return "province" if place is None else "district"
    if _CENTRAL.search(low):
        return "central"
    return None


def same_post(one: Post, other: Post) -> bool:
    """Whether two wordings in one article mean one post of one person: "Chủ tịch" and "Chủ tịch UBND huyện".

    The titles are equal and, where both name an organisation or a place, neither contradicts the other.
    """
    this, that = _facets(one), _facets(other)
    if this.title != that.title:
        return False
    if one.place and other.place and not (this.place <= that.place or that.place <= this.place):
        return False
    if not one.organisation or not other.organisation:
        return True
    if {one.level, other.level} <= {"province", "district", "commune"} and one.level != other.level:
        cities = ("thành phố", "thành ủy", "thành đoàn")  # of either level
        if not any(city in name.lower() for name in (one.organisation, other.organisation) for city in cities):
            return False
    return this.core == that.core


_IGNORED = frozenset(
    fold_tones(
        "ban chấp hành đảng bộ cộng sản việt nam ủy thành phố tp và tỉnh huyện xã - & , nhân dân quận thị trấn phường khóa"
        " trung ương của nước"
    ).split()
)


def _bare(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold_tones(text)))


@dataclass(frozen=True, slots=True)
class _Facets:
    """What of a post is compared: the title without tones, the words of the place, the telling words of the body."""

    title: str
    place: frozenset[str]
    core: frozenset[str] | None


@lru_cache(maxsize=4096)
def _facets(post: Post) -> _Facets:
    core = _bare(post.organisation) - _IGNORED if post.organisation else None
    return _Facets(fold_tones(post.title), _bare(post.place) if post.place else frozenset(), core)


class PostIndex:
    """Posts under which the same ones are found without comparing each with each.

    Posts of one title share a shelf; on it those that name one body, and of these those that share a word of their
    place, lie together.
    """

    def __init__(self, posts: Iterable[Post] = ()) -> None:
        self._posts: list[Post] = []
        self._seen: set[Post] = set()
        self._shelves: dict[tuple[str, frozenset[str] | None, str | None], list[int]] = {}
        self._bodies: dict[tuple[str, frozenset[str] | None], list[int]] = {}
        self._titles: dict[str, list[int]] = {}
        for post in posts:
            self.add(post)

    def add(self, post: Post) -> None:
        """Put a post in, once."""
        if post in self._seen:
            return
        self._seen.add(post)
        at, facets = len(self._posts), _facets(post)
        self._posts.append(post)
        self._titles.setdefault(facets.title, []).append(at)
        self._bodies.setdefault((facets.title, facets.core), []).append(at)
        for word in facets.place or (None,):
            self._shelves.setdefault((facets.title, facets.core, word), []).append(at)

    def same(self, post: Post) -> list[Post]:
        """The posts put in that may mean the same as this one (see `same_post`), in the order they were put in."""
        facets = _facets(post)
        found: set[int] = set()
        if facets.core is None:
            found.update(self._titles.get(facets.title, ()))
        else:
            for core in (facets.core, None):
                if facets.place:
                    for word in (*facets.place, None):
                        found.update(self._shelves.get((facets.title, core, word), ()))
                else:
                    found.update(self._bodies.get((facets.title, core), ()))
        return [self._posts[at] for at in sorted(found) if same_post(post, self._posts[at])]
