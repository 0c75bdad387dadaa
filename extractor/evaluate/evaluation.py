"""Evaluates the pipeline, or rows already extracted, on gold articles."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from spacy.language import Language

from extractor.errors import InputError
from extractor.evaluate.gold import gold_sha256, read_gold
from extractor.evaluate.measures import Count
from extractor.evaluate.score import MAIN, SCORED_TABLES, ScoreError, Scorer
from extractor.nlp.pipeline import extract_article

MEAN = "mean of the eleven"


class Figure(TypedDict):
    """One measure: precision, recall and F1 (0 to 1), how many there are, how many were found."""

    precision: float
    recall: float
    f1: float
    gold: int
    found: int


@dataclass(frozen=True)
class Evaluation:
    """The figures of one evaluation.

    `figures` holds each measure by name, the eleven main ones first; `mean_f1` is the mean F1 of those of the eleven
    that have something to find or found something; `sha256` is that of the gold files.
    """

    figures: dict[str, Figure]
    errors: list[ScoreError]
    mean_f1: float
    articles: int
    sha256: str

    def errors_of(self, table: str | None = None) -> list[ScoreError]:
        """The errors, or those of one table ("meetings" has also those of "meetings.host")."""
        return [e for e in self.errors if table is None or e.table.split(".")[0] == table]

    def as_text(self, errors: int = 0, table: str | None = None) -> str:
        """The table of figures for people to read.

        Args:
            errors: list up to so many errors under it.
            table: only this table's errors.
        """
        lines = [f"{'measure':28}{'P':>8}{'R':>8}{'F1':>8}{'gold':>7}{'found':>7}"]
        for name, f in self.figures.items():
            shares = "".join(f"{x:8.3f}" for x in (f["precision"], f["recall"], f["f1"]))
            lines.append(f"{name:28}{shares}{f['gold']:7}{f['found']:7}")
        lines.append(f"{'mean F1 of the eleven':28}{'':16}{self.mean_f1:8.3f}")
        lines += [" | ".join(error) for error in self.errors_of(table)[:errors]]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The figures as a JSON-ready dict, the mean among them."""
        return {**self.figures, MEAN: {"f1": self.mean_f1}}


def evaluate(gold_path: Path | str, nlp: Language) -> Evaluation:
    """Extract gold articles and score what was extracted.

    Args:
        gold_path: a .jsonl file of gold articles, or a folder of them.
        nlp: the pipeline, from `create_nlp`.

    Returns:
        The evaluation.

    Raises:
        InputError: a gold article is wrong; the message names file, line and cause.
    """
    scorer = Scorer()
    articles = read_gold(gold_path)
    for article in articles:
        scorer.add(article, extract_article(nlp, article.article).as_json())
    return _evaluation(scorer, len(articles), gold_sha256(gold_path))


def evaluate_rows(gold_path: Path | str, predicted_path: Path | str) -> Evaluation:
    """Score rows that were extracted before.

    Args:
        gold_path: a .jsonl file of gold articles, or a folder of them.
        predicted_path: JSON lines as `extractor extract` writes them, joined to gold by `url`.

    Returns:
        The evaluation; a gold article without rows counts as one in which nothing was found.

    Raises:
        InputError: a line of either cannot be read.
    """
    scorer = Scorer()
    articles = read_gold(gold_path)
    predicted = _read_predicted(Path(predicted_path))
    for article in articles:
        rows = predicted.get(article.key)
        if rows is None:
            scorer.errors.append(ScoreError(article.key, "article", "missing", ""))
        scorer.add(article, rows or {}, text=None if rows is None else str(rows.get("text")))
    return _evaluation(scorer, len(articles), gold_sha256(gold_path))


def _read_predicted(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not readable as UTF-8 text: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            for table in SCORED_TABLES:
                for row in data.get(table) or ():
                    int(row["start"]), int(row["end"]), row["quote"]
            found[data["url"]] = data
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}:{number}: not an extracted article ({type(error).__name__}: {error})") from None
    return found


def _evaluation(scorer: Scorer, articles: int, sha256: str) -> Evaluation:
    order = sorted(scorer.counts, key=lambda name: (MAIN.index(name) if name in MAIN else len(MAIN), name))
    figures = {name: _figure(scorer.counts[name]) for name in order}
    return Evaluation(figures, scorer.errors, _mean(figures), articles, sha256)


def _figure(count: Count) -> Figure:
    return Figure(
        precision=count.precision, recall=count.recall, f1=count.f1, gold=count.gold, found=count.found
    )  # fmt: skip


def _mean(figures: Mapping[str, Figure]) -> float:
    """The mean F1 of the main measures; one with nothing to find and nothing found says nothing."""
    asked = [figures[name]["f1"] for name in MAIN if name in figures and _says_something(figures[name])]
    return sum(asked) / len(asked) if asked else 0.0


def _says_something(figure: Figure) -> bool:
    return figure["gold"] + figure["found"] > 0


def problems_by_kind(errors: Iterable[ScoreError]) -> dict[tuple[str, str], int]:
    """How many errors of each table and kind, most first: where to work next."""
    counts: dict[tuple[str, str], int] = {}
    for error in errors:
        counts[error.table, error.kind] = counts.get((error.table, error.kind), 0) + 1
    ranked: Sequence[tuple[str, str]] = sorted(counts, key=lambda key: (-counts[key], key))
    return {key: counts[key] for key in ranked}
