"""Extraction without an archive: from inputs straight to results."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from extractor.engine import run_batch
from extractor.errors import ExtractorError
from extractor.inputs import read_articles
from extractor.model import Article, Extraction
from extractor.outputs.export import json_line
from extractor.outputs.files import opened
from extractor.rules import load_rules
from extractor.workers import Failure

Report = Callable[[ExtractorError], None]


def extractions(
    inputs: Sequence[Path | str],
    *,
    published: str | None = None,
    jobs: int = 1,
    rules: str | None = None,
    report: Report,
    note: Callable[[Article], None] = lambda article: None,
) -> Iterator[Extraction]:
    """Read and extract articles, in order.

    Args:
        inputs: files, folders, "-".
        published: the publication day (ISO) of articles that give none.
        jobs: number of processes.
        rules: a folder of rules, None for the package's own.
        report: called with each thing that cannot be read and each article that fails.
        note: called with each article that was read.
    """

    def noted(articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            note(article)
            yield article

    articles = read_articles(inputs, load_rules(rules), report, published=published)
    for outcome in run_batch(noted(articles), jobs=jobs, rules=rules):
        if isinstance(outcome, Failure):
            report(ExtractorError(outcome.message, code=outcome.code))
        else:
            yield outcome


def extract_to(
    inputs: Sequence[Path | str],
    output: str,
    *,
    published: str | None = None,
    jobs: int = 1,
    rules: str | None = None,
    report: Report,
) -> tuple[int, int]:
    """Write one JSON object an article to a file, or to standard output for "-".

    Returns:
        How many articles were written, and how many had no publication day.
    """
    undated: list[str] = []

    def note(article: Article) -> None:
        if article.published_at is None:
            undated.append(article.article_id)

    written = 0
    with opened(output) as stream:
        for extraction in extractions(inputs, published=published, jobs=jobs, rules=rules, report=report, note=note):
            stream.write(json_line(extraction.as_json()))
            written += 1
    return written, len(undated)
