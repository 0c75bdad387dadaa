"""Who is an office-holder: mentions gathered into persons, short mentions linked to full names."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from extractor.extractors._officials_attach import BEFORE, Held, Linker
from extractor.extractors._officials_parts import Name, Scan, WordedPost
from extractor.extractors._officials_tables import Tables, plain
from extractor.text import fold_tones
from extractor.values.names import in_name_case
from extractor.values.posts import Post, PostIndex

_WORDS = re.compile(r"\w+")
_NAME_START = re.compile(r"(?<![^\W_])[^ \n]+(?= )")
_MANY = 32  # first words of names, beyond which the text is read word by word
_STRONG_ROLE = re.compile(
    r"(?:đồng )?chủ trì|chủ tọa|điều hành|phát biểu|kết luận|khai mạc|bế mạc|truyền đạt|quán triệt|báo cáo|trình bày|thông qua"
)


_MOST_TOGETHER = 8
_AND = re.compile(r",? (?:và|cùng|cùng với|và cùng) (?:các )?|, ")
_CHAIRS = re.compile(
    r"(?:chủ trì|chủ tọa|điều hành)(?: [^\s.;:,]+){0,8}?(?: (?:có|gồm|gồm có|bao gồm|là|của):?|:) (?:các )?$"
)


@dataclass(slots=True)
class Mention:
    """One mention of a person: the name's span, honorific, posts said there."""

    start: int
    end: int
    text: str
    honorific: str | None
    outer: int
    rule: str
    held: list[Held] = field(default_factory=list)


@dataclass
class Person:
    """A person of one article: the full name, all mentions, all posts."""

    name: str
    mentions: list[Mention] = field(default_factory=list)
    _fullest: dict[Post, str] = field(default_factory=dict, repr=False)

    @property
    def held(self) -> list[Held]:
        """All posts said anywhere."""
        return [held for mention in self.mentions for held in mention.held]

    def fullest(self, held: Held) -> str:
        """The fullest wording in the article of a post of this person; all mentions must have been found."""
        if not self._fullest:
            self._fullest = _fullest_wordings(self.held)
        return self._fullest[held.post]


def _fullest_wordings(helds: list[Held]) -> dict[Post, str]:
    """The fullest wording of each post: the one with most words, of these the first that is not all in capitals."""
    best: dict[Post, tuple[int, bool, int, str]] = {}
    for held in helds:
        length = (len(_WORDS.findall(held.wording)), not held.wording.isupper(), -held.start, held.wording)
        if held.post not in best or length[:3] > best[held.post][:3]:
            best[held.post] = length
    if len(best) == 1:
        return {post: told[3] for post, told in best.items()}
    index = PostIndex(best)
    return {post: max((best[same] for same in index.same(post)), key=lambda b: b[:3])[3] for post in best}


@dataclass
class Linked:
    """The persons of a text, and the posts that stand without a name."""

    persons: list[Person]
    loose: list[WordedPost]
    found: Scan


def link(found: Scan, tables: Tables) -> Linked:
    """Link what a scan found into persons."""
    linker = Linker(found, tables)
    linker.run()
    persons: dict[str, Person] = {}
    waiting: list[Name] = []
    for index, name in enumerate(linker.names):
        key = fold_tones(linker.low[name.start : name.end])
        private = name.honorific is not None and name.honorific.kind == "private"
        namesake = key in tables.historical and not (name.honorific and linker.held[id(name)])
        if namesake or (private and not linker.held[id(name)]):
            continue
        rule = _reason(name, linker, tables, _told_together(linker, index))
        if not rule:
            waiting.append(name)
            continue
        person = persons.setdefault(key, Person(in_name_case(name.text)))
        person.mentions.append(_mention(name, linker, rule))
    persons = _merge_short(persons)
    for person in persons.values():
        _drop_weak(person)
    _later_mentions(persons, waiting, linker)
    _bare_mentions(persons, found, tables)
    for person in persons.values():
        person.mentions.sort(key=lambda m: m.start)
    kept = sorted(persons.values(), key=lambda p: p.mentions[0].start)
    return Linked(kept, linker.loose, found)


