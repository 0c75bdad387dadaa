"""Which namings are one gathering: events made of mentions."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.extractors._meetings_text import Mention, View, day_like

_LOOSE = frozenset({"conference", "training", "voter_meeting", "dialogue", "seminar", "meeting", "gathering"})
_LATER_WORD = {
    "conference": frozenset(
        {"conference", "training", "voter_meeting", "dialogue", "seminar", "meeting", "gathering", "session"}
    ),
    "meeting": frozenset({"meeting", "session", "conference", "working_session"}),
    "session": frozenset({"session", "conference", "congress", "meeting"}),
    "working_session": frozenset({"working_session", "meeting", "conference", "gathering"}),
    "congress": frozenset({"congress"}),
    "seminar": frozenset({"seminar", "conference", "dialogue"}),
    "ceremony": frozenset({"ceremony", "training", "congress", "conference", "seminar", "gathering"}),
    "voter_meeting": frozenset({"voter_meeting"}),
    "training": frozenset({"training"}),
    "dialogue": frozenset({"dialogue", "seminar"}),
    "gathering": frozenset({"gathering", "working_session", "ceremony"}),
}
"""Of which kinds a gathering can be that is later called by a bare word of the kind at the left ("tại cuộc họp")."""
_ORDINAL = re.compile(
    r"(?:lần thứ|lần|thứ)\s+([ivxlc]+|\d+|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?: \w+)?)(?!\w)|(?<=đại hội )([ivxlc]+)(?!\w)"
)
_NUMERALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_STRENGTH = {"organise": 0, "subject": 1, "verb": 1, "take_part": 2, "place": 3, "title": 4, "list": 5, "": 6}
_WILL_TAKE_PLACE = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:dự kiến|sẽ|được)\s+(?:\w+\s+){0,2}?(?:diễn ra|khai mạc|tổ chức|họp)"
)
_SAME = 0.6
_TITLE_ALIKE = 1 / 3
_LEAD_SENTENCES = 3
_NEAR = 60


@dataclass(slots=True, eq=False)
class Event:
    """One gathering: its namings and the later words for it."""

    namings: list[Mention]
    later: list[Mention] = field(default_factory=list)
    fullest: Mention = field(init=False)
    """The longest naming; of equal ones the one in the body, where the article reports it."""
    earliest: int = field(init=False)
    """The first sentence with a naming of its own, not inside another gathering's name."""

    def __post_init__(self) -> None:
        self.fullest = max(self.namings, key=_fullness)
        self.earliest = min((m.sentence for m in self.namings if not m.nested), default=sys.maxsize)

    def add(self, mention: Mention) -> None:
        """Take in a further naming."""
        self.namings.append(mention)
        if _fullness(mention) > _fullness(self.fullest):
            self.fullest = mention
        if not mention.nested:
            self.earliest = min(self.earliest, mention.sentence)

    @property
    def start(self) -> int:
        """Where the article speaks of it first."""
        return min(m.start for m in (*self.namings, *self.later))

    @property
    def by_evidence(self) -> list[Mention]:
        """The namings, those that report the gathering first."""
        return sorted(
            self.namings, key=lambda m: (m.only_named or m.nested, m.sentence == 0, _STRENGTH[m.evidence], m.start)
        )

    @property
    def telling(self) -> list[Mention]:
        """The mentions whose sentences may tell day, place and organiser, best first."""
        return [*self.by_evidence, *(m for m in self.later if m.evidence in ("organise", "verb"))]

    @property
    def mentions(self) -> list[Mention]:
        """Namings and later words in text order."""
        return sorted([*self.namings, *self.later], key=lambda m: m.start)


def _fullness(mention: Mention) -> tuple[bool, int, bool, int]:
    return not mention.verb, mention.end - mention.start, mention.evidence != "title", -mention.start


