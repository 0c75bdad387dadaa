"""Links the mentions of office-holders in all articles to persons.

The extractor gives each named person of an article an article-local id, `local_id`. The rule by which these become persons of
the archive is in docs/people.md; in short:

- Local persons of one name (`people_names.name_key`) are one person unless they contradict each other: posts in different
  places, posts without a place on different sites, or full-time posts in two organisations held at once.
- A given name alone ("Tuấn") joins others of that name only where they share a post.
- Persons whose names differ by a slip of spelling become one only when both hold, at one time and place, a post that one
  person at a time holds, and the one spelling is much rarer. Every weaker likeness is put on the list of persons that may be
  one, and merges nothing.

The result depends on the rows alone, not on the order in which they came. Triggers note the names whose rows change, so a run
reads the rows of those names only (`people_rows`).
"""

import gc
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from extractor.dataset.archive import Archive
from extractor.dataset.people_merge import SINGLE, Held, Part, merge
from extractor.dataset.people_names import is_short, name_key
from extractor.dataset.people_places import Places, places_of
from extractor.dataset.people_profiles import Cluster, Local, cluster, widened
from extractor.dataset.people_rows import PEOPLE_DDL, people_of, read_locals, read_parts, store_parts, write_persons
from extractor.dataset.tables import encode
from extractor.model import Person, content_id
from extractor.text import fold

__all__ = ["link_people", "local_id"]
VERSION = "3"
"""Of the rule; an archive linked by another one is linked anew."""
_SINGLE_KEYS = frozenset(name_key(title) for title in SINGLE)


def local_id(article_id: str, name: str) -> str:
    """The id of a person within one article: what the extractors write before the linking."""
    return content_id("person", article_id, fold(name))


def link_people(archive: Archive) -> int:
    """Give the rows of officials, positions and participations the ids of persons, and write the table of people.

    Args:
        archive: open for writing.

    Returns:
        The number of persons. The same articles and rows always give the same persons, in whatever order they came.
    """
    places = places_of()
    with archive.transaction() as connection, _no_collecting():
        for statement in PEOPLE_DDL:
            connection.execute(statement)
        known = connection.execute("SELECT version FROM people_state").fetchall() == [(VERSION,)]
        changed = connection.execute("SELECT article_id, name FROM people_changed").fetchall()
        if changed or not known:
            keys = {name_key(name) for _, name in changed} if known else None
            people = people_of(connection, keys)
            by_part = _relink(connection, keys, {a for a, _ in changed}, people, places)
            _assign(connection, keys, by_part, people, places)
            connection.execute("DELETE FROM people_changed")
            connection.execute("DELETE FROM people_state")
            connection.execute("INSERT INTO people_state VALUES (?)", (VERSION,))
        return int(connection.execute("SELECT count(*) FROM people").fetchone()[0])


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Nothing made here forms a cycle, and walking through millions of live objects again and again doubles the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _relink(
    connection: sqlite3.Connection, keys: set[str] | None, articles: set[str], people: set[str], places: Places
) -> dict[str, tuple[Part, list[Local]]]:
    """Work out the parts of some names (all for None) anew; returns them by id with the local persons of each."""
    by_part: dict[str, tuple[Part, list[Local]]] = {}
    parts: list[tuple[str, Part]] = []
    for key, found in sorted(read_locals(connection, keys, articles, people).items()):
        short = is_short(next(iter(found[0].names)))
        for nth, made in enumerate(cluster(found, places, short=short)):
            # The first person of a name needs nothing but the name; further ones are told apart by where they begin.
            anchor = () if nth == 0 and not short else (made.members[0].article_id,)
            part = _part(content_id("person", key, *anchor), key, made)
            parts.append((key, part))
            by_part[part.part_id] = (part, made.members)
    store_parts(connection, keys, parts)
    return by_part


