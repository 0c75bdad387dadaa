"""The officials extractor's compiled tables and the spelling in which it compares words."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache, partial

from extractor.rules import CompiledRule, RuleSet, alternation
from extractor.text import fold_tones
from extractor.values.posts import PostTables, parse_post

_SAME = tuple(zip("’‘`´–—−‑", "''''----", strict=True))
_TONE_PLACES = dict(
    zip(
        "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split(),
        "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split(),
        strict=True,
    )
)
_OPEN = {old: (re.compile(rf"{old}(?<!q{old})(?!\w)"), new) for old, new in _TONE_PLACES.items()}
UPPER = "".join(c for c in map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00))) if c.isupper())
"""All Latin capitals: names of the Central Highlands have "Ƀ", "Ñ", "Ŏ"."""
HONORIFICS = ("civil", "rank", "academic", "religious", "mother", "private")


def plain(text: str) -> str:
    """A text in the spelling in which the rules' words are compared, of the same length, so that offsets hold.

    Lower case, one placing of tone marks ("uỷ" as "ủy"), one apostrophe and one dash.
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    # A look whether a sign is there at all is much cheaper than one pass that would treat all of them.
    for sign, same in _SAME:
        if sign in low:
            low = low.replace(sign, same)
    for written, (pattern, usual) in _OPEN.items():
        if written in low:
            low = pattern.sub(usual, low)
    return low


