"""A digest as blocks of words with footnotes, the same for Word and HTML, in Vietnamese or English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from extractor.outputs.labels import value_label
from extractor.outputs.report_data import AHEAD, Commemoration, Digest, Goal, Guest, Meeting, Note

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_MAX_QUOTE = 240


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look, with the footnotes that come after them."""

    text: str
    bold: bool = False
    italic: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: title, subtitle, section, day, meeting, label, line, item or empty (says that there is nothing)."""

    kind: str
    runs: tuple[Run, ...]


_WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "title": "ĐIỂM TIN",
        "period": "Từ ngày {since} đến ngày {until}",
        "one_day": "Ngày {since}",
        "articles": "Tổng hợp từ {n} bài đăng trong kỳ",
        "source": "nguồn: {source}",
        "every_source": "tất cả các nguồn",
        "nothing": "Không có tin nào trong kỳ này.",
        "meetings": "I. HỘI NGHỊ, CUỘC HỌP",
        "no_meetings": "Không có hội nghị, cuộc họp nào trong kỳ.",
        "undated": "Không rõ ngày",
        "goals": "II. CHỈ TIÊU, KẾT QUẢ NÊU TRONG CÁC BÀI KHÁC",
        "no_goals": "Không có chỉ tiêu, kết quả nào khác.",
        "marked": "III. NGÀY KỶ NIỆM ĐƯỢC NHẮC ĐẾN",
        "no_marked": "Không có ngày kỷ niệm nào được nhắc đến.",
        "next": "IV. SẮP TỚI (30 ngày, đến {day})",
        "no_next": "Chưa có lịch họp hay ngày kỷ niệm nào.",
        "planned": "Cuộc họp đã báo trước",
        "coming": "Ngày kỷ niệm",
        "host": "Đơn vị tổ chức: ",
        "location": "Địa điểm: ",
        "time": "Thời gian: ",
        "guests": "Người tham dự:",
        "targets": "Chỉ tiêu, mục tiêu đề ra:",
        "results": "Kết quả đã nêu:",
        "deadline": "thời hạn {day}",
        "owner": "đề ra: {owner}",
        "announced": "(mới báo trước)",
        "years": "{n} năm",
        "since": "từ {origin}",
        "lunar": "âm lịch",
        "inconsistent": "số năm trong bài không khớp với ngày gốc",
        "until": " đến ",
        "hour": "{hour}",
        "notes": "Chú thích",
        "untitled": "(không có tiêu đề)",
        "explorer": "xem trong kho",
    },
    "en": {
        "title": "NEWS DIGEST",
        "period": "From {since} to {until}",
        "one_day": "{since}",
        "articles": "From {n} articles published in the period",
        "source": "source: {source}",
        "every_source": "every source",
        "nothing": "There is no news in this period.",
        "meetings": "I. MEETINGS",
        "no_meetings": "No meetings in the period.",
        "undated": "Day not known",
        "goals": "II. TARGETS AND RESULTS IN OTHER ARTICLES",
        "no_goals": "No other targets or results.",
        "marked": "III. ANNIVERSARIES MARKED",
        "no_marked": "No anniversaries were marked.",
        "next": "IV. WHAT COMES NEXT (30 days, to {day})",
        "no_next": "No meetings announced, no anniversaries.",
        "planned": "Meetings announced",
        "coming": "Anniversaries",
        "host": "Host: ",
        "location": "Place: ",
        "time": "Time: ",
        "guests": "Taking part:",
        "targets": "Targets set:",
        "results": "Results stated:",
        "deadline": "by {day}",
        "owner": "set by {owner}",
        "announced": "(announced)",
        "years": "{n} years",
        "since": "since {origin}",
        "lunar": "lunar calendar",
        "inconsistent": "the years in the article do not fit the first day",
        "until": " to ",
        "hour": "{hour}",
        "notes": "Notes",
        "untitled": "(untitled)",
        "explorer": "in the archive",
    },
}
_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def words(lang: str) -> dict[str, str]:
    """The fixed words of a report in a language, "vi" or "en"."""
    return _WORDS[lang]


def clean(text: str) -> str:
    """Words from an article as a document can hold them: without control characters and marks that turn the writing."""
    return " ".join(_UNSEEN.sub("", text).split())


def shortened(text: str, limit: int = _MAX_QUOTE) -> str:
    """A text cut at a word's end, with "…", when it is longer than the limit."""
    text = clean(text)
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]}…"