def _told_together(linker: Linker, index: int) -> tuple[int, int]:
    """Where the addressed names begin and end that are told together: "đồng chí A và đồng chí B trao quà"."""
    names = linker.names

    def joined(one: int) -> bool:
        name, after = names[one : one + 2]
        posts = (h.start for h in linker.held[id(after)] if name.end <= h.start and h.end <= after.start)
        told = all(n.honorific is not None or linker.held[id(n)] for n in (name, after))
        return told and _AND.fullmatch(linker.low, name.end, min([after.outer, *posts])) is not None

    first = last = index
    while last - index < _MOST_TOGETHER and last + 1 < len(names) and joined(last):
        last += 1
    while index - first < _MOST_TOGETHER and first and joined(first - 1):
        first -= 1
    # Behind the last one's posts: "đồng chí A và đồng chí B, Phó Chủ tịch UBND huyện đồng chủ trì".
    return names[first].outer, max([names[last].end, *(held.end for held in linker.held[id(names[last])])])


def _reason(name: Name, linker: Linker, tables: Tables, together: tuple[int, int]) -> str:
    """The rule by which a mention shows an office-holder, or ""; `together` spans the names of which the same is told."""
    held = linker.held[id(name)]
    if held:
        return held[0].rule
    words = name.text.count(" ") + 1
    if name.honorific is None or words < 2:
        return ""
    if name.honorific.kind == "rank":
        return "officials-rank"
    after = tables.role.match(linker.low, together[1])
    comrade = name.honorific.form == "đồng chí" or name.honorific.kind in ("mother", "religious")
    alone = not tables.private.search(linker.low, name.end, min(len(linker.low), name.end + 6))
    if after and alone and (comrade or _STRONG_ROLE.search(after[0])):
        return "officials-in-role"
    before = linker.low[max(0, together[0] - 90) : together[0]]
    if _CHAIRS.search(before) or (comrade and tables.rule("officials-attending").search(before)):
        return "officials-attending"
    return ""


def _mention(name: Name, linker: Linker, rule: str) -> Mention:
    honorific = name.honorific.form if name.honorific else None
    outer = name.outer
    held = linker.held[id(name)]
    before = [h for h in held if h.end <= name.start]
    if before:
        # "đồng chí Tổng Bí thư Tô Lâm": the word of address stands before the post.
        outer = min(outer, min(h.start for h in before)) if before[0].rule == BEFORE else outer
        address = linker.found.honorifics.get(outer)
        if address and address.kind in ("civil", "rank", "academic"):
            honorific, outer = honorific or address.form, address.start
    return Mention(name.start, name.end, name.text, honorific, outer, rule, sorted(held, key=lambda h: h.start))


def _merge_short(persons: dict[str, Person]) -> dict[str, Person]:
    """One person for a short name with a post and the one full name that it is short for."""
    merged = dict(persons)
    longer: dict[str, list[str]] = {}
    for key in persons:
        for ending in _endings(key):
            longer.setdefault(ending, []).append(key)
    for key in sorted(persons, key=len):
        if " " in key and len(key.split()) > 2:
            continue
        full = [k for k in longer.get(key, ()) if k in merged]
        if len(full) == 1:
            merged[full[0]].mentions.extend(merged.pop(key).mentions)
        elif " " not in key and "'" not in key and not full:
            merged.pop(key)  # "Chủ tịch Tuấn" of nobody named in the article
    return merged


def _drop_weak(person: Person) -> None:
    """ "đại biểu" or "đại diện Sở Y tế" before a name is a post only of one who has no other."""
    if any(not _weak(held) for held in person.held):
        for mention in person.mentions:
            mention.held = [held for held in mention.held if not _weak(held)]


