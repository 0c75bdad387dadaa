"""The command line: arguments in, messages out."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from extractor import cli_crawl, cli_outputs, cli_scale, cli_web, terminal
from extractor.errors import ExtractorError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Vietnamese local-government news as data: meetings, officials, dates, targets and anniversaries.",
    epilog="Example: extractor run news/ --data data",
)
rules_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="Check the rules.", epilog="Example: extractor rules check"
)
app.add_typer(rules_app, name="rules")


class Format(StrEnum):
    """File formats of `export`."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    xlsx = "xlsx"
    ics = "ics"
    warc = "warc"


class QueryFormat(StrEnum):
    """Output forms of `query`."""

    table = "table"
    csv = "csv"
    json = "json"


class Engine(StrEnum):
    """Where `run` works."""

    processes = "processes"
    dask = "dask"


class Language(StrEnum):
    """Languages of the Excel workbook."""

    vi = "vi"
    en = "en"


_INPUTS = typer.Argument(
    metavar="INPUT...",
    help="Files (.txt .html .jsonl .json .csv .parquet), folders, or - for standard input.",
    show_default=False,
)
Inputs = Annotated[list[str], _INPUTS]
MaybeInputs = Annotated[list[str] | None, _INPUTS]
Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the archive.")]
DATA = Path("data")
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Number of processes.")]
Published = Annotated[
    str | None,
    typer.Option("--published", metavar="DAY", help="Publication day of articles that give none, as 2023-01-10."),
]
Rules = Annotated[
    Path | None, typer.Option("--rules", metavar="DIR", help="A folder of rules instead of the package's own.")
]
EngineName = Annotated[
    Engine, typer.Option("--engine", help="Where to extract: in processes of this machine, or on Dask.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="A running Dask scheduler, as tcp://10.0.0.5:8786; else Dask works here."
    ),
]
Parquet = Annotated[
    str | None,
    typer.Option(
        "--parquet",
        metavar="FOLDER",
        help="With --engine dask: write Parquet, partitioned by month, to a folder or URL instead of an archive.",
    ),
]


@app.command(epilog="Example: extractor run news/ more.jsonl --data data --jobs 2")
def run(
    inputs: MaybeInputs = None,
    data: Data = DATA,
    jobs: Jobs = 1,
    published: Published = None,
    rules: Rules = None,
    engine_name: EngineName = Engine.processes,
    scheduler: Scheduler = None,
    parquet: Parquet = None,
    pause: cli_crawl.Pause = 1.0,
    contact: cli_crawl.Contact = None,
    ca_bundle: cli_crawl.Bundle = None,
) -> None:
    """Read articles, extract them and store all in the archive.

    INPUT may also be the address of a site, or a profile's name from rules/sites/: it is crawled first. Running again
    over the same input changes nothing; a changed article becomes a new revision. What cannot be read is said, kept in
    the table problems, and the rest is done. Without INPUT, what the archive holds (crawled articles, articles
    extracted by other rules) is extracted. Exit code 4: only sites were given, and they had nothing new.
    """
    from extractor import engine
    from extractor.dataset.connect import FILE_NAME

    cluster = engine.Cluster(scheduler, max(jobs, 2)) if engine_name is Engine.dask else None
    if cluster is None and (scheduler or parquet):
        raise typer.BadParameter("--scheduler and --parquet need --engine dask")
    if parquet is not None and not inputs:
        raise typer.BadParameter("give files, folders, or the folder of an archive to write as Parquet")
    if parquet is None and not inputs and not (data / FILE_NAME).exists():
        raise typer.BadParameter("give files or folders of articles; there is no archive to go on with")
    day = _day(published)
    inputs, crawled = cli_crawl.crawl_inputs(inputs or [], data, pause, contact, ca_bundle)
    messages = terminal.Messages()
    with terminal.progress_bar() as progress:
        options: dict[str, Any] = {
            "published": day, "rules": _folder(rules), "report": messages, "progress": progress, "cluster": cluster,
        }  # fmt: skip
        if parquet is not None:
            from extractor.parquet_run import run_to_parquet

            summary = run_to_parquet(inputs or [], parquet, **options)
        else:
            summary = engine.run(inputs or [], data, jobs=jobs, **options)
    terminal.say_undated(summary.undated)
    terminal.show_summary(summary, parquet or str(data))
    if not summary.read and summary.problems:
        raise typer.Exit(1)
    if crawled and not (summary.read or (summary.extracted and crawled == cli_crawl.NOTHING_NEW)):
        raise typer.Exit(crawled)


