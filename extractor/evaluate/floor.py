"""The floor: below it no measure may fall, on a corpus known by its SHA-256.

`corpus/floor.json` holds for each measure the least F1 that is accepted. It is only ever rewritten on purpose, by
`update_floor`, which lowers a measure only when it is told to.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import InputError
from extractor.evaluate.evaluation import MEAN, Evaluation
from extractor.resources import resource

MARGIN = 0.005
"""How far below the measured F1 a new floor is set: less than any lost record costs on a small corpus."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least F1 of each measure, and the SHA-256 and number of the gold articles that it holds for."""

    sha256: str
    articles: int
    least: Mapping[str, float]


def floor_path() -> Path:
    """The floor of the corpus that comes with the package."""
    return resource("corpus") / "floor.json"


def read_floor(path: Path | str | None = None) -> Floor:
    """Read a floor.

    Args:
        path: the file; by default that of the corpus that comes with the package.

    Returns:
        The floor.

    Raises:
        InputError: the file is missing or is no floor.
    """
    file = Path(path) if path is not None else floor_path()
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        least = {str(name): float(value) for name, value in data["least_f1"].items()}
        return Floor(str(data["sha256"]), int(data["articles"]), least)
    except OSError:
        raise InputError(f"{file}: no floor there; write one with update_floor", code="floor") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{file}: not a floor file ({type(error).__name__}: {error})", code="floor") from None


def below_floor(evaluation: Evaluation, floor: Floor) -> list[str]:
    """What fell below the floor.

    Args:
        evaluation: an evaluation of the floor's corpus.
        floor: the floor.

    Returns:
        One line for each measure that fell, or one that the corpus is another one; empty if all holds.
    """
    if evaluation.sha256 != floor.sha256:
        return [
            f"the gold articles changed (SHA-256 {evaluation.sha256[:12]}, the floor is for {floor.sha256[:12]}):"
            " look at the new figures and write the floor anew with update_floor"
        ]
    reached = _reached(evaluation)
    return [
        f"{name}: F1 {reached.get(name, 0.0):.3f} is below its floor {least:.3f}"
        for name, least in floor.least.items()
        if reached.get(name, 0.0) < least
    ]


def update_floor(
    evaluation: Evaluation, path: Path | str | None = None, *, lower: bool = False, margin: float = MARGIN
) -> Floor:
    """Write the floor anew, on purpose.

    Args:
        evaluation: the evaluation that the floor is set by.
        path: the file; by default that of the corpus that comes with the package.
        lower: let measures fall below their present floor; without it each keeps the higher one. A changed corpus
            always starts anew, since its figures cannot be compared.
        margin: how far below the measured F1 the floor is set.

    Returns:
        The floor as written.
    """
    file = Path(path) if path is not None else floor_path()
    least = {name: _below(f1, 0.0 if name == "offsets" else margin) for name, f1 in _reached(evaluation).items()}
    if file.exists() and not lower:
        present = read_floor(file)
        if present.sha256 == evaluation.sha256:
            least = {name: max(value, present.least.get(name, 0.0)) for name, value in least.items()}
    floor = Floor(evaluation.sha256, evaluation.articles, least)
    data = {"sha256": floor.sha256, "articles": floor.articles, "least_f1": dict(floor.least)}
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return floor


def _below(f1: float, margin: float) -> float:
    """A floor under a measured F1, cut to three digits. (Offsets get no margin: a wrong one is a fault of the program.)"""
    return max(0.0, math.floor((f1 - margin) * 1000 + 1e-9) / 1000)


def _reached(evaluation: Evaluation) -> dict[str, float]:
    """The F1 of every measure that has something to find, and their mean."""
    reached = {name: figure["f1"] for name, figure in evaluation.figures.items() if figure["gold"]}
    if "offsets" in evaluation.figures:
        reached["offsets"] = evaluation.figures["offsets"]["f1"]
    return {**reached, MEAN: evaluation.mean_f1}
