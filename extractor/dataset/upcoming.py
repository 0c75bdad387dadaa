"""What is coming: yearly returns of commemorated days and planned meetings, as of a given day."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lunar_vn import solar_to_lunar

from extractor.text import fold_tones
from extractor.values.commemorations import Partial, next_return


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next return of one commemorated day, with the latest row that tells of it.

    `years` is the count on that day, None where no row gives the origin's year; `round` says that it is a multiple of 5
    (a "năm chẵn, năm tròn" of Decree 111/2018/NĐ-CP, which holds ceremonies in years ending in 0 and 5).
    """

    day: date
    event: str
    years: int | None
    calendar: str
    origin_date: str | None
    anniversary_id: str
    article_id: str
    start: int
    n_articles: int

    @property
    def round(self) -> bool:
        """Whether the count is a multiple of five."""
        return bool(self.years) and self.years is not None and self.years % 5 == 0


@dataclass(slots=True)
class Commemoration:
    """One commemorated day of the year: the latest row that tells of it, its origin, the articles that tell of it."""

    row: tuple[str, ...]
    partial: Partial
    origin: str | None
    articles: set[str]

    @property
    def event(self) -> str:
        """Its name as worded."""
        return self.row[2]

    @property
    def next_date(self) -> date:
        """Its next return, as of the latest article."""
        return date.fromisoformat(self.row[6])


def commemorated_days(connection: sqlite3.Connection) -> Iterator[Commemoration]:
    """Every commemorated day of the latest revisions once, by event and day of the year."""
    rows = connection.execute(
        """SELECT anniversary_id, article_id, event, origin_date, anniversary_date, calendar, next_date, "start" FROM anniversaries t
           WHERE next_date IS NOT NULL AND revision = (SELECT MAX(revision) FROM articles a WHERE a.article_id = t.article_id)
           ORDER BY next_date, anniversary_id"""
    )
    found: dict[tuple[str, int | None, int | None, bool], Commemoration] = {}
    for row in rows:
        day = date.fromisoformat(row[6])
        lunar = row[5] == "lunar"
        if lunar:
            moon = solar_to_lunar(day)
            partial = Partial(month=moon.month, day=moon.day, lunar=True)
        else:
            partial = Partial(month=day.month, day=day.day)
        key = (fold_tones(row[2]).strip(" .,;"), partial.month, partial.day, lunar)
        if key in found:
            known = found[key]
            known.articles.add(row[1])
            known.row, known.origin = row, row[3] or known.origin
        else:
            found[key] = Commemoration(row, partial, row[3], {row[1]})
    yield from found.values()


def upcoming_anniversaries(connection: sqlite3.Connection, today: date, days: int = 90) -> list[Upcoming]:
    """The commemorated days that return within some days, round counts first, then by day.

    Args:
        connection: a connection to the archive.
        today: the first day that counts.
        days: how many days to look ahead.

    Returns:
        One entry for each event and day; a lunar one on its solar day.
    """
    until = today + timedelta(days=days)
    first, last = f"{today:%m%d}", f"{until:%m%d}"
    inside = "BETWEEN" if first <= last else "NOT BETWEEN"
    bounds = (int(first), int(last)) if first <= last else (int(last) + 1, int(first) - 1)
    # A lunar day's solar day has to be worked out; 29 February may be kept on another day.
    near = f"r.lunar OR r.month = 2 AND r.day = 29 OR r.month * 100 + r.day {inside} ? AND ?"
    if days >= 365:
        near, bounds = "? = ?", (1, 1)
    rows = connection.execute(
        f"""SELECT r.month, r.day, r.lunar, r.origin, r.n_articles, t.anniversary_id, t.article_id, t.event, t.calendar, t."start"
            FROM returning_days r CROSS JOIN anniversaries t ON t.anniversary_id = r.anniversary_id
            WHERE {near}""",
        bounds,
    )
    found = []
    for month, on, lunar, origin, n_articles, anniversary_id, article_id, event, calendar, start in rows:
        day = next_return(Partial(month=month, day=on, lunar=bool(lunar)), today - timedelta(days=1))
        if day is not None and day <= until:
            years = day.year - int(origin[:4]) if origin else None
            found.append(
                Upcoming(
                    day, event, years or None, calendar, origin, anniversary_id, article_id, int(start), n_articles
                )
            )
    return sorted(found, key=lambda u: (not u.round, u.day, u.event))
