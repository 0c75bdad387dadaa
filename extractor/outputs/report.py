"""The digest of a period ("điểm tin") as a Word document or an HTML page."""

from datetime import date
from pathlib import Path

from extractor.dataset.connect import clear_errors
from extractor.dataset.reader import Reader
from extractor.errors import ExtractorError
from extractor.outputs.files import opened
from extractor.outputs.report_blocks import blocks
from extractor.outputs.report_data import Digest
from extractor.outputs.report_digest import read_digest
from extractor.rules import RuleSet, load_rules

SUFFIXES: tuple[str, ...] = (".docx", ".html", ".htm")


def write_report(
    data_dir: Path | str,
    output: str,
    since: date,
    until: date,
    *,
    lang: str = "vi",
    source: str | None = None,
    explorer: str | None = None,
    rules: RuleSet | None = None,
) -> Digest:
    """Write the digest of a period; the same archive gives the same bytes.

    Args:
        data_dir: the archive's folder.
        output: a file ending in .docx or .html.
        since: the period's first day.
        until: its last day.
        lang: "vi" or "en", the language of the words around what the articles say.
        source: only articles of this site (`articles.source`).
        explorer: the explorer's address, to link each footnote to its row there as well.
        rules: the rules; the gazetteer `protocol` gives the order of rank. The packaged ones by default.

    Returns:
        What the report tells.

    Raises:
        DatasetError: there is no archive.
        ExtractorError: the period ends before it begins, no such source, no such file format, or the file cannot
            be written.
    """
    _check_usage(output, since, until, explorer)
    with Reader(data_dir) as reader, clear_errors(reader.path):
        if source is not None:
            _check_source(reader, source)
        digest = read_digest(reader.connection, since, until, source, rules or load_rules())
    told = list(blocks(digest, lang))
    if Path(output).suffix.lower() == ".docx":
        from extractor.outputs.report_docx import docx_report

        made = docx_report(told, lang, explorer)
    else:
        from extractor.outputs.report_html import html_report

        made = html_report(told, lang, explorer)
    with opened(output) as stream:
        stream.write(made)
    return digest


def _check_usage(output: str, since: date, until: date, explorer: str | None) -> None:
    if Path(output).suffix.lower() not in SUFFIXES:
        raise ExtractorError(f"{output}: a report is a .docx or .html file; give --output such a name", code="usage")
    if until < since:
        raise ExtractorError(
            f"the period ends on {until}, before it begins on {since}; change --from or --to", code="usage"
        )
    if until.year > 9998:
        raise ExtractorError(f"--to: {until} is too far ahead for a report", code="usage")
    if explorer and not explorer.startswith(("http://", "https://")):
        raise ExtractorError(f"--explorer: {explorer!r} is no address; give one as http://127.0.0.1:8001", code="usage")


def _check_source(reader: Reader, source: str) -> None:
    known = [
        row[0]
        for row in reader.connection.execute("SELECT DISTINCT source FROM articles WHERE source NOT NULL ORDER BY 1")
    ]
    if source not in known:
        from difflib import get_close_matches

        near = get_close_matches(source, known, 1, 0.4)
        hint = (
            f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known[:5])}{' …' if len(known) > 5 else ''}"
        )
        raise ExtractorError(f"--source: the archive has no articles from {source!r}; {hint}", code="usage")
