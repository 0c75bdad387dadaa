"""What flows through the package: frozen dataclasses, one for each table; the tables' schema is derived from them.

The dataset's columns are documented in docs/data-model.md. Every extracted record is made by `make_record`, which
is the only place where a span becomes a quote.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, ClassVar, TypeVar

from extractor.errors import OffsetError


def content_id(*parts: object, length: int = 16) -> str:
    """A reproducible id: the first `length` hex digits of the SHA-256 of the parts, joined by a unit separator."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:length]


def col(dtype: str, default: Any = ..., **extra: Any) -> Any:
    """A dataclass field that is a table's column.

    Args:
        dtype: one of str, int, float, bool, category, date, timestamp, list; see `dataset.tables` for pandas' names.
        default: the field's default; without one the field is required.
        **extra: further metadata of the column.
    """
    metadata = {"dtype": dtype, **extra}
    return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """One fetched page, as bytes, before anything is parsed.

    `url` was asked for, `final_url` answered after redirects; `headers` are (name, value) pairs as they came;
    `fetched_at` is UTC, ISO 8601 with "Z".
    """

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or an attachment of an article, by URL; `caption` is the words beside it, kept apart from the text."""

    kind: str = col("category")
    url: str = col("str")
    caption: str | None = col("str", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One revision of one article.

    `text` is canonical: the title, then the body's paragraphs, one a line. `published_at` is ISO 8601: a day
    ("2023-01-10") or an instant with its offset ("2023-01-10T08:51:00+07:00"). `fetched_at` is UTC.
    """

    TABLE: ClassVar[str] = "articles"

    article_id: str = col("str")
    url: str | None = col("str")
    source: str | None = col("category", None)
    title: str = col("str")
    published_at: str | None = col("timestamp", None)
    author: str | None = col("str", None)
    author_unit: str | None = col("str", None)
    section: str | None = col("str", None)
    text: str = col("str")
    fetched_at: str | None = col("timestamp", None)
    content_sha256: str = col("str")
    revision: int = col("int", 1)
    duplicate_of: str | None = col("str", None)
    media: tuple[Media, ...] = field(default=(), metadata={"column": False})

    @property
    def published_date(self) -> date | None:
        """The publication day, in Vietnam's time zone, or None."""
        return date.fromisoformat(self.published_at[:10]) if self.published_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The columns of every extracted row. `text[start:end] == quote` in the text of that revision."""

    TABLE: ClassVar[str] = ""
    ID: ClassVar[str] = ""
    KEY: ClassVar[tuple[str, ...]] = ()
    """Columns that tell apart two rows of one table over the same span; they go into the id."""

    article_id: str = col("str")
    revision: int = col("int")
    quote: str = col("str")
    start: int = col("int")
    end: int = col("int")
    rule_id: str = col("category")
    rules_version: str = col("category")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRecord(Record):
    """A calendar expression; `value` is ISO 8601 / TIMEX3, the days inclusive."""

    TABLE: ClassVar[str] = "dates"
    ID: ClassVar[str] = "date_id"

    date_id: str = col("str")
    kind: str = col("category")
    value: str = col("str")
    start_date: date | None = col("date")
    end_date: date | None = col("date")
    granularity: str = col("category")
    part_of_day: str | None = col("category", None)
    modifier: str | None = col("category", None)
    calendar: str = col("category", "solar")
    resolved_by: str = col("category")
    weekday_conflict: bool | None = col("bool", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRecord(Record):
    """A mention of a named office-holder: the span is the name's."""

    TABLE: ClassVar[str] = "officials"
    ID: ClassVar[str] = "official_id"

    official_id: str = col("str")
    name: str = col("str")
    honorific: str | None = col("category", None)
    positions: tuple[str, ...] = col("list", ())
    person_id: str = col("str")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRecord(Record):
    """One position of one mention: the span is the position's own words. `status`: current, former or new."""

    TABLE: ClassVar[str] = "positions"
    ID: ClassVar[str] = "position_id"
    KEY: ClassVar[tuple[str, ...]] = ("official_id", "title", "organisation")

    position_id: str = col("str")
    official_id: str = col("str")
    person_id: str = col("str")
    title: str = col("str")
    organisation: str | None = col("str", None)
    place: str | None = col("str", None)
    level: str | None = col("category", None)
    status: str = col("category", "current")
    as_of: date | None = col("date", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord(Record):
    """A gathering that the article reports or announces: the span is its fullest naming."""

    TABLE: ClassVar[str] = "meetings"
    ID: ClassVar[str] = "meeting_id"

    meeting_id: str = col("str")
    kind: str = col("category")
    title: str = col("str")
    host: str | None = col("str", None)
    start_date: date | None = col("date", None)
    end_date: date | None = col("date", None)
    part_of_day: str | None = col("category", None)
    date_id: str | None = col("str", None)
    location: str | None = col("str", None)
    status: str = col("category", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRecord(Record):
    """Who did what at a meeting: the span is the words that say so."""

    TABLE: ClassVar[str] = "participations"
    ID: ClassVar[str] = "participation_id"
    KEY: ClassVar[tuple[str, ...]] = ("meeting_id", "person_id", "role")

    participation_id: str = col("str")
    meeting_id: str = col("str")
    official: str = col("str")
    person_id: str = col("str")
    role: str = col("category")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRecord(Record):
    """A goal set for a future or plan period (`status` "target"), or a result stated against one ("result")."""

    TABLE: ClassVar[str] = "targets"
    ID: ClassVar[str] = "target_id"
    KEY: ClassVar[tuple[str, ...]] = ("kind", "value", "level")

    target_id: str = col("str")
    kind: str = col("category")
    subject: str | None = col("str", None)
    comparator: str | None = col("category", None)
    value: float | None = col("float", None)
    value_max: float | None = col("float", None)
    unit: str | None = col("str", None)
    base_value: float | None = col("float", None)
    base_unit: str | None = col("category", None)
    level: str | None = col("str", None)
    deadline: date | None = col("date", None)
    owner: str | None = col("str", None)
    status: str = col("category", "target")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnniversaryRecord(Record):
    """A commemorated day. `origin_date` and `anniversary_date` are ISO: a day, a month ("1963-10") or a year."""

    TABLE: ClassVar[str] = "anniversaries"
    ID: ClassVar[str] = "anniversary_id"
    KEY: ClassVar[tuple[str, ...]] = ("event",)

    anniversary_id: str = col("str")
    event: str = col("str")
    years: int | None = col("int", None)
    origin_date: str | None = col("str", None)
    anniversary_date: str | None = col("str", None)
    consistent: bool | None = col("bool", None)
    calendar: str = col("category", "solar")
    next_date: date | None = col("date", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person across the whole archive."""

    TABLE: ClassVar[str] = "people"
    ID: ClassVar[str] = "person_id"

    person_id: str = col("str")
    name: str = col("str")
    first_seen: date | None = col("date", None)
    last_seen: date | None = col("date", None)
    n_articles: int = col("int", 0)
    latest_positions: tuple[str, ...] = col("list", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that failed; the run went on."""

    TABLE: ClassVar[str] = "problems"

    stage: str = col("category")
    code: str = col("category")
    url: str | None = col("str", None)
    article_id: str | None = col("str", None)
    message: str = col("str")
    seen_at: str = col("timestamp")


RECORD_TYPES: dict[str, type[Record]] = {
    record.TABLE: record
    for record in (
        DateRecord, OfficialRecord, PositionRecord, MeetingRecord, ParticipationRecord, TargetRecord, AnniversaryRecord,
    )
}  # fmt: skip
"""The extracted tables by name, in the order in which they are written."""

TABLES: tuple[str, ...] = ("articles", *RECORD_TYPES, "people", "problems")

R = TypeVar("R", bound=Record)


def make_record(
    record_type: type[R], article: Article, start: int, end: int, *, rule_id: str, rules_version: str, **values: Any
) -> R:
    """Make one extracted record; the only way to make one.

    Args:
        record_type: the table's dataclass.
        article: the revision whose text the span is in.
        start: first character of the span in `article.text`, in Python `str` characters.
        end: the character after its last.
        rule_id: the rule that made the row.
        rules_version: the version of the rules it was made with.
        **values: the table's own columns. `quote=` may be given; it is then checked against the text.

    Returns:
        The record, its id a hash of article, revision, table, span and the table's KEY columns.

    Raises:
        OffsetError: the span is empty, outside the text, or its words are not `quote`.
    """
    quote = article.text[start:end] if 0 <= start < end <= len(article.text) else ""
    if not quote or values.pop("quote", quote) != quote:
        raise OffsetError(
            f"{record_type.TABLE}: rule {rule_id} gave the span {start}–{end}, which does not hold its quote"
            f" in article {article.article_id}; this is a fault of the extractor, please report it"
        )
    key = [values.get(name) for name in record_type.KEY]
    values[record_type.ID] = content_id(article.article_id, article.revision, record_type.TABLE, start, end, *key)
    return record_type(
        article_id=article.article_id, revision=article.revision, quote=quote, start=start, end=end,
        rule_id=rule_id, rules_version=rules_version, **values,
    )  # fmt: skip


def columns(record_type: type) -> dict[str, str]:
    """A table's columns in order (its own id first), each with its dtype as named by `col`."""
    found = {f.name: f.metadata["dtype"] for f in fields(record_type) if f.metadata.get("column", True)}
    own_id = getattr(record_type, "ID", "")
    return {own_id: found[own_id], **found} if own_id else found


def as_row(record: Any) -> dict[str, Any]:
    """A record as a JSON-ready dict in column order: days as ISO strings, tuples as lists."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return list(value) if isinstance(value, tuple) else value

    return {name: plain(getattr(record, name)) for name in columns(type(record))}


@dataclass(frozen=True, slots=True)
class Extraction:
    """One article and what was extracted from it: `tables[name]` is a tuple of that table's records in text order."""

    article: Article
    tables: Mapping[str, tuple[Record, ...]]

    def as_json(self) -> dict[str, Any]:
        """The article as one JSON object, in the form `extractor extract` writes."""
        head = {name: getattr(self.article, name) for name in ("article_id", "url", "title", "published_at", "text")}
        return {**head, **{name: [as_row(r) for r in rows] for name, rows in self.tables.items()}}
