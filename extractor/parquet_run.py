"""A run from inputs to a Parquet folder on Dask, for more articles than one writer can take.

Workers read pieces of the inputs, extract them and put the rows into a staging folder, a file a piece and table with a row
group a month. When all pieces are there, persons are linked over the whole, and workers gather each month's rows, sorted,
into the files of `dataset.parquet`. A piece is done when its `done.json` is there, so a run that was cut off goes on with
the others, and what it writes is the same to the byte.
"""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractor.dask_engine import in_order, work_on_cluster
from extractor.dataset.archive import Archive
from extractor.dataset.indexes import LINKED
from extractor.dataset.parquet import (
    LAYOUT,
    MANIFEST,
    MONTHLY,
    UNDATED,
    file_system,
    path_of,
    write_table,
)
from extractor.dataset.people import link_people
from extractor.dataset.tables import columns_of, encode, select
from extractor.engine import Cluster, Progress, Report, Summary
from extractor.errors import DatasetError, ExtractorError
from extractor.model import RECORD_TYPES, Article, Problem, content_id
from extractor.partitions import Partition, partitions, read_partition
from extractor.rules import RuleSet, load_rules
from extractor.staging import Done, Job, index_piece, months_of, read_staged, stage_outcomes, stage_piece, write_months

_TOGETHER = 4000
"""Articles of the months that one worker gathers at a time."""
_LASTING = ("read", "undated", "failed", "problems")
"""What a summary says of the dataset and not of one run."""
Overrides = dict[int, Article | None]
"""By place in its piece: an article as it is stored, or None if it is stored already."""


def run_to_parquet(
    inputs: Sequence[Path | str],
    target: Path | str,
    *,
    cluster: Cluster,
    published: str | None = None,
    rules: str | None = None,
    report: Report = lambda error: None,
    progress: Progress = lambda step, done, total: None,
) -> Summary:
    """Read articles, extract them, link the people; the tables as Parquet files, the same as an archive would hold.

    Args:
        inputs: files, folders, folders of an archive, in places that all workers can read.
        target: the folder, or any address that fsspec knows, that all workers can write. What stands there from other
            inputs or rules is replaced.
        cluster: where to work.
        published: the publication day (ISO) of articles that give none.
        rules: a folder of rules, None for the package's own.
        report: called with each failure.
        progress: called as articles are done.

    Returns:
        What was done, and the tables' row counts. The same inputs and rules again change nothing.

    Raises:
        ExtractorError: an input cannot be shared, a worker has other rules, the cluster is lost.
    """
    rule_set = load_rules(rules)
    problems: list[tuple[str, str]] = []

    def note(error: ExtractorError) -> None:
        problems.append((error.code, error.message))
        report(error)

    address = str(target) if "://" in str(target) else str(Path(target).absolute())
    pieces = partitions(inputs, note)
    plan = content_id(LAYOUT, rule_set.version, published, *map(repr, pieces))
    system, root = file_system(address)
    known = _manifest(system, root)
    if known.get("plan") == plan:
        return Summary(**known["summary"], tables=known["rows"])
    job = Job(address, f"_run/{plan}", rules, rule_set.version, published)
    with cluster.connected() as client, tempfile.TemporaryDirectory() as scratch, Archive(scratch) as archive:
        summary, overrides = _read(client, pieces, job, rule_set, archive, problems, report, progress)
        done = _extract(client, pieces, job, rule_set, overrides, summary, report, progress)
        progress("link", 0, None)
        months = _link(archive, system, root, job, done)
        rows = _gather(client, system, root, job, done, months)
        rows["people"] = _people_and_problems(archive, system, root, problems, done)
        rows["problems"] = archive.counts()["problems"]
    summary.failed = sum(d.failed for d in done)
    summary.problems = len(problems)
    summary.tables = {table: rows[table] for table in (*MONTHLY, "people", "problems")}
    manifest = {
        "layout": LAYOUT, "plan": plan, "rules_version": rule_set.version, "months": sorted(months, key=_month_order),
        "rows": summary.tables, "summary": {name: getattr(summary, name) for name in _LASTING},
    }  # fmt: skip
    _finish(system, root, job, manifest)
    return summary


