"""At which gathering something was said or done, where an article tells of several."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_text import Mention, Person, View, day_like

_TO_THE_PAPER = ("cho biết", "cho hay", "kể", "nhớ lại", "tâm sự")
_SPEECH_OF = re.compile(r"(?<!\w)(?:diễn văn|bài phát biểu|lời|trống)\s+$")
"""Before "khai giảng", "kỷ niệm" …: the kind of the speech, not the gathering that was spoken of last."""
_BESIDE_IT = re.compile(r"(?<!\w)(?:bên lề|bên hành lang|ngoài hành lang)(?!\w)")
"""What is said to the press beside a gathering is not said at it."""
_NEXT_TO_CUE = 40
_GUEST_SENTENCES = 3
_DISCUSSES = ("seminar", "dialogue", "working_session", "meeting")
_TELLING = ("organise", "subject", "verb", "take_part", "title")


@dataclass(frozen=True, slots=True)
class Part:
    """One person's role at a gathering; `start`–`end` are the words that say so. `guessed`: no list has those words."""

    person: Person
    role: str
    start: int
    end: int
    rule_id: str
    guessed: bool = False


def _of_the_telling(mention: Mention, part: Part) -> bool:
    """Whether a mention is where somebody spoke, not something he spoke about: "yêu cầu … tổ chức Đại hội trước ngày 30"."""
    if part.role != "speaker" or mention.start < part.person.start:
        return True
    return mention.start - part.end <= _NEXT_TO_CUE and (mention.evidence in ("place", "take_part") or mention.bare)


def _told_in_body(view: View, mention: Mention) -> bool:
    """Whether a naming reports an event, with its organiser or its day, not as background of another."""
    if mention.only_named or mention.nested or mention.contrast:
        return False
    if mention.evidence == "subject":
        return any(day_like(d) for d in view.dates_in(*view.sentences[mention.sentence]))
    return mention.evidence in ("organise", "verb", "take_part")


