"""Which rows of an archive a new version of the rules can change."""

import json
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence

from extractor.dataset.archive import Archive
from extractor.dataset.connect import clear_errors


def outdated(archive: Archive, versions: Mapping[str, str]) -> list[tuple[frozenset[str], Sequence[int]]]:
    """The revisions whose rows other versions of the rules can change, by the extractors that must run again.

    Args:
        archive: open for writing.
        versions: the version of the rules by extractor; it covers the rules of all extractors that one builds upon.

    Returns:
        (names of extractors, row numbers of the revisions in the order they were stored), no group without revisions. A
        revision that was never extracted needs all extractors.
    """
    groups: dict[frozenset[str], array[int]] = defaultdict(lambda: array("q"))
    with clear_errors(archive.path):
        known = {
            number: json.loads(text)
            for number, text in archive.connection.execute("SELECT id, versions FROM rule_versions")
        }
        changed = {
            number: frozenset(name for name, version in versions.items() if old.get(name) != version)
            for number, old in known.items()
        }
        rows = archive.connection.execute(
            "SELECT articles.rowid, versions FROM articles LEFT JOIN extractions USING (article_id, revision)"
            " ORDER BY articles.rowid"
        )
        for row, number in rows:
            names = frozenset(versions) if number is None else changed[number]
            if names:
                groups[names].append(row)
    return sorted(groups.items(), key=lambda group: sorted(group[0]))


def all_revisions(archive: Archive) -> Sequence[int]:
    """The row number of every revision, in the order they were stored."""
    with clear_errors(archive.path):
        return array("q", (row for (row,) in archive.connection.execute("SELECT rowid FROM articles ORDER BY rowid")))