def group(view: View, mentions: list[Mention]) -> list[Event]:
    """Put the mentions of one gathering together.

    Returns:
        The gatherings that the article reports or announces, in the order of their first naming.
    """
    events: list[Event] = []
    kinds: set[str] = set()
    lead = view.sentence_at(view.title_end) + _LEAD_SENTENCES
    for mention in mentions:
        if mention.bare:
            continue
        # The gatherings named last, and those of the lead: in a very long text all would be too many to compare with.
        near = events if len(events) <= _NEAR else [*events[:_LEAD_SENTENCES], *events[-_NEAR:]]
        alike = [e for e in reversed(near) if _same(view, e, mention, lead)]
        home = next((e for e in alike if e.fullest.kind == mention.kind), alike[0] if alike else None)
        if home is None and _says_nothing_new(view, kinds, mention, lead):
            mention.bare, mention.end = True, mention.head_end
        elif home:
            home.add(mention)
            kinds.add(home.fullest.kind)
        else:
            events.append(Event([mention]))
            kinds.add(mention.kind)
    announced = {(m.kind, m.sentence) for m in mentions if m.bare and _announces(view, m)}
    last = max((m.sentence for m in mentions if m.bare and m.kind == "working_session" and not m.verb), default=-1)
    tentative = {id(e) for e in events if all(m.tentative for m in e.namings)}
    told_in_full = any(e.fullest.kind == "working_session" and id(e) not in tentative for e in events)
    # A title's "làm việc tại …" is the working session that the article then names with its partner.
    events = [
        e
        for e in events
        if id(e) not in tentative
        or (last >= e.namings[0].sentence and not (told_in_full and e.namings[0].start < view.title_end))
    ]
    events = [
        e
        for e in events
        if any(m.reported and not m.nested for m in e.namings)
        or any((e.fullest.kind, e.namings[-1].sentence + n) in announced for n in (1, 2))
    ]
    told = _Told(events)
    for mention in mentions:
        if mention.bare:
            told.attach(view, mention)
    return sorted(told.events, key=lambda e: e.start)


def _announces(view: View, mention: Mention) -> bool:
    """Whether a later word says when what was only named takes place: "Theo đó, kỳ họp sẽ diễn ra từ ngày …"."""
    right = view.sentences[mention.sentence][1]
    after = _WILL_TAKE_PLACE.match(view.low, mention.head_end, right)
    return bool(after) and bool(view.dates_in(after.end() if after else right, right))


def _says_nothing_new(view: View, kinds: set[str], mention: Mention, lead: int) -> bool:
    """Whether an apparent name is a later word with what follows it: "các đồng chí dự hội nghị phát huy trí tuệ"."""
    if (
        mention.sentence <= lead
        or mention.apart
        or mention.contrast
        or mention.only_named
        or mention.nested
        or mention.verb
    ):
        return False
    if mention.kind not in kinds or mention.evidence in ("organise", "list"):
        return False
    left, right = view.sentences[mention.sentence]
    proper = _ordinal(view.low[mention.start : mention.end]) is not None or any(
        word[:1].isupper() for word in view.text[mention.head_end : mention.end].split()
    )
    return not proper and not view.dates_in(left, right) and not view.tables.planned.search(view.low, left, right)


