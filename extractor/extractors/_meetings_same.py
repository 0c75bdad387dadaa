"""Whether two namings are of one gathering: names, kinds, ordinals, levels, days."""

import re

from extractor.extractors._meetings_event import Event
from extractor.extractors._meetings_text import Mention, View, day_like
from extractor.model import DateRecord

_LOOSE = frozenset({"conference", "training", "voter_meeting", "dialogue", "seminar", "meeting", "gathering"})
_CALLED_IN_TITLE = {
    "working_session": frozenset({"meeting", "conference", "gathering", "session"}),
    "meeting": frozenset({"working_session", "session"}),
    "gathering": frozenset({"working_session", "ceremony"}),
    "ceremony": frozenset({"conference", "gathering", "seminar", "training"}),
    "conference": frozenset({"ceremony", "session", "working_session"}),
    "session": frozenset({"meeting", "conference"}),
    "training": frozenset({"ceremony"}),
}
"""Of which kinds the lead's gathering can be that the title calls by the kind at the left."""
_ORDINAL = re.compile(
    r"(?:lần thứ|lần|thứ)\s+([ivxlc]+|\d+|nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?: \w+)?)(?!\w)|(?<=đại hội )([ivxlc]+)(?!\w)"
)
_NUMERALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_REPORTING = frozenset({"organise", "verb"})
_OPENING_WITHIN = 40
_SAME = 0.6
_PART_WORDS = 3
_LONG_NAME = 8
_SHARED_WORDS = 2
_TITLE_ALIKE = 1 / 3
_WORD = re.compile(r"\w+")


def is_same(view: View, event: Event, mention: Mention, lead: int) -> bool:
    """Whether a naming is of an event that has been named before."""
    other = event.fullest
    if mention.apart:
        return False
    if _held_apart(view, event, mention):
        return False
    if _next_of_series(view, other, mention):
        return False
    if _by_a_part(view, other, mention):
        return True
    if mention.kind != other.kind and not (mention.kind in _LOOSE and other.kind in _LOOSE):
        titled = other.start < view.title_end < mention.start and mention.sentence <= lead
        if not (
            titled
            and (
                len(mention.words & other.words) >= _SHARED_WORDS
                or _told_by_lead(view, other, mention)
                or _by_one_subject(view, other, mention)
            )
            and mention.kind in _CALLED_IN_TITLE.get(other.kind, ())
        ):
            return False
    if _conflict(view, other, mention):
        return False
    # A press conference about a conference has all its words: across kinds the names must be alike as a whole.
    size = min if mention.kind == other.kind or "conference" not in (mention.kind, other.kind) else max
    shared = len(mention.words & other.words) / max(1, size(len(mention.words), len(other.words)))
    if shared >= (0.8 if mention.contrast else _SAME):
        return True
    if view.title_end > min(mention.start, other.start) and mention.sentence <= lead and mention.kind != other.kind:
        by_title = len(mention.words & other.words) >= _TITLE_ALIKE * min(len(mention.words), len(other.words)) or (
            other.start < view.title_end
            and (_told_by_lead(view, other, mention) or _by_one_subject(view, other, mention))
        )
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


def _held_apart(view: View, event: Event, mention: Mention) -> bool:
    """Whether two sentences open with different days, or parts of a day, and each reports a gathering of its own."""
    if mention.kind in ("congress", "session") or mention.evidence not in _REPORTING:
        return False
    mine = _opening(view, mention)
    if not mine or mention.start < view.title_end:
        return False
    days = [(_opening(view, m), m.start) for m in event.namings if m.evidence in _REPORTING]
    theirs = [day for day, start in days if day or start > view.title_end]
    return bool(theirs) and not any(day is None or _one_time(day, mine) for day in theirs)


def _opening(view: View, mention: Mention) -> DateRecord | None:
    """The day that opens a mention's sentence, or stands right behind it."""
    left, right = view.sentences[mention.sentence]
    opening = [d for d in view.dates_in(left, left + _OPENING_WITHIN) if d.start - left < 8]
    behind = view.dates_in(mention.end, min(right, mention.end + _OPENING_WITHIN))
    return next((d for d in (*opening, *behind) if day_like(d)), None)


