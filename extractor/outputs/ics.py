"""Planned meetings and coming anniversaries as an iCalendar file (RFC 5545) for calendar programs."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from extractor.dataset.reader import Reader
from extractor.dataset.tables import VIETNAM
from extractor.dataset.upcoming import Commemoration, commemorated_days
from extractor.model import content_id
from extractor.outputs.files import opened
from extractor.outputs.labels import value_label
from extractor.text import fold_tones
from extractor.values.commemorations import next_return

LUNAR_YEARS = 10
"""A lunar day has no yearly rule in a solar calendar, so its returns are written one by one for so many years."""
_HOURS = {"morning": (8, 11), "noon": (11, 13), "afternoon": (14, 17), "evening": (18, 21), "night": (19, 22)}
"""The office hours shown for a meeting of which only the part of the day is told; the event says that they are these."""
_DAYS = frozenset({"hour", "part_of_day", "day", "range"})
"""Granularities of a date that name the meeting's days; a meeting "in quý III" has a period, but no day yet."""
_WORDS = {
    "vi": {"hours": "Bài chỉ nói “{part}”, không nêu giờ: giờ ghi ở đây là giờ hành chính.", "period": "chưa rõ ngày"},
    "en": {
        "hours": "The article only says “{part}” and gives no hour: usual office hours are shown.",
        "period": "day not set",
    },
}


def write_ics(
    data_dir: Path | str, output: str, since: date, *, held: bool = False, lang: str = "vi"
) -> dict[str, int]:
    """Write the calendar of an archive; the same archive and day give the same bytes.

    Args:
        data_dir: the archive's folder.
        output: the file, or "-" for standard output.
        since: the first day; anniversaries begin with their first return from here, planned meetings before it are
            left out.
        held: also the meetings that were held, whatever their day.
        lang: language of the words around what the articles say.

    Returns:
        How many meetings and anniversaries were written.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//extractor//local news//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-timezone", VIETNAM)
    calendar.add_component(_timezone())
    counts = {"meetings": 0, "anniversaries": 0}
    with Reader(data_dir) as reader:
        for event in _meetings(reader.connection, since, held, lang):
            calendar.add_component(event)
            counts["meetings"] += 1
        for commemoration in sorted(commemorated_days(reader.connection), key=lambda c: c.row):
            for event in _anniversary(commemoration, since, lang):
                calendar.add_component(event)
            counts["anniversaries"] += 1
    with opened(output) as stream:
        stream.write(calendar.to_ical())
    return counts


def _timezone() -> Timezone:
    """Vietnam's time: UTC+7 without summer time, the same since 13 June 1975."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))
    standard.add("tzoffsetfrom", timedelta(hours=7))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", VIETNAM)
    zone.add_component(standard)
    return zone


def _event(uid: str, stamp: date, summary: str, description: str, url: str | None) -> Event:
    event = Event()
    event.add("uid", f"{uid}@extractor")
    # The stamp is the article's day and not the clock's, so that the same archive gives the same bytes.
    event.add("dtstamp", datetime.combine(stamp, time(), UTC))
    event.add("summary", summary)
    event.add("description", description)
    if url and url.startswith(("http://", "https://")):
        event.add("url", url)
    return event


def _meetings(connection: sqlite3.Connection, since: date, held: bool, lang: str) -> Iterator[Event]:
    """One event for each gathering, from the telling with the fullest title."""
    uids = _meeting_uids(connection)
    rows = connection.execute(
        """SELECT g.gathering_id, m.title, m.kind, m.host, m.location, m.part_of_day, m.start_date, m.end_date, m.status,
                  d.value, d.granularity, m.revision, m.quote, a.title, a.url, a.published_at
           FROM gatherings g JOIN meetings m ON m.meeting_id = g.meeting_id
           JOIN articles a ON a.article_id = m.article_id AND a.revision = m.revision
           LEFT JOIN dates d ON d.date_id = m.date_id
           WHERE m.start_date IS NOT NULL AND (m.status = 'planned' AND m.start_date >= ? OR ?)
           ORDER BY g.start_date, g.gathering_id, length(m.title) DESC, m.meeting_id""",
        (since.isoformat(), held),
    )
    seen = set()
    for (
        gathering, title, kind, host, place, part, start, end, status, value, granularity, revision, quote, article, url,
        published,
    ) in rows:  # fmt: skip
        if gathering in seen:
            continue
        seen.add(gathering)
        first, last = date.fromisoformat(start), date.fromisoformat(end or start)
        set_day = granularity is None or granularity in _DAYS
        name = title[:1].upper() + title[1:] + ("" if set_day else f" ({_WORDS[lang]['period']})")
        lines = [value_label(kind, lang, "kind"), host, f"“{quote}”", article]
        if first == last and part in _HOURS and _told_hour(value, first) is None:
            lines.append(_WORDS[lang]["hours"].format(part=value_label(part, lang, "part_of_day")))
        event = _event(uids[gathering], _day(published) or first, name, "\n".join(line for line in lines if line), url)
        event.add("sequence", revision - 1)
        if place:
            event.add("location", place)
        _set_time(event, first, last, part, value)
        event.add("status", "CONFIRMED" if status == "held" else "TENTATIVE")
        if not set_day:
            event.add("transp", "TRANSPARENT")
        yield event


