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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from extractor.dataset.archive import Archive
from extractor.dataset.connect import connect_reader
from extractor.dataset.people_merge import SINGLE, Held, Part, merge
from extractor.dataset.people_names import is_short, name_key
from extractor.dataset.people_places import Places, places_of
from extractor.dataset.people_profiles import Cluster, Local, cluster, widened
from extractor.dataset.people_rows import (
    PEOPLE_DDL,
    Batch,
    Moved,
    OfBatch,
    OfNames,
    Rewriting,
    Scope,
    batches,
    forget_parts,
    moved_rows,
    read_locals,
    read_parts,
    row_of_part,
    write_persons,
)
from extractor.dataset.tables import columns_of, encode
from extractor.model import Person, content_id
from extractor.text import fold

__all__ = ["link_people", "local_id"]
VERSION = "3"
"""Of the rule; an archive linked by another one is linked anew."""
MANY_CHANGES = 20_000
"""Changed names of articles; above this everything is linked anew, in batches, as after the first run over an archive."""
_SINGLE_KEYS = frozenset(name_key(title) for title in SINGLE)


def local_id(article_id: str, name: str) -> str:
    """The id of a person within one article: what the extractors write before the linking."""
    return content_id("person", article_id, fold(name))


Spread = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], Iterator[Any]]
"""Calls a function for each tuple of arguments, perhaps in other processes; gives the results in order."""
_WORTH_SPREADING = 8
"""Batches; fewer are done before other processes have started."""


class Linked(NamedTuple):
    """What was worked out for some names: rows of people_parts and of people, and the rows that get another person."""

    parts: list[tuple[str, str, str, str]]
    people: list[tuple[Any, ...]]
    moved: Moved


def link_people(archive: Archive, spread: Spread | None = None) -> int:
    """Give the rows of officials, positions and participations the ids of persons, and write the table of people.

    Args:
        archive: open for writing; with `spread` all its rows must be committed.
        spread: where a large archive's names are worked out, by default in this process.

    Returns:
        The number of persons. The same articles and rows always give the same persons, in whatever order they came.
    """
    places = places_of()
    with archive.transaction() as connection, _no_collecting():
        for statement in PEOPLE_DDL:
            connection.execute(statement)
        known = connection.execute("SELECT version FROM people_state").fetchall() == [(VERSION,)]
        changes = connection.execute("SELECT count(*) FROM people_changed").fetchone()[0]
        if not known or changes > MANY_CHANGES:
            _link_all(archive, places, spread)
        elif changes:
            _link_changed(connection, places)
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


def _link_all(archive: Archive, places: Places, spread: Spread | None) -> None:
    connection = archive.connection
    connection.execute("DELETE FROM people_parts")
    connection.execute("DELETE FROM people")
    with Rewriting(connection) as rewriting:
        number, found = batches(connection)
        if spread is not None and number >= _WORTH_SPREADING:
            linked: Iterator[Linked] = spread(_link_batch, ((archive.path, batch) for batch in found))
        else:
            linked = (_link(OfBatch(connection, batch), places) for batch in found)
        for one in linked:
            _store(connection, one)
            rewriting.note(one.moved)
    _merge(connection, set(), places)


def _link_batch(path: Path, batch: Batch) -> Linked:
    """What a process that does not write makes of a batch."""
    with _no_collecting():
        return _link(OfBatch(_reader(path), batch), places_of())


_reader = lru_cache(maxsize=1)(connect_reader)


def _link_changed(connection: sqlite3.Connection, places: Places) -> None:
    changed = connection.execute("SELECT article_id, name FROM people_changed").fetchall()
    keys = {name_key(name) for _, name in changed}
    people = forget_parts(connection, keys)
    _delete_people(connection, people)
    linked = _link(OfNames(connection, keys, {a for a, _ in changed}, people), places)
    _store(connection, linked)
    write_persons(connection, linked.moved)
    _merge(connection, people, places)


def _link(scope: Scope, places: Places) -> Linked:
    """Work out the parts of some names, and make each a person of its own."""
    parts: list[Part] = []
    given: list[tuple[Local, str]] = []
    for key, found in sorted(read_locals(scope).items()):
        short = is_short(next(iter(found[0].names)))
        for nth, made in enumerate(cluster(found, places, short=short)):
            # The first person of a name needs nothing but the name; further ones are told apart by where they begin.
            anchor = () if nth == 0 and not short else (made.members[0].article_id,)
            part = _part(content_id("person", key, *anchor), key, made)
            parts.append(part)
            given += [(member, part.part_id) for member in made.members]
    people = encode("people", (_person(part.part_id, [part]) for part in parts))
    return Linked([row_of_part(part) for part in parts], list(people), moved_rows(given))


def _store(connection: sqlite3.Connection, linked: Linked) -> None:
    connection.executemany("INSERT INTO people_parts VALUES (?, ?, ?, ?)", linked.parts)
    _insert_people(connection, linked.people)


def _merge(connection: sqlite3.Connection, unmerged: set[str], places: Places) -> None:
    """Give every part its person, and write what has changed.

    Args:
        connection: to the archive, after the parts that changed were clustered.
        unmerged: persons that had a part which was clustered anew.
        places: the gazetteer's places.
    """
    stored = read_parts(connection)
    into, maybe = merge((part for part, _ in stored.values()), places)
    person_of = {part_id: into.get(part_id, part_id) for part_id in stored}
    moved = {i: part for i, (part, had) in stored.items() if had != person_of[i]}
    if moved:
        scope = OfNames(connection, {part.key for part in moved.values()}, (), {stored[i][1] for i in moved})
        again = read_locals(scope)
        write_persons(
            connection,
            moved_rows(
                (member, person_of[part_id])
                for part_id, part in moved.items()
                for member in again.get(part.key, [])
                if any(person == stored[part_id][1] for rows in member.rows.values() for _, person in rows)
            ),
        )
    connection.executemany(
        "UPDATE people_parts SET person_id = ? WHERE part_id = ?", [(person_of[i], i) for i in sorted(moved)]
    )
    touched = unmerged | {person_of[i] for i in moved} | {stored[i][1] for i in moved}
    # Where nothing was merged or parted the person was written with its part.
    groups: dict[str, list[Part]] = {}
    for part_id, (part, _) in stored.items():
        if person_of[part_id] in touched and part.name:
            groups.setdefault(person_of[part_id], []).append(part)
    _delete_people(connection, {part.part_id for parts in groups.values() for part in parts})
    _insert_people(connection, encode("people", (_person(p, parts) for p, parts in groups.items())))
    pairs = {(person_of[a], person_of[b], reason) for a, b, reason in maybe if person_of[a] != person_of[b]}
    connection.execute("DELETE FROM people_maybe")
    connection.executemany("INSERT OR IGNORE INTO people_maybe VALUES (?, ?, ?)", sorted(pairs))


def _delete_people(connection: sqlite3.Connection, people: Iterable[str]) -> None:
    connection.executemany("DELETE FROM people WHERE person_id = ?", [(p,) for p in sorted(people)])


def _insert_people(connection: sqlite3.Connection, people: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns_of("people")))
    connection.executemany(f"INSERT INTO people VALUES ({marks})", people)


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