def _weak(held: Held) -> bool:
    wording = plain(held.wording)
    return wording == "đại biểu" or wording.startswith("đại diện ")


def _endings(full: str) -> list[str]:
    """The short forms of a full name: its last words, from the given name on."""
    words = full.split()
    return [" ".join(words[first:]) for first in range(1, len(words))]


class _Called:
    """Who is meant by a short name at a place: the fitting person named last before it, or the only one there is."""

    def __init__(self, persons: dict[str, Person]) -> None:
        self._endings = {id(person): _endings(full) for full, person in persons.items()}
        self._only: dict[str, Person | None] = {}
        self._last: dict[str, tuple[Person, int]] = {}
        for person in persons.values():
            for ending in self._endings[id(person)]:
                self._only[ending] = None if ending in self._only else person
        named = ((m.start, person) for person in persons.values() for m in person.mentions)
        self._coming = sorted(named, key=lambda pair: pair[0], reverse=True)

    def named(self, person: Person, at: int) -> None:
        """Note a mention; mentions are noted in text order."""
        for ending in self._endings[id(person)]:
            self._last[ending] = (person, at)

    def advance(self, at: int) -> None:
        """Go on to a place: note the known mentions before it."""
        while self._coming and self._coming[-1][0] < at:
            start, person = self._coming.pop()
            self.named(person, start)

    def find(self, short: str) -> tuple[Person | None, int]:
        """The person, and where the person was named last (-1: only later)."""
        return self._last.get(short) or (self._only.get(short), -1)


def _later_mentions(persons: dict[str, Person], waiting: list[Name], linker: Linker) -> None:
    """Mentions by the whole name again, or by a word of address and the given name."""
    called = _Called(persons)
    private: dict[str, int] = {}  # where a private person of a given name was named in full last
    for name in sorted(waiting, key=lambda n: n.start):
        called.advance(name.start)
        key = fold_tones(linker.low[name.start : name.end])
        given = key.rsplit(" ", 1)[-1]
        if key in persons:
            persons[key].mentions.append(_mention(name, linker, "officials-again"))
            called.named(persons[key], name.start)
        elif name.honorific is None or name.honorific.kind == "private":
            continue
        elif key.count(" ") > 1:
            private[given] = name.start
        elif name.honorific.form != "bác" or key != "hô":
            chosen, last = called.find(key)
            if chosen is not None and last >= private.get(given, -1):
                chosen.mentions.append(_mention(name, linker, "officials-short"))
                called.named(chosen, name.start)


def _bare_mentions(persons: dict[str, Person], found: Scan, tables: Tables) -> None:
    """The remaining places where a known full name stands, such as in a title or a list."""
    named = {words: person for person in persons.values() if " " in (words := plain(person.name))}
    by_first: dict[str, set[int]] = {}
    for words in named:
        by_first.setdefault(words.split(" ", 1)[0], set()).add(len(words))
    taken = {m.start for person in named.values() for m in person.mentions}
    low = found.low
    ends: dict[str, int] = {}
    for first, at in _starts_of(by_first, low):
        for length in by_first[first]:
            words = low[at : at + length]
            if words not in named or at < ends.get(words, 0):
                continue
            end = ends[words] = at + length
            free = at not in taken and not low[end : end + 1].isalnum()
            if free and not tables.named_after.search(low[max(0, at - 24) : at]):
                named[words].mentions.append(Mention(at, end, found.text[at:end], None, at, "officials-again"))


def _starts_of(firsts: Collection[str], low: str) -> Iterator[tuple[str, int]]:
    """Where names may begin: each first word with the positions at which a word of the text begins with it."""
    if len(firsts) > _MANY:
        for word in _NAME_START.finditer(low):
            if word[0] in firsts:
                yield word[0], word.start()
        return
    for first in firsts:
        at = low.find(first)
        while at >= 0:
            if not low[at - 1 : at].isalnum():
                yield first, at
            at = low.find(first, at + len(first))