def _meeting_uids(connection: sqlite3.Connection) -> dict[str, str]:
    """An id for each gathering that stays when its article is revised, its day is put off or another article tells of it.

    It is made of the article that told of the gathering first and of the title there; the rows' own ids hold revision
    and offsets, so that a calendar that takes in the file again would have the meeting twice.
    """
    rows = connection.execute(
        """SELECT g.gathering_id, m.article_id, m.title FROM gatherings g JOIN meetings m ON m.meeting_id = g.meeting_id
           JOIN articles a ON a.article_id = m.article_id AND a.revision = m.revision
           ORDER BY a.published_at IS NULL, a.published_at, m.article_id, m.start, m.meeting_id"""
    )
    found: dict[str, str] = {}
    alike: Counter[tuple[str, str]] = Counter()
    for gathering, article_id, title in rows:
        if gathering not in found:
            key = (article_id, fold_tones(title))
            found[gathering] = content_id("meeting", *key, alike[key])
            alike[key] += 1
    return found


def _set_time(event: Event, first: date, last: date, part: str | None, value: str | None) -> None:
    """An hour where the words give one, the usual hours of a part of the day, else whole days."""
    zone = ZoneInfo(VIETNAM)
    hour = _told_hour(value, first)
    if first == last and hour is not None:
        begin = datetime.combine(first, hour, zone)
        event.add("dtstart", begin)
        event.add("dtend", begin + timedelta(hours=2))
    elif first == last and part in _HOURS:
        begin_hour, end_hour = _HOURS[part]
        event.add("dtstart", datetime.combine(first, time(begin_hour), zone))
        event.add("dtend", datetime.combine(first, time(end_hour), zone))
    else:
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))


def _told_hour(value: str | None, day: date) -> time | None:
    """The hour that an article gives for a day."""
    return _hour(value) if value and value.startswith(day.isoformat()) else None


def _hour(value: str) -> time | None:
    """The hour of a TIMEX value such as "2023-01-09T08:30"."""
    try:
        return time.fromisoformat(value.partition("T")[2]) if value[11:12].isdigit() else None
    except ValueError:
        return None


def _anniversary(commemoration: Commemoration, since: date, lang: str) -> Iterator[Event]:
    """The returns of one commemorated day: one yearly event, or, for a lunar day, one event a year."""
    partial, words = commemoration.partial, commemoration.event
    name = words[:1].upper() + words[1:]
    uid = content_id("anniversary", fold_tones(words).strip(" .,;"), partial.month, partial.day, partial.lunar)
    day = next_return(partial, since - timedelta(days=1))
    stamp = commemoration.next_date
    origin = commemoration.origin
    note = f"“{words}”" + (f" ({origin})" if origin else "")
    if not partial.lunar and day is not None:
        event = _event(uid, stamp, name, note, None)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("rrule", {"freq": "yearly"})
        event.add("transp", "TRANSPARENT")
        yield event
        return
    for _ in range(LUNAR_YEARS):
        if day is None:
            return
        suffix = value_label("lunar", lang, "calendar")
        event = _event(f"{uid}-{day.year}", stamp, f"{name} ({suffix})", note, None)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        yield event
        day = next_return(partial, day)


def _day(published: str | None) -> date | None:
    return date.fromisoformat(published[:10]) if published else None