class Ending:
    """A pattern of words at the end of a piece of text, tried only where the last word is one of theirs."""

    def __init__(self, pattern: str, terms: Iterable[str], *others: str) -> None:
        self._pattern = re.compile(pattern)
        self._lasts = frozenset(plain(term).rsplit(" ", 1)[-1] for term in (*terms, *others))

    def search(self, piece: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The match that ends where `piece[start:end]` ends, perhaps before a blank, or None."""
        end = len(piece) if end is None else end
        close = end - 1 if piece[end - 1 : end] == " " else end
        word = piece[max(start, piece.rfind(" ", start, close) + 1) : close]
        if word not in self._lasts and word.isalnum():
            return None
        return self._pattern.search(piece, start, end)


def one_of(terms: Iterable[str]) -> str:
    """A pattern for any of some terms in plain spelling."""
    return alternation([plain(term) for term in terms], either_case=False)


class Tables:
    """Everything compiled from the rules, made once for a rule set."""

    def __init__(self, rules: RuleSet) -> None:
        def words(name: str) -> list[str]:
            return [plain(term) for term in rules.lexicon("officials", name)]

        self.rules = rules
        self.families = {row["name"].lower(): int(row["strength"]) for row in rules.gazetteer("family_names")}
        self.posts = PostTables.read(
            rules.gazetteer("titles"), rules.gazetteer("organisations"), rules.gazetteer("admin_units"), plain
        )
        self.parse = lru_cache(maxsize=8192)(partial(parse_post, tables=self.posts))
        self.places = self.posts.places | set(words("countries"))
        self.abroad = frozenset(words("countries")) - frozenset(words("home_regions"))
        self.honorific_forms: dict[str, tuple[str, str]] = {}
        for kind in HONORIFICS:
            for term, form in rules.lexicon("officials", f"honorifics_{kind}").items():
                shown = str(form or term.rstrip(".").replace(". ", "."))
                self.honorific_forms.setdefault(plain(term), (shown, kind))
        self.honorific = re.compile(rf"\b({one_of(self.honorific_forms)})(?:[ :]+| ?- ?|(?<=\.))(?=\w)")
        self.title = re.compile(
            rf"(?<![\w/])(?!(?<=chức )vụ (?:phó|trưởng)|(?<=bộ )tư lệnh|(?:(?<=trung )|(?<=hàn ))quốc vương){one_of(self.posts.titles)}(?=[ .,;:()/]|-|$|\n|…|\"|”)"
        )
        self.former = Ending(
            r"(?:nguyên|cựu|cố|tân|quyền|q\.|cựu phó|nguyên là) $", "nguyên cựu cố tân quyền q. phó là".split()
        )
        self.not_title = Ending(
            r"(?:\bban|văn phòng|ứng cử|bầu cử|ứng viên|ứng cử viên|lệnh của|tăng|(?<!trúng cử và )(?<!được )(?<!nhiệm )bầu)(?: các)? $",
            "ban phòng cử viên của tăng bầu các".split(),
        )
        self.stop = re.compile(rf"{one_of(words('predicates'))}\b")
        self.soft = re.compile(rf"{one_of(words('soft_predicates'))}\b")
        self.inside = re.compile(rf"{one_of([*words('inside_phrases'), *words('fields')])}\b")
        self.field = re.compile(rf"{one_of(words('fields'))}\b")
        self.field_ends = frozenset(term.rsplit(" ", 1)[-1] for term in words("fields"))
        self.stop_words = frozenset(words("stop_words"))
        self.after_unit = Ending(rf"(?:^|[ (]){one_of(words('unit_nouns'))} ?$", words("unit_nouns"))
        self.numbered = frozenset(words("numbered"))
        self.units = frozenset(words("unit_nouns"))
        self.place_types = {plain(k): str(v) for k, v in rules.lexicon("officials", "place_types").items()}
        self.place_type = re.compile(rf"{one_of(self.place_types)}(?!\w)")
        self.named_after = Ending(rf"(?<!\w)(?<!thành )(?<!khu ){one_of(words('named_after'))} $", words("named_after"))
        self.closed = Ending(rf"(?<!\w){one_of(words('closed_bodies'))}$", words("closed_bodies"))
        self.place_type_before = Ending(rf"(?<!\w){one_of(self.place_types)} $", self.place_types)
        self._read_bodies(words)
        self.organisation = re.compile(rf"{one_of(self.posts.abbreviations)}(?![\w&])")
        self.historical = frozenset(fold_tones(plain(n)) for n in rules.lexicon("officials", "historical"))
        self.private = re.compile(rf"\b{one_of(words('private_cues'))}\b")
        self.link_words = frozenset(part for term in words("link_words") for part in term.split())
        self.link_last = frozenset(words("link_last"))
        self.role = rules.rule("officials-in-role").regex

    def _read_bodies(self, words: Callable[[str], list[str]]) -> None:
        """Bodies above others, bodies that are named freely, and the words that stand in names of the rest."""
        self.parents = {
            plain(k): frozenset(plain(str(v)).split(", "))
            for k, v in self.rules.lexicon("officials", "parents").items()
        }
        self.parent = re.compile(rf"{one_of(self.parents)}(?!\w)")
        self.free_names = re.compile(
            rf"(?<!\w)(?<!xã )(?<!môi )(?<!thị )(?<!dân ){one_of(words('freely_named'))}(?!\w)(?! chí| cáo| đồng)"
        )
        known = [*words("fields"), *words("inside_phrases"), *words("unit_nouns"), *words("closed_bodies")]
        known += [plain(row["name"]) for row in self.rules.gazetteer("organisations")]
        known += [*self.place_types, *self.posts.titles, *words("soft_predicates"), *words("work_words")]
        self.vocabulary = frozenset(word for term in known for word in re.findall(r"\w+", term))

    def rule(self, name: str) -> re.Pattern[str]:
        """A rule's pattern by the id's ending, e.g. "post-after" for "officials-post-after"."""
        return self._rules[name].regex

    @cached_property
    def _rules(self) -> Mapping[str, CompiledRule]:
        return {rule.id: rule for rule in self.rules.rules("officials")}


def tables_of(rules: RuleSet) -> Tables:
    """The compiled tables of a rule set."""
    build: Callable[[RuleSet], Tables] = Tables
    return rules.memo("officials.tables", build)