class _Told:
    """The gatherings as a reader meets them: which was spoken of last, by kind, when a later word ("tại hội nghị") comes."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.order = {id(e): n for n, e in enumerate(events)}
        self.waiting = sorted(((m.start, m, e) for e in events for m in e.namings), key=lambda x: -x[0])
        self.all: dict[str, Event] = {}
        for event in events:
            self.all.setdefault(event.fullest.kind, event)
        self.begun: dict[str, Event] = {}
        self.spoken: dict[str, tuple[int, Event]] = {}

    def attach(self, view: View, mention: Mention) -> None:
        """Give a later word to its gathering, or make one of it where there is none."""
        while self.waiting and self.waiting[-1][0] < mention.start:
            _, naming, event = self.waiting.pop()
            self._speak(event, naming)
        home = self._last((mention.kind,)) or self._last(_LATER_WORD[mention.kind])
        if home:
            home.later.append(mention)
        else:
            left = view.sentences[mention.sentence][0]
            begins = mention.start == left and view.text[mention.start].isupper()
            if mention.only_named or mention.nested or mention.verb:
                return
            if mention.evidence not in ("place", "organise", "take_part") and not begins:
                return
            home = Event([mention])
            self.order[id(home)] = len(self.events)
            self.events.append(home)
        self._speak(home, mention)

    def _speak(self, event: Event, mention: Mention) -> None:
        kind = event.fullest.kind
        known = self.begun.setdefault(kind, event)
        if self.order[id(event)] < self.order[id(known)]:
            self.begun[kind] = event
        if not (mention.nested or mention.only_named):
            self.spoken[kind] = (mention.start, event)

    def _last(self, kinds: Iterable[str]) -> Event | None:
        """The gathering of some kinds that was spoken of last; of those only named, or still to come, the first."""
        spoken = [self.spoken[kind] for kind in kinds if kind in self.spoken]
        if spoken:
            return max(spoken, key=lambda x: x[0])[1]
        pool = self.begun or self.all
        found = [pool[kind] for kind in kinds if kind in pool]
        return min(found, key=lambda e: self.order[id(e)]) if found else None


def _same(view: View, event: Event, mention: Mention, lead: int) -> bool:
    """Whether a naming is of an event that has been named before."""
    other = event.fullest
    if mention.apart:
        return False
    if mention.kind != other.kind and not (mention.kind in _LOOSE and other.kind in _LOOSE):
        return False
    if _conflict(view, other, mention):
        return False
    # A press conference about a conference has all its words: across kinds the names must be alike as a whole.
    size = min if mention.kind == other.kind or "conference" not in (mention.kind, other.kind) else max
    shared = len(mention.words & other.words) / max(1, size(len(mention.words), len(other.words)))
    if shared >= (0.8 if mention.contrast else _SAME):
        return True
    if view.title_end > min(mention.start, other.start) and mention.sentence <= lead and mention.kind != other.kind:
        by_title = len(mention.words & other.words) >= _TITLE_ALIKE * min(len(mention.words), len(other.words))
        return by_title and not (
            mention.contrast or mention.nested or other.nested or mention.only_named or other.only_named
        )
    in_lead = mention.sentence <= lead and event.earliest <= lead
    return (
        in_lead
        and mention.kind == other.kind
        and not (mention.contrast or mention.nested or mention.only_named or other.only_named)
        and "list" not in (mention.evidence, other.evidence)
        and mention.sentence != other.sentence
        and not _other_day(view, other, mention)
    )


def _other_day(view: View, first: Mention, second: Mention) -> bool:
    """Whether the sentences of two names tell days that have nothing in common."""
    days = [
        {d.start_date for d in view.dates_in(*view.sentences[m.sentence]) if d.start_date and day_like(d)}
        for m in (first, second)
    ]
    return bool(days[0] and days[1]) and not days[0] & days[1]


def _conflict(view: View, first: Mention, second: Mention) -> bool:
    """Whether two names differ in their ordinal or in the level of government."""
    names = [view.low[m.start : m.end] for m in (first, second)]
    ordinals = [_ordinal(name) for name in names]
    if None not in ordinals and ordinals[0] != ordinals[1]:
        return True
    if min(len(first.words), len(second.words)) > 8:
        return False
    levels = [set(view.tables.level.findall(name)) for name in names]
    return bool(levels[0] and levels[1] and not levels[0] & levels[1])


def _ordinal(name: str) -> int | None:
    found = _ORDINAL.search(name)
    if not found:
        return None
    word = found[1] or found[2]
    if word.isdigit():
        return int(word)
    if word.split()[0] in _NUMERALS:
        extra = word.split()[1:]
        return _NUMERALS[word.split()[0]] + (_NUMERALS.get(extra[0], 0) if extra else 0)
    total = 0
    for letter, following in zip(word, [*word[1:], ""], strict=True):
        value = _ROMAN[letter]
        total += -value if following and _ROMAN[following] > value else value
    return total