def show_day(day: date) -> str:
    """A day as Vietnam writes it: 09/01/2023."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def show_partial(iso: str) -> str:
    """An ISO day, month or year as Vietnam writes it: 30/10/1963, 10/1963, 1963."""
    return "/".join(reversed(iso.split("-")))


def _sentence(text: str) -> str:
    text = clean(text)
    return text[:1].upper() + text[1:]


def blocks(digest: Digest, lang: str) -> Iterator[Block]:
    """A digest's paragraphs.

    Args:
        digest: what there is to tell.
        lang: "vi" or "en", the language of the words around what the articles say.
    """
    w = words(lang)
    one = digest.since == digest.until
    period = w["one_day" if one else "period"].format(since=show_day(digest.since), until=show_day(digest.until))
    source = w["source"].format(source=clean(digest.source)) if digest.source else w["every_source"]
    yield Block("title", (Run(w["title"]),))
    yield Block("subtitle", (Run(period, bold=True),))
    yield Block("subtitle", (Run(f"{w['articles'].format(n=digest.n_articles)}; {source}.", italic=True),))
    if not (digest.meetings or digest.targets or digest.results or digest.marked):
        yield Block("empty", (Run(w["nothing"]),))
    else:
        yield from _meetings(digest, lang)
        yield from _section(
            w["goals"], [b for g in (digest.targets, digest.results) for b in _goals(g, w)], w["no_goals"]
        )
        yield from _section(w["marked"], [_commemoration(c, lang) for c in digest.marked], w["no_marked"])
    yield from _section(
        w["next"].format(day=show_day(digest.until + timedelta(days=AHEAD))), list(_next(digest, lang)), w["no_next"]
    )


def _section(heading: str, inside: list[Block], empty: str) -> Iterator[Block]:
    yield Block("section", (Run(heading),))
    yield from inside or [Block("empty", (Run(empty),))]


def _meetings(digest: Digest, lang: str) -> Iterator[Block]:
    w = words(lang)
    inside: list[Block] = []
    day: object = ""
    for meeting in digest.meetings:
        # What began before the period stands on the period's first day.
        of = max(meeting.start, digest.since) if meeting.start else None
        if of != day:
            day = of
            heading = f"{_WEEKDAYS[lang][of.weekday()]}, {show_day(of)}" if of else w["undated"]
            inside.append(Block("day", (Run(heading),)))
        inside += _meeting(meeting, lang)
    yield from _section(w["meetings"], inside, w["no_meetings"])


def _when(meeting: Meeting, lang: str) -> str:
    w = words(lang)
    if meeting.start is None:
        return ""
    days = show_day(meeting.start)
    if meeting.end and meeting.end != meeting.start:
        days += w["until"] + show_day(meeting.end)
    part = value_label(meeting.part_of_day, lang, "part_of_day") if meeting.part_of_day else ""
    return ", ".join(p for p in (meeting.hour or "", part, days) if p)


def _meeting(meeting: Meeting, lang: str) -> Iterator[Block]:
    w = words(lang)
    later = (Run(f" {w['announced']}", italic=True),) if meeting.planned else ()
    yield Block("meeting", (Run(_sentence(meeting.title), bold=True, notes=meeting.notes), *later))
    facts: list[Run] = []
    for label, value, notes in (
        ("time", _when(meeting, lang), meeting.day_notes),
        ("host", meeting.host, ()),
        ("location", meeting.location, ()),
    ):
        if value:
            facts += [Run(("; " if facts else "") + w[label]), Run(clean(value), notes=notes)]
    if facts:
        yield Block("line", tuple(facts))
    if meeting.guests:
        yield Block("label", (Run(w["guests"]),))
        yield from (_guest(guest, lang) for guest in meeting.guests)
    for label, goals in (("targets", meeting.targets), ("results", meeting.results)):
        if goals:
            yield Block("label", (Run(w[label]),))
            yield from _goals(goals, w)


def _guest(guest: Guest, lang: str) -> Block:
    posts = ", ".join(clean(post) for post in guest.posts)
    roles = ", ".join(value_label(role, lang, "role") for role in guest.roles)
    runs = [Run(clean(guest.name), bold=True, notes=guest.notes)]
    if posts:
        runs.append(Run(f", {posts}"))
    return Block("item", (*runs, Run(f" – {roles}", italic=True)))


def _goals(goals: tuple[Goal, ...], w: dict[str, str]) -> list[Block]:
    found = []
    for goal in goals:
        more = [w["deadline"].format(day=show_day(goal.deadline))] if goal.deadline else []
        more += [w["owner"].format(owner=clean(goal.owner))] if goal.owner else []
        found.append(
            Block("item", (Run(clean(goal.words), notes=goal.notes), Run(f" ({'; '.join(more)})" if more else "", italic=True)))
        )  # fmt: skip
    return found


def _commemoration(day: Commemoration, lang: str) -> Block:
    w = words(lang)
    lead = f"{show_day(day.day)}: " if day.day else ""
    about = [w["years"].format(n=day.years)] if day.years and day.years > 0 else []
    about += [w["since"].format(origin=show_partial(day.origin))] if day.origin else []
    about += [w["lunar"]] if day.lunar else []
    about += [w["inconsistent"]] if day.consistent is False else []
    round_years = bool(day.years) and day.years is not None and day.years % 5 == 0
    return Block(
        "item",
        (Run(lead), Run(_sentence(day.event), bold=round_years, notes=day.notes), Run(f" ({'; '.join(about)})" if about else "")),
    )  # fmt: skip


def _next(digest: Digest, lang: str) -> Iterator[Block]:
    w = words(lang)
    if digest.planned:
        yield Block("label", (Run(w["planned"]),))
    for meeting in digest.planned:
        runs = [
            Run(f"{_when(meeting, lang)}: ", notes=()),
            Run(_sentence(meeting.title), bold=True, notes=meeting.notes),
        ]
        for label, value in (("host", meeting.host), ("location", meeting.location)):
            runs += [Run(f"; {w[label][:1].lower()}{w[label][1:]}{clean(value)}")] if value else []
        yield Block("item", tuple(runs))
        yield from (_guest(guest, lang) for guest in meeting.guests)
    if digest.coming:
        yield Block("label", (Run(w["coming"]),))
        yield from (_commemoration(day, lang) for day in digest.coming)
