"""The indexes of the record tables, and how an archive's first run does without them.

An id is a hash, so the entries of an article's rows lie all over an index: in a large archive each transaction would change, and
write, a good part of all pages. Made at the end, an index is sorted once and written once.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extractor.dataset.tables import model_of, versions_text
from extractor.model import RECORD_TYPES

if TYPE_CHECKING:
    from extractor.dataset.archive import Archive

LINKED = ("officials", "positions", "participations")
"""The tables whose rows belong to persons."""
_OF_PERSONS = {f"{table}_person": f"INDEX {{}} ON {table} (person_id)" for table in LINKED}
_OF_RECORDS = {
    **{f"{table}_id": f"UNIQUE INDEX {{}} ON {table} ({model_of(table).ID})" for table in RECORD_TYPES},
    **{f"{table}_article": f"INDEX {{}} ON {table} (article_id, revision)" for table in RECORD_TYPES},
    "participations_meeting": "INDEX {} ON participations (meeting_id)",
}


def make_record_indexes(connection: sqlite3.Connection) -> None:
    """Make what is missing of the indexes by id, by article and by meeting."""
    # Tables of older archives have their id as the primary key.
    keyed = {
        name
        for (name,) in connection.execute("SELECT tbl_name FROM sqlite_master WHERE name LIKE 'sqlite_autoindex_%'")
    }
    for name, sql in _OF_RECORDS.items():
        if name.removesuffix("_id") not in keyed:
            connection.execute(f"CREATE {sql.format(f'IF NOT EXISTS {name}')}")


def make_person_indexes(connection: sqlite3.Connection) -> None:
    """Make what is missing of the indexes by person."""
    for name, sql in _OF_PERSONS.items():
        connection.execute(f"CREATE {sql.format(f'IF NOT EXISTS {name}')}")


def drop_person_indexes(connection: sqlite3.Connection) -> None:
    """Drop the indexes by person, before most rows get another one."""
    for name in _OF_PERSONS:
        connection.execute(f"DROP INDEX IF EXISTS {name}")


@contextmanager
def made_afterwards(archive: "Archive", versions: Mapping[str, str]) -> Iterator[None]:
    """In a first run, store rows without indexes and make them at the end; those by person are made when persons are linked.

    It is a first run while no persons were linked, and nothing has to be looked up in the tables: no row of a revision has to
    go, and no editor's decision to be applied. Cut off before its end, the archive has its indexes again when it is next opened.

    Args:
        archive: open for writing.
        versions: the version of the rules by extractor, as `Archive.store_all` gets them.
    """
    if not _is_first_run(archive.connection, versions):
        yield
        return
    with archive.transaction() as connection:
        drop_person_indexes(connection)
        for name in _OF_RECORDS:
            connection.execute(f"DROP INDEX IF EXISTS {name}")
    yield
    with archive.transaction() as connection:
        make_record_indexes(connection)


def _is_first_run(connection: sqlite3.Connection, versions: Mapping[str, str]) -> bool:
    (known,) = connection.execute(
        """SELECT EXISTS (SELECT 1 FROM people_state) OR EXISTS (SELECT 1 FROM corrections) OR EXISTS
           (SELECT 1 FROM extractions WHERE versions IS NOT (SELECT id FROM rule_versions WHERE versions = ?))""",
        (versions_text(versions),),
    ).fetchone()
    return not known
