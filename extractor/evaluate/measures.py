"""What the scores are made of: counts, likeness of texts and spans, one-to-one pairs, comparing one attribute."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from extractor.text import fold_tones

Span = tuple[int, int]
Same = Callable[[Any, Any], bool]
G = TypeVar("G")
P = TypeVar("P")

_WORD = re.compile(r"\w+")
_NULLS = ("", "NaT", "nan", "None", "<NA>")


@dataclass(slots=True)
class Count:
    """What was rightly found (tp), wrongly found (fp) and not found (fn) of one measure."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, tp: int = 0, fp: int = 0, fn: int = 0) -> None:
        """Count some more."""
        self.tp += tp
        self.fp += fp
        self.fn += fn

    @property
    def gold(self) -> int:
        """How many there are to find."""
        return self.tp + self.fn

    @property
    def found(self) -> int:
        """How many were found, right or wrong."""
        return self.tp + self.fp

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 if nothing was found."""
        return self.tp / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found; 0 if there is nothing."""
        return self.tp / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


def words(text: str | None) -> list[str]:
    """The words of a text without case and tone marks, so that "hoá" and "hóa" are one word."""
    return _WORD.findall(fold_tones(text or ""))


def joined_words(text: str | None) -> str:
    """The same words as one string: the form in which names are compared."""
    return " ".join(words(text))


def likeness(left: str | None, right: str | None) -> float:
    """How alike two texts are, 0 to 1: the Jaccard index of their words, or of their characters if one has no word ("%")."""
    first, second = (set(words(text)) or set(text or "") for text in (left, right))
    union = first | second
    return len(first & second) / len(union) if union else 0.0


def overlap(left: Span, right: Span) -> float:
    """Shared characters over the length from the first start to the last end of two spans, 0 to 1."""
    shared = min(left[1], right[1]) - max(left[0], right[0])
    return shared / (max(left[1], right[1]) - min(left[0], right[0])) if shared > 0 else 0.0


def is_null(value: Any) -> bool:
    """Whether a cell is empty, also as pandas or a spreadsheet writes it."""
    return value is None or value != value or value in _NULLS


def day(value: Any) -> str | None:
    """A cell's calendar day, without the time of day."""
    return None if value is None or value in ("", "NaT", "nan") else str(value)[:10]


def same_text(left: Any, right: Any) -> bool:
    """Equal as strings."""
    return str(left) == str(right)


def same_day(left: Any, right: Any) -> bool:
    """Equal calendar days."""
    return day(left) == day(right)


def like_text(left: Any, right: Any) -> bool:
    """Texts with a likeness of at least 0.6."""
    return likeness(left, right) >= 0.6


def same_number(left: Any, right: Any) -> bool:
    """Equal numbers."""
    return abs(float(left) - float(right)) < 1e-9


def starts_same(left: Any, right: Any) -> bool:
    """The right value begins with the left one: a day is right where gold knows its year only."""
    return str(right).startswith(str(left))


def pair(
    gold: Sequence[G], predicted: Sequence[P], alike: Callable[[G, P], float]
) -> tuple[list[tuple[G, P]], list[G], list[P]]:
    """One-to-one pairs, the best likeness first, earlier ones first where it is equal.

    Args:
        gold: what there is to find.
        predicted: what was found.
        alike: how alike two of them are; those with 0 are never paired.

    Returns:
        The pairs, the gold left over, the predicted left over.
    """
    ranked = sorted((-alike(gold[i], predicted[j]), i, j) for i in range(len(gold)) for j in range(len(predicted)))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for distance, i, j in ranked:
        if distance < 0 and i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    pairs = [(gold[i], predicted[j]) for i, j in partner.items()]
    lost = [item for i, item in enumerate(gold) if i not in partner]
    invented = [item for j, item in enumerate(predicted) if j not in taken]
    return pairs, lost, invented