@app.command(epilog="Example: extractor extract article.txt --published 2023-01-10 --output article.jsonl")
def extract(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="File to write, - for standard output.")
    ] = "-",
    published: Published = None,
    jobs: Jobs = 1,
    rules: Rules = None,
) -> None:
    """Extract articles without storing them: one JSON object an article, one a line."""
    from extractor.single import extract_to

    messages = terminal.Messages(limit=None)
    written, undated = extract_to(
        inputs, output, published=_day(published), jobs=jobs, rules=_folder(rules), report=messages
    )
    terminal.say_undated(undated)
    if not written and messages.count:
        raise typer.Exit(1)


@app.command(epilog="Example: extractor show article.txt --published 2023-01-10 --html article.html")
def show(
    inputs: Inputs,
    html: Annotated[str | None, typer.Option("--html", metavar="FILE", help="Write a page with marks instead.")] = None,
    published: Published = None,
    rules: Rules = None,
) -> None:
    """Show articles with their records marked, coloured by table."""
    from extractor.single import extractions

    messages = terminal.Messages(limit=None)
    found = extractions(inputs, published=_day(published), rules=_folder(rules), report=messages)
    if html is not None:
        from extractor.outputs.files import opened
        from extractor.show import html_page

        page = html_page(list(found))
        with opened(html) as stream:
            stream.write(page.encode("utf-8", "xmlcharrefreplace"))
    else:
        from extractor.show import print_marked

        for extraction in found:
            print_marked(extraction)


@app.command(epilog='Example: extractor query "SELECT start_date, title, host FROM meetings" --data data')
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT over the dataset's tables.")],
    data: Data = DATA,
    form: Annotated[
        QueryFormat | None,
        typer.Option("--format", help="Output form; table on a terminal, else csv.", show_default=False),
    ] = None,
) -> None:
    """Run a SELECT over the archive; nothing can be changed by it."""
    import sys

    from extractor.dataset.reader import select_rows

    form = form or (QueryFormat.table if terminal.is_terminal() else QueryFormat.csv)
    with select_rows(data, sql) as (names, rows):
        if form is QueryFormat.table:
            terminal.show_rows(names, rows)
        elif form is QueryFormat.csv:
            from extractor.outputs.csvfile import write_csv

            write_csv(sys.stdout.buffer, names, rows)
        else:
            from extractor.outputs.jsonfile import write_json

            write_json(sys.stdout.buffer, names, rows)


@app.command(epilog="Example: extractor export --data data --format csv --table meetings --output meetings.csv")
def export(
    form: Annotated[Format, typer.Option("--format", help="File format.")],
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="PATH", help="A file for one table or xlsx; a folder for all tables."),
    ],
    data: Data = DATA,
    table: Annotated[str | None, typer.Option("--table", metavar="NAME", help="One table; all by default.")] = None,
    latest: Annotated[bool, typer.Option("--latest", help="Only the latest revision of each article.")] = False,
    lang: Annotated[
        Language, typer.Option("--lang", help="Language of the Excel workbook and the calendar.")
    ] = Language.vi,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="First day of the calendar; today by default.", show_default=False),
    ] = None,
    explorer: Annotated[
        str | None,
        typer.Option("--explorer", metavar="URL", help="Link the workbook's rows to the explorer.", show_default=False),
    ] = None,
    held: Annotated[bool, typer.Option("--held", help="Also the meetings that were held, in the calendar.")] = False,
) -> None:
    """Write the archive for other programs: tables (csv, jsonl, parquet, xlsx), calendar (ics), raw pages (warc)."""
    from extractor.outputs.export import export as write

    if table is not None and form in (Format.ics, Format.warc):
        raise ExtractorError(f"--table: a .{form.value} file holds no table; leave it out", code="usage")
    if form is Format.ics:
        cli_outputs.export_calendar(data, output, since, held, lang.value)
        return
    if form is Format.warc:
        cli_outputs.export_warc(data, output)
        return
    counts = write(data, form.value, output, table=table, lang=lang.value, latest_only=latest, explorer=explorer)
    if output != "-":
        terminal.print_counts(counts, output)


