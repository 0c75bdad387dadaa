"""Attaching positions to names: before or after the name, in apposition, as the head of a list, given or taken."""

import re
from dataclasses import dataclass

from extractor.extractors._officials_parts import Name, Scan, WordedPost
from extractor.extractors._officials_tables import Tables, plain
from extractor.values.posts import Post

BEFORE, AFTER, HEAD, APPOINTED = (
    f"officials-{name}" for name in ("post-before", "post-after", "list-head", "appointed")
)
_PLACE_BETWEEN = r",? ?[(]?(?:huyện|tỉnh|quận|thị xã|thành phố|tp\.?|thuộc) ?[^,();.\n]{2,28}[,)]?"
_JOIN = re.compile(
    rf"{_PLACE_BETWEEN} | ?\(\d{{4}} ?- ?(?:\d{{4}}|nay)\),? ?| ?[,-] ?| và | kiêm(?: nhiệm)? |, kiêm | đồng thời là |, đồng thời là |, nguyên là | "
)
_DASH = re.compile(r" ?- ?")
_BRACKET = re.compile(r" ?\([^()\n]{2,40}\) ")
_SIGNED = re.compile(r"\n(?:\(?(?:đã ký|ký tên|đã ký tên|ký, đóng dấu|ký tên, đóng dấu)\)?\n)?")
_ADDRESSED = re.compile(rf",| ?[,:-] | (?:là|do|gồm) |{_PLACE_BETWEEN}, ")
_ON_BEHALF = re.compile(r"(?:\bcủa|ủy quyền|thay mặt|thừa lệnh|thừa ủy quyền) $")
_LIST_GAP = re.compile(r"(?:[,;) ]|\.?\n ?(?:[-+*•]|\d+[.)]))*(?:và|cùng|cùng với)?[ ,:]*(?:các )?[ +-]*")
_WORDS = re.compile(r"\w+")
_SEVERAL = re.compile(r"(?:phó|ủy viên|thành viên|đại biểu|thứ trưởng|pct|pgđ|p\.|pbt|thường vụ|uv)")
_ALL_OF_THEM = re.compile(r"\b(?:đều|cùng) (?:đang )?(?:là|giữ)")
_GIVEN = re.compile(
    r"(?:giữ chức(?: vụ| danh)?|giữ cương vị|đảm nhiệm (?:chức vụ|cương vị)|(?:bầu|cử|bổ nhiệm|chỉ định) làm"
    r"|được (?:[^.;,]{1,50} )?(?:bầu|cử|bổ nhiệm|chỉ định) (?:vào )?chức(?: vụ| danh)?|từng là|nguyên là"
    r"|từng giữ chức(?: vụ)?|(?:có|một) thời gian(?: dài)? (?:làm|là|giữ chức)"
    r"|(?:kinh|trải) qua (?:nhiều|các) (?:chức vụ|cương vị|vị trí)[^.;\n]{0,40}? (?:như|có|là|gồm):?) $"
)
_CHOSEN = re.compile(r"(?:giữ|làm|nhận|đảm nhiệm|đảm nhận)(?: chức| chức vụ| cương vị)? $")
_ELECTED = re.compile(r"\b(?:bầu|bổ nhiệm|chỉ định|phê chuẩn|điều động|luân chuyển|phân công|trao quyết định)\b[^.;]*$")
_INTENDED = re.compile(r"\b(?:để|giới thiệu|ứng cử|đề cử|dự kiến)\b")
_CHAIRED = re.compile(r"(?:chủ trì|chủ tọa|điều hành|dự|dự có|tham gia|sự có mặt|có mặt|do)(?: [^\W\d]+){0,5}? $")
_LEADS = re.compile(r" (?:làm|là|dẫn đầu,? (?:làm|là)) ")
_INSTEAD = re.compile(r",? ?(?:\(?nhiệm kỳ [\d –-]+\)?,? )?(?:để )?thay(?: thế)?(?: cho)? ")
_PLURAL_PAIR = re.compile(r"\bcác \w+(?:, |/| và )$")
_LONGEST_LINK = 150
_MOST_POSTS = 24  # of one person in one place; no real list is longer


