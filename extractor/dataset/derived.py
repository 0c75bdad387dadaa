"""What is worked out from the rows after a run: persons, gatherings, lists, findings, the search index."""

import sqlite3

from extractor.dataset.corrections import CORRECTIONS_DDL
from extractor.dataset.gatherings import GATHERINGS_DDL, update_gatherings
from extractor.dataset.lint import LINT_DDL, update_lint
from extractor.dataset.listings import LISTINGS_DDL, update_listings
from extractor.dataset.people_rows import PEOPLE_DDL
from extractor.dataset.search import SEARCH_DDL, update_index

_INDEXES = """
CREATE INDEX IF NOT EXISTS articles_published ON articles (published_at);
CREATE INDEX IF NOT EXISTS articles_source ON articles (source, published_at);
CREATE INDEX IF NOT EXISTS articles_duplicate ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS crawl_queue_article ON crawl_queue (article_id) WHERE article_id IS NOT NULL;
"""


def derived_ddl() -> list[str]:
    """The statements that make the tables and indexes of this stage; all may be run again."""
    scripts = (SEARCH_DDL, GATHERINGS_DDL, LINT_DDL, CORRECTIONS_DDL, LISTINGS_DDL, _INDEXES)
    statements = [statement for script in scripts for statement in script.split(";") if statement.strip()]
    return [*statements, *PEOPLE_DDL]


def refresh(connection: sqlite3.Connection) -> None:
    """Bring gatherings, lists, findings and the search index up to the rows; persons must have been linked before.

    Args:
        connection: a connection that may write; the caller commits.
    """
    update_gatherings(connection)
    update_listings(connection)
    update_lint(connection)
    update_index(connection)
