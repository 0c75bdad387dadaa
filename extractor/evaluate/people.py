"""Measures the linking of persons on a small gold of articles in which the persons are marked.

A line of the gold is an article in the form of an input line, with `people`: name as written → the person's label. Every such
name is one item. An item that was not found at all counts as a person of its own, so that a missed name costs recall.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

from extractor.dataset.people_names import name_key
from extractor.dataset.reader import Reader
from extractor.engine import run
from extractor.errors import ExtractorError

Item = tuple[str, str]
"""Address of an article, name in it."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well found persons agree with the gold; all figures are shares from 0 to 1.

    `precision`, `recall` and `f1` are B-cubed (Bagga and Baldwin 1998), an average over the items; the `pair_` figures are
    over the pairs of items that are one person. `wrong` and `missed` are those pairs that the one side has and not the other.
    """

    items: int
    persons: int
    unseen: int
    precision: float
    recall: float
    f1: float
    pair_precision: float
    pair_recall: float
    pair_f1: float
    wrong: tuple[tuple[Item, Item], ...]
    missed: tuple[tuple[Item, Item], ...]
    maybe: int = 0
    """How many of the missed pairs stand on the list of persons that may be one."""


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def agreement(gold: Mapping[Item, Hashable], found: Mapping[Item, Hashable]) -> Agreement:
    """Compare two groupings of the same items.

    Args:
        gold: the person of each item.
        found: the same as linked; items that it lacks are persons of their own.

    Returns:
        B-cubed and pairwise figures.
    """
    # An item of its own gets a label that no other has: itself.
    linked: dict[Item, Hashable] = {item: found.get(item, item) for item in gold}
    true_sets, own_sets = _sets(gold), _sets(linked)
    precision = recall = 0.0
    for item in gold:
        true, own = true_sets[gold[item]], own_sets[linked[item]]
        precision += len(true & own) / len(own)
        recall += len(true & own) / len(true)
    n = len(gold) or 1
    true_pairs, own_pairs = _pairs(true_sets), _pairs(own_sets)
    both = len(true_pairs & own_pairs)
    pair_precision = both / len(own_pairs) if own_pairs else 1.0
    pair_recall = both / len(true_pairs) if true_pairs else 1.0
    return Agreement(
        items=len(gold),
        persons=len(true_sets),
        unseen=len(gold.keys() - found.keys()),
        precision=precision / n,
        recall=recall / n,
        f1=_f1(precision / n, recall / n),
        pair_precision=pair_precision,
        pair_recall=pair_recall,
        pair_f1=_f1(pair_precision, pair_recall),
        wrong=tuple(sorted(own_pairs - true_pairs)),
        missed=tuple(sorted(true_pairs - own_pairs)),
    )


def _sets(labels: Mapping[Item, Hashable]) -> dict[Hashable, set[Item]]:
    found: dict[Hashable, set[Item]] = defaultdict(set)
    for item, label in labels.items():
        found[label].add(item)
    return found


def _pairs(sets: Mapping[Hashable, set[Item]]) -> set[tuple[Item, Item]]:
    return {(a, b) for items in sets.values() for a in items for b in items if a < b}


def read_people_gold(path: Path) -> dict[Item, str]:
    """The person of each marked name of a gold file.

    Raises:
        ExtractorError: a line is no JSON, or lacks `url` or `people`, or a name does not stand in its article.
    """
    found: dict[Item, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            article = json.loads(line)
            for name, person in article["people"].items():
                if name.casefold() not in (article["title"] + "\n" + article["body"]).casefold():
                    raise ExtractorError(f"{path}:{number}: {name!r} does not stand in the article", code="gold")
                found[article["url"], name] = person
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise ExtractorError(f"{path}:{number}: no article with people ({error!r})", code="gold") from None
    return found


def evaluate_people(path: Path) -> Agreement:
    """Run the articles of a gold file through the pipeline and compare the persons.

    Args:
        path: a gold file.

    Returns:
        The figures.
    """
    gold = read_people_gold(path)
    with tempfile.TemporaryDirectory() as folder:
        run([path], folder)
        with Reader(folder) as reader:
            rows = reader.connection.execute(
                "SELECT a.url, o.name, o.person_id FROM officials o JOIN articles a USING (article_id, revision)"
            ).fetchall()
            shown = {
                frozenset(r)
                for r in reader.connection.execute("SELECT person_id, other_id FROM people_maybe").fetchall()
            }
    by_key = {(url, name_key(name)): person for url, name, person in rows}
    found = {(url, name): by_key[url, name_key(name)] for url, name in gold if (url, name_key(name)) in by_key}
    result = agreement(gold, found)
    maybe = sum(frozenset((found.get(a), found.get(b))) in shown for a, b in result.missed)
    return Agreement(**{n: getattr(result, n) for n in Agreement.__slots__ if n != "maybe"}, maybe=maybe)