def _manifest(system: Any, root: str) -> dict[str, Any]:
    try:
        with system.open(f"{root}/{MANIFEST}", "rb") as file:
            found: dict[str, Any] = json.load(file)
            return found
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise DatasetError(f"{root}: cannot be read: {' '.join(str(error).split())}") from None


def _month_order(month: str) -> tuple[bool, str]:
    return month == UNDATED, month


def _read(
    client: Any,
    pieces: Sequence[Partition],
    job: Job,
    rules: RuleSet,
    archive: Archive,
    problems: list[tuple[str, str]],
    report: Report,
    progress: Progress,
) -> tuple[Summary, dict[int, Overrides]]:
    """Look through all pieces for articles that come more than once, and settle their revisions as an archive does."""
    summary = Summary()
    seen: Counter[str] = Counter()
    ids: list[list[str]] = []
    for (piece, _), found in in_order(client, index_piece, ((piece, job) for piece in pieces)):
        if isinstance(found, Exception):
            name = piece.name or piece.path
            found = (
                [],
                0,
                [("worker_died", f"{name}: the workers that read it died (out of memory?); split the file")],
            )
        names, undated, failures = found
        ids.append(names)
        seen.update(names)
        summary.read += len(names)
        summary.undated += undated
        for code, message in failures:
            problems.append((code, message))
            report(ExtractorError(message, code=code))
        progress("read", summary.read, None)
    summary.new = summary.read
    overrides: dict[int, Overrides] = defaultdict(dict)
    for number, names in enumerate(ids):
        places = {at for at, name in enumerate(names) if seen[name] > 1}
        if not places:
            continue
        for at, article in enumerate(
            read_partition(pieces[number], rules, lambda error: None, published=job.published)
        ):
            if at in places:
                stored = archive.add_article(article)
                overrides[number][at] = stored
                summary.new -= stored is None
                summary.revised += stored is not None and stored.revision > 1
    return summary, overrides


def _extract(
    client: Any,
    pieces: Sequence[Partition],
    job: Job,
    rules: RuleSet,
    overrides: Mapping[int, Overrides],
    summary: Summary,
    report: Report,
    progress: Progress,
) -> list[Done]:
    """Have all pieces extracted into the staging folder that are not there yet."""
    done: dict[int, Done] = {}

    def calls() -> Iterator[tuple[Any, ...]]:
        for number, piece in enumerate(pieces):
            staged = read_staged(job, number)
            if staged is not None:
                done[number] = staged
            else:
                yield piece, number, overrides.get(number, {}), job

    total = summary.new
    for (piece, number, own, _), found in in_order(client, stage_piece, calls()):
        if isinstance(found, Exception):
            # No worker survives this piece: its articles are tried alone.
            articles = read_partition(piece, rules, lambda error: None, published=job.published)
            stored = (own.get(at, article) for at, article in enumerate(articles))
            chunks = ([article] for article in stored if article is not None)
            outcomes = work_on_cluster(client, chunks, job.rules, job.version)
            found = stage_outcomes((o for chunk in outcomes for o in chunk), number, job)
        done[number] = found
        summary.extracted += found.extracted
        for _, code, _, _, message in found.problems:
            report(ExtractorError(message, code=code))
        progress("extract", sum(d.extracted + d.failed for d in done.values()), total)
    return [done[number] for number in range(len(pieces))]