class Where:
    """At which gathering something was said or done: the one named in the sentence, else the article's own."""

    def __init__(self, view: View, events: list[Event], planned: list[Event]) -> None:
        self.view = view
        self.planned = {id(e) for e in planned}
        self.marks = sorted(((m.start, m, e) for e in events for m in e.mentions), key=lambda x: x[0])
        self.starts = [at for at, _, _ in self.marks]
        lead = view.sentence_at(view.title_end) + 4
        self.main = [
            e
            for e in events
            if any(
                m.sentence <= lead
                and not m.only_named
                and not m.nested
                and m.evidence not in ("list",)
                and not m.contrast
                for m in e.mentions
            )
        ]
        lead_events = {id(e) for e in self.main}
        # An event told in the body and spoken of again is the article's own as well.
        self.main += [
            e
            for e in events
            if id(e) not in lead_events
            and len(e.namings) + len(e.later) > 1
            and any(_told_in_body(view, m) for m in e.namings)
        ]
        self.own = {id(e) for e in self.main}
        self.guest: tuple[Event, str, int] | None = None
        self.present: set[tuple[int, str]] = set()
        """Who is known to chair or attend which gathering."""
        self._begun(self.main)

    def _begun(self, main: list[Event]) -> None:
        """Note from where on each of the article's own gatherings is the one told last, for `_reported`."""
        ready: list[tuple[int, int, Event]] = []
        self.first: tuple[int, Event] | None = None
        for event in main:
            told = [m.start for m in event.namings if m.evidence in _TELLING]
            seen = min((m.start for m in event.mentions if not m.nested), default=None)
            if not told or seen is None:
                continue
            if self.first is None or seen < self.first[0]:
                self.first = (seen, event)
            ready.append((max(seen, min(told)), seen, event))
        ready.sort(key=lambda x: x[:2])
        self.ready = [at for at, _, _ in ready]
        self.reported: list[Event] = []
        best: tuple[int, Event] | None = None
        for _, seen, event in ready:
            best = (seen, event) if best is None or seen < best[0] else best
            self.reported.append(best[1])

    def event(self, number: int, part: Part) -> Event | None:
        """The gathering of a part found in a sentence, or None where it was at none that is known."""
        left, right = self.view.sentences[number]
        if part.role == "speaker" and _BESIDE_IT.search(self.view.low, left, part.person.start):
            return None
        here = [
            (m, e)
            for _, m, e in self.marks[bisect_left(self.starts, left) : bisect_left(self.starts, right)]
            if not m.only_named
            and self._tells(m, e, part)
            and _of_the_telling(m, part)
            and not _SPEECH_OF.search(self.view.low, max(left, m.start - 16), m.start)
        ]
        if part.role == "speaker":
            here = [(m, e) for m, e in here if id(e) not in self.planned]
        person = part.person.person_id
        if here:
            event = self._nearest(here, part)
            self.guest = (event, person, number) if id(event) not in self.own else None
            return event
        if (
            self.guest
            and self.guest[1] == person
            and part.role == "speaker"
            and number - self.guest[2] <= _GUEST_SENTENCES
        ):
            return self.guest[0]
        if (aside := self._aside(left)) and not (part.role == "speaker" and id(aside) in self.planned):
            return aside
        told = self._of_paragraph(left, part) or self._reported(left) or (self.main[0] if self.main else None)
        return None if told and part.role == "speaker" and self._elsewhere(told, left, part) else told

    def _aside(self, left: int) -> Event | None:
        """Another gathering that the sentence right before tells of: "Trước đó, huyện đã tổ chức … Ông A chủ trì"."""
        begin = self.view.low.rfind("\n", 0, left) + 1
        for at, mention, event in reversed(
            self.marks[bisect_left(self.starts, begin) : bisect_left(self.starts, left)]
        ):
            if left - self.view.sentences[mention.sentence][1] > 1 or mention.only_named or mention.nested:
                continue
            sentence = self.view.sentences[mention.sentence][0]
            other = mention.contrast or self.view.tables.contrast.match(self.view.low, sentence)
            return event if other and at > begin and mention.evidence in ("organise", "verb") else None
        return None

    def _of_paragraph(self, left: int, part: Part) -> Event | None:
        """The gathering that the first sentence of a position's paragraph reports, with its day."""
        begin = self.view.low.rfind("\n", 0, left) + 1
        for _, mention, event in self.marks[bisect_left(self.starts, begin) : bisect_left(self.starts, left)]:
            start, end = self.view.sentences[mention.sentence]
            if start != begin or end > left:
                return None
            told = mention.evidence in _TELLING and not (mention.only_named or mention.nested)
            if told and (part.role != "speaker" or id(event) not in self.planned):
                return event if any(day_like(d) for d in self.view.dates_in(start, end)) else None
        return None

    def discussed(self, event: Event, left: int) -> bool:
        """Whether "Theo ông A, …" tells what was said at a gathering: a discussion told of before, or one reported just now."""
        just_told = any(
            0 < left - self.view.sentences[m.sentence][1] <= 1 for m in event.namings if m.evidence in _TELLING
        )
        return event.start < left and (event.fullest.kind in _DISCUSSES or just_told)

    def _elsewhere(self, event: Event, left: int, part: Part) -> bool:
        """Whether somebody told the paper, not a ceremony: before it is spoken of, or in a paragraph of his own."""
        if event.fullest.kind != "ceremony" or (id(event), part.person.person_id) in self.present:
            return False
        if event.start > left:
            return True
        low = self.view.low
        begin, end = low.rfind("\n", 0, left) + 1, low.find("\n", left)
        inside = bisect_left(self.starts, begin) < bisect_left(self.starts, end if end >= 0 else len(low))
        return not inside and low[part.start : part.end] in _TO_THE_PAPER

    def _tells(self, mention: Mention, event: Event, part: Part) -> bool:
        """Whether a mention tells where its sentence happened: one of another gathering does so only after "tại", "dự" …

        Who chairs or attends may be told as it is announced: "… họp xét duyệt, do ông A chủ trì".
        """
        if id(event) in self.own or mention.evidence in ("place", "take_part"):
            return True
        return part.role != "speaker" and mention.evidence in ("organise", "verb", "subject")

    def _nearest(self, here: list[tuple[Mention, Event]], part: Part) -> Event:
        placed = [pair for pair in here if pair[0].evidence == "place" and pair[0].start < part.person.start]
        if placed:
            return placed[-1][1]

        def distance(pair: tuple[Mention, Event]) -> int:
            at = pair[0].start
            return abs(at - part.end) if at >= part.start else abs(part.start - at) + 20

        return min(here, key=distance)[1]

    def _reported(self, left: int) -> Event | None:
        """Of the article's own gatherings reported before a position, the one that was spoken of first."""
        at = bisect_left(self.ready, left)
        if at:
            return self.reported[at - 1]
        return self.first[1] if self.first and self.first[0] < left else None
