"""The meetings and participations tables: each gathering that an article reports or announces, and who did what there."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc

from extractor.extractors._meetings_acts import add_deeds
from extractor.extractors._meetings_events import Event, group
from extractor.extractors._meetings_hosts import host
from extractor.extractors._meetings_names import find_mentions
from extractor.extractors._meetings_places import location
from extractor.extractors._meetings_roles import roles
from extractor.extractors._meetings_slots import status, when
from extractor.extractors._meetings_text import View
from extractor.extractors.base import record
from extractor.model import MeetingRecord, ParticipationRecord, Record
from extractor.rules import RuleSet

TABLES = ("meetings", "participations")
REQUIRES: tuple[str, ...] = ("dates", "officials")
RULES: tuple[str, ...] = ("meetings",)


def extract(doc: Doc, rules: RuleSet) -> Iterable[Record]:
    """Extract the meetings of one document and the roles of named people at them.

    Args:
        doc: a document with its dates, officials and positions already extracted.
        rules: the rule set; `rules/meetings.yml` is read.

    Returns:
        MeetingRecords, each followed by its ParticipationRecords.
    """
    view = View(doc, rules)
    mentions = find_mentions(view)
    if not mentions:
        return []
    events = group(view, mentions)
    add_deeds(view, events)
    return list(_records(doc, rules, view, events))


def _records(doc: Doc, rules: RuleSet, view: View, events: list[Event]) -> Iterator[Record]:
    meeting_ids: dict[int, str] = {}
    planned: list[Event] = []
    for event in events:
        made = _meeting(doc, rules, view, event)
        meeting_ids[id(event)] = made.meeting_id
        if made.status == "planned":
            planned.append(event)
        yield made
    for event, part in roles(view, events, planned):
        yield record(
            ParticipationRecord, doc, rules, "meetings", part.start, part.end, part.rule_id,
            meeting_id=meeting_ids[id(event)], official=part.person.name,
            person_id=part.person.person_id, role=part.role,
        )  # fmt: skip


def _meeting(doc: Doc, rules: RuleSet, view: View, event: Event) -> MeetingRecord:
    name = event.fullest
    days = when(view, event)
    return record(
        MeetingRecord, doc, rules, "meetings", name.start, name.end, name.rule_id,
        kind=name.kind, title=view.text[name.start : name.end], host=host(view, event),
        start_date=days.start, end_date=days.end, part_of_day=days.part_of_day, date_id=days.date_id,
        location=location(view, event), status=status(view, event, days),
    )  # fmt: skip
