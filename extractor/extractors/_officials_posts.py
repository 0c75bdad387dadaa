"""Reading positions: from a title's words to the end of the organisation and place that belong to it."""

import re

from extractor.extractors._officials_parts import Scan, WordedPost, is_abbreviation
from extractor.extractors._officials_tables import Tables, plain

_WORD = re.compile(r"[^\W_]+(?:['./&-][^\W_]+)*")
_TERM = re.compile(r"(?:khóa|lần thứ) (?:[ivx]+|\d+)(?!\w)")
_NUMBER = re.compile(r"số \d+(?!\w)")
_QUOTE = re.compile("[\"”']")
_SHARING = re.compile(r", | và |-| - ")
_MORE_FIELDS = re.compile(r"(?:, [^,.;]{2,25})? và ")
_NO_FIELD = ("ủy", "thường trực", "chuyên trách", "thứ nhất")
_SHORT_FORM = re.compile(r"\([A-ZĐÔƠƯ]{2,}[A-ZĐÔƠƯ\d&-]*\)")
_COMMA = re.compile(r", ")
_SECOND_PARENT = re.compile(r", (?:công an|sở|cục|trường|bệnh viện|bộ|viện)(?!\w)")
_MOST = 170  # characters of one position
_DOTTED = frozenset("ct pct p.ct tp tx tt gđ pgđ uv q bt pbt".split())
_QUOTED_AFTER = frozenset(["phần", "tnhh", "ty", "viên", "xã", "htx", "đoàn"])
_AFTER_BODY = frozenset({"trung ương", "nhà nước", "nhân dân", "tối cao"})
_NO_LEVEL = frozenset(["hội", "viên", "ủy", "đoàn", "đội", "bộ"])
_PART_OF_NAME = frozenset("phòng của lệnh ban hội bộ lý đồng đoàn tổ".split())
_INNER_TITLES = (
    "chủ tịch nước", "tổng bí thư", "bí thư", "thủ tướng", "hiệu trưởng", "giám đốc", "chủ nhiệm", "thư ký", "đại biểu",
    "đbqh", "thành viên",
)  # fmt: skip
_BODY = re.compile(r"(?:hội đồng|ban|tổ|ủy ban|chính phủ|ubnd|hđ|hđqt|hđtv|bch|đoàn|thường trực)(?!\w)")


def find_posts(found: Scan, tables: Tables) -> None:
    """Fill `found.posts`; titles and names must have been found."""
    reader = _Reader(found, tables)
    end = -1
    for start in found.titles:
        if start >= end and not tables.not_title.search(found.low, max(0, start - 18), start):
            end = _read_posts(found, start, max(end, 0), reader, tables)


def _read_posts(found: Scan, start: int, floor: int, reader: "_Reader", tables: Tables) -> int:
    """Read the post at a title and those that share its title; the position after the last."""
    title_end = found.titles[start]
    needs = tables.posts.titles[found.low[start:title_end]]["needs"]
    if needs == "weak" and title_end + 1 not in found.name_starts and not _heads_names(found, start, title_end):
        return title_end
    end = reader.read(title_end, start)
    if needs and needs != "weak" and not _has_organisation(found.text[title_end:end], needs, tables):
        return title_end
    begin, fresh = start, False
    former = tables.former.search(found.low[max(floor, start - 12) : start])
    if former:
        fresh = former[0] == "tân "
        begin = start if former[0] in ("tân ", "cố ") else start - len(former[0])
    head = found.text[begin:title_end]
    found.posts.append(WordedPost(begin, end, title_end - begin, fresh=fresh))
    office = "văn phòng" in found.low[start:end]
    # "Phó Chủ tịch HĐND, UBND huyện": the next organisation has no title of its own.
    while tables.closed.search(found.low[max(0, end - 24) : end]):
        gap = _SHARING.match(found.low, end)
        if not gap or gap.end() in found.titles or not tables.organisation.match(found.low, gap.end()):
            break
        if office:
            # One office: "Chánh Văn phòng HĐND và UBND huyện".
            found.posts[-1].end = end = reader.read(gap.end())
            continue
        begin, end = gap.end(), reader.read(gap.end())
        office = "văn phòng" in found.low[begin:end]
        found.posts.append(WordedPost(begin, end, 0, shared_head=head))
    return end