def _link(archive: Archive, system: Any, root: str, job: Job, done: Sequence[Done]) -> dict[str, int]:
    """Link the persons of all rows, and write for each month who is who.

    Returns:
        The number of articles of each month.
    """
    connection = archive.connection
    months: Counter[str] = Counter()
    with archive.transaction():
        connection.execute("DELETE FROM articles")
        for number in range(len(done)):
            for table in ("articles", *LINKED):
                for month, rows in months_of(system, root, job, number, done[number], table, without_text=True):
                    marks = ", ".join("?" * len(columns_of(table)))
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
                    if table == "articles":
                        months[month] += len(rows)
        persons = " UNION ALL ".join(
            f"SELECT '{t}' AS t, {RECORD_TYPES[t].ID} AS id, article_id, person_id FROM {t}" for t in LINKED
        )
        connection.execute(f"CREATE TEMP TABLE before AS {persons}")
    link_people(archive)
    linked = connection.execute(
        f"""SELECT DISTINCT ifnull(substr(a.published_at, 1, 7), '{UNDATED}'), b.article_id, b.person_id, n.person_id
            FROM before b JOIN ({persons}) n ON n.t = b.t AND n.id = b.id
            JOIN articles a ON a.article_id = b.article_id AND a.revision = 1 ORDER BY 1, 2, 3, 4"""
    )
    # The first revision's month need not be the row's own, so every month of an article gets its persons.
    own_months: dict[str, set[str]] = defaultdict(set)
    for article_id, month in connection.execute(
        f"SELECT article_id, ifnull(substr(published_at, 1, 7), '{UNDATED}') FROM articles WHERE revision > 1"
    ):
        own_months[article_id].add(month)
    persons_of: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for month, *person in linked:
        for own in {month, *own_months.get(person[0], ())}:
            persons_of[own].append(tuple(person))
    system.makedirs(f"{root}/{job.stage}/persons", exist_ok=True)
    for month in months:
        with system.open(f"{root}/{job.stage}/persons/{month}.json", "wb") as file:
            file.write(json.dumps(persons_of.get(month, [])).encode())
    return dict(months)


def _gather(
    client: Any, system: Any, root: str, job: Job, done: Sequence[Done], months: Mapping[str, int]
) -> Counter[str]:
    """Have each month's rows gathered from the staging folder into its final files."""
    if system.exists(f"{root}/{MANIFEST}"):
        # From here on the old files are replaced one by one.
        system.rm(f"{root}/{MANIFEST}")
    groups: list[list[str]] = []
    size = _TOGETHER
    for month in sorted(months, key=_month_order):
        if size + months[month] > _TOGETHER:
            groups.append([])
            size = 0
        groups[-1].append(month)
        size += months[month]
    rows: Counter[str] = Counter()
    calls = ((group, [d.only(group) for d in done], job) for group in groups)
    for (group, _, _), found in in_order(client, write_months, calls):
        # A worker that is killed by a month's rows is beyond what can be tried again.
        if isinstance(found, Exception):
            raise ExtractorError(
                f"months {group[0]}–{group[-1]}: no worker has memory for their rows; give workers more"
            )
        rows.update(found)
    return rows


def _people_and_problems(
    archive: Archive, system: Any, root: str, problems: list[tuple[str, str]], done: Sequence[Done]
) -> int:
    """Write the tables that are one file each; the number of persons."""
    with archive.transaction():
        for code, message in problems:
            archive.add_problem("input", code, message)
        for staged in done:
            archive.connection.executemany(
                "INSERT OR IGNORE INTO problems VALUES (?, ?, ?, ?, ?, ?)",
                encode("problems", (Problem(stage="extract", code=c, url=u, article_id=a, message=m, seen_at=s)
                                    for s, c, u, a, m in staged.problems)),
            )  # fmt: skip
    for table in ("people", "problems"):
        rows = archive.connection.execute(select(table)).fetchall()
        write_table(system, path_of(root, table), table, rows)
    return archive.counts()["people"]


def _finish(system: Any, root: str, job: Job, manifest: Mapping[str, Any]) -> None:
    """Drop what other runs left, then write the manifest, which makes the folder a dataset."""
    wanted = {f"month={month}" for month in manifest["months"]}
    for table in MONTHLY:
        folder = f"{root}/{table}"
        for path in system.ls(folder, detail=False) if system.exists(folder) else []:
            if str(path).rstrip("/").rsplit("/", 1)[-1] not in wanted:
                system.rm(path, recursive=True)
    with system.open(f"{root}/{MANIFEST}", "wb") as file:
        file.write((json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())
    system.rm(f"{root}/_run", recursive=True)