def _assign(
    connection: sqlite3.Connection,
    keys: set[str] | None,
    by_part: dict[str, tuple[Part, list[Local]]],
    people: set[str],
    places: Places,
) -> None:
    """Give every part its person, and write what has changed; `people` are the persons that the changed names had."""
    stored = read_parts(connection) | {part_id: (part, "") for part_id, (part, _) in by_part.items()}
    into, maybe = merge((part for part, _ in stored.values()), places)
    person_of = {part_id: into.get(part_id, part_id) for part_id in stored}
    for part_id, (_, members) in by_part.items():
        write_persons(connection, members, person_of[part_id])
    # Parts of names that did not change themselves, but whose likeness to one that did has changed.
    moved = {i: part for i, (part, had) in stored.items() if i not in by_part and had != person_of[i]}
    if moved:
        names = {part.key for part in moved.values()}
        again = read_locals(connection, names, (), {stored[i][1] for i in moved})
        for part_id, part in moved.items():
            had = stored[part_id][1]
            for member in again.get(part.key, []):
                if any(person == had for rows in member.rows.values() for _, person in rows):
                    write_persons(connection, [member], person_of[part_id])
    differing = {i for i, (_, had) in stored.items() if had != person_of[i]}
    connection.executemany(
        "UPDATE people_parts SET person_id = ? WHERE part_id = ?", [(person_of[i], i) for i in sorted(differing)]
    )
    touched = {person_of[i] for i in (by_part.keys() | differing)} | people | {stored[i][1] for i in moved}
    groups: dict[str, list[Part]] = {}
    for part_id, (part, _) in stored.items():
        if person_of[part_id] in touched:
            groups.setdefault(person_of[part_id], []).append(part)
    _write_people(connection, None if keys is None else touched, [_person(p, parts) for p, parts in groups.items()])
    pairs = {(person_of[a], person_of[b], reason) for a, b, reason in maybe if person_of[a] != person_of[b]}
    connection.execute("DELETE FROM people_maybe")
    connection.executemany("INSERT OR IGNORE INTO people_maybe VALUES (?, ?, ?)", sorted(pairs))


def _write_people(connection: sqlite3.Connection, touched: set[str] | None, people: Iterable[Person]) -> None:
    """Put these people in place of those of the touched ids (of all for None)."""
    if touched is None:
        connection.execute("DELETE FROM people")
    else:
        connection.executemany("DELETE FROM people WHERE person_id = ?", [(p,) for p in sorted(touched)])
    rows = sorted(encode("people", people))
    if rows:
        connection.executemany(f"INSERT INTO people VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _part(part_id: str, key: str, made: Cluster) -> Part:
    names: Counter[str] = Counter()
    for member in made.members:
        names.update(member.names)
    days = sorted(m.published[:10] for m in made.members if m.published)
    told = [m for m in made.members if m.latest]
    latest = ([m for m in told if m.published] or told)[-1:]
    held = [
        # Only equality of posts counts, so a short hash stands for its words.
        Held(content_id(title, body, where or f"@{min(made.profile.sources, default='')}", length=8), *span)
        for (title, body), spans in made.profile.posts.items()
        if title in _SINGLE_KEYS
        for where, span in spans.items()
    ]
    return Part(
        part_id=part_id,
        key=key,
        name=_usual(names),
        n_articles=len({m.article_id for m in made.members}),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        held=tuple(sorted(held)),
        places=dict(sorted(made.profile.places.items())),
        latest=tuple(latest[0].latest) if latest else (),
        latest_day=latest[0].published[:10] if latest else "",
    )


def _usual(names: Counter[str]) -> str:
    """The commonest spelling of a name."""
    return min(names, key=lambda n: (-names[n], n))


def _person(person_id: str, parts: list[Part]) -> Person:
    first, last = "", ""
    for part in parts:
        first, last = widened((first, last), (part.first, part.last))
    main = min(parts, key=lambda p: (p.part_id != person_id, p.part_id))
    newest = max(parts, key=lambda p: (p.latest_day, p.part_id == person_id, p.part_id))
    return Person(
        person_id=person_id,
        name=main.name,
        first_seen=date.fromisoformat(first) if first else None,
        last_seen=date.fromisoformat(last) if last else None,
        n_articles=sum(part.n_articles for part in parts),
        latest_positions=newest.latest,
    )