@dataclass(slots=True)
class Held:
    """A post attached to a mention: the words' span, the wording, its normal form and status, the rule that did it."""

    start: int
    end: int
    wording: str
    post: Post
    status: str
    rule: str


class Linker:
    """Attaches the posts of one text to its names: `held[id(name)]` are a name's posts, `loose` those of no name."""

    def __init__(self, found: Scan, tables: Tables) -> None:
        self.found, self.tables, self.low = found, tables, found.low
        self.names = found.names
        self.held: dict[int, list[Held]] = {id(n): [] for n in self.names}
        self.loose: list[WordedPost] = []
        # The end of a name and of what was attached after it; names with posts before them; heads of lists.
        self._cursor = {id(n): n.end for n in self.names}
        self._posts_before: set[int] = set()
        self._heads: list[tuple[int, list[WordedPost]]] = []

    def run(self) -> None:
        """Attach every chain of posts."""
        at = 0
        for chain in self._chains():
            while at < len(self.names) and self.names[at].outer < chain[-1].end:
                at += 1
            left = self.names[at - 1] if at and self.names[at - 1].end <= chain[0].start else None
            right = self.names[at] if at < len(self.names) else None
            if not self._attach(chain, left, right, at):
                self.loose.extend(chain)
        self._spread_heads()
        self._spread_back()

    def _chains(self) -> list[list[WordedPost]]:
        """Posts that follow each other: "Bí thư Huyện ủy – Chủ tịch HĐND huyện"."""
        chains: list[list[WordedPost]] = []
        for post in self.found.posts:
            gap = self.low[chains[-1][-1].end : post.start] if chains else ""
            if (
                chains
                and len(chains[-1]) < _MOST_POSTS
                and (post.shared_head or (len(gap) < 40 and _JOIN.fullmatch(gap)))
            ):
                chains[-1].append(post)
            else:
                chains.append([post])
        return chains

    def _attach(self, chain: list[WordedPost], left: Name | None, right: Name | None, index: int) -> bool:
        near = left is not None and chain[0].start - self._cursor[id(left)] <= _LONGEST_LINK
        left_gap = self.low[self._cursor[id(left)] : chain[0].start] if near else ""
        by_left = self._left_rule(left, left_gap) if left is not None and near else ""
        if right is not None and self._adjacent(chain, right, by_left) and not self._in_rows(left, left_gap, right):
            if left is not None and by_left and len(chain) > 1:
                # "Bí thư Tỉnh ủy A - Trưởng ban, Chủ tịch UBND tỉnh B - Phó Trưởng ban": one post behind a dash.
                own = len(chain) - 1 if id(left) not in self._posts_before else int(bool(_DASH.fullmatch(left_gap)))
                if own:
                    self._give(left, chain[:own], by_left, left_gap)
                    chain = chain[own:]
            if self._plural(chain):
                self._heads.append((index, chain))
            else:
                self._give(right, chain, BEFORE, "")
            return True
        if left is not None and by_left:
            leader = self._leader(index, chain) if _LEADS.fullmatch(left_gap) else None
            self._give(leader or left, chain, by_left, left_gap)
            if by_left == APPOINTED and right is not None and right.honorific:
                self._replaced(chain, right)
            return True
        return right is not None and self._attach_right(chain, right, index)

    def _in_rows(self, left: Name | None, left_gap: str, right: Name) -> bool:
        """Whether names and posts follow each other as in a table: "Đ/c A Phó Bí thư Đ/c B Chủ tịch UBND huyện"."""
        addressed = left is not None and left.honorific is not None and right.honorific is not None
        return addressed and left_gap == " " and id(left) not in self._posts_before

    def _replaced(self, chain: list[WordedPost], name: Name) -> None:
        """Give a post that is newly filled to the one who held it: "giữ chức Bí thư Đảng ủy thay đồng chí A"."""
        gap = self.low[chain[-1].end : name.outer] if name.outer - chain[-1].end < 40 else ""
        if _INSTEAD.fullmatch(gap):
            self._give(name, chain, APPOINTED, "thôi giữ")

    def _leader(self, index: int, chain: list[WordedPost]) -> Name | None:
        """Who is named after "do" where another name stands between: "do bà A, phu nhân Bộ trưởng B làm Trưởng đoàn"."""
        for name in reversed(self.names[max(0, index - 3) : index]):
            if any(sign in self.low[name.end : chain[0].start] for sign in (".", ";", "\n")):
                break
            if self.low.endswith(" do ", 0, name.outer):
                return name
        return None

    def _plural(self, chain: list[WordedPost]) -> bool:
        before = self.low[max(0, chain[0].start - 24) : chain[0].start]
        return self.tables.rule("positions-plural").search(before) is not None

    def _adjacent(self, chain: list[WordedPost], name: Name, by_left: str) -> bool:
        """Whether a name stands right after the posts, perhaps over a bracket or on the next line."""
        if name.outer - chain[-1].end > _LONGEST_LINK:
            return False
        gap = self.low[chain[-1].end : name.outer]
        if gap in ("", " ") or _BRACKET.fullmatch(gap):
            return True
        if by_left or not _SIGNED.fullmatch(gap):
            return False
        # Posts fill a line and the name the next one, as under a document.
        start = chain[0].start
        edges = self.low[max(0, start - 1) : start], self.low[name.end : name.end + 1]
        return all(edge in ("", "\n") for edge in edges)

    def _attach_right(self, chain: list[WordedPost], name: Name, index: int) -> bool:
        """Attach posts to the name after them over "là", a colon, a comma, "đối với"."""
        low, tables = self.low, self.tables
        if name.outer - chain[-1].end > 40:
            return False
        gap = low[chain[-1].end : name.outer]
        if (":" in gap or "gồm" in gap or self._plural(chain)) and tables.rule("officials-list-head").search(gap):
            self._heads.append((index, chain))
            return True
        if not name.honorific:
            return False
        if tables.rule(APPOINTED).search(gap):
            self._give(name, chain, APPOINTED, low[max(0, chain[0].start - 40) : chain[0].start])
            return True
        if _ADDRESSED.fullmatch(gap) and not _ON_BEHALF.search(low[max(0, chain[0].start - 20) : chain[0].start]):
            self._give(name, chain, BEFORE, "")
            return True
        return False

    def _left_rule(self, name: Name, gap: str) -> str:
        """The rule that links a name to the posts after it, not far off, or ""."""
        if gap == "\n" and self.low[max(0, name.outer - 1) : name.outer] in ("", "\n"):
            return AFTER
        gap = re.sub(r"\n(?=-|\()", " ", gap)
        if len(gap) < 32 and self.tables.rule(AFTER).search(gap):
            return AFTER
        if "\n" in gap or ". " in gap:
            return ""
        if _GIVEN.search(gap) and not _INTENDED.search(gap):
            return APPOINTED
        if len(gap) > 110 or any(sign in gap for sign in ".;:"):
            return ""
        words = _WORDS.findall(gap)
        known = self.tables.link_words
        linked = words and words[-1] in self.tables.link_last and all(w in known or w.isdigit() for w in words)
        return APPOINTED if linked else ""

    def _give(self, name: Name, chain: list[WordedPost], rule: str, context: str) -> None:
        """Attach posts to a name; `context` are the words that may tell that they are given or taken."""
        for worded in chain:
            wording = self.found.text[worded.start : worded.end].strip()
            length = worded.title_length
            if worded.shared_head:
                wording, length = f"{worded.shared_head} {wording}", len(worded.shared_head)
            post = self.tables.parse(wording, length)
            nearby = context or self.low[max(0, worded.start - 24) : worded.start]
            status = self._status(post, worded, rule, nearby)
            self.held[id(name)].append(Held(worded.start, worded.end, wording, post, status, rule))
        if rule == BEFORE:
            self._posts_before.add(id(name))
        if name.end <= chain[0].start:
            end = max(self._cursor[id(name)], chain[-1].end)
            self._cursor[id(name)] = end + 1 if self.low[end : end + 1] == ")" else end

    def _status(self, post: Post, worded: WordedPost, rule: str, nearby: str) -> str:
        if post.former:
            return "former"
        if worded.fresh:
            return "new"
        if rule == APPOINTED and self.tables.rule("positions-former").search(nearby):
            return "former"
        return "new" if rule == APPOINTED and self.tables.rule("positions-new").search(nearby) else "current"

    def _spread_heads(self) -> None:
        """Give a list's head to each of its members."""
        for first, chain in self._heads:
            for index in range(first, len(self.names)):
                name = self.names[index]
                if index > first:
                    last = self.names[index - 1]
                    gap = self.low[self._cursor[id(last)] : name.outer]
                    # "các Phó Chủ tịch: A, B; Giám đốc C": a list of bare names ends at the semicolon.
                    bare = self._cursor[id(last)] == last.end
                    if len(gap) > 24 or not _LIST_GAP.fullmatch(gap) or (bare and ";" in gap):
                        break
                self._give(name, chain, HEAD, "")

    def _spread_back(self) -> None:
        """Give "các đồng chí A, B, Phó Chủ tịch UBND huyện" and "A và B, đều là Phó Chủ tịch" to A as well."""
        for index, name in enumerate(self.names):
            shared = [
                h for h in self.held[id(name)] if h.rule in (AFTER, APPOINTED) and _SEVERAL.match(plain(h.wording))
            ]
            if not shared:
                continue
            rule, start = shared[0].rule, shared[0].start
            # "ông A và ông B, đại biểu HĐND huyện": delegates are always several.
            delegates = plain(shared[0].wording).startswith("đại biểu ")
            # "dự có ông A, bà B – Phó Chủ tịch": where each post stands behind a dash, a comma joins too.
            dashed = _DASH.fullmatch(self.low, name.end, start) is not None
            everyone = _ALL_OF_THEM.search(self.low, name.end, start) is not None
            members, at = [], index
            chosen = rule == APPOINTED and _CHOSEN.search(self.low[self.names[index].end : start]) is not None
            while at > 0 and (everyone or not self._addressed_plural(self.names[at])):
                before, this = self.names[at - 1], self.names[at]
                gap = self.low[self._cursor[id(before)] : this.outer]
                bare = not self.held[id(before)] if rule == AFTER else True
                bare = bare or all(plain(h.wording) == "đại biểu" for h in self.held[id(before)])
                pair = at == index and (gap == " và " or (gap == ", " and dashed)) and self._pair(before, name)
                addressed = not self.held[id(before)] and before.honorific is not None
                each = everyone or pair or ((chosen or delegates) and addressed)
                if not bare or gap not in (", ", " và ") or not (each or this.honorific is None):
                    break
                at -= 1
                members.append(before)
            joined = len(members) == 1 and self.low.endswith((" và ", ", ") if dashed else " và ", 0, name.outer)
            joined = joined and (members[0].honorific is None or self._pair(members[0], name))
            elected = chosen and _ELECTED.search(self.low[max(0, self.names[at].outer - 40) : self.names[at].outer])
            if members and (everyone or elected or delegates or self._addressed_plural(self.names[at]) or joined):
                for member in members:
                    self.held[id(member)].extend(h for h in shared if h.rule == rule)

    def _pair(self, one: Name, other: Name) -> bool:
        """Whether "bà A và ông B, Phó Chủ tịch" names two of one post: both addressed, the first without any post."""
        addressed = all(n.honorific is not None and n.honorific.kind == "civil" for n in (one, other))
        return (
            addressed
            and not self.held[id(one)]
            and _CHAIRED.search(self.low, max(0, one.outer - 60), one.outer) is not None
        )

    def _addressed_plural(self, name: Name) -> bool:
        """Whether a name opens a list: "các đồng chí A", "các ông, bà A"."""
        return (
            self.low.startswith("các ", name.outer)
            or _PLURAL_PAIR.search(self.low[max(0, name.outer - 14) : name.outer]) is not None
        )
