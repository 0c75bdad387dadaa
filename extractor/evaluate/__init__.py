"""Gold articles, scores, and the floor that continuous integration holds."""

from extractor.evaluate.evaluation import MEAN, Evaluation, Figure, evaluate, evaluate_rows, problems_by_kind
from extractor.evaluate.floor import Floor, below_floor, floor_path, read_floor, update_floor
from extractor.evaluate.gold import GoldArticle, check_gold, gold_sha256, read_gold
from extractor.evaluate.score import MAIN, ScoreError, Scorer

__all__ = [
    "MAIN",
    "MEAN",
    "Evaluation",
    "Figure",
    "Floor",
    "GoldArticle",
    "ScoreError",
    "Scorer",
    "below_floor",
    "check_gold",
    "evaluate",
    "evaluate_rows",
    "floor_path",
    "gold_sha256",
    "problems_by_kind",
    "read_floor",
    "read_gold",
    "update_floor",
]
