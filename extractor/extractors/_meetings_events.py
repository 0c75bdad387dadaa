"""Which namings are one gathering: events made of mentions."""

import re
from collections.abc import Iterable

from extractor.extractors._meetings_event import Event as Event
from extractor.extractors._meetings_same import is_same, ordinal
from extractor.extractors._meetings_text import Mention, View, day_like

_LATER_WORD = {
    "conference": frozenset(
        {"conference", "training", "voter_meeting", "dialogue", "seminar", "meeting", "gathering", "session"}
    ),
    "meeting": frozenset({"meeting", "session", "conference", "working_session"}),
    "session": frozenset({"session", "conference", "congress", "meeting", "seminar", "dialogue"}),
    "working_session": frozenset({"working_session", "meeting", "conference", "gathering"}),
    "congress": frozenset({"congress"}),
    "seminar": frozenset({"seminar", "conference", "dialogue"}),
    "ceremony": frozenset({"ceremony", "training", "congress", "conference", "seminar", "gathering"}),
    "voter_meeting": frozenset({"voter_meeting"}),
    "training": frozenset({"training"}),
    "dialogue": frozenset({"dialogue", "seminar"}),
    "gathering": frozenset({"gathering", "working_session", "ceremony", "conference", "seminar", "dialogue"}),
}
"""Of which kinds a gathering can be that is later called by a bare word of the kind at the left ("tại cuộc họp")."""
_WILL_TAKE_PLACE = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:dự kiến|sẽ|được)\s+(?:\w+\s+){0,2}?(?:diễn ra|khai mạc|tổ chức|họp)"
)
_THIS_TIME = re.compile(r"(?:đợt|lần|dịp) này")
_NEAR_DAY = 40
_LEAD_SENTENCES = 3
_NEAR = 60


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
        alike = [e for e in reversed(near) if is_same(view, e, mention, lead)]
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
    last = max((m.sentence for m in mentions if m.bare and m.kind == "working_session"), default=-1)
    tentative = {id(e) for e in events if all(m.tentative for m in e.namings)}
    told_in_full = any(e.fullest.kind == "working_session" and id(e) not in tentative for e in events)
    # A title's "làm việc tại …" is the working session that the article then names with its partner.
    events = [
        e
        for e in events
        if id(e) not in tentative
        or (last >= e.namings[0].sentence and not (told_in_full and e.namings[0].start < view.title_end))
    ]
    named = events
    events = [
        e
        for e in events
        if any(m.reported and not m.nested for m in e.namings)
        or any((e.fullest.kind, e.namings[-1].sentence + n) in announced for n in (1, 2))
    ]
    told = _Told(events, [e for e in named if e not in events and _captioned(view, e)])
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
    if mention.kind not in kinds or mention.evidence == "list":
        return False
    if mention.evidence == "organise":
        # "Đợt này, huyện tổ chức tập huấn cho các xã": whom it is for, not another one.
        left, right = view.sentences[mention.sentence]
        again = _THIS_TIME.match(view.low, left) or not view.dates_in(left, right)
        return view.low.startswith(" cho ", mention.head_end) and bool(again) and not mention.contrast
    left, right = view.sentences[mention.sentence]
    proper = ordinal(view.low[mention.start : mention.end]) is not None or any(
        word[:1].isupper() for word in view.text[mention.head_end : mention.end].split()
    )
    return not proper and not view.dates_in(left, right) and not view.tables.planned.search(view.low, left, right)


def _captioned(view: View, event: Event) -> bool:
    """Whether a gathering is named at a line's head without a predicate, as under a photo."""
    return any(
        not (m.only_named or m.nested or m.verb) and m.start == view.sentences[m.sentence][0] and len(m.words) > 1
        for m in event.namings
    )


def _takes_place_on(view: View, mention: Mention) -> bool:
    """Whether a part of a festival is told with its own day: "lễ khai mạc diễn ra lúc 20 giờ ngày 25/6"."""
    day = any(day_like(d) for d in view.dates_in(mention.end, mention.end + _NEAR_DAY))
    named = mention.kind == "ceremony" and mention.end > mention.head_end
    return named and day and bool(view.tables.takes_place_after.match(view.low, mention.end))


class _Told:
    """The gatherings as a reader meets them: which was spoken of last, by kind, when a later word ("tại hội nghị") comes."""

    def __init__(self, events: list[Event], captions: list[Event]) -> None:
        self.events = events
        self.captions = captions
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
        home = self._last((mention.kind,)) or self._last(_LATER_WORD[mention.kind], mention.kind != "ceremony")
        if home:
            home.later.append(mention)
        else:
            left = view.sentences[mention.sentence][0]
            begins = mention.start == left and view.text[mention.start].isupper()
            if mention.only_named or mention.nested or mention.verb:
                return
            told = mention.evidence in ("place", "organise", "take_part") or begins
            if not told and not _takes_place_on(view, mention):
                return
            home = self._caption(mention) or Event([mention])
            self.order[id(home)] = len(self.events)
            self.events.append(home)
        self._speak(home, mention)

    def _caption(self, mention: Mention) -> Event | None:
        """The gathering that a photo's caption names before the text speaks of it as "đại hội"."""
        for event in reversed(self.captions):
            if event.fullest.kind == mention.kind and event.start < mention.start:
                event.later.append(mention)
                self.captions.remove(event)
                return event
        return None

    def _speak(self, event: Event, mention: Mention) -> None:
        kind = event.fullest.kind
        known = self.begun.setdefault(kind, event)
        if self.order[id(event)] < self.order[id(known)]:
            self.begun[kind] = event
        if not (mention.nested or mention.only_named):
            self.spoken[kind] = (mention.start, event)

    def _last(self, kinds: Iterable[str], ahead: bool = True) -> Event | None:
        """The gathering of some kinds that was spoken of last; of those only named, or still to come (`ahead`), the first."""
        spoken = [self.spoken[kind] for kind in kinds if kind in self.spoken]
        if spoken:
            return max(spoken, key=lambda x: x[0])[1]
        pool = self.begun or (self.all if ahead else {})
        found = [pool[kind] for kind in kinds if kind in pool]
        return min(found, key=lambda e: self.order[id(e)]) if found else None
