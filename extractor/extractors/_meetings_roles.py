"""Who chaired, spoke and attended: the roles of an article's people, each at its gathering."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.extractors._meetings_cues import Cue, cues_of, governing_cue, leading_cue, predicates_of
from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_text import Mention, Person, View, day_like

_CAUSED = re.compile(r"(?<!\w)(?:do|dưới sự|với sự|theo sự|có sự)\s*$")
_LEADS_A_DELEGATION = ("dẫn đầu", "làm trưởng đoàn", "làm trưởng đoàn công tác")
_NEXT_TO_CUE = 40
_ACCORDING = "theo"
_OF_A_SPEECH = re.compile(
    r"[\"“]?(?:(?:trong|qua|bằng|mở đầu) (?:bài |lời )?"
    r"(?P<speech>diễn văn|phát biểu|tham luận|lời khai mạc|lời chào mừng|báo cáo)[^,.;:]{0,60},|(?P<according>theo))"
    r"\s*(?:(?:\w{1,4}\.)+ ?|\w{1,4} ){0,3}"
)
"""What leads, up to a name and its titles, a sentence whose subject spoke, whatever its verb is: "Trong diễn văn khai giảng, cô giáo …"."""
_MEMBERS = re.compile(r"(?:đoàn|tổ|nhóm|tổ công tác)(?!\w)[^.;:]{0,90}?\s(?:gồm|gồm có|bao gồm)(?: các)?:? ")
_TO_THE_PAPER = ("cho biết", "cho hay", "kể", "nhớ lại", "tâm sự")
_LED_SPEAKER = re.compile(
    r"[,:]\s*(?:\w+ )?$|(?:hội nghị|buổi lễ|đại hội|kỳ họp|buổi làm việc|cuộc họp|hội thảo|lễ|có|là)\s*$"
)
_LEAD_REACH = 200
_GUEST_SENTENCES = 3
_SEPARATOR = re.compile(r"[\s,;–—-]*(?:và|cùng)?[\s,;–—-]*$")
_TELLING = ("organise", "subject", "verb", "take_part", "title")
_LIST_LINE = re.compile(r"\s*[-–+•*]\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """One person's role at a gathering; `start`–`end` are the words that say so."""

    person: Person
    role: str
    start: int
    end: int
    rule_id: str


def roles(view: View, events: list[Event], planned: list[Event]) -> Iterator[tuple[Event, Part]]:
    """The roles of named people, each with its gathering; one for each person and role.

    Args:
        view: the article.
        events: its gatherings.
        planned: those of them that lie ahead; nobody has spoken there while another one is reported.

    Yields:
        The gathering and the person's part in it.
    """
    if not events or not view.people:
        return
    chosen: dict[tuple[int, str, str], tuple[Event, Part]] = {}
    where = _Where(view, events, planned if len(planned) < len(events) else [])
    open_role: Cue | None = None
    for number, (left, right) in enumerate(view.sentences):
        people = view.people_in(left, right)
        if not people:
            open_role = None if not _goes_on(view, left, right) else open_role
            continue
        parts, open_role = _parts(view, left, right, people, open_role)
        for part in parts:
            if part.person.post_only and part.role == "attendee":
                continue
            event = where.event(number, part)
            if event is None:
                continue
            words = view.low[part.start : part.end]
            if words == _ACCORDING and not where.discussed(event, left):
                continue
            if words in _LEADS_A_DELEGATION and event.fullest.kind not in ("working_session", "gathering"):
                continue
            key = (id(event), part.person.person_id, part.role)
            chosen.setdefault(key, (event, part))
    yield from _one_of_each(view, events, chosen)


def _one_of_each(
    view: View, events: list[Event], chosen: dict[tuple[int, str, str], tuple[Event, Part]]
) -> Iterator[tuple[Event, Part]]:
    """Who chairs does not attend besides; whoever meets somebody attends."""
    for event in events:
        for part in _met(view, event):
            chosen.setdefault((id(event), part.person.person_id, part.role), (event, part))
    for (event_id, person, role), (event, part) in chosen.items():
        if role == "attendee" and (event_id, person, "chair") in chosen:
            continue
        yield event, part


def _met(view: View, event: Event) -> Iterator[Part]:
    """Both sides of "X gặp mặt Y", "X làm việc với Y"."""
    for mention in event.namings:
        if (
            mention.kind not in ("gathering", "working_session", "voter_meeting")
            or not mention.evidence
            or mention.only_named
            or mention.bare
        ):
            continue
        left, right = view.sentences[mention.sentence]
        end = max(mention.end, mention.head_end)
        members = _MEMBERS.search(view.low, left, mention.start)
        if mention.kind == "voter_meeting" and members is None:
            continue
        for person in view.people_in(left, right):
            subject = (
                person.end <= mention.start
                and (mention.start - person.end < 120 or (members is not None and members.end() < person.end))
                and mention.evidence in ("verb", "organise", "title")
            )
            partner = mention.head_end <= person.start <= end + 2
            if (
                subject
                and (
                    members is not None
                    or not view.tables.object_before.search(view.low, max(left, person.start - 16), person.start)
                )
            ) or partner:
                yield Part(person, "attendee", mention.start, mention.head_end, mention.rule_id)


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


