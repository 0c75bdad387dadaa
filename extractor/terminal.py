"""What the command line says: messages, progress, summaries; quiet where nobody looks at a terminal."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from extractor.errors import ExtractorError

if TYPE_CHECKING:
    from extractor.engine import Progress, Summary

_MAX_MESSAGES = 50
_STEPS = {"read": "Reading", "extract": "Extracting", "link": "Linking people"}


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def say(message: str) -> None:
    """One line on standard error; control characters of foreign names and texts do not reach the terminal."""
    line = "".join(c if c.isprintable() else "\ufffd" for c in message)
    print(f"extractor: {line}", file=sys.stderr, flush=True)


class Messages:
    """Says each failure of a run, up to a number; the others are in the archive's `problems`."""

    def __init__(self, limit: int | None = _MAX_MESSAGES) -> None:
        self.limit = limit
        self.count = 0

    def __call__(self, error: ExtractorError) -> None:
        """Say one failure."""
        self.count += 1
        if self.limit is None or self.count <= self.limit:
            say(error.message)
        elif self.count == self.limit + 1:
            say("further problems are not shown here; they are in the table problems")


def say_undated(count: int) -> None:
    """Say once that articles have no publication day."""
    if count:
        articles = "1 article has" if count == 1 else f"{count} articles have"
        say(f"{articles} no publication day, so days without a year stay open; --published 2023-01-10 gives one")


@contextmanager
def progress_bar() -> "Iterator[Progress]":
    """A callable for `engine.run`'s progress; it draws on standard error, and only if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {step: bar.add_task(label, total=None, visible=False) for step, label in _STEPS.items()}

        def show(step: str, done: int, total: int | None) -> None:
            bar.update(tasks[step], completed=done, total=total, visible=True)

        yield show


def show_summary(summary: "Summary", data_dir: str) -> None:
    """The end of a run: a table and where to look next on a terminal, else one line of JSON."""
    from dataclasses import asdict

    if not is_terminal():
        print(json.dumps({**asdict(summary), "data": data_dir}, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{data_dir}: {summary.new} new articles, {summary.extracted} extracted", title_justify="left")
    table.add_column("table")
    table.add_column("rows", justify="right")
    for name, count in summary.tables.items():
        table.add_row(name, f"{count:,}")
    console = Console()
    console.print(table)
    if summary.failed or summary.problems:
        console.print(f"{summary.failed + summary.problems} problems; see the table problems")
    console.print("Look next:", style="bold")
    for line in (
        f'extractor query "SELECT start_date, title, host FROM meetings ORDER BY start_date" --data {data_dir}',
        f"extractor export --data {data_dir} --format xlsx --output tables.xlsx",
    ):
        console.print(f"  {line}", highlight=False, soft_wrap=True)


def show_rows(names: list[str], rows: Iterator[tuple[Any, ...]], limit: int = 1000) -> None:
    """A query's rows as a table on the terminal; of more than `limit` rows the first ones."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in names:
        table.add_column(Text(name))
    more = False
    for i, row in enumerate(rows):
        if i == limit:
            more = True
            break
        table.add_row(*[Text("" if v is None else str(v)) for v in row])
    Console(width=None if is_terminal() else 200).print(table)
    if more:
        say(f"only the first {limit} rows are shown; --format csv or json gives all")


def drop_stdout() -> None:
    """After a broken pipe: let nothing be written to it again, not even when Python closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_counts(counts: Mapping[str, int], output: str) -> None:
    """What an export wrote: a line on a terminal, else one line of JSON."""
    if is_terminal():
        say(f"{sum(counts.values()):,} rows of {len(counts)} tables written to {output}")
    else:
        print(json.dumps({"output": output, "rows": dict(counts)}, ensure_ascii=False))
