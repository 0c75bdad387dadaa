"""Runs a batch: articles in, rows out, in this process or in several, with the same rows whichever."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from extractor.dataset.archive import Archive
from extractor.dataset.derived import refresh
from extractor.dataset.outdated import all_revisions, outdated
from extractor.dataset.people import link_people
from extractor.errors import ExtractorError
from extractor.extractors.base import tables_of
from extractor.inputs import read_articles
from extractor.model import Article, Extraction
from extractor.rules import RuleSet, load_rules
from extractor.workers import Failure, Outcome, prepare, work, work_in_processes

T = TypeVar("T")
Progress = Callable[[str, int, int | None], None]
"""Called with the step ("read", "extract", "link"), how many articles are done, and how many there are if that is known."""
Report = Callable[[ExtractorError], None]
_CHUNK = 16
_CLUSTER_CHUNK = 64
"""A cluster takes some milliseconds for each piece of work, wherever it is done."""
_STORED_TOGETHER = 128
"""Articles a transaction: with fewer, pages of the indexes that many articles share are written again and again."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Dask works: at a scheduler's address, or, without one, in `jobs` processes on this machine."""

    scheduler: str | None = None
    jobs: int = 2

    def connected(self) -> AbstractContextManager[Any]:
        """A client of the cluster; see `dask_engine.connected`."""
        from extractor.dask_engine import connected

        return connected(self.scheduler, self.jobs)


@dataclass
class Summary:
    """What a run did.

    `read` articles came in, `new` were stored, `revised` of them as later revisions, `extracted` revisions got
    rows, `failed` did not; `undated` came without a publication day. `tables` holds the archive's row counts afterwards.
    """

    read: int = 0
    new: int = 0
    revised: int = 0
    undated: int = 0
    extracted: int = 0
    failed: int = 0
    problems: int = 0
    tables: dict[str, int] = field(default_factory=dict)


def rule_versions(rules: RuleSet) -> dict[str, str]:
    """The version of the rules of each extractor, by its name; what `Archive.store` and `Archive.pending` ask for."""
    from extractor.extractors import ordered_extractors
    from extractor.extractors.base import rules_version

    return {name: rules_version(name, rules) for name in ordered_extractors()}


def run_batch(
    articles: Iterable[Article],
    *,
    jobs: int = 1,
    rules: str | None = None,
    version: str | None = None,
    only: Collection[str] | None = None,
    client: Any = None,
) -> Iterator[Outcome]:
    """Extract articles, any number of them.

    Args:
        articles: taken as they are needed.
        jobs: number of processes; 1 is this one.
        rules: a folder of rules, None for the package's own.
        version: the version of these rules if it is known already.
        only: the extractors whose tables are wanted, by default all.
        client: a Dask cluster to work on instead, from `dask_engine.connected`.

    Yields:
        For each article, in order, its `Extraction`, or a `Failure` that says why it has none.
    """
    version = version or load_rules(rules).version
    chunks = _chunks(articles, _CHUNK if client is None else _CLUSTER_CHUNK)
    done: Iterable[list[Outcome]]
    if client is not None:
        from extractor.dask_engine import work_on_cluster

        done = work_on_cluster(client, chunks, rules, version, only)
    elif jobs > 1:
        done = work_in_processes(chunks, jobs, rules, version, only)
    else:
        done = (work(chunk, rules, version, only) for chunk in chunks)
    for outcomes in done:
        yield from outcomes


def run(
    inputs: Sequence[Path | str],
    data_dir: Path | str,
    *,
    jobs: int = 1,
    published: str | None = None,
    rules: str | None = None,
    report: Report = lambda error: None,
    progress: Progress = lambda step, done, total: None,
    cluster: Cluster | None = None,
) -> Summary:
    """The main job: read articles, store them, extract those that have no rows by these rules, link the people.

    What fails becomes a row of `problems`, and the run goes on. A run that was cut off is taken up where it stood, and
    running again over the same input changes nothing.

    Args:
        inputs: files, folders, "-"; may be empty: then only what the archive holds is extracted.
        data_dir: the archive's folder.
        jobs: number of processes.
        published: the publication day (ISO) of articles that give none.
        rules: a folder of rules, None for the package's own.
        report: called with each failure, after it is stored.
        progress: called as articles are done.
        cluster: extract on Dask instead of in processes.

    Returns:
        What was done, and the archive's row counts.

    Raises:
        ArchiveLockedError: another process writes to the archive.
        DatasetError: the archive cannot be written, e.g. the disk is full; what is stored stays.
    """
    rule_set = load_rules(rules)
    summary = Summary()
    with Archive(data_dir) as archive:

        def note(error: ExtractorError) -> None:
            archive.add_problem("input", error.code, error.message)
            summary.problems += 1
            report(error)

        if inputs and jobs > 1 and cluster is None:
            prepare()
        articles = read_articles(inputs, rule_set, note, published=published)
        _store_articles(archive, articles, summary, progress)
        pending = [(None, archive.pending(rule_versions(rule_set)))]
        _extract(archive, rule_set, pending, jobs, summary, report, progress, cluster, rules)
        _derive(archive, summary, progress)
    return summary


