"""What was done at a gathering that is only called "lễ khởi công" or "hội nghị": the sentence before that tells who and when."""

import re

from extractor.extractors._meetings_events import Event
from extractor.extractors._meetings_text import Mention, View, day_like

_BACK = 8
"""How many sentences before its first mention the deed of a gathering is looked for."""
_DONE = re.compile(r"(?<!\w)(?:đã|vừa)\s[^,;:]*$")
_OWN = frozenset({"organise", "verb", "list"})
_BY_ITS_WORDS = ("conference", "meeting", "session", "working_session", "gathering")


def add_deeds(view: View, events: list[Event]) -> None:
    """Give each gathering that no sentence reports by name the deed that it is the frame of.

    "Sáng 5/5, xã khánh thành cầu. … Tại lễ khánh thành, …": the ceremony is the bridge's, its day and organiser
    stand with the deed. The deed becomes one of the event's later words, with the evidence `verb`.
    """
    for event in events:
        kind = event.fullest.kind
        if kind != "ceremony" and not (kind in _BY_ITS_WORDS and event.fullest.bare):
            continue
        if any(m.evidence in _OWN or m.start < view.title_end for m in event.namings) or _dated(view, event):
            continue
        deed = _deed(view, event)
        if deed:
            event.later.append(deed)


def _dated(view: View, event: Event) -> bool:
    return any(day_like(d) for m in event.namings for d in view.dates_in(*view.sentences[m.sentence]))


def _deed(view: View, event: Event) -> Mention | None:
    """The nearest dated deed before a gathering's first mention that can be its own."""
    first = min(event.namings, key=lambda m: m.start)
    name = view.low[first.head_end : first.end].strip()
    own = view.tables.act.match(name) or view.tables.act.search(view.low, first.start, first.head_end)
    if first.kind == "ceremony" and name and not own:
        return None
    pattern = view.tables.act if own or first.kind == "ceremony" else view.tables.work
    lead = view.sentence_at(view.title_end + 1)
    for number in range(first.sentence, max(-1, first.sentence - _BACK), -1):
        left, right = view.sentences[number]
        right = min(right, first.start)
        days = [d for d in view.dates_in(left, right) if day_like(d)]
        if not days and number != lead:
            continue
        for verb in pattern.finditer(view.low, days[0].end if days else left, right):
            if own and _kin(verb.group()) != _kin(own.group()):
                continue
            if view.tables.not_finite_before.search(view.low, max(left, verb.start() - 30), verb.start()):
                continue
            done = _DONE.search(view.low, max(left, verb.start() - 40), verb.start())
            return _mention(first, verb.start(), verb.end(), number, done.start() if done else verb.start())
        return None
    return None


def _kin(verb: str) -> str:
    """The first word of a deed; "tặng" is a "trao"."""
    word = verb.split()[0]
    return "trao" if word == "tặng" else word


def _mention(first: Mention, start: int, end: int, sentence: int, clause: int) -> Mention:
    return Mention(
        start, end, end, first.kind, first.rule_id, True, sentence, evidence="verb", clause=clause, bare=True
    )
