"""The report's command, and the exports that are no table: calendar and web archive."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from extractor import terminal
from extractor.errors import ExtractorError

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the archive.")]
DATA = Path("data")


def mount(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command(
        epilog="Example: extractor report --data data --from 2023-01-01 --to 2023-01-31 --output diem-tin.docx"
    )(report)


def report(
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="First day, as 2023-01-01.")],
    until: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day, as 2023-01-31.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="A .docx or .html file.")],
    data: Data = DATA,
    source: Annotated[
        str | None, typer.Option("--source", metavar="SITE", help="Only this site's articles.", show_default=False)
    ] = None,
    explorer: Annotated[
        str | None,
        typer.Option("--explorer", metavar="URL", help="Link each footnote to the explorer too.", show_default=False),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="vi or en.")] = "vi",
) -> None:
    """Write the digest ("điểm tin") of a period: meetings, targets, results, what comes next, each with its source."""
    from extractor.outputs.report import write_report

    if lang not in ("vi", "en"):
        raise ExtractorError(f"--lang: {lang!r} is no language of the report; use vi or en", code="usage")
    digest = write_report(
        data, output, day(since, "--from"), day(until, "--to"), lang=lang, source=source, explorer=explorer
    )
    goals = len(digest.targets) + sum(len(meeting.targets) for meeting in digest.meetings)
    counts = {"articles": digest.n_articles, "meetings": len(digest.meetings), "targets": goals}
    terminal.print_counts(counts, output)


def day(text: str, option: str) -> date:
    """A day given as an option.

    Raises:
        ExtractorError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExtractorError(f"{option}: {text!r} is no day; give one as 2023-01-31", code="usage") from None


def export_calendar(data: Path, output: str, since: str | None, held: bool, lang: str) -> None:
    """`export --format ics`."""
    from extractor.dataset.clock import now
    from extractor.outputs.ics import write_ics

    first = day(since, "--from") if since else date.fromisoformat(now()[:10])
    counts = write_ics(data, output, first, held=held, lang=lang)
    if output != "-":
        terminal.print_counts(counts, output)


def export_warc(data: Path, output: str) -> None:
    """`export --format warc`."""
    from extractor.crawling import stored_pages
    from extractor.outputs.warc import write_warc

    terminal.print_counts({"pages": write_warc(stored_pages(data), output)}, output)
