"""What workers do in a run to Parquet: extract a piece of the inputs into staged files, gather months from them."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.dask_engine import check_rules
from extractor.dataset.clock import now
from extractor.dataset.parquet import MONTHLY, file_system, in_order, month_of, path_of, write_table
from extractor.dataset.tables import columns_of, encode
from extractor.errors import ExtractorError
from extractor.model import Article, Extraction
from extractor.partitions import Partition, read_partition
from extractor.rules import load_rules
from extractor.workers import Outcome, work

_CHUNK = 32
_ARROW = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers of a run must know: where the dataset goes, where its staged files are, which rules."""

    target: str
    stage: str
    rules: str | None
    version: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """A staged piece: for each table and month the row group that holds its rows; what failed (seen_at, code, url,
    article_id, message).
    """

    number: int
    extracted: int
    failed: int
    groups: dict[str, dict[str, int]]
    problems: list[list[Any]]

    def only(self, months: Collection[str]) -> "Done":
        """The part of it that concerns some months."""
        groups = {t: {m: i for m, i in found.items() if m in months} for t, found in self.groups.items()}
        return Done(self.number, self.extracted, self.failed, groups, [])


def index_piece(piece: Partition, job: Job) -> tuple[list[str], int, list[tuple[str, str]]]:
    """Look through a piece: its articles' ids in order, how many have no publication day, and (code, message) of failures."""
    rules = load_rules(job.rules)
    failures: list[tuple[str, str]] = []
    ids, undated = [], 0

    def note(error: ExtractorError) -> None:
        failures.append((error.code, error.message))

    for article in read_partition(piece, rules, note, published=job.published):
        ids.append(article.article_id)
        undated += article.published_at is None
    return ids, undated, failures


def stage_piece(piece: Partition, number: int, overrides: dict[int, Article | None], job: Job) -> Done:
    """Extract a piece and stage its rows.

    Args:
        piece: a piece of the inputs.
        number: its number.
        overrides: by place, what to extract instead of the article there; None to leave it out.
        job: the run.
    """
    check_rules(job.rules, job.version)
    read = read_partition(piece, load_rules(job.rules), lambda error: None, published=job.published)
    stored = (overrides.get(at, article) for at, article in enumerate(read))
    articles = (article for article in stored if article is not None)

    def outcomes() -> Iterator[Outcome]:
        while chunk := list(islice(articles, _CHUNK)):
            yield from work(chunk, job.rules, job.version)

    return stage_outcomes(outcomes(), number, job)


def stage_outcomes(outcomes: Iterable[Outcome], number: int, job: Job) -> Done:
    """Write the rows of a piece into staged files, at last the note that it is done."""
    system, root = file_system(job.target)
    rows: dict[str, dict[str, Rows]] = {table: {} for table in MONTHLY}
    problems: list[list[Any]] = []
    extracted = failed = 0
    for outcome in outcomes:
        article = outcome.article
        month = month_of(article.published_at)
        rows["articles"].setdefault(month, []).extend(encode("articles", [article]))
        if isinstance(outcome, Extraction):
            extracted += 1
            for table, records in outcome.tables.items():
                if records:
                    rows[table].setdefault(month, []).extend(encode(table, records))
        else:
            failed += 1
            problems.append([now(), outcome.code, article.url, article.article_id, outcome.message])
    folder = f"{root}/{job.stage}/{number:06}"
    system.makedirs(folder, exist_ok=True)
    groups = {table: {month: i for i, month in enumerate(sorted(found))} for table, found in rows.items()}
    for table, found in rows.items():
        if found:
            schema = pa.schema([(name, _ARROW[dtype.sqlite]) for name, dtype in columns_of(table).items()])
            with system.open(f"{folder}/{table}.parquet", "wb") as file, pq.ParquetWriter(file, schema) as writer:
                for month in sorted(found):
                    columns = [
                        pa.array(c, f.type) for c, f in zip(zip(*found[month], strict=True), schema, strict=True)
                    ]
                    # One row group a month, whatever its size.
                    writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=len(found[month]))
    done = Done(number, extracted, failed, groups, problems)
    with system.open(f"{folder}/done.json.part", "wb") as file:
        file.write(json.dumps(asdict(done)).encode())
    system.mv(f"{folder}/done.json.part", f"{folder}/done.json")
    return done


def read_staged(job: Job, number: int) -> Done | None:
    """What is known of a piece that an earlier run staged, None if it did not get so far."""
    system, root = file_system(job.target)
    try:
        with system.open(f"{root}/{job.stage}/{number:06}/done.json", "rb") as file:
            return Done(**json.load(file))
    except (OSError, ValueError, TypeError):
        return None


def months_of(
    system: Any, root: str, job: Job, number: int, done: Done, table: str, *, without_text: bool = False
) -> Iterator[tuple[str, Rows]]:
    """The staged rows of one piece and table, month by month.

    Args:
        system: the file system of the target.
        root: the target's path in it.
        job: the run.
        number: the piece's number.
        done: what the piece holds.
        table: the table.
        without_text: leave out the long column `text` of articles, which stands empty then.
    """
    groups = done.groups.get(table)
    if not groups:
        return
    names = list(columns_of(table))
    left_out = {"text"} if without_text and table == "articles" else set()
    with system.open(f"{root}/{job.stage}/{number:06}/{table}.parquet", "rb") as file:
        source = pq.ParquetFile(file)
        for month, group in groups.items():
            found = source.read_row_group(group, columns=[n for n in names if n not in left_out]).to_pydict()
            columns: Sequence[Any] = [found.get(n) or [""] * len(found[names[0]]) for n in names]
            yield month, list(zip(*columns, strict=True))


def write_months(months: Sequence[str], done: Sequence[Done], job: Job) -> dict[str, int]:
    """Gather some months' rows from all pieces into their final files.

    Args:
        months: the months.
        done: the pieces, each with the row groups of these months.
        job: the run.

    Returns:
        The number of rows of each table.
    """
    system, root = file_system(job.target)
    persons: dict[str, dict[tuple[str, str], str]] = {}
    for month in months:
        with system.open(f"{root}/{job.stage}/persons/{month}.json", "rb") as file:
            persons[month] = {(article_id, old): new for article_id, old, new in json.load(file)}
    published: dict[tuple[str, int], str | None] = {}
    counts: Counter[str] = Counter()
    for table in MONTHLY:
        names = list(columns_of(table))
        rows: dict[str, Rows] = {month: [] for month in months}
        for staged in done:
            for month, found in months_of(system, root, job, staged.number, staged, table):
                rows[month] += found
        for month, found in rows.items():
            if table == "articles":
                when = names.index("published_at")
                key = names.index("article_id"), names.index("revision")
                published.update({(row[key[0]], row[key[1]]): row[when] for row in found})
            if "person_id" in names:
                found = _with_persons(found, names, persons[month])
            write_table(system, path_of(root, table, month), table, in_order(table, found, published))
            counts[table] += len(found)
    return dict(counts)


def _with_persons(rows: Rows, names: Sequence[str], persons: dict[tuple[str, str], str]) -> Rows:
    article, person = names.index("article_id"), names.index("person_id")
    return [(*row[:person], persons.get((row[article], row[person]), row[person]), *row[person + 1 :]) for row in rows]