def _one_time(first: DateRecord, second: DateRecord) -> bool:
    if not first.start_date or not second.start_date:
        return True
    parts = {first.part_of_day, second.part_of_day} - {None}
    return first.start_date == second.start_date and len(parts) < 2


def _next_of_series(view: View, other: Mention, mention: Mention) -> bool:
    """Whether the next of its kind is announced: "sẽ có hội nghị đối thoại lần hai vào tháng 1 năm sau"."""
    if ordinal(view.low[mention.start : mention.end]) is None or mention.sentence == other.sentence:
        return False
    ahead = view.tables.ahead_before.search(view.low, max(0, mention.clause - 12), mention.start)
    return ahead is not None and ordinal(view.low[other.start : other.end]) is None and other.start > view.title_end


def _by_a_part(view: View, other: Mention, mention: Mention) -> bool:
    """Whether a conference is later called by what was done at it: "hội nghị ký kết chương trình …", "tại lễ ký kết"."""
    if mention.kind != "ceremony" or other.kind in ("ceremony", "session") or mention.evidence in ("organise", "list"):
        return False
    return (
        0 < len(mention.words) <= _PART_WORDS
        and mention.words <= other.words
        and not (mention.contrast or mention.only_named or mention.nested or mention.verb)
        and not view.dates_in(*view.sentences[mention.sentence])
    )


def _told_by_lead(view: View, title: Mention, mention: Mention) -> bool:
    """Whether the lead's sentence, with its subject, says what the title's name says: "Phiên họp UBND tỉnh tháng 6"."""
    told = set(_WORD.findall(view.low[view.sentences[mention.sentence][0] : mention.end]))
    said = set(_WORD.findall(view.low[title.head_end : title.end]))
    return len(said) > 1 and len(said & told) >= _SAME * len(said)


def _by_one_subject(view: View, title: Mention, mention: Mention) -> bool:
    """Whether the lead says of the title's subject what it held: "UBND xã A họp bàn …", "UBND xã A tổ chức phiên họp …"."""
    if not title.verb or mention.evidence != "organise" or mention.kind not in _CALLED_IN_TITLE.get(title.kind, ()):
        return False
    subject = _WORD.findall(view.low[: title.start])
    lead = _WORD.findall(view.low[view.sentences[mention.sentence][0] : mention.start])
    return len(subject) > 1 and any(lead[n : n + len(subject)] == subject for n in range(len(lead)))


def _other_day(view: View, first: Mention, second: Mention) -> bool:
    """Whether the sentences of two names tell days that have nothing in common."""
    days = [
        {d.start_date for d in view.dates_in(*view.sentences[m.sentence]) if d.start_date and day_like(d)}
        for m in (first, second)
    ]
    return bool(days[0] and days[1]) and not days[0] & days[1]


def _conflict(view: View, first: Mention, second: Mention) -> bool:
    """Whether two names differ in their ordinal or in the level of government."""
    # "kinh tế - xã hội" is no commune.
    names = [view.low[m.start : m.end].replace("xã hội", "") for m in (first, second)]
    ordinals = [ordinal(name) for name in names]
    if None not in ordinals and ordinals[0] != ordinals[1]:
        return True
    if min(len(_WORD.findall(view.low[m.head_end : m.end])) for m in (first, second)) > _LONG_NAME:
        return False
    if first.kind == second.kind == "ceremony" and _other_act(view, names, (first, second)):
        return True
    levels = [set(view.tables.level.findall(name)) for name in names]
    return bool(levels[0] and levels[1] and not levels[0] & levels[1])


def _other_act(view: View, names: list[str], mentions: tuple[Mention, Mention]) -> bool:
    """Whether each of two ceremonies is named by a deed that the other's name lacks: "lễ khai mạc …", "lễ khởi công …"."""
    acts = [view.tables.act.match(view.low, m.head_end + 1) for m in mentions]
    if acts[0] is None or acts[1] is None:
        return False
    return acts[0].group() not in names[1] and acts[1].group() not in names[0]


def ordinal(name: str) -> int | None:
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