def rerun(
    data_dir: Path | str,
    *,
    rules_changed: bool = False,
    jobs: int = 1,
    rules: str | None = None,
    report: Report = lambda error: None,
    progress: Progress = lambda step, done, total: None,
    cluster: Cluster | None = None,
) -> Summary:
    """Extract again what the archive holds.

    Args:
        data_dir: the archive's folder.
        rules_changed: only by the extractors whose rules have another version than the one that made an article's rows,
            and only the articles where there are such; the tables end as if all had been extracted.
        jobs: number of processes.
        rules: a folder of rules, None for the package's own.
        report: called with each failure, after it is stored.
        progress: called as articles are done.
        cluster: extract on Dask instead of in processes.

    Returns:
        What was done; `extracted` counts revisions.
    """
    rule_set = load_rules(rules)
    summary = Summary()
    with Archive(data_dir) as archive:
        versions = rule_versions(rule_set)
        work_left = outdated(archive, versions) if rules_changed else [(None, all_revisions(archive))]
        _extract(archive, rule_set, work_left, jobs, summary, report, progress, cluster, rules)
        _derive(archive, summary, progress)
    return summary


def _derive(archive: Archive, summary: Summary, progress: Progress) -> None:
    """Bring up to the rows what is worked out from all of them together."""
    if not archive.derived_is_current:
        progress("link", 0, None)
        with archive.transaction() as connection:
            link_people(archive)
            refresh(connection)
            archive.mark_derived()
    summary.tables = archive.counts()


def _store_articles(archive: Archive, articles: Iterable[Article], summary: Summary, progress: Progress) -> None:
    for chunk in _chunks(articles, _STORED_TOGETHER):
        with archive.transaction():
            for article in chunk:
                summary.read += 1
                summary.undated += article.published_at is None
                stored = archive.add_article(article)
                if stored is not None:
                    summary.new += 1
                    summary.revised += stored.revision > 1
        progress("read", summary.read, None)


def _extract(
    archive: Archive,
    rules: RuleSet,
    pending: Sequence[tuple[frozenset[str] | None, Sequence[int]]],
    jobs: int,
    summary: Summary,
    report: Report,
    progress: Progress,
    cluster: Cluster | None,
    folder: str | None,
) -> None:
    """Extract revisions, each group by its extractors (None: by all), and store the rows as they come."""
    versions = rule_versions(rules)
    done, total = 0, sum(len(rows) for _, rows in pending)
    # Few articles are done before another process has started.
    jobs = min(jobs, 1 + total // _CHUNK)
    with cluster.connected() if cluster is not None and total else nullcontext() as client:
        for only, rows in pending:
            tables = None if only is None else tables_of(only)
            outcomes = run_batch(
                archive.articles(rows), jobs=jobs, rules=folder, version=rules.version, only=only, client=client
            )
            for chunk in _chunks(outcomes, _STORED_TOGETHER):
                extractions = [outcome for outcome in chunk if isinstance(outcome, Extraction)]
                failures = [outcome for outcome in chunk if isinstance(outcome, Failure)]
                with archive.transaction():
                    archive.store_all(extractions, versions, tables=tables)
                    for failure in failures:
                        _store_failure(archive, failure)
                summary.extracted += len(extractions)
                summary.failed += len(failures)
                for failure in failures:
                    report(ExtractorError(failure.message, code=failure.code))
                done += len(chunk)
                progress("extract", done, total)


def _store_failure(archive: Archive, failure: Failure) -> None:
    """Note that an article failed; it stays pending, and rows of it by older rules stay as they are."""
    article = failure.article
    archive.add_problem("extract", failure.code, failure.message, url=article.url, article_id=article.article_id)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