def _heads_names(found: Scan, start: int, title_end: int) -> bool:
    """Whether "các đại biểu: A, B" names people by what they are; which body they belong to stands before it."""
    named = found.low.startswith("đại biểu", start) and title_end + 2 in found.name_starts
    return named and found.low.endswith("các ", 0, start) and found.low.startswith(": ", title_end)


_LEVEL = re.compile(r" (?:xã|phường|thị trấn|huyện|thị xã|quận|thành phố|tỉnh|thôn|đặc khu)(?!\w)")


def _has_word(words: str, word: str) -> bool:
    return f" {word}" in f" {words}"


def _has_organisation(words: str, needs: str, tables: Tables) -> bool:
    words = words.strip(" .")
    low = plain(words)
    if not words or low.startswith(("đội tuyển", "clb", "câu lạc bộ bóng")):
        return False
    if needs == "body":
        return _BODY.match(low) is not None
    first = low.split()[0]
    unit = first in tables.units and first.isalpha() and first != "và"
    if words[0].isupper() or unit or tables.organisation.match(low):
        return True
    # "công chức văn hóa xã": a field of work and a level.
    return tables.field.match(low) is not None and _LEVEL.search(low) is not None


class _Reader:
    """Reads one position after another; what is known of the words just read decides whether the next one belongs.

    `complete`: the organisation is one after which only its level or place can follow ("UBND huyện"); `known`: the words
    just read are a title, a field or a body, so that the next word begins anew; `in_field`: a field of work was read;
    `proper`: the two words just read are a proper name.
    """

    def __init__(self, found: Scan, tables: Tables) -> None:
        self.found, self.tables = found, tables
        self.text, self.low = found.text, found.low
        self.at = self.end = self.start = 0
        self.previous = ""
        self.complete = self.known = self.in_field = self.capital = self.proper = False

    def read(self, at: int, start: int = -1) -> int:
        """The end of the position whose title's words end at `at` and begin at `start`."""
        self.start = at if start < 0 else start
        self.at = self.end = at
        self.previous = self._word_before(at)
        self.complete = self.in_field = self.capital = self.proper = False
        self.known = True
        limit = min(len(self.text), at + _MOST)
        while self.at < limit and self._step():
            pass
        return self.end

    def _word_before(self, at: int) -> str:
        return self.low[max(0, at - 12) : at].rsplit(" ", 1)[-1]

    def _take(self, end: int, previous: str, *, known: bool = False, in_field: bool = False) -> bool:
        """Take the words up to `end` into the position."""
        self.at = self.end = end
        self.previous, self.known, self.in_field = previous, known, in_field
        if self.tables.closed.search(self.low, max(0, end - 28), end):
            self.complete, self.known, self.in_field = True, True, False
        return True

    def _step(self) -> bool:
        """Take the next word or sign; False where the position ends before it."""
        text, at = self.text, self.at
        before = at
        if text[at] == ".":
            # An abbreviation's point: "CT. UBND", "TP. Hồ Chí Minh".
            if self.previous not in _DOTTED:
                return False
            at += 1
        while at < len(text) and text[at] == " ":
            at += 1
        if at >= len(text) or text[at] == "\n" or at in self.found.name_starts:
            return False
        if text[at].isalnum():
            return self._step_word(at)
        return self._step_sign(before, at)

    def _step_sign(self, before: int, at: int) -> bool:
        sign = self.low[at]
        if sign in ",-":
            after = self._over_separator(before, at)
            if after is None:
                return False
            self.at, self.previous, self.capital, self.proper = after, sign, False, False
            return True
        if sign == "(":
            return self._bracket(at)
        if sign == "&":
            self.at, self.previous = at + 1, sign
            return True
        if sign in "\"“'" and self.previous in _QUOTED_AFTER:
            close = _QUOTE.search(self.text, at + 1, at + 42)
            return close is not None and self._take(close.end(), '"')
        return False

    def _over_separator(self, before: int, at: int) -> int | None:
        """The position after a comma or dash inside an organisation's name, or None where the position ends."""
        text, low, found = self.text, self.low, self.found
        after = at + 1
        while after < len(text) and text[after] == " ":
            after += 1
        if after >= len(text) or after in found.titles or after in found.name_starts:
            return None
        tight = low[at] == "-" and before == at and after == at + 1
        if tight and not text[after].isupper():
            return after
        if low[at] == "," and text[after].isupper() and self._parent(after):
            return after
        field = self.tables.field.match(low, after)
        if not field:
            return after if low[at] == "-" and self._joined_name(after) else None
        if low[at] == "," and not text[after].isupper() and not _MORE_FIELDS.match(low, field.end()):
            return None
        return after

    def _bracket(self, at: int) -> bool:
        """Take a short form or the body above in brackets: "Phòng CSGT (PC08), Công an tỉnh", "Vụ Pháp chế (Bộ Y tế)"."""
        bracket = _SHORT_FORM.match(self.text, at)
        if bracket:
            follows = bracket.end()
            comma = _COMMA.match(self.low, follows)
            goes_on = self._parent(comma.end()) if comma else self._level_end(follows + 1) is not None
            return goes_on and self._take(follows, ")", known=True)
        close = self.text.find(")", at, at + 60)
        if close < 0 or not self._parent(at + 1) or self.text[at + 1].islower():
            return False
        inner = _Reader(self.found, self.tables)
        inner.start = self.start
        return inner.read(at + 1) == close and self._take(close + 1, ")")

    def _parent(self, at: int) -> bool:
        """Whether the body that the unit just read is a part of begins here: "Trưởng khoa Luật, Trường Đại học Vinh"."""
        parent = self.tables.parent.match(self.low, at)
        if not parent or self.complete or self.proper:
            return False
        unit = self.low[self.start : self.end]
        if "," in unit and _SECOND_PARENT.search(unit):
            return False
        return any(_has_word(unit, word) for word in self.tables.parents[parent[0]])

    def _joined_name(self, after: int) -> bool:
        """Whether a dash joins a second place or a second subject: "khu vực Đắk R'lấp - Tuy Đức", "Kinh tế - Luật"."""
        words = self.text[after : after + 30].split(" ")
        place = any(plain(" ".join(words[:n]).rstrip(",.;")) in self.tables.places for n in (3, 2, 1))
        return self.text[after].isupper() and (place or (self.in_field and words[0].endswith((",", ";", "."))))

    def _step_word(self, at: int) -> bool:
        low, tables, found = self.low, self.tables, self.found
        word = _WORD.match(low, at)
        if word is None:
            return False
        small = self.text[at] == low[at]
        if at in found.titles:
            if not self._title_inside(at):
                return False
            self._take(found.titles[at], self._word_before(found.titles[at]), known=True)
            self.capital = self.proper = False
            return True
        address = tables.honorific.match(low, at) if small else None
        if address and address.end() in found.name_starts:
            return False
        inside = self._field_end(at, small)
        if inside:
            self.capital = self.proper = False
            return self._take(
                inside, self._word_before(inside), known=True, in_field=not low.endswith(_NO_FIELD, at, inside)
            )
        # The rest of a word ends nothing: "chính" in "Nội chính"; but the words' borders are not sure after names.
        within = (
            small and not self.known and not self.proper and self._may_end(word[0], at) and not found.starts_word(at)
        )
        if not within:
            verb = self._verb(at, small)
            if verb is not None:
                return verb
        return self._step_small_word(word[0], at, small, within)

    def _may_end(self, token: str, at: int) -> bool:
        """Whether a small word could end the post or lift its level, so that it matters if it is the rest of another."""
        tables, low = self.tables, self.low
        return (
            self.complete
            or token in tables.stop_words
            or tables.soft.match(low, at) is not None
            or tables.stop.match(low, at) is not None
            or tables.place_type.match(low, at) is not None
        )

    def _title_inside(self, at: int) -> bool:
        """Whether a title's words are part of an organisation's name: "Văn phòng Chủ tịch nước", "Ban Thường vụ"."""
        if self.previous == "ban" and self.low.startswith("thường vụ", at):
            return True
        return self.previous in _PART_OF_NAME and self.low.startswith(_INNER_TITLES, at)

    def _after_unit(self, at: int) -> bool:
        return self.tables.after_unit.search(self.low[max(0, at - 16) : at]) is not None

    def _field_end(self, at: int, small: bool) -> int:
        """The end of a field's or fixed phrase's words here ("giáo dục và …", "các khu công nghiệp"), or 0."""
        low, tables = self.low, self.tables
        only_fields = self.proper and small and not low.startswith("tại ", at)
        inside = (tables.field if only_fields else tables.inside).match(low, at)
        closed = self.complete and small and inside is not None and not inside[0].startswith(("tại ", "khối "))
        if not inside or (closed and inside[0] not in _AFTER_BODY):
            return 0
        if not small or self.previous in ("và", "-", ",", "&") or self._after_unit(at):
            return inside.end()
        for verb in (tables.stop.match(low, at), tables.soft.match(low, at)):
            if verb and verb.end() >= inside.end() and self.previous not in tables.field_ends:
                return 0
        return inside.end()

    def _verb(self, at: int, small: bool) -> bool | None:
        """What a word that may begin the predicate does: True is taken as a unit's work, False ends, None is none."""
        soft = self.tables.soft.match(self.low, at) if small else None
        stop = self.tables.stop.match(self.low, at)
        longer = soft and stop and stop.end() > soft.end()  # "tiếp thu" is not "tiếp"
        if soft and not longer and (self.in_field or self._after_unit(at)):
            self.complete = False
            return self._take(soft.end(), self._word_before(soft.end()))
        if soft or (stop and (small or (self.complete and " " in stop[0]))):
            return False
        return None

    def _step_small_word(self, token: str, at: int, small: bool, within: bool) -> bool:
        """Take a connective, a number, a level word or any other word."""
        tables, low = self.tables, self.low
        end = at + len(token)
        if token in ("và", "về", "của"):
            return self._connective(token, end)
        if token in ("khóa", "lần"):
            term = _TERM.match(low, at)
            return term is not None and self._take(term.end(), "khóa", known=True)
        if small and token in tables.stop_words and not within:
            return False
        if token[0].isdigit() and not any(c.isalpha() for c in token):
            return len(token) < 4 and self.previous in tables.numbered and self._take(end, token)
        if self.complete and token == "số":
            number = _NUMBER.match(low, at)
            return number is not None and self._take(number.end(), "số")
        level = None if within else self._level_end(at)
        if level is not None:
            self._take(level, low[at:level], known=small)
            self.complete, self.capital, self.proper = True, False, False
            return True
        if small and not within and (self.complete or (self.proper and not self.known)):
            return False  # after "UBND huyện" or "Đồn Biên phòng Pò Hèn" nothing small follows
        if small and self.in_field and self._foreign_to_bodies(token, at):
            return False
        return self._take_plain(token, at, small)

    def _foreign_to_bodies(self, token: str, at: int) -> bool:
        """Whether a word stands in no body's name and so begins the predicate, whatever it is; firms are named freely."""
        if token in self.tables.vocabulary:
            return False
        return self.tables.free_names.search(self.low, self.start, at) is None

    def _take_plain(self, token: str, at: int, small: bool) -> bool:
        written = self.text[at : at + len(token)]
        dash = written.find("-")
        if 0 < dash < len(written) - 1 and written[dash + 1].isupper() and not written.isupper():
            token = token[:dash]
            written = written[:dash]
        short = is_abbreviation(written)
        named = not small and not short and (self.capital or token not in self.tables.units)
        self._take(at + len(token), token, known=short)
        self.proper, self.capital = named and self.capital, named
        return True

    def _connective(self, token: str, end: int) -> bool:
        """Go over "và", "về", "của" if what follows belongs to the organisation's name."""
        text, low, tables, found = self.text, self.low, self.tables, self.found
        after = end + 1
        if (
            after >= len(text)
            or after in found.titles
            or after in found.name_starts
            or (self.complete and token == "và")
        ):
            return False
        short = tables.organisation.match(low, after)
        if token == "của":
            follows = text[after].isupper() or short is not None
        elif token == "và" and short and is_abbreviation(text[after : short.end()]):
            return self._take(short.end(), short[0], known=True)
        else:
            phrase = text[after] == low[after] and tables.inside.match(low, after) is not None
            follows = tables.field.match(low, after) is not None or (phrase and token == "và")
        if follows:
            self.at, self.previous = end, "của" if token == "của" else "và"
        return follows

    def _level_end(self, at: int) -> int | None:
        """The end of a level word ("huyện", "thị trấn") here, or None; "xã" of "xã hội" is none."""
        level = self.tables.place_type.match(self.low, at)
        if not level:
            return None
        if self.text[at] != self.low[at] and self.tables.place_types[level[0]] == "village":
            return None  # "Nhật Bản"
        follows = _WORD.match(self.low, level.end() + 1)
        return None if follows and follows[0] in _NO_LEVEL else level.end()