@app.command(epilog="Example: extractor evaluate corpus/gold/articles.jsonl --errors 20")
def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(metavar="GOLD", help="Annotated articles, one JSON object a line: a file, or a folder of such."),
    ],
    errors: Annotated[int, typer.Option("--errors", metavar="N", min=0, help="Print up to N errors a table.")] = 0,
    rules: Rules = None,
) -> None:
    """Score the extraction against annotated articles."""
    from extractor.evaluate import evaluate as score
    from extractor.nlp import create_nlp

    if not gold.exists():
        raise ExtractorError(f"{gold}: no such file or folder of annotated articles")
    typer.echo(score(gold, create_nlp(_folder(rules))).as_text(errors=errors))


@rules_app.command(epilog="Example: extractor rules check --rules my-rules")
def check(rules: Rules = None) -> None:
    """Run every rule's examples and counterexamples; exit code 1 if one fails."""
    from extractor.rules import check_rules, load_rules

    found = load_rules(rules)
    errors = list(check_rules(found))
    for line in errors:
        terminal.say(line)
    if errors:
        raise typer.Exit(1)
    typer.echo(
        f"{len(found.compiled)} rules in {len(found.files)} files and {len(found.gazetteers)} gazetteers are in order (version {found.version})"
    )


# The other commands come after the main ones in the list of `--help`.
cli_scale.mount(app, rules_app)
cli_web.mount(app)
cli_outputs.mount(app)
cli_crawl.mount(app)


def _day(published: str | None) -> str | None:
    from extractor.inputs.published import published_iso

    try:
        return published_iso(published)
    except (ValueError, OverflowError) as error:
        raise ExtractorError(f"--published: {error}", code="usage") from None


def _folder(rules: Path | None) -> str | None:
    return str(rules) if rules is not None else None


def main(args: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        args: the arguments; by default the process's own.

    Returns:
        The exit code: 0 done, 1 an error, 2 wrong usage, 3 another process writes to the archive, 70 a fault of the
        program, 130 interrupted.
    """
    try:
        code: int = app(args, prog_name="extractor", standalone_mode=False) or 0
        # Newer releases of Typer give this code for an interrupt instead of raising it.
        return _interrupted() if code == 130 else code
    except ExtractorError as error:
        terminal.say(error.message)
        return error.exit_code
    except BrokenPipeError:
        terminal.drop_stdout()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except typer.Exit as stop:
        return stop.exit_code
    except OSError as error:
        terminal.say(f"{error.filename or 'output'}: {error.strerror or error}")
        return 1
    except Exception as error:
        return _usage_error(error)


def _interrupted() -> int:
    terminal.say("interrupted; what was stored stays, run the same command again to go on")
    return 130


def _usage_error(error: Any) -> int:
    """Typer's own errors, which know how to show themselves; any other is a fault of the program."""
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show()
        return int(error.exit_code)
    if os.environ.get("EXTRACTOR_TRACEBACK"):
        raise error
    words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    terminal.say(f"a fault of the program: {words}; please report it with what EXTRACTOR_TRACEBACK=1 shows")
    return 70