class _Where:
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
        here = [
            (m, e)
            for _, m, e in self.marks[bisect_left(self.starts, left) : bisect_left(self.starts, right)]
            if not m.only_named and self._tells(m, e, part) and _of_the_telling(m, part)
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
        told = self._reported(left) or (self.main[0] if self.main else None)
        return None if told and part.role == "speaker" and self._elsewhere(told, left, part) else told

    def discussed(self, event: Event, left: int) -> bool:
        """Whether "Theo ông A, …" tells what was said at a gathering: at a discussion named before in its paragraph."""
        if event.fullest.kind not in ("seminar", "dialogue"):
            return False
        begin = self.view.low.rfind("\n", 0, left) + 1
        return bisect_left(self.starts, begin) < bisect_left(self.starts, left)

    def _elsewhere(self, event: Event, left: int, part: Part) -> bool:
        """Whether somebody told the paper, not a ceremony: before it is spoken of, or in a paragraph of his own."""
        if event.fullest.kind != "ceremony":
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


def _parts(
    view: View, left: int, right: int, people: list[Person], open_role: Cue | None
) -> tuple[list[Part], Cue | None]:
    """The roles of a sentence's people, and the cue under which a list goes on in the next sentence."""
    cues = cues_of(view, left, right)
    found: list[Part] = []
    lead = leading_cue(view, left, people[0], cues, open_role)
    inside = set()
    for index, person in enumerate(people):
        following = people[index + 1].start if index + 1 < len(people) else right
        before = governing_cue(view, left, person, cues)
        if before:
            found.append(Part(person, before.role, before.start, before.end, before.rule_id))
            inside.add(index)
        object_of = view.tables.object_before.search(view.low, max(left, person.start - 24), person.start)
        caused = _CAUSED.search(view.low, max(left, person.start - 10), person.start)
        if object_of and not caused:
            continue
        for cue in predicates_of(view, person, following, right, cues, people[index + 1 :]):
            if cue.role:
                found.append(Part(person, cue.role, cue.start, cue.end, cue.rule_id))
                inside.add(index)
    if lead:
        found.extend(_led(view, left, people, cues, lead, inside))
    if 0 not in inside and (words := _OF_A_SPEECH.fullmatch(view.low, left, people[0].start)):
        group = "speech" if words["speech"] else "according"
        found.append(
            Part(people[0], "speaker", words.start(group), words.end(group), view.tables.roles["phát biểu"].rule_id)
        )
    found = _spread(view, people, found, lead)
    goes_on = lead if lead and lead.role == "attendee" else None
    return found, goes_on


def _led(view: View, left: int, people: list[Person], cues: list[Cue], lead: Cue, done: set[int]) -> Iterator[Part]:
    """The people that the cue at the sentence's head belongs to."""
    low = view.low
    if lead.role == "speaker":
        person = people[0]
        gap = low[lead.end : person.start]
        governed = view.tables.object_before.search(low, max(left, person.start - 16), person.start)
        if _LED_SPEAKER.search(gap) and len(gap) < _LEAD_REACH and (not governed or gap.endswith("là ")):
            yield Part(person, lead.role, lead.start, lead.end, lead.rule_id)
        return
        return
    for index, person in enumerate(people):
        own = next(
            (
                c
                for c in cues
                if c.start > person.end and c.start < (people[index + 1].start if index + 1 < len(people) else 10**9)
            ),
            None,
        )
        if index and own and own.role == "speaker":
            return
        if lead.start >= person.start:
            continue
        if re.search(r"(?<!\w)(?:của|cho|bởi)\s*$", low[max(left, person.start - 6) : person.start]) and not re.search(
            r"sự|của\s*$", low[max(left, lead.start - 4) : person.start]
        ):
            continue
        yield Part(person, lead.role, lead.start, lead.end, lead.rule_id)
        if own and own.role and lead.role == "chair":
            return


def _spread(view: View, people: list[Person], found: list[Part], lead: Cue | None) -> list[Part]:
    """Give a predicate behind the last of several joined people to all of them: "A và B đồng chủ trì"."""
    if lead and lead.role == "attendee":
        return found
    by_person = {id(p): [f for f in found if f.person is p] for p in people}
    for index in range(len(people) - 1, 0, -1):
        person, before = people[index], people[index - 1]
        gap = view.low[before.end : person.start]
        joined = len(gap) <= 60 and " và " in gap
        behind = [
            f for f in by_person[id(person)] if f.start >= person.end and (joined or f.role in ("chair", "attendee"))
        ]
        if not behind or by_person[id(before)]:
            continue
        if (
            _SEPARATOR.search(gap)
            and not any(c in gap for c in ("trao", "tặng", "bầu"))
            and not re.search(r"\.\s", gap)
        ):
            shared = [Part(before, f.role, f.start, f.end, f.rule_id) for f in behind]
            found.extend(shared)
            by_person[id(before)] = shared
    return found


def _goes_on(view: View, left: int, right: int) -> bool:
    return bool(_LIST_LINE.match(view.text, left))
