"""The commands for new rules over an old archive: `rerun` and `rules diff`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from extractor import terminal

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the archive.")]
DATA = Path("data")
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of processes.")]


class DiffFormat(StrEnum):
    """Output forms of `rules diff`."""

    text = "text"
    jsonl = "jsonl"


def mount(app: typer.Typer, rules_app: typer.Typer) -> None:
    """Put the commands into the command line."""
    app.command(epilog="Example: extractor rerun --rules-changed --data data --jobs 2")(rerun)
    rules_app.command(epilog="Example: extractor rules diff rules my-rules --data data")(diff)


def rerun(
    rules_changed: Annotated[
        bool, typer.Option("--rules-changed", help="Only what another version of the rules can change.")
    ] = False,
    data: Data = DATA,
    jobs: Jobs = 1,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="DIR", help="A folder of rules instead of the package's own.")
    ] = None,
    dask: Annotated[bool, typer.Option("--dask", help="Work on Dask.")] = False,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler; implies --dask.")
    ] = None,
) -> None:
    """Extract the archive's articles again.

    With --rules-changed only by the extractors whose rules are others than those that made an article's rows; the tables
    end as if all had been extracted.
    """
    from extractor import engine
    from extractor.dataset.connect import FILE_NAME, connect_reader

    connect_reader(data / FILE_NAME).close()
    cluster = engine.Cluster(scheduler, max(jobs, 2)) if dask or scheduler else None
    messages = terminal.Messages()
    with terminal.progress_bar() as progress:
        summary = engine.rerun(
            data,
            rules_changed=rules_changed,
            jobs=jobs,
            rules=str(rules) if rules is not None else None,
            report=messages,
            progress=progress,
            cluster=cluster,
        )
    terminal.show_summary(summary, str(data))


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The folder of rules as they are.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The folder of rules to judge.")],
    data: Data = DATA,
    jobs: Jobs = 1,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="Lines to read, or one JSON object a change.")
    ] = DiffFormat.text,
) -> None:
    """Show which cells of the archive change with other rules: rows added, lost and altered, with their words.

    Nothing is written to the archive; the latest revision of each article is compared.
    """
    from extractor.rules_diff import changes, lines

    found = changes(data, str(old), str(new), jobs=jobs, report=terminal.Messages())
    if form is DiffFormat.text:
        for line in lines(found):
            typer.echo(line)
    else:
        for change in found:
            typer.echo(json.dumps(change.as_json(), ensure_ascii=False))
