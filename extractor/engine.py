"""Runs a batch: articles in, rows out, in this process or in several, with the same rows whichever."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from extractor.dataset.archive import Archive, rows_of
from extractor.dataset.derived import refresh
from extractor.dataset.indexes import made_afterwards
from extractor.dataset.outdated import all_revisions, outdated
from extractor.dataset.people import link_people
from extractor.dataset.search import index_new
from extractor.errors import ExtractorError
from extractor.extractors.base import tables_of
from extractor.inputs import read_articles
from extractor.model import Article
from extractor.rules import RuleSet, load_rules
from extractor.workers import Failure, Finish, prepare, spread, unchanged, work, work_in_processes

T = TypeVar("T")
Progress = Callable[[str, int, int | None], None]
"""Called with the step ("read", "extract", "link"), how many articles are done, and how many there are if that is known."""
Report = Callable[[ExtractorError], None]
_CHUNK = 64
"""Articles in a piece of work: each piece costs the process that gives it out some time, on a cluster milliseconds."""
_WORTH_A_PROCESS = 16
"""Few articles are done before another process has started."""
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
    finish: Finish[T] = unchanged,
) -> Iterator[T | Failure]:
    """Extract articles, any number of them.

    Args:
        articles: taken as they are needed.
        jobs: number of processes; 1 is this one.
        rules: a folder of rules, None for the package's own.
        version: the version of these rules if it is known already.
        only: the extractors whose tables are wanted, by default all.
        client: a Dask cluster to work on instead, from `dask_engine.connected`.
        finish: what is made of each `Extraction` where it was made, by default nothing else.

    Yields:
        For each article, in order, its `Extraction` (finished), or a `Failure` that says why it has none.
    """
    version = version or load_rules(rules).version
    chunks = _chunks(articles, _CHUNK)
    done: Iterable[list[T | Failure]]
    if client is not None:
        from extractor.dask_engine import work_on_cluster

        done = work_on_cluster(client, chunks, rules, version, only, finish)
    elif jobs > 1:
        done = work_in_processes(chunks, jobs, rules, version, only, finish)
    else:
        done = (work(chunk, rules, version, only, finish) for chunk in chunks)
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
            prepare(rules)
        left = archive.pending(rule_versions(rule_set))
        read = _stored(archive, read_articles(inputs, rule_set, note, published=published), summary, progress)
        job = _Job(archive, rule_set, rules, jobs, cluster, summary, report)
        total = None if inputs else len(left)  # nobody knows how many articles an input holds before it is read
        job.extract(chain(archive.articles(left), read), lambda done: progress("extract", done, total))
        _derive(archive, summary, progress, jobs if cluster is None else cluster.jobs)
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
        left = outdated(archive, versions) if rules_changed else [(None, all_revisions(archive))]
        total = sum(len(keys) for _, keys in left)
        job = _Job(archive, rule_set, rules, jobs, cluster, summary, report)
        for only, keys in left:
            job.extract(archive.articles(keys), lambda done: progress("extract", done, total), only)
        _derive(archive, summary, progress, jobs if cluster is None else cluster.jobs)
    return summary


def _derive(archive: Archive, summary: Summary, progress: Progress, jobs: int) -> None:
    """Bring up to the rows what is worked out from all of them together, in `jobs` processes where there is much."""
    if not archive.derived_is_current:
        progress("link", 0, None)
        with archive.transaction() as connection:
            link_people(archive, partial(spread, jobs=jobs) if jobs > 1 else None)
            refresh(connection)
            archive.mark_derived()
    summary.tables = archive.counts()


def _stored(archive: Archive, articles: Iterable[Article], summary: Summary, progress: Progress) -> Iterator[Article]:
    """Store articles as they are taken; those that are new, or new revisions, come out."""
    for chunk in _chunks(articles, _STORED_TOGETHER):
        fresh = []
        with archive.transaction() as connection:
            for article in chunk:
                summary.read += 1
                summary.undated += article.published_at is None
                stored = archive.add_article(article)
                if stored is not None:
                    fresh.append(stored)
                    summary.new += 1
                    summary.revised += stored.revision > 1
            # Here other processes work meanwhile; later revisions are indexed with all else that is derived.
            index_new(connection, (article for article in fresh if article.revision == 1))
        progress("read", summary.read, None)
        yield from fresh


@dataclass
class _Job:
    """What a run or rerun needs to extract articles into an archive."""

    archive: Archive
    rules: RuleSet
    folder: str | None
    jobs: int
    cluster: Cluster | None
    summary: Summary
    report: Report
    done: int = 0

    def extract(
        self, articles: Iterator[Article], progress: Callable[[int], None], only: frozenset[str] | None = None
    ) -> None:
        """Extract revisions, by all extractors or by some, and store the rows as they come."""
        first = list(islice(articles, self.jobs * _WORTH_A_PROCESS))
        if not first:
            return
        with ExitStack() as stack:
            outcomes = run_batch(
                chain(first, articles),
                jobs=-(-len(first) // _WORTH_A_PROCESS),
                rules=self.folder,
                version=self.rules.version,
                only=only,
                client=stack.enter_context(self.cluster.connected()) if self.cluster is not None else None,
                finish=rows_of,
            )
            versions, tables = rule_versions(self.rules), None if only is None else tables_of(only)
            stack.enter_context(made_afterwards(self.archive, versions))
            for chunk in _chunks(outcomes, _STORED_TOGETHER):
                failures = [outcome for outcome in chunk if isinstance(outcome, Failure)]
                extracted = [outcome for outcome in chunk if not isinstance(outcome, Failure)]
                with self.archive.transaction():
                    self.archive.store_all(extracted, versions, tables=tables)
                    for failure in failures:
                        self._store_failure(failure)
                self.summary.extracted += len(extracted)
                self.summary.failed += len(failures)
                for failure in failures:
                    self.report(ExtractorError(failure.message, code=failure.code))
                self.done += len(chunk)
                progress(self.done)

    def _store_failure(self, failure: Failure) -> None:
        """Note that an article failed; it stays pending, and rows of it by older rules stay as they are."""
        article = failure.article
        self.archive.add_problem(
            "extract", failure.code, failure.message, url=article.url, article_id=article.article_id
        )


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
